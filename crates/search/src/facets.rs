//! Counted values become what is shown: labelled, ordered, selected ones always there.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use duibiao_corpus::{Level, Status};
use duibiao_lexicon::Lexicon;
use tantivy::Searcher;

use crate::collect::FACETS;
use crate::filter::{PLACE, Resolved, Values};
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
    let is_excluded = filter.is_some_and(|filter| filter.unwanted.holds(value));
    FacetValue {
        value: value.to_owned(),
        label: value_label(name, value, lexicon),
        parent: parent(name, value, lexicon),
        count,
        selected: !is_excluded && filter.is_some_and(|filter| filter.wanted.holds(value)),
        excluded: is_excluded,
    }
}

/// The value that a value belongs to, where values lie in one another.
fn parent(name: &str, value: &str, lexicon: &Lexicon) -> Option<String> {
    match name {
        "theme" => {
            let theme = lexicon.taxonomy().get(&value.parse().ok()?)?;
            theme.parent.as_ref().map(ToString::to_string)
        }
        PLACE | "city" => {
            let place = lexicon.gazetteer().get(value.parse().ok()?)?;
            let above = match place.city {
                Some(city) if city != place.code && name == PLACE => city,
                _ => place.province,
            };
            (above != place.code).then(|| above.to_string())
        }
        _ => None,
    }
}

/// What a filter is called.
pub fn filter_label(name: &str) -> &str {
    match name {
        PLACE => "地区",
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
        "for" => "我市",
        "against" => "对标城市",
        other => other,
    }
}

/// What a value is called.
pub(crate) fn value_label(name: &str, value: &str, lexicon: &Lexicon) -> String {
    let known = match name {
        _ if value.is_empty() => Some(WITHOUT.to_owned()),
        PLACE | "province" | "city" | "county" => value
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

/// Values that are asked for or left out and can be listed one by one.
fn selected_values(filter: Option<&Resolved>) -> Vec<String> {
    let listed = |values: &Values| match values {
        Values::Keys(keys) => keys.clone(),
        Values::Numbers(ranges) => {
            let single = ranges.iter().filter(|range| range.start() == range.end());
            let value = |range: &RangeInclusive<u64>| match range.start() {
                0 => String::new(),
                number => number.to_string(),
            };
            single.map(value).collect()
        }
    };
    let Some(filter) = filter else {
        return Vec::new();
    };
    let mut all = [listed(&filter.wanted), listed(&filter.unwanted)].concat();
    all.sort();
    all.dedup();
    all
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
