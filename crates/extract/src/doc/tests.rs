//! A Word file of the binary generation, and copies of it with every kind of damage.

use super::*;
use crate::block::BlockKind::{Furniture, Heading, Item, Paragraph, Row, Title};
use crate::fixture;

#[test]
fn text_tables_lists_and_notes() {
    let read = extract(&fixture("notice.doc")).expect("doc");
    let lines: Vec<(&str, _)> = read
        .text
        .lines()
        .zip(read.blocks.iter().map(|b| b.kind))
        .collect();
    assert_eq!(
        lines,
        [
            ("关于清理证明事项的通知", Title),
            ("一、总体要求", Heading(1)),
            ("各单位要在三十日内完成清理，详见附件。", Paragraph),
            ("（一）减少申请材料", Item),
            ("（二）压缩办理时限", Item),
            ("序号\t事项\t时限", Row),
            ("1\t企业开办\t一日", Row),
            ("特此通知。", Paragraph),
            ("含委托下放的事项。", Paragraph),
            ("第1页", Furniture),
        ]
    );
    assert_eq!(read.format, Format::Doc);
}

#[test]
fn narrow_pieces_are_latin_or_gbk() {
    let text = |bytes: &[u8]| {
        decoded(bytes, true)
            .iter()
            .map(|(c, _)| *c)
            .collect::<String>()
    };
    assert_eq!(text(b"2024 \x93A\x94"), "2024 “A”");
    assert_eq!(text(&GB18030.encode("第1条 办法").0), "第1条 办法");
}

#[test]
fn other_files_of_the_container_are_named() {
    let refused = |stream: &str| {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("container");
        file.create_stream(stream).expect("stream");
        extract(&file.into_inner().into_inner()).expect_err(stream)
    };
    assert_eq!(refused("EncryptedPackage"), ExtractError::Protected);
    assert_eq!(refused("Workbook"), ExtractError::Unsupported("legacy XLS"));
    assert_eq!(
        refused("WordDocument"),
        ExtractError::Damaged("head of a Word file")
    );
    let mut locked = vec![0u8; 0x200];
    locked[..2].copy_from_slice(&[0xec, 0xa5]);
    locked[2] = 0xc1;
    locked[0x0b] = 0x01;
    assert_eq!(Fib::read(&locked).map(|_| ()), Err(ExtractError::Protected));
}

#[test]
fn damage_never_panics() {
    assert!(extract(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").is_err());
    let whole = fixture("notice.doc");
    for at in (0..whole.len()).step_by(5) {
        for change in [0x01, 0xff] {
            let mut changed = whole.clone();
            changed[at] ^= change;
            let _ = extract(&changed);
        }
    }
    for length in (0..whole.len()).step_by(97) {
        let _ = extract(&whole[..length]);
    }
}
