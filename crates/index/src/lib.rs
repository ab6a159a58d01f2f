//! The contract between the writer and the readers of an index: how text becomes terms
//! ([`Analyzer`]), which fields there are ([`Fields`]), and what an index folder says about
//! itself ([`Manifest`]).
//!
//! Both sides use exactly this crate, so a query is always cut the way the text was. It neither
//! infers anything about a document nor ranks anything.

mod analyzer;
mod entries;
mod folder;
mod grams;
mod manifest;
mod normal;
mod schema;
mod script;
mod sketch;
mod unreadable;

pub use analyzer::{Analyzer, AnalyzerError, Leaf, Word};
pub use entries::{Entry, Given, Head, Known};
pub use folder::{IndexError, create, open, open_or_create, opening, sync_folder, tokenizers};
pub use grams::{covering_pairs, pairs};
pub use manifest::{FORMAT_VERSION, Manifest};
pub use normal::Normal;
pub use schema::{Fields, Unit, WITHOUT, WORDS_TOKENIZER};
pub use script::Folding;
pub use sketch::Sketch;
pub use unreadable::Unreadable;
