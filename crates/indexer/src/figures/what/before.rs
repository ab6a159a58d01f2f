//! The name that stands before a figure: 查办任务 of 下达查办任务47件, without the verbs and other words
//! that lead to it.
//!
//! Does not look behind the number.

use super::super::context::Context;
use super::super::lists::{CUTS, LEADS, TRAILS, VERBS};
use super::super::quantity::Quantity;
use super::super::words::Words;
use super::name::{LONGEST, is_of_word, name};

/// The name that stands before the words that compare.
pub(super) fn before(
    words: &Words,
    quantity: &Quantity,
    context: &Context,
    floor: usize,
) -> Option<String> {
    let (mut begin, end) = words_before(words, quantity, context, floor)?;
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

/// The names of a list before 分别, where there are as many as figures.
pub(in crate::figures) fn each(
    words: &Words,
    quantity: &Quantity,
    context: &Context,
    floor: usize,
    figures: usize,
) -> Option<Vec<String>> {
    let (begin, end) = words_before(words, quantity, context, floor)?;
    let signs: Vec<usize> = (begin..end).filter(|&i| words.at(i) == '、').collect();
    let last = signs.last().map_or(begin, |sign| sign + 1);
    let and = (last + 1..end).find(|&i| {
        matches!(words.at(i), '和' | '与' | '及') && !matches!(words.at(i + 1), '谐' | '平')
    });
    let mut cuts = signs;
    if cuts.len() + 1 < figures {
        cuts.extend(and);
    }
    if figures < 2 || cuts.len() + 1 != figures {
        return None;
    }
    let begins = std::iter::once(begin).chain(cuts.iter().map(|cut| cut + 1));
    let ends = cuts.iter().copied().chain([end]);
    begins
        .zip(ends)
        .map(|(begin, end)| name(words, begin, end))
        .collect()
}

/// Where the words begin and end that stand before the words that compare, without those that lead to
/// a name.
fn words_before(
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
    let begin = words.clause_begin(end, floor.max(quantity.sentence));
    let mut begin = begin.min(end);
    // a quotation that ends right here is the name: “网上实办率”达到
    if matches!(words.before(end), '”' | '"') {
        let open = (end.saturating_sub(LONGEST)..end - 1)
            .rev()
            .find(|&i| words.at(i) == '“')?;
        return Some((open + 1, end - 1));
    }
    begin = behind_last_cut(words, begin, end);
    while let Some(next) = led(words, begin, end) {
        begin = next;
    }
    if let Some((verb, next)) = words.starts_list(begin, &VERBS) {
        // 受理265件: the verb itself says what is counted
        let least = if matches!(verb, "进行" | "开展") {
            2
        } else {
            3
        };
        if next + least <= end
            && verb.chars().count() < 6
            && !matches!(
                words.at(next),
                '性' | '率' | '量' | '额' | '费' | '者' | '业' | '登'
            )
        {
            begin = next;
        }
    }
    while let Some(next) = led(words, begin, end) {
        begin = next;
    }
    while let Some((_, shorter)) = words
        .ends_list(end, &TRAILS)
        .filter(|(word, shorter)| *shorter > begin && !is_repaid(words, word, *shorter))
    {
        end = shorter;
    }
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
    Some((begin, end))
}

/// 退还, 偿还: 还 is no word of its own.
pub(in crate::figures) fn is_repaid(words: &Words, word: &str, at: usize) -> bool {
    word == "还"
        && matches!(
            words.before(at),
            '退' | '归' | '偿' | '返' | '交' | '清' | '发'
        )
}

/// Behind the last of [`CUTS`], if enough is left for a name.
fn behind_last_cut(words: &Words, begin: usize, end: usize) -> usize {
    let at = (begin..end).rev().find_map(|i| {
        // 议案由代表十人以上联名, but not 自由
        let by = (words.at(i) == '由'
            && i > begin
            && !matches!(words.before(i), '自' | '理' | '缘' | '事'))
        .then_some(i + 1);
        let next = words.starts_list(i, &CUTS).map(|(_, next)| next).or(by)?;
        (next + 2 <= end).then_some(next)
    });
    at.unwrap_or(begin)
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
    if date > 0
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
    let (word, next) = words.starts_list(begin, &LEADS)?;
    let is_whole = !(word.chars().count() == 1 && is_of_word(word, words.at(next)));
    (next < end && is_whole).then_some(next)
}
