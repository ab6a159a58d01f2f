//! A hit as it is shown: what is stored of a passage or a document, with a snippet.

use duibiao_corpus::{Document, DocumentId, Figure, NamedPlace, Passage, PassageId, Script};
use duibiao_index::{Analyzer, Fields, Head};
use tantivy::schema::TantivyDocument;

use crate::citation::{CitationStyle, cite};
use crate::collect::Found;
use crate::engine::text_of;
use crate::error::Error;
use crate::response::Hit;
use crate::snippet::{Marks, Snippet};

/// The entries a hit is made from.
pub(crate) struct Stored<'a> {
    pub(crate) fields: &'a Fields,
    /// The passage, or a document's best one.
    pub(crate) passage: Option<TantivyDocument>,
    /// The document, where hits are documents.
    pub(crate) document: Option<TantivyDocument>,
    /// Whether the whole passage is given beside the snippet.
    pub(crate) whole: bool,
    pub(crate) style: CitationStyle,
}

/// What is known of a hit beside what is shown of every one.
#[derive(Default)]
pub(crate) struct Beside {
    pub(crate) figures: Vec<Figure>,
    pub(crate) places: Vec<NamedPlace>,
    /// Whether year or date were inferred and not stated.
    pub(crate) is_time_inferred: bool,
}

/// Makes the hit.
pub(crate) fn show(
    stored: &Stored<'_>,
    found: &Found,
    marks: &Marks,
    analyzer: &Analyzer,
) -> Result<Hit, Error> {
    show_beside(stored, found, marks, analyzer).map(|(hit, _)| hit)
}

/// Makes the hit, and tells what else is known of it.
pub(crate) fn show_beside(
    stored: &Stored<'_>,
    found: &Found,
    marks: &Marks,
    analyzer: &Analyzer,
) -> Result<(Hit, Beside), Error> {
    let fields = stored.fields;
    let document_id = DocumentId::from_u64(found.order.document);
    let passage: Option<Passage> = stored
        .passage
        .as_ref()
        .map(|entry| serde_json::from_str(text_of(entry, fields.body)))
        .transpose()?;
    let document: Option<Document> = stored
        .document
        .as_ref()
        .map(|entry| serde_json::from_str(text_of(entry, fields.body)))
        .transpose()?;
    let head = match (&document, &stored.passage) {
        (Some(document), _) => Head::of(document),
        (None, Some(entry)) => serde_json::from_str(text_of(entry, fields.head))?,
        (None, None) => Head::default(),
    };
    let original = stored
        .passage
        .as_ref()
        .map_or("", |entry| text_of(entry, fields.original));
    let script = if head.is_traditional {
        Script::Hant
    } else {
        Script::Hans
    };
    let snippet = marks.snippet(original, script, analyzer);
    let id = match (&document, &passage) {
        (None, Some(passage)) => PassageId {
            document: document_id,
            ordinal: passage.ordinal,
        }
        .to_string(),
        _ => document_id.to_string(),
    };
    let citation = cite(&head, stored.style);
    let beside = Beside {
        figures: passage
            .as_ref()
            .map(|p| p.figures.clone())
            .unwrap_or_default(),
        places: passage
            .as_ref()
            .map(|p| p.places.clone())
            .unwrap_or_default(),
        is_time_inferred: head.year.as_ref().is_some_and(|year| year.inferred)
            || head.date.as_ref().is_some_and(|date| date.inferred),
    };
    let mut hit = fill(id, document_id, head, passage, document, snippet);
    hit.citation = citation;
    hit.score = found.score;
    hit.text = stored.whole.then(|| original.to_owned());
    Ok((hit, beside))
}

/// A figure with what it measures.
pub(crate) fn figure_in_words(figure: &Figure) -> String {
    match &figure.what {
        Some(what) => format!("{}（{}）", figure.quote.trim(), what.trim()),
        None => figure.quote.trim().to_owned(),
    }
}

fn fill(
    id: String,
    document_id: DocumentId,
    head: Head,
    passage: Option<Passage>,
    document: Option<Document>,
    snippet: Snippet,
) -> Hit {
    let is_document = document.is_some();
    let themes = match document {
        Some(document) => document
            .metadata
            .themes
            .into_iter()
            .map(|tag| tag.id)
            .collect(),
        None => passage
            .as_ref()
            .map(|p| p.themes.clone())
            .unwrap_or_default(),
    };
    let span = passage.as_ref().map(|p| p.span);
    Hit {
        id,
        document_id: document_id.to_string(),
        path: head.path,
        begin: span.map_or(0, |s| s.begin),
        end: span.map_or(0, |s| s.end),
        title: head.title.map(|t| t.value),
        script: if head.is_traditional {
            Script::Hant
        } else {
            Script::Hans
        },
        province: head.province.map(|p| p.value),
        city: head.city.map(|p| p.value),
        county: head.county.map(|p| p.value),
        year: head.year.map(|y| y.value),
        date: head.date.map(|d| d.value.to_string()),
        doc_type: head.doc_type.map(|t| t.value),
        issuer: head.issuer.map(|i| i.value),
        number: head.number.map(|n| n.value),
        url: head.url.map(|u| u.value),
        kind: passage.as_ref().map(|p| p.kind),
        status: passage
            .as_ref()
            .filter(|_| !is_document)
            .and_then(|p| p.status),
        problem: passage
            .as_ref()
            .and_then(|p| p.problem.as_ref())
            .map(|p| p.text.clone()),
        heading_path: passage.map(|p| p.heading_path).unwrap_or_default(),
        themes,
        score: 0.0,
        partial: false,
        citation: String::new(),
        snippet,
        text: None,
        copies: Vec::new(),
        explanation: None,
    }
}
