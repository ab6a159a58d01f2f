//! So much in each of something: 每年4万元, 300元/亩, 每人每月100元.

use std::sync::LazyLock;

use super::quantity::Quantity;
use super::unit::Kind;
use super::words::Words;
use crate::any_of::AnyOf;

/// Units in which something is so much each.
static EACH: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "年",
        "月",
        "日",
        "天",
        "小时",
        "季度",
        "个季度",
        "半年",
        "周",
        "人",
        "户",
        "家",
        "亩",
        "吨",
        "次",
        "套",
        "件",
        "平方米",
        "立方米",
        "公里",
        "台",
        "辆",
        "头",
        "例",
        "个",
        "名",
        "只",
        "位",
        "条",
        "座",
        "处",
        "车",
        "户次",
        "人次",
        "公顷",
        "公斤",
        "千克",
        "升",
        "千瓦时",
        "学期",
        "生",
        "班",
        "班次",
        "床",
        "千瓦",
        "万人",
        "千人",
        "百人",
        "户每月",
        "人每月",
        "人每年",
        "人每天",
    ])
});
/// How far 每年 may stand before the number.
const RATE: usize = 10;

/// 每年4万元 and 300元/亩: adds what the amount is each of.
pub(super) fn add(words: &Words, quantity: &mut Quantity) {
    if words.at(quantity.end) == '/' {
        let unit = words.slice(quantity.end + 1, quantity.end + 9);
        let length = unit
            .iter()
            .take_while(|c| c.is_alphabetic() || matches!(c, '·' | '/'))
            .count();
        let named: String = unit[..length].iter().collect();
        if let Some(each) = EACH.longest_at(&named) {
            let mut shown = each.to_owned();
            if let Some(second) = named
                .strip_prefix(each)
                .and_then(|rest| rest.strip_prefix(['·', '/']))
                && let Some(each) = EACH.longest_at(second)
            {
                shown = format!("{shown}·{each}");
            }
            quantity.end += 1 + shown.chars().count();
            set_rate(quantity, &shown, quantity.begin);
        }
        return;
    }
    if matches!(
        quantity.kind,
        Some(Kind::Time | Kind::Percent | Kind::Point | Kind::Score)
    ) {
        return;
    }
    let from = words.clause_begin(quantity.begin, quantity.begin.saturating_sub(RATE));
    let Some(first) = (from..quantity.begin).find(|&at| words.at(at) == '每') else {
        return;
    };
    let Some((each, end)) = words.starts_list(first + 1, &EACH) else {
        return;
    };
    let between: String = words.slice(end, quantity.begin).iter().collect();
    let second = between
        .strip_prefix('每')
        .and_then(|rest| EACH.longest_at(rest));
    let shown = match second {
        Some(second) => format!("{each}·{second}"),
        None => each.replace('每', "·"),
    };
    // 每个县建成1个以上园区: so many in each of something that is named
    let is_named = quantity.kind == Some(Kind::Count) && each == quantity.unit;
    if is_named || between.chars().any(|c| c.is_ascii_digit()) {
        return;
    }
    set_rate(quantity, &shown, first);
}

fn set_rate(quantity: &mut Quantity, each: &str, begin: usize) {
    quantity.unit = format!("{}/{each}", quantity.unit);
    quantity.base = quantity.base.filter(|_| false);
    quantity.is_rate = true;
    quantity.rate_begin = begin;
}
