//! The exact fields' terms: stretches of one or two characters, at the position of their first.
//!
//! A literal is then a phrase of them, and nothing that literally occurs is missed, wherever
//! words are cut. Passages have pairs, which answer and rank fast; documents have single
//! characters, whose few terms stay in the cache while writing and so cost half as much
//! (`benches/README.md`).

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// How long the terms of an exact field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grams {
    /// Every character.
    #[default]
    Single,
    /// Every two neighbouring characters, and the last character alone.
    Pairs,
}

impl Grams {
    /// The name under which the tokenizer is registered.
    pub fn tokenizer(self) -> &'static str {
        match self {
            Self::Single => "characters",
            Self::Pairs => "pairs",
        }
    }

    /// The terms whose phrase is exactly `literal` (comparable text), with their offsets: as few
    /// as cover every character. Empty where the field has no term for it, which is for one
    /// character among pairs.
    pub fn cover(self, literal: &str) -> Vec<(usize, &str)> {
        let starts: Vec<usize> = literal
            .char_indices()
            .map(|(byte, _)| byte)
            .chain([literal.len()])
            .collect();
        let chars = starts.len() - 1;
        let (width, step) = match self {
            Self::Single => (1, 1),
            Self::Pairs => (2, 2),
        };
        let mut terms: Vec<(usize, &str)> = (0..(chars + 1).saturating_sub(width))
            .step_by(step)
            .map(|i| (i, &literal[starts[i]..starts[i + width]]))
            .collect();
        if self == Self::Pairs && chars > 2 && chars % 2 == 1 {
            terms.push((chars - 2, &literal[starts[chars - 2]..]));
        }
        terms
    }
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
    fn a_literal_is_covered_by_few_terms() {
        assert_eq!(Grams::Pairs.cover("新官不理"), [(0, "新官"), (2, "不理")]);
        assert_eq!(Grams::Pairs.cover("新官不"), [(0, "新官"), (1, "官不")]);
        assert_eq!(Grams::Pairs.cover("新官"), [(0, "新官")]);
        assert_eq!(Grams::Single.cover("新官"), [(0, "新"), (1, "官")]);
        assert!(
            Grams::Pairs.cover("新").is_empty()
                && Grams::Pairs.cover("").is_empty()
                && Grams::Single.cover("").is_empty()
        );
    }
}
