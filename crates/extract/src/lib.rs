//! Bytes of a file to the text a careful reader would copy, with its blocks.
//!
//! [`extract`] is the one way in: it decides the format by content with the name as a hint,
//! decodes, and hands over to the format's module. It infers nothing about the document.

mod block;
mod charset;
mod collection;
mod container;
mod csv_table;
mod decode;
mod doc;
mod docx;
mod epub;
mod flow;
mod format;
mod html;
mod isolation;
mod mht;
mod numbering;
mod ocr;
mod ofd;
mod pdf;
mod plain;
mod rtf;
mod symbol;
mod worker;
mod xlsx;
mod xml;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use block::{Block, BlockKind};
pub use collection::{
    Archive, Collection, Columns, ColumnsError, HEAD_BYTES, Member, Record, Row, Rows,
    collection_of, rows,
};
pub use format::{Format, Support, needs_worker, support_of};
pub use isolation::{Isolated, Unpacking, Workers};
pub use ocr::{Ocr, OcrError};
pub use worker::serve;

/// A larger file is refused before it is read.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// More text comes out of no document that is not plain text: twenty times the civil code.
const MAX_TEXT: usize = 16 * 1024 * 1024;

/// A file read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extracted {
    /// What it was read as.
    pub format: Format,
    /// The encoding it was decoded from; none where each font of the file has its own.
    pub encoding: Option<Cow<'static, str>>,
    /// The text. For plain text and Markdown it is the decoded file, character for character.
    pub text: String,
    /// Stretches of the text that are known to be something; the rest is plain paragraphs.
    pub blocks: Vec<Block>,
    /// What a reader should know about how it was read.
    pub warnings: Vec<String>,
    /// How sure the reader is of the characters, in percent: 100 unless they were recognised in
    /// pictures.
    pub certainty: u8,
    /// Whether it has pages without text that OCR, which was not asked for, may read.
    pub wants_ocr: bool,
}

/// A file cannot be read; the texts are reasons for a report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    /// Nothing in it.
    #[error("empty file")]
    Empty,
    /// Larger than [`MAX_BYTES`].
    #[error("larger than {} MB", MAX_BYTES / 1024 / 1024)]
    TooLarge,
    /// Bytes that no text has.
    #[error("binary content, not text")]
    Binary,
    /// A document format that is not read.
    #[error("format not supported: {0}")]
    Unsupported(&'static str),
    /// A web page nested deeper than any real one.
    #[error("elements nested over 2,000 deep")]
    TooDeep,
    /// A PDF of pictures.
    #[error("no text layer: a scanned PDF")]
    NoTextLayer,
    /// The same, with OCR.
    #[error("no text layer, and OCR found no text in the pictures")]
    NothingRecognised,
    /// A PDF whose fonts do not say which characters their glyphs are.
    #[error("text cannot be read: fonts without a character map")]
    UnmappedText,
    /// Encrypted, or an archive entry that is.
    #[error("protected by a password")]
    Protected,
    /// Something that grows out of all proportion when decompressed.
    #[error("decompresses to far more than any real document")]
    Inflated,
    /// An archive with more entries than any document has.
    #[error("over 10,000 entries in the archive")]
    TooManyEntries,
    /// A row of a collection without its text.
    #[error("no column for its text: name it with --columns text=NAME")]
    NoTextColumn,
    /// An archive in an archive.
    #[error("an archive inside an archive: unpack it")]
    ArchiveInside,
    /// Not what its signature promises; names what is wrong.
    #[error("damaged or incomplete: {0}")]
    Damaged(&'static str),
    /// No words in it.
    #[error("no text in it")]
    NoText,
}

impl ExtractError {
    /// Whether OCR, where it was not asked for, may read the file.
    pub fn wants_ocr(&self) -> bool {
        matches!(self, Self::NoTextLayer | Self::UnmappedText)
    }
}

/// Reads a file from its bytes. `name` is a hint only. Pictures are not read.
pub fn extract(name: &str, bytes: &[u8]) -> Result<Extracted, ExtractError> {
    read(name, bytes, None)
}

/// The same, where the scanned pages of PDF files are read with `ocr`.
fn read(name: &str, bytes: &[u8], ocr: Option<&Ocr>) -> Result<Extracted, ExtractError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ExtractError::TooLarge);
    }
    let format = format::detect(name, bytes)?;
    let extracted = match format {
        Format::Text | Format::Markdown => plain::extract(format, decode::decode(bytes, None)?),
        Format::Html => html::extract(bytes)?,
        Format::Pdf => pdf::extract(bytes, ocr)?,
        Format::Docx => docx::extract(bytes)?,
        Format::Doc => doc::extract(bytes)?,
        Format::Ofd => ofd::extract(bytes)?,
        Format::Xlsx => xlsx::extract(bytes)?,
        Format::Rtf => rtf::extract(bytes)?,
        Format::Mht => mht::extract(bytes)?,
        Format::Epub => epub::extract(bytes)?,
        Format::Csv | Format::Jsonl => csv_table::extract(decode::decode(bytes, None)?)?,
    };
    let is_plain = matches!(format, Format::Text | Format::Markdown);
    if !is_plain && extracted.text.len() > MAX_TEXT {
        return Err(ExtractError::Inflated);
    }
    if extracted.text.chars().any(char::is_alphanumeric) {
        Ok(extracted)
    } else {
        Err(ExtractError::NoText)
    }
}

/// A file of `tests/fixtures/office`.
#[cfg(test)]
fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/office");
    std::fs::read(format!("{folder}/{name}")).expect(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_the_file_without_its_byte_order_mark() {
        let read = extract("a.txt", "\u{feff}一、总则\r\n第二行".as_bytes()).expect("text");
        assert_eq!(read.text, "一、总则\r\n第二行");
        assert_eq!(
            (read.format, read.encoding.as_deref()),
            (Format::Text, Some("UTF-8"))
        );
    }

    #[test]
    fn bad_input_has_a_reason() {
        assert_eq!(extract("a.txt", b""), Err(ExtractError::Empty));
        assert_eq!(extract("a.txt", b" \n\n"), Err(ExtractError::NoText));
        assert_eq!(extract("a.txt", &[0u8; 4096]), Err(ExtractError::Binary));
        assert_eq!(
            extract("a.txt", b"Rar!\x1a\x07\x00 ..."),
            Err(ExtractError::Unsupported("RAR"))
        );
        let broken = extract("a.txt", b"%PDF-1.7 ...");
        assert!(
            matches!(broken, Err(ExtractError::Damaged(_))),
            "{broken:?}"
        );
    }
}
