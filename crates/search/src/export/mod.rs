//! A search taken away in full: every hit with its whole passage, in order, a few at a time.
//!
//! All of it is of one commit, whatever is committed meanwhile. Each step takes a deadline of its
//! own, so that others get their turns in between. It decides which rows there are; how they are
//! written is decided in [`formats`].

pub(crate) mod asked;
pub(crate) mod formats;
mod word;

use std::collections::VecDeque;

use duibiao_lexicon::Lexicon;

use crate::collect::{Found, Order};
use crate::deadline::Deadline;
use crate::engine::{Engine, Snapshot, guarded};
use crate::error::Error;
use crate::filter::{self, Resolved};
use crate::request::{MAX_WINDOW, Request};
use crate::resolve::Term;
use crate::response::{Correction, Hit};
use crate::run::Search;
use crate::snippet::Marks;
use crate::window::check;

/// Rows read in one step: a few milliseconds of work.
const ROWS: usize = 200;

/// Which hits are taken away, and how much of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Hits with some of the pieces too, behind those that `total` counts.
    pub partial: bool,
    /// At most so many rows.
    pub most: Option<u64>,
    /// Whether each hit has its snippet, with what was looked for marked in it.
    pub snippets: bool,
}

/// A search being taken away.
pub struct Export {
    snapshot: Snapshot,
    request: Request,
    term: Term,
    filters: Vec<Resolved>,
    snippets: bool,
    /// Hits that were found and not read yet.
    waiting: VecDeque<(Found, bool)>,
    /// The last hit that was found.
    after: Option<(Order, bool)>,
    are_all_found: bool,
    total: u64,
    /// Rows there will be.
    rows: u64,
    left: u64,
    corrected: Option<Correction>,
}

impl Export {
    /// How many rows there will be.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many hits have everything that was asked for.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// What was searched for instead, where nothing has what was typed.
    pub fn corrected(&self) -> Option<&Correction> {
        self.corrected.as_ref()
    }

    /// What it is called, in Chinese.
    pub(crate) fn title(&self) -> String {
        match self.request.query.trim() {
            "" => "检索结果".to_owned(),
            query => format!("检索结果：{query}"),
        }
    }

    /// What one must know to read the rows rightly, in Chinese.
    pub fn notes(&self, lexicon: &Lexicon) -> Vec<String> {
        let mut notes = asked::said(&self.request, &self.term, &self.filters, lexicon);
        if let Some(corrected) = &self.corrected {
            notes[0] = format!(
                "没有检到“{}”，以下按“{}”检索。",
                corrected.from, corrected.to
            );
        }
        notes.push(if self.rows == self.total {
            format!("共 {} 条，全部列出。", self.total)
        } else {
            format!("完全符合的共 {} 条，列出 {} 条。", self.total, self.rows)
        });
        notes.push(
            "地区、年份、主题、状态等由程序按原文推出，计划与建议不算已办；出处中〔〕里的为推定或原文未载。引用前请核对原文。"
                .to_owned(),
        );
        notes
    }
}

impl Engine {
    /// Begins to take away what a search finds. `limit`, `offset`, `cursor` and `collapse` of the
    /// request do not count: every hit is a row.
    ///
    /// # Errors
    /// Those of [`Engine::search`].
    pub fn export(&self, request: &Request, wanted: Wanted) -> Result<Export, Error> {
        let corrected = self.meant(request)?;
        let mut request = Request {
            limit: MAX_WINDOW,
            offset: 0,
            cursor: None,
            collapse: false,
            facets: false,
            whole: true,
            match_all: request.match_all || !wanted.partial,
            ..request.clone()
        };
        if let Some(corrected) = &corrected {
            request.query.clone_from(&corrected.to);
        }
        guarded(self.path(), || {
            check(&request)?;
            let term = self.understood(&request)?;
            let filters = filter::resolve(&request.filters, self.lexicon(), &self.analyzer)?;
            let snapshot = self.snapshot();
            self.known_values(&filters, &snapshot)?;
            let mut export = Export {
                snapshot,
                request,
                term,
                filters,
                snippets: wanted.snippets,
                waiting: VecDeque::new(),
                after: None,
                are_all_found: false,
                total: 0,
                rows: 0,
                left: 0,
                corrected,
            };
            let partial = self.find(&mut export)?;
            let all = export.total + partial;
            export.rows = wanted.most.map_or(all, |most| most.min(all));
            export.left = export.rows;
            Ok(export)
        })
    }

    /// The next rows; none at the end.
    ///
    /// # Errors
    /// When the deadline is past or the index is damaged; the export can then not go on.
    pub fn export_rows(&self, export: &mut Export, deadline: &Deadline) -> Result<Vec<Hit>, Error> {
        export.request.deadline = deadline.clone();
        guarded(self.path(), || {
            if export.left == 0 {
                return Ok(Vec::new());
            }
            if export.waiting.is_empty() && !export.are_all_found {
                self.find(export)?;
            }
            let count = export.waiting.len().min(ROWS);
            let count = count.min(usize::try_from(export.left).unwrap_or(usize::MAX));
            let found: Vec<(Found, bool)> = export.waiting.drain(..count).collect();
            export.left -= count as u64;
            let search = export.search(self)?;
            if export.snippets {
                search.rows(&found, &Marks::new(&export.term, search.added))
            } else {
                search.rows(&found, &Marks::default())
            }
        })
    }

    /// What the query is corrected to where nothing has it, as in a search.
    fn meant(&self, request: &Request) -> Result<Option<Correction>, Error> {
        let first = Request {
            limit: 1,
            offset: 0,
            cursor: None,
            collapse: false,
            facets: false,
            whole: false,
            bare: true,
            related: Some(false),
            ..request.clone()
        };
        Ok(self.search(&first)?.corrected)
    }

    /// Finds the next ten thousand hits; gives how many partial ones there are.
    fn find(&self, export: &mut Export) -> Result<u64, Error> {
        let outcome = export.search(self)?.run(export.after)?;
        export.total = outcome.total;
        export.after = outcome
            .page
            .last
            .map(|(last, partial)| (last.order, partial));
        export.are_all_found = outcome.page.hits.len() < MAX_WINDOW;
        let hits = outcome.page.hits.iter();
        export
            .waiting
            .extend(hits.map(|hit| (hit.found, hit.partial)));
        Ok(outcome.partial_total)
    }
}

impl Export {
    fn search<'a>(&'a self, engine: &'a Engine) -> Result<Search<'a>, Error> {
        Search::new(
            engine,
            &self.snapshot,
            &self.request,
            &self.term,
            &self.filters,
        )
    }
}
