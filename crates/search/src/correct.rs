//! What may have been meant where nothing is found as typed, or little: pinyin or its initials typed for
//! characters, a homophone, one wrong character.
//!
//! Offered are terms that occur in the index and words of the lexicon. What was meant is searched for
//! instead only where what was typed finds nothing; quotes and operators say exactly what is meant.

use crate::engine::Engine;
use crate::error::Error;
use crate::query::{self, Node};
use crate::request::Request;
use crate::response::{Correction, Response};
use crate::run::FEW;
use crate::suggest::{Terms, Typed, Way};

/// Corrections that are tried, and named where they are not used.
const MOST: usize = 5;
/// Where few are found, other words than those typed are named that find so many times as much.
const TIMES_MORE: u64 = 10;
/// Fewer letters are initials of too many words.
const FEWEST_LETTERS: usize = 3;

/// In which way something was typed wrongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mistake {
    /// Letters for characters.
    Pinyin,
    /// Other characters that sound the same.
    Homophone,
    /// One character is another one.
    Shape,
}

impl Mistake {
    fn as_str(self) -> &'static str {
        match self {
            Self::Pinyin => "pinyin",
            Self::Homophone => "homophone",
            Self::Shape => "shape",
        }
    }
}

/// A query with a piece put right.
struct Mended {
    query: String,
    mistake: Mistake,
}

impl Engine {
    /// The answer to what may have been meant, where that finds more than what was typed.
    pub(crate) fn corrected(
        &self,
        request: &Request,
        mut typed: Response,
    ) -> Result<Response, Error> {
        let node = query::parse(&request.query)?;
        let pieces = pieces(&node);
        if pieces.is_empty() {
            return Ok(typed);
        }
        let terms = self.terms(&self.snapshot())?;
        let mut others = Vec::new();
        let mended = match self.syllables(&pieces, &terms, &mut others) {
            Some(mended) => Some(mended),
            None => self.pieces_mended(request, &pieces, &terms, &mut others)?,
        };
        for other in others {
            if self.finds(request, &other)? {
                typed.did_you_mean.push(other);
            }
        }
        let Some(Mended { query: to, mistake }) = mended else {
            return Ok(typed);
        };
        let mut answer = self.answer(&Request {
            query: to.clone(),
            ..request.clone()
        })?;
        if answer.total == 0 && answer.related_total <= typed.related_total {
            // Another word that is not there either helps nobody.
            return Ok(typed);
        }
        answer.exact_total = 0;
        answer.query.text.clone_from(&request.query);
        answer.corrected = Some(Correction {
            from: request.query.clone(),
            to,
            kind: mistake.as_str().to_owned(),
        });
        answer.did_you_mean = typed.did_you_mean;
        Ok(answer)
    }

    /// Queries with words of the lexicon that sound like those typed, where little was found and they
    /// find much more. The lexicon's are there at once; nobody waits for a hint.
    pub(crate) fn alternatives(
        &self,
        request: &Request,
        found: &Response,
    ) -> Result<Vec<String>, Error> {
        let mut others = Vec::new();
        if found.total >= FEW || request.offset > 0 || request.cursor.is_some() {
            return Ok(others);
        }
        let node = query::parse(&request.query)?;
        for piece in pieces(&node) {
            let typed = self.analyzer.comparable(piece);
            for (word, mistake) in meant(self.lexicon_terms(), &typed) {
                if mistake == Mistake::Shape {
                    continue;
                }
                let query = request.query.replacen(piece, &word, 1);
                let other = Request {
                    query: query.clone(),
                    limit: 1,
                    match_all: true,
                    facets: false,
                    explain: false,
                    collapse: false,
                    ..request.clone()
                };
                if self.answer(&other)?.total >= found.total.max(1) * TIMES_MORE {
                    others.push(query);
                }
            }
        }
        Ok(others)
    }

    /// Whether another query finds anything under the same filters.
    fn finds(&self, request: &Request, query: &str) -> Result<bool, Error> {
        let other = Request {
            query: query.to_owned(),
            limit: 1,
            offset: 0,
            cursor: None,
            match_all: true,
            facets: false,
            explain: false,
            collapse: false,
            related: Some(false),
            bare: true,
            ..request.clone()
        };
        Ok(self.answer(&other)?.total > 0)
    }

    /// Syllables of one term that were typed apart.
    fn syllables(
        &self,
        pieces: &[&str],
        terms: &Terms,
        others: &mut Vec<String>,
    ) -> Option<Mended> {
        let is_letters =
            |piece: &&str| piece.bytes().all(|b| b.is_ascii_alphabetic() || b == b'\'');
        if pieces.len() < 2 || !pieces.iter().all(is_letters) {
            return None;
        }
        let mut meant = meant(terms, &self.analyzer.comparable(&pieces.concat())).into_iter();
        let (query, mistake) = meant.next()?;
        others.extend(meant.map(|(other, _)| other));
        Some(Mended { query, mistake })
    }

    /// Every piece that is found nowhere put right by itself.
    fn pieces_mended(
        &self,
        request: &Request,
        pieces: &[&str],
        terms: &Terms,
        others: &mut Vec<String>,
    ) -> Result<Option<Mended>, Error> {
        let mut mended: Option<Mended> = None;
        for piece in pieces {
            let words = meant(terms, &self.analyzer.comparable(piece));
            let [(word, mistake), rest @ ..] = words.as_slice() else {
                continue;
            };
            let alone = Request {
                query: (*piece).to_owned(),
                limit: 1,
                match_all: true,
                deadline: request.deadline.clone(),
                ..Request::default()
            };
            if self.answer(&alone)?.total > 0 {
                continue;
            }
            let (worst, query) = match mended.take() {
                Some(mended) => (mended.mistake, mended.query),
                None => (*mistake, request.query.clone()),
            };
            let other = |(other, _): &(String, Mistake)| query.replacen(piece, other, 1);
            others.extend(rest.iter().map(other));
            mended = Some(Mended {
                mistake: worst.max(*mistake),
                query: query.replacen(piece, word, 1),
            });
        }
        Ok(mended)
    }
}

/// Terms that may have been meant by a piece (comparable text), the most likely kind of mistake
/// first.
fn meant(terms: &Terms, piece: &str) -> Vec<(String, Mistake)> {
    let Some(typed) = Typed::new(piece) else {
        return Vec::new();
    };
    if typed.letters() > 0 && typed.units.len() < FEWEST_LETTERS {
        return Vec::new();
    }
    let found = terms.meant(&typed, MOST).into_iter();
    let mut meant: Vec<(String, Mistake)> = found
        .filter_map(|found| {
            let mistake = match found.way {
                Way::Characters => return None,
                Way::Pinyin => Mistake::Pinyin,
                Way::Homophone => Mistake::Homophone,
                Way::Shape => Mistake::Shape,
            };
            Some((found.shown.into_owned(), mistake))
        })
        .collect();
    meant.sort_by_key(|(_, mistake)| *mistake);
    meant
}

/// The pieces that may be corrected: of a query that has nothing but pieces, because quotes and
/// operators say exactly what is meant.
fn pieces(node: &Node) -> Vec<&str> {
    match node {
        Node::Piece(text) => vec![text],
        Node::And(nodes) if nodes.iter().all(|n| matches!(n, Node::Piece(_))) => {
            nodes.iter().flat_map(pieces).collect()
        }
        _ => Vec::new(),
    }
}
