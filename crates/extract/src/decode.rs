//! Bytes to characters. UTF-8 with or without a byte order mark; other encodings are refused
//! with the place of the first byte that does not fit.

use crate::ExtractError;

/// Control characters that text files do have.
const TEXT_CONTROLS: &[char] = &['\t', '\n', '\r', '\x0c', '\x0b', '\x1b', '\x08'];

pub(crate) fn decode(bytes: &[u8]) -> Result<String, ExtractError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| {
        if looks_binary(bytes) {
            ExtractError::Binary
        } else {
            ExtractError::NotUtf8(e.valid_up_to())
        }
    })?;
    if looks_binary(bytes) {
        return Err(ExtractError::Binary);
    }
    Ok(text.to_owned())
}

/// More than one control character in twenty: no text has that.
fn looks_binary(bytes: &[u8]) -> bool {
    let controls = bytes
        .iter()
        .filter(|&&b| b < 0x20 && !TEXT_CONTROLS.contains(&char::from(b)))
        .count();
    controls * 20 > bytes.len()
}
