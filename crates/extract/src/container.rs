//! ZIP containers read under guard: DOCX, XLSX, OFD and EPUB are all ZIP files.
//!
//! Sizes are counted while decompressing, never taken from the headers. It writes nothing: a
//! name in the archive is a key to look up and never a path.

use std::collections::HashMap;
use std::io::{Cursor, Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::{ExtractError, Format};

/// Most bytes one part may decompress to.
const MAX_PART: u64 = 64 * 1024 * 1024;
/// Most bytes of all parts read, as a multiple of the file's own size …
const MAX_RATIO: u64 = 100;
/// … but never less than this: small files compress well.
const ALWAYS_ALLOWED: u64 = 16 * 1024 * 1024;
/// More entries than any document has.
const MAX_ENTRIES: usize = 10_000;

/// A larger directory has names that no document has.
const MAX_DIRECTORY: u32 = 16 * 1024 * 1024;

/// The end-of-directory record without its comment.
const END_LENGTH: usize = 22;

/// An archive in memory.
pub(crate) type InMemory<'b> = Container<Cursor<&'b [u8]>>;

/// An open archive.
pub(crate) struct Container<R> {
    archive: ZipArchive<R>,
    /// Lowercased names with forward slashes, as the package formats compare them.
    names: HashMap<String, usize>,
    /// Bytes that may still be decompressed.
    left: u64,
}

impl<'b> InMemory<'b> {
    /// Reads the directory of an archive in memory.
    pub(crate) fn of(bytes: &'b [u8]) -> Result<Self, ExtractError> {
        Self::open(Cursor::new(bytes), bytes.len() as u64)
    }
}

impl<R: Read + Seek> Container<R> {
    /// Reads the directory of an archive of so many bytes.
    pub(crate) fn open(mut source: R, length: u64) -> Result<Self, ExtractError> {
        if let Some((entries, bytes)) = declared(&mut source, length)
            && (entries > MAX_ENTRIES || bytes > MAX_DIRECTORY)
        {
            return Err(ExtractError::TooManyEntries);
        }
        let archive = ZipArchive::new(source).map_err(reason)?;
        if archive.len() > MAX_ENTRIES {
            return Err(ExtractError::TooManyEntries);
        }
        let mut names = HashMap::with_capacity(archive.len());
        for index in 0..archive.len() {
            if let Some(Ok(name)) = archive.name_for_index(index) {
                names.entry(key(&name)).or_insert(index);
            }
        }
        let left = length.saturating_mul(MAX_RATIO).max(ALWAYS_ALLOWED);
        Ok(Self {
            archive,
            names,
            left,
        })
    }

    /// Whether it has an entry of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.contains_key(&key(name))
    }

    /// Names of all entries, lowercased, in no particular order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// The bytes of an entry; none where there is no such entry.
    pub(crate) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, ExtractError> {
        match self.names.get(&key(name)) {
            Some(&index) => self.read_index(index).map(Some),
            None => Ok(None),
        }
    }

    /// Number of entries, folders included.
    pub(crate) fn len(&self) -> usize {
        self.archive.len()
    }

    /// The path of an entry by its place in the directory. Archivers on Chinese systems write it
    /// in GBK and do not say so.
    pub(crate) fn name_of(&mut self, index: usize) -> Option<String> {
        let entry = self.archive.by_index_raw(index).ok()?;
        let raw = entry.name_raw();
        let name = match std::str::from_utf8(raw) {
            Ok(name) => name.to_owned(),
            Err(_) => encoding_rs::GB18030.decode(raw).0.into_owned(),
        };
        let is_folder = name.ends_with(['/', '\\']);
        let parts = name.split(['/', '\\']);
        let mut parts: Vec<&str> = parts
            .filter(|part| !matches!(*part, "" | "." | ".."))
            .collect();
        if is_folder {
            parts.push("");
        }
        Some(parts.join("/"))
    }

    /// Bytes an entry takes in the archive, as its header says.
    pub(crate) fn packed(&mut self, index: usize) -> u64 {
        let entry = self.archive.by_index_raw(index);
        entry.map_or(0, |entry| entry.compressed_size())
    }

    /// The bytes of an entry by its place in the directory.
    pub(crate) fn read_index(&mut self, index: usize) -> Result<Vec<u8>, ExtractError> {
        let entry = self.archive.by_index(index).map_err(reason)?;
        if entry.encrypted() {
            return Err(ExtractError::Protected);
        }
        let limit = self.left.min(MAX_PART);
        let mut bytes = Vec::new();
        entry
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| ExtractError::Damaged("entry of a ZIP container"))?;
        let length = bytes.len() as u64;
        if length > limit {
            return Err(ExtractError::Inflated);
        }
        self.left -= length;
        Ok(bytes)
    }

    /// An entry that must be there; `what` names it in the report.
    pub(crate) fn need(&mut self, name: &str, what: &'static str) -> Result<Vec<u8>, ExtractError> {
        self.read(name)?.ok_or(ExtractError::Damaged(what))
    }

    /// Which document format it is, by its entries; none for a plain archive.
    pub(crate) fn format(&self) -> Option<Format> {
        if self.has("word/document.xml") {
            Some(Format::Docx)
        } else if self.has("OFD.xml") {
            Some(Format::Ofd)
        } else if self.has("xl/workbook.xml") {
            Some(Format::Xlsx)
        } else if self.has("META-INF/container.xml") && self.has("mimetype") {
            Some(Format::Epub)
        } else if self.has("[Content_Types].xml") && self.has("_rels/.rels") {
            // Word lets the main part have any name; the others keep their folder.
            let word = self.names().any(|name| name.starts_with("word/"));
            word.then_some(Format::Docx)
        } else {
            None
        }
    }
}

/// Which document format a ZIP file is, by its entries; none for a plain archive.
pub(crate) fn format_of(bytes: &[u8]) -> Result<Option<Format>, ExtractError> {
    Ok(Container::of(bytes)?.format())
}

/// The entry a reference in the part `base` means: absolute in the archive, or relative to the
/// folder of the part. References out of the archive mean nothing.
pub(crate) fn resolve(base: &str, target: &str) -> Option<String> {
    let target = target.replace('\\', "/");
    let target = target.split(['#', '?']).next().unwrap_or_default();
    if target.is_empty() || target.contains("://") {
        return None;
    }
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let whole = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let mut steps: Vec<&str> = Vec::new();
    for step in whole.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    (!steps.is_empty()).then(|| steps.join("/"))
}

fn key(name: &str) -> String {
    name.trim_start_matches(['/', '\\'])
        .replace('\\', "/")
        .to_lowercase()
}

/// How many entries and bytes the end of the directory declares, before any of it is parsed.
fn declared(source: &mut (impl Read + Seek), length: u64) -> Option<(usize, u32)> {
    let from = length.saturating_sub((END_LENGTH + usize::from(u16::MAX)) as u64);
    source.seek(SeekFrom::Start(from)).ok()?;
    let mut tail = Vec::new();
    let most = (END_LENGTH + usize::from(u16::MAX)) as u64;
    source.by_ref().take(most).read_to_end(&mut tail).ok()?;
    let at = tail
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06")?;
    let end: &[u8; 6] = tail.get(at + 10..at + 16)?.try_into().ok()?;
    let [low, high, size @ ..] = *end;
    let entries = usize::from(u16::from_le_bytes([low, high]));
    Some((entries, u32::from_le_bytes(size)))
}

fn reason(error: ZipError) -> ExtractError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => ExtractError::Protected,
        ZipError::UnsupportedArchive(_) => {
            ExtractError::Unsupported("ZIP with an unusual compression")
        }
        _ => ExtractError::Damaged("ZIP container"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn references_stay_in_the_archive() {
        let part = "word/document.xml";
        let resolved = |target| resolve(part, target);
        assert_eq!(resolved("media/a.mht").as_deref(), Some("word/media/a.mht"));
        assert_eq!(resolved("/word/a.mht").as_deref(), Some("word/a.mht"));
        assert_eq!(resolved("../a.xml#x").as_deref(), Some("a.xml"));
        assert_eq!(resolved("../../etc/passwd"), None);
        assert_eq!(resolved("https://example.org/a"), None);
    }

    #[test]
    fn formats_are_told_by_their_entries() {
        let told = |name| format_of(&fixture(name)).expect(name);
        assert_eq!(told("plain.docx"), Some(Format::Docx));
        assert_eq!(told("notice.ofd"), Some(Format::Ofd));
        assert_eq!(told("table.xlsx"), Some(Format::Xlsx));
        assert_eq!(told("book.epub"), Some(Format::Epub));
        assert_eq!(told("nested.zip"), None);
    }

    #[test]
    fn hostile_archives_are_refused() {
        let opened = |name| Container::of(&fixture(name)).map(|_| ()).expect_err(name);
        assert_eq!(opened("many-entries.zip"), ExtractError::TooManyEntries);
        assert_eq!(
            opened("truncated.docx"),
            ExtractError::Damaged("ZIP container")
        );
        let bomb = fixture("bomb.docx");
        let mut container = Container::of(&bomb).expect("directory");
        assert_eq!(
            container.read("word/document.xml"),
            Err(ExtractError::Inflated)
        );
        let locked = fixture("encrypted.zip");
        let mut container = Container::of(&locked).expect("directory");
        assert_eq!(container.read("secret.txt"), Err(ExtractError::Protected));
    }

    #[test]
    fn entries_are_counted_not_believed() {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for entry in 0..20_000 {
            let options = zip::write::SimpleFileOptions::default();
            writer
                .start_file(format!("{entry}"), options)
                .expect("entry");
        }
        let mut bytes = writer.finish().expect("archive").into_inner();
        let refused = |bytes: &[u8]| Container::of(bytes).map(|_| ()).is_err();
        assert!(refused(&bytes));
        let end = bytes.len() - END_LENGTH;
        bytes[end + 10..end + 12].copy_from_slice(&7u16.to_le_bytes());
        let opened = Container::of(&bytes).map(|c| c.archive.len());
        assert!(opened.is_err() || opened == Ok(7));
    }

    #[test]
    fn a_cut_archive_never_panics() {
        let whole = fixture("plain.docx");
        for length in (0..whole.len()).step_by(7) {
            if let Ok(mut container) = Container::of(&whole[..length]) {
                let _ = container.read("word/document.xml");
            }
        }
    }
}
