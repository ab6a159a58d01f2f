//! Sections: opened by a heading, closed by the next one that is not below it.

use std::ops::Range;

use duibiao_corpus::PassageKind;

use super::{Mark, Open, Piece, Segmenter, problem, section};

impl Segmenter<'_> {
    /// Opens a section; its heading is a piece of its own.
    pub(super) fn push_heading(&mut self, mark: Mark, text: Range<usize>, begin: usize) {
        let words = self.str(&text).trim_end_matches(['。', '.', '：', ':']);
        let text = text.start..text.start + words.len();
        let problem = self
            .outline
            .answers_findings
            .then(|| problem::of_heading(words))
            .flatten()
            .map(|p| text.start + p.start..text.start + p.end);
        let begin = if self.pieces.is_empty() { 0 } else { begin };
        let tells_faults = !self.outline.answers_findings && section::tells_faults(words);
        let kind = match tells_faults {
            true => Some(PassageKind::Context),
            false => section::kind_of(words),
        };
        self.open.push(Open {
            mark,
            text,
            problem,
            kind,
            piece: self.pieces.len(),
            has_passages: false,
        });
        self.in_body = true;
        self.sealed = false;
        let headings = self.path();
        self.pieces.push(Piece {
            begin,
            kind: PassageKind::LeadIn,
            headings,
            problem: None,
            is_heading: true,
        });
    }

    /// Closes the sections that a new heading or item of this mark ends.
    pub(super) fn close_for(&mut self, mark: Mark) {
        let same = self.open.iter().position(|open| open.mark == mark);
        let deeper = self
            .open
            .iter()
            .position(|open| open.mark.rank() > mark.rank());
        let keep = same.or(deeper).unwrap_or(self.open.len());
        self.close_to(keep);
    }

    pub(super) fn close_where(&mut self, keep: impl Fn(&Open) -> bool) {
        let keep = self
            .open
            .iter()
            .position(|open| !keep(open))
            .unwrap_or(self.open.len());
        self.close_to(keep);
    }

    /// Closes sections until `depth` are open. A heading nobody stood under was a measure in
    /// one short line.
    pub(super) fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(closed) = self.open.pop() else {
                return;
            };
            if closed.has_passages {
                continue;
            }
            let kind = self.body_kind(self.str(&closed.text));
            let problem = self.open.iter().rev().find_map(|open| open.problem.clone());
            let piece = &mut self.pieces[closed.piece];
            piece.is_heading = false;
            piece.kind = kind;
            piece.problem = problem;
            piece.headings.pop();
            for open in &mut self.open {
                open.has_passages = true;
            }
        }
    }
}
