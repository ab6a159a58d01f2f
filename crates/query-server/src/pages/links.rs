//! Addresses of our own pages. All state of a page is in its address.

use duibiao_search::{CitationStyle, ExportFormat};

use crate::parameters::{
    BasketParameters, CompareParameters, DocumentParameters, GapsParameters, MatchName,
    SearchParameters, SimilarParameters, SortName, TraceParameters, UnitName,
};

/// The search page.
pub(crate) fn search(asked: &SearchParameters) -> String {
    with_query("/search", serde_html_form::to_string(asked).ok())
}

/// The comparison.
pub(crate) fn compare(asked: &CompareParameters) -> String {
    with_query("/compare", serde_html_form::to_string(asked).ok())
}

/// The basket.
pub(crate) fn basket(asked: &BasketParameters) -> String {
    with_query("/basket", serde_html_form::to_string(asked).ok())
}

/// What is in the basket, as a file.
pub(crate) fn excerpted(asked: &BasketParameters, format: &str) -> String {
    let asked = BasketParameters {
        q: None,
        ..asked.clone()
    };
    let path = format!("/basket/{format}");
    with_query(&path, serde_html_form::to_string(&asked).ok())
}

/// What is like a passage, in other places.
pub(crate) fn similar(id: &str, asked: &SimilarParameters) -> String {
    let path = format!("/measures/{id}/similar");
    with_query(&path, serde_html_form::to_string(asked).ok())
}

/// The API's answer to the same question.
pub(crate) fn similar_api(id: &str, asked: &SimilarParameters) -> String {
    let path = format!("/api/v1/measures/{id}/similar");
    with_query(&path, serde_html_form::to_string(asked).ok())
}

/// The same comparison as a file.
pub(crate) fn compared(asked: &CompareParameters, format: ExportFormat) -> String {
    let asked = CompareParameters {
        show: None,
        ..asked.clone()
    };
    let path = format!("/compare/{}", format.as_str());
    with_query(&path, serde_html_form::to_string(&asked).ok())
}

/// The API's answer to the same comparison.
pub(crate) fn compare_api(asked: &CompareParameters) -> String {
    let asked = CompareParameters {
        show: None,
        ..asked.clone()
    };
    with_query("/api/v1/compare", serde_html_form::to_string(&asked).ok())
}

/// A route that gaps are asked of: their page, a file or the API.
pub(crate) fn gaps(path: &str, asked: &GapsParameters) -> String {
    with_query(path, serde_html_form::to_string(asked).ok())
}

/// A route that a wording is traced by.
pub(crate) fn trace(path: &str, asked: &TraceParameters) -> String {
    with_query(path, serde_html_form::to_string(asked).ok())
}

/// The search page with parameters that may be any.
pub(crate) fn searching(pairs: &[(&str, &str)]) -> String {
    with_query("/search", serde_html_form::to_string(pairs).ok())
}

/// The parameters of a search one by one, as a form sends them.
pub(crate) fn pairs(asked: &SearchParameters) -> Vec<(String, String)> {
    let sent = serde_html_form::to_string(asked).unwrap_or_default();
    serde_html_form::from_str(&sent).unwrap_or_default()
}

/// The search page with one filter only.
pub(crate) fn filtered(name: &str, value: &str, unit: Option<UnitName>) -> String {
    let mut asked = SearchParameters {
        unit,
        ..SearchParameters::default()
    };
    if let Some(values) = asked.values_mut(name) {
        values.push(value.to_owned());
    }
    search(&asked)
}

/// The documents with two values.
pub(crate) fn filtered_twice(one: (&str, &str), other: (&str, &str)) -> String {
    let mut asked = SearchParameters {
        unit: Some(UnitName::Document),
        ..SearchParameters::default()
    };
    for (name, value) in [one, other] {
        if let Some(values) = asked.values_mut(name) {
            values.push(value.to_owned());
        }
    }
    search(&asked)
}

/// A document's page, at one of its passages, with the query marked in it.
pub(crate) fn document(id: &str, asked: &SearchParameters, passage: Option<u32>) -> String {
    let typed = asked.q.as_ref().filter(|q| !q.trim().is_empty());
    let asked = DocumentParameters {
        q: typed.cloned(),
        // Without a query nothing is marked.
        variants: asked.variants.filter(|_| typed.is_some()),
        drop: typed.map_or_else(Vec::new, |_| asked.drop.clone()),
        citation: asked.citation,
    };
    let query = serde_html_form::to_string(&asked).ok();
    let mut url = with_query(&format!("/documents/{id}"), query);
    if let Some(ordinal) = passage {
        url.push_str(&format!("#m{ordinal}"));
    }
    url
}

/// A document's ledger.
pub(crate) fn ledger(id: &str, style: Option<CitationStyle>) -> String {
    let style = style.filter(|style| *style != CitationStyle::default());
    let query = style.map(|style| format!("citation={}", style.as_str()));
    with_query(&format!("/documents/{id}/ledger"), query)
}

/// The API's answer to the same search.
pub(crate) fn api(asked: &SearchParameters) -> String {
    with_query("/api/v1/search", serde_html_form::to_string(asked).ok())
}

/// The same search as an Atom feed.
pub(crate) fn feed(asked: &SearchParameters) -> String {
    let asked = without_pages(asked);
    with_query("/feed", serde_html_form::to_string(&asked).ok())
}

/// The same search with as many hits as a page has, and from its first page on.
pub(crate) fn of_any_length(asked: &SearchParameters) -> SearchParameters {
    SearchParameters {
        limit: None,
        ..without_pages(asked)
    }
}

/// Without what says only how a page of hits looks.
fn without_pages(asked: &SearchParameters) -> SearchParameters {
    SearchParameters {
        offset: None,
        cursor: None,
        collapse: None,
        related: None,
        explain: None,
        ..asked.clone()
    }
}

/// The same hits as a file: all of them, or so many.
pub(crate) fn export(
    asked: &SearchParameters,
    format: ExportFormat,
    rows: Option<usize>,
    with_partial: bool,
) -> String {
    let asked = SearchParameters {
        limit: rows,
        matching: if with_partial {
            Some(MatchName::Some)
        } else {
            asked
                .matching
                .filter(|matching| *matching == MatchName::All)
        },
        ..without_pages(asked)
    };
    let path = format!("/export/{}", format.as_str());
    with_query(&path, serde_html_form::to_string(&asked).ok())
}

/// The same, cited after another edition.
pub(crate) fn cited(asked: &SearchParameters, style: CitationStyle) -> String {
    changed(asked, |asked| {
        asked.citation = (style != CitationStyle::default()).then_some(style);
    })
}

fn with_query(path: &str, query: Option<String>) -> String {
    match query.filter(|q| !q.is_empty()) {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

/// The same search with something changed, from its first page on.
pub(crate) fn changed(
    asked: &SearchParameters,
    change: impl FnOnce(&mut SearchParameters),
) -> String {
    let mut asked = asked.clone();
    asked.offset = None;
    asked.cursor = None;
    change(&mut asked);
    search(&asked)
}

/// Without one value of a filter.
pub(crate) fn without_value(asked: &SearchParameters, name: &str, value: &str) -> String {
    changed(asked, |asked| {
        if let Some(values) = asked.values_mut(name) {
            values.retain(|v| v != value);
        }
    })
}

/// With one value of a filter and no other.
pub(crate) fn only(asked: &SearchParameters, name: &str, value: &str) -> String {
    changed(asked, |asked| {
        if let Some(values) = asked.values_mut(name) {
            *values = vec![value.to_owned()];
        }
    })
}

/// Without a filter.
pub(crate) fn without_filter(asked: &SearchParameters, name: &str) -> String {
    changed(asked, |asked| {
        if let Some(values) = asked.values_mut(name) {
            values.clear();
        }
    })
}

/// Without any filter.
pub(crate) fn without_filters(asked: &SearchParameters) -> String {
    search(&SearchParameters {
        q: asked.q.clone(),
        unit: asked.unit,
        sort: asked.sort,
        citation: asked.citation,
        ..SearchParameters::default()
    })
}

/// In another order.
pub(crate) fn sorted(asked: &SearchParameters, sort: SortName) -> String {
    changed(asked, |asked| asked.sort = Some(sort))
}

/// With other hits.
pub(crate) fn of_unit(asked: &SearchParameters, unit: UnitName) -> String {
    changed(asked, |asked| {
        asked.unit = (unit == UnitName::Document).then_some(unit);
    })
}

/// Another query with the same filters.
pub(crate) fn asking(asked: &SearchParameters, query: &str) -> String {
    changed(asked, |asked| {
        asked.q = Some(query.to_owned());
        asked.drop.clear();
    })
}

/// Another page.
pub(crate) fn at(asked: &SearchParameters, offset: usize) -> String {
    changed(asked, |asked| asked.offset = (offset > 0).then_some(offset))
}
