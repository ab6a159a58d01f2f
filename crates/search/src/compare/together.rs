//! Whether a passage says what was typed, or only has its words here and there.
//!
//! A search finds both and puts the first above the second. A table has no order by which its
//! reader could tell: 物业服务 in one sentence and 中介机构 in the next are no 中介服务, and a cell must
//! not claim it.

use duibiao_index::Analyzer;

use crate::matching::Added;
use crate::resolve::{Piece, Term};
use crate::response::Hit;

/// A piece of more words than this tells a matter, and its words may be spread over several
/// sentences.
const MOST_WORDS: usize = 4;
/// What ends a sentence of comparable text, in which ；：！？ have become narrow.
const ENDS: [char; 5] = ['。', ';', ':', '!', '?'];

/// What has to stand together.
pub(super) struct Together<'t> {
    term: &'t Term,
    added: Added,
    analyzer: &'t Analyzer,
}

impl<'t> Together<'t> {
    /// `None` where nothing of a query can fall apart.
    pub(super) fn new(term: &'t Term, added: Added, analyzer: &'t Analyzer) -> Option<Self> {
        let may_fall_apart = |term: &&Term| matches!(term, Term::Piece(piece) if is_cut(piece));
        let pieces = term.positive();
        pieces.iter().any(may_fall_apart).then_some(Self {
            term,
            added,
            analyzer,
        })
    }

    /// Whether what was typed stands in the passage, its headings, its problem or the title: as a
    /// whole, in other words, or with all its words in one sentence.
    pub(super) fn holds(&self, hit: &Hit) -> bool {
        let texts = hit.text.iter().chain(&hit.title).chain(&hit.heading_path);
        let texts = texts.chain(&hit.problem);
        let texts: Vec<String> = texts.map(|text| self.analyzer.comparable(text)).collect();
        self.term_holds(self.term, &texts)
    }

    fn term_holds(&self, term: &Term, texts: &[String]) -> bool {
        match term {
            Term::Piece(piece) => self.piece_holds(piece, texts),
            Term::Literal { forms, .. } => forms.iter().any(|form| is_in(form, texts)),
            Term::And(terms) => terms.iter().all(|term| self.term_holds(term, texts)),
            Term::Or(terms) => terms.iter().any(|term| self.term_holds(term, texts)),
            Term::Title(_) | Term::Filter(_) | Term::Not(_) => true,
        }
    }

    fn piece_holds(&self, piece: &Piece, texts: &[String]) -> bool {
        if !is_cut(piece) {
            return true;
        }
        let added = piece.variants.iter().filter(|v| self.added.counts(v));
        let of_all = added
            .clone()
            .filter(|v| v.leaves.len() == piece.leaves.len());
        let mut whole = piece.forms().chain(of_all.map(|v| v.text.as_str()));
        if whole.any(|form| is_in(form, texts)) {
            return true;
        }
        let has_word = |sentence: &str, leaf: usize| {
            sentence.contains(piece.leaves[leaf].text())
                || added
                    .clone()
                    .any(|v| v.leaves.contains(&leaf) && sentence.contains(v.text.as_str()))
        };
        let mut sentences = texts.iter().flat_map(|text| text.split(ENDS));
        sentences.any(|sentence| (0..piece.leaves.len()).all(|leaf| has_word(sentence, leaf)))
    }
}

/// Whether a piece is looked for as several words that have to be near.
fn is_cut(piece: &Piece) -> bool {
    (2..=MOST_WORDS).contains(&piece.leaves.len())
}

fn is_in(form: &str, texts: &[String]) -> bool {
    texts.iter().any(|text| text.contains(form))
}
