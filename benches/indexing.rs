//! What indexing costs: the tokenizer alone, the engine alone on text already cut, and the whole
//! from bytes to segment, one thread, text in memory.
//!
//! The whole can at best take as long as the two parts together; how near it comes is what
//! reading, inference, segmentation and everything else cost.

#[path = "support/generator/mod.rs"]
pub mod generator;

use std::hint::black_box;
use std::sync::LazyLock;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use duibiao_corpus::{Document, Script};
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
    let extracted =
        duibiao_extract::extract(path, text.as_bytes()).expect("generated text is text");
    understand(path, extracted, &LEXICON, &ANALYZER)
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
    group.bench_function("tokenizer", |b| {
        b.iter(|| texts.iter().map(|text| cut(text)).sum::<usize>())
    });
    group.bench_function("engine_on_cut_text", |b| {
        b.iter(|| write(black_box(&ready).iter().cloned()))
    });
    group.bench_function("read_infer_segment", |b| {
        b.iter(|| {
            corpus
                .iter()
                .map(|d| read(&d.path, &d.text).passages.len())
                .sum::<usize>()
        })
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

criterion_group!(benches, indexing);
criterion_main!(benches);
