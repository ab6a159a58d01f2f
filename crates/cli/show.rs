//! `duibiao show`: one document or passage of the index.

use std::io::{Write, stdout};
use std::path::Path;

use duibiao_corpus::{Document, DocumentId, PassageId};
use duibiao_search::{DocumentView, PassageView};

use crate::args::{Format, IndexArg};
use crate::failure::Outcome;
use crate::output::{self, Rows};
use crate::terminal::{Style, plain};

/// Show a document with its evidence and passages, or one passage
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao show 5f0c2a9be1d34c77
  duibiao show 5f0c2a9be1d34c77-m28 --format json")]
pub(crate) struct Args {
    /// Id of a document, or of a passage as search prints it
    id: String,
    #[command(flatten)]
    index: IndexArg,
    /// How it is printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
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
    let mut out = stdout().lock();
    if let Some(id) = passage {
        show_passage(&mut out, &engine.passage(id)?, args.format)?;
    } else if let Some(id) = document {
        show_document(&mut out, &engine.document(id)?, args.format)?;
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
            view.title.clone().unwrap_or_default(),
            view.path.clone(),
            view.citation.clone(),
        ]
    };
    match format {
        Format::Json => output::json(out, view)?,
        Format::Jsonl => output::jsonl(out, view)?,
        Format::Csv => Rows {
            headers,
            rows: vec![row()],
        }
        .csv(out, true)?,
        Format::Markdown => Rows {
            headers,
            rows: vec![row()],
        }
        .markdown(out, true)?,
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

fn show_document(out: &mut dyn Write, view: &DocumentView, format: Format) -> anyhow::Result<()> {
    match format {
        Format::Json => output::json(out, view)?,
        Format::Jsonl => output::jsonl(out, view)?,
        Format::Csv => passages(&view.document, Some(&view.id)).csv(out, true)?,
        Format::Markdown => passages(&view.document, Some(&view.id)).markdown(out, true)?,
        Format::Table => {
            print_document(out, &view.document, Some(&view.id))?;
            writeln!(out, "\n{}", Style::of_stdout().wrap(&view.citation, &[], 0))?;
        }
    }
    Ok(())
}

/// The passages of a document as rows.
pub(crate) fn passages(document: &Document, id: Option<&str>) -> Rows {
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
        ]
    });
    Rows {
        headers: vec![
            "id",
            "kind",
            "status",
            "begin",
            "end",
            "heading_path",
            "problem",
            "themes",
            "text",
        ],
        rows: rows.collect(),
    }
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
    writeln!(
        out,
        "{} · {} · {script} · {} characters{partial}",
        document.format, document.encoding, document.chars
    )?;
    for warning in &document.warnings {
        writeln!(out, "warning: {}", plain(warning))?;
    }
    writeln!(out)?;
    metadata(document).table(out, style.columns)?;
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
    }
    Ok(())
}

/// Every value that is known, with the words it rests on.
fn metadata(document: &Document) -> Rows {
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
    Rows {
        headers: vec!["field", "value", "evidence"],
        rows,
    }
}
