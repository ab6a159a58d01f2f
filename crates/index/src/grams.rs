//! Terms of one or two characters, at the position of their first.
//!
//! Exact fields have pairs: a literal is then a phrase of them, and nothing that literally occurs
//! is missed, wherever words are cut; and a pair in common ranks, as half a word does. Documents
//! have single characters besides, without positions, which only rank: a question in a layman's
//! words shares characters with its answer before it shares words (`benches/relevance.md`).

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// How long the terms of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Grams {
    /// Every character.
    #[default]
    Single,
    /// Every two neighbouring characters, and the last character alone.
    Pairs,
}

impl Grams {
    /// The name under which the tokenizer is registered.
    pub(crate) fn tokenizer(self) -> &'static str {
        match self {
            Self::Single => "characters",
            Self::Pairs => "pairs",
        }
    }
}

/// The pairs whose phrase is exactly `literal` (comparable text), with their offsets: as few as
/// cover every character. Empty for a single character, which is no pair.
pub fn covering_pairs(literal: &str) -> Vec<(usize, &str)> {
    let all: Vec<(usize, &str)> = pairs(literal).enumerate().collect();
    let last = all.len().saturating_sub(1);
    all.into_iter()
        .filter(|(offset, _)| offset % 2 == 0 || *offset == last)
        .collect()
}

/// Every two neighbouring characters of a text.
pub fn pairs(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.char_indices().map(|(byte, _)| byte);
    let ends = starts.clone().skip(2).chain([text.len()]);
    let count = text.chars().count().saturating_sub(1);
    starts
        .zip(ends)
        .take(count)
        .map(|(begin, end)| &text[begin..end])
}

/// Cuts comparable text ([`crate::Normal`]) into the terms of an exact field.
#[derive(Clone, Default)]
pub(crate) struct GramTokenizer {
    pub(crate) grams: Grams,
    token: Token,
}

impl GramTokenizer {
    pub(crate) fn new(grams: Grams) -> Self {
        Self {
            grams,
            token: Token::default(),
        }
    }
}

pub(crate) struct GramStream<'a> {
    text: &'a str,
    grams: Grams,
    at: usize,
    position: usize,
    token: &'a mut Token,
}

impl Tokenizer for GramTokenizer {
    type TokenStream<'a> = GramStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> GramStream<'a> {
        self.token.reset();
        GramStream {
            text,
            grams: self.grams,
            at: 0,
            position: 0,
            token: &mut self.token,
        }
    }
}

impl TokenStream for GramStream<'_> {
    fn advance(&mut self) -> bool {
        let mut rest = self.text[self.at..].chars();
        let Some(first) = rest.next() else {
            return false;
        };
        let second = match self.grams {
            Grams::Single => 0,
            Grams::Pairs => rest.next().map_or(0, char::len_utf8),
        };
        let end = self.at + first.len_utf8() + second;
        self.token.text.clear();
        self.token.text.push_str(&self.text[self.at..end]);
        self.token.offset_from = self.at;
        self.token.offset_to = end;
        self.token.position = self.position;
        self.at += first.len_utf8();
        self.position += 1;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(grams: Grams, text: &str) -> Vec<(usize, String)> {
        let mut tokenizer = GramTokenizer::new(grams);
        let mut stream = tokenizer.token_stream(text);
        let mut seen = Vec::new();
        while let Some(token) = stream.next() {
            seen.push((token.position, token.text.clone()));
        }
        seen
    }

    #[test]
    fn pairs_and_the_last_character() {
        let owned = |expected: &[(usize, &str)]| {
            expected
                .iter()
                .map(|(p, t)| (*p, (*t).to_owned()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            terms(Grams::Pairs, "审批a快"),
            owned(&[(0, "审批"), (1, "批a"), (2, "a快"), (3, "快")])
        );
        assert_eq!(terms(Grams::Single, "审批"), owned(&[(0, "审"), (1, "批")]));
    }

    #[test]
    fn a_literal_is_covered_by_few_pairs() {
        assert_eq!(covering_pairs("新官不理"), [(0, "新官"), (2, "不理")]);
        assert_eq!(covering_pairs("新官不"), [(0, "新官"), (1, "官不")]);
        assert_eq!(covering_pairs("新官"), [(0, "新官")]);
        assert!(covering_pairs("新").is_empty() && covering_pairs("").is_empty());
        assert_eq!(pairs("新a官").collect::<Vec<_>>(), ["新a", "a官"]);
        assert_eq!(pairs("新").count() + pairs("").count(), 0);
    }
}
