//! Tables and JSON on stdout.

use std::io::{self, Write};

use duibiao_search::Table;
use serde::Serialize;

use crate::terminal::plain;

/// Prints a table on a terminal so wide.
pub(crate) fn table(out: &mut dyn Write, rows: &Table, columns: usize) -> io::Result<()> {
    let cells = rows.rows.iter();
    let cells: Vec<Vec<String>> = cells
        .map(|row| row.iter().map(|cell| plain(cell)).collect())
        .collect();
    grid(out, &rows.headers, &cells, columns)
}

/// Prints cells of several lines, each of them harmless, on a terminal so wide.
pub(crate) fn grid(
    out: &mut dyn Write,
    headers: &[&str],
    rows: &[Vec<String>],
    columns: usize,
) -> io::Result<()> {
    let lines = |cell: &String| {
        let lines: Vec<String> = cell.lines().map(plain).collect();
        lines.join("\n")
    };
    let mut table = comfy_table::Table::new();
    table
        .load_style(comfy_table::presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(comfy_table::ContentArrangement::Dynamic)
        .set_width(columns as u16)
        .set_header(headers.iter().map(|header| plain(header)));
    for row in rows {
        table.add_row(row.iter().map(lines));
    }
    writeln!(out, "{table}")
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
