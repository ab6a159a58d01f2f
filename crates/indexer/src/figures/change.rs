//! Changes from one quantity to another: 由11个缩减至5个, 收费速度由1分钟缩减至15秒.

use std::sync::LazyLock;

use duibiao_corpus::{Comparison, FigureValue, Number};

use super::quantity::Quantity;
use super::words::Words;
use crate::any_of::AnyOf;

/// Words of a change that may stand before 至, 到 and 为.
pub(super) static CHANGES: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "缩", "减", "降", "增", "提", "升", "变", "精简", "优化", "合并", "整合", "扩", "延长",
        "放宽", "少", "高", "上调", "下调", "调整", "改", "翻", "达", "压", "拓展",
    ])
});
/// Without a word before it a bare number is the first of two values only so near to the second.
const NEAR_BARE: usize = 4;
/// 个 stands for another unit only so near to it: 5个压缩至3个工作日, but not 三个环节压缩到8个工作日.
const NEAR_OTHER: usize = 4;

/// A change from one quantity to the next: 由11个缩减至5个. The words between them say so.
pub(super) fn joins(words: &Words, from: &Quantity, to: &Quantity) -> bool {
    if to.begin > from.end + 22
        || from.is_rank
        || to.is_rank
        || to.begin < from.end
        || from.sentence != to.sentence
    {
        return false;
    }
    let is_alike = match (from.kind, to.kind) {
        (Some(a), Some(b)) => a == b || to.unit == "个" || from.unit == "个",
        _ => true,
    };
    if !is_alike {
        return false;
    }
    if from.kind.is_none() && to.kind.is_none() {
        return false;
    }
    // 90%的大厅达到三级: a number that runs on into a word is no value
    let runs_on = |at: usize| {
        let next = words.at(at);
        next.is_alphabetic() && !matches!(next, '以' | '左' | '上' | '多' | '余')
    };
    if to.kind.is_none() && runs_on(to.end) {
        return false;
    }
    let gap: String = words.slice(from.end, to.begin).iter().collect();
    if gap.contains(['。', '；', ';', '\n', '、', ')']) {
        return false;
    }
    let gap = gap.trim_end();
    let led = lead(words, from).is_some();
    let length = gap.chars().count();
    let is_far = !led && from.kind.is_none() && length > NEAR_BARE
        || from.kind.is_some()
            && to.kind.is_some()
            && from.kind != to.kind
            && from.unit == "个"
            && length > NEAR_OTHER;
    if is_far {
        return false;
    }
    let last = [
        "的",
        "了",
        "约",
        "不超过",
        "仅需",
        "仅",
        "现在",
        "现在的",
        "目前",
        "目前的",
        "最多",
        "最快",
        "最短",
    ]
    .iter()
    .fold(gap, |gap, word| gap.strip_suffix(word).unwrap_or(gap));
    let last = without_year(last);
    let ends = last.ends_with(['至', '到', '为', '成']);
    // 60%的企业达到80%: what so many of them have
    let is_share_of_them = !led && gap.starts_with('的') && last.ends_with("达到");
    let changes = CHANGES.is_in(last) && !is_share_of_them;
    ends && changes && (led || !gap.contains(['，', ',']))
        || led && matches!(last, "至" | "到" | "变" | "变为" | "变成" | "为")
}

/// 提升到 of 提升到2025年的.
fn without_year(text: &str) -> &str {
    let rest = text
        .trim_end_matches('年')
        .trim_end_matches('底')
        .trim_end_matches('年');
    if rest.len() == text.len() {
        return text;
    }
    rest.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// Words in front of the first of two values.
static FROM: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "由",
        "从",
        "由原来的",
        "从原来的",
        "由原来",
        "从原来",
        "由原",
        "从原",
        "由过去的",
        "从过去的",
        "由平均",
        "从平均",
        "由法定的",
        "由法定",
        "从法定",
        "从法定的",
        "由约",
        "从约",
        "从不足",
        "由不足",
    ])
});

/// Where 由 or 从 of a change stands: 由原来的11个, 从2020年的51%, 由上年729万人.
pub(super) fn lead(words: &Words, from: &Quantity) -> Option<usize> {
    let at = words.skip_spaces_back(from.begin);
    words
        .ends_list(at, &FROM)
        .or_else(|| words.ends_list(before_time(words, at)?, &FROM))
        .map(|(_, begin)| begin)
}

/// Words for a time before.
static BEFORE: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::split(
        "上年 去年 前年 上年底 去年底 上年末 去年末 上年同期 去年同期 上一年 上年度 年初 同期 上月 上季度 \
         五年前 三年前 十年前 改革前 整改前 疫情前",
    )
});

/// Where the time of the first value begins that ends at `at`: 上年, 2020年底的.
fn before_time(words: &Words, at: usize) -> Option<usize> {
    let at = if words.before(at) == '的' {
        at - 1
    } else {
        at
    };
    if let Some((_, begin)) = words.ends_list(at, &BEFORE) {
        return Some(begin);
    }
    let end = if matches!(words.before(at), '底' | '末' | '初') {
        at - 1
    } else {
        at
    };
    // 2020年底 and 2020年年底
    let end = if words.ends(end, "年年") {
        end - 1
    } else {
        end
    };
    let year = end.checked_sub(5)?;
    (words.at(year + 4) == '年' && words.slice(year, year + 4).iter().all(char::is_ascii_digit))
        .then_some(year)
}

/// The change from one quantity to another.
pub(super) fn from_to(from: &Quantity, to: &Quantity) -> (Comparison, FigureValue) {
    let value = |quantity: &Quantity| quantity.high.unwrap_or(quantity.low);
    let after = value(to);
    let (before, unit) = match (from.base, to.base) {
        _ if from.kind.is_none() || from.unit == to.unit || to.kind.is_none() => {
            (value(from), None)
        }
        _ if to.unit == "个" || from.unit == "个" => (value(from), None),
        (Some((a, by)), Some((b, per))) if a == b => (value(from) * by / per, None),
        (Some((a, by)), None) if a == to.unit => (value(from) * by, None),
        (None, Some((b, per))) if b == from.unit => (value(from) / per, None),
        _ => (value(from), Some(from.unit.clone())),
    };
    let before = (before * 1e6).round() / 1e6;
    let comparison = Comparison::FromTo {
        from: Some(Number(before)),
        from_unit: unit,
        to: Number(after),
    };
    let value = match to.high {
        Some(high) => FigureValue::Range([Number(to.low), Number(high)]),
        None => FigureValue::One(Number(after)),
    };
    (comparison, value)
}
