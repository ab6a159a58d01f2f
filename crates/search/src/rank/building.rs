//! The signals of a query: what is looked for, how much each part of it tells.

use duibiao_index::{Leaf, pairs};
use tantivy::query::Query;
use tantivy::schema::Field;

use super::{Signal, Sources};
use crate::matching::{Matcher, conjuncts};
use crate::request::{Part, Unit};
use crate::resolve::{Piece, Term};

/// What pairs and single characters count beside words (`benches/relevance.md`).
const PAIRS: f32 = 1.0;
const CHARACTERS: f32 = 1.0;
/// What a piece counts that stands there as typed, in weights of its words.
const AS_TYPED: f32 = 0.8;
/// What two words side by side count, in weights of the lighter one.
const NEAR: f32 = 0.6;
/// Pairs of neighbouring words that are looked at.
const MOST_NEAR: usize = 8;
/// Characters of a piece that are looked at singly and in pairs; a longer one has said enough.
const MOST_CHARACTERS: usize = 128;

/// Queries of which an entry must have one of each group.
type Groups = Vec<Vec<Box<dyn Query>>>;

pub(super) struct Builder<'a> {
    matcher: &'a Matcher<'a>,
    unit: Unit,
    sources: &'a Sources,
    without: &'a [Part],
    /// Words and loose characters first, everything that may refer to them behind.
    signals: Vec<Signal>,
    /// Leaves of two or more characters in the order typed, with their weights.
    order: Vec<(String, f32)>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        matcher: &'a Matcher<'a>,
        unit: Unit,
        sources: &'a Sources,
        without: &'a [Part],
    ) -> Self {
        Self {
            matcher,
            unit,
            sources,
            without,
            signals: Vec::new(),
            order: Vec::new(),
        }
    }

    fn has(&self, part: Part) -> bool {
        !self.without.contains(&part)
    }

    /// Words of every piece first: variants refer to them by number.
    pub(super) fn all(&mut self, term: &Term) -> tantivy::Result<()> {
        let mut pieces: Vec<(&Piece, Vec<usize>)> = Vec::new();
        let mut literals: Vec<&[String]> = Vec::new();
        for part in term.positive() {
            match part {
                Term::Piece(piece) | Term::Title(piece) => {
                    let places = self.words(piece)?;
                    pieces.push((piece, places));
                }
                Term::Literal { forms, .. } => literals.push(forms),
                Term::Filter(_) | Term::Not(_) | Term::Or(_) | Term::And(_) => {}
            }
        }
        for forms in literals {
            self.literal(forms)?;
        }
        let mut all_pairs: Vec<Option<usize>> = Vec::with_capacity(pieces.len());
        for (piece, _) in &pieces {
            let are_counted = self.unit == Unit::Document || piece.leaves.len() > 2;
            all_pairs.push(match are_counted {
                true => self.characters(&piece.text)?,
                false => None,
            });
        }
        for ((piece, places), pairs) in pieces.iter().zip(all_pairs) {
            let whole = [pairs, self.whole(piece)?];
            self.variants(piece, places, &whole)?;
        }
        self.near();
        Ok(())
    }

    /// The words of a piece; gives the number of each leaf's signal.
    fn words(&mut self, piece: &Piece) -> tantivy::Result<Vec<usize>> {
        let mut places = Vec::with_capacity(piece.leaves.len());
        for leaf in &piece.leaves {
            let weight = self.matcher.weight(leaf)?;
            let text = leaf.text().to_owned();
            if text.chars().count() > 1 {
                self.order.push((text.clone(), weight));
            }
            places.push(self.push(match leaf {
                Leaf::Word(_) if self.has(Part::Words) => Signal::Word { word: text, weight },
                Leaf::Word(_) => Signal::Word {
                    word: text,
                    weight: 0.0,
                },
                Leaf::Literal(_) => Signal::Literal { text, weight },
            }));
        }
        Ok(places)
    }

    fn literal(&mut self, forms: &[String]) -> tantivy::Result<()> {
        for (number, text) in forms.iter().enumerate() {
            let weight = self.matcher.collection.idf(self.matcher.rarest_term(text)?);
            self.push(Signal::Literal {
                text: text.clone(),
                weight,
            });
            if number == 0 && text.chars().count() > 1 {
                self.order.push((text.clone(), weight));
            }
        }
        Ok(())
    }

    /// Pairs of a piece and, for documents, its characters; gives the number of the pairs' signal.
    fn characters(&mut self, text: &str) -> tantivy::Result<Option<usize>> {
        let idf = |fields: &[Field], term: &str| -> tantivy::Result<f32> {
            let mut most = 0;
            for field in fields {
                most = most.max(self.matcher.frequency(*field, term)?);
            }
            Ok(self.matcher.collection.idf(most))
        };
        let end = text
            .char_indices()
            .nth(MOST_CHARACTERS)
            .map_or(text.len(), |(byte, _)| byte);
        let is_text = |term: &&str| term.chars().all(char::is_alphanumeric);
        let mut found = Vec::new();
        for pair in pairs(&text[..end]).filter(is_text) {
            let weight = idf(&self.sources.pairs, pair)? * PAIRS;
            add(&mut found, pair, weight);
        }
        let mut single = Vec::new();
        if self.unit == Unit::Document {
            for (begin, c) in text[..end].char_indices() {
                let character = &text[begin..begin + c.len_utf8()];
                if c.is_alphanumeric() {
                    let weight = idf(&[self.sources.characters], character)? * CHARACTERS;
                    add(&mut single, character, weight);
                }
            }
        }
        // The most telling first: it soon shows what an entry can still reach.
        for terms in [&mut found, &mut single] {
            terms.sort_by(|a, b| b.1.total_cmp(&a.1));
        }
        let has_pairs = !found.is_empty() && self.has(Part::Pairs);
        let number = has_pairs.then(|| self.push(Signal::Pairs(found)));
        if !single.is_empty() && self.has(Part::Characters) {
            self.push(Signal::Characters(single));
        }
        Ok(number)
    }

    fn whole(&mut self, piece: &Piece) -> tantivy::Result<Option<usize>> {
        if piece.leaves.len() < 2 || !self.has(Part::AsTyped) {
            return Ok(None);
        }
        let weight = self.weight_of(piece, 0..piece.leaves.len())?;
        Ok(Some(self.push(Signal::AsTyped {
            text: piece.text.clone(),
            weight: weight * AS_TYPED,
        })))
    }

    /// A term that stands for words has what these would have, one occurrence in a text of
    /// average length each, and a little for being rare itself. One that stands for a whole piece
    /// tops up what all of that has: beside the piece as typed it adds nothing.
    fn variants(
        &mut self,
        piece: &Piece,
        places: &[usize],
        whole: &[Option<usize>],
    ) -> tantivy::Result<()> {
        // Several terms for the same words count once, as the best of them.
        let mut earlier: Vec<(std::ops::Range<usize>, usize)> = Vec::new();
        for variant in &piece.variants {
            if self.matcher.added.counts(variant) {
                let weight = self.weight_of(piece, variant.leaves.clone())?;
                let mut covers = places[variant.leaves.clone()].to_vec();
                let same = earlier
                    .iter()
                    .filter(|(leaves, _)| *leaves == variant.leaves);
                covers.extend(same.map(|(_, signal)| *signal));
                if variant.leaves == (0..piece.leaves.len()) {
                    covers.extend(whole.iter().flatten());
                }
                let signal = self.push(Signal::Variant {
                    text: variant.text.clone(),
                    term: variant.term.clone(),
                    weight: weight * variant.kind.share() * (1.0 + PAIRS),
                    covers,
                });
                earlier.push((variant.leaves.clone(), signal));
            }
        }
        Ok(())
    }

    fn weight_of(&self, piece: &Piece, leaves: std::ops::Range<usize>) -> tantivy::Result<f32> {
        let mut sum = 0.0;
        for leaf in &piece.leaves[leaves] {
            sum += self.matcher.weight(leaf)?;
        }
        Ok(sum)
    }

    /// Nearness is for passages: words of a document are rarely far apart somewhere.
    fn near(&mut self) {
        if self.unit == Unit::Document || !self.has(Part::Near) {
            return;
        }
        let near: Vec<Signal> = self
            .order
            .windows(2)
            .filter(|pair| pair[0].0 != pair[1].0)
            .take(MOST_NEAR)
            .map(|pair| Signal::Near {
                left: pair[0].0.clone(),
                right: pair[1].0.clone(),
                weight: pair[0].1.min(pair[1].1) * NEAR,
            })
            .collect();
        for signal in near {
            self.push(signal);
        }
    }

    /// The number of a signal, which is added unless it is there.
    fn push(&mut self, signal: Signal) -> usize {
        self.signals
            .iter()
            .position(|known| *known == signal)
            .unwrap_or_else(|| {
                self.signals.push(signal);
                self.signals.len() - 1
            })
    }

    /// The signals in order, with what every piece as typed is found by.
    pub(super) fn finished(mut self, term: &Term) -> (Vec<Signal>, Option<Groups>) {
        if !self.sources.common.is_empty() && !self.signals.is_empty() {
            self.signals.push(Signal::Boilerplate);
        }
        let verbatim = if self.has(Part::Verbatim) {
            verbatim(term, self.matcher)
        } else {
            None
        };
        if verbatim.is_some() {
            let rest: f32 = self.signals.iter().map(Signal::at_most).sum();
            self.signals.push(Signal::Verbatim {
                weight: rest.ceil() + 1.0,
            });
        }
        (self.signals, verbatim)
    }
}

fn add(found: &mut Vec<(String, f32)>, term: &str, weight: f32) {
    if found.iter().all(|(known, _)| known != term) {
        found.push((term.to_owned(), weight));
    }
}

/// What finds every piece as typed; `None` where every hit has that anyway.
fn verbatim(term: &Term, matcher: &Matcher<'_>) -> Option<Groups> {
    let mut all: Groups = Vec::new();
    let mut is_certain = true;
    for part in conjuncts(term) {
        let forms: Vec<&Piece> = match part {
            Term::Piece(piece) => vec![piece],
            Term::Or(terms) => terms
                .iter()
                .filter_map(|term| match term {
                    Term::Piece(piece) => Some(piece),
                    _ => None,
                })
                .collect(),
            _ => continue,
        };
        is_certain &= forms
            .iter()
            .all(|piece| piece.leaves.len() == 1 && !piece.has_added());
        let literals: Vec<Box<dyn Query>> = forms
            .iter()
            .flat_map(|piece| piece.forms())
            .map(|form| matcher.literal(form))
            .collect();
        if !literals.is_empty() {
            all.push(literals);
        }
    }
    // Of several pieces, one may be found in the title alone.
    let is_certain = is_certain && all.len() < 2;
    (!is_certain && !all.is_empty()).then_some(all)
}
