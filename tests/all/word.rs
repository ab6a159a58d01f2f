//! Papers for Word: comparisons and hits read back, by our own reader of such files and by their XML.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::support::{Place, Server, encoded};

const DOCUMENTS: &[(&str, &str)] = &[
    (
        "大连.txt",
        "中共大连市委关于巡视整改情况的通报\n\n一、关于行政审批\n\n（一）针对“项目审批推诿扯皮”的问题。已将串联审批改为并联审批，平均审批时限缩减8.5个工作日，审批提速34%。\n\n中共大连市委\n2017年3月21日\n",
    ),
    (
        "鞍山.txt",
        "鞍山市人民政府关于优化营商环境工作情况的报告\n\n一、审批提速\n\n（一）2018年重新编排审批流程，平均审批时限缩减12个工作日，审批提速40%，<b>材料</b>&减半。\n\n（二）赴沈阳市考察学习，借鉴沈阳市审批提速的做法，把审批环节由9个减到5个。\n\n鞍山市人民政府\n2019年1月8日\n",
    ),
    (
        "沈阳.txt",
        "沈阳市人民政府关于加强养老服务的通知\n\n一、建设养老服务设施。各区年底前建成社区食堂10处。\n\n沈阳市人民政府\n2019年5月6日\n",
    ),
    (
        "抚顺.txt",
        "抚顺市人民政府关于加强道路养护的通知\n\n一、修补城区道路。年底前完成破损路面修补20万平方米。\n\n抚顺市人民政府\n2019年6月6日\n",
    ),
];
const COLUMNS: &str = "大连,鞍山,沈阳,抚顺,本溪,天津";

fn bytes(server: &Server, path: &str) -> Vec<u8> {
    let mut answer = ureq::get(format!("{}{}", server.url, encoded(path)))
        .call()
        .unwrap_or_else(|e| panic!("{path}: {e}"));
    answer.body_mut().read_to_vec().expect("a body")
}

/// A paper as its XML has it.
#[derive(Default)]
struct Paper {
    /// Paragraphs outside of tables: their styles with their texts.
    paragraphs: Vec<(String, String)>,
    /// Tables: rows of cells, whose paragraphs stand one below the other.
    tables: Vec<Vec<Vec<String>>>,
    /// Rows that are repeated on each page.
    repeated: usize,
}

impl Paper {
    fn of(bytes: Vec<u8>) -> Self {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        for number in 0..zip.len() {
            let mut xml = String::new();
            let mut part = zip.by_index(number).expect("a part");
            part.read_to_string(&mut xml).expect("UTF-8");
            let mut reader = Reader::from_str(&xml);
            while reader
                .read_event()
                .unwrap_or_else(|e| panic!("part {number}: {e}"))
                != Event::Eof
            {}
        }
        let mut xml = String::new();
        let mut part = zip.by_name("word/document.xml").expect("the text");
        part.read_to_string(&mut xml).expect("UTF-8");
        let landscape = "w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"";
        assert!(xml.contains(landscape), "the paper lies");
        let (mut paper, mut is_in_table) = (Self::default(), false);
        let (mut style, mut text, mut is_text) = (String::new(), String::new(), false);
        let mut reader = Reader::from_str(&xml);
        loop {
            let event = reader.read_event().expect("XML");
            match &event {
                Event::Eof => return paper,
                Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                    "w:tbl" => {
                        paper.tables.push(Vec::new());
                        is_in_table = true;
                    }
                    "w:tr" => paper.tables.last_mut().expect("a table").push(Vec::new()),
                    "w:tc" => {
                        let row = paper.tables.last_mut().and_then(|table| table.last_mut());
                        row.expect("a row").push(String::new());
                    }
                    "w:tblHeader" => paper.repeated += 1,
                    "w:p" => text.clear(),
                    "w:pStyle" => {
                        let value = tag.attributes().next().expect("a style").expect("XML");
                        style = value.value.into_owned();
                    }
                    "w:t" => is_text = true,
                    _ => {}
                },
                Event::Text(part) if is_text => {
                    text.push_str(part);
                }
                Event::GeneralRef(name) => {
                    text.push(match &**name {
                        "lt" => '<',
                        "gt" => '>',
                        "amp" => '&',
                        "quot" => '"',
                        other => panic!("&{other};"),
                    });
                }
                Event::End(tag) => match tag.name().as_ref() {
                    "w:t" => is_text = false,
                    "w:tbl" => is_in_table = false,
                    "w:p" if is_in_table => {
                        let row = paper.tables.last_mut().and_then(|table| table.last_mut());
                        let cell = row.and_then(|row| row.last_mut()).expect("a cell");
                        if !cell.is_empty() {
                            cell.push('\n');
                        }
                        cell.push_str(&text);
                    }
                    "w:p" => paper.paragraphs.push((style.clone(), text.clone())),
                    _ => {}
                },
                _ => {}
            }
        }
    }

    fn of_style(&self, style: &str) -> Vec<&str> {
        let own = self.paragraphs.iter().filter(|(own, _)| own == style);
        own.map(|(_, text)| text.as_str()).collect()
    }
}

fn strings<'v>(values: &'v Value, name: &str) -> Vec<&'v str> {
    let values = values.as_array().expect("a list").iter();
    values
        .map(|value| value[name].as_str().expect("a text"))
        .collect()
}

#[test]
fn a_comparison_is_a_paper_with_its_states_and_sources() {
    let place = Place::indexed(DOCUMENTS);
    let server = Server::serve(&place.index_folder(), &[]);
    let file = place.path("对照.docx");
    let name = file.to_str().expect("a path");
    let asked = ["compare", "审批提速", "--by", "city", "--columns", COLUMNS];
    let filter = ["--year=-2001"];
    let ran = place.run(&[&asked[..], &filter, &["--output", name]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let json = place.json(&[&asked[..], &filter].concat());
    let paper = Paper::of(std::fs::read(&file).expect("the file"));
    assert!(paper.of_style("Title")[0].starts_with("“审批提速”对照（按城市：大连市、"));
    let said = paper.of_style("Normal").join("\n");
    assert!(
        said.starts_with("检索：审批提速\n筛选：年份 不含 2001。"),
        "{said}"
    );
    assert!(
        said.contains("检索于 2") && said.contains("不等于没有"),
        "{said}"
    );
    for caveat in strings(&json["caveats"], "text") {
        assert!(said.contains(caveat), "{caveat} in {said}");
    }
    // Six columns are two tables of three.
    let headers: Vec<&Vec<String>> = paper.tables.iter().map(|table| &table[0]).collect();
    assert_eq!((paper.tables.len(), paper.repeated), (2, 2));
    assert_eq!(
        headers[0],
        &[
            "事项",
            "大连市\n（1 份文件）",
            "鞍山市\n（1 份文件）",
            "沈阳市\n（1 份文件）"
        ]
    );
    assert_eq!(headers[1][3], "天津市\n（0 份文件）");
    let rows = json["rows"].as_array().expect("rows");
    let cells = json["cells"].as_array().expect("cells");
    for (number, row) in rows.iter().enumerate() {
        let label = format!(
            "{}. {}",
            number + 1,
            row["label"].as_str().expect("a label")
        );
        for (table, columns) in paper.tables.iter().zip([0..3, 3..6]) {
            let line = table.iter().find(|line| line[0] == label).expect("a row");
            for (column, told) in columns.zip(&line[1..]) {
                let cell = &cells[number][column];
                let state = match cell["state"].as_str().expect("a state") {
                    "found" => "有",
                    "mentioned" => "提及（",
                    "not_found" => "未检到（",
                    _ => "无该市文件",
                };
                assert!(told.starts_with(state), "{label}, {column}: {told}");
                let hits = cell["hits"].as_array().expect("hits");
                if let Some(hit) = hits.first() {
                    let text = hit["text"].as_str().expect("a text").trim();
                    let source = format!("[{}]", hit["source"]);
                    let date = hit["date"].as_str().expect("a date");
                    assert!(told.contains(text) && told.contains(&source), "{told}");
                    assert!(told.contains(date), "{told}");
                }
            }
        }
    }
    let all = paper.tables.concat().concat().concat();
    for state in ["有", "未检到（1 份文件", "无该市文件", "<b>材料</b>&减半"] {
        assert!(all.contains(state), "{state}");
    }
    // The citations are those of the search, character for character.
    let found = place.json(&["search", "审批提速", "--limit", "10"]);
    let citations = strings(&found["hits"], "citation");
    let sources = paper.of_style("Source");
    assert_eq!(sources.len(), strings(&json["sources"], "citation").len());
    for (number, source) in (1..).zip(&sources) {
        let cited = source.strip_prefix(&format!("[{number}] "));
        let cited = cited.expect("a number");
        assert!(citations.contains(&cited), "{cited} in {citations:?}");
    }
    // Our own reader opens it and finds text in it.
    let read = place.json(&["inspect", name]);
    assert_eq!(read["format"], "docx");
    let chars = read["chars"].as_u64().expect("a number");
    assert!(chars > 500, "{chars} characters");
    let sent = Paper::of(bytes(
        &server,
        &format!("/compare/docx?q=审批提速&by=city&columns={COLUMNS}&year=-2001"),
    ));
    assert_eq!(sent.tables, paper.tables);
    assert_eq!(sent.of_style("Source"), sources);
    let page = server.page(&format!("/compare?q=审批提速&by=city&columns={COLUMNS}"));
    assert!(page.body.contains("/compare/docx?"), "the page offers it");
}

#[test]
fn a_comparison_is_lines_of_json() {
    let place = Place::indexed(DOCUMENTS);
    let asked = ["compare", "审批提速", "--by", "city", "--columns", COLUMNS];
    let json = place.json(&asked);
    let ran = place.run(&[&asked[..], &["--format", "jsonl"]].concat());
    let lines = ran.stdout.lines().map(serde_json::from_str::<Value>);
    let lines: Vec<Value> = lines.map(|line| line.expect("JSON")).collect();
    let mut at = lines.iter();
    for (number, cells) in (1..).zip(json["cells"].as_array().expect("cells")) {
        for (column, cell) in cells.as_array().expect("cells").iter().enumerate() {
            let hits = cell["hits"].as_array().expect("hits");
            for hit in 0..hits.len().max(1) {
                let line = at.next().expect("a line");
                assert_eq!(line["row"], number);
                assert_eq!(line["column"], json["columns"][column]["label"]);
                assert_eq!(line["state"], cell["state"]);
                let hit = hits.get(hit).unwrap_or(&Value::Null);
                assert_eq!((&line["id"], &line["text"]), (&hit["id"], &hit["text"]));
                assert_eq!(line["citation"], hit["citation"]);
            }
        }
    }
    assert!(at.next().is_none() && lines.len() > 5);
}

#[test]
fn hits_are_a_paper_with_numbered_sources() {
    let rows = "{\"id\":\"1\",\"title\":\"通知\",\"text\":\"审批提速\\u0000一倍]]> < 3 & 4\\ufffe\\u202e。\",\"issuer\":\"甲局\",\"date\":\"2021-02-03\",\"city\":\"大连\"}\n";
    let place = Place::indexed(&[DOCUMENTS[0], DOCUMENTS[1], ("导出.jsonl", rows)]);
    let server = Server::serve(&place.index_folder(), &[]);
    let file = place.path("结果.docx");
    let name = file.to_str().expect("a path");
    let ran = place.run(&["search", "审批", "--all", "--output", name]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let paper = Paper::of(std::fs::read(&file).expect("the file"));
    let found = place.json(&["search", "审批", "--match", "all", "--limit", "100"]);
    let hits = found["hits"].as_array().expect("hits");
    let [table] = &paper.tables[..] else {
        panic!("one table");
    };
    assert_eq!(table.len(), hits.len() + 1);
    assert_eq!(table[0], ["序号", "地区", "日期", "状态", "原文", "来源"]);
    let sources = paper.of_style("Source");
    for (row, hit) in table[1..].iter().zip(hits) {
        let number: usize = row[5].trim_matches(['[', ']']).parse().expect("a number");
        let cited = format!(
            "[{number}] {}",
            hit["citation"].as_str().expect("a citation")
        );
        assert_eq!(sources[number - 1], cited);
        assert_eq!(row[2], hit["date"].as_str().expect("a date"));
    }
    let hostile = table.iter().find(|row| row[4].contains("一倍"));
    let hostile = hostile.unwrap_or_else(|| panic!("the row: {table:?}"));
    assert_eq!(hostile[4], "审批提速一倍]]> < 3 & 4\u{fffd}。");
    assert_eq!(hostile[1], "辽宁省\n大连市");
    assert_eq!(paper.of_style("Title"), ["检索结果：审批"]);
    let sent = Paper::of(bytes(&server, "/export/docx?q=审批"));
    assert_eq!((sent.tables, sent.repeated), (paper.tables.clone(), 1));
    let ran = place.run(&["search", "审批", "--format", "docx"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--output FILE.docx"), "{}", ran.stderr);
}

#[test]
fn a_paper_has_no_more_rows_than_anyone_reads() {
    let row = |n: usize| format!("{{\"id\":\"{n}\",\"text\":\"第{n}号审批事项即时办结。\"}}\n");
    let rows: String = (0..2_001).map(row).collect();
    let place = Place::indexed(&[("导出.jsonl", &rows)]);
    let server = Server::serve(&place.index_folder(), &[]);
    let file = place.path("结果.docx");
    let name = file.to_str().expect("a path");
    let ran = place.run(&["search", "审批", "--all", "--output", name]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("docx holds at most 2000 rows"),
        "{}",
        ran.stderr
    );
    assert!(!file.exists());
    let page = server.page("/export/docx?q=审批");
    assert_eq!(page.status, 400);
    let page = server.page("/search?q=审批");
    assert!(page.body.contains("/export/docx?limit=1000") || page.body.contains("limit=1000"));
    let ran = place.run(&["search", "审批", "--limit", "2000", "--output", name]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let paper = Paper::of(std::fs::read(&file).expect("the file"));
    assert_eq!(paper.tables[0].len(), 2_001);
}
