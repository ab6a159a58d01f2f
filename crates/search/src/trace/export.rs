//! The way of a wording as tables: each place and year in a row for programs and workbooks, and years
//! side by side for reports.

use std::io::{self, Write};

use super::chart::is_told;
use super::{Appearance, Trace, TraceCell, TracedPlace};
use crate::table::{Table, markdown_cell};

/// A format in which a trace is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TraceFormat {
    /// Comma-separated values, a place and year a row.
    Csv,
    /// A table of years with first appearances and caveats, as GitHub's Markdown.
    Markdown,
    /// A workbook.
    Xlsx,
    /// The chart.
    Svg,
}

impl TraceFormat {
    /// The format with this name, or whose files end so.
    pub fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "md" | "markdown" => Some(Self::Markdown),
            "xlsx" => Some(Self::Xlsx),
            "svg" => Some(Self::Svg),
            _ => None,
        }
    }
}

/// A column: its name in JSON, its name in Chinese, its width in characters.
const COLUMNS: &[(&str, &str, u16)] = &[
    ("place", "地区", 18),
    ("year", "年份", 8),
    ("state", "有无", 12),
    ("documents", "文件", 7),
    ("passages", "段落", 7),
    ("cited", "只引标题", 9),
    ("inferred", "年份推定", 9),
    ("variant_documents", "同义文件", 9),
    ("variant_passages", "同义段落", 9),
    ("searched", "检索文件", 9),
    ("first", "首见", 6),
    ("date", "首见日期", 12),
    ("text", "首见原文", 64),
    ("citation", "首见出处", 44),
    ("id", "段落编号", 22),
    ("value", "地区代码", 9),
];

impl Trace {
    /// Each place and year in a row; the first appearance of a place stands in the row of its year.
    /// `for_people`: named in Chinese and not as in JSON.
    pub fn table(&self, for_people: bool) -> Table {
        let names = COLUMNS.iter().map(|(name, label, _)| match for_people {
            true => *label,
            false => *name,
        });
        let mut rows = Vec::new();
        for place in &self.places {
            for (year, cell) in self.years.iter().zip(&place.cells) {
                rows.push(row(place, Some(*year), cell, for_people));
            }
            if place.undated.searched > 0 {
                rows.push(row(place, None, &place.undated, for_people));
            }
        }
        Table {
            name: "出现".to_owned(),
            widths: COLUMNS.iter().map(|(.., width)| *width).collect(),
            notes: self.caveats.clone(),
            ..Table::new(names.collect(), rows)
        }
    }

    /// Writes it as Markdown.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "## “{}”的首见与传播\n", markdown_cell(&self.term))?;
        for caveat in &self.caveats {
            writeln!(out, "- {}", markdown_cell(caveat))?;
        }
        let has_undated = self.places.iter().any(|place| is_told(&place.undated));
        let mut heads = vec!["地区".to_owned(), "首见".to_owned()];
        heads.extend(self.years.iter().map(ToString::to_string));
        heads.extend(has_undated.then(|| "不详".to_owned()));
        writeln!(out, "\n| {} |", heads.join(" | "))?;
        writeln!(out, "|{}", " --- |".repeat(heads.len()))?;
        for place in &self.places {
            let first = place.first.as_ref().map(Self::dated);
            let mut cells = vec![
                markdown_cell(&place.label),
                first.unwrap_or_else(|| "—".to_owned()),
            ];
            cells.extend(place.cells.iter().map(TraceCell::said));
            cells.extend(has_undated.then(|| place.undated.said()));
            writeln!(out, "| {} |", cells.join(" | "))?;
        }
        writeln!(out)?;
        for place in &self.places {
            if let Some(first) = &place.first {
                let said = markdown_cell(&first.hit.snippet.text);
                let citation = markdown_cell(&first.hit.citation);
                let label = markdown_cell(&place.label);
                writeln!(
                    out,
                    "- {label}，{}：{said} —— {citation}",
                    Self::dated(first)
                )?;
            }
        }
        out.flush()
    }

    /// The date of an appearance with what is to be known of it.
    pub fn dated(first: &Appearance) -> String {
        let mut said = first.hit.dated();
        let notes = [
            (first.is_time_inferred, "推定"),
            (first.is_cited, "只引标题"),
            (!first.is_sure && first.hit.year.is_some(), "先后未定"),
        ];
        let notes = notes.iter().filter(|(is_so, _)| *is_so);
        let notes: Vec<&str> = notes.map(|(_, note)| *note).collect();
        if !notes.is_empty() {
            said.push_str(&format!("（{}）", notes.join("、")));
        }
        said
    }

    /// Writes it in a format.
    ///
    /// # Errors
    /// Those of `out`, and of temporary files.
    pub fn write(&self, format: TraceFormat, out: &mut (dyn Write + Send)) -> io::Result<()> {
        match format {
            TraceFormat::Xlsx => self.table(true).xlsx(out),
            TraceFormat::Markdown => self.markdown(out),
            TraceFormat::Svg => out.write_all(self.svg().as_bytes()),
            TraceFormat::Csv => self.table(false).csv_file(out),
        }
    }
}

fn row(place: &TracedPlace, year: Option<i16>, cell: &TraceCell, for_people: bool) -> Vec<String> {
    let first = place.first.as_ref();
    let first = first.filter(|first| first.hit.year == year);
    let text = |of: &dyn Fn(&Appearance) -> String| first.map(of).unwrap_or_default();
    let state = if for_people {
        cell.state.label()
    } else {
        cell.state.as_str()
    };
    vec![
        place.label.clone(),
        year.map(|year| year.to_string()).unwrap_or_default(),
        state.to_owned(),
        cell.documents.to_string(),
        cell.passages.to_string(),
        cell.cited.to_string(),
        cell.inferred.to_string(),
        cell.variant_documents.to_string(),
        cell.variant_passages.to_string(),
        cell.searched.to_string(),
        text(&|_| if for_people { "是" } else { "1" }.to_owned()),
        text(&|first| Trace::dated(first)),
        text(&|first| first.hit.text.clone().unwrap_or_default().trim().to_owned()),
        text(&|first| first.hit.citation.clone()),
        text(&|first| first.hit.id.clone()),
        place.value.clone(),
    ]
}
