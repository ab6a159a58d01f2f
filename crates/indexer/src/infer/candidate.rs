//! What a field may be: every value that a rule proposes, and which of them it is.
//!
//! Each field is decided from its list in one way: of the candidates nothing speaks against, the
//! most confident, and of equals the one proposed first. The list is kept, so that a wrong tag can
//! be understood. Rules propose; none of them decides.

use std::collections::BTreeMap;

use duibiao_corpus::{Evidence, Inferred};
use serde::Serialize;

/// Candidates kept of one field; a text of nothing but dates must not fill the memory.
const MOST: usize = 40;

/// A value that a rule proposes.
#[derive(Debug, Clone)]
pub(crate) struct Candidate<T> {
    pub(crate) value: T,
    /// 0–1: how often a value found in this way is right.
    pub(crate) confidence: f32,
    pub(crate) rule: &'static str,
    pub(crate) evidence: Vec<Evidence>,
    /// Concluded, and not stated in the document's own header or signature.
    pub(crate) inferred: bool,
    /// Why it is not the value, however confident the rule.
    pub(crate) against: Option<&'static str>,
}

impl<T> Candidate<T> {
    pub(crate) fn stated(
        value: T,
        rule: &'static str,
        confidence: f32,
        evidence: Vec<Evidence>,
    ) -> Self {
        Self {
            value,
            confidence,
            rule,
            evidence,
            inferred: false,
            against: None,
        }
    }

    pub(crate) fn concluded(
        value: T,
        rule: &'static str,
        confidence: f32,
        evidence: Vec<Evidence>,
    ) -> Self {
        Self {
            inferred: true,
            ..Self::stated(value, rule, confidence, evidence)
        }
    }

    /// The same, ruled out for a reason.
    pub(crate) fn but(self, why: &'static str) -> Self {
        Self {
            against: Some(why),
            ..self
        }
    }

    /// Another value that follows from this one.
    pub(crate) fn map<U>(&self, value: U) -> Candidate<U> {
        Candidate {
            value,
            confidence: self.confidence,
            rule: self.rule,
            evidence: self.evidence.clone(),
            inferred: self.inferred,
            against: self.against,
        }
    }
}

/// Everything that rules propose for one field.
#[derive(Debug, Clone)]
pub(crate) struct Candidates<T>(Vec<Candidate<T>>);

impl<T> Default for Candidates<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Candidates<T> {
    pub(crate) fn add(&mut self, candidate: Candidate<T>) {
        if self.0.len() < MOST {
            self.0.push(candidate);
        }
    }

    pub(crate) fn extend(&mut self, candidates: impl IntoIterator<Item = Candidate<T>>) {
        candidates.into_iter().for_each(|c| self.add(c));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Candidate<T>> {
        self.0.iter()
    }

    fn winner(&self) -> Option<usize> {
        let open = self
            .0
            .iter()
            .enumerate()
            .filter(|(_, c)| c.against.is_none());
        // Of equals `max_by` gives the last one.
        open.rev()
            .max_by(|(_, a), (_, b)| a.confidence.total_cmp(&b.confidence))
            .map(|(index, _)| index)
    }

    /// The candidate that is the value.
    pub(crate) fn best(&self) -> Option<&Candidate<T>> {
        self.winner().and_then(|index| self.0.get(index))
    }
}

impl<T: Clone> Candidates<T> {
    /// The value the field gets.
    pub(crate) fn decide(&self) -> Option<Inferred<T>> {
        let best = self.best()?;
        Some(Inferred {
            value: best.value.clone(),
            confidence: best.confidence,
            rule: best.rule.into(),
            evidence: best.evidence.clone(),
            inferred: best.inferred,
        })
    }
}

/// A value that a rule proposed for a field, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// The value as text.
    pub value: String,
    /// 0–1: how often a value found in this way is right.
    pub confidence: f32,
    /// The rule that proposed it.
    pub rule: &'static str,
    /// The words it rests on.
    pub evidence: Vec<Evidence>,
    /// Whether it would be concluded, and not stated by the document about itself.
    pub inferred: bool,
    /// Whether it is the value of the field.
    pub won: bool,
    /// Why it is, or is not.
    pub why: &'static str,
}

/// Every proposal by the name of the field, in the order in which rules made them.
pub type Explanation = BTreeMap<&'static str, Vec<Proposal>>;

const BEST: &str = "the most confident candidate";
const FIRST: &str = "as confident as another, but proposed first";
const LESS: &str = "less confident than the one taken";
const LATER: &str = "as confident as the one taken, but proposed later";

impl<T> Candidates<T> {
    /// The list for a reader, values shown by `show`.
    pub(crate) fn explain(&self, show: impl Fn(&T) -> String) -> Vec<Proposal> {
        let winner = self.winner();
        let best = self.best().map_or(0.0, |c| c.confidence);
        let equals = self
            .0
            .iter()
            .filter(|c| c.against.is_none() && c.confidence >= best)
            .count();
        let why = |index: usize, candidate: &Candidate<T>| match candidate.against {
            Some(why) => why,
            None if winner == Some(index) && equals > 1 => FIRST,
            None if winner == Some(index) => BEST,
            None if candidate.confidence >= best => LATER,
            None => LESS,
        };
        let views = self
            .0
            .iter()
            .enumerate()
            .map(|(index, candidate)| Proposal {
                value: show(&candidate.value),
                confidence: candidate.confidence,
                rule: candidate.rule,
                evidence: candidate.evidence.clone(),
                inferred: candidate.inferred,
                won: winner == Some(index),
                why: why(index, candidate),
            });
        views.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_confident_wins_and_of_equals_the_first() {
        let mut list = Candidates::default();
        list.add(Candidate::stated("甲", "a", 0.7, Vec::new()));
        list.add(Candidate::stated("乙", "b", 0.9, Vec::new()));
        list.add(Candidate::stated("丙", "c", 0.9, Vec::new()));
        list.add(Candidate::stated("丁", "d", 1.0, Vec::new()).but("cited"));
        assert_eq!(list.decide().map(|v| v.value), Some("乙"));
        let why: Vec<_> = list
            .explain(|v| (*v).to_owned())
            .iter()
            .map(|p| p.why)
            .collect();
        assert_eq!(why, [LESS, FIRST, LATER, "cited"]);
    }
}
