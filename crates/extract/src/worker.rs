//! The child side of isolation: a process that reads files and takes archives apart for another
//! one, under limits that the system enforces. It reads a request, answers, and waits for the next
//! until its input ends.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{Archive, ExtractError, Extracted, MAX_BYTES, Member, Ocr};

/// Memory a parser may use.
pub(crate) const MAX_MEMORY: u64 = 1 << 30;
/// Processor time for one file, in seconds.
pub(crate) const MAX_CPU_SECONDS: u64 = 20;
/// A longer name is no file's.
const MAX_NAME: u64 = 64 * 1024;
/// An answer is text with its blocks: larger than any text that fits the limits.
const MAX_ANSWER: u64 = 4 * MAX_BYTES;

/// What a worker is asked.
#[derive(Debug)]
pub(crate) enum Request<'r> {
    /// To read a file of this name from its bytes.
    Read(Cow<'r, str>, Cow<'r, [u8]>),
    /// To open the archive in this file and list its members.
    Open(Cow<'r, Path>),
    /// To unpack a member of the archive opened last, by its place in the directory.
    Unpack(usize),
}

/// What the worker answers.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Read(Box<Extracted>),
    /// The reason why not, and whether OCR may help.
    Refused(String, bool),
    /// The archive is one document.
    Document,
    /// The files in the archive.
    Members(Vec<Member>),
    /// Of a member, whose bytes follow.
    Bytes,
}

/// Serves requests from `input` to `output` until the input ends; scanned pages only with `ocr`.
///
/// # Errors
/// When the other side is gone, or the system refuses a limit.
pub fn serve(mut input: impl Read, mut output: impl Write, ocr: Option<&Ocr>) -> io::Result<()> {
    limits::begin()?;
    let mut archive = None;
    while let Some(request) = request(&mut input)? {
        begin_part()?;
        let answered = match request {
            Request::Read(name, bytes) => {
                archive = None;
                let extracted = crate::read(&name, &bytes, ocr);
                extracted.map(|extracted| (Answer::Read(Box::new(extracted)), None))
            }
            Request::Open(file) => open(&file).map(|(opened, answer)| {
                archive = opened;
                (answer, None)
            }),
            Request::Unpack(index) => match &mut archive {
                Some(archive) => archive.unpack(index).map(|b| (Answer::Bytes, Some(b))),
                None => Err(ExtractError::Damaged(GONE)),
            },
        };
        let (answer, bytes) = answered.unwrap_or_else(|error| {
            let wants_ocr = ocr.is_none() && error.wants_ocr();
            (Answer::Refused(error.to_string(), wants_ocr), None)
        });
        write_part(&mut output, &serde_json::to_vec(&answer)?)?;
        if let Some(bytes) = bytes {
            write_part(&mut output, &bytes)?;
        }
        output.flush()?;
    }
    Ok(())
}

/// Why a file that was there a moment ago is no archive.
const GONE: &str = "it cannot be read";

/// An archive with the answer that lists it; no archive where it is one document.
fn open(file: &Path) -> Result<(Option<Archive<File>>, Answer), ExtractError> {
    let gone = |_| ExtractError::Damaged(GONE);
    let file = File::open(file).map_err(gone)?;
    let bytes = file.metadata().map_err(gone)?.len();
    let mut archive = Archive::open(file, bytes)?;
    if archive.document().is_some() {
        return Ok((None, Answer::Document));
    }
    let members = std::iter::from_fn(|| archive.next_member()).collect();
    Ok((Some(archive), Answer::Members(members)))
}

/// From now on there is the processor time of one file: for a file, or for a page that is read by
/// OCR, of which the pages are counted instead.
pub(crate) fn begin_part() -> io::Result<()> {
    limits::begin_part()
}

/// What a request begins with.
const READ: u8 = b'r';
const OPEN: u8 = b'o';
const UNPACK: u8 = b'u';

/// A request as the other side writes it.
pub(crate) fn write_request(output: &mut impl Write, request: &Request<'_>) -> io::Result<()> {
    match request {
        Request::Read(name, bytes) => {
            output.write_all(&[READ])?;
            write_part(output, name.as_bytes())?;
            write_part(output, bytes)?;
        }
        Request::Open(file) => {
            output.write_all(&[OPEN])?;
            write_part(output, file.as_os_str().as_encoded_bytes())?;
        }
        Request::Unpack(index) => {
            output.write_all(&[UNPACK])?;
            write_part(output, &(*index as u64).to_le_bytes())?;
        }
    }
    output.flush()
}

/// The next request; `None` where there is none any more.
fn request(input: &mut impl Read) -> io::Result<Option<Request<'static>>> {
    let mut kind = [0];
    if input.read(&mut kind)? == 0 {
        return Ok(None);
    }
    let mut need = |most| part(input, most)?.ok_or(io::ErrorKind::UnexpectedEof.into());
    let bad = || io::Error::from(io::ErrorKind::InvalidData);
    let first: io::Result<Vec<u8>> = need(MAX_NAME);
    let first = first?;
    Ok(Some(match kind {
        [READ] => {
            let name = String::from_utf8_lossy(&first).into_owned();
            Request::Read(name.into(), need(MAX_BYTES)?.into())
        }
        [OPEN] => Request::Open(path(&first).ok_or_else(bad)?.to_owned().into()),
        [UNPACK] => {
            let index = first.try_into().map_err(|_| bad())?;
            Request::Unpack(u64::from_le_bytes(index) as usize)
        }
        _ => return Err(bad()),
    }))
}

#[cfg(unix)]
fn path(bytes: &[u8]) -> Option<&Path> {
    use std::os::unix::ffi::OsStrExt;
    Some(Path::new(OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> Option<&Path> {
    std::str::from_utf8(bytes)
        .ok()
        .map(|text| Path::new(OsStr::new(text)))
}

/// The next answer of a worker, with the bytes of a member.
pub(crate) fn answer(output: &mut impl Read) -> io::Result<(Answer, Vec<u8>)> {
    let eof = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let json = part(output, MAX_ANSWER)?.ok_or_else(eof)?;
    let answer = serde_json::from_slice(&json)?;
    let bytes = match answer {
        Answer::Bytes => part(output, MAX_ANSWER)?.ok_or_else(eof)?,
        _ => Vec::new(),
    };
    Ok((answer, bytes))
}

fn write_part(output: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    output.write_all(&(bytes.len() as u64).to_le_bytes())?;
    output.write_all(bytes)
}

/// A length and as many bytes; `None` at the end of the input.
fn part(input: &mut impl Read, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0u8; 8];
    match input.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u64::from_le_bytes(length);
    if length > most {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = Vec::with_capacity(length as usize);
    input.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(Some(bytes))
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

#[cfg(unix)]
mod limits {
    use std::io;

    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};

    use super::{MAX_CPU_SECONDS, MAX_MEMORY};

    /// Limits that hold for every file.
    pub(super) fn begin() -> io::Result<()> {
        limit(Resource::As, MAX_MEMORY)?;
        limit(Resource::Core, 0)
    }

    /// The processor time of a process only grows, so each part moves the limit.
    pub(super) fn begin_part() -> io::Result<()> {
        let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec as u64;
        limit(Resource::Cpu, used + MAX_CPU_SECONDS + 1)
    }

    /// Sets the soft limit, never above the hard one.
    fn limit(resource: Resource, most: u64) -> io::Result<()> {
        let hard = getrlimit(resource).maximum;
        let current = Some(hard.map_or(most, |hard| hard.min(most)));
        let limit = Rlimit {
            current,
            maximum: hard,
        };
        Ok(setrlimit(resource, limit)?)
    }
}

#[cfg(not(unix))]
mod limits {
    //! Systems without these limits have the time limit of the other side.

    pub(super) fn begin() -> std::io::Result<()> {
        Ok(())
    }

    pub(super) fn begin_part() -> std::io::Result<()> {
        Ok(())
    }
}
