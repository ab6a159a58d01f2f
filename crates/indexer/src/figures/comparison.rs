//! How a figure is meant: which of the types of comparison its words make it.

use std::sync::LazyLock;

use duibiao_corpus::{Bound, Comparison, Direction, Number};

use super::Setting;
use super::change::CHANGES;
use super::context::Context;
use super::quantity::{Quantity, RANK_SCOPES};
use super::unit::Kind;
use super::words::{NEAR, Words};
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
    let is_aim =
        || context.is_aim || setting.is_aim || is_planned(words, quantity, setting, clause);
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
        return Some(Comparison::PartOf {
            of: None,
            whole: whole_of(words, quantity, context),
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
    if quantity.kind == Some(Kind::Count) {
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
                || words
                    .starts_any(context.end, &["未", "没有", "无", "又", "再次", "累计"])
                    .is_some();
            let op = Bound::AtMost;
            return Some(if is_past {
                Comparison::Threshold { op }
            } else {
                Comparison::Limit { op }
            });
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
    // 五千元以上五万元以下, 三千元至三万元的罚款
    if quantity.is_between || (setting.is_rules && quantity.high.is_some() && kind == Kind::Money) {
        return Comparison::Limit { op: Bound::Between };
    }
    // 每一千五百人可以增加一名, 不足五百元的为五百元
    if words.before(quantity.begin) == '每'
        || (setting.is_rules && context.is_equal && kind == Kind::Money)
    {
        return Comparison::Standard;
    }
    if setting.is_rules
        && let Some(comparison) = ruled(words, quantity, context)
    {
        return comparison;
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
    if quantity.is_rate && !matches!(kind, Kind::Count) {
        return Comparison::Standard;
    }
    if context.is_term {
        return Comparison::Standard;
    }
    let names_those = words.at(context.end) == '的' && context.suffix.is_some();
    if names_those && !is_aim {
        return Comparison::Threshold {
            op: context.suffix.unwrap_or(Bound::AtLeast),
        };
    }
    let is_reached = is_aim
        && (context.is_aim
            || context.any_bound().is_some()
            || context.about.is_some()
            || context.is_level
            || kind == Kind::Percent
            || words.has_list(verb_from(words, quantity), quantity.begin, &REACHED));
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

/// Words of what must not be.
const FORBIDDEN: &[&str] = &["严禁", "禁止", "不得", "不准"];

/// What a bound is in a regulation: of a fine a limit, of those concerned a condition.
fn ruled(words: &Words, quantity: &Quantity, context: &Context) -> Option<Comparison> {
    if let Some(op) = context.bound {
        return Some(Comparison::Limit { op });
    }
    let is_fine = words.has_any(context.end, context.end + 6, &["罚款", "罚金"])
        || words
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

/// Where the clause of a quantity begins, over the names in quotation marks before it: 建设驿站150个、“某某之家”37个.
fn verb_from(words: &Words, quantity: &Quantity) -> usize {
    let floor = quantity.sentence.max(quantity.begin.saturating_sub(NEAR));
    (floor..quantity.begin)
        .rev()
        .find(|&i| matches!(words.at(i), '，' | ',' | ':' | ';'))
        .map_or(floor, |i| i + 1)
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

/// Whether the figure is to be reached and not reached.
fn is_planned(words: &Words, quantity: &Quantity, setting: Setting, clause: usize) -> bool {
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
