//! Dates: when a document was signed, passed or delivered, when it was published or appeared,
//! and the year it belongs to. Never the most frequent year, never that of a cited number.

use std::ops::Range;
use std::sync::LazyLock;

use duibiao_corpus::{Inferred, PartialDate};
use regex::Regex;

use crate::infer::title::{Title, window};
use crate::marker::Form;
use crate::text::{Line, Text};

/// A date and where it stands in the text it was searched in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dated {
    pub(crate) date: PartialDate,
    pub(crate) bytes: Range<usize>,
}

/// What was found about time.
#[derive(Default)]
pub(crate) struct Time {
    pub(crate) date: Option<Inferred<PartialDate>>,
    pub(crate) published: Option<Inferred<PartialDate>>,
    pub(crate) appeared: Option<Inferred<PartialDate>>,
    pub(crate) year: Option<Inferred<i16>>,
    /// The lines of the signature.
    pub(crate) signature: Option<Range<usize>>,
}

/// 2017年3月21日, 二○一七年三月二十一日, 2017-03-21, 2017/3/21, 2017.3.21, with spaces inside.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<y>(?:19|20)\d\d|[一二][〇○Ｏ零一二三四五六七八九]{3})\s?年\s?(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})\s?月\s?(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s?日
        |(?P<iy>(?:19|20)\d\d)(?:-|/|\.)(?P<im>\d{1,2})(?:-|/|\.)(?P<id>\d{1,2})",
    )
    .expect("a constant pattern")
});

/// 发布时间：2026-02-02 and its relatives.
static PUBLISHED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:发布|发文|公开|印发|更新|上传|成文)?(?:日期|时间)\s*[:：]\s*$")
        .expect("a constant pattern")
});

/// 将2011年确定为, 2019年工作要点: the document's own year.
static OWN_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:将|把)((?:19|20)\d\d)年(?:确定|作为|定)为?|((?:19|20)\d\d)年(?:度)?(?:全省|全市|全县|全区)?[\p{Han}“”]{0,12}(?:工作要点|工作方案|工作计划|行动计划|工作总结|政府工作报告)")
        .expect("a constant pattern")
});

/// How far from the top a header reaches, in characters.
const HEAD_CHARS: usize = 700;
/// Words behind a date that make it one of passing or promulgation.
const PASSING: &[&str] = &[
    "通过", "批准", "修正", "修订", "公布", "发布", "印发", "颁布",
];
/// Words that make it one of entry into force instead.
const IN_FORCE: &[&str] = &["起施行", "起实施", "起生效", "日施行", "日实施"];

/// Every date in `words`, in order.
pub(crate) fn dates_in(words: &str) -> Vec<Dated> {
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

/// 二〇一七 as digits, or a number up to 99 in words.
fn han_number(text: &str) -> Option<u32> {
    let digit = |c: char| {
        "零一二三四五六七八九"
            .chars()
            .position(|d| d == c || (d == '零' && "〇○Ｏ".contains(c)))
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

/// Finds the dates of a document.
pub(crate) fn find(text: &Text<'_>, lines: &[Line], title: Option<&Title>) -> Time {
    let folded = text.folded();
    let body = title.map_or(0, |t| t.bytes.end);
    let mut time = header(text, lines, body);
    if let Some((dated, lines)) = signature(folded, lines, body) {
        time.signature = Some(lines);
        if time.date.is_none() {
            time.date = Some(text.found(dated.date, "date.signature", 0.95, dated.bytes));
        }
    }
    time.year = year(text, title, &time);
    time
}

/// Dates between title and body: of passing, of delivery, of publication, of appearing.
fn header(text: &Text<'_>, lines: &[Line], body: usize) -> Time {
    let folded = text.folded();
    let first_article = lines.iter().find(|l| {
        l.marker
            .is_some_and(|m| matches!(m.form, Form::Article | Form::Chapter))
    });
    let is_regulation = lines
        .iter()
        .any(|l| l.marker.is_some_and(|m| m.form == Form::Article));
    let end = match first_article.filter(|_| is_regulation) {
        Some(line) => line.begin.max(body),
        None => window(folded, body, HEAD_CHARS).end,
    };
    let head = &folded[body..end];
    let is_partial = head.contains("上接");
    let mut time = Time::default();
    let mut passed: Option<(Dated, &'static str)> = None;
    for dated in dates_in(head) {
        let bytes = body + dated.bytes.start..body + dated.bytes.end;
        let line_begin = head[..dated.bytes.start].rfind('\n').map_or(0, |at| at + 1);
        let before = &head[line_begin..dated.bytes.start];
        let after = &head[window(head, dated.bytes.end, 160)];
        let line_after = after.lines().next().unwrap_or_default();
        let alone = before
            .trim_matches(|c: char| c.is_whitespace() || "（(【[".contains(c))
            .is_empty();
        let found = Dated {
            date: dated.date,
            bytes: bytes.clone(),
        };
        if IN_FORCE.iter().any(|w| after.starts_with(w)) || line_after.starts_with("起") {
            continue;
        }
        if PUBLISHED.is_match(before) {
            time.published
                .get_or_insert_with(|| text.found(dated.date, "published.stated", 0.95, bytes));
        } else if PASSING.iter().any(|w| line_after.contains(w))
            && (is_regulation || alone && line_after.contains("人民代表大会"))
            || alone
                && line_after.contains("人民代表大会")
                && PASSING.iter().any(|w| after.contains(w))
        {
            if passed
                .as_ref()
                .is_none_or(|(best, _)| best.date < dated.date)
            {
                passed = Some((found, "date.passed"));
            }
        } else if before.trim_start().starts_with('—')
            || alone && line_after.trim_start().starts_with('在')
        {
            passed.get_or_insert((found, "date.delivered"));
        } else if is_time_or_nothing(line_after)
            && (alone || !before.contains(['。', '，', ',']) && before.chars().nth(40).is_none())
        {
            let target = if is_partial {
                &mut time.appeared
            } else {
                &mut time.published
            };
            target.get_or_insert_with(|| text.found(dated.date, "published.header", 0.7, bytes));
        } else if is_regulation && alone && passed.is_none() && line_after.contains('令') {
            passed = Some((found, "date.passed"));
        }
    }
    time.date = passed.map(|(dated, rule)| text.found(dated.date, rule, 0.95, dated.bytes));
    time
}

/// `08:12` behind a date is still nothing but the date.
fn is_time_or_nothing(words: &str) -> bool {
    words.trim().chars().all(|c| c.is_ascii_digit() || c == ':') && words.trim().len() <= 8
}

/// The first line after the opening that is a date, or an issuer and a date, and where the
/// lines of the signature it closes.
fn signature(folded: &str, lines: &[Line], body: usize) -> Option<(Dated, Range<usize>)> {
    let start = lines.iter().position(|l| l.begin >= body)?;
    for index in start + 3..lines.len() {
        let line = &lines[index];
        let words = &folded[line.content.clone()];
        if words.len() > 150 || line.marker.is_some() {
            continue;
        }
        let Some(dated) = dates_in(words).pop() else {
            continue;
        };
        let before = words[..dated.bytes.start].trim();
        let closes = words[dated.bytes.end..]
            .trim_matches(|c: char| c.is_whitespace() || "）)".contains(c))
            .is_empty();
        let is_issuer = before.chars().nth(26).is_none()
            && !before.contains(['，', '。', ',', '、', '：', ':', '；', '（', '('])
            && !before.ends_with(['于', '自', '至', '从', '到']);
        if !closes || !is_issuer {
            continue;
        }
        let own = Dated {
            date: dated.date,
            bytes: line.content.start + dated.bytes.start..line.content.start + dated.bytes.end,
        };
        let previous = &lines[index - 1];
        let named = before.is_empty()
            && previous.content.len() <= 90
            && !folded[previous.content.clone()].contains(['。', '；', '，', ','])
            && previous.marker.is_none();
        let begin = if named {
            previous.content.start
        } else {
            line.content.start
        };
        return Some((own, begin..line.content.end));
    }
    None
}

/// The document's year: of its date, of its publication, or the one it gives itself.
fn year(text: &Text<'_>, title: Option<&Title>, time: &Time) -> Option<Inferred<i16>> {
    let of_date = |inferred: &Inferred<PartialDate>| Inferred {
        value: inferred.value.year,
        confidence: inferred.confidence,
        rule: inferred.rule.clone(),
        evidence: inferred.evidence.clone(),
        inferred: inferred.inferred,
    };
    if let Some(date) = time.date.as_ref() {
        return Some(of_date(date));
    }
    let folded = text.folded();
    let own = |range: Range<usize>, rule, inferred: bool| {
        let found = OWN_YEAR.captures(&folded[range.clone()])?;
        let year = found.get(1).or(found.get(2))?;
        let at = range.start + year.start()..range.start + year.end();
        let whole = found.get(0)?;
        let quote = range.start + whole.start()..range.start + whole.end();
        let value = folded[at].parse().ok()?;
        Some(if inferred {
            text.concluded(value, rule, 0.8, &[quote])
        } else {
            text.found(value, rule, 0.9, quote)
        })
    };
    title
        .and_then(|t| own(t.bytes.clone(), "year.title", false))
        .or_else(|| {
            time.published
                .as_ref()
                .or(time.appeared.as_ref())
                .map(|d| Inferred {
                    inferred: true,
                    ..of_date(d)
                })
        })
        .or_else(|| own(window(folded, 0, HEAD_CHARS), "year.self", true))
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
    }
}
