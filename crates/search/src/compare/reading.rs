//! Which rows are shown, and what stands in their cells. Hits are read in [`super::hits`].

use std::collections::HashMap;

use duibiao_corpus::ThemeId;

use crate::compare::gather::{Gathered, GatheredCell};
use crate::compare::hits::{Reader, number_sources};
use crate::compare::shape::{Cell, CellHit, CellState, ComparedRow, Comparison, MentionKind};
use crate::compare::{Ground, MOST_COMPARED_ROWS};
use crate::error::Error;
use crate::response::QueryInfo;

/// Rows that are read so that enough of them have something to show.
const MOST_READ_ROWS: usize = 2 * MOST_COMPARED_ROWS;
/// The label of passages without a theme.
pub(super) const NO_THEME: &str = "未归主题";
/// What stands between a theme and a term.
pub(super) const BETWEEN: &str = " · ";

/// Reads the rows that are shown. Matches of the others are counted in no row.
pub(super) fn read(ground: &Ground<'_>, gathered: Gathered) -> Result<Comparison, Error> {
    let columns = ground.columns.len();
    let mut cells: Vec<Option<Vec<GatheredCell>>> = Vec::new();
    let mut rest = gathered.cells;
    while columns > 0 && !rest.is_empty() {
        let behind = rest.split_off(columns.min(rest.len()));
        cells.push(Some(std::mem::replace(&mut rest, behind)));
    }
    let order = order(ground, &cells);
    let reader = Reader::new(ground.search).keeping_copies(ground.columns.is_pinned);
    let mut comparison = Comparison {
        query: QueryInfo {
            text: String::new(),
            resolved: String::new(),
            expansions: Vec::new(),
        },
        by: ground.columns.by,
        columns: ground.columns.columns.clone(),
        rows: Vec::new(),
        cells: Vec::new(),
        caveats: Vec::new(),
        sources: Vec::new(),
        total: ground.columns.total,
        pinned: false,
        took_ms: 0.0,
        asked: Vec::new(),
    };
    let mut dropped: Vec<(ComparedRow, Vec<Cell>)> = Vec::new();
    for row in order {
        let Some(row_cells) = cells[row].take() else {
            continue;
        };
        let shown = row_of(ground, row, &row_cells);
        let read = row_cells.into_iter().enumerate();
        let (theme, _) = ground.rows.of_row(row);
        let theme = ground.rows.themes[theme].id.as_ref();
        let read = read.map(|(column, cell)| cell_of(ground, &reader, column, cell, theme));
        let read = read.collect::<Result<Vec<_>, _>>()?;
        if read.iter().any(|cell| cell.state == CellState::Found) {
            comparison.rows.push(shown);
            comparison.cells.push(read);
        } else {
            dropped.push((shown, read));
        }
        if comparison.rows.len() == MOST_COMPARED_ROWS {
            break;
        }
    }
    keep_mentions(&mut comparison, dropped);
    number_sources(&mut comparison, ground.search)?;
    refer(&mut comparison);
    Ok(comparison)
}

/// Mentions make no row, but the first row shows them where a column has nothing else at all; where
/// there is no row, one of them becomes it.
fn keep_mentions(comparison: &mut Comparison, dropped: Vec<(ComparedRow, Vec<Cell>)>) {
    let mut dropped = dropped.into_iter();
    if comparison.rows.is_empty()
        && let Some((row, cells)) = dropped.next()
    {
        comparison.rows.push(row);
        comparison.cells.push(cells);
    }
    for (_, cells) in dropped {
        for (column, cell) in cells.into_iter().enumerate() {
            let has_nothing = |row: &Vec<Cell>| row[column].state == CellState::NotFound;
            if cell.state == CellState::Mentioned && comparison.cells.iter().all(has_nothing) {
                comparison.cells[0][column] = cell;
            }
        }
    }
}

/// Lets cells without anything refer to rows of the same theme.
fn refer(comparison: &mut Comparison) {
    let themes: Vec<_> = comparison
        .rows
        .iter()
        .map(|row| row.theme.clone())
        .collect();
    let has = |row: &Vec<Cell>| -> Vec<bool> {
        row.iter()
            .map(|cell| cell.state == CellState::Found)
            .collect()
    };
    let found: Vec<Vec<bool>> = comparison.cells.iter().map(has).collect();
    for (row, cells) in comparison.cells.iter_mut().enumerate() {
        for (column, cell) in cells.iter_mut().enumerate() {
            if cell.state == CellState::NotFound {
                let others = (0..themes.len()).filter(|other| themes[*other] == themes[row]);
                let others = others.filter(|other| found[*other][column]);
                cell.see = others.map(|other| other + 1).collect();
            }
        }
    }
}

/// The numbers of the rows that may be shown, in order: themes by how many columns they are found in,
/// what the query is about first, and so the rows of each; a theme's own row comes last.
fn order(ground: &Ground<'_>, cells: &[Option<Vec<GatheredCell>>]) -> Vec<usize> {
    /// Smaller comes first.
    type Place = (bool, usize, u64, u64);
    let place = |row: usize| -> Option<Place> {
        let cells = cells[row].as_ref()?;
        let found = cells.iter().filter(|cell| cell.found.total > 0);
        let total: u64 = found.clone().map(|cell| cell.found.total).sum();
        let best = found.clone().filter_map(|cell| cell.found.best.first());
        let best = best.map(|order| order.primary).min();
        let is_topic = ground.rows.themes[ground.rows.of_row(row).0].is_topic;
        (total > 0).then(|| {
            let columns = found.count();
            let by_score = if ground.search.term.is_positive_text() {
                best.unwrap_or(u64::MAX)
            } else {
                0
            };
            (!is_topic, usize::MAX - columns, by_score, u64::MAX - total)
        })
    };
    let places: Vec<Option<Place>> = (0..cells.len()).map(place).collect();
    if cells.iter().len() > 0 && places.iter().all(Option::is_none) {
        // Nothing is found anywhere: one row to say so, and what is mentioned.
        return vec![cells.len() - 1];
    }
    let mut of_themes: HashMap<usize, Place> = HashMap::new();
    for (row, place) in places.iter().enumerate() {
        if let Some(place) = place {
            let theme = ground.rows.of_row(row).0;
            let best = of_themes.entry(theme).or_insert(*place);
            *best = (*best).min(*place);
        }
    }
    let mut rows: Vec<(bool, Place, usize, bool, Place, usize)> = places
        .iter()
        .enumerate()
        .filter_map(|(row, place)| {
            let (theme, term) = ground.rows.of_row(row);
            let has_no_theme = ground.rows.themes[theme].id.is_none();
            let of_theme = of_themes.get(&theme)?;
            Some((
                has_no_theme,
                *of_theme,
                theme,
                term.is_none(),
                (*place)?,
                row,
            ))
        })
        .collect();
    rows.sort_unstable();
    rows.truncate(MOST_READ_ROWS);
    rows.into_iter().map(|(.., row)| row).collect()
}

fn row_of(ground: &Ground<'_>, row: usize, cells: &[GatheredCell]) -> ComparedRow {
    let (theme, term) = ground.rows.of_row(row);
    let theme = &ground.rows.themes[theme];
    let engine = ground.search.engine;
    let name = theme.id.as_ref().and_then(|id| engine.theme_name(id));
    let query = ground.search.request.query.trim();
    let is_alone = ground.columns.columns.iter().all(|c| c.total == 0);
    let name = match name {
        Some(name) => name,
        None if is_alone && !query.is_empty() => query,
        None => NO_THEME,
    };
    let term = term.map(|term| &theme.terms[term]);
    ComparedRow {
        theme: theme.id.clone(),
        label: match term {
            Some(term) => format!("{name}{BETWEEN}{}", term.text),
            None if theme.terms.is_empty() => name.to_owned(),
            None => format!("{name}{BETWEEN}其他"),
        },
        words: term.map(|term| term.forms.clone()).unwrap_or_default(),
        total: cells.iter().map(|cell| cell.found.total).sum(),
        quantities: Vec::new(),
    }
}

fn cell_of(
    ground: &Ground<'_>,
    reader: &Reader<'_>,
    column: usize,
    cell: GatheredCell,
    theme: Option<&ThemeId>,
) -> Result<Cell, Error> {
    let (total, passing) = (cell.found.total, cell.mentioned.total);
    let (partial_total, elsewhere_total) = (cell.partial.total, cell.elsewhere.total);
    let (found, apart) = reader.hits(cell.found.best.into_sorted(), None, theme)?;
    if !found.is_empty() {
        return Ok(told(CellState::Found, total, found));
    }
    let (context, context_apart) = reader.hits(
        cell.mentioned.best.into_sorted(),
        Some(MentionKind::Context),
        theme,
    )?;
    let (partial, _) = reader.hits(
        cell.partial.best.into_sorted(),
        Some(MentionKind::Partial),
        theme,
    )?;
    let (elsewhere, _) = reader.hits(
        cell.elsewhere.best.into_sorted(),
        Some(MentionKind::Elsewhere),
        theme,
    )?;
    let mentions = [
        (passing, context),
        (total, apart),
        (passing, context_apart),
        (partial_total, partial),
        (elsewhere_total, elsewhere),
    ];
    let mention = mentions.into_iter().find(|(_, hits)| !hits.is_empty());
    if let Some((total, hits)) = mention {
        return Ok(told(CellState::Mentioned, total, hits));
    }
    let has_documents = ground.columns.columns[column].documents > 0;
    let state = if has_documents {
        CellState::NotFound
    } else {
        CellState::NoDocuments
    };
    Ok(told(state, 0, Vec::new()))
}

/// A cell with what it tells.
pub(super) fn told(state: CellState, total: u64, hits: Vec<CellHit>) -> Cell {
    let first = hits.first();
    Cell {
        state,
        total,
        figures: first.map(|hit| hit.figures.clone()).unwrap_or_default(),
        hits,
        caveats: Vec::new(),
        see: Vec::new(),
    }
}
