//! From a folder of files to an index: walk, extract, infer, segment, write.
//!
//! [`run`] does the whole; [`understand`] is its heart, a pure function from an extracted file to
//! a [`Document`](duibiao_corpus::Document). Nothing here searches, and nothing knows a terminal.

mod any_of;
mod evaluation;
mod figures;
mod furniture;
mod given_title;
mod in_flight;
mod infer;
mod inspect;
mod items;
mod labels;
mod marker;
mod partial;
mod quality;
mod reading;
mod report;
mod run;
mod segment;
mod state;
mod text;
mod truth;
mod understand;
mod unpacked;
mod walk;
#[cfg(test)]
mod web_pages;

pub use duibiao_extract::{Columns, ColumnsError, Ocr, OcrError, Workers, serve as serve_worker};
pub use evaluation::{Confusion, Evaluation, FieldScore, evaluate};
pub use infer::candidate::{Explanation, Proposal};
pub use inspect::{Inspected, inspect, inspect_explained};
pub use labels::{Labels, LabelsError};
pub use report::{Options, Progress, Report, RunError, UnusedColumns};
pub use run::run;
pub use truth::Truth;
pub use understand::{explain, understand};
pub use walk::{Failure, Folder, Source, Walk, walk};
