//! Text inside containers in the legacy encodings that RTF, MHT and old Word files declare.
//!
//! It guesses no encoding: plain text files are another module's matter.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, WINDOWS_1252};

use crate::decode;

/// Bytes at the start of a page in which it declares its charset.
const LOOK: usize = 4096;

/// The encoding of a Windows code page; GB 2312 and GBK are read as their superset.
pub(crate) fn of_code_page(page: u32) -> &'static Encoding {
    match page {
        936 | 54936 | 20936 => GB18030,
        950 => BIG5,
        65001 => UTF_8,
        932 => encoding_rs::SHIFT_JIS,
        949 => encoding_rs::EUC_KR,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        1253 => encoding_rs::WINDOWS_1253,
        _ => WINDOWS_1252,
    }
}

/// The code page of a Windows font charset.
pub(crate) fn of_font_charset(charset: u32) -> Option<&'static Encoding> {
    match charset {
        134 => Some(GB18030),
        136 => Some(BIG5),
        128 => Some(encoding_rs::SHIFT_JIS),
        129 => Some(encoding_rs::EUC_KR),
        204 => Some(encoding_rs::WINDOWS_1251),
        0 => Some(WINDOWS_1252),
        _ => None,
    }
}

/// Whether the bytes above ASCII are all pairs of GB 2312, as Chinese programs leave them where
/// Latin text should be.
pub(crate) fn is_paired(bytes: &[u8]) -> bool {
    let mut pairs = 0usize;
    let mut at = 0usize;
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x80 {
            at += 1;
            continue;
        }
        let trail = bytes.get(at + 1).copied().unwrap_or(0);
        if !(0xa1..=0xf7).contains(&byte) || trail < 0xa1 {
            return false;
        }
        pairs += 1;
        at += 2;
    }
    pairs >= 2
}

/// A page's text and the name of its encoding: a byte order mark, then valid UTF-8, then what
/// the container or the page declares; GB18030 for Chinese pages that declare nothing.
pub(crate) fn decode_html(bytes: &[u8], label: Option<&str>) -> (String, &'static str) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling(&bytes[mark..]).0;
        return (text.into_owned(), decode::name(encoding));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), UTF_8.name());
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOK)]).to_ascii_lowercase();
    let in_page = head.split_once("charset=").map(|(_, rest)| {
        let rest = rest.trim_start_matches(['"', '\'', ' ']);
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c))
            .unwrap_or(rest.len());
        rest[..end].to_owned()
    });
    let named = |label: &str| Encoding::for_label(label.as_bytes()).filter(|e| *e != UTF_8);
    let encoding = label
        .and_then(named)
        .or_else(|| in_page.as_deref().and_then(named))
        .unwrap_or(GB18030);
    let encoding = if encoding == encoding_rs::GBK {
        GB18030
    } else {
        encoding
    };
    let text = encoding.decode_without_bom_handling(bytes).0;
    (text.into_owned(), decode::name(encoding))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_charset_is_believed_where_the_bytes_are_no_utf_8() {
        let gbk = GB18030.encode("<meta charset=gb2312><p>公布办法").0;
        assert_eq!(
            decode_html(&gbk, None).0,
            "<meta charset=gb2312><p>公布办法"
        );
        assert_eq!(decode_html(&gbk, Some("utf-8")).1, "GB18030");
        assert_eq!(decode_html("通知".as_bytes(), Some("gb2312")).1, "UTF-8");
        let big5 = BIG5.encode("<p>辦法").0;
        assert_eq!(decode_html(&big5, Some("big5")).0, "<p>辦法");
    }
}
