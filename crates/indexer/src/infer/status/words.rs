//! The words that tell how far a measure has come, and what each says by itself.
//!
//! A list here is what a reader of such documents would name; whether a word counts where it
//! stands is decided in `clause`. The lists were written from the rules in
//! `domain/document-forms.md` §5 and checked on rectification bulletins, work reports and plans.

use std::sync::LazyLock;

use daachorse::CharwiseDoubleArrayAhoCorasick;

/// What a word says, before looking at where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// 已: carried out, unless it only describes a thing (已进户的小区).
    Already,
    /// 了: carried out, unless it tells an effect (营造了氛围).
    Le,
    /// A state reached by now, whatever comes after it.
    Reached,
    /// 目前: a state, unless it is a lack.
    Present,
    /// 以来, 开始 at the end of a clause: a time that has begun.
    Since,
    /// Carried out where nothing in the sentence says that it is to come.
    Result,
    /// A change that counts with the figure behind it.
    Change,
    /// A document made known, with its name behind it.
    Issue,
    /// An act done once, such as an answer to a finding reports.
    Act,
    /// 将: to come, or only the mark of an object (将事项纳入清单).
    Will,
    /// A date before which something is to be.
    Deadline,
    /// To come.
    Ahead,
    /// Asked of others.
    Demand,
    /// A figure beside it is a wish or a limit.
    Aim,
    /// What is done again and again has no end.
    Habit,
}

const REACHED: &[&str] = &["截至", "截止", "累计", "同比", "业已", "不再要求", "不再将"];
const PRESENT: &[&str] = &["目前", "现在"];
const SINCE: &[&str] = &["以来", "开始", "期间"];
/// Acts whose name says that they came to their end.
const RESULT: &[&str] = &[
    "办结",
    "建成",
    "启用",
    "获批",
    "上线运行",
    "投入使用",
    "投入运行",
    "投入运营",
    "全部完成",
    "全面完成",
    "圆满完成",
    "顺利完成",
    "如期完成",
    "均完成",
    "整改到位",
    "相继出台",
    "先后出台",
    "陆续出台",
    "先后印发",
    "先后召开",
];
const CHANGE: &[&str] = &[
    "缩减", "缩短", "压缩", "压减", "减少", "下降", "降低", "降至", "降到", "降为", "减至", "减到",
    "减为", "压到", "压至", "缩至", "升至", "升到", "提速", "提高", "提升", "增长", "上升", "增至",
    "增加", "达到", "达", "完成", "办理", "排名", "位居", "位列", "成立", "组成", "开展", "审查",
    "查处", "检查", "发放", "召开",
];
const ISSUE: &[&str] = &[
    "制定", "印发", "出台", "下发", "制发", "发布", "颁布", "修订", "编制", "转发", "报送",
];
/// Acts done once. Those that only go on (加强, 推进, 落实, 督促) are no sign of an end.
const ACT: &[&str] = &[
    "制定印发",
    "印发",
    "制定",
    "制定出",
    "出台",
    "成立",
    "组建",
    "建立",
    "设立",
    "设置",
    "增设",
    "开设",
    "开通",
    "召开",
    "签订",
    "废除",
    "废止",
    "取消",
    "撤出",
    "撤销",
    "暂停",
    "收回",
    "注销",
    "上收",
    "下放",
    "确认",
    "纳入",
    "梳理",
    "排查",
    "核查",
    "清查",
    "清退",
    "追缴",
    "退还",
    "修订",
    "调整",
    "作出",
    "移交",
    "上线",
    "启动",
    "公布",
    "公示",
    "查明",
    "责成",
    "整改",
    "更换",
    "拆除",
    "安装",
    "修复",
    "补办",
    "补签",
    "约谈",
    "通报批评",
    "诫勉",
    "处分",
    "批评教育",
    "拨付",
    "支付",
    "兑付",
    "归还",
];
const DEADLINE: &[&str] = &[
    "底前",
    "末前",
    "日前",
    "月前",
    "年前",
    "季度前",
    "旬前",
    "年内",
    "月底之前",
    "年底之前",
];
const AHEAD: &[&str] = &[
    "下一步",
    "下步",
    "力争",
    "拟于",
    "拟在",
    "拟定于",
    "计划于",
    "计划在",
    "计划启动",
    "计划实施",
    "计划新建",
    "计划投入",
    "计划投资",
    "计划用",
    "计划到",
    "今后五年",
    "未来五年",
    "正在推进",
    "正在办理",
    "正在整改",
    "正在落实",
    "正在协调",
    "正在建设",
    "正在进行",
    "正在制定",
    "正在起草",
    "等待",
    "有待",
    "争取尽早",
    "争取尽快",
    "争取在",
    "争取于",
    "争取到2",
    "争取今年",
    "争取明年",
    "明年",
    "尚未完成",
    "尚未办结",
    "预计",
    "届时",
    "有望",
];
const DEMAND: &[&str] = &[
    "应当", "必须", "不得", "确保", "逐步", "尽快", "适时", "到2", "要", "须",
];
const AIM: &[&str] = &[
    "不少于",
    "不低于",
    "不超过",
    "不高于",
    "至少",
    "确保",
    "原则上",
    "每年",
    "每月",
    "每季",
    "每周",
    "每半年",
    "每户",
    "每人",
    "每家",
    "每个",
    "每件",
    "目标",
    "力争",
];
const HABIT: &[&str] = &[
    "及时",
    "不断",
    "定期",
    "随时",
    "经常",
    "一律",
    "直至",
    "发现一",
];

/// Beginnings of a sentence that only suggest.
pub(super) const PROPOSED: &[&str] = &[
    "应",
    "建议",
    "委员建议",
    "委员认为",
    "希望",
    "恳请",
    "要进一步",
];
/// 应 in these words is another.
pub(super) const OTHER_YING: &[&str] = &[
    "应急",
    "应用",
    "应对",
    "应届",
    "应邀",
    "应诉",
    "应收",
    "应付",
    "应缴",
    "应进必进",
    "应变",
    "应聘",
];
/// What follows 将 that tells of the future.
pub(super) const FUTURE: &[&str] = &[
    "于",
    "会",
    "在",
    "按照",
    "按",
    "依据",
    "根据",
    "进一步",
    "继续",
    "持续",
    "不断",
    "逐步",
    "适时",
    "尽快",
    "全面",
    "全力",
    "深入",
    "认真",
    "积极",
    "加大",
    "加快",
    "加强",
    "严格",
    "切实",
    "坚持",
    "坚决",
    "以更",
    "围绕",
    "结合",
    "启动",
    "开展",
    "推进",
    "推动",
    "采取",
    "建立",
    "建成",
    "完成",
    "实现",
    "实施",
    "举办",
    "出台",
    "制定",
    "研究",
    "抓好",
    "落实",
    "视",
    "对照",
    "陆续",
    "再",
];
/// What stands before 将 that makes it the future.
pub(super) const BEFORE_FUTURE: &[&str] = &[
    "前",
    "近期",
    "届时",
    "还",
    "也",
    "均",
    "都",
    "必",
    "下一步",
    "今后",
    "步",
    "期",
    "年",
];
/// Verbs before 了 that tell an effect or a degree, not an act that came to an end.
pub(super) const EFFECTS: &[&str] = &[
    "营造", "促进", "推动", "保证", "保障", "确保", "发挥", "提升", "提高", "增强", "改善", "巩固",
    "形成", "促使", "避免", "造成", "加强", "强化", "完善", "细化", "优化", "取得", "带来", "起草",
    "拟定", "为", "除", "到", "不", "得", "有",
];
/// What makes a state of today a lack.
pub(super) const LACKS: &[&str] = &["问题", "不足", "尚", "仍", "缺", "还存在", "还不"];

/// Every word with what it says, found in one pass; the longest of those that begin together
/// is told first.
pub(super) static WORDS: LazyLock<CharwiseDoubleArrayAhoCorasick<u32>> = LazyLock::new(|| {
    let lists: &[(&[&str], Says)] = &[
        (&["已"], Says::Already),
        (&["了"], Says::Le),
        (REACHED, Says::Reached),
        (PRESENT, Says::Present),
        (SINCE, Says::Since),
        (RESULT, Says::Result),
        (CHANGE, Says::Change),
        (ISSUE, Says::Issue),
        (ACT, Says::Act),
        (&["将"], Says::Will),
        (DEADLINE, Says::Deadline),
        (AHEAD, Says::Ahead),
        (DEMAND, Says::Demand),
        (AIM, Says::Aim),
        (HABIT, Says::Habit),
    ];
    let mut words: Vec<(&str, u32)> = Vec::new();
    for (list, says) in lists {
        for word in *list {
            let bit = 1 << *says as u32;
            match words.iter_mut().find(|(known, _)| known == word) {
                Some((_, bits)) => *bits |= bit,
                None => words.push((word, bit)),
            }
        }
    }
    CharwiseDoubleArrayAhoCorasick::with_values(words).expect("constant words, each once")
});

impl Says {
    /// Whether a word of `bits` says this among other things.
    pub(super) fn is_in(self, bits: u32) -> bool {
        bits & (1 << self as u32) != 0
    }
}
