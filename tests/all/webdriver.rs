//! A browser driven through WebDriver (W3C), which is JSON over HTTP: only what the tests use.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// The member that holds an element's id, as the standard names it.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser window; closed when dropped.
pub(crate) struct Browser {
    driver: Child,
    session: String,
    client: ureq::Agent,
    /// Removed with the browser.
    _profile: TempDir,
}

impl Browser {
    /// Opens a window whose page has this size in CSS pixels; `None` where there is no driver.
    pub(crate) fn start(width: u32, height: u32, dark: bool) -> Option<Self> {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let port = BufReader::new(driver.stdout.take().expect("stdout is piped"))
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, port) = line.split_once("started successfully on port ")?;
                port.trim_end_matches('.').parse::<u16>().ok()
            })
            .expect("the driver says its port");
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut browser = Self {
            driver,
            session: format!("http://127.0.0.1:{port}/session"),
            client: config.into(),
            _profile: profile,
        };
        let opened = browser.post("", &browser.capabilities(width, height));
        let id = opened["sessionId"].as_str().expect("a session");
        browser.session = format!("{}/{id}", browser.session);
        let scheme = if dark { "dark" } else { "light" };
        // Without smooth scrolling an element is where it is going to be.
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        browser.post(
            "/goog/cdp/execute",
            &json!({"cmd": "Emulation.setEmulatedMedia", "params": {"features": features}}),
        );
        Some(browser)
    }

    fn capabilities(&self, width: u32, height: u32) -> Value {
        let profile = format!("--user-data-dir={}", self._profile.path().display());
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &profile,
        ];
        json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "unhandledPromptBehavior": "ignore",
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {
                "args": arguments,
                "mobileEmulation": {"deviceMetrics": {
                    "width": width, "height": height, "pixelRatio": 1, "mobile": false, "touch": false,
                }},
            },
        }}})
    }

    /// A command; what it gives, or an error's name as `Err`.
    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let url = format!("{}{path}", self.session);
        let sent = match method {
            "GET" => self.client.get(&url).call(),
            "DELETE" => self.client.delete(&url).call(),
            _ => self.client.post(&url).send_json(body),
        };
        let mut answer = sent.unwrap_or_else(|e| panic!("{path}: {e}"));
        let mut answer: Value = answer
            .body_mut()
            .read_json()
            .expect("the driver sends JSON");
        match answer["value"]["error"].as_str() {
            Some(error) => Err(format!("{error}: {}", answer["value"]["message"])),
            None => Ok(answer["value"].take()),
        }
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.call("POST", path, body)
            .unwrap_or_else(|e| panic!("{path} {body}: {e}"))
    }

    fn get(&self, path: &str) -> Value {
        self.call("GET", path, &Value::Null)
            .unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    pub(crate) fn go(&self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    pub(crate) fn back(&self) {
        self.post("/back", &json!({}));
    }

    pub(crate) fn url(&self) -> String {
        self.get("/url").as_str().unwrap_or_default().to_owned()
    }

    /// Runs a script in the page and gives what it returns.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// Runs a script that calls its argument with what it gives.
    pub(crate) fn run_async(&self, script: &str) -> Value {
        self.post("/execute/async", &json!({"script": script, "args": []}))
    }

    fn element(&self, selector: &str) -> String {
        let found = self.post(
            "/element",
            &json!({"using": "css selector", "value": selector}),
        );
        let id = found[ELEMENT].as_str().expect("an element");
        format!("/element/{id}")
    }

    /// Clicks where a person would.
    pub(crate) fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.post(&format!("{element}/click"), &json!({}));
    }

    /// Types into an element.
    pub(crate) fn keys(&self, selector: &str, keys: &str) {
        let element = self.element(selector);
        self.post(&format!("{element}/value"), &json!({ "text": keys }));
    }

    /// Types into whatever has the focus.
    pub(crate) fn active_keys(&self, keys: &str) {
        let found = self.get("/element/active");
        let id = found[ELEMENT].as_str().expect("an element");
        self.post(&format!("/element/{id}/value"), &json!({ "text": keys }));
    }

    /// The text of an alert, where one is open.
    pub(crate) fn alert(&self) -> Option<String> {
        let alert = self.call("GET", "/alert/text", &Value::Null).ok()?;
        Some(alert.as_str().unwrap_or_default().to_owned())
    }

    /// What was written to the console since it was asked last.
    pub(crate) fn console(&self) -> Vec<String> {
        let lines = self.post("/se/log", &json!({"type": "browser"}));
        let lines = lines.as_array().expect("a list").iter();
        lines
            .map(|line| format!("{} {}", line["level"], line["message"]))
            .collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // They may have ended already, which is as good.
        self.call("DELETE", "", &Value::Null).ok();
        self.driver.kill().ok();
        self.driver.wait().ok();
    }
}
