//! Places of documents and passages: those that have ended, and those a passage names.

use crate::support::{Place, Server, encoded};

/// A notice of a government, signed in a year.
fn notice(place: &str, year: u16, words: &str) -> String {
    format!(
        "{place}人民政府办公室关于推行容缺受理的通知\n各有关单位：\n为方便群众办事，现就推行容缺受理有关事项通知如下，请认真贯彻执行。\n一、推行容缺受理。{words}\n{place}人民政府办公室\n{year}年6月3日\n"
    )
}

fn documents() -> Place {
    Place::indexed(&[
        ("莱芜2012.txt", &notice("莱芜市", 2012, "各大厅设立专窗。")),
        (
            "济南2020.txt",
            &notice(
                "济南市",
                2020,
                "与河南省郑州市签订通办协议，章丘区先行试点。",
            ),
        ),
        ("襄樊2005.txt", &notice("襄樊市", 2005, "各大厅设立专窗。")),
        ("襄阳2015.txt", &notice("襄阳市", 2015, "各大厅设立专窗。")),
        (
            "崇文2008.txt",
            &notice("北京市崇文区", 2008, "各大厅设立专窗。"),
        ),
        (
            "东城2015.txt",
            &notice("北京市东城区", 2015, "各大厅设立专窗。"),
        ),
        ("萧山1998.txt", &notice("萧山市", 1998, "各大厅设立专窗。")),
        (
            "萧山2010.txt",
            &notice("杭州市萧山区", 2010, "各大厅设立专窗。"),
        ),
    ])
}

#[test]
fn places_that_have_ended_are_found_by_their_names() {
    let place = documents();
    let total = |filter: &str, value: &str| place.total(&["--unit", "document", filter, value]);
    for (filter, value, expected) in [
        ("--city", "莱芜市", 1),
        ("--city", "371200", 1),
        ("--city", "济南市", 1),
        // One code, whatever it was called.
        ("--city", "襄樊市", 2),
        ("--city", "襄阳", 2),
        ("--county", "崇文区", 1),
        ("--county", "110103", 1),
        ("--county", "东城区", 1),
        // The city became the district.
        ("--county", "萧山市", 2),
        ("--county", "萧山区", 1),
        ("--city", "杭州市", 2),
        ("--city", "北京市", 2),
    ] {
        assert_eq!(total(filter, value), expected, "{filter} {value}");
    }
    let found = place.json(&[
        "search",
        "--city",
        "襄樊市",
        "--unit",
        "document",
        "--sort",
        "oldest",
    ]);
    assert_eq!(found["hits"][0]["city"]["name"], "襄樊市");
    assert_eq!(found["hits"][1]["city"]["name"], "襄阳市");
}

#[test]
fn a_filter_says_which_former_places_it_leaves_out() {
    let place = documents();
    let found = place.json(&["search", "--city", "济南市", "--unit", "document"]);
    let left_out = &found["not_covered"];
    assert_eq!(left_out[0]["former"]["name"], "莱芜市", "{found}");
    assert_eq!(left_out[0]["until"], 2018);
    assert_eq!(left_out[0]["documents"], 1);
    // Added, nothing is left out any more; nor where nothing is.
    let both = [
        "search",
        "--city",
        "济南市",
        "--city",
        "371200",
        "--unit",
        "document",
    ];
    let both = place.json(&both);
    assert_eq!(both["total"], 2);
    assert!(both["not_covered"].is_null());
    let found = place.json(&["search", "--city", "襄阳市"]);
    assert!(found["not_covered"].is_null());
    let county = place.json(&["search", "--county", "萧山区"]);
    assert_eq!(county["not_covered"][0]["former"]["code"], "330181");
    let told = place.run(&["search", "--county", "东城区"]);
    let note = "note: 东城区 does not cover 1 document of 崇文区 (until 2010), now part of it; add --county 110103";
    assert!(told.stderr.contains(note), "{}", told.stderr);
}

#[test]
fn pages_tell_of_former_places_and_of_those_a_passage_names() {
    let place = documents();
    let server = Server::serve(&place.index_folder(), &[]);
    let page = server.page(&format!("/search?city=370100&q={}", encoded("容缺受理")));
    assert!(
        page.body
            .contains("“济南市”不含后来并入的莱芜市（至 2018 年）的 1 份文件。"),
        "{}",
        page.body
    );
    let found = server.json("/api/v1/search?city=370100&unit=document");
    let id = found["hits"][0]["id"].as_str().expect("an id");
    let document = server.json(&format!("/api/v1/documents/{id}"));
    let passages = document["measures"].as_array().expect("passages");
    let named = passages
        .iter()
        .flat_map(|p| p["places"].as_array().into_iter().flatten());
    let named: Vec<_> = named
        .filter(|p| p["code"] != "370100")
        .map(|p| {
            (
                p["name"].as_str().unwrap_or_default(),
                p["role"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(named, [("郑州市", "partner"), ("章丘区", "own")]);
    let page = server.page(&format!("/documents/{id}")).body;
    assert!(page.contains(">郑州市</a>（协作方）"), "{page}");
    // The filter by it finds nothing: it is named, and not what the document is about.
    assert_eq!(place.total(&["--city", "郑州市"]), 0);
}
