//! The way of a wording: first appearances, years searched in vain and years without documents, what only
//! cites; at the terminal, through the API, as a page and as files.

use scraper::{Html, Selector};
use serde_json::Value;

use crate::support::{Place, Server};

const DOCUMENTS: &[(&str, &str)] = &[
    (
        "大连2016.txt",
        "大连市人民政府关于审批工作的通报\n\n一、审批\n\n（一）压缩审批时限。\n\n大连市人民政府\n2016年3月21日\n",
    ),
    (
        "大连2017.txt",
        "大连市人民政府关于审批工作的报告\n\n一、依据\n\n（一）按照《鞍山市容缺受理办法》的要求清理材料。\n\n大连市人民政府\n2017年5月2日\n",
    ),
    (
        "大连2019.txt",
        "大連市人民政府關於審批工作的報告\n\n一、審批\n\n（一）已推行容缺受理，材料可以後補。\n\n（二）容缺受理的事項已經公布，群眾辦事不用再等。\n\n大連市人民政府\n2019年3月21日\n",
    ),
    (
        "鞍山2018.txt",
        "鞍山市人民政府关于审批工作的报告\n\n一、审批\n\n（一）推行容缺受理，先予受理。\n\n鞍山市人民政府\n2018年1月8日\n",
    ),
    (
        "抚顺2018.txt",
        "抚顺市人民政府关于审批工作的报告\n\n一、审批\n\n（一）推行容缺后补，先予受理。\n\n抚顺市人民政府\n2018年6月8日\n",
    ),
    (
        "本溪2018.txt",
        "本溪市人民政府关于道路养护的报告\n\n一、养护\n\n（一）修补路面。\n\n本溪市人民政府\n2018年6月8日\n",
    ),
];

fn place() -> Place {
    Place::indexed(DOCUMENTS)
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

/// The states of a place by year.
fn states(trace: &Value, label: &str) -> Vec<String> {
    let mut places = list(&trace["places"]).iter();
    let place = places
        .find(|place| place["label"] == label)
        .expect("a place");
    let years = list(&trace["years"]).iter().zip(list(&place["cells"]));
    years
        .map(|(year, cell)| format!("{year} {}", cell["state"].as_str().expect("a state")))
        .collect()
}

#[test]
fn first_appearances_and_what_was_searched() {
    let place = place();
    let trace = place.json(&["trace", "容缺受理"]);
    assert_eq!(trace["first"]["city"]["name"], "鞍山市");
    assert_eq!(trace["first"]["date"], "2018-01-08");
    assert_eq!(trace["first"]["is_cited"], false);
    // What only cites another's title in 2017 is told, and is no first appearance.
    let expected = [
        "2016 not_found",
        "2017 cited",
        "2018 no_documents",
        "2019 found",
    ];
    assert_eq!(states(&trace, "大连市"), expected);
    // Another word for it stands apart, and what says neither is no row.
    assert_eq!(states(&trace, "抚顺市")[2], "2018 variant");
    assert_eq!(trace["others"], 1);
    // As many as a quoted search counts.
    assert_eq!(trace["passages"], place.total(&["\"容缺受理\""]));
    let dalian = list(&trace["places"])
        .iter()
        .find(|p| p["label"] == "大连市");
    let cell = &dalian.expect("a place")["cells"][3];
    assert_eq!(
        (&cell["documents"], &cell["passages"]),
        (&1.into(), &2.into())
    );
    let caveats = trace["caveats"].to_string();
    assert!(caveats.contains("本库所收文件里最早"), "{caveats}");
}

#[test]
fn without_variants_and_with_filters() {
    let place = place();
    let alone = place.json(&["trace", "容缺受理", "--as-typed"]);
    assert_eq!(list(&alone["places"]).len(), 2);
    let later = place.json(&["trace", "“容缺受理”", "--year", "2019.."]);
    assert_eq!(later["term"], "容缺受理");
    assert_eq!(later["first"]["city"]["name"], "大连市");
    let nothing = place.json(&["trace", "没有这个说法"]);
    assert_eq!(nothing["first"], Value::Null);
    assert_eq!(list(&nothing["places"]).len(), 0);
    assert_eq!(place.run(&["trace", " "]).code, 2);
}

#[test]
fn the_chart_and_the_table_are_read_without_colour_or_script() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let page = server.page("/trace?q=容缺受理");
    let html = Html::parse_document(&page.body);
    let one = |css: &str| {
        let selector = Selector::parse(css).expect("CSS");
        html.select(&selector)
            .next()
            .unwrap_or_else(|| panic!("{css}: {}", page.body))
            .html()
    };
    assert!(one(".chart img").contains("首见于鞍山市"));
    let table = one("table.heat");
    assert!(
        table.contains("无文件") && table.contains("未检到（1 份）"),
        "{table}"
    );
    let svg = server.get("/trace/svg?q=容缺受理");
    assert_eq!((svg.status, svg.kind.as_str()), (200, "image/svg+xml"));
    for part in [
        "<title id=\"title\">",
        "<desc id=\"desc\">",
        "大连市 2018 年：无文件",
        "未检到",
    ] {
        assert!(svg.body.contains(part), "{part}: {}", svg.body);
    }
    let hostile = server.get("/trace/svg?q=<script>容缺受理</script>");
    assert!(!hostile.body.contains("<script"), "{}", hostile.body);
    assert!(
        server
            .get("/trace/csv?q=容缺受理")
            .body
            .contains("鞍山市,2018,found,1,1")
    );
    assert_eq!(server.get("/api/v1/trace").status, 400);
    let file = place.path("图.svg");
    let ran = place.run(&["trace", "容缺受理", "--output", &file.to_string_lossy()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), svg.body);
}
