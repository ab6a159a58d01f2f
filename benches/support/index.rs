//! The index that benches search: generated documents, as many as hold a number of passages. It
//! is built once and, where `DUIBIAO_BENCH_INDEX` names a folder, kept there for the next time.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use duibiao_indexer::{Options, run};
use duibiao_lexicon::Lexicon;
use duibiao_search::Engine;

use crate::generator::Generator;

/// Passages that a document holds on average, and can be hits.
const PASSAGES_A_DOCUMENT: f64 = 20.88;

/// How many passages are asked for: `DUIBIAO_BENCH_PASSAGES`, else 100,000.
pub fn passages() -> u64 {
    let asked = std::env::var("DUIBIAO_BENCH_PASSAGES").ok();
    asked.map_or(100_000, |n| n.parse().expect("a number of passages"))
}

/// An index of so many passages, or a few more.
pub struct Indexed {
    /// The index, open.
    pub engine: Engine,
    /// Where it is.
    pub path: PathBuf,
    /// How many documents it holds.
    pub documents: u64,
    /// Bytes of their text.
    pub bytes: u64,
    _temporary: Option<tempfile::TempDir>,
}

impl Indexed {
    /// Opens the index of so many passages, or builds it.
    pub fn of(passages: u64) -> Self {
        let documents = (passages as f64 / PASSAGES_A_DOCUMENT).ceil() as u64;
        let kept = std::env::var_os("DUIBIAO_BENCH_INDEX").map(PathBuf::from);
        let temporary = kept
            .is_none()
            .then(|| tempfile::tempdir().expect("a temporary folder"));
        let folder = match (&kept, &temporary) {
            (Some(folder), _) => folder.join(format!("{documents}-documents")),
            (None, Some(folder)) => folder.path().to_owned(),
            (None, None) => unreachable!("one of both is there"),
        };
        let (path, size) = (folder.join("index"), folder.join("bytes"));
        let bytes = match fs::read_to_string(&size) {
            Ok(bytes) => bytes.parse().expect("a number of bytes"),
            Err(_) => {
                let bytes = build(documents, &folder, &path);
                fs::write(&size, bytes.to_string()).expect("a writable folder");
                bytes
            }
        };
        let lexicon = Lexicon::embedded().expect("the lexicon is built in");
        Self {
            engine: Engine::open(&path, lexicon).expect("an index"),
            path,
            documents,
            bytes,
            _temporary: temporary,
        }
    }
}

/// Writes the documents, indexes them and takes them away again.
fn build(documents: u64, folder: &Path, index: &Path) -> u64 {
    let source = folder.join("documents");
    let generator = Generator::new(1);
    let mut bytes = 0;
    for n in 0..documents {
        let document = generator.document(n);
        let file = source.join(&document.path);
        fs::create_dir_all(file.parent().expect("a path below the folder"))
            .expect("a writable folder");
        bytes += document.text.len() as u64;
        fs::write(file, document.text).expect("a writable folder");
    }
    let options = Options {
        roots: vec![source.clone()],
        index: index.to_owned(),
        ..Options::default()
    };
    let lexicon = Lexicon::embedded().expect("the lexicon is built in");
    let report = run(&options, &lexicon, &AtomicBool::new(false), &mut |_| {}).expect("an index");
    println!(
        "indexed {:.1} MB, {} documents in {:.1} s: {:.1} MB/s on all cores",
        bytes as f64 / 1e6,
        report.documents,
        report.seconds,
        bytes as f64 / 1e6 / report.seconds
    );
    fs::remove_dir_all(source).expect("our own folder");
    bytes
}
