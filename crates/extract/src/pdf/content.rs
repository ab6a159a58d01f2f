//! Content streams to glyphs on a page: what stands where, how large, in which direction.
//! Knows nothing of lines.

use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{self, Array, Dict, Name, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use super::font::{Fonts, PdfFont};
use super::path::{IDENTITY, Matrix, Path, apply, numbers, times};
use super::tables::Rule;

/// Forms in forms deeper than any real page has them.
const MAX_FORMS: usize = 16;
/// Saved graphics states and marked contents kept at once.
const MAX_STACK: usize = 10_000;
/// Operators of one document: thousands of pages full of text stay far below.
const MAX_OPERATORS: u64 = 40_000_000;
/// Glyphs of one page.
const MAX_GLYPHS: usize = 1_000_000;

/// A character, or the few that one code stands for, on the page; `y` grows downwards.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    pub(super) text: Rc<str>,
    /// Where it begins and where its advance ends.
    pub(super) from: (f64, f64),
    pub(super) to: (f64, f64),
    pub(super) size: f64,
    /// Marked by the producer as a page number or a running head.
    pub(super) pagination: bool,
}

/// The part of the graphics state that text needs.
#[derive(Clone)]
struct State<'a> {
    transform: Matrix,
    font: Option<Rc<PdfFont<'a>>>,
    size: f64,
    char_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

/// A marked content that is open.
struct Marked {
    pagination: bool,
    /// The text that stands for what is in it, and the first glyph in it.
    actual: Option<(String, usize)>,
}

/// Walks the pages of one document.
pub(super) struct Walker<'a> {
    fonts: Fonts<'a>,
    operators: u64,
    state: State<'a>,
    matrix: Matrix,
    line_matrix: Matrix,
    marked: Vec<Marked>,
    glyphs: Vec<Glyph>,
    path: Path,
}

/// What stands on a page.
pub(super) struct Drawn {
    /// In the order of drawing.
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rules: Vec<Rule>,
}

impl<'a> Walker<'a> {
    pub(super) fn new() -> Self {
        Self {
            fonts: Fonts::new(),
            operators: 0,
            state: State::new(IDENTITY),
            matrix: IDENTITY,
            line_matrix: IDENTITY,
            marked: Vec::new(),
            glyphs: Vec::new(),
            path: Path::default(),
        }
    }

    /// Reads a page.
    pub(super) fn page(&mut self, page: &Page<'a>) -> Drawn {
        self.state = State::new(page.initial_transform(true).as_coeffs());
        self.marked.clear();
        self.run(page.typed_operations(), page.resources(), 0);
        Drawn {
            glyphs: std::mem::take(&mut self.glyphs),
            rules: std::mem::take(&mut self.path).into_rules(),
        }
    }

    /// Whether the document has more operators than any real one, so that the rest was left out.
    pub(super) fn is_exhausted(&self) -> bool {
        self.operators > MAX_OPERATORS
    }

    fn run(&mut self, mut operators: TypedIter<'_>, resources: &Resources<'a>, depth: usize) {
        let mut saved = Vec::new();
        while let Some(operator) = operators.next() {
            self.operators += 1;
            if self.is_exhausted() || self.glyphs.len() > MAX_GLYPHS {
                break;
            }
            match operator {
                Op::SaveState(_) if saved.len() < MAX_STACK => saved.push(self.state.clone()),
                Op::RestoreState(_) => {
                    if let Some(state) = saved.pop() {
                        self.state = state;
                    }
                }
                Op::Transform(m) => {
                    let matrix = numbers([m.0, m.1, m.2, m.3, m.4, m.5]);
                    self.state.transform = times(self.state.transform, matrix);
                }
                Op::XObject(form) => {
                    if let Some(stream) = resources.get_x_object(form.0) {
                        self.form(&stream, resources, depth);
                    }
                }
                Op::BeginMarkedContent(_) => self.begin_marked(None, None),
                Op::BeginMarkedContentWithProperties(marked) => {
                    let dict = match marked.1 {
                        Object::Dict(dict) => Some(dict.clone()),
                        Object::Name(name) => resources.properties.get::<Dict<'_>>(name),
                        _ => None,
                    };
                    self.begin_marked(Some(marked.0), dict.as_ref());
                }
                Op::EndMarkedContent(_) => self.end_marked(),
                operator => {
                    self.text_operator(&operator, resources);
                    self.path.operator(&operator, self.state.transform);
                }
            }
        }
        if let Some(first) = saved.into_iter().next() {
            self.state = first;
        }
    }

    fn text_operator(&mut self, operator: &Op<'_, '_>, resources: &Resources<'a>) {
        match operator {
            Op::BeginText(_) => self.set_matrix(IDENTITY),
            Op::CharacterSpacing(n) => self.state.char_space = n.0.as_f64(),
            Op::WordSpacing(n) => self.state.word_space = n.0.as_f64(),
            Op::HorizontalScaling(n) => self.state.scale = n.0.as_f64() / 100.0,
            Op::TextLeading(n) => self.state.leading = n.0.as_f64(),
            Op::TextRise(n) => self.state.rise = n.0.as_f64(),
            Op::TextFont(font) => {
                self.state.font = resources
                    .get_font(font.0)
                    .and_then(|dict| self.fonts.get(&dict));
                self.state.size = font.1.as_f64();
            }
            Op::NextLine(n) => self.next_line(n.0.as_f64(), n.1.as_f64()),
            Op::NextLineAndSetLeading(n) => {
                self.state.leading = -n.1.as_f64();
                self.next_line(n.0.as_f64(), n.1.as_f64());
            }
            Op::SetTextMatrix(m) => self.set_matrix(numbers([m.0, m.1, m.2, m.3, m.4, m.5])),
            Op::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            Op::ShowText(text) => self.show(text.0.as_bytes()),
            Op::NextLineAndShowText(text) => {
                self.next_line(0.0, -self.state.leading);
                self.show(text.0.as_bytes());
            }
            Op::ShowTextWithParameters(text) => {
                self.state.word_space = text.0.as_f64();
                self.state.char_space = text.1.as_f64();
                self.next_line(0.0, -self.state.leading);
                self.show(text.2.as_bytes());
            }
            Op::ShowTexts(parts) => self.show_parts(parts.0),
            _ => {}
        }
    }

    fn set_matrix(&mut self, matrix: Matrix) {
        self.matrix = matrix;
        self.line_matrix = matrix;
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.set_matrix(times(self.line_matrix, [1.0, 0.0, 0.0, 1.0, x, y]));
    }

    fn show_parts(&mut self, parts: &Array<'_>) {
        for part in parts.iter::<Object<'_>>() {
            match part {
                Object::String(text) => self.show(text.as_bytes()),
                Object::Number(back) => {
                    let by = -back.as_f64() / 1000.0 * self.state.size;
                    self.advance(by);
                }
                _ => {}
            }
        }
    }

    /// Moves on in the direction of writing.
    fn advance(&mut self, by: f64) {
        let vertical = self.state.font.as_ref().is_some_and(|f| f.is_vertical());
        let (x, y) = if vertical {
            (0.0, by)
        } else {
            (by * self.state.scale, 0.0)
        };
        self.matrix = times(self.matrix, [1.0, 0.0, 0.0, 1.0, x, y]);
    }

    fn show(&mut self, bytes: &[u8]) {
        let Some(font) = self.state.font.clone() else {
            return;
        };
        let pagination = self.marked.iter().any(|marked| marked.pagination);
        let mut at = 0;
        while at < bytes.len() && self.glyphs.len() <= MAX_GLYPHS {
            let (code, length) = font.next_code(bytes, at);
            at += length;
            let shown = font.shown(code, length);
            let whole = times(self.state.transform, self.matrix);
            let (size, rise) = (self.state.size, self.state.rise);
            let ahead = shown.advance * size;
            let (end_x, end_y) = if font.is_vertical() {
                (0.0, rise + ahead)
            } else {
                (ahead * self.state.scale, rise)
            };
            let glyph = Glyph {
                text: shown.text,
                from: apply(whole, 0.0, rise),
                to: apply(whole, end_x, end_y),
                size: whole[2].hypot(whole[3]) * size.abs(),
                pagination,
            };
            if [glyph.from.0, glyph.from.1, glyph.to.0, glyph.to.1]
                .iter()
                .all(|c| c.is_finite())
                && glyph.size.is_finite()
            {
                self.glyphs.push(glyph);
            }
            let word = if length == 1 && code == 32 {
                self.state.word_space
            } else {
                0.0
            };
            let spacing = self.state.char_space + word;
            // In vertical writing the advance is negative and spacing makes it larger.
            self.advance(if font.is_vertical() {
                ahead - spacing
            } else {
                ahead + spacing
            });
        }
    }

    fn form(&mut self, stream: &Stream<'a>, resources: &Resources<'a>, depth: usize) {
        let dict = stream.dict();
        let is_form = dict
            .get::<Name<'_>>("Subtype")
            .is_some_and(|subtype| subtype.as_ref() == b"Form");
        if !is_form || depth >= MAX_FORMS {
            return;
        }
        let Ok(content) = stream.decoded_data() else {
            return;
        };
        // Unpacking counts too: a form may be drawn any number of times.
        self.operators += content.len() as u64 / 64;
        let before = (self.state.clone(), self.matrix, self.line_matrix);
        if let Some(matrix) = dict.get::<[f64; 6]>("Matrix") {
            self.state.transform = times(self.state.transform, matrix);
        }
        let own = dict.get::<Dict<'a>>("Resources").map(Resources::new);
        self.run(
            TypedIter::new(&content),
            own.as_ref().unwrap_or(resources),
            depth + 1,
        );
        (self.state, self.matrix, self.line_matrix) = before;
    }

    fn begin_marked(&mut self, tag: Option<&Name<'_>>, properties: Option<&Dict<'_>>) {
        if self.marked.len() >= MAX_STACK {
            return;
        }
        let pagination = tag.is_some_and(|tag| tag.as_ref() == b"Artifact")
            && properties
                .and_then(|dict| dict.get::<Name<'_>>("Type"))
                .is_some_and(|kind| kind.as_ref() == b"Pagination");
        let actual = properties
            .and_then(|dict| dict.get::<object::String<'_>>("ActualText"))
            .and_then(|text| text_string(text.as_bytes()))
            .map(|text| (text, self.glyphs.len()));
        self.marked.push(Marked { pagination, actual });
    }

    /// Puts the text a producer gives for glyphs in their place, where they are in one line.
    fn end_marked(&mut self) {
        let Some((text, first)) = self.marked.pop().and_then(|marked| marked.actual) else {
            return;
        };
        let inside = self.glyphs.get(first..).unwrap_or_default();
        let (Some(begin), Some(end)) = (inside.first(), inside.last()) else {
            return;
        };
        let one_line = inside
            .iter()
            .all(|glyph| (glyph.from.1 - begin.from.1).abs() < begin.size * 0.3);
        let shown: String = inside.iter().map(|glyph| &*glyph.text).collect();
        if one_line && shown.trim() != text.trim() && !text.contains('\u{fffd}') {
            let whole = Glyph {
                text: text.as_str().into(),
                to: end.to,
                ..begin.clone()
            };
            self.glyphs.truncate(first);
            self.glyphs.push(whole);
        }
    }
}

impl State<'_> {
    fn new(transform: Matrix) -> Self {
        Self {
            transform,
            font: None,
            size: 1.0,
            char_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }
}

/// A text string of PDF in UTF-16 or UTF-8; others are no better than the glyphs.
fn text_string(bytes: &[u8]) -> Option<String> {
    if let Some(utf8) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return String::from_utf8(utf8.to_vec()).ok();
    }
    let units: Vec<u16> = bytes
        .strip_prefix(b"\xfe\xff")?
        .chunks_exact(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        .collect();
    String::from_utf16(&units).ok()
}
