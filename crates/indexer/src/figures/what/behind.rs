//! The name that stands behind a figure: 查办任务 of 47件查办任务, 企业 of 以上的企业, and what is to be
//! done within a time.
//!
//! Does not look in front of the number.

use std::sync::LazyLock;

use super::super::context::Context;
use super::super::lists::{ENDS, VERBS};
use super::super::words::Words;
use super::name::{LONGEST, bracket_end, is_inside_name, is_of_word, name, name_within};
use crate::any_of::AnyOf;

/// The name that stands behind a classifier.
pub(super) fn behind(words: &Words, at: usize, ceiling: usize) -> Option<String> {
    // 国家和地区近 of 116个国家和地区近4000名: the last is of the next number
    let is_about = ceiling > at + 2 && matches!(words.before(ceiling), '近' | '超' | '逾');
    let ceiling = ceiling - usize::from(is_about);
    let begin = behind_note(words, words.skip_spaces(at));
    let begin = if words.at(begin) == '的' {
        begin + 1
    } else {
        begin
    };
    // 按每平方米一百元处罚款: what is imposed, not that it is
    let begin = if words.starts(begin, "处罚款") || words.starts(begin, "处罚金") {
        begin + 1
    } else {
        begin
    };
    // 13万户46万群众: who they are, and not how many again
    let begin = behind_count(words, begin);
    // 一至二人作为代理人: what they are
    let begin = match words.starts_any(begin, &["作为", "担任", "充当"]) {
        Some((_, end)) if words.before(begin) != '次' => end,
        _ => begin,
    };
    // 瞪羚企业358户和种子企业2户: another name follows, whose number comes later.
    if matches!(words.at(begin), '和' | '及' | '与') && !is_of_word("和", words.at(begin + 1)) {
        return None;
    }
    if words.at(begin) == '“' {
        return quoted(words, begin, ceiling);
    }
    let bare = words.clause_end(begin, ceiling);
    let close = bracket_end(words, bare).filter(|close| *close < ceiling);
    let clause = close.map_or(bare, |close| words.clause_end(close, ceiling));
    let last = (begin..clause)
        .find(|&i| {
            let is_inside = close.is_some_and(|close| (bare..close).contains(&i));
            matches!(words.at(i), '、' | '《' | '>' | '/') && !is_inside
        })
        .unwrap_or(clause);
    let mut end = name_end(words, begin, last);
    // 甲醛等污染物监测: the word for all of them belongs to the name
    if let Some(whole) = behind_and_others(words, begin, end, last) {
        return name(words, begin, whole);
    }
    // 11个市和甲、乙县: another name is joined to the first
    if end == last && words.at(last) == '、' {
        end = (begin + 1..end)
            .find(|&i| words.at(i) == '和' && !is_of_word("和", words.at(i + 1)))
            .unwrap_or(end);
    }
    // 吸引力强、带动面广的消费场景, 涉及民生的事项: the name stands behind 的
    if end < clause || begins_relation(words, begin) {
        let is_relation = begins_relation(words, begin);
        let from = if is_relation { begin } else { end };
        let to = clause;
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
    // 12名从事养护的工人: a clause about them stands before their name
    if end == begin && !matches!(words.before(begin), '人' | '上' | '下' | '内') {
        let of = (begin..clause.min(begin + LONGEST)).find(|&i| words.at(i) == '的')?;
        return name(words, of + 1, name_end(words, of + 1, last.max(of + 1)));
    }
    if end == last && words.at(last) == '、' && end > begin && end <= begin + 3 && clause < ceiling
    {
        return listed(words, begin, last, clause);
    }
    if end == clause && words.at(clause) == '“' && end > begin && words.before(end) != '的' {
        return with_quoted(words, begin, clause, ceiling);
    }
    // 阻力较大的“老案”
    if end == clause && end > begin && words.before(end) == '的' {
        return (words.at(end) == '“')
            .then(|| quoted(words, end, ceiling))
            .flatten();
    }
    name(words, begin, end)
}

/// Where the name ends that stands behind 等, if it is short enough with what is before.
fn behind_and_others(words: &Words, begin: usize, end: usize, last: usize) -> Option<usize> {
    if words.at(end) != '等' || end == begin || end >= last || !words.at(end + 1).is_alphabetic() {
        return None;
    }
    let whole = name_end(words, end + 1, last);
    (whole > end + 2 && whole <= begin + LONGEST).then_some(whole)
}

/// Behind a bracket that only says that the bound is meant: 以上(含16周岁)的公民.
fn behind_note(words: &Words, at: usize) -> usize {
    let is_note =
        matches!(words.at(at), '(' | '〔' | '[') && matches!(words.at(at + 1), '含' | '不');
    let mut close = (at + 2..at + 14).filter(|&i| matches!(words.at(i), ')' | '〕' | ']'));
    close
        .next()
        .filter(|_| is_note)
        .map_or(at, |close| close + 1)
}

/// Persons of an age: 老年人 of 六十五周岁以上老年人持证免费乘车, 未成年人 of 携带不满十二周岁未成年人乘车的.
pub(super) fn persons(words: &Words, at: usize) -> Option<String> {
    let at = behind_note(words, at);
    // 已满十四周岁不满十六周岁的人
    let at = match words.starts_any(at, &["不满", "未满", "不足"]) {
        Some((_, next)) => words.find(next, next + 8, "周岁")? + 2,
        None => at,
    };
    let at = at + usize::from(words.at(at) == '的');
    let (word, end) = words.starts_list(at, &PERSONS)?;
    (!matches!(words.at(end), '口' | '家' | '户' | '代')).then(|| word.to_owned())
}

static PERSONS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::split(
        "未成年人 婴幼儿 儿童 老年人 居民 公民 中国公民 村民 学生 幼女 妇女 子女 劳动者 人员 男性 女性 未成年女性 成年人",
    )
});

/// What is counted in a condition: 用户 of 涉及三千户以上用户的.
pub(super) fn behind_in_condition(words: &Words, at: usize) -> Option<String> {
    let end = (at + 2..at + 7).find(|&i| words.at(i) == '的')?;
    let closes = matches!(words.at(end + 1), '，' | ',' | ';' | '。');
    closes.then(|| name(words, at, end)).flatten()
}

/// Behind a number with 万 or 亿 that has no unit of its own.
fn behind_count(words: &Words, begin: usize) -> usize {
    let is_digit = |at: usize| words.at(at).is_ascii_digit() || words.at(at) == '.';
    let mut end = begin;
    while is_digit(end) {
        end += 1;
    }
    let is_count = end > begin && matches!(words.at(end), '万' | '亿');
    if is_count { end + 1 } else { begin }
}

/// 江河、湖泊滨水驿站: what is counted may stand behind all of them.
fn listed(words: &Words, begin: usize, sign: usize, clause: usize) -> Option<String> {
    let next = sign + 1;
    let is_clause =
        words.starts_list(next, &VERBS).is_some() || words.starts_list(next, &ENDS).is_some();
    let end = name_end(words, next, clause);
    if is_clause || end == next {
        return name(words, begin, sign);
    }
    name(words, begin, end)
}

/// 农村“水窖”项目.
fn with_quoted(words: &Words, begin: usize, open: usize, ceiling: usize) -> Option<String> {
    let close = (open + 1..open + 16).find(|&i| words.at(i) == '”')?;
    let last = words.clause_end(close + 1, ceiling.max(close + 1));
    let last = (close + 1..last)
        .find(|&i| words.at(i) == '、')
        .unwrap_or(last);
    let end = name_end(words, close + 1, last);
    if end == close + 1 {
        return name(words, begin, open);
    }
    let text: String = words.slice(begin, end).iter().collect();
    (text.chars().count() <= LONGEST).then_some(text)
}

/// Where the name that begins at `begin` ends.
fn name_end(words: &Words, begin: usize, last: usize) -> usize {
    let ends = |i: usize| {
        let word = words.starts_list(i, &ENDS);
        word.is_some_and(|(word, end)| !is_inside_name(words, i, begin, word, end))
    };
    let done = |i: usize| words.at(i) == '了' && words.at(i + 1) != '解';
    let builds = |i: usize| i > begin && words.starts(i, "建设") && is_built_by(words, i, last);
    let end = (begin..last)
        .find(|&i| done(i) || ends(i) || builds(i))
        .unwrap_or(last);
    if end == last || !done(end) {
        return end;
    }
    // 政府建立了制度, 站点作了抽查: before the verb
    let is_short = matches!(
        words.before(end),
        '作' | '做' | '建' | '有' | '开' | '办' | '设' | '过' | '核' | '查'
    );
    end.saturating_sub(if is_short { 1 } else { 2 }).max(begin)
}

/// 8个重点县建设蔬菜基地: who builds is counted, and not what.
fn is_built_by(words: &Words, at: usize, last: usize) -> bool {
    const OF_NAME: &[char] = &[
        '项', '工', '任', '用', '和', '与', '标', '试', '示', '领', '方', '规',
    ];
    let next = at + 2;
    matches!(words.before(at), '县' | '市' | '区' | '乡' | '镇' | '村')
        && next + 3 < last
        && !OF_NAME.contains(&words.at(next))
}

/// Words that begin a clause about what is counted and not its name.
fn begins_relation(words: &Words, at: usize) -> bool {
    // 千亿级园区 is a name.
    let is_class =
        (at..at + 4).any(|i| words.at(i) == '级') && matches!(words.at(at), '千' | '万' | '亿');
    let begins =
        |(word, end): (&str, usize)| word.chars().count() > 1 || !is_of_word(word, words.at(end));
    !is_class && words.starts_list(at, &RELATIONS).is_some_and(begins)
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
    if end > close + 1 {
        return (text.chars().count() <= LONGEST).then_some(text);
    }
    // 37个“一件事”落地
    let inside = words.slice(begin + 1, close);
    let is_name = inside.len() >= 3 && !inside.iter().any(|c| matches!(c, '，' | '。' | '、'));
    is_name.then(|| inside.iter().collect())
}

/// What is to be done within a time: 完成装机服务 of 8小时内完成装机服务.
pub(super) fn action(words: &Words, context: &Context, ceiling: usize) -> Option<String> {
    if context.suffix.is_none() && !context.is_ahead {
        return None;
    }
    let mut begin = words.skip_spaces(context.end);
    let is_behind_comma = matches!(words.at(begin), ',' | '，');
    if is_behind_comma || words.at(begin) == '的' {
        begin += 1;
    }
    let mut end = clause_with_bracket(words, begin, ceiling);
    // 十日内，按照各自职责，作出处理: how it is done stands between
    for _ in 0..2 {
        let is_manner = words.starts_any(begin, MANNERS).is_some();
        if !is_manner || !matches!(words.at(end), ',' | '，') {
            break;
        }
        begin = end + 1;
        end = clause_with_bracket(words, begin, ceiling);
    }
    // 七日前，某委员会应当通知全体业主: what is to be done stands behind the word that says so
    let again = words.starts_any(begin, &["又", "再", "仍"]).is_some();
    if let Some(must) = words
        .find(begin, end, "应当")
        .filter(|_| is_behind_comma && !again)
    {
        begin = must + 2;
        if words.at(begin) == '与' {
            return None;
        }
    }
    let is_none = |(word, end): (&str, usize)| word != "无" || words.at(end) != '偿';
    let goes_on = words.starts_any(begin, NO_ACTIONS).is_some_and(is_none)
        || words.starts_any(begin, MANNERS).is_some();
    // cut off by a bracket it would say half of it
    let is_whole = words.at(end) != '(';
    name_within(words, begin, end, LONGEST_ACTION).filter(|_| !goes_on && is_whole)
}

/// How many characters the name of what is to be done has at most: to whom may be part of it.
const LONGEST_ACTION: usize = 36;

/// Where the clause ends, over a bracket within a name: 向县(市、区)主管部门备案.
fn clause_with_bracket(words: &Words, begin: usize, ceiling: usize) -> usize {
    let mut end = words.clause_end(begin, ceiling);
    while let Some(close) = bracket_end(words, end).filter(|close| *close < ceiling) {
        end = words.clause_end(close, ceiling);
    }
    end
}

/// What has not been done for so long: 未达到最低限额 of 逾期一年未达到最低限额的.
pub(super) fn left_undone(words: &Words, context: &Context) -> Option<String> {
    let begin = context.end;
    let is_undone = context.condition.is_some()
        && matches!(words.at(begin), '未' | '不' | '仍')
        && !matches!(words.at(begin + 1), '满' | '足' | '逾' | '到');
    is_undone
        .then(|| name(words, begin, words.clause_end(begin, words.len())))
        .flatten()
}

/// What stands in a ratio: 用房 of 千分之三的比例配置用房.
pub(super) fn behind_ratio(words: &Words, at: usize, ceiling: usize) -> Option<String> {
    const GIVEN: &[&str] = &[
        "配置", "配备", "配建", "设置", "安排", "预留", "提取", "缴纳", "缴存", "拨缴", "给予",
        "建设",
    ];
    let (_, begin) = words.starts_any(at + 3, GIVEN)?;
    let last = words.clause_end(begin, ceiling);
    name(words, begin, name_end(words, begin, last))
}

/// Words of a clause that says how or by what something is done.
const MANNERS: &[&str] = &[
    "按照",
    "根据",
    "依据",
    "持",
    "凭",
    "至迟",
    "最迟",
    "除",
    "经",
    "以书面形式",
];
/// Words of a clause that says nothing to be done.
const NO_ACTIONS: &[&str] = &["且", "并", "或者", "但", "不", "无", "未"];
