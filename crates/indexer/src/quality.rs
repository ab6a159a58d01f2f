//! How sure one can be that a text was read as it stands: 0 for noise, 1 for clean text. It says
//! nothing about the document.

use duibiao_corpus::{Script, Span};
use duibiao_index::Analyzer;

use crate::text::Text;

/// So many characters from the beginning, the middle and the end are looked at: enough to tell one
/// half from the whole, and a small part of what cutting the text itself costs.
const SAMPLE_CHARS: u32 = 100;
/// In running Chinese more than this share of the characters stands in words of the dictionary;
/// in wrongly mapped text less than half of it (measured on regulations and on the same shifted
/// by one code).
const COVERED: f32 = 0.6;
/// A page of figures still has this share of Chinese characters among its letters and digits.
const HAN: f32 = 0.1;

/// The quality of a text of whose characters the reader is sure to so many percent.
pub(crate) fn quality(text: &Text<'_>, script: Script, analyzer: &Analyzer, certainty: u8) -> f32 {
    let sample = sample(text);
    let (mut letters, mut lost, mut han) = (0, 0, 0);
    for c in sample.chars() {
        if is_common_han(c) {
            letters += 1;
            han += 1;
        } else {
            letters += usize::from(c.is_alphanumeric());
            lost += usize::from(is_lost(c));
            han += usize::from(is_han(c));
        }
    }
    if letters == 0 {
        return 0.0;
    }
    let lost = lost as f32 / (letters + lost) as f32;
    let han_share = han as f32 / letters as f32;
    let covered = covered(&sample, script, analyzer);
    let score =
        (1.0 - 10.0 * lost).max(0.0) * (han_share / HAN).min(1.0) * (covered / COVERED).min(1.0);
    let score = score * f32::from(certainty) / 100.0;
    (score * 100.0).round() / 100.0
}

fn sample(text: &Text<'_>) -> String {
    let chars = text.chars();
    let from = |at: u32, to: u32| text.quote(Span::new(at, to));
    if chars <= SAMPLE_CHARS * 3 {
        return from(0, chars).to_owned();
    }
    [0, chars / 2, chars - SAMPLE_CHARS]
        .map(|at| from(at, at + SAMPLE_CHARS))
        .concat()
}

/// The share of Chinese characters in words of the dictionary with two or more, as far as it takes to
/// know that it is enough.
fn covered(sample: &str, script: Script, analyzer: &Analyzer) -> f32 {
    let folded = analyzer.fold(sample, script);
    let pieces = || folded.split(|c: char| !is_han(c)).filter(|p| !p.is_empty());
    let all: usize = pieces().map(|piece| piece.chars().count()).sum();
    let (mut known, mut share) = (0, 0.0);
    for piece in pieces() {
        known += analyzer.known_chars(piece);
        share = (known as f32 / all as f32).min(1.0);
        if share / COVERED >= 1.0 {
            break;
        }
    }
    share
}

/// Most characters of Chinese text, told without the tables of Unicode.
fn is_common_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fa5}').contains(&c)
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}')
}

/// What stands where a character could not be read.
fn is_lost(c: char) -> bool {
    matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use duibiao_lexicon::Lexicon;

    const CLEAN: &str =
        "为进一步优化营商环境，市政府决定在全市推行容缺受理，压缩审批时限，减少申请材料。\n";

    #[test]
    fn clean_text_is_told_from_noise() {
        let analyzer = Analyzer::new(&Lexicon::embedded().expect("lexicon")).expect("analyzer");
        let read = |text: &str, certainty| {
            quality(
                &Text::new(text, text.into()),
                Script::Hans,
                &analyzer,
                certainty,
            )
        };
        let recognised = read(CLEAN, 93);
        let quality = |text: &str| read(text, 100);
        let shifted: String = CLEAN
            .chars()
            .map(|c| char::from_u32(c as u32 + 1).unwrap_or(c))
            .collect();
        let lossy = CLEAN.replace(['的', '审', '时'], "\u{fffd}");
        assert!(quality(CLEAN) > 0.9, "{}", quality(CLEAN));
        assert!(quality(&shifted) < 0.6, "{}", quality(&shifted));
        assert!(quality(&lossy) < 0.5, "{}", quality(&lossy));
        assert_eq!(quality("— 12 —"), 0.0);
        assert_eq!(quality(""), 0.0);
        assert!(
            recognised < quality(CLEAN) && recognised > 0.8,
            "{recognised}"
        );
    }
}
