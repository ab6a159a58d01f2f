//! Many words found in one pass over a text: leftmost, then longest.
//!
//! Built on first use, because not every command looks for words in running text.

use std::ops::Range;
use std::sync::OnceLock;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};

/// The automaton over a fixed list of distinct words; matches carry the word's number.
#[derive(Default)]
pub(crate) struct Matcher(OnceLock<Option<CharwiseDoubleArrayAhoCorasick<u32>>>);

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
        let automaton = self.0.get_or_init(|| build(words().collect()));
        automaton
            .iter()
            .flat_map(move |a| a.leftmost_find_iter(text))
            .map(|m| (m.start()..m.end(), m.value()))
    }
}

fn build(words: Vec<(&str, u32)>) -> Option<CharwiseDoubleArrayAhoCorasick<u32>> {
    if words.is_empty() {
        return None; // an automaton over no words cannot be built
    }
    let automaton = CharwiseDoubleArrayAhoCorasickBuilder::new()
        .match_kind(MatchKind::LeftmostLongest)
        .build_with_values(words);
    Some(automaton.expect("loading keeps words distinct, non-empty and below the size limit"))
}

impl std::fmt::Debug for Matcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Matcher")
            .field(&self.0.get().is_some())
            .finish()
    }
}
