//! The HTML of each page, parsed: what is on it, how it is linked, that text stays text.

use scraper::{ElementRef, Html, Selector};

use crate::support::{Place, Server, command};

/// A page that answered, parsed.
pub(crate) fn page(server: &Server, path: &str) -> Html {
    let answer = server.page(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    assert_eq!(answer.kind, "text/html; charset=utf-8");
    Html::parse_document(&answer.body)
}

pub(crate) fn all<'h>(page: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    let selector = Selector::parse(selector).expect("a selector");
    page.select(&selector).collect()
}

pub(crate) fn text(element: &ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn texts(page: &Html, selector: &str) -> Vec<String> {
    all(page, selector).iter().map(text).collect()
}

pub(crate) fn attribute(element: &ElementRef<'_>, name: &str) -> String {
    element.attr(name).unwrap_or_default().to_owned()
}

fn demo() -> Server {
    Server::start(command("/nowhere".as_ref()).args([
        "demo",
        "--addr",
        "127.0.0.1:0",
        "--log",
        "off",
    ]))
}

/// What every page must have, whatever it shows.
pub(crate) fn is_well_made(page: &Html, path: &str) {
    assert!(page.errors.is_empty(), "{path}: {:?}", page.errors);
    assert_eq!(all(page, "h1").len(), 1, "{path} has one h1");
    assert_eq!(all(page, "main").len(), 1, "{path} has one main");
    let mut ids: Vec<String> = all(page, "[id]")
        .iter()
        .map(|e| attribute(e, "id"))
        .collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "{path}: ids are unique");
    for control in all(page, "input:not([type=hidden]), select") {
        let id = attribute(&control, "id");
        let label = format!("label[for=\"{id}\"]");
        assert_eq!(all(page, &label).len(), 1, "{path}: #{id} has a label");
    }
    for element in all(page, "*") {
        for (name, value) in element.value().attrs() {
            assert!(
                !name.starts_with("on") && name != "style",
                "{path}: inline {name}"
            );
            let is_address = name == "href" || name == "src" || name == "action";
            // Only the page that a document was published on leads away, and is told so.
            let leads_out = value.starts_with("https://example.org/")
                && attribute(&element, "rel") == "external noopener noreferrer";
            assert!(
                !is_address || value.starts_with('/') || value.starts_with('#') || leads_out,
                "{path}: {name} leads away: {value}"
            );
            assert!(
                !is_address
                    || !value.starts_with('#')
                    || value == "#main"
                    || ids.contains(&value[1..].to_owned()),
                "{path}: nothing is at {value}"
            );
        }
    }
    assert_eq!(
        all(page, "script").len(),
        1,
        "{path} has one script, a module of ours"
    );
    let mut last = 1;
    for heading in all(page, "main h1, main h2, main h3, main h4, main h5") {
        let level: usize = heading.value().name()[1..].parse().expect("a level");
        assert!(
            level <= last + 1,
            "{path}: a heading is left out before {:?}",
            text(&heading)
        );
        last = level;
    }
}

#[test]
fn every_page_is_well_made() {
    let server = demo();
    let mut paths = vec![
        "/".to_owned(),
        "/coverage".to_owned(),
        "/compare".to_owned(),
        "/compare?q=中介服务&by=city".to_owned(),
        "/compare?theme=credit.government&by=province&year=2015..".to_owned(),
        "/compare?q=没有这样的词&by=year&columns=2017、2019".to_owned(),
        "/gaps".to_owned(),
        "/gaps?for=哈尔滨&against=大连、沈阳&at_least=1".to_owned(),
        "/gaps?for=株洲&theme=approval&status=done".to_owned(),
        "/trace".to_owned(),
        "/trace?q=容缺受理".to_owned(),
        "/trace?q=没有这样的词".to_owned(),
        "/search".to_owned(),
        "/search?q=容缺受理".to_owned(),
        "/search?q=容缺受理&unit=document&explain=1".to_owned(),
        "/search?q=没有这样的词&city=哈尔滨&status=done".to_owned(),
        "/search?q=审批 时限 企业&city=哈尔滨&city=大连&year=2016..2024".to_owned(),
        "/search?offset=60&sort=oldest".to_owned(),
        "/search?q=容缺受理&offset=2000".to_owned(),
        "/search?q=容缺受理&variants=0".to_owned(),
        "/search?q=容缺受理&drop=容缺后补&related=1".to_owned(),
        "/search?q=容缺受里".to_owned(),
        "/search?q=ywtb&unit=document".to_owned(),
        "/search?q=容缺受理&citation=2025".to_owned(),
        "/basket".to_owned(),
        "/basket?q=容缺受理&citation=2025".to_owned(),
        "/basket?id=00000000000000ab-m7&clear=1".to_owned(),
    ];
    let found = server.json("/api/v1/search?unit=document&limit=100");
    let ids = found["hits"].as_array().expect("hits").iter();
    for id in ids.map(|hit| hit["id"].as_str().expect("an id")) {
        paths.push(format!("/documents/{id}"));
        paths.push(format!("/documents/{id}?q=企业 审批"));
    }
    assert!(paths.len() > 100);
    for path in paths {
        is_well_made(&page(&server, &path), &path);
    }
}

#[test]
fn a_search_shows_hits_with_place_year_status_and_marks() {
    let server = demo();
    let json = server.json("/api/v1/search?q=容缺受理&limit=20");
    let page = page(&server, "/search?q=容缺受理");
    let hits = all(&page, ".found > .hits .hit");
    assert_eq!(hits.len(), json["hits"].as_array().expect("hits").len());
    let typed = texts(&page, ".found > .hits mark:not(.variant)");
    assert!(
        typed
            .iter()
            .all(|mark| "容缺受理容缺".contains(mark.as_str()))
    );
    let added = texts(&page, ".added .word");
    let marked = texts(&page, ".found > .hits mark.variant");
    assert!(marked.iter().all(|mark| added.contains(mark)), "{marked:?}");
    for (hit, expected) in hits.iter().zip(json["hits"].as_array().expect("hits")) {
        let shown = text(hit);
        for member in ["title", "citation", "doc_type"] {
            if let Some(value) = expected[member].as_str() {
                let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(shown.contains(&value), "{member} {value} in {shown}");
            }
        }
        if let Some(place) = expected["city"]["name"].as_str() {
            assert!(shown.contains(place));
        }
        let link = Selector::parse("a.open").expect("a selector");
        let link = hit.select(&link).next().expect("a link to the document");
        let document = expected["document_id"].as_str().expect("an id");
        let address = attribute(&link, "href");
        assert!(
            address.starts_with(&format!("/documents/{document}?q=")),
            "{address}"
        );
        assert!(
            address.ends_with(&expected["id"].as_str().expect("an id")[16..].replace('-', "#"))
        );
    }
    let total = json["total"].as_u64().expect("a number").to_string();
    assert!(texts(&page, "#summary")[0].contains(&total));
}

#[test]
fn facets_and_chips_change_the_address_and_nothing_else() {
    let server = demo();
    let found = page(
        &server,
        "/search?q=审批&city=哈尔滨&city=大连市&year=2015..2024&sort=newest",
    );
    let chips = texts(&found, ".chip");
    assert_eq!(chips.len(), 2, "{chips:?}");
    assert!(chips[0].starts_with('在') && chips[0].contains("哈尔滨市") && chips[0].contains("或"));
    assert!(chips[1].contains("2015–2024"));
    let boxes = all(&found, "input[name=place][checked]");
    let mut checked: Vec<String> = boxes.iter().map(|b| attribute(b, "value")).collect();
    checked.sort();
    assert_eq!(checked, ["210200", "230100"], "aliases are resolved");
    // Each value can be taken off by itself, and everything else stays.
    let remove = attribute(&all(&found, ".chip a")[0], "href");
    let without = page(&server, &remove);
    assert_eq!(texts(&without, ".chip").len(), 2);
    assert_eq!(all(&without, "input[name=place][checked]").len(), 1);
    assert_eq!(
        attribute(&all(&without, "option[selected]")[0], "value"),
        "newest"
    );
    assert_eq!(attribute(&all(&without, "#q")[0], "value"), "审批");
    let cleared = page(&server, &attribute(&all(&found, ".clear-all")[0], "href"));
    assert!(all(&cleared, ".chip").is_empty());
    assert_eq!(attribute(&all(&cleared, "#q")[0], "value"), "审批");
    // What a checkbox counts is what checking it finds.
    let first = page(&server, "/search?q=审批");
    for option in all(&first, ".option").into_iter().take(12) {
        let input = Selector::parse("input").expect("a selector");
        let input = option.select(&input).next().expect("a checkbox");
        let (name, value) = (attribute(&input, "name"), attribute(&input, "value"));
        let digits = |c: char| c.is_ascii_digit();
        let count = Selector::parse(".count").expect("a selector");
        let count = option.select(&count).next().expect("a count");
        let count: String = text(&count).chars().filter(|c| digits(*c)).collect();
        let total =
            server.json(&format!("/api/v1/search?q=审批&{name}={value}"))["total"].to_string();
        assert_eq!(count, total, "{name}={value}");
    }
}

#[test]
fn places_are_a_tree_and_values_can_be_left_out() {
    let server = demo();
    let total =
        |path: &str| server.json(&format!("/api/v1/search?q=企业&{path}"))["total"].to_string();
    let shown = |page: &Html| texts(page, "#summary b")[0].clone();
    // Named as province or as place, it is one choice; what is left out has a chip and a box that say so.
    let found = page(
        &server,
        "/search?q=企业&province=黑龙江&place=大连&year=-2021",
    );
    assert!(
        all(&found, ".found > .hits .hit").is_empty(),
        "nothing lies in both"
    );
    let found = page(&server, "/search?q=企业&place=黑龙江&place=大连&year=-2021");
    assert_eq!(all(&found, "input[name=place][checked]").len(), 2);
    assert_eq!(texts(&found, ".chip").len(), 2);
    assert!(texts(&found, ".chip")[1].starts_with("年份不含 2021"));
    assert_eq!(
        all(&found, "input[name=year][value='-2021'][checked]").len(),
        1
    );
    assert_eq!(shown(&found), total("place=230000&place=210200&year=-2021"));
    let back = page(&server, &attribute(&all(&found, ".chip a")[2], "href"));
    assert_eq!(shown(&back), total("place=230000&place=210200"));
    // Every value can be left out without script, and then counts what the rest has.
    let button = &all(&found, "button[name=theme]")[0];
    assert_eq!(attribute(button, "form"), "search");
    let value = attribute(button, "value");
    assert!(value.starts_with('-'));
    let without = page(&server, &format!("/search?q=企业&theme={value}"));
    assert_eq!(shown(&without), total(&format!("theme={value}")));
    // A province has no switch for its own documents, its city has.
    let province = page(
        &server,
        "/search?unit=document&province=黑龙江&provincial=1",
    );
    assert!(all(&province, "#provincial").is_empty());
    let city = page(&server, "/search?unit=document&city=哈尔滨");
    assert_eq!(all(&city, "#provincial:not([checked])").len(), 1);
    let both = page(&server, "/search?unit=document&city=哈尔滨&provincial=1");
    assert_eq!(all(&both, "#provincial[checked]").len(), 1);
    assert!(texts(&both, ".chip")[1].contains("省级文件"));
    assert!(all(&both, ".hit").len() > all(&city, ".hit").len());
}

#[test]
fn years_are_bars_and_a_range_without_script() {
    let server = demo();
    let found = page(
        &server,
        "/search/years?q=企业&from=2022&to=2016&status=done",
    );
    assert_eq!(attribute(&all(&found, "#from")[0], "value"), "2016");
    assert_eq!(attribute(&all(&found, "#to")[0], "value"), "2022");
    assert_eq!(texts(&found, ".chip b"), ["2016–2022", "已办"]);
    let open = page(&server, "/search/years?q=企业&from=&to=2016");
    assert_eq!(texts(&open, ".chip b"), ["2016 及以前"]);
    let none = page(&server, "/search/years?q=企业&from=&to=");
    assert!(all(&none, ".chip").is_empty());
    assert_eq!(server.page("/search/years?from=abc&to=").status, 400);
    // A bar leads to the year it stands for, and says how much there is of it.
    let bars = all(&found, "svg.years a");
    assert!(bars.len() >= 12);
    for bar in bars {
        let (year, count) = text(&bar)
            .split_once(" 年：")
            .map(|(y, c)| (y.to_owned(), c.to_owned()))
            .expect("a title");
        let json = server.json(&format!("/api/v1/search?q=企业&status=done&year={year}"));
        assert_eq!(json["total"].to_string(), count, "{year}");
    }
}

#[test]
fn terms_taken_off_go_along_to_the_document_and_not_to_another_query() {
    let server = demo();
    let found = page(&server, "/search?q=容缺受理&unit=document");
    let added = texts(&found, ".added .word");
    let term = added.first().expect("a term is added").clone();
    let path = format!("/search?q=容缺受理&unit=document&drop={term}");
    let without = page(&server, &path);
    assert_eq!(all(&without, "#search input[name=drop]").len(), 1);
    for link in all(&without, "a.open") {
        let address = attribute(&link, "href");
        assert!(address.contains("drop="), "{address}");
        let document = page(&server, &address);
        let marked = texts(&document, ".body mark.variant");
        assert!(!marked.contains(&term), "{marked:?}");
        if let Some(back) = all(&document, "#back").first() {
            assert!(attribute(back, "href").contains("drop="));
        }
    }
    // Typed anew, the query has nothing to do with the term.
    let other = page(&server, &format!("/search?q=首违不罚&drop={term}"));
    assert!(all(&other, "#search input[name=drop]").is_empty());
    assert!(!attribute(&all(&other, "#page")[0], "data-address").contains("drop"));
}

#[test]
fn pages_of_hits_follow_one_another() {
    let server = demo();
    let mut path = "/search?q=企业".to_owned();
    let mut seen = Vec::new();
    let total = server.json("/api/v1/search?q=企业")["total"]
        .as_u64()
        .expect("a number");
    loop {
        let page = page(&server, &path);
        seen.extend(all(&page, ".hit").iter().map(|hit| attribute(hit, "id")));
        let next = all(&page, "a[rel=next]");
        match next.first() {
            Some(next) => path = attribute(next, "href"),
            None => break,
        }
    }
    let count = seen.len() as u64;
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len() as u64, count), (total, total));
}

#[test]
fn nothing_found_says_what_was_searched_and_what_to_try() {
    let server = demo();
    let page = page(&server, "/search?q=容缺受理 太空电梯&city=哈尔滨&match=all");
    let said = texts(&page, ".nothing").join(" ");
    assert!(said.contains("份文件中没有检到") && said.contains("不表示没有这样的做法"));
    assert!(said.contains("库中没有出现过的词语：太空电梯"), "{said}");
    let links = all(&page, ".nothing li a");
    assert!(!links.is_empty());
    for link in links {
        let shown = text(&link);
        let followed = crate::pages::page(&server, &attribute(&link, "href"));
        assert!(
            !all(&followed, ".hit").is_empty(),
            "{shown} finds something"
        );
    }
}

#[test]
fn a_document_shows_its_text_whole_and_its_evidence_in_place() {
    let server = demo();
    let found = server.json("/api/v1/search?unit=document&limit=100");
    for hit in found["hits"].as_array().expect("hits") {
        let id = hit["id"].as_str().expect("an id");
        let document = server.json(&format!("/api/v1/documents/{id}"));
        let page = page(&server, &format!("/documents/{id}?q=企业"));
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        let shown: String = texts(&page, ".body .passage > p:not(.answers), .body .heading")
            .iter()
            .map(|t| squeezed(t))
            .collect();
        let whole = squeezed(document["text"].as_str().expect("text"));
        assert_eq!(shown, whole, "{id}: nothing is lost, nothing is added");
        // Evidence points at words that stand there.
        for quote in all(&page, ".why a[href^='#e']") {
            let anchor = all(
                &page,
                &format!("[id=\"{}\"]", &attribute(&quote, "href")[1..]),
            );
            assert_eq!(anchor.len(), 1, "{id}: {}", text(&quote));
        }
        let rules: Vec<String> = texts(&page, ".why p");
        assert!(
            rules.iter().all(|rule| !rule.chars().any(|c| c == '_')),
            "{id}: a rule without words: {rules:?}"
        );
        let citation = &texts(&page, ".fields .citation")[0];
        let kinds = ["[Z]. ", "[N]. ", "[EB/OL]. "];
        assert!(
            kinds.iter().any(|kind| citation.contains(kind)),
            "{citation}"
        );
    }
}

#[test]
fn what_a_search_finds_its_document_shows() {
    let server = demo();
    for query in [
        "审批时限",
        "优化营商环境的做法",
        "审批 企业",
        "\"容缺受理\"",
        "状态:已办 审批",
        "题:通报 整改",
    ] {
        for unit in ["measure", "document"] {
            let path = format!("/api/v1/search?q={query}&unit={unit}&limit=50");
            for hit in server.json(&path)["hits"].as_array().expect("hits") {
                let id = hit["document_id"].as_str().expect("an id");
                // A title that was given and is not in the text may be all that has a word.
                let marked = hit["snippet"]["ranges"].as_array().expect("ranges");
                if hit["partial"] == true && marked.is_empty() {
                    assert_eq!(unit, "document", "{query} in {id}");
                    continue;
                }
                let page = page(&server, &format!("/documents/{id}?q={query}"));
                assert!(
                    !all(&page, "[data-hit]").is_empty(),
                    "{query} in {id} by {unit}"
                );
                assert!(
                    !all(&page, ".body mark").is_empty(),
                    "{query} in {id} by {unit}"
                );
            }
        }
    }
    // A query that only says which documents to keep has nothing to mark and misses nothing.
    let found = server.json("/api/v1/search?q=主题:approval.process&unit=document&limit=1");
    let id = found["hits"][0]["id"].as_str().expect("an id");
    let page = page(&server, &format!("/documents/{id}?q=主题:approval.process"));
    assert!(!texts(&page, "main")[0].contains("未检到"));
}

#[test]
fn a_range_of_years_stays_until_it_is_taken_off() {
    let server = demo();
    let found = page(&server, "/search?q=审批&year=2017..2019&year=2021");
    let kept = all(&found, "#search input[type=hidden][name=year]");
    assert_eq!(attribute(&kept[0], "value"), "2017..2019");
    let ticked = all(&found, "input[type=checkbox][name=year][checked]");
    assert_eq!(ticked.len(), 1);
    assert_eq!(attribute(&ticked[0], "value"), "2021");
    let chips = all(&found, ".chip a");
    assert_eq!(chips.len(), 2);
    let without = page(&server, &attribute(&chips[0], "href"));
    assert!(all(&without, "#search input[type=hidden]").is_empty());
    assert_eq!(texts(&without, ".chip b"), ["2021"]);
}

#[test]
fn hits_in_a_document_can_be_walked_without_script() {
    let server = demo();
    let found = server.json("/api/v1/search?q=企业&unit=document&limit=1");
    let id = found["hits"][0]["id"].as_str().expect("an id");
    let page = page(&server, &format!("/documents/{id}?q=企业"));
    let hits = all(&page, "[data-hit]");
    assert!(hits.len() > 1);
    let next = Selector::parse(".hit-place a").expect("a selector");
    let mut at = hits[0];
    let mut walked = 1;
    while let Some(link) = at.select(&next).find(|link| text(link).contains("下一处")) {
        let target = all(
            &page,
            &format!("[id=\"{}\"]", &attribute(&link, "href")[1..]),
        );
        at = target[0];
        walked += 1;
    }
    assert_eq!(walked, hits.len());
    assert!(texts(&page, ".hitbar")[0].contains(&format!("共 {} 处", hits.len())));
}

#[test]
fn errors_are_pages_in_chinese_that_keep_the_query() {
    let server = demo();
    for (path, status, said) in [
        ("/search?q=容缺&citty=1", 400, "没有名为“citty”的参数"),
        ("/search?q=容缺&city=哈尔冰", 400, "不认识地名“哈尔冰”"),
        ("/search?q=\"容缺", 400, "引号没有闭合"),
        ("/search?q=容缺&limit=x", 400, "参数“limit”"),
        ("/documents/zz?q=容缺", 400, "不是文件编号"),
        ("/documents/0000000000000000?q=容缺", 404, "没有编号为"),
        ("/none?q=容缺", 404, "没有内容"),
    ] {
        let answer = server.page(path);
        assert_eq!(answer.status, status, "{path}");
        let page = Html::parse_document(&answer.body);
        is_well_made(&page, path);
        let shown = texts(&page, "main")[0].clone();
        assert!(shown.contains(said), "{path}: {shown}");
        assert!(
            attribute(&all(&page, "#q")[0], "value").contains("容缺"),
            "{path}"
        );
        let letters = shown
            .split_whitespace()
            .filter(|w| w.len() > 3 && w.is_ascii());
        let english: Vec<&str> = letters
            .filter(|w| w.chars().all(char::is_alphabetic))
            .collect();
        assert!(english.is_empty(), "{path}: {english:?}");
    }
}

#[test]
fn traditional_text_has_its_language_said() {
    let server = demo();
    let found = server.json("/api/v1/search?q=營商環境&limit=50");
    let hits = found["hits"].as_array().expect("hits");
    let hit = hits
        .iter()
        .find(|hit| hit["script"] == "Hant")
        .expect("a Traditional sample");
    let id = hit["document_id"].as_str().expect("an id");
    let page = page(&server, &format!("/documents/{id}"));
    assert_eq!(attribute(&all(&page, ".body")[0], "lang"), "zh-Hant");
}

#[test]
fn an_empty_index_says_how_to_fill_it() {
    let place = Place::indexed(&[]);
    let server = Server::serve(&place.index_folder(), &[]);
    assert!(texts(&page(&server, "/"), "main")[0].contains("duibiao index"));
    assert!(texts(&page(&server, "/search?q=容缺"), "main")[0].contains("未检到"));
}
