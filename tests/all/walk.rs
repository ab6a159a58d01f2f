//! An analyst's way through the search page in a real browser, from pinyin to an exported file,
//! once by pointer and once by keyboard alone. What the page says is compared with the API.

use serde_json::{Value, json};

use crate::browser::{DESKTOP, browser, console_is_clean, demo, until};
use crate::support::{Server, encoded};
use crate::webdriver::Browser;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const DOWN: &str = "\u{e015}";
/// More stops than any page has.
const MOST_STOPS: usize = 400;
/// What would be put on the clipboard is kept instead.
const KEEP_COPIES: &str = "window.copied = []; Object.defineProperty(navigator, 'clipboard', {configurable: true, value: {writeText: (text) => { window.copied.push(text); return Promise.resolve(); }}});";
const CITIES: [(&str, &str); 2] = [("哈尔滨", "230100"), ("宝鸡", "610300")];

fn place(code: &str) -> String {
    format!("input[name=place][value='{code}']")
}

fn asks(name: &str, value: &str) -> String {
    format!("new URLSearchParams(location.search).getAll('{name}').includes('{value}')")
}

pub(crate) fn is(browser: &Browser, condition: &str) -> bool {
    browser.run(&format!("return Boolean({condition})")) == true
}

/// The answer of the API to what the page's address asks.
fn answer(server: &Server, browser: &Browser) -> Value {
    let query = browser.run("return location.search");
    server.json(&format!(
        "/api/v1/search{}",
        query.as_str().unwrap_or_default()
    ))
}

/// The page's total and its count of a place are those of the API.
fn counts_agree(server: &Server, browser: &Browser) -> u64 {
    until(browser, "!document.querySelector('.is-waiting')");
    let answer = answer(server, browser);
    let total = answer["total"].as_u64().expect("a total");
    let shown = browser.run("return document.querySelector('#summary b').textContent");
    assert_eq!(shown, total.to_string().as_str());
    let (_, code) = CITIES[0];
    let values = answer["facets"]["place"].as_array().expect("places");
    let value = values.iter().find(|value| value["value"] == code);
    let count = value.expect("the city")["count"].to_string();
    let label = format!(
        "return document.querySelector(\"{}\").closest('.option').textContent",
        place(code)
    );
    let label = browser.run(&label);
    assert!(
        label.as_str().is_some_and(|label| label.contains(&count)),
        "{label} has {count}"
    );
    total
}

/// The first hit copied is its passage with the citation of the API.
fn copy_agrees(server: &Server, browser: &Browser, copy: impl Fn()) {
    browser.run(KEEP_COPIES);
    let id = browser.run("return document.querySelector('.hit').dataset.passage");
    let passage = server.json(&format!("/api/v1/measures/{}", id.as_str().expect("an id")));
    copy();
    until(browser, "window.copied.length === 1");
    let copied = browser.run("return window.copied[0]");
    let (copied, citation) = (copied.as_str(), passage["citation"].as_str());
    let (copied, citation) = (copied.expect("a text"), citation.expect("a citation"));
    assert!(copied.ends_with(citation), "{copied} ends with {citation}");
}

/// The file behind a link has a row for each of so many hits.
fn file_has(server: &Server, browser: &Browser, link: &str, total: u64) {
    let href = browser.run(&format!(
        "const link = {link}; return link.pathname + link.search"
    ));
    let file = server.get(href.as_str().expect("an address"));
    assert_eq!(file.status, 200);
    let mut rows = csv::Reader::from_reader(file.body.as_bytes());
    assert_eq!(rows.records().count() as u64, total);
}

const CSV_LINK: &str =
    "[...document.querySelectorAll('.takes a')].find(a => a.textContent === 'CSV')";

#[test]
fn from_pinyin_to_an_exported_file_by_pointer() {
    let Some(browser) = browser(DESKTOP, false) else {
        return;
    };
    let server = demo();
    browser.go(&format!("{}/", server.url));
    browser.keys("#q", "qiye");
    until(
        &browser,
        "document.querySelector('#suggestions:not([hidden]) [role=option]')",
    );
    browser.click("#suggestions li");
    until(
        &browser,
        "location.pathname === '/search' && document.querySelector('.hit')",
    );
    assert!(is(&browser, &asks("q", "企业")));
    for (name, code) in CITIES {
        browser.run("document.getElementById('find-place').select()");
        browser.keys("#find-place", name);
        until(
            &browser,
            &format!(
                "document.querySelector(\"{}\").checkVisibility()",
                place(code)
            ),
        );
        browser.click(&place(code));
        until(&browser, &asks("place", code));
    }
    let both = counts_agree(&server, &browser);
    let year = browser.run("return document.querySelector('button[name=year]').value");
    let year = year.as_str().expect("a year to leave out").to_owned();
    browser.click("button[name=year]");
    until(&browser, &asks("year", &year));
    let rest = counts_agree(&server, &browser);
    assert!(rest < both, "{rest} of {both}");
    browser.click("#sort option[value=oldest]");
    until(&browser, &asks("sort", "oldest"));
    counts_agree(&server, &browser);
    let first = "document.querySelector('.hit').dataset.passage";
    assert_eq!(
        browser.run(&format!("return {first}")),
        answer(&server, &browser)["hits"][0]["id"]
    );
    copy_agrees(&server, &browser, || browser.click(".hit [data-copy]"));
    browser.click(".export summary");
    file_has(&server, &browser, CSV_LINK, rest);
    browser.click("a[rel=next]");
    until(
        &browser,
        "new URLSearchParams(location.search).get('offset') === '20'",
    );
    console_is_clean(&browser);
}

/// Goes on from stop to stop until the focus is where a selector says.
pub(crate) fn tab_to(browser: &Browser, selector: &str) {
    let is_there = format!("document.activeElement?.matches({})", json!(selector));
    for _ in 0..MOST_STOPS {
        if is(browser, &is_there) {
            return;
        }
        browser.active_keys(TAB);
    }
    panic!("the keyboard never comes to {selector}");
}

#[test]
fn from_pinyin_to_an_exported_file_by_keyboard() {
    let Some(browser) = browser(DESKTOP, false) else {
        return;
    };
    let server = demo();
    browser.go(&format!("{}/", server.url));
    browser.active_keys("/");
    until(&browser, "document.activeElement.id === 'q'");
    browser.active_keys("qiye");
    until(
        &browser,
        "document.querySelector('#suggestions:not([hidden]) [role=option]')",
    );
    browser.active_keys(&format!("{DOWN}{ENTER}"));
    until(
        &browser,
        "location.pathname === '/search' && document.querySelector('.hit')",
    );
    assert!(is(&browser, &asks("q", "企业")));
    for (name, code) in CITIES {
        // From the top, past the box of the query.
        browser.go(&format!("{}{}", server.url, encoded(&here(&browser))));
        tab_to(&browser, "#find-place");
        browser.active_keys(name);
        until(
            &browser,
            &format!(
                "document.querySelector(\"{}\").checkVisibility()",
                place(code)
            ),
        );
        tab_to(&browser, &place(code));
        browser.active_keys(" ");
        until(&browser, &asks("place", code));
    }
    let both = counts_agree(&server, &browser);
    tab_to(&browser, "button[name=year]");
    let year = browser.run("return document.activeElement.value");
    let year = year.as_str().expect("a year to leave out").to_owned();
    browser.active_keys(" ");
    until(&browser, &asks("year", &year));
    let rest = counts_agree(&server, &browser);
    assert!(rest < both, "{rest} of {both}");
    tab_to(&browser, "#sort");
    browser.active_keys(DOWN);
    until(&browser, "new URLSearchParams(location.search).has('sort')");
    counts_agree(&server, &browser);
    tab_to(&browser, ".export summary");
    browser.active_keys(ENTER);
    until(&browser, &format!("{CSV_LINK}.checkVisibility()"));
    tab_to(&browser, ".takes a[aria-label$=CSV]");
    file_has(&server, &browser, "document.activeElement", rest);
    browser.active_keys(ESCAPE);
    copy_agrees(&server, &browser, || {
        browser.keys("body", "j");
        until(&browser, "document.querySelector('.hit.is-current')");
        browser.keys("body", "c");
    });
    tab_to(&browser, "a[rel=next]");
    browser.active_keys(ENTER);
    until(
        &browser,
        "new URLSearchParams(location.search).get('offset') === '20'",
    );
    console_is_clean(&browser);
}

/// Where the browser is, without the server's name.
fn here(browser: &Browser) -> String {
    let here = browser.run("return decodeURI(location.pathname + location.search)");
    here.as_str().expect("an address").to_owned()
}
