//! `labels.csv`: values a user gives for documents. They replace what was inferred and are
//! marked as given.

use std::collections::HashMap;
use std::fmt::Display;
use std::path::Path;

use duibiao_corpus::{
    DateKind, Document, Inferred, Level, PartialDate, PartialDateError, PlaceCode, StatedDate,
    ThemeTag,
};
use duibiao_index::Given;
use duibiao_lexicon::{Gazetteer, Lexicon};

/// A labels file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LabelsError {
    /// It cannot be opened.
    #[error("cannot read labels {file}: {source}")]
    Open {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is not a table with a column `path`.
    #[error("{file}: {why}")]
    Table {
        /// The file.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// A value is not one of its column.
    #[error("{file}:{line}: {column} {value:?}: {why}")]
    Value {
        /// The file.
        file: String,
        /// Line, from 1.
        line: u64,
        /// Name of the column.
        column: &'static str,
        /// The value.
        value: String,
        /// What is wrong.
        why: String,
    },
}

/// Columns that are applied; others in the file are ignored.
const COLUMNS: &[&str] = &[
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
    "dates",
    "period",
    "url",
    "themes",
];
/// A larger labels file is refused.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// The rows of a labels file.
#[derive(Debug, Default)]
pub struct Labels {
    rows: HashMap<String, Given>,
    ignored: Vec<String>,
}

impl Labels {
    /// Reads and checks a labels file. A row's `path` is the document's path, or the part of it
    /// below the root.
    pub fn read(file: &Path, lexicon: &Lexicon) -> Result<Self, LabelsError> {
        let name = file.display().to_string();
        Self::parse(&name, &bytes(file)?, lexicon)
    }

    fn parse(name: &str, bytes: &[u8], lexicon: &Lexicon) -> Result<Self, LabelsError> {
        let (headers, records) = records(name, bytes)?;
        let path_column = headers.iter().position(|h| h == "path").unwrap_or_default();
        let mut rows = HashMap::new();
        for record in records {
            let Some(path) = record.get(path_column).filter(|p| !p.is_empty()) else {
                continue;
            };
            let (path, given) = row(name, path, &headers, &record, lexicon)?;
            if rows.insert(path.clone(), given).is_some() {
                return Err(LabelsError::Value {
                    file: name.to_owned(),
                    line: record.position().map_or(0, csv::Position::line),
                    column: "path",
                    value: path,
                    why: "has a row above already".to_owned(),
                });
            }
        }
        let known = |header: &str| header == "path" || COLUMNS.contains(&header);
        let ignored = headers
            .iter()
            .filter(|h| !known(h))
            .map(str::to_owned)
            .collect();
        Ok(Self { rows, ignored })
    }

    /// The label of a document.
    pub fn get(&self, path: &str) -> Option<&Given> {
        self.rows
            .get(path)
            .or_else(|| self.rows.get(path.split_once('/')?.1))
            .filter(|given| !given.is_empty())
    }

    /// Columns of the file that no document takes a value from.
    pub fn ignored_columns(&self) -> &[String] {
        &self.ignored
    }

    /// Number of documents labelled.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing is labelled.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Header and records of a table that has a column `path`.
pub(crate) fn table(
    file: &Path,
) -> Result<(csv::StringRecord, Vec<csv::StringRecord>), LabelsError> {
    records(&file.display().to_string(), &bytes(file)?)
}

/// The bytes of a labels file, without a byte order mark.
fn bytes(file: &Path) -> Result<Vec<u8>, LabelsError> {
    let name = file.display().to_string();
    let open = |source| LabelsError::Open {
        file: name.clone(),
        source,
    };
    let wrong = |why: String| LabelsError::Table {
        file: name.clone(),
        why,
    };
    let metadata = file.metadata().map_err(open)?;
    if !metadata.is_file() {
        return Err(wrong("not a regular file".to_owned()));
    }
    if metadata.len() > MOST_BYTES {
        return Err(wrong(format!("larger than {} MB", MOST_BYTES >> 20)));
    }
    let mut bytes = std::fs::read(file).map_err(open)?;
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    Ok(bytes)
}

fn records(
    name: &str,
    bytes: &[u8],
) -> Result<(csv::StringRecord, Vec<csv::StringRecord>), LabelsError> {
    let wrong = |why: String| LabelsError::Table {
        file: name.to_owned(),
        why,
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let headers = reader.headers().map_err(|e| wrong(e.to_string()))?.clone();
    if !headers.iter().any(|h| h == "path") {
        return Err(wrong("no column named path in its first line".to_owned()));
    }
    let records: Result<Vec<_>, _> = reader.records().collect();
    Ok((headers, records.map_err(|e| wrong(e.to_string()))?))
}

/// The checked values of one row, and the path they are for.
fn row(
    name: &str,
    path: &str,
    headers: &csv::StringRecord,
    record: &csv::StringRecord,
    lexicon: &Lexicon,
) -> Result<(String, Given), LabelsError> {
    let wrong = |column: &'static str, value: &str, why: String| LabelsError::Value {
        file: name.to_owned(),
        line: record.position().map_or(0, csv::Position::line),
        column,
        value: value.chars().take(60).collect(),
        why,
    };
    let mut given = Given::new();
    for (header, value) in headers.iter().zip(record) {
        let column = COLUMNS.iter().find(|c| **c == header);
        if let Some(column) = column.filter(|_| !value.is_empty()) {
            check(lexicon, column, value).map_err(|why| wrong(column, value, why))?;
            given.insert(header.to_owned(), value.to_owned());
        }
    }
    check_places(lexicon, &given).map_err(|(column, why)| {
        wrong(column, given.get(column).map_or("", String::as_str), why)
    })?;
    Ok((path.replace('\\', "/"), given))
}

fn check(lexicon: &Lexicon, column: &str, value: &str) -> Result<(), String> {
    fn parsed<T: std::str::FromStr<Err = E>, E: Display>(value: &str) -> Result<(), String> {
        value.parse::<T>().map(drop).map_err(|e| e.to_string())
    }
    match column {
        "province" => place(lexicon.gazetteer(), value, Level::Province).map(drop),
        "city" => place(lexicon.gazetteer(), value, Level::City).map(drop),
        "county" => place(lexicon.gazetteer(), value, Level::County).map(drop),
        "level" => Level::from_name(value)
            .map(drop)
            .ok_or_else(|| "expected nation, province, city or county".to_owned()),
        "year" => year(value)
            .map(drop)
            .ok_or_else(|| "expected a year such as 2017".to_owned()),
        "date" | "published" | "appeared" => PartialDate::from_table(value)
            .map(drop)
            .map_err(|e| e.to_string()),
        "dates" => stated_dates(value).map(drop),
        "url" => address(value)
            .map(drop)
            .ok_or_else(|| "expected an address that begins with http:// or https://".to_owned()),
        "themes" => value
            .split(';')
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .try_for_each(|theme| {
                lexicon
                    .taxonomy()
                    .resolve(theme)
                    .map(drop)
                    .map_err(|e| e.to_string())
            }),
        "period" => value
            .split('/')
            .try_for_each(parsed::<PartialDate, _>)
            .map_err(|_| "expected a time such as 2016, 2016-01/2016-11 or 2021/2023".to_owned()),
        _ => Ok(()),
    }
}

/// A year as tables write it.
fn year(value: &str) -> Option<i16> {
    let year = value.trim_end_matches('年').parse().ok();
    year.filter(|year| (1900..2200).contains(year))
}

/// An address of the web; nothing else is made a link.
fn address(value: &str) -> Option<String> {
    let is_web = value.starts_with("https://") || value.starts_with("http://");
    let is_plain = !value.contains(|c: char| c.is_control() || c.is_whitespace());
    (is_web && is_plain).then(|| value.to_owned())
}

/// The city of a row must lie in its province, the county in its city.
fn check_places(lexicon: &Lexicon, given: &Given) -> Result<(), (&'static str, String)> {
    let find = |column: &'static str, level| {
        given
            .get(column)
            .and_then(|value| lexicon.gazetteer().resolve(value, Some(level)).ok())
            .map(|place| (column, place))
    };
    let places = [
        find("county", Level::County),
        find("city", Level::City),
        find("province", Level::Province),
    ];
    let stated: Vec<_> = places.into_iter().flatten().collect();
    for pair in stated.windows(2) {
        let ((column, inner), (_, outer)) = (pair[0], pair[1]);
        if !inner.lies_in(outer) {
            return Err((
                column,
                format!("{} does not lie in {}", inner.name, outer.name),
            ));
        }
    }
    Ok(())
}

fn place(gazetteer: &Gazetteer, value: &str, level: Level) -> Result<PlaceCode, String> {
    gazetteer
        .resolve(value, Some(level))
        .map(|p| p.code)
        .map_err(|e| e.to_string())
}

/// Replaces what was inferred by what is given. Values were checked when the labels were read;
/// one that an edited lexicon no longer knows is left as inferred, with a warning.
pub(crate) fn apply(document: &mut Document, given: &Given, lexicon: &Lexicon) {
    let gazetteer = lexicon.gazetteer();
    let mut warnings = Vec::new();
    let metadata = &mut document.metadata;
    for (column, value) in given {
        let text = || Some(Inferred::given(value.clone()));
        let place = |level| {
            gazetteer
                .resolve(value, Some(level))
                .ok()
                .map(|p| Inferred::given(p.to_ref()))
        };
        let date = || PartialDate::from_table(value).ok().map(Inferred::given);
        let known = match column.as_str() {
            "title" => set(&mut metadata.title, text()),
            "issuer" => set(&mut metadata.issuer, text()),
            "number" => set(&mut metadata.number, text()),
            "doc_type" => set(&mut metadata.doc_type, text()),
            "subtype" => set(&mut metadata.subtype, text()),
            "province" => set(&mut metadata.province, place(Level::Province)),
            "city" => set(&mut metadata.city, place(Level::City)),
            "county" => set(&mut metadata.county, place(Level::County)),
            "level" => set(
                &mut metadata.level,
                Level::from_name(value).map(Inferred::given),
            ),
            "year" => set(&mut metadata.year, year(value).map(Inferred::given)),
            "date" => set(&mut metadata.date, date()),
            "published" => set(&mut metadata.published, date()),
            "appeared" => set(&mut metadata.appeared, date()),
            "dates" => stated_dates(value)
                .map(|dates| metadata.dates = dates)
                .is_ok(),
            "period" => set(&mut metadata.period, text()),
            "url" => set(&mut metadata.url, address(value).map(Inferred::given)),
            "themes" => {
                metadata.themes = themes(value, lexicon);
                true
            }
            _ => true,
        };
        if !known {
            let value: String = value.chars().take(60).collect();
            warnings.push(format!("given {column} {value:?} is not understood"));
        }
    }
    follow(metadata, given, gazetteer);
    document.warnings.extend(warnings);
}

/// `passed 2010-03-31; amended 2020-07-24`, kinds by name or Chinese label.
fn stated_dates(value: &str) -> Result<Vec<StatedDate>, String> {
    let parts = value.split([';', '；']).map(str::trim);
    let dates = parts.filter(|part| !part.is_empty()).map(|part| {
        let (kind, day) = part.split_once([' ', ':', '：']).ok_or_else(|| {
            format!("{part:?}: expected a kind and a day such as passed 2010-03-31")
        })?;
        let kind = DateKind::from_name(kind.trim()).ok_or_else(|| {
            let kinds: Vec<_> = DateKind::ALL.iter().map(|k| k.as_str()).collect();
            format!("{kind:?}: expected one of {}", kinds.join(", "))
        })?;
        Ok(StatedDate {
            kind,
            value: day
                .trim()
                .parse()
                .map_err(|e: PartialDateError| e.to_string())?,
            rule: Inferred::<()>::GIVEN.into(),
            evidence: Vec::new(),
        })
    });
    dates.collect()
}

/// What follows from a given value, and what contradicts it: a given city brings its province,
/// a given date its year; an inferred city outside a given province goes.
fn follow(metadata: &mut duibiao_corpus::Metadata, given: &Given, gazetteer: &Gazetteer) {
    let has = |column: &str| given.contains_key(column);
    let place = |value: &Option<Inferred<duibiao_corpus::PlaceRef>>| {
        value.as_ref().and_then(|v| gazetteer.get(v.value.code))
    };
    if has("county") && !has("city") {
        let city = place(&metadata.county)
            .and_then(|county| county.city)
            .and_then(|code| gazetteer.get(code));
        metadata.city = city.map(|city| Inferred::given(city.to_ref()));
    }
    if (has("city") || has("county")) && !has("province") {
        let inner = place(&metadata.city).or_else(|| place(&metadata.county));
        let province = inner.and_then(|inner| gazetteer.get(inner.province));
        metadata.province = province.map(|province| Inferred::given(province.to_ref()));
    }
    if let Some(province) = place(&metadata.province)
        && place(&metadata.city).is_some_and(|city| !city.lies_in(province))
    {
        metadata.city = None;
    }
    if let Some(city) = place(&metadata.city).or_else(|| place(&metadata.province))
        && place(&metadata.county).is_some_and(|county| !county.lies_in(city))
    {
        metadata.county = None;
    }
    if let Some(date) = metadata
        .date
        .as_ref()
        .filter(|_| has("date") && !has("year"))
    {
        metadata.year = Some(Inferred::given(date.value.year));
    }
}

fn set<T>(slot: &mut Option<Inferred<T>>, value: Option<Inferred<T>>) -> bool {
    let known = value.is_some();
    if known {
        *slot = value;
    }
    known
}

fn themes(value: &str, lexicon: &Lexicon) -> Vec<ThemeTag> {
    let known: Vec<_> = value
        .split(';')
        .filter_map(|theme| lexicon.taxonomy().resolve(theme.trim()).ok())
        .collect();
    let weight = 1.0 / known.len().max(1) as f32;
    known
        .iter()
        .map(|theme| ThemeTag {
            id: theme.id.clone(),
            name: theme.name.clone(),
            weight,
            evidence: Vec::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Labels, LabelsError> {
        Labels::parse(
            "labels.csv",
            text.as_bytes(),
            &Lexicon::embedded().expect("lexicon"),
        )
    }

    #[test]
    fn rows_are_found_by_path_with_and_without_the_root() {
        let labels = parse("path,province,year\na/b.txt,黑龙江,2017\nc.txt,,\n").expect("table");
        assert_eq!(
            labels
                .get("root/a/b.txt")
                .and_then(|g| g.get("year"))
                .map(String::as_str),
            Some("2017")
        );
        assert!(labels.get("a/b.txt").is_some() && labels.get("root/c.txt").is_none());
    }

    #[test]
    fn wrong_values_name_their_line() {
        let message = |text: &str| parse(text).map(drop).expect_err("wrong").to_string();
        assert!(message("path,city\na.txt,哈尔冰\n").starts_with("labels.csv:2: city"));
        assert!(message("path,year\na.txt,\nb.txt,abc\n").starts_with("labels.csv:3: year"));
        assert!(
            message("path,province,city\na.txt,辽宁,哈尔滨\n")
                .contains("哈尔滨市 does not lie in 辽宁省")
        );
        assert!(message("path,year\na.txt,2017\na.txt,2018\n").contains("has a row above"));
        assert!(message("name,year\na.txt,2017\n").contains("no column named path"));
    }
}
