//! The body that issued a document.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem;
use regex::{Captures, Regex};

use crate::any_of::AnyOf;
use crate::infer::candidate::{Candidate, Candidates};
use crate::infer::dates::Signature;
use crate::infer::title::{Title, window};
use crate::text::Text;

/// Ends of names of bodies that issue documents.
static BODIES: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
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
        "党组",
        "支队",
        "总队",
        "督查室",
        "专班",
        "调研组",
        "课题组",
        "联社",
        "室",
        "馆",
    ])
});
/// Endings that look like a body and are a place or an event.
static NO_BODIES: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "大厅",
        "大会",
        "会议",
        "座谈会",
        "发布会",
        "全会",
        "社会",
        "机会",
        "细则",
        "单位",
    ])
});
/// Beginnings of lines that name bodies which did not issue the text.
static NOT_OWN: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "各",
        "抄",
        "主送",
        "附",
        "发：",
        "送",
        "来源",
        "信息来源",
        "通过",
        "关于",
    ])
});
/// A name has at most this many characters.
const MOST_CHARS: usize = 40;

/// 上海市第十五届人民代表大会常务委员会第三十二次会议通过
static PASSED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"日\s*(?P<place>[\p{Han}]{2,14}?)(?:第[一二三四五六七八九十]+届)?(?P<body>人民代表大会(?:常务委员会)?)第[一二三四五六七八九十\d]+次会议[^\n]{0,80}?(?P<what>通过|修订)")
        .expect("a constant pattern")
});
/// 提案人：某委员会, 发文机关：某局
static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^\s*(?:提案人|提案者|发文机关|制定机关|印发机关|发文单位|报送单位|主办机关)\s*[:：]\s*([\p{Han}]{4,30})\s*$")
        .expect("a constant pattern")
});
/// Words that [`LABELLED`] begins with.
const LABELS: &[&str] = &[
    "提案人",
    "提案者",
    "发文机关",
    "制定机关",
    "印发机关",
    "发文单位",
    "报送单位",
    "主办机关",
];
/// 某局办公室　2024年7月15日印发
static PRINTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^\s*(?P<body>[\p{Han}]{4,30})\s+(?P<day>(?:19|20)\d\d年\d{1,2}月\d{1,2}日)\s*印发\s*$")
        .expect("a constant pattern")
});
/// 某市投资促进局2020年…工作报告
static BEFORE_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<body>[\p{Han}]{4,30}?)(?:关于)?(?:19|20)\d\d年").expect("a constant pattern")
});
/// 等七部门 behind the first of several bodies.
static AND_OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"等[\p{Han}\d]{1,4}(?:部门|单位|局|厅)$").expect("a constant pattern")
});

/// The bodies a line names and nothing else, as bytes of the line.
pub(crate) fn bodies_in(line: &str) -> Vec<Range<usize>> {
    if line.len() > 600 || NOT_OWN.begins(line) {
        return Vec::new();
    }
    let mut bodies = Vec::new();
    let mut begin = 0;
    for part in line.split_inclusive(|c: char| c.is_whitespace() || c == '、') {
        let name = part.trim_matches(|c: char| c.is_whitespace() || c == '、');
        if !name.is_empty() {
            if !is_body(name) {
                return Vec::new();
            }
            let at = begin + part.find(name).unwrap_or(0);
            bodies.push(at..at + name.len());
        }
        begin += part.len();
    }
    bodies
}

fn is_body(name: &str) -> bool {
    (3..=MOST_CHARS).contains(&name.chars().count())
        && BODIES.ends(name)
        && !NO_BODIES.ends(name)
        && !name.contains(['，', '。', '：', ':', ',', '；', '？', '！', '“', '《'])
        && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// What may be the issuer: who signs, whom the title names before 关于, who passed it, who printed it.
pub(crate) fn issuers(
    text: &Text<'_>,
    title: Option<&Title>,
    signature: Option<&Signature>,
    byline: Option<&Signature>,
) -> Candidates<String> {
    let folded = text.folded();
    let mut issuers = Candidates::default();
    for (signed, rule, sure) in [
        (signature, "issuer.signature", 0.95),
        (byline, "issuer.byline", 0.9),
    ] {
        issuers.extend(signed.and_then(|s| signers(text, s, rule, sure)));
    }
    if let Some(title) = title {
        issuers.extend(in_title(text, title));
    }
    let head = window(folded, 0, 900);
    if let Some(found) = passed(&folded[head])
        && let (Some(place), Some(body)) = (found.name("place"), found.name("body"))
    {
        let value = format!("{}{}", place.as_str(), body.as_str());
        let evidence = vec![text.evidence(place.start()..body.end())];
        issuers.add(Candidate::stated(value, "issuer.passed", 0.85, evidence));
    }
    let label = &folded[window(folded, 0, 600)];
    let has_label = LABELS
        .iter()
        .any(|l| memmem::find(label.as_bytes(), l.as_bytes()).is_some());
    if let Some(body) = has_label
        .then(|| LABELLED.captures(label))
        .flatten()
        .and_then(|found| found.get(1))
    {
        let evidence = vec![text.evidence(body.range())];
        issuers.add(Candidate::stated(
            body.as_str().to_owned(),
            "issuer.label",
            0.92,
            evidence,
        ));
    }
    if let Some(body) = printed(folded).and_then(|found| found.name("body")) {
        let evidence = vec![text.evidence(body.range())];
        issuers.add(Candidate::stated(
            body.as_str().to_owned(),
            "issuer.printed",
            0.7,
            evidence,
        ));
    }
    issuers
}

/// The assembly that passed a rule, in the words above it.
fn passed(head: &str) -> Option<Captures<'_>> {
    let is_there = head.contains("人民代表大会");
    is_there.then(|| PASSED.captures(head)).flatten()
}

/// The last line that says who printed a text and when. The pattern is tried only where a line ends
/// with its last word: a text has at most a few of them.
pub(super) fn printed(folded: &str) -> Option<Captures<'_>> {
    const PRINTED_ON: &str = "印发";
    let ends_line = |at: usize| {
        let rest = folded[at + PRINTED_ON.len()..]
            .trim_start_matches(|c: char| c != '\n' && c.is_whitespace());
        rest.is_empty() || rest.starts_with('\n')
    };
    let is_dated = |at: usize| folded[..at].trim_end().ends_with('日');
    memmem::find_iter(folded.as_bytes(), PRINTED_ON)
        .any(|at| ends_line(at) && is_dated(at))
        .then(|| PRINTED.captures_iter(folded).last())
        .flatten()
}

/// The place of the assembly that passed a rule, as bytes of the folded text.
pub(super) fn legislature(folded: &str) -> Option<Range<usize>> {
    let found = passed(&folded[window(folded, 0, 900)])?;
    found.name("place").map(|place| place.range())
}

/// The bodies of a signature, joined by ；.
fn signers(
    text: &Text<'_>,
    signed: &Signature,
    rule: &'static str,
    sure: f32,
) -> Option<Candidate<String>> {
    let folded = text.folded();
    let mut bodies: Vec<Range<usize>> = Vec::new();
    for line in &signed.names {
        let within = bodies_in(&folded[line.clone()]);
        bodies.extend(
            within
                .into_iter()
                .map(|b| line.start + b.start..line.start + b.end),
        );
    }
    joined(text, &bodies, rule, sure)
}

fn joined(
    text: &Text<'_>,
    bodies: &[Range<usize>],
    rule: &'static str,
    sure: f32,
) -> Option<Candidate<String>> {
    if bodies.is_empty() {
        return None;
    }
    let names: Vec<String> = bodies
        .iter()
        .map(|b| {
            text.quote(text.span(b.clone()))
                .split_whitespace()
                .collect()
        })
        .collect();
    let evidence = bodies.iter().map(|b| text.evidence(b.clone())).collect();
    Some(Candidate::stated(names.join("；"), rule, sure, evidence))
}

/// The bodies a title begins with: before 关于, before a year, before 令.
fn in_title(text: &Text<'_>, title: &Title) -> Option<Candidate<String>> {
    let folded = text.folded();
    let words = &folded[title.bytes.clone()];
    let of = |name: &str, sure| {
        let name = AND_OTHERS.find(name).map_or(name, |m| &name[..m.start()]);
        let bodies: Vec<Range<usize>> = bodies_in(name.trim_end())
            .into_iter()
            .map(|b| title.bytes.start + b.start..title.bytes.start + b.end)
            .collect();
        joined(text, &bodies, "issuer.title", sure)
    };
    if let Some(at) = words.find("关于") {
        return of(&words[..at], 0.9);
    }
    if let Some(name) = words.strip_suffix('令') {
        return of(name, 0.9);
    }
    let body = BEFORE_YEAR.captures(words)?.name("body")?;
    of(body.as_str(), 0.85)
}
