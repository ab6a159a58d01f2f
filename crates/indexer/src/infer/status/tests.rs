//! What sentences of each kind say about how far a measure has come.

use super::*;
use duibiao_lexicon::Lexicon;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().expect("lexicon"));

fn of(words: &str, tone: Tone) -> Status {
    quoted(words, tone).0
}

fn quoted(words: &str, tone: Tone) -> (Status, Vec<&str>) {
    let asked = Asked {
        vocabulary: LEXICON.status_words(),
        words,
        tone,
        finding: None,
        follows_proposal: false,
    };
    let (status, at) = asked.status();
    (status, at.into_iter().map(|at| &words[at]).collect())
}

/// A measure that states its finding, in a report.
fn answering(words: &str) -> Status {
    let finding = words.find("的问题。").map(|at| at + "的问题。".len());
    let asked = Asked {
        vocabulary: LEXICON.status_words(),
        words,
        tone: Tone::Reports,
        finding,
        follows_proposal: false,
    };
    asked.status().0
}

#[test]
fn a_proposal_is_not_an_achievement() {
    let cases = [
        (
            "应建立政务诚信督导机制，定期开展评价。",
            Tone::Unknown,
            Status::Proposed,
        ),
        (
            "我市应建立人才名录，摸清底数。",
            Tone::Unknown,
            Status::Proposed,
        ),
        (
            "应急处置能力提升，累计处置47件。",
            Tone::Unknown,
            Status::Done,
        ),
        ("建议把评估报告纳入容缺。", Tone::Suggests, Status::Proposed),
        ("推行容缺受理。", Tone::Plans, Status::Planned),
        ("第二条 已经批准的，应当公布。", Tone::Rules, Status::Stated),
        (
            "各单位要在本月内自查，不得瞒报。",
            Tone::Directs,
            Status::Planned,
        ),
        ("已收到来函，意见附后。", Tone::Directs, Status::Done),
    ];
    for (words, tone, expected) in cases {
        assert_eq!(of(words, tone), expected, "{words}");
    }
}

#[test]
fn signs_of_completion_make_it_done() {
    for words in [
        "二是启用全新流程，平均审批时限缩减9.75个工作日。",
        "三是加大查处力度，警告门店31家，罚款2.6万元。",
        "印发《窗口人员管理办法》，加强日常管理。",
        "一是明确了分工，由市住建局牵头。",
        "从2019年3月开始，凡是超时办件一律由督查室过问。",
        "目前，全市12个区县均建立审批专班。",
        "设立咨询电话，累计受理265件。",
        "网办率达到91.3%，排名全省第三。",
        "平均查控时间由6天压到36小时，注销由3天减到1天以内。",
        "下发宣传手册4000余份，覆盖全部社区。",
        "检查建筑工地210余处（次），责令停工3处。",
    ] {
        assert_eq!(of(words, Tone::Reports), Status::Done, "{words}");
    }
}

#[test]
fn effects_habits_and_matters_are_no_completion() {
    for words in [
        "一是提高思想认识，把责任压紧压实。",
        "加强宣传引导，营造了全社会重商的氛围。",
        "对2015年以来下放的222项权力事项重新规范梳理。",
        "发现一处，取缔一处，及时处理投诉5件。",
        "对已通过验收的小区加强日常巡查。",
        "严格落实“8小时内装机、农村24小时内修障”的承诺。",
        "将现有环节再压缩3个。",
        "按照《市容管理条例》规范执法。",
        "实行限时办结制、首问负责制。",
        "学习《关于印发已建成项目名录的通知》精神。",
    ] {
        assert_eq!(of(words, Tone::Reports), Status::Stated, "{words}");
    }
}

#[test]
fn what_is_to_come_is_planned_and_both_together_are_mixed() {
    let cases = [
        (
            "将网上办事列入重点，近期将启动系统建设，年底前完成搭建。",
            Status::Planned,
        ),
        ("对欠款企业，将按照协议逐户清偿。", Status::Planned),
        (
            "由市司法局起草了联合执法规定，争取尽早提请审议。",
            Status::Planned,
        ),
        ("2018年底前,全市归集的信息不少于100万条。", Status::Planned),
        (
            "计划实施热源改造，新增供热能力800万平方米。",
            Status::Planned,
        ),
        ("已完成注销4户，其余力争年底前办结。", Status::Mixed),
        (
            "目前36家网站已整改，其余24家年底前全部完成。",
            Status::Mixed,
        ),
        ("现已接通专网，等待省级部门开放数据。", Status::Mixed),
        (
            "2009年12月31日前已进户的小区，由市住房局负责登记。",
            Status::Stated,
        ),
        ("日前召开了推进会，通报了进度。", Status::Done),
        ("将中介事项纳入清单管理，制定了准入办法。", Status::Done),
    ];
    for (words, expected) in cases {
        assert_eq!(of(words, Tone::Reports), expected, "{words}");
    }
}

#[test]
fn an_answer_to_one_finding_reports_acts() {
    let done = "(3)针对“窗口设置不合理”的问题。撤出两个空置窗口，增设老年人专窗，安排专人引导。";
    assert_eq!(
        answering("(2)针对“人员超编”的问题。立即将人员撤出，将有关职能并入大厅。"),
        Status::Done
    );
    let going_on = "(4)针对“招投标不规范”的问题。进一步加强管理，严格执行制度，防止再次发生。";
    let to_come = "(5)针对“企业未剥离”的问题。将按照有关规定推进剥离工作。";
    assert_eq!(answering(done), Status::Done);
    assert_eq!(answering(going_on), Status::Stated);
    assert_eq!(answering(to_come), Status::Planned);
    let cited = "(7)针对“标准不一”的问题。依据省厅制定的办法，继续规范窗口服务。";
    assert_eq!(answering(cited), Status::Stated);
    // The finding says what was wrong, not what became of it.
    let finding = "(6)针对“办件已超时47件”的问题。加强督促，压实责任。";
    assert_eq!(answering(finding), Status::Stated);
    // The same act in a list of methods is only stated.
    assert_eq!(
        of("一是增设老年人专窗，安排专人引导。", Tone::Reports),
        Status::Stated
    );
}

#[test]
fn what_members_suggest_is_proposed_whoever_reports_it() {
    let suggests = "办事环节仍偏多。委员建议，应压减环节，推行一窗受理。";
    assert_eq!(of(suggests, Tone::Reports), Status::Proposed);
    let thinks = "委员认为，我市应树立重商理念。";
    assert_eq!(of(thinks, Tone::Reports), Status::Proposed);
    let listed = "通过劝告、提醒、建议、协商等方式柔性管理。";
    assert_eq!(of(listed, Tone::Reports), Status::Stated);
    let done = "办理委员建议47件，已全部办结。";
    assert_eq!(of(done, Tone::Reports), Status::Done);
}

#[test]
fn the_deciding_words_are_quoted() {
    let (_, words) = quoted("目前已办结449件，正在推进办理299件。", Tone::Reports);
    assert_eq!(words, ["目前", "已办结", "正在推进"]);
    let (_, words) = quoted("开展了案卷评查，发现问题18个。", Tone::Reports);
    assert_eq!(words, ["开展了", "18个"]);
    let (_, words) = quoted("年底前建成平台。", Tone::Plans);
    assert_eq!(words, ["底前"]);
}

#[test]
fn what_follows_a_proposal_without_a_sign_of_its_own_is_proposed() {
    let asked = |words| Asked {
        vocabulary: LEXICON.status_words(),
        words,
        tone: Tone::Unknown,
        finding: None,
        follows_proposal: true,
    };
    assert_eq!(
        asked("——送政策上门，保证理解到位。").status().0,
        Status::Proposed
    );
    assert_eq!(asked("去年已走访企业310家。").status().0, Status::Done);
}

#[test]
fn headings_change_what_is_expected() {
    let cases = [
        (Tone::Reports, "三、下一步工作打算", Tone::Plans),
        (Tone::Reports, "二、重点任务完成情况", Tone::Reports),
        (Tone::Reports, "四、对策建议", Tone::Suggests),
        (Tone::Reports, "五、意见建议采纳情况", Tone::Reports),
        (Tone::Suggests, "一、存在的问题", Tone::Unknown),
        (Tone::Suggests, "二、解决问题的建议", Tone::Suggests),
        (Tone::Plans, "一、工作成效", Tone::Plans),
    ];
    for (tone, heading, expected) in cases {
        assert_eq!(tone.under(heading), expected, "{heading}");
    }
}

#[test]
fn what_follows_a_look_back_is_ahead() {
    let tones = |doc_type, headings: &[&str]| -> Vec<Tone> {
        let mut course = Course::new(doc_type);
        let sections = headings.iter().enumerate();
        sections
            .map(|(at, heading)| course.below(std::iter::once((at, *heading))))
            .collect()
    };
    let report = [
        "一、2031年工作回顾",
        "二、2032年主要工作",
        "三、加强自身建设",
    ];
    assert_eq!(
        tones(Some("政府工作报告"), &report),
        [Tone::Reports, Tone::Plans, Tone::Plans]
    );
    let summary = ["一、2031年做了哪些事", "二、还差在哪里", "三、2032年怎么干"];
    assert_eq!(
        tones(None, &summary),
        [Tone::Unknown, Tone::Unknown, Tone::Plans]
    );
    let methods = ["一、主要做法", "二、取得成效", "三、几点体会"];
    assert_eq!(tones(Some("总结"), &methods), [Tone::Reports; 3]);
}

#[test]
fn under_a_heading_of_plans_a_look_back_tells_what_was_done() {
    let cases = [
        ("过去五年，全市建成驿站210个。", Status::Done),
        ("着力惠民生。一年来，累计改造小区31个。", Status::Done),
        (
            "过去五年，改造小区31个，下一步力争再改造20个。",
            Status::Planned,
        ),
        ("改造小区31个。", Status::Planned),
    ];
    for (words, status) in cases {
        assert_eq!(of(words, Tone::Plans), status, "{words}");
    }
}
