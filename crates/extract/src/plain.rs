//! Plain text and Markdown: the text is the file; Markdown's own headings are marked as blocks.

use duibiao_corpus::Span;

use crate::decode::Decoded;
use crate::{Block, BlockKind, Extracted, Format};

pub(crate) fn extract(format: Format, decoded: Decoded) -> Extracted {
    let blocks = if format == Format::Markdown {
        headings(&decoded.text)
    } else {
        Vec::new()
    };
    Extracted {
        format,
        encoding: Some(decoded.encoding.into()),
        text: decoded.text,
        blocks,
        warnings: decoded.warnings,
        certainty: 100,
        wants_ocr: false,
    }
}

/// `# heading` lines outside fenced code.
fn headings(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = 0u32;
    let mut fenced = false;
    for line in text.split_inclusive('\n') {
        let chars = line.chars().count() as u32;
        let content = line.trim_end();
        fenced ^= content.trim_start().starts_with("```");
        let level = content.bytes().take_while(|&b| b == b'#').count();
        let spaced = content[level..].starts_with([' ', '\t', '\u{3000}']);
        if !fenced && (1..=6).contains(&level) && spaced {
            let span = Span::new(at, at + content.chars().count() as u32);
            blocks.push(Block {
                span,
                kind: BlockKind::Heading(level as u8),
            });
        }
        at += chars;
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_headings_are_blocks_and_stay_in_the_text() {
        let read = extract(
            Format::Markdown,
            Decoded {
                text: "# 关于甲的通知\n\n正文#1\n```\n# 不是\n```\n## 一、乙\r\n".into(),
                encoding: "UTF-8",
                warnings: Vec::new(),
            },
        );
        let seen: Vec<_> = read
            .blocks
            .iter()
            .map(|b| {
                (
                    b.kind,
                    read.text
                        .chars()
                        .skip(b.span.begin as usize)
                        .take(b.span.len() as usize)
                        .collect::<String>(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (BlockKind::Heading(1), "# 关于甲的通知".into()),
                (BlockKind::Heading(2), "## 一、乙".to_owned())
            ]
        );
    }
}
