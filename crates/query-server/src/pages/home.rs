//! `/`: what there is to search, by theme, place, year and type.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use duibiao_search::{Hit, Request, Sort, Stats, Unit};

use super::{Frame, grouped, links, page, words};
use crate::app::App;
use crate::fault::Fault;
use crate::parameters::{NoParameters, Parameters, UnitName};

/// Values listed of each facet; the search page has all.
const MOST_VALUES: usize = 14;
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
    let newest = Request {
        unit: Unit::Document,
        sort: Some(Sort::Newest),
        limit: NEWEST,
        ..Request::default()
    };
    let (stats, newest) = Arc::clone(&app)
        .ask(move |engine| Ok((engine.stats()?, engine.search(&newest)?.hits)))
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

fn groups(stats: &Stats) -> Vec<Group> {
    let names = [
        ("theme", "按主题"),
        ("city", "按城市"),
        ("year", "按年份"),
        ("doc_type", "按文种"),
    ];
    names
        .into_iter()
        .filter_map(|(name, label)| {
            let known = stats.facets.get(name)?;
            let values: Vec<Value> = known
                .iter()
                .filter(|value| !value.value.is_empty())
                .map(|value| Value {
                    label: value.label.clone(),
                    count: grouped(value.count),
                    url: links::filtered(name, &value.value, Some(UnitName::Document)),
                })
                .collect();
            let more = values.len() > MOST_VALUES;
            Some(Group {
                label,
                values: values.into_iter().take(MOST_VALUES).collect(),
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
        url: links::document(&hit.document_id, None, None),
        facts: facts.join(" · "),
    }
}
