//! Whether a figure is to be reached and not reached: what plans say, by their words and by where the
//! number stands.
//!
//! Knows nothing of how a number compares.

use std::sync::LazyLock;

use super::Setting;
use super::context::Context;
use super::quantity::Quantity;
use super::words::{NEAR, Words, ends_clause};
use crate::any_of::AnyOf;

/// Words that say a clause speaks of what is to come.
static AIMS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "力争",
        "确保",
        "目标",
        "争取",
        "计划",
        "预期增",
        "预期达",
        "预期为",
        "将",
        "拟",
        "要达到",
        "不低于",
        "年底前",
        "月底前",
        "下一步",
        "预计",
    ])
});
/// Those that say it of a later clause.
static AIMS_BEFORE: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(&["力争", "年底前", "目标"]));
/// Words that say it tells of what was.
static PAST: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "已",
        "累计",
        "完成了",
        "实现了",
        "截至",
        "同比",
        "截止",
        "去年",
        "过去",
    ])
});
/// Verbs of which a number behind them is to be reached, in a passage that plans.
static REACHED: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "新增",
        "新建",
        "建设",
        "建成",
        "完成",
        "实现",
        "达到",
        "培育",
        "改造",
        "打造",
        "培训",
        "引进",
        "开工",
        "创建",
        "归集",
        "发放",
        "投放",
        "支持",
        "整治",
        "修复",
        "治理",
        "增长",
        "提高",
        "提升",
        "突破",
        "超过",
        "达",
        "保持",
        "稳定",
        "力争",
        "确保",
        "推动",
        "认定",
        "新开工",
        "实施",
        "落地",
        "争取",
        "遴选",
        "筛选",
        "开设",
        "组织",
        "举办",
        "提供",
        "筹集",
        "推出",
        "压减",
        "减少",
        "谋划",
        "布局",
        "发展",
        "招引",
        "开展",
        "推进",
        "建立",
        "设立",
        "选派",
        "开通",
        "推广",
        "续建",
        "改建",
        "扩建",
        "新开",
        "办好",
        "落实",
        "投用",
        "加装",
        "增加",
    ])
});

/// Words of a passage that tells of years gone by, whatever its heading is about.
static LOOKING_BACK: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "这五年",
        "五年来",
        "过去五年",
        "过去一年",
        "一年来",
        "五年间",
        "这一年",
        "过去的一年",
        "过去的五年",
        "三年来",
    ])
});

/// Whether a passage tells of what was.
pub(super) fn looks_back(words: &Words) -> bool {
    words.has_list(0, words.len(), &LOOKING_BACK)
}

/// Whether a verb before the number, or its place behind what is done, makes it one to be reached.
pub(super) fn is_result(words: &Words, quantity: &Quantity, context: &Context) -> bool {
    is_object(words, quantity, context)
        || words.has_list(verb_from(words, quantity), quantity.begin, &REACHED)
}

/// Whether the figure is to be reached and not reached.
pub(super) fn is_planned(
    words: &Words,
    quantity: &Quantity,
    setting: Setting,
    clause: usize,
) -> bool {
    if setting.is_rules {
        return false;
    }
    let sentence = quantity.sentence.max(quantity.begin.saturating_sub(NEAR));
    let aims = setting.is_planned
        || words.has_list(clause, quantity.begin, &AIMS)
        || words.has_list(sentence, clause, &AIMS_BEFORE)
        || is_by_year(words, sentence, quantity.begin);
    aims && !words.has_list(sentence, quantity.begin, &PAST)
}

/// Whether a year is named by which something is to be: 到2030年, but not 达到2万.
fn is_by_year(words: &Words, from: usize, to: usize) -> bool {
    (from..to.saturating_sub(5)).any(|i| {
        words.starts(i, "到20")
            && words.slice(i + 3, i + 5).iter().all(char::is_ascii_digit)
            && words.at(i + 5) == '年'
            && words.before(i) != '达'
    })
}

/// Whether the number stands behind the verb and its object, as the result: 增补学位2万个.
fn is_object(words: &Words, quantity: &Quantity, context: &Context) -> bool {
    let end = words.skip_spaces(context.end);
    let closes = ends_clause(words.at(end)) || matches!(words.at(end), '、' | '和');
    let clause = verb_from(words, quantity);
    closes && quantity.begin >= clause + 4 && !words.has_any(clause, quantity.begin, STANDING)
}

/// Words of what there is already.
const STANDING: &[&str] = &["现有", "共有", "原有", "已有", "拥有", "其中"];

/// Where the clause of a quantity begins, over the names in quotation marks before it: 建设驿站150个、“某某之家”37个.
fn verb_from(words: &Words, quantity: &Quantity) -> usize {
    let floor = quantity.sentence.max(quantity.begin.saturating_sub(NEAR));
    (floor..quantity.begin)
        .rev()
        .find(|&i| matches!(words.at(i), '，' | ',' | ':' | ';'))
        .map_or(floor, |i| i + 1)
}
