//! Themes: words of the taxonomy vote, a single weak word never decides.

use std::collections::BTreeMap;
use std::ops::Range;

use duibiao_corpus::{ThemeId, ThemeTag};
use duibiao_lexicon::{Taxonomy, ThemeIx};

use crate::text::Text;

/// Votes a passage needs for a theme: one strong word, or one in its headings and a weak one.
const ENOUGH: f32 = 1.0;
/// What a vote from a heading or problem above counts.
const FROM_ABOVE: f32 = 0.7;
/// Themes a passage may have.
const MOST_PER_PASSAGE: usize = 3;
/// Themes a document may have. A theme needs several passages, or a fair share of a short text.
const MOST_PER_DOCUMENT: usize = 16;
const LEAST_PASSAGES: usize = 2;
const FAIR_SHARE: f32 = 0.08;
/// Words quoted for a theme.
const MOST_EVIDENCE: usize = 3;

/// A word and the themes it votes for.
type Vote = (Range<usize>, Vec<(ThemeIx, f32)>);

/// Every vote in a text, in order of position.
pub(crate) struct Votes {
    votes: Vec<Vote>,
}

impl Votes {
    pub(crate) fn new(taxonomy: &Taxonomy, folded: &str) -> Self {
        let votes = taxonomy
            .find_terms(folded)
            .map(|found| (found.bytes, found.votes.to_vec()))
            .collect();
        Self { votes }
    }

    fn within(&self, range: &Range<usize>) -> &[Vote] {
        let from = self.votes.partition_point(|(at, _)| at.start < range.start);
        let to = self.votes.partition_point(|(at, _)| at.start < range.end);
        &self.votes[from..to]
    }

    /// The themes of a passage, strongest first. `above` are its headings and problem.
    pub(crate) fn of_passage(
        &self,
        taxonomy: &Taxonomy,
        folded: &str,
        passage: &Range<usize>,
        above: &[Range<usize>],
    ) -> Vec<ThemeId> {
        let mut scores: BTreeMap<ThemeIx, f32> = BTreeMap::new();
        let mut heard: Vec<&str> = Vec::new();
        let mut count = |range: &Range<usize>, factor: f32, scores: &mut BTreeMap<ThemeIx, f32>| {
            for (at, votes) in self.within(range) {
                let word = &folded[at.clone()];
                // A word said twice is not two words.
                if heard.contains(&word) {
                    continue;
                }
                heard.push(word);
                for (theme, weight) in votes {
                    *scores.entry(*theme).or_default() += weight * factor;
                }
            }
        };
        count(passage, 1.0, &mut scores);
        for range in above {
            count(range, FROM_ABOVE, &mut scores);
        }
        let mut ranked: Vec<(ThemeIx, f32)> = scores
            .into_iter()
            .filter(|(_, score)| *score >= ENOUGH)
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked
            .into_iter()
            .take(MOST_PER_PASSAGE)
            .map(|(theme, _)| taxonomy.theme(theme).id.clone())
            .collect()
    }

    /// Rolls the passages' themes up to the document; `body` are the bytes that count.
    pub(crate) fn of_document(
        &self,
        taxonomy: &Taxonomy,
        text: &Text<'_>,
        passages: &[Vec<ThemeId>],
    ) -> Vec<ThemeTag> {
        let mut counts: BTreeMap<&ThemeId, usize> = BTreeMap::new();
        for theme in passages.iter().flatten() {
            *counts.entry(theme).or_default() += 1;
        }
        let total = counts.values().sum::<usize>().max(1) as f32;
        let mut ranked: Vec<(&ThemeId, f32)> = counts
            .into_iter()
            .map(|(id, count)| (id, count, count as f32 / total))
            .filter(|(_, count, share)| *count >= LEAST_PASSAGES || *share >= FAIR_SHARE)
            .map(|(id, _, share)| (id, share))
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        ranked.truncate(MOST_PER_DOCUMENT);
        ranked
            .into_iter()
            .filter_map(|(id, weight)| self.tag(taxonomy, text, id, weight))
            .collect()
    }

    fn tag(
        &self,
        taxonomy: &Taxonomy,
        text: &Text<'_>,
        id: &ThemeId,
        weight: f32,
    ) -> Option<ThemeTag> {
        let ix = taxonomy.index_of(id)?;
        let mut quoted: Vec<&str> = Vec::new();
        let mut evidence = Vec::new();
        for (at, _) in self.votes.iter().filter(|(_, votes)| {
            votes
                .iter()
                .any(|(theme, weight)| *theme == ix && *weight >= ENOUGH)
        }) {
            let word = &text.folded()[at.clone()];
            if !quoted.contains(&word) {
                quoted.push(word);
                evidence.push(text.evidence(at.clone()));
            }
            if evidence.len() == MOST_EVIDENCE {
                break;
            }
        }
        let weight = (weight * 1000.0).round() / 1000.0;
        Some(ThemeTag {
            id: id.clone(),
            name: taxonomy.theme(ix).name.clone(),
            weight,
            evidence,
        })
    }
}
