//! `duibiao show`: one document or passage of the index.

use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use duibiao_corpus::{
    Deadline, Document, DocumentId, Figure, NamedPlace, Passage, PassageId, Responsible,
};
use duibiao_search::{DocumentView, Ledger, PassageView, Table};

use crate::args::{CitationArg, Format, IndexArg};
use crate::failure::Outcome;
use crate::output;
use crate::terminal::{Style, plain};

/// Show a document with its evidence and passages, or one passage
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao show 5f0c2a9be1d34c77
  duibiao show 5f0c2a9be1d34c77-m28 --format json
  duibiao show 5f0c2a9be1d34c77 --ledger --output 台账.xlsx")]
pub(crate) struct Args {
    /// Id of a document, or of a passage as search prints it
    id: String,
    #[command(flatten)]
    index: IndexArg,
    /// Show the document's measures as a ledger (台账): problem, measure, status, figures, deadlines,
    /// responsible bodies
    #[arg(long)]
    ledger: bool,
    /// Write the ledger to a file: .xlsx, .csv or .md
    #[arg(long, value_name = "FILE", requires = "ledger")]
    output: Option<PathBuf>,
    /// How it is printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    citation: CitationArg,
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let passage: Option<PassageId> = if args.id.contains("-m") {
        Some(args.id.parse()?)
    } else {
        None
    };
    let document: Option<DocumentId> = if passage.is_none() {
        Some(args.id.parse()?)
    } else {
        None
    };
    let engine = crate::engine(&args.index.index, lexicon)?;
    let style = args.citation.style();
    let mut out = stdout().lock();
    if args.ledger {
        let Some(id) = document else {
            bail!("a ledger is of a document; give the id without its -m part");
        };
        let ledger = engine.ledger(id, style)?;
        match &args.output {
            Some(file) => write_ledger(&ledger, file)?,
            None => show_ledger(&mut out, &ledger, args.format)?,
        }
    } else if let Some(id) = passage {
        show_passage(&mut out, &engine.passage(id, style)?, args.format)?;
    } else if let Some(id) = document {
        show_document(&mut out, &engine.document(id, style)?, args.format)?;
    }
    Ok(Outcome::Done)
}

fn show_passage(out: &mut dyn Write, view: &PassageView, format: Format) -> anyhow::Result<()> {
    let headers = vec![
        "id",
        "kind",
        "status",
        "begin",
        "end",
        "heading_path",
        "problem",
        "text",
        "figures",
        "deadlines",
        "responsible",
        "places",
        "title",
        "path",
        "citation",
    ];
    let row = || {
        let passage = &view.passage;
        vec![
            view.id.clone(),
            passage.kind.as_str().to_owned(),
            passage
                .status
                .map_or_else(String::new, |s| s.as_str().to_owned()),
            passage.span.begin.to_string(),
            passage.span.end.to_string(),
            passage.heading_path.join(" › "),
            passage
                .problem
                .as_ref()
                .map_or_else(String::new, |p| p.text.clone()),
            view.text.trim().to_owned(),
            figures(passage).join("；"),
            deadlines(passage).join("；"),
            responsible(passage).join("；"),
            places(passage).join("；"),
            view.title.clone().unwrap_or_default(),
            view.path.clone(),
            view.citation.clone(),
        ]
    };
    match format {
        Format::Json => output::json(out, view)?,
        Format::Jsonl => output::jsonl(out, view)?,
        Format::Csv => Table::new(headers, vec![row()]).csv(out, true)?,
        Format::Markdown => Table::new(headers, vec![row()]).markdown(out, true)?,
        Format::Table => {
            let style = Style::of_stdout();
            writeln!(out, "{}", style.wrap(view.text.trim(), &[], 0))?;
            writeln!(out)?;
            for (name, value) in headers
                .into_iter()
                .zip(row())
                .filter(|(name, value)| *name != "text" && !value.is_empty())
            {
                writeln!(out, "{}", style.wrap(&format!("{name:<13}{value}"), &[], 0))?;
            }
        }
    }
    Ok(())
}

fn show_ledger(out: &mut dyn Write, ledger: &Ledger, format: Format) -> anyhow::Result<()> {
    match format {
        Format::Json => output::json(out, ledger)?,
        Format::Jsonl => ledger
            .rows
            .iter()
            .try_for_each(|row| output::jsonl(out, row))?,
        Format::Csv => ledger.table().csv(out, true)?,
        Format::Markdown => ledger.table().markdown(out, true)?,
        Format::Table => {
            let style = Style::of_stdout();
            let title = ledger.title.as_deref().unwrap_or(&ledger.path);
            writeln!(out, "{}", style.bold(&plain(title)))?;
            for note in ledger.notes() {
                writeln!(out, "{}", style.dim(&note))?;
            }
            writeln!(out, "{}", style.dim(Ledger::CAUTION))?;
            let mut table = ledger.table();
            // A terminal is too narrow for all of them; the others are in every other format.
            let shown = [0, 2, 4, 5, 6, 7, 8];
            let pick = |cells: &[String]| shown.iter().map(|at| cells[*at].clone()).collect();
            table.rows = table.rows.iter().map(|row| pick(row)).collect();
            table.headers = shown.iter().map(|at| table.headers[*at]).collect();
            output::table(out, &table, style.columns)?;
            writeln!(out, "{} 项", ledger.rows.len())?;
        }
    }
    Ok(())
}

/// Writes a ledger in the format that the name of the file says.
fn write_ledger(ledger: &Ledger, file: &Path) -> anyhow::Result<()> {
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    let table = ledger.table();
    let mut bytes = Vec::new();
    match extension.to_ascii_lowercase().as_str() {
        "xlsx" => table.xlsx(&mut bytes)?,
        "csv" => {
            // Spreadsheets take a CSV without the mark for one in the system's own encoding.
            bytes.extend("\u{feff}".as_bytes());
            table.csv(&mut bytes, true)?;
        }
        "md" => table.markdown(&mut bytes, true)?,
        _ => bail!(
            "{}: the name must end in .xlsx, .csv or .md",
            file.display()
        ),
    }
    let write = || {
        let mut out = BufWriter::new(File::create(file)?);
        out.write_all(&bytes)?;
        out.flush()
    };
    write().with_context(|| format!("cannot write {}", file.display()))?;
    eprintln!("{} rows in {}", ledger.rows.len(), file.display());
    Ok(())
}

fn show_document(out: &mut dyn Write, view: &DocumentView, format: Format) -> anyhow::Result<()> {
    match format {
        Format::Json => output::json(out, view)?,
        Format::Jsonl => output::jsonl(out, view)?,
        Format::Csv => passages(&view.document, Some(&view.id)).csv(out, true)?,
        Format::Markdown => passages(&view.document, Some(&view.id)).markdown(out, true)?,
        Format::Table => {
            print_document(out, &view.document, Some(&view.id))?;
            // In one piece, to be copied.
            writeln!(out, "\n{}", plain(&view.citation))?;
        }
    }
    Ok(())
}

/// The passages of a document as rows.
pub(crate) fn passages(document: &Document, id: Option<&str>) -> Table {
    let chars: Vec<char> = document.text.chars().collect();
    let rows = document.passages.iter().map(|passage| {
        let words: String = chars[passage.span.begin as usize..passage.span.end as usize]
            .iter()
            .collect();
        vec![
            id.map_or_else(
                || passage.ordinal.to_string(),
                |id| format!("{id}-m{}", passage.ordinal),
            ),
            passage.kind.as_str().to_owned(),
            passage
                .status
                .map_or_else(String::new, |s| s.as_str().to_owned()),
            passage.span.begin.to_string(),
            passage.span.end.to_string(),
            passage.heading_path.join(" › "),
            passage
                .problem
                .as_ref()
                .map_or_else(String::new, |p| p.text.clone()),
            passage
                .themes
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" "),
            words.trim().to_owned(),
            figures(passage).join("；"),
            deadlines(passage).join("；"),
            responsible(passage).join("；"),
            places(passage).join("；"),
        ]
    });
    Table::new(
        vec![
            "id",
            "kind",
            "status",
            "begin",
            "end",
            "heading_path",
            "problem",
            "themes",
            "text",
            "figures",
            "deadlines",
            "responsible",
            "places",
        ],
        rows.collect(),
    )
}

/// Metadata with evidence, then every passage.
pub(crate) fn print_document(
    out: &mut dyn Write,
    document: &Document,
    id: Option<&str>,
) -> anyhow::Result<()> {
    let style = Style::of_stdout();
    writeln!(out, "{}", style.bold(&plain(&document.path)))?;
    if let Some(id) = id {
        writeln!(out, "{id}")?;
    }
    let script = document.script.label();
    let partial = if document.partial { " · 节录" } else { "" };
    let encoding = document.encoding.as_deref();
    let encoding = encoding.map_or_else(String::new, |encoding| format!(" · {encoding}"));
    writeln!(
        out,
        "{}{encoding} · {script} · {} characters{partial}",
        document.format, document.chars
    )?;
    for warning in &document.warnings {
        writeln!(out, "warning: {}", plain(warning))?;
    }
    writeln!(out)?;
    output::table(out, &metadata(document), style.columns)?;
    writeln!(out)?;
    let chars: Vec<char> = document.text.chars().collect();
    for passage in &document.passages {
        let words: String = chars[passage.span.begin as usize..passage.span.end as usize]
            .iter()
            .collect();
        let depth = if passage.is_heading {
            passage.heading_path.len().saturating_sub(1)
        } else {
            passage.heading_path.len()
        };
        let status = passage
            .status
            .map_or(String::new(), |s| format!(" · {}", s.label()));
        let kind = if passage.is_heading {
            "标题"
        } else {
            passage.kind.label()
        };
        let themes = passage
            .themes
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ");
        let place = format!(
            "m{} {kind}{status}  [{}, {})  {themes}",
            passage.ordinal, passage.span.begin, passage.span.end
        );
        writeln!(out, "{}{}", " ".repeat(depth * 2), style.dim(&place))?;
        writeln!(out, "{}", style.wrap(words.trim(), &[], depth * 2))?;
        for (label, entries) in [
            ("指标", figures(passage)),
            ("时限", deadlines(passage)),
            ("责任单位", responsible(passage)),
            ("地名", places(passage)),
        ] {
            if !entries.is_empty() {
                let line = style.wrap(&format!("{label} {}", entries.join("；")), &[], depth * 2);
                writeln!(out, "{}", style.dim(&line))?;
            }
        }
    }
    Ok(())
}

/// The figures of a passage, one text each: 审批时限 缩减9.75个工作日（减量 9.75 工作日）.
fn figures(passage: &Passage) -> Vec<String> {
    let shown = |figure: &Figure| {
        let what = figure
            .what
            .as_ref()
            .map_or(String::new(), |what| format!("{what} "));
        let unit = figure
            .unit
            .as_ref()
            .map_or(String::new(), |unit| format!(" {unit}"));
        let label = figure.comparison.label();
        format!("{what}{}（{label} {}{unit}）", figure.quote, figure.value)
    };
    passage.figures.iter().map(shown).collect()
}

/// The deadlines of a passage, one text each: 年底前（2016-12-31，成稿时间）.
fn deadlines(passage: &Passage) -> Vec<String> {
    let shown = |deadline: &Deadline| match (deadline.normalized, deadline.anchor) {
        (Some(date), Some(anchor)) => format!("{}（{date}，{}）", deadline.quote, anchor.label()),
        _ => format!("{}（未定）", deadline.quote),
    };
    passage.deadlines.iter().map(shown).collect()
}

/// The bodies a passage names, one text each: 市住房局（牵头）.
fn responsible(passage: &Passage) -> Vec<String> {
    let shown = |named: &Responsible| format!("{}（{}）", named.body, named.duty.label());
    passage.responsible.iter().map(shown).collect()
}

/// The places a passage names, one text each: 呼伦贝尔市 150700（协作方）.
fn places(passage: &Passage) -> Vec<String> {
    let shown = |named: &NamedPlace| {
        let place = &named.place;
        format!("{} {}（{}）", place.name, place.code, named.role.label())
    };
    passage.places.iter().map(shown).collect()
}

/// Every value that is known, with the words it rests on.
fn metadata(document: &Document) -> Table {
    let json = serde_json::to_value(&document.metadata).unwrap_or_default();
    let names = [
        "title",
        "issuer",
        "number",
        "doc_type",
        "subtype",
        "province",
        "city",
        "county",
        "level",
        "year",
        "period",
        "date",
        "published",
        "appeared",
        "url",
    ];
    let mut rows = Vec::new();
    for name in names {
        let Some(value) = json.get(name).filter(|v| !v.is_null()) else {
            rows.push(vec![name.to_owned(), "不详".to_owned(), String::new()]);
            continue;
        };
        let shown = match &value["value"] {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Object(place) => format!(
                "{} {}",
                place["name"].as_str().unwrap_or_default(),
                place["code"].as_str().unwrap_or_default()
            ),
            other => other.to_string(),
        };
        let how = if value["inferred"] == true {
            "推定"
        } else if value["rule"] == "label" {
            "给定"
        } else {
            "原文"
        };
        let quotes: Vec<String> = value["evidence"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|e| {
                format!(
                    "“{}”@{}",
                    e["quote"].as_str().unwrap_or_default().replace('\n', " "),
                    e["begin"]
                )
            })
            .collect();
        let rule = value["rule"].as_str().unwrap_or_default();
        rows.push(vec![
            name.to_owned(),
            shown,
            format!("{how} {rule} {}", quotes.join(" ")),
        ]);
    }
    for date in &document.metadata.dates {
        let quotes: Vec<String> = date
            .evidence
            .iter()
            .map(|e| format!("“{}”@{}", e.quote.replace('\n', " "), e.span.begin))
            .collect();
        rows.push(vec![
            "dates".to_owned(),
            format!("{} {}", date.kind.label(), date.value),
            format!("{} {}", date.rule, quotes.join(" ")),
        ]);
    }
    for theme in &document.metadata.themes {
        let quotes: Vec<String> = theme
            .evidence
            .iter()
            .map(|e| format!("“{}”@{}", e.quote, e.span.begin))
            .collect();
        rows.push(vec![
            "theme".to_owned(),
            format!("{} {}", theme.id, theme.name),
            format!("{:.0}% {}", theme.weight * 100.0, quotes.join(" ")),
        ]);
    }
    Table::new(vec!["field", "value", "evidence"], rows)
}
