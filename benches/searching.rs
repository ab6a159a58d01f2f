//! How fast an index of 100,000 passages answers, in-process, facets and snippets included.
//!
//! Builds the index once in a temporary folder, runs queries as analysts type them on one
//! thread, and prints the distribution of their times. `cargo bench --bench searching`.

#[path = "support/generator/mod.rs"]
pub mod generator;

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use duibiao_indexer::{Options, run};
use duibiao_lexicon::Lexicon;
use duibiao_search::{Engine, Filters, Request, Unit};

/// Documents that hold 100,000 passages.
const DOCUMENTS: u64 = 5_850;
/// Queries of each kind.
const QUERIES: u64 = 2_000;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (documents, index) = (folder.path().join("documents"), folder.path().join("index"));
    let bytes = write_corpus(&documents);
    let lexicon = || Lexicon::embedded().expect("the lexicon is built in");
    let options = Options {
        roots: vec![documents],
        index: index.clone(),
        ..Options::default()
    };
    let report = run(&options, &lexicon(), &AtomicBool::new(false), &mut |_| {}).expect("an index");
    println!(
        "indexed {:.1} MB, {} documents in {:.1} s: {:.1} MB/s on all cores",
        bytes as f64 / 1e6,
        report.documents,
        report.seconds,
        bytes as f64 / 1e6 / report.seconds
    );
    let started = Instant::now();
    let engine = Engine::open(&index, lexicon()).expect("the index just built");
    let stats = engine.stats().expect("an index");
    println!(
        "{} passages that can be hits, {:.1} MB on disk, opened in {:.0} ms",
        stats.searchable,
        stats.bytes as f64 / 1e6,
        started.elapsed().as_secs_f64() * 1e3
    );
    let generator = generator::Generator::new(1);
    let queries: Vec<String> = (0..QUERIES).map(|n| generator.query(n)).collect();
    let plain = |query: &String| Request {
        query: query.clone(),
        limit: 10,
        facets: true,
        ..Request::default()
    };
    time("measures", &engine, queries.iter().map(plain));
    let filtered = |query: &String| Request {
        filters: Filters {
            year: vec!["2018..2023".into()],
            status: vec!["done".into()],
            ..Filters::default()
        },
        ..plain(query)
    };
    time(
        "measures, filtered by year and status",
        &engine,
        queries.iter().map(filtered),
    );
    time(
        "documents",
        &engine,
        queries.iter().map(|query| Request {
            unit: Unit::Document,
            ..plain(query)
        }),
    );
    let exact = |query: &String| Request {
        query: format!("\"{}\"", query.replace(['"', '“', '”'], "")),
        ..plain(query)
    };
    time("quoted", &engine, queries.iter().map(exact));
    let everything = Request {
        limit: 10,
        facets: true,
        ..Request::default()
    };
    time(
        "everything, newest first",
        &engine,
        std::iter::repeat_n(everything, 200),
    );
}

/// Writes the generated documents and returns their size.
fn write_corpus(folder: &Path) -> u64 {
    let generator = generator::Generator::new(1);
    let mut bytes = 0;
    for n in 0..DOCUMENTS {
        let document = generator.document(n);
        let file = folder.join(&document.path);
        fs::create_dir_all(file.parent().expect("a path below the folder"))
            .expect("a writable folder");
        bytes += document.text.len() as u64;
        fs::write(file, document.text).expect("a writable folder");
    }
    bytes
}

/// Runs every request twice, the first time to warm up, and prints the distribution.
fn time(what: &str, engine: &Engine, requests: impl Iterator<Item = Request>) {
    let requests: Vec<Request> = requests.collect();
    let mut slowest = (Duration::ZERO, String::new());
    let mut times = Vec::with_capacity(requests.len());
    let (mut found, mut empty) = (0u64, 0u64);
    for warm in [false, true] {
        for request in &requests {
            let started = Instant::now();
            let total = engine.search(request).map_or(0, |response| response.total);
            let took = started.elapsed();
            if warm {
                times.push(took);
                found += total;
                empty += u64::from(total == 0);
                if took > slowest.0 {
                    slowest = (took, request.query.clone());
                }
            }
        }
    }
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "{what}: p50 {:.2} ms, p90 {:.2} ms, p99 {:.2} ms, max {:.2} ms ({}); {:.0} hits on average, {empty} of {} without",
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0),
        slowest.1,
        found as f64 / times.len() as f64,
        times.len()
    );
}
