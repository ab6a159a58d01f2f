//! `duibiao eval` as people run it: judged queries in both formats, other rankings to compare with,
//! faults in files.

use std::fs;

use serde_json::Value;

use crate::support::{Place, Ran};

/// Five rows of which the words of a query are in two, and a notice with two measures.
fn place() -> Place {
    let rows = [
        (
            "r1",
            "燃气管网巡检规程",
            "燃气公司每季度巡检一次管网，发现隐患当日处置。",
        ),
        ("r2", "绿化养护规程", "养护单位按月修剪行道树。"),
        (
            "r3",
            "管网资料管理",
            "燃气管网资料由档案室保管。巡检记录一并归档。",
        ),
        ("r4", "公园开放时间", "公园全年开放，不收门票。"),
        ("r5", "路灯维护", "路灯故障两日内修复。"),
    ];
    let place = Place::new();
    let rows: Vec<String> = rows
        .iter()
        .map(|(id, title, text)| {
            serde_json::json!({"id": id, "title": title, "text": text}).to_string()
        })
        .collect();
    place.write("rows.jsonl", rows.join("\n"));
    place.write(
        "notice.txt",
        "关于改进停车服务的通知\n\n各区：\n\n一、增加泊位。利用边角地建设停车泊位三百个。\n\n二、公示价格。停车场在入口公示收费标准。\n",
    );
    let ran = place.index(&[]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    place
}

fn file(place: &Place, name: &str, text: &str) -> String {
    let path = place.path(name);
    fs::write(&path, text).expect("a file");
    path.to_str().expect("a UTF-8 path").to_owned()
}

fn eval(place: &Place, args: &[&str]) -> Ran {
    let mut all = vec!["eval"];
    all.extend(args);
    place.run(&all)
}

fn json(place: &Place, args: &[&str]) -> Value {
    let mut all = vec!["eval", "--format", "json"];
    all.extend(args);
    let ran = place.run(&all);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).expect("JSON")
}

fn close(value: &Value, expected: f64) {
    let value = value.as_f64().expect("a number");
    assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
}

#[test]
fn lines_are_judged_by_documents_with_every_ranker() {
    let place = place();
    let queries = file(&place, "q.tsv", "7\t燃气管网 巡检\n8\t门票\n9\t没有判断\n");
    // Relevant are both rows with the words, one row without any, and for 8 a row without the word.
    let qrels = file(
        &place,
        "qrels.txt",
        "7 0 r1 1\n7 0 r3 1\n7 0 r5 1\n7 0 r2 0\n8 0 r5 1\n10 0 r1 1\n",
    );
    for ranker in ["engine", "plain-words", "plain-pairs"] {
        let found = json(
            &place,
            &[&queries, &qrels, "--ranker", ranker, "--per-query"],
        );
        assert_eq!(found["queries"], 2, "{ranker}");
        let (seven, eight) = (&found["per_query"][0], &found["per_query"][1]);
        assert_eq!((&seven["id"], &seven["relevant"]), (&"7".into(), &3.into()));
        close(&seven["mrr@10"], 1.0);
        close(&seven["recall@100"], 2.0 / 3.0);
        let two_of_three = 1.0 + 1.0 / 3f64.log2();
        close(&seven["ndcg@10"], two_of_three / (two_of_three + 0.5));
        close(&eight["ndcg@10"], 0.0);
        close(&found["means"]["mrr@10"], 0.5);
    }
    let ran = eval(&place, &[&queries, &qrels]);
    assert!(
        ran.stderr
            .contains("1 queries to which nothing is relevant"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr
            .contains("1 judgements of queries that are not in"),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.contains("mrr@10"), "{}", ran.stdout);
}

#[test]
fn json_is_judged_by_the_places_of_passages() {
    let place = place();
    let text = fs::read_to_string(place.docs().join("notice.txt")).expect("the notice");
    let span = |from: &str, to: &str| {
        let at = |part: &str| {
            let byte = text.find(part).expect("a part of the notice");
            text[..byte].chars().count()
        };
        (at(from), at(to) + to.chars().count())
    };
    let (one, two) = (span("一、", "三百个。"), span("二、", "标准。"));
    let passages = serde_json::json!({
        "documents": [{"doc": "n", "file": "notice.txt"}],
        "measures": [
            {"id": "n-m01", "doc": "n", "begin": one.0, "end": one.1},
            {"id": "n-m02", "doc": "n", "begin": two.0, "end": two.1},
        ],
    });
    let queries = serde_json::json!({"queries": [
        {"id": "a", "query": "停车泊位", "relevant": {"n-m01": 2}, "must_not": ["n-m02"]},
        {"id": "b", "query": "停车", "relevant": {"n-m01": 1}, "must_not": ["n-m02"]},
        {"id": "c", "query": "停车", "filters": {"year": 1999}, "relevant": {"n-m02": 1}},
        {"id": "d", "query": "公示收费标准", "unit": "document", "relevant": {"n-m02": 1}},
    ]});
    let queries = file(&place, "q.json", &queries.to_string());
    let passages = file(&place, "passages.json", &passages.to_string());
    let found = json(&place, &[&queries, &passages, "--per-query"]);
    let of = |n: usize, figure: &str| found["per_query"][n][figure].clone();
    close(&of(0, "ndcg@10"), 1.0);
    assert_eq!(of(1, "must_not"), serde_json::json!(["n-m02"]));
    assert_eq!(found["must_not_most"], 1);
    close(&of(2, "recall@100"), 0.0);
    close(&of(3, "mrr@10"), 1.0);
    // The same passages by their numbers in this index.
    let hits = place.json(&["search", "泊位三百个"]);
    let id = hits["hits"][0]["id"].as_str().expect("an id");
    let ordinal = id.rsplit_once("-m").expect("a passage").1;
    let numbered = format!(
        r#"{{"queries":[{{"id":"a","query":"停车泊位","relevant":{{"notice-m{ordinal}":1}}}}]}}"#
    );
    let numbered = file(&place, "numbered.json", &numbered);
    close(&json(&place, &[&numbered])["means"]["mrr@10"], 1.0);
}

#[test]
fn a_ranking_is_compared_with_itself_and_with_worse() {
    let place = place();
    let queries = file(
        &place,
        "q.tsv",
        "1\t燃气管网巡检\n2\t修剪行道树\n3\t路灯故障\n",
    );
    let qrels = file(&place, "qrels.txt", "1 0 r1 1\n2 0 r2 1\n3 0 r5 1\n");
    let saved = place.path("saved.run").to_str().expect("UTF-8").to_owned();
    let first = json(&place, &[&queries, &qrels, "--save", &saved]);
    close(&first["means"]["mrr@10"], 1.0);
    let same = json(&place, &[&queries, &qrels, "--against", &saved]);
    let mrr = &same["comparison"]["metrics"][1];
    assert_eq!(
        (&mrr["metric"], &mrr["ties"]),
        (&"mrr@10".into(), &3.into())
    );
    close(&mrr["p"], 1.0);
    // The same lists with what is relevant moved from the first place to the second.
    let lines = "1 Q0 r4 1 2 t\n1 Q0 r1 2 1 t\n2 Q0 r4 1 2 t\n2 Q0 r2 2 1 t\n3 Q0 r4 1 2 t\n3 Q0 r5 2 1 t\n";
    let worse = file(&place, "worse.run", lines);
    let better = json(&place, &[&queries, &qrels, "--against", &worse]);
    let mrr = &better["comparison"]["metrics"][1];
    close(&mrr["difference"], 0.5);
    assert_eq!(
        (&mrr["wins"], &mrr["interval"]),
        (&3.into(), &serde_json::json!([0.5, 0.5]))
    );
    // Half of the queries, chosen on the other half.
    let half = json(
        &place,
        &[
            &queries,
            &qrels,
            "--half",
            "even",
            "--against",
            "plain-words",
            "--tune",
        ],
    );
    assert_eq!(half["queries"], 1);
    assert!(
        half["against"]
            .as_str()
            .is_some_and(|name| name.starts_with("plain-words:k1="))
    );
}

#[test]
fn a_wrong_line_is_named() {
    let place = place();
    let queries = file(&place, "q.tsv", "1\t停车\n");
    let qrels = file(&place, "qrels.txt", "1 0 notice 1\n");
    for (name, queries_text, qrels_text, fault) in [
        (
            "a",
            "1\t停车\n\n停车",
            "1 0 r1 1",
            "a.tsv:3: a query is written id<TAB>text",
        ),
        (
            "b",
            "1\t停车\n1\t路灯\n",
            "1 0 r1 1",
            "b.tsv:2: query 1 is here a second time",
        ),
        (
            "c",
            "1\t\n",
            "1 0 r1 1",
            "c.tsv:1: the query's text is empty",
        ),
        (
            "d",
            "1\t停车\n",
            "1 0 r1\n",
            "d.txt:1: 4 columns are expected",
        ),
        (
            "e",
            "1\t停车\n",
            "1 0 r1 1\n1 0 r2 ja\n",
            "e.txt:2: grade is no whole number",
        ),
        (
            "f",
            "1\t停车\n",
            "1 0 r1 1\n1 0 r1 0\n",
            "f.txt:2: 1 r1 is here a second time",
        ),
        ("g", "1\t停车\n", "2 0 r1 1\n", "no query of"),
        (
            "h",
            "{\"queries\":\n[{\"id\":1}]}",
            "{}",
            "h.tsv:2: this is not the JSON",
        ),
    ] {
        let queries = file(&place, &format!("{name}.tsv"), queries_text);
        let qrels = file(&place, &format!("{name}.txt"), qrels_text);
        let ran = eval(&place, &[&queries, &qrels]);
        assert_eq!(ran.code, 2, "{fault}: {}", ran.stderr);
        assert!(ran.stderr.contains(fault), "{fault}: {}", ran.stderr);
        assert!(ran.stdout.is_empty());
    }
    let json = r#"{"queries":[{"id":"x","query":"停车","relevant":{"notice":1}}]}"#;
    let json = file(&place, "q.json", json);
    let ran = eval(&place, &[&json]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("query x: \"notice\" is no passage"),
        "{}",
        ran.stderr
    );
    let ran = eval(&place, &[&queries]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("without judgements"), "{}", ran.stderr);
    let ran = eval(&place, &[&queries, &qrels, "--bm25", "1.2"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let ran = eval(&place, &["missing.tsv", &qrels]);
    assert_eq!(ran.code, 1);
}
