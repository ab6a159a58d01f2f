//! `/export/{format}`: what a search finds as a file, in full, sent while it is read.
//!
//! An export works in small steps and takes its turn for each like any search, one export at a
//! time, so that searches go on beside it. Its rows are of one commit. When nobody takes them any
//! more it stops; when it fails on the way the connection breaks, so that half a file is never
//! taken for a whole one. What the rows are is decided in the search crate.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use duibiao_search::{Deadline, Engine, Export, ExportFormat, ExportWriter, Request, Wanted};
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::app::App;
use crate::fault::{Fault, Problem};
use crate::parameters::{MatchName, Parameters, SearchParameters};

/// Exports at once; more are asked to come again.
pub(crate) const MOST_EXPORTS: usize = 8;
/// Whoever takes nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pieces of a file that wait to be taken.
const AHEAD: usize = 2;
/// A piece of a workbook, in bytes.
const PIECE: usize = 64 * 1024;

type Pieces = mpsc::Sender<io::Result<Bytes>>;

/// Hits as a file: each row with place, date, themes, status, headings, the whole passage, title, issuer, number and citation
#[utoipa::path(
    get, path = "/export/{format}",
    params(
        ("format" = String, Path, description = "xlsx, docx (at most 2,000 rows), csv, markdown or jsonl"),
        SearchParameters,
    ),
    responses(
        (status = 200, description = "The file. Without a limit it has every hit that total counts; match=some adds those with some of the pieces. offset, cursor, collapse, related and explain are errors here", content_type = "text/csv"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "What was asked is wrong; the suggestion says how to ask"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "The search took too long, or too many wait; a file that fails later is cut off"),
    )
)]
pub(crate) async fn export(
    State(app): State<Arc<App>>,
    Path(format): Path<String>,
    Parameters(asked): Parameters<SearchParameters>,
) -> Result<Response, Fault> {
    let format = format_named(&format)?;
    asked.refuse_pages("for a file that has every hit")?;
    let place = Arc::clone(&app.exports)
        .try_acquire_owned()
        .map_err(|_| Fault::Overloaded)?;
    let wanted = Wanted {
        partial: asked.matching == Some(MatchName::Some),
        most: asked.limit.map(|limit| limit as u64),
        snippets: format.has_snippets(),
    };
    let request = asked.request();
    let begun = Arc::clone(&app)
        .ask(move |engine, deadline| {
            let request = Request {
                deadline: deadline.clone(),
                ..request
            };
            let export = engine.export(&request, wanted)?;
            format.holds(&export)?;
            let writer = ExportWriter::new(format, &export, engine);
            Ok((export, writer))
        })
        .await?;
    let (begun, writer) = begun;
    let writer = writer.map_err(|error| {
        tracing::error!(%error, "an export cannot begin");
        Fault::Internal
    })?;
    let (pieces, taken) = mpsc::channel(AHEAD);
    tokio::spawn(produce(app, begun, writer, pieces, place));
    let body = futures_util::stream::unfold(taken, |mut taken| async move {
        taken.recv().await.map(|piece| (piece, taken))
    });
    let query = asked.q.unwrap_or_default();
    attachment(Body::from_stream(body.fuse()), &name(&query), format)
}

/// A name for the file: what was looked for.
fn name(query: &str) -> String {
    let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '〔' | '〕');
    let words: String = query.trim().chars().filter(is_kept).take(30).collect();
    if words.is_empty() {
        "检索结果".to_owned()
    } else {
        format!("检索结果-{}", words.trim())
    }
}

/// The format that a route names.
pub(crate) fn format_named(name: &str) -> Result<ExportFormat, Fault> {
    ExportFormat::named(name).ok_or_else(|| {
        let all = ExportFormat::ALL.map(ExportFormat::as_str);
        Fault::Parameter {
            name: "format".to_owned(),
            why: format!("is none of {}", all.join(", ")),
        }
    })
}

/// What the engine is asked and writes into a file, with the file's name.
type Written = Result<(String, io::Result<()>), duibiao_search::Error>;

/// A file that is short enough to be made at once, with its name.
pub(crate) async fn made(
    app: Arc<App>,
    make: impl FnOnce(&Engine, &Deadline, &mut Vec<u8>) -> Written + Send + 'static,
) -> Result<(String, Vec<u8>), Fault> {
    let (name, bytes) = app
        .ask(move |engine, deadline| {
            let mut bytes = Vec::new();
            let (name, written) = make(engine, deadline, &mut bytes)?;
            Ok((name, written.map(|()| bytes)))
        })
        .await?;
    let bytes = bytes.map_err(|error| {
        tracing::error!(%error, name, "a file could not be written");
        Fault::Internal
    })?;
    Ok((name, bytes))
}

/// A file to save.
pub(crate) fn attachment(
    body: impl IntoResponse,
    name: &str,
    format: ExportFormat,
) -> Result<Response, Fault> {
    let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let extension = format.extension();
    let disposition = format!("attachment; filename*=UTF-8''{encoded}.{extension}");
    let disposition = HeaderValue::from_str(&disposition).map_err(|_| Fault::Internal)?;
    let mut response = body.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static(format.media_type());
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// Why an export ends before its end.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("nobody takes it any more")]
    NobodyTakesIt,
    #[error(transparent)]
    Search(#[from] duibiao_search::Error),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("a fault of the server")]
    Fault,
}

/// Sends an export to its end, holding its place among the exports.
async fn produce(
    app: Arc<App>,
    export: Export,
    writer: ExportWriter,
    pieces: Pieces,
    place: OwnedSemaphorePermit,
) {
    let gone = pieces.clone();
    let sent = tokio::select! {
        sent = send_all(&app, export, writer, pieces) => sent,
        () = gone.closed() => Err(Broken::NobodyTakesIt),
    };
    match sent {
        Ok(()) => {}
        Err(Broken::NobodyTakesIt) => tracing::debug!("an export was given up by its client"),
        Err(error) => {
            tracing::error!(%error, "an export was cut off");
            // Whoever reads sees the connection break. Nobody may be there any more.
            gone.send(Err(io::Error::other(error.to_string())))
                .await
                .ok();
        }
    }
    drop(place);
}

async fn send_all(
    app: &Arc<App>,
    mut export: Export,
    mut writer: ExportWriter,
    pieces: Pieces,
) -> Result<(), Broken> {
    loop {
        let stepped = step(app, export, writer).await?;
        (export, writer) = (stepped.export, stepped.writer);
        if !stepped.bytes.is_empty() {
            hand_over(&pieces, Ok(stepped.bytes.into())).await?;
        }
        if stepped.is_last {
            break;
        }
    }
    let handle = tokio::runtime::Handle::current();
    let app = Arc::clone(app);
    let finished = tokio::task::spawn_blocking(move || {
        let mut out = Sending {
            handle,
            pieces,
            waiting: Vec::with_capacity(PIECE),
        };
        writer.finish(&export, &app.engine, &mut out)?;
        out.flush()
    });
    finished.await.map_err(|_| Broken::Fault)??;
    Ok(())
}

/// An export after a step.
struct Stepped {
    export: Export,
    writer: ExportWriter,
    bytes: Vec<u8>,
    is_last: bool,
}

/// Reads and writes a few rows, on a turn of its own.
async fn step(
    app: &Arc<App>,
    mut export: Export,
    mut writer: ExportWriter,
) -> Result<Stepped, Broken> {
    let work = move |engine: &Engine, deadline: &Deadline| -> Result<Stepped, Broken> {
        let rows = engine.export_rows(&mut export, deadline)?;
        let mut bytes = Vec::new();
        writer.rows(&rows, engine, &mut bytes)?;
        Ok(Stepped {
            is_last: rows.is_empty(),
            export,
            writer,
            bytes,
        })
    };
    app.export_turn(work).await.ok_or(Broken::Fault)?
}

/// Hands a piece over, if it is taken in time.
async fn hand_over(pieces: &Pieces, piece: io::Result<Bytes>) -> Result<(), Broken> {
    match tokio::time::timeout(PATIENCE, pieces.send(piece)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Broken::NobodyTakesIt),
    }
}

/// Hands over what is written, from a thread that may wait.
struct Sending {
    handle: tokio::runtime::Handle,
    pieces: Pieces,
    waiting: Vec<u8>,
}

impl Sending {
    fn send(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.waiting, Vec::with_capacity(PIECE));
        self.handle
            .block_on(hand_over(&self.pieces, Ok(piece.into())))
            .map_err(|error| io::Error::new(io::ErrorKind::BrokenPipe, error.to_string()))
    }
}

impl Write for Sending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}
