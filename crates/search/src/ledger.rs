//! The ledger (台账) of a document: a row for each measure with the problem it answers, its
//! status, figures, deadlines and the bodies responsible, as those who follow it up keep it.

use duibiao_corpus::{
    CharMap, Deadline, Document, DocumentId, Evidence, Figure, Passage, PassageKind, Responsible,
    Span, Status,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::table::Table;

/// A larger jump in the numbers of items is another numbering and no gap.
const LARGEST_GAP: u32 = 30;

/// The measures of a document in rows.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Ledger {
    /// The document's id.
    pub document_id: String,
    /// Its path.
    pub path: String,
    /// Its title.
    pub title: Option<String>,
    /// It cited.
    pub citation: String,
    /// Whether the rows are the measures that answer a problem; otherwise they are all measures.
    pub by_problem: bool,
    /// Whether the text says that it is only part of the original.
    pub partial: bool,
    /// Items of the original that this copy does not have, by their numbers.
    pub missing: Vec<MissingItems>,
    /// The rows, in order of the text.
    pub rows: Vec<LedgerRow>,
}

/// Items `from`–`to` are not in this copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct MissingItems {
    /// Number of the first one.
    pub from: u32,
    /// Number of the last one.
    pub to: u32,
}

/// One measure.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LedgerRow {
    /// Passage id.
    pub id: String,
    /// Place among the passages of the document.
    pub ordinal: u32,
    /// Where it stands.
    #[serde(flatten)]
    pub span: Span,
    /// Its number in the text, such as 5 for （5）; `None` where it has none.
    pub number: Option<u32>,
    /// Headings above it, outermost first.
    pub heading_path: Vec<String>,
    /// The problem it answers.
    pub problem: Option<String>,
    /// Its words, verbatim.
    pub text: String,
    /// How far it has come.
    pub status: Option<Status>,
    /// The words that decided the status; none where nothing says so.
    pub status_evidence: Vec<Evidence>,
    /// What it states in numbers.
    pub figures: Vec<Figure>,
    /// By when.
    pub deadlines: Vec<Deadline>,
    /// By whom.
    pub responsible: Vec<Responsible>,
}

impl Ledger {
    /// The ledger of a document.
    pub(crate) fn of(id: DocumentId, document: &Document, citation: String) -> Self {
        let measures = document
            .passages
            .iter()
            .filter(|p| p.kind == PassageKind::Measure && !p.is_heading);
        let (all, answering) = measures.fold((0, 0), |(all, answering), measure| {
            (all + 1, answering + usize::from(measure.problem.is_some()))
        });
        let by_problem = answering * 2 > all;
        let map = CharMap::new(&document.text);
        let rows: Vec<LedgerRow> = document
            .passages
            .iter()
            .filter(|passage| is_row(passage, by_problem))
            .map(|passage| row(id, passage, map.slice(&document.text, passage.span)))
            .collect();
        Self {
            document_id: id.to_string(),
            path: document.path.clone(),
            title: document.metadata.title.as_ref().map(|t| t.value.clone()),
            citation,
            by_problem,
            partial: document.partial,
            missing: missing(rows.iter().map(|row| row.number), document.partial),
            rows,
        }
    }

    /// The rows with a line of headers in Chinese, as they are taken away.
    pub fn table(&self) -> Table {
        let rows = self.rows.iter().map(|row| {
            let figures = row.figures.iter().map(|f| match &f.what {
                Some(what) => format!("{}（{}）", f.quote.trim(), what.trim()),
                None => f.quote.trim().to_owned(),
            });
            let deadlines = row.deadlines.iter().map(|d| match d.normalized {
                Some(date) => format!("{}（{date}）", d.quote.trim()),
                None => d.quote.trim().to_owned(),
            });
            let bodies = row
                .responsible
                .iter()
                .map(|r| format!("{}（{}）", r.body, r.duty.label()));
            vec![
                row.number.map(|n| n.to_string()).unwrap_or_default(),
                row.heading_path.join(" › "),
                row.problem.clone().unwrap_or_default(),
                row.text.clone(),
                row.status.map_or("", Status::label).to_owned(),
                figures.collect::<Vec<_>>().join("\n"),
                deadlines.collect::<Vec<_>>().join("\n"),
                bodies.collect::<Vec<_>>().join("\n"),
                row.id.clone(),
                format!("{}–{}", row.span.begin, row.span.end),
                self.citation.clone(),
            ]
        });
        Table {
            name: "台账".to_owned(),
            headers: vec![
                "序号",
                "标题路径",
                "针对的问题",
                "措施原文",
                "状态",
                "量化指标",
                "时限",
                "责任单位",
                "段落编号",
                "位置",
                "出处",
            ],
            widths: vec![6, 28, 32, 64, 8, 24, 20, 20, 22, 12, 40],
            rows: rows.collect(),
            notes: [
                self.notes(),
                vec![Self::CAUTION.to_owned(), self.citation.clone()],
            ]
            .concat(),
        }
    }

    /// What one must know to read it rightly, in Chinese.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for gap in &self.missing {
            notes.push(if gap.from == gap.to {
                format!("原件第 {} 项不在本件中。", gap.from)
            } else {
                format!("原件第 {}—{} 项不在本件中。", gap.from, gap.to)
            });
        }
        if self.partial && self.missing.is_empty() {
            notes.push("本件为节录，原件可能还有其他条目。".to_owned());
        }
        notes
    }

    /// How its statuses are to be taken, in Chinese.
    pub const CAUTION: &str = "状态由程序按原文字句判定，计划与建议不算已办；引用前请核对原文。";
}

fn is_row(passage: &Passage, by_problem: bool) -> bool {
    if passage.is_heading || !is_task(passage.kind) {
        return false;
    }
    if by_problem {
        passage.problem.is_some()
    } else {
        let is_due = !passage.deadlines.is_empty() || !passage.responsible.is_empty();
        passage.kind == PassageKind::Measure || is_due
    }
}

fn is_task(kind: PassageKind) -> bool {
    matches!(
        kind,
        PassageKind::Measure
            | PassageKind::Organization
            | PassageKind::Schedule
            | PassageKind::Requirement
    )
}

fn row(id: DocumentId, passage: &Passage, text: &str) -> LedgerRow {
    LedgerRow {
        id: format!("{id}-m{}", passage.ordinal),
        ordinal: passage.ordinal,
        span: passage.span,
        number: number(text),
        heading_path: passage.heading_path.clone(),
        problem: passage.problem.as_ref().map(|p| p.text.trim().to_owned()),
        text: text.trim().to_owned(),
        status: passage.status,
        status_evidence: passage.status_evidence.clone(),
        figures: passage.figures.clone(),
        deadlines: passage.deadlines.clone(),
        responsible: passage.responsible.clone(),
    }
}

/// The number an item begins with: `(5)`, `（5）`, `5.`, `5、`, `5．`.
fn number(text: &str) -> Option<u32> {
    let text = text.trim_start();
    let inner = text.strip_prefix(['(', '（']);
    let digits: String = inner
        .unwrap_or(text)
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let rest = &inner.unwrap_or(text)[digits.len()..];
    let closes = match inner {
        Some(_) => rest.starts_with([')', '）']),
        // 3.5万 is no item.
        None => {
            rest.starts_with(['、', '．'])
                || rest.starts_with('.') && !rest[1..].starts_with(|c: char| c.is_ascii_digit())
        }
    };
    (closes && digits.len() <= 4)
        .then(|| digits.parse().ok())
        .flatten()
}

/// Numbers that a run of items leaves out. What stands before the first is missing only where the
/// text says that it is a part: items may have been numbered on from another document.
fn missing(numbers: impl Iterator<Item = Option<u32>>, partial: bool) -> Vec<MissingItems> {
    let mut gaps = Vec::new();
    let mut last: Option<u32> = None;
    for number in numbers.flatten() {
        let expected = match last {
            None if partial => 1,
            None => number,
            Some(last) => last + 1,
        };
        if expected < number && number - expected <= LARGEST_GAP {
            gaps.push(MissingItems {
                from: expected,
                to: number - 1,
            });
        }
        last = Some(number);
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaps(numbers: &[u32], partial: bool) -> Vec<(u32, u32)> {
        let found = missing(numbers.iter().copied().map(Some), partial);
        found.iter().map(|gap| (gap.from, gap.to)).collect()
    }

    #[test]
    fn items_that_the_copy_lacks_are_named() {
        assert_eq!(gaps(&[5, 6, 7, 9], true), [(1, 4), (8, 8)]);
        assert_eq!(gaps(&[5, 6, 7], false), []);
        // A new numbering begins; a year is no item.
        assert_eq!(gaps(&[1, 2, 1, 2, 2017], true), []);
    }

    #[test]
    fn numbers_of_items_are_read() {
        let numbers = [
            "（5）针对",
            "(12)已",
            "3.审批",
            "4、审批",
            "3.5万件",
            "2017年",
            "(一)总体",
            "（123",
        ];
        assert_eq!(
            numbers.map(number),
            [Some(5), Some(12), Some(3), Some(4), None, None, None, None]
        );
    }
}
