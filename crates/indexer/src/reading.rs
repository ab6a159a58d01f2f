//! Files read and extracted on all cores, ahead of the one that is being understood, and handed
//! over in their order. Only so many wait at once, and only so many bytes, however many files
//! there are.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use duibiao_extract::{ExtractError, Extracted, MAX_BYTES, Workers, needs_worker};
use duibiao_index::Given;
use duibiao_lexicon::Lexicon;

use crate::run::ANALYSIS_VERSION;
use crate::walk::{Source, reason};

/// Files on their way for each thread that reads.
const AHEAD: usize = 3;
/// Bytes of files on their way; one larger file may be on its way alone.
const MOST_BYTES: u64 = 96 * 1024 * 1024;

/// A file to be read, with what is known of it.
pub(crate) struct Job<'a> {
    pub(crate) source: &'a Source,
    /// Values the user gives.
    pub(crate) given: Option<Given>,
    /// Of the version that is in the index.
    pub(crate) known: Option<String>,
    /// Fingerprint and reason where it could not be read before.
    pub(crate) unread: Option<(String, String)>,
}

/// What became of a file.
pub(crate) struct Outcome {
    /// Bytes read.
    pub(crate) bytes: u64,
    /// Hash over everything its entries depend on; empty where its bytes could not be read.
    pub(crate) fingerprint: String,
    pub(crate) given: Option<Given>,
    pub(crate) found: Found,
}

/// What was found in a file.
pub(crate) enum Found {
    /// The same as is in the index.
    Unchanged,
    /// The reason why it cannot be read.
    Unreadable(String),
    Text(Box<Extracted>),
}

/// Reads every job and hands the outcomes over in the order of the jobs. `next` may end the work
/// early by `false`.
pub(crate) fn read_ahead<'a, E>(
    jobs: impl Iterator<Item = Job<'a>>,
    lexicon: &Lexicon,
    workers: Option<&Workers>,
    mut next: impl FnMut(&'a Source, Outcome) -> Result<bool, E>,
) -> Result<(), E> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (give, take) = channel::<(Job<'a>, Sender<Outcome>)>();
    let take = Mutex::new(take);
    thread::scope(|scope| {
        // Dropped when this closure ends, which ends the threads.
        let give = give;
        for _ in 0..threads {
            scope.spawn(|| work(&take, lexicon, workers));
        }
        let mut jobs = jobs.peekable();
        let mut waiting: VecDeque<(&'a Source, Receiver<Outcome>)> = VecDeque::new();
        let mut bytes = 0u64;
        loop {
            while let Some(job) = jobs.next_if(|job| {
                let has_room = bytes + job.source.bytes <= MOST_BYTES;
                waiting.is_empty() || waiting.len() < threads * AHEAD && has_room
            }) {
                let (send, receive) = channel();
                bytes += job.source.bytes;
                waiting.push_back((job.source, receive));
                if give.send((job, send)).is_err() {
                    return Ok(());
                }
            }
            let Some((source, outcome)) = waiting.pop_front() else {
                return Ok(());
            };
            bytes -= source.bytes;
            let outcome = outcome.recv().unwrap_or_else(|_| Outcome {
                bytes: 0,
                fingerprint: String::new(),
                given: None,
                found: Found::Unreadable(INTERNAL.to_owned()),
            });
            if !next(source, outcome)? {
                return Ok(());
            }
        }
    })
}

/// A fault of ours in one file must not end the run.
pub(crate) const INTERNAL: &str = "internal error while reading it; please report this file";

fn work(
    jobs: &Mutex<Receiver<(Job<'_>, Sender<Outcome>)>>,
    lexicon: &Lexicon,
    workers: Option<&Workers>,
) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((job, done)) = job else { return };
        // Nobody waits for it any more where the run was stopped.
        done.send(one(job, lexicon, workers)).ok();
    }
}

fn one(job: Job<'_>, lexicon: &Lexicon, workers: Option<&Workers>) -> Outcome {
    let mut outcome = Outcome {
        bytes: 0,
        fingerprint: String::new(),
        given: job.given,
        found: Found::Unchanged,
    };
    let bytes = match bytes(job.source) {
        Ok(bytes) => bytes,
        Err(why) => {
            outcome.found = Found::Unreadable(why);
            return outcome;
        }
    };
    outcome.bytes = bytes.len() as u64;
    outcome.fingerprint = fingerprint(&bytes, lexicon, outcome.given.as_ref());
    if job.known.is_some_and(|known| known == outcome.fingerprint) {
        return outcome;
    }
    if let Some((_, why)) = job
        .unread
        .filter(|(tried, _)| *tried == outcome.fingerprint)
    {
        outcome.found = Found::Unreadable(why);
        return outcome;
    }
    outcome.found = match text(&job.source.path, &bytes, workers) {
        Ok(extracted) => Found::Text(Box::new(extracted)),
        Err(why) => Found::Unreadable(why),
    };
    outcome
}

/// The text of a file: in a worker where its parser needs one and there are workers.
pub(crate) fn text(
    name: &str,
    bytes: &[u8],
    workers: Option<&Workers>,
) -> Result<Extracted, String> {
    if let Some(workers) = workers.filter(|_| needs_worker(bytes)) {
        return workers.extract(name, bytes).map_err(|e| e.to_string());
    }
    catch_unwind(AssertUnwindSafe(|| duibiao_extract::extract(name, bytes)))
        .map_err(|_| INTERNAL.to_owned())?
        .map_err(|e: ExtractError| e.to_string())
}

/// Reads a whole file, but never more than the limit, whatever its size says.
pub(crate) fn bytes(source: &Source) -> Result<Vec<u8>, String> {
    if source.bytes > MAX_BYTES {
        return Err(ExtractError::TooLarge.to_string());
    }
    let file = File::open(&source.file).map_err(|e| reason(&e))?;
    if !file.metadata().is_ok_and(|m| m.is_file()) {
        return Err("not a regular file".to_owned());
    }
    let mut bytes = Vec::with_capacity(source.bytes as usize);
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
fn fingerprint(bytes: &[u8], lexicon: &Lexicon, given: Option<&Given>) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(bytes);
    hasher.update(lexicon.version().as_bytes());
    hasher.update(&ANALYSIS_VERSION.to_le_bytes());
    for (column, value) in given.into_iter().flatten() {
        hasher
            .update(column.as_bytes())
            .update(&[0])
            .update(value.as_bytes())
            .update(&[0]);
    }
    hasher.finalize().to_hex()[..32].to_owned()
}
