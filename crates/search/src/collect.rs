//! One pass over the matches: the best hits, how many there are, and the values of each facet
//! counted without its own filter.

use std::collections::{BTreeMap, BinaryHeap};

use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocAddress, DocId, SegmentReader};

use crate::annexed::Annexed;
use crate::bounded::bounded;
use crate::deadline::{Deadline, Halt};
use crate::engine::Snapshot;
use crate::filter::Resolved;
use crate::passing::OtherFilters;
use crate::profiles::{Entry, Profiles};
use crate::rank::{Ranking, SegmentRanking};
use crate::request::Sort;
use crate::shares::{Stretch, idle, in_shares, shares_of};
use crate::tally::{Fate, Tally};

/// Facets, in the order in which they are shown.
pub(crate) const FACETS: &[&str] = &[
    "province", "city", "year", "theme", "doc_type", "status", "level", "place",
];

/// What decides the order of hits; smaller comes first. Ends with the id, so no two are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Order {
    /// 1 for hits that stand below all others, 2 more for those without the query as typed where
    /// that goes before.
    pub(crate) below: u8,
    /// The score or the date, so turned that smaller is better.
    pub(crate) primary: u64,
    pub(crate) document: u64,
    pub(crate) ordinal: u64,
}

/// A match that made it into the window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) order: Order,
    pub(crate) address: DocAddress,
    pub(crate) score: f32,
}

impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}
impl Eq for Found {}
impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Found {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order.cmp(&other.order)
    }
}

/// What to collect.
pub(crate) struct Plan<'a> {
    pub(crate) matching: &'a dyn Query,
    /// Matches of this query are left out.
    pub(crate) except: Option<&'a dyn Query>,
    pub(crate) ranking: &'a Ranking,
    pub(crate) filters: &'a [Resolved],
    pub(crate) sort: Sort,
    /// How many hits to keep, the best first.
    pub(crate) keep: usize,
    /// Only hits behind this one.
    pub(crate) after: Option<Order>,
    pub(crate) facets: bool,
    pub(crate) deadline: &'a Deadline,
    /// The score from which an entry has the query as typed and stands above all that do not,
    /// annexes included.
    pub(crate) as_typed: Option<f32>,
    /// Documents that stand below all others.
    pub(crate) annexed: Option<&'a Annexed>,
    /// Where no more needs to be known than that there are so many.
    pub(crate) enough: Option<u64>,
}

/// What was collected.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    /// Hits in order.
    pub(crate) hits: Vec<Found>,
    pub(crate) total: u64,
    /// For each facet, its values with their counts; the empty one is "without".
    pub(crate) facets: Vec<BTreeMap<String, u64>>,
    /// Documents the entries are in; counted along with the facets.
    pub(crate) documents: u64,
}

/// Runs a plan over every segment: with many matches on several threads, each with its share of the
/// entries.
///
/// # Errors
/// When the index is damaged, or the plan's deadline is past before it is done.
pub(crate) fn collect(plan: &Plan<'_>, snapshot: &Snapshot) -> Result<Collected, Halt> {
    collect_in(plan, snapshot, None)
}

/// The same in so many shares.
fn collect_in(
    plan: &Plan<'_>,
    snapshot: &Snapshot,
    shares: Option<usize>,
) -> Result<Collected, Halt> {
    plan.deadline.check()?;
    let scoring = EnableScoring::disabled_from_searcher(&snapshot.searcher);
    let weight = |query| bounded(query, plan.deadline, &snapshot.gathered).weight(scoring);
    let work = Work {
        plan,
        snapshot,
        matching: weight(plan.matching)?,
        except: plan.except.map(weight).transpose()?,
    };
    let shares = match shares {
        Some(shares) => shares,
        None => work.shares()?,
    };
    let mut counted = in_shares(snapshot, shares, |share| work.count(share))?.into_iter();
    let Some(mut all) = counted.next() else {
        return Ok(Collected::default());
    };
    for share in counted {
        all.add(share);
    }
    Ok(Collected {
        hits: all.best.into_sorted(),
        total: all.total,
        documents: all.tally.documents(),
        facets: if plan.facets {
            all.tally.facets()
        } else {
            vec![BTreeMap::new(); FACETS.len()]
        },
    })
}

/// A plan whose queries are ready to be run.
struct Work<'a> {
    plan: &'a Plan<'a>,
    snapshot: &'a Snapshot,
    matching: Box<dyn Weight>,
    except: Option<Box<dyn Weight>>,
}

/// What was counted of a share of the entries.
struct Counted<'a> {
    best: Best,
    tally: Tally<'a>,
    total: u64,
}

impl Counted<'_> {
    fn add(&mut self, other: Self) {
        other
            .best
            .heap
            .into_iter()
            .for_each(|found| self.best.offer(found));
        self.tally.add(other.tally);
        self.total += other.total;
    }
}

impl<'a> Work<'a> {
    /// In how many shares it is worth doing. What ends when enough is found is not shared.
    fn shares(&self) -> tantivy::Result<usize> {
        let segments = self.snapshot.searcher.segment_readers();
        let entries: u64 = segments.iter().map(|s| u64::from(s.max_doc())).sum();
        let most = idle(shares_of(entries));
        if most < 2 || self.plan.enough.is_some() {
            return Ok(1);
        }
        let mut matches = 0;
        for segment in segments {
            matches += u64::from(self.matching.scorer(segment, 1.0)?.size_hint());
        }
        Ok(shares_of(matches).min(most))
    }

    /// Goes through the matches of a share.
    fn count(&self, share: &[Stretch]) -> Result<Counted<'a>, Halt> {
        let (plan, profiles) = (self.plan, self.snapshot.profiles.as_ref());
        let mut steps = plan.deadline.steps();
        let mut counted = Counted {
            best: Best::new(plan.keep),
            tally: Tally::new(profiles, plan.filters, plan.facets),
            total: 0,
        };
        let mut block = [0; COLLECT_BLOCK_BUFFER_LEN];
        let mut entries = [Entry::default(); COLLECT_BLOCK_BUFFER_LEN];
        for stretch in share {
            let segment = self
                .snapshot
                .searcher
                .segment_reader(stretch.segment as u32);
            let mut docs = self.matching.scorer(segment, 1.0)?;
            if docs.doc() < stretch.docs.start {
                docs.seek(stretch.docs.start);
            }
            if docs.doc() < stretch.docs.end {
                let except = self.except.as_ref();
                let left_out = except.map(|weight| weight.scorer(segment, 1.0));
                let mut left_out = left_out.transpose()?;
                let mut pass = Pass::new(plan, profiles, stretch.segment, segment)?;
                loop {
                    let filled = docs.fill_buffer(&mut block);
                    if steps.are_over(filled as u32) {
                        return Err(Halt::OutOfTime);
                    }
                    let inside = block[..filled].partition_point(|doc| *doc < stretch.docs.end);
                    // All of them at once: one after the other, each would be waited for.
                    for (entry, &doc) in entries.iter_mut().zip(&block[..inside]) {
                        *entry = pass.entries[doc as usize];
                    }
                    for (&doc, &entry) in block[..inside].iter().zip(&entries) {
                        let is_out = left_out.as_mut().is_some_and(|out| {
                            out.doc() == doc || out.doc() < doc && out.seek(doc) == doc
                        });
                        if !segment.is_deleted(doc) && !is_out {
                            pass.entry(doc, entry, plan, &mut counted.tally, &mut counted.best);
                        }
                    }
                    let is_enough = |enough| counted.total + pass.total >= enough;
                    if inside < block.len() || plan.enough.is_some_and(is_enough) {
                        break;
                    }
                }
                counted.total += pass.total;
                if plan.enough.is_some_and(|enough| counted.total >= enough) {
                    break;
                }
            }
            // What looks like the end of the matches may have been the end of time.
            plan.deadline.check()?;
        }
        Ok(counted)
    }
}

/// The best hits so far, the worst of them on top.
#[derive(Debug)]
pub(crate) struct Best {
    heap: BinaryHeap<Found>,
    keep: usize,
    /// The hit that a better one drives out, once there are enough.
    pub(crate) worst: Option<Found>,
}

impl Best {
    pub(crate) fn new(keep: usize) -> Self {
        Self {
            heap: BinaryHeap::with_capacity(keep.min(1_000) + 1),
            keep,
            worst: None,
        }
    }

    /// Takes a hit, if it is among the best.
    pub(crate) fn offer(&mut self, found: Found) {
        match self.worst {
            None => self.heap.push(found),
            Some(worst) if found < worst => {
                self.heap.pop();
                self.heap.push(found);
            }
            Some(_) => return,
        }
        if self.heap.len() == self.keep {
            self.worst = self.heap.peek().copied();
        }
    }

    /// The place of the best hit.
    pub(crate) fn first(&self) -> Option<Order> {
        self.heap.iter().map(|found| found.order).min()
    }

    /// The hits, the best first.
    pub(crate) fn into_sorted(self) -> Vec<Found> {
        self.heap.into_sorted_vec()
    }
}

/// One segment's share of the work.
struct Pass<'a> {
    segment: u32,
    profiles: &'a Profiles,
    entries: &'a [Entry],
    others: OtherFilters<'a>,
    ranking: Option<SegmentRanking<'a>>,
    total: u64,
}

impl<'a> Pass<'a> {
    fn new(
        plan: &Plan<'_>,
        profiles: &'a Profiles,
        ordinal: usize,
        segment: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let entries = profiles.segment(ordinal);
        Ok(Self {
            segment: ordinal as u32,
            profiles,
            entries,
            others: OtherFilters::new(plan.filters, segment, profiles)?,
            ranking: if plan.sort == Sort::Relevance && plan.keep > 0 {
                Some(plan.ranking.segment(segment, entries)?)
            } else {
                None
            },
            total: 0,
        })
    }

    #[inline]
    fn entry(
        &mut self,
        doc: DocId,
        entry: Entry,
        plan: &Plan<'_>,
        tally: &mut Tally<'_>,
        best: &mut Best,
    ) {
        let fate = tally.fate(entry);
        if fate == Fate::Out || !self.others.pass(doc, entry) {
            return;
        }
        if fate == Fate::Counted {
            tally.near_hit(entry);
            return;
        }
        self.total += 1;
        if plan.facets {
            tally.hit(entry);
        }
        if plan.keep > 0 {
            self.offer(doc, entry, plan, best);
        }
    }

    fn offer(&mut self, doc: DocId, entry: Entry, plan: &Plan<'_>, best: &mut Best) {
        let worst = best.worst;
        let (score, below, primary) = match plan.sort {
            Sort::Relevance => {
                let annexed = plan.annexed;
                let below = annexed.map_or(0, |annexed| annexed.below(entry.document));
                let below = below.max(entry.below());
                let floor = match worst {
                    Some(worst) if worst.order.below < below => return,
                    // Of one kind, less of a score is never the better place.
                    Some(worst) if worst.order.below % 2 == below => worst.score,
                    _ => f32::NEG_INFINITY,
                };
                let score = match &mut self.ranking {
                    Some(ranking) => ranking.score(doc, floor),
                    None => Some(0.0),
                };
                let Some(score) = score else { return };
                let is_other = plan.as_typed.is_some_and(|least| score < least);
                let below = if is_other { below + 2 } else { below };
                (score, below, u64::from(u32::MAX - score.max(0.0).to_bits()))
            }
            Sort::Newest => (
                0.0,
                0,
                u64::MAX - u64::from(self.profiles.common(entry).date),
            ),
            Sort::Oldest => match self.profiles.common(entry).date {
                // Undated ones come last here too.
                0 => (0.0, 0, u64::MAX),
                date => (0.0, 0, u64::from(date)),
            },
        };
        if worst.is_some_and(|worst| worst.order.below == below && worst.order.primary < primary) {
            return;
        }
        let order = Order {
            below,
            primary,
            document: self.profiles.common(entry).id,
            ordinal: u64::from(self.profiles.ordinal(self.segment as usize, doc)),
        };
        if plan.after.is_some_and(|after| order <= after) {
            return;
        }
        best.offer(Found {
            order,
            address: DocAddress::new(self.segment, doc),
            score,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter;
    use crate::limits_tests::{ENGINE, asking, requests};
    use crate::request::{Filters, Request};
    use crate::run::Search;

    #[test]
    fn in_shares_the_same_is_counted_and_ranked() {
        let filtered = Request {
            filters: Filters {
                status: vec!["done".into(), "stated".into()],
                theme: vec!["approval.process".into()],
                city: vec!["大连".into()],
                ..Filters::default()
            },
            ..asking("服务 OR 审批")
        };
        let mut matches = 0;
        for request in requests().iter().chain([&filtered]) {
            let term = ENGINE.understood(request).expect("a query");
            let filters = filter::resolve(&request.filters, ENGINE.lexicon(), &ENGINE.analyzer);
            let filters = filters.expect("filters");
            let snapshot = ENGINE.snapshot();
            let search = Search::new(&ENGINE, &snapshot, request, &term, &filters);
            let search = search.expect("a search");
            let plan = Plan {
                keep: 20,
                ..search.plan(search.full.as_ref())
            };
            let collected = |shares| collect_in(&plan, &snapshot, Some(shares)).expect("matches");
            let one = collected(1);
            matches += one.total;
            for shares in [2, 3, 8] {
                let several = collected(shares);
                let query = &request.query;
                assert_eq!(several.total, one.total, "{query}");
                assert_eq!(several.documents, one.documents, "{query}");
                assert_eq!(several.facets, one.facets, "{query}");
                let hits = |collected: &Collected| -> Vec<(Order, DocAddress, u32)> {
                    let hits = collected.hits.iter();
                    hits.map(|hit| (hit.order, hit.address, hit.score.to_bits()))
                        .collect()
                };
                assert_eq!(hits(&several), hits(&one), "{query}");
                for looks in (0..40).step_by(4) {
                    let plan = Plan {
                        deadline: &Deadline::after_looks(looks),
                        ..plan
                    };
                    // All of it or nothing, whichever share runs out of time.
                    if let Ok(several) = collect_in(&plan, &snapshot, Some(shares)) {
                        assert_eq!(several.total, one.total, "{query}");
                        assert_eq!(hits(&several), hits(&one), "{query}");
                    }
                }
            }
        }
        assert!(matches > 50_000, "{matches}");
    }
}
