//! Characters that look like the name of a place and are not: words that meet (沿|海城市), streets and
//! people named after places.
//!
//! Only tells chance from name. Which place a name means is decided in `mention`.

use duibiao_corpus::Level;
use duibiao_index::Analyzer;
use duibiao_lexicon::Place;

use super::mention::Mention;

/// What is named after a place and is not the place: 丽江路, 北京时间.
const NAMED_AFTER: &[&str] = &[
    "路",
    "街",
    "巷",
    "弄",
    "大街",
    "大道",
    "湖",
    "河",
    "江",
    "山",
    "岛",
    "门",
    "桥",
    "港",
    "泉",
    "溪",
    "村",
    "镇",
    "乡",
    "寺",
    "塔",
    "古城",
    "故城",
    "新河",
    "大学",
    "学院",
    "战役",
    "时间",
    "合作组织",
    "绿道",
    "话",
    "东路",
    "西路",
    "南路",
    "北路",
    "中路",
    "医院",
];
/// Those that stand behind a full name too.
const NAMED_AFTER_FULL: &[&str] = &["路", "街", "巷", "弄", "河", "战役"];
/// Short names that are ordinary words.
const ORDINARY: &[&str] = &["日照", "开封", "安康", "大同", "大庆", "白银"];
/// Family names, for 石嘉兴.
const FAMILY: &str = "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢唐许冯宋韩邓彭曹曾田萧潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟\
姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯尹薛闫段雷龙黎史陶贺毛郝顾龚邵覃武钱戴严莫孔";
/// A word may reach so many characters beyond a name.
const REACH: usize = 8;

/// Whether the characters are words of their own and do not only meet by chance.
pub(super) fn stands(words: &str, mention: &Mention<'_>, analyzer: &Analyzer) -> bool {
    let begin = words[..mention.bytes.start]
        .char_indices()
        .rev()
        .take(REACH)
        .take_while(|(_, c)| c.is_alphanumeric())
        .last()
        .map_or(mention.bytes.start, |(at, _)| at);
    let after = &words[mention.bytes.end..];
    let end = after
        .char_indices()
        .take(REACH)
        .take_while(|(_, c)| c.is_alphanumeric())
        .last()
        .map_or(0, |(at, c)| at + c.len_utf8());
    let window = &words[begin..mention.bytes.end + end];
    let within = mention.bytes.start - begin..mention.bytes.end - begin;
    let (begins, ends) = analyzer.is_cut_at(window, within);
    begins && (ends || mention.is_full)
}

/// Whether a name is too likely to be something else. `is_near` is said of the document's own place and
/// of names in a list of places, which need less to be believed.
pub(super) fn is_chance(words: &str, mention: &Mention<'_>, place: &Place, is_near: bool) -> bool {
    let (before, after) = (&words[..mention.bytes.start], &words[mention.bytes.end..]);
    let starts = |list: &[&str]| list.iter().any(|w| after.starts_with(w));
    if mention.is_full {
        return !is_near && starts(NAMED_AFTER_FULL);
    }
    if starts(NAMED_AFTER) {
        return true;
    }
    let name = &words[mention.bytes.clone()];
    let mut chars = before.chars().rev();
    let is_person = name.chars().count() == 2
        && chars.next().is_some_and(|c| FAMILY.contains(c))
        && chars.next().is_none_or(|c| !c.is_alphanumeric())
        && after.chars().next().is_none_or(|c| !c.is_alphanumeric());
    is_person || !is_near && (place.level == Level::County || ORDINARY.contains(&name))
}
