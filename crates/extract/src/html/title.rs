//! The title of a page, which it says in several places, together with the name of its site.

use scraper::{ElementRef, Html, Selector};

/// Headings looked at; a page has one title.
const MOST_HEADINGS: usize = 40;
/// A shorter heading that the page's name contains may be that of a column.
const LEAST_CHARS: usize = 6;

/// How names of sites end.
const SITES: &[&str] = &[
    "人民政府",
    "政府",
    "网站",
    "门户",
    "网",
    "委员会",
    "办公室",
    "局",
    "厅",
    "委",
    "办",
    "院",
    "中心",
    "政務網",
    "網站",
    "網",
];

/// The best title a page offers, longest-lived conventions first.
pub(super) fn of(page: &Html) -> Option<String> {
    let metas = ["meta[name=ArticleTitle]", "meta[property='og:title']"];
    let from_meta = metas
        .iter()
        .find_map(|css| first(page, css)?.value().attr("content").map(str::to_owned));
    let name = first(page, "title").map(|title| words(&title));
    let name = name.unwrap_or_default();
    let title = from_meta.or_else(|| heading(page, &name)).unwrap_or(name);
    let own = without_site(&title);
    (!own.is_empty()).then(|| own.to_owned())
}

/// The heading that is the page's title: the longest one that its name contains, or the first that
/// is not the name of the site.
fn heading(page: &Html, name: &str) -> Option<String> {
    let selector = Selector::parse("h1, h2, h3").ok()?;
    let headings: Vec<(bool, String)> = page
        .select(&selector)
        .take(MOST_HEADINGS)
        .map(|heading| (heading.value().name() == "h1", words(&heading)))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let squeezed = |text: &str| {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
    };
    let name = squeezed(name);
    let named = headings
        .iter()
        .filter(|(_, text)| text.chars().count() >= LEAST_CHARS && !is_site(text))
        .filter(|(_, text)| name.contains(&squeezed(text)))
        .max_by_key(|(_, text)| text.chars().count());
    let first = || {
        headings
            .iter()
            .find(|(is_first, text)| *is_first && !is_site(text))
    };
    named.or_else(first).map(|(_, text)| text.clone())
}

/// `标题_某市人民政府`, `标题-某局网站`: what follows is the site.
fn without_site(title: &str) -> &str {
    let own = title.split(['_', '|']).next().unwrap_or_default();
    let own = own.split(" - ").next().unwrap_or_default().trim();
    match own.rsplit_once(['-', '—', '－', '–']) {
        Some((before, site)) if is_site(site) => before.trim_end_matches(['-', '—']).trim(),
        _ => own,
    }
}

fn is_site(text: &str) -> bool {
    let text = text.trim();
    let says = text.contains(['关', '關', '的', '：', '，', '“'])
        || text.contains(|c: char| c.is_ascii_digit());
    !says && SITES.iter().any(|ending| text.ends_with(ending))
}

/// The text of an element with single blanks.
fn words(element: &ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn first<'p>(page: &'p Html, css: &str) -> Option<ElementRef<'p>> {
    let selector = Selector::parse(css).ok()?;
    page.select(&selector).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_told_from_titles() {
        for (whole, own) in [
            (
                "关于推行容缺受理的通知_河湾市人民政府",
                "关于推行容缺受理的通知",
            ),
            (
                "关于推行容缺受理的通知-河湾市人民政府门户网站",
                "关于推行容缺受理的通知",
            ),
            ("河湾市2023-2025年改革方案", "河湾市2023-2025年改革方案"),
            ("一个窗口的变迁——河湾市政务服务中心", "一个窗口的变迁"),
            (
                "以改革促发展——写在大厅启用之际",
                "以改革促发展——写在大厅启用之际",
            ),
        ] {
            assert_eq!(without_site(whole), own);
        }
    }
}
