//! Cells in which nothing is found are looked for once more: among passages with some of what was asked
//! for, and in documents of elsewhere that name the column's place. Neither is a measure of the
//! place, and neither ever makes a row.

use duibiao_corpus::Passage;
use duibiao_lexicon::Place;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Term as Key, schema::Field};

use crate::collect::{Found, Plan, collect};
use crate::compare::gather::{Gathered, gather_others};
use crate::compare::matches::Matches;
use crate::compare::{Axis, Ground};
use crate::engine::text_of;
use crate::error::{Error, engine};
use crate::filter::Resolved;
use crate::matching::Added;

/// Passages of elsewhere that are read for a column.
const MOST_READ: usize = 20;

/// Adds mentions to cells that have nothing.
pub(super) fn add(
    ground: &Ground<'_>,
    matches: &Matches,
    gathered: &mut Gathered,
) -> Result<(), Error> {
    let empty: Vec<usize> = (0..ground.columns.len())
        .filter(|column| ground.columns.columns[*column].documents > 0)
        .filter(|column| is_wanting(ground, gathered, *column))
        .collect();
    if !empty.is_empty() {
        add_partial(ground, matches, gathered)?;
    }
    if ground.columns.by != Axis::Year {
        for column in 0..ground.columns.len() {
            if is_wanting(ground, gathered, column) {
                add_elsewhere(ground, column, gathered)?;
            }
        }
    }
    Ok(())
}

/// Whether a column has nothing where another has something, or where there is nothing at all.
fn is_wanting(ground: &Ground<'_>, gathered: &Gathered, column: usize) -> bool {
    let mut rows = gathered.cells.chunks(ground.columns.len());
    let has_any = ground.columns.columns.iter().any(|column| column.total > 0);
    rows.any(|row| {
        let is_row = !has_any || row.iter().any(|cell| cell.found.total > 0);
        is_row && row[column].is_empty()
    })
}

fn add_partial(
    ground: &Ground<'_>,
    matches: &Matches,
    gathered: &mut Gathered,
) -> Result<(), Error> {
    let search = ground.search;
    if search.request.match_all {
        return Ok(());
    }
    let Some(some) = search.some().map_err(engine)? else {
        return Ok(());
    };
    let partial = Matches::collect(
        some.as_ref(),
        search.filters,
        search.snapshot,
        search.deadline(),
    );
    let partial = gather_others(ground, &partial.map_err(engine)?, Some(matches));
    let sorted = partial.map_err(engine)?.cells;
    for (cell, partial) in gathered.cells.iter_mut().zip(sorted) {
        cell.partial = partial.found;
    }
    Ok(())
}

fn add_elsewhere(ground: &Ground<'_>, column: usize, gathered: &mut Gathered) -> Result<(), Error> {
    let search = ground.search;
    let fields = &search.engine.fields;
    let gazetteer = search.engine.lexicon().gazetteer();
    let value = ground.columns.columns[column].value.as_str();
    let Some(place) = value.parse().ok().and_then(|code| gazetteer.get(code)) else {
        return Ok(());
    };
    let field = match ground.columns.by {
        Axis::City => fields.city,
        Axis::Province => fields.province,
        Axis::Year => return Ok(()),
    };
    let name = search.engine.analyzer.comparable(&place.short);
    let naming = search.matcher(Added::Same).literal(&name);
    let matching = BooleanQuery::new(vec![
        (Occur::Must, search.full.box_clone()),
        (Occur::Must, naming),
        (Occur::MustNot, of_value(field, value)),
    ]);
    let filters: Vec<Resolved> = search
        .filters
        .iter()
        .filter(|filter| !matches!(filter.name, "province" | "city" | "county"))
        .cloned()
        .collect();
    let plan = Plan {
        filters: &filters,
        keep: MOST_READ,
        ..search.plan(&matching)
    };
    for found in collect(&plan, search.snapshot).map_err(engine)?.hits {
        if let Some(row) = named_row(ground, &found, place)? {
            let pool = &mut gathered.cells[row * ground.columns.len() + column].elsewhere;
            pool.total += 1;
            pool.best.offer(found);
        }
    }
    Ok(())
}

fn of_value(field: Field, value: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(
        Key::from_field_text(field, value),
        IndexRecordOption::Basic,
    ))
}

/// The row of a passage that really names the place.
fn named_row(ground: &Ground<'_>, found: &Found, place: &Place) -> Result<Option<usize>, Error> {
    let search = ground.search;
    let engine = search.engine;
    let entry = search.read(found.address)?;
    let passage: Passage = serde_json::from_str(text_of(&entry, engine.fields.body))?;
    let gazetteer = engine.lexicon().gazetteer();
    let is_it = |code| {
        gazetteer
            .get(code)
            .is_some_and(|named| named.lies_in(place))
    };
    if !passage.places.iter().any(|named| is_it(named.place.code)) {
        return Ok(None);
    }
    let segment = found.address.segment_ord as usize;
    let kind = search.snapshot.profiles.segment(segment)[found.address.doc_id as usize].kind();
    let mut texts = vec![
        engine
            .analyzer
            .comparable(text_of(&entry, engine.fields.original)),
    ];
    let around = passage.heading_path.iter();
    let around = around.chain(passage.problem.as_ref().map(|problem| &problem.text));
    texts.extend(around.map(|text| engine.analyzer.comparable(text)));
    Ok(Some(ground.rows.row_of_text(kind, &texts)))
}
