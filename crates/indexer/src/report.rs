//! What an indexing run is asked to do, how far it is, what it did, and why it failed as a whole.

use std::path::PathBuf;

use duibiao_extract::{Columns, Workers};
use duibiao_index::{AnalyzerError, IndexError};
use serde::Serialize;
use tantivy::TantivyError;

use crate::labels::Labels;
use crate::walk::Failure;

/// What to index, and where.
#[derive(Debug, Default)]
pub struct Options {
    /// Folders and files.
    pub roots: Vec<PathBuf>,
    /// The index folder.
    pub index: PathBuf,
    /// Values the user gives; `None` keeps those given in an earlier run.
    pub labels: Option<Labels>,
    /// Remove documents below the roots whose files are gone.
    pub prune: bool,
    /// Names of columns of collections.
    pub columns: Columns,
    /// Where parsers of binary formats run; without, they run in this process.
    pub workers: Option<Workers>,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Progress {
    /// Files looked at.
    pub files: u64,
    /// Files there are.
    pub files_total: u64,
    /// Bytes looked at.
    pub bytes: u64,
    /// Bytes there are.
    pub bytes_total: u64,
}

/// What a run did.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Documents that are new.
    pub added: u64,
    /// Documents whose file, label or lexicon changed.
    pub changed: u64,
    /// Documents left alone.
    pub unchanged: u64,
    /// Documents removed because their files are gone.
    pub removed: u64,
    /// Documents whose files are gone and that were kept.
    pub vanished: Vec<String>,
    /// Files that could not be read.
    pub failed: Vec<Failure>,
    /// Files that are no documents.
    pub skipped: u64,
    /// Links not followed.
    pub links: u64,
    /// Label rows that no document has.
    pub labels_unused: u64,
    /// Columns of collections that no document takes a value from.
    pub unused_columns: Vec<UnusedColumns>,
    /// Bytes read.
    pub bytes: u64,
    /// Bytes of the files that were indexed.
    pub bytes_indexed: u64,
    /// How long it took.
    pub seconds: f64,
    /// Whether it was asked to stop.
    pub interrupted: bool,
    /// Documents in the index now.
    pub documents: u64,
    /// Passages in the index now.
    pub passages: u64,
    /// Whether documents outside the roots given still use another lexicon.
    pub stale_elsewhere: bool,
}

/// Columns of a collection that are not read.
#[derive(Debug, Clone, Serialize)]
pub struct UnusedColumns {
    /// Path of the collection.
    pub path: String,
    /// Their names.
    pub columns: Vec<String>,
}

/// A run failed as a whole.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The index cannot be used.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The analyzer cannot be loaded.
    #[error(transparent)]
    Analyzer(#[from] AnalyzerError),
    /// None of the roots exists.
    #[error("nothing to index: {}", .0.iter().map(|f| format!("{}: {}", f.path, f.reason)).collect::<Vec<_>>().join("; "))]
    NoRoot(Vec<Failure>),
    /// The commit could not be made durable.
    #[error("cannot sync {path}: {source}")]
    Sync {
        /// The index folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl From<TantivyError> for RunError {
    fn from(error: TantivyError) -> Self {
        Self::Index(IndexError::Engine(error))
    }
}
