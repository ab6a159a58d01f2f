//! `duibiao stats`: what an index holds.

use std::io::{Write, stdout};
use std::path::Path;

use duibiao_search::{Deadline, Stats, Table, UnreadableFile};

use crate::args::{Format, IndexArg};
use crate::failure::Outcome;
use crate::output;
use crate::terminal::Style;

/// Say what the index holds: documents by place, year, theme and type
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao stats
  duibiao stats --unreadable            files that could not be read, each with the reason
  duibiao stats --format json")]
pub(crate) struct Args {
    #[command(flatten)]
    index: IndexArg,
    /// List the files that could not be read
    #[arg(long)]
    unreadable: bool,
    /// How it is printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let engine = crate::engine(&args.index.index, lexicon)?;
    let mut out = stdout().lock();
    if args.unreadable {
        return unreadable(&engine.unreadable()?, args.format, &mut out);
    }
    let stats = engine.stats(&Deadline::default())?;
    match args.format {
        Format::Json => output::json(&mut out, &stats)?,
        Format::Jsonl => output::jsonl(&mut out, &stats)?,
        Format::Csv => rows(&stats).csv(&mut out, true)?,
        Format::Markdown => rows(&stats).markdown(&mut out, true)?,
        Format::Table => {
            writeln!(
                out,
                "{} documents, {} passages ({} searchable)\n{:.1} million characters, {:.1} MB on disk",
                stats.documents,
                stats.passages,
                stats.searchable,
                stats.chars as f64 / 1e6,
                stats.bytes as f64 / 1e6
            )?;
            writeln!(
                out,
                "format {}, lexicon {}, written by {}",
                stats.format, stats.lexicon, stats.written_by
            )?;
            if stats.unreadable > 0 {
                writeln!(
                    out,
                    "{} files could not be read; --unreadable lists them",
                    stats.unreadable
                )?;
            }
            if stats.lexicon_differs {
                writeln!(
                    out,
                    "this program uses another lexicon; run `duibiao index` again to bring the index up to date"
                )?;
            }
            output::table(&mut out, &rows(&stats), Style::of_stdout().columns)?;
        }
    }
    Ok(Outcome::Done)
}

fn unreadable(
    files: &[UnreadableFile],
    format: Format,
    out: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let cells = files.iter().map(|f| vec![f.path.clone(), f.reason.clone()]);
    let rows = Table::new(vec!["path", "reason"], cells.collect());
    match format {
        Format::Json => output::json(out, &files)?,
        Format::Jsonl => files.iter().try_for_each(|file| output::jsonl(out, file))?,
        Format::Csv => rows.csv(out, true)?,
        Format::Markdown => rows.markdown(out, true)?,
        Format::Table if files.is_empty() => eprintln!("every file could be read"),
        Format::Table => output::table(out, &rows, Style::of_stdout().columns)?,
    }
    Ok(Outcome::Done)
}

fn rows(stats: &Stats) -> Table {
    let mut rows = Vec::new();
    for name in duibiao_search::facet_names() {
        for value in stats.facets.get(name).into_iter().flatten() {
            rows.push(vec![
                (*name).to_owned(),
                value.value.clone(),
                value.label.clone(),
                value.count.to_string(),
            ]);
        }
    }
    Table::new(vec!["facet", "value", "label", "documents"], rows)
}
