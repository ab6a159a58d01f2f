//! One search on one commit: full hits, partial ones behind them, those through related terms
//! apart, and what is shown of each.

use std::collections::{BTreeMap, HashMap};

use duibiao_corpus::ThemeId;
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, TantivyDocument};
use tantivy::{DocAddress, Term as Key};

use crate::annexed::Annexed;
use crate::best::best_passages;
use crate::collect::{Collected, Found, Order, Plan, collect};
use crate::deadline::{Deadline, Halt};
use crate::engine::{Engine, Snapshot};
use crate::error::{Error, engine};
use crate::filter::Resolved;
use crate::fold::{Folded, FoldedPage, examined};
use crate::hit::{self, Stored};
use crate::matching::{Added, Matcher, UnitFields};
use crate::rank::Ranking;
use crate::request::{Part, Request, Sort, Unit};
use crate::resolve::Term;
use crate::response::{Hit, SignalValue};
use crate::snippet::Marks;
use crate::statistics::Collection;
use crate::topic;

/// When full matches are fewer than this, partial ones follow, and those through related terms are
/// looked for.
pub(crate) const FEW: u64 = 10;
/// Hits through related terms that are shown.
const MOST_RELATED: usize = 10;

/// What a search found, before anything is read for showing.
pub(crate) struct Outcome {
    /// The hits of the page.
    pub(crate) page: FoldedPage,
    pub(crate) total: u64,
    /// Those without any added term.
    pub(crate) exact_total: u64,
    pub(crate) partial_total: u64,
    pub(crate) facets: Vec<BTreeMap<String, u64>>,
    pub(crate) documents: u64,
}

/// Hits that only look further finds.
#[derive(Default)]
pub(crate) struct Related {
    pub(crate) hits: Vec<Hit>,
    pub(crate) total: u64,
    /// Whether related terms found any.
    pub(crate) has_terms: bool,
    /// Themes by which any may have been found.
    pub(crate) themes: Vec<ThemeId>,
}

/// One search on one commit.
pub(crate) struct Search<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) request: &'a Request,
    pub(crate) term: &'a Term,
    pub(crate) filters: &'a [Resolved],
    unit: UnitFields,
    pub(crate) sort: Sort,
    /// The strongest kind of added terms that the query has, but for related ones.
    pub(crate) added: Added,
    themes: Vec<ThemeId>,
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
        let mut search = Self::unranked(owner, snapshot, request, term, filters)?;
        search.ranking = search.ranking_with(&search.matcher(search.added))?;
        Ok(search)
    }

    /// A search that only counts: preparing to rank would take as long as that.
    pub(crate) fn unranked(
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
        let added = if term.variants().iter().any(|v| Added::Same.counts(v)) {
            Added::Same
        } else {
            Added::Nothing
        };
        let themes = topic::themes(term, owner.lexicon().taxonomy());
        let matcher = Matcher {
            fields: &owner.fields,
            unit: &unit,
            searcher: &snapshot.searcher,
            collection: collection(snapshot, request.unit),
            added,
            themes: &themes,
        };
        let ranking = Ranking::of_nothing(request.unit, &owner.fields, &matcher);
        let full = matcher.full(term).map_err(engine)?;
        Ok(Self {
            engine: owner,
            snapshot,
            request,
            term,
            filters,
            unit,
            sort,
            added,
            themes,
            ranking,
            full,
        })
    }

    pub(crate) fn deadline(&self) -> &Deadline {
        &self.request.deadline
    }

    pub(crate) fn matcher(&self, added: Added) -> Matcher<'_> {
        Matcher {
            fields: &self.engine.fields,
            unit: &self.unit,
            searcher: &self.snapshot.searcher,
            collection: collection(self.snapshot, self.request.unit),
            added,
            themes: &self.themes,
        }
    }

    pub(crate) fn plan<'p>(&'p self, matching: &'p dyn Query) -> Plan<'p> {
        Plan {
            matching,
            except: None,
            ranking: &self.ranking,
            filters: self.filters,
            sort: self.sort,
            keep: 0,
            after: None,
            facets: false,
            deadline: &self.request.deadline,
            as_typed: None,
            annexed: None,
            enough: None,
        }
    }

    /// Full hits, and partial ones behind them where full ones are few.
    pub(crate) fn run(&self, after: Option<(Order, bool)>) -> Result<Outcome, Error> {
        let (offset, limit) = (self.request.offset, self.request.limit);
        let keep = examined(offset + limit, self.request.collapse);
        let in_partial = after.is_some_and(|(_, partial)| partial);
        let is_sentence = matches!(self.term, Term::Piece(_));
        let is_ranked = self.sort == Sort::Relevance;
        let annexed = if self.request.unit == Unit::Document && is_ranked {
            Some(self.annexed().map_err(engine)?)
        } else {
            None
        };
        let plan = Plan {
            annexed: annexed.as_ref(),
            keep: if in_partial && !is_sentence { 0 } else { keep },
            after: after.filter(|_| !in_partial).map(|(order, _)| order),
            facets: self.request.facets,
            ..self.plan(self.full.as_ref())
        };
        let may_be_few = is_sentence && self.may_be_partial(0) && is_ranked;
        let mut some = None;
        let mut few = None;
        if may_be_few {
            some = self.some().map_err(engine)?;
            if some.is_some() {
                few = self.few_full(self.request.facets)?;
            }
        }
        let mut full = match few {
            Some(few) => few,
            None => collect(&plan, self.snapshot).map_err(engine)?,
        };
        let partial = if self.may_be_partial(full.total) {
            // Of a sentence, what has more of its words is not always better: one order for all.
            let except = !is_sentence && full.total > 0;
            let after = after
                .filter(|_| in_partial || is_sentence)
                .map(|(order, _)| order);
            let some = match some {
                None if !may_be_few => self.some().map_err(engine)?,
                some => some,
            };
            some.map(|some| self.partial(some.as_ref(), keep, except, after, annexed.as_ref()))
                .transpose()
                .map_err(engine)?
        } else {
            None
        };
        let exact_total = if self.added == Added::Nothing {
            full.total
        } else {
            let exact = self
                .matcher(Added::Nothing)
                .full(self.term)
                .map_err(engine)?;
            collect(&self.plan(exact.as_ref()), self.snapshot)
                .map_err(engine)?
                .total
        };
        let mut partial_total = partial.as_ref().map_or(0, |partial| partial.total);
        let mut ranked: Vec<(Found, bool)> = Vec::new();
        match partial {
            Some(all) if is_sentence => {
                partial_total -= full.total;
                if !may_be_few && plan.after.is_some() {
                    // Those of earlier pages too: in this order a hit may stand further behind.
                    let few = self.few_full(false)?;
                    full.hits = few.map(|few| few.hits).unwrap_or_default();
                }
                let is_full = |hit: &Found| full.hits.iter().any(|f| f.address == hit.address);
                ranked.extend(all.hits.iter().map(|hit| (*hit, !is_full(hit))));
            }
            partial => {
                ranked.extend(full.hits.iter().map(|hit| (*hit, false)));
                ranked.extend(partial.iter().flat_map(|p| &p.hits).map(|hit| (*hit, true)));
            }
        }
        Ok(Outcome {
            page: self.fold(ranked, offset, limit, self.request.collapse)?,
            total: full.total,
            exact_total,
            partial_total,
            facets: full.facets,
            documents: full.documents,
        })
    }

    /// How many full hits there are.
    pub(crate) fn total(&self) -> Result<u64, Error> {
        let full = collect(&self.plan(self.full.as_ref()), self.snapshot).map_err(engine)?;
        Ok(full.total)
    }

    /// All full hits where they are few, in no order: they are ranked with the partial ones.
    fn few_full(&self, facets: bool) -> Result<Option<Collected>, Error> {
        let plan = Plan {
            keep: FEW as usize,
            enough: Some(FEW),
            sort: Sort::Newest,
            facets,
            ..self.plan(self.full.as_ref())
        };
        let full = collect(&plan, self.snapshot).map_err(engine)?;
        Ok((full.total < FEW).then_some(full))
    }

    /// Whether full hits of a sentence are so few that they are ranked with the partial ones.
    pub(crate) fn are_few_full(&self) -> Result<bool, Error> {
        Ok(self.may_be_partial(0) && self.few_full(false)?.is_some())
    }

    /// What finds partial hits, where there can be any.
    pub(crate) fn some(&self) -> tantivy::Result<Option<Box<dyn Query>>> {
        self.matcher(self.added).partial(self.term)
    }

    fn may_be_partial(&self, total: u64) -> bool {
        total < FEW && !self.request.match_all && !self.request.without.contains(&Part::Partial)
    }

    fn partial(
        &self,
        some: &dyn Query,
        keep: usize,
        except_full: bool,
        after: Option<Order>,
        annexed: Option<&Annexed>,
    ) -> Result<Collected, Halt> {
        // An annex that has the whole piece must not vanish behind all that has some of it.
        let as_typed = match self.term {
            Term::Piece(_) => self.ranking.as_typed(),
            _ => None,
        };
        let plan = Plan {
            except: except_full.then_some(self.full.as_ref()),
            keep,
            after,
            as_typed,
            annexed,
            ..self.plan(some)
        };
        collect(&plan, self.snapshot)
    }

    /// Hits through related terms, and behind them what is about the same, where they were asked
    /// for or little else was found.
    pub(crate) fn related(&self, found: &Outcome) -> Result<Related, Error> {
        let is_wanted = self.request.related.unwrap_or(
            found.total + found.partial_total < FEW
                && !self.request.match_all
                && !self.request.as_typed,
        );
        let is_first = self.request.offset == 0 && self.request.cursor.is_none();
        if !is_wanted || !is_first {
            return Ok(Related::default());
        }
        let mut shown = vec![self.full.box_clone()];
        if self.may_be_partial(found.total) {
            shown.extend(self.some().map_err(engine)?);
        }
        let matcher = self.matcher(Added::Related);
        let mut wanted: Vec<(Box<dyn Query>, bool)> = Vec::new();
        if self.term.variants().iter().any(|v| !Added::Same.counts(v)) {
            wanted.push((matcher.full(self.term).map_err(engine)?, false));
        }
        if !self.request.without.contains(&Part::Themes) {
            let about = matcher.about(self.term).map_err(engine)?;
            wanted.extend(about.map(|query| (query, true)));
        }
        let ranking = self.ranking_with(&matcher)?;
        let marks = Marks::new(self.term, Added::Related);
        let mut related = Related::default();
        for (query, is_by_theme) in wanted {
            let except = BooleanQuery::union(shown.iter().map(|q| q.box_clone()).collect());
            let plan = Plan {
                except: Some(&except),
                ranking: &ranking,
                keep: MOST_RELATED.min(self.request.limit) - related.hits.len(),
                ..self.plan(query.as_ref())
            };
            let collected = collect(&plan, self.snapshot).map_err(engine)?;
            let passages = self.best_of(&collected.hits).map_err(engine)?;
            for found in &collected.hits {
                let passage = passages.get(&found.order.document).copied();
                related
                    .hits
                    .push(self.hit(found, passage, &marks, &ranking)?);
            }
            if is_by_theme {
                related.themes.clone_from(&self.themes);
            } else {
                related.has_terms = collected.total > 0;
            }
            related.total += collected.total;
            shown.push(query);
        }
        Ok(related)
    }

    fn ranking_with(&self, matcher: &Matcher<'_>) -> Result<Ranking, Error> {
        Ranking::new(
            self.term,
            self.request.unit,
            &self.engine.fields,
            matcher,
            &self.request.without,
        )
        .map_err(engine)
    }

    /// Entries that have anything of what is looked for.
    pub(crate) fn any_word(&self) -> tantivy::Result<Box<dyn Query>> {
        let words = any_word(self.term, &self.matcher(self.added))?;
        let unit = Key::from_field_text(self.engine.fields.unit, self.unit.entries.as_str());
        let unit: Box<dyn Query> = Box::new(TermQuery::new(unit, IndexRecordOption::Basic));
        Ok(Box::new(BooleanQuery::intersection(vec![
            unit,
            Box::new(BooleanQuery::union(words)),
        ])))
    }

    /// Reads what is shown of the hits on the page.
    pub(crate) fn hits(&self, found: &Outcome) -> Result<Vec<Hit>, Error> {
        let marks = Marks::new(self.term, self.added);
        let shown: Vec<Found> = found.page.hits.iter().map(|hit| hit.found).collect();
        let passages = self.best_of(&shown).map_err(engine)?;
        let mut hits = Vec::with_capacity(found.page.hits.len());
        for Folded {
            found,
            partial,
            copies,
        } in &found.page.hits
        {
            let passage = passages.get(&found.order.document).copied();
            let mut hit = self.hit(found, passage, &marks, &self.ranking)?;
            hit.partial = *partial;
            hit.copies = copies
                .iter()
                .map(|copy| self.copy(copy))
                .collect::<Result<_, _>>()?;
            hits.push(hit);
        }
        Ok(hits)
    }

    /// Reads hits that are taken away.
    pub(crate) fn rows(&self, found: &[(Found, bool)], marks: &Marks) -> Result<Vec<Hit>, Error> {
        let shown: Vec<Found> = found.iter().map(|(found, _)| *found).collect();
        let passages = self.best_of(&shown).map_err(engine)?;
        let row = |(found, partial): &(Found, bool)| {
            let passage = passages.get(&found.order.document).copied();
            let mut hit = self.hit(found, passage, marks, &self.ranking)?;
            hit.partial = *partial;
            Ok(hit)
        };
        found.iter().map(row).collect()
    }

    /// The passages that show best why documents match; none for hits that are passages.
    fn best_of(&self, shown: &[Found]) -> Result<HashMap<u64, DocAddress>, Halt> {
        match self.request.unit {
            Unit::Document if !self.request.bare => best_passages(self, shown),
            _ => Ok(HashMap::new()),
        }
    }

    fn hit(
        &self,
        found: &Found,
        passage: Option<DocAddress>,
        marks: &Marks,
        ranking: &Ranking,
    ) -> Result<Hit, Error> {
        self.request.deadline.check().map_err(engine)?;
        let (passage, document) = match self.request.unit {
            Unit::Measure => (Some(found.address), None),
            Unit::Document => (passage, Some(self.read(found.address)?)),
        };
        let stored = Stored {
            fields: &self.engine.fields,
            passage: passage.map(|address| self.read(address)).transpose()?,
            document,
            whole: self.request.whole,
            style: self.request.citation,
        };
        let mut hit = hit::show(&stored, found, marks, &self.engine.analyzer)?;
        hit.explanation = self.explain(found, ranking).map_err(engine)?;
        Ok(hit)
    }

    pub(crate) fn read(&self, address: DocAddress) -> Result<TantivyDocument, Error> {
        self.snapshot.searcher.doc(address).map_err(engine)
    }

    fn explain(
        &self,
        found: &Found,
        ranking: &Ranking,
    ) -> tantivy::Result<Option<Vec<SignalValue>>> {
        if !self.request.explain {
            return Ok(None);
        }
        let segment = self
            .snapshot
            .searcher
            .segment_reader(found.address.segment_ord);
        let segment_ord = found.address.segment_ord as usize;
        let entries = self.snapshot.profiles.segment(segment_ord);
        let parts = ranking
            .segment(segment, entries)?
            .parts(found.address.doc_id);
        let values = ranking
            .names()
            .zip(parts)
            .filter(|(_, value)| *value != 0.0);
        Ok(Some(
            values
                .map(|(signal, value)| SignalValue { signal, value })
                .collect(),
        ))
    }
}

/// Queries for entries that have anything of what is looked for.
fn any_word(term: &Term, matcher: &Matcher<'_>) -> tantivy::Result<Vec<Box<dyn Query>>> {
    let mut wanted = Vec::new();
    for term in term.positive() {
        wanted.extend(matcher.any_of(term)?);
    }
    Ok(wanted)
}

fn collection(snapshot: &Snapshot, unit: Unit) -> &Collection {
    match unit {
        Unit::Measure => &snapshot.statistics.measures,
        Unit::Document => &snapshot.statistics.documents,
    }
}
