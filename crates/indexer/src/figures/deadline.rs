//! Times by which something is to be done: 2017年底前, 年底前, 三个月内, 完成时限：立行立改.
//!
//! 截至2022年底 is when data were counted, 2009年前已进户的 whom something concerns, 自1月1日起 when
//! something begins: none of these is a deadline.

use std::ops::Range;
use std::sync::LazyLock;

use duibiao_corpus::{Deadline, DeadlineAnchor, PartialDate};
use regex::Regex;

use super::anchor::Anchor;
use super::signs::Signs;
use super::when::{When, head, month_end, small, tail, whole};
use crate::text::Text;

/// 完成时限：…
static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:完成|整改|办结|办理|落实|目标)(?:时限|期限|时间)(?:要求)?\s?[:：]\s*(?P<v>[^。；;，,\n）)】|]{2,30})").expect("a constant pattern")
});

/// 三个月内完成.
static WITHIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:[0-9]+|[一二两三四五六七八九十半]+)(?:个工作日|个月|日|天|年|周)(?:之内|以内|内)",
    )
    .expect("a constant pattern")
});

/// 启动阶段(1月至2月), 总结阶段（2011年11月1日—12月31日）.
static STAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"阶段\s?[:：]?\s?[（(](?P<w>(?:(?P<y>20[0-9]{2})年)?(?:(?P<m>[0-9]{1,2})月(?:份)?)?(?:[0-9]{1,2}日)?(?:(?:至|到|-|—|——|~|－)(?:(?P<y2>20[0-9]{2})年)?(?P<m2>[0-9]{1,2})月(?:份)?(?:(?P<d2>[0-9]{1,2})日)?)?(?:底|末)?(?:前)?)[）)]",
    )
    .expect("a constant pattern")
});

/// Whole clauses that say when without a date.
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"立行立改|立查立改|即知即改|长期坚持").expect("a constant pattern")
});

/// The deadlines of the passage at `range`, bytes of the folded text. `is_rules`: of a regulation,
/// whose periods run from an event and end on no date.
pub(crate) fn of_passage(
    text: &Text<'_>,
    range: Range<usize>,
    signs: Signs,
    anchor: &Anchor,
    is_rules: bool,
) -> Vec<Deadline> {
    let words = &text.folded()[range.clone()];
    let mut found: Vec<(Range<usize>, Option<PartialDate>, Option<DeadlineAnchor>)> = Vec::new();
    // A pattern is tried only where words it cannot do without stand: most passages have none.
    if signs.has(Signs::COLON) && signs.has(Signs::TERM) {
        labelled(words, anchor, &mut found);
    }
    if signs.has(Signs::STAGE) {
        stages(words, anchor, &mut found);
    }
    if signs.has(Signs::TIME) {
        let ends = When::all(words).filter(|when| when.is_end(words, anchor));
        found.extend(ends.map(|when| {
            let (date, kind) = match when.comes_again(words, is_rules) {
                true => (None, None),
                false => when.resolve(anchor),
            };
            (when.at, date, kind)
        }));
    }
    if !is_rules && signs.has(Signs::WITHIN) && has_period(words) {
        found.extend(within(words).map(|at| (at, None, None)));
    }
    if signs.has(Signs::AT_ONCE) {
        found.extend(open(words).map(|at| (at, None, None)));
    }
    // labels come first, so what they hold is not told twice
    let mut kept: Vec<(Range<usize>, Option<PartialDate>, Option<DeadlineAnchor>)> = Vec::new();
    found.sort_by_key(|(at, ..)| (at.start, std::cmp::Reverse(at.end)));
    for deadline in found {
        if kept
            .last()
            .is_none_or(|last| last.0.end <= deadline.0.start)
        {
            kept.push(deadline);
        }
    }
    kept.into_iter()
        .map(|(at, normalized, kind)| {
            let own = text.evidence(range.start + at.start..range.start + at.end);
            Deadline {
                span: own.span,
                quote: own.quote,
                normalized,
                anchor: kind.filter(|_| normalized.is_some()),
                anchor_evidence: anchor.evidence.clone().filter(|_| {
                    normalized.is_some() && kind.is_some_and(|k| k != DeadlineAnchor::Stated)
                }),
            }
        })
        .collect()
}

type Found = (Range<usize>, Option<PartialDate>, Option<DeadlineAnchor>);

/// What stands behind 完成时限：.
fn labelled(words: &str, anchor: &Anchor, found: &mut Vec<Found>) {
    for captures in LABELLED.captures_iter(words) {
        let Some(value) = captures.name("v") else {
            continue;
        };
        let trimmed = value.as_str().trim_end();
        let at = value.start()..value.start() + trimmed.len();
        let resolved = When::all(trimmed)
            .last()
            .map_or((None, None), |when| when.resolve(anchor));
        found.push((at, resolved.0, resolved.1));
    }
}

/// The ends of the stages of a plan.
fn stages(words: &str, anchor: &Anchor, found: &mut Vec<Found>) {
    for captures in STAGE.captures_iter(words) {
        let Some(at) = captures.name("w").filter(|at| !at.is_empty()) else {
            continue;
        };
        let get = |names: &[&str]| {
            names
                .iter()
                .find_map(|name| captures.name(name))
                .map(|m| m.as_str())
        };
        let stated: Option<i16> = get(&["y2", "y"]).and_then(|y| y.parse().ok());
        let (year, kind) = match stated {
            Some(year) => (Some(year), Some(DeadlineAnchor::Stated)),
            None => (anchor.year, anchor.kind),
        };
        let month = get(&["m2", "m"]).and_then(small);
        let day = get(&["d2"]).and_then(small);
        let date = match (year, month, day) {
            (Some(year), Some(month), Some(day)) => whole(year, month, day),
            (Some(year), Some(month), None) => month_end(year, month),
            _ => None,
        };
        if month.is_some() {
            found.push((at.range(), date, kind.filter(|_| date.is_some())));
        }
    }
}

/// Whether 内 stands behind a unit of time and a numeral somewhere.
fn has_period(words: &str) -> bool {
    const UNITS: [&str; 6] = ["个工作日", "个月", "日", "天", "年", "周"];
    let is_numeral = |c: char| c.is_ascii_digit() || "一二两三四五六七八九十半".contains(c);
    words.match_indices('内').any(|(at, _)| {
        let before = words[..at].trim_end_matches(['之', '以']);
        let number = UNITS.iter().find_map(|unit| before.strip_suffix(unit));
        number.is_some_and(|number| number.ends_with(is_numeral))
    })
}

/// 三个月内完成: open, for nothing says from when.
fn within(words: &str) -> impl Iterator<Item = Range<usize>> {
    let finish = [
        "完成", "整改", "办结", "到位", "建成", "出台", "印发", "落实", "清零", "全部",
    ];
    WITHIN
        .find_iter(words)
        .map(|found| found.range())
        .filter(move |at| {
            let before = tail(&words[..at.start], 24);
            let clause = before
                .rsplit(['。', '；', ';', '\n'])
                .next()
                .unwrap_or_default();
            let after = head(&words[at.end..], 14);
            let after = after
                .split(['。', '；', ';', '\n', '，', ','])
                .next()
                .unwrap_or_default();
            finish.iter().any(|word| after.contains(word))
                && ![
                    "日起", "自", "后", "每", "近", "过去", "最近", "以来", "材料", "申请", "收到",
                    "受理", "接到",
                ]
                .iter()
                .any(|word| clause.contains(word))
                && !clause.ends_with(|c: char| c.is_ascii_digit() || "年月第".contains(c))
                && !after.contains('已')
        })
}

/// 立行立改 as a clause of its own.
fn open(words: &str) -> impl Iterator<Item = Range<usize>> {
    OPEN.find_iter(words)
        .map(|found| found.range())
        .filter(move |at| {
            let ends = |c: char| "。，,；;：:（）()、\n】|\t ".contains(c);
            words[..at.start].chars().next_back().is_none_or(ends)
                && words[at.end..]
                    .chars()
                    .next()
                    .is_none_or(|c| ends(c) && c != '、')
                && !words[..at.start].ends_with('、')
        })
}
