//! A query with everything looked up: pieces cut into leaves, fields into filters.

use duibiao_index::{Analyzer, Leaf};
use duibiao_lexicon::Lexicon;

use crate::error::{Error, QueryFault};
use crate::filter::{self, Resolved};
use crate::query::{Field, Node};

/// A resolved part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Term {
    /// A piece with its leaves.
    Piece(Piece),
    /// Comparable text that must literally occur.
    Literal(String),
    /// Any of these literals: one thing in several spellings.
    Spellings(Vec<String>),
    /// Text of a Traditional query.
    Scripts(Scripts),
    /// Words of the title, or a literal in it.
    Title(Piece),
    Filter(Resolved),
    Not(Box<Term>),
    Or(Vec<Term>),
    And(Vec<Term>),
}

/// What someone typed in Traditional characters. It ranks as if typed in Simplified ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scripts {
    /// In Simplified characters, as Traditional documents are indexed too.
    pub(crate) simplified: Box<Term>,
    /// As typed, for Simplified documents that have it so.
    pub(crate) as_typed: Vec<String>,
}

/// One unspaced piece in comparable form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) leaves: Vec<Leaf>,
}

impl Term {
    /// Whether it may be missing in partial hits: quotes, fields and `-` may not.
    pub(crate) fn is_optional(&self) -> bool {
        match self {
            Self::Piece(_) | Self::Spellings(_) => true,
            Self::Scripts(scripts) => scripts.simplified.is_optional(),
            Self::Or(terms) | Self::And(terms) => terms.iter().all(Self::is_optional),
            Self::Literal(_) | Self::Title(_) | Self::Filter(_) | Self::Not(_) => false,
        }
    }

    /// Whether it says what to look for, and not only what to keep or leave out.
    pub(crate) fn is_positive_text(&self) -> bool {
        match self {
            Self::Piece(_)
            | Self::Literal(_)
            | Self::Spellings(_)
            | Self::Scripts(_)
            | Self::Title(_) => true,
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

    /// Calls `visit` with every positive piece and literal, for ranking and highlighting.
    pub(crate) fn visit(&self, visit: &mut dyn FnMut(&Term)) {
        match self {
            Self::Or(terms) | Self::And(terms) => terms.iter().for_each(|t| t.visit(visit)),
            Self::Not(_) | Self::Filter(_) => {}
            other => visit(other),
        }
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
            Self::Literal(text) => format!("\"{text}\""),
            Self::Spellings(texts) => texts
                .first()
                .map(|t| format!("\"{t}\""))
                .unwrap_or_default(),
            Self::Scripts(scripts) => scripts.simplified.shown(),
            Self::Title(piece) => format!("题:{}", piece.text),
            Self::Filter(filter) => match &filter.values {
                filter::Values::Keys(keys) => format!("{}:{}", filter.name, keys.join("|")),
                filter::Values::Numbers(ranges) => {
                    let shown = |r: &std::ops::RangeInclusive<u64>| match (*r.start(), *r.end()) {
                        (0, 0) => "不详".to_owned(),
                        (from, to) if from == to => from.to_string(),
                        (from, to) => format!("{from}..{to}"),
                    };
                    format!(
                        "{}:{}",
                        filter.name,
                        ranges.iter().map(shown).collect::<Vec<_>>().join("|")
                    )
                }
            },
            Self::Not(term) => format!("-{}", term.shown()),
            Self::Or(terms) => format!("({})", joined(terms, " OR ")),
            Self::And(terms) => joined(terms, " "),
        }
    }
}

/// Resolves a parsed query.
pub(crate) fn resolve(node: &Node, lexicon: &Lexicon, analyzer: &Analyzer) -> Result<Term, Error> {
    Ok(match node {
        Node::Piece(text) => scripts(text, analyzer, |form| piece(&form, analyzer)),
        Node::Literal(text) => scripts(text, analyzer, Term::Literal),
        Node::Field(Field::Title, value, _) => {
            let text = analyzer.comparable(value);
            Term::Title(Piece {
                leaves: analyzer.leaves(&text),
                text,
            })
        }
        Node::Field(Field::Filter(name), value, at) => {
            let resolved =
                filter::resolve_one(name, std::slice::from_ref(value), lexicon, analyzer);
            Term::Filter(resolved.map_err(|error| match error {
                Error::Filter {
                    fault, suggestion, ..
                } => Error::Query {
                    at: *at,
                    fault: QueryFault::Field(fault),
                    suggestion,
                },
                other => other,
            })?)
        }
        Node::Not(inner) => Term::Not(Box::new(resolve(inner, lexicon, analyzer)?)),
        Node::Or(nodes) => Term::Or(
            nodes
                .iter()
                .map(|n| resolve(n, lexicon, analyzer))
                .collect::<Result<_, _>>()?,
        ),
        Node::And(nodes) => Term::And(
            nodes
                .iter()
                .map(|n| resolve(n, lexicon, analyzer))
                .collect::<Result<_, _>>()?,
        ),
    })
}

/// What was typed as a term, with its other forms where it has any.
fn scripts(typed: &str, analyzer: &Analyzer, term: impl Fn(String) -> Term) -> Term {
    let mut forms = analyzer.comparable_forms(typed).into_iter();
    let simplified = term(forms.next().unwrap_or_default());
    let as_typed: Vec<String> = forms.collect();
    if as_typed.is_empty() {
        return simplified;
    }
    Term::Scripts(Scripts {
        simplified: Box::new(simplified),
        as_typed,
    })
}

fn piece(text: &str, analyzer: &Analyzer) -> Term {
    if let Some(spellings) = document_number(text) {
        return Term::Spellings(spellings);
    }
    Term::Piece(Piece {
        text: text.to_owned(),
        leaves: analyzer.leaves(text),
    })
}

/// 国发(2017)5号 in every bracket the web writes it with; comparable text has narrow ones.
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
        && digits(number);
    is_number.then(|| {
        BRACKETS
            .iter()
            .map(|(open, close)| format!("{body}{open}{year}{close}{number}号"))
            .collect()
    })
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
        assert_eq!(document_number("整治(暂行)办法"), None);
    }
}
