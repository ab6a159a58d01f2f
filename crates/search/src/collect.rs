//! One pass over the matches: the best hits, how many there are, and the values of each facet
//! counted without its own filter.

use std::collections::{BTreeMap, BinaryHeap};

use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocAddress, DocId, DocSet, Searcher, SegmentReader, TERMINATED};

use crate::filter::{Resolved, SegmentFilter};
use crate::rank::{Ranking, SegmentRanking};
use crate::request::Sort;

/// Facets, in the order in which they are shown.
pub(crate) const FACETS: &[&str] = &[
    "province", "city", "year", "theme", "doc_type", "status", "level",
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
    /// The score from which an entry has the query as typed and stands above all that do not,
    /// annexes included.
    pub(crate) as_typed: Option<f32>,
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
pub(crate) fn collect(plan: &Plan<'_>, searcher: &Searcher) -> tantivy::Result<Collected> {
    let scoring = EnableScoring::disabled_from_searcher(searcher);
    let matching = plan.matching.weight(scoring)?;
    let except = plan.except.map(|query| query.weight(scoring)).transpose()?;
    let mut heap: BinaryHeap<Found> = BinaryHeap::with_capacity(plan.keep.min(1_000) + 1);
    let mut collected = Collected {
        facets: vec![BTreeMap::new(); FACETS.len()],
        ..Collected::default()
    };
    let mut documents: Vec<u64> = Vec::new();
    for (ordinal, segment) in searcher.segment_readers().iter().enumerate() {
        let mut pass = Pass::new(plan, ordinal as u32, segment)?;
        let mut docs = matching.scorer(segment, 1.0)?;
        let mut left_out = except
            .as_ref()
            .map(|weight| weight.scorer(segment, 1.0))
            .transpose()?;
        let mut doc = docs.doc();
        while doc != TERMINATED {
            let is_out = left_out
                .as_mut()
                .is_some_and(|out| out.doc() == doc || out.doc() < doc && out.seek(doc) == doc);
            if !segment.is_deleted(doc) && !is_out {
                pass.entry(doc, plan, &mut heap);
            }
            doc = docs.advance();
        }
        collected.total += pass.total;
        documents.append(&mut pass.documents);
        pass.add_facets(&mut collected.facets)?;
    }
    // The entries of a document mostly stand together, so few are listed twice.
    documents.sort_unstable();
    documents.dedup();
    collected.documents = documents.len() as u64;
    collected.hits = heap.into_sorted_vec();
    Ok(collected)
}

/// One segment's share of the work.
struct Pass {
    segment: u32,
    /// Each filter with the facet it belongs to.
    filters: Vec<(Option<usize>, SegmentFilter)>,
    ranking: Option<SegmentRanking>,
    counters: Vec<Counter>,
    below: Column<u64>,
    document: Column<u64>,
    ordinal: Column<u64>,
    date: Column<u64>,
    total: u64,
    /// The documents of the hits; one that follows itself is listed once.
    documents: Vec<u64>,
}

impl Pass {
    fn new(plan: &Plan<'_>, ordinal: u32, segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let filters = plan
            .filters
            .iter()
            .map(|filter| {
                Ok((
                    FACETS.iter().position(|f| *f == filter.name),
                    SegmentFilter::new(filter, segment)?,
                ))
            })
            .collect::<tantivy::Result<_>>()?;
        let counters = if plan.facets {
            FACETS
                .iter()
                .map(|name| Counter::new(name, segment))
                .collect::<tantivy::Result<_>>()?
        } else {
            Vec::new()
        };
        Ok(Self {
            segment: ordinal,
            filters,
            ranking: if plan.sort == Sort::Relevance {
                Some(plan.ranking.segment(segment)?)
            } else {
                None
            },
            counters,
            below: columns.u64("below")?,
            document: columns.u64("document")?,
            ordinal: columns.u64("ordinal")?,
            date: columns.u64("date")?,
            total: 0,
            documents: Vec::new(),
        })
    }

    fn entry(&mut self, doc: DocId, plan: &Plan<'_>, heap: &mut BinaryHeap<Found>) {
        let mut failed: Option<Option<usize>> = None;
        for (facet, filter) in &self.filters {
            if !filter.passes(doc) {
                if failed.is_some() || facet.is_none() || !plan.facets {
                    return;
                }
                failed = Some(*facet);
            }
        }
        if let Some(facet) = failed {
            // It is a hit but for this facet's own filter: it counts there and nowhere else.
            if let Some(counter) = facet.and_then(|f| self.counters.get_mut(f)) {
                counter.count(doc);
            }
            return;
        }
        self.total += 1;
        if plan.facets {
            let document = self.document.first(doc).unwrap_or(0);
            if self.documents.last() != Some(&document) {
                self.documents.push(document);
            }
        }
        self.counters
            .iter_mut()
            .for_each(|counter| counter.count(doc));
        self.offer(doc, plan, heap);
    }

    fn offer(&mut self, doc: DocId, plan: &Plan<'_>, heap: &mut BinaryHeap<Found>) {
        if plan.keep == 0 {
            return;
        }
        let worst = if heap.len() < plan.keep {
            None
        } else {
            heap.peek().copied()
        };
        let first = |column: &Column<u64>| column.first(doc).unwrap_or(0);
        let (score, below, primary) = match plan.sort {
            Sort::Relevance => {
                let below = first(&self.below) as u8;
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
            Sort::Newest => (0.0, 0, u64::MAX - first(&self.date)),
            // Undated ones come last here too.
            Sort::Oldest => (
                0.0,
                0,
                Some(first(&self.date))
                    .filter(|date| *date > 0)
                    .unwrap_or(u64::MAX),
            ),
        };
        if worst.is_some_and(|worst| worst.order.below == below && worst.order.primary < primary) {
            return;
        }
        let order = Order {
            below,
            primary,
            document: first(&self.document),
            ordinal: first(&self.ordinal),
        };
        if plan.after.is_some_and(|after| order <= after) {
            return;
        }
        let found = Found {
            order,
            address: DocAddress::new(self.segment, doc),
            score,
        };
        if worst.is_none() {
            heap.push(found);
        } else if worst.is_some_and(|worst| found < worst) {
            heap.pop();
            heap.push(found);
        }
    }

    fn add_facets(self, facets: &mut [BTreeMap<String, u64>]) -> tantivy::Result<()> {
        for (counter, values) in self.counters.into_iter().zip(facets) {
            counter.add_to(values)?;
        }
        Ok(())
    }
}

/// Counts the values of one facet in one segment.
enum Counter {
    Keys {
        column: StrColumn,
        counts: Vec<u64>,
    },
    Numbers {
        column: Column<u64>,
        counts: BTreeMap<u64, u64>,
    },
    /// The segment has no such column.
    Nothing,
}

impl Counter {
    fn new(name: &str, segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        if name == "year" {
            return Ok(Self::Numbers {
                column: columns.u64(name)?,
                counts: BTreeMap::new(),
            });
        }
        let Some(column) = columns.str(name)? else {
            return Ok(Self::Nothing);
        };
        let counts = vec![0; column.dictionary().num_terms()];
        Ok(Self::Keys { column, counts })
    }

    #[inline]
    fn count(&mut self, doc: DocId) {
        match self {
            Self::Nothing => {}
            Self::Keys { column, counts } => {
                for ordinal in column.ords().values_for_doc(doc) {
                    counts[ordinal as usize] += 1;
                }
            }
            Self::Numbers { column, counts } => {
                *counts.entry(column.first(doc).unwrap_or(0)).or_default() += 1;
            }
        }
    }

    fn add_to(self, values: &mut BTreeMap<String, u64>) -> tantivy::Result<()> {
        match self {
            Self::Nothing => {}
            Self::Keys { column, counts } => {
                let mut stream = column.dictionary().stream()?;
                let mut ordinal = 0;
                while stream.advance() {
                    if counts[ordinal] > 0 {
                        let value = String::from_utf8_lossy(stream.key()).into_owned();
                        *values.entry(value).or_default() += counts[ordinal];
                    }
                    ordinal += 1;
                }
            }
            Self::Numbers { counts, .. } => {
                for (number, count) in counts {
                    let value = if number == 0 {
                        String::new()
                    } else {
                        number.to_string()
                    };
                    *values.entry(value).or_default() += count;
                }
            }
        }
        Ok(())
    }
}
