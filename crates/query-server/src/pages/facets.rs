//! The filters of the search page: what can be chosen, what is, and how each is taken off again.
//!
//! Places and themes are trees. Values that are chosen are alternatives, so a value beside the one it lies
//! in would add nothing: script takes the larger back when the smaller is chosen, and the other way round
//! (`live.js`). Without it both stay ticked, and the larger counts.

use std::collections::HashMap;

use duibiao_search::{FacetValue, Response as Found};

use super::years::{self, Years};
use super::{grouped, links, words};
use crate::parameters::{SearchParameters, Switch};

/// Facets in the order in which an analyst narrows.
const FACETS: &[&str] = &["place", "year", "status", "theme", "doc_type", "level"];
/// Values of a facet shown at once; the others open.
const SHOWN: usize = 8;
/// So few others are not worth a click.
const FEW: usize = 2;
/// With more places than these, counties are listed only in cities that are chosen.
const MANY_PLACES: usize = 600;

/// A facet with its values.
pub(super) struct Facet {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) shown: Vec<Node>,
    pub(super) more: Vec<Node>,
    /// Whether something among the others is chosen.
    pub(super) is_more_open: bool,
    pub(super) is_tree: bool,
    /// Whether it is worth searching in.
    pub(super) is_long: bool,
    pub(super) clear: Option<String>,
    /// Years as a histogram.
    pub(super) years: Option<Years>,
    /// Whether provincial documents are asked for, where a city or county is.
    pub(super) provincial: Option<bool>,
}

/// A value with those that lie in it.
pub(super) struct Node {
    pub(super) value: FacetView,
    pub(super) below: Vec<Node>,
    /// Whether something in it is chosen.
    pub(super) is_open: bool,
}

pub(super) struct FacetView {
    pub(super) id: String,
    /// What the checkbox sends: the value, or `-` and the value where that is left out.
    pub(super) sent: String,
    pub(super) value: String,
    pub(super) label: String,
    pub(super) count: String,
    pub(super) is_chosen: bool,
    pub(super) is_excluded: bool,
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
    if !is_below_province(found) {
        asked.provincial = None;
    }
    for name in FACETS {
        let Some(values) = asked.values_mut(name) else {
            continue;
        };
        if values.is_empty() || values.iter().any(|value| is_range(value)) {
            continue;
        }
        let all = found.facets.get(name).into_iter().flatten();
        let chosen = all.clone().filter(|v| v.selected).map(|v| v.value.clone());
        let excluded = all.filter(|v| v.excluded).map(|v| format!("-{}", v.value));
        *values = chosen.chain(excluded).collect();
    }
}

/// Whether a city or county is asked for.
fn is_below_province(found: &Found) -> bool {
    let mut places = found.facets.get("place").into_iter().flatten();
    places.any(|place| place.selected && place.parent.is_some())
}

pub(super) fn is_range(value: &str) -> bool {
    value.contains("..")
}

/// The value that is left out, where one is.
fn left_out(value: &str) -> Option<&str> {
    value.strip_prefix('-')
}

pub(super) fn facets(asked: &SearchParameters, found: &Found) -> Vec<Facet> {
    let facets = FACETS.iter().filter_map(|name| {
        let values = found.facets.get(name)?;
        (!values.is_empty()).then(|| facet(name, values, asked, found))
    });
    facets.collect()
}

fn facet(
    name: &'static str,
    values: &[FacetValue],
    asked: &SearchParameters,
    found: &Found,
) -> Facet {
    let is_of_years = name == "year";
    let mut nodes = Tree::new(name, values, asked).nodes();
    let is_long = nodes.len() > SHOWN + FEW;
    let mut more = Vec::new();
    if is_long {
        // What is chosen is always in sight, but years stay in their order.
        let is_chosen = |node: &Node| node.is_open || node.value.is_chosen;
        if !is_of_years {
            nodes.sort_by_key(|node| !is_chosen(node));
        }
        more = nodes.split_off(SHOWN);
        // Nor is it hidden how much has none.
        let without = more.iter().position(|node| node.value.value.is_empty());
        if let Some(without) = without.filter(|_| is_of_years) {
            nodes.push(more.remove(without));
        }
    }
    let is_filtered = asked
        .clone()
        .values_mut(name)
        .is_some_and(|values| !values.is_empty());
    let is_tree = matches!(name, "place" | "theme");
    Facet {
        name,
        label: duibiao_search::filter_label(name),
        is_more_open: is_of_years && more.iter().any(|node| node.value.is_chosen),
        is_tree,
        is_long: is_long || is_tree && values.len() > SHOWN + FEW,
        shown: nodes,
        more,
        clear: is_filtered.then(|| links::without_filter(asked, name)),
        years: is_of_years
            .then(|| years::histogram(asked, values))
            .flatten(),
        provincial: (name == "place" && is_below_province(found))
            .then_some(asked.provincial == Some(Switch::On)),
    }
}

/// The values of a facet by what they lie in.
struct Tree<'a> {
    name: &'static str,
    values: &'a [FacetValue],
    /// Numbers of the values in each value, and of those in none.
    below: HashMap<Option<&'a str>, Vec<usize>>,
    /// Years that are in a range which is asked for are not chosen by themselves.
    ranges: Option<&'a [String]>,
}

impl<'a> Tree<'a> {
    fn new(name: &'static str, values: &'a [FacetValue], asked: &'a SearchParameters) -> Self {
        let known: HashMap<&str, usize> = values
            .iter()
            .enumerate()
            .map(|(at, value)| (value.value.as_str(), at))
            .collect();
        let mut below: HashMap<Option<&str>, Vec<usize>> = HashMap::new();
        for (at, value) in values.iter().enumerate() {
            let parent = value.parent.as_deref();
            let parent = parent.filter(|parent| known.contains_key(parent));
            below.entry(parent).or_default().push(at);
        }
        let has_ranges = name == "year" && asked.year.iter().any(|value| is_range(value));
        Self {
            name,
            values,
            below,
            ranges: has_ranges.then_some(asked.year.as_slice()),
        }
    }

    fn nodes(&self) -> Vec<Node> {
        self.nodes_in(None, 0)
    }

    fn nodes_in(&self, parent: Option<&str>, depth: usize) -> Vec<Node> {
        let numbers = self.below.get(&parent).map_or(&[][..], Vec::as_slice);
        numbers.iter().map(|at| self.node(*at, depth)).collect()
    }

    fn node(&self, at: usize, depth: usize) -> Node {
        let value = &self.values[at];
        let is_excluded = value.excluded && self.is_asked_for(&format!("-{}", value.value));
        let is_chosen = is_excluded || value.selected && self.is_asked_for(&value.value);
        let mut below = self.nodes_in(Some(&value.value), depth + 1);
        let is_open = below
            .iter()
            .any(|node| node.is_open || node.value.is_chosen);
        if depth == 1 && self.values.len() > MANY_PLACES && !is_chosen && !is_open {
            below.clear();
        }
        Node {
            value: FacetView {
                id: format!("{}-{at}", self.name),
                sent: if is_excluded {
                    format!("-{}", value.value)
                } else {
                    value.value.clone()
                },
                value: value.value.clone(),
                label: value.label.clone(),
                count: grouped(value.count),
                is_chosen,
                is_excluded,
            },
            below,
            is_open,
        }
    }

    fn is_asked_for(&self, value: &str) -> bool {
        self.ranges
            .is_none_or(|asked| asked.iter().any(|own| own == value))
    }
}

/// What the form must send along although nothing on it shows it.
pub(super) fn kept(asked: &SearchParameters) -> Vec<(String, String)> {
    let rest = SearchParameters {
        q: None,
        place: Vec::new(),
        year: asked.year.iter().filter(|y| is_range(y)).cloned().collect(),
        theme: Vec::new(),
        doc_type: Vec::new(),
        status: Vec::new(),
        level: Vec::new(),
        provincial: None,
        sort: None,
        offset: None,
        cursor: None,
        ..asked.clone()
    };
    links::pairs(&rest)
}

pub(super) fn chips(asked: &SearchParameters, found: &Found) -> Vec<Chip> {
    let request = asked.request();
    let mut chips = Vec::new();
    for (name, values) in request.filters.named() {
        let (excluded, chosen): (Vec<&String>, Vec<&String>) =
            values.iter().partition(|value| left_out(value).is_some());
        let chip = |preposition: &str, values: Vec<&String>| Chip {
            preposition: preposition.to_owned(),
            values: values
                .into_iter()
                .map(|value| ChipValue {
                    label: label(found, name, left_out(value).unwrap_or(value)),
                    remove: links::without_value(asked, name, value),
                })
                .collect(),
        };
        chips.push(chip(words::preposition(name), chosen));
        if name == "place" && asked.provincial == Some(Switch::On) {
            chips.push(Chip {
                preposition: "含".to_owned(),
                values: vec![ChipValue {
                    label: "省级文件".to_owned(),
                    remove: links::changed(asked, |asked| asked.provincial = None),
                }],
            });
        }
        chips.push(chip(words::without(name), excluded));
    }
    chips.retain(|chip| !chip.values.is_empty());
    chips
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
    let mut values = found.facets.get(name).into_iter().flatten();
    let known = values.find(|known| known.value == value);
    known.map_or_else(|| value.to_owned(), |known| known.label.clone())
}
