//! A search as it is asked for: texts as typed, nothing resolved yet.

use crate::citation::CitationStyle;
use crate::deadline::Deadline;

/// What a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    /// A passage.
    #[default]
    Measure,
    /// A document.
    Document,
}

/// In which order hits come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Best first.
    Relevance,
    /// Latest date first, undated last.
    Newest,
    /// Earliest date first, undated last.
    Oldest,
}

/// Values to keep, as typed. Several values of one filter are alternatives; different filters
/// all apply. The empty value stands for documents without one. A value behind `-` is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named as everywhere")]
pub struct Filters {
    /// Places of any level, each with all that lies in it, so that places of different levels can be
    /// alternatives: 黑龙江省 or 大连市.
    pub place: Vec<String>,
    pub province: Vec<String>,
    pub city: Vec<String>,
    pub county: Vec<String>,
    pub year: Vec<String>,
    pub period: Vec<String>,
    pub theme: Vec<String>,
    pub doc_type: Vec<String>,
    pub subtype: Vec<String>,
    pub issuer: Vec<String>,
    pub number: Vec<String>,
    pub status: Vec<String>,
    pub level: Vec<String>,
    /// Whether a city or county that is asked for stands for its province's own documents too:
    /// those of level province and of no city.
    pub provincial: bool,
}

impl Filters {
    /// Every filter with its name, in the order in which they are shown.
    pub fn named(&self) -> [(&'static str, &Vec<String>); 13] {
        [
            ("place", &self.place),
            ("province", &self.province),
            ("city", &self.city),
            ("county", &self.county),
            ("year", &self.year),
            ("period", &self.period),
            ("theme", &self.theme),
            ("doc_type", &self.doc_type),
            ("subtype", &self.subtype),
            ("issuer", &self.issuer),
            ("number", &self.number),
            ("status", &self.status),
            ("level", &self.level),
        ]
    }

    /// The values of the filter with this name.
    pub fn values_mut(&mut self, name: &str) -> Option<&mut Vec<String>> {
        Some(match name {
            "place" => &mut self.place,
            "province" => &mut self.province,
            "city" => &mut self.city,
            "county" => &mut self.county,
            "year" => &mut self.year,
            "period" => &mut self.period,
            "theme" => &mut self.theme,
            "doc_type" => &mut self.doc_type,
            "subtype" => &mut self.subtype,
            "issuer" => &mut self.issuer,
            "number" => &mut self.number,
            "status" => &mut self.status,
            "level" => &mut self.level,
            _ => return None,
        })
    }

    /// The filters but for one.
    pub fn without(&self, name: &str) -> Self {
        let mut rest = self.clone();
        if let Some(values) = rest.values_mut(name) {
            values.clear();
        }
        rest
    }
}

/// A part of matching and ranking that can be left out, to measure what it is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Words of the dictionary, as against characters alone.
    Words,
    /// Title, headings and problem beside the text.
    Fields,
    /// Pairs of neighbouring characters.
    Pairs,
    /// Single characters of documents.
    Characters,
    /// Whole pieces as typed.
    AsTyped,
    /// Words close to each other.
    Near,
    /// What holds every piece as typed first.
    Verbatim,
    /// Added terms.
    Variants,
    /// Hits about what the query is about, where little else is found.
    Themes,
    /// What is taken off texts that very many documents have.
    Boilerplate,
    /// Hits with some of the pieces or words where few have all.
    Partial,
}

impl Part {
    /// Every part with its name.
    pub const ALL: [(Self, &'static str); 11] = [
        (Self::Words, "words"),
        (Self::Fields, "fields"),
        (Self::Pairs, "pairs"),
        (Self::Characters, "characters"),
        (Self::AsTyped, "as-typed"),
        (Self::Near, "near"),
        (Self::Verbatim, "verbatim"),
        (Self::Variants, "variants"),
        (Self::Themes, "themes"),
        (Self::Boilerplate, "boilerplate"),
        (Self::Partial, "partial"),
    ];

    /// The part with this name.
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|(_, own)| *own == name).map(|(part, _)| part)
    }
}

/// A search.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The query as typed; empty for everything the filters allow.
    pub query: String,
    /// Values to keep.
    pub filters: Filters,
    /// What a hit is.
    pub unit: Unit,
    /// In which order hits come; without one, relevance where there is a query, else newest.
    pub sort: Option<Sort>,
    /// How many hits, at least 1.
    pub limit: usize,
    /// How many hits to leave out first.
    pub offset: usize,
    /// Continue after the hit that gave this cursor; `offset` must be 0 then.
    pub cursor: Option<String>,
    /// Only hits with every piece of the query.
    pub match_all: bool,
    /// Search for nothing but what was typed.
    pub as_typed: bool,
    /// Added terms that are not to be searched for.
    pub drop: Vec<String>,
    /// Whether to give hits through related terms; without a value, where little else is found.
    pub related: Option<bool>,
    /// Show near-identical hits as one.
    pub collapse: bool,
    /// Parts to leave out, for measuring.
    pub without: Vec<Part>,
    /// Count the values of facets.
    pub facets: bool,
    /// Give whole passages beside snippets, for tables that are taken away.
    pub whole: bool,
    /// How documents are cited.
    pub citation: CitationStyle,
    /// Say for each hit what its score is made of.
    pub explain: bool,
    /// When the search must have ended.
    pub deadline: Deadline,
    /// Give documents without the passage that shows why they match, where only the order counts.
    pub bare: bool,
}

/// offset + limit may not exceed this.
pub const MAX_WINDOW: usize = 10_000;
/// Most values of all filters together.
pub(crate) const MAX_VALUES: usize = 256;
/// Longest value of a filter, in bytes: longer than any name, title of a body or number.
pub(crate) const MAX_VALUE_BYTES: usize = 512;
