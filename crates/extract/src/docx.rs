//! Word files (Office Open XML): the body, with the parts it takes in and its automatic
//! numbers, then notes, then running heads and feet.
//!
//! It reads no comments, no charts and no embedded files, and renders no pages.

mod body;
mod lists;
mod styles;

use std::collections::{HashMap, HashSet};

use body::{Context, Piece};
use lists::Lists;
use styles::Styles;
pub(crate) use styles::{heading_level, is_title};

use crate::block::BlockKind;
use crate::container::{Container, InMemory, resolve};
use crate::flow::Flow;
use crate::numbering::Counters;
use crate::xml::{Node, walk};
use crate::{ExtractError, Extracted, Format, charset, html, mht, rtf};

/// Word files within Word files.
const MAX_NESTED: usize = 2;
/// More parts than a document takes in.
const MAX_CHUNKS: usize = 1_000;

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    nested(bytes, 0)
}

fn nested(bytes: &[u8], depth: usize) -> Result<Extracted, ExtractError> {
    let mut container = Container::of(bytes)?;
    let main = main_part(&mut container)?;
    let relations = Relations::of(&mut container, &main)?;
    let mut context = Context {
        styles: Styles::default(),
        lists: Lists::default(),
        counters: Counters::default(),
        begun: HashSet::new(),
    };
    if let Some(part) = relations.bytes(&mut container, "styles")? {
        context.styles = Styles::read(&part)?;
    }
    if let Some(part) = relations.bytes(&mut container, "numbering")? {
        context.lists = Lists::read(&part)?;
    }
    let mut reader = Reader {
        container,
        relations,
        flow: Flow::default(),
        missing: false,
        chunks: 0,
        depth,
    };
    let part = reader.container.need(&main, "body of a Word file")?;
    body::read(&part, &mut context, &mut |piece| reader.piece(piece))?;
    reader.notes(&mut context)?;
    reader.furniture(&mut context)?;
    reader.finish()
}

/// The part the package names as the document; a conventional name where it names none.
fn main_part(container: &mut InMemory<'_>) -> Result<String, ExtractError> {
    let conventional = "word/document.xml";
    let package = Relations::of(container, "")?;
    let named = package.of_kind("officeDocument").next().map(str::to_owned);
    match named {
        Some(name) if container.has(&name) => Ok(name),
        _ if container.has(conventional) => Ok(conventional.to_owned()),
        _ => Err(ExtractError::Damaged("body of a Word file")),
    }
}

/// The relationships of a part.
struct Relations {
    /// Id to the entry meant; none where it is outside or nowhere.
    targets: HashMap<String, Option<String>>,
    /// The last step of the type, with the entry, in order.
    kinds: Vec<(String, String)>,
}

impl Relations {
    /// Those of a part, or of the package where the name is empty. A part may have none.
    fn of(container: &mut InMemory<'_>, part: &str) -> Result<Self, ExtractError> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = format!("{folder}/_rels/{file}.rels");
        let mut relations = Self {
            targets: HashMap::new(),
            kinds: Vec::new(),
        };
        let Some(bytes) = container.read(&name)? else {
            return Ok(relations);
        };
        walk(&bytes, &mut |node| {
            if let Node::Open(element) = node
                && element.name() == "Relationship"
            {
                let outside = element.attribute("TargetMode").as_deref() == Some("External");
                let target = element
                    .attribute("Target")
                    .filter(|_| !outside)
                    .and_then(|target| resolve(part, &target));
                let kind = element.attribute("Type").unwrap_or_default();
                let kind = kind.rsplit('/').next().unwrap_or_default();
                if let Some(target) = &target {
                    relations.kinds.push((kind.to_owned(), target.clone()));
                }
                if let Some(id) = element.attribute("Id") {
                    relations.targets.insert(id, target);
                }
            }
            Ok(())
        })?;
        Ok(relations)
    }

    fn of_kind<'r>(&'r self, kind: &'r str) -> impl Iterator<Item = &'r str> {
        let kinds = self.kinds.iter();
        kinds
            .filter(move |(known, _)| known == kind)
            .map(|(_, target)| target.as_str())
    }

    /// The one part of a kind.
    fn bytes(
        &self,
        container: &mut InMemory<'_>,
        kind: &str,
    ) -> Result<Option<Vec<u8>>, ExtractError> {
        match self.of_kind(kind).next() {
            Some(name) => container.read(name),
            None => Ok(None),
        }
    }
}

struct Reader<'b> {
    container: InMemory<'b>,
    relations: Relations,
    flow: Flow,
    /// A part that should be there is not.
    missing: bool,
    chunks: usize,
    depth: usize,
}

impl Reader<'_> {
    fn piece(&mut self, piece: Piece) -> Result<(), ExtractError> {
        match piece {
            Piece::Paragraph(kind, text) => self.flow.paragraph(kind, &text),
            Piece::OpenRow => self.flow.open_row(),
            Piece::OpenCell => self.flow.open_cell(),
            Piece::CloseRow => self.flow.close_row(),
            Piece::Chunk(id) => self.chunk(&id)?,
        }
        Ok(())
    }

    /// A part taken in whole, in whatever format it is.
    fn chunk(&mut self, id: &str) -> Result<(), ExtractError> {
        self.chunks += 1;
        if self.chunks > MAX_CHUNKS {
            return Err(ExtractError::Damaged("body of a Word file"));
        }
        let target = self.relations.targets.get(id).cloned().flatten();
        let bytes = match target {
            Some(name) => self.container.read(&name)?,
            None => None,
        };
        let Some(bytes) = bytes else {
            self.missing = true;
            return Ok(());
        };
        let read = if bytes.starts_with(b"PK\x03\x04") {
            if self.depth >= MAX_NESTED {
                return Err(ExtractError::TooDeep);
            }
            nested(&bytes, self.depth + 1)
        } else if bytes.starts_with(b"{\\rtf") {
            rtf::extract(&bytes)
        } else if mht::looks_like(&bytes) {
            mht::part(&bytes)
        } else {
            let source = charset::decode_html(&bytes, None).0;
            if source.trim_start().starts_with('<') {
                html::whole(&source)
            } else {
                for line in source.lines() {
                    self.flow.paragraph(BlockKind::Paragraph, line);
                }
                return Ok(());
            }
        };
        match read {
            Ok(read) => self.flow.append(&read),
            // An empty part is an empty part; anything else is the document's fault.
            Err(ExtractError::NoText) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Footnotes and endnotes.
    fn notes(&mut self, context: &mut Context) -> Result<(), ExtractError> {
        for text in self.texts(&["footnotes", "endnotes"], context)? {
            self.flow.note(&text);
        }
        Ok(())
    }

    /// Running heads and feet.
    fn furniture(&mut self, context: &mut Context) -> Result<(), ExtractError> {
        for text in self.texts(&["header", "footer"], context)? {
            self.flow.furniture(&text);
        }
        Ok(())
    }

    /// The paragraphs of all parts of some kinds; one that cannot be read costs the document
    /// nothing else.
    fn texts(
        &mut self,
        kinds: &[&str],
        context: &mut Context,
    ) -> Result<Vec<String>, ExtractError> {
        let mut texts = Vec::new();
        for kind in kinds {
            let names: Vec<String> = self.relations.of_kind(kind).map(str::to_owned).collect();
            for name in names {
                let Some(bytes) = self.container.read(&name)? else {
                    continue;
                };
                let read = body::read(&bytes, context, &mut |piece| {
                    if let Piece::Paragraph(_, text) = piece {
                        texts.push(text);
                    }
                    Ok(())
                });
                self.missing |= read.is_err();
            }
        }
        Ok(texts)
    }

    fn finish(self) -> Result<Extracted, ExtractError> {
        let mut warnings = Vec::new();
        if self.missing {
            warnings.push("a part of the Word file is missing or damaged".to_owned());
        }
        match self.flow.finish(Format::Docx, "UTF-8", warnings) {
            Err(ExtractError::NoText) if self.missing => {
                Err(ExtractError::Damaged("part of a Word file"))
            }
            read => read,
        }
    }
}

#[cfg(test)]
mod tests;
