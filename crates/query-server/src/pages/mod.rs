//! HTML pages: view models that templates under `web/templates` render. Text of documents and of
//! queries is escaped by the templates; no markup is put together here.

mod basket;
mod compare;
mod coverage;
mod document;
mod facets;
pub(crate) mod feed;
mod gaps;
mod hits;
mod home;
mod known;
mod ledger;
mod links;
mod marked;
mod quoted;
mod search;
mod similar;
mod trace;
mod words;
mod years;

pub(crate) use basket::{__path_excerpted, basket, excerpted};
pub(crate) use compare::{__path_compared, compare, compared};
pub(crate) use coverage::coverage;
pub(crate) use document::document;
pub(crate) use gaps::{__path_gaps_file, gaps, gaps_file};
pub(crate) use home::home;
pub(crate) use ledger::ledger;
pub(crate) use search::search;
pub(crate) use similar::similar;
pub(crate) use trace::{__path_trace_file, trace, trace_file};
pub(crate) use years::years;

use askama::Template;
use axum::http::{HeaderValue, Uri, header};
use axum::response::{Html, IntoResponse, Response};

use crate::app::App;
use crate::fault::Fault;

/// What every page has around its content.
struct Frame {
    /// What stands in the query box.
    typed: String,
    /// Whether the documents are the samples.
    is_demo: bool,
}

impl Frame {
    fn new(app: &App, typed: Option<&str>) -> Self {
        Self {
            typed: typed.unwrap_or_default().to_owned(),
            is_demo: app.config.is_demo,
        }
    }
}

/// A rendered page. It depends on the index, so a browser asks again.
fn page(template: &impl Template) -> Result<Response, Fault> {
    let html = template.render().map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        Fault::Internal
    })?;
    let mut response = Html(html).into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    frame: Frame,
    status: u16,
    said: words::Said,
}

/// A fault as a page, with the query kept in its box.
pub(crate) fn failure(fault: &Fault, typed: Option<String>, app: &App) -> String {
    let page = FailurePage {
        frame: Frame::new(app, typed.as_deref()),
        status: fault.status().as_u16(),
        said: words::fault(fault),
    };
    page.render()
        .unwrap_or_else(|_| words::fault(fault).title.to_owned())
}

/// The query in an address, whatever else is wrong with it.
pub(crate) fn typed_query(uri: &Uri) -> Option<String> {
    let pairs: Vec<(String, String)> =
        serde_html_form::from_str(uri.query().unwrap_or_default()).ok()?;
    pairs
        .into_iter()
        .find(|(name, _)| name == "q")
        .map(|(_, typed)| typed)
}

/// A number as people read it: in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
