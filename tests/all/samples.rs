//! The samples against their labels: what they must hold, and that what is inferred about them
//! does not get worse. The figures are floors: raise them when inference gets better.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use duibiao_corpus::Document;
use duibiao_index::Analyzer;
use duibiao_indexer::{Inspected, inspect};
use duibiao_lexicon::Lexicon;
use serde_json::Value;

use crate::support;

/// Of each field, how many of a hundred stated values must be as labelled, and how many of a
/// hundred labels must be met by some value.
const FLOORS: &[(&str, f64, f64)] = &[
    ("title", 97.0, 97.0),
    ("issuer", 97.0, 97.0),
    ("number", 97.0, 97.0),
    ("doc_type", 97.0, 97.0),
    ("subtype", 95.0, 95.0),
    ("province", 98.0, 98.0),
    ("city", 98.0, 98.0),
    ("county", 98.0, 98.0),
    ("level", 98.0, 98.0),
    ("year", 97.0, 97.0),
    ("date", 97.0, 97.0),
    ("published", 99.0, 90.0),
    ("period", 88.0, 78.0),
    ("themes", 62.0, 56.0),
    ("script", 100.0, 100.0),
    ("partial", 98.0, 98.0),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("index-data/samples")
}

fn labels() -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder().join("labels.csv")).expect("the labels");
    let rows = reader.deserialize();
    rows.map(|row| row.expect("a row")).collect()
}

/// The labelled documents, read as any format is; those of collections are `file#id`.
fn documents() -> BTreeMap<String, Document> {
    let lexicon = Lexicon::embedded().expect("the lexicon is built in");
    let analyzer = Analyzer::new(&lexicon).expect("an analyzer");
    let read = |row: BTreeMap<String, String>| {
        let one = Inspected {
            file: &folder().join(&row["path"]),
            columns: &Default::default(),
            workers: None,
        };
        let document = inspect(&one, &lexicon, &analyzer);
        (row["path"].clone(), document.expect("a sample can be read"))
    };
    labels().into_iter().map(read).collect()
}

#[test]
fn the_samples_are_many_and_say_that_they_are_composed() {
    let rows = labels();
    let distinct = |column: &str| -> BTreeSet<String> {
        let values = rows.iter().map(|row| row[column].clone());
        values.filter(|value| !value.is_empty()).collect()
    };
    assert!(rows.len() >= 48);
    assert!(distinct("city").len() >= 14 && distinct("province").len() >= 8);
    let years = distinct("year");
    assert!(years.contains("2014") && years.contains("2025"));
    assert!(rows.iter().filter(|row| row["script"] == "Hant").count() >= 2);
    let documents = documents();
    for row in rows {
        let text = &documents[&row["path"]].text;
        let tail: String = text
            .chars()
            .rev()
            .take(200)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        assert!(
            tail.contains("示例文档，内容虚构") || tail.contains("示例文檔，內容虛構"),
            "{} ends with {tail:?}",
            row["path"]
        );
    }
}

/// `duibiao eval-tags` on the samples, with more arguments.
fn evaluated(args: &[&str]) -> support::Ran {
    let (labels, samples) = (folder().join("labels.csv"), folder());
    let mut all = vec![
        "eval-tags",
        labels.to_str().expect("UTF-8"),
        samples.to_str().expect("UTF-8"),
    ];
    all.extend(args);
    support::run(Path::new("nowhere"), &all)
}

#[test]
fn the_samples_come_in_every_format_and_encoding() {
    let documents = documents();
    let formats: BTreeSet<&str> = documents.values().map(|d| d.format.as_ref()).collect();
    assert_eq!(
        formats.into_iter().collect::<Vec<_>>(),
        [
            "csv", "doc", "docx", "epub", "html", "jsonl", "markdown", "mht", "ofd", "pdf", "rtf",
            "text", "xlsx"
        ]
    );
    let encodings: BTreeSet<&str> = documents
        .values()
        .filter(|d| ["text", "html"].contains(&d.format.as_ref()))
        .filter_map(|d| d.encoding.as_deref())
        .collect();
    assert_eq!(
        encodings.into_iter().collect::<Vec<_>>(),
        ["Big5", "GB18030", "UTF-16BE", "UTF-16LE", "UTF-8"]
    );
}

#[test]
fn what_is_inferred_is_as_labelled_as_often_as_before() {
    let ran = evaluated(&["--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let found: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(found["documents"].as_u64(), Some(labels().len() as u64));
    let fields = found["fields"].as_array().expect("a list");
    for (name, accuracy, coverage) in FLOORS {
        let score = fields.iter().find(|f| f["field"] == *name).expect(name);
        let reached = |key: &str| score[key].as_f64().expect("a share") * 100.0;
        let wrong: Vec<&Value> = found["confusions"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|c| c["field"] == *name)
            .collect();
        assert!(
            reached("accuracy") >= *accuracy && reached("coverage") >= *coverage,
            "{score}\n{wrong:#?}"
        );
    }
}

#[test]
fn the_labels_are_taken_as_corrections() {
    let place = support::Place::new();
    let ran = support::command(&place.index_folder())
        .arg("index")
        .arg(folder())
        .arg("--labels")
        .arg(folder().join("labels.csv"))
        .output()
        .expect("the binary runs");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}");
}

#[test]
fn a_wrong_label_is_listed_with_what_was_read_instead() {
    let place = support::Place::new();
    let text = "中共鞍山市委关于整改情况的通报\n\n市委高度重视，已全部整改到位，群众反映良好。\n一、立行立改。\n二、长期坚持。\n三、接受监督。\n四、欢迎来信。\n\n中共鞍山市委\n2021年4月6日\n";
    place.write("a.txt", text);
    let labels = place.path("标注.csv");
    fs::write(
        &labels,
        "path,city,county,date,issuer,mood\na.txt,抚顺市,,2021-04-06,,good\nnone.txt,鞍山市,,,,\n",
    )
    .expect("labels");
    let docs = place.docs();
    let run = |args: &[&str]| {
        let mut all = vec![
            "eval-tags",
            labels.to_str().expect("UTF-8"),
            docs.to_str().expect("UTF-8"),
        ];
        all.extend(args);
        place.run(&all)
    };
    let ran = run(&["--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let found: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(found["not_compared"], serde_json::json!(["mood"]));
    assert_eq!(found["without_file"], serde_json::json!(["none.txt"]));
    let confusions = found["confusions"].as_array().expect("a list");
    let told: Vec<_> = confusions
        .iter()
        .map(|c| {
            (
                c["field"].as_str().unwrap_or(""),
                c["expected"].as_str().unwrap_or(""),
                c["got"].as_str().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(
        told,
        [("city", "抚顺市", "鞍山市"), ("issuer", "", "中共鞍山市委")]
    );
    assert!(
        run(&["--format", "csv"])
            .stdout
            .contains("a.txt,city,抚顺市,鞍山市,place.title")
    );
    let cut: Value =
        serde_json::from_str(&run(&["--format", "json", "--without-head", "6"]).stdout)
            .expect("JSON");
    let city = cut["fields"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|f| f["field"] == "city")
        .expect("a city");
    assert_eq!(
        (city["stated"].as_u64(), city["missing"].as_u64()),
        (Some(0), Some(1))
    );
}
