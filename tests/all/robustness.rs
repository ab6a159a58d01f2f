//! Bad input of every kind: a line in the report or a clear error, everything else indexed.

use std::fs::{self, File};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::generator::Generator;
use crate::support::{Place, command, ran, run};

const GOOD: &str = "大连市关于优化营商环境的报告\n\n全市累计办结政务服务事项21748项。\n";

#[test]
fn every_bad_file_is_a_line_and_every_good_one_is_indexed() {
    let place = Place::new();
    place.write("good.txt", GOOD);
    place.write("empty.txt", "");
    place.write("blank.txt", " \n\n\t\n");
    place.write("binary.txt", [0u8, 159, 146, 150, 1, 2, 3]);
    place.write("gb.txt", [0xd6, 0xd0, 0xb9, 0xfa, 0xd5, 0xfe]);
    place.write("report.pdf", "%PDF-1.7");
    place.write("fake.txt", "%PDF-1.7 not text");
    place.write(
        "deep.html",
        format!(
            "<html>{}字{}",
            "<div>".repeat(100_000),
            "</div>".repeat(100_000)
        ),
    );
    place.write("zeros.txt", "");
    File::options()
        .write(true)
        .open(place.docs().join("zeros.txt"))
        .and_then(|f| f.set_len(200 << 20))
        .expect("a sparse file");
    place.write("zeros-small.txt", vec![0u8; 1 << 20]);
    place.write("picture.png", [137, 80, 78, 71]);
    let ran = place.index(&["/no/such/folder"]);
    assert_eq!(ran.code, 3, "{}{}", ran.stdout, ran.stderr);
    for (name, reason) in [
        ("docs/empty.txt", "empty file"),
        ("docs/blank.txt", "no text"),
        ("docs/binary.txt", "binary content"),
        ("docs/report.pdf", "damaged"),
        ("docs/fake.txt", "damaged"),
        ("docs/deep.html", "nested"),
        ("docs/zeros.txt", "larger than 64 MB"),
        ("docs/zeros-small.txt", "binary content"),
        ("/no/such/folder", "no such file"),
    ] {
        let line = ran
            .stdout
            .lines()
            .find(|l| l.contains(&format!(" {name}:")))
            .unwrap_or_else(|| panic!("{name} is reported: {}", ran.stdout));
        assert!(line.contains(reason), "{line}");
    }
    assert!(
        ran.stdout.contains("2 added") && ran.stdout.contains("9 failed"),
        "{}",
        ran.stdout
    );
    assert_eq!(place.total(&["政务服务事项"]), 1);
}

#[cfg(unix)]
#[test]
fn links_pipes_and_strange_names_do_no_harm() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new();
    place.write("good.txt", GOOD);
    std::os::unix::fs::symlink(place.docs(), place.docs().join("loop")).expect("a link");
    fs::write(place.docs().join(OsStr::from_bytes(b"\xff\xfe.txt")), GOOD).expect("a file");
    place.write("-rf.txt", GOOD);
    place.write("a\nb.txt", GOOD);
    let made = std::process::Command::new("mkfifo")
        .arg(place.docs().join("pipe.txt"))
        .status();
    assert!(made.expect("mkfifo").success());
    let ran = place.index(&[]);
    assert_eq!(ran.code, 3, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("docs/pipe.txt: not a regular file"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("4 added") && ran.stdout.contains("1 links"),
        "{}",
        ran.stdout
    );
    assert!(
        place
            .run(&[
                "search",
                "营商环境",
                "--unit",
                "document",
                "--format",
                "json"
            ])
            .stdout
            .contains("docs/%FF%FE.txt")
    );
}

#[test]
fn reading_never_creates_an_index() {
    let place = Place::new();
    let ran = place.run(&["search", "审批"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("no index at") && ran.stderr.contains("duibiao index"),
        "{}",
        ran.stderr
    );
    assert!(!place.index_folder().exists());
    let ran = run(&place.docs(), &["index", "/no/such/folder"]);
    assert_eq!(
        (ran.code, ran.stderr.contains("no such file")),
        (1, true),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_folder_of_other_things_is_left_alone() {
    let place = Place::new();
    place.write("good.txt", GOOD);
    let docs = place.docs();
    let ran = run(&docs, &["index", docs.to_str().expect("a UTF-8 path")]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("holds no index of this program"),
        "{}",
        ran.stderr
    );
    assert_eq!(fs::read_dir(&docs).expect("the folder").count(), 1);
}

#[test]
fn another_format_version_says_what_to_do() {
    let place = Place::indexed(&[("good.txt", GOOD)]);
    let meta = place.index_folder().join("meta.json");
    let text = fs::read_to_string(&meta).expect("the index");
    let own = format!("\\\"format\\\":{}", duibiao_index::FORMAT_VERSION);
    assert!(text.contains(&own), "{text}");
    fs::write(&meta, text.replace(&own, "\\\"format\\\":999")).expect("the index");
    for args in [
        vec!["search", "环境"],
        vec!["index", place.docs().to_str().expect("a UTF-8 path")],
    ] {
        let ran = place.run(&args);
        assert_eq!(ran.code, 1);
        assert!(
            ran.stderr.contains("format version 999") && ran.stderr.contains("hint:"),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn a_damaged_index_is_an_error() {
    let place = Place::indexed(&[("good.txt", GOOD)]);
    for file in fs::read_dir(place.index_folder())
        .expect("the index")
        .map(|e| e.expect("an entry").path())
    {
        if file
            .extension()
            .is_some_and(|e| e == "term" || e == "store" || e == "idx")
        {
            fs::write(&file, b"gone").expect("a file");
        }
    }
    let ran = place.run(&["search", "环境"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("error: the index at") && ran.stderr.contains("duibiao index"),
        "{}",
        ran.stderr
    );
}

#[test]
fn two_indexers_at_once_take_turns() {
    let place = Place::new();
    write_many(&place, 1_500);
    let docs = place.docs();
    let docs = docs.to_str().expect("a UTF-8 path");
    let mut first = command(&place.index_folder())
        .args(["index", docs])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    wait_for(|| place.index_folder().join(".tantivy-writer.lock").exists());
    let second = place.run(&["index", docs]);
    if first.try_wait().expect("a child").is_none() {
        assert_eq!(second.code, 1, "{}{}", second.stdout, second.stderr);
        assert!(
            second.stderr.contains("another indexer is writing"),
            "{}",
            second.stderr
        );
    }
    assert!(first.wait().expect("a child").success());
    assert!(place.index(&[]).stdout.contains("1500 unchanged"));
}

#[cfg(unix)]
#[test]
fn stopping_keeps_what_is_finished() {
    let place = Place::new();
    write_many(&place, 3_000);
    let stopped_by = |signal: &str, wait: u64| {
        let docs = place.docs();
        let child = command(&place.index_folder())
            .args(["index", docs.to_str().expect("a UTF-8 path")])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        wait_for(|| place.index_folder().join(".tantivy-writer.lock").exists());
        std::thread::sleep(Duration::from_millis(wait));
        let sent = std::process::Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(sent.expect("kill").success());
        ran(child.wait_with_output().expect("a child"))
    };
    // On a busy machine nothing may be finished yet.
    let kept = [400, 800, 1_600].into_iter().any(|wait| {
        let stopped = stopped_by("-INT", wait);
        assert_eq!(stopped.code, 130, "{}{}", stopped.stdout, stopped.stderr);
        assert!(stopped.stdout.contains("interrupted"), "{}", stopped.stdout);
        place.total(&["--unit", "document"]) > 0
    });
    assert!(kept, "what is finished is kept");
    stopped_by("-KILL", 400);
    assert_eq!(place.index(&[]).code, 0);
    assert_eq!(
        place.total(&["--unit", "document"]),
        3_000,
        "the next run completes the work"
    );
}

#[test]
fn long_lines_and_many_headings_are_only_long() {
    let place = Place::new();
    place.write(
        "line.txt",
        format!(
            "关于长行的报告\n{}",
            "推进审批提速，优化营商环境；".repeat(250_000)
        ),
    );
    place.write(
        "unbroken.txt",
        format!(
            "关于无标点的报告\n{}",
            "推进审批提速优化营商环境".repeat(100_000)
        ),
    );
    place.write(
        "headings.txt",
        (0..100_000)
            .map(|n| format!("{}、第{n}项\n", ["一", "二", "三"][n % 3]))
            .collect::<String>(),
    );
    let ran = place.index(&[]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(place.total(&["审批提速"]) > 1_000);
    assert_eq!(place.total(&["\"第77777项\""]), 1);
}

#[test]
fn text_cannot_steer_a_terminal_or_a_spreadsheet() {
    let place = Place::indexed(&[(
        "a.txt",
        "关于\u{1b}[31m红字的通知\n\n=HYPERLINK(\"http://x\")审批提速；\u{1b}]0;标题\u{7}已完成。\n",
    )]);
    let table = place.run(&["search", "审批提速"]);
    assert!(
        !table.stdout.contains('\u{1b}') && !table.stdout.contains('\u{7}'),
        "{:?}",
        table.stdout
    );
    let csv = place.run(&["search", "审批提速", "--format", "csv"]);
    assert!(
        !csv.stdout
            .lines()
            .skip(1)
            .any(|line| line.split(',').any(|cell| cell.starts_with('='))),
        "{}",
        csv.stdout
    );
}

fn write_many(place: &Place, count: u64) {
    let generator = Generator::new(7);
    for n in 0..count {
        place.write(&format!("{n}.txt"), generator.document(n).text);
    }
}

fn wait_for(condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "nothing happened in 30 s"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}
