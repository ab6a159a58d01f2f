//! Hostile files of formats that are text: pages, MIME, RTF, noise under every extension.

use super::{Kind, Set, noise};

/// Adds them all.
pub(super) fn add(set: &mut Set) {
    for tag in ["div", "table", "b", "a href=x", "ul><li", "svg", "template"] {
        let name = tag.split([' ', '>']).next().unwrap_or(tag);
        let open = format!("<{tag}>").repeat(100_000);
        set.add(
            &format!("deep-{name}.html"),
            format!("<html><body>{open}深处的字"),
            Kind::Any,
        );
    }
    let attributes: String = (0..200_000).map(|n| format!(" a{n}='{n}'")).collect();
    set.add(
        "attributes.html",
        format!("<html><body{attributes}><p>属性很多的一页。</p>"),
        Kind::Any,
    );
    set.add(
        "entities.html",
        format!("<html><body>{}", "&amp;&lt;&#x4e00;".repeat(500_000)),
        Kind::Any,
    );
    set.add(
        "open.html",
        format!("<html><body><p>{}", "<".repeat(3_000_000)),
        Kind::Any,
    );
    set.add(
        "comment.html",
        format!("<html><body>没有完的注释<!--{}", "-".repeat(3_000_000)),
        Kind::Any,
    );
    let cells = "<table><tr><td colspan=999999999 rowspan=999999999>格".repeat(2_000);
    set.add("spans.html", format!("<html><body>{cells}"), Kind::Any);

    set.add(
        "line.txt",
        "推进审批提速，优化营商环境；".repeat(250_000),
        Kind::Good,
    );
    let short = "推行容缺受理，当场收件。\n".repeat(1_100_000);
    set.add("short-lines.txt", short, Kind::Good);
    set.add(
        "unbroken.md",
        format!("# 长行\n{}", "[".repeat(10 << 20)),
        Kind::Any,
    );
    set.add("headings.md", "#".repeat(10 << 20) + " 标题", Kind::Any);
    set.add(
        "newlines.txt",
        "\n".repeat(10 << 20) + "末行的字",
        Kind::Any,
    );
    set.add(
        "combining.txt",
        format!("通知{}", "\u{0301}".repeat(2_000_000)),
        Kind::Any,
    );
    set.add("replaced.txt", vec![0x81u8; 1 << 20], Kind::Any);
    set.add("half-utf16.txt", [0xff, 0xfe, 0x4e], Kind::Any);
    set.add(
        "surrogates.txt",
        [&[0xff, 0xfe][..], &[0x00, 0xd8].repeat(10_000)].concat(),
        Kind::Any,
    );

    set.add(
        "braces.rtf",
        format!("{{\\rtf1 {}深处的字", "{".repeat(100_000)),
        Kind::Any,
    );
    set.add(
        "closed.rtf",
        format!("{{\\rtf1 通知{}", "}".repeat(100_000)),
        Kind::Any,
    );
    set.add(
        "control.rtf",
        format!("{{\\rtf1\\{} x}}", "a".repeat(5_000_000)),
        Kind::Any,
    );
    set.add("binary.rtf", "{\\rtf1\\bin99999999999 text}", Kind::Any);
    set.add(
        "unicode.rtf",
        format!("{{\\rtf1{}}}", "\\uc99999999\\u-99999".repeat(100_000)),
        Kind::Any,
    );
    set.add(
        "fonts.rtf",
        format!(
            "{{\\rtf1{{\\fonttbl{}}}字}}",
            "{\\f99999999\\fcharset134 a;}".repeat(100_000)
        ),
        Kind::Any,
    );

    mime(set);
    collections(set);
    for extension in [
        "txt", "md", "html", "pdf", "doc", "docx", "wps", "ofd", "rtf", "xlsx", "mht", "epub",
        "csv", "jsonl", "zip",
    ] {
        set.add(&format!("noise.{extension}"), noise(100_000, 7), Kind::Any);
        set.add(&format!("empty.{extension}"), "", Kind::Any);
    }
    let signatures: [(&str, &[u8]); 6] = [
        ("pdf", b"%PDF-1.7\n"),
        ("docx", b"PK\x03\x04"),
        ("doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("rtf", b"{\\rtf1 "),
        ("html", b"<!doctype html>"),
        (
            "mht",
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n",
        ),
    ];
    for (extension, begins) in signatures {
        let bytes = [begins, &noise(200_000, 11)].concat();
        set.add(&format!("signed-noise.{extension}"), bytes, Kind::Any);
        set.add(&format!("signature.{extension}"), begins, Kind::Any);
    }
}

/// Dumps and tables with rows that no row may be; most have a good row before or after them.
fn collections(set: &mut Set) {
    let good = "{\"id\":1,\"text\":\"推行容缺受理。\"}\n";
    let open = format!(
        "id,text\n1,推行甲。\n2,\"{}",
        "没有合上的引号,\n".repeat(450_000)
    );
    set.add("open-quote.csv", open, Kind::Good);
    let cells = format!("id,text\n1,推行乙。\n2,{}\n", ",".repeat(20 << 20));
    set.add("cells.csv", cells, Kind::Any);
    set.add("commas.csv", ",".repeat(10 << 20), Kind::Any);
    let columns = format!("id,text{}\n1,推行丙。\n", ",x".repeat(5 << 20));
    set.add("columns.csv", columns, Kind::Any);
    let long = "推行告知承诺，优化营商环境；".repeat(480_000);
    let long = format!("{good}{{\"id\":2,\"text\":\"{long}\"}}\n");
    set.add("long-line.jsonl", long, Kind::Good);
    let unread = format!("{good}{{\"x\":[{}0]}}\n", "0,".repeat(10 << 20));
    set.add("numbers.jsonl", unread, Kind::Good);
    let names: String = (0..1_000_000).map(|n| format!("\"{n}\":0,")).collect();
    set.add(
        "names.jsonl",
        format!("{good}{{{names}\"text\":\"丁\"}}\n"),
        Kind::Good,
    );
    let (opens, closes) = ("[".repeat(100_000), "]".repeat(100_000));
    let deep = format!("{good}{{\"text\":{opens}{closes}}}\n{good}");
    set.add("deep.jsonl", deep, Kind::Good);
    let deep = "{\"a\":".repeat(100_000);
    set.add("deep-objects.jsonl", format!("{good}{deep}\n"), Kind::Good);
    let same = good.repeat(50_000);
    set.add("same-ids.jsonl", same, Kind::Good);
    let escapes = "\\u0000\\ud800".repeat(500_000);
    set.add(
        "escapes.jsonl",
        format!("{good}{{\"text\":\"{escapes}\"}}\n"),
        Kind::Good,
    );
}

fn mime(set: &mut Set) {
    let part =
        |n: usize| format!("Content-Type: multipart/related; boundary=\"b{n}\"\r\n\r\n--b{n}\r\n");
    let nested: String = (0..20_000).map(part).collect();
    let page = "Content-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>深处的页。</p></body></html>\r\n";
    set.add(
        "nested.mht",
        format!("MIME-Version: 1.0\r\n{nested}{page}"),
        Kind::Any,
    );
    let same = "Content-Type: multipart/related; boundary=x\r\n\r\n--x\r\n".repeat(20_000);
    set.add(
        "same-boundary.mht",
        format!("MIME-Version: 1.0\r\n{same}{page}"),
        Kind::Any,
    );
    let headers = "X-A: b\r\n".repeat(500_000);
    set.add(
        "headers.mht",
        format!("MIME-Version: 1.0\r\n{headers}\r\n{page}"),
        Kind::Any,
    );
    let begin = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n";
    let parts = "--x\r\nContent-Type: text/plain\r\n\r\n字\r\n".repeat(200_000);
    set.add("parts.mht", format!("{begin}{parts}--x--"), Kind::Any);
    let folded = "\r\n a".repeat(500_000);
    set.add(
        "folded.mht",
        format!("MIME-Version: 1.0\r\nSubject: x{folded}\r\n{page}"),
        Kind::Any,
    );
    let quoted = "=E5=85=AC=\r\n".repeat(300_000);
    let head =
        "--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
    set.add("quoted.mht", format!("{begin}{head}{quoted}"), Kind::Any);
}
