//! The body that issued a document, and the document's own number.

use std::ops::Range;
use std::sync::LazyLock;

use duibiao_corpus::Inferred;
use regex::Regex;

use crate::infer::time::dates_in;
use crate::infer::title::Title;
use crate::text::{Line, Text};

/// 黑政发〔2010〕93号 alone on its line, in any of the brackets found on the web.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<body>[\p{Han}]{2,14}?)\s*[〔\[［（(【]\s*(?P<year>(?:19|20)\d\d)\s*[〕\]］）)】]\s*第?\s*0*(?P<n>\d{1,5})\s*号$").expect("a constant pattern")
});

/// How many lines from the top may hold the number.
const HEAD_LINES: usize = 14;
/// Ends of names of bodies that issue documents.
const BODIES: &[&str] = &[
    "委",
    "政府",
    "办公厅",
    "办公室",
    "局",
    "厅",
    "委员会",
    "法院",
    "检察院",
    "政协",
    "小组",
    "部",
    "中心",
    "协会",
    "会",
    "院",
    "集团",
    "公司",
    "处",
    "署",
    "行",
];

/// The document's own number, normalised to `机关代字〔年份〕顺序号号`.
pub(crate) fn number(text: &Text<'_>, lines: &[Line]) -> Option<Inferred<String>> {
    let folded = text.folded();
    lines.iter().take(HEAD_LINES).find_map(|line| {
        let words = &folded[line.content.clone()];
        let found = NUMBER.captures(words)?;
        let value = format!("{}〔{}〕{}号", &found["body"], &found["year"], &found["n"]);
        Some(text.found(value, "number.own_line", 0.95, line.content.clone()))
    })
}

/// The issuer: the signature names it, else the title before 关于.
pub(crate) fn issuer(
    text: &Text<'_>,
    title: Option<&Title>,
    signature: Option<usize>,
) -> Option<Inferred<String>> {
    let folded = text.folded();
    if let Some(begin) = signature {
        let line_end = folded[begin..]
            .find('\n')
            .map_or(folded.len(), |at| begin + at);
        let line = &folded[begin..line_end];
        let name_end = dates_in(line).first().map_or(line.len(), |d| d.bytes.start);
        let name = line[..name_end].trim_end();
        if is_body(name) {
            return Some(text.found(
                original(text, begin..begin + name.len()),
                "issuer.signature",
                0.95,
                begin..begin + name.len(),
            ));
        }
    }
    let title = title?;
    let words = &folded[title.bytes.clone()];
    let name = words[..words.find("关于")?].trim_end_matches(|c: char| c.is_whitespace());
    if !is_body(name) {
        return None;
    }
    let bytes = title.bytes.start..title.bytes.start + name.len();
    Some(text.found(original(text, bytes.clone()), "issuer.title", 0.9, bytes))
}

fn original(text: &Text<'_>, bytes: Range<usize>) -> String {
    text.quote(text.span(bytes)).split_whitespace().collect()
}

fn is_body(name: &str) -> bool {
    (3..=40).contains(&name.chars().count())
        && BODIES.iter().any(|b| name.ends_with(b))
        && !name.contains(['，', '。', '：'])
}
