//! A table of labels to compare with: what each cell means, and whether an inferred value is
//! what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use duibiao_corpus::{Document, Evidence, Inferred, Level, PlaceRef};
use duibiao_lexicon::{Gazetteer, Lexicon};

use crate::evaluation::Confusion;
use crate::labels::{LabelsError, table};

/// Columns that are compared, in the order in which they are shown.
pub(crate) const FIELDS: &[&str] = &[
    "title",
    "issuer",
    "number",
    "doc_type",
    "subtype",
    "province",
    "city",
    "county",
    "level",
    "year",
    "date",
    "published",
    "appeared",
    "period",
    "script",
    "partial",
    "chapters",
    "articles",
    "themes",
];

/// Labels by path.
#[derive(Debug, Default)]
pub struct Truth {
    rows: BTreeMap<String, BTreeMap<&'static str, String>>,
    not_compared: Vec<String>,
}

/// How a value compares with its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compared {
    Right,
    Wrong,
    /// Labelled, and nothing was stated.
    Missing,
    /// Nothing labelled, nothing stated.
    Empty,
    ShouldBeEmpty,
    /// Of a field of several values: how many are labelled, stated, and both.
    Tags {
        labelled: usize,
        stated: usize,
        right: usize,
    },
}

/// A value with its label.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    pub(crate) path: String,
    pub(crate) field: &'static str,
    pub(crate) expected: String,
    pub(crate) got: String,
    pub(crate) evidence: String,
    pub(crate) compared: Compared,
}

impl Judged {
    /// The line of the confusion list, unless all is right.
    pub(crate) fn confusion(self) -> Option<Confusion> {
        let is_right = match self.compared {
            Compared::Right | Compared::Empty => true,
            Compared::Tags {
                labelled,
                stated,
                right,
            } => labelled == right && stated == right,
            Compared::Wrong | Compared::Missing | Compared::ShouldBeEmpty => false,
        };
        (!is_right).then_some(Confusion {
            path: self.path,
            field: self.field,
            expected: self.expected,
            got: self.got,
            evidence: self.evidence,
        })
    }
}

impl Truth {
    /// Reads a table with a column `path`. Values are not checked: they are what is compared with.
    pub fn read(file: &Path) -> Result<Self, LabelsError> {
        let (headers, records) = table(file)?;
        let compared = |header: &str| FIELDS.iter().copied().find(|f| *f == header);
        let mut truth = Self {
            not_compared: headers
                .iter()
                .filter(|h| *h != "path" && compared(h).is_none())
                .map(str::to_owned)
                .collect(),
            ..Self::default()
        };
        let path_column = headers.iter().position(|h| h == "path");
        for record in records {
            let path = path_column
                .and_then(|column| record.get(column))
                .unwrap_or_default();
            if path.is_empty() {
                continue;
            }
            let cells = headers.iter().zip(&record);
            let row = cells
                .filter_map(|(header, value)| Some((compared(header)?, value.to_owned())))
                .collect();
            truth.rows.insert(path.replace('\\', "/"), row);
        }
        Ok(truth)
    }

    /// The name of the row of a document: its path, or the part of it below the root.
    pub(crate) fn row_of<'a>(&self, path: &'a str) -> Option<&'a str> {
        let below = path.split_once('/').map(|(_, below)| below);
        [Some(path), below]
            .into_iter()
            .flatten()
            .find(|name| self.rows.contains_key(*name))
    }

    pub(crate) fn not_compared(&self) -> &[String] {
        &self.not_compared
    }

    pub(crate) fn rows_without(&self, found: &[&str]) -> Vec<String> {
        let found: BTreeSet<&str> = found.iter().copied().collect();
        let rows = self.rows.keys();
        rows.filter(|row| !found.contains(row.as_str()))
            .cloned()
            .collect()
    }

    /// Compares a document with its row.
    pub(crate) fn judge(&self, row: &str, document: &Document, lexicon: &Lexicon) -> Vec<Judged> {
        let Some(cells) = self.rows.get(row) else {
            return Vec::new();
        };
        let judge = |(field, expected): (&&'static str, &String)| {
            let value = value(document, field);
            let compared = if *field == "themes" {
                tags(document, expected, lexicon)
            } else {
                compare(field, expected, &value, lexicon.gazetteer())
            };
            Judged {
                path: row.to_owned(),
                field,
                expected: expected.clone(),
                got: value.text.unwrap_or_default(),
                evidence: value.evidence,
                compared,
            }
        };
        cells.iter().map(judge).collect()
    }
}

/// A value as text, with what it rests on.
#[derive(Default)]
struct Value {
    text: Option<String>,
    evidence: String,
    is_inferred: bool,
}

impl Value {
    fn of<T>(value: &Option<Inferred<T>>, text: impl Fn(&T) -> String) -> Self {
        value.as_ref().map_or_else(Self::default, |v| Self {
            text: Some(text(&v.value)),
            evidence: format!("{} {}", v.rule, quotes(&v.evidence)),
            is_inferred: v.inferred,
        })
    }

    fn plain(text: String) -> Self {
        Self {
            text: Some(text),
            ..Self::default()
        }
    }
}

fn quotes(evidence: &[Evidence]) -> String {
    let quotes = evidence.iter().map(|e| {
        let line = e.quote.replace('\n', " ");
        format!(
            "“{}”@{}",
            line.chars().take(60).collect::<String>(),
            e.span.begin
        )
    });
    quotes.collect::<Vec<_>>().join(" ")
}

fn value(document: &Document, field: &str) -> Value {
    let known = &document.metadata;
    let place = |place: &PlaceRef| place.name.clone();
    match field {
        "title" => Value::of(&known.title, String::clone),
        "issuer" => Value::of(&known.issuer, String::clone),
        "number" => Value::of(&known.number, String::clone),
        "doc_type" => Value::of(&known.doc_type, String::clone),
        "subtype" => Value::of(&known.subtype, String::clone),
        "province" => Value::of(&known.province, place),
        "city" => Value::of(&known.city, place),
        "county" => Value::of(&known.county, place),
        "level" => Value::of(&known.level, |l| l.as_str().to_owned()),
        "year" => Value::of(&known.year, ToString::to_string),
        "date" => Value::of(&known.date, ToString::to_string),
        "published" => Value::of(&known.published, ToString::to_string),
        "appeared" => Value::of(&known.appeared, ToString::to_string),
        "period" => Value::of(&known.period, String::clone),
        "script" => Value::plain(document.script.as_str().to_owned()),
        "partial" => Value::plain(document.partial.to_string()),
        "articles" => Value::plain(lines_of(document, "条").to_string()),
        "chapters" => Value::plain(lines_of(document, "章").to_string()),
        _ => Value::plain(
            known
                .themes
                .iter()
                .map(|t| t.id.to_string())
                .collect::<Vec<_>>()
                .join(";"),
        ),
    }
}

/// Passages that begin with 第…条, or headings that begin with 第…章, each counted once.
fn lines_of(document: &Document, unit: &str) -> usize {
    let chars: Vec<char> = document.text.chars().collect();
    let mut last = String::new();
    let begins = |passage: &&duibiao_corpus::Passage| {
        let (begin, end) = (passage.span.begin as usize, passage.span.end as usize);
        let words: String = chars
            .get(begin..end)
            .unwrap_or_default()
            .iter()
            .take(60)
            .collect();
        let words = words.trim_start_matches(|c: char| c.is_whitespace() || "#*".contains(c));
        let Some(rest) = words.strip_prefix('第') else {
            return false;
        };
        let number = rest.trim_start_matches(|c: char| {
            c.is_ascii_digit() || "一二三四五六七八九十百千零〇两".contains(c)
        });
        let is_one = number.len() < rest.len() && number.starts_with(unit);
        // A table of contents names every chapter a first time.
        let name = words.lines().next().unwrap_or_default().to_owned();
        let is_again = unit == "章" && name == last;
        last = name;
        is_one && !is_again
    };
    document.passages.iter().filter(begins).count()
}

/// What an empty cell means for a value that was stated: no place was expected, and of the rest
/// nothing that the document itself states; a value marked as concluded is no error there.
fn compare(field: &str, expected: &str, value: &Value, gazetteer: &Gazetteer) -> Compared {
    let is_place = matches!(field, "province" | "city" | "county");
    match (&value.text, expected.is_empty()) {
        (None, true) => Compared::Empty,
        (None, false) => Compared::Missing,
        (Some(_), true) if value.is_inferred && !is_place => Compared::Empty,
        (Some(_), true) => Compared::ShouldBeEmpty,
        (Some(got), false) if is_same(field, expected, got, gazetteer) => Compared::Right,
        (Some(_), false) => Compared::Wrong,
    }
}

fn is_same(field: &str, expected: &str, got: &str, gazetteer: &Gazetteer) -> bool {
    let place = |level| {
        let code = |name: &str| gazetteer.resolve(name, Some(level)).map(|p| p.code).ok();
        expected == got || code(expected).is_some() && code(expected) == code(got)
    };
    match field {
        "province" => place(Level::Province),
        "city" => place(Level::City),
        "county" => place(Level::County),
        "title" | "issuer" => bare(expected) == bare(got),
        "period" => months(expected) == months(got),
        _ => expected == got,
    }
}

/// Without white space; bodies that sign together in any order.
fn bare(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = text
        .split('；')
        .map(|part| part.split_whitespace().collect())
        .collect();
    parts.sort();
    parts
}

/// A period by the months it begins and ends with: 2016 is 2016-01/2016-12.
fn months(period: &str) -> (String, String) {
    let (from, to) = period.split_once('/').unwrap_or((period, period));
    let month = |day: &str, of_year: &str| {
        let upto: String = day.chars().take(7).collect();
        if upto.len() == 4 {
            format!("{upto}-{of_year}")
        } else {
            upto
        }
    };
    (month(from, "01"), month(to, "12"))
}

/// As many of the strongest themes as are labelled.
fn tags(document: &Document, expected: &str, lexicon: &Lexicon) -> Compared {
    let labelled: BTreeSet<String> = expected
        .split(';')
        .map(str::trim)
        .filter(|t| !t.is_empty())
        .map(|t| {
            lexicon
                .taxonomy()
                .resolve(t)
                .map_or_else(|_| t.to_owned(), |t| t.id.to_string())
        })
        .collect();
    let strongest = document.metadata.themes.iter().take(labelled.len());
    let stated: BTreeSet<String> = strongest.map(|t| t.id.to_string()).collect();
    Compared::Tags {
        labelled: labelled.len(),
        stated: stated.len(),
        right: labelled.intersection(&stated).count(),
    }
}
