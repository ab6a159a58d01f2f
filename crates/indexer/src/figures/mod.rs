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
mod pairs;
mod planned;
mod quantity;
mod range;
mod rate;
mod reader;
pub(crate) mod responsible;
pub(crate) mod signs;
#[cfg(test)]
mod tests;
mod unit;
mod what;
mod when;
mod words;

use duibiao_corpus::{Figure, Span};

use self::quantity::Quantity;
use self::reader::{Found, Reader};
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
    let setting = Setting {
        is_planned: setting.is_planned && !planned::looks_back(&words),
        ..setting
    };
    let quantities = range::join(&words, quantity::all(&words));
    let mut reader = Reader::new(&words, setting);
    let mut figures = Vec::new();
    let mut at = 0;
    while let Some(quantity) = quantities.get(at) {
        if let Some(count) = pairs::count(&words, &quantities[at..]) {
            figures.extend(reader.changes(&quantities[at..at + 2 * count]));
            at += 2 * count;
            continue;
        }
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
