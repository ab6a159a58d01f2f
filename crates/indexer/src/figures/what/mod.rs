//! What a figure measures, in words of the text: 破坏发展环境案件 of 查处破坏发展环境案件26件.
//!
//! The words stand behind the classifier (47件查办任务) or before the number (查办任务47件): which of
//! the two is asked first is decided here. Where neither gives a short run of words, it is left open.

mod before;
mod behind;
mod clause;
mod list;
mod name;

use std::sync::LazyLock;

use duibiao_corpus::Bound;

pub(super) use self::before::is_repaid;
pub(super) use self::list::each;

use self::before::before;
use self::behind::{action, behind, behind_in_condition, behind_ratio, left_undone, persons};
use self::name::is_general;
use super::comparison::PENALTIES;
use super::context::Context;
use super::lists::VERBS;
use super::quantity::Quantity;
use super::unit::Kind;
use super::words::Words;
use crate::any_of::AnyOf;

/// Words that say where or whose something is, and not what.
static SCOPES: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::split(
        "市直 县直 区直 省直 单独 市本级 省本级 区本级 县本级 国家级 省级 市级 县级 区级 乡级 镇级 村级 自治区级",
    )
});

/// Whether a name says only where or whose something is.
pub(super) fn is_scope(name: &str) -> bool {
    SCOPES.has(name)
}

/// What a figure measures; `outer` is where the words that compare begin, `floor` where the figure
/// before it ends, `ceiling` where the next begins.
pub(super) fn measured(
    words: &Words,
    quantity: &Quantity,
    context: &Context,
    floor: usize,
    ceiling: usize,
) -> Option<String> {
    let left = || before(words, quantity, context, floor);
    let right = || behind(words, context.end, ceiling);
    let of = || named_after_of(words, context.end, ceiling);
    let is_fine = quantity.kind != Some(Kind::Count) && is_fined(words, context.end);
    let is_plain = context.any_bound().is_none() && quantity.high.is_none();
    let is_bounded = context.suffix.is_some() || quantity.is_between;
    match quantity.kind? {
        _ if quantity.is_rank => left(),
        _ if is_fine => right().or_else(|| Some("罚款".to_owned())),
        // 每五千人可以增加一名代表
        Kind::Count if context.change.is_some() => left().or_else(right),
        Kind::Time if words.starts_any(context.end, PENALTIES).is_some() => right(),
        _ if context.change.is_some() || context.is_to || context.is_level || context.is_part => {
            left()
        }
        Kind::Count if context.is_equal => left().or_else(right),
        // 惠及3400万人的供水工程
        Kind::Count
            if words.at(context.end) == '的'
                && words
                    .ends_any(context.outer, &["惠及", "涉及", "覆盖"])
                    .is_some() =>
        {
            right().or_else(left)
        }
        // 审查72人的基础上
        Kind::Count if words.at(context.end) == '的' && !is_bounded => left()
            .filter(|name| !VERBS.has(name))
            .or_else(right)
            .or_else(left),
        Kind::Count => right()
            .or_else(of)
            .or_else(|| {
                is_bounded
                    .then(|| behind_in_condition(words, context.end))
                    .flatten()
            })
            .or_else(left),
        // 按照不低于面积千分之三的比例配置用房
        Kind::Percent if words.starts(context.end, "的比例") => {
            behind_ratio(words, context.end, ceiling).or_else(left)
        }
        // 百分之五以上股份的股东: of what it is so much
        Kind::Percent if is_bounded => of()
            .or_else(|| right().map(|name| before_of(&name).to_owned()))
            .or_else(left),
        Kind::Times if is_bounded => of().or_else(right).or_else(left),
        Kind::Percent if words.at(context.end) == '的' => of().or_else(left),
        Kind::Percent | Kind::Point | Kind::Times | Kind::Score => left()
            .filter(|name| !VERBS.has(name))
            .or_else(right)
            .or_else(left),
        // 年产60万吨油料, 贯通69公里岸线
        Kind::Measure if is_plain && names_next(words, context.end) => right()
            .filter(|name| VERBS.longest_at(name).is_none())
            .or_else(left),
        // 对通过认定的企业给予20万元一次性奖励
        Kind::Money
            if words
                .ends_any(quantity.begin, &["给予", "给予每年"])
                .is_some() =>
        {
            right().or_else(of).or_else(left)
        }
        // 腾出的小于一公顷的土地: it is the land that is so small
        Kind::Money | Kind::Measure
            if context.condition.is_some()
                && words.at(context.end) == '的'
                && words.before(context.outer) == '的' =>
        {
            of().or_else(left)
        }
        // 年销售额超过五亿元的企业: the company is not what is so large
        Kind::Money | Kind::Measure
            if context.condition.is_some() && words.at(context.end) == '的' =>
        {
            left().filter(|name| !VERBS.has(name)).or_else(of)
        }
        Kind::Money if words.at(context.end) == '的' => of().or_else(left),
        Kind::Money if is_bounded => right().or_else(of).or_else(left),
        Kind::Money | Kind::Measure => left()
            .filter(|name| !VERBS.has(name))
            .or_else(|| right().filter(|name| VERBS.longest_at(name).is_none()))
            .or_else(of)
            .or_else(left),
        // 十八周岁以上的村民, 连续失业两年以上
        Kind::Time if matches!(quantity.unit.as_str(), "岁" | "周岁") => {
            persons(words, context.end).or_else(right).or_else(left)
        }
        Kind::Time if context.suffix == Some(Bound::AtLeast) => {
            left().filter(|name| !VERBS.has(name)).or_else(of)
        }
        // 树龄三百年以上五百年以下的古树
        Kind::Time if quantity.is_between && words.at(context.end) == '的' => left().or_else(of),
        // 毕业2年内未就业高校毕业生
        Kind::Time if words.starts(context.end, "未就业") => right(),
        Kind::Time => {
            let action = action(words, context, ceiling);
            let is_named = context.bound.is_some()
                || context.is_term
                || context.is_equal
                || context.condition.is_some()
                // 责令暂停营业十五天以下
                || words.starts(quantity.end, "以下");
            let term = || {
                let (word, _) = words.starts_any(context.begin, &["有效期", "任期"])?;
                Some(word.to_owned())
            };
            let undone = || left_undone(words, context);
            action
                .or_else(|| left().filter(|_| is_named))
                .or_else(undone)
                .or_else(term)
        }
    }
}

/// The name behind 的: 以上的企业, 4万元的运行补贴.
fn named_after_of(words: &Words, at: usize, ceiling: usize) -> Option<String> {
    (words.at(at) == '的' && !is_general(words, at + 1))
        .then(|| behind(words, at + 1, ceiling))
        .flatten()
}

/// Whether a fine follows: what is so large is the fine.
fn is_fined(words: &Words, at: usize) -> bool {
    const FINES: &[&str] = &["罚款", "罚金", "滞纳金"];
    let at = if words.at(at) == '的' { at + 1 } else { at };
    // 一万元以上不满五万元的罚款
    let is_lower_end = words.starts_any(at, &["不满", "不足"]).is_some();
    let clause = || words.clause_end(at, at + 14);
    words.starts_any(at, FINES).is_some() || is_lower_end && words.has_any(at, clause(), FINES)
}

/// 股份 of 股份的股东.
fn before_of(name: &str) -> &str {
    let whole = name.split('的').next().unwrap_or(name);
    if whole.ends_with("股份") || whole.ends_with("股权") {
        whole
    } else {
        name
    }
}

/// Whether a name follows right behind a measure, and not where it is measured: 五百米范围内.
fn names_next(words: &Words, at: usize) -> bool {
    let where_to = ["的", "范围", "区域", "外", "处", "高", "长", "宽", "深"];
    words.at(at).is_alphabetic() && words.starts_any(at, &where_to).is_none()
}
