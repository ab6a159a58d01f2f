//! PDF files made for the project, and the corpora where they are at hand.

use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use crate::{BlockKind, ExtractError, Extracted};

fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    super::extract(bytes, None)
}

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

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/pdf");
    std::fs::read(folder.join(name)).expect(name)
}

/// Kind and text of each block.
fn blocks(name: &str) -> Vec<(BlockKind, String)> {
    let read = extract(&fixture(name)).expect(name);
    let chars: Vec<char> = read.text.chars().collect();
    let text = |b: &crate::Block| chars[b.span.begin as usize..b.span.end as usize].iter();
    let each = read.blocks.iter();
    each.map(|b| (b.kind, text(b).collect())).collect()
}

fn texts(name: &str) -> Vec<String> {
    blocks(name).into_iter().map(|(_, text)| text).collect()
}

#[test]
fn a_notice_is_read_by_paragraphs_with_its_furniture_apart() {
    let read = blocks("unigb-ucs2.pdf");
    let kinds: Vec<BlockKind> = read.iter().map(|(kind, _)| *kind).collect();
    let of = |kind| {
        read.iter()
            .filter(move |b| b.0 == kind)
            .map(|b| b.1.as_str())
    };
    assert_eq!(kinds.len(), 15);
    assert_eq!(
        of(BlockKind::Title).collect::<Vec<_>>(),
        ["关于印发《河湾市推行容缺受理工作办法》的通知"]
    );
    let head = "河湾市人民政府公报";
    assert_eq!(
        of(BlockKind::Furniture).collect::<Vec<_>>(),
        [head, "— 1 —", head, "— 2 —"]
    );
    let paragraphs: Vec<&str> = of(BlockKind::Paragraph).collect();
    assert_eq!(paragraphs[2], "一、总体要求");
    assert!(paragraphs[1].starts_with("为进一步") && paragraphs[1].ends_with("市政府办公室。"));
    assert!(paragraphs[5 + 1].ends_with("可以延长5个工作日。"));
}

#[test]
fn a_paragraph_goes_on_over_the_page_break() {
    let read = blocks("long-paragraph.pdf");
    let kinds: Vec<BlockKind> = read.iter().map(|(kind, _)| *kind).collect();
    use BlockKind::{Furniture, Paragraph};
    assert_eq!(kinds, [Paragraph, Furniture, Paragraph, Furniture]);
    assert!(read[0].1.ends_with("第四十句到此为止。"));
}

#[test]
fn fonts_without_to_unicode_are_read_by_their_character_collection() {
    assert_eq!(texts("gbk-euc.pdf"), texts("unigb-ucs2.pdf"));
    assert_eq!(
        texts("identity-gb1.pdf"),
        ["各部门应当公布清单，明确期限。"]
    );
}

#[test]
fn look_alikes_and_simple_encodings_are_read() {
    assert_eq!(texts("radicals.pdf"), ["人民政府长期坚持生态优先"]);
    assert_eq!(texts("simple.pdf"), ["GDP grew", "Aé€国—", "fi’s café"]);
}

#[test]
fn columns_are_read_one_after_the_other_and_cells_whole() {
    let columns = texts("columns.pdf");
    assert_eq!(columns.len(), 2, "{columns:?}");
    assert!(columns[1].contains("不得要求申请人重复提交。（二）坚持依法依规。"));
    let table = blocks("table.pdf");
    assert!(table.contains(&(
        BlockKind::Row,
        "一网通办率\t年底前达到百分之九十五以上并保持稳定\t市行政审批局牵头，各部门配合".into()
    )));
    assert_eq!(table.len(), 5);
}

#[test]
fn scanned_and_locked_files_are_said_to_be_so() {
    assert_eq!(
        extract(&fixture("scanned.pdf")),
        Err(ExtractError::NoTextLayer)
    );
    let partly = extract(&fixture("partly-scanned.pdf")).expect("text");
    assert_eq!(partly.warnings, ["1 of 2 pages have no text layer"]);
    assert_eq!(texts("encrypted.pdf"), ["For official use only"]);
    assert_eq!(
        extract(&fixture("password.pdf")),
        Err(ExtractError::Protected)
    );
}

#[test]
fn broken_files_are_read_or_refused() {
    assert_eq!(
        extract(&fixture("truncated.pdf")),
        Err(ExtractError::Damaged("PDF"))
    );
    assert_eq!(texts("pages-cycle.pdf"), ["循环的页面树里只有这一页。"]);
    assert_eq!(texts("nested.pdf"), ["数组嵌套得很深的文件。"]);
    assert_eq!(texts("forms.pdf"), ["画自己的表单也只读到一次。"]);
    for bytes in [&b"%PDF-1.7 ..."[..], b"", b"%PDF-1.4\nstream\n\x78\x9c"] {
        assert_eq!(extract(bytes), Err(ExtractError::Damaged("PDF")));
    }
}

#[test]
fn a_stream_that_unpacks_to_too_much_is_refused() {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let megabyte = vec![b' '; 1024 * 1024];
    for _ in 0..65 {
        std::io::Write::write_all(&mut encoder, &megabyte).expect("in memory");
    }
    let mut bytes = b"%PDF-1.4\n1 0 obj\n<</Filter/FlateDecode>>\nstream\n".to_vec();
    bytes.extend(encoder.finish().expect("in memory"));
    assert_eq!(extract(&bytes), Err(ExtractError::Inflated));
}

/// Every fixture cut short and with bytes changed: text or an error, no panic.
#[test]
fn damage_never_panics() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/pdf");
    for entry in std::fs::read_dir(folder).expect("fixtures") {
        let bytes = std::fs::read(entry.expect("entry").path()).expect("fixture");
        let rounds: usize =
            std::env::var("DUIBIAO_DAMAGE").map_or(4, |n| n.parse().expect("number"));
        for round in 1..=rounds {
            let _ = extract(&bytes[..bytes.len() * round / (rounds + 1)]);
            let mut changed = bytes.clone();
            let mut at = round * 7919;
            for _ in 0..1 + changed.len() / 300 {
                at = (at * 1_103_515_245 + 12_345) & 0x7fff_ffff;
                let place = at % changed.len();
                changed[place] = (at >> 8) as u8;
            }
            let _ = extract(&changed);
        }
    }
}

/// A line at the right edge is as full as one that goes on below; it does not.
#[test]
fn lines_at_the_right_edge_are_paragraphs() {
    for name in ["signature.pdf", "signature-inset.pdf"] {
        let read = extract(&fixture(name)).expect(name);
        let lines: Vec<&str> = read.text.lines().collect();
        let below = [
            "河湾市政府",
            "2023年4月12日",
            "（此件公开发布）",
            "抄送：市委各部门。",
            "河湾市人民政府办公室　2023年4月14日印发",
            "附件：河湾市容缺受理事项清单",
        ];
        assert_eq!(lines[lines.len() - below.len()..], below, "{name}");
        assert_eq!(lines.len(), 4 + below.len(), "{name}: {lines:#?}");
    }
}
