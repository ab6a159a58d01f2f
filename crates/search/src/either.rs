//! Matches entries that any of a few queries match.
//!
//! The engine's union goes through windows of thousands of entries, which is best when there are
//! many queries and everything is gone through. Inside a conjunction single entries are asked
//! about, and this one asks no more.

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

use crate::member::Member;

/// Entries that at least one of the parts matches.
#[derive(Debug)]
pub(crate) struct EitherQuery(pub(crate) Vec<Box<dyn Query>>);

impl EitherQuery {
    /// More parts than this are for the engine's union.
    pub(crate) const MOST: usize = 4;
}

impl Clone for EitherQuery {
    fn clone(&self) -> Self {
        Self(self.0.iter().map(|part| part.box_clone()).collect())
    }
}

impl Query for EitherQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let parts = self.0.iter().map(|part| part.weight(scoring));
        Ok(Box::new(EitherWeight(
            parts.collect::<tantivy::Result<_>>()?,
        )))
    }
}

struct EitherWeight(Vec<Box<dyn Weight>>);

impl EitherWeight {
    fn gather(
        &self,
        member: impl Fn(&dyn Weight) -> tantivy::Result<Member>,
    ) -> tantivy::Result<EitherScorer> {
        let parts = self.0.iter().map(|part| member(part.as_ref()));
        Ok(EitherScorer {
            parts: parts.collect::<tantivy::Result<_>>()?,
            doc: 0,
        })
    }
}

impl Weight for EitherWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if let [only] = self.0.as_slice() {
            return only.scorer(segment, boost);
        }
        let mut either = self.gather(|part| Member::first(part, segment))?;
        either.parts.retain(|part| part.next() != TERMINATED);
        if either.parts.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        either.doc = either.first();
        Ok(Box::new(either))
    }

    fn scorer_danger(
        &self,
        segment: &SegmentReader,
        target: DocId,
        _: Score,
    ) -> tantivy::Result<(SeekDangerResult, Box<dyn Scorer>)> {
        let mut either = self.gather(|part| Member::at(target, part, segment))?;
        Ok((either.seek_danger(target), Box::new(either)))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("one of several matches", 1.0))
    }
}

struct EitherScorer {
    parts: Vec<Member>,
    doc: DocId,
}

impl EitherScorer {
    /// The first entry of those that the parts stand at.
    fn first(&self) -> DocId {
        let next = self.parts.iter().map(Member::next);
        next.min().unwrap_or(TERMINATED)
    }
}

impl DocSet for EitherScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        self.seek(self.doc + 1)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            let places = self.parts.iter_mut().map(|part| part.move_to(target));
            self.doc = places.min().unwrap_or(TERMINATED);
        }
        self.doc
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= TERMINATED {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        if self.parts.iter_mut().any(|part| part.has(target)) {
            self.doc = target;
            return SeekDangerResult::Found;
        }
        SeekDangerResult::SeekLowerBound(self.first())
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let hints = self.parts.iter().map(Member::size_hint);
        hints.fold(0, u32::saturating_add)
    }

    fn cost(&self) -> u64 {
        self.parts.iter().map(Member::cost).sum()
    }
}

impl Scorer for EitherScorer {
    fn score(&mut self) -> Score {
        1.0
    }
}
