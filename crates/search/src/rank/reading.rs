//! The signals of a query read from one segment. Entries are asked for in ascending order.

use std::collections::HashMap;
use std::sync::Arc;

use duibiao_index::covering_pairs;
use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::Weight;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, Term as Key};

use super::{B, K1, Phrase, Ranking, Signal, Sources, WordField};
use crate::member::Member;
use crate::statistics::postings;

/// The distance in characters at which half of what nearness counts is left.
const HALF_DISTANCE: f32 = 6.0;
/// Differences of scores below this are noise of addition.
const NOISE: f32 = 1e-3;
/// A text counts as boilerplate from so many entries with it; a formula that thirty cities copied
/// from each other is a finding, one that stands in hundreds of documents is not.
const BOILERPLATE_FROM: f32 = 100.0;
/// What is taken off at ten times as many, and at most.
const BOILERPLATE_SHARE: f32 = 0.3;
const BOILERPLATE_MOST: f32 = 0.5;

/// The signals of a query in one segment.
pub(crate) struct SegmentRanking {
    readers: Vec<Reader>,
    /// The signals but for verbatim in the order in which they are read, each with the most that
    /// those behind it can add.
    steps: Vec<(usize, f32)>,
    /// What stands above all else. It is read first, since hardly any entry that lacks it comes
    /// near one that has it, and added last.
    verbatim: Option<usize>,
    /// What each signal added for the entry at hand.
    values: Vec<f32>,
    /// How long the text of an entry is.
    lengths: Lengths,
    scratch: Scratch,
}

/// Lengths of one field or of several taken together.
struct Lengths {
    norms: Vec<FieldNormReader>,
    average: f32,
}

impl Lengths {
    fn new(fields: &[WordField], segment: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self {
            norms: fields
                .iter()
                .map(|source| segment.get_fieldnorms_reader(source.field))
                .collect::<tantivy::Result<_>>()?,
            average: fields.iter().map(|source| source.average).sum(),
        })
    }

    /// How long an entry is, 1 being the average.
    fn of(&self, doc: DocId) -> f32 {
        let words: u32 = self.norms.iter().map(|norms| norms.fieldnorm(doc)).sum();
        words as f32 / self.average
    }
}

#[derive(Default)]
struct Scratch {
    left: Vec<u32>,
    right: Vec<u32>,
}

/// A term's postings and what it weighs.
struct Weighed {
    postings: SegmentPostings,
    weight: f32,
}

/// A pair or a character in each of its fields.
struct Characters {
    fields: Vec<SegmentPostings>,
    weight: f32,
    /// The most that those behind it can add.
    left: f32,
}

/// A word in one field.
struct InField {
    postings: SegmentPostings,
    lengths: Lengths,
    share: f32,
}

enum Reader {
    /// The segment has nothing of it.
    Nothing,
    Word {
        fields: Vec<InField>,
        weight: f32,
    },
    Characters(Vec<Characters>),
    /// A literal of two characters is one pair, which is there or not.
    Present(Box<Weighed>),
    /// There where one of each group is.
    Phrase {
        groups: Vec<Vec<Member>>,
        weight: f32,
    },
    /// Tops up what the words it stands for have.
    Variant {
        phrase: Box<Reader>,
        covers: Vec<usize>,
    },
    Near {
        left: Box<SegmentPostings>,
        right: Box<SegmentPostings>,
        weight: f32,
    },
    Boilerplate {
        sketches: Column<u64>,
        common: Arc<HashMap<u64, u32>>,
    },
}

impl SegmentRanking {
    pub(super) fn new(ranking: &Ranking, segment: &SegmentReader) -> tantivy::Result<Self> {
        let sources = &ranking.sources;
        let mut readers = Vec::with_capacity(ranking.signals.len());
        for (signal, phrase) in ranking.signals.iter().zip(&ranking.phrases) {
            readers.push(reader(signal, phrase.as_ref(), sources, segment)?);
        }
        let at_most: Vec<f32> = ranking
            .signals
            .iter()
            .zip(&readers)
            .map(|(signal, reader)| match reader {
                Reader::Nothing => 0.0,
                _ => signal.at_most(),
            })
            .collect();
        let verbatim = ranking.signals.iter().position(Signal::is_verbatim);
        let mut left = 0.0;
        let mut steps: Vec<(usize, f32)> = Vec::with_capacity(readers.len());
        for &index in ranking.reading_order.iter().rev() {
            steps.push((index, left));
            left += at_most[index];
        }
        steps.reverse();
        Ok(Self {
            values: vec![0.0; readers.len()],
            readers,
            steps,
            verbatim,
            lengths: Lengths::new(sources.own(), segment)?,
            scratch: Scratch::default(),
        })
    }

    /// The score of an entry, to four decimals: what is left is noise of addition. `None` once it
    /// is certain to stay below `floor`.
    pub(crate) fn score(&mut self, doc: DocId, floor: f32) -> Option<f32> {
        let least = floor - NOISE;
        let mut verbatim = 0.0;
        if let Some(index) = self.verbatim {
            verbatim = present(&mut self.readers[index], doc);
            self.values[index] = verbatim;
        }
        let mut sum = 0.0;
        for step in 0..self.steps.len() {
            let (index, left) = self.steps[step];
            let value = self.signal(index, doc, sum, least - verbatim - sum - left)?;
            self.values[index] = value;
            sum += value;
            if sum + verbatim + left < least {
                return None;
            }
        }
        Some(round(sum + verbatim))
    }

    /// What each signal adds for an entry.
    pub(crate) fn parts(&mut self, doc: DocId) -> Vec<f32> {
        self.score(doc, f32::NEG_INFINITY);
        self.values.iter().map(|value| round(*value)).collect()
    }

    /// What a signal adds to `sum`; `None` once that is certain to be less than `needed`.
    fn signal(&mut self, index: usize, doc: DocId, sum: f32, needed: f32) -> Option<f32> {
        Some(match &mut self.readers[index] {
            Reader::Nothing => 0.0,
            Reader::Word { fields, weight } => *weight * saturated(frequency(fields, doc)),
            Reader::Characters(terms) => {
                let mut norm = None;
                let mut value = 0.0;
                for term in terms {
                    let mut count = 0;
                    for postings in &mut term.fields {
                        if is_at(postings, doc) {
                            count += postings.term_freq();
                        }
                    }
                    if count > 0 {
                        let norm = *norm.get_or_insert_with(|| damping(self.lengths.of(doc)));
                        value += term.weight * saturated(count as f32 / norm);
                    }
                    if value + term.left < needed {
                        return None;
                    }
                }
                value
            }
            Reader::Variant { phrase, covers } => {
                let full = present(phrase, doc);
                let have: f32 = covers.iter().map(|&word| self.values[word]).sum();
                (full - have).max(0.0)
            }
            Reader::Near {
                left,
                right,
                weight,
            } => *weight * nearness(left, right, doc, &mut self.scratch),
            Reader::Boilerplate { sketches, common } => {
                let sketch = sketches.first(doc).unwrap_or(0);
                let count = common.get(&sketch).copied().unwrap_or(0) as f32;
                -sum * boilerplate_share(count)
            }
            reader => present(reader, doc),
        })
    }
}

/// The share that is taken off a text that `count` entries have.
fn boilerplate_share(count: f32) -> f32 {
    if count < BOILERPLATE_FROM {
        return 0.0;
    }
    ((count / BOILERPLATE_FROM).log10() * BOILERPLATE_SHARE + 0.1).min(BOILERPLATE_MOST)
}

/// How often a word is in an entry, weighed by field and damped by length (BM25F, Robertson,
/// Zaragoza and Taylor 2004).
fn frequency(fields: &mut [InField], doc: DocId) -> f32 {
    let mut frequency = 0.0;
    for field in fields {
        if is_at(&mut field.postings, doc) {
            let count = field.postings.term_freq() as f32;
            frequency += field.share * count / damping(field.lengths.of(doc));
        }
    }
    frequency
}

fn damping(length: f32) -> f32 {
    1.0 - B + B * length
}

fn saturated(frequency: f32) -> f32 {
    frequency * (K1 + 1.0) / (K1 + frequency)
}

/// What a literal adds: its weight where it stands in the entry.
fn present(reader: &mut Reader, doc: DocId) -> f32 {
    let (is_there, weight) = match reader {
        Reader::Present(term) => (is_at(&mut term.postings, doc), term.weight),
        Reader::Phrase { groups, weight } => {
            let mut groups = groups.iter_mut();
            let is_there = groups.all(|group| group.iter_mut().any(|member| member.has(doc)));
            (is_there, *weight)
        }
        _ => (false, 0.0),
    };
    if is_there { weight } else { 0.0 }
}

fn nearness(
    left: &mut SegmentPostings,
    right: &mut SegmentPostings,
    doc: DocId,
    scratch: &mut Scratch,
) -> f32 {
    if !is_at(left, doc) || !is_at(right, doc) {
        return 0.0;
    }
    left.positions(&mut scratch.left);
    right.positions(&mut scratch.right);
    least_distance(&scratch.left, &scratch.right).map_or(0.0, |distance| {
        HALF_DISTANCE / (HALF_DISTANCE + distance.saturating_sub(2) as f32)
    })
}

fn reader(
    signal: &Signal,
    phrase: Option<&Phrase>,
    sources: &Sources,
    segment: &SegmentReader,
) -> tantivy::Result<Reader> {
    Ok(match signal {
        Signal::Word { word, weight } => word_reader(word, *weight, sources, segment)?,
        Signal::Pairs(parts) => characters_reader(parts, &sources.pairs, segment)?,
        Signal::Characters(parts) => characters_reader(parts, &[sources.characters], segment)?,
        Signal::Literal { text, weight } | Signal::AsTyped { text, weight } => {
            literal_reader(text, *weight, phrase, sources.exact, segment)?
        }
        Signal::Variant {
            text,
            weight,
            covers,
            ..
        } => match literal_reader(text, *weight, phrase, sources.exact, segment)? {
            Reader::Nothing => Reader::Nothing,
            phrase => Reader::Variant {
                phrase: Box::new(phrase),
                covers: covers.clone(),
            },
        },
        Signal::Near {
            left,
            right,
            weight,
        } => {
            let option = IndexRecordOption::WithFreqsAndPositions;
            let first = |text| first_pair(text, option, sources.exact, segment);
            match (first(left)?, first(right)?) {
                (Some(left), Some(right)) => Reader::Near {
                    left: Box::new(left),
                    right: Box::new(right),
                    weight: *weight,
                },
                _ => Reader::Nothing,
            }
        }
        Signal::Boilerplate => Reader::Boilerplate {
            sketches: segment.fast_fields().u64("sketch")?,
            common: Arc::clone(&sources.common),
        },
        Signal::Verbatim { weight } => match phrase {
            Some(phrase) => Reader::Phrase {
                groups: members(phrase, segment)?,
                weight: *weight,
            },
            None => Reader::Nothing,
        },
    })
}

fn word_reader(
    word: &str,
    weight: f32,
    sources: &Sources,
    segment: &SegmentReader,
) -> tantivy::Result<Reader> {
    let mut fields = Vec::with_capacity(sources.words.len());
    for source in &sources.words {
        let key = Key::from_field_text(source.field, word);
        if let Some(postings) = postings(segment, &key, IndexRecordOption::WithFreqs)? {
            fields.push(InField {
                postings,
                lengths: match sources.is_one_text {
                    true => Lengths::new(sources.own(), segment)?,
                    false => Lengths::new(&[*source], segment)?,
                },
                share: source.share,
            });
        }
    }
    Ok(if fields.is_empty() {
        Reader::Nothing
    } else {
        Reader::Word { fields, weight }
    })
}

fn characters_reader(
    parts: &[(String, f32)],
    fields: &[Field],
    segment: &SegmentReader,
) -> tantivy::Result<Reader> {
    let mut terms = Vec::with_capacity(parts.len());
    for (term, weight) in parts {
        let mut found = Vec::with_capacity(fields.len());
        for field in fields {
            let key = Key::from_field_text(*field, term);
            found.extend(postings(segment, &key, IndexRecordOption::WithFreqs)?);
        }
        if !found.is_empty() {
            terms.push(Characters {
                fields: found,
                weight: *weight,
                left: 0.0,
            });
        }
    }
    let mut left = 0.0;
    for term in terms.iter_mut().rev() {
        term.left = left;
        left += term.weight * (K1 + 1.0);
    }
    Ok(if terms.is_empty() {
        Reader::Nothing
    } else {
        Reader::Characters(terms)
    })
}

fn literal_reader(
    text: &str,
    weight: f32,
    phrase: Option<&Phrase>,
    exact: Field,
    segment: &SegmentReader,
) -> tantivy::Result<Reader> {
    Ok(match phrase {
        Some(phrase) => Reader::Phrase {
            groups: members(phrase, segment)?,
            weight,
        },
        None => first_pair(text, IndexRecordOption::Basic, exact, segment)?
            .map_or(Reader::Nothing, |postings| {
                Reader::Present(Box::new(Weighed { postings, weight }))
            }),
    })
}

/// The members of a phrase, before any entry: none looks for its first match.
fn members(phrase: &Phrase, segment: &SegmentReader) -> tantivy::Result<Vec<Vec<Member>>> {
    let group = |group: &Vec<Box<dyn Weight>>| {
        let members = group.iter();
        members
            .map(|weight| Member::at(0, weight.as_ref(), segment))
            .collect()
    };
    phrase.iter().map(group).collect()
}

fn first_pair(
    text: &str,
    option: IndexRecordOption,
    exact: Field,
    segment: &SegmentReader,
) -> tantivy::Result<Option<SegmentPostings>> {
    match covering_pairs(text).first() {
        Some((_, pair)) => postings(segment, &Key::from_field_text(exact, pair), option),
        None => Ok(None),
    }
}

fn is_at(postings: &mut (impl DocSet + ?Sized), doc: DocId) -> bool {
    postings.doc() == doc || postings.doc() < doc && postings.seek(doc) == doc
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
    fn the_least_distance_of_two_lists() {
        assert_eq!(least_distance(&[1, 9, 30], &[12, 40]), Some(3));
        assert_eq!(least_distance(&[], &[1]), None);
    }

    #[test]
    fn only_what_hundreds_have_is_boilerplate() {
        assert_eq!(boilerplate_share(30.0), 0.0);
        assert!(boilerplate_share(300.0) > 0.2);
        assert!(boilerplate_share(1e9) <= BOILERPLATE_MOST);
    }
}
