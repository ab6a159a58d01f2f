//! The document's own number, apart from those it cites.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::infer::candidate::{Candidate, Candidates};
use crate::infer::title::Title;
use crate::text::{Line, Text};

/// 黑政发〔2010〕93号 alone on its line, in any of the brackets found on the web, perhaps in
/// brackets of its own or behind 文号：.
static OWN_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:[（(【]\s*)?(?:(?:发文字号|发文号|文\s*号|字\s*号)\s*[:：]\s*)?(?P<body>[\p{Han}]{2,14}?)\s*[〔\[［（(【﹝]\s*(?P<year>(?:19|20)\d\d)\s*[〕\]］）)】﹞]\s*第?\s*0*(?P<n>\d{1,5})\s*号(?:\s*[）)】])?(?:\s+签发人.{0,30})?$").expect("a constant pattern")
});
/// 〔2024〕第17号, the number of a series such as minutes.
static SERIES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[〔\[［（(【﹝]\s*(?P<year>(?:19|20)\d\d)\s*[〕\]］）)】﹞]\s*第?\s*0*(?P<n>\d{1,5})\s*[号期]$")
        .expect("a constant pattern")
});
/// 某市人民政府令第9号, anywhere above the body, perhaps broken before 第.
static ORDER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<body>[\p{Han}]{2,20}(?:人民政府令|政府令|委员会公告|常务委员会公告|部令|局令))\s*[（(]?\s*第?\s*(?P<n>\d{1,4}|[一二三四五六七八九十百零〇]{1,6})\s*号")
        .expect("a constant pattern")
});
/// Any number in running text.
static CITED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<body>[\p{Han}]{2,12})[〔\[［（(【﹝](?P<year>(?:19|20)\d\d)[〕\]］）)】﹞]\s*第?\s*0*(?P<n>\d{1,5})\s*号")
        .expect("a constant pattern")
});

/// How many lines from the top may hold the number.
const HEAD_LINES: usize = 14;
/// How many cited numbers are kept for an explanation.
const MOST_CITED: usize = 8;

/// The document's number with the year in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    /// Normalised to `机关代字〔年份〕顺序号号`.
    pub(crate) text: String,
    pub(crate) year: Option<i16>,
    /// Where it stands, as bytes of the folded text.
    pub(crate) bytes: Range<usize>,
}

/// What may be the number: a line of its own near the title; numbers in the text are cited ones,
/// which never win and are only looked for where they are to be shown.
pub(crate) fn numbers(
    text: &Text<'_>,
    lines: &[Line],
    title: Option<&Title>,
    with_cited: bool,
) -> Candidates<Number> {
    let folded = text.folded();
    let mut numbers = Candidates::default();
    let mut head_end = 0;
    let title_end = title.map_or(0, |t| t.head);
    let mut after_title = 0;
    for line in lines.iter().take(HEAD_LINES) {
        let words = &folded[line.content.clone()];
        let is_title =
            line.begin < title_end && line.content.end > title.map_or(0, |t| t.bytes.start);
        after_title += usize::from(line.begin >= title_end);
        // Further down a number alone is that of an annex.
        if after_title > 6 || words.chars().nth(120).is_some() {
            break;
        }
        head_end = line.content.end;
        let own = |found: Captures<'_>, rule, sure| {
            let number = normalised(&found, line.content.clone());
            Candidate::stated(
                number,
                rule,
                sure,
                vec![text.evidence(line.content.clone())],
            )
        };
        if !may_have_number(words) {
            continue;
        }
        if let Some(found) = OWN_LINE.captures(words) {
            numbers.add(own(found, "number.own_line", 0.95));
        } else if let Some(found) = SERIES.captures(words).filter(|_| !is_title) {
            numbers.add(own(found, "number.series", 0.85));
        }
    }
    numbers.extend(order(text, head_end, title_end));
    if !with_cited {
        return numbers;
    }
    let own: Vec<Range<usize>> = numbers.iter().map(|n| n.value.bytes.clone()).collect();
    let cited = CITED
        .captures_iter(folded)
        .filter_map(|found| {
            let at = found.get(0)?.range();
            let is_own = own.iter().any(|o| o.start <= at.start && at.end <= o.end);
            (!is_own).then(|| {
                let evidence = vec![text.evidence(at.clone())];
                let number = normalised(&found, at);
                Candidate::stated(number, "number.cited", 0.5, evidence)
                    .but("stands in the running text: the number of another document")
            })
        })
        .take(MOST_CITED);
    numbers.extend(cited);
    numbers
}

/// Whether a line has the signs that no number alone on its line can do without.
fn may_have_number(words: &str) -> bool {
    words.contains(['号', '期']) && words.contains(['〔', '[', '［', '（', '(', '【', '﹝'])
}

/// The number of an order, above the first article or in brackets below the title.
fn order(text: &Text<'_>, head_end: usize, title_end: usize) -> Option<Candidate<Number>> {
    let folded = text.folded();
    let head = &folded[..head_end];
    if !head.contains("令") && !head.contains("委员会公告") {
        return None;
    }
    let found = ORDER.captures(head)?;
    let at = found.get(0)?.range();
    // In a list of amendments an order is one of several.
    let line_begin = head[..at.start].rfind('\n').map_or(0, |n| n + 1);
    let before =
        head[line_begin..at.start].trim_matches(|c: char| c.is_whitespace() || "（(".contains(c));
    let near = at.start < title_end || before.is_empty();
    near.then(|| {
        let text_of = format!("{}第{}号", &found["body"], &found["n"]);
        let number = Number {
            text: text_of,
            year: None,
            bytes: at.clone(),
        };
        Candidate::stated(number, "number.order", 0.9, vec![text.evidence(at)])
    })
}

fn normalised(found: &Captures<'_>, bytes: Range<usize>) -> Number {
    let body = found.name("body").map_or("", |m| m.as_str());
    let body = ["根据", "按照", "依据", "转发"]
        .iter()
        .fold(body, |b, w| b.strip_prefix(w).unwrap_or(b));
    Number {
        text: format!("{body}〔{}〕{}号", &found["year"], &found["n"]),
        year: found["year"].parse().ok(),
        bytes,
    }
}
