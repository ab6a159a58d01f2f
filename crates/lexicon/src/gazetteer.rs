//! Every province, prefecture and county since 1981, with all names.
//!
//! Says which places a name may mean. Which of them a document is about is not decided here.

use std::collections::HashMap;
use std::ops::Range;

use duibiao_corpus::{Level, PlaceCode};

use crate::matcher::Matcher;
use crate::place::{Name, NameKind, Place, PlaceIx};
use crate::problem::Problems;
use crate::succession::Succession;
use crate::tables::Tables;
use crate::{alias, place_table, succession};

/// Places by code and by name.
#[derive(Debug)]
pub struct Gazetteer {
    places: Vec<Place>,
    by_code: HashMap<PlaceCode, Vec<PlaceIx>>,
    /// For each place the last one that it became as a whole.
    last: Vec<PlaceIx>,
    /// By the code of a place of today those whose area it has now.
    absorbed: HashMap<PlaceCode, Vec<PlaceIx>>,
    /// Sorted by text.
    names: Vec<Name>,
    /// For each name whether it is looked for in running text.
    searched: Vec<bool>,
    matcher: Matcher,
}

/// A name found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameMatch<'a> {
    /// Where, in bytes of the text.
    pub bytes: Range<usize>,
    /// The name and the places it may mean.
    pub name: &'a Name,
}

impl Gazetteer {
    pub(crate) fn from_tables(tables: &Tables, problems: &mut Problems) -> Self {
        let mut places = place_table::parse(tables, problems);
        let by_code = succession::by_code(&places);
        let Succession { last, absorbed } = succession::resolve(&places, &by_code, problems);
        let mut all_names = Vec::with_capacity(places.len() * 2);
        let by_hand = alias::add_names(tables, &mut places, &by_code, &mut all_names, problems);
        let places: Vec<Place> = places.into_iter().map(|(_, place)| place).collect();
        for (index, place) in places.iter().enumerate() {
            let kind = if place.is_current() {
                NameKind::Full
            } else {
                NameKind::Former
            };
            all_names.push((place.name.clone(), PlaceIx(index as u32), kind));
        }
        let ordinary = alias::ordinary_words(tables, &all_names, problems);
        let names = grouped(all_names, &places);
        let searched = names
            .iter()
            .map(|name| {
                let by_chance = !by_hand.contains(&name.text) && is_by_chance(name, &places);
                !ordinary.contains(&name.text) && !by_chance && name.text.chars().nth(1).is_some()
            })
            .collect();
        Self {
            places,
            by_code,
            last,
            absorbed,
            names,
            searched,
            matcher: Matcher::default(),
        }
    }

    /// The place with this number.
    pub fn place(&self, ix: PlaceIx) -> &Place {
        &self.places[ix.0 as usize]
    }

    /// Every place, today's and former ones.
    pub fn places(&self) -> impl Iterator<Item = (PlaceIx, &Place)> {
        let places = self.places.iter().enumerate();
        places.map(|(index, place)| (PlaceIx(index as u32), place))
    }

    /// Every name, sorted by its text.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// Today's holder of a code, else the last one.
    pub fn get(&self, code: PlaceCode) -> Option<&Place> {
        self.index_of(code).map(|ix| self.place(ix))
    }

    /// The holder of a code in a year: 襄樊市 of 420600 in 2005. Of two in the year of a change, the later.
    pub fn holder(&self, code: PlaceCode, year: i16) -> Option<&Place> {
        let holders = self.by_code.get(&code)?.iter().rev();
        holders
            .map(|ix| self.place(*ix))
            .find(|place| place.was_in(year))
    }

    /// Former places with another code whose area, or a part of it, is now that of the place with this
    /// code, the last to end first: 莱芜市 of 济南市, 萧山市 of 萧山区.
    pub fn absorbed(&self, code: PlaceCode) -> impl Iterator<Item = &Place> {
        let former = self.absorbed.get(&code).map_or(&[][..], Vec::as_slice);
        former.iter().map(|ix| self.place(*ix))
    }

    /// The number of today's holder of a code, else of the last one.
    pub fn index_of(&self, code: PlaceCode) -> Option<PlaceIx> {
        self.by_code.get(&code)?.last().copied()
    }

    /// The provinces of today, by code.
    pub fn provinces(&self) -> impl Iterator<Item = &Place> {
        let places = self.places.iter();
        places.filter(|p| p.level == Level::Province && p.is_current())
    }

    /// The prefecture-level cities of a province today, by code; a municipality is its own.
    pub fn cities_of(&self, province: PlaceCode) -> impl Iterator<Item = &Place> {
        let places = self.places.iter();
        places.filter(move |p| p.province == province && p.is_current() && p.counts_as(Level::City))
    }

    /// What a place is today: itself, or the one place it became as a whole.
    ///
    /// `None` for a place that was divided, and for a prefecture that went into one that existed before
    /// (莱芜市). A county
    /// that went whole into a larger one is that one today (崇文区 → 东城区, 2010).
    pub fn today(&self, ix: PlaceIx) -> Option<&Place> {
        let last = self.place(self.last_of_line(ix));
        last.is_current().then_some(last)
    }

    /// The last place that this one became as a whole, maybe itself.
    pub(crate) fn last_of_line(&self, ix: PlaceIx) -> PlaceIx {
        self.last[ix.0 as usize]
    }

    /// The name with exactly this text.
    pub fn name(&self, text: &str) -> Option<&Name> {
        let found = self
            .names
            .binary_search_by(|name| name.text.as_str().cmp(text));
        found.ok().map(|index| &self.names[index])
    }

    /// The name with exactly this text, if it is one that [`find`](Self::find) leaves out: 和县, 城区.
    pub fn name_left_out(&self, text: &str) -> Option<&Name> {
        let found = self
            .names
            .binary_search_by(|name| name.text.as_str().cmp(text));
        let index = found.ok().filter(|&index| !self.searched[index])?;
        self.names.get(index)
    }

    /// Every name of two or more characters in running text: leftmost, then longest.
    ///
    /// The text must be Simplified. Left out are names that are ordinary words as well
    /// (`ordinary-words.txt`) and two-character short names of districts (道里, 和平), which
    /// stand in texts more often by chance than for the district; those that `aliases.csv` names
    /// are found.
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = NameMatch<'a>> + 'a {
        let words = || {
            let names = self.names.iter().zip(&self.searched).enumerate();
            names
                .filter(|(_, (_, searched))| **searched)
                .map(|(index, (name, _))| (name.text.as_str(), index as u32))
        };
        let matches = self.matcher.find(text, words);
        matches.map(|(bytes, name)| NameMatch {
            bytes,
            name: &self.names[name as usize],
        })
    }
}

/// One entry for each text, keeping for each place the strongest kind.
fn grouped(mut all: Vec<(String, PlaceIx, NameKind)>, places: &[Place]) -> Vec<Name> {
    all.sort();
    let mut names: Vec<Name> = Vec::new();
    for (text, ix, kind) in all {
        match names.last_mut() {
            Some(name) if name.text == text => {
                if name.places.last().is_none_or(|&(last, _)| last != ix) {
                    name.places.push((ix, kind));
                }
            }
            _ => names.push(Name {
                text,
                places: vec![(ix, kind)],
            }),
        }
    }
    for name in &mut names {
        name.places.sort_by_key(|(ix, _)| {
            let place = &places[ix.0 as usize];
            (!place.is_current(), place.level, place.code, place.from)
        });
    }
    names
}

/// Whether a name is no more than the two-character short name of districts.
fn is_by_chance(name: &Name, places: &[Place]) -> bool {
    let short_of_district = |&(ix, kind): &(PlaceIx, NameKind)| {
        let place = &places[ix.0 as usize];
        let district = place.level == Level::County && place.name.ends_with('区');
        kind == NameKind::Short && district
    };
    name.text.chars().count() == 2 && name.places.iter().all(short_of_district)
}
