//! Number formats: dates, percentages and decimals as a sheet displays them.
//!
//! No colours, conditions, fractions or currencies: such numbers are shown plain.

use std::collections::HashMap;

use crate::ExtractError;
use crate::xml::{Node, walk};

/// The formats of a workbook's cells.
#[derive(Debug, Default)]
pub(super) struct Formats {
    /// Format of each cell style.
    styles: Vec<u32>,
    custom: HashMap<u32, String>,
    /// Days are counted from 1904.
    pub(super) from_1904: bool,
}

impl Formats {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, ExtractError> {
        let mut formats = Self::default();
        let mut in_cells = false;
        walk(bytes, &mut |node| {
            match node {
                Node::Open(element) => {
                    let id = element.attribute("numFmtId").and_then(|id| id.parse().ok());
                    match element.name() {
                        "cellXfs" => in_cells = true,
                        "numFmt" => {
                            let code = element.attribute("formatCode").unwrap_or_default();
                            formats.custom.extend(id.map(|id| (id, code)));
                        }
                        "xf" if in_cells => formats.styles.push(id.unwrap_or(0)),
                        _ => {}
                    }
                }
                Node::Close("cellXfs") => in_cells = false,
                _ => {}
            }
            Ok(())
        })?;
        Ok(formats)
    }

    /// A number in the format of a cell style.
    pub(super) fn shown(&self, value: &str, style: usize) -> String {
        let Ok(number) = value.trim().parse::<f64>() else {
            return value.to_owned();
        };
        let id = self.styles.get(style).copied().unwrap_or(0);
        let code = match self.custom.get(&id) {
            Some(code) => code.as_str(),
            None => built_in(id),
        };
        if is_date(code) {
            return self.date(number, code).unwrap_or_else(|| plain(number));
        }
        let section = code.split(';').next().unwrap_or_default();
        let decimals = section.split_once('.').map_or(0, |(_, after)| {
            after.chars().take_while(|c| *c == '0').count()
        });
        if section.contains('%') {
            format!("{:.decimals$}%", number * 100.0)
        } else if section.contains('0') && !section.contains(['E', 'e', '?', '"', '/']) {
            let grouped = section.contains("#,##0");
            let fixed = format!("{number:.decimals$}");
            if grouped { thousands(&fixed) } else { fixed }
        } else {
            plain(number)
        }
    }

    /// A day's number as its format writes it; none for numbers that are no days.
    fn date(&self, number: f64, code: &str) -> Option<String> {
        let days = number + if self.from_1904 { 1462.0 } else { 0.0 };
        if !(0.0..2_958_466.0).contains(&days) {
            return None;
        }
        let seconds = (days.fract() * 86_400.0).round() as u64;
        let (carry, seconds) = (seconds / 86_400, seconds % 86_400);
        let (year, month, day) = civil(days as u64 + carry);
        Some(write(code, &[year, month, day], seconds))
    }
}

/// Codes of the formats that have none in the file, the Chinese ones of 27–58 included.
fn built_in(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        9 => "0%",
        10 => "0.00%",
        14 => "yyyy/m/d",
        15 => "d-m-yy",
        16 => "m/d",
        17 => "yyyy/m",
        18..=21 | 32 | 33 | 45..=47 => "h:mm:ss",
        22 => "yyyy/m/d h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
        30 => "m-d-yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        _ => "",
    }
}

/// Letters of a format outside quotes, escapes and brackets.
fn tokens(code: &str) -> Vec<(char, usize, bool)> {
    let mut out: Vec<(char, usize, bool)> = Vec::new();
    let mut characters = code.split(';').next().unwrap_or_default().chars();
    let (mut quoted, mut bracketed) = (false, false);
    while let Some(c) = characters.next() {
        match c {
            '"' => quoted = !quoted,
            '[' if !quoted => bracketed = true,
            ']' if !quoted => bracketed = false,
            _ if bracketed => {}
            '\\' if !quoted => out.extend(characters.next().map(|c| (c, 1, true))),
            '@' | '_' | '*' if !quoted => {}
            c => {
                let lower = c.to_ascii_lowercase();
                match out.last_mut() {
                    Some((last, count, false)) if !quoted && *last == lower => *count += 1,
                    _ => out.push((if quoted { c } else { lower }, 1, quoted)),
                }
            }
        }
    }
    out
}

fn is_date(code: &str) -> bool {
    let general = code.to_ascii_lowercase().contains("general");
    !general
        && tokens(code)
            .iter()
            .any(|&(c, _, literal)| !literal && "ymdh".contains(c))
}

fn write(code: &str, date: &[u64; 3], seconds: u64) -> String {
    let tokens = tokens(code);
    let mut out = String::new();
    let mut after_hours = false;
    for (index, &(c, count, literal)) in tokens.iter().enumerate() {
        let before_seconds = || {
            let next = tokens[index + 1..]
                .iter()
                .find(|(c, _, l)| !l && c.is_alphabetic());
            next.is_some_and(|(c, ..)| *c == 's')
        };
        let value = match c {
            _ if literal => None,
            'y' if count <= 2 => Some(date[0] % 100),
            'y' => Some(date[0]),
            'm' if after_hours || before_seconds() => Some(seconds / 60 % 60),
            'm' => Some(date[1]),
            // Names of weekdays are not written.
            'd' if count <= 2 => Some(date[2]),
            'd' | 'a' => continue,
            'h' => Some(seconds / 3600),
            's' => Some(seconds % 60),
            _ => None,
        };
        match value {
            Some(value) if count >= 2 => out.push_str(&format!("{value:02}")),
            Some(value) => out.push_str(&value.to_string()),
            None => out.extend(std::iter::repeat_n(c, count)),
        }
        if value.is_some() {
            after_hours = c == 'h';
        }
    }
    out.trim().to_owned()
}

/// The date of a day's number, 1 being 1 January 1900 and 60 a day that never was.
fn civil(number: u64) -> (u64, u64, u64) {
    let days = if number < 60 { number + 1 } else { number };
    // Days from 1 March of the year 0; 693899 of them lie before 30 December 1899 is day 0.
    let days = days + 693_899;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// `1,234,567.89`
fn thousands(number: &str) -> String {
    let whole = number.find('.').unwrap_or(number.len());
    let mut out = String::new();
    for (at, c) in number.char_indices() {
        let left = whole.saturating_sub(at);
        let digits_before = number[..at].ends_with(|c: char| c.is_ascii_digit());
        if at < whole && left % 3 == 0 && digits_before {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// As a cell without a format shows it: fifteen digits, no more of which are sure.
fn plain(number: f64) -> String {
    let sure: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    sure.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        assert_eq!(civil(1), (1900, 1, 1));
        assert_eq!(civil(61), (1900, 3, 1));
        assert_eq!(civil(45_292), (2024, 1, 1));
        assert_eq!(civil(45_351), (2024, 2, 29));
    }

    #[test]
    fn numbers_are_shown_in_their_format() {
        let shown = |code: &str, value: &str| {
            let formats = Formats {
                styles: vec![200],
                custom: HashMap::from([(200, code.to_owned())]),
                from_1904: false,
            };
            formats.shown(value, 0)
        };
        assert_eq!(shown("yyyy\\-mm\\-dd;@", "45292"), "2024-01-01");
        assert_eq!(shown("yyyy/m/d h:mm", "45292.5"), "2024/1/1 12:00");
        assert_eq!(shown("[$-804]yyyy\"年\"m\"月\";@", "45292"), "2024年1月");
        assert_eq!(shown("mm:ss", "0.5"), "00:00");
        assert_eq!(shown("0.00_ ", "3.14159"), "3.14");
        assert_eq!(shown("0.0%", "0.125"), "12.5%");
        assert_eq!(shown("General", "0.1"), "0.1");
        assert_eq!(shown("General", "1234567890123"), "1234567890123");
        assert_eq!(shown("General", "0.30000000000000004"), "0.3");
        assert_eq!(shown("#,##0.00_ ", "-1234567.891"), "-1,234,567.89");
        assert_eq!(shown("#,##0", "123456"), "123,456");
        assert_eq!(shown("yyyy", "-5"), "-5");
        assert_eq!(shown("0.00", "文字"), "文字");
    }
}
