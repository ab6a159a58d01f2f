//! Web pages: the article a reader would copy, and below it, as furniture, what stands around it.
//!
//! Containers that Chinese government sites are known to use come first; readability is the
//! fallback, and the whole body the last resort. Every walk is iterative, and a page that nests
//! deeper than any real one is refused.

mod bars;
mod container;
mod grow;
mod render;
mod title;

use std::collections::HashMap;

use dom_smoothie::Readability;
use scraper::Html;

use self::render::{Renderer, Shown};
use crate::block::{BlockKind, Builder};
use crate::decode::decode;
use crate::{ExtractError, Extracted, Format};

/// Elements whose text no reader copies.
const MARGINS: &[&str] = &[
    "nav", "header", "footer", "aside", "form", "button", "select",
];
/// Elements that hold no text of the page.
const UNSEEN: &[&str] = &[
    "script", "style", "noscript", "template", "iframe", "svg", "head",
];

/// Deeper pages are not given to readability, which recurses.
const MAX_DEPTH: usize = 400;

/// Elements that are never closed, or closed by what follows them: they do not nest.
const NOT_NESTING: &[&str] = &[
    "p", "br", "hr", "img", "input", "meta", "link", "li", "td", "th", "tr", "dd", "dt", "option",
    "area", "col", "source", "wbr", "tbody", "thead", "param", "embed", "base",
];
/// So much of what stands around an article is kept.
const MAX_FURNITURE_CHARS: usize = 20_000;
/// A page begins as one within so many characters; comments may stand before it.
const PAGE_CHARS: usize = 4 * 1024;
/// Where a page says its encoding.
const HEAD_BYTES: usize = 4 * 1024;
/// Parsing takes time that grows with the square of the nesting; no real page comes near this.
const MAX_NESTING: usize = 2_000;

/// The same holds of the attributes of one tag; scripts that look like tags stay below this.
const MAX_ATTRIBUTES: usize = 20_000;

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let decoded = decode(bytes, declared(bytes).as_deref())?;
    let source = &decoded.text;
    checked(source)?;
    if is_part(source) {
        let read = whole(source)?;
        return Ok(Extracted {
            encoding: Some(decoded.encoding.into()),
            warnings: decoded.warnings,
            ..read
        });
    }
    let built = page(source);
    Ok(built.finish(Format::Html, decoded.encoding, decoded.warnings))
}

/// A page saved with what stands around its article, as browsers save it.
pub(crate) fn saved(source: &str) -> Result<Extracted, ExtractError> {
    checked(source)?;
    Ok(page(source).finish(Format::Html, "UTF-8", Vec::new()))
}

/// Refuses what would take too long.
fn checked(source: &str) -> Result<(), ExtractError> {
    if nesting(source) > MAX_NESTING {
        return Err(ExtractError::TooDeep);
    }
    if attributes(source) > MAX_ATTRIBUTES {
        return Err(ExtractError::Damaged("a tag without an end"));
    }
    Ok(())
}

fn page(source: &str) -> Builder {
    let page = Html::parse_document(source);
    let mut lines = article(source, &page);
    if lines.is_empty() {
        lines = render::lines(page.root_element(), true);
    }
    let marks = bars::marks(&lines);
    let mut built = Builder::default();
    for (line, _) in lines.iter().zip(marks).filter(|(_, is_bar)| !is_bar) {
        built.line(line.kind, &line.text);
    }
    let mut built = titled(built, title::of(&page));
    furniture(&page, &mut built);
    built
}

/// The lines of the article: what a known container holds, or what readability finds.
fn article(source: &str, page: &Html) -> Vec<Shown> {
    let known = container::of(page);
    if !known.is_empty() {
        return known
            .into_iter()
            .flat_map(|element| render::lines(element, true))
            .collect();
    }
    let Some(fragment) = readable(source, page) else {
        return Vec::new();
    };
    let part = fragment.root_element();
    render::lines(grow::grown(page, &fragment).unwrap_or(part), true)
}

/// A text below the page's title where it does not begin with it.
fn titled(built: Builder, title: Option<String>) -> Builder {
    let squeezed = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let shown: String = built.text().lines().take(8).map(squeezed).collect();
    match title.filter(|title| !shown.contains(&squeezed(title))) {
        Some(title) => built.below(BlockKind::Title, &title),
        None => built,
    }
}

/// Whether it is a part of a page, such as the article in a dump of a site: it has nothing around
/// it that could be left out.
fn is_part(source: &str) -> bool {
    let head: String = source
        .chars()
        .take(PAGE_CHARS)
        .collect::<String>()
        .to_ascii_lowercase();
    !["<!doctype", "<html", "<head", "<body"]
        .iter()
        .any(|tag| head.contains(tag))
}

/// The encoding a page names in its head.
pub(crate) fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD_BYTES)]).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let label: String = rest
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    (!label.is_empty()).then_some(label)
}

/// The lines of the page that are not in the article, as furniture below it.
fn furniture(page: &Html, built: &mut Builder) {
    let whole = Renderer::of(page.root_element(), false);
    let mut own: HashMap<&str, usize> = HashMap::new();
    for line in built.text().lines() {
        *own.entry(line).or_default() += 1;
    }
    let mut left = MAX_FURNITURE_CHARS;
    let mut dropped: Vec<&str> = Vec::new();
    for line in whole.iter().map(|shown| shown.text.as_str()) {
        match own.get_mut(line) {
            Some(count) if *count > 0 => *count -= 1,
            _ => {
                let chars = line.chars().count();
                if chars > left {
                    break;
                }
                left -= chars;
                dropped.push(line);
            }
        }
    }
    let dropped: Vec<String> = dropped.into_iter().map(str::to_owned).collect();
    for line in dropped {
        built.line(BlockKind::Furniture, &line);
    }
}

/// The whole body of a page that is a document of its own, such as one inside a Word file: no
/// container is looked for and nothing is taken for the article.
pub(crate) fn whole(source: &str) -> Result<Extracted, ExtractError> {
    checked(source)?;
    let page = Html::parse_document(source);
    let mut built = Builder::default();
    for line in Renderer::of(page.root_element(), true) {
        built.line(line.kind, &line.text);
    }
    Ok(built.finish(Format::Html, "UTF-8", Vec::new()))
}

/// About how many attributes the tag with most has, counted as what blanks and slashes part.
fn attributes(source: &str) -> usize {
    let (mut most, mut count) = (0, 0);
    // Where in a tag: outside any, in one, in a value of one in these quotes.
    let (mut in_tag, mut quote, mut before) = (false, None, b' ');
    for byte in source.bytes() {
        match (in_tag, quote) {
            (false, _) => {
                in_tag = before == b'<' && byte.is_ascii_alphabetic();
                count = 0;
            }
            (true, Some(mark)) => quote = quote.filter(|_| byte != mark),
            (true, None) if byte == b'>' => in_tag = false,
            (true, None) if before == b'=' && matches!(byte, b'"' | b'\'') => quote = Some(byte),
            (true, None) => {
                let parts = |b: u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'"' | b'\'');
                count += usize::from(parts(before) && !parts(byte));
                most = most.max(count);
            }
        }
        before = byte;
    }
    most
}

/// How deep the tags nest, estimated from the source alone in one pass.
fn nesting(source: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0usize);
    let mut rest = source;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let (closes, name) = rest
            .strip_prefix('/')
            .map_or((false, rest), |name| (true, name));
        let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = name[..length].to_ascii_lowercase();
        if name.is_empty() || NOT_NESTING.contains(&name.as_str()) {
            continue;
        }
        depth = if closes {
            depth.saturating_sub(1)
        } else {
            depth + 1
        };
        deepest = deepest.max(depth);
    }
    deepest
}

/// Whether a page says that no reader sees an element.
fn is_hidden(element: &scraper::node::Element) -> bool {
    let hides = |style: &str| {
        let mut style = style.to_ascii_lowercase();
        style.retain(|c| !c.is_ascii_whitespace());
        style.contains("display:none")
    };
    element.attr("hidden").is_some() || element.attr("style").is_some_and(hides)
}

/// What readability takes for the article.
fn readable(source: &str, page: &Html) -> Option<Html> {
    let mut deepest = 0;
    let mut depth = 0usize;
    for edge in page.tree.root().traverse() {
        match edge {
            ego_tree::iter::Edge::Open(_) => depth += 1,
            ego_tree::iter::Edge::Close(_) => depth -= 1,
        }
        deepest = deepest.max(depth);
    }
    if deepest > MAX_DEPTH {
        return None;
    }
    let article = Readability::new(source, None, None).ok()?.parse().ok()?;
    Some(Html::parse_fragment(&article.content))
}

#[cfg(test)]
mod tests;
