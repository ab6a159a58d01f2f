//! Tests only: pages in the layouts that government sites use, and the exact lines a careful reader
//! would copy from each. What else stands on a page may only be furniture.

use std::sync::LazyLock;

use duibiao_corpus::PassageKind;
use duibiao_index::Analyzer;
use duibiao_lexicon::Lexicon;

use crate::understand::understand;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().expect("lexicon"));
static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| Analyzer::new(&LEXICON).expect("analyzer"));

const OPENING: &str = "各县（区）人民政府，市直各部门：";
const FIRST: &str = "为方便企业和群众办事，市政府决定自今年6月起在各级政务服务大厅推行“一窗受理”，主件齐全的申请当场收件，后补材料由窗口一次告知。";
const SECOND: &str = "各部门要在5月底前完成事项清单和办事指南的修订，并将进驻人员名单报市政务服务管理局备案，逾期未报的予以通报。";
const THIRD: &str = "市政务服务管理局每季度开展一次抽查，抽查结果纳入年度考核。";
const TITLE: &str = "关于推行“一窗受理”的通知";
const SIGNED: &str = "清源市人民政府办公室";
const DAY: &str = "2022年4月18日";

/// The lines that are not furniture.
fn own_of(bytes: &[u8]) -> Vec<String> {
    let read = duibiao_extract::extract("page.html", bytes).expect("a page");
    let document = understand("page.html", read, &LEXICON, &ANALYZER);
    let chars: Vec<char> = document.text.chars().collect();
    let passages = document.passages.iter();
    passages
        .filter(|passage| passage.kind != PassageKind::Furniture)
        .flat_map(|passage| {
            let span = passage.span.begin as usize..passage.span.end as usize;
            let text: String = chars[span].iter().collect();
            text.lines()
                .map(|line| line.trim().to_owned())
                .collect::<Vec<_>>()
        })
        .filter(|line| !line.is_empty())
        .collect()
}

fn assert_own(page: &str, expected: &[&str]) {
    let own = own_of(page.as_bytes());
    assert_eq!(own, expected, "\n{page}");
}

fn paragraphs(texts: &[&str]) -> String {
    texts
        .iter()
        .map(|text| format!("<p>　　{text}</p>\n"))
        .collect()
}

const BODY: [&str; 4] = [OPENING, FIRST, SECOND, THIRD];

/// Title, body and signature.
fn whole() -> Vec<&'static str> {
    vec![TITLE, OPENING, FIRST, SECOND, THIRD, SIGNED, DAY]
}

/// Head and foot of a site, with its menus as lists of links.
fn site(middle: &str) -> String {
    let menu: String = [
        "网站首页",
        "政务公开",
        "办事服务",
        "互动交流",
        "走进清源",
        "专题专栏",
    ]
    .iter()
    .map(|name| format!("<li><a href='/{name}/'>{name}</a></li>"))
    .collect();
    let bodies: String = [
        "市发展改革委",
        "市教育局",
        "市公安局",
        "市民政局",
        "市财政局",
    ]
    .iter()
    .map(|name| format!("<option>{name}</option>"))
    .collect();
    format!(
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>{TITLE}-清源市人民政府</title></head><body>\
         <div class=header><div class=logo><a href=/>清源市人民政府</a></div><span>今天是2022年5月6日 星期五</span>\
         <input value=请输入关键字><ul class=nav>{menu}</ul></div>\
         {middle}\
         <div class=footer><ul>{menu}</ul><select>{bodies}</select><p>主办单位：清源市人民政府办公室　网站标识码：0000000001　备案号：某ICP备00000001号</p>\
         <p>版权所有　清源市人民政府　联系电话：000-0000000</p></div></body></html>"
    )
}

#[test]
fn trs_editor_in_a_zoom_box_with_its_bars() {
    let page = site(&format!(
        "<div class=position>您的位置：<a href=/>首页</a>&gt;<a href=/a>政务公开</a>&gt;<a href=/b>通知公告</a></div>\
         <div class=xl><h2 class=xl-title>{TITLE}</h2>\
         <div class=xl-info><span>发布时间：2022-04-20 09:12</span><span>来源：市政府办公室</span><span>浏览次数：<b id=hits>318</b></span>\
         <span>字号：[<a>大</a> <a>中</a> <a>小</a>]</span></div>\
         <div id=zoom><div class=TRS_Editor><style>.TRS_Editor p{{}}</style>{}<p style='text-align:right'>{SIGNED}</p><p style='text-align:right'>{DAY}</p></div></div>\
         <div class=xl-foot><a href='javascript:print()'>打印本页</a><a href='javascript:close()'>关闭窗口</a></div></div>",
        paragraphs(&BODY)
    ));
    assert_own(&page, &whole());
}

#[test]
fn bars_and_links_inside_the_container() {
    let page = site(&format!(
        "<div class=article><h1>{TITLE}</h1><div class=info>2022-04-20　来源：市政府办公室　【字体：<a>大</a> <a>中</a> <a>小</a>】　<a>打印</a></div>\
         <div class=share><span>分享到：</span><a>微信</a><a>微博</a></div>{}<p>{SIGNED}</p><p>{DAY}</p>\
         <div class=qr><img src=q.png><p>扫一扫在手机打开当前页</p></div>\
         <div class=rel><h3>相关链接</h3><ul><li><a href=/1>一图读懂：一窗受理怎么办</a></li><li><a href=/2>市政务服务管理局负责人答记者问</a></li></ul></div>\
         <div class=page><p>上一篇：<a href=/3>关于开展窗口作风检查的通知</a></p><p>下一篇：<a href=/4>关于调整办事大厅服务时间的公告</a></p></div></div>",
        paragraphs(&BODY)
    ));
    assert_own(&page, &whole());
}

#[test]
fn word_sections_with_a_table() {
    let page = site(&format!(
        "<div id=con_con><div class=WordSection1><p class=MsoNormal align=center><b><span>{TITLE}</span></b></p>\
         <p class=MsoNormal><span>{OPENING}</span></p><p class=MsoNormal><span lang=EN-US>&nbsp;&nbsp;</span><span>{FIRST}</span></p>\
         <p class=MsoNormal>{SECOND}</p><table class=MsoNormalTable><tr><td><p>序号</p></td><td><p>事项名称</p></td><td><p>承诺时限</p></td></tr>\
         <tr><td><p>1</p></td><td><p>食品经营<br>许可</p></td><td><p>5个工作日</p></td></tr></table>\
         <p class=MsoNormal>{THIRD}</p></div><div class=WordSection2><p class=MsoNormal>{SIGNED}</p><p class=MsoNormal>{DAY}</p></div></div>"
    ));
    assert_own(
        &page,
        &[
            TITLE,
            OPENING,
            FIRST,
            SECOND,
            "序号\t事项名称\t承诺时限",
            "1\t食品经营 许可\t5个工作日",
            THIRD,
            SIGNED,
            DAY,
        ],
    );
}

/// The whole page is tables, as sites of the first generation are.
#[test]
fn tables_as_layout() {
    let menu = |name: &str| format!("<tr><td><a href=/>{name}</a></td></tr>");
    let page = format!(
        "<html><head><title>{TITLE}</title></head><body><table width=980><tr><td><img src=banner.jpg></td></tr></table>\
         <table width=980><tr><td><a href=/>首页</a></td><td><a href=/1>政务公开</a></td><td><a href=/2>办事服务</a></td><td><a href=/3>互动交流</a></td></tr></table>\
         <table width=980><tr><td width=180 valign=top><table>{}{}{}</table></td><td valign=top><table width=780>\
         <tr><td>您现在的位置：<a href=/>首页</a>-&gt;<a href=/1>政务公开</a></td></tr>\
         <tr><td align=center><font size=5><b>{TITLE}</b></font></td></tr>\
         <tr><td align=center>发布日期：2022-04-20　阅读次数：77</td></tr>\
         <tr><td><p>{OPENING}</p><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p align=right>{SIGNED}</p><p align=right>{DAY}</p></td></tr>\
         <tr><td align=right><a href='#'>【打印】</a><a href='#'>【关闭】</a></td></tr></table></td></tr></table>\
         <table width=980><tr><td align=center>版权所有：清源市人民政府　备案号：某ICP备00000001号</td></tr></table></body></html>",
        menu("通知公告"),
        menu("政策文件"),
        menu("工作动态")
    );
    assert_own(&page, &whole());
}

/// The page says GB2312 and has characters that only GB18030 holds.
#[test]
fn declared_gb2312_with_characters_beyond_it() {
    let page = site(&format!(
        "<div class=content_box><h1>{TITLE}</h1><div class=zw>{}<p>联系人：朱镕、丁㐂，办公地点：𠮷祥路8号。</p></div></div>",
        paragraphs(&BODY)
    ))
    .replace("charset=utf-8", "http-equiv=Content-Type content='text/html; charset=gb2312'");
    let (bytes, _, _) = encoding_rs::GB18030.encode(&page);
    assert_eq!(
        own_of(&bytes),
        [
            TITLE,
            OPENING,
            FIRST,
            SECOND,
            THIRD,
            "联系人：朱镕、丁㐂，办公地点：𠮷祥路8号。"
        ]
    );
}

#[test]
fn a_notice_of_one_paragraph() {
    let notice = "因系统升级，市政务服务大厅自助终端5月7日停用一天，不便之处敬请谅解。";
    let news: String = (1..=12)
        .map(|n| format!("<li><a href=/{n}>市政务服务大厅第{n}期业务培训顺利举行，各窗口单位派员参加</a><span>2022-04-{n:02}</span></li>"))
        .collect();
    for container in ["id=zoom", "class=TRS_Editor", "class=article-content"] {
        let page = site(&format!(
            "<div class=left><h3>最新动态</h3><ul>{news}</ul></div><div class=main><h1>自助终端停用公告</h1>\
             <div class=date>发布时间：2022-05-05</div><div {container}><p>{notice}</p></div></div>"
        ))
        .replace(TITLE, "自助终端停用公告");
        assert_own(&page, &["自助终端停用公告", notice]);
    }
}

/// Columns of links with the first words of other articles left and right of it.
#[test]
fn lists_of_links_around() {
    let teaser = |n: u32| {
        format!(
            "<li><a href=/{n}>关于公布第{n}批服务事项的公告</a><p>　　为进一步规范服务，现将第{n}批服务事项予以公布，请遵照执行……<a href=/{n}>[详细]</a></p></li>"
        )
    };
    let teasers: String = (1..=8).map(teaser).collect();
    let page = site(&format!(
        "<div class=w><div class=col-l><h3>政策文件</h3><ul>{teasers}</ul></div><div class=col-m><div class=tit>{TITLE}</div><div class=nr>{}<p>{SIGNED}</p><p>{DAY}</p></div></div>\
         <div class=col-r><h3>热点推荐</h3><ul>{teasers}</ul></div></div>",
        paragraphs(&BODY)
    ));
    assert_own(&page, &whole());
}

#[test]
fn two_languages_side_by_side() {
    let english = "To make it easier for businesses and residents to get things done, single-window acceptance will be introduced in all service halls from June.";
    let page = site(&format!(
        "<div class=lang><a href=/>中文</a> | <a href=/en>English</a></div><div id=zoom><p>{TITLE}</p><p>Notice on Single-Window Acceptance</p>\
         <p>{FIRST}</p><p>{english}</p><p>{THIRD}</p><p>A quarterly spot check is carried out by the service administration, and its results count in the annual assessment.</p></div>"
    ));
    assert_own(
        &page,
        &[
            TITLE,
            "Notice on Single-Window Acceptance",
            FIRST,
            english,
            THIRD,
            "A quarterly spot check is carried out by the service administration, and its results count in the annual assessment.",
        ],
    );
}

/// A page for phones: elements without names, classes made by a machine, text in bare divisions.
#[test]
fn divisions_without_names() {
    let body: String = [OPENING, FIRST, SECOND, THIRD, SIGNED, DAY]
        .iter()
        .map(|text| format!("<div class=_a3><span class=_k1>{text}</span></div>"))
        .collect();
    let tabs: String = ["首页", "资讯", "服务", "我的"]
        .iter()
        .map(|name| format!("<div class=_t><a href=/{name}><div>{name}</div></a></div>"))
        .collect();
    let page = format!(
        "<!DOCTYPE html><html><head><meta name=viewport content='width=device-width'><title>{TITLE}</title></head><body><div id=app><div class=_w>\
         <div class=_h><div>清源发布</div><div>登录</div></div><div class=_c><div class=_b>{TITLE}</div><div class=_d><span>2022-04-20</span><span>阅读 1024</span></div>\
         <div class=_e>{body}</div></div><div class=_f>{tabs}</div></div></div></body></html>"
    );
    assert_own(&page, &whole());
}

/// Files to download belong to the document: their names are its list of annexes.
#[test]
fn a_list_of_attachments_stays() {
    let page = site(&format!(
        "<div class=con><h1>{TITLE}</h1><div class=TRS_UEDITOR>{}<p>附件：1.<a href=1.doc>一窗受理事项清单.doc</a></p>\
         <p>　　　2.<a href=2.xls>进驻人员名单.xls</a></p><p>{SIGNED}</p><p>{DAY}</p></div>\
         <div class=fj><b>附件下载：</b><ul><li><a href=1.doc>一窗受理事项清单.doc</a></li><li><a href=2.xls>进驻人员名单.xls</a></li></ul></div></div>",
        paragraphs(&BODY)
    ));
    assert_own(
        &page,
        &[
            TITLE,
            OPENING,
            FIRST,
            SECOND,
            THIRD,
            "附件：1.一窗受理事项清单.doc",
            "2.进驻人员名单.xls",
            SIGNED,
            DAY,
        ],
    );
}

/// The site's name is the first heading of the page, and its title element has the path.
#[test]
fn the_sites_name_is_no_title() {
    let page = format!(
        "<html><head><meta charset=utf-8><title>清源市人民政府门户网站 通知公告 {TITLE}</title></head><body><div class=top><h1><a href=/>清源市人民政府门户网站</a></h1></div>\
         <div class=m><h2>{TITLE}</h2><div class=zwnr>{}<p>{SIGNED}</p><p>{DAY}</p></div></div></body></html>",
        paragraphs(&BODY)
    );
    assert_own(&page, &whole());
}

/// An editor for each part of the document, and a copy for printing that no reader sees.
#[test]
fn several_editors_and_a_hidden_copy() {
    let page = site(&format!(
        "<div class=detail><h1>{TITLE}</h1><div class=TRS_Editor>{}</div><div class=TRS_Editor>{}<p>{SIGNED}</p><p>{DAY}</p></div>\
         <div style='display:none' class=print>{TITLE}{}</div></div>",
        paragraphs(&[OPENING, FIRST]),
        paragraphs(&[SECOND, THIRD]),
        paragraphs(&BODY)
    ));
    assert_own(&page, &whole());
}

/// A document of open government: its data in a table above it, as an index card.
#[test]
fn an_index_card_above_the_document() {
    let page = site(&format!(
        "<div class=xxgk><table class=card><tr><td>索引号：</td><td>000014349/2022-00031</td><td>主题分类：</td><td>综合政务</td></tr>\
         <tr><td>发文机关：</td><td>{SIGNED}</td><td>成文日期：</td><td>{DAY}</td></tr></table>\
         <div id=UCAP-CONTENT class=pages_content><p align=center>{TITLE}</p><p align=center>清政办发〔2022〕17号</p>{}<p>{SIGNED}</p><p>{DAY}</p><p>（此件公开发布）</p></div></div>",
        paragraphs(&BODY)
    ));
    assert_own(
        &page,
        &[
            TITLE,
            "清政办发〔2022〕17号",
            OPENING,
            FIRST,
            SECOND,
            THIRD,
            SIGNED,
            DAY,
            "（此件公开发布）",
        ],
    );
}

/// Lines parted by breaks only, blanks made of entities, and emphasis in the middle of a word.
#[test]
fn lines_parted_by_breaks() {
    let page = site(&format!(
        "<div class=news_content>{TITLE}<br><br>&nbsp;&nbsp;&nbsp;&nbsp;{OPENING}<br/>&emsp;&emsp;为方便<strong>企业</strong>和<font color=red>群众</font>办事，制定本办法。<br>　　{SECOND}<br>　　{THIRD}<br>{SIGNED}<br>{DAY}<br></div>"
    ));
    assert_own(
        &page,
        &[
            TITLE,
            OPENING,
            "为方便企业和群众办事，制定本办法。",
            SECOND,
            THIRD,
            SIGNED,
            DAY,
        ],
    );
}

/// Pages of some systems are one form from top to bottom.
#[test]
fn a_page_in_a_form() {
    let page = site(&format!(
        "<form id=form1 method=post><input type=hidden name=__VIEWSTATE value=x><div class=sou><input name=key><button>搜索</button></div>\
         <div class=main_con><div class=main_tit>{TITLE}</div><div class=main_time>发布时间：2022/4/20 9:12:00　阅读：77</div><div class=main_txt>{}<p>{SIGNED}</p><p>{DAY}</p></div></div></form>",
        paragraphs(&BODY)
    ))
    .replace("<div class=header>", "<form action=/><div class=header>")
    .replace("</body>", "</form></body>");
    assert_own(&page, &whole());
}
