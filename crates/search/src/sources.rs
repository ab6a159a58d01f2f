//! The documents that an answer quotes, numbered, and the list of them in its files.

use std::io::{self, Write};

use serde::Serialize;
use utoipa::ToSchema;

use crate::sheet::Sheet;
use crate::table::markdown_cell;
use crate::word::WordPaper;

/// The name of the sheet with the list.
pub(crate) const SHEET: &str = "来源";
/// Its headers and their widths in characters.
pub(crate) const HEADERS: [&str; 4] = ["编号", "出处", "文件路径", "文件编号"];
pub(crate) const WIDTHS: [u16; 4] = [6, 80, 44, 20];

/// A document that is quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Source {
    /// Its number, from 1.
    pub number: usize,
    /// Its id.
    pub document_id: String,
    /// Its path.
    pub path: String,
    /// It cited.
    pub citation: String,
}

impl Source {
    /// Its row in the list.
    pub(crate) fn cells(&self) -> [String; 4] {
        [
            self.number.to_string(),
            self.citation.clone(),
            self.path.clone(),
            self.document_id.clone(),
        ]
    }
}

/// A sheet with the list.
pub(crate) fn on_a_sheet(sources: &[Source], sheet: &mut Sheet) -> io::Result<()> {
    sheet.next(SHEET, &HEADERS, &WIDTHS)?;
    sources
        .iter()
        .try_for_each(|source| sheet.add(&source.cells()))
}

/// The list at the end of a paper.
pub(crate) fn in_a_paper(sources: &[Source], paper: &mut WordPaper) -> io::Result<()> {
    let sources = sources.iter();
    paper.sources(sources.map(|source| (source.number, source.citation.as_str())))
}

/// The list in Markdown, a line each.
pub(crate) fn in_markdown(sources: &[Source], out: &mut dyn Write) -> io::Result<()> {
    for source in sources {
        let citation = markdown_cell(&source.citation);
        writeln!(out, "\\[{}\\] {citation}  ", source.number)?;
    }
    Ok(())
}
