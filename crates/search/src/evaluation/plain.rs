//! The yardsticks: BM25 over title and text, an entry being as good as the sum of its terms.
//!
//! Terms are the words of jieba's search mode, or every two neighbouring characters. Nothing else:
//! no fields, no phrases, no stop words. It is computed in memory from the stored
//! texts and uses none of the engine's fields, weights or statistics; only filters are the engine's.

use std::collections::HashMap;

use duibiao_corpus::Script;
use duibiao_index::{Analyzer, Normal};
use tantivy::DocAddress;

use super::error::EvaluationError;
use super::metrics::Scores;
use super::ranking::{PassagePlace, Ranked, Run};
use super::texts::{StoredPassage, passages};
use super::topics::{Topic, Topics};
use crate::engine::{Engine, Snapshot};
use crate::error::{Error, engine};
use crate::filter;
use crate::passing::SegmentFilter;
use crate::request::Unit;

/// What a text is cut into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// The words of jieba's search mode.
    Words,
    /// Every two neighbouring letters or characters; a single one where it has no neighbour.
    Pairs,
}

/// The two constants of BM25 (Robertson and Zaragoza 2009).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bm25 {
    /// How slowly repetitions stop to count.
    pub k1: f32,
    /// How far length counts against an entry, from 0 to 1.
    pub b: f32,
}

impl Default for Bm25 {
    fn default() -> Self {
        Self { k1: 1.2, b: 0.75 }
    }
}

/// The constants among which the best are chosen.
const K1: [f32; 8] = [0.3, 0.6, 0.9, 1.2, 1.6, 2.0, 3.0, 4.0];
const B: [f32; 7] = [0.0, 0.2, 0.4, 0.6, 0.75, 0.9, 1.0];

/// Ranks by the terms of queries alone.
pub struct PlainRanker<'e> {
    engine: &'e Engine,
    snapshot: Snapshot,
    terms: Terms,
    /// One for each unit that is asked for.
    collections: Vec<Collection>,
}

/// The entries of one unit with the terms that some query has.
struct Collection {
    unit: Unit,
    entries: Vec<Entry>,
    /// Number of terms of an entry, on average.
    average: f32,
    /// Each wanted term's place in `postings`.
    wanted: HashMap<String, usize>,
    /// Entries with a term, and how often they have it.
    postings: Vec<Vec<(usize, u32)>>,
}

/// What can be ranked.
struct Entry {
    ranked: Ranked,
    /// Equal scores come in this order, as everywhere.
    order: (u64, u32),
    address: Option<DocAddress>,
    length: u32,
}

impl<'e> PlainRanker<'e> {
    /// Reads the texts of an index and counts the terms of these topics in them.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn new(engine: &'e Engine, topics: &Topics, terms: Terms) -> Result<Self, EvaluationError> {
        let mut ranker = Self {
            engine,
            snapshot: engine.snapshot(),
            terms,
            collections: Vec::new(),
        };
        for unit in [Unit::Measure, Unit::Document] {
            if topics.topics.iter().any(|topic| topic.unit == unit) {
                let collection = ranker.collection(topics, unit)?;
                ranker.collections.push(collection);
            }
        }
        Ok(ranker)
    }

    /// Ranks the topics, at most `depth` places each.
    ///
    /// # Errors
    /// When a filter means nothing or the index is damaged.
    pub fn rank(&self, topics: &Topics, bm25: Bm25, depth: usize) -> Result<Run, EvaluationError> {
        let mut run = Run::new();
        for topic in &topics.topics {
            let of_unit = self.collections.iter().find(|c| c.unit == topic.unit);
            let ranked = match of_unit {
                Some(collection) => self.ranked(collection, topic, bm25, depth)?,
                None => Vec::new(),
            };
            run.insert(topic.id.clone(), ranked);
        }
        Ok(run)
    }

    /// The constants with the best reciprocal rank on these topics; of equal ones the first.
    ///
    /// # Errors
    /// Those of [`PlainRanker::rank`].
    pub fn tuned(&self, topics: &Topics) -> Result<Bm25, EvaluationError> {
        let mut best = (f64::NEG_INFINITY, Bm25::default());
        for (k1, b) in K1.iter().flat_map(|k1| B.iter().map(move |b| (*k1, *b))) {
            let bm25 = Bm25 { k1, b };
            let run = self.rank(topics, bm25, 10)?;
            let value = Scores::of(&run, topics).means().reciprocal_rank;
            if value > best.0 {
                best = (value, bm25);
            }
        }
        Ok(best.1)
    }

    fn collection(&self, topics: &Topics, unit: Unit) -> Result<Collection, EvaluationError> {
        let analyzer = &self.engine.analyzer;
        let mut collection = Collection {
            unit,
            entries: Vec::new(),
            average: 1.0,
            wanted: HashMap::new(),
            postings: Vec::new(),
        };
        for topic in topics.topics.iter().filter(|topic| topic.unit == unit) {
            self.terms.of_query(&topic.query, analyzer, |term| {
                let next = collection.wanted.len();
                collection.wanted.entry(term.to_owned()).or_insert(next);
            });
        }
        collection
            .postings
            .resize(collection.wanted.len(), Vec::new());
        match unit {
            Unit::Measure => {
                passages(self.engine, &self.snapshot, |passage| {
                    if passage.is_hit {
                        let place = PassagePlace {
                            ordinal: passage.ordinal,
                            span: passage.span,
                        };
                        let texts = [title(&passage, analyzer), passage.text.clone()];
                        let ranked = Ranked {
                            document: topics.name_of(&passage.head.path).to_owned(),
                            passage: Some(place),
                        };
                        let order = (passage.document, passage.ordinal);
                        let address = Some(passage.address);
                        collection.add(ranked, order, address, &texts, self.terms, analyzer);
                    }
                })?;
            }
            Unit::Document => self.documents(topics, &mut collection)?,
        }
        let words: u64 = collection.entries.iter().map(|e| u64::from(e.length)).sum();
        collection.average = (words as f32 / collection.entries.len().max(1) as f32).max(1.0);
        Ok(collection)
    }

    /// Adds every document, its passages joined.
    fn documents(
        &self,
        topics: &Topics,
        collection: &mut Collection,
    ) -> Result<(), EvaluationError> {
        let analyzer = &self.engine.analyzer;
        let mut parts: HashMap<u64, Vec<StoredPassage>> = HashMap::new();
        let addresses = passages(self.engine, &self.snapshot, |passage| {
            parts.entry(passage.document).or_default().push(passage);
        })?;
        for (document, mut parts) in parts {
            parts.sort_by_key(|part| part.ordinal);
            let Some(first) = parts.first() else { continue };
            let ranked = Ranked {
                document: topics.name_of(&first.head.path).to_owned(),
                passage: None,
            };
            let text: String = parts
                .iter()
                .filter(|part| !part.is_furniture)
                .map(|part| part.text.as_str())
                .collect();
            let texts = [title(first, analyzer), text];
            let address = addresses.get(&document).copied();
            collection.add(ranked, (document, 0), address, &texts, self.terms, analyzer);
        }
        Ok(())
    }

    fn ranked(
        &self,
        collection: &Collection,
        topic: &Topic,
        bm25: Bm25,
        depth: usize,
    ) -> Result<Vec<Ranked>, EvaluationError> {
        let analyzer = &self.engine.analyzer;
        let mut repeated: HashMap<usize, f32> = HashMap::new();
        self.terms.of_query(&topic.query, analyzer, |term| {
            if let Some(place) = collection.wanted.get(term) {
                *repeated.entry(*place).or_default() += 1.0;
            }
        });
        let mut terms: Vec<(usize, f32)> = repeated.into_iter().collect();
        terms.sort_by_key(|(place, _)| *place);
        let mut scores = vec![0f32; collection.entries.len()];
        let mut touched = Vec::new();
        for (place, times) in terms {
            let postings = &collection.postings[place];
            let idf = collection.idf(postings.len());
            for (entry, count) in postings {
                let length = collection.entries[*entry].length as f32 / collection.average;
                let count = *count as f32;
                let part =
                    count * (bm25.k1 + 1.0) / (count + bm25.k1 * (1.0 - bm25.b + bm25.b * length));
                if scores[*entry] == 0.0 {
                    touched.push(*entry);
                }
                scores[*entry] += times * idf * part;
            }
        }
        let passes = self.filter(topic)?;
        let mut best: Vec<(f32, &Entry)> = touched
            .into_iter()
            .map(|entry| (scores[entry], &collection.entries[entry]))
            .filter(|(_, entry)| passes(entry))
            .collect();
        let order = |a: &(f32, &Entry), b: &(f32, &Entry)| {
            b.0.total_cmp(&a.0).then(a.1.order.cmp(&b.1.order))
        };
        if best.len() > depth {
            best.select_nth_unstable_by(depth, order);
            best.truncate(depth);
        }
        best.sort_by(order);
        Ok(best.into_iter().map(|(_, e)| e.ranked.clone()).collect())
    }

    /// Whether an entry passes the topic's filters.
    fn filter(&self, topic: &Topic) -> Result<impl Fn(&Entry) -> bool + use<>, EvaluationError> {
        let in_topic = |source: Error| EvaluationError::Search {
            id: topic.id.clone(),
            source,
        };
        let (lexicon, analyzer) = (self.engine.lexicon(), &self.engine.analyzer);
        let resolved = filter::resolve(&topic.filters, lexicon, analyzer).map_err(in_topic)?;
        let segments = self.snapshot.searcher.segment_readers().iter();
        let filters: Vec<Vec<SegmentFilter>> = segments
            .map(|segment| {
                let of_segment = resolved.iter().map(|f| SegmentFilter::new(f, segment));
                of_segment.collect::<tantivy::Result<_>>()
            })
            .collect::<tantivy::Result<_>>()
            .map_err(|e| in_topic(engine(e)))?;
        Ok(move |entry: &Entry| {
            entry.address.is_some_and(|address| {
                filters[address.segment_ord as usize]
                    .iter()
                    .all(|filter| filter.passes(address.doc_id, false))
            })
        })
    }
}

/// The title of a passage's document in Simplified characters.
fn title(passage: &StoredPassage, analyzer: &Analyzer) -> String {
    let script = if passage.head.is_traditional {
        Script::Hant
    } else {
        Script::Hans
    };
    let title = passage.head.title.as_ref().map_or("", |t| t.value.as_str());
    analyzer.fold(title, script).into_owned()
}

impl Collection {
    fn add(
        &mut self,
        ranked: Ranked,
        order: (u64, u32),
        address: Option<DocAddress>,
        texts: &[String],
        terms: Terms,
        analyzer: &Analyzer,
    ) {
        let entry = self.entries.len();
        let mut length = 0;
        let (wanted, postings) = (&self.wanted, &mut self.postings);
        for text in texts {
            terms.of(&Normal::new(text), analyzer, |term| {
                length += 1;
                let Some(place) = wanted.get(term) else {
                    return;
                };
                match postings[*place].last_mut() {
                    Some((last, count)) if *last == entry => *count += 1,
                    _ => postings[*place].push((entry, 1)),
                }
            });
        }
        self.entries.push(Entry {
            ranked,
            order,
            address,
            length,
        });
    }

    fn idf(&self, having: usize) -> f32 {
        let (all, having) = (self.entries.len() as f32, having as f32);
        (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
    }
}

impl Terms {
    fn of_query(self, query: &str, analyzer: &Analyzer, sink: impl FnMut(&str)) {
        self.of(&Normal::new(&analyzer.typed(query)), analyzer, sink);
    }

    fn of(self, normal: &Normal, analyzer: &Analyzer, mut sink: impl FnMut(&str)) {
        match self {
            Self::Words => analyzer.plain_words(normal, sink),
            Self::Pairs => {
                let runs = normal.text.split(|c: char| !c.is_alphanumeric());
                for run in runs.filter(|run| !run.is_empty()) {
                    let starts: Vec<usize> = run.char_indices().map(|(byte, _)| byte).collect();
                    if starts.len() == 1 {
                        sink(run);
                    }
                    let ends = starts.iter().copied().skip(2).chain([run.len()]);
                    for (begin, end) in starts.iter().zip(ends).take(starts.len() - 1) {
                        sink(&run[*begin..end]);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use duibiao_lexicon::Lexicon;

    use super::*;

    #[test]
    fn pairs_are_neighbours_and_end_at_punctuation() {
        let analyzer = Analyzer::new(&Lexicon::embedded().expect("a lexicon")).expect("analyzer");
        let mut terms = Vec::new();
        Terms::Pairs.of_query("整改，台账 A4；办", &analyzer, |term| {
            terms.push(term.to_owned());
        });
        assert_eq!(terms, ["整改", "台账", "账a", "a4", "办"]);
        terms.clear();
        Terms::Words.of_query("整改，台账。", &analyzer, |term| {
            terms.push(term.to_owned());
        });
        assert_eq!(terms, ["整改", "台账"]);
    }
}
