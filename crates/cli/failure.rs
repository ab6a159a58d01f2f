//! How a command ends: outcomes and errors as exit codes, errors as words on stderr.

use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use duibiao_indexer::RunError;
use duibiao_search::evaluation::EvaluationError;

use crate::terminal::plain;

/// How a command that did its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    /// The answer is no.
    No,
    /// Some files could not be read; they are listed.
    SomeFailed,
    Interrupted,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::No => FAILED,
            Outcome::SomeFailed => 3,
            Outcome::Interrupted => 130,
        })
    }
}

/// What was asked for cannot be, in a way that the argument parser does not see.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Usage(pub(crate) String);

const FAILED: u8 = 1;
const USAGE: u8 = 2;

/// Says what went wrong and what to do, and with which code to exit.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    // Whoever reads our output has seen enough: `duibiao search … | head`.
    if error.chain().any(|e| {
        e.downcast_ref::<io::Error>()
            .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    }) {
        return ExitCode::SUCCESS;
    }
    let mut text = format!("error: {error}");
    let mut said = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !said.contains(&cause) {
            let _ = write!(text, ": {cause}");
            said.push_str(&cause);
        }
    }
    eprintln!("{}", plain(&text));
    if let Some(hint) = suggestion(error) {
        eprintln!(" hint: {}", plain(&hint));
    }
    ExitCode::from(if is_usage(error) { USAGE } else { FAILED })
}

/// A panic is a fault of ours, or of a library on damaged data: one line for a report instead of
/// a page. Set RUST_BACKTRACE for the page.
pub(crate) fn shorten_panics() {
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|panic| {
            let place = panic
                .location()
                .map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
            let what = panic.payload_as_str().unwrap_or("no message");
            eprintln!("internal error{place}: {what}");
        }));
    }
}

fn suggestion(error: &anyhow::Error) -> Option<String> {
    if let Some(error) = error.downcast_ref::<duibiao_search::Error>() {
        return error.suggestion();
    }
    if let Some(error) = error.downcast_ref::<EvaluationError>() {
        return error.suggestion();
    }
    if let Some(error) = error.downcast_ref::<duibiao_query_server::ServeError>() {
        return error.suggestion();
    }
    match error.downcast_ref::<RunError>()? {
        RunError::Index(error) => error.suggestion(),
        RunError::NoRoot(_) => Some("name a folder or a file that exists".to_owned()),
        RunError::Analyzer(_) | RunError::Sync { .. } => None,
    }
}

fn is_usage(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<duibiao_search::Error>()
        .is_some_and(duibiao_search::Error::is_usage)
        || error
            .downcast_ref::<EvaluationError>()
            .is_some_and(EvaluationError::is_usage)
        || error
            .downcast_ref::<duibiao_indexer::LabelsError>()
            .is_some_and(|e| !matches!(e, duibiao_indexer::LabelsError::Open { .. }))
        || error.downcast_ref::<duibiao_corpus::IdError>().is_some()
        || error.downcast_ref::<Usage>().is_some()
        || matches!(
            error.downcast_ref::<duibiao_query_server::ServeError>(),
            Some(duibiao_query_server::ServeError::NoName(..))
        )
}
