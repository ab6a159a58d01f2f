//! Glyphs of a page to lines in reading order, column by column. Knows nothing of paragraphs.

use super::columns::{gutter, split, stretches};
use super::content::{Drawn, Glyph};
use super::furniture::PageLines;
use super::tables::{self, TableRow};

/// A line of text. `left` and `right` are those of its visible characters, `base` its baseline,
/// growing downwards; all in points of the page turned so that the line reads from left to right.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) base: f64,
    pub(super) size: f64,
    /// Where each cell begins: one unless wide gaps part the line.
    pub(super) cells: Vec<f64>,
    /// A row of a table with rules; its cells are parted by tabs.
    pub(super) row: bool,
    /// The column of the page, counted in reading order.
    pub(super) column: usize,
    /// Runs like most text of the page; other lines are side notes or watermarks.
    pub(super) along: bool,
    /// The producer marked it as a page number or a running head.
    pub(super) pagination: bool,
}

/// Which way a glyph is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Right,
    Down,
    Left,
    Up,
    Askew,
}

const WAYS: [Way; 5] = [Way::Right, Way::Down, Way::Left, Way::Up, Way::Askew];

/// A glyph in the coordinates of its direction of writing.
#[derive(Clone, Copy)]
pub(super) struct Placed<'g> {
    pub(super) glyph: &'g Glyph,
    way: Way,
    pub(super) begin: f64,
    pub(super) end: f64,
    base: f64,
}

impl Placed<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.glyph.text.chars().all(char::is_whitespace)
    }
}

/// Glyphs on one baseline, in order of writing.
pub(super) struct Row<'g> {
    pub(super) base: f64,
    pub(super) size: f64,
    pub(super) glyphs: Vec<Placed<'g>>,
}

/// The lines of a page of that width and height, those along most text first. `between` is where
/// the columns of the page before parted, and becomes where those of this page do.
pub(super) fn lines(
    drawn: Drawn,
    (width, height): (f64, f64),
    between: &mut Option<f64>,
) -> PageLines {
    let Drawn { mut glyphs, rules } = drawn;
    glyphs.retain(|glyph| glyph.size > 0.1);
    let table = tables::take(&mut glyphs, &rules);
    let placed: Vec<Placed<'_>> = glyphs
        .iter()
        .map(|glyph| place(glyph, width, height))
        .collect();
    let count = |way| placed.iter().filter(|p| p.way == way).count();
    let mut ways = WAYS;
    if table.is_empty() {
        ways.sort_by_key(|&way| std::cmp::Reverse(count(way)));
    }
    let mut lines = Vec::new();
    for (rank, way) in ways.into_iter().enumerate() {
        let own: Vec<Placed<'_>> = placed.iter().filter(|p| p.way == way).copied().collect();
        let first_column = lines.last().map_or(0, |line: &Line| line.column + 1);
        let mut columns = Vec::new();
        let rows = rows(own);
        let known = (rank == 0).then_some(*between).flatten();
        if rank == 0 {
            *between = gutter(&rows, known).map(|found| found.0);
        }
        split(rows, 0, known, &mut columns);
        for (number, rows) in columns.into_iter().enumerate() {
            lines.extend(rows.iter().filter_map(|row| {
                let mut line = line(row)?;
                line.column = first_column + number;
                line.along = rank == 0 && way != Way::Askew;
                Some(line)
            }));
        }
    }
    for row in &table {
        insert(&mut lines, table_line(row, width, height));
    }
    let (width, height) = match ways[0] {
        Way::Down | Way::Up => (height, width),
        _ => (width, height),
    };
    PageLines {
        lines,
        width,
        height,
    }
}

/// A row of a table as one line, the lines of each cell one after the other.
fn table_line(row: &TableRow, width: f64, height: f64) -> Option<Line> {
    let mut whole: Option<Line> = None;
    for cell in &row.cells {
        let placed = cell.iter().map(|glyph| place(glyph, width, height));
        let lines: Vec<Line> = rows(placed.collect()).iter().filter_map(line).collect();
        let mut text = String::new();
        for line in &lines {
            join(&mut text, &line.text.replace('\t', " "));
        }
        let Some(first) = lines.first() else {
            continue;
        };
        match &mut whole {
            None => {
                whole = Some(Line {
                    text,
                    row: true,
                    base: row.top + first.size,
                    cells: vec![first.left],
                    ..first.clone()
                });
            }
            Some(whole) => {
                whole.text.push('\t');
                whole.text.push_str(&text);
                whole.cells.push(first.left);
                whole.right = whole.right.max(first.right);
                whole.pagination &= first.pagination;
            }
        }
    }
    whole
}

/// Puts a row where it stands among the lines.
fn insert(lines: &mut Vec<Line>, row: Option<Line>) {
    let Some(mut row) = row else {
        return;
    };
    let beside = |line: &Line| line.left < row.right && line.right > row.left;
    let after = lines
        .iter()
        .rposition(|line| line.along && beside(line) && line.base <= row.base);
    let before = lines.iter().position(|line| line.along && beside(line));
    let at = after.map_or(before.unwrap_or(lines.len()), |index| index + 1);
    let neighbour = after.or(before).and_then(|index| lines.get(index));
    row.column = neighbour.map_or(0, |line| line.column);
    lines.insert(at, row);
}

/// Words of Latin script keep a blank between them; nothing else gets one, neither a number broken
/// in two nor an address.
pub(super) fn join(text: &mut String, next: &str) {
    text.truncate(text.trim_end().len());
    let next = next.trim_start();
    let word = |c: char| c.is_ascii_graphic() && !"-/".contains(c);
    let digit = |c: char| c.is_ascii_digit();
    let latin = text.ends_with(word) && next.starts_with(|c: char| c.is_ascii_graphic());
    if latin && !(text.ends_with(digit) && next.starts_with(digit)) {
        text.push(' ');
    }
    text.push_str(next);
}

/// Turns a glyph so that its text reads from left to right and lines follow downwards.
fn place(glyph: &Glyph, width: f64, height: f64) -> Placed<'_> {
    let (x, y) = (glyph.to.0 - glyph.from.0, glyph.to.1 - glyph.from.1);
    let slant = x.abs().min(y.abs()) / x.abs().max(y.abs()).max(1e-9);
    let way = if x == 0.0 && y == 0.0 {
        Way::Right
    } else if slant > 0.15 {
        Way::Askew
    } else if x.abs() > y.abs() {
        if x > 0.0 { Way::Right } else { Way::Left }
    } else if y > 0.0 {
        Way::Down
    } else {
        Way::Up
    };
    let turn = |(x, y): (f64, f64)| match way {
        Way::Right | Way::Askew => (x, y),
        Way::Down => (y, width - x),
        Way::Left => (width - x, height - y),
        Way::Up => (height - y, x),
    };
    let (from, to) = (turn(glyph.from), turn(glyph.to));
    Placed {
        glyph,
        way,
        begin: from.0,
        end: to.0.max(from.0),
        base: from.1,
    }
}

/// Puts glyphs on rows: those whose heights overlap by more than half.
fn rows(placed: Vec<Placed<'_>>) -> Vec<Row<'_>> {
    let mut runs: Vec<Row<'_>> = Vec::new();
    for glyph in placed {
        let size = glyph.glyph.size;
        match runs.last_mut() {
            Some(run)
                if (run.base - glyph.base).abs() < 0.05 * size
                    && (run.size - size).abs() < 0.05 * size =>
            {
                run.glyphs.push(glyph);
            }
            _ => runs.push(Row {
                base: glyph.base,
                size,
                glyphs: vec![glyph],
            }),
        }
    }
    // Large type first would pull neighbours in; from top to bottom each run meets the rows above it.
    runs.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut rows: Vec<Row<'_>> = Vec::new();
    for run in runs {
        let near = rows.len().saturating_sub(4);
        let found = rows[near..].iter_mut().rev().find(|row| overlap(row, &run));
        match found {
            Some(row) => {
                if run.size > row.size {
                    (row.base, row.size) = (run.base, run.size);
                }
                row.glyphs.extend(run.glyphs);
            }
            None => rows.push(run),
        }
    }
    rows.sort_by(|a, b| a.base.total_cmp(&b.base));
    for row in &mut rows {
        row.glyphs.sort_by(|a, b| a.begin.total_cmp(&b.begin));
        drop_overprint(&mut row.glyphs);
    }
    rows
}

fn overlap(row: &Row<'_>, run: &Row<'_>) -> bool {
    let top = (row.base - 0.85 * row.size).max(run.base - 0.85 * run.size);
    let bottom = (row.base + 0.15 * row.size).min(run.base + 0.15 * run.size);
    bottom - top > 0.6 * row.size.min(run.size)
}

/// Bold type imitated by printing twice is read once.
fn drop_overprint(glyphs: &mut Vec<Placed<'_>>) {
    let mut last: Option<(f64, std::rc::Rc<str>)> = None;
    glyphs.retain(|glyph| {
        let again = last.as_ref().is_some_and(|(begin, text)| {
            glyph.begin - begin < 0.2 * glyph.glyph.size && *text == glyph.glyph.text
        });
        last = Some((glyph.begin, glyph.glyph.text.clone()));
        !again || glyph.end <= glyph.begin
    });
}

/// A row as text; gaps without a blank become one.
fn line(row: &Row<'_>) -> Option<Line> {
    let stretches = stretches(row);
    let (left, right) = (stretches.first()?.0, stretches.last()?.1);
    let mut text = String::new();
    let mut end: Option<f64> = None;
    for (index, glyph) in row.glyphs.iter().enumerate() {
        let new_cell = stretches.iter().skip(1).any(|s| s.2 == index);
        if new_cell {
            text.truncate(text.trim_end().len());
            text.push('\t');
        } else if let Some(end) = end {
            let gap = (glyph.begin - end) / glyph.glyph.size.min(row.size);
            let narrow = |c: char| !c.is_whitespace() && c < '\u{2e80}';
            let latin = text.ends_with(narrow) && glyph.glyph.text.starts_with(narrow);
            let blank = text.ends_with(char::is_whitespace)
                || glyph.glyph.text.starts_with(char::is_whitespace);
            if !blank && gap > if latin { 0.18 } else { 0.8 } {
                text.push(' ');
            }
        }
        text.extend(glyph.glyph.text.chars().filter(|c| !c.is_control()));
        end = Some(end.map_or(glyph.end, |end| end.max(glyph.end)));
    }
    let marked = row
        .glyphs
        .iter()
        .all(|g| g.glyph.pagination || g.is_blank());
    Some(Line {
        text,
        left,
        right,
        base: row.base,
        size: row.size,
        cells: stretches.iter().map(|s| s.0).collect(),
        row: false,
        column: 0,
        along: true,
        pagination: marked,
    })
}
