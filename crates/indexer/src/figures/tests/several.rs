//! Figures that belong together: lists under 分别, and changes told at once.

use super::reports;

#[test]
fn several_changes_at_once_keep_their_own_value_before() {
    reports(&[
        (
            "区域总部、研发中心分别从71家、48家增加到107家、63家。",
            &[
                "107家 | 107 家 | from_to from=71 to=107 | 区域总部",
                "63家 | 63 家 | from_to from=48 to=63 | 研发中心",
            ],
        ),
        (
            "居民收入从2019年的3万元和2万元分别提高到5万元和4万元。",
            &[
                "5万元 | 5 万元 | from_to from=3 to=5 | 居民收入",
                "4万元 | 4 万元 | from_to from=2 to=4 | 居民收入",
            ],
        ),
    ]);
}

#[test]
fn a_list_without_names_of_its_own_takes_those_of_the_figures_before() {
    reports(&[(
        "接待游客310万人次、旅游花费42亿元，分别增长9%、11%。",
        &[
            "310万人次 | 3100000 人次 | count | 接待游客",
            "42亿元 | 42 亿元 | sum | 旅游花费",
            "增长9% | 9 % | rate_of_change direction=up | 接待游客",
            "11% | 11 % | rate_of_change direction=up | 旅游花费",
        ],
    )]);
}

#[test]
fn names_that_share_their_head_are_named_together() {
    reports(&[(
        "食品、化工、医药产业产值分别增长5%、6%和7%。",
        &[
            "增长5% | 5 % | rate_of_change direction=up | 食品、化工、医药产业产值",
            "6% | 6 % | rate_of_change direction=up | 食品、化工、医药产业产值",
            "7% | 7 % | rate_of_change direction=up | 食品、化工、医药产业产值",
        ],
    )]);
}

#[test]
fn figures_of_other_units_may_stand_in_one_list() {
    reports(&[(
        "航空旅客和货邮吞吐量分别达到900万人次、12万吨。",
        &[
            "达到900万人次 | 9000000 人次 | level | 航空旅客",
            "12万吨 | 12 万吨 | sum | 货邮吞吐量",
        ],
    )]);
}

#[test]
fn a_share_of_things_that_reach_something_is_no_change() {
    let froms = |text: &str| {
        let lines = super::lines(text, super::Setting::new(false, false));
        lines.iter().filter(|line| line.contains("from_to")).count()
    };
    for text in [
        "去年九成以上即90%的街道大厅达到三级标准。",
        "全市90%的乡镇服务站达到三级。",
        "60%的窗口网办率达到80%。",
    ] {
        assert_eq!(froms(text), 0, "{text}");
    }
    for text in [
        "网办率由60%达到80%。",
        "10分钟的填表时间压缩到2分钟。",
        "材料由27件减少到15，下同。",
    ] {
        assert_eq!(froms(text), 1, "{text}");
    }
}
