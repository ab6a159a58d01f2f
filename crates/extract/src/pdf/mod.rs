//! PDF files with a text layer: the text a careful reader would copy.
//!
//! Pages to glyphs (`content`, `font`), glyphs to lines (`lines`, `columns`, `tables`), lines to
//! paragraphs without page furniture (`furniture`, `paragraphs`). A scanned page has no text, unless
//! OCR is asked for (`scans`).

mod columns;
mod content;
mod fold;
mod font;
mod furniture;
mod limits;
mod lines;
mod paragraphs;
mod path;
mod scans;
mod tables;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use self::content::Walker;
use self::scans::Scans;
use crate::ocr::Ocr;
use crate::{ExtractError, Extracted, Format};

pub(crate) use self::scans::MAX_TIME as MAX_OCR_TIME;

/// Longer documents are read up to here.
const MAX_PAGES: usize = 20_000;
/// A page with fewer readable characters has no text layer, only perhaps a stamp or a number.
const MIN_PAGE_CHARS: usize = 8;
/// A document with fewer readable characters a page is a scanned one.
const MIN_CHARS_A_PAGE: usize = 4;

/// Reads a PDF file; pages that are pictures only with `ocr`.
pub(crate) fn extract(bytes: &[u8], ocr: Option<&Ocr>) -> Result<Extracted, ExtractError> {
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
    let mut scans = ocr.map(Scans::new);
    let mut between = None;
    for page in pdf.pages().iter().take(MAX_PAGES) {
        let (width, height) = page.render_dimensions();
        let size = (f64::from(width), f64::from(height));
        let mut read = lines::lines(walker.page(page), size, &mut between);
        if let Some(scans) = scans.as_mut().filter(|_| !has_text(&read.lines))
            && let Some(drawn) = scans.page(page)
        {
            read = lines::lines(drawn, size, &mut between);
            for line in &mut read.lines {
                scans::tidy(line);
            }
        }
        for line in &mut read.lines {
            line.text = fold::fold(&line.text);
        }
        unread.count(&read.lines);
        pages.push(read);
        if walker.is_exhausted() {
            break;
        }
    }
    if unread.replaced > unread.readable {
        return Err(ExtractError::UnmappedText);
    }
    if unread.readable < pages.len() * MIN_CHARS_A_PAGE || unread.empty_pages == pages.len() {
        return Err(match ocr {
            Some(_) => ExtractError::NothingRecognised,
            None => ExtractError::NoTextLayer,
        });
    }
    let mut warnings = unread.warnings(all, pages.len());
    let furniture = furniture::furniture(&pages);
    let built = paragraphs::build(&pages, &furniture);
    if let (Some(scans), Some(ocr)) = (&scans, ocr) {
        if scans.any() {
            warnings.push(ocr.warning());
        }
        if scans.left_out > 0 {
            warnings.push(format!(
                "{} scanned pages were left out: OCR takes too long",
                scans.left_out
            ));
        }
    }
    let certainty = scans.map_or(100, |scans| scans.certainty(unread.readable));
    Ok(Extracted {
        certainty,
        wants_ocr: ocr.is_none() && unread.empty_pages > 0,
        ..built.finish(Format::Pdf, None, warnings)
    })
}

/// Whether a page has text, and most of it can be read.
fn has_text(lines: &[lines::Line]) -> bool {
    let (readable, replaced) = counts(lines);
    readable >= MIN_PAGE_CHARS && readable >= replaced
}

/// How many letters and digits there are, and how many characters that cannot be read.
fn counts(lines: &[lines::Line]) -> (usize, usize) {
    let (mut readable, mut replaced) = (0, 0);
    for c in lines.iter().flat_map(|line| line.text.chars()) {
        if c == '\u{fffd}' {
            replaced += 1;
        } else if c.is_alphanumeric() {
            readable += 1;
        }
    }
    (readable, replaced)
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
        let (readable, replaced) = counts(lines);
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
