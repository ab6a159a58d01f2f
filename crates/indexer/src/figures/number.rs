//! Numbers as documents write them: 1,324, 33. 3, 3.5万, 三十五, 百分之十, 三分之二, 三四.
//!
//! Only the number itself. Whether it counts anything is for the unit behind it to say.

use super::words::{Words, ends_clause};

/// A number and where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Read {
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) value: f64,
    /// 三四 is 3 to 4.
    pub(super) high: Option<f64>,
    /// 万 and 亿 behind the digits, multiplied; `value` does not contain it.
    pub(super) scale: f64,
    /// Written in Chinese numerals.
    pub(super) is_han: bool,
    /// 余, 多 behind it.
    pub(super) is_more: bool,
    /// 百分之, 千分之, 三分之: what the number is a part of.
    pub(super) share: Option<u32>,
    /// Two spaces or more inside, or none: `33. 3` is a number only before a percent sign.
    pub(super) is_spaced: bool,
}

/// What reading at a position gave.
pub(super) enum Reading {
    /// A number.
    Number(Read),
    /// Digits that are no number, up to here.
    Code(usize),
}

/// Reads the digits at `at`, which must hold a digit or a numeral.
pub(super) fn read(words: &Words, at: usize) -> Reading {
    if words.at(at).is_ascii_digit() {
        arabic(words, at)
    } else {
        han(words, at)
    }
}

/// Whether a number can begin with this character.
#[inline]
pub(super) fn begins(c: char) -> bool {
    c.is_ascii_digit() || is_numeral(c) || c == '半'
}

/// The same for a character that may still be of full width.
#[inline]
pub(super) fn begins_any_width(c: char) -> bool {
    begins(c) || matches!(c, '０'..='９')
}

fn arabic(words: &Words, begin: usize) -> Reading {
    let (mut value, mut at) = digits(words, begin);
    let whole = at - begin;
    // 1,324 but not 2022,135项: groups of three behind one of at most three
    let mut grouped = whole <= 3;
    while grouped && words.at(at) == ',' && is_group(words, at + 1) {
        let (group, end) = digits(words, at + 1);
        value = value * 1000.0 + group;
        at = end;
        grouped = true;
    }
    let point = words.skip_spaces(at);
    let mut is_spaced = false;
    if words.at(point) == '.' {
        let fraction = words.skip_spaces(point + 1);
        if words.at(fraction).is_ascii_digit() {
            let (_, end) = digits(words, fraction);
            is_spaced = point > at || fraction > point + 1;
            value = decimal(words, (begin, at), (fraction, end));
            at = end;
        }
    }
    // 010-12345678, 1.2.3, 20:30, A4 and the like are no numbers; nor is what no double holds
    let next = words.at(at);
    let joined = |c: char| c.is_ascii_digit() || c == '.' || c == ':' || c == '/';
    let is_code = at - begin > 15
        || is_letter(words.before(begin))
        || (joined(words.before(begin))
            && words.before(begin) != '/'
            && before_is_number(words, begin))
        || words.before(begin) == '#'
        || (matches!(next, '.' | ':' | '/') && words.at(at + 1).is_ascii_digit());
    if is_code {
        return Reading::Code(code_end(words, at));
    }
    let (scale, end, is_more) = scaled(words, at);
    Reading::Number(Read {
        begin,
        end,
        value,
        high: None,
        scale,
        is_han: false,
        is_more,
        share: None,
        is_spaced,
    })
}

/// `1.2` of `2026.1.2`: a point or colon behind another digit.
fn before_is_number(words: &Words, begin: usize) -> bool {
    begin >= 2 && words.at(begin - 2).is_ascii_digit()
}

/// Digits, letters and the signs that join them.
fn code_end(words: &Words, mut at: usize) -> usize {
    while is_letter(words.at(at))
        || words.at(at).is_ascii_digit()
        || (matches!(words.at(at), '.' | ':' | '/' | '-')
            && words.at(at + 1).is_ascii_alphanumeric())
    {
        at += 1;
    }
    at
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || c == '@'
}

fn is_group(words: &Words, at: usize) -> bool {
    (0..3).all(|i| words.at(at + i).is_ascii_digit()) && !words.at(at + 3).is_ascii_digit()
}

fn digits(words: &Words, mut at: usize) -> (f64, usize) {
    let mut value = 0.0;
    while let Some(digit) = words.at(at).to_digit(10) {
        value = value * 10.0 + f64::from(digit);
        at += 1;
    }
    (value, at)
}

/// The number as it is written, so that 35.4 is the double nearest to 35.4.
fn decimal(words: &Words, whole: (usize, usize), fraction: (usize, usize)) -> f64 {
    let text: String = words
        .slice(whole.0, whole.1)
        .iter()
        .filter(|c| c.is_ascii_digit())
        .chain(&['.'])
        .chain(words.slice(fraction.0, fraction.1))
        .take(40)
        .collect();
    text.parse().unwrap_or(0.0)
}

/// 余万, 多万, 万, 亿, 万亿, 千 behind digits: the factor, where it ends, and whether 余 or 多 was there.
fn scaled(words: &Words, at: usize) -> (f64, usize, bool) {
    let mut end = words.skip_spaces(at);
    let mut is_more = false;
    let mut scale = 1.0;
    let mut any = false;
    // 余 before or behind the factors: 300余万, 3万余
    if matches!(words.at(end), '余' | '多')
        && (factor(words, end + 1).is_some() || more_is_sure(words, end))
    {
        is_more = true;
        end += 1;
        any = true;
    }
    while let Some(by) = factor(words, end).filter(|_| scale < 1e12) {
        scale *= by;
        end += 1;
        any = true;
    }
    if any && !is_more && matches!(words.at(end), '余' | '多') && more_is_sure(words, end) {
        is_more = true;
        end += 1;
    }
    if any {
        (scale, end, is_more)
    } else {
        (1.0, at, false)
    }
}

/// 多 as in 300多家 and not as in 3多元化.
fn more_is_sure(words: &Words, at: usize) -> bool {
    words.at(at) == '余'
        || !matches!(words.at(at + 1), '元' | '样' | '种' | '边')
        || words.at(at + 2) != '化'
}

/// The factor at `at`, unless it begins a unit (千米, 百分点).
fn factor(words: &Words, at: usize) -> Option<f64> {
    let next = words.at(at + 1);
    match words.at(at) {
        '亿' => Some(1e8),
        '万' => Some(1e4),
        '千' if !matches!(next, '克' | '米' | '瓦' | '伏' | '卡' | '帕' | '赫' | '字') => {
            Some(1e3)
        }
        '百' if next != '分' => Some(1e2),
        _ => None,
    }
}

#[inline]
fn is_numeral(c: char) -> bool {
    numeral(c).is_some() || matches!(c, '十' | '百' | '千' | '万' | '亿')
}

#[inline]
fn numeral(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' | '○' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// The run of numerals from `begin`.
fn run_end(words: &Words, begin: usize) -> usize {
    let mut end = begin;
    while is_numeral(words.at(end)) {
        end += 1;
    }
    end
}

/// The whole number of the numerals at `begin`, and where they end: 三 of 第三位.
pub(super) fn han_whole(words: &Words, begin: usize) -> (Option<f64>, usize) {
    let end = run_end(words, begin);
    let value = amount(words.slice(begin, end)).filter(|(_, high)| high.is_none());
    (value.map(|(value, _)| value), end)
}

fn han(words: &Words, begin: usize) -> Reading {
    if words.at(begin) == '半' {
        return Reading::Number(plain(begin, begin + 1, 0.5));
    }
    let end = run_end(words, begin);
    if words.starts(end, "分之") {
        return share(words, begin, end);
    }
    // 第三十条, 二〇一七 and 万家灯火 are no amounts
    if words.before(begin) == '第' {
        return Reading::Code(end);
    }
    let Some((value, high)) = amount(words.slice(begin, end)) else {
        return Reading::Code(end);
    };
    if let Some((value, end)) = han_decimal(words, end, value).filter(|_| high.is_none()) {
        return Reading::Number(plain(begin, end, value));
    }
    let mut read = Read {
        high,
        ..plain(begin, end, value)
    };
    if matches!(words.at(end), '余' | '多') && value >= 10.0 {
        read.is_more = true;
        read.end += 1;
        if matches!(words.at(read.end), '万' | '亿') {
            read.scale = if words.at(read.end) == '万' {
                1e4
            } else {
                1e8
            };
            read.end += 1;
        }
    } else if words.at(end) == '几' && value >= 10.0 {
        read.is_more = true;
        read.end += 1;
    }
    Reading::Number(read)
}

fn plain(begin: usize, end: usize, value: f64) -> Read {
    Read {
        begin,
        end,
        value,
        high: None,
        scale: 1.0,
        is_han: true,
        is_more: false,
        share: None,
        is_spaced: false,
    }
}

/// 一点五 of 一点五米, but not 九点三十分, 三点一刻.
fn han_decimal(words: &Words, at: usize, whole: f64) -> Option<(f64, usize)> {
    if words.at(at) != '点' || numeral(words.at(at + 1)).is_none() {
        return None;
    }
    let (fraction, end) = han_fraction(words, at + 1);
    let is_clock = matches!(
        words.at(end),
        '十' | '百' | '分' | '刻' | '半' | '点' | '线'
    );
    (!is_clock).then_some((whole + fraction, end))
}

/// 百分之三十五, 百分之五十点五, 三分之二, 千分之一.
fn share(words: &Words, begin: usize, end: usize) -> Reading {
    let from = end + 2;
    let of = match amount(words.slice(begin, end)) {
        Some((of, None)) if (2.0..=10_000.0).contains(&of) => of as u32,
        _ => match words.slice(begin, end) {
            ['百'] => 100,
            ['千'] => 1000,
            ['万'] => 10_000,
            _ => return Reading::Code(end),
        },
    };
    let (value, to) = if words.at(from).is_ascii_digit() {
        match arabic(words, from) {
            Reading::Number(read) if read.scale == 1.0 => (read.value, read.end),
            _ => return Reading::Code(from),
        }
    } else {
        let to = run_end(words, from);
        let Some(value) = whole_of_share(words.slice(from, to)) else {
            return Reading::Code(to.max(from));
        };
        if words.at(to) == '点' && numeral(words.at(to + 1)).is_some() {
            let (fraction, to) = han_fraction(words, to + 1);
            (value + fraction, to)
        } else {
            (value, to)
        }
    };
    let upper = upper_share(words, to).filter(|(high, _)| *high > value);
    Reading::Number(Read {
        share: Some(of),
        high: upper.map(|(high, _)| high),
        ..plain(begin, upper.map_or(to, |(_, end)| end), value)
    })
}

/// 七十 of 百分之六十至七十, and where it ends.
fn upper_share(words: &Words, at: usize) -> Option<(f64, usize)> {
    let is_sign = matches!(words.at(at), '至' | '到' | '-' | '—' | '~');
    let end = run_end(words, at + 1);
    let closes = matches!(words.at(end), '的' | '以') || ends_clause(words.at(end));
    let value = whole_of_share(words.slice(at + 1, end)).filter(|_| is_sign && closes)?;
    Some((value, end))
}

/// 一百 of 百分之一百, 百 of 百分之百.
fn whole_of_share(chars: &[char]) -> Option<f64> {
    match chars {
        ['百'] => Some(100.0),
        _ => amount(chars)
            .filter(|(_, high)| high.is_none())
            .map(|(value, _)| value),
    }
}

/// The digits behind 点, at most nine of them.
fn han_fraction(words: &Words, begin: usize) -> (f64, usize) {
    let mut at = begin;
    let (mut value, mut unit) = (0.0, 1.0);
    while let Some(digit) = numeral(words.at(at)).filter(|_| at < begin + 9) {
        value = value * 10.0 + f64::from(digit);
        unit *= 10.0;
        at += 1;
    }
    (value / unit, at)
}

/// The value of numerals in words; of 三四 the second is the upper end. `None` for digits in a row
/// (二〇一七) and for factors without a digit (百家企业).
fn amount(chars: &[char]) -> Option<(f64, Option<f64>)> {
    if chars.is_empty() || chars.len() > 16 {
        return None;
    }
    let only_digits: Option<Vec<u32>> = chars.iter().map(|&c| numeral(c)).collect();
    if let Some(digits) = only_digits {
        return match digits.as_slice() {
            [one] => Some((f64::from(*one), None)),
            [a, b] if b == &(a + 1) && *a > 0 => Some((f64::from(*a), Some(f64::from(*b)))),
            _ => None,
        };
    }
    let (mut total, mut section, mut digit): (f64, f64, Option<u32>) = (0.0, 0.0, None);
    let mut last_factor = 0.0;
    for (index, &c) in chars.iter().enumerate() {
        if let Some(value) = numeral(c) {
            if digit.is_some_and(|d| d != 0) {
                return None;
            }
            digit = Some(value);
            continue;
        }
        match c {
            '十' | '百' | '千' => {
                let factor = match c {
                    '十' => 10.0,
                    '百' => 100.0,
                    _ => 1000.0,
                };
                let count = match digit.take() {
                    Some(count) if count > 0 => f64::from(count),
                    // 十二, 一百一十: only ten stands without a digit
                    _ if c == '十' && (index == 0 || section > 0.0 || total > 0.0) => 1.0,
                    _ => return None,
                };
                section += count * factor;
                last_factor = factor;
            }
            _ => {
                section += f64::from(digit.take().unwrap_or(0));
                let factor = if c == '万' { 1e4 } else { 1e8 };
                let base = if section > 0.0 { section } else { total };
                if base == 0.0 {
                    return None;
                }
                if section > 0.0 {
                    total += section * factor;
                } else {
                    total *= factor;
                }
                section = 0.0;
                last_factor = factor;
            }
        }
    }
    if let Some(rest) = digit {
        // 三千五 is 3500, 三千零五 is 3005
        let zero = chars.len() >= 2 && matches!(chars[chars.len() - 2], '零' | '〇' | '○');
        section += f64::from(rest)
            * if zero || last_factor <= 10.0 {
                1.0
            } else {
                last_factor / 10.0
            };
    }
    Some((total + section, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<f64> {
        let words = Words::new(text);
        match read(&words, 0) {
            Reading::Number(read) => Some(read.value * read.scale),
            Reading::Code(_) => None,
        }
    }

    #[test]
    fn numbers_are_read_however_they_are_written() {
        let cases = [
            ("26件", 26.0),
            ("１３２４家", 1324.0),
            ("1,324家", 1324.0),
            ("12,345,678元", 12_345_678.0),
            ("35.4%", 35.4),
            ("33. 3%", 33.3),
            ("7.8万户", 78_000.0),
            ("300余万元", 3_000_000.0),
            ("3万余人", 30_000.0),
            ("1.2万亿元", 1.2e12),
            ("三十五家", 35.0),
            ("一百二十名", 120.0),
            ("一百零五名", 105.0),
            ("三千五百元", 3500.0),
            ("二十万元", 200_000.0),
            ("一亿二千万元", 120_000_000.0),
            ("两个", 2.0),
            ("半年", 0.5),
            ("十二项", 12.0),
            ("百分之三十五", 35.0),
            ("百分之零点五", 0.5),
            ("百分之100", 100.0),
            ("三分之二", 2.0),
            ("2000千克", 2000.0),
            ("3百分点", 3.0),
        ];
        for (text, expected) in cases {
            assert_eq!(value(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn digits_that_are_names_are_no_numbers() {
        for text in [
            "二〇一七年",
            "万家灯火",
            "百名外商",
            "010-12345",
            "1.2.3",
            "20:30",
            "千家万户",
        ] {
            let words = Words::new(text);
            let is_number = matches!(read(&words, 0), Reading::Number(r) if r.end > 3);
            assert!(!is_number, "{text}");
        }
    }

    #[test]
    fn thousands_are_grouped_by_three_only() {
        assert_eq!(value("2022,135项"), Some(2022.0));
        assert_eq!(value("12,34项"), Some(12.0));
    }
}
