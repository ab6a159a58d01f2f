//! Other words for what was typed: synonyms and short forms of the lexicon, names of places.
//!
//! Says which words may stand for which part of a piece. Whether they are searched for, and what
//! they count, is decided by [`crate::matching`] and [`crate::rank`]. Quotes, titles and what is
//! left out (`-`) never come here.

use std::collections::HashMap;
use std::ops::Range;

use duibiao_corpus::PlaceCode;
use duibiao_index::{Analyzer, Leaf};
use duibiao_lexicon::{Gazetteer, Lexicon, NameKind, SynonymKind, Synonyms};

use crate::resolve::Piece;

/// How an added term relates to the one it was added for, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VariantKind {
    /// What was typed, in the characters it was typed in: as it may stand in a Simplified document
    /// although it reads as Traditional. No addition.
    Form,
    /// Means the same.
    Exact,
    /// A short form or what it is short for.
    Abbreviation,
    /// Another name of the place.
    Place,
    /// Wanted too by who asks for the term, but not the other way round.
    Oneway,
    /// About something akin.
    Related,
}

impl VariantKind {
    /// Its name in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Exact => "exact",
            Self::Abbreviation => "abbr",
            Self::Place => "place",
            Self::Oneway => "oneway",
            Self::Related => "related",
        }
    }

    /// What a hit through such a term counts, the term itself counting 1. From the header of
    /// `synonyms.txt`; an equivalent term stays below the one typed.
    pub(crate) fn share(self) -> f32 {
        match self {
            Self::Form => 1.0,
            Self::Exact => 0.95,
            Self::Abbreviation | Self::Place => 0.9,
            Self::Oneway => 0.7,
            Self::Related => 0.4,
        }
    }
}

/// A term that may stand for some leaves of a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variant {
    /// The leaves it stands for.
    pub(crate) leaves: Range<usize>,
    /// What was typed there, comparable.
    pub(crate) from: String,
    /// The term as the lexicon writes it.
    pub(crate) term: String,
    /// The same in comparable form.
    pub(crate) text: String,
    pub(crate) kind: VariantKind,
}

/// A term known for a word.
#[derive(Debug, Clone)]
struct Known {
    term: String,
    text: String,
    kind: VariantKind,
}

/// Every word that has variants.
#[derive(Debug, Default)]
pub(crate) struct Variants {
    by_word: HashMap<String, Vec<Known>>,
    /// Characters of the longest word.
    longest: usize,
}

/// A short form of two characters is too often part of something else (人行 of 人行道).
const SHORTEST_ABBREVIATION: usize = 3;

impl Variants {
    pub(crate) fn new(lexicon: &Lexicon, analyzer: &Analyzer) -> Self {
        let mut all = Self::default();
        all.add_synonyms(lexicon.synonyms(), analyzer);
        all.add_places(lexicon.gazetteer(), analyzer);
        for known in all.by_word.values_mut() {
            known.sort_by_key(|known| known.kind);
        }
        all.longest = all
            .by_word
            .keys()
            .map(|word| word.chars().count())
            .max()
            .unwrap_or(0);
        all
    }

    fn add(&mut self, analyzer: &Analyzer, word: &str, term: &str, kind: VariantKind) {
        let (word, text) = (analyzer.comparable(word), analyzer.comparable(term));
        // What holds the word is found by the word.
        if word.is_empty() || text.contains(&word) {
            return;
        }
        let known = self.by_word.entry(word).or_default();
        match known.iter_mut().find(|known| known.text == text) {
            Some(same) => same.kind = same.kind.min(kind),
            None => known.push(Known {
                term: term.to_owned(),
                text,
                kind,
            }),
        }
    }

    fn add_synonyms(&mut self, synonyms: &Synonyms, analyzer: &Analyzer) {
        let words = synonyms.groups().iter().flat_map(|group| &group.members);
        for word in words {
            // What is akin to a word is akin to those that mean the same; no chain goes further.
            let same = synonyms.expansions(word).into_iter();
            for same in same.filter(|expansion| expansion.kind == SynonymKind::Exact) {
                let akin = synonyms.expansions(same.term).into_iter();
                for akin in akin.filter(|akin| akin.kind == SynonymKind::Related) {
                    self.add(analyzer, word, akin.term, VariantKind::Related);
                }
            }
            for expansion in synonyms.expansions(word) {
                let kind = match expansion.kind {
                    SynonymKind::Exact => VariantKind::Exact,
                    SynonymKind::Abbreviation => VariantKind::Abbreviation,
                    SynonymKind::Oneway => VariantKind::Oneway,
                    SynonymKind::Related => VariantKind::Related,
                };
                let is_loose = kind == VariantKind::Abbreviation
                    && expansion.term.chars().count() < SHORTEST_ABBREVIATION;
                if !is_loose {
                    self.add(analyzer, word, expansion.term, kind);
                }
            }
        }
    }

    /// Names of one place, former ones included; those that may mean something else in a text are
    /// typed for a place, but not looked for.
    fn add_places(&mut self, gazetteer: &Gazetteer, analyzer: &Analyzer) {
        let mut by_code: HashMap<PlaceCode, Vec<(&str, NameKind)>> = HashMap::new();
        for name in gazetteer.names() {
            if let [(place, kind)] = name.places[..] {
                let code = gazetteer.place(place).code;
                by_code.entry(code).or_default().push((&name.text, kind));
            }
        }
        let is_searched = |text: &str| {
            gazetteer
                .find(text)
                .any(|found| found.bytes == (0..text.len()))
        };
        for names in by_code.values().filter(|names| names.len() > 1) {
            let searched: Vec<&str> = names
                .iter()
                .filter(|(text, kind)| *kind != NameKind::Abbreviation && is_searched(text))
                .map(|(text, _)| *text)
                .collect();
            for (typed, _) in names {
                for other in searched.iter().filter(|other| *other != typed) {
                    self.add(analyzer, typed, other, VariantKind::Place);
                }
            }
        }
    }

    /// Terms that may stand for parts of a piece: for the longest known words in it that begin
    /// and end where words do, because 招商 in 招商银行 is none. `dropped` terms (comparable) are left
    /// out.
    pub(crate) fn of_piece(
        &self,
        piece: &str,
        leaves: &[Leaf],
        analyzer: &Analyzer,
        dropped: &[String],
    ) -> Vec<Variant> {
        let bounds: Vec<usize> = piece
            .char_indices()
            .map(|(byte, _)| byte)
            .chain([piece.len()])
            .collect();
        let places = places_of(piece, leaves);
        let words = analyzer.word_bounds(piece);
        let chars = bounds.len() - 1;
        let mut variants = Vec::new();
        let mut begin = 0;
        while begin < chars {
            let found = (begin + 1..=chars.min(begin + self.longest))
                .rev()
                .find_map(|end| {
                    let bytes = bounds[begin]..bounds[end];
                    let is_word = words.contains(&bytes.start) && words.contains(&bytes.end);
                    let covered = covered(&places, &bytes).filter(|_| is_word)?;
                    let known = self.by_word.get(&piece[bytes.clone()])?;
                    Some((end, covered, bytes, known))
                });
            let Some((end, covered, bytes, known)) = found else {
                begin += 1;
                continue;
            };
            let wanted = known.iter().filter(|known| !dropped.contains(&known.text));
            let from = &piece[bytes];
            variants.extend(wanted.map(|known| known.variant(covered.clone(), from)));
            begin = end;
        }
        variants
    }

    /// The same for the longest known word that one piece ends with and another begins with, one of them
    /// being no more than that, as 信用修复 is in 社会信用 修复: each piece has them for its part, so that an
    /// entry with such a term has both. Names of places are not typed in parts.
    pub(crate) fn across(&self, pieces: [&Piece; 2], dropped: &[String]) -> [Vec<Variant>; 2] {
        let [head, tail] = pieces.map(|piece| piece.text.as_str());
        let places = pieces.map(|piece| places_of(&piece.text, &piece.leaves));
        let begins = places[0].iter().map(|place| place.start);
        for begin in begins {
            let Some(of_head) = leaves_of(&places[0], begin..head.len()) else {
                continue;
            };
            for end in places[1].iter().rev().map(|place| place.end) {
                let Some(of_tail) = leaves_of(&places[1], 0..end) else {
                    continue;
                };
                if begin > 0 && end < tail.len() {
                    continue;
                }
                let word = [&head[begin..], &tail[..end]].concat();
                let known = self.by_word.get(&word).into_iter().flatten();
                let wanted = known.filter(|known| {
                    let is_typed = [head, tail].iter().any(|piece| piece.contains(&known.text));
                    known.kind != VariantKind::Place && !is_typed && !dropped.contains(&known.text)
                });
                let found: Vec<&Known> = wanted.collect();
                if !found.is_empty() {
                    return [of_head, of_tail].map(|leaves| {
                        let of = |known: &&Known| known.variant(leaves.clone(), &word);
                        found.iter().map(of).collect()
                    });
                }
            }
        }
        Default::default()
    }
}

impl Known {
    fn variant(&self, leaves: Range<usize>, from: &str) -> Variant {
        Variant {
            leaves,
            from: from.to_owned(),
            term: self.term.clone(),
            text: self.text.clone(),
            kind: self.kind,
        }
    }
}

/// The range of leaves that make up the end of a piece from `begin` on, or its beginning up to `end`.
fn leaves_of(places: &[Range<usize>], bytes: Range<usize>) -> Option<Range<usize>> {
    let covered = covered(places, &bytes)?;
    let (first, last) = (&places[covered.start], &places[covered.end - 1]);
    (first.start == bytes.start && last.end == bytes.end).then_some(covered)
}

/// Where each leaf stands in its piece, in bytes.
fn places_of(piece: &str, leaves: &[Leaf]) -> Vec<Range<usize>> {
    let mut at = 0;
    leaves
        .iter()
        .map(|leaf| {
            let begin = piece[at..].find(leaf.text()).map_or(at, |found| at + found);
            at = (begin + leaf.text().len()).min(piece.len());
            begin..at
        })
        .collect()
}

/// The leaves that lie in `bytes` of the piece; `None` where none does, or one goes beyond it.
fn covered(places: &[Range<usize>], bytes: &Range<usize>) -> Option<Range<usize>> {
    let touches = |place: &Range<usize>| place.start < bytes.end && bytes.start < place.end;
    let first = places.iter().position(touches)?;
    let last = places.iter().rposition(touches)?;
    let is_inside = bytes.start <= places[first].start && places[last].end <= bytes.end;
    is_inside.then_some(first..last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().expect("lexicon"));
    static ANALYZER: LazyLock<Analyzer> =
        LazyLock::new(|| Analyzer::new(&LEXICON).expect("analyzer"));
    static VARIANTS: LazyLock<Variants> = LazyLock::new(|| Variants::new(&LEXICON, &ANALYZER));

    fn of(piece: &str) -> Vec<(String, String, VariantKind)> {
        let leaves = ANALYZER.leaves(piece);
        VARIANTS
            .of_piece(piece, &leaves, &ANALYZER, &[])
            .into_iter()
            .map(|v| (v.from, v.term, v.kind))
            .collect()
    }

    fn has(piece: &str, from: &str, term: &str, kind: VariantKind) -> bool {
        of(piece).contains(&(from.to_owned(), term.to_owned(), kind))
    }

    #[test]
    fn synonyms_go_the_ways_their_kind_allows() {
        assert!(has("容缺受理", "容缺受理", "容缺后补", VariantKind::Exact));
        assert!(has(
            "发改委",
            "发改委",
            "发展和改革委员会",
            VariantKind::Abbreviation
        ));
        assert!(has(
            "发展和改革委员会",
            "发展和改革委员会",
            "发改委",
            VariantKind::Abbreviation
        ));
        assert!(has("环保局", "环保局", "生态环境局", VariantKind::Oneway));
        assert!(of("生态环境局").iter().all(|(_, term, _)| term != "环保局"));
        assert!(has(
            "告知承诺",
            "告知承诺",
            "承诺制管理",
            VariantKind::Related
        ));
        assert!(has(
            "告知承诺制",
            "告知承诺制",
            "承诺制管理",
            VariantKind::Related
        ));
        assert!(of("人民银行").iter().all(|(_, term, _)| term != "人行"));
    }

    #[test]
    fn a_word_inside_a_piece_has_its_variants_there() {
        assert!(has(
            "推行容缺受理的做法",
            "容缺受理",
            "容缺办理",
            VariantKind::Exact
        ));
        // 招商 in 招商银行 is no word of its own.
        assert!(of("招商银行").iter().all(|(from, _, _)| from != "招商"));
    }

    #[test]
    fn a_word_typed_as_two_pieces_has_its_variants_in_both() {
        let piece = |text: &str| Piece {
            text: text.to_owned(),
            leaves: ANALYZER.leaves(text),
            variants: Vec::new(),
            is_term: false,
        };
        let of = |head: &str, tail: &str| {
            let (head, tail) = (piece(head), piece(tail));
            VARIANTS.across([&head, &tail], &[]).map(|variants| {
                let of = |v: Variant| (v.from, v.term, v.leaves);
                variants.into_iter().map(of).collect::<Vec<_>>()
            })
        };
        let repaired = |leaves| vec![("信用修复".to_owned(), "失信修复".to_owned(), leaves)];
        assert_eq!(of("社会信用", "修复"), [repaired(1..2), repaired(0..1)]);
        assert_eq!(of("信用", "修复机制"), [repaired(0..1), repaired(0..1)]);
        for (head, tail) in [
            ("修复", "信用"),
            ("信用", "机制修复"),
            ("社会信用", "修复机制"),
            ("企业开办", "企业开办"),
            ("哈尔滨", "市"),
        ] {
            assert_eq!(of(head, tail), [vec![], vec![]], "{head} {tail}");
        }
    }

    #[test]
    fn places_are_known_by_their_other_names() {
        assert!(has("哈尔滨市", "哈尔滨市", "哈尔滨", VariantKind::Place));
        assert!(has("沪", "沪", "上海", VariantKind::Place));
        assert!(has("襄阳市", "襄阳市", "襄樊市", VariantKind::Place));
        assert!(of("朝阳区").is_empty(), "several places have the name");
    }

    #[test]
    fn what_holds_the_word_needs_no_adding() {
        for (word, known) in &VARIANTS.by_word {
            assert!(
                known.iter().all(|known| !known.text.contains(word)),
                "{word}"
            );
        }
    }
}
