//! Paragraph and character properties of a binary Word file, as far as they change the text: its
//! tables, headings, lists, and what is hidden or deleted.
//!
//! Names of codes are those of [MS-DOC]; all others are stepped over.

use std::ops::Range;

use super::bytes::{plc, slice, u8_at, u16_at, u32_at};

/// Properties stand in pages of this size.
const PAGE: usize = 512;
/// Styles that are based on each other more often than this are a loop.
const MAX_BASED: usize = 20;
/// `sti` of Word's own style for titles.
const TITLE: u16 = 62;

/// What is known of a paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Paragraph {
    style: u16,
    /// In a table.
    pub(super) table: bool,
    /// The end of a row.
    pub(super) row_end: bool,
    /// In a table within a table.
    pub(super) inner: bool,
    outline: Option<u8>,
    list: Option<u16>,
    level: Option<u8>,
}

/// What a paragraph is, with what its style says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Meaning {
    /// Word's own style for titles.
    pub(super) title: bool,
    /// Outline level, 0–8.
    pub(super) outline: Option<u8>,
    /// Instance number of the list, from 1.
    pub(super) list: Option<u16>,
    /// Level in the list.
    pub(super) level: usize,
}

impl Paragraph {
    fn apply(&mut self, properties: &[u8]) {
        for (code, operand) in changes(properties) {
            let on = operand.first().is_some_and(|&b| b != 0);
            match code {
                0x2416 => self.table = on,
                0x2417 => self.row_end = on,
                0x244b | 0x244c => self.inner = on,
                0x2640 => self.outline = operand.first().copied(),
                0x260a => self.level = operand.first().copied(),
                0x460b => self.list = u16_at(operand, 0),
                0x4600 => self.style = u16_at(operand, 0).unwrap_or(0),
                _ => {}
            }
        }
    }
}

/// Properties by the place of the text in the stream.
#[derive(Debug, Default)]
pub(super) struct Properties {
    paragraphs: Vec<(Range<u32>, Paragraph)>,
    hidden: Vec<Range<u32>>,
    symbols: Vec<(Range<u32>, u16)>,
    styles: Vec<Style>,
}

#[derive(Debug, Default, Clone)]
struct Style {
    own: u16,
    base: u16,
    paragraph: Paragraph,
}

impl Properties {
    /// Reads the pages that the tables name, and the styles.
    pub(super) fn read(stream: &[u8], paragraphs: &[u8], characters: &[u8], styles: &[u8]) -> Self {
        let mut out = Self {
            styles: read_styles(styles).unwrap_or_default(),
            ..Self::default()
        };
        for page in pages(stream, paragraphs) {
            out.paragraph_page(page);
        }
        for page in pages(stream, characters) {
            out.character_page(page);
        }
        out.paragraphs.sort_by_key(|(range, _)| range.start);
        out.hidden.sort_by_key(|range| range.start);
        out.symbols.sort_by_key(|(range, _)| range.start);
        out
    }

    /// The paragraph whose end mark stands at an offset.
    pub(super) fn paragraph(&self, at: u32) -> Paragraph {
        find(&self.paragraphs, at, |(range, _)| range)
            .map(|(_, paragraph)| paragraph.clone())
            .unwrap_or_default()
    }

    /// Whether any paragraph says where a row ends.
    pub(super) fn know_rows(&self) -> bool {
        self.paragraphs
            .iter()
            .any(|(_, paragraph)| paragraph.row_end)
    }

    /// Whether the character at an offset is hidden or deleted.
    pub(super) fn is_hidden(&self, at: u32) -> bool {
        find(&self.hidden, at, |range| range).is_some()
    }

    /// The character of a symbol font drawn at an offset.
    pub(super) fn symbol(&self, at: u32) -> Option<u16> {
        find(&self.symbols, at, |(range, _)| range).map(|(_, code)| *code)
    }

    /// What a paragraph is with all its styles.
    pub(super) fn meaning(&self, paragraph: &Paragraph) -> Meaning {
        let mut meaning = Meaning {
            title: false,
            outline: paragraph.outline,
            list: paragraph.list,
            level: paragraph.level.map_or(0, usize::from),
        };
        let mut at = paragraph.style;
        for step in 0..MAX_BASED {
            let Some(style) = self.styles.get(usize::from(at)) else {
                break;
            };
            meaning.title |= step == 0 && style.own == TITLE;
            let heading = (1..=9).contains(&style.own).then(|| style.own as u8 - 1);
            let outline = style.paragraph.outline.or(heading);
            meaning.outline = meaning.outline.or(outline);
            if meaning.list.is_none() && style.paragraph.list.is_some() {
                meaning.list = style.paragraph.list;
                if paragraph.level.is_none() {
                    meaning.level = style.paragraph.level.map_or(0, usize::from);
                }
            }
            at = style.base;
        }
        meaning.outline = meaning.outline.filter(|&level| level < 9);
        // 0 takes a paragraph out of its style's list; large numbers are no instances.
        meaning.list = meaning.list.filter(|list| (1..0x7ff).contains(list));
        meaning
    }

    fn paragraph_page(&mut self, page: &[u8]) {
        let count = usize::from(page[PAGE - 1]);
        for index in 0..count {
            let read = || {
                let range = u32_at(page, index * 4)?..u32_at(page, index * 4 + 4)?;
                let at = usize::from(u8_at(page, (count + 1) * 4 + index * 13)?) * 2;
                // Without an offset all is as the first style has it.
                if at == 0 {
                    return Some((range, Paragraph::default()));
                }
                let words = usize::from(u8_at(page, at)?);
                let (from, length) = if words == 0 {
                    (at + 2, usize::from(u8_at(page, at + 1)?) * 2)
                } else {
                    (at + 1, words * 2 - 1)
                };
                let bytes = page.get(from..(from + length).min(PAGE - 1))?;
                let mut paragraph = Paragraph {
                    style: u16_at(bytes, 0)?,
                    ..Paragraph::default()
                };
                paragraph.apply(bytes.get(2..)?);
                Some((range, paragraph))
            };
            self.paragraphs.extend(read());
        }
    }

    fn character_page(&mut self, page: &[u8]) {
        let count = usize::from(page[PAGE - 1]);
        for index in 0..count {
            let read = || {
                let range = u32_at(page, index * 4)?..u32_at(page, index * 4 + 4)?;
                let at = usize::from(u8_at(page, (count + 1) * 4 + index)?) * 2;
                if at == 0 {
                    return None;
                }
                let length = usize::from(u8_at(page, at)?);
                Some((range, slice(page, at + 1, length)?))
            };
            let Some((range, properties)) = read() else {
                continue;
            };
            for (code, operand) in changes(properties) {
                match (code, operand.first()) {
                    (0x083c | 0x0800, Some(1)) => self.hidden.push(range.clone()),
                    (0x6a09, _) => {
                        let code = u16_at(operand, 2).unwrap_or(0);
                        self.symbols.push((range.clone(), code));
                    }
                    _ => {}
                }
            }
        }
    }
}

/// The entry whose range holds an offset, in a sorted list.
fn find<T>(entries: &[T], at: u32, range: impl Fn(&T) -> &Range<u32>) -> Option<&T> {
    let after = entries.partition_point(|entry| range(entry).start <= at);
    let entry = entries.get(after.checked_sub(1)?)?;
    range(entry).contains(&at).then_some(entry)
}

/// The pages a table names.
fn pages<'s>(stream: &'s [u8], table: &[u8]) -> Vec<&'s [u8]> {
    let numbers = plc(table, 4).filter_map(|(_, record)| u32_at(record, 0));
    let mut numbers: Vec<u32> = numbers.map(|number| number & 0x003f_ffff).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
        .into_iter()
        .filter_map(|number| slice(stream, number as usize * PAGE, PAGE))
        .collect()
}

/// The changes a list of properties makes: code and operand.
fn changes(properties: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = properties;
    std::iter::from_fn(move || {
        let code = u16_at(rest, 0)?;
        let (skip, length) = match code >> 13 {
            0 | 1 => (2, 1),
            2 | 4 | 5 => (2, 2),
            3 => (2, 4),
            7 => (2, 3),
            // `sprmTDefTable` alone has a length of two bytes, one too many.
            _ if code == 0xd608 => (4, usize::from(u16_at(rest, 2)?).saturating_sub(1)),
            _ => (3, usize::from(u8_at(rest, 2)?)),
        };
        let operand = slice(rest, skip, length)?;
        rest = &rest[skip + length..];
        Some((code, operand))
    })
}

/// The style sheet: for each style its kind, what it is based on, its paragraph properties.
fn read_styles(bytes: &[u8]) -> Option<Vec<Style>> {
    let head = usize::from(u16_at(bytes, 0)?);
    let fixed = usize::from(u16_at(bytes, 4)?);
    let mut at = 2 + head;
    let mut styles = Vec::new();
    while let Some(length) = u16_at(bytes, at) {
        let style = slice(bytes, at + 2, usize::from(length)).and_then(|b| read_style(b, fixed));
        styles.push(style.unwrap_or(Style {
            base: u16::MAX,
            own: u16::MAX,
            ..Style::default()
        }));
        at += 2 + usize::from(length);
    }
    Some(styles)
}

fn read_style(bytes: &[u8], fixed: usize) -> Option<Style> {
    let own = u16_at(bytes, 0)? & 0x0fff;
    let second = u16_at(bytes, 2)?;
    let mut style = Style {
        own,
        base: second >> 4,
        paragraph: Paragraph::default(),
    };
    let is_paragraph = second & 0x000f == 1;
    let name = usize::from(u16_at(bytes, fixed)?);
    let at = fixed + 2 + (name + 1) * 2;
    if let Some(length) = u16_at(bytes, at).filter(|_| is_paragraph)
        && let Some(properties) = slice(bytes, at + 2, usize::from(length))
    {
        style.paragraph.apply(properties.get(2..).unwrap_or(&[]));
    }
    Some(style)
}
