//! The parent side of isolation: parsers of binary formats run in worker processes, so that a
//! file that makes one crash, hang or eat memory costs a line in a report and nothing else.
//!
//! Workers are used again for the next file. One that takes too long is killed with everything it
//! started; a file that kills a worker used before is tried once more in a fresh one, since the fault
//! may be in what the worker read before. Only time is no such fault.

use std::io;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::worker::{Answer, MAX_CPU_SECONDS, MAX_MEMORY, part, write_request};
use crate::{Extracted, MAX_BYTES, pdf};

/// How long a file may take by the clock.
const MAX_WALL: Duration = Duration::from_secs(30);
/// How long with OCR: as long as its pages may take, and the file itself.
const MAX_WALL_OCR: Duration = pdf::MAX_OCR_TIME.saturating_add(Duration::from_secs(60));
/// An answer is text with its blocks: larger than any text that fits the limits.
const MAX_ANSWER: u64 = 4 * MAX_BYTES;

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Isolated {
    /// Its parser says why.
    #[error("{reason}")]
    Refused {
        /// Why.
        reason: String,
        /// Whether OCR, which was not asked for, may read it.
        wants_ocr: bool,
    },
    /// It killed its worker.
    #[error("{0}")]
    Killed(String),
    /// No worker could be started.
    #[error("cannot start a worker process: {0}")]
    NoWorker(String),
}

/// Worker processes, as many as files are read at once.
#[derive(Debug)]
pub struct Workers {
    program: PathBuf,
    arguments: Vec<String>,
    /// How long a file may take by the clock.
    patience: Duration,
    ocr: bool,
    idle: Mutex<Vec<Worker>>,
}

/// How one try ended without an answer.
struct Death {
    reason: String,
    /// Whether a fresh worker may fare better.
    again: bool,
}

impl Workers {
    /// Workers that `program` with these arguments is; see [`crate::serve`].
    pub fn new(program: PathBuf, arguments: Vec<String>) -> Self {
        Self {
            program,
            arguments,
            patience: MAX_WALL,
            ocr: false,
            idle: Mutex::new(Vec::new()),
        }
    }

    /// The same for workers that read scanned pages, which takes them longer.
    pub fn with_ocr(self) -> Self {
        Self {
            patience: MAX_WALL_OCR,
            ocr: true,
            ..self
        }
    }

    /// Whether they read scanned pages.
    pub fn read_scans(&self) -> bool {
        self.ocr
    }

    /// Reads a file in a worker.
    ///
    /// # Errors
    /// When the parser refuses it, or workers died of it.
    pub fn extract(&self, name: &str, bytes: &[u8]) -> Result<Extracted, Isolated> {
        let used = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.pop()
        };
        if let Some(used) = used {
            match self.ask(used, name, bytes) {
                Err(death) if death.again => {}
                other => return outcome(other),
            }
        }
        let fresh = Worker::start(&self.program, &self.arguments)
            .map_err(|error| Isolated::NoWorker(error.to_string()))?;
        outcome(self.ask(fresh, name, bytes))
    }

    /// Asks a worker, which stays for other files unless it dies of this one.
    fn ask(&self, mut worker: Worker, name: &str, bytes: &[u8]) -> Result<Answer, Death> {
        let answer = worker.ask(name, bytes, self.patience)?;
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(worker);
        Ok(answer)
    }
}

fn outcome(asked: Result<Answer, Death>) -> Result<Extracted, Isolated> {
    match asked {
        Ok(Answer::Read(extracted)) => Ok(*extracted),
        Ok(Answer::Refused(reason, wants_ocr)) => Err(Isolated::Refused { reason, wants_ocr }),
        Err(death) => Err(Isolated::Killed(death.reason)),
    }
}

/// One worker process with the thread that waits for its answers.
#[derive(Debug)]
struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    answers: Receiver<io::Result<Answer>>,
}

impl Worker {
    fn start(program: &PathBuf, arguments: &[String]) -> io::Result<Self> {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        // A group of its own: killed with whatever it started, and deaf to the terminal's Ctrl-C,
        // after which the file at hand is still finished.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let input = child.stdin.take();
        let mut output = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let (send, answers) = channel();
        thread::spawn(move || {
            loop {
                let answer = match part(&mut output, MAX_ANSWER) {
                    Ok(Some(json)) => serde_json::from_slice(&json).map_err(io::Error::from),
                    Ok(None) => Err(io::ErrorKind::UnexpectedEof.into()),
                    Err(error) => Err(error),
                };
                let is_last = answer.is_err();
                if send.send(answer).is_err() || is_last {
                    break;
                }
            }
        });
        Ok(Self {
            child,
            input,
            answers,
        })
    }

    /// The answer, or of what the worker died.
    fn ask(&mut self, name: &str, bytes: &[u8], patience: Duration) -> Result<Answer, Death> {
        let written = match &mut self.input {
            Some(input) => write_request(input, name, bytes),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        };
        if written.is_err() {
            return Err(self.cause());
        }
        match self.answers.recv_timeout(patience) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(self.cause()),
            Err(RecvTimeoutError::Timeout) => {
                let reason = format!("reading it took over {} s", patience.as_secs());
                Err(Death {
                    reason,
                    again: false,
                })
            }
        }
    }

    /// Of what it died.
    fn cause(&mut self) -> Death {
        match self.child.wait() {
            Ok(status) => Death {
                reason: cause(status),
                again: !is_out_of_time(status),
            },
            Err(error) => Death {
                reason: format!("its parser was lost: {error}"),
                again: true,
            },
        }
    }

    #[cfg(unix)]
    fn kill(&mut self) {
        use rustix::process::{Pid, Signal, kill_process_group};
        if let Some(group) = Pid::from_raw(self.child.id() as i32) {
            // It may be gone already.
            kill_process_group(group, Signal::KILL).ok();
        }
    }

    #[cfg(not(unix))]
    fn kill(&mut self) {
        // It may be gone already.
        self.child.kill().ok();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.input = None;
        self.kill();
        // Nothing is left to be done where it cannot be waited for.
        self.child.wait().ok();
    }
}

/// The signals of processor time used up and of a process that gives up.
#[cfg(unix)]
const OUT_OF_CPU: i32 = 24;
#[cfg(unix)]
const ABORTED: i32 = 6;

#[cfg(unix)]
fn is_out_of_time(status: ExitStatus) -> bool {
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(OUT_OF_CPU)
}

#[cfg(not(unix))]
fn is_out_of_time(_: ExitStatus) -> bool {
    false
}

/// What an exit says about the limits.
#[cfg(unix)]
fn cause(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match status.signal() {
        Some(OUT_OF_CPU) => format!("reading it took over {MAX_CPU_SECONDS} s of processor time"),
        Some(ABORTED) => format!(
            "its parser gave up: it needs over {} MB of memory, or is at fault",
            MAX_MEMORY >> 20
        ),
        Some(signal) => format!("its parser crashed (signal {signal})"),
        None => format!("its parser ended unexpectedly ({status})"),
    }
}

#[cfg(not(unix))]
fn cause(status: ExitStatus) -> String {
    format!("its parser ended unexpectedly ({status})")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::time::Instant;

    /// A shell as a worker: it gets the request on its input.
    fn shell(script: &str) -> Workers {
        let arguments = vec!["-c".to_owned(), script.to_owned()];
        Workers {
            patience: Duration::from_secs(1),
            ..Workers::new("/bin/sh".into(), arguments)
        }
    }

    fn reason(script: &str) -> String {
        let read = shell(script).extract("a.pdf", b"%PDF-1.7");
        match read {
            Err(Isolated::Killed(reason)) => reason,
            other => panic!("{script}: {other:?}"),
        }
    }

    #[test]
    fn a_worker_that_dies_is_a_reason() {
        assert!(reason("kill -SEGV $$").contains("crashed (signal 11)"));
        assert!(reason("kill -ABRT $$").contains("over 1024 MB of memory"));
        assert!(reason("kill -XCPU $$").contains("over 20 s of processor time"));
        assert!(reason("exit 3").contains("ended unexpectedly"));
        assert!(reason("head -c 1 >/dev/null; echo nonsense").contains("ended unexpectedly"));
    }

    #[test]
    fn a_worker_that_hangs_is_killed_with_what_it_started() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("pid");
        let begun = Instant::now();
        let script = format!("sleep 600 & echo $! > {}; wait", file.display());
        assert!(reason(&script).contains("took over 1 s"));
        // One try of a second: a fresh worker would need as long.
        assert!(begun.elapsed() < Duration::from_secs(10));
        let pid = std::fs::read_to_string(file).expect("the child wrote its number");
        let alive = || {
            let status = std::fs::read_to_string(format!("/proc/{}/status", pid.trim()));
            status.is_ok_and(|status| !status.contains("State:\tZ"))
        };
        while alive() {
            assert!(begun.elapsed() < Duration::from_secs(20), "it still runs");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Its first worker answers one file and dies of the second; the second worker answers.
    #[test]
    fn a_file_that_kills_a_used_worker_is_tried_in_a_fresh_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let tries = folder.path().join("tries");
        let answer = |reason: &str| {
            let json = format!("{{\"Refused\":[\"{reason}\",false]}}");
            let length = char::from(json.len() as u8);
            format!(
                "printf '\\{:o}\\0\\0\\0\\0\\0\\0\\0%s' '{json}'",
                u32::from(length)
            )
        };
        let script = format!(
            "echo x >> {0}; head -c 29 >/dev/null; {1}; head -c 29 >/dev/null; kill -SEGV $$",
            tries.display(),
            answer("no text")
        );
        let workers = shell(&script);
        for _ in 0..2 {
            let read = workers.extract("a.pdf", b"%PDF-1.7");
            let is_refused =
                matches!(&read, Err(Isolated::Refused { reason, .. }) if reason == "no text");
            assert!(is_refused, "{read:?}");
        }
        let started = std::fs::read_to_string(tries).expect("a line a start");
        assert_eq!(started.lines().count(), 2);
    }

    #[test]
    fn a_program_that_is_not_there_is_said() {
        let workers = Workers::new("/no/such/program".into(), Vec::new());
        let read = workers.extract("a.pdf", b"%PDF-1.7");
        assert!(matches!(read, Err(Isolated::NoWorker(_))), "{read:?}");
    }
}
