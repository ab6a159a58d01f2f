//! The years a report's data cover, as far as its own words place what it tells in time.
//!
//! Only years shortly before the document's own count, and only where they are not a deadline,
//! not a target and not part of a cited title or number.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use duibiao_corpus::Inferred;
use regex::Regex;

use crate::infer::status::Tone;
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

/// The period of a document that reports, where its year is known.
pub(super) fn find(
    text: &Text<'_>,
    doc_type: Option<&str>,
    year: Option<i16>,
) -> Option<Inferred<String>> {
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
    let evidence: Vec<Range<usize>> = mentions.values().map(|at| at[0].clone()).collect();
    Some(text.concluded(value, "period.mentions", 0.6, &evidence))
}

/// Whether a title that was opened on this line is still open.
fn in_title(before: &str) -> bool {
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    line.rfind('《')
        .is_some_and(|open| !line[open..].contains('》'))
}
