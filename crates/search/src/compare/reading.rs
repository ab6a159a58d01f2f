//! Which rows are shown, and what is read of their cells: the best hits with their figures, near-copies
//! left out, and the sources numbered as they come.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use duibiao_corpus::{DocumentId, Level, NamedPlace, PassageKind, PlaceRole, ThemeId};
use duibiao_index::Sketch;
use serde::Deserialize;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED};

use crate::collect::{FACETS, Found};
use crate::compare::gather::{Gathered, GatheredCell, Pool};
use crate::compare::shape::{
    Cell, CellHit, CellState, ComparedRow, Comparison, MentionKind, Source,
};
use crate::compare::together::Together;
use crate::compare::{Ground, MOST_COMPARED_ROWS};
use crate::engine::text_of;
use crate::error::{Error, engine};
use crate::hit::{self, Stored};
use crate::response::QueryInfo;
use crate::snippet::Marks;
use crate::statistics::postings;

/// Equal bytes of two sketches from which texts are compared, and the share of common stretches from
/// which one is a copy of the other: as in a search that shows them as one.
pub(super) const ALIKE: u32 = 6;
pub(super) const COPY: f32 = 0.85;
/// Rows that are read so that enough of them have something to show.
const MOST_READ_ROWS: usize = 2 * MOST_COMPARED_ROWS;
/// The label of passages without a theme.
const NO_THEME: &str = "未归主题";
/// What stands between a theme and a term.
const BETWEEN: &str = " · ";

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
    let mut reader = Reader::new(ground)?;
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
        let shown = reader.row(row, &row_cells);
        let read = row_cells.into_iter().enumerate();
        let (theme, _) = ground.rows.of_row(row);
        let theme = ground.rows.themes[theme].id.as_ref();
        let read = read.map(|(column, cell)| reader.cell(column, cell, theme));
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
    reader.number_sources(&mut comparison)?;
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

/// Reads hits, and numbers their documents.
struct Reader<'g> {
    ground: &'g Ground<'g>,
    marks: Marks,
    together: Option<Together<'g>>,
}

/// What is read of a document's entry.
#[derive(Deserialize)]
struct Whole {
    #[serde(default)]
    partial: bool,
}

impl<'g> Reader<'g> {
    fn new(ground: &'g Ground<'g>) -> Result<Self, Error> {
        Ok(Self {
            marks: Marks::new(ground.search.term, ground.search.added),
            together: Together::new(
                ground.search.term,
                ground.search.added,
                &ground.search.engine.analyzer,
            ),
            ground,
        })
    }

    fn row(&self, row: usize, cells: &[GatheredCell]) -> ComparedRow {
        let (theme, term) = self.ground.rows.of_row(row);
        let theme = &self.ground.rows.themes[theme];
        let engine = self.ground.search.engine;
        let name = theme.id.as_ref().and_then(|id| engine.theme_name(id));
        let query = self.ground.search.request.query.trim();
        let is_alone = self.ground.columns.columns.iter().all(|c| c.total == 0);
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

    fn cell(
        &mut self,
        column: usize,
        cell: GatheredCell,
        theme: Option<&ThemeId>,
    ) -> Result<Cell, Error> {
        let (total, passing) = (cell.found.total, cell.mentioned.total);
        let (partial_total, elsewhere_total) = (cell.partial.total, cell.elsewhere.total);
        let (found, apart) = self.hits(cell.found, None, theme)?;
        if !found.is_empty() {
            return Ok(told(CellState::Found, total, found));
        }
        let (context, context_apart) =
            self.hits(cell.mentioned, Some(MentionKind::Context), theme)?;
        let (partial, _) = self.hits(cell.partial, Some(MentionKind::Partial), theme)?;
        let (elsewhere, _) = self.hits(cell.elsewhere, Some(MentionKind::Elsewhere), theme)?;
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
        let has_documents = self.ground.columns.columns[column].documents > 0;
        let state = if has_documents {
            CellState::NotFound
        } else {
            CellState::NoDocuments
        };
        Ok(told(state, 0, Vec::new()))
    }

    /// The best hits of a pool, near-copies of better ones left out: those that say what was typed,
    /// and those that only have its words.
    fn hits(
        &mut self,
        pool: Pool,
        mention: Option<MentionKind>,
        theme: Option<&ThemeId>,
    ) -> Result<(Vec<CellHit>, Vec<CellHit>), Error> {
        let limit = self.ground.search.request.limit;
        let (mut together, mut apart) = (Vec::with_capacity(limit), Vec::new());
        let whole = self.together.as_ref();
        let whole = whole.filter(|_| mention != Some(MentionKind::Partial));
        for found in self.telling(pool.best.into_sorted(), theme)? {
            let sketch = self.sketch(&found)?;
            let mut hit = self.hit(&found, sketch, mention)?;
            let hits = if whole.is_none_or(|whole| whole.holds(&hit.hit)) {
                &mut together
            } else {
                hit.mention = Some(MentionKind::Apart);
                &mut apart
            };
            let alike = |other: &&CellHit| Sketch::alike(other.sketch, sketch) >= ALIKE;
            let mut alike = hits.iter().filter(alike);
            let mut is_left_out = || alike.any(|other| is_copy(other, &hit, self.ground));
            if !self.ground.columns.is_pinned && is_left_out() {
                continue;
            }
            if hits.len() < limit {
                hits.push(hit);
            }
            if together.len() == limit {
                break;
            }
        }
        Ok((together, apart))
    }

    /// Hits of a theme alone, those first whose own words say most of it.
    fn telling(&self, hits: Vec<Found>, theme: Option<&ThemeId>) -> Result<Vec<Found>, Error> {
        let search = self.ground.search;
        let taxonomy = search.engine.lexicon().taxonomy();
        let theme = theme.and_then(|id| taxonomy.index_of(id));
        let Some(theme) = theme.filter(|_| !search.term.is_positive_text()) else {
            return Ok(hits);
        };
        let mut told: Vec<(f32, Found)> = Vec::with_capacity(hits.len());
        for found in hits {
            search.deadline().check().map_err(engine)?;
            let entry = search.read(found.address)?;
            let text = text_of(&entry, search.engine.fields.original);
            let text = search.engine.analyzer.comparable(text);
            let mut terms: BTreeMap<&str, f32> = BTreeMap::new();
            for term in taxonomy.find_terms(&text) {
                let votes = term.votes.iter().filter(|(voted, _)| *voted == theme);
                for (_, weight) in votes {
                    terms.insert(term.term, *weight);
                }
            }
            told.push((terms.values().sum(), found));
        }
        told.sort_by(|a, b| b.0.total_cmp(&a.0));
        Ok(told.into_iter().map(|(_, found)| found).collect())
    }

    fn hit(
        &self,
        found: &Found,
        sketch: u64,
        mention: Option<MentionKind>,
    ) -> Result<CellHit, Error> {
        let search = self.ground.search;
        search.deadline().check().map_err(engine)?;
        let stored = Stored {
            fields: &search.engine.fields,
            passage: Some(search.read(found.address)?),
            document: None,
            whole: true,
            style: search.request.citation,
        };
        let (mut hit, beside) =
            hit::show_beside(&stored, found, &self.marks, &search.engine.analyzer)?;
        hit.partial = mention == Some(MentionKind::Partial);
        let mention = match (mention, hit.kind) {
            (Some(MentionKind::Context), Some(PassageKind::Annex)) => Some(MentionKind::Annex),
            (mention, _) => mention,
        };
        let is_elsewhere = |place: &NamedPlace| place.role != PlaceRole::Own;
        Ok(CellHit {
            level: self.level(found.address),
            figures: beside.figures,
            places: beside.places.into_iter().filter(is_elsewhere).collect(),
            is_time_inferred: beside.is_time_inferred,
            is_excerpt: false,
            source: 0,
            mention,
            sketch,
            hit,
        })
    }

    /// Numbers the documents of hits as they come.
    fn number_sources(&self, comparison: &mut Comparison) -> Result<(), Error> {
        /// For each document its number, and whether it is only part of the original.
        type Known = HashMap<String, (usize, bool)>;
        let mut known = Known::new();
        let cells = comparison.cells.iter_mut().flatten();
        for hit in cells.flat_map(|cell| &mut cell.hits) {
            let (number, is_excerpt) = match known.get(&hit.hit.document_id) {
                Some(known) => *known,
                None => {
                    let document = DocumentId::from_str(&hit.hit.document_id);
                    let is_excerpt = match document {
                        Ok(document) => self.is_excerpt(document)?,
                        Err(_) => false,
                    };
                    comparison.sources.push(Source {
                        number: comparison.sources.len() + 1,
                        document_id: hit.hit.document_id.clone(),
                        path: hit.hit.path.clone(),
                        citation: hit.hit.citation.clone(),
                    });
                    let is_known = (comparison.sources.len(), is_excerpt);
                    known.insert(hit.hit.document_id.clone(), is_known);
                    is_known
                }
            };
            hit.source = number;
            hit.is_excerpt = is_excerpt;
        }
        Ok(())
    }

    /// Whether a document says that it is only part of the original.
    fn is_excerpt(&self, document: DocumentId) -> Result<bool, Error> {
        let search = self.ground.search;
        let fields = &search.engine.fields;
        let key = fields.document_term(document);
        let readers = search.snapshot.searcher.segment_readers().iter();
        for (number, segment) in readers.enumerate() {
            let entries = postings(segment, &key, IndexRecordOption::Basic).map_err(engine)?;
            let Some(mut entries) = entries else { continue };
            while entries.doc() != TERMINATED {
                let doc = entries.doc();
                let ordinal = search.snapshot.profiles.ordinal(number, doc);
                if ordinal == 0 && !segment.is_deleted(doc) {
                    let entry = search.read(DocAddress::new(number as u32, doc))?;
                    let whole: Whole = serde_json::from_str(text_of(&entry, fields.body))?;
                    return Ok(whole.partial);
                }
                entries.advance();
            }
        }
        Ok(false)
    }

    fn sketch(&self, found: &Found) -> Result<u64, Error> {
        let searcher = &self.ground.search.snapshot.searcher;
        let segment = searcher.segment_reader(found.address.segment_ord);
        let column = segment.fast_fields().u64("sketch").map_err(engine)?;
        Ok(column.first(found.address.doc_id).unwrap_or(0))
    }

    fn level(&self, address: DocAddress) -> Option<Level> {
        let profiles = &self.ground.search.snapshot.profiles;
        let position = FACETS.iter().position(|facet| *facet == "level")?;
        let entry = profiles.segment(address.segment_ord as usize)[address.doc_id as usize];
        let facet = &profiles.facets()[position];
        let value = facet.held.values(entry.document as usize).first()?;
        Level::from_name(&facet.values[*value as usize])
    }
}

/// A cell with what it tells.
fn told(state: CellState, total: u64, hits: Vec<CellHit>) -> Cell {
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

/// Whether two hits are nearly the same text.
fn is_copy(one: &CellHit, other: &CellHit, ground: &Ground<'_>) -> bool {
    let text = |hit: &CellHit| {
        let text = hit.hit.text.as_deref().unwrap_or_default();
        ground.search.engine.analyzer.comparable(text)
    };
    Sketch::likeness(&text(one), &text(other)) >= COPY
}
