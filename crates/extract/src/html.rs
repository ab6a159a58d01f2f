//! Web pages: the article a reader would copy, and below it, as furniture, what stands around it.
//!
//! Containers that Chinese government sites are known to use come first; readability is the
//! fallback, and the whole body the last resort. Every walk is iterative, and a page that nests
//! deeper than any real one is refused.

mod grow;

use std::collections::HashMap;

use dom_smoothie::Readability;
use scraper::{ElementRef, Html, Node, Selector};

use crate::block::{BlockKind, Builder};
use crate::decode::decode;
use crate::{ExtractError, Extracted, Format};

/// Content containers of the systems most government sites run on (TRS WCM, UCAP, Jpage, …).
const CONTAINERS: &[&str] = &[
    "#UCAP-CONTENT",
    "#zoom",
    ".TRS_Editor",
    ".TRS_UEDITOR",
    "#Zoom",
    ".pages_content",
    ".article-content",
    ".article_content",
    "#article-content",
    ".bt-content",
    ".zw-content",
    "#zwnr",
    ".content-text",
    ".news_content",
    "#js_content",
    "#zoomcon",
    "#info_cont",
    "#mainText",
    "#NewsContent",
    "#artibody",
    ".zwnr",
    ".zw",
    "article",
];

/// Elements whose text no reader copies.
const MARGINS: &[&str] = &[
    "nav", "header", "footer", "aside", "form", "button", "select",
];
/// Elements that hold no text of the page.
const UNSEEN: &[&str] = &[
    "script", "style", "noscript", "template", "iframe", "svg", "head",
];

/// Elements that end a line.
const LINES: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "br",
    "hr",
    "blockquote",
    "pre",
    "dd",
    "dt",
    "dl",
    "main",
    "center",
    "address",
    "figure",
    "figcaption",
    "caption",
];

/// A container with less text than this is a caption or a teaser, not the article.
const MIN_CHARS: usize = 80;
/// Deeper pages are not given to readability, which recurses.
const MAX_DEPTH: usize = 400;

/// Elements that are never closed, or closed by what follows them: they do not nest.
const NOT_NESTING: &[&str] = &[
    "p", "br", "hr", "img", "input", "meta", "link", "li", "td", "th", "tr", "dd", "dt", "option",
    "area", "col", "source", "wbr", "tbody", "thead", "param", "embed", "base",
];
/// A row with more text than this is layout, not a table.
const MAX_ROW_CHARS: usize = 2_000;
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
    if nesting(source) > MAX_NESTING {
        return Err(ExtractError::TooDeep);
    }
    if attributes(source) > MAX_ATTRIBUTES {
        return Err(ExtractError::Damaged("a tag without an end"));
    }
    if is_part(source) {
        let read = whole(source)?;
        return Ok(Extracted {
            encoding: Some(decoded.encoding.into()),
            warnings: decoded.warnings,
            ..read
        });
    }
    let page = Html::parse_document(source);
    let mut out = Renderer::default();
    let found = match container(&page) {
        Some(element) => {
            out.render(element, true);
            true
        }
        None => article(source, &page).is_some_and(|fragment| {
            let part = fragment.root_element();
            out.render(grow::grown(&page, &fragment).unwrap_or(part), true);
            true
        }),
    };
    if !found {
        out.render(page.root_element(), true);
    }
    let mut built = out.titled(title(&page));
    furniture(&page, &mut built);
    Ok(built.finish(Format::Html, decoded.encoding, decoded.warnings))
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
    let mut whole = Renderer::default();
    whole.render(page.root_element(), false);
    let mut own: HashMap<&str, usize> = HashMap::new();
    for line in built.text().lines() {
        *own.entry(line).or_default() += 1;
    }
    let mut left = MAX_FURNITURE_CHARS;
    let mut dropped: Vec<&str> = Vec::new();
    for line in whole.built.text().lines() {
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
    if nesting(source) > MAX_NESTING {
        return Err(ExtractError::TooDeep);
    }
    if attributes(source) > MAX_ATTRIBUTES {
        return Err(ExtractError::Damaged("a tag without an end"));
    }
    let page = Html::parse_document(source);
    let mut out = Renderer::default();
    out.render(page.root_element(), true);
    Ok(out.titled(None).finish(Format::Html, "UTF-8", Vec::new()))
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

/// The best title a page offers, longest-lived conventions first.
fn title(page: &Html) -> Option<String> {
    let metas = ["meta[name=ArticleTitle]", "meta[property='og:title']"];
    let from_meta = metas
        .iter()
        .find_map(|css| first(page, css)?.value().attr("content").map(str::to_owned));
    let heading = || first(page, "h1").map(|h| h.text().collect::<String>());
    let element = || first(page, "title").map(|t| t.text().collect::<String>());
    let text = from_meta.or_else(heading).or_else(element)?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // `标题_某市人民政府`: what follows is the site.
    let own = text
        .split(['_', '|'])
        .next()
        .unwrap_or_default()
        .split(" - ")
        .next()
        .unwrap_or_default()
        .trim();
    (!own.is_empty()).then(|| own.to_owned())
}

fn first<'p>(page: &'p Html, css: &str) -> Option<ElementRef<'p>> {
    let selector = Selector::parse(css).ok()?;
    page.select(&selector).next()
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

/// The first known container with enough text in it.
fn container(page: &Html) -> Option<ElementRef<'_>> {
    CONTAINERS.iter().find_map(|css| {
        let element = first(page, css)?;
        let chars = element
            .text()
            .flat_map(str::chars)
            .filter(|c| !c.is_whitespace())
            .take(MIN_CHARS)
            .count();
        (chars == MIN_CHARS).then_some(element)
    })
}

/// What readability takes for the article.
fn article(source: &str, page: &Html) -> Option<Html> {
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

/// Turns elements into lines of text.
#[derive(Default)]
struct Renderer {
    built: Builder,
    line: String,
    /// Level of the heading the current line is in.
    heading: Option<u8>,
    in_row: bool,
    in_item: bool,
}

impl Renderer {
    /// Renders what is below an element; without its margins where only the article is wanted.
    fn render(&mut self, root: ElementRef<'_>, article_only: bool) {
        let is_skipped =
            |name: &str| UNSEEN.contains(&name) || article_only && MARGINS.contains(&name);
        let mut skipped = 0usize;
        for edge in root.traverse() {
            let (node, opens) = match edge {
                ego_tree::iter::Edge::Open(node) => (node, true),
                ego_tree::iter::Edge::Close(node) => (node, false),
            };
            match node.value() {
                Node::Element(element)
                    if is_skipped(element.name()) || !article_only && is_hidden(element) =>
                {
                    if opens {
                        skipped += 1;
                    } else {
                        skipped -= 1;
                    }
                }
                Node::Element(element) if skipped == 0 => {
                    if element.name() == "tr" {
                        self.row(ElementRef::wrap(node), opens);
                    }
                    self.element(element.name(), opens);
                }
                Node::Text(text) if opens && skipped == 0 => self.inline(text),
                _ => {}
            }
        }
        self.end_line();
    }

    /// A row of a table is a line, whatever its cells are made of; a row that lays out the page
    /// is not.
    fn row(&mut self, row: Option<ElementRef<'_>>, opens: bool) {
        if !opens {
            self.end_line();
            self.in_row = false;
            return;
        }
        self.end_line();
        self.in_row = row.is_some_and(|row| {
            let cells = row
                .child_elements()
                .filter(|cell| matches!(cell.value().name(), "td" | "th"))
                .count();
            let has_table = row
                .descendent_elements()
                .any(|e| e.value().name() == "table");
            let chars = row.text().flat_map(str::chars).take(MAX_ROW_CHARS).count();
            cells > 1 && !has_table && chars < MAX_ROW_CHARS
        });
    }

    fn element(&mut self, name: &str, opens: bool) {
        if self.in_row {
            if matches!(name, "td" | "th") && !opens {
                let kept = self.line.trim_end().len();
                self.line.truncate(kept);
                self.line.push('\t');
            } else if LINES.contains(&name) && !self.line.is_empty() {
                self.inline(" ");
            }
            return;
        }
        if !LINES.contains(&name) {
            return;
        }
        self.end_line();
        let level = name
            .strip_prefix('h')
            .and_then(|l| l.parse::<u8>().ok())
            .filter(|l| (1..=6).contains(l));
        if level.is_some() {
            self.heading = level.filter(|_| opens);
        }
        if name == "li" {
            self.in_item = opens;
        }
    }

    /// Runs of white space are one space, as a browser shows them.
    fn inline(&mut self, text: &str) {
        for c in text.chars() {
            if !c.is_whitespace() || c == '\u{3000}' {
                self.line.push(c);
            } else if !self.line.is_empty() && !self.line.ends_with([' ', '\t']) {
                self.line.push(' ');
            }
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let kind = match self.heading {
            Some(level) => BlockKind::Heading(level),
            None if self.in_row => BlockKind::Row,
            None if self.in_item => BlockKind::Item,
            None => BlockKind::Paragraph,
        };
        self.built.line(kind, &line);
    }

    /// What was rendered, below the page's title where it does not begin with it.
    fn titled(self, title: Option<String>) -> Builder {
        let squeezed = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let shown: String = self.built.text().lines().take(8).map(squeezed).collect();
        match title.filter(|title| !shown.contains(&squeezed(title))) {
            Some(title) => self.built.below(BlockKind::Title, &title),
            None => self.built,
        }
    }
}

#[cfg(test)]
mod tests;
