//! The text under analysis: folded for matching, original for quoting, and its lines.

use std::borrow::Cow;
use std::ops::Range;

use duibiao_corpus::{CharMap, Evidence, Span};

use crate::furniture::{is_furniture, mark_by_place};
use crate::marker::Marker;

/// A document's text in two forms of equal length in code points: rules match the folded one,
/// everything shown is quoted from the original.
pub(crate) struct Text<'a> {
    original: &'a str,
    original_map: CharMap,
    folded: Cow<'a, str>,
    /// Only where folding changed the text; byte offsets may differ then.
    folded_map: Option<CharMap>,
    /// Code points of the document before this text.
    before: u32,
}

/// A line of the folded text, trimmed of white space; byte offsets.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// The line without surrounding white space and Markdown marks.
    pub(crate) content: Range<usize>,
    /// Where the line begins, white space included.
    pub(crate) begin: usize,
    /// The numbering it begins with.
    pub(crate) marker: Option<Marker>,
    /// Level 1–6 where the format itself says that it is a heading.
    pub(crate) heading: Option<u8>,
    /// Whether it is not the document's: a page number, a button, navigation.
    pub(crate) is_furniture: bool,
}

impl<'a> Text<'a> {
    pub(crate) fn new(original: &'a str, folded: Cow<'a, str>) -> Self {
        Self::mapped(original, CharMap::new(original), folded)
    }

    /// The same, with the map of the original text.
    pub(crate) fn mapped(original: &'a str, map: CharMap, folded: Cow<'a, str>) -> Self {
        let folded_map = matches!(folded, Cow::Owned(_)).then(|| CharMap::new(&folded));
        Self {
            original,
            original_map: map,
            folded,
            folded_map,
            before: 0,
        }
    }

    /// A later part of a document, `before` code points from its beginning. Its evidence is placed
    /// in the document.
    pub(crate) fn after(before: u32, original: &'a str, folded: Cow<'a, str>) -> Self {
        Self {
            before,
            ..Self::new(original, folded)
        }
    }

    /// The text that rules match.
    pub(crate) fn folded(&self) -> &str {
        &self.folded
    }

    pub(crate) fn chars(&self) -> u32 {
        self.original_map.chars()
    }

    /// The span of a byte range of the folded text.
    pub(crate) fn span(&self, bytes: Range<usize>) -> Span {
        match &self.folded_map {
            Some(map) => map.span(&self.folded, bytes),
            None => self.original_map.span(self.original, bytes),
        }
    }

    /// The original words of a span.
    pub(crate) fn quote(&self, span: Span) -> &str {
        self.original_map.slice(self.original, span)
    }

    /// The original words of a byte range of the folded text.
    pub(crate) fn words(&self, bytes: Range<usize>) -> &str {
        match &self.folded_map {
            Some(map) => self.quote(map.span(&self.folded, bytes)),
            None => &self.original[bytes],
        }
    }

    pub(crate) fn evidence(&self, bytes: Range<usize>) -> Evidence {
        let span = self.span(bytes.clone());
        Evidence {
            quote: self.words(bytes).to_owned(),
            span: Span::new(self.before + span.begin, self.before + span.end),
        }
    }

    /// The byte of the folded text at a code point.
    pub(crate) fn byte_at(&self, char: u32) -> usize {
        match &self.folded_map {
            Some(map) => map.byte_at(&self.folded, char),
            None => self.original_map.byte_at(self.original, char),
        }
    }
}

/// The lines of the folded text that are not blank. `headings` are byte ranges of the folded text
/// that the format marks as headings, with their levels; `furniture` those it marks as such.
pub(crate) fn lines(
    folded: &str,
    headings: &[(Range<usize>, u8)],
    furniture: &[Range<usize>],
) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut marked = headings.iter().peekable();
    let mut apart = furniture.iter().peekable();
    let mut begin = 0;
    for whole in folded.split_inclusive('\n') {
        let end = begin + whole.len();
        while marked.next_if(|(range, _)| range.end <= begin).is_some() {}
        let heading = marked
            .peek()
            .filter(|(range, _)| range.start < end)
            .map(|(_, level)| *level);
        while apart.next_if(|range| range.end <= begin).is_some() {}
        let is_apart = apart.peek().is_some_and(|range| range.start < end);
        let content = trimmed(whole);
        if !content.is_empty() {
            let content = begin + content.start..begin + content.end;
            let marker = Marker::at_start(&folded[content.clone()]);
            let is_furniture = is_apart || is_furniture(&folded[content.clone()]);
            lines.push(Line {
                content,
                begin,
                marker,
                heading,
                is_furniture,
            });
        }
        begin = end;
    }
    mark_by_place(folded, &mut lines);
    lines
}

/// The part of a line that is neither white space nor a Markdown mark at its ends.
fn trimmed(line: &str) -> Range<usize> {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '#' | '*' | '\u{feff}' | '\u{200b}');
    let start = line.len() - line.trim_start_matches(is_mark).len();
    let content = line[start..].trim_end_matches(is_mark);
    start..start + content.len()
}
