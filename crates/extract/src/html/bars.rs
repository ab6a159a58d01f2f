//! What systems put into the element of the article itself: above it the line of its publication and
//! buttons, below it buttons, links to the pages before and after, and lists of links.
//!
//! Only lines before the first sentence and after the last one are judged, by closed lists of words
//! and by how much of a line is link: the article itself is never touched.

use super::render::Shown;

/// So many lines above an article, and so many below, may be such lines.
const MOST_ABOVE: usize = 12;
const MOST_BELOW: usize = 40;
/// A longer line says something.
const MOST_CHARS: usize = 120;
/// A line that begins with a button, or is one, is shorter.
const BUTTON_CHARS: usize = 40;
/// As many characters without a stop are a sentence all the same.
const SENTENCE_CHARS: usize = 45;
/// So many in a hundred characters of a line make it a link.
const LINKED: usize = 60;

/// What buttons say, and lines of a page's own data begin with.
const BUTTONS: &[&str] = &[
    "分享",
    "打印",
    "列印",
    "关闭",
    "關閉",
    "返回",
    "收藏",
    "扫一扫",
    "掃一掃",
    "扫码",
    "字号",
    "字體",
    "字体",
    "字號",
    "大中小",
    "A+",
    "当前位置",
    "您的位置",
    "您现在的位置",
    "您所在的位置",
    "你的位置",
    "所在位置",
    "当前的位置",
    "浏览次数",
    "浏览量",
    "阅读次数",
    "阅读量",
    "点击数",
    "点击率",
    "点击量",
    "访问量",
    "瀏覽",
    "责任编辑",
    "点赞",
    "我要纠错",
    "网页纠错",
    "无障碍",
    "语音朗读",
    "保护视力色",
    "视力保护色",
];
/// What the line of publication begins with.
const PUBLISHED: &[&str] = &[
    "发布时间",
    "发布日期",
    "发表时间",
    "发表日期",
    "发文时间",
    "更新时间",
    "更新日期",
    "公布时间",
    "公开日期",
    "公开时间",
    "录入时间",
    "上传时间",
    "信息时间",
    "时间：",
    "日期：",
    "来源",
    "信息来源",
    "稿件来源",
    "文章来源",
    "作者",
    "發布",
    "發佈",
    "來源",
];
/// What else stands in it.
const BESIDE: &[&str] = &[
    "来源", "來源", "作者", "浏览", "阅读", "点击", "访问", "字号", "字体", "字體", "发布", "發布",
    "打印", "编辑", "瀏覽",
];
/// Links to the pages before and after.
const NEIGHBOURS: &[&str] = &[
    "上一篇",
    "下一篇",
    "上一条",
    "下一条",
    "上一页",
    "下一页",
    "上一則",
    "下一則",
    "前一篇",
    "后一篇",
];
/// Titles of lists of links.
const LISTS: &[&str] = &[
    "相关链接",
    "相关报道",
    "相关新闻",
    "相关阅读",
    "相关文章",
    "相关稿件",
    "相关信息",
    "相关专题",
    "相关解读",
    "相关文件",
    "相关政策",
    "相关内容",
    "相关连接",
    "延伸阅读",
    "推荐阅读",
    "热点推荐",
    "热门推荐",
    "最新文章",
    "最新动态",
    "猜你喜欢",
    "更多",
    "政策解读",
    "解读材料",
    "相關連結",
    "相關新聞",
];

/// Which lines of an article's element are not the article's.
pub(super) fn marks(lines: &[Shown]) -> Vec<bool> {
    let mut marks = vec![false; lines.len()];
    for (line, mark) in lines.iter().zip(&mut marks).take(MOST_ABOVE) {
        if is_sentence(line) {
            break;
        }
        *mark = is_bar(line) || is_published(&line.text);
    }
    // Links belong to what stands around them: a list below its title, or between such lines.
    let mut from = lines.len();
    for (index, line) in lines.iter().enumerate().rev().take(MOST_BELOW) {
        if is_bar(line) || is_neighbour(line) || is_list_title(line) {
            from = index;
        } else if !is_link(line) || line.has_file {
            break;
        }
    }
    // A page that is nothing else is read as it is.
    if from > 0 {
        marks[from..].fill(true);
    }
    if marks.iter().all(|mark| *mark) {
        marks.fill(false);
    }
    marks
}

fn is_sentence(line: &Shown) -> bool {
    let ends = line.text.ends_with(['。', '；', '！', '？']);
    ends || bare(&line.text).chars().nth(SENTENCE_CHARS).is_some() && !is_published(&line.text)
}

fn is_bar(line: &Shown) -> bool {
    let bare = bare(&line.text);
    let is_short = bare.chars().nth(BUTTON_CHARS).is_none() && !bare.contains(['。', '；']);
    let is_path = line.linked > 0
        && ["当前位置", "的位置"]
            .iter()
            .any(|word| bare.contains(word));
    is_path || is_short && BUTTONS.iter().any(|button| bare.starts_with(button)) && !says_more(line)
}

/// `打印机的采购要求`, `返回原单位的程序`: a button's word begins a title.
fn says_more(line: &Shown) -> bool {
    let bare = bare(&line.text);
    let rest = BUTTONS
        .iter()
        .filter_map(|button| bare.strip_prefix(button))
        .map(str::len)
        .min();
    let own_data = bare.contains(char::is_numeric)
        || line
            .text
            .contains(['：', ':', '|', '｜', ' ', '\u{3000}', '】', ']', '/']);
    line.linked == 0 && !own_data && rest.is_some_and(|rest| rest > 12)
}

/// A line of publication: it begins with its words, or with the day and has such words beside it.
fn is_published(text: &str) -> bool {
    let bare = bare(text);
    if bare.chars().nth(MOST_CHARS).is_some() || bare.contains(['。', '；']) {
        return false;
    }
    let has_day = bare.chars().filter(char::is_ascii_digit).count() >= 6;
    let begins = PUBLISHED.iter().find(|word| bare.starts_with(*word));
    let beside = || BESIDE.iter().any(|word| bare.contains(word));
    match begins {
        // 时间：2022年5月6日 in a notice of a meeting says when it is; 来源：某日报 alone is a line
        // that an editor wrote.
        Some(&("时间：" | "日期：")) => has_day && beside(),
        Some(word) => has_day || bare.len() <= word.len() + "：".len(),
        None => {
            has_day && bare.starts_with(|c: char| c.is_ascii_digit()) && (beside() || is_day(&bare))
        }
    }
}

/// `2022-04-20`, `2022-04-2009:12`, `2022/4/20`: a day in the form of a system, and not of a text.
fn is_day(bare: &str) -> bool {
    bare.len() >= 8
        && bare
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | ':' | '：' | '.'))
}

fn is_neighbour(line: &Shown) -> bool {
    let bare = bare(&line.text);
    NEIGHBOURS.iter().any(|word| bare.starts_with(word)) && !bare.contains('。')
}

fn is_list_title(line: &Shown) -> bool {
    let bare: String = bare(&line.text)
        .chars()
        .filter(|c| !"：:>》【】[]·".contains(*c))
        .collect();
    LISTS.contains(&bare.as_str())
}

fn is_link(line: &Shown) -> bool {
    let chars = line.text.chars().filter(|c| !c.is_whitespace()).count();
    line.linked * 100 >= chars * LINKED
}

/// A line without white space and without what brackets its beginning.
fn bare(text: &str) -> String {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "【[（(<《·|｜".contains(c));
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::BlockKind;

    fn line(text: &str, linked: usize) -> Shown {
        Shown {
            kind: BlockKind::Paragraph,
            text: text.to_owned(),
            linked,
            has_file: false,
        }
    }

    fn kept(lines: &[Shown]) -> Vec<&str> {
        let marks = marks(lines);
        let kept = lines.iter().zip(marks).filter(|(_, mark)| !mark);
        kept.map(|(line, _)| line.text.as_str()).collect()
    }

    #[test]
    fn lines_above_and_below_are_told_from_the_article() {
        let sentence = "各窗口应当公布办理时限，并接受监督。";
        for bar in [
            "2022-04-20　来源：市政府办公室　【字体：大 中 小】　打印",
            "发布时间：2022-04-20 09:12",
            "来源：河湾日报 2022-04-20 09:12",
            "【打印本页】【关闭窗口】",
            "分享到：微信 微博",
            "A+大 A+中 A+小",
            "浏览次数：318",
        ] {
            assert_eq!(
                kept(&[line(bar, 0), line(sentence, 0)]),
                [sentence],
                "{bar}"
            );
        }
        for own in [
            "关于规范打印收费的公告",
            "打印机及耗材采购项目验收情况的公示",
            "时间：2022年5月6日上午9时",
            "2022年5月6日",
            "来源：河湾日报",
            "一、来源和去向",
        ] {
            let lines = [line(own, 0), line(sentence, 0), line(own, 0)];
            assert_eq!(kept(&lines), [own, sentence, own], "{own}");
        }
    }

    #[test]
    fn links_below_are_the_articles_unless_such_lines_stand_around_them() {
        let sentence = "各窗口应当公布办理时限，并接受监督。";
        let link = |text: &str| line(text, text.chars().count());
        let lines = [line(sentence, 0), link("办事指南"), line("打印 关闭", 4)];
        assert_eq!(kept(&lines), [sentence, "办事指南"]);
        let lines = [
            line(sentence, 0),
            line("相关链接：", 0),
            link("办事指南"),
            line("上一篇：关于调整服务时间的公告", 11),
        ];
        assert_eq!(kept(&lines), [sentence]);
        let mut file = link("办事指南.doc");
        file.has_file = true;
        let lines = [
            line(sentence, 0),
            line("附件：", 0),
            file,
            line("关闭窗口", 4),
        ];
        assert_eq!(kept(&lines), [sentence, "附件：", "办事指南.doc"]);
    }
}
