//! What the index holds and what it does not: documents by province and year and by city and theme, those
//! without one of them, and the files that could not be read.
//!
//! It counts documents as a search for them does, so every number is the total of a search. What was never
//! collected it cannot know.

use std::collections::BTreeMap;

use duibiao_index::Unit;
use serde::Serialize;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED, Term as Key};
use utoipa::ToSchema;

use crate::collect::FACETS;
use crate::deadline::{Deadline, Halt};
use crate::engine::{Engine, Snapshot, guarded};
use crate::error::{Error, engine};
use crate::facets::value_label;
use crate::profiles::Facet;
use crate::statistics::postings;

/// What an index covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coverage {
    /// Documents.
    pub documents: u64,
    /// Documents by province and year.
    pub province_by_year: Grid,
    /// Documents by city and top theme. A document has several themes, or none.
    pub city_by_theme: Grid,
    /// Documents of which something is not known.
    pub unknown: Unknown,
    /// Files that could not be read, by reason, the most frequent first.
    pub unreadable: Vec<UnreadableFiles>,
}

/// Documents by two of their values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Grid {
    /// What the columns are, in the order of their values; "without" last.
    pub columns: Vec<GridValue>,
    /// The rows in the order of their values, "without" last.
    pub rows: Vec<GridRow>,
}

/// A value that rows or columns are made by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct GridValue {
    /// Code, year or id, as filters take it; empty for documents without one.
    pub value: String,
    /// Its name.
    pub label: String,
    /// How many documents have it.
    pub total: u64,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct GridRow {
    /// What it is about.
    #[serde(flatten)]
    pub value: GridValue,
    /// How many documents there are in each column.
    pub cells: Vec<u64>,
}

/// How many documents lack a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Unknown {
    /// No year.
    pub year: u64,
    /// No province: of the nation, or not known.
    pub province: u64,
    /// No city: of the nation or a province, or not known.
    pub city: u64,
    /// No theme.
    pub theme: u64,
    /// Neither year nor province.
    pub year_and_province: u64,
}

/// Files that could not be read for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnreadableFiles {
    /// Why not.
    pub reason: String,
    /// How many.
    pub files: u64,
}

/// The values of one document, the empty one for "without".
struct Values<'a> {
    province: Vec<&'a str>,
    city: Vec<&'a str>,
    year: Vec<&'a str>,
    theme: Vec<&'a str>,
}

impl Engine {
    /// What the index covers.
    ///
    /// # Errors
    /// When the deadline is past or the index is damaged.
    pub fn coverage(&self, deadline: &Deadline) -> Result<Coverage, Error> {
        guarded(self.path(), || {
            let mut counts = Counts::default();
            self.each_document(&self.snapshot(), deadline, |values| counts.add(values))
                .map_err(engine)?;
            let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
            for file in self.unreadable()? {
                *reasons.entry(file.reason).or_default() += 1;
            }
            let mut unreadable: Vec<UnreadableFiles> = reasons
                .into_iter()
                .map(|(reason, files)| UnreadableFiles { reason, files })
                .collect();
            unreadable.sort_by_key(|reason| std::cmp::Reverse(reason.files));
            Ok(Coverage {
                documents: counts.documents,
                province_by_year: self.grid("province", "year", &counts.province_by_year),
                city_by_theme: self.grid("city", "theme", &counts.city_by_theme),
                unknown: counts.unknown,
                unreadable,
            })
        })
    }

    fn each_document(
        &self,
        snapshot: &Snapshot,
        deadline: &Deadline,
        mut see: impl FnMut(&Values<'_>),
    ) -> Result<(), Halt> {
        deadline.check()?;
        let mut steps = deadline.steps();
        let profiles = snapshot.profiles.as_ref();
        let facet = |name: &str| {
            let mut facets = FACETS.iter().zip(profiles.facets());
            facets
                .find(|(own, _)| **own == name)
                .map(|(_, facet)| facet)
        };
        let names = ["province", "city", "year", "theme"];
        let [Some(province), Some(city), Some(year), Some(theme)] = names.map(facet) else {
            return Ok(());
        };
        let key = Key::from_field_text(self.fields.unit, Unit::Document.as_str());
        for (number, segment) in snapshot.searcher.segment_readers().iter().enumerate() {
            let Some(mut docs) = postings(segment, &key, IndexRecordOption::Basic)? else {
                continue;
            };
            let entries = profiles.segment(number);
            while docs.doc() != TERMINATED {
                let doc = docs.doc();
                if steps.is_over() {
                    return Err(Halt::OutOfTime);
                }
                if !segment.is_deleted(doc) {
                    let entry = entries[doc as usize];
                    let (document, kind) = (entry.document as usize, entry.kind());
                    see(&Values {
                        province: values(province, document),
                        city: values(city, document),
                        year: values(year, document),
                        theme: values(theme, kind),
                    });
                }
                docs.advance();
            }
        }
        Ok(())
    }

    fn grid(&self, rows: &str, columns: &str, counts: &Pairs) -> Grid {
        let value = |name: &str, value: &str, total: u64| GridValue {
            value: value.to_owned(),
            label: value_label(name, value, self.lexicon()),
            total,
        };
        let in_order = |totals: &BTreeMap<String, u64>| {
            let mut totals: Vec<(String, u64)> = totals
                .iter()
                .map(|(v, total)| (v.clone(), *total))
                .collect();
            totals.sort_by_key(|(value, _)| value.is_empty());
            totals
        };
        let column_totals = in_order(&counts.columns);
        let row = |(row, total): (String, u64)| GridRow {
            cells: column_totals
                .iter()
                .map(|(column, _)| {
                    let pair = (row.clone(), column.clone());
                    counts.pairs.get(&pair).copied().unwrap_or(0)
                })
                .collect(),
            value: value(rows, &row, total),
        };
        Grid {
            rows: in_order(&counts.rows).into_iter().map(row).collect(),
            columns: column_totals
                .iter()
                .map(|(column, total)| value(columns, column, *total))
                .collect(),
        }
    }
}

/// The values that document or kind number `of` has in a facet.
fn values(facet: &Facet, of: usize) -> Vec<&str> {
    let held = facet.held.values(of).iter();
    let mut values: Vec<&str> = held.map(|v| facet.values[*v as usize].as_str()).collect();
    if values.is_empty() {
        values.push("");
    }
    values
}

/// Documents by pairs of values, and by each of the two.
#[derive(Debug, Default)]
struct Pairs {
    pairs: BTreeMap<(String, String), u64>,
    rows: BTreeMap<String, u64>,
    columns: BTreeMap<String, u64>,
}

impl Pairs {
    fn add<'a>(&mut self, rows: &[&str], columns: impl Iterator<Item = &'a str> + Clone) {
        for row in rows {
            *self.rows.entry((*row).to_owned()).or_default() += 1;
            for column in columns.clone() {
                let pair = ((*row).to_owned(), column.to_owned());
                *self.pairs.entry(pair).or_default() += 1;
            }
        }
        for column in columns {
            *self.columns.entry(column.to_owned()).or_default() += 1;
        }
    }
}

#[derive(Debug, Default)]
struct Counts {
    documents: u64,
    province_by_year: Pairs,
    city_by_theme: Pairs,
    unknown: Unknown,
}

impl Counts {
    fn add(&mut self, values: &Values<'_>) {
        let lacks = |values: &[&str]| u64::from(values == [""]);
        self.documents += 1;
        self.unknown.year += lacks(&values.year);
        self.unknown.province += lacks(&values.province);
        self.unknown.city += lacks(&values.city);
        self.unknown.theme += lacks(&values.theme);
        self.unknown.year_and_province += lacks(&values.year) * lacks(&values.province);
        self.province_by_year
            .add(&values.province, values.year.iter().copied());
        // The twelve at the top hold all others.
        let themes = values.theme.iter().copied();
        self.city_by_theme
            .add(&values.city, themes.filter(|theme| !theme.contains('.')));
    }
}
