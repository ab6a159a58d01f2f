//! Hostile PDF files.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};

use super::{Kind, Set};

/// A file of these objects, numbered from 1, the first being the catalogue.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", index + 1).as_bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).as_bytes());
    for place in &places {
        out.extend(format!("{place:010} 00000 n \n").as_bytes());
    }
    let trailer = format!(
        "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n",
        places.len() + 1
    );
    out.extend(trailer.as_bytes());
    out
}

fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut out = format!("<<{dictionary}/Length {}>>\nstream\n", data.len()).into_bytes();
    out.extend(data);
    out.extend(b"\nendstream");
    out
}

fn packed(data: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(data).expect("into memory");
    packer.finish().expect("into memory")
}

/// Catalogue, page tree, a page with this content and these resources, its font, and more objects.
fn page(content: Vec<u8>, resources: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]>>".to_vec(),
        format!(
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>{resources}>>>>"
        )
        .into_bytes(),
        content,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
    ];
    objects.extend_from_slice(more);
    pdf(&objects)
}

const TEXT: &[u8] =
    b"BT /F 12 Tf 80 700 Td (Notice on administrative approval of the city) Tj ET\n";

fn with_text(before: &[u8]) -> Vec<u8> {
    stream("", &[before, TEXT].concat())
}

/// Adds them all.
pub(super) fn add(set: &mut Set) {
    let text = with_text(b"");
    nesting(set);
    for (name, count) in [("page-cycle", 1), ("page-cycle-wide", 2_000)] {
        let kids = "2 0 R ".repeat(count);
        let objects = [
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            format!("<</Type/Pages/Count 99999999/Kids[{kids}]/Parent 2 0 R>>").into_bytes(),
        ];
        set.add(&format!("{name}.pdf"), pdf(&objects), Kind::Bad);
    }
    // Each level of the tree names the next one ten times.
    let mut tree = vec![b"<</Type/Catalog/Pages 2 0 R>>".to_vec()];
    tree.extend((3..40).map(|n| {
        format!(
            "<</Type/Pages/Count 1000/Kids[{}]>>",
            format!("{n} 0 R ").repeat(10)
        )
        .into_bytes()
    }));
    tree.push(b"<</Type/Page/MediaBox[0 0 9 9]>>".to_vec());
    set.add("page-explosion.pdf", pdf(&tree), Kind::Bad);

    let whole = page(text.clone(), "", &[]);
    let end = whole
        .windows(7)
        .rposition(|w| w == b"trailer")
        .expect("a trailer");
    let table = whole
        .windows(5)
        .position(|w| w == b"xref\n")
        .expect("a table");
    for (name, previous) in [("itself", table), ("outside", 99_999_999), ("header", 0)] {
        let mut looped = whole[..end].to_vec();
        let trailer =
            format!("trailer\n<</Size 6/Root 1 0 R/Prev {previous}>>\nstartxref\n{table}\n%%EOF\n");
        looped.extend(trailer.as_bytes());
        set.add(&format!("xref-{name}.pdf"), looped, Kind::Any);
    }
    let mut claims = whole.clone();
    claims.splice(table..end, b"xref\n0 4000000000\n".iter().copied());
    set.add("xref-huge.pdf", claims, Kind::Any);

    for (name, length) in [
        ("huge", "99999999999"),
        ("negative", "-5"),
        ("itself", "4 0 R"),
        ("endless", "6 0 R"),
    ] {
        let mut content = format!("<</Length {length}>>\nstream\n").into_bytes();
        content.extend(TEXT);
        content.extend(b"\nendstream");
        let more = [b"6 0 R".to_vec()];
        set.add(
            &format!("length-{name}.pdf"),
            page(content, "", &more),
            Kind::Any,
        );
    }
    streams(set);
    let own = |name: &str| {
        stream(
            &format!(
                "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R/Y 7 0 R>>/Font<</F 5 0 R>>>>/N({name})"
            ),
            b"/X Do /Y Do /X Do /Y Do (x) Tj",
        )
    };
    let forms = page(
        with_text(b"/X Do "),
        "/XObject<</X 6 0 R>>",
        &[own("a"), own("b")],
    );
    set.add("forms.pdf", forms, Kind::Any);
    let shown = "BT /F 1 Tf (0123456789) Tj ET q ".repeat(1_000_000);
    set.add(
        "operators.pdf",
        page(stream("", shown.as_bytes()), "", &[]),
        Kind::Any,
    );
    let squeezed = packed(
        "q 1 0 0 1 0 0 cm BT /F 1 Tf (a) Tj ET "
            .repeat(1_500_000)
            .as_bytes(),
    );
    set.add(
        "operators-packed.pdf",
        page(stream("/Filter/FlateDecode", &squeezed), "", &[]),
        Kind::Any,
    );
    let font = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 6 0 R>>".to_vec();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>".to_vec(),
        text.clone(),
        font,
    ];
    let ranges = "1 begincodespacerange <00> <ffff> endcodespacerange 1 beginbfrange <0000> <ffffffff> <0041> endbfrange ".repeat(20_000);
    objects.push(stream(
        "/Type/Font/Subtype/CIDFontType2/DescendantFonts[6 0 R]/W[0 999999999 500]/UseCMap 6 0 R",
        ranges.as_bytes(),
    ));
    set.add("font-ranges.pdf", pdf(&objects), Kind::Any);
    for (name, size) in [
        ("nan", "[0 0 1e999 1e999]"),
        ("empty", "[0 0 0 0]"),
        ("negative", "[9 9 -9e9 -9e9]"),
    ] {
        let objects = [
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            format!("<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox{size}>>").into_bytes(),
            b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>".to_vec(),
            text.clone(),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
        ];
        set.add(&format!("box-{name}.pdf"), pdf(&objects), Kind::Any);
    }
}

/// Arrays, dictionaries and strings in each other, in objects and in contents.
fn nesting(set: &mut Set) {
    for (name, open, close) in [
        ("arrays", "[", "]"),
        ("dictionaries", "<</A ", ">>"),
        ("strings", "(", ")"),
    ] {
        for depth in [10_000, 1_000_000] {
            let deep = format!("{}{}", open.repeat(depth), close.repeat(depth));
            let object = page(with_text(b""), "/X 6 0 R", &[deep.clone().into_bytes()]);
            set.add(&format!("deep-{name}-{depth}.pdf"), object, Kind::Any);
            let content = page(with_text(deep.as_bytes()), "", &[]);
            set.add(
                &format!("deep-{name}-{depth}-content.pdf"),
                content,
                Kind::Any,
            );
            let catalogue = [format!("<</Type/Catalog/Pages {deep}>>").into_bytes()];
            set.add(
                &format!("deep-{name}-{depth}-catalogue.pdf"),
                pdf(&catalogue),
                Kind::Bad,
            );
        }
    }
}

/// Streams that unpack to far too much, or are kept in themselves.
fn streams(set: &mut Set) {
    let zeros = packed(&vec![b' '; 150 << 20]);
    set.add(
        "bomb.pdf",
        page(stream("/Filter/FlateDecode", &zeros), "", &[]),
        Kind::Bad,
    );
    let twice = packed(&zeros);
    set.add(
        "bomb-twice.pdf",
        page(stream("/Filter[/FlateDecode/FlateDecode]", &twice), "", &[]),
        Kind::Bad,
    );
    let filters = "/FlateDecode".repeat(100_000);
    set.add(
        "filters.pdf",
        page(
            stream(&format!("/Filter[{filters}]"), &zeros[..1_000]),
            "",
            &[],
        ),
        Kind::Bad,
    );
    let runs = [&[255u8, b' '][..]].concat().repeat(2_000_000);
    set.add(
        "run-length.pdf",
        page(stream("/Filter/RunLengthDecode", &runs), "", &[]),
        Kind::Any,
    );
    // An object stream that says of its own objects, and of itself, that they are in it.
    let inside = b"6 0 7 30 <</Type/ObjStm/Extends 6 0 R>> <</A 7 0 R>>";
    let own = stream("/Type/ObjStm/N 2/First 10/Extends 6 0 R", inside);
    set.add(
        "object-stream.pdf",
        page(with_text(b""), "/X 7 0 R", std::slice::from_ref(&own)),
        Kind::Any,
    );
    let many = stream("/Type/ObjStm/N 2000000000/First 2000000000", inside);
    set.add(
        "object-stream-huge.pdf",
        page(with_text(b""), "/X 7 0 R", &[many]),
        Kind::Any,
    );
    // References that lead in a circle, and a long chain of them.
    let circle = [b"7 0 R".to_vec(), b"6 0 R".to_vec()];
    set.add(
        "references.pdf",
        page(b"6 0 R".to_vec(), "/X 6 0 R", &circle),
        Kind::Bad,
    );
    let chain: Vec<Vec<u8>> = (7..50_000)
        .map(|n| format!("{n} 0 R").into_bytes())
        .collect();
    set.add("chain.pdf", page(b"6 0 R".to_vec(), "", &chain), Kind::Bad);
}
