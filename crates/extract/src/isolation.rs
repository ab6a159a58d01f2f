//! The parent side of isolation: parsers of binary formats run in worker processes, and archives
//! are taken apart there, so that a file that makes one crash, hang or eat memory costs a line in a
//! report and nothing else.
//!
//! Workers are used again for the next file. One that takes too long is killed with everything it
//! started; a file that kills a worker used before is tried once more in a fresh one, since the fault
//! may be in what the worker read before. Only time is no such fault.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::worker::{Answer, MAX_CPU_SECONDS, MAX_MEMORY, Request, answer, write_request};
use crate::{Extracted, Member, pdf};

/// How long a file may take by the clock, a second try included.
const MAX_WALL: Duration = Duration::from_secs(30);
/// How long with OCR: as long as its pages may take, and the file itself.
const MAX_WALL_OCR: Duration = pdf::MAX_OCR_TIME.saturating_add(Duration::from_secs(60));

/// How long a worker without input has to end before it is killed.
const DYING: Duration = Duration::from_secs(1);

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

/// How long an answer is waited for.
#[derive(Clone, Copy)]
struct Patience {
    whole: Duration,
    begun: Instant,
}

impl Patience {
    fn new(whole: Duration) -> Self {
        Self {
            whole,
            begun: Instant::now(),
        }
    }

    fn left(self) -> Duration {
        self.whole.saturating_sub(self.begun.elapsed())
    }
}

/// An answer, with the bytes of a member.
type Answered = (Answer, Vec<u8>);

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
        let request = Request::Read(name.into(), bytes.into());
        let (worker, (answer, _)) = self.ask(&request, Patience::new(self.patience))?;
        self.put_back(worker);
        match answer {
            Answer::Read(extracted) => Ok(*extracted),
            other => Err(refusal(other)),
        }
    }

    /// Opens the archive in a file in a worker; `None` where it is one document.
    ///
    /// # Errors
    /// When it is damaged or has too many entries, or workers died of it.
    pub fn open(&self, file: &Path) -> Result<Option<Unpacking<'_>>, Isolated> {
        self.open_within(file, self.step())
    }

    fn open_within(
        &self,
        file: &Path,
        patience: Patience,
    ) -> Result<Option<Unpacking<'_>>, Isolated> {
        let (worker, (answer, _)) = self.ask(&Request::Open(file.into()), patience)?;
        match answer {
            Answer::Members(members) => Ok(Some(Unpacking {
                workers: self,
                worker: Some(worker),
                file: file.to_owned(),
                members,
                next: 0,
            })),
            other => {
                self.put_back(worker);
                match other {
                    Answer::Document => Ok(None),
                    other => Err(refusal(other)),
                }
            }
        }
    }

    /// How long one step with an archive may take: no OCR is part of it.
    fn step(&self) -> Patience {
        Patience::new(self.patience.min(MAX_WALL))
    }

    /// Asks a used worker, and where it dies of that once more a fresh one.
    fn ask(
        &self,
        request: &Request<'_>,
        patience: Patience,
    ) -> Result<(Worker, Answered), Isolated> {
        let used = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.pop()
        };
        if let Some(mut used) = used {
            match used.ask(request, patience) {
                Ok(answered) => return Ok((used, answered)),
                Err(death) if death.again => {}
                Err(death) => return Err(death.into()),
            }
        }
        let mut fresh = Worker::start(&self.program, &self.arguments)
            .map_err(|error| Isolated::NoWorker(error.to_string()))?;
        let answered = fresh.ask(request, patience)?;
        Ok((fresh, answered))
    }

    /// Keeps a worker for other files.
    fn put_back(&self, worker: Worker) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(worker);
    }
}

/// An archive that a worker takes apart, one member at a time and only when it is asked for.
#[derive(Debug)]
pub struct Unpacking<'w> {
    workers: &'w Workers,
    /// None after it died.
    worker: Option<Worker>,
    file: PathBuf,
    members: Vec<Member>,
    next: usize,
}

impl Unpacking<'_> {
    /// The next file in it.
    pub fn next_member(&mut self) -> Option<Member> {
        let member = self.members.get(self.next)?;
        self.next += 1;
        Some(member.clone())
    }

    /// The bytes of a file in it.
    ///
    /// # Errors
    /// When they cannot be unpacked. Where workers died of it, so does everything after it.
    pub fn read(&mut self, member: &Member) -> Result<Vec<u8>, Isolated> {
        let patience = self.workers.step();
        let request = Request::Unpack(member.index);
        let mut answered = match &mut self.worker {
            Some(worker) => worker.ask(&request, patience),
            None => return Err(Isolated::Killed("its parser is gone".to_owned())),
        };
        if answered.as_ref().is_err_and(|death| death.again) {
            // The fault may be in what was unpacked before.
            self.worker = None;
            let again = self.workers.open_within(&self.file, patience)?;
            let again = again.filter(|again| again.members == self.members);
            self.worker = again.and_then(|mut again| again.worker.take());
            answered = match &mut self.worker {
                Some(worker) => worker.ask(&request, patience),
                None => return Err(Isolated::Killed("it changed while it was read".to_owned())),
            };
        }
        match answered {
            Ok((Answer::Bytes, bytes)) => Ok(bytes),
            Ok((other, _)) => Err(refusal(other)),
            Err(death) => {
                self.worker = None;
                Err(death.into())
            }
        }
    }
}

impl Drop for Unpacking<'_> {
    fn drop(&mut self) {
        if let Some(worker) = self.worker.take() {
            self.workers.put_back(worker);
        }
    }
}

/// What an answer says that is not the one asked for.
fn refusal(answer: Answer) -> Isolated {
    match answer {
        Answer::Refused(reason, wants_ocr) => Isolated::Refused { reason, wants_ocr },
        _ => Isolated::Killed("its parser answered something else".to_owned()),
    }
}

impl From<Death> for Isolated {
    fn from(death: Death) -> Self {
        Self::Killed(death.reason)
    }
}

/// One worker process with the thread that waits for its answers.
#[derive(Debug)]
struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    answers: Receiver<io::Result<Answered>>,
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
        let (send, answers) = sync_channel(1);
        thread::spawn(move || {
            loop {
                let answer = answer(&mut output);
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
    fn ask(&mut self, request: &Request<'_>, patience: Patience) -> Result<Answered, Death> {
        let written = match &mut self.input {
            Some(input) => write_request(input, request),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        };
        if written.is_err() {
            return Err(self.cause());
        }
        match self.answers.recv_timeout(patience.left()) {
            Ok(Ok(answered)) => Ok(answered),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(self.cause()),
            Err(RecvTimeoutError::Timeout) => {
                let reason = format!("reading it took over {} s", patience.whole.as_secs());
                Err(Death {
                    reason,
                    again: false,
                })
            }
        }
    }

    /// Of what it died, or dies now.
    fn cause(&mut self) -> Death {
        self.input = None;
        let begun = Instant::now();
        while begun.elapsed() < DYING && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(1));
        }
        // One that talks nonsense may still live.
        self.kill();
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
        let stays = "head -c 1 >/dev/null; echo nonsense nonsense; exec 0</dev/zero; sleep 600";
        assert!(reason(stays).contains("crashed (signal 9)"));
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
            "echo x >> {0}; head -c 30 >/dev/null; {1}; head -c 30 >/dev/null; kill -SEGV $$",
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

    /// What a shell prints as a part of an answer.
    fn printed(part: &str) -> String {
        format!(
            "printf '\\{:o}\\0\\0\\0\\0\\0\\0\\0%s' '{part}'",
            part.len()
        )
    }

    const LIST: &str =
        r#"{"Members":[{"name":"a","packed":1,"index":0},{"name":"b","packed":1,"index":1}]}"#;

    /// Workers that list two members, answer for the first and die of the second, `times` times.
    fn dying(tries: &Path, times: u32) -> Workers {
        let script = format!(
            "echo x >> {0}; head -c 15 >/dev/null; {1}
             while [ $(head -c 17 | od -An -j9 -N1 -tu1) = 0 ] || [ $(wc -l < {0}) -gt {times} ]
             do {2}; {3}; done; kill -SEGV $$",
            tries.display(),
            printed(LIST),
            printed("\"Bytes\""),
            printed("text"),
        );
        shell(&script)
    }

    #[test]
    fn a_member_that_kills_its_worker_is_tried_in_a_fresh_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (times, dies) in [(1, false), (2, true)] {
            let tries = folder.path().join(times.to_string());
            let workers = dying(&tries, times);
            let opened = workers.open("/a.zip".as_ref()).expect("a list");
            let mut archive = opened.expect("an archive of files");
            let mut members = std::iter::from_fn(|| archive.next_member());
            let (first, second) = (members.next(), members.next());
            let (first, second) = (first.expect("a"), second.expect("b"));
            assert_eq!(archive.read(&first), Ok(b"text".to_vec()));
            let read = archive.read(&second);
            let crashed = |why: &Isolated| why.to_string().contains("crashed");
            assert_eq!(read.as_ref().is_err_and(crashed), dies, "{read:?}");
            let started = std::fs::read_to_string(tries).expect("a line a start");
            assert_eq!(started.lines().count(), 2);
            assert_eq!(
                archive.read(&first).is_err(),
                dies,
                "what follows is lost too"
            );
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_said() {
        let workers = Workers::new("/no/such/program".into(), Vec::new());
        let read = workers.extract("a.pdf", b"%PDF-1.7");
        assert!(matches!(read, Err(Isolated::NoWorker(_))), "{read:?}");
    }
}
