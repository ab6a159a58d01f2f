//! Who is to act: 由市住房局牵头, 责任单位：…, （市发改委牵头，各区县配合）.
//!
//! Only bodies that the passage names beside such a word. Who issued the document is not looked at.

use std::ops::Range;
use std::sync::LazyLock;

use duibiao_corpus::{Duty, Responsible};
use regex::Regex;

use super::signs::Signs;
use crate::any_of::{AnyOf, Filter};
use crate::text::Text;

/// 由市住房局牵头, 由市公安局、市交通局负责.
static BY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"由(?P<b>[^，,。；;：:\n“”《》（）()由]{2,40}?)(?P<d>牵头|(?:具体|统一|共同|分别|统筹|按职责分工|按照职责分工)?负责|承办|主办|(?:具体)?组织实施)").expect("a constant pattern")
});

/// 责任单位：市发改委、市工信局.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<d>牵头|责任|配合|主办|协办|承办|实施|督办|主责|协同|参加|参与)(?P<k>单位|部门|领导|处室|科室|机构|人)\s?[:：][ \t\u{3000}]*(?P<b>(?:[^。；;\n（）()】|]|（[^（）\n]{1,8}）|\([^()\n]{1,8}\)){2,160})").expect("a constant pattern")
});

/// （市发改委牵头，各区县配合）.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[（(](?P<w>[^（）()\n]{3,120}?(?:牵头|负责|配合|落实|承办)[^（）()\n]{0,60})[）)]")
        .expect("a constant pattern")
});

/// 市住房局牵头负责, at the beginning of a clause.
static LEADS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[，,。；;：:\n])\s?(?P<b>[\p{Han}、]{2,30}?)牵头")
        .expect("a constant pattern")
});

/// ，市财政局、市审计局配合: behind a body that leads.
static HELPED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:负责|组织|实施|抓总)?[，,、]\s?(?:由)?(?P<b>[\p{Han}、]{2,60}?)(?:按职责分工|按照职责分工|积极|密切|共同|协同|协助|分工)?(?:配合|参与|协助|协办)").expect("a constant pattern")
});

/// Last characters of the names of bodies.
static BODIES: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "局",
        "委",
        "厅",
        "办",
        "部",
        "院",
        "中心",
        "公司",
        "政府",
        "区",
        "县",
        "市",
        "处",
        "科",
        "组",
        "会",
        "行",
        "所",
        "站",
        "社",
        "室",
        "队",
        "机关",
        "单位",
        "部门",
        "机构",
        "街道",
        "镇",
        "乡",
        "集团",
        "学校",
        "大学",
        "专班",
        "银行",
        "税务",
        "海关",
        "管委会",
        "企业",
        "州",
        "旗",
        "工商联",
        "妇联",
        "残联",
    ])
});
/// Words that stand behind a body and are not of its name.
static TAILS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "等部门",
        "等单位",
        "等",
        "按职责分工",
        "按照职责分工",
        "按职责",
        "分别",
        "分工",
        "共同",
        "具体",
        "统筹",
        "统一",
        "联合",
        "依法",
        "积极",
        "协同",
        "牵头",
        "负责",
        "组织",
        "会同有关部门",
        "会同相关部门",
        "会同",
        "配合",
        "参与",
        "协助",
        "落实",
        "承办",
        "实施",
        "抓好",
        "为责任单位",
        "各自",
        "自行",
        "自主",
        "根据",
    ])
});
/// Words that are nobody.
static NOBODY: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "支持",
        "鼓励",
        "推动",
        "引导",
        "一个",
        "多个",
        "两个",
        "几个",
        "谁",
        "专人",
        "自行",
        "本人",
        "责任",
        "其",
        "下列",
        "以下",
        "上述",
        "当事人",
        "双方",
        "的",
        "应当",
        "可以",
        "进行",
        "自己",
    ])
});

/// Words without which no body is looked for.
static DUTIES: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "牵头", "负责", "单位", "部门", "责任", "配合", "承办", "实施",
    ])
});
/// The bodies named in the passage at `range`, bytes of the folded text.
pub(crate) fn of_passage(text: &Text<'_>, range: Range<usize>, signs: Signs) -> Vec<Responsible> {
    let words = &text.folded()[range.clone()];
    // A pattern is tried only where words it cannot do without stand: most passages have none.
    let leads = signs.has(Signs::LEADS);
    let is_labelled = signs.has(Signs::LABEL);
    let acts = Signs::LEADS.and(Signs::ACTS);
    let has_aside = signs.has(Signs::BRACKET) && signs.has(acts.and(Signs::HELPS));
    let has_by = signs.has(Signs::BY) && signs.has(acts);
    if !(is_labelled || has_aside || has_by || leads) || !DUTIES.is_in(words) {
        return Vec::new();
    }
    let mut found: Vec<(Range<usize>, Duty)> = Vec::new();
    if is_labelled {
        labelled(words, &mut found);
    }
    if has_aside {
        asides(words, &mut found);
    }
    led(words, has_by, leads, &mut found);
    found.sort_by_key(|(at, _)| (at.start, std::cmp::Reverse(at.end)));
    let mut kept: Vec<(Range<usize>, Duty)> = Vec::new();
    for one in found {
        if kept.last().is_none_or(|last| last.0.end <= one.0.start) {
            kept.push(one);
        }
    }
    kept.into_iter()
        .map(|(at, duty)| {
            let own = text.evidence(range.start + at.start..range.start + at.end);
            let body = words[at].chars().filter(|c| !c.is_whitespace()).collect();
            Responsible {
                span: own.span,
                quote: own.quote,
                body,
                duty,
            }
        })
        .collect()
}

/// What stands behind 责任单位：, where names of persons are those of leaders.
fn labelled(words: &str, found: &mut Vec<(Range<usize>, Duty)>) {
    for captures in LABEL.captures_iter(words) {
        let (Some(duty), Some(kind), Some(list)) =
            (captures.name("d"), captures.name("k"), captures.name("b"))
        else {
            continue;
        };
        let is_person = matches!(kind.as_str(), "领导" | "人");
        let duty = match duty.as_str() {
            _ if is_person => Duty::Leader,
            "牵头" | "主办" | "主责" => Duty::Lead,
            "配合" | "协办" | "协同" | "参加" | "参与" => Duty::Cooperating,
            _ => Duty::Responsible,
        };
        // the next label on the same line ends the list
        let text = list.as_str();
        let end = [
            "牵头", "责任", "配合", "协办", "完成", "整改", "时限", "主办",
        ]
        .iter()
        .filter_map(|word| {
            text.match_indices(word)
                .map(|(at, _)| at)
                .find(|&at| text[at..].chars().take(7).any(|c| c == '：' || c == ':'))
        })
        .min()
        .unwrap_or(text.len());
        let names = split(words, list.start()..list.start() + end, !is_person);
        found.extend(names.into_iter().map(|at| (at, duty)));
    }
}

/// Duties in brackets.
static ASIDES: LazyLock<AnyOf> =
    LazyLock::new(|| AnyOf::new(&["牵头", "负责", "配合", "落实", "承办"]));

/// Whether brackets hold a duty and no others.
fn has_duty_aside(words: &str) -> bool {
    let mut opened = words.match_indices(['（', '(']);
    opened.any(|(at, open)| {
        let inside = &words[at + open.len()..];
        let end = inside.find(['（', '）', '(', ')', '\n']);
        end.is_some_and(|end| ASIDES.is_in(&inside[..end]))
    })
}

/// What stands in brackets behind a measure.
fn asides(words: &str, found: &mut Vec<(Range<usize>, Duty)>) {
    if !has_duty_aside(words) {
        return;
    }
    for captures in ASIDE.captures_iter(words) {
        let Some(inside) = captures.name("w") else {
            continue;
        };
        let mut begin = inside.start();
        for part in inside
            .as_str()
            .split_inclusive(['，', ',', '；', ';', '。'])
        {
            let at = begin..begin + part.len();
            begin = at.end;
            let duty = if part.contains("牵头") {
                Duty::Lead
            } else if ["配合", "参与", "协助"]
                .iter()
                .any(|word| part.contains(word))
            {
                Duty::Cooperating
            } else if part.contains("负责")
                || part.contains("落实")
                || part.contains("责任单位")
                || part.contains("承办")
            {
                Duty::Responsible
            } else {
                continue;
            };
            if part.contains(['：', ':']) {
                continue;
            }
            found.extend(split(words, at, true).into_iter().map(|at| (at, duty)));
        }
    }
}

/// 由…牵头 and …牵头, with those that help.
fn led(words: &str, has_by: bool, has_leads: bool, found: &mut Vec<(Range<usize>, Duty)>) {
    let by = has_by.then(|| named_by(words)).into_iter().flatten();
    let leads = has_leads.then(|| LEADS.captures_iter(words));
    let leads = leads.into_iter().flatten().filter_map(|captures| {
        let mut body = captures.name("b")?.range();
        // 平台建设原则上由企业牵头: behind 由
        if let Some(by) = words[body.clone()].rfind('由') {
            body.start += by + '由'.len_utf8();
        }
        // 设立专门机构牵头负责: that there is to be one
        let is_founded = ["设立", "指定", "建立", "成立", "组建"]
            .iter()
            .any(|word| words[body.clone()].contains(word));
        (!is_founded).then_some((body, captures.get(0)?.end(), Duty::Lead))
    });
    for (mut at, end, duty) in by.chain(leads) {
        // 由管委会配合有关部门负责: who helps stands behind
        if let Some(helps) = words[at.clone()].find("配合") {
            at.end = at.start + helps;
        }
        let list = &words[at.clone()];
        // 负责人 is a person, 负责解释 no task, 支持企业牵头 a wish
        let is_other = words[end..].starts_with(['人', '同'])
            || is_of_their_kind(&words[end..])
            || words[end..].starts_with("解释")
            || words[end..].starts_with("比例")
            || list.ends_with('、')
            || list.contains(['对', '在', '向'])
            || [
                "应当",
                "可以",
                "直接",
                "支持",
                "鼓励",
                "引导",
                "推动",
                "受质询",
            ]
            .iter()
            .any(|word| list.contains(word));
        if is_other {
            continue;
        }
        let names = split(words, at, true);
        if names.is_empty() {
            continue;
        }
        found.extend(names.into_iter().map(|at| (at, duty)));
        if let Some(helpers) = HELPED
            .captures(&words[end..])
            .and_then(|captures| captures.name("b"))
        {
            let at = end + helpers.start()..end + helpers.end();
            found.extend(
                split(words, at, true)
                    .into_iter()
                    .map(|at| (at, Duty::Cooperating)),
            );
        }
    }
}

/// 由政府负责法制工作的部门报请: which body, and not what it is to do.
fn is_of_their_kind(behind: &str) -> bool {
    let near = super::when::head(behind, 14);
    let clause = &near[..near
        .find(['，', '。', '；', ',', '、', '\n'])
        .unwrap_or(near.len())];
    ["的部门", "的机构", "的机关"]
        .iter()
        .any(|body| clause.contains(body))
}

/// Who is to act behind 由, where it ends, and their duty. The pattern is tried only on what follows a
/// 由 up to the next sign that no name holds, and only where that says a duty.
fn named_by(words: &str) -> impl Iterator<Item = (Range<usize>, usize, Duty)> + '_ {
    words.match_indices('由').filter_map(|(from, by)| {
        let name = from + by.len();
        let stops = |c: char| NO_NAME.may_have(c) && NO_NAMES.contains(&c);
        let near = super::when::head(&words[name..], NAME_CHARS);
        let near = &near[..near.find(stops).unwrap_or(near.len())];
        // 自由贸易试验区 names nobody by 由
        if words[..from].ends_with(['自', '缘', '转']) || !ACTS.is_in(near) {
            return None;
        }
        let captures = BY.captures(&words[from..name + near.len()])?;
        let duty = if matches!(captures.name("d")?.as_str(), "牵头" | "主办") {
            Duty::Lead
        } else {
            Duty::Responsible
        };
        let body = captures.name("b")?.range();
        let end = from + captures.get(0)?.end();
        Some((from + body.start..from + body.end, end, duty))
    })
}

/// How far behind 由 its duty ends at most, in characters.
const NAME_CHARS: usize = 50;
/// What no name behind 由 holds.
const NO_NAMES: &[char] = &[
    '，', ',', '。', '；', ';', '：', ':', '\n', '“', '”', '《', '》', '（', '）', '(', ')', '由',
];
const NO_NAME: Filter = Filter::of(NO_NAMES);
/// Duties behind 由.
static ACTS: LazyLock<AnyOf> =
    LazyLock::new(|| AnyOf::new(&["牵头", "负责", "承办", "主办", "组织实施"]));

/// The names in a list. 市人力资源和社会保障局 is one: a part that is no body joins the next.
fn split(words: &str, at: Range<usize>, must_be_body: bool) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    let mut begin = at.start;
    let mut cut = at.start;
    for (offset, c) in words[at.clone()].char_indices() {
        let here = at.start + offset;
        let joins = matches!(c, '和' | '及' | '与');
        let rest = &words[here..at.end];
        // Words between names that [`clean`] takes off the second.
        let word = ["会同", "或者"]
            .iter()
            .find(|word| rest.starts_with(**word));
        if !joins && !matches!(c, '、' | '，' | ',' | ' ' | '\t' | '；' | '。') && word.is_none()
        {
            continue;
        }
        // 市和区、县人民政府 are governments of two levels
        let is_level = joins
            && words[..here].ends_with('市')
            && rest[c.len_utf8()..].starts_with(['区', '县'])
            || words[..here].ends_with("市和区") && rest.starts_with("、县");
        // 风景区或者公园的管理机构 is one name, 主管部门或者其委托的单位 are two
        let is_of_both = rest.strip_prefix("或者").is_some_and(|second| {
            let second = second.split(['、', '，', ',']).next().unwrap_or_default();
            second.contains('的') && !second.starts_with('其') && !second.contains("委托")
        });
        if here < cut {
            continue;
        }
        let piece = clean(words, begin..here);
        let is_whole =
            !is_level && !is_of_both && piece.clone().is_some_and(|piece| is_body(&words[piece]));
        if is_whole || !must_be_body {
            names.extend(piece);
            begin = here + if word.is_some() { 0 } else { c.len_utf8() };
            cut = begin + word.map_or(0, |word| word.len());
        } else if !joins && c != '、' && word.is_none() {
            begin = here + c.len_utf8();
        }
    }
    names.extend(clean(words, begin..at.end));
    names.retain(|name| {
        let text = &words[name.clone()];
        let length = text.chars().count();
        (2..=30).contains(&length)
            && (!must_be_body || is_body(text))
            && !NOBODY.begins(text)
            && !text.contains("的")
            && !matches!(text, "机构" | "部门")
            && !text.chars().any(|c| c.is_ascii_digit())
    });
    names
}

fn is_body(text: &str) -> bool {
    BODIES.ends(text) && text.chars().nth(1).is_some()
}

/// A name without the words around it.
fn clean(words: &str, at: Range<usize>) -> Option<Range<usize>> {
    let text = &words[at.clone()];
    let lead =
        text.trim_start_matches(|c: char| c.is_whitespace() || "、，,和及与由；。".contains(c));
    let before = ["会同", "或者", "建议由", "统一由", "分别由", "建议"];
    let lead = before
        .iter()
        .find_map(|word| lead.strip_prefix(word))
        .unwrap_or(lead);
    let start = at.start + text.len() - lead.len();
    let whole = lead.trim_end_matches(|c: char| c.is_whitespace() || "、，,；。;".contains(c));
    let mut name = whole;
    while let Some(shorter) = without_tail(name) {
        let shorter = shorter.trim_end_matches(|c: char| c.is_whitespace() || "、，,".contains(c));
        // 规划、国土、环保等部门 are no bodies without the last word
        if (name.ends_with("等部门") || name.ends_with("等单位")) && !is_body(shorter) {
            break;
        }
        name = shorter;
    }
    (!name.is_empty()).then(|| start..start + name.len())
}

/// Without the first of [`TAILS`] that it ends with.
fn without_tail(name: &str) -> Option<&str> {
    let mut tails = TAILS.ending_with(name.chars().next_back()?);
    tails.find_map(|(_, tail)| name.strip_suffix(tail))
}
