//! `numbering.xml`: which list a paragraph belongs to and how its levels are numbered.
//!
//! It counts nothing; the counters belong to the document being read.

use std::collections::HashMap;

use crate::ExtractError;
use crate::numbering::{LEVELS, Level, Levels, Style};
use crate::xml::{Element, Node, walk};

/// The lists a document defines.
#[derive(Debug, Default)]
pub(super) struct Lists {
    abstracts: HashMap<u32, Abstract>,
    numbers: HashMap<u32, Number>,
}

#[derive(Debug, Default)]
struct Abstract {
    levels: Levels,
    /// The paragraph style that stands for each level.
    styles: [Option<String>; LEVELS],
    /// The list style that really defines the levels.
    link: Option<String>,
    /// The list style this one defines.
    defines: Option<String>,
}

#[derive(Debug, Default)]
struct Number {
    list: u32,
    starts: [Option<u32>; LEVELS],
    levels: HashMap<usize, Level>,
}

/// A list as a paragraph uses it.
pub(super) struct List {
    /// What is counted: instances of one definition continue each other.
    pub(super) key: u32,
    /// Its levels.
    pub(super) levels: Levels,
    /// Numbers at which this instance begins again.
    pub(super) starts: [Option<u32>; LEVELS],
}

impl Lists {
    /// The list an instance number stands for.
    pub(super) fn list(&self, number: u32) -> Option<List> {
        let instance = self.numbers.get(&number)?;
        let mut definition = self.abstracts.get(&instance.list)?;
        let mut key = instance.list;
        if let Some(link) = &definition.link {
            let defining = self
                .abstracts
                .iter()
                .find(|(_, other)| other.defines.as_ref() == Some(link));
            if let Some((defining, linked)) = defining {
                (key, definition) = (*defining, linked);
            }
        }
        let mut levels = definition.levels.clone();
        for (&at, level) in &instance.levels {
            levels[at] = level.clone();
        }
        Some(List {
            key,
            levels,
            starts: instance.starts,
        })
    }

    /// The level a paragraph style stands for in a list.
    pub(super) fn level_of_style(&self, number: u32, style: &str) -> Option<usize> {
        let list = self.abstracts.get(&self.numbers.get(&number)?.list)?;
        list.styles
            .iter()
            .position(|known| known.as_deref() == Some(style))
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, ExtractError> {
        let mut reader = Reader::default();
        walk(bytes, &mut |node| {
            match node {
                Node::Open(element) => reader.open(&element),
                Node::Close(name) => reader.close(name),
                Node::Text(_) => {}
            }
            Ok(())
        })?;
        Ok(reader.lists)
    }
}

#[derive(Default)]
struct Reader {
    lists: Lists,
    definition: Option<(u32, Abstract)>,
    instance: Option<(u32, Number)>,
    /// The level being read, and the one an override is for.
    level: Option<(usize, Level)>,
    overridden: Option<usize>,
}

impl Reader {
    fn open(&mut self, element: &Element<'_>) {
        let number = |name: &str| element.attribute(name).and_then(|v| v.parse::<u32>().ok());
        let at = || number("ilvl").map(|n| (n as usize).min(LEVELS - 1));
        match element.name() {
            "abstractNum" => {
                self.definition = number("abstractNumId").map(|id| (id, Abstract::default()));
            }
            "num" => self.instance = number("numId").map(|id| (id, Number::default())),
            "abstractNumId" => {
                if let (Some((_, instance)), Some(list)) = (&mut self.instance, number("val")) {
                    instance.list = list;
                }
            }
            "lvlOverride" => self.overridden = at(),
            "startOverride" => {
                if let (Some((_, instance)), Some(at)) = (&mut self.instance, self.overridden) {
                    instance.starts[at] = number("val");
                }
            }
            "lvl" => {
                self.level = at().map(|at| {
                    let level = Level::default();
                    (at, level)
                });
            }
            "numStyleLink" => {
                if let Some((_, definition)) = &mut self.definition {
                    definition.link = element.val();
                }
            }
            "styleLink" => {
                if let Some((_, definition)) = &mut self.definition {
                    definition.defines = element.val();
                }
            }
            _ => self.property(element),
        }
    }

    /// What is said about a level.
    fn property(&mut self, element: &Element<'_>) {
        let Some((at, level)) = &mut self.level else {
            return;
        };
        match element.name() {
            "start" => level.start = element.val().and_then(|v| v.parse().ok()).unwrap_or(1),
            "numFmt" => level.style = Style::by_name(&element.val().unwrap_or_default()),
            "lvlText" => level.text = element.val().unwrap_or_default(),
            "suff" => level.tight = element.val().as_deref() == Some("nothing"),
            "isLgl" => level.legal = element.is_on(),
            "pStyle" => {
                if let Some((_, definition)) = &mut self.definition {
                    definition.styles[*at] = element.val();
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "lvl" => {
                let Some((at, level)) = self.level.take() else {
                    return;
                };
                if let Some((_, instance)) = &mut self.instance {
                    instance.levels.insert(at, level);
                } else if let Some((_, definition)) = &mut self.definition {
                    definition.levels[at] = level;
                }
            }
            "lvlOverride" => self.overridden = None,
            "abstractNum" => {
                if let Some((id, definition)) = self.definition.take() {
                    self.lists.abstracts.insert(id, definition);
                }
            }
            "num" => {
                if let Some((id, instance)) = self.instance.take() {
                    self.lists.numbers.insert(id, instance);
                }
            }
            _ => {}
        }
    }
}
