//! `/compare`: cities, provinces or years side by side, to read and to take away.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use duibiao_corpus::ThemeId;
use duibiao_search::{Axis, Cell, CellHit, CellState, Comparison, Engine, ExportFormat, Filters};

use super::marked::{Stretch, snippet_lines};
use super::{Frame, grouped, links, page, words};
use crate::app::App;
use crate::export::{attachment, format_named, made};
use crate::fault::{Fault, Problem};
use crate::parameters::{BasketParameters, CompareParameters, Parameters};

/// Figures of a cell.
const MOST_FIGURES: usize = 3;

#[derive(Template)]
#[template(path = "compare.html")]
struct ComparePage {
    frame: Frame,
    title: String,
    typed: String,
    themes: Vec<ThemeGroup>,
    axes: Vec<Choice>,
    columns: String,
    /// What the form sends along although nothing on it shows it.
    kept: Vec<(String, String)>,
    filters: String,
    without_filters: String,
    /// The basket, where what is in it is compared.
    basket: Option<String>,
    table: Option<TableView>,
}

/// Themes below one at the top.
pub(super) struct ThemeGroup {
    pub(super) choice: Choice,
    pub(super) themes: Vec<Choice>,
}

pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) is_current: bool,
}

struct TableView {
    total: String,
    axis: &'static str,
    columns: Vec<ColumnView>,
    rows: Vec<RowView>,
    caveats: Vec<(&'static str, String)>,
    sources: Vec<SourceView>,
    caution: &'static str,
    /// Formats with their addresses.
    files: Vec<(&'static str, String)>,
    api: String,
    search: String,
}

struct ColumnView {
    label: String,
    /// How much there is in it, and of what.
    counted: String,
    /// The search for what stands in it; none where nothing was searched for.
    url: Option<String>,
    /// The page with this column where there is room for one.
    switch: String,
    is_shown: bool,
}

struct RowView {
    label: String,
    cells: Vec<CellView>,
    quantities: Vec<QuantityView>,
}

struct QuantityView {
    name: String,
    unit: String,
    warnings: String,
    /// The comparison with its columns in the order of the values, upwards and downwards; none where
    /// there is nothing to order.
    orders: Vec<(&'static str, String)>,
    /// The values of each column.
    columns: Vec<ValuesView>,
}

/// What a column has of a quantity.
struct ValuesView {
    is_shown: bool,
    /// Each value with the words of the text and the number of the source.
    values: Vec<(String, String, usize)>,
}

struct CellView {
    is_shown: bool,
    state: &'static str,
    /// In words, where there is more to say than that it is found.
    said: String,
    /// The best; all of those that were picked.
    hits: Vec<HitView>,
    more: Option<(String, String)>,
    caveats: Vec<usize>,
}

struct HitView {
    url: String,
    lang: &'static str,
    lines: Vec<Vec<Stretch>>,
    more_before: bool,
    more_after: bool,
    headings: String,
    /// What is measured, and the words with the figure.
    figures: Vec<(String, String)>,
    date: String,
    status: Option<(&'static str, &'static str)>,
    /// Why it only speaks of the matter, behind a hit that says more.
    mention: Option<&'static str>,
    source: usize,
}

struct SourceView {
    number: usize,
    url: String,
    citation: String,
}

pub(crate) async fn compare(
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<CompareParameters>,
) -> Result<Response, Fault> {
    let has_query = asked.q.as_ref().is_some_and(|q| !q.trim().is_empty());
    let is_asked = has_query || !asked.themes().is_empty() || !asked.id.is_empty();
    let frame = Frame::new(&app, asked.q.as_deref());
    let mut request = asked.request()?;
    let view = app
        .ask(move |engine, deadline| {
            let table = if is_asked {
                request.request.deadline = deadline.clone();
                Some(engine.compare(&request)?)
            } else {
                None
            };
            Ok(view(frame, &asked, table.as_ref(), engine))
        })
        .await?;
    page(&view)
}

/// A comparison as a file: the table, its measures, sources and caveats as a workbook; the table, sources and caveats as a paper for Word or Markdown; measures one a row as CSV or JSONL
#[utoipa::path(
    get, path = "/compare/{format}",
    params(
        ("format" = String, Path, description = "xlsx, docx, csv, markdown or jsonl"),
        CompareParameters,
    ),
    responses(
        (status = 200, description = "The file", content_type = "text/csv"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "What was asked is wrong; the suggestion says how to ask"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "It took too long, or too many wait"),
    )
)]
pub(crate) async fn compared(
    State(app): State<Arc<App>>,
    Path(format): Path<String>,
    Parameters(asked): Parameters<CompareParameters>,
) -> Result<Response, Fault> {
    let format = format_named(&format)?;
    let mut request = asked.request()?;
    let (name, bytes) = made(app, move |engine, deadline, bytes| {
        request.request.deadline = deadline.clone();
        let comparison = engine.compare(&request)?;
        Ok((name(&asked), comparison.write(format, engine, bytes)))
    })
    .await?;
    attachment(bytes, &name, format)
}

/// A name for the file: what was compared.
fn name(asked: &CompareParameters) -> String {
    let what = asked.q.iter().chain(&asked.theme).map(|text| text.trim());
    let what = what
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.');
    let what: String = what.chars().filter(is_kept).take(30).collect();
    if what.trim().is_empty() {
        return format!("对照表-对标篮{}段", asked.id.len());
    }
    format!("对照表-{}", what.trim())
}

fn view(
    frame: Frame,
    asked: &CompareParameters,
    compared: Option<&Comparison>,
    engine: &Engine,
) -> ComparePage {
    let typed = asked.q.clone().unwrap_or_default();
    let is_current = |axis: Axis| asked.axis() == axis;
    let axes = Axis::ALL.map(|axis| Choice {
        value: axis.as_str().to_owned(),
        label: axis.label().to_owned(),
        is_current: is_current(axis),
    });
    let typed_columns = asked.each_column();
    ComparePage {
        title: match typed.trim() {
            "" if asked.id.is_empty() => "对照".to_owned(),
            "" => "对照：对标篮".to_owned(),
            typed => format!("对照：{}", typed.chars().take(40).collect::<String>()),
        },
        typed,
        themes: themes(&asked.themes(), engine),
        axes: axes.into(),
        columns: typed_columns
            .iter()
            .map(|column| engine.value_name(asked.axis().as_str(), column))
            .collect::<Vec<_>>()
            .join("、"),
        kept: kept(asked),
        filters: filters(&asked.search().request().filters, "theme", engine),
        without_filters: links::compare(&CompareParameters {
            q: asked.q.clone(),
            theme: asked.themes(),
            by: asked.by,
            columns: asked.columns.clone(),
            ..CompareParameters::default()
        }),
        basket: (!asked.id.is_empty()).then(|| {
            links::basket(&BasketParameters {
                id: asked.id.clone(),
                citation: asked.citation,
                ..BasketParameters::default()
            })
        }),
        table: compared.map(|compared| table(asked, compared)),
        frame,
    }
}

/// The themes to choose from, those at the top with what is below them.
pub(super) fn themes(asked: &[String], engine: &Engine) -> Vec<ThemeGroup> {
    let taxonomy = engine.lexicon().taxonomy();
    let asked = asked.first().and_then(|theme| taxonomy.resolve(theme).ok());
    let choice = |id: &ThemeId, name: &str| Choice {
        value: id.to_string(),
        label: name.to_owned(),
        is_current: asked.is_some_and(|asked| asked.id == *id),
    };
    let tops = taxonomy
        .themes()
        .iter()
        .filter(|top| top.parent.is_none() && !top.deprecated);
    tops.map(|top| {
        let below = taxonomy.children(&top.id).filter(|theme| !theme.deprecated);
        ThemeGroup {
            choice: choice(&top.id, &top.name),
            themes: below.map(|theme| choice(&theme.id, &theme.name)).collect(),
        }
    })
    .collect()
}

/// What the form must send along although nothing on it shows it.
fn kept(asked: &CompareParameters) -> Vec<(String, String)> {
    let rest = CompareParameters {
        q: None,
        by: None,
        columns: Vec::new(),
        theme: asked.themes().into_iter().skip(1).collect(),
        show: None,
        ..asked.clone()
    };
    let sent = serde_html_form::to_string(&rest).unwrap_or_default();
    serde_html_form::from_str(&sent).unwrap_or_default()
}

/// The filters in words, but for one that is told elsewhere.
pub(super) fn filters(filters: &Filters, except: &str, engine: &Engine) -> String {
    let named = filters.named().into_iter();
    let named = named.filter(|(name, values)| *name != except && !values.is_empty());
    let said: Vec<String> = named
        .map(|(name, values)| {
            let values = values.iter().map(|value| match value.strip_prefix('-') {
                Some(value) => format!("不含 {}", engine.value_name(name, value)),
                None => engine.value_name(name, value),
            });
            let label = duibiao_search::filter_label(name);
            format!("{label} {}", values.collect::<Vec<_>>().join("、"))
        })
        .collect();
    said.join("；")
}

fn table(asked: &CompareParameters, compared: &Comparison) -> TableView {
    let values = compared.columns.iter().map(|column| column.value.as_str());
    let shown = values
        .clone()
        .position(|value| asked.show.as_deref() == Some(value))
        .unwrap_or(0);
    let columns = compared.columns.iter().enumerate();
    let columns = columns.map(|(number, column)| ColumnView {
        label: column.label.clone(),
        counted: compared.counted(column),
        url: (!compared.pinned).then(|| column_search(asked, &column.value, None)),
        switch: links::compare(&CompareParameters {
            show: Some(column.value.clone()),
            ..asked.clone()
        }),
        is_shown: number == shown,
    });
    let rows = compared.rows.iter().zip(&compared.cells);
    let formats = [
        ("Excel", ExportFormat::Xlsx),
        ("Word", ExportFormat::Docx),
        ("CSV", ExportFormat::Csv),
        ("Markdown", ExportFormat::Markdown),
    ];
    let formats = formats.into_iter();
    TableView {
        total: grouped(compared.total),
        axis: compared.by.label(),
        columns: columns.collect(),
        rows: rows
            .map(|(row, cells)| row_view(asked, compared, row, cells, shown))
            .collect(),
        caveats: compared
            .caveats
            .iter()
            .map(|caveat| (caveat.kind.label(), caveat.text.clone()))
            .collect(),
        sources: compared
            .sources
            .iter()
            .map(|source| SourceView {
                number: source.number,
                url: links::document(&source.document_id, &asked.search(), None),
                citation: source.citation.clone(),
            })
            .collect(),
        caution: compared.caution(),
        files: formats
            .map(|(name, format)| (name, links::compared(asked, format)))
            .collect(),
        api: links::compare_api(asked),
        search: links::search(&asked.search()),
    }
}

/// The search for what stands in a column, or in one of its cells.
fn column_search(asked: &CompareParameters, value: &str, theme: Option<&str>) -> String {
    let mut search = asked.search();
    if let Some(values) = search.values_mut(asked.axis().as_str()) {
        *values = vec![value.to_owned()];
    }
    if let Some(theme) = theme {
        search.theme = vec![theme.to_owned()];
    }
    links::search(&search)
}

fn row_view(
    asked: &CompareParameters,
    compared: &Comparison,
    row: &duibiao_search::ComparedRow,
    cells: &[Cell],
    shown: usize,
) -> RowView {
    let theme = row.theme.as_ref().map(|theme| theme.as_str());
    let cell = |(number, cell): (usize, &Cell)| {
        let url = column_search(asked, &compared.columns[number].value, theme);
        let said = compared.state(cell, number, None);
        CellView {
            is_shown: number == shown,
            state: match cell.state {
                CellState::Found => "found",
                CellState::Mentioned => "mentioned",
                CellState::NotFound => "not-found",
                CellState::NoDocuments => "no-documents",
                CellState::NotPinned => "not-pinned",
            },
            said,
            hits: compared
                .shown(cell)
                .iter()
                .map(|hit| hit_view(hit, asked, cell.state == CellState::Found))
                .collect(),
            more: (cell.total > 1 && cell.state == CellState::Found && !compared.pinned)
                .then(|| (grouped(cell.total), url)),
            caveats: cell.caveats.clone(),
        }
    };
    RowView {
        label: row.label.clone(),
        cells: cells.iter().enumerate().map(cell).collect(),
        quantities: row
            .quantities
            .iter()
            .map(|quantity| QuantityView {
                orders: orders(quantity, compared, asked),
                ..quantity_view(quantity, compared.columns.len(), shown)
            })
            .collect(),
    }
}

/// The same comparison with its columns in the order of a quantity.
fn orders(
    quantity: &duibiao_search::Quantity,
    compared: &Comparison,
    asked: &CompareParameters,
) -> Vec<(&'static str, String)> {
    let order = |(name, descending)| {
        let order = quantity.order(compared.columns.len(), descending)?;
        let value = |column: usize| match compared.columns[column].value.as_str() {
            "" => "不详".to_owned(),
            value => value.to_owned(),
        };
        let asked = CompareParameters {
            columns: order.into_iter().map(value).collect(),
            ..asked.clone()
        };
        Some((name, links::compare(&asked)))
    };
    let orders = [("由小到大", false), ("由大到小", true)];
    orders.into_iter().filter_map(order).collect()
}

fn quantity_view(
    quantity: &duibiao_search::Quantity,
    columns: usize,
    shown: usize,
) -> QuantityView {
    let warnings: Vec<&str> = quantity.warnings.iter().map(|kind| kind.label()).collect();
    let value = |value: &duibiao_search::QuantityValue| {
        let unit = match (&quantity.unit, value.unit.as_str()) {
            (Some(_), "%") | (None, "%") => "%".to_owned(),
            (Some(_), _) => String::new(),
            (None, unit) => format!(" {unit}"),
        };
        let quote = value.figure.quote.trim().to_owned();
        (format!("{}{unit}", value.value), quote, value.source)
    };
    let of_column = |column: usize| {
        let values = quantity
            .values
            .iter()
            .filter(|value| value.column == column);
        ValuesView {
            is_shown: column == shown,
            values: values.map(value).collect(),
        }
    };
    QuantityView {
        name: quantity.what.clone(),
        unit: quantity
            .unit
            .clone()
            .unwrap_or_else(|| "单位不一".to_owned()),
        warnings: warnings.join("、"),
        orders: Vec::new(),
        columns: (0..columns).map(of_column).collect(),
    }
}

/// `is_among`: a mention among measures, which has to say so by itself.
fn hit_view(hit: &CellHit, asked: &CompareParameters, is_among: bool) -> HitView {
    let shown = &hit.hit;
    let ordinal = shown.id.rsplit_once("-m").and_then(|(_, m)| m.parse().ok());
    HitView {
        url: links::document(&shown.document_id, &asked.search(), ordinal),
        lang: words::lang(shown.script),
        lines: snippet_lines(&shown.snippet),
        more_before: shown.snippet.more_before,
        more_after: shown.snippet.more_after,
        headings: shown.heading_path.join(" › "),
        figures: hit
            .figures
            .iter()
            .filter_map(|figure| {
                let what = figure.what.as_ref()?.trim().to_owned();
                Some((what, figure.quote.trim().to_owned()))
            })
            .take(MOST_FIGURES)
            .collect(),
        date: shown.dated(),
        status: shown.status.map(|status| (status.as_str(), status.label())),
        mention: hit
            .mention
            .map(|mention| mention.label())
            .filter(|_| is_among),
        source: hit.source,
    }
}
