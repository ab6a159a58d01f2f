//! How fast an index puts places or years side by side, in-process, with 12 columns and up to 20 rows,
//! finds what is like a passage elsewhere and what 30 cities have and one has not, and traces
//! wordings: by the clock, and in time of the processor, which says more where others use it too.
//!
//! `cargo bench --bench comparing`, with `DUIBIAO_BENCH_PASSAGES` and `DUIBIAO_BENCH_INDEX` as
//! `searching` has them.

#[path = "support/generator/mod.rs"]
pub mod generator;
#[path = "support/index.rs"]
pub mod index;

use std::time::{Duration, Instant};

use duibiao_search::{Axis, CompareRequest, Engine, Filters, GapsRequest, Request, TraceRequest};
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
    alike(engine, &queries);
    gaps(engine, &queries);
    traces(engine);
}

/// What is like the first hit of each query, in other places.
fn alike(engine: &Engine, queries: &[String]) {
    let request = |query: &str| Request {
        query: query.to_owned(),
        limit: 10,
        ..Request::default()
    };
    let found = queries
        .iter()
        .map(|query| engine.search(&request(query)).expect("hits"));
    let ids: Vec<String> = found
        .filter_map(|found| Some(found.hits.first()?.id.clone()))
        .collect();
    let request = request("");
    let mut hits = 0;
    let times = timed(&ids, |id| {
        let id = id.parse().expect("the id of a hit");
        let alike = engine.similar(id, true, &request).expect("an answer");
        hits += alike.hits.len();
    });
    println!("alike elsewhere: {} asked, {hits} hits", ids.len());
    tell(times);
}

/// Cities with most passages, of which one after the other is measured against the 30 behind it.
const AGAINST: usize = 30;
const MEASURED: usize = 20;

fn gaps(engine: &Engine, queries: &[String]) {
    let request = Request {
        limit: 1,
        facets: true,
        ..Request::default()
    };
    let found = engine.search(&request).expect("everything");
    let cities: Vec<String> = found.facets["city"]
        .iter()
        .filter(|city| !city.value.is_empty())
        .map(|city| city.value.clone())
        .collect();
    let asked = |own: usize, query: &str| GapsRequest {
        request: Request {
            query: query.to_owned(),
            limit: 1,
            ..Request::default()
        },
        city: cities[own].clone(),
        against: cities[own + 1..].iter().take(AGAINST).cloned().collect(),
        at_least: None,
    };
    let own = 0..MEASURED.min(cities.len().saturating_sub(1));
    let all: Vec<GapsRequest> = own.clone().map(|city| asked(city, "")).collect();
    let of_queries = own.zip(queries).map(|(city, query)| asked(city, query));
    for (kind, all) in [("gaps", all), ("gaps of queries", of_queries.collect())] {
        let mut rows = 0;
        let times = timed(&all, |asked| {
            rows += engine.gaps(asked).expect("gaps").rows.len();
        });
        println!(
            "{kind} against {AGAINST} cities: {} asked, {:.1} rows each",
            all.len(),
            rows as f64 / all.len() as f64
        );
        tell(times);
    }
}

fn traces(engine: &Engine) {
    let themes = engine.lexicon().taxonomy().themes().iter();
    let terms = themes.filter_map(|theme| theme.terms.first());
    let all: Vec<TraceRequest> = terms
        .map(|term| TraceRequest {
            term: term.text.clone(),
            request: Request::default(),
        })
        .collect();
    let mut passages = 0;
    let times = timed(&all, |asked| {
        passages += engine.trace(asked).expect("a trace").passages;
    });
    println!(
        "traces: {} asked, {:.0} passages each",
        all.len(),
        passages as f64 / all.len() as f64
    );
    tell(times);
}

/// Times by the clock and of the processor.
fn timed<T>(asked: &[T], mut ask: impl FnMut(&T)) -> [Vec<Duration>; 2] {
    let (mut clock, mut processor) = (Vec::new(), Vec::new());
    for asked in asked {
        let (began, used) = (Instant::now(), thread_time());
        ask(asked);
        clock.push(began.elapsed());
        processor.push(thread_time() - used);
    }
    [clock, processor]
}

fn tell([clock, processor]: [Vec<Duration>; 2]) {
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
    let (mut cells, mut rows, mut matches) = (0, 0, 0);
    let times = timed(asked, |asked| {
        let compared = engine.compare(asked).expect("a comparison");
        cells += compared.rows.len() * compared.columns.len();
        rows += compared.rows.len();
        matches += compared.total;
    });
    let each = |sum: f64| sum / asked.len() as f64;
    println!(
        "{kind}: {} asked, each of {:.0} matches in {:.1} rows, {:.0} cells",
        asked.len(),
        each(matches as f64),
        each(rows as f64),
        each(cells as f64)
    );
    tell(times);
}

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
