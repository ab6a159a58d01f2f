//! What is taken away: files in every format hold every hit, citations are one string everywhere, and
//! quotes are checked where they are said to stand.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use duibiao_lexicon::Lexicon;
use duibiao_search::{Deadline, Engine, Request, Wanted};
use scraper::{Html, Selector};
use serde_json::Value;

use crate::support::{Place, Server, encoded};

const NOTICE: &str = "丹东市人民政府关于压缩审批时限的通知\n\n丹政发〔2017〕5号\n\n\
一、压缩时限\n（一）审批时限。压缩至3个工作日，并公布办理结果，\n材料减少一半，由窗口一次告知，不得再要其他材料。\n\n\
（二）审批事项=SUM(1,2)由市审批局\"一窗\"受理，<b>不得</b>增设环节。\n\n\
丹东市人民政府\n2017年3月21日\n";
const STORY: &str = "少跑一趟\n\n去年以来，鞍山把审批窗口合并成六个，审批时限缩短四成。\n";
const ROWS: &str = r##"{"id":"1","title":"=cmd|' /C calc'!A0","text":"=HYPERLINK(\"x\") 审批提速\u0000一倍。\r\n第二行，</script><script>alert(1)</script>","issuer":"+甲局","url":"https://example.org/1","date":"2021-02-03"}
{"id":"2","title":"-审批一件事","text":"@审批\u202e事项\t合并办理。","issuer":"甲局；乙局；丙局；丁局","date":"2021-02-04"}
"##;

fn place() -> Place {
    Place::indexed(&[
        ("通知.txt", NOTICE),
        ("报道.txt", STORY),
        ("导出.jsonl", ROWS),
    ])
}

/// The rows of a CSV by column, without the mark in front.
fn csv_rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().expect("a header").clone();
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.expect("a row");
        let cells = names.iter().zip(record.iter());
        cells.map(|(n, c)| (n.to_owned(), c.to_owned())).collect()
    };
    reader.records().map(row).collect()
}

/// The cells of a workbook's first sheet, and the whole XML of it.
fn sheet(bytes: Vec<u8>) -> (Vec<Vec<String>>, String) {
    let mut book = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
    let mut xml = String::new();
    let mut part = book.by_name("xl/worksheets/sheet1.xml").expect("a sheet");
    part.read_to_string(&mut xml).expect("XML");
    let cell = |cell: &str| {
        let text = cell
            .split_once("<t")
            .and_then(|(_, rest)| rest.split_once('>'));
        let text = text.map_or("", |(_, rest)| {
            rest.split("</t>").next().unwrap_or_default()
        });
        let text = text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"");
        text.replace("&apos;", "'").replace("&amp;", "&")
    };
    let rows = xml.split("<row ").skip(1);
    let rows = rows.map(|row| row.split("<c ").skip(1).map(cell).collect());
    (rows.collect(), xml.clone())
}

fn bytes(server: &Server, path: &str) -> Vec<u8> {
    let mut answer = ureq::get(format!("{}{}", server.url, encoded(path)))
        .call()
        .unwrap_or_else(|e| panic!("{path}: {e}"));
    answer.body_mut().read_to_vec().expect("a body")
}

#[test]
fn every_format_has_every_hit_wherever_it_is_taken() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    for (query, unit) in [("审批", "measure"), ("", "measure"), ("审批", "document")] {
        let found = server.json(&format!("/api/v1/search?q={query}&unit={unit}&limit=1000"));
        let hits = found["hits"].as_array().expect("hits").clone();
        let total = found["total"].as_u64().expect("a number") as usize;
        let hits = &hits[..total];
        let asked = ["search", query, "--unit", unit, "--all"];
        for extension in ["csv", "md", "jsonl", "xlsx"] {
            let file = place.path(&format!("结果.{extension}"));
            let name = file.to_str().expect("a path");
            let ran = place.run(&[&asked[..], &["--output", name]].concat());
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            assert!(
                ran.stderr.starts_with(&format!("{total} rows")),
                "{}",
                ran.stderr
            );
            let written = std::fs::read(&file).expect("the file");
            let sent = bytes(
                &server,
                &format!("/export/{extension}?q={query}&unit={unit}"),
            );
            if extension == "xlsx" {
                assert_eq!(sheet(written.clone()), sheet(sent));
                let (rows, xml) = sheet(written);
                assert_eq!(rows.len(), total + 1);
                assert_eq!(rows[0][0], "省份");
                assert!(!xml.contains("<f>") && xml.contains("<pane ") && xml.contains("<cols>"));
                let all = rows[1..].iter().zip(hits);
                assert!(all.clone().all(|(row, hit)| row[18] == hit["id"]));
                assert!(all.clone().all(|(row, hit)| row[10] == hit["citation"]));
                continue;
            }
            assert!(written == sent, "{extension} of {query:?} differs");
            let text = String::from_utf8(written).expect("UTF-8");
            let rows = match extension {
                "csv" => csv_rows(&text).len(),
                "md" => text.lines().filter(|l| l.starts_with("| ")).count() - 2,
                _ => text.lines().count(),
            };
            assert_eq!(rows, total, "{extension} of {query:?}");
        }
        let printed = place.run(&[&asked[..], &["--format", "csv"]].concat());
        let ids: Vec<String> = csv_rows(&printed.stdout)
            .into_iter()
            .map(|mut row| row.remove("id").expect("an id"))
            .collect();
        let expected: Vec<&str> = hits
            .iter()
            .map(|h| h["id"].as_str().expect("an id"))
            .collect();
        assert_eq!(ids, expected, "{query:?}");
    }
}

#[test]
fn whole_passages_are_taken_with_their_lines_and_nothing_is_run() {
    let place = place();
    let printed = place.run(&["search", "--all", "--format", "csv"]);
    let rows = csv_rows(&printed.stdout);
    let with = |words: &str| {
        let mut rows = rows.iter().filter(|row| row["text"].contains(words));
        rows.next()
            .unwrap_or_else(|| panic!("{words} in {}", printed.stdout))
    };
    assert!(with("3个工作日")["text"].contains("办理结果，\n材料减少一半"));
    assert!(with("=SUM")["text"].contains("\"一窗\"受理，<b>不得</b>"));
    let hostile = with("HYPERLINK");
    assert!(
        hostile["text"].starts_with("'=HYPERLINK(\"x\")"),
        "{}",
        hostile["text"]
    );
    assert!(with("第二行")["text"].starts_with("第二行，</script><script>"));
    for row in &rows {
        for cell in row.values() {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']),
                "{cell}"
            );
            let steers = |c: char| c == '\0' || c == '\r' || ('\u{202a}'..='\u{202e}').contains(&c);
            assert!(!cell.contains(steers), "{cell:?}");
        }
    }
    // What programs read is the text as it stands.
    let printed = place.run(&["search", "HYPERLINK", "--all", "--format", "jsonl"]);
    let row: Value = serde_json::from_str(printed.stdout.trim()).expect("a line of JSON");
    let shown = place.json(&["show", row["id"].as_str().expect("an id")]);
    assert_eq!(row["text"], shown["text"]);
    assert!(
        !row["snippet"]["ranges"]
            .as_array()
            .expect("ranges")
            .is_empty()
    );
    // The page of the search has the same words, as text.
    let server = Server::serve(&place.index_folder(), &[]);
    let page = server.page("/search?q=HYPERLINK");
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
}

#[test]
fn a_citation_is_the_same_everywhere() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    for style in ["2015", "2025"] {
        let found = server.json(&format!("/api/v1/search?limit=100&citation={style}"));
        let hits = found["hits"].as_array().expect("hits");
        let cited: BTreeMap<&str, &str> = hits
            .iter()
            .map(|hit| {
                (
                    hit["id"].as_str().expect("an id"),
                    hit["citation"].as_str().expect("a citation"),
                )
            })
            .collect();
        assert!(cited.len() > 4);
        let style_of = ["--citation", style];
        let csv = place.run(&[&["search", "--all", "--format", "csv"][..], &style_of[..]].concat());
        let csv = csv_rows(&csv.stdout);
        let jsonl = place.run(
            &[
                &["search", "--limit", "100", "--format", "jsonl"],
                &style_of[..],
            ]
            .concat(),
        );
        let jsonl: Vec<Value> = jsonl
            .stdout
            .lines()
            .map(|l| serde_json::from_str(l).expect("JSON"))
            .collect();
        let (book, _) = sheet(bytes(&server, &format!("/export/xlsx?citation={style}")));
        let page = server
            .page(&format!("/search?limit=100&citation={style}"))
            .body;
        for (&id, &citation) in &cited {
            let row = csv.iter().find(|row| row["id"] == id).expect("a row");
            // What a spreadsheet would run is kept from it, in a citation as anywhere.
            let guarded = if citation.starts_with('+') { "'" } else { "" };
            assert_eq!(row["citation"], format!("{guarded}{citation}"));
            let line = jsonl.iter().find(|line| line["id"] == id).expect("a line");
            assert_eq!(line["citation"], citation);
            let row = book.iter().find(|row| row[18] == id).expect("a row");
            assert_eq!(row[10], citation);
            let shown = place.json(&[&["show", id][..], &style_of[..]].concat());
            assert_eq!(shown["citation"], citation);
            let passage = server.json(&format!("/api/v1/measures/{id}?citation={style}"));
            assert_eq!(passage["citation"], citation);
            let own = text_at(&page, &format!("[id='hit-{id}'] .citation"));
            assert_eq!(own, citation);
            let document = passage["document_id"].as_str().expect("an id");
            let own = server
                .page(&format!("/documents/{document}?citation={style}"))
                .body;
            assert_eq!(text_at(&own, "#citation"), citation);
            let printed = place.run(&[&["show", document][..], &style_of[..]].concat());
            assert!(
                printed.stdout.lines().any(|line| line == citation),
                "{}",
                printed.stdout
            );
        }
        let one = |words: &str| cited.values().any(|citation| *citation == words);
        match style {
            "2015" => assert!(
                one(
                    "丹东市人民政府. 丹东市人民政府关于压缩审批时限的通知: 丹政发〔2017〕5号[Z]. 2017-03-21."
                ) && one("甲局, 乙局, 丙局, 等. -审批一件事[Z]. 2021-02-04."),
                "{cited:#?}"
            ),
            _ => assert!(
                one(
                    "丹东市人民政府. 丹东市人民政府关于压缩审批时限的通知：丹政发〔2017〕5号[Z]. 2017-03-21."
                ) && one(
                    "+甲局. =cmd|' /C calc'!A0[EB/OL]. （2021-02-03）[〔引用日期：未载〕]. https://example.org/1."
                ),
                "{cited:#?}"
            ),
        }
    }
}

fn text_at(page: &str, selector: &str) -> String {
    let page = Html::parse_document(page);
    let selector = Selector::parse(selector).expect("a selector");
    let mut found = page.select(&selector);
    found.next().map(|e| e.text().collect()).unwrap_or_default()
}

#[test]
fn an_export_is_what_total_counts_and_more_only_where_asked() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let found = server.json("/api/v1/search?q=审批 窗口&limit=100");
    let (total, partial) = (found["total"].as_u64(), found["partial_total"].as_u64());
    let (total, partial) = (total.expect("a number"), partial.expect("a number"));
    assert!(total > 0 && partial > 0);
    let rows = |path: &str| csv_rows(&server.get(path).body);
    assert_eq!(rows("/export/csv?q=审批 窗口").len() as u64, total);
    let all = rows("/export/csv?q=审批 窗口&match=some");
    assert_eq!(all.len() as u64, total + partial);
    let marked = all.iter().filter(|row| row["partial"] == "true").count();
    assert_eq!(marked as u64, partial);
    assert_eq!(rows("/export/csv?q=审批&limit=2").len(), 2);
    assert_eq!(rows("/export/csv?q=没有这样的词").len(), 0);
    // The menu of the page leads to files that have what it says.
    let page = server
        .page("/search?q=审批&status=planned&status=stated&status=done&status=")
        .body;
    let links = Html::parse_document(&page);
    let selector = Selector::parse(".takes a").expect("a selector");
    let links: Vec<&str> = links
        .select(&selector)
        .filter_map(|a| a.attr("href"))
        .collect();
    assert_eq!(links.len(), 5, "{page}");
    for link in links {
        let answer = ureq::get(format!("{}{link}", server.url))
            .call()
            .expect("a file");
        let disposition = answer.headers()["content-disposition"]
            .to_str()
            .expect("ASCII");
        assert!(
            disposition.starts_with("attachment; filename*=UTF-8''%E6"),
            "{disposition}"
        );
    }
    let ran = place.run(&["search", "审批", "--format", "xlsx"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let file = place.path("表.pdf");
    let ran = place.run(&["search", "审批", "--output", file.to_str().expect("a path")]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(!file.exists());
}

#[test]
fn an_export_is_of_one_commit() {
    let place = Place::new();
    let lines: String = (1..=700)
        .map(|n| format!("（{n}）审批事项第{n}项压缩时限。\n\n"))
        .collect();
    place.write("一.txt", format!("关于压缩审批时限的通知\n\n{lines}"));
    place.write("二.txt", format!("关于审批提速的通知\n\n{lines}"));
    assert_eq!(place.index(&[]).code, 0);
    let lexicon = Lexicon::embedded().expect("the lexicon is built in");
    let engine = Engine::open(&place.index_folder(), lexicon).expect("an index");
    let request = Request {
        query: "审批".to_owned(),
        limit: 1,
        ..Request::default()
    };
    let total = engine.search(&request).expect("an answer").total;
    let mut export = engine
        .export(&request, Wanted::default())
        .expect("an export");
    let mut next = || {
        engine
            .export_rows(&mut export, &Deadline::default())
            .expect("rows")
    };
    let mut ids: Vec<String> = next().into_iter().map(|hit| hit.id).collect();
    assert!(!ids.is_empty() && (ids.len() as u64) < total);
    std::fs::remove_file(place.docs().join("一.txt")).expect("a file");
    place.write("三.txt", format!("关于审批的报告\n\n{lines}{lines}"));
    assert_eq!(place.index(&["--prune"]).code, 0);
    assert!(engine.reload().expect("an index"));
    assert_ne!(engine.search(&request).expect("an answer").total, total);
    loop {
        let rows = next();
        if rows.is_empty() {
            break;
        }
        ids.extend(rows.into_iter().map(|hit| hit.id));
    }
    assert_eq!(ids.len() as u64, total);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len() as u64, total);
}

#[test]
fn a_quote_stands_where_it_stands() {
    let place = place();
    // Cannot be read: what it may hold is not known.
    place.write("坏.pdf", b"%PDF-1.4 broken");
    place.index(&[]);
    let server = Server::serve(&place.index_folder(), &[]);
    let found = place.json(&["search", "3个工作日"]);
    let (passage, document) = (
        found["hits"][0]["id"].clone(),
        found["hits"][0]["document_id"].clone(),
    );
    let (passage, document) = (
        passage.as_str().expect("an id"),
        document.as_str().expect("an id"),
    );
    let other = place.json(&["search", "鞍山 六个"]);
    let other = other["hits"][0]["document_id"].as_str().expect("an id");
    let broken = duibiao_corpus::DocumentId::of_path("docs/坏.pdf").to_string();
    let missing = format!("{document}-m999");
    for (id, quote, verdict, code) in [
        (passage, "审批时限。压缩至3个工作日", "exact", 0),
        (
            passage,
            "審批時限。壓縮至３个 工作日，並公布辦理",
            "normalized",
            0,
        ),
        (document, "公布办理结果，\n材料减少一半", "exact", 0),
        (passage, "由市审批局", "elsewhere", 1),
        (other, "压缩至3个工作日", "elsewhere", 1),
        (document, "压缩至4个工作日", "not_found", 1),
        (broken.as_str(), "压缩至3个工作日", "unverifiable", 3),
        ("0000000000000000", "压缩至4个工作日", "unverifiable", 3),
        (missing.as_str(), "压缩至3个工作日", "unverifiable", 3),
    ] {
        let ran = place.run(&["verify-quote", id, quote, "--format", "json"]);
        assert_eq!(ran.code, code, "{id} {quote}: {}{}", ran.stdout, ran.stderr);
        let checked: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        assert_eq!(checked["verdict"], verdict, "{id} {quote}: {checked:#}");
        let asked = format!("/api/v1/verify-quote?id={id}&quote={quote}");
        assert_eq!(server.json(&asked), checked);
        let readable = place.run(&["verify-quote", id, quote]);
        assert_eq!((readable.code, readable.stdout.is_empty()), (code, false));
    }
    let checked = place.json(&["verify-quote", passage, "办理 结果，材料"]);
    let at = &checked["places"][0];
    let text = place.json(&["show", document])["text"]
        .as_str()
        .expect("a text")
        .to_owned();
    let span = |name: &str| at[name].as_u64().expect("a number") as usize;
    let words: String = text
        .chars()
        .skip(span("begin"))
        .take(span("end") - span("begin"))
        .collect();
    assert_eq!(
        (at["text"].as_str(), words.as_str()),
        (Some("办理结果，\n材料"), "办理结果，\n材料")
    );
    assert_eq!(at["passage"], passage);
    for args in [["zz", "审批"], [passage, " "]] {
        assert_eq!(place.run(&["verify-quote", args[0], args[1]]).code, 2);
    }
}
