//! Tables to take away: the same cells as CSV, Markdown and a workbook, from the page, the API and
//! the command line.

use std::io::{self, Write};

use crate::sheet::Sheet;

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

/// What a CSV file begins with.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

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

    /// As a CSV file. Spreadsheets take one without the mark for one in the system's own encoding.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn csv_file(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(BYTE_ORDER_MARK)?;
        self.csv(out, true)
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
    pub fn xlsx(&self, out: &mut (dyn Write + Send)) -> io::Result<()> {
        let mut sheet = Sheet::new(&self.name, &self.headers, &self.widths)?;
        self.rows.iter().try_for_each(|row| sheet.add(row))?;
        sheet.finish(&self.notes, out)
    }
}

/// A closed pipe must be seen as one.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A cell that a spreadsheet would run as a formula gets an apostrophe, as OWASP advises: in the
/// width of Chinese characters too, and behind what such programs leave out in front.
fn harmless(cell: &str) -> String {
    let text = kept_lines(cell);
    let is_left_out = |c: char| c.is_whitespace() || c == '\u{fffd}' || c == '\u{feff}';
    let begin = text.trim_start_matches(is_left_out);
    if begin.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text
    }
}

/// The text with its line breaks, and a replacement character for what steers a terminal or turns
/// the direction of a line.
pub(crate) fn kept_lines(text: &str) -> String {
    let kept = |c: char| match c {
        '\n' => '\n',
        '\t' => ' ',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.replace("\r\n", "\n").chars().map(kept).collect()
}

pub(crate) fn markdown_cell(cell: &str) -> String {
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
        for formula in [
            "=cmd|' /C calc'!A0",
            "\t=1",
            "\r\n+1",
            "＝1",
            " -1",
            "\u{1}@A1",
        ] {
            assert!(harmless(formula).starts_with('\''), "{formula:?}");
        }
        assert_eq!(harmless("审批-提速=快"), "审批-提速=快");
        let mut markdown = Vec::new();
        table.markdown(&mut markdown, false).expect("markdown");
        assert!(String::from_utf8_lossy(&markdown).contains("甲\\|乙 &lt;b>"));
    }
}
