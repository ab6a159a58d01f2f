//! Tables drawn with rules: which cell a glyph stands in, and the rows these cells make. Tables
//! without rules are not seen here.

use std::collections::BTreeMap;

use super::content::Glyph;

/// Rules of a drawing, not of a table.
const MAX_RULES: usize = 3_000;
/// Rules times glyphs of one page.
const MAX_COMPARISONS: usize = 100_000_000;
/// A filled shape not thicker than this is a rule.
const THICK: f64 = 3.0;
/// Rules meet where they come this near.
const NEAR: f64 = 3.0;
/// A box alone in its row with more lines than this holds text, not a cell's content.
const MAX_CELL_LINES: f64 = 12.0;

/// A straight line along or across the page, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    pub(super) level: bool,
    /// Its place across its direction.
    pub(super) at: f64,
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Rule {
    /// The rule between two points, if it is straight along or across and longer than a dash.
    pub(super) fn between(a: (f64, f64), b: (f64, f64)) -> Option<Self> {
        let (width, height) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
        let rule = if height < 0.5 && width > 4.0 {
            Self {
                level: true,
                at: (a.1 + b.1) / 2.0,
                from: a.0.min(b.0),
                to: a.0.max(b.0),
            }
        } else if width < 0.5 && height > 4.0 {
            Self {
                level: false,
                at: (a.0 + b.0) / 2.0,
                from: a.1.min(b.1),
                to: a.1.max(b.1),
            }
        } else {
            return None;
        };
        Some(rule)
    }

    /// A thin filled box between two corners.
    pub(super) fn thin(a: (f64, f64), b: (f64, f64)) -> Option<Self> {
        let (width, height) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
        if height <= THICK && width > height {
            let middle = (a.1 + b.1) / 2.0;
            Self::between((a.0, middle), (b.0, middle))
        } else if width <= THICK {
            let middle = (a.0 + b.0) / 2.0;
            Self::between((middle, a.1), (middle, b.1))
        } else {
            None
        }
    }
}

/// The box around a cell: left, top, right, bottom in whole points.
type Cell = (i64, i64, i64, i64);
/// A cell and the indices of the glyphs in it.
type Content = (Cell, Vec<usize>);

/// A row of a table: the glyphs of each of its cells.
pub(super) struct TableRow {
    pub(super) top: f64,
    pub(super) cells: Vec<Vec<Glyph>>,
}

/// Takes the glyphs that stand in cells out of `glyphs`.
pub(super) fn take(glyphs: &mut Vec<Glyph>, rules: &[Rule]) -> Vec<TableRow> {
    if rules.len() < 4 || rules.len() > MAX_RULES {
        return Vec::new();
    }
    let rules = merged(rules);
    if rules.len() * glyphs.len() > MAX_COMPARISONS {
        return Vec::new();
    }
    let mut cells: BTreeMap<Cell, Vec<usize>> = BTreeMap::new();
    for (index, glyph) in glyphs.iter().enumerate() {
        if let Some(cell) = cell_of(glyph, &rules) {
            cells.entry(cell).or_default().push(index);
        }
    }
    let mut rows: Vec<(i64, Vec<Content>)> = Vec::new();
    let mut by_top: Vec<Content> = cells.into_iter().collect();
    by_top.sort_by_key(|(cell, _)| (cell.1, cell.0));
    for (cell, inside) in by_top {
        match rows.last_mut() {
            Some((top, row)) if cell.1 - *top <= NEAR as i64 => row.push((cell, inside)),
            _ => rows.push((cell.1, vec![(cell, inside)])),
        }
    }
    rows.retain(|(_, row)| row.len() > 1 || !is_text_box(&row[0], glyphs));
    if rows.iter().map(|(_, row)| row.len()).sum::<usize>() < 2 {
        return Vec::new();
    }
    let mut taken = vec![false; glyphs.len()];
    let mut found = Vec::new();
    for (top, mut row) in rows {
        row.sort_by_key(|(cell, _)| cell.0);
        let contents = row.iter().map(|(_, inside)| {
            inside
                .iter()
                .map(|&index| {
                    taken[index] = true;
                    glyphs[index].clone()
                })
                .collect()
        });
        found.push(TableRow {
            cells: contents.collect(),
            top: top as f64,
        });
    }
    let mut taken = taken.into_iter();
    glyphs.retain(|_| !taken.next().unwrap_or(false));
    found
}

fn is_text_box((cell, inside): &Content, glyphs: &[Glyph]) -> bool {
    let size = inside.first().map_or(10.0, |&index| glyphs[index].size);
    (cell.3 - cell.1) as f64 > MAX_CELL_LINES * 1.3 * size
}

/// The nearest rules on all four sides of a glyph.
fn cell_of(glyph: &Glyph, rules: &[Rule]) -> Option<Cell> {
    let x = (glyph.from.0 + glyph.to.0) / 2.0;
    let y = glyph.from.1 - 0.35 * glyph.size;
    let (mut left, mut top) = (f64::MIN, f64::MIN);
    let (mut right, mut bottom) = (f64::MAX, f64::MAX);
    for rule in rules {
        let (along, across) = if rule.level { (x, y) } else { (y, x) };
        if along < rule.from - NEAR || along > rule.to + NEAR {
            continue;
        }
        let (before, behind) = if rule.level {
            (&mut top, &mut bottom)
        } else {
            (&mut left, &mut right)
        };
        if rule.at <= across {
            *before = before.max(rule.at);
        } else {
            *behind = behind.min(rule.at);
        }
    }
    let closed = left > f64::MIN && top > f64::MIN && right < f64::MAX && bottom < f64::MAX;
    closed.then(|| (whole(left), whole(top), whole(right), whole(bottom)))
}

fn whole(place: f64) -> i64 {
    place.round() as i64
}

/// Rules in one line that touch are one; many programs draw each side of each cell.
fn merged(rules: &[Rule]) -> Vec<Rule> {
    let mut sorted = rules.to_vec();
    // Rules a hair apart are one line.
    let place = |rule: &Rule| (rule.at / 1.5).round() as i64;
    sorted.sort_by(|a, b| {
        (a.level, place(a))
            .cmp(&(b.level, place(b)))
            .then(a.from.total_cmp(&b.from))
    });
    let mut merged: Vec<Rule> = Vec::new();
    for rule in sorted {
        match merged.last_mut() {
            Some(last)
                if last.level == rule.level
                    && (last.at - rule.at).abs() < 1.6
                    && rule.from <= last.to + NEAR =>
            {
                last.to = last.to.max(rule.to);
            }
            _ => merged.push(rule),
        }
    }
    merged
}
