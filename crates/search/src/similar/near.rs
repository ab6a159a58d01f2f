//! One pass over the postings of a passage's words: the passages that have most of them.
//!
//! Adds up scores entry by entry instead of asking a query for them: with fifty words nearly every
//! passage has one, and all of them are looked at in any case.

use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, SegmentReader, TERMINATED};

use super::gist::Wanted;
use crate::collect::{Best, FACETS, Found, Order};
use crate::deadline::{Deadline, Halt, Steps};
use crate::engine::Snapshot;
use crate::filter::Resolved;
use crate::passing::OtherFilters;
use crate::profiles::{Entry, Profiles};
use crate::rank::{B, K1};
use crate::statistics::postings;
use crate::tally::{Fate, Tally};

/// The document that is asked about and its place.
pub(super) struct Own {
    document: u64,
    place: Place,
    /// Whether it is itself a list or what only stands around measures.
    is_below: bool,
}

/// Numbers of a document's province and city; none where it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    province: Option<u32>,
    city: Option<u32>,
}

impl Place {
    fn of(entry: Entry, profiles: &Profiles) -> Self {
        let value = |name: &str| {
            let number = FACETS.iter().position(|facet| *facet == name)?;
            let facet = &profiles.facets()[number];
            let value = *facet.held.values(entry.document as usize).first()?;
            (!facet.values[value as usize].is_empty()).then_some(value)
        };
        Self {
            province: value("province"),
            city: value("city"),
        }
    }

    /// Whether another place is surely not this one: another province, or another city of it. What
    /// a province says is said in its cities too.
    fn is_elsewhere(self, other: Self) -> bool {
        match (self.province, other.province) {
            (Some(own), Some(its)) if own != its => true,
            (Some(_), Some(_)) => {
                matches!((self.city, other.city), (Some(own), Some(its)) if own != its)
            }
            // Nothing is known of this one: all that have a place may be elsewhere.
            (None, Some(_)) => true,
            (_, None) => false,
        }
    }
}

impl Own {
    pub(super) fn new(snapshot: &Snapshot, address: DocAddress) -> Self {
        let profiles = &snapshot.profiles;
        let entry = profiles.segment(address.segment_ord as usize)[address.doc_id as usize];
        Self {
            document: profiles.common(entry).id,
            place: Place::of(entry, profiles),
            is_below: entry.below() > 0,
        }
    }

    pub(super) fn is_known(&self) -> bool {
        self.place.province.is_some()
    }
}

/// What to look for.
pub(super) struct Near<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) filters: &'a [Resolved],
    pub(super) wanted: Vec<Wanted>,
    pub(super) own: &'a Own,
    pub(super) elsewhere: bool,
    /// How many to give.
    pub(super) keep: usize,
    pub(super) deadline: &'a Deadline,
}

impl Near<'_> {
    /// The passages of other documents with the highest scores, the best first; equal ones by id.
    pub(super) fn find(&self) -> Result<Vec<Found>, Halt> {
        let profiles = self.snapshot.profiles.as_ref();
        let mut best = Best::new(self.keep);
        let mut tally = Tally::new(profiles, self.filters, false);
        let mut steps = self.deadline.steps();
        let mut scores: Vec<f32> = Vec::new();
        for (number, segment) in self.snapshot.searcher.segment_readers().iter().enumerate() {
            self.deadline.check()?;
            self.score(segment, &mut scores, &mut steps)?;
            let others = OtherFilters::new(self.filters, segment, profiles)?;
            let entries = profiles.segment(number);
            for (doc, score) in scores.iter().enumerate().filter(|(_, score)| **score > 0.0) {
                let (entry, doc) = (entries[doc], doc as DocId);
                if segment.is_deleted(doc)
                    || !self.is_wanted(entry, profiles)
                    || tally.fate(entry) != Fate::Hit
                    || !others.pass(doc, entry)
                {
                    continue;
                }
                best.offer(Found {
                    order: Order {
                        below: entry.below(),
                        primary: u64::from(u32::MAX - score.to_bits()),
                        document: profiles.common(entry).id,
                        ordinal: u64::from(profiles.ordinal(number, doc)),
                    },
                    address: DocAddress::new(number as u32, doc),
                    score: *score,
                });
            }
        }
        Ok(best.into_sorted())
    }

    /// Lists and what stands around measures are like a measure only where that is one of them.
    fn is_wanted(&self, entry: Entry, profiles: &Profiles) -> bool {
        profiles.common(entry).id != self.own.document
            && (self.own.is_below || entry.below() == 0)
            && (!self.elsewhere || self.own.place.is_elsewhere(Place::of(entry, profiles)))
    }

    /// The sum over the words of what each weighs in each entry (BM25, Robertson and Zaragoza 2009).
    fn score(
        &self,
        segment: &SegmentReader,
        scores: &mut Vec<f32>,
        steps: &mut Steps,
    ) -> Result<(), Halt> {
        scores.clear();
        scores.resize(segment.max_doc() as usize, 0.0);
        for wanted in &self.wanted {
            let option = IndexRecordOption::WithFreqs;
            let Some(mut docs) = postings(segment, &wanted.key, option)? else {
                continue;
            };
            let norms = segment.get_fieldnorms_reader(wanted.field)?;
            let average = self
                .snapshot
                .statistics
                .measures
                .average_words(wanted.field);
            while docs.doc() != TERMINATED {
                if steps.are_over(1) {
                    return Err(Halt::OutOfTime);
                }
                let doc = docs.doc();
                let length = norms.fieldnorm(doc) as f32 / average;
                let count = docs.term_freq() as f32;
                let full = K1 * (1.0 - B + B * length);
                scores[doc as usize] += wanted.weight * count / (count + full);
                docs.advance();
            }
        }
        Ok(())
    }
}
