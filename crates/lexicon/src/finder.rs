//! Many words found in one pass over a text, by their first two characters: where no word begins, which
//! is nearly everywhere, a look at one bit tells so.
//!
//! What a word means is for its caller to say.

use std::ops::Range;

use rustc_hash::FxHashMap;

/// So many bits tell the beginnings of words from others, for each of them: one in thirty others looks
/// like one.
const BITS_EACH: usize = 32;

/// A fixed list of distinct words, each with a number.
pub struct Finder {
    /// Which pairs of characters a word may begin with.
    pairs: Bits,
    /// Which characters a word of one character may be; none if there is no such word.
    singles: Option<Bits>,
    /// The words by their beginnings, as places in `words`.
    beginnings: FxHashMap<Beginning, Range<usize>>,
    /// Of those with one beginning the shortest first.
    words: Vec<(Box<str>, u32)>,
}

/// A character by its bytes in UTF-8; none is zero.
type Character = u32;
/// The first two characters of a word; of a word of one character the second is zero.
type Beginning = (Character, Character);

impl Finder {
    /// Of words that are not empty.
    pub fn new<'w>(words: impl Iterator<Item = (&'w str, u32)>) -> Self {
        let mut all: Vec<(Beginning, &str, u32)> = words
            .filter_map(|(word, number)| Some((beginning(word)?, word, number)))
            .collect();
        all.sort_unstable_by_key(|(beginning, word, _)| (*beginning, word.len(), *word));
        let mut finder = Self {
            pairs: Bits::of(all.len()),
            singles: None,
            beginnings: FxHashMap::default(),
            words: Vec::new(),
        };
        for (place, (beginning, word, number)) in all.iter().enumerate() {
            let its = finder.beginnings.entry(*beginning);
            its.or_insert(place..place).end = place + 1;
            finder.words.push(((*word).into(), *number));
            let bits = match beginning.1 {
                0 => finder.singles.get_or_insert_with(|| Bits::of(all.len())),
                _ => &mut finder.pairs,
            };
            bits.add(*beginning);
        }
        finder
    }

    /// Words of `text` from its beginning on, at each place the longest, none inside another.
    pub fn longest<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (Range<usize>, u32)> + use<'a> {
        let mut from = 0;
        std::iter::from_fn(move || {
            loop {
                let (at, beginning, next) = self.candidate(text.as_bytes(), from)?;
                from = next;
                if let Some((end, number)) = self.longest_of(&text[at..], beginning) {
                    from = at + end;
                    return Some((at..at + end, number));
                }
            }
        })
    }

    /// Every word of `text` by where it begins, of those that begin together the shortest first.
    pub fn every<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (Range<usize>, u32)> + use<'a> {
        let mut from = 0;
        let candidates = std::iter::from_fn(move || {
            let (at, beginning, next) = self.candidate(text.as_bytes(), from)?;
            from = next;
            Some((at, beginning))
        });
        candidates.flat_map(move |(at, beginning)| {
            let there = self.beginning_with(beginning);
            let there = there.filter(move |(word, _)| text[at..].starts_with(&**word));
            there.map(move |(word, number)| (at..at + word.len(), *number))
        })
    }

    /// The longest word that `text` begins with: where it ends, and its number.
    pub fn at(&self, text: &str) -> Option<(usize, u32)> {
        let beginning = beginning(text)?;
        let may_begin = self.may_begin(beginning.0, beginning.1);
        may_begin
            .then(|| self.longest_of(text, beginning))
            .flatten()
    }

    fn longest_of(&self, text: &str, beginning: Beginning) -> Option<(usize, u32)> {
        let mut words = self.beginning_with(beginning).rev();
        let (word, number) = words.find(|(word, _)| text.starts_with(&**word))?;
        Some((word.len(), *number))
    }

    /// The first place from byte `from` on where a word may begin, the characters there, and where the
    /// second of them begins. No word begins at a place in between.
    #[inline]
    fn candidate(&self, bytes: &[u8], from: usize) -> Option<(usize, Beginning, usize)> {
        let mut at = from;
        let (mut first, mut width) = character(bytes, at);
        while width > 0 {
            let next = at + width;
            let (second, next_width) = character(bytes, next);
            if self.may_begin(first, second) {
                return Some((at, (first, second), next));
            }
            (at, first, width) = (next, second, next_width);
        }
        None
    }

    /// Whether a word may begin with these characters; if not, none does.
    #[inline]
    fn may_begin(&self, first: Character, second: Character) -> bool {
        self.pairs.may_have((first, second))
            || self
                .singles
                .as_ref()
                .is_some_and(|singles| singles.may_have((first, 0)))
    }

    /// The words that may stand where these characters do, the shortest first.
    fn beginning_with(
        &self,
        (first, second): Beginning,
    ) -> impl DoubleEndedIterator<Item = &(Box<str>, u32)> {
        let its = |beginning| {
            let its = self.beginnings.get(&beginning).cloned();
            its.and_then(|its| self.words.get(its)).unwrap_or_default()
        };
        let only = if self.singles.is_some() {
            its((first, 0))
        } else {
            &[]
        };
        let more = if second > 0 {
            its((first, second))
        } else {
            &[]
        };
        only.iter().chain(more)
    }
}

impl std::fmt::Debug for Finder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Finder").field(&self.words.len()).finish()
    }
}

fn beginning(word: &str) -> Option<Beginning> {
    let (first, width) = character(word.as_bytes(), 0);
    let (second, _) = character(word.as_bytes(), width);
    (width > 0).then_some((first, second))
}

/// The character at a byte where one begins, and how many bytes it takes; none of either at the end.
#[inline]
fn character(bytes: &[u8], at: usize) -> (Character, usize) {
    const WIDTHS: [u8; 16] = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4];
    let rest = bytes.get(at..).unwrap_or_default();
    let four = match (rest.first_chunk::<4>(), rest) {
        (Some(four), _) => *four,
        (None, [a, b, c]) => [*a, *b, *c, 0],
        (None, [a, b]) => [*a, *b, 0, 0],
        (None, [a]) => [*a, 0, 0, 0],
        (None, _) => return (0, 0),
    };
    let width = WIDTHS[usize::from(four[0] >> 4)];
    let others = 32 - 8 * u32::from(width);
    (
        u32::from_le_bytes(four) << others >> others,
        usize::from(width),
    )
}

/// A set of beginnings that may take others for its own.
struct Bits(Vec<u64>);

impl Bits {
    /// For so many beginnings.
    fn of(beginnings: usize) -> Self {
        let bits = (beginnings * BITS_EACH).next_power_of_two().max(64);
        Self(vec![0; bits / 64])
    }

    /// The word of the set that has a beginning's bit, and that bit.
    #[inline]
    fn place(&self, (first, second): Beginning) -> (usize, u64) {
        let both = u64::from(first) << 32 | u64::from(second);
        // The upper bits of a product depend on all of both.
        let hash = (both.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize;
        ((hash / 64) & (self.0.len() - 1), 1 << (hash % 64))
    }

    fn add(&mut self, beginning: Beginning) {
        let (at, bit) = self.place(beginning);
        self.0[at] |= bit;
    }

    #[inline]
    fn may_have(&self, beginning: Beginning) -> bool {
        let (at, bit) = self.place(beginning);
        self.0[at] & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WORDS: &[&str] = &[
        "市",
        "市区",
        "全市",
        "区域",
        "a1",
        "é",
        "市区市",
        "𠀀市",
        "已",
    ];

    fn finder() -> Finder {
        Finder::new(WORDS.iter().copied().zip(0..))
    }

    /// Every word that stands at a byte, the shortest first.
    fn words_at(text: &str, at: usize) -> Vec<(Range<usize>, u32)> {
        let mut found: Vec<_> = (0..)
            .zip(WORDS)
            .filter(|(_, word)| text.is_char_boundary(at) && text[at..].starts_with(**word))
            .map(|(number, word)| (at..at + word.len(), number))
            .collect();
        found.sort_by_key(|(bytes, _)| bytes.end);
        found
    }

    proptest! {
        #[test]
        fn it_finds_what_comparing_all_words_finds(text in "[市区域全a1é𠀀已。]{0,16}") {
            let every: Vec<_> = (0..text.len()).flat_map(|at| words_at(&text, at)).collect();
            let finder = finder();
            prop_assert_eq!(finder.every(&text).collect::<Vec<_>>(), every);
            let mut longest = Vec::new();
            let mut at = 0;
            while at < text.len() {
                let here = words_at(&text, at).pop();
                at = here.as_ref().map_or(at + 1, |(bytes, _)| bytes.end);
                longest.extend(here);
            }
            prop_assert_eq!(finder.longest(&text).collect::<Vec<_>>(), longest);
            let first = words_at(&text, 0).pop().map(|(bytes, number)| (bytes.end, number));
            prop_assert_eq!(finder.at(&text), first);
        }
    }

    #[test]
    fn no_words_are_found_nowhere() {
        let none = Finder::new(std::iter::empty());
        assert_eq!(none.longest("全市").count() + none.every("全市").count(), 0);
        assert_eq!(none.at("全市"), None);
    }
}
