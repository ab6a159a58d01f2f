//! Two rankings of the same queries compared query by query: the mean difference of each figure, its
//! 95 % interval (paired bootstrap, percentiles) and how often chance alone would differ as much
//! (two-sided paired randomisation test; Smucker, Allan and Carterette 2007).
//!
//! Random numbers are seeded, so the same rankings give the same figures everywhere.

use serde::Serialize;

use super::metrics::{METRICS, Scores};

/// Resamples, and random exchanges.
const ROUNDS: usize = 10_000;
/// Any number does; a fixed one makes figures repeatable.
const SEED: u64 = 2_017;
/// Differences below this are rounding.
const SAME: f64 = 1e-9;

/// How two rankings differ.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// How many queries were compared.
    pub queries: usize,
    /// One for each figure.
    pub metrics: Vec<Difference>,
}

/// How one figure differs, the first ranking minus the second.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// The figure.
    pub metric: &'static str,
    /// Its mean in the first ranking.
    pub this: f64,
    /// Its mean in the second ranking.
    pub other: f64,
    /// The mean difference.
    pub difference: f64,
    /// Where 95 % of the resampled differences lie.
    pub interval: [f64; 2],
    /// The share of random exchanges that differ at least as much.
    pub p: f64,
    /// Queries where the first ranking is better.
    pub wins: usize,
    /// Queries where both are the same.
    pub ties: usize,
    /// Queries where the second ranking is better.
    pub losses: usize,
}

impl Comparison {
    /// Compares the scores of two rankings of the same queries.
    pub fn of(this: &Scores, other: &Scores) -> Self {
        let metrics = METRICS
            .iter()
            .enumerate()
            .map(|(place, metric)| {
                let values = |scores: &Scores| -> Vec<f64> {
                    scores.queries.iter().map(|q| q.values()[place]).collect()
                };
                difference(metric, &values(this), &values(other))
            })
            .collect();
        Self {
            queries: this.queries.len(),
            metrics,
        }
    }
}

fn difference(metric: &'static str, this: &[f64], other: &[f64]) -> Difference {
    let apart: Vec<f64> = this.iter().zip(other).map(|(a, b)| a - b).collect();
    let count = |is: fn(f64) -> bool| apart.iter().filter(|d| is(**d)).count();
    Difference {
        metric,
        this: mean(this),
        other: mean(other),
        difference: mean(&apart),
        interval: interval(&apart),
        p: chance(&apart),
        wins: count(|d| d > SAME),
        ties: count(|d| d.abs() <= SAME),
        losses: count(|d| d < -SAME),
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The 2.5th and 97.5th percentile of the means of resamples.
fn interval(apart: &[f64]) -> [f64; 2] {
    if apart.is_empty() {
        return [0.0; 2];
    }
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut means: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let drawn = (0..apart.len()).map(|_| apart[random.usize(..apart.len())]);
            drawn.sum::<f64>() / apart.len() as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    let at = |share: f64| means[((ROUNDS - 1) as f64 * share).round() as usize];
    [at(0.025), at(0.975)]
}

/// The share of random exchanges of the two rankings, query by query, whose mean difference is at
/// least as large either way; the rankings as they are count as one of them.
fn chance(apart: &[f64]) -> f64 {
    let mut random = fastrand::Rng::with_seed(SEED);
    let seen = mean(apart).abs();
    let as_large = (0..ROUNDS)
        .filter(|_| {
            let exchanged = apart.iter().map(|d| if random.bool() { *d } else { -*d });
            let mean = exchanged.sum::<f64>() / apart.len().max(1) as f64;
            mean.abs() >= seen - SAME
        })
        .count();
    (as_large + 1) as f64 / (ROUNDS + 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rankings_differ_by_nothing() {
        let same = vec![0.5, 0.25, 1.0];
        let found = difference("m", &same, &same);
        assert_eq!(
            (found.difference, found.interval, found.p),
            (0.0, [0.0, 0.0], 1.0)
        );
        assert_eq!((found.wins, found.ties, found.losses), (0, 3, 0));
    }

    #[test]
    fn chance_is_the_share_of_exchanges_that_differ_as_much() {
        // Of the 16 ways to exchange four differences of 0.5, two have a mean of ±0.5.
        let found = difference("m", &[1.0; 4], &[0.5; 4]);
        assert!((found.p - 2.0 / 16.0).abs() < 0.015, "{}", found.p);
        assert_eq!(found.interval, [0.5, 0.5]);
        // ±1 ±1 ±1 ±0: three wins of one loss give a mean of 0.5 or more in 10 of 16.
        let found = difference("m", &[1.0, 1.0, 1.0, 0.0], &[0.0, 0.0, 0.0, 1.0]);
        assert!((found.p - 10.0 / 16.0).abs() < 0.02, "{}", found.p);
        assert_eq!((found.wins, found.ties, found.losses), (3, 0, 1));
    }

    #[test]
    fn an_interval_is_as_wide_as_the_standard_error_says() {
        // 400 differences, half 0 and half 1: mean 0.5, standard error 0.025.
        let this: Vec<f64> = (0..400).map(|n| f64::from(n % 2)).collect();
        let found = difference("m", &this, &vec![0.0; 400]);
        let [low, high] = found.interval;
        assert!((low - (0.5 - 1.96 * 0.025)).abs() < 0.006, "{low}");
        assert!((high - (0.5 + 1.96 * 0.025)).abs() < 0.006, "{high}");
        assert!(found.p < 0.001);
    }
}
