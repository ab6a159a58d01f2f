//! Lines of a page that are not the document's: page numbers, buttons, share links.
//!
//! Only whole lines of a closed list of forms count, so that no sentence is ever taken away.

/// Lines that are furniture by themselves, white space, colons and brackets not counted.
const WORDS: &[&str] = &[
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
];

/// Beginnings of lines that carry a page's own data.
const BEGINNINGS: &[&str] = &[
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
];

/// A longer line says something.
const MAX_CHARS: usize = 60;

/// Whether a line (trimmed, folded) is furniture wherever it stands.
pub(crate) fn is_furniture(line: &str) -> bool {
    if line.chars().nth(MAX_CHARS).is_some() {
        return false;
    }
    let bare: String = line
        .chars()
        .filter(|c| !c.is_whitespace() && !"：:【】[]|｜「」<>《》·".contains(*c))
        .collect();
    bare.is_empty()
        || WORDS.contains(&bare.as_str())
        || is_page_number(line)
        || is_newspaper_remark(&bare)
        || BEGINNINGS.iter().any(|b| line.starts_with(b))
}

/// `（上接5版）`, `(下转第三版)`: where the rest of a page stands in a newspaper.
fn is_newspaper_remark(bare: &str) -> bool {
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
    let bare: String = line
        .chars()
        .filter(|c| !c.is_whitespace() && !"-—–－·".contains(*c))
        .collect();
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
}
