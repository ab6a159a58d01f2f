//! The document's own title.

use std::ops::Range;

use crate::infer::candidate::{Candidate, Candidates};
use crate::infer::doc_type::type_at_end;
use crate::infer::time::dates_in;
use crate::text::{Line, Text};

/// How many lines from the top may come before a title.
const LOOK_LINES: usize = 14;
/// A longer line is a paragraph.
const MOST_CHARS: usize = 90;

/// The title and where it stands in the folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Title {
    pub(crate) words: String,
    pub(crate) bytes: Range<usize>,
    /// Where what stands below it begins: after the title of the order that promulgates it.
    pub(crate) head: usize,
}

/// What may be the title: what the format marks as one, a line that names a type of document, a
/// heading, a short first line that a paragraph follows.
pub(crate) fn titles(
    text: &Text<'_>,
    lines: &[Line],
    marked: Option<Range<usize>>,
) -> Candidates<Title> {
    let folded = text.folded();
    let mut titles = Candidates::default();
    titles.extend(marked.map(|bytes| title(text, bytes, "title.format", 0.96)));
    let head: Vec<&Line> = lines
        .iter()
        .take(LOOK_LINES)
        .filter(|l| !l.is_furniture)
        .collect();
    let stop = head
        .iter()
        .position(|line| is_body(&folded[line.content.clone()], line))
        .unwrap_or(head.len());
    for index in 0..stop {
        if let Some(bytes) = typed_title(folded, &head[index..stop]) {
            let words = &folded[bytes.clone()];
            let is_marked = head.get(index).is_some_and(|l| l.heading.is_some());
            // The title a page gives itself is often that of its section.
            let sure = if is_marked && words.contains("关于") {
                0.97
            } else {
                0.95
            };
            titles.add(title(text, bytes, "title.type", sure));
        }
    }
    if let Some(line) = head[..stop].iter().find(|line| line.heading == Some(1)) {
        titles.add(title(text, line.content.clone(), "title.format", 0.9));
    }
    let first = head[..stop]
        .iter()
        .find(|line| is_untyped_title(&folded[line.content.clone()]));
    if let Some(first) = first.filter(|_| stop < head.len() || lines.len() > head.len()) {
        let bytes = without_date(folded, two_lines(folded, &head[..stop], first));
        titles.add(title(text, bytes, "title.first_line", 0.7));
    }
    if let Some(order) = titles.best().filter(|t| is_order(&t.value.words)) {
        let after = order.value.bytes.end;
        titles.extend(promulgated(folded, lines, after).map(|at| {
            let mut found = title(text, at, "title.promulgated", 0.97);
            found.value.head = after;
            found
        }));
    }
    titles
}

/// A title broken over two lines, which a subtitle follows.
fn two_lines(folded: &str, head: &[&Line], first: &Line) -> Range<usize> {
    let mut after = head.iter().skip_while(|l| l.begin <= first.begin);
    match (after.next(), after.next()) {
        (Some(second), Some(third))
            if is_untyped_title(&folded[second.content.clone()])
                && folded[third.content.clone()].starts_with('—') =>
        {
            first.content.start..second.content.end
        }
        _ => first.content.clone(),
    }
}

/// Whether a title is no more than that of an order: 某市人民政府令.
fn is_order(words: &str) -> bool {
    words.ends_with('令') && !words.contains("关于")
}

/// The title of what an order promulgates: named in it, and repeated on a line of its own.
fn promulgated(folded: &str, lines: &[Line], after: usize) -> Option<Range<usize>> {
    let order = &folded[window(folded, after, 400)];
    let open = order.find('《')? + '《'.len_utf8();
    let name = &order[open..open + order[open..].find('》')?];
    let own = lines.iter().filter(|l| l.begin >= after).take(30);
    own.map(|l| l.content.clone())
        .find(|at| folded[at.clone()] == *name)
}

/// The title that begins in the first of these lines, if it names a type of document. It may be
/// broken over two or three lines; a line that is complete in itself (a place, a source, a date)
/// is not its beginning, a body that 关于 follows is.
fn typed_title(folded: &str, lines: &[&Line]) -> Option<Range<usize>> {
    let first = lines.first()?;
    // A subtitle names a type too, but it is not the title.
    let opening = &folded[first.content.clone()];
    if opening.starts_with('—') {
        return None;
    }
    for (count, line) in lines.iter().take(3).enumerate() {
        let bytes = without_date(folded, first.content.start..line.content.end);
        let words: String = folded[bytes.clone()]
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect();
        let second = lines
            .get(1)
            .map_or("", |line| &folded[line.content.clone()]);
        let goes_on = count == 0
            || opening.contains("关于")
            || second.starts_with("关于") && !opening.contains(['：', ':']);
        if !goes_on || words.chars().nth(MOST_CHARS).is_some() {
            return None;
        }
        if type_at_end(&words).is_some() && words.chars().count() > 4 {
            return Some(bytes);
        }
    }
    None
}

/// Whether the body begins with this line.
fn is_body(words: &str, line: &Line) -> bool {
    words.chars().nth(MOST_CHARS).is_some()
        || words.ends_with(['。', '；'])
        || line.marker.is_some() && line.heading != Some(1)
}

fn is_untyped_title(words: &str) -> bool {
    let chars = words.chars().count();
    (6..=60).contains(&chars)
        && !words.ends_with(['：', ':', '，', ',', '、'])
        && !words.starts_with(['(', '（', '—', '【', '来', '时'])
        && dates_in(words).is_empty()
}

/// The title without a date or a newspaper's page that the page put behind it.
fn without_date(folded: &str, bytes: Range<usize>) -> Range<usize> {
    let words = &folded[bytes.clone()];
    let Some(date) = dates_in(words).pop() else {
        return bytes;
    };
    let before = words[..date.bytes.start].trim_end();
    let is_last = words[date.bytes.end..].trim().is_empty();
    if is_last && type_at_end(before).is_some() {
        bytes.start..bytes.start + before.len()
    } else {
        bytes
    }
}

fn title(
    text: &Text<'_>,
    bytes: Range<usize>,
    rule: &'static str,
    confidence: f32,
) -> Candidate<Title> {
    let quote = text.quote(text.span(bytes.clone()));
    let words = quote.lines().map(str::trim).collect::<String>();
    let evidence = vec![text.evidence(bytes.clone())];
    let head = bytes.end;
    Candidate::stated(Title { words, bytes, head }, rule, confidence, evidence)
}

/// At most `chars` characters from `begin` on, as bytes.
pub(crate) fn window(text: &str, begin: usize, chars: usize) -> Range<usize> {
    let mut rest = text[begin..].chars();
    if let Some(last) = chars.checked_sub(1) {
        rest.nth(last);
    }
    begin..text.len() - rest.as_str().len()
}
