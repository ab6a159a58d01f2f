//! Searching an index: query language, resolution, matching, ranking, snippets, facets.
//!
//! [`Engine`] is the one way in: a [`Request`] goes in as typed, a [`Response`] comes out ready
//! to be rendered as HTML, JSON or a table. Nothing of the engine underneath is in a public
//! signature, and nothing here renders but tables to take away ([`Table`]), which are the same
//! wherever they are taken.
//!
//! ```no_run
//! use duibiao_lexicon::Lexicon;
//! use duibiao_search::{Engine, Request};
//!
//! let engine = Engine::open("index-data/index".as_ref(), Lexicon::embedded()?)?;
//! let request = Request { query: "容缺受理".into(), limit: 10, ..Request::default() };
//! for hit in engine.search(&request)?.hits {
//!     println!("{} {}", hit.id, hit.snippet.text);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod annexed;
mod best;
mod bits;
mod bounded;
mod citation;
mod collect;
mod compare;
mod correct;
mod cover;
mod coverage;
mod deadline;
mod either;
mod engine;
mod error;
pub mod evaluation;
mod excerpts;
mod export;
mod facets;
mod filter;
mod fold;
mod former;
mod hit;
mod ledger;
mod literal;
mod matching;
mod member;
mod passing;
mod places;
mod prefix;
mod profiles;
mod query;
mod rank;
mod relax;
mod request;
mod resolve;
mod response;
mod resume;
mod run;
mod sets;
mod shares;
mod sheet;
mod similar;
mod snippet;
mod sources;
mod statistics;
mod suggest;
mod table;
mod tally;
mod topic;
mod trace;
mod variants;
mod verify;
mod watch;
mod window;
mod within;
mod word;

#[cfg(test)]
mod limits_tests;

pub use self::similar::{Change, ChangeKind, CopyGroup, MOST_SIMILAR, Similar, SimilarHit};
pub use citation::CitationStyle;
pub use compare::{
    Axis, Caveat, CaveatKind, Cell, CellHit, CellState, CompareRequest, ComparedColumn,
    ComparedRow, Comparison, GapEvidence, GapRow, Gaps, GapsRequest, MOST_AGAINST, MOST_CELL_HITS,
    MOST_COLUMNS, MOST_COMPARED_ROWS, MOST_GAP_ROWS, MentionKind, Quantity, QuantityValue,
    Searched,
};
pub use coverage::{Coverage, Grid, GridRow, GridValue, Unknown, UnreadableFiles};
pub use deadline::Deadline;
pub use engine::{Engine, facet_names};
pub use error::{Error, Excess, FilterFault, ParameterFault, QueryFault};
pub use excerpts::{Excerpt, ExcerptPassage, Excerpts, MOST_NOTE, MOST_NOTES, MOST_PICKED, Pick};
pub use export::formats::{ExportFormat, ExportWriter};
pub use export::{Export, Wanted};
pub use facets::filter_label;
pub use ledger::{Ledger, LedgerRow, MissingItems};
pub use relax::{PieceCount, Relaxations, WithoutFilter};
pub use request::{Filters, MAX_WINDOW, Part, Request, Sort, Unit};
pub use response::{
    Commit, Copy, Correction, DocumentView, Expansion, FacetValue, Hit, NotCovered, PassageView,
    QueryInfo, Response, SignalValue, Stats, UnreadableFile,
};
pub use snippet::{Range, RangeKind, Snippet};
pub use sources::Source;
pub use suggest::{MOST_SUGGESTIONS, Suggestion, Suggestions, TermKind};
pub use table::Table;
pub use trace::{
    Appearance, MOST_TRACED_PLACES, MOST_TRACED_YEARS, Trace, TraceCell, TraceFormat, TraceRequest,
    TraceState, TracedPlace,
};
pub use variants::VariantKind;
pub use verify::{Claimed, QuotePlace, QuotedBy, Verdict, Verification};
pub use watch::{Changed, Gone, KnownDocuments, Look, News, Seen};
pub use within::Within;
pub use word::{Line, WordCell, WordPaper};
