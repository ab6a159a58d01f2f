//! Lines of all pages to paragraphs: breaks inside a sentence are joined, over the page break
//! too; furniture stays in lines of its own. Headings are not told from other lines.

use super::furniture::PageLines;
use super::lines::{Line, join};
use crate::block::{BlockKind, Builder};

/// The first line of a paragraph begins at most so many characters further in.
const FURTHEST_INDENT: f64 = 4.5;
/// Fewer lines do not show where the margins are.
const FEW: usize = 8;

/// What the pages of a document have in common.
struct Measures {
    /// Size of most characters.
    size: f64,
    /// From one baseline to the next, a step from here on parts paragraphs.
    step: f64,
    /// Left and right edge of the text in each column of each page.
    edges: Vec<Vec<(f64, f64)>>,
    /// Paragraphs begin further in; else only gaps part them.
    indents: bool,
}

/// A line and where it stands.
#[derive(Clone, Copy)]
struct Placed<'l> {
    line: &'l Line,
    page: usize,
    left: f64,
    right: f64,
    kind: BlockKind,
}

/// Puts the text together.
pub(super) fn build(pages: &[PageLines], furniture: &[Vec<bool>]) -> Builder {
    let measures = Measures::new(pages, furniture);
    let title = title(pages, furniture, &measures);
    let mut out = Output::default();
    for (page, lines) in pages.iter().enumerate() {
        for (index, line) in lines.lines.iter().enumerate() {
            if furniture[page][index] {
                out.furniture(&line.text);
                continue;
            }
            let (left, right) = measures.edges[page][line.column];
            let kind = if page == 0 && title.contains(&index) {
                BlockKind::Title
            } else if is_row(&lines.lines, index) {
                BlockKind::Row
            } else {
                BlockKind::Paragraph
            };
            out.line(
                Placed {
                    line,
                    page,
                    left,
                    right,
                    kind,
                },
                &measures,
            );
        }
    }
    out.finish()
}

/// The text so far, with a paragraph that may go on.
#[derive(Default)]
struct Output<'l> {
    built: Builder,
    open: Option<Open<'l>>,
    /// Furniture met since the open paragraph's last line.
    held: Vec<String>,
}

struct Open<'l> {
    text: String,
    first: Placed<'l>,
    last: Placed<'l>,
}

impl<'l> Output<'l> {
    fn furniture(&mut self, text: &str) {
        self.held.push(text.replace('\t', " "));
        if self.open.is_none() {
            self.close();
        }
    }

    fn line(&mut self, placed: Placed<'l>, measures: &Measures) {
        let text = match placed.kind {
            BlockKind::Row => placed.line.text.clone(),
            _ => placed.line.text.replace('\t', " "),
        };
        if let Some(open) = &mut self.open
            && goes_on(open, &placed, measures)
        {
            join(&mut open.text, &text);
            open.last = placed;
            return;
        }
        self.close();
        self.open = Some(Open {
            text,
            first: placed,
            last: placed,
        });
    }

    /// Ends the open paragraph; the furniture inside it follows it.
    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.built.line(open.first.kind, &open.text);
        }
        for line in self.held.drain(..) {
            self.built.line(BlockKind::Furniture, &line);
        }
    }

    fn finish(mut self) -> Builder {
        self.close();
        self.built
    }
}

/// Whether a line continues the paragraph: the last line is full, and this one does not begin
/// anything.
fn goes_on(open: &Open<'_>, next: &Placed<'_>, measures: &Measures) -> bool {
    let last = &open.last;
    let size = last.line.size;
    if next.kind != open.first.kind || next.kind == BlockKind::Row {
        return false;
    }
    if (size - next.line.size).abs() > 0.12 * size || !last.line.along || !next.line.along {
        return false;
    }
    let down = next.line.base - last.line.base;
    let same_column = last.page == next.page && last.line.column == next.line.column;
    if same_column && down > measures.step.max(1.15 * size) * (size / measures.size).max(1.0) {
        return false;
    }
    if next.kind == BlockKind::Title {
        return true;
    }
    if has_leader(&last.line.text) || !is_full(last, next) {
        return false;
    }
    let ended = ends_sentence(&last.line.text);
    let begins = begins_item(&next.line.text);
    if ended && !same_column && !measures.indents {
        // Over the page break no gap shows where a paragraph ends.
        return false;
    }
    let (indent, own) = (next.line.left - next.left, last.line.left - last.left);
    let first_line = std::ptr::eq(open.first.line, last.line);
    if first_line && own > FURTHEST_INDENT * size {
        // No paragraph begins so far in: the line stands at the right edge, as a signature does,
        // unless all of its block is set in.
        let is_inset = own < 0.5 * (last.right - last.left) && own - indent < 3.0 * size;
        if !is_inset {
            return false;
        }
    }
    if indent > own + 0.8 * size {
        // Further in than the line before: a new paragraph, unless an item hangs.
        return first_line && begins_item(&last.line.text) && !ended && !begins;
    }
    if first_line && own > 1.2 * size && (indent - own).abs() < 0.5 * size {
        // Two lines indented alike are two paragraphs of one line each, or a block set in.
        return !ended && !begins;
    }
    !(begins && (ended || indent > 0.8 * size))
}

/// Whether a line reaches the right edge, as far as the next word would let it.
fn is_full(last: &Placed<'_>, next: &Placed<'_>) -> bool {
    let size = last.line.size;
    let word = next
        .line
        .text
        .trim_start()
        .chars()
        .take_while(char::is_ascii_graphic)
        .count();
    // After a full stop one more character would have fitted into a gap as wide as it; inside a
    // sentence punctuation may have taken a character along.
    let slack: f64 = if ends_sentence(&last.line.text) {
        1.0
    } else {
        2.3
    };
    last.line.right > last.right - slack.max(0.6 * word as f64 + 0.8) * size
}

fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end();
    let text = text.trim_end_matches(['”', '’', '」', '）', ')', '"', '』', '》']);
    text.ends_with(['。', '！', '？', '；', '：', '!', '?', ';', ':'])
}

/// A line of a table of contents.
fn has_leader(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    ["....", "……", "····", "．．．", "‥‥", "•••"]
        .iter()
        .any(|leader| {
            text.rsplit_once(leader).is_some_and(|(_, page)| {
                page.chars().count() <= 5 && page.ends_with(char::is_numeric)
            })
        })
}

/// 第一条, 一、, （一）, 1., (1), ①, a bullet: the marks that paragraphs of documents begin with.
fn begins_item(text: &str) -> bool {
    let text = text.trim_start();
    let numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十百千零〇".contains(c);
    if text.starts_with(['•', '●', '■', '◆', '▪', '➢', '★', '△', '▲', '—']) {
        return true;
    }
    if text.starts_with(|c: char| ('①'..='⒛').contains(&c) || ('㈠'..='㈩').contains(&c)) {
        return true;
    }
    if let Some(rest) = text.strip_prefix('第') {
        let unit = rest.trim_start_matches(numeral);
        return unit.len() < rest.len() && unit.starts_with(['编', '章', '节', '条', '款', '部']);
    }
    let inner = text.trim_start_matches(['（', '(']);
    let rest = inner.trim_start_matches(numeral);
    let digits = inner.chars().count() - rest.chars().count();
    if digits == 0 || digits > 4 {
        return false;
    }
    if inner.len() < text.len() {
        return rest.starts_with(['）', ')']);
    }
    // 3.5% is a number, 3. is an item.
    rest.starts_with(['、', '．'])
        || (rest.starts_with('.') && !rest[1..].starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a line is a row of a table: its cells begin where those of a line nearby do.
fn is_row(lines: &[Line], index: usize) -> bool {
    let line = &lines[index];
    if line.row || line.cells.len() < 2 {
        return line.row;
    }
    let from = index.saturating_sub(3);
    let near = &lines[from..lines.len().min(index + 4)];
    near.iter().enumerate().any(|(at, other)| {
        from + at != index
            && other.cells.len() >= 2
            && other.column == line.column
            && line.cells[1..].iter().any(|cell| {
                other.cells[1..]
                    .iter()
                    .any(|there| (there - cell).abs() < line.size)
            })
    })
}

/// The lines of the title: the only group of lines on the first page in clearly larger type.
fn title(pages: &[PageLines], furniture: &[Vec<bool>], measures: &Measures) -> Vec<usize> {
    let Some(page) = pages.first() else {
        return Vec::new();
    };
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (index, line) in page.lines.iter().enumerate() {
        if furniture[0][index] || line.size < 1.25 * measures.size {
            continue;
        }
        match groups.last_mut() {
            Some(group)
                if group.last() == Some(&(index - 1))
                    && (page.lines[index - 1].size - line.size).abs() < 0.05 * line.size =>
            {
                group.push(index);
            }
            _ => groups.push(vec![index]),
        }
    }
    let [group] = groups.as_slice() else {
        return Vec::new();
    };
    let chars: usize = group
        .iter()
        .map(|&index| page.lines[index].text.chars().count())
        .sum();
    let before = group[0];
    if before <= 4 && (5..=90).contains(&chars) && group.len() <= 4 {
        group.clone()
    } else {
        Vec::new()
    }
}

impl Measures {
    fn new(pages: &[PageLines], furniture: &[Vec<bool>]) -> Self {
        let body = || {
            pages.iter().zip(furniture).flat_map(|(page, marks)| {
                let kept = page.lines.iter().zip(marks).filter(|(_, mark)| !**mark);
                kept.map(|(line, _)| line)
            })
        };
        let size = heaviest(body().map(|line| (line.size, line.text.chars().count())));
        let is_body = |line: &Line| (line.size - size).abs() < 0.12 * size;
        let mut pitches: Vec<f64> = pages
            .iter()
            .flat_map(|page| page.lines.windows(2))
            .filter(|pair| is_body(&pair[0]) && is_body(&pair[1]))
            .map(|pair| pair[1].base - pair[0].base)
            .filter(|&pitch| pitch > 0.9 * size && pitch < 4.0 * size)
            .collect();
        pitches.sort_by(f64::total_cmp);
        let mut measures = Self {
            size,
            step: 0.0,
            edges: Vec::new(),
            indents: true,
        };
        let whole = measures.edges_of(body().filter(|line| line.along));
        for (page, marks) in pages.iter().zip(furniture) {
            let columns = page.lines.iter().map(|line| line.column + 1).max();
            let several = page.lines.iter().filter(|l| l.along).any(|l| l.column > 0);
            let edges = (0..columns.unwrap_or(0)).map(|column| {
                let own = || {
                    let kept = page.lines.iter().zip(marks).filter(|(_, mark)| !**mark);
                    kept.map(|(line, _)| line)
                        .filter(move |line| line.column == column)
                };
                match measures.edges_of(own()) {
                    Some(found) if several || own().count() >= FEW => found,
                    found => {
                        let (left, right) = whole.or(found).unwrap_or((0.0, f64::MAX));
                        // Margins of few lines are guessed: as wide at the right as at the left.
                        let few = body().take(FEW).count() < FEW;
                        let mirrored = if few { page.width - left } else { right };
                        (left, right.max(mirrored))
                    }
                }
            });
            let edges = edges.collect();
            measures.edges.push(edges);
        }
        measures.indents = measures.indents(pages);
        // Gaps between paragraphs are wider, so the lower part of what occurs is the pitch of
        // lines. Where nothing but the gap parts paragraphs, a small one does.
        let (tenths, factor) = if measures.indents {
            (3, 1.4)
        } else {
            (1, 1.18)
        };
        let pitch = pitches.get(pitches.len() * tenths / 10).copied();
        measures.step = factor * pitch.unwrap_or(1.6 * size);
        measures
    }

    /// Whether more than a few lines stand one to three characters further in than the edge.
    fn indents(&self, pages: &[PageLines]) -> bool {
        let (mut lines, mut indented) = (0, 0);
        for (page, edges) in pages.iter().zip(&self.edges) {
            for line in page.lines.iter().filter(|line| line.along && !line.row) {
                let inwards = (line.left - edges[line.column].0) / self.size;
                lines += 1;
                indented += usize::from((1.2..3.2).contains(&inwards));
            }
        }
        indented * 16 > lines
    }

    /// Left and right edge that several lines of ordinary size share.
    fn edges_of<'l>(&self, lines: impl Iterator<Item = &'l Line>) -> Option<(f64, f64)> {
        let lines: Vec<&Line> = lines
            .filter(|line| !line.row && (line.size - self.size).abs() < 0.25 * self.size)
            .collect();
        let mut lefts: Vec<f64> = lines.iter().map(|line| line.left).collect();
        let mut rights: Vec<f64> = lines.iter().map(|line| -line.right).collect();
        Some((
            outermost(&mut lefts, self.size)?,
            -outermost(&mut rights, self.size)?,
        ))
    }
}

/// The lowest value that has company within one em, or the lowest.
fn outermost(values: &mut [f64], size: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let company = 2 + values.len() / 40;
    values
        .windows(company)
        .find(|window| window[company - 1] - window[0] < 1.3 * size)
        .map(|window| window[0])
        .or(values.first().copied())
}

/// The value with the most weight, to a quarter of a point.
fn heaviest(values: impl Iterator<Item = (f64, usize)>) -> f64 {
    let mut weights: std::collections::BTreeMap<i64, usize> = std::collections::BTreeMap::new();
    for (value, weight) in values {
        *weights.entry((value * 4.0).round() as i64).or_default() += weight;
    }
    let best = weights.into_iter().max_by_key(|&(_, weight)| weight);
    best.map_or(10.0, |(value, _)| (value as f64 / 4.0).max(0.25))
}
