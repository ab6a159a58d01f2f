//! The child side of isolation: a process that reads files for another one, under limits that the
//! system enforces. It reads a request, answers, and waits for the next until its input ends.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use crate::{Extracted, MAX_BYTES, Ocr};

/// Memory a parser may use.
pub(crate) const MAX_MEMORY: u64 = 1 << 30;
/// Processor time for one file, in seconds.
pub(crate) const MAX_CPU_SECONDS: u64 = 20;
/// A longer name is no file's.
const MAX_NAME: u64 = 64 * 1024;

/// What the worker answers.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Read(Box<Extracted>),
    /// The reason why not, and whether OCR may help.
    Refused(String, bool),
}

/// Serves requests from `input` to `output` until the input ends; scanned pages only with `ocr`.
///
/// # Errors
/// When the other side is gone, or the system refuses a limit.
pub fn serve(mut input: impl Read, mut output: impl Write, ocr: Option<&Ocr>) -> io::Result<()> {
    limits::begin()?;
    while let Some((name, bytes)) = request(&mut input)? {
        begin_part()?;
        let answer = match crate::read(&name, &bytes, ocr) {
            Ok(extracted) => Answer::Read(Box::new(extracted)),
            Err(error) => Answer::Refused(error.to_string(), ocr.is_none() && error.wants_ocr()),
        };
        let json = serde_json::to_vec(&answer)?;
        output.write_all(&(json.len() as u64).to_le_bytes())?;
        output.write_all(&json)?;
        output.flush()?;
    }
    Ok(())
}

/// From now on there is the processor time of one file: for a file, or for a page that is read by
/// OCR, of which the pages are counted instead.
pub(crate) fn begin_part() -> io::Result<()> {
    limits::begin_part()
}

/// A request as the other side writes it.
pub(crate) fn write_request(output: &mut impl Write, name: &str, bytes: &[u8]) -> io::Result<()> {
    for part in [name.as_bytes(), bytes] {
        output.write_all(&(part.len() as u64).to_le_bytes())?;
        output.write_all(part)?;
    }
    output.flush()
}

fn request(input: &mut impl Read) -> io::Result<Option<(String, Vec<u8>)>> {
    let Some(name) = part(input, MAX_NAME)? else {
        return Ok(None);
    };
    let bytes = part(input, MAX_BYTES)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(Some((String::from_utf8_lossy(&name).into_owned(), bytes)))
}

/// A length and as many bytes; `None` at the end of the input.
pub(crate) fn part(input: &mut impl Read, most: u64) -> io::Result<Option<Vec<u8>>> {
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
