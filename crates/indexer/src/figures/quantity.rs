//! Quantities: numbers with their units, and what only looks like one left out.
//!
//! Left out are dates, ordinals, names in 《》 and short quotations (“60天会战”, “1+3+N”). Small
//! Chinese numbers before plain classifiers (八个方面, 一个窗口) are kept as weak: they count only
//! where a word beside them compares.

use std::sync::LazyLock;

use super::number::{self, Read, Reading};
use super::rate;
use super::unit::{self, Kind, Unit};
use super::words::{Words, ends_sentence};
use crate::any_of::{AnyOf, Filter};

/// A number with its unit, not yet understood.
#[derive(Debug, Clone)]
pub(super) struct Quantity {
    pub(super) begin: usize,
    /// Behind the unit.
    pub(super) end: usize,
    /// Where the sentence begins.
    pub(super) sentence: usize,
    pub(super) low: f64,
    pub(super) high: Option<f64>,
    /// The unit as it is shown: 万元, 万元/年. Empty for a bare number.
    pub(super) unit: String,
    /// The factor from `unit` to its base, and that.
    pub(super) base: Option<(&'static str, f64)>,
    /// `None` for a bare number, which counts only beside another.
    pub(super) kind: Option<Kind>,
    pub(super) is_more: bool,
    /// Whether it counts only where a word beside it compares.
    pub(super) is_weak: bool,
    /// Whether it is so much in each of something: 每年4万元, 300元/亩.
    pub(super) is_rate: bool,
    /// Where 每 stands, for the words of the figure.
    pub(super) rate_begin: usize,
    /// Whether it is a place among others: 第3.
    pub(super) is_rank: bool,
    /// Whether two ends were written with 以上 and 以下.
    pub(super) is_between: bool,
    /// What 万 or 亿 multiplied the number by.
    pub(super) scale: f64,
}

/// How far 》 may stand behind 《.
const TITLE: usize = 80;
/// A quotation of this length or less is a name; a longer one is speech.
const NAME: usize = 18;

/// What a number, a name or a sentence's end may begin with. Most characters are none of these.
const BEGINS: Filter = Filter::of(&[
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '半', '〇', '零', '○', '一', '二', '两',
    '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '万', '亿', '第', '《', '“', '「',
    '〔', '[', '［', '。', '！', '？', '!', '?', ';', '\n',
]);

/// Every quantity of a passage, in order.
pub(super) fn all(words: &Words) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut sentence = 0;
    let mut at = 0;
    while at < words.len() {
        let c = words.at(at);
        if !BEGINS.may_have(c) {
            at += 1;
        } else if let Some(end) = name_end(words, at) {
            at = end;
        } else if c == '第' {
            let (rank, end) = ordinal(words, at, sentence);
            found.extend(rank);
            at = end;
        } else if number::begins(c) {
            at = match number::read(words, at) {
                Reading::Code(end) => end.max(at + 1),
                Reading::Number(read) => {
                    let (quantity, end) = with_unit(words, &read, sentence);
                    found.extend(quantity);
                    end.max(at + 1)
                }
            };
        } else {
            at += 1;
            if ends_sentence(c) {
                sentence = at;
            }
        }
    }
    found
}

/// Where a title or a short quotation that begins at `at` ends.
fn name_end(words: &Words, at: usize) -> Option<usize> {
    let (close, within) = match words.at(at) {
        '《' => ('》', TITLE),
        '“' | '「' if !words.ends(at, "针对") => {
            (if words.at(at) == '“' { '”' } else { '」' }, NAME)
        }
        '〔' | '[' | '［' => ('〕', 8),
        _ => return None,
    };
    let end = (at + 1..(at + 1 + within).min(words.len()))
        .find(|&i| words.at(i) == close || (close == '〕' && matches!(words.at(i), ']' | '］')))?;
    // “网上实办率达到78.4%” says something, “60天会战” is a name
    let speaks = close != '》' && words.slice(at, end).contains(&'%');
    let is_finding = words.starts(end + 1, "的问题") && words.slice(at, end).len() > 8;
    (!speaks && !is_finding).then_some(end + 1)
}

/// 第3 is a rank behind 排名全省 and before 位; else an ordinal, and what it numbers is skipped.
fn ordinal(words: &Words, at: usize, sentence: usize) -> (Option<Quantity>, usize) {
    let begin = words.skip_spaces(at + 1);
    if !number::begins(words.at(begin)) {
        return (None, at + 1);
    }
    let (value, end) = match words.at(begin).is_ascii_digit() {
        true => match number::read(words, begin) {
            Reading::Number(read) => (Some(read.value * read.scale), read.end),
            Reading::Code(end) => (None, end),
        },
        false => number::han_whole(words, begin),
    };
    let Some(value) = value.filter(|v| v.fract() == 0.0 && *v >= 1.0 && *v <= 1000.0) else {
        return (None, items_end(words, end).max(at + 1));
    };
    let scoped = || {
        words.ends_list(at, &RANK_SCOPES).is_some() || words.ends_list(at, &RANK_VERBS).is_some()
    };
    let tail = match words.starts_any(end, &["位", "名", "位次"]) {
        Some((_, tail)) => Some(tail),
        None => closes(words.at(end)).then_some(end),
    };
    let Some(tail) = tail.filter(|_| scoped()) else {
        return (None, items_end(words, end));
    };
    let rank = Quantity {
        is_rank: true,
        kind: Some(Kind::Count),
        unit: "名次".to_owned(),
        ..bare(at, tail, sentence, value)
    };
    (Some(rank), tail)
}

/// Behind the other items of 第一项至四项 and 第二、三款, which are numbered and not counted.
fn items_end(words: &Words, mut end: usize) -> usize {
    const ITEMS: &[char] = &['项', '条', '款', '章', '节', '目', '页', '批', '期', '类'];
    for _ in 0..8 {
        let sign = if ITEMS.contains(&words.at(end)) {
            end + 1
        } else {
            end
        };
        if !matches!(words.at(sign), '至' | '、' | '和' | '或' | '到' | '-' | '—') {
            break;
        }
        let begin = sign + 1;
        if !number::begins(words.at(begin)) {
            break;
        }
        match number::read(words, begin) {
            Reading::Number(read) if ITEMS.contains(&words.at(read.end)) => end = read.end + 1,
            Reading::Number(read) if words.at(read.end) == '、' => end = read.end,
            _ => break,
        }
    }
    end
}

/// Among whom a rank is.
pub(super) static RANK_SCOPES: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "全国",
        "全省",
        "全市",
        "全区",
        "全县",
        "世界",
        "全球",
        "全州",
        "省内",
        "国内",
        "同类城市",
        "东北",
        "西部",
        "中西部",
        "中部",
        "东部",
        "我国",
        "亚洲",
        "全自治区",
    ])
});
/// Words behind which 第 is a rank.
pub(super) static RANK_VERBS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "排名",
        "排名第",
        "排在",
        "位列",
        "位居",
        "名列",
        "居于",
        "列",
        "居",
        "稳居",
        "跃居",
        "跃升至",
        "升至",
        "排",
        "上升至",
        "升到",
        "前移至",
        "位次",
        "保持",
        "进至",
        "升至第",
        "提升至",
        "提升到",
        "跃升到",
        "保持在",
        "继续保持",
        "仍居",
        "位次居",
        "居于",
    ])
});

fn closes(c: char) -> bool {
    !c.is_alphanumeric() || c == '的' || c == '和'
}

fn bare(begin: usize, end: usize, sentence: usize, low: f64) -> Quantity {
    Quantity {
        begin,
        end,
        sentence,
        low,
        high: None,
        unit: String::new(),
        base: None,
        kind: None,
        is_more: false,
        is_weak: false,
        is_rate: false,
        rate_begin: begin,
        is_rank: false,
        is_between: false,
        scale: 1.0,
    }
}

/// The number with the unit behind it, and where reading goes on.
fn with_unit(words: &Words, read: &Read, sentence: usize) -> (Option<Quantity>, usize) {
    let value = read.value * read.scale;
    if let Some(of) = read.share {
        return (Some(shared(read, of, sentence)), read.end);
    }
    // 五年一遇提高到二十年一遇
    if words.at(read.end) == '遇' {
        return (None, read.end);
    }
    let unit_at = words.skip_spaces(read.end);
    let Some((unit, mut end)) = unit::at(words, unit_at) else {
        // a bare number counts only beside another: 由27减少到15项, 3—5个
        let quantity = Quantity {
            scale: read.scale,
            is_more: read.is_more,
            high: read.high.map(|h| h * read.scale),
            ..bare(read.begin, read.end, sentence, value)
        };
        return ((!read.is_spaced).then_some(quantity), read.end);
    };
    if read.is_spaced && !matches!(unit.kind, Kind::Percent | Kind::Point) {
        return (None, read.end);
    }
    if is_no_amount(words, read, &unit, end) {
        return (None, end);
    }
    // 一年半, 两个月半
    let mut value = value;
    if unit.kind == Kind::Time && words.at(end) == '半' && words.at(end + 1) != '数' {
        value += 0.5;
        end += 1;
    }
    let is_measure = matches!(unit.kind, Kind::Money | Kind::Measure);
    let (name, factor) = match multiple(read.scale).filter(|_| is_measure) {
        Some(multiple) => (format!("{multiple}{}", unit.name), read.scale),
        None => (unit.name.to_owned(), 1.0),
    };
    let is_small =
        read.is_han && value <= 10.0 && read.high.is_none() && !read.is_more && read.scale == 1.0;
    let mut quantity = Quantity {
        high: read.high.map(|h| h * read.scale / factor),
        kind: Some(unit.kind),
        base: base(&unit, factor),
        unit: name,
        is_more: read.is_more,
        is_weak: is_small
            && !matches!(
                unit.kind,
                Kind::Money | Kind::Percent | Kind::Point | Kind::Measure
            ),
        scale: read.scale,
        // 3.26亿元 keeps its digits; what is counted is multiplied out
        ..bare(
            read.begin,
            end,
            sentence,
            if factor == 1.0 {
                rounded(value)
            } else {
                read.value
            },
        )
    };
    rate::add(words, &mut quantity);
    if is_among_first(words, &quantity) {
        quantity.begin -= 1;
        quantity.rate_begin = quantity.begin;
        quantity.is_rank = true;
        quantity.unit = "名次".to_owned();
    }
    let end = quantity.end;
    (Some(quantity), end)
}

/// 居全国前5位: a place among others and no number of things.
fn is_among_first(words: &Words, quantity: &Quantity) -> bool {
    let Some(front) = quantity
        .begin
        .checked_sub(1)
        .filter(|&at| words.at(at) == '前')
    else {
        return false;
    };
    let is_place = matches!(quantity.unit.as_str(), "位" | "名") && closes(words.at(quantity.end));
    let has_scope = || {
        words.ends_list(front, &RANK_SCOPES).is_some()
            || words.ends_list(front, &RANK_VERBS).is_some()
    };
    is_place && quantity.high.is_none() && has_scope()
}

/// 58.1 × 10000 is 581000 and not 581000.0000000001.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// What the number is to be multiplied by for the base unit.
fn base(unit: &Unit, factor: f64) -> Option<(&'static str, f64)> {
    match unit.base {
        Some((base, by)) => (base != unit.name || factor != 1.0).then_some((base, by * factor)),
        None => (factor != 1.0).then_some((unit.name, factor)),
    }
}

fn multiple(scale: f64) -> Option<&'static str> {
    Some(match scale as u64 {
        10_000 => "万",
        100_000_000 => "亿",
        1_000_000_000_000 => "万亿",
        10_000_000 => "千万",
        1_000_000 => "百万",
        _ => return None,
    })
}

/// 百分之三十 is 30 %, 千分之一 is 1 ‰, 三分之二 is 66.67 %.
fn shared(read: &Read, of: u32, sentence: usize) -> Quantity {
    let (low, unit) = match of {
        100 => (read.value, "%"),
        1000 => (read.value, "‰"),
        of => ((read.value / f64::from(of) * 10_000.0).round() / 100.0, "%"),
    };
    Quantity {
        kind: Some(Kind::Percent),
        unit: unit.to_owned(),
        high: read.high.filter(|_| of == 100 || of == 1000),
        ..bare(read.begin, read.end, sentence, low)
    }
}

/// Dates, times of day and names of the form of an amount.
fn is_no_amount(words: &Words, read: &Read, unit: &Unit, end: usize) -> bool {
    let value = read.value * read.scale;
    let before = words.before(words.skip_spaces_back(read.begin));
    let next = words.at(end);
    // 300万吨级 says of what size something is
    if next == '级' && !matches!(unit.kind, Kind::Count) {
        return true;
    }
    match unit.name {
        "年" => {
            let is_term = words.starts_any(end, &["以上", "以下", "以内"]).is_some();
            (!read.is_han && value > 200.0 && !(is_term && value <= 1000.0))
                || matches!(before, '第' | '-' | '、' | '~') && value > 50.0
                || words.starts_list(end, &PLANS).is_some()
                || before == '“'
        }
        "日" => {
            matches!(before, '月' | '号' | '/' | '~' | '至') && words.at(end) != '内'
                || words
                    .ends_any(read.begin, &["每月", "当月", "次月", "本月", "月"])
                    .is_some()
                || !(words.starts_list(end, &DAY_LIMITS).is_some() || before_day(words, read.begin))
        }
        "分" => {
            let from = read.begin.saturating_sub(6);
            next.is_alphanumeric() && !matches!(next, '以' | '的' | '左' | '及')
                || !words.has_any(
                    from,
                    read.begin,
                    &[
                        "扣", "加", "计", "得", "满", "评", "达", "低于", "超过", "至", "到", "为",
                    ],
                )
        }
        "次" | "批" | "届" | "期" if matches!(before, '本' | '首') => true,
        // 突破一批技术: some
        "批" if read.is_han && value == 1.0 => true,
        // 十一届三次、四次全会
        "次" if matches!(before, '届' | '、')
            && words.starts_any(end, &["全会", "会议", "全体"]).is_some() =>
        {
            true
        }
        // 一次性用品
        "次" if before == '届' || next == '性' => true,
        // 常务委员会十六次会议
        "次" if matches!(before, '会' | '府' | '委')
            && words
                .starts_any(end, &["会议", "常务会议", "全体会议"])
                .is_some() =>
        {
            true
        }
        // 二期工程, 2期项目
        "期" => words.starts_any(end, &["工程", "项目", "建设"]).is_some(),
        // “8小时以外”, 24小时自助
        "小时" => words
            .starts_any(
                end,
                &[
                    "自助",
                    "不打烊",
                    "热线",
                    "值班",
                    "在线",
                    "营业",
                    "服务",
                    "全天",
                    "制",
                    "工作制",
                ],
            )
            .is_some(),
        "周" | "天" | "岁" => false,
        // 50人论坛
        // and 3人制篮球场
        "人" => words
            .starts_any(end, &["论坛", "小组", "团队", "制"])
            .is_some(),
        _ => {
            before == '×' || words.ends_any(read.begin, &["+", "＋", "×"]).is_some() || next == '+'
        }
    }
}

/// Plans and phases named by their years: 三年行动, 五年规划.
static PLANS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "行动",
        "计划",
        "规划",
        "攻坚",
        "来",
        "制",
        "一度",
        "一遇",
        "一次",
        "期",
        "大庆",
        "改革",
        "方案",
        "滚动",
        "倍增",
        "提升行动",
        "学制",
        "级",
        "专项",
        "义务教育",
        "目标",
    ])
});
/// What stands behind days that are counted and not named.
static DAY_LIMITS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "内", "以内", "之内", "以上", "以下", "前", "后", "以后", "之后", "的", "通知", "为",
        "届满", "期", "以前", "未", "仍", "拘留", "至", "不",
    ])
});

/// 超过三十日, 提前五日: the word before says that days are counted.
fn before_day(words: &Words, begin: usize) -> bool {
    words.ends_list(begin, &COUNTING).is_some()
}

/// Words in front of days that are counted.
static COUNTING: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "超过",
        "不少于",
        "不得少于",
        "少于",
        "提前",
        "满",
        "不足",
        "至少",
        "不超过",
        "不得超过",
        "为",
        "期限",
        "延长",
        "每",
        "连续",
        "不满",
        "逾期",
        "缩短",
        "压缩",
        "减少",
        "到",
        "缩减",
        "缩短至",
        "压缩至",
        "不低于",
    ])
});
