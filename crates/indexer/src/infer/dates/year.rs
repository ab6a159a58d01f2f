//! The year a document belongs to: that of its date, of its number, of its title, or the one it
//! gives itself.

use std::ops::Range;
use std::sync::LazyLock;

use duibiao_corpus::{Evidence, PartialDate};
use regex::Regex;

use super::Dates;
use crate::infer::candidate::{Candidate, Candidates};
use crate::infer::time::days_and_months_in;
use crate::infer::title::{Title, window};
use crate::text::Text;

/// 2019年工作要点, （2023年版）: a title that gives the document's own year.
static OWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"((?:19|20)\d\d)年(?:度)?(?:全省|全市|全县|全区|全州)?[\p{Han}“”、·\s]{0,24}(?:要点|方案|计划|政府工作报告|行动)|[（(]((?:19|20)\d\d)年?(?:版|本|修订|修正|修订版|修订本)[）)]")
        .expect("a constant pattern")
});
/// 2020年工作总结, written that year or the next.
static PAST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"((?:19|20)\d\d)年(?:度)?[\p{Han}“”、·\s]{0,24}(?:总结|情况|报告|综述)")
        .expect("a constant pattern")
});
/// 将2011年确定为
static DECLARED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:将|把)((?:19|20)\d\d)年(?:确定|作为|定)为?").expect("a constant pattern")
});

/// How far from the top a text speaks of itself, in characters.
const HEAD_CHARS: usize = 700;
/// How far the first sentence of an explanation reaches.
const OPENING_CHARS: usize = 150;

/// The candidates for the year, after those of the dates are known. `number` is the document's
/// own number with its year.
pub(in crate::infer) fn years(
    text: &Text<'_>,
    title: Option<&Title>,
    dates: &Dates,
    number: Option<(i16, Vec<Evidence>)>,
) -> Candidates<i16> {
    let mut years = Candidates::default();
    let of = |date: &Candidate<PartialDate>| date.map(date.value.year);
    years.extend(dates.date.best().map(of));
    years.extend(number.map(|(year, at)| Candidate::stated(year, "year.number", 0.93, at)));
    if let Some(title) = title {
        years.extend(
            matched(text, &OWN, title.bytes.clone())
                .map(|(year, at)| Candidate::stated(year, "year.title", 0.9, at)),
        );
        years.extend(
            matched(text, &PAST, title.bytes.clone())
                .map(|(year, at)| Candidate::concluded(year, "year.past", 0.6, at)),
        );
    }
    for day in [dates.published.best(), dates.appeared.best()]
        .into_iter()
        .flatten()
    {
        years.add(Candidate {
            inferred: true,
            confidence: day.confidence.min(0.8),
            ..of(day)
        });
    }
    let head = window(text.folded(), 0, HEAD_CHARS);
    let words = &text.folded()[head.clone()];
    let declares = ["年确定", "年作为", "年定"]
        .iter()
        .any(|w| words.contains(w));
    years.extend(
        declares
            .then(|| matched(text, &DECLARED, head))
            .flatten()
            .map(|(year, at)| Candidate::concluded(year, "year.self", 0.8, at)),
    );
    years.extend(explained(text, title));
    years
}

fn matched(text: &Text<'_>, pattern: &Regex, range: Range<usize>) -> Option<(i16, Vec<Evidence>)> {
    let words = &text.folded()[range.clone()];
    // Each of the patterns has a year in it.
    if !words.contains("19") && !words.contains("20") {
        return None;
    }
    let found = pattern.captures(words)?;
    let year = found.get(1).or(found.get(2))?.as_str().parse().ok()?;
    let whole = found.get(0)?;
    let at = range.start + whole.start()..range.start + whole.end();
    Some((year, vec![text.evidence(at)]))
}

/// An explanation of another document belongs to the year in which that one was issued.
fn explained(text: &Text<'_>, title: Option<&Title>) -> Option<Candidate<i16>> {
    let folded = text.folded();
    let title = title?;
    let words = &folded[title.bytes.clone()];
    if !["解读", "问答", "答记者问", "起草说明"]
        .iter()
        .any(|w| words.contains(w))
    {
        return None;
    }
    let opening = window(folded, title.bytes.end, OPENING_CHARS);
    let words = &folded[opening.clone()];
    let dated = days_and_months_in(words).into_iter().next()?;
    let after = &words[window(words, dated.bytes.end, 80)];
    ["印发", "出台", "公布", "发布"]
        .iter()
        .any(|w| after.contains(w))
        .then(|| {
            let at = opening.start + dated.bytes.start..opening.start + dated.bytes.end;
            Candidate::concluded(
                dated.date.year,
                "year.explained",
                0.7,
                vec![text.evidence(at)],
            )
        })
}
