//! Tables to take away: the same cells as CSV, Markdown and a workbook, from the page, the API and
//! the command line.

use std::io::{self, Write};

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

/// More characters do not fit a cell of a workbook.
const MOST_CELL_CHARS: usize = 32_767;
/// Height of a line of text, and of the highest row there may be.
const LINE_POINTS: f64 = 15.0;
const MOST_ROW_POINTS: f64 = 409.0;
/// What a cell that was cut ends with.
const CUT: &str = "……〔单元格放不下，见原文〕";

/// A table whose cells are text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Name of its sheet.
    pub name: String,
    /// The first line.
    pub headers: Vec<&'static str>,
    /// Width of each column in a workbook, in characters.
    pub widths: Vec<u16>,
    /// The cells.
    pub rows: Vec<Vec<String>>,
    /// What one must know to read it; a sheet of its own in a workbook.
    pub notes: Vec<String>,
}

impl Table {
    /// A table of these cells and nothing more.
    pub fn new(headers: Vec<&'static str>, rows: Vec<Vec<String>>) -> Self {
        Self {
            headers,
            rows,
            ..Self::default()
        }
    }

    /// As CSV (RFC 4180). `with_headers`: with the first line, which pages of rows that follow one
    /// another do not repeat.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn csv(&self, out: &mut dyn Write, with_headers: bool) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        if with_headers {
            writer.write_record(&self.headers).map_err(as_io)?;
        }
        for row in &self.rows {
            let cells = row.iter().map(|cell| harmless(cell));
            writer.write_record(cells).map_err(as_io)?;
        }
        writer.flush()
    }

    /// As a table of GitHub's Markdown.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn markdown(&self, out: &mut dyn Write, with_headers: bool) -> io::Result<()> {
        if with_headers {
            writeln!(out, "| {} |", self.headers.join(" | "))?;
            writeln!(out, "|{}", " --- |".repeat(self.headers.len()))?;
        }
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|cell| markdown_cell(cell)).collect();
            writeln!(out, "| {} |", cells.join(" | "))?;
        }
        Ok(())
    }

    /// As a workbook (Office Open XML): the header stays in sight, text wraps, the notes stand on
    /// a second sheet. Every cell is text, so nothing is run as a formula.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn xlsx(&self, out: &mut dyn Write) -> io::Result<()> {
        let bytes = self.workbook().map_err(io::Error::other)?;
        out.write_all(&bytes)
    }

    /// Height in points of a row whose cells wrap. Programs disagree about fitting it by themselves.
    fn height(&self, cells: &[String]) -> f64 {
        let lines = cells.iter().zip(&self.widths).map(|(cell, width)| {
            let columns = |line: &str| -> usize {
                line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
            };
            let of_line = |line: &str| columns(line).div_ceil(usize::from(*width).max(1)).max(1);
            cell.split('\n').map(of_line).sum::<usize>()
        });
        let lines = lines.max().unwrap_or(1);
        (lines as f64 * LINE_POINTS).min(MOST_ROW_POINTS)
    }

    fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
            .set_background_color("#E7ECF2")
            .set_border(FormatBorder::Thin);
        let cell = Format::new()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Thin);
        let sheet = workbook.add_worksheet();
        sheet.set_name(&self.name)?;
        for (column, header) in self.headers.iter().enumerate() {
            sheet.write_string_with_format(0, column as u16, *header, &head)?;
        }
        for (column, width) in self.widths.iter().enumerate() {
            sheet.set_column_width(column as u16, f64::from(*width))?;
        }
        for (row, cells) in (1u32..).zip(&self.rows) {
            sheet.set_row_height(row, self.height(cells))?;
            for (column, text) in (0u16..).zip(cells) {
                sheet.write_string_with_format(row, column, fitting(text), &cell)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        if let Some(last) = (self.headers.len() as u16).checked_sub(1) {
            sheet.autofilter(0, 0, self.rows.len() as u32, last)?;
        }
        sheet.set_landscape().set_paper_size(9);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        if !self.notes.is_empty() {
            let notes = workbook.add_worksheet();
            notes.set_name("说明")?;
            notes.set_column_width(0, 90.0)?;
            for (row, note) in (0u32..).zip(&self.notes) {
                notes.write_string_with_format(row, 0, note, &cell)?;
            }
        }
        workbook.save_to_buffer()
    }
}

/// A text as long as a cell may be, and without what XML does not allow.
fn fitting(text: &str) -> String {
    let text = kept_lines(text);
    if text.encode_utf16().count() <= MOST_CELL_CHARS {
        return text;
    }
    let mut left = MOST_CELL_CHARS - CUT.encode_utf16().count();
    let fits = |c: &char| {
        let room = left >= c.len_utf16();
        left = left.saturating_sub(c.len_utf16());
        room
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    cut.push_str(CUT);
    cut
}

/// A closed pipe must be seen as one.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A cell that a spreadsheet would run as a formula gets an apostrophe, as OWASP advises.
fn harmless(cell: &str) -> String {
    let text = kept_lines(cell);
    if text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text
    }
}

/// The text with its line breaks, and a replacement character for what steers a terminal or turns
/// the direction of a line.
fn kept_lines(text: &str) -> String {
    let kept = |c: char| match c {
        '\n' => '\n',
        '\t' => ' ',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.replace("\r\n", "\n").chars().map(kept).collect()
}

fn markdown_cell(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    for c in kept_lines(cell).chars() {
        match c {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' => {
                text.push('\\');
                text.push(c);
            }
            '<' => text.push_str("&lt;"),
            '\n' => text.push(' '),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cells: &[&str]) -> Table {
        Table {
            name: "表".into(),
            headers: vec!["a"],
            widths: vec![10],
            rows: cells.iter().map(|cell| vec![(*cell).to_owned()]).collect(),
            notes: vec!["注".into()],
        }
    }

    #[test]
    fn cells_are_escaped_where_they_are_rendered() {
        let table = table(&["=1+1", "甲|乙\n<b>\u{1b}[1m"]);
        let mut csv = Vec::new();
        table.csv(&mut csv, true).expect("csv");
        assert_eq!(
            String::from_utf8_lossy(&csv),
            "a\n'=1+1\n\"甲|乙\n<b>\u{fffd}[1m\"\n"
        );
        let mut markdown = Vec::new();
        table.markdown(&mut markdown, false).expect("markdown");
        assert!(String::from_utf8_lossy(&markdown).contains("甲\\|乙 &lt;b>"));
    }

    #[test]
    fn a_workbook_takes_cells_of_any_length() {
        let long = "字".repeat(40_000);
        let mut bytes = Vec::new();
        table(&[&long, "=1+1", "\u{1}"])
            .xlsx(&mut bytes)
            .expect("a workbook");
        assert!(bytes.starts_with(b"PK"));
        let cut = fitting(&long);
        assert!(cut.ends_with(CUT) && cut.encode_utf16().count() == MOST_CELL_CHARS);
    }
}
