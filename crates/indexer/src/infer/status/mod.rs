//! How far a measure has come, from the words that say so. A proposal is never an achievement.
//!
//! Done is what has a sign of completion (已, 了, a document issued, a result in figures); planned
//! what is still to come or is asked of others; mixed what is partly either; proposed what is only
//! suggested; stated what is told without any such sign. The kind of document decides what is
//! expected, the sentence decides against it.

mod clause;
mod tone;

use std::ops::Range;
use std::sync::LazyLock;

use duibiao_corpus::Status;
use duibiao_lexicon::StatusWords;

use crate::any_of::AnyOf;
use crate::marker::Marker;
use clause::{Heard, MOST_EVIDENCE};
pub(crate) use tone::{Course, Tone};

/// A measure whose status is asked for.
pub(crate) struct Asked<'a> {
    /// The words that tell.
    pub(crate) vocabulary: &'a StatusWords,
    /// Its words, simplified.
    pub(crate) words: &'a str,
    /// What the document and the headings above let one expect.
    pub(crate) tone: Tone,
    /// Where the finding it states itself ends, in bytes: `针对“…”的问题` is what was wrong, not what
    /// became of it.
    pub(crate) finding: Option<usize>,
    /// Whether the passage before it, under the same headings, was proposed.
    pub(crate) follows_proposal: bool,
}

impl Asked<'_> {
    /// The status and the words that decided it, in bytes of the measure; none where it is only
    /// the kind of document.
    pub(crate) fn status(&self) -> (Status, Vec<Range<usize>>) {
        if self.tone == Tone::Rules {
            return (Status::Stated, Vec::new());
        }
        let heard = Heard::in_words(self.words, self.finding.unwrap_or(0), self.vocabulary);
        match self.tone {
            // Under whatever heading: 过去五年，… tells of what was.
            Tone::Plans
                if !heard.done.is_empty() && heard.planned.is_empty() && looks_back(self.words) =>
            {
                (Status::Done, heard.done)
            }
            Tone::Plans => (Status::Planned, either(heard.planned, heard.demanded)),
            Tone::Suggests => match heard.suggested.is_empty() && !heard.done.is_empty() {
                true => (Status::Done, heard.done),
                false => (Status::Proposed, heard.suggested),
            },
            Tone::Directs if heard.done.is_empty() => match either(heard.planned, heard.demanded) {
                none if none.is_empty() => (Status::Stated, none),
                words => (Status::Planned, words),
            },
            _ => self.told(heard),
        }
    }

    /// Where the document tells rather than directs.
    fn told(&self, heard: Heard) -> (Status, Vec<Range<usize>>) {
        // 委员建议，… says so itself, whatever the document.
        let is_explicit = heard.suggested.iter().any(|at| {
            let word = &self.words[at.clone()];
            let in_list = self.words[..at.start].ends_with('、');
            (word.ends_with("建议") || word.ends_with("认为")) && !in_list
        });
        let may_suggest = self.tone == Tone::Unknown || self.words.starts_with('应') || is_explicit;
        let suggests = heard.begins_with_suggestion || heard.done.is_empty();
        if may_suggest && suggests && !heard.suggested.is_empty() {
            return (Status::Proposed, heard.suggested);
        }
        match (heard.done.is_empty(), heard.planned.is_empty()) {
            (false, false) => {
                let mut both = heard.done;
                both.truncate(MOST_EVIDENCE - 1);
                both.extend(heard.planned);
                both.truncate(MOST_EVIDENCE);
                both.sort_by_key(|at| at.start);
                (Status::Mixed, both)
            }
            (false, true) => (Status::Done, heard.done),
            (true, false) => (Status::Planned, heard.planned),
            (true, true) if self.follows_proposal => (Status::Proposed, Vec::new()),
            // A report on one finding tells what was done about it.
            (true, true) if self.finding.is_some() && self.tone == Tone::Reports => {
                match heard.acts.is_empty() {
                    true => (Status::Stated, Vec::new()),
                    false => (Status::Done, heard.acts),
                }
            }
            (true, true) => (Status::Stated, Vec::new()),
        }
    }
}

/// Words at the beginning of a clause that tell of years gone by.
static LOOKING_BACK: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::split(
        "过去五年 过去的五年 这五年 五年来 五年间 过去三年 三年来 过去一年 过去的一年 一年来 这一年 近五年来",
    )
});

/// Whether a passage tells of years gone by: one of its first clauses begins so.
fn looks_back(words: &str) -> bool {
    /// A sentence may head the passage.
    const CLAUSES: usize = 2;
    let clauses = words.split(['。', '，', ',', '：', ':', '\n']);
    let mut clauses = clauses.map(str::trim).filter(|clause| !clause.is_empty());
    clauses.by_ref().take(CLAUSES).any(|clause| {
        LOOKING_BACK.begins(Marker::at_start(clause).map_or(clause, |marker| &clause[marker.len..]))
    })
}

fn either(first: Vec<Range<usize>>, second: Vec<Range<usize>>) -> Vec<Range<usize>> {
    if first.is_empty() { second } else { first }
}

#[cfg(test)]
mod tests;
