//! Over three hundred files that are meant to hurt, made here and indexed among good ones: the run
//! ends, nothing dies but workers, what is good is found, what is bad is listed, memory stays small.

mod archives;
mod pdfs;
mod texts;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::{Place, command};

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It is read.
    Good,
    /// It is listed with its reason.
    Bad,
    /// One of both.
    Any,
}

/// The files made so far.
struct Set {
    folder: PathBuf,
    files: Vec<(String, Kind)>,
}

impl Set {
    fn add(&mut self, name: &str, bytes: impl AsRef<[u8]>, kind: Kind) {
        let file = self.folder.join(name);
        assert!(!file.exists(), "{name} is made twice");
        fs::write(file, bytes).expect("a file");
        self.files.push((name.to_owned(), kind));
    }
}

/// Bytes without a pattern, the same each time.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        // Knuth's MMIX constants.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..length).map(|_| next()).collect()
}

/// Every fixture cut short in five places and with bits turned in five ways.
fn damaged(set: &mut Set) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for folder in ["pdf", "office"] {
        let listed = fs::read_dir(fixtures.join(folder)).expect("fixtures");
        let mut files: Vec<PathBuf> = listed.map(|file| file.expect("a file").path()).collect();
        files.sort();
        for file in files {
            let bytes = fs::read(&file).expect("a fixture");
            let name = file.file_name().expect("a name").to_string_lossy();
            for n in 1..=5usize {
                set.add(
                    &format!("cut-{n}-{name}"),
                    &bytes[..bytes.len() * n / 6],
                    Kind::Any,
                );
                let mut turned = bytes.clone();
                for at in noise(n * 8, n as u64).chunks(4).map(|four| {
                    let at = four
                        .iter()
                        .fold(0usize, |at, &byte| at << 8 | usize::from(byte));
                    at % bytes.len().max(1)
                }) {
                    turned[at] ^= 1 << (at % 8);
                }
                set.add(&format!("turned-{n}-{name}"), turned, Kind::Any);
            }
        }
    }
}

/// What is no ordinary file, or cannot be opened; how many of them are listed.
#[cfg(unix)]
fn special(set: &mut Set) {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;
    let folder = set.folder.clone();
    let made = std::process::Command::new("mkfifo")
        .arg(folder.join("pipe.pdf"))
        .status();
    assert!(made.expect("mkfifo").success());
    set.files.push(("pipe.pdf".to_owned(), Kind::Bad));
    UnixListener::bind(folder.join("socket.docx")).expect("a socket");
    set.files.push(("socket.docx".to_owned(), Kind::Bad));
    fs::create_dir(folder.join("loop")).expect("a folder");
    symlink(&folder, folder.join("loop/up")).expect("a link");
    symlink("itself.txt", folder.join("itself.txt")).expect("a link");
    symlink("/dev/zero", folder.join("zero.txt")).expect("a link");
    let odd = folder.join(std::ffi::OsStr::from_bytes(b"\xff\xfe\xb9\xab.txt"));
    fs::write(odd, "名称不是文字的文件。").expect("a file");
    set.files.push(("%FF%FE%B9%AB.txt".to_owned(), Kind::Good));
    fs::create_dir(folder.join("folder.pdf")).expect("a folder");
    set.add(
        "folder.pdf/文件夹里的.txt",
        "以文件之名的文件夹。",
        Kind::Good,
    );
    set.add("closed.txt", "不许读的文件。", Kind::Any);
    let closed = fs::Permissions::from_mode(0o000);
    fs::set_permissions(folder.join("closed.txt"), closed).expect("permissions");
    // The superuser reads it all the same.
    if fs::read(folder.join("closed.txt")).is_err() {
        set.files.retain(|(name, _)| name != "closed.txt");
        set.files.push(("closed.txt".to_owned(), Kind::Bad));
    }
}

/// Peak of the resident memory of a process so far, in megabytes.
fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().split(' ').next()?.parse().ok()?;
    Some(kilobytes / 1024)
}

#[cfg(target_os = "linux")]
#[test]
fn hostile_files_cost_a_line_each() {
    let place = Place::new();
    let mut set = Set {
        folder: place.docs(),
        files: Vec::new(),
    };
    archives::add(&mut set);
    pdfs::add(&mut set);
    texts::add(&mut set);
    damaged(&mut set);
    special(&mut set);
    for n in 0..30 {
        let text = format!("关于第{n}项工作的通知\n全市累计办结政务服务事项{n}件。\n");
        set.add(&format!("{}-好.txt", n * 7), text, Kind::Good);
    }
    assert!(set.files.len() >= 400, "{} files", set.files.len());

    let begun = Instant::now();
    let report = place.path("report.json");
    let mut child = command(&place.index_folder())
        .args(["index", "--format", "json"])
        .arg(place.docs())
        .stdout(fs::File::create(&report).expect("a file"))
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let mut megabytes = 0;
    let status = loop {
        megabytes = megabytes.max(peak(child.id()).unwrap_or(0));
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let seconds = begun.elapsed().as_secs();
    println!("{} files, {seconds} s, {megabytes} MB", set.files.len());
    assert_eq!(status.code(), Some(3));
    assert!(megabytes < 500, "{megabytes} MB");
    // That it ends; how long it takes depends on what else the machine does.
    assert!(seconds < 600, "{seconds} s");

    let report = fs::read_to_string(report).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let failed = report["failed"].as_array().expect("a list");
    // Each took as long as a worker may, with a margin for a busy machine.
    let slowest = failed
        .iter()
        .map(|failure| {
            (
                failure["seconds"].as_f64().expect("a number"),
                &failure["path"],
            )
        })
        .max_by(|a, b| a.0.total_cmp(&b.0));
    println!("slowest of those that cannot be read: {slowest:?}");
    for failure in failed {
        assert!(failure["seconds"].as_f64() <= Some(35.0), "{failure}");
    }
    let reasons: std::collections::HashMap<String, String> = failed
        .iter()
        .map(|failure| (text(&failure["path"]), text(&failure["reason"])))
        .collect();
    let listed = place.json(&["stats", "--unreadable"]);
    let listed: Vec<String> = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(|file| text(&file["path"]))
        .collect();
    let found = place.json(&["search", "--unit", "document", "--all"]);
    let found: Vec<String> = found["hits"]
        .as_array()
        .expect("hits")
        .iter()
        .map(|hit| text(&hit["path"]))
        .collect();
    for (name, kind) in &set.files {
        let path = format!("docs/{name}");
        let is_found = found.iter().any(|found| found.starts_with(&path));
        let reason = reasons.get(&path);
        // A row or member of a collection is listed by its own path.
        let has_bad_part = reasons.keys().any(|p| p.starts_with(&format!("{path}#")));
        let fits = match kind {
            Kind::Good => is_found && reason.is_none(),
            Kind::Bad => reason.is_some() && !is_found,
            Kind::Any => is_found || reason.is_some() || has_bad_part,
        };
        assert!(
            fits,
            "{name} is {kind:?}, but found: {is_found}, listed: {reason:?}"
        );
        let reason = reason.map_or("", String::as_str);
        assert!(!reason.contains("internal error"), "{name}: {reason}");
        assert!(
            reason.is_empty() || listed.contains(&path),
            "{name} is not in stats"
        );
    }
    assert_eq!(place.total(&["\"累计办结政务服务事项29件\""]), 1);
}
