//! What a figure measures, in words of the text: 破坏发展环境案件 of 查处破坏发展环境案件26件.
//!
//! The words stand behind the classifier (47件查办任务) or before the number (查办任务47件): which of
//! the two is asked first is decided here. Where neither gives a short run of words, it is left open.

mod before;
mod behind;
mod name;

use duibiao_corpus::Bound;

pub(super) use self::before::{each, is_repaid};

use self::before::before;
use self::behind::{action, behind};
use self::name::is_general;
use super::comparison::PENALTIES;
use super::context::Context;
use super::lists::VERBS;
use super::quantity::Quantity;
use super::unit::Kind;
use super::words::Words;

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
        _ if is_fine => right(),
        _ if context.change.is_some() || context.is_to || context.is_level || context.is_part => {
            left()
        }
        Kind::Count if context.is_equal => left().or_else(right),
        // 审查72人的基础上
        Kind::Count if words.at(context.end) == '的' && !is_bounded => left().or_else(right),
        Kind::Count => right().or_else(of).or_else(left),
        Kind::Percent | Kind::Times if is_bounded => of().or_else(right).or_else(left),
        Kind::Percent if words.at(context.end) == '的' => of().or_else(left),
        Kind::Percent | Kind::Point | Kind::Times | Kind::Score => left()
            .filter(|name| !VERBS.has(name))
            .or_else(right)
            .or_else(left),
        // 年产60万吨油料, 贯通69公里岸线
        Kind::Measure if is_plain && names_next(words, context.end) => right()
            .filter(|name| VERBS.longest_at(name).is_none())
            .or_else(left),
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
        Kind::Time if matches!(quantity.unit.as_str(), "岁" | "周岁") => right().or_else(left),
        Kind::Time if words.starts_any(context.end, PENALTIES).is_some() => right(),
        Kind::Time if context.suffix == Some(Bound::AtLeast) => {
            left().filter(|name| !VERBS.has(name)).or_else(of)
        }
        // 树龄三百年以上五百年以下的古树
        Kind::Time if quantity.is_between && words.at(context.end) == '的' => left().or_else(of),
        Kind::Time => {
            let action = action(words, context, ceiling);
            let is_named = context.bound.is_some()
                || context.is_term
                || context.is_equal
                || context.condition.is_some();
            action.or_else(|| left().filter(|_| is_named))
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
    let at = if words.at(at) == '的' { at + 1 } else { at };
    words.starts_any(at, &["罚款", "罚金", "滞纳金"]).is_some()
}

/// Whether a name follows right behind a measure, and not where it is measured: 五百米范围内.
fn names_next(words: &Words, at: usize) -> bool {
    let where_to = ["的", "范围", "区域", "外", "处", "高", "长", "宽", "深"];
    words.at(at).is_alphabetic() && words.starts_any(at, &where_to).is_none()
}
