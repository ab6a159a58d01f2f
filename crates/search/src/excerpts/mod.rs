//! Passages that someone picked one by one: read in the order in which they were picked, each with
//! its note, its figures and the number of its source.
//!
//! Nothing is searched for and nothing is left out: a passage that is not in the index any more keeps
//! its place and its note. What is picked is kept by whoever asks, never here.

mod files;

use std::collections::BTreeSet;

use duibiao_corpus::{Figure, PassageId};
use serde::Serialize;

use crate::citation::CitationStyle;
use crate::collect::{Found, Order};
use crate::deadline::Deadline;
use crate::engine::{Engine, Snapshot, guarded};
use crate::error::{Error, ParameterFault, engine};
use crate::hit::{self, Stored};
use crate::response::Hit;
use crate::snippet::Marks;
use crate::sources::Source;

/// Most passages that are picked at once.
pub const MOST_PICKED: usize = 100;
/// Most characters of a note, and of all notes together: what an address has room for.
pub const MOST_NOTE: usize = 500;
/// See [`MOST_NOTE`].
pub const MOST_NOTES: usize = 5_000;

/// A passage that was picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// The passage.
    pub id: PassageId,
    /// What whoever picked it wrote beside it; empty where nothing.
    pub note: String,
}

/// Picked passages, read.
#[derive(Debug, Clone, Serialize)]
pub struct Excerpts {
    /// In the order in which they were picked.
    pub items: Vec<Excerpt>,
    /// The documents they stand in, numbered from 1 as they come.
    pub sources: Vec<Source>,
}

/// One of them.
#[derive(Debug, Clone, Serialize)]
pub struct Excerpt {
    /// The passage's id.
    pub id: String,
    /// The note.
    pub note: String,
    /// The passage; `None` where the index does not have it.
    pub passage: Option<ExcerptPassage>,
}

/// A picked passage as the index has it.
#[derive(Debug, Clone, Serialize)]
pub struct ExcerptPassage {
    /// The passage with its whole text.
    #[serde(flatten)]
    pub hit: Hit,
    /// What it states in numbers.
    pub figures: Vec<Figure>,
    /// Number of its source.
    pub source: usize,
}

impl Excerpts {
    /// How many of them the index does not have.
    pub fn missing(&self) -> usize {
        let missing = self.items.iter().filter(|item| item.passage.is_none());
        missing.count()
    }
}

impl Pick {
    /// Whether so many, with so much written beside them, are read.
    ///
    /// # Errors
    /// When there are more than [`MOST_PICKED`], one is there twice, or a note or all notes are too long.
    pub fn check(picks: &[Self]) -> Result<(), Error> {
        let wrong = |name, fault| Err(Error::Parameter { name, fault });
        if picks.len() > MOST_PICKED {
            return wrong("id", ParameterFault::TooManyPicked);
        }
        let mut seen = BTreeSet::new();
        if !picks.iter().all(|pick| seen.insert(pick.id)) {
            return wrong("id", ParameterFault::PickedTwice);
        }
        let mut notes = picks.iter().map(|pick| pick.note.chars().count());
        if notes.clone().any(|chars| chars > MOST_NOTE) {
            return wrong("note", ParameterFault::LongNote);
        }
        if notes.by_ref().sum::<usize>() > MOST_NOTES {
            return wrong("note", ParameterFault::LongNotes);
        }
        Ok(())
    }
}

impl Engine {
    /// Reads picked passages.
    ///
    /// # Errors
    /// Those of [`Pick::check`]; when the deadline is past or the index is damaged.
    pub fn excerpts(
        &self,
        picks: &[Pick],
        style: CitationStyle,
        deadline: &Deadline,
    ) -> Result<Excerpts, Error> {
        Pick::check(picks)?;
        let snapshot = self.snapshot();
        guarded(self.path(), || {
            let mut excerpts = Excerpts {
                items: Vec::with_capacity(picks.len()),
                sources: Vec::new(),
            };
            for pick in picks {
                deadline.check().map_err(engine)?;
                let mut passage = self.picked(&snapshot, pick.id, style)?;
                if let Some(passage) = &mut passage {
                    passage.source = excerpts.source_of(&passage.hit);
                }
                excerpts.items.push(Excerpt {
                    id: pick.id.to_string(),
                    note: pick.note.clone(),
                    passage,
                });
            }
            Ok(excerpts)
        })
    }

    fn picked(
        &self,
        snapshot: &Snapshot,
        id: PassageId,
        style: CitationStyle,
    ) -> Result<Option<ExcerptPassage>, Error> {
        let Some(address) = self.address_of(snapshot, id).map_err(engine)? else {
            return Ok(None);
        };
        let found = Found {
            order: Order {
                below: 0,
                primary: 0,
                document: id.document.as_u64(),
                ordinal: u64::from(id.ordinal),
            },
            address,
            score: 0.0,
        };
        let stored = Stored {
            fields: &self.fields,
            passage: Some(snapshot.searcher.doc(address).map_err(engine)?),
            document: None,
            whole: true,
            style,
        };
        let (hit, beside) = hit::show_beside(&stored, &found, &Marks::default(), &self.analyzer)?;
        Ok(Some(ExcerptPassage {
            hit,
            figures: beside.figures,
            source: 0,
        }))
    }
}

impl Excerpts {
    /// The number of a passage's document, which gets the next one when it comes first.
    fn source_of(&mut self, hit: &Hit) -> usize {
        let known = self
            .sources
            .iter()
            .find(|source| source.document_id == hit.document_id);
        if let Some(known) = known {
            return known.number;
        }
        let number = self.sources.len() + 1;
        self.sources.push(Source {
            number,
            document_id: hit.document_id.clone(),
            path: hit.path.clone(),
            citation: hit.citation.clone(),
        });
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(ordinal: u32, note: &str) -> Pick {
        Pick {
            id: format!("00000000000000ab-m{ordinal}")
                .parse()
                .expect("an id"),
            note: note.to_owned(),
        }
    }

    #[test]
    fn what_has_no_room_is_refused() {
        let fault = |picks: &[Pick]| match Pick::check(picks) {
            Err(Error::Parameter { fault, .. }) => Some(fault),
            Ok(()) => None,
            Err(other) => panic!("{other}"),
        };
        let many = |count, note: &str| (1..=count).map(|at| pick(at, note)).collect::<Vec<_>>();
        assert_eq!(fault(&many(100, "")), None);
        assert_eq!(fault(&many(101, "")), Some(ParameterFault::TooManyPicked));
        let twice = [pick(1, ""), pick(2, ""), pick(1, "")];
        assert_eq!(fault(&twice), Some(ParameterFault::PickedTwice));
        assert_eq!(fault(&[pick(1, &"字".repeat(500))]), None);
        let long = [pick(1, &"字".repeat(501))];
        assert_eq!(fault(&long), Some(ParameterFault::LongNote));
        let all = many(11, &"字".repeat(500));
        assert_eq!(fault(&all), Some(ParameterFault::LongNotes));
    }
}
