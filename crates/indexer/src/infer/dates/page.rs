//! What a web page says around its article: the day of publication, and nothing else. Navigation
//! must not decide what a document is about.

use std::sync::LazyLock;

use duibiao_corpus::DateKind;
use regex::Regex;

use super::Dates;
use crate::infer::candidate::Candidate;
use crate::infer::time::dates_in;
use crate::text::Text;

/// 发布时间：, 发表日期: and their relatives, directly before a date.
pub(super) static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:发布|发表|公开|公布|更新|上传|刊发|编辑)?(?:日期|时间|日　*期|时　*间)\s*[:：]\s*$|发布于\s*[:：]?\s*$")
        .expect("a constant pattern")
});
/// Days a page names that are not of its publication.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:实施|施行|生效|失效|废止|成文|发文|印发|截止|有效|起草|开始|结束)(?:日期|时间)\s*[:：]\s*$")
        .expect("a constant pattern")
});

/// Words between an article's date and its source line.
const SOURCE: &[&str] = &["来源", "信息来源", "稿件来源", "作者", "发布机构"];
/// What stands in one line behind the day and the time of an article.
const BESIDE: &[&str] = &[
    "来源",
    "阅读",
    "浏览",
    "点击",
    "字号",
    "字体",
    "责任编辑",
    "本报讯",
    "【大】",
];
/// Characters searched; page data stand before the long lists of links.
const REACH_BYTES: usize = 60_000;
/// A longer line is no page data.
const MOST_BYTES: usize = 300;

/// The published date in what stands around an article.
pub(super) fn read(around: &Text<'_>, dates: &mut Dates) {
    let folded = around.folded();
    let mut lines = folded
        .split_inclusive('\n')
        .scan(0, |begin, line| {
            let at = *begin;
            *begin += line.len();
            Some((at, line))
        })
        .take_while(|(at, _)| *at < REACH_BYTES)
        .filter(|(_, line)| !line.trim().is_empty())
        .peekable();
    while let Some((begin, line)) = lines.next() {
        if line.len() > MOST_BYTES {
            continue;
        }
        for dated in dates_in(line) {
            let before = &line[..dated.bytes.start];
            let first = before.trim().is_empty();
            let after = line[dated.bytes.end..]
                .trim_start_matches(|c: char| c.is_whitespace() || c.is_ascii_digit() || c == ':');
            let alone = first && after.trim().is_empty();
            let beside = first && BESIDE.iter().any(|word| after.contains(word));
            let before_source = lines
                .peek()
                .is_some_and(|(_, next)| SOURCE.iter().any(|s| next.trim_start().starts_with(s)));
            let (rule, confidence) = if LABEL.is_match(before) && !OTHER.is_match(before) {
                ("published.page", 0.95)
            } else if alone && before_source || beside {
                ("published.source", 0.85)
            } else {
                continue;
            };
            let at = begin + dated.bytes.start..begin + dated.bytes.end;
            let found = Candidate::stated(dated.date, rule, confidence, vec![around.evidence(at)]);
            dates.add(DateKind::Published, found);
        }
    }
}
