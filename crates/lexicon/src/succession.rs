//! Which place of today a former one became.

use duibiao_corpus::PlaceCode;
use std::collections::HashMap;

use crate::place::{Place, PlaceIx};
use crate::problem::{Fault, Problems};
use crate::tables::PLACES;

/// Holders of each code, in the order in which they held it.
pub(crate) fn by_code(places: &[(usize, Place)]) -> HashMap<PlaceCode, Vec<PlaceIx>> {
    let mut holders: HashMap<PlaceCode, Vec<PlaceIx>> = HashMap::new();
    for (index, (_, place)) in places.iter().enumerate() {
        let ix = PlaceIx(index as u32);
        holders.entry(place.code).or_default().push(ix);
    }
    for holders in holders.values_mut() {
        holders.sort_by_key(|ix| places[ix.0 as usize].1.to.unwrap_or(u16::MAX));
    }
    holders
}

/// For each place the one of today that it became as a whole, itself where it exists today.
///
/// `None` where it was divided or where the table does not say.
pub(crate) fn resolve(
    places: &[(usize, Place)],
    by_code: &HashMap<PlaceCode, Vec<PlaceIx>>,
    problems: &mut Problems,
) -> Vec<Option<PlaceIx>> {
    let next: Vec<Vec<usize>> = (0..places.len())
        .map(|index| heirs(index, places, by_code, problems))
        .collect();
    let order = heirs_first(&next, places, problems);
    let mut today = vec![None; places.len()];
    for index in order {
        today[index] = match next[index][..] {
            _ if places[index].1.is_current() => Some(PlaceIx(index as u32)),
            [only] => today[only],
            _ => None,
        };
    }
    today
}

/// The places that took over when the place at `index` ended.
fn heirs(
    index: usize,
    places: &[(usize, Place)],
    by_code: &HashMap<PlaceCode, Vec<PlaceIx>>,
    problems: &mut Problems,
) -> Vec<usize> {
    let (line, place) = &places[index];
    let mut heirs = Vec::new();
    for successor in &place.successors {
        let Some(holders) = by_code.get(&successor.code) else {
            problems.add(PLACES, *line, Fault::UnknownCode(successor.code));
            continue;
        };
        if successor.year.is_some() {
            continue;
        }
        let (code, name) = (successor.code, place.name.clone());
        let Some(year) = place.to else {
            problems.add(PLACES, *line, Fault::SuccessorOfCurrent { code, name });
            continue;
        };
        let alive = |other: &usize| {
            let holder = &places[*other].1;
            *other != index && holder.from <= Some(year) && holder.to.is_none_or(|to| to >= year)
        };
        let alive: Vec<usize> = holders
            .iter()
            .map(|ix| ix.0 as usize)
            .filter(alive)
            .collect();
        let outlives = |other: &&usize| places[**other].1.to != Some(year);
        match alive.iter().find(outlives).or(alive.first()).copied() {
            Some(heir) => heirs.push(heir),
            None => problems.add(PLACES, *line, Fault::SuccessorEnded { code, name, year }),
        }
    }
    heirs
}

/// All places, each after its heirs; those in a cycle are reported and left out.
fn heirs_first(
    next: &[Vec<usize>],
    places: &[(usize, Place)],
    problems: &mut Problems,
) -> Vec<usize> {
    let mut waiting: Vec<usize> = next.iter().map(Vec::len).collect();
    let mut heir_of: Vec<Vec<usize>> = vec![Vec::new(); next.len()];
    for (index, heirs) in next.iter().enumerate() {
        for &heir in heirs {
            heir_of[heir].push(index);
        }
    }
    let mut order: Vec<usize> = (0..next.len()).filter(|&i| waiting[i] == 0).collect();
    let mut done = 0;
    while let Some(&index) = order.get(done) {
        done += 1;
        for &earlier in &heir_of[index] {
            waiting[earlier] -= 1;
            if waiting[earlier] == 0 {
                order.push(earlier);
            }
        }
    }
    for (index, left) in waiting.into_iter().enumerate() {
        if left > 0 {
            let (line, place) = &places[index];
            problems.add(PLACES, *line, Fault::SuccessorCycle(place.name.clone()));
        }
    }
    order
}
