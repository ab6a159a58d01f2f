//! Inside a paragraph: the pieces of an item that enumerates, and the kind of each.

use std::ops::Range;

use duibiao_corpus::PassageKind;

use super::{Mark, RUN_IN_CHARS, Segmenter, UNNUMBERED_RUN_IN_CHARS, inline, problem};
use crate::marker::Form;

impl Segmenter<'_> {
    /// A paragraph or a numbered item: cuts it where it enumerates.
    pub(super) fn item(&mut self, range: Range<usize>, mark: Option<Mark>, begin: usize) {
        let words = self.str(&range);
        let has_inner = !matches!(mark, Some(Mark::Number(Form::DigitParen)));
        let numbered = if has_inner {
            inline::numbered(words)
        } else {
            Vec::new()
        };
        if !numbered.is_empty() {
            let starts: Vec<usize> = numbered.iter().map(|s| range.start + s).collect();
            self.lead(range.start..starts[0], mark, begin, PassageKind::LeadIn);
            for (i, &start) in starts.iter().enumerate() {
                let end = starts.get(i + 1).copied().unwrap_or(range.end);
                let inner = Mark::Number(Form::DigitParen);
                self.close_for(inner);
                self.item(start..end, Some(inner), start);
            }
            return;
        }
        let enumerated = inline::enumeration(words);
        if enumerated.is_empty() {
            self.add_body(range, begin);
            return;
        }
        let starts: Vec<usize> = enumerated.iter().map(|s| range.start + s).collect();
        if starts[0] > range.start {
            self.lead(range.start..starts[0], mark, begin, PassageKind::Measure);
        }
        for (i, &start) in starts.iter().enumerate() {
            let end = starts.get(i + 1).copied().unwrap_or(range.end);
            self.add_body(start..end, start);
        }
    }

    /// What stands before the items of a paragraph: a sentence that heads them, and maybe more.
    fn lead(
        &mut self,
        range: Range<usize>,
        mark: Option<Mark>,
        begin: usize,
        rest_kind: PassageKind,
    ) {
        let words = self.str(&range);
        let head = inline::first_sentence(words);
        let most = match mark {
            Some(_) => RUN_IN_CHARS,
            None => UNNUMBERED_RUN_IN_CHARS,
        };
        let is_heading = words[..head].chars().nth(most).is_none() && words[..head].ends_with('。');
        if !is_heading {
            self.add_kind(begin, PassageKind::LeadIn, &range);
            return;
        }
        self.push_heading(
            mark.unwrap_or(Mark::Number(Form::Circled)),
            range.start..range.start + head,
            begin,
        );
        let rest = range.start + head..range.end;
        let rest_words = self.str(&rest).trim();
        if !rest_words.is_empty() {
            let says_something =
                rest_words.contains('《') || rest_words.chars().any(|c| c.is_ascii_digit());
            let kind = if says_something {
                rest_kind
            } else {
                PassageKind::LeadIn
            };
            self.add_kind(rest.start, kind, &rest);
        }
    }

    fn add_body(&mut self, range: Range<usize>, begin: usize) {
        self.add_kind(begin, PassageKind::Measure, &range);
    }

    /// Adds a passage; a measure gets the kind its section has.
    fn add_kind(&mut self, begin: usize, kind: PassageKind, range: &Range<usize>) {
        let words = self.str(range);
        let own_problem =
            problem::of_measure(words).map(|p| range.start + p.start..range.start + p.end);
        let kind = if kind == PassageKind::Measure {
            self.body_kind(words)
        } else {
            kind
        };
        self.add(begin, kind, own_problem);
    }

    pub(super) fn body_kind(&self, words: &str) -> PassageKind {
        if self.in_annex && !words.contains(['。', '；', ';']) {
            return PassageKind::Annex;
        }
        let telling = self.open.iter().rev().find_map(|open| open.kind);
        telling.unwrap_or(PassageKind::Measure)
    }
}
