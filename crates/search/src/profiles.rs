//! What every entry of a commit is filtered, counted and ordered by, laid out for one pass.
//!
//! Facets of a document are the same for all its passages, and passages come in few kinds: so many
//! themes and statuses together. A pass counts documents and kinds, two additions an entry, and
//! only at the end are they taken apart into values. Nothing here says what matches.

use std::hash::Hash;

use duibiao_corpus::Level;
use duibiao_index::Fields;
use rustc_hash::FxHashMap;
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Searcher, SegmentReader};

use crate::collect::FACETS;
use crate::filter::{PLACE, PLACE_FIELDS, WITHOUT};
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
    /// Of documents that are their province's own, the number of that value; else [`NOTHING`].
    provincial: Vec<u32>,
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
    /// Those of all kinds.
    ByKinds(Sets),
    /// The set of each document: of the places that lie in one another there are few different ones.
    Nested(Vec<u32>, Sets),
}

/// Sets of values: all their values, and where those of each begin, with an end.
#[derive(Debug, Clone)]
pub(crate) struct Sets {
    values: Vec<u32>,
    begins: Vec<u32>,
}

impl Sets {
    fn new() -> Self {
        Self {
            values: Vec::new(),
            begins: vec![0],
        }
    }

    fn add(&mut self, values: &[u32]) {
        self.values.extend_from_slice(values);
        self.begins.push(self.values.len() as u32);
    }

    pub(crate) fn get(&self, set: usize) -> &[u32] {
        &self.values[self.begins[set] as usize..self.begins[set + 1] as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.begins.len() - 1
    }
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

    /// A facet by its name.
    pub(crate) fn facet(&self, name: &str) -> Option<&Facet> {
        let number = FACETS.iter().position(|own| *own == name)?;
        self.facets.get(number)
    }

    /// Whether a document is the own one, of level province and of no city, of a province that is
    /// marked by the number of its value.
    #[inline]
    pub(crate) fn is_own_of(&self, document: usize, provinces: &[bool]) -> bool {
        let province = self.provincial[document];
        provinces
            .get(province as usize)
            .is_some_and(|marked| *marked)
    }

    /// Marks provinces by the numbers of their values.
    pub(crate) fn marked(&self, provinces: &[String]) -> Vec<bool> {
        if provinces.is_empty() {
            return Vec::new();
        }
        let values = self
            .facet("province")
            .map_or(&[][..], |facet| &facet.values);
        values
            .iter()
            .map(|value| provinces.contains(value))
            .collect()
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
            Self::ByKinds(sets) => sets.get(of),
            Self::Nested(of_documents, sets) => sets.get(of_documents[of] as usize),
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
    /// Places that lie in one another, the largest first.
    places: Numbers<Vec<u32>>,
}

/// A facet's values in one segment.
enum Values {
    /// Keys, with the number of each of the segment's.
    Keys(StrColumn, Vec<u32>),
    Years(Column<u64>),
    /// The keys of several fields.
    Places(Vec<(StrColumn, Vec<u32>)>),
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
        if FACETS[facet] == PLACE {
            let mut places = Vec::new();
            for field in PLACE_FIELDS {
                if let Some(column) = columns.str(field)? {
                    let numbers = self.numbers_of(facet, &column)?;
                    places.push((column, numbers));
                }
            }
            return Ok(Values::Places(places));
        }
        let Some(column) = columns.str(FACETS[facet])? else {
            return Ok(Values::Nothing);
        };
        let numbers = self.numbers_of(facet, &column)?;
        Ok(Values::Keys(column, numbers))
    }

    /// The numbers of a column's values.
    fn numbers_of(&mut self, facet: usize, column: &StrColumn) -> tantivy::Result<Vec<u32>> {
        let mut numbers = Vec::with_capacity(column.dictionary().num_terms());
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            let value = String::from_utf8_lossy(stream.key()).into_owned();
            numbers.push(self.values[facet].of(value));
        }
        Ok(numbers)
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
                Values::Places(columns) => {
                    let without = self.values[facet].of(WITHOUT.to_owned());
                    self.places.of(places_of(columns, doc, without))
                }
            };
            self.of_documents[facet].push(value);
        }
        number
    }

    fn done(self) -> Profiles {
        let mut by_kinds = vec![Sets::new(); OF_ENTRIES.len()];
        for kind in &self.kinds.known {
            let mut rest = kind.as_slice();
            for sets in &mut by_kinds {
                let Some((count, values)) = rest.split_first() else {
                    break;
                };
                let (values, behind) = values.split_at(*count as usize);
                sets.add(values);
                rest = behind;
            }
        }
        let mut places = Sets::new();
        self.places.known.iter().for_each(|place| places.add(place));
        let mut by_kinds = by_kinds.into_iter();
        let facets = FACETS.iter().zip(self.values).zip(self.of_documents);
        let facets = facets.map(|((name, values), of_documents)| Facet {
            values: values.known,
            held: if OF_ENTRIES.contains(name) {
                Held::ByKinds(by_kinds.next().unwrap_or_else(Sets::new))
            } else if *name == PLACE {
                Held::Nested(of_documents, places.clone())
            } else {
                Held::ByDocuments(of_documents)
            },
        });
        let mut profiles = Profiles {
            kinds: self.kinds.known.len(),
            segments: self.segments,
            ordinals: self.ordinals,
            documents: self.documents,
            facets: facets.collect(),
            provincial: Vec::new(),
        };
        profiles.provincial = provincial(&profiles);
        profiles
    }
}

/// For each document the number of its province, if it is the province's own.
fn provincial(profiles: &Profiles) -> Vec<u32> {
    let all = || vec![NOTHING; profiles.documents()];
    let names = ["province", "city", "level"];
    let [Some(province), Some(city), Some(level)] = names.map(|name| profiles.facet(name)) else {
        return all();
    };
    let number = |facet: &Facet, value: &str| facet.values.iter().position(|own| own == value);
    let of_level = number(level, Level::Province.as_str()).map(|number| number as u32);
    let without_city = number(city, WITHOUT).map(|number| number as u32);
    let (Some(of_level), Some(without_city)) = (of_level, without_city) else {
        return all();
    };
    let own = |document: usize| {
        let is_own = level.held.values(document).contains(&of_level)
            && city.held.values(document).contains(&without_city);
        let province = province.held.values(document).first();
        province.copied().filter(|_| is_own).unwrap_or(NOTHING)
    };
    (0..profiles.documents()).map(own).collect()
}

/// The places of a document, each once; `without` where there is none.
fn places_of(columns: &[(StrColumn, Vec<u32>)], doc: DocId, without: u32) -> Vec<u32> {
    let mut places = Vec::with_capacity(columns.len());
    for (column, numbers) in columns {
        let place = column
            .ords()
            .first(doc)
            .map(|ordinal| numbers[ordinal as usize]);
        // A municipality is its own city.
        places.extend(place.filter(|place| *place != without && !places.contains(place)));
    }
    if places.is_empty() {
        places.push(without);
    }
    places
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
