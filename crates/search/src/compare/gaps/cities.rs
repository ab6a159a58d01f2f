//! Which cities are compared: the one whose gaps are looked for, and those it is measured against.

use duibiao_index::Unit;

use crate::collect::FACETS;
use crate::compare::columns::counted;
use crate::compare::gaps::standing::all_of;
use crate::compare::gaps::{GapsRequest, MOST_AGAINST};
use crate::compare::matches::Matches;
use crate::compare::shape::ComparedColumn;
use crate::engine::{Engine, Snapshot};
use crate::error::{Error, FilterFault, ParameterFault};
use crate::facets::value_label;
use crate::filter::{Resolved, left_out, resolve_one, shorten};
use crate::profiles::{Entry, Profiles};
use crate::run::Search;

/// The city that is asked for stands at 0, behind it those it is measured against.
pub(super) struct Cities {
    pub(super) columns: Vec<ComparedColumn>,
    /// Cities with matches that are not compared with, because there are so many.
    pub(super) left_out: usize,
    /// The codes of the city that is asked for; several where its name passed from one to the next.
    pub(super) own: Vec<String>,
    /// The number of the facet.
    facet: usize,
    /// For each value of the facet the city it is.
    of_value: Vec<Option<usize>>,
}

impl Cities {
    /// The cities that are asked for; without any to compare with, those with most matches.
    pub(super) fn choose(
        asked: &GapsRequest,
        matches: &Matches,
        engine: &Engine,
        snapshot: &Snapshot,
    ) -> Result<Self, Error> {
        let profiles = snapshot.profiles.as_ref();
        if asked.city.trim().is_empty() {
            return Err(Error::Parameter {
                name: "for",
                fault: ParameterFault::NoCity,
            });
        }
        let own = codes("for", std::slice::from_ref(&asked.city), engine)?;
        let facet = FACETS.iter().position(|name| *name == "city");
        let facet = facet.unwrap_or_default();
        let values = &profiles.facets()[facet].values;
        let counts = counted(facet, matches, profiles);
        let (mut others, mut left_out) = (codes("against", &asked.against, engine)?, 0);
        if others.is_empty() {
            let found = values.iter().zip(&counts);
            let mut found: Vec<(&String, &u64)> = found
                .filter(|(value, count)| **count > 0 && !value.is_empty() && !own.contains(*value))
                .collect();
            found.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
            left_out = found.len().saturating_sub(MOST_AGAINST);
            found.truncate(MOST_AGAINST);
            others = found.into_iter().map(|(value, _)| value.clone()).collect();
        }
        others.retain(|code| !own.contains(code));
        if others.is_empty() && !asked.against.is_empty() {
            return Err(Error::Parameter {
                name: "against",
                fault: ParameterFault::NoOthers,
            });
        }
        if others.len() > MOST_AGAINST {
            return Err(Error::Parameter {
                name: "against",
                fault: ParameterFault::Above(MOST_AGAINST),
            });
        }
        let all: Vec<&String> = own.iter().take(1).chain(&others).collect();
        let columns = all.iter().map(|value| ComparedColumn {
            value: (*value).clone(),
            label: value_label("city", value, engine.lexicon()),
            documents: 0,
            total: 0,
        });
        let of_value = values.iter().map(|value| {
            if own.contains(value) {
                return Some(0);
            }
            all.iter().position(|code| *code == value)
        });
        Ok(Self {
            columns: columns.collect(),
            of_value: of_value.collect(),
            own,
            left_out,
            facet,
        })
    }

    /// The city of an entry.
    #[inline]
    pub(super) fn of(&self, entry: Entry, profiles: &Profiles) -> Option<usize> {
        let held = &profiles.facets()[self.facet].held;
        let value = held.values(entry.document as usize).first()?;
        self.of_value[*value as usize]
    }

    /// How many cities are measured against.
    pub(super) fn others(&self) -> usize {
        self.columns.len() - 1
    }

    /// Counts the documents of each that filters let through: `of_own` those of the first, `filters`
    /// those of the others.
    pub(super) fn count_documents(
        &mut self,
        (of_own, filters): (&[Resolved], &[Resolved]),
        search: &Search<'_>,
    ) -> Result<(), Error> {
        let profiles = search.snapshot.profiles.as_ref();
        for (filters, is_own) in [(of_own, true), (filters, false)] {
            let documents = all_of(search, Unit::Document, filters)?;
            for (number, docs) in documents.segments.iter().enumerate() {
                let entries = profiles.segment(number);
                for doc in docs {
                    match self.of(entries[*doc as usize], profiles) {
                        Some(city) if (city == 0) == is_own => self.columns[city].documents += 1,
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }
}

/// The codes of cities as typed, each once and in order.
fn codes(name: &'static str, typed: &[String], engine: &Engine) -> Result<Vec<String>, Error> {
    if let Some(city) = typed.iter().find(|city| left_out(city).is_some()) {
        return Err(Error::Filter {
            name,
            fault: FilterFault::Unlisted(shorten(city)),
            suggestion: left_out(city).map(str::to_owned),
        });
    }
    let resolved = resolve_one("city", typed, false, engine.lexicon(), &engine.analyzer);
    let resolved = resolved.map_err(|error| match error {
        Error::Filter {
            fault, suggestion, ..
        } => Error::Filter {
            name,
            fault,
            suggestion,
        },
        other => other,
    })?;
    let mut codes: Vec<String> = Vec::new();
    for code in resolved.wanted.keys() {
        if code.is_empty() {
            return Err(Error::Parameter {
                name,
                fault: ParameterFault::NoCity,
            });
        }
        if !codes.contains(code) {
            codes.push(code.clone());
        }
    }
    Ok(codes)
}
