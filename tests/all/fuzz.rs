//! Generated queries and requests: whatever is asked, there is an answer or an error that blames
//! the question, and never a panic, which the engine would report as a damaged index.
//!
//! `DUIBIAO_FUZZ` is how many are tried (20,000).

use std::path::Path;
use std::sync::atomic::AtomicBool;

use duibiao_indexer::{Options, run};
use duibiao_lexicon::Lexicon;
use duibiao_search::{Deadline, Engine, Filters, MAX_WINDOW, Request, Response, Sort, Unit};
use fastrand::Rng;

/// What queries are made of: operators, fields, quotes, brackets, words, numbers, white space,
/// control characters, both scripts, characters that normalise to several or to nothing.
const PARTS: &[&str] = &[
    " ",
    " ",
    " ",
    "\t",
    "\u{3000}",
    "\n",
    "OR",
    " OR ",
    "OR OR",
    "AND",
    "NOT ",
    "-",
    "--",
    "(",
    ")",
    "((",
    "))",
    "()",
    "\"",
    "\"\"",
    "“",
    "”",
    "‘",
    "'",
    ":",
    "：",
    "题:",
    "省:",
    "市:",
    "县:",
    "年:",
    "时期:",
    "主题:",
    "文种:",
    "文号:",
    "发文机关:",
    "状态:",
    "层级:",
    "year:",
    "city:",
    "theme:",
    "status:",
    "unknown:",
    "2017",
    "2017..2020",
    "..2020",
    "2017..",
    "..",
    "99999999999",
    "0",
    "-1",
    "35.4%",
    "12345",
    "国发〔2017〕5号",
    "(2017)",
    "黑龙江",
    "哈尔滨",
    "北京",
    "不详",
    "done",
    "已办",
    "approval.process",
    "通报",
    "审批",
    "提速",
    "容缺受理",
    "一网通办",
    "营商环境",
    "優化營商環境",
    "審批",
    "人才引進",
    "平台建設",
    "著",
    "乾",
    "的",
    "了",
    "和",
    "a",
    "B",
    "App",
    "ＡＰＰ",
    "open data",
    "①",
    "㎡",
    "½",
    "…",
    "ﬁ",
    "\u{0}",
    "\u{1b}[1m",
    "\u{7f}",
    "\u{202e}",
    "\u{feff}",
    "\u{200b}",
    "\u{301}",
    "\u{10ffff}",
    "鱻",
    "龘",
    "𠮷",
    "🏛",
    "*",
    "?",
    "~",
    "^",
    "\\",
    "/",
    "|",
    "&",
    "%",
    "+",
    ".",
    "。",
    "，",
    "、",
    "〔",
    "〕",
    "《",
    "》",
    "【",
    "】",
];

fn query(random: &mut Rng) -> String {
    let parts = match random.usize(..100) {
        0 => random.usize(200..600),
        1..10 => random.usize(20..80),
        _ => random.usize(0..14),
    };
    let mut query = String::new();
    for _ in 0..parts {
        match random.usize(..40) {
            0 => query.push(random.char(..)),
            1 => query.push(random.char('\u{4e00}'..='\u{9fff}')),
            2 => query.push_str(&"审".repeat(random.usize(1..90))),
            3 => query.push_str(&"(".repeat(random.usize(1..50))),
            _ => query.push_str(PARTS[random.usize(..PARTS.len())]),
        }
    }
    query
}

fn request(random: &mut Rng) -> Request {
    let mut filters = Filters::default();
    if random.usize(..4) == 0 {
        let names: Vec<&str> = filters.named().iter().map(|(name, _)| *name).collect();
        let name = names[random.usize(..names.len())];
        let value = PARTS[random.usize(..PARTS.len())].to_owned();
        if let Some(values) = filters.values_mut(name) {
            values.extend(std::iter::repeat_n(value, random.usize(1..4)));
        }
    }
    filters.provincial = random.usize(..8) == 0;
    let odd = random.usize(..200) == 0;
    let mut number = |common: usize| match odd {
        true => [0, 1, MAX_WINDOW, MAX_WINDOW + 1, usize::MAX][random.usize(..5)],
        false => common,
    };
    let (limit, offset) = (number(5), number(0));
    let cursor = (random.usize(..50) == 0).then(|| query(random));
    Request {
        query: query(random),
        filters,
        unit: match random.usize(..4) {
            0 => Unit::Document,
            _ => Unit::Measure,
        },
        sort: match random.usize(..6) {
            0 => Some(Sort::Newest),
            1 => Some(Sort::Oldest),
            2 => Some(Sort::Relevance),
            _ => None,
        },
        limit,
        offset,
        cursor,
        match_all: random.bool(),
        as_typed: random.usize(..8) == 0,
        drop: Vec::new(),
        related: [None, Some(true), Some(false)][random.usize(..3)],
        collapse: random.usize(..4) == 0,
        without: Vec::new(),
        deadline: Deadline::default(),
        facets: random.usize(..4) == 0,
        whole: random.usize(..8) == 0,
        citation: Default::default(),
        explain: random.usize(..8) == 0,
        bare: random.usize(..8) == 0,
    }
}

fn is_in_bounds(response: &Response, request: &Request) -> bool {
    let shown = response.hits.len() as u64;
    let all = response.total + response.partial_total;
    let marks_lie_inside = |hit: &duibiao_search::Hit| {
        let length = hit.snippet.text.chars().count() as u32;
        let ranges = &hit.snippet.ranges;
        ranges.iter().all(|r| r.begin < r.end && r.end <= length)
            && ranges.windows(2).all(|two| {
                // What was added may stand right behind what was typed.
                two[0].end < two[1].begin + u32::from(two[0].kind != two[1].kind)
            })
    };
    shown <= request.limit as u64
        && shown <= all
        && response.exact_total <= response.total
        && response.hits.iter().all(|hit| hit.score.is_finite())
        && response.hits.iter().all(marks_lie_inside)
}

#[test]
fn whatever_is_asked_there_is_an_answer_or_an_error_that_says_what_is_wrong() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let index = folder.path().join("index");
    let lexicon = || Lexicon::embedded().expect("the lexicon is built in");
    let options = Options {
        roots: vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("index-data/samples")],
        index: index.clone(),
        ..Options::default()
    };
    run(&options, &lexicon(), &AtomicBool::new(false), &mut |_| {}).expect("an index");
    let engine = Engine::open(&index, lexicon()).expect("the index just built");
    let rounds = std::env::var("DUIBIAO_FUZZ")
        .map_or(20_000, |n| n.parse().expect("DUIBIAO_FUZZ is a number"));
    let (mut answers, mut with_hits) = (0, 0);
    for round in 0..rounds {
        let request = request(&mut Rng::with_seed(round));
        match engine.search(&request) {
            Ok(response) => {
                answers += 1;
                with_hits += usize::from(!response.hits.is_empty());
                let fits = is_in_bounds(&response, &request);
                assert!(fits, "round {round}: {request:?} gives {response:?}");
            }
            Err(error) => {
                let text = error.to_string();
                let is_plain = error.is_usage() && !text.is_empty() && text.len() < 2_000;
                assert!(is_plain, "round {round}: {request:?} fails with {text}");
            }
        }
    }
    // Else it would only test how queries are refused.
    assert!(
        answers > rounds as usize / 4 && with_hits > rounds as usize / 10,
        "{answers} {with_hits}"
    );
}
