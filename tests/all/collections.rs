//! Collections: a row or member is a document of its own, found, labelled, changed and removed by
//! itself.

use std::io::{Cursor, Write};

use serde_json::{Value, json};

use crate::support::Place;

fn lines(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

fn row(id: &str, text: &str) -> Value {
    json!({"id": id, "text": text})
}

fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).expect("a member");
        writer.write_all(bytes).expect("its bytes");
    }
    writer.finish().expect("an archive").into_inner()
}

/// Paths of all documents.
fn paths(place: &Place) -> Vec<String> {
    let found = place.json(&["search", "--unit", "document", "--all"]);
    let hits = found["hits"].as_array().expect("hits").iter();
    let mut paths: Vec<String> = hits
        .map(|hit| hit["path"].as_str().expect("a path").to_owned())
        .collect();
    paths.sort();
    paths
}

fn inspected(place: &Place, id: &str) -> Value {
    let file = place.docs().join(id);
    place.json(&["inspect", file.to_str().expect("a path")])
}

#[test]
fn rows_bring_their_own_metadata() {
    let place = Place::new();
    let rows = [
        json!({"id": "hd-7", "标题": "企业开办一件事", "content": "推行容缺受理。", "城市": "哈尔滨",
            "发布日期": "2021/3/9 10:00", "url": "https://example.org/7", "clicks": 3}),
        json!({"id": "hd-8", "text": "第二件。", "城市": "哈尔冰", "url": "javascript:alert(1)"}),
    ];
    place.write("dump.jsonl", lines(&rows));
    let ran = place.index(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(
        ran.stdout.contains("columns that are not read: clicks"),
        "{}",
        ran.stdout
    );
    assert_eq!(
        paths(&place),
        ["docs/dump.jsonl#hd-7", "docs/dump.jsonl#hd-8"]
    );
    assert_eq!(place.total(&["容缺受理", "--city", "哈尔滨"]), 1);
    let first = inspected(&place, "dump.jsonl#hd-7");
    assert_eq!(first["title"]["value"], "企业开办一件事");
    assert_eq!(first["province"]["value"]["name"], "黑龙江省");
    assert_eq!(first["published"]["value"], "2021-03-09");
    assert_eq!(first["url"]["value"], "https://example.org/7");
    assert_eq!(first["url"]["rule"], "label");
    // What is not understood is said and not taken.
    let second = inspected(&place, "dump.jsonl#hd-8");
    assert_eq!(
        (&second["city"], &second["url"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        second["warnings"].as_array().map(Vec::len),
        Some(2),
        "{second}"
    );
}

#[test]
fn a_changed_row_is_one_changed_document() {
    let place = Place::new();
    let rows: Vec<Value> = (0..50)
        .map(|n| row(&format!("r{n}"), &format!("第{n}项措施，推行甲。")))
        .collect();
    place.write("dump.jsonl", lines(&rows));
    place.index(&[]);
    let mut changed = rows.clone();
    changed[7] = row("r7", "第7项措施，推行乙。");
    changed.truncate(49);
    place.write("dump.jsonl", lines(&changed));
    let ran = place.index(&[]);
    assert!(
        ran.stdout
            .contains("0 added, 1 changed, 48 unchanged, 0 removed"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("dump.jsonl#r49: no longer on disk"),
        "{}",
        ran.stdout
    );
    let ran = place.index(&["--prune"]);
    assert!(
        ran.stdout.contains("49 unchanged, 1 removed"),
        "{}",
        ran.stdout
    );
    assert_eq!(place.total(&["推行乙"]), 1);
}

#[test]
fn a_broken_collection_takes_nothing_away() {
    let place = Place::new();
    let table = "id,正文\n1,推行甲。\n2,推行乙。\n";
    place.write("t.csv", table);
    let members: [(&str, &[u8]); 2] = [
        ("a.txt", "推行丙。".as_bytes()),
        ("b.txt", "推行丁。".as_bytes()),
    ];
    let whole = archive(&members);
    place.write("p.zip", &whole);
    assert_eq!(place.index(&[]).code, 0);
    // Half a download: the documents read before are kept, and the file is listed.
    place.write("p.zip", &whole[..whole.len() / 2]);
    let ran = place.index(&["--prune"]);
    assert_eq!(ran.code, 3);
    assert!(ran.stdout.contains("docs/p.zip: damaged"), "{}", ran.stdout);
    assert_eq!(paths(&place).len(), 4);
    place.write("p.zip", &whole);
    let ran = place.index(&["--prune"]);
    assert_eq!((ran.code, paths(&place).len()), (0, 4), "{}", ran.stdout);
    assert_eq!(place.json(&["stats", "--unreadable"]), json!([]));
}

#[test]
fn an_archive_holds_files_and_collections() {
    let place = Place::new();
    let table = "编号,正文\n甲,推行告知承诺。\n";
    let (table, _, _) = encoding_rs::GB18030.encode(table);
    let inner = archive(&[("x.txt", b"x")]);
    place.write(
        "包.zip",
        archive(&[
            ("通知/a.txt", "推行容缺受理。".as_bytes()),
            (
                "b.html",
                "<html><body><p>推行一网通办。</p></body></html>".as_bytes(),
            ),
            ("c.csv", &table),
            ("inner.zip", &inner),
            ("labels.csv", b"path,year\n"),
            ("../../etc/d.txt", "推行一窗受理。".as_bytes()),
            ("__MACOSX/._a.txt", b"\0\0"),
            ("logo.png", b"\x89PNG"),
            ("e.ppt", b"\xd0\xcf"),
        ]),
    );
    let ran = place.index(&[]);
    assert_eq!(ran.code, 3, "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("包.zip#inner.zip: an archive inside an archive"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("包.zip#e.ppt: format not supported"),
        "{}",
        ran.stdout
    );
    assert_eq!(
        paths(&place),
        [
            "docs/包.zip#b.html",
            "docs/包.zip#c.csv#甲",
            "docs/包.zip#etc/d.txt",
            "docs/包.zip#通知/a.txt"
        ]
    );
    assert_eq!(inspected(&place, "包.zip#c.csv#甲")["encoding"], "GB18030");
}

#[test]
fn labels_and_named_columns_reach_rows() {
    let place = Place::new();
    place.write(
        "d.csv",
        "文档号,html\n甲,<p>推行容缺受理。</p><p>第二段。</p>\n",
    );
    let labels = place.path("labels.csv");
    std::fs::write(&labels, "path,year\nd.csv#甲,2020\n").expect("a file");
    let ran = place.index(&[
        "--columns",
        "text=html,id=文档号",
        "--labels",
        labels.to_str().expect("a path"),
    ]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(place.total(&["容缺受理", "--year", "2020"]), 1);
    let ran = place.index(&["--columns", "txt=html"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("the columns are id, title, text"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_collection_larger_than_any_file_is_streamed() {
    let place = Place::new();
    // 80 MB in 400 rows: beyond the limit of a single file. Most of each row is in a column that
    // is not read, so that the test is about the file and not about indexing 80 MB.
    let filling = "x".repeat(200_000);
    let rows: Vec<Value> = (0..400)
        .map(|n| json!({"id": n, "raw": filling, "text": format!("第{n}项，推行容缺受理。")}))
        .collect();
    place.write("big.jsonl", lines(&rows));
    let ran = place.index(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert_eq!(place.total(&["容缺受理"]), 400);
}

#[test]
fn bad_rows_are_listed_and_the_others_are_read() {
    let place = Place::new();
    let text = [
        &row("a", "推行甲。").to_string(),
        "{\"id\":\"b\"",
        &row("a", "又一个甲。").to_string(),
        &json!({"id": "c", "title": "没有正文"}).to_string(),
        &row("d", " \n").to_string(),
        &row("e", "推行戊。").to_string(),
    ]
    .join("\n");
    place.write("x.jsonl", text);
    place.write(
        "quote.csv",
        "id,text\n1,推行己。\n2,\"没有合上的引号\n3,推行庚。\n",
    );
    let ran = place.index(&[]);
    assert_eq!(ran.code, 3, "{}", ran.stdout);
    for reason in [
        "x.jsonl#2: damaged or incomplete: the line is no JSON object",
        "x.jsonl#a (no. 2): another document",
        "x.jsonl#c: no column for its text",
        "x.jsonl#d: no text in it",
    ] {
        assert!(ran.stdout.contains(reason), "{reason}: {}", ran.stdout);
    }
    assert_eq!(place.total(&["推行戊"]), 1);
    assert_eq!(place.total(&["推行己"]), 1);
    // An unclosed quotation mark swallows what follows; it stays findable.
    assert_eq!(place.total(&["推行庚"]), 1);
}
