//! The query language: what was typed, as a tree. It knows nothing of the lexicon or the index.
//!
//! ```text
//! query  := clause ( 'AND'? clause )*    all wanted
//! clause := factor ( OR factor )*        OR binds tighter than standing side by side
//! factor := ('-' | 'NOT') factor | '(' query ')' | '"' text '"' | field ':' value | piece
//! ```

use crate::error::{Error, Excess, QueryFault};

/// Longest query, in bytes.
pub(crate) const MAX_BYTES: usize = 4 * 1024;
/// Most pieces, literals and fields of a query.
pub(crate) const MAX_LEAVES: usize = 256;
/// Deepest nesting of brackets.
pub(crate) const MAX_DEPTH: usize = 32;

/// A part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// Unspaced text, to be cut into words.
    Piece(String),
    /// Text that must literally occur.
    Literal(String),
    /// A value of a field.
    Field(Field, String, usize),
    /// Not this.
    Not(Box<Node>),
    /// Any of these.
    Or(Vec<Node>),
    /// All of these.
    And(Vec<Node>),
}

/// A field that may stand before a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    /// Words of the title.
    Title,
    /// One of the filters, by its name.
    Filter(&'static str),
}

/// Names of fields, in both scripts; the first of each is the filter's own.
const FIELDS: &[(&str, &[&str])] = &[
    ("title", &["题", "标题", "题名", "題", "標題", "題名"]),
    ("place", &["地区", "地區"]),
    ("province", &["省", "省份"]),
    ("city", &["市", "城市"]),
    ("county", &["县", "区", "区县", "縣", "區", "區縣"]),
    ("year", &["年", "年份"]),
    ("period", &["时期", "時期"]),
    ("theme", &["主题", "主題"]),
    ("doc_type", &["文种", "文種"]),
    ("subtype", &["子类", "子類"]),
    ("issuer", &["发文机关", "机关", "發文機關", "機關"]),
    ("number", &["文号", "发文字号", "文號", "發文字號"]),
    ("status", &["状态", "狀態"]),
    ("level", &["层级", "级别", "層級", "級別"]),
];

/// Parses a query. An empty one is an empty `And`.
///
/// # Errors
/// When it is too large, or a quote, an operator or a field's value is incomplete.
pub(crate) fn parse(typed: &str) -> Result<Node, Error> {
    if typed.len() > MAX_BYTES {
        return Err(Error::TooLarge(Excess::Bytes(typed.len())));
    }
    let mut parser = Parser {
        text: typed,
        at: 0,
        leaves: 0,
    };
    let node = parser.all(0)?;
    debug_assert!(parser.at == typed.len(), "the whole query is read");
    Ok(node)
}

struct Parser<'q> {
    text: &'q str,
    at: usize,
    leaves: usize,
}

impl<'q> Parser<'q> {
    fn rest(&self) -> &'q str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn wrong<T>(
        &self,
        at: usize,
        fault: QueryFault,
        suggestion: Option<String>,
    ) -> Result<T, Error> {
        Err(Error::Query {
            at: self.text[..at].chars().count() + 1,
            fault,
            suggestion,
        })
    }

    /// Everything up to the end or, inside brackets, to the closing one.
    fn all(&mut self, depth: usize) -> Result<Node, Error> {
        let mut clauses: Vec<Node> = Vec::new();
        loop {
            self.skip_space();
            if self.rest().is_empty() || depth > 0 && self.rest().starts_with(')') {
                break;
            }
            if let Some(length) = self.and().filter(|_| !clauses.is_empty()) {
                self.at += length;
                clauses.push(self.factor(depth)?);
            } else if let Some(length) = self.operator() {
                let at = self.at;
                self.at += length;
                self.skip_space();
                let Some(left) = clauses.pop() else {
                    return self.wrong(at, QueryFault::NothingBeforeOr, None);
                };
                if self.rest().is_empty()
                    || depth > 0 && self.rest().starts_with(')')
                    || self.operator().is_some()
                {
                    return self.wrong(at, QueryFault::NothingAfterOr, None);
                }
                let right = self.factor(depth)?;
                clauses.push(match left {
                    Node::Or(mut nodes) => {
                        nodes.push(right);
                        Node::Or(nodes)
                    }
                    left => Node::Or(vec![left, right]),
                });
            } else {
                clauses.push(self.factor(depth)?);
            }
        }
        Ok(if clauses.len() == 1 {
            clauses.remove(0)
        } else {
            Node::And(clauses)
        })
    }

    /// The length of an OR that stands here as a word of its own.
    fn operator(&self) -> Option<usize> {
        let rest = self.rest().strip_prefix("OR")?;
        rest.chars()
            .next()
            .is_none_or(char::is_whitespace)
            .then_some(2)
    }

    /// The length of a NOT that stands before something, as other systems write `-`.
    fn not(&self) -> Option<usize> {
        let rest = self.rest().strip_prefix("NOT")?;
        let after = rest.trim_start();
        let is_operator = |word: &str| after.split_whitespace().next() == Some(word);
        let is_before_something = after.len() < rest.len()
            && !after.is_empty()
            && !after.starts_with(['-', ')'])
            && !["AND", "OR", "NOT"].into_iter().any(is_operator);
        is_before_something.then(|| self.rest().len() - after.len())
    }

    /// The length of an AND between two clauses: standing side by side means the same.
    fn and(&self) -> Option<usize> {
        let rest = self.rest().strip_prefix("AND")?;
        let after = rest.trim_start();
        (after.len() < rest.len() && !after.is_empty() && !after.starts_with(')'))
            .then(|| self.rest().len() - after.len())
    }

    fn factor(&mut self, depth: usize) -> Result<Node, Error> {
        let rest = self.rest();
        if let Some(after) = rest.strip_prefix('-').filter(|after| {
            after
                .chars()
                .next()
                .is_some_and(|c| !c.is_whitespace() && c != '-')
        }) {
            self.at = self.text.len() - after.len();
            return Ok(Node::Not(Box::new(self.factor(depth)?)));
        }
        if let Some(length) = self.not() {
            self.at += length;
            return Ok(Node::Not(Box::new(self.factor(depth)?)));
        }
        if rest.starts_with('(') && self.closes() {
            if depth == MAX_DEPTH {
                return Err(Error::TooLarge(Excess::Depth));
            }
            let begin = self.at;
            self.at += 1;
            let inner = self.all(depth + 1)?;
            if !self.rest().starts_with(')') {
                return self.wrong(begin, QueryFault::OpenBracket, None);
            }
            self.at += 1;
            return Ok(inner);
        }
        self.leaves += 1;
        if self.leaves > MAX_LEAVES {
            return Err(Error::TooLarge(Excess::Parts));
        }
        if rest.starts_with('"') {
            return self.quoted('"', '"');
        }
        if rest.starts_with('“') && self.is_whole_quote() {
            return self.quoted('“', '”');
        }
        self.piece(depth)
    }

    /// Whether the bracket that opens here closes at the end of a piece; otherwise it is text.
    fn closes(&self) -> bool {
        let mut open = 0usize;
        let mut quoted = false;
        for (at, c) in self.rest().char_indices() {
            match c {
                '"' => quoted = !quoted,
                '(' if !quoted => open += 1,
                ')' if !quoted => {
                    open -= 1;
                    if open == 0 {
                        let inside = self.rest()[1..at].trim();
                        let next = self.rest()[at + 1..].chars().next();
                        return !inside.is_empty()
                            && next.is_none_or(|c| c.is_whitespace() || c == ')');
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// Whether `“…”` is a piece by itself.
    fn is_whole_quote(&self) -> bool {
        self.rest().find('”').is_some_and(|end| {
            let after = self.rest()[end + '”'.len_utf8()..].chars().next();
            after.is_none_or(|c| c.is_whitespace() || c == ')')
        })
    }

    fn quoted(&mut self, open: char, close: char) -> Result<Node, Error> {
        let begin = self.at;
        let inside = &self.rest()[open.len_utf8()..];
        let Some(end) = inside.find(close) else {
            return self.wrong(
                begin,
                QueryFault::OpenQuote,
                Some(format!("{}{close}", self.rest())),
            );
        };
        let literal = &inside[..end];
        self.at += open.len_utf8() + end + close.len_utf8();
        if literal.trim().is_empty() {
            return self.wrong(begin, QueryFault::EmptyQuote, None);
        }
        Ok(Node::Literal(literal.to_owned()))
    }

    fn piece(&mut self, depth: usize) -> Result<Node, Error> {
        let begin = self.at;
        let rest = self.rest();
        let mut length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        if depth > 0 {
            length = end_of_group(&rest[..length]);
        }
        let piece = &rest[..length];
        if let Some((field, value)) = field_of(piece) {
            let value_at = begin + piece.len() - value.len();
            if value.starts_with('"') {
                self.at = value_at;
                let Node::Literal(value) = self.quoted('"', '"')? else {
                    return self.wrong(value_at, QueryFault::OpenQuote, None);
                };
                return Ok(Node::Field(
                    field,
                    value,
                    self.text[..value_at].chars().count() + 1,
                ));
            }
            self.at += length;
            if value.is_empty() {
                return self.wrong(
                    begin,
                    QueryFault::NoValue(piece.to_owned()),
                    Some(format!("{piece}值，如 年:2017、省:黑龙江")),
                );
            }
            return Ok(Node::Field(
                field,
                value.to_owned(),
                self.text[..value_at].chars().count() + 1,
            ));
        }
        self.at += length;
        Ok(Node::Piece(piece.to_owned()))
    }
}

/// Inside a group, brackets that a piece opens itself are its own; the first other one ends it.
fn end_of_group(piece: &str) -> usize {
    let mut open = 0usize;
    for (at, c) in piece.char_indices() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => return at,
            ')' => open -= 1,
            _ => {}
        }
    }
    piece.len()
}

/// Only a known name before a colon is a field.
fn field_of(piece: &str) -> Option<(Field, &str)> {
    let (name, value) = piece.split_once([':', '：'])?;
    let lower = name.to_ascii_lowercase();
    let (own, _) = FIELDS
        .iter()
        .find(|(own, others)| *own == lower || others.contains(&name))?;
    Some((
        if *own == "title" {
            Field::Title
        } else {
            Field::Filter(own)
        },
        value,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(query: &str) -> String {
        fn show(node: &Node) -> String {
            let all = |nodes: &[Node], sign: &str| {
                format!(
                    "({})",
                    nodes.iter().map(show).collect::<Vec<_>>().join(sign)
                )
            };
            match node {
                Node::Piece(text) => text.clone(),
                Node::Literal(text) => format!("\"{text}\""),
                Node::Field(Field::Title, value, _) => format!("title={value}"),
                Node::Field(Field::Filter(name), value, _) => format!("{name}={value}"),
                Node::Not(node) => format!("-{}", show(node)),
                Node::Or(nodes) => all(nodes, "|"),
                Node::And(nodes) => all(nodes, "&"),
            }
        }
        parse(query).map_or_else(|error| error.to_string(), |node| show(&node))
    }

    #[test]
    fn what_is_typed_is_what_is_meant() {
        let cases = [
            ("审批时限 压缩", "(审批时限&压缩)"),
            ("审批时限　压缩", "(审批时限&压缩)"),
            ("\"新官不理旧账\"", "\"新官不理旧账\""),
            ("“新官不理旧账”", "\"新官不理旧账\""),
            ("整治“八个突出问题”", "整治“八个突出问题”"),
            ("一网通办 OR 不见面审批", "(一网通办|不见面审批)"),
            ("甲 乙 OR 丙", "(甲&(乙|丙))"),
            ("(甲 OR 乙) -招标", "((甲|乙)&-招标)"),
            ("-(甲 OR 乙)", "-(甲|乙)"),
            ("题:通报 年:2017..2023", "(title=通报&year=2017..2023)"),
            ("省：黑龙江", "province=黑龙江"),
            ("題:通報 狀態:已辦", "(title=通報&status=已辦)"),
            ("City:哈尔滨", "city=哈尔滨"),
            ("-年:2018 -省:辽宁", "(-year=2018&-province=辽宁)"),
            (
                "地区:黑龙江 NOT 地區:哈爾濱",
                "(place=黑龙江&-place=哈爾濱)",
            ),
            ("发文机关:\"市 政府\"", "issuer=市 政府"),
            ("注意:甲", "注意:甲"),
            ("国发(2017)5号", "国发(2017)5号"),
            ("(一)在诚信政府", "(一)在诚信政府"),
            ("甲( ) ) 乙", "(甲(&)&)&乙)"),
            ("(国发(2017)5号 OR 甲)", "(国发(2017)5号|甲)"),
            ("-- -", "(--&-)"),
            ("ORAL", "ORAL"),
            ("电视问政 NOT 武汉", "(电视问政&-武汉)"),
            ("甲 AND (乙 OR 丙)", "(甲&(乙|丙))"),
            ("NOT", "NOT"),
            ("AND", "AND"),
            ("甲 AND", "(甲&AND)"),
            ("甲 NOT NOT 乙", "(甲&NOT&-乙)"),
            ("", "()"),
        ];
        for (query, expected) in cases {
            assert_eq!(shown(query), expected, "{query}");
        }
    }

    #[test]
    fn a_wrong_query_says_where() {
        assert_eq!(
            shown("甲 \"乙"),
            "the query is wrong at character 3: this quote is not closed"
        );
        assert_eq!(
            shown("OR 甲"),
            "the query is wrong at character 1: OR needs something before it"
        );
        assert_eq!(
            shown("甲 OR"),
            "the query is wrong at character 3: OR needs something after it"
        );
        assert_eq!(
            shown("甲 年:"),
            "the query is wrong at character 3: 年: has no value"
        );
        assert_eq!(
            shown("\" \""),
            "the query is wrong at character 1: there is nothing between the quotes"
        );
    }

    #[test]
    fn large_queries_are_refused() {
        assert!(shown(&"(".repeat(100_000)).contains("bytes"));
        assert!(
            shown(&format!("{}甲{}", "(".repeat(40), ")".repeat(40)))
                .contains("nested more than 32 deep")
        );
        assert!(shown(&"甲 ".repeat(300)).contains("more than 256 parts"));
        assert!(!shown(&format!("{}甲{}", "(".repeat(30), ")".repeat(30))).contains("nested"));
    }

    proptest! {
        #[test]
        fn nothing_typed_panics(query in "[()\"“”:：\\-甲乙OR 年省 a.〔〕]{0,60}") {
            drop(parse(&query));
        }
    }
}
