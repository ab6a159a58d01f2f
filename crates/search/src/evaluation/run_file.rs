//! Rankings kept as files: `qid Q0 docno place score tag`, TREC's run format.
//!
//! The score counts down, so that programs that sort by it keep the order, whatever the engine's
//! own scores are. A passage is written `name-mNUMBER:BEGIN-END`; it is found again in an index in
//! which passages are cut otherwise.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write as _;
use std::path::Path;

use duibiao_corpus::Span;

use super::error::{EvaluationError, LineFault};
use super::ranking::{PassagePlace, Ranked, Run};
use super::topics::{Topics, lines, read};
use crate::request::Unit;

/// Writes the ranking of these topics; `tag` names the ranker.
///
/// # Errors
/// When the file cannot be written.
pub fn write_run(
    run: &Run,
    topics: &Topics,
    tag: &str,
    path: &Path,
) -> Result<(), EvaluationError> {
    let mut bytes = Vec::new();
    for topic in &topics.topics {
        let list = run.get(&topic.id).map_or(&[][..], Vec::as_slice);
        for (place, ranked) in (1..).zip(list) {
            let (id, docno) = (unspaced(&topic.id), docno(ranked));
            let score = list.len() + 1 - place;
            // Writing to memory does not fail.
            let _ = writeln!(bytes, "{id} Q0 {docno} {place} {score} {tag}");
        }
    }
    fs::write(path, bytes).map_err(|source| EvaluationError::File {
        path: path.to_owned(),
        source,
    })
}

/// Reads a ranking of these topics; lists are in the order of their places.
///
/// # Errors
/// When the file cannot be read or a line is wrong.
pub fn read_run(path: &Path, topics: &Topics) -> Result<Run, EvaluationError> {
    let text = read(path)?;
    let units: HashMap<String, (&str, Unit)> = topics
        .topics
        .iter()
        .map(|topic| (unspaced(&topic.id), (topic.id.as_str(), topic.unit)))
        .collect();
    let mut lists: BTreeMap<&str, Vec<(usize, Ranked)>> = BTreeMap::new();
    for (line, content) in lines(&text) {
        let read = entry(content, |id| units.get(id).map(|(_, unit)| *unit));
        let read = read.map_err(|fault| EvaluationError::Line {
            path: path.to_owned(),
            line,
            fault,
        })?;
        if let Some((id, place, ranked)) = read
            && let Some((id, _)) = units.get(id)
        {
            lists.entry(id).or_default().push((place, ranked));
        }
    }
    let in_order = |(id, mut list): (&str, Vec<(usize, Ranked)>)| {
        list.sort_by_key(|(place, _)| *place);
        let list = list.into_iter().map(|(_, ranked)| ranked).collect();
        (id.to_owned(), list)
    };
    Ok(lists.into_iter().map(in_order).collect())
}

/// One line; `None` for a query that is not asked about.
fn entry(
    line: &str,
    unit: impl Fn(&str) -> Option<Unit>,
) -> Result<Option<(&str, usize, Ranked)>, LineFault> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let [id, _, docno, place, _, _] = columns[..] else {
        return Err(LineFault::Columns {
            expected: 6,
            names: "qid Q0 docno place score tag",
            found: columns.len(),
        });
    };
    let Some(unit) = unit(id) else {
        return Ok(None);
    };
    let number = place.parse().map_err(|_| LineFault::NoNumber {
        name: "place",
        found: place.to_owned(),
    })?;
    let ranked = match unit {
        Unit::Document => Ranked {
            document: spaced(docno),
            passage: None,
        },
        Unit::Measure => passage(docno).ok_or_else(|| LineFault::NoPlace(docno.to_owned()))?,
    };
    Ok(Some((id, number, ranked)))
}

fn docno(ranked: &Ranked) -> String {
    let name = unspaced(&ranked.document);
    match ranked.passage {
        None => name,
        Some(PassagePlace { ordinal, span }) => {
            format!("{name}-m{ordinal}:{}-{}", span.begin, span.end)
        }
    }
}

fn passage(docno: &str) -> Option<Ranked> {
    let (name, place) = docno.rsplit_once("-m")?;
    let (ordinal, span) = place.split_once(':')?;
    let (begin, end) = span.split_once('-')?;
    let (begin, end): (u32, u32) = (begin.parse().ok()?, end.parse().ok()?);
    (begin <= end).then_some(Ranked {
        document: spaced(name),
        passage: Some(PassagePlace {
            ordinal: ordinal.parse().ok()?,
            span: Span::new(begin, end),
        }),
    })
}

/// White space parts the columns, so inside a name it is written as in an address.
fn unspaced(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_whitespace() || c == '%' {
            let bytes = c.encode_utf8(&mut [0; 4]).to_owned().into_bytes();
            out.extend(bytes.iter().map(|byte| format!("%{byte:02X}")));
        } else {
            out.push(c);
        }
    }
    out
}

/// The name again; a percent sign that begins no byte stands for itself.
fn spaced(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let byte = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ranking_survives_being_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let (queries, judgements) = (folder.path().join("q.json"), folder.path().join("run"));
        let text = r#"{"queries":[{"id":"q 1","query":"甲","relevant":{"d e-m2":1}},
            {"id":"2","query":"乙","unit":"document","relevant":{"100%":1}}]}"#;
        fs::write(&queries, text).expect("a file");
        let topics = Topics::read(&queries, None, None).expect("topics");
        let ranked = |document: &str, ordinal| Ranked {
            document: document.to_owned(),
            passage: (ordinal > 0).then(|| PassagePlace {
                ordinal,
                span: Span::new(ordinal, 9 * ordinal),
            }),
        };
        let run = Run::from([
            (
                "q 1".to_owned(),
                vec![ranked("d\u{3000}e", 2), ranked("-m", 1)],
            ),
            ("2".to_owned(), vec![ranked("100%", 0), ranked("%41", 0)]),
        ]);
        write_run(&run, &topics, "t", &judgements).expect("written");
        assert_eq!(read_run(&judgements, &topics).expect("read"), run);
        let written = fs::read_to_string(&judgements).expect("a file");
        assert!(
            written.contains("2 Q0 100%25 1 2 t\n2 Q0 %2541 2 1 t\n"),
            "{written}"
        );
    }

    #[test]
    fn a_line_that_is_none_of_a_ranking_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let (queries, run) = (folder.path().join("q.json"), folder.path().join("run"));
        let text = r#"{"queries":[{"id":"1","query":"甲","relevant":{"d-m2":1}}]}"#;
        fs::write(&queries, text).expect("a file");
        let topics = Topics::read(&queries, None, None).expect("topics");
        for (line, fault) in [
            ("1 Q0 d-m1:0-4 1 1", "6 columns are expected"),
            ("1 Q0 d-m1:0-4 x 1 t", "place is no whole number"),
            ("1 Q0 d 1 1 t", "no passage of a run"),
            ("1 Q0 d-m1:9-4 1 1 t", "no passage of a run"),
        ] {
            fs::write(&run, format!("other Q0 d 1 1 t\n\n{line}\n")).expect("a file");
            let error = read_run(&run, &topics).expect_err("a fault").to_string();
            assert!(error.contains(":3: ") && error.contains(fault), "{error}");
        }
    }
}
