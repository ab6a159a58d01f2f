//! The fields of the one index that holds documents and passages.
//!
//! Documents and passages have text fields of their own, so that the statistics of one do not
//! bend the ranking of the other. Word fields hold words already cut
//! ([`Analyzer::segmented`](crate::Analyzer::segmented)) and keep no positions; exact fields hold
//! characters with positions, which serve literals, phrases and nearness alike.

use duibiao_corpus::DocumentId;
use tantivy::Term;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder,
    TextFieldIndexing, TextOptions,
};

use crate::grams::Grams;

/// The name under which the tokenizer of word fields is registered: it splits at white space.
pub const WORDS_TOKENIZER: &str = "words";

/// The key of entries without a value; numbers have 0.
pub const WITHOUT: &str = "";

/// What an entry of the index is; indexed in field `unit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A passage that can be a hit.
    Measure,
    /// A document.
    Document,
    /// A passage kept for reading only: furniture, and headings, which are found through the
    /// passages below them.
    Frame,
    /// A file that could not be read.
    Unreadable,
}

impl Unit {
    /// The term in field `unit`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Measure => "measure",
            Self::Document => "document",
            Self::Frame => "frame",
            Self::Unreadable => "unreadable",
        }
    }
}

macro_rules! fields {
    ($($(#[$meta:meta])* $name:ident: $options:expr;)+) => {
        /// The fields of the index.
        #[derive(Debug, Clone, Copy)]
        #[expect(missing_docs, reason = "each field is described where it is declared")]
        pub struct Fields { $($(#[$meta])* pub $name: Field,)+ }

        impl Fields {
            fn add(builder: &mut SchemaBuilder) -> Self {
                Self { $($name: add_field(builder, stringify!($name), $options),)+ }
            }
        }
    };
}

enum Options {
    Text(TextOptions),
    Number(tantivy::schema::NumericOptions),
}

fn add_field(builder: &mut SchemaBuilder, name: &str, options: Options) -> Field {
    match options {
        Options::Text(options) => builder.add_text_field(name, options),
        Options::Number(options) => builder.add_u64_field(name, options),
    }
}

fn words() -> Options {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(WORDS_TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqs);
    Options::Text(TextOptions::default().set_indexing_options(indexing))
}

fn grams(grams: Grams, option: IndexRecordOption) -> Options {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(grams.tokenizer())
        .set_index_option(option)
        .set_fieldnorms(false);
    Options::Text(TextOptions::default().set_indexing_options(indexing))
}

fn exact() -> Options {
    grams(Grams::Pairs, IndexRecordOption::WithFreqsAndPositions)
}

/// Terms that rank and never decide, so they need no positions.
fn counted(length: Grams) -> Options {
    grams(length, IndexRecordOption::WithFreqs)
}

/// A value that is filtered by and counted.
fn key() -> Options {
    Options::Text(STRING | FAST)
}

fn number() -> Options {
    Options::Number((INDEXED | FAST).into())
}

fn column() -> Options {
    Options::Number(FAST.into())
}

fn stored() -> Options {
    Options::Text(STORED.into())
}

fields! {
    /// Words of the title; at passages too, as a signal.
    title: words();
    heading: words();
    problem: words();
    text: words();
    /// Pairs of text, each heading and problem, as separate values.
    exact: exact();
    doc_title: words();
    doc_text: words();
    /// Pairs of the whole text.
    doc_exact: exact();
    /// Single characters of the whole text and of the title.
    doc_chars: counted(Grams::Single);
    /// Pairs of the title, which may be given beside the text: quotes are not looked for in it.
    doc_title_exact: exact();
    unit: key();
    kind: key();
    province: key();
    city: key();
    county: key();
    level: key();
    theme: key();
    doc_type: key();
    subtype: key();
    issuer: key();
    number: key();
    status: key();
    year: number();
    /// Every year of the period covered.
    period: number();
    /// `yyyymmdd` of the date, zeros for what is unknown.
    date: column();
    /// [`DocumentId`] as a number.
    document: number();
    /// 0 for a document, else the passage's ordinal.
    ordinal: number();
    /// 1 where hits stand below all others.
    below: column();
    /// [`Sketch`](crate::Sketch) of the text, by which reprints are known.
    sketch: column();
    /// Only at documents.
    path: Options::Text(TextOptions::default().set_fast("raw"));
    /// The folder the document was found below, absolute; only at documents.
    root: Options::Text(TextOptions::default().set_fast("raw"));
    /// Only at documents.
    fingerprint: Options::Text(TextOptions::default().set_fast("raw"));
    /// Passage or document as JSON, without its text.
    body: stored();
    /// [`Head`] as JSON, at passages.
    head: stored();
    /// The passage's text.
    original: stored();
    /// [`Given`] as JSON, at documents that have a label.
    given: Options::Text(TextOptions::default().set_fast("raw"));
    /// Number of passages, at documents.
    passages: column();
    /// Number of code points, at documents.
    chars: column();
}

impl Fields {
    /// The schema and its fields.
    pub fn schema() -> (Schema, Self) {
        let mut builder = Schema::builder();
        let fields = Self::add(&mut builder);
        (builder.build(), fields)
    }

    /// The term that every entry of a document has; deleting it removes the document.
    pub fn document_term(&self, id: DocumentId) -> Term {
        Term::from_field_u64(self.document, id.as_u64())
    }
}
