//! How fast an index answers one search at a time, in-process, facets and snippets included, by kind of
//! query; and what each of its fields costs on disk.
//!
//! `cargo bench --bench searching`, with `DUIBIAO_BENCH_PASSAGES=1000000` for another size than
//! 100,000 passages and `DUIBIAO_BENCH_INDEX=FOLDER` to keep the index for the next time. `-- kind=WORD` times
//! the kinds with that word in their name only. `-- answers=FILE` times nothing and writes what every
//! request finds, in which order, with which scores and counts: two versions of the program that should
//! answer alike are compared by their files.

#[path = "support/generator/mod.rs"]
pub mod generator;
#[path = "support/index.rs"]
pub mod index;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use duibiao_search::{Deadline, Engine, Filters, Hit, Request, Unit};
use generator::Generator;
use index::Indexed;
use tantivy::space_usage::PerFieldSpaceUsage;

/// Queries of each kind.
const QUERIES: usize = 1_000;
/// Each query is timed so often, and its best time counts: what another program takes away from
/// one run is not this one's.
const ROUNDS: usize = 3;

fn main() {
    let started = Instant::now();
    let indexed = Indexed::of(index::passages());
    let opened = started.elapsed();
    let stats = indexed
        .engine
        .stats(&Deadline::default())
        .expect("an index");
    println!(
        "{} documents, {} passages that can be hits, {:.1} MB of text, ready in {:.0} ms",
        indexed.documents,
        stats.searchable,
        indexed.bytes as f64 / 1e6,
        opened.as_secs_f64() * 1e3
    );
    let arg =
        |name: &str| std::env::args().find_map(|arg| Some(arg.strip_prefix(name)?.to_owned()));
    let only = arg("kind=");
    let mut answers = arg("answers=")
        .map(|file| BufWriter::new(File::create(file).expect("a file that can be written")));
    if only.is_none() && answers.is_none() {
        sizes(&indexed.path, indexed.bytes);
    }
    let is_wanted = |kind: &str| {
        only.as_ref()
            .is_none_or(|only| kind.contains(only.as_str()))
    };
    for (kind, requests) in kinds(&indexed, &is_wanted) {
        match &mut answers {
            Some(file) => write(kind, &indexed.engine, &requests, file),
            None => time(kind, &indexed.engine, &requests),
        }
    }
}

/// Requests by kind, of those that are wanted.
fn kinds(indexed: &Indexed, is_wanted: &dyn Fn(&str) -> bool) -> Vec<(&'static str, Vec<Request>)> {
    let typed = typed();
    let plain = |query: &String| Request {
        query: query.clone(),
        limit: 10,
        facets: true,
        ..Request::default()
    };
    let filtered = |query: &String| Request {
        filters: Filters {
            year: vec!["2018..2023".into()],
            status: vec!["done".into()],
            ..Filters::default()
        },
        ..plain(query)
    };
    let bare = |query: &String| Request {
        facets: false,
        ..plain(query)
    };
    let of_documents = |query: &String| Request {
        unit: Unit::Document,
        ..plain(query)
    };
    let sentences = sentences(indexed.documents);
    let phrases: Vec<String> = sentences.iter().map(|s| phrase(s)).collect();
    let of = |queries: &[String], request: &dyn Fn(&String) -> Request| {
        queries.iter().map(request).collect::<Vec<Request>>()
    };
    let mixed: Vec<String> = typed.values().flatten().cloned().collect();
    let expanded = match is_wanted("expanded") {
        true => expanded(&indexed.engine),
        false => Vec::new(),
    };
    let mut kinds = vec![
        ("word", of(&typed["word"], &plain)),
        ("word, no facets", of(&typed["word"], &bare)),
        ("word, filtered", of(&typed["word"], &filtered)),
        ("unspaced words", of(&typed["unspaced"], &plain)),
        ("several words", of(&typed["several"], &plain)),
        ("several words, filtered", of(&typed["several"], &filtered)),
        ("expanded", of(&expanded, &plain)),
        ("exact phrase", of(&phrases, &plain)),
        ("long sentence", of(&sentences, &plain)),
        ("documents", of(&mixed, &of_documents)),
        ("everything", vec![plain(&String::new()); 20]),
        ("everything, filtered", vec![filtered(&String::new()); 20]),
    ];
    kinds.retain(|(kind, _)| is_wanted(kind));
    kinds
}

/// Queries as analysts type them, by what they are made of.
fn typed() -> BTreeMap<&'static str, Vec<String>> {
    let generator = Generator::new(1);
    let mut typed: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for query in (0..20 * QUERIES as u64).map(|n| generator.query(n)) {
        let kind = if query.contains(['"', '“']) {
            continue;
        } else if query.contains([' ', '\u{3000}']) {
            "several"
        } else if query.chars().count() <= 5 {
            "word"
        } else {
            "unspaced"
        };
        let queries = typed.entry(kind).or_default();
        if queries.len() < QUERIES {
            queries.push(query);
        }
    }
    typed
}

/// Queries as analysts type them for which terms are added that mean the same.
fn expanded(engine: &Engine) -> Vec<String> {
    let generator = Generator::new(1);
    let typed: BTreeSet<String> = (0..20 * QUERIES as u64)
        .map(|n| generator.query(n))
        .collect();
    let is_expanded = |query: &String| {
        let request = Request {
            query: query.clone(),
            limit: 1,
            match_all: true,
            ..Request::default()
        };
        let response = engine.search(&request);
        let added = |kind: &str| !matches!(kind, "related" | "theme");
        response.is_ok_and(|found| found.query.expansions.iter().any(|e| added(&e.kind)))
    };
    typed
        .into_iter()
        .filter(is_expanded)
        .take(QUERIES)
        .collect()
}

/// Sentences of 20 to 60 characters from all over the documents.
fn sentences(documents: u64) -> Vec<String> {
    let generator = Generator::new(1);
    let step = (documents / QUERIES as u64).max(1);
    let mut sentences = Vec::with_capacity(QUERIES);
    for n in (0..documents).step_by(step as usize) {
        let text = generator.document(n).text;
        let mut long = text
            .split(['。', '\n', '；'])
            .map(|sentence| sentence.chars().filter(|c| !c.is_whitespace()).collect())
            .filter(|sentence: &String| (20..=60).contains(&sentence.chars().count()));
        sentences.extend(long.nth(n as usize % 7));
    }
    sentences
}

/// Four to twelve characters from the middle of a sentence, in quotes.
fn phrase(sentence: &str) -> String {
    let chars: Vec<char> = sentence.chars().collect();
    let length = 4 + chars.len() % 9;
    let begin = (chars.len() - length) / 2;
    let inside: String = chars[begin..begin + length].iter().collect();
    format!("\"{}\"", inside.replace(['"', '“', '”'], ""))
}

/// Puts every request a few times and prints the distribution of their best times.
fn time(kind: &str, engine: &Engine, requests: &[Request]) {
    let mut times: Vec<(Duration, &str)> = Vec::with_capacity(requests.len());
    let (mut found, mut empty) = (0u64, 0u64);
    for request in requests {
        let mut best = Duration::MAX;
        let mut total = 0;
        for _ in 0..ROUNDS {
            let started = Instant::now();
            total = engine.search(request).map_or(0, |response| response.total);
            best = best.min(started.elapsed());
        }
        times.push((best, &request.query));
        found += total;
        empty += u64::from(total == 0);
    }
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let ms = |share: f64| at(share).0.as_secs_f64() * 1e3;
    println!(
        "{kind}: p50 {:.2} ms, p90 {:.2} ms, p99 {:.2} ms, max {:.2} ms ({}); {:.0} hits on average, {empty} of {} without",
        ms(0.5),
        ms(0.9),
        ms(0.99),
        ms(1.0),
        at(1.0).1,
        found as f64 / times.len() as f64,
        times.len()
    );
}

/// Writes what every request finds.
fn write(kind: &str, engine: &Engine, requests: &[Request], file: &mut impl Write) {
    for request in requests {
        let found = engine.search(request).expect("an answer");
        let shown = |hits: &[Hit]| -> Vec<String> {
            let hits = hits.iter();
            hits.map(|hit| format!("{} {} {}", hit.id, hit.score, hit.partial))
                .collect()
        };
        let facets = serde_json::to_string(&found.facets).expect("the project's own types");
        let line = format!(
            "{kind}\t{}\t{} {} {} {} {}\t{:?}\t{:?}\t{:?}\t{:?}\t{facets}",
            request.query,
            found.total,
            found.exact_total,
            found.partial_total,
            found.documents,
            found.related_total,
            shown(&found.hits),
            shown(&found.related),
            found.corrected,
            found.did_you_mean,
        );
        writeln!(file, "{line}").expect("a file that can be written");
    }
}

/// Prints what each field takes on disk, and the whole against the text.
fn sizes(index: &Path, text: u64) {
    let (index, _) = duibiao_index::open(index).expect("an index");
    let reader = index.reader().expect("an index");
    let usage = reader.searcher().space_usage().expect("an index");
    let mut fields: BTreeMap<String, [u64; 5]> = BTreeMap::new();
    let (mut store, mut total) = (0, 0);
    for segment in usage.segments() {
        store += segment.store().total().get_bytes();
        total += segment.total().get_bytes();
        let parts: [&PerFieldSpaceUsage; 5] = [
            segment.termdict(),
            segment.postings(),
            segment.positions(),
            segment.fieldnorms(),
            segment.fast_fields(),
        ];
        for (part, usage) in parts.iter().enumerate() {
            for field in usage.fields() {
                let name = field.field_name().to_owned();
                fields.entry(name).or_default()[part] += field.total().get_bytes();
            }
        }
    }
    let mb = |bytes: u64| bytes as f64 / 1e6;
    println!("field: terms, postings, positions, lengths, columns, all in MB");
    let mut rows: Vec<(String, [u64; 5])> = fields.into_iter().collect();
    rows.sort_by_key(|(_, parts)| std::cmp::Reverse(parts.iter().sum::<u64>()));
    for (name, parts) in rows {
        let all: u64 = parts.iter().sum();
        if all >= 10_000 {
            let parts: Vec<String> = parts.iter().map(|b| format!("{:.2}", mb(*b))).collect();
            println!("{name}: {}, {:.2}", parts.join(", "), mb(all));
        }
    }
    println!(
        "{} segments, {:.1} MB: {:.1} MB stored, without it {:.1} MB, {:.3} of the text",
        usage.segments().len(),
        mb(total),
        mb(store),
        mb(total - store),
        (total - store) as f64 / text as f64
    );
}
