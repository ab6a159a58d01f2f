//! What a document as a whole, and a heading in it, let one expect of the measures below.

use std::sync::LazyLock;

use crate::any_of::AnyOf;

/// What the document as a whole is, as far as it bears on its measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Reports what was done: 通报, 报告, 总结, 综述.
    Reports,
    /// Says what is to be done: 方案, 计划, 意见, 通知.
    Plans,
    /// Tells others what to do or not to do: 公告, 批复, 函.
    Directs,
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
            "公告" | "通告" | "批复" | "函" | "纪要" | "会议纪要" | "命令" | "令" => {
                Self::Directs
            }
            "建议" | "提案" | "议案" => Self::Suggests,
            "条例" | "办法" | "规定" | "细则" | "规则" => Self::Rules,
            _ => Self::Unknown,
        }
    }

    /// The tone under a heading: what a report says it will do is planned, what it says others
    /// should do is proposed, and what a proposal says is the case is neither.
    pub(crate) fn under(self, heading: &str) -> Self {
        let has = |words: &AnyOf| words.is_in(heading);
        let tells = matches!(self, Self::Reports | Self::Unknown);
        if tells && has(&SUGGESTIONS) && !has(&BEHIND) {
            Self::Suggests
        } else if tells && has(&AHEAD) && !has(&BEHIND) {
            Self::Plans
        } else if self == Self::Suggests && has(&MATTERS) && !has(&ANSWERS) {
            Self::Unknown
        } else {
            self
        }
    }
}

/// How the tone changes from one section of a document to the next.
#[derive(Debug)]
pub(crate) struct Course {
    document: Tone,
    is_work_report: bool,
    /// The outermost heading that was read last, and whether what is below it is still to come.
    section: Option<(usize, bool)>,
    /// The latest year that a section on what was done is about.
    reviewed: Option<u16>,
    /// Whether a section has looked back.
    has_reviewed: bool,
    /// The headings of the passage before, which are mostly those of the next one too.
    path: Vec<Step>,
}

/// A heading by the bytes it begins at and takes, and the tone above and below it.
#[derive(Debug, Clone, Copy)]
struct Step {
    heading: (usize, usize),
    above: Tone,
    below: Tone,
}

impl Course {
    pub(crate) fn new(doc_type: Option<&str>) -> Self {
        Self {
            document: Tone::of(doc_type),
            is_work_report: doc_type == Some("政府工作报告"),
            section: None,
            reviewed: None,
            has_reviewed: false,
            path: Vec::new(),
        }
    }

    /// The tone below `headings`, outermost first, each with the byte it begins at. In order of
    /// the text.
    pub(crate) fn below<'a>(
        &mut self,
        mut headings: impl Iterator<Item = (usize, &'a str)>,
    ) -> Tone {
        let Some((begin, outermost)) = headings.next() else {
            return self.document;
        };
        if self.section.is_none_or(|(known, _)| known != begin) {
            let is_ahead = self.enters(outermost);
            self.section = Some((begin, is_ahead));
        }
        let tone = match self.section {
            Some((_, true)) => Tone::Plans,
            _ => self.under(0, self.document, (begin, outermost)),
        };
        let inner = (1..).zip(headings);
        inner.fold(tone, |tone, (depth, heading)| {
            self.under(depth, tone, heading)
        })
    }

    /// The tone under a heading so many headings deep, read again only where the last passage had
    /// another one there.
    fn under(&mut self, depth: usize, above: Tone, (begin, heading): (usize, &str)) -> Tone {
        let at = (begin, heading.len());
        let known = self.path.get(depth);
        if let Some(known) = known.filter(|step| step.heading == at && step.above == above) {
            return known.below;
        }
        let below = above.under(heading);
        self.path.truncate(depth);
        // Where the outermost heading is not asked, there is nothing above.
        if self.path.len() == depth {
            self.path.push(Step {
                heading: at,
                above,
                below,
            });
        }
        below
    }

    /// Whether a section is about a time after the one a section before it looked back on: next
    /// year's tasks behind last year's, or all that follows the review of a work report.
    fn enters(&mut self, heading: &str) -> bool {
        let tells = matches!(self.document, Tone::Reports | Tone::Unknown);
        let looks_back = BEHIND.is_in(heading) || REVIEWS.is_in(heading);
        let year = latest_year(heading);
        if looks_back || !self.has_reviewed && self.reviewed.is_none() {
            self.has_reviewed |= looks_back;
            self.reviewed = self.reviewed.max(year);
            return false;
        }
        let is_later = year > self.reviewed && self.reviewed.is_some();
        tells && (is_later || self.is_work_report && self.has_reviewed)
    }
}

/// The latest year named in a heading.
fn latest_year(heading: &str) -> Option<u16> {
    let years = heading.match_indices('年').filter_map(|(at, _)| {
        let digits = heading.get(at.checked_sub(4)?..at)?;
        digits
            .parse()
            .ok()
            .filter(|year| (1949..2100).contains(year))
    });
    years.max()
}

/// Headings of a look back, besides those of work carried out.
static REVIEWS: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(&["成就", "成绩", "过去"]));
/// Headings of what is still to be done, in documents that otherwise report.
static AHEAD: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "重点工作",
        "重点任务",
        "工作安排",
        "工作部署",
        "工作打算",
        "工作计划",
        "工作思路",
        "下一步",
        "下步",
        "主要目标",
        "目标任务",
        "主要任务",
        "预期目标",
        "今后",
        "努力方向",
        "目标和任务",
        "总体要求",
    ])
});
/// Headings that name such work as carried out.
static BEHIND: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "完成", "回顾", "情况", "成效", "进展", "取得", "总结", "整改", "采纳", "落实",
    ])
});
/// Headings of what a report suggests to others.
static SUGGESTIONS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "对策建议",
        "意见建议",
        "意见和建议",
        "对策和建议",
        "对策与建议",
        "工作建议",
        "几点建议",
        "政策建议",
        "有关建议",
        "相关建议",
        "改进建议",
    ])
});
/// Headings of what a proposal starts from.
static MATTERS: LazyLock<AnyOf> =
    LazyLock::new(|| AnyOf::new(&["问题", "现状", "情况", "背景", "原因", "案由", "成效"]));
/// Headings of what it suggests, whatever else they name.
static ANSWERS: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(&["建议", "对策", "措施"]));
