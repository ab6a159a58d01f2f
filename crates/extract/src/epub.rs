//! Electronic books: the chapters in the order of the spine, rendered whole.
//!
//! It reads no table of contents, no pictures and no book with digital rights management.

use std::collections::HashMap;

use crate::container::{Container, resolve};
use crate::flow::Flow;
use crate::xml::{Node, walk};
use crate::{ExtractError, Extracted, Format, charset, html};

const CONTAINER: &str = "META-INF/container.xml";

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let mut container = Container::of(bytes)?;
    let mut root = None;
    let part = container.need(CONTAINER, "container of a book")?;
    walk(&part, &mut |node| {
        if let Node::Open(element) = node
            && element.name() == "rootfile"
            && root.is_none()
        {
            root = element.attribute("full-path");
        }
        Ok(())
    })?;
    let root = root.unwrap_or_default();
    let book = Book::read(&container.need(&root, "package of a book")?)?;
    let mut flow = Flow::default();
    let mut missing = false;
    for id in &book.spine {
        let target = book.items.get(id).and_then(|href| resolve(&root, href));
        let bytes = match target {
            Some(name) => container.read(&name)?,
            None => None,
        };
        let Some(bytes) = bytes else {
            missing = true;
            continue;
        };
        let source = charset::decode_html(&bytes, None).0;
        flow.append(&html::whole(&closed(&source))?);
    }
    let shown = flow.text().lines().take(8).any(|line| line == book.title);
    if !shown && !book.title.is_empty() {
        flow.title(&book.title);
    }
    let mut warnings = Vec::new();
    if missing {
        warnings.push("a chapter of the book is missing".to_owned());
    }
    flow.finish(Format::Epub, "UTF-8", warnings)
}

/// What the package says.
#[derive(Default)]
struct Book {
    title: String,
    items: HashMap<String, String>,
    spine: Vec<String>,
}

impl Book {
    fn read(bytes: &[u8]) -> Result<Self, ExtractError> {
        let mut book = Self::default();
        let mut text = String::new();
        walk(bytes, &mut |node| {
            match node {
                Node::Open(element) => {
                    text.clear();
                    match element.name() {
                        "item" => {
                            let id = element.attribute("id").unwrap_or_default();
                            let href = element.attribute("href").unwrap_or_default();
                            book.items.insert(id, unescaped(&href));
                        }
                        "itemref" if element.attribute("linear").as_deref() != Some("no") => {
                            book.spine.extend(element.attribute("idref"));
                        }
                        _ => {}
                    }
                }
                Node::Text(piece) => text.push_str(piece),
                Node::Close("title") if book.title.is_empty() => {
                    book.title = text.split_whitespace().collect::<Vec<_>>().join(" ");
                }
                Node::Close(_) => {}
            }
            Ok(())
        })?;
        Ok(book)
    }
}

/// Empty elements that HTML takes for unclosed ones, and then swallows the page.
fn closed(source: &str) -> String {
    const SWALLOWING: &[&str] = &["title", "script", "style", "textarea", "iframe", "a"];
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find("/>") {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        rest = &after[2..];
        let tag = before.rfind('<').map_or("", |open| &before[open + 1..]);
        let name = tag.split_whitespace().next().unwrap_or_default();
        if SWALLOWING.contains(&name) {
            out.push_str(&format!("></{name}>"));
        } else {
            out.push_str("/>");
        }
    }
    out + rest
}

/// `%E7%AC%AC` in a reference.
fn unescaped(href: &str) -> String {
    let mut bytes = Vec::with_capacity(href.len());
    let mut rest = href.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| byte == b'%');
        let value = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match value {
            Some(value) => {
                bytes.push(value);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::BlockKind;
    use crate::fixture;

    #[test]
    fn chapters_are_in_the_order_of_the_spine() {
        let read = extract(&fixture("book.epub")).expect("epub");
        assert_eq!(
            read.text,
            "政策汇编\n第一篇\n营商环境条例。\n第二篇\n数据共享办法。\n"
        );
        assert_eq!(read.blocks[0].kind, BlockKind::Title);
    }

    #[test]
    fn empty_elements_do_not_swallow_the_page() {
        assert_eq!(
            closed("<title/><a id='x'/><br/><p>甲"),
            "<title></title><a id='x'></a><br/><p>甲"
        );
    }

    #[test]
    fn bad_files_have_a_reason() {
        assert!(extract(&fixture("plain.docx")).is_err());
        let whole = fixture("book.epub");
        for at in (0..whole.len()).step_by(7) {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x55;
            let _ = extract(&flipped);
        }
    }
}
