//! The place a document is about: province, city, county and level.
//!
//! Title, issuer, number and signature state it. Where they do not, its own words point to it: the
//! area a rule is for, 我市 with the city the text keeps naming, cities of one province. A place
//! merely visited, praised or cited is none of these.

mod body;
mod chance;
mod left_out;
mod map;
mod mention;
mod named;
mod only;
mod sign;
mod site;

use duibiao_corpus::{Evidence, Inferred, Level, PlaceCode, PlaceRef};
use duibiao_index::Analyzer;
use duibiao_lexicon::{Gazetteer, Place};

use crate::infer::candidate::{Candidate, Candidates};
use crate::text::Text;

use map::Map;
use mention::Mentions;
pub(crate) use named::PlacesNamed;
pub(super) use site::{Site, SiteKind};

/// What a document may be about.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct About<'g> {
    pub(super) province: Option<&'g Place>,
    pub(super) city: Option<&'g Place>,
    pub(super) county: Option<&'g Place>,
    pub(super) level: Option<Level>,
}

impl<'g> About<'g> {
    /// Everything that follows from one place.
    fn of(map: Map<'g>, place: &'g Place) -> Self {
        Self {
            province: map.get(place.province),
            city: place.city.and_then(|code| map.get(code)),
            county: (place.level == Level::County).then_some(place),
            level: Some(place.level),
        }
    }

    /// A province that is all that is known; a municipality is its own city.
    fn within(map: Map<'g>, province: PlaceCode) -> Self {
        let province = map.get(province);
        Self {
            province,
            city: province.filter(|p| p.counts_as(Level::City)),
            ..Self::default()
        }
    }

    /// Whether neither place lies in the other.
    fn excludes(&self, other: Self) -> bool {
        match (self.narrowest(), other.narrowest()) {
            (Some(own), Some(other)) => !own.lies_in(other) && !other.lies_in(own),
            _ => false,
        }
    }

    /// The narrowest place named.
    fn narrowest(&self) -> Option<&'g Place> {
        self.county.or(self.city).or(self.province)
    }
}

/// Text beyond this is not searched for places; it is enough to tell what a document is about.
const SEARCH_BYTES: usize = 300_000;

/// Every name of a text, seen from the document's year.
pub(super) struct Survey<'g> {
    map: Map<'g>,
    mentions: Mentions<'g>,
    /// Bytes of the text that were searched.
    searched: usize,
}

/// Finds every name. `year` is the document's own, for names that were in use then.
pub(super) fn survey<'g>(
    text: &Text<'_>,
    gazetteer: &'g Gazetteer,
    year: Option<i16>,
) -> Survey<'g> {
    let searched = searched(text.folded());
    let map = Map { gazetteer, year };
    Survey {
        map,
        mentions: mention::mentions(map, searched),
        searched: searched.len(),
    }
}

/// What the place may be.
pub(super) fn places<'g>(
    text: &Text<'_>,
    survey: &Survey<'g>,
    sites: &[Site],
    analyzer: &Analyzer,
) -> Candidates<About<'g>> {
    let (map, mentions) = (survey.map, &survey.mentions);
    let mut places = Candidates::default();
    let mut of_title: Option<About<'g>> = None;
    for site in sites {
        let Some(mut found) = site.place(text, map, mentions) else {
            continue;
        };
        if site.kind == SiteKind::Title {
            of_title = Some(found.value);
        }
        if site.kind == SiteKind::Legislature
            && of_title.is_some_and(|title| title.excludes(found.value))
        {
            // A rule of 莱芜市 that 济南市 took over when the two became one.
            found = found.but("the title names another place");
        }
        places.add(found);
    }
    body::add(text, map, mentions, analyzer, &mut places);
    places
}

fn searched(folded: &str) -> &str {
    let end = (0..=SEARCH_BYTES.min(folded.len()))
        .rev()
        .find(|&at| folded.is_char_boundary(at))
        .unwrap_or(0);
    &folded[..end]
}

/// The four fields that follow from the candidates.
pub(super) struct Places {
    pub(super) province: Candidates<PlaceRef>,
    pub(super) city: Candidates<PlaceRef>,
    pub(super) county: Candidates<PlaceRef>,
    pub(super) level: Candidates<Level>,
}

/// Splits candidates for the place into those of each field. Only what agrees with the best
/// candidate may win: a city of another province is no value.
pub(super) fn split(places: &Candidates<About<'_>>) -> Places {
    let mut fields = Places {
        province: Candidates::default(),
        city: Candidates::default(),
        county: Candidates::default(),
        level: Candidates::default(),
    };
    let best = places.best().map(|c| c.value);
    for candidate in places.iter() {
        let about = candidate.value;
        let against = candidate.against.or_else(|| contradicts(best, about));
        let own = about.narrowest().map(|p| p.code);
        let value = |place: &Place| {
            let follows = own != Some(place.code);
            let rule = if follows {
                "place.parent"
            } else {
                candidate.rule
            };
            Candidate {
                rule,
                inferred: candidate.inferred || follows,
                against,
                ..candidate.map(place.to_ref())
            }
        };
        fields.province.extend(about.province.map(value));
        fields.city.extend(about.city.map(value));
        fields.county.extend(about.county.map(value));
        fields.level.extend(about.level.map(|level| Candidate {
            against,
            ..candidate.map(level)
        }));
    }
    fields
}

/// Why a candidate does not go with the best one.
fn contradicts(best: Option<About<'_>>, about: About<'_>) -> Option<&'static str> {
    let best = best?;
    let lies_elsewhere = |inner: Option<&Place>, outer: Option<&Place>| matches!((inner, outer), (Some(inner), Some(outer)) if !inner.lies_in(outer));
    if best.level == Some(Level::Nation) && about.province.is_some() {
        return Some("the document is one of the nation");
    }
    if lies_elsewhere(about.province, best.province)
        || lies_elsewhere(about.city, best.city)
        || lies_elsewhere(about.county, best.county)
    {
        return Some("another place is stated more surely");
    }
    let narrower = about.city.is_some() && best.city.is_none()
        || about.county.is_some() && best.county.is_none();
    if narrower && best.level.is_some() {
        return Some("the document is one of a larger place");
    }
    None
}

/// A value that follows from the issuer's place: 县人民政府 of a report.
pub(super) fn government(places: &Places, word: &str) -> Option<(String, Vec<Evidence>)> {
    let of = |field: &Candidates<PlaceRef>| field.decide();
    let place: Inferred<PlaceRef> = match word {
        "省" | "自治区" => of(&places.province),
        "县" | "区" | "旗" => of(&places.county),
        "州" | "盟" => of(&places.city),
        _ => of(&places.county)
            .filter(|c| c.value.name.ends_with('市'))
            .or_else(|| of(&places.city)),
    }?;
    place
        .value
        .name
        .ends_with(word)
        .then(|| (format!("{}人民政府", place.value.name), place.evidence))
}
