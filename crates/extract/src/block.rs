//! Text with its blocks, put together line by line.

use duibiao_corpus::Span;
use serde::{Deserialize, Serialize};

use crate::{Extracted, Format};

/// A stretch of text of a known kind. Blocks are in order and do not overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: BlockKind,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlockKind {
    /// The title, where the format says so.
    Title,
    /// A heading with its level, 1–6, where the format says so.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    Item,
    /// A row of a table, its cells separated by tabs.
    Row,
    /// Words that are not the document's: page numbers, running heads, navigation. Kept so that
    /// nothing is lost.
    Furniture,
}

/// Puts a text together from lines.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    text: String,
    chars: u32,
    blocks: Vec<Block>,
}

impl Builder {
    /// Adds a line of its own, without the blanks around it; one of blanks only is left out.
    pub(crate) fn line(&mut self, kind: BlockKind, line: &str) {
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        let begin = self.chars;
        self.text.push_str(line);
        self.chars += line.chars().count() as u32;
        self.blocks.push(Block {
            span: Span::new(begin, self.chars),
            kind,
        });
        self.text.push('\n');
        self.chars += 1;
    }

    /// The same below another line.
    pub(crate) fn below(self, kind: BlockKind, line: &str) -> Self {
        let mut whole = Self::default();
        whole.line(kind, line);
        let added = whole.chars;
        whole.text.push_str(&self.text);
        whole.chars += self.chars;
        whole
            .blocks
            .extend(self.blocks.into_iter().map(|block| Block {
                span: Span::new(block.span.begin + added, block.span.end + added),
                ..block
            }));
        whole
    }

    /// The text so far.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What was read.
    pub(crate) fn finish(
        self,
        format: Format,
        encoding: impl Into<Option<&'static str>>,
        warnings: Vec<String>,
    ) -> Extracted {
        Extracted {
            format,
            encoding: encoding.into().map(Into::into),
            text: self.text,
            blocks: self.blocks,
            warnings,
            certainty: 100,
            wants_ocr: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_stand_where_their_lines_do() {
        let mut builder = Builder::default();
        builder.line(BlockKind::Title, " 关于甲的通知 ");
        builder.line(BlockKind::Paragraph, "\u{3000}\n");
        builder.line(BlockKind::Row, "甲\t乙");
        let read = builder.finish(Format::Html, "UTF-8", Vec::new());
        assert_eq!(read.text, "关于甲的通知\n甲\t乙\n");
        let spans: Vec<(u32, u32, BlockKind)> = read
            .blocks
            .iter()
            .map(|b| (b.span.begin, b.span.end, b.kind))
            .collect();
        assert_eq!(spans, [(0, 6, BlockKind::Title), (7, 10, BlockKind::Row)]);
    }
}
