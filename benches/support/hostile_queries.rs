//! Requests made to hurt, each with what it is to be: an answer or a kind of error. Tests hold
//! them to it, a bench measures them. None depends on what an index holds.

use duibiao_search::{Filters, Request, Unit};

/// What a request is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// An answer, be it without hits.
    Answer,
    /// An error that says where in the query.
    BadQuery,
    /// An error that says what is too large.
    TooLarge,
    /// An error that names the filter.
    BadFilter,
    /// An error that names the parameter.
    BadParameter,
}

/// A request with a name.
pub struct Case {
    /// What it does.
    pub name: &'static str,
    /// What is asked.
    pub request: Request,
    /// What it is to be.
    pub expected: Expected,
}

/// Characters that stand in nearly every passage.
const FREQUENT: &str =
    "的是和在有对为等中人市工作政务服办企业审批整改不一行理法管会公开报实进项目要了";

fn asking(query: impl Into<String>) -> Request {
    Request {
        query: query.into(),
        limit: 10,
        facets: true,
        ..Request::default()
    }
}

/// So many characters from [`FREQUENT`], over and over.
fn frequent(count: usize) -> impl Iterator<Item = char> {
    FREQUENT.chars().cycle().take(count)
}

/// Pairs of frequent characters, a different one each time.
fn pairs(count: usize) -> Vec<String> {
    let chars: Vec<char> = FREQUENT.chars().collect();
    (0..count)
        .map(|n| {
            let (first, second) = (n % chars.len(), (n / chars.len() + n + 1) % chars.len());
            [chars[first], chars[second]].iter().collect()
        })
        .collect()
}

/// Every case.
pub fn cases() -> Vec<Case> {
    let mut cases = refused();
    cases.extend(odd());
    cases.extend(heavy());
    cases
}

/// What is too much, and refused before anything is made of it.
fn refused() -> Vec<Case> {
    use Expected::{BadFilter, BadParameter, BadQuery, TooLarge};
    let case = |name, request, expected| Case {
        name,
        request,
        expected,
    };
    let filters = |filters: Filters| Request {
        filters,
        ..asking("审批")
    };
    let nested = format!("{}审批{}", "(".repeat(33), ")".repeat(33));
    vec![
        case("100,000 brackets", asking("(".repeat(100_000)), TooLarge),
        case("33 nested brackets", asking(nested), TooLarge),
        case("a query of 1 MB", asking("审批 ".repeat(150_000)), TooLarge),
        case("one piece of 1 MB", asking("审".repeat(350_000)), TooLarge),
        case(
            "10,000 pieces with OR",
            asking(vec!["审批"; 10_000].join(" OR ")),
            TooLarge,
        ),
        case("257 pieces", asking("审 ".repeat(257)), TooLarge),
        case(
            "one piece of 4 KB, all words",
            asking("审批时限压缩整改".repeat(170)),
            TooLarge,
        ),
        case(
            "5,000 values of a filter",
            filters(Filters {
                city: vec!["哈尔滨".into(); 5_000],
                ..Filters::default()
            }),
            TooLarge,
        ),
        case(
            "a value of 1 MB",
            filters(Filters {
                issuer: vec!["局".repeat(350_000)],
                ..Filters::default()
            }),
            TooLarge,
        ),
        case(
            "a year of 500 digits",
            filters(Filters {
                year: vec!["2".repeat(500)],
                ..Filters::default()
            }),
            BadFilter,
        ),
        case(
            "an unknown city",
            filters(Filters {
                city: vec!["哈尔冰市的某个不存在的地方".repeat(4)],
                ..Filters::default()
            }),
            BadFilter,
        ),
        case(
            "offset 1,000,000,000",
            Request {
                offset: 1_000_000_000,
                ..asking("审批")
            },
            BadParameter,
        ),
        case(
            "the largest offset",
            Request {
                offset: usize::MAX,
                ..asking("审批")
            },
            BadParameter,
        ),
        case(
            "limit 0",
            Request {
                limit: 0,
                ..asking("审批")
            },
            BadParameter,
        ),
        case(
            "the largest limit",
            Request {
                limit: usize::MAX,
                ..asking("审批")
            },
            BadParameter,
        ),
        case(
            "a forged cursor",
            Request {
                cursor: Some("0.0.0.0.0".into()),
                ..asking("审批")
            },
            BadParameter,
        ),
        case(
            "a cursor of 1 MB",
            Request {
                cursor: Some("f.".repeat(500_000)),
                ..asking("审批")
            },
            BadParameter,
        ),
        case("an open quote", asking("审批 \"时限"), BadQuery),
        case("a quote alone", asking("\""), BadQuery),
        case("OR alone", asking("OR"), BadQuery),
        case("OR at the end", asking("审批 OR"), BadQuery),
        case("a field alone", asking("年:"), BadQuery),
        case("a quote of nothing", asking("\"\""), BadQuery),
    ]
}

/// What looks like syntax and is text.
fn odd() -> Vec<Case> {
    let case = |name, query: &str| Case {
        name,
        request: asking(query),
        expected: Expected::Answer,
    };
    vec![
        case("nothing", ""),
        case("white space", " \t\u{3000}\r\n "),
        case("a minus alone", "-"),
        case("two minuses", "--审批"),
        case("brackets of nothing", "( ) () )("),
        case("a bracket that opens", "(审批"),
        case("a bracket that closes", "审批)"),
        case("Chinese quotes that do not pair", "“审批 ”时限“"),
        case(
            "control characters",
            "审\0批\u{1}\u{7f}\u{9f}\u{200b}\u{202e}\u{feff}",
        ),
        case("beyond the first plane", "𠀀𠀁 \u{10ffff}\u{e000}"),
        case("combining marks", "a\u{301}\u{301}\u{301}\u{301}é"),
        case("punctuation", "，。；：！？、…—《》"),
        case(
            "patterns of other systems",
            "审* ?批 审批~2 [1 TO 2] /a+/ ^2 \\\" && ||",
        ),
        case("a colon that is no field", "注:审批 http://a.b/c?d=e"),
    ]
}

/// What is allowed and much to do.
fn heavy() -> Vec<Case> {
    let case = |name, request| Case {
        name,
        request,
        expected: Expected::Answer,
    };
    let each = |parts: Vec<String>, by: &str| asking(parts.join(by));
    let singles = || frequent(256).map(String::from).collect::<Vec<_>>();
    let quoted = |parts: Vec<String>| -> Vec<String> {
        parts.iter().map(|part| format!("\"{part}\"")).collect()
    };
    let nested = (0..32).fold("的 OR 市".to_owned(), |inner, _| {
        format!("({inner}) -(招标) 中 OR 为")
    });
    let sentence: String = frequent(300).collect();
    let everything = Request {
        limit: 10_000,
        ..asking("")
    };
    vec![
        case("256 frequent characters", each(singles(), " ")),
        case("256 frequent characters with OR", each(singles(), " OR ")),
        case("256 quoted characters", each(quoted(singles()), " ")),
        case("256 frequent pairs", each(pairs(256), " ")),
        case("256 frequent pairs with OR", each(pairs(256), " OR ")),
        case("256 quoted pairs with OR", each(quoted(pairs(256)), " OR ")),
        case(
            "64 exclusions",
            each(pairs(64).iter().map(|p| format!("-{p}")).collect(), " "),
        ),
        case("one frequent character", asking("的")),
        case("without a frequent character", asking("-的")),
        case("a quoted frequent character", asking("\"的\"")),
        case(
            "a literal of 1,300 characters",
            asking(format!("\"{}\"", frequent(1_300).collect::<String>())),
        ),
        case("a sentence of 300 frequent characters", asking(sentence)),
        case("32 nested brackets", asking(nested)),
        case("years and nothing else", asking("年:1990..2025 -年:2019")),
        case(
            "256 years",
            Request {
                filters: Filters {
                    year: (1_900..2_156).map(|year| format!("{year}..")).collect(),
                    ..Filters::default()
                },
                ..asking("审批")
            },
        ),
        case("everything, 10,000 hits", everything.clone()),
        case(
            "everything, the last page",
            Request {
                offset: 9_990,
                limit: 10,
                ..everything
            },
        ),
        case(
            "256 frequent characters, documents",
            Request {
                unit: Unit::Document,
                ..each(singles(), " OR ")
            },
        ),
        case(
            "a sentence of 300 characters, documents",
            Request {
                unit: Unit::Document,
                ..asking(frequent(300).collect::<String>())
            },
        ),
    ]
}
