//! How many entries queries match that have most of their parts in common, as the suggestions for one
//! request have: each part is looked for once, kept as a set, and only where it can still make a difference.
//!
//! What finds a thing once is quicker without this, and ranking has no use for it. It matches what
//! [`crate::collect`] matches.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::query::{AllQuery, BooleanQuery, EmptyQuery, EnableScoring, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, SeekDangerResult, TERMINATED, Term as Key};

use crate::bits::{Bits, Layout};
use crate::bounded::bounded;
use crate::cover::CoverQuery;
use crate::deadline::{Deadline, Halt};
use crate::engine::Snapshot;
use crate::filter::Resolved;
use crate::literal::LiteralQuery;
use crate::passing::OtherFilters;
use crate::tally::{Fate, Tally};

/// Filters whose entries are remembered for a commit: a bit an entry each.
const MOST_FILTERS: usize = 16;
/// Of fewer entries, whether they have a literal is seen sooner than which have it as a word.
const FEW: u64 = 64;

/// What filters let through, remembered for one commit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Passing(Arc<Mutex<FxHashMap<String, Arc<Bits>>>>);

impl Passing {
    fn get(&self, filters: &str) -> Option<Arc<Bits>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(filters).map(Arc::clone)
    }

    fn keep(&self, filters: String, bits: &Arc<Bits>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_FILTERS {
            known.clear();
        }
        known.insert(filters, Arc::clone(bits));
    }
}

/// The sets of one request.
pub(crate) struct Sets<'a> {
    snapshot: &'a Snapshot,
    deadline: &'a Deadline,
    layout: Layout,
    /// What the filters let through.
    passing: Arc<Bits>,
    terms: FxHashMap<Key, Arc<Bits>>,
    /// Queries that are dearer than a term, by everything they are made of.
    asked: FxHashMap<Vec<u8>, Asked>,
}

/// What is known of a query so far.
struct Asked {
    /// Entries that it was asked about.
    about: Bits,
    /// Those of them that it matches.
    found: Bits,
}

impl<'a> Sets<'a> {
    pub(crate) fn new(
        snapshot: &'a Snapshot,
        filters: &[Resolved],
        deadline: &'a Deadline,
    ) -> Result<Self, Halt> {
        let layout = Layout::new(&snapshot.searcher);
        let key = format!("{filters:?}");
        let passing = match snapshot.passing.get(&key) {
            Some(bits) => bits,
            None => {
                let bits = Arc::new(passing(snapshot, filters, deadline, &layout)?);
                snapshot.passing.keep(key, &bits);
                bits
            }
        };
        Ok(Self {
            snapshot,
            deadline,
            layout,
            passing,
            terms: FxHashMap::default(),
            asked: FxHashMap::default(),
        })
    }

    /// How many entries a query matches that the filters let through.
    pub(crate) fn count(&mut self, query: &dyn Query) -> Result<u64, Halt> {
        self.deadline.check()?;
        let passing = Arc::clone(&self.passing);
        let found = self.among(query, &passing)?;
        // What looks like few may have been the end of time.
        self.deadline.check()?;
        Ok(found.count())
    }

    /// Those of some entries that a query matches.
    fn among(&mut self, query: &dyn Query, some: &Bits) -> Result<Bits, Halt> {
        if query.is::<EmptyQuery>() {
            return Ok(self.layout.none());
        }
        if query.is::<AllQuery>() {
            return Ok(some.clone());
        }
        if let Some(query) = query.downcast_ref::<TermQuery>() {
            return Ok(self.term(query.term())?.and(some));
        }
        if let Some(query) = query.downcast_ref::<BooleanQuery>() {
            let needed = query.get_minimum_number_should_match();
            let clauses = query.clauses();
            let has_must = clauses.iter().any(|(occur, _)| *occur == Occur::Must);
            if needed == 1 || needed == 0 && has_must {
                return self.boolean(clauses, needed == 1, some);
            }
        }
        let mut key = Vec::new();
        write_key(query, &mut key);
        let (new, known) = match self.asked.get(&key) {
            Some(asked) => (some.without(&asked.about), asked.found.and(some)),
            None => (some.clone(), self.layout.none()),
        };
        if new.is_empty() {
            return Ok(known);
        }
        let (about, mut found) = if let Some(query) = query.downcast_ref::<LiteralQuery>() {
            let found = self.literal(query, &new)?;
            (new, found)
        } else if let Some(query) = query.downcast_ref::<CoverQuery>() {
            let found = self.cover(query, &new)?;
            (new, found)
        } else {
            let all = self.passing.as_ref().clone();
            let found = self.other(query)?.and(&all);
            (all, found)
        };
        let asked = self.asked.entry(key).or_insert_with(|| Asked {
            about: self.layout.none(),
            found: self.layout.none(),
        });
        asked.about.unite(&about);
        asked.found.unite(&found);
        found.unite(&known);
        found.keep(some);
        Ok(found)
    }

    fn boolean(
        &mut self,
        clauses: &[(Occur, Box<dyn Query>)],
        needs_any: bool,
        some: &Bits,
    ) -> Result<Bits, Halt> {
        let of = |wanted: Occur| {
            let of = clauses.iter().filter(move |(occur, _)| *occur == wanted);
            of.map(|(_, query)| query.as_ref())
        };
        let mut left = some.clone();
        for query in of(Occur::Must) {
            if left.is_empty() {
                return Ok(left);
            }
            left = self.among(query, &left)?;
        }
        if needs_any {
            let mut found = self.layout.none();
            for query in of(Occur::Should) {
                if left.is_empty() {
                    break;
                }
                let any = self.among(query, &left)?;
                left.take_away(&any);
                found.unite(&any);
            }
            left = found;
        }
        for query in of(Occur::MustNot) {
            if left.is_empty() {
                break;
            }
            let out = self.among(query, &left)?;
            left.take_away(&out);
        }
        Ok(left)
    }

    /// Entries that have a term.
    fn term(&mut self, key: &Key) -> Result<Arc<Bits>, Halt> {
        if let Some(bits) = self.terms.get(key) {
            return Ok(Arc::clone(bits));
        }
        let mut bits = self.layout.none();
        let mut steps = self.deadline.steps();
        let segments = self.snapshot.searcher.segment_readers().iter();
        for (ordinal, segment) in segments.enumerate() {
            let index = segment.inverted_index(key.field())?;
            let option = IndexRecordOption::Basic;
            let Some(mut blocks) = index
                .read_block_postings(key, option)
                .map_err(tantivy::TantivyError::from)?
            else {
                continue;
            };
            loop {
                let docs = blocks.docs();
                if docs.is_empty() {
                    break;
                }
                if steps.are_over(docs.len() as u32) {
                    return Err(Halt::OutOfTime);
                }
                for doc in docs {
                    bits.add(self.layout.number(ordinal, *doc));
                }
                blocks.advance();
            }
        }
        let bits = Arc::new(bits);
        self.terms.insert(key.clone(), Arc::clone(&bits));
        Ok(bits)
    }

    /// Those of some entries that have a literal: what has all its terms, and has it as a word or has
    /// the terms one behind the other.
    fn literal(&mut self, query: &LiteralQuery, some: &Bits) -> Result<Bits, Halt> {
        let mut left = some.clone();
        for (_, key) in query.terms() {
            left.keep(self.term(key)?.as_ref());
            if left.is_empty() {
                return Ok(left);
            }
        }
        let mut found = self.layout.none();
        if left.count() > FEW {
            for key in query.words() {
                let words = self.term(key)?.and(&left);
                left.take_away(&words);
                found.unite(&words);
            }
        }
        let query = query.until(self.deadline);
        let segments = self.snapshot.searcher.segment_readers().iter();
        for (ordinal, segment) in segments.enumerate() {
            let mut docs = self.layout.of_segment(ordinal, &left).peekable();
            if docs.peek().is_none() {
                continue;
            }
            let Some(mut scorer) = query.open(segment)? else {
                continue;
            };
            for doc in docs {
                if matches!(scorer.seek_danger(doc), SeekDangerResult::Found) {
                    found.add(self.layout.number(ordinal, doc));
                }
            }
        }
        Ok(found)
    }

    /// Those of some entries of which the parts carry enough. Without some of the most telling parts none
    /// does; the others are asked about what has one of these and can still have enough.
    fn cover(&mut self, query: &CoverQuery, some: &Bits) -> Result<Bits, Halt> {
        let mut parts: Vec<(&dyn Query, f32)> = query
            .parts
            .iter()
            .map(|(part, weight)| (part.as_ref(), *weight))
            .collect();
        parts.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut behind: f32 = parts.iter().map(|(_, weight)| weight).sum();
        let mut found = self.layout.none();
        // Entries that have some of the parts so far, with what these carry.
        let mut open: Vec<(usize, f32)> = Vec::new();
        let mut opened = self.layout.none();
        let mut steps = self.deadline.steps();
        for (part, weight) in parts {
            if behind < query.least && open.is_empty() {
                break;
            }
            let is_leading = behind >= query.least;
            behind -= weight;
            let asked = match is_leading {
                true => some.without(&found),
                false => opened.without(&found),
            };
            let with = self.among(part, &asked)?;
            for (number, carried) in &mut open {
                if with.has(*number) {
                    *carried += weight;
                }
            }
            if is_leading {
                let new = with.without(&opened);
                open.extend(new.numbers().map(|number| (number, weight)));
                opened.unite(&new);
            }
            if steps.are_over(open.len() as u32) {
                return Err(Halt::OutOfTime);
            }
            open.retain(|(number, carried)| {
                let is_covered = *carried >= query.least;
                let is_open = !is_covered && *carried + behind >= query.least;
                if is_covered {
                    found.add(*number);
                }
                is_open
            });
            if !is_leading {
                opened = self.layout.none();
                open.iter().for_each(|(number, _)| opened.add(*number));
            }
        }
        Ok(found)
    }

    /// All entries that any other query matches.
    fn other(&self, query: &dyn Query) -> Result<Bits, Halt> {
        let searcher = &self.snapshot.searcher;
        let query = bounded(query, self.deadline, &self.snapshot.gathered);
        let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let mut bits = self.layout.none();
        for (ordinal, segment) in searcher.segment_readers().iter().enumerate() {
            let mut docs = weight.scorer(segment, 1.0)?;
            while docs.doc() != TERMINATED {
                bits.add(self.layout.number(ordinal, docs.doc()));
                docs.advance();
            }
        }
        self.deadline.check()?;
        Ok(bits)
    }
}

/// Entries that are there and that all filters let through.
fn passing(
    snapshot: &Snapshot,
    filters: &[Resolved],
    deadline: &Deadline,
    layout: &Layout,
) -> Result<Bits, Halt> {
    let profiles = snapshot.profiles.as_ref();
    let mut tally = Tally::new(profiles, filters, false);
    let mut bits = layout.none();
    let mut steps = deadline.steps();
    for (ordinal, segment) in snapshot.searcher.segment_readers().iter().enumerate() {
        let others = OtherFilters::new(filters, segment, profiles)?;
        for (doc, entry) in profiles.segment(ordinal).iter().enumerate() {
            if steps.is_over() {
                return Err(Halt::OutOfTime);
            }
            let doc = doc as u32;
            let passes = tally.fate(*entry) == Fate::Hit && others.pass(doc, *entry);
            if passes && !segment.is_deleted(doc) {
                bits.add(layout.number(ordinal, doc));
            }
        }
    }
    Ok(bits)
}

/// Writes everything a query is made of, so that queries that match the same for that reason have the same
/// key, and no others.
fn write_key(query: &dyn Query, key: &mut Vec<u8>) {
    let text = |key: &mut Vec<u8>, kind: u8, bytes: &[u8]| {
        key.push(kind);
        key.extend((bytes.len() as u32).to_le_bytes());
        key.extend(bytes);
    };
    if let Some(query) = query.downcast_ref::<TermQuery>() {
        text(key, b't', query.term().serialized_value_bytes());
        key.extend(query.term().field().field_id().to_le_bytes());
    } else if let Some(query) = query.downcast_ref::<LiteralQuery>() {
        text(key, b'l', &[]);
        for (offset, term) in query.terms() {
            key.extend((*offset as u32).to_le_bytes());
            text(key, b't', term.serialized_value_bytes());
            key.extend(term.field().field_id().to_le_bytes());
        }
    } else if let Some(query) = query.downcast_ref::<CoverQuery>() {
        text(key, b'c', &query.least.to_le_bytes());
        for (part, weight) in &query.parts {
            text(key, b'p', &weight.to_le_bytes());
            write_key(part.as_ref(), key);
        }
        key.push(b'.');
    } else if let Some(query) = query.downcast_ref::<BooleanQuery>() {
        let needed = query.get_minimum_number_should_match();
        text(key, b'b', &needed.to_le_bytes());
        for (occur, clause) in query.clauses() {
            text(key, b'o', format!("{occur:?}").as_bytes());
            write_key(clause.as_ref(), key);
        }
        key.push(b'.');
    } else {
        text(key, b'?', format!("{query:?}").as_bytes());
    }
}

#[cfg(test)]
mod tests;
