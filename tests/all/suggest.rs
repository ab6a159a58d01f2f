//! Suggestions while a query is typed, and what is offered where little or nothing is found.

use serde_json::Value;

use crate::support::{Place, Server};

/// Notices of two cities: one of agents (中介), one of windows (窗口).
fn place() -> Place {
    Place::indexed(&[
        (
            "a.txt",
            "哈尔滨市关于规范中介服务的通知\n\n哈尔滨市各区县：\n一、建设中介超市\n中介服务事项进驻中介超市。中介服务事项压缩时限。中介服务事项公开收费。\n二、绿色通道\n重庆来哈企业由银行开设绿色通道。\n\n哈尔滨市人民政府\n2019年3月5日\n",
        ),
        (
            "b.txt",
            "大连市关于窗口服务的通知\n\n大连市各区县：\n一、窗口服务\n窗口工作人员推行延时服务。终结久拖不办的事项。\n\n大连市人民政府\n2021年6月7日\n",
        ),
    ])
}

fn suggested(server: &Server, asked: &str) -> Vec<Value> {
    let answer = server.json(&format!("/api/v1/suggest?q={asked}"));
    answer["suggestions"].as_array().expect("a list").clone()
}

fn terms(server: &Server, asked: &str) -> Vec<String> {
    let suggestions = suggested(server, asked).into_iter();
    suggestions
        .map(|s| s["term"].as_str().expect("a term").to_owned())
        .collect()
}

#[test]
fn characters_pinyin_initials_and_mixtures_lead_to_a_term() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    for (typed, meant) in [
        ("中介", "中介服务"),
        ("zhongjiefuwu", "中介服务"),
        ("zhong jie fu wu", "中介服务"),
        ("ZJFW", "中介服务"),
        ("zhjfw", "中介服务"),
        ("中jie", "中介服务"),
        ("zhongjiechaosh", "中介超市"),
        ("lvsetongdao", "绿色通道"),
        ("lusetongdao", "绿色通道"),
        ("chongqing", "重庆"),
        ("yinhang", "银行"),
        ("haerbin", "哈尔滨市"),
        ("中界服务", "中介服务"),
        ("中介服悟", "中介服务"),
        ("規範中介", "规范中介服务"),
    ] {
        let found = terms(&server, typed);
        let place = found.iter().position(|term| term.contains(meant));
        assert!(place.is_some_and(|place| place < 3), "{typed}: {found:?}");
    }
    assert_eq!(terms(&server, "中介服务")[0], "中介服务");
}

#[test]
fn a_count_is_what_the_search_finds_and_nothing_is_suggested_that_finds_nothing() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    for filters in [
        "",
        "&city=大连",
        "&city=哈尔滨&year=2019",
        "&unit=document",
        "&variants=0",
    ] {
        for typed in [
            "z",
            "zh",
            "中",
            "窗",
            "tong",
            "dalian",
            "fuwu",
            "审批 zhong",
            "服务 ch",
        ] {
            for suggestion in suggested(&server, &format!("{typed}{filters}")) {
                let query = suggestion["query"].as_str().expect("a query");
                let found = server.json(&format!("/api/v1/search?q={query}{filters}"));
                assert_eq!(found["total"], suggestion["count"], "{query} {filters}");
                assert_ne!(suggestion["count"], 0);
            }
        }
    }
    assert!(!terms(&server, "chuangkou&city=大连").is_empty());
    assert!(terms(&server, "chuangkou&city=哈尔滨").is_empty());
}

#[test]
fn only_the_last_piece_is_completed_and_what_is_said_exactly_is_left_alone() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let first = &suggested(&server, "窗口 yanshi")[0];
    assert_eq!(
        (first["query"].as_str(), first["term"].as_str()),
        (Some("窗口 延时服务"), Some("延时服务"))
    );
    for typed in [
        "",
        "\"中介",
        "\"中介服务\"",
        "-中介",
        "市:哈尔滨",
        "中介 ",
        "中介 OR",
        "(中介 窗",
        "xyzxyz",
    ] {
        let found = terms(&server, typed);
        assert!(found.is_empty(), "{typed}: {found:?}");
    }
    assert_eq!(suggested(&server, "zhong&limit=2").len(), 2);
}

#[test]
fn titles_institutions_and_places_are_named_as_such() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    for (typed, term, kind) in [
        ("dalianshiguanyu", "大连市关于窗口服务的通知", "title"),
        ("dalianshirenmin", "大连市人民政府", "institution"),
        ("dalians", "大连市", "place"),
        ("jianshezhongjiechaoshi", "建设中介超市", "heading"),
    ] {
        let found = suggested(&server, typed);
        let named = found.iter().find(|s| s["term"] == term);
        assert_eq!(
            named.map(|s| &s["kind"]),
            Some(&Value::from(kind)),
            "{typed}: {found:?}"
        );
    }
}

#[test]
fn a_new_commit_brings_its_terms() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    assert!(terms(&server, "feiqiuwulian").is_empty());
    place.write("c.txt", "沈阳市关于飞秋物链的通知\n\n飞秋物链平台上线。飞秋物链平台试运行。飞秋物链平台验收。\n\n2022年1月1日\n");
    assert_eq!(place.index(&[]).code, 0);
    let begun = std::time::Instant::now();
    while terms(&server, "feiqiu").is_empty() {
        assert!(begun.elapsed().as_secs() < 15, "the new terms never came");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

#[test]
fn pinyin_typed_as_a_query_is_understood_wherever_it_is_asked() {
    let place = place();
    for query in ["zhongjiechaoshi", "zhong jie chao shi", "中界超市"] {
        let found = place.json(&["search", query]);
        assert_eq!(found["corrected"]["to"], "中介超市", "{query}");
        assert!(found["total"].as_u64() > Some(0) && found["exact_total"] == 0);
    }
}
