//! Words that mean the same, or nearly, in four kinds that are kept apart.
//!
//! Reads and checks `synonyms.txt`. Groups are not chained: 甲 = 乙 and 乙 = 丙 does not make 甲
//! stand for 丙. When an expansion is used, and at what weight, is the search's business.

use std::collections::HashMap;

use crate::problem::{Fault, Problems, check_word};
use crate::tables::{SYNONYMS, Tables, text_lines};

/// How two words relate, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SynonymKind {
    /// `甲 = 乙`: each can stand for the other.
    Exact,
    /// `简称 -> 全称 | 全称`: a short form and what it may be short for.
    Abbreviation,
    /// `甲 => 乙`: who asks for 甲 also wants 乙, but not the other way round.
    Oneway,
    /// `甲 ~ 乙`: worth showing when little else is found.
    Related,
}

impl SynonymKind {
    const ALL: [Self; 4] = [Self::Exact, Self::Abbreviation, Self::Oneway, Self::Related];

    /// The name of its section in `synonyms.txt`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Abbreviation => "abbr",
            Self::Oneway => "oneway",
            Self::Related => "related",
        }
    }

    /// The separators of a line, in the order in which they occur.
    fn operators(self) -> (&'static str, &'static str) {
        match self {
            Self::Exact => ("=", "="),
            Self::Abbreviation => ("->", "|"),
            Self::Oneway => ("=>", ""),
            Self::Related => ("~", "~"),
        }
    }
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SynonymGroup {
    /// How its words relate.
    pub kind: SynonymKind,
    /// The words; the first is the short form of an abbreviation and the left side of a one-way pair.
    pub members: Vec<String>,
}

/// A word that may be searched for beside another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expansion<'a> {
    /// The word.
    pub term: &'a str,
    /// How it relates to the word it was asked for.
    pub kind: SynonymKind,
}

/// All groups.
#[derive(Debug, Default)]
pub struct Synonyms {
    groups: Vec<SynonymGroup>,
    /// Word to the groups it stands in, with its place there.
    by_word: HashMap<String, Vec<(u32, u32)>>,
}

impl Synonyms {
    fn new(groups: Vec<SynonymGroup>) -> Self {
        let mut by_word: HashMap<String, Vec<(u32, u32)>> = HashMap::new();
        for (group, entry) in groups.iter().enumerate() {
            for (place, word) in entry.members.iter().enumerate() {
                let groups = by_word.entry(word.clone()).or_default();
                groups.push((group as u32, place as u32));
            }
        }
        Self { groups, by_word }
    }

    /// Words that may stand beside `term`, strongest kind first; each only once.
    pub fn expansions(&self, term: &str) -> Vec<Expansion<'_>> {
        let mut found: Vec<Expansion<'_>> = Vec::new();
        for &(group, place) in self.by_word.get(term).map_or(&[][..], Vec::as_slice) {
            let group = &self.groups[group as usize];
            for (other, word) in group.members.iter().enumerate() {
                let reached = match group.kind {
                    SynonymKind::Exact | SynonymKind::Related => true,
                    // Two full names of one short form are not names of the same thing.
                    SynonymKind::Abbreviation => place == 0 || other == 0,
                    SynonymKind::Oneway => place == 0,
                };
                if word != term && reached {
                    let (term, kind) = (word.as_str(), group.kind);
                    found.push(Expansion { term, kind });
                }
            }
        }
        found.sort_by_key(|expansion| expansion.kind);
        let mut unique: Vec<Expansion<'_>> = Vec::with_capacity(found.len());
        for expansion in found {
            if unique.iter().all(|known| known.term != expansion.term) {
                unique.push(expansion);
            }
        }
        unique
    }

    /// Every group in file order.
    pub fn groups(&self) -> &[SynonymGroup] {
        &self.groups
    }
}

pub(crate) fn parse(tables: &Tables, problems: &mut Problems) -> Synonyms {
    let mut section = None;
    let mut groups: Vec<(usize, SynonymGroup)> = Vec::new();
    for (line, text) in text_lines(tables, SYNONYMS) {
        let name = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
        if let Some(name) = name {
            section = SynonymKind::ALL.into_iter().find(|k| k.as_str() == name);
            if section.is_none() {
                let fault = Fault::NotAllowed {
                    what: "section",
                    text: name.chars().take(20).collect(),
                    allowed: "exact, abbr, oneway, related".to_owned(),
                };
                problems.add(SYNONYMS, line, fault);
            }
            continue;
        }
        let Some(kind) = section else {
            let fault = "a group stands before the first known section";
            problems.add(SYNONYMS, line, Fault::Malformed(fault.to_owned()));
            continue;
        };
        match group(kind, text) {
            Ok(group) => groups.push((line, group)),
            Err(fault) => problems.add(SYNONYMS, line, fault),
        }
    }
    check_pairs(&groups, problems);
    check_oneway_cycles(&groups, problems);
    Synonyms::new(groups.into_iter().map(|(_, group)| group).collect())
}

/// Words and operators alternate, with white space between.
fn group(kind: SynonymKind, line: &str) -> Result<SynonymGroup, Fault> {
    let (first, further) = kind.operators();
    let mut members: Vec<String> = Vec::new();
    for (index, piece) in line.split_whitespace().enumerate() {
        let expected = if index == 1 { first } else { further };
        if index % 2 == 0 {
            check_word("word", piece)?;
            if members.iter().any(|m| m == piece) {
                let fault = format!("{piece} stands twice in the group");
                return Err(Fault::Malformed(fault));
            }
            members.push(piece.to_owned());
        } else if piece != expected {
            let form = match kind {
                SynonymKind::Exact => "a = b = c",
                SynonymKind::Abbreviation => "short -> full | full",
                SynonymKind::Oneway => "a => b",
                SynonymKind::Related => "a ~ b ~ c",
            };
            let section = kind.as_str();
            let fault = format!("expected {form} in [{section}], found {piece:?}");
            return Err(Fault::Malformed(fault));
        }
    }
    let dangling = line.split_whitespace().count().is_multiple_of(2);
    if members.len() < 2 || dangling {
        return Err(Fault::LoneSynonym);
    }
    Ok(SynonymGroup { kind, members })
}

/// The pairs of words that a group relates.
fn pairs(group: &SynonymGroup) -> impl Iterator<Item = (&str, &str)> {
    let firsts = match group.kind {
        SynonymKind::Abbreviation => 1,
        _ => group.members.len(),
    };
    let members = group.members.iter().enumerate().take(firsts);
    members.flat_map(|(index, first)| {
        let others = group.members[index + 1..].iter();
        others.map(move |second| (first.min(second).as_str(), first.max(second).as_str()))
    })
}

/// No group says only what earlier ones of its section said, and no pair is equivalent and
/// something weaker at once. (A one-way pair may be related too: that is its way back.)
fn check_pairs(groups: &[(usize, SynonymGroup)], problems: &mut Problems) {
    let mut seen: HashMap<(&str, &str, SynonymKind), usize> = HashMap::new();
    for (line, group) in groups {
        let mut new = false;
        let mut earlier = *line;
        for (first, second) in pairs(group) {
            match seen.insert((first, second, group.kind), *line) {
                Some(line) => earlier = line,
                None => new = true,
            }
        }
        // A one-way pair turned round is a cycle, which is reported as such.
        if !new && group.kind != SynonymKind::Oneway {
            let members = group.members.join(" ");
            let fault = Fault::duplicate("group", &members, earlier);
            problems.add(SYNONYMS, *line, fault);
        }
    }
    for (line, group) in groups.iter().filter(|(_, g)| g.kind != SynonymKind::Exact) {
        for (first, second) in pairs(group) {
            if let Some(&exact) = seen.get(&(first, second, SynonymKind::Exact)) {
                let fault = Fault::TwoKinds {
                    first: first.to_owned(),
                    second: second.to_owned(),
                    line: exact,
                    other: group.kind.as_str(),
                };
                problems.add(SYNONYMS, *line, fault);
            }
        }
    }
}

/// A word from which one-way pairs lead back to it is reported at its own line.
fn check_oneway_cycles(groups: &[(usize, SynonymGroup)], problems: &mut Problems) {
    let oneway = groups.iter().filter(|(_, g)| g.kind == SynonymKind::Oneway);
    let mut next: HashMap<&str, Vec<(usize, &str)>> = HashMap::new();
    let mut arrows: HashMap<&str, usize> = HashMap::new();
    for (line, group) in oneway {
        let (from, to) = (group.members[0].as_str(), group.members[1].as_str());
        next.entry(from).or_default().push((*line, to));
        arrows.entry(from).or_default();
        *arrows.entry(to).or_default() += 1;
    }
    // Take away, again and again, words that no arrow leads to; what stays leads in a circle
    // or is led to by one.
    let mut free: Vec<&str> = arrows
        .iter()
        .filter(|(_, n)| **n == 0)
        .map(|(w, _)| *w)
        .collect();
    while let Some(word) = free.pop() {
        for (_, to) in next.remove(word).unwrap_or_default() {
            let left = arrows.entry(to).or_default();
            *left -= 1;
            if *left == 0 {
                free.push(to);
            }
        }
    }
    let mut rest: Vec<(usize, &str)> = next
        .iter()
        .flat_map(|(from, arrows)| arrows.iter().map(|&(line, _)| (line, *from)))
        .collect();
    rest.sort_unstable();
    for (line, word) in rest {
        problems.add(SYNONYMS, line, Fault::OnewayCycle(word.to_owned()));
    }
}
