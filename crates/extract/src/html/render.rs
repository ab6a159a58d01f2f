//! Elements of a page to lines of text, as a browser shows them. It decides nothing about what is
//! the article's and what is not.

use scraper::{ElementRef, Node};

use super::{MARGINS, UNSEEN, is_hidden};
use crate::block::BlockKind;

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

/// A row with more text than this is layout, not a table.
const MAX_ROW_CHARS: usize = 2_000;
/// A form with more text is not one to fill in a search.
const FORM_CHARS: usize = 200;
/// Endings of files to take away, such as the annexes of a document.
const FILES: &[&str] = &[
    ".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".pdf", ".ofd", ".ceb", ".zip", ".rar", ".7z",
    ".ppt", ".pptx", ".txt", ".jpg", ".png", ".mp4",
];

/// A line as it is shown.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) kind: BlockKind,
    pub(super) text: String,
    /// How many of its characters that are not white space stand in links.
    pub(super) linked: usize,
    /// Whether one of its links leads to a file.
    pub(super) has_file: bool,
}

/// The lines of an element as a reader sees them. Where most of it is hidden, scripts show it, and
/// so does this.
pub(super) fn lines(root: ElementRef<'_>, article_only: bool) -> Vec<Shown> {
    let chars = |lines: &[Shown]| lines.iter().map(|l| l.text.len()).sum::<usize>();
    let mut seen = Renderer::default();
    seen.render(root, article_only);
    if !seen.met_hidden {
        return seen.lines;
    }
    let mut all = Renderer {
        shows_hidden: true,
        ..Renderer::default()
    };
    all.render(root, article_only);
    if chars(&all.lines) > 2 * chars(&seen.lines) {
        all.lines
    } else {
        seen.lines
    }
}

/// Whether no reader copies what stands in an element. A form may hold the whole page: pages of some
/// systems are one form.
pub(super) fn is_margin(element: ElementRef<'_>, name: &str) -> bool {
    let is_short = || {
        let texts = element.text().flat_map(str::chars);
        let mut chars = texts.filter(|c| !c.is_whitespace());
        chars.nth(FORM_CHARS).is_none()
    };
    MARGINS.contains(&name) && (name != "form" || is_short())
}

/// Turns elements into lines of text.
#[derive(Default)]
pub(super) struct Renderer {
    lines: Vec<Shown>,
    shows_hidden: bool,
    met_hidden: bool,
    line: String,
    linked: usize,
    has_file: bool,
    /// Links around the text at hand.
    links: usize,
    /// Level of the heading the current line is in.
    heading: Option<u8>,
    in_row: bool,
    in_item: bool,
}

impl Renderer {
    /// The lines of an element; without its margins where only the article is wanted.
    pub(super) fn of(root: ElementRef<'_>, article_only: bool) -> Vec<Shown> {
        let mut renderer = Self::default();
        renderer.render(root, article_only);
        renderer.lines
    }

    /// Renders what is below an element; without its margins where only the article is wanted.
    fn render(&mut self, root: ElementRef<'_>, article_only: bool) {
        let is_skipped = |node: ElementRef<'_>, name: &str| {
            UNSEEN.contains(&name) || article_only && is_margin(node, name)
        };
        let mut skipped = 0usize;
        for edge in root.traverse() {
            let (node, opens) = match edge {
                ego_tree::iter::Edge::Open(node) => (node, true),
                ego_tree::iter::Edge::Close(node) => (node, false),
            };
            let hides = !self.shows_hidden
                && node.id() != root.id()
                && node.value().as_element().is_some_and(is_hidden);
            self.met_hidden |= hides;
            match node.value() {
                Node::Element(element)
                    if hides
                        || ElementRef::wrap(node)
                            .is_some_and(|e| is_skipped(e, element.name())) =>
                {
                    if opens {
                        skipped += 1;
                    } else {
                        skipped -= 1;
                    }
                }
                Node::Element(element) if skipped == 0 => {
                    if element.name() == "a" {
                        self.link(element.attr("href").unwrap_or_default(), opens);
                    }
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

    fn link(&mut self, target: &str, opens: bool) {
        if opens {
            self.links += 1;
            let target = target.to_ascii_lowercase();
            let target = target.split(['?', '#']).next().unwrap_or_default();
            self.has_file |= FILES.iter().any(|ending| target.ends_with(ending));
        } else {
            self.links = self.links.saturating_sub(1);
        }
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
                self.linked += usize::from(self.links > 0 && c != '\u{3000}');
            } else if !self.line.is_empty() && !self.line.ends_with([' ', '\t']) {
                self.line.push(' ');
            }
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let linked = std::mem::take(&mut self.linked);
        let has_file = std::mem::take(&mut self.has_file);
        let kind = match self.heading {
            Some(level) => BlockKind::Heading(level),
            None if self.in_row => BlockKind::Row,
            None if self.in_item => BlockKind::Item,
            None => BlockKind::Paragraph,
        };
        let text = line.trim();
        if !text.is_empty() {
            self.lines.push(Shown {
                kind,
                text: text.to_owned(),
                linked,
                has_file,
            });
        }
    }
}
