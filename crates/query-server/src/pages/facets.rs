//! The filters of the search page: what can be chosen, what is, and how each is taken off again.

use duibiao_search::{FacetValue, Response as Found};

use super::{grouped, links, words};
use crate::parameters::SearchParameters;

/// Facets in the order in which an analyst narrows.
const FACETS: &[&str] = &[
    "province", "city", "year", "status", "theme", "doc_type", "level",
];
/// Values of a facet shown at once; the others open.
const SHOWN: usize = 8;
/// So few others are not worth a click.
const FEW: usize = 2;

/// A facet with its values.
pub(super) struct Facet {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) shown: Vec<FacetView>,
    pub(super) more: Vec<FacetView>,
    pub(super) clear: Option<String>,
}

pub(super) struct FacetView {
    pub(super) id: String,
    pub(super) value: String,
    pub(super) label: String,
    pub(super) count: String,
    pub(super) is_selected: bool,
}

/// The values of one filter that is active.
pub(super) struct Chip {
    pub(super) preposition: String,
    pub(super) values: Vec<ChipValue>,
}

pub(super) struct ChipValue {
    pub(super) label: String,
    pub(super) remove: String,
}

/// Replaces what was typed as a value by the value itself, so that each can be taken off again: a
/// city may have been named by alias. Ranges of years stay ranges.
pub(super) fn canonical(asked: &mut SearchParameters, found: &Found) {
    for name in FACETS {
        let Some(values) = asked.values_mut(name) else {
            continue;
        };
        if values.is_empty() || values.iter().any(|value| is_range(value)) {
            continue;
        }
        *values = selected(found, name).map(|v| v.value.clone()).collect();
    }
}

fn is_range(value: &str) -> bool {
    value.contains("..")
}

fn selected<'f>(found: &'f Found, name: &str) -> impl Iterator<Item = &'f FacetValue> {
    found
        .facets
        .get(name)
        .into_iter()
        .flatten()
        .filter(|value| value.selected)
}

pub(super) fn facets(asked: &SearchParameters, found: &Found) -> Vec<Facet> {
    let mut facets = Vec::new();
    for name in FACETS {
        let Some(values) = found.facets.get(name).filter(|values| !values.is_empty()) else {
            continue;
        };
        // A year in a range that is asked for is not chosen by itself: the range is kept.
        let ranges = *name == "year" && asked.year.iter().any(|value| is_range(value));
        let is_ticked =
            |value: &FacetValue| value.selected && (!ranges || asked.year.contains(&value.value));
        let view = |at: usize, value: &FacetValue| FacetView {
            id: format!("{name}-{at}"),
            value: value.value.clone(),
            label: value.label.clone(),
            count: grouped(value.count),
            is_selected: is_ticked(value),
        };
        // What is selected is always in sight.
        let (chosen, others): (Vec<_>, Vec<_>) =
            values.iter().enumerate().partition(|(_, v)| is_ticked(v));
        let is_chosen = ranges || !chosen.is_empty();
        let is_long = values.len() > SHOWN + FEW;
        let mut all: Vec<FacetView> = if is_long {
            chosen
                .into_iter()
                .chain(others)
                .map(|(at, v)| view(at, v))
                .collect()
        } else {
            values
                .iter()
                .enumerate()
                .map(|(at, v)| view(at, v))
                .collect()
        };
        let more = if is_long {
            all.split_off(SHOWN)
        } else {
            Vec::new()
        };
        facets.push(Facet {
            name,
            label: duibiao_search::filter_label(name),
            shown: all,
            more,
            clear: is_chosen.then(|| links::without_filter(asked, name)),
        });
    }
    facets
}

/// What the form must send along although nothing on it shows it.
pub(super) fn kept(asked: &SearchParameters) -> Vec<(String, String)> {
    let rest = SearchParameters {
        q: None,
        province: Vec::new(),
        city: Vec::new(),
        year: asked.year.iter().filter(|y| is_range(y)).cloned().collect(),
        theme: Vec::new(),
        doc_type: Vec::new(),
        status: Vec::new(),
        level: Vec::new(),
        sort: None,
        offset: None,
        cursor: None,
        ..asked.clone()
    };
    let sent = serde_html_form::to_string(&rest).unwrap_or_default();
    serde_html_form::from_str(&sent).unwrap_or_default()
}

pub(super) fn chips(asked: &SearchParameters, found: &Found) -> Vec<Chip> {
    let request = asked.request();
    request
        .filters
        .named()
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| Chip {
            preposition: words::preposition(name).to_owned(),
            values: values
                .iter()
                .map(|value| ChipValue {
                    label: label(found, name, value),
                    remove: links::without_value(asked, name, value),
                })
                .collect(),
        })
        .collect()
}

fn label(found: &Found, name: &str, value: &str) -> String {
    if value.is_empty() {
        return words::UNKNOWN.to_owned();
    }
    if let Some((from, to)) = value.split_once("..") {
        return match (from, to) {
            ("", to) => format!("{to} 及以前"),
            (from, "") => format!("{from} 及以后"),
            (from, to) => format!("{from}–{to}"),
        };
    }
    selected(found, name)
        .find(|v| v.value == value)
        .map_or_else(|| value.to_owned(), |v| v.label.clone())
}
