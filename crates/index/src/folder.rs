//! The folder an index lives in: made only by the indexer, opened by everyone, refused where it
//! is not ours or of another format version.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tantivy::directory::MmapDirectory;
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};
use tantivy::{Index, IndexSettings, TantivyError};

use crate::grams::{GramTokenizer, Grams};
use crate::manifest::{FORMAT_VERSION, Manifest};
use crate::schema::{Fields, WORDS_TOKENIZER};

/// An index folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Nothing there.
    #[error("no index at {path}")]
    Missing {
        /// The folder looked at.
        path: PathBuf,
    },
    /// A folder with other things in it.
    #[error("{path} is not empty and holds no index of this program")]
    Foreign {
        /// The folder looked at.
        path: PathBuf,
    },
    /// An index that this version of the program cannot use.
    #[error(
        "the index at {path} has format version {found}, this program reads version {FORMAT_VERSION}"
    )]
    Format {
        /// The folder looked at.
        path: PathBuf,
        /// What its manifest says.
        found: u32,
    },
    /// A file of the index is damaged or missing.
    #[error("the index at {path} is damaged: {source}")]
    Damaged {
        /// The folder looked at.
        path: PathBuf,
        /// What the engine says.
        source: TantivyError,
    },
    /// Another indexer holds the write lock.
    #[error("another indexer is writing to {path}")]
    Busy {
        /// The folder looked at.
        path: PathBuf,
    },
    /// The file system refuses.
    #[error("cannot use {path}: {source}")]
    Io {
        /// The folder looked at.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The engine refuses.
    #[error("the index engine failed: {0}")]
    Engine(#[from] TantivyError),
}

/// What a person can do about it.
impl IndexError {
    /// One sentence on what to do next, where there is something to do.
    pub fn suggestion(&self) -> Option<String> {
        match self {
            Self::Missing { path } => Some(format!(
                "build one with `duibiao index PATH... --index {}`, or name another folder with --index",
                path.display()
            )),
            Self::Foreign { .. } => Some("name an empty or new folder with --index".to_owned()),
            Self::Format { path, .. } => Some(format!(
                "remove {} and run `duibiao index` again, or use the program that wrote it",
                path.display()
            )),
            Self::Damaged { path, .. } => Some(format!(
                "remove {} and run `duibiao index` again",
                path.display()
            )),
            Self::Busy { .. } => {
                Some("wait until it has finished, or use another folder with --index".to_owned())
            }
            Self::Engine(_) => Some(
                "if it happens again, remove the index folder and run `duibiao index` anew"
                    .to_owned(),
            ),
            Self::Io { .. } => None,
        }
    }
}

/// Opens an existing index. Never creates anything.
pub fn open(path: &Path) -> Result<(Index, Manifest), IndexError> {
    if !path.join("meta.json").is_file() {
        return Err(match fs::read_dir(path).map(Iterator::count) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => IndexError::Io {
                path: path.to_owned(),
                source: e,
            },
            Ok(entries) if entries > 0 => IndexError::Foreign {
                path: path.to_owned(),
            },
            _ => IndexError::Missing {
                path: path.to_owned(),
            },
        });
    }
    let damaged = |source| opening(path, source);
    let index = Index::open_in_dir(path).map_err(damaged)?;
    let payload = index
        .load_metas()
        .map_err(damaged)?
        .payload
        .unwrap_or_default();
    match Manifest::format_of(&payload) {
        None => {
            return Err(IndexError::Foreign {
                path: path.to_owned(),
            });
        }
        Some(FORMAT_VERSION) => {}
        Some(found) => {
            return Err(IndexError::Format {
                path: path.to_owned(),
                found,
            });
        }
    }
    let manifest = Manifest::from_payload(&payload).ok_or_else(|| IndexError::Foreign {
        path: path.to_owned(),
    })?;
    let (schema, _) = Fields::schema();
    if index.schema() != schema {
        return Err(IndexError::Format {
            path: path.to_owned(),
            found: manifest.format,
        });
    }
    Ok((with_tokenizers(index), manifest))
}

/// Why an index cannot be opened: the file system refuses, or what is there is damaged.
pub fn opening(path: &Path, source: TantivyError) -> IndexError {
    // The engine wraps the system's error in several layers of its own; all of them print it.
    let text = format!("{source} {source:?}");
    if text.contains("Permission denied") || text.contains("PermissionDenied") {
        let source = io::Error::new(
            io::ErrorKind::PermissionDenied,
            "permission denied; reading needs write permission too, for the lock",
        );
        return IndexError::Io {
            path: path.to_owned(),
            source,
        };
    }
    IndexError::Damaged {
        path: path.to_owned(),
        source,
    }
}

/// Makes an empty index in a new or empty folder.
pub fn create(path: &Path) -> Result<Index, IndexError> {
    let io_error = |source| IndexError::Io {
        path: path.to_owned(),
        source,
    };
    fs::create_dir_all(path).map_err(io_error)?;
    if fs::read_dir(path).map_err(io_error)?.count() > 0 {
        return Err(IndexError::Foreign {
            path: path.to_owned(),
        });
    }
    let directory = MmapDirectory::open(path).map_err(|e| IndexError::Engine(e.into()))?;
    let (schema, _) = Fields::schema();
    let index = Index::create(directory, schema, settings())
        .map_err(|source| not_writable(path, source))?;
    Ok(with_tokenizers(index))
}

/// Opens the index at `path`, or makes one where there is none yet. An index that was begun but
/// never committed to is begun anew.
pub fn open_or_create(path: &Path) -> Result<(Index, Option<Manifest>), IndexError> {
    match open(path) {
        Ok((index, manifest)) => Ok((index, Some(manifest))),
        Err(IndexError::Missing { .. }) => Ok((create(path)?, None)),
        Err(IndexError::Foreign { .. }) if never_committed(path) => {
            let index = Index::open_in_dir(path).map_err(|source| IndexError::Damaged {
                path: path.to_owned(),
                source,
            })?;
            Ok((with_tokenizers(index), None))
        }
        Err(error) => Err(error),
    }
}

/// Makes a rename inside the folder durable: without this an acknowledged commit can roll back
/// on power loss.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Whether the folder holds an index of this schema that was killed before its first commit.
fn never_committed(path: &Path) -> bool {
    let Ok(index) = Index::open_in_dir(path) else {
        return false;
    };
    let Ok(metas) = index.load_metas() else {
        return false;
    };
    metas.payload.is_none() && metas.segments.is_empty() && index.schema() == Fields::schema().0
}

/// How an index is stored: the document store is the largest part of an index and zstd halves
/// it; 16 KiB blocks keep one hit's read cheap.
fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor {
            compression_level: Some(3),
        }),
        docstore_blocksize: 16 * 1024,
        ..IndexSettings::default()
    }
}

/// The tokenizers of the schema: word fields hold words already cut, exact fields their pairs.
pub fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    let words = tantivy::tokenizer::WhitespaceTokenizer::default();
    manager.register(WORDS_TOKENIZER, TextAnalyzer::from(words));
    for grams in [Grams::Single, Grams::Pairs] {
        manager.register(
            grams.tokenizer(),
            TextAnalyzer::from(GramTokenizer::new(grams)),
        );
    }
    manager
}

fn with_tokenizers(mut index: Index) -> Index {
    index.set_tokenizers(tokenizers());
    index
}

fn not_writable(path: &Path, source: TantivyError) -> IndexError {
    match source {
        TantivyError::IoError(e) => IndexError::Io {
            path: path.to_owned(),
            source: io::Error::new(e.kind(), e.to_string()),
        },
        other => IndexError::Engine(other),
    }
}
