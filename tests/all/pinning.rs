//! The basket in a real browser: filled from hits and documents, arranged, compared and taken away, once by
//! pointer and once by keyboard alone; and what it does with links that others sent.

use serde_json::{Value, json};

use crate::browser::{DESKTOP, browser, console_is_clean, demo, until};
use crate::support::{Server, encoded};
use crate::walk::{is, tab_to};
use crate::webdriver::Browser;

const ENTER: &str = "\u{e007}";
const KEPT: &str = "JSON.parse(localStorage.getItem('duibiao.basket') ?? '[]')";
const QUERY: &str = "容缺受理";

fn kept(browser: &Browser) -> Value {
    browser.run(&format!("return {KEPT}"))
}

fn ids(browser: &Browser) -> Vec<String> {
    let kept = kept(browser);
    let kept = kept.as_array().expect("a list").iter();
    kept.map(|one| one["id"].as_str().expect("an id").to_owned())
        .collect()
}

fn holds(count: usize) -> String {
    format!("{KEPT}.length === {count}")
}

/// Three of the first hits, of two cities at least, as their numbers on the page.
fn three(server: &Server) -> Vec<(usize, Value)> {
    let answer = server.json(&format!("/api/v1/search?q={QUERY}&limit=20&collapse=1"));
    let hits = answer["hits"].as_array().expect("hits");
    let mut chosen: Vec<(usize, Value)> = Vec::new();
    for (number, hit) in hits.iter().enumerate() {
        let is_known = chosen.iter().any(|(_, other)| other["city"] == hit["city"]);
        if hit["city"].is_object() && (!is_known || chosen.len() == 2) && chosen.len() < 3 {
            chosen.push((number, hit.clone()));
        }
    }
    assert_eq!(chosen.len(), 3);
    chosen
}

/// The page of the basket and its files are what the API says of these passages, in this order.
fn basket_agrees(server: &Server, browser: &Browser, expected: &[&Value], note: &str) {
    let shown = browser.run(
        "return [...document.querySelectorAll('.pinned > li')].map(li => [li.dataset.passage, [...li.querySelectorAll('.line')].map(l => l.textContent).join('\\n'), li.querySelector('.citation').textContent])",
    );
    let shown = shown.as_array().expect("a list");
    assert_eq!(shown.len(), expected.len());
    for (shown, expected) in shown.iter().zip(expected) {
        let id = expected["id"].as_str().expect("an id");
        let passage = server.json(&format!("/api/v1/measures/{id}"));
        assert_eq!(shown[0], id);
        let text = passage["text"].as_str().expect("a text").lines();
        let lines: Vec<&str> = text
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        assert_eq!(shown[1], lines.join("\n").as_str());
        assert_eq!(shown[2], passage["citation"]);
    }
    let file = browser.run("const link = [...document.querySelectorAll('[data-file]')].find(a => a.textContent === 'CSV'); return link.pathname + link.search.replaceAll('+', '%20')");
    let file = server.get(file.as_str().expect("an address"));
    assert_eq!(file.status, 200);
    let mut rows = csv::Reader::from_reader(file.body.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), expected.len());
    for (row, expected) in rows.iter().zip(expected) {
        let id = expected["id"].as_str().expect("an id");
        assert!(row.iter().any(|cell| cell == id), "{row:?} is {id}");
    }
    assert!(file.body.contains(note));
}

/// The comparison on the page quotes each passage once, in the column of its city, as the API does.
fn comparison_agrees(server: &Server, browser: &Browser, expected: &[&Value]) {
    let query = browser.run("return location.search");
    let query = query.as_str().expect("a query").to_owned();
    let compared = server.json(&format!("/api/v1/compare{query}"));
    assert_eq!(compared["pinned"], true);
    assert_eq!(compared["total"], expected.len());
    let shown = browser.run("return document.querySelectorAll('.sides blockquote').length");
    assert_eq!(shown, expected.len());
    for passage in expected {
        let id = passage["id"].as_str().expect("an id");
        let (document, ordinal) = id.split_once("-m").expect("an id");
        let link = format!(
            "const a = document.querySelector(\".sides a[href^='/documents/{document}'][href$='#m{ordinal}']\"); const cell = a.closest('td'); return document.querySelectorAll('.sides thead th')[cell.cellIndex].textContent"
        );
        let column = browser.run(&link);
        let city = passage["city"]["name"].as_str().expect("a city");
        assert!(
            column.as_str().expect("a text").starts_with(city),
            "{column}: {city}"
        );
    }
    let empty = browser.run("return [...document.querySelectorAll('.sides td')].filter(td => !td.querySelector('blockquote') && !td.closest('.quantity')).map(td => td.textContent.trim())");
    let empty = empty.as_array().expect("a list");
    assert!(empty.iter().all(|cell| cell == "未放入"), "{empty:?}");
}

#[test]
fn from_hits_to_a_comparison_and_a_file_by_pointer() {
    let Some(browser) = browser(DESKTOP, false) else {
        return;
    };
    let server = demo();
    let chosen = three(&server);
    browser.go(&format!(
        "{}{}",
        server.url,
        encoded(&format!("/search?q={QUERY}"))
    ));
    for (count, (_, hit)) in chosen.iter().enumerate() {
        let button = format!("[data-pin][value='{}']", hit["id"].as_str().expect("an id"));
        browser.click(&button);
        until(&browser, &holds(count + 1));
        assert!(is(
            &browser,
            &format!("document.querySelector(\"{button}\").ariaPressed === 'true'")
        ));
    }
    until(
        &browser,
        "document.getElementById('announce').textContent.includes('共 3 段')",
    );
    assert!(is(
        &browser,
        "document.getElementById('basket').textContent === '对标篮 3'"
    ));
    assert!(
        is(&browser, "location.pathname === '/search'"),
        "nothing leads away"
    );
    // Another search in place, and back, still shows what is in it.
    browser.click("#sort option[value=oldest]");
    until(
        &browser,
        "location.search.includes('oldest') && !document.querySelector('.is-waiting')",
    );
    until(
        &browser,
        "document.querySelectorAll('[data-pin][aria-pressed=true]').length > 0",
    );
    browser.click("#basket");
    until(
        &browser,
        "document.querySelectorAll('.pinned > li').length === 3",
    );
    assert!(
        is(&browser, "document.getElementById('basket-own').hidden"),
        "it is one's own"
    );
    let [one, two, three] = [0, 1, 2].map(|at| &chosen[at].1);
    basket_agrees(&server, &browser, &[one, two, three], "");
    // A note and another order outlive a reload and another page.
    browser.keys(".pinned textarea", "对照我市 <b>三</b>");
    until(&browser, &format!("{KEPT}[0].note.endsWith('</b>')"));
    let last = three["id"].as_str().expect("an id");
    browser.click(&format!("[id='up-{last}']"));
    until(&browser, &format!("{KEPT}[1].id === '{last}'"));
    until(
        &browser,
        &format!("document.activeElement.id === 'up-{last}'"),
    );
    basket_agrees(&server, &browser, &[one, three, two], "对照我市 <b>三</b>");
    browser.go(&format!("{}/", server.url));
    until(
        &browser,
        "document.getElementById('basket').textContent === '对标篮 3'",
    );
    browser.go(&format!("{}/basket", server.url));
    until(
        &browser,
        "document.querySelectorAll('.pinned > li').length === 3",
    );
    assert!(is(
        &browser,
        "document.querySelector('.pinned textarea').value === '对照我市 <b>三</b>'"
    ));
    basket_agrees(&server, &browser, &[one, three, two], "对照我市 <b>三</b>");
    // Out and back again.
    browser.click("#basket-clear");
    until(&browser, &holds(0));
    until(&browser, "document.activeElement.id === 'basket-undo'");
    browser.click("#basket-undo");
    until(&browser, &holds(3));
    browser.click(&format!("[id='out-{last}']"));
    until(&browser, &holds(2));
    browser.click("#basket-undo");
    until(&browser, &holds(3));
    basket_agrees(&server, &browser, &[one, three, two], "对照我市 <b>三</b>");
    // Side by side, and back to it with its notes.
    browser.click(".basket-ways a");
    until(
        &browser,
        "location.pathname === '/compare' && document.querySelector('.sides')",
    );
    comparison_agrees(&server, &browser, &[one, two, three]);
    let file = browser.run("const link = [...document.querySelectorAll('.takes-inline a')].find(a => a.textContent === 'CSV'); return link.pathname + link.search.replaceAll('+', '%20')");
    let file = server.get(file.as_str().expect("an address"));
    assert!(file.status == 200 && file.body.contains(last));
    browser.click("[data-own-basket]");
    until(
        &browser,
        "document.querySelector('.pinned textarea')?.value === '对照我市 <b>三</b>'",
    );
    assert!(is(&browser, "document.getElementById('basket-own').hidden"));
    console_is_clean(&browser);
}

#[test]
fn from_hits_to_a_comparison_and_a_file_by_keyboard() {
    let Some(browser) = browser(DESKTOP, false) else {
        return;
    };
    let server = demo();
    let chosen = three(&server);
    browser.go(&format!("{}/", server.url));
    browser.active_keys("/");
    until(&browser, "document.activeElement.id === 'q'");
    browser.active_keys(&format!("{QUERY}{ENTER}"));
    until(
        &browser,
        "location.pathname === '/search' && document.querySelector('.hit')",
    );
    let mut at = 0;
    for (count, (number, _)) in chosen.iter().enumerate() {
        while at <= *number {
            browser.keys("body", "j");
            at += 1;
        }
        browser.keys("body", "b");
        until(&browser, &holds(count + 1));
    }
    // The same key takes the last out, and puts it in again.
    browser.keys("body", "b");
    until(&browser, &holds(2));
    browser.keys("body", "b");
    until(&browser, &holds(3));
    tab_to(&browser, "#basket");
    browser.active_keys(ENTER);
    until(
        &browser,
        "document.querySelectorAll('.pinned > li').length === 3",
    );
    tab_to(&browser, ".pinned textarea");
    browser.active_keys("备注一");
    until(&browser, &format!("{KEPT}[0].note === '备注一'"));
    let [one, two, three] = [0, 1, 2].map(|at| &chosen[at].1);
    let last = three["id"].as_str().expect("an id");
    let up = format!("[id='up-{last}']");
    tab_to(&browser, &up);
    browser.active_keys(ENTER);
    until(&browser, &format!("{KEPT}[1].id === '{last}'"));
    // The focus stays on the button, so that pressing it again moves further; at the top it turns round.
    until(
        &browser,
        &format!("document.activeElement.id === 'up-{last}'"),
    );
    browser.active_keys(ENTER);
    until(&browser, &format!("{KEPT}[0].id === '{last}'"));
    until(
        &browser,
        &format!("document.activeElement.id === 'down-{last}'"),
    );
    basket_agrees(&server, &browser, &[three, one, two], "备注一");
    // From the top again: the comparison.
    browser.go(&format!("{}/basket", server.url));
    until(
        &browser,
        "document.querySelectorAll('.pinned > li').length === 3",
    );
    tab_to(&browser, "[data-file][aria-label$=CSV]");
    browser.go(&format!("{}/basket", server.url));
    until(
        &browser,
        "document.querySelectorAll('.pinned > li').length === 3",
    );
    tab_to(&browser, ".basket-ways p:first-child a");
    browser.active_keys(ENTER);
    until(
        &browser,
        "location.pathname === '/compare' && document.querySelector('.sides')",
    );
    comparison_agrees(&server, &browser, &[one, two, three]);
    tab_to(&browser, ".scroll");
    tab_to(&browser, "[data-own-basket]");
    // A passage of a document, and one that is like it elsewhere, by key.
    let (document, ordinal) = last.split_once("-m").expect("an id");
    browser.go(&format!("{}/documents/{document}#m{ordinal}", server.url));
    browser.keys("body", "b");
    until(&browser, &holds(2));
    browser.go(&format!(
        "{}/measures/{last}/similar?elsewhere=false",
        server.url
    ));
    until(&browser, "document.querySelector('.hits .hit')");
    browser.keys("body", "j");
    until(&browser, "document.querySelector('.hit.is-current')");
    browser.keys("body", "b");
    until(&browser, &format!("{} || {}", holds(3), holds(1)));
    console_is_clean(&browser);
}

#[test]
fn a_link_stays_as_it_was_sent_until_it_is_taken_over() {
    let Some(browser) = browser(DESKTOP, false) else {
        return;
    };
    let server = demo();
    let chosen = three(&server);
    let all: Vec<&str> = chosen
        .iter()
        .map(|(_, hit)| hit["id"].as_str().expect("an id"))
        .collect();
    let hostile = "</textarea><script>window.ran=1</script><img src=x onerror=window.ran=1>";
    let note: String = hostile.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let link = format!(
        "{}/basket?id={}&note={note}&id={}",
        server.url, all[0], all[1]
    );
    browser.go(&link);
    until(&browser, "!document.getElementById('basket-own').hidden");
    assert_eq!(kept(&browser), json!([]), "nothing is taken over unasked");
    assert_eq!(
        browser.run("return document.querySelector('textarea').value"),
        hostile
    );
    assert_eq!(browser.run("return window.ran ?? 0"), 0);
    // What is done there stays in its address.
    browser.click(&format!("[id='up-{}']", all[1]));
    until(
        &browser,
        &format!("location.search.startsWith('?id={}')", all[1]),
    );
    assert_eq!(kept(&browser), json!([]));
    // What has the focus is in sight; the notice is above it, behind the bar on top.
    browser.run("scrollTo(0, 0)");
    browser.click("#basket-take");
    until(&browser, &holds(2));
    assert_eq!(ids(&browser), [all[1], all[0]]);
    until(&browser, "document.getElementById('basket-own').hidden");
    assert_eq!(kept(&browser)[1]["note"], hostile);
    assert_eq!(browser.run("return window.ran ?? 0"), 0);
    // Another link beside one's own: joined, taken instead, put back.
    let other = format!("{}/basket?id={}&id={}", server.url, all[2], all[0]);
    browser.go(&other);
    until(&browser, "document.getElementById('basket-join')");
    browser.click("#basket-join");
    until(&browser, &holds(3));
    assert_eq!(ids(&browser), [all[1], all[0], all[2]]);
    assert_eq!(
        kept(&browser)[1]["note"],
        hostile,
        "a note stays with its passage"
    );
    browser.go(&other);
    until(&browser, "document.getElementById('basket-take')");
    browser.click("#basket-take");
    until(&browser, &holds(2));
    until(&browser, "document.getElementById('basket-back')");
    browser.click("#basket-back");
    until(&browser, &holds(3));
    until(
        &browser,
        "document.querySelectorAll('.pinned > li').length === 3",
    );
    // Another tab took all but one out: this page follows.
    browser.run(&format!(
        "localStorage.setItem('duibiao.basket', JSON.stringify([{{id: '{}', note: ''}}])); dispatchEvent(new StorageEvent('storage', {{key: 'duibiao.basket'}}))",
        all[2]
    ));
    until(
        &browser,
        "document.querySelectorAll('.pinned > li').length === 1",
    );
    until(
        &browser,
        "document.getElementById('basket').textContent === '对标篮 1'",
    );
    // What is kept wrongly counts as nothing, and a full basket takes no more.
    browser.run("localStorage.setItem('duibiao.basket', '{\"a\":[')");
    browser.go(&format!(
        "{}{}",
        server.url,
        encoded(&format!("/search?q={QUERY}"))
    ));
    until(
        &browser,
        "document.querySelector('[data-pin][aria-pressed=false]')",
    );
    browser.run("localStorage.setItem('duibiao.basket', JSON.stringify([...Array(100).keys()].map(n => ({id: '00000000000000ab-m' + (n + 1), note: ''}))))");
    browser.click(".hit [data-pin]");
    until(
        &browser,
        "document.getElementById('announce').textContent.includes('已满 100 段')",
    );
    assert_eq!(ids(&browser).len(), 100);
    console_is_clean(&browser);
}
