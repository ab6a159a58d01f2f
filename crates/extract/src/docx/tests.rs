//! Word files of every shape the module reads, and some it refuses.

use super::*;
use crate::block::BlockKind::{Furniture, Heading, Item, Paragraph, Row, Title};
use crate::fixture;

#[test]
fn styles_deletions_fields_and_notes() {
    let read = extract(&fixture("plain.docx")).expect("docx");
    let lines: Vec<(&str, _)> = read
        .text
        .lines()
        .zip(read.blocks.iter().map(|b| b.kind))
        .collect();
    assert_eq!(
        lines,
        [
            ("关于推行容缺受理的通知", Title),
            ("一、总体要求", Heading(1)),
            ("各单位要在三十日内完成清理，有关情况见附件。", Paragraph),
            ("（一）工作目标", Heading(2)),
            ("请勾选：☑同意", Paragraph),
            ("咨询电话-1234", Paragraph),
            ("容缺受理，是指先行受理、限期补正。", Paragraph),
            ("内部资料", Furniture),
            ("第1页", Furniture),
        ]
    );
}

#[test]
fn a_part_in_html_is_the_text() {
    let read = extract(&fixture("altchunk.docx")).expect("docx");
    assert_eq!(read.format, Format::Docx);
    assert!(read.text.starts_with("某市数据共享办法\n"), "{}", read.text);
    assert!(
        read.text
            .contains("第一条 为了规范数据共享，制定本办法。\n")
    );
    assert_eq!(read.blocks[0].kind, Heading(1));
}

#[test]
fn numbers_tables_and_text_boxes() {
    let read = extract(&fixture("numbered.docx")).expect("docx");
    let lines: Vec<(&str, _)> = read
        .text
        .lines()
        .zip(read.blocks.iter().map(|b| b.kind))
        .collect();
    assert_eq!(
        lines,
        [
            ("某市人民政府文件", Paragraph),
            ("一、主要任务", Heading(1)),
            ("（一）压缩办理时限", Item),
            ("（二）减少申请材料", Item),
            ("二、保障措施", Heading(1)),
            ("（一）加强组织领导", Item),
            ("1. 明确责任", Item),
            ("序号\t事项\t时限", Row),
            ("1\t企业开办 （含注销）\t一日", Row),
        ]
    );
}

#[test]
fn bad_files_have_a_reason() {
    let refused = |name| extract(&fixture(name)).expect_err(name);
    assert_eq!(refused("bomb.docx"), ExtractError::Inflated);
    assert_eq!(
        refused("wrong-relation.docx"),
        ExtractError::Damaged("part of a Word file")
    );
    assert_eq!(
        refused("truncated.docx"),
        ExtractError::Damaged("ZIP container")
    );
    assert_eq!(
        refused("nested.zip"),
        ExtractError::Damaged("body of a Word file")
    );
    let laughs = extract(&fixture("laughs.docx")).expect("docx");
    assert_eq!(laughs.text, "可读的一段\n");
}

#[test]
fn flipped_bits_never_panic() {
    for name in ["plain.docx", "numbered.docx"] {
        let whole = fixture(name);
        for at in (0..whole.len()).step_by(11) {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x55;
            let _ = extract(&flipped);
        }
    }
}

/// Characters that are neither blank nor Markdown marks, link targets left out.
fn squeezed(text: &str, markdown: bool) -> Vec<char> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if markdown
            && c == ']'
            && let Some(end) = rest.find(')').filter(|_| rest.starts_with('('))
        {
            rest = &rest[end + 1..];
            continue;
        }
        let mark = markdown && "[<>".contains(c) || "#*-_|`\\".contains(c);
        if !c.is_whitespace() && !mark && c != ']' {
            out.push(c);
        }
    }
    out
}

fn bigrams(text: &[char]) -> HashMap<[char; 2], usize> {
    let mut counts = HashMap::new();
    for pair in text.windows(2) {
        *counts.entry([pair[0], pair[1]]).or_insert(0) += 1;
    }
    counts
}

/// Every law of the triples, its Word file against its Markdown. The folder of corpora is no
/// part of the project: without it the test says so and passes.
#[test]
fn laws_are_read_as_their_markdown_says() {
    let Some(corpora) = std::env::var_os("DUIBIAO_CORPORA") else {
        eprintln!("DUIBIAO_CORPORA is not set: Word files of laws are not measured");
        return;
    };
    let folder = std::path::Path::new(&corpora).join("formats/law-triples");
    for entry in std::fs::read_dir(folder).expect("folder") {
        let law = entry.expect("entry").path();
        let bytes = std::fs::read(law.join("text.docx")).expect("docx");
        let expected = std::fs::read_to_string(law.join("text.md")).expect("markdown");
        let read = extract(&bytes).expect("text");
        let (read, expected) = (squeezed(&read.text, false), squeezed(&expected, true));
        let (found, wanted) = (bigrams(&read), bigrams(&expected));
        let shared: usize = wanted
            .iter()
            .map(|(pair, &count)| count.min(found.get(pair).copied().unwrap_or(0)))
            .sum();
        let recall = shared as f64 / wanted.values().sum::<usize>() as f64;
        let precision = shared as f64 / found.values().sum::<usize>() as f64;
        eprintln!("{recall:.4} {precision:.4} {}", law.display());
        assert!(recall >= 0.995 && precision >= 0.995, "{}", law.display());
    }
}
