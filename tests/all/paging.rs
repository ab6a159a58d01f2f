//! Orders and cursors over commits: who pages on while documents come, change and go misses nothing that
//! stayed and sees nothing twice.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use duibiao_indexer::{Options, run};
use duibiao_lexicon::Lexicon;
use duibiao_search::{Engine, Request, Sort, Unit};
use tempfile::TempDir;

/// A folder of documents with its index, open.
struct Library {
    folder: TempDir,
    engine: Engine,
}

impl Library {
    /// Documents of which three each share a day, and which hold 审批 more or less often.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("docs")).expect("a folder");
        for number in 0..30 {
            write(&folder, number, &text(number, number / 3 + 1, ""));
        }
        indexed(&folder);
        let lexicon = Lexicon::embedded().expect("the lexicon is built in");
        let engine = Engine::open(&folder.path().join("index"), lexicon).expect("an index");
        Self { folder, engine }
    }

    /// Takes two documents away, changes one, and adds some before, among and behind the others.
    fn change(&self) {
        for number in [2, 20] {
            std::fs::remove_file(self.folder.path().join(format!("docs/{number}.txt")))
                .expect("a file");
        }
        write(&self.folder, 11, &text(11, 28, "另行通知。"));
        for number in 40..60 {
            let day = 1 + (number - 40) % 28;
            let text = format!(
                "关于第{number}号事项的通知\n城市绿化养护工作要求如下：{number}。\n鹤岗市人民政府\n2015年3月{day}日\n"
            );
            write(&self.folder, number, &text);
        }
        indexed(&self.folder);
        assert!(
            self.engine.reload().expect("a commit"),
            "there is a new commit"
        );
    }
}

fn text(number: usize, day: usize, more: &str) -> String {
    // The rest is as long in all of them, so that only 审批 tells them apart.
    let (often, filled) = (number % 10 + 1, 10 - number % 10);
    let words = "审批。".repeat(often) + &"绿化。".repeat(filled);
    format!("关于第{number}号事项的通报\n{words}{more}\n哈尔滨市人民政府\n2015年3月{day}日\n")
}

fn write(folder: &TempDir, number: usize, text: &str) {
    std::fs::write(folder.path().join(format!("docs/{number}.txt")), text).expect("a file");
}

fn indexed(folder: &TempDir) {
    let options = Options {
        roots: vec![folder.path().join("docs")],
        index: folder.path().join("index"),
        prune: true,
        ..Options::default()
    };
    let lexicon = Lexicon::embedded().expect("the lexicon is built in");
    run(&options, &lexicon, &AtomicBool::new(false), &mut |_| {}).expect("an index");
}

/// Pages through a search; the library changes behind the second page.
fn walked(library: &Library, request: &Request, changes: bool) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    let mut cursor = None;
    for page in 0.. {
        let request = Request {
            cursor,
            ..request.clone()
        };
        let found = library.engine.search(&request).expect("a page");
        seen.extend(found.hits.into_iter().map(|hit| (hit.path, hit.id)));
        cursor = found.cursor;
        if cursor.is_none() {
            break;
        }
        if page == 1 && changes {
            library.change();
        }
    }
    seen
}

/// Paths of documents that no commit touches.
fn is_untouched(path: &str) -> bool {
    let number = path.trim_start_matches("docs/").trim_end_matches(".txt");
    let number: usize = number.parse().expect("a number");
    number < 30 && ![2, 11, 20].contains(&number)
}

fn untouched(seen: &[(String, String)]) -> Vec<&(String, String)> {
    seen.iter().filter(|(path, _)| is_untouched(path)).collect()
}

#[test]
fn a_cursor_goes_on_over_a_commit() {
    for unit in [Unit::Measure, Unit::Document] {
        for (query, sort) in [
            ("", Sort::Newest),
            ("", Sort::Oldest),
            ("审批", Sort::Newest),
            ("审批", Sort::Relevance),
        ] {
            let request = Request {
                query: query.to_owned(),
                unit,
                sort: Some(sort),
                limit: 4,
                ..Request::default()
            };
            let library = Library::new();
            let before = walked(&library, &request, false);
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            before
                .iter()
                .for_each(|(_, id)| *counts.entry(id).or_default() += 1);
            assert!(counts.len() > 20 && counts.values().all(|count| *count == 1));
            let during = walked(&library, &request, true);
            let what = format!("{query:?} {unit:?} {sort:?}");
            assert_eq!(untouched(&during), untouched(&before), "{what}");
            let mut ids: Vec<&str> = during.iter().map(|(_, id)| id.as_str()).collect();
            ids.sort_unstable();
            let all = ids.len();
            ids.dedup();
            assert_eq!(ids.len(), all, "{what}: nothing comes twice");
            if sort != Sort::Relevance {
                // What came behind the page that was being read is seen.
                let new = during.iter().filter(|(path, _)| path.ends_with("/44.txt"));
                assert_eq!(new.count() > 0, query.is_empty(), "{what}");
            }
        }
    }
}

#[test]
fn orders_are_the_same_after_a_merge() {
    let library = Library::new();
    let orders = || {
        [Sort::Newest, Sort::Oldest, Sort::Relevance].map(|sort| {
            let request = Request {
                query: "审批".to_owned(),
                sort: Some(sort),
                limit: 100,
                ..Request::default()
            };
            let hits = library.engine.search(&request).expect("an answer").hits;
            let hits = hits.into_iter().filter(|hit| is_untouched(&hit.path));
            hits.map(|hit| hit.id).collect::<Vec<_>>()
        })
    };
    let before = orders();
    assert!(before.iter().all(|order| order.len() > 20));
    library.change();
    assert_eq!(orders(), before);
}
