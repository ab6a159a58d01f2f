//! Black-box tests: the binary as users run it, and the library from files to hits. Each module
//! says what belongs there; what one crate can test alone stands beside its code.

/// The workspace's fences: which crate may depend on what.
mod architecture;
/// Passages picked one by one: their page, their comparison and their files, without script.
mod basket;
/// Pages in a real browser: a session as a person has it, accessibility, hostile documents.
mod browser;
/// Collections: JSONL, CSV and ZIP files that hold many documents.
mod collections;
/// Places and years side by side, wherever they are read.
mod compare;
/// A passage copied with its citation, in a real browser.
mod copying;
/// What the index covers, as page, route and command.
mod coverage;
/// Judged queries: figures, comparisons, faults in files.
mod eval;
/// Quoted searches against a plain scan of every text.
mod exactness;
/// What is taken away: files in every format, citations, quotes that are checked.
mod exports;
/// Totals and facets against the hits they count.
mod facets;
/// The Atom feed of a search, as a reader of feeds sees it.
mod feed;
/// Documents of every format, whole and damaged.
mod formats;
/// Generated queries and requests: an answer or an error, never a panic.
mod fuzz;
/// What other cities have and one has not, wherever it is read.
mod gaps;
/// The deterministic corpus of the benches, with its own tests.
#[path = "../../benches/support/generator/mod.rs"]
pub mod generator;
/// Hundreds of files made to hurt, indexed among good ones.
mod hostile;
/// The requests of the limits, which the benches measure.
#[path = "../../benches/support/hostile_queries.rs"]
pub mod hostile_queries;
/// Indexing: reports, incremental runs, labels, pruning.
mod index;
/// The ledger of a document, wherever it is read.
mod ledger;
/// Requests made to hurt: answers or clear errors.
mod limits;
/// Scanned PDF files, where tesseract is installed.
mod ocr;
/// The HTML of each page, parsed: what is on it, how it is linked, that text stays text.
mod pages;
/// Orders and cursors over commits.
mod paging;
/// The basket in a real browser, by pointer and by keyboard.
mod pinning;
/// Places that have ended, and those a passage names, wherever they are shown.
mod places;
/// Whatever folders contain: every bad file is a line in a report, every good one is indexed.
mod robustness;
/// The sample documents against their labels.
mod samples;
/// An analyst's work from end to end: what must hold at the terminal, of the API and on the page.
mod scenarios;
/// Searching at the terminal: queries, filters, facets, formats.
mod search;
/// Random selections of values against a count of entry by entry.
mod selections;
/// The server as a client sees it: routes, errors, hosts and origins, new commits, stopping.
mod server;
/// The same thing in other cities, and where near-copies differ.
mod similar;
/// Ranking claims as data: given these documents, this stands above that.
mod stories;
/// Suggestions while a query is typed, and what is offered where little is found.
mod suggest;
/// Temporary folders and the binary.
mod support;
/// The way of a wording over years and places, wherever it is read.
mod trace;
/// An index after random changes equals an index built afresh.
mod updates;
/// An analyst's way from pinyin to an exported file in a real browser, by pointer and by keyboard.
mod walk;
/// Saved searches: what is new since the last run.
mod watch;
/// The browser of the browser tests.
mod webdriver;
/// Papers for Word, read back.
mod word;
/// Other words than those typed: added terms, what is akin, corrections, near-copies, signals.
mod wording;
