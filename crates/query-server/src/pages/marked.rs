//! Text cut where something is to be marked in it. Ranges may overlap; every code point comes out
//! once and in order.

use duibiao_search::{RangeKind, Snippet};

/// Something to mark, in code points.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) begin: u32,
    pub(crate) end: u32,
    pub(crate) what: What,
}

/// Why something is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// The words that were looked for.
    Hit,
    /// A term that was added to them.
    Variant,
    /// A finding that measures answer.
    Problem,
    /// A figure, a deadline or a body, with what is to be said of it.
    Noted(String),
    /// Words that a value rests on, with the number they are found by.
    Evidence(usize),
}

impl What {
    /// What a range of a snippet is.
    pub(crate) fn of(kind: RangeKind) -> Self {
        match kind {
            RangeKind::Match => Self::Hit,
            RangeKind::Variant => Self::Variant,
        }
    }
}

/// A stretch of text with the same marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) text: String,
    pub(crate) is_hit: bool,
    pub(crate) is_variant: bool,
    pub(crate) is_problem: bool,
    /// What is to be said of it.
    pub(crate) notes: Vec<String>,
    /// Numbers of the evidence it is part of.
    pub(crate) evidence: Vec<usize>,
    /// Numbers of the evidence that begins here.
    pub(crate) begins: Vec<usize>,
}

impl Stretch {
    /// The classes of its element.
    pub(crate) fn classes(&self) -> String {
        let classes = [
            (self.is_variant, "variant"),
            (self.is_problem, "problem"),
            (!self.notes.is_empty(), "noted"),
            (!self.evidence.is_empty(), "evidence"),
        ];
        let those: Vec<&str> = classes
            .iter()
            .filter(|(is, _)| *is)
            .map(|(_, c)| *c)
            .collect();
        those.join(" ")
    }

    /// Whether nothing is to be marked.
    pub(crate) fn is_plain(&self) -> bool {
        !self.is_hit
            && !self.is_variant
            && !self.is_problem
            && self.notes.is_empty()
            && self.evidence.is_empty()
    }
}

/// The lines of a snippet, with what was looked for.
pub(crate) fn snippet_lines(snippet: &Snippet) -> Vec<Vec<Stretch>> {
    let marks: Vec<Mark> = snippet
        .ranges
        .iter()
        .map(|range| Mark {
            begin: range.begin,
            end: range.end,
            what: What::of(range.kind),
        })
        .collect();
    let lines = paragraphs(&snippet.text, 0).into_iter();
    lines
        .map(|(at, line)| stretches(line, at, &marks))
        .collect()
}

/// Cuts `text`, whose first code point is number `at` of what the marks count.
pub(crate) fn stretches(text: &str, at: u32, marks: &[Mark]) -> Vec<Stretch> {
    let end = at + text.chars().count() as u32;
    let near: Vec<&Mark> = marks
        .iter()
        .filter(|m| m.begin < end && m.end > at && m.begin < m.end)
        .collect();
    if near.is_empty() {
        return vec![Stretch {
            text: text.to_owned(),
            ..Stretch::default()
        }];
    }
    let mut cuts: Vec<u32> = near
        .iter()
        .flat_map(|m| [m.begin.max(at), m.end.min(end)])
        .chain([at, end])
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut chars = text.chars();
    cuts.windows(2)
        .map(|cut| {
            let (from, to) = (cut[0], cut[1]);
            let mut stretch = Stretch {
                text: chars.by_ref().take((to - from) as usize).collect(),
                ..Stretch::default()
            };
            for mark in near.iter().filter(|m| m.begin <= from && to <= m.end) {
                match &mark.what {
                    What::Hit => stretch.is_hit = true,
                    What::Variant => stretch.is_variant = true,
                    What::Problem => stretch.is_problem = true,
                    What::Noted(note) => stretch.notes.push(note.clone()),
                    What::Evidence(number) => {
                        stretch.evidence.push(*number);
                        if mark.begin == from {
                            stretch.begins.push(*number);
                        }
                    }
                }
            }
            stretch
        })
        .collect()
}

/// The lines of a text as paragraphs, without the blanks around them, each with the number of its
/// first code point.
pub(crate) fn paragraphs(text: &str, at: u32) -> Vec<(u32, &str)> {
    let mut found = Vec::new();
    let mut begin = at;
    for line in text.split('\n') {
        let start = line.trim_start();
        let indent = (line.chars().count() - start.chars().count()) as u32;
        let inner = start.trim_end();
        if !inner.is_empty() {
            found.push((begin + indent, inner));
        }
        begin += line.chars().count() as u32 + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(begin: u32, end: u32, what: What) -> Mark {
        Mark { begin, end, what }
    }

    #[test]
    fn overlapping_marks_keep_every_character_once() {
        let marks = [
            mark(102, 105, What::Hit),
            mark(104, 108, What::Evidence(1)),
            mark(90, 101, What::Problem),
        ];
        let cut = stretches("一二三四五六七八", 100, &marks);
        let shown: Vec<(String, bool, bool, bool)> = cut
            .iter()
            .map(|s| {
                let is_evidence = !s.evidence.is_empty();
                (s.text.clone(), s.is_hit, s.is_problem, is_evidence)
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("一".to_owned(), false, true, false),
                ("二".to_owned(), false, false, false),
                ("三四".to_owned(), true, false, false),
                ("五".to_owned(), true, false, true),
                ("六七八".to_owned(), false, false, true),
            ]
        );
        let begins: Vec<&[usize]> = cut.iter().map(|s| s.begins.as_slice()).collect();
        assert_eq!(begins[3], [1]);
        assert!(begins[4].is_empty());
    }

    #[test]
    fn paragraphs_know_where_they_begin() {
        assert_eq!(
            paragraphs("\u{3000}\u{3000}甲乙\r\n\n 丙 \n", 10),
            [(12, "甲乙"), (18, "丙")]
        );
    }
}
