//! Counts entries by document and kind, and tells which of them the filters of facets let through.
//! What a facet counts ignores its own filter, so that a second value can be added.

use std::collections::BTreeMap;

use crate::collect::FACETS;
use crate::filter::Resolved;
use crate::passing::Said;
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
    filters: Vec<Tested>,
    /// Found out when it is asked; empty where there are no filters.
    verdicts: Vec<Verdict>,
}

/// The filter of a facet.
struct Tested {
    facet: usize,
    /// What it says of the facet's values, by their numbers.
    said: Vec<Said>,
    wants_nothing: bool,
    /// Provinces whose own documents pass without a wanted value, by the numbers of their values.
    provinces: Vec<bool>,
}

/// The filters of facets, and how many entries of each document and kind were seen.
pub(crate) struct Tally<'p> {
    profiles: &'p Profiles,
    counts: bool,
    documents: Side,
    kinds: Side,
}

impl<'p> Tally<'p> {
    /// A tally that counts, or one that only filters.
    pub(crate) fn new(profiles: &'p Profiles, filters: &[Resolved], counts: bool) -> Self {
        let side = |length: usize, by_documents: bool| {
            let facets = FACETS.iter().zip(profiles.facets()).enumerate();
            let filters: Vec<Tested> = facets
                .filter(|(_, (_, facet))| !matches!(facet.held, Held::ByKinds(_)) == by_documents)
                .filter_map(|(number, (name, facet))| {
                    let filter = filters.iter().find(|filter| filter.name == *name)?;
                    let said = facet.values.iter().map(|value| Said::of(value, filter));
                    Some(Tested {
                        facet: number,
                        said: said.collect(),
                        wants_nothing: filter.wanted.is_empty(),
                        provinces: profiles.marked(&filter.provinces),
                    })
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
            profiles,
            counts,
            documents: side(profiles.documents(), true),
            kinds: side(profiles.kinds(), false),
        }
    }

    /// What becomes of an entry by the filters of facets.
    #[inline]
    pub(crate) fn fate(&mut self, entry: Entry) -> Fate {
        let verdict = both(
            self.documents
                .verdict(entry.document as usize, self.profiles),
            self.kinds.verdict(entry.kind(), self.profiles),
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
        if self.documents.verdict(document, self.profiles) == PASSES {
            self.kinds.count(entry.kind());
        } else {
            self.documents.count(document);
        }
    }

    /// Takes over what another tally of the same profiles and filters counted.
    pub(crate) fn add(&mut self, other: Self) {
        self.documents.add(&other.documents);
        self.kinds.add(&other.kinds);
    }

    /// How many documents the hits are in.
    pub(crate) fn documents(&self) -> u64 {
        let seen = self.documents.seen.iter();
        seen.filter(|number| self.documents.known(**number as usize) == PASSES)
            .count() as u64
    }

    /// For each facet, its values with their counts; the empty one is "without".
    pub(crate) fn facets(&self) -> Vec<BTreeMap<String, u64>> {
        let facets = self.profiles.facets().iter().enumerate();
        let mut counted: Vec<BTreeMap<String, u64>> = facets
            .map(|(number, facet)| {
                let sums = self.sums(number, facet);
                let values = facet.values.iter().zip(sums);
                let counted = values.filter(|(_, sum)| *sum > 0);
                counted.map(|(value, sum)| (value.clone(), sum)).collect()
            })
            .collect();
        counted.resize_with(FACETS.len(), BTreeMap::new);
        counted
    }

    /// How often each value of a facet was seen, whatever the facet's own filter says.
    fn sums(&self, number: usize, facet: &Facet) -> Vec<u64> {
        let side = match &facet.held {
            Held::ByDocuments(_) | Held::Nested(..) => &self.documents,
            Held::ByKinds(_) => &self.kinds,
        };
        let counted = side.seen.iter().map(|of| *of as usize).filter(|of| {
            let verdict = side.known(*of);
            verdict == PASSES || verdict == fails_only(number)
        });
        let mut sums = vec![0u64; facet.values.len()];
        let mut add = |values: &[u32], count: u64| {
            for value in values {
                sums[*value as usize] += count;
            }
        };
        if let Held::Nested(of_documents, sets) = &facet.held {
            let mut by_sets = vec![0u64; sets.len()];
            for of in counted {
                by_sets[of_documents[of] as usize] += u64::from(side.counts[of]);
            }
            let seen = by_sets
                .into_iter()
                .enumerate()
                .filter(|(_, count)| *count > 0);
            seen.for_each(|(set, count)| add(sets.get(set), count));
        } else {
            counted.for_each(|of| add(facet.held.values(of), u64::from(side.counts[of])));
        }
        sums
    }
}

impl Side {
    /// What filters say of a document or kind.
    #[inline]
    fn verdict(&mut self, number: usize, profiles: &Profiles) -> Verdict {
        match self.verdicts.get(number) {
            None => PASSES,
            Some(&UNKNOWN) => {
                let verdict = self.judge(number, profiles);
                self.verdicts[number] = verdict;
                verdict
            }
            Some(&verdict) => verdict,
        }
    }

    fn judge(&self, number: usize, profiles: &Profiles) -> Verdict {
        let mut verdict = PASSES;
        for filter in &self.filters {
            let values = profiles.facets()[filter.facet].held.values(number).iter();
            let said = values.map(|value| filter.said[*value as usize]);
            // Only filters of documents name provinces.
            let is_own =
                !filter.provinces.is_empty() && profiles.is_own_of(number, &filter.provinces);
            if !Said::passes(said, filter.wants_nothing || is_own) {
                verdict = both(verdict, fails_only(filter.facet));
            }
        }
        verdict
    }

    /// What was found out of one that was counted.
    fn known(&self, number: usize) -> Verdict {
        self.verdicts.get(number).copied().unwrap_or(PASSES)
    }

    fn add(&mut self, other: &Self) {
        for seen in &other.seen {
            let number = *seen as usize;
            if self.counts[number] == 0 {
                self.seen.push(*seen);
            }
            self.counts[number] += other.counts[number];
            if let Some(verdict) = self.verdicts.get_mut(number) {
                *verdict = other.verdicts[number];
            }
        }
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
