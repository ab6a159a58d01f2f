//! Reads and checks `places.csv`, row by row; what rows say about each other is in `succession`.

use std::collections::HashMap;

use duibiao_corpus::{Level, PlaceCode};

use crate::place::{Place, Successor};
use crate::problem::{Fault, Problems, check_word};
use crate::tables::{PLACES, Row, Tables, csv_rows};

const HEADER: [&str; 6] = ["code", "name", "level", "from", "to", "successors"];

/// Places in file order, each with its line.
pub(crate) fn parse(tables: &Tables, problems: &mut Problems) -> Vec<(usize, Place)> {
    let mut places = Vec::new();
    for row in csv_rows(tables, PLACES, HEADER, problems) {
        match place(&row) {
            Ok(place) => places.push((row.line, place)),
            Err(fault) => problems.add(PLACES, row.line, fault),
        }
    }
    check_codes(&places, problems);
    set_parents(&mut places, problems);
    places
}

fn place(row: &Row<6>) -> Result<Place, Fault> {
    let [code, name, level, from, to, successors] = row.fields();
    let code = parse_code(code)?;
    check_word("name", name)?;
    let level = parse_level(level)?;
    let fits = match level {
        Level::Province => code.is_province(),
        Level::City => code.is_prefecture(),
        _ => !code.is_prefecture() && !code.is_province(),
    };
    if !fits {
        return Err(Fault::LevelContradictsCode(code, level.as_str()));
    }
    let (from, to) = (parse_year(from)?, parse_year(to)?);
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        let name = name.to_owned();
        return Err(Fault::YearsReversed { name, from, to });
    }
    let successors = successors.split(';').map(str::trim);
    let successors: Result<Vec<_>, _> = successors
        .filter(|s| !s.is_empty())
        .map(parse_successor)
        .collect();
    Ok(Place {
        code,
        name: name.to_owned(),
        short: name.to_owned(),
        level,
        province: code.province(),
        city: None,
        from,
        to,
        successors: successors?,
    })
}

pub(crate) fn parse_code(text: &str) -> Result<PlaceCode, Fault> {
    text.parse()
        .map_err(|e: duibiao_corpus::PlaceCodeError| Fault::Unreadable(e.to_string()))
}

fn parse_level(text: &str) -> Result<Level, Fault> {
    let level = Level::from_name(text).filter(|&l| l != Level::Nation);
    level.ok_or_else(|| Fault::NotAllowed {
        what: "level",
        text: text.chars().take(20).collect(),
        allowed: "province, city, county".to_owned(),
    })
}

fn parse_year(text: &str) -> Result<Option<u16>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let year = text.parse().ok().filter(|y| (1900..=2200).contains(y));
    year.map(Some)
        .ok_or_else(|| Fault::NotAYear(text.chars().take(20).collect()))
}

/// `130185`, or `130108[2001]` for a part transferred in that year.
fn parse_successor(text: &str) -> Result<Successor, Fault> {
    let Some((code, rest)) = text.split_once('[') else {
        let code = parse_code(text)?;
        return Ok(Successor { code, year: None });
    };
    let year = rest.strip_suffix(']').unwrap_or_default();
    let year = parse_year(year)?.ok_or_else(|| Fault::NotAYear(String::new()))?;
    Ok(Successor {
        code: parse_code(code)?,
        year: Some(year),
    })
}

/// A code may pass from one place to the next, but two may not hold it in the same year.
fn check_codes(places: &[(usize, Place)], problems: &mut Problems) {
    let mut order: Vec<&(usize, Place)> = places.iter().collect();
    order.sort_by_key(|(line, p)| (p.code, p.from, p.to.unwrap_or(u16::MAX), *line));
    for pair in order.windows(2) {
        let [(line, first), (second_line, second)] = pair else {
            continue;
        };
        let ended = first.to.is_some_and(|to| second.from >= Some(to));
        if first.code == second.code && !ended {
            let fault = Fault::CodeHeldTwice {
                code: first.code,
                first: first.name.clone(),
                line: *line,
                second: second.name.clone(),
            };
            problems.add(PLACES, *second_line, fault);
        }
    }
}

fn set_parents(places: &mut [(usize, Place)], problems: &mut Problems) {
    // Code to whether it is a municipality: a province called 市.
    let provinces: HashMap<PlaceCode, bool> = places
        .iter()
        .filter(|(_, p)| p.level == Level::Province)
        .map(|(_, p)| (p.code, p.name.ends_with('市')))
        .collect();
    let cities: std::collections::HashSet<PlaceCode> = places
        .iter()
        .filter(|(_, p)| p.level == Level::City)
        .map(|(_, p)| p.code)
        .collect();
    for (line, place) in places {
        let Some(&municipality) = provinces.get(&place.province) else {
            problems.add(PLACES, *line, Fault::UnknownCode(place.province));
            continue;
        };
        let prefecture = place.code.prefecture();
        place.city = if municipality {
            Some(place.province)
        } else {
            cities.contains(&prefecture).then_some(prefecture)
        };
    }
}
