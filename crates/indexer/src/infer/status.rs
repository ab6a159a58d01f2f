//! How far a measure has come, from the words that say so. A proposal is never an achievement.

use std::ops::Range;
use std::sync::LazyLock;

use daachorse::CharwiseDoubleArrayAhoCorasick;
use duibiao_corpus::Status;

/// Words that say something was carried out.
const DONE: &[&str] = &[
    "已",
    "累计",
    "共办",
    "共查处",
    "共受理",
    "共清",
    "办结",
    "启用",
    "实现了",
    "完成了",
    "建成",
    "上线运行",
    "同比",
    "印发了",
    "出台了",
    "制定了",
    "开展了",
    "解决了",
    "压缩至",
    "缩减至",
    "缩减",
    "减少到",
    "受到",
    "下降了",
];
/// Words of one who tells others what to do; in a report they only describe.
const DEMANDED: &[&str] = &["要", "应当", "确保", "逐步", "尽快", "适时", "到2"];
/// Beginnings of sentences that only suggest.
const PROPOSED: &[&str] = &["应", "建议", "委员建议", "委员认为", "希望", "要进一步"];

/// Words that say expressly that something is still to come.
const PLANNED: &[&str] = &[
    "年底前",
    "月底前",
    "下一步",
    "力争",
    "将于",
    "将进一步",
    "将继续",
    "正在",
    "拟于",
    "拟在",
    "计划于",
    "今后",
];

/// What a word says, as bits.
const IS_DONE: u8 = 1;
const IS_PLANNED: u8 = 2;
const IS_DEMANDED: u8 = 4;
const MAY_SUGGEST: u8 = 8;

/// Every word with its bits, found in one pass.
static WORDS: LazyLock<CharwiseDoubleArrayAhoCorasick<u8>> = LazyLock::new(|| {
    let mut words: Vec<(&str, u8)> = Vec::new();
    for (list, bit) in [
        (DONE, IS_DONE),
        (PLANNED, IS_PLANNED),
        (DEMANDED, IS_DEMANDED),
        (PROPOSED, MAY_SUGGEST),
    ] {
        for word in list {
            match words.iter_mut().find(|(known, _)| known == word) {
                Some((_, bits)) => *bits |= bit,
                None => words.push((word, bit)),
            }
        }
    }
    CharwiseDoubleArrayAhoCorasick::with_values(words).expect("constant words, each once")
});

/// What the document as a whole is, as far as it bears on its measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Reports what was done: 通报, 报告, 总结, 综述.
    Reports,
    /// Says what is to be done: 方案, 计划, 意见, 通知.
    Plans,
    /// Suggests: 提案, 建议.
    Suggests,
    /// Lays down rules: 条例, 办法.
    Rules,
    Unknown,
}

impl Tone {
    pub(crate) fn of(doc_type: Option<&str>) -> Self {
        match doc_type.unwrap_or_default() {
            "通报" | "报告" | "总结" | "综述" | "经验材料" | "调研报告" | "公报"
            | "政府工作报告" => Self::Reports,
            "方案" | "计划" | "要点" | "意见" | "通知" | "清单" | "决定" | "规划" => {
                Self::Plans
            }
            "建议" | "提案" | "议案" => Self::Suggests,
            "条例" | "办法" | "规定" | "细则" | "规则" => Self::Rules,
            _ => Self::Unknown,
        }
    }
}

/// Headings of what is still to be done, in documents that otherwise report.
const AHEAD: &[&str] = &[
    "重点工作",
    "工作安排",
    "工作部署",
    "工作打算",
    "下一步",
    "下步",
    "主要目标",
    "目标任务",
    "主要任务",
    "预期目标",
    "今后",
    "努力方向",
];
/// Headings that name such work as carried out.
const BEHIND: &[&str] = &[
    "完成", "回顾", "情况", "成效", "进展", "取得", "总结", "整改",
];

/// The tone under a heading: what a report says it will do is planned.
pub(crate) fn under(tone: Tone, heading: &str) -> Tone {
    let is_ahead =
        AHEAD.iter().any(|w| heading.contains(w)) && !BEHIND.iter().any(|w| heading.contains(w));
    if is_ahead && matches!(tone, Tone::Reports | Tone::Unknown) {
        Tone::Plans
    } else {
        tone
    }
}

/// The status of a measure and the bytes of the word that decided it, where one did.
pub(crate) fn of_measure(words: &str, tone: Tone) -> (Status, Option<Range<usize>>) {
    if tone == Tone::Rules {
        return (Status::Stated, None);
    }
    let heard = Heard::in_words(words);
    match tone {
        Tone::Plans => (Status::Planned, heard.planned.or(heard.demanded)),
        Tone::Suggests => match heard.done {
            Some(done) if heard.suggested.is_none() => (Status::Done, Some(done)),
            _ => (Status::Proposed, heard.suggested),
        },
        _ => match (heard.suggested, heard.done, heard.planned) {
            (Some(suggested), ..) if tone == Tone::Unknown || words.starts_with('应') => {
                (Status::Proposed, Some(suggested))
            }
            (_, Some(done), Some(_)) => (Status::Mixed, Some(done)),
            (_, Some(done), _) => (Status::Done, Some(done)),
            (_, None, Some(planned)) => (Status::Planned, Some(planned)),
            (_, None, None) => (Status::Stated, None),
        },
    }
}

/// The first word of each kind in a measure.
#[derive(Default)]
struct Heard {
    done: Option<Range<usize>>,
    planned: Option<Range<usize>>,
    suggested: Option<Range<usize>>,
    demanded: Option<Range<usize>>,
}

impl Heard {
    fn in_words(words: &str) -> Self {
        let mut heard = Self::default();
        let mut may_suggest = false;
        for found in WORDS.find_overlapping_iter(words) {
            let (at, bits) = (found.start()..found.end(), found.value());
            if bits & IS_DONE != 0 {
                heard.done.get_or_insert(at.clone());
            }
            if bits & IS_PLANNED != 0 {
                heard.planned.get_or_insert(at.clone());
            }
            if bits & IS_DEMANDED != 0 {
                heard.demanded.get_or_insert(at);
            }
            may_suggest |= bits & MAY_SUGGEST != 0;
        }
        if may_suggest {
            heard.suggested = first_suggestion(words);
        }
        heard
    }
}

/// The first word that suggests, at the beginning of the measure or of one of its sentences.
fn first_suggestion(words: &str) -> Option<Range<usize>> {
    let mut begin = 0;
    for sentence in words.split_inclusive(['。', '；', ';', ',', '，']) {
        let trimmed = sentence.trim_start_matches(|c: char| c.is_whitespace() || c == '—');
        let at = begin + sentence.len() - trimmed.len();
        if let Some(word) = PROPOSED.iter().find(|w| {
            trimmed.starts_with(*w) && !trimmed.starts_with("应急") && !trimmed.starts_with("应用")
        }) {
            return Some(at..at + word.len());
        }
        begin += sentence.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_is_not_an_achievement() {
        let cases = [
            (
                "二是启用全新流程，平均审批时限缩减9.75个工作日。",
                Tone::Reports,
                Status::Done,
            ),
            ("一是提高思想认识。", Tone::Reports, Status::Stated),
            (
                "应建立政务诚信督导机制，定期开展评价。",
                Tone::Unknown,
                Status::Proposed,
            ),
            (
                "应急处置能力提升，累计处置47件。",
                Tone::Unknown,
                Status::Done,
            ),
            ("推行容缺受理。", Tone::Plans, Status::Planned),
            (
                "已完成注销，其余力争年底前办结。",
                Tone::Reports,
                Status::Mixed,
            ),
            ("第二条 已经批准的，应当公布。", Tone::Rules, Status::Stated),
        ];
        for (words, tone, expected) in cases {
            assert_eq!(of_measure(words, tone).0, expected, "{words}");
        }
    }
}
