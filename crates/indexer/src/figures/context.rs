//! The words beside a quantity that say how it is meant: 不超过, 同比增长, 压缩至, 以上, 左右.
//!
//! Only reads them. What follows from them is for `comparison` to say.

use std::sync::LazyLock;

use duibiao_corpus::{Bound, Direction};

use super::comparing::{AFTER, BEFORE, Says, WORDS_AFTER, WORDS_BEFORE};
use super::quantity::{Quantity, RANK_SCOPES, RANK_VERBS};
use super::unit::Kind;
use super::words::{NEAR, Words};
use crate::any_of::AnyOf;

/// How something changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) direction: Direction,
    /// 压缩 and its like: 压缩30% is a reduction, 下降30% a rate of change.
    pub(super) is_cut: bool,
}

/// 内 that belongs to the next word.
const INSIDE: &[char] = &[
    '部', '容', '设', '河', '蒙', '地', '外', '陆', '涵', '需', '贸', '环', '生', '控', '在',
];
/// How far in front of 的三分之一 the word that compares may stand.
const SHARE: usize = 20;
/// How many words in front are looked at.
const WORDS: usize = 7;

/// What the words beside a quantity say.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    /// Where the words that belong to the figure begin and end.
    pub(super) begin: usize,
    pub(super) end: usize,
    /// Where all words looked at begin: what is measured stands before.
    pub(super) outer: usize,
    /// 不超过, 至少
    pub(super) bound: Option<Bound>,
    /// 超过, 满
    pub(super) condition: Option<Bound>,
    /// 以上, 内
    pub(super) suffix: Option<Bound>,
    pub(super) about: Option<Bound>,
    pub(super) is_level: bool,
    pub(super) is_equal: bool,
    pub(super) is_to: bool,
    pub(super) change: Option<Change>,
    pub(super) is_part: bool,
    pub(super) is_yoy: bool,
    pub(super) baseline: Option<String>,
    pub(super) is_aim: bool,
    pub(super) is_term: bool,
    /// 提前三十日, 七日前
    pub(super) is_ahead: bool,
    /// 分别: each of several names has a number of its own.
    pub(super) is_each: bool,
}

impl Context {
    /// Whether a word compares or bounds, so that a weak quantity counts.
    pub(super) fn says_something(&self) -> bool {
        self.bound.is_some()
            || self.condition.is_some()
            || self.suffix.is_some()
            || self.about.is_some()
            || self.change.is_some()
            || self.is_term
            || self.is_ahead
            || self.is_to
    }

    /// Any bound, the word in front before the one behind.
    pub(super) fn any_bound(&self) -> Option<Bound> {
        self.bound.or(self.suffix).or(self.condition)
    }
}

/// Reads what stands beside a quantity; `floor` is where the figure before it ends.
pub(super) fn read(words: &Words, quantity: &Quantity, floor: usize) -> Context {
    let mut context = Context {
        begin: quantity.rate_begin,
        end: quantity.end,
        ..Context::default()
    };
    if quantity.is_more {
        context.about = Some(Bound::Above);
    }
    let from = words.clause_begin(quantity.begin, floor.max(quantity.sentence));
    in_front(words, quantity, from, &mut context);
    behind(words, quantity, &mut context);
    compared_with(words, from, &mut context);
    context
}

fn in_front(words: &Words, quantity: &Quantity, from: usize, context: &mut Context) {
    let mut at = words.skip_spaces_back(quantity.rate_begin.min(quantity.begin));
    if quantity.rate_begin < quantity.begin {
        // 每年不少于2次: words between 每年 and the number
        bound_inside(words, quantity, context);
    }
    for _ in 0..WORDS {
        let found = WORDS_BEFORE
            .ending_with(words.before(at))
            .filter(|(_, word)| words.ends(at, word) && at - word.chars().count() >= from)
            .max_by_key(|(_, word)| word.len());
        let Some((place, word)) = found else { break };
        let says = BEFORE[place].1;
        let begin = at - word.chars().count();
        // 改造提升25个机构: that is done to them
        let is_done = matches!(word, "提升" | "提高" | "优化")
            && quantity.kind == Some(Kind::Count)
            && !matches!(quantity.unit.as_str(), "位" | "名")
            && at == quantity.begin;
        let says = demanded(words, begin, says);
        if is_done || is_other_word(words, begin, word) || !context.takes(says) {
            break;
        }
        if !matches!(says, Says::Filler | Says::Is) {
            context.begin = begin;
        }
        context.is_each |= word == "分别";
        // 占比达到45%: the share itself is what is measured
        if says == Says::Part && word != "占" {
            at = begin + 2;
            break;
        }
        at = words.skip_spaces_back(begin);
    }
    // 分别新增12项和44项
    if let Some((_, begin)) = words.ends_list(at, &EACH_DID).filter(|(_, b)| *b >= from) {
        context.is_each = true;
        at = begin;
    }
    context.outer = at;
    if quantity.is_rank {
        ranked(words, at, from, context);
    }
    if quantity.kind == Some(Kind::Percent)
        && context.bound.is_none()
        && context.change.is_none()
        && !context.is_to
        && !context.is_level
        && !context.is_part
    {
        share_of(words, quantity, from, context);
    }
    let with_changes = [
        "增长", "上升", "提高", "提升", "增加", "减少", "下降", "降低",
    ];
    if context.is_to && context.change.is_none() {
        // 由27项减少到15项: the change right before 到 was not a word of the list
        if let Some((_, begin)) = words.ends_any(at, &with_changes) {
            context.outer = begin;
        }
    }
}

/// 分别 with what was done to each.
static EACH_DID: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::split("分别新增 分别新建 分别建成 分别完成 分别实现 分别发放 分别办结 分别受理 分别获得")
});

/// 排名全省 in front of 第3.
fn ranked(words: &Words, mut at: usize, from: usize, context: &mut Context) {
    for _ in 0..3 {
        let found = words
            .ends_list(at, &RANK_SCOPES)
            .or_else(|| words.ends_list(at, &RANK_VERBS));
        let Some((_, begin)) = found.filter(|(_, begin)| *begin >= from) else {
            break;
        };
        at = words.skip_spaces_back(begin);
        context.begin = begin;
    }
    context.outer = at;
}

/// 不得少于 of 不得少于选票的三分之一, 占 of 占全市的35%.
fn share_of(words: &Words, quantity: &Quantity, from: usize, context: &mut Context) {
    let from = from.max(quantity.begin.saturating_sub(SHARE));
    // 占全国18.7% says whose part it is without 的, 不得少于选票的三分之一 needs it
    let of = words.ends(quantity.begin, "的");
    // 低于规定时速百分之二十以上: the bound stands behind
    let is_bounded =
        quantity.is_between || words.starts_any(quantity.end, &["以上", "以下"]).is_some();
    let may_say = |says: Says| match says {
        Says::Bound(_) => true,
        Says::Condition(_) => of || !is_bounded,
        // 户数达到总户数百分之五十以上
        Says::Level => is_bounded,
        _ => false,
    };
    let bound = (from..quantity.begin).find_map(|at| {
        let here = WORDS_BEFORE.beginning_with(words.at(at));
        let stands = |word: &str| {
            let end = at + word.chars().count();
            end > at + 1 && end <= quantity.begin && words.starts(at, word)
        };
        here.filter(|(place, word)| may_say(BEFORE[*place].1) && stands(word))
            .max_by_key(|(_, word)| word.len())
            .map(|(place, _)| (at, BEFORE[place].1))
    });
    let may_be_part = of || context.condition.is_none();
    let is_part =
        |at: &usize| words.at(*at) == '占' && !matches!(words.at(at + 1), '道' | '地' | '用');
    let part = (from..quantity.begin)
        .rev()
        .filter(|_| may_be_part)
        .find(is_part)
        .map(|at| (at, Says::Part));
    if let Some((at, says)) = bound.or(part) {
        context.takes(demanded(words, at, says));
        context.begin = at;
        context.outer = at;
    }
}

/// 应当高于 is a limit where 高于 alone is a condition.
fn demanded(words: &Words, begin: usize, says: Says) -> Says {
    match says {
        Says::Condition(bound) if words.ends_any(begin, &["应当", "必须"]).is_some() => {
            Says::Bound(bound)
        }
        says => says,
    }
}

/// 不少于 of 每年不少于2次.
fn bound_inside(words: &Words, quantity: &Quantity, context: &mut Context) {
    let found = WORDS_BEFORE
        .ending_with(words.before(quantity.begin))
        .filter(|(_, word)| words.ends(quantity.begin, word))
        .max_by_key(|(_, word)| word.len());
    if let Some((place, _)) = found {
        context.takes(BEFORE[place].1);
    }
}

/// 附近 ends in 近 and 同意为 in 为, but they say something else.
fn is_other_word(words: &Words, begin: usize, word: &str) -> bool {
    let before = words.before(begin);
    match word {
        "近" => matches!(before, '附' | '就' | '临' | '最' | '邻'),
        "为" => matches!(before, '因' | '认' | '成' | '作' | '行' | '视' | '设'),
        "到" => matches!(before, '得' | '受' | '收' | '接' | '遇' | '看'),
        "至" => matches!(before, '甚' | '乃' | '截' | '冬' | '夏'),
        "满" => matches!(before, '圆' | '充'),
        "达" => matches!(before, '发' | '下' | '送'),
        "约" => matches!(
            before,
            '节' | '签' | '条' | '预' | '公' | '集' | '契' | '合'
        ),
        "超" => before == '赶',
        "可" => matches!(before, '许' | '认'),
        "还" => super::what::is_repaid(words, word, begin),
        "翻" => before == '推',
        _ => false,
    }
}

impl Context {
    /// Takes in one word; whether it fits the words already taken, which stand behind it.
    fn takes(&mut self, says: Says) -> bool {
        match says {
            Says::Bound(bound) => self.bound = self.bound.or(Some(bound)),
            Says::Condition(bound) => self.condition = self.condition.or(Some(bound)),
            Says::About(bound) => self.about = Some(bound),
            Says::Level => self.is_level = true,
            Says::Is => self.is_equal = true,
            Says::To => self.is_to = true,
            Says::Change(direction, is_cut) => {
                if self.change.is_some() {
                    return false;
                }
                self.change = Some(Change { direction, is_cut });
            }
            Says::Part => self.is_part = true,
            Says::Yoy => self.is_yoy = true,
            Says::Aim => self.is_aim = true,
            Says::Term => self.is_term = true,
            Says::Ahead => self.is_ahead = true,
            Says::Filler => {}
        }
        true
    }
}

fn behind(words: &Words, quantity: &Quantity, context: &mut Context) {
    let end = words.skip_spaces(quantity.end);
    let found = WORDS_AFTER
        .beginning_with(words.at(end))
        .filter(|(_, word)| words.starts(end, word))
        .max_by_key(|(_, word)| word.len());
    if let Some((place, word)) = found {
        let bound = AFTER[place].1;
        let to = end + word.chars().count();
        if word == "内" && INSIDE.contains(&words.at(to)) {
            return;
        }
        context.end = to;
        if bound == Bound::About {
            context.about = Some(Bound::About);
        } else {
            context.suffix = Some(bound);
        }
        if quantity.kind == Some(Kind::Percent)
            && context.change.is_none()
            && bound == Bound::AtLeast
        {
            grows(words, context);
        }
    } else if words.at(end) == '前' && words.at(end + 1) != '期' && is_counted_back(words, quantity)
    {
        context.end = end + 1;
        context.is_ahead = true;
    }
}

/// Whether 前 says how long before: 十日前, 期限届满三个月前, but not 三年前.
fn is_counted_back(words: &Words, quantity: &Quantity) -> bool {
    quantity.unit == "日"
        || quantity.kind == Some(Kind::Time)
            && words
                .ends_any(quantity.begin, &["届满", "期满", "提前"])
                .is_some()
}

/// 20%以上增长: the change stands behind the number.
fn grows(words: &Words, context: &mut Context) {
    let behind = ["增长", "的增长", "增速", "的增速"];
    if words.starts_any(context.end, &behind).is_some() {
        context.change = Some(Change {
            direction: Direction::Up,
            is_cut: false,
        });
    }
}

/// Words of a comparison with the year before.
static YEAR_BEFORE: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "同比",
        "比上年",
        "较上年",
        "比去年",
        "较去年",
        "上年同期",
        "去年同期",
        "比上一年",
        "较上一年",
        "较同期",
        "比同期",
        "比上年度",
    ])
});

/// 较上年同期下降, 比2015年下降.
fn compared_with(words: &Words, from: usize, context: &mut Context) {
    if context.change.is_none() && context.condition.is_none() {
        return;
    }
    let year_before = words.find_list(from, context.begin, &YEAR_BEFORE);
    context.is_yoy |= year_before.is_some();
    if context.is_yoy {
        if let Some(begin) = year_before {
            context.begin = begin;
            context.outer = context.outer.min(begin);
        }
        return;
    }
    let Some(at) = (from..context.begin)
        .rev()
        .find(|&i| matches!(words.at(i), '比' | '较'))
    else {
        return;
    };
    let baseline: String = words.slice(at + 1, context.outer).iter().collect();
    let baseline = baseline.trim();
    let is_year = baseline.starts_with(|c: char| c.is_ascii_digit()) && baseline.contains('年');
    if (is_year
        || baseline.contains("十三五")
        || baseline.contains("十四五")
        || baseline.contains("改革前")
        || baseline == "五年前")
        && baseline.chars().count() <= NEAR / 2
    {
        context.baseline = Some(baseline.to_owned());
        context.begin = at;
        context.outer = at;
    }
}
