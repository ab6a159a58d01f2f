//! Everything that can go wrong with a request, said once: to programs as a problem document
//! (RFC 9457), to people as a page in Chinese.

use std::any::Any;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use duibiao_corpus::IdError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::pages;
use crate::parameters::MOST_PARAMETERS;

/// Why a request is not answered.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The engine refuses.
    Search(duibiao_search::Error),
    /// What stands in the path is no id.
    Id(IdError),
    /// A parameter that the route does not have.
    UnknownParameter {
        name: String,
        known: Vec<String>,
    },
    /// A parameter whose value means nothing.
    Parameter {
        name: String,
        why: String,
    },
    /// The query string is not one.
    Unreadable(String),
    NoRoute,
    NoMethod,
    ForeignHost(String),
    ForeignOrigin(String),
    TooMuchBody,
    /// More parameters than any question has.
    TooManyParameters(usize),
    Overloaded,
    Timeout,
    Internal,
}

impl From<duibiao_search::Error> for Fault {
    fn from(error: duibiao_search::Error) -> Self {
        Self::Search(error)
    }
}

impl From<IdError> for Fault {
    fn from(error: IdError) -> Self {
        Self::Id(error)
    }
}

/// An error as RFC 9457 writes it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// What kind of problem it is; the same for every occurrence.
    #[serde(rename = "type")]
    #[schema(example = "urn:duibiao:problem:unknown-parameter")]
    kind: String,
    /// The kind in words.
    title: &'static str,
    /// The status code again.
    #[schema(example = 400)]
    status: u16,
    /// What is wrong this time.
    detail: String,
    /// What to do about it, where something can be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<String>,
}

impl Fault {
    pub(crate) fn status(&self) -> StatusCode {
        use duibiao_search::Error;
        match self {
            Self::Search(error) if error.is_usage() => StatusCode::BAD_REQUEST,
            Self::Search(Error::NotFound(_)) | Self::NoRoute => StatusCode::NOT_FOUND,
            Self::Search(Error::OutOfTime) | Self::Overloaded | Self::Timeout => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Search(_) | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Id(_)
            | Self::UnknownParameter { .. }
            | Self::Parameter { .. }
            | Self::TooManyParameters(_)
            | Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::NoMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::ForeignHost(_) => StatusCode::MISDIRECTED_REQUEST,
            Self::ForeignOrigin(_) => StatusCode::FORBIDDEN,
            Self::TooMuchBody => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// Kind and title.
    fn kind(&self) -> (&'static str, &'static str) {
        use duibiao_search::Error;
        match self {
            Self::Search(Error::Query { .. }) => ("bad-query", "The query is wrong"),
            Self::Search(Error::TooLarge(_)) => ("query-too-large", "The query is too large"),
            Self::Search(Error::Filter { .. }) => ("bad-filter", "A filter is wrong"),
            Self::Search(Error::Parameter { .. }) | Self::Parameter { .. } => {
                ("bad-parameter", "A parameter is wrong")
            }
            Self::Search(Error::NotFound(_)) => ("not-found", "Nothing has this id"),
            Self::Search(Error::OutOfTime) => ("out-of-time", "The search took too long"),
            Self::Search(_) => ("index", "The index cannot be read"),
            Self::Id(_) => ("bad-id", "This is no id"),
            Self::UnknownParameter { .. } => ("unknown-parameter", "There is no such parameter"),
            Self::TooManyParameters(_) => ("too-many-parameters", "There are too many parameters"),
            Self::Unreadable(_) => ("bad-query-string", "The query string cannot be read"),
            Self::NoRoute => ("no-route", "There is nothing at this address"),
            Self::NoMethod => ("no-method", "Only GET and HEAD are answered"),
            Self::ForeignHost(_) => ("foreign-host", "This host is not answered"),
            Self::ForeignOrigin(_) => ("foreign-origin", "This origin is not answered"),
            Self::TooMuchBody => ("body", "No route reads a body"),
            Self::Overloaded => ("overloaded", "Too many requests at once"),
            Self::Timeout => ("timeout", "The answer took too long"),
            Self::Internal => ("internal", "A fault of the server"),
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Search(error) => error.to_string(),
            Self::Id(error) => error.to_string(),
            Self::UnknownParameter { name, .. } => format!("unknown parameter {name:?}"),
            Self::Parameter { name, why } => format!("{name}: {why}"),
            Self::TooManyParameters(given) => {
                format!("{given} parameters were given, at most {MOST_PARAMETERS} are read")
            }
            Self::Unreadable(why) => why.clone(),
            Self::ForeignHost(host) => format!("the request names the host {host:?}"),
            Self::ForeignOrigin(origin) => format!("the request comes from {origin:?}"),
            other => other.kind().1.to_lowercase(),
        }
    }

    fn suggestion(&self) -> Option<String> {
        Some(match self {
            Self::Search(error) => return error.suggestion(),
            Self::Id(_) => "take ids from the hits of a search".to_owned(),
            Self::UnknownParameter { known, .. } if known.is_empty() => {
                "this route has no parameters".to_owned()
            }
            Self::UnknownParameter { known, .. } => format!("known are {}", known.join(", ")),
            Self::Parameter { .. } | Self::NoRoute | Self::NoMethod | Self::TooMuchBody => {
                "see /openapi.json".to_owned()
            }
            Self::TooManyParameters(_) => {
                "ask several times, each time with some of the values".to_owned()
            }
            Self::Unreadable(_) => "write it as name=value&name=value, percent-encoded".to_owned(),
            Self::ForeignHost(host) => {
                let name = host
                    .rsplit_once(':')
                    .map_or(host.as_str(), |(name, _)| name);
                format!("if it is meant to answer there, start it with --allow-host {name}")
            }
            Self::ForeignOrigin(origin) => {
                format!(
                    "if it is meant to be read from there, start it with --allow-origin {origin}"
                )
            }
            Self::Overloaded => "try again in a second".to_owned(),
            Self::Timeout => "ask for less at once, or try again later".to_owned(),
            Self::Internal => return None,
        })
    }

    fn problem(&self) -> Problem {
        let (kind, title) = self.kind();
        Problem {
            kind: format!("urn:duibiao:problem:{kind}"),
            title,
            status: self.status().as_u16(),
            detail: self.detail(),
            suggestion: self.suggestion(),
        }
    }
}

impl IntoResponse for Fault {
    /// An empty answer that carries the fault; [`present`] gives it its words.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if matches!(self, Self::Overloaded) {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Says a fault in the form that who asked can read.
pub(crate) async fn present(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let for_people = request
        .headers()
        .get(header::ACCEPT)
        .is_some_and(|accept| accept.to_str().is_ok_and(|a| a.contains("text/html")))
        && !request.uri().path().starts_with("/api/");
    let typed = pages::typed_query(request.uri());
    let mut response = next.run(request).await;
    let fault = match response.extensions_mut().remove::<Arc<Fault>>() {
        Some(fault) => fault,
        // The body limit answers by itself.
        None if response.status() == StatusCode::PAYLOAD_TOO_LARGE => Arc::new(Fault::TooMuchBody),
        None => return response,
    };
    if fault.status().is_server_error() {
        tracing::error!(detail = fault.detail(), "request failed");
    }
    let (kind, body) = if for_people {
        (
            "text/html; charset=utf-8",
            pages::failure(&fault, typed, &app),
        )
    } else {
        let json = serde_json::to_string(&fault.problem()).unwrap_or_default();
        ("application/problem+json", json)
    };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts
        .headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Response::from_parts(parts, Body::from(body))
}

/// A handler panicked: a fault of ours. It is one answer; the next request is served.
pub(crate) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let what = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!(what, "a handler panicked");
    Fault::Internal.into_response()
}

pub(crate) async fn no_such_route() -> Fault {
    Fault::NoRoute
}

pub(crate) async fn no_such_method() -> Fault {
    Fault::NoMethod
}
