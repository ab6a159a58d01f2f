//! A folder of documents, an index beside it, and the binary run on both.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

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

/// A running `duibiao serve` or `demo`; stopped when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    client: ureq::Agent,
}

/// What a server answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) kind: String,
    pub(crate) body: String,
    pub(crate) headers: ureq::http::HeaderMap,
}

impl Server {
    /// Serves an index on any free port.
    pub(crate) fn serve(index: &Path, args: &[&str]) -> Self {
        let mut all = vec!["serve", "--addr", "127.0.0.1:0", "--log", "off"];
        all.extend(args);
        Self::start(command(index).args(all))
    }

    /// Runs a command that prints a URL and serves there.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("stdout is piped"))
            .read_line(&mut url)
            .expect("stdout is UTF-8");
        let url = url.trim().trim_end_matches('/').to_owned();
        assert!(url.starts_with("http://"), "it prints its URL: {url:?}");
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(20)))
            .build();
        Self {
            child,
            url,
            client: config.into(),
        }
    }

    /// Asks for a path, whose query may hold any characters.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    /// The same as a browser asks.
    pub(crate) fn page(&self, path: &str) -> Answer {
        self.get_with(path, &[("accept", "text/html")])
    }

    pub(crate) fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.client.get(format!("{}{}", self.url, encoded(path)));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.call().unwrap_or_else(|e| panic!("{path}: {e}"));
        let headers = response.headers().clone();
        Answer {
            status: response.status().as_u16(),
            kind: headers
                .get("content-type")
                .map_or("", |kind| kind.to_str().expect("ASCII"))
                .to_owned(),
            body: response
                .body_mut()
                .with_config()
                .limit(64 << 20)
                .read_to_string()
                .expect("a body in UTF-8"),
            headers,
        }
    }

    /// The JSON at a path.
    pub(crate) fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for it to end by itself.
    pub(crate) fn ended(&mut self) -> i32 {
        let status = self.child.wait().expect("a child to wait for");
        status.code().unwrap_or(-1)
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Percent-encodes what may not stand in an address.
pub(crate) fn encoded(path: &str) -> String {
    let mut text = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => text.push(char::from(byte)),
            b'/' | b'?' | b'&' | b'=' | b'.' | b'-' | b'_' | b'%' => text.push(char::from(byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}
