//! A deterministic generator of large corpora of documents in the style of Chinese city
//! governments, and of queries to search them with.
//!
//! It feeds the benches and the big tests. The same seed and number give the same bytes on every
//! machine, a document does not depend on which others were made, and words, lengths and names are
//! skewed as they are in real corpora. Sentences are grammatical more often than sensible: nothing
//! here is fit to judge relevance by, and every firm, village and figure is made up.
//!
//! A bench takes it in with `#[path = "support/generator/mod.rs"] pub mod generator;`.

mod draft;
mod sampling;
mod words;

use draft::Draft;
use sampling::{Lexicon, Rng, Topic};

/// Quoted phrases of queries are taken from the documents under this number.
const QUOTED_FROM: u32 = 5_000;

/// A document and where a collection would keep it.
pub struct GeneratedDocument {
    /// Relative path in ASCII: province, year, number, as in `p23/2017/000123.txt`.
    pub path: String,
    /// The text, with its title on one of the first lines.
    pub text: String,
    /// How many measures, articles or paragraphs of findings the text has, roughly.
    pub passages: u32,
}

/// The documents and the queries of one seed.
pub struct Generator {
    seed: u64,
    lexicon: Lexicon,
}

impl Generator {
    /// The generator of a seed.
    pub fn new(seed: u64) -> Self {
        let lexicon = Lexicon::new();
        Self { seed, lexicon }
    }

    /// Document number `n` of this seed, whichever others were made.
    pub fn document(&self, n: u64) -> GeneratedDocument {
        let draft = self.draft(n);
        GeneratedDocument {
            path: format!("p{:02}/{}/{n:06}.txt", draft.city.number, draft.year),
            text: draft.out,
            passages: draft.passages,
        }
    }

    /// Query number `n` of this seed: one to three pieces as analysts type them, frequent terms
    /// before rare ones. A phrase in quotation marks occurs in one of the first 5,000 documents.
    pub fn query(&self, n: u64) -> String {
        let mut rng = Rng::new(!self.seed, n);
        let topic = self.lexicon.topics.pick(&mut rng);
        match rng.below(100) {
            0..26 => self.term(topic, &mut rng).to_owned(),
            26..48 => self.spaced(topic, 2, &mut rng),
            48..60 => self.spaced(topic, 3, &mut rng),
            60..80 => self.unspaced(topic, &mut rng),
            80..90 => self.quoted(&mut rng),
            90..96 => {
                let term = self.term(topic, &mut rng);
                format!("{} {term}", self.quoted(&mut rng))
            }
            _ => self.rare(&mut rng),
        }
    }

    fn draft(&self, n: u64) -> Draft<'_> {
        Draft::write(&self.lexicon, Rng::new(self.seed, n))
    }

    /// A term of the topic, or a general one.
    fn term(&self, topic: &Topic, rng: &mut Rng) -> &'static str {
        match rng.below(20) {
            0..14 => topic.nouns.pick(rng),
            14 | 15 => self.lexicon.labels.pick(rng),
            16 => self.lexicon.brands.pick(rng),
            17 => topic.organs.pick(rng),
            18 => self.lexicon.idioms.pick(rng),
            _ => self.lexicon.faults.pick(rng),
        }
    }

    fn spaced(&self, topic: &Topic, pieces: u32, rng: &mut Rng) -> String {
        let mut query = self.term(topic, rng).to_owned();
        for _ in 1..pieces {
            query.push(if rng.chance(6) { '　' } else { ' ' });
            let piece = match rng.below(10) {
                0 | 1 => self.lexicon.general.pick(rng),
                2 | 3 => topic.verbs.pick(rng),
                4 => self.lexicon.cities.pick(rng).name.trim_end_matches('市'),
                5 => {
                    let year = words::FIRST_YEAR + self.lexicon.years.pick(rng) as u32;
                    query.push_str(&format!("{year}年"));
                    continue;
                }
                _ => self.term(topic, rng),
            };
            query.push_str(piece);
        }
        query
    }

    /// Two or three words written together.
    fn unspaced(&self, topic: &Topic, rng: &mut Rng) -> String {
        let noun = *topic.nouns.pick(rng);
        match rng.below(5) {
            0 => format!("{}{noun}", self.lexicon.verbs.pick(rng)),
            1 => format!("{}{noun}", topic.verbs.pick(rng)),
            2 => format!("{noun}{}", self.lexicon.general.pick(rng)),
            3 => format!("{noun}{}", self.lexicon.faults.pick(rng)),
            _ => {
                let city = self.lexicon.cities.pick(rng).name;
                format!("{city}{noun}{}", self.lexicon.general.pick(rng))
            }
        }
    }

    /// A phrase that occurs, in quotation marks: mostly a noun with the word at its side.
    fn quoted(&self, rng: &mut Rng) -> String {
        let draft = self.draft(u64::from(rng.below(QUOTED_FROM)));
        let found = |noun: &&str| draft.out.contains(*noun);
        let phrase = if rng.chance(20) {
            clause(&draft.out)
        } else {
            let noun = draft.favourites.iter().copied().find(found);
            noun.map(|noun| self.neighbourhood(&draft.out, noun))
        };
        let phrase = phrase.unwrap_or(draft.city.name);
        if rng.chance(75) {
            format!("\"{phrase}\"")
        } else {
            format!("“{phrase}”")
        }
    }

    /// The first occurrence of `noun` in `text` with the verb before it or the noun after it.
    fn neighbourhood<'t>(&self, text: &'t str, noun: &'t str) -> &'t str {
        let Some(start) = text.find(noun) else {
            return noun;
        };
        let end = start + noun.len();
        let (before, after) = (&text[..start], &text[end..]);
        let verbs = &self.lexicon.verbs.items;
        if let Some(verb) = verbs.iter().find(|verb| before.ends_with(**verb)) {
            return &text[start - verb.len()..end];
        }
        let general = &self.lexicon.general.items;
        match general.iter().find(|word| after.starts_with(**word)) {
            Some(word) => &text[start..end + word.len()],
            None => noun,
        }
    }

    /// The name of a firm or a project, which few documents have.
    fn rare(&self, rng: &mut Rng) -> String {
        let mut draft = self.draft(u64::from(rng.below(QUOTED_FROM)));
        let named = |name: &String| draft.out.contains(name);
        let used = draft.entities.iter().position(named).unwrap_or(0);
        draft.entities.swap_remove(used)
    }
}

/// The last stretch of six to fourteen Chinese characters between other characters.
fn clause(text: &str) -> Option<&str> {
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    text.split(|c| !chinese(c))
        .rfind(|run| (6..=14).contains(&run.chars().count()))
}

/// Each bench uses a part of this; naming the rest keeps the compiler from calling it dead.
const _: () = {
    let _ = (Generator::query, Generator::document);
    let _ = |document: GeneratedDocument| (document.path, document.text, document.passages);
};

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::{Generator, words};

    const SEED: u64 = 20_260_301;

    fn fnv(text: &str) -> u64 {
        text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    fn texts(count: u64) -> Vec<String> {
        let generator = Generator::new(SEED);
        (0..count).map(|n| generator.document(n).text).collect()
    }

    /// Adds the pairs of neighbouring Chinese characters of `text`.
    fn count_pairs(text: &str, pairs: &mut HashMap<(char, char), u32>) {
        let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        for (first, second) in text.chars().zip(text.chars().skip(1)) {
            if chinese(first) && chinese(second) {
                *pairs.entry((first, second)).or_default() += 1;
            }
        }
    }

    /// The least-squares slope of log frequency over log rank, at ranks evenly spaced in logs.
    fn slope(frequencies: &[u32], first: f64, last: f64) -> f64 {
        let points: Vec<(f64, f64)> = (0..=40)
            .map(|step| (first.ln() + (last / first).ln() * f64::from(step) / 40.0).exp())
            .map(|rank| (rank.ln(), f64::from(frequencies[rank as usize - 1]).ln()))
            .collect();
        let count = points.len() as f64;
        let x = points.iter().map(|point| point.0).sum::<f64>() / count;
        let y = points.iter().map(|point| point.1).sum::<f64>() / count;
        let covariance: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
        covariance / points.iter().map(|p| (p.0 - x).powi(2)).sum::<f64>()
    }

    /// The first word that a list says again.
    fn repeated(table: &str) -> Option<&str> {
        let mut seen = HashSet::new();
        table.split_whitespace().find(|word| !seen.insert(*word))
    }

    /// What the nouns, verbs and organs of the topics are, list by list.
    fn topic_tables() -> impl Iterator<Item = &'static str> {
        let tables = words::TOPICS.iter();
        tables.flat_map(|topic| [topic.nouns, topic.verbs, topic.organs])
    }

    /// A bench without a harness compiles this module and drops its tests.
    const _: () = {
        let _ = (fnv, texts, count_pairs, slope);
        let _ = (repeated, topic_tables);
    };

    #[test]
    fn a_seed_always_means_the_same_bytes() {
        let generator = Generator::new(SEED);
        let pinned = [
            0x04a3_8b21_0f8d_2a61,
            0x69d5_78bf_4e7c_2fe9,
            0x5e44_006d_ba75_ab0c,
            0x5a27_f5d8_7ed4_f842,
        ];
        let hash = |n| fnv(&generator.document(n).text);
        assert_eq!([0, 1, 2, 3].map(hash), pinned);
        assert_eq!(hash(1), pinned[1], "whatever was made before");
        let queries: String = (0..100).map(|n| generator.query(n) + "\n").collect();
        assert_eq!(fnv(&queries), 0x8697_0522_47b6_ea52);
    }

    #[test]
    fn numbers_and_seeds_tell_documents_apart() {
        let distinct: HashSet<String> = texts(2_000).into_iter().collect();
        assert_eq!(distinct.len(), 2_000);
        let other = Generator::new(SEED + 1);
        assert!((0..200).all(|n| !distinct.contains(&other.document(n).text)));
    }

    #[test]
    fn paths_are_plain_and_distinct() {
        let generator = Generator::new(SEED);
        let paths: HashSet<String> = (0..2_000).map(|n| generator.document(n).path).collect();
        assert_eq!(paths.len(), 2_000);
        for path in paths {
            let parts: Vec<&str> = path.split('/').collect();
            assert!(path.is_ascii() && parts.len() == 3, "{path}");
            let year = parts[1].parse::<u32>();
            assert!(year.is_ok_and(|year| (2008..=2025).contains(&year)));
        }
    }

    #[test]
    fn sizes_are_those_of_real_documents() {
        let generator = Generator::new(SEED);
        let (mut sizes, mut passages) = (Vec::new(), 0);
        for document in (0..2_000).map(|n| generator.document(n)) {
            sizes.push(document.text.chars().count());
            assert!(document.passages > 0);
            passages += document.passages as usize;
        }
        sizes.sort_unstable();
        let sum: usize = sizes.iter().sum();
        assert!((2_300..2_700).contains(&(sum / sizes.len())));
        assert!((120..160).contains(&(sum / passages)), "{}", sum / passages);
        assert!(sizes[0] >= 250 && sizes[sizes.len() - 1] <= 12_500);
        // Skewed as a log-normal distribution is: the mean well above the median.
        assert!(sizes[sizes.len() / 2] < 2_100);
    }

    #[test]
    fn frequencies_follow_zipf_and_new_pairs_keep_coming() {
        let texts = texts(2_000);
        let mut pairs = HashMap::new();
        texts[..1_800]
            .iter()
            .for_each(|text| count_pairs(text, &mut pairs));
        let before = pairs.len();
        texts[1_800..]
            .iter()
            .for_each(|text| count_pairs(text, &mut pairs));
        assert!(pairs.len() > before + before / 50);

        let mut frequencies: Vec<u32> = pairs.into_values().collect();
        frequencies.sort_unstable_by(|a, b| b.cmp(a));
        let slope = slope(&frequencies, 10.0, 10_000.0);
        assert!((-1.3..-0.7).contains(&slope), "{slope}");
    }

    #[test]
    fn vocabulary_is_large_and_used() {
        let text = texts(2_000).concat();
        let shared = [words::VERBS, words::GENERAL, words::ADVERBS, words::ORGANS];
        let all: HashSet<&str> = topic_tables()
            .chain(shared)
            .flat_map(str::split_whitespace)
            .filter(|word| text.contains(word))
            .collect();
        assert!(all.len() > 1_500, "{}", all.len());
        // A capital that is no slot would show up here.
        assert!(!text.contains(|c: char| c.is_ascii_alphabetic()));
    }

    #[test]
    fn no_list_says_a_word_twice() {
        let shared = [
            words::VERBS,
            words::GENERAL,
            words::ADVERBS,
            words::ADJECTIVES,
            words::ORGANS,
            words::PEOPLE,
            words::RESULTS,
            words::IDIOMS,
            words::FAULTS,
            words::BRANDS,
            words::LEADS,
            words::ACTIONS,
            words::FACTS,
            words::OUTCOMES,
        ];
        for table in topic_tables().chain(shared) {
            assert_eq!(repeated(table), None);
        }
    }

    #[test]
    fn queries_are_typed_ones_and_quote_what_occurs() {
        let generator = Generator::new(SEED);
        let corpus = texts(5_000).join("\n");
        let mut counts: HashMap<String, u32> = HashMap::new();
        let mut quoted = 0;
        for query in (0..2_000).map(|n| generator.query(n)) {
            assert!(!query.trim().is_empty() && query.chars().count() < 50);
            let parts: Vec<&str> = query.split(['"', '“', '”']).collect();
            assert!(parts.len() == 1 || parts.len() == 3, "{query}");
            if let Some(phrase) = parts.get(1) {
                assert!(!phrase.is_empty() && corpus.contains(phrase), "{query}");
                quoted += 1;
            }
            *counts.entry(query).or_default() += 1;
        }
        assert!((200..500).contains(&quoted), "{quoted}");
        // Some are asked again and again, most once.
        assert!(counts.values().any(|&count| count >= 10));
        assert!(counts.len() > 1_000);
    }
}
