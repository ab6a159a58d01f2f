//! An open index that answers requests.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::RwLock;
use std::time::Instant;

use duibiao_corpus::{Document, DocumentId, PassageId};
use duibiao_index::{Analyzer, Fields, Head, IndexError, Manifest};
use duibiao_lexicon::Lexicon;
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, TantivyDocument, Value};
use tantivy::{
    DocAddress, DocSet, Index, IndexReader, ReloadPolicy, Searcher, TERMINATED, Term as Key,
};

use crate::collect::{Collected, FACETS, Found, Order, Plan, collect};
use crate::error::{Error, engine};
use crate::facets;
use crate::filter::{self, Resolved};
use crate::hit::{self, Stored};
use crate::matching::{Matcher, UnitFields};
use crate::query;
use crate::rank::Ranking;
use crate::request::{Filters, MAX_WINDOW, Request, Sort, Unit};
use crate::resolve::{self, Term};
use crate::response::{DocumentView, Hit, PassageView, QueryInfo, Response, SignalValue, Stats};
use crate::snippet::Marks;
use crate::statistics::{Statistics, postings};

/// When full matches are fewer than this, partial ones follow.
const FEW: u64 = 10;

/// What depends on the commit that is served.
#[derive(Clone)]
struct Snapshot {
    searcher: Searcher,
    statistics: Statistics,
    manifest: Manifest,
}

/// An open index with the lexicon and analyzer its queries are understood with.
pub struct Engine {
    path: PathBuf,
    index: Index,
    reader: IndexReader,
    fields: Fields,
    lexicon: Lexicon,
    analyzer: Analyzer,
    snapshot: RwLock<Snapshot>,
}

impl Engine {
    /// Opens the index at `path`. Never creates one.
    ///
    /// # Errors
    /// When there is none, or it is damaged or of another format version.
    pub fn open(path: &Path, lexicon: Lexicon) -> Result<Self, Error> {
        guarded(path, || Self::open_unguarded(path, lexicon))
    }

    fn open_unguarded(path: &Path, lexicon: Lexicon) -> Result<Self, Error> {
        let (index, manifest) = duibiao_index::open(path)?;
        let analyzer = Analyzer::new(&lexicon)?;
        let (_, fields) = Fields::schema();
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|source| duibiao_index::opening(path, source))?;
        let reader: IndexReader = reader;
        let searcher = reader.searcher();
        let statistics = Statistics::new(&searcher, &fields).map_err(engine)?;
        let snapshot = RwLock::new(Snapshot {
            searcher,
            statistics,
            manifest,
        });
        Ok(Self {
            path: path.to_owned(),
            index,
            reader,
            fields,
            lexicon,
            analyzer,
            snapshot,
        })
    }

    /// Serves the newest commit from now on; says whether it is another than before.
    ///
    /// # Errors
    /// When the index has become unreadable; the commit served before stays.
    pub fn reload(&self) -> Result<bool, Error> {
        self.reader.reload().map_err(engine)?;
        let metas = self.index.load_metas().map_err(engine)?;
        let manifest = metas.payload.as_deref().and_then(Manifest::from_payload);
        let Some(manifest) = manifest.filter(|m| *m != self.snapshot().manifest) else {
            return Ok(false);
        };
        let searcher = self.reader.searcher();
        let statistics = Statistics::new(&searcher, &self.fields).map_err(engine)?;
        let snapshot = Snapshot {
            searcher,
            statistics,
            manifest,
        };
        *self
            .snapshot
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = snapshot;
        Ok(true)
    }

    /// The lexicon queries are understood with.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    fn snapshot(&self) -> Snapshot {
        self.snapshot
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    /// Answers a search.
    ///
    /// # Errors
    /// When the query, a filter or a parameter is wrong, or the index is damaged.
    pub fn search(&self, request: &Request) -> Result<Response, Error> {
        guarded(&self.path, || self.search_unguarded(request))
    }

    fn search_unguarded(&self, request: &Request) -> Result<Response, Error> {
        let started = Instant::now();
        let after = check(request)?;
        let term = resolve::resolve(
            &query::parse(&request.query)?,
            &self.lexicon,
            &self.analyzer,
        )?;
        let filters = filter::resolve(&request.filters, &self.lexicon, &self.analyzer)?;
        let snapshot = self.snapshot();
        let search = Search::new(self, &snapshot, request, &term, &filters)?;
        self.known_values(&filters, &snapshot)?;
        let found = search.run(after).map_err(engine)?;
        let hits = search.hits(&found)?;
        let seen = request.offset as u64 + found.page.len() as u64;
        let more = after.is_some() && found.page.len() == request.limit
            || after.is_none() && seen < found.total + found.partial_total;
        let cursor = found
            .page
            .last()
            .filter(|_| more)
            .map(|(found, partial)| write_cursor(&found.order, *partial));
        Ok(Response {
            query: QueryInfo {
                text: request.query.clone(),
                resolved: term.shown(),
                expansions: Vec::new(),
            },
            corrected: None,
            did_you_mean: Vec::new(),
            total: found.total,
            exact_total: found.total,
            partial_total: found.partial_total,
            hits,
            facets: if request.facets {
                facets::label(&found.facets, &filters, &self.lexicon)
            } else {
                Default::default()
            },
            related: Vec::new(),
            cursor,
            took_ms: (started.elapsed().as_secs_f64() * 1e5).round() / 100.0,
        })
    }

    /// A name that no document has is a mistake and not an empty result.
    fn known_values(&self, filters: &[Resolved], snapshot: &Snapshot) -> Result<(), Error> {
        for filter in filters
            .iter()
            .filter(|f| matches!(f.name, "doc_type" | "subtype" | "issuer" | "number"))
        {
            let filter::Values::Keys(keys) = &filter.values else {
                continue;
            };
            let Ok(field) = snapshot.searcher.schema().get_field(filter.name) else {
                continue;
            };
            for key in keys.iter().filter(|key| !key.is_empty()) {
                let count = crate::statistics::frequency(
                    &snapshot.searcher,
                    &Key::from_field_text(field, key),
                )
                .map_err(engine)?;
                if count == 0 {
                    let known =
                        facets::known(&snapshot.searcher, filter.name, key).map_err(engine)?;
                    return Err(Error::Filter {
                        name: filter.name,
                        why: format!("no document in this index has {key:?}"),
                        suggestion: (!known.is_empty()).then(|| known.join(", ")),
                    });
                }
            }
        }
        Ok(())
    }

    /// A document with its text and passages.
    ///
    /// # Errors
    /// When no document has this id.
    pub fn document(&self, id: DocumentId) -> Result<DocumentView, Error> {
        let snapshot = self.snapshot();
        let mut entries = guarded(&self.path, || self.entries(&snapshot, id).map_err(engine))?;
        entries.sort_by_key(|(ordinal, _)| *ordinal);
        let mut rest = entries.into_iter();
        let (_, head) = rest
            .next()
            .filter(|(ordinal, _)| *ordinal == 0)
            .ok_or_else(|| Error::NotFound(id.to_string()))?;
        let mut document: Document = serde_json::from_str(text_of(&head, self.fields.body))?;
        for (_, entry) in rest {
            document
                .text
                .push_str(text_of(&entry, self.fields.original));
            document
                .passages
                .push(serde_json::from_str(text_of(&entry, self.fields.body))?);
        }
        Ok(DocumentView {
            id: id.to_string(),
            citation: crate::citation::cite(&Head::of(&document)),
            document,
        })
    }

    /// A passage with its text.
    ///
    /// # Errors
    /// When no passage has this id.
    pub fn passage(&self, id: PassageId) -> Result<PassageView, Error> {
        let snapshot = self.snapshot();
        let entries = guarded(&self.path, || {
            self.entries(&snapshot, id.document).map_err(engine)
        })?;
        let entry = entries
            .into_iter()
            .find(|(ordinal, _)| *ordinal == u64::from(id.ordinal))
            .filter(|(ordinal, _)| *ordinal > 0);
        let (_, entry) = entry.ok_or_else(|| Error::NotFound(id.to_string()))?;
        let head: Head = serde_json::from_str(text_of(&entry, self.fields.head))?;
        Ok(PassageView {
            id: id.to_string(),
            document_id: id.document.to_string(),
            path: head.path.clone(),
            title: head.title.as_ref().map(|t| t.value.clone()),
            citation: crate::citation::cite(&head),
            text: text_of(&entry, self.fields.original).to_owned(),
            passage: serde_json::from_str(text_of(&entry, self.fields.body))?,
        })
    }

    /// Every entry of a document with its ordinal.
    fn entries(
        &self,
        snapshot: &Snapshot,
        id: DocumentId,
    ) -> tantivy::Result<Vec<(u64, TantivyDocument)>> {
        let mut entries = Vec::new();
        let key = self.fields.document_term(id);
        for (segment, reader) in snapshot.searcher.segment_readers().iter().enumerate() {
            let ordinals: Column<u64> = reader.fast_fields().u64("ordinal")?;
            let Some(mut docs) = postings(reader, &key, IndexRecordOption::Basic)? else {
                continue;
            };
            while docs.doc() != TERMINATED {
                let doc = docs.doc();
                if !reader.is_deleted(doc) {
                    let entry = snapshot
                        .searcher
                        .doc(DocAddress::new(segment as u32, doc))?;
                    entries.push((ordinals.first(doc).unwrap_or(0), entry));
                }
                docs.advance();
            }
        }
        Ok(entries)
    }

    /// What the index holds.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn stats(&self) -> Result<Stats, Error> {
        let request = Request {
            unit: Unit::Document,
            limit: 1,
            facets: true,
            ..Request::default()
        };
        let facets = self.search(&request)?.facets;
        let snapshot = self.snapshot();
        let manifest = snapshot.manifest;
        let bytes = snapshot
            .searcher
            .space_usage()
            .map_err(|e| engine(e.into()))?
            .total()
            .get_bytes();
        Ok(Stats {
            documents: manifest.documents,
            passages: manifest.passages,
            searchable: snapshot.statistics.measures.entries,
            chars: manifest.chars,
            bytes,
            format: manifest.format,
            lexicon_differs: manifest.lexicon != self.lexicon.version(),
            lexicon: manifest.lexicon,
            written_by: manifest.written_by,
            committed_at: manifest.committed_at,
            facets,
        })
    }

    /// Whether the index was built with another lexicon than the one queries are understood with.
    pub fn lexicon_differs(&self) -> bool {
        self.snapshot().manifest.lexicon != self.lexicon.version()
    }

    /// Where the index is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The engine checks nothing it reads from its files and panics on some damage; to whoever asks,
/// that is a damaged index and not a crash.
fn guarded<T>(path: &Path, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let source = tantivy::TantivyError::InternalError("a file of it cannot be read".to_owned());
        Err(IndexError::Damaged {
            path: path.to_owned(),
            source,
        }
        .into())
    })
}

/// Checks numbers before anything is allocated for them.
fn check(request: &Request) -> Result<Option<(Order, bool)>, Error> {
    let wrong = |name, why: String| Err(Error::Parameter { name, why });
    if request.limit == 0 {
        return wrong("limit", "must be at least 1".to_owned());
    }
    if request.limit > MAX_WINDOW {
        return wrong("limit", format!("must not exceed {MAX_WINDOW}"));
    }
    if request.offset > MAX_WINDOW - request.limit {
        return wrong(
            "offset",
            format!("offset + limit must not exceed {MAX_WINDOW}; continue with a cursor instead"),
        );
    }
    let Some(cursor) = &request.cursor else {
        return Ok(None);
    };
    if request.offset > 0 {
        return wrong("cursor", "cannot be combined with an offset".to_owned());
    }
    match read_cursor(cursor) {
        Some(after) => Ok(Some(after)),
        None => wrong("cursor", "is not one that a search returned".to_owned()),
    }
}

fn write_cursor(order: &Order, partial: bool) -> String {
    format!(
        "{:x}.{:x}.{:x}.{:x}.{}",
        order.below,
        order.primary,
        order.document,
        order.ordinal,
        u8::from(partial)
    )
}

fn read_cursor(text: &str) -> Option<(Order, bool)> {
    let mut parts = text
        .split('.')
        .map(|part| u64::from_str_radix(part, 16).ok());
    let mut next = || parts.next().flatten();
    let order = Order {
        below: next()?.try_into().ok()?,
        primary: next()?,
        document: next()?,
        ordinal: next()?,
    };
    let partial = next()?;
    (parts.next().is_none() && partial < 2).then_some((order, partial == 1))
}

/// What a search found, before anything is read for showing.
struct Outcome {
    /// The hits of the page, each with whether it is partial.
    page: Vec<(Found, bool)>,
    total: u64,
    partial_total: u64,
    facets: Vec<std::collections::BTreeMap<String, u64>>,
}

/// One search on one commit.
struct Search<'a> {
    engine: &'a Engine,
    snapshot: &'a Snapshot,
    request: &'a Request,
    term: &'a Term,
    filters: &'a [Resolved],
    unit: UnitFields,
    sort: Sort,
    ranking: Ranking,
    full: Box<dyn Query>,
}

impl<'a> Search<'a> {
    fn new(
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

    fn matcher(&self) -> Matcher<'_> {
        Matcher {
            fields: &self.engine.fields,
            unit: &self.unit,
            searcher: &self.snapshot.searcher,
            collection: collection(self.snapshot, self.request.unit),
        }
    }

    /// Full hits, and partial ones behind them where full ones are few.
    fn run(&self, after: Option<(Order, bool)>) -> tantivy::Result<Outcome> {
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

    /// Reads what is shown of the hits on the page.
    fn hits(&self, found: &Outcome) -> Result<Vec<Hit>, Error> {
        let marks = Marks::new(self.term);
        let mut hits = Vec::with_capacity(found.page.len());
        for (found, partial) in &found.page {
            let address = match self.request.unit {
                Unit::Measure => Some(found.address),
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
        let mut wanted: Vec<Box<dyn Query>> = Vec::new();
        let mut result = Ok(());
        self.term.visit(&mut |term| match matcher.any_of(term) {
            Ok(queries) => wanted.extend(queries),
            Err(error) => result = Err(error),
        });
        result?;
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

fn collection(snapshot: &Snapshot, unit: Unit) -> &crate::statistics::Collection {
    match unit {
        Unit::Measure => &snapshot.statistics.measures,
        Unit::Document => &snapshot.statistics.documents,
    }
}

pub(crate) fn text_of(entry: &TantivyDocument, field: Field) -> &str {
    entry
        .get_first(field)
        .and_then(|value| value.as_str())
        .unwrap_or_default()
}

/// Every filter that a facet has, for callers that list them.
pub fn facet_names() -> &'static [&'static str] {
    FACETS
}

impl Filters {
    /// The values of the filter with this name.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Vec<String>> {
        Some(match name {
            "province" => &mut self.province,
            "city" => &mut self.city,
            "county" => &mut self.county,
            "year" => &mut self.year,
            "period" => &mut self.period,
            "theme" => &mut self.theme,
            "doc_type" => &mut self.doc_type,
            "subtype" => &mut self.subtype,
            "issuer" => &mut self.issuer,
            "number" => &mut self.number,
            "status" => &mut self.status,
            "level" => &mut self.level,
            _ => return None,
        })
    }
}
