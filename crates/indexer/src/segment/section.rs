//! What the headings above a passage say about its kind.

use std::sync::LazyLock;

use duibiao_corpus::PassageKind;

use crate::any_of::AnyOf;
use crate::marker::Marker;

static ORGANIZATION: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "组织领导",
        "组织机构",
        "组织保障",
        "领导机构",
        "领导小组",
        "机构设置",
    ])
});
static SCHEDULE: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "实施步骤",
        "方法步骤",
        "工作步骤",
        "活动步骤",
        "推进步骤",
        "时间安排",
        "进度安排",
        "步骤安排",
        "阶段安排",
        "实施阶段",
    ])
});
static REQUIREMENT: LazyLock<AnyOf> =
    LazyLock::new(|| AnyOf::new(&["工作要求", "有关要求", "相关要求", "几点要求", "纪律要求"]));
static CONTEXT: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "总体要求",
        "指导思想",
        "基本原则",
        "工作原则",
        "基本情况",
        "总体情况",
        "总体思路",
        "编制依据",
        "背景",
    ])
});

/// The kind that a heading gives to what stands under it; `None` where it does not tell.
pub(super) fn kind_of(heading: &str) -> Option<PassageKind> {
    if CONTEXT.is_in(heading) {
        Some(PassageKind::Context)
    } else if ORGANIZATION.is_in(heading) {
        Some(PassageKind::Organization)
    } else if SCHEDULE.is_in(heading) {
        Some(PassageKind::Schedule)
    } else if REQUIREMENT.is_in(heading) {
        Some(PassageKind::Requirement)
    } else {
        None
    }
}

/// Whether a heading announces what is wrong, so that no measure stands under it: 存在的主要问题,
/// 困难和不足. One that says what is done about it (突出问题整治) announces measures.
pub(super) fn tells_faults(heading: &str) -> bool {
    const FAULTS: &[&str] = &["问题", "不足", "困难", "短板", "差距", "堵点"];
    const OTHERWISE: &[&str] = &[
        "整改", "整治", "解决", "治理", "落实", "建议", "对策", "措施", "办理", "针对", "关于",
        "通报", "清单", "突破", "破解", "“", "方面", "补齐", "导向", "重点", "任务",
    ];
    const MOST: usize = 20;
    let begin = Marker::at_start(heading).map_or(0, |m| m.len);
    let bare = heading[begin..].trim();
    let has = |words: &[&str]| words.iter().any(|word| bare.contains(word));
    let announces =
        has(&["存在", "主要", "面临"]) || FAULTS.iter().any(|fault| bare.starts_with(fault));
    bare.chars().nth(MOST).is_none() && has(FAULTS) && announces && !has(OTHERWISE)
}

/// A section title that stands without a number in a text that numbers others.
pub(super) fn titles_section(line: &str) -> bool {
    const TITLES: &[&str] = &[
        "回顾",
        "重点工作",
        "主要工作",
        "工作安排",
        "工作打算",
        "工作情况",
        "基本情况",
        "主要任务",
        "目标任务",
        "重点任务",
        "主要目标",
        "总体要求",
        "主要做法",
        "工作成效",
        "主要成效",
        "存在问题",
        "存在的问题",
        "主要问题",
        "下一步",
        "保障措施",
        "工作措施",
        "工作要求",
        "组织领导",
        "实施步骤",
        "工作建议",
        "对策建议",
        "经验启示",
        "几点体会",
        "工作思路",
        "重点举措",
        "主要举措",
    ];
    line.chars().nth(TITLE_CHARS).is_none()
        && !line.contains(['。', '，', '；', '：', ':', ',', ';', '！', '？', '《'])
        && TITLES.iter().any(|title| line.contains(title))
}

/// An unnumbered section title is at most this long, in characters.
const TITLE_CHARS: usize = 24;

/// 附件, 附件1:, 附件二：, 附表 — alone on its line.
pub(super) fn opens_annex(line: &str) -> bool {
    let Some(rest) = line
        .strip_prefix("附件")
        .or_else(|| line.strip_prefix("附表"))
        .or_else(|| line.strip_prefix("附录"))
    else {
        return line == "附：" || line == "附:";
    };
    rest.chars()
        .all(|c| c.is_whitespace() || c.is_ascii_digit() || "一二三四五六七八九十:：-—".contains(c))
}

/// Lines that carry on with the passage before them.
pub(super) fn carries_on(line: &str) -> bool {
    CARRYING_ON.begins(line)
}

/// Beginnings of lines that carry on.
static CARRYING_ON: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "责任单位",
        "牵头单位",
        "责任部门",
        "牵头部门",
        "配合单位",
        "责任领导",
        "完成时限",
        "整改时限",
        "整改期限",
        "时限要求",
        "（责任单位",
        "(责任单位",
        "（牵头",
        "(牵头",
        "〔责任",
        "［责任",
        "[责任",
        "【责任",
    ])
});

/// Words to the reader that belong to no measure.
pub(super) fn is_closing(line: &str) -> bool {
    line.chars().nth(200).is_none()
        && (CLOSING_AT_START.begins(line)
            || CLOSING_AT_START_OR_IN_BRACKETS.begins(line.trim_start_matches(['（', '(']))
            || is_speech(line)
            || is_source(line)
            || CLOSING.is_in(line))
}

/// Lists of annexes.
static CLOSING_AT_START: LazyLock<AnyOf> =
    LazyLock::new(|| AnyOf::new(&["附件：", "附件:", "附：", "附:"]));
/// Imprints and whom to ask.
static CLOSING_AT_START_OR_IN_BRACKETS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "抄送",
        "抄报",
        "主送：",
        "分送",
        "发：",
        "公开方式",
        "欢迎广大",
        "欢迎社会各界",
        "联系电话",
        "咨询电话",
        "监督电话",
        "举报电话",
        "联系人",
        "政策咨询",
        "联系地址",
    ])
});
/// What closes a text wherever it stands in its line.
static CLOSING: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "联系方式",
        "电子邮箱",
        "邮政信箱",
        "特此通知",
        "特此通报",
        "特此公告",
        "特此报告",
        "特此函",
        "此件公开发布",
        "示例文档，内容虚构",
    ])
});

/// What a speaker says to the hall: an address alone on its line, the last call of a work report.
fn is_speech(line: &str) -> bool {
    let address = line.trim_end_matches(['！', '：', '!', ':', '，']);
    matches!(address, "各位代表" | "各位委员" | "同志们" | "各位领导")
        || line.ends_with('！')
            && (line.contains("更加紧密地团结在") || line.contains("更加紧密团结在"))
}

/// 2019-10-24　来源：区政务服务办: where a page says that it is from.
fn is_source(line: &str) -> bool {
    let names = ["来源：", "来源:", "发布时间", "发布日期", "信息来源"];
    line.chars().nth(80).is_none()
        && !line.contains('。')
        && line.contains(|c: char| c.is_ascii_digit())
        && names.iter().any(|name| line.contains(name))
}

/// The first line of a list of annexes, whose further ones are only numbered.
pub(super) fn lists_annexes(line: &str) -> bool {
    CLOSING_AT_START.begins(line)
}

/// 问：…: the question of a 问答 heads its answer.
pub(super) fn asks(line: &str) -> bool {
    line.starts_with("问：") || line.starts_with("问:")
}
