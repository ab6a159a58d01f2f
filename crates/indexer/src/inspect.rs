//! One document read without an index, as `inspect` shows it.

use std::path::{Path, PathBuf};

use duibiao_corpus::Document;
use duibiao_extract::{Columns, Workers};
use duibiao_index::{Analyzer, Given};
use duibiao_lexicon::Lexicon;

use crate::items::{Content, Items};
use crate::reading::{Found, Raw};
use crate::run::understood;
use crate::walk::{Source, reason, walk};

/// So many ids of a collection are named where none was.
const NAMED: usize = 3;

/// Reads one file, or with `file#id` one document of a collection.
///
/// # Errors
/// The reason why it cannot be read.
pub fn inspect(
    file: &Path,
    columns: &Columns,
    lexicon: &Lexicon,
    analyzer: &Analyzer,
    workers: Option<&Workers>,
) -> Result<Document, String> {
    let (file, id) = split(file);
    let metadata = std::fs::metadata(&file).map_err(|e| reason(&e))?;
    if !metadata.is_file() {
        return Err("not a file".to_owned());
    }
    let path = walk(std::slice::from_ref(&file))
        .sources
        .pop()
        .map_or_else(|| file.display().to_string(), |s| s.path);
    let wanted = id.map_or_else(|| path.clone(), |id| format!("{path}#{id}"));
    let source = [Source {
        path,
        file,
        bytes: metadata.len(),
        root: String::new(),
    }];
    let mut others = Vec::new();
    for item in Items::new(&source, columns) {
        if item.origin.path != wanted {
            if others.len() < NAMED && !matches!(item.content, Content::End(_)) {
                others.push(item.origin.path);
            }
            continue;
        }
        let mut given = Given::new();
        let raw = match Raw::of(item.content, item.size) {
            Ok(raw) => raw,
            Err(Found::Unreadable(why)) => return Err(why),
            Err(Found::End(summary)) if summary.broken.is_some() && others.is_empty() => {
                return Err(summary.broken.unwrap_or_default());
            }
            Err(_) => break,
        };
        if let Raw::Row(record) = &raw {
            given.clone_from(&record.fields);
        }
        let extracted = raw.text(&wanted, workers).map_err(|unread| unread.reason)?;
        return understood(&wanted, extracted, &[Some(&given)], lexicon, analyzer);
    }
    Err(choose(&others))
}

/// A file, and the id of a document in it where the name goes on beyond that of a file.
fn split(file: &Path) -> (PathBuf, Option<String>) {
    let text = file.to_string_lossy();
    let hashes = text.match_indices('#').map(|(at, _)| text.split_at(at));
    let mut beyond = hashes.filter(|_| !file.exists());
    let found = beyond.find(|(file, _)| Path::new(file).is_file());
    match found {
        Some((file, id)) => (file.into(), Some(id[1..].to_owned())),
        None => (file.to_owned(), None),
    }
}

/// What to write instead, where a collection or no document of one was named.
fn choose(others: &[String]) -> String {
    let ids: Vec<&str> = others
        .iter()
        .filter_map(|path| path.split_once('#'))
        .map(|(_, id)| id)
        .collect();
    format!(
        "a collection: name one of its documents as FILE#ID; its ids begin with {}",
        ids.join(", ")
    )
}
