//! Which format a file is in: by its first bytes, with the name as a hint.

use crate::ExtractError;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// A web page.
    Html,
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
}

impl Format {
    /// Its name in reports and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Doc => "doc",
            Self::Ofd => "ofd",
            Self::Xlsx => "xlsx",
            Self::Rtf => "rtf",
            Self::Mht => "mht",
            Self::Epub => "epub",
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

const READ: &[&str] = &["txt", "md", "markdown", "html", "htm"];
const UNREAD: &[&str] = &[
    "pdf", "doc", "docx", "wps", "ofd", "rtf", "odt", "xls", "xlsx", "et", "ppt", "pptx", "epub",
    "mht", "mhtml", "jsonl", "zip", "rar", "7z", "ceb", "caj",
];

/// What the extension of a file name promises.
pub fn support_of(name: &str) -> Support {
    let extension = name
        .rsplit_once('.')
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default();
    if READ.contains(&extension.as_str()) {
        Support::Read
    } else if UNREAD.contains(&extension.as_str()) {
        Support::Unread
    } else {
        Support::Other
    }
}

/// Signatures of formats that are recognised in order to be refused by name.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP container (DOCX, XLSX, OFD, …)"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "legacy Office (DOC, XLS, …)",
    ),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
];

/// Enough to see what a file is.
const LOOK: usize = 64 * 1024;

pub(crate) fn detect(name: &str, bytes: &[u8]) -> Result<Format, ExtractError> {
    if bytes.is_empty() {
        return Err(ExtractError::Empty);
    }
    if let Some((_, format)) = SIGNATURES
        .iter()
        .find(|(signature, _)| bytes.starts_with(signature))
    {
        return Err(ExtractError::Unsupported(format));
    }
    let head = &bytes[..bytes.len().min(LOOK)];
    if head.contains(&0) {
        return Err(ExtractError::Binary);
    }
    let extension = name
        .rsplit_once('.')
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default();
    Ok(match extension.as_str() {
        "md" | "markdown" => Format::Markdown,
        "html" | "htm" => Format::Html,
        _ if looks_like_html(head) => Format::Html,
        _ => Format::Text,
    })
}

/// Whether the first thing in the file is a page's doctype or root element.
fn looks_like_html(head: &[u8]) -> bool {
    let text = head.trim_ascii_start();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    [&b"<!doctype html"[..], b"<html", b"<head"]
        .iter()
        .any(|tag| {
            text.get(..tag.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(tag))
        })
}
