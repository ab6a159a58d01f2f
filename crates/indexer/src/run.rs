//! One indexing run: what is new or changed is read and written, the rest is left alone.
//!
//! A bad file is a line in the report. Finished documents are committed at intervals and when
//! the run is asked to stop, so an interrupted run loses nothing it has reported.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use duibiao_corpus::{Document, DocumentId};
use duibiao_extract::Extracted;
use duibiao_index::{
    Analyzer, Entry, FORMAT_VERSION, Fields, Given, IndexError, Manifest, Unreadable,
};
use duibiao_lexicon::Lexicon;
use tantivy::directory::error::LockError;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{Index, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError};

use crate::in_flight::{Room, Waiting};
use crate::items::{Items, Origin, Summary};
use crate::reading::{Before, Found, INTERNAL, Outcome, Reader, Tools, read_ahead};
use crate::report::{Options, Progress, Report, RunError, UnusedColumns};
use crate::state::{self, Known};
use crate::understand::understand;
use crate::unpacked::Quarantine;
use crate::walk::{Failure, Folder, Walk, walk};
use crate::{given_title, labels};

/// Changes whenever the same bytes would be understood differently, so that a new program reads
/// everything again.
pub(crate) const ANALYSIS_VERSION: u32 = 12;
/// Memory in which entries are collected before a segment is written.
const WRITER_BYTES: usize = 96 * 1024 * 1024;
/// Threads that write segments; one more analyses. Beyond this the analysing one is the limit.
const MOST_WORKERS: usize = 3;
/// Text analysed before the engine gets it. Each wants the processor's cache for itself: taking
/// turns document by document costs a quarter of the speed (`benches/README.md`).
const BATCH_BYTES: usize = 1024 * 1024;
/// A document with more passages is not collected.
const LARGE_PASSAGES: usize = 5_000;
/// Finished documents are safe after at most this long.
const COMMIT_EVERY: Duration = Duration::from_secs(30);

/// Indexes what `options` names. `observe` is called after every file; `stop` ends the run after
/// the file at hand, committing what is finished.
pub fn run(
    options: &Options,
    lexicon: &Lexicon,
    stop: &AtomicBool,
    observe: &mut dyn FnMut(Progress),
) -> Result<Report, RunError> {
    let started = Instant::now();
    let walked = walk(&options.roots);
    if walked.folders.is_empty() && walked.sources.is_empty() && !walked.failures.is_empty() {
        return Err(RunError::NoRoot(walked.failures));
    }
    let tools = Tools::new(lexicon, options.workers.as_ref());
    let work = || {
        let mut run = Run::open(options, &tools, &walked)?;
        run.files(&walked, stop, observe)?;
        if !stop.load(Ordering::Relaxed) {
            run.refused(&walked)?;
            run.vanished(&walked);
        }
        run.finish(&walked, stop.load(Ordering::Relaxed), started)
    };
    // The engine checks nothing it reads from its files and panics on some damage.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let source = TantivyError::InternalError("a file of it cannot be read".to_owned());
        Err(IndexError::Damaged {
            path: options.index.clone(),
            source,
        }
        .into())
    })
}

/// A file that has to be written.
struct Prepared {
    root: String,
    document: Document,
    fingerprint: String,
    given: Option<Given>,
}

/// A document's entries, and whether they replace others.
struct Analysed {
    id: DocumentId,
    replaces: bool,
    entries: Vec<TantivyDocument>,
}

struct Run<'a> {
    options: &'a Options,
    tools: &'a Tools<'a>,
    /// Whether files that a killed indexer left behind were looked for.
    is_clean: bool,
    index: Index,
    writer: IndexWriter<Waiting>,
    room: Arc<Room>,
    fields: Fields,
    known: HashMap<String, Known>,
    /// Files that could not be read, by path.
    unread: HashMap<String, Unreadable>,
    /// Those of them that are still there.
    unread_seen: HashSet<String>,
    /// Beginnings of paths of which not everything could be listed: broken collections.
    broken: Vec<String>,
    manifest: Manifest,
    report: Report,
    /// Analysed documents that the engine has not been given yet.
    batch: Vec<Analysed>,
    batch_bytes: usize,
    /// Whether something waits for a commit.
    dirty: bool,
    committed_at: Instant,
}

impl<'a> Run<'a> {
    fn open(options: &'a Options, tools: &'a Tools<'a>, walked: &Walk) -> Result<Self, RunError> {
        let lexicon = tools.lexicon;
        let path = &options.index;
        let (index, manifest) = duibiao_index::open_or_create(path)?;
        let writer = writer(&index, path)?;
        // Another indexer may have committed before the lock was ours.
        let manifest = if manifest.is_some() {
            Some(duibiao_index::open(path)?.1)
        } else {
            None
        };
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        let searcher = reader.searcher();
        let known = state::load(&searcher)?;
        let is_new = manifest.is_none();
        let manifest = manifest.unwrap_or_else(|| Manifest {
            format: FORMAT_VERSION,
            lexicon: lexicon.version().to_owned(),
            documents: 0,
            passages: 0,
            chars: 0,
            written_by: String::new(),
            committed_at: 0,
        });
        let mut report = Report {
            skipped: walked.skipped,
            links: walked.links,
            ..Report::default()
        };
        if manifest.lexicon != lexicon.version() {
            report.stale_elsewhere = known
                .keys()
                .any(|path| !walked.folders.iter().any(|f| path.starts_with(&f.prefix)));
        }
        let (_, fields) = Fields::schema();
        let unread = fields.all_unreadable(&searcher)?;
        let unread = unread.into_iter().map(|u| (u.path.clone(), u)).collect();
        let dirty = manifest.lexicon != lexicon.version();
        let mut run = Self {
            options,
            tools,
            is_clean: false,
            index,
            writer,
            room: Arc::default(),
            fields,
            known,
            unread,
            unread_seen: HashSet::new(),
            broken: Vec::new(),
            manifest,
            report,
            batch: Vec::new(),
            batch_bytes: 0,
            dirty,
            committed_at: Instant::now(),
        };
        if is_new {
            // From now on the folder is an index, whatever happens to this run.
            run.commit()?;
        }
        Ok(run)
    }

    fn files(
        &mut self,
        walked: &Walk,
        stop: &AtomicBool,
        observe: &mut dyn FnMut(Progress),
    ) -> Result<(), RunError> {
        let (tools, options) = (self.tools, self.options);
        let progress = Progress {
            files_total: walked.sources.len() as u64,
            bytes_total: walked.sources.iter().map(|s| s.bytes).sum(),
            ..Progress::default()
        };
        let mut quarantine = Quarantine::new(tools.lexicon);
        for file in self.unread.values() {
            quarantine.add(&file.path, &file.fingerprint, &file.reason);
        }
        let items = Items::new(&walked.sources, &options.columns, options.workers.as_ref());
        let items = items.without(quarantine);
        let mut reader = Reading {
            run: self,
            stop,
            observe,
            progress,
        };
        read_ahead(items, tools, &mut reader)
    }

    /// What the index knows of a document.
    fn before(&self, path: &str) -> Before {
        let known = self.known.get(path);
        let unread = self.unread.get(path);
        Before {
            given: match &self.options.labels {
                Some(labels) => labels.get(path).cloned(),
                None => known.and_then(|k| k.given.clone()),
            },
            known: known.map(|k| k.fingerprint.clone()),
            unread: unread.map(|u| (u.fingerprint.clone(), u.reason.clone())),
        }
    }

    fn item(&mut self, outcome: Outcome) -> Result<(), RunError> {
        self.report.bytes += outcome.bytes;
        let origin = &outcome.origin;
        self.seen(&origin.path);
        let document = match outcome.found {
            Found::Unchanged => {
                self.report.unchanged += 1;
                return Ok(());
            }
            Found::Unreadable(why) => {
                return self.fail(origin, outcome.fingerprint, why, outcome.spent);
            }
            Found::End(summary) => return self.end(origin, summary, outcome.spent),
            Found::Failed(error) => return Err(error.into()),
            Found::Document(document) => *document,
            // Understood before it is handed over.
            Found::Large(_) => {
                let why = INTERNAL.to_owned();
                return self.fail(origin, outcome.fingerprint, why, outcome.spent);
            }
        };
        if !self.is_clean {
            self.is_clean = true;
            self.writer.garbage_collect_files().wait()?;
        }
        self.report.bytes_indexed += outcome.bytes;
        self.readable(&origin.path);
        self.write(Prepared {
            root: origin.root.clone(),
            document,
            fingerprint: outcome.fingerprint,
            given: outcome.given,
        })
    }

    /// A collection whose items have all come.
    fn end(&mut self, origin: &Origin, summary: Summary, spent: Duration) -> Result<(), RunError> {
        self.report.skipped += summary.skipped;
        if !summary.unused.is_empty() {
            self.report.unused_columns.push(UnusedColumns {
                path: origin.path.clone(),
                columns: summary.unused,
            });
        }
        match summary.broken {
            Some(why) => {
                self.broken.push(format!("{}#", origin.path));
                self.fail(origin, summary.fingerprint, why, spent)
            }
            None => {
                self.readable(&origin.path);
                Ok(())
            }
        }
    }

    /// Marks what is still there.
    fn seen(&mut self, path: &str) {
        if let Some(known) = self.known.get_mut(path) {
            known.seen = true;
        }
        if self.unread.contains_key(path) {
            self.unread_seen.insert(path.to_owned());
        }
    }

    fn write(&mut self, prepared: Prepared) -> Result<(), RunError> {
        let analyzer = self.tools.analyzer()?;
        let document = &prepared.document;
        let entry = Entry {
            document,
            root: &prepared.root,
            fingerprint: &prepared.fingerprint,
            given: prepared.given.as_ref(),
        };
        let replaces = self.known.contains_key(&document.path);
        if document.text.len() >= BATCH_BYTES || document.passages.len() >= LARGE_PASSAGES {
            // It has the cache for itself anyway, and its entries would be many times its size.
            let id = DocumentId::of_path(&document.path);
            if replaces {
                self.writer.delete_term(self.fields.document_term(id));
            }
            self.fields.each_entry(analyzer, &entry, |entry| {
                let entry = self.room.hold(entry);
                self.writer.add_document(entry).map(|_| ())
            })?;
        } else {
            self.batch_bytes += document.text.len();
            self.batch.push(Analysed {
                id: DocumentId::of_path(&document.path),
                replaces,
                entries: self.fields.entries(analyzer, &entry),
            });
        }
        let path = document.path.clone();
        let before = self.known.get(&path);
        if let Some(before) = before {
            self.report.changed += 1;
            self.manifest.documents -= 1;
            self.manifest.passages -= before.passages;
            self.manifest.chars -= before.chars;
        } else {
            self.report.added += 1;
        }
        let known = Known {
            seen: true,
            fingerprint: prepared.fingerprint,
            root: prepared.root,
            given: prepared.given,
            passages: document.passages.len() as u64,
            chars: u64::from(document.chars),
        };
        self.manifest.documents += 1;
        self.manifest.passages += known.passages;
        self.manifest.chars += known.chars;
        self.known.insert(path, known);
        self.dirty = true;
        if self.batch_bytes >= BATCH_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Gives the engine what is analysed.
    fn flush(&mut self) -> Result<(), RunError> {
        self.batch_bytes = 0;
        for analysed in std::mem::take(&mut self.batch) {
            if analysed.replaces {
                self.writer
                    .delete_term(self.fields.document_term(analysed.id));
            }
            for entry in analysed.entries {
                self.writer.add_document(self.room.hold(entry))?;
            }
        }
        Ok(())
    }

    /// A file that cannot be read is a line in the report, and in the index.
    fn fail(
        &mut self,
        origin: &Origin,
        fingerprint: String,
        reason: String,
        spent: Duration,
    ) -> Result<(), RunError> {
        let mut shown = reason.clone();
        if self.known.contains_key(&origin.path) {
            shown.push_str(" (the version indexed before is kept)");
        }
        self.report.failed.push(Failure {
            path: origin.path.clone(),
            reason: shown,
            seconds: spent.as_secs_f64(),
        });
        self.unreadable(Unreadable {
            path: origin.path.clone(),
            root: origin.root.clone(),
            fingerprint,
            reason,
        })
    }

    /// Files that the walk refused without opening them are listed too.
    fn refused(&mut self, walked: &Walk) -> Result<(), RunError> {
        for failure in &walked.failures {
            let below = |folder: &&Folder| failure.path.starts_with(&folder.prefix);
            if let Some(folder) = walked.folders.iter().find(below) {
                self.unreadable(Unreadable {
                    path: failure.path.clone(),
                    root: folder.root.clone(),
                    fingerprint: String::new(),
                    reason: failure.reason.clone(),
                })?;
            }
        }
        Ok(())
    }

    /// Puts a file on the list of those that cannot be read.
    fn unreadable(&mut self, file: Unreadable) -> Result<(), RunError> {
        self.unread_seen.insert(file.path.clone());
        if self.unread.get(&file.path) != Some(&file) {
            self.readable(&file.path);
            let entry = self.room.hold(self.fields.unreadable(&file));
            self.writer.add_document(entry)?;
            self.unread.insert(file.path.clone(), file);
            self.dirty = true;
        }
        Ok(())
    }

    /// Takes a file off the list of those that cannot be read.
    fn readable(&mut self, path: &str) {
        if self.unread.remove(path).is_some() {
            self.writer.delete_term(self.fields.unreadable_term(path));
            self.dirty = true;
        }
    }

    /// Documents below the roots given whose files are gone; what could not be listed is not gone,
    /// and neither is what stands below another folder of the same name.
    fn vanished(&mut self, walked: &Walk) {
        let unlisted = |path: &str| {
            walked.failures.iter().any(|f| {
                path.strip_prefix(f.path.trim_end_matches('/'))
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '#']))
            }) || self.broken.iter().any(|prefix| path.starts_with(prefix))
        };
        let below_given = |path: &str, known: &Known| {
            walked.folders.iter().any(|folder| {
                let moved = || !Path::new(&known.root).is_dir();
                path.starts_with(&folder.prefix) && (known.root == folder.root || moved())
            })
        };
        let mut gone: Vec<String> = self
            .known
            .iter()
            .filter(|(path, known)| below_given(path, known) && !known.seen && !unlisted(path))
            .map(|(path, _)| path.clone())
            .collect();
        gone.sort();
        // What could not be read and is gone has nothing to keep.
        let gone_unread: Vec<String> = self
            .unread
            .values()
            .filter(|file| {
                walked.folders.iter().any(|f| f.root == file.root)
                    && !self.unread_seen.contains(&file.path)
                    && !unlisted(&file.path)
            })
            .map(|file| file.path.clone())
            .collect();
        for path in gone_unread {
            self.readable(&path);
        }
        if !self.options.prune {
            self.report.vanished = gone;
            return;
        }
        for path in gone {
            if let Some(known) = self.known.remove(&path) {
                self.writer
                    .delete_term(self.fields.document_term(DocumentId::of_path(&path)));
                self.manifest.documents -= 1;
                self.manifest.passages -= known.passages;
                self.manifest.chars -= known.chars;
                self.report.removed += 1;
                self.dirty = true;
            }
        }
    }

    fn commit(&mut self) -> Result<(), RunError> {
        self.flush()?;
        self.manifest.format = FORMAT_VERSION;
        self.manifest.lexicon = self.tools.lexicon.version().to_owned();
        self.manifest.written_by = format!("duibiao {}", env!("CARGO_PKG_VERSION"));
        self.manifest.committed_at = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |d| d.as_secs());
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(&self.manifest.to_payload());
        prepared.commit()?;
        let path = &self.options.index;
        duibiao_index::sync_folder(path).map_err(|source| RunError::Sync {
            path: path.clone(),
            source,
        })?;
        self.dirty = false;
        self.committed_at = Instant::now();
        Ok(())
    }

    fn finish(
        mut self,
        walked: &Walk,
        interrupted: bool,
        started: Instant,
    ) -> Result<Report, RunError> {
        if self.dirty {
            self.commit()?;
        }
        let mut report = self.report;
        report.failed.extend(walked.failures.iter().cloned());
        report.failed.sort_by(|a, b| a.path.cmp(&b.path));
        report.interrupted = interrupted;
        report.documents = self.manifest.documents;
        report.passages = self.manifest.passages;
        if let Some(labels) = &self.options.labels {
            let used = self
                .known
                .keys()
                .filter(|path| labels.get(path).is_some())
                .count();
            report.labels_unused = (labels.len().saturating_sub(used)) as u64;
        }
        drop(self.index);
        self.writer.wait_merging_threads()?;
        report.seconds = started.elapsed().as_secs_f64();
        Ok(report)
    }
}

/// Takes what was read for a run, until it is asked to stop.
struct Reading<'r, 'a> {
    run: &'r mut Run<'a>,
    stop: &'r AtomicBool,
    observe: &'r mut dyn FnMut(Progress),
    progress: Progress,
}

impl Reader for Reading<'_, '_> {
    type Error = RunError;

    fn before(&self, path: &str) -> Before {
        self.run.before(path)
    }

    fn take(&mut self, outcome: Outcome) -> Result<bool, RunError> {
        if self.stop.load(Ordering::Relaxed) {
            return Ok(false);
        }
        self.progress.files += u64::from(outcome.origin.ends_file);
        self.progress.bytes += outcome.origin.progress;
        self.run.item(outcome)?;
        (self.observe)(self.progress);
        if self.run.dirty && self.run.committed_at.elapsed() >= COMMIT_EVERY {
            self.run.commit()?;
        }
        Ok(true)
    }
}

fn writer(index: &Index, path: &Path) -> Result<IndexWriter<Waiting>, IndexError> {
    let workers =
        std::thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST_WORKERS));
    let options = IndexWriterOptions::builder()
        .num_worker_threads(workers)
        .num_merge_threads(1)
        .memory_budget_per_thread(WRITER_BYTES / workers)
        .build();
    let writer: IndexWriter<Waiting> =
        index
            .writer_with_options(options)
            .map_err(|error| match error {
                TantivyError::LockFailure(LockError::LockBusy, _) => IndexError::Busy {
                    path: path.to_owned(),
                },
                TantivyError::LockFailure(LockError::IoError(e), _) => IndexError::Io {
                    path: path.to_owned(),
                    source: std::io::Error::new(e.kind(), e.to_string()),
                },
                other => IndexError::Engine(other),
            })?;
    let mut policy = LogMergePolicy::default();
    // Deleted entries cost every search; a fifth is when rewriting pays (measured on tantivy 0.27).
    policy.set_del_docs_ratio_before_merge(0.2);
    writer.set_merge_policy(Box::new(policy));
    Ok(writer)
}

/// Understands a text that was read. A fault of ours in one file must not end the run.
pub(crate) fn understood(
    path: &str,
    extracted: Extracted,
    given: &[Option<&Given>],
    lexicon: &Lexicon,
    analyzer: &Analyzer,
) -> Result<Document, String> {
    let work = || {
        let mut document = understand(path, extracted, lexicon, analyzer);
        correct(&mut document, given, lexicon, analyzer);
        document
    };
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| INTERNAL.to_owned())
}

/// Puts what is given in place of what was inferred; of two that give a value the later one.
pub(crate) fn correct(
    document: &mut Document,
    given: &[Option<&Given>],
    lexicon: &Lexicon,
    analyzer: &Analyzer,
) {
    let mut given_last = given.iter().flatten().rev();
    if let Some(title) = given_last.find_map(|given| given.get("title")) {
        given_title::apply(document, title, lexicon, analyzer);
    }
    for given in given.iter().flatten() {
        labels::apply(document, given, lexicon);
    }
}
