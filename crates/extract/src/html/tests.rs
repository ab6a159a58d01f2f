//! Pages as the content management systems of government sites make them.

use super::*;

const PARAGRAPH: &str = "为进一步优化营商环境，提高政务服务效率，市政府决定在全市推行容缺受理，申请材料主件齐全的先行受理。";

/// What is not furniture.
fn own(page: &str) -> String {
    let read = extract(page.as_bytes()).expect("page");
    let chars: Vec<char> = read.text.chars().collect();
    let kept = read
        .blocks
        .iter()
        .filter(|b| b.kind != BlockKind::Furniture);
    kept.map(|b| {
        chars[b.span.begin as usize..b.span.end as usize]
            .iter()
            .collect::<String>()
            + "\n"
    })
    .collect()
}

/// A site's head and foot around its middle.
fn site(middle: &str) -> String {
    let menu = "<li><a href=#>政务公开</a></li><li><a href=#>互动交流</a></li><li><a href=#>走进河湾</a></li>".repeat(6);
    format!(
        "<html><head><title>关于推行容缺受理的通知_河湾市人民政府</title></head><body><div class=top><ul>{menu}</ul></div>\
         {middle}<div class=foot><p>版权所有：河湾市人民政府办公室 网站标识码：0000000000</p><ul>{menu}</ul></div></body></html>"
    )
}

fn assert_article(page: &str, parts: &[&str]) {
    let own = own(page);
    for part in parts {
        assert!(own.contains(part), "{part} is missing: {own}");
    }
    for other in ["互动交流", "版权所有", "分享到", "上一篇"] {
        assert!(!own.contains(other), "{other}: {own}");
    }
}

#[test]
fn the_article_is_read_and_navigation_is_not() {
    let body = "为进一步优化营商环境，市政府决定在全市推行容缺受理。".repeat(5);
    let page = format!(
        "<html><head><title>关于推行容缺受理的通知_某市人民政府</title></head><body><nav>首页 政务公开</nav>\
         <div id=zoom><h2>一、总体要求</h2><p>{body}</p><table><tr><td>甲</td><td>乙</td></tr></table></div>\
         <footer>版权所有</footer><script>alert(1)</script></body></html>"
    );
    let read = extract(page.as_bytes()).expect("page");
    assert_eq!(read.text.lines().next(), Some("关于推行容缺受理的通知"));
    assert!(read.text.contains("一、总体要求\n") && read.text.contains("甲\t乙"));
    assert!(!read.text.contains("alert"));
    let lines: Vec<&str> = read.text.lines().collect();
    let kinds: Vec<BlockKind> = read.blocks.iter().map(|b| b.kind).collect();
    assert_eq!(
        kinds,
        [
            BlockKind::Title,
            BlockKind::Heading(2),
            BlockKind::Paragraph,
            BlockKind::Row,
            BlockKind::Furniture,
            BlockKind::Furniture
        ]
    );
    assert_eq!(lines[4..], ["首页 政务公开", "版权所有"]);
}

#[test]
fn attributes_are_counted_in_tags_only() {
    assert_eq!(attributes("<p class='a b c' id=x>甲 乙 丙 < 丁 <br/>"), 2);
    assert_eq!(attributes("<a b\tc/d e=\"f g\"h>"), 5);
    let many = format!("<html><body{}><p>正文</p>", " a".repeat(MAX_ATTRIBUTES + 1));
    assert!(matches!(
        extract(many.as_bytes()),
        Err(ExtractError::Damaged(_))
    ));
}

#[test]
fn deep_nesting_is_read_or_refused() {
    let page = |depth| {
        format!(
            "{}深处的字{}",
            "<div>".repeat(depth),
            "</div>".repeat(depth)
        )
    };
    assert_eq!(
        extract(page(1_000).as_bytes()).expect("deep").text,
        "深处的字\n"
    );
    assert_eq!(
        extract(page(100_000).as_bytes()),
        Err(ExtractError::TooDeep)
    );
    assert!(extract(format!("<p>段落{}", "<br><li>项".repeat(10_000)).as_bytes()).is_ok());
}

#[test]
fn an_editor_inside_an_editor_is_one_article() {
    let text = format!("<p>{PARAGRAPH}</p>").repeat(4);
    let page = site(&format!(
        "<div class=xl_main><h1>关于推行容缺受理的通知</h1><div class=share>分享到：微信 微博</div>\
         <div class=TRS_Editor><style>.a{{}}</style><div class=Custom_UnionStyle>{text}<p align=right>河湾市人民政府办公室</p>\
         <table><tr><td>序号</td><td>事项</td></tr></table></div></div><div>上一篇：<a href=#>关于其他事项的通知</a></div></div>"
    ));
    assert_article(
        &page,
        &[
            "关于推行容缺受理的通知",
            "先行受理",
            "河湾市人民政府办公室",
            "序号\t事项",
        ],
    );
    assert_eq!(own(&page).matches("先行受理").count(), 4);
}

/// The whole site is a table, the article a cell of it.
#[test]
fn an_article_laid_out_with_tables_is_whole() {
    let text = format!("<p>{PARAGRAPH}</p>").repeat(6);
    let page = site(&format!(
        "<table width=1000><tr><td width=200><table><tr><td><a href=#>互动交流</a></td></tr><tr><td><a href=#>办事指南</a></td></tr></table></td>\
         <td><table><tr><td align=center><b>关于推行容缺受理的通知</b></td></tr><tr><td>{text}</td></tr></table></td></tr></table>"
    ));
    assert_article(&page, &["关于推行容缺受理的通知", "先行受理"]);
    assert_eq!(own(&page).matches("先行受理").count(), 6);
}

#[test]
fn a_plainly_named_container_is_known() {
    let text = format!("{PARAGRAPH}<br>").repeat(4);
    let page = site(&format!(
        "<div class=wz><div class=bt>关于推行容缺受理的通知</div><div class=ly>来源：市政府办公室 字号：大 中 小</div>\
         <div class=zw>{text}<br>特此通知。</div><div class=fx>分享到：</div></div>"
    ));
    assert_article(&page, &["关于推行容缺受理的通知", "先行受理", "特此通知。"]);
}

/// An account's article saved from a phone: shown by script, with a name and a bar below.
#[test]
fn a_saved_article_of_a_public_account_is_read() {
    let text = format!("<section><section><span>{PARAGRAPH}</span></section></section>").repeat(4);
    let page = format!(
        "<html><head><meta property='og:title' content='容缺受理怎么办？一图读懂'></head><body id=activity-detail>\
         <div id=js_article><h1 class=rich_media_title id=activity-name>容缺受理怎么办？一图读懂</h1>\
         <div id=meta_content><span>河湾政务</span><em id=publish_time>2023-05-06</em></div>\
         <div class=rich_media_content id=js_content style='visibility: hidden; opacity: 0;'>{text}</div>\
         <div class=tool>分享到朋友圈 收藏 在看</div></div></body></html>"
    );
    assert_article(&page, &["容缺受理怎么办？一图读懂", "先行受理"]);
}

/// Word's sections are elements of their own, of which readability takes the largest.
#[test]
fn an_article_in_several_sections_is_whole() {
    let text = format!("<p>{PARAGRAPH}</p>").repeat(12);
    let form = "<div class=Section3><p>附表1</p><p>容缺受理事项申请表</p><table><tr><td>单位名称</td><td>联系电话</td></tr></table></div>";
    let page = site(&format!(
        "<div class=page><div class=bar>当前位置：<a href=#>首页</a> &gt; <a href=#>文件</a></div><div class=nr_box>\
         <div class=Section1>{text}</div><p><br></p>{form}<p>公开方式：主动公开</p></div>\
         <div class=bar>打印本页 关闭窗口 分享到</div></div>"
    ));
    assert_article(
        &page,
        &[
            "先行受理",
            "容缺受理事项申请表",
            "单位名称\t联系电话",
            "公开方式：主动公开",
        ],
    );
}

/// What is hidden is not furniture either: some pages hold their text twice.
#[test]
fn a_hidden_copy_is_left_out() {
    let text = format!("<p>{PARAGRAPH}</p>").repeat(4);
    let page = site(&format!(
        "<div id=zoom>{text}</div><div style='display: none;'>{PARAGRAPH}{PARAGRAPH}</div><div hidden>{PARAGRAPH}</div>"
    ));
    let read = extract(page.as_bytes()).expect("page");
    assert_eq!(read.text.matches("先行受理").count(), 4, "{}", read.text);
}

/// A page that only lists others is read as what it is: its lines, without head and foot.
#[test]
fn a_list_of_titles_has_no_article_but_its_lines() {
    let items: String = (1..=20)
        .map(|n| format!("<li><a href=#>关于公布第{n}批容缺受理事项清单的通知</a><span>2023-05-{n:02}</span></li>"))
        .collect();
    let page = format!(
        "<html><head><title>通知公告_河湾市人民政府</title></head><body><nav>互动交流</nav><div class=list><ul>{items}</ul></div>\
         <footer>版权所有</footer></body></html>"
    );
    let read = extract(page.as_bytes()).expect("page");
    assert_eq!(read.text.matches("容缺受理事项清单").count(), 20);
    assert_article(&page, &[]);
}
