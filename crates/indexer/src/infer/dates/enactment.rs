//! Dates of passing, approval, amendment and promulgation, of delivery, and of entry into force.
//! Which words make a date one of them, and which of several is the document's date.

use duibiao_corpus::{DateKind, PartialDate};
use memchr::memmem;

use super::Dates;
use super::header::{Header, Spot};
use crate::infer::candidate::Candidate;
use crate::infer::issuer;
use crate::infer::time::{Dated, dates_in};
use crate::infer::title::window;
use crate::text::Text;

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
impl Header<'_> {
    /// A date of passing and the like; those of delivery and of entry into force are noted.
    pub(super) fn enactment(
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
    pub(super) fn latest(&self, mut enacted: Vec<Candidate<PartialDate>>, dates: &mut Dates) {
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
    let Some(day) = issuer::printed(folded).and_then(|found| found.name("day")) else {
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
    let phrases = ["起施行", "起实施"].into_iter().flat_map(|phrase| {
        memmem::find_iter(folded.as_bytes(), phrase).map(move |at| (at, phrase))
    });
    for (at, phrase) in phrases.take(20) {
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
