//! What would find something when nothing was found: each filter left out, each piece alone. It
//! counts and suggests; it never changes what was asked.

use duibiao_index::Leaf;
use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::Engine;
use crate::error::Error;
use crate::query::{self, Node};
use crate::request::{Filters, Request, Unit};

/// So many pieces of a query are tried one by one.
const MOST_PIECES: usize = 8;

/// What was searched, and what less would have found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Relaxations {
    /// Documents that the filters allow.
    pub searched: u64,
    /// Pieces of the query alone, in the order in which they were typed.
    pub pieces: Vec<PieceCount>,
    /// The query with one filter left out, most hits first; those that find nothing are not listed.
    pub without: Vec<WithoutFilter>,
    /// The query without any filter, where there are several.
    pub unfiltered: Option<u64>,
}

/// How often one piece of a query is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PieceCount {
    /// The piece as it can be typed.
    pub piece: String,
    /// Entries that have it under the same filters.
    pub total: u64,
    /// Entries that have it at all.
    pub anywhere: u64,
}

/// What a query finds without one filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WithoutFilter {
    /// The filter's name.
    pub filter: &'static str,
    /// Entries found.
    pub total: u64,
}

impl Engine {
    /// Counts what less would have found.
    ///
    /// # Errors
    /// Those of [`Engine::search`].
    pub fn relax(&self, request: &Request) -> Result<Relaxations, Error> {
        let deadline = &request.deadline;
        let count = |query: &str, filters: &Filters, unit: Unit| {
            let request = Request {
                query: query.to_owned(),
                filters: filters.clone(),
                unit,
                limit: 1,
                match_all: true,
                deadline: deadline.clone(),
                as_typed: request.as_typed,
                drop: request.drop.clone(),
                ..Request::default()
            };
            self.search(&request).map(|response| response.total)
        };
        let filters = &request.filters;
        let mut pieces = Vec::new();
        for piece in self.pieces(&request.query)? {
            pieces.push(PieceCount {
                total: count(&piece, filters, request.unit)?,
                anywhere: count(&piece, &Filters::default(), request.unit)?,
                piece,
            });
        }
        let used: Vec<&'static str> = filters
            .named()
            .into_iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(name, _)| name)
            .collect();
        let mut without = Vec::new();
        for filter in &used {
            let total = count(&request.query, &filters.without(filter), request.unit)?;
            if total > 0 {
                without.push(WithoutFilter { filter, total });
            }
        }
        without.sort_by_key(|w| std::cmp::Reverse(w.total));
        let unfiltered = match used.len() {
            0 | 1 => None,
            _ => Some(count(&request.query, &Filters::default(), request.unit)?),
        };
        Ok(Relaxations {
            searched: count("", filters, Unit::Document)?,
            pieces,
            without,
            unfiltered,
        })
    }

    /// The pieces that were all asked for; the words of one that stands alone. None where there
    /// is only one.
    fn pieces(&self, typed: &str) -> Result<Vec<String>, Error> {
        let pieces: Vec<String> = match query::parse(typed)? {
            Node::And(nodes) => nodes.iter().filter_map(typed_again).collect(),
            Node::Piece(text) => self
                .analyzer
                .leaves(&self.analyzer.comparable(&text))
                .iter()
                .map(|leaf: &Leaf| leaf.text().to_owned())
                .collect(),
            _ => Vec::new(),
        };
        let mut once: Vec<String> = Vec::new();
        for piece in pieces {
            if !once.contains(&piece) {
                once.push(piece);
            }
        }
        if once.len() < 2 {
            once.clear();
        }
        once.truncate(MOST_PIECES);
        Ok(once)
    }
}

/// A piece or a literal as it was typed.
fn typed_again(node: &Node) -> Option<String> {
    match node {
        Node::Piece(text) => Some(text.clone()),
        Node::Literal(text) => Some(format!("\"{text}\"")),
        _ => None,
    }
}
