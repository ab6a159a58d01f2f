//! A passage copied with its citation, by button and by key, in a real browser: what is put on the
//! clipboard is what the API has.

use serde_json::Value;

use crate::browser::{DESKTOP, browser, console_is_clean, demo, until};
use crate::support::{Server, encoded};
use crate::webdriver::Browser;

/// What would be put on the clipboard is kept instead: who runs the tests may be using it.
const KEEP_COPIES: &str = "window.copied = []; Object.defineProperty(navigator, 'clipboard', {configurable: true, value: {writeText: (text) => { window.copied.push(text); return Promise.resolve(); }}});";

/// Waits until so many texts have been copied, and gives the last.
fn copied(browser: &Browser, count: usize) -> String {
    until(browser, &format!("window.copied.length === {count}"));
    until(
        browser,
        "document.getElementById('announce').textContent === '已复制段落和出处'",
    );
    let last = browser.run("return window.copied.at(-1)");
    lines(last.as_str().expect("a text"))
}

/// A passage and its citation, as the API has them.
fn passage_with_citation(server: &Server, id: &str) -> String {
    let passage = server.json(&format!("/api/v1/measures/{id}"));
    let part = |name: &str| passage[name].as_str().expect("a text").to_owned();
    lines(&format!("{}\n{}", part("text"), part("citation")))
}

/// The lines of a text without the space around them, which a page does not show.
fn lines(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

#[test]
fn a_passage_is_copied_with_its_citation() {
    let Some(browser) = browser(DESKTOP, false) else {
        return;
    };
    let server = demo();
    browser.go(&format!("{}{}", server.url, encoded("/search?q=容缺受理")));
    browser.run(KEEP_COPIES);
    let ids = browser.run(
        "return [...document.querySelectorAll('.hit')].slice(0, 3).map(hit => hit.dataset.passage)",
    );
    let ids: Vec<&str> = ids
        .as_array()
        .expect("hits")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(ids.len(), 3);
    // The button of the first hit, and the key on the two behind it.
    browser.click(".hit [data-copy]");
    assert_eq!(copied(&browser, 1), passage_with_citation(&server, ids[0]));
    browser.keys("body", "j");
    for (at, id) in ids.iter().enumerate().skip(1) {
        browser.keys("body", "j");
        until(
            &browser,
            &format!("document.querySelectorAll('.hit')[{at}].classList.contains('is-current')"),
        );
        browser.keys("body", "c");
        assert_eq!(copied(&browser, at + 1), passage_with_citation(&server, id));
    }
    // In the document, the passage one has come to.
    let document = ids[1].split("-m").next().expect("a document");
    let path = format!("/documents/{document}?q=容缺受理");
    browser.go(&format!("{}{}", server.url, encoded(&path)));
    browser.run(KEEP_COPIES);
    browser.keys("body", "n");
    until(&browser, "document.querySelector('.passage.is-current')");
    let id = browser.run("return document.querySelector('.passage.is-current').dataset.id");
    let expected = passage_with_citation(&server, id.as_str().expect("an id"));
    browser.keys("body", "c");
    assert_eq!(copied(&browser, 1), expected);
    browser.click(".passage.is-current [data-copy]");
    assert_eq!(copied(&browser, 2), expected);
    // A page without a clipboard copies as well, and one that may not says so.
    browser.run("window.copied = []; Object.defineProperty(navigator, 'clipboard', {configurable: true, value: undefined}); document.execCommand = (what) => { window.copied.push(document.activeElement.value); return what === 'copy'; };");
    browser.keys("body", "c");
    assert_eq!(copied(&browser, 1), expected);
    browser.run("document.execCommand = () => false;");
    browser.keys("body", "c");
    until(
        &browser,
        "document.getElementById('announce').textContent === '未能复制段落和出处'",
    );
    console_is_clean(&browser);
}
