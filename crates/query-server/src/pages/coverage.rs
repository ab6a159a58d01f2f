//! `/coverage`: which documents there are, by place and year and by place and theme, so that a hit that is
//! missing is read rightly.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use duibiao_search::{Coverage, Grid, GridRow};

use super::{Frame, grouped, links, page};
use crate::app::App;
use crate::fault::Fault;
use crate::parameters::{NoParameters, Parameters, UnitName};

/// Years that have a column of their own, the latest; those before share one.
const YEARS: usize = 12;
/// Shades of cells.
const SHADES: f64 = 5.0;

#[derive(Template)]
#[template(path = "coverage.html")]
struct CoveragePage {
    frame: Frame,
    documents: String,
    tables: Vec<HeatTable>,
    /// What is not known: in words, how many documents, and their address.
    unknown: Vec<(&'static str, String, String)>,
    neither: String,
    /// Reasons, with how many files.
    unreadable: Vec<(String, String)>,
    unreadable_files: String,
}

/// A table whose cells are the darker the more documents they stand for.
struct HeatTable {
    id: &'static str,
    title: &'static str,
    note: &'static str,
    corner: &'static str,
    heads: Vec<Cell>,
    rows: Vec<(Cell, Vec<Cell>)>,
}

/// A number with its search, or nothing.
struct Cell {
    label: String,
    count: u64,
    total: String,
    url: String,
    shade: u8,
}

pub(crate) async fn coverage(
    State(app): State<Arc<App>>,
    Parameters(NoParameters {}): Parameters<NoParameters>,
) -> Result<Response, Fault> {
    let found = Arc::clone(&app)
        .ask(|engine, deadline| engine.coverage(deadline))
        .await?;
    let files: u64 = found.unreadable.iter().map(|reason| reason.files).sum();
    page(&CoveragePage {
        frame: Frame::new(&app, None),
        documents: grouped(found.documents),
        unknown: unknown(&found),
        neither: grouped(found.unknown.year_and_province),
        unreadable: found
            .unreadable
            .iter()
            .map(|reason| (reason.reason.clone(), grouped(reason.files)))
            .collect(),
        unreadable_files: grouped(files),
        tables: vec![
            table(
                "years",
                "省份与年份",
                "年份是文件的年份，不是数据的年份。",
                ("province", "year"),
                &earlier_together(found.province_by_year),
            ),
            table(
                "themes",
                "城市与主题",
                "一份文件可有几个主题，横行相加可多于文件数；省级和国家级文件没有城市，列在“不详”一行。",
                ("city", "theme"),
                &found.city_by_theme,
            ),
        ],
    })
}

fn unknown(found: &Coverage) -> Vec<(&'static str, String, String)> {
    let unknown = found.unknown;
    let values = [
        ("没有年份", "year", unknown.year),
        ("没有省份（国家级或不详）", "province", unknown.province),
        ("没有城市（国家级、省级或不详）", "city", unknown.city),
        ("没有主题", "theme", unknown.theme),
    ];
    let values = values.into_iter().filter(|(_, _, count)| *count > 0);
    values
        .map(|(label, name, count)| {
            let url = links::filtered(name, "", Some(UnitName::Document));
            (label, grouped(count), url)
        })
        .collect()
}

/// Many years before the latest in one column.
fn earlier_together(mut grid: Grid) -> Grid {
    let dated = grid.columns.iter().filter(|c| !c.value.is_empty()).count();
    let Some(earlier) = dated.checked_sub(YEARS).filter(|earlier| *earlier > 1) else {
        return grid;
    };
    let last = &mut grid.columns[earlier - 1];
    last.label = format!("{} 及以前", last.value);
    last.value = format!("..{}", last.value);
    let totals = grid
        .columns
        .drain(..earlier - 1)
        .map(|c| c.total)
        .sum::<u64>();
    grid.columns[0].total += totals;
    for GridRow { cells, .. } in &mut grid.rows {
        let sum = cells.drain(..earlier - 1).sum::<u64>();
        cells[0] += sum;
    }
    grid
}

fn table(
    id: &'static str,
    title: &'static str,
    note: &'static str,
    (rows, columns): (&'static str, &'static str),
    grid: &Grid,
) -> HeatTable {
    let most = grid.rows.iter().flat_map(|row| &row.cells).max();
    let most = most.copied().unwrap_or(0);
    let cell = |label: &str, count: u64, url: String, shade: u8| Cell {
        label: label.to_owned(),
        count,
        total: grouped(count),
        url,
        shade,
    };
    let of = |name: &str, value: &str| links::filtered(name, value, Some(UnitName::Document));
    HeatTable {
        id,
        title,
        note,
        corner: if rows == "province" {
            "省份"
        } else {
            "城市"
        },
        heads: grid
            .columns
            .iter()
            .map(|c| cell(&c.label, c.total, of(columns, &c.value), 0))
            .collect(),
        rows: grid
            .rows
            .iter()
            .map(|row| {
                let head = &row.value;
                let cells = row.cells.iter().zip(&grid.columns).map(|(count, column)| {
                    let url = links::filtered_twice((rows, &head.value), (columns, &column.value));
                    let label = format!("{} {}", head.label, column.label);
                    cell(&label, *count, url, shade(*count, most))
                });
                let cells = cells.collect();
                (
                    cell(&head.label, head.total, of(rows, &head.value), 0),
                    cells,
                )
            })
            .collect(),
    }
}

/// 0 for nothing, else 1 to [`SHADES`] on a logarithmic scale: ten documents and a thousand are told
/// apart from one.
fn shade(count: u64, most: u64) -> u8 {
    if count == 0 {
        return 0;
    }
    let share = (count as f64).ln_1p() / (most.max(1) as f64).ln_1p();
    (share * SHADES).ceil().clamp(1.0, SHADES) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use duibiao_search::GridValue;

    #[test]
    fn the_darkest_cell_has_most_and_an_empty_one_no_shade() {
        assert_eq!([0, 1, 1_000].map(|count| shade(count, 1_000)), [0, 1, 5]);
        assert_eq!(shade(1, 1), 5);
    }

    #[test]
    fn early_years_share_a_column_and_nothing_is_lost() {
        let value = |value: &str, total: u64| GridValue {
            value: value.to_owned(),
            label: value.to_owned(),
            total,
        };
        let mut columns: Vec<GridValue> = (2001..=2016).map(|y| value(&y.to_string(), 1)).collect();
        columns.push(value("", 3));
        let row = GridRow {
            value: value("230000", 19),
            cells: [vec![1; 16], vec![3]].concat(),
        };
        let grid = earlier_together(Grid {
            columns,
            rows: vec![row],
        });
        assert_eq!(grid.columns.len(), YEARS + 2);
        assert_eq!(
            (grid.columns[0].value.as_str(), grid.columns[0].total),
            ("..2004", 4)
        );
        assert_eq!(grid.rows[0].cells[0], 4);
        assert_eq!(grid.rows[0].cells.iter().sum::<u64>(), 19);
    }
}
