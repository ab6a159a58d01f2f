//! The names of a list, of which each has a figure of its own: 新增企业、个体户分别为8万户、21万户.

use super::super::context::Context;
use super::super::quantity::Quantity;
use super::super::words::Words;
use super::before::words_before;
use super::name::{LONGEST, name};

/// The names of a list before 分别, where there are as many as figures.
pub(in crate::figures) fn each(
    words: &Words,
    quantity: &Quantity,
    context: &Context,
    floor: usize,
    figures: usize,
) -> Option<Vec<String>> {
    let (begin, end) = words_before(words, quantity, context, floor)?;
    if let Some(names) = each_quoted(words, begin, end, floor, figures) {
        return Some(names);
    }
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
    let names: Option<Vec<String>> = begins
        .zip(ends)
        .map(|(begin, end)| name(words, begin, end))
        .collect();
    let names = names?;
    let length = |name: &String| name.chars().count();
    let (first, last) = (length(names.first()?), length(names.last()?));
    // 食品、石化、医药产业产值: only the last has what is measured
    let is_joined = cuts.last() == and.as_ref() && and.is_some();
    let shares_head = last >= first + 8 || (first <= 3 || is_joined) && last >= first + 3;
    if !shares_head {
        return Some(names);
    }
    let whole = name(words, begin, end);
    Some(whole.map_or(names, |whole| vec![whole; figures]))
}

/// The names in quotation marks of a list that ends with the one at `begin..end`: “甲”、“乙”.
fn each_quoted(
    words: &Words,
    begin: usize,
    end: usize,
    floor: usize,
    figures: usize,
) -> Option<Vec<String>> {
    if figures < 2 || words.before(begin) != '“' || words.at(end) != '”' {
        return None;
    }
    let mut names = vec![name(words, begin, end)?];
    let mut open = begin - 1;
    while names.len() < figures {
        let joins = matches!(words.before(open), '、' | '和' | '及' | '与');
        let close = open.saturating_sub(usize::from(joins));
        if words.before(close) != '”' {
            return None;
        }
        let from = close.saturating_sub(LONGEST).max(floor);
        open = (from..close - 1).rev().find(|&i| words.at(i) == '“')?;
        names.push(name(words, open + 1, close - 1)?);
    }
    names.reverse();
    Some(names)
}
