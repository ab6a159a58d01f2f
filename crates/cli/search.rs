//! `duibiao search`: hits at the terminal, as JSON or as a table to take away.

use std::io::{Write, stdout};
use std::path::Path;

use clap::ValueEnum;
use duibiao_search::{Deadline, Engine, Hit, NotCovered, Request, Response, Sort, Table, Unit};

use crate::args::{FilterArgs, Format, IndexArg};
use crate::failure::Outcome;
use crate::output;
use crate::terminal::Style;

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

Examples:
  duibiao search 审批提速
  duibiao search '\"新官不理旧账\"' --format json
  duibiao search --unit document --province 黑龙江
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
    /// Whether hits must have all pieces of the QUERY, or may follow with some
    #[arg(
        long = "match",
        value_enum,
        default_value = "some",
        value_name = "PIECES"
    )]
    matching: MatchArg,
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
    /// Search for nothing but what was typed
    #[arg(long)]
    as_typed: bool,
    /// An added term that is not to be searched for; may be repeated
    #[arg(long, value_name = "TERM")]
    drop: Vec<String>,
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
    format: Format,
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

/// Hits asked for at once with --all.
const PAGE: usize = 1_000;

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let engine = crate::engine(&args.index.index, lexicon)?;
    let request = request(args);
    let mut out = stdout().lock();
    if args.all {
        return all(&engine, request, args.format, &mut out);
    }
    let response = engine.search(&request)?;
    match args.format {
        Format::Json => output::json(&mut out, &response)?,
        Format::Table => print(&mut out, &response, request.offset, args)?,
        format => page(&response.hits, format, true, &mut out)?,
    }
    Ok(Outcome::Done)
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
        limit: if args.all { PAGE } else { args.limit },
        offset: args.offset,
        cursor: args.cursor.clone(),
        match_all: args.matching == MatchArg::All,
        as_typed: args.as_typed,
        drop: args.drop.clone(),
        related: args.related.then_some(true),
        collapse: args.collapse,
        without: Vec::new(),
        facets: args.format == Format::Json,
        explain: args.explain,
        whole: matches!(args.format, Format::Csv | Format::Markdown),
        // Whoever waits at a terminal can press Ctrl-C.
        deadline: Deadline::default(),
        bare: false,
    }
}

/// Goes through every page; only JSON needs them all in memory, for it is one object.
fn all(
    engine: &Engine,
    mut request: Request,
    format: Format,
    out: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let mut first = true;
    let mut whole: Option<Response> = None;
    loop {
        let mut response = engine.search(&request)?;
        request.cursor = response.cursor.take();
        request.facets = false;
        if format == Format::Json {
            match &mut whole {
                Some(whole) => whole.hits.append(&mut response.hits),
                None => whole = Some(response),
            }
        } else if format == Format::Table {
            hits(out, &response.hits, 0)?;
        } else {
            page(&response.hits, format, first, out)?;
        }
        first = false;
        if request.cursor.is_none() {
            break;
        }
    }
    if let Some(whole) = whole {
        output::json(out, &whole)?;
    }
    Ok(Outcome::Done)
}

fn page(hits: &[Hit], format: Format, first: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    match format {
        Format::Csv => rows(hits).csv(out, first)?,
        Format::Markdown => rows(hits).markdown(out, first)?,
        _ => hits.iter().try_for_each(|hit| output::jsonl(out, hit))?,
    }
    Ok(())
}

fn rows(hits: &[Hit]) -> Table {
    let headers = vec![
        "id",
        "province",
        "city",
        "year",
        "date",
        "doc_type",
        "status",
        "kind",
        "themes",
        "problem",
        "text",
        "heading_path",
        "title",
        "path",
        "begin",
        "end",
        "partial",
        "citation",
    ];
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let row = |hit: &Hit| {
        vec![
            hit.id.clone(),
            text(hit.province.as_ref().map(|p| p.name.as_str())),
            text(hit.city.as_ref().map(|p| p.name.as_str())),
            hit.year.map(|y| y.to_string()).unwrap_or_default(),
            text(hit.date.as_deref()),
            text(hit.doc_type.as_deref()),
            text(hit.status.map(duibiao_corpus::Status::as_str)),
            text(hit.kind.map(duibiao_corpus::PassageKind::as_str)),
            hit.themes
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" "),
            text(hit.problem.as_deref()),
            hit.snippet.text.clone(),
            hit.heading_path.join(" › "),
            text(hit.title.as_deref()),
            hit.path.clone(),
            hit.begin.to_string(),
            hit.end.to_string(),
            hit.partial.to_string(),
            hit.citation.clone(),
        ]
    };
    Table::new(headers, hits.iter().map(row).collect())
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

fn hits(out: &mut dyn Write, hits: &[Hit], offset: usize) -> anyhow::Result<()> {
    let style = Style::of_stdout();
    for (index, hit) in hits.iter().enumerate() {
        let place = hit
            .city
            .as_ref()
            .or(hit.province.as_ref())
            .map_or("地区不详", |p| p.name.as_str());
        let year = hit
            .year
            .map_or_else(|| "年份不详".to_owned(), |y| y.to_string());
        let mut facts = vec![place.to_owned(), year];
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
            style.spread(
                &format!("{:>2} {}", offset + index + 1, facts.join(" · ")),
                &hit.id
            )
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
        if let Some(signals) = &hit.explanation {
            let parts: Vec<String> = signals
                .iter()
                .map(|s| format!("{} {:.2}", s.signal, s.value))
                .collect();
            writeln!(
                out,
                "{}",
                style.wrap(&format!("= {:.4}: {}", hit.score, parts.join(", ")), &[], 3)
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}
