//! What the headings above a passage say about its kind.

use duibiao_corpus::PassageKind;

const ORGANIZATION: &[&str] = &[
    "组织领导",
    "组织机构",
    "组织保障",
    "领导机构",
    "领导小组",
    "机构设置",
];
const SCHEDULE: &[&str] = &[
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
];
const REQUIREMENT: &[&str] = &["工作要求", "有关要求", "相关要求", "几点要求", "纪律要求"];
const CONTEXT: &[&str] = &[
    "总体要求",
    "指导思想",
    "基本原则",
    "工作原则",
    "基本情况",
    "总体情况",
    "总体思路",
    "编制依据",
    "背景",
];

/// The kind that a heading gives to what stands under it; `None` where it does not tell.
pub(super) fn kind_of(heading: &str) -> Option<PassageKind> {
    let has = |words: &[&str]| words.iter().any(|w| heading.contains(w));
    if has(CONTEXT) {
        Some(PassageKind::Context)
    } else if has(ORGANIZATION) {
        Some(PassageKind::Organization)
    } else if has(SCHEDULE) {
        Some(PassageKind::Schedule)
    } else if has(REQUIREMENT) {
        Some(PassageKind::Requirement)
    } else {
        None
    }
}

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
    const BEGINNINGS: &[&str] = &[
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
    ];
    BEGINNINGS.iter().any(|b| line.starts_with(b))
}

/// Words to the reader that belong to no measure.
pub(super) fn is_closing(line: &str) -> bool {
    const WORDS: &[&str] = &[
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
    ];
    let is_list_of_annexes = ["附件：", "附件:", "附：", "附:"]
        .iter()
        .any(|w| line.starts_with(w));
    let bare = line.trim_start_matches(['（', '(']);
    let is_contact = [
        "联系电话",
        "咨询电话",
        "监督电话",
        "举报电话",
        "联系人",
        "政策咨询",
        "联系地址",
    ]
    .iter()
    .any(|w| bare.starts_with(w));
    (is_list_of_annexes || is_contact || WORDS.iter().any(|w| line.contains(w)))
        && line.chars().nth(200).is_none()
}
