//! The way of a wording: where and when it stands first, and how it spreads over years and places, literally
//! and, apart from that, in the other words that mean the same.
//!
//! It counts what a quoted search finds. First here is first among these documents and nothing more:
//! what was not collected may be earlier, and a date may be inferred or not be known. Who took a wording
//! from whom no date can tell.

mod chart;
mod export;
mod finding;
mod reading;

use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

pub use self::export::TraceFormat;
use self::finding::Finding;
use crate::engine::{Engine, guarded};
use crate::error::{Error, ParameterFault};
use crate::filter;
use crate::request::{Request, Unit};
use crate::response::Hit;
use crate::run::Search;
use crate::window::check;

/// Years side by side; earlier ones are left out.
pub const MOST_TRACED_YEARS: usize = 60;
/// Places below one another; those that had it last are left out.
pub const MOST_TRACED_PLACES: usize = 60;

/// A wording that is traced.
#[derive(Debug, Clone, Default)]
pub struct TraceRequest {
    /// The wording, literally.
    pub term: String,
    /// Filters, citation, deadline, and whether other words for the same are looked for (`as_typed`); its
    /// query and page count for nothing.
    pub request: Request,
}

/// The way of a wording.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Trace {
    /// The wording as it was looked for.
    pub term: String,
    /// Other words that mean the same, which are counted apart.
    pub variants: Vec<String>,
    /// Where it stands first; none where it stands nowhere.
    pub first: Option<Appearance>,
    /// The first of which the text itself says the year, where that of `first` was inferred.
    pub first_stated: Option<Appearance>,
    /// Documents and passages that have it, whatever year and place.
    pub documents: u64,
    /// Passages of them, as a quoted search counts them.
    pub passages: u64,
    /// The years, in order.
    pub years: Vec<i16>,
    /// The places that have it or another word for it, the first first.
    pub places: Vec<TracedPlace>,
    /// Places with documents in which nothing was found.
    pub others: usize,
    /// What one must know to read it rightly.
    pub caveats: Vec<String>,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
}

/// A place: a city, what a province says for itself, or neither.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TracedPlace {
    /// Code; empty for documents of no place.
    pub value: String,
    /// Its name.
    pub label: String,
    /// Where it stands first there; none where only other words for it do.
    pub first: Option<Appearance>,
    /// For each year what was found.
    pub cells: Vec<TraceCell>,
    /// The same for documents without a year.
    pub undated: TraceCell,
}

/// Where a wording stands first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Appearance {
    /// The passage.
    #[serde(flatten)]
    pub hit: Hit,
    /// Whether year or date of its document were inferred and not stated.
    pub is_time_inferred: bool,
    /// Whether no other document may be as early, as far as dates are known: a year alone decides
    /// nothing inside that year.
    pub is_sure: bool,
    /// Whether it only cites the title of another document.
    pub is_cited: bool,
}

/// What was found of a place in a year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct TraceCell {
    /// What that comes to.
    pub state: TraceState,
    /// Documents that were searched.
    pub searched: u64,
    /// Documents that have the wording.
    pub documents: u64,
    /// Passages of them.
    pub passages: u64,
    /// Passages that only cite the title of another document, which are counted above.
    pub cited: u64,
    /// Documents that have it and whose year was inferred.
    pub inferred: u64,
    /// Documents that have only other words for it.
    pub variant_documents: u64,
    /// Passages that have other words for it and not the wording itself.
    pub variant_passages: u64,
}

/// What a cell comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TraceState {
    /// The wording stands there.
    Found,
    /// It stands in the titles of other documents alone.
    Cited,
    /// Only other words for it stand there.
    Variant,
    /// Nothing, in so many documents as were searched.
    NotFound,
    /// There is no document to search.
    #[default]
    NoDocuments,
}

impl TraceState {
    /// Every state.
    pub const ALL: [Self; 5] = [
        Self::Found,
        Self::Cited,
        Self::Variant,
        Self::NotFound,
        Self::NoDocuments,
    ];

    /// What it is called where people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Found => "有",
            Self::Cited => "只引标题",
            Self::Variant => "只有同义说法",
            Self::NotFound => "未检到",
            Self::NoDocuments => "无文件",
        }
    }

    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Cited => "cited",
            Self::Variant => "variant",
            Self::NotFound => "not_found",
            Self::NoDocuments => "no_documents",
        }
    }
}

impl TraceCell {
    /// What it comes to.
    fn settle(&mut self) {
        self.state = if self.passages > self.cited {
            TraceState::Found
        } else if self.passages > 0 {
            TraceState::Cited
        } else if self.variant_passages > 0 {
            TraceState::Variant
        } else if self.searched > 0 {
            TraceState::NotFound
        } else {
            TraceState::NoDocuments
        };
    }

    /// It in words.
    pub fn said(&self) -> String {
        let mut said = match self.state {
            TraceState::Found => format!("{} 份 {} 条", self.documents, self.passages),
            TraceState::Cited => format!("只引标题 {} 条", self.passages),
            TraceState::Variant => format!("同义说法 {} 份", self.variant_documents),
            TraceState::NotFound => format!("未检到（{} 份）", self.searched),
            TraceState::NoDocuments => "无文件".to_owned(),
        };
        if self.state == TraceState::Found && self.cited > 0 {
            said.push_str(&format!("，其中 {} 条只引标题", self.cited));
        }
        if self.passages > 0 && self.inferred > 0 {
            said.push_str(&format!("，{} 份年份为推定", self.inferred));
        }
        said
    }
}

impl Engine {
    /// The way of a wording over years and places.
    ///
    /// # Errors
    /// Those of [`Engine::search`]; when there is no wording.
    pub fn trace(&self, asked: &TraceRequest) -> Result<Trace, Error> {
        guarded(self.path(), || self.trace_unguarded(asked))
    }

    fn trace_unguarded(&self, asked: &TraceRequest) -> Result<Trace, Error> {
        let started = Instant::now();
        let request = Request {
            query: asked.term.clone(),
            offset: 0,
            cursor: None,
            sort: None,
            unit: Unit::Measure,
            facets: false,
            whole: true,
            explain: false,
            limit: 1,
            ..asked.request.clone()
        };
        check(&request)?;
        let typed = unquoted(&asked.term);
        let forms = self.analyzer.comparable_forms(typed);
        let forms: Vec<String> = forms.into_iter().filter(|form| !form.is_empty()).collect();
        if forms.is_empty() {
            return Err(Error::Parameter {
                name: "q",
                fault: ParameterFault::NoWording,
            });
        }
        let variants = self.variants_of(typed, &request)?;
        let filters = filter::resolve(&request.filters, self.lexicon(), &self.analyzer)?;
        let snapshot = self.snapshot();
        self.known_values(&filters, &snapshot)?;
        // What is looked for is asked literally; the search lends what asking needs.
        let everything = Request {
            query: String::new(),
            ..request
        };
        let term = self.understood(&everything)?;
        let search = Search::unranked(self, &snapshot, &everything, &term, &filters)?;
        let finding = Finding {
            search: &search,
            forms: &forms,
            variants: &variants,
        };
        let mut trace = finding.trace()?;
        trace.term = typed.to_owned();
        trace.took_ms = (started.elapsed().as_secs_f64() * 1e5).round() / 100.0;
        Ok(trace)
    }

    /// Words of the lexicon that mean the same as the whole wording, with their comparable form.
    fn variants_of(&self, typed: &str, request: &Request) -> Result<Vec<(String, String)>, Error> {
        use crate::resolve::Term;
        use crate::variants::VariantKind;
        let asked = Request {
            query: typed.to_owned(),
            ..request.clone()
        };
        let Ok(Term::Piece(piece)) = self.understood(&asked) else {
            // What is no single piece has no other words as a whole.
            return Ok(Vec::new());
        };
        let whole = piece.variants.iter().filter(|variant| {
            let is_same = matches!(variant.kind, VariantKind::Exact | VariantKind::Abbreviation);
            is_same && variant.leaves == (0..piece.leaves.len())
        });
        let whole = whole.map(|variant| (variant.term.clone(), variant.text.clone()));
        Ok(whole.collect())
    }
}

/// A wording without the quotes that a search for it has.
fn unquoted(typed: &str) -> &str {
    let typed = typed.trim();
    let pairs = [('"', '"'), ('“', '”'), ('「', '」')];
    let inner = pairs.iter().find_map(|(open, close)| {
        let inner = typed.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.trim().is_empty()).then_some(inner.trim())
    });
    inner.unwrap_or(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wording_may_come_in_the_quotes_of_a_search() {
        assert_eq!(unquoted(" “容缺受理” "), "容缺受理");
        assert_eq!(unquoted("\"最多跑一次\""), "最多跑一次");
        assert_eq!((unquoted("“”"), unquoted("“半边")), ("“”", "“半边"));
    }

    #[test]
    fn a_cell_says_what_was_searched() {
        let settled = |mut cell: TraceCell| {
            cell.settle();
            (cell.state, cell.said())
        };
        let cell = TraceCell::default();
        assert_eq!(settled(cell), (TraceState::NoDocuments, "无文件".into()));
        let searched = TraceCell {
            searched: 4,
            ..cell
        };
        assert_eq!(
            settled(searched),
            (TraceState::NotFound, "未检到（4 份）".into())
        );
        let cited = TraceCell {
            documents: 1,
            passages: 2,
            cited: 2,
            ..searched
        };
        assert_eq!(settled(cited).0, TraceState::Cited);
        let found = TraceCell {
            passages: 3,
            ..cited
        };
        assert_eq!(settled(found).0, TraceState::Found);
    }
}
