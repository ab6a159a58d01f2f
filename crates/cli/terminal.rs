//! Text for a terminal: widths in columns (a Chinese character takes two), wrapping, marks.

use std::io::{IsTerminal, stdout};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns assumed where there is no terminal to ask.
const DEFAULT_COLUMNS: usize = 80;

/// What output may look like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) columns: usize,
    /// Whether marks and emphasis may be coloured.
    pub(crate) colour: bool,
}

/// Text that cannot steer a terminal: documents, names and labels may hold anything.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(harmless).collect()
}

/// Control characters, and characters that turn the direction of a line, become a replacement
/// character; a line break or a tab a space.
fn harmless(c: char) -> char {
    match c {
        '\n' | '\r' | '\t' => ' ',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

impl Style {
    /// Of the terminal stdout is, or of a plain file.
    pub(crate) fn of_stdout() -> Self {
        let is_terminal = stdout().is_terminal();
        let columns = if is_terminal {
            comfy_table::Table::new()
                .width()
                .map_or(DEFAULT_COLUMNS, usize::from)
        } else {
            DEFAULT_COLUMNS
        };
        Self {
            columns: columns.clamp(40, 120),
            colour: is_terminal && std::env::var_os("NO_COLOR").is_none(),
        }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        if self.colour {
            format!("\x1b[1m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    pub(crate) fn dim(self, text: &str) -> String {
        if self.colour {
            format!("\x1b[2m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    /// Wraps `text` behind `indent` columns, with the ranges (code points) marked.
    pub(crate) fn wrap(self, text: &str, marks: &[(u32, u32)], indent: usize) -> String {
        let mut out = " ".repeat(indent);
        let mut column = indent;
        let mut marked = false;
        for (index, c) in text.chars().enumerate() {
            let is_marked = marks
                .iter()
                .any(|&(begin, end)| (begin..end).contains(&(index as u32)));
            // A line break or a control character of the text must not steer the terminal.
            let c = harmless(c);
            let width = c.width().unwrap_or(0);
            if self.colour && is_marked != marked {
                out.push_str(if is_marked { "\x1b[1;33m" } else { "\x1b[0m" });
                marked = is_marked;
            }
            // One stop may hang over, so that no line begins with it.
            if column + width > self.columns && (!is_closing(c) || column > self.columns) {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                column = indent;
                if c == ' ' {
                    continue;
                }
            }
            out.push(c);
            column += width;
        }
        if marked {
            out.push_str("\x1b[0m");
        }
        out
    }

    /// `left` and `right` on one line, as far apart as it is wide.
    pub(crate) fn spread(self, left: &str, right: &str) -> String {
        let (left, right) = (&plain(left), &plain(right));
        let gap = self
            .columns
            .saturating_sub(left.width() + right.width())
            .max(2);
        format!("{}{}{}", self.bold(left), " ".repeat(gap), self.dim(right))
    }
}

/// Punctuation that may not begin a line (GB/T 15834).
fn is_closing(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '？'
            | '！'
            | '”'
            | '’'
            | '）'
            | '》'
            | '〉'
            | '】'
            | '〕'
            | ','
            | '.'
            | ';'
            | ')'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_columns_and_never_begin_with_a_stop() {
        let style = Style {
            columns: 10,
            colour: false,
        };
        assert_eq!(
            style.wrap("审批时限缩减，提速", &[], 2),
            "  审批时限\n  缩减，提\n  速"
        );
        assert_eq!(style.wrap("一二三四，五", &[], 2), "  一二三四，\n  五");
        assert_eq!(style.wrap("a\x1b[2Jb", &[], 0), "a\u{fffd}[2Jb");
    }
}
