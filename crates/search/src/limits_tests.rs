//! A search that runs out of time stops and says so, whatever it was doing. Time is counted in
//! looks at the clock, so that nothing here depends on how fast the machine is.

use std::fmt::Write as _;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use duibiao_lexicon::Lexicon;

use crate::deadline::EVERY;
use crate::shares::AtWork;
use crate::{
    Axis, CompareRequest, Deadline, Engine, Error, Filters, GapsRequest, Request, Sort,
    TraceRequest, Unit,
};

/// Documents of the index that is searched, each with so many measures.
const DOCUMENTS: usize = 200;
const MEASURES: usize = 100;
/// More looks than any search here takes.
const ENOUGH: u64 = 1 << 40;

/// Thousands of measures with the same frequent words, so that every search has much to do. 推进 and
/// 提速 are in all of them, and side by side in none.
pub(crate) static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    // Each share looks at the clock, and looks are counted here: no processor is idle, so that nothing
    // is shared out but where a test asks for it.
    std::mem::forget(AtWork::new(1_000));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (docs, index) = (folder.path().join("docs"), folder.path().join("index"));
    std::fs::create_dir(&docs).expect("a folder");
    for document in 0..DOCUMENTS {
        let mut text = format!("大连市关于第{document}号事项的通报\n\n");
        for measure in 0..MEASURES {
            let year = 2010 + measure % 12;
            writeln!(
                text,
                "（{measure}）推进审批提速，{year}年为企业办理事项{measure}件，服务窗口由窗口人员负责。"
            )
            .expect("a text grows");
        }
        std::fs::write(docs.join(format!("{document}.txt")), text).expect("a file");
    }
    let lexicon = || Lexicon::embedded().expect("the lexicon is built in");
    let options = duibiao_indexer::Options {
        roots: vec![docs],
        index: index.clone(),
        ..Default::default()
    };
    duibiao_indexer::run(&options, &lexicon(), &AtomicBool::new(false), &mut |_| {})
        .expect("an index");
    Engine::open(&index, lexicon()).expect("the index just built")
});

pub(crate) fn asking(query: &str) -> Request {
    Request {
        query: query.to_owned(),
        limit: 10,
        facets: true,
        ..Request::default()
    }
}

/// Requests that keep each part of the work busy.
pub(crate) fn requests() -> Vec<Request> {
    let documents = |query: &str| Request {
        unit: Unit::Document,
        ..asking(query)
    };
    vec![
        asking(""),
        asking("审批"),
        asking("推进审批提速 服务窗口"),
        asking("推进审批提速为企业办理事项服务窗口人员负责"),
        asking("\"推进提速\""),
        asking("\"审批提速，2013年为企业\""),
        asking("务"),
        asking("推进 -审批"),
        asking("-审批"),
        asking("(推进 OR 审批) (服务 OR 窗口) -年:2013..2016"),
        Request {
            filters: Filters {
                city: vec!["大连".into()],
                year: vec!["2012..2018".into()],
                period: vec!["2011..".into(), String::new()],
                ..Filters::default()
            },
            ..asking("审批")
        },
        Request {
            sort: Some(Sort::Oldest),
            limit: 2_000,
            whole: true,
            explain: true,
            ..asking("服务")
        },
        documents("审批 服务窗口"),
        documents("务"),
        documents("\"推进提速\" OR 企业"),
    ]
}

#[derive(Debug, PartialEq)]
struct Answer {
    total: u64,
    partial_total: u64,
    documents: u64,
    hits: Vec<String>,
    facets: String,
}

fn answer(request: &Request, deadline: &Deadline) -> Option<Answer> {
    let request = Request {
        deadline: deadline.clone(),
        ..request.clone()
    };
    match ENGINE.search(&request) {
        Ok(response) => Some(Answer {
            total: response.total,
            partial_total: response.partial_total,
            documents: response.documents,
            hits: response
                .hits
                .iter()
                .map(|hit| format!("{} {} {:?}", hit.id, hit.score, hit.snippet))
                .collect(),
            facets: format!("{:?}", response.facets),
        }),
        Err(Error::OutOfTime) => None,
        Err(other) => panic!("{:?}: {other}", request.query),
    }
}

#[test]
fn the_index_is_large_enough_to_tell() {
    let everything = ENGINE.search(&asking("")).expect("an answer");
    assert!(everything.total as usize >= DOCUMENTS * MEASURES);
    let apart = ENGINE.search(&asking("\"推进提速\"")).expect("an answer");
    assert_eq!(apart.total, 0);
}

#[test]
fn what_is_past_already_does_no_work() {
    for request in requests() {
        let deadline = Deadline::after_looks(0);
        assert_eq!(answer(&request, &deadline), None, "{:?}", request.query);
        assert_eq!(deadline.steps_taken(), 0, "{:?}", request.query);
    }
}

#[test]
fn there_is_the_whole_answer_or_none() {
    for request in requests() {
        let whole = answer(&request, &Deadline::default());
        assert!(whole.is_some());
        let counted = Deadline::after_looks(ENOUGH);
        assert_eq!(answer(&request, &counted), whole, "{:?}", request.query);
        let looks = ENOUGH - counted.looks_left();
        assert!(
            looks > 3,
            "{:?} looks at the clock {looks} times",
            request.query
        );
        // Every moment at which time can run out, or a sample of them where there are many.
        for looks_left in (0..looks).step_by(1 + looks as usize / 40) {
            let deadline = Deadline::after_looks(looks_left);
            assert_eq!(
                answer(&request, &deadline),
                None,
                "{:?} stopped at look {looks_left} of {looks}",
                request.query
            );
        }
        assert_eq!(
            answer(&request, &Deadline::after_looks(looks)),
            whole,
            "{:?}",
            request.query
        );
    }
}

#[test]
fn there_is_the_whole_comparison_or_none() {
    let compared = |query: &str, deadline: &Deadline| {
        let asked = CompareRequest {
            request: Request {
                deadline: deadline.clone(),
                limit: 2,
                ..asking(query)
            },
            by: Axis::City,
            columns: ["哈尔滨", "大连", "天津", "不详"].map(str::to_owned).into(),
            passages: Vec::new(),
        };
        match ENGINE.compare(&asked) {
            Ok(compared) => Some(format!("{:?}{:?}", compared.cells, compared.caveats)),
            Err(Error::OutOfTime) => None,
            Err(other) => panic!("{query}: {other}"),
        }
    };
    for query in ["审批", "审批 服务窗口", "主题:approval"] {
        let whole = compared(query, &Deadline::default());
        let counted = Deadline::after_looks(ENOUGH);
        assert_eq!(compared(query, &counted), whole, "{query}");
        let looks = ENOUGH - counted.looks_left();
        assert!(looks > 3, "{query} looks at the clock {looks} times");
        for looks_left in (0..looks).step_by(1 + looks as usize / 40) {
            let stopped = compared(query, &Deadline::after_looks(looks_left));
            assert_eq!(
                stopped, None,
                "{query} stopped at look {looks_left} of {looks}"
            );
        }
    }
}

#[test]
fn there_is_all_that_is_alike_or_nothing() {
    let id = ENGINE.search(&asking("审批提速")).expect("an answer").hits[0]
        .id
        .parse()
        .expect("a passage's id");
    let alike = |deadline: &Deadline| {
        let request = Request {
            deadline: deadline.clone(),
            limit: 2,
            ..Request::default()
        };
        match ENGINE.similar(id, false, &request) {
            Ok(similar) => Some(format!("{:?}{:?}", similar.hits, similar.groups)),
            Err(Error::OutOfTime) => None,
            Err(other) => panic!("{other}"),
        }
    };
    let whole = alike(&Deadline::default());
    let counted = Deadline::after_looks(ENOUGH);
    assert_eq!(alike(&counted), whole);
    let looks = ENOUGH - counted.looks_left();
    assert!(looks > 3, "it looks at the clock {looks} times");
    for looks_left in (0..looks).step_by(1 + looks as usize / 40) {
        let stopped = alike(&Deadline::after_looks(looks_left));
        assert_eq!(stopped, None, "stopped at look {looks_left} of {looks}");
    }
}

#[test]
fn there_are_all_gaps_and_the_whole_trace_or_nothing() {
    let told = |deadline: &Deadline| {
        let request = Request {
            deadline: deadline.clone(),
            limit: 1,
            ..Request::default()
        };
        let gaps = ENGINE.gaps(&GapsRequest {
            request,
            city: "哈尔滨".to_owned(),
            against: vec!["大连".to_owned()],
            at_least: Some(1),
        });
        match gaps {
            Ok(gaps) => Some(format!("{:?}{:?}", gaps.rows, gaps.caveats)),
            Err(Error::OutOfTime) => None,
            Err(other) => panic!("{other}"),
        }
    };
    let traced = |deadline: &Deadline| {
        let request = Request {
            deadline: deadline.clone(),
            ..Request::default()
        };
        let asked = TraceRequest {
            term: "审批".to_owned(),
            request,
        };
        match ENGINE.trace(&asked) {
            Ok(trace) => Some(format!("{:?}{:?}", trace.places, trace.caveats)),
            Err(Error::OutOfTime) => None,
            Err(other) => panic!("{other}"),
        }
    };
    type Asked<'a> = &'a dyn Fn(&Deadline) -> Option<String>;
    for asked in [&told as Asked<'_>, &traced] {
        let whole = asked(&Deadline::default());
        let counted = Deadline::after_looks(ENOUGH);
        assert_eq!(asked(&counted), whole);
        let looks = ENOUGH - counted.looks_left();
        assert!(looks > 3, "it looks at the clock {looks} times");
        for looks_left in (0..looks).step_by(1 + looks as usize / 40) {
            let stopped = asked(&Deadline::after_looks(looks_left));
            assert_eq!(stopped, None, "stopped at look {looks_left} of {looks}");
        }
    }
}

/// Everything that counts steps may take those up to its next look, and nothing more.
#[test]
fn work_stops_soon_after_the_end() {
    for request in requests() {
        // What is gathered once for all searches is there then.
        answer(&request, &Deadline::default());
        let counted = Deadline::after_looks(ENOUGH);
        answer(&request, &counted);
        let (looks, whole) = (ENOUGH - counted.looks_left(), counted.steps_taken());
        for looks_left in [1, looks / 2] {
            let deadline = Deadline::after_looks(looks_left);
            assert_eq!(answer(&request, &deadline), None);
            // Each look is made after EVERY steps of one of the few that count in parallel.
            let most = (looks_left + 64) * u64::from(EVERY);
            let taken = deadline.steps_taken();
            assert!(
                taken <= most.min(whole),
                "{:?}: {taken} of {whole} steps with {looks_left} of {looks} looks",
                request.query
            );
        }
    }
}

/// A scorer that finds nothing never comes back to who collects.
#[test]
fn a_search_without_any_match_is_stopped_too() {
    let request = Request {
        match_all: true,
        ..asking("\"推进提速\"")
    };
    let counted = Deadline::after_looks(ENOUGH);
    assert_eq!(answer(&request, &counted).map(|a| a.total), Some(0));
    assert!(
        counted.steps_taken() as usize >= DOCUMENTS * MEASURES,
        "it looks at every measure"
    );
    let deadline = Deadline::after_looks(3);
    assert_eq!(answer(&request, &deadline), None);
    assert!(deadline.steps_taken() < 6 * u64::from(EVERY));
}

#[test]
fn what_is_asked_beside_a_search_ends_with_it() {
    let view = {
        let request = Request {
            unit: Unit::Document,
            ..asking("审批")
        };
        let hit = ENGINE.search(&request).expect("an answer").hits.remove(0);
        let id = hit.document_id.parse().expect("an id");
        ENGINE.document(id, Default::default()).expect("a document")
    };
    let out_of_time = |looks: u64| {
        let deadline = Deadline::after_looks(looks);
        let request = Request {
            filters: Filters {
                year: vec!["1999".into()],
                ..Filters::default()
            },
            deadline: deadline.clone(),
            ..asking("审批 服务")
        };
        let within = Request {
            deadline: Deadline::after_looks(looks),
            ..asking("审批 服务")
        };
        [
            matches!(ENGINE.relax(&request), Err(Error::OutOfTime)),
            matches!(ENGINE.within(&within, &view), Err(Error::OutOfTime)),
            matches!(
                ENGINE.stats(&Deadline::after_looks(looks)),
                Err(Error::OutOfTime)
            ),
        ]
    };
    assert_eq!(out_of_time(0), [true; 3]);
    assert_eq!(out_of_time(1), [true; 3]);
    assert_eq!(out_of_time(ENOUGH), [false; 3]);
}

#[test]
fn whoever_gives_up_stops_the_work() {
    let deadline = Deadline::after_looks(ENOUGH);
    deadline.give_up();
    assert_eq!(answer(&asking("审批"), &deadline), None);
    assert_eq!(deadline.steps_taken(), 0);
}
