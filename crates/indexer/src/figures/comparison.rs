//! How a figure is meant: which of the types of comparison its words make it.

use duibiao_corpus::{Bound, Comparison, Direction, Number};

use super::Setting;
use super::change::CHANGES;
use super::context::Context;
use super::planned;
use super::quantity::{Quantity, RANK_SCOPES};
use super::unit::Kind;
use super::words::{NEAR, Words};

/// What a figure is compared with; `None` where the quantity says nothing (plain durations, small
/// numbers in words). `whole` is an earlier figure of the sentence in the same unit.
pub(super) fn of(
    words: &Words,
    quantity: &Quantity,
    context: &Context,
    setting: Setting,
    whole: Option<f64>,
) -> Option<Comparison> {
    let kind = quantity.kind?;
    let clause = words.clause_begin(quantity.begin, quantity.sentence);
    if quantity.is_rank {
        return Some(Comparison::Rank {
            scope: scope(words, quantity),
        });
    }
    let is_aim = || {
        context.is_aim || setting.is_aim || planned::is_planned(words, quantity, setting, clause)
    };
    if let Some(change) = context.change.filter(|_| !context.is_to) {
        return Some(changed(
            quantity,
            context,
            change.direction,
            change.is_cut,
            is_aim(),
        ));
    }
    if context.is_to && is_reached(words, clause, quantity, context) {
        return Some(if is_aim() {
            target(context, quantity)
        } else {
            Comparison::FromTo {
                from: None,
                from_unit: None,
                to: Number(quantity.high.unwrap_or(quantity.low)),
            }
        });
    }
    if context.is_part
        && kind == Kind::Percent
        && !(setting.is_rules && context.any_bound().is_some())
    {
        return Some(if is_aim() {
            target(context, quantity)
        } else {
            Comparison::PartOf {
                of: None,
                whole: whole_of(words, quantity, context),
            }
        });
    }
    if quantity.is_weak && !context.says_something() {
        return None;
    }
    match kind {
        Kind::Time => time(words, quantity, context, setting),
        Kind::Point => context
            .condition
            .or(context.any_bound())
            .map(|op| Comparison::Level { op: Some(op) }),
        _ => Some(amount(
            words,
            quantity,
            context,
            setting,
            is_aim(),
            whole,
            clause,
        )),
    }
}

/// A change by so much.
fn changed(
    quantity: &Quantity,
    context: &Context,
    direction: Direction,
    is_cut: bool,
    is_aim: bool,
) -> Comparison {
    let relative = matches!(
        quantity.kind,
        Some(Kind::Percent | Kind::Point | Kind::Times)
    );
    if quantity.high.is_some() && (is_cut || (direction == Direction::Down && !relative)) {
        return Comparison::ReductionRange;
    }
    if let Some(baseline) = context.baseline.clone().filter(|_| !is_aim) {
        return Comparison::FromBaseline {
            baseline,
            direction,
        };
    }
    if context.is_yoy {
        return Comparison::Yoy { direction };
    }
    if is_cut || (direction == Direction::Down && !relative) {
        return Comparison::Reduction {
            op: context.any_bound().or(context.about),
        };
    }
    if is_aim {
        return Comparison::Target {
            op: context.any_bound().or(context.about),
            direction: Some(direction),
        };
    }
    // 净增231万户 counts those that were added
    let is_place = matches!(quantity.unit.as_str(), "位" | "名");
    if quantity.kind == Some(Kind::Count) && !is_place {
        return Comparison::Count { period: None };
    }
    Comparison::RateOfChange { direction }
}

/// Durations: only with a word that makes them a term, a limit or a condition.
fn time(
    words: &Words,
    quantity: &Quantity,
    context: &Context,
    setting: Setting,
) -> Option<Comparison> {
    if quantity.is_between {
        return Some(Comparison::Limit { op: Bound::Between });
    }
    // 3岁以下婴幼儿: who is meant
    if let Some(op) = context
        .suffix
        .filter(|_| matches!(quantity.unit.as_str(), "岁" | "周岁"))
    {
        return Some(Comparison::Threshold { op });
    }
    if context.is_ahead {
        return Some(Comparison::Limit { op: Bound::AtLeast });
    }
    if let Some(op) = context.bound {
        return Some(Comparison::Limit { op });
    }
    match (context.condition, context.suffix) {
        (Some(op), _) => return Some(Comparison::Threshold { op }),
        (None, Some(Bound::AtMost)) => {
            // 近三年内受过处罚的, 六个月内未开业的: a condition
            let is_past = context.about == Some(Bound::Below)
                || words
                    .ends_any(quantity.begin, &["最近", "前", "过去"])
                    .is_some()
                || words.starts_any(context.end, CONDITIONS).is_some_and(
                    |(word, end)| match word {
                        "无" => !matches!(words.at(end), '偿' | '条' | '息'),
                        // 一个月内再次答复: what is to be done
                        "又" | "再次" => {
                            words.before(words.clause_end(end, words.len())) == '的'
                        }
                        _ => true,
                    },
                )
                || is_left_undone(words, context.end);
            let op = Bound::AtMost;
            return Some(if is_past {
                Comparison::Threshold { op }
            } else {
                Comparison::Limit { op }
            });
        }
        // 五年以上有期徒刑
        (None, Some(op)) if words.starts_any(context.end, PENALTIES).is_some() => {
            return Some(Comparison::Limit { op });
        }
        (None, Some(op)) => return Some(Comparison::Threshold { op }),
        (None, None) => {}
    }
    if context.is_term || (context.is_equal && is_term_named(words, quantity, context)) {
        return Some(Comparison::Standard);
    }
    let clause_end = words.clause_end(quantity.end, words.len());
    if context.about == Some(Bound::Below)
        && words.has_any(quantity.end, clause_end, &["无", "未", "没有", "不"])
        && !words.starts(quantity.end, "来")
    {
        return Some(Comparison::Threshold { op: Bound::AtMost });
    }
    if setting.is_rules && words.ends(quantity.begin, "连续") {
        return Some(Comparison::Threshold { op: Bound::AtLeast });
    }
    if context.is_level && !quantity.is_weak {
        return Some(Comparison::Level { op: None });
    }
    None
}

/// Words behind a time that say what happened in it: 一年内因违反规定受到两次处罚.
const CONDITIONS: &[&str] = &[
    "未", "没有", "无", "又", "再次", "累计", "因", "受到", "违反", "被",
];

/// 六十日内仍不改正的: when something follows from it, and not by when it is to be done.
fn is_left_undone(words: &Words, at: usize) -> bool {
    const UNDONE: &[&str] = &["仍", "不", "拒不", "拒绝"];
    const RULED: &[&str] = &["不得", "不准", "不予", "不再", "不应", "不能", "不可"];
    let at = words.skip_spaces(at);
    let at = if matches!(words.at(at), '，' | ',') {
        at + 1
    } else {
        at
    };
    let end = words.clause_end(at, words.len());
    words.starts_any(at, UNDONE).is_some()
        && words.starts_any(at, RULED).is_none()
        && words.before(end) == '的'
}

/// Penalties that last.
pub(super) const PENALTIES: &[&str] = &["有期徒刑", "拘役", "拘留", "的拘留", "管制"];

/// 期限为八年, 时限为3个工作日.
fn is_term_named(words: &Words, quantity: &Quantity, context: &Context) -> bool {
    let from = words.clause_begin(context.outer, quantity.sentence);
    words.has_any(
        from,
        context.outer.max(from),
        &["期", "时限", "时间", "年限", "周期"],
    )
}

/// Counts, sums, shares.
fn amount(
    words: &Words,
    quantity: &Quantity,
    context: &Context,
    setting: Setting,
    is_aim: bool,
    whole: Option<f64>,
    clause: usize,
) -> Comparison {
    let kind = quantity.kind.unwrap_or(Kind::Count);
    // 五千元以上五万元以下, 三千元至三万元的罚款, 七至十一人的单数
    let is_range = setting.is_rules && quantity.high.is_some() && context.suffix.is_none();
    if quantity.is_between || (is_range && !matches!(kind, Kind::Score)) {
        return Comparison::Limit { op: Bound::Between };
    }
    // 每一千五百人可以增加一名, 不足五百元的为五百元
    if words.before(quantity.begin) == '每'
        || (kind == Kind::Money && words.has(clause, quantity.begin, "一次性"))
        || (setting.is_rules
            && context.is_equal
            && !matches!(kind, Kind::Percent | Kind::Times)
            && context.any_bound().is_none())
    {
        return Comparison::Standard;
    }
    if setting.is_rules
        && let Some(comparison) = ruled(words, quantity, context)
    {
        return comparison;
    }
    // 向两侧延伸一米: what a rule measures out
    let is_plain = context.any_bound().is_none() && context.about.is_none();
    if setting.is_rules && kind == Kind::Measure && is_plain {
        return Comparison::Standard;
    }
    // 严禁在学校周边100米以内摆摊, 海拔1500米以上的学校
    if let Some(op) = context.suffix.filter(|_| kind == Kind::Measure) {
        let is_forbidden = words.has_any(quantity.sentence, quantity.begin, FORBIDDEN);
        if is_forbidden && op == Bound::AtMost {
            return Comparison::Limit { op };
        }
        if words.ends(context.outer, "海拔") {
            return Comparison::Threshold { op };
        }
    }
    // 年均浓度为26微克/立方米 was measured
    let is_measured = kind == Kind::Measure && !setting.is_rules;
    if quantity.is_rate && is_measured && !is_aim && context.any_bound().is_none() {
        return Comparison::Level { op: None };
    }
    if quantity.is_rate && !is_measured && !matches!(kind, Kind::Count) {
        return Comparison::Standard;
    }
    if context.is_term {
        return Comparison::Standard;
    }
    // 10亿元以上重大项目47个: those that cost so much
    let names_those = context.suffix.is_some()
        && (words.at(context.end) == '的' && !is_aim
            || kind == Kind::Money && names_things(words, context.end));
    if names_those {
        return Comparison::Threshold {
            op: context.suffix.unwrap_or(Bound::AtLeast),
        };
    }
    // 计分不超过2分 sets a bound for whoever counts
    let is_aim = is_aim && !(kind == Kind::Score && context.bound.is_some());
    let is_reached = is_aim
        && (context.is_aim
            || context.any_bound().is_some()
            || context.about.is_some()
            || context.is_level
            || kind == Kind::Percent
            || planned::is_result(words, quantity, context));
    if is_reached {
        return target(context, quantity);
    }
    if let Some(op) = context.bound {
        return Comparison::Limit { op };
    }
    if let Some(op) = context.condition.or(context.suffix) {
        return Comparison::Level { op: Some(op) };
    }
    if let Some(op) = context.about {
        return Comparison::Approx { op };
    }
    if context.is_level || matches!(kind, Kind::Percent | Kind::Times | Kind::Score) {
        return Comparison::Level { op: None };
    }
    if let Some(of) = whole.filter(|_| is_some_of(words, quantity, clause)) {
        return Comparison::PartOf {
            of: Some(Number(of)),
            whole: None,
        };
    }
    let period = period(words, quantity);
    match kind {
        Kind::Count => Comparison::Count { period },
        _ => Comparison::Sum { period },
    }
}

/// Whether a name follows that is not the money itself: 亿元以上重大项目, but not 亿元以上资金.
fn names_things(words: &Words, at: usize) -> bool {
    let end = words.clause_end(at, at + 12);
    let sums = [
        "资金", "投资", "贷款", "补贴", "收入", "支持", "融资", "消费", "增", "的",
    ];
    end > at + 2 && words.at(at).is_alphanumeric() && !words.has_any(at, end.min(at + 6), &sums)
}

/// Words of what must not be.
const FORBIDDEN: &[&str] = &["严禁", "禁止", "不得", "不准"];

/// What a bound is in a regulation: of a fine a limit, of those concerned a condition.
fn ruled(words: &Words, quantity: &Quantity, context: &Context) -> Option<Comparison> {
    if let Some(op) = context.bound {
        return Some(Comparison::Limit { op });
    }
    let is_fine = words.has_any(
        context.end,
        context.end + 6,
        &["罚款", "罚金", "滞纳金", "赔偿"],
    ) || words
        .ends_any(context.begin, &["罚款", "处", "处以", "并处"])
        .is_some();
    let Some(op) = context.condition.or(context.suffix) else {
        // 处五百元罚款, 坡脚外二百米区域: a measure that is laid down
        let is_area = quantity.kind == Some(Kind::Measure)
            && words.has_any(context.end, context.end + 4, &["范围", "区域", "处"]);
        let may_be_fine = matches!(
            quantity.kind,
            Some(Kind::Money | Kind::Percent | Kind::Times)
        );
        let is_set = is_fine && may_be_fine && context.about.is_none() && context.change.is_none();
        return (is_set || is_area).then_some(Comparison::Standard);
    };
    Some(
        if is_fine
            || (op == Bound::AtMost
                && quantity.kind == Some(Kind::Measure)
                && words.at(context.end) == '范')
        {
            Comparison::Limit { op }
        } else {
            Comparison::Threshold { op }
        },
    )
}

fn target(context: &Context, quantity: &Quantity) -> Comparison {
    let op = context
        .any_bound()
        .or(context.about)
        .or(quantity.high.map(|_| Bound::Between));
    Comparison::Target {
        op,
        direction: None,
    }
}

/// Whether 至 or 到 in front of the number is the end of a change and not of a way or a time.
fn is_reached(words: &Words, clause: usize, quantity: &Quantity, context: &Context) -> bool {
    if matches!(quantity.kind, Some(Kind::Time))
        && !words.has_list(clause, quantity.begin, &CHANGES)
    {
        return false;
    }
    words.has_list(
        clause.max(context.begin.saturating_sub(16)),
        quantity.begin,
        &CHANGES,
    )
}

/// 其中, 已, 有 in front of some of an earlier number.
fn is_some_of(words: &Words, quantity: &Quantity, clause: usize) -> bool {
    words.has_any(clause, quantity.begin, &["其中", "共有", "已有"])
        || words.at(clause) == '有'
        || words.has_any(quantity.end, quantity.end + 8, &["已", "尚未"])
}

/// 全省 of 占全省的30%.
fn whole_of(words: &Words, quantity: &Quantity, context: &Context) -> Option<String> {
    let at = (context.begin..quantity.begin).find(|&i| words.at(i) == '占')?;
    let text: String = words.slice(at + 1, quantity.begin).iter().collect();
    let text = text
        .trim_matches(|c: char| c.is_whitespace() || c == '的')
        .trim_end_matches("比例")
        .trim_end_matches("比重")
        .trim_end_matches('的');
    (text.chars().count() >= 2 && !text.contains("比")).then(|| text.to_owned())
}

/// 全省 of 排名全省第3.
fn scope(words: &Words, quantity: &Quantity) -> Option<String> {
    let at = words.skip_spaces_back(quantity.begin);
    words
        .ends_list(at, &RANK_SCOPES)
        .map(|(scope, _)| scope.to_owned())
}

/// 2016年1至11月 before a count, where the sentence says so.
fn period(words: &Words, quantity: &Quantity) -> Option<String> {
    let from = quantity.sentence.max(quantity.begin.saturating_sub(NEAR));
    let year = (from..quantity.begin.saturating_sub(4)).find(|&i| {
        words.at(i + 4) == '年'
            && words.slice(i, i + 4).iter().all(char::is_ascii_digit)
            && !words.before(i).is_ascii_digit()
    })?;
    if matches!(words.before(year), '〔' | '[' | '《')
        || words.starts(year + 5, "底前")
        || words.starts(year + 5, "年底前")
        || words.at(year + 5) == '的'
        || matches!(words.before(year), '从' | '由' | '比' | '较' | '到' | '至')
    {
        return None;
    }
    let mut end = year + 5;
    while words.at(end).is_ascii_digit()
        || matches!(
            words.at(end),
            '月' | '日' | '至' | '-' | '底' | '末' | '上' | '下' | '半' | '年'
        )
    {
        end += 1;
    }
    if words.starts(end, "以来") {
        end += 2;
    } else if words
        .starts_any(end, &["前", "以前", "之前", "以后", "后"])
        .is_some()
    {
        return None;
    }
    let begin = if words.ends_any(year, &["截至", "截止"]).is_some() {
        year - 2
    } else {
        year
    };
    let text: String = words.slice(begin, end.min(quantity.begin)).iter().collect();
    Some(text)
}
