//! Where a search goes on after another commit.
//!
//! An order by date is the same in every commit, so a cursor just goes on. A score depends on all
//! documents: the place of the hit that gave the cursor is looked up anew. What stands behind that hit
//! then comes; where other documents have changed the order of two hits, one may come twice or not at all.

use tantivy::Term as Key;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;

use crate::collect::{Order, Plan, collect};
use crate::error::{Error, engine};
use crate::request::{MAX_WINDOW, Sort};
use crate::resolve::Term;
use crate::run::Search;
use crate::window::Behind;

impl Search<'_> {
    /// The order in this commit of the hit that a cursor goes on behind; the one it had, if it is gone.
    pub(crate) fn resumed(&self, behind: &Behind) -> Result<Order, Error> {
        let is_same = behind.commit == self.snapshot.number();
        if is_same || self.sort != Sort::Relevance {
            return Ok(behind.order);
        }
        let fields = &self.engine.fields;
        let document = Key::from_field_u64(fields.document, behind.order.document);
        let own = TermQuery::new(document, IndexRecordOption::Basic);
        let is_among_partial = matches!(self.term, Term::Piece(_)) && self.are_few_full()?;
        let plan = Plan {
            filters: &[],
            keep: MAX_WINDOW,
            as_typed: self.ranking.as_typed().filter(|_| is_among_partial),
            ..self.plan(&own)
        };
        let entries = collect(&plan, self.snapshot).map_err(engine)?;
        let mut orders = entries.hits.iter().map(|found| found.order);
        let now = orders.find(|order| order.ordinal == behind.order.ordinal);
        Ok(now.unwrap_or(behind.order))
    }
}
