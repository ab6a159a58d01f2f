//! How often a term is in an entry: a word weighed by field and damped by length (BM25F, Robertson,
//! Zaragoza and Taylor 2004), or characters merely counted.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, SegmentReader, Term as Key};

use super::{B, K1, Sources};
use crate::profiles::Entry;
use crate::statistics::{is_at, postings};

/// What a length of a field divides by, for every length that can be stored.
pub(super) type Dampings = Arc<[f32; 256]>;

/// The dampings of a field whose entries have so many words on average.
pub(super) fn dampings(average: f32) -> Dampings {
    let of = |id| damping(FieldNormReader::id_to_fieldnorm(id as u8) as f32 / average);
    Arc::new(std::array::from_fn(of))
}

fn damping(length: f32) -> f32 {
    1.0 - B + B * length
}

/// What more of a word still counts.
pub(super) fn saturated(frequency: f32) -> f32 {
    frequency * (K1 + 1.0) / (K1 + frequency)
}

/// How long the entries of a segment are.
pub(super) struct Lengths<'e> {
    entries: &'e [Entry],
    /// What the lengths of each field divide by.
    dampings: Vec<Dampings>,
    /// The average of all fields together, where they are one text.
    one_text: Option<f32>,
}

impl<'e> Lengths<'e> {
    pub(super) fn new(sources: &Sources, entries: &'e [Entry]) -> Self {
        let fields = sources.words.iter();
        let all = || sources.words.iter().map(|field| field.average).sum();
        Self {
            entries,
            dampings: fields.map(|field| Arc::clone(&field.dampings)).collect(),
            one_text: sources.is_one_text.then(all),
        }
    }

    /// What the length of an entry's field divides by; the first one is its text.
    #[inline]
    pub(super) fn damping(&self, doc: DocId, field: usize) -> f32 {
        let lengths = self.entries[doc as usize].lengths;
        match self.one_text {
            None => self.dampings[field][usize::from(lengths[field])],
            Some(average) => {
                let lengths = &lengths[..self.dampings.len()];
                let words = lengths
                    .iter()
                    .map(|id| FieldNormReader::id_to_fieldnorm(*id));
                damping(words.sum::<u32>() as f32 / average)
            }
        }
    }
}

/// A term in one field.
struct InField {
    postings: SegmentPostings,
    /// What an occurrence counts, and the number of the field by whose length it is damped.
    damped: Option<(f32, usize)>,
}

impl InField {
    /// What the entry counts at which the postings are.
    #[inline]
    fn frequency(&self, doc: DocId, lengths: &Lengths<'_>) -> f32 {
        let count = self.postings.term_freq() as f32;
        match self.damped {
            Some((share, field)) => share * count / lengths.damping(doc, field),
            None => count,
        }
    }
}

/// Where a term is in the entries of a segment.
pub(super) struct Occurrences {
    fields: Vec<InField>,
}

impl Occurrences {
    /// Those of a word in all its fields; `None` where there are none.
    pub(super) fn of_word(
        word: &str,
        sources: &Sources,
        segment: &SegmentReader,
    ) -> tantivy::Result<Option<Self>> {
        let fields = sources.words.iter().enumerate();
        let fields = fields.map(|(number, source)| (source.field, Some((source.share, number))));
        Self::new(word, fields, segment)
    }

    /// Those of one or two characters, counted in all fields together; `None` where there are none.
    pub(super) fn of_characters(
        characters: &str,
        fields: &[Field],
        segment: &SegmentReader,
    ) -> tantivy::Result<Option<Self>> {
        Self::new(
            characters,
            fields.iter().map(|field| (*field, None)),
            segment,
        )
    }

    fn new(
        term: &str,
        sources: impl Iterator<Item = (Field, Option<(f32, usize)>)>,
        segment: &SegmentReader,
    ) -> tantivy::Result<Option<Self>> {
        let mut fields = Vec::new();
        for (field, damped) in sources {
            let key = Key::from_field_text(field, term);
            if let Some(postings) = postings(segment, &key, IndexRecordOption::WithFreqs)? {
                fields.push(InField { postings, damped });
            }
        }
        Ok((!fields.is_empty()).then_some(Self { fields }))
    }

    /// How often it is in an entry, which is not before one that was asked about earlier.
    #[inline]
    pub(super) fn frequency(&mut self, doc: DocId, lengths: &Lengths<'_>) -> f32 {
        let mut frequency = 0.0;
        for field in &mut self.fields {
            if is_at(&mut field.postings, doc) {
                frequency += field.frequency(doc, lengths);
            }
        }
        frequency
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_texts_are_damped_more_and_average_ones_not_at_all() {
        let dampings = dampings(10.0);
        assert!((dampings[10] - 1.0).abs() < 1e-6);
        assert!(dampings.windows(2).all(|two| two[0] <= two[1]));
    }
}
