//! Sets of the entries of a commit, a bit for each, segment behind segment. What is in a set is decided
//! elsewhere.

use tantivy::{DocId, Searcher};

/// A set of entries. Sets of one commit are equally long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bits(Vec<u64>);

/// Where the bits of each segment are.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// The word at which each segment begins, with an end.
    begins: Vec<usize>,
}

impl Layout {
    pub(crate) fn new(searcher: &Searcher) -> Self {
        let mut begins = vec![0];
        let mut end = 0;
        for segment in searcher.segment_readers() {
            end += (segment.max_doc() as usize).div_ceil(64);
            begins.push(end);
        }
        Self { begins }
    }

    /// The empty set.
    pub(crate) fn none(&self) -> Bits {
        Bits(vec![0; self.begins.last().copied().unwrap_or(0)])
    }

    /// The number of an entry of a segment in every set.
    #[inline]
    pub(crate) fn number(&self, segment: usize, doc: DocId) -> usize {
        self.begins[segment] * 64 + doc as usize
    }

    /// The entries of a segment that are in a set, in order.
    pub(crate) fn of_segment<'b>(
        &self,
        segment: usize,
        bits: &'b Bits,
    ) -> impl Iterator<Item = DocId> + use<'b> {
        ones(&bits.0[self.begins[segment]..self.begins[segment + 1]]).map(|number| number as DocId)
    }
}

impl Bits {
    #[inline]
    pub(crate) fn add(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    #[inline]
    pub(crate) fn has(&self, number: usize) -> bool {
        self.0[number / 64] >> (number % 64) & 1 == 1
    }

    /// The numbers of what is in it, in order.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = usize> + '_ {
        ones(&self.0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Adds what is in another set.
    pub(crate) fn unite(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    /// Keeps what is in another set too.
    pub(crate) fn keep(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    /// Takes away what is in another set.
    pub(crate) fn take_away(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= !other;
        }
    }

    /// What is in both.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let pairs = self.0.iter().zip(&other.0);
        Self(pairs.map(|(word, other)| word & other).collect())
    }

    /// What is in this one and not in the other.
    pub(crate) fn without(&self, other: &Self) -> Self {
        let pairs = self.0.iter().zip(&other.0);
        Self(pairs.map(|(word, other)| word & !other).collect())
    }
}

fn ones(words: &[u64]) -> impl Iterator<Item = usize> + '_ {
    let nonzero = words.iter().enumerate().filter(|(_, word)| **word != 0);
    nonzero.flat_map(|(index, &word)| {
        let mut left = word;
        std::iter::from_fn(move || {
            let bit = left.trailing_zeros() as usize;
            (left != 0).then(|| {
                left &= left - 1;
                index * 64 + bit
            })
        })
    })
}
