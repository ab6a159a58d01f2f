//! Names of places in a text, and which place a name means.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use duibiao_corpus::{Level, PlaceCode};
use duibiao_lexicon::{NameKind, NameMatch, Place};

use super::left_out;
use super::map::Map;

/// A name in the text with the places it may mean.
pub(crate) struct Mention<'g> {
    pub(crate) bytes: Range<usize>,
    pub(crate) candidates: Vec<&'g Place>,
    /// Named as a destination or an example (赴深圳、杭州考察).
    pub(crate) is_elsewhere: bool,
    /// Named as one that is visited or studied, or held up as an example.
    pub(crate) is_visited: bool,
    /// What is meant is what a place that had ended became.
    pub(crate) is_heir: bool,
    /// The full name, such as 朝阳区, and not 朝阳.
    pub(crate) is_full: bool,
    /// A name given by hand, such as 哈市 or 羊城.
    pub(crate) is_alias: bool,
}

impl Mention<'_> {
    /// Whether all it may mean are cities or provinces.
    pub(super) fn names_city(&self) -> bool {
        self.candidates.iter().all(|p| p.level != Level::County)
    }
}

/// Words before a name that make it a destination, an example or a partner.
const ELSEWHERE: &[&str] = &[
    "赴",
    "到",
    "向",
    "考察",
    "学习",
    "借鉴",
    "对标",
    "与",
    "如",
    "推广",
    "援",
    "参考",
    "比照",
    "对接",
    "同",
    "像",
    "来自",
    "吸收",
    "走进",
    "前往",
    "类似",
    "超过",
    "接近",
    "落后于",
    "高于",
    "低于",
    "协同",
    "共建",
    "结对",
];
/// Those that say it of the place wherever it is named again.
const VISITED: &[&str] = &["赴", "考察", "学习", "借鉴", "对标", "走进", "前往"];
/// Words behind a list of names that do the same (深圳、杭州的做法；北京、上海等先进城市).
const PRAISED: &[&str] = &[
    "等先进",
    "等发达",
    "等标杆",
    "等地的做法",
    "等地做法",
    "等地经验",
    "的经验",
    "经验",
    "的做法",
    "等兄弟",
    "等外省",
    "等外地",
    "考察",
    "等地考察",
    "等地学习",
    "学习考察",
    "取经",
    "等市的做法",
    "等城市",
];

/// Every name of a text, with what the unambiguous ones mean.
pub(super) struct Mentions<'g> {
    pub(super) list: Vec<Mention<'g>>,
    /// Places named by an unambiguous name, destinations not counted.
    places: BTreeSet<PlaceCode>,
    provinces: BTreeSet<PlaceCode>,
}

/// Every name of the text.
pub(super) fn mentions<'g>(map: Map<'g>, searched: &str) -> Mentions<'g> {
    let mut mentions: Vec<Mention<'g>> = Vec::new();
    for found in left_out::names(map.gazetteer, searched) {
        let before = &searched[..found.bytes.start];
        let goes_on = mentions.last().is_some_and(|m| {
            m.is_elsewhere && is_list_sign(searched.get(m.bytes.end..found.bytes.start))
        });
        let is_visited = goes_on && mentions.last().is_some_and(|m| m.is_visited)
            || VISITED.iter().any(|w| before.ends_with(w));
        let is_elsewhere = goes_on || ELSEWHERE.iter().any(|w| before.ends_with(w));
        let meant = map.meant(&found);
        mentions.push(Mention {
            bytes: found.bytes.clone(),
            candidates: meant.places,
            is_heir: meant.is_heir,
            is_elsewhere,
            is_visited,
            is_full: is_full(&found),
            is_alias: found
                .name
                .places
                .iter()
                .all(|(_, kind)| *kind == NameKind::Alias),
        });
    }
    praised(searched, &mut mentions);
    visited(searched, &mut mentions);
    let known = || {
        let own = mentions.iter().filter(|m| !m.is_elsewhere);
        own.filter_map(|m| single(m.candidates.iter()))
    };
    Mentions {
        places: known().map(|p| p.code).collect(),
        provinces: known().map(|p| p.province).collect(),
        list: mentions,
    }
}

pub(super) fn is_list_sign(between: Option<&str>) -> bool {
    matches!(between, Some("、" | "和" | "及" | "与" | "以及" | "，"))
}

/// Marks names that the words behind their list make examples.
fn praised(searched: &str, mentions: &mut [Mention<'_>]) {
    let mut next_is = false;
    for index in (0..mentions.len()).rev() {
        let Some(m) = mentions.get(index) else {
            continue;
        };
        let end = m.bytes.end;
        let follows = mentions.get(index + 1).map(|n| n.bytes.start);
        let in_list = next_is && follows.is_some_and(|at| is_list_sign(searched.get(end..at)));
        let is = in_list || PRAISED.iter().any(|w| searched[end..].starts_with(w));
        if let Some(m) = mentions.get_mut(index) {
            m.is_elsewhere |= is;
            m.is_visited |= is;
        }
        next_is = is;
    }
}

/// A place first named as one that was visited or studied stays one.
fn visited(searched: &str, mentions: &mut [Mention<'_>]) {
    let mut first: BTreeMap<PlaceCode, bool> = BTreeMap::new();
    for index in 0..mentions.len() {
        let Some((mention, goes_on)) = mentions.get(index).map(|m| {
            let last = index.checked_sub(1).and_then(|i| mentions.get(i));
            let last = last.filter(|l| is_list_sign(searched.get(l.bytes.end..m.bytes.start)));
            let code = last
                .and_then(|l| single(l.candidates.iter()))
                .map(|p| p.code);
            (
                m,
                code.and_then(|code| first.get(&code))
                    .copied()
                    .unwrap_or(false),
            )
        }) else {
            continue;
        };
        let Some(code) = single(mention.candidates.iter()).map(|p| p.code) else {
            continue;
        };
        let before = &searched[..mention.bytes.start];
        let is_visit = goes_on || VISITED.iter().any(|w| before.ends_with(w));
        let is_visited = *first.entry(code).or_insert(is_visit);
        if let Some(mention) = mentions.get_mut(index) {
            mention.is_elsewhere |= is_visited;
            mention.is_visited |= is_visited;
        }
    }
}

pub(super) fn is_full(found: &NameMatch<'_>) -> bool {
    let kinds = found.name.places.iter().map(|(_, kind)| *kind);
    let is_one = |kind| matches!(kind, NameKind::Full | NameKind::Former);
    kinds.clone().any(is_one)
        && found
            .name
            .text
            .ends_with(['省', '市', '县', '区', '州', '盟', '旗'])
}

/// What a name means: one place, or only the province that all its places share.
#[derive(Clone, Copy)]
pub(super) enum Meaning<'g> {
    Place(&'g Place),
    Province(PlaceCode),
}

/// The one place a name means: the only candidate, the one inside `context`, the one whose city or
/// province the text names otherwise; a full name before others; else what all of them share.
pub(super) fn meaning<'g>(
    mention: &Mention<'g>,
    context: Option<&Place>,
    all: &Mentions<'g>,
) -> Option<Meaning<'g>> {
    if let [only] = mention.candidates[..] {
        return Some(Meaning::Place(only));
    }
    let among = |keep: &dyn Fn(&Place) -> bool| {
        single(mention.candidates.iter().copied().filter(|p| keep(p)))
    };
    if let Some(context) = context
        && let Some(inside) = among(&|p| p.lies_in(context))
    {
        return Some(Meaning::Place(inside));
    }
    let lies_in_named = |p: &Place| {
        let above = p.city.filter(|city| *city != p.code);
        all.places.contains(&p.code) || above.is_some_and(|city| all.places.contains(&city))
    };
    if let Some(place) = among(&lies_in_named) {
        return Some(Meaning::Place(place));
    }
    if let Some(place) = among(&|p| all.provinces.contains(&p.province)) {
        return Some(Meaning::Place(place));
    }
    let mut provinces: Vec<PlaceCode> = mention.candidates.iter().map(|p| p.province).collect();
    provinces.dedup();
    if let [province] = provinces[..] {
        return Some(Meaning::Province(province));
    }
    None
}

/// The place a name means, where it means exactly one.
pub(super) fn resolve<'g>(
    mention: &Mention<'g>,
    context: Option<&Place>,
    all: &Mentions<'g>,
) -> Option<&'g Place> {
    match meaning(mention, context, all)? {
        Meaning::Place(place) => Some(place),
        Meaning::Province(_) => None,
    }
}

pub(super) fn single<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}
