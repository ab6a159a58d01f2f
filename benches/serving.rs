//! A hundred clients at once on a server over 100,000 passages: how long they wait, whether any
//! is refused, how much memory the server holds, how soon it starts.
//!
//! Builds the index once in a temporary folder and starts the binary beside it, so times include
//! the network on loopback, HTML or JSON, and the clients' own work on the same machine.
//! `cargo bench --bench serving`.

#[path = "support/generator/mod.rs"]
pub mod generator;
#[path = "support/server.rs"]
pub mod server;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use duibiao_indexer::{Options, run};
use duibiao_lexicon::Lexicon;

use server::{Server, memory};

/// Documents that hold 100,000 passages.
const DOCUMENTS: u64 = 5_850;
const CLIENTS: u64 = 100;
const LASTING: Duration = Duration::from_secs(30);
/// The memory of the server is read so often.
const EVERY: Duration = Duration::from_millis(200);

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let index = folder.path().join("index");
    build(&folder.path().join("documents"), &index);
    let begun = Instant::now();
    let server = Server::start(&index);
    let url = server.url.as_str();
    get(&agent(), &format!("{url}readyz"));
    println!("started in {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
    let idle = memory(&server.child, "VmRSS");
    let generator = generator::Generator::new(1);
    let queries: Vec<String> = (0..2_000).map(|n| encoded(&generator.query(n))).collect();
    let stop = AtomicBool::new(false);
    let (peak, failed) = (AtomicU64::new(idle), AtomicU64::new(0));
    let mut times: Vec<(bool, Duration)> = Vec::new();
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (queries, stop, failed, url) = (&queries, &stop, &failed, &url);
                scope.spawn(move || ask(client, queries, url, stop, failed))
            })
            .collect();
        let ends = Instant::now() + LASTING;
        while Instant::now() < ends {
            peak.fetch_max(memory(&server.child, "VmRSS"), Ordering::Relaxed);
            thread::sleep(EVERY);
        }
        stop.store(true, Ordering::Relaxed);
        for client in clients {
            times.extend(client.join().expect("a client ends"));
        }
    });
    for (what, is_page) in [("JSON", false), ("pages", true)] {
        let times: Vec<Duration> = times
            .iter()
            .filter(|(page, _)| *page == is_page)
            .map(|(_, took)| *took)
            .collect();
        print(what, times);
    }
    println!(
        "{CLIENTS} clients for {LASTING:?}: {:.0} answers a second, {} failed",
        times.len() as f64 / LASTING.as_secs_f64(),
        failed.load(Ordering::Relaxed)
    );
    println!(
        "resident memory {idle} MB idle, {} MB at most",
        peak.load(Ordering::Relaxed)
    );
}

/// One client: asks, reads the answer, asks again.
fn ask(
    client: u64,
    queries: &[String],
    url: &str,
    stop: &AtomicBool,
    failed: &AtomicU64,
) -> Vec<(bool, Duration)> {
    let agent = agent();
    let mut times = Vec::new();
    let mut at = client as usize * 7;
    while !stop.load(Ordering::Relaxed) {
        let query = &queries[at % queries.len()];
        let is_page = at.is_multiple_of(2);
        let path = if is_page { "search" } else { "api/v1/search" };
        let begun = Instant::now();
        if !get(&agent, &format!("{url}{path}?q={query}")) {
            failed.fetch_add(1, Ordering::Relaxed);
        }
        times.push((is_page, begun.elapsed()));
        at += 1;
    }
    times
}

fn print(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| {
        let index = (times.len().saturating_sub(1) as f64 * share) as usize;
        times.get(index).copied().unwrap_or_default().as_secs_f64() * 1e3
    };
    println!(
        "{what}: p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, max {:.1} ms",
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0)
    );
}

fn build(documents: &Path, index: &Path) {
    let generator = generator::Generator::new(1);
    for n in 0..DOCUMENTS {
        let document = generator.document(n);
        let file = documents.join(&document.path);
        fs::create_dir_all(file.parent().expect("a path below the folder"))
            .expect("a writable folder");
        fs::write(file, document.text).expect("a writable folder");
    }
    let options = Options {
        roots: vec![documents.to_owned()],
        index: index.to_owned(),
        ..Options::default()
    };
    let lexicon = Lexicon::embedded().expect("the lexicon is built in");
    let report = run(&options, &lexicon, &AtomicBool::new(false), &mut |_| {}).expect("an index");
    println!(
        "{} documents, {} passages",
        report.documents, report.passages
    );
}

/// Whether a URL answers 200 with something.
fn get(agent: &ureq::Agent, url: &str) -> bool {
    let answer = agent.get(url).header("accept", "text/html").call();
    answer.is_ok_and(|mut answer| {
        let body = answer.body_mut().read_to_string();
        body.is_ok_and(|body| !body.is_empty())
    })
}

fn agent() -> ureq::Agent {
    ureq::Agent::new_with_defaults()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
