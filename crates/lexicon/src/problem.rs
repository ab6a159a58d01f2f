//! What can be wrong with the tables, each fault with its file and line.
//!
//! Faults are collected, not thrown: someone who edited a table sees all of them at once.

use std::fmt;
use std::io;
use std::path::PathBuf;

use duibiao_corpus::{PlaceCode, ThemeId};

/// How many faults an error message lists before it only counts the rest.
const SHOWN: usize = 20;

/// Why a lexicon could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// A table is not there or cannot be read.
    #[error("cannot read the lexicon table {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A table is larger than any table could sensibly be.
    #[error("lexicon table {} has {bytes} bytes, more than the limit of {limit}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The largest size that is read.
        limit: u64,
    },
    /// The tables were read and contradict themselves or each other.
    #[error("{}", listing(.0))]
    Invalid(Vec<Problem>),
}

fn listing(problems: &[Problem]) -> String {
    let mut lines: Vec<String> = problems
        .iter()
        .take(SHOWN)
        .map(Problem::to_string)
        .collect();
    if problems.len() > SHOWN {
        lines.push(format!("and {} more", problems.len() - SHOWN));
    }
    lines.join("\n")
}

/// A fault and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Name of the table, such as `aliases.csv`.
    pub file: &'static str,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub fault: Fault,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.fault)
    }
}

/// What can be wrong with a line of a table.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are what the message shows")]
pub enum Fault {
    /// Bytes that are not UTF-8.
    #[error("not UTF-8; save the table as UTF-8 (in a spreadsheet: “CSV UTF-8”)")]
    NotUtf8,
    /// A line that does not have the form of its table.
    #[error("{0}")]
    Malformed(String),
    /// A column that the table must have.
    #[error("the first line must be {expected}")]
    WrongHeader { expected: String },
    /// A field that may not be empty.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A field longer than any that makes sense.
    #[error("{what} is longer than {limit} characters: {text}…")]
    TooLong {
        what: &'static str,
        limit: usize,
        text: String,
    },
    /// A word that holds white space or a control character.
    #[error("{what} holds white space or a control character: {text:?}")]
    NotOneWord { what: &'static str, text: String },
    /// A value that is not one of those allowed.
    #[error("{what} {text:?} is not one of {allowed}")]
    NotAllowed {
        what: &'static str,
        text: String,
        allowed: String,
    },
    /// A text that is not what its column holds.
    #[error("{0}")]
    Unreadable(String),
    /// The same thing twice.
    #[error("{what} {text} stands already in line {line}")]
    Duplicate {
        what: &'static str,
        text: String,
        line: usize,
    },
    /// A year outside 1900–2200.
    #[error("{0:?} is not a year")]
    NotAYear(String),
    /// A period that ends before it begins.
    #[error("{name} ends in {to}, before it begins in {from}")]
    YearsReversed { name: String, from: u16, to: u16 },
    /// Two holders of a code at the same time.
    #[error("code {code} is held by {first} (line {line}) and {second} at the same time")]
    CodeHeldTwice {
        code: PlaceCode,
        first: String,
        line: usize,
        second: String,
    },
    /// A level that the code contradicts.
    #[error("code {0} is not the code of a {1}")]
    LevelContradictsCode(PlaceCode, &'static str),
    /// A code without a row.
    #[error("unknown code {0}")]
    UnknownCode(PlaceCode),
    /// A successor that no longer existed when it should have taken over.
    #[error("successor {code} of {name} does not exist after {year}")]
    SuccessorEnded {
        code: PlaceCode,
        name: String,
        year: u16,
    },
    /// A successor without a year of a place that has not ended.
    #[error("{name} has not ended but has successor {code}; give the year of a partial transfer")]
    SuccessorOfCurrent { code: PlaceCode, name: String },
    /// Places that succeed each other.
    #[error("{0} succeeds itself")]
    SuccessorCycle(String),
    /// An alias that stands for several places and does not say so.
    #[error("alias {alias} names {} places ({}) and is not marked ambiguous", codes.len(), join(codes))]
    UnmarkedAmbiguous {
        alias: String,
        codes: Vec<PlaceCode>,
    },
    /// An alias marked ambiguous that stands for one place.
    #[error("alias {alias} is marked ambiguous but names only {code}")]
    StaleAmbiguous { alias: String, code: PlaceCode },
    /// An alias that is the full name of another place.
    #[error("alias {alias} of {code} is the full name of {other} and is not marked ambiguous")]
    AliasIsFullName {
        alias: String,
        code: PlaceCode,
        other: PlaceCode,
    },
    /// A former name that no former place with this code begins with.
    #[error("no former place with code {code} is called {alias}")]
    NoSuchFormerName { alias: String, code: PlaceCode },
    /// An ordinary word that is no name of a place.
    #[error("{0} is no name of a place")]
    NotAName(String),
    /// A theme that is not defined.
    #[error("unknown theme {0}")]
    UnknownTheme(ThemeId),
    /// A parent that does not stand above its child in the file.
    #[error("parent {parent} of theme {theme} is not defined above it")]
    ParentNotAbove { theme: ThemeId, parent: ThemeId },
    /// A parent other than the part of the id before the dot.
    #[error("theme {theme} must have {expected}")]
    WrongParent { theme: ThemeId, expected: String },
    /// Themes that replace each other.
    #[error("theme {0} is replaced by itself")]
    ReplacementCycle(ThemeId),
    /// A theme with `replaced_by` that is not deprecated.
    #[error("theme {0} has replaced_by without status = \"deprecated\"")]
    ReplacedButActive(ThemeId),
    /// An article that does not belong to the chapter.
    #[error("article {article} is not in {chapter}, which has articles {first}–{last}")]
    ArticleOutsideChapter {
        article: u16,
        chapter: String,
        first: u16,
        last: u16,
    },
    /// A weight outside 0–1.
    #[error("weight {0} is not above 0 and at most 1")]
    BadWeight(f32),
    /// A synonym group of fewer than two words.
    #[error("a group needs at least two words")]
    LoneSynonym,
    /// One-way synonyms that lead back to where they began.
    #[error("{0} leads back to itself; words that stand for each other belong in [exact]")]
    OnewayCycle(String),
    /// A pair of words that is equivalent and something weaker.
    #[error("{first} and {second} are both exact (line {line}) and {other}")]
    TwoKinds {
        first: String,
        second: String,
        line: usize,
        other: &'static str,
    },
}

impl Fault {
    pub(crate) fn duplicate(what: &'static str, text: &str, line: usize) -> Self {
        let text = text.to_owned();
        Self::Duplicate { what, text, line }
    }
}

fn join(codes: &[PlaceCode]) -> String {
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    codes.join(", ")
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    pub(crate) fn add(&mut self, file: &'static str, line: usize, fault: Fault) {
        self.0.push(Problem { file, line, fault });
    }

    pub(crate) fn into_result(self) -> Result<(), LexiconError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(LexiconError::Invalid(self.0))
        }
    }
}

/// Longest word, name or alias that is taken for one.
pub(crate) const LONGEST_WORD: usize = 64;

/// Checks that `text` is one word of sensible length.
pub(crate) fn check_word(what: &'static str, text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::Empty(what));
    }
    if text.chars().nth(LONGEST_WORD).is_some() {
        return Err(Fault::TooLong {
            what,
            limit: LONGEST_WORD,
            text: text.chars().take(20).collect(),
        });
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Fault::NotOneWord {
            what,
            text: text.to_owned(),
        });
    }
    Ok(())
}
