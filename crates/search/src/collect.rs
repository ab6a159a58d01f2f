//! One pass over the matches: the best hits, how many there are, and the values of each facet
//! counted without its own filter.

use std::collections::{BTreeMap, BinaryHeap};

use tantivy::query::{EnableScoring, Query};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocAddress, DocId, SegmentReader, TERMINATED};

use crate::annexed::Annexed;
use crate::bounded::bounded;
use crate::deadline::{Deadline, Halt};
use crate::engine::Snapshot;
use crate::filter::Resolved;
use crate::passing::OtherFilters;
use crate::profiles::{Entry, Profiles};
use crate::rank::{Ranking, SegmentRanking};
use crate::request::Sort;
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

/// Runs a plan over every segment.
///
/// # Errors
/// When the index is damaged, or the plan's deadline is past before it is done.
pub(crate) fn collect(plan: &Plan<'_>, snapshot: &Snapshot) -> Result<Collected, Halt> {
    plan.deadline.check()?;
    let (searcher, profiles) = (&snapshot.searcher, snapshot.profiles.as_ref());
    let scoring = EnableScoring::disabled_from_searcher(searcher);
    let weight = |query| bounded(query, plan.deadline, &snapshot.gathered).weight(scoring);
    let matching = weight(plan.matching)?;
    let except = plan.except.map(weight).transpose()?;
    let mut steps = plan.deadline.steps();
    let mut best = Best::new(plan.keep);
    let mut tally = Tally::new(profiles, plan.filters, plan.facets);
    let mut total = 0;
    let mut block = [0; COLLECT_BLOCK_BUFFER_LEN];
    let mut entries = [Entry::default(); COLLECT_BLOCK_BUFFER_LEN];
    for (ordinal, segment) in searcher.segment_readers().iter().enumerate() {
        let mut docs = matching.scorer(segment, 1.0)?;
        if docs.doc() != TERMINATED {
            let mut left_out = except
                .as_ref()
                .map(|weight| weight.scorer(segment, 1.0))
                .transpose()?;
            let mut pass = Pass::new(plan, profiles, ordinal, segment)?;
            loop {
                let filled = docs.fill_buffer(&mut block);
                if steps.are_over(filled as u32) {
                    return Err(Halt::OutOfTime);
                }
                // All of them at once: one after the other, each would be waited for.
                for (entry, &doc) in entries.iter_mut().zip(&block[..filled]) {
                    *entry = pass.entries[doc as usize];
                }
                for (&doc, &entry) in block[..filled].iter().zip(&entries) {
                    let is_out = left_out.as_mut().is_some_and(|out| {
                        out.doc() == doc || out.doc() < doc && out.seek(doc) == doc
                    });
                    if !segment.is_deleted(doc) && !is_out {
                        pass.entry(doc, entry, plan, &mut tally, &mut best);
                    }
                }
                let is_enough = |enough| total + pass.total >= enough;
                if filled < block.len() || plan.enough.is_some_and(is_enough) {
                    break;
                }
            }
            total += pass.total;
            if plan.enough.is_some_and(|enough| total >= enough) {
                break;
            }
        }
        // What looks like the end of the matches may have been the end of time.
        plan.deadline.check()?;
    }
    Ok(Collected {
        hits: best.into_sorted(),
        total,
        documents: tally.documents(),
        facets: if plan.facets {
            tally.facets()
        } else {
            vec![BTreeMap::new(); FACETS.len()]
        },
    })
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
