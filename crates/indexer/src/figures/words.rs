//! The characters of one passage, for looking at what stands before and behind a number.
//!
//! Full-width digits and signs are read as half-width ones, one for one, so that positions stay.
//! Every look is bounded: [`NEAR`] characters to the left, as many to the right.

use crate::any_of::AnyOf;

/// How far a figure looks for what it measures and how it is meant.
pub(super) const NEAR: usize = 48;

/// The characters of a passage.
pub(super) struct Words {
    chars: Vec<char>,
}

impl Words {
    pub(super) fn new(text: &str) -> Self {
        // Counting first is quicker than growing.
        let mut chars = vec!['\n'; text.chars().count()];
        for (place, c) in chars.iter_mut().zip(text.chars()) {
            *place = half_width(c);
        }
        Self { chars }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    /// The character at `at`; a line break beyond the end, which ends every word.
    #[inline]
    pub(super) fn at(&self, at: usize) -> char {
        self.chars.get(at).copied().unwrap_or('\n')
    }

    /// The character before `at`; a line break at the beginning.
    #[inline]
    pub(super) fn before(&self, at: usize) -> char {
        at.checked_sub(1).map_or('\n', |at| self.at(at))
    }

    /// Whether `word` stands at `at`.
    #[inline]
    pub(super) fn starts(&self, at: usize, word: &str) -> bool {
        let mut here = self.chars.get(at..).unwrap_or_default().iter();
        word.chars().all(|c| here.next() == Some(&c))
    }

    /// Whether `word` stands right before `at`.
    #[inline]
    pub(super) fn ends(&self, at: usize, word: &str) -> bool {
        let mut before = self.chars[..at.min(self.chars.len())].iter().rev();
        word.chars().rev().all(|c| before.next() == Some(&c))
    }

    /// The longest of `words` at `at`, and where it ends.
    pub(super) fn starts_any<'w>(&self, at: usize, words: &[&'w str]) -> Option<(&'w str, usize)> {
        words
            .iter()
            .filter(|word| self.starts(at, word))
            .map(|word| (*word, at + word.chars().count()))
            .max_by_key(|(_, end)| *end)
    }

    /// The longest of `words` right before `at`, and where it begins.
    pub(super) fn ends_any<'w>(&self, at: usize, words: &[&'w str]) -> Option<(&'w str, usize)> {
        words
            .iter()
            .filter(|word| self.ends(at, word))
            .map(|word| (*word, at - word.chars().count()))
            .min_by_key(|(_, begin)| *begin)
    }

    /// The longest of `words` at `at`, and where it ends.
    pub(super) fn starts_list(&self, at: usize, words: &AnyOf) -> Option<(&'static str, usize)> {
        let words = words.beginning_with(*self.chars.get(at)?);
        words
            .filter(|(_, word)| self.starts(at, word))
            .map(|(_, word)| (word, at + word.chars().count()))
            .max_by_key(|(_, end)| *end)
    }

    /// The longest of `words` right before `at`, and where it begins.
    pub(super) fn ends_list(&self, at: usize, words: &AnyOf) -> Option<(&'static str, usize)> {
        let words = words.ending_with(*self.chars.get(at.checked_sub(1)?)?);
        words
            .filter(|(_, word)| self.ends(at, word))
            .map(|(_, word)| (word, at - word.chars().count()))
            .min_by_key(|(_, begin)| *begin)
    }

    /// Where the first of `words` stands in `begin..end`.
    pub(super) fn find_list(&self, begin: usize, end: usize, words: &AnyOf) -> Option<usize> {
        let end = end.min(self.len());
        let here = self.chars.get(begin..end)?.iter();
        let mut places = (begin..).zip(here);
        let stands = |at: usize, c: char| {
            let mut words = words.beginning_with(c);
            words.any(|(_, word)| self.starts(at, word) && at + word.chars().count() <= end)
        };
        places.find(|(at, c)| stands(*at, **c)).map(|(at, _)| at)
    }

    /// Whether one of `words` stands somewhere in `begin..end`.
    pub(super) fn has_list(&self, begin: usize, end: usize, words: &AnyOf) -> bool {
        self.find_list(begin, end, words).is_some()
    }

    /// The characters of `begin..end`, as far as they exist.
    pub(super) fn slice(&self, begin: usize, end: usize) -> &[char] {
        let end = end.min(self.chars.len());
        self.chars.get(begin.min(end)..end).unwrap_or_default()
    }

    /// Whether `word` stands somewhere in `begin..end`.
    pub(super) fn has(&self, begin: usize, end: usize, word: &str) -> bool {
        self.find(begin, end, word).is_some()
    }

    /// Whether one of `words` stands somewhere in `begin..end`.
    pub(super) fn has_any(&self, begin: usize, end: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.has(begin, end, word))
    }

    /// Where `word` stands first in `begin..end`.
    pub(super) fn find(&self, begin: usize, end: usize, word: &str) -> Option<usize> {
        let length = word.chars().count();
        let last = (end.min(self.len()) + 1).checked_sub(length)?;
        let first = word.chars().next()?;
        let mut places = (begin..).zip(self.chars.get(begin..last)?);
        places
            .find(|(at, c)| **c == first && self.starts(*at, word))
            .map(|(at, _)| at)
    }

    /// `at` moved over spaces, not over line breaks.
    pub(super) fn skip_spaces(&self, mut at: usize) -> usize {
        while is_space(self.at(at)) {
            at += 1;
        }
        at
    }

    /// `at` moved back over spaces, not over line breaks.
    pub(super) fn skip_spaces_back(&self, mut at: usize) -> usize {
        while at > 0 && is_space(self.before(at)) {
            at -= 1;
        }
        at
    }

    /// Where the clause of `at` begins, but not before `floor`.
    pub(super) fn clause_begin(&self, at: usize, floor: usize) -> usize {
        let floor = floor.max(at.saturating_sub(NEAR));
        (floor..at)
            .rev()
            .find(|&i| ends_clause(self.at(i)))
            .map_or(floor, |i| i + 1)
    }

    /// Where the clause of `at` ends, but not behind `ceiling`.
    pub(super) fn clause_end(&self, at: usize, ceiling: usize) -> usize {
        let ceiling = ceiling.min(at + NEAR).min(self.len());
        (at..ceiling)
            .find(|&i| ends_clause(self.at(i)))
            .unwrap_or(ceiling)
    }
}

/// Signs and digits of full width as those of half width; the comma stays, for it ends a clause.
#[inline]
fn half_width(c: char) -> char {
    // Most characters, and none of those below.
    if ('\u{301d}'..='\u{fe68}').contains(&c) {
        return c;
    }
    match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        '％' | '﹪' => '%',
        '．' => '.',
        '－' => '-',
        '～' | '〜' => '~',
        '（' => '(',
        '）' => ')',
        '：' => ':',
        '；' => ';',
        '　' | '\u{a0}' => ' ',
        other => other,
    }
}

/// Characters without those at both ends that satisfy `is_out`.
pub(super) fn trimmed(chars: &[char], is_out: impl Fn(char) -> bool) -> &[char] {
    let kept = chars.iter().position(|c| !is_out(*c));
    let rest = &chars[kept.unwrap_or(chars.len())..];
    let end = rest.iter().rposition(|c| !is_out(*c));
    &rest[..end.map_or(0, |last| last + 1)]
}

fn is_space(c: char) -> bool {
    c == ' ' || c == '\t'
}

/// Whether a character ends a sentence.
#[inline]
pub(super) fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | ';' | '\n')
}

/// Whether a character ends a clause.
#[inline]
pub(super) fn ends_clause(c: char) -> bool {
    ends_sentence(c)
        || matches!(
            c,
            '，' | ',' | ':' | '(' | ')' | '“' | '”' | '"' | '—' | '…' | '【' | '】'
        )
}
