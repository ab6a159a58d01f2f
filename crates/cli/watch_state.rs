//! What `duibiao watch` keeps beside a file of saved searches, so that the next run can tell what is
//! new. The file is replaced whole: whoever stops a run, or runs two at once, finds it as one of
//! them left it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use duibiao_search::{KnownDocuments, Seen};
use serde::{Deserialize, Serialize};

/// Changes when what was kept before can no longer be read.
const FORMAT: u32 = 1;
/// No more is read, in bytes: a hundred searches with as many hits as can be watched.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// What a run leaves behind.
#[derive(Serialize, Deserialize)]
pub(crate) struct State {
    format: u32,
    /// The folder of the index that was looked at.
    pub(crate) index: PathBuf,
    pub(crate) searches: BTreeMap<String, Kept>,
    pub(crate) documents: KnownDocuments,
}

/// What is kept of one search.
#[derive(Serialize, Deserialize)]
pub(crate) struct Kept {
    /// What it asked for: under its name there may be another search now.
    pub(crate) asked: Vec<(String, String)>,
    pub(crate) seen: Seen,
}

/// What every format has.
#[derive(Deserialize)]
struct Marked {
    format: u32,
}

impl State {
    pub(crate) fn new(index: &Path) -> Self {
        Self {
            format: FORMAT,
            index: std::path::absolute(index).unwrap_or_else(|_| index.to_owned()),
            searches: BTreeMap::new(),
            documents: KnownDocuments::default(),
        }
    }

    /// Where it is kept.
    pub(crate) fn path(searches: &Path) -> PathBuf {
        let mut name = searches.as_os_str().to_owned();
        name.push(".state");
        name.into()
    }

    /// What the last run kept; none where there was no run.
    ///
    /// # Errors
    /// When it cannot be read, is damaged, or a newer version of the program wrote it.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Option<Self>> {
        let cannot = || format!("cannot read {}", path.display());
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(cannot),
        };
        let mut bytes = Vec::new();
        file.take(MOST_BYTES + 1)
            .read_to_end(&mut bytes)
            .with_context(cannot)?;
        let damaged = || {
            format!(
                "{} is damaged: restore it from a copy, or delete it to begin anew, where all that is found now counts as seen",
                path.display()
            )
        };
        anyhow::ensure!(bytes.len() as u64 <= MOST_BYTES, damaged());
        let marked: Marked = serde_json::from_slice(&bytes).with_context(damaged)?;
        anyhow::ensure!(
            marked.format <= FORMAT,
            "{} was written by a newer version of duibiao; use that one",
            path.display()
        );
        serde_json::from_slice(&bytes)
            .with_context(damaged)
            .map(Some)
    }

    /// Replaces what was kept before, once all of it is on the disk.
    ///
    /// # Errors
    /// When it cannot be written; what was kept before then stays.
    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let cannot = || {
            format!(
                "cannot write {}: what was told now will be told again",
                path.display()
            )
        };
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let mut file =
            crate::export::temporary(folder.unwrap_or(Path::new("."))).with_context(cannot)?;
        let bytes = serde_json::to_vec(self).with_context(cannot)?;
        file.write_all(&bytes).with_context(cannot)?;
        file.as_file().sync_all().with_context(cannot)?;
        file.persist(path)
            .map_err(|error| error.error)
            .with_context(cannot)?;
        Ok(())
    }
}
