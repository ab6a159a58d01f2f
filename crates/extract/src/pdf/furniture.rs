//! Which lines of the pages are not the document's: page numbers, running heads and feet,
//! newspapers' remarks where a text goes on.

use std::collections::{HashMap, HashSet};

use super::lines::Line;

/// A page's lines and its size.
#[derive(Debug, Default)]
pub(super) struct PageLines {
    pub(super) lines: Vec<Line>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Lines from the top and from the bottom that may be a head or a foot.
const EDGE: usize = 3;
/// Part of the height at the top and at the bottom where pages carry heads and numbers.
const ZONE: f64 = 0.12;

/// For each page, which of its lines are furniture.
pub(super) fn furniture(pages: &[PageLines]) -> Vec<Vec<bool>> {
    let edges: Vec<Vec<usize>> = pages.iter().map(edge_lines).collect();
    let repeated = repeated(pages, &edges);
    let offsets = offsets(pages, &edges);
    let mark = |number: usize, page: &PageLines| {
        let mut marks: Vec<bool> = page.lines.iter().map(is_furniture_alone).collect();
        for &index in &edges[number] {
            let line = &page.lines[index];
            let zone = zone(page, line);
            marks[index] |= (line.pagination && zone.is_some())
                || zone.is_some_and(|bottom| repeated.contains(&key(line, bottom)))
                || page_number(&line.text).is_some_and(|found| match found {
                    Found::Decorated => true,
                    Found::Bare(n) => zone.is_some() && offsets.contains(&(n - number as i64)),
                });
        }
        marks
    };
    let mut marks: Vec<Vec<bool>> = pages.iter().enumerate().map(|(n, p)| mark(n, p)).collect();
    last_bare_number(pages, &edges, &mut marks);
    marks
}

/// Remarks such as （下转第3版）, and whatever runs askew.
fn is_furniture_alone(line: &Line) -> bool {
    let text: String = line.text.chars().filter(|c| !c.is_whitespace()).collect();
    let inner = text
        .strip_prefix(['（', '(', '【', '[', '▲', '▼'])
        .map_or(text.as_str(), |inner| {
            inner.strip_suffix(['）', ')', '】', ']']).unwrap_or(inner)
        });
    let goes_on = ["上接", "下转", "紧接", "接上"].iter().any(|remark| {
        inner.strip_prefix(remark).is_some_and(|rest| {
            let place = rest.trim_start_matches('第');
            place.chars().count() <= 8
                && (place.ends_with(['版', '页']) || place.contains('版') || place == "页")
        })
    });
    goes_on || !line.along
}

/// The lines nearest to the page's top and bottom.
fn edge_lines(page: &PageLines) -> Vec<usize> {
    let mut order: Vec<usize> = (0..page.lines.len())
        .filter(|&index| page.lines[index].along)
        .collect();
    order.sort_by(|&a, &b| page.lines[a].base.total_cmp(&page.lines[b].base));
    let top = order.iter().take(EDGE);
    let bottom = order.iter().skip(EDGE).rev().take(EDGE);
    top.chain(bottom).copied().collect()
}

/// Whether a line stands in the margin at the top (`false`) or at the bottom (`true`).
fn zone(page: &PageLines, line: &Line) -> Option<bool> {
    if line.base - line.size < ZONE * page.height {
        Some(false)
    } else if line.base > (1.0 - ZONE) * page.height {
        Some(true)
    } else {
        None
    }
}

/// A line without its numbers and blanks, and where it stands: what running heads share.
fn key(line: &Line, bottom: bool) -> (String, i64, bool) {
    let mut text = String::new();
    for c in line.text.chars().filter(|c| !c.is_whitespace()) {
        if !c.is_numeric() {
            text.push(c);
        } else if !text.ends_with('#') {
            text.push('#');
        }
    }
    (text, (line.base / 12.0).round() as i64, bottom)
}

/// Lines that stand in the same place on many pages.
fn repeated(pages: &[PageLines], edges: &[Vec<usize>]) -> HashSet<(String, i64, bool)> {
    let mut seen: HashMap<(String, i64, bool), usize> = HashMap::new();
    for (page, edge) in pages.iter().zip(edges) {
        let keys: HashSet<_> = edge
            .iter()
            .filter_map(|&index| {
                let line = &page.lines[index];
                Some(key(line, zone(page, line)?))
            })
            // Numbers alone are judged by their sequence.
            .filter(|key| key.0.chars().any(char::is_alphabetic))
            .collect();
        for key in keys {
            *seen.entry(key).or_default() += 1;
        }
    }
    let enough = |count: usize| {
        (count >= 3 && count * 10 >= pages.len() * 3) || { pages.len() == 2 && count == 2 }
    };
    seen.into_iter()
        .filter(|&(_, count)| enough(count))
        .map(|(key, _)| key)
        .collect()
}

/// A page number in a line of its own.
enum Found {
    /// With dashes or words around it: sure.
    Decorated,
    /// A number alone: sure when it counts the pages.
    Bare(i64),
}

fn page_number(text: &str) -> Option<Found> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() || text.chars().count() > 24 {
        return None;
    }
    let is_dash = |c| "-—–―－─·•.~～〜|｜".contains(c);
    let bare = text.trim_matches(is_dash);
    let decorated = text.starts_with(is_dash) && text.ends_with(is_dash);
    if let Some(number) = number(bare) {
        return Some(if decorated {
            Found::Decorated
        } else {
            Found::Bare(number)
        });
    }
    let words = bare.trim_start_matches("Page").trim_start_matches('P');
    let parts: Vec<&str> = words
        .split(|c: char| "第页共/／of,，;；|｜-—".contains(c))
        .filter(|part| !part.is_empty())
        .collect();
    let counts = (bare.contains('页') || bare.contains(['/', '／']) || bare.starts_with("Page"))
        && (1..=2).contains(&parts.len())
        && parts.iter().all(|part| number(part).is_some());
    // 2024/25 is a year, 12/31 may be a date: only what counts up to a total.
    let plausible = bare.contains('页')
        || bare.starts_with("Page")
        || (parts.len() == 2 && number(parts[0]) <= number(parts[1]));
    (counts && plausible).then_some(Found::Decorated)
}

/// A number up to four digits, of any width, in Roman numerals or in Chinese.
fn number(text: &str) -> Option<i64> {
    let digits: Option<String> = text
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
            _ => Some(c).filter(char::is_ascii_digit),
        })
        .collect();
    if let Some(digits) = digits.filter(|d| (1..=4).contains(&d.len())) {
        return digits.parse().ok();
    }
    roman(text)
}

fn roman(text: &str) -> Option<i64> {
    if let Some(sign @ ('Ⅰ'..='Ⅻ' | 'ⅰ'..='ⅻ')) = text.chars().next() {
        let first = if sign < 'ⅰ' { 'Ⅰ' } else { 'ⅰ' };
        return (text.chars().count() == 1).then(|| sign as i64 - first as i64 + 1);
    }
    let value = |c: char| match c.to_ascii_lowercase() {
        'i' => Some(1),
        'v' => Some(5),
        'x' => Some(10),
        _ => None,
    };
    let values: Vec<i64> = text.chars().map(value).collect::<Option<_>>()?;
    if values.is_empty() || values.len() > 7 {
        return None;
    }
    let signed = |index: usize| match values.get(index + 1) {
        Some(next) if *next > values[index] => -values[index],
        _ => values[index],
    };
    Some((0..values.len()).map(signed).sum())
}

/// Differences between bare numbers in the margins and their pages that occur again and again.
fn offsets(pages: &[PageLines], edges: &[Vec<usize>]) -> HashSet<i64> {
    let mut counts: HashMap<i64, usize> = HashMap::new();
    for (number, (page, edge)) in pages.iter().zip(edges).enumerate() {
        for &index in edge {
            let line = &page.lines[index];
            if let (Some(Found::Bare(n)), Some(_)) = (page_number(&line.text), zone(page, line)) {
                *counts.entry(n - number as i64).or_default() += 1;
            }
        }
    }
    counts
        .into_iter()
        .filter(|&(_, count)| count >= 2 && count * 10 >= pages.len().min(20) * 2)
        .map(|(offset, _)| offset)
        .collect()
}

/// On a document of one page a lone 1 far below the text is its number.
fn last_bare_number(pages: &[PageLines], edges: &[Vec<usize>], marks: &mut [Vec<bool>]) {
    let ([page], [edge], [marks]) = (pages, edges, marks) else {
        return;
    };
    for &index in edge {
        let line = &page.lines[index];
        let above = page
            .lines
            .iter()
            .filter(|other| other.along && other.base < line.base)
            .map(|other| other.base)
            .fold(0.0, f64::max);
        let apart = line.base - above > 2.5 * line.size;
        if let (Some(Found::Bare(1)), Some(true)) = (page_number(&line.text), zone(page, line)) {
            marks[index] |= apart;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_told_from_numbers() {
        for text in [
            "— 1 —",
            "- 12 -",
            "－３－",
            "第1页 共5页",
            "第 3 页",
            "1/9",
            "Page 2 of 7",
            "·4·",
        ] {
            assert!(
                matches!(page_number(text), Some(Found::Decorated)),
                "{text}"
            );
        }
        for text in ["7", "ⅲ", "iv", "１２"] {
            assert!(matches!(page_number(text), Some(Found::Bare(_))), "{text}");
        }
        for text in [
            "2024年",
            "一、总则",
            "12/3",
            "共同富裕",
            "第一页说明",
            "12345",
        ] {
            assert!(page_number(text).is_none(), "{text}");
        }
    }
}
