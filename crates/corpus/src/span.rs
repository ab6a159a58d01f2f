//! Positions in a text, counted in Unicode code points, and the map to UTF-8 bytes.

use std::ops::Range;

/// `[begin, end)` in Unicode code points of a document's extracted text.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
pub struct Span {
    /// First code point.
    pub begin: u32,
    /// One past the last code point.
    pub end: u32,
}

impl Span {
    /// A span; `begin` must not lie after `end`.
    pub fn new(begin: u32, end: u32) -> Self {
        debug_assert!(begin <= end, "span {begin}..{end} runs backwards");
        Self { begin, end }
    }

    /// Number of code points.
    pub fn len(self) -> u32 {
        self.end - self.begin
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.begin == self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.begin <= other.begin && other.end <= self.end
    }
}

/// How many code points lie between two remembered byte offsets.
const STRIDE: usize = 64;

/// Converts between byte offsets and code points of one text in near constant time.
///
/// Holds four bytes for every 64 code points, so a map of a large text stays small.
#[derive(Debug, Clone)]
pub struct CharMap {
    /// Byte offset of every 64th code point.
    anchors: Vec<u32>,
    chars: u32,
}

impl CharMap {
    /// Maps `text`, which must be shorter than 4 GiB.
    pub fn new(text: &str) -> Self {
        let mut anchors = Vec::with_capacity(text.len() / (STRIDE * 2) + 1);
        let mut chars = 0usize;
        let (eights, rest) = text.as_bytes().as_chunks::<8>();
        let mut count = |from: usize, bytes: &[u8], begins: usize| {
            if chars + begins > anchors.len() * STRIDE {
                for (byte, _) in (from..).zip(bytes).filter(|(_, byte)| begins_char(**byte)) {
                    if chars.is_multiple_of(STRIDE) {
                        anchors.push(byte as u32);
                    }
                    chars += 1;
                }
            } else {
                chars += begins;
            }
        };
        for (index, eight) in eights.iter().enumerate() {
            count(index * 8, eight, chars_begun(*eight));
        }
        let begins = rest.iter().filter(|byte| begins_char(**byte)).count();
        count(eights.len() * 8, rest, begins);
        Self {
            anchors,
            chars: chars as u32,
        }
    }

    /// Number of code points in the text.
    pub fn chars(&self) -> u32 {
        self.chars
    }

    /// The code point that starts at `byte`, which must be a character boundary of `text`.
    pub fn char_at(&self, text: &str, byte: usize) -> u32 {
        let anchor = self.anchors.partition_point(|&a| a as usize <= byte);
        let Some(index) = anchor.checked_sub(1) else {
            return 0;
        };
        let start = self.anchors[index] as usize;
        (index * STRIDE + text[start..byte].chars().count()) as u32
    }

    /// The byte at which code point `char` starts; the length of the text for the end.
    pub fn byte_at(&self, text: &str, char: u32) -> usize {
        if char >= self.chars {
            return text.len();
        }
        let index = char as usize / STRIDE;
        let start = self.anchors[index] as usize;
        let mut rest = text[start..].chars();
        if let Some(last) = (char as usize % STRIDE).checked_sub(1) {
            rest.nth(last);
        }
        text.len() - rest.as_str().len()
    }

    /// The span of a byte range.
    pub fn span(&self, text: &str, bytes: Range<usize>) -> Span {
        Span::new(
            self.char_at(text, bytes.start),
            self.char_at(text, bytes.end),
        )
    }

    /// The text a span covers.
    pub fn slice<'t>(&self, text: &'t str, span: Span) -> &'t str {
        &text[self.byte_at(text, span.begin)..self.byte_at(text, span.end)]
    }
}

/// Whether a byte of UTF-8 is the first of a character.
fn begins_char(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

/// How many of eight bytes of UTF-8 begin a character, all of them looked at at once.
fn chars_begun(bytes: [u8; 8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let bytes = u64::from_ne_bytes(bytes);
    // A byte goes on with a character where its highest bit is set and the next one is not.
    let begins = (!bytes >> 7 | bytes >> 6) & ONES;
    (begins.wrapping_mul(ONES) >> 56) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn char_map_agrees_with_counting(text in "[a中文。\n𠀀é]{0,300}") {
            let map = CharMap::new(&text);
            prop_assert_eq!(map.chars() as usize, text.chars().count());
            for (count, (byte, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(map.char_at(&text, byte), count as u32);
                prop_assert_eq!(map.byte_at(&text, count as u32), byte);
            }
            prop_assert_eq!(map.char_at(&text, text.len()), map.chars());
            prop_assert_eq!(map.byte_at(&text, map.chars()), text.len());
        }
    }
}
