//! Whether a text says that it is a part of something larger: an excerpt, or a page of a newspaper
//! from which or to which it goes on.

use std::sync::LazyLock;

use memchr::memmem;
use regex::Regex;

use crate::infer::time::han_number;

/// `（上接5版）`, `(下转第三版)`, `（上接 A2 版）`.
static REMARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[(（]\s*(?:紧接|紧?(上接|下转))\s*第?\s*([A-Za-z]?\s*[0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*[版页][^)）\n]{0,20}[)）]")
        .expect("a constant pattern")
});
/// What says that a text is an excerpt.
const EXCERPTS: &[&str] = &[
    "（节选）",
    "(节选)",
    "（摘要）",
    "（摘录）",
    "（节录）",
    "[节选]",
];
/// Where a title ends at the latest, in characters.
const HEAD_CHARS: usize = 300;

/// What a reader should know of a text that is only a part; nothing of one that is whole.
pub(crate) fn warnings(folded: &str) -> Vec<String> {
    let head = folded
        .char_indices()
        .nth(HEAD_CHARS)
        .map_or(folded, |(end, _)| &folded[..end]);
    let mut warnings = Vec::new();
    let (mut before, mut after) = (None, None);
    // Most texts have neither.
    let has = |word: &str| memmem::find(folded.as_bytes(), word.as_bytes()).is_some();
    if has("上接") || has("下转") {
        for found in REMARK.captures_iter(folded) {
            let page: String = found[2].chars().filter(|c| !c.is_whitespace()).collect();
            let page = han_number(&page).map_or(page, |page| page.to_string());
            match found.get(1).map(|which| which.as_str()) {
                Some("下转") => after = Some(page),
                _ => before = before.or(Some(page)),
            }
        }
    }
    if let Some(page) = before {
        warnings.push(format!("partial: continues from page {page}"));
    }
    if let Some(page) = after {
        warnings.push(format!("partial: continues on page {page}"));
    }
    if EXCERPTS.iter().any(|words| head.contains(words)) {
        warnings.push("partial: an excerpt".to_owned());
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_of_newspapers_and_excerpts_are_read() {
        for (text, expected) in [
            (
                "（上接5版）\n三、推行容缺受理。",
                vec!["partial: continues from page 5"],
            ),
            (
                "(上接第三版)各窗口单位。",
                vec!["partial: continues from page 3"],
            ),
            (
                "（上接A2版）各窗口单位。（下转 7 版）",
                vec![
                    "partial: continues from page A2",
                    "partial: continues on page 7",
                ],
            ),
            (
                "关于容缺受理的报告（节选）\n各位代表：",
                vec!["partial: an excerpt"],
            ),
            ("上接天线、下接地气，（上接市级系统）推行一网通办。", vec![]),
        ] {
            assert_eq!(warnings(text), expected, "{text}");
        }
    }
}
