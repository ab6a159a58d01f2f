//! Which entries match: a resolved query as the engine's queries. Ranking is elsewhere.

use std::ops::Bound;

use duibiao_index::{Fields, Grams, Leaf, Unit as Entries};
use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, InvertedIndexRangeQuery, Occur, PhraseQuery, Query,
    RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term as Key};

use crate::cover::CoverQuery;
use crate::filter::{Resolved, Values};
use crate::request::Unit;
use crate::resolve::{Piece, Term};
use crate::statistics::{Collection, frequency};

/// The share of a piece's weight that its words in an entry must carry.
const LEAST_SHARE: f32 = 2.0 / 3.0;

/// The fields of one unit.
#[derive(Debug, Clone)]
pub(crate) struct UnitFields {
    pub(crate) entries: Entries,
    pub(crate) title: Field,
    pub(crate) text: Field,
    pub(crate) exact: Field,
    /// Characters of the title, where an entry owns one.
    pub(crate) title_exact: Option<Field>,
    pub(crate) grams: Grams,
    /// Whether a title is the entry's own, so that it alone makes the entry match.
    pub(crate) owns_title: bool,
}

impl UnitFields {
    pub(crate) fn new(fields: &Fields, unit: Unit) -> Self {
        match unit {
            Unit::Measure => Self {
                entries: Entries::Measure,
                title: fields.title,
                text: fields.text,
                exact: fields.exact,
                title_exact: None,
                grams: Grams::Pairs,
                owns_title: false,
            },
            Unit::Document => Self {
                entries: Entries::Document,
                title: fields.doc_title,
                text: fields.doc_text,
                exact: fields.doc_exact,
                title_exact: Some(fields.doc_title_exact),
                grams: Grams::Single,
                owns_title: true,
            },
        }
    }
}

/// Builds the engine's queries for one unit.
pub(crate) struct Matcher<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) unit: &'a UnitFields,
    pub(crate) searcher: &'a Searcher,
    pub(crate) collection: &'a Collection,
}

impl Matcher<'_> {
    /// Entries with everything that is asked for.
    pub(crate) fn full(&self, term: &Term) -> tantivy::Result<Box<dyn Query>> {
        let terms = conjuncts(term);
        let (optional, required): (Vec<&Term>, Vec<&Term>) =
            terms.iter().partition(|t| t.is_optional());
        let mut clauses = self.required(&required)?;
        let several = optional.len() > 1;
        let mut bodies = Vec::new();
        for term in optional {
            // A title is context for the pieces a passage has, never its only match.
            clauses.push((
                Occur::Must,
                if several {
                    self.anywhere(term)?
                } else {
                    self.query(term)?
                },
            ));
            if several && !self.unit.owns_title {
                bodies.push(self.query(term)?);
            }
        }
        if !bodies.is_empty() {
            clauses.push((Occur::Must, Box::new(BooleanQuery::union(bodies))));
        }
        self.base(term, clauses)
    }

    /// Entries with some of the pieces, whether or not with all; `None` where nothing is optional.
    pub(crate) fn partial(&self, term: &Term) -> tantivy::Result<Option<Box<dyn Query>>> {
        let terms = conjuncts(term);
        let (optional, required): (Vec<&Term>, Vec<&Term>) =
            terms.iter().partition(|t| t.is_optional());
        if optional.len() < 2 {
            return Ok(None);
        }
        let mut clauses = self.required(&required)?;
        let some = optional
            .into_iter()
            .map(|t| self.query(t))
            .collect::<tantivy::Result<Vec<_>>>()?;
        clauses.push((Occur::Must, Box::new(BooleanQuery::union(some))));
        Ok(Some(self.base(term, clauses)?))
    }

    fn required(&self, terms: &[&Term]) -> tantivy::Result<Vec<(Occur, Box<dyn Query>)>> {
        terms
            .iter()
            .map(|term| match term {
                Term::Not(inner) => Ok((Occur::MustNot, self.query(inner)?)),
                term => Ok((Occur::Must, self.query(term)?)),
            })
            .collect()
    }

    /// Adds the unit where no text field implies it.
    fn base(
        &self,
        term: &Term,
        mut clauses: Vec<(Occur, Box<dyn Query>)>,
    ) -> tantivy::Result<Box<dyn Query>> {
        if !term.is_positive_text() || !matches!(term, Term::Piece(_) | Term::Literal(_)) {
            let unit = Key::from_field_text(self.fields.unit, self.unit.entries.as_str());
            clauses.push((
                Occur::Must,
                Box::new(TermQuery::new(unit, IndexRecordOption::Basic)),
            ));
        }
        Ok(if clauses.len() == 1 && clauses[0].0 == Occur::Must {
            clauses.remove(0).1
        } else {
            Box::new(BooleanQuery::new(clauses))
        })
    }

    fn query(&self, term: &Term) -> tantivy::Result<Box<dyn Query>> {
        Ok(match term {
            Term::Piece(piece) => self.piece(piece)?,
            Term::Literal(text) => self.literal(text),
            Term::Spellings(texts) => Box::new(BooleanQuery::union(
                texts.iter().map(|t| self.unquoted(t)).collect(),
            )),
            Term::Scripts(scripts) => {
                let is_quoted = matches!(*scripts.simplified, Term::Literal(_));
                let mut any = vec![self.query(&scripts.simplified)?];
                any.extend(scripts.as_typed.iter().map(|text| match is_quoted {
                    true => self.literal(text),
                    false => self.unquoted(text),
                }));
                Box::new(BooleanQuery::union(any))
            }
            Term::Title(piece) => self.title(piece)?,
            Term::Filter(filter) => self.filter(filter),
            Term::Not(inner) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, Box::new(AllQuery)),
                (Occur::MustNot, self.query(inner)?),
            ])),
            Term::Or(terms) => Box::new(BooleanQuery::union(
                terms
                    .iter()
                    .map(|t| self.query(t))
                    .collect::<tantivy::Result<_>>()?,
            )),
            Term::And(terms) => Box::new(BooleanQuery::intersection(
                terms
                    .iter()
                    .map(|t| self.query(t))
                    .collect::<tantivy::Result<_>>()?,
            )),
        })
    }

    /// Like `query`, the title counted in.
    fn anywhere(&self, term: &Term) -> tantivy::Result<Box<dyn Query>> {
        let body = self.query(term)?;
        let piece = match term {
            Term::Scripts(scripts) => scripts.simplified.as_ref(),
            term => term,
        };
        match piece {
            Term::Piece(piece) if !self.unit.owns_title => Ok(Box::new(BooleanQuery::union(vec![
                body,
                self.title(piece)?,
            ]))),
            _ => Ok(body),
        }
    }

    /// Queries for entries that have anything of a positive part: for the passage that shows best
    /// why a document matched.
    pub(crate) fn any_of(&self, term: &Term) -> tantivy::Result<Vec<Box<dyn Query>>> {
        match term {
            Term::Piece(piece) | Term::Title(piece) => Ok(piece
                .leaves
                .iter()
                .map(|leaf| self.leaf(leaf))
                .chain([self.literal(&piece.text)])
                .collect()),
            Term::Scripts(scripts) => {
                let mut any = self.any_of(&scripts.simplified)?;
                any.extend(scripts.as_typed.iter().map(|text| self.literal(text)));
                Ok(any)
            }
            other => Ok(vec![self.query(other)?]),
        }
    }

    /// Entries with leaves that carry enough of the piece. Leaves are matched as they stand, not
    /// as words: what literally holds the piece is never missed, wherever words were cut.
    fn piece(&self, piece: &Piece) -> tantivy::Result<Box<dyn Query>> {
        self.cover(&piece.leaves, |leaf| self.leaf(leaf))
    }

    /// Entries with enough of the piece as words of their title.
    fn title(&self, piece: &Piece) -> tantivy::Result<Box<dyn Query>> {
        self.cover(&piece.leaves, |leaf| self.in_title(leaf))
    }

    /// Passages have the title as words only: characters nobody joins are words each.
    fn in_title(&self, leaf: &Leaf) -> Box<dyn Query> {
        let (title, text) = (self.unit.title, leaf.text());
        match (self.unit.title_exact, leaf) {
            (Some(exact), _) => Box::new(BooleanQuery::union(vec![
                term_query(title, text),
                literal(exact, self.unit.grams, text),
            ])),
            (None, Leaf::Word(word)) => term_query(title, word),
            (None, Leaf::Literal(text)) => Box::new(BooleanQuery::intersection(
                text.chars()
                    .map(|c| term_query(title, c.encode_utf8(&mut [0; 4])))
                    .collect(),
            )),
        }
    }

    fn cover(
        &self,
        leaves: &[Leaf],
        query: impl Fn(&Leaf) -> Box<dyn Query>,
    ) -> tantivy::Result<Box<dyn Query>> {
        let mut parts: Vec<(Box<dyn Query>, f32)> = Vec::with_capacity(leaves.len());
        for leaf in leaves {
            parts.push((query(leaf), self.weight(leaf)?));
        }
        Ok(match parts.len() {
            1 => parts.remove(0).0,
            // Two words are both needed, however unequal.
            2 => Box::new(BooleanQuery::intersection(
                parts.into_iter().map(|(query, _)| query).collect(),
            )),
            _ => {
                let total: f32 = parts.iter().map(|(_, weight)| weight).sum();
                Box::new(CoverQuery {
                    parts,
                    least: total * LEAST_SHARE - 1e-3,
                })
            }
        })
    }

    /// A document's exact field has no pairs, so its words are asked first.
    fn leaf(&self, leaf: &Leaf) -> Box<dyn Query> {
        let literal = self.unquoted(leaf.text());
        match (self.unit.grams, leaf) {
            (Grams::Single, Leaf::Word(word)) => Box::new(BooleanQuery::union(vec![
                term_query(self.unit.text, word),
                literal,
            ])),
            _ => literal,
        }
    }

    /// How telling a leaf is.
    pub(crate) fn weight(&self, leaf: &Leaf) -> tantivy::Result<f32> {
        let count = match leaf {
            Leaf::Word(word) => {
                frequency(self.searcher, &Key::from_field_text(self.unit.text, word))?
            }
            Leaf::Literal(text) => self.rarest_term(text)?,
        };
        Ok(self.collection.idf(count))
    }

    /// An upper bound of how many entries have a literal.
    pub(crate) fn rarest_term(&self, text: &str) -> tantivy::Result<u64> {
        let mut least = u64::MAX;
        for (_, term) in self.unit.grams.cover(text) {
            least = least.min(frequency(
                self.searcher,
                &Key::from_field_text(self.unit.exact, term),
            )?);
        }
        Ok(if least == u64::MAX {
            self.collection.entries
        } else {
            least
        })
    }

    /// Entries in which comparable text literally occurs.
    pub(crate) fn literal(&self, text: &str) -> Box<dyn Query> {
        literal(self.unit.exact, self.unit.grams, text)
    }

    /// The same, a title that is the entry's own counted in, which quotes do not ask for.
    fn unquoted(&self, text: &str) -> Box<dyn Query> {
        match self.unit.title_exact {
            None => self.literal(text),
            Some(title) => Box::new(BooleanQuery::union(vec![
                self.literal(text),
                literal(title, self.unit.grams, text),
            ])),
        }
    }

    fn filter(&self, filter: &Resolved) -> Box<dyn Query> {
        let Ok(field) = self.searcher.schema().get_field(filter.name) else {
            return Box::new(EmptyQuery);
        };
        let any: Vec<Box<dyn Query>> = match &filter.values {
            Values::Keys(keys) => keys.iter().map(|key| term_query(field, key)).collect(),
            Values::Numbers(ranges) => ranges
                .iter()
                .map(|range| {
                    let bound = |number: &u64| Bound::Included(Key::from_field_u64(field, *number));
                    Box::new(RangeQuery::new(bound(range.start()), bound(range.end())))
                        as Box<dyn Query>
                })
                .collect(),
        };
        Box::new(BooleanQuery::union(any))
    }
}

fn term_query(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(
        Key::from_field_text(field, text),
        IndexRecordOption::Basic,
    ))
}

/// Entries whose `exact` field has `text`: as a phrase of its terms, or, for one character among
/// pairs, by any pair that begins with it.
fn literal(exact: Field, grams: Grams, text: &str) -> Box<dyn Query> {
    let terms = grams.cover(text);
    let key = |term: &str| Key::from_field_text(exact, term);
    match (terms.len(), text.chars().next()) {
        (0, None) => Box::new(EmptyQuery),
        (0, Some(only)) => {
            let next = char::from_u32(only as u32 + 1).unwrap_or(char::MAX);
            Box::new(InvertedIndexRangeQuery::new(
                Bound::Included(key(only.encode_utf8(&mut [0; 4]))),
                Bound::Excluded(key(next.encode_utf8(&mut [0; 4]))),
            ))
        }
        (1, _) => Box::new(TermQuery::new(key(terms[0].1), IndexRecordOption::Basic)),
        _ => Box::new(PhraseQuery::new_with_offset(
            terms
                .into_iter()
                .map(|(offset, term)| (offset, key(term)))
                .collect(),
        )),
    }
}

/// The parts that are all asked for.
pub(crate) fn conjuncts(term: &Term) -> &[Term] {
    match term {
        Term::And(terms) => terms,
        other => std::slice::from_ref(other),
    }
}
