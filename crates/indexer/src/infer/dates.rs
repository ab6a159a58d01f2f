//! The dates a document states about itself, kept apart by what happened on them, and which of
//! them is its date. Never the most frequent year, never that of a cited number.

mod credit;
mod enactment;
mod header;
mod page;
mod signature;
mod year;

use duibiao_corpus::{DateKind, Evidence, PartialDate, StatedDate};

use crate::infer::candidate::{Candidate, Candidates};
use crate::infer::title::Title;
use crate::text::{Line, Text};

pub(super) use signature::Signature;
pub(super) use year::years;

/// What was found about time.
#[derive(Default)]
pub(super) struct Dates {
    pub(super) date: Candidates<PartialDate>,
    pub(super) published: Candidates<PartialDate>,
    pub(super) appeared: Candidates<PartialDate>,
    /// Every date the document states about itself.
    pub(super) stated: Vec<StatedDate>,
    /// Where it is signed.
    pub(super) signature: Option<Signature>,
    /// A line of name and date below the title.
    pub(super) byline: Option<Signature>,
}

/// More dates than these are a chronicle.
const MOST: usize = 200;

impl Dates {
    /// Notes a date in the list without making it a candidate of a field.
    fn note(
        &mut self,
        kind: DateKind,
        value: PartialDate,
        rule: &'static str,
        evidence: Vec<Evidence>,
    ) {
        let known = self
            .stated
            .iter()
            .any(|d| d.kind == kind && d.value == value);
        if !known && self.stated.len() < MOST {
            self.stated.push(StatedDate {
                kind,
                value,
                rule: rule.into(),
                evidence,
            });
        }
    }

    fn add(&mut self, kind: DateKind, candidate: Candidate<PartialDate>) {
        let evidence = candidate.evidence.clone();
        if candidate.against.is_none() {
            self.note(kind, candidate.value, candidate.rule, evidence);
        }
        match kind {
            DateKind::Published => self.published.add(candidate),
            DateKind::Appeared => self.appeared.add(candidate),
            _ => self.date.add(candidate),
        }
    }
}

/// Finds the dates of a document; `around` is what stands around a page's article.
pub(super) fn find(
    text: &Text<'_>,
    around: Option<&Text<'_>>,
    lines: &[Line],
    title: Option<&Title>,
) -> Dates {
    let mut dates = Dates::default();
    let body = title.map_or(0, |t| t.head);
    let header = header::Header::new(text, lines, title);
    dates.signature = signature::find(text.folded(), lines, body);
    header.read(text, &mut dates);
    signature::read(text, &header, &mut dates);
    credit::read(text, lines, &mut dates);
    enactment::printed(text, &mut dates);
    enactment::entry_into_force(text, &mut dates);
    if let Some(around) = around {
        page::read(around, &mut dates);
    }
    dates.stated.sort_by_key(|d| (d.value.sort_key(), d.kind));
    dates
}
