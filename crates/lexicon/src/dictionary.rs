//! Reads `dictionary.txt`: words that a segmenter should keep whole.
//!
//! One word a line, then if wanted its frequency and its part of speech. Segmenting itself is
//! the index's business.

use std::collections::HashMap;

use crate::problem::{Fault, Problems, check_word};
use crate::tables::{DICTIONARY, Tables, text_lines};

/// A word of the trade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DictionaryWord {
    /// The word, Simplified.
    pub word: String,
    /// How often it is taken to occur; `None` leaves that to the segmenter.
    pub frequency: Option<u32>,
    /// Part of speech in jieba's notation, such as `n`.
    pub tag: Option<String>,
}

pub(crate) fn parse(tables: &Tables, problems: &mut Problems) -> Vec<DictionaryWord> {
    let mut words = Vec::new();
    let mut lines: HashMap<&str, usize> = HashMap::new();
    for (line, text) in text_lines(tables, DICTIONARY) {
        match word(text) {
            Ok(word) => words.push(word),
            Err(fault) => problems.add(DICTIONARY, line, fault),
        }
        let key = text.split_whitespace().next().unwrap_or_default();
        if let Some(first) = lines.insert(key, line) {
            problems.add(DICTIONARY, line, Fault::duplicate("word", key, first));
        }
    }
    words
}

fn word(line: &str) -> Result<DictionaryWord, Fault> {
    let mut fields = line.split_whitespace();
    let word = fields.next().unwrap_or_default();
    check_word("word", word)?;
    let mut next = fields.next();
    let frequency: Option<u32> = match next.map(str::parse) {
        Some(Ok(number)) => {
            next = fields.next();
            Some(number)
        }
        _ => None,
    };
    let tag = next.map(str::to_owned);
    let letters = |t: &String| t.bytes().all(|b| b.is_ascii_lowercase());
    if fields.next().is_some() || !tag.iter().all(letters) || frequency == Some(0) {
        let form = "expected a word, a frequency above 0 and a tag of lowercase letters";
        return Err(Fault::Malformed(form.to_owned()));
    }
    Ok(DictionaryWord {
        word: word.to_owned(),
        frequency,
        tag,
    })
}
