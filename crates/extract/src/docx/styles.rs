//! `styles.xml`: what a paragraph style says about titles, headings and lists.
//!
//! Fonts, sizes and everything else a style says is passed over.

use std::collections::HashMap;

use crate::ExtractError;
use crate::xml::{Element, Node, walk};

/// Styles that are based on each other more often than this are a loop.
const MAX_BASED: usize = 20;

/// The paragraph styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
    /// The style of paragraphs that name none.
    default: Option<String>,
}

#[derive(Debug, Default, Clone)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    list: Option<u32>,
    level: Option<usize>,
}

/// What a style with all it is based on amounts to.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Meaning {
    /// The style is Word's own for titles.
    pub(super) title: bool,
    /// Outline level, 0–8; 9 is body text.
    pub(super) outline: Option<u8>,
    /// Instance number of its list; 0 is none.
    pub(super) list: Option<u32>,
    /// Its level in the list.
    pub(super) level: Option<usize>,
    /// The style that names the list.
    pub(super) list_style: Option<String>,
}

impl Styles {
    pub(super) fn meaning(&self, style: Option<&str>) -> Meaning {
        let mut meaning = Meaning::default();
        let mut at = style.or(self.default.as_deref());
        for step in 0..MAX_BASED {
            let Some((id, style)) = at.and_then(|id| Some((id, self.styles.get(id)?))) else {
                break;
            };
            if step == 0 {
                meaning.title = is_title(&style.name);
            }
            meaning.outline = meaning
                .outline
                .or(style.outline)
                .or(heading_level(&style.name));
            meaning.level = meaning.level.or(style.level);
            if meaning.list.is_none() && style.list.is_some() {
                meaning.list = style.list;
                meaning.list_style = Some(id.to_owned());
            }
            at = style.based_on.as_deref();
        }
        meaning
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, ExtractError> {
        let mut styles = Self::default();
        let mut open: Option<(String, Style)> = None;
        let mut skipped = 0usize;
        walk(bytes, &mut |node| {
            match node {
                Node::Open(_) if skipped > 0 => skipped += 1,
                Node::Close(_) if skipped > 0 => skipped -= 1,
                Node::Open(element) if element.name() == "pPrChange" => skipped = 1,
                Node::Open(element) if element.name() == "style" => {
                    let paragraph = element.attribute("type").is_none_or(|t| t == "paragraph");
                    let id = element.attribute("styleId").filter(|_| paragraph);
                    let default = element.attribute("default");
                    if matches!(default.as_deref(), Some("1" | "true" | "on")) && id.is_some() {
                        styles.default.clone_from(&id);
                    }
                    open = id.map(|id| (id, Style::default()));
                }
                Node::Open(element) => {
                    if let Some((_, style)) = &mut open {
                        style.property(&element);
                    }
                }
                Node::Close("style") => styles.styles.extend(open.take()),
                _ => {}
            }
            Ok(())
        })?;
        Ok(styles)
    }
}

impl Style {
    fn property(&mut self, element: &Element<'_>) {
        let number = || element.val().and_then(|v| v.parse::<u32>().ok());
        match element.name() {
            "name" => self.name = element.val().unwrap_or_default(),
            "basedOn" => self.based_on = element.val(),
            "outlineLvl" => self.outline = number().map(|n| n.min(9) as u8),
            "numId" => self.list = number(),
            "ilvl" => self.level = number().map(|n| n as usize),
            _ => {}
        }
    }
}

/// Word's own style for titles, and names Chinese offices give theirs.
pub(crate) fn is_title(name: &str) -> bool {
    name.eq_ignore_ascii_case("title") || matches!(name, "标题" | "文件标题" | "公文标题")
}

/// `heading 1`, `标题 1` and their like: 0 for the first level.
pub(crate) fn heading_level(name: &str) -> Option<u8> {
    let name = name.to_lowercase();
    let rest = name
        .strip_prefix("heading")
        .or_else(|| name.strip_prefix("标题"))?;
    let level: u8 = rest.trim().parse().ok()?;
    (1..=9).contains(&level).then(|| level - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_known_by_name_and_outline() {
        let source = "<styles><style type='paragraph' default='1' styleId='a'><name val='Normal'/></style>\
            <style type='paragraph' styleId='1'><name val='标题 1'/><basedOn val='a'/></style>\
            <style type='paragraph' styleId='2'><name val='自定'/><basedOn val='1'/>\
            <pPr><numPr><ilvl val='1'/><numId val='4'/></numPr></pPr></style>\
            <style type='paragraph' styleId='t'><name val='Title'/><basedOn val='t'/></style></styles>";
        let styles = Styles::read(source.as_bytes()).expect("styles");
        assert_eq!(styles.meaning(None), Meaning::default());
        let own = styles.meaning(Some("2"));
        assert_eq!(
            (own.outline, own.list, own.level),
            (Some(0), Some(4), Some(1))
        );
        assert!(styles.meaning(Some("t")).title);
    }
}
