//! PDF files with a text layer: the text a careful reader would copy.
//!
//! Pages to glyphs (`content`, `font`), glyphs to lines (`lines`, `columns`, `tables`), lines to
//! paragraphs without page furniture (`furniture`, `paragraphs`). Pictures are not read: a scanned page has no text.

mod columns;
mod content;
mod fold;
mod font;
mod furniture;
mod limits;
mod lines;
mod paragraphs;
mod path;
mod tables;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use self::content::Walker;
use crate::{ExtractError, Extracted, Format};

/// Longer documents are read up to here.
const MAX_PAGES: usize = 20_000;
/// A page with fewer readable characters has no text layer, only perhaps a stamp or a number.
const MIN_PAGE_CHARS: usize = 8;
/// A document with fewer readable characters a page is a scanned one.
const MIN_CHARS_A_PAGE: usize = 4;

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    limits::check(bytes)?;
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm)
        | LoadPdfError::Decryption(DecryptionError::PasswordProtected) => ExtractError::Protected,
        LoadPdfError::Decryption(_) | LoadPdfError::Invalid => ExtractError::Damaged("PDF"),
    })?;
    let all = pdf.pages().len();
    if all == 0 {
        return Err(ExtractError::Damaged("PDF"));
    }
    let mut walker = Walker::new();
    let mut pages = Vec::new();
    let mut unread = Unread::default();
    let mut between = None;
    for page in pdf.pages().iter().take(MAX_PAGES) {
        let (width, height) = page.render_dimensions();
        let size = (f64::from(width), f64::from(height));
        let mut page = lines::lines(walker.page(page), size, &mut between);
        for line in &mut page.lines {
            line.text = fold::fold(&line.text);
        }
        unread.count(&page.lines);
        pages.push(page);
        if walker.is_exhausted() {
            break;
        }
    }
    if unread.replaced > unread.readable {
        return Err(ExtractError::UnmappedText);
    }
    if unread.readable < pages.len() * MIN_CHARS_A_PAGE || unread.empty_pages == pages.len() {
        return Err(ExtractError::NoTextLayer);
    }
    let warnings = unread.warnings(all, pages.len());
    let furniture = furniture::furniture(&pages);
    let built = paragraphs::build(&pages, &furniture);
    Ok(built.finish(Format::Pdf, "PDF", warnings))
}

/// What could not be read.
#[derive(Default)]
struct Unread {
    readable: usize,
    replaced: usize,
    empty_pages: usize,
}

impl Unread {
    fn count(&mut self, lines: &[lines::Line]) {
        let (mut readable, mut replaced) = (0, 0);
        for c in lines.iter().flat_map(|line| line.text.chars()) {
            if c == '\u{fffd}' {
                replaced += 1;
            } else if c.is_alphanumeric() {
                readable += 1;
            }
        }
        self.readable += readable;
        self.replaced += replaced;
        if readable < MIN_PAGE_CHARS {
            self.empty_pages += 1;
        }
    }

    fn warnings(&self, all: usize, read: usize) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.empty_pages > 0 {
            let empty = self.empty_pages;
            warnings.push(format!("{empty} of {read} pages have no text layer"));
        }
        if self.replaced > 0 {
            warnings.push(format!("{} characters could not be read", self.replaced));
        }
        if read < all {
            warnings.push(format!("only {read} of {all} pages were read"));
        }
        warnings
    }
}

#[cfg(test)]
mod tests;
