//! An open index that answers requests.
//!
//! Holds what outlives a request: the reader, the lexicon, the commit that is served. One search
//! is in [`crate::run`].

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::Instant;

use duibiao_corpus::{Document, DocumentId, PassageId, ThemeId};
use duibiao_index::{Analyzer, Fields, Head, IndexError, Manifest, Unit as IndexUnit};
use duibiao_lexicon::Lexicon;
use tantivy::columnar::Column;
use tantivy::schema::{Field, IndexRecordOption, TantivyDocument, Value};
use tantivy::{
    DocAddress, DocSet, Index, IndexReader, ReloadPolicy, Searcher, TERMINATED, Term as Key,
};

use crate::citation::{CitationStyle, cite};
use crate::collect::FACETS;
use crate::deadline::Deadline;
use crate::error::{Error, Excess, FilterFault, engine};
use crate::facets;
use crate::filter::{self, Resolved};
use crate::former;
use crate::ledger::Ledger;
use crate::prefix::Gathered;
use crate::profiles::Profiles;
use crate::query;
use crate::request::{Part, Request, Unit};
use crate::resolve::{self, Scope, Term};
use crate::response::{
    Commit, DocumentView, Expansion, PassageView, QueryInfo, Response, Stats, UnreadableFile,
};
use crate::run::{Related, Search};
use crate::sets::Passing;
use crate::statistics::{Statistics, postings};
use crate::suggest::{Counts, Kept};
use crate::variants::{VariantKind, Variants};
use crate::window::{Behind, check, write_cursor};

/// What depends on the commit that is served.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) statistics: Statistics,
    pub(crate) profiles: Arc<Profiles>,
    pub(crate) gathered: Gathered,
    pub(crate) counts: Counts,
    pub(crate) passing: Passing,
    manifest: Manifest,
    /// The engine's number of the commit; it grows with every operation.
    opstamp: u64,
}

impl Snapshot {
    /// The engine's number of the commit.
    pub(crate) fn number(&self) -> u64 {
        self.opstamp
    }
}

/// An open index with the lexicon and analyzer its queries are understood with.
pub struct Engine {
    path: PathBuf,
    index: Index,
    reader: IndexReader,
    pub(crate) fields: Fields,
    lexicon: Lexicon,
    pub(crate) analyzer: Analyzer,
    variants: Variants,
    /// Gathered when they are first asked for.
    pub(crate) terms: Kept,
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
        // A commit made while opening is then seen as new by the next reload.
        let opstamp = index.load_metas().map_err(engine)?.opstamp;
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
        let profiles = Arc::new(Profiles::new(&searcher, &fields).map_err(engine)?);
        let snapshot = RwLock::new(Snapshot {
            searcher,
            statistics,
            profiles,
            gathered: Gathered::default(),
            counts: Counts::default(),
            passing: Passing::default(),
            manifest,
            opstamp,
        });
        Ok(Self {
            path: path.to_owned(),
            index,
            reader,
            fields,
            variants: Variants::new(&lexicon, &analyzer),
            terms: Kept::default(),
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
        guarded(&self.path, || self.reload_unguarded())
    }

    fn reload_unguarded(&self) -> Result<bool, Error> {
        let metas = self
            .index
            .load_metas()
            .map_err(|source| duibiao_index::opening(&self.path, source))?;
        let before = self.snapshot();
        let manifest = metas.payload.as_deref().and_then(Manifest::from_payload);
        let Some(manifest) =
            manifest.filter(|m| metas.opstamp != before.opstamp || *m != before.manifest)
        else {
            return Ok(false);
        };
        self.reader.reload().map_err(engine)?;
        let searcher = self.reader.searcher();
        let statistics = Statistics::new(&searcher, &self.fields).map_err(engine)?;
        let profiles = Arc::new(Profiles::new(&searcher, &self.fields).map_err(engine)?);
        let snapshot = Snapshot {
            searcher,
            statistics,
            profiles,
            gathered: Gathered::default(),
            counts: Counts::default(),
            passing: Passing::default(),
            manifest,
            opstamp: metas.opstamp,
        };
        *self
            .snapshot
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = snapshot;
        Ok(true)
    }

    /// The commit that is served.
    pub fn commit(&self) -> Commit {
        let snapshot = self.snapshot();
        Commit {
            number: snapshot.opstamp,
            documents: snapshot.manifest.documents,
            passages: snapshot.manifest.passages,
            committed_at: snapshot.manifest.committed_at,
        }
    }

    /// The lexicon queries are understood with.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The Chinese name of a theme.
    pub fn theme_name(&self, id: &ThemeId) -> Option<&str> {
        self.lexicon
            .taxonomy()
            .get(id)
            .map(|theme| theme.name.as_str())
    }

    /// The folder of the index.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A query as typed, parsed and resolved.
    pub(crate) fn understood(&self, request: &Request) -> Result<Term, Error> {
        let is_expanded = !request.as_typed && !request.without.contains(&Part::Variants);
        let scope = Scope {
            lexicon: &self.lexicon,
            analyzer: &self.analyzer,
            variants: is_expanded.then_some(&self.variants),
            dropped: request
                .drop
                .iter()
                .map(|term| self.analyzer.comparable(term))
                .collect(),
            provincial: request.filters.provincial,
        };
        let term = resolve::resolve(&query::parse(&request.query)?, &scope)?;
        if term.words() > query::MAX_LEAVES {
            return Err(Error::TooLarge(Excess::Words));
        }
        Ok(term)
    }

    /// Of the terms that a request takes off, those that would be added to its query, or to what that
    /// was corrected to.
    ///
    /// # Errors
    /// When the query is wrong.
    pub fn dropped(&self, request: &Request, found: &Response) -> Result<Vec<String>, Error> {
        if request.drop.is_empty() {
            return Ok(Vec::new());
        }
        let corrected = found.corrected.as_ref();
        let free = Request {
            query: corrected
                .map_or(&request.query, |corrected| &corrected.to)
                .clone(),
            drop: Vec::new(),
            as_typed: false,
            ..request.clone()
        };
        let term = self.understood(&free)?;
        let added = term.variants();
        let is_added = |dropped: &&String| {
            let text = self.analyzer.comparable(dropped);
            added.iter().any(|variant| variant.text == text)
        };
        Ok(request.drop.iter().filter(is_added).cloned().collect())
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.snapshot
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    /// Answers a search.
    ///
    /// # Errors
    /// When the query, a filter or a parameter is wrong, the request's deadline is past, or the
    /// index is damaged.
    pub fn search(&self, request: &Request) -> Result<Response, Error> {
        guarded(&self.path, || self.search_unguarded(request))
    }

    fn search_unguarded(&self, request: &Request) -> Result<Response, Error> {
        let started = Instant::now();
        let mut response = self.answer(request)?;
        if !request.as_typed && !request.match_all {
            if response.total == 0 {
                response = self.corrected(request, response)?;
            } else {
                response.did_you_mean = self.alternatives(request, &response)?;
            }
        }
        response.took_ms = (started.elapsed().as_secs_f64() * 1e5).round() / 100.0;
        Ok(response)
    }

    /// The answer to a request as it is typed.
    pub(crate) fn answer(&self, request: &Request) -> Result<Response, Error> {
        let behind = check(request)?;
        let term = self.understood(request)?;
        let filters = filter::resolve(&request.filters, &self.lexicon, &self.analyzer)?;
        let snapshot = self.snapshot();
        let search = Search::new(self, &snapshot, request, &term, &filters)?;
        self.known_values(&filters, &snapshot)?;
        let after = match &behind {
            Some(behind) => Some((search.resumed(behind)?, behind.partial)),
            None => None,
        };
        let found = search.run(after)?;
        let hits = search.hits(&found)?;
        let related = search.related(&found)?;
        let seen = request.offset as u64 + hits.len() as u64 + found.page.collapsed;
        let more = after.is_some() && hits.len() == request.limit
            || after.is_none() && seen < found.total + found.partial_total;
        let cursor = found
            .page
            .last
            .filter(|_| more)
            .map(|(last, partial)| Behind {
                order: last.order,
                partial,
                commit: snapshot.number(),
            })
            .map(|behind| write_cursor(&behind, request));
        Ok(Response {
            query: QueryInfo {
                text: request.query.clone(),
                resolved: term.shown(),
                expansions: self.expansions(&term, &related),
            },
            corrected: None,
            did_you_mean: Vec::new(),
            total: found.total,
            exact_total: found.exact_total,
            partial_total: found.partial_total,
            documents: found.documents,
            hits,
            facets: if request.facets {
                facets::label(&found.facets, &filters, &self.lexicon)
            } else {
                Default::default()
            },
            not_covered: former::not_covered(&filters, &self.lexicon, &snapshot.searcher)
                .map_err(engine)?,
            related: related.hits,
            related_total: related.total,
            collapsed: found.page.collapsed,
            cursor,
            took_ms: 0.0,
        })
    }

    /// The terms that were added; related ones and themes where they found something.
    fn expansions(&self, term: &Term, related: &Related) -> Vec<Expansion> {
        let terms = term
            .variants()
            .into_iter()
            .filter(|variant| related.has_terms || variant.kind != VariantKind::Related)
            .map(|variant| Expansion {
                term: variant.term.clone(),
                from: variant.from.clone(),
                kind: variant.kind.as_str().to_owned(),
            });
        let themes = related.themes.iter().map(|theme| Expansion {
            term: self.theme_name(theme).unwrap_or_default().to_owned(),
            from: theme.to_string(),
            kind: "theme".to_owned(),
        });
        terms.chain(themes).collect()
    }

    /// A name that no document has is a mistake and not an empty result.
    pub(crate) fn known_values(
        &self,
        filters: &[Resolved],
        snapshot: &Snapshot,
    ) -> Result<(), Error> {
        for filter in filters
            .iter()
            .filter(|f| matches!(f.name, "doc_type" | "subtype" | "issuer" | "number"))
        {
            let keys = filter.wanted.keys().iter().chain(filter.unwanted.keys());
            let Ok(field) = snapshot.searcher.schema().get_field(filter.name) else {
                continue;
            };
            for key in keys.filter(|key| !key.is_empty()) {
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
                        fault: FilterFault::Unused(filter::shorten(key)),
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
    pub fn document(&self, id: DocumentId, style: CitationStyle) -> Result<DocumentView, Error> {
        self.document_of(&self.snapshot(), id, style)
    }

    pub(crate) fn document_of(
        &self,
        snapshot: &Snapshot,
        id: DocumentId,
        style: CitationStyle,
    ) -> Result<DocumentView, Error> {
        let mut entries = guarded(&self.path, || self.entries(snapshot, id).map_err(engine))?;
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
            citation: cite(&Head::of(&document), style),
            document,
        })
    }

    /// The measures of a document as a ledger.
    ///
    /// # Errors
    /// When no document has this id.
    pub fn ledger(&self, id: DocumentId, style: CitationStyle) -> Result<Ledger, Error> {
        let view = self.document(id, style)?;
        Ok(Ledger::of(id, &view.document, view.citation))
    }

    /// A passage with its text.
    ///
    /// # Errors
    /// When no passage has this id.
    pub fn passage(&self, id: PassageId, style: CitationStyle) -> Result<PassageView, Error> {
        let snapshot = self.snapshot();
        let entry = guarded(&self.path, || {
            let address = self.address_of(&snapshot, id).map_err(engine)?;
            let entry: Option<tantivy::Result<TantivyDocument>> =
                address.map(|address| snapshot.searcher.doc(address));
            entry.transpose().map_err(engine)
        })?;
        let entry = entry.ok_or_else(|| Error::NotFound(id.to_string()))?;
        let head: Head = serde_json::from_str(text_of(&entry, self.fields.head))?;
        Ok(PassageView {
            id: id.to_string(),
            document_id: id.document.to_string(),
            path: head.path.clone(),
            title: head.title.as_ref().map(|t| t.value.clone()),
            citation: cite(&head, style),
            text: text_of(&entry, self.fields.original).to_owned(),
            passage: serde_json::from_str(text_of(&entry, self.fields.body))?,
        })
    }

    /// Where the entry of a passage is.
    pub(crate) fn address_of(
        &self,
        snapshot: &Snapshot,
        id: PassageId,
    ) -> tantivy::Result<Option<DocAddress>> {
        let key = self.fields.document_term(id.document);
        for (segment, reader) in snapshot.searcher.segment_readers().iter().enumerate() {
            let Some(mut docs) = postings(reader, &key, IndexRecordOption::Basic)? else {
                continue;
            };
            let ordinals: Column<u64> = reader.fast_fields().u64("ordinal")?;
            while docs.doc() != TERMINATED {
                let doc = docs.doc();
                let is_asked = ordinals.first(doc) == Some(u64::from(id.ordinal));
                if is_asked && id.ordinal > 0 && !reader.is_deleted(doc) {
                    return Ok(Some(DocAddress::new(segment as u32, doc)));
                }
                docs.advance();
            }
        }
        Ok(None)
    }

    /// Every entry of a document with its ordinal.
    pub(crate) fn entries(
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
    /// When the deadline is past or the index is damaged.
    pub fn stats(&self, deadline: &Deadline) -> Result<Stats, Error> {
        let request = Request {
            deadline: deadline.clone(),
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
            .map_err(|e| engine(tantivy::TantivyError::from(e)))?
            .total()
            .get_bytes();
        Ok(Stats {
            documents: manifest.documents,
            passages: manifest.passages,
            searchable: snapshot.statistics.measures.entries,
            unreadable: crate::statistics::frequency(
                &snapshot.searcher,
                &Key::from_field_text(self.fields.unit, IndexUnit::Unreadable.as_str()),
            )
            .map_err(engine)?,
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

    /// Files that could not be read, by path.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn unreadable(&self) -> Result<Vec<UnreadableFile>, Error> {
        let snapshot = self.snapshot();
        let files = guarded(&self.path, || {
            self.fields
                .all_unreadable(&snapshot.searcher)
                .map_err(engine)
        })?;
        let file = |file: duibiao_index::Unreadable| UnreadableFile {
            path: file.path,
            reason: file.reason,
        };
        Ok(files.into_iter().map(file).collect())
    }

    /// Whether the index was built with another lexicon than the one queries are understood with.
    pub fn lexicon_differs(&self) -> bool {
        self.snapshot().manifest.lexicon != self.lexicon.version()
    }
}

/// The engine checks nothing it reads from its files and panics on some damage; to whoever asks,
/// that is a damaged index and not a crash.
pub(crate) fn guarded<T>(path: &Path, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let source = tantivy::TantivyError::InternalError("a file of it cannot be read".to_owned());
        Err(IndexError::Damaged {
            path: path.to_owned(),
            source,
        }
        .into())
    })
}

pub(crate) fn text_of(entry: &TantivyDocument, field: Field) -> &str {
    entry
        .get_first(field)
        .and_then(|value| value.as_str())
        .unwrap_or_default()
}

/// The facets, in the order in which they are shown.
pub fn facet_names() -> &'static [&'static str] {
    FACETS
}
