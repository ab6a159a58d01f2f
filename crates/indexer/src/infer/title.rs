//! The document's own title, and the type of document it names.

use std::ops::Range;

use duibiao_corpus::Inferred;

use crate::infer::time::dates_in;
use crate::text::{Line, Text};

/// The 15 types of the 2012 regulation on official documents (中办发〔2012〕14号) and the others
/// in use; a type whose name contains another's comes first.
const TYPES: &[&str] = &[
    "政府工作报告",
    "调研报告",
    "经验材料",
    "会议纪要",
    "决议",
    "决定",
    "命令",
    "公报",
    "公告",
    "通告",
    "意见",
    "通知",
    "通报",
    "报告",
    "请示",
    "批复",
    "议案",
    "纪要",
    "方案",
    "计划",
    "要点",
    "清单",
    "办法",
    "规定",
    "细则",
    "条例",
    "综述",
    "公示",
    "问答",
    "解读",
    "建议",
    "提案",
    "总结",
    "规则",
    "规划",
    "函",
    "令",
];

/// How many lines from the top may come before a title.
const LOOK_LINES: usize = 14;
/// A longer line is a paragraph.
const MOST_CHARS: usize = 90;

/// The title and where it stands in the folded text.
pub(crate) struct Title {
    pub(crate) value: Inferred<String>,
    pub(crate) bytes: Range<usize>,
}

/// Finds the title: what the format marks as one, else a line that names a type of document,
/// else a short first line that a paragraph follows.
pub(crate) fn find(text: &Text<'_>, lines: &[Line], marked: Option<Range<usize>>) -> Option<Title> {
    let folded = text.folded();
    if let Some(bytes) = marked {
        return Some(title(text, bytes, "title.format", 0.95));
    }
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
            return Some(title(text, bytes, "title.type", 0.95));
        }
    }
    if let Some(line) = head[..stop].iter().find(|line| line.heading == Some(1)) {
        return Some(title(text, line.content.clone(), "title.format", 0.9));
    }
    let first = head[..stop]
        .iter()
        .find(|line| is_untyped_title(&folded[line.content.clone()]))?;
    let follows = stop < head.len() || lines.len() > head.len();
    follows.then(|| {
        title(
            text,
            without_date(folded, first.content.clone()),
            "title.first_line",
            0.7,
        )
    })
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

fn title(text: &Text<'_>, bytes: Range<usize>, rule: &'static str, confidence: f32) -> Title {
    let quote = text.quote(text.span(bytes.clone()));
    let value = quote.lines().map(str::trim).collect::<String>();
    Title {
        value: text.found(value, rule, confidence, bytes.clone()),
        bytes,
    }
}

/// The type of document a title ends with, not counting what follows in brackets.
pub(crate) fn type_at_end(title: &str) -> Option<(&'static str, Range<usize>)> {
    let mut kept = title.trim_end();
    while let Some(open) = kept
        .ends_with(['）', ')'])
        .then(|| kept.rfind(['（', '(']))
        .flatten()
    {
        kept = kept[..open].trim_end();
    }
    let kept = kept.trim_end_matches(['》', '”']);
    TYPES
        .iter()
        .find(|t| kept.ends_with(*t))
        .map(|t| (*t, kept.len() - t.len()..kept.len()))
}

/// The type of document, from the title or, without one, from 特制定本方案.
pub(crate) fn doc_type(text: &Text<'_>, title: Option<&Title>) -> Option<Inferred<String>> {
    let folded = text.folded();
    if let Some(title) = title {
        let words = &folded[title.bytes.clone()];
        if let Some((name, at)) = type_at_end(words) {
            let at = title.bytes.start + at.start..title.bytes.start + at.end;
            return Some(text.found(name.to_owned(), "doc_type.title", 0.95, at));
        }
        let window = window(folded, title.bytes.end, 200);
        let subtitle = folded[window.clone()]
            .lines()
            .map(str::trim)
            .find(|l| !l.is_empty());
        if let Some((name, at)) = subtitle
            .filter(|l| l.starts_with('—'))
            .and_then(type_at_end)
        {
            let begin = window.start
                + folded[window.clone()]
                    .find(subtitle.unwrap_or_default())
                    .unwrap_or(0);
            return Some(text.found(
                name.to_owned(),
                "doc_type.subtitle",
                0.85,
                begin + at.start..begin + at.end,
            ));
        }
        return None;
    }
    let head = window(folded, 0, 2_000);
    let words = &folded[head];
    TYPES.iter().find_map(|name| {
        let phrase = format!("制定本{name}");
        let begin = words.find(&phrase)?;
        let at = begin..begin + phrase.len();
        Some(text.concluded(
            (*name).to_owned(),
            "doc_type.self",
            0.8,
            std::slice::from_ref(&at),
        ))
    })
}

/// At most `chars` characters from `begin` on, as bytes.
pub(crate) fn window(text: &str, begin: usize, chars: usize) -> Range<usize> {
    let length = text[begin..]
        .char_indices()
        .nth(chars)
        .map_or(text.len() - begin, |(at, _)| at);
    begin..begin + length
}
