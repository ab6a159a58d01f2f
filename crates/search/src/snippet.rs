//! The part of a passage that shows why it matched, quoted as it stands, with the ranges of the
//! words that were looked for.

use duibiao_corpus::Script;
use duibiao_index::{Analyzer, Normal};
use serde::Serialize;
use utoipa::ToSchema;

use crate::matching::Added;
use crate::resolve::Term;
use crate::variants::VariantKind;

/// Text with ranges; ranges count code points of `text`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Snippet {
    /// Verbatim from the passage.
    pub text: String,
    /// Whether the passage begins before it.
    pub more_before: bool,
    /// Whether the passage goes on behind it.
    pub more_after: bool,
    /// What was looked for, in order, not overlapping.
    pub ranges: Vec<Range>,
}

/// A range of a snippet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Range {
    /// First code point.
    pub begin: u32,
    /// One past the last.
    pub end: u32,
    /// Whether it was typed or added.
    pub kind: RangeKind,
}

/// Why a range is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RangeKind {
    /// What was typed.
    Match,
    /// A term that was added.
    Variant,
}

/// A snippet is about this long, in characters.
const LENGTH: usize = 120;
/// How much further it may go to end with a sentence or a clause.
const SLACK: usize = 30;
/// Beyond this a passage is shown, but not searched for words to mark.
const MOST_CHARS: usize = 6_000;

/// What to mark: comparable texts, and whether they were typed or added.
#[derive(Default)]
pub(crate) struct Marks {
    texts: Vec<(String, RangeKind)>,
}

impl Marks {
    /// Everything a query looks for.
    pub(crate) fn new(term: &Term, added: Added) -> Self {
        let mut texts: Vec<(String, RangeKind)> = Vec::new();
        let mut mark = |text: &str, kind| texts.push((text.to_owned(), kind));
        for term in term.positive() {
            match term {
                Term::Piece(piece) => {
                    for leaf in &piece.leaves {
                        mark(leaf.text(), RangeKind::Match);
                    }
                    mark(&piece.text, RangeKind::Match);
                    for variant in piece.variants.iter().filter(|v| added.counts(v)) {
                        let kind = match variant.kind {
                            VariantKind::Form => RangeKind::Match,
                            _ => RangeKind::Variant,
                        };
                        mark(&variant.text, kind);
                    }
                }
                Term::Literal { forms, .. } => {
                    forms.iter().for_each(|form| mark(form, RangeKind::Match));
                }
                _ => {}
            }
        }
        texts.retain(|(text, _)| !text.is_empty());
        texts.sort_by(|a, b| a.0.cmp(&b.0).then((a.1 as u8).cmp(&(b.1 as u8))));
        texts.dedup_by(|later, earlier| later.0 == earlier.0);
        Self { texts }
    }

    /// Some comparable texts.
    pub(crate) fn of(texts: &[String]) -> Self {
        let marked = texts.iter().map(|text| (text.clone(), RangeKind::Match));
        Self {
            texts: marked.collect(),
        }
    }

    /// These and some comparable texts.
    pub(crate) fn with(mut self, texts: &[String]) -> Self {
        let known = |text: &String| self.texts.iter().any(|(own, _)| own == text);
        let more: Vec<String> = texts.iter().filter(|text| !known(text)).cloned().collect();
        self.texts.extend(Self::of(&more).texts);
        self
    }

    /// Cuts a snippet out of a passage.
    pub(crate) fn snippet(&self, passage: &str, script: Script, analyzer: &Analyzer) -> Snippet {
        let chars: Vec<char> = passage.trim().chars().collect();
        let searched: String = chars.iter().take(MOST_CHARS).collect();
        let marked = self.find(&searched, script, analyzer);
        let window = window(&chars, &marked);
        let text: String = chars[window.clone()].iter().collect();
        let inside = |range: &&Range| {
            range.begin as usize >= window.start && range.end as usize <= window.end
        };
        let shifted = |range: &Range| Range {
            begin: range.begin - window.start as u32,
            end: range.end - window.start as u32,
            kind: range.kind,
        };
        Snippet {
            text,
            more_before: window.start > 0,
            more_after: window.end < chars.len(),
            ranges: marked.iter().filter(inside).map(shifted).collect(),
        }
    }

    /// Where the marks stand, as code points of `text`, those of one kind joined where they touch.
    /// What was typed goes before what was added, but a part of what was typed (容缺) does not hide
    /// an added term around it (容缺后补).
    pub(crate) fn find(&self, text: &str, script: Script, analyzer: &Analyzer) -> Vec<Range> {
        if self.texts.is_empty() {
            return Vec::new();
        }
        let normal = Normal::new(&analyzer.fold(text, script));
        let starts: Vec<usize> = normal.text.char_indices().map(|(byte, _)| byte).collect();
        let at = |byte: usize| starts.partition_point(|&start| start < byte);
        let of_kind = |kind| -> Vec<Range> {
            let texts = self.texts.iter().filter(|(_, own)| *own == kind);
            let found = texts.flat_map(|(mark, _)| {
                normal.text.match_indices(mark.as_str()).map(|(byte, _)| {
                    let (first, last) = (at(byte), at(byte + mark.len()) - 1);
                    Range {
                        begin: normal.origin[first],
                        end: normal.origin[last] + 1,
                        kind,
                    }
                })
            });
            found.collect()
        };
        let mut typed = of_kind(RangeKind::Match);
        let mut added = of_kind(RangeKind::Variant);
        added.retain(|term| {
            let mut near = typed.iter().filter(|range| range.overlaps(term));
            near.all(|range| range.is_part_of(term))
        });
        typed.retain(|range| !added.iter().any(|term| range.is_part_of(term)));
        let mut ranges = joined(typed);
        ranges.append(&mut joined(added));
        ranges.sort_by_key(|range| range.begin);
        ranges
    }
}

impl Range {
    fn overlaps(&self, other: &Self) -> bool {
        self.begin < other.end && other.begin < self.end
    }

    /// Whether it lies in another one and is shorter.
    fn is_part_of(&self, other: &Self) -> bool {
        let is_inside = other.begin <= self.begin && self.end <= other.end;
        is_inside && self.end - self.begin < other.end - other.begin
    }
}

/// Ranges of one kind in order, those that overlap or touch as one.
fn joined(mut found: Vec<Range>) -> Vec<Range> {
    found.sort_unstable_by_key(|range| (range.begin, range.end));
    let mut joined: Vec<Range> = Vec::with_capacity(found.len());
    for range in found {
        match joined.last_mut() {
            Some(last) if range.begin <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// The stretch that holds the most marked characters, begun and ended at clauses where that is
/// near, and never inside a mark.
fn window(chars: &[char], ranges: &[Range]) -> std::ops::Range<usize> {
    if chars.len() <= LENGTH + SLACK {
        return 0..chars.len();
    }
    let marked: Vec<(usize, usize)> = ranges
        .iter()
        .map(|range| (range.begin as usize, range.end as usize))
        .collect();
    let marked = marked.as_slice();
    let mut best = (0, 0..1);
    for (first, &(begin, _)) in marked.iter().enumerate() {
        let last = marked[first..]
            .iter()
            .take_while(|(_, end)| *end <= begin + LENGTH)
            .count();
        let covered: usize = marked[first..first + last.max(1)]
            .iter()
            .map(|(b, e)| e - b)
            .sum();
        if covered > best.0 {
            best = (covered, begin..marked[first + last.max(1) - 1].1);
        }
    }
    let hit = best.1;
    let room = LENGTH.saturating_sub(hit.len());
    let wanted = hit.start.saturating_sub(room / 3);
    let begin = clause_begin(chars, wanted, hit.start);
    let end = (begin + LENGTH).max(hit.end).min(chars.len());
    begin..clause_end(chars, end, marked)
}

/// The beginning of the clause at `wanted`, if one is near; never behind `hit`.
fn clause_begin(chars: &[char], wanted: usize, hit: usize) -> usize {
    let earlier = (wanted.saturating_sub(SLACK)..=wanted)
        .rev()
        .find(|&i| i == 0 || is_stop(chars[i - 1]));
    let later = (wanted..=hit.min(wanted + SLACK)).find(|&i| i == 0 || is_stop(chars[i - 1]));
    earlier.or(later).unwrap_or(wanted)
}

fn clause_end(chars: &[char], wanted: usize, marked: &[(usize, usize)]) -> usize {
    let limit = (wanted + SLACK).min(chars.len());
    let end = (wanted..=limit)
        .find(|&i| i == chars.len() || is_stop(chars[i - 1]))
        .unwrap_or(wanted);
    marked
        .iter()
        .find(|(b, e)| *b < end && end < *e)
        .map_or(end, |(_, e)| *e)
}

fn is_stop(c: char) -> bool {
    matches!(
        c,
        '。' | '；' | '！' | '？' | '，' | ';' | ',' | '：' | '\n'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use duibiao_lexicon::Lexicon;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static ANALYZER: LazyLock<Analyzer> =
        LazyLock::new(|| Analyzer::new(&Lexicon::embedded().expect("lexicon")).expect("analyzer"));

    fn marks(texts: &[&str]) -> Marks {
        Marks {
            texts: texts
                .iter()
                .map(|t| ((*t).to_owned(), RangeKind::Match))
                .collect(),
        }
    }

    #[test]
    fn traditional_text_is_quoted_as_it_stands() {
        let snippet = marks(&["人才", "引进"]).snippet(
            "應建立分層次人才引進和儲備機制。",
            Script::Hant,
            &ANALYZER,
        );
        assert_eq!(snippet.text, "應建立分層次人才引進和儲備機制。");
        assert_eq!(
            snippet.ranges,
            [Range {
                begin: 6,
                end: 10,
                kind: RangeKind::Match
            }]
        );
    }

    #[test]
    fn what_was_typed_goes_before_what_was_added() {
        let marks = Marks {
            texts: vec![
                ("容缺受理".to_owned(), RangeKind::Match),
                ("容缺".to_owned(), RangeKind::Match),
                ("容缺后补".to_owned(), RangeKind::Variant),
                ("受理容缺".to_owned(), RangeKind::Variant),
            ],
        };
        let snippet = marks.snippet("容缺受理容缺后补", Script::Hans, &ANALYZER);
        let range = |begin, end, kind| Range { begin, end, kind };
        assert_eq!(
            snippet.ranges,
            [
                range(0, 4, RangeKind::Match),
                range(4, 8, RangeKind::Variant)
            ]
        );
    }

    proptest! {
        #[test]
        fn snippets_are_verbatim_and_marks_lie_inside(parts in prop::collection::vec(prop::sample::select(vec![
            "审批", "提速", "审 批", "。", "，", "企业办事时限", "①㎡", "\n", "ＡＰＰ", "一二三四五六七八九十一二三四五六七八九十",
        ]), 1..60)) {
            let text = parts.concat();
            let snippet = marks(&["审批", "提速", "app", "m2"]).snippet(&text, Script::Hans, &ANALYZER);
            prop_assert!(text.contains(&snippet.text));
            let length = snippet.text.chars().count() as u32;
            prop_assert!(snippet.ranges.iter().all(|r| r.begin < r.end && r.end <= length));
            prop_assert!(snippet.ranges.windows(2).all(|w| w[0].end < w[1].begin));
            prop_assert!(length as usize <= LENGTH + 3 * SLACK + 40);
            if text.contains("审批") {
                prop_assert!(!snippet.ranges.is_empty());
            }
        }
    }
}
