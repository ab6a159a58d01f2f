//! The passage of a document that shows best why it matches.

use std::collections::{HashMap, HashSet};

use duibiao_corpus::DocumentId;
use duibiao_index::Unit as Entries;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, SegmentReader, TERMINATED, Term as Key};

use crate::collect::Found;
use crate::deadline::Halt;
use crate::matching::{Matcher, UnitFields};
use crate::rank::Ranking;
use crate::request::Unit;
use crate::run::Search;
use crate::statistics::postings;

/// A passage with what decides which one is shown: whether it has anything of the query, of a document
/// that is found by its annex whether it has the query as typed, whether it stands below others, its
/// score, and that it comes first.
struct Candidate {
    address: DocAddress,
    is_other: bool,
    below: u8,
    score: f32,
}

impl Candidate {
    fn is_better_than(&self, other: &Self) -> bool {
        let key = |one: &Self| (one.score <= 0.0, one.is_other, one.below, -one.score);
        key(self) < key(other)
    }
}

/// For each of these documents the passage that scores highest, the first one where none has
/// anything of the query.
pub(crate) fn best_passages(
    search: &Search<'_>,
    shown: &[Found],
) -> Result<HashMap<u64, DocAddress>, Halt> {
    let fields = &search.engine.fields;
    let unit = UnitFields::new(fields, Unit::Measure);
    let matcher = Matcher {
        unit: &unit,
        collection: &search.snapshot.statistics.measures,
        ..search.matcher(search.added)
    };
    let without = &search.request.without;
    let ranking = Ranking::new(search.term, Unit::Measure, fields, &matcher, without)?;
    let as_typed = ranking.as_typed();
    let by_annex = shown.iter().filter(|found| found.order.below % 2 == 1);
    let by_annex: HashSet<u64> = by_annex.map(|found| found.order.document).collect();
    let mut best: HashMap<u64, Candidate> = HashMap::new();
    for (number, segment) in search
        .snapshot
        .searcher
        .segment_readers()
        .iter()
        .enumerate()
    {
        let passages = passages(search, shown, segment)?;
        if passages.is_empty() {
            continue;
        }
        search.deadline().check()?;
        let entries = search.snapshot.profiles.segment(number);
        let mut scores = ranking.segment(segment, entries)?;
        let mut steps = search.deadline().steps();
        for (doc, document) in passages {
            if steps.is_over() {
                return Err(Halt::OutOfTime);
            }
            let score = scores.score(doc, f32::NEG_INFINITY).unwrap_or(0.0);
            let candidate = Candidate {
                address: DocAddress::new(number as u32, doc),
                is_other: by_annex.contains(&document)
                    && as_typed.is_some_and(|least| score < least),
                below: entries[doc as usize].below(),
                score,
            };
            match best.get(&document) {
                Some(known) if !candidate.is_better_than(known) => {}
                _ => {
                    best.insert(document, candidate);
                }
            }
        }
    }
    let addresses = best.into_iter();
    Ok(addresses
        .map(|(document, candidate)| (document, candidate.address))
        .collect())
}

/// Every passage of the documents in one segment that can be a hit, in ascending order, with its
/// document.
fn passages(
    search: &Search<'_>,
    shown: &[Found],
    segment: &SegmentReader,
) -> tantivy::Result<Vec<(u32, u64)>> {
    let fields = &search.engine.fields;
    let mut all: Vec<(u32, u64)> = Vec::new();
    for found in shown {
        let document = found.order.document;
        let key = fields.document_term(DocumentId::from_u64(document));
        let Some(mut entries) = postings(segment, &key, IndexRecordOption::Basic)? else {
            continue;
        };
        while entries.doc() != TERMINATED {
            if !segment.is_deleted(entries.doc()) {
                all.push((entries.doc(), document));
            }
            entries.advance();
        }
    }
    all.sort_unstable();
    let unit = Key::from_field_text(fields.unit, Entries::Measure.as_str());
    let Some(mut measures) = postings(segment, &unit, IndexRecordOption::Basic)? else {
        return Ok(Vec::new());
    };
    all.retain(|(doc, _)| {
        measures.doc() == *doc || measures.doc() < *doc && measures.seek(*doc) == *doc
    });
    Ok(all)
}
