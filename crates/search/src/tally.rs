//! Counts entries by document and kind, and tells which of them the filters of facets let through.
//! What a facet counts ignores its own filter, so that a second value can be added.

use std::collections::BTreeMap;

use crate::collect::FACETS;
use crate::filter::{Resolved, Values};
use crate::profiles::{Entry, Facet, Held, Profiles};

/// What filters say: one more than the number of the only facet whose filter fails, or one of
/// these.
type Verdict = u8;
const UNKNOWN: Verdict = 0;
const PASSES: Verdict = Verdict::MAX;
const FAILS: Verdict = Verdict::MAX - 1;

/// What becomes of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It passes every filter of a facet.
    Hit,
    /// It is a hit but for one facet's own filter: it counts there and nowhere else.
    Counted,
    Out,
}

/// Documents, or kinds, by their numbers: how often each was seen, and what filters say of it.
struct Side {
    counts: Vec<u32>,
    /// Those that were seen.
    seen: Vec<u32>,
    /// The filters of its facets, each with which of the facet's values are wanted.
    filters: Vec<(usize, Vec<bool>)>,
    /// Found out when it is asked; empty where there are no filters.
    verdicts: Vec<Verdict>,
}

/// The filters of facets, and how many entries of each document and kind were seen.
pub(crate) struct Tally<'p> {
    facets: &'p [Facet],
    counts: bool,
    documents: Side,
    kinds: Side,
}

impl<'p> Tally<'p> {
    /// A tally that counts, or one that only filters.
    pub(crate) fn new(profiles: &'p Profiles, filters: &[Resolved], counts: bool) -> Self {
        let side = |length: usize, by_documents: bool| {
            let facets = FACETS.iter().zip(profiles.facets()).enumerate();
            let filters: Vec<(usize, Vec<bool>)> = facets
                .filter(|(_, (_, facet))| {
                    matches!(facet.held, Held::ByDocuments(_)) == by_documents
                })
                .filter_map(|(number, (name, facet))| {
                    let filter = filters.iter().find(|filter| filter.name == *name)?;
                    let wanted = facet.values.iter().map(|value| wants(filter, value));
                    Some((number, wanted.collect()))
                })
                .collect();
            Side {
                counts: vec![0; if counts { length } else { 0 }],
                seen: Vec::new(),
                verdicts: vec![UNKNOWN; if filters.is_empty() { 0 } else { length }],
                filters,
            }
        };
        Self {
            facets: profiles.facets(),
            counts,
            documents: side(profiles.documents(), true),
            kinds: side(profiles.kinds(), false),
        }
    }

    /// What becomes of an entry by the filters of facets.
    #[inline]
    pub(crate) fn fate(&mut self, entry: Entry) -> Fate {
        let verdict = both(
            self.documents.verdict(entry.document as usize, self.facets),
            self.kinds.verdict(entry.kind(), self.facets),
        );
        match verdict {
            PASSES => Fate::Hit,
            FAILS => Fate::Out,
            _ if self.counts => Fate::Counted,
            _ => Fate::Out,
        }
    }

    /// Counts a hit. Only one that counts may be asked to.
    #[inline]
    pub(crate) fn hit(&mut self, entry: Entry) {
        self.documents.count(entry.document as usize);
        self.kinds.count(entry.kind());
    }

    /// Counts what is a hit but for one facet's own filter, on the side that is to blame: its
    /// verdict says for which facet.
    #[inline]
    pub(crate) fn near_hit(&mut self, entry: Entry) {
        let document = entry.document as usize;
        if self.documents.verdict(document, self.facets) == PASSES {
            self.kinds.count(entry.kind());
        } else {
            self.documents.count(document);
        }
    }

    /// How many documents the hits are in.
    pub(crate) fn documents(&self) -> u64 {
        let seen = self.documents.seen.iter();
        seen.filter(|number| self.documents.known(**number as usize) == PASSES)
            .count() as u64
    }

    /// For each facet, its values with their counts; the empty one is "without".
    pub(crate) fn facets(&self) -> Vec<BTreeMap<String, u64>> {
        let facets = self.facets.iter().enumerate();
        let mut counted: Vec<BTreeMap<String, u64>> = facets
            .map(|(number, facet)| {
                let side = match &facet.held {
                    Held::ByDocuments(_) => &self.documents,
                    Held::ByKinds(..) => &self.kinds,
                };
                let mut sums = vec![0u64; facet.values.len()];
                for of in side.seen.iter().map(|of| *of as usize) {
                    let verdict = side.known(of);
                    if verdict == PASSES || verdict == fails_only(number) {
                        for value in facet.held.values(of) {
                            sums[*value as usize] += u64::from(side.counts[of]);
                        }
                    }
                }
                let values = facet.values.iter().zip(sums);
                let counted = values.filter(|(_, sum)| *sum > 0);
                counted.map(|(value, sum)| (value.clone(), sum)).collect()
            })
            .collect();
        counted.resize_with(FACETS.len(), BTreeMap::new);
        counted
    }
}

impl Side {
    /// What filters say of a document or kind.
    #[inline]
    fn verdict(&mut self, number: usize, facets: &[Facet]) -> Verdict {
        match self.verdicts.get(number) {
            None => PASSES,
            Some(&UNKNOWN) => {
                let verdict = self.judge(number, facets);
                self.verdicts[number] = verdict;
                verdict
            }
            Some(&verdict) => verdict,
        }
    }

    fn judge(&self, number: usize, facets: &[Facet]) -> Verdict {
        let mut verdict = PASSES;
        for (facet, wanted) in &self.filters {
            let mut values = facets[*facet].held.values(number).iter();
            if !values.any(|value| wanted[*value as usize]) {
                verdict = both(verdict, fails_only(*facet));
            }
        }
        verdict
    }

    /// What was found out of one that was counted.
    fn known(&self, number: usize) -> Verdict {
        self.verdicts.get(number).copied().unwrap_or(PASSES)
    }

    #[inline]
    fn count(&mut self, number: usize) {
        let count = &mut self.counts[number];
        if *count == 0 {
            self.seen.push(number as u32);
        }
        *count += 1;
    }
}

fn fails_only(facet: usize) -> Verdict {
    facet as Verdict + 1
}

/// The verdict of filters that say one and the other.
#[inline]
fn both(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (PASSES, verdict) | (verdict, PASSES) => verdict,
        _ => FAILS,
    }
}

/// Whether a filter asks for a value.
fn wants(filter: &Resolved, value: &str) -> bool {
    match &filter.values {
        Values::Keys(keys) => keys.iter().any(|key| key == value),
        Values::Numbers(ranges) => {
            let number = value.parse().unwrap_or(0);
            ranges.iter().any(|range| range.contains(&number))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_filters_that_fail_are_one_too_many() {
        assert_eq!(both(PASSES, PASSES), PASSES);
        assert_eq!((both(3, PASSES), both(PASSES, 3)), (3, 3));
        assert_eq!((both(3, 4), both(FAILS, PASSES)), (FAILS, FAILS));
    }
}
