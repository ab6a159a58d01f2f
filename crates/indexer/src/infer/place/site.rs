//! Where a document may state its place: title, signature, number, the lines around the title.

use std::ops::Range;

use duibiao_corpus::Level;
use duibiao_lexicon::{NameKind, Place};

use super::About;
use super::map::Map;
use super::mention::{Meaning, Mention, Mentions, meaning, resolve};
use crate::infer::candidate::Candidate;
use crate::text::Text;

/// A stretch of the text that speaks of the document itself.
pub(in crate::infer) struct Site {
    pub(in crate::infer) kind: SiteKind,
    pub(in crate::infer) bytes: Range<usize>,
}

/// What a stretch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::infer) enum SiteKind {
    Title,
    Legislature,
    Subtitle,
    Signature,
    Byline,
    Number,
    Source,
    Header,
}

impl SiteKind {
    /// Rule and confidence: how often the place named there was that of the document, on the
    /// regulations and samples.
    fn rule(self) -> (&'static str, f32) {
        match self {
            Self::Legislature => ("place.legislature", 0.98),
            Self::Title => ("place.title", 0.97),
            Self::Signature => ("place.signature", 0.96),
            Self::Subtitle => ("place.subtitle", 0.93),
            Self::Byline => ("place.byline", 0.93),
            Self::Header => ("place.header", 0.9),
            Self::Number => ("place.number", 0.86),
            Self::Source => ("place.source", 0.8),
        }
    }
}

/// A name in the middle of a title is less sure than one at its beginning.
const MIDDLE: f32 = 0.9;
/// Bodies of the nation.
const NATION: &[&str] = &[
    "国务院",
    "中共中央",
    "中央",
    "全国人民代表大会",
    "全国人大",
    "国家",
    "最高人民",
    "中华人民共和国",
];
/// Words before a name in a title that make it the origin of what is carried out.
const CARRIED_OUT: &[&str] = &[
    "贯彻", "落实", "转发", "执行", "学习", "借鉴", "对标", "赴", "宣传", "支持", "援助", "对口",
    "推广",
];

impl Site {
    /// The place stated here.
    pub(super) fn place<'g>(
        &self,
        text: &Text<'_>,
        map: Map<'g>,
        all: &Mentions<'g>,
    ) -> Option<Candidate<About<'g>>> {
        let folded = text.folded();
        let (rule, sure) = self.kind.rule();
        if self.kind == SiteKind::Number {
            return self.of_number(text, map, all);
        }
        let within: Vec<&Mention<'g>> = all
            .list
            .iter()
            .filter(|m| self.bytes.start <= m.bytes.start && m.bytes.end <= self.bytes.end)
            .collect();
        let words = &folded[self.bytes.clone()];
        let named = within.iter().position(|m| !m.is_elsewhere);
        let first_begin = named.map_or(self.bytes.end, |i| within[i].bytes.start);
        if let Some(nation) = NATION.iter().find(|w| words.starts_with(*w)) {
            let at = self.bytes.start..self.bytes.start + nation.len();
            // 国家税务总局某市税务局 speaks for its city.
            if first_begin >= self.bytes.end || self.kind != SiteKind::Signature {
                let about = About {
                    level: Some(Level::Nation),
                    ..About::default()
                };
                return Some(Candidate::stated(
                    about,
                    rule,
                    sure,
                    vec![text.evidence(at)],
                ));
            }
        }
        let first = named?;
        let mention = within[first];
        let begins = begins(folded, &self.bytes, &mention.bytes);
        if self.kind == SiteKind::Title && !begins && !mention.is_full {
            // In the middle two characters are too often something else (真金白银).
            return None;
        }
        let (about, bytes) = about(map, &within[first..], all)?;
        let sure = if self.kind == SiteKind::Title && !begins {
            MIDDLE
        } else {
            sure
        };
        let named = within[first..].iter();
        let mut named = named.take_while(|m| m.bytes.end <= bytes.end);
        let found = Candidate {
            inferred: named.any(|m| m.is_heir),
            ..Candidate::stated(about, rule, sure, vec![text.evidence(bytes)])
        };
        let before = &folded[self.bytes.start..mention.bytes.start];
        if self.kind == SiteKind::Title && !begins && CARRIED_OUT.iter().any(|w| before.contains(w))
        {
            return Some(found.but("the title names it as the origin or the end of what is done"));
        }
        Some(found)
    }

    /// 黑 of 黑政发, 哈 of 哈政办发; a character of several places is decided by the text.
    fn of_number<'g>(
        &self,
        text: &Text<'_>,
        map: Map<'g>,
        all: &Mentions<'g>,
    ) -> Option<Candidate<About<'g>>> {
        let folded = text.folded();
        let words = folded[self.bytes.clone()].trim_start_matches(['（', '(', '【']);
        let begin = self.bytes.end - words.len().min(self.bytes.len());
        let body = &words[..words.find(['〔', '[', '［', '（', '(', '【'])?];
        let first = body.chars().next()?;
        let next = body[first.len_utf8()..].chars().next()?;
        if !"政府办委发法人建发财教卫交水农市司文函字审数营规".contains(next)
        {
            return None;
        }
        let name = map.gazetteer.name(&body[..first.len_utf8()])?;
        let mention = Mention {
            bytes: begin..begin + first.len_utf8(),
            candidates: name
                .places
                .iter()
                .filter(|(_, kind)| matches!(kind, NameKind::Abbreviation | NameKind::Alias))
                .map(|(ix, _)| map.gazetteer.place(*ix))
                .collect(),
            is_elsewhere: false,
            is_visited: false,
            is_heir: false,
            is_full: false,
            is_alias: false,
        };
        if mention.candidates.is_empty() {
            return None;
        }
        let place = resolve(&mention, None, all)?;
        let (rule, sure) = SiteKind::Number.rule();
        let evidence = vec![text.evidence(begin..begin + body.len())];
        Some(Candidate::stated(
            About::of(map, place),
            rule,
            sure,
            evidence,
        ))
    }
}

/// Whether a name opens a title, a part of it after ：, or what it sends out.
fn begins(folded: &str, title: &Range<usize>, name: &Range<usize>) -> bool {
    let before = folded[title.start..name.start].trim_start_matches("中共");
    before
        .chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace() || "年《“—（(【".contains(c))
        || before.ends_with(['：', ':'])
}

/// The place the first name means, made precise by names that follow it directly (哈尔滨市南岗区).
fn about<'g>(
    map: Map<'g>,
    within: &[&Mention<'g>],
    all: &Mentions<'g>,
) -> Option<(About<'g>, Range<usize>)> {
    let first = within.first()?;
    let mut best: (&'g Place, Range<usize>) = match meaning(first, None, all)? {
        Meaning::Place(place) => (place, first.bytes.clone()),
        Meaning::Province(code) => {
            return Some((About::within(map, code), first.bytes.clone()));
        }
    };
    for next in within.iter().skip(1) {
        // 山东省青岛…新区 is a matter of the province, 山东省青岛市 is the city.
        if next.bytes.start != best.1.end || first.is_full && !next.is_full {
            break;
        }
        let Some(place) =
            resolve(next, Some(best.0), all).filter(|p| p.lies_in(best.0) && p.code != best.0.code)
        else {
            break;
        };
        best = (place, best.1.start..next.bytes.end);
    }
    Some((About::of(map, best.0), best.1))
}
