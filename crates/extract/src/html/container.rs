//! The elements of a page that are known by name to hold its article.

use scraper::{ElementRef, Html, Selector};

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

/// Those that hold nothing but the article: one sentence in them is enough.
const SURE: &[&str] = &[
    "#UCAP-CONTENT",
    "#zoom",
    "#Zoom",
    ".TRS_Editor",
    ".TRS_UEDITOR",
    ".pages_content",
    ".article-content",
    ".article_content",
    "#article-content",
    "#js_content",
    "#zoomcon",
];

/// A container with less text than this is a caption or a teaser, not the article.
const MIN_CHARS: usize = 80;
/// A sentence has as many characters.
const MIN_SENTENCE: usize = 15;

/// The first known container with enough text in it; several elements where the article is parted
/// into elements of the same name side by side. None where there is no such container.
pub(super) fn of(page: &Html) -> Vec<ElementRef<'_>> {
    let long = |parts: &[ElementRef<'_>]| chars(parts) >= MIN_CHARS;
    let known = || CONTAINERS.iter().flat_map(|css| groups(page, css));
    if let Some(found) = known().find(|parts| long(parts)) {
        return found;
    }
    let is_sentence = |parts: &[ElementRef<'_>]| {
        let stops = |part: &ElementRef<'_>| part.text().any(|text| text.contains('。'));
        chars(parts) >= MIN_SENTENCE && parts.iter().any(stops)
    };
    let mut sure = SURE.iter().flat_map(|css| groups(page, css));
    sure.find(|parts| is_sentence(parts)).unwrap_or_default()
}

/// The outermost elements that a selector finds, those of one parent together.
fn groups<'p>(page: &'p Html, css: &str) -> Vec<Vec<ElementRef<'p>>> {
    let Ok(selector) = Selector::parse(css) else {
        return Vec::new();
    };
    let mut groups: Vec<Vec<ElementRef<'p>>> = Vec::new();
    for element in page.select(&selector) {
        let is_inside = element
            .ancestors()
            .filter_map(ElementRef::wrap)
            .any(|outer| selector.matches(&outer));
        if is_inside {
            continue;
        }
        let parent = |element: &ElementRef<'_>| element.parent().map(|parent| parent.id());
        match groups.last_mut() {
            Some(group) if group.first().and_then(parent) == parent(&element) => {
                group.push(element);
            }
            _ => groups.push(vec![element]),
        }
    }
    groups
}

/// How many characters elements have, as far as it matters.
fn chars(parts: &[ElementRef<'_>]) -> usize {
    let texts = parts.iter().flat_map(|part| part.text());
    let chars = texts.flat_map(str::chars).filter(|c| !c.is_whitespace());
    chars.take(MIN_CHARS).count()
}
