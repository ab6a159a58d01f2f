//! One of several scorers that are asked together: where it stands, and whether it has an entry.
//!
//! Asking about one entry is much cheaper than looking for the next match, above all for
//! literals; but a scorer that was asked may stand nowhere in between, which this keeps track of.

use tantivy::query::{Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

/// A scorer of a segment, asked about entries in order.
pub(crate) struct Member {
    scorer: Box<dyn Scorer>,
    /// It has no entry before this one that was not passed.
    next: DocId,
    /// Whether it has this one; else it stands nowhere.
    is_there: bool,
}

impl Member {
    /// At the first entry of a segment.
    pub(crate) fn first(weight: &dyn Weight, segment: &SegmentReader) -> tantivy::Result<Self> {
        let scorer = weight.scorer(segment, 1.0)?;
        Ok(Self {
            next: scorer.doc(),
            is_there: true,
            scorer,
        })
    }

    /// At an entry of a segment, whether or not it has it.
    pub(crate) fn at(
        doc: DocId,
        weight: &dyn Weight,
        segment: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let boost: Score = 1.0;
        let (result, scorer) = weight.scorer_danger(segment, doc, boost)?;
        let mut member = Self {
            scorer,
            next: doc,
            is_there: false,
        };
        member.learn(doc, result);
        Ok(member)
    }

    fn learn(&mut self, doc: DocId, result: SeekDangerResult) {
        (self.next, self.is_there) = match result {
            SeekDangerResult::Found => (doc, true),
            SeekDangerResult::SeekLowerBound(next) => (next, false),
        };
    }

    /// No entry before this one is had any more.
    pub(crate) fn next(&self) -> DocId {
        self.next
    }

    /// Whether it has an entry, which is not before one that was asked about earlier.
    #[inline]
    pub(crate) fn has(&mut self, doc: DocId) -> bool {
        if self.next > doc {
            return false;
        }
        if self.next < doc || !self.is_there {
            let result = self.scorer.seek_danger(doc);
            self.learn(doc, result);
        }
        self.is_there
    }

    /// Moves to the first entry it has at `target` or behind it.
    #[inline]
    pub(crate) fn move_to(&mut self, target: DocId) -> DocId {
        if self.is_there {
            if self.next < target {
                self.next = self.scorer.seek(target);
            }
            return self.next;
        }
        self.next = self.next.max(target);
        while self.next < TERMINATED {
            let doc = self.next;
            let result = self.scorer.seek_danger(doc);
            self.learn(doc, result);
            if self.is_there {
                return self.next;
            }
        }
        self.next = TERMINATED;
        TERMINATED
    }

    /// How many entries it may have.
    pub(crate) fn size_hint(&self) -> u32 {
        self.scorer.size_hint()
    }

    /// What going through all of them costs.
    pub(crate) fn cost(&self) -> u64 {
        self.scorer.cost()
    }
}
