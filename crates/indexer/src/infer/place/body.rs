//! What the text itself says about its place, where neither title nor signature does: the area a
//! rule is for, the bodies it names, 我市 with a city it keeps naming, cities of one province.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use duibiao_corpus::{Level, PlaceCode};
use duibiao_index::Analyzer;
use duibiao_lexicon::{Finder, NameKind, Place};
use memchr::memmem;

use super::About;
use super::map::Map;
use super::mention::{Mention, Mentions, resolve, single};
use super::only::only;
use super::sign::{AREA, AUTHORITY, cites_rule, follows, names_body, names_zone, repeals};
use crate::infer::candidate::{Candidate, Candidates};
use crate::text::Text;

/// Words with which a document speaks of its own county, city or province.
const OWN_COUNTY: &[&str] = &[
    "我县",
    "本县",
    "全县",
    "县委",
    "县政府",
    "我区",
    "本区",
    "区委",
    "区政府",
];
const OWN_CITY: &[&str] = &[
    "我市",
    "全市",
    "本市",
    "市委、市政府",
    "市政府",
    "市委",
    "市人民政府",
];
const OWN_PROVINCE: &[&str] = &[
    "我省",
    "全省",
    "本省",
    "省委",
    "省政府",
    "省人民政府",
    "自治区人民政府",
    "本自治区",
    "自治区党委",
];
/// The words of each tier, the lowest first.
const TIERS: [(Level, &[&str]); 3] = [
    (Level::County, OWN_COUNTY),
    (Level::City, OWN_CITY),
    (Level::Province, OWN_PROVINCE),
];
/// All of them with the number of their tier, so that a text is gone through once.
static OWN_WORDS: LazyLock<Finder> = LazyLock::new(|| {
    let words = (0..).zip(TIERS);
    Finder::new(words.flat_map(|(tier, (_, words))| words.iter().map(move |word| (*word, tier))))
});
/// What these words may be part of instead.
const NOT_OWN: &[&str] = &[
    "县委书记",
    "区委书记",
    "本市场",
    "全市场",
    "本区域",
    "全区域",
    "本县级",
    "本市级",
];
/// A single such word may be about anything.
const LEAST_OWN: usize = 2;
/// A shorter text has no room for more.
const SHORT_BYTES: usize = 6_000;
/// Share of mentions, and their number, that make a place the one a text keeps naming.
const DOMINANT: f32 = 0.55;
const LEAST_MENTIONS: usize = 2;
const SURE_MENTIONS: usize = 4;
/// Cities of one province, and their share of all cities named, that point to it.
const LEAST_CITIES: usize = 3;
const CITY_SHARE: f32 = 0.6;
const OTHER_LEVEL: &str = "the text speaks of a place of another level as its own";

/// Adds what the text says.
pub(super) fn add<'g>(
    text: &Text<'_>,
    map: Map<'g>,
    all: &Mentions<'g>,
    analyzer: &Analyzer,
    places: &mut Candidates<About<'g>>,
) {
    let own = Own::of(text.folded());
    let folded = text.folded();
    let is_rule = has_articles(folded);
    for (rule, sure, keep) in [
        ("place.area", 0.88, &|m: &Mention<'_>| {
            follows(folded, m, AREA)
        }),
        ("place.repealed", 0.87, &|m: &Mention<'_>| {
            repeals(folded, m)
        }),
        ("place.authority", 0.82, &|m: &Mention<'_>| {
            follows(folded, m, AUTHORITY)
        }),
        ("place.cited_rules", 0.78, &|m: &Mention<'_>| {
            is_rule && cites_rule(folded, m)
        }),
        ("place.zone", 0.72, &|m: &Mention<'_>| {
            is_rule && names_zone(folded, m)
        }),
        ("place.body", 0.74, &|m: &Mention<'_>| {
            is_rule && names_body(folded, m)
        }),
    ] as [(_, _, &dyn Fn(&Mention<'_>) -> bool); 6]
    {
        places.extend(agreed(text, map, all, &own, rule, sure, keep));
    }
    places.extend(short_in_title(text, map, all));
    places.extend(self_reference(text, map, all, &own));
    places.extend(cities(text, map, all, &own));
    places.extend(basis(text, map, all, &own));
    if is_rule && places.best().is_none() {
        places.extend(only(text, map, all, own.level, analyzer));
    }
}

/// Whether a text has lines that begin as articles do.
fn has_articles(folded: &str) -> bool {
    let lines = memmem::find_iter(folded.as_bytes(), "\n第");
    lines.take(3).count() == 3 && folded.contains('条')
}

/// How a text speaks of itself.
struct Own {
    level: Option<Level>,
    at: Option<Range<usize>>,
}

impl Own {
    fn of(folded: &str) -> Self {
        let mut tiers = TIERS.map(|(level, _)| (level, (0usize, None::<Range<usize>>)));
        for (at, tier) in OWN_WORDS.every(folded) {
            if is_own(folded, at.start, &folded[at.clone()]) {
                let (_, (count, first)) = &mut tiers[tier as usize];
                *count += 1;
                if first.as_ref().is_none_or(|first| at.start < first.start) {
                    *first = Some(at);
                }
            }
        }
        // A county or city names those above it too, and rarely those below: the words of its own
        // tier are the most frequent.
        let most = tiers.iter().max_by_key(|(_, (count, _))| *count);
        match most {
            Some((level, (count, at)))
                if *count >= LEAST_OWN || folded.len() < SHORT_BYTES && *count > 0 =>
            {
                Self {
                    level: Some(*level),
                    at: at.clone(),
                }
            }
            _ => Self {
                level: None,
                at: None,
            },
        }
    }

    fn speaks_of(&self, place: &Place) -> bool {
        match self.level {
            Some(Level::City) => place.counts_as(Level::City) || place.name.ends_with('市'),
            Some(level) => place.level == level,
            None => true,
        }
    }
}

/// Whether a word speaks of the document's own place: 市人民政府 does, but neither that of
/// 设区的市人民政府 nor that of 某市人民政府.
fn is_own(folded: &str, at: usize, word: &str) -> bool {
    if NOT_OWN.iter().any(|n| folded[at..].starts_with(n)) {
        return false;
    }
    if word.starts_with(['我', '本', '全']) || word.starts_with("自治区") {
        return true;
    }
    let before = folded[..at].chars().next_back();
    before
        .is_none_or(|c| !c.is_alphanumeric() || "由经报向和或及与按在受对据应是为将请".contains(c))
}

/// The place that most of the names meant by `keep` agree on.
fn agreed<'g>(
    text: &Text<'_>,
    map: Map<'g>,
    all: &Mentions<'g>,
    own: &Own,
    rule: &'static str,
    sure: f32,
    keep: &dyn Fn(&Mention<'_>) -> bool,
) -> Option<Candidate<About<'g>>> {
    let mut named: BTreeMap<PlaceCode, (&'g Place, Vec<Range<usize>>)> = BTreeMap::new();
    let mut total = 0;
    for mention in all.list.iter().filter(|m| !m.is_elsewhere && keep(m)) {
        let Some(place) = resolve(mention, None, all) else {
            continue;
        };
        total += 1;
        let entry = named
            .entry(place.code)
            .or_insert_with(|| (place, Vec::new()));
        entry.1.push(mention.bytes.clone());
    }
    let (place, at) = named
        .into_values()
        .max_by_key(|(p, at)| (own.speaks_of(p), at.len()))?;
    let evidence = at
        .iter()
        .take(2)
        .map(|b| text.evidence(b.clone()))
        .collect();
    let about = About::of(map, place);
    if !own.speaks_of(place) {
        // A city's rule names the bodies of its province, which tells the province.
        let about = About::within(map, place.province);
        let sure = sure - 0.05;
        let wider = place.level == Level::Province;
        let found = Candidate::concluded(about, rule, sure, evidence);
        return Some(if wider { found } else { found.but(OTHER_LEVEL) });
    }
    let share = at.len() as f32 / total as f32;
    let found = Candidate::concluded(about, rule, sure, evidence);
    Some(if share < 0.5 {
        found.but("the text names several such places")
    } else {
        found
    })
}

/// A short name that opens the text and whose full name the text has: 北辰：… and 北辰区.
fn short_in_title<'g>(
    text: &Text<'_>,
    map: Map<'g>,
    all: &Mentions<'g>,
) -> Option<Candidate<About<'g>>> {
    let folded = text.folded();
    let begin = folded.len() - folded.trim_start().len();
    let line = folded[begin..].lines().next()?;
    let short = &line[..line.find(['：', ':', '，', ' ', '|', '丨', '｜'])?];
    let name = map
        .gazetteer
        .name(short)
        .filter(|_| (2..=4).contains(&short.chars().count()))?;
    let meant = name
        .places
        .iter()
        .filter(|(_, kind)| *kind == NameKind::Short)
        .map(|(ix, _)| map.gazetteer.place(*ix));
    let named = |place: &&Place| {
        all.list
            .iter()
            .any(|m| m.is_full && m.candidates.iter().any(|c| c.code == place.code))
    };
    let place = single(meant.filter(named))?;
    let evidence = vec![text.evidence(begin..begin + short.len())];
    Some(Candidate::stated(
        About::of(map, place),
        "place.title",
        0.85,
        evidence,
    ))
}

/// 我市 with one city that the text keeps naming; 我县 with one county.
fn self_reference<'g>(
    text: &Text<'_>,
    map: Map<'g>,
    all: &Mentions<'g>,
    own: &Own,
) -> Option<Candidate<About<'g>>> {
    let level = own
        .level
        .filter(|l| matches!(l, Level::City | Level::County))?;
    let mut named: BTreeMap<PlaceCode, Vec<Range<usize>>> = BTreeMap::new();
    for mention in all.list.iter().filter(|m| !m.is_elsewhere) {
        let Some(place) = single(mention.candidates.iter()) else {
            continue;
        };
        let code = match level {
            Level::County => (place.level == Level::County).then_some(place.code),
            _ => place.city,
        };
        if let Some(code) = code {
            named.entry(code).or_default().push(mention.bytes.clone());
        }
    }
    let total: usize = named.values().map(Vec::len).sum();
    let (code, at) = named.into_iter().max_by_key(|(_, at)| at.len())?;
    let place = map.get(code)?;
    // Two characters stand together by chance (重大|庆典); a full name or an alias rarely does.
    let sure: BTreeSet<usize> = all
        .list
        .iter()
        .filter(|m| m.is_full || m.is_alias || at.len() >= SURE_MENTIONS && m.names_city())
        .map(|m| m.bytes.start)
        .collect();
    let is_sure = at.iter().any(|b| sure.contains(&b.start));
    let bytes = own.at.clone().into_iter().chain(at.iter().take(2).cloned());
    let evidence = bytes.map(|b| text.evidence(b)).collect();
    let about = About::of(map, place);
    let found = Candidate::concluded(about, "place.self_reference", 0.75, evidence);
    let is_only = total == at.len();
    let is_dominant = at.len() as f32 / total as f32 >= DOMINANT;
    // 沿|海城市 and 覆|盖县 are such chances too.
    let is_name = at.first().is_some_and(|b| {
        let name = &text.folded()[b.clone()];
        !name.ends_with("城市") && name.chars().nth(2).is_some()
    });
    let is_named = at.len() >= LEAST_MENTIONS || is_only && is_name;
    Some(if !is_sure || !is_named {
        found.but("named too rarely: characters that meet by chance look like a name")
    } else if is_dominant {
        found
    } else {
        found.but("other places of its level are named as often")
    })
}

/// A province that most of the cities named lie in.
fn cities<'g>(
    text: &Text<'_>,
    map: Map<'g>,
    all: &Mentions<'g>,
    own: &Own,
) -> Option<Candidate<About<'g>>> {
    let speaks = own.level == Some(Level::Province);
    let mut named: BTreeMap<PlaceCode, (PlaceCode, Range<usize>)> = BTreeMap::new();
    for mention in &all.list {
        if let Some(place) = single(mention.candidates.iter())
            && let Some(city) = place.city
        {
            let entry = (place.province, mention.bytes.clone());
            named.entry(city).or_insert(entry);
        }
    }
    let total = named.len();
    let mut provinces: BTreeMap<PlaceCode, Vec<Range<usize>>> = BTreeMap::new();
    for (province, bytes) in named.into_values() {
        provinces.entry(province).or_default().push(bytes);
    }
    let (province, at) = provinces.into_iter().max_by_key(|(_, at)| at.len())?;
    if at.len() < LEAST_CITIES || (at.len() as f32) < total as f32 * CITY_SHARE {
        return None;
    }
    let bytes = own.at.clone().into_iter().chain(at.into_iter().take(3));
    let evidence = bytes.map(|b| text.evidence(b)).collect();
    let found = Candidate::concluded(
        About::of(map, map.get(province)?),
        "place.cities",
        0.8,
        evidence,
    );
    Some(if speaks {
        found
    } else {
        found.but(OTHER_LEVEL)
    })
}

/// The province of a rule that says which rules of its province it rests on:
/// 根据《山东省…条例》，结合本市实际，制定本办法.
fn basis<'g>(
    text: &Text<'_>,
    map: Map<'g>,
    all: &Mentions<'g>,
    own: &Own,
) -> Option<Candidate<About<'g>>> {
    let folded = text.folded();
    let is_rule = has_articles(folded);
    let mut provinces: BTreeMap<PlaceCode, Vec<Range<usize>>> = BTreeMap::new();
    for mention in all.list.iter().filter(|m| m.is_full && !m.is_elsewhere) {
        let Some(place) = resolve(mention, None, all) else {
            continue;
        };
        let before = &folded[..mention.bytes.start];
        let is_cited = before.ends_with(['《', '〈'])
            || before.ends_with("国家和")
            || before.ends_with("国家、");
        if place.level == Level::Province && is_cited {
            provinces
                .entry(place.code)
                .or_default()
                .push(mention.bytes.clone());
        }
    }
    let found: Vec<_> = provinces.into_iter().collect();
    let [(province, at)] = &found[..] else {
        return None;
    };
    let evidence = at
        .iter()
        .take(2)
        .map(|b| text.evidence(b.clone()))
        .collect();
    let about = match own.level {
        Some(Level::Province) => About::of(map, map.get(*province)?),
        _ => About::within(map, *province),
    };
    let found = Candidate::concluded(about, "place.basis", 0.7, evidence);
    Some(if own.level.is_none() && !is_rule {
        found.but("the text nowhere speaks of a place as its own")
    } else {
        found
    })
}
