//! `/feed`: a search as an Atom feed (RFC 4287), the newest documents first.
//!
//! What is told of time is what documents say of themselves: the index does not know when a
//! document was published, and when it was indexed is no day of publication. What is new in the
//! index whatever its date is told by `duibiao watch`.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use duibiao_search::{Engine, Hit, Request, Response as Found, Sort};

use super::facets::chips;
use super::hits::facts;
use super::marked::paragraphs;
use super::{links, words};
use crate::app::App;
use crate::fault::{Fault, Problem};
use crate::guard;
use crate::parameters::{Parameters, SearchParameters};

/// Entries where no limit is asked for.
const LIMIT: usize = 50;
/// Most entries: readers load all of them each time they look.
const MOST: usize = 200;
/// What is said to be the time of what has no date: Atom wants one for each entry, and this one
/// nobody takes for a day of publication.
const UNKNOWN: &str = "1970-01-01T00:00:00Z";

#[derive(Template)]
#[template(path = "feed.xml")]
struct FeedView {
    id: String,
    title: String,
    /// When the index was committed.
    updated: String,
    /// Its own address.
    address: String,
    /// The search page.
    page: String,
    entries: Vec<EntryView>,
}

struct EntryView {
    id: String,
    title: String,
    lang: &'static str,
    updated: String,
    /// Where the day is known.
    published: Option<String>,
    address: String,
    /// Where the document was published.
    source: Option<String>,
    authors: Vec<String>,
    /// Ids and names.
    themes: Vec<(String, String)>,
    /// HTML, to be escaped once more.
    content: String,
}

/// What a reader shows of an entry.
#[derive(Template)]
#[template(path = "feed-entry.html")]
struct ContentView<'h> {
    problem: Option<&'h str>,
    lines: Vec<&'h str>,
    headings: String,
    facts: String,
    citation: &'h str,
}

/// A search as an Atom feed: the newest documents first, each entry with the whole passage, its place and citation
#[utoipa::path(
    get, path = "/feed", params(SearchParameters),
    responses(
        (status = 200, description = "An Atom feed (RFC 4287) of hits with everything that was asked for, 50 where there is no limit, at most 200. updated of an entry is the first day of what is known of the document's date, and 1970-01-01 where nothing is; published is there where the day is known. offset, cursor, collapse, related and explain are errors here", content_type = "application/atom+xml"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "What was asked is wrong; the suggestion says how to ask"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "The search took too long, or too many wait for one"),
    )
)]
pub(crate) async fn feed(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
    Parameters(asked): Parameters<SearchParameters>,
) -> Result<Response, Fault> {
    asked.refuse_pages("in a feed, which has the newest hits")?;
    if asked.limit.is_some_and(|limit| limit > MOST) {
        return Err(Fault::Parameter {
            name: "limit".to_owned(),
            why: format!("must not exceed {MOST} in a feed"),
        });
    }
    let request = Request {
        sort: asked.request().sort.or(Some(Sort::Newest)),
        limit: asked.limit.unwrap_or(LIMIT),
        whole: true,
        // Neither parts of what is asked for nor a query that may have been meant are subscribed to.
        match_all: true,
        related: Some(false),
        ..asked.request()
    };
    let site = site(&headers, &uri);
    let view = app
        .ask(move |engine, deadline| {
            let found = engine.search(&Request {
                deadline: deadline.clone(),
                ..request
            })?;
            Ok(view(&found, &asked, engine, &site))
        })
        .await?;
    let xml = rendered(&view?)?;
    let mut response = xml.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// Scheme and host that the feed was asked for at; the host is one that is answered. A proxy in
/// front says whether it is asked over HTTPS.
fn site(headers: &HeaderMap, uri: &Uri) -> String {
    let is_secure = headers
        .get("x-forwarded-proto")
        .is_some_and(|scheme| scheme.as_bytes().eq_ignore_ascii_case(b"https"));
    let scheme = if is_secure { "https" } else { "http" };
    format!("{scheme}://{}", guard::host(headers, uri))
}

fn view(
    found: &Found,
    asked: &SearchParameters,
    engine: &Engine,
    site: &str,
) -> Result<FeedView, Fault> {
    // However many entries it has, it is the same feed.
    let whole = links::of_any_length(asked);
    let id = links::feed(&whole);
    let query = id.split_once('?').map_or("", |(_, query)| query);
    let entries = found.hits.iter().map(|hit| entry(hit, asked, engine, site));
    Ok(FeedView {
        id: format!("urn:duibiao:feed:{query}"),
        title: title(asked, found),
        updated: time(engine.commit().committed_at),
        page: format!("{site}{}", links::search(&whole)),
        address: format!("{site}{}", links::feed(asked)),
        entries: entries.collect::<Result<_, _>>()?,
    })
}

/// What is searched for, in words.
fn title(asked: &SearchParameters, found: &Found) -> String {
    let typed = asked.q.as_deref().unwrap_or_default().trim();
    let typed = if typed.is_empty() {
        "全部文件"
    } else {
        typed
    };
    let mut title = format!("对标：{typed}");
    for chip in chips(asked, found) {
        let labels: Vec<&str> = chip.values.iter().map(|v| v.label.as_str()).collect();
        title.push_str(&format!("，{}{}", chip.preposition, labels.join("、")));
    }
    title
}

fn entry(
    hit: &Hit,
    asked: &SearchParameters,
    engine: &Engine,
    site: &str,
) -> Result<EntryView, Fault> {
    let title = hit.title.as_deref().unwrap_or(&hit.path);
    let ordinal = hit.id.rsplit_once("-m").and_then(|(_, m)| m.parse().ok());
    let is_passage = ordinal.is_some();
    let heading = hit.heading_path.last().filter(|_| is_passage);
    let address = links::document(&hit.document_id, asked, ordinal);
    let (updated, published) = times(hit);
    let issuer = hit.issuer.as_deref().unwrap_or("〔作者不详〕");
    let name = |id: &duibiao_corpus::ThemeId| {
        let name = engine.theme_name(id).unwrap_or(id.as_str());
        (id.to_string(), name.to_owned())
    };
    let kind = if is_passage { "passage" } else { "document" };
    Ok(EntryView {
        id: format!("urn:duibiao:{kind}:{}", hit.id),
        title: heading.map_or_else(|| title.to_owned(), |h| format!("{title} › {h}")),
        lang: words::lang(hit.script),
        updated,
        published,
        address: format!("{site}{address}"),
        source: hit.url.clone().filter(|url| {
            let url = url.to_ascii_lowercase();
            url.starts_with("https://") || url.starts_with("http://")
        }),
        authors: issuer
            .split('；')
            .map(|body| body.trim().to_owned())
            .collect(),
        themes: hit.themes.iter().map(name).collect(),
        content: content(hit)?,
    })
}

fn content(hit: &Hit) -> Result<String, Fault> {
    let text = hit.text.as_deref().unwrap_or(&hit.snippet.text);
    let mut facts = facts(hit);
    facts.extend(hit.status.map(|status| status.label().to_owned()));
    let view = ContentView {
        problem: hit.problem.as_deref(),
        lines: paragraphs(text, 0)
            .into_iter()
            .map(|(_, line)| line)
            .collect(),
        headings: hit.heading_path.join(" › "),
        facts: facts.join(" · "),
        citation: &hit.citation,
    };
    rendered(&view)
}

/// `updated` and `published` of a document: its date begins in China.
fn times(hit: &Hit) -> (String, Option<String>) {
    let year = hit.year.map(|year| year.to_string());
    let Some(date) = hit.date.clone().or(year) else {
        return (UNKNOWN.to_owned(), None);
    };
    let begin = |date: &str| format!("{date}T00:00:00+08:00");
    match date.len() {
        10 => (begin(&date), Some(begin(&date))),
        7 => (begin(&format!("{date}-01")), None),
        4 => (begin(&format!("{date}-01-01")), None),
        _ => (UNKNOWN.to_owned(), None),
    }
}

/// Seconds since 1970 as Atom writes a time.
fn time(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).ok();
    seconds
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map_or_else(|| UNKNOWN.to_owned(), |time| time.to_string())
}

/// A template as text that may stand in XML 1.0, which has no control characters; those that turn
/// the direction of a line are left out as well.
fn rendered(template: &impl Template) -> Result<String, Fault> {
    let text = template.render().map_err(|error| {
        tracing::error!(%error, "a feed could not be rendered");
        Fault::Internal
    })?;
    let is_kept = |c: &char| match c {
        '\n' | '\t' => true,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => false,
        c => !c.is_control(),
    };
    Ok(text.chars().filter(is_kept).collect())
}
