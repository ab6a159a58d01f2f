//! Counted values become what is shown: labelled, ordered, selected ones always there.

use std::collections::BTreeMap;

use duibiao_corpus::{Level, Status};
use duibiao_lexicon::Lexicon;
use tantivy::Searcher;

use crate::collect::FACETS;
use crate::filter::{Resolved, Values};
use crate::response::FacetValue;

/// The label of entries without a value.
const WITHOUT: &str = "不详";
/// Values suggested when a filter's is unknown.
const MOST_KNOWN: usize = 12;

/// Labels and orders the values of every facet.
pub(crate) fn label(
    counted: &[BTreeMap<String, u64>],
    filters: &[Resolved],
    lexicon: &Lexicon,
) -> BTreeMap<&'static str, Vec<FacetValue>> {
    let mut facets = BTreeMap::new();
    for (name, counts) in FACETS.iter().zip(counted) {
        let filter = filters.iter().find(|f| f.name == *name);
        let mut values: Vec<FacetValue> = counts
            .iter()
            .map(|(value, count)| facet_value(name, value, *count, filter, lexicon))
            .collect();
        for missing in selected_values(filter)
            .into_iter()
            .filter(|v| !counts.contains_key(v))
        {
            values.push(facet_value(name, &missing, 0, filter, lexicon));
        }
        if *name == "year" {
            values.sort_by(|a, b| b.value.cmp(&a.value));
        } else {
            // The most frequent first, "without" last.
            values.sort_by(|a, b| {
                a.value
                    .is_empty()
                    .cmp(&b.value.is_empty())
                    .then(b.count.cmp(&a.count))
                    .then(a.value.cmp(&b.value))
            });
        }
        facets.insert(*name, values);
    }
    facets
}

fn facet_value(
    name: &str,
    value: &str,
    count: u64,
    filter: Option<&Resolved>,
    lexicon: &Lexicon,
) -> FacetValue {
    let selected = filter.is_some_and(|filter| match &filter.values {
        Values::Keys(keys) => keys.iter().any(|key| key == value),
        Values::Numbers(ranges) => ranges.iter().any(|range| {
            value
                .parse()
                .map_or(range == &(0..=0), |number| range.contains(&number))
        }),
    });
    FacetValue {
        value: value.to_owned(),
        label: value_label(name, value, lexicon),
        count,
        selected,
    }
}

/// What a filter is called.
pub fn filter_label(name: &str) -> &str {
    match name {
        "province" => "省份",
        "city" => "城市",
        "county" => "区县",
        "year" => "年份",
        "period" => "时期",
        "theme" => "主题",
        "doc_type" => "文种",
        "subtype" => "子类",
        "issuer" => "发文机关",
        "number" => "文号",
        "status" => "状态",
        "level" => "层级",
        other => other,
    }
}

/// What a value is called.
pub(crate) fn value_label(name: &str, value: &str, lexicon: &Lexicon) -> String {
    let known = match name {
        _ if value.is_empty() => Some(WITHOUT.to_owned()),
        "province" | "city" | "county" => value
            .parse()
            .ok()
            .and_then(|code| lexicon.gazetteer().get(code))
            .map(|place| place.name.clone()),
        "theme" => value
            .parse()
            .ok()
            .and_then(|id| lexicon.taxonomy().get(&id))
            .map(|theme| theme.name.clone()),
        "status" => Status::from_name(value).map(|s| s.label().to_owned()),
        "level" => Level::from_name(value).map(|l| l.label().to_owned()),
        _ => None,
    };
    known.unwrap_or_else(|| value.to_owned())
}

/// Values filtered by that can be listed one by one.
fn selected_values(filter: Option<&Resolved>) -> Vec<String> {
    match filter.map(|f| &f.values) {
        Some(Values::Keys(keys)) => keys.clone(),
        Some(Values::Numbers(ranges)) => ranges
            .iter()
            .filter(|range| range.start() == range.end())
            .map(|range| {
                if *range.start() == 0 {
                    String::new()
                } else {
                    range.start().to_string()
                }
            })
            .collect(),
        None => Vec::new(),
    }
}

/// Values of a field that are like `wanted`, or else some that there are.
pub(crate) fn known(
    searcher: &Searcher,
    field: &str,
    wanted: &str,
) -> tantivy::Result<Vec<String>> {
    let mut values: Vec<String> = Vec::new();
    for segment in searcher.segment_readers() {
        let Some(column) = segment.fast_fields().str(field)? else {
            continue;
        };
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            values.push(String::from_utf8_lossy(stream.key()).into_owned());
        }
    }
    values.sort();
    values.dedup();
    values.retain(|value| !value.is_empty());
    let alike = |value: &str| {
        value.contains(wanted)
            || wanted.contains(value)
            || wanted.chars().filter(|c| value.contains(*c)).count() * 2 > wanted.chars().count()
    };
    let (mut like, rest): (Vec<String>, Vec<String>) =
        values.into_iter().partition(|value| alike(value));
    if like.is_empty() {
        like = rest;
    }
    like.truncate(MOST_KNOWN);
    Ok(like)
}
