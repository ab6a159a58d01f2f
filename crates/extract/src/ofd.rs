//! OFD, the national e-document format (GB/T 33190): the text objects of its pages as
//! paragraphs, with the text of templates and page numbers apart.
//!
//! It draws nothing: no fonts, pictures, seals or annotations; signatures are not checked.

mod layout;

use std::collections::{HashMap, HashSet};

use layout::{Page, Run};

use crate::block::BlockKind;
use crate::container::{Container, InMemory, resolve};
use crate::flow::Flow;
use crate::xml::{Element, Node, walk};
use crate::{ExtractError, Extracted, Format};

/// A4 in millimetres, for files that do not say.
const A4: (f64, f64) = (210.0, 297.0);
/// More pages than are read.
const MAX_PAGES: usize = 20_000;
/// A number of repetitions in `g 12 5` beyond any line.
const MAX_DELTAS: usize = 100_000;

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let mut container = Container::of(bytes)?;
    let root = Root::read(&container.need("OFD.xml", "OFD.xml")?)?;
    let mut flow = Flow::default();
    let mut missing = false;
    for location in &root.documents {
        let Some(name) = resolve("OFD.xml", location).filter(|name| container.has(name)) else {
            missing = true;
            continue;
        };
        let document = Document::read(&container.need(&name, "document of an OFD file")?, &name)?;
        let (pages, apart, lost) = document.pages(&mut container)?;
        missing |= lost;
        let text = layout::read(pages);
        for (kind, paragraph) in text.blocks {
            let is_title = squeezed(&paragraph) == squeezed(&root.title);
            let kind = if is_title { BlockKind::Title } else { kind };
            flow.paragraph(kind, &paragraph);
        }
        for line in apart.iter().chain(&text.furniture) {
            flow.furniture(line);
        }
    }
    let mut warnings = Vec::new();
    if missing {
        warnings.push("a part of the OFD file is missing".to_owned());
    }
    match flow.finish(Format::Ofd, "UTF-8", warnings) {
        Err(ExtractError::NoText) if missing => Err(ExtractError::Damaged("page of an OFD file")),
        read => read,
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What `OFD.xml` says.
#[derive(Default)]
struct Root {
    title: String,
    documents: Vec<String>,
}

impl Root {
    fn read(bytes: &[u8]) -> Result<Self, ExtractError> {
        let mut root = Self::default();
        let mut text = String::new();
        walk(bytes, &mut |node| {
            match node {
                Node::Open(_) => text.clear(),
                Node::Text(piece) => text.push_str(piece),
                Node::Close("DocRoot") => root.documents.push(text.trim().to_owned()),
                Node::Close("Title") => root.title = text.trim().to_owned(),
                Node::Close(_) => text.clear(),
            }
            Ok(())
        })?;
        Ok(root)
    }
}

/// What `Document.xml` says: entries of pages in order, and of templates by id.
#[derive(Default)]
struct Document {
    area: Option<(f64, f64)>,
    pages: Vec<String>,
    templates: HashMap<String, String>,
}

impl Document {
    fn read(bytes: &[u8], name: &str) -> Result<Self, ExtractError> {
        let mut document = Self::default();
        let mut text = String::new();
        walk(bytes, &mut |node| {
            match node {
                Node::Open(element) => {
                    text.clear();
                    let place = element.attribute("BaseLoc");
                    let place = place.and_then(|place| resolve(name, &place));
                    match (element.name(), place) {
                        ("Page", Some(place)) => document.pages.push(place),
                        ("TemplatePage", Some(place)) => {
                            let id = element.attribute("ID").unwrap_or_default();
                            document.templates.insert(id, place);
                        }
                        _ => {}
                    }
                }
                Node::Text(piece) => text.push_str(piece),
                Node::Close("PhysicalBox") => document.area = size(&text),
                Node::Close(_) => {}
            }
            Ok(())
        })?;
        Ok(document)
    }

    /// The pages with their templates; text of templates that is furniture; whether a page is
    /// missing.
    fn pages(
        &self,
        container: &mut InMemory<'_>,
    ) -> Result<(Vec<Page>, Vec<String>, bool), ExtractError> {
        let mut pages = Vec::new();
        let mut apart = Vec::new();
        let mut used = HashSet::new();
        let mut missing = self.pages.len() > MAX_PAGES;
        for place in self.pages.iter().take(MAX_PAGES) {
            let Some(bytes) = container.read(place)? else {
                missing = true;
                continue;
            };
            let area = self.area.unwrap_or(A4);
            let mut content = Content::read(&bytes)?;
            let area = content.area.unwrap_or(area);
            apart.append(&mut content.slanted);
            for id in &content.templates {
                if !used.insert(id.clone()) {
                    continue;
                }
                let bytes = match self.templates.get(id) {
                    Some(place) => container.read(place)?,
                    None => None,
                };
                let template = match bytes {
                    Some(bytes) => Content::read(&bytes)?,
                    None => continue,
                };
                // A template holds running heads, or the printed labels of a form.
                for run in template.runs {
                    if layout::in_band(run.y, area.1) {
                        apart.push(run.text);
                    } else {
                        content.runs.push(run);
                    }
                }
                apart.extend(template.slanted);
            }
            pages.push(Page {
                area,
                runs: content.runs,
            });
        }
        Ok((pages, apart, missing))
    }
}

/// What the content of a page or a template says.
#[derive(Default)]
struct Content {
    area: Option<(f64, f64)>,
    templates: Vec<String>,
    runs: Vec<Run>,
    /// Text that does not run horizontally: watermarks.
    slanted: Vec<String>,
}

/// A text object being read.
struct Object {
    corner: (f64, f64),
    size: f64,
    /// `a b c d e f` of its transformation.
    transform: [f64; 6],
    visible: bool,
    /// Where the last code began: what a code leaves out is taken from it.
    start: (f64, f64),
}

impl Content {
    fn read(bytes: &[u8]) -> Result<Self, ExtractError> {
        let mut content = Self::default();
        let mut object: Option<Object> = None;
        let mut code: Option<Code> = None;
        let mut text = String::new();
        walk(bytes, &mut |node| {
            match node {
                Node::Open(element) => {
                    text.clear();
                    match element.name() {
                        "Template" => content.templates.extend(element.attribute("TemplateID")),
                        "TextObject" => object = Some(Object::of(&element)),
                        "TextCode" => {
                            code = object.as_mut().map(|object| Code::of(&element, object));
                        }
                        _ => {}
                    }
                }
                Node::Text(piece) => text.push_str(piece),
                Node::Close("TextCode") => {
                    if let (Some(object), Some(code)) = (&object, code.take()) {
                        content.place(object, &code, &text);
                    }
                }
                Node::Close("TextObject") => object = None,
                Node::Close("PhysicalBox") => content.area = size(&text),
                Node::Close(_) => {}
            }
            Ok(())
        })?;
        Ok(content)
    }

    /// Adds the characters of a code, cut where they go on below.
    fn place(&mut self, object: &Object, code: &Code, text: &str) {
        if !object.visible || text.is_empty() {
            return;
        }
        let [a, b, c, d, ..] = object.transform;
        let slanted = b.abs() > 0.1 * a.abs() || c.abs() > 0.1 * d.abs();
        let downwards = code.dx.iter().all(|&dx| dx == 0.0) && !code.dy.is_empty();
        if slanted {
            self.slanted.push(text.to_owned());
            return;
        }
        let size = object.size * d.abs();
        let mut at = code.start;
        let mut open: Option<Run> = None;
        for (index, character) in text.chars().filter(|c| !c.is_control()).enumerate() {
            let (x, y) = object.on_page(at);
            let run = open.get_or_insert_with(|| Run {
                x,
                y,
                end: x,
                size,
                text: String::new(),
            });
            // A wide step within one code is a blank drawn as nothing.
            if x - run.end > 1.2 * size && !run.text.is_empty() && !downwards {
                run.text.push(' ');
            }
            run.text.push(character);
            let narrow = character.is_ascii() || character == '\u{a0}';
            let width = if narrow { 0.5 * size } else { size };
            run.end = run.end.max(x + width);
            let dx = code.dx.get(index).copied();
            let dy = code.dy.get(index).copied().unwrap_or(0.0);
            let step = dx.unwrap_or(if code.dy.is_empty() {
                width / a.abs().max(0.01)
            } else {
                0.0
            });
            at = (at.0 + step, at.1 + dy);
            if !downwards && dy.abs() > 0.5 * object.size {
                self.runs.extend(open.take());
            }
        }
        self.runs.extend(open);
    }
}

impl Object {
    fn of(element: &Element<'_>) -> Self {
        let boundary = numbers(&element.attribute("Boundary").unwrap_or_default());
        let given = numbers(&element.attribute("CTM").unwrap_or_default());
        let mut transform = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        if given.len() == 6 {
            transform.copy_from_slice(&given);
        }
        let size = element.attribute("Size").and_then(|s| s.parse().ok());
        Self {
            corner: (at(&boundary, 0), at(&boundary, 1)),
            size: size.filter(|s: &f64| *s > 0.0).unwrap_or(3.5),
            transform,
            visible: element.attribute("Visible").as_deref() != Some("false"),
            start: (0.0, 0.0),
        }
    }

    fn on_page(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.transform;
        (
            self.corner.0 + a * x + c * y + e,
            self.corner.1 + b * x + d * y + f,
        )
    }
}

/// Where a code begins and how far each character is from the one before.
struct Code {
    start: (f64, f64),
    dx: Vec<f64>,
    dy: Vec<f64>,
}

impl Code {
    fn of(element: &Element<'_>, object: &mut Object) -> Self {
        let number = |name| element.attribute(name).and_then(|v| v.parse::<f64>().ok());
        let list = |name| numbers(&element.attribute(name).unwrap_or_default());
        object.start = (
            number("X").unwrap_or(object.start.0),
            number("Y").unwrap_or(object.start.1),
        );
        Self {
            start: object.start,
            dx: list("DeltaX"),
            dy: list("DeltaY"),
        }
    }
}

fn at(numbers: &[f64], index: usize) -> f64 {
    numbers.get(index).copied().unwrap_or(0.0)
}

/// `0 0 210 297`: width and height of a box that has both.
fn size(text: &str) -> Option<(f64, f64)> {
    let numbers = numbers(text);
    let (width, height) = (at(&numbers, 2), at(&numbers, 3));
    (width > 0.0 && height > 0.0).then_some((width, height))
}

/// Numbers of a list, where `g 12 5` stands for twelve fives. What is no number is zero.
fn numbers(text: &str) -> Vec<f64> {
    let finite = |word: &str| word.parse::<f64>().ok().filter(|n| n.is_finite());
    let mut out = Vec::new();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if out.len() >= MAX_DELTAS {
            break;
        }
        if word == "g" {
            let times = words.next().and_then(|w| w.parse::<usize>().ok());
            let value = words.next().and_then(finite).unwrap_or(0.0);
            let room = MAX_DELTAS - out.len();
            out.extend(std::iter::repeat_n(value, times.unwrap_or(0).min(room)));
        } else {
            out.push(finite(word).unwrap_or(0.0));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::BlockKind::{Furniture, Paragraph, Title};
    use crate::fixture;

    #[test]
    fn pages_are_read_in_lines_and_paragraphs() {
        let read = extract(&fixture("notice.ofd")).expect("ofd");
        let lines: Vec<(&str, _)> = read
            .text
            .lines()
            .zip(read.blocks.iter().map(|b| b.kind))
            .collect();
        assert_eq!(
            lines,
            [
                ("关于优化营商环境的通知", Title),
                (
                    "为进一步优化营商环境，降低制度性交易成本，各单位要简化办事流程，凡是能够通过数据共享核验的材料一律不再要求提交。",
                    Paragraph
                ),
                ("请认真贯彻执行。", Paragraph),
                ("附件：事项清单", Paragraph),
                ("某市人民政府办公室", Furniture),
            ]
        );
        assert_eq!(read.format, Format::Ofd);
    }

    #[test]
    fn repetitions_are_bounded() {
        assert_eq!(numbers("1 g 3 2.5 x"), [1.0, 2.5, 2.5, 2.5, 0.0]);
        assert_eq!(numbers("g 99999999999 1").len(), MAX_DELTAS);
    }

    #[test]
    fn bad_files_have_a_reason() {
        assert!(extract(&fixture("plain.docx")).is_err());
        let whole = fixture("notice.ofd");
        for at in (0..whole.len()).step_by(7) {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x55;
            let _ = extract(&flipped);
            let _ = extract(&whole[..at]);
        }
    }
}
