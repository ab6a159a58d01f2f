//! The Atom feed of a search: well-formed and as RFC 4287 wants it, whatever the documents hold.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::Event;
use scraper::{Html, Selector};

use crate::support::{Place, Server, encoded};

/// An element with its text; names as they are written, the feed uses one namespace.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn all(&self, name: &str) -> Vec<&Element> {
        let children = self.children.iter();
        children.filter(|child| child.name == name).collect()
    }

    /// The only child of this name.
    fn one(&self, name: &str) -> &Element {
        let all = self.all(name);
        assert_eq!(all.len(), 1, "{} has one {name}", self.name);
        all[0]
    }

    fn attribute(&self, name: &str) -> &str {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|(own, _)| own == name);
        found.map_or("", |(_, value)| value)
    }

    /// The address of the link with this relation.
    fn link(&self, relation: &str) -> &str {
        let links = self.all("link");
        let link = links.iter().find(|link| link.attribute("rel") == relation);
        link.unwrap_or_else(|| panic!("a link {relation}"))
            .attribute("href")
    }
}

/// Parses with every check of the parser on.
fn parsed(xml: &str) -> Element {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap_or_else(|e| panic!("{e}: {xml}")) {
            Event::Start(start) => open.push(element(&start)),
            Event::Empty(start) => {
                let element = element(&start);
                open.last_mut().expect("a parent").children.push(element);
            }
            Event::End(_) => {
                let element = open.pop().expect("an element");
                open.last_mut().expect("a parent").children.push(element);
            }
            Event::Text(text) => {
                let text = text.xml10_content();
                open.last_mut().expect("a parent").text.push_str(&text);
            }
            Event::GeneralRef(name) => {
                let reference = format!("&{};", name.xml10_content());
                let text = quick_xml::escape::unescape(&reference).expect("a known entity");
                open.last_mut().expect("a parent").text.push_str(&text);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open.len(), 1, "every element is closed");
    open.remove(0).children.remove(0)
}

fn element(start: &quick_xml::events::BytesStart<'_>) -> Element {
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.expect("an attribute");
        let value = attribute
            .normalized_value(quick_xml::XmlVersion::Explicit1_0)
            .expect("escaped");
        (attribute.key.into_inner().to_owned(), value.into_owned())
    });
    Element {
        name: start.name().into_inner().to_owned(),
        attributes: attributes.collect(),
        ..Element::default()
    }
}

/// RFC 3339 as Atom narrows it.
fn is_time(text: &str) -> bool {
    let (day, time) = text.split_once('T').unwrap_or_default();
    let date = day.parse::<duibiao_corpus::PartialDate>();
    let is_day = date.is_ok_and(|date| date.day.is_some());
    is_day && (time == "00:00:00+08:00" || time.len() == 9 && time.ends_with('Z'))
}

const HOSTILE: &str = "关于<script>alert(1)</script>&amp;整改\u{202e}的通报\n\n一、整改方面\n1.关于审批慢的问题。审批时限已压缩至8个工作日，]]></content><b>已完成\u{1}整改\u{b}。\n\n甲局\n2017年3月\n";

fn place() -> Place {
    Place::indexed(&[
        (
            "通知.txt",
            "丹东市人民政府关于压缩审批时限的通知\n\n丹政发〔2017〕5号\n\n一、压缩时限\n（一）审批时限。压缩至3个工作日，并公布办理结果，由窗口一次告知。\n\n丹东市人民政府\n2017年3月21日\n",
        ),
        (
            "报道.txt",
            "少跑一趟\n\n去年以来，鞍山把审批窗口合并成六个，审批时限缩短四成。\n",
        ),
        ("坏\u{1}.txt", HOSTILE),
        (
            "行.jsonl",
            "{\"id\":\"1\",\"title\":\"审批提速\",\"text\":\"审批时限缩短一半，材料减少三成。\",\"issuer\":\"甲局；乙局\",\"url\":\"https://example.org/1?a=1&b=2\",\"date\":\"2021\"}\n{\"id\":\"2\",\"title\":\"审批二\",\"text\":\"审批时限缩短两成。\",\"url\":\"javascript:alert(1)\"}\n",
        ),
    ])
}

fn feed(server: &Server, path: &str) -> Element {
    let answer = server.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    assert_eq!(answer.kind, "application/atom+xml; charset=utf-8");
    parsed(&answer.body)
}

#[test]
fn a_feed_is_what_readers_expect() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    for query in [
        "q=审批时限",
        "q=审批时限&unit=document",
        "",
        "q=无此词语",
        "q=审批&city=丹东",
    ] {
        let path = format!("/feed?{query}");
        let feed = feed(&server, &path);
        assert_eq!(feed.name, "feed");
        assert_eq!(feed.attribute("xmlns"), "http://www.w3.org/2005/Atom");
        assert!(feed.one("id").text.starts_with("urn:duibiao:feed:"));
        assert!(feed.one("title").text.starts_with("对标："));
        assert!(
            is_time(&feed.one("updated").text),
            "{}",
            feed.one("updated").text
        );
        assert_eq!(
            feed.link("self"),
            format!("{}{}", server.url, encoded(&path).trim_end_matches('?'))
        );
        let page = feed
            .link("alternate")
            .strip_prefix(server.url.as_str())
            .expect("our own");
        assert_eq!(server.page(page).status, 200);
        let found = server.json(&format!(
            "/api/v1/search?{query}&sort=newest&limit=100&match=all"
        ));
        let hits = found["hits"].as_array().expect("hits");
        let entries = feed.all("entry");
        assert_eq!(entries.len(), hits.len(), "{query}");
        let mut ids = BTreeSet::new();
        for (entry, hit) in entries.iter().zip(hits) {
            let id = hit["id"].as_str().expect("an id");
            assert!(entry.one("id").text.ends_with(id));
            assert!(
                ids.insert(entry.one("id").text.clone()),
                "an id is used once"
            );
            assert!(
                is_time(&entry.one("updated").text),
                "{}",
                entry.one("updated").text
            );
            assert!(!entry.one("title").text.is_empty());
            assert!(!entry.all("author").is_empty());
            let content = entry.one("content");
            assert_eq!(content.attribute("type"), "html");
            let citation = Html::parse_fragment(&content.text)
                .root_element()
                .text()
                .collect::<String>();
            let cited = hit["citation"].as_str().expect("a citation");
            assert!(citation.ends_with(&format!("出处：{cited}")), "{citation}");
            // The link leads to the passage.
            let link = entry
                .link("alternate")
                .strip_prefix(server.url.as_str())
                .expect("our own");
            let (page, anchor) = link.split_once('#').unwrap_or((link, "main"));
            let page = Html::parse_document(&server.page(page).body);
            let selector = Selector::parse(&format!("[id='{anchor}']")).expect("a selector");
            assert_eq!(page.select(&selector).count(), 1, "{link}");
        }
    }
}

#[test]
fn times_are_those_of_documents_and_nothing_is_made_up() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let feed = feed(&server, "/feed?unit=document");
    let entry = |words: &str| {
        let entries = feed.all("entry").into_iter();
        let mut found = entries.filter(|entry| entry.one("title").text.contains(words));
        found.next().unwrap_or_else(|| panic!("an entry {words}"))
    };
    let times = |words: &str| {
        let entry = entry(words);
        let published = entry.all("published").first().map(|p| p.text.clone());
        (entry.one("updated").text.clone(), published)
    };
    let day = "2017-03-21T00:00:00+08:00";
    assert_eq!(times("压缩审批时限"), (day.into(), Some(day.into())));
    assert_eq!(times("整改"), ("2017-03-01T00:00:00+08:00".into(), None));
    assert_eq!(
        times("审批提速"),
        ("2021-01-01T00:00:00+08:00".into(), None)
    );
    assert_eq!(times("报道.txt"), ("1970-01-01T00:00:00Z".into(), None));
    let names = |words: &str| -> Vec<String> {
        let authors = entry(words).all("author").into_iter();
        authors
            .map(|author| author.one("name").text.clone())
            .collect()
    };
    assert_eq!(names("审批提速"), ["甲局", "乙局"]);
    assert_eq!(names("报道.txt"), ["〔作者不详〕"]);
    assert_eq!(
        entry("审批提速").link("via"),
        "https://example.org/1?a=1&b=2"
    );
    assert!(
        entry("审批二")
            .all("link")
            .iter()
            .all(|link| link.attribute("rel") != "via")
    );
}

#[test]
fn hostile_text_stays_text() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let answer = server.get("/feed?q=整改");
    let steers = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!answer.body.contains(steers), "{:?}", answer.body);
    assert!(!answer.body.contains("<script") && !answer.body.contains("<b>"));
    let feed = parsed(&answer.body);
    let entries = feed.all("entry").into_iter();
    let mut entries = entries.filter(|entry| entry.one("content").text.contains("已完成"));
    let entry = entries.next().expect("the passage");
    let content = Html::parse_fragment(&entry.one("content").text);
    let elements = Selector::parse("script, b, content").expect("a selector");
    assert_eq!(
        content.select(&elements).count(),
        0,
        "{}",
        entry.one("content").text
    );
    let text: String = content.root_element().text().collect();
    assert!(text.contains("]]></content><b>已完成整改"), "{text}");
    // What is asked for is a text too.
    let feed = self::feed(&server, "/feed?q=\"%3C/title%3E]]%3E%26x;\"");
    assert!(
        feed.one("title").text.contains("</title>]]>&x;"),
        "{feed:?}"
    );
}

#[test]
fn a_feed_is_of_the_host_that_was_asked_and_refuses_what_a_page_has() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &["--allow-host", "duibiao.example"]);
    let asked = |headers: &[(&str, &str)]| {
        let answer = server.get_with("/feed?q=审批", headers);
        assert_eq!(answer.status, 200, "{}", answer.body);
        parsed(&answer.body).link("self").to_owned()
    };
    let at = encoded("/feed?q=审批");
    assert_eq!(
        asked(&[("host", "duibiao.example:7700")]),
        format!("http://duibiao.example:7700{at}")
    );
    let secure = [("host", "duibiao.example"), ("x-forwarded-proto", "https")];
    assert_eq!(asked(&secure), format!("https://duibiao.example{at}"));
    let status = |path: &str, host: &str| server.get_with(path, &[("host", host)]).status;
    assert_eq!(status("/feed?q=审批", "rebound.example"), 421);
    for wrong in [
        "offset=10",
        "cursor=x",
        "explain=1",
        "collapse=1",
        "related=1",
        "limit=0",
        "limit=201",
        "citty=丹东",
        "city=哈尔冰",
    ] {
        let answer = server.get(&format!("/feed?q=审批&{wrong}"));
        assert_eq!(
            (answer.status, answer.kind.as_str()),
            (400, "application/problem+json"),
            "{wrong}"
        );
    }
    let one = feed(&server, "/feed?q=审批&limit=1");
    assert_eq!(one.all("entry").len(), 1);
    assert!(one.link("self").ends_with("&limit=1") && !one.link("alternate").contains("limit"));
    let all = feed(&server, "/feed?q=审批");
    assert_eq!(one.one("id").text, all.one("id").text);
    // The page names its feed, without what only the page has.
    let page = Html::parse_document(
        &server
            .page("/search?q=审批&offset=1&explain=1&limit=1")
            .body,
    );
    for selector in [
        "head link[rel=alternate][type='application/atom+xml']",
        ".tools a[type='application/atom+xml']",
    ] {
        let selector = Selector::parse(selector).expect("a selector");
        let links: Vec<_> = page.select(&selector).collect();
        assert_eq!(links.len(), 1);
        assert_eq!(links[0].attr("href"), Some(at.as_str()));
    }
}
