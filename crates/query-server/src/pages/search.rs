//! `/search`: facets, chips, hits, and what to do when there are none.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use duibiao_search::{
    CitationStyle, Engine, ExportFormat, Hit, MAX_WINDOW, NotCovered, Relaxations,
    Response as Found, Unit,
};

use super::facets::{Chip, Facet, canonical, chips, facets, kept};
use super::hits::{HitView, hit_view};
use super::{Frame, grouped, links, page, words};
use crate::app::App;
use crate::fault::Fault;
use crate::parameters::{
    CompareParameters, Parameters, SearchParameters, SortName, Switch, UnitName,
};

/// Hits on a page: what two screens hold.
const LIMIT: usize = 20;
#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    frame: Frame,
    title: String,
    facets: Vec<Facet>,
    /// Filters that no facet shows, kept when the form is sent.
    kept: Vec<(String, String)>,
    chips: Vec<Chip>,
    clear: String,
    total: String,
    total_number: u64,
    documents: String,
    partial: Option<String>,
    took: String,
    is_documents: bool,
    takes: Vec<Take>,
    /// Editions that citations may follow.
    citations: Vec<Choice>,
    units: Vec<Choice>,
    sorts: Vec<Choice>,
    hits: Vec<HitView>,
    added: Option<Added>,
    corrected: Option<Corrected>,
    /// Other queries worth trying, with their addresses.
    did_you_mean: Vec<(String, String)>,
    related: Option<RelatedView>,
    pages: Vec<PageLink>,
    first: usize,
    nothing: Option<Nothing>,
    /// What filters for places leave out, and the search that has it too.
    left_out: Vec<(String, String)>,
    is_explained: bool,
    explain: String,
    api: String,
    /// The same search as an Atom feed.
    feed: String,
    compare: String,
    address: String,
    /// Whether an operator of other systems was typed, which is a word here.
    has_foreign_operator: bool,
}

/// One of a few ways to look at the hits.
pub(super) struct Choice {
    pub(super) label: &'static str,
    pub(super) value: &'static str,
    pub(super) url: String,
    pub(super) is_current: bool,
}

/// So many hits to take away, in each format.
struct Take {
    label: String,
    files: Vec<(&'static str, String)>,
}

struct PageLink {
    label: String,
    name: String,
    url: Option<String>,
    is_current: bool,
    rel: &'static str,
}

/// What was searched for beside what was typed.
struct Added {
    /// Each term with the address without it.
    terms: Vec<(String, String)>,
    /// Terms taken off, each with the address with it.
    dropped: Vec<(String, String)>,
    /// Hits of the words typed, where added ones found more.
    exact: Option<String>,
    /// The address with nothing added, or with everything again.
    switch: String,
    is_off: bool,
}

/// A query that was corrected because nothing was found as typed.
struct Corrected {
    from: String,
    to: String,
    kind: &'static str,
}

/// Hits through related terms and of the same theme.
struct RelatedView {
    total: String,
    terms: String,
    themes: String,
    hits: Vec<HitView>,
}

/// What is said when nothing was found.
struct Nothing {
    searched: String,
    /// Whether the filters allow no document at all.
    excludes_all: bool,
    missing: Vec<String>,
    pieces: Vec<(String, String, String)>,
    elsewhere: Vec<(String, String, String)>,
    without: Vec<(String, String, String)>,
    unfiltered: Option<(String, String)>,
    has_query: bool,
}

pub(crate) async fn search(
    State(app): State<Arc<App>>,
    Parameters(mut asked): Parameters<SearchParameters>,
) -> Result<Response, Fault> {
    in_one_tree(&mut asked, &app.engine);
    let mut request = asked.request();
    request.limit = asked.limit.unwrap_or(LIMIT);
    request.collapse = asked.collapse != Some(Switch::Off);
    let (found, relaxed, hits, related, dropped) = {
        let (app, mut request, asked) = (Arc::clone(&app), request.clone(), asked.clone());
        app.ask(move |engine, deadline| {
            request.deadline = deadline.clone();
            let found = engine.search(&request)?;
            let relaxed = if found.hits.is_empty() && request.offset == 0 {
                Some(engine.relax(&request)?)
            } else {
                None
            };
            let view = |hit: &Hit| hit_view(hit, &asked, engine);
            let hits: Vec<HitView> = found.hits.iter().map(view).collect();
            let related: Vec<HitView> = found.related.iter().map(view).collect();
            let dropped = engine.dropped(&request, &found)?;
            Ok((found, relaxed, hits, related, dropped))
        })
        .await?
    };
    if dropped.len() < asked.drop.len() {
        // Terms taken off another query mean nothing to this one.
        asked.drop = dropped;
        return Ok(Redirect::to(&links::search(&asked)).into_response());
    }
    canonical(&mut asked, &found);
    let is_documents = request.unit == Unit::Document;
    let typed = asked.q.clone().unwrap_or_default();
    page(&SearchPage {
        title: if typed.trim().is_empty() {
            "全部文件".to_owned()
        } else {
            typed.trim().chars().take(40).collect()
        },
        frame: Frame::new(&app, asked.q.as_deref()),
        facets: facets(&asked, &found),
        kept: kept(&asked),
        chips: chips(&asked, &found),
        clear: links::without_filters(&asked),
        total: grouped(found.total),
        total_number: found.total,
        documents: grouped(found.documents),
        partial: (found.partial_total > 0).then(|| grouped(found.partial_total)),
        took: milliseconds(found.took_ms),
        is_documents,
        takes: takes(&asked, &found),
        citations: citations(asked.citation, |style| links::cited(&asked, style)),
        units: units(&asked, is_documents),
        sorts: sorts(&asked),
        added: added(&asked, &found),
        corrected: found.corrected.as_ref().map(|corrected| Corrected {
            from: corrected.from.clone(),
            to: corrected.to.clone(),
            kind: words::correction(&corrected.kind),
        }),
        did_you_mean: found
            .did_you_mean
            .iter()
            .map(|query| (query.clone(), links::asking(&asked, query)))
            .collect(),
        related: related_view(&found, related),
        pages: pages(&asked, &found, request.limit, request.offset),
        first: request.offset + 1,
        nothing: relaxed.map(|relaxed| nothing(&relaxed, &asked)),
        left_out: found
            .not_covered
            .iter()
            .map(|left_out| with_former(left_out, &asked))
            .collect(),
        is_explained: request.explain,
        explain: links::changed(&asked, |asked| {
            asked.offset = (request.offset > 0).then_some(request.offset);
            asked.explain = (!request.explain).then_some(Switch::On);
        }),
        api: links::api(&asked),
        feed: links::feed(&links::of_any_length(&asked)),
        compare: links::compare(&CompareParameters::of(&asked)),
        address: links::search(&asked),
        has_foreign_operator: typed
            .split_whitespace()
            .any(|word| matches!(word, "and" | "not" | "or" | "并且" | "或者" | "&&" | "||")),
        hits,
    })
}

/// Shows filters for places as choices in one tree.
fn in_one_tree(asked: &mut SearchParameters, engine: &Engine) {
    let filters = engine.in_one_tree(&asked.request().filters);
    asked.place = filters.place;
    asked.province = filters.province;
    asked.city = filters.city;
    asked.county = filters.county;
}

/// Hits to take away: all of them, the first ones, and with those that have some of the pieces.
fn takes(asked: &SearchParameters, found: &Found) -> Vec<Take> {
    let unit = match asked.unit {
        Some(UnitName::Document) => "份",
        _ => "条",
    };
    let take = |label: String, rows: u64, limit: Option<usize>, with_partial: bool| {
        let formats = ExportFormat::ALL.into_iter();
        let fitting = formats.filter(|format| format.most_rows() >= rows);
        let file = |format| {
            (
                name(format),
                links::export(asked, format, limit, with_partial),
            )
        };
        Take {
            label,
            files: fitting.map(file).collect(),
        }
    };
    let mut takes = Vec::new();
    if found.total > 0 {
        let label = format!("全部 {} {unit}", grouped(found.total));
        takes.push(take(label, found.total, None, false));
    }
    for first in [100, 1_000] {
        if found.total > first {
            let label = format!("前 {} {unit}", grouped(first));
            takes.push(take(label, first, Some(first as usize), false));
        }
    }
    if found.partial_total > 0 {
        let all = found.total + found.partial_total;
        let label = format!("连同部分命中 {} {unit}", grouped(all));
        takes.push(take(label, all, None, true));
    }
    takes
}

/// What a format is called on the page.
fn name(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv => "CSV",
        ExportFormat::Jsonl => "JSONL",
        ExportFormat::Markdown => "Markdown",
        ExportFormat::Xlsx => "Excel",
        ExportFormat::Docx => "Word",
    }
}

/// The editions of GB/T 7714, with the address that has each.
pub(super) fn citations(
    current: Option<CitationStyle>,
    url: impl Fn(CitationStyle) -> String,
) -> Vec<Choice> {
    let choice = |style: CitationStyle| Choice {
        label: match style {
            CitationStyle::Gb2015 => "GB/T 7714—2015",
            CitationStyle::Gb2025 => "GB/T 7714—2025",
        },
        value: style.as_str(),
        url: url(style),
        is_current: style == current.unwrap_or_default(),
    };
    CitationStyle::ALL.map(choice).into()
}

fn units(asked: &SearchParameters, is_documents: bool) -> Vec<Choice> {
    let choice = |label, unit, is_current| Choice {
        label,
        value: "",
        url: links::of_unit(asked, unit),
        is_current,
    };
    vec![
        choice("措施", UnitName::Measure, !is_documents),
        choice("文件", UnitName::Document, is_documents),
    ]
}

fn sorts(asked: &SearchParameters) -> Vec<Choice> {
    let has_query = asked.q.as_ref().is_some_and(|q| !q.trim().is_empty());
    let current = match asked.sort {
        None | Some(SortName::Relevance) if !has_query => SortName::Newest,
        None => SortName::Relevance,
        Some(sort) => sort,
    };
    let choice = |label, value, sort| Choice {
        label,
        value,
        url: links::sorted(asked, sort),
        is_current: sort == current,
    };
    let mut choices = vec![
        choice("最新在前", "newest", SortName::Newest),
        choice("最早在前", "oldest", SortName::Oldest),
    ];
    if has_query {
        choices.insert(0, choice("相关度", "relevance", SortName::Relevance));
    }
    choices
}

/// Previous, a few pages around this one, next.
fn pages(asked: &SearchParameters, found: &Found, limit: usize, offset: usize) -> Vec<PageLink> {
    let all = (found.total + found.partial_total).saturating_sub(found.collapsed);
    let reachable = all.min(MAX_WINDOW as u64) as usize;
    let last = reachable.div_ceil(limit.max(1));
    let current = offset / limit.max(1) + 1;
    if last <= 1 && current == 1 {
        return Vec::new();
    }
    let link = |number: usize| {
        (number >= 1 && number <= last).then(|| links::at(asked, (number - 1) * limit))
    };
    let mut pages = vec![PageLink {
        label: "上一页".to_owned(),
        name: "上一页".to_owned(),
        url: link(current.saturating_sub(1).min(last)),
        is_current: false,
        rel: "prev",
    }];
    let mut before = 0;
    for number in 1..=last {
        let is_near = number.abs_diff(current) <= 2 || number == 1 || number == last;
        if !is_near {
            continue;
        }
        if number > before + 1 {
            pages.push(PageLink {
                label: "…".to_owned(),
                name: String::new(),
                url: None,
                is_current: false,
                rel: "",
            });
        }
        before = number;
        pages.push(PageLink {
            label: number.to_string(),
            name: format!("第 {number} 页"),
            url: link(number),
            is_current: number == current,
            rel: "",
        });
    }
    pages.push(PageLink {
        label: "下一页".to_owned(),
        name: "下一页".to_owned(),
        url: link(current + 1),
        is_current: false,
        rel: "next",
    });
    pages
}

/// `None` where nothing was added and nothing was taken off.
fn added(asked: &SearchParameters, found: &Found) -> Option<Added> {
    let is_off = asked.variants == Some(Switch::Off);
    let terms: Vec<(String, String)> = found
        .query
        .expansions
        .iter()
        .filter(|added| !matches!(added.kind.as_str(), "related" | "theme"))
        .map(|added| {
            let url = links::changed(asked, |asked| asked.drop.push(added.term.clone()));
            (added.term.clone(), url)
        })
        .collect();
    let dropped: Vec<(String, String)> = asked
        .drop
        .iter()
        .map(|term| {
            let url = links::changed(asked, |asked| asked.drop.retain(|other| other != term));
            (term.clone(), url)
        })
        .collect();
    let is_worth_saying = is_off || !terms.is_empty() || !dropped.is_empty();
    is_worth_saying.then(|| Added {
        exact: (found.exact_total < found.total && found.corrected.is_none())
            .then(|| grouped(found.exact_total)),
        switch: links::changed(asked, |asked| {
            asked.variants = (!is_off).then_some(Switch::Off);
            asked.drop.clear();
        }),
        terms,
        dropped,
        is_off,
    })
}

fn related_view(found: &Found, hits: Vec<HitView>) -> Option<RelatedView> {
    let named = |kind: &str| {
        let added = found.query.expansions.iter();
        let terms: Vec<String> = added
            .filter(|added| added.kind == kind)
            .map(|added| format!("“{}”", added.term))
            .collect();
        terms.join("、")
    };
    (!hits.is_empty()).then(|| RelatedView {
        total: grouped(found.related_total),
        terms: named("related"),
        themes: named("theme"),
        hits,
    })
}

/// What a filter leaves out in words, and the same search with it.
fn with_former(left_out: &NotCovered, asked: &SearchParameters) -> (String, String) {
    let until = left_out
        .until
        .map_or_else(String::new, |year| format!("（至 {year} 年）"));
    let text = format!(
        "“{}”不含后来并入的{}{until}的 {} 份文件。",
        left_out.place.name,
        left_out.former.name,
        grouped(left_out.documents)
    );
    let url = links::changed(asked, |asked| {
        if let Some(values) = asked.values_mut(left_out.filter) {
            values.push(left_out.former.code.to_string());
        }
    });
    (text, url)
}

fn nothing(relaxed: &Relaxations, asked: &SearchParameters) -> Nothing {
    let pieces = relaxed.pieces.iter();
    let found = pieces.clone().filter(|piece| piece.total > 0);
    let missing = pieces.clone().filter(|piece| piece.anywhere == 0);
    let elsewhere = pieces.filter(|piece| piece.total == 0 && piece.anywhere > 0);
    let unfiltered = SearchParameters {
        q: asked.q.clone(),
        unit: asked.unit,
        citation: asked.citation,
        ..SearchParameters::default()
    };
    Nothing {
        searched: grouped(relaxed.searched),
        excludes_all: relaxed.searched == 0,
        elsewhere: elsewhere
            .map(|piece| {
                let url = links::asking(&unfiltered, &piece.piece);
                (piece.piece.clone(), grouped(piece.anywhere), url)
            })
            .collect(),
        missing: missing.map(|piece| piece.piece.clone()).collect(),
        pieces: found
            .map(|piece| {
                let url = links::asking(asked, &piece.piece);
                (piece.piece.clone(), grouped(piece.total), url)
            })
            .collect(),
        without: relaxed
            .without
            .iter()
            .map(|without| {
                (
                    duibiao_search::filter_label(without.filter).to_owned(),
                    grouped(without.total),
                    links::without_filter(asked, without.filter),
                )
            })
            .collect(),
        unfiltered: relaxed
            .unfiltered
            .filter(|total| *total > 0)
            .map(|total| (grouped(total), links::without_filters(asked))),
        has_query: asked.q.as_ref().is_some_and(|q| !q.trim().is_empty()),
    }
}

/// A time in milliseconds with as many digits as mean something.
fn milliseconds(ms: f64) -> String {
    if ms < 10.0 {
        format!("{ms:.1}")
    } else {
        format!("{ms:.0}")
    }
}
