//! Hostile ZIP and OLE containers, written by hand since libraries refuse to write them.

use std::io::Write;

use flate2::{Compression, Crc, write::DeflateEncoder};

use super::{Kind, Set};

/// An entry as its headers describe it, true or not.
struct Entry {
    name: String,
    packed: Vec<u8>,
    deflated: bool,
    size: u32,
    crc: u32,
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).expect("into memory");
    packer.finish().expect("into memory")
}

fn entry(name: &str, bytes: &[u8]) -> Entry {
    let mut crc = Crc::new();
    crc.update(bytes);
    Entry {
        name: name.to_owned(),
        packed: deflate(bytes),
        deflated: true,
        size: bytes.len() as u32,
        crc: crc.sum(),
    }
}

/// The fields that local and central header share.
fn common(entry: &Entry) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(0x0800u16.to_le_bytes());
    out.extend((u16::from(entry.deflated) * 8).to_le_bytes());
    out.extend([0; 4]);
    out.extend(entry.crc.to_le_bytes());
    out.extend((entry.packed.len() as u32).to_le_bytes());
    out.extend(entry.size.to_le_bytes());
    out.extend((entry.name.len() as u16).to_le_bytes());
    out.extend([0; 2]);
    out
}

/// An archive; with `overlapping`, every entry of the directory is the first one's data.
fn archive(entries: &[Entry], overlapping: bool) -> Vec<u8> {
    let (mut out, mut places) = (Vec::new(), Vec::new());
    for entry in entries {
        places.push(if overlapping { 0 } else { out.len() as u32 });
        if overlapping && !out.is_empty() {
            continue;
        }
        out.extend(b"PK\x03\x04\x14\0");
        out.extend(common(entry));
        out.extend(entry.name.as_bytes());
        out.extend(&entry.packed);
    }
    let directory = out.len() as u32;
    for (entry, place) in entries.iter().zip(places) {
        out.extend(b"PK\x01\x02\x14\0\x14\0");
        out.extend(common(entry));
        out.extend([0; 10]);
        out.extend(place.to_le_bytes());
        out.extend(entry.name.as_bytes());
    }
    let size = out.len() as u32 - directory;
    let count = (entries.len().min(0xffff) as u16).to_le_bytes();
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend(size.to_le_bytes());
    out.extend(directory.to_le_bytes());
    out.extend([0; 2]);
    out
}

const TYPES: &[u8] = b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Override PartName='/word/document.xml' ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>";
const RELATIONS: &[u8] = b"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='word/document.xml'/></Relationships>";

fn docx(body: &[u8]) -> Vec<Entry> {
    vec![
        entry("[Content_Types].xml", TYPES),
        entry("_rels/.rels", RELATIONS),
        entry("word/document.xml", body),
    ]
}

fn word(inside: &str) -> String {
    format!(
        "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>{inside}</w:body></w:document>"
    )
}

/// A document type in which each entity is ten of the one before.
fn laughs(root: &str) -> String {
    let mut doctype = "<!DOCTYPE d [<!ENTITY a0 '哈'>".to_owned();
    for n in 1..12 {
        let ten = format!("&a{};", n - 1).repeat(10);
        doctype.push_str(&format!("<!ENTITY a{n} '{ten}'>"));
    }
    format!("<?xml version='1.0'?>{doctype}]>{root}")
}

fn workbook(sheet: &str) -> Vec<Entry> {
    let types = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Override PartName='/xl/workbook.xml' ContentType='application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>";
    let relations = |target: &str, kind: &str| {
        format!(
            "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}' Target='{target}'/></Relationships>"
        )
    };
    let book = "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets><sheet name='表' sheetId='1' r:id='r1'/></sheets></workbook>";
    vec![
        entry("[Content_Types].xml", types.as_bytes()),
        entry(
            "_rels/.rels",
            relations("xl/workbook.xml", "officeDocument").as_bytes(),
        ),
        entry("xl/workbook.xml", book.as_bytes()),
        entry(
            "xl/_rels/workbook.xml.rels",
            relations("worksheets/sheet1.xml", "worksheet").as_bytes(),
        ),
        entry("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ]
}

fn sheet(cells: &str) -> String {
    format!(
        "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><dimension ref='A1:XFD1048576'/><sheetData>{cells}</sheetData></worksheet>"
    )
}

/// A book whose spine names its one chapter, and a chapter that is the package itself, again and
/// again.
fn book(chapter: &str, times: usize) -> Vec<Entry> {
    let container = "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles><rootfile full-path='b.opf' media-type='application/oebps-package+xml'/></rootfiles></container>";
    let spine = "<itemref idref='c'/><itemref idref='o'/>".repeat(times);
    let package = format!(
        "<package xmlns='http://www.idpf.org/2007/opf'><manifest><item id='c' href='c.xhtml' media-type='application/xhtml+xml'/><item id='o' href='b.opf' media-type='application/xhtml+xml'/></manifest><spine>{spine}</spine></package>"
    );
    vec![
        entry("mimetype", b"application/epub+zip"),
        entry("META-INF/container.xml", container.as_bytes()),
        entry("b.opf", package.as_bytes()),
        entry("c.xhtml", chapter.as_bytes()),
    ]
}

fn ofd(document: &str) -> Vec<Entry> {
    vec![
        entry("OFD.xml", b"<ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016'><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"),
        entry("Doc_0/Document.xml", document.as_bytes()),
    ]
}

/// A compound file whose sectors lead back to themselves.
fn compound(link: u32) -> Vec<u8> {
    let mut out = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    out.extend([0; 16]);
    for half in [0x3eu16, 3, 0xfffe, 9, 6] {
        out.extend(half.to_le_bytes());
    }
    out.extend([0; 6]);
    for whole in [0u32, 1, 1, 0, 4096, 2, 1, link, 1] {
        out.extend(whole.to_le_bytes());
    }
    out.extend(0u32.to_le_bytes());
    out.resize(512, 0xff);
    // The allocation table: each sector is followed by the next, and the last by `link`.
    for n in 0..128u32 {
        out.extend((if n == 127 { link } else { n + 1 }).to_le_bytes());
    }
    for n in 0..40u8 {
        let mut sector = vec![n; 512];
        sector[..24].copy_from_slice(b"R\0o\0o\0t\0 \0E\0n\0t\0r\0y\0\0\0\0\0");
        out.extend(sector);
    }
    out
}

/// Adds them all.
pub(super) fn add(set: &mut Set) {
    let zeros = vec![0u8; 200 << 20];
    let mut spaces = word("<w:p><w:r><w:t>").into_bytes();
    spaces.extend(vec![b' '; 120 << 20]);
    set.add("bomb.docx", archive(&docx(&spaces), false), Kind::Bad);
    set.add(
        "bomb.zip",
        archive(&[entry("a.txt", &zeros)], false),
        Kind::Any,
    );
    let mut lying = docx(&spaces);
    lying[2].size = 1_000;
    set.add("lying.docx", archive(&lying, false), Kind::Bad);
    let mut huge = docx(word("<w:p/>").as_bytes());
    huge[2].size = u32::MAX - 1;
    set.add("huge-size.docx", archive(&huge, false), Kind::Bad);
    let picture = entry("word/media/image1.bin", &zeros);
    let mut with_picture = docx(word("<w:p><w:r><w:t>图片里是炸弹。</w:t></w:r></w:p>").as_bytes());
    with_picture.push(picture);
    set.add("bomb-beside.docx", archive(&with_picture, false), Kind::Any);
    drop(zeros);

    let many: Vec<Entry> = (0..30_000)
        .map(|n| entry(&format!("{n}.txt"), "字".as_bytes()))
        .collect();
    set.add("many.zip", archive(&many, false), Kind::Any);
    let mut many_parts = docx(word("<w:p/>").as_bytes());
    many_parts.extend(many);
    set.add("many.docx", archive(&many_parts, false), Kind::Bad);

    let quine: Vec<Entry> = (0..5_000)
        .map(|n| entry(&format!("{n}.txt"), &[b' '; 100_000]))
        .collect();
    set.add("overlapping.zip", archive(&quine, true), Kind::Any);
    let mut parts = docx(&[b' '; 1_000_000]);
    parts.extend((0..500).map(|n| entry(&format!("word/header{n}.xml"), &[b' '; 1_000_000])));
    set.add("overlapping.docx", archive(&parts, true), Kind::Bad);
    let mut twice = docx(word("<w:p><w:r><w:t>甲</w:t></w:r></w:p>").as_bytes());
    twice.extend(docx(word("<w:p><w:r><w:t>乙</w:t></w:r></w:p>").as_bytes()));
    set.add("twice.docx", archive(&twice, false), Kind::Any);

    let mut inner = archive(&[entry("正文.txt", "深处的文件。".as_bytes())], false);
    for n in 0..60 {
        inner = archive(&[entry(&format!("{n}.zip"), &inner)], false);
    }
    set.add("nested.zip", inner, Kind::Any);
    let zipped = archive(&[entry("a.txt", "推行容缺受理。".as_bytes())], false);
    let zips: Vec<Entry> = (0..500)
        .map(|n| entry(&format!("{n}.zip"), &zipped))
        .collect();
    set.add("zips.zip", archive(&zips, false), Kind::Any);
    let tiny: Vec<Entry> = (0..9_990)
        .map(|n| entry(&format!("{}/{n}.txt", n % 7), "一件小事。".as_bytes()))
        .collect();
    set.add("tiny.zip", archive(&tiny, false), Kind::Any);
    let same: Vec<Entry> = (0..200)
        .map(|n| entry("同名.txt", format!("第{n}个同名文件。").as_bytes()))
        .collect();
    set.add("same-names.zip", archive(&same, false), Kind::Any);
    for name in ["../../up.txt", "/etc/passwd", "C:\\x.txt", "a\u{0}b.txt"] {
        let bytes = archive(&[entry(name, "向上走的文件名。".as_bytes())], false);
        set.add(&format!("slip-{}.zip", name.len()), bytes, Kind::Any);
    }

    let deep = format!("{}{}", "<w:p>".repeat(100_000), "</w:p>".repeat(100_000));
    set.add(
        "deep.docx",
        archive(&docx(word(&deep).as_bytes()), false),
        Kind::Any,
    );
    let tables = "<w:tbl><w:tr><w:tc>".repeat(30_000);
    set.add(
        "deep-tables.docx",
        archive(&docx(word(&tables).as_bytes()), false),
        Kind::Any,
    );
    let laughing = laughs(&word("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>"));
    set.add(
        "laughs.docx",
        archive(&docx(laughing.as_bytes()), false),
        Kind::Any,
    );
    let external = format!(
        "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>{}",
        word("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")
    );
    set.add(
        "external.docx",
        archive(&docx(external.as_bytes()), false),
        Kind::Any,
    );
    let document = "<ofd:Document xmlns:ofd='http://www.ofdspec.org/2016'><ofd:Pages><ofd:Page ID='1' BaseLoc='&a11;'/></ofd:Pages></ofd:Document>";
    set.add(
        "laughs.ofd",
        archive(&ofd(&laughs(document)), false),
        Kind::Bad,
    );
    let endless = "<ofd:Document xmlns:ofd='http://www.ofdspec.org/2016'><ofd:Pages>".to_owned()
        + &"<ofd:Page ID='1' BaseLoc='Document.xml'/>".repeat(200_000)
        + "</ofd:Pages></ofd:Document>";
    set.add("loop.ofd", archive(&ofd(&endless), false), Kind::Bad);
    let chapter =
        laughs("<html xmlns='http://www.w3.org/1999/xhtml'><body><p>&a11;</p></body></html>");
    set.add("laughs.epub", archive(&book(&chapter, 1), false), Kind::Any);
    set.add(
        "loop.epub",
        archive(
            &book("<html><body><p>一章反复出现。</p></body></html>", 100_000),
            false,
        ),
        Kind::Any,
    );
    let long = format!(
        "<html><body>{}</body></html>",
        "<p>很长的一章。</p>".repeat(50_000)
    );
    set.add(
        "long-loop.epub",
        archive(&book(&long, 5_000), false),
        Kind::Any,
    );

    let far = sheet(
        "<row r='1048576'><c r='XFD1048576' t='inlineStr'><is><t>最后一格</t></is></c></row>",
    );
    set.add("far.xlsx", archive(&workbook(&far), false), Kind::Any);
    let rows: String = (1..=200_000)
        .map(|n| format!("<row r='{n}'><c r='XFD{n}'><v>1</v></c></row>"))
        .collect();
    set.add(
        "wide.xlsx",
        archive(&workbook(&sheet(&rows)), false),
        Kind::Any,
    );
    let wrong = sheet(
        "<row r='99999999999999'><c r='ZZZZZZZZ99999999999'><v>1</v></c><c r=''><v>9e999</v></c></row>",
    );
    set.add("wrong.xlsx", archive(&workbook(&wrong), false), Kind::Any);

    for link in [0, 1, 5, 126, 127, 0xffff_fffe, 0x7fff_ffff] {
        set.add(&format!("cycle-{link}.doc"), compound(link), Kind::Bad);
    }
}
