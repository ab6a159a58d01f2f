//! How a document becomes entries of the index: one for itself and one for each passage.
//!
//! Cuts each text once. What is filtered by or shown with a hit is written to every passage, so
//! that a hit costs one read.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use duibiao_corpus::{
    Document, DocumentId, Inferred, PartialDate, Passage, PassageKind, PlaceRef, Script, Status,
    ThemeId,
};
use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;

use crate::schema::{Fields, Unit, WITHOUT};
use crate::sketch::Sketch;
use crate::{Analyzer, Normal};

/// Values that a user's label gives for one document; a column left empty gives nothing.
pub type Given = std::collections::BTreeMap<String, String>;

/// What a hit shows of the document it is in; stored with every passage so that a hit costs one
/// read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Head {
    /// The document's path.
    pub path: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Known<String>>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Known<String>>,
    /// Its own document number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<Known<String>>,
    /// The type of document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_type: Option<Known<String>>,
    /// The province it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<Known<PlaceRef>>,
    /// The city it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<Known<PlaceRef>>,
    /// The county or district it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub county: Option<Known<PlaceRef>>,
    /// The year it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<Known<i16>>,
    /// Its date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Known<PartialDate>>,
    /// The day it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Known<PartialDate>>,
    /// The day it appeared in a newspaper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appeared: Option<Known<PartialDate>>,
    /// Where it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Known<String>>,
    /// Whether it is written in Traditional characters.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_traditional: bool,
}

/// A value without its evidence, which the document keeps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known<T> {
    /// The value.
    pub value: T,
    /// Whether it was inferred and not stated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inferred: bool,
}

impl Head {
    /// The head of a document.
    pub fn of(document: &Document) -> Self {
        fn known<T: Clone>(value: &Option<Inferred<T>>) -> Option<Known<T>> {
            value.as_ref().map(|v| Known {
                value: v.value.clone(),
                inferred: v.inferred,
            })
        }
        let metadata = &document.metadata;
        Self {
            path: document.path.clone(),
            title: known(&metadata.title),
            issuer: known(&metadata.issuer),
            number: known(&metadata.number),
            doc_type: known(&metadata.doc_type),
            province: known(&metadata.province),
            city: known(&metadata.city),
            county: known(&metadata.county),
            year: known(&metadata.year),
            date: known(&metadata.date),
            published: known(&metadata.published),
            appeared: known(&metadata.appeared),
            url: known(&metadata.url),
            is_traditional: document.script == Script::Hant,
        }
    }
}

/// A document on its way into the index.
pub struct Entry<'d> {
    /// The document, its text and passages included.
    pub document: &'d Document,
    /// The folder it was found below, absolute.
    pub root: &'d str,
    /// Hash over everything the entry depends on; an equal one means nothing to do.
    pub fingerprint: &'d str,
    /// The label it was given, if any.
    pub given: Option<&'d Given>,
}

impl Fields {
    /// The entries of a document: itself and each of its passages.
    pub fn entries(&self, analyzer: &Analyzer, entry: &Entry<'_>) -> Vec<TantivyDocument> {
        let mut entries = Vec::with_capacity(entry.document.passages.len() + 1);
        let all = self.each_entry(analyzer, entry, |entry| {
            entries.push(entry);
            Ok::<(), std::convert::Infallible>(())
        });
        match all {
            Ok(()) => entries,
        }
    }

    /// The same, given one by one: those of a table with a hundred thousand rows are many times
    /// its size.
    ///
    /// # Errors
    /// The first one of `give`, which is not called again.
    pub fn each_entry<E>(
        &self,
        analyzer: &Analyzer,
        entry: &Entry<'_>,
        give: impl FnMut(TantivyDocument) -> Result<(), E>,
    ) -> Result<(), E> {
        Writer::new(self, analyzer, entry).each(give)
    }
}

/// A text in the two forms that are indexed.
#[derive(Clone, Default)]
struct Forms {
    words: String,
    exact: String,
}

/// Makes the entries of one document, cutting each text once.
struct Writer<'a> {
    fields: &'a Fields,
    analyzer: &'a Analyzer,
    entry: &'a Entry<'a>,
    id: DocumentId,
    head: String,
    title: Forms,
    /// Headings repeat for every passage below them.
    headings: HashMap<&'a str, Forms>,
}

impl<'a> Writer<'a> {
    fn new(fields: &'a Fields, analyzer: &'a Analyzer, entry: &'a Entry<'a>) -> Self {
        let document = entry.document;
        let mut writer = Self {
            fields,
            analyzer,
            entry,
            id: DocumentId::of_path(&document.path),
            head: json(&Head::of(document)),
            title: Forms::default(),
            headings: HashMap::new(),
        };
        writer.title = document
            .metadata
            .title
            .as_ref()
            .map(|title| writer.forms(&title.value))
            .unwrap_or_default();
        writer
    }

    fn each<E>(mut self, mut give: impl FnMut(TantivyDocument) -> Result<(), E>) -> Result<(), E> {
        let document = self.entry.document;
        // Filled as passages go by: of a large text no second copy is put together first. Only
        // the pairs have positions, and have to be one value.
        let mut whole = TantivyDocument::with_capacity(document.text.len() * 7 / 2);
        let mut exact = String::with_capacity(document.text.len());
        let mut sketch = Sketch::default();
        let mut rest = document.text.as_str();
        for passage in &document.passages {
            let bytes = rest
                .char_indices()
                .nth(passage.span.len() as usize)
                .map_or(rest.len(), |(byte, _)| byte);
            let (original, after) = rest.split_at(bytes);
            rest = after;
            let forms = self.forms(original);
            let own = Sketch::of(&forms.exact);
            if passage.kind != PassageKind::Furniture {
                whole.add_text(self.fields.doc_text, &forms.words);
                sketch = sketch.joined(own);
            }
            whole.add_text(self.fields.doc_chars, &forms.exact);
            exact.push_str(&forms.exact);
            give(self.passage(passage, original, forms, own))?;
        }
        whole.add_text(self.fields.doc_exact, &exact);
        drop(exact);
        self.document(&mut whole, sketch);
        give(whole)
    }

    fn forms(&self, text: &str) -> Forms {
        let folded = self.analyzer.fold(text, self.entry.document.script);
        let normal = Normal::new(&folded);
        let words = self.analyzer.segmented(&normal);
        Forms {
            words,
            exact: normal.text,
        }
    }

    fn passage(
        &mut self,
        passage: &'a Passage,
        original: &str,
        forms: Forms,
        sketch: Sketch,
    ) -> TantivyDocument {
        let fields = self.fields;
        let unit = if passage.is_heading || passage.kind == PassageKind::Furniture {
            Unit::Frame
        } else {
            Unit::Measure
        };
        let mut out = TantivyDocument::new();
        out.add_text(fields.unit, unit.as_str());
        out.add_u64(fields.document, self.id.as_u64());
        out.add_u64(fields.ordinal, u64::from(passage.ordinal));
        out.add_text(fields.body, json(passage));
        out.add_text(fields.head, &self.head);
        out.add_text(fields.original, original);
        out.add_u64(fields.below, u64::from(passage.kind.ranks_below()));
        out.add_u64(fields.sketch, sketch.key());
        out.add_text(fields.kind, passage.kind.as_str());
        out.add_text(
            fields.status,
            passage.status.map_or(WITHOUT, Status::as_str),
        );
        add_themes(fields, passage.themes.iter(), &mut out);
        self.add_document_keys(&mut out);
        if unit == Unit::Frame {
            return out;
        }
        out.add_text(fields.title, &self.title.words);
        out.add_text(fields.text, forms.words);
        out.add_text(fields.exact, forms.exact);
        for heading in &passage.heading_path {
            let forms = match self.headings.get(heading.as_str()) {
                Some(forms) => forms.clone(),
                None => {
                    let forms = self.forms(heading);
                    self.headings.insert(heading, forms.clone());
                    forms
                }
            };
            out.add_text(fields.heading, forms.words);
            out.add_text(fields.exact, forms.exact);
        }
        if let Some(problem) = &passage.problem {
            let forms = self.forms(&problem.text);
            out.add_text(fields.problem, forms.words);
            out.add_text(fields.exact, forms.exact);
        }
        out
    }

    /// Adds what the document's own entry holds besides its text.
    fn document(&self, out: &mut TantivyDocument, sketch: Sketch) {
        let (fields, document) = (self.fields, self.entry.document);
        out.add_text(fields.unit, Unit::Document.as_str());
        out.add_u64(fields.document, self.id.as_u64());
        out.add_u64(fields.ordinal, 0);
        out.add_u64(fields.below, 0);
        out.add_u64(fields.sketch, sketch.key());
        for status in statuses(document) {
            out.add_text(fields.status, status);
        }
        out.add_text(fields.path, &document.path);
        out.add_text(fields.root, self.entry.root);
        out.add_text(fields.fingerprint, self.entry.fingerprint);
        out.add_u64(fields.passages, document.passages.len() as u64);
        out.add_u64(fields.chars, u64::from(document.chars));
        out.add_text(fields.body, json(&document_without_text(document)));
        if let Some(given) = self.entry.given {
            out.add_text(fields.given, json(given));
        }
        add_themes(
            fields,
            document.metadata.themes.iter().map(|tag| &tag.id),
            out,
        );
        self.add_document_keys(out);
        out.add_text(fields.doc_title, &self.title.words);
        out.add_text(fields.doc_chars, &self.title.exact);
        out.add_text(fields.doc_title_exact, &self.title.exact);
    }

    /// Values of the document that its passages are filtered by too. Every entry has a value in
    /// every column: columns without holes are read several times faster.
    fn add_document_keys(&self, out: &mut TantivyDocument) {
        let (fields, metadata) = (self.fields, &self.entry.document.metadata);
        let mut add =
            |field, value: Option<String>| out.add_text(field, value.as_deref().unwrap_or(WITHOUT));
        let code =
            |place: &Option<Inferred<PlaceRef>>| place.as_ref().map(|p| p.value.code.to_string());
        let text = |text: &Option<Inferred<String>>| text.as_ref().map(|t| t.value.clone());
        add(fields.province, code(&metadata.province));
        add(fields.city, code(&metadata.city));
        add(fields.county, code(&metadata.county));
        add(
            fields.level,
            metadata.level.as_ref().map(|v| v.value.as_str().to_owned()),
        );
        add(fields.doc_type, text(&metadata.doc_type));
        add(fields.subtype, text(&metadata.subtype));
        add(fields.issuer, text(&metadata.issuer));
        add(fields.number, text(&metadata.number));
        let year = metadata
            .year
            .as_ref()
            .map_or(0, |year| year.value.max(0) as u64);
        out.add_u64(fields.year, year);
        let date = metadata.date.as_ref().map(|date| date.value.sort_key());
        out.add_u64(fields.date, date.unwrap_or(year * 10_000));
        for year in periods(metadata.period.as_ref().map(|p| p.value.as_str())) {
            out.add_u64(fields.period, year);
        }
    }
}

/// Every year from the first to the last of a period such as `2016-07/2017`; 0 without one.
fn periods(period: Option<&str>) -> RangeInclusive<u64> {
    let Some(period) = period else { return 0..=0 };
    let year = |text: &str| text.get(..4).and_then(|y| y.parse::<u64>().ok());
    let (from, to) = period.split_once('/').unwrap_or((period, period));
    match (year(from), year(to)) {
        (Some(from), Some(to)) if from <= to && to - from < 100 => from..=to,
        _ => 0..=0,
    }
}

/// A theme and the top theme it belongs to are both values, each once.
fn add_themes<'t>(
    fields: &Fields,
    themes: impl Iterator<Item = &'t ThemeId>,
    out: &mut TantivyDocument,
) {
    let mut values: Vec<ThemeId> = themes.flat_map(|id| [id.clone(), id.top()]).collect();
    values.sort();
    values.dedup();
    if values.is_empty() {
        out.add_text(fields.theme, WITHOUT);
    }
    for value in values {
        out.add_text(fields.theme, value.as_str());
    }
}

/// The statuses of a document's measures: filtered by one, documents with such a measure stay.
fn statuses(document: &Document) -> Vec<&'static str> {
    let mut statuses: Vec<&str> = document
        .passages
        .iter()
        .filter_map(|p| p.status)
        .map(Status::as_str)
        .collect();
    statuses.sort_unstable();
    statuses.dedup();
    if statuses.is_empty() {
        vec![WITHOUT]
    } else {
        statuses
    }
}

/// Everything but the text and the passages, which are entries of their own.
fn document_without_text(document: &Document) -> Document {
    Document {
        path: document.path.clone(),
        format: document.format.clone(),
        encoding: document.encoding.clone(),
        script: document.script,
        chars: document.chars,
        quality: document.quality,
        partial: document.partial,
        warnings: document.warnings.clone(),
        metadata: document.metadata.clone(),
        text: String::new(),
        passages: Vec::new(),
    }
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("the project's own types serialise")
}
