//! How right what is inferred is: documents understood as indexing understands them, against a
//! table of labels, field by field.
//!
//! Nothing here decides how it is shown, and nothing changes a document.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::PathBuf;

use duibiao_corpus::Document;
use duibiao_extract::{Columns, Extracted, Workers};
use duibiao_lexicon::Lexicon;
use serde::Serialize;

use crate::items::Items;
use crate::reading::{Before, Found, Outcome, Reader, Tools, read_ahead};
use crate::run::understood;
use crate::truth::{Compared, FIELDS, Judged, Truth};
use crate::walk::{Failure, walk};

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
    columns: &Columns,
    workers: Option<&Workers>,
    without_head: Option<usize>,
) -> Evaluation {
    let walked = walk(roots);
    let tools = Tools::new(lexicon, workers);
    let mut judging = Judging {
        truth,
        tools: &tools,
        without_head,
        evaluation: Evaluation {
            not_compared: truth.not_compared().to_vec(),
            failed: walked.failures,
            ..Evaluation::default()
        },
        judged: Vec::new(),
        rows: Vec::new(),
    };
    let items = Items::new(&walked.sources, columns, workers);
    let labelled = items.filter(|item| truth.row_of(&item.origin.path).is_some());
    let Ok(()) = read_ahead(labelled, &tools, &mut judging);
    let Judging {
        mut evaluation,
        judged,
        rows,
        ..
    } = judging;
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    evaluation.without_file = truth.rows_without(&rows);
    evaluation.fields = scores(&judged);
    evaluation.confusions = judged.into_iter().filter_map(Judged::confusion).collect();
    evaluation
        .confusions
        .sort_by(|a, b| (&a.path, a.field).cmp(&(&b.path, b.field)));
    evaluation.failed.sort_by(|a, b| a.path.cmp(&b.path));
    evaluation
}

/// Judges documents as they are read.
struct Judging<'a> {
    truth: &'a Truth,
    tools: &'a Tools<'a>,
    without_head: Option<usize>,
    evaluation: Evaluation,
    judged: Vec<Judged>,
    /// Rows of the labels whose documents were read.
    rows: Vec<String>,
}

impl Reader for Judging<'_> {
    type Error = Infallible;

    fn before(&self, _: &str) -> Before {
        Before::default()
    }

    fn take(&mut self, outcome: Outcome) -> Result<bool, Infallible> {
        let path = outcome.origin.path;
        let Some(row) = self.truth.row_of(&path) else {
            return Ok(true);
        };
        self.rows.push(row.to_owned());
        let document = match outcome.found {
            Found::Document(document) => self.shortened(&path, *document),
            Found::Unreadable(why) => Err(why),
            Found::Failed(error) => Err(error.to_string()),
            Found::Unchanged | Found::End(_) | Found::Large(_) => return Ok(true),
        };
        match document {
            Ok(document) => {
                self.evaluation.documents += 1;
                let judged = self.truth.judge(row, &document, self.tools.lexicon);
                self.judged.extend(judged);
            }
            Err(reason) => self.evaluation.failed.push(Failure {
                path,
                reason,
                seconds: outcome.spent.as_secs_f64(),
            }),
        }
        Ok(true)
    }
}

impl Judging<'_> {
    /// The document, or what is left of it without its head, understood by itself.
    fn shortened(&self, path: &str, whole: Document) -> Result<Document, String> {
        let Some(lines) = self.without_head else {
            return Ok(whole);
        };
        let rest = headless(&whole, lines);
        let rest: Extracted =
            duibiao_extract::extract("text.txt", rest.as_bytes()).map_err(|e| e.to_string())?;
        let analyzer = self.tools.analyzer().map_err(|e| e.to_string())?;
        understood(path, rest, &[], self.tools.lexicon, analyzer)
    }
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
