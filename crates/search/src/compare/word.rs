//! A comparison as a paper for Word: what was asked and when, what one must know, the table and its sources.
//! What the cells say is decided in [`super::export`].

use std::io::{self, Write};

use super::export::{facts, quoted};
use crate::compare::shape::{Cell, CellHit, Comparison};
use crate::engine::Engine;
use crate::export::asked;
use crate::sources;
use crate::word::{Line, WordCell, WordPaper};

/// A measure of more characters is quoted where it has what was looked for, as on the page.
const MOST_QUOTED: usize = 400;
/// Figures of a measure that are told, as on the page.
const MOST_FIGURES: usize = 3;
/// Shares of the page: what the first column has, and all others.
const FIRST: u32 = 12;
const OTHERS: u32 = 88;

impl Comparison {
    /// Writes it as a paper.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn docx(&self, engine: &Engine, out: &mut dyn Write) -> io::Result<()> {
        let mut paper = WordPaper::new(&self.title(engine))?;
        for line in &self.asked {
            paper.text(line)?;
        }
        paper.text(&asked::when(engine))?;
        paper.heading("口径提示")?;
        for (number, caveat) in self.caveats.iter().enumerate() {
            let (number, kind) = (number + 1, caveat.kind.label());
            paper.text(&format!("{number}. {kind}：{}", caveat.text))?;
        }
        paper.text(self.caution())?;
        let mut shown = self
            .cells
            .iter()
            .flatten()
            .filter_map(|cell| cell.hits.first());
        // What was picked is not looked for in, and is quoted in full.
        if !self.pinned && shown.any(is_long) {
            paper.text("长段只引检到处的前后文，略去的以……标明；全文见原文。")?;
        }
        paper.heading("对照表")?;
        if self.rows.is_empty() || self.columns.is_empty() {
            paper.text("没有检到可以对照的措施。这不表示没有。")?;
            return paper.finish(out);
        }
        let tables = WordPaper::columns_of_tables(self.columns.len());
        for (number, columns) in tables.iter().enumerate() {
            let some = &self.columns[columns.clone()];
            let labels: Vec<&str> = some.iter().map(|column| column.label.as_str()).collect();
            let labels = labels.join("、");
            let caption = match tables.len() {
                1 => labels,
                _ => format!("表 {}  {labels}", number + 1),
            };
            self.table_of(&mut paper, &caption, columns.clone())?;
        }
        sources::in_a_paper(&self.sources, &mut paper)?;
        paper.finish(out)
    }

    /// The table of some columns.
    fn table_of(
        &self,
        paper: &mut WordPaper,
        caption: &str,
        columns: std::ops::Range<usize>,
    ) -> io::Result<()> {
        let mut headers = vec!["事项".to_owned()];
        let mut widths = vec![FIRST * columns.len() as u32];
        for column in &self.columns[columns.clone()] {
            headers.push(format!("{}\n（{}）", column.label, self.counted(column)));
            widths.push(OTHERS);
        }
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        paper.table(caption, &headers, &widths)?;
        for (number, (row, cells)) in self.rows.iter().zip(&self.cells).enumerate() {
            let mut line = vec![vec![Line::Strong(format!("{}. {}", number + 1, row.label))]];
            line.extend(
                columns
                    .clone()
                    .map(|column| self.word_cell(&cells[column], column)),
            );
            paper.row(&line)?;
            for quantity in &row.quantities {
                let values: Vec<Vec<String>> = columns
                    .clone()
                    .map(|column| Self::values(quantity, column))
                    .collect();
                if values.iter().all(Vec::is_empty) {
                    continue;
                }
                let mut line = vec![vec![Line::Plain(format!(
                    "指标：{}",
                    Self::named(quantity)
                ))]];
                let lines = |values: Vec<String>| values.into_iter().map(Line::Plain).collect();
                line.extend(values.into_iter().map(lines));
                paper.row(&line)?;
            }
        }
        Ok(())
    }

    /// A cell: its state in words, the best measure with its headings and figures, and where it is from.
    fn word_cell(&self, cell: &Cell, column: usize) -> WordCell {
        let mut lines = vec![Line::Strong(self.state(cell, column, None))];
        for hit in self.shown(cell) {
            if !hit.hit.heading_path.is_empty() {
                lines.push(Line::Small(hit.hit.heading_path.join(" › ")));
            }
            lines.push(Line::Plain(if self.pinned {
                quoted(hit).to_owned()
            } else {
                short(hit)
            }));
            let figures = figures(hit);
            if !figures.is_empty() {
                lines.push(Line::Small(format!("指标：{figures}")));
            }
            lines.push(Line::Small(facts(cell, hit)));
        }
        lines
    }
}

fn is_long(hit: &CellHit) -> bool {
    quoted(hit).chars().nth(MOST_QUOTED).is_some()
}

/// The words of a measure, of a long one those around what was looked for.
fn short(hit: &CellHit) -> String {
    if !is_long(hit) {
        return quoted(hit).to_owned();
    }
    let snippet = &hit.hit.snippet;
    let cut = |more: bool| if more { "……" } else { "" };
    let (before, after) = (cut(snippet.more_before), cut(snippet.more_after));
    format!("{before}{}{after}", snippet.text.trim())
}

/// What a measure states in numbers: what is measured, and the words with the figure.
fn figures(hit: &CellHit) -> String {
    let figures = hit.figures.iter().filter_map(|figure| {
        let what = figure.what.as_ref()?.trim();
        Some(format!("{what} {}", figure.quote.trim()))
    });
    let figures: Vec<String> = figures.take(MOST_FIGURES).collect();
    figures.join("；")
}
