//! Matches entries that have any term with a given beginning: one character among the pairs of an
//! exact field.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::SegmentId;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use crate::deadline::Deadline;

/// Memory that gathered entries may take, in words of 64 entries: 32 MB.
const MOST_WORDS: usize = 4 << 20;

/// A bit for each entry of a segment.
type Bits = Arc<[u64]>;

/// What was gathered for one commit: frequent characters take long to gather and are asked for
/// again and again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gathered(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    bits: HashMap<(SegmentId, Field, char), Bits>,
    words: usize,
}

impl Gathered {
    fn get(&self, key: &(SegmentId, Field, char)) -> Option<Bits> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bits.get(key).map(Arc::clone)
    }

    fn keep(&self, key: (SegmentId, Field, char), bits: &Bits) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.words + bits.len() > MOST_WORDS {
            kept.bits.clear();
            kept.words = 0;
        }
        if kept.bits.insert(key, Arc::clone(bits)).is_none() {
            kept.words += bits.len();
        }
    }
}

/// Entries with a term of `field` that begins with `prefix`.
#[derive(Debug, Clone)]
pub(crate) struct PrefixQuery {
    field: Field,
    prefix: char,
    deadline: Deadline,
    gathered: Gathered,
}

impl PrefixQuery {
    pub(crate) fn new(field: Field, prefix: char) -> Self {
        Self {
            field,
            prefix,
            deadline: Deadline::default(),
            gathered: Gathered::default(),
        }
    }

    /// The same, given up at a deadline, and with what was gathered before.
    pub(crate) fn until(&self, deadline: &Deadline, gathered: &Gathered) -> Self {
        Self {
            deadline: deadline.clone(),
            gathered: gathered.clone(),
            ..*self
        }
    }

    /// A bit for each entry of a segment; none once time is up.
    fn entries(&self, segment: &SegmentReader) -> tantivy::Result<Option<Bits>> {
        let key = (segment.segment_id(), self.field, self.prefix);
        if let Some(bits) = self.gathered.get(&key) {
            return Ok(Some(bits));
        }
        let bits = self.gather(segment)?;
        if let Some(bits) = &bits {
            self.gathered.keep(key, bits);
        }
        Ok(bits)
    }

    fn gather(&self, segment: &SegmentReader) -> tantivy::Result<Option<Bits>> {
        let index = segment.inverted_index(self.field)?;
        let next = char::from_u32(self.prefix as u32 + 1).unwrap_or(char::MAX);
        let mut terms = index
            .terms()
            .range()
            .ge(self.prefix.encode_utf8(&mut [0; 4]))
            .lt(next.encode_utf8(&mut [0; 4]))
            .into_stream()?;
        let mut bits = vec![0u64; (segment.max_doc() as usize).div_ceil(64)];
        let mut steps = self.deadline.steps();
        while terms.advance() {
            let mut postings =
                index.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if steps.is_over() {
                    return Ok(None);
                }
                bits[doc as usize / 64] |= 1 << (doc % 64);
                doc = postings.advance();
            }
        }
        Ok(Some(bits.into()))
    }
}

impl Query for PrefixQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(PrefixWeight(self.clone())))
    }
}

struct PrefixWeight(PrefixQuery);

impl Weight for PrefixWeight {
    fn scorer(&self, segment: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.0.entries(segment)? {
            Some(bits) => Box::new(BitsScorer::new(bits)),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("a term begins with it", 1.0))
    }
}

/// Goes through the bits that are set.
struct BitsScorer {
    bits: Bits,
    doc: DocId,
    count: u32,
}

impl BitsScorer {
    fn new(bits: Bits) -> Self {
        let count = bits.iter().map(|word| word.count_ones()).sum();
        let mut scorer = Self {
            bits,
            doc: 0,
            count,
        };
        scorer.doc = scorer.first_from(0);
        scorer
    }

    fn first_from(&self, from: DocId) -> DocId {
        let mut index = from as usize / 64;
        let Some(word) = self.bits.get(index) else {
            return TERMINATED;
        };
        let mut word = word & (u64::MAX << (from % 64));
        while word == 0 {
            index += 1;
            match self.bits.get(index) {
                Some(next) => word = *next,
                None => return TERMINATED,
            }
        }
        index as DocId * 64 + word.trailing_zeros()
    }
}

impl DocSet for BitsScorer {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.doc = self.first_from(self.doc + 1);
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.doc = if target == TERMINATED {
                TERMINATED
            } else {
                self.first_from(target)
            };
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.count
    }
}

impl Scorer for BitsScorer {
    fn score(&mut self) -> Score {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gathered_takes_a_bounded_amount_of_memory() {
        let gathered = Gathered::default();
        let id = SegmentId::generate_random();
        let field = Field::from_field_id(0);
        let bits: Bits = vec![0; MOST_WORDS / 4 + 1].into();
        let key = |character| (id, field, character);
        for character in ['一', '二', '三'] {
            gathered.keep(key(character), &bits);
        }
        assert!(gathered.get(&key('一')).is_some());
        gathered.keep(key('四'), &bits);
        assert!(gathered.get(&key('一')).is_none() && gathered.get(&key('四')).is_some());
    }

    #[test]
    fn bits_are_gone_through_in_order() {
        let mut bits = vec![0u64; 3];
        for doc in [0, 63, 64, 190] {
            bits[doc / 64] |= 1 << (doc % 64);
        }
        let mut scorer = BitsScorer::new(bits.into());
        assert_eq!((scorer.doc(), scorer.size_hint()), (0, 4));
        assert_eq!((scorer.advance(), scorer.advance()), (63, 64));
        assert_eq!(scorer.seek(64), 64);
        assert_eq!(scorer.seek(65), 190);
        assert_eq!(
            (scorer.advance(), scorer.advance()),
            (TERMINATED, TERMINATED)
        );
        assert_eq!(scorer.seek(TERMINATED), TERMINATED);
        assert_eq!(BitsScorer::new(Vec::new().into()).doc(), TERMINATED);
    }
}
