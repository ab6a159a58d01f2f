//! The places that a passage names, and what each has to do with it as far as its words tell.
//!
//! What the document is about is decided before and changed by none of these. A name that may mean
//! several places is decided by the document's own place and by what the text names otherwise, or left
//! out, as are characters that only meet by chance (沿|海城市).

use std::ops::Range;

use duibiao_corpus::{Level, NamedPlace, PlaceCode, PlaceRole};
use duibiao_index::Analyzer;
use duibiao_lexicon::Place;

use super::chance::{is_chance, stands};
use super::mention::{Mention, is_list_sign, mentions, resolve};
use super::{About, Survey, searched};
use crate::infer::candidate::Candidates;
use crate::text::Text;

/// What the passages of a document name.
pub(crate) struct PlacesNamed<'g> {
    survey: Survey<'g>,
    /// The document's own place, the narrowest known.
    own: Option<&'g Place>,
}

/// Words before a name that make it one side of something done together.
const WITH: &[&str] = &["与", "和", "同", "跟"];
/// Those that say so alone.
const TOGETHER: &[&str] = &[
    "联合",
    "会同",
    "携手",
    "协同",
    "结对",
    "牵手",
    "对口",
    "对口支援",
    "对口帮扶",
];
/// Words right behind the names that say so.
const TOGETHER_BEHIND: &[&str] = &["对口", "援建", "等地对口", "等省市对口", "等省对口"];
/// What is done together, behind the names.
const JOINTLY: &[&str] = &[
    "合作",
    "协作",
    "共建",
    "协同",
    "联合",
    "结对",
    "联动",
    "签订",
    "签署",
    "互认",
    "互通",
    "共享",
    "通办",
    "对接",
    "衔接",
    "帮扶",
    "支援",
    "联盟",
    "一体化",
    "共同",
    "携手",
    "会商",
    "互派",
    "协调",
    "配合",
    "交流",
    "签约",
];
/// So many characters behind a name such words are looked for, and before it the brackets of a title.
const NEAR: usize = 40;

impl<'g> Survey<'g> {
    /// What passages name, once it is known what the document is about.
    pub(in crate::infer) fn named(self, places: &Candidates<About<'g>>) -> PlacesNamed<'g> {
        let own = places.best().and_then(|best| best.value.narrowest());
        PlacesNamed { survey: self, own }
    }
}

impl<'g> PlacesNamed<'g> {
    /// The places named in a part of the text, each where it is named first.
    pub(crate) fn of_passage(
        &self,
        text: &Text<'_>,
        bytes: Range<usize>,
        analyzer: &Analyzer,
    ) -> Vec<NamedPlace> {
        let folded = text.folded();
        if bytes.end <= self.survey.searched {
            let all = &self.survey.mentions;
            let from = all.list.partition_point(|m| m.bytes.start < bytes.start);
            let until = all.list.partition_point(|m| m.bytes.end <= bytes.end);
            let list = all.list.get(from..until).unwrap_or_default();
            return self.of_list(text, folded, 0, list, analyzer);
        }
        // Beyond what tells the document's place each passage is searched by itself.
        let words = searched(&folded[bytes.clone()]);
        let found = mentions(self.survey.map, words);
        self.of_list(text, words, bytes.start, &found.list, analyzer)
    }

    /// Mentions in `words`, which begin at `offset` of the text.
    fn of_list(
        &self,
        text: &Text<'_>,
        words: &str,
        offset: usize,
        list: &[Mention<'g>],
        analyzer: &Analyzer,
    ) -> Vec<NamedPlace> {
        let mut places: Vec<(PlaceCode, NamedPlace)> = Vec::new();
        let mut at = 0;
        let mut before: Option<(PlaceRole, usize)> = None;
        while let Some(mention) = list.get(at) {
            at += 1;
            let Some(mut place) = self.place(mention, None) else {
                continue;
            };
            let in_list = before.is_some_and(|(_, end)| goes_on(words, end..mention.bytes.start));
            let leads_list = list
                .get(at)
                .is_some_and(|next| goes_on(words, mention.bytes.end..next.bytes.start));
            let is_near = self.is_own(place) || in_list || leads_list;
            if !stands(words, mention, analyzer) || is_chance(words, mention, place, is_near) {
                continue;
            }
            // 内蒙古自治区呼伦贝尔市 is one place.
            let mut end = mention.bytes.end;
            while let Some(next) = list.get(at).filter(|next| next.bytes.start == end)
                && let Some(inner) = self.place(next, Some(place))
                && inner.lies_in(place)
                && inner.code != place.code
            {
                (place, end) = (inner, next.bytes.end);
                at += 1;
            }
            let whole = mention.bytes.start..end;
            let told = match before.filter(|_| in_list) {
                Some((role @ (PlaceRole::Partner | PlaceRole::Visited), _)) => role,
                _ => told(words, mention, &whole),
            };
            before = Some((told, end));
            let role = if self.is_own(place) {
                PlaceRole::Own
            } else {
                told
            };
            match places.iter_mut().find(|(code, _)| *code == place.code) {
                Some((_, known)) if known.role == PlaceRole::Mentioned => known.role = role,
                Some(_) => {}
                None => {
                    let evidence = text.evidence(offset + whole.start..offset + whole.end);
                    let named = NamedPlace {
                        span: evidence.span,
                        quote: evidence.quote,
                        place: place.to_ref(),
                        level: place.level,
                        role,
                    };
                    places.push((place.code, named));
                }
            }
        }
        places.into_iter().map(|(_, place)| place).collect()
    }

    /// What a name means: decided by `context`, else by the document's place.
    fn place(&self, mention: &Mention<'g>, context: Option<&Place>) -> Option<&'g Place> {
        let all = &self.survey.mentions;
        if mention.is_full || mention.candidates.len() < 2 || context.is_some() {
            return resolve(mention, context.or(self.own), all);
        }
        // 西安 alone is the city, and a district of that name only where the document is about its city.
        let is_likely = |place: &&&Place| {
            let is_district = place.level == Level::County && place.name.ends_with('区');
            !is_district || self.is_own(place)
        };
        let likely: Vec<&Place> = mention
            .candidates
            .iter()
            .filter(is_likely)
            .copied()
            .collect();
        let likely = Mention {
            candidates: likely,
            bytes: mention.bytes.clone(),
            ..*mention
        };
        resolve(&likely, self.own, all)
    }

    fn is_own(&self, place: &Place) -> bool {
        self.own.is_some_and(|own| place.lies_in(own))
    }
}

/// What the words say of a place that is not the document's own.
fn told(words: &str, mention: &Mention<'_>, whole: &Range<usize>) -> PlaceRole {
    if is_partner(words, whole) {
        PlaceRole::Partner
    } else if mention.is_visited {
        PlaceRole::Visited
    } else if is_cited(words, whole.start) {
        PlaceRole::Cited
    } else {
        PlaceRole::Mentioned
    }
}

fn goes_on(words: &str, between: Range<usize>) -> bool {
    is_list_sign(words.get(between))
}

fn is_partner(words: &str, whole: &Range<usize>) -> bool {
    let before = &words[..whole.start];
    if TOGETHER.iter().any(|w| before.ends_with(w)) {
        return true;
    }
    let after = &words[whole.end..];
    if TOGETHER_BEHIND.iter().any(|w| after.starts_with(w)) {
        return true;
    }
    // 参与北京…建设 is another word.
    if !WITH.iter().any(|w| before.ends_with(w)) || before.ends_with("参与") {
        return false;
    }
    let end = after
        .char_indices()
        .take(NEAR)
        .find(|(_, c)| matches!(c, '。' | '；' | ';' | '\n'))
        .map(|(at, _)| at)
        .or_else(|| after.char_indices().nth(NEAR).map(|(at, _)| at));
    let clause = &after[..end.unwrap_or(after.len())];
    JOINTLY.iter().any(|w| clause.contains(w))
}

/// Whether a position is inside the brackets of a title.
fn is_cited(words: &str, at: usize) -> bool {
    words[..at]
        .chars()
        .rev()
        .take(NEAR)
        .take_while(|c| *c != '\n')
        .find(|c| matches!(c, '《' | '》' | '〈' | '〉'))
        .is_some_and(|c| matches!(c, '《' | '〈'))
}
