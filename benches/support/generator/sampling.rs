//! Chance, and the lists it chooses from.
//!
//! Integers only, so that a seed means the same bytes on every machine. Knows nothing of the shape
//! of a document.

use super::words;

/// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA
/// 2014; the constants are those of Vigna's public-domain `splitmix64.c`.
pub(super) struct Rng(u64);

impl Rng {
    /// The `n`th stream of a seed.
    pub(super) fn new(seed: u64, n: u64) -> Self {
        let mut rng = Self(seed);
        let start = rng.next() ^ n;
        rng.0 = start;
        Self(rng.next())
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number under `bound`, which is not zero. Multiply and shift favours some numbers by less
    /// than one part in 2^32.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u32
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// True `percent` times in a hundred.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// A positive number, small ones more often: every order of magnitude is half as frequent as
    /// the one below it.
    pub(super) fn magnitude(&mut self) -> u32 {
        let mut bound = 10;
        while bound < 100_000 && self.chance(50) {
            bound *= 10;
        }
        1 + self.below(bound - 1)
    }

    /// A draw from a distribution given by its quantiles at equal steps, straight in between.
    pub(super) fn quantile(&mut self, quantiles: &[u32]) -> u32 {
        let step = self.below(quantiles.len() as u32 - 1) as usize;
        let (low, high) = (quantiles[step], quantiles[step + 1]);
        low + self.below(high - low + 1)
    }
}

/// Cumulative integer weights of the ranks of a list.
pub(super) struct Ranks(Vec<u32>);

impl Ranks {
    pub(super) fn new(weights: impl IntoIterator<Item = u32>) -> Self {
        let mut sum = 0;
        let add = |weight| {
            sum += weight;
            sum
        };
        Self(weights.into_iter().map(add).collect())
    }

    /// Zipf's law with exponent 1, flattened at its head by `offset` (Mandelbrot's q).
    fn zipf(len: usize, offset: u32) -> Self {
        Self::new((0..len as u32).map(|rank| (1 << 24) / (rank + 1 + offset)))
    }

    pub(super) fn pick(&self, rng: &mut Rng) -> usize {
        let drawn = rng.below(self.0[self.0.len() - 1]);
        self.0.partition_point(|&sum| sum <= drawn)
    }
}

/// Things drawn by rank.
pub(super) struct List<T> {
    pub(super) items: Vec<T>,
    ranks: Ranks,
}

impl<T> List<T> {
    fn new(items: Vec<T>, offset: u32) -> Self {
        let ranks = Ranks::zipf(items.len(), offset);
        Self { items, ranks }
    }

    pub(super) fn pick(&self, rng: &mut Rng) -> &T {
        &self.items[self.ranks.pick(rng)]
    }
}

/// Words drawn by rank.
pub(super) type Words = List<&'static str>;

fn list(table: &'static str, offset: u32) -> Words {
    List::new(table.split_whitespace().collect(), offset)
}

/// A piece of a pattern.
pub(super) enum Piece {
    Text(&'static str),
    Slot(Slot),
}

/// Sentence patterns drawn by rank.
pub(super) type Patterns = List<Vec<Piece>>;

/// What a capital in a pattern stands for.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    Adverb,
    Brand,
    Count,
    Deadline,
    Entity,
    General,
    Money,
    Integer,
    Adjective,
    Law,
    Label,
    Noun,
    Organ,
    Place,
    Change,
    Result,
    Idiom,
    People,
    Verb,
    Village,
    Problem,
    Year,
    Percent,
}

impl Slot {
    fn of(letter: char) -> Option<Self> {
        Some(match letter {
            'A' => Self::Adverb,
            'B' => Self::Brand,
            'C' => Self::Count,
            'D' => Self::Deadline,
            'E' => Self::Entity,
            'G' => Self::General,
            'H' => Self::Money,
            'I' => Self::Integer,
            'J' => Self::Adjective,
            'L' => Self::Law,
            'M' => Self::Label,
            'N' => Self::Noun,
            'O' => Self::Organ,
            'P' => Self::Place,
            'Q' => Self::Change,
            'R' => Self::Result,
            'S' => Self::Idiom,
            'T' => Self::People,
            'V' => Self::Verb,
            'W' => Self::Village,
            'X' => Self::Problem,
            'Y' => Self::Year,
            'Z' => Self::Percent,
            _ => return None,
        })
    }
}

fn pieces(pattern: &'static str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = 0;
    for (at, letter) in pattern.char_indices() {
        let Some(slot) = Slot::of(letter) else {
            continue;
        };
        if plain < at {
            pieces.push(Piece::Text(&pattern[plain..at]));
        }
        pieces.push(Piece::Slot(slot));
        plain = at + 1;
    }
    if plain < pattern.len() {
        pieces.push(Piece::Text(&pattern[plain..]));
    }
    pieces
}

fn patterns(table: &'static str) -> Patterns {
    List::new(table.split_whitespace().map(pieces).collect(), 4)
}

/// The words of one topic.
pub(super) struct Topic {
    pub(super) nouns: Words,
    pub(super) verbs: Words,
    pub(super) organs: Words,
}

/// A city a document may come from.
pub(super) struct City {
    /// Its full name, which ends in 市.
    pub(super) name: &'static str,
    pub(super) province: &'static str,
    /// The place of the province in the table, for paths.
    pub(super) number: usize,
}

/// Every table, parsed and weighted.
pub(super) struct Lexicon {
    pub(super) topics: List<Topic>,
    pub(super) cities: List<City>,
    pub(super) years: Ranks,
    pub(super) verbs: Words,
    pub(super) general: Words,
    pub(super) adverbs: Words,
    pub(super) adjectives: Words,
    pub(super) organs: Words,
    pub(super) people: Words,
    pub(super) results: Words,
    pub(super) idioms: Words,
    pub(super) faults: Words,
    pub(super) brands: Words,
    pub(super) labels: Words,
    pub(super) firm_tails: Words,
    pub(super) project_tails: Words,
    pub(super) place_tails: Words,
    pub(super) name_chars: List<char>,
    pub(super) units: Words,
    pub(super) terms: Words,
    pub(super) connectives: Words,
    pub(super) plan_types: Words,
    pub(super) reply_types: Words,
    pub(super) rule_types: Words,
    pub(super) report_types: Words,
    pub(super) leads: Patterns,
    pub(super) actions: Patterns,
    pub(super) facts: Patterns,
    pub(super) outcomes: Patterns,
    pub(super) articles: Patterns,
    pub(super) openings: Patterns,
    pub(super) matters: Patterns,
    pub(super) headings: Patterns,
    pub(super) introductions: Patterns,
    pub(super) cited: Patterns,
}

impl Lexicon {
    pub(super) fn new() -> Self {
        let names = words::NAME_CHARS.chars().filter(|c| !c.is_whitespace());
        Self {
            topics: List::new(words::TOPICS.iter().map(topic).collect(), 3),
            cities: List::new(cities(), 12),
            years: Ranks::new(words::YEAR_WEIGHTS.iter().copied()),
            verbs: list(words::VERBS, 0),
            general: list(words::GENERAL, 0),
            adverbs: list(words::ADVERBS, 0),
            adjectives: list(words::ADJECTIVES, 2),
            organs: list(words::ORGANS, 2),
            people: list(words::PEOPLE, 0),
            results: list(words::RESULTS, 2),
            idioms: list(words::IDIOMS, 2),
            faults: list(words::FAULTS, 2),
            brands: list(words::BRANDS, 1),
            labels: list(words::LABELS, 0),
            firm_tails: list(words::FIRM_TAILS, 1),
            project_tails: list(words::PROJECT_TAILS, 2),
            place_tails: list(words::PLACE_TAILS, 1),
            name_chars: List::new(names.collect(), 12),
            units: list(words::UNITS, 1),
            terms: list(words::TERMS, 0),
            connectives: list(words::CONNECTIVES, 1),
            plan_types: list(words::PLAN_TYPES, 2),
            reply_types: list(words::REPLY_TYPES, 2),
            rule_types: list(words::RULE_TYPES, 2),
            report_types: list(words::REPORT_TYPES, 2),
            leads: patterns(words::LEADS),
            actions: patterns(words::ACTIONS),
            facts: patterns(words::FACTS),
            outcomes: patterns(words::OUTCOMES),
            articles: patterns(words::ARTICLES),
            openings: patterns(words::OPENINGS),
            matters: patterns(words::MATTERS),
            headings: patterns(words::HEADINGS),
            introductions: patterns(words::INTRODUCTIONS),
            cited: patterns(words::CITED),
        }
    }
}

fn topic(table: &words::TopicWords) -> Topic {
    Topic {
        nouns: list(table.nouns, 0),
        verbs: list(table.verbs, 0),
        organs: list(table.organs, 0),
    }
}

/// The cities in order of frequency: the first of every province, then the second of every
/// province, and so on.
fn cities() -> Vec<City> {
    let mut cities = Vec::new();
    for (number, &(province, names)) in words::PLACES.iter().enumerate() {
        let names = if names.is_empty() { province } else { names };
        for (order, name) in names.split_whitespace().enumerate() {
            let city = City {
                name,
                province,
                number,
            };
            cities.push((order, city));
        }
    }
    cities.sort_by_key(|&(order, _)| order);
    cities.into_iter().map(|(_, city)| city).collect()
}
