//! The place of a rule that names no other of its level: 体现泉城特色, and 临淄区 of a city's rule.
//!
//! The weakest sign there is, asked only where the text says nothing better. A text that is no rule may
//! name any place once.

use std::ops::Range;

use duibiao_corpus::{Level, PlaceCode};
use duibiao_index::Analyzer;
use duibiao_lexicon::Place;

use super::About;
use super::chance::{is_chance, stands};
use super::map::Map;
use super::mention::{Mention, Mentions, resolve};
use crate::infer::candidate::Candidate;
use crate::text::Text;

/// Named for what they are to all of China: 台湾同胞投资, 港澳居民.
const APART: [u32; 3] = [710_000, 810_000, 820_000];
/// A rule that does not speak of a city as its own names a district so often.
const OFTEN: usize = 3;

/// What a rule is about, by the only place of its level that it names. `level` is that of which it
/// speaks as its own.
pub(super) fn only<'g>(
    text: &Text<'_>,
    map: Map<'g>,
    all: &Mentions<'g>,
    level: Option<Level>,
    analyzer: &Analyzer,
) -> Option<Candidate<About<'g>>> {
    let folded = text.folded();
    let named = || {
        let own = all.list.iter().filter(|m| !m.is_elsewhere);
        let placed = own.filter_map(|m| Some((m, resolve(m, None, all)?)));
        placed.filter(|(m, place)| {
            let is_apart = APART.contains(&place.province.as_u32());
            !is_apart && !is_chance(folded, m, place, false) && stands(folded, m, analyzer)
        })
    };
    let concluded = |place: &'g Place, at: Vec<Range<usize>>, rule, sure| {
        let evidence = at.into_iter().take(2).map(|b| text.evidence(b)).collect();
        Candidate::concluded(About::of(map, place), rule, sure, evidence)
    };
    if let Some(level) = level.filter(|level| *level != Level::County) {
        let of_level = named().filter(|(_, place)| place.counts_as(level));
        if let Some((place, at)) = agree(of_level, |place| Some(place.code)) {
            return Some(concluded(map.get(place)?, at, "place.only", 0.66));
        }
    }
    if level == Some(Level::Province) {
        return None;
    }
    let districts = named().filter(|(m, place)| m.is_full && place.level == Level::County);
    let (city, at) = agree(districts, |place| place.city)?;
    let is_told = level == Some(Level::City) || at.len() >= OFTEN;
    let city = map.get(city).filter(|_| is_told)?;
    Some(concluded(city, at, "place.districts", 0.66))
}

/// The code that all names lead to.
fn agree<'m, 'g: 'm>(
    named: impl Iterator<Item = (&'m Mention<'g>, &'g Place)>,
    code: impl Fn(&Place) -> Option<PlaceCode>,
) -> Option<(PlaceCode, Vec<Range<usize>>)> {
    let mut only = None;
    let mut at = Vec::new();
    for (mention, place) in named {
        let code = code(place)?;
        if *only.get_or_insert(code) != code {
            return None;
        }
        at.push(mention.bytes.clone());
    }
    Some((only?, at))
}
