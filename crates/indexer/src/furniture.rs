//! Lines of a page that are not the document's: page numbers, buttons, share links.
//!
//! Only whole lines of a closed list of forms count, so that no sentence is ever taken away.

use std::sync::LazyLock;

use crate::any_of::AnyOf;
use crate::text::Line;

/// Lines that are furniture by themselves, white space, colons and brackets not counted.
static WORDS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "下载",
        "打印",
        "打印本页",
        "打印此页",
        "关闭",
        "关闭窗口",
        "关闭本页",
        "全屏",
        "收藏",
        "字号",
        "字体",
        "加大",
        "还原",
        "减小",
        "大",
        "中",
        "小",
        "大中小",
        "字号大中小",
        "字体大中小",
        "分享到",
        "分享",
        "相关文章",
        "相关链接",
        "相关阅读",
        "相关新闻",
        "相关附件",
        "相关报道",
        "相关稿件",
        "相关信息",
        "相关专题",
        "相关解读",
        "延伸阅读",
        "推荐阅读",
        "编辑推荐",
        "热点专题",
        "网站声明",
        "网站地图",
        "版权声明",
        "隐私声明",
        "联系我们",
        "阅读量",
        "浏览量",
        "浏览次数",
        "返回顶部",
        "返回首页",
        "上一篇",
        "下一篇",
        "扫一扫在手机打开当前页",
        "扫一扫",
        "微信",
        "微博",
        "首页",
        "繁体",
        "简体",
        "无障碍",
        "我要纠错",
        "纠错",
        "手机版",
        "收藏本页",
        "责任编辑",
        "更多",
    ])
});

/// Beginnings of lines that carry a page's own data.
static BEGINNINGS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "分享到",
        "浏览次数",
        "阅读次数",
        "点击数",
        "浏览量",
        "访问量",
        "当前位置",
        "您的位置",
        "您现在的位置",
        "责任编辑",
        "【打印",
        "【字号",
        "[打印",
        "扫一扫",
        "上一篇",
        "下一篇",
        "版权所有",
        "点击查看",
        "点击收听",
        "点击下载",
    ])
});

/// A longer line says something.
const MAX_CHARS: usize = 60;

/// Whether a line (trimmed, folded) is furniture wherever it stands.
pub(crate) fn is_furniture(line: &str) -> bool {
    // No character takes more than four bytes.
    if line.len() > 4 * MAX_CHARS || line.chars().nth(MAX_CHARS).is_some() {
        return false;
    }
    BEGINNINGS.begins(line)
        || line.chars().all(is_frame)
        || is_one_of(&WORDS, line, is_frame)
        || is_page_number(line)
        || is_newspaper_remark(line)
}

/// What may stand around the words of a button or a link.
fn is_frame(c: char) -> bool {
    let is_sign = matches!(
        c,
        '：' | ':'
            | '【'
            | '】'
            | '['
            | ']'
            | '|'
            | '｜'
            | '「'
            | '」'
            | '<'
            | '>'
            | '《'
            | '》'
            | '·'
    );
    is_sign || c.is_whitespace()
}

/// Whether a line without what frames it is a word of a list.
fn is_one_of(list: &AnyOf, line: &str, is_frame: impl Fn(char) -> bool) -> bool {
    let bare = || line.chars().filter(|c| !is_frame(*c));
    let is_bare = |word: &str| bare().eq(word.chars());
    let first = bare().next();
    first.is_some_and(|first| list.beginning_with(first).any(|(_, word)| is_bare(word)))
}

/// A text of fewer lines has no page around it that could be told by its place.
const LEAST_LINES: usize = 20;
/// How many lines at the top a page's path may take, and how many at its end what is linked to.
const TOP_LINES: usize = 15;
const END_LINES: usize = 16;
/// What stands behind the buttons at the end of a page (its description, once more its title) is
/// shorter than this, in characters.
const END_CHARS: usize = 120;

/// Titles of lists of links, as whole lines without colons and brackets.
static LINKED: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "相关链接",
        "相关报道",
        "相关新闻",
        "相关阅读",
        "相关文章",
        "相关稿件",
        "相关信息",
        "相关专题",
        "延伸阅读",
        "推荐阅读",
        "相关附件",
    ])
});
/// Buttons that stand at the end of a page.
static BUTTONS: LazyLock<AnyOf> =
    LazyLock::new(|| AnyOf::new(&["打印本页", "关闭窗口", "关闭本页", "返回顶部"]));

/// Marks what only its place on the page tells: the names in a page's path (`>` between them), and
/// what follows the links and buttons at its end.
pub(crate) fn mark_by_place(folded: &str, lines: &mut [Line]) {
    if lines.len() < LEAST_LINES {
        return;
    }
    let words = |line: &Line| &folded[line.content.clone()];
    for at in 1..TOP_LINES.min(lines.len()) {
        let follows_arrow = words(&lines[at - 1]).chars().all(|c| ">»›".contains(c));
        let is_name = words(&lines[at]).chars().nth(12).is_none();
        lines[at].is_furniture |= follows_arrow && is_name;
    }
    let end = lines.len().saturating_sub(END_LINES);
    for at in end..lines.len() {
        let is_name = words(&lines[at]).chars().nth(4).is_none();
        lines[at].is_furniture |= is_name && words(&lines[at - 1]).starts_with("责任编辑");
    }
    let is_of =
        |list: &AnyOf, line: &Line| is_one_of(list, words(line), |c| " 　：:【】[]>》".contains(c));
    let buttons = (end..lines.len()).find(|&at| is_of(&BUTTONS, &lines[at]));
    let linked = (end..lines.len()).find(|&at| is_of(&LINKED, &lines[at]));
    let is_link = |line: &Line| !words(line).contains(['。', '；']);
    let is_short = |line: &Line| words(line).chars().nth(END_CHARS).is_none();
    // Links end where the buttons begin; a list of links has no sentences in it.
    let until = buttons.unwrap_or(lines.len());
    if let Some(from) = linked.filter(|&from| from < until)
        && lines[from..until]
            .iter()
            .all(|line| is_link(line) && is_short(line))
    {
        lines[from..until]
            .iter_mut()
            .for_each(|line| line.is_furniture = true);
    }
    if let Some(from) = buttons
        && lines[from..].iter().all(is_short)
    {
        lines[from..]
            .iter_mut()
            .for_each(|line| line.is_furniture = true);
    }
}

/// `（上接5版）`, `(下转第三版)`: where the rest of a page stands in a newspaper.
fn is_newspaper_remark(line: &str) -> bool {
    let mut bare = line.chars().filter(|c| !is_frame(*c));
    let (Some(first), Some(last)) = (bare.next(), bare.next_back()) else {
        return false;
    };
    let may_be = matches!(first, '(' | '（' | '上' | '下' | '紧')
        && matches!(last, ')' | '）' | '版' | '页');
    if !may_be {
        return false;
    }
    let bare: String = line.chars().filter(|c| !is_frame(*c)).collect();
    let inner = bare
        .trim_start_matches(['(', '（'])
        .trim_end_matches([')', '）']);
    inner.len() < bare.len()
        && ["上接", "下转", "紧接"]
            .iter()
            .any(|w| inner.starts_with(w))
        && (inner.ends_with('版') || inner.ends_with('页'))
}

/// `06`, `- 3 -`, `—12—`, `第3页`, `第 3 页 共 12 页`.
fn is_page_number(line: &str) -> bool {
    let bare = line
        .chars()
        .filter(|c| !c.is_whitespace() && !"-—–－·".contains(*c));
    let is_of_one = |c: char| c.is_ascii_digit() || matches!(c, '第' | '页' | '共');
    if !bare.clone().all(is_of_one) {
        return false;
    }
    let bare: String = bare.collect();
    let digits =
        |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits(&bare)
        || bare
            .strip_prefix('第')
            .and_then(|rest| rest.split_once('页'))
            .is_some_and(|(number, rest)| {
                digits(number)
                    && (rest.is_empty()
                        || rest
                            .strip_prefix('共')
                            .and_then(|r| r.strip_suffix('页'))
                            .is_some_and(digits))
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lines_of_known_forms_are_furniture() {
        for line in [
            "06",
            "— 12 —",
            "第 3 页 共 12 页",
            "【字号：",
            "】",
            "分享到:",
            "下载",
            "浏览次数：1024",
            "（上接5版）",
            "(下转 第三版)",
        ] {
            assert!(is_furniture(line), "{line}");
        }
        for line in [
            "打印店要依法经营",
            "2017",
            "一、总体要求",
            "附件1",
            "微信办理事项21项",
            "下载率提高到35%",
            "上接天线，下接地气的改革版",
        ] {
            assert!(!is_furniture(line), "{line}");
        }
    }

    #[test]
    fn paths_links_and_descriptions_are_told_by_their_place() {
        let body = "全力做好各项重点工作，确保取得实效。\n".repeat(24);
        let text = format!(
            "当前位置：\n首页\n>\n政务信息\n>\n本省要闻\n某省工作报告\n{body}相关链接>>\n解读：怎样看今年的目标\n打印本页\n关闭窗口\n某省工作报告\n现在，我代表省政府报告工作，请审议。\n"
        );
        let lines = crate::text::lines(&text, &[], &[]);
        let kept: Vec<&str> = lines
            .iter()
            .filter(|line| !line.is_furniture)
            .map(|line| &text[line.content.clone()])
            .collect();
        assert_eq!(kept[0], "某省工作报告");
        assert_eq!(kept.len(), 25, "{kept:#?}");
        // The editor's name stands in a line of its own.
        let lines = |text: &str| crate::text::lines(text, &[], &[]);
        let named = format!("{body}责任编辑：\n于小河\n");
        assert!(lines(&named)[25].is_furniture);
        let said = format!("{body}责任编辑：于小河\n特此公告，即日起施行。\n");
        assert!(!lines(&said)[25].is_furniture);
        // The same words where sentences follow are part of the text.
        let text = format!(
            "{body}相关链接\n有关部门要把链接逐一核对。\n{}",
            "限期整改。\n".repeat(3)
        );
        assert!(!lines(&text)[25].is_furniture);
    }
}
