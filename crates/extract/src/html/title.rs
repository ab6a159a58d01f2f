//! The title of a page, which it says in several places, together with the name of its site.

use scraper::{ElementRef, Html, Selector};

/// Headings looked at; a page has one title.
const MOST_HEADINGS: usize = 40;
/// A shorter heading that the page's name contains may be that of a column.
const LEAST_CHARS: usize = 6;

/// How names of sites end.
const SITES: &[&str] = &[
    "政府",
    "网站",
    "门户",
    "网",
    "委员会",
    "办公室",
    "局",
    "厅",
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

/// The heading that is the page's title: the highest one that its name contains, unless a lower one
/// is much longer; else the first that is not the name of the site.
fn heading(page: &Html, name: &str) -> Option<String> {
    let squeezed = |text: &str| {
        let chars = text.chars().filter(|c| !c.is_whitespace());
        chars.collect::<String>()
    };
    let name = squeezed(name);
    let mut first = None;
    let mut best: Option<String> = None;
    for level in ["h1", "h2", "h3"] {
        let selector = Selector::parse(level).ok()?;
        let headings = page.select(&selector).take(MOST_HEADINGS);
        let texts = headings.map(|heading| words(&heading));
        for text in texts.filter(|text| !text.is_empty() && !is_site(text)) {
            let chars = text.chars().count();
            let is_named = chars >= LEAST_CHARS && name.contains(&squeezed(&text));
            let most = best.as_ref().map_or(0, |best| 2 * best.chars().count());
            if is_named && chars > most {
                best = Some(text);
            } else if level == "h1" && first.is_none() {
                first = Some(text);
            }
        }
    }
    best.or(first)
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

    fn title(page: &str) -> Option<String> {
        of(&Html::parse_document(page))
    }

    #[test]
    fn the_highest_heading_that_the_page_is_named_after_is_its_title() {
        let named = "<title>材料少一份也能办——河湾市见闻_河湾日报</title>";
        let both = "<h1>材料少一份也能办</h1><h2>——河湾市见闻</h2>";
        assert_eq!(
            title(&format!("{named}{both}")).as_deref(),
            Some("材料少一份也能办")
        );
        let below = "<h1>河湾市人民政府</h1><h2>材料少一份也能办</h2>";
        assert_eq!(
            title(&format!("{named}{below}")).as_deref(),
            Some("材料少一份也能办")
        );
        let logo = "<h1>材料少一份也能办</h1>";
        assert_eq!(title(logo).as_deref(), Some("材料少一份也能办"));
        assert_eq!(
            title(named).as_deref(),
            Some("材料少一份也能办——河湾市见闻")
        );
    }

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
            ("一个窗口的变迁——河湾市政务服务局", "一个窗口的变迁"),
            (
                "以改革促发展——写在大厅启用之际",
                "以改革促发展——写在大厅启用之际",
            ),
        ] {
            assert_eq!(without_site(whole), own);
        }
    }
}
