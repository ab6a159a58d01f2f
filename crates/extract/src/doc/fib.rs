//! The head of a binary Word file and its piece table: which bytes are which text.
//!
//! Offsets and names are those of [MS-DOC]. Formatting is another module's matter.

use std::ops::Range;

use super::bytes::{plc, slice, u8_at, u16_at, u32_at};
use crate::ExtractError;

const DAMAGED: ExtractError = ExtractError::Damaged("head of a Word file");

/// `wIdent` of Word 97 and later, and of Word 6 and 95.
const IDENTS: [u16; 2] = [0xa5ec, 0xa5dc];
/// `nFib` of Word 97; lower numbers are Word 6 and 95.
const WORD_97: u16 = 0x00c1;
/// Where the pairs of offset and length begin.
const PAIRS: usize = 0x9a;

/// What the head says.
#[derive(Debug)]
pub(super) struct Fib {
    /// The table stream's name.
    pub(super) table: &'static str,
    /// Language of the file, a Windows language id.
    pub(super) language: u16,
    /// Written by Word 6 or 95: one run of bytes in a code page.
    pub(super) old: Option<Range<usize>>,
    /// Characters of the stories, in order: text, footnotes, headers, macros, comments,
    /// endnotes, text boxes, text boxes of headers.
    pub(super) stories: [u32; 8],
    head: Vec<u8>,
}

/// Pairs of offset and length in the table stream, by their index.
#[derive(Clone, Copy)]
pub(super) enum Table {
    /// Styles.
    Styles = 1,
    /// Pages of character properties.
    Characters = 12,
    /// Pages of paragraph properties.
    Paragraphs = 13,
    /// The piece table.
    Pieces = 33,
    /// List definitions.
    Lists = 73,
    /// List instances.
    ListOverrides = 74,
}

impl Fib {
    /// Reads the head of the stream `WordDocument`.
    pub(super) fn read(stream: &[u8]) -> Result<Self, ExtractError> {
        let ident = u16_at(stream, 0).ok_or(DAMAGED)?;
        if !IDENTS.contains(&ident) {
            return Err(DAMAGED);
        }
        let version = u16_at(stream, 2).ok_or(DAMAGED)?;
        let flags = u16_at(stream, 0x0a).ok_or(DAMAGED)?;
        if flags & 0x0100 != 0 {
            return Err(ExtractError::Protected);
        }
        let mut stories = [0u32; 8];
        let first = if version < WORD_97 { 0x34 } else { 0x4c };
        for (index, length) in stories.iter_mut().enumerate() {
            *length = u32_at(stream, first + 4 * index).ok_or(DAMAGED)?;
        }
        let old = if version < WORD_97 {
            let from = u32_at(stream, 0x18).ok_or(DAMAGED)? as usize;
            let to = u32_at(stream, 0x1c).ok_or(DAMAGED)? as usize;
            // Pieces of a fast save are in no order in these versions.
            if flags & 0x0004 != 0 || from > to || to > stream.len() {
                return Err(ExtractError::Unsupported("fast-saved Word 6 or 95"));
            }
            Some(from..to)
        } else {
            None
        };
        let end = stream.len().min(PAIRS + 8 * 100);
        Ok(Self {
            table: if flags & 0x0200 != 0 {
                "1Table"
            } else {
                "0Table"
            },
            language: u16_at(stream, 6).ok_or(DAMAGED)?,
            old,
            stories,
            head: stream[..end].to_vec(),
        })
    }

    /// The bytes of a table and where it begins; empty where the file has none.
    pub(super) fn table<'t>(&self, stream: &'t [u8], table: Table) -> (&'t [u8], usize) {
        let at = PAIRS + 8 * table as usize;
        let found = || {
            let offset = u32_at(&self.head, at)? as usize;
            let length = u32_at(&self.head, at + 4)? as usize;
            Some((slice(stream, offset, length)?, offset))
        };
        found().unwrap_or((&[], 0))
    }
}

/// A stretch of text: characters in bytes of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Characters of the document.
    pub(super) characters: Range<u32>,
    /// Where its bytes begin in the stream `WordDocument`.
    pub(super) offset: usize,
    /// One byte a character rather than two.
    pub(super) narrow: bool,
}

/// The piece table.
pub(super) fn pieces(table: &[u8]) -> Result<Vec<Piece>, ExtractError> {
    let mut at = 0usize;
    // Property lists come first.
    while u8_at(table, at) == Some(1) {
        let length = u16_at(table, at + 1).ok_or(DAMAGED)?;
        at += 3 + usize::from(length);
    }
    if u8_at(table, at) != Some(2) {
        return Err(DAMAGED);
    }
    let length = u32_at(table, at + 1).ok_or(DAMAGED)? as usize;
    let records = slice(table, at + 5, length).ok_or(DAMAGED)?;
    let mut pieces = Vec::new();
    for (characters, record) in plc(records, 8) {
        let place = u32_at(record, 2).ok_or(DAMAGED)?;
        let narrow = place & 0x4000_0000 != 0;
        let offset = (place & 0x3fff_ffff) as usize;
        if characters.start > characters.end {
            return Err(DAMAGED);
        }
        pieces.push(Piece {
            characters,
            offset: if narrow { offset / 2 } else { offset },
            narrow,
        });
    }
    Ok(pieces)
}
