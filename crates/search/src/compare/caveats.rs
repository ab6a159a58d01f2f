//! What must not be overlooked when a table is read (口径提示), as far as it can be seen in the data: each
//! kind once, with the places it is about, and the cells concerned marked.
//!
//! It judges no measure, and that nothing is said is no promise that all is comparable.

use std::collections::{BTreeMap, BTreeSet};

use duibiao_corpus::Status;
use duibiao_index::Sketch;

use crate::compare::columns::Columns;
use crate::compare::hits::{ALIKE, COPY};
use crate::compare::shape::{
    Axis, Caveat, CaveatKind, CellHit, CellState, Comparison, MentionKind, Quantity,
};

/// Places that a caveat names; of more it says how many there are.
const MOST_DETAILS: usize = 6;

/// Columns that are each named with their value; of more the values are.
const MOST_NAMED: usize = 4;

/// What was noticed of one kind.
#[derive(Default)]
struct Noticed {
    details: Vec<String>,
    cells: BTreeSet<(usize, usize)>,
}

type All = BTreeMap<CaveatKind, Noticed>;

/// Adds the caveats, and their numbers to the cells.
pub(super) fn find(comparison: &mut Comparison, columns: &Columns, by: Axis) {
    let mut caveats = of_cells(comparison, by);
    caveats.extend(of_the_whole(comparison, columns));
    add(comparison, caveats);
}

/// Adds caveats, and their numbers to the cells.
pub(super) fn add(comparison: &mut Comparison, caveats: Vec<Caveat>) {
    for (number, caveat) in caveats.iter().enumerate() {
        for (row, column) in &caveat.cells {
            comparison.cells[*row][*column].caveats.push(number + 1);
        }
    }
    comparison.caveats = caveats;
}

/// What is noticed of the cells.
pub(super) fn of_cells(comparison: &Comparison, by: Axis) -> Vec<Caveat> {
    let mut all = All::new();
    for row in 0..comparison.rows.len() {
        of_row(comparison, row, by, &mut all);
        for quantity in &comparison.rows[row].quantities {
            of_quantity(comparison, quantity, row, &mut all);
        }
    }
    of_sources(comparison, &mut all);
    all.into_iter()
        .map(|(kind, found)| said(kind, found))
        .collect()
}

/// The first hits of the cells of a row that are found, with their columns.
fn firsts(comparison: &Comparison, row: usize) -> Vec<(usize, &CellHit)> {
    let cells = comparison.cells[row].iter().enumerate();
    let found = cells.filter(|(_, cell)| cell.state == CellState::Found);
    found
        .filter_map(|(column, cell)| Some((column, cell.hits.first()?)))
        .collect()
}

/// Differences between the measures that stand side by side.
fn of_row(comparison: &Comparison, row: usize, by: Axis, all: &mut All) {
    let firsts = firsts(comparison, row);
    let label = |column: usize| comparison.columns[column].label.as_str();
    let mut differ = |kind, of: &dyn Fn(&CellHit) -> Option<String>| {
        let values: BTreeSet<Option<String>> = firsts.iter().map(|(_, hit)| of(hit)).collect();
        if values.len() > 1 {
            let said = |value: Option<String>| value.unwrap_or_else(|| "不详".to_owned());
            let shown: Vec<String> = if firsts.len() > MOST_NAMED {
                values.into_iter().map(said).collect()
            } else {
                let named = firsts.iter();
                named
                    .map(|(column, hit)| format!("{} {}", label(*column), said(of(hit))))
                    .collect()
            };
            let cells = firsts.iter().map(|(column, _)| (row, *column));
            notice(all, kind, in_row(row, &shown.join("、")), cells);
        }
    };
    if by != Axis::Year {
        differ(CaveatKind::Year, &|hit| {
            hit.hit.year.map(|year| year.to_string())
        });
    }
    differ(CaveatKind::Level, &|hit| {
        hit.level.map(|level| level.label().to_owned())
    });
    let status = |hit: &CellHit| hit.hit.status;
    let is_ahead = |hit: &CellHit| matches!(status(hit), Some(Status::Planned | Status::Proposed));
    let has_done = firsts
        .iter()
        .any(|(_, hit)| status(hit) == Some(Status::Done));
    let ahead = firsts.iter().filter(|(_, hit)| is_ahead(hit));
    let ahead: Vec<(usize, &CellHit)> = ahead.copied().collect();
    if has_done && !ahead.is_empty() {
        let shown: Vec<String> = ahead
            .iter()
            .map(|(column, hit)| {
                let status = status(hit).map_or("", Status::label);
                format!("{} {status}", label(*column))
            })
            .collect();
        let cells = ahead.iter().map(|(column, _)| (row, *column));
        notice(
            all,
            CaveatKind::ProposalDeed,
            in_row(row, &shown.join("、")),
            cells,
        );
    }
    copies(comparison, row, &firsts, all);
    elsewhere(comparison, row, &firsts, all);
}

fn copies(comparison: &Comparison, row: usize, firsts: &[(usize, &CellHit)], all: &mut All) {
    let text = |hit: &CellHit| hit.hit.text.clone().unwrap_or_default();
    let is_alike = |one: &CellHit, other: &CellHit| {
        Sketch::alike(one.sketch, other.sketch) >= ALIKE
            && Sketch::likeness(&text(one), &text(other)) >= COPY
    };
    let has_copy = |at: usize| {
        let others = firsts.iter().enumerate().filter(|(other, _)| *other != at);
        others
            .map(|(_, (_, hit))| hit)
            .any(|hit| is_alike(firsts[at].1, hit))
    };
    let copied: Vec<usize> = (0..firsts.len())
        .filter(|at| has_copy(*at))
        .map(|at| firsts[at].0)
        .collect();
    if !copied.is_empty() {
        let labels: Vec<&str> = copied
            .iter()
            .map(|column| comparison.columns[*column].label.as_str())
            .collect();
        let cells = copied.iter().map(|column| (row, *column));
        notice(
            all,
            CaveatKind::Copy,
            in_row(row, &labels.join("、")),
            cells,
        );
    }
}

fn elsewhere(comparison: &Comparison, row: usize, firsts: &[(usize, &CellHit)], all: &mut All) {
    for (column, hit) in firsts {
        let mut named: Vec<String> = Vec::new();
        for place in &hit.places {
            let text = format!("{}（{}）", place.place.name, place.role.label());
            if !named.contains(&text) {
                named.push(text);
            }
        }
        if !named.is_empty() {
            let label = &comparison.columns[*column].label;
            let text = in_row(row, &format!("{label}的段落提到{}", named.join("、")));
            notice(all, CaveatKind::Elsewhere, text, [(row, *column)]);
        }
    }
}

/// What keeps the values of a quantity apart.
fn of_quantity(comparison: &Comparison, quantity: &Quantity, row: usize, all: &mut All) {
    let cells: Vec<(usize, usize)> = quantity.values.iter().map(|v| (row, v.column)).collect();
    for kind in &quantity.warnings {
        let is_of_columns = comparison.by == Axis::Year && *kind == CaveatKind::Year;
        if matches!(kind, CaveatKind::Level | CaveatKind::ProposalDeed) || is_of_columns {
            continue;
        }
        let bases = quantity.values.iter().filter_map(|value| {
            let base = value.base?;
            let unit = value.figure.unit.as_deref().unwrap_or_default();
            Some(format!("{}约 {base} {unit}", value.figure.quote.trim()))
        });
        let bases: Vec<String> = bases.collect();
        let detail = match kind {
            CaveatKind::Base if !bases.is_empty() => {
                format!(
                    "“{}”按减量与幅度推算的基数：{}",
                    quantity.what,
                    bases.join("；")
                )
            }
            CaveatKind::Year => {
                format!("“{}”：{}", quantity.what, years(quantity, comparison, row))
            }
            _ => format!("“{}”", quantity.what),
        };
        notice(all, *kind, in_row(row, &detail), cells.iter().copied());
    }
}

/// The years of the documents that state a quantity.
fn years(quantity: &Quantity, comparison: &Comparison, row: usize) -> String {
    let hits = comparison.cells[row].iter().flat_map(|cell| &cell.hits);
    let stating = hits.filter(|hit| quantity.values.iter().any(|value| value.id == hit.hit.id));
    let years: BTreeSet<Option<i16>> = stating.map(|hit| hit.hit.year).collect();
    let years = years.into_iter();
    let years = years.map(|year| year.map_or_else(|| "不详".to_owned(), |year| year.to_string()));
    years.collect::<Vec<_>>().join("、")
}

/// Documents that are only parts, and times that were inferred.
fn of_sources(comparison: &Comparison, all: &mut All) {
    let mut seen: BTreeSet<(CaveatKind, usize)> = BTreeSet::new();
    for (row, cells) in comparison.cells.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            for hit in &cell.hits {
                let kinds = [
                    (CaveatKind::Excerpt, hit.is_excerpt),
                    (CaveatKind::InferredDate, hit.is_time_inferred),
                ];
                for (kind, _) in kinds.into_iter().filter(|(_, is_so)| *is_so) {
                    let noticed = all.entry(kind).or_default();
                    noticed.cells.insert((row, column));
                    if seen.insert((kind, hit.source)) {
                        noticed.details.push(format!("来源[{}]", hit.source));
                    }
                }
            }
        }
    }
}

/// What no cell shows.
fn of_the_whole(comparison: &Comparison, columns: &Columns) -> Vec<Caveat> {
    let caveat = |kind, text| Caveat {
        kind,
        text,
        cells: Vec::new(),
    };
    let mut caveats = Vec::new();
    if columns.without > 0 {
        let lacking = match columns.by {
            Axis::City => "没有城市（国家级、省级文件或不详）",
            Axis::Province => "没有省份（国家级文件或不详）",
            Axis::Year => "年份不详",
        };
        let text = format!(
            "另有 {} 条命中{lacking}，不在任何一列；加一列“不详”可以看到。",
            columns.without
        );
        caveats.push(caveat(CaveatKind::WithoutValue, text));
    }
    let (values, matches) = columns.left_out;
    if values > 0 {
        let text = format!(
            "另有 {values} 个{}的 {matches} 条命中没有列出，可指定列再比。",
            columns.by.label()
        );
        caveats.push(caveat(CaveatKind::NotShown, text));
    }
    let in_columns: u64 = comparison.columns.iter().map(|column| column.total).sum();
    let is_own = |hit: &CellHit| {
        use MentionKind::{Annex, Apart, Context};
        matches!(hit.mention, Some(Context | Annex | Apart))
    };
    let cells = comparison.cells.iter().flatten();
    let mentions = cells.filter(|cell| cell.hits.first().is_some_and(is_own));
    let mentions: u64 = mentions.map(|cell| cell.total).sum();
    let in_rows: u64 = comparison.rows.iter().map(|row| row.total).sum();
    let left = in_columns.saturating_sub(in_rows + mentions);
    if left > 0 && columns.is_pinned {
        let text = format!("另有 {left} 段放入的在其他行，行数太多，没有列出。");
        caveats.push(caveat(CaveatKind::NotShown, text));
    } else if left > 0 {
        let text =
            format!("另有 {left} 条命中属其他主题，或只是背景、引语、名单，或词语分散，没有列出。");
        caveats.push(caveat(CaveatKind::NotShown, text));
    }
    caveats
}

fn in_row(row: usize, text: &str) -> String {
    format!("第 {} 行 {text}", row + 1)
}

fn notice(
    all: &mut All,
    kind: CaveatKind,
    detail: String,
    cells: impl IntoIterator<Item = (usize, usize)>,
) {
    let noticed = all.entry(kind).or_default();
    noticed.details.push(detail);
    noticed.cells.extend(cells);
}

fn said(kind: CaveatKind, noticed: Noticed) -> Caveat {
    let more = noticed.details.len().saturating_sub(MOST_DETAILS);
    let mut text = format!(
        "{}：{}",
        sentence(kind),
        noticed.details[..noticed.details.len() - more].join("；")
    );
    if more > 0 {
        text.push_str(&format!("；等 {} 处", noticed.details.len()));
    }
    text.push('。');
    Caveat {
        kind,
        text,
        cells: noticed.cells.into_iter().collect(),
    }
}

fn sentence(kind: CaveatKind) -> &'static str {
    match kind {
        CaveatKind::ReducedByTo => "“减少了多少”与“减到多少”并列，不可直接比较",
        CaveatKind::Base => "减量、幅度的基数各不相同或原文没有写明，不可直接相减或排名",
        CaveatKind::PartWhole => "有的是其中一部分，有的是全部",
        CaveatKind::TargetResult => "目标、限额与实际结果并列",
        CaveatKind::Unit => "单位不能换算，如工作日与自然日",
        CaveatKind::Object => "所量对象的写法不同，口径未必一致",
        CaveatKind::Period => "统计时段不同",
        CaveatKind::ProposalDeed => "同一行里有已办的，也有建议或计划，后者不算成绩",
        CaveatKind::Year => "同一行的文件年份不同",
        CaveatKind::Level => "同一行的文件层级不同",
        CaveatKind::Copy => "文字几乎相同，可能出自同一上级文件或互相转用",
        CaveatKind::Elsewhere => "段落里提到外地，所述未必是本地做法",
        CaveatKind::Excerpt => "文件为节录，未检到的可能在缺失的部分",
        CaveatKind::InferredDate => "文件的年份或日期为推定",
        kind => kind.label(),
    }
}
