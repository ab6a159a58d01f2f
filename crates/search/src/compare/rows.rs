//! The rows: themes first, and inside a theme the terms of the taxonomy that measures of several
//! columns have in common.
//!
//! A passage of several themes goes to the one that most matches have, so that what is about one
//! matter stands in one row. A row of a term holds every match of its theme that has the term or a
//! synonym literally; what has none of the theme's terms stays in the row of the theme. Which terms
//! these are is found out on a sample; who has them is asked of every match. Nothing is read into a
//! text that it does not have: better coarse than wrong.

use std::collections::{BTreeMap, BTreeSet};

use duibiao_corpus::ThemeId;
use duibiao_lexicon::Taxonomy;
use tantivy::DocAddress;

use crate::collect::FACETS;
use crate::compare::columns::Columns;
use crate::compare::matches::Matches;
use crate::deadline::Halt;
use crate::engine::text_of;
use crate::error::{Error, engine};
use crate::matching::{Added, conjuncts};
use crate::profiles::Profiles;
use crate::request::Request;
use crate::resolve::Term;
use crate::run::Search;
use crate::topic;
use crate::variants::VariantKind;

/// Themes of which a sample is read, and passages in each.
const MOST_SAMPLED_THEMES: usize = 12;
const SAMPLE: usize = 48;
/// Rows of one theme besides its own.
const MOST_TERMS: usize = 4;
/// A theme with fewer matches a column is one row.
const LEAST_EACH: usize = 2;
/// A term that more of the sample has tells nothing apart.
const MOST_SHARE: f32 = 0.7;
/// A term must stand in about this share of the columns that have the theme, so that its row compares them.
const LEAST_COLUMNS: f32 = 0.66;
/// What a term says beyond theme and query must not be in more of all passages than this: 超市 of
/// 中介超市 tells measures apart, 机构 of 中介机构 does not.
const MOST_FREQUENT: f32 = 0.02;
/// Weaker terms are no evidence of a theme.
pub(super) const LEAST_WEIGHT: f32 = 0.5;

/// The rows that matches are sorted into.
pub(super) struct Rows {
    pub(super) themes: Vec<RowTheme>,
    /// For each kind of entries the number of its theme.
    of_kind: Vec<usize>,
}

/// A theme with its rows: one for each term, and its own behind them.
pub(super) struct RowTheme {
    /// `None` for passages without one.
    pub(super) id: Option<ThemeId>,
    /// Whether the query is about it.
    pub(super) is_topic: bool,
    pub(super) terms: Vec<RowTerm>,
    /// The number of its first row.
    first: usize,
}

/// What the passages of a row have in common.
pub(super) struct RowTerm {
    /// The term as the taxonomy writes it.
    pub(super) text: String,
    /// Its spellings and synonyms in comparable form, itself first.
    pub(super) forms: Vec<String>,
}

impl Rows {
    /// Finds the rows of the matches in the columns.
    pub(super) fn find(
        search: &Search<'_>,
        matches: &Matches,
        columns: &Columns,
    ) -> Result<Self, Error> {
        let profiles = search.snapshot.profiles.as_ref();
        let taxonomy = search.engine.lexicon().taxonomy();
        let wanted = if columns.is_pinned {
            // What is picked is shown, whatever it is about.
            let tops = taxonomy.themes().iter().filter(|top| top.parent.is_none());
            tops.map(|top| top.id.to_string()).collect()
        } else {
            asked_themes(search)
        };
        let topics = topic::themes(search.term, taxonomy);
        let themes = in_order(&wanted, &topics, matches, columns, profiles, taxonomy);
        let of_kind = themes_of_kinds(&themes, profiles);
        let mut rows = Self {
            themes: themes
                .iter()
                .map(|theme| RowTheme {
                    id: theme.parse().ok(),
                    is_topic: topics.iter().any(|topic| topic.as_str() == theme),
                    terms: Vec::new(),
                    first: 0,
                })
                .collect(),
            of_kind,
        };
        rows.themes.push(RowTheme {
            id: None,
            is_topic: false,
            terms: Vec::new(),
            first: 0,
        });
        rows.find_terms(search, matches, columns)?;
        let mut first = 0;
        for theme in &mut rows.themes {
            theme.first = first;
            first += theme.terms.len() + 1;
        }
        Ok(rows)
    }

    /// How many rows there are, empty ones included.
    pub(super) fn len(&self) -> usize {
        self.themes
            .last()
            .map_or(0, |theme| theme.first + theme.terms.len() + 1)
    }

    /// The theme of entries of a kind.
    #[inline]
    pub(super) fn theme_of(&self, kind: usize) -> usize {
        self.of_kind[kind]
    }

    /// The row of an entry of a theme that has a term, or none of them.
    #[inline]
    pub(super) fn row(&self, theme: usize, term: Option<usize>) -> usize {
        let theme = &self.themes[theme];
        theme.first + term.unwrap_or(theme.terms.len())
    }

    /// The theme of a row, with its term.
    pub(super) fn of_row(&self, row: usize) -> (usize, Option<usize>) {
        let theme = self.themes.partition_point(|theme| theme.first <= row) - 1;
        let term = row - self.themes[theme].first;
        (
            theme,
            (term < self.themes[theme].terms.len()).then_some(term),
        )
    }

    /// The row of a text of a kind, told by comparable texts.
    pub(super) fn row_of_text(&self, kind: usize, texts: &[String]) -> usize {
        let theme = self.theme_of(kind);
        let mut terms = self.themes[theme].terms.iter();
        let has = |term: &RowTerm| {
            let mut forms = term.forms.iter();
            forms.any(|form| texts.iter().any(|text| text.contains(form.as_str())))
        };
        self.row(theme, terms.position(has))
    }

    /// Finds the terms of each theme on a sample.
    fn find_terms(
        &mut self,
        search: &Search<'_>,
        matches: &Matches,
        columns: &Columns,
    ) -> Result<(), Error> {
        let samples = self.samples(search, matches, columns).map_err(engine)?;
        for (number, (matched, sample)) in samples.iter().enumerate() {
            let covered: BTreeSet<usize> = sample.iter().map(|s| s.column).collect();
            if covered.len() < 2 || *matched < LEAST_EACH * covered.len() {
                continue;
            }
            let Some(id) = self.themes[number].id.clone() else {
                continue;
            };
            let mut texts = Vec::with_capacity(sample.len());
            for place in sample {
                search.deadline().check().map_err(engine)?;
                let entry = search.read(place.address)?;
                let text = text_of(&entry, search.engine.fields.original);
                texts.push((place.column, search.engine.analyzer.comparable(text)));
            }
            self.themes[number].terms = terms(&id, &texts, search)?;
        }
        Ok(())
    }

    /// For the first themes, how many matches each has in the columns, and some of them: those whose
    /// mixed-up numbers are least, which no merge of segments changes.
    fn samples(
        &self,
        search: &Search<'_>,
        matches: &Matches,
        columns: &Columns,
    ) -> Result<Vec<(usize, Vec<Sampled>)>, Halt> {
        let profiles = search.snapshot.profiles.as_ref();
        let mut themes: Vec<(usize, Vec<Sampled>)> = Vec::new();
        themes.resize_with(self.themes.len().min(MOST_SAMPLED_THEMES), Default::default);
        let mut steps = search.deadline().steps();
        for (segment, docs) in matches.segments.iter().enumerate() {
            let entries = profiles.segment(segment);
            for &doc in docs {
                if steps.is_over() {
                    return Err(Halt::OutOfTime);
                }
                let entry = entries[doc as usize];
                let Some((matched, sample)) = themes.get_mut(self.theme_of(entry.kind())) else {
                    continue;
                };
                let Some(column) = columns.of(entry, profiles) else {
                    continue;
                };
                *matched += 1;
                let ordinal = u64::from(profiles.ordinal(segment, doc));
                sample.push(Sampled {
                    order: mixed(profiles.common(entry).id, ordinal),
                    column,
                    address: DocAddress::new(segment as u32, doc),
                });
                if sample.len() >= SAMPLE * 8 {
                    keep_least(sample);
                }
            }
        }
        themes.iter_mut().for_each(|(_, sample)| keep_least(sample));
        Ok(themes)
    }
}

/// A match that is read to find out what a theme's passages have in common.
struct Sampled {
    order: u64,
    column: usize,
    address: DocAddress,
}

fn keep_least(sample: &mut Vec<Sampled>) {
    sample.sort_unstable_by_key(|sampled| sampled.order);
    sample.truncate(SAMPLE);
}

/// A number that tells nothing of where a passage stands (splitmix64).
fn mixed(document: u64, ordinal: u64) -> u64 {
    let mut z = document ^ ordinal.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The themes filtered by; none where none is.
pub(super) fn asked_themes(search: &Search<'_>) -> Vec<String> {
    let in_query = conjuncts(search.term).iter().filter_map(|term| match term {
        Term::Filter(filter) => Some(filter),
        _ => None,
    });
    let filters = search.filters.iter().chain(in_query);
    let themes = filters.filter(|filter| filter.name == "theme");
    let keys = themes.flat_map(|filter| filter.wanted.keys());
    keys.cloned().collect()
}

/// Whether a theme is one of those asked for, or below one. Without any, those that are not at the
/// top are.
pub(super) fn is_wanted(theme: &str, wanted: &[String]) -> bool {
    let is_below = |top: &String| {
        let rest = theme.strip_prefix(top.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    if wanted.is_empty() {
        theme.contains('.')
    } else {
        wanted.iter().any(is_below)
    }
}

/// The number of the facet.
fn theme_facet() -> usize {
    let position = FACETS.iter().position(|facet| *facet == "theme");
    position.unwrap_or_default()
}

/// The themes that matches in the columns have: what the query is about, then what is done before
/// how it is done, and those of most matches first.
fn in_order(
    wanted: &[String],
    topics: &[ThemeId],
    matches: &Matches,
    columns: &Columns,
    profiles: &Profiles,
    taxonomy: &Taxonomy,
) -> Vec<String> {
    let mut kinds = vec![0u64; profiles.kinds()];
    for (number, docs) in matches.segments.iter().enumerate() {
        let entries = profiles.segment(number);
        for doc in docs {
            let entry = entries[*doc as usize];
            if columns.of(entry, profiles).is_some() {
                kinds[entry.kind()] += 1;
            }
        }
    }
    let facet = &profiles.facets()[theme_facet()];
    let mut counts = vec![0u64; facet.values.len()];
    for (kind, count) in kinds.iter().enumerate().filter(|(_, count)| **count > 0) {
        for value in facet.held.values(kind) {
            counts[*value as usize] += count;
        }
    }
    let is_means = |theme: &str| {
        let theme = theme.parse().ok().and_then(|id| taxonomy.get(&id));
        theme.is_some_and(|theme| theme.is_means)
    };
    let counted = facet.values.iter().zip(counts);
    let mut themes: Vec<(bool, bool, bool, std::cmp::Reverse<u64>, &String)> = counted
        .filter(|(theme, count)| *count > 0 && is_wanted(theme, wanted))
        .map(|(theme, count)| {
            let is_topic = topics.iter().any(|topic| topic.as_str() == theme);
            // One at the top is the row of what nothing below it is known of.
            let is_top = !theme.contains('.');
            (
                is_top,
                !is_topic,
                is_means(theme),
                std::cmp::Reverse(count),
                theme,
            )
        })
        .collect();
    themes.sort();
    themes
        .into_iter()
        .map(|(.., theme)| theme.clone())
        .collect()
}

/// For each kind the number of the first of the themes it has; of none, one more than there are.
fn themes_of_kinds(themes: &[String], profiles: &Profiles) -> Vec<usize> {
    let facet = &profiles.facets()[theme_facet()];
    let place: Vec<usize> = facet
        .values
        .iter()
        .map(|value| themes.iter().position(|theme| theme == value))
        .map(|place| place.unwrap_or(themes.len()))
        .collect();
    (0..profiles.kinds())
        .map(|kind| {
            let values = facet.held.values(kind).iter();
            let first = values.map(|value| place[*value as usize]).min();
            first.unwrap_or(themes.len())
        })
        .collect()
}

/// The terms of a theme that tell its measures apart: each stands in several columns, and each is the
/// one that adds most columns and measures to those before it.
fn terms(
    id: &ThemeId,
    texts: &[(usize, String)],
    search: &Search<'_>,
) -> Result<Vec<RowTerm>, Error> {
    let taxonomy = search.engine.lexicon().taxonomy();
    let Some(theme) = taxonomy.index_of(id) else {
        return Ok(Vec::new());
    };
    let mut having: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    let most = (texts.len() as f32 * MOST_SHARE) as usize;
    for (number, (_, text)) in texts.iter().enumerate() {
        for found in taxonomy.find_terms(text) {
            let votes = |(voted, weight): &(_, f32)| *voted == theme && *weight >= LEAST_WEIGHT;
            if found.votes.iter().any(votes) {
                having.entry(found.term).or_default().insert(number);
            }
        }
    }
    let columns = |having: &mut dyn Iterator<Item = usize>| {
        let columns: BTreeSet<usize> = having.map(|number| texts[number].0).collect();
        columns.len()
    };
    let all = columns(&mut (0..texts.len()));
    let least = ((all as f32 * LEAST_COLUMNS).ceil() as usize).max(2);
    let mut candidates: Vec<(RowTerm, BTreeSet<usize>)> = Vec::new();
    for term in having.keys() {
        let forms = forms(term, search)?;
        if !tells_apart(&forms[0], &taxonomy.theme(theme).name, 0, search)? {
            continue;
        }
        let has = |text: &String| forms.iter().any(|form| text.contains(form.as_str()));
        let numbers = texts.iter().enumerate().filter(|(_, (_, text))| has(text));
        let numbers: BTreeSet<usize> = numbers.map(|(number, _)| number).collect();
        if numbers.len() <= most {
            let text = (*term).to_owned();
            candidates.push((RowTerm { text, forms }, numbers));
        }
    }
    let mut chosen: Vec<RowTerm> = Vec::new();
    while chosen.len() < MOST_TERMS {
        let gain = |(_, numbers): &(RowTerm, BTreeSet<usize>)| {
            (columns(&mut numbers.iter().copied()), numbers.len())
        };
        let best = candidates
            .iter()
            .enumerate()
            .map(|(at, candidate)| (gain(candidate), std::cmp::Reverse(at)))
            .max();
        let is_enough = |((columns, _), _): &((usize, usize), _)| *columns >= least;
        let Some((_, std::cmp::Reverse(at))) = best.filter(is_enough) else {
            break;
        };
        let (term, taken) = candidates.remove(at);
        chosen.push(term);
        for (_, numbers) in &mut candidates {
            numbers.retain(|number| !taken.contains(number));
        }
    }
    Ok(chosen)
}

/// Whether a term says more than the theme's name and the query do, and something that not every
/// other passage says: no more than `MOST_FREQUENT` of all do, or so many.
pub(super) fn tells_apart(
    term: &str,
    name: &str,
    at_least: u64,
    search: &Search<'_>,
) -> Result<bool, Error> {
    let analyzer = &search.engine.analyzer;
    let known = [
        analyzer.comparable(name),
        analyzer.comparable(&search.request.query),
    ];
    let own = without_known(term, &known);
    if own.chars().count() < 2 {
        return Ok(false);
    }
    let matcher = search.matcher(Added::Same);
    let frequent = matcher.rarest_term(&own).map_err(engine)?;
    let most = matcher.collection.entries as f32 * MOST_FREQUENT;
    Ok(frequent as f32 <= most.max(at_least as f32))
}

/// A term without the words of two or more characters that it shares with other texts.
fn without_known(term: &str, known: &[String]) -> String {
    let chars: Vec<char> = term.chars().collect();
    let is_known = |part: &[char]| {
        let part: String = part.iter().collect();
        known.iter().any(|text| text.contains(&part))
    };
    let mut own = String::new();
    let mut at = 0;
    while at < chars.len() {
        let shared = (at + 2..=chars.len())
            .rev()
            .find(|end| is_known(&chars[at..*end]));
        match shared {
            Some(end) => at = end,
            None => {
                own.push(chars[at]);
                at += 1;
            }
        }
    }
    own
}

/// A term in its spellings and with what means the same, in comparable form.
fn forms(term: &str, search: &Search<'_>) -> Result<Vec<String>, Error> {
    let forms = Forms::of(term, search)?;
    Ok([forms.same, forms.wanted].concat())
}

/// What stands for a term, in comparable form.
pub(super) struct Forms {
    /// Its spellings and what means the same, itself first.
    pub(super) same: Vec<String>,
    /// What whoever asks for it wants too.
    pub(super) wanted: Vec<String>,
    /// What is only akin.
    pub(super) akin: Vec<String>,
}

impl Forms {
    pub(super) fn of(term: &str, search: &Search<'_>) -> Result<Self, Error> {
        let asked = Request {
            query: term.to_owned(),
            as_typed: false,
            drop: Vec::new(),
            ..search.request.clone()
        };
        let mut forms = Self {
            same: vec![search.engine.analyzer.comparable(term)],
            wanted: Vec::new(),
            akin: Vec::new(),
        };
        if let Term::Piece(piece) = search.engine.understood(&asked)? {
            let variants = piece.variants.iter();
            for variant in variants.filter(|variant| variant.leaves == (0..piece.leaves.len())) {
                let of_kind = match variant.kind {
                    VariantKind::Related => &mut forms.akin,
                    VariantKind::Oneway => &mut forms.wanted,
                    _ => &mut forms.same,
                };
                of_kind.push(variant.text.clone());
            }
        }
        let mut seen = BTreeSet::new();
        for of_kind in [&mut forms.same, &mut forms.wanted, &mut forms.akin] {
            of_kind.retain(|form| !form.is_empty() && seen.insert(form.clone()));
        }
        Ok(forms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_term_says_beyond_its_theme() {
        let known = ["中介服务".to_owned(), "审批提速".to_owned()];
        let own = |term| without_known(term, &known);
        assert_eq!(
            (own("中介超市"), own("中介服务")),
            ("超市".into(), String::new())
        );
        assert_eq!(
            (own("并联审批"), own("容缺受理")),
            ("并联".into(), "容缺受理".into())
        );
    }

    #[test]
    fn themes_below_one_that_is_asked_for_are_asked_for_too() {
        let wanted = ["approval".to_owned()];
        assert!(is_wanted("approval.process", &wanted) && is_wanted("approval", &wanted));
        assert!(!is_wanted("approvals.process", &wanted) && !is_wanted("credit", &wanted));
        assert!(is_wanted("credit.government", &[]) && !is_wanted("credit", &[]));
    }
}
