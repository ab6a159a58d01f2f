//! Lists of words that are looked for at a place of a text, prepared once: a place where none of them
//! begins or ends costs one look at its character, whatever the length of the list.
//!
//! For lists of some dozens; where a whole text is searched for them, an automaton is quicker. What a
//! word means is for its caller to say.

/// A list of words.
pub(crate) struct AnyOf {
    words: Vec<&'static str>,
    by_first: Index,
    by_last: Index,
}

/// Characters, of which nearly all others are told apart at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filter([u64; 8]);

impl Filter {
    /// Of these characters.
    pub(crate) const fn of(chars: &[char]) -> Self {
        let mut filter = Self([0; 8]);
        let mut at = 0;
        while at < chars.len() {
            let (word, bit) = Self::bit(chars[at]);
            filter.0[word] |= bit;
            at += 1;
        }
        filter
    }

    /// By the last nine bits of its code.
    #[inline]
    const fn bit(c: char) -> (usize, u64) {
        let low = c as usize % 512;
        (low / 64, 1 << (low % 64))
    }

    /// Whether a character may be one of them; if not, it is none.
    #[inline]
    pub(crate) const fn may_have(&self, c: char) -> bool {
        let (word, bit) = Self::bit(c);
        self.0[word] & bit != 0
    }
}

/// The words of a list by one of their characters.
struct Index {
    chars: Filter,
    /// Sorted; the second is the place of the word in the list.
    words: Vec<(char, usize)>,
}

impl Index {
    fn new(chars: impl Iterator<Item = char>) -> Self {
        let mut words: Vec<(char, usize)> = chars.zip(0..).collect();
        words.sort_unstable();
        let chars: Vec<char> = words.iter().map(|(c, _)| *c).collect();
        Self {
            chars: Filter::of(&chars),
            words,
        }
    }

    /// Places in the list, in order.
    #[inline]
    fn with(&self, c: char) -> &[(char, usize)] {
        if !self.chars.may_have(c) {
            return &[];
        }
        let from = self.words.partition_point(|(other, _)| *other < c);
        let same = self.words[from..]
            .iter()
            .take_while(|(other, _)| *other == c);
        &self.words[from..from + same.count()]
    }
}

impl AnyOf {
    /// Of words that have a character each.
    pub(crate) fn new(words: &[&'static str]) -> Self {
        Self {
            words: words.to_vec(),
            by_first: Index::new(words.iter().filter_map(|word| word.chars().next())),
            by_last: Index::new(words.iter().filter_map(|word| word.chars().next_back())),
        }
    }

    /// Of the words of a text, with white space between them.
    pub(crate) fn split(words: &'static str) -> Self {
        Self::new(&words.split_whitespace().collect::<Vec<_>>())
    }

    /// The words that begin with a character, with their places in the list, in order.
    #[inline]
    pub(crate) fn beginning_with(
        &self,
        c: char,
    ) -> impl Iterator<Item = (usize, &'static str)> + '_ {
        let words = self.by_first.with(c).iter();
        words.map(|(_, place)| (*place, self.words[*place]))
    }

    /// The words that end with a character, with their places in the list, in order.
    #[inline]
    pub(crate) fn ending_with(&self, c: char) -> impl Iterator<Item = (usize, &'static str)> + '_ {
        let words = self.by_last.with(c).iter();
        words.map(|(_, place)| (*place, self.words[*place]))
    }

    /// Whether one of them is this word.
    pub(crate) fn has(&self, word: &str) -> bool {
        let first = word.chars().next();
        first.is_some_and(|c| self.beginning_with(c).any(|(_, other)| other == word))
    }

    /// Whether `text` begins with one of them.
    pub(crate) fn begins(&self, text: &str) -> bool {
        self.longest_at(text).is_some()
    }

    /// The longest one that `text` begins with.
    pub(crate) fn longest_at(&self, text: &str) -> Option<&'static str> {
        let words = self.beginning_with(text.chars().next()?);
        let fitting = words
            .map(|(_, word)| word)
            .filter(|word| text.starts_with(word));
        fitting.max_by_key(|word| word.len())
    }

    /// Whether `text` ends with one of them.
    pub(crate) fn ends(&self, text: &str) -> bool {
        self.longest_before(text).is_some()
    }

    /// The longest one that `text` ends with.
    pub(crate) fn longest_before(&self, text: &str) -> Option<&'static str> {
        let words = self.ending_with(text.chars().next_back()?);
        let fitting = words
            .map(|(_, word)| word)
            .filter(|word| text.ends_with(word));
        fitting.max_by_key(|word| word.len())
    }

    /// Whether one of them stands somewhere in `text`.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let stands = |(at, c): (usize, char)| {
            let mut words = self.beginning_with(c);
            words.any(|(_, word)| text[at..].starts_with(word))
        };
        text.char_indices().any(stands)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WORDS: &[&str] = &["市", "市区", "全市", "区", "a1", "é", "市区市", "𠀀市"];

    proptest! {
        #[test]
        fn answers_as_comparing_all_words_does(text in "[市区全a1é𠀀。]{0,12}") {
            let list = AnyOf::new(WORDS);
            let words = || WORDS.iter().copied();
            prop_assert_eq!(list.is_in(&text), words().any(|word| text.contains(word)));
            prop_assert_eq!(list.has(&text), words().any(|word| word == text));
            prop_assert_eq!(
                list.longest_at(&text),
                words().filter(|word| text.starts_with(word)).max_by_key(|word| word.len())
            );
            prop_assert_eq!(
                list.longest_before(&text),
                words().filter(|word| text.ends_with(word)).max_by_key(|word| word.len())
            );
            prop_assert_eq!(list.begins(&text), list.longest_at(&text).is_some());
            prop_assert_eq!(list.ends(&text), list.longest_before(&text).is_some());
        }
    }
}
