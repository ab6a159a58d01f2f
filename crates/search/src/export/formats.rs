//! Hits as files: the columns, and the formats they are written in, row by row as they come.
//!
//! The same bytes wherever they are taken away, at the terminal or in a browser. It reads nothing
//! and decides nothing about the rows ([`crate::export`]).

use std::io::{self, Write};

use duibiao_corpus::{PassageKind, PlaceRef, Status};

use super::Export;
use super::word::{HitsPaper, MOST_WORD_ROWS};
use crate::engine::Engine;
use crate::error::{Error, ParameterFault};
use crate::response::Hit;
use crate::sheet::{MOST_ROWS, Sheet};
use crate::table::Table;

/// A format in which hits are taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Comma-separated values (RFC 4180) in UTF-8 with a byte order mark.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// A table of GitHub's Markdown.
    Markdown,
    /// A workbook (Office Open XML).
    Xlsx,
    /// A paper for Word (Office Open XML).
    Docx,
}

impl ExportFormat {
    /// Every format.
    pub const ALL: [Self; 5] = [
        Self::Xlsx,
        Self::Docx,
        Self::Csv,
        Self::Markdown,
        Self::Jsonl,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Markdown => "markdown",
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
        }
    }

    /// How names of its files end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            other => other.as_str(),
        }
    }

    /// What the web calls it.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Jsonl => "application/jsonl; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }

    /// The format with this name, or whose files end so.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let mut all = Self::ALL.into_iter();
        all.find(|format| format.as_str() == name || format.extension() == name)
    }

    /// Whether a row has the words that were looked for marked, and not only the passage.
    pub fn has_snippets(self) -> bool {
        self == Self::Jsonl
    }

    /// More rows it does not hold.
    pub fn most_rows(self) -> u64 {
        match self {
            Self::Xlsx => MOST_ROWS,
            Self::Docx => MOST_WORD_ROWS,
            _ => u64::MAX,
        }
    }

    /// Whether it holds all rows of an export.
    ///
    /// # Errors
    /// When it does not, saying what to do.
    pub fn holds(self, export: &Export) -> Result<(), Error> {
        if export.rows() <= self.most_rows() {
            return Ok(());
        }
        Err(Error::Parameter {
            name: "format",
            fault: ParameterFault::TooManyRows(self),
        })
    }
}

/// A column: its name in JSON, its name in Chinese, its width in characters.
struct Column(&'static str, &'static str, u16);

const COLUMNS: &[Column] = &[
    Column("province", "省份", 10),
    Column("city", "城市", 10),
    Column("county", "区县", 10),
    Column("year", "年份", 6),
    Column("date", "日期", 12),
    Column("themes", "主题", 14),
    Column("status", "状态", 6),
    Column("heading_path", "标题路径", 28),
    Column("problem", "针对的问题", 24),
    Column("text", "原文", 64),
    Column("citation", "出处", 44),
    Column("title", "文件标题", 28),
    Column("issuer", "发文机关", 18),
    Column("number", "文号", 18),
    Column("doc_type", "文种", 8),
    Column("kind", "段落类别", 8),
    Column("partial", "部分命中", 8),
    Column("url", "网址", 24),
    Column("id", "段落编号", 22),
    Column("path", "文件路径", 28),
    Column("begin", "起", 7),
    Column("end", "止", 7),
];

/// The column of the id.
const ID: usize = 18;

/// So many columns are printed; a page has no room for all, and these are what is read.
const PRINTED: u16 = 11;

/// Whom the cells of a row are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    /// Programs: names as in JSON, the id first.
    Programs,
    /// People: names in Chinese.
    People,
}

impl Engine {
    /// Hits as rows, of which each cell is named as in JSON.
    pub fn table(&self, hits: &[Hit]) -> Table {
        let rows = hits.iter().map(|hit| cells(hit, self, For::Programs));
        Table::new(headers(For::Programs), rows.collect())
    }
}

fn headers(whom: For) -> Vec<&'static str> {
    let names = COLUMNS.iter().map(|Column(name, label, _)| match whom {
        For::Programs => *name,
        For::People => *label,
    });
    ordered(names.collect(), whom)
}

/// Programs look for the id first.
fn ordered<T>(mut row: Vec<T>, whom: For) -> Vec<T> {
    if whom == For::Programs {
        let id = row.remove(ID);
        row.insert(0, id);
    }
    row
}

fn widths() -> Vec<u16> {
    COLUMNS.iter().map(|Column(.., width)| *width).collect()
}

/// The cells of a hit, in the order of the columns.
fn cells(hit: &Hit, engine: &Engine, whom: For) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let place = |place: &Option<PlaceRef>| place.as_ref().map(|p| p.name.clone());
    let is_for_people = whom == For::People;
    let themes = hit.themes.iter().map(|id| match engine.theme_name(id) {
        Some(name) if is_for_people => name.to_owned(),
        _ => id.to_string(),
    });
    let themes: Vec<String> = themes.collect();
    let status = |status: Status| match whom {
        For::Programs => status.as_str(),
        For::People => status.label(),
    };
    let kind = |kind: PassageKind| match whom {
        For::Programs => kind.as_str(),
        For::People => kind.label(),
    };
    let partial = match (whom, hit.partial) {
        (For::Programs, partial) => partial.to_string(),
        (For::People, true) => "部分".to_owned(),
        (For::People, false) => String::new(),
    };
    let passage = hit.text.as_deref().unwrap_or(&hit.snippet.text);
    let row = vec![
        text(&place(&hit.province)),
        text(&place(&hit.city)),
        text(&place(&hit.county)),
        hit.year.map(|year| year.to_string()).unwrap_or_default(),
        text(&hit.date),
        themes.join(if is_for_people { "、" } else { " " }),
        hit.status.map_or("", status).to_owned(),
        hit.heading_path.join(" › "),
        text(&hit.problem),
        passage.trim().to_owned(),
        hit.citation.clone(),
        text(&hit.title),
        text(&hit.issuer),
        text(&hit.number),
        text(&hit.doc_type),
        hit.kind.map_or("", kind).to_owned(),
        partial,
        text(&hit.url),
        hit.id.clone(),
        hit.path.clone(),
        hit.begin.to_string(),
        hit.end.to_string(),
    ];
    ordered(row, whom)
}

/// Writes hits in a format, as they come.
pub struct ExportWriter {
    format: ExportFormat,
    is_begun: bool,
    /// What reaches nobody before the end.
    waiting: Option<Waiting>,
}

/// A file that is written whole.
enum Waiting {
    /// A workbook, whose rows wait in a temporary file.
    Sheet(Box<Sheet>),
    /// A paper, which is packed while it grows.
    Paper(Box<HitsPaper>),
}

impl ExportWriter {
    /// A writer of an export that has written nothing yet.
    ///
    /// # Errors
    /// When there is no room for temporary files.
    pub fn new(format: ExportFormat, export: &Export, engine: &Engine) -> io::Result<Self> {
        let waiting = match format {
            ExportFormat::Xlsx => {
                let sheet = Sheet::new("检索结果", &headers(For::People), &widths())?;
                Some(Waiting::Sheet(Box::new(sheet.printing(PRINTED))))
            }
            ExportFormat::Docx => Some(Waiting::Paper(Box::new(HitsPaper::new(export, engine)?))),
            _ => None,
        };
        Ok(Self {
            format,
            is_begun: false,
            waiting,
        })
    }

    /// Writes some hits. Of a workbook and a paper nothing reaches `out` before the end.
    ///
    /// # Errors
    /// Those of `out`, and of temporary files.
    pub fn rows(&mut self, hits: &[Hit], engine: &Engine, out: &mut dyn Write) -> io::Result<()> {
        match &mut self.waiting {
            Some(Waiting::Sheet(sheet)) => {
                return hits
                    .iter()
                    .try_for_each(|hit| sheet.add(&cells(hit, engine, For::People)));
            }
            Some(Waiting::Paper(paper)) => return hits.iter().try_for_each(|hit| paper.add(hit)),
            None => {}
        }
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        match self.format {
            ExportFormat::Csv => {
                let table = engine.table(hits);
                if is_first {
                    table.csv_file(out)
                } else {
                    table.csv(out, false)
                }
            }
            ExportFormat::Markdown => engine.table(hits).markdown(out, is_first),
            ExportFormat::Jsonl | ExportFormat::Xlsx | ExportFormat::Docx => {
                hits.iter().try_for_each(|hit| {
                    serde_json::to_writer(&mut *out, hit)?;
                    out.write_all(b"\n")
                })
            }
        }
    }

    /// Writes what comes behind the last row.
    ///
    /// # Errors
    /// Those of `out`, and of temporary files.
    pub fn finish(
        mut self,
        export: &Export,
        engine: &Engine,
        mut out: impl Write + Send,
    ) -> io::Result<()> {
        match self.waiting.take() {
            Some(Waiting::Sheet(sheet)) => {
                return sheet.finish(&export.notes(engine.lexicon()), out);
            }
            Some(Waiting::Paper(paper)) => return paper.finish(&mut out),
            None => {}
        }
        if !self.is_begun {
            self.rows(&[], engine, &mut out)?;
        }
        if self.format == ExportFormat::Markdown {
            writeln!(out)?;
            for note in export.notes(engine.lexicon()) {
                writeln!(out, "- {}", crate::table::markdown_cell(&note))?;
            }
        }
        out.flush()
    }
}
