//! Dependencies point one way, and each library stays behind its fence.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use toml::Table;

/// Our crates in order: each may depend only on those before it, and `extract` only on `corpus`.
const ORDER: &[&str] = &[
    "corpus",
    "extract",
    "lexicon",
    "index",
    "indexer",
    "search",
    "query-server",
    "cli",
];

/// Libraries that only these crates may use.
const FENCES: &[(&str, &[&str])] = &[
    ("jieba-rs", &["index"]),
    ("ferrous-opencc", &["index"]),
    ("tantivy", &["index", "indexer", "search"]),
    ("axum", &["query-server"]),
    ("askama", &["query-server"]),
    ("clap", &["cli"]),
    ("anyhow", &["cli"]),
    ("indicatif", &["cli"]),
    ("comfy-table", &["cli"]),
    ("walkdir", &["indexer"]),
    ("scraper", &["extract"]),
    ("dom_smoothie", &["extract"]),
    ("hayro", &["extract"]),
    ("hayro-syntax", &["extract"]),
    ("quick-xml", &["extract"]),
    // Archives are read in workers only; search writes some.
    ("zip", &["extract", "search"]),
];

/// What may depend on what among our own crates.
fn allowed(from: &str, on: &str) -> bool {
    let rank = |name: &str| ORDER.iter().position(|n| *n == name).unwrap_or(usize::MAX);
    match (from, on) {
        ("extract", on) => on == "corpus",
        ("indexer", "extract") => true,
        (_, "extract") => false,
        ("search", "indexer") | ("query-server", "indexer") => false,
        (from, on) => rank(on) < rank(from),
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn dependencies(manifest: &Path) -> Vec<String> {
    let text = fs::read_to_string(manifest).expect("a manifest");
    let table: Table = text.parse().expect("a manifest is TOML");
    table
        .get("dependencies")
        .and_then(|d| d.as_table())
        .map(|d| d.keys().cloned().collect())
        .unwrap_or_default()
}

/// Every crate with its dependencies; the root package is `cli`.
fn crates() -> BTreeMap<String, Vec<String>> {
    let mut crates = BTreeMap::from([("cli".to_owned(), dependencies(&root().join("Cargo.toml")))]);
    for entry in fs::read_dir(root().join("crates"))
        .expect("crates")
        .map(|e| e.expect("an entry").path())
    {
        let name = entry
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if entry.join("Cargo.toml").exists() {
            crates.insert(name, dependencies(&entry.join("Cargo.toml")));
        }
    }
    crates
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").path())
    {
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn dependencies_point_one_way() {
    for (from, dependencies) in crates() {
        assert!(
            ORDER.contains(&from.as_str()),
            "crate {from} has no place in the order"
        );
        for on in dependencies
            .iter()
            .filter_map(|d| d.strip_prefix("duibiao-"))
        {
            assert!(allowed(&from, on), "{from} must not depend on {on}");
        }
    }
}

#[test]
fn libraries_stay_behind_their_fences() {
    for (name, dependencies) in crates() {
        for (library, homes) in FENCES {
            let uses = dependencies.iter().any(|d| d == library);
            assert!(
                !uses || homes.contains(&name.as_str()),
                "{library} must not be used in {name}"
            );
        }
        let folder = if name == "cli" {
            root().join("crates/cli")
        } else {
            root().join("crates").join(&name).join("src")
        };
        let mut files = Vec::new();
        sources(&folder, &mut files);
        for file in files {
            let text = fs::read_to_string(&file).expect("a source file");
            for (library, homes) in FENCES
                .iter()
                .filter(|(_, homes)| !homes.contains(&name.as_str()))
            {
                let path = format!("{}::", library.replace('-', "_"));
                assert!(
                    !text.contains(&path),
                    "{} reaches {library}, which belongs to {homes:?}",
                    file.display()
                );
            }
        }
    }
}

/// The engine must not show through the search crate's public items.
#[test]
fn search_shows_nothing_of_the_engine() {
    let mut files = Vec::new();
    sources(&root().join("crates/search/src"), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).expect("a source file");
        let public = text.lines().filter(|line| {
            let line = line.trim_start();
            line.starts_with("pub fn")
                || line.starts_with("pub struct")
                || line.starts_with("pub enum")
                || (line.starts_with("pub ") && line.contains(": "))
        });
        for line in public {
            assert!(
                !line.contains("tantivy")
                    && !line.contains("Searcher")
                    && !line.contains("DocAddress"),
                "{}: {line}",
                file.display()
            );
        }
    }
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let mut files = Vec::new();
    for folder in ["crates", "benches", "tests"] {
        sources(&root().join(folder), &mut files);
    }
    for file in files {
        let text = fs::read_to_string(&file).expect("a source file");
        assert!(
            text.starts_with("//! "),
            "{} opens without a purpose",
            file.display()
        );
    }
}
