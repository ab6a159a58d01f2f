//! What the characters of symbol fonts look like, as far as forms use them.
//!
//! Not a table of whole fonts: boxes, ticks and bullets only.

/// Characters of symbol fonts that forms are full of; others of the private area say nothing
/// without their font.
pub(crate) fn symbol(font: &str, code: u32) -> Option<char> {
    let own = match code {
        0xf000..=0xf0ff => code - 0xf000,
        0..=0xff => code,
        _ => return char::from_u32(code).filter(|_| !(0xe000..=0xf8ff).contains(&code)),
    };
    match (font, own) {
        ("Wingdings", 0xa8 | 0x6f) | ("Wingdings 2", 0xa3) => Some('□'),
        ("Wingdings", 0xfe) | ("Wingdings 2", 0x52) => Some('☑'),
        ("Wingdings", 0xfd) | ("Wingdings 2", 0x54) => Some('☒'),
        ("Wingdings", 0xfc) | ("Wingdings 2", 0x50) => Some('✓'),
        ("Wingdings", 0x6e) => Some('■'),
        ("Wingdings", 0x6c) => Some('●'),
        ("Wingdings", 0x75) => Some('◆'),
        ("Wingdings", 0xa1) => Some('○'),
        (font, _) if font.starts_with("Wingdings") || font == "Symbol" => None,
        _ => char::from_u32(own).filter(|c| !c.is_control()),
    }
}
