//! Near-identical hits shown as one: the best of them stands for all, the others are named behind
//! it. Only showing is concerned; `total` counts every copy.

use crate::collect::Found;
use crate::engine::text_of;
use crate::error::{Error, engine};
use crate::request::{MAX_WINDOW, Unit};
use crate::response::Copy;
use crate::run::Search;
use duibiao_corpus::{Document, DocumentId, PassageId};
use duibiao_index::{Head, Sketch};

/// Hits looked through for each one shown.
const EXAMINED: usize = 5;
/// At least so many are looked through, so that a formula copied by thirty cities is one hit.
const LEAST_EXAMINED: usize = 200;
/// Equal bytes of two sketches from which texts are compared.
pub(crate) const ALIKE: u32 = 6;
/// The share of common stretches from which a passage is a copy: a few characters in a hundred
/// differ.
pub(crate) const COPY: f32 = 0.85;
/// The same for a whole document, where an amended version must stay apart.
const DOCUMENT_COPY: f32 = 0.97;
/// Comparisons of texts for one page; beyond that, hits stand by themselves.
const MOST_COMPARED: usize = 400;

/// A hit with those that stand behind it.
pub(crate) struct Folded {
    pub(crate) found: Found,
    pub(crate) partial: bool,
    pub(crate) copies: Vec<Found>,
}

/// A page of folded hits.
pub(crate) struct FoldedPage {
    pub(crate) hits: Vec<Folded>,
    /// How many hits were folded into others, up to the end of the page.
    pub(crate) collapsed: u64,
    /// The last hit that the page used up.
    pub(crate) last: Option<(Found, bool)>,
}

/// How many hits to collect so that a page can be filled.
pub(crate) fn examined(window: usize, collapse: bool) -> usize {
    if collapse {
        (window * EXAMINED).clamp(LEAST_EXAMINED.max(window), MAX_WINDOW)
    } else {
        window
    }
}

/// A hit that others may stand behind.
struct Leader {
    found: Found,
    sketch: u64,
    /// Its text, once it had to be compared.
    text: Option<String>,
}

impl Search<'_> {
    /// `limit` hits behind the first `offset`, copies counted with the hit they stand behind.
    pub(crate) fn fold(
        &self,
        ranked: Vec<(Found, bool)>,
        offset: usize,
        limit: usize,
        collapse: bool,
    ) -> Result<FoldedPage, Error> {
        let alone = |(found, partial)| Folded {
            found,
            partial,
            copies: Vec::new(),
        };
        if !collapse {
            let hits: Vec<Folded> = ranked
                .into_iter()
                .skip(offset)
                .take(limit)
                .map(alone)
                .collect();
            return Ok(FoldedPage {
                last: hits.last().map(|hit| (hit.found, hit.partial)),
                hits,
                collapsed: 0,
            });
        }
        let mut hits: Vec<Folded> = Vec::new();
        let mut leaders: Vec<Leader> = Vec::new();
        let (mut collapsed, mut compared, mut last) = (0, 0, None);
        for (found, partial) in ranked {
            self.request.deadline.check().map_err(engine)?;
            let sketch = self.sketch(&found)?;
            match self.leader_of(&found, sketch, &mut leaders, &mut compared)? {
                Some(leader) => {
                    collapsed += 1;
                    hits[leader].copies.push(found);
                }
                None if hits.len() < offset + limit => {
                    leaders.push(Leader {
                        found,
                        sketch,
                        text: None,
                    });
                    hits.push(alone((found, partial)));
                    last = Some((found, partial));
                }
                None => {}
            }
        }
        Ok(FoldedPage {
            hits: hits.split_off(offset.min(hits.len())),
            collapsed,
            last,
        })
    }

    /// The number of the hit that an entry is a copy of.
    fn leader_of(
        &self,
        found: &Found,
        sketch: u64,
        leaders: &mut [Leader],
        compared: &mut usize,
    ) -> Result<Option<usize>, Error> {
        let least = match self.request.unit {
            Unit::Measure => COPY,
            Unit::Document => DOCUMENT_COPY,
        };
        let mut own: Option<String> = None;
        for (number, leader) in leaders.iter_mut().enumerate() {
            if Sketch::alike(leader.sketch, sketch) < ALIKE || *compared == MOST_COMPARED {
                continue;
            }
            *compared += 1;
            if own.is_none() {
                own = Some(self.comparable_text(found)?);
            }
            if leader.text.is_none() {
                leader.text = Some(self.comparable_text(&leader.found)?);
            }
            if let (Some(own), Some(text)) = (&own, &leader.text)
                && Sketch::likeness(text, own) >= least
            {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    pub(crate) fn sketch(&self, found: &Found) -> Result<u64, Error> {
        let segment = self
            .snapshot
            .searcher
            .segment_reader(found.address.segment_ord);
        let column = segment.fast_fields().u64("sketch").map_err(engine)?;
        Ok(column.first(found.address.doc_id).unwrap_or(0))
    }

    fn comparable_text(&self, found: &Found) -> Result<String, Error> {
        let text = match self.request.unit {
            Unit::Measure => {
                let entry = self.read(found.address)?;
                text_of(&entry, self.engine.fields.original).to_owned()
            }
            Unit::Document => {
                self.engine
                    .document_of(
                        self.snapshot,
                        DocumentId::from_u64(found.order.document),
                        self.request.citation,
                    )?
                    .document
                    .text
            }
        };
        Ok(self.engine.analyzer.comparable(&text))
    }

    /// What is said of a hit that stands behind another.
    pub(crate) fn copy(&self, found: &Found) -> Result<Copy, Error> {
        let entry = self.read(found.address)?;
        let fields = &self.engine.fields;
        let document = DocumentId::from_u64(found.order.document);
        let (id, head) = match self.request.unit {
            Unit::Document => {
                let whole: Document = serde_json::from_str(text_of(&entry, fields.body))?;
                (document.to_string(), Head::of(&whole))
            }
            Unit::Measure => {
                let id = PassageId {
                    document,
                    ordinal: found.order.ordinal as u32,
                };
                let head = serde_json::from_str(text_of(&entry, fields.head))?;
                (id.to_string(), head)
            }
        };
        Ok(Copy {
            id,
            document_id: document.to_string(),
            title: head.title.map(|title| title.value),
            place: head.city.or(head.province).map(|place| place.value),
            year: head.year.map(|year| year.value),
        })
    }
}
