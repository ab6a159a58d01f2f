//! The binary beside a bench: started as a server, stopped, and how much memory it holds.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A server that is stopped when it is dropped.
pub struct Server {
    /// The process.
    pub child: Child,
    /// Its URL, with a slash at the end.
    pub url: String,
}

impl Server {
    /// Starts the server and reads its URL.
    pub fn start(index: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_duibiao"))
            .args(["serve", "--addr", "127.0.0.1:0", "--log", "off", "--index"])
            .arg(index)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("stdout is piped"))
            .read_line(&mut url)
            .expect("it prints its URL");
        let url = url.trim().to_owned();
        Self { child, url }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Memory of a process in MB, as Linux counts it: `VmRSS` is what is resident now, `VmHWM` the most that
/// ever was, pages of the mapped index included. 0 elsewhere.
pub fn memory(child: &Child, what: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    let kilobytes: Option<u64> = line.and_then(|line| {
        let line = line.trim_start_matches(':').trim();
        line.trim_end_matches(" kB").parse().ok()
    });
    kilobytes.unwrap_or(0) / 1_000
}
