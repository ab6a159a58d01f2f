//! Little-endian numbers at an offset, none where the bytes end before. It knows no format.

use std::ops::Range;

pub(super) fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let found = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(found.try_into().ok()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let found = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(found.try_into().ok()?))
}

/// The bytes of a length from an offset on.
pub(super) fn slice(bytes: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(length)?)
}

/// A table of `PLC` form: positions, then one record of `size` between each two of them.
pub(super) fn plc(bytes: &[u8], size: usize) -> impl Iterator<Item = (Range<u32>, &[u8])> {
    let count = bytes.len().saturating_sub(4) / (size + 4);
    (0..count).filter_map(move |index| {
        let begin = u32_at(bytes, index * 4)?;
        let end = u32_at(bytes, index * 4 + 4)?;
        let record = slice(bytes, (count + 1) * 4 + index * size, size)?;
        Some((begin..end, record))
    })
}
