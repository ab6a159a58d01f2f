//! What is read of the best hits: their passages with figures, near-copies left out, and their documents
//! numbered as they come.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use duibiao_corpus::{DocumentId, Level, NamedPlace, PassageKind, PlaceRole, ThemeId};
use duibiao_index::Sketch;
use serde::Deserialize;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED};

use crate::collect::{FACETS, Found};
use crate::compare::shape::{CellHit, Comparison, MentionKind};
use crate::compare::together::Together;
use crate::engine::text_of;
use crate::error::{Error, engine};
use crate::hit::{self, Stored};
use crate::run::Search;
use crate::snippet::Marks;
use crate::sources::Source;
use crate::statistics::postings;

/// Equal bytes of two sketches from which texts are compared, and the share of common stretches from
/// which one is a copy of the other: as in a search that shows them as one.
pub(super) const ALIKE: u32 = 6;
pub(super) const COPY: f32 = 0.85;

/// Reads hits.
pub(super) struct Reader<'g> {
    search: &'g Search<'g>,
    /// What is marked in the hits.
    pub(super) marks: Marks,
    together: Option<Together<'g>>,
    /// Whether near-copies of better hits are read too.
    keeps_copies: bool,
}

/// What is read of a document's entry.
#[derive(Deserialize)]
struct Whole {
    #[serde(default)]
    partial: bool,
}

impl<'g> Reader<'g> {
    pub(super) fn new(search: &'g Search<'g>) -> Self {
        let analyzer = &search.engine.analyzer;
        Self {
            marks: Marks::new(search.term, search.added),
            together: Together::new(search.term, search.added, analyzer),
            search,
            keeps_copies: false,
        }
    }

    /// One that reads near-copies of better hits too.
    pub(super) fn keeping_copies(self, keeps_copies: bool) -> Self {
        Self {
            keeps_copies,
            ..self
        }
    }

    /// The best of some hits, near-copies of better ones left out: those that say what was typed,
    /// and those that only have its words.
    pub(super) fn hits(
        &self,
        best: Vec<Found>,
        mention: Option<MentionKind>,
        theme: Option<&ThemeId>,
    ) -> Result<(Vec<CellHit>, Vec<CellHit>), Error> {
        let limit = self.search.request.limit;
        let (mut together, mut apart) = (Vec::with_capacity(limit), Vec::new());
        let whole = self.together.as_ref();
        let whole = whole.filter(|_| mention != Some(MentionKind::Partial));
        for found in self.telling(best, theme)? {
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
            let mut is_left_out = || alike.any(|other| is_copy(other, &hit, self.search));
            if !self.keeps_copies && is_left_out() {
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
        let search = self.search;
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
        let search = self.search;
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
            shared: Vec::new(),
            sketch,
            hit,
        })
    }

    fn sketch(&self, found: &Found) -> Result<u64, Error> {
        let searcher = &self.search.snapshot.searcher;
        let segment = searcher.segment_reader(found.address.segment_ord);
        let column = segment.fast_fields().u64("sketch").map_err(engine)?;
        Ok(column.first(found.address.doc_id).unwrap_or(0))
    }

    fn level(&self, address: DocAddress) -> Option<Level> {
        let profiles = &self.search.snapshot.profiles;
        let position = FACETS.iter().position(|facet| *facet == "level")?;
        let entry = profiles.segment(address.segment_ord as usize)[address.doc_id as usize];
        let facet = &profiles.facets()[position];
        let value = facet.held.values(entry.document as usize).first()?;
        Level::from_name(&facet.values[*value as usize])
    }
}

/// Numbers the documents of hits as they come.
pub(super) fn number_sources(
    comparison: &mut Comparison,
    search: &Search<'_>,
) -> Result<(), Error> {
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
                    Ok(document) => is_excerpt(document, search)?,
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
fn is_excerpt(document: DocumentId, search: &Search<'_>) -> Result<bool, Error> {
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

/// Whether two hits are nearly the same text.
fn is_copy(one: &CellHit, other: &CellHit, search: &Search<'_>) -> bool {
    let text = |hit: &CellHit| {
        let text = hit.hit.text.as_deref().unwrap_or_default();
        search.engine.analyzer.comparable(text)
    };
    Sketch::likeness(&text(one), &text(other)) >= COPY
}
