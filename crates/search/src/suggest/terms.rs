//! The terms that may be suggested, and which of them what is typed may be the beginning of.
//!
//! A term is a hint: whether it finds anything, and how much, is asked of the commit that is searched.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use duibiao_lexicon::Readings;
use rustc_hash::FxHashMap;
use serde::Serialize;
use utoipa::ToSchema;

use super::fit::{Typed, Unit, Way, fit};
use super::sounds::readings;
use super::tree::{Key, Tree, key};

/// What a term is; of several the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TermKind {
    /// The name of a theme.
    Theme,
    /// The name of a place.
    Place,
    /// Who issued a document.
    Institution,
    /// The title of a document.
    Title,
    /// A heading.
    Heading,
    /// A word, or a frequent phrase of the texts.
    Phrase,
}

/// What a term weighs beside how often it is used: a natural logarithm of uses is 100.
const WHOLE: i64 = 300;
/// What is taken off.
const INSIDE: i64 = 400;
const TITLE: i32 = 100;

/// A term as it is gathered.
#[derive(Debug, Clone)]
pub(crate) struct Gathered {
    pub(crate) kind: TermKind,
    pub(crate) uses: u32,
    /// As it is shown, where that is not the comparable form.
    pub(crate) shown: Option<String>,
    /// Characters at which its words begin.
    pub(crate) starts: Vec<u8>,
}

#[derive(Debug)]
struct Term {
    text: Box<str>,
    shown: Option<Box<str>>,
    kind: TermKind,
    uses: u32,
}

/// A term that fits.
#[derive(Debug, Clone)]
pub(crate) struct Fitting<'t> {
    /// As it is shown.
    pub(crate) shown: Cow<'t, str>,
    pub(crate) kind: TermKind,
    pub(crate) way: Way,
}

/// A word inside a term.
#[derive(Debug, Clone, Copy)]
struct Start {
    term: u32,
    byte: u16,
}

/// Letters that a reading may begin with, and one place for everything else.
const LETTERS: usize = 27;
/// Words inside terms that are compared with letters, of each first letter.
const MOST_INSIDE: usize = 3_000;
/// Of fewer characters, one that differs makes another word.
const SHORTEST_WITH_ONE_WRONG: usize = 4;

/// Where fewer terms fit, two that stand one behind the other may.
const FEW: usize = 3;
/// Fewer letters spell no word of two characters.
const SHORTEST_SPELLED: usize = 4;

/// Two terms have no more letters or characters together.
const LONGEST_JOINED: usize = 32;

/// All terms.
#[derive(Debug)]
pub(crate) struct Terms {
    /// Most used first.
    terms: Vec<Term>,
    weights: Vec<i32>,
    tree: Tree,
    /// Words inside terms by their first characters, those of the most used terms first.
    inside: FxHashMap<char, Vec<Start>>,
    /// The same by the first letters of readings, some of them.
    inside_by_letter: [Vec<Start>; LETTERS],
    /// Numbers of terms by how many characters they have.
    by_length: BTreeMap<usize, Vec<u32>>,
}

impl Terms {
    pub(crate) fn new(
        gathered: impl IntoIterator<Item = (String, Gathered)>,
        read: &Readings,
    ) -> Self {
        let mut gathered: Vec<(String, Gathered)> = gathered.into_iter().collect();
        gathered.sort_by(|(a_text, a), (b_text, b)| (b.uses, a_text).cmp(&(a.uses, b_text)));
        let mut terms = Vec::with_capacity(gathered.len());
        let mut keys = Vec::with_capacity(gathered.len());
        let mut inside: FxHashMap<char, Vec<Start>> = FxHashMap::default();
        let mut inside_by_letter: [Vec<Start>; LETTERS] = Default::default();
        let mut by_length: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (text, term) in gathered {
            let number = terms.len() as u32;
            let mut chars = 0;
            for (index, (byte, c)) in text.char_indices().enumerate() {
                chars += 1;
                if index > 0 && term.starts.iter().any(|start| usize::from(*start) == index) {
                    let start = Start {
                        term: number,
                        byte: byte as u16,
                    };
                    inside.entry(c).or_default().push(start);
                    for letter in letters_of(c) {
                        if inside_by_letter[letter].len() < MOST_INSIDE {
                            inside_by_letter[letter].push(start);
                        }
                    }
                }
            }
            by_length.entry(chars).or_default().push(number);
            keys.push(keys_of(&text, read));
            terms.push(Term {
                text: text.into(),
                shown: term.shown.map(String::into_boxed_str),
                kind: term.kind,
                uses: term.uses,
            });
        }
        let weights: Vec<i32> = terms.iter().map(weight).collect();
        Self {
            tree: Tree::new(&keys, &weights),
            terms,
            weights,
            inside,
            inside_by_letter,
            by_length,
        }
    }

    /// The terms that what is typed may be the beginning of, the best first, at most `most`. What is
    /// the beginning of a word inside a term comes behind.
    pub(crate) fn suggest(&self, typed: &Typed, most: usize) -> Vec<Fitting<'_>> {
        let mut best = self.tree.search(typed, &self.weights, WHOLE, false, most);
        if best.len() < most && typed.units.len() > 1 {
            self.inside(typed, most, &mut best);
        }
        self.near(typed, most, &mut best);
        best.sort_by_key(|(score, term, _)| (Reverse(*score), *term));
        best.truncate(most);
        let found = best.into_iter();
        let mut found: Vec<Fitting> = found.map(|(_, n, way)| self.fitting(n, way)).collect();
        if found.len() < FEW {
            found.extend(self.joined(typed));
        }
        found
    }

    /// The terms that may have been meant by all of what was typed, the best first, at most `most`.
    pub(crate) fn meant(&self, typed: &Typed, most: usize) -> Vec<Fitting<'_>> {
        let mut best = self
            .tree
            .search(typed, &self.weights, WHOLE, true, most + 1);
        self.near(typed, most, &mut best);
        best.sort_by_key(|(score, term, _)| (Reverse(*score), *term));
        let found = best
            .into_iter()
            .filter(|(_, _, way)| *way > Way::Characters);
        let found = found.map(|(_, number, way)| self.fitting(number, way));
        let mut found: Vec<Fitting> = found.take(most).collect();
        if found.is_empty() {
            found.extend(
                self.joined(typed)
                    .into_iter()
                    .filter(|f| f.way > Way::Characters),
            );
        }
        found
    }

    /// Two terms, one behind the other, where no term is both of them.
    fn joined(&self, typed: &Typed) -> Vec<Fitting<'_>> {
        let units = &typed.units;
        let shortest = if typed.letters() > 0 {
            SHORTEST_SPELLED
        } else {
            2
        };
        let mut found: Vec<(i64, u32, u32, Way)> = Vec::new();
        if units.len() > LONGEST_JOINED {
            return Vec::new();
        }
        for at in shortest..(units.len() + 1).saturating_sub(shortest) {
            let heads = self.parts(&units[..at]);
            if heads.is_empty() {
                continue;
            }
            for tail in self.parts(&units[at..]) {
                for head in &heads {
                    let score = head.0.min(tail.0);
                    found.push((score, head.1, tail.1, head.2.max(tail.2)));
                }
            }
        }
        found.sort_by_key(|(score, head, tail, _)| (Reverse(*score), *head, *tail));
        found.truncate(FEW);
        let join = |(_, head, tail, way): (i64, u32, u32, Way)| {
            let shown = [head, tail].map(|number| self.terms[number as usize].shown());
            Fitting {
                shown: Cow::Owned(shown.concat()),
                kind: TermKind::Phrase,
                way,
            }
        };
        found.into_iter().map(join).collect()
    }

    /// The terms that part of what is typed stands for, spelled in full.
    fn parts(&self, units: &[Unit]) -> Vec<(i64, u32, Way)> {
        let typed = Typed {
            units: units.to_vec(),
        };
        let mut found = self.tree.search(&typed, &self.weights, WHOLE, true, FEW);
        found.retain(|(_, number, _)| {
            let term = &self.terms[*number as usize];
            let found = fit(units, term.text.chars(), false);
            term.uses > 0 && found.is_some_and(|fit| fit.is_spelled())
        });
        found
    }

    /// Adds terms of which what is typed begins a word that is not the first.
    fn inside(&self, typed: &Typed, most: usize, best: &mut Vec<(i64, u32, Way)>) {
        let starts = match typed.units.first() {
            Some(Unit::Char(c)) => self.inside.get(c),
            Some(Unit::Letter(letter)) => Some(&self.inside_by_letter[usize::from(letter - b'a')]),
            None => None,
        };
        for start in starts.into_iter().flatten() {
            if best.len() >= most {
                break;
            }
            let chars = self.terms[start.term as usize].text[usize::from(start.byte)..].chars();
            let found = fit(&typed.units, chars, false);
            if let Some(fit) = found.filter(|_| best.iter().all(|(_, t, _)| *t != start.term)) {
                let weight = i64::from(self.weights[start.term as usize]);
                let score = weight - INSIDE - i64::from(fit.cost);
                best.push((score, start.term, fit.way));
            }
        }
    }

    /// Adds terms of which one character was typed wrongly.
    fn near(&self, typed: &Typed, most: usize, best: &mut Vec<(i64, u32, Way)>) {
        let length = typed.units.len();
        if length < SHORTEST_WITH_ONE_WRONG || typed.letters() > 0 || best.len() >= most {
            return;
        }
        let same = self.by_length.get(&length);
        for number in same.into_iter().flatten() {
            if best.len() >= most {
                break;
            }
            let chars = self.terms[*number as usize].text.chars();
            let others = chars
                .zip(&typed.units)
                .filter(|(c, u)| **u != Unit::Char(*c));
            // One that only looks alike, and at most one that sounds alike.
            if others.take(3).count() > 2 {
                continue;
            }
            let chars = self.terms[*number as usize].text.chars();
            let found = fit(&typed.units, chars, true).filter(|fit| fit.way == Way::Shape);
            if let Some(fit) = found.filter(|fit| fit.is_whole) {
                let weight = i64::from(self.weights[*number as usize]);
                best.push((weight + WHOLE - i64::from(fit.cost), *number, fit.way));
            }
        }
    }

    fn fitting(&self, number: u32, way: Way) -> Fitting<'_> {
        let term = &self.terms[number as usize];
        Fitting {
            shown: Cow::Borrowed(term.shown()),
            kind: term.kind,
            way,
        }
    }
}

impl Term {
    fn shown(&self) -> &str {
        self.shown.as_deref().unwrap_or(&self.text)
    }
}

fn weight(term: &Term) -> i32 {
    let uses = (f64::from(term.uses) + 1.0).ln() * 100.0;
    let title = if term.kind == TermKind::Title {
        TITLE
    } else {
        0
    };
    uses as i32 - title
}

/// The first letters of a character's readings, as numbers; of what has none the last.
fn letters_of(c: char) -> Vec<usize> {
    let firsts = readings(c).iter().map(|reading| reading.as_bytes()[0]);
    let mut letters: Vec<usize> = firsts.map(|first| usize::from(first - b'a')).collect();
    if letters.is_empty() {
        letters.push(if c.is_ascii_lowercase() {
            c as usize - 'a' as usize
        } else {
            LETTERS - 1
        });
    }
    letters.sort_unstable();
    letters.dedup();
    letters
}

/// The characters of a term, each with the reading that it has in the words of the lexicon there.
fn keys_of(text: &str, known: &Readings) -> Vec<Key> {
    let bounds: Vec<usize> = text.char_indices().map(|(byte, _)| byte).collect();
    let mut keys: Vec<Key> = text.chars().map(|c| key(c, 0)).collect();
    let mut at = 0;
    for (index, c) in text.chars().enumerate() {
        if index < at || !known.begin_with(c) {
            continue;
        }
        let longest = known.longest().min(bounds.len() - index);
        let word = (2..=longest).rev().find_map(|length| {
            let end = bounds.get(index + length).copied().unwrap_or(text.len());
            let word = &text[bounds[index]..end];
            Some((word, known.of(word)?))
        });
        if let Some((word, syllables)) = word {
            for (c, syllable) in word.chars().zip(syllables) {
                let reading = readings(c).iter().position(|r| r == syllable);
                keys[at.max(index)] = key(c, reading.unwrap_or(0));
                at = at.max(index) + 1;
            }
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use duibiao_lexicon::Lexicon;

    fn terms(texts: &[(&str, u32, &[u8])]) -> Terms {
        let lexicon = Lexicon::embedded().expect("lexicon");
        let gathered = texts.iter().map(|(text, uses, starts)| {
            let gathered = Gathered {
                kind: TermKind::Phrase,
                uses: *uses,
                shown: None,
                starts: starts.to_vec(),
            };
            ((*text).to_owned(), gathered)
        });
        Terms::new(gathered, lexicon.readings())
    }

    fn suggested(terms: &Terms, typed: &str) -> Vec<String> {
        let typed = Typed::new(typed).expect("something typed");
        let found = terms.suggest(&typed, 5).into_iter();
        found.map(|fitting| fitting.shown.into_owned()).collect()
    }

    #[test]
    fn the_most_used_comes_first_and_whole_terms_before_longer_ones() {
        let terms = terms(&[
            ("审批", 50, &[0]),
            ("审批流程", 40, &[0, 2]),
            ("审判", 90, &[0]),
            ("行政审批", 500, &[0, 2]),
        ]);
        assert_eq!(suggested(&terms, "审批"), ["审批", "审批流程", "行政审批"]);
        assert_eq!(
            suggested(&terms, "shenp"),
            ["审判", "审批", "审批流程", "行政审批"]
        );
        assert_eq!(suggested(&terms, "splc"), ["审批流程"]);
        assert_eq!(suggested(&terms, "审pan"), ["审判"]);
        assert!(suggested(&terms, "xyz").is_empty());
    }

    #[test]
    fn characters_have_the_readings_of_their_word_and_the_others_behind() {
        let terms = terms(&[
            ("重庆", 10, &[0]),
            ("中青", 10, &[0]),
            ("银行", 10, &[0]),
            ("银杏", 5, &[0]),
        ]);
        assert_eq!(suggested(&terms, "chongqing"), ["重庆"]);
        assert_eq!(suggested(&terms, "zhongqing"), ["中青", "重庆"]);
        assert_eq!(suggested(&terms, "yinhang"), ["银行"]);
        assert_eq!(suggested(&terms, "yinxing"), ["银杏", "银行"]);
    }

    #[test]
    fn two_terms_may_stand_one_behind_the_other() {
        let terms = terms(&[("窗口", 10, &[0]), ("延时", 5, &[0]), ("严实", 2, &[0])]);
        assert_eq!(suggested(&terms, "chuangkouyanshi")[0], "窗口延时");
        assert_eq!(suggested(&terms, "窗口延石")[0], "窗口延时");
        assert!(suggested(&terms, "窗口鱻龘").is_empty());
    }

    #[test]
    fn what_was_meant_is_as_long_as_what_was_typed() {
        let terms = terms(&[
            ("营商环境", 90, &[0, 2]),
            ("营商环境条例", 20, &[0, 2, 4]),
            ("双随机一公开", 3, &[0]),
        ]);
        let meant = |typed: &str| -> Vec<(String, Way)> {
            let typed = Typed::new(typed).expect("something typed");
            let found = terms.meant(&typed, 5).into_iter();
            found.map(|f| (f.shown.into_owned(), f.way)).collect()
        };
        let one = |term: &str, way| vec![(term.to_owned(), way)];
        assert_eq!(meant("营商环镜"), one("营商环境", Way::Homophone));
        assert_eq!(meant("yingshanghuanjing"), one("营商环境", Way::Pinyin));
        assert_eq!(meant("双随机一公升"), one("双随机一公开", Way::Shape));
        assert_eq!(meant("营商环境"), []);
        assert_eq!(meant("营商"), []);
    }
}
