//! The columns: those asked for, else those filtered by, else those with most matches; and how many
//! documents and matches each has.

use crate::collect::FACETS;
use crate::compare::matches::Matches;
use crate::compare::{Axis, CompareRequest, ComparedColumn, MOST_COLUMNS};
use crate::engine::{Engine, Snapshot};
use crate::error::{Error, FilterFault, ParameterFault};
use crate::facets::value_label;
use crate::filter::{Resolved, Values, left_out, resolve_one, shorten};
use crate::profiles::{Entry, Profiles};

/// The columns of a comparison.
pub(super) struct Columns {
    pub(super) by: Axis,
    /// Whether passages were picked one by one, which are all shown.
    pub(super) is_pinned: bool,
    pub(super) columns: Vec<ComparedColumn>,
    /// Matches in all.
    pub(super) total: u64,
    /// Matches without a value.
    pub(super) without: u64,
    /// Values with matches that have no column, and how many matches these are.
    pub(super) left_out: (usize, u64),
    /// The number of the facet.
    facet: usize,
    /// For each value of the facet the column it has.
    of_value: Vec<Option<usize>>,
}

impl Columns {
    /// Chooses the columns.
    pub(super) fn choose(
        asked: &CompareRequest,
        filters: &[Resolved],
        matches: &Matches,
        engine: &Engine,
        snapshot: &Snapshot,
    ) -> Result<Self, Error> {
        let profiles = snapshot.profiles.as_ref();
        let name = asked.by.as_str();
        let facet = FACETS.iter().position(|facet| *facet == name);
        let facet = facet.unwrap_or_default();
        let counts = counted(facet, matches, profiles);
        let values = &profiles.facets()[facet].values;
        let chosen = match chosen(asked, filters, engine)? {
            Some(chosen) => chosen,
            None => most(values, &counts, asked),
        };
        let count_of = |value: &String| {
            let number = values.iter().position(|known| known == value);
            number.map_or(0, |number| counts[number])
        };
        let columns: Vec<ComparedColumn> = chosen
            .iter()
            .map(|value| ComparedColumn {
                value: value.clone(),
                label: value_label(name, value, engine.lexicon()),
                documents: 0,
                total: count_of(value),
            })
            .collect();
        let of_value: Vec<Option<usize>> = values
            .iter()
            .map(|value| chosen.iter().position(|chosen| chosen == value))
            .collect();
        let others = values.iter().zip(&counts).zip(&of_value);
        let others = others.filter(|((value, count), column)| {
            !value.is_empty() && **count > 0 && column.is_none()
        });
        let left_out = others.fold((0, 0), |(values, sum), ((_, count), _)| {
            (values + 1, sum + count)
        });
        let total = matches.total();
        // Entries of which the index has no value at all are without one, too.
        let with: u64 = values.iter().zip(&counts).fold(0, |sum, (value, count)| {
            sum + if value.is_empty() { 0 } else { *count }
        });
        Ok(Self {
            by: asked.by,
            is_pinned: !asked.passages.is_empty(),
            columns,
            total,
            without: if chosen.iter().any(String::is_empty) {
                0
            } else {
                total - with
            },
            left_out,
            facet,
            of_value,
        })
    }

    /// Counts the documents of each column.
    pub(super) fn count(&mut self, documents: &Matches, profiles: &Profiles) {
        for (number, docs) in documents.segments.iter().enumerate() {
            let entries = profiles.segment(number);
            for doc in docs {
                if let Some(column) = self.of(entries[*doc as usize], profiles) {
                    self.columns[column].documents += 1;
                }
            }
        }
    }

    /// The column of an entry.
    #[inline]
    pub(super) fn of(&self, entry: Entry, profiles: &Profiles) -> Option<usize> {
        let held = &profiles.facets()[self.facet].held;
        let value = held.values(entry.document as usize).first()?;
        self.of_value[*value as usize]
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }
}

/// Matches by number of their value.
pub(super) fn counted(facet: usize, matches: &Matches, profiles: &Profiles) -> Vec<u64> {
    let facet = &profiles.facets()[facet];
    let mut counts = vec![0; facet.values.len()];
    for (number, docs) in matches.segments.iter().enumerate() {
        let entries = profiles.segment(number);
        for doc in docs {
            let document = entries[*doc as usize].document as usize;
            if let Some(value) = facet.held.values(document).first() {
                counts[*value as usize] += 1;
            }
        }
    }
    counts
}

/// The values asked for, or filtered by.
fn chosen(
    asked: &CompareRequest,
    filters: &[Resolved],
    engine: &Engine,
) -> Result<Option<Vec<String>>, Error> {
    let name = asked.by.as_str();
    let resolved;
    let values = if asked.columns.is_empty() {
        filters.iter().find(|filter| filter.name == name)
    } else {
        // A column that is left out is none.
        if let Some(column) = asked.columns.iter().find(|c| left_out(c).is_some()) {
            return Err(Error::Filter {
                name,
                fault: FilterFault::Unlisted(shorten(column)),
                suggestion: left_out(column).map(str::to_owned),
            });
        }
        resolved = resolve_one(
            name,
            &asked.columns,
            false,
            engine.lexicon(),
            &engine.analyzer,
        )?;
        Some(&resolved)
    };
    let values = values.filter(|filter| !filter.wanted.is_empty());
    let mut chosen: Vec<String> = Vec::new();
    match values.map(|filter| &filter.wanted) {
        None => return Ok(None),
        Some(Values::Keys(keys)) => chosen.extend(keys.iter().cloned()),
        Some(Values::Numbers(ranges)) => {
            for range in ranges {
                if range.end() - range.start() >= MOST_COLUMNS as u64 {
                    // Filtered by so many years, those with most matches are shown.
                    if asked.columns.is_empty() {
                        return Ok(None);
                    }
                    let fault = FilterFault::NoYears(format!("{}..{}", range.start(), range.end()));
                    return Err(Error::Filter {
                        name,
                        fault,
                        suggestion: Some("2017, 2018, 2019".to_owned()),
                    });
                }
                chosen.extend(range.clone().map(|year| match year {
                    0 => String::new(),
                    year => year.to_string(),
                }));
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    chosen.retain(|value| seen.insert(value.clone()));
    if chosen.len() > MOST_COLUMNS {
        return Err(Error::Parameter {
            name: "columns",
            fault: ParameterFault::Above(MOST_COLUMNS),
        });
    }
    Ok(Some(chosen))
}

/// The values with most matches; years in their order. What was picked has a column even where it has
/// no value, which comes last.
fn most(values: &[String], counts: &[u64], asked: &CompareRequest) -> Vec<String> {
    let counted = values.iter().zip(counts);
    let mut counted: Vec<(&String, u64)> = counted
        .filter(|(value, count)| (!value.is_empty() || !asked.passages.is_empty()) && **count > 0)
        .map(|(value, count)| (value, *count))
        .collect();
    counted.sort_by(|a, b| {
        let is_without = (a.0.is_empty()).cmp(&b.0.is_empty());
        is_without.then(b.1.cmp(&a.1)).then(a.0.cmp(b.0))
    });
    counted.truncate(MOST_COLUMNS);
    if asked.by == Axis::Year {
        counted.sort_by_key(|(value, _)| (value.is_empty(), *value));
    }
    counted
        .into_iter()
        .map(|(value, _)| value.clone())
        .collect()
}
