//! Black-box tests: the binary as users run it, and the library from files to hits. Each module
//! says what belongs there; what one crate can test alone stands beside its code.

/// The workspace's fences: which crate may depend on what.
mod architecture;
/// The deterministic corpus of the benches, with its own tests.
#[path = "../../benches/support/generator/mod.rs"]
pub mod generator;
/// Indexing: reports, incremental runs, labels, pruning.
mod index;
/// Whatever folders contain: every bad file is a line in a report, every good one is indexed.
mod robustness;
/// Searching at the terminal: queries, filters, facets, formats.
mod search;
/// Ranking claims as data: given these documents, this stands above that.
mod stories;
/// Temporary folders and the binary.
mod support;
/// An index after random changes equals an index built afresh.
mod updates;
