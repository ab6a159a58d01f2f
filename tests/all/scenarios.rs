//! The work of an analyst from end to end, on the samples and on documents composed for it: the like
//! of the scenarios that `tests/scenarios.py` runs on real documents. Each asks at the terminal, of
//! the API and on the page where that matters.

use std::path::Path;

use scraper::{Html, Selector};
use serde_json::Value;

use crate::support::{Place, Server};

/// The samples, indexed.
fn samples() -> Place {
    let place = Place::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("index-data/samples");
    let ran = place.run(&["index", folder.to_str().expect("a UTF-8 path")]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    place
}

fn list<'v>(answer: &'v Value, name: &str) -> &'v [Value] {
    answer[name].as_array().map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

/// The last parts of the paths of all documents that are found, sorted.
fn names(place: &Place, args: &[&str]) -> Vec<String> {
    let all = ["search", "--unit", "document", "--limit", "200"];
    let found = place.json(&[&all[..], args].concat());
    let name = |hit: &Value| {
        text(hit, "path")
            .rsplit('/')
            .next()
            .unwrap_or("")
            .to_owned()
    };
    let mut names: Vec<String> = list(&found, "hits").iter().map(name).collect();
    names.sort();
    names
}

/// The words of a page.
fn words(page: &str, selector: &str) -> String {
    let selector = Selector::parse(selector).expect("a selector");
    let page = Html::parse_document(page);
    let found = page.select(&selector);
    found.flat_map(|element| element.text()).collect()
}

fn of_span(text: &str, value: &Value) -> String {
    let at = |name: &str| value[name].as_u64().expect("a number") as usize;
    let (begin, end) = (at("begin"), at("end"));
    text.chars().skip(begin).take(end - begin).collect()
}

#[test]
fn either_script_finds_the_original_and_marks_it_where_it_stands() {
    let place = samples();
    let simplified = place.json(&["search", "审批提速"]);
    let traditional = place.json(&["search", "審批提速"]);
    let ids = |found: &Value| -> Vec<String> {
        let hits = list(found, "hits").iter();
        hits.map(|hit| text(hit, "id").to_owned()).collect()
    };
    assert!(ids(&simplified).len() > 1);
    assert_eq!(ids(&simplified), ids(&traditional));
    let hit = list(&simplified, "hits")
        .iter()
        .find(|hit| text(hit, "path").ends_with("哈爾濱市政協專題協商綜述.txt"))
        .expect("the one in Traditional characters");
    let snippet = &hit["snippet"];
    let marked: Vec<String> = list(snippet, "ranges")
        .iter()
        .map(|range| of_span(text(snippet, "text"), range))
        .collect();
    assert!(
        marked.iter().any(|words| words.contains("審批提速")),
        "{marked:?}"
    );
    let document = place.json(&["show", text(hit, "document_id")]);
    let passage = place.json(&["show", text(hit, "id")]);
    assert_eq!(
        of_span(text(&document, "text"), hit),
        text(&passage, "text")
    );
    assert!(text(&passage, "text").contains(text(snippet, "text")));
}

#[test]
fn years_are_those_of_documents_and_not_of_what_they_mention() {
    let place = samples();
    // A bulletin of 2016 about the year before, and a report of 2023 on 2022.
    for (name, year, period) in [
        ("suihua-2016-pingyi-tongbao.txt", "2016", "2015"),
        ("henan-neixiang-2023-baogao.txt", "2023", "2022"),
    ] {
        let has = |args: &[&str]| names(&place, args).contains(&name.to_owned());
        assert!(
            has(&["--year", year]) && !has(&["--year", period]),
            "{name}"
        );
        assert!(
            has(&["--period", period]) && !has(&["--period", year]),
            "{name}"
        );
    }
    let unknown = names(&place, &["--year", "不详"]);
    assert!(
        unknown.contains(&"兰州市法院系统执行攻坚综述.epub".to_owned()),
        "{unknown:?}"
    );
    for year in ["2014..", "..2026"] {
        let dated = names(&place, &["--year", year]);
        assert!(unknown.iter().all(|name| !dated.contains(name)), "{year}");
    }
    // Every year has the words it rests on, or was given.
    let found = place.json(&[
        "search", "--unit", "document", "--limit", "200", "--year", "2000..",
    ]);
    for hit in list(&found, "hits") {
        let shown = place.json(&["show", text(hit, "id")]);
        let year = &shown["year"];
        let is_told = !list(year, "evidence").is_empty() || text(year, "rule") == "label";
        assert!(is_told, "{}: {year}", text(hit, "path"));
    }
}

#[test]
fn places_are_those_of_documents_and_not_of_what_they_mention() {
    let place = samples();
    // Where they went to learn, and with whom they work together.
    for (city, document, role) in [
        (
            "深圳市",
            "上海市政协委员关于完善免申即享机制的建议.txt",
            "visited",
        ),
        ("荆州市", "宜昌市柔性执法和综合监管经验材料.txt", "partner"),
    ] {
        assert!(names(&place, &["--city", city]).is_empty(), "{city}");
        let found = place.json(&["search", &format!("\"{}\"", city.trim_end_matches('市'))]);
        let hit = list(&found, "hits")
            .iter()
            .find(|hit| text(hit, "path").ends_with(document))
            .expect("the passage that names it");
        let passage = place.json(&["show", text(hit, "id")]);
        let named = list(&passage, "places").iter();
        let roles: Vec<&str> = named
            .filter(|p| p["name"] == city)
            .map(|p| text(p, "role"))
            .collect();
        assert_eq!(roles, [role], "{city}");
    }
    assert_eq!(
        names(&place, &["--city", "哈尔滨"]),
        [
            "harbin-2023-zhenggai-fangan.txt",
            "哈尔滨市松北区承诺即开工实施方案.txt",
            "哈爾濱市政協專題協商綜述.txt"
        ]
    );
    let province = names(&place, &["--province", "黑龙江"]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("index-data/samples/heilongjiang");
    let mut there: Vec<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    there.sort();
    assert_eq!(province, there);
}

#[test]
fn nothing_found_is_said_and_what_is_akin_stands_apart() {
    let place = samples();
    let server = Server::serve(&place.index_folder(), &[]);
    let printed = place.run(&["search", "执结率"]);
    assert!(
        printed
            .stderr
            .contains("nothing found here does not mean there is none"),
        "{}",
        printed.stderr
    );
    let found = server.json("/api/v1/search?q=执结率");
    assert_eq!(
        (&found["total"], &found["exact_total"]),
        (&0.into(), &0.into())
    );
    assert!(list(&found, "hits").is_empty() && found["corrected"].is_null());
    assert!(
        list(&found, "did_you_mean").is_empty(),
        "{}",
        found["did_you_mean"]
    );
    assert!(!list(&found, "related").is_empty());
    let page = server.page("/search?q=执结率").body;
    assert!(words(&page, "#summary").starts_with("未检到"), "{page}");
    let said = words(&page, ".nothing");
    let documents = server.json("/api/v1/stats")["documents"].clone();
    assert!(
        said.contains(&format!("在全部 {documents} 份文件中没有检到")),
        "{said}"
    );
    assert!(!said.contains("没有相关政策"));
    assert!(words(&page, ".related").contains("不计入上面的条数"));
}

#[test]
fn a_word_that_is_not_there_is_not_offered_for_another_that_is_not() {
    let place = Place::indexed(&[(
        "通报.txt",
        "甲市关于整改情况的通报\n\n一、简化环节。减少要件，实行承诺制管理，切实减轻企业负担。\n\n2020年1月2日\n",
    )]);
    let found = place.json(&["search", "容缺受理"]);
    assert_eq!(found["total"], 0);
    assert_eq!(
        list(&found, "did_you_mean").len(),
        0,
        "{}",
        found["did_you_mean"]
    );
    assert!(text(&list(&found, "related")[0]["snippet"], "text").contains("承诺制管理"));
}

#[test]
fn a_list_of_names_stands_below_measures_at_both_units() {
    let place = samples();
    place.write(
        "方案.txt",
        "甲市作风建设工作方案\n\n一、组织领导\n市政府办公室牵头，各部门参加。\n\n二、重点任务\n（一）整顿窗口纪律。\n\n附件：\n市财政局中介超市管理办公室\n市中介超市管理中心\n市中介超市协会\n",
    );
    assert_eq!(place.index(&[]).code, 0);
    let found = place.json(&["search", "中介超市", "--limit", "100", "--match", "all"]);
    let kinds: Vec<&str> = list(&found, "hits")
        .iter()
        .map(|hit| text(hit, "kind"))
        .collect();
    let annex = kinds.iter().position(|kind| *kind == "annex");
    let (before, behind) = kinds.split_at(annex.expect("an annex"));
    assert!(
        before.len() > 3 && !behind.contains(&"measure"),
        "{kinds:?}"
    );
    let documents = place.json(&[
        "search",
        "中介超市",
        "--unit",
        "document",
        "--limit",
        "100",
        "--match",
        "all",
    ]);
    let last = list(&documents, "hits").last().expect("hits");
    assert!(text(last, "path").ends_with("方案.txt"), "{documents:#}");
    assert_eq!(last["kind"], "annex", "it is shown by its annex");
    let printed = place.run(&["search", "中介超市", "--limit", "100"]);
    assert!(printed.stdout.contains("附件名单"), "{}", printed.stdout);
}

#[test]
fn a_proposal_is_no_achievement() {
    let place = samples();
    let server = Server::serve(&place.index_folder(), &[]);
    let status = |found: &Value, part: &str| -> Vec<String> {
        let hits = list(found, part).iter();
        hits.map(|hit| text(hit, "status").to_owned()).collect()
    };
    let all = server.json("/api/v1/search?q=容缺受理&limit=100");
    let proposed = list(&all, "hits").iter();
    let proposed: Vec<&str> = proposed
        .filter(|hit| hit["status"] == "proposed")
        .map(|hit| text(hit, "id"))
        .collect();
    assert!(!proposed.is_empty());
    let done = server.json("/api/v1/search?q=容缺受理&limit=100&status=done&related=1");
    assert!(!list(&done, "hits").is_empty());
    for part in ["hits", "related"] {
        assert!(
            status(&done, part).iter().all(|status| status == "done"),
            "{part}"
        );
    }
    let page = server.page("/search?q=容缺受理&limit=100").body;
    for id in proposed {
        assert!(
            words(&page, &format!("[id='hit-{id}'] .status")).contains("建议"),
            "{id}"
        );
    }
    let printed = place.run(&["search", "容缺受理", "--limit", "100"]);
    assert!(printed.stdout.contains(" · 建议"), "{}", printed.stdout);
}

#[test]
fn deadlines_have_dates_and_figures_may_have_gaps_in_them() {
    let place = Place::indexed(&[(
        "通报.txt",
        "中共甲市委关于整改情况的通报\n\n一、推进信息化建设。2017年底前建成网上办事大厅，2018年6月底前接入全部部门。\n\n二、攻坚执行。挂牌督办111起案件，已执结37件，执结率33. 3%。实际执结率另行统计。\n\n中共甲市委\n2017年3月21日\n",
    )]);
    let server = Server::serve(&place.index_folder(), &[]);
    let found = server.json("/api/v1/search?unit=document");
    let id = text(&list(&found, "hits")[0], "id");
    let document = server.json(&format!("/api/v1/documents/{id}"));
    let all = list(&document, "measures").iter();
    let due: Vec<String> = all
        .flat_map(|passage| list(passage, "deadlines"))
        .filter(|deadline| deadline["normalized"] == "2017-12-31")
        .map(|deadline| of_span(text(&document, "text"), deadline))
        .collect();
    assert_eq!(due, ["2017年底前"]);
    let found = server.json("/api/v1/search?q=执结率");
    let hit = &list(&found, "hits")[0];
    let passage = server.json(&format!("/api/v1/measures/{}", text(hit, "id")));
    let figure = list(&passage, "figures")
        .iter()
        .find(|figure| figure["unit"] == "%")
        .expect("a share");
    assert_eq!(
        (text(figure, "quote"), &figure["value"]),
        ("33. 3%", &33.3.into())
    );
    assert_eq!(text(figure, "what"), "执结率");
}

#[test]
fn a_citation_is_one_string_and_makes_nothing_up() {
    let place = samples();
    place.write(
        "无题.txt",
        "为改进作风，从4月起开展评议，评议结果每季度公布一次。\n",
    );
    place.write("见报.txt", "06\n\n中共甲市委关于巡视整改进展情况的通报 2023年05月18日\n\n(上接5版)\n\n(5)针对“审批超时”的问题。审批时限压缩至3个工作日。\n");
    assert_eq!(place.index(&[]).code, 0);
    let server = Server::serve(&place.index_folder(), &[]);
    for (query, says) in [
        ("评议结果每季度公布", "〔原文无题〕"),
        ("针对“审批超时”的问题 3个工作日", "〔报名：未载〕"),
        ("点对点查控平台", "〔日期不详〕"),
    ] {
        let found = server.json(&format!("/api/v1/search?q={query}"));
        let hit = &list(&found, "hits")[0];
        let (id, document, cited) = (
            text(hit, "id"),
            text(hit, "document_id"),
            text(hit, "citation"),
        );
        assert!(cited.contains(says), "{cited}");
        assert_eq!(place.json(&["search", query])["hits"][0]["citation"], cited);
        assert_eq!(place.json(&["show", id])["citation"], cited);
        assert_eq!(
            server.json(&format!("/api/v1/measures/{id}"))["citation"],
            cited
        );
        let printed = place.run(&["show", document]);
        assert!(
            printed.stdout.lines().any(|line| line == cited),
            "{}",
            printed.stdout
        );
        let page = server.page(&format!("/search?q={query}")).body;
        assert_eq!(words(&page, &format!("[id='hit-{id}'] .citation")), cited);
        let page = server.page(&format!("/documents/{document}")).body;
        assert_eq!(words(&page, "#citation"), cited);
    }
}
