//! What `duibiao index` reports and does over several runs.

use std::fs;

use crate::generator::Generator;
use crate::support::Place;

const NOTICE: &str = "哈尔滨市人民政府关于推行容缺受理的通知\n\n各区、县（市）人民政府：\n一、总体要求\n坚持便民利企，减少跑动。\n二、主要任务\n\
（一）公布清单。各部门要在2019年6月底前公布容缺受理事项清单。\n（二）规范流程。窗口应当场出具容缺受理通知书。\n\n哈尔滨市人民政府\n2019年3月1日\n";

fn counts(place: &Place, args: &[&str]) -> [u64; 5] {
    let mut all = vec!["index"];
    let docs = place.docs();
    all.push(docs.to_str().expect("a UTF-8 path"));
    all.extend(args);
    let ran = place.run(&[&all[..], &["--format", "json"]].concat());
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).expect("a report");
    let count = |name: &str| report[name].as_u64().expect("a number");
    [
        count("added"),
        count("changed"),
        count("unchanged"),
        count("removed"),
        report["failed"].as_array().expect("a list").len() as u64,
    ]
}

#[test]
fn a_second_run_does_only_what_changed() {
    let place = Place::new();
    place.write("a.txt", NOTICE);
    place.write(
        "乙/b.md",
        "# 营口市关于审批提速的通报\n\n平均审批时限缩减11个工作日，提速35%。\n",
    );
    place.write(
        "c.txt",
        "大连市关于招商引资的报告\n\n今年以来，全市新签约项目47个。\n",
    );
    assert_eq!(counts(&place, &[]), [3, 0, 0, 0, 0]);
    let before = fs::read(place.index_folder().join("meta.json")).expect("the index");
    assert_eq!(counts(&place, &[]), [0, 0, 3, 0, 0]);
    assert_eq!(
        fs::read(place.index_folder().join("meta.json")).expect("the index"),
        before,
        "an idle run writes nothing"
    );

    place.write(
        "c.txt",
        "大连市关于招商引资的报告\n\n今年以来，全市新签约项目52个。\n",
    );
    assert_eq!(counts(&place, &[]), [0, 1, 2, 0, 0]);
    assert_eq!(place.total(&["\"项目52个\""]), 1);
    assert_eq!(
        place.total(&["\"项目47个\""]),
        0,
        "a changed file replaces its entries"
    );

    fs::remove_file(place.docs().join("a.txt")).expect("the file");
    let ran = place.index(&[]);
    assert!(ran.stdout.contains("gone    docs/a.txt"), "{}", ran.stdout);
    assert!(
        place.total(&["容缺受理"]) > 0,
        "what vanished is kept until --prune"
    );
    assert_eq!(counts(&place, &["--prune"]), [0, 0, 2, 1, 0]);
    assert_eq!(place.total(&["容缺受理"]), 0);
}

#[test]
fn prune_touches_only_the_roots_given() {
    let place = Place::indexed(&[("甲/a.txt", NOTICE), ("乙/b.txt", NOTICE)]);
    let (first, second) = (place.docs().join("甲"), place.docs().join("乙"));
    let text = |path: &std::path::Path| path.to_str().expect("a UTF-8 path").to_owned();
    assert_eq!(place.run(&["index", &text(&first), &text(&second)]).code, 0);
    fs::remove_file(first.join("a.txt")).expect("the file");
    fs::remove_file(second.join("b.txt")).expect("the file");
    let ran = place.run(&["index", &text(&first), "--prune"]);
    assert!(ran.stdout.contains(" 1 removed"), "{}", ran.stdout);
    let paths = place.json(&["search", "--unit", "document"]);
    let mut left: Vec<&str> = paths["hits"]
        .as_array()
        .expect("hits")
        .iter()
        .filter_map(|h| h["path"].as_str())
        .collect();
    left.sort_unstable();
    assert_eq!(left, ["docs/乙/b.txt", "docs/甲/a.txt", "乙/b.txt"]);
}

#[test]
fn a_file_has_the_same_id_however_it_is_given() {
    let place = Place::indexed(&[("a.txt", NOTICE)]);
    let file = place.docs().join("a.txt");
    let ran = place.run(&["index", file.to_str().expect("a UTF-8 path")]);
    assert!(ran.stdout.contains(" 1 unchanged"), "{}", ran.stdout);
}

#[test]
fn labels_replace_what_was_inferred_and_survive() {
    let place = Place::indexed(&[("a.txt", NOTICE), ("b.txt", NOTICE)]);
    let labels = place.path("标注.csv");
    fs::write(
        &labels,
        "\u{feff}path,city,year,title\r\na.txt,沈阳,2016,给定的题名\r\nnone.txt,大连,2017,\r\n",
    )
    .expect("labels");
    let ran = place.index(&["--labels", labels.to_str().expect("a UTF-8 path")]);
    assert!(
        ran.stdout.contains("1 changed, 1 unchanged")
            && ran.stdout.contains("1 rows of the labels"),
        "{}",
        ran.stdout
    );
    let hit = || place.json(&["search", "--unit", "document", "--city", "沈阳"])["hits"][0].clone();
    assert_eq!(
        (hit()["year"].as_i64(), hit()["title"].as_str()),
        (Some(2016), Some("给定的题名"))
    );
    let id = hit()["id"].as_str().expect("an id").to_owned();
    let shown = place.json(&["show", &id]);
    assert_eq!(
        (
            shown["city"]["rule"].as_str(),
            shown["city"]["inferred"].as_bool()
        ),
        (Some("label"), Some(false))
    );

    place.write("a.txt", format!("{NOTICE}附言。\n"));
    assert!(
        place.index(&[]).stdout.contains("1 changed"),
        "a label survives a changed file"
    );
    assert_eq!(hit()["year"].as_i64(), Some(2016));
    fs::write(&labels, "path,city\na.txt,哈尔冰\n").expect("labels");
    let ran = place.index(&["--labels", labels.to_str().expect("a UTF-8 path")]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains(":2: city") && ran.stderr.contains("哈尔冰"),
        "{}",
        ran.stderr
    );
}

#[test]
fn given_dates_survive_and_are_marked() {
    let place = Place::indexed(&[("a.txt", NOTICE)]);
    let labels = place.path("标注.csv");
    fs::write(
        &labels,
        "path,date,dates\na.txt,2016-02-03,通过 2016-02-03；amended 2018-05\n",
    )
    .expect("labels");
    place.index(&["--labels", labels.to_str().expect("a UTF-8 path")]);
    place.write("a.txt", format!("{NOTICE}附言。\n"));
    assert!(place.index(&[]).stdout.contains("1 changed"));
    let hit = place.json(&["search", "--unit", "document", "--year", "2016"])["hits"][0].clone();
    let shown = place.json(&["show", hit["id"].as_str().expect("an id")]);
    assert_eq!(
        (
            shown["date"]["rule"].as_str(),
            shown["date"]["value"].as_str()
        ),
        (Some("label"), Some("2016-02-03"))
    );
    let dates: Vec<_> = shown["dates"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|d| {
            (
                d["kind"].as_str().unwrap_or(""),
                d["value"].as_str().unwrap_or(""),
                d["rule"].as_str().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(
        dates,
        [
            ("passed", "2016-02-03", "label"),
            ("amended", "2018-05", "label")
        ]
    );

    fs::write(&labels, "path,dates\na.txt,born 2016-02-03\n").expect("labels");
    let ran = place.index(&["--labels", labels.to_str().expect("a UTF-8 path")]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains(":2: dates") && ran.stderr.contains("promulgated"),
        "{}",
        ran.stderr
    );
}

#[test]
fn ten_thousand_unchanged_files_are_left_alone() {
    let place = Place::new();
    let generator = Generator::new(3);
    for n in 0..10_000 {
        let document = generator.document(n % 50);
        let head: String = document.text.chars().take(120).collect();
        place.write(
            &format!("{}/{n}.txt", n / 500),
            format!("第{n}号\n{head}\n"),
        );
    }
    assert_eq!(counts(&place, &[])[0], 10_000);
    let before = fs::read(place.index_folder().join("meta.json")).expect("the index");
    assert_eq!(counts(&place, &[]), [0, 0, 10_000, 0, 0]);
    assert_eq!(
        fs::read(place.index_folder().join("meta.json")).expect("the index"),
        before
    );
}

#[test]
fn another_lexicon_reads_everything_again() {
    let place = Place::indexed(&[("a.txt", NOTICE)]);
    let own = place.path("lexicon");
    fs::create_dir(&own).expect("a folder");
    let built_in = concat!(env!("CARGO_MANIFEST_DIR"), "/index-data/lexicon");
    for file in fs::read_dir(built_in)
        .expect("the lexicon")
        .map(|e| e.expect("an entry").path())
    {
        fs::copy(&file, own.join(file.file_name().expect("a name"))).expect("a copy");
    }
    let folder = own.to_str().expect("a UTF-8 path");
    assert!(
        place
            .index(&["--lexicon", folder])
            .stdout
            .contains("1 unchanged"),
        "the same tables are the same lexicon"
    );
    let dictionary = own.join("dictionary.txt");
    let words = fs::read_to_string(&dictionary).expect("the dictionary");
    fs::write(&dictionary, format!("{words}\n容缺通知书 3 n\n")).expect("the dictionary");
    assert!(
        place
            .index(&["--lexicon", folder])
            .stdout
            .contains("1 changed")
    );
    fs::write(&dictionary, "没有 三个 词 的 行 多余\n").expect("the dictionary");
    let ran = place.index(&["--lexicon", folder]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("dictionary.txt:1"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn prune_removes_nothing_it_cannot_see() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::indexed(&[("甲/a.txt", NOTICE), ("b.txt", NOTICE)]);
    let closed = place.docs().join("甲");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("permissions");
    // Root sees everything; then nothing is unlisted and nothing is gone either.
    let ran = place.index(&["--prune"]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).expect("permissions");
    assert!(ran.stdout.contains(" 0 removed"), "{}", ran.stdout);
    assert_eq!(place.total(&["--unit", "document"]), 2);
}

#[test]
fn prune_tells_two_folders_of_one_name_apart() {
    let place = Place::new();
    for (folder, name) in [("甲/文件", "a.txt"), ("乙/文件", "b.txt")] {
        place.write(&format!("{folder}/{name}"), NOTICE);
        let root = place.docs().join(folder);
        let ran = place.run(&["index", root.to_str().expect("a UTF-8 path"), "--prune"]);
        assert!(
            ran.stdout.contains("1 added") && ran.stdout.contains(" 0 removed"),
            "{}",
            ran.stdout
        );
    }
    assert_eq!(place.total(&["--unit", "document"]), 2);
    let (before, after) = (place.docs().join("甲"), place.docs().join("丙"));
    fs::rename(before, &after).expect("a new name");
    fs::remove_file(after.join("文件/a.txt")).expect("the file");
    let moved = after.join("文件");
    let ran = place.run(&["index", moved.to_str().expect("a UTF-8 path"), "--prune"]);
    assert!(
        ran.stdout.contains(" 1 removed"),
        "a folder that was moved is the same one: {}",
        ran.stdout
    );
}
