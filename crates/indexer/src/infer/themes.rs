//! Themes: words of the taxonomy vote, a single weak word never decides.
//!
//! The words and what each counts are data (`taxonomy.toml`); only the counting is here.

use std::collections::BTreeMap;
use std::ops::Range;

use duibiao_corpus::{ThemeId, ThemeTag};
use duibiao_lexicon::{Taxonomy, ThemeIx};

use crate::text::Text;

// The constants were found on labelled passages of two rectification bulletins: micro-F1 0.82 over both with
// today's vocabulary (2026-11-22), 0.78 on the weaker one. They were chosen while looking at these labels, so other
// documents will do somewhat worse.

/// Votes a passage needs for a theme: two weak words, or a weak one with one in its heading.
const ENOUGH: f32 = 0.6;
/// What a word in the nearest heading or in the problem counts, and in those further above.
const NEAREST: f32 = 1.0;
const NEXT: f32 = 0.5;
const FURTHER: f32 = 0.3;
/// A weak word in the nearest heading counts at least this: a heading is chosen with care.
const WEAK_IN_HEADING: f32 = 0.5;
/// How a thing is done is a theme beside what is done only with this many votes.
const ENOUGH_FOR_MEANS: f32 = 1.6;
/// A theme with less than this share of the strongest one's votes is only touched on.
const LEAST_OF_STRONGEST: f32 = 0.5;
/// Themes a passage may have.
const MOST_PER_PASSAGE: usize = 3;
/// Themes a document may have. A theme needs several passages, or a fair share of a short text.
const MOST_PER_DOCUMENT: usize = 16;
const LEAST_PASSAGES: usize = 2;
const FAIR_SHARE: f32 = 0.08;
/// Words quoted for a theme.
const MOST_EVIDENCE: usize = 3;

/// A word and the themes it votes for.
struct Vote<'t> {
    at: Range<usize>,
    themes: &'t [(ThemeIx, f32)],
}

/// Every vote in a text, in order of position.
pub(crate) struct Votes<'t> {
    taxonomy: &'t Taxonomy,
    votes: Vec<Vote<'t>>,
}

impl<'t> Votes<'t> {
    pub(crate) fn new(taxonomy: &'t Taxonomy, folded: &'t str) -> Self {
        let votes = taxonomy
            .find_terms(folded)
            .map(|found| Vote {
                at: found.bytes,
                themes: found.votes,
            })
            .collect();
        Self { taxonomy, votes }
    }

    fn within(&self, range: &Range<usize>) -> &[Vote<'t>] {
        let from = self.votes.partition_point(|v| v.at.start < range.start);
        let to = self.votes.partition_point(|v| v.at.start < range.end);
        &self.votes[from..to]
    }

    /// The themes of a passage, strongest first. `headings` are those above it, outermost first.
    pub(crate) fn of_passage(
        &self,
        passage: &Range<usize>,
        headings: &[Range<usize>],
        problem: Option<&Range<usize>>,
    ) -> Vec<ThemeId> {
        let mut count = Count {
            votes: self,
            heard: Vec::new(),
            scores: Vec::new(),
        };
        count.add(passage, 1.0, 0.0);
        let nearest = headings.last();
        let is_in_heading =
            |p: &Range<usize>| nearest.is_some_and(|h| h.start <= p.start && p.end <= h.end);
        if let Some(problem) = problem.filter(|p| !is_in_heading(p)) {
            count.add(problem, NEAREST, WEAK_IN_HEADING);
        }
        for (distance, heading) in headings.iter().rev().enumerate() {
            match distance {
                0 => count.add(heading, NEAREST, WEAK_IN_HEADING),
                1 => count.add(heading, NEXT, 0.0),
                _ => count.add(heading, FURTHER, 0.0),
            }
        }
        let ranked = self.ranked(count.scores);
        let ids = ranked
            .into_iter()
            .map(|theme| self.taxonomy.theme(theme).id.clone());
        ids.collect()
    }

    /// The themes with votes enough, strongest first.
    fn ranked(&self, scores: Vec<(ThemeIx, f32)>) -> Vec<ThemeIx> {
        let is_means = |theme: &ThemeIx| self.taxonomy.theme(*theme).is_means;
        let mut ranked: Vec<(ThemeIx, f32)> = scores
            .into_iter()
            .filter(|(_, score)| *score >= ENOUGH)
            .collect();
        if ranked.iter().any(|(theme, _)| !is_means(theme)) {
            ranked.retain(|(theme, score)| !is_means(theme) || *score >= ENOUGH_FOR_MEANS);
        }
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let least = ranked
            .first()
            .map_or(0.0, |first| first.1 * LEAST_OF_STRONGEST);
        ranked
            .into_iter()
            .take(MOST_PER_PASSAGE)
            .filter(|(_, score)| *score >= least)
            .map(|(theme, _)| theme)
            .collect()
    }

    /// Rolls the passages' themes up to the document. `passages` are those that count, in order,
    /// with their bytes.
    pub(crate) fn of_document(
        &self,
        text: &Text<'_>,
        passages: &[(Range<usize>, &[ThemeId])],
    ) -> Vec<ThemeTag> {
        // How often each is named, and where first: of equals the one that comes first leads.
        let mut counts: BTreeMap<&ThemeId, (usize, usize)> = BTreeMap::new();
        let named = passages.iter().flat_map(|(_, themes)| *themes);
        for (at, theme) in named.enumerate() {
            counts.entry(theme).or_insert((0, at)).0 += 1;
        }
        let total = counts
            .values()
            .map(|(count, _)| count)
            .sum::<usize>()
            .max(1) as f32;
        let mut counted: Vec<(&ThemeId, f32, usize)> = counts
            .into_iter()
            .map(|(id, (count, first))| (id, count, count as f32 / total, first))
            .filter(|(_, count, share, _)| *count >= LEAST_PASSAGES || *share >= FAIR_SHARE)
            .map(|(id, _, share, first)| (id, share, first))
            .collect();
        counted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.2.cmp(&b.2)));
        let mut ranked: Vec<(&ThemeId, f32)> = counted
            .into_iter()
            .map(|(id, share, _)| (id, share))
            .collect();
        ranked.truncate(MOST_PER_DOCUMENT);
        ranked
            .into_iter()
            .filter_map(|(id, weight)| self.tag(text, id, weight, passages))
            .collect()
    }

    /// A theme of the document with the words that voted for it, from passages that have it.
    fn tag(
        &self,
        text: &Text<'_>,
        id: &ThemeId,
        weight: f32,
        passages: &[(Range<usize>, &[ThemeId])],
    ) -> Option<ThemeTag> {
        let ix = self.taxonomy.index_of(id)?;
        let mut quoted: Vec<&str> = Vec::new();
        let mut evidence = Vec::new();
        let its = |vote: &&Vote<'_>| vote.themes.iter().any(|(theme, _)| *theme == ix);
        let within = passages
            .iter()
            .filter(|(_, themes)| themes.contains(id))
            .flat_map(|(bytes, _)| self.within(bytes));
        // Words of headings stand in no passage that counts; they are all where none else voted.
        for vote in within.filter(its).chain(self.votes.iter().filter(its)) {
            let word = &text.folded()[vote.at.clone()];
            if !quoted.contains(&word) {
                quoted.push(word);
                evidence.push(text.evidence(vote.at.clone()));
            }
            if evidence.len() == MOST_EVIDENCE {
                break;
            }
        }
        Some(ThemeTag {
            id: id.clone(),
            name: self.taxonomy.theme(ix).name.clone(),
            weight: (weight * 1000.0).round() / 1000.0,
            evidence,
        })
    }
}

/// The votes of one passage.
struct Count<'a, 't> {
    votes: &'a Votes<'t>,
    /// What the words count that were heard, which tells the words apart: each has its own.
    heard: Vec<&'t [(ThemeIx, f32)]>,
    scores: Vec<(ThemeIx, f32)>,
}

impl Count<'_, '_> {
    /// Counts the words of a range, each at least `least` and then by `factor`. A word said twice is
    /// not two words.
    fn add(&mut self, range: &Range<usize>, factor: f32, least: f32) {
        for vote in self.votes.within(range) {
            if self
                .heard
                .iter()
                .any(|heard| std::ptr::eq(*heard, vote.themes))
            {
                continue;
            }
            self.heard.push(vote.themes);
            for (theme, weight) in vote.themes {
                let counted = weight.max(least) * factor;
                match self.scores.iter_mut().find(|(known, _)| known == theme) {
                    Some((_, score)) => *score += counted,
                    None => self.scores.push((*theme, counted)),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use duibiao_lexicon::Lexicon;
    use std::sync::LazyLock;

    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().expect("lexicon"));

    /// Themes of `words` under headings, all written one after the other in a text.
    fn of(headings: &[&str], words: &str) -> Vec<String> {
        let mut text = String::new();
        let mut ranges = Vec::new();
        for heading in headings {
            ranges.push(text.len()..text.len() + heading.len());
            text.push_str(heading);
            text.push('\n');
        }
        let passage = text.len()..text.len() + words.len();
        text.push_str(words);
        let votes = Votes::new(LEXICON.taxonomy(), &text);
        let themes = votes.of_passage(&passage, &ranges, None);
        themes.iter().map(|id| id.as_str().to_owned()).collect()
    }

    #[test]
    fn words_vote_and_one_weak_word_is_not_enough() {
        assert_eq!(
            of(&[], "推行容缺受理，补正材料可以后交。"),
            ["approval.proofs"]
        );
        assert!(of(&[], "完善有关政策。").is_empty());
    }

    #[test]
    fn a_passage_without_matter_of_its_own_has_that_of_its_heading() {
        assert_eq!(
            of(&["（7）改进供热工作"], "一是充实应急队伍。"),
            ["factor.utilities"]
        );
        // Further above it takes a word of the passage as well.
        let far = ["一、改进供热工作", "（一）加强值守", "1.明确分工"];
        assert!(!of(&far, "充实应急队伍。").contains(&"factor.utilities".to_owned()));
    }

    #[test]
    fn how_a_thing_is_done_is_no_theme_beside_what_is_done() {
        assert_eq!(
            of(&[], "落实公交企业主体责任，规范出租汽车停车。"),
            ["public.urban"]
        );
        assert_eq!(
            of(&[], "落实主体责任，成立领导小组。"),
            ["conduct.organization"]
        );
    }

    #[test]
    fn the_name_of_an_authority_is_no_matter() {
        assert!(of(&[], "由市住房和城乡建设局、人力资源和社会保障局负责。").is_empty());
        assert!(of(&[], "由市招商局负责。").is_empty());
    }

    #[test]
    fn the_name_of_a_bank_is_about_money_whatever_is_in_it() {
        let finance = ["factor.finance"];
        assert_eq!(of(&[], "与招商银行签订贷款协议，授信三亿元。"), finance);
        assert!(of(&[], "在招商银行开户。").is_empty());
        assert_eq!(of(&[], "赴深圳开展招商。"), ["growth.investment"]);
    }
}
