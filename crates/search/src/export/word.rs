//! Hits as a paper for Word: what was asked, a table with the passages as they stand, and the sources that
//! its numbers name.

use std::collections::HashMap;
use std::io::{self, Write};

use duibiao_corpus::PlaceRef;

use super::{Export, asked};
use crate::engine::Engine;
use crate::response::Hit;
use crate::word::{Line, WordPaper};

/// More rows nobody reads in a paper, and few programs open; it is in memory until it is finished.
pub(crate) const MOST_WORD_ROWS: u64 = 2_000;

const HEADERS: &[&str] = &["序号", "地区", "日期", "状态", "原文", "来源"];
const WIDTHS: &[u32] = &[5, 10, 9, 7, 63, 6];

/// A paper with the rows of an export.
pub(super) struct HitsPaper {
    paper: WordPaper,
    rows: usize,
    /// Citations of the documents so far, and their numbers by their ids.
    sources: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl HitsPaper {
    pub(super) fn new(export: &Export, engine: &Engine) -> io::Result<Self> {
        let mut paper = WordPaper::new(&export.title())?;
        for note in export.notes(engine.lexicon()) {
            paper.text(&note)?;
        }
        paper.text(&asked::when(engine))?;
        paper.table("检索结果", HEADERS, WIDTHS)?;
        Ok(Self {
            paper,
            rows: 0,
            sources: Vec::new(),
            numbers: HashMap::new(),
        })
    }

    pub(super) fn add(&mut self, hit: &Hit) -> io::Result<()> {
        self.rows += 1;
        let number = match self.numbers.get(&hit.document_id) {
            Some(number) => *number,
            None => {
                self.sources.push(hit.citation.clone());
                let number = self.sources.len();
                self.numbers.insert(hit.document_id.clone(), number);
                number
            }
        };
        let mut text = Vec::new();
        if !hit.heading_path.is_empty() {
            text.push(Line::Small(hit.heading_path.join(" › ")));
        }
        let passage = hit.text.as_deref().unwrap_or(&hit.snippet.text);
        text.push(Line::Plain(passage.trim().to_owned()));
        let places = [&hit.province, &hit.city, &hit.county];
        let name = |place: &PlaceRef| Line::Plain(place.name.clone());
        let mut status = Vec::new();
        status.extend(
            hit.status
                .map(|status| Line::Plain(status.label().to_owned())),
        );
        if hit.partial {
            status.push(Line::Small("部分命中".to_owned()));
        }
        let year = hit.year.map(|year| year.to_string());
        let date = hit
            .date
            .clone()
            .or(year)
            .unwrap_or_else(|| "不详".to_owned());
        self.paper.row(&[
            vec![self.rows.to_string().into()],
            places.into_iter().flatten().map(name).collect(),
            vec![date.into()],
            status,
            text,
            vec![format!("[{number}]").into()],
        ])
    }

    pub(super) fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        let sources = self.sources.iter().map(String::as_str);
        self.paper.sources((1..).zip(sources))?;
        self.paper.finish(out)
    }
}
