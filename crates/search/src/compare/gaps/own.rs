//! The sentences of the city that is asked for, as words that others can be compared with: what says
//! the same in other words must not be called a gap.
//!
//! Sentences and not passages: an article of ten items is like another in its items, and a measure is
//! one of them. Words weigh what they weigh where passages about the same are looked for.

use std::cell::RefCell;
use std::collections::HashMap;

use duibiao_corpus::Script;
use duibiao_index::{Head, Normal, Unit};
use tantivy::DocAddress;

use crate::compare::gaps::cities::Cities;
use crate::compare::gaps::standing::all_of;
use crate::engine::text_of;
use crate::error::{Error, engine};
use crate::run::Search;
use crate::similar::Weigher;

/// Words of which so many sentences of the city have one are not looked up.
const MOST_WITH: f32 = 0.1;
/// Sentences with fewer words are headings and enumerations, which are like any other.
const LEAST_WORDS: usize = 4;

/// Words that more than every thirtieth passage has, as 机构 and 建设, are about anything.
pub(super) const RARE: f32 = 3.4;
/// Words that less than every sixtieth has say something by themselves.
pub(super) const TELLING: f32 = 4.1;

/// The sentences of the city.
pub(super) struct OwnPassages<'a> {
    weigher: Weigher<'a>,
    /// Each word with its number and what it weighs; nothing for what says nothing.
    words: HashMap<String, Option<(u32, f32)>>,
    sentences: Vec<Sentence>,
    /// For each word the sentences that have it, with what it weighs in each.
    having: Vec<Vec<(u32, f32)>>,
    /// Headings and furniture, which searches do not find, in comparable form.
    frames: Vec<(DocAddress, String)>,
    /// Passages that can be hits.
    passages: u64,
}

struct Sentence {
    address: DocAddress,
    length: f32,
    text: String,
}

/// Words of a sentence by number, with what each weighs.
pub(super) type Weights = Vec<(u32, f32)>;

/// A passage of the city beside a sentence of another.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Nearest {
    pub(super) address: DocAddress,
    pub(super) likeness: f32,
    /// The words that make them alike, the weightiest first.
    pub(super) shared: Vec<String>,
}

/// Words that are named as shared.
const MOST_SHARED: usize = 6;

impl<'a> OwnPassages<'a> {
    /// Reads every passage of the city, whatever the filters.
    pub(super) fn read(search: &Search<'a>, cities: &Cities) -> Result<Self, Error> {
        let mut own = Self {
            weigher: Weigher {
                analyzer: &search.engine.analyzer,
                gazetteer: search.engine.lexicon().gazetteer(),
                searcher: &search.snapshot.searcher,
                collection: &search.snapshot.statistics.measures,
                fields: &search.engine.fields,
                met: RefCell::default(),
            },
            words: HashMap::new(),
            sentences: Vec::new(),
            having: Vec::new(),
            frames: Vec::new(),
            passages: 0,
        };
        let profiles = search.snapshot.profiles.as_ref();
        for unit in [Unit::Measure, Unit::Frame] {
            let all = all_of(search, unit, &[])?;
            // Neighbours are mostly of one document.
            let mut last: Option<(u32, Script)> = None;
            for (number, docs) in all.segments.iter().enumerate() {
                let entries = profiles.segment(number);
                for &doc in docs {
                    let entry = entries[doc as usize];
                    if cities.of(entry, profiles) != Some(0) {
                        continue;
                    }
                    search.deadline().check().map_err(engine)?;
                    let address = DocAddress::new(number as u32, doc);
                    let stored = search.read(address)?;
                    let text = text_of(&stored, search.engine.fields.original);
                    if unit == Unit::Frame {
                        let text = search.engine.analyzer.comparable(text);
                        own.frames.push((address, text));
                        continue;
                    }
                    let script = match last {
                        Some((document, script)) if document == entry.document => script,
                        _ => {
                            let head = text_of(&stored, search.engine.fields.head);
                            let head: Head = serde_json::from_str(head)?;
                            script_of(&head)
                        }
                    };
                    last = Some((entry.document, script));
                    let folded = search.engine.analyzer.fold(text, script);
                    own.add(address, &Normal::new(&folded))?;
                }
            }
        }
        Ok(own)
    }

    fn add(&mut self, address: DocAddress, text: &Normal) -> Result<(), Error> {
        self.passages += 1;
        for (place, weights) in self.weights(text, true)? {
            let number = self.sentences.len() as u32;
            for (word, weight) in &weights {
                self.having[*word as usize].push((number, *weight));
            }
            self.sentences.push(Sentence {
                address,
                length: length(&weights),
                text: text
                    .text
                    .split(is_end)
                    .nth(place)
                    .unwrap_or_default()
                    .to_owned(),
            });
        }
        Ok(())
    }

    /// The words of each sentence of a comparable text that has enough of them, with its number. Words that the city does
    /// not have are numbered only where they are to be `learnt`; else they count to the length alone.
    fn weights(&mut self, text: &Normal, learnt: bool) -> Result<Vec<(usize, Weights)>, Error> {
        let ends = text.text.chars().enumerate();
        let ends: Vec<u32> = ends
            .filter(|(_, c)| is_end(*c))
            .map(|(at, _)| at as u32)
            .collect();
        let mut found: Vec<(usize, &str)> = Vec::new();
        self.weigher.analyzer.words(text, |word| {
            let sentence = ends.partition_point(|end| *end < word.chars.start);
            found.push((sentence, word.text));
        });
        let mut all: Vec<(usize, Weights)> = Vec::new();
        for sentence in found.chunk_by(|a, b| a.0 == b.0) {
            let mut weights = Weights::new();
            for (_, word) in sentence {
                if let Some((number, weight)) = self.word(word, learnt)? {
                    weights.push((number, weight));
                }
            }
            weights.sort_by_key(|(number, _)| *number);
            // Said twice is not said double; what is not numbered stands each for itself.
            weights.dedup_by(|a, b| a.0 == b.0 && a.0 != UNKNOWN);
            if weights.len() >= LEAST_WORDS {
                all.push((sentence[0].0, weights));
            }
        }
        Ok(all)
    }

    fn word(&mut self, word: &str, learnt: bool) -> Result<Option<(u32, f32)>, Error> {
        if let Some(known) = self.words.get(word) {
            return Ok(*known);
        }
        let weight = self.weigher.idf(word).map_err(engine)?;
        if !learnt {
            return Ok(weight.map(|weight| (UNKNOWN, weight)));
        }
        let number = self.having.len() as u32;
        let known = weight.map(|weight| (number, weight));
        if known.is_some() {
            self.having.push(Vec::new());
        }
        self.words.insert(word.to_owned(), known);
        Ok(known)
    }

    /// How many passages there are that can be hits.
    pub(super) fn len(&self) -> u64 {
        self.passages
    }

    /// The passage with the sentence whose words are most like those of some comparable text of one
    /// sentence, and that says one of some pieces of the matter.
    pub(super) fn nearest(
        &mut self,
        sentence: &str,
        pieces: &[String],
        least: f32,
    ) -> Result<Option<Nearest>, Error> {
        let weights = self.weights(&Normal::new(sentence), false)?.into_iter();
        let weights = weights.map(|(_, weights)| weights).collect::<Vec<_>>();
        let weights = weights.concat();
        let own = length(&weights);
        let most = ((self.sentences.len() as f32 * MOST_WITH) as usize).max(50);
        let mut products: HashMap<u32, f32> = HashMap::new();
        for (word, weight) in weights.iter().filter(|(word, _)| *word != UNKNOWN) {
            let having = &self.having[*word as usize];
            if having.len() <= most {
                for (number, its) in having {
                    *products.entry(*number).or_default() += weight * its;
                }
            }
        }
        let likeness = |number: u32, product: f32| {
            let lengths = self.sentences[number as usize].length * own;
            if lengths > 0.0 {
                product / lengths
            } else {
                0.0
            }
        };
        let is_of_matter = |number: u32| {
            let text = &self.sentences[number as usize].text;
            pieces.iter().any(|piece| text.contains(piece.as_str()))
        };
        let alike = products
            .iter()
            .map(|(n, product)| (likeness(*n, *product), *n));
        let alike = alike.filter(|(likeness, n)| *likeness >= least && is_of_matter(*n));
        // Equal ones by where they stand, so that an answer is always the same.
        let best = alike.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        Ok(best.map(|(likeness, number)| Nearest {
            address: self.sentences[number as usize].address,
            likeness,
            shared: self.shared(&weights, number),
        }))
    }

    /// Words inside a comparable text that are so rare (an idf): what is said in other words has one of
    /// them.
    pub(super) fn pieces(&self, text: &str, least: f32) -> Result<Vec<String>, Error> {
        let mut words: Vec<String> = Vec::new();
        self.weigher.analyzer.words(&Normal::new(text), |word| {
            if word.text != text && word.text.chars().nth(1).is_some() {
                words.push(word.text.to_owned());
            }
        });
        let mut pieces = Vec::new();
        for word in words {
            let rarity = self.weigher.idf(&word).map_err(engine)?;
            if rarity.is_some_and(|rarity| rarity >= least) && !pieces.contains(&word) {
                pieces.push(word);
            }
        }
        Ok(pieces)
    }

    fn shared(&self, weights: &Weights, sentence: u32) -> Vec<String> {
        let has = |word: u32| {
            let having = &self.having[word as usize];
            let place = having.partition_point(|(number, _)| *number < sentence);
            having
                .get(place)
                .is_some_and(|(number, _)| *number == sentence)
        };
        let shared = weights.iter().filter(|(w, _)| *w != UNKNOWN && has(*w));
        let mut shared: Vec<(u32, f32)> = shared.copied().collect();
        shared.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let named = |number: u32| {
            let is_it = |known: &Option<(u32, f32)>| known.is_some_and(|(own, _)| own == number);
            let mut words = self.words.iter();
            words.find(|(_, known)| is_it(known)).map(|(word, _)| word)
        };
        let mut names: Vec<String> = Vec::new();
        for word in shared.iter().filter_map(|(number, _)| named(*number)) {
            if names.len() == MOST_SHARED {
                break;
            }
            if !names.iter().any(|known| known.contains(word.as_str())) {
                names.push(word.clone());
            }
        }
        names
    }

    /// A heading or a piece of furniture with one of some comparable texts.
    pub(super) fn frame_with(&self, texts: &[String]) -> Option<DocAddress> {
        let has = |text: &String| texts.iter().any(|own| text.contains(own.as_str()));
        let mut frames = self.frames.iter();
        frames.find(|(_, text)| has(text)).map(|(at, _)| *at)
    }
}

/// The number of words that the city does not have.
const UNKNOWN: u32 = u32::MAX;

fn length(weights: &Weights) -> f32 {
    weights.iter().map(|(_, v)| v * v).sum::<f32>().sqrt()
}

/// Whether a sentence of comparable text ends here.
pub(super) fn is_end(c: char) -> bool {
    matches!(c, '。' | ';' | '!' | '?' | '…')
}

fn script_of(head: &Head) -> Script {
    if head.is_traditional {
        Script::Hant
    } else {
        Script::Hans
    }
}
