//! Answers: the JSON shapes that the terminal, the API and other programs share.

use std::collections::BTreeMap;

use duibiao_corpus::{Passage, PassageKind, PlaceRef, Script, Status, ThemeId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::snippet::Snippet;

/// The answer to a search.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Response {
    /// The query as typed and as understood.
    pub query: QueryInfo,
    /// What the query was corrected to, when nothing matched as typed.
    pub corrected: Option<Correction>,
    /// Other queries worth trying.
    pub did_you_mean: Vec<String>,
    /// Entries with everything that was asked for.
    pub total: u64,
    /// Those without any added term.
    pub exact_total: u64,
    /// Entries with some of the pieces that follow when `total` is small.
    pub partial_total: u64,
    /// Documents that the entries of `total` are in; 0 where facets were not asked for.
    pub documents: u64,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
    /// The hits of this page.
    pub hits: Vec<Hit>,
    /// Values by facet, each counted without the facet's own filter.
    #[schema(value_type = BTreeMap<String, Vec<FacetValue>>)]
    pub facets: BTreeMap<&'static str, Vec<FacetValue>>,
    /// Former places that are part of a place filtered by, and whose documents the filter leaves out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_covered: Vec<NotCovered>,
    /// Hits found only through related terms, the best of them.
    pub related: Vec<Hit>,
    /// How many there are of these.
    pub related_total: u64,
    /// Hits of `total` and `partial_total` that are shown with others as one, as far as this and
    /// earlier pages needed to look.
    pub collapsed: u64,
    /// Continue here for more; `None` when there is no more.
    pub cursor: Option<String>,
}

/// A place that has ended and whose area is that of a place filtered by. Its documents are filed under
/// what it was: those of 莱芜市 until 2018 are not among those of 济南市.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NotCovered {
    /// The filter: `place`, `city` or `county`.
    pub filter: &'static str,
    /// The place filtered by.
    pub place: PlaceRef,
    /// The former place.
    pub former: PlaceRef,
    /// The year it ended.
    pub until: Option<u16>,
    /// How many documents of the index are about it.
    pub documents: u64,
}

/// A query, before and after it was understood.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QueryInfo {
    /// As typed.
    pub text: String,
    /// As understood: pieces as words joined by `+`, fields by their names.
    pub resolved: String,
    /// Terms that were added.
    pub expansions: Vec<Expansion>,
}

/// A term added to a query.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Expansion {
    /// The term.
    pub term: String,
    /// The term of the query it was added for.
    pub from: String,
    /// exact, abbr, place, oneway, related or theme; a theme is from its id.
    pub kind: String,
}

/// A query that was corrected.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Correction {
    /// As typed.
    pub from: String,
    /// As corrected.
    pub to: String,
    /// pinyin, homophone or shape.
    pub kind: String,
}

/// A passage or a document that matches.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Hit {
    /// The passage's or the document's id.
    pub id: String,
    /// The document's id.
    pub document_id: String,
    /// The document's path.
    pub path: String,
    /// Where the passage, or a document's best passage, begins; code points.
    pub begin: u32,
    /// Where it ends.
    pub end: u32,
    /// The document's title.
    pub title: Option<String>,
    /// The script it is written in.
    pub script: Script,
    /// The headings above.
    pub heading_path: Vec<String>,
    /// The finding it answers.
    pub problem: Option<String>,
    /// The province the document is about.
    pub province: Option<PlaceRef>,
    /// The city the document is about.
    pub city: Option<PlaceRef>,
    /// The county or district the document is about.
    pub county: Option<PlaceRef>,
    /// The document's year.
    pub year: Option<i16>,
    /// The document's date, as precise as known.
    pub date: Option<String>,
    /// The type of document.
    pub doc_type: Option<String>,
    /// The body that issued the document.
    pub issuer: Option<String>,
    /// The document's number.
    pub number: Option<String>,
    /// Where the document was published.
    pub url: Option<String>,
    /// What the passage is for.
    pub kind: Option<PassageKind>,
    /// Themes of the passage or of the document.
    pub themes: Vec<ThemeId>,
    /// How far the measure has come.
    pub status: Option<Status>,
    /// The higher, the better; 0 where sorted by date.
    pub score: f32,
    /// Whether it has only some of the pieces.
    pub partial: bool,
    /// The document cited.
    pub citation: String,
    /// Why it matched.
    pub snippet: Snippet,
    /// The whole passage, or a document's best one, verbatim, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Near-identical hits that stand behind this one, where asked for as one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<Copy>,
    /// What the score is made of, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Vec<SignalValue>>,
}

impl Hit {
    /// The date of its document, else its year, in words where neither is known.
    pub fn dated(&self) -> String {
        let year = || self.year.map(|year| year.to_string());
        let date = self.date.clone().or_else(year);
        date.unwrap_or_else(|| "日期不详".to_owned())
    }

    /// The city its document is about, else the province, in words where neither is known.
    pub fn place_name(&self) -> &str {
        let place = self.city.as_ref().or(self.province.as_ref());
        place.map_or("地区不详", |place| place.name.as_str())
    }
}

/// A hit with nearly the same text as another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Copy {
    /// The passage's or the document's id.
    pub id: String,
    /// The document's id.
    pub document_id: String,
    /// The document's title.
    pub title: Option<String>,
    /// The place the document is about.
    pub place: Option<PlaceRef>,
    /// The document's year.
    pub year: Option<i16>,
}

/// What one signal adds to a score.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignalValue {
    /// Signal and word, such as `heading:审批`.
    pub signal: String,
    /// What it adds.
    pub value: f32,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FacetValue {
    /// Code or id; empty for entries without a value.
    pub value: String,
    /// Its name.
    pub label: String,
    /// The value it belongs to: a theme's top theme, the city or province that a place lies in. That one
    /// counts it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// How many entries have it.
    pub count: u64,
    /// Whether it is filtered by.
    pub selected: bool,
    /// Whether it is left out.
    pub excluded: bool,
}

/// A document as a whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DocumentView {
    /// Its id.
    pub id: String,
    /// It cited.
    pub citation: String,
    /// Its values, text and passages.
    #[serde(flatten)]
    pub document: duibiao_corpus::Document,
}

/// A passage with what it stands in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PassageView {
    /// Its id.
    pub id: String,
    /// Its document's id.
    pub document_id: String,
    /// Its document's path.
    pub path: String,
    /// Its document's title.
    pub title: Option<String>,
    /// Its document cited.
    pub citation: String,
    /// Its text.
    pub text: String,
    /// Where it stands and what it is.
    #[serde(flatten)]
    pub passage: Passage,
}

/// A commit of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Commit {
    /// Grows with every commit.
    pub number: u64,
    /// Documents.
    pub documents: u64,
    /// Passages, headings and furniture included.
    pub passages: u64,
    /// When it was committed, in seconds since 1970-01-01 UTC.
    pub committed_at: u64,
}

/// A file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnreadableFile {
    /// What its document's path would be.
    pub path: String,
    /// Why not.
    pub reason: String,
}

/// What an index holds.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Stats {
    /// Documents.
    pub documents: u64,
    /// Passages, headings and furniture included.
    pub passages: u64,
    /// Passages that can be hits.
    pub searchable: u64,
    /// Files that could not be read.
    pub unreadable: u64,
    /// Code points of text.
    pub chars: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Format version.
    pub format: u32,
    /// Version of the lexicon it was built with.
    pub lexicon: String,
    /// Whether this program uses another lexicon.
    pub lexicon_differs: bool,
    /// Program that wrote it.
    pub written_by: String,
    /// When it was committed, in seconds since 1970-01-01 UTC.
    pub committed_at: u64,
    /// Documents by facet value.
    #[schema(value_type = BTreeMap<String, Vec<FacetValue>>)]
    pub facets: BTreeMap<&'static str, Vec<FacetValue>>,
}
