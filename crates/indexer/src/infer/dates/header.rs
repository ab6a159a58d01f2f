//! The head of a document, between title and body, and the days of publication and of appearing in
//! it. Those of passing and the like are read in `enactment`.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use duibiao_corpus::{DateKind, PartialDate};
use regex::Regex;

use super::Dates;
use super::page::LABEL;
use super::signature::{closing, is_paragraph};
use crate::infer::candidate::Candidate;
use crate::infer::issuer::bodies_in;
use crate::infer::time::{Dated, dates_in, days_and_months_in};
use crate::infer::title::{Title, window};
use crate::marker::Form;
use crate::text::{Line, Text};

/// How far from the top a header reaches, in characters.
const HEAD_CHARS: usize = 700;
/// A longer line is a paragraph.
const MOST_BYTES: usize = 600;
/// Words that make a line one of a newspaper or a site, and its date one of publication.
const MEDIA: &[&str] = &[
    "融媒",
    "日报",
    "晚报",
    "报讯",
    "新华",
    "记者",
    "讯",
    "来源",
    "网",
    "电",
    "客户端",
    "公众号",
];
/// 原载《…报》2020年5月3日第2版
static REPRINT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:原载|载于?|刊于?|刊登于?|《[\p{Han}]{1,10}[报刊]》)[\p{Han}《》\s,，（(]*$")
        .expect("a constant pattern")
});

/// The head of a document and what it is the head of.
pub(super) struct Header<'a> {
    lines: &'a [Line],
    pub(super) range: Range<usize>,
    /// Where the first article begins.
    pub(super) first_article: Option<usize>,
    /// Whether the text promulgates something: 令.
    pub(super) is_order: bool,
    /// Whether it is a law: articles under a head of passings.
    pub(super) is_law: bool,
    is_partial: bool,
}

impl<'a> Header<'a> {
    pub(super) fn new(text: &Text<'_>, lines: &'a [Line], title: Option<&Title>) -> Self {
        let folded = text.folded();
        let body = title.map_or(0, |t| t.head);
        let first_article = lines
            .iter()
            .find(|l| l.begin >= body && l.marker.is_some_and(|m| m.form == Form::Article))
            .map(|l| l.begin);
        let end = first_article.unwrap_or_else(|| window(folded, body, HEAD_CHARS).end);
        let head = &folded[body..end];
        let opening = &folded[window(folded, 0, 200)];
        Self {
            lines,
            range: body..end,
            first_article,
            is_order: opening.lines().any(|l| {
                let words = l.trim();
                words.ends_with('令') && words.chars().count() <= 40
            }),
            is_law: first_article.is_some()
                && (head.contains("人民代表大会") || head.contains('令') || head.contains("会议")),
            is_partial: text.folded()[window(folded, 0, 400)].contains("上接"),
        }
    }

    /// Reads every date of the head.
    pub(super) fn read(&self, text: &Text<'_>, dates: &mut Dates) {
        let signature = dates.signature.as_ref().map(|s| s.bytes.clone());
        let signed = |at: usize| signature.as_ref().is_some_and(|s| s.contains(&at));
        let mut enacted: Vec<Candidate<PartialDate>> = Vec::new();
        let mut claimed: BTreeSet<usize> = BTreeSet::new();
        if self.is_law {
            // A statement may be broken over lines anywhere, even inside its date.
            let head = Spot {
                words: &text.folded()[self.range.clone()],
                next: "",
                begin: self.range.start,
                index: 0,
            };
            for (dated, from, upto) in parted(head.words, dates_in(head.words)) {
                let at = head.begin + dated.bytes.start;
                if signed(at) {
                    continue;
                }
                if let Some(found) = self.enactment(text, &head, &dated, from, upto, dates) {
                    enacted.push(found);
                    claimed.insert(at);
                }
            }
        }
        for spot in self.spots(text) {
            let has_paragraph = spot.has_paragraph;
            let spot = spot.spot;
            let found = days_and_months_in(spot.words);
            let count = found.len();
            for (dated, from, upto) in parted(spot.words, found) {
                let at = spot.begin + dated.bytes.start;
                if signed(at) || claimed.contains(&at) {
                    continue;
                }
                let above = at < self.range.start;
                let enactment = (!self.is_law && !above)
                    .then(|| self.enactment(text, &spot, &dated, from, upto, dates))
                    .flatten();
                if let Some(found) = enactment {
                    enacted.push(found);
                } else if !has_paragraph
                    && (!above || LABEL.is_match(&spot.words[..dated.bytes.start]))
                {
                    self.publication(text, &spot, &dated, count, dates);
                }
            }
        }
        self.latest(enacted, dates);
    }

    /// The lines of the head and those above the title.
    fn spots<'t>(&self, text: &'t Text<'_>) -> Vec<Placed<'t>> {
        let folded = text.folded();
        let mut has_paragraph = false;
        let mut spots = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            if line.begin >= self.range.end {
                break;
            }
            // A title may share its line with a date.
            let is_above = line.content.end <= self.range.start;
            let from = if is_above {
                line.content.start
            } else {
                line.content.start.max(self.range.start)
            };
            let words = &folded[from..line.content.end];
            if !is_above {
                has_paragraph |= is_paragraph(words) && dates_in(words).is_empty();
            }
            if words.len() > MOST_BYTES {
                continue;
            }
            let next = self.lines.get(index + 1).map(|l| l.content.clone());
            spots.push(Placed {
                spot: Spot {
                    words,
                    next: next.map_or("", |at| &folded[at]),
                    begin: from,
                    index,
                },
                has_paragraph,
            });
        }
        spots
    }

    /// The day a page or a newspaper gives, or that of a line of name and date.
    fn publication(
        &self,
        text: &Text<'_>,
        spot: &Spot<'_>,
        dated: &Dated,
        count: usize,
        dates: &mut Dates,
    ) {
        let folded = text.folded();
        let before = &spot.words[..dated.bytes.start];
        let after = &spot.words[dated.bytes.end..];
        let at = spot.begin + dated.bytes.start..spot.begin + dated.bytes.end;
        let found = |rule, confidence| {
            Candidate::stated(
                dated.date,
                rule,
                confidence,
                vec![text.evidence(at.clone())],
            )
        };
        if REPRINT.is_match(before) {
            dates.add(DateKind::Appeared, found("appeared.stated", 0.9));
            return;
        }
        if LABEL.is_match(before) {
            let signed = ["成文", "发文", "印发", "制发"]
                .iter()
                .any(|w| before.contains(w));
            if signed {
                dates.add(DateKind::Signed, found("date.stated", 0.9));
            } else if !["实施", "施行", "生效", "失效", "截止"]
                .iter()
                .any(|w| before.contains(w))
            {
                dates.add(DateKind::Published, found("published.stated", 0.95));
            }
            return;
        }
        let is_media = MEDIA
            .iter()
            .any(|w| before.contains(w) || after.contains(w));
        let ends = is_time_or_nothing(after) || is_media && !after.contains('。');
        let is_short = before.chars().nth(40).is_none() && !before.contains(['。', '，', ',']);
        if !ends || !is_short || count > 1 && !is_media {
            return;
        }
        let bare = before.trim_matches(|c: char| c.is_whitespace() || "（(【[".contains(c));
        let bracketed = before.trim_start().starts_with(['（', '(']) && bare.is_empty();
        let byline = closing(folded, self.lines, spot.index)
            .filter(|s| s.names.iter().any(|n| is_author(&folded[n.clone()])));
        if let Some(byline) = byline.filter(|_| !is_media) {
            dates.add(DateKind::Signed, found("date.byline", 0.9));
            dates.byline.get_or_insert(byline);
        } else if bracketed && !self.is_partial {
            dates.add(DateKind::Signed, found("date.bracketed", 0.85));
        } else if dated.date.day.is_some() && self.is_partial {
            dates.add(DateKind::Appeared, found("appeared.header", 0.8));
        } else if dated.date.day.is_some() {
            dates.add(DateKind::Published, found("published.header", 0.7));
        }
    }
}

/// A line of the head, and whether the body has begun above it.
struct Placed<'a> {
    spot: Spot<'a>,
    has_paragraph: bool,
}

/// Dates with where the words before each begin and those after it end.
fn parted(words: &str, found: Vec<Dated>) -> Vec<(Dated, usize, usize)> {
    let begins: Vec<usize> = found
        .iter()
        .map(|d| d.bytes.start)
        .skip(1)
        .chain([words.len()])
        .collect();
    let ends: Vec<usize> = std::iter::once(0)
        .chain(found.iter().map(|d| d.bytes.end))
        .collect();
    let parts = found.into_iter().zip(ends.into_iter().zip(begins));
    parts
        .map(|(dated, (from, upto))| (dated, from, upto))
        .collect()
}

/// A line of the head with a date in it.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) words: &'a str,
    pub(super) next: &'a str,
    pub(super) begin: usize,
    index: usize,
}

fn is_author(name: &str) -> bool {
    !bodies_in(name).is_empty()
        && !MEDIA
            .iter()
            .any(|w| name.ends_with(w) || name.starts_with(w))
}

/// `08:12` behind a date is still nothing but the date.
fn is_time_or_nothing(words: &str) -> bool {
    let kept = words.trim_matches(|c: char| c.is_whitespace() || "）)*】]".contains(c));
    kept.chars()
        .all(|c| c.is_ascii_digit() || ":：时分秒".contains(c))
        && kept.len() <= 20
}
