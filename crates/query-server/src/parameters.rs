//! Query strings as types. Every name a route does not know is refused, and a wrong value is
//! named: a program that misspells a filter must not get unfiltered results.

mod filtered;

use std::collections::HashSet;
use std::iter::repeat;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use duibiao_corpus::{IdError, PassageId};
use duibiao_search::{CitationStyle, Deadline, ExportFormat, Filters, Pick, Request, Sort, Unit};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use self::filtered::{
    CompareParameters, GapsParameters, SearchParameters, SuggestParameters, TraceParameters,
};
use crate::fault::Fault;

/// Hits on a page where no limit is asked for, as at the terminal.
const LIMIT: usize = 10;

/// Most parameters of a request, which every look at them is counted in.
pub(crate) const MOST_PARAMETERS: usize = 300;

/// What a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum UnitName {
    Measure,
    Document,
}

/// In which order hits come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SortName {
    Relevance,
    Newest,
    Oldest,
}

/// Which pieces a hit must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MatchName {
    Some,
    All,
}

/// 0 or 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) enum Switch {
    #[serde(rename = "0")]
    Off,
    #[serde(rename = "1")]
    On,
}

impl SearchParameters {
    /// The search that is asked for.
    pub(crate) fn request(&self) -> Request {
        Request {
            query: self.q.clone().unwrap_or_default(),
            filters: Filters {
                place: self.place.clone(),
                province: self.province.clone(),
                city: self.city.clone(),
                county: self.county.clone(),
                year: self.year.clone(),
                period: self.period.clone(),
                theme: self.theme.clone(),
                doc_type: self.doc_type.clone(),
                subtype: self.subtype.clone(),
                issuer: self.issuer.clone(),
                number: self.number.clone(),
                status: self.status.clone(),
                level: self.level.clone(),
                provincial: self.provincial == Some(Switch::On),
            },
            unit: match self.unit {
                Some(UnitName::Document) => Unit::Document,
                Some(UnitName::Measure) | None => Unit::Measure,
            },
            sort: self.sort.map(|sort| match sort {
                SortName::Relevance => Sort::Relevance,
                SortName::Newest => Sort::Newest,
                SortName::Oldest => Sort::Oldest,
            }),
            limit: self.limit.unwrap_or(LIMIT),
            offset: self.offset.unwrap_or(0),
            cursor: self.cursor.clone(),
            match_all: self.matching == Some(MatchName::All),
            as_typed: self.variants == Some(Switch::Off),
            drop: self.drop.clone(),
            related: self.related.map(|related| related == Switch::On),
            collapse: self.collapse == Some(Switch::On),
            without: Vec::new(),
            facets: true,
            whole: false,
            citation: self.citation.unwrap_or_default(),
            explain: self.explain == Some(Switch::On),
            // The server's is set when the question is put.
            deadline: Deadline::default(),
            bare: false,
        }
    }

    /// Refuses what asks for a page of hits or for something beside them, which means nothing
    /// where something else is sent.
    pub(crate) fn refuse_pages(&self, instead: &str) -> Result<(), Fault> {
        let given = [
            ("offset", self.offset.is_some()),
            ("cursor", self.cursor.is_some()),
            ("collapse", self.collapse.is_some()),
            ("related", self.related.is_some()),
            ("explain", self.explain.is_some()),
        ];
        let wrong = |name: &str, why: String| {
            Err(Fault::Parameter {
                name: name.to_owned(),
                why,
            })
        };
        if self.limit == Some(0) {
            return wrong("limit", "must be at least 1".to_owned());
        }
        match given.iter().find(|(_, is_given)| *is_given) {
            Some((name, _)) => wrong(name, format!("means nothing {instead}")),
            None => Ok(()),
        }
    }

    /// The values of the filter with this name.
    pub(crate) fn values_mut(&mut self, name: &str) -> Option<&mut Vec<String>> {
        Some(match name {
            "place" => &mut self.place,
            "province" => &mut self.province,
            "city" => &mut self.city,
            "county" => &mut self.county,
            "year" => &mut self.year,
            "period" => &mut self.period,
            "theme" => &mut self.theme,
            "doc_type" => &mut self.doc_type,
            "subtype" => &mut self.subtype,
            "issuer" => &mut self.issuer,
            "number" => &mut self.number,
            "status" => &mut self.status,
            "level" => &mut self.level,
            _ => return None,
        })
    }
}

/// What passages about the same are asked with.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct SimilarParameters {
    /// Whether only passages of other places are looked for: another province, or another city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) elsewhere: Option<bool>,
    /// How many hits, 10 by default, at most 50.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit: Option<usize>,
    /// Places with all that lies in them, as with a search, and so are all filters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) place: Vec<String>,
    /// Province: code, full or short name, or alias.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) province: Vec<String>,
    /// City: code, full or short name, or alias.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) city: Vec<String>,
    /// Year or range: 2017, 2017..2020, 2017.., ..2020.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) year: Vec<String>,
    /// Type of document, such as 通报.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) doc_type: Vec<String>,
    /// Status: done, planned, mixed, proposed, stated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) status: Vec<String>,
    /// Level: nation, province, city, county.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) level: Vec<String>,
    /// 1 to take documents of a city's province along with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) provincial: Option<Switch>,
    /// Edition of GB/T 7714 that citations follow, 2015 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) citation: Option<CitationStyle>,
}

impl SimilarParameters {
    /// The values of the filter with this name.
    pub(crate) fn values_mut(&mut self, name: &str) -> Option<&mut Vec<String>> {
        Some(match name {
            "place" => &mut self.place,
            "province" => &mut self.province,
            "city" => &mut self.city,
            "year" => &mut self.year,
            "doc_type" => &mut self.doc_type,
            "status" => &mut self.status,
            "level" => &mut self.level,
            _ => return None,
        })
    }

    /// The limits of what is looked for.
    pub(crate) fn request(self) -> Request {
        let search = SearchParameters {
            place: self.place,
            province: self.province,
            city: self.city,
            year: self.year,
            doc_type: self.doc_type,
            status: self.status,
            level: self.level,
            provincial: self.provincial,
            limit: self.limit,
            citation: self.citation,
            ..SearchParameters::default()
        };
        search.request()
    }
}

/// What the basket is asked with: passages with their notes, and one thing that is done to them before
/// they are shown.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct BasketParameters {
    /// A passage, such as 5f0c2a9be1d34c77-m28; in order, at most 100.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) id: Vec<String>,
    /// The notes in the order of the passages, empty where there is none; at most 500 characters each and
    /// 5,000 together.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) note: Vec<String>,
    /// A passage to move up by one, on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) up: Option<String>,
    /// A passage to move down by one, on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) down: Option<String>,
    /// A passage to take out, on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) out: Option<String>,
    /// 1 to take out all, on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) clear: Option<Switch>,
    /// What to look for below the passages, so that more can be added, on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) q: Option<String>,
    /// Edition of GB/T 7714 that citations follow, 2015 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) citation: Option<CitationStyle>,
}

impl BasketParameters {
    /// The passages with their notes. One that is named again is the one that is there.
    ///
    /// # Errors
    /// When one has no id, or there are more notes than passages.
    pub(crate) fn picks(&self) -> Result<Vec<Pick>, Fault> {
        if self.note.len() > self.id.len() {
            return Err(Fault::Parameter {
                name: "note".to_owned(),
                why: "there are more notes than passages".to_owned(),
            });
        }
        let notes = self.note.iter().map(String::as_str).chain(repeat(""));
        let mut picks: Vec<Pick> = Vec::with_capacity(self.id.len());
        let mut known: HashSet<PassageId> = HashSet::new();
        for (id, note) in self.id.iter().zip(notes) {
            let id = id.parse()?;
            if known.insert(id) {
                // Forms send line breaks of their own kind.
                let note = note.replace("\r\n", "\n");
                picks.push(Pick { id, note });
            }
        }
        Ok(picks)
    }

    /// The same question with other passages, and nothing done to them.
    pub(crate) fn with(&self, picks: &[Pick]) -> Self {
        let mut note: Vec<String> = picks.iter().map(|pick| pick.note.clone()).collect();
        while note.last().is_some_and(String::is_empty) {
            note.pop();
        }
        Self {
            id: picks.iter().map(|pick| pick.id.to_string()).collect(),
            note,
            q: self.q.clone().filter(|q| !q.trim().is_empty()),
            citation: self.citation,
            ..Self::default()
        }
    }
}

/// What a document's page is asked with.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct DocumentParameters {
    /// A query whose hits in the document are marked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) q: Option<String>,
    /// 0 to mark nothing but what was typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) variants: Option<Switch>,
    /// An added term that is not to be marked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) drop: Vec<String>,
    /// Edition of GB/T 7714 that the citation follows, 2015 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) citation: Option<CitationStyle>,
}

impl DocumentParameters {
    /// The search that led to the document, without its filters.
    pub(crate) fn search(&self) -> SearchParameters {
        SearchParameters {
            q: self.q.clone(),
            variants: self.variants,
            drop: self.drop.clone(),
            citation: self.citation,
            ..SearchParameters::default()
        }
    }
}

/// What something that is cited is asked with.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct CitationParameters {
    /// Edition of GB/T 7714 that the citation follows, 2015 by default.
    citation: Option<CitationStyle>,
}

impl CitationParameters {
    pub(crate) fn style(&self) -> CitationStyle {
        self.citation.unwrap_or_default()
    }
}

/// What a quote is checked with.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct QuoteParameters {
    /// Id of the document or passage the quote is said to stand in.
    #[param(required)]
    pub(crate) id: String,
    /// The words, at most 4 KB.
    #[param(required)]
    pub(crate) quote: String,
    /// Edition of GB/T 7714 that citations follow, 2015 by default.
    pub(crate) citation: Option<CitationStyle>,
}

/// What a document's ledger is asked with.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct LedgerParameters {
    /// As a file to save; without, as a page.
    pub(crate) format: Option<TableFormat>,
    /// Edition of GB/T 7714 that the citation follows, 2015 by default.
    pub(crate) citation: Option<CitationStyle>,
}

/// A format in which tables are taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TableFormat {
    /// Comma-separated values, with the mark that spreadsheets want.
    Csv,
    /// A workbook.
    Xlsx,
}

impl TableFormat {
    pub(crate) fn file(self) -> ExportFormat {
        match self {
            Self::Csv => ExportFormat::Csv,
            Self::Xlsx => ExportFormat::Xlsx,
        }
    }
}

/// What a route without parameters is asked with.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(crate) struct NoParameters {}

/// The query string of a request as a `T`.
pub(crate) struct Parameters<T>(pub(crate) T);

impl<T: DeserializeOwned + IntoParams, S: Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        parse(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// The id in a path.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: FromStr<Err = IdError>, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        // What does not decode is no id either.
        let text = match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(text)) => text,
            Err(_) => parts.uri.path().to_owned(),
        };
        Ok(Self(text.parse()?))
    }
}

fn parse<T: DeserializeOwned + IntoParams>(query: &str) -> Result<T, Fault> {
    let given = query.split('&').count();
    if given > MOST_PARAMETERS {
        return Err(Fault::TooManyParameters(given));
    }
    let pairs: Vec<(String, String)> =
        serde_html_form::from_str(query).map_err(|error| Fault::Unreadable(error.to_string()))?;
    let known: Vec<String> = T::into_params(|| None)
        .into_iter()
        .map(|parameter| parameter.name)
        .collect();
    if let Some((name, _)) = pairs.iter().find(|(name, _)| !known.contains(name)) {
        return Err(Fault::UnknownParameter {
            name: shorten(name),
            known,
        });
    }
    serde_html_form::from_str(query).map_err(|error| culprit::<T>(&pairs, &error.to_string()))
}

/// Which of the parameters is wrong: the one whose values fail by themselves.
fn culprit<T: DeserializeOwned>(pairs: &[(String, String)], otherwise: &str) -> Fault {
    let fails = |pairs: &[&(String, String)]| {
        let alone = serde_html_form::to_string(pairs).unwrap_or_default();
        serde_html_form::from_str::<T>(&alone).err()
    };
    for (name, value) in pairs {
        let same: Vec<&(String, String)> = pairs.iter().filter(|(n, _)| n == name).collect();
        if fails(&same).is_none() {
            continue;
        }
        let why = match fails(&[&(name.clone(), value.clone())]) {
            Some(error) => format!("{:?} cannot be read: {error}", shorten(value)),
            None => "may be given only once".to_owned(),
        };
        return Fault::Parameter {
            name: name.clone(),
            why,
        };
    }
    Fault::Unreadable(otherwise.to_owned())
}

/// Errors quote at most this much of what was given.
fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_filters_are_alternatives() {
        let read: SearchParameters =
            parse("q=%E5%AE%B9%E7%BC%BA&city=230100&city=&year=2017..&limit=&match=all&explain=1")
                .expect("parameters");
        assert_eq!(read.q.as_deref(), Some("容缺"));
        assert_eq!(read.city, ["230100", ""]);
        assert_eq!((read.limit, read.matching), (None, Some(MatchName::All)));
        assert!(read.request().explain && read.request().match_all);
    }

    #[test]
    fn the_wrong_parameter_is_named() {
        let name = |query: &str| match parse::<SearchParameters>(query) {
            Err(Fault::UnknownParameter { name, known }) => {
                assert!(known.iter().any(|k| k == "match") && known.len() == 27);
                format!("unknown {name}")
            }
            Err(Fault::Parameter { name, .. }) => format!("bad {name}"),
            other => format!("{:?}", other.err()),
        };
        assert_eq!(name("q=a&citty=1"), "unknown citty");
        assert_eq!(name("q=a&limit=ten"), "bad limit");
        assert_eq!(name("limit=-1"), "bad limit");
        assert_eq!(name("q=a&q=b"), "bad q");
        assert_eq!(name("unit=page"), "bad unit");
        assert_eq!(name("explain=yes"), "bad explain");
    }
}
