//! RTF as tokens. It knows the syntax and the meaning of no control word but `\bin`.

/// A piece of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'s> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\par`, `\u8220`: name and number.
    Word(&'s str, Option<i32>),
    /// `\~`: a control symbol.
    Symbol(u8),
    /// `\'b9`, or a character that stands for itself.
    Byte(u8),
}

/// Cuts a source into tokens.
pub(super) struct Lexer<'s> {
    rest: &'s [u8],
}

impl<'s> Lexer<'s> {
    pub(super) fn new(source: &'s [u8]) -> Self {
        Self { rest: source }
    }

    /// What follows a backslash.
    fn control(&mut self) -> Option<Token<'s>> {
        let letters = self
            .rest
            .iter()
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        if letters > 0 {
            return Some(self.word(letters));
        }
        let (&symbol, rest) = self.rest.split_first()?;
        self.rest = rest;
        if symbol != b'\'' {
            return Some(Token::Symbol(symbol));
        }
        let digit = |at: usize| char::from(*rest.get(at)?).to_digit(16);
        match (digit(0), digit(1)) {
            (Some(high), Some(low)) => {
                self.rest = &rest[2..];
                Some(Token::Byte((high << 4 | low) as u8))
            }
            _ => Some(Token::Symbol(symbol)),
        }
    }

    fn word(&mut self, letters: usize) -> Token<'s> {
        let (name, rest) = self.rest.split_at(letters);
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest[sign..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        let length = if digits > 0 { sign + digits } else { 0 };
        let number = std::str::from_utf8(&rest[..length]).ok();
        let number = number.and_then(|n| n.parse::<i32>().ok());
        self.rest = &rest[length..];
        // One blank belongs to the word.
        if self.rest.first() == Some(&b' ') {
            self.rest = &self.rest[1..];
        }
        let name = std::str::from_utf8(name).unwrap_or_default();
        if name == "bin" {
            let skipped = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
            self.rest = &self.rest[skipped.min(self.rest.len())..];
        }
        Token::Word(name, number)
    }
}

impl<'s> Iterator for Lexer<'s> {
    type Item = Token<'s>;

    fn next(&mut self) -> Option<Token<'s>> {
        loop {
            let (&byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            return match byte {
                b'{' => Some(Token::Open),
                b'}' => Some(Token::Close),
                b'\\' => self.control(),
                // Lines of the source mean nothing.
                b'\r' | b'\n' | 0 => continue,
                b'\t' => Some(Token::Word("tab", None)),
                byte => Some(Token::Byte(byte)),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_every_kind() {
        let tokens: Vec<Token<'_>> =
            Lexer::new(b"{\\b0 a\\'d6\\u-3?\\~\\bin2 }}\\par\n}").collect();
        assert_eq!(
            tokens,
            [
                Token::Open,
                Token::Word("b", Some(0)),
                Token::Byte(b'a'),
                Token::Byte(0xd6),
                Token::Word("u", Some(-3)),
                Token::Byte(b'?'),
                Token::Symbol(b'~'),
                Token::Word("bin", Some(2)),
                Token::Word("par", None),
                Token::Close,
            ]
        );
    }
}
