//! The name that stands before a figure: 查办任务 of 下达查办任务47件, without the verbs and other words
//! that lead to it.
//!
//! Does not look behind the number.

use std::sync::LazyLock;

use super::super::context::Context;
use super::super::lists::{LEADS, TRAILS, VERBS};
use super::super::quantity::Quantity;
use super::super::unit::Kind;
use super::super::words::Words;
use super::clause::{before_period, behind_last_clause, behind_last_cut};
use super::name::{LONGEST, bracket_end, is_general, is_of_word, name};
use crate::any_of::AnyOf;

/// The name that stands before the words that compare.
pub(super) fn before(
    words: &Words,
    quantity: &Quantity,
    context: &Context,
    floor: usize,
) -> Option<String> {
    let (mut begin, end) = words_before(words, quantity, context, floor)?;
    let behind_clause = behind_last_clause(words, begin, end);
    if behind_clause > begin {
        begin = led_by_verbs(words, behind_clause, end);
    }
    // 金矿、石墨等矿产地, cut off by a figure in its list: only what it is of
    let is_cut_off = begin == floor && floor > 0;
    if let Some(rest) = words
        .find(begin, end, "等")
        .filter(|rest| is_cut_off && rest + 3 <= end)
    {
        begin = rest + 1;
    }
    // 经济总量跨过万亿元大关、超过6万亿元
    // 算力突破1.3万PF、
    let passes = |i: &usize| {
        let next = words.at(i + 2);
        words.starts(*i, "突破")
            && (next.is_ascii_digit() || matches!(next, '百' | '千' | '万' | '亿'))
    };
    let passes = (begin + 2..end).find(passes);
    let end = match words.find_list(begin + 2, end, &CROSSES).or(passes) {
        Some(crosses) => without_trails(words, begin, crosses),
        None => end,
    };
    // 管理范围为外缘两侧五十米
    let is = (begin + 2..end).find(|&i| {
        words.at(i) == '为'
            && quantity.kind == Some(Kind::Measure)
            && !matches!(words.before(i), '行' | '作' | '成' | '认' | '因' | '分')
            && !matches!(words.at(i + 1), '主' | '民')
    });
    if let Some(is) = is {
        return name(words, begin, is);
    }
    // a long list: its last item, which stands beside the number
    if end > begin + LONGEST {
        // 营业执照、身份证等: not the last of them alone
        if words.before(end) == '等' {
            return None;
        }
        let item = (begin..end).rev().find(|&i| words.at(i) == '、')?;
        begin = item + 1;
        if let Some(rest) = words.find(begin, end, "等").filter(|rest| rest + 3 <= end) {
            begin = rest + 1;
        }
    }
    name(words, begin, end)
}

/// Words behind what has passed a mark.
static CROSSES: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::split("跨过 迈上 跨上 跃上"));

/// Where the words begin and end that stand before the words that compare, without those that lead to
/// a name.
pub(super) fn words_before(
    words: &Words,
    quantity: &Quantity,
    context: &Context,
    floor: usize,
) -> Option<(usize, usize)> {
    let mut end = words.skip_spaces_back(context.outer.min(quantity.begin));
    // 重点监测的关键部位(52个)
    if words.before(end) == '(' && words.at(context.end) == ')' {
        end -= 1;
    }
    end = before_period(words, end);
    let floor = floor.max(quantity.sentence);
    // 盗窃案件(含未遂)30起: the bracket stands behind the name
    if words.before(end) == ')' {
        let open = (end.saturating_sub(10).max(floor)..end)
            .rev()
            .find(|&i| words.at(i) == '(');
        end = open.unwrap_or(end);
    }
    let begin = words.clause_begin(end, floor);
    let mut begin = before_bracket(words, begin, floor).min(end);
    // a quotation that ends right here is the name: “网上实办率”达到
    if matches!(words.before(end), '”' | '"') {
        let open = (end.saturating_sub(LONGEST)..end - 1)
            .rev()
            .find(|&i| words.at(i) == '“')?;
        // 比“四普”增长: what it is compared with
        if matches!(words.before(open), '比' | '较') {
            let begin = words.clause_begin(open - 1, floor);
            return Some((led_by_verbs(words, begin, open - 1), open - 1));
        }
        return Some((open + 1, end - 1));
    }
    begin = before_quotes(words, begin, end, floor);
    begin = behind_last_cut(words, begin, end);
    if let Some(since) = words.find(begin, end, "之日起") {
        begin = since + 3;
    }
    // 培训经费所占比例，应当高于: the name stands before the comma
    if is_only_modal(words, begin, end) && begin > floor {
        end = begin - 1;
        begin = before_bracket(words, words.clause_begin(end, floor), floor);
        begin = behind_last_cut(words, begin, end);
    }
    begin = led_by_verbs(words, begin, end);
    end = without_trails(words, begin, end);
    // 高新技术企业5年增加2万家: how long is no part of the name
    let digits = |end: usize| {
        (begin..end)
            .rev()
            .take_while(|&i| words.at(i).is_ascii_digit())
            .count()
    };
    if end > begin && words.before(end) == '年' && digits(end - 1) > 0 {
        end -= 1 + digits(end - 1);
    }
    Some((behind_open_quote(words, begin, end), end))
}

/// Where a name begins that has a quotation in front of its last word: 共建“一带一路”国家进出口总额.
fn before_quotes(words: &Words, begin: usize, end: usize, floor: usize) -> usize {
    /// So long a quotation is part of a name.
    const QUOTED: usize = 12;
    // “十四五”时期全省…: when
    const WHEN: &[&str] = &[
        "时期", "期间", "期末", "以来", "开局", "收官", "规划", "末", "初",
    ];
    let is_of_name = words.at(begin).is_alphabetic()
        && words.starts_any(begin, WHEN).is_none()
        && words.starts_list(begin, &VERBS).is_none();
    if !is_of_name {
        return begin;
    }
    let mut at = begin;
    while words.before(at) == '”' {
        let from = at.saturating_sub(QUOTED + 2).max(floor);
        let open = (from..at - 1)
            .rev()
            .find(|&i| !words.at(i).is_alphanumeric());
        let Some(open) = open.filter(|&open| words.at(open) == '“') else {
            break;
        };
        at = open;
    }
    let whole = words.clause_begin(at, floor);
    match at {
        _ if at == begin || begin >= end => begin,
        _ if end <= whole + LONGEST => whole,
        _ if end <= at + LONGEST => at,
        _ => begin,
    }
}

/// Behind a quotation of which only the end is left.
fn behind_open_quote(words: &Words, begin: usize, end: usize) -> usize {
    let mut close = (begin..end).filter(|&i| words.at(i) == '”');
    let is_open = |close: &usize| !words.has(begin, *close, "“");
    close
        .next()
        .filter(is_open)
        .map_or(begin, |close| close + 1)
}

/// Whether a clause behind a comma says only that something must be.
fn is_only_modal(words: &Words, begin: usize, end: usize) -> bool {
    let said: String = words.slice(begin, end).iter().collect();
    matches!(words.before(begin), '，' | ',')
        && matches!(
            said.trim(),
            "应当" | "应" | "必须" | "一般" | "原则上" | "一般应当"
        )
}

/// Where a clause begins whose name has a bracket within: 县(市、区)政务大厅.
fn before_bracket(words: &Words, begin: usize, floor: usize) -> usize {
    let from = begin.saturating_sub(9).max(floor);
    let open = (from..begin).rev().find(|&i| words.at(i) == '(');
    let open = open.filter(|&open| {
        bracket_end(words, open) == Some(begin) && words.before(open).is_alphabetic()
    });
    open.map_or(begin, |open| words.clause_begin(open, floor))
}

/// Before the words at the end that belong to the sentence.
fn without_trails(words: &Words, begin: usize, mut end: usize) -> usize {
    while let Some((_, shorter)) = words.ends_list(end, &TRAILS).filter(|(word, shorter)| {
        *shorter > begin
            && !is_repaid(words, word, *shorter)
            && !ends_word(word, words.before(*shorter))
    }) {
        end = shorter;
    }
    end
}

/// Behind the words and verbs that lead to the name.
fn led_by_verbs(words: &Words, mut begin: usize, end: usize) -> usize {
    while let Some(next) = led(words, begin, end) {
        begin = next;
    }
    let core = without_trails(words, begin, end);
    for _ in 0..3 {
        let Some(next) = behind_verb(words, begin, core) else {
            break;
        };
        begin = next;
    }
    while let Some(next) = led(words, begin, end) {
        begin = next;
    }
    begin
}

/// Behind a verb at `begin` that only says what was done, if a name is left. 受理265件: the verb itself says
/// what is counted.
fn behind_verb(words: &Words, begin: usize, end: usize) -> Option<usize> {
    let joined = usize::from(matches!(words.at(begin), '和' | '及' | '、' | '并'));
    let (verb, next) = words.starts_list(begin + joined, &VERBS).or_else(|| {
        // 新集聚
        (words.at(begin) == '新').then(|| words.starts_list(begin + 1, &VERBS))?
    })?;
    // 办理时限 and 改造项目 are names, too: little would be left of them
    let is_extent = words
        .starts_any(next, &["宽度", "高度", "长度", "深度"])
        .is_some();
    let least = if PURE_VERBS.contains(&verb) || is_extent {
        2
    } else {
        3
    };
    let is_word = matches!(
        words.at(next),
        '性' | '率' | '量' | '额' | '费' | '者' | '业' | '登' | '期' | '权' | '数' | '金'
    );
    let is_word = is_word || verb == "建成" && words.at(next) == '区';
    let is_general = is_general(words, next);
    let item = (next..end).find(|&i| words.at(i) == '、').unwrap_or(end);
    (next + least <= item && !is_word && !is_general).then_some(next)
}

/// Verbs that are never part of a name.
const PURE_VERBS: &[&str] = &[
    "开展",
    "进行",
    "新增",
    "新建",
    "建成",
    "打造",
    "培育",
    "完成",
    "实现",
    "开工",
    "新开工",
    "发放",
    "筹措",
    "筹集",
    "集聚",
    "引进",
    "引育",
    "安排",
    "提供",
    "创建",
    "组织",
    "举办",
    "召开",
    "争取",
    "落实",
    "实施",
    "推进",
    "推动",
    "拨付",
    "招引",
    "续建",
    "扩建",
    "改建",
    "改扩建",
];

/// 许可, 需要, 公共: the single character ends a word.
fn ends_word(word: &str, before: char) -> bool {
    match word {
        "可" => matches!(before, '许' | '认'),
        "要" => matches!(before, '需' | '重' | '主' | '必' | '纪' | '摘'),
        "应" => matches!(before, '供' | '反' | '响' | '适' | '效' | '对'),
        "需" => matches!(before, '所' | '急' | '必' | '内' | '供' | '军'),
        "为" => matches!(before, '行' | '作'),
        "在" => matches!(before, '存' | '所' | '潜' | '现'),
        "共" => before == '公',
        "由" => matches!(before, '自' | '缘'),
        "和" => matches!(before, '饱' | '温' | '缓' | '调'),
        "约" => matches!(before, '节' | '合' | '条' | '公' | '契' | '预' | '签'),
        "达" => matches!(before, '发' | '直' | '送'),
        _ => false,
    }
}

/// 退还, 偿还: 还 is no word of its own.
pub(in crate::figures) fn is_repaid(words: &Words, word: &str, at: usize) -> bool {
    word == "还"
        && matches!(
            words.before(at),
            '退' | '归' | '偿' | '返' | '交' | '清' | '发'
        )
}

/// Behind one word that only leads to the name, or a date.
fn led(words: &Words, begin: usize, end: usize) -> Option<usize> {
    if begin >= end {
        return None;
    }
    let date = (begin..end)
        .take_while(|&i| {
            words.at(i).is_ascii_digit()
                || matches!(
                    words.at(i),
                    '年' | '月'
                        | '日'
                        | '至'
                        | '底'
                        | '末'
                        | '-'
                        | ' '
                        | '季'
                        | '度'
                        | '上'
                        | '下'
                        | '半'
                )
        })
        .count();
    // 日访问量 and 年吞吐量 are names
    let is_date = words
        .slice(begin, begin + date)
        .iter()
        .any(char::is_ascii_digit)
        || words
            .starts_any(begin, &["上半年", "下半年", "年底", "月底", "年末", "年度"])
            .is_some();
    if is_date
        && date > 0
        && words
            .slice(begin, begin + date)
            .iter()
            .any(|c| matches!(c, '年' | '月' | '日'))
    {
        return Some(begin + date);
    }
    let numbering = (begin..end)
        .take_while(|&i| words.at(i).is_ascii_digit())
        .count();
    if numbering > 0 && matches!(words.at(begin + numbering), '.' | '、' | '．') {
        return Some(begin + numbering + 1);
    }
    if matches!(words.at(begin), ' ' | '、' | '\t' | '”' | '》' | '.') {
        return Some(begin + 1);
    }
    if words.at(begin) == '一' && words.at(begin + 1) == '是'
        || words.at(begin + 1) == '是' && "二三四五六七八九十".contains(words.at(begin))
    {
        return Some(begin + 2);
    }
    // 第三十条 of a regulation
    if words.at(begin) == '第' {
        let close = (begin + 1..(begin + 10).min(end))
            .find(|&i| words.at(i) == '条' && words.at(i + 1) == ' ')?;
        return Some(close + 1);
    }
    // （一）, 一、
    if words.at(begin + 1) == '、' && "一二三四五六七八九十".contains(words.at(begin)) {
        return Some(begin + 2);
    }
    // 和美乡村
    if words.starts(begin, "和美") && words.at(begin + 2) != '国' {
        return None;
    }
    let (word, next) = words.starts_list(begin, &LEADS)?;
    let is_whole = !(word.chars().count() == 1 && is_of_word(word, words.at(next)));
    (next < end && is_whole).then_some(next)
}
