//! Filters resolved: names to codes, ranges to numbers. Whether an entry passes is said in `passing`.
//!
//! Values of one filter are alternatives, different filters all apply, and a value behind `-` is left
//! out whatever else is asked for: `year=2015..2020&year=-2018`. No code, name, id or year begins with
//! a `-`, so nothing else can be meant by it.
//!
//! `province`, `city` and `county` ask for one value each, so 黑龙江省 and 大连市 together find nothing.
//! Whoever chooses from a tree means either of them: that is what `place` is for. Its values are places
//! of any level, each with all that lies in it, and alternatives like those of every other filter. A
//! place beside the one it lies in therefore adds nothing; in a tree, choosing the smaller takes the
//! larger back, which is the business of the page.

use std::ops::RangeInclusive;

use duibiao_corpus::{Level, Status};
use duibiao_index::Analyzer;
use duibiao_lexicon::{Lexicon, PlaceError, ThemeError};

use crate::error::{Error, FilterFault};
use crate::request::Filters;

/// The filter for places of any level.
pub(crate) const PLACE: &str = "place";
/// Fields that its values stand in.
pub(crate) const PLACE_FIELDS: [&str; 3] = ["province", "city", "county"];
/// The value of documents without one.
pub(crate) const WITHOUT: &str = "";

/// Values that are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Values {
    /// These keys; the empty one stands for none at all.
    Keys(Vec<String>),
    /// Those in these ranges; 0 stands for none at all.
    Numbers(Vec<RangeInclusive<u64>>),
}

impl Values {
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Keys(keys) => keys.is_empty(),
            Self::Numbers(ranges) => ranges.is_empty(),
        }
    }

    /// The keys, where there are keys.
    pub(crate) fn keys(&self) -> &[String] {
        match self {
            Self::Keys(keys) => keys,
            Self::Numbers(_) => &[],
        }
    }

    /// Whether a value, as facets have it, is one of them.
    pub(crate) fn holds(&self, value: &str) -> bool {
        match self {
            Self::Keys(keys) => keys.iter().any(|key| key == value),
            Self::Numbers(ranges) => {
                let number = value.parse().unwrap_or(0);
                ranges.iter().any(|range| range.contains(&number))
            }
        }
    }

    /// As they can be typed, one behind the other.
    fn shown(&self) -> String {
        match self {
            Self::Keys(keys) => keys.join("|"),
            Self::Numbers(ranges) => {
                let shown = |range: &RangeInclusive<u64>| match (*range.start(), *range.end()) {
                    (0, 0) => UNKNOWN[1].to_owned(),
                    (from, to) if from == to => from.to_string(),
                    (from, to) => format!("{from}..{to}"),
                };
                ranges.iter().map(shown).collect::<Vec<_>>().join("|")
            }
        }
    }
}

/// A filter with its values resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// Its name, which but for [`PLACE`] is the field's.
    pub(crate) name: &'static str,
    /// One of these must be there; where there are none, anything may.
    pub(crate) wanted: Values,
    /// None of these may be there.
    pub(crate) unwanted: Values,
    /// Provinces whose own documents pass as if they had a wanted value.
    pub(crate) provinces: Vec<String>,
}

impl Resolved {
    /// How it is understood, in the query language.
    pub(crate) fn shown(&self) -> String {
        let name = self.name;
        let wanted = (!self.wanted.is_empty()).then(|| format!("{name}:{}", self.wanted.shown()));
        let unwanted =
            (!self.unwanted.is_empty()).then(|| format!("-{name}:{}", self.unwanted.shown()));
        let parts: Vec<String> = wanted.into_iter().chain(unwanted).collect();
        parts.join(" ")
    }
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
        .map(|(name, values)| resolve_one(name, values, filters.provincial, lexicon, analyzer))
        .collect()
}

/// Resolves the values of one filter; `provincial` as in [`Filters`].
pub(crate) fn resolve_one(
    name: &'static str,
    values: &[String],
    provincial: bool,
    lexicon: &Lexicon,
    analyzer: &Analyzer,
) -> Result<Resolved, Error> {
    let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
    for value in values {
        match left_out(value) {
            Some(value) => unwanted.push(value),
            None => wanted.push(value.as_str()),
        }
    }
    let all = |values: &[&str]| -> Result<Values, Error> {
        Ok(if matches!(name, "year" | "period") {
            let ranges = values.iter().map(|value| years(name, value));
            Values::Numbers(ranges.collect::<Result<_, _>>()?)
        } else {
            let keys = values
                .iter()
                .map(|value| keys(name, &analyzer.typed(value.trim()), lexicon));
            Values::Keys(keys.collect::<Result<Vec<_>, _>>()?.concat())
        })
    };
    let (mut wanted, unwanted) = (all(&wanted)?, all(&unwanted)?);
    // Asked for and left out is left out: in a form both may be sent.
    match (&mut wanted, &unwanted) {
        (Values::Keys(wanted), Values::Keys(unwanted)) => {
            wanted.retain(|key| !unwanted.contains(key))
        }
        (Values::Numbers(wanted), Values::Numbers(unwanted)) => {
            wanted.retain(|range| !unwanted.contains(range));
        }
        _ => {}
    }
    let is_of_places = matches!(name, PLACE | "city" | "county");
    Ok(Resolved {
        name,
        provinces: if provincial && is_of_places {
            provinces_above(wanted.keys(), lexicon)
        } else {
            Vec::new()
        },
        wanted,
        unwanted,
    })
}

/// The value that is to be left out, where one is.
pub(crate) fn left_out(value: &str) -> Option<&str> {
    value.trim_start().strip_prefix(['-', '－'])
}

/// The provinces that cities and counties lie in.
fn provinces_above(codes: &[String], lexicon: &Lexicon) -> Vec<String> {
    let gazetteer = lexicon.gazetteer();
    let places = codes
        .iter()
        .filter_map(|code| gazetteer.get(code.parse().ok()?));
    let smaller = places.filter(|place| place.level > Level::Province);
    let mut provinces: Vec<String> = smaller.map(|place| place.province.to_string()).collect();
    provinces.sort();
    provinces.dedup();
    provinces
}

fn keys(name: &'static str, value: &str, lexicon: &Lexicon) -> Result<Vec<String>, Error> {
    if UNKNOWN.contains(&value) {
        return Ok(vec![WITHOUT.to_owned()]);
    }
    match name {
        PLACE => places(name, value, None, lexicon),
        "province" => places(name, value, Some(Level::Province), lexicon),
        "city" => places(name, value, Some(Level::City), lexicon),
        "county" => places(name, value, Some(Level::County), lexicon),
        _ => key(name, value, lexicon).map(|key| vec![key]),
    }
}

/// The codes a name of a place stands for; several where a former name passed from one to the next.
fn places(
    name: &'static str,
    value: &str,
    level: Option<Level>,
    lexicon: &Lexicon,
) -> Result<Vec<String>, Error> {
    let meant = lexicon.gazetteer().meant_by(value, level);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(name: &'static str, values: &[&str]) -> Result<Resolved, String> {
        let lexicon = Lexicon::embedded().expect("lexicon");
        let analyzer = Analyzer::new(&lexicon).expect("analyzer");
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        resolve_one(name, &values, true, &lexicon, &analyzer).map_err(|e| e.to_string())
    }

    fn resolved(name: &'static str, value: &str) -> Result<Values, String> {
        filter(name, &[value]).map(|r| r.wanted)
    }

    #[test]
    fn what_stands_behind_a_dash_is_left_out() {
        let shown = |name: &'static str, values: &[&str]| filter(name, values).map(|f| f.shown());
        let is = |text: &str| Ok(text.to_owned());
        assert_eq!(shown("province", &["-辽宁"]), is("-province:210000"));
        assert_eq!(shown("year", &["－2018"]), is("-year:2018"));
        assert_eq!(shown("city", &["-"]), is("-city:"));
        assert_eq!(shown("year", &["-不详"]), is("-year:不详"));
        let both = ["2015..2020", "-2018", "-2019..2020"];
        assert_eq!(
            shown("year", &both),
            is("year:2015..2020 -year:2018|2019..2020")
        );
        // Both asked for and left out is left out, however it is called.
        let both = ["哈尔滨", "-230100", "大连"];
        assert_eq!(shown("city", &both), is("city:210200 -city:230100"));
        assert_eq!(shown("year", &["2018", "-2018"]), is("-year:2018"));
        for (name, value) in [("city", "-哈尔冰"), ("year", "-20"), ("status", "--done")] {
            assert!(filter(name, &[value]).is_err(), "{name} {value}");
        }
    }

    #[test]
    fn places_of_any_level_name_the_provinces_they_lie_in() {
        let found = filter("place", &["黑龙江省", "大连", "110105", "不详"]).expect("places");
        let keys = ["230000", "210200", "110105", ""].map(str::to_owned);
        assert_eq!(found.wanted, Values::Keys(keys.to_vec()));
        assert_eq!(found.provinces, ["110000", "210000"]);
        assert!(
            filter("province", &["辽宁"])
                .expect("a province")
                .provinces
                .is_empty()
        );
        assert!(filter("place", &["吉林"]).is_err_and(|e| e.contains("several places")));
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
