//! Years as a histogram, and the range that can be asked for beside it.

use std::collections::BTreeMap;

use axum::extract::RawQuery;
use axum::response::Redirect;
use duibiao_search::FacetValue;

use super::facets::is_range;
use super::{grouped, links};
use crate::fault::Fault;
use crate::parameters::SearchParameters;

/// Bars side by side at most; what is older is one bar.
const MOST_BARS: u16 = 40;
/// At least so many, so that none is a block.
const LEAST_BARS: u16 = 12;
/// Width of a bar with what is between two, and the height of the highest, in units of the drawing.
const STEP: usize = 10;
const HEIGHT: u64 = 48;

/// Years as bars, without gaps, and the form for a range.
pub(super) struct Years {
    pub(super) bars: Vec<Bar>,
    pub(super) width: usize,
    pub(super) first: String,
    pub(super) last: u16,
    /// The range that is asked for.
    pub(super) from: String,
    pub(super) to: String,
    /// What the form sends along.
    pub(super) kept: Vec<(String, String)>,
}

pub(super) struct Bar {
    pub(super) x: usize,
    pub(super) y: u64,
    pub(super) height: u64,
    pub(super) title: String,
    pub(super) url: String,
    pub(super) is_chosen: bool,
}

/// The bars of a facet's years; none where there are fewer than two.
pub(super) fn histogram(asked: &SearchParameters, values: &[FacetValue]) -> Option<Years> {
    let counted = values.iter().filter_map(|value| {
        let year: u16 = value.value.parse().ok()?;
        (value.count > 0).then_some((year, value))
    });
    let counted: BTreeMap<u16, &FacetValue> = counted.collect();
    let (first, last) = (*counted.keys().next()?, *counted.keys().last()?);
    if first == last {
        return None;
    }
    let begin = first
        .max(last.saturating_sub(MOST_BARS - 1))
        .min(last.saturating_sub(LEAST_BARS - 1));
    let older: u64 = counted.range(..=begin).map(|(_, value)| value.count).sum();
    let count = |year: u16| match counted.get(&year) {
        _ if year == begin && first < begin => older,
        Some(value) => value.count,
        None => 0,
    };
    let highest = (begin..=last).map(count).max()?.max(1);
    let bar = |year: u16| {
        let count = count(year);
        let is_older = year == begin && first < begin;
        let (value, label) = if is_older {
            (format!("..{year}"), format!("{year} 年及以前"))
        } else {
            (year.to_string(), format!("{year} 年"))
        };
        let is_chosen = counted.get(&year).is_some_and(|value| value.selected);
        // What there is any of is to be seen.
        let height = (count * HEIGHT).div_ceil(highest);
        Bar {
            x: usize::from(year - begin) * STEP,
            y: HEIGHT - height,
            height,
            title: format!("{label}：{}", grouped(count)),
            url: if asked.year.contains(&value) {
                links::without_value(asked, "year", &value)
            } else {
                links::only(asked, "year", &value)
            },
            is_chosen,
        }
    };
    let range = asked
        .year
        .iter()
        .find(|value| is_range(value) && !value.starts_with('-'));
    let (from, to) = range
        .and_then(|range| range.split_once(".."))
        .unwrap_or_default();
    let rest = SearchParameters {
        year: asked
            .year
            .iter()
            .filter(|year| year.starts_with('-'))
            .cloned()
            .collect(),
        offset: None,
        cursor: None,
        ..asked.clone()
    };
    Some(Years {
        bars: (begin..=last).map(bar).collect(),
        width: usize::from(last - begin + 1) * STEP,
        first: if first < begin {
            format!("{begin} 及以前")
        } else {
            begin.to_string()
        },
        last,
        from: from.to_owned(),
        to: to.to_owned(),
        kept: links::pairs(&rest),
    })
}

/// `/search/years`: the search for the years `from` and `to`, which a form without script cannot put
/// into one value. Everything else is sent on as it came.
pub(crate) async fn years(RawQuery(query): RawQuery) -> Result<Redirect, Fault> {
    let query = query.unwrap_or_default();
    let pairs: Vec<(String, String)> =
        serde_html_form::from_str(&query).map_err(|error| Fault::Unreadable(error.to_string()))?;
    let bound = |name: &str| {
        let mut values = pairs.iter().filter(|(own, _)| own == name);
        values
            .next()
            .map(|(_, value)| value.trim())
            .unwrap_or_default()
    };
    let (mut from, mut to) = (bound("from"), bound("to"));
    if !from.is_empty() && !to.is_empty() && from > to {
        std::mem::swap(&mut from, &mut to);
    }
    let year = match (from, to) {
        ("", "") => None,
        (from, to) if from == to => Some(from.to_owned()),
        (from, to) => Some(format!("{from}..{to}")),
    };
    let rest = pairs
        .iter()
        .filter(|(name, _)| name != "from" && name != "to");
    let mut sent: Vec<(&str, &str)> = rest.map(|(n, v)| (n.as_str(), v.as_str())).collect();
    sent.extend(year.as_deref().map(|year| ("year", year)));
    Ok(Redirect::to(&links::searching(&sent)))
}
