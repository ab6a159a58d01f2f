//! What a passage says in figures, by when and by whom: 量化指标, 时限, 责任单位.
//!
//! Reads one passage at a time and looks only a short way around each number, so that time is
//! linear. Decides nothing about passages and nothing about the document.

pub(crate) mod anchor;
mod change;
mod comparing;
mod comparison;
mod context;
pub(crate) mod deadline;
mod lists;
mod number;
mod quantity;
mod range;
mod rate;
pub(crate) mod responsible;
pub(crate) mod signs;
#[cfg(test)]
mod tests;
mod unit;
mod what;
mod when;
mod words;

use duibiao_corpus::{Amount, Comparison, Figure, FigureValue, Number, Span};

use self::context::Context;
use self::quantity::Quantity;
use self::words::Words;

/// What the document and the passage say about how numbers are meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The passage says what is to be done.
    pub(crate) is_planned: bool,
    /// The document lays down rules: its numbers are limits and conditions.
    pub(crate) is_rules: bool,
    /// The figures before it in the same list are to be reached.
    is_aim: bool,
}

impl Setting {
    pub(crate) fn new(is_planned: bool, is_rules: bool) -> Self {
        Self {
            is_planned,
            is_rules,
            is_aim: false,
        }
    }
}

/// A figure that was just read, for those behind it.
struct Last {
    end: usize,
    sentence: usize,
    unit: String,
    value: f64,
    what: Option<String>,
    comparison: Comparison,
    /// Names that 分别 gives to the numbers behind it, the next one first.
    each: std::vec::IntoIter<String>,
}

/// The figures of a passage. `begin` is the passage's first code point in the text; `quote` gives
/// the original words of a span.
pub(crate) fn figures(
    folded: &str,
    begin: u32,
    setting: Setting,
    quote: impl Fn(Span) -> String,
) -> Vec<Figure> {
    if !folded.chars().any(number::begins_any_width) {
        return Vec::new();
    }
    let words = Words::new(folded);
    let quantities = range::join(&words, quantity::all(&words));
    let mut reader = Reader {
        words: &words,
        setting,
        last: None,
    };
    let mut figures = Vec::new();
    let mut at = 0;
    while let Some(quantity) = quantities.get(at) {
        let next = quantities.get(at + 1);
        let change = next.filter(|next| change::joins(&words, quantity, next));
        let found = match change {
            Some(to) => {
                at += 1;
                let ceiling = next_begin(&words, &quantities, at);
                reader.change(quantity, to, ceiling)
            }
            None => {
                let ceiling = next_begin(&words, &quantities, at);
                reader.plain(&quantities[at..], ceiling)
            }
        };
        at += 1;
        figures.extend(found);
    }
    figures
        .into_iter()
        .map(|found: Found| {
            let span = Span::new(begin + found.begin as u32, begin + found.end as u32);
            Figure {
                span,
                quote: quote(span),
                value: found.value,
                unit: found.unit,
                normalized: found.normalized,
                what: found.what,
                comparison: found.comparison,
            }
        })
        .collect()
}

/// Where the next quantity that may be a figure begins.
fn next_begin(words: &Words, quantities: &[Quantity], at: usize) -> usize {
    quantities[at + 1..]
        .iter()
        .take(4)
        .find(|quantity| quantity.kind.is_some() && !quantity.is_weak)
        .map_or(words.len(), |quantity| quantity.rate_begin)
}

/// Whether only the sign of a list stands between two figures, and words that belong to the first.
fn is_list_gap(words: &Words, end: usize, begin: usize) -> bool {
    if begin < end || begin > end + 6 {
        return false;
    }
    let gap: String = words.slice(end, begin).iter().collect();
    let gap = gap.trim();
    let gap = ["以上", "左右", "以下"]
        .iter()
        .fold(gap, |gap, word| gap.strip_prefix(word).unwrap_or(gap));
    matches!(gap, "、" | "和" | "及" | "与")
}

/// A figure in characters of its passage.
struct Found {
    begin: usize,
    end: usize,
    value: FigureValue,
    unit: Option<String>,
    normalized: Option<Amount>,
    what: Option<String>,
    comparison: Comparison,
}

/// How far behind a figure a number without a unit may borrow its unit.
const STRETCH: usize = 12;

/// Reads the figures of one passage in order.
struct Reader<'a> {
    words: &'a Words,
    setting: Setting,
    last: Option<Last>,
}

impl Reader<'_> {
    /// A figure of one quantity, the first of those left.
    fn plain(&mut self, left: &[Quantity], ceiling: usize) -> Option<Found> {
        let quantity = left.first()?;
        let floor = self.last.as_ref().map_or(0, |last| last.end);
        if quantity.kind.is_none() && (floor == 0 || quantity.begin > floor + STRETCH) {
            return None;
        }
        let context = context::read(self.words, quantity, floor);
        let before = self
            .last
            .as_ref()
            .filter(|last| last.sentence == quantity.sentence);
        let whole = before
            .filter(|last| last.unit == quantity.unit && last.value > quantity.low)
            .map(|last| last.value);
        let stretch = before.and_then(|last| self.stretched(quantity, &context, last));
        if quantity.kind.is_none() && stretch.is_none() {
            return None;
        }
        let shared = before.and_then(|last| self.listed(quantity, &context, last));
        let comparison = match (stretch, shared) {
            (Some(comparison), _) | (None, Some(comparison)) => comparison,
            (None, None) => comparison::of(
                self.words,
                quantity,
                &context,
                self.in_list(quantity),
                whole,
            )?,
        };
        let unit = match (quantity.kind, before) {
            (None, Some(last)) => last.unit.clone(),
            _ => quantity.unit.clone(),
        };
        let what = what::measured(self.words, quantity, &context, floor, ceiling).or_else(|| {
            // 执结案件22034件，同比上升9.32%: what changed is what was counted
            let carries = context.change.is_some()
                || context.is_to
                || context.is_level
                || quantity.is_rank
                || quantity.kind.is_none()
                || context.is_part;
            before
                .filter(|_| carries)
                .and_then(|last| last.what.clone())
        });
        let (what, each) = self.each(left, &context, floor, what);
        let value = match quantity.high {
            Some(high) => FigureValue::Range([Number(quantity.low), Number(high)]),
            None => FigureValue::One(Number(quantity.low)),
        };
        let begin = context.begin.max(floor);
        self.last = Some(Last {
            each,
            end: context.end,
            sentence: quantity.sentence,
            unit: unit.clone(),
            value: quantity.low,
            what: what.clone(),
            comparison: comparison.clone(),
        });
        Some(Found {
            begin,
            end: context.end,
            value,
            unit: (!unit.is_empty()).then_some(unit),
            normalized: amount(quantity, value),
            what,
            comparison,
        })
    }

    /// What a figure measures where 分别 stands before it or before the first of its list, and the names
    /// for those behind it.
    fn each(
        &mut self,
        left: &[Quantity],
        context: &Context,
        floor: usize,
        what: Option<String>,
    ) -> (Option<String>, std::vec::IntoIter<String>) {
        let none = || Vec::new().into_iter();
        let Some(quantity) = left.first() else {
            return (what, none());
        };
        if !context.is_each {
            let last = self.last.as_mut();
            let goes_on = last.filter(|last| {
                last.each.len() > 0 && is_list_gap(self.words, last.end, quantity.begin)
            });
            return match goes_on {
                Some(last) => {
                    let mut each = std::mem::take(&mut last.each);
                    (each.next(), each)
                }
                None => (what, none()),
            };
        }
        // Those of the list: 5.2%、5.2%和6%
        let listed = left.windows(2).take_while(|pair| {
            pair[0].unit == pair[1].unit && is_list_gap(self.words, pair[0].end, pair[1].begin)
        });
        let figures = listed.count() + 1;
        match what::each(self.words, quantity, context, floor, figures) {
            Some(names) => {
                let mut each = names.into_iter();
                (each.next(), each)
            }
            // As many names as figures are not told apart: each is of all of them.
            None => {
                let rest = figures.saturating_sub(1);
                let each = what.iter().cycle().take(rest.min(8)).cloned();
                let each: Vec<String> = each.collect();
                (what, each.into_iter())
            }
        }
    }

    /// The setting of a quantity: in a list of targets what follows is one too.
    fn in_list(&self, quantity: &Quantity) -> Setting {
        let is_aim = self.last.as_ref().is_some_and(|last| {
            matches!(last.comparison, Comparison::Target { .. })
                && quantity.begin <= last.end + words::NEAR
                && last.sentence < quantity.sentence
                && !self
                    .words
                    .slice(last.end, quantity.begin)
                    .iter()
                    .any(|c| matches!(c, '。' | '\n'))
        });
        Setting {
            is_aim,
            ..self.setting
        }
    }

    /// 不超过30个工作日，力争15: the second number borrows the unit of the first.
    fn stretched(&self, quantity: &Quantity, context: &Context, last: &Last) -> Option<Comparison> {
        let is_bare =
            quantity.kind.is_none() && context.is_aim && quantity.begin <= last.end + STRETCH;
        let closes =
            words::ends_clause(self.words.at(quantity.end)) || self.words.at(quantity.end) == '、';
        let op = match &last.comparison {
            Comparison::Limit { op } | Comparison::Target { op: Some(op), .. } => Some(*op),
            Comparison::FromTo { .. } => None,
            _ => return None,
        };
        (is_bare && closes).then_some(Comparison::Target {
            op,
            direction: None,
        })
    }

    /// 分别增长5%、6%: a number in a list means what the one before it means.
    fn listed(&self, quantity: &Quantity, context: &Context, last: &Last) -> Option<Comparison> {
        let in_list =
            is_list_gap(self.words, last.end, quantity.begin) && quantity.unit == last.unit;
        let says_nothing = !context.says_something() && !context.is_level && !context.is_part;
        let can_share = matches!(
            last.comparison,
            Comparison::Yoy { .. }
                | Comparison::RateOfChange { .. }
                | Comparison::FromBaseline { .. }
                | Comparison::Reduction { .. }
                | Comparison::Target { .. }
                | Comparison::Level { .. }
        );
        (in_list && says_nothing && can_share).then(|| last.comparison.clone())
    }

    /// Where 已 and its like in front of a change begin.
    fn before_fillers(&self, mut at: usize) -> usize {
        while let Some((_, begin)) = self.words.ends_any(
            at,
            &[
                "已",
                "已经",
                "均",
                "分别",
                "可",
                "将",
                "都",
                "全部",
                "总体",
                "进一步",
            ],
        ) {
            at = begin;
        }
        at
    }

    /// A figure of two quantities, the second reached from the first.
    fn change(&mut self, from: &Quantity, to: &Quantity, ceiling: usize) -> Option<Found> {
        let floor = self.last.as_ref().map_or(0, |last| last.end);
        let after = context::read(self.words, to, from.end);
        let (comparison, value) = change::from_to(from, to);
        let begin = change::lead(self.words, from)
            .unwrap_or(from.begin)
            .max(floor);
        // a unit of its own, unless it is 个 before nothing: 由5个工作日压缩到1个
        let unit = match (to.kind, from.kind) {
            (None, _) => from.unit.clone(),
            (Some(_), Some(kind)) if to.unit == "个" && kind == unit::Kind::Time => {
                from.unit.clone()
            }
            _ => to.unit.clone(),
        };
        let outer = Context {
            outer: self.before_fillers(begin),
            end: after.end,
            change: Some(context::Change {
                direction: duibiao_corpus::Direction::Down,
                is_cut: false,
            }),
            ..Context::default()
        };
        let what = what::measured(self.words, to_measure(from, to), &outer, floor, ceiling)
            .or_else(|| {
                self.last
                    .as_ref()
                    .filter(|last| last.sentence == from.sentence)
                    .and_then(|last| last.what.clone())
            });
        self.last = Some(Last {
            each: Vec::new().into_iter(),
            end: after.end,
            sentence: to.sentence,
            unit: unit.clone(),
            value: to.low,
            what: what.clone(),
            comparison: comparison.clone(),
        });
        Some(Found {
            begin,
            end: after.end,
            value,
            unit: (!unit.is_empty()).then_some(unit),
            normalized: amount(to, value),
            what,
            comparison,
        })
    }
}

/// The quantity of a change that has a kind.
fn to_measure<'q>(from: &'q Quantity, to: &'q Quantity) -> &'q Quantity {
    if from.kind.is_some() { from } else { to }
}

/// The value in base units, where they are others.
fn amount(quantity: &Quantity, value: FigureValue) -> Option<Amount> {
    let (unit, by) = quantity.base?;
    // 4.4 × 10000 is 44000 and not 44000.00000000001
    let value = value.map(|n| (n * by * 1e9).round() / 1e9);
    Some(Amount {
        value,
        unit: unit.to_owned(),
    })
}
