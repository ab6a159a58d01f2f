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

/// Words that are no name without what stands before them: 整县建成比例.
const GENERAL: &[&str] = &[
    "比例", "占比", "比重", "数量", "总数", "总量", "面积", "规模",
];

/// Whether such a word begins at `at`; 规模以上企业 is a name.
pub(super) fn is_general(words: &Words, at: usize) -> bool {
    let found = words.starts_any(at, GENERAL);
    found.is_some_and(|(_, end)| words.at(end) != '以')
}

/// Words of [`ENDS`] that are part of a name beside these characters: the word, what may follow it,
/// what may precede it. 国有企业, 后备力量, 在建项目.
const IN_NAMES: &[(&str, &str, &str)] = &[
    ("有", "关效机害色限", "国所公共私"),
    ("被", "执告征", ""),
    ("内", "部资设河陆贸容需", "国省白室"),
    ("后", "备勤期续台", "士"),
    ("前", "沿置期", ""),
    ("为", "民老企", "行"),
    ("来", "源电料信", "未"),
    ("经", "济营开贸纪费验", "财"),
    ("等", "级教", "高中"),
    ("在", "建线校职岗役编", "所"),
    ("未", "来成", ""),
    ("无", "人障证废线资照牌主", "虚"),
    ("向", "", "方定双"),
    ("由", "", "自理"),
    ("从", "业", ""),
    ("可", "再持", "许"),
    ("达", "", "发"),
    ("按", "揭", ""),
    ("占", "道地", ""),
    ("需", "求", "必急"),
    ("居", "民家住", "安邻民"),
    ("列", "", "系专班序省市国县"),
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
    ("集中", "居", "对"),
    ("联合", "体会国", ""),
    ("基本", "", ""),
    ("全面", "", ""),
    ("使用", "权", ""),
    ("到", "期账家", "报签达"),
    ("同时", "", ""),
    ("提前", "批", ""),
    ("对外", "贸开经投承", ""),
    ("改善", "型性", ""),
    ("实施", "方细意办", ""),
    ("办理", "事环流时", ""),
    ("帮扶", "对措项资车中单村户县", ""),
    ("发放", "点", ""),
    ("落实", "", "未"),
    ("通过", "", "未"),
    ("启动", "资区仪", ""),
    ("共同", "体富", ""),
    ("对", "口接象策外比标称", "核校结相反面应针配成"),
    ("下放", "事权项职", ""),
];
/// Words of [`ENDS`] that may begin a name: 集中供热项目.
const BEGIN_NAMES: &[&str] = &[
    "运行",
    "被执行人",
    "集中",
    "联合",
    "基本",
    "未",
    "下放",
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
        // 二级及以上医院, 省级以上园区
        || (matches!(word, "以上" | "以下")
            && (before == '及' || before == '级' && next.is_alphabetic() && next != '的'))
        || IN_NAMES.iter().any(|(name, behind, ahead)| {
            *name == word && (behind.contains(next) || (at > begin && ahead.contains(before)))
        })
}

/// Short names of provinces: 在湘投资 is one word.
const PROVINCES: &[char] = &[
    '京', '津', '沪', '渝', '冀', '晋', '辽', '吉', '黑', '苏', '浙', '皖', '闽', '赣', '鲁', '豫',
    '鄂', '湘', '粤', '桂', '琼', '川', '黔', '滇', '藏', '陕', '甘', '青', '宁', '疆', '蒙',
];

/// 新能源, 对外, 应急, 可再生, 经济: the single character begins a word.
pub(super) fn is_of_word(word: &str, next: char) -> bool {
    match word {
        "新" => true,
        "对" => matches!(next, '外' | '口' | '接'),
        "应" => matches!(next, '急' | '用'),
        "可" => matches!(next, '再' | '持'),
        "经" => matches!(next, '济' | '营' | '费' | '开' | '贸' | '办' | '纪' | '验'),
        "处" => matches!(next, '理' | '置' | '罚' | '分' | '级'),
        "并" => matches!(next, '联' | '网' | '购'),
        "和" => matches!(next, '谐'),
        "要" => matches!(next, '件' | '素' | '求'),
        "有" => matches!(next, '效' | '机' | '关' | '线' | '限' | '色' | '害'),
        "在" => {
            matches!(next, '建' | '册' | '线' | '校' | '职' | '岗' | '库')
                || PROVINCES.contains(&next)
        }
        "共" => matches!(next, '享' | '同' | '建' | '有' | '青'),
        "自" => matches!(
            next,
            '然' | '主'
                | '来'
                | '查'
                | '由'
                | '治'
                | '动'
                | '贸'
                | '行'
                | '有'
                | '愿'
                | '费'
                | '营'
                | '建'
        ),
        "到" => matches!(next, '位' | '期' | '账' | '达'),
        "以" => matches!(next, '旧' | '工'),
        "再" => matches!(next, '生' | '就'),
        "为" => matches!(next, '民'),
        "已" => matches!(next, '知' | '婚' | '有'),
        "每" => matches!(next, '万' | '千' | '百'),
        "与" => next == '会',
        "及" => next == '时',
        "向" => false,
        "现" => matches!(next, '代' | '金' | '场' | '货' | '状'),
        "使" => matches!(next, '用'),
        "还" => matches!(next, '款' | '建'),
        "当" => matches!(next, '天' | '年' | '日' | '地' | '场' | '月' | '期'),
        "各" => matches!(
            next,
            '类' | '级' | '地' | '项' | '族' | '界' | '种' | '国' | '方'
        ),
        "其" => matches!(next, '他' | '余' | '中' | '它'),
        "将" => next == '军',
        "按" => next == '揭' || next == '期',
        "由" => false,
        _ => false,
    }
}

/// The words of `begin..end` as a name, unless they are none.
pub(super) fn name(words: &Words, begin: usize, end: usize) -> Option<String> {
    name_within(words, begin, end, LONGEST)
}

/// The same, of at most so many characters.
pub(super) fn name_within(
    words: &Words,
    begin: usize,
    end: usize,
    longest: usize,
) -> Option<String> {
    let chars = without_signs(words.slice(begin, end));
    let chars = without_joins(without_others(chars));
    // 聚集区 of “夜市”等聚集区, 国家公园 of 国家公园之一
    let chars = match chars {
        ['等', rest @ ..] if !matches!(rest.first(), Some('级' | '候')) => rest,
        _ => chars,
    };
    let chars = match chars {
        [rest @ .., '之', '一'] => rest,
        _ => chars,
    };
    // 上的最高速度, behind a bracket
    let chars = match chars {
        ['上' | '内' | '中' | '外', '的', rest @ ..] => rest,
        _ => chars,
    };
    // 普通公路上
    let chars = match chars {
        [rest @ .., '路' | '道', '上'] if !rest.is_empty() => &chars[..rest.len() + 1],
        _ => chars,
    };
    // 测评点中, but not 普通高中
    let chars = match chars {
        [rest @ .., before, '中'] if !matches!(before, '高' | '初' | '集' | '其') => {
            &chars[..rest.len() + 1]
        }
        _ => chars,
    };
    // 和种子企业1户 begins behind another name; 和谐社区 does not.
    let chars = match chars {
        ['和', '美', next, ..] if *next != '国' => chars,
        // 与业主办理交接: to be done within a time
        ['与', ..] if longest > LONGEST => chars,
        ['和' | '及' | '与', next, ..] if !matches!(next, '谐' | '平' | '田' | '县' | '时') => {
            &chars[1..]
        }
        _ => chars,
    };
    let is_area = matches!(
        chars,
        ['省' | '州' | '市' | '县' | '区' | '镇' | '乡' | '村' | '国' | '校']
    );
    if !is_area && !(2..=longest).contains(&chars.len()) || is_quantity(chars) {
        return None;
    }
    let count = |sign: char| chars.iter().filter(|c| **c == sign).count();
    let is_balanced = count('《') == count('》');
    if !is_balanced || chars.iter().all(|c| c.is_ascii_digit() || ends_clause(*c)) {
        return None;
    }
    let text: String = chars.iter().collect();
    let is_none = TIMES.ends(&text)
        || LEADS.has(&text)
        || NO_NAMES.has(&text)
        || text.starts_with("无正当")
        || text.starts_with("之间")
        || text.ends_with("台阶")
        || text.ends_with("大关")
        || text.starts_with('除') && text.ends_with('外')
        || text.ends_with("正当理");
    (!is_none).then_some(text)
}

/// Behind the bracket at `at`, if it stands within a name: 省市(州)共建学校.
pub(super) fn bracket_end(words: &Words, at: usize) -> Option<usize> {
    if words.at(at) != '(' {
        return None;
    }
    let close = (at + 1..at + 8).find(|&i| words.at(i) == ')')?;
    let mut inside = words.slice(at + 1, close).iter();
    let is_of_name = inside.all(|c| c.is_alphabetic() || *c == '、');
    (close > at + 1 && is_of_name && words.at(close + 1).is_alphabetic()).then_some(close + 1)
}

/// A name without the signs around it. “水窖”项目 keeps its quotation marks, “水窖” does not.
fn without_signs(chars: &[char]) -> &[char] {
    let is_around = |c: char| {
        c.is_whitespace() || matches!(c, '、' | '的' | '了' | '"' | '.' | '-' | '·' | '*')
    };
    let mut chars = trimmed(chars, is_around);
    loop {
        let inside = match chars {
            ['“', inside @ .., '”'] if !inside.contains(&'“') => inside,
            ['”', inside @ ..] | [inside @ .., '“'] => inside,
            ['“', inside @ ..] if !inside.contains(&'”') => inside,
            [inside @ .., '”'] if !inside.contains(&'“') => inside,
            _ => return chars,
        };
        chars = trimmed(inside, is_around);
    }
}

/// 申请人 of 申请人及其他无业人员, cut off behind 其他.
fn without_others(chars: &[char]) -> &[char] {
    match chars {
        [rest @ .., '其', '他'] if !rest.is_empty() => rest,
        _ => chars,
    }
}

/// A name without the words at its end that join it to another. 惠及 is a word of its own.
fn without_joins(chars: &[char]) -> &[char] {
    let joins = |at: usize| match chars[at] {
        '及' => !matches!(
            at.checked_sub(1).map(|at| chars[at]),
            Some('惠' | '普' | '涉')
        ),
        c => matches!(c, '和' | '与' | '或' | '、'),
    };
    let kept = (0..chars.len()).rev().find(|&at| !joins(at));
    &chars[..kept.map_or(0, |last| last + 1)]
}

/// 十户 and 百亿元 are numbers of their own and no names; 一产 is one.
fn is_quantity(chars: &[char]) -> bool {
    let is_sum =
        matches!(chars, [rest @ .., '元'] if rest.iter().all(|c| "十百千万亿".contains(*c)));
    is_sum
        || matches!(
            chars,
            ['一' | '二' | '三' | '五' | '六' | '七' | '八' | '九' | '十' | '两' | '四', .., '户' | '人' | '件' | '个' | '家' | '名' | '次' | '倍' | '元']
                if chars.len() <= 3
        )
}

/// Words that are no name alone.
static NO_NAMES: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::split(
        "占比 比重 惠及 时期 同期 上年 去年 同口径 可比口径 部分 连续 未满 不满 不足 不到 超过 计算 年底 年末 月底 其余",
    )
});

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
        "特殊情况",
    ])
});
