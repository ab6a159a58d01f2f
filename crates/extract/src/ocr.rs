//! Tesseract, where it is installed: a picture to the words in it. Which pictures are read, and
//! what becomes of the words, is decided elsewhere.
//!
//! It runs as a process of its own below the worker, one thread each, since as many files are read
//! at once as there are cores.

use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

/// The language data for Simplified Chinese.
const LANGUAGE: &str = "chi_sim";
/// How the page is cut: as one column of text of any size. Measured on three pages of a law, once
/// scanned and once rendered, against 3 (automatic): 1.5 % and 1.6 % wrong characters to 2.3 % and
/// 2.5 %, since the automatic cut leaves out short lines.
const ONE_COLUMN: &str = "6";
/// How long a page may take by the clock; an ordinary one takes two to four seconds.
const MAX_PAGE_SECONDS: u64 = 30;
/// More than the words of any page.
const MAX_ANSWER: u64 = 8 * 1024 * 1024;

/// Tesseract with the language data for Chinese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ocr {
    program: String,
    version: String,
}

/// Why there is no OCR.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OcrError {
    /// No such program.
    #[error(
        "OCR needs tesseract, which is not installed: install the packages tesseract-ocr and tesseract-ocr-chi-sim"
    )]
    NotInstalled,
    /// The program without its Chinese data.
    #[error("tesseract has no data for Chinese: install the package tesseract-ocr-chi-sim")]
    NoChinese,
}

/// A grey picture, a byte a pixel, row by row from the top.
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) grey: Vec<u8>,
    /// Pixels an inch.
    pub(crate) resolution: u32,
}

/// A word as Tesseract cuts them, a few characters of Chinese, with its box in pixels.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// The line it stands in, counted over the page.
    pub(crate) line: usize,
    /// 0–100.
    pub(crate) confidence: f64,
}

impl Ocr {
    /// Looks for Tesseract among the programs of the user.
    ///
    /// # Errors
    /// When it or its data for Chinese is not installed.
    pub fn find() -> Result<Self, OcrError> {
        Self::find_as("tesseract")
    }

    fn find_as(program: &str) -> Result<Self, OcrError> {
        let says = |argument: &str| -> Result<String, OcrError> {
            let output = Command::new(program).arg(argument).output();
            let output = output.map_err(|_| OcrError::NotInstalled)?;
            // Older versions answer on the other channel.
            let both = [output.stdout, output.stderr].concat();
            Ok(String::from_utf8_lossy(&both).into_owned())
        };
        let version = says("--version")?;
        let version = version.split_whitespace().nth(1).unwrap_or_default();
        if !says("--list-langs")?.lines().any(|line| line == LANGUAGE) {
            return Err(OcrError::NoChinese);
        }
        Ok(Self {
            program: program.to_owned(),
            version: version.trim_start_matches('v').to_owned(),
        })
    }

    /// What a document read by it says of itself.
    pub(crate) fn warning(&self) -> String {
        let version = &self.version;
        format!("read by OCR (tesseract {version}, {LANGUAGE}): characters may be wrong")
    }

    /// The words of a picture.
    ///
    /// # Errors
    /// When it takes too long or fails.
    pub(crate) fn words(&self, picture: &Picture) -> io::Result<Vec<Word>> {
        let resolution = picture.resolution.to_string();
        let mut child = Command::new(&self.program)
            .args(["-", "-", "-l", LANGUAGE, "--psm", ONE_COLUMN])
            .args(["--dpi", &resolution, "tsv"])
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let answer = talk(&mut child, picture);
        // It has ended, or it is to end: the next page has its own.
        child.kill().ok();
        child.wait()?;
        Ok(words(&answer?))
    }
}

/// Gives the picture, as a portable grey map, and takes the answer within the time of a page.
fn talk(child: &mut Child, picture: &Picture) -> io::Result<String> {
    let mut input = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let output = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut answer = String::new();
        let read = output.take(MAX_ANSWER).read_to_string(&mut answer);
        send.send(read.map(|_| answer)).ok();
    });
    // It reads its whole input before it begins, so that this does not wait for the work.
    write!(input, "P5\n{} {}\n255\n", picture.width, picture.height)?;
    input.write_all(&picture.grey)?;
    drop(input);
    receive
        .recv_timeout(Duration::from_secs(MAX_PAGE_SECONDS))
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

/// The rows for words of Tesseract's table: level, page, block, paragraph, line, word, left, top,
/// width, height, confidence, text.
fn words(table: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let (mut line, mut last) = (0, None);
    for row in table.lines() {
        let cells: Vec<&str> = row.splitn(12, '\t').collect();
        let [
            level,
            _,
            block,
            paragraph,
            in_paragraph,
            _,
            numbers @ ..,
            text,
        ] = &cells[..]
        else {
            continue;
        };
        let numbers: Vec<f64> = numbers.iter().filter_map(|n| n.parse().ok()).collect();
        let [left, top, width, height, confidence] = numbers[..] else {
            continue;
        };
        if *level != "5" || text.trim().is_empty() {
            continue;
        }
        let own = Some((*block, *paragraph, *in_paragraph));
        if last != own {
            line += 1;
            last = own;
        }
        words.push(Word {
            text: text.trim().to_owned(),
            left,
            top,
            width,
            height,
            line,
            confidence,
        });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_word_by_word() {
        let table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
            4\t1\t1\t1\t1\t0\t10\t20\t300\t40\t-1\t\n\
            5\t1\t1\t1\t1\t1\t10\t20\t80\t40\t96.5\t公告\n\
            5\t1\t1\t1\t1\t2\t95\t20\t30\t40\t90\t 。\n\
            5\t1\t1\t1\t1\t3\t130\t20\t30\t40\t90\t \n\
            5\t1\t1\t1\t2\t1\t10\t80\t30\t40\t50\t一\n\
            5\t1\tbroken";
        let read = words(table);
        let seen: Vec<(&str, usize)> = read.iter().map(|w| (&*w.text, w.line)).collect();
        assert_eq!(seen, [("公告", 1), ("。", 1), ("一", 2)]);
        assert_eq!((read[0].width, read[0].confidence), (80.0, 96.5));
    }

    #[test]
    fn what_is_missing_is_said_with_its_packages() {
        let missing = Ocr::find_as("/no/such/program").expect_err("no program");
        assert!(missing.to_string().contains("tesseract-ocr-chi-sim"));
        assert_eq!(Ocr::find_as("/bin/echo"), Err(OcrError::NoChinese));
    }
}
