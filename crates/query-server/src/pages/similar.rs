//! `/measures/{id}/similar`: what other places say about the same as a passage, near-copies as one, and
//! where they differ word by word. What is alike is decided in the search crate.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use duibiao_corpus::{PassageId, Status};
use duibiao_search::{
    Change, ChangeKind, Copy, CopyGroup, Engine, Hit, Request, Similar, SimilarHit,
};

use super::hits::{copy_facts, facts};
use super::marked::{Stretch, snippet_lines};
use super::{Frame, links, page, words};
use crate::app::App;
use crate::fault::Fault;
use crate::parameters::{Id, Parameters, SearchParameters, SimilarParameters};

/// Hits on the page.
const LIMIT: usize = 20;
/// Values of a filter that are offered.
const MOST_VALUES: usize = 8;

#[derive(Template)]
#[template(path = "similar.html")]
struct SimilarPage {
    frame: Frame,
    of: PassageView,
    elsewhere: bool,
    /// The page with the other choice of places.
    switch: String,
    /// Filters that are active, each with the page without it.
    chips: Vec<(String, String)>,
    clear: String,
    /// Filters to choose from: label, and values with their counts and pages.
    filters: Vec<FilterView>,
    caveats: Vec<String>,
    hits: Vec<SimilarView>,
    /// The group of the passage's own near-copies.
    own: Option<GroupView>,
    api: String,
}

struct FilterView {
    label: &'static str,
    values: Vec<(String, usize, String)>,
}

struct PassageView {
    id: String,
    url: String,
    lang: &'static str,
    title: String,
    headings: Vec<String>,
    problem: Option<String>,
    lines: Vec<Vec<Stretch>>,
    more_before: bool,
    more_after: bool,
    facts: Vec<String>,
    status: Option<(&'static str, &'static str)>,
    citation: String,
}

struct SimilarView {
    passage: PassageView,
    /// What is like this one.
    similar: String,
    likeness: String,
    shared: String,
    /// Where it differs, in order; none where the texts are not nearly the same.
    changes: Vec<ChangeView>,
    /// Whether word for word nothing differs.
    is_same: bool,
    group: Option<GroupView>,
}

struct ChangeView {
    is_removed: bool,
    is_added: bool,
    text: String,
}

/// Near-copies of each other.
struct GroupView {
    /// The one whose date is the earliest, with its page; none where dates do not decide.
    first: Option<(String, String)>,
    /// How many there are.
    count: usize,
    /// All others but the one that is shown.
    others: Vec<(String, String)>,
    /// Whether they are copies of the passage asked about.
    is_own: bool,
}

pub(crate) async fn similar(
    State(app): State<Arc<App>>,
    Id(id): Id<PassageId>,
    Parameters(asked): Parameters<SimilarParameters>,
) -> Result<Response, Fault> {
    // Whoever reads asks for elsewhere; the API asks for all.
    let elsewhere = asked.elsewhere.unwrap_or(true);
    let limit = asked.limit.unwrap_or(LIMIT);
    let frame = Frame::new(&app, None);
    let view = app
        .ask(move |engine, deadline| {
            let request = Request {
                limit,
                deadline: deadline.clone(),
                ..asked.clone().request()
            };
            let found = engine.similar(id, elsewhere, &request)?;
            Ok(view(frame, &asked, &found, engine))
        })
        .await?;
    page(&view)
}

fn view(frame: Frame, asked: &SimilarParameters, found: &Similar, engine: &Engine) -> SimilarPage {
    let id = found.of.id.as_str();
    let known = Known::of(found, asked);
    let is_of_own = |group: &&CopyGroup| group.members.iter().any(|member| member == id);
    SimilarPage {
        frame,
        of: passage_view(&found.of, asked),
        elsewhere: found.elsewhere,
        switch: links::similar(
            id,
            &SimilarParameters {
                elsewhere: found.elsewhere.then_some(false),
                ..asked.clone()
            },
        ),
        chips: chips(id, asked, engine),
        clear: links::similar(
            id,
            &SimilarParameters {
                elsewhere: asked.elsewhere,
                citation: asked.citation,
                ..SimilarParameters::default()
            },
        ),
        filters: filters(id, asked, found),
        caveats: found.caveats.clone(),
        hits: found
            .hits
            .iter()
            .map(|hit| similar_view(hit, found, &known, asked))
            .collect(),
        own: found
            .groups
            .iter()
            .find(is_of_own)
            .map(|group| known.group(group, id, id)),
        api: links::similar_api(
            id,
            &SimilarParameters {
                elsewhere: Some(found.elsewhere),
                ..asked.clone()
            },
        ),
    }
}

/// Every passage of the answer by its id: what it is called, and its page.
struct Known(HashMap<String, (String, String)>);

impl Known {
    fn of(found: &Similar, asked: &SimilarParameters) -> Self {
        let hits = found.hits.iter().map(|hit| &hit.hit);
        let mut known = HashMap::new();
        for hit in hits.clone().chain([&found.of]) {
            let title = hit.title.clone().unwrap_or_else(|| hit.path.clone());
            let said = format!("{} · {title}", facts(hit)[..2].join(" · "));
            known.insert(hit.id.clone(), (said, address(&hit.id, asked)));
        }
        for copy in hits.flat_map(|hit| &hit.copies) {
            known.insert(copy.id.clone(), (called(copy), address(&copy.id, asked)));
        }
        Self(known)
    }

    /// A group, told beside one of its members.
    fn group(&self, group: &CopyGroup, beside: &str, own: &str) -> GroupView {
        let of = |id: &String| self.0.get(id).cloned();
        let others = group.members.iter().filter(|id| id.as_str() != beside);
        GroupView {
            first: group.first.as_ref().and_then(of),
            count: group.members.len(),
            others: others
                .filter(|id| group.first.as_ref() != Some(*id))
                .filter_map(of)
                .collect(),
            is_own: group.members.iter().any(|member| member == own),
        }
    }
}

fn called(copy: &Copy) -> String {
    let title = copy.title.as_deref().unwrap_or("〔无题〕");
    format!("{} · {title}", copy_facts(copy))
}

/// The place of a passage in its document.
fn address(id: &str, asked: &SimilarParameters) -> String {
    let search = SearchParameters {
        citation: asked.citation,
        ..SearchParameters::default()
    };
    let (document, ordinal) = id.rsplit_once("-m").unwrap_or((id, ""));
    links::document(document, &search, ordinal.parse().ok())
}

/// The filters that are active, each value with the page without it.
fn chips(id: &str, asked: &SimilarParameters, engine: &Engine) -> Vec<(String, String)> {
    let mut chips = Vec::new();
    let mut all = asked.clone();
    for name in FILTERS {
        let values = all.values_mut(name).map(|values| values.clone());
        for value in values.unwrap_or_default() {
            let label = match value.strip_prefix('-') {
                Some(value) => format!("不含 {}", engine.value_name(name, value)),
                None => engine.value_name(name, &value),
            };
            let mut without = asked.clone();
            if let Some(values) = without.values_mut(name) {
                values.retain(|other| *other != value);
            }
            let label = format!("{} {label}", duibiao_search::filter_label(name));
            chips.push((label, links::similar(id, &without)));
        }
    }
    chips
}

const FILTERS: [&str; 7] = [
    "place", "province", "city", "year", "doc_type", "status", "level",
];

/// What the hits could be narrowed to: values that some of them have and others have not.
fn filters(id: &str, asked: &SimilarParameters, found: &Similar) -> Vec<FilterView> {
    type Value = (String, String);
    let hits = || found.hits.iter().map(|hit| &hit.hit);
    let filter = |name: &'static str, of: &dyn Fn(&Hit) -> Option<Value>| {
        let mut counts: BTreeMap<Value, usize> = BTreeMap::new();
        for value in hits().filter_map(of) {
            *counts.entry(value).or_default() += 1;
        }
        let mut asked = asked.clone();
        let is_active = asked
            .values_mut(name)
            .is_none_or(|values| !values.is_empty());
        let tells_apart = counts.values().any(|count| *count < found.hits.len());
        let mut counts: Vec<(Value, usize)> = counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        counts.truncate(MOST_VALUES);
        let link = |value: &str| {
            let mut narrowed = asked.clone();
            if let Some(values) = narrowed.values_mut(name) {
                *values = vec![value.to_owned()];
            }
            links::similar(id, &narrowed)
        };
        (!is_active && tells_apart).then(|| FilterView {
            label: duibiao_search::filter_label(name),
            values: counts
                .into_iter()
                .map(|((value, label), count)| (label, count, link(&value)))
                .collect(),
        })
    };
    let place = |place: &Option<duibiao_corpus::PlaceRef>| {
        let place = place.as_ref()?;
        Some((place.code.to_string(), place.name.clone()))
    };
    let year = |hit: &Hit| hit.year.map(|year| (year.to_string(), year.to_string()));
    let doc_type = |hit: &Hit| hit.doc_type.clone().map(|kind| (kind.clone(), kind));
    let status = |hit: &Hit| {
        hit.status
            .map(|status| (status.as_str().to_owned(), status.label().to_owned()))
    };
    let all = [
        filter("province", &|hit| place(&hit.province)),
        filter("city", &|hit| place(&hit.city)),
        filter("year", &year),
        filter("doc_type", &doc_type),
        filter("status", &status),
    ];
    all.into_iter().flatten().collect()
}

fn similar_view(
    hit: &SimilarHit,
    found: &Similar,
    known: &Known,
    asked: &SimilarParameters,
) -> SimilarView {
    let id = &hit.hit.id;
    let mut groups = found.groups.iter();
    let group = groups.find(|group| group.members.contains(id));
    SimilarView {
        passage: passage_view(&hit.hit, asked),
        similar: links::similar(
            id,
            &SimilarParameters {
                citation: asked.citation,
                ..SimilarParameters::default()
            },
        ),
        likeness: format!("{:.2}", hit.likeness),
        shared: hit.shared.join("、"),
        changes: hit.changes.iter().flatten().map(change_view).collect(),
        is_same: hit
            .changes
            .iter()
            .flatten()
            .all(|change| change.kind == ChangeKind::Same),
        group: group.map(|group| known.group(group, id, &found.of.id)),
    }
}

fn change_view(change: &Change) -> ChangeView {
    ChangeView {
        is_removed: change.kind == ChangeKind::Removed,
        is_added: change.kind == ChangeKind::Added,
        text: change.text.clone(),
    }
}

fn passage_view(hit: &Hit, asked: &SimilarParameters) -> PassageView {
    PassageView {
        id: hit.id.clone(),
        url: address(&hit.id, asked),
        lang: words::lang(hit.script),
        title: hit.title.clone().unwrap_or_else(|| hit.path.clone()),
        headings: hit.heading_path.clone(),
        problem: hit.problem.clone(),
        lines: snippet_lines(&hit.snippet),
        more_before: hit.snippet.more_before,
        more_after: hit.snippet.more_after,
        facts: facts(hit),
        status: hit.status.map(|s| (s.as_str(), Status::label(s))),
        citation: hit.citation.clone(),
    }
}
