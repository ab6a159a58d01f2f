//! Archives of files, taken apart in a worker where there are workers and else in this process.
//!
//! It decides nothing about the members; an archive that killed its worker is left alone until its
//! bytes change.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use duibiao_extract::{Archive, ExtractError, Isolated, Member, Unpacking, Workers};
use duibiao_lexicon::Lexicon;

use crate::run::ANALYSIS_VERSION;
use crate::walk::Source;

/// Begins the fingerprint of an archive that killed its worker.
const MARK: &str = "archive-";

/// Archives that killed their worker.
#[derive(Debug, Default)]
pub(crate) struct Quarantine {
    /// Fingerprint and reason by path.
    archives: HashMap<String, (String, String)>,
    /// What their documents depend on besides: with another lexicon they are tried again.
    lexicon: String,
}

impl Quarantine {
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        Self {
            archives: HashMap::new(),
            lexicon: lexicon.version().to_owned(),
        }
    }

    /// Takes those of the files that could not be read that are meant.
    pub(crate) fn add(&mut self, path: &str, fingerprint: &str, reason: &str) {
        if fingerprint.starts_with(MARK) {
            let entry = (fingerprint.to_owned(), reason.to_owned());
            self.archives.insert(path.to_owned(), entry);
        }
    }

    /// Hash of the bytes of a file and of what reads it; empty where it cannot be read.
    pub(crate) fn fingerprint(&self, file: &Path) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.lexicon.as_bytes());
        hasher.update(&ANALYSIS_VERSION.to_le_bytes());
        let read = File::open(file).and_then(|file| hasher.update_reader(file).map(|_| ()));
        match read {
            Ok(()) => format!("{MARK}{}", &hasher.finalize().to_hex()[..32]),
            Err(_) => String::new(),
        }
    }
}

/// Why the rest of an archive cannot be read.
#[derive(Debug)]
pub(crate) struct Lost {
    pub(crate) reason: String,
    /// Whether it killed its worker.
    pub(crate) is_killer: bool,
}

/// What a file that looks like an archive is.
pub(crate) enum Opened<'w> {
    /// One document.
    Document,
    Archive(Box<Unpacked<'w>>),
}

/// An open archive.
pub(crate) enum Unpacked<'w> {
    Worker(Unpacking<'w>),
    Here(Archive<File>),
}

/// Opens an archive.
///
/// # Errors
/// When it cannot be opened, or was in quarantine and has not changed.
pub(crate) fn open<'w>(
    source: &Source,
    workers: Option<&'w Workers>,
    quarantine: &Quarantine,
) -> Result<Opened<'w>, Lost> {
    if let Some((tried, reason)) = quarantine.archives.get(&source.path)
        && quarantine.fingerprint(&source.file) == *tried
    {
        return Err(Lost {
            reason: reason.clone(),
            is_killer: true,
        });
    }
    let refused = |error: ExtractError| Lost {
        reason: error.to_string(),
        is_killer: false,
    };
    let place = match workers {
        Some(workers) => {
            let opened = workers.open(&source.file);
            opened.map_err(|why| lost(why, None))?.map(Unpacked::Worker)
        }
        None => {
            let gone = |_| refused(ExtractError::Damaged("it cannot be read"));
            let file = File::open(&source.file).map_err(gone)?;
            let archive = Archive::open(file, source.bytes).map_err(refused)?;
            archive
                .document()
                .is_none()
                .then_some(Unpacked::Here(archive))
        }
    };
    Ok(place.map_or(Opened::Document, |place| Opened::Archive(Box::new(place))))
}

impl Unpacked<'_> {
    /// The next file in it.
    pub(crate) fn next_member(&mut self) -> Option<Member> {
        match self {
            Self::Worker(archive) => archive.next_member(),
            Self::Here(archive) => archive.next_member(),
        }
    }

    /// The bytes of a member, or the reason why it cannot be read.
    ///
    /// # Errors
    /// When nothing after it can be read either.
    pub(crate) fn read(&mut self, member: &Member) -> Result<Result<Vec<u8>, String>, Lost> {
        match self {
            Self::Here(archive) => Ok(archive.read(member).map_err(|e| e.to_string())),
            Self::Worker(archive) => match archive.read(member) {
                Ok(bytes) => Ok(Ok(bytes)),
                Err(Isolated::Refused { reason, .. }) => Ok(Err(reason)),
                Err(why) => Err(lost(why, Some(member))),
            },
        }
    }
}

/// What the end of its worker means for an archive.
fn lost(why: Isolated, member: Option<&Member>) -> Lost {
    let reason = match member {
        Some(member) => format!("from {} in it on: {why}", member.name),
        None => why.to_string(),
    };
    Lost {
        reason,
        is_killer: matches!(why, Isolated::Killed(_)),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::path::PathBuf;

    use duibiao_extract::Columns;

    use super::*;
    use crate::items::{Content, Item, Items, Summary};

    /// A file that begins as an archive does; what is in it a shell says.
    fn source(folder: &Path) -> Source {
        let file = folder.join("a.zip");
        std::fs::write(&file, b"PK\x03\x04").expect("a file");
        Source {
            path: "docs/a.zip".to_owned(),
            file,
            bytes: 4,
            root: String::new(),
        }
    }

    fn items(source: &Source, workers: &Workers, quarantine: Quarantine) -> Vec<Item> {
        let columns = Columns::default();
        Items::new(std::slice::from_ref(source), &columns, Some(workers))
            .without(quarantine)
            .collect()
    }

    fn end(items: &[Item]) -> &Summary {
        match items.last().map(|item| &item.content) {
            Some(Content::End(summary)) => summary,
            _ => panic!("a collection ends"),
        }
    }

    #[test]
    fn no_archive_is_opened_in_this_process() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let workers = Workers::new("/no/such/program".into(), Vec::new());
        let found = items(&source(folder.path()), &workers, Quarantine::default());
        let broken = end(&found).broken.clone().unwrap_or_default();
        assert!(broken.contains("cannot start a worker"), "{broken}");
        assert_eq!(end(&found).fingerprint, "", "it is tried again");
    }

    #[test]
    fn an_archive_that_kills_its_worker_keeps_what_came_before() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let source = source(folder.path());
        let tries = folder.path().join("tries");
        let request = 1 + 8 + source.file.as_os_str().len();
        let list = r#"{"Members":[{"name":"a.txt","packed":1,"index":0},{"name":"b.txt","packed":1,"index":1},{"name":"c.txt","packed":1,"index":2}]}"#;
        let print = |part: &str| {
            let length = part.len();
            format!("printf '\\{length:o}\\0\\0\\0\\0\\0\\0\\0%s' '{part}'")
        };
        // It unpacks the first member and dies of the second.
        let script = format!(
            "echo x >> {}; head -c {request} >/dev/null; {}
             while [ $(head -c 17 | od -An -j9 -N1 -tu1) = 0 ]; do {}; {}; done; kill -SEGV $$",
            tries.display(),
            print(list),
            print("\"Bytes\""),
            print("text"),
        );
        let workers = Workers::new(PathBuf::from("/bin/sh"), vec!["-c".to_owned(), script]);
        let found = items(&source, &workers, Quarantine::default());
        let paths: Vec<&str> = found.iter().map(|item| item.origin.path.as_str()).collect();
        assert_eq!(paths, ["docs/a.zip#a.txt", "docs/a.zip"]);
        let summary = end(&found);
        let broken = summary.broken.clone().unwrap_or_default();
        assert!(
            broken.starts_with("from b.txt in it on: its parser crashed"),
            "{broken}"
        );

        let started = || {
            std::fs::read_to_string(&tries)
                .expect("a line a start")
                .lines()
                .count()
        };
        assert_eq!(started(), 2, "it is tried twice");
        let quarantined = || {
            let mut quarantine = Quarantine::default();
            quarantine.add(&source.path, &summary.fingerprint, &broken);
            quarantine
        };
        let again = items(&source, &workers, quarantined());
        assert_eq!(end(&again).broken.as_ref(), Some(&broken));
        assert_eq!(
            (again.len(), started()),
            (1, 2),
            "and then not until it changes"
        );
        std::fs::write(&source.file, b"PK\x03\x04 ").expect("a file");
        assert_eq!(items(&source, &workers, quarantined()).len(), 2);
    }
}
