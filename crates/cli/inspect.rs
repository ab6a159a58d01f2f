//! `duibiao inspect`: reads one file without an index and prints what was understood.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use duibiao_corpus::Document;
use duibiao_index::Analyzer;
use duibiao_indexer::{Columns, Explanation, Inspected};
use duibiao_search::Table;
use serde::Serialize;

use crate::args::Format;
use crate::failure::Outcome;
use crate::output;
use crate::show;
use crate::terminal::{Style, plain};

/// Read, infer and segment one file without an index
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao inspect 通报.txt
  duibiao inspect 通报.txt --format table
  duibiao inspect 导出.jsonl#2017-031       one document of a collection
  duibiao inspect 通报.txt --explain        every candidate of every field, and why it won or lost")]
pub(crate) struct Args {
    /// The file, or FILE#ID for a document of a collection
    file: PathBuf,
    /// Names of columns in JSONL and CSV collections that differ from the usual ones
    #[arg(long, value_name = "COLUMN=NAME", value_delimiter = ',')]
    columns: Vec<String>,
    /// Print the extracted text as well
    #[arg(long)]
    text: bool,
    /// Read scanned pages of a PDF file as well: see `duibiao index --help`
    #[arg(long)]
    ocr: bool,
    /// Print every candidate of every field with its score, its evidence and what became of it
    #[arg(long)]
    explain: bool,
    /// How it is printed: json, or with --explain table
    #[arg(long, value_enum)]
    format: Option<Format>,
}

/// A document and every candidate of its fields.
#[derive(Serialize)]
struct Explained<'a> {
    #[serde(flatten)]
    document: &'a Document,
    candidates: &'a Explanation,
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let lexicon = crate::lexicon(lexicon)?;
    let analyzer = Analyzer::new(&lexicon)?;
    let columns = Columns::named(&args.columns)?;
    let workers = crate::workers(args.ocr)?;
    let one = Inspected {
        file: &args.file,
        columns: &columns,
        workers: workers.as_ref(),
    };
    let why = |why: String| anyhow!("{}: {why}", args.file.display());
    if args.explain {
        let (mut document, candidates) =
            duibiao_indexer::inspect_explained(&one, &lexicon, &analyzer).map_err(why)?;
        if !args.text {
            document.text.clear();
        }
        return explain(&document, &candidates, args.format.unwrap_or(Format::Table));
    }
    let mut document = duibiao_indexer::inspect(&one, &lexicon, &analyzer).map_err(why)?;
    let format = args.format.unwrap_or(Format::Json);
    let mut out = stdout().lock();
    if matches!(format, Format::Json | Format::Jsonl) && !args.text {
        document.text.clear();
    }
    match format {
        Format::Json => output::json(&mut out, &document)?,
        Format::Jsonl => output::jsonl(&mut out, &document)?,
        Format::Csv => show::passages(&document, None).csv(&mut out, true)?,
        Format::Markdown => show::passages(&document, None).markdown(&mut out, true)?,
        Format::Table => show::print_document(&mut out, &document, None)?,
    }
    Ok(Outcome::Done)
}

fn explain(
    document: &Document,
    candidates: &Explanation,
    format: Format,
) -> anyhow::Result<Outcome> {
    let mut out = stdout().lock();
    let both = Explained {
        document,
        candidates,
    };
    match format {
        Format::Json => output::json(&mut out, &both)?,
        Format::Jsonl => output::jsonl(&mut out, &both)?,
        Format::Csv => proposals(candidates).csv(&mut out, true)?,
        Format::Markdown => proposals(candidates).markdown(&mut out, true)?,
        Format::Table => {
            let style = Style::of_stdout();
            writeln!(out, "{}", style.bold(&plain(&document.path)))?;
            output::table(&mut out, &proposals(candidates), style.columns)?;
        }
    }
    Ok(Outcome::Done)
}

/// One row a candidate, field by field; a field without any has a row that says so.
fn proposals(candidates: &Explanation) -> Table {
    let mut rows = Vec::new();
    for (field, list) in candidates {
        for proposal in list {
            let quotes = proposal
                .evidence
                .iter()
                .map(|e| format!("“{}”@{}", e.quote.replace('\n', " "), e.span.begin));
            rows.push(vec![
                if proposal.won { "✓" } else { "" }.to_owned(),
                (*field).to_owned(),
                proposal.value.clone(),
                format!("{:.2}", proposal.confidence),
                proposal.rule.to_owned(),
                proposal.why.to_owned(),
                quotes.collect::<Vec<_>>().join(" "),
            ]);
        }
        if list.is_empty() {
            let none = ["", field, "不详", "", "", "no rule proposed anything", ""];
            rows.push(none.map(str::to_owned).to_vec());
        }
    }
    Table::new(
        vec!["", "field", "value", "score", "rule", "why", "evidence"],
        rows,
    )
}
