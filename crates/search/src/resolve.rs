//! A query with everything looked up: pieces cut into leaves, fields into filters.

use duibiao_index::{Analyzer, Leaf};
use duibiao_lexicon::Lexicon;

use crate::error::{Error, QueryFault};
use crate::filter::{self, Resolved};
use crate::query::{Field, Node};
use crate::variants::{Variant, VariantKind, Variants};

/// A resolved part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Term {
    /// A piece with its leaves.
    Piece(Piece),
    /// Comparable text that literally occurs, in any of these spellings, the first as it is meant.
    Literal {
        forms: Vec<String>,
        /// Whether it may be missing in partial hits: a document number may, a quote may not.
        is_optional: bool,
    },
    /// Words of the title, or a literal in it.
    Title(Piece),
    Filter(Resolved),
    Not(Box<Term>),
    Or(Vec<Term>),
    And(Vec<Term>),
}

/// One unspaced piece in comparable form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) leaves: Vec<Leaf>,
    /// Terms that may stand for some of the leaves.
    pub(crate) variants: Vec<Variant>,
    /// Whether it is one word of the dictionary or the lexicon: its parts alone are something else.
    pub(crate) is_term: bool,
}

impl Piece {
    /// Terms that may stand for one leaf.
    pub(crate) fn variants_of(&self, leaf: usize) -> impl Iterator<Item = &Variant> {
        self.variants
            .iter()
            .filter(move |variant| variant.leaves.contains(&leaf))
    }
}

impl Piece {
    /// The piece as it is meant and as it was typed.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &str> {
        let typed = self.variants.iter().filter(|v| v.kind == VariantKind::Form);
        [self.text.as_str()]
            .into_iter()
            .chain(typed.map(|variant| variant.text.as_str()))
    }

    /// Whether any term was added to it.
    pub(crate) fn has_added(&self) -> bool {
        self.variants.iter().any(|v| v.kind != VariantKind::Form)
    }
}

/// What a query is resolved with.
pub(crate) struct Scope<'a> {
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) analyzer: &'a Analyzer,
    /// Without them nothing is added.
    pub(crate) variants: Option<&'a Variants>,
    /// Comparable terms that are not to be added.
    pub(crate) dropped: Vec<String>,
    /// Whether cities and counties stand for their province's own documents too.
    pub(crate) provincial: bool,
}

impl Scope<'_> {
    /// The same, for what is left out: nothing is added.
    fn left_out(&self) -> Scope<'_> {
        Scope {
            lexicon: self.lexicon,
            analyzer: self.analyzer,
            variants: None,
            dropped: Vec::new(),
            provincial: false,
        }
    }
}

impl Term {
    /// Whether it may be missing in partial hits: quotes, fields and `-` may not.
    pub(crate) fn is_optional(&self) -> bool {
        match self {
            Self::Piece(_) => true,
            Self::Literal { is_optional, .. } => *is_optional,
            Self::Or(terms) | Self::And(terms) => terms.iter().all(Self::is_optional),
            Self::Title(_) | Self::Filter(_) | Self::Not(_) => false,
        }
    }

    /// Whether it says what to look for, and not only what to keep or leave out.
    pub(crate) fn is_positive_text(&self) -> bool {
        match self {
            Self::Piece(_) | Self::Literal { .. } | Self::Title(_) => true,
            Self::Filter(_) | Self::Not(_) => false,
            Self::Or(terms) | Self::And(terms) => terms.iter().any(Self::is_positive_text),
        }
    }

    /// What it looks for in a text, without what it asks of the document; `None` where that is
    /// nothing.
    pub(crate) fn in_text(self) -> Option<Self> {
        match self {
            Self::Title(_) | Self::Filter(_) | Self::Not(_) => None,
            Self::And(terms) => {
                let mut terms: Vec<Self> = terms.into_iter().filter_map(Self::in_text).collect();
                match terms.len() {
                    0 => None,
                    1 => terms.pop(),
                    _ => Some(Self::And(terms)),
                }
            }
            Self::Or(terms) => {
                let terms: Vec<Self> = terms.into_iter().filter_map(Self::in_text).collect();
                (!terms.is_empty()).then_some(Self::Or(terms))
            }
            text => Some(text),
        }
    }

    /// How many things are looked up for it: the words of its pieces, its literals and filters.
    pub(crate) fn words(&self) -> usize {
        match self {
            Self::Piece(piece) | Self::Title(piece) => piece.leaves.len(),
            Self::Literal { .. } | Self::Filter(_) => 1,
            Self::Not(term) => term.words(),
            Self::Or(terms) | Self::And(terms) => terms.iter().map(Self::words).sum(),
        }
    }

    /// Every piece and literal that is looked for, in the order typed.
    pub(crate) fn positive(&self) -> Vec<&Self> {
        match self {
            Self::Or(terms) | Self::And(terms) => terms.iter().flat_map(Self::positive).collect(),
            Self::Not(_) | Self::Filter(_) => Vec::new(),
            other => vec![other],
        }
    }

    /// Every term that was added, each once, strongest kind first.
    pub(crate) fn variants(&self) -> Vec<&Variant> {
        let mut all: Vec<&Variant> = Vec::new();
        for term in self.positive() {
            let Self::Piece(piece) = term else { continue };
            let added = piece.variants.iter();
            for variant in added.filter(|variant| variant.kind != VariantKind::Form) {
                if all.iter().all(|known| known.text != variant.text) {
                    all.push(variant);
                }
            }
        }
        all.sort_by_key(|variant| variant.kind);
        all
    }

    /// How the query was understood, in its own language.
    pub(crate) fn shown(&self) -> String {
        let joined =
            |terms: &[Term], by: &str| terms.iter().map(Term::shown).collect::<Vec<_>>().join(by);
        match self {
            Self::Piece(piece) => piece
                .leaves
                .iter()
                .map(Leaf::text)
                .collect::<Vec<_>>()
                .join("+"),
            Self::Literal { forms, .. } => {
                format!("\"{}\"", forms.first().map_or("", String::as_str))
            }
            Self::Title(piece) => format!("题:{}", piece.text),
            Self::Filter(filter) => filter.shown(),
            Self::Not(term) => format!("-{}", term.shown()),
            Self::Or(terms) => format!("({})", joined(terms, " OR ")),
            Self::And(terms) => joined(terms, " "),
        }
    }
}

/// Resolves a parsed query.
pub(crate) fn resolve(node: &Node, scope: &Scope<'_>) -> Result<Term, Error> {
    let each = |nodes: &[Node]| -> Result<Vec<Term>, Error> {
        nodes.iter().map(|node| resolve(node, scope)).collect()
    };
    Ok(match node {
        Node::Piece(text) => piece(text, scope),
        Node::Literal(text) => Term::Literal {
            forms: scope.analyzer.comparable_forms(text),
            is_optional: false,
        },
        Node::Field(Field::Title, value, _) => {
            let text = scope.analyzer.comparable(value);
            Term::Title(Piece {
                leaves: scope.analyzer.leaves(&text),
                variants: Vec::new(),
                is_term: false,
                text,
            })
        }
        Node::Field(Field::Filter(name), value, at) => {
            Term::Filter(filter_of(name, value, *at, scope)?)
        }
        // What is left out is left out as typed: a synonym must not take away more.
        Node::Not(inner) => Term::Not(Box::new(resolve(inner, &scope.left_out())?)),
        Node::Or(nodes) => Term::Or(each(nodes)?),
        Node::And(nodes) => Term::And(with_split_words(each(nodes)?, scope)),
    })
}

/// Adds terms for words of which neighbouring pieces have a part each.
fn with_split_words(mut terms: Vec<Term>, scope: &Scope<'_>) -> Vec<Term> {
    let Some(variants) = scope.variants else {
        return terms;
    };
    for index in 1..terms.len() {
        let [Term::Piece(head), Term::Piece(tail)] = &mut terms[index - 1..=index] else {
            continue;
        };
        let [of_head, of_tail] = variants.across([&*head, &*tail], &scope.dropped);
        head.variants.extend(of_head);
        tail.variants.extend(of_tail);
    }
    terms
}

fn filter_of(
    name: &'static str,
    value: &str,
    at: usize,
    scope: &Scope<'_>,
) -> Result<Resolved, Error> {
    let values = [value.to_owned()];
    let resolved = filter::resolve_one(
        name,
        &values,
        scope.provincial,
        scope.lexicon,
        scope.analyzer,
    );
    resolved.map_err(|error| match error {
        Error::Filter {
            fault, suggestion, ..
        } => Error::Query {
            at,
            fault: QueryFault::Field(fault),
            suggestion,
        },
        other => other,
    })
}

fn piece(typed: &str, scope: &Scope<'_>) -> Term {
    let mut forms = scope.analyzer.comparable_forms(typed);
    let text = forms.remove(0);
    if let Some(forms) = document_number(&text) {
        return Term::Literal {
            forms,
            is_optional: true,
        };
    }
    let leaves = scope.analyzer.leaves(&text);
    let mut variants = scope
        .variants
        .map(|variants| variants.of_piece(&text, &leaves, scope.analyzer, &scope.dropped))
        .unwrap_or_default();
    let is_whole = |variant: &Variant| variant.from == text;
    let is_term = scope.analyzer.is_word(&text) || variants.iter().any(is_whole);
    variants.extend(forms.into_iter().map(|form| Variant {
        leaves: 0..leaves.len(),
        from: text.clone(),
        term: form.clone(),
        text: form,
        kind: VariantKind::Form,
    }));
    Term::Piece(Piece {
        is_term,
        text,
        leaves,
        variants,
    })
}

/// 国发(2017)5号 in every way the web writes it: brackets, 第, zeros before the number.
/// Comparable text has narrow brackets.
fn document_number(text: &str) -> Option<Vec<String>> {
    const BRACKETS: &[(char, char)] = &[('〔', '〕'), ('(', ')'), ('[', ']'), ('【', '】')];
    let (open, close) = BRACKETS.iter().find(|(open, _)| text.contains(*open))?;
    let (body, rest) = text.split_once(*open)?;
    let (year, rest) = rest.split_once(*close)?;
    let number = rest
        .strip_suffix('号')?
        .trim_start_matches('第')
        .trim_start_matches('0');
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let is_number = (1..=16).contains(&body.chars().count())
        && year.len() == 4
        && digits(year)
        && digits(number)
        && number.len() <= 6;
    let spelled = BRACKETS.iter().flat_map(|(open, close)| {
        ["", "第", "0", "第0", "00"]
            .map(|before| format!("{body}{open}{year}{close}{before}{number}号"))
    });
    is_number.then(|| spelled.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn document_numbers_are_one_thing_in_any_brackets() {
        let spellings = document_number("国发(2017)5号").expect("a number");
        assert!(
            spellings.contains(&"国发〔2017〕5号".to_owned())
                && spellings.contains(&"国发【2017】5号".to_owned())
        );
        assert_eq!(
            document_number("国发〔2017〕第005号")
                .map(|s| s[0].clone())
                .as_deref(),
            Some("国发〔2017〕5号")
        );
        assert!(
            document_number("国发〔2017〕5号")
                .is_some_and(|s| s.contains(&"国发[2017]第5号".to_owned()))
        );
        assert_eq!(document_number("整治(暂行)办法"), None);
    }
}
