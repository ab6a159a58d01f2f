//! The one place that a name typed by a user means.
//!
//! Not for running text: there every candidate counts (see `Gazetteer::find`).

use duibiao_corpus::{Level, PlaceCode, PlaceRef};

use crate::gazetteer::Gazetteer;
use crate::place::{NameKind, Place, PlaceIx};
use crate::suggest;

/// Longer inputs are cut: no path of names is longer.
const LONGEST_INPUT: usize = 60;
/// Province, city, county.
const DEEPEST_PATH: usize = 3;
/// How many candidates a message lists.
const SHOWN: usize = 8;

/// Why a name does not mean one place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// No place has this name or code.
    #[error("unknown place {name:?}{}", hint(.suggestion))]
    Unknown {
        /// What was typed, cut to 60 characters.
        name: String,
        /// The nearest name there is.
        suggestion: Option<String>,
    },
    /// Several places have this name.
    #[error("{name:?} names several places: {}; give the code, or put the province or city before it", list(.candidates))]
    Ambiguous {
        /// What was typed, cut to 60 characters.
        name: String,
        /// The places it may mean.
        candidates: Vec<PlaceRef>,
    },
}

impl PlaceError {
    /// What was typed, cut to 60 characters.
    pub fn name(&self) -> &str {
        match self {
            Self::Unknown { name, .. } | Self::Ambiguous { name, .. } => name,
        }
    }

    /// Whether several places have this name.
    pub fn is_ambiguous(&self) -> bool {
        matches!(self, Self::Ambiguous { .. })
    }
}

pub(crate) fn hint(suggestion: &Option<String>) -> String {
    let hint = suggestion.as_ref();
    hint.map_or_else(String::new, |s| format!("; did you mean {s}"))
}

fn list(candidates: &[PlaceRef]) -> String {
    let shown = candidates.iter().take(SHOWN);
    let mut list: Vec<String> = shown.map(|c| format!("{} {}", c.name, c.code)).collect();
    if candidates.len() > SHOWN {
        list.push(format!("and {} more", candidates.len() - SHOWN));
    }
    list.join(", ")
}

impl Gazetteer {
    /// The place that a code, a full or short name, an alias or an abbreviation means.
    ///
    /// With a `level` only places of that level count; a municipality is province and city.
    /// Places of today go before former ones; a former name stands for the last place that had it
    /// (萧山市 of 1990–2001), not for what that became. A name may follow that of the province or
    /// city it lies in (南京鼓楼区).
    ///
    /// # Errors
    /// When no place or several have the name.
    pub fn resolve(&self, text: &str, level: Option<Level>) -> Result<&Place, PlaceError> {
        let (_, found) = self.named(text, level)?;
        Ok(self.place(found))
    }

    /// Every place that a filter means by a name: the one it [resolves](Self::resolve) to; for a name
    /// that only former places had, all of these that followed each other, and the place of today that
    /// began where the last of them ended: 萧山市 is that of 1987, that of 1990, and 萧山区. What a
    /// place went into that had existed before is not meant: 崇文区 is not 东城区. A code means itself.
    ///
    /// # Errors
    /// When no place or several have the name.
    pub fn meant_by(&self, text: &str, level: Option<Level>) -> Result<Vec<&Place>, PlaceError> {
        let (all, last) = self.named(text, level)?;
        let place = self.place(last);
        let goes_on = Some(self.last_of_line(last)).filter(|&ix| {
            let heir = self.place(ix);
            ix != last && heir.from == place.to && fits(heir, level)
        });
        let all = all.into_iter().chain(goes_on);
        Ok(all.map(|ix| self.place(ix)).collect())
    }

    /// The places of a name, and the last of them.
    fn named(
        &self,
        text: &str,
        level: Option<Level>,
    ) -> Result<(Vec<PlaceIx>, PlaceIx), PlaceError> {
        let name: String = text.trim().chars().take(LONGEST_INPUT).collect();
        let found = match name.parse::<PlaceCode>() {
            Ok(code) => self.by_code(code, level),
            Err(_) => self.by_path(&name, level, &[], DEEPEST_PATH),
        };
        let last = |ix: &&PlaceIx| self.place(**ix).to.unwrap_or(u16::MAX);
        match found.iter().max_by_key(last).copied() {
            None => Err(PlaceError::Unknown {
                suggestion: self.nearest(&name, level),
                name,
            }),
            Some(last) if self.is_one_line(&found, last) => Ok((found, last)),
            Some(_) => {
                let candidates = found.iter().map(|&ix| self.place(ix).to_ref()).collect();
                Err(PlaceError::Ambiguous { name, candidates })
            }
        }
    }

    /// Whether several places are former ones that followed each other.
    fn is_one_line(&self, found: &[PlaceIx], last: PlaceIx) -> bool {
        let followed = |&ix: &PlaceIx| {
            let is_former = !self.place(ix).is_current();
            ix == last || is_former && self.last_of_line(ix) == self.last_of_line(last)
        };
        found.iter().all(followed)
    }

    fn by_code(&self, code: PlaceCode, level: Option<Level>) -> Vec<PlaceIx> {
        let holder = self.index_of(code);
        let fitting = holder.filter(|&ix| fits(self.place(ix), level));
        fitting.into_iter().collect()
    }

    /// Places named `text` in one of `within` (anywhere if empty), or by a name that begins with
    /// the name of a province or city.
    fn by_path(
        &self,
        text: &str,
        level: Option<Level>,
        within: &[PlaceIx],
        depth: usize,
    ) -> Vec<PlaceIx> {
        let direct = self.by_name(text, level, within);
        if !direct.is_empty() || depth <= 1 {
            return direct;
        }
        let mut found = Vec::new();
        for (split, _) in text.char_indices().skip(2) {
            let (above, rest) = text.split_at(split);
            let mut containers = self.by_name(above, None, within);
            containers.retain(|&ix| self.place(ix).level != Level::County);
            if !containers.is_empty() {
                found.extend(self.by_path(rest, level, &containers, depth - 1));
            }
        }
        found.sort();
        found.dedup();
        found
    }

    fn by_name(&self, text: &str, level: Option<Level>, within: &[PlaceIx]) -> Vec<PlaceIx> {
        let Some(name) = self.name(text) else {
            return Vec::new();
        };
        let fitting = name.places.iter().copied().filter(|&(ix, _)| {
            let place = self.place(ix);
            let inside = within.iter().any(|&outer| place.lies_in(self.place(outer)));
            fits(place, level) && (within.is_empty() || inside)
        });
        let (former, current): (Vec<_>, Vec<_>) = fitting
            .partition(|&(ix, kind)| kind == NameKind::Former || !self.place(ix).is_current());
        let full = current.iter().filter(|(_, kind)| *kind == NameKind::Full);
        let mut found: Vec<PlaceIx> = full.map(|&(ix, _)| ix).collect();
        if found.is_empty() {
            found = current.iter().map(|&(ix, _)| ix).collect();
        }
        if found.is_empty() {
            found = former.iter().map(|&(ix, _)| ix).collect();
            found.sort();
            found.dedup();
        }
        found
    }

    fn nearest(&self, text: &str, level: Option<Level>) -> Option<String> {
        let fitting = self.names().iter().filter(|name| {
            let mut places = name.places.iter();
            places.any(|&(ix, _)| fits(self.place(ix), level))
        });
        // Names of places of today come first among equally near ones.
        let (current, former): (Vec<_>, Vec<_>) =
            fitting.partition(|name| name.places[0].1 != NameKind::Former);
        let names = current.into_iter().chain(former);
        suggest::nearest(text, names.map(|name| name.text.as_str())).map(str::to_owned)
    }
}

fn fits(place: &Place, level: Option<Level>) -> bool {
    level.is_none_or(|level| place.counts_as(level))
}
