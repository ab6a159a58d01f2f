//! What can be wrong with a request, or with the index it is put to.

use duibiao_index::{AnalyzerError, IndexError};

/// A request cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query does not parse.
    #[error("the query is wrong at character {at}: {why}")]
    Query {
        /// Where, counted in characters from 1.
        at: usize,
        /// What is wrong there.
        why: String,
        /// What to write instead.
        suggestion: Option<String>,
    },
    /// The query is too long, too deep or has too many parts.
    #[error("the query is too large: {0}")]
    TooLarge(String),
    /// A filter has a value that means nothing.
    #[error("{name}: {why}")]
    Filter {
        /// Name of the filter.
        name: &'static str,
        /// What is wrong.
        why: String,
        /// What to write instead.
        suggestion: Option<String>,
    },
    /// A parameter is out of its range.
    #[error("{name}: {why}")]
    Parameter {
        /// Name of the parameter.
        name: &'static str,
        /// What is wrong.
        why: String,
    },
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

impl Error {
    /// One sentence on what to do next, where there is something to do.
    pub fn suggestion(&self) -> Option<String> {
        match self {
            Self::Query { suggestion, .. } | Self::Filter { suggestion, .. } => suggestion.clone(),
            Self::TooLarge(_) => {
                Some("ask for less at once; put a long text into one pair of quotes".to_owned())
            }
            Self::NotFound(_) => {
                Some("ids change when files are renamed; search again for it".to_owned())
            }
            Self::Index(error) => error.suggestion(),
            Self::Corrupt(_) => Some("build the index anew with `duibiao index`".to_owned()),
            Self::Parameter { .. } | Self::Analyzer(_) => None,
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
pub(crate) fn engine(error: tantivy::TantivyError) -> Error {
    Error::Index(IndexError::Engine(error))
}
