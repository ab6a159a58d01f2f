//! The cells of a sheet, row by row.
//!
//! Merged cells have their text in the first of them, as in the file. Rows that a filter hides
//! are read: they are data all the same.

use super::formats::Formats;
use crate::ExtractError;
use crate::xml::{Element, Node, walk};

/// Most cells with a value that are read of a workbook.
const MAX_CELLS: usize = 2_000_000;
/// Most empty cells kept between two others: sheets place cells freely.
const MAX_GAP: usize = 64;
/// Most characters that are read of a workbook: every cell may refer to one long string.
const MAX_CHARS: usize = 64 * 1024 * 1024;

/// Reads sheets, counting what they have in common.
pub(super) struct Cells<'b> {
    strings: &'b [String],
    formats: &'b Formats,
    count: usize,
    bytes: usize,
}

/// What a row or cell holds while it is read.
#[derive(Default)]
struct Open {
    row: Vec<String>,
    column: Option<usize>,
    kind: String,
    style: usize,
    value: String,
    reading: bool,
}

impl<'b> Cells<'b> {
    pub(super) fn new(strings: &'b [String], formats: &'b Formats) -> Self {
        Self {
            strings,
            formats,
            count: 0,
            bytes: 0,
        }
    }

    /// Whether there was more than is read.
    pub(super) fn full(&self) -> bool {
        self.count > MAX_CELLS || self.bytes > MAX_CHARS
    }

    /// Gives each row that has text, its cells separated by tabs.
    pub(super) fn sheet(
        &mut self,
        bytes: &[u8],
        emit: &mut dyn FnMut(&str),
    ) -> Result<(), ExtractError> {
        let mut open = Open::default();
        walk(bytes, &mut |node| {
            match node {
                Node::Open(element) => self.open(&element, &mut open),
                Node::Text(piece) if open.reading => open.value.push_str(piece),
                Node::Close("v" | "t") => open.reading = false,
                Node::Close("c") => self.cell(&mut open),
                Node::Close("row") => emit(open.row.join("\t").trim_end()),
                _ => {}
            }
            Ok(())
        })
    }

    fn open(&self, element: &Element<'_>, open: &mut Open) {
        match element.name() {
            "row" => open.row.clear(),
            "c" => {
                open.value.clear();
                open.column = element.attribute("r").and_then(|place| column(&place));
                open.kind = element.attribute("t").unwrap_or_default();
                let style = element.attribute("s").and_then(|s| s.parse().ok());
                open.style = style.unwrap_or(0);
            }
            "v" | "t" => open.reading = true,
            _ => {}
        }
    }

    fn cell(&mut self, open: &mut Open) {
        let value = open.value.as_str();
        if value.is_empty() || self.full() {
            return;
        }
        let shown = match open.kind.as_str() {
            "s" => {
                let index = value.trim().parse::<usize>().ok();
                let string = index.and_then(|index| self.strings.get(index));
                string.cloned().unwrap_or_default()
            }
            "b" => if value == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            "str" | "inlineStr" | "e" | "d" => value.to_owned(),
            _ => self.formats.shown(value, open.style),
        };
        // One line a row, whatever is in its cells.
        let words: Vec<&str> = shown.split(['\n', '\r', '\t']).map(str::trim).collect();
        let shown = words.join(" ").trim().to_owned();
        self.count += 1;
        self.bytes += shown.len();
        if let Some(column) = open.column {
            let gap = column.saturating_sub(open.row.len()).min(MAX_GAP);
            open.row.extend(std::iter::repeat_n(String::new(), gap));
        }
        open.row.push(shown);
    }
}

/// `C7`: 2.
fn column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic).take(3);
    let mut number = 0usize;
    for letter in letters {
        number = number * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1;
    }
    number.checked_sub(1)
}
