//! Saved searches: what is told as new, changed and gone, what is kept, and that nothing is lost.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Place, command};

const SEARCHES: &str = "# 每周一看\n[[search]]\nname = \"容缺\"\nq = \"容缺受理\"\n";

/// An opinion of a city with these numbered measures.
fn opinion(city: &str, measures: &[&str]) -> String {
    let mut text = format!("{city}人民政府关于优化审批服务的意见\n\n");
    for (number, measure) in ["一", "二", "三", "四", "五"].iter().zip(measures) {
        text.push_str(&format!("{number}、{measure}\n\n"));
    }
    text + &format!("{city}人民政府\n2020年4月2日\n")
}

const SPEED: &str = "压缩审批时限。2021年底前，审批时限再压缩30%，并公布办理结果。";
const MISSING: &str = "推行容缺受理。对主要材料齐全的事项先行办理，次要材料限期补齐。";
const WINDOW: &str = "设立综合窗口。容缺受理的事项由综合窗口统一登记、统一催补。";

fn place() -> Place {
    let place = Place::indexed(&[
        ("大连.txt", &opinion("大连市", &[SPEED, MISSING])),
        ("沈阳.txt", &opinion("沈阳市", &[WINDOW, SPEED])),
    ]);
    fs::write(file(&place), SEARCHES).expect("a file");
    place
}

fn file(place: &Place) -> PathBuf {
    place.path("关注.toml")
}

fn state(place: &Place) -> PathBuf {
    place.path("关注.toml.state")
}

fn write(place: &Place, name: &str, text: &str) {
    place.write(name, text);
    assert_eq!(place.index(&["--prune"]).code, 0);
}

/// What a run tells of its first search.
fn told(place: &Place, args: &[&str]) -> Value {
    let file = file(place);
    let mut all = vec!["watch", file.to_str().expect("a UTF-8 path")];
    all.extend(args);
    place.json(&all)["searches"][0].take()
}

/// How many are new, changed, gone, and read anew.
fn counts(told: &Value) -> [u64; 4] {
    ["new_total", "changed_total", "gone_total", "reread_total"]
        .map(|name| told[name].as_u64().expect("a number"))
}

#[test]
fn what_comes_changes_and_goes_is_told_once() {
    let place = place();
    let first = told(&place, &[]);
    assert_eq!(first["name"], "容缺");
    assert_eq!(
        (first["first"].as_bool(), first["total"].as_u64()),
        (Some(true), Some(2))
    );
    assert_eq!(counts(&first), [0; 4]);
    let again = told(&place, &[]);
    assert_eq!(
        (again["first"].as_bool(), counts(&again)),
        (Some(false), [0; 4])
    );

    write(&place, "鞍山.txt", &opinion("鞍山市", &[MISSING, SPEED]));
    let new = told(&place, &[]);
    assert_eq!(counts(&new), [1, 0, 0, 0]);
    let path = new["new"][0]["path"].as_str().expect("a path");
    assert!(path.ends_with("鞍山.txt"), "{new:#}");
    assert_eq!(counts(&told(&place, &[])), [0; 4]);

    let was = place.json(&["search", "容缺受理", "--city", "大连"])["hits"][0]["id"].clone();
    let reworded = MISSING.replace("限期补齐", "10个工作日内补齐");
    write(&place, "大连.txt", &opinion("大连市", &[SPEED, &reworded]));
    let changed = told(&place, &[]);
    assert_eq!(counts(&changed), [0, 1, 0, 0]);
    assert_eq!(changed["changed"][0]["was"], was);
    let now = changed["changed"][0]["snippet"]["text"]
        .as_str()
        .expect("a text");
    assert!(now.contains("10个工作日内补齐"), "{now}");

    // One passage leaves its document, and one leaves with its document.
    write(&place, "大连.txt", &opinion("大连市", &[SPEED]));
    fs::remove_file(place.docs().join("鞍山.txt")).expect("a file");
    assert_eq!(place.index(&["--prune"]).code, 0);
    let gone = told(&place, &[]);
    assert_eq!(counts(&gone), [0, 0, 2, 0]);
    let mut titles: Vec<&str> = gone["gone"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|gone| gone["title"].as_str().unwrap_or(""))
        .collect();
    titles.sort_unstable();
    assert_eq!(titles, ["", "大连市人民政府关于优化审批服务的意见"]);
    assert_eq!(counts(&told(&place, &[])), [0; 4]);
}

#[test]
fn what_only_moved_or_is_judged_anew_is_no_news() {
    let place = place();
    fs::write(
        file(&place),
        format!("{SEARCHES}[[search]]\nname = \"丹东\"\nq = \"容缺受理\"\ncity = \"丹东\"\n"),
    )
    .expect("a file");
    told(&place, &[]);
    // A paragraph in front gives every passage behind it another number.
    write(
        &place,
        "大连.txt",
        &opinion("大连市", &["公开办事指南。逐项公布材料。", SPEED, MISSING]),
    );
    assert_eq!(counts(&told(&place, &[])), [0; 4]);
    // A label moves a document into a search, whose text is as it was.
    let labels = place.path("标注.csv");
    fs::write(&labels, "path,city\n沈阳.txt,丹东市\n").expect("a file");
    let ran = place.index(&["--labels", labels.to_str().expect("a UTF-8 path")]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let path = file(&place);
    let all = place.json(&["watch", path.to_str().expect("a UTF-8 path")]);
    let other = &all["searches"][1];
    assert_eq!(counts(other), [0, 0, 0, 1], "{other:#}");
    assert_eq!(other["reread"].as_array().map(Vec::len), Some(1));
    // An index built afresh has the same hits.
    fs::remove_dir_all(place.index_folder()).expect("a folder");
    let ran = place.index(&["--labels", labels.to_str().expect("a UTF-8 path")]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(counts(&told(&place, &[])), [0; 4]);
}

#[test]
fn documents_are_watched_as_well() {
    let place = place();
    fs::write(
        file(&place),
        "[[search]]\nname = '文件'\nurl = 'http://127.0.0.1:7700/search?q=容缺受理&unit=document&sort=newest'\n",
    )
    .expect("a file");
    assert_eq!(told(&place, &[])["total"], 2);
    write(&place, "鞍山.txt", &opinion("鞍山市", &[MISSING]));
    // Not a word of what is looked for, and yet another document.
    write(
        &place,
        "沈阳.txt",
        &opinion("沈阳市", &[WINDOW, "公开办事指南。逐项公布材料。"]),
    );
    let told = told(&place, &[]);
    assert_eq!(counts(&told), [1, 1, 0, 0], "{told:#}");
    assert_eq!(told["changed"][0]["was"], told["changed"][0]["id"]);
}

#[test]
fn what_the_limit_leaves_out_is_told_by_the_next_run() {
    let place = place();
    told(&place, &[]);
    for city in ["鞍山市", "抚顺市", "锦州市"] {
        place.write(
            &format!("{city}.txt"),
            opinion(city, &[MISSING, SPEED, WINDOW]),
        );
    }
    fs::remove_file(place.docs().join("大连.txt")).expect("a file");
    write(&place, "沈阳.txt", &opinion("沈阳市", &[SPEED]));
    let mut news: Vec<String> = Vec::new();
    let mut gone: Vec<String> = Vec::new();
    for left in [6, 4, 2, 0] {
        let told = told(&place, &["--limit", "2"]);
        assert_eq!(told["new_total"], left, "{told:#}");
        let ids = |name: &str| -> Vec<String> {
            let all = told[name].as_array().expect("a list").iter();
            all.map(|hit| hit["id"].as_str().expect("an id").to_owned())
                .collect()
        };
        news.extend(ids("new"));
        gone.extend(ids("gone"));
    }
    let told_of = news.len();
    news.sort();
    news.dedup();
    assert_eq!((told_of, news.len(), gone.len()), (6, 6, 2));
    let none = place.run(&[
        "watch",
        file(&place).to_str().expect("a path"),
        "--limit",
        "0",
    ]);
    assert_eq!(none.code, 2, "{}", none.stderr);
}

#[test]
fn a_run_that_cannot_tell_or_cannot_read_changes_nothing() {
    let place = place();
    told(&place, &[]);
    write(&place, "鞍山.txt", &opinion("鞍山市", &[MISSING]));
    let before = fs::read(state(&place)).expect("a state");
    let path = file(&place);
    let watch = |out: Stdio| {
        let mut command = command(&place.index_folder());
        let command = command
            .arg("watch")
            .arg(&path)
            .stdout(out)
            .stderr(Stdio::piped());
        let ran = command.output().expect("the binary runs");
        (
            ran.status.code(),
            String::from_utf8(ran.stderr).expect("UTF-8"),
        )
    };
    // Nobody can read what is told on a disk that is full.
    if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
        assert_eq!(watch(full.into()).0, Some(1));
        assert_eq!(fs::read(state(&place)).expect("a state"), before);
    }
    for (kept, says) in [
        (&before[..before.len() / 2], "is damaged"),
        (
            b"{\"format\":1,\"index\":\"/\",\"documents\":\"zz\",\"searches\":{}}",
            "is damaged",
        ),
        (b"", "is damaged"),
        (b"{\"format\":99}", "newer version"),
    ] {
        fs::write(state(&place), kept).expect("a file");
        let (code, stderr) = watch(Stdio::null());
        assert_eq!(code, Some(1), "{stderr}");
        assert!(stderr.contains(says), "{stderr}");
        assert_eq!(fs::read(state(&place)).expect("a state"), kept);
    }
    for (searches, says) in [
        ("[[search]]\nname='a'\ncitty='大连'\n", "did you mean city?"),
        ("[[search]]\nname='a'\nq='b'\ncity='大莲'\n", "search \"a\""),
        ("[[search]]\nname='a'\nq='\"没有闭合'\n", "search \"a\""),
    ] {
        fs::write(&path, searches).expect("a file");
        fs::write(state(&place), &before).expect("a file");
        let (code, stderr) = watch(Stdio::null());
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.contains(says), "{stderr}");
        assert_eq!(fs::read(state(&place)).expect("a state"), before);
    }
    fs::write(&path, SEARCHES).expect("a file");
    assert_eq!(counts(&told(&place, &[])), [1, 0, 0, 0]);
}

#[test]
fn runs_at_once_leave_a_whole_state() {
    let place = place();
    told(&place, &[]);
    write(&place, "鞍山.txt", &opinion("鞍山市", &[MISSING]));
    let path = file(&place);
    let runs: Vec<_> = (0..8)
        .map(|_| {
            let mut command = command(&place.index_folder());
            command.arg("watch").arg(&path).args(["--format", "json"]);
            command
                .stdout(Stdio::piped())
                .spawn()
                .expect("the binary runs")
        })
        .collect();
    let mut heard = 0;
    for run in runs {
        let ran = run.wait_with_output().expect("it ends");
        assert_eq!(ran.status.code(), Some(0));
        let told: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
        heard += counts(&told["searches"][0])[0];
    }
    assert!(heard >= 1, "somebody heard of it");
    assert_eq!(counts(&told(&place, &[])), [0; 4]);
    let left: Vec<_> = fs::read_dir(state(&place).parent().expect("a folder"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .filter(|name| name.to_string_lossy().contains(".part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn another_search_under_the_name_begins_anew_and_a_body_may_be_waited_for() {
    let place = place();
    told(&place, &[]);
    fs::write(file(&place), SEARCHES.replace("容缺受理", "审批时限")).expect("a file");
    assert_eq!(told(&place, &[])["first"], true);
    fs::write(
        file(&place),
        "[[search]]\nname = '等'\nissuer = '鞍山市人民政府'\n",
    )
    .expect("a file");
    let path = file(&place);
    let ran = place.run(&["watch", path.to_str().expect("a path")]);
    assert_eq!(ran.code, 0);
    assert!(ran.stderr.contains("鞍山市人民政府"), "{}", ran.stderr);
    write(&place, "鞍山.txt", &opinion("鞍山市", &[MISSING]));
    assert!(counts(&told(&place, &[]))[0] >= 1);
}

#[test]
fn every_format_has_the_news_and_the_state_has_no_text() {
    let place = place();
    let path = file(&place);
    let path = path.to_str().expect("a UTF-8 path");
    for (format, has) in [
        ("table", &["容缺: 1 new; 3 in all", "鞍山市"][..]),
        ("jsonl", &["\"search\":\"容缺\",\"news\":\"new\",\"id\":"]),
        ("csv", &["search,news,id,province", "容缺,new,"]),
        ("markdown", &["| search | news | id |", "| 容缺 | new |"]),
    ] {
        fs::remove_file(place.docs().join("鞍山.txt")).ok();
        assert_eq!(place.index(&["--prune"]).code, 0);
        fs::remove_file(state(&place)).ok();
        let ran = place.run(&["watch", path, "--format", format]);
        assert!(
            ran.code == 0 && ran.stderr.contains("first run"),
            "{}",
            ran.stderr
        );
        write(&place, "鞍山.txt", &opinion("鞍山市", &[MISSING]));
        let ran = place.run(&["watch", path, "--format", format]);
        for words in has {
            assert!(ran.stdout.contains(words), "{format}: {}", ran.stdout);
        }
    }
    let kept = fs::read_to_string(state(&place)).expect("a state");
    assert!(!kept.contains("次要材料"), "{kept}");
    // Three documents with a hit each: two keys and a line a document.
    assert!(kept.len() < 800, "{} bytes: {kept}", kept.len());
}
