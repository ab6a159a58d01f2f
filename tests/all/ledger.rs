//! The ledger of a document: the same rows at the terminal, from the API, on the page and in files.

use std::io::{Cursor, Read};

use scraper::{Html, Selector};

use crate::support::{Place, Server};

const BULLETIN: &str = "中共丹东市委关于省委巡视整改进展情况的通报\n\
(上接3版)\n\n\
(3)针对“审批超时”的问题。已完成整改，审批时限压缩至3个工作日。\n\n\
(4)针对“收费不公开”的问题。已公布收费清单41项，=HYPERLINK(\"x\")由市发改委牵头落实。\n\n\
(6)针对“窗口推诿”的问题。2023年底前完成窗口整合。\n\n\
欢迎广大干部群众监督。\n\n\
中共丹东市委\n\n2023年5月17日\n";

fn id(place: &Place) -> String {
    let found = place.json(&["search", "--unit", "document"]);
    found["hits"][0]["id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_bulletin_has_a_row_for_each_problem_and_names_what_is_missing() {
    let place = Place::indexed(&[("通报.txt", BULLETIN)]);
    let id = id(&place);
    let ledger = place.json(&["show", &id, "--ledger"]);
    let rows = ledger["rows"].as_array().expect("rows");
    let cell = |row: usize, name: &str| rows[row][name].clone();
    assert_eq!(rows.len(), 3, "{ledger:#}");
    assert_eq!(
        ledger["missing"],
        serde_json::json!([{"from": 1, "to": 2}, {"from": 5, "to": 5}])
    );
    assert_eq!(
        (cell(0, "number"), cell(0, "problem")),
        (3.into(), "审批超时".into())
    );
    assert_eq!(cell(0, "status"), "done");
    assert!(
        cell(0, "figures")[0]["quote"]
            .as_str()
            .is_some_and(|q| q.contains('3'))
    );
    assert_eq!(cell(1, "responsible")[0]["body"], "市发改委");
    assert_eq!(cell(2, "deadlines")[0]["normalized"], "2023-12-31");
    // The words are those of the document.
    let shown = place.json(&["show", &id]);
    let text: Vec<char> = shown["text"].as_str().expect("a text").chars().collect();
    for row in rows {
        let at = |name: &str| row[name].as_u64().expect("a number") as usize;
        let words: String = text[at("begin")..at("end")].iter().collect();
        assert_eq!(row["text"], words.trim());
    }
}

#[test]
fn page_files_and_api_have_the_same_rows() {
    let place = Place::indexed(&[("通报.txt", BULLETIN)]);
    let id = id(&place);
    let server = Server::serve(&place.index_folder(), &[]);
    let api = server.json(&format!("/api/v1/documents/{id}/ledger"));
    assert_eq!(api, place.json(&["show", &id, "--ledger"]));

    let page = server.page(&format!("/documents/{id}/ledger"));
    assert_eq!(page.status, 200);
    let page = Html::parse_document(&page.body);
    let all = |selector: &str| {
        let selector = Selector::parse(selector).expect("a selector");
        page.select(&selector)
            .map(|e| e.text().collect::<String>())
            .collect::<Vec<_>>()
    };
    assert_eq!(all(".rows tbody tr").len(), 3);
    let notices = all(".notice");
    assert_eq!(
        notices,
        ["原件第 1—2 项不在本件中。", "原件第 5 项不在本件中。"]
    );

    let csv = server.get(&format!("/documents/{id}/ledger?format=csv"));
    assert_eq!(csv.kind, "text/csv; charset=utf-8");
    assert!(csv.body.starts_with('\u{feff}'));
    let mut reader = csv::Reader::from_reader(csv.body.trim_start_matches('\u{feff}').as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a row")).collect();
    let problems: Vec<&str> = records.iter().map(|r| &r[2]).collect();
    assert_eq!(problems, ["审批超时", "收费不公开", "窗口推诿"]);

    let refused = server.get(&format!("/documents/{id}/ledger?format=docx"));
    assert_eq!(refused.status, 400, "{}", refused.body);
    assert_eq!(
        server.page("/documents/0000000000000000/ledger").status,
        404
    );
}

#[test]
fn a_ledger_is_written_as_a_workbook() {
    let place = Place::indexed(&[("通报.txt", BULLETIN)]);
    let id = id(&place);
    let file = place.path("台账.xlsx");
    let name = file.to_str().expect("a path");
    let ran = place.run(&["show", &id, "--ledger", "--output", name]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let bytes = std::fs::read(&file).expect("the file");
    let mut book = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
    let mut part = |name: &str| {
        let mut text = String::new();
        let mut entry = book.by_name(name).unwrap_or_else(|e| panic!("{name}: {e}"));
        entry.read_to_string(&mut text).expect("XML");
        text
    };
    assert!(part("xl/sharedStrings.xml").contains("原件第 1—2 项不在本件中。"));
    let sheet = part("xl/worksheets/sheet1.xml");
    // A line of headers and three rows; no cell is a formula.
    assert_eq!(sheet.matches("<row ").count(), 4);
    assert!(!sheet.contains("<f>") && sheet.contains("<pane "));
    let ran = place.run(&["show", &id, "--ledger", "--output", "台账.pdf"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains(".xlsx, .csv or .md"), "{}", ran.stderr);
}
