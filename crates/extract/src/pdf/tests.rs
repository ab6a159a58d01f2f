//! PDF files made for the project, and the corpora where they are at hand.

use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use super::extract;
use crate::{BlockKind, ExtractError, Extracted};

/// The text without furniture.
fn body(read: &Extracted) -> String {
    let chars: Vec<char> = read.text.chars().collect();
    let kept = read
        .blocks
        .iter()
        .filter(|b| b.kind != BlockKind::Furniture);
    kept.flat_map(|b| &chars[b.span.begin as usize..b.span.end as usize])
        .collect()
}

/// Markdown without its marks and link targets, and without blanks.
fn plain(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some(at) = rest.find("](") {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = rest.find(')').map_or("", |end| &rest[end + 1..]);
    }
    text.push_str(rest);
    text.retain(|c| !c.is_whitespace() && !"#*-_>|`[]!\\".contains(c));
    text
}

fn bigrams(text: &str) -> HashMap<(char, char), usize> {
    let chars: Vec<char> = text
        .chars()
        .filter(|c| !c.is_whitespace() && !"#*-_>|`[]!\\".contains(*c))
        .collect();
    let mut counts = HashMap::new();
    for pair in chars.windows(2) {
        *counts.entry((pair[0], pair[1])).or_default() += 1;
    }
    counts
}

/// Recall and precision of a text's bigrams.
fn quality(expected: &str, read: &str) -> (f64, f64) {
    let (expected, read) = (bigrams(expected), bigrams(read));
    let common: usize = expected
        .iter()
        .map(|(pair, count)| count.min(read.get(pair).unwrap_or(&0)))
        .sum();
    let all = |counts: &HashMap<_, usize>| counts.values().sum::<usize>().max(1) as f64;
    (common as f64 / all(&expected), common as f64 / all(&read))
}

#[test]
fn laws_are_read_whole() {
    let Some(corpora) = std::env::var_os("DUIBIAO_CORPORA") else {
        eprintln!("skipped: DUIBIAO_CORPORA is not set");
        return;
    };
    let formats = Path::new(&corpora).join("formats");
    for entry in std::fs::read_dir(formats.join("law-triples")).expect("triples") {
        let folder = entry.expect("entry").path();
        let bytes = std::fs::read(folder.join("text.pdf")).expect("PDF");
        let markdown = std::fs::read_to_string(folder.join("text.md")).expect("Markdown");
        let begun = Instant::now();
        let read = extract(&bytes).expect("text");
        let seconds = begun.elapsed().as_secs_f64();
        let (recall, precision) = quality(&plain(&markdown), &body(&read));
        let speed = bytes.len() as f64 / 1e6 / seconds;
        eprintln!(
            "{recall:.4} {precision:.4} {speed:.1} MB/s {} {:?}",
            folder.display(),
            read.warnings
        );
        assert!(
            recall >= 0.995 && precision >= 0.995,
            "{}",
            folder.display()
        );
    }
    let scanned = std::fs::read(formats.join("pdf/scanned-law.pdf")).expect("PDF");
    assert_eq!(extract(&scanned), Err(ExtractError::NoTextLayer));
}

#[test]
fn zz_dump() {
    if let Some(path) = std::env::var_os("PDF_DUMP") {
        let t = Instant::now();
        match extract(&std::fs::read(path).expect("file")) {
            Ok(read) => {
                let chars: Vec<char> = read.text.chars().collect();
                for b in &read.blocks {
                    let s: String = chars[b.span.begin as usize..b.span.end as usize]
                        .iter()
                        .collect();
                    println!("{:?}\t{s}", b.kind);
                }
                println!("{:?} {:?}", read.warnings, t.elapsed());
            }
            Err(e) => println!("ERR {e} {:?}", t.elapsed()),
        }
    }
}
