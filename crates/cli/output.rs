//! Rows as CSV, Markdown or JSON lines on stdout.

use std::io::{self, Write};

use serde::Serialize;

use crate::terminal::plain;

/// A table whose cells are text.
pub(crate) struct Rows {
    pub(crate) headers: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Rows {
    /// With or without the header line, so that pages of rows can follow one another.
    pub(crate) fn csv(&self, out: &mut dyn Write, with_headers: bool) -> anyhow::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        if with_headers {
            writer.write_record(&self.headers).map_err(as_io)?;
        }
        for row in &self.rows {
            writer
                .write_record(row.iter().map(|cell| harmless(cell)))
                .map_err(as_io)?;
        }
        writer.flush()?;
        Ok(())
    }

    pub(crate) fn markdown(&self, out: &mut dyn Write, with_headers: bool) -> io::Result<()> {
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

    pub(crate) fn table(&self, out: &mut dyn Write, columns: usize) -> io::Result<()> {
        let mut table = comfy_table::Table::new();
        table
            .load_style(comfy_table::presets::UTF8_HORIZONTAL_ONLY)
            .set_content_arrangement(comfy_table::ContentArrangement::Dynamic)
            .set_width(columns as u16)
            .set_header(&self.headers);
        for row in &self.rows {
            table.add_row(row.iter().map(|cell| plain(cell)));
        }
        writeln!(out, "{table}")
    }
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

/// The text without control characters but for line breaks.
fn kept_lines(text: &str) -> String {
    text.split('\n').map(plain).collect::<Vec<_>>().join("\n")
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
            '\n' | '\r' => text.push(' '),
            c => text.push(c),
        }
    }
    text
}

/// One JSON value, readable.
pub(crate) fn json(out: &mut dyn Write, value: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(())
}

/// One JSON value on a line.
pub(crate) fn jsonl(out: &mut dyn Write, value: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_escaped_where_they_are_rendered() {
        let rows = Rows {
            headers: vec!["a"],
            rows: vec![vec!["=1+1".into()], vec!["甲|乙\n<b>".into()]],
        };
        let mut csv = Vec::new();
        rows.csv(&mut csv, true).expect("csv");
        assert!(String::from_utf8_lossy(&csv).contains("'=1+1"));
        let mut markdown = Vec::new();
        rows.markdown(&mut markdown, true).expect("markdown");
        assert!(String::from_utf8_lossy(&markdown).contains("甲\\|乙 &lt;b>"));
    }
}
