//! Runs of characters with their places on a page, put into lines and lines into paragraphs.
//!
//! One column of horizontal text is assumed; it knows nothing of the file they come from.

use crate::block::BlockKind;

/// Characters drawn in one go, in millimetres from the upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    /// Left edge.
    pub(super) x: f64,
    /// Baseline.
    pub(super) y: f64,
    /// Right edge.
    pub(super) end: f64,
    /// Height of the characters.
    pub(super) size: f64,
    /// What is written.
    pub(super) text: String,
}

/// A page's runs, its own and those of its template.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Width and height.
    pub(super) area: (f64, f64),
    /// Runs in any order.
    pub(super) runs: Vec<Run>,
}

/// A line of a page.
#[derive(Debug)]
struct Line {
    x: f64,
    y: f64,
    end: f64,
    size: f64,
    text: String,
    /// Stretches far apart: cells of a table.
    row: bool,
}

/// The part of a page's height, above and below, where only running heads and feet stand.
const BAND: f64 = 0.1;

/// Whether a baseline is in the bands of running heads and feet.
pub(super) fn in_band(y: f64, height: f64) -> bool {
    y < height * BAND || y > height * (1.0 - BAND)
}

/// The text of a document: paragraphs, and furniture after them.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// Kind and text, in reading order.
    pub(super) blocks: Vec<(BlockKind, String)>,
    /// Page numbers, and heads and feet that come again.
    pub(super) furniture: Vec<String>,
}

/// Puts the pages of a document together.
pub(super) fn read(pages: Vec<Page>) -> Text {
    let mut text = Text::default();
    let count = pages.len();
    let mut laid: Vec<((f64, f64), Vec<Line>)> = pages
        .into_iter()
        .map(|page| (page.area, lines(page.runs)))
        .collect();
    let repeated = repeated(&laid, count);
    for ((_, height), lines) in &mut laid {
        lines.retain(|line| {
            let keyed = without_digits(&line.text);
            let apart = in_band(line.y, *height)
                && (is_page_number(&line.text) || repeated.contains(&keyed));
            if apart {
                text.furniture.push(line.text.clone());
            }
            !apart
        });
    }
    let column = Column::of(&laid);
    let mut last: Option<Line> = None;
    for (_, lines) in laid {
        for (index, line) in lines.into_iter().enumerate() {
            let kind = if line.row {
                BlockKind::Row
            } else {
                BlockKind::Paragraph
            };
            match text.blocks.last_mut() {
                Some((_, open)) if column.continues(last.as_ref(), &line, index == 0) => {
                    join(open, &line.text);
                }
                _ => text.blocks.push((kind, line.text.clone())),
            }
            last = Some(line);
        }
    }
    text
}

/// Runs into lines, from the top down and from the left to the right.
fn lines(mut runs: Vec<Run>) -> Vec<Line> {
    runs.retain(|run| !run.text.trim().is_empty());
    runs.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    let mut lines: Vec<Vec<Run>> = Vec::new();
    for run in runs {
        match lines.last_mut() {
            // Compared with the line's first run, so that a slope does not run away.
            Some(line) if (run.y - line[0].y).abs() <= 0.5 * run.size.min(line[0].size) => {
                line.push(run);
            }
            _ => lines.push(vec![run]),
        }
    }
    lines.into_iter().filter_map(line).collect()
}

fn line(mut runs: Vec<Run>) -> Option<Line> {
    runs.sort_by(|a, b| a.x.total_cmp(&b.x));
    // Bold is at times drawn as the same text twice.
    runs.dedup_by(|a, b| a.text == b.text && (a.x - b.x).abs() < 0.3 * a.size);
    let first = runs.first()?;
    let mut line = Line {
        x: first.x,
        y: first.y,
        end: first.end,
        size: first.size,
        text: first.text.clone(),
        row: false,
    };
    let mut length = first.text.chars().count();
    for run in &runs[1..] {
        let gap = (run.x - line.end) / run.size.max(0.1);
        let next = run.text.chars().count();
        if gap > 2.0 && length > 1 && next > 1 {
            line.text.push('\t');
            line.row = true;
            length = 0;
        } else if gap > 0.8 || (gap > 0.15 && latin_meets(&line.text, &run.text)) {
            line.text.push(' ');
        }
        line.text.push_str(&run.text);
        length += next;
        line.end = line.end.max(run.end);
        line.size = line.size.max(run.size);
    }
    Some(line)
}

/// Where the text of most lines begins and ends.
struct Column {
    left: f64,
    right: f64,
    /// Whether lines that reach the right edge were broken there.
    breaks: bool,
}

impl Column {
    /// The outermost edges that enough lines share: a stamp or a running head beyond the text
    /// is one line of many.
    fn of(pages: &[((f64, f64), Vec<Line>)]) -> Self {
        let mut starts: Vec<f64> = Vec::new();
        let mut ends: Vec<f64> = Vec::new();
        let mut size = 0.0f64;
        for line in pages.iter().flat_map(|(_, lines)| lines) {
            starts.push(line.x);
            // Counted from the right, so that both edges are the smallest of their kind.
            ends.push(-line.end);
            size = size.max(line.size);
        }
        let left = shared_edge(starts, 0.5 * size);
        let right = -shared_edge(ends.clone(), 1.5 * size);
        let full = ends
            .iter()
            .filter(|end| (right + **end).abs() <= 1.5 * size);
        let width = pages.first().map_or(0.0, |((width, _), _)| *width);
        let symmetric = (width - right - left).abs() <= 3.0 * size;
        Self {
            left,
            right,
            breaks: symmetric || full.take(2).count() == 2,
        }
    }

    /// Whether a line goes on where the last one was broken.
    fn continues(&self, last: Option<&Line>, line: &Line, new_page: bool) -> bool {
        let Some(last) = last else {
            return false;
        };
        let same = (last.size - line.size).abs() <= 0.1 * line.size;
        let near = new_page || line.y - last.y <= 2.6 * line.size;
        let full = self.right - last.end <= 1.5 * last.size;
        let outdented = line.x - self.left <= 0.8 * line.size;
        // A line that begins so far in stands at the right edge, as a signature does.
        let at_right = last.x - self.left > 4.5 * last.size;
        let prose = !at_right && !last.row && !line.row;
        self.breaks && same && near && full && outdented && prose
    }
}

/// The smallest edge that two lines and a tenth of all share; the smallest where none is shared.
fn shared_edge(mut edges: Vec<f64>, tolerance: f64) -> f64 {
    edges.sort_by(f64::total_cmp);
    let enough = (edges.len() / 10).max(2);
    let shared = edges
        .windows(enough)
        .find(|near| near[enough - 1] - near[0] <= tolerance)
        .map(|near| near[0]);
    shared.or(edges.first().copied()).unwrap_or(0.0)
}

/// Texts in the bands that come on at least half of three or more pages, digits aside.
fn repeated(pages: &[((f64, f64), Vec<Line>)], count: usize) -> Vec<String> {
    let mut seen = std::collections::HashMap::new();
    for ((_, height), lines) in pages {
        let banded = lines.iter().filter(|line| in_band(line.y, *height));
        let mut texts: Vec<String> = banded.map(|line| without_digits(&line.text)).collect();
        texts.sort();
        texts.dedup();
        for text in texts {
            *seen.entry(text).or_insert(0usize) += 1;
        }
    }
    let often = |&(_, times): &(String, usize)| count >= 3 && times * 2 >= count;
    seen.into_iter()
        .filter(often)
        .map(|(text, _)| text)
        .collect()
}

fn without_digits(text: &str) -> String {
    text.chars().filter(|c| !c.is_numeric()).collect()
}

/// `— 3 —`, `第 3 页`, `3/10`, `第3页 共10页`.
fn is_page_number(text: &str) -> bool {
    let squeezed: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = |c: &char| c.is_numeric() || "-—－–·/第页共".contains(*c);
    squeezed.len() <= 12 && squeezed.iter().all(plain) && squeezed.iter().any(|c| c.is_numeric())
}

fn join(open: &mut String, next: &str) {
    if latin_meets(open, next) {
        open.push(' ');
    }
    open.push_str(next);
}

/// Whether two words in Latin letters would run together.
fn latin_meets(before: &str, after: &str) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    latin(before.chars().last()) && latin(after.chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(x: f64, y: f64, text: &str) -> Run {
        Run {
            x,
            y,
            end: x + 5.0 * text.chars().count() as f64,
            size: 5.0,
            text: text.to_owned(),
        }
    }

    #[test]
    fn lines_are_ordered_and_paragraphs_joined() {
        let page = |runs| Page {
            area: (210.0, 297.0),
            runs,
        };
        let one = page(vec![
            run(30.0, 60.0, "段落的第二行字排满到右边的边界为止不差"),
            run(40.0, 50.0, "一个段落的第一行字到右边的边界才结束"),
            run(40.0, 50.2, "一个段落的第一行字到右边的边界才结束"),
            run(30.0, 70.0, "完。"),
            run(95.0, 78.0, "河湾市人民政府"),
            run(30.0, 87.0, "抄送各部门。"),
            run(40.0, 97.0, "另一个段落有自己的行写到了页底也没完"),
            run(100.0, 285.0, "— 1 —"),
        ]);
        let two = page(vec![
            run(30.0, 50.0, "所以接着写。"),
            run(30.0, 70.0, "甲方"),
            run(90.0, 70.0, "乙方"),
        ]);
        let text = read(vec![one, two]);
        let texts: Vec<&str> = text.blocks.iter().map(|(_, t)| t.as_str()).collect();
        assert_eq!(
            texts,
            [
                "一个段落的第一行字到右边的边界才结束段落的第二行字排满到右边的边界为止不差完。",
                "河湾市人民政府",
                "抄送各部门。",
                "另一个段落有自己的行写到了页底也没完所以接着写。",
                "甲方\t乙方",
            ]
        );
        assert_eq!(text.furniture, ["— 1 —"]);
        assert_eq!(text.blocks[4].0, BlockKind::Row);
    }
}
