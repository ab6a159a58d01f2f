//! Filters for places as choices in one tree. It says the same in other words and decides nothing.

use duibiao_lexicon::Gazetteer;

use crate::engine::Engine;
use crate::filter::{self, PLACE, PLACE_FIELDS, Resolved};
use crate::request::Filters;

impl Engine {
    /// The same filters with `province`, `city` and `county` as values of `place`, each by its code, as a
    /// tree of places shows them: 黑龙江省 and 哈尔滨市 within it are 哈尔滨市. Filters for documents without
    /// one stay what they are, and so does everything where a name means nothing or nothing lies in all of
    /// the places.
    pub fn in_one_tree(&self, filters: &Filters) -> Filters {
        let resolved = |name: &'static str, values: &[String]| {
            filter::resolve_one(name, values, false, self.lexicon(), &self.analyzer)
        };
        let mut merged = filters.clone();
        let mut parts: Vec<Resolved> = Vec::new();
        for (name, values) in filters.named() {
            if name != PLACE && !PLACE_FIELDS.contains(&name) || values.is_empty() {
                continue;
            }
            let Ok(part) = resolved(name, values) else {
                return filters.clone();
            };
            let has_without = part.wanted.holds("") || part.unwanted.holds("");
            if name == PLACE || !has_without {
                merged.values_mut(name).into_iter().for_each(Vec::clear);
                parts.push(part);
            }
        }
        let wanted = parts.iter().map(|part| part.wanted.keys());
        let wanted: Vec<&[String]> = wanted.filter(|keys| !keys.is_empty()).collect();
        let Some(within_all) = within_all(&wanted, self.lexicon().gazetteer()) else {
            return filters.clone();
        };
        merged.place = within_all;
        for key in parts.iter().flat_map(|part| part.unwanted.keys()) {
            let value = format!("-{key}");
            if !merged.place.contains(&value) {
                merged.place.push(value);
            }
        }
        merged
    }
}

/// The places that lie in one of each list; `None` where lists have none in common.
fn within_all(lists: &[&[String]], gazetteer: &Gazetteer) -> Option<Vec<String>> {
    let lies_in = |inner: &String, outer: &String| {
        let place = |code: &String| gazetteer.get(code.parse().ok()?);
        let places = place(inner).zip(place(outer));
        inner == outer || places.is_some_and(|(inner, outer)| inner.lies_in(outer))
    };
    let mut lists = lists.iter();
    let mut common = lists.next().map(|first| first.to_vec()).unwrap_or_default();
    for list in lists {
        let smaller = |one: &String, other: &String| {
            if lies_in(one, other) {
                Some(one.clone())
            } else {
                lies_in(other, one).then(|| other.clone())
            }
        };
        let pairs = common
            .iter()
            .flat_map(|one| list.iter().map(move |other| (one, other)));
        let mut both: Vec<String> = pairs
            .filter_map(|(one, other)| smaller(one, other))
            .collect();
        both.sort();
        both.dedup();
        if both.is_empty() {
            return None;
        }
        common = both;
    }
    Some(common)
}
