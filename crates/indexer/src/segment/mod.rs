//! Cuts a text into passages that tile it, with heading path, kind and problem.
//!
//! Works line by line on the outline that numbering gives, then inside paragraphs. It never
//! changes a character and decides nothing about the document as a whole.

mod inline;
mod problem;
mod section;

use std::ops::Range;

use duibiao_corpus::PassageKind;

use crate::furniture::is_furniture;
use crate::marker::{Form, Marker};
use crate::text::Line;

/// A passage in bytes of the folded text; it ends where the next begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) begin: usize,
    pub(crate) kind: PassageKind,
    /// Headings above it, outermost first; with itself where it is a heading.
    pub(crate) headings: Vec<Range<usize>>,
    pub(crate) problem: Option<Range<usize>>,
    pub(crate) is_heading: bool,
}

/// What the segmenter has to know of the document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outline {
    /// Bytes of the title.
    pub(crate) title: Option<Range<usize>>,
    /// The lines of the signature. A plan that a notice passes on may follow behind it.
    pub(crate) signature: Option<Range<usize>>,
    /// Whether it answers findings (整改), so that its headings state problems.
    pub(crate) answers_findings: bool,
}

/// A heading without a sentence is at most this long, in characters.
const HEADING_CHARS: usize = 80;
/// A heading that ends like a sentence is at most this long, in characters.
const SENTENCE_CHARS: usize = 32;
/// A sentence in front of 一是… counts as its heading up to this length, in characters.
const RUN_IN_CHARS: usize = 60;
/// An unnumbered heading is at most this long, in characters.
const PLAIN_CHARS: usize = 36;
/// What stands before the first number is an opening only so far, in bytes.
const OPENING_BYTES: usize = 3_000;
/// A passage is cut beyond this many bytes (about 1,300 characters); an article of law later.
const MOST_BYTES: usize = 4_000;
const MOST_ARTICLE_BYTES: usize = 12_000;

/// How a heading is marked; outer forms have lower ranks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// The format's own heading level.
    Format(u8),
    /// A short line without number, where nothing else structures the text.
    Plain,
    Number(Form),
}

impl Mark {
    fn rank(self) -> u8 {
        match self {
            Self::Format(level) => level,
            Self::Plain => 7,
            Self::Number(form) => 8 + form as u8,
        }
    }
}

/// A heading whose section is open.
struct Open {
    mark: Mark,
    text: Range<usize>,
    problem: Option<Range<usize>>,
    /// The kind it gives to the passages under it.
    kind: Option<PassageKind>,
    piece: usize,
    has_passages: bool,
}

/// Cuts `text` along `lines`. The pieces are in order and the first begins at 0.
pub(crate) fn segment(text: &str, lines: &[Line], outline: &Outline) -> Vec<Piece> {
    let mut segmenter = Segmenter::new(text, lines, outline);
    for index in 0..lines.len() {
        segmenter.line(index);
    }
    segmenter.finish()
}

struct Segmenter<'a> {
    text: &'a str,
    lines: &'a [Line],
    outline: &'a Outline,
    pieces: Vec<Piece>,
    open: Vec<Open>,
    /// Whether numbered headings structure the text; if not, short lines do.
    numbered: bool,
    regulation: bool,
    in_annex: bool,
    in_article: bool,
    /// Whether a heading or a passage of the body has been seen.
    in_body: bool,
    /// An opening reaches no further, in bytes.
    opening_end: usize,
    /// Whether nothing may carry on the current piece.
    sealed: bool,
    /// End of the last line of the current piece, for deciding whether a line carries on.
    last_end: usize,
}

impl<'a> Segmenter<'a> {
    fn new(text: &'a str, lines: &'a [Line], outline: &'a Outline) -> Self {
        let marked = |form: Form| {
            lines
                .iter()
                .filter(|l| l.marker.is_some_and(|m| m.form == form))
                .count()
        };
        let numbered = marked(Form::Han)
            + marked(Form::HanParen)
            + marked(Form::Digit)
            + marked(Form::DigitParen);
        Self {
            text,
            lines,
            outline,
            pieces: Vec::new(),
            open: Vec::new(),
            numbered: numbered >= 2,
            regulation: marked(Form::Article) >= 3,
            in_annex: false,
            in_article: false,
            in_body: false,
            opening_end: outline.title.as_ref().map_or(0, |title| title.end) + OPENING_BYTES,
            sealed: false,
            last_end: 0,
        }
    }

    fn str(&self, range: &Range<usize>) -> &'a str {
        &self.text[range.clone()]
    }

    fn line(&mut self, index: usize) {
        let line = &self.lines[index];
        let content = line.content.clone();
        let words = self.str(&content);
        if is_furniture(words) {
            self.add(begin_of(line, self.text), PassageKind::Furniture, None);
        } else if self
            .outline
            .title
            .as_ref()
            .is_some_and(|title| title.start < content.end && content.start < title.end)
        {
            self.add(begin_of(line, self.text), PassageKind::Context, None);
        } else if self
            .outline
            .signature
            .as_ref()
            .is_some_and(|lines| lines.contains(&content.start))
        {
            self.signature_line(line);
        } else if self.opens_annex(index) {
            self.close_to(0);
            self.in_annex = true;
            self.in_article = false;
            self.push_heading(Mark::Plain, content, begin_of(line, self.text));
        } else if let Some(mark) = self.structural_mark(index) {
            self.marked_line(line, mark);
        } else if self.in_article || section::carries_on(words) && self.can_carry_on() {
            self.last_end = content.end;
        } else {
            self.plain_line(index);
        }
        self.last_end = self.lines[index].content.end;
    }

    /// A signature closes what it signs; what follows begins anew.
    fn signature_line(&mut self, line: &Line) {
        self.close_to(0);
        self.in_annex = false;
        self.in_article = false;
        self.in_body = false;
        self.opening_end = line.content.end + OPENING_BYTES;
        let first = self
            .outline
            .signature
            .as_ref()
            .is_some_and(|lines| lines.start == line.content.start);
        if first || self.pieces.is_empty() {
            self.add(begin_of(line, self.text), PassageKind::Context, None);
        }
        self.sealed = true;
    }

    fn opens_annex(&self, index: usize) -> bool {
        section::opens_annex(self.str(&self.lines[index].content)) && index > 0
    }

    /// How this line takes part in the outline, if it does.
    fn structural_mark(&self, index: usize) -> Option<Mark> {
        let line = &self.lines[index];
        let in_regulation = |form: Form| form < Form::Han;
        match line.marker {
            Some(marker) if in_regulation(marker.form) => {
                self.regulation.then_some(Mark::Number(marker.form))
            }
            // 款 and 项 are part of their article.
            Some(_) if self.in_article => None,
            Some(marker) if marker.form == Form::Circled => None,
            Some(marker) => Some(Mark::Number(marker.form)),
            None if line.heading.is_some() => line.heading.map(Mark::Format),
            None => self.is_plain_heading(index).then_some(Mark::Plain),
        }
    }

    /// A short line without a stop, in a text that no numbering structures, before a longer one.
    fn is_plain_heading(&self, index: usize) -> bool {
        let is_short = |line: &Line| {
            let words = self.str(&line.content);
            words.chars().nth(PLAIN_CHARS).is_none()
                && !words.ends_with(['。', '；', '：', ':', '，', ';', ',', '！', '？', '”'])
                || words.chars().nth(PLAIN_CHARS).is_none()
                    && words.ends_with('”')
                    && !words.contains(['，', '。'])
        };
        if self.numbered
            || self.regulation
            || self.in_annex
            || index == 0
            || self.str(&self.lines[index].content).starts_with('—')
            || !is_short(&self.lines[index])
        {
            return false;
        }
        // A heading may be broken over two lines; then a paragraph follows.
        let following = self.lines[index + 1..]
            .iter()
            .take(2)
            .find(|line| !is_short(line));
        following.is_some_and(|line| line.content.len() > self.lines[index].content.len())
    }

    fn marked_line(&mut self, line: &Line, mark: Mark) {
        let begin = begin_of(line, self.text);
        let content = line.content.clone();
        if mark == Mark::Number(Form::Article) {
            self.close_where(|open| {
                matches!(
                    open.mark,
                    Mark::Number(Form::Part | Form::Chapter | Form::Section) | Mark::Format(_)
                )
            });
            self.in_article = true;
            self.add(begin, PassageKind::Measure, None);
            return;
        }
        self.in_article = false;
        let words = self.str(&content);
        let head = inline::first_sentence(words);
        // A long full sentence says something by itself.
        let most = if words.ends_with('。') {
            SENTENCE_CHARS
        } else {
            HEADING_CHARS
        };
        let short = words.chars().nth(most).is_none();
        if short && head == words.len() && !words.ends_with(['；', ';', '：', ':']) {
            if mark == Mark::Plain && self.joins_heading(&content) {
                return;
            }
            self.close_for(mark);
            self.push_heading(mark, content, begin);
        } else {
            self.close_for(mark);
            self.item(content, Some(mark), begin);
        }
    }

    /// Joins the second line of a heading that is broken over two.
    fn joins_heading(&mut self, content: &Range<usize>) -> bool {
        let Some(open) = self
            .open
            .last_mut()
            .filter(|open| open.mark == Mark::Plain && !open.has_passages)
        else {
            return false;
        };
        open.text.end = content.end;
        let path = self.path();
        let piece = self.open.last().map_or(0, |open| open.piece);
        self.pieces[piece].headings = path;
        true
    }

    /// A paragraph without a number.
    fn plain_line(&mut self, index: usize) {
        let line = &self.lines[index];
        let words = self.str(&line.content);
        if self.can_carry_on() && !ends_sentence(&self.text[..self.last_end]) {
            return;
        }
        let is_opening = line.content.start < self.opening_end
            && !self.in_body
            && self.open.is_empty()
            && (self.numbered || self.regulation || words.ends_with(['：', ':']));
        let is_closing = section::is_closing(words);
        if is_closing {
            // 特此通知 stands under no item: one that nothing else stands under was a measure.
            while self.open.last().is_some_and(|open| !open.has_passages) {
                self.close_to(self.open.len() - 1);
            }
        }
        if is_opening || is_closing {
            self.paragraph_as(line, PassageKind::Context);
        } else {
            let depth = self.open.len();
            self.item(line.content.clone(), None, begin_of(line, self.text));
            self.close_to(depth);
        }
    }

    /// Whether the current piece is running text that a line may carry on.
    fn can_carry_on(&self) -> bool {
        let Some(piece) = self.pieces.last() else {
            return false;
        };
        let room = self.last_end.saturating_sub(piece.begin) < MOST_BYTES;
        let is_title = self
            .outline
            .title
            .as_ref()
            .is_some_and(|title| piece.begin < title.end);
        !self.sealed
            && !piece.is_heading
            && piece.kind != PassageKind::Furniture
            && room
            && !is_title
    }

    fn paragraph_as(&mut self, line: &Line, kind: PassageKind) {
        if kind == PassageKind::Context
            && self.can_carry_on()
            && !ends_sentence(&self.text[..self.last_end])
        {
            return;
        }
        self.add(begin_of(line, self.text), kind, None);
    }

    /// A paragraph or a numbered item: cuts it where it enumerates.
    fn item(&mut self, range: Range<usize>, mark: Option<Mark>, begin: usize) {
        let words = self.str(&range);
        let has_inner = !matches!(mark, Some(Mark::Number(Form::DigitParen)));
        let numbered = if has_inner {
            inline::numbered(words)
        } else {
            Vec::new()
        };
        if !numbered.is_empty() {
            let starts: Vec<usize> = numbered.iter().map(|s| range.start + s).collect();
            self.lead(range.start..starts[0], mark, begin, PassageKind::LeadIn);
            for (i, &start) in starts.iter().enumerate() {
                let end = starts.get(i + 1).copied().unwrap_or(range.end);
                let inner = Mark::Number(Form::DigitParen);
                self.close_for(inner);
                self.item(start..end, Some(inner), start);
            }
            return;
        }
        let enumerated = inline::enumeration(words);
        if enumerated.is_empty() {
            self.add_body(range, begin);
            return;
        }
        let starts: Vec<usize> = enumerated.iter().map(|s| range.start + s).collect();
        if starts[0] > range.start {
            self.lead(range.start..starts[0], mark, begin, PassageKind::Measure);
        }
        for (i, &start) in starts.iter().enumerate() {
            let end = starts.get(i + 1).copied().unwrap_or(range.end);
            self.add_body(start..end, start);
        }
    }

    /// What stands before the items of a paragraph: a sentence that heads them, and maybe more.
    fn lead(
        &mut self,
        range: Range<usize>,
        mark: Option<Mark>,
        begin: usize,
        rest_kind: PassageKind,
    ) {
        let words = self.str(&range);
        let head = inline::first_sentence(words);
        let is_heading =
            words[..head].chars().nth(RUN_IN_CHARS).is_none() && words[..head].ends_with('。');
        if !is_heading {
            self.add_kind(begin, PassageKind::LeadIn, &range);
            return;
        }
        self.push_heading(
            mark.unwrap_or(Mark::Number(Form::Circled)),
            range.start..range.start + head,
            begin,
        );
        let rest = range.start + head..range.end;
        let rest_words = self.str(&rest).trim();
        if !rest_words.is_empty() {
            let says_something =
                rest_words.contains('《') || rest_words.chars().any(|c| c.is_ascii_digit());
            let kind = if says_something {
                rest_kind
            } else {
                PassageKind::LeadIn
            };
            self.add_kind(rest.start, kind, &rest);
        }
    }

    fn add_body(&mut self, range: Range<usize>, begin: usize) {
        self.add_kind(begin, PassageKind::Measure, &range);
    }

    /// Adds a passage; a measure gets the kind its section has.
    fn add_kind(&mut self, begin: usize, kind: PassageKind, range: &Range<usize>) {
        let words = self.str(range);
        let own_problem =
            problem::of_measure(words).map(|p| range.start + p.start..range.start + p.end);
        let kind = if kind == PassageKind::Measure {
            self.body_kind(words)
        } else {
            kind
        };
        self.add(begin, kind, own_problem);
    }

    fn body_kind(&self, words: &str) -> PassageKind {
        let is_list = !words.contains(['。', '；', ';']);
        if self.in_annex && is_list {
            return PassageKind::Annex;
        }
        let telling = self.open.iter().rev().find_map(|open| open.kind);
        telling.unwrap_or(PassageKind::Measure)
    }

    fn path(&self) -> Vec<Range<usize>> {
        self.open.iter().map(|open| open.text.clone()).collect()
    }

    fn add(&mut self, begin: usize, kind: PassageKind, own_problem: Option<Range<usize>>) {
        self.sealed = false;
        let begin = if self.pieces.is_empty() { 0 } else { begin };
        let is_body = !matches!(kind, PassageKind::Furniture | PassageKind::Context);
        if kind != PassageKind::Furniture {
            for open in &mut self.open {
                open.has_passages = true;
            }
        }
        self.in_body |= is_body;
        let problem = match kind {
            PassageKind::Furniture | PassageKind::Context | PassageKind::Annex => None,
            _ => {
                own_problem.or_else(|| self.open.iter().rev().find_map(|open| open.problem.clone()))
            }
        };
        let headings = if kind == PassageKind::Furniture {
            Vec::new()
        } else {
            self.path()
        };
        self.pieces.push(Piece {
            begin,
            kind,
            headings,
            problem,
            is_heading: false,
        });
    }

    /// Opens a section; its heading is a piece of its own.
    fn push_heading(&mut self, mark: Mark, text: Range<usize>, begin: usize) {
        let words = self.str(&text).trim_end_matches(['。', '.', '：', ':']);
        let text = text.start..text.start + words.len();
        let problem = self
            .outline
            .answers_findings
            .then(|| problem::of_heading(words))
            .flatten()
            .map(|p| text.start + p.start..text.start + p.end);
        let begin = if self.pieces.is_empty() { 0 } else { begin };
        let kind = section::kind_of(words);
        self.open.push(Open {
            mark,
            text,
            problem,
            kind,
            piece: self.pieces.len(),
            has_passages: false,
        });
        self.in_body = true;
        self.sealed = false;
        let headings = self.path();
        self.pieces.push(Piece {
            begin,
            kind: PassageKind::LeadIn,
            headings,
            problem: None,
            is_heading: true,
        });
    }

    /// Closes the sections that a new heading or item of this mark ends.
    fn close_for(&mut self, mark: Mark) {
        let same = self.open.iter().position(|open| open.mark == mark);
        let deeper = self
            .open
            .iter()
            .position(|open| open.mark.rank() > mark.rank());
        let keep = same.or(deeper).unwrap_or(self.open.len());
        self.close_to(keep);
    }

    fn close_where(&mut self, keep: impl Fn(&Open) -> bool) {
        let keep = self
            .open
            .iter()
            .position(|open| !keep(open))
            .unwrap_or(self.open.len());
        self.close_to(keep);
    }

    /// Closes sections until `depth` are open. A heading nobody stood under was a measure in
    /// one short line.
    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(closed) = self.open.pop() else {
                return;
            };
            if closed.has_passages {
                continue;
            }
            let kind = self.body_kind(self.str(&closed.text));
            let problem = self.open.iter().rev().find_map(|open| open.problem.clone());
            let piece = &mut self.pieces[closed.piece];
            piece.is_heading = false;
            piece.kind = kind;
            piece.problem = problem;
            piece.headings.pop();
            for open in &mut self.open {
                open.has_passages = true;
            }
        }
    }

    /// Closes everything and cuts what is too long.
    fn finish(mut self) -> Vec<Piece> {
        self.close_to(0);
        if self.pieces.is_empty() {
            self.pieces.push(Piece {
                begin: 0,
                kind: PassageKind::Context,
                headings: Vec::new(),
                problem: None,
                is_heading: false,
            });
        }
        let ends: Vec<usize> = self
            .pieces
            .iter()
            .skip(1)
            .map(|p| p.begin)
            .chain([self.text.len()])
            .collect();
        let mut cut = Vec::with_capacity(self.pieces.len());
        for (piece, end) in self.pieces.into_iter().zip(ends) {
            let is_article = Marker::at_start(&self.text[piece.begin..end])
                .is_some_and(|m| m.form == Form::Article);
            let most = if is_article {
                MOST_ARTICLE_BYTES
            } else {
                MOST_BYTES
            };
            for begin in inline::shorten(self.text, piece.begin..end, most) {
                cut.push(Piece {
                    begin,
                    ..piece.clone()
                });
            }
        }
        cut
    }
}

/// Where a line's passage begins: at its words, or at the mark the format put before them.
fn begin_of(line: &Line, text: &str) -> usize {
    if text[line.begin..line.content.start].trim().is_empty() {
        line.content.start
    } else {
        line.begin
    }
}

/// Whether the text before a line is complete, so that the line begins something new.
fn ends_sentence(before: &str) -> bool {
    before.trim_end().ends_with([
        '。', '；', '：', '！', '？', '”', '’', ';', ':', '!', '?', '…', '）', ')', '.', '》',
        '】', '|',
    ])
}

#[cfg(test)]
mod tests;
