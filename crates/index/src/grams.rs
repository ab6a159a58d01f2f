//! The exact field's terms: every pair of neighbouring characters, at the position of its first
//! character, and the last character alone.
//!
//! A literal of two or more characters is then a phrase of pairs; a single character is every
//! term that begins with it. Nothing that literally occurs is missed, wherever words are cut.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The name under which the tokenizer is registered.
pub const GRAMS_TOKENIZER: &str = "grams";

/// Cuts comparable text ([`crate::Normal`]) into overlapping pairs.
#[derive(Clone, Default)]
pub(crate) struct GramTokenizer {
    token: Token,
}

pub(crate) struct GramStream<'a> {
    text: &'a str,
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
        let width = first.len_utf8() + rest.next().map_or(0, char::len_utf8);
        self.token.text.clear();
        self.token
            .text
            .push_str(&self.text[self.at..self.at + width]);
        self.token.offset_from = self.at;
        self.token.offset_to = self.at + width;
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

/// The pairs whose phrase is exactly `literal` (comparable text), with their offsets: as few as
/// cover every character. Empty for fewer than two characters.
pub fn grams(literal: &str) -> Vec<(usize, &str)> {
    let starts: Vec<usize> = literal
        .char_indices()
        .map(|(byte, _)| byte)
        .chain([literal.len()])
        .collect();
    let chars = starts.len() - 1;
    let mut pairs: Vec<(usize, &str)> = (0..chars.saturating_sub(1))
        .step_by(2)
        .map(|i| (i, &literal[starts[i]..starts[i + 2]]))
        .collect();
    if chars > 2 && chars % 2 == 1 {
        pairs.push((chars - 2, &literal[starts[chars - 2]..]));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_the_last_character() {
        let mut tokenizer = GramTokenizer::default();
        let mut stream = tokenizer.token_stream("审批a快");
        let mut seen = Vec::new();
        while let Some(token) = stream.next() {
            seen.push((token.position, token.text.clone()));
        }
        let expected = [(0, "审批"), (1, "批a"), (2, "a快"), (3, "快")];
        assert_eq!(seen, expected.map(|(p, t)| (p, t.to_owned())));
    }

    #[test]
    fn a_literal_is_covered_by_few_pairs() {
        assert_eq!(grams("新官不理"), [(0, "新官"), (2, "不理")]);
        assert_eq!(grams("新官不"), [(0, "新官"), (1, "官不")]);
        assert_eq!(grams("新官"), [(0, "新官")]);
        assert!(grams("新").is_empty() && grams("").is_empty());
    }
}
