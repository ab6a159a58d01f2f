//! The type of a document, and its kind inside that type.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem;
use regex::{Match, Regex};

use crate::infer::candidate::{Candidate, Candidates};
use crate::infer::title::{Title, window};
use crate::text::Text;

/// The 15 types of the 2012 regulation on official documents (中办发〔2012〕14号) and the others
/// in use; a type whose name contains another's comes first.
const TYPES: &[&str] = &[
    "政府工作报告",
    "调研报告",
    "经验材料",
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
    "措施",
    "指南",
    "指引",
    "规程",
    "守则",
    "章程",
    "目录",
    "函",
    "令",
];

/// Titles of reports from practice, which carry no type: …的做法与体会.
static PRACTICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:做法|体会|经验|启示|探索与实践|实践与思考|典型案例)(?:与(?:体会|思考|启示|成效))?[”）)]?$")
        .expect("a constant pattern")
});
/// 2020年工作总结和2021年工作打算
static SUMMARY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"总结[和及暨与].{0,16}(?:打算|计划|安排|思路|要点)$").expect("a constant pattern")
});
/// 在推进会上的发言
static SPEECH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:会|会议|论坛|仪式)上的(发言|讲话|致辞)$").expect("a constant pattern")
});
/// Endings of subtitles that newspapers use.
static REPORTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:见闻|侧记|纪实|观察|走笔|扫描|记者手记|新闻发布会)[”）)]?$")
        .expect("a constant pattern")
});
/// 特制定本方案, 现制定如下方案: what a text without a title calls itself.
static SELF: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:制定|制订|拟定|提出)(?:本|如下|以下)(?:工作|实施|行动|管理)?(方案|办法|规定|细则|条例|计划|意见|规则|措施)")
        .expect("a constant pattern")
});
/// A line of a newspaper or a site near the top.
static MEDIA: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"本报讯|融媒|来源\s*[:：]\s*[\p{Han}]{0,12}(?:报|网|融媒|电视台|观察|新华社|客户端|新闻)|记者\s|本报记者|日报讯|晚报讯|通讯员|客户端讯|[)）]\s*讯")
        .expect("a constant pattern")
});
/// 督查情况的通报, 评议结果的通报
static RESULT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"([\p{Han}]{2}(?:情况|结果))的通报$").expect("a constant pattern")
});

/// Kinds inside a type, as titles name them; a longer name comes before one that ends it.
const KINDS: &[&str] = &[
    "专题会议纪要",
    "常务会议纪要",
    "办公会议纪要",
    "工作会议纪要",
    "工作情况报告",
    "自查报告",
    "述职报告",
    "实施方案",
    "工作方案",
    "行动方案",
    "整改方案",
    "应急预案",
    "行动计划",
    "工作计划",
    "实施计划",
    "工作要点",
    "工作总结",
    "实施意见",
    "指导意见",
    "实施细则",
    "管理办法",
    "实施办法",
    "暂行办法",
    "暂行规定",
    "若干规定",
    "若干措施",
    "若干意见",
    "工作规则",
    "工作规程",
    "议事规则",
    "政策解读",
    "操作规程",
    "责任清单",
    "权力清单",
    "负面清单",
    "事项清单",
    "发展规划",
];

/// How far below a title its subtitle may stand, and how far a text names itself, in characters.
const NEAR: usize = 200;
const HEAD: usize = 2_000;

/// The type of document a title ends with, not counting what follows in brackets.
pub(crate) fn type_at_end(title: &str) -> Option<(&'static str, Range<usize>)> {
    let mut kept = title.trim_end().trim_end_matches(['》', '”']);
    while let Some(open) = kept
        .ends_with(['）', ')'])
        .then(|| kept.rfind(['（', '(']))
        .flatten()
    {
        kept = kept[..open].trim_end().trim_end_matches(['》', '”']);
    }
    TYPES
        .iter()
        .find(|t| kept.ends_with(*t))
        .map(|t| (*t, kept.len() - t.len()..kept.len()))
}

/// What the type may be: what the title ends with, its subtitle, what the text calls itself, or
/// what its form shows.
pub(crate) fn types(
    text: &Text<'_>,
    title: Option<&Title>,
    has_author: bool,
) -> Candidates<String> {
    let folded = text.folded();
    let mut types = Candidates::default();
    let stated = |name: &str, rule, sure, at: Range<usize>| {
        Candidate::stated(name.to_owned(), rule, sure, vec![text.evidence(at)])
    };
    if let Some(title) = title {
        let words = &folded[title.bytes.clone()];
        if let Some((name, at)) = type_at_end(words) {
            let at = title.bytes.start + at.start..title.bytes.start + at.end;
            types.extend(answers(text, name, title.bytes.end));
            types.add(stated(name, "doc_type.title", 0.95, at));
        }
        if words.contains("总结")
            && let Some(at) = SUMMARY.find(words)
        {
            let at = title.bytes.start + at.start()..title.bytes.start + at.end();
            types.add(stated("总结", "doc_type.title", 0.96, at));
        }
        types.extend(below_title(text, title));
        if let Some(word) = SPEECH.captures(words).and_then(|found| found.get(1)) {
            let at = title.bytes.start + word.start()..title.bytes.start + word.end();
            types.add(stated(word.as_str(), "doc_type.title", 0.9, at));
        }
        if let Some(found) = practice(words) {
            let at = title.bytes.start + found.start()..title.bytes.start + found.end();
            types.add(stated("经验材料", "doc_type.title", 0.85, at));
        }
        types.extend(by_form(text, title, has_author));
    }
    let head = window(folded, 0, HEAD);
    if let Some(found) = SELF.captures(&folded[head])
        && let (Some(whole), Some(name)) = (found.get(0), found.get(1))
    {
        let evidence = vec![text.evidence(whole.range())];
        types.add(Candidate::concluded(
            name.as_str().to_owned(),
            "doc_type.self",
            0.8,
            evidence,
        ));
    }
    types
}

/// The end of a title that tells of practice.
fn practice(words: &str) -> Option<Match<'_>> {
    let told = ["做法", "体会", "经验", "启示", "实践", "典型案例"];
    let may_be = told.iter().any(|word| words.contains(word));
    may_be.then(|| PRACTICE.find(words)).flatten()
}

/// An explanation in questions and answers.
fn answers(text: &Text<'_>, name: &str, from: usize) -> Option<Candidate<String>> {
    if name != "解读" {
        return None;
    }
    let folded = text.folded();
    let head = window(folded, from, HEAD);
    let words = &folded[head.clone()];
    let at = words.find("问：").or_else(|| words.find("问:"))?;
    let has_answer = words.contains("答：") || words.contains("答:");
    has_answer.then(|| {
        let bytes = head.start + at..head.start + at + "问：".len().min(words.len() - at);
        let evidence = vec![text.evidence(bytes)];
        Candidate::stated("问答".to_owned(), "doc_type.questions", 0.96, evidence)
    })
}

/// A subtitle, or a line in brackets, below the title.
fn below_title(text: &Text<'_>, title: &Title) -> Option<Candidate<String>> {
    let folded = text.folded();
    let near = window(folded, title.bytes.end, NEAR);
    let mut next = near.start;
    let (line_begin, line) = folded[near].split_inclusive('\n').find_map(|line| {
        let at = next;
        next += line.len();
        (!line.trim_matches(is_mark).is_empty()).then_some((at, line))
    })?;
    let words = line.trim_matches(is_mark);
    let begin = line_begin + (line.len() - line.trim_start_matches(is_mark).len());
    let stated = |name: &str, sure, at: Range<usize>| {
        let evidence = vec![text.evidence(begin + at.start..begin + at.end)];
        Candidate::stated(name.to_owned(), "doc_type.subtitle", sure, evidence)
    };
    if words.starts_with(['（', '(']) {
        let told = [
            "交流材料",
            "交流发言",
            "会上的发言",
            "会上的讲话",
            "经验材料",
            "发言材料",
        ];
        let (word, at) = told.iter().find_map(|w| words.find(w).map(|at| (w, at)))?;
        return Some(stated("经验材料", 0.9, at..at + word.len()));
    }
    if !words.starts_with(['—', '-', '–']) {
        return None;
    }
    if let Some((name, at)) = type_at_end(words) {
        return Some(stated(name, 0.9, at));
    }
    if let Some(found) = practice(words) {
        return Some(stated("经验材料", 0.85, found.range()));
    }
    let found = REPORTED.find(words)?;
    Some(stated("新闻", 0.85, found.range()))
}

fn is_mark(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '#' | '_')
}

/// A text without a type in its title: news, a review of consultations, or a report from practice.
fn by_form(text: &Text<'_>, title: &Title, has_author: bool) -> Option<Candidate<String>> {
    let folded = text.folded();
    let concluded = |name: &str, sure, at: Range<usize>| {
        let evidence = vec![text.evidence(at)];
        Candidate::concluded(name.to_owned(), "doc_type.form", sure, evidence)
    };
    let head = window(folded, title.bytes.start, 900);
    let words = &folded[head.clone()];
    let mut consultations = memmem::find_iter(words.as_bytes(), "政协");
    if let Some(at) = consultations.next().filter(|_| {
        consultations.next().is_some() && ["协商", "议政", "提案"].iter().any(|w| words.contains(w))
    }) {
        return Some(concluded(
            "综述",
            0.65,
            head.start + at..head.start + at + "政协".len(),
        ));
    }
    let near = window(folded, 0, 400.max(title.words.chars().count() + NEAR));
    // 讯, 融媒, 来源, 记者: the pattern has one of them.
    let near = Some(&folded[near]).filter(|near| near.contains(['讯', '媒', '源', '者']));
    if let Some(found) = near.and_then(|near| MEDIA.find(near)) {
        return Some(concluded("新闻", 0.6, found.range()));
    }
    has_author.then(|| concluded("经验材料", 0.55, title.bytes.clone()))
}

/// The kind inside the type, where the title names it: 实施方案, or what a notice sends out.
pub(crate) fn subtypes(
    text: &Text<'_>,
    title: Option<&Title>,
    doc_type: Option<&str>,
) -> Candidates<String> {
    let folded = text.folded();
    let mut kinds = Candidates::default();
    let (Some(title), Some(doc_type)) = (title, doc_type) else {
        return kinds;
    };
    let words = &folded[title.bytes.clone()];
    let near = window(folded, title.bytes.start, NEAR);
    if doc_type == "综述"
        && let Some(at) = folded[near.clone()]
            .find("政协")
            .filter(|_| folded[near.clone()].contains("协商"))
    {
        let at = near.start + at..near.start + at + "政协".len();
        kinds.add(Candidate::concluded(
            "政协协商综述".to_owned(),
            "subtype.form",
            0.7,
            vec![text.evidence(at)],
        ));
    }
    let add = |kinds: &mut Candidates<String>, name: String, at: Range<usize>| {
        let at = title.bytes.start + at.start..title.bytes.start + at.end;
        let evidence = vec![text.evidence(at)];
        kinds.add(Candidate::stated(name, "subtype.title", 0.85, evidence));
    };
    for (inspection, name) in [("巡视", "巡视整改情况通报"), ("巡察", "巡察整改情况通报")]
    {
        if doc_type == "通报"
            && words.contains("整改")
            && let Some(at) = words.find(inspection)
        {
            add(&mut kinds, name.to_owned(), at..at + inspection.len());
        }
    }
    let result = words
        .ends_with("的通报")
        .then(|| RESULT.captures(words))
        .flatten();
    if let Some(found) = result.and_then(|c| c.get(1)) {
        add(&mut kinds, format!("{}通报", found.as_str()), found.range());
    }
    if doc_type == "总结"
        && let Some(at) = words.find("工作总结")
    {
        add(&mut kinds, "工作总结".to_owned(), at..at + "工作总结".len());
    }
    if let Some(inner) = sent_out(words) {
        if let Some((name, at)) = kind_at_end(&words[inner.clone()]) {
            add(
                &mut kinds,
                name.to_owned(),
                inner.start + at.start..inner.start + at.end,
            );
        }
    } else if let Some((name, at)) = kind_at_end(words).filter(|(name, _)| *name != doc_type) {
        add(&mut kinds, name.to_owned(), at);
    }
    kinds
}

/// The part of a title that a notice sends out: 关于印发…的通知.
fn sent_out(words: &str) -> Option<Range<usize>> {
    let verb = ["印发", "转发", "发布", "公布", "重新发布"]
        .iter()
        .find_map(|v| {
            words
                .find(&format!("关于{v}"))
                .map(|at| at + "关于".len() + v.len())
        })?;
    let end = words.rfind('的').filter(|end| *end > verb)?;
    Some(verb..end)
}

/// The kind a title ends with, else the type.
fn kind_at_end(words: &str) -> Option<(&'static str, Range<usize>)> {
    let (name, at) = type_at_end(words)?;
    let upto = &words[..at.end];
    let kind = KINDS
        .iter()
        .find(|k| upto.ends_with(*k) && k.ends_with(name));
    Some(kind.map_or((name, at.clone()), |k| (*k, at.end - k.len()..at.end)))
}
