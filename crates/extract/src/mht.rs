//! Web pages saved as one MIME file (MHT): the article of the first HTML part, or all of it where a
//! word processor wrote it.
//!
//! A reader of the MIME that browsers and Word write, not of mail: no nested messages, no
//! headers in encoded words, no attachments.

use crate::decode::decode;
use crate::{ExtractError, Extracted, Format, html};

/// More parts than a saved page has.
const MAX_PARTS: usize = 10_000;
/// A page says what wrote it within so many characters.
const HEAD_CHARS: usize = 4 * 1024;
/// Multipart parts within multipart parts.
const MAX_NESTED: usize = 16;

/// A file.
pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let page = page(bytes)?;
    let read = if is_by_word(&page.source) {
        html::whole(&page.source)?
    } else {
        html::saved(&page.source)?
    };
    Ok(as_mht(read, page))
}

/// A part of a Word file, which holds nothing but the document's own text.
pub(crate) fn part(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let page = page(bytes)?;
    Ok(as_mht(html::whole(&page.source)?, page))
}

fn as_mht(read: Extracted, page: Page) -> Extracted {
    Extracted {
        format: Format::Mht,
        encoding: Some(page.encoding.into()),
        warnings: page.warnings,
        ..read
    }
}

/// Whether a word processor wrote a page: nothing stands around the document in it.
fn is_by_word(source: &str) -> bool {
    let head: String = source.chars().take(HEAD_CHARS).collect();
    let says = [
        "urn:schemas-microsoft-com:office",
        "content=Word.Document",
        "Microsoft Word",
        "Kingsoft",
    ];
    says.iter().any(|word| head.contains(word))
}

/// Whether the bytes begin like a MIME file: header lines that name its version or type.
pub(crate) fn looks_like(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    let part = Part::parse(head);
    let multipart = part
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("multipart/"));
    multipart || part.header("mime-version").is_some()
}

/// The source of a page with the encoding it was decoded from.
pub(crate) struct Page {
    /// The HTML.
    pub(crate) source: String,
    /// Name of the encoding.
    pub(crate) encoding: &'static str,
    /// What to know of how it was decoded.
    warnings: Vec<String>,
}

/// The first HTML part of a MIME file.
pub(crate) fn page(bytes: &[u8]) -> Result<Page, ExtractError> {
    let mut waiting = vec![(Part::parse(bytes), 0usize)];
    let mut seen = 0usize;
    while let Some((part, nested)) = waiting.pop() {
        seen += 1;
        if seen > MAX_PARTS || nested > MAX_NESTED {
            return Err(ExtractError::Damaged("MIME file"));
        }
        let kind = part.header("content-type").unwrap_or_default();
        let kind_lower = kind.to_ascii_lowercase();
        if kind_lower.contains("multipart/") {
            if let Some(boundary) = parameter(&kind, "boundary") {
                let parts = split(part.body, boundary.as_bytes());
                waiting.extend(parts.into_iter().rev().map(|p| (p, nested + 1)));
            }
        } else if kind_lower.contains("html") {
            let body = part.decoded();
            let label = parameter(&kind, "charset").or_else(|| html::declared(&body));
            let decoded = decode(&body, label.as_deref())?;
            return Ok(Page {
                source: decoded.text,
                encoding: decoded.encoding,
                warnings: decoded.warnings,
            });
        }
    }
    Err(ExtractError::Damaged("MIME file without an HTML part"))
}

/// Headers and body.
struct Part<'b> {
    headers: Vec<(String, String)>,
    body: &'b [u8],
}

impl<'b> Part<'b> {
    /// Headers up to the first empty line; a line that begins with a blank continues the last.
    fn parse(bytes: &'b [u8]) -> Self {
        let mut headers: Vec<(String, String)> = Vec::new();
        let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        // Empty lines before the first header belong to nothing.
        while let Some(after) = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")) {
            rest = after;
        }
        loop {
            let end = rest.iter().position(|&b| b == b'\n');
            let (line, after) = match end {
                Some(end) => (&rest[..end], &rest[end + 1..]),
                None => (rest, &rest[rest.len()..]),
            };
            let text = String::from_utf8_lossy(line);
            let text = text.trim_end();
            rest = after;
            if text.is_empty() {
                break;
            }
            if text.starts_with([' ', '\t']) {
                if let Some((_, value)) = headers.last_mut() {
                    value.push(' ');
                    value.push_str(text.trim());
                }
            } else if let Some((name, value)) = text.split_once(':') {
                headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
            if end.is_none() {
                break;
            }
        }
        Self {
            headers,
            body: rest,
        }
    }

    fn header(&self, name: &str) -> Option<String> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    }

    /// The body without its transfer encoding.
    fn decoded(&self) -> Vec<u8> {
        let encoding = self.header("content-transfer-encoding").unwrap_or_default();
        match encoding.to_ascii_lowercase().as_str() {
            "quoted-printable" => quoted_printable(self.body),
            "base64" => base64(self.body),
            _ => self.body.to_vec(),
        }
    }
}

/// `charset="gb2312"` in a header value.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (key.trim().eq_ignore_ascii_case(name) && !value.is_empty()).then(|| value.to_owned())
    })
}

/// The parts between lines of `--boundary`.
fn split<'b>(body: &'b [u8], boundary: &[u8]) -> Vec<Part<'b>> {
    let mut parts = Vec::new();
    let mut begin = None;
    let mut at = 0usize;
    while at < body.len() && parts.len() <= MAX_PARTS {
        let length = body[at..]
            .iter()
            .position(|&b| b == b'\n')
            .map_or(body.len() - at, |end| end + 1);
        let line = &body[at..at + length];
        let marks = line
            .strip_prefix(b"--")
            .is_some_and(|rest| rest.starts_with(boundary));
        if marks {
            if let Some(begin) = begin {
                parts.push(Part::parse(&body[begin..at]));
            }
            begin = Some(at + length);
            if line[boundary.len() + 2..].starts_with(b"--") {
                return parts;
            }
        }
        at += length;
    }
    // A file cut before its last boundary still has what it has.
    if let Some(begin) = begin {
        parts.push(Part::parse(&body[begin..]));
    }
    parts
}

fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let hex = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'=' {
            out.push(byte);
            continue;
        }
        if let [high, low, after @ ..] = rest
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            out.push(high << 4 | low);
            rest = after;
            continue;
        }
        // A soft line break, possibly with blanks before the end of the line.
        let blanks = rest.iter().take_while(|b| b" \t\r".contains(b)).count();
        match rest.get(blanks) {
            Some(b'\n') => rest = &rest[blanks + 1..],
            None => rest = &rest[rest.len()..],
            Some(_) => out.push(b'='),
        }
    }
    out
}

fn base64(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0u32);
    for &byte in body {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BlockKind, fixture};

    #[test]
    fn a_saved_page_is_read_in_its_charset() {
        let read = extract(&fixture("page.mht")).expect("page");
        assert_eq!(
            (read.format, read.encoding.as_deref()),
            (Format::Mht, Some("GB18030"))
        );
        assert!(
            read.text.starts_with("关于开展容缺受理的通知\n"),
            "{}",
            read.text
        );
        assert!(read.text.contains("各区人民政府：\n"));
        let undeclared = extract(&fixture("page-no-charset.mht")).expect("page");
        assert_eq!(undeclared.text, read.text);
        assert!(looks_like(&fixture("page.mht")));
        assert!(!looks_like("关于：通知".as_bytes()));
    }

    /// A page that a browser saved, in an encoding it does not have.
    fn saved(html: &str) -> Vec<u8> {
        format!("MIME-Version: 1.0\r\nContent-Type: text/html; charset=gb2312\r\n\r\n{html}")
            .into_bytes()
    }

    #[test]
    fn what_stands_around_a_saved_article_is_furniture_unless_word_wrote_it() {
        let body = "<div>网站地图</div><div id=zoom><p>各窗口应当公布办理时限，并接受监督。</p></div><div>版权所有</div>";
        let read = extract(&saved(&format!("<html><body>{body}</body></html>"))).expect("page");
        assert_eq!(
            read.text,
            "各窗口应当公布办理时限，并接受监督。\n网站地图\n版权所有\n"
        );
        let kinds: Vec<BlockKind> = read.blocks.iter().map(|block| block.kind).collect();
        assert_eq!(
            kinds,
            [
                BlockKind::Paragraph,
                BlockKind::Furniture,
                BlockKind::Furniture
            ]
        );
        assert_eq!(read.warnings, ["declared GB2312 but UTF-8"]);
        let word = "xmlns:o=\"urn:schemas-microsoft-com:office:office\"";
        let read =
            extract(&saved(&format!("<html {word}><body>{body}</body></html>"))).expect("page");
        assert!(read.text.starts_with("网站地图\n"), "{}", read.text);
    }

    #[test]
    fn transfer_encodings_are_undone() {
        assert_eq!(quoted_printable(b"a=3D=\r\nb=C4=E3="), b"a=b\xc4\xe3");
        assert_eq!(base64(b"5Lit\r\n5Zu9"), "中国".as_bytes());
        assert_eq!(base64(b"YQ=="), b"a");
    }

    #[test]
    fn files_without_a_page_are_errors() {
        assert!(extract(b"").is_err());
        assert!(extract(b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n").is_err());
        let whole = fixture("page.mht");
        for length in (0..whole.len()).step_by(13) {
            let _ = extract(&whole[..length]);
        }
    }
}
