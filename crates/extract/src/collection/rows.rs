//! The rows of a JSONL or CSV collection, one at a time.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use encoding_rs::Encoding;
use encoding_rs_io::DecodeReaderBytesBuilder;
use serde_json::{Map, Value};

use super::object::Fields;
use super::{Collection, Columns, columns};
use crate::decode::Decoded;
use crate::{ExtractError, Extracted, Format, MAX_BYTES, decode, plain};

/// A longer name is no row's.
const MAX_ID_CHARS: usize = 200;
/// A longer value of any other column than the text is none.
const MAX_VALUE_CHARS: usize = 2_000;
/// A file whose first rows are all unreadable is no collection.
const TRIED_ROWS: u64 = 100;
/// So many names of columns that are not read are kept.
const MOST_UNUSED: usize = 50;
/// A table has no more columns; what stands beyond them is not read.
const MOST_COLUMNS: usize = 10_000;
/// A row with more of what stands between cells is refused: the table's reader takes eight bytes for
/// each, which would be half a gigabyte for a row of nothing else. A text has fewer commas.
const MOST_DELIMITERS: usize = 1_000_000;
/// What may stand between cells, in order of how usual it is.
const DELIMITERS: &[u8] = b",\t;";

/// A row of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its own id, or its number in the file, from 1.
    pub id: String,
    /// What it holds, or why it cannot be read.
    pub content: Result<Record, ExtractError>,
}

/// A document in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its text as it stands in the row: plain, or HTML.
    pub text: String,
    /// Values of the other columns that are read and not empty, by the column's known name.
    pub fields: BTreeMap<String, String>,
    format: Format,
    encoding: &'static str,
}

impl Record {
    /// Whether its text is a web page or a part of one: a text that begins with an element and
    /// closes one. Dumps of web sites hold the markup of the article.
    pub fn is_markup(&self) -> bool {
        let text = self.text.trim_start();
        let begins = text.starts_with("<!")
            || text.starts_with('<') && text[1..].starts_with(|c: char| c.is_ascii_alphabetic());
        begins && (text.contains("</") || text.contains("<br"))
    }

    /// The text a careful reader would copy.
    ///
    /// # Errors
    /// When there is none.
    pub fn extract(&self) -> Result<Extracted, ExtractError> {
        if self.is_markup() {
            return crate::extract("row.html", self.text.as_bytes()).map(|read| self.read_as(read));
        }
        if !self.text.chars().any(char::is_alphanumeric) {
            return Err(ExtractError::NoText);
        }
        let replaced = self.text.matches('\u{fffd}').count();
        let warning = format!(
            "{replaced} characters could not be decoded as {}",
            self.encoding
        );
        Ok(plain::extract(
            self.format,
            Decoded {
                text: self.text.clone(),
                encoding: self.encoding,
                warnings: (replaced > 0).then_some(warning).into_iter().collect(),
            },
        ))
    }

    /// What was read of its markup, as a row of its collection.
    pub fn read_as(&self, read: Extracted) -> Extracted {
        Extracted {
            format: self.format,
            encoding: Some(self.encoding.into()),
            ..read
        }
    }
}

/// The rows of a collection. An error ends them: what follows cannot be read.
pub struct Rows<'r> {
    source: Source<'r>,
    columns: Columns,
    encoding: &'static str,
    /// Bytes of the file read so far.
    taken: Rc<Cell<u64>>,
    number: u64,
    readable: u64,
    unused: BTreeSet<String>,
    ended: bool,
}

enum Source<'r> {
    Lines(Box<dyn BufRead + 'r>),
    Table {
        reader: csv::Reader<Box<dyn Read + 'r>>,
        header: Vec<String>,
        /// What the row at hand may still take.
        left: Rc<Left>,
    },
}

impl<'r> Rows<'r> {
    pub(super) fn new(
        collection: Collection,
        source: impl Read + 'r,
        encoding: &'static Encoding,
        columns: Columns,
    ) -> Self {
        let taken = Rc::new(Cell::new(0));
        let counted = Counted {
            source,
            taken: Rc::clone(&taken),
        };
        let text = DecodeReaderBytesBuilder::new()
            .encoding(Some(encoding))
            .build(counted);
        let source = match collection {
            Collection::Csv { delimiter } => {
                let left = Rc::new(Left::default());
                let limited = Limited {
                    source: text,
                    delimiter,
                    left: Rc::clone(&left),
                };
                let reader = csv::ReaderBuilder::new()
                    .flexible(true)
                    .has_headers(false)
                    .delimiter(delimiter)
                    .from_reader(Box::new(limited) as Box<dyn Read + 'r>);
                Source::Table {
                    reader,
                    header: Vec::new(),
                    left,
                }
            }
            Collection::Jsonl | Collection::Zip => Source::Lines(Box::new(BufReader::new(text))),
        };
        Self {
            source,
            columns,
            encoding: decode::name(encoding),
            taken,
            number: 0,
            readable: 0,
            unused: BTreeSet::new(),
            ended: false,
        }
    }

    /// Bytes of the file read so far.
    pub fn bytes(&self) -> u64 {
        self.taken.get()
    }

    /// Names of columns seen so far that are not read.
    pub fn unused(&self) -> impl Iterator<Item = &str> {
        self.unused.iter().map(String::as_str)
    }

    fn read(&mut self) -> Result<Option<Row>, ExtractError> {
        let fields = match &mut self.source {
            Source::Lines(lines) => match object(lines, &mut self.number)? {
                None => return Ok(None),
                Some(object) => object.map(|fields| fields.0.into_iter().collect()),
            },
            Source::Table {
                reader,
                header,
                left,
            } => {
                if self.number == 0 {
                    *header = record(reader, left, MOST_COLUMNS)?.unwrap_or_default();
                }
                // Cells beyond the header have no name.
                let Some(cells) = record(reader, left, header.len())? else {
                    return Ok(None);
                };
                self.number += 1;
                Ok(header.iter().cloned().zip(cells).collect())
            }
        };
        Ok(Some(self.row(fields)))
    }

    fn row(&mut self, fields: Result<Vec<(String, String)>, ExtractError>) -> Row {
        let mut id = self.number.to_string();
        let content = fields.and_then(|fields| {
            let mut record = Record {
                text: String::new(),
                fields: BTreeMap::new(),
                format: match self.source {
                    Source::Lines(_) => Format::Jsonl,
                    Source::Table { .. } => Format::Csv,
                },
                encoding: self.encoding,
            };
            let mut has_text = false;
            for (name, value) in fields {
                match self.columns.meaning(&name) {
                    Some(columns::TEXT) => {
                        has_text = true;
                        record.text = value;
                    }
                    Some(columns::ID) if !value.trim().is_empty() => {
                        id = name_of(&value)?;
                    }
                    Some(meaning) => {
                        let value = value.trim();
                        if !value.is_empty() && value.chars().count() <= MAX_VALUE_CHARS {
                            // The first of two columns that mean the same has it.
                            let slot = record.fields.entry(meaning.to_owned());
                            slot.or_insert_with(|| value.to_owned());
                        }
                    }
                    None if self.unused.len() < MOST_UNUSED => {
                        self.unused.insert(name.chars().take(60).collect());
                    }
                    None => {}
                }
            }
            if has_text {
                Ok(record)
            } else {
                Err(ExtractError::NoTextColumn)
            }
        });
        Row { id, content }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, ExtractError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = match self.read() {
            Ok(Some(row)) => row,
            Ok(None) => {
                self.ended = true;
                return None;
            }
            Err(error) => {
                self.ended = true;
                return Some(Err(error));
            }
        };
        match &row.content {
            Ok(_) => self.readable += 1,
            Err(error) if self.readable == 0 && self.number >= TRIED_ROWS => {
                self.ended = true;
                return Some(Err(error.clone()));
            }
            Err(_) => {}
        }
        Some(Ok(row))
    }
}

/// A row's id as the last part of a path: one line, and no longer than a name is.
fn name_of(value: &str) -> Result<String, ExtractError> {
    let value = value.trim();
    if value.chars().count() > MAX_ID_CHARS || value.chars().any(char::is_control) {
        Err(ExtractError::Damaged(
            "an id that is too long or has line breaks",
        ))
    } else {
        Ok(value.to_owned())
    }
}

/// The next line that is not blank, as an object. An outer error ends the file, an inner one the row.
fn object(
    lines: &mut dyn BufRead,
    number: &mut u64,
) -> Result<Option<Result<Fields, ExtractError>>, ExtractError> {
    loop {
        let mut line = Vec::new();
        let read = lines.take(MAX_BYTES + 1).read_until(b'\n', &mut line);
        if read.map_err(unreadable)? == 0 {
            return Ok(None);
        }
        *number += 1;
        if line.len() as u64 > MAX_BYTES {
            drop(line);
            lines.skip_until(b'\n').map_err(unreadable)?;
            return Ok(Some(Err(ExtractError::TooLarge)));
        }
        let line = line.trim_ascii();
        if !line.is_empty() {
            return Ok(Some(
                serde_json::from_slice(line)
                    .map_err(|_| ExtractError::Damaged("the line is no JSON object")),
            ));
        }
    }
}

/// The first cells of the next row of a table.
fn record(
    reader: &mut csv::Reader<Box<dyn Read + '_>>,
    left: &Left,
    most: usize,
) -> Result<Option<Vec<String>>, ExtractError> {
    left.bytes.set(MAX_BYTES);
    left.delimiters.set(MOST_DELIMITERS);
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => Ok(Some(record.iter().take(most).map(str::to_owned).collect())),
        Ok(false) => Ok(None),
        Err(error) => Err(match error.into_kind() {
            csv::ErrorKind::Io(error) => unreadable(error),
            _ => ExtractError::Damaged("a row of the table"),
        }),
    }
}

fn unreadable(error: io::Error) -> ExtractError {
    if error.kind() == io::ErrorKind::FileTooLarge {
        ExtractError::Damaged(
            "a row longer than 64 MB or a million cells: a quotation mark is not closed",
        )
    } else {
        ExtractError::Damaged("the rest of it cannot be read")
    }
}

/// Counts what is read of a file.
struct Counted<R> {
    source: R,
    taken: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.taken.set(self.taken.get() + read as u64);
        Ok(read)
    }
}

/// What a row may still take.
#[derive(Default)]
struct Left {
    bytes: Cell<u64>,
    delimiters: Cell<usize>,
}

/// Ends where one row takes more than any row may.
struct Limited<R> {
    source: R,
    delimiter: u8,
    left: Rc<Left>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (bytes, delimiters) = (self.left.bytes.get(), self.left.delimiters.get());
        if bytes == 0 || delimiters == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let most = usize::try_from(bytes).map_or(buffer.len(), |left| left.min(buffer.len()));
        let read = self.source.read(&mut buffer[..most])?;
        let found = buffer[..read].iter().filter(|&&b| b == self.delimiter);
        self.left
            .delimiters
            .set(delimiters.saturating_sub(found.count()));
        self.left.bytes.set(bytes - read as u64);
        Ok(read)
    }
}

/// Whether a text begins with a JSON object on its first line.
pub(super) fn begins_object(head: &str) -> bool {
    let line = head.trim_start_matches('\u{feff}').trim_start();
    let line = line.split('\n').next().unwrap_or_default();
    let is_whole = serde_json::from_str::<Map<String, Value>>(line).is_ok_and(|o| !o.is_empty());
    // A line longer than the head is a row with a long text.
    is_whole || line.len() > head.len() / 2 && begins_member(line)
}

/// `{"name":`, and the line goes on beyond what is seen.
fn begins_member(line: &str) -> bool {
    let name = line
        .strip_prefix('{')
        .and_then(|rest| rest.trim_start().strip_prefix('"'))
        .and_then(|rest| rest.split_once('"'));
    name.is_some_and(|(_, rest)| rest.trim_start().starts_with(':')) && !line.ends_with('}')
}

/// What stands between the cells of a table: what its first line has most of.
pub(crate) fn delimiter(head: &str) -> u8 {
    let line = head.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| line.bytes().filter(|byte| byte == delimiter).count();
    // Of equals the first stands, so that one column is a table with commas.
    let most = DELIMITERS
        .iter()
        .rev()
        .max_by_key(|delimiter| count(delimiter));
    most.copied().unwrap_or(b',')
}

/// The cells of a table's first line.
pub(super) fn header(head: &str, delimiter: u8) -> Vec<String> {
    let line = head.trim_start_matches('\u{feff}').lines().next();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter)
        .from_reader(line.unwrap_or_default().as_bytes());
    let first = reader.records().next().and_then(Result::ok);
    first.map_or_else(Vec::new, |record| {
        record.iter().map(str::to_owned).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::{collection_of, rows};

    fn read(name: &str, bytes: &[u8]) -> Vec<Result<Row, ExtractError>> {
        let columns = Columns::default();
        let collection = collection_of(name, bytes, &columns).expect("a collection");
        rows(collection, bytes, &columns).expect("text").collect()
    }

    fn field<'r>(row: &'r Result<Row, ExtractError>, name: &str) -> Option<&'r str> {
        let record = row.as_ref().ok()?.content.as_ref().ok()?;
        record.fields.get(name).map(String::as_str)
    }

    fn text(row: &Result<Row, ExtractError>) -> &str {
        let content = row.as_ref().map(|row| row.content.as_ref());
        content.map_or("", |record| record.map_or("", |record| &record.text))
    }

    fn id(row: &Result<Row, ExtractError>) -> &str {
        row.as_ref().map_or("", |row| &row.id)
    }

    #[test]
    fn each_line_of_jsonl_is_a_document() {
        let lines = "{\"id\":\"a-1\",\"标题\":\"甲\",\"正文\":\"推行容缺受理。\",\"点击量\":3}\n\n{\"id\":7,\"text\":[\"一\",\"二\"]}\nnot json\n{\"title\":\"无正文\"}\n{\"text\":\"末行\"}";
        let rows = read("dump.jsonl", lines.as_bytes());
        assert_eq!(
            rows.iter().map(id).collect::<Vec<_>>(),
            ["a-1", "7", "4", "5", "6"]
        );
        assert_eq!(
            (text(&rows[0]), field(&rows[0], "title")),
            ("推行容缺受理。", Some("甲"))
        );
        assert_eq!(text(&rows[1]), "一\n二");
        let why = |row: &Result<Row, ExtractError>| {
            row.as_ref().ok().and_then(|r| r.content.clone().err())
        };
        assert!(matches!(why(&rows[2]), Some(ExtractError::Damaged(_))));
        assert_eq!(why(&rows[3]), Some(ExtractError::NoTextColumn));
        assert_eq!(text(&rows[4]), "末行");
    }

    #[test]
    fn a_table_with_texts_is_a_collection_in_any_encoding() {
        let table =
            "编号,标题,正文,城市\n1,甲,\"第一行,\n第二行“引用”\",哈尔滨\n2,乙,推行告知承诺,\n";
        let (gb18030, _, _) = encoding_rs::GB18030.encode(table);
        let utf_16: Vec<u8> = [0xfeff]
            .into_iter()
            .chain(table.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        for bytes in [table.as_bytes(), &gb18030, &utf_16] {
            let rows = read("文件.csv", bytes);
            assert_eq!(rows.len(), 2);
            assert_eq!(text(&rows[0]), "第一行,\n第二行“引用”");
            assert_eq!(
                (field(&rows[0], "city"), field(&rows[1], "city")),
                (Some("哈尔滨"), None)
            );
        }
        let tabs = table.replace(',', "\t");
        assert_eq!(read("文件.txt", tabs.as_bytes()).len(), 2);
    }

    #[test]
    fn other_texts_are_no_collections() {
        let columns = Columns::default();
        let of = |name: &str, text: &str| collection_of(name, text.as_bytes(), &columns);
        assert_eq!(of("a.csv", "市,件数\n哈尔滨,3\n"), None);
        assert_eq!(of("a.txt", "内容\n推行容缺受理。\n"), None);
        assert_eq!(of("a.txt", "{不是}\n"), None);
        assert_eq!(of("a.md", "{\"text\":\"甲\"}\n"), None);
        assert!(of("a.txt", "{\"text\":\"甲\"}\n").is_some());
        let long = format!("{{\"id\":1,\"text\":\"{}", "字".repeat(40_000));
        assert_eq!(of("dump", &long), Some(Collection::Jsonl));
    }

    #[test]
    fn a_file_of_unreadable_rows_ends_early() {
        let rows = read("a.jsonl", "{\"标题\":\"甲\"}\n".repeat(5_000).as_bytes());
        assert_eq!(rows.len() as u64, TRIED_ROWS);
        assert_eq!(rows.last(), Some(&Err(ExtractError::NoTextColumn)));
    }

    #[test]
    fn markup_in_a_row_is_read_as_a_page() {
        let line = "{\"text\":\"<p>一、总则</p><p>推行<b>容缺</b>受理</p>\"}";
        let rows = read("a.jsonl", line.as_bytes());
        let record = rows[0]
            .as_ref()
            .ok()
            .and_then(|row| row.content.clone().ok());
        let read = record.expect("a record").extract().expect("text");
        assert_eq!(read.text, "一、总则\n推行容缺受理\n");
        assert_eq!(read.format, Format::Jsonl);
    }
}
