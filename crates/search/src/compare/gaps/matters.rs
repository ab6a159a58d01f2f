//! The matters that may be gaps: themes, and inside a theme terms of the taxonomy with their
//! synonyms, that enough of the others have measures on and the city has none.
//!
//! A term is asked of every entry, and of the city's whatever theme they are of: what it says under
//! another theme it does not lack. Which terms say nothing of their own is decided as for the rows of
//! a comparison.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use duibiao_corpus::ThemeId;
use tantivy::query::{BooleanQuery, EnableScoring};
use tantivy::{DocAddress, DocId, DocSet, TERMINATED};

use crate::bounded::bounded;
use crate::collect::FACETS;
use crate::compare::gaps::cities::Cities;
use crate::compare::gaps::standing::{Own, Standing, Standings};
use crate::compare::gaps::telling::strong_terms;
use crate::compare::rows::{Forms, LEAST_WEIGHT, RowTerm, asked_themes, is_wanted, tells_apart};
use crate::compare::shape::MentionKind;
use crate::deadline::Halt;
use crate::error::{Error, engine};
use crate::matching::Added;
use crate::profiles::Profiles;
use crate::run::Search;

/// Matters of one theme besides itself.
const MOST_TERMS: usize = 5;
/// Of a small collection every term is in a large share.
const FEW: u64 = 40;
/// A term is no matter of its own where so many of its measures are those of a better one.
const MOST_SHARED: f32 = 0.6;

/// Something that others have measures on.
pub(super) struct Matter {
    /// `None` for passages without a theme.
    pub(super) theme: Option<ThemeId>,
    pub(super) term: Option<RowTerm>,
    /// Words that are akin to it, in comparable form.
    pub(super) akin: Vec<String>,
    /// Measures of the others, with the number of the city.
    pub(super) found: Vec<(usize, DocAddress)>,
    /// What the city has that comes near it.
    pub(super) own: Vec<(Own, DocAddress)>,
    /// Entries of elsewhere that may be about the city.
    pub(super) elsewhere: Vec<(MentionKind, DocAddress)>,
}

impl Matter {
    fn new(theme: Option<ThemeId>, term: Option<RowTerm>) -> Self {
        Self {
            theme,
            term,
            akin: Vec::new(),
            found: Vec::new(),
            own: Vec::new(),
            elsewhere: Vec::new(),
        }
    }

    /// How many cities have it.
    pub(super) fn cities(&self) -> usize {
        let cities: BTreeSet<usize> = self.found.iter().map(|(city, _)| *city).collect();
        cities.len()
    }
}

/// What matters are looked for in.
pub(super) struct Ground<'a> {
    pub(super) search: &'a Search<'a>,
    pub(super) cities: &'a Cities,
    pub(super) standings: &'a Standings,
    pub(super) at_least: usize,
}

impl Ground<'_> {
    /// The matters, those that most cities have first.
    pub(super) fn matters(&self) -> Result<Vec<Matter>, Error> {
        let themes = self.themes();
        let (mut matters, covered) = self.of_themes(&themes)?;
        let terms = self.of_terms(&covered)?;
        matters.extend(apart(terms));
        let place = |matter: &Matter| {
            (
                std::cmp::Reverse(matter.cities()),
                std::cmp::Reverse(matter.found.len()),
            )
        };
        matters.sort_by_cached_key(place);
        Ok(matters)
    }

    /// The themes that are looked at, as the facet numbers them; with a query also none at all.
    fn themes(&self) -> Vec<Option<usize>> {
        let profiles = self.search.snapshot.profiles.as_ref();
        let wanted = asked_themes(self.search);
        let values = theme_values(profiles).iter().enumerate();
        let wanted = values.filter(|(_, theme)| !theme.is_empty() && is_wanted(theme, &wanted));
        let mut themes: Vec<Option<usize>> = wanted.map(|(number, _)| Some(number)).collect();
        if self.search.term.is_positive_text() && asked_themes(self.search).is_empty() {
            themes.push(None);
        }
        themes
    }

    /// Themes that are matters, and those that enough of the others have measures of.
    fn of_themes(
        &self,
        themes: &[Option<usize>],
    ) -> Result<(Vec<Matter>, BTreeSet<ThemeId>), Error> {
        let profiles = self.search.snapshot.profiles.as_ref();
        let of_kind = themes_of_kinds(profiles);
        let values = theme_values(profiles);
        let id = |theme: &Option<usize>| theme.and_then(|number| values[number].parse().ok());
        let mut cities: BTreeMap<Option<usize>, BTreeSet<u8>> = BTreeMap::new();
        let mut has: BTreeSet<Option<usize>> = BTreeSet::new();
        let mut has_any = false;
        self.each(|_, standing, kind| {
            let themes = if of_kind[kind].is_empty() {
                &[None][..]
            } else {
                &of_kind[kind]
            };
            match standing {
                Standing::Other(city) => themes.iter().for_each(|theme| {
                    cities.entry(*theme).or_default().insert(city);
                }),
                Standing::Own(Own::Found) => {
                    has.extend(themes.iter().copied());
                    has_any = true;
                }
                _ => {}
            }
        })?;
        let enough: Vec<Option<usize>> = themes
            .iter()
            .filter(|theme| cities.get(theme).is_some_and(|c| c.len() >= self.at_least))
            .copied()
            .collect();
        let covered = enough.iter().filter_map(id).collect();
        let lacking: Vec<Option<usize>> = enough
            .into_iter()
            .filter(|theme| !has.contains(theme))
            .collect();
        let mut matters: Vec<Matter> = lacking
            .iter()
            .map(|theme| Matter::new(id(theme), None))
            .collect();
        let has_query = self.search.term.is_positive_text();
        self.each(|address, standing, kind| {
            for (matter, theme) in matters.iter_mut().zip(&lacking) {
                let is_of_theme = match theme {
                    Some(theme) => of_kind[kind].contains(&Some(*theme)),
                    None => of_kind[kind].is_empty(),
                };
                match standing {
                    Standing::Other(city) if is_of_theme => {
                        matter.found.push((city.into(), address));
                    }
                    // What was asked for stands there under another theme.
                    Standing::Own(Own::Found) if has_query => {
                        matter.own.push((Own::Found, address));
                    }
                    Standing::Own(own) if is_of_theme && own < Own::Rest => {
                        matter.own.push((own, address));
                    }
                    _ => {}
                }
                let segment = address.segment_ord as usize;
                if is_of_theme && let Some(why) = self.standings.elsewhere(segment, address.doc_id)
                {
                    matter.elsewhere.push((why, address));
                }
            }
        })?;
        if !has_query {
            self.add_strong(&mut matters)?;
        }
        Ok((matters, covered))
    }

    /// Passages of the city with a strong term of a theme that they are not about: what is said there
    /// in passing is no gap either.
    fn add_strong(&self, matters: &mut [Matter]) -> Result<(), Error> {
        for matter in matters {
            let strong = strong_terms(self.search, matter.theme.as_ref());
            let own = &mut matter.own;
            let all = self.each_having(&strong, |address, standing| {
                if let Standing::Own(found @ (Own::Found | Own::Outside | Own::OtherStatus)) =
                    standing
                    && !own.iter().any(|(_, known)| *known == address)
                {
                    own.push((found, address));
                }
                true
            });
            all.map_err(engine)?;
        }
        Ok(())
    }

    /// Goes through every entry that is not deleted, with what it is and its kind.
    fn each(&self, mut see: impl FnMut(DocAddress, Standing, usize)) -> Result<(), Error> {
        let snapshot = self.search.snapshot;
        let mut steps = self.search.deadline().steps();
        for (number, segment) in snapshot.searcher.segment_readers().iter().enumerate() {
            let entries = snapshot.profiles.segment(number);
            for doc in 0..segment.max_doc() {
                if steps.is_over() {
                    return Err(engine(Halt::OutOfTime));
                }
                let standing = self.standings.of(number, doc);
                let is_nothing = standing == Standing::Nothing
                    && self.standings.elsewhere(number, doc).is_none();
                if !is_nothing && !segment.is_deleted(doc) {
                    let kind = entries[doc as usize].kind();
                    see(DocAddress::new(number as u32, doc), standing, kind);
                }
            }
        }
        Ok(())
    }

    /// Terms of these themes that enough of the others have in a measure and the city in none.
    fn of_terms(&self, themes: &BTreeSet<ThemeId>) -> Result<Vec<Matter>, Error> {
        let taxonomy = self.search.engine.lexicon().taxonomy();
        // Each term with the themes it may be a matter of.
        let mut terms: BTreeMap<&str, Vec<&ThemeId>> = BTreeMap::new();
        for id in themes {
            let theme = taxonomy.get(id).into_iter();
            let strong = theme.flat_map(|theme| &theme.terms);
            for term in strong.filter(|term| term.weight >= LEAST_WEIGHT) {
                terms.entry(&term.text).or_default().push(id);
            }
        }
        let profiles = self.search.snapshot.profiles.as_ref();
        let of_kind = themes_of_kinds(profiles);
        let values = theme_values(profiles);
        let mut matters = Vec::new();
        for (term, themes) in terms {
            self.search.deadline().check().map_err(engine)?;
            let Forms {
                same: forms,
                wanted,
                akin,
            } = Forms::of(term, self.search)?;
            let mut telling = Vec::new();
            for theme in themes {
                let name = taxonomy.get(theme).map_or("", |theme| &theme.name);
                if tells_apart(&forms[0], name, FEW, self.search)? {
                    let number = values.iter().position(|value| value == theme.as_str());
                    telling.extend(number.map(|number| (theme, number)));
                }
            }
            if telling.is_empty() {
                continue;
            }
            // It is called by the form that texts have most.
            let text = self.commonest(&forms)?.to_owned();
            let Some(mut matter) = self.of_term(RowTerm { text, forms })? else {
                continue;
            };
            matter.akin = [wanted, akin].concat();
            // It is a matter of the theme under which most cities have it.
            let of_theme = |number: usize| {
                let is_of = |address: &DocAddress| {
                    let entries = profiles.segment(address.segment_ord as usize);
                    let kind = entries[address.doc_id as usize].kind();
                    of_kind[kind].contains(&Some(number))
                };
                let found = matter.found.iter().filter(|(_, address)| is_of(address));
                found.copied().collect::<Vec<_>>()
            };
            let cities = |found: &[(usize, DocAddress)]| {
                let cities: BTreeSet<usize> = found.iter().map(|(city, _)| *city).collect();
                cities.len()
            };
            let best = telling
                .iter()
                .map(|(theme, number)| (*theme, of_theme(*number)))
                .max_by_key(|(_, found)| (cities(found), found.len()));
            if let Some((theme, found)) = best
                && cities(&found) >= self.at_least
            {
                matters.push(Matter {
                    theme: Some(theme.clone()),
                    found,
                    ..matter
                });
            }
        }
        Ok(matters)
    }

    /// The form that most entries have.
    fn commonest<'f>(&self, forms: &'f [String]) -> Result<&'f str, Error> {
        let matcher = self.search.matcher(Added::Same);
        let mut best = ("", None);
        for form in forms {
            let frequency = matcher.rarest_term(form).map_err(engine)?;
            if best.1.is_none_or(|most| frequency > most) {
                best = (form.as_str(), Some(frequency));
            }
        }
        Ok(best.0)
    }

    /// Everything that has a term; `None` where the city has it in a measure, or too few have it.
    fn of_term(&self, term: RowTerm) -> Result<Option<Matter>, Error> {
        let mut matter = Matter::new(None, None);
        let has = self.each_having(&term.forms, |address, standing| {
            match standing {
                Standing::Own(Own::Found) => return false,
                Standing::Own(own) => matter.own.push((own, address)),
                Standing::Other(city) => matter.found.push((city.into(), address)),
                Standing::Nothing => {}
            }
            let segment = address.segment_ord as usize;
            if let Some(why) = self.standings.elsewhere(segment, address.doc_id) {
                matter.elsewhere.push((why, address));
            }
            true
        });
        matter.term = Some(term);
        let is_lacking = has.map_err(engine)?;
        Ok((is_lacking && matter.cities() >= self.at_least).then_some(matter))
    }

    /// Goes through the entries that have one of some texts literally, as long as it is told to; says
    /// whether it went to the end.
    pub(super) fn each_having(
        &self,
        texts: &[String],
        mut see: impl FnMut(DocAddress, Standing) -> bool,
    ) -> Result<bool, Halt> {
        let search = self.search;
        let matcher = search.matcher(Added::Same);
        let any = texts.iter().map(|text| matcher.literal(text)).collect();
        let any = BooleanQuery::union(any);
        let any = bounded(&any, search.deadline(), &search.snapshot.gathered);
        let searcher = &search.snapshot.searcher;
        let any = any.weight(EnableScoring::disabled_from_searcher(searcher))?;
        for (number, segment) in searcher.segment_readers().iter().enumerate() {
            let mut docs = any.scorer(segment, 1.0)?;
            let mut doc: DocId = docs.doc();
            while doc != TERMINATED {
                let standing = self.standings.of(number, doc);
                if !segment.is_deleted(doc) && !see(DocAddress::new(number as u32, doc), standing) {
                    return Ok(false);
                }
                doc = docs.advance();
            }
            // What looks like the end may have been the end of time.
            search.deadline().check()?;
        }
        Ok(true)
    }
}

/// The values of the facet.
fn theme_values(profiles: &Profiles) -> &[String] {
    let facets = FACETS.iter().zip(profiles.facets());
    let mut themes = facets.filter(|(name, _)| **name == "theme");
    themes
        .next()
        .map_or(&[][..], |(_, facet)| facet.values.as_slice())
}

/// For each kind of entries its themes, as the facet numbers them.
fn themes_of_kinds(profiles: &Profiles) -> Vec<Vec<Option<usize>>> {
    let Some(facet) = profiles.facet("theme") else {
        return vec![Vec::new(); profiles.kinds()];
    };
    let is_named = |value: &&u32| !facet.values[**value as usize].is_empty();
    (0..profiles.kinds())
        .map(|kind| {
            let values = facet.held.values(kind).iter().filter(is_named);
            values.map(|value| Some(*value as usize)).collect()
        })
        .collect()
}

/// Without those whose measures are for the most part those of a better one, and of each theme the best.
fn apart(mut terms: Vec<Matter>) -> Vec<Matter> {
    terms.sort_by_cached_key(|matter| {
        let length = matter.term.as_ref().map_or(0, |term| term.text.len());
        (
            std::cmp::Reverse(matter.cities()),
            std::cmp::Reverse(matter.found.len()),
            std::cmp::Reverse(length),
        )
    });
    let mut taken: HashSet<DocAddress> = HashSet::new();
    let mut of_themes: BTreeMap<Option<ThemeId>, usize> = BTreeMap::new();
    terms.retain(|matter| {
        let shared = matter.found.iter().filter(|(_, at)| taken.contains(at));
        let count = of_themes.entry(matter.theme.clone()).or_default();
        let is_apart = shared.count() as f32 <= matter.found.len() as f32 * MOST_SHARED;
        let is_kept = is_apart && *count < MOST_TERMS;
        if is_kept {
            *count += 1;
            taken.extend(matter.found.iter().map(|(_, at)| *at));
        }
        is_kept
    });
    terms
}
