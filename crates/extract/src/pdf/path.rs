//! Transformations, and paths to the rules that tables are drawn with.

use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::Number;

use super::tables::Rule;

/// Pieces of a path and rules of a page kept at most.
const MAX_PIECES: usize = 10_000;

/// `[a b c d e f]` of a PDF transformation.
pub(super) type Matrix = [f64; 6];
pub(super) const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// `outer` after `inner`.
pub(super) fn times(outer: Matrix, inner: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = outer;
    let [k, l, m, n, o, p] = inner;
    [
        a * k + c * l,
        b * k + d * l,
        a * m + c * n,
        b * m + d * n,
        a * o + c * p + e,
        b * o + d * p + f,
    ]
}

pub(super) fn apply(m: Matrix, x: f64, y: f64) -> (f64, f64) {
    (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])
}

pub(super) fn numbers(numbers: [Number; 6]) -> Matrix {
    numbers.map(|n| n.as_f64())
}

/// A piece of a path.
#[derive(Clone, Copy)]
enum Piece {
    Box((f64, f64), (f64, f64)),
    Line((f64, f64), (f64, f64)),
}

/// The path being made and the rules painted so far, on the page.
#[derive(Default)]
pub(super) struct Path {
    pieces: Vec<Piece>,
    pen: (f64, f64),
    rules: Vec<Rule>,
}

impl Path {
    pub(super) fn into_rules(self) -> Vec<Rule> {
        self.rules
    }

    /// Follows an operator that makes or paints a path.
    pub(super) fn operator(&mut self, operator: &Op<'_, '_>, transform: Matrix) {
        let on_page = |x: &Number, y: &Number| apply(transform, x.as_f64(), y.as_f64());
        match operator {
            Op::MoveTo(to) => self.pen = on_page(&to.0, &to.1),
            Op::LineTo(to) => {
                let end = on_page(&to.0, &to.1);
                self.piece(Piece::Line(self.pen, end));
                self.pen = end;
            }
            Op::RectPath(rect) => {
                let (x, y) = (rect.0.as_f64(), rect.1.as_f64());
                let (width, height) = (rect.2.as_f64(), rect.3.as_f64());
                let from = apply(transform, x, y);
                let to = apply(transform, x + width, y + height);
                self.piece(Piece::Box(from, to));
            }
            Op::StrokePath(_)
            | Op::CloseAndStrokePath(_)
            | Op::FillAndStrokeEvenOdd(_)
            | Op::FillAndStrokeNonZero(_)
            | Op::CloseFillAndStrokeEvenOdd(_)
            | Op::CloseFillAndStrokeNonZero(_) => self.draw_rules(true),
            Op::FillPathEvenOdd(_)
            | Op::FillPathNonZero(_)
            | Op::FillPathNonZeroCompatibility(_) => self.draw_rules(false),
            Op::EndPath(_) => self.pieces.clear(),
            _ => {}
        }
    }

    fn piece(&mut self, piece: Piece) {
        if self.pieces.len() < MAX_PIECES {
            self.pieces.push(piece);
        }
    }

    /// Keeps what a table may be ruled with: lines, sides of boxes, boxes as thin as lines.
    fn draw_rules(&mut self, stroked: bool) {
        let pieces = std::mem::take(&mut self.pieces);
        if self.rules.len() > MAX_PIECES {
            return;
        }
        let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for piece in &pieces {
            match *piece {
                Piece::Line(from, to) => {
                    for (x, y) in [from, to] {
                        low = (low.0.min(x), low.1.min(y));
                        high = (high.0.max(x), high.1.max(y));
                    }
                    if stroked {
                        self.rules.extend(Rule::between(from, to));
                    }
                }
                Piece::Box(from, to) if stroked => {
                    let corners = [from, (to.0, from.1), to, (from.0, to.1), from];
                    let sides = corners.windows(2);
                    self.rules
                        .extend(sides.filter_map(|side| Rule::between(side[0], side[1])));
                }
                Piece::Box(from, to) => self.rules.extend(Rule::thin(from, to)),
            }
        }
        // A thin box may be filled from four lines.
        if !stroked && low.0 <= high.0 {
            self.rules.extend(Rule::thin(low, high));
        }
    }
}
