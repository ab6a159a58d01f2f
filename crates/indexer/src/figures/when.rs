//! Dates and parts of the year as they are written, and whether something is to be done by them.

use std::ops::Range;
use std::sync::LazyLock;

use duibiao_corpus::{DeadlineAnchor, PartialDate};
use regex::{Captures, Regex};

use super::anchor::Anchor;
use crate::any_of::AnyOf;

/// A date or a part of the year, with the words that make it an end.
static WHEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?:(?P<y>(?:19|20)[0-9]{2})\s?年|(?P<r>今年|本年度|本年|明年|后年|当年|每年|次年|翌年))\s?
            (?:(?P<m>[0-9]{1,2}|[一二三四五六七八九十]{1,2})\s?月\s?份?(?:(?P<d>[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s?日)?)?
            (?P<e>年?底|年?末|上半年|下半年|第?[一二三四1-4]季度|[春夏秋冬]季)?末?(?P<b>之前|以前|前|之内|内)?
        |(?P<m2>[0-9]{1,2}|[一二三四五六七八九十]{1,2})\s?月\s?份?(?:(?P<d2>[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s?日(?P<b2>之前|以前|前)|(?P<e2>底|末)(?P<b3>之前|以前|前)?)
        |(?P<e4>年底|年末|年内|上半年|下半年|第?[一二三四]季度)末?(?P<b4>之前|以前|前|内)?",
    )
    .expect("a constant pattern")
});

/// How far before the first 年, 月 or 季 of a date it begins at most, and how far behind it ends, in
/// characters: 2017 年12 月 份31 日第一季度末之前.
const BEFORE_KEY: usize = 6;
const BEHIND_KEY: usize = 30;

/// Whether what stands beside 年, 月 or 季 may be of a date.
fn may_be_date(words: &str, key: usize, sign: &str) -> bool {
    let before = &words[..key];
    let behind = &words[key + sign.len()..];
    let bare = before.strip_suffix(char::is_whitespace).unwrap_or(before);
    let Some(last) = bare.chars().next_back() else {
        return sign == "年" && behind.starts_with(['底', '末', '内']);
    };
    match sign {
        "年" => {
            last.is_ascii_digit()
                || matches!(
                    last,
                    '今' | '本' | '明' | '后' | '当' | '每' | '次' | '翌' | '半'
                )
                || behind.starts_with(['底', '末', '内'])
        }
        "月" => last.is_ascii_digit() || "一二三四五六七八九十".contains(last),
        _ => "一二三四".contains(last),
    }
}

/// Words in front of a date that make it something else than an end.
static NO_END: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "截至",
        "截止",
        "截止到",
        "截止至",
        "截至到",
        "自",
        "从",
        "比",
        "较",
        "较之",
        "与",
        "早在",
        "由",
        "同",
        "超",
        "于20",
        "相比",
        "对",
        "《",
        "始于",
        "起",
        "过去",
        "较去年",
        "比去年",
        "持平",
        "以",
    ])
});
/// Words in front of a date without 前 that make it an end.
static LEADS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "到",
        "至",
        "力争",
        "确保",
        "争取",
        "计划",
        "预计",
        "力争到",
        "于",
        "在",
        "并于",
        "将于",
        "拟于",
        "计划于",
        "确保在",
        "力争在",
        "力争于",
        "预计到",
        "，到",
        "用到",
    ])
});
/// Words behind a date that say something is to be finished then.
static FINISH: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "完成",
        "建成",
        "实现",
        "投产",
        "通车",
        "竣工",
        "交付",
        "投运",
        "启用",
        "达产",
        "全面",
        "基本",
        "全部",
        "达到",
        "前",
        "整改",
        "形成",
        "投入使用",
        "主体完工",
        "统一",
        "出台",
        "印发",
        "办结",
        "上线",
        "取得",
    ])
});
/// Words that say a clause speaks of what is to come.
static TO_COME: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "将", "力争", "确保", "争取", "计划", "预计", "拟", "要", "目标", "列入",
    ])
});
/// Those that say it behind the date as well.
static TO_COME_BEHIND: LazyLock<AnyOf> =
    LazyLock::new(|| AnyOf::new(&["将", "力争", "确保", "争取", "计划", "预计"]));
/// Words behind a date that say it is past.
static PAST: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "已",
        "以来",
        "起",
        "建成的",
        "出生",
        "的",
        "受理的",
        "，已",
        "就",
        "全市已",
        "共",
        "注册",
        "登记",
        "参加工作",
        "批准",
        "购买",
        "取得的",
        "签订",
        "形成的",
        "发生",
        "认定",
        "入住",
        "进户",
        "交付的",
        "颁布",
        "公布",
        // 今年前三季度: data, and no end
        "三季度",
        "三个季度",
        "两个季度",
    ])
});

/// A date as it is written.
#[derive(Debug, Default)]
pub(super) struct When {
    pub(super) at: Range<usize>,
    year: Option<i16>,
    /// 今年, 明年, 每年
    relative: Option<String>,
    month: Option<u8>,
    day: Option<u8>,
    /// 底, 上半年, 春季
    part: Option<String>,
    is_before: bool,
}

impl When {
    /// Every date of a text, in order. The pattern is tried only around 年, 月 and 季, for each date
    /// has one of them, and only where what stands beside it may be of a date.
    pub(super) fn all(words: &str) -> impl Iterator<Item = Self> + '_ {
        let mut free = 0;
        let keys = words.match_indices(['年', '月', '季']);
        let found = keys.filter_map(move |(key, sign)| {
            if key < free || !may_be_date(words, key, sign) {
                return None;
            }
            let begin = tail(&words[free..key], BEFORE_KEY).len();
            let near = &words[key - begin..];
            let near = head(near, BEFORE_KEY + BEHIND_KEY);
            let captures = WHEN.captures(near)?;
            let at = captures.get(0)?.range();
            // One that begins behind the key is that of another key, and maybe not whole here.
            if at.start > begin {
                return None;
            }
            free = key - begin + at.end;
            Some(Self::read(words, key - begin, &captures))
        });
        found.flatten()
    }

    /// Of what the pattern found, counted from byte `from` of the text.
    fn read(words: &str, from: usize, captures: &Captures<'_>) -> Option<Self> {
        let get = |names: &[&str]| {
            names
                .iter()
                .find_map(|name| captures.name(name))
                .map(|m| m.as_str())
        };
        let at = captures.get(0)?.range();
        let at = from + at.start..from + at.end;
        let when = Self {
            year: get(&["y"]).and_then(|y| y.parse().ok()),
            relative: get(&["r"]).map(str::to_owned),
            month: get(&["m", "m2"]).and_then(small),
            day: get(&["d", "d2"]).and_then(small),
            part: get(&["e", "e2", "e4"]).map(str::to_owned),
            is_before: get(&["b", "b2", "b3", "b4"]).is_some(),
            at,
        };
        let has_digit = words[..when.at.start].ends_with(|c: char| {
            c.is_ascii_digit() || "一二两三四五六七八九十半数几个〇".contains(c)
        });
        (!has_digit).then_some(when)
    }

    /// Whether something is to be done by then.
    pub(super) fn is_end(&self, words: &str, anchor: &Anchor) -> bool {
        let before = tail(&words[..self.at.start], 30);
        let after = head(&words[self.at.end..], 24);
        let clause = before
            .rsplit(['。', '；', ';', '\n', '，', ','])
            .next()
            .unwrap_or_default();
        if NO_END.ends(before) || in_title(before) {
            return false;
        }
        if PAST.begins(after)
            || after.starts_with(['-', '—', '～', '~', '至', '（']) && !self.is_before
        {
            return false;
        }
        let next = head(after, 10);
        let clause_after = next
            .split(['。', '；', ';', '\n'])
            .next()
            .unwrap_or_default();
        if clause_after.contains('已') && !clause_after.contains("未") {
            return false;
        }
        let led = LEADS.ends(before);
        let comes = TO_COME.is_in(clause) || TO_COME_BEHIND.is_in(clause_after);
        let first = next
            .split(['。', '；', ';', '\n', '，', ','])
            .next()
            .unwrap_or_default();
        let finishes = FINISH.is_in(first);
        let is_old =
            matches!((self.year, anchor.of_document), (Some(year), Some(now)) if year < now);
        let is_later =
            matches!((self.year, anchor.of_document), (Some(year), Some(now)) if year > now);
        if is_old || self.relative.as_deref() == Some("当年") {
            return false;
        }
        if self.is_before {
            let is_inside = words[..self.at.end].ends_with('内');
            return !is_inside || finishes || led || comes;
        }
        let from_on = clause.contains(['从', '由', '自']) && clause.ends_with(['到', '至']);
        match (&self.part, self.month) {
            _ if from_on => false,
            // 年底考评 is a name
            (Some(part), None)
                if part.ends_with(['底', '末'])
                    && self.year.is_none()
                    && self.relative.is_none() =>
            {
                led
            }
            (Some(part), _) if part.ends_with(['底', '末']) => {
                led || comes
                    || finishes && (is_later || self.year.is_none() && self.relative.is_some())
            }
            (Some(part), _) if part == "年内" => finishes || comes,
            (Some(_), _) if self.year.is_none() && self.relative.is_none() => false,
            (Some(_), _) => {
                (is_later || self.relative.as_deref() == Some("明年")) && !clause.ends_with('比')
                    || comes && finishes
            }
            (None, None) if self.year.is_some() => {
                before.ends_with('到') && !before.ends_with("得到") && !before.ends_with("达到")
                    || (led || comes) && finishes && is_later && !before.ends_with(['于', '在'])
            }
            (None, Some(_)) => {
                self.year.is_some() && (comes && finishes && is_later || before.ends_with('到'))
            }
            _ => false,
        }
    }

    /// Whether it comes every year: a rule names no year for 4月30日前, and what is done 每年 has none.
    pub(super) fn comes_again(&self, words: &str, is_rules: bool) -> bool {
        const AGAIN: &[&str] = &["每年", "每两年", "每三年", "每学年", "当年的", "上一年度"];
        let is_open = self.year.is_none() && self.relative.is_none();
        let before = tail(&words[..self.at.start], 40);
        let sentence = before.rsplit(['。', '；', ';', '\n']).next();
        is_open
            && (is_rules
                || AGAIN
                    .iter()
                    .any(|word| sentence.unwrap_or_default().contains(word)))
    }

    /// The last day on which it is met, and what the year was counted from.
    pub(super) fn resolve(&self, anchor: &Anchor) -> (Option<PartialDate>, Option<DeadlineAnchor>) {
        let (year, kind) = match (self.year, self.relative.as_deref()) {
            (Some(year), _) => (Some(year), Some(DeadlineAnchor::Stated)),
            (None, Some("每年" | "当年" | "次年" | "翌年")) => (None, None),
            (None, Some("明年")) => (anchor.year.map(|y| y + 1), anchor.kind),
            (None, Some("后年")) => (anchor.year.map(|y| y + 2), anchor.kind),
            (None, Some(_)) => (anchor.year, anchor.kind),
            // 3月底前 in a text of December is another year's
            (None, None) => {
                let is_past =
                    matches!((self.month, anchor.month), (Some(month), Some(now)) if month < now);
                let unsure = self.month.is_some() && anchor.kind == Some(DeadlineAnchor::Drafted);
                (anchor.year.filter(|_| !is_past && !unsure), anchor.kind)
            }
        };
        let date = year.and_then(|year| self.last_day(year));
        (date, kind.filter(|_| date.is_some()))
    }

    fn last_day(&self, year: i16) -> Option<PartialDate> {
        let month = match (self.month, self.part.as_deref()) {
            (Some(month), _) => month,
            (None, Some(part)) => last_month(part),
            (None, None) => 12,
        };
        match self.day {
            Some(day) => whole(year, month, day),
            None => month_end(year, month),
        }
    }
}

/// The last month of a part of the year.
fn last_month(part: &str) -> u8 {
    let quarter = |c: char| part.contains(c);
    match part {
        "上半年" => 6,
        _ if part.ends_with("季度") && (quarter('一') || quarter('1')) => 3,
        _ if part.ends_with("季度") && (quarter('二') || quarter('2')) => 6,
        _ if part.ends_with("季度") && (quarter('三') || quarter('3')) => 9,
        "春季" => 5,
        "夏季" => 8,
        "秋季" => 11,
        _ => 12,
    }
}

pub(super) fn whole(year: i16, month: u8, day: u8) -> Option<PartialDate> {
    let date = jiff::civil::Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    Some(PartialDate {
        year: date.year(),
        month: Some(date.month() as u8),
        day: Some(date.day() as u8),
    })
}

pub(super) fn month_end(year: i16, month: u8) -> Option<PartialDate> {
    let first = jiff::civil::Date::new(year, month.try_into().ok()?, 1).ok()?;
    whole(year, month, first.last_of_month().day() as u8)
}

/// 7, 十二, 三十一.
pub(super) fn small(text: &str) -> Option<u8> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digit = |c: char| {
        "零一二三四五六七八九"
            .chars()
            .position(|d| d == c)
            .map(|d| d as u8)
    };
    match text.split_once('十') {
        Some((tens, units)) => {
            let tens = match tens.chars().next() {
                Some(c) => digit(c)?,
                None => 1,
            };
            Some(tens * 10 + units.chars().next().map_or(Some(0), digit)?)
        }
        None => text.chars().next().and_then(digit),
    }
}

/// Whether a title in 《 is still open.
fn in_title(before: &str) -> bool {
    before
        .rfind('《')
        .is_some_and(|open| !before[open..].contains('》'))
}

/// The first characters of a text.
pub(super) fn head(text: &str, chars: usize) -> &str {
    text.char_indices()
        .nth(chars)
        .map_or(text, |(at, _)| &text[..at])
}

/// The last characters of a text.
pub(super) fn tail(text: &str, chars: usize) -> &str {
    text.char_indices()
        .rev()
        .nth(chars.saturating_sub(1))
        .map_or(text, |(at, _)| &text[at..])
}
