//! Scanned PDF files through the binary. Skipped where tesseract or its Chinese data is missing,
//! unless `REQUIRE_OCR` is set.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{Place, command, ran};

/// Sentences of the scanned fixture, without punctuation, which is what OCR confuses most.
const TEXT: &[&str] = &[
    "为进一步优化营商环境",
    "市政府决定在全市推行容缺受理",
    "坚持便民利企",
    "一次性告知需要补正的内容和时限",
    "依法作出不予受理的决定",
    "市政务服务中心设立专门窗口",
    "台账保存期限不少于2年",
    "移送有关机关依法处理",
];

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pdf");
    fs::read(folder.join(name)).expect(name)
}

fn has_ocr() -> bool {
    let listed = Command::new("tesseract").arg("--list-langs").output();
    let found = listed.is_ok_and(|output| {
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat())
            .lines()
            .any(|language| language == "chi_sim")
    });
    assert!(
        found || std::env::var_os("REQUIRE_OCR").is_none(),
        "REQUIRE_OCR is set, but tesseract with chi_sim is not installed"
    );
    found
}

fn documents(place: &Place) -> Vec<Value> {
    let found = place.json(&["search", "--unit", "document", "--all"]);
    found["hits"].as_array().expect("hits").clone()
}

#[test]
fn a_scanned_file_is_read_once_ocr_is_asked_for() {
    if !has_ocr() {
        return;
    }
    let place = Place::new();
    place.write("扫描件.pdf", fixture("scanned-notice.pdf"));
    place.write("黑页.pdf", fixture("scanned.pdf"));
    let ran = place.index(&[]);
    assert_eq!(ran.code, 3, "{}", ran.stdout);
    assert_eq!(ran.stdout.matches("no text layer").count(), 2);

    let ran = place.index(&["--ocr"]);
    assert_eq!(ran.code, 3, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("1 added"), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("黑页.pdf: no text layer, and OCR found"),
        "{}",
        ran.stdout
    );
    let hits = documents(&place);
    let shown = place.json(&["show", hits[0]["id"].as_str().expect("an id")]);
    let warning = shown["warnings"][0].as_str().expect("a warning");
    assert!(
        warning.starts_with("read by OCR (tesseract ")
            && warning.ends_with("chi_sim): characters may be wrong"),
        "{warning}"
    );
    let quality = shown["quality"].as_f64().expect("a number");
    assert!((0.6..1.0).contains(&quality), "{quality}");

    // What was read stays, with OCR or without, and what could not be read is not tried again.
    for arguments in [&["--ocr"][..], &[]] {
        let ran = place.index(arguments);
        assert!(ran.stdout.contains("1 unchanged"), "{}", ran.stdout);
        assert!(ran.stdout.contains("黑页.pdf: no text layer, and OCR"));
    }
}

#[test]
fn the_text_of_a_scan_is_whole_and_its_page_numbers_are_furniture() {
    if !has_ocr() {
        return;
    }
    let place = Place::new();
    let file = place.write("扫描件.pdf", fixture("scanned-notice.pdf"));
    let file = file.to_str().expect("a UTF-8 path");
    let read = place.json(&["inspect", "--ocr", "--text", file]);
    let text = read["text"].as_str().expect("a text");
    let found = TEXT.iter().filter(|part| text.contains(*part)).count();
    assert!(found + 1 >= TEXT.len(), "{found} of {}: {text}", TEXT.len());
    let spaced = text.lines().any(|line| line.matches(' ').count() > 3);
    assert!(!spaced, "no blanks between characters: {text}");
    let chars: Vec<char> = text.chars().collect();
    let measures = read["measures"].as_array().expect("passages").iter();
    let mut furniture = String::new();
    for measure in measures.filter(|measure| measure["kind"] == "furniture") {
        let at = |name: &str| measure[name].as_u64().expect("a place") as usize;
        furniture.extend(&chars[at("begin")..at("end")]);
    }
    assert_eq!(text.matches("— 1 —").count(), 1, "{text}");
    assert!(furniture.contains("— 1 —"), "{furniture}");
    assert!(!furniture.contains("依法"), "{furniture}");
}

/// A page of type among pages of pictures: only the pictures are recognised, in their order.
#[test]
fn a_partly_scanned_file_is_read_again_with_ocr() {
    if !has_ocr() {
        return;
    }
    let place = Place::new();
    place.write("a.pdf", fixture("partly-scanned.pdf"));
    place.write("b.pdf", fixture("simple.pdf"));
    assert_eq!(place.index(&[]).code, 0);
    let ran = place.index(&[]);
    assert!(ran.stdout.contains("2 unchanged"), "{}", ran.stdout);
    let ran = place.index(&["--ocr"]);
    assert!(
        ran.stdout.contains("1 changed, 1 unchanged"),
        "{}",
        ran.stdout
    );
    let ran = place.index(&["--ocr"]);
    assert!(ran.stdout.contains("2 unchanged"), "{}", ran.stdout);
}

#[test]
fn without_tesseract_nothing_begins_and_the_packages_are_named() {
    let place = Place::new();
    let file = place.write("a.pdf", fixture("scanned-notice.pdf"));
    let file = file.to_str().expect("a UTF-8 path");
    let docs = place.docs();
    let docs = docs.to_str().expect("a UTF-8 path");
    for arguments in [["index", docs, "--ocr"], ["inspect", file, "--ocr"]] {
        let mut command = command(&place.index_folder());
        command.env("PATH", place.docs()).args(arguments);
        let ran = ran(command.output().expect("the binary runs"));
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        for package in ["tesseract-ocr", "tesseract-ocr-chi-sim"] {
            assert!(ran.stderr.contains(package), "{}", ran.stderr);
        }
        assert!(!place.index_folder().exists());
    }
}
