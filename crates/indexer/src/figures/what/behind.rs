//! The name that stands behind a figure: 查办任务 of 47件查办任务, 企业 of 以上的企业, and what is to be
//! done within a time.
//!
//! Does not look in front of the number.

use std::sync::LazyLock;

use super::super::context::Context;
use super::super::lists::ENDS;
use super::super::words::Words;
use super::name::{LONGEST, is_inside_name, is_of_word, name};
use crate::any_of::AnyOf;

/// The name that stands behind a classifier.
pub(super) fn behind(words: &Words, at: usize, ceiling: usize) -> Option<String> {
    let begin = words.skip_spaces(at);
    let begin = if words.at(begin) == '的' {
        begin + 1
    } else {
        begin
    };
    // 瞪羚企业358户和种子企业2户: another name follows, whose number comes later.
    if matches!(words.at(begin), '和' | '及' | '与') && !is_of_word("和", words.at(begin + 1)) {
        return None;
    }
    if words.at(begin) == '“' {
        return quoted(words, begin, ceiling);
    }
    let clause = words.clause_end(begin, ceiling);
    let last = (begin..clause)
        .find(|&i| matches!(words.at(i), '、' | '《' | '>' | '/'))
        .unwrap_or(clause);
    let end = name_end(words, begin, last);
    // 吸引力强、带动面广的消费场景, 涉及民生的事项: the name stands behind 的
    if end < clause || begins_relation(words, begin) {
        let is_relation = begins_relation(words, begin);
        let from = if is_relation { begin } else { end };
        let to = if is_relation { end } else { clause };
        let of = (from..to.min(begin + LONGEST)).find(|&i| words.at(i) == '的');
        if let Some(of) = of.filter(|_| is_relation || words.at(end) == '、') {
            let last = (of + 1..clause)
                .find(|&i| words.at(i) == '、')
                .unwrap_or(clause);
            return name(words, of + 1, name_end(words, of + 1, last));
        }
    }
    if begins_relation(words, begin) {
        return None;
    }
    // 阻力较大的“老案”
    if end == clause && end > begin && words.before(end) == '的' {
        return (words.at(end) == '“')
            .then(|| quoted(words, end, ceiling))
            .flatten();
    }
    name(words, begin, end)
}

/// Where the name that begins at `begin` ends.
fn name_end(words: &Words, begin: usize, last: usize) -> usize {
    (begin..last)
        .find(|&i| {
            words
                .starts_list(i, &ENDS)
                .is_some_and(|(word, end)| !is_inside_name(words, i, begin, word, end))
        })
        .unwrap_or(last)
}

/// Words that begin a clause about what is counted and not its name.
fn begins_relation(words: &Words, at: usize) -> bool {
    // 千亿级园区 is a name.
    let is_class =
        (at..at + 4).any(|i| words.at(i) == '级') && matches!(words.at(at), '千' | '万' | '亿');
    !is_class && words.starts_list(at, &RELATIONS).is_some()
}

static RELATIONS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "与",
        "涉及",
        "对",
        "因",
        "依法",
        "以",
        "按",
        "经",
        "为",
        "具有",
        "符合",
        "影响",
        "群众反映",
        "吸引力",
        "带动",
        "海拔",
        "年产",
        "总投资",
        "投资",
        "需要",
        "超",
        "逾",
        "亿",
        "万",
        "千",
    ])
});

/// “数字领航”企业.
fn quoted(words: &Words, begin: usize, ceiling: usize) -> Option<String> {
    let close = (begin + 1..begin + 16).find(|&i| words.at(i) == '”')?;
    let last = words.clause_end(close + 1, ceiling.max(close + 1));
    let last = (close + 1..last)
        .find(|&i| words.at(i) == '、')
        .unwrap_or(last);
    let end = name_end(words, close + 1, last);
    let text: String = words.slice(begin, end).iter().collect();
    (end > close + 1 && text.chars().count() <= LONGEST).then_some(text)
}

/// What is to be done within a time: 完成装机服务 of 8小时内完成装机服务.
pub(super) fn action(words: &Words, context: &Context, ceiling: usize) -> Option<String> {
    if context.suffix.is_none() && !context.is_ahead {
        return None;
    }
    let mut begin = words.skip_spaces(context.end);
    if matches!(words.at(begin), ',' | '，') {
        begin += 1;
    }
    if words.at(begin) == '的' {
        begin += 1;
    }
    let end = words.clause_end(begin, ceiling);
    let goes_on = words
        .starts_any(begin, &["且", "并", "或者", "但", "不", "无", "未"])
        .is_some();
    name(words, begin, end).filter(|_| !goes_on)
}
