//! Prose set in columns is told from tables and read column by column. Looks at rows of glyphs.

use std::collections::BTreeMap;

use super::lines::{Placed, Row};

/// A gap of this many ems parts the cells of a table, or columns.
const CELL_GAP: f64 = 1.5;
/// Rows that two columns of prose have at least beside each other.
const MIN_COLUMN_ROWS: usize = 6;
/// Columns in columns in columns.
const MAX_COLUMN_DEPTH: usize = 3;

/// The stretches of a row between wide gaps: begin, end and the index of the first glyph.
pub(super) fn stretches(row: &Row<'_>) -> Vec<(f64, f64, usize)> {
    let mut found: Vec<(f64, f64, usize)> = Vec::new();
    for (index, glyph) in row.glyphs.iter().enumerate() {
        if glyph.is_blank() {
            continue;
        }
        match found.last_mut() {
            Some(last) if glyph.begin - last.1 < CELL_GAP * row.size => {
                last.1 = last.1.max(glyph.end);
            }
            _ => found.push((glyph.begin, glyph.end, index)),
        }
    }
    found
}

/// Reads prose set in columns one column after the other; everything else stays whole.
pub(super) fn split<'g>(
    rows: Vec<Row<'g>>,
    depth: usize,
    known: Option<f64>,
    columns: &mut Vec<Vec<Row<'g>>>,
) {
    let found = if depth < MAX_COLUMN_DEPTH {
        gutter(&rows, known)
    } else {
        None
    };
    let Some((middle, first, last)) = found else {
        if !rows.is_empty() {
            columns.push(rows);
        }
        return;
    };
    let (mut above, mut left, mut right, mut below) = (vec![], vec![], vec![], vec![]);
    for (index, mut row) in rows.into_iter().enumerate() {
        if index < first {
            above.push(row);
        } else if index > last {
            below.push(row);
        } else {
            let at = row.glyphs.partition_point(|glyph| glyph.begin < middle);
            let rest = row.glyphs.split_off(at);
            let beside = Row {
                base: row.base,
                size: row.size,
                glyphs: rest,
            };
            left.push(row);
            right.push(beside);
        }
    }
    for part in [left, right] {
        let part: Vec<Row<'_>> = part
            .into_iter()
            .filter(|row| !row.glyphs.iter().all(Placed::is_blank))
            .collect();
        if !above.is_empty() {
            columns.push(std::mem::take(&mut above));
        }
        split(part, depth + 1, known, columns);
    }
    split(below, depth + 1, known, columns);
}

/// The stretches of each of some rows.
type Parts = Vec<Vec<(f64, f64, usize)>>;

/// Where two columns of prose part and in which rows: a gap that many rows one after the other
/// leave free, with lines at both sides as full as those of prose, which cells of tables are not.
/// Where columns parted on the page before, less is asked.
pub(super) fn gutter(rows: &[Row<'_>], known: Option<f64>) -> Option<(f64, usize, usize)> {
    let parts: Parts = rows.iter().map(stretches).collect();
    let again = known.and_then(|middle| band(&parts, middle, 2, 1));
    again.or_else(|| band(&parts, likely_gutter(&parts)?, MIN_COLUMN_ROWS, 4))
}

/// Left of where most lines of a right column begin: those of the left end anywhere.
fn likely_gutter(parts: &Parts) -> Option<f64> {
    let left = parts.iter().flatten().map(|s| s.0).reduce(f64::min)?;
    let right = parts.iter().flatten().map(|s| s.1).reduce(f64::max)?;
    let mut begins: BTreeMap<i64, usize> = BTreeMap::new();
    for pair in parts.iter().flat_map(|stretches| stretches.windows(2)) {
        let begin = pair[1].0;
        if (0.2..0.8).contains(&((begin - left) / (right - left))) {
            *begins.entry((begin / 2.0).round() as i64).or_default() += 1;
        }
    }
    let (&begin, _) = begins.iter().max_by_key(|(_, count)| **count)?;
    Some(begin as f64 * 2.0 - 2.5)
}

/// The rows set in columns that part at `middle`, if at both sides there are at least `least`
/// lines and `share` in ten of them are full.
fn band(parts: &Parts, middle: f64, least: usize, share: usize) -> Option<(f64, usize, usize)> {
    let is_free =
        |stretches: &Vec<(f64, f64, usize)>| stretches.iter().all(|s| s.1 < middle || s.0 > middle);
    let (first, last) = longest(parts, is_free)?;
    let band = &parts[first..=last];
    let is_prose = |right: bool| {
        // Begin, end and filled width of each line at one side.
        let side: Vec<(f64, f64, f64)> = band
            .iter()
            .filter_map(|stretches| {
                let own = || stretches.iter().filter(|s| (s.0 > middle) == right);
                let filled = own().map(|s| s.1 - s.0).sum();
                Some((own().next()?.0, own().next_back()?.1, filled))
            })
            .collect();
        // Heads and feet stick out; most lines do not.
        let part = |mut places: Vec<f64>, share: usize| {
            places.sort_by(f64::total_cmp);
            places.get(places.len() * share / 10).copied()
        };
        let begin = part(side.iter().map(|line| line.0).collect(), 2);
        let end = part(side.iter().map(|line| line.1).collect(), 8);
        let (Some(begin), Some(end)) = (begin, end) else {
            return false;
        };
        let full = side
            .iter()
            .filter(|line| line.2 > 0.85 * (end - begin))
            .count();
        side.len() >= least && side.len() * 10 >= band.len() * 4 && full * 10 >= side.len() * share
    };
    (is_prose(false) && is_prose(true)).then_some((middle, first, last))
}

/// The longest run of items that all fit: its first and last index.
fn longest<T>(items: &[T], fits: impl Fn(&T) -> bool) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    let mut begin = None;
    for (index, item) in items.iter().enumerate() {
        if !fits(item) {
            begin = None;
            continue;
        }
        let first = *begin.get_or_insert(index);
        if best.is_none_or(|(a, b)| index - first > b - a) {
            best = Some((first, index));
        }
    }
    best
}
