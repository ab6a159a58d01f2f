//! Figures of merit of a ranking, as trec_eval defines them: nDCG with the grade itself as gain and
//! 1/log2(1 + place), reciprocal rank, recall. What was not judged is not relevant, and a query
//! that finds nothing counts 0.
//!
//! Judged passages are found once: an entry at a later place that shows the same one gains nothing,
//! and of several that one entry shows, the best gives its gain.

use serde::Serialize;

use super::judged::Judged;
use super::ranking::{Ranked, Run};
use super::topics::{Topic, Topics};

/// The figures, in the order of [`TopicScore::values`].
pub const METRICS: [&str; 4] = ["ndcg@10", "mrr@10", "recall@10", "recall@100"];

/// Places that nDCG and reciprocal rank look at.
const FIRST: usize = 10;
/// Places that the deeper recall looks at.
const DEEP: usize = 100;
/// Places where nothing may stand that must not be there.
const TOP: usize = 5;

/// One query's figures.
#[derive(Debug, Clone, Serialize)]
pub struct TopicScore {
    /// The query's id.
    pub id: String,
    /// The query.
    pub query: String,
    /// How many answers were judged relevant.
    pub relevant: usize,
    /// How many entries were ranked, at most the depth of the ranking.
    pub ranked: usize,
    /// Discounted gain of the first ten against the best possible.
    #[serde(rename = "ndcg@10")]
    pub ndcg: f64,
    /// 1 / the place of the first relevant one among the first ten.
    #[serde(rename = "mrr@10")]
    pub reciprocal_rank: f64,
    /// Share of the relevant ones among the first ten.
    #[serde(rename = "recall@10")]
    pub recall: f64,
    /// Share of the relevant ones among the first hundred.
    #[serde(rename = "recall@100")]
    pub deep_recall: f64,
    /// Place of the first relevant one, however deep.
    pub first: Option<usize>,
    /// What must not be among the first five and is.
    pub must_not: Vec<String>,
}

impl TopicScore {
    /// The figures, in the order of [`METRICS`].
    pub fn values(&self) -> [f64; 4] {
        [
            self.ndcg,
            self.reciprocal_rank,
            self.recall,
            self.deep_recall,
        ]
    }
}

/// The figures of every query, in the order of the file.
#[derive(Debug, Clone, Serialize)]
pub struct Scores {
    /// One for each query.
    pub queries: Vec<TopicScore>,
}

/// Means over all queries.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Means {
    /// Of `ndcg@10`.
    #[serde(rename = "ndcg@10")]
    pub ndcg: f64,
    /// Of `mrr@10`.
    #[serde(rename = "mrr@10")]
    pub reciprocal_rank: f64,
    /// Of `recall@10`.
    #[serde(rename = "recall@10")]
    pub recall: f64,
    /// Of `recall@100`.
    #[serde(rename = "recall@100")]
    pub deep_recall: f64,
}

impl Scores {
    /// Scores a ranking.
    pub fn of(run: &Run, topics: &Topics) -> Self {
        let score = |topic: &Topic| score(topic, run.get(&topic.id).map_or(&[], Vec::as_slice));
        Self {
            queries: topics.topics.iter().map(score).collect(),
        }
    }

    /// The means.
    pub fn means(&self) -> Means {
        let count = self.queries.len().max(1) as f64;
        let mean = |place: usize| {
            let sum: f64 = self.queries.iter().map(|q| q.values()[place]).sum();
            sum / count
        };
        Means {
            ndcg: mean(0),
            reciprocal_rank: mean(1),
            recall: mean(2),
            deep_recall: mean(3),
        }
    }

    /// How many entries stand among a query's first five that must not: of all queries, and of the
    /// query that has most.
    pub fn must_not(&self) -> (usize, usize) {
        let counts = self.queries.iter().map(|q| q.must_not.len());
        (counts.clone().sum(), counts.max().unwrap_or(0))
    }
}

impl Means {
    /// The means, in the order of [`METRICS`].
    pub fn values(&self) -> [f64; 4] {
        [
            self.ndcg,
            self.reciprocal_rank,
            self.recall,
            self.deep_recall,
        ]
    }
}

fn score(topic: &Topic, ranked: &[Ranked]) -> TopicScore {
    let relevant: Vec<&Judged> = topic.judged.iter().filter(|j| j.grade > 0).collect();
    let mut is_found = vec![false; relevant.len()];
    let mut found_at_10 = 0;
    let mut gains = Vec::with_capacity(ranked.len().min(DEEP));
    let mut first = None;
    for (place, entry) in ranked.iter().enumerate() {
        let mut gain = 0;
        for (judged, is_found) in relevant.iter().zip(&mut is_found) {
            if !*is_found && judged.target.is(entry) {
                *is_found = place < DEEP;
                gain = gain.max(judged.grade);
            }
        }
        if gain > 0 && first.is_none() {
            first = Some(place + 1);
        }
        gains.push(f64::from(gain));
        if place + 1 == FIRST {
            found_at_10 = is_found.iter().filter(|found| **found).count();
        }
    }
    let found_at_100 = is_found.iter().filter(|found| **found).count();
    if ranked.len() < FIRST {
        found_at_10 = found_at_100;
    }
    let mut best: Vec<f64> = relevant.iter().map(|j| f64::from(j.grade)).collect();
    best.sort_by(|a, b| b.total_cmp(a));
    let share = |found: usize| found as f64 / relevant.len().max(1) as f64;
    let ideal = discounted(&best);
    TopicScore {
        id: topic.id.clone(),
        query: topic.query.clone(),
        relevant: relevant.len(),
        ranked: ranked.len(),
        ndcg: if ideal > 0.0 {
            discounted(&gains) / ideal
        } else {
            0.0
        },
        reciprocal_rank: first
            .filter(|place| *place <= FIRST)
            .map_or(0.0, |place| 1.0 / place as f64),
        recall: share(found_at_10),
        deep_recall: share(found_at_100),
        first,
        must_not: topic
            .must_not
            .iter()
            .filter(|judged| ranked.iter().take(TOP).any(|entry| judged.target.is(entry)))
            .map(|judged| judged.id.clone())
            .collect(),
    }
}

/// The gains of the first ten, each divided by log2(1 + its place).
fn discounted(gains: &[f64]) -> f64 {
    (2..)
        .zip(gains.iter().take(FIRST))
        .map(|(place, gain)| gain / f64::from(place).log2())
        .fold(0.0, |sum, gain| sum + gain)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use duibiao_corpus::Span;
    use tempfile::TempDir;

    use super::super::ranking::PassagePlace;
    use super::*;

    fn topics(queries: &str, judgements: &str) -> Topics {
        let folder = TempDir::new().expect("a folder");
        let (q, j) = (folder.path().join("q"), folder.path().join("j"));
        fs::write(&q, queries).expect("a file");
        fs::write(&j, judgements).expect("a file");
        Topics::read(&q, Some(&j), None).expect("topics")
    }

    fn run(lists: &[(&str, &[&str])]) -> Run {
        let ranked = |name: &&str| Ranked {
            document: (*name).to_owned(),
            passage: None,
        };
        let list =
            |(id, names): &(&str, &[&str])| ((*id).to_owned(), names.iter().map(ranked).collect());
        lists.iter().map(list).collect()
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    }

    #[test]
    fn figures_are_those_computed_by_hand() {
        let topics = topics(
            "1\t甲\n2\t乙\n",
            "1 0 a 2\n1 0 b 1\n1 0 c 1\n1 0 x 0\n1 0 y -1\n2 0 a 1\n",
        );
        let scores = Scores::of(&run(&[("1", &["x", "b", "y", "a", "n"])]), &topics);
        let one = &scores.queries[0];
        // Gains 0 1 0 2 at places 1 to 4; ideal 2 1 1.
        let log2 = |n: f64| n.log2();
        let (got, best) = (
            1.0 / log2(3.0) + 2.0 / log2(5.0),
            2.0 + 1.0 / log2(3.0) + 1.0 / 2.0,
        );
        close(one.ndcg, got / best);
        close(one.reciprocal_rank, 0.5);
        close(one.recall, 2.0 / 3.0);
        close(one.deep_recall, 2.0 / 3.0);
        assert_eq!((one.relevant, one.first), (3, Some(2)));
        let two = &scores.queries[1];
        assert_eq!(two.values(), [0.0; 4], "no hit is no query left out");
        close(scores.means().reciprocal_rank, 0.25);
    }

    #[test]
    fn places_end_at_ten_and_at_a_hundred() {
        let topics = topics("1\t甲\n", "1 0 a 1\n1 0 b 1\n1 0 c 1\n1 0 d 1\n");
        let names: Vec<String> = (0..150).map(|n| format!("n{n}")).collect();
        let mut list: Vec<&str> = names.iter().map(String::as_str).collect();
        list[9] = "a";
        list[10] = "b";
        list[99] = "c";
        list[100] = "d";
        let scores = Scores::of(&run(&[("1", &list)]), &topics);
        let one = &scores.queries[0];
        close(one.reciprocal_rank, 0.1);
        close(one.recall, 0.25);
        close(one.deep_recall, 0.75);
        list[9] = "n9";
        let scores = Scores::of(&run(&[("1", &list)]), &topics);
        assert_eq!(scores.queries[0].reciprocal_rank, 0.0);
        assert_eq!(scores.queries[0].first, Some(11));
    }

    #[test]
    fn a_judged_passage_is_found_once() {
        let folder = TempDir::new().expect("a folder");
        let (q, j) = (folder.path().join("q.json"), folder.path().join("j.json"));
        fs::write(
            &q,
            r#"{"queries":[{"id":"1","query":"甲","relevant":{"d-a":2,"d-b":1},"must_not":["d-c"]}]}"#,
        )
        .expect("a file");
        fs::write(
            &j,
            r#"{"documents":[{"doc":"d","file":"d_1.txt"}],"measures":[
                {"id":"d-a","doc":"d","begin":0,"end":100},
                {"id":"d-b","doc":"d","begin":100,"end":200},
                {"id":"d-c","doc":"d","begin":200,"end":300}]}"#,
        )
        .expect("a file");
        let topics = Topics::read(&q, Some(&j), None).expect("topics");
        let ranked = |begin, end| Ranked {
            document: "d_1".into(),
            passage: Some(PassagePlace {
                ordinal: 1,
                span: Span::new(begin, end),
            }),
        };
        // Twice parts of a, then c, then b.
        let list = vec![
            ranked(0, 40),
            ranked(40, 100),
            ranked(200, 300),
            ranked(100, 200),
        ];
        let scores = Scores::of(&Run::from([("1".to_owned(), list)]), &topics);
        let one = &scores.queries[0];
        close(
            one.ndcg,
            (2.0 + 1.0 / 5.0f64.log2()) / (2.0 + 1.0 / 3.0f64.log2()),
        );
        close(one.recall, 1.0);
        assert_eq!(one.must_not, ["d-c"]);
        // One entry over both gains what the better one gives, and has found both.
        let scores = Scores::of(
            &Run::from([("1".to_owned(), vec![ranked(0, 200)])]),
            &topics,
        );
        close(scores.queries[0].ndcg, 2.0 / (2.0 + 1.0 / 3.0f64.log2()));
        close(scores.queries[0].recall, 1.0);
        assert!(scores.queries[0].must_not.is_empty());
    }
}
