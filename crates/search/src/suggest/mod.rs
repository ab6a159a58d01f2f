//! Suggestions while a query is being typed: terms of the commit that its last piece may be the
//! beginning of, by characters, pinyin, initials or a mixture, each with what it would find.
//!
//! Terms are gathered once and may be of the commit before; what is suggested is counted in the one
//! that is searched, so nothing is suggested that finds nothing, and every count is true.

mod fit;
mod gather;
mod phrases;
mod sounds;
mod terms;
mod tree;

use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHasher};
use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::{Engine, Snapshot, guarded};
use crate::error::{Error, ParameterFault, engine};
use crate::filter::{self, Resolved};
use crate::request::Request;
use crate::run::Search;
use crate::sets::Sets;
use crate::window::check;

pub(crate) use fit::{Typed, Way};
pub use terms::TermKind;
pub(crate) use terms::Terms;

/// Most suggestions that can be asked for.
pub const MOST_SUGGESTIONS: usize = 20;
/// A query of more bytes is pasted and not typed.
const LONGEST: usize = 600;
/// Terms that are counted for each suggestion that is asked for: filters may leave many without.
const TRIED: usize = 4;
/// How long one who types waits for terms that somebody else gathers, and between two looks.
const PATIENCE: Duration = Duration::from_secs(1);
const LOOK_AGAIN: Duration = Duration::from_millis(10);
/// Counts that are remembered; about two megabytes of them.
const MOST_COUNTS: usize = 20_000;

/// What may be meant by what has been typed so far.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suggestions {
    /// The query as typed.
    pub query: String,
    /// The most useful first.
    pub suggestions: Vec<Suggestion>,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
}

/// A query that may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Suggestion {
    /// The whole query, its last piece completed.
    pub query: String,
    /// What the last piece was completed to.
    pub term: String,
    /// What that is.
    pub kind: TermKind,
    /// How the last piece stands for it: characters, pinyin, homophone or shape.
    pub way: &'static str,
    /// What a search for the query finds under the same filters.
    pub count: u64,
}

/// How much was found by queries before, in one commit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts(Arc<Mutex<FxHashMap<(u64, String), u64>>>);

impl Counts {
    fn get(&self, key: &(u64, String)) -> Option<u64> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(key).copied()
    }

    fn keep(&self, key: (u64, String), count: u64) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_COUNTS {
            counts.clear();
        }
        counts.insert(key, count);
    }
}

/// Terms that were gathered.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// Those of a commit, which is named by its number.
    of_commit: Mutex<Option<(u64, Arc<Terms>)>>,
    /// Held by whoever gathers the first ones.
    gathering: Mutex<()>,
    of_lexicon: OnceLock<Arc<Terms>>,
}

impl Engine {
    /// What the query of a request may become; its limit is that of the suggestions. Quotes, fields and
    /// what is left out are said exactly, and nothing is suggested for them.
    ///
    /// # Errors
    /// When the query, a filter or a parameter is wrong, the request's deadline is past, or the
    /// index is damaged.
    pub fn suggest(&self, request: &Request) -> Result<Suggestions, Error> {
        guarded(self.path(), || self.suggest_unguarded(request))
    }

    fn suggest_unguarded(&self, request: &Request) -> Result<Suggestions, Error> {
        let started = Instant::now();
        check(request)?;
        if request.limit > MOST_SUGGESTIONS {
            return Err(Error::Parameter {
                name: "limit",
                fault: ParameterFault::Above(MOST_SUGGESTIONS),
            });
        }
        let filters = filter::resolve(&request.filters, self.lexicon(), &self.analyzer)?;
        let snapshot = self.snapshot();
        self.known_values(&filters, &snapshot)?;
        let mut suggestions = Vec::new();
        for (head, typed) in self.last_pieces(&request.query) {
            let terms = self.terms(&snapshot)?;
            let mut sets = Sets::new(&snapshot, &filters, &request.deadline).map_err(engine)?;
            for found in terms.suggest(&typed, request.limit * TRIED) {
                if suggestions.len() == request.limit {
                    break;
                }
                let query = format!("{head}{}", found.shown);
                let count = match self.count(&query, request, &filters, &snapshot, &mut sets) {
                    Ok(count) => count,
                    // What stands before the last piece is not complete yet.
                    Err(Error::Query { .. } | Error::Filter { .. }) => 0,
                    Err(error) => return Err(error),
                };
                if count > 0 {
                    suggestions.push(Suggestion {
                        query,
                        term: found.shown.into_owned(),
                        kind: found.kind,
                        way: found.way.as_str(),
                        count,
                    });
                }
            }
            if !suggestions.is_empty() {
                break;
            }
        }
        Ok(Suggestions {
            query: request.query.clone(),
            suggestions,
            took_ms: (started.elapsed().as_secs_f64() * 1e5).round() / 100.0,
        })
    }

    /// Gathers the terms of the commit that is served, so that the first who types need not wait.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn prepare(&self) -> Result<(), Error> {
        guarded(self.path(), || {
            let snapshot = self.snapshot();
            let number = snapshot.number();
            let of = self.kept_terms().as_ref().map(|(of, _)| *of);
            if of.is_none() {
                return self.terms(&snapshot).map(|_| ());
            }
            if of != Some(number) {
                let terms = Arc::new(gather::gather(self, &snapshot)?);
                *self.kept_terms() = Some((number, terms));
            }
            Ok(())
        })
    }

    fn kept_terms(&self) -> MutexGuard<'_, Option<(u64, Arc<Terms>)>> {
        let kept = self.terms.of_commit.lock();
        kept.unwrap_or_else(PoisonError::into_inner)
    }

    /// The terms, of the commit before while those of a new one are being gathered, and those of the
    /// lexicon alone while somebody else gathers the first ones for long.
    pub(crate) fn terms(&self, snapshot: &Snapshot) -> Result<Arc<Terms>, Error> {
        let begun = Instant::now();
        loop {
            let known = || self.kept_terms().as_ref().map(|(_, t)| Arc::clone(t));
            if let Some(terms) = known() {
                return Ok(terms);
            }
            let _gathering = match self.terms.gathering.try_lock() {
                Ok(guard) => guard,
                Err(TryLockError::Poisoned(guard)) => guard.into_inner(),
                Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => {
                    thread::sleep(LOOK_AGAIN);
                    continue;
                }
                Err(TryLockError::WouldBlock) => return Ok(Arc::clone(self.lexicon_terms())),
            };
            if let Some(terms) = known() {
                return Ok(terms);
            }
            let terms = Arc::new(gather::gather(self, snapshot)?);
            *self.kept_terms() = Some((snapshot.number(), Arc::clone(&terms)));
            return Ok(terms);
        }
    }

    /// The names and words of the lexicon, which are there at once.
    pub(crate) fn lexicon_terms(&self) -> &Arc<Terms> {
        self.terms
            .of_lexicon
            .get_or_init(|| Arc::new(gather::of_lexicon(self)))
    }

    /// What a query finds, as a search would say it.
    fn count(
        &self,
        query: &str,
        request: &Request,
        filters: &[Resolved],
        snapshot: &Snapshot,
        sets: &mut Sets<'_>,
    ) -> Result<u64, Error> {
        let mut hasher = FxHasher::default();
        (
            format!("{filters:?}"),
            request.filters.provincial,
            format!("{:?}", request.unit),
            request.as_typed,
            &request.drop,
        )
            .hash(&mut hasher);
        let key = (hasher.finish(), query.to_owned());
        if let Some(count) = snapshot.counts.get(&key) {
            return Ok(count);
        }
        let request = Request {
            query: query.to_owned(),
            ..request.clone()
        };
        let term = self.understood(&request)?;
        let search = Search::unranked(self, snapshot, &request, &term, filters)?;
        let count = sets.count(search.full.as_ref()).map_err(engine)?;
        snapshot.counts.keep(key, count);
        Ok(count)
    }

    /// What may be the piece that is being typed, each with what stands before it: syllables that are
    /// typed apart are one piece, or else the last of them is.
    fn last_pieces<'q>(&self, query: &'q str) -> Vec<(&'q str, Typed)> {
        if query.len() > LONGEST {
            return Vec::new();
        }
        let quotes = query.chars().filter(|c| QUOTES.contains(c)).count();
        let words = || query.split_inclusive(char::is_whitespace).rev();
        let Some(last) = words().next() else {
            return Vec::new();
        };
        if quotes % 2 == 1 || last.ends_with(char::is_whitespace) || is_operator(last) {
            return Vec::new();
        }
        let is_letters = |word: &&str| {
            let mut bytes = word.trim_end().bytes();
            bytes.all(|b| b.is_ascii_alphabetic() || b == b'\'') && !is_operator(word)
        };
        let syllables: usize = words().take_while(is_letters).map(str::len).sum();
        let mut begins = vec![
            query.len() - syllables.max(last.len()),
            query.len() - last.len(),
        ];
        begins.dedup();
        let pieces = begins.into_iter().filter_map(|at| {
            let (head, piece) = query.split_at(at);
            let is_plain = !piece.contains(QUOTES) && !piece.contains([':', '：']);
            let is_wanted = !piece.starts_with(['-', '－', '(', '（']);
            let typed = (is_plain && is_wanted).then(|| self.analyzer.comparable(piece));
            Some((head, Typed::new(&typed?)?))
        });
        pieces.collect()
    }
}

const QUOTES: &[char] = &['"', '“', '”', '＂'];

fn is_operator(word: &str) -> bool {
    matches!(word.trim_end(), "OR" | "AND" | "NOT")
}
