//! A folder of documents, an index beside it, and the binary run on both.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A temporary place with `docs` to index and an `index`.
pub(crate) struct Place {
    folder: TempDir,
}

/// What a run of the binary left behind.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        fs::create_dir(place.docs()).expect("a new folder");
        place
    }

    /// A place with these documents, already indexed.
    pub(crate) fn indexed(files: &[(&str, &str)]) -> Self {
        let place = Self::new();
        for (name, text) in files {
            place.write(name, text);
        }
        let ran = place.index(&[]);
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
        place
    }

    pub(crate) fn docs(&self) -> PathBuf {
        self.folder.path().join("docs")
    }

    pub(crate) fn index_folder(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a document below `docs`.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let file = self.docs().join(name);
        fs::create_dir_all(file.parent().expect("below docs")).expect("a folder");
        fs::write(&file, text).expect("a file");
        file
    }

    /// Runs `duibiao index docs` with more arguments.
    pub(crate) fn index(&self, args: &[&str]) -> Ran {
        let docs = self.docs();
        let mut all = vec!["index", docs.to_str().expect("a UTF-8 path")];
        all.extend(args);
        self.run(&all)
    }

    /// Runs the binary on this index.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        run(&self.index_folder(), args)
    }

    /// Runs a command with `--format json` and parses what it prints.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let mut all = args.to_vec();
        all.splice(1..1, ["--format", "json"]);
        let ran = self.run(&all);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{args:?} prints JSON: {e}"))
    }

    /// The snippets of a search, in order.
    pub(crate) fn snippets(&self, args: &[&str]) -> Vec<String> {
        let mut all = vec!["search"];
        all.extend(args);
        let found = self.json(&all);
        let hits = found["hits"].as_array().expect("hits are a list");
        hits.iter()
            .map(|hit| hit["snippet"]["text"].as_str().expect("a text").to_owned())
            .collect()
    }

    pub(crate) fn total(&self, args: &[&str]) -> u64 {
        let mut all = vec!["search"];
        all.extend(args);
        self.json(&all)["total"].as_u64().expect("a number")
    }
}

/// The binary with an index folder, not yet run.
pub(crate) fn command(index: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duibiao"));
    command
        .env("DUIBIAO_INDEX", index)
        .env_remove("DUIBIAO_LEXICON")
        .env("NO_COLOR", "1");
    command
}

pub(crate) fn run(index: &Path, args: &[&str]) -> Ran {
    ran(command(index).args(args).output().expect("the binary runs"))
}

pub(crate) fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
    }
}
