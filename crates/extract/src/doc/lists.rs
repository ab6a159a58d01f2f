//! Lists of a binary Word file: definitions and the instances paragraphs name.
//!
//! Counting is done elsewhere.

use super::bytes::{slice, u8_at, u16_at, u32_at};
use crate::numbering::{LEVELS, Level, Levels, Style};

/// Paragraphs name no higher instance.
const MAX_INSTANCES: usize = 0x7ff;

/// An instance of a list.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    /// What is counted: instances of one definition continue each other.
    pub(super) key: u32,
    /// Its levels.
    pub(super) levels: Levels,
    /// Numbers at which this instance begins again.
    pub(super) starts: [Option<u32>; LEVELS],
}

/// The instances in order; paragraphs count them from 1. `after` is what follows the
/// definitions in the table stream: their levels.
pub(super) fn read(definitions: &[u8], after: &[u8], instances: &[u8]) -> Vec<List> {
    let definitions = read_definitions(definitions, after);
    read_instances(instances, &definitions)
}

fn read_definitions(bytes: &[u8], levels: &[u8]) -> Vec<List> {
    let count = u16_at(bytes, 0).unwrap_or(0);
    let mut lists = Vec::new();
    let mut at = 0usize;
    for index in 0..usize::from(count) {
        let record = 2 + index * 28;
        let (Some(key), Some(flags)) = (u32_at(bytes, record), u8_at(bytes, record + 26)) else {
            break;
        };
        let mut list = List {
            key,
            ..List::default()
        };
        let own = if flags & 1 != 0 { 1 } else { LEVELS };
        for level in 0..own {
            let Some((read, length)) = read_level(levels.get(at..).unwrap_or(&[])) else {
                lists.push(list);
                return lists;
            };
            list.levels[level] = read;
            at += length;
        }
        lists.push(list);
    }
    lists
}

/// A level and how many bytes it takes.
fn read_level(bytes: &[u8]) -> Option<(Level, usize)> {
    let start = u32_at(bytes, 0)?;
    let code = u8_at(bytes, 4)?;
    let flags = u8_at(bytes, 5)?;
    let follows = u8_at(bytes, 15)?;
    let properties = usize::from(u8_at(bytes, 24)?) + usize::from(u8_at(bytes, 25)?);
    let at = 28 + properties;
    let length = usize::from(u16_at(bytes, at)?);
    let units = slice(bytes, at + 2, length * 2)?;
    let units: Vec<u16> = units
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    let mut text = String::new();
    for character in char::decode_utf16(units) {
        match character.unwrap_or('\u{fffd}') {
            // A level's number stands for it in the label.
            level @ '\0'..='\u{8}' => text.push_str(&format!("%{}", level as u32 + 1)),
            other => text.push(other),
        }
    }
    let level = Level {
        start,
        style: Style::by_code(code),
        text,
        tight: follows == 2,
        legal: flags & 4 != 0,
    };
    Some((level, at + 2 + length * 2))
}

fn read_instances(bytes: &[u8], definitions: &[List]) -> Vec<List> {
    let count = u32_at(bytes, 0).unwrap_or(0) as usize;
    let mut lists = Vec::new();
    let mut at = 4 + count.saturating_mul(16);
    for index in 0..count.min(MAX_INSTANCES) {
        let record = 4 + index * 16;
        let (Some(key), Some(levels)) = (u32_at(bytes, record), u8_at(bytes, record + 12)) else {
            break;
        };
        let known = definitions.iter().find(|list| list.key == key);
        let mut list = known.cloned().unwrap_or_default();
        // Four bytes of no use, then what the instance changes.
        at = at.saturating_add(4);
        for _ in 0..levels {
            let (Some(start), Some(flags)) = (u32_at(bytes, at), u32_at(bytes, at + 4)) else {
                break;
            };
            at += 8;
            let level = ((flags & 0x0f) as usize).min(LEVELS - 1);
            if flags & 0x20 != 0 {
                let Some((read, length)) = read_level(bytes.get(at..).unwrap_or(&[])) else {
                    break;
                };
                at += length;
                if flags & 0x10 != 0 {
                    list.starts[level] = Some(read.start);
                }
                list.levels[level] = read;
            } else if flags & 0x10 != 0 {
                list.starts[level] = Some(start);
            }
        }
        lists.push(list);
    }
    lists
}
