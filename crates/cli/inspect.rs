//! `duibiao inspect`: reads one file without an index and prints what was understood.

use std::io::stdout;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use duibiao_index::Analyzer;
use duibiao_indexer::Columns;

use crate::args::Format;
use crate::failure::Outcome;
use crate::{output, show};

/// Read, infer and segment one file without an index
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao inspect 通报.txt
  duibiao inspect 通报.txt --format table
  duibiao inspect 导出.jsonl#2017-031       one document of a collection")]
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
    /// How it is printed
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let lexicon = crate::lexicon(lexicon)?;
    let analyzer = Analyzer::new(&lexicon)?;
    let columns = Columns::named(&args.columns)?;
    let workers = crate::workers(args.ocr)?;
    let mut document =
        duibiao_indexer::inspect(&args.file, &columns, &lexicon, &analyzer, workers.as_ref())
            .map_err(|why| anyhow!("{}: {why}", args.file.display()))?;
    let mut out = stdout().lock();
    if matches!(args.format, Format::Json | Format::Jsonl) && !args.text {
        document.text.clear();
    }
    match args.format {
        Format::Json => output::json(&mut out, &document)?,
        Format::Jsonl => output::jsonl(&mut out, &document)?,
        Format::Csv => show::passages(&document, None).csv(&mut out, true)?,
        Format::Markdown => show::passages(&document, None).markdown(&mut out, true)?,
        Format::Table => show::print_document(&mut out, &document, None)?,
    }
    Ok(Outcome::Done)
}
