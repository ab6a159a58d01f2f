//! Workbooks (Office Open XML): rows with their cells as displayed, sheet after sheet.
//!
//! It calculates nothing and reads no charts, comments or hidden sheets. Number formats are
//! followed as far as dates, percentages and decimals go.

mod cells;
mod formats;

use std::collections::HashMap;

use cells::Cells;
use formats::Formats;

use crate::block::BlockKind;
use crate::container::{Container, InMemory, resolve};
use crate::flow::Flow;
use crate::xml::{Node, walk};
use crate::{ExtractError, Extracted, Format};

const WORKBOOK: &str = "xl/workbook.xml";

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let mut container = Container::of(bytes)?;
    let workbook = Workbook::read(&container.need(WORKBOOK, "workbook")?)?;
    let relations = relations(&mut container)?;
    let of_kind = |kind: &str| {
        let found = relations.values().find(|(known, _)| known == kind);
        found.map(|(_, target)| target.clone())
    };
    let mut part = |kind: &str| match of_kind(kind) {
        Some(name) => container.read(&name),
        None => Ok(None),
    };
    let strings = match part("sharedStrings")? {
        Some(bytes) => shared_strings(&bytes)?,
        None => Vec::new(),
    };
    let mut formats = match part("styles")? {
        Some(bytes) => Formats::read(&bytes)?,
        None => Formats::default(),
    };
    formats.from_1904 = workbook.from_1904;
    let mut flow = Flow::default();
    let mut warnings = Vec::new();
    let mut missing = false;
    let mut cells = Cells::new(&strings, &formats);
    for sheet in &workbook.sheets {
        let target = relations.get(&sheet.relation);
        let bytes = match target {
            Some((_, name)) => container.read(name)?,
            None => None,
        };
        let Some(bytes) = bytes else {
            missing = true;
            continue;
        };
        if workbook.sheets.len() > 1 {
            flow.paragraph(BlockKind::Heading(1), &sheet.name);
        }
        cells.sheet(&bytes, &mut |row| flow.paragraph(BlockKind::Row, row))?;
    }
    if missing {
        warnings.push("a sheet of the workbook is missing".to_owned());
    }
    if workbook.hidden {
        warnings.push("a hidden sheet of the workbook is not read".to_owned());
    }
    if cells.full() {
        warnings.push("partial: the workbook has more cells than are read".to_owned());
    }
    flow.finish(Format::Xlsx, "UTF-8", warnings)
}

/// A sheet as the workbook names it.
struct Sheet {
    name: String,
    relation: String,
}

#[derive(Default)]
struct Workbook {
    sheets: Vec<Sheet>,
    hidden: bool,
    from_1904: bool,
}

impl Workbook {
    fn read(bytes: &[u8]) -> Result<Self, ExtractError> {
        let mut workbook = Self::default();
        walk(bytes, &mut |node| {
            let Node::Open(element) = node else {
                return Ok(());
            };
            let hidden = matches!(
                element.attribute("state").as_deref(),
                Some("hidden" | "veryHidden")
            );
            match element.name() {
                "sheet" if hidden => workbook.hidden = true,
                "sheet" => workbook.sheets.push(Sheet {
                    name: element.attribute("name").unwrap_or_default(),
                    relation: element.attribute("id").unwrap_or_default(),
                }),
                "workbookPr" => {
                    let value = element.attribute("date1904");
                    workbook.from_1904 = matches!(value.as_deref(), Some("1" | "true"));
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(workbook)
    }
}

/// Id of a relationship to the last step of its type and the entry meant.
fn relations(
    container: &mut InMemory<'_>,
) -> Result<HashMap<String, (String, String)>, ExtractError> {
    let bytes = container.need("xl/_rels/workbook.xml.rels", "relationships of a workbook")?;
    let mut relations = HashMap::new();
    walk(&bytes, &mut |node| {
        if let Node::Open(element) = node
            && element.name() == "Relationship"
            && let Some(id) = element.attribute("Id")
            && let Some(target) = element.attribute("Target")
            && let Some(target) = resolve(WORKBOOK, &target)
        {
            let kind = element.attribute("Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            relations.insert(id, (kind, target));
        }
        Ok(())
    })?;
    Ok(relations)
}

/// The strings cells refer to, without their readings.
fn shared_strings(bytes: &[u8]) -> Result<Vec<String>, ExtractError> {
    let mut strings = Vec::new();
    let mut text = String::new();
    let (mut in_text, mut in_reading) = (false, false);
    walk(bytes, &mut |node| {
        match node {
            Node::Open(element) => match element.name() {
                "si" => text.clear(),
                "t" => in_text = true,
                "rPh" => in_reading = true,
                _ => {}
            },
            Node::Close("si") => strings.push(std::mem::take(&mut text)),
            Node::Close("t") => in_text = false,
            Node::Close("rPh") => in_reading = false,
            Node::Text(piece) if in_text && !in_reading => text.push_str(piece),
            _ => {}
        }
        Ok(())
    })?;
    Ok(strings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn rows_are_read_as_displayed() {
        let read = extract(&fixture("table.xlsx")).expect("xlsx");
        assert_eq!(
            read.text,
            "事项清单\n事项名称\t公布日期\t比例\n企业开办\t2024年1月1日\t12.50%\n行内文字\t\t1234.5\n说明\n公式结果\tTRUE\n"
        );
        assert_eq!(read.blocks[0].kind, BlockKind::Heading(1));
        assert_eq!(read.blocks[1].kind, BlockKind::Row);
    }

    #[test]
    fn bad_files_have_a_reason() {
        assert!(extract(&fixture("plain.docx")).is_err());
        let whole = fixture("table.xlsx");
        for at in (0..whole.len()).step_by(7) {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x55;
            let _ = extract(&flipped);
            let _ = extract(&whole[..at]);
        }
    }
}
