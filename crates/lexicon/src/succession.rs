//! Which places of today former ones became.

use duibiao_corpus::{Level, PlaceCode};
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

/// Where former places went.
pub(crate) struct Succession {
    /// For each place the last one that it became as a whole: one of today, or one that was divided
    /// or of which the table does not say where it went; maybe itself.
    pub(crate) last: Vec<PlaceIx>,
    /// By the code of a place of today the former ones of other codes that it has area of, the last to
    /// end first.
    pub(crate) absorbed: HashMap<PlaceCode, Vec<PlaceIx>>,
}

/// Follows every place to today.
pub(crate) fn resolve(
    places: &[(usize, Place)],
    by_code: &HashMap<PlaceCode, Vec<PlaceIx>>,
    problems: &mut Problems,
) -> Succession {
    let next: Vec<Vec<usize>> = (0..places.len())
        .map(|index| heirs(index, places, by_code, problems))
        .collect();
    let order = heirs_first(&next, places, problems);
    let mut last: Vec<PlaceIx> = (0..places.len() as u32).map(PlaceIx).collect();
    for &index in &order {
        if let [only] = next[index][..]
            && !places[index].1.is_current()
        {
            last[index] = last[only];
        }
    }
    let absorbed = absorbed(places, by_code, &next, &order);
    Succession { last, absorbed }
}

/// Which former places a place of today has area of.
fn absorbed(
    places: &[(usize, Place)],
    by_code: &HashMap<PlaceCode, Vec<PlaceIx>>,
    next: &[Vec<usize>],
    order: &[usize],
) -> HashMap<PlaceCode, Vec<PlaceIx>> {
    let mut counties: HashMap<(PlaceCode, Option<u16>), Vec<usize>> = HashMap::new();
    for (index, (_, place)) in places.iter().enumerate() {
        if place.level == Level::County {
            let key = (place.code.prefecture(), place.to);
            counties.entry(key).or_default().push(index);
        }
    }
    let by_heirs = ends(places, next, order, |_| Vec::new());
    // A prefecture without an heir is now where the counties are that ended with it.
    let ends = ends(places, next, order, |index| {
        let place = &places[index].1;
        let lost = counties.get(&(place.code, place.to)).into_iter().flatten();
        let lost = lost.filter(|_| place.level == Level::City);
        let cities = lost
            .flat_map(|county| &by_heirs[*county])
            .filter_map(|&end| places[end].1.city);
        let holders = cities.filter_map(|city| by_code.get(&city)?.last());
        holders.map(|ix| ix.0 as usize).collect()
    });
    let mut absorbed: HashMap<PlaceCode, Vec<PlaceIx>> = HashMap::new();
    for (index, ends) in ends.iter().enumerate() {
        let own = &places[index].1;
        for &end in ends.iter().filter(|end| places[**end].1.code != own.code) {
            let former = absorbed.entry(places[end].1.code).or_default();
            former.push(PlaceIx(index as u32));
        }
    }
    for former in absorbed.values_mut() {
        former.sort_by_key(|ix| std::cmp::Reverse(places[ix.0 as usize].1.to));
    }
    absorbed
}

/// For each place those of today that its heirs became; of a former one without heirs, `otherwise`.
fn ends(
    places: &[(usize, Place)],
    next: &[Vec<usize>],
    order: &[usize],
    otherwise: impl Fn(usize) -> Vec<usize>,
) -> Vec<Vec<usize>> {
    let mut ends: Vec<Vec<usize>> = vec![Vec::new(); places.len()];
    for &index in order {
        let mut own = match &next[index][..] {
            _ if places[index].1.is_current() => vec![index],
            [] => otherwise(index),
            heirs => heirs.iter().flat_map(|&heir| ends[heir].clone()).collect(),
        };
        own.sort_unstable();
        own.dedup();
        ends[index] = own;
    }
    ends
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
