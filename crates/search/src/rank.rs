//! How good a match is: a sum of named signals, always added in the same order, so that equal
//! entries have equal scores in whatever segment they are.
//!
//! Words as BM25 over text, headings, problem and title together; pairs of neighbouring
//! characters, which see what words miss; terms that stand for words; a piece that stands there as
//! typed; words close to each other. What holds every piece as typed stands above all that does
//! not. It never decides whether an entry is a hit. Which signals a query has is decided in
//! [`building`], a segment is read in [`reading`], how often it has a term in [`occurrences`].

mod building;
mod occurrences;
mod reading;

use std::sync::Arc;

use duibiao_index::Fields;
use rustc_hash::FxHashMap;
use tantivy::SegmentReader;
use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::schema::Field;

use self::building::Builder;
use self::occurrences::{Dampings, dampings};
pub(crate) use self::reading::SegmentRanking;
use crate::literal::LiteralQuery;
use crate::matching::Matcher;
use crate::profiles::Entry;
use crate::request::{Part, Unit};
use crate::resolve::Term;

/// BM25 as usual: how soon more of a word stops counting, and how much length counts.
pub(crate) const K1: f32 = 1.2;
pub(crate) const B: f32 = 0.75;
/// What a word counts in each field of a passage; the text is 1.
const TITLE: f32 = 0.4;
const HEADING: f32 = 0.8;
const PROBLEM: f32 = 0.8;
/// What a word counts in a document's title.
const DOCUMENT_TITLE: f32 = 1.0;

/// One reason for a score.
#[derive(Debug, Clone, PartialEq)]
enum Signal {
    /// A word, in whichever fields.
    Word { word: String, weight: f32 },
    /// Characters that no dictionary word joins.
    Literal { text: String, weight: f32 },
    /// Pairs of neighbouring characters, each with its weight.
    Pairs(Vec<(String, f32)>),
    /// Single characters, each with its weight.
    Characters(Vec<(String, f32)>),
    /// A whole piece.
    AsTyped { text: String, weight: f32 },
    /// A term for some of the words, which tops up what these have.
    Variant {
        text: String,
        term: String,
        weight: f32,
        covers: Vec<usize>,
    },
    /// Two words close to each other.
    Near {
        left: String,
        right: String,
        weight: f32,
    },
    /// A text that stands in very many documents.
    Boilerplate,
    /// Every piece as typed: more than everything else together.
    Verbatim { weight: f32 },
}

impl Signal {
    /// The most it can add to a score.
    fn at_most(&self) -> f32 {
        let summed = |parts: &[(String, f32)]| parts.iter().map(|(_, weight)| weight).sum::<f32>();
        match self {
            Self::Word { weight, .. } => weight * (K1 + 1.0),
            Self::Pairs(parts) | Self::Characters(parts) => summed(parts) * (K1 + 1.0),
            Self::Literal { weight, .. }
            | Self::AsTyped { weight, .. }
            | Self::Variant { weight, .. }
            | Self::Near { weight, .. }
            | Self::Verbatim { weight } => *weight,
            Self::Boilerplate => 0.0,
        }
    }

    fn is_verbatim(&self) -> bool {
        matches!(self, Self::Verbatim { .. })
    }

    fn name(&self) -> String {
        match self {
            Self::Word { word, .. } => format!("word:{word}"),
            Self::Literal { text, .. } => format!("literal:{text}"),
            Self::Pairs(_) => "pairs".to_owned(),
            Self::Characters(_) => "characters".to_owned(),
            Self::AsTyped { text, .. } => format!("as_typed:{text}"),
            Self::Variant { term, .. } => format!("variant:{term}"),
            Self::Near { left, right, .. } => format!("near:{left}~{right}"),
            Self::Boilerplate => "boilerplate".to_owned(),
            Self::Verbatim { .. } => "verbatim".to_owned(),
        }
    }
}

/// A field whose words count, with what one counts there and how many there are on average.
#[derive(Debug, Clone)]
struct WordField {
    field: Field,
    share: f32,
    average: f32,
    /// What those of its entries are damped by.
    dampings: Dampings,
}

/// The fields that are read for a unit.
#[derive(Debug, Clone)]
struct Sources {
    /// The text itself comes first.
    words: Vec<WordField>,
    /// Whether all fields together are one text, and as long as all of them: a document and its
    /// title, which need not stand in the text.
    is_one_text: bool,
    exact: Field,
    /// Fields whose words were cut from what the exact one has.
    exact_words: Vec<Field>,
    /// Fields whose pairs count: the exact one and, of a document, that of its title.
    pairs: Vec<Field>,
    characters: Field,
    /// Texts that stand in very many entries, by sketch.
    common: Arc<FxHashMap<u64, u32>>,
}

/// What stands in an entry where it has one of each group.
type Phrase = Vec<Vec<Box<dyn Weight>>>;

/// The signals of a query, with everything looked up that does not depend on the segment.
pub(crate) struct Ranking {
    signals: Vec<Signal>,
    /// For each signal that is one, its phrase.
    phrases: Vec<Option<Phrase>>,
    /// All but verbatim, in the order in which they are read and added up, which is the same in
    /// every segment.
    reading_order: Vec<usize>,
    sources: Sources,
}

impl Ranking {
    pub(crate) fn new(
        term: &Term,
        unit: Unit,
        fields: &Fields,
        matcher: &Matcher<'_>,
        without: &[Part],
    ) -> tantivy::Result<Self> {
        let sources = sources(unit, fields, matcher, without);
        let mut builder = Builder::new(matcher, unit, &sources, without);
        builder.all(term)?;
        let (signals, mut verbatim) = builder.finished(term);
        let scoring = EnableScoring::disabled_from_searcher(matcher.searcher);
        let weights = |groups: Vec<Vec<Box<dyn Query>>>| -> tantivy::Result<Phrase> {
            let groups = groups.iter();
            groups
                .map(|group| group.iter().map(|query| query.weight(scoring)).collect())
                .collect()
        };
        let phrases = signals
            .iter()
            .map(|signal| match signal {
                Signal::Verbatim { .. } => verbatim.take().map(weights).transpose(),
                signal => phrase(signal, &sources)
                    .map(|query| weights(vec![vec![query]]))
                    .transpose(),
            })
            .collect::<tantivy::Result<_>>()?;
        Ok(Self {
            reading_order: reading_order(&signals),
            signals,
            phrases,
            sources,
        })
    }

    /// A ranking without any signal.
    pub(crate) fn of_nothing(unit: Unit, fields: &Fields, matcher: &Matcher<'_>) -> Self {
        Self {
            signals: Vec::new(),
            phrases: Vec::new(),
            reading_order: Vec::new(),
            sources: sources(unit, fields, matcher, &[]),
        }
    }

    /// The same signals, ready to be read from one segment with these entries.
    pub(crate) fn segment<'e>(
        &self,
        segment: &SegmentReader,
        entries: &'e [Entry],
    ) -> tantivy::Result<SegmentRanking<'e>> {
        SegmentRanking::new(self, segment, entries)
    }

    /// The score that everything with the query as typed reaches and nothing else; `None` where
    /// that makes no difference.
    pub(crate) fn as_typed(&self) -> Option<f32> {
        self.signals.iter().find_map(|signal| match signal {
            Signal::Verbatim { weight } => Some(*weight),
            _ => None,
        })
    }

    /// What each signal is called, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        self.signals.iter().map(Signal::name)
    }
}

/// Words first, the most telling ahead, so that it soon shows what an entry can still reach. What
/// refers to others stays behind them.
fn reading_order(signals: &[Signal]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..signals.len())
        .filter(|&index| !signals[index].is_verbatim())
        .collect();
    let heaviest_words = |index: &usize| match &signals[*index] {
        word @ Signal::Word { .. } => -word.at_most(),
        _ => 0.0,
    };
    order.sort_by(|a, b| heaviest_words(a).total_cmp(&heaviest_words(b)));
    order
}

/// The fields whose words count, each with what one counts there; the text itself comes first.
pub(crate) fn word_fields(unit: Unit, fields: &Fields) -> Vec<(Field, f32)> {
    match unit {
        Unit::Measure => vec![
            (fields.text, 1.0),
            (fields.heading, HEADING),
            (fields.problem, PROBLEM),
            (fields.title, TITLE),
        ],
        Unit::Document => vec![(fields.doc_text, 1.0), (fields.doc_title, DOCUMENT_TITLE)],
    }
}

fn sources(unit: Unit, fields: &Fields, matcher: &Matcher<'_>, without: &[Part]) -> Sources {
    let shares = word_fields(unit, fields);
    let kept = if without.contains(&Part::Fields) {
        1
    } else {
        shares.len()
    };
    let words = shares[..kept].iter().map(|&(field, share)| {
        let average = matcher.collection.average_words(field);
        WordField {
            field,
            share,
            average,
            dampings: dampings(average),
        }
    });
    Sources {
        words: words.collect(),
        is_one_text: unit == Unit::Document,
        exact: matcher.unit.exact,
        exact_words: matcher.unit.exact_words.clone(),
        pairs: match unit {
            Unit::Measure => vec![fields.exact],
            Unit::Document => vec![fields.doc_exact, fields.doc_title_exact],
        },
        characters: fields.doc_chars,
        common: match unit {
            Unit::Measure if !without.contains(&Part::Boilerplate) => {
                Arc::clone(&matcher.collection.common)
            }
            _ => Arc::default(),
        },
    }
}

fn phrase(signal: &Signal, sources: &Sources) -> Option<Box<dyn Query>> {
    let (Signal::Literal { text, .. }
    | Signal::AsTyped { text, .. }
    | Signal::Variant { text, .. }) = signal
    else {
        return None;
    };
    let literal = LiteralQuery::new(sources.exact, &sources.exact_words, text)?;
    Some(Box::new(literal))
}
