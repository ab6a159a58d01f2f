//! `/documents/{id}/ledger`: the measures of a document as a ledger, to read and to take away.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use duibiao_corpus::{DocumentId, Script};
use duibiao_search::{Ledger, LedgerRow, Table};

use super::{Frame, page, words};
use crate::app::App;
use crate::export::attachment;
use crate::fault::Fault;
use crate::parameters::{Id, LedgerParameters, Parameters, TableFormat};

#[derive(Template)]
#[template(path = "ledger.html")]
struct LedgerPage {
    frame: Frame,
    title: String,
    lang: &'static str,
    url: String,
    notes: Vec<String>,
    caution: &'static str,
    by_problem: bool,
    /// How many rows have each status, those that occur.
    statuses: Vec<(&'static str, &'static str, usize)>,
    rows: Vec<RowView>,
    citation: String,
}

struct RowView {
    number: Option<u32>,
    url: String,
    headings: String,
    problem: Option<String>,
    paragraphs: Vec<String>,
    status: Option<(&'static str, &'static str)>,
    figures: Vec<Quoted>,
    deadlines: Vec<Quoted>,
    bodies: Vec<Quoted>,
}

/// Words of the text with what the program makes of them.
struct Quoted {
    quote: String,
    meaning: Option<String>,
}

pub(crate) async fn ledger(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentId>,
    Parameters(asked): Parameters<LedgerParameters>,
) -> Result<Response, Fault> {
    let frame = Frame::new(&app, None);
    let style = asked.citation.unwrap_or_default();
    let (ledger, script) = app
        .ask(move |engine, _| {
            let script = engine.document(id, style)?.document.script;
            Ok((engine.ledger(id, style)?, script))
        })
        .await?;
    match asked.format {
        None => page(&view(frame, &ledger, script)),
        Some(format) => taken(&ledger.table(), format, &format!("台账-{id}")),
    }
}

fn view(frame: Frame, ledger: &Ledger, script: Script) -> LedgerPage {
    let mut statuses: Vec<(&'static str, &'static str, usize)> = Vec::new();
    for status in ledger.rows.iter().filter_map(|row| row.status) {
        match statuses
            .iter_mut()
            .find(|(name, ..)| *name == status.as_str())
        {
            Some((_, _, count)) => *count += 1,
            None => statuses.push((status.as_str(), status.label(), 1)),
        }
    }
    statuses.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
    let title = ledger.title.clone();
    LedgerPage {
        frame,
        title: title.unwrap_or_else(|| ledger.path.clone()),
        lang: words::lang(script),
        url: format!("/documents/{}", ledger.document_id),
        notes: ledger.notes(),
        caution: Ledger::CAUTION,
        by_problem: ledger.by_problem,
        statuses,
        rows: ledger
            .rows
            .iter()
            .map(|row| row_view(row, ledger))
            .collect(),
        citation: ledger.citation.clone(),
    }
}

fn row_view(row: &LedgerRow, ledger: &Ledger) -> RowView {
    let lines = row.text.lines().map(str::trim);
    let quoted = |quote: &str, meaning: Option<String>| Quoted {
        quote: quote.trim().to_owned(),
        meaning,
    };
    RowView {
        number: row.number,
        url: format!("/documents/{}#m{}", ledger.document_id, row.ordinal),
        headings: row.heading_path.join(" › "),
        problem: row.problem.clone(),
        paragraphs: lines.filter(|l| !l.is_empty()).map(str::to_owned).collect(),
        status: row.status.map(|s| (s.as_str(), s.label())),
        figures: row
            .figures
            .iter()
            .map(|f| quoted(&f.quote, f.what.clone()))
            .collect(),
        deadlines: row
            .deadlines
            .iter()
            .map(|d| quoted(&d.quote, d.normalized.map(|date| date.to_string())))
            .collect(),
        bodies: row
            .responsible
            .iter()
            .map(|r| quoted(&r.body, Some(r.duty.label().to_owned())))
            .collect(),
    }
}

/// A table as a file to save.
fn taken(table: &Table, format: TableFormat, name: &str) -> Result<Response, Fault> {
    let mut bytes = Vec::new();
    let written = match format {
        TableFormat::Xlsx => table.xlsx(&mut bytes),
        TableFormat::Csv => {
            // Spreadsheets take a CSV without the mark for one in the system's own encoding.
            bytes.extend("\u{feff}".as_bytes());
            table.csv(&mut bytes, true)
        }
    };
    written.map_err(|error| {
        tracing::error!(%error, "a table could not be written");
        Fault::Internal
    })?;
    attachment(bytes, name, format.file())
}
