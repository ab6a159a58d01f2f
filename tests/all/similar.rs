//! The same thing elsewhere: at the terminal, through the API and as a page.

use serde_json::Value;

use crate::pages::{all, attribute, is_well_made, page, text, texts};
use crate::support::{Place, Server};

/// Four cities and a province on one matter: two say the same in other words, two copied each
/// other with one word changed, and one speaks of something else.
fn place() -> Place {
    Place::indexed(&[
        (
            "哈尔滨.txt",
            "哈尔滨市关于规范中介服务的通知\n\n各区县人民政府：\n一、建设中介超市\n建立中介服务网上超市，审批部门应当在超市中随机选取中介机构，不得指定，选取结果当日在超市公开。中介机构收费明码标价，服务时限压缩一半，服务完成后由项目单位评价，评价不佳的暂停入驻并向社会通报。\n二、延时服务\n窗口推行午间延时服务，群众办事不用再等。\n\n哈尔滨市人民政府\n2019年3月5日\n",
        ),
        (
            "哈尔滨续.txt",
            "哈尔滨市关于中介超市的补充通知\n\n各区县人民政府：\n一、中介超市\n审批部门在中介服务网上超市随机选取中介机构，不得指定。\n\n哈尔滨市人民政府\n2020年3月5日\n",
        ),
        (
            "黑龙江.txt",
            "黑龙江省关于中介超市的通知\n\n各市人民政府：\n一、中介超市\n全省建设统一的中介服务网上超市，审批部门随机选取中介机构。\n\n黑龙江省人民政府\n2018年5月5日\n",
        ),
        (
            "大连.txt",
            "大连市关于中介超市的通知\n\n各区县人民政府：\n一、选取办法\n建立中介服务网上超市，审批部门可以在超市中随机选取中介机构，不得指定，选取结果当日在超市公开。中介机构收费明码标价，服务时限压缩一半，服务完成后由项目单位评价，评价不佳的暂停入驻并向社会通报。\n\n大连市人民政府\n2021年6月7日\n",
        ),
        (
            "长春.txt",
            "长春市关于中介市场的通知\n\n各区县人民政府：\n一、中介机构\n对涉审中介机构实行名录管理，项目单位自主挑选，任何部门不得指定或者变相指定中介机构。\n\n长春市人民政府\n2017年6月7日\n",
        ),
        (
            "沈阳.txt",
            "沈阳市关于供暖的通知\n\n各区县人民政府：\n一、供暖期\n供暖期自每年十一月一日起至次年三月三十一日止，供热企业不得推迟。\n\n沈阳市人民政府\n2016年9月1日\n",
        ),
    ])
}

/// The id of the passage with these words.
fn id(place: &Place, words: &str) -> String {
    let found = place.json(&["search", &format!("\"{words}\"")]);
    found["hits"][0]["id"].as_str().expect("a hit").to_owned()
}

fn cities(similar: &Value) -> Vec<&str> {
    let hits = similar["hits"].as_array().expect("hits").iter();
    hits.map(|hit| hit["city"]["name"].as_str().unwrap_or("-"))
        .collect()
}

fn similar(place: &Place, id: &str, args: &[&str]) -> Value {
    let mut all = vec!["similar", id];
    all.extend(args);
    place.json(&all)
}

#[test]
fn other_cities_are_found_by_what_they_do() {
    let place = place();
    let asked = id(&place, "应当在超市中随机选取");
    let elsewhere = similar(&place, &asked, &["--elsewhere"]);
    // The city itself, its province and what is about heating are not among them.
    assert_eq!(cities(&elsewhere), ["大连市", "长春市"]);
    let first = &elsewhere["hits"][0];
    assert!(first["likeness"].as_f64() > elsewhere["hits"][1]["likeness"].as_f64());
    let shared = elsewhere["hits"][1]["shared"].as_array().expect("words");
    assert!(shared.iter().any(|word| word == "中介机构"), "{shared:?}");
    assert_eq!(elsewhere["of"]["id"], asked.as_str());
    assert!(elsewhere["caveats"].as_array().expect("a list").is_empty());

    let everywhere = similar(&place, &asked, &[]);
    let found = cities(&everywhere);
    assert!(
        found.contains(&"哈尔滨市") && found.contains(&"-"),
        "{found:?}"
    );
    let own: Vec<&Value> = everywhere["hits"]
        .as_array()
        .expect("hits")
        .iter()
        .collect();
    let document = &asked[..16];
    assert!(own.iter().all(|hit| hit["document_id"] != document));

    let dalian = similar(&place, &asked, &["--elsewhere", "--city", "长春"]);
    assert_eq!(cities(&dalian), ["长春市"]);
    assert_eq!(
        similar(&place, &asked, &["--limit", "1"])["hits"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[test]
fn what_a_near_copy_changed_is_told_word_by_word() {
    let place = place();
    let asked = id(&place, "应当在超市中随机选取");
    let elsewhere = similar(&place, &asked, &["--elsewhere"]);
    let copy = &elsewhere["hits"][0];
    let changes = copy["changes"].as_array().expect("changes");
    let of_kind = |kind: &str| -> String {
        let of = changes.iter().filter(|change| change["kind"] == kind);
        of.map(|change| change["text"].as_str().expect("text"))
            .collect()
    };
    assert_eq!(
        (of_kind("removed").as_str(), of_kind("added").as_str()),
        ("应当", "可以")
    );
    assert!(elsewhere["hits"][1].get("changes").is_none());
    // Of the two the one of 2019 comes first.
    let groups = elsewhere["groups"].as_array().expect("groups");
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0]["first"], asked.as_str());
    assert_eq!(groups[0]["members"].as_array().map(Vec::len), Some(2));

    let shown = place.run(&["similar", &asked, "--elsewhere"]);
    assert!(
        shown.stdout.contains("[-应当-]{+可以+}"),
        "{}",
        shown.stdout
    );
    assert!(shown.stdout.contains("大连市 · 2021"), "{}", shown.stdout);
}

#[test]
fn the_route_says_the_same_as_the_command() {
    let place = place();
    let asked = id(&place, "应当在超市中随机选取");
    let server = Server::serve(&place.index_folder(), &[]);
    let mut by_route = server.json(&format!("/api/v1/measures/{asked}/similar?elsewhere=true"));
    let mut by_command = similar(&place, &asked, &["--elsewhere"]);
    by_route["took_ms"] = Value::Null;
    by_command["took_ms"] = Value::Null;
    assert_eq!(by_route, by_command);

    for (path, status) in [
        ("/api/v1/measures/0123456789abcdef-m1/similar", 404),
        ("/api/v1/measures/nonsense/similar", 400),
        (
            "/api/v1/measures/0123456789abcdef-m1/similar?elsewhere=maybe",
            400,
        ),
        ("/api/v1/measures/0123456789abcdef-m1/similar?q=a", 400),
        ("/api/v1/measures/0123456789abcdef-m1/similar?limit=0", 400),
        ("/api/v1/measures/0123456789abcdef-m1/similar?limit=51", 400),
    ] {
        assert_eq!(server.get(path).status, status, "{path}");
    }
}

#[test]
fn a_matter_nobody_else_has_finds_nothing() {
    let place = place();
    let asked = id(&place, "供热企业不得推迟");
    let elsewhere = similar(&place, &asked, &["--elsewhere"]);
    assert_eq!(
        elsewhere["hits"].as_array().map(Vec::len),
        Some(0),
        "{elsewhere}"
    );
    let shown = place.run(&["similar", &asked, "--elsewhere"]);
    assert_eq!(shown.code, 0);
    assert!(shown.stderr.contains("does not mean"), "{}", shown.stderr);
    let too_many = place.run(&["similar", &asked, "--limit", "51"]);
    assert_eq!(too_many.code, 2, "{}", too_many.stderr);
}

#[test]
fn the_page_shows_what_the_api_gives() {
    let place = place();
    let asked = id(&place, "应当在超市中随机选取");
    let server = Server::serve(&place.index_folder(), &[]);
    let path = format!("/measures/{asked}/similar");
    let shown = page(&server, &path);
    is_well_made(&shown, &path);
    let answer = similar(&place, &asked, &["--elsewhere"]);
    let expected = answer["hits"].as_array().expect("hits");
    let hits = all(&shown, ".hits > .hit");
    assert_eq!(hits.len(), expected.len());
    for (hit, expected) in hits.iter().zip(expected) {
        assert_eq!(attribute(hit, "data-passage"), expected["id"]);
        let shown = text(hit);
        for word in expected["shared"].as_array().expect("words") {
            assert!(shown.contains(word.as_str().expect("a word")), "{shown}");
        }
        let likeness = expected["likeness"].as_f64().expect("a number");
        assert!(shown.contains(&format!("相近 {likeness:.2}")), "{shown}");
    }
    // What differs is told to the eye and to the ear, and nothing but that.
    assert_eq!(
        texts(&shown, ".hit .changes del"),
        ["〔所问的一段有：应当〕"]
    );
    assert_eq!(texts(&shown, ".hit .changes ins"), ["〔这里有：可以〕"]);
    assert!(texts(&shown, ".hit .copies")[0].contains("首见 哈尔滨市 · 2019"));
    // Each can be picked, and the passage asked about too.
    assert_eq!(all(&shown, "[data-pin]").len(), hits.len() + 1);
    // The switch shows the city's own and its province's, and goes back.
    let switch =
        |shown: &scraper::Html| attribute(&all(shown, ".units a:not([aria-current])")[0], "href");
    let everywhere = page(&server, &switch(&shown));
    assert!(all(&everywhere, ".hits > .hit").len() > hits.len());
    assert_eq!(texts(&everywhere, ".units [aria-current]"), ["不限地区"]);
    let back = page(&server, &switch(&everywhere));
    assert_eq!(all(&back, ".hits > .hit").len(), hits.len());
    // A filter is a link, then a chip, and its count is what it finds.
    let narrow = all(&everywhere, ".narrow a");
    assert!(!narrow.is_empty());
    for link in &narrow {
        let narrowed = page(&server, &attribute(link, "href"));
        assert_eq!(all(&narrowed, ".chip").len(), 1, "{}", text(link));
        let count: String = text(link)
            .split_whitespace()
            .rev()
            .nth(1)
            .unwrap_or("")
            .to_owned();
        assert_eq!(
            all(&narrowed, ".hits > .hit").len().to_string(),
            count,
            "{}",
            text(link)
        );
        let without = page(&server, &attribute(&all(&narrowed, ".chip a")[0], "href"));
        assert!(all(&without, ".chip").is_empty());
    }
    // The very parameters of the API, and its errors as pages.
    let nothing = page(&server, &format!("{path}?city=沈阳"));
    assert!(texts(&nothing, "main")[0].contains("这不表示别处没有"));
    for (path, status) in [
        (format!("{path}?q=a"), 400),
        (format!("{path}?elsewhere=maybe"), 400),
        (format!("{path}?city=没有这个市"), 400),
        ("/measures/nonsense/similar".to_owned(), 400),
        ("/measures/0123456789abcdef-m1/similar".to_owned(), 404),
    ] {
        assert_eq!(server.page(&path).status, status, "{path}");
    }
    // Hits and passages lead there.
    let search = page(&server, "/search?q=随机选取");
    let first = attribute(&all(&search, ".hit")[0], "data-passage");
    assert!(
        !all(
            &search,
            &format!(".hit a[href='/measures/{first}/similar']")
        )
        .is_empty()
    );
    let document = page(&server, &format!("/documents/{}", &asked[..16]));
    assert!(!all(&document, &format!("a[href='{path}']")).is_empty());
}
