//! Whatever happened before, an index answers as if it had been built afresh from what is on
//! disk: the same hits in the same order with the same scores, the same totals and facets.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use duibiao_indexer::{Options, run};
use duibiao_lexicon::Lexicon;
use duibiao_search::{Engine, Request, Unit};
use proptest::prelude::*;

use crate::generator::Generator;

#[derive(Debug, Clone)]
enum Change {
    Write {
        file: u8,
        document: u8,
    },
    Remove {
        file: u8,
    },
    /// Run the indexer now, so that later changes meet committed segments.
    Index,
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        4 => (0..12u8, 0..30u8).prop_map(|(file, document)| Change::Write { file, document }),
        2 => (0..12u8).prop_map(|file| Change::Remove { file }),
        2 => Just(Change::Index),
    ];
    prop::collection::vec(change, 1..25)
}

fn index(docs: &Path, index: &Path) -> Engine {
    let lexicon = || Lexicon::embedded().expect("the lexicon is built in");
    let options = Options {
        roots: vec![docs.to_owned()],
        index: index.to_owned(),
        prune: true,
        ..Options::default()
    };
    run(&options, &lexicon(), &AtomicBool::new(false), &mut |_| {}).expect("an index");
    Engine::open(index, lexicon()).expect("the index just built")
}

/// What an index answers to a set of queries.
fn answers(engine: &Engine) -> BTreeMap<String, String> {
    let generator = Generator::new(5);
    let queries = ["", "审批", "整改", "服务 企业", "\"一是\""]
        .map(str::to_owned)
        .into_iter()
        .chain((0..6).map(|n| generator.query(n)));
    let mut answers = BTreeMap::new();
    for query in queries {
        for unit in [Unit::Measure, Unit::Document] {
            let request = Request {
                query: query.clone(),
                unit,
                limit: 200,
                facets: true,
                ..Request::default()
            };
            let response = engine.search(&request).expect("a query");
            let hits: Vec<String> = response
                .hits
                .iter()
                .map(|h| format!("{} {}", h.id, h.score))
                .collect();
            answers.insert(
                format!("{unit:?} {query}"),
                format!("{} {:?} {:?}", response.total, response.facets, hits),
            );
        }
    }
    answers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn an_updated_index_equals_one_built_afresh(changes in changes()) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (docs, kept) = (folder.path().join("docs"), folder.path().join("kept"));
        fs::create_dir(&docs).expect("a new folder");
        let generator = Generator::new(11);
        for change in changes {
            match change {
                Change::Write { file, document } => {
                    fs::write(docs.join(format!("{file}.txt")), generator.document(document.into()).text).expect("a file");
                }
                Change::Remove { file } => drop(fs::remove_file(docs.join(format!("{file}.txt")))),
                Change::Index => drop(index(&docs, &kept)),
            }
        }
        let updated = answers(&index(&docs, &kept));
        let afresh = answers(&index(&docs, &folder.path().join("afresh")));
        prop_assert_eq!(updated, afresh);
    }
}
