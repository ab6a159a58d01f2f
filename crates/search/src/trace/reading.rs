//! What is read of passages with a wording: whether they only cite the title of another document, and
//! whether the year of their own was inferred.

use std::cell::RefCell;
use std::collections::HashMap;

use duibiao_index::Head;

use super::Appearance;
use super::finding::Hold;
use crate::collect::{Found, Order};
use crate::engine::text_of;
use crate::error::{Error, engine};
use crate::hit::{self, Stored};
use crate::run::Search;
use crate::snippet::Marks;

/// Reads passages.
pub(super) struct Reader<'a> {
    search: &'a Search<'a>,
    forms: &'a [String],
    /// Of each document its title in comparable form, and whether its year was inferred.
    known: RefCell<HashMap<u32, (String, bool)>>,
}

/// What is known of a passage once it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) is_cited: bool,
    pub(super) is_year_inferred: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(search: &'a Search<'a>, forms: &'a [String]) -> Self {
        Self {
            search,
            forms,
            known: RefCell::default(),
        }
    }

    pub(super) fn read(&self, hold: &Hold) -> Result<Read, Error> {
        let (search, fields) = (self.search, &self.search.engine.fields);
        search.deadline().check().map_err(engine)?;
        let entry = search.read(hold.address)?;
        let mut known = self.known.borrow_mut();
        let (title, is_year_inferred) = match known.entry(hold.document) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => {
                let head: Head = serde_json::from_str(text_of(&entry, fields.head))?;
                let title = head.title.as_ref().map_or("", |title| &title.value);
                let is_inferred = head.year.as_ref().is_some_and(|year| year.inferred);
                place.insert((search.engine.analyzer.comparable(title), is_inferred))
            }
        };
        let text = text_of(&entry, fields.original);
        let text = search.engine.analyzer.comparable(text);
        Ok(Read {
            is_cited: is_cited(&text, self.forms, title),
            is_year_inferred: *is_year_inferred,
        })
    }

    /// A passage as the first of those that are meant.
    pub(super) fn appearance(
        &self,
        holds: &[Hold],
        at: usize,
        read: Option<Read>,
        is_meant: impl Fn(usize) -> bool,
    ) -> Result<Appearance, Error> {
        let (search, hold) = (self.search, &holds[at]);
        let found = Found {
            order: Order {
                below: 0,
                primary: 0,
                document: hold.id.0,
                ordinal: u64::from(hold.id.1),
            },
            address: hold.address,
            score: 0.0,
        };
        let stored = Stored {
            fields: &search.engine.fields,
            passage: Some(search.read(hold.address)?),
            document: None,
            whole: true,
            style: search.request.citation,
        };
        let marks = Marks::of(self.forms);
        let (hit, beside) = hit::show_beside(&stored, &found, &marks, &search.engine.analyzer)?;
        let mut others = (0..holds.len()).filter(|other| is_meant(*other));
        let may_be_before = |other: usize| {
            let other = &holds[other];
            other.document != hold.document
                && other.earliest != u32::MAX
                && other.earliest <= hold.latest
        };
        Ok(Appearance {
            hit,
            is_time_inferred: beside.is_time_inferred,
            is_sure: hold.latest != u32::MAX && !others.any(may_be_before),
            is_cited: read.is_some_and(|read| read.is_cited),
        })
    }
}

/// Whether a wording stands in a comparable text only inside titles of other documents. Where the text
/// does not have it, a heading has, which cites nothing.
fn is_cited(text: &str, forms: &[String], title: &str) -> bool {
    let mut has_any = false;
    for form in forms {
        for (at, _) in text.match_indices(form.as_str()) {
            has_any = true;
            let before = &text[..at];
            let opened = before
                .rfind('《')
                .filter(|open| !before[*open..].contains('》'));
            let behind = &text[at + form.len()..];
            let inside = opened.zip(behind.find('》'));
            let is_others = inside.is_some_and(|(open, close)| {
                let cited = &text[open + '《'.len_utf8()..at + form.len() + close];
                // A decree that puts its own rule into force cites no other.
                title.is_empty() || !title.contains(cited) && !cited.contains(title)
            });
            if !is_others {
                return false;
            }
        }
    }
    has_any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_of_another_document_is_cited_and_ones_own_is_not() {
        let forms = ["容缺受理".to_owned()];
        let is_cited = |text: &str, title: &str| is_cited(text, &forms, title);
        assert!(is_cited(
            "根据《某市容缺受理办法》，制定本方案。",
            "工作方案"
        ));
        assert!(!is_cited("根据《某市容缺受理办法》，推行容缺受理。", ""));
        assert!(!is_cited(
            "《某市容缺受理办法》已经通过。",
            "某市容缺受理办法"
        ));
        assert!(!is_cited("一、推行容缺受理", ""));
        assert!(!is_cited("只在标题里有", ""));
    }
}
