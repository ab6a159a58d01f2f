//! Places and years side by side: what is in each cell, figures of one quantity, what must not be
//! overlooked; at the terminal, through the API, as a page and as files.

use std::io::{Cursor, Read};

use scraper::{Html, Selector};
use serde_json::Value;

use crate::support::{Place, Server};

const DOCUMENTS: &[(&str, &str)] = &[
    (
        "大连.txt",
        "中共大连市委关于巡视整改情况的通报\n\n一、关于行政审批\n\n（一）针对“项目审批推诿扯皮”的问题。已将串联审批改为并联审批，并启用新的审批流程，平均审批时限缩减8.5个工作日，审批提速34%。\n\n（二）针对“企业上网贵”的问题。已完成宽带提速降费，企业宽带资费下降12%。\n\n中共大连市委\n2017年3月21日\n",
    ),
    (
        "鞍山.txt",
        "鞍山市人民政府关于优化营商环境工作情况的报告\n\n一、审批提速\n\n（一）2018年重新编排审批流程，平均审批时限缩减12个工作日，审批提速40%。\n\n（二）赴沈阳市考察学习，借鉴沈阳市审批提速的做法，把审批环节由9个减到5个。\n\n鞍山市人民政府\n2019年1月8日\n",
    ),
    (
        "沈阳.txt",
        "沈阳市人民政府关于加强养老服务的通知\n\n一、建设养老服务设施。各区年底前建成社区食堂10处。\n\n沈阳市人民政府\n2019年5月6日\n",
    ),
    (
        "抚顺.txt",
        "抚顺市人民政府关于加强道路养护的通知\n\n一、修补城区道路。年底前完成破损路面修补20万平方米。\n\n抚顺市人民政府\n2019年6月6日\n",
    ),
    (
        "天津.txt",
        "天津市人民政府关于行政审批的若干规定\n\n第一条　审批提速实行首问负责，审批时限压缩至5个工作日。\n\n天津市人民政府\n2020年2月3日\n",
    ),
    (
        "调研.txt",
        "关于审批提速的调研\n\n各地都在推进审批提速，审批流程有了改进，平均审批时限缩减3个工作日。\n",
    ),
];
const COLUMNS: &str = "大连,鞍山,沈阳,抚顺,本溪,天津";

fn place() -> Place {
    Place::indexed(DOCUMENTS)
}

fn compared(place: &Place, args: &[&str]) -> Value {
    place.json(&[&["compare"], args].concat())
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

/// The row with this theme, with its cells.
fn row<'c>(compared: &'c Value, theme: &str) -> (&'c Value, &'c Vec<Value>) {
    let rows = list(&compared["rows"]);
    let at = rows.iter().position(|row| row["theme"] == theme);
    let at = at.unwrap_or_else(|| panic!("a row of {theme}: {rows:?}"));
    (&rows[at], list(&compared["cells"][at]))
}

fn kinds(compared: &Value) -> Vec<&str> {
    let caveats = list(&compared["caveats"]).iter();
    caveats
        .map(|caveat| caveat["kind"].as_str().expect("a kind"))
        .collect()
}

#[test]
fn each_cell_has_one_of_four_states() {
    let compared = compared(
        &place(),
        &["审批提速", "--by", "city", "--columns", COLUMNS],
    );
    let (_, cells) = row(&compared, "approval.process");
    let states: Vec<&str> = cells
        .iter()
        .map(|c| c["state"].as_str().expect("a state"))
        .collect();
    let expected = [
        "found",
        "found",
        "mentioned",
        "not_found",
        "no_documents",
        "found",
    ];
    assert_eq!(states, expected);
    // 天津 is its own city; 沈阳 is only spoken of, in another city's document.
    assert_eq!(compared["columns"][5]["value"], "120000");
    let mention = &cells[2]["hits"][0];
    assert_eq!(mention["mention"], "elsewhere");
    assert_eq!(mention["city"]["name"], "鞍山市");
    assert!(mention["text"].as_str().expect("a text").contains("沈阳市"));
    let documents: Vec<u64> = list(&compared["columns"])
        .iter()
        .map(|column| column["documents"].as_u64().expect("a number"))
        .collect();
    assert_eq!(documents, [1, 1, 1, 1, 0, 1]);
}

#[test]
fn a_cell_quotes_what_its_own_document_says() {
    let place = place();
    let compared = compared(&place, &["审批提速", "--by", "city"]);
    for (column, cells) in list(&compared["columns"])
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let cells = list(&compared["cells"]).iter().map(move |row| &row[at]);
            (column, cells.collect::<Vec<_>>())
        })
    {
        for hit in cells.iter().flat_map(|cell| list(&cell["hits"])) {
            assert_eq!(hit["city"]["code"], column["value"]);
            let source = hit["source"].as_u64().expect("a number") as usize;
            let source = &compared["sources"][source - 1];
            assert_eq!(source["document_id"], hit["document_id"]);
            assert_eq!(source["citation"], hit["citation"]);
            let (id, text) = (hit["id"].as_str().expect("an id"), &hit["text"]);
            let ran = place.run(&["verify-quote", id, text.as_str().expect("a text").trim()]);
            assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
        }
    }
    // What is about fees has the word 提速 too, under a heading with 审批, and is no row.
    assert_eq!(compared["rows"][0]["theme"], "approval.process");
    let themes = list(&compared["rows"]).iter().map(|row| &row["theme"]);
    assert!(!themes.into_iter().any(|theme| theme == "cost.fees"));
}

#[test]
fn words_that_stand_apart_are_a_mention_and_make_no_row() {
    let place = Place::indexed(&[
        (
            "丹东.txt",
            "丹东市人民政府关于规范中介服务的通知\n\n一、清理中介服务事项。公布中介服务事项清单，建成网上中介超市。\n\n丹东市人民政府\n2020年3月2日\n",
        ),
        (
            "锦州.txt",
            "锦州市物业管理办法\n\n第一条　物业服务企业应当公布收费标准。维修费用由有资质的中介机构审价。\n\n锦州市人民政府\n2021年3月2日\n",
        ),
        (
            "盘锦.txt",
            "盘锦市人民政府关于服务企业的通知\n\n一、委托中介机构为企业提供公益服务。\n\n盘锦市人民政府\n2021年5月2日\n",
        ),
    ]);
    let args = ["中介服务", "--by", "city", "--columns", "丹东,锦州,盘锦"];
    let compared = compared(&place, &args);
    let (_, cells) = row(&compared, "market.intermediary");
    assert_eq!(cells[0]["state"], "found");
    assert_eq!(cells[1]["state"], "mentioned", "{}", cells[1]);
    assert_eq!(cells[1]["hits"][0]["mention"], "apart");
    // In one sentence they may be the same in other words; who reads the quote sees it.
    let found = |cells: &Value| list(cells)[2]["state"] == "found";
    assert!(list(&compared["cells"]).iter().any(found));
    let has_measure = |cells: &Value| list(cells).iter().any(|cell| cell["state"] == "found");
    assert!(list(&compared["cells"]).iter().all(has_measure));
    let ran = place.run(&[&["compare"], &args[..], &["--format", "csv"]].concat());
    assert!(ran.stdout.contains("提及（词语分散）"), "{}", ran.stdout);
}

#[test]
fn figures_of_one_quantity_stand_side_by_side_with_a_warning() {
    let place = place();
    let by_city = compared(&place, &["审批提速", "--by", "city", "--columns", COLUMNS]);
    let (approval, cells) = row(&by_city, "approval.process");
    let quantities = list(&approval["quantities"]).iter();
    let times: Vec<&Value> = quantities.filter(|q| q["what"] == "审批时限").collect();
    let values: Vec<(u64, f64, Value)> = list(&times[0]["values"])
        .iter()
        .map(|value| {
            let column = value["column"].as_u64().expect("a number");
            (
                column,
                value["value"].as_f64().expect("a number"),
                value["base"].clone(),
            )
        })
        .collect();
    // By how much it was reduced, from what, and to what it was: nothing to be subtracted.
    let expected = [
        (0, 8.5, 25.0.into()),
        (1, 12.0, 30.0.into()),
        (5, 5.0, Value::Null),
    ];
    assert_eq!(values, expected);
    assert_eq!(times[0]["unit"], "工作日");
    let warnings = &times[0]["warnings"];
    for kind in ["reduced_by_to", "base", "year", "level"] {
        assert!(list(warnings).contains(&kind.into()), "{kind}: {warnings}");
        let caveat = kinds(&by_city)
            .iter()
            .position(|k| *k == kind)
            .expect("a caveat");
        let marked = list(&cells[0]["caveats"]);
        assert!(marked.contains(&(caveat + 1).into()), "{kind}: {marked:?}");
    }
    // Two like ones: years of their columns are no caveat, their bases are.
    let by_year = compared(
        &place,
        &[
            "审批提速",
            "--by",
            "year",
            "--city",
            "大连",
            "--city",
            "鞍山",
        ],
    );
    let labels: Vec<&Value> = list(&by_year["columns"])
        .iter()
        .map(|c| &c["label"])
        .collect();
    assert_eq!(labels, ["2017", "2019"]);
    assert!(kinds(&by_year).contains(&"base") && !kinds(&by_year).contains(&"year"));
    let text = by_year["caveats"][0]["text"].as_str().expect("a text");
    assert!(
        text.contains("不可直接相减") && text.contains("25") && text.contains("30"),
        "{text}"
    );
}

#[test]
fn what_has_no_column_is_told() {
    let place = place();
    let by_city = compared(&place, &["审批提速", "--by", "city", "--columns", "大连"]);
    let told: Vec<&str> = kinds(&by_city);
    assert!(
        told.contains(&"without_value") && told.contains(&"not_shown"),
        "{told:?}"
    );
    let unknown = compared(&place, &["审批提速", "--by", "city", "--columns", "不详"]);
    assert_eq!(unknown["columns"][0]["label"], "不详");
    let (_, cells) = row(&unknown, "approval.process");
    assert_eq!(cells[0]["state"], "found");
    assert!(!kinds(&unknown).contains(&"without_value"));
    let nothing = compared(
        &place,
        &["无此词语", "--by", "city", "--columns", "大连,本溪"],
    );
    let states: Vec<&Value> = list(&nothing["cells"][0])
        .iter()
        .map(|c| &c["state"])
        .collect();
    assert_eq!(nothing["total"], 0);
    assert_eq!(states, ["not_found", "no_documents"]);
}

#[test]
fn a_proposal_is_no_deed_and_a_plan_is_marked() {
    let plan = "鞍山市优化营商环境行动计划\n\n一、中介服务。2020年底前建成中介超市，将中介服务事项压减至60项以内。\n\n鞍山市人民政府\n2019年1月8日\n";
    let deed = "大连市人民政府关于中介服务整改情况的通报\n\n一、关于中介服务。已建成中介超市，中介服务事项压减至45项。\n\n大连市人民政府\n2019年3月1日\n";
    let place = Place::indexed(&[("鞍山.txt", plan), ("大连.txt", deed)]);
    let compared = compared(&place, &["中介超市", "--by", "city"]);
    let (_, cells) = row(&compared, "market.intermediary");
    let status: Vec<&Value> = cells
        .iter()
        .map(|cell| &cell["hits"][0]["status"])
        .collect();
    assert!(status.contains(&&"planned".into()) && status.contains(&&"done".into()));
    let caveat = kinds(&compared)
        .iter()
        .position(|k| *k == "proposal_deed")
        .expect("a caveat");
    let marked: Vec<bool> = cells
        .iter()
        .map(|cell| list(&cell["caveats"]).contains(&(caveat + 1).into()))
        .collect();
    let planned: Vec<bool> = status.iter().map(|s| **s == "planned").collect();
    assert_eq!(marked, planned);
}

#[test]
fn what_is_wrong_is_said() {
    let place = place();
    let ran = place.run(&["compare", "--by", "city"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("needs a query or a theme") && ran.stderr.contains("hint"));
    let ran = place.run(&["compare", "审批", "--by", "city", "--columns", "哈尔冰"]);
    assert!(
        ran.code == 2 && ran.stderr.contains("哈尔滨"),
        "{}",
        ran.stderr
    );
    let years = (2001..2014)
        .map(|year| year.to_string())
        .collect::<Vec<_>>()
        .join(",");
    let ran = place.run(&["compare", "审批", "--by", "year", "--columns", &years]);
    assert!(ran.code == 2 && ran.stderr.contains("12"), "{}", ran.stderr);
    let server = Server::serve(&place.index_folder(), &[]);
    let answer = server.get("/api/v1/compare?by=city");
    assert_eq!(answer.status, 400);
    assert!(
        answer.json()["suggestion"]
            .as_str()
            .expect("a text")
            .contains("theme")
    );
    assert_eq!(server.get("/api/v1/compare?q=审批&by=town").status, 400);
    assert_eq!(server.get("/compare/pdf?q=审批").status, 400);
}

fn selected(page: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    let elements = page.select(&selector);
    elements
        .map(|e| e.text().collect::<String>().trim().to_owned())
        .collect()
}

#[test]
fn the_page_is_the_same_table_for_everyone() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let asked = format!("q=审批提速&by=city&columns={COLUMNS}");
    let json = server.json(&format!("/api/v1/compare?{asked}"));
    let answer = server.page(&format!("/compare?{asked}&show=210300"));
    assert_eq!(answer.status, 200);
    let page = Html::parse_document(&answer.body);
    let heads = selected(&page, "table.sides thead th[scope=col]");
    assert_eq!(heads.len(), list(&json["columns"]).len() + 1);
    let rows = selected(&page, "table.sides tbody tr:first-child th[scope=row]");
    assert_eq!(rows.len(), list(&json["rows"]).len());
    assert!(selected(&page, "table.sides caption")[0].contains("不等于没有"));
    let states = selected(&page, "table.sides .state");
    assert!(
        states.contains(&"未检到（1 份文件）".to_owned()),
        "{states:?}"
    );
    assert!(
        states.contains(&"提及（外地文件）".to_owned())
            && states.contains(&"无该市文件".to_owned())
    );
    assert_eq!(
        selected(&page, ".caveats li").len(),
        list(&json["caveats"]).len()
    );
    let sources = selected(&page, ".sources .citation");
    for (number, source) in list(&json["sources"]).iter().enumerate() {
        let citation = source["citation"].as_str().expect("a text");
        assert_eq!(sources[number], format!("[{}] {citation}", number + 1));
    }
    // On a phone one column is shown, and links show the others.
    assert_eq!(selected(&page, ".switch a[aria-current]"), ["鞍山市"]);
    let shown = selected(&page, "table.sides thead .shown");
    assert!(shown.len() == 1 && shown[0].starts_with("鞍山市"));
    let empty = Html::parse_document(&server.page("/compare").body);
    assert!(
        selected(&empty, "table.sides").is_empty()
            && selected(&empty, "form.compare-form").len() == 1
    );
    let search = Html::parse_document(&server.page("/search?q=审批提速&year=2017..2020").body);
    let link = Selector::parse(".compare-link").expect("a selector");
    let link = search
        .select(&link)
        .next()
        .expect("a link")
        .value()
        .attr("href");
    let link = link.expect("an address");
    assert!(
        link.starts_with("/compare?") && link.contains("year=2017..2020"),
        "{link}"
    );
    assert_eq!(server.page(link).status, 200);
}

#[test]
fn columns_can_be_had_in_the_order_of_a_quantity() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let names = |page: &Html| -> Vec<String> {
        let heads = selected(page, "table.sides thead th[scope=col]");
        let names = heads.iter().skip(1).map(|head| {
            let name = head.split_once('市').map(|(name, _)| name);
            name.unwrap_or(head).to_owned()
        });
        names.collect()
    };
    let body = server
        .page(&format!("/compare?q=审批提速&columns={COLUMNS}"))
        .body;
    let page = Html::parse_document(&body);
    // What keeps the values from being ranked stands with what orders by them.
    let said = selected(&page, "tr.quantity:has(.warned) .orders");
    assert!(said[0].contains("不是名次"), "{said:?}");
    let link = Selector::parse("tr.quantity .orders a").expect("a selector");
    let links = page.select(&link).map(|link| {
        let address = link.value().attr("href").expect("an address");
        (link.text().collect::<String>(), address.to_owned())
    });
    let links: Vec<(String, String)> = links.take(2).collect();
    assert_eq!(
        (links[0].0.as_str(), links[1].0.as_str()),
        ("由小到大", "由大到小")
    );
    let ordered = |link: &str| names(&Html::parse_document(&server.page(link).body));
    // 审批时限: 天津 5, 大连 8.5, 鞍山 12 working days; the others have none and stay behind.
    let expected = ["天津", "大连", "鞍山", "沈阳", "抚顺", "本溪"];
    assert_eq!(ordered(&links[0].1), expected);
    let expected = ["鞍山", "大连", "天津", "沈阳", "抚顺", "本溪"];
    assert_eq!(ordered(&links[1].1), expected);
}

#[test]
fn files_have_every_measure_wherever_they_are_taken() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let json = compared(&place, &["审批提速", "--by", "city", "--columns", COLUMNS]);
    let cells = list(&json["cells"]).iter().flat_map(list);
    let rows: usize = cells.map(|cell| list(&cell["hits"]).len().max(1)).sum();
    for extension in ["csv", "md", "xlsx"] {
        let file = place.path(&format!("对照.{extension}"));
        let name = file.to_str().expect("a path");
        let ran = place.run(&[
            "compare",
            "审批提速",
            "--by",
            "city",
            "--columns",
            COLUMNS,
            "--output",
            name,
        ]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let written = std::fs::read(&file).expect("the file");
        let path = format!("/compare/{extension}?q=审批提速&by=city&columns={COLUMNS}");
        if extension == "xlsx" {
            let mut book = zip::ZipArchive::new(Cursor::new(written)).expect("a workbook");
            let mut part = |name: &str| {
                let mut xml = String::new();
                book.by_name(name)
                    .expect("a part")
                    .read_to_string(&mut xml)
                    .expect("XML");
                xml
            };
            let sheets = part("xl/workbook.xml");
            let names = ["对照表", "措施", "指标", "来源", "口径提示"];
            assert!(names.iter().all(|name| sheets.contains(name)), "{sheets}");
            assert!(part("xl/worksheets/sheet1.xml").contains("无该市文件"));
            assert_eq!(
                part("xl/worksheets/sheet2.xml").matches("<row ").count(),
                rows + 1
            );
            assert!(!part("xl/worksheets/sheet2.xml").contains("<f>"));
            // Values of quantities are numbers there, so that rows can be sorted by them.
            let values = part("xl/worksheets/sheet3.xml");
            let numbers = ["<v>8.5</v>", "<v>12</v>", "<v>5</v>"];
            assert!(numbers.iter().all(|v| values.contains(v)), "{values}");
            assert!(values.contains("<autoFilter"));
            continue;
        }
        let text = String::from_utf8(written).expect("UTF-8");
        assert_eq!(server.get(&path).body, text, "{extension}");
        if extension == "csv" {
            let body = text.strip_prefix('\u{feff}').expect("a byte order mark");
            let mut reader = csv::Reader::from_reader(body.as_bytes());
            assert_eq!(reader.records().count(), rows);
        } else {
            assert!(text.contains("| 事项 | 大连市 | 鞍山市 |") && text.contains("\\[1\\] "));
        }
    }
}

#[test]
fn a_file_of_matters_becomes_a_workbook_and_a_bad_row_stops_nothing() {
    let place = place();
    let queries = place.path("指标.csv");
    let rows = "\u{feff}name,query,theme\n审批/提速,审批提速,\n,,cost.fees\n坏行,,no.such\n空行,,\n,审批提速,\n";
    std::fs::write(&queries, rows).expect("a file");
    let (queries, file) = (queries.to_str().expect("a path"), place.path("对照.xlsx"));
    let out = file.to_str().expect("a path");
    let ran = place.run(&[
        "compare",
        "--queries",
        queries,
        "--by",
        "city",
        "--output",
        out,
    ]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("row 4: ") && ran.stderr.contains("row 5: "),
        "{}",
        ran.stderr
    );
    let book = std::fs::read(&file).expect("the file");
    let mut book = zip::ZipArchive::new(Cursor::new(book)).expect("a workbook");
    let mut xml = String::new();
    let mut part = book.by_name("xl/workbook.xml").expect("a part");
    part.read_to_string(&mut xml).expect("XML");
    for name in [
        "审批提速",
        "cost.fees",
        "审批提速 3",
        "措施",
        "来源",
        "口径提示",
    ] {
        assert!(xml.contains(&format!("name=\"{name}\"")), "{name}: {xml}");
    }
    let ran = place.run(&[
        "compare",
        "--queries",
        queries,
        "--by",
        "city",
        "--output",
        "a.csv",
    ]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
}
