//! How good a match is: a sum of named signals, always added in the same order, so that equal
//! entries have equal scores in whatever segment they are.
//!
//! BM25 of each word in text, headings, problem and title as separate fields; a piece that stands
//! there as typed; words of the query that stand close to each other.

use duibiao_index::{Fields, Grams, Leaf};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EnableScoring, PhraseQuery, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Searcher, SegmentReader, Term as Key};

use crate::matching::Matcher;
use crate::request::Unit;
use crate::resolve::Term;
use crate::statistics::{frequency, postings};

/// BM25 as usual: how soon more of a word stops counting, and how much length counts.
const K1: f32 = 1.2;
const B: f32 = 0.75;
/// What a word counts in each field; the text is 1.
const TITLE: f32 = 0.6;
const HEADING: f32 = 0.8;
const PROBLEM: f32 = 0.8;
/// What a piece counts that stands there as typed, in weights of its words.
const AS_TYPED: f32 = 0.8;
/// What two words side by side count, in weights of the lighter one, and the distance in
/// characters at which half of it is left.
const NEAR: f32 = 0.6;
const HALF_DISTANCE: f32 = 6.0;
/// Differences of scores below this are noise of addition.
const NOISE: f32 = 1e-3;
/// Pairs of neighbouring words that are looked at.
const MOST_PAIRS: usize = 8;

/// The exact field of a unit.
#[derive(Debug, Clone, Copy)]
struct Exact {
    field: Field,
    grams: Grams,
}

/// One reason for a score.
#[derive(Debug, Clone, PartialEq)]
enum Signal {
    Word {
        field: Field,
        name: &'static str,
        word: String,
        weight: f32,
        average: f32,
    },
    Phrase {
        text: String,
        weight: f32,
    },
    Near {
        left: String,
        right: String,
        weight: f32,
    },
}

/// The signals of a query, with everything looked up that does not depend on the segment.
pub(crate) struct Ranking {
    signals: Vec<Signal>,
    phrases: Vec<Option<Box<dyn Weight>>>,
    exact: Exact,
}

impl Ranking {
    pub(crate) fn new(
        term: &Term,
        unit: Unit,
        fields: &Fields,
        matcher: &Matcher<'_>,
    ) -> tantivy::Result<Self> {
        let mut builder = Builder {
            fields,
            matcher,
            unit,
            signals: Vec::new(),
            order: Vec::new(),
        };
        let mut result = Ok(());
        term.visit(&mut |term| {
            if result.is_ok() {
                result = builder.term(term);
            }
        });
        result?;
        builder.near();
        // Cheap signals first: the dear ones are often not needed to tell that a hit is too low.
        builder.signals.sort_by_key(|signal| match signal {
            Signal::Word { .. } => 0,
            Signal::Phrase { .. } => 1,
            Signal::Near { .. } => 2,
        });
        let exact = Exact {
            field: matcher.unit.exact,
            grams: matcher.unit.grams,
        };
        let phrases = builder
            .signals
            .iter()
            .map(|signal| phrase_weight(signal, exact, matcher.searcher))
            .collect::<tantivy::Result<_>>()?;
        Ok(Self {
            signals: builder.signals,
            phrases,
            exact,
        })
    }

    /// The same signals, ready to be read from one segment.
    pub(crate) fn segment(&self, segment: &SegmentReader) -> tantivy::Result<SegmentRanking> {
        let mut readers = Vec::with_capacity(self.signals.len());
        for (signal, phrase) in self.signals.iter().zip(&self.phrases) {
            readers.push(Reader::new(signal, phrase.as_deref(), self.exact, segment)?);
        }
        let mut at_most: Vec<f32> = readers.iter().map(Reader::at_most).collect();
        for index in (0..at_most.len().saturating_sub(1)).rev() {
            at_most[index] += at_most[index + 1];
        }
        Ok(SegmentRanking {
            readers,
            at_most,
            left: Vec::new(),
            right: Vec::new(),
        })
    }

    /// What each signal is called, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        self.signals.iter().map(|signal| match signal {
            Signal::Word { name, word, .. } => format!("{name}:{word}"),
            Signal::Phrase { text, .. } => format!("as_typed:{text}"),
            Signal::Near { left, right, .. } => format!("near:{left}~{right}"),
        })
    }
}

struct Builder<'a> {
    fields: &'a Fields,
    matcher: &'a Matcher<'a>,
    unit: Unit,
    signals: Vec<Signal>,
    /// Leaves of two or more characters in the order typed, with their weights.
    order: Vec<(String, f32)>,
}

impl Builder<'_> {
    fn term(&mut self, term: &Term) -> tantivy::Result<()> {
        match term {
            Term::Piece(piece) | Term::Title(piece) => {
                let mut whole = 0.0;
                for leaf in &piece.leaves {
                    let weight = self.matcher.weight(leaf)?;
                    whole += weight;
                    match leaf {
                        Leaf::Word(word) => self.word(word, weight)?,
                        Leaf::Literal(text) => self.push(Signal::Phrase {
                            text: text.clone(),
                            weight,
                        }),
                    }
                    if leaf.text().chars().count() > 1 {
                        self.order.push((leaf.text().to_owned(), weight));
                    }
                }
                if piece.leaves.len() > 1 {
                    self.push(Signal::Phrase {
                        text: piece.text.clone(),
                        weight: whole * AS_TYPED,
                    });
                }
            }
            Term::Literal(text) => self.literal(text)?,
            Term::Spellings(texts) => texts.iter().try_for_each(|text| self.literal(text))?,
            Term::Scripts(scripts) => {
                self.term(&scripts.simplified)?;
                for text in &scripts.as_typed {
                    let weight = self.matcher.collection.idf(self.matcher.rarest_term(text)?);
                    self.push(Signal::Phrase {
                        text: text.clone(),
                        weight,
                    });
                }
            }
            Term::Filter(_) | Term::Not(_) | Term::Or(_) | Term::And(_) => {}
        }
        Ok(())
    }

    fn literal(&mut self, text: &str) -> tantivy::Result<()> {
        let weight = self.matcher.collection.idf(self.matcher.rarest_term(text)?);
        self.push(Signal::Phrase {
            text: text.to_owned(),
            weight,
        });
        if text.chars().count() > 1 {
            self.order.push((text.to_owned(), weight));
        }
        Ok(())
    }

    fn word(&mut self, word: &str, in_text: f32) -> tantivy::Result<()> {
        let fields = self.fields;
        let places: &[(Field, &'static str, f32)] = match self.unit {
            Unit::Measure => &[
                (fields.text, "text", 1.0),
                (fields.heading, "heading", HEADING),
                (fields.problem, "problem", PROBLEM),
                (fields.title, "title", TITLE),
            ],
            Unit::Document => &[
                (fields.doc_text, "text", 1.0),
                (fields.doc_title, "title", 1.0),
            ],
        };
        for &(field, name, share) in places {
            let idf = if name == "text" {
                in_text
            } else {
                // A word every title has tells nothing in a title.
                self.matcher
                    .collection
                    .idf(frequency(
                        self.matcher.searcher,
                        &Key::from_field_text(field, word),
                    )?)
                    .min(in_text)
            };
            let average = self.matcher.collection.average_words(field);
            self.push(Signal::Word {
                field,
                name,
                word: word.to_owned(),
                weight: idf * share,
                average,
            });
        }
        Ok(())
    }

    fn push(&mut self, signal: Signal) {
        if !self.signals.contains(&signal) {
            self.signals.push(signal);
        }
    }

    /// Single characters are no words: nearness is for passages, whose exact terms are pairs.
    fn near(&mut self) {
        if self.unit == Unit::Document {
            return;
        }
        let pairs: Vec<Signal> = self
            .order
            .windows(2)
            .filter(|pair| pair[0].0 != pair[1].0)
            .take(MOST_PAIRS)
            .map(|pair| Signal::Near {
                left: pair[0].0.clone(),
                right: pair[1].0.clone(),
                weight: pair[0].1.min(pair[1].1) * NEAR,
            })
            .collect();
        pairs.into_iter().for_each(|signal| self.push(signal));
    }
}

fn phrase_weight(
    signal: &Signal,
    exact: Exact,
    searcher: &Searcher,
) -> tantivy::Result<Option<Box<dyn Weight>>> {
    let Signal::Phrase { text, .. } = signal else {
        return Ok(None);
    };
    let terms: Vec<(usize, Key)> = exact
        .grams
        .cover(text)
        .into_iter()
        .map(|(offset, term)| (offset, Key::from_field_text(exact.field, term)))
        .collect();
    if terms.len() < 2 {
        return Ok(None);
    }
    PhraseQuery::new_with_offset(terms)
        .weight(EnableScoring::disabled_from_searcher(searcher))
        .map(Some)
}

/// The signals of a query in one segment; entries must be asked for in order.
pub(crate) struct SegmentRanking {
    readers: Vec<Reader>,
    /// The most that each signal and those behind it can add.
    at_most: Vec<f32>,
    left: Vec<u32>,
    right: Vec<u32>,
}

enum Reader {
    /// The segment has nothing of it.
    Nothing,
    Word {
        postings: SegmentPostings,
        norms: FieldNormReader,
        weight: f32,
        average: f32,
    },
    /// A literal of two characters is one pair.
    Pair {
        postings: SegmentPostings,
        weight: f32,
    },
    Phrase {
        scorer: Box<dyn Scorer>,
        weight: f32,
    },
    Near {
        left: Box<SegmentPostings>,
        right: Box<SegmentPostings>,
        weight: f32,
    },
}

impl Reader {
    fn new(
        signal: &Signal,
        phrase: Option<&dyn Weight>,
        exact: Exact,
        segment: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let first_pair = |text: &str, option| -> tantivy::Result<Option<SegmentPostings>> {
            match exact.grams.cover(text).first() {
                Some((_, term)) => {
                    postings(segment, &Key::from_field_text(exact.field, term), option)
                }
                None => Ok(None),
            }
        };
        Ok(match signal {
            Signal::Word {
                field,
                word,
                weight,
                average,
                ..
            } => {
                match postings(
                    segment,
                    &Key::from_field_text(*field, word),
                    IndexRecordOption::WithFreqs,
                )? {
                    Some(postings) => Self::Word {
                        postings,
                        norms: segment.get_fieldnorms_reader(*field)?,
                        weight: *weight,
                        average: *average,
                    },
                    None => Self::Nothing,
                }
            }
            Signal::Phrase { text, weight } => match phrase {
                Some(phrase) => Self::Phrase {
                    scorer: phrase.scorer(segment, 1.0)?,
                    weight: *weight,
                },
                None => {
                    first_pair(text, IndexRecordOption::Basic)?.map_or(Self::Nothing, |postings| {
                        Self::Pair {
                            postings,
                            weight: *weight,
                        }
                    })
                }
            },
            Signal::Near {
                left,
                right,
                weight,
            } => {
                let option = IndexRecordOption::WithFreqsAndPositions;
                match (first_pair(left, option)?, first_pair(right, option)?) {
                    (Some(left), Some(right)) => Self::Near {
                        left: Box::new(left),
                        right: Box::new(right),
                        weight: *weight,
                    },
                    _ => Self::Nothing,
                }
            }
        })
    }
}

impl Reader {
    /// The most it can add to a score.
    fn at_most(&self) -> f32 {
        match self {
            Self::Nothing => 0.0,
            Self::Word { weight, .. } => weight * (K1 + 1.0),
            Self::Pair { weight, .. } | Self::Phrase { weight, .. } | Self::Near { weight, .. } => {
                *weight
            }
        }
    }
}

fn is_at(postings: &mut (impl DocSet + ?Sized), doc: DocId) -> bool {
    postings.doc() == doc || postings.doc() < doc && postings.seek(doc) == doc
}

impl SegmentRanking {
    /// The score of an entry, to four decimals: what is left is noise of addition. `None` once it
    /// is certain to stay below `floor`.
    pub(crate) fn score(&mut self, doc: DocId, floor: f32) -> Option<f32> {
        let mut sum = 0.0;
        for index in 0..self.readers.len() {
            if sum + self.at_most[index] < floor - NOISE {
                return None;
            }
            sum += self.signal(index, doc);
        }
        Some(round(sum))
    }

    /// What each signal adds for an entry.
    pub(crate) fn parts(&mut self, doc: DocId) -> Vec<f32> {
        (0..self.readers.len())
            .map(|index| round(self.signal(index, doc)))
            .collect()
    }

    fn signal(&mut self, index: usize, doc: DocId) -> f32 {
        match &mut self.readers[index] {
            Reader::Nothing => 0.0,
            Reader::Word {
                postings,
                norms,
                weight,
                average,
            } => {
                if !is_at(postings, doc) {
                    return 0.0;
                }
                let (count, words) = (postings.term_freq() as f32, norms.fieldnorm(doc) as f32);
                *weight * count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * words / *average))
            }
            Reader::Pair { postings, weight } => {
                if is_at(postings, doc) {
                    *weight
                } else {
                    0.0
                }
            }
            Reader::Phrase { scorer, weight } => {
                if is_at(scorer.as_mut(), doc) {
                    *weight
                } else {
                    0.0
                }
            }
            Reader::Near {
                left,
                right,
                weight,
            } => {
                if !is_at(left.as_mut(), doc) || !is_at(right.as_mut(), doc) {
                    return 0.0;
                }
                left.positions(&mut self.left);
                right.positions(&mut self.right);
                match least_distance(&self.left, &self.right) {
                    Some(distance) => {
                        *weight * HALF_DISTANCE
                            / (HALF_DISTANCE + distance.saturating_sub(2) as f32)
                    }
                    None => 0.0,
                }
            }
        }
    }
}

fn round(score: f32) -> f32 {
    (score * 10_000.0).round() / 10_000.0
}

/// The least distance between a position of one list and one of the other; both are sorted.
fn least_distance(left: &[u32], right: &[u32]) -> Option<u32> {
    let (mut i, mut j) = (0, 0);
    let mut least = None;
    while let (Some(&l), Some(&r)) = (left.get(i), right.get(j)) {
        let distance = l.abs_diff(r);
        least = Some(least.map_or(distance, |d: u32| d.min(distance)));
        if l < r {
            i += 1;
        } else {
            j += 1;
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_is_the_least_of_all() {
        assert_eq!(least_distance(&[1, 50], &[10, 47, 90]), Some(3));
        assert_eq!(least_distance(&[5], &[5]), Some(0));
        assert_eq!(least_distance(&[], &[1]), None);
    }
}
