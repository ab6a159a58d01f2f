//! The form in which text is compared: Simplified (for Traditional documents), NFKC, lower case,
//! without white space, and an alignment back to the original.
//!
//! Normalisation goes character by character, so the form of a text is the forms of its pieces
//! joined, wherever it is cut; and a passage can be normalised without its neighbours.

use unicode_normalization::UnicodeNormalization;

/// A text in comparable form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Normal {
    /// The comparable characters.
    pub text: String,
    /// For each character of `text`, the code point of the original it comes from.
    pub origin: Vec<u32>,
    /// Bytes of `text` where white space parted two Latin words or numbers: words end there.
    breaks: Vec<usize>,
}

impl Normal {
    /// Normalises folded text. `origin` counts code points of `folded`, which are those of the
    /// original, because folding keeps the length.
    pub fn new(folded: &str) -> Self {
        let mut normal = Self {
            text: String::with_capacity(folded.len()),
            origin: Vec::with_capacity(folded.len() / 3 + 1),
            breaks: Vec::new(),
        };
        let mut parted = false;
        for (index, c) in folded.chars().enumerate() {
            let before = normal.text.len();
            push(c, &mut normal.text);
            let made = normal.text[before..].chars().count();
            normal
                .origin
                .extend(std::iter::repeat_n(index as u32, made));
            let latin = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
            let bytes = normal.text.as_bytes();
            if made == 0 {
                parted = true;
            } else {
                if parted && before > 0 && latin(bytes.get(before - 1)) && latin(bytes.get(before))
                {
                    normal.breaks.push(before);
                }
                parted = false;
            }
        }
        normal
    }

    /// The stretches of `text` inside which words may run.
    pub(crate) fn stretches(&self) -> impl Iterator<Item = &str> {
        let ends = self.breaks.iter().copied().chain([self.text.len()]);
        ends.scan(0, |begin, end| {
            Some(&self.text[std::mem::replace(begin, end)..end])
        })
    }

    /// Only the characters, where no way back is needed.
    pub fn text_of(folded: &str) -> String {
        let mut text = String::with_capacity(folded.len());
        for c in folded.chars() {
            push(c, &mut text);
        }
        text
    }
}

/// Appends the comparable form of one character.
#[inline]
fn push(c: char, out: &mut String) {
    match c {
        // Most of the text; these are their own form.
        '\u{4e00}'..='\u{9fff}' | '。' | '、' | '“' | '”' | '《' | '》' => out.push(c),
        '\0'..='\x7f' => {
            if !c.is_ascii_whitespace() && c != '\x0b' {
                out.push(c.to_ascii_lowercase());
            }
        }
        '，' => out.push(','),
        _ if c.is_whitespace() => {}
        _ => std::iter::once(c)
            .nfkc()
            .flat_map(char::to_lowercase)
            .filter(|c| !c.is_whitespace())
            .for_each(|c| out.push(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn width_case_and_space_do_not_count() {
        assert_eq!(
            Normal::text_of("（１）ＡＰＰ，巡视 \n整改㎡"),
            "(1)app,巡视整改m2"
        );
        assert_eq!(Normal::text_of("33. 3%"), "33.3%");
    }

    #[test]
    fn white_space_parts_latin_words_and_numbers_only() {
        let stretches = |text| {
            Normal::new(text)
                .stretches()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(stretches("巡视 整改 35 个"), ["巡视整改35个"]);
        assert_eq!(stretches("open data 12 345"), ["open", "data", "12", "345"]);
        assert_eq!(stretches(""), [""]);
    }

    #[test]
    fn every_character_knows_its_origin() {
        let normal = Normal::new("①　㎡二");
        assert_eq!(normal.text, "1m2二");
        assert_eq!(normal.origin, [0, 2, 2, 3]);
    }

    proptest! {
        #[test]
        fn pieces_normalise_like_the_whole(a in ".{0,40}", b in "[ａA①㎡。中\u{3000} \n…]{0,40}") {
            let whole = Normal::new(&format!("{a}{b}"));
            prop_assert_eq!(&whole.text, &(Normal::text_of(&a) + &Normal::text_of(&b)));
            prop_assert_eq!(whole.text.chars().count(), whole.origin.len());
            prop_assert!(whole.origin.is_sorted());
        }
    }
}
