//! Word files of the binary generation (Word 97–2003 and WPS; plain text of Word 6 and 95).
//!
//! It reads the text through the piece table and only those properties that change it. It reads
//! no pictures, comments or embedded files, and no encrypted file.

mod bytes;
mod fib;
mod lists;
mod properties;

use std::collections::HashSet;
use std::io::{Cursor, Read};

use bytes::slice;
use encoding_rs::{GB18030, WINDOWS_1252};
use fib::{Fib, Piece, Table};
use lists::List;
use properties::Properties;

use crate::block::BlockKind;
use crate::flow::Flow;
use crate::numbering::Counters;
use crate::symbol::symbol;
use crate::{ExtractError, Extracted, Format, charset, decode};

type File<'b> = cfb::CompoundFile<Cursor<&'b [u8]>>;

/// Most bytes of one stream.
const MAX_STREAM: u64 = crate::MAX_BYTES;

/// Fields within fields.
const MAX_FIELDS: usize = 100;

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes))
        .map_err(|_| ExtractError::Damaged("legacy Office container"))?;
    if let Some(refusal) = refusal(&file) {
        return Err(refusal);
    }
    let stream = read_stream(&mut file, "WordDocument")?;
    let fib = Fib::read(&stream)?;
    if let Some(range) = &fib.old {
        return old(&stream[range.clone()], &fib);
    }
    let table = read_stream(&mut file, fib.table)?;
    let of = |which| fib.table(&table, which).0;
    let pieces = fib::pieces(of(Table::Pieces))?;
    let properties = Properties::read(
        &stream,
        of(Table::Paragraphs),
        of(Table::Characters),
        of(Table::Styles),
    );
    let (definitions, at) = fib.table(&table, Table::Lists);
    let levels = table.get(at + definitions.len()..).unwrap_or(&[]);
    let lists = lists::read(definitions, levels, of(Table::ListOverrides));
    let mut reader = Reader {
        rows_known: properties.know_rows(),
        properties,
        lists,
        flow: Flow::default(),
        counters: Counters::default(),
        begun: HashSet::new(),
        text: String::new(),
        fields: Vec::new(),
        in_row: false,
        new_cell: false,
        cells: 0,
    };
    for (story, range) in stories(&fib) {
        reader.story(story, range, &pieces, &stream);
    }
    reader.flow.finish(Format::Doc, "UTF-16LE", Vec::new())
}

/// Other files of the same container, by their streams.
fn refusal(file: &File<'_>) -> Option<ExtractError> {
    if file.exists("EncryptedPackage") || file.exists("EncryptionInfo") {
        Some(ExtractError::Protected)
    } else if file.exists("WordDocument") {
        None
    } else if file.exists("Workbook") || file.exists("Book") {
        Some(ExtractError::Unsupported("legacy XLS"))
    } else if file.exists("PowerPoint Document") {
        Some(ExtractError::Unsupported("legacy PPT"))
    } else {
        Some(ExtractError::Unsupported("legacy Office file without text"))
    }
}

fn read_stream(file: &mut File<'_>, name: &'static str) -> Result<Vec<u8>, ExtractError> {
    let damaged = |_| ExtractError::Damaged("stream of a Word file");
    let stream = file.open_stream(name).map_err(damaged)?;
    let mut bytes = Vec::new();
    stream
        .take(MAX_STREAM)
        .read_to_end(&mut bytes)
        .map_err(damaged)?;
    Ok(bytes)
}

/// Word 6 and 95: paragraphs in the code page of the language.
fn old(bytes: &[u8], fib: &Fib) -> Result<Extracted, ExtractError> {
    let encoding = charset::of_code_page(match fib.language {
        0x0404 | 0x0c04 => 950,
        0x0804 | 0x1004 => 936,
        _ if charset::is_paired(bytes) => 936,
        _ => 1252,
    });
    let text = encoding.decode_without_bom_handling(bytes).0;
    let mut flow = Flow::default();
    for line in text.split(['\r', '\x07', '\x0b', '\x0c']) {
        let shown: String = line.chars().filter(|&c| c >= ' ' || c == '\t').collect();
        flow.paragraph(BlockKind::Paragraph, &shown);
    }
    flow.finish(Format::Doc, decode::name(encoding), Vec::new())
}

/// The parts of the text that are read, and how.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Story {
    Body,
    Note,
    Furniture,
}

/// Stories in the order they are shown; text boxes come after the text, comments do not.
fn stories(fib: &Fib) -> Vec<(Story, std::ops::Range<u32>)> {
    const KINDS: [Option<Story>; 8] = [
        Some(Story::Body),
        Some(Story::Note),
        Some(Story::Furniture),
        None,
        None,
        Some(Story::Note),
        Some(Story::Body),
        Some(Story::Furniture),
    ];
    let mut begin = 0u32;
    let mut stories = Vec::new();
    for (length, kind) in fib.stories.iter().zip(KINDS) {
        let end = begin.saturating_add(*length);
        stories.extend(kind.map(|kind| (kind, begin..end)));
        begin = end;
    }
    stories
}

struct Reader {
    properties: Properties,
    rows_known: bool,
    lists: Vec<List>,
    flow: Flow,
    counters: Counters,
    begun: HashSet<u16>,
    text: String,
    /// Open fields: whether their result has begun.
    fields: Vec<bool>,
    in_row: bool,
    new_cell: bool,
    /// Cells of the open row.
    cells: usize,
}

impl Reader {
    fn story(
        &mut self,
        story: Story,
        range: std::ops::Range<u32>,
        pieces: &[Piece],
        stream: &[u8],
    ) {
        // Overlapping pieces must not make more text than there are bytes.
        let mut left = stream.len();
        let mut last = 0u32;
        for piece in pieces {
            let from = piece.characters.start.max(range.start);
            let to = piece.characters.end.min(range.end);
            if from >= to {
                continue;
            }
            let width = if piece.narrow { 1 } else { 2 };
            let offset = piece.offset + (from - piece.characters.start) as usize * width;
            let length = ((to - from) as usize * width).min(left);
            let Some(bytes) = slice(stream, offset, length) else {
                continue;
            };
            left -= length;
            for (character, index) in decoded(bytes, piece.narrow) {
                last = (offset + index) as u32;
                self.character(story, character, last);
            }
        }
        self.end_paragraph(story, '\r', last);
        self.end_row();
        self.fields.clear();
    }

    fn character(&mut self, story: Story, character: char, at: u32) {
        match character {
            '\r' | '\x07' | '\x0c' => return self.end_paragraph(story, character, at),
            '\x13' if self.fields.len() < MAX_FIELDS => return self.fields.push(false),
            '\x14' => {
                if let Some(shown) = self.fields.last_mut() {
                    *shown = true;
                }
                return;
            }
            '\x15' => {
                self.fields.pop();
                return;
            }
            _ => {}
        }
        if self.fields.contains(&false) || self.properties.is_hidden(at) {
            return;
        }
        if let Some(code) = self.properties.symbol(at) {
            // The fonts of symbols are Wingdings in nearly every form.
            self.text.extend(symbol("Wingdings", u32::from(code)));
            return;
        }
        match character {
            '\x0b' | '\x0e' => self.text.push('\n'),
            '\x1e' => self.text.push('-'),
            '\t' => self.text.push('\t'),
            '\0'..='\x1f' | '\u{ad}' => {}
            other => self.text.push(other),
        }
    }

    fn end_paragraph(&mut self, story: Story, mark: char, at: u32) {
        let text = std::mem::take(&mut self.text);
        // An instruction that never ends must not swallow the rest of the document.
        self.fields.fill(true);
        match story {
            Story::Note => return self.flow.note(text.trim()),
            Story::Furniture => return self.flow.furniture(text.trim()),
            Story::Body => {}
        }
        let paragraph = self.properties.paragraph(at);
        let row_end = mark == '\x07' && self.ends_row(paragraph.row_end, &text);
        if row_end {
            return self.end_row();
        }
        if mark == '\x07' || paragraph.table || paragraph.inner {
            if !self.in_row {
                self.flow.open_row();
                self.in_row = true;
                self.new_cell = true;
                self.cells = 0;
            }
            if self.new_cell {
                self.flow.open_cell();
                self.cells += 1;
            }
            self.new_cell = mark == '\x07';
        } else {
            self.end_row();
        }
        let meaning = self.properties.meaning(&paragraph);
        let kind = match meaning.outline {
            _ if meaning.title => BlockKind::Title,
            Some(outline) => BlockKind::Heading((outline + 1).min(6)),
            None if meaning.list.is_some() => BlockKind::Item,
            None => BlockKind::Paragraph,
        };
        if text.trim().is_empty() {
            return;
        }
        let label = meaning
            .list
            .map(|list| self.label(list, meaning.level))
            .unwrap_or_default();
        if label.is_empty() {
            self.flow.paragraph(kind, &text);
        } else {
            self.flow.paragraph(kind, &(label + text.trim_start()));
        }
    }

    /// Whether a cell mark ends a row: the properties say so; where they are lost, an empty cell
    /// after another is taken for the end.
    fn ends_row(&self, says_so: bool, text: &str) -> bool {
        if self.rows_known {
            says_so
        } else {
            self.in_row && self.new_cell && self.cells > 0 && text.is_empty()
        }
    }

    fn end_row(&mut self) {
        if self.in_row {
            self.flow.close_row();
        }
        self.in_row = false;
    }

    /// The number of the next item of a list.
    fn label(&mut self, number: u16, level: usize) -> String {
        let Some(list) = self.lists.get(usize::from(number) - 1) else {
            return String::new();
        };
        if self.begun.insert(number) {
            for (at, start) in list.starts.iter().enumerate() {
                if let Some(start) = *start {
                    self.counters.restart(list.key, at, start);
                }
            }
        }
        self.counters.next(list.key, level, &list.levels)
    }
}

/// Characters of a piece with the offset of each in its bytes.
fn decoded(bytes: &[u8], narrow: bool) -> Vec<(char, usize)> {
    if !narrow {
        let units = bytes
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        let mut at = 0usize;
        return char::decode_utf16(units)
            .map(|unit| {
                let character = unit.unwrap_or('\u{fffd}');
                let begin = at;
                at += character.len_utf16() * 2;
                (character, begin)
            })
            .collect();
    }
    let gbk = charset::is_paired(bytes);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0usize;
    while at < bytes.len() {
        let length = if gbk && bytes[at] >= 0x81 { 2 } else { 1 };
        let encoding = if length == 2 { GB18030 } else { WINDOWS_1252 };
        let end = (at + length).min(bytes.len());
        let text = encoding.decode_without_bom_handling(&bytes[at..end]).0;
        out.extend(text.chars().map(|c| (c, at)));
        at = end;
    }
    out
}

#[cfg(test)]
mod tests;
