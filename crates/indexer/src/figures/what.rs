//! What a figure measures, in words of the text: 破坏发展环境案件 of 查处破坏发展环境案件26件.
//!
//! The words stand behind the classifier (47件查办任务) or before the number (查办任务47件). Where
//! neither gives a short run of words, it is left open.

use std::sync::LazyLock;

use duibiao_corpus::Bound;

use super::context::Context;
use super::lists::{CUTS, ENDS, LEADS, TRAILS, VERBS};
use super::quantity::Quantity;
use super::unit::Kind;
use super::words::{Words, ends_clause, trimmed};
use crate::any_of::AnyOf;

/// How many characters a name has at most.
const LONGEST: usize = 24;

/// What a figure measures; `outer` is where the words that compare begin, `floor` where the figure
/// before it ends, `ceiling` where the next begins.
pub(super) fn measured(
    words: &Words,
    quantity: &Quantity,
    context: &Context,
    floor: usize,
    ceiling: usize,
) -> Option<String> {
    let left = || before(words, quantity, context, floor);
    let right = || behind(words, context.end, ceiling);
    let of = || named_after_of(words, context.end, ceiling);
    let is_bounded = context.suffix.is_some() || quantity.is_between;
    match quantity.kind? {
        _ if quantity.is_rank => left(),
        _ if context.change.is_some() || context.is_to || context.is_level || context.is_part => {
            left()
        }
        Kind::Count if context.is_equal => left().or_else(right),
        // 审查72人的基础上
        Kind::Count if words.at(context.end) == '的' && !is_bounded => left().or_else(right),
        Kind::Count => right().or_else(of).or_else(left),
        Kind::Percent | Kind::Times if is_bounded => of().or_else(right).or_else(left),
        Kind::Percent if words.at(context.end) == '的' => of().or_else(left),
        Kind::Percent | Kind::Point | Kind::Times | Kind::Score => left().or_else(right),
        Kind::Money if words.at(context.end) == '的' => of().or_else(left),
        Kind::Money if is_bounded => right().or_else(of).or_else(left),
        Kind::Money | Kind::Measure => left()
            .filter(|name| !VERBS.has(name))
            .or_else(right)
            .or_else(of)
            .or_else(left),
        // 十八周岁以上的村民, 连续失业两年以上
        Kind::Time if matches!(quantity.unit.as_str(), "岁" | "周岁") => right().or_else(left),
        Kind::Time if context.suffix == Some(Bound::AtLeast) => left().or_else(of),
        Kind::Time => {
            let action = action(words, context, ceiling);
            let is_named = context.bound.is_some()
                || context.is_term
                || context.is_equal
                || context.condition.is_some();
            action.or_else(|| left().filter(|_| is_named))
        }
    }
}

/// The name behind 的: 以上的企业, 4万元的运行补贴.
fn named_after_of(words: &Words, at: usize, ceiling: usize) -> Option<String> {
    (words.at(at) == '的')
        .then(|| behind(words, at + 1, ceiling))
        .flatten()
}

/// The name that stands behind a classifier.
fn behind(words: &Words, at: usize, ceiling: usize) -> Option<String> {
    let begin = words.skip_spaces(at);
    let begin = if words.at(begin) == '的' {
        begin + 1
    } else {
        begin
    };
    // 瞪羚企业358户和种子企业2户: another name follows, whose number comes later.
    if matches!(words.at(begin), '和' | '及' | '与') && !is_of_word("和", words.at(begin + 1)) {
        return None;
    }
    if words.at(begin) == '“' {
        return quoted(words, begin, ceiling);
    }
    let clause = words.clause_end(begin, ceiling);
    let last = (begin..clause)
        .find(|&i| matches!(words.at(i), '、' | '《' | '>' | '/'))
        .unwrap_or(clause);
    let end = name_end(words, begin, last);
    // 吸引力强、带动面广的消费场景, 涉及民生的事项: the name stands behind 的
    if end < clause || begins_relation(words, begin) {
        let is_relation = begins_relation(words, begin);
        let from = if is_relation { begin } else { end };
        let to = if is_relation { end } else { clause };
        let of = (from..to.min(begin + LONGEST)).find(|&i| words.at(i) == '的');
        if let Some(of) = of.filter(|_| is_relation || words.at(end) == '、') {
            let last = (of + 1..clause)
                .find(|&i| words.at(i) == '、')
                .unwrap_or(clause);
            return name(words, of + 1, name_end(words, of + 1, last));
        }
    }
    if begins_relation(words, begin) {
        return None;
    }
    // 阻力较大的“老案”
    if end == clause && end > begin && words.before(end) == '的' {
        return (words.at(end) == '“')
            .then(|| quoted(words, end, ceiling))
            .flatten();
    }
    name(words, begin, end)
}

/// Where the name that begins at `begin` ends.
fn name_end(words: &Words, begin: usize, last: usize) -> usize {
    (begin..last)
        .find(|&i| {
            words
                .starts_list(i, &ENDS)
                .is_some_and(|(word, end)| !is_inside_name(words, i, begin, word, end))
        })
        .unwrap_or(last)
}

/// Words that begin a clause about what is counted and not its name.
fn begins_relation(words: &Words, at: usize) -> bool {
    // 千亿级园区 is a name.
    let is_class =
        (at..at + 4).any(|i| words.at(i) == '级') && matches!(words.at(at), '千' | '万' | '亿');
    !is_class && words.starts_list(at, &RELATIONS).is_some()
}

static RELATIONS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "与",
        "涉及",
        "对",
        "因",
        "依法",
        "以",
        "按",
        "经",
        "为",
        "具有",
        "符合",
        "影响",
        "群众反映",
        "吸引力",
        "带动",
        "海拔",
        "年产",
        "总投资",
        "投资",
        "需要",
        "超",
        "逾",
        "亿",
        "万",
        "千",
    ])
});

/// “数字领航”企业.
fn quoted(words: &Words, begin: usize, ceiling: usize) -> Option<String> {
    let close = (begin + 1..begin + 16).find(|&i| words.at(i) == '”')?;
    let last = words.clause_end(close + 1, ceiling.max(close + 1));
    let last = (close + 1..last)
        .find(|&i| words.at(i) == '、')
        .unwrap_or(last);
    let end = name_end(words, close + 1, last);
    let text: String = words.slice(begin, end).iter().collect();
    (end > close + 1 && text.chars().count() <= LONGEST).then_some(text)
}

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

fn is_inside_name(words: &Words, at: usize, begin: usize, word: &str, end: usize) -> bool {
    let (before, next) = (words.before(at), words.at(end));
    (at == begin && BEGIN_NAMES.contains(&word))
        || (at > begin && word == "之")
        || IN_NAMES.iter().any(|(name, behind, ahead)| {
            *name == word && (behind.contains(next) || (at > begin && ahead.contains(before)))
        })
}

/// What is to be done within a time: 完成装机服务 of 8小时内完成装机服务.
fn action(words: &Words, context: &Context, ceiling: usize) -> Option<String> {
    if context.suffix.is_none() && !context.is_ahead {
        return None;
    }
    let mut begin = words.skip_spaces(context.end);
    if matches!(words.at(begin), ',' | '，') {
        begin += 1;
    }
    if words.at(begin) == '的' {
        begin += 1;
    }
    let end = words.clause_end(begin, ceiling);
    let goes_on = words
        .starts_any(begin, &["且", "并", "或者", "但", "不", "无", "未"])
        .is_some();
    name(words, begin, end).filter(|_| !goes_on)
}

/// The name that stands before the words that compare.
fn before(words: &Words, quantity: &Quantity, context: &Context, floor: usize) -> Option<String> {
    let (mut begin, end) = words_before(words, quantity, context, floor)?;
    // a long list: its last item, which stands beside the number
    if end > begin + LONGEST {
        // 营业执照、身份证等: not the last of them alone
        if words.before(end) == '等' {
            return None;
        }
        let item = (begin..end).rev().find(|&i| words.at(i) == '、')?;
        begin = item + 1;
        if let Some(rest) = words.find(begin, end, "等").filter(|rest| rest + 3 <= end) {
            begin = rest + 1;
        }
    }
    name(words, begin, end)
}

/// The names of a list before 分别, where there are as many as figures.
pub(super) fn each(
    words: &Words,
    quantity: &Quantity,
    context: &Context,
    floor: usize,
    figures: usize,
) -> Option<Vec<String>> {
    let (begin, end) = words_before(words, quantity, context, floor)?;
    let signs: Vec<usize> = (begin..end).filter(|&i| words.at(i) == '、').collect();
    let last = signs.last().map_or(begin, |sign| sign + 1);
    let and = (last + 1..end).find(|&i| {
        matches!(words.at(i), '和' | '与' | '及') && !matches!(words.at(i + 1), '谐' | '平')
    });
    let mut cuts = signs;
    if cuts.len() + 1 < figures {
        cuts.extend(and);
    }
    if figures < 2 || cuts.len() + 1 != figures {
        return None;
    }
    let begins = std::iter::once(begin).chain(cuts.iter().map(|cut| cut + 1));
    let ends = cuts.iter().copied().chain([end]);
    begins
        .zip(ends)
        .map(|(begin, end)| name(words, begin, end))
        .collect()
}

/// Where the words begin and end that stand before the words that compare, without those that lead to
/// a name.
fn words_before(
    words: &Words,
    quantity: &Quantity,
    context: &Context,
    floor: usize,
) -> Option<(usize, usize)> {
    let mut end = words.skip_spaces_back(context.outer.min(quantity.begin));
    // 重点监测的关键部位(52个)
    if words.before(end) == '(' && words.at(context.end) == ')' {
        end -= 1;
    }
    let begin = words.clause_begin(end, floor.max(quantity.sentence));
    let mut begin = begin.min(end);
    // a quotation that ends right here is the name: “网上实办率”达到
    if matches!(words.before(end), '”' | '"') {
        let open = (end.saturating_sub(LONGEST)..end - 1)
            .rev()
            .find(|&i| words.at(i) == '“')?;
        return Some((open + 1, end - 1));
    }
    begin = behind_last_cut(words, begin, end);
    while let Some(next) = led(words, begin, end) {
        begin = next;
    }
    if let Some((verb, next)) = words.starts_list(begin, &VERBS) {
        // 受理265件: the verb itself says what is counted
        let least = if matches!(verb, "进行" | "开展") {
            2
        } else {
            3
        };
        if next + least <= end
            && verb.chars().count() < 6
            && !matches!(
                words.at(next),
                '性' | '率' | '量' | '额' | '费' | '者' | '业' | '登'
            )
        {
            begin = next;
        }
    }
    while let Some(next) = led(words, begin, end) {
        begin = next;
    }
    while let Some((_, shorter)) = words
        .ends_list(end, &TRAILS)
        .filter(|(word, shorter)| *shorter > begin && !is_repaid(words, word, *shorter))
    {
        end = shorter;
    }
    // 高新技术企业5年增加2万家: how long is no part of the name
    let digits = |end: usize| {
        (begin..end)
            .rev()
            .take_while(|&i| words.at(i).is_ascii_digit())
            .count()
    };
    if end > begin && words.before(end) == '年' && digits(end - 1) > 0 {
        end -= 1 + digits(end - 1);
    }
    Some((begin, end))
}

/// 退还, 偿还: 还 is no word of its own.
pub(super) fn is_repaid(words: &Words, word: &str, at: usize) -> bool {
    word == "还"
        && matches!(
            words.before(at),
            '退' | '归' | '偿' | '返' | '交' | '清' | '发'
        )
}

/// Behind the last of [`CUTS`], if enough is left for a name.
fn behind_last_cut(words: &Words, begin: usize, end: usize) -> usize {
    let at = (begin..end).rev().find_map(|i| {
        // 议案由代表十人以上联名, but not 自由
        let by = (words.at(i) == '由'
            && i > begin
            && !matches!(words.before(i), '自' | '理' | '缘' | '事'))
        .then_some(i + 1);
        let next = words.starts_list(i, &CUTS).map(|(_, next)| next).or(by)?;
        (next + 2 <= end).then_some(next)
    });
    at.unwrap_or(begin)
}

/// Behind one word that only leads to the name, or a date.
fn led(words: &Words, begin: usize, end: usize) -> Option<usize> {
    if begin >= end {
        return None;
    }
    let date = (begin..end)
        .take_while(|&i| {
            words.at(i).is_ascii_digit()
                || matches!(
                    words.at(i),
                    '年' | '月'
                        | '日'
                        | '至'
                        | '底'
                        | '末'
                        | '-'
                        | ' '
                        | '季'
                        | '度'
                        | '上'
                        | '下'
                        | '半'
                )
        })
        .count();
    if date > 0
        && words
            .slice(begin, begin + date)
            .iter()
            .any(|c| matches!(c, '年' | '月' | '日'))
    {
        return Some(begin + date);
    }
    let numbering = (begin..end)
        .take_while(|&i| words.at(i).is_ascii_digit())
        .count();
    if numbering > 0 && matches!(words.at(begin + numbering), '.' | '、' | '．') {
        return Some(begin + numbering + 1);
    }
    if matches!(words.at(begin), ' ' | '、' | '\t' | '”' | '》' | '.') {
        return Some(begin + 1);
    }
    if words.at(begin) == '一' && words.at(begin + 1) == '是'
        || words.at(begin + 1) == '是' && "二三四五六七八九十".contains(words.at(begin))
    {
        return Some(begin + 2);
    }
    // 第三十条 of a regulation
    if words.at(begin) == '第' {
        let close = (begin + 1..(begin + 10).min(end))
            .find(|&i| words.at(i) == '条' && words.at(i + 1) == ' ')?;
        return Some(close + 1);
    }
    // （一）, 一、
    if words.at(begin + 1) == '、' && "一二三四五六七八九十".contains(words.at(begin)) {
        return Some(begin + 2);
    }
    let (word, next) = words.starts_list(begin, &LEADS)?;
    let is_whole = !(word.chars().count() == 1 && is_of_word(word, words.at(next)));
    (next < end && is_whole).then_some(next)
}

/// 新能源, 对外, 应急, 可再生, 经济: the single character begins a word.
fn is_of_word(word: &str, next: char) -> bool {
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
fn name(words: &Words, begin: usize, end: usize) -> Option<String> {
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
