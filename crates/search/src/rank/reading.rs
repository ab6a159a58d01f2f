//! The signals of a query read from one segment. Entries are asked for in ascending order.

use std::sync::Arc;

use duibiao_index::covering_pairs;
use rustc_hash::FxHashMap;
use tantivy::columnar::Column;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::Weight;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, SegmentReader, Term as Key};

use super::occurrences::{Lengths, Occurrences, saturated};
use super::{K1, Phrase, Ranking, Signal, Sources};
use crate::member::Member;
use crate::profiles::Entry;
use crate::statistics::{is_at, postings};

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
pub(crate) struct SegmentRanking<'e> {
    readers: Vec<Reader>,
    /// The signals but for verbatim in the order in which they are read, each with the most that
    /// those behind it can add.
    steps: Vec<(usize, f32)>,
    /// How many of these are words, which are read first: they are cheap and tell most.
    words: usize,
    /// The most that all of them together can add.
    most: f32,
    /// What terms top up, at most and what of.
    topped: Vec<Topped>,
    /// What stands above all else, and the most that it can add. It is read behind the words, since
    /// hardly any entry that lacks it comes near one that has it, and added last.
    verbatim: Option<(usize, f32)>,
    /// What each signal added for the entry at hand.
    values: Vec<f32>,
    lengths: Lengths<'e>,
    scratch: Scratch,
}

#[derive(Default)]
struct Scratch {
    left: Vec<u32>,
    right: Vec<u32>,
}

/// Terms that stand for the same words: together they add what the best of them weighs at most, less
/// what the words have.
struct Topped {
    most: f32,
    words: Vec<usize>,
    /// The last of them.
    last: usize,
}

/// A term's postings and what it weighs.
struct Weighed {
    postings: SegmentPostings,
    weight: f32,
}

/// A pair or a character.
struct Characters {
    occurrences: Occurrences,
    weight: f32,
    /// The most that those behind it can add.
    left: f32,
}

enum Reader {
    /// The segment has nothing of it.
    Nothing,
    Word {
        occurrences: Box<Occurrences>,
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
        weight: f32,
    },
    Near {
        left: Box<SegmentPostings>,
        right: Box<SegmentPostings>,
        weight: f32,
    },
    Boilerplate {
        sketches: Column<u64>,
        common: Arc<FxHashMap<u64, u32>>,
    },
}

impl<'e> SegmentRanking<'e> {
    pub(super) fn new(
        ranking: &Ranking,
        segment: &SegmentReader,
        entries: &'e [Entry],
    ) -> tantivy::Result<Self> {
        let sources = &ranking.sources;
        let mut readers = Vec::with_capacity(ranking.signals.len());
        for (signal, phrase) in ranking.signals.iter().zip(&ranking.phrases) {
            readers.push(reader(signal, phrase.as_ref(), sources, segment)?);
        }
        let mut at_most: Vec<f32> = ranking
            .signals
            .iter()
            .zip(&readers)
            .map(|(signal, reader)| match reader {
                Reader::Nothing => 0.0,
                _ => signal.at_most(),
            })
            .collect();
        let topped = topped(&readers, &mut at_most);
        let verbatim = ranking.signals.iter().position(Signal::is_verbatim);
        let mut left = 0.0;
        let mut steps: Vec<(usize, f32)> = Vec::with_capacity(readers.len());
        for &index in ranking.reading_order.iter().rev() {
            steps.push((index, left));
            left += at_most[index];
        }
        steps.reverse();
        let is_word =
            |(index, _): &&(usize, f32)| matches!(ranking.signals[*index], Signal::Word { .. });
        Ok(Self {
            words: steps.iter().take_while(is_word).count(),
            most: left,
            topped,
            values: vec![0.0; readers.len()],
            readers,
            steps,
            verbatim: verbatim.map(|index| (index, at_most[index])),
            lengths: Lengths::new(sources, entries),
            scratch: Scratch::default(),
        })
    }

    /// The score of an entry, to four decimals: what is left is noise of addition. `None` once it
    /// is certain to stay below `floor`.
    pub(crate) fn score(&mut self, doc: DocId, floor: f32) -> Option<f32> {
        let least = floor - NOISE;
        // Taken to be there until it is read.
        let mut verbatim = self.verbatim.map_or(0.0, |(_, most)| most);
        let (mut sum, mut left) = (0.0, self.most);
        for step in 0..=self.steps.len() {
            if step == self.words && sum + verbatim + left - self.had() < least {
                return None;
            }
            if let Some((index, _)) = self.verbatim.filter(|_| step == self.words) {
                verbatim = present(&mut self.readers[index], doc);
                self.values[index] = verbatim;
            }
            if sum + verbatim + left < least {
                return None;
            }
            let Some(&(index, behind)) = self.steps.get(step) else {
                break;
            };
            left = behind;
            let value = self.signal(index, doc, sum, least - verbatim - sum - left)?;
            self.values[index] = value;
            sum += value;
        }
        Some(round(sum + verbatim))
    }

    /// What terms cannot top up, because the words that were read have it already.
    fn had(&self) -> f32 {
        let groups = self.topped.iter();
        let had = groups.map(|group| {
            let words = group.words.iter();
            let have: f32 = words.map(|&word| self.values[word]).sum();
            have.min(group.most)
        });
        had.sum()
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
            Reader::Word {
                occurrences,
                weight,
            } => *weight * saturated(occurrences.frequency(doc, &self.lengths)),
            Reader::Characters(terms) => {
                let mut norm = None;
                let mut value = 0.0;
                for term in terms {
                    let count = term.occurrences.frequency(doc, &self.lengths);
                    if count > 0.0 {
                        let norm = *norm.get_or_insert_with(|| self.lengths.damping(doc, 0));
                        value += term.weight * saturated(count / norm);
                    }
                    if value + term.left < needed {
                        return None;
                    }
                }
                value
            }
            Reader::Variant {
                phrase,
                covers,
                weight,
            } => {
                let have: f32 = covers.iter().map(|&word| self.values[word]).sum();
                let most = (*weight - have).max(0.0);
                if most < needed {
                    return None;
                }
                if most == 0.0 {
                    0.0
                } else {
                    (present(phrase, doc) - have).max(0.0)
                }
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

/// Terms by the words they stand for; of `at_most` only what each can add beside those read behind it
/// is left.
fn topped(readers: &[Reader], at_most: &mut [f32]) -> Vec<Topped> {
    let mut groups: Vec<Topped> = Vec::new();
    for (index, reader) in readers.iter().enumerate() {
        let Reader::Variant { covers, weight, .. } = reader else {
            continue;
        };
        match groups.iter_mut().find(|group| covers.contains(&group.last)) {
            Some(group) => {
                group.most = group.most.max(*weight);
                group.last = index;
            }
            None => {
                let is_word = |word: &&usize| matches!(readers[**word], Reader::Word { .. });
                groups.push(Topped {
                    most: *weight,
                    words: covers.iter().filter(is_word).copied().collect(),
                    last: index,
                });
            }
        }
    }
    for group in &groups {
        let mut behind: f32 = 0.0;
        let mut next = Some(group.last);
        while let Some(index) = next {
            let Reader::Variant { covers, weight, .. } = &readers[index] else {
                break;
            };
            at_most[index] = (*weight - behind).max(0.0);
            behind = behind.max(*weight);
            let is_term = |other: &usize| matches!(readers[*other], Reader::Variant { .. });
            next = covers.iter().copied().filter(is_term).max();
        }
    }
    groups
}

/// The share that is taken off a text that `count` entries have.
fn boilerplate_share(count: f32) -> f32 {
    if count < BOILERPLATE_FROM {
        return 0.0;
    }
    ((count / BOILERPLATE_FROM).log10() * BOILERPLATE_SHARE + 0.1).min(BOILERPLATE_MOST)
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
        Signal::Word { word, weight } => match Occurrences::of_word(word, sources, segment)? {
            Some(occurrences) => Reader::Word {
                occurrences: Box::new(occurrences),
                weight: *weight,
            },
            None => Reader::Nothing,
        },
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
                weight: *weight,
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

fn characters_reader(
    parts: &[(String, f32)],
    fields: &[Field],
    segment: &SegmentReader,
) -> tantivy::Result<Reader> {
    let mut terms = Vec::with_capacity(parts.len());
    for (term, weight) in parts {
        let found = Occurrences::of_characters(term, fields, segment)?;
        terms.extend(found.map(|occurrences| Characters {
            occurrences,
            weight: *weight,
            left: 0.0,
        }));
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
