//! Reads and checks `status-words.txt`: the words that tell how far a measure has come.
//!
//! Says what a word says by itself. Whether it counts where it stands is not decided here.

use std::ops::Range;

use crate::finder::Finder;
use crate::problem::{Fault, Problems, check_word};
use crate::tables::{STATUS_WORDS, Tables, text_lines};

/// What a word says, before looking at where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusSign {
    /// 已: carried out, unless it only describes a thing (已进户的小区).
    Already,
    /// 了: carried out, unless it tells an effect (营造了氛围).
    Le,
    /// A state reached by now, whatever comes after it.
    Reached,
    /// 目前: a state, unless it is a lack.
    Present,
    /// 以来, 开始 at the end of a clause: a time that has begun.
    Since,
    /// Carried out where nothing in the sentence says that it is to come.
    Result,
    /// A change that counts with the figure behind it.
    Change,
    /// A document made known, with its name behind it.
    Issue,
    /// An act done once, such as an answer to a finding reports.
    Act,
    /// 将: to come, or only the mark of an object (将事项纳入清单).
    Will,
    /// A date before which something is to be.
    Deadline,
    /// To come.
    Ahead,
    /// Asked of others.
    Demand,
    /// A figure beside it is a wish or a limit.
    Aim,
    /// What is done again and again has no end.
    Habit,
}

/// The sections of words that are looked for, with what they say.
const SIGNS: [(&str, StatusSign); 15] = [
    ("already", StatusSign::Already),
    ("le", StatusSign::Le),
    ("reached", StatusSign::Reached),
    ("present", StatusSign::Present),
    ("since", StatusSign::Since),
    ("result", StatusSign::Result),
    ("change", StatusSign::Change),
    ("issue", StatusSign::Issue),
    ("act", StatusSign::Act),
    ("will", StatusSign::Will),
    ("deadline", StatusSign::Deadline),
    ("ahead", StatusSign::Ahead),
    ("demand", StatusSign::Demand),
    ("aim", StatusSign::Aim),
    ("habit", StatusSign::Habit),
];
/// The sections of words that are only compared with what stands beside such a word.
const BESIDE: [&str; 6] = [
    "proposed",
    "not-proposed",
    "future",
    "before-future",
    "effects",
    "lacks",
];

impl StatusSign {
    /// Whether a word of `bits` says this among other things.
    pub fn is_in(self, bits: u32) -> bool {
        bits & (1 << self as u32) != 0
    }
}

/// The words of a table, by what they say.
pub struct StatusWords {
    signs: Finder,
    beside: [Vec<String>; 6],
    /// The words of the first of these, once more.
    proposed: Finder,
}

impl StatusWords {
    /// Every word in a text with the bits of what it says, in order; of those that begin together the
    /// shortest first.
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (Range<usize>, u32)> + 'a {
        self.signs.every(text)
    }

    /// Where the beginning of a sentence ends that only suggests, the longest such word.
    pub fn proposed(&self, sentence: &str) -> Option<usize> {
        self.proposed.at(sentence).map(|(end, _)| end)
    }

    /// Words that begin like one that suggests and do not: 应急.
    pub fn not_proposed(&self) -> &[String] {
        &self.beside[1]
    }

    /// What follows 将 that tells of the future.
    pub fn future(&self) -> &[String] {
        &self.beside[2]
    }

    /// What stands before 将 that makes it the future.
    pub fn before_future(&self) -> &[String] {
        &self.beside[3]
    }

    /// Verbs before 了 that tell an effect or a degree, not an act that came to an end.
    pub fn effects(&self) -> &[String] {
        &self.beside[4]
    }

    /// What makes a state of today a lack.
    pub fn lacks(&self) -> &[String] {
        &self.beside[5]
    }
}

impl std::fmt::Debug for StatusWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StatusWords")
            .field("beside", &self.beside)
            .finish_non_exhaustive()
    }
}

/// A section: of words with bits, or one of [`BESIDE`].
#[derive(Clone, Copy)]
enum Section {
    Sign(u32),
    Beside(usize),
}

pub(crate) fn parse(tables: &Tables, problems: &mut Problems) -> StatusWords {
    let mut signs: Vec<(String, u32)> = Vec::new();
    let mut beside: [Vec<String>; 6] = Default::default();
    let mut section = None;
    let mut has_words = [false; SIGNS.len()];
    for (line, text) in text_lines(tables, STATUS_WORDS) {
        if let Some(name) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
            section = section_of(name);
            if section.is_none() {
                problems.add(STATUS_WORDS, line, unknown(name));
            }
            continue;
        }
        for word in text.split_whitespace() {
            let is_new = match section {
                None => {
                    let fault = "words before the first known section".to_owned();
                    problems.add(STATUS_WORDS, line, Fault::Malformed(fault));
                    break;
                }
                Some(Section::Sign(sign)) => {
                    has_words[sign as usize] = true;
                    add_sign(&mut signs, word, 1 << sign)
                }
                Some(Section::Beside(list)) => {
                    let is_new = !beside[list].iter().any(|known| known == word);
                    beside[list].push(word.to_owned());
                    is_new
                }
            };
            if let Err(fault) = check_word("word", word) {
                problems.add(STATUS_WORDS, line, fault);
            } else if !is_new {
                let fault = format!("word {word:?} stands twice in its section");
                problems.add(STATUS_WORDS, line, Fault::Malformed(fault));
            }
        }
    }
    let empty = SIGNS.iter().zip(has_words).filter(|(_, has)| !has);
    let empty = empty.map(|((name, _), _)| *name);
    let none = BESIDE
        .iter()
        .zip(&beside)
        .filter(|(_, list)| list.is_empty());
    for name in empty.chain(none.map(|(name, _)| *name)) {
        let fault = format!("section [{name}] has no words");
        problems.add(STATUS_WORDS, 1, Fault::Malformed(fault));
    }
    let signs = Finder::new(signs.iter().map(|(word, bits)| (word.as_str(), *bits)));
    let proposed = Finder::new(beside[0].iter().map(String::as_str).zip(0..));
    StatusWords {
        signs,
        beside,
        proposed,
    }
}

fn section_of(name: &str) -> Option<Section> {
    let sign = SIGNS.iter().find(|(known, _)| *known == name);
    let beside = BESIDE.iter().position(|known| *known == name);
    sign.map(|(_, sign)| Section::Sign(*sign as u32))
        .or(beside.map(Section::Beside))
}

fn unknown(name: &str) -> Fault {
    let names: Vec<&str> = SIGNS.iter().map(|(name, _)| *name).chain(BESIDE).collect();
    Fault::NotAllowed {
        what: "section",
        text: name.chars().take(20).collect(),
        allowed: names.join(", "),
    }
}

/// Adds what a word says; whether it did not say so before.
fn add_sign(signs: &mut Vec<(String, u32)>, word: &str, bit: u32) -> bool {
    match signs.iter_mut().find(|(known, _)| known == word) {
        Some((_, bits)) => {
            let is_new = *bits & bit == 0;
            *bits |= bit;
            is_new
        }
        None => {
            signs.push((word.to_owned(), bit));
            true
        }
    }
}
