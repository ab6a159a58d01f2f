//! `duibiao gaps`: what other cities have measures on and one has not, at the terminal or as a file.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use duibiao_search::{CellHit, ExportFormat, GapRow, Gaps, GapsRequest, Request};

use crate::args::{AddedArgs, CitationArg, FilterArgs, IndexArg, OutputFormat};
use crate::export;
use crate::failure::Outcome;
use crate::output;
use crate::terminal::Style;

/// Find what other cities have measures on and one has not
///
/// Looks at everything, or at what a QUERY and filters leave: rows are themes and the terms inside a
/// theme that enough of the other cities have in their measures and the city has in none. Before a
/// row is told as a gap, the city's own documents are searched for other words for the same, for
/// lists and context, and for passages with much the same content, and documents of elsewhere for
/// its name; what is found is quoted as a mention. --status is the status of the others' measures.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao gaps --for 哈尔滨 --against 大连,沈阳,长春
  duibiao gaps --for 哈尔滨 --theme approval --at-least 3
  duibiao gaps 中介服务 --for 株洲 --against 长沙,湘潭 --status done
  duibiao gaps --for 烟台 --province 山东 --output 差距.xlsx
  duibiao gaps --for 烟台 --against 济南,青岛 --format markdown > 差距.md")]
pub(crate) struct Args {
    /// What to look at; without one, everything the filters leave
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    index: IndexArg,
    /// The city whose gaps are looked for
    #[arg(long = "for", value_name = "CITY")]
    city: String,
    /// The cities it is measured against, at most 40 [default: those with most matches]
    #[arg(long, value_name = "A,B,…", value_delimiter = ',')]
    against: Vec<String>,
    /// How many of them must have a matter [default: 2, of one city 1]
    #[arg(long, visible_alias = "at_least", value_name = "K")]
    at_least: Option<usize>,
    /// How many measures of each city are kept; the table shows the best
    #[arg(long, default_value_t = 1, value_name = "N")]
    limit: usize,
    #[command(flatten)]
    added: AddedArgs,
    /// How the gaps are printed
    #[arg(long, value_enum, default_value = "table")]
    format: OutputFormat,
    /// Write a file: .xlsx, .docx, .csv, .md or .jsonl, unless --format says which
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    citation: CitationArg,
    #[command(flatten)]
    filters: FilterArgs,
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let engine = crate::engine(&args.index.index, lexicon)?;
    let gaps = engine.gaps(&GapsRequest {
        request: Request {
            query: args.query.join(" "),
            filters: args.filters.filters(),
            limit: args.limit,
            as_typed: args.added.as_typed,
            drop: args.added.drop.clone(),
            citation: args.citation.style(),
            ..Request::default()
        },
        city: args.city.clone(),
        against: args.against.clone(),
        at_least: args.at_least,
    })?;
    if let Some(file) = &args.output {
        let format = export::format_of(args.format.of_file(), file)?;
        export::whole(file, |out| gaps.write(format, &engine, out))?;
        eprintln!("{} rows in {}", gaps.rows.len(), file.display());
        return Ok(Outcome::Done);
    }
    let mut out = stdout();
    match args.format {
        OutputFormat::Json => output::json(&mut out, &gaps)?,
        OutputFormat::Jsonl => gaps.jsonl(&mut out)?,
        OutputFormat::Csv => gaps.measures(false).csv(&mut out, true)?,
        OutputFormat::Markdown => gaps.markdown(&mut out)?,
        OutputFormat::Table => print(&mut out, &gaps)?,
        OutputFormat::Xlsx => return Err(export::only_to_a_file(ExportFormat::Xlsx).into()),
        OutputFormat::Docx => return Err(export::only_to_a_file(ExportFormat::Docx).into()),
    }
    Ok(Outcome::Done)
}

/// Characters of a measure that are shown.
const MOST_SHOWN: usize = 70;
/// Cities of a row whose measures are shown.
const MOST_CITIES: usize = 3;

/// Prints the table with caveats and sources behind it.
fn print(out: &mut dyn Write, gaps: &Gaps) -> anyhow::Result<()> {
    let style = Style::of_stdout();
    eprintln!(
        "{} rows against {} cities ({:.1} ms)",
        gaps.rows.len(),
        gaps.against.len(),
        gaps.took_ms
    );
    if !gaps.rows.is_empty() {
        let headers = ["事项", "对标城市", gaps.city.label.as_str()];
        let lines = gaps.rows.iter().map(|row| line(gaps, row));
        let lines: Vec<Vec<String>> = lines.collect();
        output::grid(out, &headers, &lines, style.columns)?;
    }
    for (number, caveat) in gaps.caveats.iter().enumerate() {
        let text = format!("口径提示 {}  {}", number + 1, caveat.text);
        writeln!(out, "{}", style.wrap(&text, &[], 0))?;
    }
    for source in &gaps.sources {
        let text = format!("[{}] {}", source.number, source.citation);
        writeln!(out, "{}", style.wrap(&text, &[], 0))?;
    }
    writeln!(out, "{}", style.dim(&style.wrap(Gaps::CAUTION, &[], 0)))?;
    Ok(())
}

fn line(gaps: &Gaps, row: &GapRow) -> Vec<String> {
    let names: Vec<&str> = row.against.iter().map(|c| c.city.name.as_str()).collect();
    let mut others = vec![format!("{} 市：{}", names.len(), names.join("、"))];
    let shown = row.against.iter().take(MOST_CITIES);
    others.extend(shown.filter_map(|city| {
        let hit = city.hits.first()?;
        Some(format!("{}：{}", city.city.name, told(hit)))
    }));
    let own = match row.mine.hits.as_slice() {
        [] => gaps.state(row),
        hits => {
            let told = hits
                .iter()
                .map(|hit| format!("{}\n{}", Gaps::mention(hit), told(hit)));
            told.collect::<Vec<_>>().join("\n")
        }
    };
    vec![row.label.clone(), others.join("\n"), own]
}

/// A measure with its date, status and source.
fn told(hit: &CellHit) -> String {
    let text = output::around(&hit.hit.snippet, MOST_SHOWN);
    let mut facts = vec![hit.hit.dated()];
    facts.extend(hit.hit.status.map(|status| status.label().to_owned()));
    facts.push(format!("[{}]", hit.source));
    format!("{text}（{}）", facts.join(" · "))
}
