//! Items read, extracted and understood on all cores, ahead of the one that is being written, and
//! handed over in their order. Only so many wait at once, and only so many bytes, however many there
//! are.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use duibiao_corpus::Document;
use duibiao_extract::{
    ExtractError, Extracted, Isolated, MAX_BYTES, Record, Workers, needs_worker,
};
use duibiao_index::{Analyzer, AnalyzerError, Given};
use duibiao_lexicon::Lexicon;

use crate::items::{Content, Item, Origin, Summary};
use crate::run::{ANALYSIS_VERSION, understood};
use crate::walk::reason;

/// Items on their way for each thread that reads.
const AHEAD: usize = 3;
/// Bytes of items on their way; one larger item may be on its way alone.
const MOST_BYTES: u64 = 24 * 1024 * 1024;

/// A larger text becomes a document only when its turn comes: with its passages it takes many
/// times its size.
const LARGE_BYTES: usize = 1024 * 1024;

/// What is known of an item before it is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Before {
    /// Values the user's labels give.
    pub(crate) given: Option<Given>,
    /// Fingerprint of the version that is in the index.
    pub(crate) known: Option<String>,
    /// Fingerprint and reason where it could not be read before.
    pub(crate) unread: Option<(String, String)>,
}

/// What became of an item.
pub(crate) struct Outcome {
    pub(crate) origin: Origin,
    /// Bytes read.
    pub(crate) bytes: u64,
    /// Hash over everything its entries depend on; empty where its bytes could not be read. Ends
    /// with [`WANTS_OCR`] where OCR, which was not asked for, would read more of it.
    pub(crate) fingerprint: String,
    /// Values its row gives in a collection.
    pub(crate) fields: Given,
    pub(crate) given: Option<Given>,
    pub(crate) found: Found,
    /// How long it took to find it and to know what is in it.
    pub(crate) spent: Duration,
}

/// At the end of the fingerprint of a file with pages that only OCR can read. So a run without OCR
/// leaves it alone, whether it was read with OCR or without, and a run with OCR reads it again.
const WANTS_OCR: &str = "+ocr";

/// What was found in an item.
pub(crate) enum Found {
    /// The same as is in the index.
    Unchanged,
    /// The reason why it cannot be read.
    Unreadable(String),
    Document(Box<Document>),
    /// A text too large to wait as a document: to be understood when its turn comes.
    Large(Box<Extracted>),
    /// Every item of a collection came before this.
    End(Summary),
    /// Nothing can be understood.
    Failed(AnalyzerError),
}

/// What reading needs besides the items.
pub(crate) struct Tools<'a> {
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) workers: Option<&'a Workers>,
    /// Loaded when the first item needs it: a run that changes nothing does not wait for it.
    analyzer: OnceLock<Result<Analyzer, AnalyzerError>>,
}

impl<'a> Tools<'a> {
    pub(crate) fn new(lexicon: &'a Lexicon, workers: Option<&'a Workers>) -> Self {
        Self {
            lexicon,
            workers,
            analyzer: OnceLock::new(),
        }
    }

    pub(crate) fn analyzer(&self) -> Result<&Analyzer, AnalyzerError> {
        let analyzer = self.analyzer.get_or_init(|| Analyzer::new(self.lexicon));
        analyzer.as_ref().map_err(Clone::clone)
    }

    /// An outcome whose turn has come.
    fn whole(&self, mut outcome: Outcome) -> Outcome {
        outcome.found = match outcome.found {
            Found::Large(text) => {
                let given = [Some(&outcome.fields), outcome.given.as_ref()];
                self.understood(&outcome.origin.path, *text, &given)
            }
            found => found,
        };
        outcome
    }

    /// Understands a text, with what is given in place of what would be inferred.
    fn understood(&self, path: &str, text: Extracted, given: &[Option<&Given>]) -> Found {
        let analyzer = match self.analyzer() {
            Ok(analyzer) => analyzer,
            Err(error) => return Found::Failed(error),
        };
        match understood(path, text, given, self.lexicon, analyzer) {
            Ok(document) => Found::Document(Box::new(document)),
            Err(why) => Found::Unreadable(why),
        }
    }
}

/// The one for whom files are read.
pub(crate) trait Reader {
    type Error;

    /// What is known of the document at this path.
    fn before(&self, path: &str) -> Before;

    /// Takes an outcome; `false` ends the work early.
    fn take(&mut self, outcome: Outcome) -> Result<bool, Self::Error>;
}

/// Reads every item and hands the outcomes over in the order of the items.
pub(crate) fn read_ahead<R: Reader>(
    items: impl Iterator<Item = Item>,
    tools: &Tools<'_>,
    reader: &mut R,
) -> Result<(), R::Error> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (give, take) = channel::<(Item, Before, Sender<Outcome>)>();
    let take = Mutex::new(take);
    thread::scope(|scope| {
        // Dropped when this closure ends, which ends the threads.
        let give = give;
        for _ in 0..threads {
            scope.spawn(|| work(&take, tools));
        }
        let mut items = items.peekable();
        let mut waiting: VecDeque<(Origin, u64, Receiver<Outcome>)> = VecDeque::new();
        let mut bytes = 0u64;
        loop {
            while let Some(item) = items.next_if(|item| {
                let has_room = bytes + item.size <= MOST_BYTES;
                waiting.is_empty() || waiting.len() < threads * AHEAD && has_room
            }) {
                let (send, receive) = channel();
                bytes += item.size;
                waiting.push_back((item.origin.clone(), item.size, receive));
                let before = reader.before(&item.origin.path);
                if give.send((item, before, send)).is_err() {
                    return Ok(());
                }
            }
            let Some((origin, size, outcome)) = waiting.pop_front() else {
                return Ok(());
            };
            bytes -= size;
            let outcome = outcome
                .recv()
                .unwrap_or_else(|_| Outcome::new(origin, Found::Unreadable(INTERNAL.to_owned())));
            if !reader.take(tools.whole(outcome))? {
                return Ok(());
            }
        }
    })
}

impl Outcome {
    fn new(origin: Origin, found: Found) -> Self {
        Self {
            origin,
            bytes: 0,
            fingerprint: String::new(),
            fields: Given::new(),
            given: None,
            found,
            spent: Duration::ZERO,
        }
    }
}

/// A fault of ours in one file must not end the run.
pub(crate) const INTERNAL: &str = "internal error while reading it; please report this file";

fn work(items: &Mutex<Receiver<(Item, Before, Sender<Outcome>)>>, tools: &Tools<'_>) {
    loop {
        let item = items.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((item, before, done)) = item else {
            return;
        };
        let (begun, found_in) = (Instant::now(), item.spent);
        let mut outcome = one(item, before, tools);
        outcome.spent = found_in + begun.elapsed();
        // Nobody waits for it any more where the run was stopped.
        done.send(outcome).ok();
    }
}

fn one(item: Item, before: Before, tools: &Tools<'_>) -> Outcome {
    let mut outcome = Outcome::new(item.origin, Found::Unchanged);
    let source = match Raw::of(item.content, item.size) {
        Ok(source) => source,
        Err(found) => {
            outcome.found = found;
            return outcome;
        }
    };
    outcome.bytes = source.bytes().len() as u64;
    outcome.given = before.given;
    let mut hasher = Hasher::new(tools.lexicon);
    hasher.bytes(source.bytes());
    hasher.values(outcome.given.as_ref());
    if let Raw::Row(record) = &source {
        outcome.fields = record.fields.clone();
        hasher.values(Some(&outcome.fields));
    }
    outcome.fingerprint = hasher.finish();
    let ocr = tools.workers.is_some_and(Workers::read_scans);
    let is_same = |tried: &str| match tried.strip_suffix(WANTS_OCR) {
        Some(tried) => !ocr && tried == outcome.fingerprint,
        None => tried == outcome.fingerprint,
    };
    if let Some(known) = before.known.filter(|known| is_same(known)) {
        outcome.fingerprint = known;
        return outcome;
    }
    if let Some((tried, why)) = before.unread.filter(|(tried, _)| is_same(tried)) {
        outcome.fingerprint = tried;
        outcome.found = Found::Unreadable(why);
        return outcome;
    }
    let wants_ocr;
    (outcome.found, wants_ocr) = match source.text(&outcome.origin.path, tools.workers) {
        Ok(extracted) => {
            let wants_ocr = extracted.wants_ocr;
            // The text has taken its place.
            drop(source);
            let found = if extracted.text.len() > LARGE_BYTES {
                Found::Large(Box::new(extracted))
            } else {
                let given = [Some(&outcome.fields), outcome.given.as_ref()];
                tools.understood(&outcome.origin.path, extracted, &given)
            };
            (found, wants_ocr)
        }
        Err(unread) => (Found::Unreadable(unread.reason), unread.wants_ocr),
    };
    if wants_ocr {
        outcome.fingerprint.push_str(WANTS_OCR);
    }
    outcome
}

/// Why a document has no text.
pub(crate) struct Unread {
    pub(crate) reason: String,
    /// Whether OCR, which was not asked for, may read it.
    wants_ocr: bool,
}

/// A document as it stands in its file.
pub(crate) enum Raw {
    Bytes(Vec<u8>),
    Row(Record),
}

impl Raw {
    /// What an item holds; otherwise what it is instead of a document.
    pub(crate) fn of(content: Content, size: u64) -> Result<Self, Found> {
        match content {
            Content::File(file) => bytes(&file, size)
                .map(Self::Bytes)
                .map_err(Found::Unreadable),
            Content::Bytes(bytes) => Ok(Self::Bytes(bytes)),
            Content::Row(record) => Ok(Self::Row(record)),
            Content::Unreadable(why) => Err(Found::Unreadable(why)),
            Content::End(summary) => Err(Found::End(summary)),
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Row(record) => record.text.as_bytes(),
        }
    }

    /// Its text.
    pub(crate) fn text(&self, path: &str, workers: Option<&Workers>) -> Result<Extracted, Unread> {
        match self {
            Self::Bytes(bytes) => text(path, bytes, workers),
            Self::Row(record) if record.is_markup() => {
                text("row.html", record.text.as_bytes(), workers).map(|read| record.read_as(read))
            }
            Self::Row(record) => guarded(|| record.extract()),
        }
    }
}

/// The text of a file: in a worker where its parser needs one and there are workers.
fn text(name: &str, bytes: &[u8], workers: Option<&Workers>) -> Result<Extracted, Unread> {
    let unread = |reason: String, wants_ocr| Unread { reason, wants_ocr };
    match workers.filter(|_| needs_worker(name, bytes)) {
        Some(workers) => workers.extract(name, bytes).map_err(|error| match error {
            Isolated::Refused { reason, wants_ocr } => unread(reason, wants_ocr),
            other => unread(other.to_string(), false),
        }),
        None => guarded(|| duibiao_extract::extract(name, bytes)),
    }
}

fn guarded(read: impl FnOnce() -> Result<Extracted, ExtractError>) -> Result<Extracted, Unread> {
    let unread = |reason: String, wants_ocr| Unread { reason, wants_ocr };
    catch_unwind(AssertUnwindSafe(read))
        .map_err(|_| unread(INTERNAL.to_owned(), false))?
        .map_err(|error| unread(error.to_string(), error.wants_ocr()))
}

/// Reads a whole file, but never more than the limit, whatever its size says.
fn bytes(file: &Path, size: u64) -> Result<Vec<u8>, String> {
    if size > MAX_BYTES {
        return Err(ExtractError::TooLarge.to_string());
    }
    let file = File::open(file).map_err(|e| reason(&e))?;
    if !file.metadata().is_ok_and(|m| m.is_file()) {
        return Err("not a regular file".to_owned());
    }
    let mut bytes = Vec::with_capacity(size as usize);
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| reason(&e))?;
    if bytes.len() as u64 > MAX_BYTES {
        Err(ExtractError::TooLarge.to_string())
    } else {
        Ok(bytes)
    }
}

/// Hash over everything a document's entries depend on.
struct Hasher(blake3::Hasher);

impl Hasher {
    fn new(lexicon: &Lexicon) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(lexicon.version().as_bytes());
        hasher.update(&ANALYSIS_VERSION.to_le_bytes());
        Self(hasher)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn values(&mut self, values: Option<&Given>) {
        for (column, value) in values.into_iter().flatten() {
            self.bytes(column.as_bytes());
            self.bytes(value.as_bytes());
        }
        self.0.update(&[0]);
    }

    fn finish(&self) -> String {
        self.0.finalize().to_hex()[..32].to_owned()
    }
}
