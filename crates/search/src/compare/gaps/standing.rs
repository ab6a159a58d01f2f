//! What each entry is to a look for gaps: a measure of a city that is measured against, something
//! of the city that is asked for and of which kind, or neither. Found out once, before any matter
//! is known, so that a matter only has to look up what it finds.

use duibiao_index::Unit;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Term as Key};

use crate::compare::gaps::cities::Cities;
use crate::compare::gather::LeadIns;
use crate::compare::matches::Matches;
use crate::compare::shape::MentionKind;
use crate::error::{Error, engine};
use crate::filter::{PLACE, Resolved};
use crate::matching::Added;
use crate::run::Search;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Nothing,
    /// A measure with everything that was asked for, of the city with this number.
    Other(u8),
    /// It is in a document of the city that is asked for.
    Own(Own),
}

/// What an entry of the city that is asked for is, the most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Own {
    /// A measure with everything that was asked for.
    Found,
    /// The same but for its status.
    OtherStatus,
    /// The same in a document that filters leave out.
    Outside,
    /// Words around measures, a list.
    Context,
    /// It has some pieces of the query.
    Partial,
    /// It has nothing of the query.
    Rest,
}

impl Own {
    /// Why it is told as a mention.
    pub(super) fn mention(self) -> MentionKind {
        match self {
            Self::Found => MentionKind::OtherTheme,
            Self::OtherStatus => MentionKind::OtherStatus,
            Self::Outside => MentionKind::Outside,
            Self::Context => MentionKind::Context,
            Self::Partial | Self::Rest => MentionKind::Partial,
        }
    }
}

/// What every entry is.
pub(super) struct Standings {
    /// By segment and entry.
    of: Vec<Vec<Standing>>,
    /// Entries of elsewhere, with everything that was asked for, whose words may name the city.
    naming: Vec<Vec<bool>>,
    /// The same in the own documents of its province, where these are asked for.
    provincial: Vec<Vec<bool>>,
}

/// The filters, each for what it is asked of.
pub(super) struct Sieve {
    /// Of measures of the others: all.
    pub(super) others: Vec<Resolved>,
    /// Of measures of the city: all but places, which say whom it is measured against, and themes, for
    /// what stands under another theme is there.
    pub(super) own: Vec<Resolved>,
    /// Those of `own` that say which documents are looked at.
    pub(super) own_documents: Vec<Resolved>,
}

impl Sieve {
    pub(super) fn new(filters: &[Resolved]) -> Self {
        let is_place = |name: &str| matches!(name, PLACE | "province" | "city" | "county");
        let kept = |is_kept: &dyn Fn(&str) -> bool| -> Vec<Resolved> {
            let kept = filters.iter().filter(|filter| is_kept(filter.name));
            kept.cloned().collect()
        };
        Self {
            others: filters.to_vec(),
            own: kept(&|name| !is_place(name) && name != "theme"),
            own_documents: kept(&|name| !is_place(name) && !matches!(name, "theme" | "status")),
        }
    }
}

/// Every entry of a unit that filters let through.
pub(super) fn all_of(
    search: &Search<'_>,
    unit: Unit,
    filters: &[Resolved],
) -> Result<Matches, Error> {
    let all = TermQuery::new(
        Key::from_field_text(search.engine.fields.unit, unit.as_str()),
        IndexRecordOption::Basic,
    );
    Matches::collect(&all, filters, search.snapshot, search.deadline()).map_err(engine)
}

impl Standings {
    /// Finds out what every entry is.
    pub(super) fn find(
        search: &Search<'_>,
        cities: &Cities,
        sieve: &Sieve,
        matches: &Matches,
    ) -> Result<Self, Error> {
        let (snapshot, deadline) = (search.snapshot, search.deadline());
        let collect = |query: &dyn tantivy::query::Query| {
            Matches::collect(query, &[], snapshot, deadline).map_err(engine)
        };
        let anywhere = collect(search.full.as_ref())?;
        let some = match search.some().map_err(engine)? {
            Some(some) => Some(collect(some.as_ref())?),
            None => None,
        };
        let all = all_of(search, Unit::Measure, &[])?;
        let own = all_of(search, Unit::Measure, &sieve.own)?;
        let own_documents = all_of(search, Unit::Measure, &sieve.own_documents)?;
        let profiles = snapshot.profiles.as_ref();
        let readers = snapshot.searcher.segment_readers();
        let empty = |value| -> Vec<Vec<_>> {
            let sizes = readers.iter().map(|segment| segment.max_doc() as usize);
            sizes.map(|size| vec![value; size]).collect()
        };
        let mut of: Vec<Vec<Standing>> = readers
            .iter()
            .map(|segment| vec![Standing::Nothing; segment.max_doc() as usize])
            .collect();
        for (number, segment) in readers.iter().enumerate() {
            deadline.check().map_err(engine)?;
            let entries = profiles.segment(number);
            let lead_ins = LeadIns::new(segment).map_err(engine)?;
            for &doc in &matches.segments[number] {
                let entry = entries[doc as usize];
                if let Some(city @ 1..) = cities.of(entry, profiles)
                    && entry.below() == 0
                    && !lead_ins.has(doc)
                {
                    of[number][doc as usize] = Standing::Other(city as u8);
                }
            }
            for &doc in &all.segments[number] {
                let entry = entries[doc as usize];
                if cities.of(entry, profiles) != Some(0) {
                    continue;
                }
                let is_measure = entry.below() == 0 && !lead_ins.has(doc);
                let standing = if !anywhere.has(number, doc) {
                    match &some {
                        Some(some) if some.has(number, doc) => Own::Partial,
                        _ => Own::Rest,
                    }
                } else if !is_measure {
                    Own::Context
                } else if own.has(number, doc) {
                    Own::Found
                } else if own_documents.has(number, doc) {
                    Own::OtherStatus
                } else {
                    Own::Outside
                };
                of[number][doc as usize] = Standing::Own(standing);
            }
        }
        let mut standings = Self {
            of,
            naming: empty(false),
            provincial: empty(false),
        };
        standings.find_elsewhere(search, cities, &anywhere)?;
        Ok(standings)
    }

    /// Marks what stands in documents of elsewhere and may be about the city.
    fn find_elsewhere(
        &mut self,
        search: &Search<'_>,
        cities: &Cities,
        anywhere: &Matches,
    ) -> Result<(), Error> {
        let profiles = search.snapshot.profiles.as_ref();
        let gazetteer = search.engine.lexicon().gazetteer();
        let code = cities.own.first().and_then(|code| code.parse().ok());
        let Some(place) = code.and_then(|code| gazetteer.get(code)) else {
            return Ok(());
        };
        let is_own = |number: usize, doc: DocId| {
            let entry = profiles.segment(number)[doc as usize];
            cities.of(entry, profiles) == Some(0)
        };
        let name = search.engine.analyzer.comparable(&place.short);
        let naming = search.matcher(Added::Same).literal(&name);
        let naming = Matches::collect(naming.as_ref(), &[], search.snapshot, search.deadline());
        let naming = naming.map_err(engine)?;
        for (number, docs) in naming.segments.iter().enumerate() {
            for &doc in docs {
                self.naming[number][doc as usize] =
                    anywhere.has(number, doc) && !is_own(number, doc);
            }
        }
        if search.request.filters.provincial {
            let marked = profiles.marked(&[place.province.to_string()]);
            for (number, docs) in anywhere.segments.iter().enumerate() {
                let entries = profiles.segment(number);
                for &doc in docs {
                    let document = entries[doc as usize].document as usize;
                    self.provincial[number][doc as usize] =
                        profiles.is_own_of(document, &marked) && entries[doc as usize].below() == 0;
                }
            }
        }
        Ok(())
    }

    /// What an entry is.
    #[inline]
    pub(super) fn of(&self, segment: usize, doc: DocId) -> Standing {
        self.of[segment][doc as usize]
    }

    /// Why an entry of elsewhere may have to be told.
    #[inline]
    pub(super) fn elsewhere(&self, segment: usize, doc: DocId) -> Option<MentionKind> {
        if self.naming[segment][doc as usize] {
            Some(MentionKind::Elsewhere)
        } else if self.provincial[segment][doc as usize] {
            Some(MentionKind::Provincial)
        } else {
            None
        }
    }
}
