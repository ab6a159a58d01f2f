//! A paper for a report (Word, Office Open XML): a title, what was asked, tables and the list of sources, on
//! landscape A4, in the fonts of official papers.
//!
//! It is packed while it is written, so that it takes the memory of the file and not of its text. Text is
//! escaped here; what is said is decided by whoever writes. It is written with our own zip and no other
//! library: docx-rs keeps everything in memory and brings zip and quick-xml a second time.

mod parts;

use std::io::{self, Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::table::kept_lines;

/// Width of what is printed of a landscape A4 page, in twentieths of a point.
const PAGE_WIDTH: u32 = 14_572;
/// Columns beside the first one that a page has room for: each takes fourteen characters a line.
const MOST_COLUMNS: usize = 5;

/// Rows of so many lines stand on one page; longer ones go on over the next.
const MOST_WHOLE_LINES: u32 = 24;
/// What the edges of a cell take of its width, and a character of its text, in twentieths of a point.
const EDGES: u32 = 170;
const CHARACTER: u32 = 180;

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Title,
    Heading,
    Caption,
    Text,
    Head,
    Cell,
    Strong,
    Small,
    Source,
}

impl Style {
    /// Its name in the file.
    fn id(self) -> &'static str {
        match self {
            Self::Title => "Title",
            Self::Heading => "Heading1",
            Self::Caption => "Caption",
            Self::Text => "Normal",
            Self::Head => "CellHead",
            Self::Cell => "CellText",
            Self::Strong => "CellStrong",
            Self::Small => "CellSmall",
            Self::Source => "Source",
        }
    }
}

/// A line in a cell of a table. Line breaks in it begin paragraphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// As most is.
    Plain(String),
    /// What is seen first, such as the state of a cell.
    Strong(String),
    /// What stands beside it, such as headings, date and number of the source.
    Small(String),
}

/// A cell of a table.
pub type WordCell = Vec<Line>;

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

/// A paper that is being written, from its title to its sources.
pub struct WordPaper {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    /// Widths of the columns of the table that is being written, in twentieths of a point.
    columns: Vec<u32>,
}

impl WordPaper {
    /// A paper with its title and nothing more.
    ///
    /// # Errors
    /// When the title cannot be packed.
    pub fn new(title: &str) -> io::Result<Self> {
        let mut paper = Self {
            zip: ZipWriter::new(Cursor::new(Vec::new())),
            columns: Vec::new(),
        };
        for (name, content) in parts::FIXED {
            paper.part(name)?;
            paper.put(content)?;
        }
        paper.part("docProps/core.xml")?;
        paper.put(parts::PROPERTIES.0)?;
        paper.put(&escaped(title))?;
        paper.put(parts::PROPERTIES.1)?;
        // What is written from here on is the text.
        paper.part("word/document.xml")?;
        paper.put(parts::DOCUMENT.0)?;
        paper.paragraph(Style::Title, title)?;
        Ok(paper)
    }

    /// Adds a paragraph, such as what was asked and when.
    ///
    /// # Errors
    /// When it cannot be packed.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        self.end_table()?;
        self.paragraph(Style::Text, text)
    }

    /// Adds a heading.
    ///
    /// # Errors
    /// When it cannot be packed.
    pub fn heading(&mut self, text: &str) -> io::Result<()> {
        self.end_table()?;
        self.paragraph(Style::Heading, text)
    }

    /// Begins a table, with a caption above it where there is one. `widths` are shares of the page; the line of
    /// headers is repeated on each page. Rows follow, until something else does.
    ///
    /// # Errors
    /// When it cannot be packed.
    pub fn table(&mut self, caption: &str, headers: &[&str], widths: &[u32]) -> io::Result<()> {
        self.end_table()?;
        // Two tables without anything between them are one.
        self.paragraph(Style::Caption, caption)?;
        let all: u32 = widths.iter().sum::<u32>().max(1);
        self.columns = widths
            .iter()
            .map(|width| PAGE_WIDTH * width / all)
            .collect();
        self.put(parts::TABLE)?;
        self.put("<w:tblGrid>")?;
        for width in self.columns.clone() {
            self.put(&format!("<w:gridCol w:w=\"{width}\"/>"))?;
        }
        self.put("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>")?;
        for (header, width) in headers.iter().zip(self.columns.clone()) {
            self.cell(width, true)?;
            self.paragraph(Style::Head, header)?;
            self.put("</w:tc>")?;
        }
        self.put("</w:tr>")
    }

    /// Adds a row to the table that was begun, one cell for each of its columns.
    ///
    /// # Errors
    /// When it cannot be packed, or no table was begun.
    pub fn row(&mut self, cells: &[WordCell]) -> io::Result<()> {
        if self.columns.is_empty() {
            return Err(io::Error::other("there is no table for this row"));
        }
        let lines = cells.iter().zip(&self.columns);
        let lines = lines.map(|(cell, width)| lines_of(cell, *width)).max();
        self.put(match lines {
            Some(lines) if lines > MOST_WHOLE_LINES => "<w:tr>",
            _ => "<w:tr><w:trPr><w:cantSplit/></w:trPr>",
        })?;
        for (number, width) in self.columns.clone().into_iter().enumerate() {
            self.cell(width, false)?;
            let lines = cells.get(number).map(Vec::as_slice).unwrap_or_default();
            for line in lines {
                match line {
                    Line::Plain(text) => self.paragraph(Style::Cell, text)?,
                    Line::Strong(text) => self.paragraph(Style::Strong, text)?,
                    Line::Small(text) => self.paragraph(Style::Small, text)?,
                }
            }
            if lines.is_empty() {
                self.paragraph(Style::Cell, "")?;
            }
            self.put("</w:tc>")?;
        }
        self.put("</w:tr>")
    }

    /// Adds the list of sources, where there are any: numbers, as cells name them, with citations.
    ///
    /// # Errors
    /// When it cannot be packed.
    pub fn sources<'s>(
        &mut self,
        sources: impl IntoIterator<Item = (usize, &'s str)>,
    ) -> io::Result<()> {
        let mut sources = sources.into_iter().peekable();
        if sources.peek().is_some() {
            self.heading("来源")?;
        }
        for (number, citation) in sources {
            self.paragraph(Style::Source, &format!("[{number}] {citation}"))?;
        }
        Ok(())
    }

    /// Writes the file.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.end_table()?;
        self.put(parts::DOCUMENT.1)?;
        let packed = self.zip.finish().map_err(io::Error::other)?;
        out.write_all(&packed.into_inner())?;
        out.flush()
    }

    /// Numbers of columns beside the first one in tables that have room for them, as equal as can be.
    pub fn columns_of_tables(columns: usize) -> Vec<std::ops::Range<usize>> {
        let tables = columns.div_ceil(MOST_COLUMNS).max(1);
        let begin = |table: usize| table * columns / tables;
        (0..tables)
            .map(|table| begin(table)..begin(table + 1))
            .collect()
    }

    fn part(&mut self, name: &str) -> io::Result<()> {
        let options = SimpleFileOptions::default();
        self.zip.start_file(name, options).map_err(io::Error::other)
    }

    fn put(&mut self, xml: &str) -> io::Result<()> {
        self.zip.write_all(xml.as_bytes())
    }

    fn cell(&mut self, width: u32, is_head: bool) -> io::Result<()> {
        let shade = if is_head { parts::SHADE } else { "" };
        self.put(&format!(
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{shade}</w:tcPr>"
        ))
    }

    /// Writes a paragraph for each line that is not empty, or an empty one.
    fn paragraph(&mut self, style: Style, text: &str) -> io::Result<()> {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let first = lines.next().unwrap_or_default();
        for line in [first].into_iter().chain(lines) {
            let (style, line) = (style.id(), escaped(line));
            self.put(&format!(
                "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{line}</w:t></w:r></w:p>"
            ))?;
        }
        Ok(())
    }

    fn end_table(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.columns).is_empty() {
            return Ok(());
        }
        self.put("</w:tbl>")
    }
}

/// Lines that a cell takes, about.
fn lines_of(cell: &WordCell, width: u32) -> u32 {
    let room = (width.saturating_sub(EDGES) / CHARACTER).max(1);
    let paragraphs = cell.iter().flat_map(|line| match line {
        Line::Plain(text) | Line::Strong(text) | Line::Small(text) => text.lines(),
    });
    let paragraphs = paragraphs.filter(|line| !line.trim().is_empty());
    paragraphs
        .map(|line| (line.chars().count() as u32).div_ceil(room))
        .sum()
}

/// Text as XML has it, without what XML 1.0 forbids; what turns the direction of a line is replaced.
fn escaped(text: &str) -> String {
    let is_forbidden =
        |c: char| c.is_control() && c != '\t' || matches!(c, '\u{fffe}' | '\u{ffff}');
    let text: String = text.chars().filter(|c| !is_forbidden(*c)).collect();
    let mut xml = String::with_capacity(text.len());
    for c in kept_lines(&text).chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            c => xml.push(c),
        }
    }
    xml
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn written(paper: WordPaper) -> String {
        let mut bytes = Vec::new();
        paper.finish(&mut bytes).expect("a file");
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let mut part = zip.by_name("word/document.xml").expect("the text");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("it is UTF-8");
        text
    }

    #[test]
    fn text_is_escaped_and_what_xml_forbids_is_left_out() {
        let mut paper = WordPaper::new("<甲>&\u{1}\u{ffff}乙\"").expect("a paper");
        paper.table("", &["列<1>"], &[1]).expect("a table");
        let lines = vec![
            Line::Strong("有".to_owned()),
            "一\r\n\r\n二\u{b}\u{202e}]]>".to_owned().into(),
        ];
        paper.row(&[lines]).expect("a row");
        paper
            .sources([(1, "某局. 通知[Z]. 2020.")])
            .expect("sources");
        let text = written(paper);
        assert!(text.contains(">&lt;甲&gt;&amp;乙&quot;<"), "{text}");
        assert!(text.contains(">列&lt;1&gt;<") && text.contains(">[1] 某局. 通知[Z]. 2020.<"));
        assert!(text.contains(">一<") && text.contains(">二\u{fffd}]]&gt;<"));
        assert_eq!(
            text.matches("<w:tbl>").count(),
            text.matches("</w:tbl>").count()
        );
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
    }

    #[test]
    fn a_table_has_room_for_its_columns() {
        let widths = |columns| -> Vec<usize> {
            let tables = WordPaper::columns_of_tables(columns);
            tables.into_iter().map(|table| table.len()).collect()
        };
        assert_eq!(widths(0), [0]);
        assert_eq!(widths(5), [5]);
        assert_eq!(widths(6), [3, 3]);
        assert_eq!(widths(12), [4, 4, 4]);
        assert_eq!(widths(7), [3, 4]);
    }

    #[test]
    fn a_row_needs_a_table_and_has_a_cell_for_each_column() {
        let mut paper = WordPaper::new("题").expect("a paper");
        assert!(paper.row(&[]).is_err());
        paper.table("表", &["甲", "乙"], &[1, 3]).expect("a table");
        paper.row(&[]).expect("an empty row");
        paper.text("后").expect("a text");
        assert!(paper.row(&[]).is_err());
        let text = written(paper);
        assert_eq!(text.matches("<w:tc>").count(), 4);
        assert!(text.contains("w:w=\"3643\"") && text.contains("w:w=\"10929\""));
    }

    #[test]
    fn only_rows_that_a_page_has_room_for_stand_on_one() {
        let mut paper = WordPaper::new("题").expect("a paper");
        paper.table("表", &["甲"], &[1]).expect("a table");
        let row = |length| vec![vec![Line::Plain("字".repeat(length))]];
        let room = ((PAGE_WIDTH - EDGES) / CHARACTER) as usize;
        for lines in [1, 24, 25, 100] {
            paper.row(&row(room * lines)).expect("a row");
        }
        paper.sources([]).expect("no sources");
        let text = written(paper);
        assert_eq!(text.matches("<w:cantSplit/>").count(), 1 + 2);
        assert!(!text.contains("来源"));
    }
}
