//! What an index already holds: each document's path, fingerprint, label and size.

use std::collections::HashMap;

use duibiao_index::Given;
use tantivy::columnar::StrColumn;
use tantivy::{Searcher, SegmentReader};

/// What the index knows of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) fingerprint: String,
    /// The folder it was found below; of two roots with the same name only one is it.
    pub(crate) root: String,
    pub(crate) given: Option<Given>,
    pub(crate) passages: u64,
    pub(crate) chars: u64,
    /// Whether this run found it where it was.
    pub(crate) seen: bool,
}

/// Every document of the index by path.
pub(crate) fn load(searcher: &Searcher) -> tantivy::Result<HashMap<String, Known>> {
    let mut known = HashMap::new();
    for segment in searcher.segment_readers() {
        load_segment(segment, &mut known)?;
    }
    Ok(known)
}

fn load_segment(
    segment: &SegmentReader,
    known: &mut HashMap<String, Known>,
) -> tantivy::Result<()> {
    let columns = segment.fast_fields();
    let Some(paths) = columns.str("path")? else {
        return Ok(());
    };
    let path_texts = texts(&paths)?;
    let fingerprints = columns.str("fingerprint")?;
    let fingerprint_texts = fingerprints
        .as_ref()
        .map(texts)
        .transpose()?
        .unwrap_or_default();
    let roots = columns.str("root")?;
    let root_texts = roots.as_ref().map(texts).transpose()?.unwrap_or_default();
    let givens = columns.str("given")?;
    let given_texts = givens.as_ref().map(texts).transpose()?.unwrap_or_default();
    let (passages, chars) = (columns.u64("passages")?, columns.u64("chars")?);
    for doc in segment.doc_ids_alive() {
        let Some(path) = text_of(Some(&paths), &path_texts, doc) else {
            continue;
        };
        let given = text_of(givens.as_ref(), &given_texts, doc)
            .and_then(|json| serde_json::from_str(json).ok());
        let entry = Known {
            fingerprint: text_of(fingerprints.as_ref(), &fingerprint_texts, doc)
                .unwrap_or_default()
                .to_owned(),
            root: text_of(roots.as_ref(), &root_texts, doc)
                .unwrap_or_default()
                .to_owned(),
            given,
            passages: passages.first(doc).unwrap_or(0),
            chars: chars.first(doc).unwrap_or(0),
            seen: false,
        };
        known.insert(path.to_owned(), entry);
    }
    Ok(())
}

/// Every text of a column by ordinal, read in one pass.
fn texts(column: &StrColumn) -> tantivy::Result<Vec<String>> {
    let mut texts = Vec::with_capacity(column.dictionary().num_terms());
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        texts.push(String::from_utf8_lossy(stream.key()).into_owned());
    }
    Ok(texts)
}

fn text_of<'t>(column: Option<&StrColumn>, texts: &'t [String], doc: u32) -> Option<&'t str> {
    let ordinal = column?.ords().first(doc)?;
    texts.get(ordinal as usize).map(String::as_str)
}
