//! Makes any query stop at a deadline: its leaves count their steps and run dry once it is past,
//! so that whatever is made of them ends too. That this was no real end is for whoever collects
//! to notice; what matches is decided elsewhere.

use tantivy::postings::SegmentPostings;
use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, EmptyScorer, EnableScoring, Explanation, Occur, Query,
    Scorer, TermQuery, Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{
    COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, Score, SegmentReader, TERMINATED, Term as Key,
};

use crate::cover::CoverQuery;
use crate::deadline::{Deadline, Steps};
use crate::either::EitherQuery;
use crate::literal::LiteralQuery;
use crate::prefix::{Gathered, PrefixQuery};
use crate::statistics::postings;

/// The same query, given up at a deadline, and with what was gathered for queries before it.
pub(crate) fn bounded(
    query: &dyn Query,
    deadline: &Deadline,
    gathered: &Gathered,
) -> Box<dyn Query> {
    if let Some(query) = query.downcast_ref::<BooleanQuery>() {
        let clauses: Vec<(Occur, Box<dyn Query>)> = query
            .clauses()
            .iter()
            .map(|(occur, clause)| (*occur, bounded(clause.as_ref(), deadline, gathered)))
            .collect();
        let is_union = clauses.iter().all(|(occur, _)| *occur == Occur::Should)
            && query.get_minimum_number_should_match() == 1;
        if is_union && clauses.len() <= EitherQuery::MOST {
            let parts = clauses.into_iter().map(|(_, part)| part);
            return Box::new(EitherQuery(parts.collect()));
        }
        return Box::new(BooleanQuery::with_minimum_required_clauses(
            clauses,
            query.get_minimum_number_should_match(),
        ));
    }
    if let Some(query) = query.downcast_ref::<CoverQuery>() {
        let parts = query.parts.iter();
        return Box::new(CoverQuery {
            parts: parts
                .map(|(part, weight)| (bounded(part.as_ref(), deadline, gathered), *weight))
                .collect(),
            least: query.least,
        });
    }
    if let Some(query) = query.downcast_ref::<LiteralQuery>() {
        return Box::new(query.until(deadline));
    }
    if let Some(query) = query.downcast_ref::<PrefixQuery>() {
        return Box::new(query.until(deadline, gathered));
    }
    if query.is::<AllQuery>() || query.is::<EmptyQuery>() {
        return query.box_clone();
    }
    let leaf = match query.downcast_ref::<TermQuery>() {
        Some(query) => Leaf::Term(query.term().clone()),
        None => Leaf::Other(query.box_clone()),
    };
    Box::new(BoundedQuery {
        leaf,
        deadline: deadline.clone(),
    })
}

/// A leaf of a query that stops at a deadline.
#[derive(Debug)]
struct BoundedQuery {
    leaf: Leaf,
    deadline: Deadline,
}

#[derive(Debug)]
enum Leaf {
    Term(Key),
    Other(Box<dyn Query>),
}

impl Clone for BoundedQuery {
    fn clone(&self) -> Self {
        Self {
            leaf: match &self.leaf {
                Leaf::Term(key) => Leaf::Term(key.clone()),
                Leaf::Other(query) => Leaf::Other(query.box_clone()),
            },
            deadline: self.deadline.clone(),
        }
    }
}

impl Query for BoundedQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let leaf = match &self.leaf {
            Leaf::Term(key) => LeafWeight::Term(key.clone()),
            Leaf::Other(query) => LeafWeight::Other(query.weight(scoring)?),
        };
        Ok(Box::new(BoundedWeight {
            leaf,
            deadline: self.deadline.clone(),
        }))
    }
}

struct BoundedWeight {
    leaf: LeafWeight,
    deadline: Deadline,
}

enum LeafWeight {
    Term(Key),
    Other(Box<dyn Weight>),
}

impl Weight for BoundedWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let steps = self.deadline.steps();
        Ok(match &self.leaf {
            LeafWeight::Term(key) => match postings(segment, key, IndexRecordOption::Basic)? {
                Some(postings) => Box::new(BoundedScorer::<SegmentPostings>::new(postings, steps)),
                None => Box::new(EmptyScorer),
            },
            LeafWeight::Other(weight) => {
                let scorer = weight.scorer(segment, boost)?;
                Box::new(BoundedScorer::<Box<dyn Scorer>>::new(scorer, steps))
            }
        })
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("a leaf matches", 1.0))
    }
}

/// Entries that run dry once time is up.
struct BoundedScorer<D> {
    entries: D,
    doc: DocId,
    steps: Steps,
}

impl<D: DocSet> BoundedScorer<D> {
    fn new(entries: D, steps: Steps) -> Self {
        Self {
            doc: entries.doc(),
            entries,
            steps,
        }
    }
}

impl<D: DocSet> DocSet for BoundedScorer<D> {
    #[inline]
    fn advance(&mut self) -> DocId {
        self.doc = if self.doc == TERMINATED || self.steps.is_over() {
            TERMINATED
        } else {
            self.entries.advance()
        };
        self.doc
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.doc = if self.steps.is_over() {
                TERMINATED
            } else {
                self.entries.seek(target)
            };
        }
        self.doc
    }

    fn fill_buffer(&mut self, buffer: &mut [DocId; COLLECT_BLOCK_BUFFER_LEN]) -> usize {
        if self.doc == TERMINATED || self.steps.are_over(buffer.len() as u32) {
            self.doc = TERMINATED;
            return 0;
        }
        let filled = self.entries.fill_buffer(buffer);
        self.doc = self.entries.doc();
        filled
    }

    #[inline]
    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.entries.size_hint()
    }

    fn cost(&self) -> u64 {
        self.entries.cost()
    }
}

impl<D: DocSet + 'static> Scorer for BoundedScorer<D> {
    fn score(&mut self) -> Score {
        1.0
    }
}
