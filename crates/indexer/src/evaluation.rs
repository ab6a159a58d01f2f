//! How right what is inferred is: documents understood as indexing understands them, against a
//! table of labels, field by field.
//!
//! Nothing here decides how it is shown, and nothing changes a document.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use duibiao_corpus::Document;
use duibiao_extract::{Extracted, Workers};
use duibiao_index::Analyzer;
use duibiao_lexicon::Lexicon;
use serde::Serialize;

use crate::reading;
use crate::truth::{Compared, FIELDS, Judged, Truth};
use crate::understand::understand;
use crate::walk::{Failure, Source, walk};

/// How a field did.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FieldScore {
    /// Name of the column.
    pub field: &'static str,
    /// Rows that have a value; of themes, labelled themes.
    pub labelled: usize,
    /// Documents for which a value was stated, those of empty cells included.
    pub stated: usize,
    /// Values that are as labelled.
    pub right: usize,
    /// Values that are not, where there is a label.
    pub wrong: usize,
    /// Rows that have a value and whose document got none.
    pub missing: usize,
    /// Rows with an empty cell.
    pub empty: usize,
    /// Documents of empty cells for which a value was stated.
    pub should_be_empty: usize,
    /// `right / stated`; 1 where nothing was stated.
    pub accuracy: f64,
    /// Share of the labelled for which a value was stated; 1 where nothing is labelled.
    pub coverage: f64,
}

/// A value that is not as labelled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Confusion {
    /// Path of the document.
    pub path: String,
    /// Name of the column.
    pub field: &'static str,
    /// The label; empty where there should be no value.
    pub expected: String,
    /// What was inferred; empty where nothing was.
    pub got: String,
    /// The rule that decided it, and the words it rests on.
    pub evidence: String,
}

/// What the comparison of a folder with its labels gave.
#[derive(Debug, Default, Serialize)]
pub struct Evaluation {
    /// Documents compared.
    pub documents: usize,
    /// One score for each column that was compared.
    pub fields: Vec<FieldScore>,
    /// Every value that is not as labelled, by path.
    pub confusions: Vec<Confusion>,
    /// Columns of the table that are not compared.
    pub not_compared: Vec<String>,
    /// Rows without a file.
    pub without_file: Vec<String>,
    /// Files that could not be read.
    pub failed: Vec<Failure>,
}

/// Reads the files below `roots` and compares those that have a row. With `without_head` the
/// title and that many lines after it that are not blank are cut off first.
pub fn evaluate(
    truth: &Truth,
    roots: &[PathBuf],
    lexicon: &Lexicon,
    analyzer: &Analyzer,
    workers: Option<&Workers>,
    without_head: Option<usize>,
) -> Evaluation {
    let walked = walk(roots);
    let jobs: Vec<(&Source, &str)> = walked
        .sources
        .iter()
        .filter_map(|source| Some((source, truth.row_of(&source.path)?)))
        .collect();
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Result<Vec<Judged>, Failure>>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((source, row)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let judged = document(source, lexicon, analyzer, workers, without_head)
                        .map(|document| truth.judge(row, &document, lexicon))
                        .map_err(|reason| Failure {
                            path: source.path.clone(),
                            reason,
                        });
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.push(judged);
                }
            });
        }
    });
    let results = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut evaluation = Evaluation {
        not_compared: truth.not_compared().to_vec(),
        failed: walked.failures,
        ..Evaluation::default()
    };
    let rows: Vec<&str> = jobs.iter().map(|(_, row)| *row).collect();
    evaluation.without_file = truth.rows_without(&rows);
    let mut judged = Vec::new();
    for result in results {
        match result {
            Ok(values) => {
                evaluation.documents += 1;
                judged.extend(values);
            }
            Err(failure) => evaluation.failed.push(failure),
        }
    }
    evaluation.fields = scores(&judged);
    evaluation.confusions = judged.into_iter().filter_map(Judged::confusion).collect();
    evaluation
        .confusions
        .sort_by(|a, b| (&a.path, a.field).cmp(&(&b.path, b.field)));
    evaluation.failed.sort_by(|a, b| a.path.cmp(&b.path));
    evaluation
}

fn document(
    source: &Source,
    lexicon: &Lexicon,
    analyzer: &Analyzer,
    workers: Option<&Workers>,
    without_head: Option<usize>,
) -> Result<Document, String> {
    let bytes = reading::bytes(source)?;
    let extracted = reading::text(&source.path, &bytes, workers)?;
    let whole = crate::run::understood(&source.path, extracted, None, lexicon, analyzer)?;
    let Some(lines) = without_head else {
        return Ok(whole);
    };
    let rest = headless(&whole, lines);
    let extracted: Extracted =
        duibiao_extract::extract("text.txt", rest.as_bytes()).map_err(|e| e.to_string())?;
    Ok(understand(&source.path, extracted, lexicon, analyzer))
}

/// The text after the title and `lines` more lines that are not blank.
fn headless(document: &Document, lines: usize) -> String {
    let title = document.metadata.title.as_ref();
    let end = title
        .and_then(|t| t.evidence.first())
        .map_or(0, |e| e.span.end as usize);
    let after: String = document.text.chars().skip(end).collect();
    let mut left = lines;
    let mut kept = String::new();
    for (index, line) in after.split_inclusive('\n').enumerate() {
        // What is left of the title's own line is no line.
        let is_blank = line.trim().is_empty() || index == 0 && title.is_some();
        if left > 0 {
            left -= usize::from(!is_blank);
        } else {
            kept.push_str(line);
        }
    }
    kept
}

fn scores(judged: &[Judged]) -> Vec<FieldScore> {
    let mut scores: BTreeMap<usize, FieldScore> = BTreeMap::new();
    for value in judged {
        let order = FIELDS
            .iter()
            .position(|f| *f == value.field)
            .unwrap_or(FIELDS.len());
        let score = scores.entry(order).or_insert_with(|| FieldScore {
            field: value.field,
            ..FieldScore::default()
        });
        match value.compared {
            Compared::Right => score.right += 1,
            Compared::Wrong => score.wrong += 1,
            Compared::Missing => score.missing += 1,
            Compared::Empty => score.empty += 1,
            Compared::ShouldBeEmpty => {
                score.empty += 1;
                score.should_be_empty += 1;
            }
            Compared::Tags {
                labelled,
                stated,
                right,
            } => {
                score.labelled += labelled;
                score.stated += stated;
                score.right += right;
                score.wrong += stated - right;
                score.missing += labelled - right;
            }
        }
    }
    let share = |part: usize, whole: usize| {
        if whole == 0 {
            1.0
        } else {
            part as f64 / whole as f64
        }
    };
    let finished = scores.into_values().map(|mut score| {
        if score.field == "themes" {
            score.accuracy = share(score.right, score.stated);
            score.coverage = share(score.right, score.labelled);
            return score;
        }
        score.labelled = score.right + score.wrong + score.missing;
        score.stated = score.right + score.wrong + score.should_be_empty;
        score.accuracy = share(score.right, score.stated);
        score.coverage = share(score.right + score.wrong, score.labelled);
        score
    });
    finished.collect()
}
