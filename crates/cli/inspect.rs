//! `duibiao inspect`: reads one file without an index and prints what was understood.

use std::io::stdout;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use duibiao_index::Analyzer;

use crate::args::Format;
use crate::failure::Outcome;
use crate::{output, show};

/// Read, infer and segment one file without an index
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao inspect 通报.txt
  duibiao inspect 通报.txt --format table")]
pub(crate) struct Args {
    /// The file
    file: PathBuf,
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
    let workers = crate::workers(args.ocr)?;
    let mut document = duibiao_indexer::inspect(&args.file, &lexicon, &analyzer, workers.as_ref())
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
