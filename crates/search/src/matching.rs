//! Which entries match: a resolved query as the engine's queries. Ranking is elsewhere.

use std::ops::{Bound, RangeInclusive};

use duibiao_corpus::{Level, ThemeId};
use duibiao_index::{Fields, Leaf, Unit as Entries, covering_pairs};
use tantivy::query::{AllQuery, BooleanQuery, EmptyQuery, Occur, Query, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term as Key};

use crate::cover::CoverQuery;
use crate::filter::{PLACE, PLACE_FIELDS, Resolved, Values, WITHOUT};
use crate::literal::LiteralQuery;
use crate::prefix::PrefixQuery;
use crate::request::Unit;
use crate::resolve::{Piece, Term};
use crate::statistics::Collection;
use crate::variants::{Variant, VariantKind};

/// The share of a piece's weight that its words in an entry must carry.
const LEAST_SHARE: f32 = 2.0 / 3.0;
/// The share that makes an entry worth showing behind those, where they are few. Of 515 questions
/// of laymen to 58,731 articles of law, none of the answers found at any share lay below
/// (`benches/relevance.md`). Of a passage, which is shorter, more is asked.
const LEAST_PARTIAL_SHARE: f32 = 1.0 / 8.0;
const LEAST_PARTIAL_SHARE_OF_PASSAGES: f32 = 1.0 / 4.0;

/// Which added terms count beside what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Added {
    /// None.
    Nothing,
    /// Those that mean the same.
    Same,
    /// Those about something akin too.
    Related,
}

impl Added {
    pub(crate) fn counts(self, variant: &Variant) -> bool {
        self >= match variant.kind {
            VariantKind::Form => Self::Nothing,
            VariantKind::Related => Self::Related,
            _ => Self::Same,
        }
    }
}

/// The fields of one unit.
#[derive(Debug, Clone)]
pub(crate) struct UnitFields {
    pub(crate) entries: Entries,
    pub(crate) title: Field,
    /// Every field whose words are the entry's own.
    pub(crate) words: Vec<Field>,
    pub(crate) exact: Field,
    /// Fields whose words were cut from what the exact one has.
    pub(crate) exact_words: Vec<Field>,
    /// Pairs of the title, where an entry owns one.
    pub(crate) title_exact: Option<Field>,
    /// Whether a title is the entry's own, so that it alone makes the entry match.
    pub(crate) owns_title: bool,
}

impl UnitFields {
    pub(crate) fn new(fields: &Fields, unit: Unit) -> Self {
        match unit {
            Unit::Measure => Self {
                entries: Entries::Measure,
                title: fields.title,
                words: vec![fields.text, fields.heading, fields.problem],
                exact: fields.exact,
                exact_words: vec![fields.text, fields.heading, fields.problem],
                title_exact: None,
                owns_title: false,
            },
            Unit::Document => Self {
                entries: Entries::Document,
                title: fields.doc_title,
                words: vec![fields.doc_text, fields.doc_title],
                exact: fields.doc_exact,
                exact_words: vec![fields.doc_text],
                title_exact: Some(fields.doc_title_exact),
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
    pub(crate) added: Added,
    /// What the query is about.
    pub(crate) themes: &'a [ThemeId],
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

    /// Entries with some of the pieces or, of a long one, with some of its words, whether or not
    /// with all; `None` where nothing is optional.
    pub(crate) fn partial(&self, term: &Term) -> tantivy::Result<Option<Box<dyn Query>>> {
        let terms = conjuncts(term);
        let (optional, required): (Vec<&Term>, Vec<&Term>) =
            terms.iter().partition(|t| t.is_optional());
        let can_be_partial = |term: &&Term| matches!(term, Term::Piece(piece) if piece.leaves.len() > 1 && !piece.is_term);
        if optional.len() < 2 && !optional.iter().any(can_be_partial) {
            return Ok(None);
        }
        let share = if self.unit.owns_title {
            LEAST_PARTIAL_SHARE
        } else {
            LEAST_PARTIAL_SHARE_OF_PASSAGES
        };
        let mut clauses = self.required(&required)?;
        let some = optional
            .into_iter()
            .map(|term| match term {
                Term::Piece(piece) if !piece.is_term => self.cover(piece, share),
                term => self.query(term),
            })
            .collect::<tantivy::Result<Vec<_>>>()?;
        clauses.push((Occur::Must, Box::new(BooleanQuery::union(some))));
        Ok(Some(self.base(term, clauses)?))
    }

    /// Entries about what the query is about, whatever their words; `None` where that is not known.
    pub(crate) fn about(&self, term: &Term) -> tantivy::Result<Option<Box<dyn Query>>> {
        if self.themes.is_empty() {
            return Ok(None);
        }
        let required: Vec<&Term> = conjuncts(term)
            .iter()
            .filter(|t| !t.is_optional())
            .collect();
        let mut clauses = self.required(&required)?;
        let themes = self.themes.iter();
        let themes = themes.map(|theme| term_query(self.fields.theme, theme.as_str()));
        clauses.push((Occur::Must, Box::new(BooleanQuery::union(themes.collect()))));
        let unit = term_query(self.fields.unit, self.unit.entries.as_str());
        clauses.push((Occur::Must, unit));
        Ok(Some(Box::new(BooleanQuery::new(clauses))))
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
        if !term.is_positive_text() || !matches!(term, Term::Piece(_) | Term::Literal { .. }) {
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
            Term::Piece(piece) => self.cover(piece, LEAST_SHARE)?,
            Term::Literal { forms, is_optional } => {
                let forms = forms.iter().map(|form| match is_optional {
                    true => self.unquoted(form),
                    false => self.literal(form),
                });
                any_of(forms.collect())
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
        match term {
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
            Term::Piece(piece) | Term::Title(piece) => {
                let leaves = piece.leaves.iter().map(|leaf| self.leaf(leaf));
                let variants = piece.variants.iter().filter(|v| self.added.counts(v));
                let variants = variants.map(|variant| self.literal(&variant.text));
                let whole = [self.literal(&piece.text)];
                Ok(leaves.chain(variants).chain(whole).collect())
            }
            other => Ok(vec![self.query(other)?]),
        }
    }

    /// Entries with enough of the piece as words of their title.
    fn title(&self, piece: &Piece) -> tantivy::Result<Box<dyn Query>> {
        let parts = piece
            .leaves
            .iter()
            .map(|leaf| Ok((self.in_title(leaf), self.weight(leaf)?)))
            .collect::<tantivy::Result<_>>()?;
        Ok(covering(parts, LEAST_SHARE))
    }

    /// Passages have the title as words only: characters nobody joins are words each.
    fn in_title(&self, leaf: &Leaf) -> Box<dyn Query> {
        let (title, text) = (self.unit.title, leaf.text());
        match (self.unit.title_exact, leaf) {
            (Some(exact), _) => any_of(vec![term_query(title, text), literal(exact, &[], text)]),
            (None, Leaf::Word(word)) => term_query(title, word),
            (None, Leaf::Literal(text)) => Box::new(BooleanQuery::intersection(
                text.chars()
                    .map(|c| term_query(title, c.encode_utf8(&mut [0; 4])))
                    .collect(),
            )),
        }
    }

    /// Entries with leaves, or terms that stand for them, that carry enough of the piece. Leaves
    /// are matched as they stand, not as words: what literally holds the piece is never missed,
    /// wherever words were cut.
    fn cover(&self, piece: &Piece, share: f32) -> tantivy::Result<Box<dyn Query>> {
        let mut parts: Vec<(Box<dyn Query>, f32)> = Vec::with_capacity(piece.leaves.len());
        // Phrases in whole documents are dear. Of a sentence, words and all of it are enough.
        let is_sentence = self.unit.owns_title && piece.leaves.len() > 2;
        let is_whole = |variant: &Variant| variant.leaves == (0..piece.leaves.len());
        for (index, leaf) in piece.leaves.iter().enumerate() {
            let mut any = vec![match leaf {
                Leaf::Word(word) if is_sentence && word.chars().nth(1).is_some() => self.word(word),
                leaf => self.leaf(leaf),
            }];
            let mut occurs = self.count(leaf)? > 0;
            for variant in piece.variants_of(index).filter(|v| self.added.counts(v)) {
                occurs |= self.rarest_term(&variant.text)? > 0;
                if !is_whole(variant) {
                    any.push(self.literal(&variant.text));
                }
            }
            // What stands nowhere cannot be asked for where some is enough.
            if share < LEAST_SHARE && !occurs {
                continue;
            }
            parts.push((any_of(any), self.weight(leaf)?));
        }
        // What stands for every leaf is asked about once and not for each of them.
        let variants = piece.variants.iter();
        let whole = variants.filter(|v| is_whole(v) && self.added.counts(v));
        let mut any = vec![covering(parts, share)];
        any.extend(whole.map(|variant| self.literal(&variant.text)));
        if is_sentence {
            any.push(self.unquoted(&piece.text));
        }
        Ok(any_of(any))
    }

    /// Entries with a word in any field that is their own.
    fn word(&self, word: &str) -> Box<dyn Query> {
        let fields = self.unit.words.iter();
        let words = fields.map(|field| term_query(*field, word));
        Box::new(BooleanQuery::union(words.collect()))
    }

    /// A number is a word: 15 is not in 2015. Everything else is looked up as it stands, in
    /// documents as words too, because titles have no pairs.
    fn leaf(&self, leaf: &Leaf) -> Box<dyn Query> {
        let literal = self.unquoted(leaf.text());
        match leaf {
            Leaf::Word(word) if is_number(word) => self.word(word),
            Leaf::Word(word) if self.unit.owns_title => {
                Box::new(BooleanQuery::union(vec![self.word(word), literal]))
            }
            _ => literal,
        }
    }

    /// How telling a leaf is.
    pub(crate) fn weight(&self, leaf: &Leaf) -> tantivy::Result<f32> {
        Ok(self.collection.idf(self.count(leaf)?))
    }

    /// How many entries have a leaf; of loose characters, an upper bound.
    fn count(&self, leaf: &Leaf) -> tantivy::Result<u64> {
        Ok(match leaf {
            // A word that most headings have tells little, however rare it is in texts.
            Leaf::Word(word) => {
                let mut most = 0;
                for field in &self.unit.words {
                    most = most.max(self.frequency(*field, word)?);
                }
                most
            }
            Leaf::Literal(text) => self.rarest_term(text)?,
        })
    }

    /// How many entries have a term.
    pub(crate) fn frequency(&self, field: Field, term: &str) -> tantivy::Result<u64> {
        let key = Key::from_field_text(field, term);
        self.collection.frequency(self.searcher, &key)
    }

    /// An upper bound of how many entries have a literal.
    pub(crate) fn rarest_term(&self, text: &str) -> tantivy::Result<u64> {
        let mut least = u64::MAX;
        for (_, term) in covering_pairs(text) {
            least = least.min(self.frequency(self.unit.exact, term)?);
        }
        Ok(if least == u64::MAX {
            self.collection.entries
        } else {
            least
        })
    }

    /// Entries in which comparable text literally occurs.
    pub(crate) fn literal(&self, text: &str) -> Box<dyn Query> {
        literal(self.unit.exact, &self.unit.exact_words, text)
    }

    /// The same, a title that is the entry's own counted in, which quotes do not ask for.
    fn unquoted(&self, text: &str) -> Box<dyn Query> {
        match self.unit.title_exact {
            None => self.literal(text),
            Some(title) => any_of(vec![self.literal(text), literal(title, &[], text)]),
        }
    }

    fn filter(&self, filter: &Resolved) -> Box<dyn Query> {
        let wanted: Box<dyn Query> = if filter.wanted.is_empty() {
            Box::new(AllQuery)
        } else {
            let mut any = self.any_value(filter.name, &filter.wanted);
            any.extend(filter.provinces.iter().map(|province| {
                let own = [
                    ("province", province.as_str()),
                    ("level", Level::Province.as_str()),
                    ("city", WITHOUT),
                ];
                self.all_keys(&own)
            }));
            Box::new(BooleanQuery::union(any))
        };
        if filter.unwanted.is_empty() {
            return wanted;
        }
        let unwanted = BooleanQuery::union(self.any_value(filter.name, &filter.unwanted));
        Box::new(BooleanQuery::new(vec![
            (Occur::Must, wanted),
            (Occur::MustNot, Box::new(unwanted)),
        ]))
    }

    /// A query for each way to have one of these values.
    fn any_value(&self, name: &str, values: &Values) -> Vec<Box<dyn Query>> {
        match values {
            Values::Keys(keys) if name == PLACE => keys
                .iter()
                .flat_map(|key| {
                    let of_fields = PLACE_FIELDS.map(|field| (field, key.as_str()));
                    if key.is_empty() {
                        vec![self.all_keys(&of_fields)]
                    } else {
                        of_fields
                            .iter()
                            .map(|pair| self.all_keys(&[*pair]))
                            .collect()
                    }
                })
                .collect(),
            Values::Keys(keys) => keys
                .iter()
                .map(|key| self.all_keys(&[(name, key)]))
                .collect(),
            Values::Numbers(ranges) => {
                let Ok(field) = self.searcher.schema().get_field(name) else {
                    return Vec::new();
                };
                let bound = |number: &u64| Bound::Included(Key::from_field_u64(field, *number));
                let range = |range: &RangeInclusive<u64>| {
                    let (from, to) = (bound(range.start()), bound(range.end()));
                    Box::new(RangeQuery::new(from, to)) as Box<dyn Query>
                };
                ranges.iter().map(range).collect()
            }
        }
    }

    /// Entries that have each of these keys in its field.
    fn all_keys(&self, pairs: &[(&str, &str)]) -> Box<dyn Query> {
        let query = |(name, key): &(&str, &str)| match self.searcher.schema().get_field(name) {
            Ok(field) => term_query(field, key),
            Err(_) => Box::new(EmptyQuery),
        };
        let mut all: Vec<Box<dyn Query>> = pairs.iter().map(query).collect();
        match all.len() {
            1 => all.remove(0),
            _ => Box::new(BooleanQuery::intersection(all)),
        }
    }
}

/// Entries whose parts carry `share` of all their weight. Of two parts both are needed, however
/// unequal, or where some is enough, the more telling one.
fn covering(mut parts: Vec<(Box<dyn Query>, f32)>, share: f32) -> Box<dyn Query> {
    match parts.len() {
        0 => Box::new(EmptyQuery),
        1 => parts.remove(0).0,
        2 if share < LEAST_SHARE => {
            parts.sort_by(|a, b| b.1.total_cmp(&a.1));
            parts.remove(0).0
        }
        2 => Box::new(BooleanQuery::intersection(
            parts.into_iter().map(|(query, _)| query).collect(),
        )),
        _ => {
            let total: f32 = parts.iter().map(|(_, weight)| weight).sum();
            Box::new(CoverQuery {
                parts,
                least: total * share - 1e-3,
            })
        }
    }
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'%'))
}

/// Entries that any of these finds.
fn any_of(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if queries.len() == 1 {
        queries.remove(0)
    } else {
        Box::new(BooleanQuery::union(queries))
    }
}

fn term_query(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(
        Key::from_field_text(field, text),
        IndexRecordOption::Basic,
    ))
}

/// Entries whose exact field has `text`: as a phrase of its terms, or, for one character among
/// pairs, by any pair that begins with it.
fn literal(exact: Field, words: &[Field], text: &str) -> Box<dyn Query> {
    if let Some(literal) = LiteralQuery::new(exact, words, text) {
        return Box::new(literal);
    }
    match (covering_pairs(text).first(), text.chars().next()) {
        (Some((_, pair)), _) => term_query(exact, pair),
        (None, Some(only)) => Box::new(PrefixQuery::new(exact, only)),
        (None, None) => Box::new(EmptyQuery),
    }
}

/// The parts that are all asked for.
pub(crate) fn conjuncts(term: &Term) -> &[Term] {
    match term {
        Term::And(terms) => terms,
        other => std::slice::from_ref(other),
    }
}
