//! `/basket`: passages that someone picked, in their order and with their notes, to read, to arrange, to
//! put side by side and to take away.
//!
//! The basket is its address and nothing else: the server keeps none. What is done to it is part of the
//! question too, so that every page works without script and going back undoes it; scripts keep the
//! basket of a browser and ask for the same pages.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use duibiao_corpus::{PassageId, Status};
use duibiao_search::{
    Axis, Engine, Excerpt, ExcerptPassage, Excerpts, MOST_NOTE, MOST_PICKED, Pick, Request,
};

use super::hits::{HitView, facts, hit_view};
use super::{Frame, links, page, words};
use crate::app::App;
use crate::export::{attachment, format_named, made};
use crate::fault::{Fault, Problem};
use crate::parameters::{BasketParameters, CompareParameters, Parameters, SearchParameters};

/// Hits to add from.
const FOUND: usize = 10;

#[derive(Template)]
#[template(path = "basket.html")]
struct BasketPage {
    frame: Frame,
    /// The page again, with nothing done to it.
    address: String,
    pins: Vec<PinView>,
    documents: usize,
    missing: usize,
    /// What was done, and the address before it where it took something out.
    done: Option<(String, Option<String>)>,
    /// Each axis with the comparison by it.
    comparisons: Vec<(&'static str, String)>,
    files: Vec<(&'static str, String)>,
    caution: &'static str,
    most: usize,
    most_note: usize,
    adding: Adding,
    citation: Option<&'static str>,
}

struct PinView {
    id: String,
    note: String,
    passage: Option<PassageView>,
}

struct PassageView {
    url: String,
    similar: String,
    lang: &'static str,
    title: String,
    headings: Vec<String>,
    problem: Option<String>,
    lines: Vec<String>,
    facts: Vec<String>,
    status: Option<(&'static str, &'static str)>,
    /// What is measured, and the words with the figure.
    figures: Vec<(String, String)>,
    citation: String,
}

/// A search whose hits can be added.
struct Adding {
    typed: String,
    /// Hits with everything that was asked for; none where nothing was asked.
    total: Option<u64>,
    /// Each with whether it is in the basket.
    hits: Vec<(HitView, bool)>,
    /// All of them, on the search page.
    more: String,
}

pub(crate) async fn basket(
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<BasketParameters>,
) -> Result<Response, Fault> {
    let before = asked.picks()?;
    let (picks, done) = act(&asked, &before)?;
    let frame = Frame::new(&app, None);
    let view = app
        .ask(move |engine, deadline| {
            let style = asked.citation.unwrap_or_default();
            let excerpts = engine.excerpts(&picks, style, deadline)?;
            let search = SearchParameters {
                q: asked.q.clone().filter(|q| !q.trim().is_empty()),
                citation: asked.citation,
                ..SearchParameters::default()
            };
            let found = match &search.q {
                Some(_) => Some(engine.search(&Request {
                    limit: FOUND,
                    collapse: true,
                    facets: false,
                    deadline: deadline.clone(),
                    ..search.request()
                })?),
                None => None,
            };
            let hits = found.iter().flat_map(|found| &found.hits);
            let is_picked = |id: &str| {
                picks
                    .iter()
                    .any(|pick| id.parse::<PassageId>() == Ok(pick.id))
            };
            let adding = Adding {
                typed: search.q.clone().unwrap_or_default(),
                total: found
                    .as_ref()
                    .map(|found| found.total + found.partial_total),
                hits: hits
                    .map(|hit| (hit_view(hit, &search, engine), is_picked(&hit.id)))
                    .collect(),
                more: links::search(&search),
            };
            Ok(view(
                frame,
                &asked.with(&picks),
                &excerpts,
                done,
                adding,
                engine,
            ))
        })
        .await?;
    page(&view)
}

/// What was done, and the address before it where it took something out.
type Done = Option<(String, Option<String>)>;

/// The passages after what is done to them.
fn act(asked: &BasketParameters, before: &[Pick]) -> Result<(Vec<Pick>, Done), Fault> {
    let mut picks = before.to_vec();
    let undo = || Some(links::basket(&asked.with(before)));
    let place = |id: &Option<String>| -> Result<Option<usize>, Fault> {
        let id: Option<PassageId> = id.as_ref().map(|id| id.parse()).transpose()?;
        Ok(id.and_then(|id| before.iter().position(|pick| pick.id == id)))
    };
    if let Some(at) = place(&asked.out)? {
        picks.remove(at);
        return Ok((picks, Some((format!("已移出第 {} 段", at + 1), undo()))));
    }
    if asked
        .clear
        .is_some_and(|clear| clear == crate::parameters::Switch::On)
        && !before.is_empty()
    {
        let said = format!("已清空，移出 {} 段", before.len());
        return Ok((Vec::new(), Some((said, undo()))));
    }
    let moved = match (place(&asked.up)?, place(&asked.down)?) {
        (Some(at), _) => Some((at, at.saturating_sub(1))),
        (None, Some(at)) => Some((at, (at + 1).min(before.len() - 1))),
        (None, None) => None,
    };
    let done = moved.map(|(from, to)| {
        picks.swap(from, to);
        (format!("移到第 {} 位", to + 1), None)
    });
    Ok((picks, done))
}

fn view(
    frame: Frame,
    asked: &BasketParameters,
    excerpts: &Excerpts,
    done: Done,
    adding: Adding,
    engine: &Engine,
) -> BasketPage {
    let has_any = excerpts.missing() < excerpts.items.len();
    let comparison = |axis: Axis| {
        let compared = CompareParameters {
            id: asked.id.clone(),
            by: Some(axis),
            citation: asked.citation,
            ..CompareParameters::default()
        };
        (axis.label(), links::compare(&compared))
    };
    let formats = [
        ("Excel", "xlsx"),
        ("Word", "docx"),
        ("CSV", "csv"),
        ("Markdown", "markdown"),
    ];
    BasketPage {
        frame,
        address: links::basket(asked),
        documents: excerpts.sources.len(),
        missing: excerpts.missing(),
        done,
        comparisons: Axis::ALL
            .into_iter()
            .filter(|_| has_any)
            .map(comparison)
            .collect(),
        files: formats
            .into_iter()
            .filter(|_| has_any)
            .map(|(name, format)| (name, links::excerpted(asked, format)))
            .collect(),
        caution: Excerpts::CAUTION,
        most: MOST_PICKED,
        most_note: MOST_NOTE,
        pins: excerpts
            .items
            .iter()
            .map(|item| pin_view(item, asked, engine))
            .collect(),
        adding,
        citation: asked.citation.map(duibiao_search::CitationStyle::as_str),
    }
}

fn pin_view(item: &Excerpt, asked: &BasketParameters, engine: &Engine) -> PinView {
    PinView {
        id: item.id.clone(),
        note: item.note.clone(),
        passage: item
            .passage
            .as_ref()
            .map(|passage| passage_view(passage, asked, engine)),
    }
}

fn passage_view(
    passage: &ExcerptPassage,
    asked: &BasketParameters,
    engine: &Engine,
) -> PassageView {
    let hit = &passage.hit;
    let ordinal = hit.id.rsplit_once("-m").and_then(|(_, m)| m.parse().ok());
    let search = SearchParameters {
        citation: asked.citation,
        ..SearchParameters::default()
    };
    let mut facts = facts(hit);
    if let (Some(date), Some(year)) = (&hit.date, facts.get_mut(1)) {
        year.clone_from(date);
    }
    let themes = hit.themes.iter().take(3);
    facts.extend(
        themes
            .filter_map(|id| engine.theme_name(id))
            .map(str::to_owned),
    );
    PassageView {
        url: links::document(&hit.document_id, &search, ordinal),
        similar: links::similar(&hit.id, &Default::default()),
        lang: words::lang(hit.script),
        title: hit.title.clone().unwrap_or_else(|| hit.path.clone()),
        headings: hit.heading_path.clone(),
        problem: hit.problem.clone(),
        lines: passage
            .text()
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect(),
        facts,
        status: hit.status.map(|s| (s.as_str(), Status::label(s))),
        figures: passage
            .figures
            .iter()
            .map(|figure| {
                let what = figure.what.as_deref().unwrap_or_default();
                (what.trim().to_owned(), figure.quote.trim().to_owned())
            })
            .collect(),
        citation: hit.citation.clone(),
    }
}

/// Picked passages as a file: each verbatim with its headings, its note and its citation, and the list of sources
#[utoipa::path(
    get, path = "/basket/{format}",
    params(
        ("format" = String, Path, description = "xlsx, docx, csv, markdown or jsonl"),
        BasketParameters,
    ),
    responses(
        (status = 200, description = "The file; a passage that is not in the index keeps its place and its note, and is said to be missing", content_type = "text/csv"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "Not an id, too many passages, or notes that are too long"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "It took too long, or too many wait"),
    )
)]
pub(crate) async fn excerpted(
    State(app): State<Arc<App>>,
    Path(format): Path<String>,
    Parameters(asked): Parameters<BasketParameters>,
) -> Result<Response, Fault> {
    let format = format_named(&format)?;
    let (picks, _) = act(&asked, &asked.picks()?)?;
    let (name, bytes) = made(app, move |engine, deadline, bytes| {
        let style = asked.citation.unwrap_or_default();
        let excerpts = engine.excerpts(&picks, style, deadline)?;
        let name = format!("摘编-{}段", picks.len());
        Ok((name, excerpts.write(format, bytes)))
    })
    .await?;
    attachment(bytes, &name, format)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> BasketParameters {
        serde_html_form::from_str(query).expect("parameters")
    }

    fn after(query: &str) -> (String, bool) {
        let asked = asked(query);
        let before = asked.picks().expect("ids");
        let (picks, done) = act(&asked, &before).expect("ids");
        let undo = done.and_then(|(_, undo)| undo);
        (links::basket(&asked.with(&picks)), undo.is_some())
    }

    #[test]
    fn what_is_done_moves_notes_along_and_can_be_undone() {
        let id = |n: u32| format!("00000000000000ab-m{n}");
        let all = format!("id={}&note=a&id={}&note=&id={}&note=c", id(1), id(2), id(3));
        let moved = |end: &str| after(&format!("{all}&{end}"));
        let up = format!(
            "/basket?id={}&id={}&id={}&note=a&note=c",
            id(1),
            id(3),
            id(2)
        );
        assert_eq!(moved(&format!("up={}", id(3))), (up.clone(), false));
        assert_eq!(moved(&format!("down={}", id(2))), (up, false));
        let first = format!("up={}", id(1));
        assert_eq!(moved(&first).0, moved("").0, "the first stays the first");
        let without = format!("/basket?id={}&id={}&note=&note=c", id(2), id(3));
        assert_eq!(moved(&format!("out={}", id(1))), (without, true));
        assert_eq!(moved("clear=1"), ("/basket".to_owned(), true));
        // Named again it is the one that is there, with its note.
        let again = after(&format!("{all}&id={}", id(1)));
        assert_eq!(again, moved(""));
        let many = asked(&format!("id={}&note=a&note=b", id(1)));
        assert!(many.picks().is_err(), "a note of nothing");
    }
}
