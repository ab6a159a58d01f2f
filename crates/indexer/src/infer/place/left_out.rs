//! Names that are ordinary words too and are names where they stand: 呼和浩特市新城区, 和县人民政府.
//!
//! The gazetteer leaves them out of what it finds in running text. Here they are found behind the place
//! they lie in, and as the name of a government or a committee. What they mean is decided in `mention`.

use duibiao_lexicon::{Gazetteer, NameMatch};

use super::mention::is_full;

/// A left-out name has so many characters.
const CHARS: std::ops::RangeInclusive<usize> = 2..=4;

/// Every name of a text in order: those the gazetteer finds, and those left out that are sure here.
pub(super) fn names<'a>(
    gazetteer: &'a Gazetteer,
    searched: &'a str,
) -> impl Iterator<Item = NameMatch<'a>> + 'a {
    let mut names: Vec<NameMatch<'a>> = Vec::new();
    let mut bodies = bodies(gazetteer, searched).into_iter().peekable();
    for found in gazetteer.find(searched) {
        let start = found.bytes.start;
        close(gazetteer, searched, start, &mut names);
        while let Some(body) = bodies.next_if(|body| body.bytes.end <= start) {
            add(body, &mut names);
        }
        while bodies
            .next_if(|body| body.bytes.start < found.bytes.end)
            .is_some()
        {}
        names.push(found);
    }
    close(gazetteer, searched, searched.len(), &mut names);
    bodies.for_each(|body| add(body, &mut names));
    names.into_iter()
}

fn add<'a>(name: NameMatch<'a>, names: &mut Vec<NameMatch<'a>>) {
    let is_apart = |last: &NameMatch<'_>| last.bytes.end <= name.bytes.start;
    if names.last().is_none_or(is_apart) {
        names.push(name);
    }
}

/// Adds the name that follows the last one directly and lies in it, if it ends before `until`.
fn close<'a>(
    gazetteer: &'a Gazetteer,
    searched: &'a str,
    until: usize,
    names: &mut Vec<NameMatch<'a>>,
) {
    let Some(last) = names.last().filter(|last| is_full(last)) else {
        return;
    };
    let begin = last.bytes.end;
    let lies_inside = |name: &NameMatch<'_>| {
        name.name.places.iter().any(|(inner, _)| {
            let inner = gazetteer.place(*inner);
            let mut above = last.name.places.iter().map(|(ix, _)| gazetteer.place(*ix));
            above.any(|above| inner.code != above.code && inner.lies_in(above))
        })
    };
    let found = beginning_at(gazetteer, searched, begin)
        .filter(|name| name.bytes.end <= until && lies_inside(name));
    names.extend(found);
}

/// The longest left-out full name that begins at a byte.
fn beginning_at<'a>(
    gazetteer: &'a Gazetteer,
    searched: &'a str,
    begin: usize,
) -> Option<NameMatch<'a>> {
    let rest = searched.get(begin..)?;
    let mut ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
    let mut longest = None;
    for length in 1..=*CHARS.end() {
        let end = ends.next()?;
        if CHARS.contains(&length) && rest[..end].ends_with(['县', '区', '市', '旗']) {
            longest = name(gazetteer, searched, begin, begin + end).or(longest);
        }
    }
    longest
}

fn name<'a>(
    gazetteer: &'a Gazetteer,
    searched: &str,
    begin: usize,
    end: usize,
) -> Option<NameMatch<'a>> {
    let name = gazetteer.name_left_out(&searched[begin..end])?;
    let bytes = begin..end;
    Some(NameMatch { bytes, name })
}

/// Left-out names of governments and committees: 和县人民政府 at the beginning of a line, 中共和县委.
fn bodies<'a>(gazetteer: &'a Gazetteer, searched: &'a str) -> Vec<NameMatch<'a>> {
    let mut found: Vec<NameMatch<'a>> = Vec::new();
    for (at, _) in searched.match_indices("人民政府") {
        let before = &searched[..at];
        let begins = before
            .char_indices()
            .rev()
            .take(*CHARS.end())
            .map(|(at, _)| at);
        let named = begins.filter(|&begin| is_apart(&searched[..begin]));
        let named = named.filter_map(|begin| name(gazetteer, searched, begin, at));
        found.extend(named.filter(is_full).last());
    }
    for (at, word) in searched.match_indices("中共") {
        let named = beginning_at(gazetteer, searched, at + word.len());
        found.extend(named.filter(|name| searched[name.bytes.end..].starts_with('委')));
    }
    found.sort_by_key(|name| name.bytes.start);
    found
}

/// Whether a name can begin behind these words: not in the middle of others.
fn is_apart(before: &str) -> bool {
    let last = before.chars().next_back();
    last.is_none_or(|c| !c.is_alphanumeric()) || before.ends_with("中共")
}
