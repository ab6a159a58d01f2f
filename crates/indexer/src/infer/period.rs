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
    periods.extend(by_months(text, doc_type, year));
    periods.extend(mentioned(text, doc_type, year));
    periods
}

/// 截至8月底, 截至今年10月末, 截至2023年10月: up to when the data are.
static UP_TO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"截[至止](?:((?:19|20)\d\d)年|今年|当年|本年)?(\d{1,2})月")
        .expect("a constant pattern")
});
/// 1—8月, 2016年1至11月, 今年上半年: data of a year from its beginning.
static FROM_JANUARY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:((?:19|20)\d\d)年|[^\d])1月?[—–~－至到-]+(\d{1,2})月|(?:今年|((?:19|20)\d\d)年)上半年[，,]",
    )
    .expect("a constant pattern")
});
/// 2022年3月2日，巡察组反馈意见; 2021年11月起: since when what is told was done.
static SINCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:((?:19|20)\d\d)年)?(\d{1,2})月(?:\d{1,2}日)?(起|，?[\p{Han}、]{0,16}?(?:反馈|试点|试行))")
        .expect("a constant pattern")
});

/// The months that a report's data cover: from when it was told what to mend, or what it tells of began,
/// else from January where it counts from there, up to the latest month its data are of.
fn by_months(
    text: &Text<'_>,
    doc_type: Option<&str>,
    year: Option<i16>,
) -> Option<Candidate<String>> {
    let year = year.filter(|_| Tone::of(doc_type) == Tone::Reports)?;
    let folded = text.folded();
    let number =
        |found: Option<regex::Match<'_>>| found.and_then(|m| m.as_str().parse::<i16>().ok());
    let is_month = |month: &i16| (1..=12).contains(month);
    let upto = UP_TO.captures_iter(folded).take(MOST_MONTHS).map(|found| {
        let of = number(found.get(1)).unwrap_or(year);
        (of, number(found.get(2)), found.get(0), false)
    });
    let counted = FROM_JANUARY
        .captures_iter(folded)
        .take(MOST_MONTHS)
        .map(|found| {
            let of = number(found.get(1).or(found.get(3))).unwrap_or(year);
            let month = found.get(2).map_or(Some(6), |m| number(Some(m)));
            (of, month, found.get(0), true)
        });
    let mut end: Option<((i16, i16), Range<usize>)> = None;
    let mut is_of_year = false;
    for (of, month, at, counts) in upto.chain(counted) {
        let (Some(month), Some(at)) = (month.filter(is_month), at) else {
            continue;
        };
        is_of_year |= counts;
        let is_later = end.as_ref().is_none_or(|(latest, _)| *latest < (of, month));
        if (year - 1..=year).contains(&of) && is_later {
            end = Some(((of, month), at.range()));
        }
    }
    let ((last_year, last_month), at) = end?;
    let since = SINCE
        .captures_iter(folded)
        .take(MOST_MONTHS)
        .find_map(|found| {
            // 8月起 may be any thing's; 2021年8月起 and what was fed back are the document's.
            let is_told = found.get(1).is_some() || found[3].ends_with("反馈");
            let of = number(found.get(1)).unwrap_or(year);
            let month = number(found.get(2)).filter(is_month).filter(|_| is_told)?;
            let is_before = (of, month) < (last_year, last_month) && of >= year - REACH;
            is_before.then_some(((of, month), found.get(0)?.range()))
        });
    let ((from_year, from_month), since) = match since {
        Some((from, at)) => (from, Some(at)),
        None if is_of_year => ((last_year, 1), None),
        None => return None,
    };
    let value = format!("{from_year}-{from_month:02}/{last_year}-{last_month:02}");
    let bytes = since.into_iter().chain([at]);
    let evidence = bytes.map(|at| text.evidence(at)).collect();
    Some(Candidate::concluded(value, "period.months", 0.62, evidence))
}

/// A text of nothing but months is not searched to its end.
const MOST_MONTHS: usize = 200;

fn of_title(text: &Text<'_>, title: &Title, doc_type: Option<&str>) -> Option<Candidate<String>> {
    let words = &text.folded()[title.bytes.clone()];
    if !words.contains("19") && !words.contains("20") {
        return None;
    }
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
