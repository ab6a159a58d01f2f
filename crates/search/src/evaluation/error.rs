//! What can be wrong with files of queries, judgements and runs.

use std::io;
use std::path::PathBuf;

use crate::error::Error;

/// An evaluation cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// A file cannot be read or written.
    #[error("cannot use {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A line of a file is not what it should be.
    #[error("{path}:{line}: {fault}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong there.
        fault: LineFault,
    },
    /// One query of a JSON file is not what it should be.
    #[error("{path}: query {id}: {fault}")]
    Query {
        /// The file.
        path: PathBuf,
        /// The query's id.
        id: String,
        /// What is wrong with it.
        fault: LineFault,
    },
    /// Queries of one line each come without judgements.
    #[error("{path} holds queries without judgements")]
    NoJudgements {
        /// The file.
        path: PathBuf,
    },
    /// No query has a relevant answer.
    #[error("no query of {path} has a relevant answer among the judgements")]
    NothingJudged {
        /// The file of queries.
        path: PathBuf,
    },
    /// A query of the file cannot be answered.
    #[error("query {id}: {source}")]
    Search {
        /// The query's id.
        id: String,
        /// Why not.
        source: Error,
    },
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] Error),
}

/// What is wrong with a line or a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// It is no UTF-8.
    #[error("this is no UTF-8 text")]
    NoText,
    /// A query without the tab behind its id.
    #[error("a query is written id<TAB>text")]
    NoTab,
    /// An id or a text is empty.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A judgement or a line of a run has another number of columns.
    #[error("{expected} columns are expected ({names}), this line has {found}")]
    Columns {
        /// How many there should be.
        expected: usize,
        /// What they are.
        names: &'static str,
        /// How many there are.
        found: usize,
    },
    /// A number is none.
    #[error("{name} is no whole number: {found:?}")]
    NoNumber {
        /// Name of the column.
        name: &'static str,
        /// What stands there.
        found: String,
    },
    /// A query or a judgement is there twice.
    #[error("{0} is here a second time")]
    Twice(String),
    /// A filter has a name that none has.
    #[error("there is no filter {0:?}")]
    NoFilter(String),
    /// A judged passage has no place.
    #[error("{0:?} is no passage of the judgements, and no document's name with -m and a number")]
    NoPassage(String),
    /// A run's passage has no place.
    #[error("{0:?} is no passage of a run: name-mNUMBER:BEGIN-END")]
    NoPlace(String),
    /// It is no JSON of the shape that is read.
    #[error("this is not the JSON of queries or of judged passages: {0}")]
    Json(String),
}

impl EvaluationError {
    /// One sentence on what to do next, where there is something to do.
    pub fn suggestion(&self) -> Option<String> {
        match self {
            Self::NoJudgements { .. } => {
                Some("name the file of judgements (qid iter docid grade) behind it".to_owned())
            }
            Self::Search { source, .. } | Self::Index(source) => source.suggestion(),
            _ => None,
        }
    }

    /// Whether what was given is at fault, and not the index or the machine.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::File { .. } => false,
            Self::Search { source, .. } | Self::Index(source) => source.is_usage(),
            _ => true,
        }
    }
}
