//! The files below the roots that `index` is given, with the paths that identify documents.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use duibiao_extract::{Support, support_of};
use walkdir::{DirEntry, WalkDir};

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Name of the root, `/`, path below it.
    pub path: String,
    /// Where it is.
    pub file: PathBuf,
    /// Size in bytes when it was listed.
    pub bytes: u64,
    /// The folder that is its root, absolute.
    pub root: String,
}

/// A file or folder that cannot be read, with the reason.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Failure {
    /// The document path, or the path as given.
    pub path: String,
    /// Why.
    pub reason: String,
    /// How long it took to know; 0 where it was not opened.
    pub seconds: f64,
}

/// A folder given as a root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// What paths of documents below it begin with: its name and `/`.
    pub prefix: String,
    /// Where it is, absolute.
    pub root: String,
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walk {
    /// Files to read, in order of path.
    pub sources: Vec<Source>,
    /// What could not be listed.
    pub failures: Vec<Failure>,
    /// Files that are no documents: pictures, hidden files, labels.
    pub skipped: u64,
    /// Links that were not followed.
    pub links: u64,
    /// The folders that were listed.
    pub folders: Vec<Folder>,
}

/// Why a document in a format that is not read is listed as unreadable.
pub(crate) const UNREAD: &str = "format not supported yet; convert it to text or HTML";

/// Labels are never documents.
pub(crate) fn is_labels(path: &str) -> bool {
    path == "labels.csv" || path.ends_with("/labels.csv") || path.ends_with(".labels.csv")
}

/// Lists what is below the roots. Links are not followed, except a root that is one itself.
pub fn walk(roots: &[PathBuf]) -> Walk {
    let mut walk = Walk::default();
    for root in roots {
        walk.root(root);
    }
    walk.sources.sort_by(|a, b| a.path.cmp(&b.path));
    walk.drop_doubles();
    walk
}

impl Walk {
    fn root(&mut self, root: &Path) {
        let shown = root.display().to_string();
        let metadata = match root.metadata() {
            Ok(metadata) => metadata,
            Err(e) => return self.fail(shown, reason(&e)),
        };
        let Some(name) = root_name(root) else {
            return self.fail(
                shown,
                "a root needs a name; give a folder below it".to_owned(),
            );
        };
        let absolute = absolute(root);
        if metadata.is_file() {
            let file = root.file_name().map(escaped).unwrap_or_default();
            self.file(
                format!("{name}/{file}"),
                root.to_owned(),
                metadata.len(),
                &absolute,
            );
            return;
        }
        if !metadata.is_dir() {
            return self.fail(shown, "neither a file nor a folder".to_owned());
        }
        self.folders.push(Folder {
            prefix: format!("{name}/"),
            root: absolute.clone(),
        });
        for entry in WalkDir::new(root)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|e| e.depth() == 0 || !is_hidden(e))
        {
            match entry {
                Ok(entry) => self.entry(root, &absolute, &name, &entry),
                Err(e) => {
                    let path = e
                        .path()
                        .map_or_else(|| shown.clone(), |p| document_path(&name, root, p));
                    let why = e.io_error().map_or_else(|| e.to_string(), reason);
                    self.fail(path, why);
                }
            }
        }
    }

    fn entry(&mut self, root: &Path, absolute: &str, name: &str, entry: &DirEntry) {
        if entry.depth() == 0 || entry.file_type().is_dir() {
            return;
        }
        if entry.path_is_symlink() {
            self.links += 1;
            return;
        }
        let path = document_path(name, root, entry.path());
        match entry.metadata() {
            Ok(metadata) if metadata.is_file() => {
                self.file(path, entry.path().to_owned(), metadata.len(), absolute)
            }
            Ok(_) if support_of(&path) == Support::Other => self.skipped += 1,
            Ok(_) => self.fail(path, "not a regular file".to_owned()),
            Err(e) => self.fail(path, e.to_string()),
        }
    }

    fn file(&mut self, path: String, file: PathBuf, bytes: u64, root: &str) {
        match support_of(&path) {
            Support::Read if !is_labels(&path) => self.sources.push(Source {
                path,
                file,
                bytes,
                root: root.to_owned(),
            }),
            Support::Unread => self.fail(path, UNREAD.to_owned()),
            _ => self.skipped += 1,
        }
    }

    fn fail(&mut self, path: String, reason: String) {
        self.failures.push(Failure {
            path,
            reason,
            seconds: 0.0,
        });
    }

    /// Two roots of the same name may hold the same path; one document cannot be both files.
    fn drop_doubles(&mut self) {
        let mut kept: Vec<Source> = Vec::with_capacity(self.sources.len());
        for source in std::mem::take(&mut self.sources) {
            match kept.last().filter(|last| last.path == source.path) {
                Some(last) if last.file == source.file => {}
                Some(last) => {
                    let reason = format!(
                        "{} has the same path; rename one of the roots",
                        last.file.display()
                    );
                    self.fail(source.file.display().to_string(), reason);
                }
                None => kept.push(source),
            }
        }
        self.sources = kept;
    }
}

/// The name of the folder that is the root; for a single file, of the folder it is in, so that
/// a file has the same path however it is given.
fn root_name(root: &Path) -> Option<String> {
    let absolute = std::path::absolute(root).ok()?;
    let ends_plain = matches!(
        absolute.components().next_back(),
        Some(Component::Normal(_))
    );
    let resolved = if ends_plain {
        absolute
    } else {
        root.canonicalize().ok()?
    };
    let folder = if resolved.is_file() {
        resolved.parent()?
    } else {
        &resolved
    };
    folder.file_name().map(escaped)
}

/// The folder of a root, free of links and `..`.
fn absolute(root: &Path) -> String {
    let resolved = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let folder = if resolved.is_file() {
        resolved.parent().unwrap_or(&resolved)
    } else {
        &resolved
    };
    folder.display().to_string()
}

fn document_path(name: &str, root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<String> = below
        .components()
        .map(|part| escaped(part.as_os_str()))
        .collect();
    format!("{name}/{}", parts.join("/"))
}

/// A file name as text; bytes that are no UTF-8 become %XX, so that two names never become one.
fn escaped(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// What an I/O error means to the one who reads the report.
pub(crate) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn paths_begin_with_the_name_of_the_root() {
        let folder = tempfile::tempdir().expect("folder");
        let root = folder.path().join("文件");
        fs::create_dir_all(root.join("黑龙江/.git")).expect("folders");
        for name in [
            "b.txt",
            "黑龙江/a.md",
            "labels.csv",
            "x.labels.csv",
            "p.png",
            ".hidden.txt",
            "黑龙江/.git/c.txt",
            "d.xls",
        ] {
            fs::write(root.join(name), "字").expect("file");
        }
        let found = walk(&[root.clone(), root.join("b.txt"), folder.path().join("none")]);
        assert_eq!(
            found
                .sources
                .iter()
                .map(|s| s.path.as_str())
                .collect::<Vec<_>>(),
            ["文件/b.txt", "文件/黑龙江/a.md"]
        );
        assert_eq!(found.failures.len(), 2, "{:?}", found.failures);
        assert_eq!(found.skipped, 3);
        assert_eq!(walk(&[root.join("黑龙江/..")]).sources.len(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().expect("folder");
        fs::write(folder.path().join("a.txt"), "字").expect("file");
        std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).expect("link");
        let found = walk(&[folder.path().to_owned()]);
        assert_eq!(
            (found.sources.len(), found.links, found.failures.len()),
            (1, 1, 0)
        );
    }
}
