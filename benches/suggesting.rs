//! How often the term that was meant is among the first suggestions, and how long they take, on one
//! thread: by the clock, and in time of the processor, which says more where others use it too.
//!
//! `cargo bench --bench suggesting -- INDEX PROBES.TSV` takes an index and the probes that
//! `suggest-probes.py` made of its documents. Without them it asks for the beginnings of queries on
//! the generated index, as `searching` has it.

#[path = "support/generator/mod.rs"]
pub mod generator;
#[path = "support/index.rs"]
pub mod index;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use duibiao_lexicon::Lexicon;
use duibiao_search::{Engine, Filters, Request};
use generator::Generator;
use index::Indexed;
use pinyin::ToPinyin;
use rustix::time::{ClockId, clock_gettime};

/// A term counts as found among so many suggestions.
const FIRST: usize = 3;
/// Suggestions that a page asks for.
const SHOWN: usize = 8;
/// Queries of which every beginning is typed.
const QUERIES: u64 = 300;

fn main() {
    let paths: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    match paths.as_slice() {
        [index, probes] => {
            let engine = opened(Path::new(index));
            let probes = std::fs::read_to_string(probes).expect("a file of probes");
            probe(&engine, &probes);
        }
        _ => {
            let indexed = Indexed::of(index::passages());
            type_along(&indexed.path);
        }
    }
}

/// The index, open and with its terms gathered; nothing is remembered yet.
fn opened(path: &Path) -> Engine {
    let lexicon = Lexicon::embedded().expect("the lexicon is built in");
    let engine = Engine::open(path, lexicon).expect("an index");
    let before = resident();
    let started = Instant::now();
    engine.prepare().expect("an index");
    println!(
        "terms gathered in {:.0} ms, {:.0} MB more than before",
        started.elapsed().as_secs_f64() * 1e3,
        resident() - before
    );
    engine
}

/// Memory that this process holds, in MB; 0 where the system does not say.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("RssAnon:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1e3
}

/// Asks for what every probe types, and counts where its term comes.
fn probe(engine: &Engine, probes: &str) {
    let mut places: BTreeMap<&str, Vec<Option<usize>>> = BTreeMap::new();
    let mut times = Vec::new();
    for line in probes.lines() {
        let [kind, typed, term] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not kind, typed and term: {line}");
        };
        let request = Request {
            query: typed.to_owned(),
            limit: SHOWN,
            ..Request::default()
        };
        let started = Times::now();
        let found = engine.suggest(&request).expect("suggestions").suggestions;
        times.push(started.elapsed());
        let place = found.iter().position(|s| s.term == term);
        if place.is_none_or(|place| place >= FIRST) {
            let shown: Vec<String> = found
                .iter()
                .map(|s| format!("{} {}", s.term, s.count))
                .collect();
            println!("missed {kind} {typed} → {term}: {}", shown.join(", "));
        }
        places.entry(kind).or_default().push(place);
    }
    for (kind, places) in places {
        let within = |most| places.iter().flatten().filter(|p| **p < most).count();
        println!(
            "{kind}: {} of {} among the first {FIRST}, {} the first, {} among {SHOWN}",
            within(FIRST),
            places.len(),
            within(1),
            within(SHOWN)
        );
    }
    distribution("probes, each asked once", &times);
}

/// Types queries letter by letter, as characters, as pinyin and under filters.
fn type_along(path: &Path) {
    let generator = Generator::new(1);
    let queries: Vec<String> = (0..QUERIES)
        .map(|n| generator.query(n))
        .filter(|query| !query.contains(['"', '“']))
        .collect();
    let filters = Filters {
        year: vec!["2018..2023".into()],
        status: vec!["done".into()],
        ..Filters::default()
    };
    let spelled: Vec<String> = queries.iter().map(|query| spelled(query)).collect();
    for (name, queries, filters) in [
        ("characters", &queries, Filters::default()),
        ("pinyin", &spelled, Filters::default()),
        ("characters, filtered", &queries, filters.clone()),
        ("pinyin, filtered", &spelled, filters),
    ] {
        let engine = opened(path);
        let mut times = Vec::new();
        let mut found = 0;
        for query in queries {
            for (end, c) in query.char_indices() {
                let request = Request {
                    query: query[..end + c.len_utf8()].to_owned(),
                    limit: SHOWN,
                    filters: filters.clone(),
                    ..Request::default()
                };
                let started = Times::now();
                let suggested = engine.suggest(&request).expect("suggestions");
                times.push(started.elapsed());
                found += suggested.suggestions.len();
            }
        }
        let average = found as f64 / times.len() as f64;
        distribution(
            &format!("{name}, {average:.1} suggestions on average"),
            &times,
        );
    }
}

/// A query as pinyin.
fn spelled(query: &str) -> String {
    let spelled = |c: char| match c.to_pinyin() {
        Some(pinyin) => pinyin.plain().to_owned(),
        None => c.to_string(),
    };
    query.chars().map(spelled).collect()
}

/// Time by the clock and of the processor.
#[derive(Clone, Copy)]
struct Times {
    clock: Duration,
    processor: Duration,
}

impl Times {
    fn now() -> Self {
        let now = |clock| {
            let time = clock_gettime(clock);
            Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
        };
        Self {
            clock: now(ClockId::Monotonic),
            processor: now(ClockId::ThreadCPUTime),
        }
    }

    fn elapsed(self) -> Self {
        let now = Self::now();
        Self {
            clock: now.clock - self.clock,
            processor: now.processor - self.processor,
        }
    }
}

fn distribution(name: &str, times: &[Times]) {
    println!("{name}: {} asked", times.len());
    for (what, mut times) in [
        ("clock", times.iter().map(|t| t.clock).collect::<Vec<_>>()),
        ("processor", times.iter().map(|t| t.processor).collect()),
    ] {
        times.sort();
        let at =
            |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
        println!(
            "  {what}: p50 {:.2} ms, p90 {:.2} ms, p99 {:.2} ms, max {:.2} ms",
            at(0.5),
            at(0.9),
            at(0.99),
            at(1.0)
        );
    }
}
