//! `/gaps`: what other cities have measures on and one has not, to read and to take away.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use duibiao_corpus::Status;
use duibiao_search::{CellHit, CellState, Engine, ExportFormat, GapRow, Gaps};

use super::compare::{Choice, ThemeGroup, themes};
use super::quoted::Quoted;
use super::{Frame, grouped, links, page};
use crate::app::App;
use crate::export::{attachment, format_named, made};
use crate::fault::{Fault, Problem};
use crate::parameters::{GapsParameters, Parameters, SearchParameters};

/// Cities of a row whose measures are in sight; those of the others are folded.
const IN_SIGHT: usize = 3;

#[derive(Template)]
#[template(path = "gaps.html")]
struct GapsPage {
    frame: Frame,
    title: String,
    own: String,
    against: String,
    at_least: String,
    typed: String,
    themes: Vec<ThemeGroup>,
    statuses: Vec<Choice>,
    /// What the form sends along although nothing on it shows it.
    kept: Vec<(String, String)>,
    table: Option<TableView>,
}

struct TableView {
    own: String,
    documents: String,
    cities: usize,
    /// Rows of which nothing is found.
    lacking: usize,
    nothing: String,
    rows: Vec<RowView>,
    caveats: Vec<(&'static str, String)>,
    /// Numbers with addresses and citations.
    sources: Vec<(usize, String, String)>,
    caution: &'static str,
    files: Vec<(&'static str, String)>,
    api: String,
}

struct RowView {
    label: String,
    cities: usize,
    others: Vec<Quoted>,
    rest: Vec<Quoted>,
    state: &'static str,
    said: String,
    own: Vec<Quoted>,
}

pub(crate) async fn gaps(
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<GapsParameters>,
) -> Result<Response, Fault> {
    let is_asked = asked.own.as_ref().is_some_and(|own| !own.trim().is_empty());
    let frame = Frame::new(&app, asked.q.as_deref());
    let view = app
        .ask(move |engine, deadline| {
            let gaps = if is_asked {
                let mut request = asked.request();
                request.request.deadline = deadline.clone();
                Some(engine.gaps(&request)?)
            } else {
                None
            };
            Ok(view(frame, &asked, gaps.as_ref(), engine))
        })
        .await?;
    page(&view)
}

/// Gaps as a file: the table, its evidence, sources and caveats as a workbook; evidence one measure a row as CSV; the table as Markdown
#[utoipa::path(
    get, path = "/gaps/{format}",
    params(
        ("format" = String, Path, description = "xlsx, docx, csv, markdown or jsonl"),
        GapsParameters,
    ),
    responses(
        (status = 200, description = "The file", content_type = "text/csv"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "What was asked is wrong; the suggestion says how to ask"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "It took too long, or too many wait"),
    )
)]
pub(crate) async fn gaps_file(
    State(app): State<Arc<App>>,
    Path(format): Path<String>,
    Parameters(asked): Parameters<GapsParameters>,
) -> Result<Response, Fault> {
    let format = format_named(&format)?;
    let (name, bytes) = made(app, move |engine, deadline, bytes| {
        let mut request = asked.request();
        request.request.deadline = deadline.clone();
        let gaps = engine.gaps(&request)?;
        let written = gaps.write(format, engine, bytes);
        Ok((format!("差距表-{}", gaps.city.label), written))
    })
    .await?;
    attachment(bytes, &name, format)
}

fn view(frame: Frame, asked: &GapsParameters, gaps: Option<&Gaps>, engine: &Engine) -> GapsPage {
    let named = |city: &String| engine.value_name("city", city);
    let against: Vec<String> = asked.each_against().iter().map(named).collect();
    let search = asked.search();
    let statuses = Status::ALL.iter().map(|status| Choice {
        value: status.as_str().to_owned(),
        label: status.label().to_owned(),
        is_current: search.status.first().map(String::as_str) == Some(status.as_str()),
    });
    GapsPage {
        title: match gaps {
            Some(gaps) => gaps.title(),
            None => "差距".to_owned(),
        },
        own: asked.own.as_ref().map(named).unwrap_or_default(),
        against: against.join("、"),
        at_least: asked.at_least.map(|k| k.to_string()).unwrap_or_default(),
        typed: asked.q.clone().unwrap_or_default(),
        themes: themes(&search.theme, engine),
        statuses: statuses.collect(),
        kept: kept(asked),
        table: gaps.map(|gaps| table(asked, gaps)),
        frame,
    }
}

/// What the form must send along although nothing on it shows it.
fn kept(asked: &GapsParameters) -> Vec<(String, String)> {
    let rest = GapsParameters {
        own: None,
        against: Vec::new(),
        at_least: None,
        q: None,
        theme: asked.filters().theme.into_iter().skip(1).collect(),
        status: asked.filters().status.into_iter().skip(1).collect(),
        ..asked.clone()
    };
    let sent = serde_html_form::to_string(&rest).unwrap_or_default();
    serde_html_form::from_str(&sent).unwrap_or_default()
}

fn table(asked: &GapsParameters, gaps: &Gaps) -> TableView {
    let search = asked.search();
    let is_lacking = |row: &&GapRow| row.mine.state == CellState::NotFound;
    let formats = [
        ("Excel", ExportFormat::Xlsx),
        ("Word", ExportFormat::Docx),
        ("CSV", ExportFormat::Csv),
        ("Markdown", ExportFormat::Markdown),
    ];
    TableView {
        own: gaps.city.label.clone(),
        documents: grouped(gaps.city.documents),
        cities: gaps.against.len(),
        lacking: gaps.rows.iter().filter(is_lacking).count(),
        nothing: if gaps.city.documents == 0 {
            format!(
                "无该市文件：库中没有{}的文件，无从判断缺什么。",
                gaps.city.label
            )
        } else {
            format!(
                "没有列出差距：对标城市里至少 {} 个有的事项，{}都检到了，或没有这样的事项。",
                gaps.at_least, gaps.city.label
            )
        },
        rows: gaps
            .rows
            .iter()
            .map(|row| row_view(&search, gaps, row))
            .collect(),
        caveats: gaps
            .caveats
            .iter()
            .map(|caveat| (caveat.kind.label(), caveat.text.clone()))
            .collect(),
        sources: gaps
            .sources
            .iter()
            .map(|source| {
                let url = links::document(&source.document_id, &search, None);
                (source.number, url, source.citation.clone())
            })
            .collect(),
        caution: Gaps::CAUTION,
        files: formats
            .map(|(name, format)| {
                (
                    name,
                    links::gaps(&format!("/gaps/{}", format.as_str()), asked),
                )
            })
            .into(),
        api: links::gaps("/api/v1/gaps", asked),
    }
}

fn row_view(search: &SearchParameters, gaps: &Gaps, row: &GapRow) -> RowView {
    let quoted = |hit: &CellHit, said: String| Quoted {
        said,
        source: hit.source,
        ..Quoted::of(&hit.hit, search)
    };
    let mut others: Vec<Quoted> = Vec::new();
    for city in &row.against {
        others.extend(city.hits.iter().map(|hit| {
            let said = match city.total {
                0 | 1 => city.city.name.clone(),
                total => format!("{}（共 {} 条）", city.city.name, grouped(total)),
            };
            quoted(hit, said)
        }));
    }
    let rest = others.split_off(others.len().min(IN_SIGHT));
    RowView {
        label: row.label.clone(),
        cities: row.against.len(),
        others,
        rest,
        state: match row.mine.state {
            CellState::NotFound => "not-found",
            _ => "mentioned",
        },
        said: gaps.state(row),
        own: row
            .mine
            .hits
            .iter()
            .map(|hit| {
                let place = hit.hit.city.as_ref().or(hit.hit.province.as_ref());
                let elsewhere = place.filter(|place| place.name != gaps.city.label);
                let said = match elsewhere {
                    Some(place) => format!("{} {}", place.name, Gaps::mention(hit)),
                    None => Gaps::mention(hit),
                };
                quoted(hit, said)
            })
            .collect(),
    }
}
