//! Totals and facets against the hits they count, over generated documents: counted one by one,
//! with and without filters, after some documents were changed and taken away.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use duibiao_indexer::{Options, run};
use duibiao_lexicon::Lexicon;
use duibiao_search::{Engine, Filters, Hit, Request, Response, Unit};

use crate::generator::Generator;

/// An index in which some entries are deleted, and some documents have become others.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (docs, index) = (folder.path().join("docs"), folder.path().join("index"));
    let write = |n: u64, of: u64| {
        let file = docs.join(format!("{n}.txt"));
        std::fs::write(file, Generator::new(3).document(of).text).expect("a file");
    };
    std::fs::create_dir(&docs).expect("a folder");
    (0..120).for_each(|n| write(n, n));
    indexed(&docs, &index);
    (0..120).step_by(5).for_each(|n| write(n, n + 500));
    (0..120).step_by(7).for_each(|n| {
        std::fs::remove_file(docs.join(format!("{n}.txt"))).expect("a file");
    });
    indexed(&docs, &index);
    Engine::open(&index, Lexicon::embedded().expect("the lexicon")).expect("the index just built")
});

fn indexed(docs: &Path, index: &Path) {
    let options = Options {
        roots: vec![docs.to_owned()],
        index: index.to_owned(),
        prune: true,
        ..Options::default()
    };
    let lexicon = Lexicon::embedded().expect("the lexicon is built in");
    run(&options, &lexicon, &AtomicBool::new(false), &mut |_| {}).expect("an index");
}

fn answer(query: &str, unit: Unit, filters: Filters) -> Response {
    let request = Request {
        query: query.to_owned(),
        unit,
        filters,
        limit: 10_000,
        match_all: true,
        facets: true,
        ..Request::default()
    };
    ENGINE.search(&request).expect("an answer")
}

/// What a facet says: counts by value, those that are 0 left out.
fn counts(response: &Response, facet: &str) -> BTreeMap<String, u64> {
    response.facets[facet]
        .iter()
        .filter(|value| value.count > 0)
        .map(|value| (value.value.clone(), value.count))
        .collect()
}

/// The same, counted hit by hit.
fn counted(hits: &[Hit], values: impl Fn(&Hit) -> Vec<String>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for value in hits.iter().flat_map(values) {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

fn or_none(value: Option<String>) -> Vec<String> {
    vec![value.unwrap_or_default()]
}

const QUERIES: [&str; 5] = ["", "整改", "审批 服务", "\"工作\" -检查", "年:2012..2019"];

#[test]
fn facets_count_the_hits() {
    let mut seen = 0;
    for query in QUERIES {
        let found = answer(query, Unit::Measure, Filters::default());
        assert_eq!(found.hits.len() as u64, found.total, "{query:?}");
        seen += found.total;
        let place = |place: &Option<duibiao_corpus::PlaceRef>| {
            or_none(place.as_ref().map(|place| place.code.to_string()))
        };
        // A theme counts for the one above it too, once.
        let themes = |hit: &Hit| {
            let ids = hit.themes.iter().map(ToString::to_string);
            let mut ids: Vec<String> = ids
                .flat_map(|id| [id.split('.').next().unwrap_or_default().to_owned(), id])
                .collect();
            ids.sort();
            ids.dedup();
            if ids.is_empty() {
                ids.push(String::new());
            }
            ids
        };
        let hits = &found.hits;
        let expected = [
            ("province", counted(hits, |hit| place(&hit.province))),
            ("city", counted(hits, |hit| place(&hit.city))),
            (
                "year",
                counted(hits, |hit| or_none(hit.year.map(|y| y.to_string()))),
            ),
            (
                "doc_type",
                counted(hits, |hit| or_none(hit.doc_type.clone())),
            ),
            (
                "status",
                counted(hits, |hit| {
                    or_none(hit.status.map(|s| s.as_str().to_owned()))
                }),
            ),
            ("theme", counted(hits, themes)),
        ];
        for (facet, expected) in expected {
            assert_eq!(counts(&found, facet), expected, "{facet} of {query:?}");
        }
        let mut documents: Vec<&str> = hits.iter().map(|h| h.document_id.as_str()).collect();
        documents.sort_unstable();
        documents.dedup();
        assert_eq!(found.documents, documents.len() as u64, "{query:?}");
    }
    assert!(seen > 2_000, "{seen} hits were counted");
}

/// Each facet counts as if its own filter were not there, and everything else as if all were.
#[test]
fn a_facet_ignores_its_own_filter() {
    let everything = answer("", Unit::Measure, Filters::default());
    let most = |facet: &str| {
        let counts = counts(&everything, facet);
        let most = counts.into_iter().filter(|(value, _)| !value.is_empty());
        most.max_by_key(|(_, count)| *count).expect("a value").0
    };
    let (city, theme) = (most("city"), most("theme"));
    let combinations = [
        Filters {
            city: vec![city.clone()],
            ..Filters::default()
        },
        Filters {
            year: vec!["2010..2018".into(), "不详".into()],
            status: vec!["done".into(), "planned".into()],
            ..Filters::default()
        },
        Filters {
            city: vec![city, String::new()],
            theme: vec![theme.clone()],
            level: vec!["city".into(), "不详".into()],
            ..Filters::default()
        },
        Filters {
            theme: vec![theme],
            status: vec![String::new()],
            period: vec!["2005..".into(), "不详".into()],
            ..Filters::default()
        },
    ];
    for query in QUERIES {
        for unit in [Unit::Measure, Unit::Document] {
            for filters in &combinations {
                let found = answer(query, unit, filters.clone());
                assert_eq!(found.hits.len() as u64, found.total);
                for facet in duibiao_search::facet_names() {
                    let freed = answer(query, unit, filters.without(facet));
                    assert_eq!(
                        counts(&found, facet),
                        counts(&freed, facet),
                        "{facet} of {query:?} with {filters:?}"
                    );
                }
            }
        }
    }
}
