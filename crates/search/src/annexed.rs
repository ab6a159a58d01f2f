//! Documents that have what is looked for in a list of names and nowhere in what they say: such a
//! list stands below every measure, and so does the document for it.
//!
//! Only the order of documents is concerned. Words that stand in several passages decide nothing:
//! what has to be in one of them is the whole query.

use duibiao_corpus::PassageKind;
use duibiao_index::{Fields, Unit as Entries};
use tantivy::query::{BooleanQuery, EnableScoring, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, TERMINATED, Term as Key};

use crate::bounded::bounded;
use crate::deadline::Halt;
use crate::matching::{Matcher, UnitFields};
use crate::profiles::Entry;
use crate::request::Unit;
use crate::run::Search;

/// Such documents, by their numbers in the commit.
#[derive(Debug, Default)]
pub(crate) struct Annexed(Vec<Place>);

/// Where a document has everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    NoPassage,
    Annex,
    /// A passage that is no annex, or the title.
    Said,
}

impl Annexed {
    /// 1 for a document that stands below all others.
    pub(crate) fn below(&self, document: u32) -> u8 {
        let place = self.0.get(document as usize);
        u8::from(place == Some(&Place::Annex))
    }

    fn found(&mut self, document: u32, place: Place) {
        let at = document as usize;
        if self.0.len() <= at {
            self.0.resize(at + 1, Place::NoPassage);
        }
        self.0[at] = self.0[at].max(place);
    }
}

impl Search<'_> {
    /// The documents of the commit that have the query only in an annex.
    pub(crate) fn annexed(&self) -> Result<Annexed, Halt> {
        let fields = &self.engine.fields;
        let mut annexed = Annexed::default();
        let measures = UnitFields::new(fields, Unit::Measure);
        let is_annex = Key::from_field_text(fields.kind, PassageKind::Annex.as_str());
        let is_annex = TermQuery::new(is_annex, IndexRecordOption::Basic);
        let full = |unit: &UnitFields| -> tantivy::Result<Box<dyn Query>> {
            let matcher = Matcher {
                unit,
                collection: match unit.entries {
                    Entries::Measure => &self.snapshot.statistics.measures,
                    _ => &self.snapshot.statistics.documents,
                },
                ..self.matcher(self.added)
            };
            matcher.full(self.term)
        };
        let passages = |occur: Occur| -> tantivy::Result<Box<dyn Query>> {
            let parts = vec![
                (Occur::Must, full(&measures)?),
                (occur, Box::new(is_annex.clone()) as Box<dyn Query>),
            ];
            Ok(Box::new(BooleanQuery::new(parts)))
        };
        // Few have one, so that most searches end here.
        self.each(&*passages(Occur::Must)?, |entry| {
            annexed.found(entry.document, Place::Annex);
        })?;
        if annexed.0.is_empty() {
            return Ok(annexed);
        }
        for said in [passages(Occur::MustNot)?, full(&titles(fields))?] {
            self.each(&*said, |entry| annexed.found(entry.document, Place::Said))?;
        }
        Ok(annexed)
    }

    /// Every entry that matches.
    fn each(&self, matching: &dyn Query, mut see: impl FnMut(Entry)) -> Result<(), Halt> {
        self.deadline().check()?;
        let snapshot = self.snapshot;
        let scoring = EnableScoring::disabled_from_searcher(&snapshot.searcher);
        let weight = bounded(matching, self.deadline(), &snapshot.gathered).weight(scoring)?;
        let mut steps = self.deadline().steps();
        let mut block = [0; COLLECT_BLOCK_BUFFER_LEN];
        for (number, segment) in snapshot.searcher.segment_readers().iter().enumerate() {
            let mut docs = weight.scorer(segment, 1.0)?;
            let entries = snapshot.profiles.segment(number);
            while docs.doc() != TERMINATED {
                let filled = docs.fill_buffer(&mut block);
                if steps.are_over(filled as u32) {
                    return Err(Halt::OutOfTime);
                }
                let found = block[..filled].iter();
                found
                    .filter(|doc| !segment.is_deleted(**doc))
                    .for_each(|doc| see(entries[*doc as usize]));
                if filled < block.len() {
                    break;
                }
            }
        }
        // What looks like the end of the matches may have been the end of time.
        self.deadline().check()?;
        Ok(())
    }
}

/// The titles of documents alone.
fn titles(fields: &Fields) -> UnitFields {
    UnitFields {
        words: vec![fields.doc_title],
        exact: fields.doc_title_exact,
        title_exact: None,
        ..UnitFields::new(fields, Unit::Document)
    }
}
