//! Collections: files that hold many documents. A JSONL or CSV file with one document a line or
//! row, and ZIP archives of any files that are read.
//!
//! They are streamed: one row or member is in memory at a time, whatever the size of the file.

mod archive;
mod columns;
mod object;
mod rows;

use std::borrow::Cow;
use std::io::Read;

pub use archive::{Archive, Member};
pub use columns::{Columns, ColumnsError};
pub(crate) use rows::delimiter;
pub use rows::{Record, Row, Rows};

use crate::{ExtractError, decode, format};

/// So much of a file tells whether it is a collection.
pub const HEAD_BYTES: usize = 64 * 1024;

/// What a collection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// A JSON object a line, each a document.
    Jsonl,
    /// A table with a column of texts, each row a document.
    Csv {
        /// What stands between cells.
        delimiter: u8,
    },
    /// A ZIP archive of files; also one that is a document, which [`Archive::document`] tells.
    Zip,
}

/// What the first [`HEAD_BYTES`] of a file show it to be: a collection, or `None` for a
/// document. The name is a hint only.
pub fn collection_of(name: &str, head: &[u8], columns: &Columns) -> Option<Collection> {
    let head = &head[..head.len().min(HEAD_BYTES)];
    if head.starts_with(format::ZIP) || head.starts_with(b"PK\x05\x06") {
        return Some(Collection::Zip);
    }
    // Cheap looks first: this is asked of every file.
    let extension = format::extension(name);
    let is_jsonl = matches!(extension.as_str(), "jsonl" | "ndjson");
    let is_table = matches!(extension.as_str(), "csv" | "tsv");
    if !is_jsonl && !is_table && !matches!(extension.as_str(), "txt" | "") {
        return None;
    }
    let text = head_text(head)?;
    if is_jsonl || rows::begins_object(&text) {
        return Some(Collection::Jsonl);
    }
    let delimiter = rows::delimiter(&text);
    let header = rows::header(&text, delimiter);
    let meanings: Vec<&str> = header
        .iter()
        .filter_map(|name| columns.meaning(name))
        .collect();
    // A text may begin with a line that happens to hold a word such as 内容.
    let is_collection = meanings.contains(&columns::TEXT) && (is_table || meanings.len() > 1);
    is_collection.then_some(Collection::Csv { delimiter })
}

/// The first lines of a text; `None` for what is no text.
fn head_text(head: &[u8]) -> Option<Cow<'_, str>> {
    let encoding = decode::encoding_of_head(head).ok()?;
    Some(encoding.decode(head).0)
}

/// Rows of a collection that is a text, from wherever it is read.
///
/// # Errors
/// When it is no text.
pub fn rows<'r>(
    collection: Collection,
    mut source: impl Read + 'r,
    columns: &Columns,
) -> Result<Rows<'r>, ExtractError> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    source
        .by_ref()
        .take(HEAD_BYTES as u64)
        .read_to_end(&mut head)
        .map_err(|_| ExtractError::Damaged("it cannot be read"))?;
    let encoding = decode::encoding_of_head(&head)?;
    let whole = std::io::Cursor::new(head).chain(source);
    Ok(Rows::new(collection, whole, encoding, columns.clone()))
}
