//! What a PDF unpacks to, counted before anything is unpacked whole. Looks at bytes only, so that
//! it holds for files whose objects are broken too; encrypted streams cannot be counted.

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::ExtractError;

/// Larger streams are no text and no font.
const MAX_STREAM: u64 = 64 * 1024 * 1024;
/// All streams together, or a hundred times the file if that is more.
const MAX_TOTAL: u64 = 256 * 1024 * 1024;
const MAX_RATIO: u64 = 100;
/// How far before `stream` its dictionary is looked for.
const DICTIONARY: usize = 2048;

/// Refuses a file whose streams unpack to more than any real document's.
pub(super) fn check(bytes: &[u8]) -> Result<(), ExtractError> {
    let allowed = MAX_TOTAL.max(bytes.len() as u64 * MAX_RATIO);
    let mut total = 0u64;
    let mut at = 0;
    let mut buffer = vec![0u8; 64 * 1024];
    while let Some(found) = find(&bytes[at..], b"stream") {
        let keyword = at + found;
        at = keyword + b"stream".len();
        let is_end = bytes[..keyword].ends_with(b"end");
        if is_end || is_picture(&bytes[keyword.saturating_sub(DICTIONARY)..keyword]) {
            continue;
        }
        let start = bytes[at..]
            .iter()
            .take_while(|b| b.is_ascii_whitespace())
            .count();
        let size = unpacked(&bytes[at + start..], &mut buffer);
        total += size;
        if size > MAX_STREAM || total > allowed {
            return Err(ExtractError::Inflated);
        }
    }
    Ok(())
}

/// Whether the dictionary right before is a picture's, which is never unpacked for its text.
fn is_picture(before: &[u8]) -> bool {
    let begin = before
        .windows(4)
        .rposition(|window| window == b" obj")
        .unwrap_or(0);
    find(&before[begin..], b"/Image").is_some()
}

/// How many bytes a zlib stream yields; 0 if it is none. Stops above the limit.
fn unpacked(data: &[u8], buffer: &mut [u8]) -> u64 {
    let is_zlib = data.len() > 2
        && data[0] & 0x0f == 8
        && (u16::from(data[0]) << 8 | u16::from(data[1])).is_multiple_of(31);
    if !is_zlib {
        return 0;
    }
    let mut decoder = ZlibDecoder::new(data);
    let mut size = 0;
    while let Ok(read @ 1..) = decoder.read(buffer) {
        size += read as u64;
        if size > MAX_STREAM {
            break;
        }
    }
    size
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|&b| b == first) {
        at += found;
        if bytes[at..].starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
    None
}
