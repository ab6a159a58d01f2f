//! The finding a measure answers, as rectification documents state it.

use std::ops::Range;

use crate::marker::Marker;

/// A longer finding is a sentence about something else.
const MOST_CHARS: usize = 120;
/// How far into a measure its finding may begin, in characters.
const LEAD_CHARS: usize = 12;
/// A heading that begins with one of these names what is done, not what was wrong.
const DEEDS: &[&str] = &[
    "切实",
    "整改",
    "解决",
    "有效",
    "加强",
    "强化",
    "着力",
    "努力",
    "推进",
    "深化",
    "全面",
    "进一步",
    "认真",
    "严格",
    "坚持",
    "落实",
    "完善",
    "健全",
    "开展",
    "推动",
    "加大",
    "规范",
    "建立",
    "提升",
    "提高",
    "狠抓",
    "关注",
    "帮助",
];

/// What is said of something that is not as it should be. 审批服务方面 is a matter, 审批服务不优方面
/// a finding.
const FAULTS: &[&str] = &[
    "不", "难", "差", "缺", "弱", "慢", "滞后", "有待", "尚需", "未", "没有", "乱", "过多", "过长",
    "偏", "亟待", "亟需", "尚待", "失", "问题", "脱节", "推诿", "短板", "堵",
];

/// `针对“X”的问题` (or without quotes) at the beginning of a measure: the bytes of X.
pub(super) fn of_measure(words: &str) -> Option<Range<usize>> {
    let lead: usize = words.chars().take(LEAD_CHARS).map(char::len_utf8).sum();
    let at = words[..lead.min(words.len())]
        .find("针对")
        .or_else(|| words[..lead].find("关于"))?;
    let begin = at + "针对".len();
    let window: usize = words[begin..]
        .chars()
        .take(MOST_CHARS + 8)
        .map(char::len_utf8)
        .sum();
    let rest = &words[begin..begin + window];
    let end = rest
        .find("的问题")
        .or_else(|| rest.find("问题。").filter(|_| rest.starts_with('“')))?;
    if rest[..end].contains(['。', '；']) && !rest.starts_with('“') {
        return None;
    }
    let inner = unquoted(&rest[..end]);
    (!inner.is_empty()).then_some(begin + inner.start..begin + inner.end)
}

/// The finding a heading states: `1.关于X`, `（1）X问题`, `（2）X整改措施`, `（一）在X方面`.
pub(super) fn of_heading(heading: &str) -> Option<Range<usize>> {
    let begin = Marker::at_start(heading).map_or(0, |m| m.len);
    let rest = &heading[begin..];
    let skipped = rest.len() - rest.trim_start().len();
    let (begin, rest) = (begin + skipped, &rest[skipped..]);
    if rest.chars().nth(MOST_CHARS).is_some() {
        return None;
    }
    let strip = |prefix: &str, suffixes: &[&str]| -> Option<Range<usize>> {
        let inner = rest.strip_prefix(prefix)?;
        let kept = suffixes.iter().find_map(|s| inner.strip_suffix(s))?;
        let range = unquoted(kept);
        let offset = begin + prefix.len();
        (!range.is_empty()).then_some(offset + range.start..offset + range.end)
    };
    if let Some(matter) = put_right(rest) {
        return Some(begin + matter.start..begin + matter.end);
    }
    if DEEDS.iter().any(|deed| rest.starts_with(deed)) {
        return None;
    }
    // 存在诸多问题 is a finding; only a name such as 重招商、轻服务问题 loses its 问题.
    if rest.ends_with("诸多问题") || rest.ends_with("存在问题") {
        return strip("关于", &[""]).or_else(|| strip("", &[""]));
    }
    let is_finding = FAULTS.iter().any(|fault| rest.contains(fault));
    if rest.ends_with("方面") && !is_finding {
        return None;
    }
    strip("关于", &["的问题", "问题", "方面", ""])
        .or_else(|| strip("针对", &["的问题", "问题"]))
        .or_else(|| strip("在", &["方面"]))
        .or_else(|| strip("", &["的整改措施", "整改措施", "的问题", "问题", "方面"]))
}

/// `X问题` in 对X问题进行整改, whatever stands before 对.
fn put_right(heading: &str) -> Option<Range<usize>> {
    const PUT_RIGHT: &[&str] = &["进行整改", "开展整改", "的整改", "进行整治", "进行治理"];
    let rest = PUT_RIGHT.iter().find_map(|words| {
        let (before, _) = heading.rsplit_once(words)?;
        before.ends_with("问题").then_some(before)
    })?;
    let begin = rest.find('对')? + '对'.len_utf8();
    (begin < rest.len()).then_some(begin..rest.len())
}

/// The range inside one pair of quotes around the whole, else the whole.
fn unquoted(text: &str) -> Range<usize> {
    let quoted = text
        .strip_prefix('“')
        .and_then(|t| t.strip_suffix('”'))
        .filter(|inner| !inner.contains(['“', '”']));
    match quoted {
        Some(inner) => '“'.len_utf8()..'“'.len_utf8() + inner.len(),
        None => 0..text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_quote_the_finding_they_answer() {
        let cases = [
            (
                "(5)针对“甲方案中部分事项未落实”的问题。梳理",
                Some("甲方案中部分事项未落实"),
            ),
            (
                "(23)针对“未建立‘中介服务超市’、相关机制”的问题。",
                Some("未建立‘中介服务超市’、相关机制"),
            ),
            (
                "针对窗口排队时间长的问题，增设窗口。",
                Some("窗口排队时间长"),
            ),
            ("一是推进改革。针对市区大厅工作人员，开展培训。", None),
        ];
        for (text, expected) in cases {
            assert_eq!(of_measure(text).map(|r| &text[r]), expected, "{text}");
        }
    }

    #[test]
    fn headings_state_findings_in_four_forms() {
        let cases = [
            ("1.关于主体责任落得不实", Some("主体责任落得不实")),
            ("（1）关于“权力下放不到位”", Some("权力下放不到位")),
            ("4.关于“互联网+电子政务”滞后", Some("“互联网+电子政务”滞后")),
            ("（1）立案难整改措施", Some("立案难")),
            ("（1）重招商、轻服务问题", Some("重招商、轻服务")),
            ("（六）切实解决老旧小区物业弃管问题", None),
            (
                "（三）在行政审批制度改革不到位方面",
                Some("行政审批制度改革不到位"),
            ),
            ("（一）审批服务方面", None),
            ("（二）政务诚信缺失方面", Some("政务诚信缺失")),
            ("（1）管控公共场所吸烟", None),
            ("（2）认真对供水管网问题进行整改", Some("供水管网问题")),
            ("（2）关注企业困难，帮助企业解决问题", None),
            (
                "1.关于政府招投标存在诸多问题",
                Some("政府招投标存在诸多问题"),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(of_heading(text).map(|r| &text[r]), expected, "{text}");
        }
    }
}
