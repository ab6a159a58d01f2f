//! `/trace`: where and when a wording stands first, and how it spreads over years and places.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use duibiao_search::{
    Appearance, Engine, ExportFormat, Trace, TraceCell, TraceFormat, TraceState, TracedPlace,
};

use super::compare::filters;
use super::quoted::Quoted;
use super::{Frame, grouped, links, page};
use crate::app::App;
use crate::export::{attachment, made};
use crate::fault::{Fault, Problem};
use crate::parameters::{Parameters, SearchParameters, TraceParameters};

#[derive(Template)]
#[template(path = "trace.html")]
struct TracePage {
    frame: Frame,
    title: String,
    typed: String,
    /// What the form sends along although nothing on it shows it.
    kept: Vec<(String, String)>,
    filters: String,
    without_filters: String,
    table: Option<TableView>,
}

struct TableView {
    documents: String,
    passages: String,
    variants: String,
    caveats: Vec<String>,
    /// The first appearances of all with what each is.
    firsts: Vec<(&'static str, Quoted)>,
    years: Vec<String>,
    places: Vec<PlaceView>,
    chart: String,
    described: String,
    files: Vec<(&'static str, String)>,
    search: String,
    api: String,
}

struct PlaceView {
    label: String,
    first: Option<Quoted>,
    /// Addresses where there is something, what is said, and it in full.
    cells: Vec<(String, String, String)>,
}

pub(crate) async fn trace(
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<TraceParameters>,
) -> Result<Response, Fault> {
    let is_asked = asked.q.as_ref().is_some_and(|q| !q.trim().is_empty());
    let frame = Frame::new(&app, asked.q.as_deref());
    let view = app
        .ask(move |engine, deadline| {
            let trace = if is_asked {
                let mut request = asked.request();
                request.request.deadline = deadline.clone();
                Some(engine.trace(&request)?)
            } else {
                None
            };
            Ok(view(frame, &asked, trace.as_ref(), engine))
        })
        .await?;
    page(&view)
}

/// A trace as a file: the chart of years and places, or each place and year in a row
#[utoipa::path(
    get, path = "/trace/{format}",
    params(
        ("format" = String, Path, description = "svg, xlsx, csv or markdown"),
        TraceParameters,
    ),
    responses(
        (status = 200, description = "The file", content_type = "image/svg+xml"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "What was asked is wrong; the suggestion says how to ask"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "It took too long, or too many wait"),
    )
)]
pub(crate) async fn trace_file(
    State(app): State<Arc<App>>,
    Path(format): Path<String>,
    Parameters(asked): Parameters<TraceParameters>,
) -> Result<Response, Fault> {
    let format = TraceFormat::named(&format).ok_or_else(|| Fault::Parameter {
        name: "format".to_owned(),
        why: "is none of svg, xlsx, csv, markdown".to_owned(),
    })?;
    let (term, bytes) = made(app, move |engine, deadline, bytes| {
        let mut request = asked.request();
        request.request.deadline = deadline.clone();
        let trace = engine.trace(&request)?;
        let written = trace.write(format, bytes);
        Ok((trace.term, written))
    })
    .await?;
    let of_file = match format {
        TraceFormat::Csv => ExportFormat::Csv,
        TraceFormat::Markdown => ExportFormat::Markdown,
        TraceFormat::Xlsx => ExportFormat::Xlsx,
        TraceFormat::Svg => return Ok(drawing(bytes)),
    };
    let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.');
    let term: String = term.chars().filter(is_kept).take(30).collect();
    attachment(bytes, &format!("溯源-{}", term.trim()), of_file)
}

/// The chart, which pages show.
fn drawing(bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("image/svg+xml");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn view(
    frame: Frame,
    asked: &TraceParameters,
    trace: Option<&Trace>,
    engine: &Engine,
) -> TracePage {
    let rest = TraceParameters {
        q: None,
        ..asked.clone()
    };
    let sent = serde_html_form::to_string(&rest).unwrap_or_default();
    let without = TraceParameters {
        q: asked.q.clone(),
        citation: asked.citation,
        ..TraceParameters::default()
    };
    let typed = trace.map_or_else(
        || asked.q.clone().unwrap_or_default(),
        |trace| trace.term.clone(),
    );
    TracePage {
        title: match typed.trim() {
            "" => "溯源".to_owned(),
            typed => format!("溯源：{}", typed.chars().take(40).collect::<String>()),
        },
        typed,
        kept: serde_html_form::from_str(&sent).unwrap_or_default(),
        filters: filters(&asked.request().request.filters, "", engine),
        without_filters: links::trace("/trace", &without),
        table: trace.map(|trace| table(asked, trace)),
        frame,
    }
}

/// The search that a count is of: these very words.
fn search(asked: &TraceParameters, term: &str) -> SearchParameters {
    SearchParameters {
        q: Some(format!("\"{}\"", term.replace('"', ""))),
        citation: asked.citation,
        ..asked.filters()
    }
}

fn table(asked: &TraceParameters, trace: &Trace) -> TableView {
    let found = search(asked, &trace.term);
    let quoted = |first: &Appearance| Quoted {
        date: Trace::dated(first),
        ..Quoted::of(&first.hit, &found)
    };
    let firsts = [
        ("首见", &trace.first),
        ("首见（年份见于原文）", &trace.first_stated),
    ];
    let files = [
        ("图（SVG）", "svg"),
        ("Excel", "xlsx"),
        ("CSV", "csv"),
        ("Markdown", "markdown"),
    ];
    let has_undated = trace.places.iter().any(|place| is_told(&place.undated));
    let mut years: Vec<String> = trace.years.iter().map(ToString::to_string).collect();
    years.extend(has_undated.then(|| "不详".to_owned()));
    TableView {
        documents: grouped(trace.documents),
        passages: grouped(trace.passages),
        variants: trace.variants.join("、"),
        caveats: trace.caveats.clone(),
        firsts: firsts
            .into_iter()
            .filter_map(|(said, first)| Some((said, quoted(first.as_ref()?))))
            .collect(),
        years,
        places: trace
            .places
            .iter()
            .map(|place| PlaceView {
                label: place.label.clone(),
                first: place.first.as_ref().map(quoted),
                cells: cells(&found, trace, place, has_undated),
            })
            .collect(),
        chart: links::trace("/trace/svg", asked),
        described: format!("“{}”的年份与地区图。{}", trace.term, trace.description()),
        files: files
            .map(|(name, format)| (name, links::trace(&format!("/trace/{format}"), asked)))
            .into(),
        search: links::search(&found),
        api: links::trace("/api/v1/trace", asked),
    }
}

fn is_told(cell: &TraceCell) -> bool {
    cell.passages + cell.variant_passages > 0
}

fn cells(
    found: &SearchParameters,
    trace: &Trace,
    place: &TracedPlace,
    has_undated: bool,
) -> Vec<(String, String, String)> {
    let years = trace.years.iter().map(|year| Some(*year));
    let years = years.zip(&place.cells);
    let undated = has_undated.then_some((None, &place.undated));
    let cell = |(year, cell): (Option<i16>, &TraceCell)| {
        let has_any = matches!(cell.state, TraceState::Found | TraceState::Cited);
        let mut search = found.clone();
        search.year = vec![year.map(|year| year.to_string()).unwrap_or_default()];
        // What is of no city has no search of its own.
        let has_search = has_any && !place.value.is_empty() && !place.label.ends_with('）');
        let url = if has_search {
            search.city = vec![place.value.clone()];
            links::search(&search)
        } else {
            String::new()
        };
        let year = year.map_or_else(|| "年份不详".to_owned(), |year| format!("{year} 年"));
        let full = format!("{} {year}：{}", place.label, cell.said());
        (url, cell.said(), full)
    };
    years.chain(undated).map(cell).collect()
}
