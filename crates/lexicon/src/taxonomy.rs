//! Themes: what documents of this field deal with, and the terms that speak for each.
//!
//! Finds terms and says which themes they vote for. Counting votes is not done here.

use std::collections::HashMap;
use std::ops::Range;

use duibiao_corpus::ThemeId;

use crate::matcher::Matcher;
use crate::resolve::hint;
use crate::suggest;

/// One theme.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Its id, which never changes.
    pub id: ThemeId,
    /// The top theme above it; `None` for a top theme.
    pub parent: Option<ThemeId>,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// What belongs to it; empty for a top theme.
    pub definition: String,
    /// What does not, and where that belongs instead.
    pub confusable: String,
    /// National indicators (国家营商环境评价一级指标) that it is assessed by.
    pub indicators: Vec<String>,
    /// Articles of the 优化营商环境条例 that rule it.
    pub regulation: Vec<RegulationRef>,
    /// Topics of the World Bank's B-READY that it falls under.
    pub b_ready: Vec<String>,
    /// Terms that vote for it.
    pub terms: Vec<Term>,
    /// Whether it is how something is done (监督、问责、组织) rather than what it is about.
    pub is_means: bool,
    /// Whether it is kept only because its id was in use.
    pub deprecated: bool,
    /// The theme that took its place.
    pub replaced_by: Option<ThemeId>,
}

/// Articles of one chapter of the 优化营商环境条例 (2019, 国令第722号).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegulationRef {
    /// Chapter, such as 第四章 政务服务.
    pub chapter: String,
    /// Numbers of its articles.
    pub articles: Vec<u16>,
}

/// A word or phrase that votes for a theme.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The words, Simplified.
    pub text: String,
    /// How much one occurrence counts, above 0 and at most 1. A weak term alone is no evidence.
    pub weight: f32,
}

/// A theme of one [`Taxonomy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThemeIx(pub(crate) u16);

/// A term found in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct TermMatch<'a> {
    /// Where, in bytes of the text.
    pub bytes: Range<usize>,
    /// The term.
    pub term: &'a str,
    /// The themes it votes for, with its weight.
    pub votes: &'a [(ThemeIx, f32)],
}

/// Why a text does not mean a theme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// No theme has this id or name.
    #[error("unknown theme {name:?}{}", hint(.suggestion))]
    Unknown {
        /// What was typed, cut to 60 characters.
        name: String,
        /// The nearest id or name there is.
        suggestion: Option<String>,
    },
}

impl ThemeError {
    /// What was typed, cut to 60 characters.
    pub fn name(&self) -> &str {
        let Self::Unknown { name, .. } = self;
        name
    }
}

/// A term and its votes.
#[derive(Debug)]
struct Votes {
    text: String,
    votes: Vec<(ThemeIx, f32)>,
}

/// All themes, parents above their children.
#[derive(Debug)]
pub struct Taxonomy {
    themes: Vec<Theme>,
    by_id: HashMap<ThemeId, ThemeIx>,
    terms: Vec<Votes>,
    matcher: Matcher,
}

impl Taxonomy {
    /// From themes with distinct ids, of which there are at most 65,536, and words that say nothing
    /// although a term is in them.
    pub(crate) fn new(themes: Vec<Theme>, silent: Vec<String>) -> Self {
        let ix = |index: usize| ThemeIx(index as u16);
        let by_id = themes.iter().enumerate();
        let by_id = by_id.map(|(i, theme)| (theme.id.clone(), ix(i))).collect();
        let mut number: HashMap<&str, usize> = HashMap::new();
        let mut terms: Vec<Votes> = Vec::new();
        for (index, theme) in themes.iter().enumerate().filter(|(_, t)| !t.deprecated) {
            for term in &theme.terms {
                let at = *number.entry(&term.text).or_insert(terms.len());
                if at == terms.len() {
                    terms.push(Votes {
                        text: term.text.clone(),
                        votes: Vec::new(),
                    });
                }
                terms[at].votes.push((ix(index), term.weight));
            }
        }
        let silent = silent.into_iter().map(|text| Votes {
            text,
            votes: Vec::new(),
        });
        terms.extend(silent);
        Self {
            by_id,
            terms,
            themes,
            matcher: Matcher::default(),
        }
    }

    /// Every theme in file order, parents before their children.
    pub fn themes(&self) -> &[Theme] {
        &self.themes
    }

    /// The theme with this number.
    pub fn theme(&self, ix: ThemeIx) -> &Theme {
        &self.themes[usize::from(ix.0)]
    }

    /// The theme with this id.
    pub fn get(&self, id: &ThemeId) -> Option<&Theme> {
        self.index_of(id).map(|ix| self.theme(ix))
    }

    /// The number of the theme with this id.
    pub fn index_of(&self, id: &ThemeId) -> Option<ThemeIx> {
        self.by_id.get(id).copied()
    }

    /// The themes directly below one.
    pub fn children(&self, id: &ThemeId) -> impl Iterator<Item = &Theme> {
        let themes = self.themes.iter();
        themes.filter(move |theme| theme.parent.as_ref() == Some(id))
    }

    /// The theme that an id or a Chinese name means; for a deprecated one its replacement.
    ///
    /// # Errors
    /// When no theme has the id or name.
    pub fn resolve(&self, text: &str) -> Result<&Theme, ThemeError> {
        let name: String = text.trim().chars().take(60).collect();
        let mut themes = self.themes.iter();
        let found = themes.find(|theme| theme.id.as_str() == name || theme.name == name);
        let Some(mut theme) = found else {
            let names = self.themes.iter().map(|theme| theme.name.as_str());
            let ids = self.themes.iter().map(|theme| theme.id.as_str());
            let suggestion = suggest::nearest(&name, names.chain(ids)).map(str::to_owned);
            return Err(ThemeError::Unknown { name, suggestion });
        };
        // Loading refuses cycles.
        while let Some(next) = theme.replaced_by.as_ref().and_then(|id| self.get(id)) {
            theme = next;
        }
        Ok(theme)
    }

    /// Every term in running Simplified text: leftmost, then longest. Letters must match in case.
    /// A silent word hides the terms in it.
    pub fn find_terms<'a>(&'a self, text: &'a str) -> impl Iterator<Item = TermMatch<'a>> + 'a {
        let words = || {
            let terms = self.terms.iter().enumerate();
            terms.map(|(index, term)| (term.text.as_str(), index as u32))
        };
        let matches = self.matcher.find(text, words).map(|(bytes, number)| {
            let term = &self.terms[number as usize];
            TermMatch {
                bytes,
                term: &term.text,
                votes: &term.votes,
            }
        });
        matches.filter(|found| !found.votes.is_empty())
    }
}
