//! Many words found in one pass over a text: leftmost, then longest.
//!
//! Built on first use, because not every command looks for words in running text.

use std::ops::Range;
use std::sync::OnceLock;

use crate::finder::Finder;

/// A fixed list of distinct words; matches carry the word's number.
#[derive(Debug, Default)]
pub(crate) struct Matcher(OnceLock<Finder>);

impl Matcher {
    /// Words of `text`; `words` gives the list with its numbers when it is needed first.
    pub(crate) fn find<'a, W, I>(
        &'a self,
        text: &'a str,
        words: W,
    ) -> impl Iterator<Item = (Range<usize>, u32)> + use<'a, W, I>
    where
        W: FnOnce() -> I,
        I: Iterator<Item = (&'a str, u32)>,
    {
        self.0.get_or_init(|| Finder::new(words())).longest(text)
    }
}
