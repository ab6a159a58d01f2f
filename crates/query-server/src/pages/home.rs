//! `/`: what there is to search, by theme, place, year and type.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use duibiao_search::{Hit, Request, Sort, Stats, Unit};

use super::{Frame, grouped, links, page, words};
use crate::app::App;
use crate::fault::Fault;
use crate::parameters::{NoParameters, Parameters, SearchParameters, UnitName};

/// Newest documents listed.
const NEWEST: usize = 6;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    documents: String,
    passages: String,
    is_empty: bool,
    groups: Vec<Group>,
    newest: Vec<Newest>,
}

/// A way into the documents.
struct Group {
    label: &'static str,
    values: Vec<Value>,
    more: Option<String>,
}

struct Value {
    label: String,
    count: String,
    url: String,
}

struct Newest {
    title: String,
    lang: &'static str,
    url: String,
    facts: String,
}

pub(crate) async fn home(
    State(app): State<Arc<App>>,
    Parameters(NoParameters {}): Parameters<NoParameters>,
) -> Result<Response, Fault> {
    let (stats, newest) = Arc::clone(&app)
        .ask(move |engine, deadline| {
            let newest = Request {
                unit: Unit::Document,
                sort: Some(Sort::Newest),
                limit: NEWEST,
                deadline: deadline.clone(),
                ..Request::default()
            };
            Ok((engine.stats(deadline)?, engine.search(&newest)?.hits))
        })
        .await?;
    page(&HomePage {
        frame: Frame::new(&app, None),
        documents: grouped(stats.documents),
        passages: grouped(stats.searchable),
        is_empty: stats.documents == 0,
        groups: groups(&stats),
        newest: newest.iter().map(newest_document).collect(),
    })
}

/// The ways in, with how many values of each are listed; the search page has all.
const WAYS: [(&str, &str, usize); 4] = [
    ("theme", "按主题", 12),
    ("city", "按城市", 24),
    ("year", "按年份", 12),
    ("doc_type", "按文种", 12),
];

fn groups(stats: &Stats) -> Vec<Group> {
    WAYS.into_iter()
        .filter_map(|(name, label, most)| {
            let values: Vec<Value> = stats
                .facets
                .get(name)?
                .iter()
                // Of themes the twelve at the top, which hold all others.
                .filter(|value| !value.value.is_empty() && !value.value.contains('.'))
                .map(|value| Value {
                    label: value.label.clone(),
                    count: grouped(value.count),
                    url: links::filtered(name, &value.value, Some(UnitName::Document)),
                })
                .collect();
            let more = values.len() > most;
            Some(Group {
                label,
                values: values.into_iter().take(most).collect(),
                more: more.then(|| "/search?unit=document".to_owned()),
            })
        })
        .filter(|group| !group.values.is_empty())
        .collect()
}

fn newest_document(hit: &Hit) -> Newest {
    let place = hit.city.as_ref().or(hit.province.as_ref());
    let facts = [
        place.map(|p| p.name.clone()),
        hit.date
            .clone()
            .or_else(|| hit.year.map(|year| format!("{year} 年"))),
        hit.doc_type.clone(),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    Newest {
        title: hit.title.clone().unwrap_or_else(|| hit.path.clone()),
        lang: words::lang(hit.script),
        url: links::document(&hit.document_id, &SearchParameters::default(), None),
        facts: facts.join(" · "),
    }
}
