//! What can be wrong with a request, or with the index it is put to.
//!
//! Faults are values, not sentences, so that a page can say them in the reader's language; their
//! `Display` is what the terminal and the API say.

use duibiao_index::{AnalyzerError, IndexError};
use duibiao_lexicon::{PlaceError, ThemeError};

use crate::deadline::Halt;
use crate::excerpts::{MOST_NOTE, MOST_NOTES, MOST_PICKED};
use crate::export::formats::ExportFormat;
use crate::query::{MAX_BYTES, MAX_DEPTH, MAX_LEAVES};
use crate::request::{MAX_VALUE_BYTES, MAX_VALUES, MAX_WINDOW};
use crate::watch::MOST_WATCHED;

/// A request cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query does not parse.
    #[error("the query is wrong at character {at}: {fault}")]
    Query {
        /// Where, counted in characters from 1.
        at: usize,
        /// What is wrong there.
        fault: QueryFault,
        /// What to write instead.
        suggestion: Option<String>,
    },
    /// The query is too long, too deep or has too many parts.
    #[error("the query is too large: {0}")]
    TooLarge(Excess),
    /// A filter has a value that means nothing.
    #[error("{name}: {fault}")]
    Filter {
        /// Name of the filter.
        name: &'static str,
        /// What is wrong.
        fault: FilterFault,
        /// What to write instead.
        suggestion: Option<String>,
    },
    /// A parameter is out of its range.
    #[error("{name}: {fault}")]
    Parameter {
        /// Name of the parameter.
        name: &'static str,
        /// What is wrong.
        fault: ParameterFault,
    },
    /// It took longer than whoever asked waits.
    #[error("the search was stopped because it took too long")]
    OutOfTime,
    /// No document or passage has this id.
    #[error("no document or passage has the id {0}")]
    NotFound(String),
    /// The index cannot be used.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The analyzer cannot be loaded.
    #[error(transparent)]
    Analyzer(#[from] AnalyzerError),
    /// An entry of the index is not what its manifest promises.
    #[error("the index holds an unreadable entry: {0}")]
    Corrupt(#[from] serde_json::Error),
}

/// What is wrong at one place of a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryFault {
    /// OR at the beginning.
    #[error("OR needs something before it")]
    NothingBeforeOr,
    /// OR at the end.
    #[error("OR needs something after it")]
    NothingAfterOr,
    /// A bracket that is not closed.
    #[error("this bracket is not closed")]
    OpenBracket,
    /// A quote that is not closed.
    #[error("this quote is not closed")]
    OpenQuote,
    /// A quote of nothing.
    #[error("there is nothing between the quotes")]
    EmptyQuote,
    /// A field's name and colon alone.
    #[error("{0} has no value")]
    NoValue(String),
    /// A field's value means nothing.
    #[error(transparent)]
    Field(FilterFault),
}

/// In what way a query is too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Excess {
    /// It has this many bytes.
    #[error("it has {0} bytes, at most {MAX_BYTES} are read")]
    Bytes(usize),
    /// It has too many pieces, literals and fields.
    #[error("it has more than {MAX_LEAVES} parts")]
    Parts,
    /// A piece of it has too many words.
    #[error("it has more than {MAX_LEAVES} words")]
    Words,
    /// Its filters have too many values.
    #[error("its filters have more than {MAX_VALUES} values")]
    Values,
    /// A filter's value has this many bytes.
    #[error("a filter's value has {0} bytes, at most {MAX_VALUE_BYTES} are read")]
    ValueBytes(usize),
    /// It finds this many hits, too many to watch.
    #[error("it finds {0} hits, at most {MOST_WATCHED} can be watched")]
    Hits(u64),
    /// Its brackets are nested too deep.
    #[error("brackets are nested more than {MAX_DEPTH} deep")]
    Depth,
}

/// What is wrong with a filter's value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterFault {
    /// It names no place, or several.
    #[error(transparent)]
    Place(PlaceError),
    /// It names no theme.
    #[error(transparent)]
    Theme(ThemeError),
    /// It is none of a short list of values.
    #[error("unknown value {0:?}")]
    Unlisted(String),
    /// No document has it.
    #[error("no document in this index has {0:?}")]
    Unused(String),
    /// It is no year and no range of years.
    #[error("{0:?} is no year or range of years")]
    NoYears(String),
}

/// What is wrong with a number or a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParameterFault {
    /// It is 0.
    #[error("must be at least 1")]
    Zero,
    /// It is larger than a search answers.
    #[error("must not exceed {MAX_WINDOW}")]
    TooMany,
    /// It is larger than this.
    #[error("must not exceed {0}")]
    Above(usize),
    /// What it asks for lies too far behind.
    #[error("offset + limit must not exceed {MAX_WINDOW}; continue with a cursor instead")]
    TooFar,
    /// A cursor with an offset.
    #[error("cannot be combined with an offset")]
    WithOffset,
    /// More rows than a file of this format holds.
    #[error("{} holds at most {} rows", .0.as_str(), .0.most_rows())]
    TooManyRows(ExportFormat),
    /// Neither a query nor a theme.
    #[error("a comparison needs a query or a theme")]
    NothingToCompare,
    /// No city whose gaps are looked for.
    #[error("say whose gaps are looked for")]
    NoCity,
    /// No other city to compare with.
    #[error("there is no other city to compare with")]
    NoOthers,
    /// No wording to trace.
    #[error("say which wording is traced")]
    NoWording,
    /// A cursor that no search gave.
    #[error("is not one that a search returned")]
    NoCursor,
    /// More passages picked than are read at once.
    #[error("at most {MOST_PICKED} passages are taken")]
    TooManyPicked,
    /// The same passage picked twice.
    #[error("a passage is named twice")]
    PickedTwice,
    /// A note that is too long.
    #[error("a note has at most {MOST_NOTE} characters")]
    LongNote,
    /// Notes that are too long together.
    #[error("all notes together have at most {MOST_NOTES} characters")]
    LongNotes,
    /// Passages picked one by one and something to search for.
    #[error("passages that are picked cannot be combined with a query or filters")]
    PickedAndSearched,
}

impl QueryFault {
    /// What to write instead, where nothing better is known.
    fn remedy(&self) -> Option<String> {
        let text = match self {
            Self::NothingBeforeOr | Self::NothingAfterOr => {
                "write OR between two pieces, or \"OR\" to look for these letters"
            }
            Self::OpenBracket => "close the bracket, or put it into quotes to look for it",
            Self::OpenQuote => "close the quote, or leave it out",
            Self::EmptyQuote => "leave the quotes out, or write between them what must occur",
            Self::NoValue(_) => "write a value behind the colon, or leave the field out",
            Self::Field(fault) => return fault.remedy(),
        };
        Some(text.to_owned())
    }
}

impl FilterFault {
    /// What to write instead, where nothing better is known.
    fn remedy(&self) -> Option<String> {
        let text = match self {
            Self::Place(_) => "write a code, a full or short name, or an alias: 230100, 哈尔滨",
            Self::Theme(_) => "write an id or a name of a theme: approval.process",
            Self::Unlisted(_) | Self::NoYears(_) => return None,
            Self::Unused(_) => "leave the filter out to see which values there are",
        };
        Some(text.to_owned())
    }
}

impl ParameterFault {
    /// What to write instead, where the fault does not say it.
    fn remedy(self) -> Option<String> {
        match self {
            Self::Zero | Self::TooMany | Self::Above(_) | Self::TooFar => None,
            Self::TooManyRows(_) => {
                Some("take CSV or JSONL, fewer rows, or add a filter".to_owned())
            }
            Self::NothingToCompare => Some(
                "say what to compare: a query, or a theme such as credit.government".to_owned(),
            ),
            Self::TooManyPicked => Some("take some of them out".to_owned()),
            Self::PickedTwice => Some("name each once".to_owned()),
            Self::LongNote | Self::LongNotes => Some("shorten it".to_owned()),
            Self::PickedAndSearched => Some("leave the ids out, or everything else".to_owned()),
            Self::NoCity => Some("name a city, such as 哈尔滨".to_owned()),
            Self::NoWording => Some("write the words as texts have them: 容缺受理".to_owned()),
            Self::NoOthers => Some("name cities in `against`, or loosen the filters".to_owned()),
            Self::WithOffset => Some("leave one of the two out".to_owned()),
            Self::NoCursor => Some(
                "leave it out to begin again; a cursor continues the very search that gave it"
                    .to_owned(),
            ),
        }
    }
}

impl Error {
    /// One sentence on what to do next, where there is something to do.
    pub fn suggestion(&self) -> Option<String> {
        match self {
            Self::Query {
                suggestion, fault, ..
            } => suggestion.clone().or_else(|| fault.remedy()),
            Self::Filter {
                suggestion, fault, ..
            } => suggestion.clone().or_else(|| fault.remedy()),
            Self::Parameter { fault, .. } => fault.remedy(),
            Self::TooLarge(Excess::Values | Excess::ValueBytes(_)) => {
                Some("ask several times, each time with some of the values".to_owned())
            }
            Self::TooLarge(Excess::Hits(_)) => Some("add words or filters".to_owned()),
            Self::TooLarge(_) => {
                Some("ask for less at once; put a long text into one pair of quotes".to_owned())
            }
            Self::OutOfTime => Some(
                "ask for rarer or fewer words, put words that belong together into quotes, or add a filter"
                    .to_owned(),
            ),
            Self::NotFound(_) => {
                Some("ids change when files are renamed; search again for it".to_owned())
            }
            Self::Index(error) => error.suggestion(),
            Self::Corrupt(_) => Some("build the index anew with `duibiao index`".to_owned()),
            Self::Analyzer(_) => None,
        }
    }

    /// Whether what was asked is at fault, and not the index or the machine.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Query { .. } | Self::TooLarge(_) | Self::Filter { .. } | Self::Parameter { .. }
        )
    }
}

/// The engine's errors stay inside: none of its types is in a public signature.
pub(crate) fn engine(error: impl Into<Halt>) -> Error {
    match error.into() {
        Halt::Engine(error) => Error::Index(IndexError::Engine(error)),
        Halt::OutOfTime => Error::OutOfTime,
    }
}
