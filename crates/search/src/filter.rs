//! Filters resolved: names to codes, ranges to numbers; and their test on fast columns.

use std::ops::RangeInclusive;

use duibiao_corpus::{Level, Status};
use duibiao_index::Analyzer;
use duibiao_lexicon::{Lexicon, PlaceError, ThemeError};
use tantivy::SegmentReader;
use tantivy::columnar::{Column, StrColumn};

use crate::error::{Error, FilterFault};
use crate::request::Filters;

/// How a filter's values are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Values {
    /// One of these keys; the empty one stands for none at all.
    Keys(Vec<String>),
    /// In one of these ranges; 0 stands for none at all.
    Numbers(Vec<RangeInclusive<u64>>),
}

/// A filter with its values resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// Its name, which is the field's.
    pub(crate) name: &'static str,
    pub(crate) values: Values,
}

/// What people type for "without one".
const UNKNOWN: &[&str] = &["", "不详", "未知"];

/// Resolves every filter of a request.
pub(crate) fn resolve(
    filters: &Filters,
    lexicon: &Lexicon,
    analyzer: &Analyzer,
) -> Result<Vec<Resolved>, Error> {
    filters
        .named()
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| resolve_one(name, values, lexicon, analyzer))
        .collect()
}

/// Resolves the values of one filter.
pub(crate) fn resolve_one(
    name: &'static str,
    values: &[String],
    lexicon: &Lexicon,
    analyzer: &Analyzer,
) -> Result<Resolved, Error> {
    let values = if matches!(name, "year" | "period") {
        Values::Numbers(
            values
                .iter()
                .map(|v| years(name, v))
                .collect::<Result<_, _>>()?,
        )
    } else {
        Values::Keys(
            values
                .iter()
                .map(|v| keys(name, &analyzer.typed(v.trim()), lexicon))
                .collect::<Result<Vec<_>, _>>()?
                .concat(),
        )
    };
    Ok(Resolved { name, values })
}

fn keys(name: &'static str, value: &str, lexicon: &Lexicon) -> Result<Vec<String>, Error> {
    if UNKNOWN.contains(&value) {
        return Ok(vec![String::new()]);
    }
    match name {
        "province" => places(name, value, Level::Province, lexicon),
        "city" => places(name, value, Level::City, lexicon),
        "county" => places(name, value, Level::County, lexicon),
        _ => key(name, value, lexicon).map(|key| vec![key]),
    }
}

/// The codes a name of a place stands for; several where a former name passed from one to the next.
fn places(
    name: &'static str,
    value: &str,
    level: Level,
    lexicon: &Lexicon,
) -> Result<Vec<String>, Error> {
    let meant = lexicon.gazetteer().meant_by(value, Some(level));
    let meant = meant.map_err(|error| Error::Filter {
        name,
        suggestion: match &error {
            PlaceError::Unknown { suggestion, .. } => suggestion.clone(),
            PlaceError::Ambiguous { candidates, .. } => {
                let shown = candidates.iter().take(8);
                let shown: Vec<_> = shown.map(|c| format!("{} {}", c.code, c.name)).collect();
                Some(shown.join(", "))
            }
        },
        fault: FilterFault::Place(error),
    })?;
    let mut codes: Vec<String> = meant.iter().map(|place| place.code.to_string()).collect();
    codes.sort();
    codes.dedup();
    Ok(codes)
}

fn key(name: &'static str, value: &str, lexicon: &Lexicon) -> Result<String, Error> {
    match name {
        "theme" => lexicon
            .taxonomy()
            .resolve(value)
            .map(|theme| theme.id.to_string())
            .map_err(|error| {
                let ThemeError::Unknown { suggestion, .. } = &error;
                Error::Filter {
                    name,
                    suggestion: suggestion.clone(),
                    fault: FilterFault::Theme(error),
                }
            }),
        "status" => one_of(
            name,
            value,
            Status::from_name(value).map(Status::as_str),
            Status::ALL.iter().map(|s| (s.as_str(), s.label())),
        ),
        "level" => one_of(
            name,
            value,
            Level::from_name(value).map(Level::as_str),
            Level::ALL.iter().map(|l| (l.as_str(), l.label())),
        ),
        "number" => Ok(number(value)),
        _ => Ok(value.to_owned()),
    }
}

/// Errors quote at most this much of what was given.
pub(crate) fn shorten(value: &str) -> String {
    value.chars().take(60).collect()
}

fn one_of(
    name: &'static str,
    value: &str,
    known: Option<&'static str>,
    all: impl Iterator<Item = (&'static str, &'static str)>,
) -> Result<String, Error> {
    known.map(str::to_owned).ok_or_else(|| {
        let all: Vec<String> = all
            .map(|(name, label)| format!("{name} ({label})"))
            .collect();
        Error::Filter {
            name,
            fault: FilterFault::Unlisted(shorten(value)),
            suggestion: Some(all.join(", ")),
        }
    })
}

/// A document number with the brackets it is indexed with.
fn number(value: &str) -> String {
    let squeezed: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    squeezed
        .replace(['(', '（', '[', '［', '【'], "〔")
        .replace([')', '）', ']', '］', '】'], "〕")
}

/// `2017`, `2017..2020`, `2017..`, `..2020`, or nothing for documents without a year.
fn years(name: &'static str, value: &str) -> Result<RangeInclusive<u64>, Error> {
    let value = value.trim();
    if UNKNOWN.contains(&value) {
        return Ok(0..=0);
    }
    let wrong = || Error::Filter {
        name,
        fault: FilterFault::NoYears(shorten(value)),
        suggestion: Some("2017, 2017..2020, 2017.., ..2020".to_owned()),
    };
    let year = |text: &str, open: u64| match text {
        "" => Ok(open),
        _ => text
            .strip_suffix('年')
            .unwrap_or(text)
            .parse::<u64>()
            .ok()
            .filter(|y| (1000..=9999).contains(y))
            .ok_or_else(wrong),
    };
    let (from, to) = match value.split_once("..") {
        Some(("", "")) => return Err(wrong()),
        Some((from, to)) => (year(from, 1)?, year(to, 9999)?),
        None => (year(value, 0)?, year(value, 9999)?),
    };
    if from > to {
        Err(wrong())
    } else {
        Ok(from..=to)
    }
}

/// The test of one filter on one segment.
pub(crate) enum SegmentFilter {
    Keys {
        column: StrColumn,
        allowed: Vec<bool>,
    },
    Numbers {
        column: Column<u64>,
        ranges: Vec<RangeInclusive<u64>>,
    },
    /// The segment has no such column.
    Nothing,
}

impl SegmentFilter {
    pub(crate) fn new(filter: &Resolved, segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        match &filter.values {
            Values::Numbers(ranges) => Ok(Self::Numbers {
                column: columns.u64(filter.name)?,
                ranges: ranges.clone(),
            }),
            Values::Keys(keys) => {
                let Some(column) = columns.str(filter.name)? else {
                    return Ok(Self::Nothing);
                };
                let mut allowed = vec![false; column.dictionary().num_terms()];
                for key in keys {
                    if let Some(ordinal) = column.dictionary().term_ord(key.as_bytes())? {
                        allowed[ordinal as usize] = true;
                    }
                }
                Ok(Self::Keys { column, allowed })
            }
        }
    }

    /// Whether an entry passes.
    #[inline]
    pub(crate) fn passes(&self, doc: u32) -> bool {
        match self {
            Self::Nothing => false,
            Self::Keys { column, allowed } => column
                .ords()
                .values_for_doc(doc)
                .any(|ordinal| allowed[ordinal as usize]),
            Self::Numbers { column, ranges } => column
                .values_for_doc(doc)
                .any(|number| ranges.iter().any(|range| range.contains(&number))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(name: &'static str, value: &str) -> Result<Values, String> {
        let lexicon = Lexicon::embedded().expect("lexicon");
        let analyzer = Analyzer::new(&lexicon).expect("analyzer");
        resolve_one(name, &[value.to_owned()], &lexicon, &analyzer)
            .map(|r| r.values)
            .map_err(|e| e.to_string())
    }

    #[test]
    fn names_become_codes_and_ranges_numbers() {
        let keys = |key: &str| Ok(Values::Keys(vec![key.to_owned()]));
        assert_eq!(resolved("province", "沪"), keys("310000"));
        assert_eq!(resolved("city", "哈尔滨"), keys("230100"));
        assert_eq!(resolved("city", "上海市"), keys("310000"));
        assert_eq!(resolved("city", "莱芜市"), keys("371200"));
        assert_eq!(resolved("city", "襄樊市"), keys("420600"));
        assert_eq!(resolved("county", "崇文区"), keys("110103"));
        assert_eq!(resolved("county", "110103"), keys("110103"));
        let xiaoshan = ["330109", "330181", "339005"].map(str::to_owned);
        assert_eq!(
            resolved("county", "萧山市"),
            Ok(Values::Keys(xiaoshan.to_vec()))
        );
        assert_eq!(resolved("county", "萧山区"), keys("330109"));
        assert_eq!(
            resolved("theme", "approval.process"),
            keys("approval.process")
        );
        assert_eq!(resolved("status", "已办"), keys("done"));
        assert_eq!(
            resolved("number", "黑政发(2010)93号"),
            keys("黑政发〔2010〕93号")
        );
        assert_eq!(resolved("city", "不详"), keys(""));
        assert_eq!(
            resolved("year", "2017..2020"),
            Ok(Values::Numbers(vec![2017..=2020]))
        );
        assert_eq!(
            resolved("year", "..2020"),
            Ok(Values::Numbers(vec![1..=2020]))
        );
        assert_eq!(
            resolved("year", "2017年"),
            Ok(Values::Numbers(vec![2017..=2017]))
        );
    }

    #[test]
    fn unknown_values_are_errors() {
        for (name, value) in [
            ("city", "哈尔冰"),
            ("theme", "approval.proces"),
            ("status", "finished"),
            ("year", "20"),
            ("year", ".."),
            ("year", "2020..2017"),
        ] {
            assert!(resolved(name, value).is_err(), "{name} {value}");
        }
    }
}
