//! Sentences of the kind documents hold, with the figures they state.

mod kinds;
mod names;
mod several;

use duibiao_corpus::{Figure, Span};

use super::{Setting, figures};

fn read(text: &str, setting: Setting) -> Vec<Figure> {
    let chars: Vec<char> = text.chars().collect();
    figures(text, 0, setting, |span: Span| {
        chars[span.begin as usize..span.end as usize]
            .iter()
            .collect()
    })
}

/// A figure as one line: quote | value unit | type and its numbers | what.
fn shown(figure: &Figure) -> String {
    let comparison = serde_json::to_value(&figure.comparison).expect("plain data");
    let mut parts = vec![figure.comparison.name().to_owned()];
    for (name, value) in comparison.as_object().expect("tagged") {
        if name != "type" && !value.is_null() {
            parts.push(format!("{name}={}", value.to_string().trim_matches('"')));
        }
    }
    format!(
        "{} | {} {} | {} | {}",
        figure.quote,
        figure.value,
        figure.unit.as_deref().unwrap_or("-"),
        parts.join(" "),
        figure.what.as_deref().unwrap_or("-")
    )
}

fn lines(text: &str, setting: Setting) -> Vec<String> {
    read(text, setting).iter().map(shown).collect()
}

/// Each sentence with its figures, in a document that reports.
fn reports(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(lines(text, Setting::default()), *expected, "{text}");
    }
}

#[test]
fn things_counted_stand_behind_the_classifier_or_before_the_number() {
    reports(&[
        (
            "共查处破坏市场秩序案件26件，移送线索6条。",
            &[
                "26件 | 26 件 | count | 破坏市场秩序案件",
                "6条 | 6 条 | count | 移送线索",
            ],
        ),
        (
            "对12个部门310个办事事项1081个环节逐个核查。",
            &[
                "12个 | 12 个 | count | 部门",
                "310个 | 310 个 | count | 办事事项",
                "1081个 | 1081 个 | count | 环节",
            ],
        ),
        (
            "2019年1至6月,共受理投诉１３２４件。",
            &["１３２４件 | 1324 件 | count period=2019年1至6月 | 投诉"],
        ),
        (
            "归集信息3.5万条。",
            &["3.5万条 | 35000 条 | count | 归集信息"],
        ),
    ]);
}

#[test]
fn money_and_areas_are_summed_and_keep_their_unit() {
    let figures = read(
        "全年罚款4.4万元，接管老旧小区830万平方米。",
        Setting::default(),
    );
    assert_eq!(
        figures.iter().map(shown).collect::<Vec<_>>(),
        [
            "4.4万元 | 4.4 万元 | sum | 罚款",
            "830万平方米 | 830 万平方米 | sum | 老旧小区",
        ]
    );
    let base: Vec<_> = figures
        .iter()
        .flat_map(|figure| &figure.normalized)
        .map(|amount| format!("{} {}", amount.value, amount.unit))
        .collect();
    assert_eq!(base, ["44000 元", "8300000 平方米"]);
}

#[test]
fn reduced_by_is_not_reduced_to() {
    reports(&[
        (
            "平均办理时限压缩9.5个工作日。",
            &["压缩9.5个工作日 | 9.5 工作日 | reduction | 办理时限"],
        ),
        (
            "办理时限压缩至3个工作日。",
            &["压缩至3个工作日 | 3 工作日 | from_to to=3 | 办理时限"],
        ),
        (
            "要件由11个缩减至5个。",
            &["由11个缩减至5个 | 5 个 | from_to from=11 to=5 | 要件"],
        ),
        (
            "要件从11个减少了5个。",
            &[
                "11个 | 11 个 | count | 要件",
                "减少了5个 | 5 个 | reduction | 要件",
            ],
        ),
        (
            "办理时间由5个工作日压缩到1个。",
            &["由5个工作日压缩到1个 | 1 工作日 | from_to from=5 to=1 | 办理时间"],
        ),
        (
            "收费速度由1分钟缩减至15秒。",
            &["由1分钟缩减至15秒 | 15 秒 | from_to from=60 to=15 | 收费速度"],
        ),
        (
            "审核工作压缩3—5个工作日。",
            &["压缩3—5个工作日 | 3–5 工作日 | reduction_range | 审核工作"],
        ),
        (
            "森林覆盖率从2020年的51%提高到2025年的55%。",
            &["从2020年的51%提高到2025年的55% | 55 % | from_to from=51 to=55 | 森林覆盖率"],
        ),
    ]);
}

#[test]
fn changes_are_rates_against_the_year_before_or_a_named_year() {
    reports(&[
        (
            "审批提速35.4%。",
            &["提速35.4% | 35.4 % | rate_of_change direction=faster | 审批"],
        ),
        (
            "执结案件22034件，同比上升9.32%。",
            &[
                "22034件 | 22034 件 | count | 执结案件",
                "同比上升9.32% | 9.32 % | yoy direction=up | 执结案件",
            ],
        ),
        (
            "投诉率较上年同期下降13个百分点。",
            &["较上年同期下降13个百分点 | 13 百分点 | yoy direction=down | 投诉率"],
        ),
        (
            "排放总量比2015年下降18%。",
            &["比2015年下降18% | 18 % | from_baseline baseline=2015年 direction=down | 排放总量"],
        ),
        (
            "进口、出口分别增长5%、6%。",
            &[
                "增长5% | 5 % | rate_of_change direction=up | 进口",
                "6% | 6 % | rate_of_change direction=up | 出口",
            ],
        ),
    ]);
}

#[test]
fn levels_ranks_and_parts() {
    reports(&[
        (
            "“网上实办率”达到78.4%，排名全省第4位。",
            &[
                "达到78.4% | 78.4 % | level | 网上实办率",
                "排名全省第4位 | 4 名次 | rank scope=全省 | 网上实办率",
            ],
        ),
        ("执结率为33. 3%。", &["33. 3% | 33.3 % | level | 执结率"]),
        (
            "全市共有网站60家，其中36家已完成整改。",
            &[
                "60家 | 60 家 | count | 网站",
                "36家 | 36 家 | part_of of=60 | -",
            ],
        ),
        (
            "民营企业占全市的35%。",
            &["占全市的35% | 35 % | part_of whole=全市 | 民营企业"],
        ),
        (
            "投入近220亿元，惠及三十余家企业，占地约12亩。",
            &[
                "近220亿元 | 220 亿元 | approx op=< | 投入",
                "三十余家 | 30 家 | approx op=> | 企业",
                "约12亩 | 12 亩 | approx op=~ | 占地",
            ],
        ),
        (
            "给予每年4万元的运行补贴。",
            &["每年4万元 | 4 万元/年 | standard | 运行补贴"],
        ),
    ]);
}

#[test]
fn what_is_to_be_reached_is_a_target() {
    let planned = Setting::new(true, false);
    assert_eq!(
        lines(
            "归集并公示信息不少于100万条，办结率达到95%以上，新增供热能力800万平方米。",
            planned
        ),
        [
            "不少于100万条 | 1000000 条 | target op=>= | 归集并公示信息",
            "达到95%以上 | 95 % | target op=>= | 办结率",
            "800万平方米 | 800 万平方米 | target | 供热能力",
        ]
    );
    assert_eq!(
        lines("力争全年增长6%左右。", Setting::default()),
        ["增长6%左右 | 6 % | target direction=up op=~ | -"]
    );
    assert_eq!(
        lines("用户接入不超过30个工作日，力争15。", Setting::default()),
        [
            "不超过30个工作日 | 30 工作日 | limit op=<= | 用户接入",
            "力争15 | 15 工作日 | target op=<= | 用户接入",
        ]
    );
}

#[test]
fn limits_and_conditions_of_regulations() {
    let rules = Setting::new(false, true);
    let cases: &[(&str, &[&str])] = &[
        (
            "应当自收到申请之日起十五日内作出决定。",
            &["十五日内 | 15 日 | limit op=<= | 作出决定"],
        ),
        (
            "处五千元以上五万元以下罚款。",
            &["五千元以上五万元以下 | 5000–50000 元 | limit op=between | 罚款"],
        ),
        (
            "处三千元以下的罚款。",
            &["三千元以下 | 3000 元 | limit op=<= | 罚款"],
        ),
        (
            "鉴定人不得少于三人。",
            &["不得少于三人 | 3 人 | limit op=>= | 鉴定人"],
        ),
        (
            "议案由代表十人以上联名提出。",
            &["十人以上 | 10 人 | threshold op=>= | 代表"],
        ),
        (
            "年满十八周岁的公民。",
            &["年满十八周岁 | 18 周岁 | threshold op=>= | 公民"],
        ),
        (
            "须经三分之二以上业主同意。",
            &["三分之二以上 | 66.67 % | threshold op=>= | 业主"],
        ),
        (
            "许可证有效期为五年。",
            &["有效期为五年 | 5 年 | standard | 许可证"],
        ),
        (
            "举行会议的七日前通知。",
            &["七日前 | 7 日 | limit op=>= | 通知"],
        ),
        (
            "人均面积不得低于百分之三十五。",
            &["不得低于百分之三十五 | 35 % | limit op=>= | 人均面积"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(lines(text, rules), *expected, "{text}");
    }
}

#[test]
fn what_only_looks_like_a_quantity_is_none() {
    for text in [
        "拨打12345热线或110报警，电话0451-84664113。",
        "依据黑政发〔2010〕93号和第三十条、第12条第2款。",
        "2017年3月21日印发，2016年1至11月的数据，二〇一七年五月。",
        "推行“一网通办”“最多跑一次”，落实“两个责任”和“1+3+N”。",
        "整治“八个突出问题”，完善三张清单，坚持四个意识，做到两不愁三保障。",
        "《优化环境三十条措施》和《三年行动计划（2021-2024）》。",
        "第十五巡视组，第一产业，第3批次名单。",
        "实施三年行动计划和五年规划，推进二期工程。",
        "24小时自助服务，“60天会战”启动。",
        "全国统一大市场，千家万户，百家企业评政风。",
        "3.0版平台，5G基站，PM2.5浓度，A4纸，20:30开始。",
        "办好一件事，设一个窗口，召开一次会议。",
        "1.加强领导。2.强化责任。(3)落实到位。",
    ] {
        assert_eq!(
            lines(text, Setting::default()),
            Vec::<String>::new(),
            "{text}"
        );
    }
}

#[test]
fn figures_do_not_overlap_and_keep_their_order() {
    let text = "由27项减少到15项、6项，3至5个工作日内办结，占全省的30%，达到50个以上。";
    let mut end = 0;
    for figure in read(text, Setting::default()) {
        assert!(figure.span.begin >= end, "{figure:?}");
        end = figure.span.end;
    }
}

#[test]
fn each_of_several_names_has_the_number_of_its_place() {
    reports(&[
        (
            "外商投资、进出口总额和旅游收入分别增长8%、6.5%和12%。",
            &[
                "增长8% | 8 % | rate_of_change direction=up | 外商投资",
                "6.5% | 6.5 % | rate_of_change direction=up | 进出口总额",
                "12% | 12 % | rate_of_change direction=up | 旅游收入",
            ],
        ),
        (
            "事故起数、死亡人数分别下降15%、14.5%。",
            &[
                "下降15% | 15 % | rate_of_change direction=down | 事故起数",
                "14.5% | 14.5 % | rate_of_change direction=down | 死亡人数",
            ],
        ),
    ]);
}

#[test]
fn a_number_that_was_reached_is_no_target_and_a_change_may_stand_behind_it() {
    reports(&[
        (
            "全市生产总值达到23.2万亿元，营业收入增长9%。",
            &[
                "达到23.2万亿元 | 23.2 万亿元 | level | 生产总值",
                "增长9% | 9 % | rate_of_change direction=up | 营业收入",
            ],
        ),
        (
            "软件产业营收保持20%以上增长。",
            &["20%以上 | 20 % | rate_of_change direction=up | 软件产业营收"],
        ),
        (
            "一卡通应用拓展至177项。",
            &["拓展至177项 | 177 项 | from_to to=177 | 一卡通应用"],
        ),
    ]);
}

#[test]
fn the_number_of_one_thing_does_not_become_that_of_another() {
    reports(&[(
        "登记、刻章、领票三个环节压缩到8.5个工作日以内。",
        &["压缩到8.5个工作日以内 | 8.5 工作日 | from_to to=8.5 | 登记、刻章、领票三个环节"],
    )]);
    let rules = Setting::new(false, true);
    assert_eq!(
        lines("（一）已入住专有部分的比例达到百分之五十以上；", rules),
        ["达到百分之五十以上 | 50 % | threshold op=>= | 入住专有部分的比例"]
    );
}

#[test]
fn rules_set_fines_and_distances() {
    let rules = Setting::new(false, true);
    let read = |text: &str| lines(text, rules);
    assert_eq!(
        read("违反规定的，处五百元罚款。"),
        ["五百元 | 500 元 | standard | 罚款"]
    );
    assert_eq!(
        read("外壁两侧一点五米范围内的区域为保护范围。"),
        ["一点五米 | 1.5 米 | standard | 外壁两侧"]
    );
    assert_eq!(
        read("檐口高度限高为三十六米。"),
        ["限高为三十六米 | 36 米 | limit op=<= | 檐口高度"]
    );
    let planned = Setting::new(true, false);
    assert_eq!(
        lines("严禁在学校周边100米以内摆摊。", planned),
        ["100米以内 | 100 米 | limit op=<= | 学校周边"]
    );
    assert_eq!(
        lines("为海拔1500米以上的学校建设供暖设施。", planned),
        ["1500米以上 | 1500 米 | threshold op=>= | 海拔"]
    );
}

#[test]
fn a_name_ends_where_what_is_done_begins() {
    reports(&[
        (
            "认定瞪羚企业358户和种子企业2户，**建成和谐社区**18个，在册项目81个。",
            &[
                "358户 | 358 户 | count | 瞪羚企业",
                "2户 | 2 户 | count | 种子企业",
                "18个 | 18 个 | count | 和谐社区",
                "81个 | 81 个 | count | 在册项目",
            ],
        ),
        (
            "57.6万名儿童享受减免，市直23个部门每季度末报计划，4个项目依法收回用地。",
            &[
                "57.6万名 | 576000 名 | count | 儿童",
                "23个 | 23 个 | count | 部门",
                "4个 | 4 个 | count | 项目",
            ],
        ),
        (
            "对21家履职不到位的物业企业依法处理，责令退还1.6万元。",
            &[
                "21家 | 21 家 | count | 履职不到位的物业企业",
                "1.6万元 | 1.6 万元 | sum | 责令退还",
            ],
        ),
        (
            "服务业增加值增长5%，设立登记时间压缩3天。",
            &[
                "增长5% | 5 % | rate_of_change direction=up | 服务业增加值",
                "压缩3天 | 3 天 | reduction | 设立登记时间",
            ],
        ),
    ]);
}
