//! What requests made to hurt cost: time of each, and whether memory stays flat.
//!
//! `cargo bench --bench hostile_queries`, over the index of the searching bench.

#[path = "support/generator/mod.rs"]
pub mod generator;
#[path = "support/hostile_queries.rs"]
pub mod hostile_queries;
#[path = "support/index.rs"]
pub mod index;

use std::time::{Duration, Instant};

use duibiao_search::{Deadline, Error, Request};
use hostile_queries::cases;
use index::Indexed;

/// What a server lets a search take.
const TIMEOUT: Duration = Duration::from_secs(2);
/// Each is timed so often; the best time counts.
const ROUNDS: usize = 3;

fn main() {
    let indexed = Indexed::of(index::passages());
    // What any search touches first is no one's fault.
    let warm = Request {
        query: "审批 时限".into(),
        limit: 10,
        facets: true,
        ..Request::default()
    };
    drop(indexed.engine.search(&warm));
    println!("| request | answer | ms | MB more at most |\n|---|---|---|---|");
    for case in cases() {
        let (before, mut peak) = (resident(), 0);
        let mut best = Duration::MAX;
        let mut answer = String::new();
        for _ in 0..ROUNDS {
            let request = Request {
                deadline: Deadline::after(TIMEOUT),
                ..case.request.clone()
            };
            let started = Instant::now();
            let found = indexed.engine.search(&request);
            best = best.min(started.elapsed());
            peak = peak.max(resident().saturating_sub(before));
            answer = match found {
                Ok(response) => format!("{} hits", response.total + response.partial_total),
                Err(Error::OutOfTime) => "stopped".to_owned(),
                Err(error) => error.to_string().chars().take(60).collect(),
            };
        }
        println!(
            "| {} | {answer} | {:.2} | {:.1} |",
            case.name,
            best.as_secs_f64() * 1e3,
            peak as f64 / 1e3
        );
    }
}

/// Memory that is resident and no file's, in kB, as Linux counts it; 0 elsewhere.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}
