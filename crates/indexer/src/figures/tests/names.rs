//! What figures measure: names without the words around them, and how plans and rules mean their numbers.

use super::{Setting, lines, reports};

#[test]
fn a_share_or_a_ratio_keeps_its_word() {
    reports(&[
        (
            "护理床位占比提升至61%，优良河段比例达到88%。",
            &[
                "占比提升至61% | 61 % | from_to to=61 | 护理床位占比",
                "达到88% | 88 % | level | 优良河段比例",
            ],
        ),
        (
            "旅游收入达到30亿元、占比稳定在12%。",
            &[
                "达到30亿元 | 30 亿元 | level | 旅游收入",
                "占比稳定在12% | 12 % | part_of | 旅游收入",
            ],
        ),
    ]);
}

#[test]
fn verbs_and_clauses_before_a_name_are_no_part_of_it() {
    reports(&[
        (
            "新集聚青年工匠300人，修改和废止市政府规章7部，提请市人大常委会审议法规草案4件。",
            &[
                "300人 | 300 人 | count | 青年工匠",
                "7部 | 7 部 | count | 市政府规章",
                "4件 | 4 件 | count | 法规草案",
            ],
        ),
        (
            "用户突破90万、日访问量稳定在6万人次，优化支出结构、清收各类欠款5亿元。",
            &[
                "稳定在6万人次 | 60000 人次 | level | 日访问量",
                "5亿元 | 5 亿元 | sum | 各类欠款",
            ],
        ),
        (
            "培训试点惠及8.2万人，办理许可29件。",
            &[
                "8.2万人 | 82000 人 | count | 培训试点",
                "29件 | 29 件 | count | 办理许可",
            ],
        ),
    ]);
}

#[test]
fn a_name_behind_the_number_ends_where_another_or_a_clause_begins() {
    reports(&[
        (
            "甲城等6个市和乙、丙两县获得命名，9支产业基金整合为一支，14所村小提前完成搬迁。",
            &[
                "6个 | 6 个 | count | 市",
                "9支产业基金整合为一支 | 1 支 | from_to from=9 to=1 | -",
                "14所 | 14 所 | count | 村小",
            ],
        ),
        (
            "建成18个农村“水窖”项目，推出21个“一件事”，入户调查40项测评点中仍有缺项。",
            &[
                "18个 | 18 个 | count | 农村“水窖”项目",
                "21个 | 21 个 | count | 一件事",
                "40项 | 40 项 | count | 测评点",
            ],
        ),
        (
            "35家二级及以上医院实现互认，17项改革经验获推广，22个县列重点项目开工。",
            &[
                "35家 | 35 家 | count | 二级及以上医院",
                "17项 | 17 项 | count | 改革经验",
                "22个 | 22 个 | count | 县列重点项目",
            ],
        ),
        (
            "建成年产60万吨油料项目，改造提升25个养老机构。",
            &[
                "60万吨 | 60 万吨 | sum | 油料项目",
                "25个 | 25 个 | count | 养老机构",
            ],
        ),
    ]);
}

#[test]
fn in_a_relative_clause_the_thing_that_is_so_large_is_measured() {
    reports(&[(
        "年销售额超过五亿元的企业有所增加。",
        &["超过五亿元 | 500000000 元 | level op=> | 年销售额"],
    )]);
}

#[test]
fn what_is_compared_with_is_not_what_is_measured() {
    reports(&[
        (
            "死亡人数较“十三五”时期下降31%。",
            &["下降31% | 31 % | rate_of_change direction=down | 死亡人数"],
        ),
        (
            "利润总额为“十二五”时期的2.1倍。",
            &["2.1倍 | 2.1 倍 | level | 利润总额"],
        ),
    ]);
}

#[test]
fn a_place_among_the_first_is_a_rank_and_a_concentration_a_level() {
    reports(&[
        (
            "制造业投资增速居全国前5位。",
            &["居全国前5位 | 5 名次 | rank scope=全国 | 制造业投资增速"],
        ),
        (
            "颗粒物年均浓度为31微克/立方米。",
            &["31微克/立方米 | 31 微克/立方米 | level | 颗粒物年均浓度"],
        ),
        (
            "债务规模压降44%。",
            &["压降44% | 44 % | reduction | 债务规模"],
        ),
    ]);
}

#[test]
fn in_a_plan_the_number_behind_verb_and_object_is_to_be_reached() {
    let planned = Setting::new(true, false);
    assert_eq!(
        lines("在7个城区增补义务教育学位2万个。", planned),
        [
            "7个 | 7 个 | count | 城区",
            "2万个 | 20000 个 | target | 义务教育学位",
        ]
    );
    assert_eq!(
        lines("护理型床位占比达到70%。", planned),
        ["占比达到70% | 70 % | target | 护理型床位占比"]
    );
    assert_eq!(
        lines("一次性补助8000元。", planned),
        ["8000元 | 8000 元 | standard | 一次性补助"]
    );
    assert_eq!(
        lines("这五年，财政收入达到90亿元，新增车位4万个。", planned),
        [
            "达到90亿元 | 90 亿元 | level | 财政收入",
            "4万个 | 40000 个 | count | 车位",
        ]
    );
}

#[test]
fn a_concentration_to_be_kept_is_a_target() {
    assert_eq!(
        lines(
            "臭氧年均浓度不高于140微克/立方米。",
            Setting::new(true, false)
        ),
        ["不高于140微克/立方米 | 140 微克/立方米 | target op=<= | 臭氧年均浓度"]
    );
}

#[test]
fn how_long_people_are_expected_to_live_is_no_plan() {
    reports(&[(
        "人均预期寿命增至81.2岁。",
        &["增至81.2岁 | 81.2 岁 | from_to to=81.2 | 人均预期寿命"],
    )]);
}

#[test]
fn rules_lay_down_fines_ranges_and_terms() {
    let rules = Setting::new(false, true);
    let cases: &[(&str, &[&str])] = &[
        (
            "对每次违法行为处五千元以上一万元以下罚款。",
            &["每次违法行为处五千元以上一万元以下 | 5000–10000 元/次 | limit op=between | 罚款"],
        ),
        (
            "并处违法所得百分之五十以上三倍以下的罚款。",
            &["百分之五十以上三倍以下 | 50–300 % | limit op=between | 罚款"],
        ),
        (
            "按照每平方米八十元处罚款。",
            &["每平方米八十元 | 80 元/平方米 | standard | 罚款"],
        ),
        (
            "按日加收万分之五的滞纳金。",
            &["万分之五 | 0.05 % | standard | 滞纳金"],
        ),
        (
            "筹备组人数应当为七至十一人的单数。",
            &["七至十一人 | 7–11 人 | limit op=between | 筹备组人数"],
        ),
        (
            "树龄三百年以上五百年以下的古树实行二级保护。",
            &["三百年以上五百年以下 | 300–500 年 | limit op=between | 树龄"],
        ),
        (
            "应当自公布之日起三个月内，按照各自职责，设立保护标志。",
            &["三个月内 | 3 个月 | limit op=<= | 设立保护标志"],
        ),
        (
            "结案后三十日内无偿归还失主。",
            &["三十日内 | 30 日 | limit op=<= | 无偿归还失主"],
        ),
        (
            "应当在二十四小时内及时补办手续。",
            &["二十四小时内 | 24 小时 | limit op=<= | 及时补办手续"],
        ),
        (
            "每年不低于养护总里程百分之七。",
            &["不低于养护总里程百分之七 | 7 % | limit op=>= | -"],
        ),
        (
            "车库照明管线向两侧延伸一米。",
            &["一米 | 1 米 | standard | 车库照明管线向两侧延伸"],
        ),
        (
            "广告设施许可有效期最长不得超过三年。",
            &["有效期最长不得超过三年 | 3 年 | limit op=<= | 广告设施许可"],
        ),
        (
            "处三年以上七年以下有期徒刑。",
            &["三年以上七年以下 | 3–7 年 | limit op=between | 有期徒刑"],
        ),
        ("违反第四条第一项至四项、第二、三款规定的，责令改正。", &[]),
        ("按照市委十届三次、四次全会部署。", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(lines(text, rules), *expected, "{text}");
    }
}

#[test]
fn who_did_it_and_what_was_done_are_no_part_of_the_name() {
    reports(&[
        (
            "甲县林业局侦破了盗伐案件13件，乙市人社局举办招聘会27场。",
            &[
                "13件 | 13 件 | count | 盗伐案件",
                "27场 | 27 场 | count | 招聘会",
            ],
        ),
        (
            "某区住建部门受理了投诉31件。",
            &["31件 | 31 件 | count | 投诉"],
        ),
    ]);
}

#[test]
fn a_bracket_within_a_name_belongs_to_it() {
    reports(&[
        (
            "通燃气的县（市、区）达到94个，改造12个县（区）客运站。",
            &[
                "达到94个 | 94 个 | level | 通燃气的县",
                "12个 | 12 个 | count | 县(区)客运站",
            ],
        ),
        (
            "化解劳动纠纷（含欠薪）18起，6家企业（其中民营4家）参加。",
            &[
                "18起 | 18 起 | count | 劳动纠纷",
                "6家 | 6 家 | count | 企业",
                "4家 | 4 家 | part_of of=6 | 民营",
            ],
        ),
    ]);
}

#[test]
fn behind_a_clause_about_them_stands_what_is_counted() {
    reports(&[
        (
            "表彰14名从事野外巡护的职工。",
            &["14名 | 14 名 | count | 职工"],
        ),
        ("清退7个由外地投资的项目。", &["7个 | 7 个 | count | 项目"]),
    ]);
    let rules = Setting::new(false, true);
    assert_eq!(
        lines("可以委托一至二人作为代理人。", rules),
        ["一至二人 | 1–2 人 | limit op=between | 代理人"]
    );
}

#[test]
fn the_first_value_may_be_told_by_its_time() {
    reports(&[
        (
            "参保人数由上年63万人增加到71万人。",
            &["由上年63万人增加到71万人 | 710000 人 | from_to from=630000 to=710000 | 参保人数"],
        ),
        (
            "绿化覆盖率由2019年底的31%提升至38%。",
            &["由2019年底的31%提升至38% | 38 % | from_to from=31 to=38 | 绿化覆盖率"],
        ),
    ]);
}

#[test]
fn ranks_are_read_in_chinese_numerals() {
    reports(&[
        (
            "网办率跃居全省第三位，信用指数排名全国第十二。",
            &[
                "跃居全省第三位 | 3 名次 | rank scope=全省 | 网办率",
                "排名全国第十二 | 12 名次 | rank scope=全国 | 信用指数",
            ],
        ),
        ("召开第三次会议，第二批共九项，列入第一方阵。", &[]),
    ]);
}

#[test]
fn what_is_left_undone_within_a_time_is_a_condition() {
    let rules = Setting::new(false, true);
    let cases: &[(&str, &[&str])] = &[
        (
            "催告后三十日内仍不缴清的，停止供应。",
            &["三十日内 | 30 日 | threshold op=<= | 仍不缴清"],
        ),
        (
            "异议登记之日起十日内，不提起诉讼的，登记失效。",
            &["十日内 | 10 日 | threshold op=<= | -"],
        ),
        (
            "三年内不得从事该业务。",
            &["三年内 | 3 年 | limit op=<= | -"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(lines(text, rules), *expected, "{text}");
    }
}

#[test]
fn what_must_be_more_than_something_is_limited() {
    let rules = Setting::new(false, true);
    let cases: &[(&str, &[&str])] = &[
        (
            "用于培训的经费所占比例，应当高于总额的百分之四十。",
            &["高于总额的百分之四十 | 40 % | limit op=> | 用于培训的经费所占比例"],
        ),
        (
            "每张通行证的有效期限不得超过二十日。",
            &["有效期限不得超过二十日 | 20 日 | limit op=<= | 通行证"],
        ),
        (
            "会议召开十日前，筹备组应当通知全体业主。",
            &["十日前 | 10 日 | limit op=>= | 通知全体业主"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(lines(text, rules), *expected, "{text}");
    }
}

#[test]
fn what_is_no_name_by_itself_is_none() {
    reports(&[
        (
            "地方财政收入达到31亿元，增长2%（同口径增长3%）。",
            &[
                "达到31亿元 | 31 亿元 | level | 地方财政收入",
                "增长2% | 2 % | rate_of_change direction=up | 地方财政收入",
                "增长3% | 3 % | rate_of_change direction=up | 地方财政收入",
            ],
        ),
        (
            "各族群众满意度保持在97%以上，4家企业主板上市。",
            &[
                "保持在97%以上 | 97 % | level op=>= | 各族群众满意度",
                "4家 | 4 家 | count | 企业",
            ],
        ),
    ]);
}
