//! Picked passages as files (摘编): each verbatim with its headings, note and source, and the sources behind
//! them. The same bytes wherever they are taken.

use std::io::{self, Write};

use super::{Excerpt, ExcerptPassage, Excerpts};
use crate::export::formats::ExportFormat;
use crate::hit::figure_in_words;
use crate::sheet::Sheet;
use crate::sources;
use crate::table::{Table, markdown_cell};
use crate::word::{Line, WordCell, WordPaper};

/// A column: its name in JSON, its name in Chinese, its width in characters.
struct Column(&'static str, &'static str, u16);

const COLUMNS: &[Column] = &[
    Column("number", "序号", 5),
    Column("place", "地区", 10),
    Column("date", "日期", 12),
    Column("text", "原文", 64),
    Column("heading_path", "标题路径", 28),
    Column("problem", "针对的问题", 24),
    Column("note", "备注", 28),
    Column("figures", "指标", 28),
    Column("status", "状态", 8),
    Column("source", "来源", 6),
    Column("citation", "出处", 44),
    Column("title", "文件标题", 28),
    Column("issuer", "发文机关", 18),
    Column("doc_number", "文号", 18),
    Column("doc_type", "文种", 8),
    Column("url", "网址", 24),
    Column("id", "段落编号", 22),
    Column("path", "文件路径", 28),
    Column("begin", "起", 7),
    Column("end", "止", 7),
];

/// So many columns of a workbook are printed.
const PRINTED: u16 = 11;

/// What stands where the index does not have a passage.
const MISSING: &str = "〔本库中已没有这一段〕";

impl Excerpts {
    /// How it is to be taken, in Chinese.
    pub const CAUTION: &str = "原文逐字照录。地区、日期、状态、指标由程序按原文推出，计划与建议不算已办；出处中〔〕里的为推定或原文未载。引用前请核对原文。";

    /// The passages one a row. `for_people`: named in Chinese and not as in JSON.
    pub fn table(&self, for_people: bool) -> Table {
        let names = COLUMNS
            .iter()
            .map(|Column(name, label, _)| if for_people { *label } else { *name });
        let rows = self.items.iter().enumerate();
        Table {
            widths: COLUMNS.iter().map(|Column(.., width)| *width).collect(),
            ..Table::new(
                names.collect(),
                rows.map(|(at, item)| item.cells(at + 1, for_people))
                    .collect(),
            )
        }
    }

    /// Writes them in a format.
    ///
    /// # Errors
    /// Those of `out`, and of temporary files.
    pub fn write(&self, format: ExportFormat, out: &mut (dyn Write + Send)) -> io::Result<()> {
        match format {
            ExportFormat::Csv => self.table(false).csv_file(out),
            ExportFormat::Docx => self.docx(out),
            ExportFormat::Jsonl => self.jsonl(out),
            ExportFormat::Markdown => self.markdown(out),
            ExportFormat::Xlsx => self.xlsx(out),
        }
    }

    fn jsonl(&self, out: &mut dyn Write) -> io::Result<()> {
        for item in &self.items {
            serde_json::to_writer(&mut *out, item)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    fn xlsx(&self, out: &mut (dyn Write + Send)) -> io::Result<()> {
        let table = self.table(true);
        let mut sheet = Sheet::new("摘编", &table.headers, &table.widths)?.printing(PRINTED);
        table.rows.iter().try_for_each(|row| sheet.add(row))?;
        sources::on_a_sheet(&self.sources, &mut sheet)?;
        sheet.finish(&[Self::CAUTION.to_owned()], out)
    }

    fn docx(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut paper = WordPaper::new("摘编")?;
        paper.text(Self::CAUTION)?;
        let headers = ["序号", "地区和日期", "原文", "备注", "来源"];
        paper.table("摘编", &headers, &[5, 13, 56, 20, 6])?;
        for (at, item) in self.items.iter().enumerate() {
            paper.row(&item.word_cells(at + 1))?;
        }
        sources::in_a_paper(&self.sources, &mut paper)?;
        paper.finish(out)
    }

    fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "# 摘编\n\n{}", Self::CAUTION)?;
        for (at, item) in self.items.iter().enumerate() {
            item.markdown(at + 1, out)?;
        }
        writeln!(out, "\n## 来源\n")?;
        sources::in_markdown(&self.sources, out)?;
        out.flush()
    }
}

impl Excerpt {
    fn cells(&self, number: usize, for_people: bool) -> Vec<String> {
        let passage = self.passage.as_ref();
        let text = |of: &dyn Fn(&ExcerptPassage) -> Option<String>| {
            passage.and_then(of).unwrap_or_default()
        };
        let status = |passage: &ExcerptPassage| {
            let status = passage.hit.status?;
            let status = if for_people {
                status.label()
            } else {
                status.as_str()
            };
            Some(status.to_owned())
        };
        let figures = |passage: &ExcerptPassage| {
            let figures: Vec<String> = passage.figures.iter().map(figure_in_words).collect();
            Some(figures.join("\n"))
        };
        vec![
            number.to_string(),
            text(&|passage| Some(passage.hit.place_name().to_owned())),
            text(&|passage| Some(passage.hit.dated())),
            passage.map_or_else(|| MISSING.to_owned(), |passage| passage.text().to_owned()),
            text(&|passage| Some(passage.hit.heading_path.join(" › "))),
            text(&|passage| passage.hit.problem.clone()),
            self.note.clone(),
            text(&figures),
            text(&status),
            text(&|passage| Some(passage.source.to_string())),
            text(&|passage| Some(passage.hit.citation.clone())),
            text(&|passage| passage.hit.title.clone()),
            text(&|passage| passage.hit.issuer.clone()),
            text(&|passage| passage.hit.number.clone()),
            text(&|passage| passage.hit.doc_type.clone()),
            text(&|passage| passage.hit.url.clone()),
            self.id.clone(),
            text(&|passage| Some(passage.hit.path.clone())),
            text(&|passage| Some(passage.hit.begin.to_string())),
            text(&|passage| Some(passage.hit.end.to_string())),
        ]
    }

    fn markdown(&self, number: usize, out: &mut dyn Write) -> io::Result<()> {
        let Some(passage) = &self.passage else {
            writeln!(out, "\n## {number}. {MISSING}\n\n{}", self.id)?;
            return self.noted(out);
        };
        let hit = &passage.hit;
        let mut facts = vec![hit.place_name().to_owned(), hit.dated()];
        facts.extend(hit.doc_type.clone());
        facts.extend(hit.status.map(|status| status.label().to_owned()));
        writeln!(
            out,
            "\n## {number}. {}\n",
            markdown_cell(&facts.join(" · "))
        )?;
        if let Some(problem) = &hit.problem {
            writeln!(out, "针对：{}\n", markdown_cell(problem))?;
        }
        let lines = passage.text().lines().map(str::trim);
        let lines: Vec<String> = lines
            .filter(|line| !line.is_empty())
            .map(|line| format!("> {}", markdown_cell(line)))
            .collect();
        writeln!(out, "{}", lines.join("\n>\n"))?;
        if !hit.heading_path.is_empty() {
            writeln!(out, "\n——{}", markdown_cell(&hit.heading_path.join(" › ")))?;
        }
        self.noted(out)?;
        let citation = markdown_cell(&hit.citation);
        writeln!(out, "\n出处：\\[{}\\] {citation}", passage.source)
    }

    fn word_cells(&self, number: usize) -> Vec<WordCell> {
        let number = vec![Line::Plain(number.to_string())];
        let note = vec![Line::Plain(self.note.trim().to_owned())];
        let Some(passage) = &self.passage else {
            let missing = vec![
                Line::Plain(MISSING.to_owned()),
                Line::Small(self.id.clone()),
            ];
            return vec![number, Vec::new(), missing, note, Vec::new()];
        };
        let hit = &passage.hit;
        let mut facts = vec![
            Line::Plain(hit.place_name().to_owned()),
            Line::Plain(hit.dated()),
        ];
        facts.extend(
            hit.status
                .map(|status| Line::Small(status.label().to_owned())),
        );
        let mut text = Vec::new();
        if let Some(problem) = &hit.problem {
            text.push(Line::Small(format!("针对：{}", problem.trim())));
        }
        text.push(Line::Plain(passage.text().to_owned()));
        if !hit.heading_path.is_empty() {
            text.push(Line::Small(format!("——{}", hit.heading_path.join(" › "))));
        }
        let source = vec![Line::Plain(format!("[{}]", passage.source))];
        vec![number, facts, text, note, source]
    }

    fn noted(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.note.trim().is_empty() {
            return Ok(());
        }
        writeln!(out, "\n备注：{}", markdown_cell(self.note.trim()))
    }
}

impl ExcerptPassage {
    /// The passage verbatim, without the blanks around it.
    pub fn text(&self) -> &str {
        self.hit.text.as_deref().unwrap_or_default().trim()
    }
}
