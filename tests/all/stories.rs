//! Runs `tests/stories/*.toml`. A story gives documents and a query, and says which passages come
//! first, in which order, and which must not come at all. Every regression names its cause there.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use duibiao_indexer::{Options, run};
use duibiao_lexicon::Lexicon;
use duibiao_search::{Engine, Request, Unit};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    story: Vec<Story>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    /// What is claimed.
    claim: String,
    /// Why an analyst needs it.
    because: String,
    query: String,
    #[serde(default)]
    unit: String,
    /// Names and texts of documents.
    documents: toml::Table,
    /// Words of the passages that come first, in this order.
    #[serde(default)]
    first: Vec<String>,
    /// Words that no hit may have.
    #[serde(default)]
    never: Vec<String>,
    /// How many hits there are in all.
    total: Option<u64>,
}

#[test]
fn every_story_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    let mut told = 0;
    for file in fs::read_dir(folder)
        .expect("the stories")
        .map(|e| e.expect("an entry").path())
    {
        let text = fs::read_to_string(&file).expect("a story");
        let parsed: File =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        for story in parsed.story {
            tell(&story);
            told += 1;
        }
    }
    assert!(told >= 10, "{told} stories were told");
}

fn tell(story: &Story) {
    assert!(!story.because.is_empty());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (docs, index) = (folder.path().join("docs"), folder.path().join("index"));
    fs::create_dir(&docs).expect("a new folder");
    for (name, text) in &story.documents {
        fs::write(
            docs.join(format!("{name}.txt")),
            text.as_str().expect("a text"),
        )
        .expect("a file");
    }
    let lexicon = || Lexicon::embedded().expect("the lexicon is built in");
    let options = Options {
        roots: vec![docs],
        index: index.clone(),
        ..Options::default()
    };
    run(&options, &lexicon(), &AtomicBool::new(false), &mut |_| {}).expect("an index");
    let engine = Engine::open(&index, lexicon()).expect("the index just built");
    let unit = if story.unit == "document" {
        Unit::Document
    } else {
        Unit::Measure
    };
    let request = Request {
        query: story.query.clone(),
        unit,
        limit: 50,
        explain: true,
        ..Request::default()
    };
    let response = engine.search(&request).expect("a query");
    let shown: Vec<String> = response
        .hits
        .iter()
        .map(|h| {
            format!(
                "{:.3} {} | {} | {:?}",
                h.score, h.path, h.snippet.text, h.explanation
            )
        })
        .collect();
    let shown = shown.join("\n");
    for (index, words) in story.first.iter().enumerate() {
        let hit = response
            .hits
            .get(index)
            .unwrap_or_else(|| panic!("{}: no hit {}\n{shown}", story.claim, index + 1));
        assert!(
            hit.snippet.text.contains(words),
            "{}: hit {} should have {words:?}\n{shown}",
            story.claim,
            index + 1
        );
    }
    for words in &story.never {
        assert!(
            response
                .hits
                .iter()
                .all(|h| !h.snippet.text.contains(words)),
            "{}: {words:?} should not come\n{shown}",
            story.claim
        );
    }
    if let Some(total) = story.total {
        assert_eq!(response.total, total, "{}\n{shown}", story.claim);
    }
}
