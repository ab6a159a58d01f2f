//! Reads `readings.txt`: how the characters of a word are read where they are read otherwise alone.
//!
//! One word a line, then a syllable for each character. Who reads what where is the search's
//! business.

use std::collections::{HashMap, HashSet};

use crate::problem::{Fault, Problems, check_word};
use crate::tables::{READINGS, Tables, text_lines};

/// Words with the syllable of each of their characters.
#[derive(Debug, Default)]
pub struct Readings {
    by_word: HashMap<String, Vec<String>>,
    /// First characters of words.
    firsts: HashSet<char>,
    /// Characters of the longest word.
    longest: usize,
}

impl Readings {
    /// The syllables of a word of the table, without tones; ü is v.
    pub fn of(&self, word: &str) -> Option<&[String]> {
        self.by_word.get(word).map(Vec::as_slice)
    }

    /// Whether a word of the table begins with a character.
    pub fn begin_with(&self, c: char) -> bool {
        self.firsts.contains(&c)
    }

    /// How many characters the longest word has.
    pub fn longest(&self) -> usize {
        self.longest
    }
}

pub(crate) fn parse(tables: &Tables, problems: &mut Problems) -> Readings {
    let mut readings = Readings::default();
    let mut lines: HashMap<&str, usize> = HashMap::new();
    for (line, text) in text_lines(tables, READINGS) {
        match reading(text) {
            Ok((word, syllables)) => {
                readings.longest = readings.longest.max(syllables.len());
                readings.firsts.extend(word.chars().next());
                readings.by_word.insert(word.to_owned(), syllables);
                if let Some(first) = lines.insert(word, line) {
                    problems.add(READINGS, line, Fault::duplicate("word", word, first));
                }
            }
            Err(fault) => problems.add(READINGS, line, fault),
        }
    }
    readings
}

fn reading(line: &str) -> Result<(&str, Vec<String>), Fault> {
    let mut fields = line.split_whitespace();
    let word = fields.next().unwrap_or_default();
    check_word("word", word)?;
    let syllables: Vec<String> = fields.map(str::to_owned).collect();
    let is_syllable = |s: &String| s.bytes().all(|b| b.is_ascii_lowercase());
    if syllables.len() != word.chars().count() || !syllables.iter().all(is_syllable) {
        let form = "expected a word and a syllable of lowercase letters for each character";
        return Err(Fault::Malformed(form.to_owned()));
    }
    Ok((word, syllables))
}
