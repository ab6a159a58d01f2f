//! The text of a word processor's file in reading order: the body with its tables, then the
//! notes, then running heads and feet.
//!
//! It knows no file format; the modules of the formats fill it.

use std::collections::HashSet;

use crate::block::{BlockKind, Builder};
use crate::{ExtractError, Extracted, Format};

/// Tables in tables deeper than this are read as part of the cell around them.
const MAX_TABLES: usize = 50;

/// A row being read: its cells, each a list of paragraphs.
type Row = Vec<Vec<String>>;

/// Collects what is read.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    body: Builder,
    /// Rows being read, the outermost first.
    rows: Vec<Row>,
    /// Rows not collected because they are too deep.
    deeper: usize,
    notes: Vec<String>,
    furniture: Vec<String>,
    /// Furniture that is already there.
    known: HashSet<String>,
}

impl Flow {
    /// Adds a paragraph, to the open cell where there is one.
    pub(crate) fn paragraph(&mut self, kind: BlockKind, text: &str) {
        for line in text.split('\n') {
            match self.rows.last_mut() {
                Some(row) => {
                    let line = line.trim();
                    if !line.is_empty() {
                        if row.is_empty() {
                            row.push(Vec::new());
                        }
                        if let Some(cell) = row.last_mut() {
                            cell.push(line.to_owned());
                        }
                    }
                }
                None => self.body.line(kind, line),
            }
        }
    }

    /// Adds every block of another text, such as a part in HTML.
    pub(crate) fn append(&mut self, other: &Extracted) {
        for (line, block) in other.text.lines().zip(&other.blocks) {
            self.paragraph(block.kind, line);
        }
    }

    /// The body so far.
    pub(crate) fn text(&self) -> &str {
        self.body.text()
    }

    /// Puts a title above the body.
    pub(crate) fn title(&mut self, title: &str) {
        let body = std::mem::take(&mut self.body);
        self.body = body.below(BlockKind::Title, title);
    }

    /// A row of a table begins.
    pub(crate) fn open_row(&mut self) {
        if self.rows.len() < MAX_TABLES {
            self.rows.push(Vec::new());
        } else {
            self.deeper += 1;
        }
    }

    /// A cell of the open row begins.
    pub(crate) fn open_cell(&mut self) {
        if self.deeper == 0
            && let Some(row) = self.rows.last_mut()
        {
            row.push(Vec::new());
        }
    }

    /// The open row ends: a line of its own, or a paragraph of the cell around it.
    pub(crate) fn close_row(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let Some(row) = self.rows.pop() else {
            return;
        };
        if !self.rows.is_empty() {
            let cells: Vec<String> = row.into_iter().map(|cell| cell.join(" ")).collect();
            self.paragraph(BlockKind::Row, cells.join(" ").trim());
            return;
        }
        // A row of one cell with several paragraphs is a frame around text, not a table.
        if let [cell] = row.as_slice()
            && cell.len() > 1
        {
            for line in cell {
                self.body.line(BlockKind::Paragraph, line);
            }
            return;
        }
        let cells: Vec<String> = row
            .into_iter()
            .map(|cell| cell.join(" ").replace('\t', " "))
            .collect();
        self.body.line(BlockKind::Row, &cells.join("\t"));
    }

    /// Adds a paragraph of a footnote or endnote.
    pub(crate) fn note(&mut self, text: &str) {
        self.notes.extend(text.split('\n').map(str::to_owned));
    }

    /// Adds a line of a running head or foot, once however many sections repeat it.
    pub(crate) fn furniture(&mut self, text: &str) {
        for line in text.split('\n') {
            if self.known.insert(line.to_owned()) {
                self.furniture.push(line.to_owned());
            }
        }
    }

    /// What was read; an error where no words are in it.
    pub(crate) fn finish(
        mut self,
        format: Format,
        encoding: &'static str,
        warnings: Vec<String>,
    ) -> Result<Extracted, ExtractError> {
        while !self.rows.is_empty() {
            self.close_row();
        }
        for note in &self.notes {
            self.body.line(BlockKind::Paragraph, note);
        }
        for line in &self.furniture {
            self.body.line(BlockKind::Furniture, line);
        }
        if self.body.text().chars().any(char::is_alphanumeric) {
            Ok(self.body.finish(format, encoding, warnings))
        } else {
            Err(ExtractError::NoText)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_rows_and_frames_are_paragraphs() {
        let mut flow = Flow::default();
        flow.open_row();
        flow.open_cell();
        flow.paragraph(BlockKind::Paragraph, "序号");
        flow.open_cell();
        flow.paragraph(BlockKind::Paragraph, "事项");
        flow.open_row();
        flow.open_cell();
        flow.paragraph(BlockKind::Paragraph, "内层");
        flow.close_row();
        flow.close_row();
        flow.open_row();
        flow.open_cell();
        flow.paragraph(BlockKind::Paragraph, "第一段");
        flow.paragraph(BlockKind::Paragraph, "第二段");
        flow.close_row();
        flow.furniture("第1页");
        flow.note("注");
        let read = flow
            .finish(Format::Docx, "UTF-8", Vec::new())
            .expect("text");
        assert_eq!(read.text, "序号\t事项 内层\n第一段\n第二段\n注\n第1页\n");
        assert_eq!(read.blocks[0].kind, BlockKind::Row);
        assert_eq!(read.blocks[4].kind, BlockKind::Furniture);
    }

    #[test]
    fn tables_in_tables_are_bounded() {
        let mut flow = Flow::default();
        for _ in 0..100_000 {
            flow.open_row();
            flow.open_cell();
        }
        flow.paragraph(BlockKind::Paragraph, "深处");
        for _ in 0..100_000 {
            flow.close_row();
        }
        let read = flow.finish(Format::Docx, "UTF-8", Vec::new());
        assert_eq!(read.expect("text").text, "深处\n");
    }
}
