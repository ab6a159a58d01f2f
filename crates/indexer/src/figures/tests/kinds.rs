//! Kinds of names and meanings that were read wrong once, in documents not looked at before.

use super::{Setting, lines, reports};

/// Each sentence with its figures, in a document that lays down rules.
fn rules(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(lines(text, Setting::new(false, true)), *expected, "{text}");
    }
}

#[test]
fn a_quotation_within_a_name_belongs_to_it() {
    reports(&[
        (
            "专精特新“小精灵”企业达到61家，“两江”示范基地14个。",
            &[
                "达到61家 | 61 家 | level | 专精特新“小精灵”企业",
                "14个 | 14 个 | count | “两江”示范基地",
            ],
        ),
        // when is no part of it, nor is what was done to it
        (
            "“十四五”时期全市事故起数下降6%，“百日行动”整改安全隐患22处。",
            &[
                "下降6% | 6 % | rate_of_change direction=down | 事故起数",
                "22处 | 22 处 | count | 安全隐患",
            ],
        ),
        (
            "“江城标准”、“江城品牌”分别新增12项和44项。",
            &[
                "12项 | 12 项 | count | 江城标准",
                "44项 | 44 项 | count | 江城品牌",
            ],
        ),
    ]);
}

#[test]
fn words_that_look_like_the_end_of_a_name_may_be_part_of_it() {
    reports(&[
        (
            "建成3个省级以上园区，14万个婴幼儿所在家庭享受补贴，取缔9家无资质餐馆。",
            &[
                "3个 | 3 个 | count | 省级以上园区",
                "14万个 | 140000 个 | count | 婴幼儿所在家庭",
                "9家 | 9 家 | count | 无资质餐馆",
            ],
        ),
        (
            "建成和美乡村样板村30个，建成区面积提高5%，推进5万吨特种合金等项目。",
            &[
                "30个 | 30 个 | count | 和美乡村样板村",
                "提高5% | 5 % | rate_of_change direction=up | 建成区面积",
                "5万吨 | 5 万吨 | sum | 特种合金等项目",
            ],
        ),
        (
            "让13万户46万群众搬进新居，2所学院升格为大学，8个重点县建设冬春蔬菜基地。",
            &[
                "13万户 | 130000 户 | count | 群众",
                "2所 | 2 所 | count | 学院",
                "8个 | 8 个 | count | 重点县",
            ],
        ),
    ]);
}

#[test]
fn what_became_of_a_thing_is_not_its_name() {
    reports(&[
        (
            "预算收入累计完成3亿元，经济总量跨过两个万亿元大关、超过3万亿元。",
            &[
                "3亿元 | 3 亿元 | sum | 预算收入",
                "超过3万亿元 | 3 万亿元 | level op=> | 经济总量",
            ],
        ),
        (
            "村民收入首次突破2万元，企业较“十三五”期末增长36%，新建和改善城区绿道12公里。",
            &[
                "突破2万元 | 2 万元 | level op=> | 村民收入",
                "增长36% | 36 % | rate_of_change direction=up | 企业",
                "12公里 | 12 公里 | sum | 城区绿道",
            ],
        ),
        (
            "共有事项175项，其中市直34项；36家网站已整改，其余24家年底前完成。",
            &[
                "175项 | 175 项 | count | 事项",
                "34项 | 34 项 | part_of of=175 | 事项",
                "36家 | 36 家 | count | 网站",
                "24家 | 24 家 | count | 网站",
            ],
        ),
    ]);
}

#[test]
fn rules_name_persons_terms_and_what_is_to_be_done() {
    rules(&[
        (
            "携带不满十二周岁未成年人乘车的，六十五周岁以上老年人免费乘车。",
            &[
                "不满十二周岁 | 12 周岁 | threshold op=< | 未成年人",
                "六十五周岁以上 | 65 周岁 | threshold op=>= | 老年人",
            ],
        ),
        (
            "应当自验收之日起十日内向县（市、区）主管部门备案。",
            &["十日内 | 10 日 | limit op=<= | 向县(市、区)主管部门备案"],
        ),
        (
            "经营权期限届满三个月前，决定是否延续；合同期限一般为12个月，最长不超过24个月。",
            &[
                "期限届满三个月前 | 3 个月 | limit op=>= | 决定是否延续",
                "12个月 | 12 个月 | standard | 合同期限",
                "最长不超过24个月 | 24 个月 | limit op=<= | 合同期限",
            ],
        ),
        (
            "本办法自印发之日起施行，有效期五年。",
            &["有效期五年 | 5 年 | standard | 有效期"],
        ),
    ]);
}

#[test]
fn conditions_are_told_from_what_is_to_be_done_within_a_time() {
    rules(&[
        (
            "一年内因违反规定受到两次以上处罚的，一个月内再次答复代表。",
            &[
                "一年内 | 1 年 | threshold op=<= | 因违反规定受到两次以上处罚",
                "两次以上 | 2 次 | threshold op=>= | 处罚",
                "一个月内 | 1 个月 | limit op=<= | 再次答复代表",
            ],
        ),
        (
            "承担百分之六十至七十的责任，刑期不能少于十三年，委员会由五至十一人的单数组成。",
            &[
                "百分之六十至七十 | 60–70 % | limit op=between | 责任",
                "不能少于十三年 | 13 年 | limit op=>= | 刑期",
                "五至十一人 | 5–11 人 | limit op=between | 委员会",
            ],
        ),
        (
            "八十公顷以下（含八十公顷）的，取水三千立方米以上不足二万立方米的。",
            &[
                "八十公顷以下 | 80 公顷 | threshold op=<= | -",
                "三千立方米以上 | 3000 立方米 | threshold op=>= | 取水",
                "不足二万立方米 | 20000 立方米 | threshold op=< | 取水",
            ],
        ),
    ]);
}

#[test]
fn a_part_is_of_what_has_its_name() {
    reports(&[(
        "对50个部门210个事项逐个核查，共有21个部门未授权。",
        &[
            "50个 | 50 个 | count | 部门",
            "210个 | 210 个 | count | 事项",
            "21个 | 21 个 | part_of of=50 | 部门",
        ],
    )]);
    rules(&[(
        "应当按照不低于建筑面积千分之三的比例配置物业用房，逾期一年未达到限额的。",
        &[
            "不低于建筑面积千分之三 | 3 ‰ | limit op=>= | 物业用房",
            "逾期一年 | 1 年 | threshold op=> | 未达到限额",
        ],
    )]);
}

#[test]
fn numbers_of_meetings_and_kinds_are_no_figures() {
    reports(&[
        (
            "市人民代表大会常务委员会十六次会议通过，按照市政府74次常务会议部署。",
            &[],
        ),
        (
            "新建3人制球场，减少一次性用品消费，着力突破一批关键技术。",
            &[],
        ),
        (
            "帮扶监测对象16万户70万人，整改83个未通过审核的驿站。",
            &[
                "16万户 | 160000 户 | count | 帮扶监测对象",
                "70万人 | 700000 人 | count | 帮扶监测对象",
                "83个 | 83 个 | count | 未通过审核的驿站",
            ],
        ),
        (
            "将在1个至5个工作日内办结。",
            &["1个至5个工作日内 | 1–5 工作日 | limit op=<= | 办结"],
        ),
    ]);
}
