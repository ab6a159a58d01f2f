//! Pages in a real browser: a session as a person has it, accessibility, hostile documents.
//!
//! Needs Chromium and its driver on the PATH, and for the accessibility check a copy of axe-core
//! in $AXE_CORE. Where they are missing the tests say that they were skipped; with
//! REQUIRE_BROWSER set that is a failure.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Place, Server, command, encoded};
use crate::webdriver::Browser;

/// How long a page may take to get where it should.
const PATIENCE: Duration = Duration::from_secs(15);
pub(crate) const DESKTOP: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);

fn skipped(why: &str) {
    assert!(
        std::env::var_os("REQUIRE_BROWSER").is_none(),
        "REQUIRE_BROWSER is set, but {why}"
    );
    eprintln!("skipped: {why}");
}

/// A browser window of this size, where there is a browser.
pub(crate) fn browser((width, height): (u32, u32), dark: bool) -> Option<Browser> {
    let browser = Browser::start(width, height, dark);
    if browser.is_none() {
        skipped("there is no chromedriver on the PATH");
    }
    browser
}

pub(crate) fn demo() -> Server {
    Server::start(command("/nowhere".as_ref()).args([
        "demo",
        "--addr",
        "127.0.0.1:0",
        "--log",
        "off",
    ]))
}

/// Waits until a script gives true.
pub(crate) fn until(browser: &Browser, script: &str) {
    let begun = Instant::now();
    while browser.run(&format!("return Boolean({script})")) != Value::Bool(true) {
        assert!(begun.elapsed() < PATIENCE, "it never came to {script}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn text(browser: &Browser, selector: &str) -> String {
    let found = browser.run(&format!(
        "return document.querySelector({})?.textContent.replace(/\\s+/g, ' ').trim() ?? ''",
        json!(selector)
    ));
    found.as_str().unwrap_or_default().to_owned()
}

fn count(browser: &Browser, selector: &str) -> u64 {
    let script = format!(
        "return document.querySelectorAll({}).length",
        json!(selector)
    );
    browser.run(&script).as_u64().expect("a number")
}

/// Waits for an event to be over that has nothing else to show for it.
pub(crate) fn console_is_clean(browser: &Browser) {
    let logged = browser.console();
    assert!(logged.is_empty(), "the console is not empty: {logged:#?}");
}

#[test]
fn a_session_from_query_to_document_and_back() {
    let Some(browser) = browser(DESKTOP, false) else {
        return;
    };
    let server = demo();
    browser.go(&format!("{}/", server.url));
    // `/` focuses the box; what is typed there is searched.
    browser.keys("body", "/");
    until(&browser, "document.activeElement.id === 'q'");
    browser.keys("#q", "审批\u{e007}");
    until(
        &browser,
        "location.pathname === '/search' && document.querySelector('.hit')",
    );
    let all = text(&browser, "#summary b");
    // Two facet values, each without a reload.
    browser.run("window.same = true");
    browser.run("document.querySelectorAll('.tree details').forEach(d => d.open = true)");
    let values = browser.run(
        "return [...document.querySelectorAll('.below input[name=place]')].map(i => i.value).filter(v => v.endsWith('00')).slice(0, 2)",
    );
    for value in values.as_array().expect("two cities") {
        let selector = format!(
            "input[name=place][value='{}']",
            value.as_str().expect("a code")
        );
        browser.click(&selector);
        let checked = format!("document.querySelector(\"{selector}\").checked");
        until(
            &browser,
            &format!(
                "{checked} && new URLSearchParams(location.search).getAll('place').includes({value})"
            ),
        );
        let focused = format!("document.activeElement === document.querySelector(\"{selector}\")");
        until(&browser, &focused);
    }
    assert_eq!(
        browser.run("return window.same"),
        true,
        "the page was changed in place"
    );
    assert_eq!(count(&browser, ".chip a"), 2);
    assert_ne!(text(&browser, "#summary b"), all);
    assert_eq!(
        text(&browser, "#announce"),
        text(&browser, "#summary"),
        "the count is announced"
    );
    let narrowed = browser.url();
    // `j` to the second hit, Enter opens it at its passage.
    browser.keys("body", "j");
    until(
        &browser,
        "document.querySelectorAll('.hit.is-current').length === 1",
    );
    browser.keys("body", "j");
    until(
        &browser,
        "document.querySelectorAll('.hit')[1].classList.contains('is-current')",
    );
    let title = text(&browser, ".hit.is-current a.open");
    browser.active_keys("\u{e007}");
    until(
        &browser,
        "location.pathname.startsWith('/documents/') && document.querySelector('.hitbar')",
    );
    assert_eq!(text(&browser, "h1"), title);
    assert!(browser.url().contains("#m"));
    until(&browser, "document.querySelector('.is-current[data-hit]')");
    // Through all hits and round to where it began, by key; back by the bar.
    let hits = count(&browser, "[data-hit]");
    let here = text(&browser, "#hit-count");
    for _ in 0..hits {
        browser.keys("body", "n");
    }
    until(
        &browser,
        &format!(
            "document.getElementById('hit-count').textContent === {}",
            json!(here)
        ),
    );
    browser.keys("body", "N");
    browser.click("#hit-after");
    until(
        &browser,
        &format!(
            "document.getElementById('hit-count').textContent === {}",
            json!(here)
        ),
    );
    let visible = "(r => r.bottom > 0 && r.top < innerHeight)(document.querySelector('[data-hit].is-current').getBoundingClientRect())";
    until(&browser, visible);
    // Evidence opens and leads to its words.
    browser.click(".field summary");
    browser.click(".field .why a[href^='#e']");
    until(&browser, "document.querySelector('.anchor:target')");
    let quoted =
        "document.querySelector(`.why a[href='${location.hash}']`).textContent.slice(1, -1)";
    let shown =
        "[...document.querySelectorAll('.evidence.is-shown')].map(e => e.textContent).join('')";
    until(
        &browser,
        &format!("{quoted}.replace(/\\s/g, '') === {shown}.replace(/\\s/g, '')"),
    );
    // Back: the same hits under the same filters.
    let backs = browser
        .run("return history.length")
        .as_u64()
        .expect("a number");
    for _ in 0..backs {
        if browser.url() == narrowed {
            break;
        }
        browser.back();
    }
    assert_eq!(browser.url(), narrowed);
    until(
        &browser,
        "document.querySelectorAll('.chip a').length === 2",
    );
    browser.back();
    until(
        &browser,
        "document.querySelectorAll('.chip a').length === 1",
    );
    until(
        &browser,
        "document.querySelectorAll('input[name=place]:checked').length === 1",
    );
    console_is_clean(&browser);
}

#[test]
fn quick_changes_add_up_and_back_leads_where_one_was() {
    let Some(browser) = browser(DESKTOP, false) else {
        return;
    };
    let server = demo();
    let path = "/search?q=审批&province=黑龙江&province=山东&year=2021&year=2023";
    browser.go(&format!("{}{}", server.url, encoded(path)));
    // Two chips at once, as fast as a script can: neither waits for the other.
    browser.run("const chips = document.querySelectorAll('.chip a'); chips[0].click(); chips[3].click(); document.querySelector('input[name=status]').click()");
    until(
        &browser,
        "document.querySelectorAll('.chip a').length === 3",
    );
    until(
        &browser,
        "new URLSearchParams(location.search).getAll('place').length === 1 && new URLSearchParams(location.search).getAll('year').length === 1",
    );
    // A jump inside the page is not a search, and a page left and come back to is where it was.
    browser.go(&format!("{}{}", server.url, encoded("/search?q=企业")));
    browser.run("window.same = true; location.hash = '#main'");
    until(&browser, "document.activeElement.id === 'main'");
    browser.run("scrollTo(0, 900)");
    browser.run("document.querySelector('a[rel=next]').click()");
    until(
        &browser,
        "location.search.includes('offset=20') && scrollY === 0",
    );
    browser.back();
    until(
        &browser,
        "!location.search.includes('offset') && scrollY === 900",
    );
    // From a document back to the results with all that was chosen.
    browser.go(&format!(
        "{}{}",
        server.url,
        encoded("/search?q=企业&year=2021")
    ));
    let here = browser.url();
    browser.click(".open");
    until(&browser, "document.getElementById('back')");
    browser.click("#back");
    until(&browser, "document.querySelector('.hit')");
    assert_eq!(browser.url(), here);
    console_is_clean(&browser);
}

/// What is chosen last is what is meant, a value can be left out, and years are a range.
#[test]
fn trees_exclusions_and_years_are_chosen_from() {
    let Some(browser) = browser(DESKTOP, false) else {
        return;
    };
    let server = demo();
    let asked = |name: &str| {
        browser.run(&format!(
            "return new URLSearchParams(location.search).getAll('{name}').join()"
        ))
    };
    let asks = |name: &str, value: &str| {
        let own = format!("new URLSearchParams(location.search).getAll('{name}').join()");
        until(
            &browser,
            &format!("{own} === '{value}' && !document.querySelector('.is-waiting')"),
        );
    };
    let number = || text(&browser, "#summary b");
    browser.go(&format!("{}/search?unit=document", server.url));
    // A province, then a city in it: the city is meant. Then the province again.
    let heilongjiang = "input[name=place][value='230000']";
    let harbin = "input[name=place][value='230100']";
    browser.click(heilongjiang);
    asks("place", "230000");
    let all = number();
    browser.run(&format!(
        "document.querySelector(\"{harbin}\").closest('details').open = true"
    ));
    browser.click(harbin);
    asks("place", "230100");
    let some = number();
    assert_ne!(all, some);
    // With the province's own documents there are more, and fewer than in the whole of it.
    browser.click("#provincial");
    asks("provincial", "1");
    until(
        &browser,
        &format!(
            "document.querySelector('#summary b').textContent !== {}",
            json!(some)
        ),
    );
    browser.click(heilongjiang);
    asks("place", "230000");
    until(
        &browser,
        &format!(
            "document.querySelector('#summary b').textContent === {}",
            json!(all)
        ),
    );
    // Another province beside it.
    browser.click("input[name=place][value='210000']");
    asks("place", "230000,210000");
    // A year is left out by a button that the keyboard reaches, and comes back by its box.
    browser.run("document.querySelector('button[name=year]').focus()");
    let year = browser.run("return document.activeElement.value");
    let year = year.as_str().expect("a year").to_owned();
    browser.active_keys(" ");
    asks("year", &year);
    until(
        &browser,
        "document.querySelector('.option.is-out input[name=year]:checked')",
    );
    assert!(text(&browser, ".chips").contains("年份不含"));
    browser.click(".option.is-out input[name=year]");
    asks("year", "");
    // A range, by its form and away with its chip; a single year by its bar.
    browser.keys("#from", "2022");
    browser.keys("#to", "2016\u{e007}");
    asks("year", "2016..2022");
    assert!(text(&browser, ".chips").contains("2016–2022"));
    browser.run("[...document.querySelectorAll('.chip')].find(c => c.textContent.includes('2016')).querySelector('a').click()");
    asks("year", "");
    browser.run("document.querySelector('svg.years a:last-of-type').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))");
    until(
        &browser,
        "document.querySelector('input[name=year]:checked')",
    );
    assert_ne!(asked("year"), "");
    console_is_clean(&browser);
}

#[test]
fn suggestions_are_chosen_by_keyboard_and_by_pointer() {
    let Some(browser) = browser(DESKTOP, false) else {
        return;
    };
    let server = demo();
    browser.go(&format!("{}/", server.url));
    let shown = "document.querySelectorAll('#suggestions:not([hidden]) [role=option]').length";
    let attribute = |name: &str| {
        browser.run(&format!(
            "return document.getElementById('q').getAttribute('aria-{name}')"
        ))
    };
    assert_eq!(attribute("expanded"), "false");
    browser.keys("#q", "rongque");
    until(&browser, &format!("{shown} > 0"));
    assert_eq!(attribute("expanded"), "true");
    let first = text(&browser, "#suggestions li .word");
    assert!(first.starts_with("容缺"), "{first}");
    // Down chooses, up goes back to what was typed, Esc closes and changes nothing.
    browser.keys("#q", "\u{e015}");
    assert_eq!(attribute("activedescendant"), "suggestion-0");
    assert_eq!(
        text(&browser, "#suggestions [aria-selected=true] .word"),
        first
    );
    browser.keys("#q", "\u{e013}");
    assert_eq!(attribute("activedescendant"), Value::Null);
    assert_eq!(
        browser.run("return document.getElementById('q').value"),
        "rongque"
    );
    browser.keys("#q", "\u{e015}\u{e00c}");
    assert_eq!(attribute("expanded"), "false");
    assert_eq!(
        browser.run("return document.getElementById('q').value"),
        "rongque"
    );
    // Down opens again; Enter searches for what is chosen.
    browser.keys("#q", "\u{e015}");
    until(&browser, &format!("{shown} > 0"));
    browser.keys("#q", "\u{e015}\u{e007}");
    until(
        &browser,
        "location.pathname === '/search' && document.querySelector('.hit')",
    );
    let asked = browser.run("return new URLSearchParams(location.search).get('q')");
    assert_eq!(asked, first.as_str());
    // While an input method composes nothing is asked for; when it is done, once.
    browser.run(
        "window.asked = 0; const plain = window.fetch; window.fetch = (...all) => { if (String(all[0]).includes('/suggest')) window.asked++; return plain(...all); };
         const q = document.getElementById('q'); q.focus(); q.value = 'shenpi';
         q.dispatchEvent(new CompositionEvent('compositionstart'));
         q.dispatchEvent(new InputEvent('input', {isComposing: true}));
         q.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowDown', isComposing: true}));",
    );
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(browser.run("return window.asked"), 0);
    browser.run(
        "const q = document.getElementById('q'); q.value = '审批';
         q.dispatchEvent(new CompositionEvent('compositionend'));",
    );
    until(&browser, &format!("{shown} > 0"));
    assert_eq!(browser.run("return window.asked"), 1);
    // A click takes what it is on; the number is what the search then finds.
    let number = text(&browser, "#suggestions li:nth-child(2) .count");
    browser.click("#suggestions li:nth-child(2)");
    let total = "document.querySelector('#summary b')?.textContent.replace(',', '')";
    let number = number.trim_end_matches(" 条");
    until(
        &browser,
        &format!("{total} === '{number}' && {shown} === 0"),
    );
    console_is_clean(&browser);
}

#[test]
fn long_lists_can_be_searched_and_keys_are_listed() {
    let Some(browser) = browser(DESKTOP, false) else {
        return;
    };
    let server = demo();
    browser.go(&format!("{}/search?unit=document", server.url));
    // In a tree what is found is opened, and closes again when nothing is looked for.
    let seen = "[...document.querySelectorAll('.tree input[name=place]')].filter(i => i.checkVisibility()).map(i => i.nextElementSibling.textContent).join()";
    let before = browser.run(&format!("return {seen}"));
    browser.keys("#find-place", "哈尔滨");
    until(&browser, &format!("{seen} === '黑龙江省,哈尔滨市'"));
    browser.run("document.getElementById('find-place').select()");
    browser.keys("#find-place", "\u{e017}");
    until(&browser, &format!("{seen} === {before}"));
    browser.keys("#find-place", "太空");
    until(
        &browser,
        "document.querySelector('.tree .none').checkVisibility()",
    );
    browser.keys("#find-place", "\u{e007}");
    assert!(
        !browser.url().contains("find"),
        "searching a list sends nothing"
    );
    browser.keys("body", "?");
    until(&browser, "document.getElementById('keys').open");
    browser.active_keys("\u{e00c}");
    until(&browser, "!document.getElementById('keys').open");
    console_is_clean(&browser);
}

/// The first of some hits, and a basket of three of them and one that is gone.
fn picked(found: &Value) -> (String, String) {
    let hits = found["hits"].as_array().expect("hits").iter();
    let ids = hits.map(|hit| hit["id"].as_str().expect("an id").to_owned());
    let ids: Vec<String> = ids.take(3).collect();
    let basket = format!("/basket?id={}&id=00000000000000ab-m7", ids.join("&id="));
    (ids[0].clone(), basket)
}

#[test]
fn on_a_phone_filters_fold_and_nothing_runs_over() {
    let Some(browser) = browser(PHONE, true) else {
        return;
    };
    let server = demo();
    let found = server.json("/api/v1/search?q=容缺受理");
    let id = found["hits"][0]["document_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let (passage, basket) = picked(&found);
    for path in [
        "/",
        "/coverage",
        "/compare?q=中介服务&by=city",
        "/gaps?for=哈尔滨&at_least=1",
        "/trace?q=容缺受理",
        "/search?q=容缺受理",
        "/search?q=无此词语",
        &format!("/documents/{id}?q=容缺受理"),
        &basket,
        &format!("{basket}&q=首违不罚"),
        &basket.replace("/basket?", "/compare?by=city&"),
        &format!("/measures/{passage}/similar?elsewhere=false"),
    ] {
        browser.go(&format!("{}{}", server.url, encoded(path)));
        let over = browser.run("return document.documentElement.scrollWidth - innerWidth");
        assert!(
            over.as_i64().expect("a number") <= 0,
            "{path} runs over by {over}"
        );
        assert_eq!(
            browser.run("return matchMedia('(prefers-color-scheme: dark)').matches"),
            true
        );
    }
    browser.go(&format!("{}{}", server.url, encoded("/search?q=容缺受理")));
    assert_eq!(
        browser.run("return document.querySelector('.filters').open"),
        false
    );
    // Open, the filters fill the screen and hold the keyboard; what is ticked waits for 应用.
    browser.click(".filters > summary");
    until(&browser, "document.querySelector('.top').inert");
    let fills = "(b => b.top === 0 && b.left === 0 && b.width === innerWidth && b.height === innerHeight)(document.querySelector('.filters').getBoundingClientRect())";
    until(&browser, fills);
    browser.run("window.outside = 0; document.addEventListener('focusin', e => { if (!e.target.closest('#facets')) window.outside++ })");
    for _ in 0..60 {
        browser.active_keys("\u{e004}");
    }
    assert_eq!(browser.run("return window.outside"), 0);
    browser.click("input[name=status]");
    browser.click("input[name=year]");
    assert_eq!(count(&browser, ".chip"), 0);
    browser.click(".apply button[type=submit]");
    until(&browser, "document.querySelectorAll('.chip').length === 2");
    until(
        &browser,
        "!document.querySelector('.filters').open && !document.querySelector('.top').inert",
    );
    // Esc and 关闭 leave everything as it was.
    browser.click(".filters > summary");
    browser.active_keys("\u{e00c}");
    until(&browser, "!document.querySelector('.filters').open");
    browser.click(".filters > summary");
    browser.click("[data-close]");
    until(
        &browser,
        "!document.querySelector('.filters').open && !document.querySelector('.top').inert",
    );
    assert_eq!(count(&browser, ".chip"), 2);
    console_is_clean(&browser);
}

/// What axe-core, the checker of the accessibility trade, finds wrong by the rules of WCAG 2.2 AA.
#[test]
fn pages_pass_the_accessibility_rules() {
    let Some(file) = std::env::var_os("AXE_CORE") else {
        skipped("AXE_CORE names no copy of axe.min.js");
        return;
    };
    let axe = std::fs::read_to_string(file).expect("AXE_CORE names a readable file");
    let server = demo();
    let found = server.json("/api/v1/search?q=容缺受理");
    let id = found["hits"][0]["document_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let (passage, basket) = picked(&found);
    for (size, dark) in [
        (DESKTOP, false),
        (DESKTOP, true),
        (PHONE, false),
        (PHONE, true),
    ] {
        let Some(browser) = browser(size, dark) else {
            return;
        };
        for path in [
            "/",
            "/coverage",
            "/compare?q=中介服务&by=city",
            "/gaps?for=哈尔滨&at_least=1",
            "/trace?q=容缺受理",
            "/search?q=容缺受理&city=潍坊&explain=1",
            "/search?q=无此词语&status=done",
            "/search?citty=1",
            &format!("/documents/{id}?q=容缺受理"),
            "/basket",
            &format!("{basket}&q=首违不罚"),
            &basket.replace("/basket?", "/compare?by=city&"),
            &format!("/measures/{passage}/similar?elsewhere=false"),
        ] {
            browser.go(&format!("{}{}", server.url, encoded(path)));
            browser.run("document.querySelectorAll('details').forEach(d => d.open = true)");
            if path == "/" {
                browser.keys("#q", "rongque");
                until(
                    &browser,
                    "document.querySelectorAll('#suggestions li').length > 0",
                );
            }
            browser.run(&axe);
            let found = browser.run_async(
                "const done = arguments[0]; axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => done(r.violations.map(v => [v.id, v.help, v.nodes.map(n => n.html + ' ' + n.failureSummary)])))",
            );
            assert_eq!(
                found,
                json!([]),
                "{path} at {size:?}, dark {dark}: {found:#}"
            );
        }
    }
}

/// Things that run where text is taken for markup, script, style or address.
fn payloads() -> Vec<String> {
    let run = "window.ran=1";
    let mut all: Vec<String> = [
        "<script>RUN</script>",
        "<ScRiPt>RUN</sCrIpT>",
        "<script src=data:text/javascript,RUN></script>",
        "</title><script>RUN</script>",
        "</textarea><script>RUN</script>",
        "</script><script>RUN</script>",
        "<<script>RUN//<</script>",
        "<script\u{a0}>RUN</script>",
        "<img src=x onerror=RUN>",
        "<img src=x onerror=\"RUN\">",
        "<img/src=x/onerror=RUN>",
        "\"><img src=x onerror=RUN>",
        "'><img src=x onerror=RUN>",
        "--><img src=x onerror=RUN>",
        "]]><img src=x onerror=RUN>",
        "<svg onload=RUN>",
        "<svg><script>RUN</script></svg>",
        "<svg><animate onbegin=RUN attributeName=x></svg>",
        "<svg><a xlink:href=\"javascript:RUN\"><text x=20 y=20>x</text></a></svg>",
        "<math><mtext><img src=x onerror=RUN></mtext></math>",
        "<iframe srcdoc=\"<script>parent.RUN</script>\"></iframe>",
        "<iframe src=\"javascript:parent.RUN\"></iframe>",
        "<object data=\"javascript:RUN\"></object>",
        "<embed src=\"javascript:RUN\">",
        "<a href=\"javascript:RUN\" autofocus onfocus=RUN>x</a>",
        "<input autofocus onfocus=RUN>",
        "<select autofocus onfocus=RUN>",
        "<textarea autofocus onfocus=RUN>",
        "<details open ontoggle=RUN>",
        "<video><source onerror=RUN></video>",
        "<audio src=x onerror=RUN>",
        "<body onload=RUN>",
        "<marquee onstart=RUN>",
        "<style>@import 'javascript:RUN';</style>",
        "<div style=\"background:url(javascript:RUN)\">",
        "<link rel=stylesheet href=\"javascript:RUN\">",
        "<meta http-equiv=refresh content=\"0;url=javascript:RUN\">",
        "<base href=\"https://evil.example/\">",
        "<form action=\"javascript:RUN\"><button autofocus>x</button></form>",
        "<button formaction=\"javascript:RUN\">x</button>",
        "\" autofocus onfocus=RUN x=\"",
        "' autofocus onfocus=RUN x='",
        "\" onmouseover=RUN \"",
        "javascript:RUN",
        "&lt;script&gt;RUN&lt;/script&gt;",
        "&#60;script&#62;RUN&#60;/script&#62;",
        "\u{202e}<script>RUN</script>",
        "{{constructor.constructor('RUN')()}}",
        "${RUN}",
        "<noscript><p title=\"</noscript><img src=x onerror=RUN>\">",
        "<template><script>RUN</script></template><script>RUN</script>",
        "<x onclick=RUN id=main tabindex=1 autofocus onfocus=RUN>",
    ]
    .iter()
    .map(|payload| payload.replace("RUN", run))
    .collect();
    all.dedup();
    all
}

#[test]
fn hostile_text_stays_text() {
    let payloads = payloads();
    assert!(payloads.len() >= 50);
    let Some(browser) = browser(DESKTOP, false) else {
        return;
    };
    let place = Place::new();
    let mut labels = "path,title,issuer,doc_type,subtype,city\n".to_owned();
    for (n, payload) in payloads.iter().enumerate() {
        let name: String = payload
            .chars()
            .filter(|c| !"/\\".contains(*c))
            .take(60)
            .collect();
        let name = format!("{n} {name}.txt");
        place.write(
            &name,
            format!("关于{payload}整改情况的通报\n\n一、{payload}方面\n1.针对“{payload}”的问题。已整改{payload}完成。\n\n{payload}局\n2020年1月2日\n"),
        );
        let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let columns = [&name, payload, payload, payload, payload].map(|text| cell(text));
        labels.push_str(&format!("{},哈尔滨市\n", columns.join(",")));
    }
    let file = place.path("标注.csv");
    std::fs::write(&file, labels).expect("a file");
    let ran = place.index(&["--labels", file.to_str().expect("a UTF-8 path")]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let server = Server::serve(&place.index_folder(), &[]);
    let found = server.json("/api/v1/search?unit=document&limit=100");
    let hits = found["hits"].as_array().expect("hits");
    assert_eq!(hits.len(), payloads.len());

    let mut paths = vec![
        "/".to_owned(),
        "/coverage".to_owned(),
        "/search?limit=200".to_owned(),
        "/search?unit=document&limit=200".to_owned(),
        "/search?q=整改&explain=1&limit=200".to_owned(),
    ];
    for hit in hits {
        let id = hit["id"].as_str().expect("an id");
        paths.push(format!("/documents/{id}?q=整改"));
    }
    let found = server.json("/api/v1/search?q=整改&limit=100");
    for hit in found["hits"].as_array().expect("hits") {
        let id = hit["id"].as_str().expect("an id");
        paths.push(format!("/measures/{id}/similar?elsewhere=false&limit=50"));
        paths.push(format!("/compare?by=city&id={id}"));
    }
    for payload in &payloads {
        let typed = encoded(payload).replace(['&', '=', '?', '/'], "%26");
        paths.push(format!("/search?q={typed}"));
        paths.push(format!("/search?q={typed}&city={typed}"));
        paths.push(format!("/{typed}"));
    }
    for path in &paths {
        browser.go(&format!("{}{}", server.url, encoded(path)));
        browser.run("document.querySelectorAll('details').forEach(d => d.open = true)");
        assert_eq!(
            browser.run("return window.ran ?? 0"),
            0,
            "{path} ran something"
        );
        assert_eq!(browser.alert(), None, "{path} opened an alert");
        // Nothing of it has become an element either, whatever the security policy stops.
        let strange = browser.run(
            "return [...document.querySelectorAll('script:not([src=\"/static/app.js\"]), img, svg, iframe, object, embed, video, audio, math, marquee, base, meta[http-equiv], style, template, textarea, [style], [srcdoc], [formaction]')].concat([...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on') || /^\\s*javascript:/i.test(a.value) && a.name !== 'value'))).map(e => e.outerHTML)",
        );
        assert_eq!(strange, json!([]), "{path}");
    }
    let blocked: Vec<String> = browser
        .console()
        .into_iter()
        .filter(|line| !line.contains("status of 4"))
        .collect();
    assert!(
        blocked.is_empty(),
        "the policy had something to stop: {blocked:#?}"
    );
}
