//! `duibiao trace`: where and when a wording stands first, and how it spreads.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use duibiao_search::{ExportFormat, Request, Trace, TraceFormat, TraceRequest, TraceState};

use crate::args::{CitationArg, FilterArgs, IndexArg};
use crate::export;
use crate::failure::{Outcome, Usage};
use crate::output;
use crate::terminal::Style;

/// Trace a wording over years and places
///
/// Looks for TERM literally, in either script, and tells where and when it stands first, in all and
/// in each place, and in how many documents and passages of each year. Other words of the lexicon
/// that mean the same are counted apart. First is first in these documents and no more.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao trace 容缺受理
  duibiao trace 最多跑一次 --province 浙江 --year 2016..
  duibiao trace 一网通办 --format markdown > 一网通办.md
  duibiao trace 告知承诺 --output 告知承诺.svg       the chart; .xlsx, .csv and .md are tables")]
pub(crate) struct Args {
    /// The wording
    #[arg(value_name = "TERM", required = true)]
    term: Vec<String>,
    #[command(flatten)]
    index: IndexArg,
    /// Leave out its synonyms and short forms
    #[arg(long)]
    as_typed: bool,
    /// How the trace is printed
    #[arg(long, value_enum, default_value = "table")]
    format: FormatArg,
    /// Write a file: .svg, .xlsx, .csv or .md, unless --format says which
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    citation: CitationArg,
    #[command(flatten)]
    filters: FilterArgs,
}

/// In which form a trace is printed or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    /// For reading in a terminal
    Table,
    /// One JSON object
    Json,
    /// One JSON object a line, a place each
    Jsonl,
    /// Comma-separated values, a place and year a row
    Csv,
    /// A Markdown table with first appearances and caveats
    Markdown,
    /// A chart of years and places
    Svg,
    /// A workbook, with --output
    Xlsx,
}

impl FormatArg {
    /// The format of a file; none where the file's name has to say it.
    fn of_file(self) -> Option<TraceFormat> {
        match self {
            Self::Csv => Some(TraceFormat::Csv),
            Self::Markdown => Some(TraceFormat::Markdown),
            Self::Svg => Some(TraceFormat::Svg),
            Self::Xlsx => Some(TraceFormat::Xlsx),
            Self::Table | Self::Json | Self::Jsonl => None,
        }
    }
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let engine = crate::engine(&args.index.index, lexicon)?;
    let trace = engine.trace(&TraceRequest {
        term: args.term.join(" "),
        request: Request {
            filters: args.filters.filters(),
            as_typed: args.as_typed,
            citation: args.citation.style(),
            ..Request::default()
        },
    })?;
    if let Some(file) = &args.output {
        let extension = file.extension().unwrap_or_default().to_string_lossy();
        let named = || TraceFormat::named(&extension);
        let Some(format) = args.format.of_file().or_else(named) else {
            let file = file.display();
            return Err(Usage(format!(
                "{file}: the name must end in .svg, .xlsx, .csv or .md"
            ))
            .into());
        };
        export::whole(file, |out| trace.write(format, out))?;
        eprintln!("{} places in {}", trace.places.len(), file.display());
        return Ok(Outcome::Done);
    }
    let mut out = stdout();
    match args.format {
        FormatArg::Json => output::json(&mut out, &trace)?,
        FormatArg::Jsonl => trace
            .places
            .iter()
            .try_for_each(|place| output::jsonl(&mut out, place))?,
        FormatArg::Csv => trace.table(false).csv(&mut out, true)?,
        FormatArg::Markdown => trace.markdown(&mut out)?,
        FormatArg::Svg => out.write_all(trace.svg().as_bytes())?,
        FormatArg::Table => print(&mut out, &trace)?,
        FormatArg::Xlsx => return Err(export::only_to_a_file(ExportFormat::Xlsx).into()),
    }
    Ok(Outcome::Done)
}

/// Characters of a passage that are shown.
const MOST_SHOWN: usize = 60;

/// Prints places with their first appearance and years.
fn print(out: &mut dyn Write, trace: &Trace) -> anyhow::Result<()> {
    let style = Style::of_stdout();
    eprintln!(
        "{} documents, {} passages in {} places ({:.1} ms)",
        trace.documents,
        trace.passages,
        trace.places.len(),
        trace.took_ms
    );
    if !trace.variants.is_empty() {
        eprintln!(" counted apart: {}", trace.variants.join("、"));
    }
    if trace.documents == 0 {
        eprintln!(" hint: nothing found here does not mean there is none");
    }
    if !trace.places.is_empty() {
        let headers = ["地区", "首见", "各年"];
        let lines = trace.places.iter().map(|place| {
            let first = match &place.first {
                Some(first) => {
                    let text = output::around(&first.hit.snippet, MOST_SHOWN);
                    format!("{}\n{text}\n{}", Trace::dated(first), first.hit.citation)
                }
                None => "只有同义说法".to_owned(),
            };
            let years = trace.years.iter().zip(&place.cells);
            let told = years.filter(|(_, cell)| cell.state != TraceState::NoDocuments);
            let mut told: Vec<String> = told
                .map(|(year, cell)| format!("{year} {}", cell.said()))
                .collect();
            if place.undated.passages + place.undated.variant_passages > 0 {
                told.push(format!("年份不详 {}", place.undated.said()));
            }
            vec![place.label.clone(), first, told.join("\n")]
        });
        let lines: Vec<Vec<String>> = lines.collect();
        output::grid(out, &headers, &lines, style.columns)?;
        let text = "没有列出的年份，库中无该地文件。";
        writeln!(out, "{}", style.dim(&style.wrap(text, &[], 0)))?;
    }
    for caveat in &trace.caveats {
        writeln!(out, "{}", style.wrap(&format!("注意  {caveat}"), &[], 0))?;
    }
    Ok(())
}
