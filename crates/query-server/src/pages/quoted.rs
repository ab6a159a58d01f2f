//! A passage as pages quote it: its words with what is marked, where it stands, its date and status.

use duibiao_search::Hit;

use super::marked::{Stretch, snippet_lines};
use super::{links, words};
use crate::parameters::SearchParameters;

/// A passage that is quoted.
pub(super) struct Quoted {
    /// What is to be said of it first.
    pub(super) said: String,
    pub(super) url: String,
    pub(super) lang: &'static str,
    pub(super) lines: Vec<Vec<Stretch>>,
    pub(super) more_before: bool,
    pub(super) more_after: bool,
    pub(super) headings: String,
    pub(super) date: String,
    pub(super) status: Option<(&'static str, &'static str)>,
    /// Number of its source, where sources are numbered.
    pub(super) source: usize,
    pub(super) citation: String,
}

impl Quoted {
    /// A hit of a search; its page marks what the search looks for.
    pub(super) fn of(shown: &Hit, asked: &SearchParameters) -> Self {
        let ordinal = shown.id.rsplit_once("-m").and_then(|(_, m)| m.parse().ok());
        Self {
            said: String::new(),
            url: links::document(&shown.document_id, asked, ordinal),
            lang: words::lang(shown.script),
            lines: snippet_lines(&shown.snippet),
            more_before: shown.snippet.more_before,
            more_after: shown.snippet.more_after,
            headings: shown.heading_path.join(" › "),
            date: shown.dated(),
            status: shown.status.map(|status| (status.as_str(), status.label())),
            source: 0,
            citation: shown.citation.clone(),
        }
    }
}
