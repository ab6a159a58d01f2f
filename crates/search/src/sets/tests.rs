//! Counting by sets, compared with searches.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use duibiao_lexicon::Lexicon;

use super::*;
use crate::engine::Engine;
use crate::filter;
use crate::run::Search;
use crate::{Error, Filters, Request, Unit};

const PARTS: &[&str] = &[
    "审批时限压缩到3个工作日",
    "推行容缺受理",
    "政务服务中心负责",
    "中介服务超市",
    "优化营商环境",
    "一窗受理集成服务改革",
    "不动产登记",
    "企业开办全程网办",
    "拟于下一步推进",
    "已办结2015件",
    "中心城区服务",
    "中央对审批提出要求",
];

/// Documents of a few parts each, every third of which was another one before.
fn engine(folder: &Path) -> Engine {
    let (docs, index) = (folder.join("docs"), folder.join("index"));
    std::fs::create_dir(&docs).expect("a folder");
    let lexicon = || Lexicon::embedded().expect("the lexicon is built in");
    let write = |document: usize, shift: usize| {
        let city = ["大连市", "衢州市", "哈尔滨市"][document % 3];
        let part = |n: usize| PARTS[(document * 7 + n * n * 5 + shift) % PARTS.len()];
        let mut text = format!("{city}关于{}的通知\n\n", part(0));
        for n in 1..9 {
            let (year, one, other) = (2014 + document % 9, part(n), part(n * 3 + document));
            writeln!(text, "（{n}）{year}年{one}，{other}。\n").expect("a text grows");
        }
        std::fs::write(docs.join(format!("{document}.txt")), text).expect("a file");
    };
    for documents in [(0..90).step_by(1), (0..90).step_by(3)] {
        let shift = documents.len() % 7;
        documents.for_each(|document| write(document, shift));
        let options = duibiao_indexer::Options {
            roots: vec![docs.clone()],
            index: index.clone(),
            ..Default::default()
        };
        duibiao_indexer::run(&options, &lexicon(), &AtomicBool::new(false), &mut |_| {})
            .expect("an index");
    }
    Engine::open(&index, lexicon()).expect("the index just built")
}

fn queries() -> Vec<String> {
    let mut queries: Vec<String> = [
        "务",
        "服务 -中心",
        "\"受理集成\"",
        "\"心负责\" OR 登记",
        "题:容缺受理",
        "年:2016..2018 审批",
        "-审批",
        "2015",
        "服务 2015",
        "服务 市:大连",
    ]
    .map(str::to_owned)
    .into();
    for (n, one) in PARTS.iter().enumerate() {
        let other = PARTS[(n * 5 + 3) % PARTS.len()];
        queries.push((*one).to_owned());
        queries.push(format!("{one}{other}"));
        queries.push(format!("服务 {one}"));
        queries.push(format!("{other} {one}的做法"));
    }
    queries
}

#[test]
fn it_counts_what_a_search_finds() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = engine(folder.path());
    let snapshot = engine.snapshot();
    let filtered = Filters {
        city: vec!["大连".into(), "衢州".into()],
        year: vec!["2015..2021".into(), "-2018".into()],
        period: vec!["2015..".into()],
        ..Filters::default()
    };
    let mut found = 0;
    for filters in [Filters::default(), filtered] {
        let filters =
            filter::resolve(&filters, engine.lexicon(), &engine.analyzer).expect("filters");
        let never = Deadline::default();
        let mut sets = Sets::new(&snapshot, &filters, &never).expect("sets");
        for (query, unit) in queries()
            .into_iter()
            .flat_map(|query| [Unit::Measure, Unit::Document].map(|unit| (query.clone(), unit)))
        {
            let request = Request {
                query,
                unit,
                ..Request::default()
            };
            let term = engine.understood(&request).expect("a query");
            let search = Search::unranked(&engine, &snapshot, &request, &term, &filters);
            let search = search.expect("a search");
            let counted = sets.count(search.full.as_ref()).expect("a count");
            let total = search.total().expect("a total");
            assert_eq!(counted, total, "{} {unit:?}", request.query);
            found += usize::from(total > 0);
        }
    }
    assert!(found > 60, "only {found} of the queries find anything");
}

#[test]
fn there_is_the_whole_count_or_none() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = engine(folder.path());
    let suggested = |looks: u64| {
        let deadline = Deadline::after_looks(looks);
        let request = Request {
            query: "审批 fuwu".to_owned(),
            limit: 8,
            // Others than before, so that nothing is remembered of it.
            drop: vec![looks.to_string()],
            deadline: deadline.clone(),
            ..Request::default()
        };
        match engine.suggest(&request) {
            Ok(suggested) => Some((suggested.suggestions, looks - deadline.looks_left())),
            Err(Error::OutOfTime) => None,
            Err(other) => panic!("{other}"),
        }
    };
    // What is found out once for all requests is known then.
    suggested(1 << 39).expect("suggestions");
    let (whole, looks) = suggested(1 << 40).expect("suggestions");
    assert!(!whole.is_empty() && looks > 3, "{looks} looks");
    for looks_left in 0..looks {
        assert_eq!(suggested(looks_left), None, "stopped at look {looks_left}");
    }
    let (again, _) = suggested(looks).expect("suggestions");
    assert_eq!(again, whole);
}
