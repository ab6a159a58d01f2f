//! The numbering that official documents put before headings and items (GB/T 9704-2012 §7.3.3
//! and the drafting rules of regulations).

/// The form of a number, outer forms first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// 第一编
    Part,
    /// 第一章
    Chapter,
    /// 第一节
    Section,
    /// 第一条
    Article,
    /// 一、
    Han,
    /// （一）
    HanParen,
    /// 1. 或 1、
    Digit,
    /// （1）
    DigitParen,
    /// ①
    Circled,
}

/// A number at the beginning of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marker {
    pub(crate) form: Form,
    /// Bytes it takes.
    pub(crate) len: usize,
}

fn is_han_digit(c: char) -> bool {
    matches!(
        c,
        '一' | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '零'
            | '〇'
            | '两'
    )
}

/// More digits are a year or a code, not a number of an item.
const MOST_DIGITS: usize = 3;

impl Marker {
    /// The number `text` begins with.
    pub(crate) fn at_start(text: &str) -> Option<Self> {
        let first = text.chars().next()?;
        match first {
            '第' => ordinal(text),
            '（' | '(' => parenthesised(text, first),
            '①'..='⑳' => Some(Self {
                form: Form::Circled,
                len: first.len_utf8(),
            }),
            '0'..='9' | '０'..='９' => digits(text),
            _ if is_han_digit(first) => {
                let number = run(text, is_han_digit);
                let rest = &text[number..];
                let stop = ['、', '．', '.', '，']
                    .into_iter()
                    .find(|&c| rest.starts_with(c) && c != '，')?;
                Some(Self {
                    form: Form::Han,
                    len: number + stop.len_utf8(),
                })
            }
            _ => None,
        }
    }
}

/// 第…编/章/节/条, followed by white space, the end or text (the 条 of 第一条例 is none).
fn ordinal(text: &str) -> Option<Marker> {
    let begin = '第'.len_utf8();
    let number = run(&text[begin..], |c| is_han_digit(c) || c.is_ascii_digit());
    if number == 0 || number > 24 {
        return None;
    }
    let rest = &text[begin + number..];
    let unit = rest.chars().next()?;
    let form = match unit {
        '编' => Form::Part,
        '章' => Form::Chapter,
        '节' => Form::Section,
        '条' if !rest.starts_with("条例") => Form::Article,
        _ => return None,
    };
    // 第十条之一
    let mut len = begin + number + unit.len_utf8();
    if form == Form::Article && text[len..].starts_with('之') {
        let after = len + '之'.len_utf8();
        let more = run(&text[after..], is_han_digit);
        if more > 0 {
            len = after + more;
        }
    }
    Some(Marker { form, len })
}

fn parenthesised(text: &str, open: char) -> Option<Marker> {
    let begin = open.len_utf8();
    let inside = &text[begin..];
    let han = run(inside, is_han_digit);
    let digit = run(inside, |c| c.is_ascii_digit() || ('０'..='９').contains(&c));
    let (form, number) = if han > 0 {
        (Form::HanParen, han)
    } else {
        (Form::DigitParen, digit)
    };
    let count = inside[..number].chars().count();
    let close = inside[number..]
        .chars()
        .next()
        .filter(|&c| matches!(c, '）' | ')'))?;
    (1..=MOST_DIGITS + 1).contains(&count).then_some(Marker {
        form,
        len: begin + number + close.len_utf8(),
    })
}

/// 1. 1．1、 but neither 9.75 nor 2017.
fn digits(text: &str) -> Option<Marker> {
    let number = run(text, |c| c.is_ascii_digit() || ('０'..='９').contains(&c));
    if text[..number].chars().count() > MOST_DIGITS {
        return None;
    }
    let mut rest = text[number..].chars();
    let stop = rest.next().filter(|&c| matches!(c, '.' | '．' | '、'))?;
    let next = rest.next();
    let is_decimal = stop != '、' && next.is_some_and(|c| c.is_ascii_digit());
    (!is_decimal).then_some(Marker {
        form: Form::Digit,
        len: number + stop.len_utf8(),
    })
}

/// Bytes of the longest start of `text` whose characters all satisfy `accept`.
fn run(text: &str, accept: impl Fn(char) -> bool) -> usize {
    text.find(|c| !accept(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_recognised_by_form() {
        let cases = [
            ("一、总体要求", Some((Form::Han, "一、"))),
            ("（十二）加强督导", Some((Form::HanParen, "（十二）"))),
            ("(5)针对“甲”的问题", Some((Form::DigitParen, "(5)"))),
            ("1.关于甲", Some((Form::Digit, "1."))),
            ("12、乙", Some((Form::Digit, "12、"))),
            ("第三章  监管", Some((Form::Chapter, "第三章"))),
            (
                "第一百零二条 市人民政府",
                Some((Form::Article, "第一百零二条")),
            ),
            ("第十条之一 丙", Some((Form::Article, "第十条之一"))),
            ("①甲", Some((Form::Circled, "①"))),
            ("9.75个工作日", None),
            ("2017.3", None),
            ("2017年", None),
            ("一网通办", None),
            ("（试行）", None),
            ("第15巡视组", None),
            ("第一条例", None),
        ];
        for (text, expected) in cases {
            let found = Marker::at_start(text).map(|m| (m.form, &text[..m.len]));
            assert_eq!(found, expected, "{text}");
        }
    }
}
