//! `duibiao verify-quote`: whether a quote stands where it is said to stand.

use std::io::{Write, stdout};
use std::path::Path;

use duibiao_search::{Claimed, Deadline, QuotePlace, Verdict, Verification};

use crate::args::{CitationArg, IndexArg};
use crate::failure::Outcome;
use crate::output;
use crate::terminal::{Style, plain};

/// Check whether a quote stands in a document or passage
///
/// White space, width and case do not count, and Traditional and Simplified are one; whether the
/// quote stands there character for character is said. Exit codes: 0 it stands there, 1 it does
/// not, 3 it cannot be checked because the text is not there to look at.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao verify-quote 5f0c2a9be1d34c77-m28 平均审批时限缩减一半
  duibiao verify-quote 5f0c2a9be1d34c77 \"$(cat 引文.txt)\" --format json")]
pub(crate) struct Args {
    /// Id of the document or passage it is said to stand in
    id: String,
    /// The words
    #[arg(value_name = "QUOTE", allow_hyphen_values = true)]
    quote: String,
    #[command(flatten)]
    index: IndexArg,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "table")]
    format: FormatArg,
    #[command(flatten)]
    citation: CitationArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FormatArg {
    /// For reading in a terminal
    Table,
    /// One JSON object
    Json,
    /// One JSON object on a line
    Jsonl,
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let claimed = Claimed::read(&args.id)?;
    let engine = crate::engine(&args.index.index, lexicon)?;
    let style = args.citation.style();
    let checked = engine.verify_quote(claimed, &args.quote, style, &Deadline::default())?;
    let mut out = stdout().lock();
    match args.format {
        FormatArg::Json => output::json(&mut out, &checked)?,
        FormatArg::Jsonl => output::jsonl(&mut out, &checked)?,
        FormatArg::Table => print(&mut out, &checked)?,
    }
    Ok(match checked.verdict {
        verdict if verdict.stands() => Outcome::Done,
        Verdict::Unverifiable => Outcome::SomeFailed,
        _ => Outcome::No,
    })
}

fn print(out: &mut dyn Write, checked: &Verification) -> anyhow::Result<()> {
    let style = Style::of_stdout();
    writeln!(
        out,
        "{}",
        style.spread(checked.verdict.label(), &checked.id)
    )?;
    if let Some(reason) = &checked.reason {
        writeln!(out, "{}", style.wrap(reason, &[], 3))?;
    }
    if let Some(citation) = &checked.citation {
        // In one piece, to be copied.
        writeln!(out, "   {}", plain(citation))?;
    }
    places(out, style, &checked.places)?;
    if !checked.beside.is_empty() {
        writeln!(out, "同一文件的别处：")?;
        places(out, style, &checked.beside)?;
    }
    if checked.elsewhere_total > 0 {
        writeln!(out, "另有 {} 份文件：", checked.elsewhere_total)?;
    }
    for other in &checked.elsewhere {
        writeln!(out, "   {}", plain(&other.citation))?;
        places(out, style, &other.places)?;
    }
    Ok(())
}

fn places(out: &mut dyn Write, style: Style, places: &[QuotePlace]) -> anyhow::Result<()> {
    for place in places {
        let mut facts = vec![format!("{}–{}", place.span.begin, place.span.end)];
        facts.extend(place.heading_path.iter().cloned());
        let passage = place.passage.as_deref().unwrap_or_default();
        writeln!(out, "   {passage}  {}", plain(&facts.join(" › ")))?;
        writeln!(out, "{}", style.dim(&style.wrap(&place.text, &[], 5)))?;
    }
    Ok(())
}
