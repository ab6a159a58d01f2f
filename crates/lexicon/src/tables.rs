//! The tables as text: compiled in or read from a folder, and the version of their content.
//!
//! Nothing here knows what a table means.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::problem::{Fault, LexiconError, Problems};

pub(crate) const PLACES: &str = "places.csv";
pub(crate) const SHORT_NAMES: &str = "short-names.csv";
pub(crate) const ALIASES: &str = "aliases.csv";
pub(crate) const ORDINARY_WORDS: &str = "ordinary-words.txt";
pub(crate) const TAXONOMY: &str = "taxonomy.toml";
pub(crate) const DICTIONARY: &str = "dictionary.txt";
pub(crate) const SYNONYMS: &str = "synonyms.txt";
pub(crate) const STATUS_WORDS: &str = "status-words.txt";
pub(crate) const READINGS: &str = "readings.txt";

/// Largest table that is read; the largest real one has a quarter of a megabyte.
const SIZE_LIMIT: u64 = 64 << 20;

macro_rules! embed {
    ($($name:ident, $file:literal;)+) => {
        const EMBEDDED: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../../index-data/lexicon/", $file))),)+
        ];
    };
}

embed! {
    PLACES, "places.csv";
    SHORT_NAMES, "short-names.csv";
    ALIASES, "aliases.csv";
    ORDINARY_WORDS, "ordinary-words.txt";
    TAXONOMY, "taxonomy.toml";
    DICTIONARY, "dictionary.txt";
    SYNONYMS, "synonyms.txt";
    STATUS_WORDS, "status-words.txt";
    READINGS, "readings.txt";
}

/// The content of every table, without byte order mark and with `\n` at line ends.
pub(crate) struct Tables(Vec<(&'static str, Cow<'static, str>)>);

impl Tables {
    pub(crate) fn embedded() -> Self {
        let tables = EMBEDDED.iter();
        Self(
            tables
                .map(|&(name, text)| (name, normalised(Cow::Borrowed(text))))
                .collect(),
        )
    }

    pub(crate) fn read(dir: &Path) -> Result<Self, LexiconError> {
        let mut tables = Vec::new();
        let mut problems = Problems::default();
        for &(name, _) in EMBEDDED {
            match String::from_utf8(read_limited(&dir.join(name))?) {
                Ok(text) => tables.push((name, normalised(Cow::Owned(text)))),
                Err(error) => {
                    let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                    let line = 1 + valid.iter().filter(|&&b| b == b'\n').count();
                    problems.add(name, line, Fault::NotUtf8);
                }
            }
        }
        problems.into_result().map(|()| Self(tables))
    }

    /// The text of the table `name`, one of the constants above.
    pub(crate) fn text(&self, name: &str) -> &str {
        let table = self.0.iter().find(|(n, _)| *n == name);
        table.map_or("", |(_, text)| text.as_ref())
    }

    /// Names and contents, hashed; lengths keep neighbours apart.
    pub(crate) fn version(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (name, text) in &self.0 {
            for part in [*name, text.as_ref()] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
        }
        hasher.finalize().to_hex()[..16].to_owned()
    }

    #[cfg(test)]
    pub(crate) fn replace(&mut self, name: &str, text: &str) {
        let table = self.0.iter_mut().find(|(n, _)| *n == name);
        table.expect("a table").1 = normalised(Cow::Owned(text.to_owned()));
    }
}

fn normalised(text: Cow<'static, str>) -> Cow<'static, str> {
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => Cow::Owned(rest.to_owned()),
        None => text,
    };
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        text
    }
}

fn read_limited(path: &Path) -> Result<Vec<u8>, LexiconError> {
    let error = |source: io::Error| LexiconError::Read {
        path: path.to_owned(),
        source,
    };
    let too_large = |bytes: u64| LexiconError::TooLarge {
        path: path.to_owned(),
        bytes,
        limit: SIZE_LIMIT,
    };
    // Asked before opening: opening a named pipe would wait for a writer.
    let metadata = path.metadata().map_err(error)?;
    if !metadata.is_file() {
        return Err(error(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a file",
        )));
    }
    if metadata.len() > SIZE_LIMIT {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(error)?.take(SIZE_LIMIT + 1);
    file.read_to_end(&mut bytes).map_err(error)?;
    if bytes.len() as u64 > SIZE_LIMIT {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(bytes)
}

/// One row of a CSV table: its line and its fields, trimmed.
pub(crate) struct Row<const N: usize> {
    pub(crate) line: usize,
    record: csv::StringRecord,
}

impl<const N: usize> Row<N> {
    pub(crate) fn fields(&self) -> [&str; N] {
        std::array::from_fn(|i| &self.record[i])
    }
}

/// The rows of a CSV table with the columns `header`; lines that begin with `#` are comments.
pub(crate) fn csv_rows<const N: usize>(
    tables: &Tables,
    file: &'static str,
    header: [&str; N],
    problems: &mut Problems,
) -> Vec<Row<N>> {
    let text = tables.text(file);
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut seen_header = false;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, |p| p.line() as usize);
                problems.add(file, line, Fault::Malformed(error.to_string()));
                continue;
            }
        };
        let line = record.position().map_or(1, |p| p.line() as usize);
        if !seen_header {
            seen_header = true;
            if record.iter().ne(header) {
                let expected = header.join(",");
                problems.add(file, line, Fault::WrongHeader { expected });
                return rows;
            }
            continue;
        }
        let blank = record.iter().all(str::is_empty);
        if record.len() != N && !blank {
            let fault = format!("{} fields instead of {N}", record.len());
            problems.add(file, line, Fault::Malformed(fault));
        } else if !blank {
            rows.push(Row { line, record });
        }
    }
    if !seen_header {
        let expected = header.join(",");
        problems.add(file, 1, Fault::WrongHeader { expected });
    }
    rows
}

/// The lines of a text table that hold something, with their number and without comments.
///
/// A comment begins with `#` at the start of a line or after white space, so that a word may hold one.
pub(crate) fn text_lines<'t>(
    tables: &'t Tables,
    file: &str,
) -> impl Iterator<Item = (usize, &'t str)> {
    let lines = tables.text(file).lines().enumerate();
    lines.filter_map(|(index, line)| {
        let mut end = line.len();
        for (at, _) in line.match_indices('#') {
            if line[..at]
                .chars()
                .next_back()
                .is_none_or(char::is_whitespace)
            {
                end = at;
                break;
            }
        }
        let content = line[..end].trim();
        (!content.is_empty()).then_some((index + 1, content))
    })
}
