//! Gaps as files: the table for people to read, the evidence one measure a row, sources and what one must
//! know. Files are the same wherever they are taken.

use std::io::{self, Write};

use crate::compare::export::{Line as Measure, measures, quoted};
use crate::compare::gaps::{GapRow, Gaps};
use crate::compare::shape::{CellHit, CellState};
use crate::engine::Engine;
use crate::export::asked::when;
use crate::export::formats::ExportFormat;
use crate::sheet::Sheet;
use crate::sources;
use crate::table::{Table, markdown_cell};
use crate::word::{Line, WordPaper};

/// Widths of the table's columns, in characters.
const WIDTHS: [u16; 4] = [22, 10, 80, 44];
/// So many columns of the evidence are printed.
const PRINTED: u16 = 14;

impl Gaps {
    /// The evidence, one measure a row: of each matter that of the others, and behind it what the city
    /// has or a row that says that nothing was found. `for_people`: named in Chinese and not as in JSON.
    pub fn measures(&self, for_people: bool) -> Table {
        let mut lines = Vec::new();
        for (number, row) in self.rows.iter().enumerate() {
            let line = |hit, state, column, value, caveats| Measure {
                row: number + 1,
                label: &row.label,
                theme: row.theme.as_ref(),
                column,
                value,
                state,
                caveats,
                hit,
            };
            for city in &row.against {
                lines.extend(city.hits.iter().map(|hit| {
                    let state = CellState::Found.label().to_owned();
                    let code = city.city.code.to_string();
                    line(Some(hit), state, &city.city.name, code, &city.caveats)
                }));
            }
            let own = |hit, state| {
                let (label, code) = (&self.city.label, self.city.value.clone());
                line(hit, state, label, code, &row.mine.caveats)
            };
            if row.mine.hits.is_empty() {
                lines.push(own(None, self.state(row)));
            }
            let mentions = row.mine.hits.iter();
            lines.extend(mentions.map(|hit| own(Some(hit), Self::mention(hit))));
        }
        measures(&lines, for_people)
    }

    /// What the city has of a matter, in words.
    pub fn state(&self, row: &GapRow) -> String {
        match row.mine.hits.first() {
            None => format!(
                "{}（{} 份文件）",
                CellState::NotFound.label(),
                row.searched.documents
            ),
            Some(hit) => Self::mention(hit),
        }
    }

    /// How something of the city comes near a matter, in words.
    pub fn mention(hit: &CellHit) -> String {
        let label = CellState::Mentioned.label();
        match hit.mention {
            Some(mention) if !hit.shared.is_empty() => {
                format!("{label}（{}：{}）", mention.label(), hit.shared.join("、"))
            }
            Some(mention) => format!("{label}（{}）", mention.label()),
            None => label.to_owned(),
        }
    }

    /// What was looked for, in one line.
    pub fn title(&self) -> String {
        let what = match self.query.text.trim() {
            "" => String::new(),
            query => format!("“{query}”"),
        };
        format!(
            "{}{what}差距（对标 {} 个城市，至少 {} 个有）",
            self.city.label,
            self.against.len(),
            self.at_least
        )
    }

    /// The measures of the others on a matter, as lines.
    fn others(row: &GapRow) -> Vec<String> {
        let cities = row.against.iter();
        let told = cities.flat_map(|city| {
            let hits = city.hits.iter().enumerate();
            hits.map(|(number, hit)| {
                let mut line = format!("{}：{}", city.city.name, told(hit));
                if number == 0 && city.total > city.hits.len() as u64 {
                    line.push_str(&format!(" · 共 {} 条", city.total));
                }
                line
            })
        });
        told.collect()
    }

    /// What the city has of a matter, as lines.
    fn own(&self, row: &GapRow) -> Vec<String> {
        if row.mine.hits.is_empty() {
            return vec![self.state(row)];
        }
        let hits = row.mine.hits.iter();
        hits.map(|hit| {
            let place = match hit.hit.city.as_ref().or(hit.hit.province.as_ref()) {
                Some(place) if place.name != self.city.label => format!("{}：", place.name),
                _ => String::new(),
            };
            format!("{}：{place}{}", Self::mention(hit), told(hit))
        })
        .collect()
    }

    /// The cells of the table.
    fn lines(&self) -> impl Iterator<Item = [Vec<String>; 4]> {
        self.rows.iter().map(|row| {
            let count = row.against.len().to_string();
            [
                vec![row.label.clone()],
                vec![count],
                Self::others(row),
                self.own(row),
            ]
        })
    }

    fn headers(&self) -> [&str; 4] {
        ["事项", "几市有", "对标城市的措施", self.city.label.as_str()]
    }

    /// Writes it as Markdown.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "## {}\n", markdown_cell(&self.title()))?;
        for (number, caveat) in self.caveats.iter().enumerate() {
            writeln!(out, "{}. {}", number + 1, markdown_cell(&caveat.text))?;
        }
        writeln!(out, "\n{}\n", Self::CAUTION)?;
        let headers = self.headers().map(markdown_cell);
        writeln!(out, "| {} |", headers.join(" | "))?;
        writeln!(out, "|{}", " --- |".repeat(headers.len()))?;
        for cells in self.lines() {
            let cells = cells.map(|lines| {
                let lines: Vec<String> = lines.iter().map(|line| markdown_cell(line)).collect();
                lines.join("<br>")
            });
            writeln!(out, "| {} |", cells.join(" | "))?;
        }
        writeln!(out)?;
        sources::in_markdown(&self.sources, out)?;
        out.flush()
    }

    /// Writes it as a workbook: the table, its evidence, its sources and what one must know.
    ///
    /// # Errors
    /// Those of `out`, and of temporary files.
    pub fn xlsx(&self, out: &mut (dyn Write + Send)) -> io::Result<()> {
        let mut sheet = Sheet::new("差距表", &self.headers(), &WIDTHS)?.holding_first_column()?;
        for cells in self.lines() {
            sheet.add(&cells.map(|lines| lines.join("\n")))?;
        }
        let evidence = self.measures(true);
        sheet.next("依据", &evidence.headers, &evidence.widths)?;
        evidence.rows.iter().try_for_each(|row| sheet.add(row))?;
        sheet.print_first(PRINTED);
        sources::on_a_sheet(&self.sources, &mut sheet)?;
        sheet.next("口径提示", &["编号", "提示", "说明"], &[6, 16, 110])?;
        for (number, caveat) in self.caveats.iter().enumerate() {
            let number = (number + 1).to_string();
            sheet.add(&[number, caveat.kind.label().to_owned(), caveat.text.clone()])?;
        }
        sheet.add(&[String::new(), "一般".to_owned(), Self::CAUTION.to_owned()])?;
        sheet.finish(&[], out)
    }

    /// Writes it as a paper for Word.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn docx(&self, engine: &Engine, out: &mut dyn Write) -> io::Result<()> {
        let mut paper = WordPaper::new(&self.title())?;
        paper.text(&when(engine))?;
        paper.heading("口径提示")?;
        for (number, caveat) in self.caveats.iter().enumerate() {
            let (number, kind) = (number + 1, caveat.kind.label());
            paper.text(&format!("{number}. {kind}：{}", caveat.text))?;
        }
        paper.text(Self::CAUTION)?;
        paper.heading("差距表")?;
        if self.rows.is_empty() {
            paper.text("没有检到这样的事项。这不表示没有差距。")?;
            return paper.finish(out);
        }
        paper.table("", &self.headers(), &WIDTHS.map(u32::from))?;
        for cells in self.lines() {
            paper.row(&cells.map(|lines| lines.into_iter().map(Line::Plain).collect()))?;
        }
        sources::in_a_paper(&self.sources, &mut paper)?;
        paper.finish(out)
    }

    /// Writes it as JSON, a matter a line.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn jsonl(&self, out: &mut dyn Write) -> io::Result<()> {
        for row in &self.rows {
            serde_json::to_writer(&mut *out, row)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    /// Writes it in a format.
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
            ExportFormat::Docx => self.docx(engine, out),
            ExportFormat::Jsonl => self.jsonl(out),
            ExportFormat::Xlsx => self.xlsx(out),
            ExportFormat::Markdown => self.markdown(out),
            ExportFormat::Csv => self.measures(false).csv_file(out),
        }
    }

    /// How the table is to be taken, in Chinese.
    pub const CAUTION: &str = "“未检到”只表示在所列份数的文件中没有检到这些词语和相近的内容，不等于没有；计划与建议不算已办。地区、年份、主题、状态由程序按原文推出，引用前请核对原文。";
}

/// A hit with its date, status and source in one line.
fn told(hit: &CellHit) -> String {
    let mut facts = vec![hit.hit.dated()];
    facts.extend(hit.hit.status.map(|status| status.label().to_owned()));
    facts.push(format!("[{}]", hit.source));
    format!("{}（{}）", quoted(hit), facts.join(" · "))
}
