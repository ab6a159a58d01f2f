//! One document read without an index, as `inspect` shows it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use duibiao_corpus::Document;
use duibiao_extract::{Columns, Extracted, Workers};
use duibiao_index::{Analyzer, Given};
use duibiao_lexicon::Lexicon;

use crate::infer::candidate::Explanation;
use crate::items::{Content, Items};
use crate::reading::{Found, INTERNAL, Raw};
use crate::run::{correct, understood};
use crate::understand::explain;
use crate::walk::{Source, reason, walk};

/// So many ids of a collection are named where none was.
const NAMED: usize = 3;

/// The one document to read.
#[derive(Debug, Clone, Copy)]
pub struct Inspected<'a> {
    /// Its file; with `file#id` a document of a collection.
    pub file: &'a Path,
    /// Names of columns of collections.
    pub columns: &'a Columns,
    /// Where parsers run; without, they run in this process.
    pub workers: Option<&'a Workers>,
}

/// Reads and understands one document.
///
/// # Errors
/// The reason why it cannot be read.
pub fn inspect(
    one: &Inspected<'_>,
    lexicon: &Lexicon,
    analyzer: &Analyzer,
) -> Result<Document, String> {
    let (path, extracted, given) = read(one)?;
    understood(&path, extracted, &[Some(&given)], lexicon, analyzer)
}

/// The same, with every candidate of every field.
///
/// # Errors
/// The reason why it cannot be read.
pub fn inspect_explained(
    one: &Inspected<'_>,
    lexicon: &Lexicon,
    analyzer: &Analyzer,
) -> Result<(Document, Explanation), String> {
    let (path, extracted, given) = read(one)?;
    let work = || {
        let (mut document, explanation) = explain(&path, extracted, lexicon, analyzer);
        correct(&mut document, &[Some(&given)], lexicon, analyzer);
        (document, explanation)
    };
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| INTERNAL.to_owned())
}

/// Its path, its text, and the values its row gives.
fn read(one: &Inspected<'_>) -> Result<(String, Extracted, Given), String> {
    let (file, id) = split(one.file);
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
    for item in Items::new(&source, one.columns, one.workers) {
        if item.origin.path != wanted {
            if others.len() < NAMED && !matches!(item.content, Content::End(_)) {
                others.push(item.origin.path);
            }
            continue;
        }
        let raw = match Raw::of(item.content, item.size) {
            Ok(raw) => raw,
            Err(Found::Unreadable(why)) => return Err(why),
            Err(Found::End(summary)) if summary.broken.is_some() && others.is_empty() => {
                return Err(summary.broken.unwrap_or_default());
            }
            Err(_) => break,
        };
        let given = match &raw {
            Raw::Row(record) => record.fields.clone(),
            Raw::Bytes(_) => Given::new(),
        };
        let extracted = raw.text(&wanted, one.workers);
        let extracted = extracted.map_err(|unread| unread.reason)?;
        return Ok((wanted, extracted, given));
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
