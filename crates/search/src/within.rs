//! Where a query stands inside one document: the passages that match, and the words to mark in
//! its text. For reading, not for ranking: passages come in the order of the text.

use duibiao_corpus::{CharMap, DocumentId};
use serde::Serialize;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use utoipa::ToSchema;

use crate::collect::{Plan, collect};
use crate::deadline::{Deadline, Halt};
use crate::engine::{Engine, guarded};
use crate::error::{Error, engine};
use crate::matching::Added;
use crate::request::{MAX_WINDOW, Request, Sort};
use crate::response::DocumentView;
use crate::run::Search;
use crate::snippet::{Marks, Range};

/// A longer passage has its marks in its first part only.
const MOST_CHARS: usize = 100_000;

/// What a query finds in one document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Within {
    /// Ordinals of the passages that match, ascending.
    pub passages: Vec<u32>,
    /// Whether they have only some of the pieces or words, because none has all.
    pub partial: bool,
    /// Whether the query says what to look for in a text, and not only which documents to keep.
    pub has_text: bool,
    /// What to mark, in code points of the document's text.
    pub ranges: Vec<Range>,
}

impl Engine {
    /// Finds a request's query, with the terms that the request adds to it, in a document that was read
    /// with [`Engine::document`]. Filters, order and page of the request count for nothing.
    ///
    /// # Errors
    /// When the query is wrong, the deadline is past, or the index is damaged.
    pub fn within(&self, request: &Request, view: &DocumentView) -> Result<Within, Error> {
        guarded(self.path(), || self.within_unguarded(request, view))
    }

    fn within_unguarded(&self, request: &Request, view: &DocumentView) -> Result<Within, Error> {
        let Ok(id) = view.id.parse() else {
            return Err(Error::NotFound(view.id.clone()));
        };
        let request = Request {
            query: request.query.clone(),
            as_typed: request.as_typed,
            drop: request.drop.clone(),
            limit: 1,
            deadline: request.deadline.clone(),
            ..Request::default()
        };
        let Some(term) = self.understood(&request)?.in_text() else {
            return Ok(Within::default());
        };
        let snapshot = self.snapshot();
        let search = Search::new(self, &snapshot, &request, &term, &[])?;
        let mut passages = Vec::new();
        let mut found = Found::All;
        // A document may have in several passages what none of them has alone.
        for wanted in [Found::All, Found::SomePieces, Found::SomeWords] {
            found = wanted;
            passages = search.passages_of(id, wanted).map_err(engine)?;
            if !passages.is_empty() {
                break;
            }
        }
        Ok(Within {
            partial: found != Found::All && !passages.is_empty(),
            has_text: true,
            ranges: self
                .marks_in(
                    view,
                    &passages,
                    &Marks::new(&term, Added::Same),
                    &request.deadline,
                )
                .map_err(engine)?,
            passages,
        })
    }

    /// Marks in the passages that match and in headings; everywhere where no passage does.
    fn marks_in(
        &self,
        view: &DocumentView,
        passages: &[u32],
        marks: &Marks,
        deadline: &Deadline,
    ) -> Result<Vec<Range>, Halt> {
        let document = &view.document;
        let map = CharMap::new(&document.text);
        let mut ranges = Vec::new();
        for passage in &document.passages {
            let is_shown = passages.is_empty()
                || passage.is_heading
                || passages.binary_search(&passage.ordinal).is_ok();
            if !is_shown {
                continue;
            }
            deadline.check()?;
            let text: String = map
                .slice(&document.text, passage.span)
                .chars()
                .take(MOST_CHARS)
                .collect();
            let found = marks.find(&text, document.script, &self.analyzer);
            ranges.extend(found.into_iter().map(|range| Range {
                begin: passage.span.begin + range.begin,
                end: passage.span.begin + range.end,
                kind: range.kind,
            }));
        }
        Ok(ranges)
    }
}

/// How much of the query a passage must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    All,
    SomePieces,
    SomeWords,
}

impl Search<'_> {
    /// Ordinals of one document's passages that match, ascending.
    fn passages_of(&self, id: DocumentId, wanted: Found) -> Result<Vec<u32>, Halt> {
        let own = TermQuery::new(
            self.engine.fields.document_term(id),
            IndexRecordOption::Basic,
        );
        let matching = match wanted {
            Found::All => self.full.box_clone(),
            Found::SomePieces => match self.matcher(Added::Same).partial(self.term)? {
                Some(some) => some,
                None => return Ok(Vec::new()),
            },
            Found::SomeWords => self.any_word()?,
        };
        let own: Box<dyn Query> = Box::new(own);
        let matching = BooleanQuery::new(vec![(Occur::Must, own), (Occur::Must, matching)]);
        let plan = Plan {
            matching: &matching,
            except: None,
            ranking: &self.ranking,
            filters: &[],
            // One document has one date, so this is the order of the text.
            sort: Sort::Oldest,
            keep: MAX_WINDOW,
            after: None,
            facets: false,
            deadline: self.deadline(),
            as_typed: None,
            annexed: None,
            enough: None,
        };
        let found = collect(&plan, self.snapshot)?;
        Ok(found.hits.iter().map(|f| f.order.ordinal as u32).collect())
    }
}
