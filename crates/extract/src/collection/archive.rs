//! The members of a ZIP archive, one at a time.

use std::io::{Read, Seek};

use serde::{Deserialize, Serialize};

use crate::container::Container;
use crate::{ExtractError, Format};

/// An open archive.
pub struct Archive<R> {
    container: Container<R>,
    next: usize,
}

/// A file in an archive, not yet read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its path in the archive, with forward slashes.
    pub name: String,
    /// Bytes it takes in the archive, as the archive says.
    pub packed: u64,
    /// Its place in the directory.
    pub(crate) index: usize,
}

impl<R: Read + Seek> Archive<R> {
    /// Reads the directory of an archive of so many bytes.
    ///
    /// # Errors
    /// When it is damaged, or has more entries than are read.
    pub fn open(source: R, bytes: u64) -> Result<Self, ExtractError> {
        Ok(Self {
            container: Container::open(source, bytes)?,
            next: 0,
        })
    }

    /// The format of the one document it is; `None` for an archive of files.
    pub fn document(&self) -> Option<Format> {
        self.container.format()
    }

    /// The next file; folders and what systems add are left out.
    pub fn next_member(&mut self) -> Option<Member> {
        while self.next < self.container.len() {
            let index = self.next;
            self.next += 1;
            if let Some(name) = self.container.name_of(index).filter(|name| is_file(name)) {
                let packed = self.container.packed(index);
                return Some(Member {
                    name,
                    packed,
                    index,
                });
            }
        }
        None
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// When they are damaged, protected, or far more than the archive's size lets expect.
    pub fn read(&mut self, member: &Member) -> Result<Vec<u8>, ExtractError> {
        self.unpack(member.index)
    }

    /// The same by its place in the directory.
    pub(crate) fn unpack(&mut self, index: usize) -> Result<Vec<u8>, ExtractError> {
        self.container.read_index(index)
    }
}

/// Not a folder, not hidden, and not what a Mac puts beside each file.
fn is_file(name: &str) -> bool {
    !name.ends_with('/')
        && !name.starts_with("__MACOSX/")
        && !name
            .split('/')
            .any(|part| part.starts_with('.') || part.is_empty())
}
