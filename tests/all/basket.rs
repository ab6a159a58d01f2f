//! Passages picked one by one: the page of the basket, followed without script as a browser follows its
//! forms, their comparison and their files.

use std::io::{Cursor, Read, Write};

use scraper::{ElementRef, Html};
use serde_json::Value;

use crate::browser::demo;
use crate::pages::{all, attribute, is_well_made, page, text, texts};
use crate::support::{Place, Server, encoded};

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

/// Ids of passages that a search finds.
fn found(server: &Server, query: &str) -> Vec<String> {
    let answer = server.json(&format!("/api/v1/search?limit=20&{query}"));
    let hits = list(&answer["hits"]).iter();
    hits.map(|hit| hit["id"].as_str().expect("an id").to_owned())
        .collect()
}

/// The address that a form goes to when a button of it is pressed, as a browser makes it.
fn sent(page: &Html, form: &str, button: &ElementRef<'_>) -> String {
    let own = format!("#{form} [name]:not(button), [name][form={form}]:not(button)");
    let mut pairs: Vec<(String, String)> = Vec::new();
    for field in all(page, &own) {
        let value = match field.value().name() {
            "textarea" => field.text().collect(),
            _ => attribute(&field, "value"),
        };
        pairs.push((attribute(&field, "name"), value));
    }
    if button.attr("name").is_some() {
        pairs.push((attribute(button, "name"), attribute(button, "value")));
    }
    let action = attribute(&all(page, &format!("#{form}"))[0], "action");
    let query: Vec<String> = pairs
        .iter()
        .map(|(name, text)| format!("{name}={}", percent(text)))
        .collect();
    format!("{action}?{}", query.join("&"))
}

/// A value of a query, all of it percent-encoded.
fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn pressed(server: &Server, shown: &Html, selector: &str) -> Html {
    let button = all(shown, selector);
    assert_eq!(button.len(), 1, "one {selector}");
    let path = sent(shown, "arrange", &button[0]);
    let next = page(server, &path);
    is_well_made(&next, &path);
    next
}

fn ids(page: &Html) -> Vec<String> {
    let items = all(page, ".pinned > li");
    items
        .iter()
        .map(|item| attribute(item, "data-passage"))
        .collect()
}

#[test]
fn the_page_shows_what_its_address_has() {
    let server = demo();
    let ids = found(&server, "q=容缺受理");
    let gone = "00000000000000ab-m7";
    let path = format!(
        "/basket?id={}&note={}&id={gone}&note=&id={}&note={}",
        ids[1],
        percent("对照\n<script>window.ran=1</script>"),
        ids[0],
        percent("</textarea><b>粗</b>"),
    );
    let shown = page(&server, &path);
    is_well_made(&shown, &path);
    assert_eq!(self::ids(&shown), [&ids[1], gone, &ids[0]]);
    let items = all(&shown, ".pinned > li");
    for (item, id) in [(&items[0], &ids[1]), (&items[2], &ids[0])] {
        let passage = server.json(&format!("/api/v1/measures/{id}"));
        let shown = text(item);
        let lines = passage["text"].as_str().expect("a text").lines();
        for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
            let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(shown.contains(&line), "{line} in {shown}");
        }
        let citation = passage["citation"].as_str().expect("a citation");
        assert!(shown.contains(citation), "{citation} in {shown}");
        let place = id.split_once("-m").expect("an id");
        let link = format!("a[href='/documents/{}#m{}']", place.0, place.1);
        assert_eq!(all(&shown_item(item), &link).len(), 1, "{link}");
    }
    assert!(text(&items[1]).contains("本库中已没有这一段") && text(&items[1]).contains(gone));
    // Notes are text, whatever is in them, and line breaks are kept.
    let notes: Vec<String> = all(&shown, ".pinned textarea")
        .iter()
        .map(|field| field.text().collect())
        .collect();
    assert_eq!(
        notes,
        [
            "对照\n<script>window.ran=1</script>",
            "",
            "</textarea><b>粗</b>"
        ]
    );
    assert!(texts(&shown, ".summary")[0].contains("共 3 段"));
}

fn shown_item(item: &ElementRef<'_>) -> Html {
    Html::parse_fragment(&item.html())
}

#[test]
fn without_script_it_is_filled_arranged_and_taken_away() {
    let server = demo();
    // The button of a hit leads to a basket with it.
    let search = page(&server, "/search?q=容缺受理");
    let button = all(&search, ".hit [data-pin]")[0];
    assert_eq!(attribute(&button, "form"), "pin");
    let first = attribute(&button, "value");
    let shown = page(&server, &sent(&search, "pin", &button));
    assert_eq!(ids(&shown), [first.as_str()]);
    // From there one goes on searching, and adds.
    let path = format!("/basket?id={first}&note=1&q=首违不罚");
    let shown = page(&server, &path);
    is_well_made(&shown, &path);
    let add = all(&shown, "[id^=add-][name=id]");
    let second = attribute(&add[0], "value");
    let shown = pressed(&server, &shown, &format!("#add-{second}"));
    assert_eq!(ids(&shown), [first.as_str(), &second]);
    assert!(texts(&shown, ".adding .said")[0].contains("已在对标篮"));
    // Notes go along with their passages.
    let shown = pressed(&server, &shown, &format!("#up-{second}"));
    assert_eq!(ids(&shown), [second.as_str(), &first]);
    assert!(texts(&shown, "#basket-done")[0].contains("移到第 1 位"));
    let notes: Vec<String> = texts(&shown, ".pinned textarea");
    assert_eq!(notes, ["", "1"]);
    let out = pressed(&server, &shown, &format!("#out-{first}"));
    assert_eq!(ids(&out), [second.as_str()]);
    let undone = page(&server, &attribute(&all(&out, "#basket-undo")[0], "href"));
    assert_eq!(ids(&undone), [second.as_str(), &first]);
    assert_eq!(texts(&undone, ".pinned textarea"), ["", "1"]);
    let cleared = pressed(&server, &undone, "#basket-clear");
    assert!(ids(&cleared).is_empty());
    let undone = page(
        &server,
        &attribute(&all(&cleared, "#basket-undo")[0], "href"),
    );
    assert_eq!(ids(&undone), [second.as_str(), &first]);
    // Into a comparison, and away.
    for way in all(&undone, ".basket-ways p:first-child a") {
        let path = attribute(&way, "href");
        let table = page(&server, &path);
        is_well_made(&table, &path);
        assert!(texts(&table, ".summary")[0].contains("对标篮里的段落"));
        assert_eq!(all(&table, ".sides blockquote").len(), 2);
        assert_eq!(
            attribute(&all(&table, "[data-own-basket]")[0], "href"),
            format!("/basket?id={second}&id={first}")
        );
    }
    let files = all(&undone, ".basket-ways [data-file]");
    let files: Vec<String> = files.iter().map(|file| attribute(file, "href")).collect();
    files_have(&server, &files, &[(&second, ""), (&first, "1")]);
    // Documents have the same button at each passage.
    let document = first.split_once("-m").expect("an id").0;
    let read = page(&server, &format!("/documents/{document}"));
    let button = format!(".passage[data-id='{first}'] [data-pin][form=pin][name=id]");
    assert_eq!(attribute(&all(&read, &button)[0], "value"), first);
}

/// Excel, CSV and Markdown have the passages in order, verbatim, with note, headings and citation.
fn files_have(server: &Server, files: &[String], expected: &[(&String, &str)]) {
    let passages: Vec<Value> = expected
        .iter()
        .map(|(id, _)| server.json(&format!("/api/v1/measures/{id}")))
        .collect();
    let csv = files.iter().find(|file| file.starts_with("/basket/csv"));
    let csv = server.get(csv.expect("a CSV"));
    assert_eq!(csv.status, 200);
    assert!(
        csv.headers["content-disposition"]
            .to_str()
            .expect("ASCII")
            .starts_with("attachment")
    );
    let mut rows = csv::Reader::from_reader(csv.body.trim_start_matches('\u{feff}').as_bytes());
    let names = rows.headers().expect("names").clone();
    let column = |name: &str| names.iter().position(|own| own == name).expect("a column");
    let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), expected.len());
    for ((row, (id, note)), passage) in rows.iter().zip(expected).zip(&passages) {
        assert_eq!(&row[column("id")], id.as_str());
        assert_eq!(&row[column("note")], *note);
        assert_eq!(
            &row[column("text")],
            passage["text"].as_str().expect("a text").trim()
        );
        assert_eq!(Value::from(&row[column("citation")]), passage["citation"]);
        let headings = list(&passage["heading_path"]).iter();
        let headings: Vec<&str> = headings.map(|h| h.as_str().expect("a text")).collect();
        assert_eq!(&row[column("heading_path")], headings.join(" › "));
    }
    let markdown = files
        .iter()
        .find(|file| file.starts_with("/basket/markdown"));
    let markdown = server.get(markdown.expect("Markdown")).body;
    assert!(
        markdown.starts_with("# 摘编\n") && markdown.contains("\n## 来源\n"),
        "{markdown}"
    );
    for ((_, note), passage) in expected.iter().zip(&passages) {
        let citation = passage["citation"].as_str().expect("a citation");
        let citation = citation.replace('[', "\\[").replace(']', "\\]");
        // Beside the passage and in the list of sources.
        assert!(
            markdown.matches(&citation).count() >= 2,
            "{citation} in {markdown}"
        );
        assert!(note.is_empty() || markdown.contains(&format!("备注：{note}")));
    }
    let docx = files.iter().find(|file| file.starts_with("/basket/docx"));
    let paper = of_word(server, docx.expect("a file for Word"));
    for ((_, note), passage) in expected.iter().zip(&passages) {
        let text = passage["text"].as_str().expect("a text").trim();
        let first = text.lines().next().expect("a line");
        let escaped = first
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        assert!(
            paper.contains(escaped.trim()) && paper.contains(note),
            "{first}"
        );
    }
    let xlsx = files.iter().find(|file| file.starts_with("/basket/xlsx"));
    let book = bytes(server, xlsx.expect("a workbook"));
    let mut book = zip::ZipArchive::new(Cursor::new(book)).expect("a workbook");
    let mut names = String::new();
    let mut part = book.by_name("xl/workbook.xml").expect("its sheets");
    part.read_to_string(&mut names).expect("UTF-8");
    assert!(names.contains("摘编") && names.contains("来源") && names.contains("说明"));
}

/// The text of a part of a file for Word.
fn of_word(server: &Server, path: &str) -> String {
    let file = bytes(server, path);
    let mut file = zip::ZipArchive::new(Cursor::new(file)).expect("a file for Word");
    let mut text = String::new();
    let mut part = file.by_name("word/document.xml").expect("its text");
    part.read_to_string(&mut text).expect("UTF-8");
    text
}

fn bytes(server: &Server, path: &str) -> Vec<u8> {
    let mut answer = ureq::get(format!("{}{}", server.url, encoded(path)))
        .call()
        .expect("an answer");
    answer.body_mut().read_to_vec().expect("a body")
}

#[test]
fn what_has_no_room_is_a_400_with_a_remedy() {
    let server = demo();
    let id = |n: usize| format!("id=00000000000000ab-m{n}");
    let many = |count: usize| (1..=count).map(id).collect::<Vec<_>>().join("&");
    let long = percent(&"字".repeat(501));
    let notes = format!("&note={}", percent(&"字".repeat(500))).repeat(11);
    for (query, status, said) in [
        (many(100), 200, "共 <b>100</b> 段"),
        (many(101), 400, "对标篮最多放 100 段"),
        (many(2_000), 400, "2000 个参数"),
        (format!("{}&note={long}", id(1)), 400, "每段备注最多 500 字"),
        (format!("{}{notes}", many(11)), 400, "合计最多 5000 字"),
        (format!("{}&note=a&note=b", id(1)), 400, "note"),
        ("id=../../etc/passwd".to_owned(), 400, "编号有误"),
        ("id=00000000000000ab".to_owned(), 400, "编号有误"),
        ("id=<script>alert(1)</script>".to_owned(), 400, "编号有误"),
        ("id=".to_owned(), 400, "编号有误"),
        (format!("{}&up=x", id(1)), 400, "编号有误"),
        (format!("{}&move=1", id(1)), 400, "move"),
        (
            format!("{}&up=00000000000000ab-m9", id(1)),
            200,
            "共 <b>1</b> 段",
        ),
    ] {
        let shown = server.page(&format!("/basket?{query}"));
        let start: String = query.chars().take(60).collect();
        assert_eq!(shown.status, status, "{start}: {}", shown.body);
        assert!(shown.body.contains(said), "{start}: {}", shown.body);
        assert!(!shown.body.contains("<script>alert"), "{start}");
        if status == 400 {
            let problem = server.get(&format!("/basket/csv?{query}"));
            assert_eq!(problem.status, 400, "{start}");
            assert_eq!(problem.kind, "application/problem+json");
            assert!(problem.json()["detail"].is_string());
        }
    }
    assert_eq!(server.get("/basket/pdf").status, 400);
    // Five thousand are more than an address may have room for: refused before they are read.
    let host = server.url.trim_start_matches("http://");
    let mut raw = std::net::TcpStream::connect(host).expect("a connection");
    write!(
        raw,
        "GET /basket?{} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
        many(5_000)
    )
    .expect("it is sent");
    let mut refused = String::new();
    raw.read_to_string(&mut refused).expect("an answer");
    assert!(refused.starts_with("HTTP/1.1 414"), "{refused}");
    assert_eq!(server.page("/basket").status, 200);
}

/// Two cities and a document of none; a measure, a near-copy of it in the same city, and words that only
/// lead to measures.
fn picked() -> (Place, Vec<(&'static str, String)>) {
    let place = Place::indexed(&[
        (
            "大连.txt",
            "大连市人民政府关于行政审批的通知\n\n一、审批提速\n\n（一）2020年压缩审批时限，由20个工作日减到5个工作日，审批提速75%。\n\n（二）压缩审批时限，由20个工作日减到5个工作日，审批提速75%，各部门照此执行。\n\n大连市人民政府\n2020年3月21日\n",
        ),
        (
            "鞍山.txt",
            "鞍山市人民政府关于行政审批工作情况的报告\n\n各地都在推进审批提速，企业和群众都盼着审批流程再短一些，审批窗口再近一些。\n\n一、审批流程\n\n（一）计划重新编排审批流程，审批时限缩减12个工作日。\n\n二、养老服务\n\n（一）建成社区食堂10处，老年人就餐每餐补助3元。\n\n鞍山市人民政府\n2019年1月8日\n",
        ),
        (
            "调研.txt",
            "关于审批提速的调研\n\n一、做法\n\n（一）平均审批时限缩减3个工作日。\n",
        ),
    ]);
    let id = |words: &str| {
        let found = place.json(&["search", &format!("\"{words}\"")]);
        found["hits"][0]["id"].as_str().expect("a hit").to_owned()
    };
    let all = vec![
        ("first", id("2020年压缩审批时限")),
        ("copy", id("各部门照此执行")),
        ("planned", id("审批时限缩减12个工作日")),
        ("elderly", id("建成社区食堂10处")),
        ("nowhere", id("平均审批时限缩减3个工作日")),
    ];
    (place, all)
}

#[test]
fn a_comparison_of_picked_passages_has_them_all_and_says_where_none_was_picked() {
    let (place, picked) = picked();
    let server = Server::serve(&place.index_folder(), &[]);
    let mut ids: Vec<&str> = picked.iter().map(|(_, id)| id.as_str()).collect();
    ids.push("00000000000000ab-m7");
    let query = format!("by=city&id={}", ids.join("&id="));
    let compared = server.json(&format!("/api/v1/compare?{query}"));
    assert_eq!(compared["pinned"], true);
    assert_eq!(compared["total"], 5);
    let labels: Vec<&str> = list(&compared["columns"])
        .iter()
        .map(|column| column["label"].as_str().expect("a label"))
        .collect();
    assert_eq!(labels.len(), 3, "{labels:?}");
    assert_eq!(labels[2], "不详", "what has no city has a column, too");
    // Every passage that is there stands in the column of its own city.
    let mut seen: Vec<&str> = Vec::new();
    for cells in list(&compared["cells"]) {
        for (column, cell) in list(cells).iter().enumerate() {
            for hit in list(&cell["hits"]) {
                seen.push(hit["id"].as_str().expect("an id"));
                let code = hit["city"]["code"].as_str().unwrap_or("");
                assert_eq!(code, compared["columns"][column]["value"]);
            }
            let state = cell["state"].as_str().expect("a state");
            assert!(
                ["found", "mentioned", "not_pinned"].contains(&state),
                "{state}"
            );
            assert_eq!(state == "not_pinned", list(&cell["hits"]).is_empty());
        }
    }
    seen.sort_unstable();
    let mut expected: Vec<&str> = ids[..5].to_vec();
    expected.sort_unstable();
    assert_eq!(seen, expected);
    // 养老 was picked for one city only; the others have documents, and still nothing is claimed of them.
    let elderly = list(&compared["cells"])
        .iter()
        .find(|cells| cells.to_string().contains("社区食堂"));
    let states: Vec<&Value> = list(elderly.expect("a row"))
        .iter()
        .map(|cell| &cell["state"])
        .collect();
    let none = states.iter().filter(|state| **state == "not_pinned");
    assert_eq!(none.count(), 2, "{states:?}");
    // What a comparison warns of it warns of here, and of what is not in the index.
    let caveats = compared["caveats"].to_string();
    assert!(caveats.contains("00000000000000ab-m7"), "{caveats}");
    assert!(
        caveats.contains("文件年份不同") || caveats.contains("目标与结果"),
        "{caveats}"
    );
    // The page and the files say the same.
    let shown = page(&server, &format!("/compare?{query}"));
    is_well_made(&shown, "a comparison of what was picked");
    let words = texts(&shown, "main")[0].clone();
    assert!(
        words.contains("未放入") && !words.contains("份文件）"),
        "{words}"
    );
    assert!(words.contains("没有放入这一格的段落，不等于没有"));
    let csv = server.get(&format!("/compare/csv?{query}")).body;
    assert!(csv.contains("未放入") && !csv.contains("未检到"), "{csv}");
    let markdown = server.get(&format!("/compare/markdown?{query}")).body;
    assert!(markdown.contains("未放入") && markdown.contains("不等于没有"));
    let paper = of_word(&server, &format!("/compare/docx?{query}"));
    for file in [&markdown, &paper] {
        assert!(file.contains("放入的 1 段没有列出"), "{file}");
        assert!(
            !file.contains("份文件") && file.contains("各部门照此执行"),
            "all of a cell"
        );
    }
    assert!(paper.contains("放入 2 段") && paper.contains("没有检索"));
    // Nothing is searched for beside them.
    for more in ["q=审批", "theme=approval.process", "city=大连"] {
        let refused = server.get(&format!("/api/v1/compare?{query}&{more}"));
        assert_eq!(refused.status, 400, "{more}");
    }
    assert_eq!(server.get("/api/v1/compare?by=city&id=x").status, 400);
    let many: Vec<String> = (1..102)
        .map(|n| format!("id=00000000000000ab-m{n}"))
        .collect();
    assert_eq!(
        server
            .get(&format!("/api/v1/compare?{}", many.join("&")))
            .status,
        400
    );
    // Of nothing that is there a page says so.
    let gone = page(&server, "/compare?by=city&id=00000000000000ab-m7");
    assert!(texts(&gone, "main")[0].contains("已不在库中"));
}

#[test]
fn what_only_leads_to_measures_stays_a_mention_when_it_is_picked() {
    let (place, _) = picked();
    let server = Server::serve(&place.index_folder(), &[]);
    let answer = server.json("/api/v1/search?q=%22各地都在推进审批提速%22");
    let hit = &answer["hits"][0];
    let id = hit["id"].as_str().expect("an id");
    let compared = server.json(&format!("/api/v1/compare?by=city&id={id}"));
    let kind = hit["kind"].as_str().expect("a kind");
    let expected = if ["context", "lead_in", "annex"].contains(&kind) {
        "mentioned"
    } else {
        "found"
    };
    assert_eq!(compared["cells"][0][0]["state"], expected, "{kind}");
    assert_eq!(compared["cells"][0][0]["hits"][0]["id"], id);
}
