//! Ranking the queries of a file: by the engine, as everyone gets it, or by a plain yardstick.

use std::collections::BTreeMap;

use duibiao_corpus::{PassageId, Span};

use super::error::EvaluationError;
use super::plain::{Bm25, PlainRanker, Terms};
use super::topics::{Topic, Topics};
use crate::engine::Engine;
use crate::request::{Part, Request, Unit};
use crate::response::Hit;

/// What ranks.
#[derive(Debug, Clone, PartialEq)]
pub enum Ranker {
    /// The engine without these parts: hits, and behind them those found only through related
    /// terms.
    Engine(Vec<Part>),
    /// A yardstick without any of the engine's own ideas.
    Plain(Terms, Bm25),
}

/// A document or a passage at its place in a ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// The document, by the name it is judged by.
    pub document: String,
    /// Which part of it, where passages are ranked.
    pub passage: Option<PassagePlace>,
}

/// Where a ranked passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassagePlace {
    /// Its number in its document, from 1.
    pub ordinal: u32,
    /// Where it stands in the document's text.
    pub span: Span,
}

/// A ranking of every query, by the query's id; best first.
pub type Run = BTreeMap<String, Vec<Ranked>>;

/// Every second query, by place in the file of queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// The first, the third, …
    Odd,
    /// The second, the fourth, …
    Even,
}

impl Half {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Odd => Self::Even,
            Self::Even => Self::Odd,
        }
    }

    /// Whether the query at this place, counted from 0, is in it.
    pub(crate) fn has(self, place: usize) -> bool {
        (place.is_multiple_of(2)) == (self == Self::Odd)
    }
}

impl Ranker {
    /// Ranks the topics, at most `depth` places each.
    ///
    /// # Errors
    /// When a query cannot be answered or the index cannot be read.
    pub fn rank(
        self,
        engine: &Engine,
        topics: &Topics,
        depth: usize,
    ) -> Result<Run, EvaluationError> {
        match self {
            Self::Engine(without) => topics
                .topics
                .iter()
                .map(|topic| {
                    let ranked = asked(engine, topics, topic, depth, &without)?;
                    Ok((topic.id.clone(), ranked))
                })
                .collect(),
            Self::Plain(terms, bm25) => {
                PlainRanker::new(engine, topics, terms)?.rank(topics, bm25, depth)
            }
        }
    }
}

/// What the engine answers.
fn asked(
    engine: &Engine,
    topics: &Topics,
    topic: &Topic,
    depth: usize,
    without: &[Part],
) -> Result<Vec<Ranked>, EvaluationError> {
    let request = Request {
        query: topic.query.clone(),
        filters: topic.filters.clone(),
        unit: topic.unit,
        limit: depth,
        bare: true,
        without: without.to_vec(),
        ..Request::default()
    };
    let response = engine
        .search(&request)
        .map_err(|source| EvaluationError::Search {
            id: topic.id.clone(),
            source,
        })?;
    let all = response.hits.iter().chain(&response.related);
    Ok(all
        .take(depth)
        .map(|hit| ranked(hit, topics, topic.unit))
        .collect())
}

fn ranked(hit: &Hit, topics: &Topics, unit: Unit) -> Ranked {
    let passage = match unit {
        Unit::Document => None,
        Unit::Measure => hit.id.parse::<PassageId>().ok().map(|id| PassagePlace {
            ordinal: id.ordinal,
            span: Span::new(hit.begin, hit.end),
        }),
    };
    Ranked {
        document: topics.name_of(&hit.path).to_owned(),
        passage,
    }
}
