//! `duibiao index`: reads folders into an index.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use duibiao_indexer::{Columns, Labels, Options, Progress, Report};
use duibiao_search::Table;
use indicatif::{ProgressBar, ProgressStyle};

use crate::args::{Format, IndexArg};
use crate::failure::Outcome;
use crate::output;
use crate::terminal::plain;

/// Read documents into an index
///
/// Reads text, Markdown, HTML, MHT, PDF, DOCX, DOC, OFD, XLSX, CSV, RTF and EPUB files below each
/// PATH, JSONL and CSV files with one document a line or row, and ZIP archives of any of these. A
/// second run reads only what changed. Press Ctrl-C to stop: what is finished is kept.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao index ~/政策文件
  duibiao index 黑龙江 辽宁 --labels 标注.csv
  duibiao index 导出.jsonl --columns text=body_html,id=doc_no
  duibiao index ~/扫描件 --ocr            also read scanned PDF files, with tesseract
  duibiao index ~/政策文件 --prune        also remove documents whose files are gone")]
pub(crate) struct Args {
    /// Folders and files to read; links are not followed
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    index: IndexArg,
    /// Values that replace what is inferred: a CSV with a column `path` and any of title, issuer,
    /// number, doc_type, subtype, province, city, county, level, year, date, published,
    /// appeared, dates (passed 2010-03-31; amended 2020-07-24), period, themes
    #[arg(long, value_name = "FILE.csv")]
    labels: Option<PathBuf>,
    /// Names of columns in JSONL and CSV collections that differ from the usual ones
    #[arg(long, value_name = "COLUMN=NAME", value_delimiter = ',')]
    columns: Vec<String>,
    /// Remove documents below the PATHs whose files are gone
    #[arg(long)]
    prune: bool,
    /// Read scanned pages of PDF files as well, which takes seconds a page
    ///
    /// Needs the packages tesseract-ocr and tesseract-ocr-chi-sim. A page may take 30 seconds and a
    /// file 10 minutes and 200 pages; what is beyond is left out, and the document says so. Files
    /// indexed or refused before are read again where they have pages without text.
    #[arg(long)]
    ocr: bool,
    /// How the report is printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    crate::memory::give_back();
    let lexicon = crate::lexicon(lexicon)?;
    let labels = args
        .labels
        .as_deref()
        .map(|file| Labels::read(file, &lexicon))
        .transpose()?;
    if let Some(ignored) = labels
        .as_ref()
        .map(Labels::ignored_columns)
        .filter(|columns| !columns.is_empty())
    {
        eprintln!(
            "note: columns of the labels that are not used: {}",
            plain(&ignored.join(", "))
        );
    }
    let options = Options {
        roots: args.paths.clone(),
        index: args.index.index.clone(),
        labels,
        prune: args.prune,
        columns: Columns::named(&args.columns)?,
        workers: crate::workers(args.ocr)?,
    };
    let stop = stop_on_signal()?;
    let bar = progress_bar();
    let report = duibiao_indexer::run(&options, &lexicon, &stop, &mut |progress| {
        show(&bar, progress)
    })?;
    bar.finish_and_clear();
    let mut out = stdout().lock();
    match args.format {
        Format::Json => output::json(&mut out, &report)?,
        Format::Jsonl => output::jsonl(&mut out, &report)?,
        Format::Csv => rows(&report).csv(&mut out, true)?,
        Format::Markdown => rows(&report).markdown(&mut out, true)?,
        Format::Table => print(&mut out, &report, &options)?,
    }
    Ok(if report.interrupted {
        Outcome::Interrupted
    } else if report.failed.is_empty() {
        Outcome::Done
    } else {
        Outcome::SomeFailed
    })
}

/// The first Ctrl-C asks the run to stop after the file at hand; the second one leaves at once.
fn stop_on_signal() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        eprintln!("stopping: keeping what is finished (Ctrl-C again to leave at once)");
    })
    .context("cannot watch for Ctrl-C")?;
    Ok(stop)
}

/// On a terminal only; nothing is drawn into a pipe.
fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let template = "{bar:24} {pos}/{len} files  {msg}  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.files_total);
    bar.set_position(progress.files);
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    let rate = megabytes(progress.bytes) / bar.elapsed().as_secs_f64().max(0.001);
    let (done, total) = (megabytes(progress.bytes), megabytes(progress.bytes_total));
    bar.set_message(format!("{done:.1}/{total:.1} MB, {rate:.1} MB/s"));
}

fn print(out: &mut dyn Write, report: &Report, options: &Options) -> anyhow::Result<()> {
    for failure in &report.failed {
        writeln!(out, "failed  {}: {}", plain(&failure.path), failure.reason)?;
    }
    for path in &report.vanished {
        writeln!(
            out,
            "gone    {}: no longer on disk; --prune removes it",
            plain(path)
        )?;
    }
    let rate = report.bytes as f64 / 1e6 / report.seconds.max(1e-9);
    writeln!(
        out,
        "{} added, {} changed, {} unchanged, {} removed, {} failed in {:.2} s ({:.1} MB, {rate:.1} MB/s)",
        report.added,
        report.changed,
        report.unchanged,
        report.removed,
        report.failed.len(),
        report.seconds,
        report.bytes as f64 / 1e6,
    )?;
    if report.skipped + report.links > 0 {
        writeln!(
            out,
            "{} other files and {} links were left out",
            report.skipped, report.links
        )?;
    }
    if report.labels_unused > 0 {
        writeln!(
            out,
            "{} rows of the labels name no document here",
            report.labels_unused
        )?;
    }
    for unused in &report.unused_columns {
        writeln!(
            out,
            "{}: columns that are not read: {}; name them with --columns where they hold one of ours",
            plain(&unused.path),
            plain(&unused.columns.join(", "))
        )?;
    }
    if report.stale_elsewhere {
        writeln!(
            out,
            "documents outside these paths still use the lexicon they were indexed with; index them again as well"
        )?;
    }
    if report.interrupted {
        writeln!(
            out,
            "interrupted: finished documents are in the index; run the same command again for the rest"
        )?;
    }
    writeln!(
        out,
        "{} documents, {} passages in {}",
        report.documents,
        report.passages,
        options.index.display()
    )?;
    Ok(())
}

fn rows(report: &Report) -> Table {
    let failed = report
        .failed
        .iter()
        .map(|f| vec!["failed".to_owned(), f.path.clone(), f.reason.clone()]);
    let gone = report.vanished.iter().map(|path| {
        vec![
            "gone".to_owned(),
            path.clone(),
            "no longer on disk".to_owned(),
        ]
    });
    let counts = [
        ("added", report.added),
        ("changed", report.changed),
        ("unchanged", report.unchanged),
        ("removed", report.removed),
    ];
    let counts = counts
        .into_iter()
        .map(|(name, count)| vec![name.to_owned(), String::new(), count.to_string()]);
    Table::new(
        vec!["what", "path", "detail"],
        counts.chain(failed).chain(gone).collect(),
    )
}
