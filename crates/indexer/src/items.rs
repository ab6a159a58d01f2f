//! What the files that a walk found hold: one document each, or many where a file is a
//! collection. Rows and members come one at a time, so that a collection may be of any size.
//!
//! Rows are text and are cut here; an archive is taken apart in a worker where there are workers.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::slice;
use std::time::{Duration, Instant};

use duibiao_corpus::DocumentId;
use duibiao_extract::{
    Collection, Columns, HEAD_BYTES, Record, Row, Rows, Support, Workers, collection_of, rows,
    support_of,
};

use crate::reading::INTERNAL;
use crate::unpacked::{Lost, Opened, Quarantine, Unpacked, open as unpack};
use crate::walk::{Source, UNREAD, is_labels, reason};

/// Why a second document of the same path in a collection is left out.
const DOUBLE: &str = "another document of this collection has the same id";

/// Something that becomes a document, a failure, or the end of a collection.
pub(crate) struct Item {
    pub(crate) origin: Origin,
    pub(crate) content: Content,
    /// Bytes it holds, or will when it is read.
    pub(crate) size: u64,
    /// How long it took to find it; of the end of a collection, all of it.
    pub(crate) spent: Duration,
}

/// Where an item comes from.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// The document's path.
    pub(crate) path: String,
    /// The folder that is its root, absolute.
    pub(crate) root: String,
    /// Bytes of the file that are done with it.
    pub(crate) progress: u64,
    /// Whether the file is done with it.
    pub(crate) ends_file: bool,
}

/// What an item holds.
pub(crate) enum Content {
    /// A file, read when its turn comes.
    File(PathBuf),
    /// A member of an archive.
    Bytes(Vec<u8>),
    /// A row of a collection.
    Row(Record),
    /// Why it cannot be read.
    Unreadable(String),
    /// Every item of the collection at this path has been listed.
    End(Summary),
}

/// What is known of a collection after its last item.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    /// Why the rest of it cannot be read.
    pub(crate) broken: Option<String>,
    /// Whether it killed its worker.
    is_killer: bool,
    /// Hash of its bytes if so: it is left alone until they change.
    pub(crate) fingerprint: String,
    /// Members that are no documents.
    pub(crate) skipped: u64,
    /// Columns that are not read.
    pub(crate) unused: Vec<String>,
}

impl Summary {
    fn broken(why: String) -> Self {
        Self {
            broken: Some(why),
            ..Self::default()
        }
    }

    fn lost(lost: Lost) -> Self {
        Self {
            is_killer: lost.is_killer,
            ..Self::broken(lost.reason)
        }
    }
}

/// The items of files, in the order of the files.
pub(crate) struct Items<'a> {
    sources: slice::Iter<'a, Source>,
    columns: &'a Columns,
    workers: Option<&'a Workers>,
    quarantine: Quarantine,
    source: Option<&'a Source>,
    /// The collections being read, one inside the other: rows in an archive at most.
    open: Vec<Open<'a>>,
    /// Bytes of the file at hand that items were given for.
    done: u64,
    /// Time spent on it.
    spent: Duration,
}

struct Open<'a> {
    path: String,
    kind: Kind<'a>,
    /// Documents so far, to find two of the same id.
    seen: HashSet<DocumentId>,
    doubles: u64,
    summary: Summary,
}

enum Kind<'a> {
    Rows(Box<Rows<'static>>),
    Archive {
        archive: Box<Unpacked<'a>>,
        packed: u64,
    },
}

/// What comes next in a collection.
enum Step<'a> {
    Item(String, Content, u64),
    Into(Box<Open<'a>>),
    End,
}

impl<'a> Items<'a> {
    pub(crate) fn new(
        sources: &'a [Source],
        columns: &'a Columns,
        workers: Option<&'a Workers>,
    ) -> Self {
        Self {
            sources: sources.iter(),
            columns,
            workers,
            quarantine: Quarantine::default(),
            source: None,
            open: Vec::new(),
            done: 0,
            spent: Duration::ZERO,
        }
    }

    /// The same without archives that killed their worker and are as they were.
    pub(crate) fn without(self, quarantine: Quarantine) -> Self {
        Self { quarantine, ..self }
    }

    fn step(&mut self) -> Option<Item> {
        if !self.open.is_empty() {
            return self.inside();
        }
        let source = self.sources.next()?;
        self.source = Some(source);
        (self.done, self.spent) = (0, Duration::ZERO);
        let content = match self.collection(source) {
            Ok(Some(kind)) => {
                self.open.push(Open::new(source.path.clone(), kind));
                return self.inside();
            }
            Ok(None) => Content::File(source.file.clone()),
            Err(summary) => Content::End(summary),
        };
        self.item(source.path.clone(), content, source.bytes)
    }

    /// The next item of the innermost collection.
    fn inside(&mut self) -> Option<Item> {
        loop {
            let mut open = self.open.pop()?;
            match open.next(self.columns) {
                Step::Item(path, content, size) => {
                    self.open.push(open);
                    return self.item(path, content, size);
                }
                Step::Into(inner) => self.open.extend([open, *inner]),
                Step::End => return self.item(open.path, Content::End(open.summary), 0),
            }
        }
    }

    fn item(&mut self, path: String, content: Content, size: u64) -> Option<Item> {
        let source = self.source?;
        let at = match self.open.first().map(|open| &open.kind) {
            Some(Kind::Rows(rows)) => rows.bytes().min(source.bytes),
            Some(Kind::Archive { packed, .. }) => (*packed).min(source.bytes),
            None => source.bytes,
        };
        let progress = at.saturating_sub(self.done);
        self.done = at;
        Some(Item {
            origin: Origin {
                path,
                root: source.root.clone(),
                progress,
                ends_file: self.open.is_empty(),
            },
            content,
            size,
            spent: Duration::ZERO,
        })
    }

    /// The collection that a file is, open at its beginning.
    fn collection(&self, source: &Source) -> Result<Option<Kind<'a>>, Summary> {
        let mut file = open(&source.file).map_err(Summary::broken)?;
        let mut head = Vec::with_capacity(HEAD_BYTES.min(source.bytes as usize));
        file.by_ref()
            .take(HEAD_BYTES as u64)
            .read_to_end(&mut head)
            .map_err(|e| Summary::broken(reason(&e)))?;
        let Some(found) = collection_of(&source.path, &head, self.columns) else {
            return Ok(None);
        };
        if found == Collection::Zip {
            drop(file);
            let opened = unpack(source, self.workers, &self.quarantine).map_err(Summary::lost)?;
            return Ok(match opened {
                Opened::Document => None,
                Opened::Archive(archive) => Some(Kind::Archive { archive, packed: 0 }),
            });
        }
        file.rewind().map_err(|e| Summary::broken(reason(&e)))?;
        let rows = rows(found, file, self.columns).map_err(|e| Summary::broken(e.to_string()))?;
        Ok(Some(Kind::Rows(Box::new(rows))))
    }
}

impl Iterator for Items<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let begun = Instant::now();
        // A fault of ours in one collection must not end the run.
        let item = catch_unwind(AssertUnwindSafe(|| self.step())).unwrap_or_else(|_| {
            self.open.clear();
            let summary = Summary::broken(INTERNAL.to_owned());
            self.item(self.source?.path.clone(), Content::End(summary), 0)
        });
        let mut item = item?;
        if let (Content::End(summary), Some(source)) = (&mut item.content, self.source)
            && summary.is_killer
        {
            summary.fingerprint = self.quarantine.fingerprint(&source.file);
        }
        let spent = begun.elapsed();
        self.spent += spent;
        item.spent = match item.content {
            Content::End(_) => self.spent,
            _ => spent,
        };
        Some(item)
    }
}

impl<'a> Open<'a> {
    fn new(path: String, kind: Kind<'a>) -> Self {
        Self {
            path,
            kind,
            seen: HashSet::new(),
            doubles: 0,
            summary: Summary::default(),
        }
    }

    fn next(&mut self, columns: &Columns) -> Step<'a> {
        match &mut self.kind {
            Kind::Rows(rows) => match rows.next() {
                Some(Ok(row)) => self.row(row),
                Some(Err(why)) => {
                    self.summary.broken = Some(why.to_string());
                    self.end()
                }
                None => self.end(),
            },
            Kind::Archive { archive, packed } => loop {
                let Some(member) = archive.next_member() else {
                    return self.end();
                };
                *packed += member.packed;
                let path = format!("{}#{}", self.path, member.name);
                match support_of(&member.name) {
                    Support::Read if !is_labels(&member.name) => {
                        return match archive.read(&member) {
                            Ok(bytes) => self.member(path, bytes, columns),
                            Err(lost) => {
                                self.summary = Summary {
                                    skipped: self.summary.skipped,
                                    ..Summary::lost(lost)
                                };
                                self.end()
                            }
                        };
                    }
                    Support::Unread => return self.member(path, Err(UNREAD.to_owned()), columns),
                    _ => self.summary.skipped += 1,
                }
            },
        }
    }

    fn row(&mut self, row: Row) -> Step<'a> {
        let path = format!("{}#{}", self.path, row.id);
        let content = row.content.map_err(|e| e.to_string());
        let size = content
            .as_ref()
            .map_or(0, |record| record.text.len() as u64);
        self.found(path, content.map(Content::Row), size)
    }

    fn member(
        &mut self,
        path: String,
        bytes: Result<Vec<u8>, String>,
        columns: &Columns,
    ) -> Step<'a> {
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(why) => return self.found(path, Err(why), 0),
        };
        let size = bytes.len() as u64;
        let content = match collection_of(&path, &bytes, columns) {
            // Refused by name unless it is a document.
            None | Some(Collection::Zip) => Ok(Content::Bytes(bytes)),
            Some(collection) => match rows(collection, Cursor::new(bytes), columns) {
                Ok(rows) => {
                    return Step::Into(Box::new(Self::new(path, Kind::Rows(Box::new(rows)))));
                }
                Err(why) => Err(why.to_string()),
            },
        };
        self.found(path, content, size)
    }

    /// A document, unless another of this path was found before.
    fn found(&mut self, path: String, content: Result<Content, String>, size: u64) -> Step<'a> {
        let is_new = self.seen.insert(DocumentId::of_path(&path));
        match content {
            _ if !is_new => {
                // The first one keeps the path.
                self.doubles += 1;
                let path = format!("{path} (no. {})", self.doubles + 1);
                Step::Item(path, Content::Unreadable(DOUBLE.to_owned()), 0)
            }
            Ok(content) => Step::Item(path, content, size),
            Err(why) => Step::Item(path, Content::Unreadable(why), 0),
        }
    }

    fn end(&mut self) -> Step<'a> {
        if let Kind::Rows(rows) = &self.kind {
            self.summary.unused = rows.unused().map(str::to_owned).collect();
        }
        if self.seen.is_empty() && self.summary.broken.is_none() {
            self.summary.broken = Some("no document in it".to_owned());
        }
        Step::End
    }
}

/// Opens a regular file.
fn open(file: &Path) -> Result<File, String> {
    let file = File::open(file).map_err(|e| reason(&e))?;
    if file.metadata().is_ok_and(|m| m.is_file()) {
        Ok(file)
    } else {
        Err("not a regular file".to_owned())
    }
}
