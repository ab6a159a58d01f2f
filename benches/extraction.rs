//! What reading files costs: bytes to text for each format, one thread, files in memory, and the
//! share it has of everything from bytes to a segment for plain text.
//!
//! The files are the fixtures, the samples, generated documents as collections, and what
//! `$DUIBIAO_CORPORA` holds, if it is set. The best of several rounds is printed, since a machine can only be slower than it is. What a worker process
//! adds is not measured here.

#[path = "support/generator/mod.rs"]
pub mod generator;

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use duibiao_extract::{Archive, Collection, Columns, Extracted, collection_of, extract, rows};
use duibiao_index::{Analyzer, Entry, Fields};
use duibiao_indexer::understand;
use duibiao_lexicon::Lexicon;
use tantivy::{Index, TantivyDocument};

/// Rounds of which the best counts.
const ROUNDS: usize = 5;
/// A round of a format takes at least this long, so that small fixtures can be timed.
const MIN_ROUND: Duration = Duration::from_millis(50);
/// Documents of plain text for the share: about 4 MB.
const DOCUMENTS: u64 = 600;
/// Documents analysed before the engine gets them, as in the indexer.
const BATCH: usize = 100;
const WRITER_BYTES: usize = 256 * 1024 * 1024;

/// A file in memory.
struct File {
    name: String,
    bytes: Vec<u8>,
}

/// Every file below a folder.
fn files(folder: &Path, found: &mut Vec<File>) {
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = fs::read(&path) {
                let name = path.display().to_string();
                found.push(File { name, bytes });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
}

/// The shortest of several rounds.
fn best(mut work: impl FnMut()) -> f64 {
    let round = |work: &mut dyn FnMut()| {
        let begun = Instant::now();
        let mut times = 0u32;
        while begun.elapsed() < MIN_ROUND {
            work();
            times += 1;
        }
        begun.elapsed().as_secs_f64() / f64::from(times)
    };
    (0..ROUNDS)
        .map(|_| round(&mut work))
        .fold(f64::INFINITY, f64::min)
}

/// What is read of a file: one text, or those of a collection.
fn texts(file: &File) -> (&'static str, Vec<Extracted>) {
    let columns = Columns::default();
    match collection_of(&file.name, &file.bytes, &columns) {
        Some(Collection::Zip) => {
            let open = Archive::open(Cursor::new(&file.bytes), file.bytes.len() as u64);
            let archive = open.ok().filter(|archive| archive.document().is_none());
            if let Some(mut archive) = archive {
                let mut texts = Vec::new();
                while let Some(member) = archive.next_member() {
                    let bytes = archive.read(&member).unwrap_or_default();
                    texts.extend(extract(&member.name, &bytes));
                }
                return ("zip", texts);
            }
        }
        Some(collection) => {
            let rows = rows(collection, file.bytes.as_slice(), &columns);
            let records = rows.into_iter().flatten().flatten();
            let texts = records.filter_map(|row| row.content.ok()?.extract().ok());
            let name = match collection {
                Collection::Jsonl => "jsonl",
                _ => "csv of documents",
            };
            return (name, texts.collect());
        }
        None => {}
    }
    let text = extract(&file.name, &file.bytes).ok();
    let name = text.as_ref().map_or("", |text| text.format.as_str());
    (name, text.into_iter().collect())
}

/// The generated documents as the three kinds of collection.
fn collections() -> Vec<File> {
    let generator = generator::Generator::new(1);
    let documents: Vec<_> = (0..DOCUMENTS).map(|n| generator.document(n)).collect();
    let mut lines = String::new();
    let mut table = csv::Writer::from_writer(b"id,text\n".to_vec());
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (n, document) in documents.iter().enumerate() {
        let row = serde_json::json!({"id": n, "text": document.text});
        lines.push_str(&format!("{row}\n"));
        let row = [n.to_string(), document.text.clone()];
        table.write_record(row).expect("into memory");
        let options = zip::write::SimpleFileOptions::default();
        archive
            .start_file(format!("{n}.txt"), options)
            .expect("into memory");
        archive
            .write_all(document.text.as_bytes())
            .expect("into memory");
    }
    let file = |name: &str, bytes| File {
        name: name.to_owned(),
        bytes,
    };
    vec![
        file("a.jsonl", lines.into_bytes()),
        file("a.csv", table.into_inner().expect("into memory")),
        file("a.zip", archive.finish().expect("into memory").into_inner()),
    ]
}

fn formats(corpora: Option<&Path>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = collections();
    files(&root.join("tests/fixtures/pdf"), &mut all);
    files(&root.join("tests/fixtures/office"), &mut all);
    files(&root.join("index-data/samples"), &mut all);
    if let Some(corpora) = corpora {
        files(&corpora.join("formats"), &mut all);
    }
    let mut by_format: BTreeMap<&str, Vec<(&File, usize)>> = BTreeMap::new();
    for file in &all {
        let (format, texts) = texts(file);
        if !texts.is_empty() {
            let bytes = texts.iter().map(|read| read.text.len()).sum();
            by_format.entry(format).or_default().push((file, bytes));
        }
    }
    println!(
        "{:<16} {:>5} {:>9} {:>9} {:>14} {:>14}",
        "format", "files", "MB", "MB text", "MB/s", "MB/s of text"
    );
    for (format, files) in by_format {
        let bytes: usize = files.iter().map(|(file, _)| file.bytes.len()).sum();
        let text: usize = files.iter().map(|(_, text)| text).sum();
        let seconds = best(|| {
            for (file, _) in &files {
                black_box(texts(file));
            }
        });
        let mega = |bytes: usize| bytes as f64 / 1e6;
        println!(
            "{format:<16} {:>5} {:>9.3} {:>9.3} {:>14.1} {:>14.1}",
            files.len(),
            mega(bytes),
            mega(text),
            mega(bytes) / seconds,
            mega(text) / seconds
        );
    }
}

fn entries(
    files: &[File],
    fields: &Fields,
    lexicon: &Lexicon,
    analyzer: &Analyzer,
) -> Vec<TantivyDocument> {
    let mut entries = Vec::new();
    for file in files {
        let Ok(extracted) = extract(&file.name, &file.bytes) else {
            continue;
        };
        let document = understand(&file.name, extracted, lexicon, analyzer);
        let entry = Entry {
            document: &document,
            root: "bench",
            fingerprint: "bench",
            given: None,
        };
        entries.extend(fields.entries(analyzer, &entry));
    }
    entries
}

/// Reading against everything, one thread, into a segment in memory.
fn share(what: &str, files: &[File]) {
    let lexicon = Lexicon::embedded().expect("the lexicon is built in");
    let analyzer = Analyzer::new(&lexicon).expect("the tables are built in");
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    let reading = best(|| {
        for file in files {
            black_box(extract(&file.name, &file.bytes)).ok();
        }
    });
    let (schema, fields) = Fields::schema();
    let whole = best(|| {
        let builder = Index::builder()
            .schema(schema.clone())
            .tokenizers(duibiao_index::tokenizers());
        let directory = tantivy::directory::RamDirectory::create();
        let mut writer = builder
            .single_segment_index_writer(directory, WRITER_BYTES)
            .expect("memory for a segment");
        for batch in files.chunks(BATCH) {
            for entry in entries(batch, &fields, &lexicon, &analyzer) {
                writer.add_document(entry).expect("an entry of the schema");
            }
        }
        writer.finalize().expect("a segment");
    });
    println!(
        "{what}: {} files, {:.1} MB: reading {:.0} ms of {:.0} ms, {:.1} %",
        files.len(),
        bytes as f64 / 1e6,
        reading * 1e3,
        whole * 1e3,
        100.0 * reading / whole
    );
}

fn main() {
    // `cargo test --benches` only looks whether it runs.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let corpora = std::env::var_os("DUIBIAO_CORPORA").map(PathBuf::from);
    formats(corpora.as_deref());
    let generator = generator::Generator::new(1);
    let generated = (0..DOCUMENTS).map(|n| {
        let document = generator.document(n);
        File {
            name: document.path,
            bytes: document.text.into_bytes(),
        }
    });
    share("generated text", &generated.collect::<Vec<_>>());
    if let Some(corpora) = corpora {
        let mut regulations = Vec::new();
        files(&corpora.join("regulations"), &mut regulations);
        share("regulations", &regulations);
    }
}
