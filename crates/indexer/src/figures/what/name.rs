//! What is a name and what only looks like one: words that are part of others, and names without the
//! signs around them.
//!
//! Does not decide where a name is looked for.

use std::sync::LazyLock;

use super::super::lists::LEADS;
use super::super::words::{Words, ends_clause, trimmed};
use crate::any_of::AnyOf;

/// How many characters a name has at most.
pub(super) const LONGEST: usize = 24;

/// Words of [`ENDS`] that are part of a name beside these characters: the word, what may follow it,
/// what may precede it. 国有企业, 后备力量, 在建项目.
const IN_NAMES: &[(&str, &str, &str)] = &[
    ("有", "关效机害色限", "国所公共私"),
    ("被", "执告征", ""),
    ("内", "部资设河陆贸容需", "国省"),
    ("后", "备勤期续台", "士"),
    ("前", "沿置期", ""),
    ("为", "民老企", "行"),
    ("来", "源电料信", "未"),
    ("经", "济营开贸纪费", "财"),
    ("等", "级教", "高中"),
    ("在", "建线校职岗役编", ""),
    ("未", "来成", ""),
    ("无", "人障证废线", "虚"),
    ("向", "", "方定双"),
    ("由", "", "自理"),
    ("从", "业", ""),
    ("可", "再持", "许"),
    ("达", "", "发"),
    ("按", "揭", ""),
    ("占", "道地", ""),
    ("需", "求", "必急"),
    ("居", "民家住", "安邻民"),
    ("列", "", "系专班序"),
    ("就", "业", ""),
    ("应", "用急", "供反响适效"),
    ("还", "建款", ""),
    ("于", "", "关属"),
    ("挂牌", "督", ""),
    ("上市", "公企", ""),
    ("落地", "项", ""),
    ("签约", "项", ""),
    ("入选", "项", ""),
    ("建成", "项区", ""),
    ("共", "享同建和有青", "公医中"),
    ("到位", "", "不"),
    ("达标", "", "不"),
    ("把", "关手", ""),
    ("将", "军", ""),
    ("并", "联网购", "归合兼"),
    ("都", "市", "首"),
    ("集中", "", ""),
    ("联合", "", ""),
    ("基本", "", ""),
    ("全面", "", ""),
    ("使用", "权", ""),
];
/// Words of [`ENDS`] that may begin a name: 集中供热项目.
const BEGIN_NAMES: &[&str] = &[
    "运行",
    "被执行人",
    "集中",
    "联合",
    "基本",
    "未",
    "开工",
    "持续",
    "服务",
    "全面",
    "之",
    "共",
    "有效",
    "有",
];

pub(super) fn is_inside_name(
    words: &Words,
    at: usize,
    begin: usize,
    word: &str,
    end: usize,
) -> bool {
    let (before, next) = (words.before(at), words.at(end));
    (at == begin && BEGIN_NAMES.contains(&word))
        || (at > begin && word == "之")
        || IN_NAMES.iter().any(|(name, behind, ahead)| {
            *name == word && (behind.contains(next) || (at > begin && ahead.contains(before)))
        })
}

/// 新能源, 对外, 应急, 可再生, 经济: the single character begins a word.
pub(super) fn is_of_word(word: &str, next: char) -> bool {
    match word {
        "新" => true,
        "对" => matches!(next, '外' | '口' | '接'),
        "应" => matches!(next, '急' | '用'),
        "可" => matches!(next, '再' | '持'),
        "经" => matches!(next, '济' | '营' | '费' | '开' | '贸' | '办'),
        "处" => matches!(next, '理' | '置' | '罚' | '分' | '级'),
        "并" => matches!(next, '联' | '网' | '购'),
        "和" => matches!(next, '谐'),
        "要" => matches!(next, '件' | '素' | '求'),
        "有" => matches!(next, '效' | '机' | '关' | '线' | '限' | '色' | '害'),
        "在" => matches!(next, '建' | '册' | '线' | '校' | '职' | '岗' | '库'),
        "共" => matches!(next, '享' | '同' | '建' | '有' | '青'),
        "自" => matches!(next, '然' | '主' | '来' | '查' | '由' | '治' | '动' | '贸'),
        "到" => matches!(next, '位' | '期' | '账' | '达'),
        "以" => matches!(next, '旧' | '工'),
        "再" => matches!(next, '生' | '就'),
        "为" => matches!(next, '民'),
        "与" => false,
        "向" => false,
        "现" => matches!(next, '代' | '金' | '场' | '货' | '状'),
        "使" => matches!(next, '用'),
        "还" => matches!(next, '款' | '建'),
        "当" => matches!(next, '天' | '年' | '日' | '地' | '场' | '月' | '期'),
        "各" => matches!(next, '类' | '级' | '地' | '项'),
        "将" => next == '军',
        "按" => next == '揭' || next == '期',
        "由" => false,
        _ => false,
    }
}

/// The words of `begin..end` as a name, unless they are none.
pub(super) fn name(words: &Words, begin: usize, end: usize) -> Option<String> {
    let is_around = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '、' | '的' | '了' | '“' | '”' | '"' | '.' | '-' | '·' | '*'
            )
    };
    let chars = trimmed(words.slice(begin, end), is_around);
    let joins = |c: &char| matches!(c, '和' | '及' | '与' | '或' | '、');
    let kept = chars
        .iter()
        .rposition(|c| !joins(c))
        .map_or(0, |last| last + 1);
    let chars = &chars[..kept];
    // 和种子企业1户 begins behind another name; 和谐社区 does not.
    let chars = match chars {
        ['和' | '及' | '与', next, ..] if !matches!(next, '谐' | '平' | '田' | '县') => {
            &chars[1..]
        }
        _ => chars,
    };
    let is_area = matches!(
        chars,
        ['省' | '州' | '市' | '县' | '区' | '镇' | '乡' | '村' | '国' | '校']
    );
    if !is_area && !(2..=LONGEST).contains(&chars.len()) {
        return None;
    }
    let count = |sign: char| chars.iter().filter(|c| **c == sign).count();
    let is_balanced = count('《') == count('》');
    if !is_balanced || chars.iter().all(|c| c.is_ascii_digit() || ends_clause(*c)) {
        return None;
    }
    let text: String = chars.iter().collect();
    (!TIMES.ends(&text) && !LEADS.has(&text)).then_some(text)
}

/// Ends of words that say when and not what.
static TIMES: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "之日起",
        "日起",
        "以来",
        "之后",
        "以后",
        "期间",
        "基础上",
        "情况下",
    ])
});
