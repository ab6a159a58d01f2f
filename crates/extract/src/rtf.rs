//! Rich Text Format: paragraphs, tables and list numbers, with text in the code page of its
//! font or as Unicode.
//!
//! It reads no pictures, comments, deleted or hidden text.

mod characters;
mod lexer;

use std::collections::HashMap;

use encoding_rs::{Encoding, WINDOWS_1252};
use lexer::{Lexer, Token};

use crate::block::BlockKind;
use crate::flow::Flow;
use crate::{ExtractError, Extracted, Format, charset, decode, docx};

/// Groups nest no deeper than this in any real file.
const MAX_DEPTH: usize = 2_000;

/// Groups whose text is no part of the document. Those marked with `\*` are passed over unless
/// they are known to hold text.
const SKIPPED: &[&str] = &[
    "colortbl",
    "info",
    "pict",
    "objdata",
    "fldinst",
    "shprslt",
    "nonesttables",
    "xe",
    "tc",
    "rxe",
    "sn",
    "sv",
    "filetbl",
    "revtbl",
    "listtable",
    "listoverridetable",
    "annotation",
    "atnid",
    "private",
    "bkmkstart",
    "bkmkend",
    "datafield",
    "themedata",
    "objclass",
];

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    if !bytes.starts_with(b"{\\rtf") {
        return Err(ExtractError::Damaged("head of an RTF file"));
    }
    let mut reader = Reader {
        flow: Flow::default(),
        state: State {
            encoding: None,
            fallback: 1,
            target: Target::Body,
            hidden: false,
        },
        stack: Vec::new(),
        page: WINDOWS_1252,
        default_font: 0,
        fonts: HashMap::new(),
        font: 0,
        styles: HashMap::new(),
        style: (0, None, String::new()),
        paragraph: Paragraph::default(),
        texts: Default::default(),
        pending: Vec::new(),
        surrogate: None,
        to_skip: 0,
        starred: false,
        in_row: false,
        new_cell: false,
    };
    for token in Lexer::new(bytes) {
        reader.token(token)?;
        if reader.stack.is_empty() {
            break;
        }
    }
    reader.finish()
}

/// Where text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Body,
    /// The number of a list item.
    Label,
    Note,
    Furniture,
    Fonts,
    Styles,
    /// Nowhere, and nothing below is read.
    Skipped,
    /// Nowhere, but a group below may hold text.
    Silent,
}

/// What a group inherits and gives back.
#[derive(Debug, Clone)]
struct State {
    /// Of the font, where the font says.
    encoding: Option<&'static Encoding>,
    /// Characters after `\u` that stand for it.
    fallback: usize,
    target: Target,
    hidden: bool,
}

/// What the words say about the paragraph.
#[derive(Debug, Default, Clone, Copy)]
struct Paragraph {
    style: i32,
    outline: Option<u8>,
    table: bool,
}

/// Text being read, for each place it may go to.
#[derive(Default)]
struct Texts {
    body: String,
    label: String,
    note: String,
    furniture: String,
}

struct Reader {
    flow: Flow,
    state: State,
    stack: Vec<State>,
    /// Code page of the file.
    page: &'static Encoding,
    default_font: i32,
    fonts: HashMap<i32, &'static Encoding>,
    /// Font being defined.
    font: i32,
    /// Outline level and name.
    styles: HashMap<i32, (Option<u8>, String)>,
    /// Style being defined.
    style: (i32, Option<u8>, String),
    paragraph: Paragraph,
    texts: Texts,
    /// Bytes not yet decoded.
    pending: Vec<u8>,
    surrogate: Option<u16>,
    to_skip: usize,
    starred: bool,
    in_row: bool,
    new_cell: bool,
}

impl Reader {
    fn token(&mut self, token: Token<'_>) -> Result<(), ExtractError> {
        match token {
            Token::Byte(_) if self.to_skip > 0 => {
                self.to_skip -= 1;
                return Ok(());
            }
            Token::Byte(byte) => {
                self.starred = false;
                self.pending.push(byte);
                return Ok(());
            }
            _ => self.flush(),
        }
        match token {
            Token::Open => {
                if self.stack.len() >= MAX_DEPTH {
                    return Err(ExtractError::TooDeep);
                }
                self.stack.push(self.state.clone());
                self.to_skip = 0;
            }
            Token::Close => self.close(),
            Token::Symbol(b'*') => self.starred = true,
            Token::Symbol(symbol) => match symbol {
                b'~' => self.push('\u{a0}'),
                b'_' => self.push('-'),
                b'\\' | b'{' | b'}' => self.push(char::from(symbol)),
                b'\r' | b'\n' => self.end_paragraph(),
                _ => {}
            },
            Token::Word(word, number) => {
                let starred = std::mem::take(&mut self.starred);
                if self.state.target != Target::Skipped && !self.destination(word, starred) {
                    self.word(word, number);
                }
            }
            Token::Byte(_) => {}
        }
        Ok(())
    }

    fn close(&mut self) {
        self.to_skip = 0;
        let ended = self.state.target;
        if let Some(state) = self.stack.pop() {
            self.state = state;
        }
        match ended {
            Target::Note if self.state.target != Target::Note => {
                self.flow.note(std::mem::take(&mut self.texts.note).trim());
            }
            Target::Furniture if self.state.target != Target::Furniture => {
                let text = std::mem::take(&mut self.texts.furniture);
                self.flow.furniture(text.trim());
            }
            Target::Styles => {
                let (number, outline, name) = std::mem::take(&mut self.style);
                if !name.is_empty() {
                    let name = name.trim().trim_end_matches(';').to_lowercase();
                    self.styles.insert(number, (outline, name));
                }
            }
            _ => {}
        }
    }

    /// Whether a word begins a group of its own kind.
    fn destination(&mut self, word: &str, starred: bool) -> bool {
        let target = match word {
            "fonttbl" => Target::Fonts,
            "stylesheet" => Target::Styles,
            "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl" | "footerr"
            | "footerf" => Target::Furniture,
            "footnote" => Target::Note,
            "listtext" | "pntext" => Target::Label,
            "shpinst" | "upr" | "object" | "shpgrp" => Target::Silent,
            "shptxt" | "ud" | "result" => Target::Body,
            "cs" | "ts" if self.state.target == Target::Styles => Target::Skipped,
            _ if SKIPPED.contains(&word) => Target::Skipped,
            _ if starred => Target::Skipped,
            _ => return false,
        };
        self.state.target = target;
        true
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let on = number != Some(0);
        let value = number.unwrap_or(0);
        match word {
            "ansicpg" => self.page = charset::of_code_page(value.unsigned_abs()),
            "deff" => self.default_font = value,
            "f" if self.state.target == Target::Fonts => self.font = value,
            "f" => self.state.encoding = self.fonts.get(&value).copied(),
            "fcharset" => {
                if let Some(encoding) = charset::of_font_charset(value.unsigned_abs()) {
                    self.fonts.insert(self.font, encoding);
                }
            }
            "cpg" if self.state.target == Target::Fonts => {
                let encoding = charset::of_code_page(value.unsigned_abs());
                self.fonts.insert(self.font, encoding);
            }
            "plain" => {
                self.state.hidden = false;
                self.state.encoding = self.fonts.get(&self.default_font).copied();
            }
            "v" | "deleted" => self.state.hidden = on,
            "uc" => self.state.fallback = value.clamp(0, 8) as usize,
            "u" => self.unicode(value),
            "pard" => self.paragraph = Paragraph::default(),
            "intbl" => self.paragraph.table = true,
            "s" if self.state.target == Target::Styles => self.style.0 = value,
            "s" => self.paragraph.style = value,
            "outlinelevel" => {
                let level = u8::try_from(value).ok().filter(|&level| level < 9);
                if self.state.target == Target::Styles {
                    self.style.1 = level;
                } else {
                    self.paragraph.outline = level;
                }
            }
            "par" | "sect" | "page" | "nestcell" => self.end_paragraph(),
            "cell" => self.end_cell(),
            "row" => self.end_row(),
            _ => self.extend_with(word),
        }
    }

    fn push(&mut self, character: char) {
        if self.state.hidden {
            return;
        }
        match self.state.target {
            Target::Body => self.texts.body.push(character),
            Target::Label => self.texts.label.push(character),
            Target::Note => self.texts.note.push(character),
            Target::Furniture => self.texts.furniture.push(character),
            Target::Styles => self.style.2.push(character),
            Target::Fonts | Target::Skipped | Target::Silent => {}
        }
    }

    fn end_paragraph(&mut self) {
        match self.state.target {
            Target::Body => {}
            Target::Note => return self.texts.note.push('\n'),
            Target::Furniture => return self.texts.furniture.push('\n'),
            _ => return,
        }
        if self.paragraph.table {
            self.open_cell();
        } else {
            self.end_row();
        }
        self.emit();
    }

    fn emit(&mut self) {
        let text = std::mem::take(&mut self.texts.body);
        let label = std::mem::take(&mut self.texts.label);
        let style = self.styles.get(&self.paragraph.style);
        let title = style.is_some_and(|(_, name)| docx::is_title(name));
        let outline = self
            .paragraph
            .outline
            .or(style.and_then(|(level, name)| level.or_else(|| docx::heading_level(name))));
        let kind = match outline {
            _ if title => BlockKind::Title,
            Some(outline) => BlockKind::Heading((outline + 1).min(6)),
            None if !label.is_empty() => BlockKind::Item,
            None => BlockKind::Paragraph,
        };
        let label = label.trim();
        // A bullet is no text.
        if label.chars().any(char::is_alphanumeric) && !text.trim().is_empty() {
            let gap = if label.ends_with(|c: char| c.is_ascii()) {
                " "
            } else {
                ""
            };
            self.flow
                .paragraph(kind, &format!("{label}{gap}{}", text.trim_start()));
        } else {
            self.flow.paragraph(kind, &text);
        }
    }

    fn open_cell(&mut self) {
        if !self.in_row {
            self.flow.open_row();
            self.in_row = true;
            self.new_cell = true;
        }
        if std::mem::take(&mut self.new_cell) {
            self.flow.open_cell();
        }
    }

    fn end_cell(&mut self) {
        if self.state.target != Target::Body {
            return self.end_paragraph();
        }
        self.open_cell();
        self.emit();
        self.new_cell = true;
    }

    fn end_row(&mut self) {
        if self.in_row {
            self.flow.close_row();
        }
        self.in_row = false;
    }

    fn finish(mut self) -> Result<Extracted, ExtractError> {
        self.flush();
        self.state.target = Target::Body;
        self.end_paragraph();
        self.flow.note(self.texts.note.trim());
        self.flow.furniture(self.texts.furniture.trim());
        self.flow
            .finish(Format::Rtf, decode::name(self.page), Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::BlockKind::{Furniture, Heading, Item, Paragraph, Row};
    use crate::fixture;

    #[test]
    fn chinese_text_tables_and_numbers() {
        let read = extract(&fixture("notice.rtf")).expect("rtf");
        let lines: Vec<(&str, _)> = read
            .text
            .lines()
            .zip(read.blocks.iter().map(|b| b.kind))
            .collect();
        assert_eq!(
            lines,
            [
                ("关于规范行政检查的通知", Paragraph),
                ("一、总体要求", Heading(1)),
                ("各单位要严格控制检查频次，不得重复检查。", Paragraph),
                ("（一）减少频次", Item),
                ("See café（附件）", Paragraph),
                ("事项\t时限", Row),
                ("企业开办\t一日", Row),
                ("特此通知。", Paragraph),
                ("内部资料", Furniture),
            ]
        );
    }

    #[test]
    fn a_character_may_be_cut_by_a_line_of_the_source() {
        let text = |source: &[u8]| extract(source).expect("rtf").text;
        assert_eq!(
            text(b"{\\rtf1\\ansicpg936 \\'d6\n\\'d0\\'b9\\'fa}"),
            "中国\n"
        );
        assert_eq!(
            text(b"{\\rtf1\\uc2\\u20013\\'d6\\'d0\\u22269 ab!}"),
            "中国!\n"
        );
    }

    #[test]
    fn bad_files_have_a_reason() {
        assert!(extract(b"{\\rt").is_err());
        assert_eq!(extract(b"{\\rtf1}"), Err(ExtractError::NoText));
        let deep = b"{\\rtf1".repeat(10_000);
        assert_eq!(extract(&deep), Err(ExtractError::TooDeep));
        let whole = fixture("notice.rtf");
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x15;
            let _ = extract(&flipped);
            let _ = extract(&whole[..at]);
        }
    }
}
