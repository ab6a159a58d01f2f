//! The divisions as they were in a document's year: 巢湖市 was a city in 2005 and is a county now.
//!
//! Says which places a name meant then. Which of them the text means is decided in `mention`.

use duibiao_corpus::PlaceCode;
use duibiao_lexicon::{Gazetteer, NameKind, NameMatch, Place};

/// The gazetteer seen from a year.
#[derive(Clone, Copy)]
pub(super) struct Map<'g> {
    pub(super) gazetteer: &'g Gazetteer,
    /// The document's own year, where it is known.
    pub(super) year: Option<i16>,
}

/// The places a name may mean.
pub(super) struct Meant<'g> {
    pub(super) places: Vec<&'g Place>,
    /// Places of the name had ended by then, and these are what they became.
    pub(super) is_heir: bool,
}

impl<'g> Map<'g> {
    /// The holder of a code in that year, else the last one.
    pub(super) fn get(self, code: PlaceCode) -> Option<&'g Place> {
        self.year
            .and_then(|year| self.gazetteer.holder(code, year))
            .or_else(|| self.gazetteer.get(code))
    }

    /// The places a name meant in that year. Of a name that nothing had then, its places of today;
    /// of one whose places had ended, what they became, and where they were divided they themselves:
    /// a document of 2020 that says 莱芜市 means the one that ended in 2018. Where no year is known
    /// places of today go first, and a name that only former ones had means the last of them.
    pub(super) fn meant(self, found: &NameMatch<'_>) -> Meant<'g> {
        let places = || {
            let places = found.name.places.iter();
            places.map(|(ix, kind)| (*ix, self.gazetteer.place(*ix), *kind))
        };
        let mut meant = Meant {
            places: Vec::new(),
            is_heir: false,
        };
        if let Some(year) = self.year {
            meant.add(
                places()
                    .map(|(_, place, _)| place)
                    .filter(|p| p.was_in(year)),
            );
            meant.keep_later(year);
        }
        if meant.places.is_empty() {
            let current = places().filter(|(_, _, kind)| *kind != NameKind::Former);
            meant.add(current.map(|(_, place, _)| place));
        }
        if meant.places.is_empty() {
            let last = places().filter_map(|(_, place, _)| place.to).max();
            let ended = places().filter(|(_, place, _)| place.to == last);
            let had_ended = self.year.is_some();
            meant.is_heir = had_ended;
            meant.add(ended.map(|(ix, place, _)| {
                let heir = self.gazetteer.today(ix).filter(|_| had_ended);
                heir.unwrap_or(place)
            }));
        }
        meant
    }
}

impl<'g> Meant<'g> {
    /// Of two places of one level and province, of which one ended and the other began in this year, the
    /// later.
    fn keep_later(&mut self, year: i16) {
        let is = |when: Option<u16>| when.is_some_and(|when| i32::from(when) == i32::from(year));
        let began: Vec<&Place> = self.places.iter().copied().filter(|p| is(p.from)).collect();
        self.places.retain(|ended| {
            let goes_on = began.iter().any(|p| {
                p.code != ended.code && p.level == ended.level && p.province == ended.province
            });
            !(is(ended.to) && goes_on)
        });
    }

    fn add(&mut self, places: impl Iterator<Item = &'g Place>) {
        for place in places {
            if !self.places.iter().any(|p| p.code == place.code) {
                self.places.push(place);
            }
        }
    }
}
