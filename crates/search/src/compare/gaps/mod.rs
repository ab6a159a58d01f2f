//! What others have and a city has not: matters on which enough of the cities it is measured against
//! have measures and it has none, with the evidence of both sides and what was searched.
//!
//! Cities are chosen ([`cities`]), every entry is told what it is to the question ([`standing`]),
//! themes and terms that the others have and the city has not are found ([`matters`]), and what comes
//! near in the city's own documents is looked for ([`own`]) before a row is told ([`telling`]). A matter
//! that no document of the city speaks of is a gap of these documents; whether the city lacks it, they
//! cannot say.

mod cities;
mod export;
mod matters;
mod own;
mod saying;
mod standing;
mod telling;
mod warnings;

use std::collections::BTreeMap;
use std::time::Instant;

use duibiao_corpus::{PlaceRef, ThemeId};
use serde::Serialize;
use utoipa::ToSchema;

use self::cities::Cities;
use self::matters::Ground;
use self::own::OwnPassages;
use self::standing::{Sieve, Standings};
use self::telling::{Teller, Told};
use crate::compare::hits::number_sources;
use crate::compare::matches::Matches;
use crate::compare::shape::{Axis, Caveat, Cell, CellHit, CellState, ComparedColumn, Comparison};
use crate::compare::{MOST_CELL_HITS, caveats};
use crate::engine::{Engine, guarded};
use crate::error::{Error, ParameterFault, engine};
use crate::filter;
use crate::request::{Request, Unit};
use crate::response::QueryInfo;
use crate::run::Search;
use crate::sources::Source;
use crate::window::check;

/// Cities that one is measured against.
pub const MOST_AGAINST: usize = 40;
/// Rows of an answer.
pub const MOST_GAP_ROWS: usize = 40;
/// How many of the others must have a matter where nobody says.
const AT_LEAST: usize = 2;

/// A look for gaps that is asked for.
#[derive(Debug, Clone, Default)]
pub struct GapsRequest {
    /// What is looked at: everything, or what a query and filters leave. `limit` is hits a city, at
    /// most [`MOST_CELL_HITS`]. Places say whose documents are measured against, the status is
    /// that of their measures.
    pub request: Request,
    /// The city whose gaps are looked for, as typed.
    pub city: String,
    /// The cities it is measured against, as typed, at most [`MOST_AGAINST`]; without any, those with
    /// most matches.
    pub against: Vec<String>,
    /// How many of them must have a matter; 2, or 1 of one.
    pub at_least: Option<usize>,
}

/// What others have and a city has not.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Gaps {
    /// The query as typed and as understood.
    pub query: QueryInfo,
    /// The city; its documents are those in which was looked for what it lacks.
    #[serde(rename = "for")]
    pub city: ComparedColumn,
    /// The cities it is measured against.
    pub against: Vec<ComparedColumn>,
    /// How many of them must have a matter.
    pub at_least: usize,
    /// Matters of which nothing is found first, then those that are mentioned; themes together.
    pub rows: Vec<GapRow>,
    /// Matters that have no row any more.
    pub left_out: usize,
    /// What one must know to read it rightly. Cells are numbers of a row and of a city: 0 the one that
    /// is asked for, from 1 those it is measured against.
    pub caveats: Vec<Caveat>,
    /// The documents that are quoted, numbered from 1 as they come.
    pub sources: Vec<Source>,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
}

/// A matter that others have measures on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GapRow {
    /// Its theme; `None` for passages without one.
    pub theme: Option<ThemeId>,
    /// The theme's name, and the term that the measures have in common.
    pub label: String,
    /// The term in its spellings and synonyms.
    pub words: Vec<String>,
    /// Measures of the others in all.
    pub total: u64,
    /// Those of the others that have it, with their measures.
    pub against: Vec<GapEvidence>,
    /// What the city has: nothing, or what comes near.
    pub mine: Cell,
    /// In what it was looked for.
    pub searched: Searched,
}

/// What one of the others has.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GapEvidence {
    /// The city.
    pub city: PlaceRef,
    /// Its measures.
    pub total: u64,
    /// The best of them, near-copies left out.
    pub hits: Vec<CellHit>,
    /// Numbers of the caveats, from 1, that concern it.
    pub caveats: Vec<usize>,
}

/// What was searched in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Searched {
    /// Documents of the city under the filters.
    pub documents: u64,
    /// All its passages that can be hits, whatever the filters: what comes near is looked for in these.
    pub passages: u64,
}

impl Engine {
    /// What others have measures on and a city has not.
    ///
    /// # Errors
    /// Those of [`Engine::search`]; when there is no city or none to measure it against, or too many.
    pub fn gaps(&self, asked: &GapsRequest) -> Result<Gaps, Error> {
        guarded(self.path(), || self.gaps_unguarded(asked))
    }

    fn gaps_unguarded(&self, asked: &GapsRequest) -> Result<Gaps, Error> {
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
        check(&request)?;
        if request.limit > MOST_CELL_HITS {
            return Err(wrong("limit", ParameterFault::Above(MOST_CELL_HITS)));
        }
        let term = self.understood(&request)?;
        let filters = filter::resolve(&request.filters, self.lexicon(), &self.analyzer)?;
        let snapshot = self.snapshot();
        self.known_values(&filters, &snapshot)?;
        let search = Search::new(self, &snapshot, &request, &term, &filters)?;
        let sieve = Sieve::new(&filters);
        let full = search.full.as_ref();
        let matches = Matches::collect(full, &sieve.others, &snapshot, search.deadline());
        let matches = matches.map_err(engine)?;
        let mut cities = Cities::choose(asked, &matches, self, &snapshot)?;
        let at_least = at_least(asked, &cities)?;
        let of_others = sieve.others.iter();
        let of_others: Vec<filter::Resolved> = of_others
            .filter(|filter| !matches!(filter.name, "theme" | "status"))
            .cloned()
            .collect();
        let documents = (sieve.own_documents.as_slice(), of_others.as_slice());
        cities.count_documents(documents, &search)?;
        let (mut told, mut passages, mut left_out) = (Vec::new(), 0, 0);
        if cities.columns[0].documents > 0 && cities.others() > 0 {
            let standings = Standings::find(&search, &cities, &sieve, &matches)?;
            let ground = Ground {
                search: &search,
                cities: &cities,
                standings: &standings,
                at_least,
            };
            let mut matters = ground.matters()?;
            left_out = matters.len().saturating_sub(MOST_GAP_ROWS);
            matters.truncate(MOST_GAP_ROWS);
            let mut own = OwnPassages::read(&search, &cities)?;
            passages = own.len();
            let mut teller = Teller::new(&ground, &mut own, &matters)?;
            for matter in matters {
                told.extend(teller.tell(matter)?);
            }
        }
        let cities_left_out = cities.left_out;
        let mut gaps = self.assemble(&search, cities, told, passages)?;
        gaps.at_least = at_least;
        gaps.left_out = left_out;
        gaps.query = self.query_info(&request, &term);
        warnings::add(&mut gaps, cities_left_out, &search);
        gaps.took_ms = (started.elapsed().as_secs_f64() * 1e5).round() / 100.0;
        Ok(gaps)
    }

    /// The rows in order, with what is noticed of their cells.
    fn assemble(
        &self,
        search: &Search<'_>,
        cities: Cities,
        mut told: Vec<Told>,
        passages: u64,
    ) -> Result<Gaps, Error> {
        in_order(&mut told);
        let (rows, cells) = told.into_iter().map(|told| (told.row, told.cells)).unzip();
        let mut table = Comparison {
            query: QueryInfo {
                text: String::new(),
                resolved: String::new(),
                expansions: Vec::new(),
            },
            by: Axis::City,
            columns: cities.columns,
            rows,
            cells,
            caveats: Vec::new(),
            sources: Vec::new(),
            total: 0,
            took_ms: 0.0,
            pinned: false,
            asked: Vec::new(),
        };
        for cells in &table.cells {
            for (city, cell) in cells.iter().enumerate() {
                table.columns[city].total += if city > 0 { cell.total } else { 0 };
            }
        }
        number_sources(&mut table, search)?;
        let noticed = caveats::of_cells(&table, Axis::City);
        caveats::add(&mut table, noticed);
        let mut columns = table.columns.into_iter();
        let city = columns
            .next()
            .ok_or_else(|| wrong("for", ParameterFault::NoCity))?;
        let against: Vec<ComparedColumn> = columns.collect();
        let searched = Searched {
            documents: city.documents,
            passages,
        };
        let gazetteer = self.lexicon().gazetteer();
        let place = |column: &ComparedColumn| -> Option<PlaceRef> {
            let code = column.value.parse().ok()?;
            Some(gazetteer.get(code)?.to_ref())
        };
        let rows = table.rows.into_iter().zip(table.cells);
        let rows = rows.map(|(row, cells)| {
            let mut cells = cells.into_iter();
            let mine = cells.next();
            let others = against.iter().zip(cells);
            let others = others.filter(|(_, cell)| cell.state == CellState::Found);
            Some(GapRow {
                theme: row.theme,
                label: row.label,
                words: row.words,
                total: row.total,
                against: others
                    .filter_map(|(column, cell)| {
                        Some(GapEvidence {
                            city: place(column)?,
                            total: cell.total,
                            hits: cell.hits,
                            caveats: cell.caveats,
                        })
                    })
                    .collect(),
                mine: mine?,
                searched,
            })
        });
        Ok(Gaps {
            query: table.query,
            rows: rows.flatten().collect(),
            city,
            against,
            at_least: 0,
            left_out: 0,
            caveats: table.caveats,
            sources: table.sources,
            took_ms: 0.0,
        })
    }
}

fn wrong(name: &'static str, fault: ParameterFault) -> Error {
    Error::Parameter { name, fault }
}

fn at_least(asked: &GapsRequest, cities: &Cities) -> Result<usize, Error> {
    match asked.at_least {
        None => Ok(AT_LEAST.min(cities.others().max(1))),
        Some(0) => Err(wrong("at_least", ParameterFault::Zero)),
        Some(least) if least > cities.others().max(1) => Err(wrong(
            "at_least",
            ParameterFault::Above(cities.others().max(1)),
        )),
        Some(least) => Ok(least),
    }
}

/// What is found nowhere first, and themes together: those first that most cities have, each before
/// its terms.
fn in_order(told: &mut [Told]) {
    let is_mentioned = |told: &Told| told.cells[0].state != CellState::NotFound;
    let weight = |told: &Told| {
        let found = told.cells[1..].iter();
        let cities = found.filter(|cell| cell.state == CellState::Found).count();
        (std::cmp::Reverse(cities), std::cmp::Reverse(told.row.total))
    };
    let mut of_themes: BTreeMap<(bool, Option<ThemeId>), _> = BTreeMap::new();
    for told in told.iter() {
        let weight = weight(told);
        let best = of_themes
            .entry((is_mentioned(told), told.row.theme.clone()))
            .or_insert(weight);
        *best = (*best).min(weight);
    }
    told.sort_by_cached_key(|told| {
        let key = (is_mentioned(told), told.row.theme.clone());
        let of_theme = of_themes.get(&key).copied();
        let (is_mentioned, theme) = key;
        (
            is_mentioned,
            of_theme,
            theme,
            !told.row.words.is_empty(),
            weight(told),
            told.row.label.clone(),
        )
    });
}
