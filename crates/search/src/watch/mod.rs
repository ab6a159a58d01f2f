//! What is new for a search since it was looked at last.
//!
//! A [`Look`] is at one commit, for any number of searches. Hits are compared by the text they
//! stand for and not by their ids alone, so that a passage that only moved is no news. A document
//! whose text is as it was has no news either: hits that come or go there were read or judged anew,
//! by a newer version of the program or with another lexicon. It keeps nothing itself; whoever asks
//! keeps [`Seen`] and [`KnownDocuments`] for the next look.

mod seen;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use duibiao_corpus::{DocumentId, PassageId};
use duibiao_index::Unit as IndexUnit;
use serde::Serialize;
use tantivy::columnar::Column;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED, Term as Key};

pub use self::seen::{KnownDocuments, Seen};

use self::seen::{Print, SeenDocument, behind_number, compare, text_hash};
use crate::citation::CitationStyle;
use crate::collect::Found;
use crate::engine::{Engine, Snapshot, guarded, text_of};
use crate::error::{Error, Excess, FilterFault, engine};
use crate::filter;
use crate::request::{MAX_WINDOW, Request, Unit};
use crate::response::Hit;
use crate::run::Search;
use crate::snippet::Marks;
use crate::statistics::postings;
use crate::window::check;

/// More hits of one search are not kept in mind: 4.5 MB of what is kept.
pub(crate) const MOST_WATCHED: u64 = 100_000;

/// What has come, changed and gone since a search was looked at last. Each list has the first hits
/// only, as many as were asked for; the totals count all.
#[derive(Debug, Clone, Serialize)]
pub struct News {
    /// Hits that the search has now.
    pub total: u64,
    /// Whether this is the first look: then nothing is new, and later looks are compared with it.
    pub first: bool,
    /// How many hits have come.
    pub new_total: u64,
    /// How many hits have another text than before.
    pub changed_total: u64,
    /// How many are no hits any more.
    pub gone_total: u64,
    /// How many hits have come or gone in documents whose text is as it was.
    pub reread_total: u64,
    /// Hits that have come, in the order of the search.
    pub new: Vec<Hit>,
    /// Hits with another text than before.
    pub changed: Vec<Changed>,
    /// Hits that are none any more.
    pub gone: Vec<Gone>,
    /// Hits that have come in documents whose text is as it was. They are no news.
    pub reread: Vec<Hit>,
    /// A value of a filter that no document has yet, where there is one.
    pub unused: Option<String>,
    /// To keep for the next look. What has come, changed or gone and is not in the lists is not
    /// in it, and will be told then.
    #[serde(skip)]
    pub seen: Seen,
}

/// A hit whose text is another than before.
#[derive(Debug, Clone, Serialize)]
pub struct Changed {
    /// Its id before.
    pub was: String,
    /// What it is now.
    #[serde(flatten)]
    pub hit: Hit,
}

/// What was a hit and is none any more.
#[derive(Debug, Clone, Serialize)]
pub struct Gone {
    /// The passage's or document's id when it was a hit.
    pub id: String,
    /// The document's id.
    pub document_id: String,
    /// The document's path; none where the document is no longer in the index.
    pub path: Option<String>,
    /// The document's title, as far as it is there and has one.
    pub title: Option<String>,
}

/// A look at one commit.
pub struct Look<'e> {
    engine: &'e Engine,
    snapshot: Snapshot,
    /// Length and sketch of every document.
    documents: BTreeMap<u64, (u64, u64)>,
    /// Documents with news that was not told.
    untold: BTreeSet<u64>,
    /// Hashes of texts that were read.
    texts: HashMap<u64, u64>,
}

impl Engine {
    /// Looks at the commit that is served, to tell what is new in it.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn look(&self) -> Result<Look<'_>, Error> {
        let snapshot = self.snapshot();
        let documents = guarded(self.path(), || documents(self, &snapshot).map_err(engine))?;
        Ok(Look {
            engine: self,
            snapshot,
            documents,
            untold: BTreeSet::new(),
            texts: HashMap::new(),
        })
    }
}

/// Length and sketch of every document of a commit.
fn documents(owner: &Engine, snapshot: &Snapshot) -> tantivy::Result<BTreeMap<u64, (u64, u64)>> {
    let key = Key::from_field_text(owner.fields.unit, IndexUnit::Document.as_str());
    let mut all = BTreeMap::new();
    for segment in snapshot.searcher.segment_readers() {
        let columns = segment.fast_fields();
        let [ids, chars, sketches]: [Column<u64>; 3] = [
            columns.u64("document")?,
            columns.u64("chars")?,
            columns.u64("sketch")?,
        ];
        let Some(mut docs) = postings(segment, &key, IndexRecordOption::Basic)? else {
            continue;
        };
        while docs.doc() != TERMINATED {
            let doc = docs.doc();
            if !segment.is_deleted(doc) {
                let value = |column: &Column<u64>| column.first(doc).unwrap_or(0);
                all.insert(value(&ids), (value(&chars), value(&sketches)));
            }
            docs.advance();
        }
    }
    Ok(all)
}

/// Which hits are told, by their places among all.
#[derive(Default)]
struct Told {
    new: Vec<usize>,
    changed: Vec<(String, usize)>,
    gone: Vec<(u64, Print)>,
    reread: Vec<usize>,
    /// Hits that went in documents whose text is as it was.
    reread_gone: u64,
}

impl Look<'_> {
    /// What is new for a search. `before` is what was seen of it at the last look, and `known`
    /// are the documents that were there then; without `before` it is the first look. At most
    /// `most` hits of each kind are given. Corrections, partial and related hits do not count, nor
    /// do `limit`, `offset`, `cursor` and `collapse` of the request.
    ///
    /// # Errors
    /// When the query, a filter or a parameter is wrong, the search finds more than 100,000 hits,
    /// the request's deadline is past, or the index is damaged.
    pub fn news(
        &mut self,
        request: &Request,
        before: Option<&Seen>,
        known: &KnownDocuments,
        most: usize,
    ) -> Result<News, Error> {
        let owner = self.engine;
        let request = Request {
            limit: MAX_WINDOW,
            offset: 0,
            cursor: None,
            collapse: false,
            facets: false,
            explain: false,
            match_all: true,
            ..request.clone()
        };
        guarded(owner.path(), || {
            check(&request)?;
            let term = owner.understood(&request)?;
            let filters = filter::resolve(&request.filters, owner.lexicon(), &owner.analyzer)?;
            let snapshot = self.snapshot.clone();
            let unused = unused(owner.known_values(&filters, &snapshot))?;
            let search = Search::new(owner, &snapshot, &request, &term, &filters)?;
            let found = all(&search)?;
            let prints = self.prints(&search, &found)?;
            let (told, seen) = match before {
                Some(before) => {
                    let told = self.compare(before, known, &prints)?;
                    let seen = self.seen(before, &prints, &found, &told, most)?;
                    (told, seen)
                }
                None => (Told::default(), self.all_seen(&prints)?),
            };
            let marks = Marks::new(&term, search.added);
            let rows = |places: &mut dyn Iterator<Item = usize>| {
                let places = places.take(most);
                let chosen: Vec<_> = places.map(|place| (found[place], false)).collect();
                search.rows(&chosen, &marks)
            };
            Ok(News {
                total: found.len() as u64,
                first: before.is_none(),
                unused,
                seen,
                ..self.told(&told, rows, most)?
            })
        })
    }

    /// What is told, with the hits it is about.
    fn told(
        &self,
        told: &Told,
        rows: impl Fn(&mut dyn Iterator<Item = usize>) -> Result<Vec<Hit>, Error>,
        most: usize,
    ) -> Result<News, Error> {
        let changed = rows(&mut told.changed.iter().map(|(_, place)| *place))?;
        let before = told.changed.iter().map(|(was, _)| was.clone());
        let gone = told.gone.iter().take(most);
        Ok(News {
            total: 0,
            first: false,
            new_total: told.new.len() as u64,
            changed_total: told.changed.len() as u64,
            gone_total: told.gone.len() as u64,
            reread_total: told.reread.len() as u64 + told.reread_gone,
            new: rows(&mut told.new.iter().copied())?,
            changed: before
                .zip(changed)
                .map(|(was, hit)| Changed { was, hit })
                .collect(),
            gone: gone
                .map(|(id, print)| self.gone(*id, *print))
                .collect::<Result<_, _>>()?,
            reread: rows(&mut told.reread.iter().copied())?,
            unused: None,
            seen: Seen::default(),
        })
    }

    /// The documents of this commit, but for those with news that was not told: to keep for the
    /// next look, when all searches were asked.
    pub fn documents(&self) -> KnownDocuments {
        let mut known = KnownDocuments::default();
        for (id, (chars, sketch)) in &self.documents {
            if !self.untold.contains(id) {
                known.add(*id, *chars, *sketch);
            }
        }
        known
    }

    /// What is to be remembered of each hit, by document, with its place among all.
    fn prints(
        &mut self,
        search: &Search<'_>,
        found: &[Found],
    ) -> Result<BTreeMap<u64, Vec<(Print, usize)>>, Error> {
        let mut places: Vec<usize> = (0..found.len()).collect();
        // In the order in which they are stored, each block of them is unpacked once.
        places.sort_unstable_by_key(|&place| found[place].address);
        let mut prints: BTreeMap<u64, Vec<(Print, usize)>> = BTreeMap::new();
        for place in places {
            search.deadline().check().map_err(engine)?;
            let hit = &found[place];
            let id = hit.order.document;
            let text = match search.request.unit {
                Unit::Measure => {
                    let entry = search.read(hit.address)?;
                    let original = text_of(&entry, self.engine.fields.original);
                    let comparable = self.engine.analyzer.comparable(original);
                    text_hash(std::iter::once(behind_number(&comparable)))
                }
                Unit::Document => self.text(id)?,
            };
            let print = Print {
                ordinal: hit.order.ordinal as u32,
                text,
                sketch: search.sketch(hit)?,
            };
            prints.entry(id).or_default().push((print, place));
        }
        for hits in prints.values_mut() {
            hits.sort_unstable_by_key(|(print, _)| print.ordinal);
        }
        Ok(prints)
    }

    /// A hash of a document's whole text.
    fn text(&mut self, id: u64) -> Result<u64, Error> {
        if let Some(hash) = self.texts.get(&id) {
            return Ok(*hash);
        }
        let document = DocumentId::from_u64(id);
        let mut entries = self
            .engine
            .entries(&self.snapshot, document)
            .map_err(engine)?;
        entries.sort_by_key(|(ordinal, _)| *ordinal);
        let original = self.engine.fields.original;
        let parts = entries.iter().map(|(_, entry)| text_of(entry, original));
        let hash = text_hash(parts);
        self.texts.insert(id, hash);
        Ok(hash)
    }

    /// Whether a document was there at the last look with the text it has.
    fn is_as_it_was(
        &mut self,
        id: u64,
        before: Option<&SeenDocument>,
        known: &KnownDocuments,
    ) -> Result<bool, Error> {
        match (before, self.documents.get(&id)) {
            (_, None) => Ok(false),
            (Some(seen), Some(_)) => Ok(seen.text == self.text(id)?),
            (None, Some((chars, sketch))) => Ok(known.has(id, *chars, *sketch)),
        }
    }

    fn compare(
        &mut self,
        before: &Seen,
        known: &KnownDocuments,
        prints: &BTreeMap<u64, Vec<(Print, usize)>>,
    ) -> Result<Told, Error> {
        let mut told = Told::default();
        let now = prints.keys().copied();
        let ids: BTreeSet<u64> = now
            .chain(before.documents.keys().map(|id| id.as_u64()))
            .collect();
        for id in ids {
            let seen = before.documents.get(&DocumentId::from_u64(id));
            let hits = prints.get(&id).map_or(&[][..], Vec::as_slice);
            let own: Vec<Print> = hits.iter().map(|(print, _)| *print).collect();
            let old = seen.map_or(&[][..], |seen| seen.hits.as_slice());
            let found = compare(old, &own);
            if found.same.len() == own.len() && found.gone.is_empty() {
                continue;
            }
            let new = found.new.iter().map(|at| hits[*at].1);
            if self.is_as_it_was(id, seen, known)? {
                told.reread.extend(new);
                told.reread
                    .extend(found.changed.iter().map(|(_, at)| hits[*at].1));
                told.reread_gone += found.gone.len() as u64;
                continue;
            }
            told.new.extend(new);
            told.gone
                .extend(found.gone.into_iter().map(|print| (id, print)));
            for (old, at) in found.changed {
                told.changed.push((named(id, old.ordinal), hits[at].1));
            }
        }
        // As the search has them: the best or the newest first.
        told.new.sort_unstable();
        told.reread.sort_unstable();
        told.changed.sort_unstable_by_key(|(_, place)| *place);
        Ok(told)
    }

    /// All that is there.
    fn all_seen(&mut self, prints: &BTreeMap<u64, Vec<(Print, usize)>>) -> Result<Seen, Error> {
        let mut seen = Seen::default();
        for (id, hits) in prints {
            let document = SeenDocument {
                text: self.text(*id)?,
                hits: hits.iter().map(|(print, _)| *print).collect(),
            };
            seen.documents.insert(DocumentId::from_u64(*id), document);
        }
        Ok(seen)
    }

    /// All that is there or was there, but for what is not told.
    fn seen(
        &mut self,
        before: &Seen,
        prints: &BTreeMap<u64, Vec<(Print, usize)>>,
        found: &[Found],
        told: &Told,
        most: usize,
    ) -> Result<Seen, Error> {
        let mut seen = self.all_seen(prints)?;
        let changed = told.changed.iter().skip(most);
        let changed_places = changed.clone().map(|(_, place)| *place);
        let new = told.new.iter().skip(most).copied();
        for place in new.chain(changed_places) {
            let order = &found[place].order;
            let document = seen.of(order.document);
            document
                .hits
                .retain(|print| u64::from(print.ordinal) != order.ordinal);
            document.text = 0;
            self.untold.insert(order.document);
        }
        let gone = told.gone.iter().skip(most).copied();
        for (id, print) in gone.chain(changed.filter_map(|(was, _)| print_of(before, was))) {
            let document = seen.of(id);
            document.hits.push(print);
            document.text = 0;
            self.untold.insert(id);
        }
        seen.documents
            .retain(|_, document| !document.hits.is_empty());
        Ok(seen)
    }

    fn gone(&self, id: u64, print: Print) -> Result<Gone, Error> {
        let document_id = DocumentId::from_u64(id);
        let mut gone = Gone {
            id: named(id, print.ordinal),
            document_id: document_id.to_string(),
            path: None,
            title: None,
        };
        if self.documents.contains_key(&id) {
            let style = CitationStyle::default();
            let view = self
                .engine
                .document_of(&self.snapshot, document_id, style)?;
            gone.title = view.document.metadata.title.map(|title| title.value);
            gone.path = Some(view.document.path);
        }
        Ok(gone)
    }
}

/// The id of a passage, or of a document for number 0.
fn named(document: u64, ordinal: u32) -> String {
    let document = DocumentId::from_u64(document);
    match ordinal {
        0 => document.to_string(),
        ordinal => PassageId { document, ordinal }.to_string(),
    }
}

/// What was seen under an id.
fn print_of(before: &Seen, id: &str) -> Option<(u64, Print)> {
    let (document, ordinal) = match id.parse::<PassageId>() {
        Ok(passage) => (passage.document, passage.ordinal),
        Err(_) => (id.parse().ok()?, 0),
    };
    let mut hits = before.documents.get(&document)?.hits.iter();
    let print = hits.find(|print| print.ordinal == ordinal)?;
    Some((document.as_u64(), *print))
}

/// A value that no document has is a mistake where one searches, and may be what one waits for
/// where one watches.
fn unused(known: Result<(), Error>) -> Result<Option<String>, Error> {
    match known {
        Ok(()) => Ok(None),
        Err(
            error @ Error::Filter {
                fault: FilterFault::Unused(_),
                ..
            },
        ) => Ok(Some(error.to_string())),
        Err(error) => Err(error),
    }
}

/// Every hit, in order.
fn all(search: &Search<'_>) -> Result<Vec<Found>, Error> {
    let total = search.total()?;
    if total > MOST_WATCHED {
        return Err(Error::TooLarge(Excess::Hits(total)));
    }
    let mut found = Vec::with_capacity(total as usize);
    let mut after = None;
    loop {
        let outcome = search.run(after)?;
        found.extend(outcome.page.hits.iter().map(|hit| hit.found));
        after = outcome
            .page
            .last
            .map(|(last, partial)| (last.order, partial));
        if outcome.page.hits.len() < MAX_WINDOW || found.len() as u64 >= total {
            return Ok(found);
        }
    }
}
