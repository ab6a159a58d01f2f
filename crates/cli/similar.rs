//! `duibiao similar`: passages about the same as one.

use std::io::{Write, stdout};
use std::path::Path;

use duibiao_corpus::PassageId;
use duibiao_search::{Change, ChangeKind, Deadline, Engine, Hit, Request, Similar, SimilarHit};

use crate::args::{CitationArg, FilterArgs, Format, IndexArg};
use crate::failure::Outcome;
use crate::output;
use crate::search;
use crate::terminal::{Style, plain};

/// Find what says the same as one passage
///
/// Compares words and not slogans. Near-copies are shown as one, with the earliest where their
/// dates decide it, and where a text is nearly the same it is told word by word what differs.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao similar 5f0c2a9be1d34c77-m28 --elsewhere
  duibiao similar 5f0c2a9be1d34c77-m28 --city 沈阳 --city 大连 --status done
  duibiao similar 5f0c2a9be1d34c77-m28 --elsewhere --format json

Ids are those that `duibiao search` prints.")]
pub(crate) struct Args {
    /// Id of the passage
    #[arg(value_name = "PASSAGE_ID")]
    id: String,
    #[command(flatten)]
    index: IndexArg,
    /// Only passages of other places: of another province, or another city
    #[arg(long)]
    elsewhere: bool,
    /// How many hits, at most 50
    #[arg(long, default_value_t = 10, value_name = "N")]
    limit: usize,
    /// How hits are printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    citation: CitationArg,
    #[command(flatten)]
    filters: FilterArgs,
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let id: PassageId = args.id.parse()?;
    let engine = crate::engine(&args.index.index, lexicon)?;
    let request = Request {
        filters: args.filters.filters(),
        limit: args.limit,
        citation: args.citation.style(),
        deadline: Deadline::default(),
        ..Request::default()
    };
    let similar = engine.similar(id, args.elsewhere, &request)?;
    print(&engine, args.format, similar)?;
    Ok(Outcome::Done)
}

fn print(engine: &Engine, format: Format, similar: Similar) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    let rows = |hits: Vec<SimilarHit>| -> Vec<Hit> { hits.into_iter().map(|h| h.hit).collect() };
    match format {
        Format::Json => output::json(&mut out, &similar)?,
        Format::Jsonl => similar
            .hits
            .iter()
            .try_for_each(|hit| output::jsonl(&mut out, hit))?,
        Format::Csv => engine.table(&rows(similar.hits)).csv(&mut out, true)?,
        Format::Markdown => engine.table(&rows(similar.hits)).markdown(&mut out, true)?,
        Format::Table => table(&mut out, &similar)?,
    }
    Ok(())
}

fn table(out: &mut dyn Write, similar: &Similar) -> anyhow::Result<()> {
    let style = Style::of_stdout();
    for caveat in &similar.caveats {
        eprintln!(" note: {caveat}");
    }
    let asked = similar.of.text.as_deref().unwrap_or_default();
    eprintln!(
        "{}",
        style.wrap(&format!("like: {}", shortened(asked)), &[], 1)
    );
    if similar.hits.is_empty() {
        eprintln!(" hint: nothing alike found here does not mean there is none elsewhere");
    }
    for (index, found) in similar.hits.iter().enumerate() {
        search::hit(out, style, index + 1, &found.hit)?;
        let shared = format!("相近 {:.2}：{}", found.likeness, found.shared.join("、"));
        writeln!(out, "{}", style.dim(&style.wrap(&shared, &[], 3)))?;
        if let Some(changes) = &found.changes {
            writeln!(out, "{}", differences(style, changes))?;
        }
        first(out, similar, found)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Which of the near-copies a hit stands for has the earliest date.
fn first(out: &mut dyn Write, similar: &Similar, found: &SimilarHit) -> anyhow::Result<()> {
    let group = similar
        .groups
        .iter()
        .find(|group| group.members.contains(&found.hit.id));
    if let Some(first) = group.and_then(|group| group.first.as_ref()) {
        writeln!(out, "   几乎相同的文本中日期最早：{first}")?;
    }
    Ok(())
}

fn shortened(text: &str) -> String {
    const MOST: usize = 100;
    let text = text.trim();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Stretches of what did not change are shortened to what stands next to a change.
const BESIDE: usize = 12;

/// The differences in a line, as `[-应当-]{+可以+}`.
fn differences(style: Style, changes: &[Change]) -> String {
    let last = changes.len().saturating_sub(1);
    let part = |(number, change): (usize, &Change)| {
        let text = plain(&change.text);
        match change.kind {
            ChangeKind::Removed => format!("[-{text}-]"),
            ChangeKind::Added => format!("{{+{text}+}}"),
            ChangeKind::Same => beside(&text, number > 0, number < last),
        }
    };
    let line: String = changes.iter().enumerate().map(part).collect();
    style.wrap(&format!("异同：{line}"), &[], 3)
}

/// The beginning and the end of a stretch, as far as a change stands there.
fn beside(text: &str, before: bool, after: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (head, tail) = (
        if before { BESIDE } else { 0 },
        if after { BESIDE } else { 0 },
    );
    if chars.len() <= head + tail + 1 {
        return text.to_owned();
    }
    let head: String = chars[..head].iter().collect();
    let tail: String = chars[chars.len() - tail..].iter().collect();
    format!("{head}…{tail}")
}
