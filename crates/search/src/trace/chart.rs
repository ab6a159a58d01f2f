//! The way of a wording as a drawing: years from left to right, places from top to bottom. Every state has a
//! shape of its own and a number, so that nothing hangs on colour, and a ground of its own, so that it
//! reads the same on light pages and dark ones and in a report.

use std::fmt::Write;

use super::{Trace, TraceCell, TraceState};

/// Sizes, in pixels.
const STEP: usize = 44;
const LINE: usize = 32;
const NAMES: usize = 176;
const HEAD: usize = 64;
const FOOT: usize = 72;
const EDGE: usize = 16;
/// Names are cut to so many characters.
const MOST_NAME: usize = 11;

const GROUND: &str = "#ffffff";
const INK: &str = "#1c1b19";
const SOFT: &str = "#5a5750";
const LINES: &str = "#d8d5ce";
const ACCENT: &str = "#1d4f7c";
const VARIANT: &str = "#a34a00";

impl Trace {
    /// The chart as a file of its own (SVG 1.1).
    pub fn svg(&self) -> String {
        let has_undated = self.places.iter().any(|place| is_told(&place.undated));
        let columns = self.years.len() + usize::from(has_undated);
        let width = NAMES + columns.max(8) * STEP + EDGE;
        let height = HEAD + self.places.len() * LINE + FOOT;
        let mut svg = String::new();
        let title = format!("“{}”在各地各年的出现", self.term);
        let _ = write!(
            svg,
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title desc" font-family="system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif" font-size="13">"#
        );
        let _ = write!(
            svg,
            r#"<title id="title">{}</title><desc id="desc">{}</desc>"#,
            escaped(&title),
            escaped(&self.description())
        );
        let _ = write!(
            svg,
            r#"<rect width="{width}" height="{height}" fill="{GROUND}"/>"#
        );
        text(&mut svg, (EDGE, 26), "start", INK, &title);
        for (number, year) in self.years.iter().enumerate() {
            let label = year.to_string();
            text(
                &mut svg,
                (middle(number), HEAD - 10),
                "middle",
                SOFT,
                &label,
            );
        }
        if has_undated {
            let at = middle(self.years.len());
            text(&mut svg, (at, HEAD - 10), "middle", SOFT, "不详");
        }
        for (row, place) in self.places.iter().enumerate() {
            let top = HEAD + row * LINE;
            let _ = write!(
                svg,
                r#"<line x1="{EDGE}" y1="{top}" x2="{}" y2="{top}" stroke="{LINES}"/>"#,
                width - EDGE
            );
            let name = shortened(&place.label);
            text(&mut svg, (EDGE, top + 21), "start", INK, &name);
            let undated = has_undated.then_some(&place.undated);
            for (column, cell) in place.cells.iter().chain(undated).enumerate() {
                let year = self.years.get(column);
                let year = year.map_or_else(|| "年份不详".to_owned(), |year| format!("{year} 年"));
                let said = format!("{} {year}：{}", place.label, cell.said());
                let _ = write!(svg, "<g><title>{}</title>", escaped(&said));
                mark(&mut svg, (middle(column), top + LINE / 2), cell);
                svg.push_str("</g>");
            }
        }
        legend(&mut svg, height);
        svg.push_str("</svg>\n");
        svg
    }

    /// The chart in words.
    pub fn description(&self) -> String {
        let first = match &self.first {
            Some(first) => {
                let place = first.hit.place_name();
                let year = first.hit.year;
                let year = year.map_or_else(|| "年份不详".to_owned(), |y| format!("{y} 年"));
                format!("首见于{place}，{year}")
            }
            None => "未检到".to_owned(),
        };
        format!(
            "{first}；共 {} 个地区、{} 份文件、{} 条。逐格数字见表。",
            self.places.len(),
            self.documents,
            self.passages
        )
    }
}

/// Whether a cell has anything to tell.
pub(super) fn is_told(cell: &TraceCell) -> bool {
    cell.passages + cell.variant_passages > 0
}

fn middle(column: usize) -> usize {
    NAMES + column * STEP + STEP / 2
}

fn mark(svg: &mut String, (x, y): (usize, usize), cell: &TraceCell) {
    let base = y + 5;
    match cell.state {
        TraceState::Found => {
            let _ = write!(svg, r#"<circle cx="{x}" cy="{y}" r="13" fill="{ACCENT}"/>"#);
            text(
                svg,
                (x, base),
                "middle",
                GROUND,
                &cell.documents.to_string(),
            );
        }
        TraceState::Cited => {
            let _ = write!(
                svg,
                r#"<circle cx="{x}" cy="{y}" r="12" fill="none" stroke="{ACCENT}" stroke-width="1.5" stroke-dasharray="3 3"/>"#
            );
            text(
                svg,
                (x, base),
                "middle",
                ACCENT,
                &cell.documents.to_string(),
            );
        }
        TraceState::Variant => {
            let (left, right, top, bottom) = (x - 14, x + 14, y - 14, y + 14);
            let _ = write!(
                svg,
                r#"<path d="M{x} {top}L{right} {y}L{x} {bottom}L{left} {y}Z" fill="none" stroke="{VARIANT}" stroke-width="1.5"/>"#
            );
            let count = cell.variant_documents.to_string();
            text(svg, (x, base), "middle", VARIANT, &count);
        }
        TraceState::NotFound => {
            let (left, right) = (x - 5, x + 5);
            let _ = write!(
                svg,
                r#"<line x1="{left}" y1="{y}" x2="{right}" y2="{y}" stroke="{SOFT}" stroke-width="2"/>"#
            );
        }
        TraceState::NoDocuments => text(svg, (x, base), "middle", SOFT, "无"),
    }
}

/// What each shape means.
fn legend(svg: &mut String, height: usize) {
    let y = height - 44;
    let example = |state| TraceCell {
        state,
        documents: 1,
        variant_documents: 1,
        ..TraceCell::default()
    };
    let mut x = EDGE + 14;
    for state in TraceState::ALL {
        mark(svg, (x, y), &example(state));
        text(svg, (x + 20, y + 5), "start", INK, state.label());
        x += 40 + state.label().chars().count() * 14;
    }
    text(
        svg,
        (EDGE, height - 12),
        "start",
        SOFT,
        "数字为文件份数；年份为文件年份。",
    );
}

fn text(svg: &mut String, (x, y): (usize, usize), anchor: &str, fill: &str, content: &str) {
    let _ = write!(
        svg,
        r#"<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}">{}</text>"#,
        escaped(content)
    );
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= MOST_NAME {
        return name.to_owned();
    }
    let head: String = name.chars().take(MOST_NAME - 1).collect();
    format!("{head}…")
}

/// Text that is not the drawing's own, as text: whatever XML does not allow is replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => {
                out.push('\u{fffd}');
            }
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(
            escaped("</text><script>\u{1}\u{202e}&"),
            "&lt;/text&gt;&lt;script&gt;\u{fffd}\u{fffd}&amp;"
        );
    }
}
