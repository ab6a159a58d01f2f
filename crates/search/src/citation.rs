//! A document cited as GB/T 7714 wants it: the one definition that pages, API, terminal and files
//! share.
//!
//! It says what is known of the document. What the program inferred stands in 〔〕, and so does that
//! a part the standard asks for is not known; nothing is made up. It does not know when anybody
//! read the source, and says so where the standard wants that day. It cites whole documents: where
//! in them a passage stands is told beside it.

use duibiao_index::{Head, Known};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which edition of GB/T 7714 citations follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
pub enum CitationStyle {
    /// GB/T 7714—2015, which most journals and offices still ask for.
    #[default]
    #[serde(rename = "2015")]
    Gb2015,
    /// GB/T 7714—2025, in force since 2026-07-01: punctuation in the width of Chinese characters,
    /// but for the full stop and square brackets. As the citation styles of Zotero's Chinese users
    /// apply it; the text of the standard is not public.
    #[serde(rename = "2025")]
    Gb2025,
}

impl CitationStyle {
    /// Every style.
    pub const ALL: [Self; 2] = [Self::Gb2015, Self::Gb2025];

    /// The year of the edition, by which it is asked for.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gb2015 => "2015",
            Self::Gb2025 => "2025",
        }
    }

    fn signs(self) -> Signs {
        match self {
            Self::Gb2015 => Signs {
                colon: ": ",
                comma: ", ",
                open: "(",
                close: ")",
            },
            Self::Gb2025 => Signs {
                colon: "：",
                comma: "，",
                open: "（",
                close: "）",
            },
        }
    }
}

/// The signs in which the editions differ.
struct Signs {
    colon: &'static str,
    comma: &'static str,
    open: &'static str,
    close: &'static str,
}

/// More authors are 等.
const MOST_AUTHORS: usize = 3;
const NO_AUTHOR: &str = "〔作者不详〕";
const NO_TITLE: &str = "〔原文无题〕";
const NO_DATE: &str = "〔日期不详〕";
const NO_NEWSPAPER: &str = "〔报名：未载〕";
const NO_PAGE: &str = "〔版次：未载〕";
const NO_DAY_OF_READING: &str = "[〔引用日期：未载〕]";

/// A document cited, on one line:
///
/// - with an address, as a source of the web: `责任者. 题名: 文号[EB/OL]. (发布日期)[引用日期]. 网址.`
/// - that appeared in a newspaper: `责任者. 题名[N]. 报名, 日期(版次).`, `[N/OL]` with an address
/// - any other, notices, plans and regulations alike: `责任者. 题名: 文号[Z]. 日期.`
pub(crate) fn cite(head: &Head, style: CitationStyle) -> String {
    let signs = style.signs();
    let author = authors(head.issuer.as_ref(), &signs).unwrap_or_else(|| NO_AUTHOR.to_owned());
    let title = shown(head.title.as_ref()).unwrap_or_else(|| NO_TITLE.to_owned());
    // A number that the title has already is not said twice.
    let number = head.number.as_ref().filter(|number| {
        let title = head.title.as_ref();
        title.is_none_or(|title| !title.value.contains(&number.value))
    });
    let number = shown(number).map_or_else(String::new, |n| format!("{}{n}", signs.colon));
    let name = format!("{author}. {title}{number}");
    let address = shown(head.url.as_ref()).map(|url| format!("{NO_DAY_OF_READING}. {url}"));
    let (open, close) = (signs.open, signs.close);
    let year = || shown(head.year.as_ref());
    let (date, published) = (shown(head.date.as_ref()), shown(head.published.as_ref()));
    let no_date = || NO_DATE.to_owned();
    match (shown(head.appeared.as_ref()), address) {
        (Some(day), address) => {
            let carrier = if address.is_some() { "/OL" } else { "" };
            let comma = signs.comma;
            let address = address.unwrap_or_default();
            format!(
                "{name}[N{carrier}]. {NO_NEWSPAPER}{comma}{day}{open}{NO_PAGE}{close}{address}."
            )
        }
        (None, Some(address)) => {
            let date = published.or(date).or_else(year).unwrap_or_else(no_date);
            format!("{name}[EB/OL]. {open}{date}{close}{address}.")
        }
        (None, None) => {
            let date = date.or(published).or_else(year).unwrap_or_else(no_date);
            format!("{name}[Z]. {date}.")
        }
    }
}

/// Bodies that issued it together, of more than three the first three, as the standard has it.
fn authors(issuer: Option<&Known<String>>, signs: &Signs) -> Option<String> {
    let issuer = issuer?;
    let bodies = issuer.value.split('；').map(str::trim);
    let bodies: Vec<&str> = bodies.filter(|body| !body.is_empty()).collect();
    let mut value = bodies[..bodies.len().min(MOST_AUTHORS)].join(signs.comma);
    if bodies.len() > MOST_AUTHORS {
        value.push_str(signs.comma);
        value.push('等');
    }
    let inferred = issuer.inferred;
    shown(Some(&Known { value, inferred }))
}

/// A value on one line, in 〔〕 where it was inferred.
fn shown<T: ToString>(value: Option<&Known<T>>) -> Option<String> {
    let known = value?;
    let text = one_line(&known.value.to_string());
    if text.is_empty() {
        return None;
    }
    Some(if known.inferred {
        format!("〔{text}〕")
    } else {
        text
    })
}

/// White space of any kind as one space, and a replacement character for what steers a terminal or
/// turns the direction of a line, so that a citation is the same wherever it is shown.
fn one_line(text: &str) -> String {
    let harmless = |c: char| match c {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() && !c.is_whitespace() => '\u{fffd}',
        c => c,
    };
    let text: String = text.chars().map(harmless).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known<T>(value: T, inferred: bool) -> Option<Known<T>> {
        Some(Known { value, inferred })
    }

    fn text(text: &str) -> Option<Known<String>> {
        known(text.to_owned(), false)
    }

    fn day(text: &str) -> Option<Known<duibiao_corpus::PartialDate>> {
        known(text.parse().expect("a date"), false)
    }

    fn both(head: &Head) -> [String; 2] {
        CitationStyle::ALL.map(|style| cite(head, style))
    }

    #[test]
    fn what_is_not_known_is_said_in_brackets() {
        let mut head = Head::default();
        assert_eq!(
            both(&head),
            ["〔作者不详〕. 〔原文无题〕[Z]. 〔日期不详〕."; 2]
        );
        head.issuer = known("丹东市人民政府".to_owned(), true);
        head.title = text("关于整改情况的通报");
        head.year = known(2011, true);
        assert_eq!(
            both(&head),
            ["〔丹东市人民政府〕. 关于整改情况的通报[Z]. 〔2011〕."; 2]
        );
    }

    #[test]
    fn a_document_has_its_number_and_date() {
        let mut head = Head {
            issuer: text("丹东市人民政府"),
            title: text("关于压缩审批时限的通知"),
            number: text("丹政发〔2017〕5号"),
            date: day("2017-03-21"),
            ..Head::default()
        };
        assert_eq!(
            both(&head),
            [
                "丹东市人民政府. 关于压缩审批时限的通知: 丹政发〔2017〕5号[Z]. 2017-03-21.",
                "丹东市人民政府. 关于压缩审批时限的通知：丹政发〔2017〕5号[Z]. 2017-03-21.",
            ]
        );
        head.issuer = text("甲局；乙局；丙局；丁局");
        assert!(both(&head)[0].starts_with("甲局, 乙局, 丙局, 等. 关于"));
        assert!(both(&head)[1].starts_with("甲局，乙局，丙局，等. 关于"));
        head.title = text("关于压缩审批时限的通知（丹政发〔2017〕5号）");
        assert_eq!(both(&head)[0].matches("5号").count(), 1);
    }

    #[test]
    fn a_source_of_the_web_has_its_address_and_no_day_of_reading() {
        let head = Head {
            title: text("改革半年记"),
            date: day("2019-01-02"),
            published: day("2019-01-05"),
            url: text("https://example.org/a?b=1"),
            ..Head::default()
        };
        assert_eq!(
            both(&head),
            [
                "〔作者不详〕. 改革半年记[EB/OL]. (2019-01-05)[〔引用日期：未载〕]. https://example.org/a?b=1.",
                "〔作者不详〕. 改革半年记[EB/OL]. （2019-01-05）[〔引用日期：未载〕]. https://example.org/a?b=1.",
            ]
        );
    }

    #[test]
    fn a_newspaper_is_not_named_where_the_text_does_not() {
        let mut head = Head {
            issuer: text("中共丹东市委"),
            title: text("关于整改进展情况的通报"),
            date: day("2023-05-17"),
            appeared: day("2023-05-18"),
            ..Head::default()
        };
        assert_eq!(
            both(&head),
            [
                "中共丹东市委. 关于整改进展情况的通报[N]. 〔报名：未载〕, 2023-05-18(〔版次：未载〕).",
                "中共丹东市委. 关于整改进展情况的通报[N]. 〔报名：未载〕，2023-05-18（〔版次：未载〕）.",
            ]
        );
        head.url = text("https://example.org/");
        assert!(both(&head)[0].ends_with(
            "[N/OL]. 〔报名：未载〕, 2023-05-18(〔版次：未载〕)[〔引用日期：未载〕]. https://example.org/."
        ));
    }

    #[test]
    fn a_citation_is_one_line_that_steers_nothing() {
        let head = Head {
            title: text("关于\u{1b}[1m“两\n个清单”\u{3000}的\u{202e}通知\0"),
            ..Head::default()
        };
        assert_eq!(
            both(&head)[0],
            "〔作者不详〕. 关于\u{fffd}[1m“两 个清单” 的\u{fffd}通知\u{fffd}[Z]. 〔日期不详〕."
        );
    }
}
