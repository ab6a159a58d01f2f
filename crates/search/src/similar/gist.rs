//! What a passage is about, as words with what each weighs: rare words much, common ones little,
//! numbers and names of places nothing, because these differ from city to city where the matter
//! is the same.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use duibiao_corpus::Script;
use duibiao_index::{Analyzer, Fields, Normal};
use duibiao_lexicon::Gazetteer;
use tantivy::schema::Field;
use tantivy::{Searcher, Term as Key};

use crate::statistics::Collection;

/// Words of a text that are looked up; the rest of a long passage adds hardly anything.
const MOST_OF_TEXT: usize = 40;
/// Words of the headings, and of the title.
const MOST_AROUND: usize = 12;
/// What words count that stand in the headings or the title, against those of the text: they say
/// what a passage is about where its own words are those of any other.
const HEADING_SHARE: f32 = 0.4;
const TITLE_SHARE: f32 = 0.3;
/// Longer texts are not read to their end.
const MOST_CHARS: usize = 6_000;

/// What a passage stands under.
pub(super) struct Source<'a> {
    /// Its headings and the problem it answers.
    pub(super) around: &'a str,
    pub(super) title: &'a str,
    pub(super) script: Script,
}

/// A word that is looked up in one field.
pub(super) struct Wanted {
    pub(super) key: Key,
    pub(super) field: Field,
    pub(super) weight: f32,
}

/// A text as words and what each weighs in it.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Words(BTreeMap<String, f32>);

/// Cuts texts into weighed words.
pub(crate) struct Weigher<'a> {
    pub(crate) analyzer: &'a Analyzer,
    pub(crate) gazetteer: &'a Gazetteer,
    pub(crate) searcher: &'a Searcher,
    pub(crate) collection: &'a Collection,
    pub(crate) fields: &'a Fields,
    /// How rare words are that were met before; none of those that say nothing. Passages about one
    /// thing have most words in common.
    pub(crate) met: RefCell<HashMap<String, Option<f32>>>,
}

impl Weigher<'_> {
    /// The words of a text, weighed by how rare they are among all passages (tf·idf, Salton and
    /// Buckley 1988, with the logarithm of tf).
    pub(super) fn words(&self, text: &str, script: Script) -> tantivy::Result<Words> {
        let head: String = text.chars().take(MOST_CHARS).collect();
        let normal = Normal::new(&self.analyzer.fold(&head, script));
        let mut counts: HashMap<&str, u32> = HashMap::new();
        self.analyzer.words(&normal, |word| {
            *counts.entry(word.text).or_default() += 1;
        });
        let mut words = BTreeMap::new();
        for (word, count) in counts {
            if let Some(idf) = self.idf(word)? {
                words.insert(word.to_owned(), (1.0 + (count as f32).ln()) * idf);
            }
        }
        Ok(Words(words))
    }

    /// How rare a word is; `None` where it says nothing.
    pub(crate) fn idf(&self, word: &str) -> tantivy::Result<Option<f32>> {
        if let Some(known) = self.met.borrow().get(word) {
            return Ok(*known);
        }
        let idf = if self.says_something(word) {
            let key = Key::from_field_text(self.fields.text, word);
            let frequency = self.collection.frequency(self.searcher, &key)?;
            Some(self.collection.idf(frequency))
        } else {
            None
        };
        self.met.borrow_mut().insert(word.to_owned(), idf);
        Ok(idf)
    }

    fn says_something(&self, word: &str) -> bool {
        word.chars().nth(1).is_some()
            && word.chars().any(|c| c.is_alphabetic() && !is_numeral(c))
            && !is_number_of_part(word)
            && self.gazetteer.name(word).is_none()
    }

    /// What is looked up to find passages that are about the same.
    pub(super) fn wanted(&self, source: &Source<'_>, own: &Words) -> tantivy::Result<Vec<Wanted>> {
        let fields = self.fields;
        let around = self.words(source.around, source.script)?;
        let title = self.words(source.title, source.script)?;
        let in_field = |words: &Words, field, most, share| -> Vec<Wanted> {
            let wanted = |(word, weight): (&str, f32)| Wanted {
                key: Key::from_field_text(field, word),
                field,
                weight: share * weight,
            };
            words.heaviest().take(most).map(wanted).collect()
        };
        let mut wanted = in_field(own, fields.text, MOST_OF_TEXT, 1.0);
        wanted.extend(in_field(
            &around,
            fields.heading,
            MOST_AROUND,
            HEADING_SHARE,
        ));
        wanted.extend(in_field(&title, fields.title, MOST_AROUND, TITLE_SHARE));
        Ok(wanted)
    }
}

/// Whether it is what a part of a document is numbered with, as 第十二条: elsewhere the same has
/// another number.
fn is_number_of_part(word: &str) -> bool {
    let number = word
        .strip_prefix('第')
        .map(|rest| rest.trim_start_matches(is_numeral));
    number.is_some_and(|unit| unit.chars().count() <= 1)
}

/// Digits of Chinese numbers, which are letters to Unicode.
fn is_numeral(c: char) -> bool {
    "〇零一二三四五六七八九十百千万亿第".contains(c) || c.is_ascii_digit()
}

impl Words {
    /// Words by weight, the heaviest first.
    pub(super) fn heaviest(&self) -> impl Iterator<Item = (&str, f32)> {
        let mut all: Vec<(&str, f32)> = self.0.iter().map(|(w, v)| (w.as_str(), *v)).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        all.into_iter()
    }

    /// How long it is as a direction: 0 without a word.
    fn length(&self) -> f32 {
        self.0.values().map(|v| v * v).sum::<f32>().sqrt()
    }

    /// How alike two texts are by their words: the cosine of the angle between them, 0 to 1.
    pub(super) fn likeness(&self, other: &Self) -> f32 {
        let product: f32 = self.shared(other).map(|(_, a, b)| a * b).sum();
        let lengths = self.length() * other.length();
        if lengths > 0.0 {
            (product / lengths).min(1.0)
        } else {
            0.0
        }
    }

    /// Words that both have, with what each weighs here and there.
    fn shared<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (&'a str, f32, f32)> {
        self.0
            .iter()
            .filter_map(|(word, own)| Some((word.as_str(), *own, *other.0.get(word)?)))
    }

    /// The words that both have, those that make them most alike first; a word inside one that is
    /// named already is not named again.
    pub(super) fn most_shared(&self, other: &Self, most: usize) -> Vec<String> {
        let mut shared: Vec<(&str, f32)> = self.shared(other).map(|(w, a, b)| (w, a * b)).collect();
        shared.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        let mut named: Vec<String> = Vec::new();
        for (word, _) in shared {
            if named.len() == most {
                break;
            }
            if !named.iter().any(|known| known.contains(word)) {
                named.retain(|known| !word.contains(known.as_str()));
                named.push(word.to_owned());
            }
        }
        named
    }
}
