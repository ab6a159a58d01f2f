//! Collection statistics that do not depend on how the index is cut into segments or on entries
//! that are deleted but not yet merged away. The engine's own do, and would change the order of
//! hits after a merge.

use std::sync::{Arc, Mutex, PoisonError};

use duibiao_index::{Fields, Unit};
use rustc_hash::FxHashMap;
use tantivy::postings::SegmentPostings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Searcher, SegmentReader, TERMINATED, Term};

/// Terms whose frequency is remembered; a few megabytes of them.
const MOST_FREQUENCIES: usize = 50_000;

/// Counts of one unit of the index.
#[derive(Debug, Clone, Default)]
pub(crate) struct Collection {
    /// Entries that can be hits.
    pub(crate) entries: u64,
    /// Average number of words, by field.
    average: Vec<(Field, f32)>,
    /// How many entries have a term, where it was asked before.
    frequencies: Arc<Mutex<FxHashMap<Term, u64>>>,
    /// Texts that many entries have, by sketch, with how many have them.
    pub(crate) common: Arc<FxHashMap<u64, u32>>,
}

/// Texts of fewer entries are not counted.
const MANY: u32 = 50;

/// Statistics of one commit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Statistics {
    pub(crate) measures: Collection,
    pub(crate) documents: Collection,
}

impl Statistics {
    pub(crate) fn new(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let measures = [fields.title, fields.heading, fields.problem, fields.text];
        let documents = [fields.doc_title, fields.doc_text];
        Ok(Self {
            measures: Collection::new(searcher, fields, Unit::Measure, &measures)?,
            documents: Collection::new(searcher, fields, Unit::Document, &documents)?,
        })
    }
}

impl Collection {
    fn new(
        searcher: &Searcher,
        fields: &Fields,
        unit: Unit,
        texts: &[Field],
    ) -> tantivy::Result<Self> {
        let mut entries = 0u64;
        let mut sketches: Vec<u64> = Vec::new();
        let mut words = vec![0u64; texts.len()];
        let unit = Term::from_field_text(fields.unit, unit.as_str());
        for segment in searcher.segment_readers() {
            let norms = texts
                .iter()
                .map(|field| segment.get_fieldnorms_reader(*field))
                .collect::<tantivy::Result<Vec<_>>>()?;
            let Some(mut postings) = postings(segment, &unit, IndexRecordOption::Basic)? else {
                continue;
            };
            let column = segment.fast_fields().u64("sketch")?;
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                if !segment.is_deleted(doc) {
                    entries += 1;
                    sketches.push(column.first(doc).unwrap_or(0));
                    for (sum, norm) in words.iter_mut().zip(&norms) {
                        *sum += u64::from(norm.fieldnorm(doc));
                    }
                }
                postings.advance();
            }
        }
        let average = |sum: u64| (sum as f32 / entries.max(1) as f32).max(1.0);
        Ok(Self {
            entries,
            frequencies: Arc::default(),
            average: texts
                .iter()
                .copied()
                .zip(words.into_iter().map(average))
                .collect(),
            common: Arc::new(common(sketches)),
        })
    }

    pub(crate) fn average_words(&self, field: Field) -> f32 {
        self.average
            .iter()
            .find(|(f, _)| *f == field)
            .map_or(1.0, |(_, average)| *average)
    }

    /// How many entries that are not deleted have a term. A query asks several times for each of
    /// its words, and the next query for many of the same.
    pub(crate) fn frequency(&self, searcher: &Searcher, term: &Term) -> tantivy::Result<u64> {
        let lock = || {
            self.frequencies
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(count) = lock().get(term) {
            return Ok(*count);
        }
        let count = frequency(searcher, term)?;
        let mut known = lock();
        if known.len() >= MOST_FREQUENCIES {
            known.clear();
        }
        known.insert(term.clone(), count);
        Ok(count)
    }

    /// Inverse document frequency as in BM25 (Robertson and Zaragoza 2009), never negative.
    pub(crate) fn idf(&self, frequency: u64) -> f32 {
        let (all, with) = (self.entries.max(frequency) as f32, frequency as f32);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }
}

/// The sketches that occur often; 0 is of no text.
fn common(mut sketches: Vec<u64>) -> FxHashMap<u64, u32> {
    sketches.sort_unstable();
    sketches
        .chunk_by(|a, b| a == b)
        .filter(|same| same[0] != 0 && same.len() >= MANY as usize)
        .map(|same| (same[0], same.len() as u32))
        .collect()
}

/// How many entries that are not deleted have a term.
pub(crate) fn frequency(searcher: &Searcher, term: &Term) -> tantivy::Result<u64> {
    let mut count = 0u64;
    for segment in searcher.segment_readers() {
        count += match segment.alive_bitset() {
            None => u64::from(segment.inverted_index(term.field())?.doc_freq(term)?),
            Some(alive) => postings(segment, term, IndexRecordOption::Basic)?
                .map_or(0, |p| u64::from(p.doc_freq_given_deletes(alive))),
        };
    }
    Ok(count)
}

/// The postings of a term in a segment, where it has any.
pub(crate) fn postings(
    segment: &SegmentReader,
    term: &Term,
    option: IndexRecordOption,
) -> tantivy::Result<Option<SegmentPostings>> {
    Ok(segment
        .inverted_index(term.field())?
        .read_postings(term, option)?)
}

/// Whether a term is in an entry, which is not before one that was asked about earlier.
#[inline]
pub(crate) fn is_at(postings: &mut SegmentPostings, doc: DocId) -> bool {
    postings.doc() == doc || postings.doc() < doc && postings.seek(doc) == doc
}
