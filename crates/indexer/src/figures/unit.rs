//! Units: what stands behind a number that counts or measures something.
//!
//! A number without one of these is no figure: 12345, 110, a telephone or a document number.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::words::Words;

/// What a unit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Things and people.
    Count,
    /// Shares and rates: %.
    Percent,
    /// 百分点.
    Point,
    /// 倍.
    Times,
    Money,
    Time,
    /// Length, area, weight, energy …
    Measure,
    /// Points of an assessment.
    Score,
}

/// A unit found behind a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    /// As it is shown: 工作日 for 个工作日.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// The unit it is converted to, and by what factor.
    pub(super) base: Option<(&'static str, f64)>,
}

/// Things and people. From the bulletins, reports and regulations this was developed on, and the
/// classifiers of official statistics.
const COUNTS: &str = "个 件 项 人 名 位 户 家 次 人次 处次 台次 件次 车次 批次 架次 班次 列次 艘次 户次 家次 场次 例次 项次 人份 处 所 座 条 份 宗 起 例 笔 张 本 册 \
 部 台 套 辆 艘 架 列 只 头 匹 株 棵 眼 口 栋 幢 间 组 支 队 场 期 批 种 类 款 门 篇 幅 块 片 盏 根 枚 颗 粒 把 道 层 对 床 张床位 床位 羽 尾 单 页 字 \
 标箱 标准箱 席 台套 台件 件套 台站 课时 学时 学分 字节 箱 瓶 包 袋 桶 罐 扇 顶 面 副 双 滴 桩 孔 回 遍 轮 则 单位 部门 省份 厂 站 亩次";

/// Money: with 万 and 亿 in front of them they are units of their own.
const MONEY: &str = "元 美元 港元 欧元 日元 英镑 元人民币 人民币";

/// Other measures, with their base units: `name=base*factor`.
const MEASURES: &str = "米 公里=米*1000 千米=米*1000 厘米=米*0.01 毫米=米*0.001 延米 海里 平方公里=平方米*1000000 平方千米=平方米*1000000 平方米 平米=平方米*1 ㎡=平方米*1 m2=平方米*1 m²=平方米*1 \
 公顷=平方米*10000 亩=平方米*666.6666666666666 立方米 立方 m3=立方米*1 m³=立方米*1 升 毫升=升*0.001 吨 公斤=吨*0.001 千克=吨*0.001 克=吨*0.000001 毫克=吨*0.000000001 斤=吨*0.0005 kg=吨*0.001 t=吨*1 km=米*1000 mm=米*0.001 cm=米*0.01 m=米*1 \
 千瓦 兆瓦=千瓦*1000 吉瓦=千瓦*1000000 kW=千瓦*1 MW=千瓦*1000 GW=千瓦*1000000 千瓦时 度电=千瓦时*1 千瓦小时=千瓦时*1 kWh=千瓦时*1 兆瓦时=千瓦时*1000 分贝 勒克斯 摄氏度 ℃=摄氏度*1 微克 吨标准煤 吨标煤=吨标准煤*1 标准立方米 立方米每秒 公分=米*0.01 英寸 英里";

/// Times, in seconds where they have a fixed length. A working day has none.
const TIMES: &str = "秒=秒*1 秒钟=秒*1 分钟=秒*60 小时=秒*3600 个小时=秒*3600 天=秒*86400 日=秒*86400 个自然日=秒*86400 自然日=秒*86400 周=秒*604800 星期=秒*604800 个星期=秒*604800 个工作日 工作日 个交易日 交易日 个工作小时 工作小时 个月=个月*1 月份 个季度=个月*3 季度=个月*3 年=个月*12 周年=个月*12 周岁 岁 个学期 学期 个工作周 个年度=个月*12";

/// What follows a unit's character where it is part of another word: 名单, 件套 stays, 次序.
const PARTS_OF_WORDS: &[(char, &str)] = &[
    ('人', "大才民口均"),
    ('家', "庭具属"),
    ('名', "单称录牌誉词"),
    ('条', "件例"),
    ('次', "序要级"),
    ('日', "常益趋程报志期均产"),
    ('年', "龄级代轻终鉴均报产末初底度检审会货味画"),
    ('天', "然津气"),
    ('台', "账湾阶"),
    ('部', "门分署委"),
    ('处', "理罚置"),
    ('起', "草来点"),
    ('只', "有要能是"),
    ('本', "市省级地人科区着"),
    ('场', "所地景"),
    ('组', "织长建成"),
    ('支', "持付撑"),
    ('头', "部条"),
    ('口', "岸号径"),
    ('所', "有属"),
    ('例', "如外行会"),
    ('户', "籍口外"),
    ('位', "于置居列"),
    ('间', "隔接断"),
    ('期', "间限待末"),
    ('门', "店诊票口"),
    ('单', "独一元位内"),
    ('面', "积向对临"),
    ('站', "点"),
    ('字', "号体"),
    ('对', "于外接口标应"),
    ('队', "伍员"),
    ('回', "应收"),
    ('元', "旦素宇首"),
    ('周', "边围知期"),
    ('层', "面级次"),
    ('把', "握手"),
    ('包', "括容"),
    ('道', "路德"),
    ('根', "据本"),
    ('扇', "形"),
    ('片', "区"),
    ('轮', "换"),
    ('厂', "区"),
    ('升', "级高至到"),
    ('克', "服"),
    ('批', "准复"),
    ('类', "型别似"),
    ('件', "套"),
    ('份', "额"),
    ('双', "向"),
    ('床', "单"),
    ('桶', "装"),
    ('度', "假"),
];

/// Units by their first character, the longest first.
type ByFirst = HashMap<char, Vec<(Vec<char>, Unit)>>;

static UNITS: LazyLock<ByFirst> = LazyLock::new(|| {
    let mut units: ByFirst = HashMap::new();
    let mut add = |text: &'static str, unit: Unit| {
        let chars: Vec<char> = text.chars().collect();
        if let Some(&first) = chars.first() {
            units.entry(first).or_default().push((chars, unit));
        }
    };
    for (list, kind) in [
        (COUNTS, Kind::Count),
        (MONEY, Kind::Money),
        (MEASURES, Kind::Measure),
        (TIMES, Kind::Time),
        ("% ‰", Kind::Percent),
        ("个百分点 百分点", Kind::Point),
        ("倍", Kind::Times),
        ("分", Kind::Score),
    ] {
        for entry in list.split_whitespace() {
            let (text, base) = entry.split_once('=').map_or((entry, None), |(text, base)| {
                (
                    text,
                    base.split_once('*')
                        .and_then(|(unit, by)| Some((unit, by.parse().ok()?))),
                )
            });
            add(
                text,
                Unit {
                    name: shown(text),
                    kind,
                    base,
                },
            );
        }
    }
    for list in units.values_mut() {
        list.sort_by_key(|(chars, _)| std::cmp::Reverse(chars.len()));
    }
    units
});

/// 个工作日 is 工作日; 个月 stays, for 月 is no length of time.
fn shown(text: &'static str) -> &'static str {
    match text.strip_prefix('个') {
        Some("" | "月") | None => text,
        Some(rest) => rest,
    }
}

/// The unit at `at` and where it ends.
pub(super) fn at(words: &Words, at: usize) -> Option<(Unit, usize)> {
    let candidates = UNITS.get(&words.at(at))?;
    candidates.iter().find_map(|(chars, unit)| {
        let end = at + chars.len();
        let fits = words.slice(at, end) == chars.as_slice()
            && !is_part_of_word(chars, words.at(end), words.at(end + 1))
            && (!chars.iter().all(char::is_ascii_alphabetic)
                || !words.at(end).is_ascii_alphanumeric());
        fits.then_some((*unit, end))
    })
}

fn is_part_of_word(unit: &[char], next: char, then: char) -> bool {
    let [only] = unit else { return false };
    // 20项目 names projects, 5项目标 counts aims
    if *only == '项' && next == '目' {
        return then != '标';
    }
    PARTS_OF_WORDS
        .iter()
        .any(|(first, rest)| first == only && rest.contains(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(&'static str, usize)> {
        at(&Words::new(text), 0).map(|(unit, end)| (unit.name, end))
    }

    #[test]
    fn the_longest_unit_counts() {
        let cases = [
            ("个工作日内", Some(("工作日", 4))),
            ("个小时", Some(("小时", 3))),
            ("个月", Some(("个月", 2))),
            ("个部门", Some(("个", 1))),
            ("人次", Some(("人次", 2))),
            ("平方公里", Some(("平方公里", 4))),
            ("项目", None),
            ("人大代表", None),
            ("号", None),
            ("名单", None),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn units_convert_to_their_base() {
        let (minute, _) = at(&Words::new("分钟"), 0).expect("a unit");
        assert_eq!(minute.base, Some(("秒", 60.0)));
        let (day, _) = at(&Words::new("个工作日"), 0).expect("a unit");
        assert_eq!(day.base, None);
    }
}
