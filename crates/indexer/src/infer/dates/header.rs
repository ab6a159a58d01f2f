//! Dates between title and body: of passing, of delivery, of publication, of appearing.

use std::ops::Range;
use std::sync::LazyLock;

use duibiao_corpus::{DateKind, PartialDate};
use regex::Regex;

use super::Dates;
use super::page::LABEL;
use super::signature::{closing, is_paragraph};
use crate::infer::candidate::Candidate;
use crate::infer::issuer::{PRINTED, bodies_in};
use crate::infer::time::{Dated, dates_in, days_and_months_in};
use crate::infer::title::{Title, window};
use crate::marker::Form;
use crate::text::{Line, Text};

/// How far from the top a header reaches, in characters.
const HEAD_CHARS: usize = 700;
/// Words behind a date and what they make of it; the first one in the text counts.
const EVENTS: &[(&str, DateKind)] = &[
    ("通过", DateKind::Passed),
    ("批准", DateKind::Approved),
    ("修正", DateKind::Amended),
    ("修订", DateKind::Amended),
    ("修改", DateKind::Amended),
    ("公布", DateKind::Promulgated),
    ("颁布", DateKind::Promulgated),
    ("发布", DateKind::Promulgated),
    ("令", DateKind::Promulgated),
    ("公告", DateKind::Promulgated),
    ("印发", DateKind::Issued),
    ("施行", DateKind::InForce),
    ("实施", DateKind::InForce),
];
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
/// 起施行 and its relatives, behind the date of entry into force.
const IN_FORCE: &[&str] = &[
    "起施行",
    "起实施",
    "起生效",
    "起执行",
    "起试行",
    "施行",
    "实施",
];
/// 原载《…报》2020年5月3日第2版
static REPRINT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:原载|载于?|刊于?|刊登于?|《[\p{Han}]{1,10}[报刊]》)[\p{Han}《》\s,，（(]*$")
        .expect("a constant pattern")
});

/// The head of a document and what it is the head of.
pub(super) struct Header<'a> {
    lines: &'a [Line],
    range: Range<usize>,
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
        let mut claimed: Vec<usize> = Vec::new();
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
                    claimed.push(at);
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

    /// A date of passing and the like; those of delivery and of entry into force are noted.
    fn enactment(
        &self,
        text: &Text<'_>,
        spot: &Spot<'_>,
        dated: &Dated,
        from: usize,
        upto: usize,
        dates: &mut Dates,
    ) -> Option<Candidate<PartialDate>> {
        let line = spot.words[from..dated.bytes.start]
            .rfind('\n')
            .map_or(from, |n| from + n + 1);
        let before = &spot.words[line..dated.bytes.start];
        let after = &spot.words[dated.bytes.end..upto];
        let at = spot.begin + dated.bytes.start..spot.begin + dated.bytes.end;
        let evidence = || vec![text.evidence(at.clone())];
        let opens = before
            .trim_matches(|c: char| c.is_whitespace() || "（(【[—-、，,".contains(c))
            .is_empty();
        if is_in_force(before, after) {
            dates.note(DateKind::InForce, dated.date, "date.in_force", evidence());
            return None;
        }
        let rest = after.trim_start();
        let speech = ["发言", "讲话", "交流材料"]
            .iter()
            .any(|w| before.contains(w) || after.contains(w));
        let is_bracketed = spot.words.trim_start().starts_with(['（', '(', '*']);
        if (opens || before.trim_start().starts_with('—'))
            && rest.starts_with('在')
            && self.first_article.is_none()
            || speech && is_bracketed && !self.is_law
        {
            dates.add(
                DateKind::Delivered,
                Candidate::stated(dated.date, "date.delivered", 0.95, evidence()),
            );
            return None;
        }
        dated.date.day?;
        let closes = after
            .trim_matches(|c: char| c.is_whitespace() || "）)".contains(c))
            .is_empty();
        // The body that passed it may stand on the next line.
        let told = if closes && dates_in(spot.next).is_empty() {
            spot.next
        } else {
            after
        };
        let event = first_event(told)?;
        let assembly = [
            "人民代表大会",
            "人大常委会",
            "会议",
            "人民政府",
            "令",
            "公布",
            "批准",
        ];
        let tells = assembly.iter().any(|w| told.contains(w));
        let passed_by = before.trim_end().ends_with(['经', '于', '据']) || opens;
        let of_itself = self.is_law
            && (passed_by || line > 0 && line == from || before.contains(['（', '(']))
            || opens && tells && !before.is_empty()
            || opens && told.contains("人民代表大会")
            || before.trim_end().ends_with("经") && before.contains('》') && tells;
        if !of_itself || event == DateKind::InForce {
            return None;
        }
        let rule = match event {
            DateKind::Passed => "date.passed",
            DateKind::Approved => "date.approved",
            DateKind::Amended => "date.amended",
            DateKind::Promulgated => "date.promulgated",
            _ => "date.issued",
        };
        dates.note(event, dated.date, rule, evidence());
        let sure = if opens { 0.96 } else { 0.9 };
        Some(Candidate::stated(dated.date, rule, sure, evidence()))
    }

    /// The latest enactment is the document's date.
    fn latest(&self, mut enacted: Vec<Candidate<PartialDate>>, dates: &mut Dates) {
        let latest = enacted.iter().map(|c| c.value).max();
        let sure = enacted.iter().map(|c| c.confidence).fold(0.0, f32::max);
        for candidate in enacted.drain(..) {
            if Some(candidate.value) == latest {
                dates.date.add(Candidate {
                    confidence: sure,
                    ..candidate
                });
            } else {
                dates
                    .date
                    .add(candidate.but("a later date of the kind is stated"));
            }
        }
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
struct Spot<'a> {
    words: &'a str,
    next: &'a str,
    begin: usize,
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

fn is_in_force(before: &str, after: &str) -> bool {
    let after = after.trim_start();
    IN_FORCE.iter().any(|w| after.starts_with(w))
        || before.trim_end().ends_with(['自', '从']) && after.starts_with('起')
}

/// The first word of an event in `words` outside titles in 《》; where a title is never closed, the
/// last one in it (…的决定修正》).
fn first_event(words: &str) -> Option<DateKind> {
    let words = &words[window(words, 0, 400)];
    let mut best: Option<(usize, DateKind)> = None;
    let mut depth = 0usize;
    for (at, c) in words.char_indices() {
        match c {
            '《' | '〈' | '<' => depth += 1,
            '》' | '〉' | '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => {
                if let Some((_, kind)) = EVENTS.iter().find(|(w, _)| words[at..].starts_with(w)) {
                    best = Some((at, *kind));
                    break;
                }
            }
            _ => {}
        }
    }
    let inside = || {
        let events = EVENTS
            .iter()
            .filter_map(|(w, kind)| Some((words.rfind(w)?, *kind)));
        events.max_by_key(|(at, _)| *at)
    };
    best.or_else(inside).map(|(_, kind)| kind)
}

/// 某办公室　2024年7月15日印发: the day of sending out, below the text.
pub(super) fn printed(text: &Text<'_>, dates: &mut Dates) {
    let folded = text.folded();
    let Some(day) = PRINTED
        .captures_iter(folded)
        .last()
        .and_then(|found| found.name("day"))
    else {
        return;
    };
    if let Some(dated) = dates_in(day.as_str()).pop() {
        let evidence = vec![text.evidence(day.range())];
        dates.add(
            DateKind::Issued,
            Candidate::stated(dated.date, "date.printed", 0.7, evidence),
        );
    }
}

/// 自2020年1月1日起施行, wherever the text says it of itself.
pub(super) fn entry_into_force(text: &Text<'_>, dates: &mut Dates) {
    let folded = text.folded();
    for (at, phrase) in folded
        .match_indices("起施行")
        .chain(folded.match_indices("起实施"))
        .take(20)
    {
        let line = folded[..at].rfind('\n').map_or(0, |n| n + 1);
        let begin = folded[line..at]
            .char_indices()
            .rev()
            .nth(60)
            .map_or(line, |(n, _)| line + n);
        let words = &folded[begin..at];
        let of_itself = [
            "本条例",
            "本办法",
            "本规定",
            "本细则",
            "本通知",
            "本意见",
            "本方案",
            "本决定",
            "现予公布",
            "本规则",
            "本规程",
        ];
        let Some(dated) = dates_in(words)
            .pop()
            .filter(|d| words[d.bytes.end..].trim().is_empty())
        else {
            continue;
        };
        if of_itself.iter().any(|w| words.contains(w)) {
            let bytes = begin + dated.bytes.start..at + phrase.len();
            dates.note(
                DateKind::InForce,
                dated.date,
                "date.in_force",
                vec![text.evidence(bytes)],
            );
        }
    }
}
