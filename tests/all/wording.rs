//! Other words than those typed: added terms, what is akin, corrections, near-copies, and what a
//! score is made of; in the API, at the terminal and on the page. Which of them is right for a
//! query is claimed in `tests/stories`.

use scraper::Html;
use serde_json::Value;

use crate::pages::{all, attribute, is_well_made, page, text, texts};
use crate::support::{Place, Server};

const TYPED: &str = "衢州市政务服务工作总结\n一、主要做法\n一是推行容缺受理，主件齐全即可收件。二是公布告知承诺事项83项。\n";
const SYNONYM: &str = "温州市政务服务工作总结\n一、主要做法\n一是实行容缺后补，次要材料十日内补齐。二是对投资项目实行承诺制管理。\n";
const FIRST: &str = "温州市行政执法规定\n第一条 为了规范行政执法，制定本规定。\n第二条 对轻微违法行为，行政机关应当采取说服教育、劝导示范等方式，督促当事人自行改正。\n";
const SECOND: &str = "台州市行政执法规定\n第一条 为了规范执法行为，根据有关法律，制定本规定。\n第七条 对轻微违法行为，行政机关应当采取说服教育、劝导示范等方式，督促当事人自行改正。\n";

fn place() -> Place {
    Place::indexed(&[
        ("衢州.txt", TYPED),
        ("温州.txt", SYNONYM),
        ("温州规定.txt", FIRST),
        ("台州规定.txt", SECOND),
    ])
}

fn server(place: &Place) -> Server {
    Server::serve(&place.index_folder(), &[])
}

/// The terms of an answer that are of none of these kinds.
fn terms<'a>(answer: &'a Value, but: &[&str]) -> Vec<&'a str> {
    let added = answer["query"]["expansions"].as_array().expect("a list");
    added
        .iter()
        .filter(|e| !but.contains(&e["kind"].as_str().expect("a kind")))
        .map(|e| e["term"].as_str().expect("a term"))
        .collect()
}

fn snippets(answer: &Value, list: &str) -> Vec<String> {
    let hits = answer[list].as_array().expect("a list").iter();
    let texts = hits.map(|hit| hit["snippet"]["text"].as_str().expect("a text"));
    texts.map(str::to_owned).collect()
}

/// The page that a link of a page leads to.
fn followed(server: &Server, found: &Html, selector: &str) -> Html {
    let links = all(found, selector);
    let link = links.first().unwrap_or_else(|| panic!("no {selector}"));
    page(server, &attribute(link, "href"))
}

#[test]
fn each_added_term_can_be_taken_off_and_put_back() {
    let place = place();
    let server = server(&place);
    let answer = server.json("/api/v1/search?q=容缺受理");
    let found = page(&server, "/search?q=容缺受理");
    let added = texts(&found, ".added .word");
    assert_eq!(added, terms(&answer, &["related", "theme"]));
    assert!(added.len() > 1 && added.contains(&"容缺后补".to_owned()));
    assert_eq!(
        (&answer["total"], &answer["exact_total"]),
        (&2.into(), &1.into())
    );
    assert!(texts(&found, ".added")[0].contains("含所输入原词的 1 条"));
    for term in &added {
        let less = followed(
            &server,
            &found,
            &format!(".added a[title='不检索“{term}”']"),
        );
        let left: Vec<&String> = added.iter().filter(|other| *other != term).collect();
        assert_eq!(
            texts(&less, ".added .word").iter().collect::<Vec<_>>(),
            left
        );
        assert!(
            texts(&less, "ol.hits mark").iter().all(|mark| mark != term),
            "{term} is still marked"
        );
        let again = followed(&server, &less, &format!(".added a[title='恢复“{term}”']"));
        assert_eq!(texts(&again, ".added .word"), added, "{term} is back");
    }
    let less = server.json("/api/v1/search?q=容缺受理&drop=容缺后补");
    assert_eq!(
        (&less["total"], &less["exact_total"]),
        (&1.into(), &1.into())
    );
}

#[test]
fn nothing_is_added_where_that_is_asked_for() {
    let place = place();
    let server = server(&place);
    let found = page(&server, "/search?q=容缺受理");
    let off = all(&found, ".added > a")
        .into_iter()
        .find(|link| text(link) == "只检索原词")
        .map(|link| attribute(&link, "href"))
        .expect("a way to switch it off");
    let bare = page(&server, &off);
    assert!(texts(&bare, ".added")[0].starts_with("只检索所输入的词"));
    assert!(all(&bare, ".added .word").is_empty() && all(&bare, "mark.variant").is_empty());
    assert!(texts(&bare, "#summary")[0].starts_with("找到 1 条措施"));
    let again = followed(&server, &bare, ".added a");
    assert_eq!(texts(&again, ".added .word"), texts(&found, ".added .word"));
    let answer = server.json("/api/v1/search?q=容缺受理&variants=0");
    assert!(terms(&answer, &[]).iter().all(|term| *term != "容缺后补"));
    assert_eq!(answer["total"], 1);
    // It is a matter of the query: the words of the document's page follow it.
    let quoted = server.json("/api/v1/search?q=\"容缺受理\"&related=0");
    assert_eq!(terms(&quoted, &[]), [""; 0]);
}

#[test]
fn what_was_added_is_marked_otherwise_than_what_was_typed() {
    let place = place();
    let server = server(&place);
    let found = page(&server, "/search?q=容缺受理&related=0");
    assert_eq!(texts(&found, ".hit mark:not(.variant)"), ["容缺受理"]);
    assert_eq!(texts(&found, ".hit mark.variant"), ["容缺后补"]);
    let answer = server.json("/api/v1/search?q=容缺受理");
    let range = &answer["hits"][1]["snippet"]["ranges"][0];
    assert_eq!(range["kind"], "variant");
    // The document's page marks the same.
    let link = attribute(&all(&found, ".hit a.open")[1], "href");
    let document = page(&server, &link);
    // Evidence of the document's values may lie in it, so it can come in pieces.
    assert_eq!(texts(&document, ".body mark.variant").concat(), "容缺后补");
}

#[test]
fn what_is_akin_comes_apart_under_its_own_heading() {
    let place = place();
    let server = server(&place);
    let answer = server.json("/api/v1/search?q=告知承诺");
    assert_eq!(answer["total"], 1);
    let related = snippets(&answer, "related").concat();
    assert!(related.contains("承诺制管理"), "{related}");
    let count = answer["related"].as_array().expect("a list").len() as u64;
    assert!(answer["related_total"].as_u64() >= Some(count));
    let found = page(&server, "/search?q=告知承诺");
    let heading = format!("另列相关 {} 条", answer["related_total"]);
    assert_eq!(texts(&found, ".related h2#related"), [heading]);
    let said = &texts(&found, ".related > p")[0];
    assert!(
        said.contains("含相关词“承诺制管理”") && said.contains("不计入上面的条数"),
        "{said}"
    );
    assert!(texts(&found, ".related mark.variant").contains(&"承诺制管理".to_owned()));
    assert!(texts(&found, "#summary")[0].starts_with("找到 1 条措施"));
    // It can be refused, and had however much else there is.
    let none = server.json("/api/v1/search?q=告知承诺&related=0");
    assert_eq!(
        (&none["related_total"], snippets(&none, "related").len()),
        (&0.into(), 0)
    );
    assert_eq!(terms(&none, &["exact", "abbr", "place", "oneway"]), [""; 0]);
    let strict = server.json("/api/v1/search?q=告知承诺&match=all");
    assert_eq!(strict["related_total"], 0);
    let asked = server.json("/api/v1/search?q=告知承诺&match=all&related=1");
    assert_eq!(asked["related_total"], answer["related_total"]);
}

#[test]
fn a_correction_is_told_and_counts_nothing_as_typed() {
    let place = place();
    let server = server(&place);
    for (typed, meant, kind, said) in [
        ("容缺受里", "容缺受理", "homophone", "按同音字"),
        ("rongqueshouli", "容缺受理", "pinyin", "按拼音"),
        ("说服教", "", "", ""),
    ] {
        let answer = server.json(&format!("/api/v1/search?q={typed}"));
        let found = page(&server, &format!("/search?q={typed}"));
        let corrected = &answer["corrected"];
        assert_eq!(
            corrected["to"].as_str().unwrap_or_default(),
            meant,
            "{typed}"
        );
        if meant.is_empty() {
            assert!(all(&found, "p.notice").is_empty(), "{typed}");
            continue;
        }
        assert_eq!(
            (&corrected["from"], &corrected["kind"]),
            (&typed.into(), &kind.into())
        );
        assert_eq!(answer["exact_total"], 0);
        assert_eq!(answer["query"]["text"], typed);
        let notice = &texts(&found, "p.notice")[0];
        assert!(
            notice.contains(&format!("没有检到“{typed}”"))
                && notice.contains(&format!("{said}改为“{meant}”")),
            "{notice}"
        );
        assert_eq!(attribute(&all(&found, "#q")[0], "value"), typed);
    }
    // What is quoted is meant.
    assert!(server.json("/api/v1/search?q=\"容缺受里\"")["corrected"].is_null());
}

#[test]
fn near_copies_stand_behind_one_hit_and_open() {
    let place = place();
    let server = server(&place);
    let apart = server.json("/api/v1/search?q=轻微违法 说服教育");
    assert_eq!(
        (apart["hits"].as_array().map(Vec::len), &apart["collapsed"]),
        (Some(2), &0.into())
    );
    assert!(apart["hits"][0].get("copies").is_none());
    let folded = server.json("/api/v1/search?q=轻微违法 说服教育&collapse=1");
    assert_eq!(folded["hits"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&folded["total"], &folded["collapsed"]),
        (&apart["total"], &1.into())
    );
    let copy = &folded["hits"][0]["copies"][0];
    assert_eq!(copy["id"], apart["hits"][1]["id"]);
    // On the page that is how it is, unless refused.
    let found = page(&server, "/search?q=轻微违法 说服教育");
    assert_eq!(all(&found, ".hit").len(), 1);
    assert_eq!(texts(&found, ".copies summary"), ["另有 1 条文字几乎相同"]);
    let shown = &texts(&found, ".copies li")[0];
    for member in [&copy["title"], &copy["place"]["name"]] {
        assert!(shown.contains(member.as_str().expect("a text")), "{shown}");
    }
    let link = attribute(&all(&found, ".copies li a")[0], "href");
    let (address, passage) = link.split_once('#').expect("a passage");
    let opened = page(&server, address);
    let passage = all(&opened, &format!("[id='{passage}']"));
    assert!(text(&passage[0]).contains("说服教育"), "{link}");
    let apart = page(&server, "/search?q=轻微违法 说服教育&collapse=0");
    assert_eq!(
        (all(&apart, ".hit").len(), all(&apart, ".copies").len()),
        (2, 0)
    );
}

#[test]
fn a_score_is_the_sum_of_signals_that_have_names() {
    let place = place();
    let server = server(&place);
    for query in [
        "容缺受理",
        "轻微违法 说服教育",
        "对轻微违法行为采取什么方式",
        "政务服务 收件",
    ] {
        for unit in ["measure", "document"] {
            let asked = format!("q={query}&unit={unit}&explain=1");
            let answer = server.json(&format!("/api/v1/search?{asked}"));
            let hits = answer["hits"].as_array().expect("a list");
            assert!(!hits.is_empty(), "{query}");
            for hit in hits {
                let parts = hit["explanation"].as_array().expect("signals").iter();
                let sum: f64 = parts
                    .map(|part| part["value"].as_f64().expect("a number"))
                    .sum();
                let score = hit["score"].as_f64().expect("a number");
                assert!((sum - score).abs() < 0.01, "{query}: {sum} is not {score}");
            }
            let found = page(&server, &format!("/search?{asked}"));
            let named = texts(&found, ".signals tbody td:first-child");
            assert!(named.len() >= hits.len(), "{query}: {named:?}");
            for name in named {
                assert!(
                    !name.contains(|c: char| c.is_ascii_alphabetic() || c == '_'),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn a_switch_takes_0_and_1_and_nothing_else() {
    let place = place();
    let server = server(&place);
    for name in ["variants", "related", "collapse", "explain"] {
        for value in ["0", "1"] {
            let path = format!("q=容缺受理&{name}={value}");
            server.json(&format!("/api/v1/search?{path}"));
            is_well_made(&page(&server, &format!("/search?{path}")), &path);
        }
        for value in ["2", "yes", "true", "-1", "1&{name}=0"] {
            let value = value.replace("{name}", name);
            let path = format!("/api/v1/search?q=容缺受理&{name}={value}");
            let answer = server.get(&path);
            assert_eq!(answer.status, 400, "{path}");
            let problem = answer.json();
            assert_eq!(
                problem["type"], "urn:duibiao:problem:bad-parameter",
                "{path}"
            );
            assert!(
                problem["detail"].as_str().is_some_and(|d| d.contains(name)),
                "{problem}"
            );
            assert_eq!(
                server.page(&path.replace("/api/v1", "")).status,
                400,
                "{path}"
            );
        }
    }
}

#[test]
fn the_terminal_has_the_same_switches() {
    let place = place();
    let server = server(&place);
    for (flags, parameters) in [
        (vec!["容缺受理"], "q=容缺受理"),
        (vec!["容缺受理", "--as-typed"], "q=容缺受理&variants=0"),
        (
            vec!["容缺受理", "--drop", "容缺后补"],
            "q=容缺受理&drop=容缺后补",
        ),
        (
            vec!["告知承诺", "--match", "all", "--related"],
            "q=告知承诺&match=all&related=1",
        ),
        (vec!["轻微违法", "--collapse"], "q=轻微违法&collapse=1"),
    ] {
        let mut at_terminal = place.json(&[vec!["search"], flags].concat());
        let mut served = server.json(&format!("/api/v1/search?{parameters}"));
        at_terminal["took_ms"].take();
        served["took_ms"].take();
        assert_eq!(at_terminal, served, "{parameters}");
    }
    let ran = place.run(&["search", "容缺受理"]);
    assert!(
        ran.stderr.contains("also searched: 容缺办理")
            || ran.stderr.contains("also searched: 容缺后补"),
        "{}",
        ran.stderr
    );
    let ran = place.run(&["search", "容缺受里"]);
    assert!(
        ran.stderr
            .contains("nothing has 容缺受里; searched for 容缺受理"),
        "{}",
        ran.stderr
    );
    let ran = place.run(&["search", "告知承诺"]);
    assert!(
        ran.stderr.contains("承诺制管理") && ran.stdout.contains("对投资项目实行"),
        "{}",
        ran.stderr
    );
}
