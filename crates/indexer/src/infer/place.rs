//! The place a document is about: province, city, county and level.
//!
//! Title, issuer and signature state it. Where they do not, 我市 and the like point to the city
//! the text keeps naming, and cities of one province to that province; both are marked as
//! inferred. A place merely visited or praised is none of these.

use std::collections::BTreeMap;
use std::ops::Range;

use duibiao_corpus::{Inferred, Level, PlaceCode, PlaceRef};
use duibiao_lexicon::{Gazetteer, NameKind, Place};

use crate::infer::title::window;
use crate::text::Text;

/// What was found about place.
#[derive(Default)]
pub(crate) struct Places {
    pub(crate) province: Option<Inferred<PlaceRef>>,
    pub(crate) city: Option<Inferred<PlaceRef>>,
    pub(crate) county: Option<Inferred<PlaceRef>>,
    pub(crate) level: Option<Inferred<Level>>,
}

/// Where a place may be stated, best first.
pub(crate) struct Stated {
    pub(crate) rule: &'static str,
    pub(crate) bytes: Range<usize>,
    pub(crate) confidence: f32,
}

/// A name in the text with the places it may mean.
struct Mention<'g> {
    bytes: Range<usize>,
    candidates: Vec<&'g Place>,
    /// Named as a destination or an example (赴深圳、杭州考察).
    is_elsewhere: bool,
}

/// Text beyond this is not searched for places; it is enough to tell what a document is about.
const SEARCH_BYTES: usize = 300_000;
/// Words before a name that make it a destination or an example.
const ELSEWHERE: &[&str] = &[
    "赴", "到", "向", "考察", "学习", "借鉴", "对标", "与", "如", "推广", "援",
];
/// Words of a document about its own city, county or province.
const OWN_CITY: &[&str] = &["我市", "全市", "本市", "市委、市政府", "市政府", "市委"];
const OWN_PROVINCE: &[&str] = &["我省", "全省", "本省", "省委、省政府", "全区政法"];
/// Bodies of the nation.
const NATION: &[&str] = &[
    "国务院",
    "中共中央",
    "中央",
    "全国人民代表大会",
    "国家",
    "最高人民",
];
/// Share of mentions, and their number, that make a city the one a text keeps naming.
const DOMINANT: f32 = 0.55;
const LEAST_MENTIONS: usize = 2;
/// Cities of one province, and their share of all cities named, that point to it.
const LEAST_CITIES: usize = 3;
const CITY_SHARE: f32 = 0.6;

/// The site that is a title.
pub(crate) const TITLE: &str = "place.title";

/// Finds the place of a document.
pub(crate) fn find(text: &Text<'_>, gazetteer: &Gazetteer, stated: &[Stated]) -> Places {
    let folded = text.folded();
    let searched = &folded[..floor(folded, SEARCH_BYTES)];
    let mentions = mentions(gazetteer, searched);
    for site in stated {
        let within: Vec<&Mention<'_>> = mentions
            .iter()
            .filter(|m| site.bytes.start <= m.bytes.start && m.bytes.end <= site.bytes.end)
            .collect();
        if site.rule == TITLE
            && let Some(first) = within.first()
            && !begins_title(folded, &site.bytes, &first.bytes)
        {
            continue;
        }
        if let Some(place) = own_place(&within, &mentions) {
            return places(
                text,
                gazetteer,
                place.0,
                site.rule,
                site.confidence,
                &[place.1],
                false,
            );
        }
        if let Some(level) = nation(text, site) {
            return Places {
                level: Some(level),
                ..Places::default()
            };
        }
    }
    by_self_reference(text, gazetteer, &mentions)
        .or_else(|| by_cities(text, gazetteer, &mentions))
        .unwrap_or_default()
}

fn mentions<'g>(gazetteer: &'g Gazetteer, searched: &'g str) -> Vec<Mention<'g>> {
    let mut mentions: Vec<Mention<'g>> = Vec::new();
    for found in gazetteer.find(searched) {
        let before = &searched[..found.bytes.start];
        let goes_on = mentions.last().is_some_and(|m| {
            m.is_elsewhere
                && matches!(
                    &searched[m.bytes.end..found.bytes.start],
                    "、" | "和" | "及" | "与"
                )
        });
        let is_elsewhere = goes_on || ELSEWHERE.iter().any(|w| before.ends_with(w));
        mentions.push(Mention {
            bytes: found.bytes.clone(),
            candidates: candidates(gazetteer, &found),
            is_elsewhere,
        });
    }
    mentions
}

/// The places a name may mean: those of today where it names any, else what former ones became.
fn candidates<'g>(
    gazetteer: &'g Gazetteer,
    found: &duibiao_lexicon::NameMatch<'_>,
) -> Vec<&'g Place> {
    let mut candidates: Vec<&Place> = Vec::new();
    let has_current = found
        .name
        .places
        .iter()
        .any(|(_, kind)| *kind != NameKind::Former);
    for (ix, kind) in &found.name.places {
        if has_current && *kind == NameKind::Former {
            continue;
        }
        let place = gazetteer.today(*ix).unwrap_or_else(|| gazetteer.place(*ix));
        if !candidates.iter().any(|p| p.code == place.code) {
            candidates.push(place);
        }
    }
    candidates
}

/// Whether a name in a title is surely one: a full name, or a short one at the beginning. In the
/// middle two characters are too often something else (真金白银).
fn begins_title(folded: &str, title: &Range<usize>, name: &Range<usize>) -> bool {
    let is_full = folded[name.clone()].ends_with(['省', '市', '县', '区', '州', '盟', '旗']);
    let before = folded[title.start..name.start].trim_start_matches("中共");
    is_full
        || before
            .chars()
            .all(|c| c.is_ascii_digit() || "年《“—".contains(c))
}

/// The place a title, issuer or header states: its first name that is not a destination, made
/// precise by names that follow it directly (哈尔滨市南岗区).
fn own_place<'g>(
    within: &[&Mention<'g>],
    all: &[Mention<'g>],
) -> Option<(&'g Place, Range<usize>)> {
    let first = within.iter().position(|m| !m.is_elsewhere)?;
    let mut best = (
        resolve(within[first], None, all)?,
        within[first].bytes.clone(),
    );
    for next in &within[first + 1..] {
        let joined = next.bytes.start == best.1.end;
        let Some(place) =
            resolve(next, Some(best.0), all).filter(|p| p.lies_in(best.0) && p.code != best.0.code)
        else {
            break;
        };
        if !joined {
            break;
        }
        best = (place, best.1.start..next.bytes.end);
    }
    Some(best)
}

/// The one place a name means: the only candidate, the one inside `context`, the one whose
/// province the text names otherwise, or the highest.
fn resolve<'g>(
    mention: &Mention<'g>,
    context: Option<&Place>,
    all: &[Mention<'g>],
) -> Option<&'g Place> {
    if let [only] = mention.candidates[..] {
        return Some(only);
    }
    if let Some(context) = context
        && let Some(inside) = single(
            mention
                .candidates
                .iter()
                .copied()
                .filter(|p| p.lies_in(context)),
        )
    {
        return Some(inside);
    }
    let named: Vec<PlaceCode> = all
        .iter()
        .filter_map(|m| single(m.candidates.iter().copied()))
        .map(|p| p.province)
        .collect();
    if let Some(place) = single(
        mention
            .candidates
            .iter()
            .copied()
            .filter(|p| named.contains(&p.province)),
    ) {
        return Some(place);
    }
    let highest = mention.candidates.iter().map(|p| p.level).min()?;
    single(
        mention
            .candidates
            .iter()
            .copied()
            .filter(|p| p.level == highest),
    )
}

fn single<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

fn nation(text: &Text<'_>, site: &Stated) -> Option<Inferred<Level>> {
    let words = &text.folded()[site.bytes.clone()];
    let word = NATION.iter().find(|w| words.starts_with(*w))?;
    let bytes = site.bytes.start..site.bytes.start + word.len();
    Some(text.found(Level::Nation, site.rule, site.confidence, bytes))
}

/// 我市 with one city that the text keeps naming.
fn by_self_reference(
    text: &Text<'_>,
    gazetteer: &Gazetteer,
    mentions: &[Mention<'_>],
) -> Option<Places> {
    let folded = text.folded();
    let own = first_of(folded, OWN_CITY)?;
    if first_of(folded, OWN_PROVINCE).is_some_and(|province| {
        count(folded, OWN_PROVINCE) > count(folded, OWN_CITY) && province.start < own.start
    }) {
        return None;
    }
    let mut cities: BTreeMap<PlaceCode, Vec<Range<usize>>> = BTreeMap::new();
    for mention in mentions.iter().filter(|m| !m.is_elsewhere) {
        if let Some(city) = single(mention.candidates.iter()).and_then(|p| p.city) {
            cities.entry(city).or_default().push(mention.bytes.clone());
        }
    }
    let total: usize = cities.values().map(Vec::len).sum();
    let (city, named) = cities.into_iter().max_by_key(|(_, named)| named.len())?;
    let is_only = total == named.len();
    if named.len() as f32 / (total as f32) < DOMINANT || (named.len() < LEAST_MENTIONS && !is_only)
    {
        return None;
    }
    let evidence: Vec<Range<usize>> = [own].into_iter().chain(named.into_iter().take(2)).collect();
    let place = gazetteer.get(city)?;
    Some(places(
        text,
        gazetteer,
        place,
        "place.self_reference",
        0.75,
        &evidence,
        true,
    ))
}

/// A province that most of the cities named lie in.
fn by_cities(text: &Text<'_>, gazetteer: &Gazetteer, mentions: &[Mention<'_>]) -> Option<Places> {
    let folded = text.folded();
    let own = first_of(folded, OWN_PROVINCE)?;
    let mut cities: BTreeMap<PlaceCode, (PlaceCode, Range<usize>)> = BTreeMap::new();
    for mention in mentions {
        if let Some(place) = single(mention.candidates.iter())
            && let Some(city) = place.city
        {
            cities
                .entry(city)
                .or_insert((place.province, mention.bytes.clone()));
        }
    }
    let mut provinces: BTreeMap<PlaceCode, Vec<Range<usize>>> = BTreeMap::new();
    let total = cities.len();
    for (province, bytes) in cities.into_values() {
        provinces.entry(province).or_default().push(bytes);
    }
    let (province, named) = provinces.into_iter().max_by_key(|(_, named)| named.len())?;
    if named.len() < LEAST_CITIES || (named.len() as f32) < total as f32 * CITY_SHARE {
        return None;
    }
    let evidence: Vec<Range<usize>> = [own].into_iter().chain(named.into_iter().take(3)).collect();
    Some(places(
        text,
        gazetteer,
        gazetteer.get(province)?,
        "place.cities",
        0.8,
        &evidence,
        true,
    ))
}

fn first_of(folded: &str, words: &[&str]) -> Option<Range<usize>> {
    words
        .iter()
        .filter_map(|w| folded.find(w).map(|at| at..at + w.len()))
        .min_by_key(|r| r.start)
}

fn count(folded: &str, words: &[&str]) -> usize {
    words.iter().map(|w| folded.matches(w).count()).sum()
}

/// All the values that follow from one place.
fn places(
    text: &Text<'_>,
    gazetteer: &Gazetteer,
    place: &Place,
    rule: &'static str,
    confidence: f32,
    evidence: &[Range<usize>],
    inferred: bool,
) -> Places {
    let value = |place: &Place, follows: bool| {
        let rule = if follows { "place.parent" } else { rule };
        let mut value = text.concluded(place.to_ref(), rule, confidence, evidence);
        value.inferred = inferred || follows;
        value
    };
    let parent = |code: PlaceCode| gazetteer.get(code).map(|p| value(p, p.code != place.code));
    let mut level = text.concluded(place.level, rule, confidence, evidence);
    level.inferred = inferred;
    Places {
        province: parent(place.province),
        city: place.city.and_then(parent),
        county: (place.level == Level::County).then(|| value(place, false)),
        level: Some(level),
    }
}

/// The greatest character boundary not beyond `limit`.
fn floor(text: &str, limit: usize) -> usize {
    if limit >= text.len() {
        return text.len();
    }
    (0..=limit)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

/// The lines above a title and the opening after it, where a place stands less surely.
pub(crate) fn opening(folded: &str, title_end: usize) -> Range<usize> {
    window(folded, title_end, 120)
}
