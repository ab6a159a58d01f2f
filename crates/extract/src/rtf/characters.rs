//! Characters of RTF: words that name them, Unicode, and bytes in the code page of their font.
//!
//! Where they go is the reader's matter.

use encoding_rs::WINDOWS_1252;

use super::Reader;
use crate::charset;

impl Reader {
    /// Words that stand for a character.
    pub(super) fn extend_with(&mut self, word: &str) {
        let character = match word {
            "tab" => '\t',
            "line" => '\n',
            "emdash" => '—',
            "endash" => '–',
            "lquote" => '‘',
            "rquote" => '’',
            "ldblquote" => '“',
            "rdblquote" => '”',
            "bullet" => '•',
            "enspace" | "qmspace" => ' ',
            "emspace" => '\u{3000}',
            _ => return,
        };
        self.push(character);
    }

    /// A UTF-16 unit; negative numbers are units above 32,767.
    pub(super) fn unicode(&mut self, value: i32) {
        self.to_skip = self.state.fallback;
        let unit = (value & 0xffff) as u16;
        let units = match self.surrogate.take() {
            Some(high) => vec![high, unit],
            None if (0xd800..0xdc00).contains(&unit) => {
                self.surrogate = Some(unit);
                return;
            }
            None => vec![unit],
        };
        for character in char::decode_utf16(units) {
            self.push(character.unwrap_or('\u{fffd}'));
        }
    }

    /// Decodes the bytes so far. A Latin font in a Chinese file may have Chinese bytes all the
    /// same, where they come in pairs.
    pub(super) fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        let encoding = match self.state.encoding {
            Some(font) if font == WINDOWS_1252 && self.page != WINDOWS_1252 => {
                if charset::is_paired(&bytes) {
                    self.page
                } else {
                    font
                }
            }
            Some(font) => font,
            None => self.page,
        };
        let text = encoding.decode_without_bom_handling(&bytes).0;
        for character in text.chars() {
            self.push(character);
        }
    }
}
