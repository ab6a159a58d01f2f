//! Automatic list numbers as a reader sees them: 一、 （一） 1. ①.
//!
//! Lists are counted as Word counts them; it reads no file. Bullets have no text.

use std::collections::HashMap;

/// Levels a list has.
pub(crate) const LEVELS: usize = 9;

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Style {
    /// 1, 2, 3.
    #[default]
    Decimal,
    /// 01, 02, 03.
    DecimalZero,
    /// １, ２, ３.
    FullWidth,
    /// I, II, III.
    UpperRoman,
    /// i, ii, iii.
    LowerRoman,
    /// A, B, C.
    UpperLetter,
    /// a, b, c.
    LowerLetter,
    /// 一, 十一, 一百二十三.
    Chinese,
    /// 一, 一一, 一二三.
    ChineseDigits,
    /// 壹, 贰, 叁.
    Legal,
    /// 甲, 乙, 丙.
    Stems,
    /// 子, 丑, 寅.
    Branches,
    /// ①, ②, ③.
    Circled,
    /// ⑴, ⑵, ⑶.
    InParentheses,
    /// ⒈, ⒉, ⒊.
    WithFullStop,
    /// ㊀, ㊁, ㊂.
    ChineseCircled,
    /// ㈠, ㈡, ㈢.
    ChineseInParentheses,
    /// A bullet or nothing.
    Unnumbered,
}

impl Style {
    /// By its name in Office Open XML (`ST_NumberFormat`).
    pub(crate) fn by_name(name: &str) -> Self {
        match name {
            "decimalZero" => Self::DecimalZero,
            "decimalFullWidth" | "decimalFullWidth2" => Self::FullWidth,
            "upperRoman" => Self::UpperRoman,
            "lowerRoman" => Self::LowerRoman,
            "upperLetter" => Self::UpperLetter,
            "lowerLetter" => Self::LowerLetter,
            "chineseCounting"
            | "chineseCountingThousand"
            | "japaneseCounting"
            | "taiwaneseCounting"
            | "taiwaneseCountingThousand"
            | "koreanCounting" => Self::Chinese,
            "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => {
                Self::ChineseDigits
            }
            "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal" => Self::Legal,
            "ideographTraditional" => Self::Stems,
            "ideographZodiac" | "ideographZodiacTraditional" => Self::Branches,
            "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => Self::Circled,
            "decimalEnclosedParen" => Self::InParentheses,
            "decimalEnclosedFullstop" => Self::WithFullStop,
            "ideographEnclosedCircle" => Self::ChineseCircled,
            "ideographParenthesis" | "ideographEnclosedParen" => Self::ChineseInParentheses,
            "bullet" | "none" => Self::Unnumbered,
            _ => Self::Decimal,
        }
    }

    /// By its code in binary Word files (`MSONFC`).
    pub(crate) fn by_code(code: u8) -> Self {
        match code {
            1 => Self::UpperRoman,
            2 => Self::LowerRoman,
            3 => Self::UpperLetter,
            4 => Self::LowerLetter,
            11 | 33 | 35 | 37 | 39 => Self::Chinese,
            10 | 17 | 34 => Self::ChineseDigits,
            15 | 38 | 40 => Self::Legal,
            14 | 19 => Self::FullWidth,
            18 | 28 => Self::Circled,
            22 => Self::DecimalZero,
            23 | 255 => Self::Unnumbered,
            26 => Self::WithFullStop,
            27 => Self::InParentheses,
            29 => Self::ChineseCircled,
            30 => Self::Stems,
            31 | 32 => Self::Branches,
            36 => Self::ChineseInParentheses,
            _ => Self::Decimal,
        }
    }

    /// A number written this way.
    pub(crate) fn write(self, number: u32) -> String {
        let from = |first: u32, last: u32| match number {
            n if n >= 1 && first + n - 1 <= last => {
                char::from_u32(first + n - 1).map_or_else(String::new, String::from)
            }
            _ => number.to_string(),
        };
        let cycle = |names: &str| {
            let count = names.chars().count() as u32;
            let at = number.saturating_sub(1) % count;
            names.chars().skip(at as usize).take(1).collect()
        };
        match self {
            Self::Decimal => number.to_string(),
            Self::DecimalZero => format!("{number:02}"),
            Self::FullWidth => digits(number, "０１２３４５６７８９"),
            Self::UpperRoman => roman(number),
            Self::LowerRoman => roman(number).to_lowercase(),
            Self::UpperLetter => letters(number, 'A'),
            Self::LowerLetter => letters(number, 'a'),
            Self::Chinese => counted(number, "零一二三四五六七八九", "十百千万"),
            Self::ChineseDigits => digits(number, "〇一二三四五六七八九"),
            Self::Legal => counted(number, "零壹贰叁肆伍陆柒捌玖", "拾佰仟万"),
            Self::Stems => cycle("甲乙丙丁戊己庚辛壬癸"),
            Self::Branches => cycle("子丑寅卯辰巳午未申酉戌亥"),
            Self::Circled => from(0x2460, 0x2473),
            Self::InParentheses => from(0x2474, 0x2487),
            Self::WithFullStop => from(0x2488, 0x249b),
            Self::ChineseCircled => from(0x3280, 0x3289),
            Self::ChineseInParentheses => from(0x3220, 0x3229),
            Self::Unnumbered => String::new(),
        }
    }
}

/// Each digit on its own.
fn digits(number: u32, names: &str) -> String {
    let name = |c: char| names.chars().nth(c.to_digit(10)? as usize);
    number.to_string().chars().filter_map(name).collect()
}

/// With units; larger numbers than any list has are plain digits.
fn counted(number: u32, names: &str, units: &str) -> String {
    if number == 0 || number > 99_999 {
        return number.to_string();
    }
    let name = |digit: u32| names.chars().nth(digit as usize).unwrap_or('零');
    let text: Vec<u32> = number
        .to_string()
        .chars()
        .filter_map(|c| c.to_digit(10))
        .collect();
    let mut out = String::new();
    let mut gap = false;
    for (index, &digit) in text.iter().enumerate() {
        let power = text.len() - 1 - index;
        if digit == 0 {
            gap = true;
            continue;
        }
        if gap {
            out.push(name(0));
            gap = false;
        }
        // 十一 rather than 一十一, at the beginning only.
        if !(digit == 1 && power == 1 && index == 0) {
            out.push(name(digit));
        }
        if power > 0 {
            out.extend(units.chars().nth(power - 1));
        }
    }
    out
}

fn roman(number: u32) -> String {
    const VALUES: &[(u32, &str)] = &[
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number > 4_000 {
        return number.to_string();
    }
    let mut rest = number;
    let mut out = String::new();
    for &(value, name) in VALUES {
        while rest >= value {
            out.push_str(name);
            rest -= value;
        }
    }
    out
}

/// a … z, aa, bb, … as Word continues.
fn letters(number: u32, first: char) -> String {
    if number == 0 || number > 780 {
        return number.to_string();
    }
    let letter = char::from(first as u8 + ((number - 1) % 26) as u8);
    String::from(letter).repeat((number as usize - 1) / 26 + 1)
}

/// One level of a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Level {
    /// The first number.
    pub(crate) start: u32,
    /// How the number is written.
    pub(crate) style: Style,
    /// The whole label, with `%1` … `%9` for the numbers of the levels.
    pub(crate) text: String,
    /// Nothing stands between the label and the text.
    pub(crate) tight: bool,
    /// Numbers of other levels in this label are decimal.
    pub(crate) legal: bool,
}

/// A list's levels.
pub(crate) type Levels = [Level; LEVELS];

/// Counts the items of a document's lists.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    counts: HashMap<u32, [Option<u32>; LEVELS]>,
}

impl Counters {
    /// Begins a list again at a number.
    pub(crate) fn restart(&mut self, list: u32, level: usize, start: u32) {
        let counts = self.counts.entry(list).or_default();
        if let Some(count) = counts.get_mut(level) {
            *count = Some(start.saturating_sub(1));
        }
    }

    /// Counts an item of a list and gives its label with what separates it from the text.
    pub(crate) fn next(&mut self, list: u32, level: usize, levels: &Levels) -> String {
        let level = level.min(LEVELS - 1);
        let counts = self.counts.entry(list).or_default();
        let own = &levels[level];
        counts[level] = Some(counts[level].map_or(own.start, |n| n.saturating_add(1)));
        for deeper in &mut counts[level + 1..] {
            *deeper = None;
        }
        if own.style == Style::Unnumbered && !own.text.contains('%') {
            return String::new();
        }
        let mut label = String::new();
        let mut pattern = own.text.chars().peekable();
        while let Some(c) = pattern.next() {
            let referred = pattern
                .peek()
                .and_then(|d| d.to_digit(10))
                .filter(|d| c == '%' && (1..=LEVELS as u32).contains(d));
            let Some(referred) = referred else {
                label.push(c);
                continue;
            };
            pattern.next();
            let at = referred as usize - 1;
            let number = counts[at].unwrap_or(levels[at].start);
            let style = if own.legal && at != level {
                Style::Decimal
            } else {
                levels[at].style
            };
            label.push_str(&style.write(number));
        }
        // After 一、 and （一） a reader sees no blank worth keeping.
        if !own.tight && label.ends_with(|c: char| c.is_ascii()) {
            label.push(' ');
        }
        label
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_a_reader_sees_them() {
        let written = |style: &str, numbers: &[u32]| {
            let style = Style::by_name(style);
            let all: Vec<String> = numbers.iter().map(|&n| style.write(n)).collect();
            all.join(" ")
        };
        assert_eq!(
            written(
                "chineseCountingThousand",
                &[1, 10, 11, 20, 21, 105, 110, 1234]
            ),
            "一 十 十一 二十 二十一 一百零五 一百一十 一千二百三十四"
        );
        assert_eq!(written("ideographDigital", &[3, 10, 24]), "三 一〇 二四");
        assert_eq!(written("decimalEnclosedCircle", &[1, 20, 21]), "① ⑳ 21");
        assert_eq!(written("lowerRoman", &[4, 19]), "iv xix");
        assert_eq!(written("upperLetter", &[1, 27]), "A AA");
        assert_eq!(written("ideographTraditional", &[2]), "乙");
    }

    #[test]
    fn lists_count_by_level() {
        let mut levels = Levels::default();
        for (level, style, text) in [(0, "chineseCounting", "%1、"), (1, "decimal", "%1.%2")] {
            levels[level] = Level {
                start: 1,
                style: Style::by_name(style),
                text: text.to_owned(),
                ..Level::default()
            };
        }
        let mut counters = Counters::default();
        let mut labels = Vec::new();
        for level in [0, 1, 1, 0, 1] {
            labels.push(counters.next(7, level, &levels));
        }
        assert_eq!(labels, ["一、", "一.1 ", "一.2 ", "二、", "二.1 "]);
        counters.restart(7, 0, 1);
        assert_eq!(counters.next(7, 0, &levels), "一、");
    }
}
