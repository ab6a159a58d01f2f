//! One part of a Word file (the body, notes, a header) as paragraphs and rows.
//!
//! Deleted text, field instructions and hidden text are passed over, as a reader sees none of
//! them. Nothing is inferred from fonts or sizes.

use super::lists::Lists;
use super::styles::Styles;
use crate::ExtractError;
use crate::block::BlockKind;
use crate::numbering::Counters;
use crate::symbol::symbol;
use crate::xml::{Element, Node, walk};

/// Elements whose content no reader sees: removed text, former properties, placeholders.
const SKIPPED: &[&str] = &[
    "del",
    "moveFrom",
    "pPrChange",
    "rPrChange",
    "tblPrChange",
    "trPrChange",
    "tcPrChange",
    "sectPrChange",
    "numberingChange",
    "sectPr",
    "sdtPr",
    "tabs",
    "rt",
    "binData",
];

/// Fields within fields.
const MAX_FIELDS: usize = 100;

/// What a part is made of.
pub(super) enum Piece {
    /// A paragraph with its number in front.
    Paragraph(BlockKind, String),
    /// A row of a table begins.
    OpenRow,
    /// A cell begins.
    OpenCell,
    /// The row ends.
    CloseRow,
    /// Another part stands here; the id of its relationship.
    Chunk(String),
}

/// What the paragraphs of a document share.
pub(super) struct Context {
    /// Paragraph styles.
    pub(super) styles: Styles,
    /// List definitions.
    pub(super) lists: Lists,
    /// How far the lists have counted.
    pub(super) counters: Counters,
    /// List instances that have begun.
    pub(super) begun: std::collections::HashSet<u32>,
}

/// A paragraph being read.
#[derive(Default)]
struct Paragraph {
    text: String,
    style: Option<String>,
    outline: Option<u8>,
    list: Option<u32>,
    level: Option<usize>,
    /// Inside its properties.
    properties: bool,
    /// Its end was deleted: the next paragraph continues it.
    joined: bool,
}

/// A field being read: its instruction, then its result.
#[derive(PartialEq)]
enum Field {
    Instruction,
    Result,
}

struct Walker<'c> {
    context: &'c mut Context,
    emit: &'c mut dyn FnMut(Piece) -> Result<(), ExtractError>,
    /// Open paragraphs: one in a text box stands in another.
    paragraphs: Vec<Paragraph>,
    fields: Vec<Field>,
    /// Whether a choice has been taken, for every open alternative.
    alternatives: Vec<bool>,
    /// Open elements below one that is passed over.
    skipped: usize,
    in_text: bool,
    hidden: bool,
    /// Text of a paragraph that the next one continues.
    carried: String,
}

/// Reads a part and gives its pieces in order.
pub(super) fn read(
    bytes: &[u8],
    context: &mut Context,
    emit: &mut dyn FnMut(Piece) -> Result<(), ExtractError>,
) -> Result<(), ExtractError> {
    let mut walker = Walker {
        context,
        emit,
        paragraphs: Vec::new(),
        fields: Vec::new(),
        alternatives: Vec::new(),
        skipped: 0,
        in_text: false,
        hidden: false,
        carried: String::new(),
    };
    walk(bytes, &mut |node| match node {
        Node::Open(element) => walker.open(&element),
        Node::Close(name) => walker.close(name),
        Node::Text(text) => {
            if walker.in_text {
                walker.push(text);
            }
            Ok(())
        }
    })?;
    let rest = std::mem::take(&mut walker.carried);
    (walker.emit)(Piece::Paragraph(BlockKind::Paragraph, rest))
}

impl Walker<'_> {
    fn open(&mut self, element: &Element<'_>) -> Result<(), ExtractError> {
        if self.skipped > 0 {
            self.skipped += 1;
            return Ok(());
        }
        let name = element.name();
        let properties = self.paragraphs.last().is_some_and(|p| p.properties);
        if properties {
            self.property(element);
            return Ok(());
        }
        if self.passes_over(element) {
            self.skipped = 1;
            return Ok(());
        }
        match name {
            "p" => {
                let text = std::mem::take(&mut self.carried);
                self.paragraphs.push(Paragraph {
                    text,
                    ..Paragraph::default()
                });
                self.hidden = false;
            }
            "pPr" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.properties = true;
                }
            }
            "r" => self.hidden = false,
            "vanish" => self.hidden = element.is_on(),
            "t" => self.in_text = true,
            "tab" | "ptab" => self.push("\t"),
            "br" | "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            "sym" => self.symbol(element),
            "fldChar" => self.field(element.attribute("fldCharType").as_deref()),
            "tr" => (self.emit)(Piece::OpenRow)?,
            "tc" => (self.emit)(Piece::OpenCell)?,
            "AlternateContent" => self.alternatives.push(false),
            "altChunk" => {
                if let Some(id) = element.attribute("id") {
                    (self.emit)(Piece::Chunk(id))?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether an element is not read, with everything in it. Of alternatives only the first is:
    /// the others say the same for older readers.
    fn passes_over(&mut self, element: &Element<'_>) -> bool {
        match element.name() {
            "Choice" | "Fallback" => match self.alternatives.last_mut() {
                Some(taken) => std::mem::replace(taken, true),
                None => false,
            },
            name => SKIPPED.contains(&name),
        }
    }

    fn close(&mut self, name: &str) -> Result<(), ExtractError> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return Ok(());
        }
        match name {
            "pPr" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.properties = false;
                }
            }
            "t" => self.in_text = false,
            "p" => {
                if let Some(paragraph) = self.paragraphs.pop() {
                    self.finish(paragraph)?;
                }
            }
            "tr" => (self.emit)(Piece::CloseRow)?,
            "AlternateContent" => {
                self.alternatives.pop();
            }
            _ => {}
        }
        Ok(())
    }

    /// What a paragraph says about itself. Its `rPr` is about its end mark.
    fn property(&mut self, element: &Element<'_>) {
        let number = || element.val().and_then(|v| v.parse::<u32>().ok());
        let Some(paragraph) = self.paragraphs.last_mut() else {
            return;
        };
        match element.name() {
            "pStyle" => paragraph.style = element.val(),
            "outlineLvl" => paragraph.outline = number().map(|n| n.min(9) as u8),
            "numId" => paragraph.list = number(),
            "ilvl" => paragraph.level = number().map(|n| n as usize),
            "del" => {
                paragraph.joined = true;
                self.skipped = 1;
            }
            name if SKIPPED.contains(&name) => self.skipped = 1,
            _ => {}
        }
    }

    fn field(&mut self, kind: Option<&str>) {
        match kind {
            Some("begin") if self.fields.len() < MAX_FIELDS => {
                self.fields.push(Field::Instruction);
            }
            Some("separate") => {
                if let Some(field) = self.fields.last_mut() {
                    *field = Field::Result;
                }
            }
            Some("end") => {
                self.fields.pop();
            }
            _ => {}
        }
    }

    fn symbol(&mut self, element: &Element<'_>) {
        let code = element.attribute("char");
        let code = code.and_then(|c| u32::from_str_radix(&c, 16).ok());
        let font = element.attribute("font").unwrap_or_default();
        if let Some(character) = code.and_then(|code| symbol(&font, code)) {
            self.push(character.encode_utf8(&mut [0; 4]));
        }
    }

    fn push(&mut self, text: &str) {
        if self.hidden || self.fields.contains(&Field::Instruction) {
            return;
        }
        if let Some(paragraph) = self.paragraphs.last_mut() {
            let shown = text.chars().filter(|&c| c != '\u{ad}');
            paragraph.text.extend(shown);
        }
    }

    fn finish(&mut self, paragraph: Paragraph) -> Result<(), ExtractError> {
        // An instruction that never ends must not swallow the rest of the document.
        for field in &mut self.fields {
            *field = Field::Result;
        }
        if paragraph.joined {
            self.carried = paragraph.text;
            return Ok(());
        }
        let meaning = self.context.styles.meaning(paragraph.style.as_deref());
        let list = paragraph.list.or(meaning.list).filter(|&list| list != 0);
        let by_style = list.zip(meaning.list_style.as_deref());
        let level = paragraph
            .level
            .or_else(|| by_style.and_then(|(l, s)| self.context.lists.level_of_style(l, s)))
            .or(meaning.level)
            .unwrap_or(0);
        let blank = paragraph.text.trim().is_empty();
        let label = match list {
            Some(list) if !blank => self.label(list, level),
            _ => String::new(),
        };
        let outline = paragraph.outline.or(meaning.outline).filter(|&o| o < 9);
        let kind = match outline {
            _ if meaning.title => BlockKind::Title,
            Some(outline) => BlockKind::Heading((outline + 1).min(6)),
            None if list.is_some() => BlockKind::Item,
            None => BlockKind::Paragraph,
        };
        let text = if label.is_empty() {
            paragraph.text
        } else {
            label + paragraph.text.trim_start()
        };
        (self.emit)(Piece::Paragraph(kind, text))
    }

    /// The number of the next item of a list.
    fn label(&mut self, number: u32, level: usize) -> String {
        let Some(list) = self.context.lists.list(number) else {
            return String::new();
        };
        if self.context.begun.insert(number) {
            for (at, start) in list.starts.iter().enumerate() {
                if let Some(start) = *start {
                    self.context.counters.restart(list.key, at, start);
                }
            }
        }
        self.context.counters.next(list.key, level, &list.levels)
    }
}
