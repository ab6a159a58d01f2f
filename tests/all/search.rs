//! Queries, filters, facets and formats at the terminal, on documents composed here.

use serde_json::Value;

use crate::support::Place;

const BULLETIN: &str = "中共哈尔滨市委关于巡视整改情况的通报\n根据统一部署，现将整改情况予以公布。\n（一）行政效率有待提高方面\n\
1.关于项目审批推诿扯皮。一是推行并联审批，平均审批时限缩减9个工作日，提速35.4%。二是建立帮办机制。\n\
2.关于新官不理旧账。一是全面梳理历史遗留问题，已办结449件。二是强化考核问责。\n中共哈尔滨市委2017年3月21日\n";
const TRADITIONAL: &str = "打造親商環境 助推城市發展\n\n營商環境既是競爭力，又是生產力，哈市近年來做了大量工作，全市環境持續改善。\n\n\
加強流程再造，平均審批時限縮減11.7個工作日，審批提速38.5%，市政協對此充分肯定。\n\n應建立分層次人才引進和儲備機制，著力引進高端人才，哈市要承接產業轉移。\n";
const PLAN: &str = "营口市政务服务大厅工作方案\n一、总体目标\n年底前实现一网通办。\n二、重点任务\n（一）推行一窗受理。各部门要做到应进必进。\n\
（二）开展政府采购整治。2023年底前完成政府采购专项检查。\n附件1：\n市政府采购中心\n市财政局\n";

fn place() -> Place {
    Place::indexed(&[
        ("通报.txt", BULLETIN),
        ("繁体.txt", TRADITIONAL),
        ("方案.md", PLAN),
    ])
}

fn texts(found: &Value) -> Vec<&str> {
    found["hits"]
        .as_array()
        .expect("hits")
        .iter()
        .filter_map(|h| h["snippet"]["text"].as_str())
        .collect()
}

#[test]
fn either_script_finds_both() {
    let place = place();
    assert_eq!(place.snippets(&["人才引进"]), place.snippets(&["人才引進"]));
    assert_eq!(place.total(&["着力"]), 1);
    let found = place.json(&["search", "审批提速"]);
    let first_two = texts(&found).join("\n");
    assert!(
        first_two.contains("提速35.4%") && first_two.contains("審批提速38.5%"),
        "{first_two}"
    );
    for hit in found["hits"].as_array().expect("hits") {
        let snippet = &hit["snippet"];
        let chars: Vec<char> = snippet["text"].as_str().expect("a text").chars().collect();
        for range in snippet["ranges"].as_array().expect("ranges") {
            let (begin, end) = (
                range["begin"].as_u64().expect("a number") as usize,
                range["end"].as_u64().expect("a number") as usize,
            );
            let marked: String = chars[begin..end].iter().collect();
            assert!(
                ["审批", "提速", "審批提速", "審批"].contains(&marked.as_str()),
                "{marked}"
            );
        }
    }
}

#[test]
fn a_quoted_heading_finds_exactly_what_stands_under_it() {
    let found = place().json(&["search", "\"新官不理旧账\""]);
    assert_eq!(found["total"], 2);
    for hit in found["hits"].as_array().expect("hits") {
        assert_eq!(hit["problem"], "新官不理旧账");
        assert_eq!(hit["heading_path"][1], "2.关于新官不理旧账");
    }
}

#[test]
fn a_document_literal_may_run_over_passages() {
    let place = place();
    assert_eq!(
        place.total(&["--unit", "document", "\"提速35.4%。二是建立帮办机制\""]),
        1
    );
    assert_eq!(place.total(&["\"提速35.4%。二是建立帮办机制\""]), 0);
    assert_eq!(
        place.total(&["--unit", "document", "\"方面 1.关于\""]),
        1,
        "white space and line breaks do not count"
    );
}

#[test]
fn filters_take_any_name_and_refuse_unknown_ones() {
    let place = place();
    let documents = |args: &[&str]| place.total(&[&["--unit", "document"], args].concat());
    for name in ["哈尔滨", "哈尔滨市", "230100", "哈市"] {
        assert_eq!(documents(&["--city", name]), 2, "{name}");
    }
    assert_eq!(documents(&["--province", "黑"]), 2);
    assert_eq!(
        documents(&["--province", "黑龙江", "--province", "辽宁"]),
        3
    );
    assert_eq!(documents(&["--city", "深圳"]), 0);
    assert_eq!(documents(&["--year", "2015..2017"]), 1);
    assert_eq!(documents(&["--year", "不详"]), 2);
    assert_eq!(documents(&["省:辽宁"]), 1);
    assert_eq!(documents(&["-年:2017"]), 2);
    for (args, said) in [
        (["--city", "哈尔冰"], "哈尔滨"),
        (["--theme", "approval.proces"], "approval.process"),
        (["--status", "finished"], "done"),
        (["--year", "20xx"], "2017..2020"),
        (["--doc_type", "通抱"], "通报"),
    ] {
        let ran = place.run(&["search", args[0], args[1]]);
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(
            ran.stderr.contains(said) && ran.stdout.is_empty(),
            "{args:?}: {}",
            ran.stderr
        );
    }
}

#[test]
fn facets_ignore_their_own_selection_and_add_up() {
    let place = place();
    let found = place.json(&[
        "search",
        "--unit",
        "document",
        "--province",
        "辽宁",
        "--year",
        "2017",
    ]);
    assert_eq!(found["total"], 0);
    let count = |facet: &str, value: &str| {
        let values = found["facets"][facet].as_array().expect("a facet");
        values.iter().find(|v| v["value"] == value).map(|v| {
            (
                v["count"].as_u64().expect("a number"),
                v["selected"].as_bool().expect("a flag"),
            )
        })
    };
    assert_eq!(
        count("province", "230000"),
        Some((1, false)),
        "provinces of 2017"
    );
    assert_eq!(
        count("province", "210000"),
        Some((0, true)),
        "selected values stay"
    );
    assert_eq!(count("year", "2017"), Some((0, true)), "years of 辽宁");
    assert_eq!(
        count("year", ""),
        Some((1, false)),
        "documents without a year"
    );
    let all = place.json(&["search", "--unit", "document"]);
    for facet in ["province", "year", "doc_type"] {
        let sum: u64 = all["facets"][facet]
            .as_array()
            .expect("a facet")
            .iter()
            .filter_map(|v| v["count"].as_u64())
            .sum();
        assert_eq!(sum, 3, "{facet}");
    }
}

#[test]
fn few_full_hits_are_followed_by_partial_ones() {
    let place = place();
    let found = place.json(&["search", "并联审批 人才"]);
    assert_eq!(found["total"], 0);
    assert!(found["partial_total"].as_u64() > Some(0) && found["hits"][0]["partial"] == true);
    let strict = place.json(&["search", "并联审批 人才", "--match", "all"]);
    assert_eq!(
        (
            strict["partial_total"].as_u64(),
            strict["hits"].as_array().map(Vec::len)
        ),
        (Some(0), Some(0))
    );
    let required = place.json(&["search", "并联审批 \"人才引进\""]);
    assert!(
        texts(&required).iter().all(|t| t.contains("人才引進")),
        "a quoted piece is never optional"
    );
}

#[test]
fn lists_of_names_stand_below_measures() {
    let found = place().json(&["search", "政府采购"]);
    let kinds: Vec<&str> = found["hits"]
        .as_array()
        .expect("hits")
        .iter()
        .filter_map(|h| h["kind"].as_str())
        .collect();
    assert_eq!(kinds, ["measure", "annex"]);
}

#[test]
fn a_list_with_the_very_words_stands_before_parts_of_them_on_every_page() {
    let place = place();
    let shown = |found: &Value| -> Vec<(String, bool)> {
        let hits = found["hits"].as_array().expect("hits").iter();
        hits.map(|h| (h["id"].to_string(), h["partial"] == true))
            .collect()
    };
    let found = place.json(&["search", "市政府采购中心"]);
    assert_eq!(found["hits"][0]["kind"], "annex");
    let all = shown(&found);
    let flags: Vec<bool> = all.iter().map(|(_, partial)| *partial).collect();
    assert!(flags.len() > 1 && !flags[0] && flags[1..].iter().all(|partial| *partial));
    let mut by_cursor = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut args = vec!["search", "市政府采购中心", "--limit", "1"];
        args.extend(cursor.iter().flat_map(|c| ["--cursor", c.as_str()]));
        let page = place.json(&args);
        by_cursor.extend(shown(&page));
        match page["cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(by_cursor, all);
}

#[test]
fn without_a_query_everything_is_listed_newest_first() {
    let place = place();
    let found = place.json(&["search", "--unit", "document"]);
    assert_eq!(found["total"], 3);
    assert_eq!(found["hits"][0]["year"], 2017);
    let oldest = place.json(&["search", "--unit", "document", "--sort", "oldest"]);
    assert_eq!(
        oldest["hits"][0]["year"], 2017,
        "undated documents come last either way"
    );
}

#[test]
fn pages_by_offset_and_cursor_are_the_whole() {
    let place = place();
    let ids = |args: &[&str]| -> Vec<String> {
        let ran = place.run(&[&["search", "--format", "jsonl"], args].concat());
        ran.stdout
            .lines()
            .map(|l| serde_json::from_str::<Value>(l).expect("a line of JSON")["id"].to_string())
            .collect()
    };
    let all = ids(&["--all"]);
    assert!(all.len() > 6);
    let by_offset: Vec<String> = (0..all.len())
        .flat_map(|n| ids(&["--limit", "1", "--offset", &n.to_string()]))
        .collect();
    assert_eq!(by_offset, all);
    let mut by_cursor = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut args = vec!["search", "--limit", "2"];
        args.extend(cursor.iter().flat_map(|c| ["--cursor", c.as_str()]));
        let page = place.json(&args);
        by_cursor.extend(
            page["hits"]
                .as_array()
                .expect("hits")
                .iter()
                .map(|h| h["id"].to_string()),
        );
        match page["cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(by_cursor, all);
}

#[test]
fn wrong_queries_say_where_and_what() {
    let place = place();
    let nested = "(".repeat(100_000);
    let many = "甲 ".repeat(300);
    for (query, said) in [
        ("甲 \"乙", "character 3"),
        ("OR 甲", "character 1"),
        ("年:abc", "2017..2020"),
        (nested.as_str(), "4096"),
        (many.as_str(), "256"),
    ] {
        let ran = place.run(&["search", query]);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    for args in [
        ["--limit", "0"],
        ["--offset", "1000000000"],
        ["--limit", "18446744073709551615"],
        ["--cursor", "x"],
    ] {
        let ran = place.run(&["search", args[0], args[1]]);
        assert_eq!(ran.code, 2, "{args:?} {}", ran.stderr);
    }
}

#[test]
fn pipes_carry_data_only() {
    let place = place();
    let csv = place.run(&["search", "审批", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(csv.stdout.as_bytes());
    assert!(
        reader
            .headers()
            .expect("a header")
            .iter()
            .any(|h| h == "citation")
    );
    assert!(reader.records().count() > 0 && csv.stderr.is_empty());
    let table = place.run(&["search", "审批"]);
    assert!(!table.stdout.contains('\u{1b}') && table.stderr.contains("measures"));
    let wide = |line: &str| {
        line.chars()
            .map(|c| if c.is_ascii() { 1 } else { 2 })
            .sum::<usize>()
            > 84
    };
    assert!(!table.stdout.lines().any(wide), "{}", table.stdout);
    assert!(
        place
            .run(&["search", "审批", "--format", "markdown"])
            .stdout
            .starts_with("| id |")
    );
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            place
                .run(&["completions", shell])
                .stdout
                .contains("duibiao")
        );
    }
}

#[test]
fn inspect_explains_every_field_by_its_candidates() {
    let place = Place::new();
    let file = place.write(
        "a.txt",
        "关于清理证明事项的通知\n黔府办发〔2016〕4号\n为减少证明，根据黔府发〔2015〕9号文件精神，现就有关事项通知如下。\n一、全省清理。\n",
    );
    let file = file.to_str().expect("a UTF-8 path");
    let found = place.json(&["inspect", file, "--explain"]);
    let numbers = found["candidates"]["number"].as_array().expect("a list");
    let told = |i: usize| {
        (
            numbers[i]["value"].as_str().unwrap_or(""),
            numbers[i]["won"].as_bool(),
        )
    };
    assert_eq!(
        (told(0), told(1)),
        (
            ("黔府办发〔2016〕4号", Some(true)),
            ("黔府发〔2015〕9号", Some(false))
        )
    );
    assert_eq!(found["number"]["value"], numbers[0]["value"]);
    let seen = place
        .run(&["inspect", file, "--explain", "--format", "csv"])
        .stdout;
    assert!(
        seen.contains("number.cited,stands in the running text"),
        "{seen}"
    );
    assert!(place.json(&["inspect", file]).get("candidates").is_none());
}

#[test]
fn show_and_inspect_quote_the_text() {
    let place = place();
    let file = place.docs().join("通报.txt");
    let seen = place.run(&["inspect", file.to_str().expect("a UTF-8 path"), "--text"]);
    let seen: Value = serde_json::from_str(&seen.stdout).expect("one object");
    let chars: Vec<char> = seen["text"].as_str().expect("the text").chars().collect();
    assert_eq!(chars.iter().collect::<String>(), BULLETIN);
    for field in ["title", "city", "date", "issuer", "year"] {
        let evidence = &seen[field]["evidence"][0];
        let (begin, end) = (
            evidence["begin"].as_u64().expect("a number") as usize,
            evidence["end"].as_u64().expect("a number") as usize,
        );
        assert_eq!(
            evidence["quote"].as_str(),
            Some(chars[begin..end].iter().collect::<String>().as_str()),
            "{field}"
        );
    }
    let hit = place.json(&["search", "\"帮办机制\""])["hits"][0].clone();
    let document = place.json(&["show", hit["document_id"].as_str().expect("an id")]);
    assert_eq!(document["text"], seen["text"]);
    assert_eq!(document["measures"], seen["measures"]);
    let passage = place.json(&["show", hit["id"].as_str().expect("an id")]);
    assert_eq!(passage["text"], "二是建立帮办机制。\n");
    assert_eq!(place.run(&["show", "0000000000000000"]).code, 1);
    assert_eq!(place.run(&["show", "nonsense"]).code, 2);
}

#[test]
fn stats_say_what_the_index_holds() {
    let stats = place().json(&["stats"]);
    assert_eq!(
        (
            stats["documents"].as_u64(),
            stats["lexicon_differs"].as_bool()
        ),
        (Some(3), Some(false))
    );
    assert_eq!(stats["facets"]["city"][0]["label"], "哈尔滨市");
}
