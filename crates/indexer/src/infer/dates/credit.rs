//! The newspaper named at the end of a text: （2021年10月20日《某某时报》第3版）.
//!
//! Reads only the last lines, and only what names a newspaper beside the day.

use std::sync::LazyLock;

use duibiao_corpus::DateKind;
use regex::Regex;

use super::Dates;
use crate::infer::candidate::Candidate;
use crate::infer::time::dates_in;
use crate::text::{Line, Text};

/// How many lines from the end it may stand.
const LAST_LINES: usize = 4;
/// A longer line is a paragraph.
const MOST_CHARS: usize = 50;
/// 《某某日报》 directly behind a day, or before it.
static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*[,，]?\s*(?:刊?载?于)?《[\p{Han}]{1,10}[报刊]》").expect("a constant pattern")
});
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"《[\p{Han}]{1,10}[报刊]》\s*[（(,，]?\s*$").expect("a constant pattern")
});

/// The day a text appeared in a newspaper.
pub(super) fn read(text: &Text<'_>, lines: &[Line], dates: &mut Dates) {
    let folded = text.folded();
    for line in lines.iter().rev().take(LAST_LINES) {
        let words = &folded[line.content.clone()];
        if words.chars().nth(MOST_CHARS).is_some() {
            continue;
        }
        for dated in dates_in(words) {
            let (before, behind) = (&words[..dated.bytes.start], &words[dated.bytes.end..]);
            if BEHIND.is_match(behind) || BEFORE.is_match(before) {
                let begin = line.content.start;
                let at = begin + dated.bytes.start..begin + dated.bytes.end;
                let evidence = vec![text.evidence(at)];
                let found = Candidate::stated(dated.date, "appeared.stated", 0.88, evidence);
                dates.add(DateKind::Appeared, found);
            }
        }
    }
}
