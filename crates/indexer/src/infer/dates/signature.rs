//! Who signed, and when: the last lines of a text, or of the notice before what it sends out.

use std::ops::Range;

use duibiao_corpus::{DateKind, PartialDate};

use super::Dates;
use super::header::Header;
use crate::infer::candidate::Candidate;
use crate::infer::issuer::bodies_in;
use crate::infer::time::{dates_in, days_and_months_in};
use crate::text::{Line, Text};

/// A name and a date that close a text, or stand below its title.
#[derive(Debug, Clone)]
pub(crate) struct Signature {
    pub(crate) date: PartialDate,
    /// The date, as bytes of the folded text.
    pub(crate) date_bytes: Range<usize>,
    /// The lines of names, above the date or before it on its line.
    pub(crate) names: Vec<Range<usize>>,
    /// All of its lines.
    pub(crate) bytes: Range<usize>,
}

/// A longer line is a sentence.
const MOST_BYTES: usize = 150;
/// Bodies that sign together; a reform notice of 2023 has seventeen.
const MOST_BODIES: usize = 40;
/// A line with fewer characters is not yet a paragraph of the body.
const PARAGRAPH_CHARS: usize = 24;

/// The first line after a paragraph that is a date, or a body and a date.
pub(super) fn find(folded: &str, lines: &[Line], body: usize) -> Option<Signature> {
    let start = lines.iter().position(|l| l.begin >= body)?;
    let mut has_paragraph = false;
    for index in start..lines.len() {
        let line = &lines[index];
        let words = &folded[line.content.clone()];
        has_paragraph = has_paragraph || is_paragraph(words);
        let is_short = words.len() <= MOST_BYTES && line.marker.is_none() && !line.is_furniture;
        if has_paragraph
            && is_short
            && let Some(found) = closing(folded, lines, index)
        {
            return Some(found);
        }
    }
    None
}

/// Whether a line says something: the text has begun.
pub(super) fn is_paragraph(words: &str) -> bool {
    words.chars().nth(PARAGRAPH_CHARS).is_some() && words.contains(['。', '，', '；', ','])
        || words.ends_with(['。', '；'])
}

/// The signature whose date stands in the line at `index`.
pub(super) fn closing(folded: &str, lines: &[Line], index: usize) -> Option<Signature> {
    let line = lines.get(index)?;
    let words = &folded[line.content.clone()];
    let dated = dates_in(words)
        .pop()
        .or_else(|| days_and_months_in(words).pop())?;
    let before =
        words[..dated.bytes.start].trim_matches(|c: char| c.is_whitespace() || "（(".contains(c));
    let closes = words[dated.bytes.end..]
        .trim_matches(|c: char| c.is_whitespace() || "）)".contains(c))
        .is_empty();
    let is_name = before.chars().nth(40).is_none()
        && !before.contains(['，', '。', ',', '：', ':', '；', '（', '('])
        && !before.ends_with(['于', '自', '至', '从', '到', '—', '-', '在', '为']);
    let is_month = dated.date.day.is_none();
    if !closes || !is_name || is_month && !before.is_empty() && bodies_in(before).is_empty() {
        return None;
    }
    let mut names: Vec<Range<usize>> = Vec::new();
    let mut begin = line.content.start;
    if !before.is_empty() {
        let at = words.find(before).unwrap_or(0);
        names.push(line.content.start + at..line.content.start + at + before.len());
    }
    for above in lines[..index].iter().rev().take(MOST_BODIES) {
        let name = &folded[above.content.clone()];
        if above.marker.is_some() || bodies_in(name).is_empty() {
            break;
        }
        names.insert(0, above.content.clone());
        begin = above.content.start;
    }
    // A name that is no body, such as that of a mayor, still belongs to the signature.
    if names.is_empty()
        && let Some(above) = index.checked_sub(1).and_then(|i| lines.get(i))
    {
        let name = &folded[above.content.clone()];
        if name.len() <= 90 && !name.contains(['。', '；', '，', ',']) && above.marker.is_none()
        {
            begin = above.content.start;
        } else if is_month {
            return None;
        }
    }
    Some(Signature {
        date: dated.date,
        date_bytes: line.content.start + dated.bytes.start..line.content.start + dated.bytes.end,
        names,
        bytes: begin..line.content.end,
    })
}

/// What the signature says about the date.
pub(super) fn read(text: &Text<'_>, header: &Header<'_>, dates: &mut Dates) {
    let Some(signature) = dates.signature.clone() else {
        return;
    };
    let evidence = vec![text.evidence(signature.date_bytes.clone())];
    let above_articles = header
        .first_article
        .is_none_or(|first| signature.bytes.end <= first);
    let is_order = header.is_order && above_articles;
    let (kind, rule, confidence) = if is_order {
        (DateKind::Promulgated, "date.promulgated", 0.97)
    } else {
        (DateKind::Signed, "date.signature", 0.95)
    };
    let found = Candidate::stated(signature.date, rule, confidence, evidence);
    let is_law = header.first_article.is_some() && !above_articles && header.is_law;
    if is_law {
        dates.add(kind, found.but("stands below the articles of a regulation"));
    } else {
        dates.add(kind, found);
    }
}
