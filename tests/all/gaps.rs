//! What others have and a city has not: what is told as a gap, what as a mention, and what is said where
//! there is nothing to tell; at the terminal, through the API, as a page and as files.

use scraper::{Html, Selector};
use serde_json::Value;

use crate::support::{Place, Server};

const DOCUMENTS: &[(&str, &str)] = &[
    (
        "大连.txt",
        "大连市人民政府关于优化营商环境工作情况的通报\n\n一、审批\n\n（一）已推行容缺受理，37项材料可以后补。\n\n（二）已建成中介超市，入驻单位120家。\n\n（三）已为出租车更换计价器3000台。\n\n（四）财政部门制定标准，提供地下管线资料。\n\n大连市人民政府\n2019年3月21日\n",
    ),
    (
        "鞍山.txt",
        "鞍山市人民政府关于优化营商环境工作情况的报告\n\n一、审批\n\n（一）拟推行容缺受理，材料不齐的先予受理。\n\n（二）建成中介超市，公开摇号选取。\n\n（三）已为出租车安装定位设备2000台。\n\n鞍山市人民政府\n2019年1月8日\n",
    ),
    (
        "抚顺.txt",
        "抚顺市人民政府关于道路客运工作的报告\n\n一、客运\n\n（一）已为出租汽车更换顶灯500台，由交通部门验收。\n\n（二）完成破损路面修补20万平方米。\n\n抚顺市人民政府\n2019年6月6日\n",
    ),
    (
        "辽宁.txt",
        "辽宁省人民政府关于中介超市的通报\n\n一、中介超市\n\n（一）抚顺市的中介超市尚未建成，须于年底前建成。\n\n辽宁省人民政府\n2020年2月3日\n",
    ),
];

fn place() -> Place {
    Place::indexed(DOCUMENTS)
}

fn gaps(place: &Place, args: &[&str]) -> Value {
    let all = [&["gaps", "--for", "抚顺", "--against", "大连,鞍山"], args].concat();
    place.json(&all)
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

/// The row whose label has these words.
fn row<'g>(gaps: &'g Value, words: &str) -> Option<&'g Value> {
    let mut rows = list(&gaps["rows"]).iter();
    rows.find(|row| {
        row["label"]
            .as_str()
            .is_some_and(|label| label.contains(words))
    })
}

#[test]
fn a_gap_is_what_others_have_and_no_document_of_the_city_speaks_of() {
    let place = place();
    let gaps = gaps(&place, &[]);
    assert_eq!(gaps["for"]["label"], "抚顺市");
    assert_eq!(gaps["at_least"], 2);
    let lacking = row(&gaps, "容缺受理").expect("a row");
    assert_eq!(lacking["mine"]["state"], "not_found");
    assert_eq!(lacking["searched"]["documents"], 1);
    let cities: Vec<&Value> = list(&lacking["against"])
        .iter()
        .map(|c| &c["city"]["name"])
        .collect();
    assert_eq!(cities, ["大连市", "鞍山市"]);
    for city in list(&lacking["against"]) {
        for hit in list(&city["hits"]) {
            let text = hit["text"].as_str().expect("a text");
            assert!(text.contains("容缺受理"), "{text}");
            assert_eq!(hit["city"]["name"], city["city"]["name"]);
        }
    }
    // 出租汽车 is 出租车 in other characters, and no gap.
    assert!(row(&gaps, "出租车").is_none());
    // 定标 does not stand in 制定标准, nor 供地 in 提供地下管线.
    assert!(row(&gaps, "定标").is_none() && row(&gaps, "供地").is_none());
}

#[test]
fn what_a_document_of_the_province_says_of_the_city_is_told() {
    let gaps = gaps(&place(), &[]);
    let told = row(&gaps, "中介超市").expect("a row");
    assert_eq!(told["mine"]["state"], "mentioned");
    let mention = &told["mine"]["hits"][0];
    assert_eq!(mention["mention"], "elsewhere");
    assert!(mention["text"].as_str().expect("a text").contains("抚顺市"));
    // What is found nowhere stands before what is mentioned.
    let states: Vec<&Value> = list(&gaps["rows"])
        .iter()
        .map(|r| &r["mine"]["state"])
        .collect();
    let first = states.iter().position(|state| *state == "mentioned");
    let last = states.iter().rposition(|state| *state == "not_found");
    assert!(first > last, "{states:?}");
}

#[test]
fn the_status_is_that_of_the_others() {
    let place = place();
    // Only one of the two has done it.
    assert!(row(&gaps(&place, &["--status", "done"]), "容缺受理").is_none());
    let one = gaps(&place, &["--status", "done", "--at-least", "1"]);
    let lacking = row(&one, "容缺受理").expect("a row");
    assert_eq!(list(&lacking["against"]).len(), 1);
    // What the city has done is not lacking where others only plan it.
    let turned = place.json(&[
        "gaps",
        "容缺受理",
        "--for",
        "鞍山",
        "--against",
        "大连",
        "--status",
        "done",
    ]);
    let told = &list(&turned["rows"])[0];
    assert_eq!(told["mine"]["state"], "mentioned");
    assert_eq!(told["mine"]["hits"][0]["mention"], "other_status");
}

#[test]
fn without_documents_nothing_is_a_gap() {
    let place = place();
    let none = place.json(&["gaps", "--for", "本溪", "--against", "大连,鞍山"]);
    assert_eq!(list(&none["rows"]).len(), 0);
    assert_eq!(none["caveats"][0]["kind"], "no_documents");
    let text = none["caveats"][0]["text"].as_str().expect("a text");
    assert!(text.contains("无该市文件"), "{text}");
    for (args, words) in [
        (
            &["gaps", "--for", "哈尔宾", "--against", "鞍山"][..],
            "哈尔滨",
        ),
        (&["gaps", "--for", "抚顺", "--against", "抚顺"], "against"),
        (
            &[
                "gaps",
                "--for",
                "抚顺",
                "--against",
                "大连",
                "--at-least",
                "0",
            ],
            "at least 1",
        ),
        (
            &[
                "gaps",
                "--for",
                "抚顺",
                "--against",
                "大连",
                "--at-least",
                "2",
            ],
            "exceed 1",
        ),
    ] {
        let ran = place.run(args);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
}

#[test]
fn every_quote_stands_where_it_is_said_to_stand() {
    let place = place();
    let gaps = gaps(&place, &["--at-least", "1"]);
    assert!(!list(&gaps["rows"]).is_empty());
    for row in list(&gaps["rows"]) {
        let others = list(&row["against"])
            .iter()
            .flat_map(|city| list(&city["hits"]));
        for hit in others.chain(list(&row["mine"]["hits"])) {
            let (id, text) = (hit["id"].as_str().expect("an id"), &hit["text"]);
            let ran = place.run(&["verify-quote", id, text.as_str().expect("a text").trim()]);
            assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
            let source = hit["source"].as_u64().expect("a number") as usize;
            assert_eq!(
                gaps["sources"][source - 1]["document_id"],
                hit["document_id"]
            );
        }
    }
}

#[test]
fn the_page_and_the_files_say_the_same() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let asked = "for=抚顺&against=大连、鞍山";
    let json = server.json(&format!("/api/v1/gaps?{asked}"));
    let page = server.page(&format!("/gaps?{asked}"));
    let page = Html::parse_document(&page.body);
    let select = |css: &str| page.select(&Selector::parse(css).expect("CSS")).count();
    let rows = list(&json["rows"]).len();
    assert_eq!(select("table.sides tbody th[scope=row]"), rows);
    assert_eq!(select("table.sides > caption"), 1);
    let file = place.path("差距.xlsx");
    let output = file.to_string_lossy();
    let ran = place.run(&[
        "gaps",
        "--for",
        "抚顺",
        "--against",
        "大连,鞍山",
        "--output",
        &output,
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(std::fs::read(&file).expect("a file").starts_with(b"PK"));
    let csv = server.get(&format!("/gaps/csv?{asked}"));
    assert_eq!(csv.kind, "text/csv; charset=utf-8");
    assert!(csv.body.contains("未检到（1 份文件）"), "{}", csv.body);
    assert!(
        server
            .get(&format!("/gaps/markdown?{asked}"))
            .body
            .contains("| 事项 |")
    );
    assert_eq!(server.get("/api/v1/gaps").status, 400);
    let wrong = server.get("/api/v1/gaps?for=哈尔宾");
    assert_eq!(wrong.status, 400);
    assert!(wrong.body.contains("哈尔滨"), "{}", wrong.body);
}
