//! Runs `tests/stories/*.toml`. A story gives documents and a query, and says which passages come
//! first, in which order, which must not come at all, and what else the answer must say. Every
//! regression names its cause there. It measures no quality: that needs judged queries.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use duibiao_indexer::{Options, run};
use duibiao_lexicon::Lexicon;
use duibiao_search::{Engine, Hit, Request, Response, Unit};
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
    /// Search for nothing but what was typed.
    #[serde(default)]
    as_typed: bool,
    /// Added terms that are not to be searched for.
    #[serde(default)]
    drop: Vec<String>,
    /// Show near-identical hits as one.
    #[serde(default)]
    collapse: bool,
    /// Names and texts of documents.
    documents: BTreeMap<String, Text>,
    /// Words of the passages that come first, in this order.
    #[serde(default)]
    first: Vec<String>,
    /// Words that neither a hit nor a related one may have.
    #[serde(default)]
    never: Vec<String>,
    /// How many hits there are in all.
    total: Option<u64>,
    /// How many of them have no added term.
    exact_total: Option<u64>,
    /// How many hits have only some of what is looked for.
    partial_total: Option<u64>,
    /// Words of the passages that come apart as related, in this order; `[]` for none at all.
    related: Option<Vec<String>>,
    /// What the query is corrected to; empty where it must be left alone.
    corrected: Option<String>,
    /// Queries that are offered beside it, in this order; `[]` for none.
    offers: Option<Vec<String>>,
    /// Terms that are added to the query.
    #[serde(default)]
    adds: Vec<String>,
    /// Terms that are not added to it.
    #[serde(default)]
    never_adds: Vec<String>,
    /// How many near-identical ones stand behind each of the first hits.
    #[serde(default)]
    copies: Vec<usize>,
}

/// A document, or many that differ in their number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    One(String),
    /// `repeat` documents; `{n}` in the text is the number of each, from 1.
    Many {
        text: String,
        repeat: usize,
    },
}

#[test]
fn every_story_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    let mut told = 0;
    let mut wrong: Vec<String> = Vec::new();
    for file in fs::read_dir(folder)
        .expect("the stories")
        .map(|e| e.expect("an entry").path())
    {
        let text = fs::read_to_string(&file).expect("a story");
        let parsed: File =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        for story in parsed.story {
            assert!(!story.because.is_empty(), "{}", story.claim);
            let answer = tell(&story);
            wrong.extend(
                unlike(&story, &answer)
                    .iter()
                    .map(|why| format!("{}: {why}\n{}", story.claim, shown(&answer))),
            );
            told += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(told >= 45, "{told} stories were told");
}

/// Indexes the documents of a story and asks what it asks.
fn tell(story: &Story) -> Response {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (docs, index) = (folder.path().join("docs"), folder.path().join("index"));
    fs::create_dir(&docs).expect("a new folder");
    let write = |name: &str, text: &str| {
        fs::write(docs.join(format!("{name}.txt")), text).expect("a file");
    };
    for (name, text) in &story.documents {
        match text {
            Text::One(text) => write(name, text),
            Text::Many { text, repeat } => {
                for n in 1..=*repeat {
                    let text = text.replace("{n}", &n.to_string());
                    write(&format!("{name}{n}"), &text);
                }
            }
        }
    }
    let lexicon = || Lexicon::embedded().expect("the lexicon is built in");
    let options = Options {
        roots: vec![docs.clone()],
        index: index.clone(),
        ..Options::default()
    };
    run(&options, &lexicon(), &AtomicBool::new(false), &mut |_| {}).expect("an index");
    let engine = Engine::open(&index, lexicon()).expect("the index just built");
    let request = Request {
        query: story.query.clone(),
        unit: match story.unit.as_str() {
            "document" => Unit::Document,
            "" | "measure" => Unit::Measure,
            other => panic!("{}: there is no unit {other}", story.claim),
        },
        limit: 50,
        as_typed: story.as_typed,
        drop: story.drop.clone(),
        collapse: story.collapse,
        explain: true,
        ..Request::default()
    };
    engine.search(&request).expect("a query")
}

/// What an answer has otherwise than claimed.
fn unlike(story: &Story, answer: &Response) -> Vec<String> {
    let mut wrong = Vec::new();
    wrong.extend(out_of_order("hit", &story.first, &answer.hits));
    if let Some(related) = &story.related {
        wrong.extend(out_of_order("related", related, &answer.related));
        if related.is_empty() && answer.related_total > 0 {
            wrong.push("nothing should be related".to_owned());
        }
    }
    let all = || answer.hits.iter().chain(&answer.related);
    for words in &story.never {
        if all().any(|hit| hit.snippet.text.contains(words)) {
            wrong.push(format!("{words:?} should not come"));
        }
    }
    for (name, claimed, is) in [
        ("total", story.total, answer.total),
        ("exact_total", story.exact_total, answer.exact_total),
        ("partial_total", story.partial_total, answer.partial_total),
    ] {
        if claimed.is_some_and(|claimed| claimed != is) {
            wrong.push(format!("{name} should be {claimed:?}, not {is}"));
        }
    }
    let corrected = answer.corrected.as_ref().map_or("", |c| c.to.as_str());
    if story.corrected.as_ref().is_some_and(|to| to != corrected) {
        wrong.push(format!("corrected to {corrected:?}"));
    }
    if story
        .offers
        .as_ref()
        .is_some_and(|o| *o != answer.did_you_mean)
    {
        wrong.push(format!("offers {:?}", answer.did_you_mean));
    }
    let added = |term: &String| answer.query.expansions.iter().any(|e| e.term == *term);
    let missing = story.adds.iter().filter(|term| !added(term));
    wrong.extend(missing.map(|term| format!("{term} should be added")));
    let unwanted = story.never_adds.iter().filter(|term| added(term));
    wrong.extend(unwanted.map(|term| format!("{term} should not be added")));
    for (index, copies) in story.copies.iter().enumerate() {
        let behind = answer.hits.get(index).map(|hit| hit.copies.len());
        if behind != Some(*copies) {
            wrong.push(format!(
                "hit {} should have {copies} copies behind it, not {behind:?}",
                index + 1
            ));
        }
    }
    wrong
}

/// Which hit does not have the words claimed for its place.
fn out_of_order(what: &str, claimed: &[String], hits: &[Hit]) -> Vec<String> {
    let is_there = |index: usize, words: &String| {
        hits.get(index)
            .is_some_and(|hit| hit.snippet.text.contains(words))
    };
    claimed
        .iter()
        .enumerate()
        .filter(|(index, words)| !is_there(*index, words))
        .map(|(index, words)| format!("{what} {} should have {words:?}", index + 1))
        .collect()
}

/// An answer as one reads it to find out why it is not as claimed.
fn shown(answer: &Response) -> String {
    let line = |what: &str, hit: &Hit| {
        let signals: Vec<String> = hit
            .explanation
            .iter()
            .flatten()
            .map(|s| format!("{} {:.2}", s.signal, s.value))
            .collect();
        format!(
            "  {what}{} {:.3} {} | {} | {} copies | {}",
            if hit.partial { " (partial)" } else { "" },
            hit.score,
            hit.path,
            hit.snippet.text,
            hit.copies.len(),
            signals.join(", ")
        )
    };
    let added: Vec<String> = answer
        .query
        .expansions
        .iter()
        .map(|e| format!("{} ({} of {})", e.term, e.kind, e.from))
        .collect();
    let head = format!(
        "  {} total {}, exact {}, partial {}, related {}, collapsed {}; added: {}; did you mean: {}",
        answer.query.resolved,
        answer.total,
        answer.exact_total,
        answer.partial_total,
        answer.related_total,
        answer.collapsed,
        added.join(" "),
        answer.did_you_mean.join(" ")
    );
    let hits = answer.hits.iter().map(|hit| line("hit", hit));
    let related = answer.related.iter().map(|hit| line("related", hit));
    [head]
        .into_iter()
        .chain(hits)
        .chain(related)
        .collect::<Vec<_>>()
        .join("\n")
}
