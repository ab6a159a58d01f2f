//! Gathers the terms of a commit: names of the lexicon, titles, headings and issuers, words and
//! frequent phrases of the texts.
//!
//! Of a large index a part is read, whole documents chosen by their ids, so that time and memory stay
//! the same however large it is; what is rare there may be missing.

use std::collections::HashMap;

use duibiao_corpus::Script;
use duibiao_index::{Head, Normal, Unit};
use duibiao_lexicon::Lexicon;
use tantivy::schema::TantivyDocument;
use tantivy::{DocAddress, TantivyError};

use super::phrases::Phrases;
use super::terms::{Gathered, TermKind, Terms};
use crate::deadline::Halt;
use crate::engine::{Engine, Snapshot, text_of};
use crate::error::{Error, engine};

/// Entries that are read.
const MOST_ENTRIES: u64 = 130_000;
/// Characters of running text in which phrases are counted.
const MOST_CHARS: usize = 10_000_000;
/// Terms that are kept beside those of the lexicon, the most used ones.
const MOST_TERMS: usize = 150_000;
/// A heading that is longer is a sentence.
const LONGEST_HEADING: usize = 30;
/// A title that is longer is not typed.
const LONGEST_TITLE: usize = 60;
/// What ends a sentence, which is no heading even where it stands as one.
const STOPS: &[char] = &['。', '；', '：', ';', ':', '！', '？'];
/// Characters with which a query would mean something else.
const SPECIAL: &[char] = &['"', '“', '”', '(', '（', '-', ':', '：'];

/// The terms of a commit.
pub(super) fn gather(owner: &Engine, snapshot: &Snapshot) -> Result<Terms, Error> {
    let mut gathering = Gathering {
        owner,
        terms: HashMap::new(),
        phrases: Phrases::default(),
        chars: 0,
    };
    gathering.read(snapshot).map_err(engine)?;
    gathering.phrases();
    gathering.keep_most_used();
    gathering.lexicon(owner.lexicon());
    Ok(Terms::new(gathering.terms, owner.lexicon().readings()))
}

/// The names and words of the lexicon alone, whatever the index holds.
pub(super) fn of_lexicon(owner: &Engine) -> Terms {
    let mut gathering = Gathering {
        owner,
        terms: HashMap::new(),
        phrases: Phrases::default(),
        chars: 0,
    };
    gathering.lexicon(owner.lexicon());
    Terms::new(gathering.terms, owner.lexicon().readings())
}

struct Gathering<'e> {
    owner: &'e Engine,
    terms: HashMap<String, Gathered>,
    phrases: Phrases,
    /// Characters of running text so far.
    chars: usize,
}

impl Gathering<'_> {
    /// Reads titles, headings, issuers and texts.
    fn read(&mut self, snapshot: &Snapshot) -> Result<(), Halt> {
        let entries: u64 = snapshot.searcher.num_docs();
        // Ids are hashes: the documents below any of them are a fair choice.
        let below = match entries {
            0..=MOST_ENTRIES => u64::MAX,
            _ => u64::MAX / entries * MOST_ENTRIES,
        };
        for (number, segment) in snapshot.searcher.segment_readers().iter().enumerate() {
            let columns = segment.fast_fields();
            let document = columns.u64("document")?;
            let ordinal = columns.u64("ordinal")?;
            let Some(unit) = columns.str("unit")? else {
                continue;
            };
            let named = |name: Unit| unit.dictionary().term_ord(name.as_str().as_bytes());
            let measure = named(Unit::Measure).map_err(TantivyError::from)?;
            let frame = named(Unit::Frame).map_err(TantivyError::from)?;
            for doc in segment.doc_ids_alive() {
                if document.first(doc).unwrap_or(0) > below {
                    continue;
                }
                let own = unit.ords().first(doc);
                let (is_measure, is_frame) = (own == measure, own == frame);
                if own.is_none() || !is_measure && !is_frame {
                    continue;
                }
                let entry = snapshot.searcher.doc(DocAddress::new(number as u32, doc))?;
                self.entry(&entry, is_measure, ordinal.first(doc) == Some(1));
            }
        }
        Ok(())
    }

    fn entry(&mut self, entry: &TantivyDocument, is_measure: bool, is_first: bool) {
        let fields = &self.owner.fields;
        let text = text_of(entry, fields.original);
        let head = text_of(entry, fields.head);
        let mut script = Script::Hans;
        // Of most entries nothing of the head is needed, and it is long.
        if is_first || head.contains("\"is_traditional\":true") {
            let head: Head = serde_json::from_str(head).unwrap_or_default();
            if head.is_traditional {
                script = Script::Hant;
            }
            if is_first {
                self.head(&head, script);
            }
        }
        if is_measure {
            if self.chars < MOST_CHARS {
                self.text(text, script);
            }
        } else if text.len() <= 4 * (LONGEST_HEADING + 10)
            && text_of(entry, fields.body).contains("\"is_heading\":true")
        {
            self.heading(text, script);
        }
    }

    fn head(&mut self, head: &Head, script: Script) {
        if let Some(title) = &head.title {
            self.long(&title.value, TermKind::Title, LONGEST_TITLE, script);
        }
        if let Some(issuer) = &head.issuer {
            self.long(
                &issuer.value,
                TermKind::Institution,
                LONGEST_HEADING,
                script,
            );
        }
    }

    fn heading(&mut self, text: &str, script: Script) {
        let text = without_marker(text.trim()).trim_end_matches(STOPS);
        if !text.contains(STOPS) {
            self.long(text, TermKind::Heading, LONGEST_HEADING, script);
        }
    }

    /// A title, a heading, a name: one term as a whole.
    fn long(&mut self, text: &str, kind: TermKind, longest: usize, script: Script) {
        let shown: String = text.split_whitespace().collect();
        let folded = self.owner.analyzer.fold(&shown, script);
        let normal = Normal::new(&folded);
        let chars = normal.text.chars().count();
        if !(2..=longest).contains(&chars) || normal.text.starts_with(SPECIAL) {
            return;
        }
        let mut starts = Vec::new();
        let mut at = 0u8;
        self.owner.analyzer.tiles(&normal, |word| {
            let length = word.chars().count() as u8;
            if length > 1 {
                starts.push(at);
            }
            at = at.saturating_add(length);
        });
        let shown = (*folded != normal.text).then(|| folded.into_owned());
        let term = Gathered {
            kind,
            uses: 1,
            shown,
            starts,
        };
        self.add(normal.text, term);
    }

    fn text(&mut self, text: &str, script: Script) {
        let folded = self.owner.analyzer.fold(text, script);
        let normal = Normal::new(&folded);
        self.chars += normal.origin.len();
        let phrases = &mut self.phrases;
        self.owner
            .analyzer
            .tiles(&normal, |word| phrases.word(word));
        phrases.end();
    }

    fn phrases(&mut self) {
        let phrases = std::mem::take(&mut self.phrases);
        phrases.each(|text, uses, starts| {
            let term = Gathered {
                kind: TermKind::Phrase,
                uses,
                shown: None,
                starts: starts.to_vec(),
            };
            self.add(text, term);
        });
    }

    fn keep_most_used(&mut self) {
        if self.terms.len() <= MOST_TERMS {
            return;
        }
        let mut terms: Vec<(String, Gathered)> = self.terms.drain().collect();
        terms.sort_by(|(a_text, a), (b_text, b)| {
            (b.uses, a.kind, a_text).cmp(&(a.uses, b.kind, b_text))
        });
        terms.truncate(MOST_TERMS);
        self.terms.extend(terms);
    }

    /// Names and words that someone thought of, most of which were counted already.
    fn lexicon(&mut self, lexicon: &Lexicon) {
        let analyzer = &self.owner.analyzer;
        let themes = lexicon.taxonomy().themes().iter();
        let names = themes.clone().map(|t| (t.name.as_str(), TermKind::Theme));
        let places = lexicon.gazetteer().places();
        let places = places.flat_map(|(_, place)| {
            let names = [place.name.as_str(), place.short.as_str()];
            names.map(|name| (name, TermKind::Place))
        });
        let terms = themes.flat_map(|theme| theme.terms.iter().map(|term| term.text.as_str()));
        let dictionary = lexicon.dictionary().iter().map(|word| word.word.as_str());
        let groups = lexicon.synonyms().groups().iter();
        let synonyms = groups.flat_map(|group| group.members.iter().map(String::as_str));
        let words = terms.chain(dictionary).chain(synonyms);
        let words = words.map(|word| (word, TermKind::Phrase));
        for (word, kind) in names.chain(places).chain(words) {
            let text = analyzer.comparable(word);
            if text.chars().count() < 2 || text.starts_with(SPECIAL) {
                continue;
            }
            let term = Gathered {
                kind,
                uses: 0,
                shown: (text != word).then(|| word.to_owned()),
                starts: vec![0],
            };
            self.add(text, term);
        }
    }

    fn add(&mut self, text: String, term: Gathered) {
        match self.terms.get_mut(&text) {
            None => {
                self.terms.insert(text, term);
            }
            Some(known) => {
                known.uses = match term.kind {
                    // Seen again as a whole; a word of the texts was counted there.
                    TermKind::Title | TermKind::Heading | TermKind::Institution => {
                        known.uses + term.uses
                    }
                    _ => known.uses.max(term.uses),
                };
                known.kind = known.kind.min(term.kind);
                if known.starts.len() < term.starts.len() {
                    known.starts = term.starts;
                }
            }
        }
    }
}

/// A heading without what numbers it.
fn without_marker(text: &str) -> &str {
    const NUMERALS: &str = "一二三四五六七八九十百〇零0123456789０１２３４５６７８９.．";
    let is_numeral = |c: char| NUMERALS.contains(c);
    let bare = text.trim_start_matches(['(', '（', '第']);
    let rest = bare.trim_start_matches(is_numeral);
    if rest.len() == bare.len() {
        return text;
    }
    let rest = rest.trim_start_matches([
        ')', '）', '、', '.', '．', '章', '节', '条', '编', '部', '分',
    ]);
    rest.trim_start_matches([')', '）', '、', ' ', '\u{3000}', ':', '：'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lose_what_numbers_them() {
        for (text, bare) in [
            ("一、总体要求", "总体要求"),
            ("（二）主要任务", "主要任务"),
            ("第三章　法律责任", "法律责任"),
            ("3.优化流程", "优化流程"),
            ("1.2 优化流程", "优化流程"),
            ("组织领导", "组织领导"),
        ] {
            assert_eq!(without_marker(text), bare);
        }
    }
}
