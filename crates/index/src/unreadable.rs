//! Files that could not be read, kept in the index so that they can be listed, and so that one
//! that costs a worker is not tried again until it changes.

use duibiao_corpus::DocumentId;
use serde::{Deserialize, Serialize};
use tantivy::schema::{IndexRecordOption, TantivyDocument, Value};
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, Term};

use crate::schema::{Fields, Unit, WITHOUT};

/// A file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// What its document's path would be.
    pub path: String,
    /// The folder it was found below, absolute.
    pub root: String,
    /// Hash of what was tried; empty where not even its bytes could be read.
    pub fingerprint: String,
    /// Why not.
    pub reason: String,
}

impl Fields {
    /// The entry of an unreadable file. It is found by no search.
    pub fn unreadable(&self, file: &Unreadable) -> TantivyDocument {
        let mut out = TantivyDocument::new();
        out.add_text(self.unit, Unit::Unreadable.as_str());
        out.add_u64(self.document, key(&file.path).as_u64());
        let body = serde_json::to_string(file).expect("four strings serialise");
        out.add_text(self.body, body);
        // A value in every column, as every entry has.
        for number in [self.ordinal, self.below, self.year, self.date, self.period] {
            out.add_u64(number, 0);
        }
        for text in [
            self.status,
            self.theme,
            self.province,
            self.city,
            self.county,
            self.level,
            self.doc_type,
            self.subtype,
            self.issuer,
            self.number,
        ] {
            out.add_text(text, WITHOUT);
        }
        out
    }

    /// The term that finds the entry of an unreadable file, and nothing of a document that was
    /// read from the same path before.
    pub fn unreadable_term(&self, path: &str) -> Term {
        self.document_term(key(path))
    }

    /// Every unreadable file, by path.
    pub fn all_unreadable(&self, searcher: &Searcher) -> tantivy::Result<Vec<Unreadable>> {
        let mut files: Vec<Unreadable> = Vec::new();
        let term = Term::from_field_text(self.unit, Unit::Unreadable.as_str());
        for (segment, reader) in searcher.segment_readers().iter().enumerate() {
            let found = reader
                .inverted_index(self.unit)?
                .read_postings(&term, IndexRecordOption::Basic)?;
            let Some(mut found) = found else { continue };
            while found.doc() != TERMINATED {
                let doc = found.doc();
                if !reader.is_deleted(doc) {
                    let entry: TantivyDocument =
                        searcher.doc(DocAddress::new(segment as u32, doc))?;
                    let body = entry.get_first(self.body).and_then(|value| value.as_str());
                    files.extend(body.and_then(|body| serde_json::from_str(body).ok()));
                }
                found.advance();
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }
}

/// No document's path holds the character that ends this one.
fn key(path: &str) -> DocumentId {
    DocumentId::of_path(&format!("{path}\0"))
}
