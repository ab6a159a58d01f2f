//! Every passage of 100,000 taken away in each format, at the terminal and from a server: rows a second,
//! memory at most, and how long searches take meanwhile.
//!
//! Builds the index once, or takes the one in `DUIBIAO_BENCH_INDEX`, and runs the binary on it, so times include
//! starting it. `cargo bench --bench exporting`.

#[path = "support/generator/mod.rs"]
pub mod generator;
#[path = "support/index.rs"]
pub mod index;
#[path = "support/server.rs"]
pub mod server;

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use server::{Server, memory};

const FORMATS: [&str; 4] = ["csv", "jsonl", "md", "xlsx"];
/// Searches that are put while an export runs wait so long between two.
const BETWEEN: Duration = Duration::from_millis(10);

fn main() {
    let indexed = index::Indexed::of(index::passages());
    let folder = tempfile::tempdir().expect("a temporary folder");
    for format in FORMATS {
        terminal(&indexed.path, folder.path(), format);
    }
    for format in FORMATS {
        served(&indexed.path, format);
    }
}

/// `duibiao search --all --output`, best of three.
fn terminal(index: &Path, folder: &Path, format: &str) {
    let file = folder.join(format!("hits.{format}"));
    let mut best = Duration::MAX;
    let mut most = 0;
    let mut rows = 0;
    for _ in 0..3 {
        let begun = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_duibiao"))
            .args(["search", "--all", "--index"])
            .arg(index)
            .arg("--output")
            .arg(&file)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        while child.try_wait().expect("a child").is_none() {
            most = most.max(memory(&child, "VmHWM"));
            thread::sleep(Duration::from_millis(5));
        }
        best = best.min(begun.elapsed());
        let mut said = String::new();
        let mut stderr = child.stderr.take().expect("stderr is piped");
        stderr.read_to_string(&mut said).expect("UTF-8");
        let number = said.split(' ').next().and_then(|n| n.parse().ok());
        rows = number.unwrap_or_else(|| panic!("{said}"));
    }
    let bytes = fs::metadata(&file).expect("a file").len();
    report("terminal", format, rows, bytes, best, most);
}

/// `/export/{format}`, while somebody else searches.
fn served(index: &Path, format: &str) {
    let server = Server::start(index);
    let url = server.url.as_str();
    let agent = ureq::Agent::new_with_defaults();
    let search = format!("{url}api/v1/search?q=%E5%AE%A1%E6%89%B9");
    let ask = || {
        let begun = Instant::now();
        let mut answer = agent.get(&search).call().expect("an answer");
        answer.body_mut().read_to_string().expect("a body");
        begun.elapsed()
    };
    let alone = middle((0..200).map(|_| ask()).collect());
    let idle = memory(&server.child, "VmHWM");
    let stop = AtomicBool::new(false);
    let (bytes, took, meanwhile) = thread::scope(|scope| {
        let searching = scope.spawn(|| {
            let mut times = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                times.push(ask());
                thread::sleep(BETWEEN);
            }
            times
        });
        let begun = Instant::now();
        let answer = ureq::get(format!("{url}export/{format}"))
            .call()
            .expect("a file");
        let mut body = answer.into_body().into_reader();
        let bytes = std::io::copy(&mut body, &mut std::io::sink()).expect("a whole file");
        let took = begun.elapsed();
        stop.store(true, Ordering::Relaxed);
        (bytes, took, searching.join().expect("a client ends"))
    });
    let found = agent.get(format!("{url}api/v1/search?limit=1")).call();
    let mut found = found.expect("an answer");
    let found: serde_json::Value = found.body_mut().read_json().expect("JSON");
    let rows = found["total"].as_u64().expect("a number");
    report(
        "served",
        format,
        rows,
        bytes,
        took,
        memory(&server.child, "VmHWM"),
    );
    let worst = meanwhile.iter().max().copied().unwrap_or_default();
    println!(
        "  {idle} MB before; a search takes {:.1} ms alone, {:.1} ms meanwhile, {:.1} ms at most",
        ms(alone),
        ms(middle(meanwhile)),
        ms(worst)
    );
}

fn report(whence: &str, format: &str, rows: u64, bytes: u64, took: Duration, most: u64) {
    println!(
        "{whence} {format}: {rows} rows, {:.1} MB in {:.2} s, {:.0} rows/s, {most} MB at most",
        bytes as f64 / 1e6,
        took.as_secs_f64(),
        rows as f64 / took.as_secs_f64()
    );
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
