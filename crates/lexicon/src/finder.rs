//! Many words found in one pass over a text, by their first two characters: where no word begins, which
//! is nearly everywhere, a look at one bit tells so.
//!
//! What a word means is for its caller to say.

use std::ops::Range;
use std::str::Chars;

use rustc_hash::FxHashMap;

/// Pairs of characters are told apart by so many bits: 8 KB, which stay in the nearest cache.
const BITS: usize = 1 << 16;

/// A fixed list of distinct words, each with a number.
#[derive(Default)]
pub struct Finder {
    /// Which pairs of characters a word may begin with.
    pairs: Vec<u64>,
    /// Which characters a word of one character may be, by the last bits of their codes.
    singles: [u64; 8],
    /// The words by their beginnings, as places in `words`.
    beginnings: FxHashMap<Beginning, Range<usize>>,
    /// Of those with one beginning the shortest first.
    words: Vec<(Box<str>, u32)>,
}

/// The first two characters of a word, or its only one.
type Beginning = (char, Option<char>);

impl Finder {
    /// Of words that are not empty.
    pub fn new<'w>(words: impl Iterator<Item = (&'w str, u32)>) -> Self {
        let mut all: Vec<(Beginning, &str, u32)> = words
            .filter_map(|(word, number)| Some((beginning(word)?, word, number)))
            .collect();
        all.sort_unstable_by_key(|(beginning, word, _)| (*beginning, word.len(), *word));
        let mut finder = Self {
            pairs: vec![0; BITS / 64],
            ..Self::default()
        };
        for (place, (beginning, word, number)) in all.into_iter().enumerate() {
            let its = finder.beginnings.entry(beginning);
            its.or_insert(place..place).end = place + 1;
            finder.words.push((word.into(), number));
            match beginning {
                (first, Some(second)) => {
                    let (at, bit) = pair(first, second);
                    finder.pairs[at] |= bit;
                }
                (only, None) => {
                    let (at, bit) = single(only);
                    finder.singles[at] |= bit;
                }
            }
        }
        finder
    }

    /// Words of `text` from its beginning on, at each place the longest, none inside another.
    pub fn longest<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (Range<usize>, u32)> + use<'a> {
        let mut places = Places::of(text);
        std::iter::from_fn(move || {
            loop {
                let (at, first, second) = places.next()?;
                if let Some((end, number)) = self.longest_of(&text[at..], first, second) {
                    places.go_on(at + end);
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
        let here = Places::of(text).filter(|(_, first, second)| self.may_begin(*first, *second));
        here.flat_map(move |(at, first, second)| {
            let only = self.beginning_with((first, None)).iter();
            let more = second.map(|second| self.beginning_with((first, Some(second))));
            let words = only.chain(more.unwrap_or_default());
            let there = words.filter(move |(word, _)| text[at..].starts_with(&**word));
            there.map(move |(word, number)| (at..at + word.len(), *number))
        })
    }

    /// The longest word that `text` begins with: where it ends, and its number.
    pub fn at(&self, text: &str) -> Option<(usize, u32)> {
        let (_, first, second) = Places::of(text).next()?;
        self.longest_of(text, first, second)
    }

    #[inline]
    fn longest_of(&self, text: &str, first: char, second: Option<char>) -> Option<(usize, u32)> {
        if !self.may_begin(first, second) {
            return None;
        }
        let more = second.map(|second| self.beginning_with((first, Some(second))));
        let only = self.beginning_with((first, None));
        let mut words = only.iter().chain(more.unwrap_or_default()).rev();
        let (word, number) = words.find(|(word, _)| text.starts_with(&**word))?;
        Some((word.len(), *number))
    }

    /// Whether a word may begin with these characters; if not, none does.
    #[inline]
    fn may_begin(&self, first: char, second: Option<char>) -> bool {
        let (at, bit) = single(first);
        let (pair_at, pair_bit) = pair(first, second.unwrap_or_default());
        self.singles[at] & bit != 0 || self.pairs.get(pair_at).is_some_and(|b| b & pair_bit != 0)
    }

    fn beginning_with(&self, beginning: Beginning) -> &[(Box<str>, u32)] {
        let its = self.beginnings.get(&beginning).cloned();
        its.and_then(|its| self.words.get(its)).unwrap_or_default()
    }
}

impl std::fmt::Debug for Finder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Finder").field(&self.words.len()).finish()
    }
}

fn beginning(word: &str) -> Option<Beginning> {
    let mut chars = word.chars();
    Some((chars.next()?, chars.next()))
}

/// The bit of a pair of characters.
#[inline]
fn pair(first: char, second: char) -> (usize, u64) {
    let first = (first as u32).wrapping_mul(0x9e37_79b1);
    let second = (second as u32).wrapping_mul(0x85eb_ca6b);
    let hash = ((first ^ second) >> 16) as usize % BITS;
    (hash / 64, 1 << (hash % 64))
}

/// The bit of a character, by the last nine bits of its code.
#[inline]
fn single(c: char) -> (usize, u64) {
    let low = c as usize % 512;
    (low / 64, 1 << (low % 64))
}

/// Every character of a text, where it begins, and the one behind it.
struct Places<'t> {
    text: &'t str,
    chars: Chars<'t>,
    at: usize,
    next: Option<char>,
}

impl<'t> Places<'t> {
    fn of(text: &'t str) -> Self {
        let mut chars = text.chars();
        Self {
            text,
            next: chars.next(),
            chars,
            at: 0,
        }
    }

    /// Goes on at a later byte.
    fn go_on(&mut self, at: usize) {
        self.chars = self.text[at..].chars();
        self.next = self.chars.next();
        self.at = at;
    }
}

impl Iterator for Places<'_> {
    type Item = (usize, char, Option<char>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (at, first) = (self.at, self.next?);
        self.at += first.len_utf8();
        self.next = self.chars.next();
        Some((at, first, self.next))
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
        assert_eq!(Finder::default().at("全市"), None);
    }
}
