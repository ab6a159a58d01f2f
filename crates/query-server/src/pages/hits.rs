//! The card of a hit: its passage first, then where it stands, then what it is.

use duibiao_corpus::{PassageKind, Status};
use duibiao_search::{Copy, Engine, Hit};

use super::marked::{Stretch, snippet_lines};
use super::{links, words};
use crate::parameters::{SearchParameters, SimilarParameters};

/// A near-identical hit behind another.
pub(super) struct CopyView {
    pub(super) url: String,
    pub(super) title: String,
    /// Its place and year.
    pub(super) facts: String,
}

/// A hit as its card shows it.
pub(super) struct HitView {
    pub(super) id: String,
    /// Its id where the hit is a passage.
    pub(super) passage: Option<String>,
    pub(super) url: String,
    /// What is like it in other places, where the hit is a passage.
    pub(super) similar: Option<String>,
    pub(super) title: String,
    pub(super) lang: &'static str,
    pub(super) heading_path: Vec<String>,
    pub(super) problem: Option<String>,
    pub(super) lines: Vec<Vec<Stretch>>,
    pub(super) more_before: bool,
    pub(super) more_after: bool,
    pub(super) facts: Vec<String>,
    pub(super) status: Option<(&'static str, &'static str)>,
    pub(super) themes: Vec<(String, String)>,
    pub(super) is_partial: bool,
    pub(super) copies: Vec<CopyView>,
    pub(super) citation: String,
    pub(super) score: String,
    pub(super) signals: Vec<(String, String)>,
}

/// The card of a hit of a search.
pub(super) fn hit_view(hit: &Hit, asked: &SearchParameters, engine: &Engine) -> HitView {
    let ordinal = hit.id.rsplit_once("-m").and_then(|(_, m)| m.parse().ok());
    let themes = hit.themes.iter().take(3).map(|id| {
        let name = engine.theme_name(id).unwrap_or(id.as_str());
        let url = links::changed(asked, |asked| asked.theme = vec![id.to_string()]);
        (name.to_owned(), url)
    });
    HitView {
        id: hit.id.clone(),
        passage: ordinal.map(|_: u32| hit.id.clone()),
        url: links::document(&hit.document_id, asked, ordinal),
        similar: ordinal.map(|_: u32| {
            let asked = SimilarParameters {
                citation: asked.citation,
                ..SimilarParameters::default()
            };
            links::similar(&hit.id, &asked)
        }),
        title: hit.title.clone().unwrap_or_else(|| hit.path.clone()),
        lang: words::lang(hit.script),
        heading_path: hit.heading_path.clone(),
        problem: hit.problem.clone(),
        lines: snippet_lines(&hit.snippet),
        more_before: hit.snippet.more_before,
        more_after: hit.snippet.more_after,
        facts: facts(hit),
        status: hit.status.map(|s| (s.as_str(), Status::label(s))),
        themes: themes.collect(),
        is_partial: hit.partial,
        copies: hit
            .copies
            .iter()
            .map(|copy| copy_view(copy, asked))
            .collect(),
        citation: hit.citation.clone(),
        score: format!("{:.3}", hit.score),
        signals: hit
            .explanation
            .iter()
            .flatten()
            .map(|s| (words::signal(&s.signal), format!("{:.3}", s.value)))
            .collect(),
    }
}

fn copy_view(copy: &Copy, asked: &SearchParameters) -> CopyView {
    let ordinal = copy.id.rsplit_once("-m").and_then(|(_, m)| m.parse().ok());
    CopyView {
        url: links::document(&copy.document_id, asked, ordinal),
        title: copy.title.clone().unwrap_or_else(|| "〔无题〕".to_owned()),
        facts: copy_facts(copy),
    }
}

/// Place and year of a copy.
pub(super) fn copy_facts(copy: &Copy) -> String {
    let place = copy.place.as_ref();
    let place = place.map_or("地区不详", |place| place.name.as_str());
    let year = copy.year.map(|year| year.to_string());
    format!("{place} · {}", year.as_deref().unwrap_or("年份不详"))
}

/// Place, year, type of document, and the kind of passage where it is no measure.
pub(super) fn facts(hit: &Hit) -> Vec<String> {
    let mut facts = vec![
        hit.place_name().to_owned(),
        hit.year
            .map_or_else(|| "年份不详".to_owned(), |year| year.to_string()),
    ];
    facts.extend(hit.doc_type.clone());
    let kind = hit.kind.filter(|kind| *kind != PassageKind::Measure);
    facts.extend(kind.map(|kind| kind.label().to_owned()));
    facts
}
