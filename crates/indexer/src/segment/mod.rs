//! Cuts a text into passages that tile it, with heading path, kind and problem.
//!
//! Works line by line on the outline that numbering gives, then inside paragraphs. It never
//! changes a character and decides nothing about the document as a whole.

mod headings;
mod inline;
mod item;
mod problem;
mod section;

use std::ops::Range;

use duibiao_corpus::PassageKind;

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
/// The same where the paragraph has no number: a longer sentence tells something itself.
const UNNUMBERED_RUN_IN_CHARS: usize = 20;
/// An unnumbered heading is at most this long, in characters.
const PLAIN_CHARS: usize = 36;
/// What stands before the first number is an opening only so far, in bytes.
const OPENING_BYTES: usize = 3_000;
/// A passage is cut beyond this many bytes (about 1,300 characters); an article of law later.
const MOST_BYTES: usize = 4_000;
const MOST_ARTICLE_BYTES: usize = 12_000;

/// More passages than any document has. What follows is cut by its length alone: with a passage a
/// line, a list of millions of lines would take twenty times its size in memory.
pub(crate) const MOST_PIECES: usize = 100_000;

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
        if segmenter.pieces.len() >= MOST_PIECES {
            segmenter.rest(index);
            break;
        }
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
    /// Whether 一、 is among the numbers, so that a title without one stands below it.
    numbered_outside: bool,
    in_list_of_annexes: bool,
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
            numbered_outside: marked(Form::Han) >= 2,
            in_list_of_annexes: false,
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
        if line.is_furniture {
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
        } else if self.continues_list(index) {
            self.add(begin_of(line, self.text), PassageKind::Context, None);
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
        self.in_list_of_annexes =
            section::lists_annexes(words) || self.in_list_of_annexes && self.continues_list(index);
    }

    /// Everything from a line on is one piece that stands under no heading.
    fn rest(&mut self, index: usize) {
        self.close_to(0);
        self.add(
            begin_of(&self.lines[index], self.text),
            PassageKind::Context,
            None,
        );
    }

    /// A further line of a list of annexes: 2．下放的事项目录.
    fn continues_list(&self, index: usize) -> bool {
        let line = &self.lines[index];
        let is_numbered = line.marker.is_some_and(|m| m.form == Form::Digit);
        self.in_list_of_annexes && is_numbered && !self.str(&line.content).contains('。')
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
            None if self.names_section(index) => Some(Mark::Number(Form::Section)),
            None if section::asks(self.str(&line.content)) => Some(Mark::Plain),
            None if self.titles_section(index) => Some(match self.numbered_outside {
                true => Mark::Number(Form::HanParen),
                false => Mark::Plain,
            }),
            None => self.is_plain_heading(index).then_some(Mark::Plain),
        }
    }

    /// A section title without a number in a text that numbers others, alone between paragraphs.
    fn titles_section(&self, index: usize) -> bool {
        let is_long = |line: &&Line| {
            let words = self.str(&line.content);
            line.marker.is_some() || words.chars().nth(PLAIN_CHARS).is_some()
        };
        self.numbered
            && !self.regulation
            && !self.in_annex
            && index > 0
            && ends_sentence(&self.text[..self.last_end])
            && section::titles_section(self.str(&self.lines[index].content))
            && self.lines.get(index + 1).as_ref().is_some_and(is_long)
    }

    /// In a regulation, a short line between a chapter's heading and its first article (一般规定).
    fn names_section(&self, index: usize) -> bool {
        let words = self.str(&self.lines[index].content);
        let follows_heading = self.pieces.last().is_some_and(|piece| piece.is_heading);
        self.regulation
            && follows_heading
            && words.chars().nth(PLAIN_CHARS).is_none()
            && !words.contains(['。', '，', '；', '：', ','])
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
            || is_note(self.str(&self.lines[index].content))
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

/// A subtitle, a bracketed remark, or a line of dates and sources: short, but no heading.
fn is_note(line: &str) -> bool {
    let starts = |c: char| c.is_ascii_digit() || matches!(c, '—' | '（' | '(' | '【' | '[');
    line.starts_with(starts) || line.contains("来源") || line.contains("作者")
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
