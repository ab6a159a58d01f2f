//! Whether a quote stands where it is said to stand: in a document or in one of its passages; and
//! where else it does.
//!
//! What cannot be checked is said to be so and never taken for "it does not stand there". It
//! compares characters; whether the quote is fair to its context is for whoever reads it.

use duibiao_corpus::{CharMap, Document, DocumentId, PassageId, Script, Span};
use duibiao_index::{Analyzer, Normal};
use serde::Serialize;
use utoipa::ToSchema;

use crate::citation::CitationStyle;
use crate::deadline::Deadline;
use crate::engine::{Engine, Snapshot, guarded};
use crate::error::{Error, Excess, QueryFault, engine};
use crate::query::MAX_BYTES;
use crate::request::{Request, Unit};
use crate::resolve::Term;
use crate::response::DocumentView;
use crate::run::Search;

/// Other documents that are named.
const MOST_DOCUMENTS: usize = 10;
/// Places that are named in one document.
const MOST_PLACES: usize = 20;
/// Below this a text may be misread.
const POOR: f32 = 0.5;

/// Where a quote is said to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// In a document.
    Document(DocumentId),
    /// In one passage of it.
    Passage(PassageId),
}

impl Claimed {
    /// Reads the id of a document or of a passage.
    ///
    /// # Errors
    /// When it is neither.
    pub fn read(id: &str) -> Result<Self, duibiao_corpus::IdError> {
        if id.contains("-m") {
            id.parse().map(Self::Passage)
        } else {
            id.parse().map(Self::Document)
        }
    }

    fn document(self) -> DocumentId {
        match self {
            Self::Document(id) => id,
            Self::Passage(id) => id.document,
        }
    }
}

impl std::fmt::Display for Claimed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Document(id) => id.fmt(f),
            Self::Passage(id) => id.fmt(f),
        }
    }
}

/// What was found out about a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It stands there, character for character.
    Exact,
    /// It stands there but for white space, width, case, or Traditional for Simplified characters.
    Normalized,
    /// It does not stand there but somewhere else.
    Elsewhere,
    /// It stands nowhere in the index.
    NotFound,
    /// The text it is said to stand in is not there to look at.
    Unverifiable,
}

impl Verdict {
    /// Whether the quote stands where it is said to stand.
    pub fn stands(self) -> bool {
        matches!(self, Self::Exact | Self::Normalized)
    }

    /// The verdict in Chinese.
    pub fn label(self) -> &'static str {
        match self {
            Self::Exact => "逐字相符",
            Self::Normalized => "除空白、全半角、大小写、繁简外相符",
            Self::Elsewhere => "不在此处，见于别处",
            Self::NotFound => "库中未检到",
            Self::Unverifiable => "无法核对",
        }
    }
}

/// A quote, checked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Verification {
    /// The id given.
    pub id: String,
    /// The quote given.
    pub quote: String,
    /// What was found out.
    pub verdict: Verdict,
    /// Why it cannot be checked, or what else one must know.
    pub reason: Option<String>,
    /// The document's title.
    pub title: Option<String>,
    /// The document cited.
    pub citation: Option<String>,
    /// Where it stands in what the id names, the first places.
    pub places: Vec<QuotePlace>,
    /// Where else in the document, if the id is that of a passage.
    pub beside: Vec<QuotePlace>,
    /// Other documents that have it, the first ones.
    pub elsewhere: Vec<QuotedBy>,
    /// How many other documents have it.
    pub elsewhere_total: u64,
}

/// A place where a quote stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuotePlace {
    /// The passage it begins in.
    pub passage: Option<String>,
    /// Where it stands, in code points of the document's text.
    #[serde(flatten)]
    pub span: Span,
    /// The words as they stand there.
    pub text: String,
    /// Whether they are the quote, character for character.
    pub exact: bool,
    /// Headings above.
    pub heading_path: Vec<String>,
}

/// Another document that has a quote.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuotedBy {
    /// Its id.
    pub document_id: String,
    /// Its path.
    pub path: String,
    /// Its title.
    pub title: Option<String>,
    /// It cited.
    pub citation: String,
    /// Where the quote stands in it.
    pub places: Vec<QuotePlace>,
}

impl Engine {
    /// Checks a quote.
    ///
    /// # Errors
    /// When there is nothing to look for or too much of it, the deadline is past, or the index is
    /// damaged. That there is no such document is no error.
    pub fn verify_quote(
        &self,
        claimed: Claimed,
        quote: &str,
        style: CitationStyle,
        deadline: &Deadline,
    ) -> Result<Verification, Error> {
        if quote.len() > MAX_BYTES {
            return Err(Error::TooLarge(Excess::Bytes(quote.len())));
        }
        let quote = quote.trim();
        let wanted = Wanted {
            quote,
            forms: self.analyzer.comparable_forms(quote),
        };
        if wanted.forms.iter().all(String::is_empty) {
            return Err(Error::Query {
                at: 1,
                fault: QueryFault::EmptyQuote,
                suggestion: None,
            });
        }
        guarded(self.path(), || {
            Checking {
                engine: self,
                snapshot: self.snapshot(),
                claimed,
                wanted,
                style,
                deadline,
            }
            .verification()
        })
    }
}

/// A quote as it is looked for.
struct Wanted<'a> {
    quote: &'a str,
    /// In every comparable form.
    forms: Vec<String>,
}

impl Wanted<'_> {
    /// Where it stands in a text, in code points, with the words there.
    fn find(&self, text: &str, script: Script, analyzer: &Analyzer) -> Vec<(Span, String, bool)> {
        let normal = Normal::new(&analyzer.fold(text, script));
        let starts: Vec<usize> = normal.text.char_indices().map(|(byte, _)| byte).collect();
        let at = |byte: usize| starts.partition_point(|&start| start < byte);
        let origin = &normal.origin;
        let map = CharMap::new(text);
        let mut found: Vec<(Span, String, bool)> = Vec::new();
        for form in self.forms.iter().filter(|form| !form.is_empty()) {
            for (byte, _) in normal.text.match_indices(form.as_str()) {
                let (first, end) = (at(byte), at(byte + form.len()));
                // Half of a character such as ㎡ is no character of the text.
                let is_whole = (first == 0 || origin[first - 1] != origin[first])
                    && (end == origin.len() || origin[end] != origin[end - 1]);
                if !is_whole || found.len() == MOST_PLACES {
                    continue;
                }
                let span = Span::new(origin[first], origin[end - 1] + 1);
                let words = map.slice(text, span).to_owned();
                let is_exact = words == self.quote;
                found.push((span, words, is_exact));
            }
        }
        found.sort_by_key(|(span, ..)| *span);
        found.dedup_by_key(|(span, ..)| *span);
        found
    }
}

/// One quote being checked on one commit.
struct Checking<'a> {
    engine: &'a Engine,
    snapshot: Snapshot,
    claimed: Claimed,
    wanted: Wanted<'a>,
    style: CitationStyle,
    deadline: &'a Deadline,
}

impl Checking<'_> {
    fn verification(&self) -> Result<Verification, Error> {
        let id = self.claimed.document();
        let view = match self.engine.document_of(&self.snapshot, id, self.style) {
            Ok(view) => Some(view),
            Err(Error::NotFound(_)) => None,
            Err(error) => return Err(error),
        };
        let mut checked = Verification {
            id: self.claimed.to_string(),
            quote: self.wanted.quote.to_owned(),
            verdict: Verdict::NotFound,
            reason: None,
            title: None,
            citation: None,
            places: Vec::new(),
            beside: Vec::new(),
            elsewhere: Vec::new(),
            elsewhere_total: 0,
        };
        let in_document = match &view {
            Some(view) => self.look_in(view, &mut checked),
            None => {
                checked.verdict = Verdict::Unverifiable;
                checked.reason = Some(self.why_absent(id)?);
                false
            }
        };
        self.look_elsewhere(in_document, &mut checked)?;
        if checked.verdict == Verdict::NotFound
            && (!checked.beside.is_empty() || checked.elsewhere_total > 0)
        {
            checked.verdict = Verdict::Elsewhere;
        }
        Ok(checked)
    }

    /// Looks in the document that is named; says whether it stands anywhere in it.
    fn look_in(&self, view: &DocumentView, checked: &mut Verification) -> bool {
        let document = &view.document;
        checked.title = document.metadata.title.as_ref().map(|t| t.value.clone());
        checked.citation = Some(view.citation.clone());
        let places = self.places(view);
        let is_anywhere = !places.is_empty();
        let passage = match self.claimed {
            Claimed::Document(_) => None,
            Claimed::Passage(id) => {
                let mut all = document.passages.iter();
                let Some(passage) = all.find(|passage| passage.ordinal == id.ordinal) else {
                    checked.verdict = Verdict::Unverifiable;
                    checked.reason = Some(format!(
                        "the document has no passage {}; it may have been read anew",
                        id.ordinal
                    ));
                    checked.beside = places;
                    return is_anywhere;
                };
                Some(passage.span)
            }
        };
        (checked.places, checked.beside) = places
            .into_iter()
            .partition(|place| passage.is_none_or(|span| span.contains(place.span)));
        if checked.places.iter().any(|place| place.exact) {
            checked.verdict = Verdict::Exact;
        } else if !checked.places.is_empty() {
            checked.verdict = Verdict::Normalized;
        } else if document.quality < POOR {
            checked.verdict = Verdict::Unverifiable;
            checked.reason = Some("the document's text was read poorly".to_owned());
        } else if document.partial {
            checked.reason =
                Some("this copy is only part of the original, where it may stand".to_owned());
        }
        is_anywhere
    }

    /// Where it stands in a document.
    fn places(&self, view: &DocumentView) -> Vec<QuotePlace> {
        let document: &Document = &view.document;
        let found = self
            .wanted
            .find(&document.text, document.script, &self.engine.analyzer);
        let place = |(span, text, exact): (Span, String, bool)| {
            let mut passages = document.passages.iter();
            let passage = passages.find(|p| p.span.begin <= span.begin && span.begin < p.span.end);
            QuotePlace {
                passage: passage.map(|p| format!("{}-m{}", view.id, p.ordinal)),
                span,
                text,
                exact,
                heading_path: passage.map(|p| p.heading_path.clone()).unwrap_or_default(),
            }
        };
        found.into_iter().map(place).collect()
    }

    /// Why there is no document with this id.
    fn why_absent(&self, id: DocumentId) -> Result<String, Error> {
        let files = self
            .engine
            .fields
            .all_unreadable(&self.snapshot.searcher)
            .map_err(engine)?;
        let file = files.iter().find(|f| DocumentId::of_path(&f.path) == id);
        Ok(file.map_or_else(
            || format!("no document of the index has the id {id}"),
            |file| format!("{} could not be read: {}", file.path, file.reason),
        ))
    }

    /// Looks in all other documents.
    fn look_elsewhere(&self, in_document: bool, checked: &mut Verification) -> Result<(), Error> {
        let request = Request {
            unit: Unit::Document,
            limit: MOST_DOCUMENTS + 1,
            deadline: self.deadline.clone(),
            citation: self.style,
            ..Request::default()
        };
        let term = Term::Literal {
            forms: self.wanted.forms.clone(),
            is_optional: false,
        };
        let search = Search::new(self.engine, &self.snapshot, &request, &term, &[])?;
        let found = search.run(None)?;
        let own = self.claimed.document();
        checked.elsewhere_total = found.total.saturating_sub(u64::from(in_document));
        let others = found.page.hits.iter().map(|hit| hit.found.order.document);
        let others = others.map(DocumentId::from_u64).filter(|id| *id != own);
        for id in others.take(MOST_DOCUMENTS) {
            self.deadline.check().map_err(engine)?;
            let view = self.engine.document_of(&self.snapshot, id, self.style)?;
            let places = self.places(&view);
            let title = view.document.metadata.title;
            checked.elsewhere.push(QuotedBy {
                document_id: view.id,
                path: view.document.path,
                title: title.map(|title| title.value),
                citation: view.citation,
                places,
            });
        }
        Ok(())
    }
}
