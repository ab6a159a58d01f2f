//! What the segmenter does with the forms that documents come in.

use super::*;
use crate::text::lines;
use proptest::prelude::*;

/// Each passage as `kind|headings|problem|begin of its words`.
fn cut(text: &str, outline: &Outline) -> Vec<String> {
    let lines = lines(text, &[], &[]);
    let pieces = segment(text, &lines, outline);
    let ends: Vec<usize> = pieces
        .iter()
        .skip(1)
        .map(|p| p.begin)
        .chain([text.len()])
        .collect();
    let show = |piece: &Piece, end: usize| {
        let path: Vec<&str> = piece.headings.iter().map(|h| &text[h.clone()]).collect();
        let problem = piece.problem.clone().map_or("-", |p| &text[p]);
        let words: String = text[piece.begin..end].trim().chars().take(8).collect();
        let kind = if piece.is_heading {
            "heading"
        } else {
            piece.kind.as_str()
        };
        format!("{kind}|{}|{problem}|{words}", path.join("/"))
    };
    pieces
        .iter()
        .zip(ends)
        .map(|(piece, end)| show(piece, end))
        .collect()
}

fn findings() -> Outline {
    Outline {
        answers_findings: true,
        ..Outline::default()
    }
}

#[test]
fn a_rectification_bulletin_with_run_in_headings() {
    let text = "根据统一部署，现予公布。\n（一）责任落实不到位方面\n1.关于传导压力不够。（1）关于“甲过多”。一是清理事项。二是精简环节。\n\
                2.关于多头执法。一是加强沟通。二是联合检查。\n";
    assert_eq!(
        cut(text, &findings()),
        [
            "context||-|根据统一部署，现",
            "heading|（一）责任落实不到位方面|-|（一）责任落实不",
            "heading|（一）责任落实不到位方面/1.关于传导压力不够|-|1.关于传导压力",
            "heading|（一）责任落实不到位方面/1.关于传导压力不够/（1）关于“甲过多”|-|（1）关于“甲过",
            "measure|（一）责任落实不到位方面/1.关于传导压力不够/（1）关于“甲过多”|甲过多|一是清理事项。",
            "measure|（一）责任落实不到位方面/1.关于传导压力不够/（1）关于“甲过多”|甲过多|二是精简环节。",
            "heading|（一）责任落实不到位方面/2.关于多头执法|-|2.关于多头执法",
            "measure|（一）责任落实不到位方面/2.关于多头执法|多头执法|一是加强沟通。",
            "measure|（一）责任落实不到位方面/2.关于多头执法|多头执法|二是联合检查。",
        ]
    );
}

#[test]
fn findings_answered_one_by_one() {
    let text = "(二)在环境不够优方面\n\n(8)针对“甲不到位”的问题。制定办法。\n\n1.解决执行难问题力度不大。\n\n(9)针对“乙不充分”的问题。拓展手段。\n";
    assert_eq!(
        cut(text, &findings()),
        [
            "heading|(二)在环境不够优方面|-|(二)在环境不够",
            "measure|(二)在环境不够优方面|甲不到位|(8)针对“甲不",
            "heading|(二)在环境不够优方面/1.解决执行难问题力度不大|-|1.解决执行难问",
            "measure|(二)在环境不够优方面/1.解决执行难问题力度不大|乙不充分|(9)针对“乙不",
        ]
    );
}

#[test]
fn a_plan_with_sections_of_their_own_kind_and_an_annex() {
    let text = "一、总体要求\n坚持问题导向，统一部署。\n二、重点任务\n(一)推行容缺受理。各部门要公布清单。\n责任单位：市营商局\n(二)压缩时限。\n\
                三、组织领导\n成立领导小组。\n组 长:张某\n成 员:李某\n四、实施步骤\n(一)启动阶段(1月)。制定方案。\n附件1:\n市发改委\n市住建局\n";
    assert_eq!(
        cut(text, &Outline::default()),
        [
            "heading|一、总体要求|-|一、总体要求",
            "context|一、总体要求|-|坚持问题导向，统",
            "heading|二、重点任务|-|二、重点任务",
            "measure|二、重点任务|-|(一)推行容缺受",
            "measure|二、重点任务|-|(二)压缩时限。",
            "heading|三、组织领导|-|三、组织领导",
            "organization|三、组织领导|-|成立领导小组。",
            "organization|三、组织领导|-|组 长:张某\n成",
            "heading|四、实施步骤|-|四、实施步骤",
            "schedule|四、实施步骤|-|(一)启动阶段(",
            "heading|附件1|-|附件1:",
            "annex|附件1|-|市发改委\n市住建",
        ]
    );
}

#[test]
fn articles_keep_their_paragraphs_and_items() {
    let text = "第一章 总则\n第一条 为了甲，制定本条例。\n第二条 乙包括：\n（一）丙；\n（二）丁。\n前款所称戊。\n第二章 监管\n第三条 己。\n";
    assert_eq!(
        cut(text, &Outline::default()),
        [
            "heading|第一章 总则|-|第一章 总则",
            "measure|第一章 总则|-|第一条 为了甲，",
            "measure|第一章 总则|-|第二条 乙包括：",
            "heading|第二章 监管|-|第二章 监管",
            "measure|第二章 监管|-|第三条 己。",
        ]
    );
}

#[test]
fn text_without_numbers_is_structured_by_its_short_lines() {
    let text = "题目在此\n为配合中心工作，市政协开展了协商议政，形成了报告。\n\n深化“放管服”改革\n\n下放行政审批事项\n\n委员充分肯定近年来所做的各项工作及取得的阶段性成果。\n\n——加强流程再造，平均审批时限缩减，审批提速。\n";
    let outline = Outline {
        title: Some(0..12),
        ..Outline::default()
    };
    assert_eq!(
        cut(text, &outline),
        [
            "context||-|题目在此",
            "measure||-|为配合中心工作，",
            "heading|深化“放管服”改革\n\n下放行政审批事项|-|深化“放管服”改",
            "measure|深化“放管服”改革\n\n下放行政审批事项|-|委员充分肯定近年",
            "measure|深化“放管服”改革\n\n下放行政审批事项|-|——加强流程再造",
        ]
    );
}

#[test]
fn a_paragraph_headed_by_its_first_sentence() {
    let text = "擦亮服务窗口，提升质效。针对群众反映的“事难办”，着力根除。一是全面自查。二是创新方式。\n下一段不再有标题。\n";
    assert_eq!(
        cut(text, &Outline::default()),
        [
            "heading|擦亮服务窗口，提升质效|-|擦亮服务窗口，提",
            "lead_in|擦亮服务窗口，提升质效|-|针对群众反映的“",
            "measure|擦亮服务窗口，提升质效|-|一是全面自查。",
            "measure|擦亮服务窗口，提升质效|-|二是创新方式。",
            "measure||-|下一段不再有标题",
        ]
    );
}

#[test]
fn the_last_item_before_a_signature_stays_a_measure() {
    let text = "关于推行秒批的方案\n一、探索智能秒批，先选优待证等12项。\n特此通知。\n某市政务服务局\n2021年3月1日\n";
    let signature = text.find("某市政务").expect("it is there");
    let outline = Outline {
        title: Some(0..27),
        signature: Some(signature..text.trim_end().len()),
        ..Outline::default()
    };
    assert_eq!(
        cut(text, &outline),
        [
            "context||-|关于推行秒批的方",
            "measure||-|一、探索智能秒批",
            "context||-|特此通知。",
            "context||-|某市政务服务局\n",
        ]
    );
}

#[test]
fn a_plan_behind_the_signature_of_its_notice_is_read_like_any_other() {
    let text = "关于印发方案的通知\n现将方案印发给你们。\n某市人民政府\n2021年3月1日\n某市工作方案\n一、总体要求\n统一部署。\n二、主要任务\n（一）推行容缺受理。公布清单。\n（二）压缩时限。\n";
    let signature = text.find("某市人民").expect("it is there");
    let outline = Outline {
        title: Some(0..27),
        signature: Some(signature..signature + "某市人民政府\n2021年3月1日".len()),
        ..Outline::default()
    };
    let cut = cut(text, &outline);
    assert_eq!(cut[2], "context||-|某市人民政府\n2");
    assert_eq!(cut[3], "context||-|某市工作方案");
    assert!(
        cut.contains(&"measure|二、主要任务|-|（一）推行容缺受".to_owned()),
        "{cut:#?}"
    );
}

#[test]
fn a_report_is_headed_by_titles_without_numbers_too() {
    let long = "坚持稳中求进，全省上下同心协力，较好完成了全年主要目标任务，各项事业取得新进步。";
    let text = format!(
        "各位代表：\n2031年工作回顾\n{long}\n2032年重点工作\n{long}\n（一）扩大内需\n{long}\n（二）深化改革\n{long}\n各位代表！\n"
    );
    let cut = cut(&text, &Outline::default());
    assert_eq!(
        cut,
        [
            "context||-|各位代表：",
            "heading|2031年工作回顾|-|2031年工作回",
            "measure|2031年工作回顾|-|坚持稳中求进，全",
            "heading|2032年重点工作|-|2032年重点工",
            "measure|2032年重点工作|-|坚持稳中求进，全",
            "heading|2032年重点工作/（一）扩大内需|-|（一）扩大内需",
            "measure|2032年重点工作/（一）扩大内需|-|坚持稳中求进，全",
            "heading|2032年重点工作/（二）深化改革|-|（二）深化改革",
            "measure|2032年重点工作/（二）深化改革|-|坚持稳中求进，全",
            "context|2032年重点工作/（二）深化改革|-|各位代表！",
        ]
    );
}

#[test]
fn what_is_wrong_is_context_and_a_list_of_annexes_no_measure() {
    let text = "一、存在的主要问题\n（一）系统不通。数据要重复填报。\n二、下步措施\n（一）打通系统。年内完成。\n附件：1．事项目录\n2．人员名册\n";
    assert_eq!(
        cut(text, &Outline::default()),
        [
            "heading|一、存在的主要问题|-|一、存在的主要问",
            "context|一、存在的主要问题|-|（一）系统不通。",
            "heading|二、下步措施|-|二、下步措施",
            "measure|二、下步措施|-|（一）打通系统。",
            "context|二、下步措施|-|附件：1．事项目",
            "context|二、下步措施|-|2．人员名册",
        ]
    );
}

#[test]
fn a_question_heads_its_answer() {
    let text = "问：哪些企业可以申请？\n答：凡在本市注册的均可申请。\n问：何时兑付？\n答：每季度末兑付一次。\n";
    assert_eq!(
        cut(text, &Outline::default()),
        [
            "heading|问：哪些企业可以申请？|-|问：哪些企业可以",
            "measure|问：哪些企业可以申请？|-|答：凡在本市注册",
            "heading|问：何时兑付？|-|问：何时兑付？",
            "measure|问：何时兑付？|-|答：每季度末兑付",
        ]
    );
}

#[test]
fn a_sentence_before_an_enumeration_is_no_heading_of_its_paragraph() {
    let text = "目前，整改工作取得的成效还是阶段性的，有的问题刚刚破题。下一步，一是逐项销号。二是组织回头看。\n";
    assert_eq!(
        cut(text, &Outline::default()),
        [
            "lead_in||-|目前，整改工作取",
            "measure||-|一是逐项销号。",
            "measure||-|二是组织回头看。",
        ]
    );
}

proptest! {
    #[test]
    fn pieces_tile_any_text(parts in prop::collection::vec(prop::sample::select(vec![
        "一、", "（一）", "1.", "（1）", "一是", "二是", "。", "；", "\n", "\n\n", "附件1:", "第一条 ", "第一章", "针对“", "”的问题。", "市营商局", "　　", "06\n", "a", "关于", "整改",
    ]), 0..80)) {
        let text = parts.concat();
        let lines = lines(&text, &[], &[]);
        let pieces = segment(&text, &lines, &findings());
        prop_assert_eq!(pieces[0].begin, 0);
        prop_assert!(pieces.windows(2).all(|w| w[0].begin < w[1].begin), "{:?}", pieces);
        for piece in &pieces {
            prop_assert!(text.is_char_boundary(piece.begin) && piece.begin <= text.len());
            for range in piece.headings.iter().chain(&piece.problem) {
                prop_assert!(text.get(range.clone()).is_some());
            }
        }
    }
}

/// However many lines a text has, the passages are so many; what follows stands under no heading
/// and claims nothing.
#[test]
fn a_text_of_too_many_passages_is_cut_by_length() {
    let head = "一、第一部分\n二、第二部分\n";
    let text = format!("{head}{}", "推行容缺受理。\n".repeat(MOST_PIECES + 50_000));
    let lines = lines(&text, &[], &[]);
    let pieces = segment(&text, &lines, &Outline::default());
    let rest = &pieces[MOST_PIECES..];
    assert!((2..1_000).contains(&rest.len()), "{}", rest.len());
    assert!(
        rest.iter()
            .all(|p| p.kind == PassageKind::Context && p.headings.is_empty())
    );
    assert!(!pieces[MOST_PIECES - 1].headings.is_empty());
    let begins: Vec<usize> = pieces.iter().map(|piece| piece.begin).collect();
    assert!(begins.is_sorted() && begins[0] == 0);
    let end = text.len();
    let ends = begins[1..].iter().chain([&end]);
    let longest = begins
        .iter()
        .zip(ends)
        .map(|(begin, end)| end - begin)
        .max();
    assert!(longest <= Some(MOST_BYTES), "{longest:?}");
}
