//! Scanned pages: rendered, given to Tesseract, and its words put on the page as glyphs, so that
//! lines, columns, page numbers and paragraphs are found as on any other page.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use hayro_syntax::page::Page;

use super::content::{Drawn, Glyph};
use super::lines::Line;
use crate::ocr::{Ocr, Picture, Word};
use crate::worker;

/// Pixels an inch: what Tesseract reads best. Measured on three pages of a law, scanned at 96 and
/// enlarged: 1.6 % wrong characters at 96, 1.5 % at 200, 2.0 % at 300; rendered from type: 1.6 % at
/// 200, 2.1 % at 300.
const RESOLUTION: f64 = 200.0;
/// Larger pages, and those that count a point a pixel, are rendered smaller.
const MAX_PIXELS: f64 = 12e6;
/// A side of the picture, which the renderer counts in 16 bits.
const MAX_SIDE: f64 = 20_000.0;
/// Pages of one document read by OCR.
const MAX_PAGES: usize = 200;
/// Time for them by the clock: more pages are left out.
pub(crate) const MAX_TIME: Duration = Duration::from_secs(600);
/// A page with fewer dark pixels in a million is blank.
const MIN_INK: usize = 50;
/// A pixel is dark from here down.
const DARK: u8 = 128;

/// Reads the scanned pages of one document.
pub(super) struct Scans<'a> {
    ocr: &'a Ocr,
    begun: Instant,
    pages: usize,
    /// Pages left out because there were too many, or because they took too long.
    pub(super) left_out: usize,
    /// Characters read.
    chars: usize,
    /// How many of them are wrong if Tesseract is as often right as it says.
    doubtful: f64,
}

impl<'a> Scans<'a> {
    pub(super) fn new(ocr: &'a Ocr) -> Self {
        Self {
            ocr,
            begun: Instant::now(),
            pages: 0,
            left_out: 0,
            chars: 0,
            doubtful: 0.0,
        }
    }

    /// Whether any page was read.
    pub(super) fn any(&self) -> bool {
        self.chars > 0
    }

    /// How sure the characters are of a document with so many of them, in percent: never entirely
    /// where Tesseract read some.
    pub(super) fn certainty(&self, all: usize) -> u8 {
        if !self.any() {
            return 100;
        }
        let doubtful = self.doubtful / self.chars.max(all) as f64;
        (100.0 * (1.0 - doubtful)).clamp(0.0, 99.0) as u8
    }

    /// What stands on a page that is a picture. A blank page has nothing on it.
    pub(super) fn page(&mut self, page: &Page<'_>) -> Option<Drawn> {
        if self.pages >= MAX_PAGES || self.begun.elapsed() > MAX_TIME {
            self.left_out += 1;
            return None;
        }
        self.pages += 1;
        // Rendering a page may take as long as reading a file.
        worker::begin_part().ok()?;
        let (picture, scale) = catch_unwind(AssertUnwindSafe(|| picture(page))).ok()?;
        if is_blank(&picture) {
            return None;
        }
        let Ok(words) = self.ocr.words(&picture) else {
            self.left_out += 1;
            return None;
        };
        for word in &words {
            let chars = word.text.chars().count();
            self.chars += chars;
            self.doubtful += (1.0 - word.confidence.clamp(0.0, 100.0) / 100.0) * chars as f64;
        }
        Some(Drawn {
            glyphs: glyphs(&words, scale),
            rules: Vec::new(),
        })
    }
}

/// A page as a picture, with its pixels a point.
fn picture(page: &Page<'_>) -> (Picture, f64) {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width).max(1.0), f64::from(height).max(1.0));
    let scale = (RESOLUTION / 72.0)
        .min((MAX_PIXELS / (width * height)).sqrt())
        .min(MAX_SIDE / width.max(height));
    let settings = PixmapSettings {
        x_scale: scale as f32,
        y_scale: scale as f32,
        bg_color: WHITE,
    };
    let drawing = RenderSettings {
        force_image_interpolation: true,
        ..RenderSettings::default()
    };
    let cache = RenderCache::new();
    let drawn = render(page, &cache, &Default::default(), &drawing, &settings);
    // A red stamp over black type is light: text under it stays readable in the red channel.
    let grey = drawn.data().iter().map(|pixel| pixel.r).collect();
    let picture = Picture {
        width: drawn.width().into(),
        height: drawn.height().into(),
        grey,
        resolution: (scale * 72.0).round().max(70.0) as u32,
    };
    (picture, scale)
}

fn is_blank(picture: &Picture) -> bool {
    let dark = picture.grey.iter().filter(|&&grey| grey < DARK).count();
    dark * 1_000_000 < picture.grey.len() * MIN_INK
}

/// Words as glyphs, those of a line on one baseline and of one size: boxes of single words reach
/// from the line's own height to twice that, their median does not.
fn glyphs(words: &[Word], scale: f64) -> Vec<Glyph> {
    let mut sizes = Vec::new();
    let lines: Vec<&[Word]> = words.chunk_by(|a, b| a.line == b.line).collect();
    for line in &lines {
        sizes.push(median(line.iter().map(|word| word.height).collect()));
    }
    let usual = median(sizes.clone());
    let mut glyphs = Vec::new();
    for (line, size) in lines.iter().zip(sizes) {
        // Lines of nearly the same height are of the same type.
        let size = if (size / usual - 1.0).abs() < 0.25 {
            usual
        } else {
            size
        };
        let base = median(line.iter().map(|word| word.top + word.height).collect());
        for (word, text) in line.iter().zip(texts(line)) {
            let at = |x: f64| (x / scale, base / scale);
            glyphs.push(Glyph {
                text: text.into(),
                from: at(word.left),
                to: at(word.left + word.width),
                size: size / scale,
                pagination: false,
            });
        }
    }
    glyphs
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(1.0)
}

/// The words of a line with the marks that Tesseract takes for those of ASCII as Chinese ones:
/// a Chinese text has no others beside Chinese characters.
fn texts(line: &[Word]) -> Vec<String> {
    let mut chars: Vec<char> = line.iter().flat_map(|word| word.text.chars()).collect();
    let narrow = |c: Option<&char>| c.is_some_and(char::is_ascii);
    for at in 0..chars.len() {
        let before = at.checked_sub(1).and_then(|before| chars.get(before));
        let after = chars.get(at + 1);
        let in_latin = match chars[at] {
            '(' | ')' => narrow(before) && narrow(after),
            _ => narrow(before) || before.is_none(),
        };
        if !in_latin {
            chars[at] = wide(chars[at]);
        }
    }
    let mut rest = chars.into_iter();
    let own = |word: &Word| rest.by_ref().take(word.text.chars().count()).collect();
    line.iter().map(own).collect()
}

/// Mends what Tesseract does to lines of Chinese.
pub(super) fn tidy(line: &mut Line) {
    line.text = close_up(&line.text);
    if let Some(number) = between_dashes(&line.text) {
        line.text = format!("— {number} —");
        // Whatever the number was taken for, it is one if the line stands in the margin.
        line.pagination = true;
    }
}

/// What stands alone between two dashes, which are taken for the character 一.
fn between_dashes(line: &str) -> Option<String> {
    let is_dash = |c| "一-—–―－".contains(c);
    let inner = line.trim().strip_prefix(is_dash)?.strip_suffix(is_dash)?;
    let number = inner.trim();
    let apart = inner.starts_with(' ') || inner.ends_with(' ');
    let is_short = (1..=3).contains(&number.chars().count());
    let alone = apart || number.chars().all(|c| c.is_ascii_digit());
    (is_short && alone && !number.contains(' ')).then(|| number.to_owned())
}

/// A line without the blanks that Tesseract's boxes leave beside Chinese punctuation, which is
/// itself half blank. Those between words stay: 第一条 为了.
fn close_up(line: &str) -> String {
    let is_mark = |c: char| "，。、；：？！（）《》〈〉“”‘’【】〔〕".contains(c);
    let mut closed = String::with_capacity(line.len());
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        let beside = closed.ends_with(is_mark) || rest.peek().is_some_and(|&next| is_mark(next));
        if c != ' ' || !beside {
            closed.push(c);
        }
    }
    closed
}

fn wide(c: char) -> char {
    match c {
        '(' => '（',
        ')' => '）',
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '?' => '？',
        '!' => '！',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, left: f64, line: usize, height: f64) -> Word {
        Word {
            text: text.to_owned(),
            left,
            top: 100.0 * line as f64,
            width: 40.0,
            height,
            line,
            confidence: 90.0,
        }
    }

    #[test]
    fn words_of_a_line_stand_on_one_line() {
        let words = [
            word("为了", 0.0, 1, 40.0),
            word("规范", 40.0, 1, 70.0),
            word("收费", 80.0, 1, 42.0),
            word("行为", 0.0, 2, 41.0),
        ];
        let glyphs = glyphs(&words, 2.0);
        let bases: Vec<f64> = glyphs.iter().map(|g| g.from.1).collect();
        assert_eq!(bases[0], bases[2]);
        assert!(glyphs.iter().all(|g| g.size == glyphs[0].size));
        assert_eq!((glyphs[1].from.0, glyphs[1].to.0), (20.0, 40.0));
    }

    #[test]
    fn marks_are_chinese_beside_chinese_characters() {
        let line = ["(2021", "年", "修订)", ";", "GB", "(T)", "1,200", "元,"]
            .map(|text| word(text, 0.0, 1, 40.0));
        assert_eq!(texts(&line).concat(), "（2021年修订）；GB(T)1,200元，");
    }

    #[test]
    fn no_blank_is_beside_chinese_punctuation() {
        let line = "第一条 为了规范， 方便（一） 企业 （以下简称甲）\t第二条";
        let closed = "第一条 为了规范，方便（一）企业（以下简称甲）\t第二条";
        assert_eq!(close_up(line), closed);
    }

    #[test]
    fn a_page_number_between_dashes_is_one_whatever_they_were_taken_for() {
        for (line, number) in [("一 12 一", "12"), ("— 交 一", "交"), ("-3-", "3")] {
            assert_eq!(between_dashes(line).as_deref(), Some(number), "{line}");
        }
        for line in ["一丝一", "一 事 一议", "一 二三四五 一", "一、总则", "一"] {
            assert_eq!(between_dashes(line), None, "{line}");
        }
    }

    #[test]
    fn white_paper_with_a_speck_is_blank() {
        let mut picture = Picture {
            width: 1000,
            height: 1000,
            grey: vec![255; 1_000_000],
            resolution: 200,
        };
        picture.grey[5] = 0;
        assert!(is_blank(&picture));
        picture.grey[..2000].fill(0);
        assert!(!is_blank(&picture));
    }
}
