//! What a query is about, as themes of the taxonomy: the same words vote that vote for the themes of
//! a passage.
//!
//! It serves to look further where little is found, and a little to rank; it never filters.

use std::collections::BTreeMap;

use duibiao_corpus::ThemeId;
use duibiao_lexicon::Taxonomy;

use crate::resolve::Term;

/// Votes that a theme needs: a telling term, or two weak ones.
const ENOUGH: f32 = 0.6;
/// A theme with less than this share of the strongest one's votes is only touched on.
const LEAST_OF_STRONGEST: f32 = 0.75;
/// A query about more themes than this is about none.
const MOST: usize = 2;

/// The themes of what is looked for, strongest first; none where nothing or too much is named.
pub(crate) fn themes(term: &Term, taxonomy: &Taxonomy) -> Vec<ThemeId> {
    let mut votes: BTreeMap<&ThemeId, f32> = BTreeMap::new();
    for part in term.positive() {
        let Term::Piece(piece) = part else { continue };
        for found in taxonomy.find_terms(&piece.text) {
            for &(theme, weight) in found.votes {
                *votes.entry(&taxonomy.theme(theme).id).or_default() += weight;
            }
        }
    }
    let strongest = votes.values().copied().fold(0.0, f32::max);
    let mut themes: Vec<(&ThemeId, f32)> = votes
        .into_iter()
        .filter(|(_, votes)| *votes >= ENOUGH.max(strongest * LEAST_OF_STRONGEST))
        .collect();
    themes.sort_by(|a, b| b.1.total_cmp(&a.1));
    if themes.len() > MOST {
        return Vec::new();
    }
    themes.into_iter().map(|(theme, _)| theme.clone()).collect()
}
