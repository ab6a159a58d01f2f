//! What readability takes for the article is sometimes only its largest part: pages made from Word
//! files hold each section of the document in an element of its own. This finds the element of the
//! page around that part which holds the rest too, and nothing that is not the article's.

use ego_tree::NodeRef;
use scraper::{ElementRef, Html, Node};

use super::render::is_margin;
use super::{UNSEEN, is_hidden};

/// A piece of text this long is found in one place of a page only.
const MIN_CHARS: usize = 12;
/// So many in a hundred characters beside an article may be those of links.
const MOST_LINKED: usize = 20;
/// Words of what stands around articles, not in them.
const AROUND: &[&str] = &[
    "分享",
    "打印",
    "返回顶部",
    "当前位置",
    "您的位置",
    "扫一扫",
    "上一篇",
    "下一篇",
    "版权所有",
    "浏览",
    "字号",
    "字体",
    "关闭窗口",
    "关闭本页",
    "相关链接",
    "相关稿件",
    "相关文章",
    "网站地图",
    "主办单位",
    "ICP备",
];

/// The element that holds more of the article than `part` does, if there is one.
pub(super) fn grown<'p>(page: &'p Html, part: &Html) -> Option<ElementRef<'p>> {
    let pieces: Vec<String> = part.root_element().text().filter_map(long).collect();
    let (first, last) = (pieces.first()?, pieces.last()?);
    let mut begin = None;
    let mut end = None;
    for node in page.tree.root().descendants() {
        let Some(text) = node.value().as_text().and_then(|text| long(text)) else {
            continue;
        };
        if begin.is_none() && text == *first && !is_unseen(node) {
            begin = Some(node);
        }
        if begin.is_some() && text == *last && !is_unseen(node) {
            end = Some(node);
        }
    }
    let (begin, end) = (begin?, end?);
    let of_end: std::collections::HashSet<_> = end.ancestors().map(|node| node.id()).collect();
    let common = begin.ancestors().find(|node| of_end.contains(&node.id()))?;
    climb(ElementRef::wrap(common)?)
}

fn climb(common: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let mut inner = common;
    let mut best = None;
    while let Some(outer) = inner.parent().and_then(ElementRef::wrap) {
        if outer.value().name() == "html" {
            break;
        }
        let beside = outer.children().filter(|child| child.id() != inner.id());
        let Some((text, linked)) = visible(beside) else {
            break;
        };
        let chars = text.chars().count();
        if linked * 100 > chars * MOST_LINKED || AROUND.iter().any(|word| text.contains(word)) {
            break;
        }
        inner = outer;
        if chars > 0 {
            best = Some(outer);
        }
    }
    best
}

/// The text of some nodes as a reader sees it, without blanks, and how much of it is in links;
/// `None` where one of them is no part of any article.
fn visible<'p>(nodes: impl Iterator<Item = NodeRef<'p, Node>>) -> Option<(String, usize)> {
    let (mut text, mut linked) = (String::new(), 0);
    for node in nodes {
        let (mut unseen, mut links) = (0usize, 0usize);
        for edge in node.traverse() {
            let (node, step) = match edge {
                ego_tree::iter::Edge::Open(node) => (node, 1isize),
                ego_tree::iter::Edge::Close(node) => (node, -1),
            };
            match node.value() {
                Node::Element(element) => {
                    let name = element.name();
                    if UNSEEN.contains(&name) || is_hidden(element) {
                        unseen = unseen.saturating_add_signed(step);
                    } else if unseen == 0
                        && ElementRef::wrap(node).is_some_and(|e| is_margin(e, name))
                    {
                        return None;
                    } else if name == "a" {
                        links = links.saturating_add_signed(step);
                    }
                }
                Node::Text(piece) if unseen == 0 && step > 0 => {
                    let before = text.len();
                    text.extend(piece.chars().filter(|c| !c.is_whitespace()));
                    if links > 0 {
                        linked += text[before..].chars().count();
                    }
                }
                _ => {}
            }
        }
    }
    Some((text, linked))
}

fn is_unseen(node: NodeRef<'_, Node>) -> bool {
    node.ancestors()
        .filter_map(ElementRef::wrap)
        .any(|element| UNSEEN.contains(&element.value().name()) || is_hidden(element.value()))
}

/// A text without blanks, if it is long enough to be found again.
fn long(text: &str) -> Option<String> {
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    (squeezed.chars().count() >= MIN_CHARS).then_some(squeezed)
}
