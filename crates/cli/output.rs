//! Tables and JSON on stdout.

use std::io::{self, Write};

use duibiao_search::{Snippet, Table};
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

/// Characters before what was looked for that are shown where a text is cut in front of it.
const BEFORE: usize = 15;

/// So many characters of a snippet, what was looked for among them, with …… where it is cut.
pub(crate) fn around(snippet: &Snippet, most: usize) -> String {
    let chars: Vec<char> = snippet.text.chars().collect();
    let (begin, end) = snippet
        .ranges
        .first()
        .map_or((0, 0), |range| (range.begin as usize, range.end as usize));
    // From the start where that shows it, else from a little before it.
    let from = if end <= most {
        0
    } else {
        begin
            .saturating_sub(BEFORE)
            .min(chars.len().saturating_sub(most))
    };
    let to = chars.len().min(from + most);
    let cut = |is_cut: bool| if is_cut { "……" } else { "" };
    let text: String = chars[from..to].iter().collect();
    format!(
        "{}{}{}",
        cut(from > 0 || snippet.more_before),
        plain(text.trim()),
        cut(to < chars.len() || snippet.more_after)
    )
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

#[cfg(test)]
mod tests {
    use duibiao_search::{Range, RangeKind};

    use super::*;

    fn snippet(text: &str, begin: u32, end: u32) -> Snippet {
        let kind = RangeKind::Match;
        Snippet {
            text: text.to_owned(),
            more_before: false,
            more_after: false,
            ranges: vec![Range { begin, end, kind }],
        }
    }

    #[test]
    fn a_text_that_is_cut_shows_what_was_looked_for() {
        let text = format!("{}容缺受理{}", "前".repeat(50), "后".repeat(50));
        let shown = around(&snippet(&text, 50, 54), 30);
        assert_eq!(
            shown,
            format!("……{}容缺受理{}……", "前".repeat(15), "后".repeat(11))
        );
        let shown = around(&snippet(&text, 50, 54), 60);
        assert_eq!(shown, format!("{}容缺受理后后后后后后……", "前".repeat(50)));
        assert_eq!(around(&snippet("容缺受理", 0, 4), 30), "容缺受理");
        let shown = around(&snippet(&text, 50, 54), 200);
        assert_eq!(shown, text);
    }
}
