//! What every entry of a commit is filtered, counted and ordered by, laid out for one pass.
//!
//! Facets of a document are the same for all its passages, and passages come in few kinds: so many
//! themes and statuses together. A pass counts documents and kinds, two additions an entry, and
//! only at the end are they taken apart into values. Nothing here says what matches.

use std::hash::Hash;

use duibiao_index::Fields;
use rustc_hash::FxHashMap;
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Searcher, SegmentReader};

use crate::collect::FACETS;
use crate::rank::word_fields;
use crate::request::Unit;

/// Facets of which each entry has values of its own; the others are its document's.
const OF_ENTRIES: &[&str] = &["theme", "status"];
/// Marks entries that stand below all others, beside the kind's number.
const BELOW: u32 = 1 << 31;
/// The number of a value that there is not.
const NOTHING: u32 = u32::MAX;

/// Fields whose words rank an entry.
const MOST_LENGTHS: usize = 4;

/// What is known of an entry without reading it. Small, because a pass over a million of them
/// waits for memory more than for anything else.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entry {
    /// Number of its document.
    pub(crate) document: u32,
    kind: u32,
    /// How long each of the fields is whose words rank it, in the engine's own code. They stand here because
    /// a second place in memory is what ranking would wait for.
    pub(crate) lengths: [u8; MOST_LENGTHS],
}

impl Entry {
    /// Number of its kind.
    pub(crate) fn kind(self) -> usize {
        (self.kind & !BELOW) as usize
    }

    /// 1 where it stands below all others.
    pub(crate) fn below(self) -> u8 {
        u8::from(self.kind & BELOW != 0)
    }
}

/// What all entries of a document have in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Common {
    pub(crate) id: u64,
    /// `yyyymmdd`, 0 without one.
    pub(crate) date: u32,
}

/// The entries of a commit, with their documents and kinds.
#[derive(Debug, Default)]
pub(crate) struct Profiles {
    segments: Vec<Vec<Entry>>,
    /// Ordinals of the entries, which only hits are asked for.
    ordinals: Vec<Vec<u32>>,
    documents: Vec<Common>,
    /// How many kinds there are.
    kinds: usize,
    facets: Vec<Facet>,
}

/// A facet's values, and who has which of them.
#[derive(Debug)]
pub(crate) struct Facet {
    /// By their numbers; the empty one is "without".
    pub(crate) values: Vec<String>,
    pub(crate) held: Held,
}

/// Numbers of the values that documents or kinds have.
#[derive(Debug)]
pub(crate) enum Held {
    /// The one of each document.
    ByDocuments(Vec<u32>),
    /// Those of all kinds, and where each kind's begin, with an end.
    ByKinds(Vec<u32>, Vec<u32>),
}

impl Profiles {
    pub(crate) fn new(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let mut builder = Builder::default();
        for segment in searcher.segment_readers() {
            builder.segment(segment, fields)?;
        }
        Ok(builder.done())
    }

    /// The entries of a segment.
    pub(crate) fn segment(&self, ordinal: usize) -> &[Entry] {
        self.segments.get(ordinal).map_or(&[], Vec::as_slice)
    }

    /// The ordinal of an entry of a segment.
    pub(crate) fn ordinal(&self, segment: usize, doc: DocId) -> u32 {
        self.ordinals[segment][doc as usize]
    }

    /// How many kinds of entries there are.
    pub(crate) fn kinds(&self) -> usize {
        self.kinds
    }

    /// How many documents have entries.
    pub(crate) fn documents(&self) -> usize {
        self.documents.len()
    }

    /// What an entry has in common with all entries of its document.
    pub(crate) fn common(&self, entry: Entry) -> Common {
        self.documents[entry.document as usize]
    }

    /// The facets in order.
    pub(crate) fn facets(&self) -> &[Facet] {
        &self.facets
    }
}

impl Held {
    /// The values of document or kind number `of`.
    pub(crate) fn values(&self, of: usize) -> &[u32] {
        match self {
            Self::ByDocuments(values) => match &values[of..=of] {
                [NOTHING] => &[],
                value => value,
            },
            Self::ByKinds(values, begins) => &values[begins[of] as usize..begins[of + 1] as usize],
        }
    }
}

/// Gives each different thing a number.
#[derive(Debug)]
struct Numbers<T> {
    numbers: FxHashMap<T, u32>,
    known: Vec<T>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self {
            numbers: FxHashMap::default(),
            known: Vec::new(),
        }
    }
}

impl<T: Hash + Eq + Clone> Numbers<T> {
    fn of(&mut self, thing: T) -> u32 {
        let known = &mut self.known;
        *self.numbers.entry(thing).or_insert_with_key(|thing| {
            known.push(thing.clone());
            (known.len() - 1) as u32
        })
    }
}

#[derive(Default)]
struct Builder {
    segments: Vec<Vec<Entry>>,
    ordinals: Vec<Vec<u32>>,
    numbers: FxHashMap<u64, u32>,
    documents: Vec<Common>,
    /// For each facet its values.
    values: [Numbers<String>; FACETS.len()],
    /// For each facet of documents the value of each document.
    of_documents: [Vec<u32>; FACETS.len()],
    /// The values of kinds: for each facet of entries how many, and their numbers.
    kinds: Numbers<Vec<u32>>,
}

/// A facet's values in one segment.
enum Values {
    /// Keys, with the number of each of the segment's.
    Keys(StrColumn, Vec<u32>),
    Years(Column<u64>),
    /// The segment has no such column.
    Nothing,
}

impl Builder {
    fn segment(&mut self, segment: &SegmentReader, fields: &Fields) -> tantivy::Result<()> {
        let lengths = [Unit::Document, Unit::Measure].map(|unit| {
            let fields = word_fields(unit, fields).into_iter();
            fields
                .map(|(field, _)| segment.get_fieldnorms_reader(field))
                .collect::<tantivy::Result<Vec<_>>>()
        });
        let [of_documents, of_passages] = lengths;
        let (of_documents, of_passages) = (of_documents?, of_passages?);
        let facets: Vec<Values> = (0..FACETS.len())
            .map(|facet| self.facet(facet, segment))
            .collect::<tantivy::Result<_>>()?;
        let columns = segment.fast_fields();
        let document = columns.u64("document")?;
        let date = columns.u64("date")?;
        let ordinal = columns.u64("ordinal")?;
        let below = columns.u64("below")?;
        let first = |column: &Column<u64>, doc| column.first(doc).unwrap_or(0);
        let mut entries = vec![Entry::default(); segment.max_doc() as usize];
        let mut ordinals = vec![0; entries.len()];
        // Neighbours are mostly of one document and often of one kind.
        let mut last_document = None;
        let mut last_kind: (Vec<u32>, Option<u32>) = (Vec::new(), None);
        let mut key = Vec::new();
        for doc in segment.doc_ids_alive() {
            let id = first(&document, doc);
            let number = match last_document {
                Some((last, number)) if last == id => number,
                _ => self.document(id, doc, &facets, &date),
            };
            last_document = Some((id, number));
            kind_of(&facets, doc, &mut key);
            let kind = match last_kind {
                (ref last, Some(kind)) if *last == key => kind,
                _ => {
                    let kind = self.kinds.of(key.clone());
                    std::mem::swap(&mut last_kind.0, &mut key);
                    last_kind.1 = Some(kind);
                    kind
                }
            };
            let is_below = first(&below, doc) > 0;
            let ordinal = first(&ordinal, doc) as u32;
            let mut lengths = [0; MOST_LENGTHS];
            let fields = if ordinal == 0 {
                &of_documents
            } else {
                &of_passages
            };
            for (length, field) in lengths.iter_mut().zip(fields) {
                *length = field.fieldnorm_id(doc);
            }
            entries[doc as usize] = Entry {
                document: number,
                kind: kind | if is_below { BELOW } else { 0 },
                lengths,
            };
            ordinals[doc as usize] = ordinal;
        }
        self.segments.push(entries);
        self.ordinals.push(ordinals);
        Ok(())
    }

    fn facet(&mut self, facet: usize, segment: &SegmentReader) -> tantivy::Result<Values> {
        let columns = segment.fast_fields();
        if FACETS[facet] == "year" {
            return Ok(Values::Years(columns.u64("year")?));
        }
        let Some(column) = columns.str(FACETS[facet])? else {
            return Ok(Values::Nothing);
        };
        let mut numbers = Vec::with_capacity(column.dictionary().num_terms());
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            let value = String::from_utf8_lossy(stream.key()).into_owned();
            numbers.push(self.values[facet].of(value));
        }
        Ok(Values::Keys(column, numbers))
    }

    /// The number of a document, which has the entry `doc`.
    fn document(&mut self, id: u64, doc: DocId, facets: &[Values], date: &Column<u64>) -> u32 {
        if let Some(number) = self.numbers.get(&id) {
            return *number;
        }
        let number = self.documents.len() as u32;
        self.numbers.insert(id, number);
        self.documents.push(Common {
            id,
            date: date.first(doc).unwrap_or(0) as u32,
        });
        for (facet, values) in facets.iter().enumerate() {
            if OF_ENTRIES.contains(&FACETS[facet]) {
                continue;
            }
            let value = match values {
                Values::Nothing => NOTHING,
                Values::Keys(column, numbers) => column
                    .ords()
                    .first(doc)
                    .map_or(NOTHING, |ordinal| numbers[ordinal as usize]),
                Values::Years(column) => {
                    let year = column.first(doc).filter(|year| *year > 0);
                    let value = year.map_or_else(String::new, |year| year.to_string());
                    self.values[facet].of(value)
                }
            };
            self.of_documents[facet].push(value);
        }
        number
    }

    fn done(self) -> Profiles {
        let mut by_kinds = vec![(Vec::new(), vec![0]); OF_ENTRIES.len()];
        for kind in &self.kinds.known {
            let mut rest = kind.as_slice();
            for (held, begins) in &mut by_kinds {
                let Some((count, values)) = rest.split_first() else {
                    break;
                };
                let (values, behind) = values.split_at(*count as usize);
                held.extend_from_slice(values);
                begins.push(held.len() as u32);
                rest = behind;
            }
        }
        let mut by_kinds = by_kinds.into_iter();
        let facets = FACETS.iter().zip(self.values).zip(self.of_documents);
        Profiles {
            kinds: self.kinds.known.len(),
            segments: self.segments,
            ordinals: self.ordinals,
            documents: self.documents,
            facets: facets
                .map(|((name, values), of_documents)| Facet {
                    values: values.known,
                    held: if OF_ENTRIES.contains(name) {
                        let (held, begins) = by_kinds.next().unwrap_or_default();
                        Held::ByKinds(held, begins)
                    } else {
                        Held::ByDocuments(of_documents)
                    },
                })
                .collect(),
        }
    }
}

/// The values of an entry in the facets of entries, in order: how many, and their numbers.
fn kind_of(facets: &[Values], doc: DocId, key: &mut Vec<u32>) {
    key.clear();
    for (values, _) in facets
        .iter()
        .zip(FACETS)
        .filter(|(_, name)| OF_ENTRIES.contains(name))
    {
        let count_at = key.len();
        key.push(0);
        if let Values::Keys(column, numbers) = values {
            let ordinals = column.ords().values_for_doc(doc);
            key.extend(ordinals.map(|ordinal| numbers[ordinal as usize]));
        }
        key[count_at] = (key.len() - count_at - 1) as u32;
    }
}
