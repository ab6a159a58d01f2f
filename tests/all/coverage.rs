//! What the index covers: the numbers against the searches they lead to, and what is said to be missing.

use scraper::{Html, Selector};

use crate::support::{Place, Server};

fn place() -> Place {
    let place = Place::new();
    for (name, city, year) in [
        ("a", "哈尔滨市", "2019"),
        ("b", "哈尔滨市", "2021"),
        ("c", "大连市", "2021"),
    ] {
        place.write(
            &format!("{name}.txt"),
            format!("{city}人民政府关于压缩审批时限的通知\n\n{city}各区县：\n一、审批流程\n行政审批时限压缩一半，推行一窗受理。\n\n{city}人民政府\n{year}年3月5日\n"),
        );
    }
    place.write("d.txt", "会议材料\n\n与会人员讨论了天气。\n");
    place.write("e.pdf", "%PDF-1.7\nno page at all\n");
    assert_eq!(place.index(&[]).code, 3, "one file cannot be read");
    place
}

#[test]
fn every_number_is_the_total_of_its_search() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let coverage = server.json("/api/v1/coverage");
    assert_eq!(coverage["documents"], 4);
    let mut seen = 0;
    for (grid, row_name, column_name) in [
        ("province_by_year", "province", "year"),
        ("city_by_theme", "city", "theme"),
    ] {
        let columns = coverage[grid]["columns"].as_array().expect("columns");
        for row in coverage[grid]["rows"].as_array().expect("rows") {
            let value = row["value"].as_str().expect("a value");
            for (cell, column) in row["cells"].as_array().expect("cells").iter().zip(columns) {
                let other = column["value"].as_str().expect("a value");
                let asked = format!(
                    "/api/v1/search?unit=document&{row_name}={value}&{column_name}={other}"
                );
                assert_eq!(server.json(&asked)["total"], *cell, "{asked}");
                seen += cell.as_u64().expect("a number");
            }
            let asked = format!("/api/v1/search?unit=document&{row_name}={value}");
            assert_eq!(server.json(&asked)["total"], row["total"], "{asked}");
        }
    }
    assert!(seen >= 8);
    let unknown = &coverage["unknown"];
    assert_eq!(
        (&unknown["year"], &unknown["year_and_province"]),
        (&1.into(), &1.into())
    );
    assert_eq!(coverage["unreadable"][0]["files"], 1);
    let ran = place.run(&["stats"]);
    assert!(
        ran.stdout.contains("1 files could not be read"),
        "{}",
        ran.stdout
    );
}

#[test]
fn the_page_says_its_numbers_in_tables_that_can_be_read_aloud() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let answer = server.page("/coverage");
    let page = Html::parse_document(&answer.body);
    let all = |selector: &str| {
        let selector = Selector::parse(selector).expect("a selector");
        page.select(&selector).map(|e| e.html()).collect::<Vec<_>>()
    };
    assert_eq!(all("table.heat caption").len(), 2);
    assert!(all("table.heat thead th:not([scope=col])").is_empty());
    assert!(all("table.heat tbody th:not([scope=row])").is_empty());
    let links = Selector::parse("table.heat td a").expect("a selector");
    let mut cells = 0;
    for link in page.select(&links) {
        let number: String = link.text().collect();
        let path = link.value().attr("href").expect("an address");
        let found = server.json(&path.replacen("/search", "/api/v1/search", 1));
        assert_eq!(found["total"].to_string(), number.trim(), "{path}");
        cells += 1;
    }
    assert!(cells >= 4);
    assert!(answer.body.contains("没有年份") && answer.body.contains("读不出的文件"));
    assert!(answer.body.contains("duibiao stats --unreadable"));
}
