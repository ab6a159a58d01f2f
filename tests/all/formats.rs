//! Documents of every format through the binary: read in workers, found, listed where they cannot
//! be read. The fixtures are composed; scripts beside them write them anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::support::{Place, run};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Fixtures that nobody could read, each with words of the reason.
const UNREADABLE: &[(&str, &str)] = &[
    ("office/bomb.docx", "decompresses"),
    ("office/encrypted.zip#secret.txt", "password"),
    ("office/truncated.docx", "damaged"),
    ("pdf/password.pdf", "password"),
    ("pdf/scanned.pdf", "no text layer"),
    ("pdf/scanned-notice.pdf", "no text layer"),
    ("pdf/truncated.pdf", "damaged"),
];

/// Fixtures that are read, each with the format's name.
const READABLE: &[(&str, &str)] = &[
    ("office/altchunk.docx", "docx"),
    ("office/numbered.docx", "docx"),
    ("office/plain.docx", "docx"),
    ("office/notice.doc", "doc"),
    ("office/notice.ofd", "ofd"),
    ("office/notice.rtf", "rtf"),
    ("office/table.xlsx", "xlsx"),
    ("office/page.mht", "mht"),
    ("office/book.epub", "epub"),
    ("pdf/table.pdf", "pdf"),
    ("pdf/gbk-euc.pdf", "pdf"),
    ("pdf/unigb-ucs2.pdf", "pdf"),
];

#[test]
fn every_format_is_read_and_found() {
    let place = Place::new();
    let folder = fixtures();
    let index = place.index_folder();
    let ran = run(&index, &["index", folder.to_str().expect("a UTF-8 path")]);
    assert_eq!(ran.code, 3, "{}{}", ran.stdout, ran.stderr);
    for (name, reason) in UNREADABLE {
        let line = ran
            .stdout
            .lines()
            .find(|l| l.contains(&format!("fixtures/{name}:")));
        let line = line.unwrap_or_else(|| panic!("{name} is reported: {}", ran.stdout));
        assert!(line.contains(reason), "{line}");
        assert!(
            !line.contains("internal error") && !line.contains("crashed"),
            "{line}"
        );
    }
    let found = place.json(&["search", "--unit", "document", "--all"]);
    let hits = found["hits"].as_array().expect("hits");
    for (name, format) in READABLE {
        let path = format!("fixtures/{name}");
        let hit = hits.iter().find(|hit| hit["path"] == path.as_str());
        let hit = hit.unwrap_or_else(|| panic!("{name} is read: {}", ran.stdout));
        let shown = place.json(&["show", hit["id"].as_str().expect("an id")]);
        assert_eq!(shown["format"], *format, "{name}");
        assert!(
            shown["quality"].as_f64() > Some(0.5),
            "{name}: {}",
            shown["quality"]
        );
    }
    // What cannot be read stays listed, and is not tried again until it changes.
    let listed = place.json(&["stats", "--unreadable"]);
    let listed = listed.as_array().expect("a list");
    for (name, _) in UNREADABLE {
        let path = format!("fixtures/{name}");
        assert!(
            listed.iter().any(|file| file["path"] == path.as_str()),
            "{name}"
        );
    }
    let again = run(&index, &["index", folder.to_str().expect("a UTF-8 path")]);
    assert_eq!(again.code, 3);
    assert!(
        again.stdout.contains(" 0 added, 0 changed")
            || again.stdout.contains("\n0 added, 0 changed"),
        "{}",
        again.stdout
    );
    let failures = |stdout: &str| -> Vec<String> {
        let lines = stdout.lines().filter(|line| line.starts_with("failed"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(failures(&again.stdout), failures(&ran.stdout));
}

#[test]
fn a_file_that_becomes_readable_leaves_the_list() {
    let place = Place::new();
    let good = fs::read(fixtures().join("pdf/simple.pdf")).expect("a fixture");
    let cut = fs::read(fixtures().join("pdf/truncated.pdf")).expect("a fixture");
    place.write("a.pdf", &cut);
    place.write("b.pdf", &cut);
    assert_eq!(place.index(&[]).code, 3);
    let listed = |place: &Place| {
        place
            .json(&["stats", "--unreadable"])
            .as_array()
            .map(Vec::len)
    };
    assert_eq!(listed(&place), Some(2));
    place.write("a.pdf", &good);
    fs::remove_file(place.docs().join("b.pdf")).expect("a file");
    assert_eq!(place.index(&[]).code, 0);
    assert_eq!(listed(&place), Some(0));
    // A version that cannot be read leaves the one before in place, and both are said.
    place.write("a.pdf", &cut);
    let ran = place.index(&[]);
    assert!(
        ran.stdout.contains("the version indexed before is kept"),
        "{}",
        ran.stdout
    );
    assert_eq!(listed(&place), Some(1));
    assert_eq!(place.total(&["--unit", "document"]), 1);
}

/// Every fixture cut short and with bits turned, all at once: the run ends, what is good is there.
#[test]
fn damaged_copies_do_no_harm() {
    let place = Place::new();
    let mut made = 0;
    for (name, _) in READABLE {
        let bytes = fs::read(fixtures().join(name)).expect("a fixture");
        let (stem, extension) = name.rsplit_once('.').expect("an extension");
        let stem = stem.replace('/', "-");
        for n in 1..=6usize {
            let mut cut = bytes.clone();
            cut.truncate(bytes.len() * n / 7);
            place.write(&format!("{stem}-cut-{n}.{extension}"), &cut);
            let mut turned = bytes.clone();
            for at in (n * 37..turned.len()).step_by(turned.len() / 5 + n) {
                turned[at] ^= 1 << (n % 8);
            }
            place.write(&format!("{stem}-turned-{n}.{extension}"), &turned);
            made += 2;
        }
    }
    place.write("好.txt", "关于整改的通报\n政务服务事项全部进驻大厅。\n");
    let begun = Instant::now();
    let ran = place.index(&[]);
    assert!(
        ran.code == 3 || ran.code == 0,
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    assert!(begun.elapsed().as_secs() < 120, "damage makes nothing hang");
    assert!(place.total(&["政务服务事项全部进驻大厅"]) >= 1);
    let failed = ran
        .stdout
        .lines()
        .filter(|line| line.starts_with("failed"))
        .count() as u64;
    assert_eq!(
        failed + place.total(&["--unit", "document"]),
        made + 1,
        "each is read or listed"
    );
}
