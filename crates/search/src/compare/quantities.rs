//! Figures of one quantity side by side: the same thing measured in the same kind of unit, each with
//! the words it stands in, and what keeps the values from being subtracted or ranked.
//!
//! It converts units, and orders columns by value only where somebody asks for it. Figures of which the text does not say what they
//! measure are in no quantity.

use duibiao_corpus::{Comparison as Meant, Figure, FigureValue, Number, Status};

use crate::compare::shape::{CaveatKind, CellHit, CellState, Comparison, Quantity, QuantityValue};

/// Quantities of a row.
const MOST_QUANTITIES: usize = 4;
/// Values of a quantity.
const MOST_VALUES: usize = 40;
/// What is measured may be written with more words in front; shorter words fit too much.
const LEAST_SHARED: usize = 4;
/// Shorter names of what is counted (取消, 企业) do not say enough; of what has a share (审批 提速 34%) they
/// do.
const LEAST_NAME: usize = 3;
const LEAST_NAME_OF_SHARES: usize = 2;
/// A reduction and its share stand at most so many characters apart.
const NEAR: u32 = 16;
/// Words that do not change what is measured.
const IDLE: &[&str] = &[
    "平均", "总体", "整体", "累计", "全市", "全省", "全区", "全县", "全州", "全盟", "共计", "总共",
    "合计", "实际", "目前", "分别", "均", "共", "已", "的", "了",
];
/// Times are of one kind although some cannot be converted into others.
const TIMES: &[&str] = &["秒", "工作日", "个月", "交易日", "工作小时"];

/// Adds the quantities to each row.
pub(super) fn line_up(comparison: &mut Comparison) {
    for (row, cells) in comparison.rows.iter_mut().zip(&comparison.cells) {
        let found = cells.iter().enumerate();
        let found = found.filter(|(_, cell)| cell.state == CellState::Found);
        let hits: Vec<(usize, &CellHit)> = found
            .flat_map(|(column, cell)| cell.hits.iter().map(move |hit| (column, hit)))
            .collect();
        row.quantities = quantities(&hits);
    }
}

impl Quantity {
    /// The numbers of the columns in the order of their values, those without any behind them. A column's
    /// value is that of its best measure; of a range, where it begins. `None` where there is nothing to
    /// order, or units differ. What keeps values from being ranked is in `warnings`, which whoever shows the
    /// order has to show with it.
    pub fn order(&self, columns: usize, descending: bool) -> Option<Vec<usize>> {
        self.unit.as_ref()?;
        let of_column = |column: usize| {
            let value = self.values.iter().find(|value| value.column == column)?;
            Some(match value.value {
                FigureValue::One(number) | FigureValue::Range([number, _]) => number.0,
            })
        };
        let (mut valued, without): (Vec<usize>, Vec<usize>) =
            (0..columns).partition(|column| of_column(*column).is_some());
        if valued.len() < 2 {
            return None;
        }
        let value = |column: &usize| of_column(*column).unwrap_or_default();
        valued.sort_by(|a, b| {
            let order = value(a).total_cmp(&value(b));
            if descending { order.reverse() } else { order }
        });
        Some([valued, without].concat())
    }
}

/// A figure on its way into a quantity.
struct Stated<'h> {
    column: usize,
    hit: &'h CellHit,
    figure: &'h Figure,
    what: String,
    kind: String,
}

fn quantities(hits: &[(usize, &CellHit)]) -> Vec<Quantity> {
    let mut groups: Vec<Vec<Stated<'_>>> = Vec::new();
    for (column, hit) in hits {
        for figure in &hit.figures {
            let (Some(what), Some(unit)) = (&figure.what, &figure.unit) else {
                continue;
            };
            let stated = Stated {
                column: *column,
                hit,
                figure,
                what: essence(what),
                kind: kind(figure, unit),
            };
            let fits = |group: &&mut Vec<Stated<'_>>| {
                let is_same = |one: &Stated<'_>| {
                    let least = match stated.kind.as_str() {
                        "%" => LEAST_NAME_OF_SHARES,
                        _ => LEAST_NAME,
                    };
                    one.kind == stated.kind && is_same_thing(&one.what, &stated.what, least)
                };
                group.iter().all(is_same)
            };
            match groups.iter_mut().find(fits) {
                Some(group) if group.len() < MOST_VALUES => group.push(stated),
                Some(_) => {}
                None => groups.push(vec![stated]),
            }
        }
    }
    groups.retain(|group| {
        group
            .iter()
            .any(|one| one.hit.hit.id != group[0].hit.hit.id)
    });
    groups.sort_by_key(|group| {
        let mut columns: Vec<usize> = group.iter().map(|one| one.column).collect();
        columns.dedup();
        std::cmp::Reverse((columns.len(), group.len()))
    });
    groups.truncate(MOST_QUANTITIES);
    groups.iter().map(|group| quantity(group)).collect()
}

/// What is measured, without words that do not change it.
fn essence(what: &str) -> String {
    let mut essence: String = what.chars().filter(|c| c.is_alphanumeric()).collect();
    for idle in IDLE {
        essence = essence.replace(idle, "");
    }
    essence
}

/// Whether two are the same thing, or one is more closely described.
fn is_same_thing(one: &str, other: &str, least: usize) -> bool {
    let is_end =
        |long: &str, short: &str| short.chars().count() >= LEAST_SHARED && long.ends_with(short);
    let is_name = one.chars().count() >= least && other.chars().count() >= least;
    is_name && (one == other || is_end(one, other) || is_end(other, one))
}

/// The unit that it is converted to, times as one.
fn kind(figure: &Figure, unit: &str) -> String {
    let base = figure.normalized.as_ref();
    let base = base.map_or(unit, |amount| amount.unit.as_str());
    if TIMES.contains(&base) {
        "时间".to_owned()
    } else {
        base.to_owned()
    }
}

fn quantity(group: &[Stated<'_>]) -> Quantity {
    let written = common(group.iter().map(|one| one.figure.unit.clone()));
    let base = common(group.iter().map(|one| Some(in_base(one.figure).1)));
    let value = |one: &Stated<'_>| {
        let (value, unit) = match &written {
            Some(unit) => (one.figure.value, unit.clone()),
            None => in_base(one.figure),
        };
        QuantityValue {
            column: one.column,
            id: one.hit.hit.id.clone(),
            source: one.hit.source,
            value,
            unit,
            figure: one.figure.clone(),
            base: reduced_from(one.figure, &one.hit.figures),
        }
    };
    let whats = group.iter().filter_map(|one| one.figure.what.as_deref());
    let shortest = whats.min_by_key(|what| what.chars().count());
    Quantity {
        what: shortest.unwrap_or_default().trim().to_owned(),
        unit: written.clone().or_else(|| base.clone()),
        values: group.iter().map(value).collect(),
        warnings: warnings(group, base.is_none()),
    }
}

/// The value all have; `None` where they differ.
fn common(mut values: impl Iterator<Item = Option<String>>) -> Option<String> {
    let first = values.next()??;
    values
        .all(|value| value.as_ref() == Some(&first))
        .then_some(first)
}

fn in_base(figure: &Figure) -> (FigureValue, String) {
    match &figure.normalized {
        Some(amount) => (amount.value, amount.unit.clone()),
        None => (figure.value, figure.unit.clone().unwrap_or_default()),
    }
}

/// What a reduction was taken from, where its share stands beside it: 缩减9.75个工作日, 提速35.4%.
fn reduced_from(figure: &Figure, all: &[Figure]) -> Option<f64> {
    let (Meant::Reduction { .. }, FigureValue::One(Number(by))) =
        (&figure.comparison, figure.value)
    else {
        return None;
    };
    if figure.unit.as_deref() == Some("%") {
        return None;
    }
    let share = all.iter().find(|other| {
        let is_share = matches!(other.comparison, Meant::RateOfChange { .. });
        let is_next =
            other.span.begin >= figure.span.end && other.span.begin - figure.span.end <= NEAR;
        is_share && is_next && other.unit.as_deref() == Some("%")
    })?;
    match share.value {
        FigureValue::One(Number(share)) if share > 0.0 && share < 100.0 => {
            Some((by / share * 1e3).round() / 1e1)
        }
        _ => None,
    }
}

/// How a figure is meant, as far as it decides what it can be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    ReducedBy,
    Share,
    Part,
    Goal,
    State,
}

fn sort(meant: &Meant) -> Sort {
    match meant {
        Meant::Reduction { .. } | Meant::ReductionRange => Sort::ReducedBy,
        Meant::RateOfChange { .. } | Meant::Yoy { .. } | Meant::FromBaseline { .. } => Sort::Share,
        Meant::PartOf { .. } => Sort::Part,
        Meant::Target { .. } | Meant::Limit { .. } | Meant::Threshold { .. } | Meant::Standard => {
            Sort::Goal
        }
        Meant::Count { .. }
        | Meant::Sum { .. }
        | Meant::FromTo { .. }
        | Meant::Level { .. }
        | Meant::Approx { .. }
        | Meant::Rank { .. } => Sort::State,
    }
}

fn period(meant: &Meant) -> Option<&str> {
    match meant {
        Meant::Count { period } | Meant::Sum { period } => period.as_deref(),
        Meant::FromBaseline { baseline, .. } => Some(baseline),
        _ => None,
    }
}

/// What keeps the values of a quantity from being subtracted or ranked.
fn warnings(group: &[Stated<'_>], is_unconvertible: bool) -> Vec<CaveatKind> {
    let sorts: Vec<Sort> = group
        .iter()
        .map(|one| sort(&one.figure.comparison))
        .collect();
    let has = |sort: Sort| sorts.contains(&sort);
    let has_else = |sort: Sort| sorts.iter().any(|other| *other != sort);
    let changes = sorts
        .iter()
        .filter(|sort| matches!(sort, Sort::ReducedBy | Sort::Share));
    let differ = |of: &dyn Fn(&Stated<'_>) -> String| {
        let first = of(&group[0]);
        group.iter().any(|one| of(one) != first)
    };
    let is_ahead =
        |one: &Stated<'_>| matches!(one.hit.hit.status, Some(Status::Planned | Status::Proposed));
    let is_done = |one: &Stated<'_>| matches!(one.hit.hit.status, Some(Status::Done));
    let found = [
        (
            CaveatKind::ReducedByTo,
            has(Sort::ReducedBy) && (has(Sort::State) || has(Sort::Goal)),
        ),
        (CaveatKind::Base, changes.count() > 1),
        (
            CaveatKind::PartWhole,
            has(Sort::Part) && has_else(Sort::Part),
        ),
        (
            CaveatKind::TargetResult,
            has(Sort::Goal) && has_else(Sort::Goal),
        ),
        (CaveatKind::Unit, is_unconvertible),
        (CaveatKind::Object, differ(&|one| one.what.clone())),
        (
            CaveatKind::Period,
            differ(&|one| {
                period(&one.figure.comparison)
                    .unwrap_or_default()
                    .to_owned()
            }),
        ),
        (
            CaveatKind::ProposalDeed,
            group.iter().any(is_ahead) && group.iter().any(is_done),
        ),
        (
            CaveatKind::Year,
            differ(&|one| format!("{:?}", one.hit.hit.year)),
        ),
        (
            CaveatKind::Level,
            differ(&|one| format!("{:?}", one.hit.level)),
        ),
    ];
    let found = found.into_iter().filter(|(_, is_there)| *is_there);
    found.map(|(kind, _)| kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_may_be_described_more_closely() {
        let is_same = |one: &str, other: &str| is_same_thing(one, other, LEAST_NAME);
        assert!(is_same(&essence("平均审批时限"), &essence("审批时限")));
        assert!(is_same("固定资产投资项目审批时限", "审批时限"));
        assert!(!is_same("审批事项", "审批时限"));
        assert!(!is_same("企业", "外资企业"));
        assert!(!is_same("取消", "取消") && !is_same("", ""));
        assert!(is_same_thing("审批", "审批", LEAST_NAME_OF_SHARES));
    }
}
