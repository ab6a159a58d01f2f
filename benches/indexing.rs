//! What indexing costs: the tokenizer alone, the engine alone on text already cut, reading alone,
//! inference and segmentation alone, and the whole from bytes to segment; one thread, text in memory.
//!
//! The whole can at best take as long as the parts together; how near it comes is what everything
//! else costs. `real` compares inference with the tokenizer on the text files of
//! `$DUIBIAO_CORPORA/regulations`, if it is set: generated text has more figures than laws do. `growth` reads texts
//! as no office writes them, of one size and of four times that: the rate in MiB/s must stay what it is.

#[path = "support/generator/mod.rs"]
pub mod generator;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use duibiao_corpus::{Document, Script};
use duibiao_extract::Extracted;
use duibiao_index::{Analyzer, Entry, Fields, Normal};
use duibiao_indexer::understand;
use duibiao_lexicon::Lexicon;
use generator::GeneratedDocument;
use tantivy::{Index, TantivyDocument};

/// Documents of the corpus: about 4 MB of text.
const DOCUMENTS: u64 = 600;
/// Documents analysed before the engine gets them; about as much text as the indexer collects.
const BATCH: usize = 100;
const WRITER_BYTES: usize = 256 * 1024 * 1024;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::embedded().expect("the lexicon is built in"));
static ANALYZER: LazyLock<Analyzer> =
    LazyLock::new(|| Analyzer::new(&LEXICON).expect("the tables are built in"));

fn read(path: &str, text: &str) -> Document {
    understand(path, extracted(path, text), &LEXICON, &ANALYZER)
}

fn extracted(path: &str, text: &str) -> Extracted {
    duibiao_extract::extract(path, text.as_bytes()).expect("generated text is text")
}

fn entries(fields: &Fields, document: &Document) -> Vec<TantivyDocument> {
    fields.entries(
        &ANALYZER,
        &Entry {
            document,
            root: "bench",
            fingerprint: "bench",
            given: None,
        },
    )
}

/// An index in memory, written by the calling thread.
fn write(entries: impl Iterator<Item = TantivyDocument>) -> usize {
    let (schema, _) = Fields::schema();
    let builder = Index::builder()
        .schema(schema)
        .tokenizers(duibiao_index::tokenizers());
    let directory = tantivy::directory::RamDirectory::create();
    let mut writer = builder
        .single_segment_index_writer(directory, WRITER_BYTES)
        .expect("memory for a segment");
    let mut count = 0;
    for entry in entries {
        writer.add_document(entry).expect("an entry of the schema");
        count += 1;
    }
    writer.finalize().expect("a segment");
    count
}

/// Every text of a document that is indexed as words, each heading and the title once.
fn texts(document: &Document) -> Vec<String> {
    let mut texts: Vec<String> = document
        .metadata
        .title
        .iter()
        .map(|title| title.value.clone())
        .collect();
    let mut chars = document.text.chars();
    for passage in &document.passages {
        texts.push(chars.by_ref().take(passage.span.len() as usize).collect());
        texts.extend(
            passage
                .problem
                .as_ref()
                .filter(|_| !passage.is_heading)
                .map(|problem| problem.text.clone()),
        );
        texts.extend(
            passage
                .heading_path
                .last()
                .filter(|_| passage.is_heading)
                .cloned(),
        );
    }
    texts
}

fn cut(text: &str) -> usize {
    let normal = Normal::new(&ANALYZER.fold(text, Script::Hans));
    ANALYZER.segmented(&normal).len()
}

fn cut_all(texts: &[String]) -> usize {
    texts.iter().map(|text| cut(text)).sum()
}

fn understood(texts: Vec<Extracted>) -> Vec<Document> {
    let texts = texts.into_iter();
    texts
        .map(|text| understand("a.txt", text, &LEXICON, &ANALYZER))
        .collect()
}

fn indexing(criterion: &mut Criterion) {
    let corpus: Vec<_> = (0..DOCUMENTS)
        .map(|n| generator::Generator::new(1).document(n))
        .collect();
    let bytes: usize = corpus.iter().map(|d| d.text.len()).sum();
    let documents: Vec<Document> = corpus.iter().map(|d| read(&d.path, &d.text)).collect();
    let (_, fields) = Fields::schema();
    let ready: Vec<TantivyDocument> = documents.iter().flat_map(|d| entries(&fields, d)).collect();
    assert!(!ready.is_empty(), "there is something to index");

    let mut group = criterion.benchmark_group("indexing");
    group
        .sample_size(10)
        .throughput(Throughput::Bytes(bytes as u64));
    let texts: Vec<String> = documents.iter().flat_map(texts).collect();
    group.bench_function("tokenizer", |b| b.iter(|| cut_all(&texts)));
    group.bench_function("engine_on_cut_text", |b| {
        b.iter(|| write(black_box(&ready).iter().cloned()))
    });
    group.bench_function("read", |b| {
        b.iter(|| {
            let texts = corpus.iter().map(|d| extracted(&d.path, &d.text));
            texts.map(|text| text.blocks.len()).sum::<usize>()
        })
    });
    let ready: Vec<Extracted> = corpus.iter().map(|d| extracted(&d.path, &d.text)).collect();
    group.bench_function("infer_and_segment", |b| {
        b.iter_batched(|| ready.clone(), understood, BatchSize::PerIteration)
    });
    // In batches, as the indexer does: analysis and engine each want the cache for themselves.
    let batch = |batch: &[GeneratedDocument]| -> Vec<TantivyDocument> {
        batch
            .iter()
            .flat_map(|d| entries(&fields, &read(&d.path, &d.text)))
            .collect()
    };
    group.bench_function("whole", |b| {
        b.iter(|| write(corpus.chunks(BATCH).flat_map(batch)))
    });
    group.finish();
}

/// The text files below a folder.
fn text_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).expect("the folder can be read");
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "txt" || e == "md") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn real(criterion: &mut Criterion) {
    let Some(corpora) = std::env::var_os("DUIBIAO_CORPORA") else {
        return;
    };
    let read = |path: PathBuf| {
        let bytes = std::fs::read(&path).ok()?;
        duibiao_extract::extract("a.txt", &bytes).ok()
    };
    let files = text_files(&Path::new(&corpora).join("regulations"));
    let ready: Vec<Extracted> = files.into_iter().filter_map(read).collect();
    let bytes: usize = ready.iter().map(|text| text.text.len()).sum();
    let texts: Vec<String> = understood(ready.clone()).iter().flat_map(texts).collect();
    let mut group = criterion.benchmark_group("real");
    group
        .sample_size(10)
        .throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("tokenizer", |b| b.iter(|| cut_all(&texts)));
    group.bench_function("infer_and_segment", |b| {
        b.iter_batched(|| ready.clone(), understood, BatchSize::PerIteration)
    });
    group.finish();
}

/// Texts of `count` parts that a rule could stumble over again and again.
fn hostile(count: usize) -> [(&'static str, String); 4] {
    [
        (
            "one_line",
            "一是推进审批提速35.4%，将于年底前完成；".repeat(count),
        ),
        ("headings", "一、推进审批提速\n".repeat(count)),
        ("quotes", "针对“《".repeat(count)),
        (
            "articles",
            "第一条 各级政府应当推进审批提速。\n".repeat(count),
        ),
    ]
}

fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("growth");
    group.sample_size(10);
    for count in [25_000, 100_000] {
        for (name, text) in hostile(count) {
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(format!("{name}/{count}"), |b| {
                b.iter_batched(
                    || extracted("a.txt", &text),
                    |ready| understand("a.txt", ready, &LEXICON, &ANALYZER),
                    BatchSize::PerIteration,
                )
            });
        }
    }
    group.finish();
}

criterion_group!(benches, indexing, real, growth);
criterion_main!(benches);
