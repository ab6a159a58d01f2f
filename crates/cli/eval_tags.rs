//! `duibiao eval-tags`: compares what is inferred about documents with labels.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use duibiao_indexer::{Columns, Evaluation, Truth, evaluate};
use duibiao_search::Table;

use crate::args::Format;
use crate::failure::Outcome;
use crate::output;
use crate::terminal::{Style, plain};

/// Compare what is inferred about documents with labels
///
/// Reads the files below PATH as `index` does, without an index, and compares each that has a row in
/// LABELS.csv, field by field; a row of a collection has the values its own columns give. The table
/// has a column `path` (relative to PATH) and any of title, issuer, number, doc_type, subtype, province, city, county, level, year, date, published,
/// appeared, period, script, partial, chapters, articles (numbers of 第…章 and 第…条), themes (`;` between
/// them). Other columns are reported as not compared.
///
/// An empty cell means that there is no such value. Of province, city and county any value is then
/// an error; of the other columns only one that the document is said to state itself, because a value marked as
/// concluded claims less. Such errors count among the stated ones, so they lower the accuracy.
///
/// accuracy = right / stated; coverage = share of the labelled for which something was stated. Themes
/// are compared as sets: of each document as many of its strongest themes as are labelled; their
/// coverage is the share of labelled themes found.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao eval-tags index-data/samples/labels.csv index-data/samples
  duibiao eval-tags 标注.csv ~/政策文件 --without-head 10
  duibiao eval-tags 标注.csv ~/政策文件 --format csv > 误判.csv     # the values that are not as labelled")]
pub(crate) struct Args {
    /// The table of labels
    labels: PathBuf,
    /// Folders and files to read
    #[arg(required = true)]
    path: Vec<PathBuf>,
    /// Cut off the title and this many lines after it that are not blank, then infer
    #[arg(long, value_name = "LINES")]
    without_head: Option<usize>,
    /// Names of columns in JSONL and CSV collections that differ from the usual ones
    #[arg(long, value_name = "COLUMN=NAME", value_delimiter = ',')]
    columns: Vec<String>,
    /// How it is printed; CSV and JSON lines hold the list of wrong values
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let lexicon = crate::lexicon(lexicon)?;
    let truth = Truth::read(&args.labels)?;
    let evaluation = evaluate(
        &truth,
        &args.path,
        &lexicon,
        &Columns::named(&args.columns)?,
        crate::workers(false)?.as_ref(),
        args.without_head,
    );
    let mut out = stdout().lock();
    match args.format {
        Format::Json => output::json(&mut out, &evaluation)?,
        Format::Jsonl => {
            for confusion in &evaluation.confusions {
                output::jsonl(&mut out, confusion)?;
            }
        }
        Format::Csv => confusions(&evaluation).csv(&mut out, true)?,
        Format::Markdown => {
            scores(&evaluation).markdown(&mut out, true)?;
            writeln!(out)?;
            confusions(&evaluation).markdown(&mut out, true)?;
        }
        Format::Table => {
            let columns = Style::of_stdout().columns;
            output::table(&mut out, &scores(&evaluation), columns)?;
            if !evaluation.confusions.is_empty() {
                output::table(&mut out, &confusions(&evaluation), columns)?;
            }
        }
    }
    notes(&evaluation);
    Ok(Outcome::Done)
}

fn scores(evaluation: &Evaluation) -> Table {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let rows = evaluation.fields.iter().map(|score| {
        vec![
            score.field.to_owned(),
            score.labelled.to_string(),
            score.stated.to_string(),
            score.right.to_string(),
            score.wrong.to_string(),
            score.missing.to_string(),
            format!("{} of {}", score.should_be_empty, score.empty),
            percent(score.accuracy),
            percent(score.coverage),
        ]
    });
    Table::new(
        vec![
            "field",
            "labelled",
            "stated",
            "right",
            "wrong",
            "missing",
            "should be empty",
            "accuracy",
            "coverage",
        ],
        rows.collect(),
    )
}

fn confusions(evaluation: &Evaluation) -> Table {
    let rows = evaluation.confusions.iter().map(|confusion| {
        vec![
            confusion.path.clone(),
            confusion.field.to_owned(),
            confusion.expected.clone(),
            confusion.got.clone(),
            confusion.evidence.clone(),
        ]
    });
    Table::new(
        vec!["path", "field", "expected", "got", "evidence"],
        rows.collect(),
    )
}

/// What was not compared, on stderr.
fn notes(evaluation: &Evaluation) {
    eprintln!("{} documents compared", evaluation.documents);
    if !evaluation.not_compared.is_empty() {
        eprintln!(
            "not compared: {}",
            plain(&evaluation.not_compared.join(", "))
        );
    }
    if !evaluation.without_file.is_empty() {
        let rows = &evaluation.without_file;
        eprintln!(
            "{} rows have no file: {}",
            rows.len(),
            plain(&rows[..rows.len().min(5)].join(", "))
        );
    }
    for failure in &evaluation.failed {
        eprintln!("cannot read {}: {}", plain(&failure.path), failure.reason);
    }
}
