//! Places or years put side by side: what is found, cut into rows of one matter and columns of one
//! city, province or year, each cell with its best measure and an honest word where there is none.
//!
//! Matching and ranking are those of a search. Entries are matched once ([`matches`]); themes and
//! words that several columns have become rows ([`rows`]), which sort every match into its cell
//! ([`gather`]); cells without one are looked for elsewhere ([`mentions`]); what is shown is read
//! ([`reading`]), where words that only stand apart are no finding ([`together`]); figures of one
//! quantity are lined up ([`quantities`]), and what must not be overlooked is said ([`caveats`]).
//! Nothing here weighs measures against each other.

mod caveats;
mod columns;
mod export;
mod gaps;
mod gather;
mod hits;
pub(crate) mod matches;
mod mentions;
mod pinned;
mod quantities;
mod reading;
mod rows;
mod shape;
mod together;
mod word;
mod workbook;

pub use gaps::{GapEvidence, GapRow, Gaps, GapsRequest, MOST_AGAINST, MOST_GAP_ROWS, Searched};
pub use shape::{
    Axis, Caveat, CaveatKind, Cell, CellHit, CellState, CompareRequest, ComparedColumn,
    ComparedRow, Comparison, MentionKind, Quantity, QuantityValue,
};

use std::time::Instant;

use self::columns::Columns;
use self::gather::gather;
use self::matches::Matches;
use self::rows::Rows;
use crate::engine::{Engine, Snapshot, guarded};
use crate::error::{Error, ParameterFault, engine};
use crate::excerpts::MOST_PICKED;
use crate::export::asked::said;
use crate::filter::{self, Resolved};
use crate::matching::conjuncts;
use crate::request::{Request, Unit};
use crate::resolve::Term;
use crate::response::{Expansion, QueryInfo};
use crate::run::Search;
use crate::window::check;

/// Columns side by side: more than a page has room for.
pub const MOST_COLUMNS: usize = 12;
/// Rows of a comparison.
pub const MOST_COMPARED_ROWS: usize = 20;
/// Hits of a cell.
pub const MOST_CELL_HITS: usize = 10;

/// What one comparison works on.
struct Ground<'a> {
    search: &'a Search<'a>,
    columns: &'a Columns,
    rows: &'a Rows,
}

impl Engine {
    /// Puts what a query or a theme finds side by side. `limit` is hits a cell; `offset`, `cursor`,
    /// `sort` and `unit` of the request do not count.
    ///
    /// # Errors
    /// Those of [`Engine::search`]; when there is neither query nor theme, or too many columns.
    pub fn compare(&self, asked: &CompareRequest) -> Result<Comparison, Error> {
        guarded(self.path(), || self.compare_unguarded(asked))
    }

    fn compare_unguarded(&self, asked: &CompareRequest) -> Result<Comparison, Error> {
        let started = Instant::now();
        let request = Request {
            offset: 0,
            cursor: None,
            sort: None,
            unit: Unit::Measure,
            facets: false,
            whole: true,
            explain: false,
            ..asked.request.clone()
        };
        let is_pinned = !asked.passages.is_empty();
        let term = self.comparable(asked, &request)?;
        let filters = filter::resolve(&request.filters, self.lexicon(), &self.analyzer)?;
        let snapshot = self.snapshot();
        self.known_values(&filters, &snapshot)?;
        let search = Search::new(self, &snapshot, &request, &term, &filters)?;
        let (matches, left_out) = if is_pinned {
            pinned::find(&asked.passages, &search)?
        } else {
            let found =
                Matches::collect(search.full.as_ref(), &filters, &snapshot, &request.deadline);
            (found.map_err(engine)?, Vec::new())
        };
        let mut columns = Columns::choose(asked, &filters, &matches, self, &snapshot)?;
        self.count_documents(&mut columns, &search)?;
        let rows = Rows::find(&search, &matches, &columns)?;
        let ground = Ground {
            search: &search,
            columns: &columns,
            rows: &rows,
        };
        let mut gathered = gather(&ground, &matches).map_err(engine)?;
        if !is_pinned {
            mentions::add(&ground, &matches, &mut gathered)?;
        }
        let mut comparison = reading::read(&ground, gathered)?;
        if is_pinned {
            pinned::tell(&mut comparison);
        }
        quantities::line_up(&mut comparison);
        caveats::find(&mut comparison, &columns, asked.by);
        comparison.caveats.extend(pinned::not_shown(&left_out));
        comparison.query = self.query_info(&request, &term);
        comparison.asked = if is_pinned {
            vec![pinned::said(asked.passages.len())]
        } else {
            said(&request, &term, &filters, self.lexicon())
        };
        comparison.took_ms = (started.elapsed().as_secs_f64() * 1e5).round() / 100.0;
        Ok(comparison)
    }

    /// What a value of a filter or a column is called: 哈尔滨市 for 230100.
    pub fn value_name(&self, filter: &str, value: &str) -> String {
        crate::facets::value_label(filter, value, self.lexicon())
    }

    /// The query understood, once the request's limits are checked.
    fn comparable(&self, asked: &CompareRequest, request: &Request) -> Result<Term, Error> {
        check(request)?;
        let wrong = |name, fault| Err(Error::Parameter { name, fault });
        if request.limit > MOST_CELL_HITS {
            return wrong("limit", ParameterFault::Above(MOST_CELL_HITS));
        }
        let term = self.understood(request)?;
        if !asked.passages.is_empty() {
            let filters = request.filters.named();
            let is_searched = !request.query.trim().is_empty()
                || filters.iter().any(|(_, values)| !values.is_empty());
            if asked.passages.len() > MOST_PICKED {
                return wrong("id", ParameterFault::TooManyPicked);
            }
            if is_searched {
                return wrong("id", ParameterFault::PickedAndSearched);
            }
            return Ok(term);
        }
        let is_theme = |term: &Term| matches!(term, Term::Filter(filter) if filter.name == "theme");
        let has_theme = !request.filters.theme.is_empty() || conjuncts(&term).iter().any(is_theme);
        if !term.is_positive_text() && !has_theme {
            return wrong("q", ParameterFault::NothingToCompare);
        }
        Ok(term)
    }

    /// How many documents there are in each column, whatever they say: those in which something was
    /// looked for.
    fn count_documents(&self, columns: &mut Columns, search: &Search<'_>) -> Result<(), Error> {
        let filters = of_documents(search);
        let unit = duibiao_index::Unit::Document;
        let all = tantivy::query::TermQuery::new(
            tantivy::Term::from_field_text(self.fields.unit, unit.as_str()),
            tantivy::schema::IndexRecordOption::Basic,
        );
        let snapshot: &Snapshot = search.snapshot;
        let documents = Matches::collect(&all, &filters, snapshot, search.deadline());
        columns.count(&documents.map_err(engine)?, &snapshot.profiles);
        Ok(())
    }

    fn query_info(&self, request: &Request, term: &Term) -> QueryInfo {
        let added = term.variants().into_iter();
        let added = added.filter(|variant| crate::matching::Added::Same.counts(variant));
        QueryInfo {
            text: request.query.clone(),
            resolved: term.shown(),
            expansions: added
                .map(|variant| Expansion {
                    term: variant.term.clone(),
                    from: variant.from.clone(),
                    kind: variant.kind.as_str().to_owned(),
                })
                .collect(),
        }
    }
}

/// The filters that say which documents are asked, and not which of their passages.
fn of_documents(search: &Search<'_>) -> Vec<Resolved> {
    let in_query = conjuncts(search.term).iter().filter_map(|term| match term {
        Term::Filter(filter) => Some(filter),
        _ => None,
    });
    let all = search.filters.iter().chain(in_query);
    all.filter(|filter| !matches!(filter.name, "theme" | "status"))
        .cloned()
        .collect()
}
