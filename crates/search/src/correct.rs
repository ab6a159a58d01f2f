//! What may have been meant where nothing is found as typed: pinyin or its initials typed for
//! characters, a homophone, one wrong character.
//!
//! Only words of the lexicon are offered: names and slogans, which are typed wrongly most often.
//! Whether a correction finds anything is asked elsewhere.

use std::collections::HashSet;

use duibiao_index::Analyzer;
use duibiao_lexicon::Lexicon;
use pinyin::ToPinyinMulti;

use crate::query::Node;

/// Corrections that are tried, and named where they are not used.
pub(crate) const MOST: usize = 5;
/// With fewer characters, one that differs makes another word.
const SHORTEST_WITH_ONE_WRONG: usize = 4;
/// Fewer letters are initials of too many words.
const FEWEST_LETTERS: usize = 3;

/// In which way something was typed wrongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mistake {
    /// Letters for characters.
    Pinyin,
    /// Other characters that sound the same.
    Homophone,
    /// One character is another one.
    Shape,
}

impl Mistake {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pinyin => "pinyin",
            Self::Homophone => "homophone",
            Self::Shape => "shape",
        }
    }
}

/// The toneless readings of one character; one that is no character reads as itself.
type Readings = Vec<String>;

struct Word {
    text: String,
    readings: Vec<Readings>,
}

/// Words that may have been meant.
pub(crate) struct Corrections {
    words: Vec<Word>,
}

impl Corrections {
    pub(crate) fn new(lexicon: &Lexicon, analyzer: &Analyzer) -> Self {
        let dictionary = lexicon.dictionary().iter().map(|word| word.word.as_str());
        let groups = lexicon.synonyms().groups().iter();
        let synonyms = groups.flat_map(|group| group.members.iter().map(String::as_str));
        let themes = lexicon.taxonomy().themes().iter();
        let terms = themes.flat_map(|theme| {
            let terms = theme.terms.iter().map(|term| term.text.as_str());
            terms.chain([theme.name.as_str()])
        });
        let mut seen = HashSet::new();
        let words = dictionary
            .chain(synonyms)
            .chain(terms)
            .map(|word| analyzer.comparable(word))
            .filter(|word| word.chars().count() > 1 && seen.insert(word.clone()))
            .map(|text| Word {
                readings: text.chars().map(readings).collect(),
                text,
            });
        Self {
            words: words.collect(),
        }
    }

    /// Words that may have been meant by a piece (comparable text), the most likely kind of
    /// mistake first.
    pub(crate) fn of(&self, piece: &str) -> Vec<(&str, Mistake)> {
        let mut found: Vec<(&str, Mistake)> = Vec::new();
        if piece.bytes().all(|b| b.is_ascii_lowercase()) {
            if piece.len() >= FEWEST_LETTERS {
                let words = self.words.iter().filter(|word| is_typed_as(word, piece));
                found.extend(words.map(|word| (word.text.as_str(), Mistake::Pinyin)));
            }
        } else {
            let typed: Vec<(char, Readings)> = piece.chars().map(|c| (c, readings(c))).collect();
            for word in self
                .words
                .iter()
                .filter(|w| w.readings.len() == typed.len())
            {
                found.extend(mistake(&typed, word).map(|mistake| (word.text.as_str(), mistake)));
            }
        }
        found.sort_by_key(|(_, mistake)| *mistake);
        found.truncate(MOST);
        found
    }
}

/// How `typed` may have come about when the word was meant.
fn mistake(typed: &[(char, Readings)], word: &Word) -> Option<Mistake> {
    let (mut others, mut unlike) = (0, 0);
    for ((c, own), (meant, theirs)) in typed.iter().zip(word.text.chars().zip(&word.readings)) {
        if *c != meant {
            others += 1;
            unlike += usize::from(!own.iter().any(|reading| theirs.contains(reading)));
        }
    }
    if others == 0 {
        None
    } else if unlike == 0 {
        Some(Mistake::Homophone)
    } else if others == 1 && typed.len() >= SHORTEST_WITH_ONE_WRONG {
        Some(Mistake::Shape)
    } else {
        None
    }
}

/// Whether letters are a word's pinyin, its initials, or a mixture of both.
fn is_typed_as(word: &Word, letters: &str) -> bool {
    // The places in `letters` up to which the characters so far may have been typed.
    let mut ends: Vec<usize> = vec![0];
    for readings in &word.readings {
        let mut next: Vec<usize> = Vec::new();
        for &end in &ends {
            let rest = &letters[end..];
            for reading in readings {
                if rest.starts_with(reading.as_str()) {
                    next.push(end + reading.len());
                }
                if reading.chars().next().is_some_and(|c| rest.starts_with(c)) {
                    next.push(end + 1);
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        ends = next;
        if ends.is_empty() {
            return false;
        }
    }
    ends.contains(&letters.len())
}

fn readings(c: char) -> Readings {
    let mut readings: Readings = c
        .to_pinyin_multi()
        .into_iter()
        .flatten()
        .map(|pinyin| pinyin.plain().to_owned())
        .collect();
    readings.sort_unstable();
    readings.dedup();
    if readings.is_empty() {
        readings.push(c.to_string());
    }
    readings
}

/// The pieces that may be corrected: of a query that has nothing but pieces, because quotes and
/// operators say exactly what is meant.
pub(crate) fn pieces(node: &Node) -> Vec<&str> {
    match node {
        Node::Piece(text) => vec![text],
        Node::And(nodes) if nodes.iter().all(|n| matches!(n, Node::Piece(_))) => {
            nodes.iter().flat_map(pieces).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().expect("lexicon"));
    static ANALYZER: LazyLock<Analyzer> =
        LazyLock::new(|| Analyzer::new(&LEXICON).expect("analyzer"));
    static CORRECTIONS: LazyLock<Corrections> =
        LazyLock::new(|| Corrections::new(&LEXICON, &ANALYZER));

    #[test]
    fn each_kind_of_mistake_leads_to_the_word() {
        for (typed, meant, mistake) in [
            ("ywtb", "一网通办", Mistake::Pinyin),
            ("yiwangtongban", "一网通办", Mistake::Pinyin),
            ("yiwtb", "一网通办", Mistake::Pinyin),
            ("营商环镜", "营商环境", Mistake::Homophone),
            ("容缺受里", "容缺受理", Mistake::Homophone),
            ("双随机一公升", "双随机一公开", Mistake::Shape),
        ] {
            let found = CORRECTIONS.of(typed);
            assert!(found.contains(&(meant, mistake)), "{typed}: {found:?}");
        }
    }

    #[test]
    fn what_is_right_or_too_short_is_left_alone() {
        assert!(
            CORRECTIONS
                .of("营商环境")
                .iter()
                .all(|(word, _)| *word != "营商环境")
        );
        assert!(CORRECTIONS.of("gz").is_empty());
        assert!(CORRECTIONS.of("鱻龘").is_empty());
        assert!(CORRECTIONS.of("").is_empty());
    }
}
