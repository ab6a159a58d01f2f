//! Reads and checks the names that are not full names: `short-names.csv`, `aliases.csv` and
//! `ordinary-words.txt`.

use std::collections::{HashMap, HashSet};

use duibiao_corpus::PlaceCode;

use crate::place::{NameKind, Place, PlaceIx};
use crate::place_table::parse_code;
use crate::problem::{Fault, Problems, check_word};
use crate::tables::{ALIASES, ORDINARY_WORDS, Row, SHORT_NAMES, Tables, csv_rows, text_lines};

const HEADER: [&str; 5] = ["alias", "code", "kind", "ambiguous", "note"];

/// A row of either table.
struct Alias {
    file: &'static str,
    line: usize,
    text: String,
    code: PlaceCode,
    kind: NameKind,
    ambiguous: bool,
}

/// Adds every name of `places` that the alias tables hold, and sets the places' short names.
///
/// Returns the texts of `aliases.csv`.
pub(crate) fn add_names(
    tables: &Tables,
    places: &mut [(usize, Place)],
    by_code: &HashMap<PlaceCode, Vec<PlaceIx>>,
    names: &mut Vec<(String, PlaceIx, NameKind)>,
    problems: &mut Problems,
) -> HashSet<String> {
    let mut aliases = Vec::new();
    for file in [SHORT_NAMES, ALIASES] {
        for row in csv_rows(tables, file, HEADER, problems) {
            match alias(file, &row) {
                Ok(alias) => aliases.push(alias),
                Err(fault) => problems.add(file, row.line, fault),
            }
        }
    }
    check_duplicates(&aliases, problems);
    check_ambiguity(&aliases, places, problems);
    let by_hand = aliases.iter().filter(|alias| alias.file == ALIASES);
    let by_hand = by_hand.map(|alias| alias.text.clone()).collect();
    for alias in aliases {
        match holder(&alias, places, by_code) {
            Ok(ix) => {
                let place = &mut places[ix.0 as usize].1;
                if alias.kind == NameKind::Short && place.short == place.name {
                    place.short.clone_from(&alias.text);
                }
                names.push((alias.text, ix, alias.kind));
            }
            Err(fault) => problems.add(alias.file, alias.line, fault),
        }
    }
    by_hand
}

fn alias(file: &'static str, row: &Row<5>) -> Result<Alias, Fault> {
    let [text, code, kind, ambiguous, _note] = row.fields();
    check_word("alias", text)?;
    let not_allowed = |what, text: &str, allowed: &str| Fault::NotAllowed {
        what,
        text: text.chars().take(20).collect(),
        allowed: allowed.to_owned(),
    };
    let kind = match kind {
        "short" => NameKind::Short,
        "abbr" => NameKind::Abbreviation,
        "alias" => NameKind::Alias,
        "former" => NameKind::Former,
        other => return Err(not_allowed("kind", other, "short, abbr, alias, former")),
    };
    let one_character = text.chars().nth(1).is_none();
    if one_character != (kind == NameKind::Abbreviation) {
        let fault = "kind abbr is for names of one character, the other kinds for longer ones";
        return Err(Fault::Malformed(fault.to_owned()));
    }
    let ambiguous = match ambiguous {
        "" => false,
        "yes" => true,
        other => return Err(not_allowed("ambiguous", other, "yes or nothing")),
    };
    Ok(Alias {
        file,
        line: row.line,
        text: text.to_owned(),
        code: parse_code(code)?,
        kind,
        ambiguous,
    })
}

fn check_duplicates(aliases: &[Alias], problems: &mut Problems) {
    let mut seen: HashMap<(&str, PlaceCode), &Alias> = HashMap::new();
    for alias in aliases {
        if let Some(first) = seen.insert((&alias.text, alias.code), alias) {
            let what = if first.file == alias.file {
                "alias"
            } else {
                "alias of short-names.csv"
            };
            let text = format!("{} {}", alias.text, alias.code);
            let fault = Fault::duplicate(what, &text, first.line);
            problems.add(alias.file, alias.line, fault);
        }
    }
}

/// Every alias of several places must say so, and none that names one place may.
fn check_ambiguity(aliases: &[Alias], places: &[(usize, Place)], problems: &mut Problems) {
    let mut codes: HashMap<&str, Vec<PlaceCode>> = HashMap::new();
    for alias in aliases {
        let codes = codes.entry(&alias.text).or_default();
        if !codes.contains(&alias.code) {
            codes.push(alias.code);
        }
    }
    let mut full: HashMap<&str, Vec<PlaceCode>> = HashMap::new();
    for (_, place) in places.iter().filter(|(_, p)| p.is_current()) {
        full.entry(&place.name).or_default().push(place.code);
    }
    for alias in aliases {
        let (text, code) = (alias.text.clone(), alias.code);
        let holders = full.get(alias.text.as_str()).map_or(&[][..], Vec::as_slice);
        let other = holders.iter().copied().find(|&holder| holder != code);
        let codes = &codes[alias.text.as_str()];
        let fault = match (alias.ambiguous, codes.len(), other) {
            (false, 2.., _) => Fault::UnmarkedAmbiguous {
                alias: text,
                codes: codes.clone(),
            },
            (false, _, Some(other)) => Fault::AliasIsFullName {
                alias: text,
                code,
                other,
            },
            (true, 1, None) => Fault::StaleAmbiguous { alias: text, code },
            _ => continue,
        };
        problems.add(alias.file, alias.line, fault);
    }
}

/// The place an alias means: today's holder of the code, else the last one; for a former name
/// the past holder that was called so.
fn holder(
    alias: &Alias,
    places: &[(usize, Place)],
    by_code: &HashMap<PlaceCode, Vec<PlaceIx>>,
) -> Result<PlaceIx, Fault> {
    let code = alias.code;
    let unknown = Fault::UnknownCode(code);
    let holders = by_code.get(&code).ok_or(unknown.clone())?;
    if alias.kind != NameKind::Former {
        return holders.last().copied().ok_or(unknown);
    }
    let mut former = holders.iter().rev().copied().filter(|ix| {
        let place = &places[ix.0 as usize].1;
        !place.is_current() && place.name.starts_with(&alias.text)
    });
    let text = alias.text.clone();
    former
        .next()
        .ok_or(Fault::NoSuchFormerName { alias: text, code })
}

/// Names that are ordinary words too and are not looked for in running text.
pub(crate) fn ordinary_words(
    tables: &Tables,
    names: &[(String, PlaceIx, NameKind)],
    problems: &mut Problems,
) -> HashSet<String> {
    let known: HashSet<&str> = names.iter().map(|(text, _, _)| text.as_str()).collect();
    let mut lines: HashMap<String, usize> = HashMap::new();
    for (line, text) in text_lines(tables, ORDINARY_WORDS) {
        for word in text.split_whitespace() {
            if !known.contains(word) {
                problems.add(ORDINARY_WORDS, line, Fault::NotAName(word.to_owned()));
            } else if let Some(first) = lines.insert(word.to_owned(), line) {
                problems.add(ORDINARY_WORDS, line, Fault::duplicate("word", word, first));
            }
        }
    }
    lines.into_keys().collect()
}
