//! Saved searches: a small file in TOML that a person reads and edits, as requests.
//!
//! Fields are named as parameters of the search page, whose address may stand in their place. It
//! asks nothing and keeps nothing.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Context;
use duibiao_search::{CitationStyle, Filters, Request, Sort, Unit};
use toml::{Table, Value};

use crate::failure::Usage;

/// No file of a person is larger, in bytes.
const MOST_BYTES: u64 = 1024 * 1024;
/// Searches in a file.
const MOST_SEARCHES: usize = 200;
/// What a search may have besides its filters.
const FIELDS: &[&str] = &[
    "name",
    "url",
    "q",
    "unit",
    "sort",
    "variants",
    "drop",
    "citation",
    "provincial",
];
/// Parameters of an address that say how a page looks and not what is found.
const OF_A_PAGE: &[&str] = &[
    "limit", "offset", "cursor", "match", "collapse", "related", "explain",
];

/// A search with the name it is kept under.
pub(crate) struct SavedSearch {
    pub(crate) name: String,
    pub(crate) request: Request,
    /// Everything that decides what it finds, as names and values: another one is another search.
    pub(crate) asked: Vec<(String, String)>,
}

/// Reads the searches of a file.
///
/// # Errors
/// When the file cannot be read, or a search in it is wrong; the text says which and how.
pub(crate) fn read(file: &Path) -> anyhow::Result<Vec<SavedSearch>> {
    let cannot = || format!("cannot read {}", file.display());
    let mut text = String::new();
    let opened = File::open(file).with_context(cannot)?;
    opened
        .take(MOST_BYTES + 1)
        .read_to_string(&mut text)
        .with_context(cannot)?;
    let wrong = |what: String| Usage(format!("{}: {what}", file.display()));
    if text.len() as u64 > MOST_BYTES {
        return Err(wrong("it is larger than 1 MB; put fewer searches into it".to_owned()).into());
    }
    // A mark in front is what some editors write.
    let text = text.trim_start_matches('\u{feff}');
    Ok(searches(text).map_err(wrong)?)
}

fn searches(text: &str) -> Result<Vec<SavedSearch>, String> {
    let table: Table = text
        .parse()
        .map_err(|error| format!("it is no TOML: {error}"))?;
    if let Some(name) = table.keys().find(|name| *name != "search") {
        return Err(format!(
            "unknown {name:?}; each search is a [[search]] with its fields below"
        ));
    }
    let all = match table.get("search") {
        Some(Value::Array(all)) => all.as_slice(),
        Some(_) => return Err("write [[search]] with two brackets".to_owned()),
        None => &[],
    };
    if all.is_empty() || all.len() > MOST_SEARCHES {
        return Err(format!(
            "it has {} searches; write 1 to {MOST_SEARCHES}, each below [[search]]",
            all.len()
        ));
    }
    let mut searches: Vec<SavedSearch> = Vec::new();
    for (number, search) in all.iter().enumerate() {
        let Value::Table(fields) = search else {
            return Err("write [[search]] with two brackets".to_owned());
        };
        let search = one(fields).map_err(|why| match fields.get("name") {
            Some(Value::String(name)) => format!("search {name:?}: {why}"),
            _ => format!("search {}: {why}", number + 1),
        })?;
        if searches.iter().any(|other| other.name == search.name) {
            return Err(format!("two searches have the name {:?}", search.name));
        }
        searches.push(search);
    }
    Ok(searches)
}

fn one(fields: &Table) -> Result<SavedSearch, String> {
    let name = match fields.get("name") {
        Some(Value::String(name)) if !name.trim().is_empty() => name.trim().to_owned(),
        _ => return Err("it needs a name, such as name = \"容缺受理\"".to_owned()),
    };
    let mut pairs = Vec::new();
    for (field, value) in fields.iter().filter(|(field, _)| *field != "name") {
        if field == "url" {
            if fields.len() > 2 {
                return Err("url stands for all other fields; leave them out".to_owned());
            }
            pairs = address(value.as_str().ok_or("url is no text")?)?;
        } else {
            let values = values(value).ok_or_else(|| {
                format!("{field} is neither a text nor a number nor a list of these")
            })?;
            pairs.extend(values.into_iter().map(|value| (field.clone(), value)));
        }
    }
    let mut request = Request {
        limit: 1,
        ..Request::default()
    };
    for (field, value) in &pairs {
        set(&mut request, field, value)?;
    }
    let once = ["q", "unit", "sort", "variants", "citation"];
    let is_repeated = |name: &&&str| pairs.iter().filter(|(field, _)| field == **name).count() > 1;
    if let Some(field) = once.iter().find(is_repeated) {
        return Err(format!("{field} has one value only"));
    }
    pairs.retain(|(field, _)| !matches!(field.as_str(), "sort" | "citation"));
    pairs.sort();
    Ok(SavedSearch {
        name,
        request,
        asked: pairs,
    })
}

/// A value as texts: 2017 and "2017" are one, and so is a list of one.
fn values(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Integer(number) => Some(vec![number.to_string()]),
        Value::Boolean(is_on) => Some(vec![u8::from(*is_on).to_string()]),
        Value::Array(all) => {
            let all = all.iter().map(|value| match value {
                Value::Array(_) => None,
                value => values(value)?.pop(),
            });
            all.collect()
        }
        Value::Float(_) | Value::Datetime(_) | Value::Table(_) => None,
    }
}

/// What an address of the search page asks for.
fn address(url: &str) -> Result<Vec<(String, String)>, String> {
    let url = url.split('#').next().unwrap_or_default();
    let Some((_, query)) = url.split_once('?') else {
        return Err("url has no ? with what to search for; copy it from a search page".to_owned());
    };
    let pairs: Vec<(String, String)> =
        serde_html_form::from_str(query).map_err(|error| format!("url cannot be read: {error}"))?;
    let of_a_search = |(name, value): &(String, String)| {
        let is_given = !value.is_empty() || Filters::default().values_mut(name).is_some();
        is_given && !OF_A_PAGE.contains(&name.as_str())
    };
    Ok(pairs.into_iter().filter(of_a_search).collect())
}

fn set(request: &mut Request, field: &str, value: &str) -> Result<(), String> {
    let unknown = |known: &str| Err(format!("{field} is {value:?}, but one of {known}"));
    match field {
        "q" => request.query = value.to_owned(),
        "drop" => request.drop.push(value.to_owned()),
        "unit" => {
            request.unit = match value {
                "measure" => Unit::Measure,
                "document" => Unit::Document,
                _ => return unknown("measure, document"),
            }
        }
        "sort" => {
            request.sort = Some(match value {
                "relevance" => Sort::Relevance,
                "newest" => Sort::Newest,
                "oldest" => Sort::Oldest,
                _ => return unknown("relevance, newest, oldest"),
            });
        }
        "variants" => {
            request.as_typed = match value {
                "0" => true,
                "1" => false,
                _ => return unknown("0, 1"),
            }
        }
        "provincial" => {
            request.filters.provincial = match value {
                "0" => false,
                "1" => true,
                _ => return unknown("0, 1"),
            }
        }
        "citation" => {
            let mut all = CitationStyle::ALL.into_iter();
            match all.find(|style| style.as_str() == value) {
                Some(style) => request.citation = style,
                None => return unknown("2015, 2025"),
            }
        }
        name => match request.filters.values_mut(name) {
            Some(values) => values.push(value.to_owned()),
            None => return Err(no_such_field(name)),
        },
    }
    Ok(())
}

fn no_such_field(name: &str) -> String {
    let filters = Filters::default();
    let known = FIELDS.iter().copied();
    let known: Vec<&str> = known
        .chain(filters.named().into_iter().map(|(name, _)| name))
        .collect();
    let name: String = name.chars().take(60).collect();
    let meant = duibiao_lexicon::nearest(&name, known.iter().copied())
        .map_or_else(String::new, |meant| format!("did you mean {meant}? "));
    format!(
        "unknown field {name:?}; {meant}known are {}",
        known.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<SavedSearch>, String> {
        searches(text)
    }

    fn fault(text: &str) -> String {
        read(text).err().unwrap_or_else(|| panic!("{text} is read"))
    }

    #[test]
    fn fields_and_addresses_are_the_same_searches() {
        let read = read(
            "# 每周一看\n[[search]]\nname = '容缺'\nq = '容缺受理 -招标'\ncity = ['哈尔滨', '衢州']\nyear = 2017\nstatus = 'done'\nsort = 'newest'\n\
             [[search]]\nname = '网址'\nurl = 'http://127.0.0.1:7700/search?q=容缺受理+-%E6%8B%9B%E6%A0%87&year=2017&city=%E5%93%88%E5%B0%94%E6%BB%A8&city=衢州&status=done&offset=20&limit=&explain=1#main'\n",
        )
        .expect("two searches");
        assert_eq!(read[0].asked, read[1].asked);
        assert_eq!(read[1].request.query, "容缺受理 -招标");
        assert_eq!(read[0].request.filters, read[1].request.filters);
        assert_eq!(read[0].request.sort, Some(Sort::Newest));
        assert_eq!(read[1].name, "网址");
    }

    #[test]
    fn what_is_wrong_is_named_with_a_way_out() {
        for (text, told) in [
            ("", "0 searches"),
            ("[search]\nname = 'a'", "[[search]]"),
            ("searches = 1", "[[search]]"),
            ("[[search]\n", "no TOML"),
            ("[[search]]\nq = 'a'", "search 1: it needs a name"),
            (
                "[[search]]\nname = 'a'\ncitty = '哈尔滨'",
                "\"a\": unknown field \"citty\"; did you mean city?",
            ),
            (
                "[[search]]\nname = 'a'\nlimit = 5",
                "unknown field \"limit\"",
            ),
            ("[[search]]\nname = 'a'\nunit = 'page'", "measure, document"),
            (
                "[[search]]\nname = 'a'\nq = ['b', 'c']",
                "q has one value only",
            ),
            ("[[search]]\nname = 'a'\nq = 1.5", "q is neither"),
            ("[[search]]\nname = 'a'\nurl = 'http://x/search'", "no ?"),
            (
                "[[search]]\nname = 'a'\nurl = 'http://x/search?citty=1'",
                "did you mean city?",
            ),
            (
                "[[search]]\nname = 'a'\nq = 'b'\nurl = 'http://x/search?q=1'",
                "leave them out",
            ),
            (
                "[[search]]\nname = 'a'\n[[search]]\nname = 'a'",
                "two searches",
            ),
        ] {
            let fault = fault(text);
            assert!(fault.contains(told), "{text}: {fault}");
        }
    }
}
