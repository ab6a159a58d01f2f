//! The part of a passage that shows why it matched, quoted as it stands, with the ranges of the
//! words that were looked for.

use duibiao_corpus::Script;
use duibiao_index::{Analyzer, Leaf, Normal};
use serde::Serialize;
use utoipa::ToSchema;

use crate::resolve::Term;

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
}

/// A snippet is about this long, in characters.
const LENGTH: usize = 120;
/// How much further it may go to end with a sentence or a clause.
const SLACK: usize = 30;
/// Beyond this a passage is shown, but not searched for words to mark.
const MOST_CHARS: usize = 6_000;

/// What to mark: comparable texts.
pub(crate) struct Marks {
    texts: Vec<String>,
}

impl Marks {
    /// Everything a query looks for.
    pub(crate) fn new(term: &Term) -> Self {
        let mut texts: Vec<String> = Vec::new();
        term.visit(&mut |term| add_texts(term, &mut texts));
        texts.retain(|text| !text.is_empty());
        texts.sort();
        texts.dedup();
        Self { texts }
    }

    /// Cuts a snippet out of a passage.
    pub(crate) fn snippet(
        &self,
        passage: &str,
        script: Script,
        analyzer: &Analyzer,
        whole: bool,
    ) -> Snippet {
        let chars: Vec<char> = passage.trim().chars().collect();
        let searched: String = chars.iter().take(MOST_CHARS).collect();
        let marked = self.find(&searched, script, analyzer);
        let window = if whole {
            0..chars.len()
        } else {
            window(&chars, &marked)
        };
        let text: String = chars[window.clone()].iter().collect();
        let inside = |&&(begin, end): &&(usize, usize)| begin >= window.start && end <= window.end;
        let shifted = |&(begin, end): &(usize, usize)| Range {
            begin: (begin - window.start) as u32,
            end: (end - window.start) as u32,
            kind: RangeKind::Match,
        };
        Snippet {
            text,
            more_before: window.start > 0,
            more_after: window.end < chars.len(),
            ranges: marked.iter().filter(inside).map(shifted).collect(),
        }
    }

    /// Where the marks stand, as code points of `text`, joined where they touch.
    pub(crate) fn find(
        &self,
        text: &str,
        script: Script,
        analyzer: &Analyzer,
    ) -> Vec<(usize, usize)> {
        if self.texts.is_empty() {
            return Vec::new();
        }
        let normal = Normal::new(&analyzer.fold(text, script));
        let starts: Vec<usize> = normal.text.char_indices().map(|(byte, _)| byte).collect();
        let at = |byte: usize| starts.partition_point(|&start| start < byte);
        let mut found: Vec<(usize, usize)> = Vec::new();
        for mark in &self.texts {
            for (byte, _) in normal.text.match_indices(mark.as_str()) {
                let (first, last) = (at(byte), at(byte + mark.len()) - 1);
                found.push((
                    normal.origin[first] as usize,
                    normal.origin[last] as usize + 1,
                ));
            }
        }
        found.sort_unstable();
        let mut joined: Vec<(usize, usize)> = Vec::with_capacity(found.len());
        for (begin, end) in found {
            match joined.last_mut() {
                Some(last) if begin <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((begin, end)),
            }
        }
        joined
    }
}

/// Adds what one part of a query looks for.
fn add_texts(term: &Term, texts: &mut Vec<String>) {
    match term {
        Term::Piece(piece) => {
            texts.extend(
                piece
                    .leaves
                    .iter()
                    .map(|leaf: &Leaf| leaf.text().to_owned()),
            );
            texts.push(piece.text.clone());
        }
        Term::Literal(text) => texts.push(text.clone()),
        Term::Spellings(all) => texts.extend(all.iter().cloned()),
        Term::Scripts(scripts) => {
            add_texts(&scripts.simplified, texts);
            texts.extend(scripts.as_typed.iter().cloned());
        }
        _ => {}
    }
}

/// The stretch that holds the most marked characters, begun and ended at clauses where that is
/// near, and never inside a mark.
fn window(chars: &[char], marked: &[(usize, usize)]) -> std::ops::Range<usize> {
    if chars.len() <= LENGTH + SLACK {
        return 0..chars.len();
    }
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
            texts: texts.iter().map(|t| (*t).to_owned()).collect(),
        }
    }

    #[test]
    fn traditional_text_is_quoted_as_it_stands() {
        let snippet = marks(&["人才", "引进"]).snippet(
            "應建立分層次人才引進和儲備機制。",
            Script::Hant,
            &ANALYZER,
            false,
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

    proptest! {
        #[test]
        fn snippets_are_verbatim_and_marks_lie_inside(parts in prop::collection::vec(prop::sample::select(vec![
            "审批", "提速", "审 批", "。", "，", "企业办事时限", "①㎡", "\n", "ＡＰＰ", "一二三四五六七八九十一二三四五六七八九十",
        ]), 1..60)) {
            let text = parts.concat();
            let snippet = marks(&["审批", "提速", "app", "m2"]).snippet(&text, Script::Hans, &ANALYZER, false);
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
