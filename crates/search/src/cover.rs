//! Matches entries whose words carry enough of a piece's weight.
//!
//! The engine can require a number of clauses, not a share of their weight; a long piece such as
//! 一窗受理集成服务改革的做法 must not fail for want of 做法.

use std::fmt;

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

use crate::member::Member;

/// Entries for which the weights of the parts that match sum up to at least `least`.
#[derive(Debug)]
pub(crate) struct CoverQuery {
    pub(crate) parts: Vec<(Box<dyn Query>, f32)>,
    pub(crate) least: f32,
}

impl Clone for CoverQuery {
    fn clone(&self) -> Self {
        Self {
            parts: self
                .parts
                .iter()
                .map(|(query, weight)| (query.box_clone(), *weight))
                .collect(),
            least: self.least,
        }
    }
}

impl Query for CoverQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let parts = self
            .parts
            .iter()
            .map(|(query, weight)| Ok((query.weight(scoring)?, *weight)))
            .collect::<tantivy::Result<_>>()?;
        Ok(Box::new(CoverWeight {
            parts,
            least: self.least,
        }))
    }
}

struct CoverWeight {
    parts: Vec<(Box<dyn Weight>, f32)>,
    least: f32,
}

impl Weight for CoverWeight {
    fn scorer(&self, segment: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut parts = Vec::with_capacity(self.parts.len());
        for (weight, value) in &self.parts {
            let member = Member::first(weight.as_ref(), segment)?;
            if member.next() != TERMINATED {
                parts.push(Part {
                    member,
                    value: *value,
                });
            }
        }
        Ok(match CoverScorer::new(parts, self.least) {
            Some(scorer) => Box::new(scorer),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("enough of the words match", 1.0))
    }
}

/// One part in a segment.
struct Part {
    member: Member,
    value: f32,
}

/// Without some of the rarest parts no entry is covered, however many of the others it has. So
/// only these lead from entry to entry; the others are asked about single entries.
struct CoverScorer {
    leading: Vec<Part>,
    /// The most telling first, each with what it and those behind it can add.
    asked: Vec<(Part, f32)>,
    least: f32,
    doc: DocId,
}

impl CoverScorer {
    /// `None` where all parts together do not cover enough.
    fn new(mut parts: Vec<Part>, least: f32) -> Option<Self> {
        let mut left: f32 = parts.iter().map(|part| part.value).sum();
        if left < least {
            return None;
        }
        parts.sort_by_key(|part| part.member.cost());
        let leads = parts
            .iter()
            .take_while(|part| {
                let is_needed = left >= least;
                left -= part.value;
                is_needed
            })
            .count();
        let mut rest = parts.split_off(leads);
        rest.sort_by(|a, b| b.value.total_cmp(&a.value));
        let mut behind = 0.0;
        let mut asked: Vec<(Part, f32)> = Vec::with_capacity(rest.len());
        for part in rest.into_iter().rev() {
            behind += part.value;
            asked.push((part, behind));
        }
        asked.reverse();
        let mut cover = Self {
            leading: parts,
            asked,
            least,
            doc: 0,
        };
        cover.settle();
        Some(cover)
    }

    /// Moves to the first entry at or behind the leading parts' places that is covered.
    fn settle(&mut self) {
        loop {
            let next = self.leading.iter().map(|part| part.member.next()).min();
            self.doc = next.unwrap_or(TERMINATED);
            if self.doc == TERMINATED || self.is_covered(self.doc) {
                return;
            }
            self.leave(self.doc + 1);
        }
    }

    fn is_covered(&mut self, doc: DocId) -> bool {
        let leading = self.leading.iter().filter(|part| part.member.next() == doc);
        let mut covered: f32 = leading.map(|part| part.value).sum();
        for (part, behind) in &mut self.asked {
            if covered >= self.least || covered + *behind < self.least {
                break;
            }
            if part.member.has(doc) {
                covered += part.value;
            }
        }
        covered >= self.least
    }

    /// Moves the leading parts to `target` or behind it.
    fn leave(&mut self, target: DocId) {
        for part in &mut self.leading {
            part.member.move_to(target);
        }
    }
}

impl DocSet for CoverScorer {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.leave(self.doc + 1);
            self.settle();
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.leave(target);
            self.settle();
        }
        self.doc
    }

    /// Looks at `target` alone, not for the next match.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= TERMINATED {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        self.leave(target);
        let next = self.leading.iter().map(|part| part.member.next()).min();
        let next = next.unwrap_or(TERMINATED);
        if next > target {
            SeekDangerResult::SeekLowerBound(next)
        } else if self.is_covered(target) {
            self.doc = target;
            SeekDangerResult::Found
        } else {
            SeekDangerResult::SeekLowerBound(target + 1)
        }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let hints = self.leading.iter().map(|part| part.member.size_hint());
        hints.max().unwrap_or(0)
    }

    fn cost(&self) -> u64 {
        self.leading.iter().map(|part| part.member.cost()).sum()
    }
}

impl Scorer for CoverScorer {
    fn score(&mut self) -> Score {
        1.0
    }
}

impl fmt::Debug for CoverWeight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "CoverWeight({} parts, least {})",
            self.parts.len(),
            self.least
        )
    }
}
