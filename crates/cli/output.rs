//! Tables and JSON on stdout.

use std::io::{self, Write};

use duibiao_search::Table;
use serde::Serialize;

use crate::terminal::plain;

/// Prints a table on a terminal so wide.
pub(crate) fn table(out: &mut dyn Write, rows: &Table, columns: usize) -> io::Result<()> {
    let mut table = comfy_table::Table::new();
    table
        .load_style(comfy_table::presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(comfy_table::ContentArrangement::Dynamic)
        .set_width(columns as u16)
        .set_header(&rows.headers);
    for row in &rows.rows {
        table.add_row(row.iter().map(|cell| plain(cell)));
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
