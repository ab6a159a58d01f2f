//! Matches entries whose words carry enough of a piece's weight.
//!
//! The engine can require a number of clauses, not a share of their weight; a long piece such as
//! 一窗受理集成服务改革的做法 must not fail for want of 做法.

use std::fmt;

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

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
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut parts = Vec::with_capacity(self.parts.len());
        for (weight, value) in &self.parts {
            let scorer = weight.scorer(segment, boost)?;
            if scorer.doc() != TERMINATED {
                parts.push((scorer, *value));
            }
        }
        let mut cover = CoverScorer::new(parts, self.least);
        cover.settle();
        Ok(Box::new(cover))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("enough of the words match", 1.0))
    }
}

/// The parts, heaviest first. The lightest, which together are not enough, cannot make an entry
/// match without one of the others: these lead, and the light ones, which are the frequent
/// words, are only asked about entries that these have (MaxScore, Turtle and Flood 1995).
struct CoverScorer {
    parts: Vec<(Box<dyn Scorer>, f32)>,
    /// How many of the parts lead.
    leading: usize,
    /// What each part and those behind it weigh.
    rest: Vec<f32>,
    least: f32,
    doc: DocId,
}

impl CoverScorer {
    fn new(mut parts: Vec<(Box<dyn Scorer>, f32)>, least: f32) -> Self {
        parts.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut rest: Vec<f32> = parts.iter().map(|(_, value)| *value).collect();
        for index in (0..rest.len().saturating_sub(1)).rev() {
            rest[index] += rest[index + 1];
        }
        let leading = rest.iter().take_while(|rest| **rest >= least).count();
        Self {
            parts,
            leading,
            rest,
            least,
            doc: 0,
        }
    }

    /// Moves to the first entry at or behind the leading parts' places that is covered.
    fn settle(&mut self) {
        loop {
            let leading = self.parts[..self.leading].iter();
            let doc = leading.map(|(scorer, _)| scorer.doc()).min();
            self.doc = doc.unwrap_or(TERMINATED);
            if self.doc == TERMINATED || self.is_covered(self.doc) {
                return;
            }
            self.leave(self.doc + 1);
        }
    }

    fn is_covered(&mut self, doc: DocId) -> bool {
        let mut covered = 0.0;
        for (index, (scorer, value)) in self.parts.iter_mut().enumerate() {
            if covered + self.rest[index] < self.least {
                return false;
            }
            let is_there = scorer.doc() == doc
                || index >= self.leading && scorer.doc() < doc && scorer.seek(doc) == doc;
            if is_there {
                covered += *value;
            }
            if covered >= self.least {
                return true;
            }
        }
        false
    }

    /// Moves every leading part to `target` or behind it.
    fn leave(&mut self, target: DocId) {
        for (scorer, _) in &mut self.parts[..self.leading] {
            if scorer.doc() < target {
                scorer.seek(target);
            }
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

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.parts
            .iter()
            .map(|(scorer, _)| scorer.size_hint())
            .max()
            .unwrap_or(0)
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
