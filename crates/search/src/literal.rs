//! Matches entries in which the terms of an exact field stand one behind the other.
//!
//! The engine has phrases too, but theirs look for the next match however far it is, with nobody
//! able to stop them; and ranking asks about one entry, not about the next match. And where a
//! literal is a word, most entries that have it were cut there: positions are read of the others only.

use duibiao_index::covering_pairs;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED, Term as Key};

use crate::deadline::{Deadline, Steps};
use crate::statistics::{is_at, postings};

/// A longer literal is no word of any field.
const LONGEST_WORD: usize = 16;

/// Entries that have every term at its offset from a common position.
#[derive(Debug, Clone)]
pub(crate) struct LiteralQuery {
    /// Offsets with terms.
    terms: Vec<(usize, Key)>,
    /// The whole literal as a word: what has one of these has the literal.
    words: Vec<Key>,
    deadline: Deadline,
}

impl LiteralQuery {
    /// What finds comparable text of three or more characters in an exact field; `None` of less.
    /// `words` are fields whose words were cut from the same texts.
    pub(crate) fn new(exact: Field, words: &[Field], text: &str) -> Option<Self> {
        let terms: Vec<(usize, Key)> = covering_pairs(text)
            .into_iter()
            .map(|(offset, term)| (offset, Key::from_field_text(exact, term)))
            .collect();
        let may_be_word = text.chars().nth(LONGEST_WORD).is_none();
        let words = words.iter().filter(|_| may_be_word);
        (terms.len() > 1).then(|| Self {
            terms,
            words: words
                .map(|field| Key::from_field_text(*field, text))
                .collect(),
            deadline: Deadline::default(),
        })
    }

    /// The terms that must all be there, with how far each stands behind the first.
    pub(crate) fn terms(&self) -> &[(usize, Key)] {
        &self.terms
    }

    /// The whole literal as a word, in each field that may have it: what has one has the literal.
    pub(crate) fn words(&self) -> &[Key] {
        &self.words
    }

    /// The same, given up at a deadline.
    pub(crate) fn until(&self, deadline: &Deadline) -> Self {
        Self {
            deadline: deadline.clone(),
            ..self.clone()
        }
    }

    /// The scorer of a segment, at no entry yet; none where a term is missing.
    pub(crate) fn open(&self, segment: &SegmentReader) -> tantivy::Result<Option<LiteralScorer>> {
        let mut terms = Vec::with_capacity(self.terms.len());
        let last = self.terms.iter().map(|(offset, _)| *offset).max();
        let last = last.unwrap_or(0);
        for (offset, key) in &self.terms {
            let option = IndexRecordOption::WithFreqsAndPositions;
            let Some(postings) = postings(segment, key, option)? else {
                return Ok(None);
            };
            terms.push(Placed {
                postings,
                shift: (last - offset) as u32,
            });
        }
        // The rarest one leads.
        terms.sort_by_key(|term| term.postings.size_hint());
        let mut words = Vec::new();
        for key in &self.words {
            match postings(segment, key, IndexRecordOption::Basic)? {
                Some(postings) => words.push(postings),
                // What is no word of the texts is hardly one of their headings.
                None => break,
            }
        }
        Ok((!terms.is_empty()).then(|| LiteralScorer {
            terms,
            words,
            doc: 0,
            steps: self.deadline.steps(),
            common: Vec::new(),
            other: Vec::new(),
        }))
    }
}

impl Query for LiteralQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(LiteralWeight(self.clone())))
    }
}

struct LiteralWeight(LiteralQuery);

impl Weight for LiteralWeight {
    fn scorer(&self, segment: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.0.open(segment)? {
            Some(mut scorer) => {
                scorer.settle();
                Box::new(scorer)
            }
            None => Box::new(tantivy::query::EmptyScorer),
        })
    }

    fn scorer_danger(
        &self,
        segment: &SegmentReader,
        target: DocId,
        _: Score,
    ) -> tantivy::Result<(SeekDangerResult, Box<dyn Scorer>)> {
        Ok(match self.0.open(segment)? {
            Some(mut scorer) => (scorer.seek_danger(target), Box::new(scorer)),
            None => (
                SeekDangerResult::SeekLowerBound(TERMINATED),
                Box::new(tantivy::query::EmptyScorer),
            ),
        })
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("the literal occurs", 1.0))
    }
}

/// One term of a literal.
struct Placed {
    postings: SegmentPostings,
    /// What to add to its positions so that those of one occurrence are equal.
    shift: u32,
}

/// The entries of a segment that have a literal.
pub(crate) struct LiteralScorer {
    /// The rarest first.
    terms: Vec<Placed>,
    words: Vec<SegmentPostings>,
    doc: DocId,
    steps: Steps,
    common: Vec<u32>,
    other: Vec<u32>,
}

impl LiteralScorer {
    /// Moves to the first match at or behind the leading term's place.
    fn settle(&mut self) {
        self.doc = self.terms[0].postings.doc();
        while self.doc != TERMINATED {
            if self.steps.is_over() {
                self.doc = TERMINATED;
                return;
            }
            let next = match self.lacking(self.doc) {
                Some(next) => self.terms[0].postings.seek(next),
                None if self.is_word(self.doc) || self.stand_together() => return,
                None => self.terms[0].postings.advance(),
            };
            self.doc = next;
        }
    }

    /// The earliest entry behind `doc` that may have all terms, where `doc` has not.
    fn lacking(&mut self, doc: DocId) -> Option<DocId> {
        for term in &mut self.terms {
            let at = term.postings.doc();
            let at = if at < doc {
                term.postings.seek(doc)
            } else {
                at
            };
            if at != doc {
                return Some(at);
            }
        }
        None
    }

    /// Whether an entry has the whole literal as a word.
    fn is_word(&mut self, doc: DocId) -> bool {
        self.words.iter_mut().any(|word| is_at(word, doc))
    }

    /// Whether the terms, which are all at one entry, stand there one behind the other.
    fn stand_together(&mut self) -> bool {
        let (first, rest) = match self.terms.split_first_mut() {
            Some(terms) => terms,
            None => return false,
        };
        first
            .postings
            .positions_with_offset(first.shift, &mut self.common);
        for term in rest {
            if self.common.is_empty() {
                return false;
            }
            term.postings
                .positions_with_offset(term.shift, &mut self.other);
            keep_common(&mut self.common, &self.other);
        }
        !self.common.is_empty()
    }
}

/// Keeps what both sorted lists have.
fn keep_common(kept: &mut Vec<u32>, other: &[u32]) {
    let mut at = 0;
    kept.retain(|position| {
        while other.get(at).is_some_and(|o| o < position) {
            at += 1;
        }
        other.get(at) == Some(position)
    });
}

impl DocSet for LiteralScorer {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.terms[0].postings.advance();
            self.settle();
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            if self.terms[0].postings.doc() < target {
                self.terms[0].postings.seek(target);
            }
            self.settle();
        }
        self.doc
    }

    /// Looks at `target` alone, not for the next match.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= TERMINATED || self.steps.is_over() {
            self.doc = TERMINATED;
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        match self.lacking(target) {
            Some(next) => SeekDangerResult::SeekLowerBound(next),
            None if self.is_word(target) || self.stand_together() => {
                self.doc = target;
                SeekDangerResult::Found
            }
            None => SeekDangerResult::SeekLowerBound(target + 1),
        }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        // As the engine guesses for its phrases.
        self.terms[0].postings.size_hint() / 10
    }

    fn cost(&self) -> u64 {
        u64::from(self.terms[0].postings.size_hint()) * 10
    }
}

impl Scorer for LiteralScorer {
    fn score(&mut self) -> Score {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_lists_have_is_kept() {
        let mut kept = vec![1, 4, 6, 9];
        keep_common(&mut kept, &[0, 4, 5, 9, 12]);
        assert_eq!(kept, [4, 9]);
        keep_common(&mut kept, &[]);
        assert!(kept.is_empty());
    }
}
