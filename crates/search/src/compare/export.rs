//! A comparison as files: the table for people to read, its measures one a row, its sources and what one
//! must know. Workbook, CSV and Markdown are the same wherever they are taken.

use std::io::{self, Write};

use duibiao_corpus::ThemeId;
use serde::Serialize;

use crate::compare::MOST_CELL_HITS;
use crate::compare::shape::{Cell, CellHit, CellState, ComparedColumn, Comparison, Quantity};
use crate::compare::workbook::{TABLE, Workbook};
use crate::engine::Engine;
use crate::export::formats::ExportFormat;
use crate::hit::figure_in_words;
use crate::sheet::Sheet;
use crate::sources;
use crate::table::{Table, markdown_cell};

/// A column of the measures: its name in JSON, its name in Chinese, its width in characters.
struct Column(&'static str, &'static str, u16);

const COLUMNS: &[Column] = &[
    Column("row", "行", 5),
    Column("label", "事项", 22),
    Column("column", "列", 10),
    Column("state", "有无", 9),
    Column("text", "措施原文", 64),
    Column("heading_path", "标题路径", 28),
    Column("problem", "针对的问题", 24),
    Column("figures", "指标", 28),
    Column("status", "状态", 9),
    Column("date", "日期", 12),
    Column("level", "层级", 7),
    Column("caveats", "口径提示", 9),
    Column("source", "来源", 6),
    Column("citation", "出处", 44),
    Column("theme", "主题", 18),
    Column("value", "列代码", 9),
    Column("id", "段落编号", 22),
    Column("path", "文件路径", 28),
    Column("begin", "起", 7),
    Column("end", "止", 7),
];

/// A line of JSONL.
#[derive(Serialize)]
struct Measure<'c> {
    /// Number of the row, from 1, as `see` counts.
    row: usize,
    label: &'c str,
    theme: Option<&'c ThemeId>,
    /// Code or year of the column, and its name.
    value: &'c str,
    column: &'c str,
    /// Documents of the column.
    documents: u64,
    state: CellState,
    /// Measures of the cell, of which these are the best.
    total: u64,
    /// What one must know of the cell.
    caveats: Vec<&'c str>,
    see: &'c [usize],
    #[serde(flatten)]
    measure: Option<&'c CellHit>,
}

/// A measure of a table, or that there is none.
pub(super) struct Line<'a> {
    /// Number of the row, from 1.
    pub(super) row: usize,
    pub(super) label: &'a str,
    pub(super) theme: Option<&'a ThemeId>,
    pub(super) column: &'a str,
    pub(super) value: String,
    pub(super) state: String,
    pub(super) caveats: &'a [usize],
    pub(super) hit: Option<&'a CellHit>,
}

/// Measures, one a row. `for_people`: named in Chinese and not as in JSON.
pub(super) fn measures(lines: &[Line<'_>], for_people: bool) -> Table {
    let names = COLUMNS
        .iter()
        .map(|Column(name, label, _)| match for_people {
            true => *label,
            false => *name,
        });
    let rows = lines.iter().map(|line| line.cells(for_people)).collect();
    Table {
        widths: COLUMNS.iter().map(|Column(.., width)| *width).collect(),
        ..Table::new(names.collect(), rows)
    }
}

impl Line<'_> {
    fn cells(&self, for_people: bool) -> Vec<String> {
        let text = |of: &dyn Fn(&CellHit) -> String| self.hit.map(of).unwrap_or_default();
        let status = text(&|hit| {
            let status = hit
                .hit
                .status
                .map(|s| if for_people { s.label() } else { s.as_str() });
            status.unwrap_or_default().to_owned()
        });
        let level = text(&|hit| {
            let level = hit
                .level
                .map(|l| if for_people { l.label() } else { l.as_str() });
            level.unwrap_or_default().to_owned()
        });
        let caveats: Vec<String> = self.caveats.iter().map(usize::to_string).collect();
        vec![
            self.row.to_string(),
            self.label.to_owned(),
            self.column.to_owned(),
            self.state.clone(),
            text(&|hit| quoted(hit).to_owned()),
            text(&|hit| hit.hit.heading_path.join(" › ")),
            text(&|hit| hit.hit.problem.clone().unwrap_or_default()),
            text(&|hit| {
                hit.figures
                    .iter()
                    .map(figure_in_words)
                    .collect::<Vec<_>>()
                    .join("\n")
            }),
            status,
            text(&|hit| hit.hit.dated()),
            level,
            caveats.join(" "),
            text(&|hit| hit.source.to_string()),
            text(&|hit| hit.hit.citation.clone()),
            self.theme.map(ToString::to_string).unwrap_or_default(),
            self.value.clone(),
            text(&|hit| hit.hit.id.clone()),
            text(&|hit| hit.hit.path.clone()),
            text(&|hit| hit.hit.begin.to_string()),
            text(&|hit| hit.hit.end.to_string()),
        ]
    }
}

impl Comparison {
    /// Its measures, one a row; a cell without any has a row that says so. `for_people`: named in
    /// Chinese and not as in JSON.
    pub fn measures(&self, for_people: bool) -> Table {
        let mut lines = Vec::new();
        for (row, cells) in self.cells.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let line = |hit| Line {
                    row: row + 1,
                    label: &self.rows[row].label,
                    theme: self.rows[row].theme.as_ref(),
                    column: &self.columns[column].label,
                    value: self.columns[column].value.clone(),
                    state: self.state(cell, column, hit),
                    caveats: &cell.caveats,
                    hit,
                };
                if cell.hits.is_empty() {
                    lines.push(line(None));
                }
                lines.extend(cell.hits.iter().map(|hit| line(Some(hit))));
            }
        }
        measures(&lines, for_people)
    }

    /// The state of a cell in words, with what it rests on.
    pub fn state(&self, cell: &Cell, column: usize, hit: Option<&CellHit>) -> String {
        let label = cell.state.label();
        let mention = hit.or(cell.hits.first()).and_then(|hit| hit.mention);
        match (cell.state, mention) {
            (CellState::NotFound, _) => {
                let documents = self.columns[column].documents;
                match cell.see.first() {
                    Some(row) => format!("{label}（{documents} 份文件；同主题见第 {row} 行）"),
                    None => format!("{label}（{documents} 份文件）"),
                }
            }
            (CellState::Mentioned, Some(mention)) => format!("{label}（{}）", mention.label()),
            (state, _) => self.without_documents(state).to_owned(),
        }
    }

    /// 无该市文件 names what there is none of.
    fn without_documents(&self, state: CellState) -> &'static str {
        use crate::compare::Axis;
        match (state, self.by) {
            (CellState::NoDocuments, Axis::City) => "无该市文件",
            (CellState::NoDocuments, Axis::Province) => "无该省文件",
            (CellState::NoDocuments, Axis::Year) => "无该年文件",
            (state, _) => state.label(),
        }
    }

    /// What is compared, in one line.
    pub fn title(&self, engine: &Engine) -> String {
        let labels: Vec<&str> = self.columns.iter().map(|c| c.label.as_str()).collect();
        let what = match self.query.text.trim() {
            "" => {
                let themes = self.rows.iter().filter_map(|row| row.theme.as_ref());
                let mut names: Vec<&str> = themes.filter_map(|id| engine.theme_name(id)).collect();
                names.dedup();
                names.truncate(3);
                names.join("、")
            }
            query => format!("“{query}”"),
        };
        format!("{what}对照（按{}：{}）", self.by.label(), labels.join("、"))
    }

    /// The values of a quantity in a column, as they are lined up.
    pub fn values(quantity: &Quantity, column: usize) -> Vec<String> {
        let values = quantity
            .values
            .iter()
            .filter(|value| value.column == column);
        values
            .map(|value| {
                let quote = value.figure.quote.trim();
                let unit = match value.unit.as_str() {
                    "%" => "%".to_owned(),
                    unit => format!(" {unit}"),
                };
                format!("{}{unit}（{quote}）[{}]", value.value, value.source)
            })
            .collect()
    }

    /// A quantity named with what keeps its values apart.
    pub fn named(quantity: &Quantity) -> String {
        let unit = quantity.unit.as_deref().unwrap_or("单位不一");
        let warnings: Vec<&str> = quantity.warnings.iter().map(|kind| kind.label()).collect();
        match warnings.as_slice() {
            [] => format!("{}（{unit}）", quantity.what),
            warnings => format!("{}（{unit}；注意：{}）", quantity.what, warnings.join("、")),
        }
    }

    /// A cell as text: its state, the best measure, where it stands, figures, date and status.
    fn told(&self, cell: &Cell, column: usize) -> Vec<String> {
        if cell.hits.is_empty() {
            return vec![self.state(cell, column, None)];
        }
        let mut lines = Vec::new();
        if cell.state == CellState::Mentioned {
            lines.push(self.state(cell, column, None));
        }
        for hit in self.shown(cell) {
            lines.push(quoted(hit).to_owned());
            if !hit.hit.heading_path.is_empty() {
                lines.push(format!("——{}", hit.hit.heading_path.join(" › ")));
            }
            lines.push(facts(cell, hit));
        }
        lines
    }

    /// The hits of a cell that its table shows: the best, and all of those that were picked.
    pub fn shown<'c>(&self, cell: &'c Cell) -> &'c [CellHit] {
        let most = if self.pinned { MOST_CELL_HITS } else { 1 };
        &cell.hits[..cell.hits.len().min(most)]
    }

    /// How much there is in a column, and of what.
    pub fn counted(&self, column: &ComparedColumn) -> String {
        if self.pinned {
            format!("放入 {} 段", column.total)
        } else {
            format!("{} 份文件", column.documents)
        }
    }

    /// Writes it as a workbook: the table, its measures, its sources and what one must know.
    ///
    /// # Errors
    /// Those of `out`, and of temporary files.
    pub fn xlsx(&self, out: &mut (dyn Write + Send)) -> io::Result<()> {
        Workbook {
            matters: &[(TABLE.to_owned(), self)],
        }
        .write(out)
    }

    /// Writes several as one workbook, each with its name: a sheet for the table of each, and their
    /// measures, sources and caveats together.
    ///
    /// # Errors
    /// Those of `out`, and of temporary files.
    pub fn xlsx_of(matters: &[(String, &Self)], out: &mut (dyn Write + Send)) -> io::Result<()> {
        Workbook { matters }.write(out)
    }

    /// Writes the table on a sheet that was begun for it.
    pub(super) fn table_on(&self, sheet: &mut Sheet) -> io::Result<()> {
        for (row, cells) in self.rows.iter().zip(&self.cells) {
            let mut line = vec![row.label.clone()];
            let told = cells.iter().enumerate();
            line.extend(told.map(|(column, cell)| self.told(cell, column).join("\n")));
            sheet.add(&line)?;
            for quantity in &row.quantities {
                let mut line = vec![format!("指标：{}", Self::named(quantity))];
                let columns = 0..self.columns.len();
                line.extend(columns.map(|column| Self::values(quantity, column).join("\n")));
                sheet.add(&line)?;
            }
        }
        Ok(())
    }

    /// Writes it as JSON, a measure of a cell a line; a cell without any is a line that says so.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn jsonl(&self, out: &mut dyn Write) -> io::Result<()> {
        for (row, cells) in self.cells.iter().enumerate() {
            for (cell, column) in cells.iter().zip(&self.columns) {
                let measures: Vec<Option<&CellHit>> = match cell.hits.as_slice() {
                    [] => vec![None],
                    hits => hits.iter().map(Some).collect(),
                };
                for measure in measures {
                    let line = Measure {
                        row: row + 1,
                        label: &self.rows[row].label,
                        theme: self.rows[row].theme.as_ref(),
                        value: &column.value,
                        column: &column.label,
                        documents: column.documents,
                        state: cell.state,
                        total: cell.total,
                        caveats: cell
                            .caveats
                            .iter()
                            .filter_map(|number| self.caveats.get(number - 1))
                            .map(|caveat| caveat.text.as_str())
                            .collect(),
                        see: &cell.see,
                        measure,
                    };
                    serde_json::to_writer(&mut *out, &line)?;
                    out.write_all(b"\n")?;
                }
            }
        }
        out.flush()
    }

    /// Writes it as Markdown.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn markdown(&self, engine: &Engine, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "## {}\n", markdown_cell(&self.title(engine)))?;
        for (number, caveat) in self.caveats.iter().enumerate() {
            writeln!(out, "{}. {}", number + 1, markdown_cell(&caveat.text))?;
        }
        writeln!(out, "\n{}\n", self.caution())?;
        let headers: Vec<String> = self
            .columns
            .iter()
            .map(|c| markdown_cell(&c.label))
            .collect();
        writeln!(out, "| 事项 | {} |", headers.join(" | "))?;
        writeln!(out, "|{}", " --- |".repeat(headers.len() + 1))?;
        let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let joined = |lines: &[String]| {
            let lines: Vec<String> = lines.iter().map(|line| markdown_cell(line)).collect();
            lines.join("<br>")
        };
        for (row, cells) in self.rows.iter().zip(&self.cells) {
            let mut told = vec![markdown_cell(&row.label)];
            let cells = cells.iter().enumerate();
            told.extend(cells.map(|(column, cell)| joined(&self.told(cell, column))));
            writeln!(out, "{}", line(told))?;
            for quantity in &row.quantities {
                let mut told = vec![markdown_cell(&format!("指标：{}", Self::named(quantity)))];
                let columns = 0..self.columns.len();
                told.extend(columns.map(|column| joined(&Self::values(quantity, column))));
                writeln!(out, "{}", line(told))?;
            }
        }
        writeln!(out)?;
        sources::in_markdown(&self.sources, out)?;
        out.flush()
    }

    /// Writes it in a format: of CSV and JSONL a row is a measure.
    ///
    /// # Errors
    /// Those of `out`, and of temporary files.
    pub fn write(
        &self,
        format: ExportFormat,
        engine: &Engine,
        out: &mut (dyn Write + Send),
    ) -> io::Result<()> {
        match format {
            ExportFormat::Xlsx => self.xlsx(out),
            ExportFormat::Docx => self.docx(engine, out),
            ExportFormat::Markdown => self.markdown(engine, out),
            ExportFormat::Jsonl => self.jsonl(out),
            ExportFormat::Csv => self.measures(false).csv_file(out),
        }
    }

    /// How the table is to be taken, in Chinese.
    pub fn caution(&self) -> &'static str {
        if self.pinned {
            Self::CAUTION_PINNED
        } else {
            Self::CAUTION
        }
    }

    const CAUTION_PINNED: &str = "只列逐段放入的内容，没有检索：“未放入”只表示没有放入这一格的段落，不等于没有；计划与建议不算已办。地区、年份、主题、状态由程序按原文推出，引用前请核对原文。";

    /// How a table of what was searched for is to be taken.
    pub const CAUTION: &str = "“未检到”只表示在所列份数的文件中没有检到，不等于没有；计划与建议不算已办。地区、年份、主题、状态由程序按原文推出，引用前请核对原文。";
}

/// Date, status and number of the source of a measure; with a cell's best one how many there are, and what
/// one must know.
pub(super) fn facts(cell: &Cell, hit: &CellHit) -> String {
    let mut facts = vec![hit.hit.dated()];
    facts.extend(hit.hit.status.map(|status| status.label().to_owned()));
    facts.push(format!("[{}]", hit.source));
    let is_first = cell
        .hits
        .first()
        .is_some_and(|first| first.hit.id == hit.hit.id);
    if is_first && cell.total > 1 {
        facts.push(format!("共 {} 条", cell.total));
    }
    if is_first && !cell.caveats.is_empty() {
        let numbers: Vec<String> = cell.caveats.iter().map(usize::to_string).collect();
        facts.push(format!("口径提示 {}", numbers.join("、")));
    }
    facts.retain(|fact| !fact.is_empty());
    facts.join(" · ")
}

/// The words of a hit.
pub(super) fn quoted(hit: &CellHit) -> &str {
    hit.hit
        .text
        .as_deref()
        .unwrap_or(&hit.hit.snippet.text)
        .trim()
}
