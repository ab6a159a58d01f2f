//! The samples against their labels: what they must hold, and that what is inferred about them
//! does not get worse. The figures are floors: raise them when inference gets better.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use duibiao_corpus::Document;
use duibiao_index::Analyzer;
use duibiao_indexer::inspect;
use duibiao_lexicon::Lexicon;

/// Of each field, how many of a hundred labelled values must be found as labelled.
const FLOORS: &[(&str, usize)] = &[
    ("title", 95),
    ("province", 95),
    ("city", 92),
    ("year", 77),
    ("date", 83),
    ("doc_type", 80),
    ("level", 85),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("index-data/samples")
}

fn labels() -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder().join("labels.csv")).expect("the labels");
    let rows = reader.deserialize();
    rows.map(|row| row.expect("a row")).collect()
}

fn documents() -> BTreeMap<String, Document> {
    let lexicon = Lexicon::embedded().expect("the lexicon is built in");
    let analyzer = Analyzer::new(&lexicon).expect("an analyzer");
    let read = |row: BTreeMap<String, String>| {
        let path = row["path"].clone();
        let document = inspect(
            &folder().join(&path),
            &Default::default(),
            &lexicon,
            &analyzer,
            None,
        );
        (path, document.expect("a sample can be read"))
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
    let documents = documents();
    let mut right: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong: Vec<String> = Vec::new();
    let rows = labels();
    for row in &rows {
        let known = &documents[&row["path"]].metadata;
        let text = |value: Option<String>| value.unwrap_or_default();
        for (field, found) in [
            ("title", text(known.title.as_ref().map(|v| v.value.clone()))),
            (
                "province",
                text(known.province.as_ref().map(|v| v.value.name.clone())),
            ),
            (
                "city",
                text(known.city.as_ref().map(|v| v.value.name.clone())),
            ),
            (
                "year",
                text(known.year.as_ref().map(|v| v.value.to_string())),
            ),
            (
                "date",
                text(known.date.as_ref().map(|v| v.value.to_string())),
            ),
            (
                "doc_type",
                text(known.doc_type.as_ref().map(|v| v.value.clone())),
            ),
            (
                "level",
                text(known.level.as_ref().map(|v| v.value.as_str().to_owned())),
            ),
        ] {
            if found == row[field] {
                *right.entry(field).or_default() += 1;
            } else {
                wrong.push(format!(
                    "{}: {field} {found:?}, labelled {:?}",
                    row["path"], row[field]
                ));
            }
        }
    }
    for (field, floor) in FLOORS {
        let share = right.get(field).copied().unwrap_or(0) * 100 / rows.len();
        assert!(
            share >= *floor,
            "{field}: {share} of 100, at least {floor}\n{}",
            wrong.join("\n")
        );
    }
}
