//! A file read becomes a document understood: script, metadata, passages, themes, status.

use std::borrow::Cow;
use std::ops::Range;

use duibiao_corpus::{CharMap, Document, Passage, PassageKind, Problem, Span, Status};
use duibiao_extract::{BlockKind, Extracted};
use duibiao_index::Analyzer;
use duibiao_lexicon::Lexicon;

use crate::figures::anchor::Anchor;
use crate::figures::signs::Signs;
use crate::figures::{self, Setting, deadline, responsible};
use crate::infer::candidate::Explanation;
use crate::infer::status::{Asked, Course, Tone};
use crate::infer::themes::Votes;
use crate::infer::{self, Inference, PlacesNamed};
use crate::marker::{Form, Marker};
use crate::partial;
use crate::quality::quality;
use crate::segment::{MOST_PIECES, Piece, segment};
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
    let (own, map, chars) = own_part(&extracted);
    let script = analyzer.detect_script(own);
    let text = Text::mapped(own, map, analyzer.fold(own, script));
    let rest = extracted.text.get(own.len()..).unwrap_or_default();
    let around =
        (!rest.is_empty()).then(|| Text::after(text.chars(), rest, analyzer.fold(rest, script)));
    let marked = Marked::new(&text, &extracted);
    let lines = lines(text.folded(), &marked.headings, &marked.furniture);
    let Inference {
        mut metadata,
        outline,
        named,
        explanation,
    } = infer::infer(
        &text,
        around.as_ref(),
        &lines,
        marked.title,
        (lexicon, analyzer),
        explain,
    );
    let pieces = segment(text.folded(), &lines, &outline);
    // Of a text of many lines they are large, and so is what follows.
    drop(lines);
    let doc_type = metadata.doc_type.as_ref().map(|t| t.value.as_str());
    let votes = Votes::new(lexicon.taxonomy(), text.folded());
    let anchor = Anchor::of(&text, &metadata, Tone::of(doc_type));
    let mut passages = Passages {
        text: &text,
        votes: &votes,
        anchor: &anchor,
        named: &named,
        lexicon,
        analyzer,
    }
    .all(&pieces, Course::new(doc_type));
    passages.extend(surroundings(text.chars(), chars, passages.len()));
    let voted: Vec<_> = passages
        .iter()
        .filter(|p| counts_for_themes(p))
        .map(|p| {
            let bytes = text.byte_at(p.span.begin)..text.byte_at(p.span.end);
            (bytes, p.themes.as_slice())
        })
        .collect();
    metadata.themes = votes.of_document(&text, &voted);
    let parts = partial::warnings(text.folded());
    let quality = quality(&text, script, analyzer, extracted.certainty);
    drop(votes);
    drop((text, around));
    let partial = !parts.is_empty();
    let mut warnings = extracted.warnings;
    warnings.extend(parts);
    if passages.len() > MOST_PIECES {
        warnings.push(format!(
            "over {MOST_PIECES} passages: what follows is cut by length"
        ));
    }
    let document = Document {
        path: path.to_owned(),
        format: Cow::Borrowed(extracted.format.as_str()),
        encoding: extracted.encoding,
        script,
        chars,
        quality,
        partial,
        warnings,
        metadata,
        text: extracted.text,
        passages,
    };
    (document, explanation)
}

/// The text without what stands around the document and was kept below it, its map, and the length
/// of the whole. A page's navigation must not say what the document is about.
fn own_part(extracted: &Extracted) -> (&str, CharMap, u32) {
    let map = CharMap::new(&extracted.text);
    let around = extracted
        .blocks
        .iter()
        .rev()
        .take_while(|block| block.kind == BlockKind::Furniture)
        .last();
    let chars = map.chars();
    let Some(around) = around else {
        return (&extracted.text, map, chars);
    };
    let own = &extracted.text[..map.byte_at(&extracted.text, around.span.begin)];
    (own, CharMap::new(own), chars)
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
        status_evidence: Vec::new(),
        themes: Vec::new(),
        figures: Vec::new(),
        deadlines: Vec::new(),
        responsible: Vec::new(),
        places: Vec::new(),
        is_heading: false,
    })
}

/// Bytes beyond which titles that follow each other are not one: 130 characters.
const LONGEST_TITLE: usize = 400;

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
                BlockKind::Title => {
                    // A long title may be several paragraphs, one right after the other.
                    let goes_on = marked.title.take().filter(|before| {
                        let between = &text.folded()[before.end..bytes.start];
                        between.trim().is_empty() && bytes.end - before.start < LONGEST_TITLE
                    });
                    marked.title = Some(goes_on.map_or(bytes.start, |b| b.start)..bytes.end);
                }
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
    votes: &'a Votes<'a>,
    anchor: &'a Anchor,
    named: &'a PlacesNamed<'a>,
    lexicon: &'a Lexicon,
    analyzer: &'a Analyzer,
}

impl Passages<'_> {
    fn all(&self, pieces: &[Piece], mut course: Course) -> Vec<Passage> {
        let ends = pieces
            .iter()
            .skip(1)
            .map(|p| p.begin)
            .chain([self.text.folded().len()]);
        let mut passages: Vec<Passage> = Vec::with_capacity(pieces.len());
        for (index, (piece, end)) in pieces.iter().zip(ends).enumerate() {
            let follows_proposal = passages.last().is_some_and(|before| {
                before.status == Some(Status::Proposed)
                    && pieces[index - 1].headings == piece.headings
            });
            let asked = self.asked(
                piece,
                end,
                course.below(self.headings(piece)),
                follows_proposal,
            );
            passages.push(self.one(index as u32 + 1, piece, end, asked));
        }
        passages
    }

    /// The headings above a piece, outermost first, each with the byte it begins at.
    fn headings(&self, piece: &Piece) -> impl Iterator<Item = (usize, &str)> {
        let folded = self.text.folded();
        let headings = piece.headings.clone().into_iter();
        headings.map(move |heading| (heading.start, &folded[heading]))
    }

    /// What the status of a piece is asked from. An article lays down a rule, whatever passes it on.
    fn asked(&self, piece: &Piece, end: usize, tone: Tone, follows_proposal: bool) -> Asked<'_> {
        let words = &self.text.folded()[piece.begin..end];
        let is_article = Marker::at_start(words).is_some_and(|m| m.form == Form::Article);
        let finding = piece
            .problem
            .as_ref()
            .filter(|problem| piece.begin <= problem.start && problem.end <= end)
            .map(|problem| problem.end - piece.begin);
        Asked {
            vocabulary: self.lexicon.status_words(),
            words,
            tone: if is_article { Tone::Rules } else { tone },
            finding,
            follows_proposal,
        }
    }

    fn one(&self, ordinal: u32, piece: &Piece, end: usize, asked: Asked<'_>) -> Passage {
        let range = piece.begin..end;
        let has_status = !piece.is_heading
            && !matches!(
                piece.kind,
                PassageKind::Furniture
                    | PassageKind::Annex
                    | PassageKind::Context
                    | PassageKind::LeadIn
            );
        let status = has_status.then(|| asked.status());
        let is_rules = asked.tone == Tone::Rules;
        let themes = if piece.kind == PassageKind::Furniture {
            Vec::new()
        } else {
            self.votes
                .of_passage(&range, &piece.headings, piece.problem.as_ref())
        };
        let span = self.text.span(range.clone());
        let is_own = piece.kind != PassageKind::Furniture;
        let signs = Signs::of(asked.words);
        let setting = Setting::new(matches!(status, Some((Status::Planned, _))), is_rules);
        let figures = if is_own {
            figures::figures(asked.words, span.begin, setting, |span| {
                self.text.quote(span).to_owned()
            })
        } else {
            Vec::new()
        };
        let deadlines = if is_own {
            deadline::of_passage(self.text, range.clone(), signs, self.anchor, is_rules)
        } else {
            Vec::new()
        };
        let responsible = if is_own {
            responsible::of_passage(self.text, range.clone(), signs)
        } else {
            Vec::new()
        };
        let places = if is_own {
            self.named.of_passage(self.text, range, self.analyzer)
        } else {
            Vec::new()
        };
        Passage {
            ordinal,
            span,
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
            status_evidence: status
                .into_iter()
                .flat_map(|(_, words)| words)
                .map(|at| {
                    self.text
                        .evidence(piece.begin + at.start..piece.begin + at.end)
                })
                .collect(),
            themes,
            figures,
            deadlines,
            responsible,
            places,
            is_heading: piece.is_heading,
        }
    }

    /// A heading as it is shown: a heading broken over two lines is one.
    fn heading(&self, bytes: &Range<usize>) -> String {
        let quote = self.text.words(bytes.clone());
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
            "由11个", "缩减至5个", "3—5个工作日", "五千元以上", "五万元以下", "年底前", "2017年底前", "完成时限：立行立改", "由市住房局牵头", "，市财政局配合", "（责任单位：市发改委、市工信局）", "責任單位：", "近三十餘家", "百分之三十五", "三分之一", "排名全省第3位", "占全市的30%", "33. 3%", "每年4万元", "同比上升9%", "、6%", "万", "一", "半", "%", "阶段（1月至2月）", "分享到:\n",
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
                for e in &passage.status_evidence {
                    prop_assert_eq!(&at(e.span.begin, e.span.end), &e.quote);
                }
                let is_furniture = passage.kind == PassageKind::Furniture;
                let figures: Vec<_> = passage.figures.iter().map(|f| (f.span, &f.quote)).collect();
                let deadlines: Vec<_> = passage.deadlines.iter().map(|d| (d.span, &d.quote)).collect();
                let bodies: Vec<_> = passage.responsible.iter().map(|r| (r.span, &r.quote)).collect();
                for list in [figures, deadlines, bodies] {
                    prop_assert!(list.is_empty() || !is_furniture);
                    let mut free = passage.span.begin;
                    for (span, quote) in list {
                        prop_assert!(span.begin >= free && span.end <= passage.span.end && !span.is_empty());
                        prop_assert_eq!(&at(span.begin, span.end), quote);
                        free = span.end;
                    }
                }
                for e in passage.deadlines.iter().flat_map(|d| &d.anchor_evidence) {
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

    /// How much was made of a text, in bytes and pieces.
    fn made(document: &Document) -> usize {
        let of = |p: &Passage| {
            let headings: usize = p.heading_path.iter().map(|h| h.len() + 1).sum();
            let evidence: usize = p.status_evidence.iter().map(|e| e.quote.len()).sum();
            1 + headings + evidence + p.themes.len()
        };
        document.passages.iter().map(of).sum()
    }

    #[test]
    fn what_is_made_of_a_text_grows_only_as_it_does() {
        for part in [
            "一是推进审批提速35.4%，将于年底前完成；",
            "一、推进审批提速\n",
            "（一）甲\n1.乙\n",
            "针对“《",
            "第一条 应当推进。\n",
            "已",
            "问：甲\n",
        ] {
            let [small, large] = [500, 2_000].map(|n| made(&read(&part.repeat(n))));
            assert!(large <= 4 * small + 200, "{part}: {small} then {large}");
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

    /// What a document's passages say on when: words, date and what it was counted from.
    fn deadlines(document: &Document) -> Vec<String> {
        let dated = |deadline: &duibiao_corpus::Deadline| {
            let date = deadline
                .normalized
                .map_or("-".to_owned(), |date| date.to_string());
            let anchor = deadline
                .anchor
                .map_or("-", duibiao_corpus::DeadlineAnchor::as_str);
            format!("{} {date} {anchor}", deadline.quote)
        };
        document
            .passages
            .iter()
            .flat_map(|p| &p.deadlines)
            .map(dated)
            .collect()
    }

    #[test]
    fn deadlines_are_counted_from_the_time_of_drafting() {
        let bulletin = |text: &str, signed: &str| {
            read(&format!(
                "中共甲市委关于巡视整改情况的通报\n\n根据安排，现予通报。\n（一）监督不够方面\n一是{text}\n二是深入推进。\n三是持续用力。\n\n中共甲市委\n\n{signed}\n"
            ))
        };
        // signed in March, but the text tells of nothing after December and names 2017 as to come
        let late = bulletin(
            "2016年12月12日启用新系统，列入2017年重点项目，其余年底前完成，2017年底前全部接入，力争明年上半年办结。",
            "2017年3月21日",
        );
        assert_eq!(
            deadlines(&late),
            [
                "年底前 2016-12-31 drafted",
                "2017年底前 2017-12-31 stated",
                "明年上半年 2017-06-30 drafted"
            ]
        );
        // nothing says whose year 年底 is
        let unsure = bulletin(
            "2016年12月12日启用新系统，其余年底前完成。",
            "2017年3月21日",
        );
        assert_eq!(deadlines(&unsure), ["年底前 - -"]);
        let plain = bulletin(
            "2017年5月启用新系统，其余今年年底前完成，6月底前全部接入，9月底前办结。",
            "2017年8月21日",
        );
        assert_eq!(
            deadlines(&plain),
            [
                "今年年底前 2017-12-31 dated",
                "6月底前 - -",
                "9月底前 2017-09-30 dated"
            ]
        );
    }

    #[test]
    fn only_ends_are_deadlines() {
        let cases: &[(&str, &[&str])] = &[
            ("截至2022年底，共享材料898个。", &[]),
            ("对2009年12月31日前已进户的项目逐一登记。", &[]),
            ("自2018年1月1日起施行。", &[]),
            (
                "落实《优化行动方案(2021-2024)》和《2030年前达峰方案》。",
                &[],
            ),
            ("比2015年底增加47件。", &[]),
            ("到2025年，全部建成。", &["2025年 2025-12-31 stated"]),
            (
                "2023年12月31日前完成。",
                &["2023年12月31日前 2023-12-31 stated"],
            ),
            (
                "整改时限：立行立改，长期坚持。",
                &["立行立改 - -", "长期坚持 - -"],
            ),
            (
                "完成时限：2024年6月底。",
                &["2024年6月底 2024-06-30 stated"],
            ),
            ("三个月内完成整改。", &["三个月内 - -"]),
            ("应当自受理之日起三个月内完成审查。", &[]),
            ("每年三月底前报送。", &["每年三月底前 - -"]),
            ("将结果纳入年底考评。", &[]),
            // Neither a year that is not said nor a part of 两年内.
            (
                "每两年可以申请一次，于11月10日前提出。",
                &["11月10日前 - -"],
            ),
            ("两年内未取得许可证的。", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(
                deadlines(&read(&format!("字。{text}"))),
                *expected,
                "{text}"
            );
        }
    }

    #[test]
    fn bodies_lead_answer_or_help() {
        let cases: &[(&str, &[&str])] = &[
            (
                "由市住房局牵头，市财政局、市审计局配合。",
                &[
                    "市住房局 lead",
                    "市财政局 cooperating",
                    "市审计局 cooperating",
                ],
            ),
            (
                "加快推进（市发改委牵头，各区县配合）。",
                &["市发改委 lead", "各区县 cooperating"],
            ),
            (
                "责任单位：市人力资源和社会保障局、市公安局",
                &["市人力资源和社会保障局 responsible", "市公安局 responsible"],
            ),
            (
                "牵头单位：市发改委；配合单位：各区政府",
                &["市发改委 lead", "各区政府 cooperating"],
            ),
            ("责任领导：张某某", &["张某某 leader"]),
            ("由公安机关负责。", &["公安机关 responsible"]),
            ("由专人负责，谁主管谁负责。", &[]),
            ("支持龙头企业牵头组建创新联合体。", &[]),
            ("平台建设原则上由企业牵头。", &["企业 lead"]),
            ("经营变化，由发行公司自行负责。", &["发行公司 responsible"]),
            ("应当设立专门机构牵头负责。", &[]),
            (
                "由组建单位或者管理单位负责，由产权人或者管理部门负责。",
                &[
                    "组建单位 responsible",
                    "管理单位 responsible",
                    "产权人或者管理部门 responsible",
                ],
            ),
            (
                "按下列规定确定责任人：\n机关、部队，由使用单位负责。",
                &["使用单位 responsible"],
            ),
            (
                "由两个以上单位承办的，由政府负责法制工作的部门报请裁决。",
                &[],
            ),
            ("由单位负责人签字。", &[]),
            (
                "自由贸易区领导小组负责统筹，分别由交通部门、水务部门牵头。",
                &["交通部门 lead", "水务部门 lead"],
            ),
        ];
        for (text, expected) in cases {
            let document = read(&format!("字。{text}\n"));
            let bodies: Vec<String> = document
                .passages
                .iter()
                .flat_map(|p| &p.responsible)
                .map(|r| format!("{} {}", r.body, r.duty.as_str()))
                .collect();
            assert_eq!(bodies, *expected, "{text}");
        }
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
