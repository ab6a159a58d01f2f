//! `duibiao search`: hits at the terminal, as JSON or as a table to take away.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use duibiao_search::{
    Deadline, Engine, ExportFormat, Hit, NotCovered, Request, Response, Sort, Unit, Wanted,
};

use crate::args::{AddedArgs, CitationArg, FilterArgs, IndexArg, OutputFormat};
use crate::export;
use crate::failure::Outcome;
use crate::output;
use crate::terminal::Style;

/// Few searches take so long that do not gather terms.
const PATIENCE: Duration = Duration::from_millis(500);

/// Find measures or documents
///
/// Without a QUERY, lists everything the filters allow, newest first.
#[derive(clap::Args)]
#[command(after_help = "\
Query language:
  审批时限 压缩            both pieces wanted; when few hits have both, hits with one follow
  \"新官不理旧账\"           these very characters (put single quotes around it in a shell)
  甲 OR 乙   -招标   ( … )   either, without, grouping
  题:通报 省:黑龙江 市:哈尔滨 年:2017..2023 主题:approval.process 状态:done
  -省:辽宁 -年:2018          all but these; as a flag: --year=-2018

Examples:
  duibiao search 审批提速
  duibiao search '\"新官不理旧账\"' --format json
  duibiao search --unit document --province 黑龙江
  duibiao search 容缺受理 --all --output 容缺受理.xlsx
  duibiao search 容缺受理 --all --format csv > 容缺受理.csv")]
pub(crate) struct Args {
    /// What to look for
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    index: IndexArg,
    /// What a hit is
    #[arg(long, value_enum, default_value = "measure")]
    unit: UnitArg,
    /// In which order hits come [default: relevance with a QUERY, else newest]
    #[arg(long, value_enum)]
    sort: Option<SortArg>,
    /// Whether hits must have all pieces of the QUERY, or may follow with some [default: some, but
    /// all with --all and --output]
    #[arg(long = "match", value_enum, value_name = "PIECES")]
    matching: Option<MatchArg>,
    /// How many hits
    #[arg(long, default_value_t = 10, value_name = "N")]
    limit: usize,
    /// How many hits to leave out first
    #[arg(long, default_value_t = 0, value_name = "N")]
    offset: usize,
    /// Continue behind the hit that gave this cursor
    #[arg(long, conflicts_with = "offset")]
    cursor: Option<String>,
    /// Every hit, however many
    #[arg(long, conflicts_with_all = ["limit", "offset", "cursor"])]
    all: bool,
    #[command(flatten)]
    added: AddedArgs,
    /// Give hits through related terms too, however much else is found
    #[arg(long)]
    related: bool,
    /// Show near-identical hits as one
    #[arg(long, conflicts_with = "all")]
    collapse: bool,
    /// Say what each score is made of
    #[arg(long)]
    explain: bool,
    /// How hits are printed
    #[arg(long, value_enum, default_value = "table")]
    format: OutputFormat,
    /// Write whole passages to a file: .xlsx, .docx, .csv, .md or .jsonl, unless --format says which
    #[arg(long, value_name = "FILE", conflicts_with_all = ["offset", "cursor", "collapse", "explain"])]
    output: Option<PathBuf>,
    #[command(flatten)]
    citation: CitationArg,
    #[command(flatten)]
    filters: FilterArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum UnitArg {
    /// Passages
    Measure,
    /// Whole documents
    Document,
}

impl UnitArg {
    pub(crate) fn unit(self) -> Unit {
        match self {
            Self::Measure => Unit::Measure,
            Self::Document => Unit::Document,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SortArg {
    /// Best first
    Relevance,
    /// Latest first, undated last
    Newest,
    /// Earliest first, undated last
    Oldest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MatchArg {
    /// Hits with some pieces follow where few have all
    Some,
    /// Only hits with all pieces
    All,
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let engine = crate::engine(&args.index.index, lexicon)?;
    let request = request(args);
    if let Some(file) = &args.output {
        let wanted = Wanted {
            partial: args.matching == Some(MatchArg::Some),
            most: (!args.all).then_some(args.limit as u64),
            snippets: false,
        };
        return export::to_file(&engine, &request, wanted, file, args.format.of_file());
    }
    let of_file = args.format.of_file();
    if let Some(format @ (ExportFormat::Xlsx | ExportFormat::Docx)) = of_file {
        return Err(export::only_to_a_file(format).into());
    }
    let mut out = stdout();
    if args.all {
        return all(&engine, request, args, &mut out);
    }
    let response = or_say_why_it_takes_long(|| engine.search(&request))?;
    match args.format {
        OutputFormat::Json => output::json(&mut out, &response)?,
        OutputFormat::Csv => engine.table(&response.hits).csv(&mut out, true)?,
        OutputFormat::Markdown => engine.table(&response.hits).markdown(&mut out, true)?,
        OutputFormat::Jsonl => response
            .hits
            .iter()
            .try_for_each(|hit| output::jsonl(&mut out, hit))?,
        OutputFormat::Table | OutputFormat::Xlsx | OutputFormat::Docx => {
            print(&mut out, &response, request.offset, args)?;
        }
    }
    Ok(Outcome::Done)
}

/// Searches; whoever waits at a terminal for longer than most searches take is told what for. A server
/// gathers terms before anyone asks, a single search only when it needs them.
fn or_say_why_it_takes_long<T>(search: impl FnOnce() -> T) -> T {
    if !stderr().is_terminal() {
        return search();
    }
    let (done, is_done) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if is_done.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                eprintln!(
                    " still searching: where nothing has what was typed, documents are read for what may have been meant"
                );
            }
        });
        let found = search();
        drop(done);
        found
    })
}

fn request(args: &Args) -> Request {
    Request {
        query: args.query.join(" "),
        filters: args.filters.filters(),
        unit: args.unit.unit(),
        sort: args.sort.map(|sort| match sort {
            SortArg::Relevance => Sort::Relevance,
            SortArg::Newest => Sort::Newest,
            SortArg::Oldest => Sort::Oldest,
        }),
        limit: args.limit,
        offset: args.offset,
        cursor: args.cursor.clone(),
        match_all: args.matching == Some(MatchArg::All),
        as_typed: args.added.as_typed,
        drop: args.added.drop.clone(),
        related: args.related.then_some(true),
        collapse: args.collapse,
        without: Vec::new(),
        facets: args.format == OutputFormat::Json,
        explain: args.explain,
        whole: matches!(args.format, OutputFormat::Csv | OutputFormat::Markdown),
        citation: args.citation.style(),
        // Whoever waits at a terminal can press Ctrl-C.
        deadline: Deadline::default(),
        bare: false,
    }
}

/// Prints every hit; only JSON needs them all in memory, for it is one object.
fn all(
    engine: &Engine,
    request: Request,
    args: &Args,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<Outcome> {
    let wanted = Wanted {
        partial: args.matching == Some(MatchArg::Some),
        most: None,
        snippets: matches!(
            args.format,
            OutputFormat::Table | OutputFormat::Json | OutputFormat::Jsonl
        ),
    };
    let format = match args.format {
        OutputFormat::Csv => Some(ExportFormat::Csv),
        OutputFormat::Jsonl => Some(ExportFormat::Jsonl),
        OutputFormat::Markdown => Some(ExportFormat::Markdown),
        OutputFormat::Json | OutputFormat::Table | OutputFormat::Xlsx | OutputFormat::Docx => None,
    };
    if let Some(format) = format {
        let export = engine.export(&request, wanted)?;
        export::write(engine, export, format, out)?;
        return Ok(Outcome::Done);
    }
    let first = Request {
        limit: 1,
        match_all: request.match_all || !wanted.partial,
        ..request.clone()
    };
    let mut export = engine.export(&request, wanted)?;
    let mut whole = engine.search(&first)?;
    whole.hits.clear();
    whole.cursor = None;
    let mut shown = 0;
    loop {
        let mut rows = engine.export_rows(&mut export, &Deadline::default())?;
        if rows.is_empty() {
            break;
        }
        // What is read here is a search's answer; whole passages belong in files.
        rows.iter_mut().for_each(|hit| hit.text = None);
        if args.format == OutputFormat::Json {
            whole.hits.append(&mut rows);
        } else {
            hits(out, &rows, shown)?;
        }
        shown += rows.len();
    }
    if args.format == OutputFormat::Json {
        output::json(out, &whole)?;
    }
    Ok(Outcome::Done)
}

fn print(
    out: &mut dyn Write,
    response: &Response,
    offset: usize,
    args: &Args,
) -> anyhow::Result<()> {
    let unit = match args.unit {
        UnitArg::Measure => "measures",
        UnitArg::Document => "documents",
    };
    let partial = if response.partial_total > 0 {
        format!(", {} more with some of the pieces", response.partial_total)
    } else {
        String::new()
    };
    eprintln!(
        "{} {unit}{partial} ({:.1} ms)",
        response.total, response.took_ms
    );
    if response.hits.is_empty() {
        eprintln!(
            " hint: nothing found here does not mean there is none; try fewer or other words, or fewer filters"
        );
    }
    corrected(response);
    added(response);
    for left_out in &response.not_covered {
        eprintln!("{}", not_covered(left_out));
    }
    hits(out, &response.hits, offset)?;
    if !response.related.is_empty() {
        eprintln!(
            "{} about something akin, not counted above ({}):",
            response.related_total,
            terms(response, is_akin)
        );
        hits(out, &response.related, 0)?;
    }
    let shown = offset as u64 + response.hits.len() as u64;
    if response.cursor.is_some() && shown < response.total + response.partial_total {
        eprintln!(" more: --offset {shown}, or --all");
    }
    Ok(())
}

/// Says what was searched for in place of what was typed, or might be.
fn corrected(response: &Response) {
    if let Some(corrected) = &response.corrected {
        eprintln!(
            " nothing has {}; searched for {} instead ({})",
            corrected.from, corrected.to, corrected.kind
        );
    }
    if !response.did_you_mean.is_empty() {
        eprintln!(" or did you mean: {}", response.did_you_mean.join("、"));
    }
}

/// Says which terms were searched for beside what was typed.
fn added(response: &Response) {
    let terms = terms(response, |kind| !is_akin(kind));
    if !terms.is_empty() {
        eprintln!(
            " also searched: {terms}; {} without (--drop TERM or --as-typed leaves them out)",
            response.exact_total
        );
    }
}

/// Whether an added term finds only what is shown apart.
fn is_akin(kind: &str) -> bool {
    matches!(kind, "related" | "theme")
}

fn terms(response: &Response, is_wanted: impl Fn(&str) -> bool) -> String {
    let added = response.query.expansions.iter();
    let wanted: Vec<&str> = added
        .filter(|added| is_wanted(&added.kind))
        .map(|added| added.term.as_str())
        .collect();
    wanted.join("、")
}

/// That a filter leaves out what a place of today was before.
fn not_covered(left_out: &NotCovered) -> String {
    let NotCovered {
        filter,
        place,
        former,
        until,
        documents,
    } = left_out;
    let until = until.map_or_else(String::new, |year| format!(" (until {year})"));
    let those = if *documents == 1 {
        "1 document".to_owned()
    } else {
        format!("{documents} documents")
    };
    format!(
        " note: {} does not cover {those} of {}{until}, now part of it; add --{filter} {}",
        place.name, former.name, former.code
    )
}

/// Prints hits, numbered behind the first `offset`.
pub(crate) fn hits(out: &mut dyn Write, hits: &[Hit], offset: usize) -> anyhow::Result<()> {
    let style = Style::of_stdout();
    for (index, found) in hits.iter().enumerate() {
        hit(out, style, offset + index + 1, found)?;
        if let Some(signals) = &found.explanation {
            let parts: Vec<String> = signals
                .iter()
                .map(|s| format!("{} {:.2}", s.signal, s.value))
                .collect();
            let sum = format!("= {:.4}: {}", found.score, parts.join(", "));
            writeln!(out, "{}", style.wrap(&sum, &[], 3))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Prints a hit: what it is, its words, and where it stands.
pub(crate) fn hit(
    out: &mut dyn Write,
    style: Style,
    number: usize,
    hit: &Hit,
) -> anyhow::Result<()> {
    let year = hit
        .year
        .map_or_else(|| "年份不详".to_owned(), |y| y.to_string());
    let mut facts = vec![hit.place_name().to_owned(), year];
    facts.extend(hit.doc_type.clone());
    facts.extend(hit.status.map(|s| s.label().to_owned()));
    facts.extend(
        hit.kind
            .filter(|k| *k != duibiao_corpus::PassageKind::Measure)
            .map(|k| k.label().to_owned()),
    );
    if hit.partial {
        facts.push("部分命中".to_owned());
    }
    if !hit.copies.is_empty() {
        facts.push(format!("另有 {} 条几乎相同", hit.copies.len()));
    }
    writeln!(
        out,
        "{}",
        style.spread(&format!("{number:>2} {}", facts.join(" · ")), &hit.id)
    )?;
    let marks: Vec<(u32, u32)> = hit
        .snippet
        .ranges
        .iter()
        .map(|r| (r.begin, r.end))
        .collect();
    writeln!(out, "{}", style.wrap(&hit.snippet.text, &marks, 3))?;
    let mut place: Vec<&str> = hit.heading_path.iter().map(String::as_str).collect();
    place.insert(0, hit.title.as_deref().unwrap_or(&hit.path));
    writeln!(
        out,
        "{}",
        style.dim(&style.wrap(&place.join(" › "), &[], 3))
    )?;
    Ok(())
}
