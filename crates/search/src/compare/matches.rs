//! Everything that matches and passes the filters, as numbers of entries: matched once, and gone
//! through as often as rows and columns need it. Four bytes a match.

use tantivy::query::{EnableScoring, Query};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId};

use crate::bounded::bounded;
use crate::deadline::{Deadline, Halt};
use crate::engine::Snapshot;
use crate::filter::Resolved;
use crate::passing::OtherFilters;
use crate::tally::{Fate, Tally};

/// Entries of each segment, in order.
pub(crate) struct Matches {
    pub(crate) segments: Vec<Vec<DocId>>,
}

impl Matches {
    /// The entries that a query finds and filters let through.
    pub(crate) fn collect(
        query: &dyn Query,
        filters: &[Resolved],
        snapshot: &Snapshot,
        deadline: &Deadline,
    ) -> Result<Self, Halt> {
        deadline.check()?;
        let (searcher, profiles) = (&snapshot.searcher, snapshot.profiles.as_ref());
        let scoring = EnableScoring::disabled_from_searcher(searcher);
        let matching = bounded(query, deadline, &snapshot.gathered).weight(scoring)?;
        let mut tally = Tally::new(profiles, filters, false);
        let mut steps = deadline.steps();
        let mut block = [0; COLLECT_BLOCK_BUFFER_LEN];
        let mut segments = Vec::with_capacity(searcher.segment_readers().len());
        for (number, segment) in searcher.segment_readers().iter().enumerate() {
            let mut docs = matching.scorer(segment, 1.0)?;
            let entries = profiles.segment(number);
            let others = OtherFilters::new(filters, segment, profiles)?;
            let mut kept = Vec::new();
            loop {
                let filled = docs.fill_buffer(&mut block);
                if steps.are_over(filled as u32) {
                    return Err(Halt::OutOfTime);
                }
                kept.extend(block[..filled].iter().copied().filter(|doc| {
                    !segment.is_deleted(*doc)
                        && tally.fate(entries[*doc as usize]) == Fate::Hit
                        && others.pass(*doc, entries[*doc as usize])
                }));
                if filled < block.len() {
                    break;
                }
            }
            segments.push(kept);
            // What looks like the end of the matches may have been the end of time.
            deadline.check()?;
        }
        Ok(Self { segments })
    }

    /// How many there are.
    pub(crate) fn total(&self) -> u64 {
        self.segments.iter().map(|docs| docs.len() as u64).sum()
    }

    /// Whether an entry is among them.
    pub(crate) fn has(&self, segment: usize, doc: DocId) -> bool {
        let docs = self.segments.get(segment);
        docs.is_some_and(|docs| docs.binary_search(&doc).is_ok())
    }
}
