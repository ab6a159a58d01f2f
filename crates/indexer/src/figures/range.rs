//! Ranges: two numbers that are the ends of one figure, 3—5个工作日, 五千元以上五万元以下.

use super::quantity::{Quantity, rounded};
use super::unit::Kind;
use super::words::Words;

/// Signs and words between the two ends of a range.
const BETWEEN: &[&str] = &["-", "—", "——", "–", "~", "至", "到", "－", "－－", "―"];

/// Joins what are the two ends of a range: 3—5个工作日, 五千元以上五万元以下.
pub(super) fn join(words: &Words, quantities: Vec<Quantity>) -> Vec<Quantity> {
    let mut joined: Vec<Quantity> = Vec::with_capacity(quantities.len());
    for next in quantities {
        match joined.last().and_then(|last| range(words, last, &next)) {
            Some(range) => {
                joined.pop();
                joined.push(range);
            }
            None => joined.push(next),
        }
    }
    joined
}

/// The range of two quantities that stand beside each other.
fn range(words: &Words, low: &Quantity, high: &Quantity) -> Option<Quantity> {
    if high.kind.is_none()
        || low.is_rank
        || high.is_rank
        || low.high.is_some()
        || high.high.is_some()
    {
        return None;
    }
    if high.begin > low.end + 6 || high.begin < low.end {
        return None;
    }
    let gap: String = words
        .slice(low.end, high.begin)
        .iter()
        .filter(|c| **c != ' ')
        .collect();
    let is_between = matches!(gap.as_str(), "以上" | "以上、" | "以上至" | "以上(含)")
        && words
            .starts_any(high.end, &["以下", "以内", "(含)以下"])
            .is_some();
    if !is_between && !BETWEEN.contains(&gap.as_str()) {
        return None;
    }
    // 从5个到12个 is a change, 由五至十一人的单数组成 is none
    let is_composed = words
        .starts_any(high.end, &["组成", "单数", "的单数", "构成"])
        .is_some();
    let is_change = !is_composed
        && matches!(gap.as_str(), "至" | "到")
        && words
            .ends_any(
                words.skip_spaces_back(low.begin),
                &["从", "由", "从原来的", "由原来的"],
            )
            .is_some();
    if is_change {
        return None;
    }
    let in_units = |quantity: &Quantity| {
        quantity
            .base
            .map_or(quantity.low, |(_, by)| quantity.low * by)
    };
    let first = match low.kind {
        // 3-5万元, 3-5万户: the first without its unit
        None if low.scale == 1.0 && !high.unit.starts_with(['万', '亿']) && high.scale > 1.0 => {
            low.low * high.scale
        }
        None if low.scale > 1.0 && high.scale > 1.0 && high.unit.starts_with(['万', '亿']) => {
            low.low / high.scale
        }
        None if low.scale > 1.0 && high.scale == 1.0 => low.low,
        None => low.low,
        // 1个至5个工作日
        Some(_) if low.unit == "个" && high.kind == Some(Kind::Time) && low.scale == 1.0 => {
            low.low
        }
        Some(kind) if Some(kind) == high.kind && low.unit == high.unit => low.low,
        // 每次处五千元以上五万元以下
        Some(kind) if Some(kind) == high.kind && is_each_of(low, high) => low.low,
        // 百分之五十以上三倍以下
        Some(Kind::Percent) if is_between && high.kind == Some(Kind::Times) && low.unit == "%" => {
            return Some(Quantity {
                begin: low.begin,
                low: low.low,
                high: Some(high.low * 100.0),
                unit: low.unit.clone(),
                kind: low.kind,
                is_between,
                rate_begin: low.rate_begin,
                ..high.clone()
            });
        }
        Some(kind) if Some(kind) == high.kind => {
            let (by, same) = match (low.base, high.base) {
                (Some((a, _)), Some((b, by))) => (by, a == b),
                (None, Some((b, by))) => (by, low.unit == b),
                (Some((a, _)), None) => (1.0, high.unit == a),
                (None, None) => (1.0, false),
            };
            if !same {
                return None;
            }
            in_units(low) / by
        }
        Some(_) => return None,
    };
    (first < high.low || gap == "-" && first <= high.low).then(|| Quantity {
        begin: low.begin,
        low: rounded(first),
        high: Some(high.low),
        is_weak: low.is_weak && high.is_weak && !is_between && low.kind.is_none(),
        is_between,
        is_more: false,
        unit: if low.is_rate {
            low.unit.clone()
        } else {
            high.unit.clone()
        },
        base: high.base.filter(|_| !low.is_rate),
        is_rate: low.is_rate || high.is_rate,
        rate_begin: low.rate_begin.min(high.rate_begin),
        ..high.clone()
    })
}

/// Whether the first end says what each the amount is of, and the second goes without saying.
fn is_each_of(low: &Quantity, high: &Quantity) -> bool {
    let unit = low.unit.split('/').next();
    low.is_rate && !high.is_rate && unit == Some(high.unit.as_str())
}
