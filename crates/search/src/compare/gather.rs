//! Sorts matches into cells: counts all, and keeps the best of each.
//!
//! With a query the best are those of the highest score; of a theme alone those that are about
//! nothing else, the latest first.

use tantivy::query::{EnableScoring, Weight};
use tantivy::{DocAddress, DocId, SegmentReader};

use duibiao_corpus::PassageKind;

use crate::bounded::bounded;
use crate::collect::{Best, FACETS, Found, Order};
use crate::compare::Ground;
use crate::compare::matches::Matches;
use crate::compare::rows::Rows;
use crate::deadline::Halt;
use crate::matching::Added;
use crate::member::Member;
use crate::profiles::{Entry, Profiles};
use crate::rank::SegmentRanking;

/// Hits kept of a cell for each that is shown, so that near-copies can be left out.
const KEPT_EACH: usize = 3;

/// What was sorted: `rows.len() × columns.len()` cells, row by row.
pub(super) struct Gathered {
    pub(super) cells: Vec<GatheredCell>,
}

/// The matches of a cell.
pub(super) struct GatheredCell {
    pub(super) found: Pool,
    /// Those that only speak of it.
    pub(super) mentioned: Pool,
    /// Passages with some of what was asked for.
    pub(super) partial: Pool,
    /// Passages of elsewhere that name the column's place.
    pub(super) elsewhere: Pool,
}

impl GatheredCell {
    /// Whether there is nothing in it, not even a mention.
    pub(super) fn is_empty(&self) -> bool {
        self.found.total + self.mentioned.total == 0
    }
}

/// How many there are, and the best of them.
pub(super) struct Pool {
    pub(super) total: u64,
    pub(super) best: Best,
}

impl Pool {
    pub(super) fn new(keep: usize) -> Self {
        Self {
            total: 0,
            best: Best::new(keep),
        }
    }
}

/// How many hits a cell keeps.
pub(super) fn kept(limit: usize) -> usize {
    limit * KEPT_EACH
}

/// Sorts the matches that are in a column.
pub(super) fn gather(ground: &Ground<'_>, matches: &Matches) -> Result<Gathered, Halt> {
    gather_others(ground, matches, None)
}

/// The same without those that are among others already.
pub(super) fn gather_others(
    ground: &Ground<'_>,
    matches: &Matches,
    known: Option<&Matches>,
) -> Result<Gathered, Halt> {
    let search = ground.search;
    let keep = kept(search.request.limit);
    let cell = || GatheredCell {
        found: Pool::new(keep),
        mentioned: Pool::new(keep),
        partial: Pool::new(keep),
        elsewhere: Pool::new(keep),
    };
    let mut cells = Vec::new();
    cells.resize_with(ground.rows.len() * ground.columns.len(), cell);
    let terms = term_weights(ground)?;
    let mut steps = search.deadline().steps();
    for (number, docs) in matches.segments.iter().enumerate() {
        if docs.is_empty() {
            continue;
        }
        let segment = search.snapshot.searcher.segment_reader(number as u32);
        let mut pass = Pass::new(ground, &terms, number, segment)?;
        for &doc in docs {
            if steps.is_over() {
                return Err(Halt::OutOfTime);
            }
            if !known.is_some_and(|known| known.has(number, doc)) {
                pass.entry(doc, &mut cells);
            }
        }
        // Terms may have run dry with time, and not with entries.
        search.deadline().check()?;
    }
    Ok(Gathered { cells })
}

/// For each theme, what finds each of its terms.
fn term_weights(ground: &Ground<'_>) -> tantivy::Result<Vec<Vec<Box<dyn Weight>>>> {
    let search = ground.search;
    let scoring = || EnableScoring::disabled_from_searcher(&search.snapshot.searcher);
    let matcher = search.matcher(Added::Same);
    let themes = ground.rows.themes.iter().map(|theme| {
        let terms = theme.terms.iter().map(|term| {
            let forms = term.forms.iter().map(|form| matcher.literal(form));
            let any = tantivy::query::BooleanQuery::union(forms.collect());
            bounded(&any, search.deadline(), &search.snapshot.gathered).weight(scoring())
        });
        terms.collect()
    });
    themes.collect()
}

/// One segment's share of the work.
struct Pass<'g> {
    ground: &'g Ground<'g>,
    profiles: &'g Profiles,
    entries: &'g [Entry],
    number: usize,
    /// For each theme its terms.
    terms: Vec<Vec<Member>>,
    ranking: Option<SegmentRanking<'g>>,
    lead_ins: LeadIns,
}

impl<'g> Pass<'g> {
    fn new(
        ground: &'g Ground<'g>,
        terms: &[Vec<Box<dyn Weight>>],
        number: usize,
        segment: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let search = ground.search;
        let profiles = search.snapshot.profiles.as_ref();
        let open = |weights: &Vec<Box<dyn Weight>>| {
            let weights = weights.iter();
            weights
                .map(|weight| Member::first(weight.as_ref(), segment))
                .collect::<tantivy::Result<Vec<_>>>()
        };
        Ok(Self {
            ground,
            profiles,
            entries: profiles.segment(number),
            number,
            terms: terms.iter().map(open).collect::<tantivy::Result<_>>()?,
            ranking: if search.term.is_positive_text() {
                Some(search.ranking.segment(segment, profiles.segment(number))?)
            } else {
                None
            },
            lead_ins: LeadIns::new(segment)?,
        })
    }

    fn entry(&mut self, doc: DocId, cells: &mut [GatheredCell]) {
        let entry = self.entries[doc as usize];
        let Some(column) = self.ground.columns.of(entry, self.profiles) else {
            return;
        };
        let rows: &Rows = self.ground.rows;
        let theme = rows.theme_of(entry.kind());
        let term = self.terms[theme].iter_mut().position(|term| term.has(doc));
        let row = rows.row(theme, term);
        let cell = &mut cells[row * self.ground.columns.len() + column];
        let is_mention = entry.below() > 0 || self.lead_ins.has(doc);
        let pool = if is_mention && !self.ground.columns.is_pinned {
            &mut cell.mentioned
        } else {
            &mut cell.found
        };
        pool.total += 1;
        if let Some(found) = self.found(doc, entry, &pool.best) {
            pool.best.offer(found);
        }
    }

    /// The entry with its place in the order; `None` where it is none of the best.
    fn found(&mut self, doc: DocId, entry: Entry, best: &Best) -> Option<Found> {
        let common = self.profiles.common(entry);
        let (score, below, primary) = match &mut self.ranking {
            Some(ranking) => {
                let floor = best.worst.map_or(f32::NEG_INFINITY, |worst| worst.score);
                let score = ranking.score(doc, floor)?;
                (score, 0, u64::from(u32::MAX - score.max(0.0).to_bits()))
            }
            None => {
                let date = u64::MAX - u64::from(common.date);
                (0.0, self.others(entry), date)
            }
        };
        Some(Found {
            order: Order {
                below,
                primary,
                document: common.id,
                ordinal: u64::from(self.profiles.ordinal(self.number, doc)),
            },
            address: DocAddress::new(self.number as u32, doc),
            score,
        })
    }

    /// How many themes an entry has.
    fn others(&self, entry: Entry) -> u8 {
        let facets = FACETS.iter().zip(self.profiles.facets());
        let themes = facets.filter(|(name, _)| **name == "theme");
        let themes: usize = themes
            .map(|(_, facet)| facet.held.values(entry.kind()).len())
            .sum();
        themes.min(u8::MAX.into()) as u8
    }
}

/// Passages of a segment that introduce others.
pub(super) struct LeadIns {
    kinds: tantivy::columnar::StrColumn,
    /// Their kind, where there are any.
    lead_in: Option<u64>,
}

impl LeadIns {
    pub(super) fn new(segment: &SegmentReader) -> tantivy::Result<Self> {
        let kinds = segment
            .fast_fields()
            .str("kind")?
            .ok_or_else(|| tantivy::TantivyError::SchemaError("entries have no kind".to_owned()))?;
        let lead_in = kinds
            .dictionary()
            .term_ord(PassageKind::LeadIn.as_str().as_bytes())?;
        Ok(Self { kinds, lead_in })
    }

    pub(super) fn has(&self, doc: DocId) -> bool {
        self.lead_in.is_some() && self.kinds.ords().first(doc) == self.lead_in
    }
}
