//! `duibiao compare`: cities, provinces or years side by side, at the terminal or as a file.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;
use duibiao_search::{
    Axis, Cell, CellState, CompareRequest, Comparison, Engine, ExportFormat, Request,
};

use crate::args::{AddedArgs, CitationArg, FilterArgs, IndexArg, OutputFormat};
use crate::export;
use crate::failure::{Outcome, Usage};
use crate::output;
use crate::terminal::{Style, plain};

/// Put cities, provinces or years side by side
///
/// Finds what a QUERY or a theme finds, and sorts it into rows of one matter and columns of one
/// place or year: each cell with its best measure verbatim, dated, with status, figures and source,
/// or with a word that nothing was found in so many documents.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao compare 审批提速 --by city
  duibiao compare 中介服务 --by city --columns 济南,青岛,烟台
  duibiao compare --theme credit.government --by province
  duibiao compare 审批提速 --by year --year 2016..2020 --output 审批提速.xlsx
  duibiao compare --queries 指标.csv --by city --columns 大连,沈阳 --output 对照.xlsx
  duibiao compare 中介服务 --by city --format markdown > 中介服务.md
  duibiao compare 中介服务 --by city --output 中介服务.docx

What other cities have and one has not: `duibiao gaps`.")]
pub(crate) struct Args {
    /// What to compare; without one, what --theme says
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// Compare every row of a CSV with the columns `query`, `theme` and `name`, of which one of the first
    /// two is needed: one workbook with a sheet for each
    #[arg(long, value_name = "FILE.csv", requires = "output", conflicts_with_all = ["query", "theme", "format"])]
    queries: Option<PathBuf>,
    #[command(flatten)]
    index: IndexArg,
    /// What columns are made by
    #[arg(long, value_enum)]
    by: AxisArg,
    /// The columns, in order [default: those filtered by, else those with most matches, 12 at most]
    #[arg(long, value_name = "A,B,…", value_delimiter = ',')]
    columns: Vec<String>,
    /// How many measures of a cell are kept; the table shows the best
    #[arg(long, default_value_t = 3, value_name = "N")]
    limit: usize,
    /// Whether a cell without a measure may mention one that has some of the pieces
    #[arg(
        long = "match",
        value_enum,
        value_name = "PIECES",
        default_value = "some"
    )]
    matching: MatchArg,
    #[command(flatten)]
    added: AddedArgs,
    /// How the comparison is printed
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

#[derive(Debug, Clone, Copy, ValueEnum)]
enum AxisArg {
    /// Cities; a municipality is its own
    City,
    /// Provinces, with their cities
    Province,
    /// Years of documents
    Year,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MatchArg {
    /// Yes
    Some,
    /// No: every hit has all pieces
    All,
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let engine = crate::engine(&args.index.index, lexicon)?;
    if let (Some(queries), Some(file)) = (&args.queries, &args.output) {
        return batch(&engine, args, queries, file);
    }
    let comparison = engine.compare(&asked(args))?;
    if let Some(file) = &args.output {
        let format = export::format_of(args.format.of_file(), file)?;
        export::whole(file, |out| comparison.write(format, &engine, out))?;
        let (rows, columns) = (comparison.rows.len(), comparison.columns.len());
        eprintln!("{rows} rows × {columns} columns in {}", file.display());
        return Ok(Outcome::Done);
    }
    let mut out = stdout();
    match args.format {
        OutputFormat::Json => output::json(&mut out, &comparison)?,
        OutputFormat::Csv => comparison.measures(false).csv(&mut out, true)?,
        OutputFormat::Markdown => comparison.markdown(&engine, &mut out)?,
        OutputFormat::Table => print(&mut out, &comparison)?,
        OutputFormat::Jsonl => comparison.jsonl(&mut out)?,
        OutputFormat::Xlsx => return Err(export::only_to_a_file(ExportFormat::Xlsx).into()),
        OutputFormat::Docx => return Err(export::only_to_a_file(ExportFormat::Docx).into()),
    }
    Ok(Outcome::Done)
}

fn asked(args: &Args) -> CompareRequest {
    CompareRequest {
        request: Request {
            query: args.query.join(" "),
            filters: args.filters.filters(),
            limit: args.limit,
            match_all: args.matching == MatchArg::All,
            as_typed: args.added.as_typed,
            drop: args.added.drop.clone(),
            citation: args.citation.style(),
            ..Request::default()
        },
        by: match args.by {
            AxisArg::City => Axis::City,
            AxisArg::Province => Axis::Province,
            AxisArg::Year => Axis::Year,
        },
        columns: args.columns.clone(),
        passages: Vec::new(),
    }
}

/// Comparisons of a workbook, which are in memory together.
const MOST_MATTERS: usize = 200;

/// A row of a file of comparisons.
#[derive(serde::Deserialize)]
struct Asked {
    #[serde(default)]
    name: String,
    #[serde(default)]
    query: String,
    #[serde(default)]
    theme: String,
}

impl Asked {
    /// What it is called: by its name, else by what it asks.
    fn title(&self) -> &str {
        let all = [&self.name, &self.query, &self.theme];
        let mut given = all.into_iter().map(|text| text.trim());
        given.find(|text| !text.is_empty()).unwrap_or_default()
    }
}

/// Compares every row of a file. A row that is wrong is named and does not stop the rest.
fn batch(engine: &Engine, args: &Args, queries: &Path, file: &Path) -> anyhow::Result<Outcome> {
    if file.extension().is_none_or(|extension| extension != "xlsx") {
        let text = format!(
            "{}: several comparisons go to a workbook, .xlsx",
            file.display()
        );
        return Err(Usage(text).into());
    }
    let cannot = || format!("cannot read {}", queries.display());
    let text = std::fs::read_to_string(queries).with_context(cannot)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let headers = reader.headers().with_context(cannot)?;
    if !headers
        .iter()
        .any(|header| matches!(header, "query" | "theme"))
    {
        let text = format!("{}: there is no column query or theme", queries.display());
        return Err(Usage(text).into());
    }
    let (mut compared, mut failed): (Vec<(String, Comparison)>, usize) = (Vec::new(), 0);
    for (number, row) in reader.deserialize::<Asked>().enumerate() {
        if number == MOST_MATTERS {
            let text = format!("at most {MOST_MATTERS} rows go to one workbook; split the file");
            return Err(Usage(text).into());
        }
        let asked = row.map_err(anyhow::Error::from).and_then(|row| {
            let mut asked = asked(args);
            asked.request.query = row.query.trim().to_owned();
            let themes = row.theme.split([';', '；', ' ']).map(str::trim);
            let themes = themes.filter(|theme| !theme.is_empty());
            asked.request.filters.theme = themes.map(str::to_owned).collect();
            Ok((row.title().to_owned(), engine.compare(&asked)?))
        });
        match asked {
            Ok(named) => compared.push(named),
            Err(error) => {
                failed += 1;
                eprintln!("{}", plain(&format!("row {}: {error}", number + 2)));
            }
        }
    }
    if compared.is_empty() {
        anyhow::bail!("{}: no row could be compared", queries.display());
    }
    let matters: Vec<(String, &Comparison)> = compared
        .iter()
        .map(|(name, comparison)| (name.clone(), comparison))
        .collect();
    export::whole(file, |out| Comparison::xlsx_of(&matters, out))?;
    eprintln!(
        "{} comparisons in {}, {failed} rows failed",
        matters.len(),
        file.display()
    );
    Ok(if failed > 0 {
        Outcome::SomeFailed
    } else {
        Outcome::Done
    })
}

/// Characters of a measure that a cell shows.
const MOST_SHOWN: usize = 90;
/// Columns of a terminal that a column of the table needs.
const LEAST_WIDTH: usize = 22;
/// What the first column takes.
const FIRST: usize = 14;

/// Prints the table, in several where a terminal has no room for all columns, with caveats and
/// sources behind it.
fn print(out: &mut dyn Write, comparison: &Comparison) -> anyhow::Result<()> {
    let style = Style::of_stdout();
    eprintln!(
        "{} measures, {} rows × {} columns ({:.1} ms)",
        comparison.total,
        comparison.rows.len(),
        comparison.columns.len(),
        comparison.took_ms
    );
    if comparison.total == 0 {
        eprintln!(
            " hint: nothing found here does not mean there is none; try fewer or other words with `duibiao search`"
        );
    }
    let at_once = (style.columns.saturating_sub(FIRST) / LEAST_WIDTH).max(1);
    let numbers: Vec<usize> = (0..comparison.columns.len()).collect();
    for some in numbers.chunks(at_once) {
        let mut headers = vec!["事项"];
        headers.extend(
            some.iter()
                .map(|column| comparison.columns[*column].label.as_str()),
        );
        output::grid(out, &headers, &lines(comparison, some), style.columns)?;
    }
    for (number, caveat) in comparison.caveats.iter().enumerate() {
        let text = format!("口径提示 {}  {}", number + 1, caveat.text);
        writeln!(out, "{}", style.wrap(&text, &[], 0))?;
    }
    for source in &comparison.sources {
        let text = format!("[{}] {}", source.number, source.citation);
        writeln!(out, "{}", style.wrap(&text, &[], 0))?;
    }
    writeln!(
        out,
        "{}",
        style.dim(&style.wrap(Comparison::CAUTION, &[], 0))
    )?;
    Ok(())
}

/// The lines of the table, for some of its columns.
fn lines(comparison: &Comparison, columns: &[usize]) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    for (row, cells) in comparison.rows.iter().zip(&comparison.cells) {
        let mut line = vec![row.label.clone()];
        line.extend(
            columns
                .iter()
                .map(|column| cell(comparison, &cells[*column], *column)),
        );
        lines.push(line);
        for quantity in &row.quantities {
            let has_any = quantity
                .values
                .iter()
                .any(|value| columns.contains(&value.column));
            if has_any {
                let mut line = vec![format!("指标：{}", Comparison::named(quantity))];
                let values = columns
                    .iter()
                    .map(|column| Comparison::values(quantity, *column));
                line.extend(values.map(|values| values.join("\n")));
                lines.push(line);
            }
        }
    }
    lines
}

/// A cell as a few lines.
fn cell(comparison: &Comparison, cell: &Cell, column: usize) -> String {
    let state = comparison.state(cell, column, None);
    let Some(hit) = cell.hits.first() else {
        return state;
    };
    let text = output::around(&hit.hit.snippet, MOST_SHOWN);
    let mut facts = vec![hit.hit.dated()];
    facts.extend(hit.hit.status.map(|status| status.label().to_owned()));
    facts.push(format!("[{}]", hit.source));
    if cell.total > 1 {
        facts.push(format!("共 {} 条", cell.total));
    }
    if !cell.caveats.is_empty() {
        let numbers: Vec<String> = cell.caveats.iter().map(usize::to_string).collect();
        facts.push(format!("提示 {}", numbers.join(",")));
    }
    let facts = facts.join(" · ");
    match cell.state {
        CellState::Mentioned => format!("{state}\n{text}\n{facts}"),
        _ => format!("{text}\n{facts}"),
    }
}
