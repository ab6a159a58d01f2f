//! A file read becomes a document understood: script, metadata, passages, themes, status.

use std::borrow::Cow;
use std::ops::Range;

use duibiao_corpus::{CharMap, Document, Passage, PassageKind, Problem, Span};
use duibiao_extract::{BlockKind, Extracted};
use duibiao_index::Analyzer;
use duibiao_lexicon::Lexicon;

use crate::infer::candidate::Explanation;
use crate::infer::status::{self, Tone};
use crate::infer::themes::Votes;
use crate::infer::{self};
use crate::quality::quality;
use crate::segment::{Piece, segment};
use crate::text::{Text, lines};

/// Infers and segments one extracted file.
pub fn understand(
    path: &str,
    extracted: Extracted,
    lexicon: &Lexicon,
    analyzer: &Analyzer,
) -> Document {
    read(path, extracted, lexicon, analyzer, false).0
}

/// The same, with every candidate of every field.
pub fn explain(
    path: &str,
    extracted: Extracted,
    lexicon: &Lexicon,
    analyzer: &Analyzer,
) -> (Document, Explanation) {
    let (document, explanation) = read(path, extracted, lexicon, analyzer, true);
    (document, explanation.unwrap_or_default())
}

fn read(
    path: &str,
    extracted: Extracted,
    lexicon: &Lexicon,
    analyzer: &Analyzer,
    explain: bool,
) -> (Document, Option<Explanation>) {
    let (own, chars) = own_part(&extracted);
    let script = analyzer.detect_script(own);
    let text = Text::new(own, analyzer.fold(own, script));
    let rest = extracted.text.get(own.len()..).unwrap_or_default();
    let around =
        (!rest.is_empty()).then(|| Text::after(text.chars(), rest, analyzer.fold(rest, script)));
    let marked = Marked::new(&text, &extracted);
    let lines = lines(text.folded(), &marked.headings, &marked.furniture);
    let (mut metadata, outline, explanation) = infer::infer(
        &text,
        around.as_ref(),
        &lines,
        marked.title,
        lexicon,
        explain,
    );
    let pieces = segment(text.folded(), &lines, &outline);
    let tone = Tone::of(metadata.doc_type.as_ref().map(|t| t.value.as_str()));
    let votes = Votes::new(lexicon.taxonomy(), text.folded());
    let mut passages = Passages {
        text: &text,
        lexicon,
        votes: &votes,
        tone,
    }
    .all(&pieces);
    passages.extend(surroundings(text.chars(), chars, passages.len()));
    let voted: Vec<_> = passages
        .iter()
        .filter(|p| counts_for_themes(p))
        .map(|p| p.themes.clone())
        .collect();
    metadata.themes = votes.of_document(lexicon.taxonomy(), &text, &voted);
    let partial = infer::is_partial(text.folded());
    let quality = quality(own, script, analyzer);
    drop((text, around));
    let document = Document {
        path: path.to_owned(),
        format: Cow::Borrowed(extracted.format.as_str()),
        encoding: extracted.encoding,
        script,
        chars,
        quality,
        partial,
        warnings: extracted.warnings,
        metadata,
        text: extracted.text,
        passages,
    };
    (document, explanation)
}

/// The text without what stands around the document and was kept below it, and the length of the
/// whole. A page's navigation must not say what the document is about.
fn own_part(extracted: &Extracted) -> (&str, u32) {
    let map = CharMap::new(&extracted.text);
    let around = extracted
        .blocks
        .iter()
        .rev()
        .take_while(|block| block.kind == BlockKind::Furniture)
        .last();
    let end = around.map_or(map.chars(), |block| block.span.begin);
    (
        &extracted.text[..map.byte_at(&extracted.text, end)],
        map.chars(),
    )
}

/// What stands around the document, as one passage.
fn surroundings(begin: u32, end: u32, before: usize) -> Option<Passage> {
    (begin < end).then(|| Passage {
        ordinal: before as u32 + 1,
        span: Span::new(begin, end),
        heading_path: Vec::new(),
        problem: None,
        kind: PassageKind::Furniture,
        status: None,
        status_evidence: None,
        themes: Vec::new(),
        is_heading: false,
    })
}

/// What the format marks in the document's own part, as bytes of the folded text.
#[derive(Default)]
struct Marked {
    title: Option<Range<usize>>,
    headings: Vec<(Range<usize>, u8)>,
    furniture: Vec<Range<usize>>,
}

impl Marked {
    fn new(text: &Text<'_>, extracted: &Extracted) -> Self {
        let mut marked = Self::default();
        for block in &extracted.blocks {
            if block.span.end > text.chars() {
                break;
            }
            let bytes = text.byte_at(block.span.begin)..text.byte_at(block.span.end);
            match block.kind {
                BlockKind::Title => marked.title = Some(bytes),
                BlockKind::Heading(level) => marked.headings.push((bytes, level)),
                BlockKind::Furniture => marked.furniture.push(bytes),
                BlockKind::Paragraph | BlockKind::Item | BlockKind::Row => {}
            }
        }
        marked
    }
}

fn counts_for_themes(passage: &Passage) -> bool {
    !passage.is_heading && !matches!(passage.kind, PassageKind::Furniture | PassageKind::Annex)
}

/// Turns pieces, which are bytes, into passages, which quote.
struct Passages<'a> {
    text: &'a Text<'a>,
    lexicon: &'a Lexicon,
    votes: &'a Votes,
    tone: Tone,
}

impl Passages<'_> {
    fn all(&self, pieces: &[Piece]) -> Vec<Passage> {
        let ends = pieces
            .iter()
            .skip(1)
            .map(|p| p.begin)
            .chain([self.text.folded().len()]);
        pieces
            .iter()
            .zip(ends)
            .enumerate()
            .map(|(index, (piece, end))| self.one(index as u32 + 1, piece, end))
            .collect()
    }

    fn one(&self, ordinal: u32, piece: &Piece, end: usize) -> Passage {
        let range = piece.begin..end;
        let words = &self.text.folded()[range.clone()];
        let has_status = !piece.is_heading
            && !matches!(
                piece.kind,
                PassageKind::Furniture
                    | PassageKind::Annex
                    | PassageKind::Context
                    | PassageKind::LeadIn
            );
        let folded = self.text.folded();
        let tone = piece.headings.iter().fold(self.tone, |tone, heading| {
            status::under(tone, &folded[heading.clone()])
        });
        let status = has_status.then(|| status::of_measure(words, tone));
        let above: Vec<Range<usize>> = piece
            .headings
            .iter()
            .chain(&piece.problem)
            .cloned()
            .collect();
        let themes = if piece.kind == PassageKind::Furniture {
            Vec::new()
        } else {
            self.votes
                .of_passage(self.lexicon.taxonomy(), self.text.folded(), &range, &above)
        };
        Passage {
            ordinal,
            span: self.text.span(range),
            heading_path: piece
                .headings
                .iter()
                .map(|heading| self.heading(heading))
                .collect(),
            problem: piece.problem.clone().map(|bytes| {
                let evidence = self.text.evidence(bytes);
                Problem {
                    text: evidence.quote,
                    span: evidence.span,
                }
            }),
            kind: piece.kind,
            status: status.as_ref().map(|(status, _)| *status),
            status_evidence: status.and_then(|(_, at)| at).map(|at| {
                self.text
                    .evidence(piece.begin + at.start..piece.begin + at.end)
            }),
            themes,
            is_heading: piece.is_heading,
        }
    }

    /// A heading as it is shown: a heading broken over two lines is one.
    fn heading(&self, bytes: &Range<usize>) -> String {
        let quote = self.text.quote(self.text.span(bytes.clone()));
        if !quote.contains('\n') {
            return quote.to_owned();
        }
        quote
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().expect("lexicon"));
    static ANALYZER: LazyLock<Analyzer> =
        LazyLock::new(|| Analyzer::new(&LEXICON).expect("analyzer"));

    fn read(text: &str) -> Document {
        let extracted = duibiao_extract::extract("a.txt", text.as_bytes()).expect("text");
        understand("a.txt", extracted, &LEXICON, &ANALYZER)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn passages_tile_and_everything_quotes_exactly(parts in prop::collection::vec(prop::sample::select(vec![
            "哈尔滨市人民政府", "关于", "優化營商環境", "的通知", "\n", "\n\n", "一、", "（一）", "1.关于", "一是", "二是", "。", "；", "针对“", "”的问题。",
            "2017年3月21日", "我市", "审批提速35.4%", "附件1:\n", "市发改委\n", "第一条 ", "黑政发〔2010〕93号\n", "𠀀", "㎡", "(上接5版)", "著力", "容缺受理", "已办结47件",
        ]), 1..60)) {
            let text = format!("字{}", parts.concat());
            let document = read(&text);
            let chars: Vec<char> = text.chars().collect();
            let at = |begin: u32, end: u32| chars[begin as usize..end as usize].iter().collect::<String>();
            let mut next = 0;
            for passage in &document.passages {
                prop_assert_eq!(passage.span.begin, next);
                next = passage.span.end;
                if let Some(problem) = &passage.problem {
                    prop_assert_eq!(&at(problem.span.begin, problem.span.end), &problem.text);
                }
                if let Some(e) = &passage.status_evidence {
                    prop_assert_eq!(&at(e.span.begin, e.span.end), &e.quote);
                }
            }
            prop_assert_eq!(next as usize, chars.len());
            let metadata = &document.metadata;
            let evidence = metadata.title.iter().flat_map(|v| &v.evidence)
                .chain(metadata.city.iter().flat_map(|v| &v.evidence))
                .chain(metadata.date.iter().flat_map(|v| &v.evidence))
                .chain(metadata.number.iter().flat_map(|v| &v.evidence))
                .chain(metadata.themes.iter().flat_map(|v| &v.evidence));
            for e in evidence {
                prop_assert_eq!(&at(e.span.begin, e.span.end), &e.quote);
            }
        }
    }

    #[test]
    fn a_bulletin_states_its_place_date_and_issuer() {
        let document = read(
            "06\n中共营口市委关于省委巡视 整改进展情况的通报 2023年05月18日\n\n(上接5版)\n\n(5)针对“甲未落实”的问题。已完成。\n\n(6)针对“乙”的问题。深入推进。\n\n欢迎监督。\n\n中共营口市委\n\n2023年5月17日\n",
        );
        let metadata = &document.metadata;
        assert_eq!(
            metadata.title.as_ref().map(|t| t.value.as_str()),
            Some("中共营口市委关于省委巡视 整改进展情况的通报")
        );
        assert_eq!(
            metadata.issuer.as_ref().map(|t| t.value.as_str()),
            Some("中共营口市委")
        );
        assert_eq!(
            metadata
                .date
                .as_ref()
                .map(|d| d.value.to_string())
                .as_deref(),
            Some("2023-05-17")
        );
        assert_eq!(
            metadata.city.as_ref().map(|c| c.value.name.as_str()),
            Some("营口市")
        );
        assert_eq!(
            metadata
                .province
                .as_ref()
                .map(|c| (c.value.name.as_str(), c.inferred)),
            Some(("辽宁省", true))
        );
        assert!(document.partial);
    }

    #[test]
    fn cited_years_and_visited_places_do_not_count() {
        let document = read(
            "为贯蹈《黑龙江省人民政府关于加强自身建设的通知》(黑政发〔2010〕93号)精神,市政府决定,将2011年确定为全市“政风建设年”,特制定本方案。\n一、总体目标\n全市政风明显好转,赴深圳、杭州学习。\n二、任务\n推动哈尔滨市各部门落实。\n",
        );
        let metadata = &document.metadata;
        assert_eq!(metadata.title, None);
        assert_eq!(
            metadata.year.as_ref().map(|y| (y.value, y.inferred)),
            Some((2011, true))
        );
        assert_eq!(
            metadata.doc_type.as_ref().map(|t| t.value.as_str()),
            Some("方案")
        );
        assert_eq!(
            metadata
                .city
                .as_ref()
                .map(|c| (c.value.name.as_str(), c.inferred)),
            Some(("哈尔滨市", true))
        );
    }
}
