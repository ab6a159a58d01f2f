//! Which format a file is in: by its first bytes, with the name as a hint.

use crate::{ExtractError, container, mht};

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// A web page.
    Html,
    /// A PDF file with a text layer.
    Pdf,
    /// A Word file, Office Open XML.
    Docx,
    /// A Word file of the binary generation, WPS files included.
    Doc,
    /// The national e-document format (GB/T 33190).
    Ofd,
    /// A workbook, Office Open XML.
    Xlsx,
    /// Rich Text Format.
    Rtf,
    /// A web page saved as one MIME file.
    Mht,
    /// An electronic book.
    Epub,
    /// A table as text; also one document of a collection in that format.
    Csv,
    /// One document of a collection with a JSON object a line.
    Jsonl,
}

impl Format {
    /// Its name in reports and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Doc => "doc",
            Self::Ofd => "ofd",
            Self::Xlsx => "xlsx",
            Self::Rtf => "rtf",
            Self::Mht => "mht",
            Self::Epub => "epub",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }
}

/// What a file name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// A format that is read.
    Read,
    /// A document in a format that is not read: reported as a failure, so that nothing is
    /// silently missing.
    Unread,
    /// Not a document at all, such as a picture.
    Other,
}

const READ: &[&str] = &[
    "txt", "md", "markdown", "html", "htm", "pdf", "doc", "docx", "wps", "ofd", "rtf", "xlsx",
    "mht", "mhtml", "epub", "csv", "tsv", "jsonl", "ndjson", "zip",
];
const UNREAD: &[&str] = &["odt", "xls", "et", "ppt", "pptx", "rar", "7z", "ceb", "caj"];

/// The extension of a file name in lower case; empty where it has none.
pub(crate) fn extension(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or_default();
    let extension = file.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
    extension.unwrap_or_default()
}

/// What the extension of a file name promises.
pub fn support_of(name: &str) -> Support {
    let extension = extension(name);
    if READ.contains(&extension.as_str()) {
        Support::Read
    } else if UNREAD.contains(&extension.as_str()) {
        Support::Unread
    } else {
        Support::Other
    }
}

/// Signatures of formats that are recognised in order to be refused by name.
const REFUSED: &[(&[u8], &str)] = &[(b"Rar!", "RAR"), (b"7z\xbc\xaf", "7-Zip")];
/// Begins every ZIP file that holds something.
pub(crate) const ZIP: &[u8] = b"PK\x03\x04";
/// The container of legacy Office files.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const RTF: &[u8] = b"{\\rtf";
const PDF: &[u8] = b"%PDF-";
/// Mailers and scanners put something before a PDF; readers look this far for it (PDF 1.7, H.3).
const PDF_LOOK: usize = 1_024;

/// Enough to see what a file is.
const LOOK: usize = 64 * 1024;

/// Whether the parser of a file of that name and these bytes runs in a worker process where there
/// is one: all but those of plain text.
pub fn needs_worker(name: &str, bytes: &[u8]) -> bool {
    let plain = [Ok(Format::Text), Ok(Format::Markdown)];
    let begins = |signature: &&[u8]| bytes.starts_with(signature);
    [ZIP, OLE].iter().any(begins) || !plain.contains(&detect(name, bytes))
}

fn is_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(PDF_LOOK)];
    head.windows(PDF.len()).any(|window| window == PDF)
}

pub(crate) fn detect(name: &str, bytes: &[u8]) -> Result<Format, ExtractError> {
    if bytes.is_empty() {
        return Err(ExtractError::Empty);
    }
    let refused = REFUSED.iter().find(|(s, _)| bytes.starts_with(s));
    if let Some((_, format)) = refused {
        return Err(ExtractError::Unsupported(format));
    }
    if bytes.starts_with(ZIP) {
        return container::format_of(bytes)?.ok_or(ExtractError::ArchiveInside);
    }
    if bytes.starts_with(OLE) {
        return Ok(Format::Doc);
    }
    if bytes.starts_with(RTF) {
        return Ok(Format::Rtf);
    }
    if is_pdf(bytes) {
        return Ok(Format::Pdf);
    }
    if mht::looks_like(bytes) {
        return Ok(Format::Mht);
    }
    let head = &bytes[..bytes.len().min(LOOK)];
    Ok(match extension(name).as_str() {
        "md" | "markdown" => Format::Markdown,
        "html" | "htm" => Format::Html,
        _ if looks_like_html(head) => Format::Html,
        "csv" | "tsv" => Format::Csv,
        _ => Format::Text,
    })
}

/// Whether the first thing in the file is a page's doctype or root element.
pub(crate) fn looks_like_html(head: &[u8]) -> bool {
    let text = head.trim_ascii_start();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    [&b"<!doctype html"[..], b"<html", b"<head"]
        .iter()
        .any(|tag| {
            text.get(..tag.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(tag))
        })
}
