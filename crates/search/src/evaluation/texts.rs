//! The texts of an index as they are stored, for rankers that use none of its fields.

use std::collections::HashMap;

use duibiao_corpus::{Passage, PassageKind, Script, Span};
use duibiao_index::{Head, Unit};
use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::TantivyDocument;
use tantivy::{DocAddress, SegmentReader};

use crate::engine::{Engine, Snapshot, text_of};
use crate::error::{Error, engine};

/// A passage that can be a hit, or one that only belongs to its document's text.
pub(crate) struct StoredPassage {
    pub(crate) document: u64,
    pub(crate) ordinal: u32,
    pub(crate) span: Span,
    /// Whether it can be a hit.
    pub(crate) is_hit: bool,
    /// Whether it is furniture around the text.
    pub(crate) is_furniture: bool,
    pub(crate) head: Head,
    /// In Simplified characters.
    pub(crate) text: String,
    pub(crate) address: DocAddress,
}

/// Calls `sink` with every passage of a commit, in no particular order. Gives where the entry of
/// each document is.
pub(crate) fn passages(
    owner: &Engine,
    snapshot: &Snapshot,
    mut sink: impl FnMut(StoredPassage),
) -> Result<HashMap<u64, DocAddress>, Error> {
    let mut documents = HashMap::new();
    for (segment, reader) in (0..).zip(snapshot.searcher.segment_readers()) {
        let store = reader
            .get_store_reader(8)
            .map_err(|e| engine(tantivy::TantivyError::from(e)))?;
        let columns = Columns::new(reader).map_err(engine)?;
        for doc in reader.doc_ids_alive() {
            let address = DocAddress::new(segment, doc);
            let document = columns.document.first(doc).unwrap_or(0);
            if columns.is_unit(doc, Unit::Document) {
                documents.insert(document, address);
            }
            if columns.ordinal.first(doc).unwrap_or(0) == 0 {
                continue;
            }
            let entry: TantivyDocument = store.get(doc).map_err(engine)?;
            let passage: Passage = serde_json::from_str(text_of(&entry, owner.fields.body))?;
            let head: Head = serde_json::from_str(text_of(&entry, owner.fields.head))?;
            let script = if head.is_traditional {
                Script::Hant
            } else {
                Script::Hans
            };
            let original = text_of(&entry, owner.fields.original);
            sink(StoredPassage {
                document,
                ordinal: passage.ordinal,
                span: passage.span,
                is_hit: columns.is_unit(doc, Unit::Measure),
                is_furniture: passage.kind == PassageKind::Furniture,
                text: owner.analyzer.fold(original, script).into_owned(),
                head,
                address,
            });
        }
    }
    Ok(documents)
}

struct Columns {
    ordinal: Column<u64>,
    document: Column<u64>,
    unit: Option<StrColumn>,
}

impl Columns {
    fn new(reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        Ok(Self {
            ordinal: columns.u64("ordinal")?,
            document: columns.u64("document")?,
            unit: columns.str("unit")?,
        })
    }

    fn is_unit(&self, doc: u32, unit: Unit) -> bool {
        let Some(column) = &self.unit else {
            return false;
        };
        let mut name = String::new();
        column.term_ords(doc).any(|ordinal| {
            name.clear();
            column
                .ord_to_str(ordinal, &mut name)
                .is_ok_and(|found| found)
                && name == unit.as_str()
        })
    }
}
