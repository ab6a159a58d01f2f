//! One search on one commit: full hits, partial ones behind them, and what is shown of each.

use std::collections::BTreeMap;

use duibiao_corpus::DocumentId;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, TantivyDocument};
use tantivy::{DocAddress, Term as Key};

use crate::collect::{Collected, Found, Order, Plan, collect};
use crate::engine::{Engine, Snapshot};
use crate::error::{Error, engine};
use crate::filter::Resolved;
use crate::hit::{self, Stored};
use crate::matching::{Matcher, UnitFields};
use crate::rank::Ranking;
use crate::request::{Request, Sort, Unit};
use crate::resolve::Term;
use crate::response::{Hit, SignalValue};
use crate::snippet::Marks;
use crate::statistics::Collection;

/// When full matches are fewer than this, partial ones follow.
const FEW: u64 = 10;

/// What a search found, before anything is read for showing.
pub(crate) struct Outcome {
    /// The hits of the page, each with whether it is partial.
    pub(crate) page: Vec<(Found, bool)>,
    pub(crate) total: u64,
    pub(crate) partial_total: u64,
    pub(crate) facets: Vec<BTreeMap<String, u64>>,
    pub(crate) documents: u64,
}

/// One search on one commit.
pub(crate) struct Search<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) snapshot: &'a Snapshot,
    request: &'a Request,
    pub(crate) term: &'a Term,
    filters: &'a [Resolved],
    unit: UnitFields,
    sort: Sort,
    pub(crate) ranking: Ranking,
    pub(crate) full: Box<dyn Query>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(
        owner: &'a Engine,
        snapshot: &'a Snapshot,
        request: &'a Request,
        term: &'a Term,
        filters: &'a [Resolved],
    ) -> Result<Self, Error> {
        let unit = UnitFields::new(&owner.fields, request.unit);
        let has_text = term.is_positive_text();
        let sort = match request.sort {
            Some(Sort::Relevance) | None if !has_text => Sort::Newest,
            Some(sort) => sort,
            None => Sort::Relevance,
        };
        let collection = collection(snapshot, request.unit);
        let matcher = Matcher {
            fields: &owner.fields,
            unit: &unit,
            searcher: &snapshot.searcher,
            collection,
        };
        let ranking = Ranking::new(term, request.unit, &owner.fields, &matcher).map_err(engine)?;
        let full = matcher.full(term).map_err(engine)?;
        Ok(Self {
            engine: owner,
            snapshot,
            request,
            term,
            filters,
            unit,
            sort,
            ranking,
            full,
        })
    }

    pub(crate) fn matcher(&self) -> Matcher<'_> {
        Matcher {
            fields: &self.engine.fields,
            unit: &self.unit,
            searcher: &self.snapshot.searcher,
            collection: collection(self.snapshot, self.request.unit),
        }
    }

    /// Full hits, and partial ones behind them where full ones are few.
    pub(crate) fn run(&self, after: Option<(Order, bool)>) -> tantivy::Result<Outcome> {
        let window = self.request.offset + self.request.limit;
        let in_partial = after.is_some_and(|(_, partial)| partial);
        let keep = if in_partial { 0 } else { window };
        let plan = Plan {
            matching: self.full.as_ref(),
            except: None,
            ranking: &self.ranking,
            filters: self.filters,
            sort: self.sort,
            keep,
            after: after.filter(|_| !in_partial).map(|(order, _)| order),
            facets: self.request.facets,
        };
        let full = collect(&plan, &self.snapshot.searcher)?;
        let mut page: Vec<(Found, bool)> = full
            .hits
            .iter()
            .skip(self.request.offset)
            .map(|found| (*found, false))
            .collect();
        let partial = if full.total < FEW && !self.request.match_all {
            self.partial(window, &full, after, in_partial)?
        } else {
            None
        };
        let partial_total = partial.as_ref().map_or(0, |p| p.total);
        if let Some(partial) = partial {
            let skipped = self.request.offset.saturating_sub(full.total as usize);
            let room = self.request.limit - page.len().min(self.request.limit);
            page.extend(
                partial
                    .hits
                    .into_iter()
                    .skip(skipped)
                    .take(room)
                    .map(|found| (found, true)),
            );
        }
        Ok(Outcome {
            page,
            total: full.total,
            partial_total,
            facets: full.facets,
            documents: full.documents,
        })
    }

    fn partial(
        &self,
        window: usize,
        full: &Collected,
        after: Option<(Order, bool)>,
        in_partial: bool,
    ) -> tantivy::Result<Option<Collected>> {
        let Some(some) = self.matcher().partial(self.term)? else {
            return Ok(None);
        };
        let plan = Plan {
            matching: some.as_ref(),
            except: (full.total > 0).then_some(self.full.as_ref()),
            ranking: &self.ranking,
            filters: self.filters,
            sort: self.sort,
            keep: window,
            after: after.filter(|_| in_partial).map(|(order, _)| order),
            facets: false,
        };
        collect(&plan, &self.snapshot.searcher).map(Some)
    }

    /// Entries that have anything of what is looked for.
    pub(crate) fn any_word(&self) -> tantivy::Result<Box<dyn Query>> {
        let words = any_word(self.term, &self.matcher())?;
        let unit = Key::from_field_text(self.engine.fields.unit, self.unit.entries.as_str());
        let unit: Box<dyn Query> = Box::new(TermQuery::new(unit, IndexRecordOption::Basic));
        Ok(Box::new(BooleanQuery::intersection(vec![
            unit,
            Box::new(BooleanQuery::union(words)),
        ])))
    }

    /// Reads what is shown of the hits on the page.
    pub(crate) fn hits(&self, found: &Outcome) -> Result<Vec<Hit>, Error> {
        let marks = Marks::new(self.term);
        let mut hits = Vec::with_capacity(found.page.len());
        for (found, partial) in &found.page {
            let address = match self.request.unit {
                Unit::Measure => Some(found.address),
                Unit::Document if self.request.bare => None,
                Unit::Document => self
                    .best_passage(DocumentId::from_u64(found.order.document))
                    .map_err(engine)?,
            };
            let document = match self.request.unit {
                Unit::Measure => None,
                Unit::Document => Some(self.read(found.address)?),
            };
            let passage = address.map(|address| self.read(address)).transpose()?;
            let stored = Stored {
                fields: &self.engine.fields,
                passage,
                document,
                whole: self.request.whole,
            };
            let mut hit = hit::show(&stored, found, &marks, &self.engine.analyzer)?;
            hit.partial = *partial;
            hit.explanation = self.explain(found).map_err(engine)?;
            hits.push(hit);
        }
        Ok(hits)
    }

    fn read(&self, address: DocAddress) -> Result<TantivyDocument, Error> {
        self.snapshot.searcher.doc(address).map_err(engine)
    }

    fn explain(&self, found: &Found) -> tantivy::Result<Option<Vec<SignalValue>>> {
        if !self.request.explain {
            return Ok(None);
        }
        let segment = self
            .snapshot
            .searcher
            .segment_reader(found.address.segment_ord);
        let parts = self.ranking.segment(segment)?.parts(found.address.doc_id);
        let values = self
            .ranking
            .names()
            .zip(parts)
            .filter(|(_, value)| *value != 0.0);
        Ok(Some(
            values
                .map(|(signal, value)| SignalValue { signal, value })
                .collect(),
        ))
    }

    /// The passage of a document that matches best; its first one where none does.
    fn best_passage(&self, id: DocumentId) -> tantivy::Result<Option<DocAddress>> {
        let fields = &self.engine.fields;
        let unit = UnitFields::new(fields, Unit::Measure);
        let matcher = Matcher {
            fields,
            unit: &unit,
            searcher: &self.snapshot.searcher,
            collection: &self.snapshot.statistics.measures,
        };
        let wanted = any_word(self.term, &matcher)?;
        let ranking = Ranking::new(self.term, Unit::Measure, fields, &matcher)?;
        let own: Box<dyn Query> = Box::new(TermQuery::new(
            fields.document_term(id),
            IndexRecordOption::Basic,
        ));
        let measure: Box<dyn Query> = Box::new(TermQuery::new(
            Key::from_field_text(fields.unit, unit.entries.as_str()),
            IndexRecordOption::Basic,
        ));
        let within = vec![(Occur::Must, own), (Occur::Must, measure)];
        let first = |clauses: Vec<(Occur, Box<dyn Query>)>, sort| {
            let matching = BooleanQuery::new(clauses);
            let plan = Plan {
                matching: &matching,
                except: None,
                ranking: &ranking,
                filters: &[],
                sort,
                keep: 1,
                after: None,
                facets: false,
            };
            collect(&plan, &self.snapshot.searcher).map(|c| c.hits.first().map(|f| f.address))
        };
        if !wanted.is_empty() {
            let mut clauses: Vec<(Occur, Box<dyn Query>)> = within
                .iter()
                .map(|(occur, query)| (*occur, query.box_clone()))
                .collect();
            clauses.push((Occur::Must, Box::new(BooleanQuery::union(wanted))));
            if let Some(best) = first(clauses, Sort::Relevance)? {
                return Ok(Some(best));
            }
        }
        first(within, Sort::Relevance)
    }
}

/// Queries for entries that have anything of what is looked for.
fn any_word(term: &Term, matcher: &Matcher<'_>) -> tantivy::Result<Vec<Box<dyn Query>>> {
    let mut wanted = Vec::new();
    let mut result = Ok(());
    term.visit(&mut |term| match matcher.any_of(term) {
        Ok(queries) => wanted.extend(queries),
        Err(error) => result = Err(error),
    });
    result.map(|()| wanted)
}

fn collection(snapshot: &Snapshot, unit: Unit) -> &Collection {
    match unit {
        Unit::Measure => &snapshot.statistics.measures,
        Unit::Document => &snapshot.statistics.documents,
    }
}
