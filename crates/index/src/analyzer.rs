//! Chinese text to words: jieba's cut, and inside each longer word every shorter one the
//! dictionary knows, so that 优化营商环境 is found by 营商环境.
//!
//! The only place that knows jieba. Unknown words are not guessed (no HMM): guesses differ
//! between a query and its text, and the exact field finds unknown words anyway.

use std::borrow::Cow;
use std::ops::Range;

use duibiao_corpus::Script;
use duibiao_lexicon::Lexicon;
use jieba_rs::Jieba;

use crate::normal::Normal;
use crate::script::Folding;

/// Loading the analyzer failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AnalyzerError {
    /// OpenCC's built-in tables could not be read.
    #[error("the Traditional-to-Simplified tables cannot be loaded: {0}")]
    Folding(String),
}

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'t> {
    /// The word in comparable form.
    pub text: &'t str,
    /// Characters of the comparable text it covers.
    pub chars: Range<u32>,
}

/// The smallest piece of a query that must be found as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaf {
    /// A dictionary word, a number or a Latin word.
    Word(String),
    /// Neighbouring characters that no dictionary word joins: looked up literally.
    Literal(String),
}

impl Leaf {
    /// The characters it stands for.
    pub fn text(&self) -> &str {
        match self {
            Self::Word(text) | Self::Literal(text) => text,
        }
    }
}

/// Longer words are cut, but only words up to this length are searched for shorter ones.
const LONGEST_SEARCHED: usize = 16;

/// A piece of so many words is a sentence.
const WORDS_OF_A_SENTENCE: usize = 3;

/// Characters that carry no meaning of their own between words of a query.
const GLUE: &str = "的了和与及或等在对把被将是以为于之其而且并由从向到给让使也都就还又吗呢么谁几该";

/// Words that ask and do not name: rare in documents, they would outweigh what is asked about.
/// Left out where a piece has other words.
const ASKING: &[&str] = &[
    "如何",
    "怎么",
    "怎样",
    "怎么样",
    "怎么办",
    "为何",
    "为什么",
    "什么",
    "何时",
    "何种",
    "何地",
    "哪些",
    "哪个",
    "哪种",
    "哪里",
    "哪儿",
    "多少",
    "多久",
    "多长",
    "几个",
    "是否",
    "能否",
    "可否",
    "是不是",
    "能不能",
    "会不会",
    "有没有",
    "可不可以",
    "要不要",
    "应不应该",
    "可以",
    "能够",
    "应该",
    "应当",
    "需要",
    "请问",
    "如果",
    "要是",
    "我们",
    "这种",
    "那种",
    "还是",
    "或者",
    "情况下",
];

/// Cuts text the same way for writer and reader. Loading takes about 0.1 s; share one.
pub struct Analyzer {
    jieba: Jieba,
    folding: Folding,
}

impl Analyzer {
    /// Loads the default dictionary with the words of the lexicon added.
    pub fn new(lexicon: &Lexicon) -> Result<Self, AnalyzerError> {
        let mut jieba = Jieba::new();
        for word in lexicon.dictionary() {
            jieba.add_word(
                &comparable_word(&word.word),
                word.frequency.map(|f| f as usize),
                word.tag.as_deref(),
            );
        }
        for term in lexicon
            .taxonomy()
            .themes()
            .iter()
            .flat_map(|theme| &theme.terms)
        {
            add_if_new(&mut jieba, &term.text, "n");
        }
        for (_, place) in lexicon.gazetteer().places() {
            add_if_new(&mut jieba, &place.name, "ns");
        }
        Ok(Self {
            jieba,
            folding: Folding::new()?,
        })
    }

    /// The script of a document.
    pub fn detect_script(&self, text: &str) -> Script {
        self.folding.detect(text)
    }

    /// A document's text in Simplified characters, code point for code point.
    pub fn fold<'t>(&self, text: &'t str, script: Script) -> Cow<'t, str> {
        self.folding.fold(text, script)
    }

    /// What someone typed, in comparable form: Simplified, NFKC, lower case, no white space.
    pub fn comparable(&self, typed: &str) -> String {
        Normal::text_of(&self.folding.fold_typed(typed))
    }

    /// What someone typed, in Simplified characters and otherwise as it stands.
    pub fn typed<'t>(&self, typed: &'t str) -> Cow<'t, str> {
        self.folding.fold_typed(typed)
    }

    /// What someone typed, in every comparable form a document may have it in: folded, as in
    /// Traditional documents, and as it stands, for a Simplified one that has 濛 or 著.
    pub fn comparable_forms(&self, typed: &str) -> Vec<String> {
        let as_typed = Normal::text_of(typed);
        let mut forms = vec![self.comparable(typed)];
        let folded = Normal::text_of(&self.folding.fold(typed, Script::Hant));
        // 乾 alone may be 干 in a Traditional document; a longer text tells its script itself.
        if typed.trim().chars().count() == 1 {
            forms.push(folded);
        }
        forms.push(as_typed);
        forms.dedup();
        forms
    }

    /// Calls `sink` with every word of a text, in order of position, longer words before the
    /// shorter ones they begin with. Punctuation is no word.
    pub fn words<'t>(&self, normal: &'t Normal, mut sink: impl FnMut(Word<'t>)) {
        let mut at = 0u32;
        let mut bounds = Vec::with_capacity(LONGEST_SEARCHED + 1);
        for word in normal.stretches().flat_map(|stretch| self.cut(stretch)) {
            bounds.clear();
            bounds.extend(word.char_indices().map(|(byte, _)| byte));
            let chars = bounds.len();
            bounds.push(word.len());
            if word.chars().any(char::is_alphanumeric) {
                sink(Word {
                    text: word,
                    chars: at..at + chars as u32,
                });
                if let Some(number) = bare_number(word) {
                    sink(Word {
                        text: number,
                        chars: at..at + number.len() as u32,
                    });
                }
                self.inner_words(word, &bounds, |begin, end| {
                    let text = &word[bounds[begin]..bounds[end]];
                    sink(Word {
                        text,
                        chars: at + begin as u32..at + end as u32,
                    });
                });
            }
            at += chars as u32;
        }
    }

    /// Whether a cut of `text` has an end of a word where a part of it begins, and where it ends: 大庆 in
    /// 重大庆典 begins inside a word.
    pub fn is_cut_at(&self, text: &str, part: Range<usize>) -> (bool, bool) {
        let (mut at, mut begins, mut ends) = (0, part.start == 0, false);
        for token in self.jieba.cut(text, false) {
            at += token.word.len();
            begins |= at == part.start;
            ends |= at == part.end;
        }
        (begins, ends)
    }

    /// jieba's cut, with numbers kept whole: 35.4% is one word.
    fn cut<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let tokens = self.jieba.cut(text, false);
        let mut words: Vec<&str> = Vec::with_capacity(tokens.len());
        let mut begin = 0;
        for (index, token) in tokens.iter().enumerate() {
            let end = begin + token.word.len();
            let digit_at = |i: usize| {
                tokens
                    .get(i)
                    .is_some_and(|t| t.word.starts_with(|c: char| c.is_ascii_digit()))
            };
            let after_number = words
                .last()
                .is_some_and(|w| w.as_bytes()[0].is_ascii_digit());
            let joins = match token.word {
                "." => digit_at(index + 1),
                "%" => true,
                word => {
                    word.as_bytes()[0].is_ascii_digit()
                        && words
                            .last()
                            .is_some_and(|w| w.ends_with('.') && w.len() > 1)
                }
            };
            match words.last_mut() {
                Some(last) if after_number && joins => *last = &text[begin - last.len()..end],
                _ => words.push(token.word),
            }
            begin = end;
        }
        words
    }

    /// Calls `sink` with the character range of each dictionary word properly inside `word`.
    fn inner_words(&self, word: &str, bounds: &[usize], mut sink: impl FnMut(usize, usize)) {
        let chars = bounds.len() - 1;
        if !(3..=LONGEST_SEARCHED).contains(&chars) || word.is_ascii() {
            return;
        }
        for begin in 0..chars - 1 {
            for end in (begin + 2..=chars).rev() {
                if end - begin < chars && self.jieba.has_word(&word[bounds[begin]..bounds[end]]) {
                    sink(begin, end);
                }
            }
        }
    }

    /// Calls `sink` with the words of jieba's own search mode: what most engines index, and a
    /// yardstick for [`Analyzer::words`]. Punctuation is no word. Of its four ways to cut this one
    /// ranks best (`benches/relevance.md`).
    pub fn plain_words(&self, normal: &Normal, mut sink: impl FnMut(&str)) {
        for stretch in normal.stretches() {
            for token in self.jieba.cut_for_search(stretch, false) {
                if token.word.chars().any(char::is_alphanumeric) {
                    sink(token.word);
                }
            }
        }
    }

    /// The words of a text joined by spaces: the form in which word fields are indexed, so that
    /// writing needs no second segmentation and another engine needs only white space.
    pub fn segmented(&self, normal: &Normal) -> String {
        let mut joined = String::with_capacity(normal.text.len() * 2);
        self.words(normal, |word| {
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(word.text);
        });
        joined
    }

    /// The leaves of one unspaced piece of a query (comparable text). A long dictionary word that
    /// shorter ones tile is as good as its tiles; characters nobody joins are kept together.
    pub fn leaves(&self, piece: &str) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        let mut loose = String::new();
        for word in self.cut(piece) {
            let single = word.chars().count() == 1 && !word.is_ascii();
            if single && word.chars().all(char::is_alphanumeric) {
                loose.push_str(word);
                continue;
            }
            flush(&mut loose, &mut leaves);
            if word.chars().any(char::is_alphanumeric) && !ASKING.contains(&word) {
                self.tile(word, &mut leaves);
            }
        }
        flush(&mut loose, &mut leaves);
        if leaves.is_empty() && !piece.is_empty() {
            leaves.push(Leaf::Literal(piece.to_owned()));
        }
        // Of a sentence, characters that stand alone say nothing (人, 后, 物); of 办事难 they do.
        let is_single = |leaf: &Leaf| {
            let mut chars = leaf.text().chars();
            chars.next().is_some_and(|c| !c.is_ascii()) && chars.next().is_none()
        };
        if leaves.iter().filter(|leaf| !is_single(leaf)).count() >= WORDS_OF_A_SENTENCE {
            leaves.retain(|leaf| !is_single(leaf));
        }
        leaves
    }

    /// Calls `sink` with the words of a text one after another, none inside another; punctuation and
    /// characters that nobody joins too.
    pub fn tiles<'t>(&self, normal: &'t Normal, sink: impl FnMut(&'t str)) {
        let stretches = normal.stretches();
        stretches
            .flat_map(|stretch| self.cut(stretch))
            .for_each(sink);
    }

    /// Where words begin and end in a piece (comparable text), in bytes, by jieba's own cut.
    pub fn word_bounds(&self, piece: &str) -> Vec<usize> {
        let mut at = 0;
        let ends = self.cut(piece).into_iter().map(|word| {
            at += word.len();
            at
        });
        [0].into_iter().chain(ends).collect()
    }

    /// Whether the dictionary knows a piece (comparable text) as one word.
    pub fn is_word(&self, piece: &str) -> bool {
        self.jieba.has_word(piece)
    }

    /// How many characters of a text stand in dictionary words of two or more.
    pub fn known_chars(&self, text: &str) -> usize {
        let words = self
            .jieba
            .cut(text, false)
            .into_iter()
            .map(|token| token.word);
        let is_word =
            |word: &&str| word.chars().nth(1).is_some() && word.chars().any(char::is_alphanumeric);
        words.filter(is_word).map(|word| word.chars().count()).sum()
    }

    /// Pushes the fewest dictionary words of two or more characters that tile `word`, or itself.
    fn tile(&self, word: &str, leaves: &mut Vec<Leaf>) {
        let bounds: Vec<usize> = word
            .char_indices()
            .map(|(byte, _)| byte)
            .chain([word.len()])
            .collect();
        let chars = bounds.len() - 1;
        // best[i]: fewest tiles that cover the first i characters, and where the last one begins.
        let mut best: Vec<Option<(usize, usize)>> = vec![None; chars + 1];
        best[0] = Some((0, 0));
        self.inner_words(word, &bounds, |begin, end| {
            if let Some((tiles, _)) = best[begin]
                && best[end].is_none_or(|(fewest, _)| tiles + 1 < fewest)
            {
                best[end] = Some((tiles + 1, begin));
            }
        });
        let mut cut = Vec::new();
        let mut end = chars;
        while let Some((_, begin)) = best[end].filter(|_| end > 0) {
            cut.push(begin..end);
            end = begin;
        }
        if cut.is_empty() || end > 0 {
            leaves.push(Leaf::Word(word.to_owned()));
            return;
        }
        for tile in cut.into_iter().rev() {
            self.tile(&word[bounds[tile.start]..bounds[tile.end]], leaves);
        }
    }
}

/// The number in a share such as 35.4%, which is found without its sign too.
fn bare_number(word: &str) -> Option<&str> {
    word.strip_suffix('%')
        .filter(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
}

/// Moves characters that stand alone into `leaves`, without the glue at their ends.
fn flush(loose: &mut String, leaves: &mut Vec<Leaf>) {
    let kept = loose.trim_matches(|c| GLUE.contains(c));
    match kept.chars().count() {
        0 => {}
        1 => leaves.push(Leaf::Word(kept.to_owned())),
        _ => leaves.push(Leaf::Literal(kept.to_owned())),
    }
    loose.clear();
}

fn comparable_word(word: &str) -> String {
    Normal::text_of(word)
}

fn add_if_new(jieba: &mut Jieba, word: &str, tag: &str) {
    let word = comparable_word(word);
    if word.chars().count() > 1 && !jieba.has_word(&word) {
        jieba.add_word(&word, None, Some(tag));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static ANALYZER: LazyLock<Analyzer> =
        LazyLock::new(|| Analyzer::new(&Lexicon::embedded().expect("lexicon")).expect("analyzer"));

    fn leaves(piece: &str) -> Vec<String> {
        ANALYZER
            .leaves(piece)
            .iter()
            .map(|leaf| leaf.text().to_owned())
            .collect()
    }

    #[test]
    fn long_words_do_not_hide_short_ones() {
        let words = ANALYZER.segmented(&Normal::new("优化营商环境"));
        assert!(words.split(' ').any(|w| w == "营商环境"), "{words}");
        assert!(words.split(' ').any(|w| w == "环境"), "{words}");
        assert!(
            !ANALYZER
                .segmented(&Normal::new("审批，提速。"))
                .contains([',', '。'])
        );
    }

    #[test]
    fn a_dictionary_word_is_as_good_as_its_tiles() {
        assert_eq!(leaves("审批提速"), ["审批", "提速"]);
        assert_eq!(leaves("人才引进"), ["人才", "引进"]);
        assert_eq!(leaves("提速35.4%"), ["提速", "35.4%"]);
    }

    #[test]
    fn characters_nobody_joins_stay_together_without_glue() {
        assert_eq!(leaves("改革的做法"), ["改革", "做法"]);
        assert_eq!(ANALYZER.leaves("鱻龘"), [Leaf::Literal("鱻龘".into())]);
        assert_eq!(ANALYZER.leaves("税"), [Leaf::Word("税".into())]);
        assert_eq!(ANALYZER.leaves("——"), [Leaf::Literal("——".into())]);
    }

    #[test]
    fn words_that_only_ask_are_left_out_of_a_question() {
        assert_eq!(leaves("如何申请信用修复？"), ["申请", "信用", "修复"]);
        assert_eq!(leaves("如何"), ["如何"]);
        assert_eq!(leaves("办事难"), ["办事", "难"]);
        assert_eq!(
            leaves("保管人验收后发现货物短少"),
            ["保管人", "验收", "发现", "货物", "短少"]
        );
    }

    #[test]
    fn numbers_are_found_whole_and_in_parts() {
        let words = ANALYZER.segmented(&Normal::new("提速35.4%"));
        assert_eq!(words, "提速 35.4% 35.4");
    }

    proptest! {
        #[test]
        fn words_stand_where_they_say(text in "[审批提速优化营商环境一网通办a1,。.%鱻]{0,60}") {
            let normal = Normal::new(&text);
            let chars: Vec<char> = normal.text.chars().collect();
            ANALYZER.words(&normal, |word| {
                let there: String = chars[word.chars.start as usize..word.chars.end as usize].iter().collect();
                assert_eq!(there, word.text);
            });
        }

        #[test]
        fn words_in_order_give_back_the_text(text in "[审批提速优化营商环境的一网通办a1,。.%鱻 ]{0,60}") {
            let normal = Normal::new(&text);
            let mut given = String::new();
            let mut at = 0;
            ANALYZER.words(&normal, |word| {
                // What lies inside a word that was given is part of it.
                if word.chars.start >= at {
                    let between = normal.text.chars().skip(at as usize).take((word.chars.start - at) as usize);
                    let between: String = between.collect();
                    assert!(!between.chars().any(char::is_alphanumeric), "{between} is in no word");
                    given.push_str(&between);
                    given.push_str(word.text);
                    at = word.chars.end;
                }
            });
            given.extend(normal.text.chars().skip(at as usize));
            prop_assert_eq!(given, normal.text);
        }
    }
}
