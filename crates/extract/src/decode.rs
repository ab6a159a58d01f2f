//! Bytes to characters: which encoding they are in, and what could not be read.
//!
//! The order is from certain to likely: a byte order mark, strict UTF-8, UTF-16 by what its units
//! are, the encoding the file declares where its bytes agree, and a detector at last. The whole
//! GB family is read as GB18030, which contains GBK and GB2312.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::ExtractError;

/// Text and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) encoding: &'static str,
    pub(crate) warnings: Vec<String>,
}

/// Control characters that text files do have.
const TEXT_CONTROLS: &[char] = &['\t', '\n', '\r', '\x0c', '\x0b', '\x1b', '\x08'];
/// Of a thousand UTF-16 units, so many are letters, digits or punctuation in any real text.
const UTF_16_SHARE: usize = 950;
/// Enough units to tell.
const UTF_16_LOOK: usize = 4_096;
/// Of a thousand characters, so many unreadable ones make it no text in that encoding.
const MOST_REPLACED: usize = 50;

/// Decodes a file. `declared` is the encoding it names itself.
pub(crate) fn decode(bytes: &[u8], declared: Option<&str>) -> Result<Decoded, ExtractError> {
    let label = declared.unwrap_or_default().to_ascii_uppercase();
    let declared = Encoding::for_label(label.as_bytes());
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None => (guess(bytes, declared)?, bytes),
    };
    let encoding = family(encoding);
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let text = text.into_owned();
    let replaced = if had_errors {
        text.matches('\u{fffd}').count()
    } else {
        0
    };
    if looks_binary(&text) || replaced * 1_000 > text.chars().count() * MOST_REPLACED {
        return Err(ExtractError::Binary);
    }
    let mut warnings = Vec::new();
    if declared.is_some_and(|d| family(d) != encoding) && !text.is_ascii() {
        warnings.push(format!("declared {label} but {}", name(encoding)));
    }
    if replaced > 0 {
        warnings.push(format!(
            "{replaced} characters could not be decoded as {}",
            name(encoding)
        ));
    }
    Ok(Decoded {
        text,
        encoding: name(encoding),
        warnings,
    })
}

/// The encoding of a file that is read piece by piece, from its first bytes.
pub(crate) fn encoding_of_head(head: &[u8]) -> Result<&'static Encoding, ExtractError> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(family(encoding));
    }
    // The last character may be cut; what is left begins and ends with whole ones.
    let whole = match std::str::from_utf8(head) {
        Err(error) if error.error_len().is_none() => &head[..error.valid_up_to()],
        _ => match head.iter().rposition(|&byte| byte == b'\n') {
            Some(end) if !head.contains(&0) => &head[..=end],
            _ => &head[..head.len() / 2 * 2],
        },
    };
    let encoding = family(guess(whole, None)?);
    let text = encoding.decode_without_bom_handling(whole).0;
    if looks_binary(&text) {
        Err(ExtractError::Binary)
    } else {
        Ok(encoding)
    }
}

/// The encoding of bytes without a byte order mark.
fn guess(
    bytes: &[u8],
    declared: Option<&'static Encoding>,
) -> Result<&'static Encoding, ExtractError> {
    if std::str::from_utf8(bytes).is_ok() {
        return Ok(UTF_8);
    }
    if let Some(encoding) = utf_16(bytes) {
        return Ok(encoding);
    }
    if bytes.contains(&0) {
        return Err(ExtractError::Binary);
    }
    // UTF-8 with a few broken bytes stays UTF-8: no other encoding reads it at all.
    if nearly_utf_8(bytes) {
        return Ok(UTF_8);
    }
    let fits =
        |encoding: &&'static Encoding| !family(encoding).decode_without_bom_handling(bytes).1;
    if let Some(declared) = declared.filter(fits) {
        return Ok(declared);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let detected = detector.guess(None, Utf8Detection::Deny);
    // A short Chinese text is easily taken for a Western one; no Chinese archive holds those.
    let is_chinese = [GB18030, BIG5].contains(&family(detected));
    Ok(if is_chinese || !fits(&GB18030) {
        detected
    } else {
        GB18030
    })
}

/// The encoding that contains the others of its family.
fn family(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == encoding_rs::GBK {
        GB18030
    } else {
        encoding
    }
}

/// What an encoding is called in reports.
pub(crate) fn name(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 {
        "GB18030"
    } else {
        encoding.name()
    }
}

/// UTF-16 without a mark: nearly all units are characters that texts have, in one byte order.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let look = &bytes[..bytes.len().min(UTF_16_LOOK * 2)];
    let share = |unit: fn([u8; 2]) -> u16| {
        let units = look.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        units.filter(|unit| is_usual(*unit)).count() * 1_000 / (look.len() / 2)
    };
    let (little, big) = (share(u16::from_le_bytes), share(u16::from_be_bytes));
    match (little >= UTF_16_SHARE, big >= UTF_16_SHARE) {
        (true, false) => Some(UTF_16LE),
        (false, true) => Some(UTF_16BE),
        _ => None,
    }
}

/// Letters, digits, punctuation and Han characters in everyday use.
fn is_usual(unit: u16) -> bool {
    matches!(unit, 0x09 | 0x0a | 0x0d | 0x20..=0x7e | 0xb7 | 0xd7 | 0x2010..=0x203b | 0x2160..=0x217f | 0x2460..=0x249b | 0x25a0..=0x25ff | 0x3000..=0x303f | 0x3220..=0x3229 | 0x4e00..=0x9fa5 | 0xff01..=0xff5e)
}

/// Whether nearly all of it is UTF-8.
fn nearly_utf_8(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let replaced = text.matches('\u{fffd}').count();
    let multibyte = text.chars().filter(|c| c.len_utf8() > 2).count();
    multibyte > replaced * 20
}

/// More than one control character in twenty: no text has that.
fn looks_binary(text: &str) -> bool {
    let mut controls = 0usize;
    let mut chars = 0usize;
    for c in text.chars() {
        chars += 1;
        controls += usize::from(c.is_control() && !TEXT_CONTROLS.contains(&c));
    }
    controls * 20 > chars
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIMPLIFIED: &str =
        "哈尔滨市人民政府关于进一步优化营商环境的通知\n一、审批时限压缩50%。\n";
    const TRADITIONAL: &str = "關於優化營商環境的提案，建議推行容缺受理機制。";

    fn read(bytes: &[u8], declared: Option<&str>) -> (String, &'static str, Vec<String>) {
        let decoded = decode(bytes, declared).expect("text");
        (decoded.text, decoded.encoding, decoded.warnings)
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let utf_16 = |text: &str, little: bool, mark: bool| -> Vec<u8> {
            let mark = if mark { "\u{feff}" } else { "" };
            format!("{mark}{text}")
                .encode_utf16()
                .flat_map(|unit| {
                    if little {
                        unit.to_le_bytes()
                    } else {
                        unit.to_be_bytes()
                    }
                })
                .collect()
        };
        let gb = GB18030.encode(SIMPLIFIED).0.into_owned();
        let big5 = BIG5.encode(TRADITIONAL).0.into_owned();
        for (bytes, text, encoding) in [
            (SIMPLIFIED.as_bytes().to_vec(), SIMPLIFIED, "UTF-8"),
            (
                format!("\u{feff}{SIMPLIFIED}").into_bytes(),
                SIMPLIFIED,
                "UTF-8",
            ),
            (gb, SIMPLIFIED, "GB18030"),
            (
                GB18030.encode("㐀𠮷营商环境㐁").0.into_owned(),
                "㐀𠮷营商环境㐁",
                "GB18030",
            ),
            (big5, TRADITIONAL, "Big5"),
            (utf_16(SIMPLIFIED, true, true), SIMPLIFIED, "UTF-16LE"),
            (utf_16(SIMPLIFIED, false, true), SIMPLIFIED, "UTF-16BE"),
            (utf_16(SIMPLIFIED, true, false), SIMPLIFIED, "UTF-16LE"),
            (utf_16(SIMPLIFIED, false, false), SIMPLIFIED, "UTF-16BE"),
        ] {
            assert_eq!(read(&bytes, None), (text.to_owned(), encoding, Vec::new()));
        }
    }

    #[test]
    fn a_declaration_is_believed_only_where_the_bytes_agree() {
        let (text, encoding, warnings) = read(SIMPLIFIED.as_bytes(), Some("gb2312"));
        assert_eq!((text.as_str(), encoding), (SIMPLIFIED, "UTF-8"));
        assert_eq!(warnings, ["declared GB2312 but UTF-8"]);
        let gb = GB18030.encode(SIMPLIFIED).0.into_owned();
        let (text, encoding, warnings) = read(&gb, Some("utf-8"));
        assert_eq!((text.as_str(), encoding), (SIMPLIFIED, "GB18030"));
        assert_eq!(warnings, ["declared UTF-8 but GB18030"]);
        assert!(read(&gb, Some("GBK")).2.is_empty());
        let big5 = BIG5.encode("整改").0.into_owned();
        assert_eq!(read(&big5, Some("big5")).0, "整改");
    }

    #[test]
    fn unreadable_bytes_are_counted_and_too_many_are_no_text() {
        let mut bytes = SIMPLIFIED.repeat(5).into_bytes();
        bytes.insert(60, 0xff);
        let (text, encoding, warnings) = read(&bytes, None);
        assert_eq!(encoding, "UTF-8");
        assert!(text.contains('\u{fffd}') && text.contains("审批时限压缩50%"));
        assert_eq!(warnings, ["1 characters could not be decoded as UTF-8"]);
        assert_eq!(
            decode(&[0, 159, 146, 150, 1, 2, 3], None),
            Err(ExtractError::Binary)
        );
        let noise: Vec<u8> = (0..4_000u32)
            .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
            .collect();
        assert_eq!(decode(&noise, None), Err(ExtractError::Binary));
    }

    #[test]
    fn short_chinese_texts_are_not_taken_for_western_ones() {
        for text in ["整改", "审批提速", "营商环境 2017"] {
            let gb = GB18030.encode(text).0.into_owned();
            assert_eq!(read(&gb, None).0, text);
        }
    }
}
