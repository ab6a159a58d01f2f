//! The time a document is about: what its title says, else the years a report's data cover, as far
//! as its own words place what it tells in time.
//!
//! Only years shortly before the document's own count, and only where they are not a deadline,
//! not a target and not part of a cited title or number.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::infer::candidate::{Candidate, Candidates};
use crate::infer::status::Tone;
use crate::infer::title::Title;
use crate::text::Text;

/// 2016年, with what follows it closely.
static YEAR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"((?:19|20)\d\d)年").expect("a constant pattern"));

/// How many years before its own a document may report on.
const REACH: i16 = 3;
/// A year named once may be an aside.
const LEAST_MENTIONS: usize = 2;
/// What may not follow: a deadline is not covered.
const DEADLINES: &[&str] = &["底前", "年底前", "底之前", "前", "末前"];
/// What may not stand before: a target, or a cited title or number.
const BEFORE: &[&str] = &["到", "至", "力争", "〔", "(", "（", "《"];

/// （2021—2023年）, 2020年7月—2021年6月: a title that gives its period.
static SPAN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"((?:19|20)\d\d)年?(?:(\d{1,2})月)?\s*(?:[-—–~－至到]|——)\s*((?:19|20)\d\d)年?(?:(\d{1,2})月)?")
        .expect("a constant pattern")
});
/// 2025年工作要点, 2016年…工作总结: a title of one year.
static ONE_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"((?:19|20)\d\d)年(?:度)?(上半年)?[\p{Han}“”、·\s]{0,24}(?:要点|计划|总结|情况|报告|结果)",
    )
    .expect("a constant pattern")
});

/// What the period may be: the title's, else that of the years a report keeps naming.
pub(super) fn periods(
    text: &Text<'_>,
    title: Option<&Title>,
    doc_type: Option<&str>,
    year: Option<i16>,
) -> Candidates<String> {
    let mut periods = Candidates::default();
    periods.extend(title.and_then(|title| of_title(text, title, doc_type)));
    if doc_type == Some("政府工作报告") {
        periods.extend(looked_back_on(text, title, year));
    }
    periods.extend(mentioned(text, doc_type, year));
    periods
}

fn of_title(text: &Text<'_>, title: &Title, doc_type: Option<&str>) -> Option<Candidate<String>> {
    let words = &text.folded()[title.bytes.clone()];
    let evidence = |at: Range<usize>| {
        vec![text.evidence(title.bytes.start + at.start..title.bytes.start + at.end)]
    };
    if let Some(found) = SPAN.captures(words) {
        let month = |index| {
            found
                .get(index)
                .and_then(|m: regex::Match<'_>| m.as_str().parse::<u8>().ok())
                .map_or_else(String::new, |m| format!("-{m:02}"))
        };
        let value = format!("{}{}/{}{}", &found[1], month(2), &found[3], month(4));
        let at = found.get(0)?.range();
        return Some(Candidate::stated(value, "period.title", 0.9, evidence(at)));
    }
    // A government's report looks back on the year before the one it is named after.
    let found = ONE_YEAR
        .captures(words)
        .filter(|_| doc_type != Some("政府工作报告"))?;
    let value = match found.get(2) {
        Some(_) => format!("{0}-01/{0}-06", &found[1]),
        None => found[1].to_owned(),
    };
    let at = found.get(0)?.range();
    Some(Candidate::stated(value, "period.title", 0.85, evidence(at)))
}

/// A government's report of a year looks back on the year before.
fn looked_back_on(
    text: &Text<'_>,
    title: Option<&Title>,
    year: Option<i16>,
) -> Option<Candidate<String>> {
    let evidence = vec![text.evidence(title?.bytes.clone())];
    let value = (year? - 1).to_string();
    Some(Candidate::concluded(value, "period.report", 0.65, evidence))
}

/// The years shortly before its own that a report keeps naming.
fn mentioned(
    text: &Text<'_>,
    doc_type: Option<&str>,
    year: Option<i16>,
) -> Option<Candidate<String>> {
    let year = year.filter(|_| Tone::of(doc_type) == Tone::Reports)?;
    let folded = text.folded();
    let mut mentions: BTreeMap<i16, Vec<Range<usize>>> = BTreeMap::new();
    for found in YEAR.captures_iter(folded) {
        let (Some(whole), Some(number)) = (found.get(0), found.get(1)) else {
            continue;
        };
        let Ok(named) = number.as_str().parse::<i16>() else {
            continue;
        };
        let (before, after) = (&folded[..whole.start()], &folded[whole.end()..]);
        let is_excluded = DEADLINES.iter().any(|d| after.starts_with(d))
            || BEFORE.iter().any(|b| before.ends_with(b));
        if (year - REACH..=year).contains(&named) && !is_excluded && !in_title(before) {
            mentions.entry(named).or_default().push(whole.range());
        }
    }
    mentions.retain(|_, at| at.len() >= LEAST_MENTIONS);
    let (first, last) = (mentions.first_key_value()?, mentions.last_key_value()?);
    let value = if first.0 == last.0 {
        first.0.to_string()
    } else {
        format!("{}/{}", first.0, last.0)
    };
    let firsts = mentions.values().filter_map(|at| at.first());
    let evidence = firsts.map(|at| text.evidence(at.clone())).collect();
    Some(Candidate::concluded(
        value,
        "period.mentions",
        0.6,
        evidence,
    ))
}

/// Whether a title that was opened on this line is still open.
fn in_title(before: &str) -> bool {
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    line.rfind('《')
        .is_some_and(|open| !line[open..].contains('》'))
}
