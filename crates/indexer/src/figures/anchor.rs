//! The time that 今年 and 年底前 are counted from: when the text was drafted, which may be the year
//! before it was signed. Where that cannot be told, nothing is counted.

use std::sync::LazyLock;

use duibiao_corpus::{DeadlineAnchor, Evidence, Metadata};
use regex::Regex;

use crate::infer::status::Tone;
use crate::text::Text;

/// 2016年12月, 2016年1至11月.
static MONTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"((?:19|20)[0-9]{2})年(?:[0-9]{1,2}月?(?:至|-|—))?([0-9]{1,2})月")
        .expect("a constant pattern")
});

/// The year relative words are counted from, with what it rests on.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Anchor {
    pub(super) year: Option<i16>,
    /// Of the document's own date, where the text was drafted then.
    pub(super) month: Option<u8>,
    pub(super) kind: Option<DeadlineAnchor>,
    pub(super) evidence: Option<Evidence>,
    /// The year of the document, even where relative words stay open.
    pub(super) of_document: Option<i16>,
}

/// A report signed later than this month was drafted in its own year.
const EARLY: u8 = 4;
/// Events of this month or later of the year before are the latest that such a report tells of.
const LATE: u8 = 9;

impl Anchor {
    pub(crate) fn of(text: &Text<'_>, metadata: &Metadata, tone: Tone) -> Self {
        let Some(year) = &metadata.year else {
            return Self::default();
        };
        let evidence = year.evidence.first().cloned();
        let Some(date) = metadata.date.as_ref() else {
            let own = year.rule.starts_with("year.");
            let kind = if own {
                DeadlineAnchor::OwnYear
            } else {
                DeadlineAnchor::Dated
            };
            return Self {
                year: Some(year.value),
                month: None,
                kind: Some(kind),
                evidence,
                of_document: Some(year.value),
            };
        };
        let dated = Self {
            year: Some(date.value.year),
            month: date.value.month,
            kind: Some(DeadlineAnchor::Dated),
            evidence: date.evidence.first().cloned(),
            of_document: Some(date.value.year),
        };
        let may_be_older = tone == Tone::Reports
            && date.rule != "date.delivered"
            && date.value.month.is_some_and(|month| month <= EARLY);
        if !may_be_older {
            return dated;
        }
        drafted(text, metadata, date.value.year).unwrap_or(dated)
    }
}

/// Where a report signed early in a year tells of nothing in it and of the last months of the year
/// before: drafted then, if it also names the year of signing as one to come; else left open.
fn drafted(text: &Text<'_>, metadata: &Metadata, signed: i16) -> Option<Anchor> {
    let folded = text.folded();
    let own: Vec<_> = [&metadata.date, &metadata.published, &metadata.appeared]
        .into_iter()
        .flatten()
        .flat_map(|date| &date.evidence)
        .map(|evidence| evidence.span)
        .collect();
    let is_own = |at: usize| {
        let char = text.span(at..at).begin;
        own.iter().any(|span| span.begin <= char && char < span.end)
    };
    let mut latest: Option<(i16, u8, std::ops::Range<usize>)> = None;
    for found in MONTH.captures_iter(folded) {
        let (Some(whole), Some(year), Some(month)) = (found.get(0), found.get(1), found.get(2))
        else {
            continue;
        };
        let (Ok(year), Ok(month)) = (year.as_str().parse::<i16>(), month.as_str().parse::<u8>())
        else {
            continue;
        };
        let is_to_come = folded[whole.end()..].starts_with(['底', '前'])
            || (folded[whole.end()..].starts_with("末"));
        if year > signed || is_own(whole.start()) || is_to_come || !(1..=12).contains(&month) {
            continue;
        }
        if latest
            .as_ref()
            .is_none_or(|(y, m, _)| (*y, *m) < (year, month))
        {
            latest = Some((year, month, whole.range()));
        }
    }
    let (year, month, at) = latest?;
    if year != signed - 1 || month < LATE {
        return None;
    }
    let named = format!("{signed}年");
    let is_to_come = folded.match_indices(&named).any(|(at, _)| !is_own(at));
    Some(Anchor {
        year: is_to_come.then_some(year),
        month: None,
        kind: is_to_come.then_some(DeadlineAnchor::Drafted),
        evidence: is_to_come.then(|| text.evidence(at)),
        of_document: Some(year),
    })
}
