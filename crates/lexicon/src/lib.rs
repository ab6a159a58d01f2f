//! The lexicon: where places lie, what themes are called, which words mean the same.
//!
//! A [`Lexicon`] is a [`Gazetteer`], a [`Taxonomy`], a dictionary, [`Synonyms`], [`StatusWords`] and [`Readings`], read from the
//! tables in `index-data/lexicon/`, which are compiled in and can be replaced by a folder. Loading
//! checks the tables as a whole and reports every fault with its file and line.
//!
//! Nothing here reads a document, segments words or decides what a document is about.
//!
//! ```
//! use duibiao_corpus::Level;
//! let lexicon = duibiao_lexicon::Lexicon::embedded()?;
//! let harbin = lexicon.gazetteer().resolve("哈尔滨", Some(Level::City)).expect("a city of today");
//! assert_eq!(harbin.code.to_string(), "230100");
//! # Ok::<(), duibiao_lexicon::LexiconError>(())
//! ```

mod alias;
mod dictionary;
mod finder;
mod gazetteer;
mod matcher;
mod place;
mod place_table;
mod problem;
mod readings;
mod resolve;
mod status_words;
mod succession;
mod suggest;
mod synonyms;
mod tables;
mod taxonomy;
mod taxonomy_table;

use std::path::Path;

pub use dictionary::DictionaryWord;
pub use finder::Finder;
pub use gazetteer::{Gazetteer, NameMatch};
pub use place::{Name, NameKind, Place, PlaceIx, Successor};
pub use problem::{Fault, LexiconError, Problem};
pub use readings::Readings;
pub use resolve::PlaceError;
pub use status_words::{StatusSign, StatusWords};
pub use suggest::nearest;
pub use synonyms::{Expansion, SynonymGroup, SynonymKind, Synonyms};
pub use taxonomy::{RegulationRef, Taxonomy, Term, TermMatch, Theme, ThemeError, ThemeIx};

use problem::Problems;
use tables::Tables;

/// All tables of one version.
#[derive(Debug)]
pub struct Lexicon {
    version: String,
    gazetteer: Gazetteer,
    taxonomy: Taxonomy,
    dictionary: Vec<DictionaryWord>,
    synonyms: Synonyms,
    status_words: StatusWords,
    readings: Readings,
}

impl Lexicon {
    /// The tables this program was built with.
    ///
    /// # Errors
    /// Only when it was built from faulty tables, which a test of this crate prevents.
    pub fn embedded() -> Result<Self, LexiconError> {
        Self::from_tables(&Tables::embedded())
    }

    /// The tables in a folder, which must hold all of them.
    ///
    /// # Errors
    /// When a file is missing, unreadable or larger than 64 MB, and when the tables contradict
    /// themselves or each other; then all faults are listed.
    pub fn load(dir: &Path) -> Result<Self, LexiconError> {
        Self::from_tables(&Tables::read(dir)?)
    }

    fn from_tables(tables: &Tables) -> Result<Self, LexiconError> {
        let mut problems = Problems::default();
        let lexicon = Self {
            version: tables.version(),
            gazetteer: Gazetteer::from_tables(tables, &mut problems),
            taxonomy: taxonomy_table::parse(tables, &mut problems),
            dictionary: dictionary::parse(tables, &mut problems),
            synonyms: synonyms::parse(tables, &mut problems),
            status_words: status_words::parse(tables, &mut problems),
            readings: readings::parse(tables, &mut problems),
        };
        problems.into_result().map(|()| lexicon)
    }

    /// 16 hexadecimal digits that change whenever a table does; kept in every index.
    ///
    /// A byte order mark and the kind of line ends do not count, so a table saved by a
    /// spreadsheet without a change keeps its version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Provinces, cities and counties.
    pub fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }

    /// Themes and the terms that speak for them.
    pub fn taxonomy(&self) -> &Taxonomy {
        &self.taxonomy
    }

    /// Words that a segmenter should keep whole.
    pub fn dictionary(&self) -> &[DictionaryWord] {
        &self.dictionary
    }

    /// Words that tell how far a measure has come.
    pub fn status_words(&self) -> &StatusWords {
        &self.status_words
    }

    /// How words are read whose characters are read otherwise alone.
    pub fn readings(&self) -> &Readings {
        &self.readings
    }

    /// Words that mean the same, or nearly.
    pub fn synonyms(&self) -> &Synonyms {
        &self.synonyms
    }
}

#[cfg(test)]
mod tests;
