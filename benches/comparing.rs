//! How fast an index puts places or years side by side, in-process and on one thread, with 12 columns
//! and up to 20 rows: by the clock, and in time of the processor, which says more where others use
//! it too.
//!
//! `cargo bench --bench comparing`, with `DUIBIAO_BENCH_PASSAGES` and `DUIBIAO_BENCH_INDEX` as
//! `searching` has them.

#[path = "support/generator/mod.rs"]
pub mod generator;
#[path = "support/index.rs"]
pub mod index;

use std::time::{Duration, Instant};

use duibiao_search::{Axis, CompareRequest, Engine, Filters, Request};
use generator::Generator;
use index::Indexed;
use rustix::time::{ClockId, clock_gettime};

/// Comparisons of each kind.
const ASKED: usize = 300;

fn main() {
    let indexed = Indexed::of(index::passages());
    let engine = &indexed.engine;
    let generator = Generator::new(1);
    let queries: Vec<String> = (0..ASKED as u64).map(|n| generator.query(n)).collect();
    let one = queries
        .iter()
        .filter(|query| !query.contains(char::is_whitespace));
    let by_query = |by| {
        one.clone()
            .map(|query| asked(query, "", by))
            .collect::<Vec<_>>()
    };
    time("queries by city", engine, &by_query(Axis::City));
    time("queries by year", engine, &by_query(Axis::Year));
    let themes: Vec<String> = engine
        .lexicon()
        .taxonomy()
        .themes()
        .iter()
        .filter(|theme| !theme.deprecated)
        .map(|theme| theme.id.to_string())
        .collect();
    for (kind, by) in [
        ("themes by city", Axis::City),
        ("themes by province", Axis::Province),
    ] {
        let all: Vec<CompareRequest> = themes.iter().map(|theme| asked("", theme, by)).collect();
        time(kind, engine, &all);
    }
    // What nearly every passage has.
    let common = ["企业", "服务", "审批", "工作", "建立"];
    let all: Vec<CompareRequest> = common.iter().map(|q| asked(q, "", Axis::City)).collect();
    time("most common words by city", engine, &all);
}

fn asked(query: &str, theme: &str, by: Axis) -> CompareRequest {
    let theme = (!theme.is_empty()).then(|| theme.to_owned());
    CompareRequest {
        request: Request {
            query: query.to_owned(),
            filters: Filters {
                theme: theme.into_iter().collect(),
                ..Filters::default()
            },
            limit: 3,
            ..Request::default()
        },
        by,
        columns: Vec::new(),
        passages: Vec::new(),
    }
}

fn time(kind: &str, engine: &Engine, asked: &[CompareRequest]) {
    let (mut clock, mut processor) = (Vec::new(), Vec::new());
    let (mut cells, mut rows, mut matches) = (0, 0, 0);
    for asked in asked {
        let (began, used) = (Instant::now(), thread_time());
        let compared = engine.compare(asked).expect("a comparison");
        clock.push(began.elapsed());
        processor.push(thread_time() - used);
        cells += compared.rows.len() * compared.columns.len();
        rows += compared.rows.len();
        matches += compared.total;
    }
    let each = |sum: f64| sum / asked.len() as f64;
    println!(
        "{kind}: {} asked, each of {:.0} matches in {:.1} rows, {:.0} cells",
        asked.len(),
        each(matches as f64),
        each(rows as f64),
        each(cells as f64)
    );
    for (what, mut times) in [("clock", clock), ("processor", processor)] {
        times.sort();
        let at =
            |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
        println!(
            "  {what}: p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, max {:.1} ms",
            at(0.5),
            at(0.9),
            at(0.99),
            at(1.0)
        );
    }
}

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
