//! Reading dates out of words: which days, in Arabic and Chinese numerals. What a day means for a
//! document is decided in `dates`.

use std::ops::Range;
use std::sync::LazyLock;

use duibiao_corpus::PartialDate;
use regex::Regex;

/// A date and where it stands in the text it was searched in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dated {
    pub(crate) date: PartialDate,
    pub(crate) bytes: Range<usize>,
}

/// 2017年3月21日, 二○一七年三月二十一日, 2017-03-21, 2017/3/21, 2017.3.21, with spaces inside.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<y>(?:19|20)\d\d|[一二][〇○ＯOΟ零一二三四五六七八九]{3})\s?年\s?(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})\s?月\s?(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s{0,3}日
        |(?P<iy>(?:19|20)\d\d)(?:-|/|\.)(?P<im>\d{1,2})(?:-|/|\.)(?P<id>\d{1,2})",
    )
    .expect("a constant pattern")
});

/// 2014年7月, 二〇一四年七月, with no day behind it.
static MONTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?P<y>(?:19|20)\d\d|[一二][〇○ＯOΟ零一二三四五六七八九]{3})\s?年\s?(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})\s?月(?:份)?",
    )
    .expect("a constant pattern")
});

/// Every date in `words`, in order.
pub(crate) fn dates_in(words: &str) -> Vec<Dated> {
    if !may_have_date(words) {
        return Vec::new();
    }
    let number = |text: &str| text.parse::<u32>().ok().or_else(|| han_number(text));
    DATE.captures_iter(words)
        .filter_map(|found| {
            let get = |a: &str, b: &str| {
                found
                    .name(a)
                    .or_else(|| found.name(b))
                    .and_then(|m| number(m.as_str()))
            };
            let (year, month, day) = (get("y", "iy")?, get("m", "im")?, get("d", "id")?);
            let date = jiff::civil::Date::new(
                year.try_into().ok()?,
                month.try_into().ok()?,
                day.try_into().ok()?,
            )
            .ok()?;
            let date = PartialDate {
                year: date.year(),
                month: Some(date.month() as u8),
                day: Some(date.day() as u8),
            };
            Some(Dated {
                date,
                bytes: found.get(0)?.range(),
            })
        })
        .collect()
}

/// Whether `words` have a sign that no date can do without.
fn may_have_date(words: &str) -> bool {
    words.contains('年')
        || words.contains(['-', '/', '.']) && words.contains(|c: char| c.is_ascii_digit())
}

/// Every date in `words` as precise as it is stated: days, and months that have no day behind them.
pub(crate) fn days_and_months_in(words: &str) -> Vec<Dated> {
    let mut found = dates_in(words);
    if !words.contains('年') {
        return found;
    }
    let number = |text: &str| text.parse::<u32>().ok().or_else(|| han_number(text));
    for month in MONTH.captures_iter(words) {
        let Some(whole) = month.get(0).map(|m| m.range()) else {
            continue;
        };
        let has_day = words[whole.end..]
            .trim_start()
            .starts_with(|c: char| c.is_ascii_digit() || HAN_DIGITS.contains(c));
        let part = |name| month.name(name).and_then(|m| number(m.as_str()));
        let (Some(year), Some(m)) = (part("y"), part("m").filter(|m| (1..=12).contains(m))) else {
            continue;
        };
        if !has_day && !found.iter().any(|d| d.bytes.start == whole.start) {
            let date = PartialDate {
                year: year as i16,
                month: Some(m as u8),
                day: None,
            };
            found.push(Dated { date, bytes: whole });
        }
    }
    found.sort_by_key(|d| d.bytes.start);
    found
}

const HAN_DIGITS: &str = "一二三四五六七八九十";

/// 二〇一七 as digits, or a number up to 99 in words.
pub(crate) fn han_number(text: &str) -> Option<u32> {
    let digit = |c: char| {
        "零一二三四五六七八九"
            .chars()
            .position(|d| d == c || (d == '零' && "〇○ＯOΟ".contains(c)))
            .map(|d| d as u32)
    };
    if text.chars().count() == 4 {
        return text
            .chars()
            .try_fold(0, |number, c| Some(number * 10 + digit(c)?));
    }
    match text.split_once('十') {
        Some((tens, units)) => {
            let tens = if tens.is_empty() {
                1
            } else {
                digit(tens.chars().next()?)?
            };
            Some(tens * 10 + units.chars().next().map_or(Some(0), digit)?)
        }
        None => text.chars().next().and_then(digit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_numeral() {
        let cases = [
            ("2017年3月21日", "2017-03-21"),
            ("二○一六年五月十二日", "2016-05-12"),
            ("二〇一一年十二月三十一日", "2011-12-31"),
            ("2023年05月18日", "2023-05-18"),
            ("2026-02-02", "2026-02-02"),
            ("2019 年 1 月 9 日", "2019-01-09"),
        ];
        for (text, expected) in cases {
            assert_eq!(
                dates_in(text)
                    .iter()
                    .map(|d| d.date.to_string())
                    .collect::<Vec<_>>(),
                [expected],
                "{text}"
            );
        }
        assert!(dates_in("2017年2月30日，第2017.13.1号").is_empty());
        let months: Vec<String> = days_and_months_in("二〇一四年七月，2018年11月，2018年3月2日")
            .iter()
            .map(|d| d.date.to_string())
            .collect();
        assert_eq!(months, ["2014-07", "2018-11", "2018-03-02"]);
    }
}
