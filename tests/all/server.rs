//! The server as a client sees it: routes, errors, hosts and origins, new commits, stopping.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Place, Server, command, run};

const DONE: &str = "中共哈尔滨市委关于整改情况的通报\n\n（一）审批服务方面\n1.关于审批慢的问题。审批时限已由20个工作日压缩至8个工作日，已完成整改。\n\n中共哈尔滨市委\n2017年3月21日\n";
const PLANNED: &str = "大连市人民政府关于优化审批服务的意见\n\n一、压缩审批时限。2021年底前，审批时限再压缩30%。\n二、推行容缺受理。\n\n大连市人民政府\n2020年4月2日\n";

fn place() -> Place {
    Place::indexed(&[("哈尔滨.txt", DONE), ("大连.txt", PLANNED)])
}

/// A problem document that says what to do.
fn problem(server: &Server, path: &str, status: u16) -> Value {
    let started = Instant::now();
    let answer = server.get(path);
    let took = started.elapsed();
    assert_eq!(answer.status, status, "{path}: {}", answer.body);
    assert_eq!(answer.kind, "application/problem+json", "{path}");
    // An order of magnitude above what it takes, so that a busy machine does not fail it.
    assert!(took < Duration::from_millis(500), "{path} took {took:?}");
    let problem = answer.json();
    assert_eq!(problem["status"], status);
    for member in ["type", "title", "detail"] {
        let text = problem[member].as_str().unwrap_or_default();
        assert!(!text.is_empty(), "{path} has a {member}: {problem}");
    }
    problem
}

#[test]
fn the_api_gives_what_the_command_line_gives() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let mut at_terminal = place.json(&["search", "审批时限 压缩", "--status", "done"]);
    let mut served = server.json("/api/v1/search?q=审批时限 压缩&status=done");
    for answer in [&mut at_terminal, &mut served] {
        assert_eq!(answer["total"], 1);
        answer["took_ms"].take();
    }
    assert_eq!(served, at_terminal);
    let id = served["hits"][0]["id"].as_str().expect("an id");
    let document = served["hits"][0]["document_id"].as_str().expect("an id");
    let measure = server.json(&format!("/api/v1/measures/{id}"));
    assert!(
        measure["text"]
            .as_str()
            .expect("text")
            .contains("已由20个工作日")
    );
    assert_eq!(measure["citation"], served["hits"][0]["citation"]);
    assert_eq!(
        server.json(&format!("/api/v1/documents/{document}")),
        place.json(&["show", document])
    );
    assert_eq!(server.json("/api/v1/stats"), place.json(&["stats"]));
}

#[test]
fn filters_are_alternatives_inside_and_all_apply() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let total = |query: &str| {
        server.json(&format!("/api/v1/search?unit=document&{query}"))["total"]
            .as_u64()
            .expect("a number")
    };
    assert_eq!(total("city=哈尔滨&city=210200"), 2);
    assert_eq!(total("city=哈尔滨&year=2020"), 0);
    assert_eq!(total("year=2017..2019&province=黑"), 1);
    assert_eq!(total("county="), 2);
    assert_eq!(total("limit=1&offset=1&sort=oldest"), 2);
}

#[test]
fn what_is_wrong_is_a_400_with_a_remedy() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let long = format!("/api/v1/search?q={}", "长".repeat(2_000));
    let deep = format!("/api/v1/search?q={}整改{}", "(".repeat(40), ")".repeat(40));
    let wide = format!("/api/v1/search?q={}", "审 ".repeat(300));
    for (path, kind) in [
        ("/api/v1/search?citty=哈尔滨", "unknown-parameter"),
        ("/api/v1/stats?q=1", "unknown-parameter"),
        ("/readyz?verbose=1", "unknown-parameter"),
        ("/openapi.json?pretty", "unknown-parameter"),
        ("/api/v1/search?city=哈尔冰", "bad-filter"),
        ("/api/v1/suggest?q=审&city=哈尔冰", "bad-filter"),
        ("/api/v1/suggest?q=审&sort=newest", "unknown-parameter"),
        ("/api/v1/coverage?city=哈尔滨", "unknown-parameter"),
        ("/api/v1/search?year=二〇一七", "bad-filter"),
        ("/api/v1/search?status=finished", "bad-filter"),
        ("/api/v1/search?q=年:20", "bad-query"),
        ("/api/v1/search?q=\"没有闭合", "bad-query"),
        (&long, "query-too-large"),
        (&deep, "query-too-large"),
        (&wide, "query-too-large"),
        ("/api/v1/search?limit=ten", "bad-parameter"),
        ("/api/v1/search?unit=page", "bad-parameter"),
        ("/api/v1/search?limit=1&limit=2", "bad-parameter"),
        ("/api/v1/search?citation=1987", "bad-parameter"),
        ("/export/pdf?q=审批", "bad-parameter"),
        ("/export/csv?q=审批&offset=10", "bad-parameter"),
        ("/export/csv?q=审批&limit=0", "bad-parameter"),
        ("/export/xlsx?city=哈尔冰", "bad-filter"),
        ("/feed?q=审批&offset=10", "bad-parameter"),
        ("/feed?q=审批&limit=201", "bad-parameter"),
        ("/feed?city=哈尔冰", "bad-filter"),
        ("/api/v1/verify-quote?id=zz&quote=审批", "bad-id"),
        ("/api/v1/verify-quote?quote=审批", "bad-id"),
        (
            "/api/v1/verify-quote?id=0000000000000000&quote= ",
            "bad-query",
        ),
        ("/api/v1/documents/zz", "bad-id"),
        ("/api/v1/documents/%ff%fe", "bad-id"),
        ("/api/v1/measures/0000000000000000", "bad-id"),
    ] {
        let problem = problem(&server, path, 400);
        assert_eq!(
            problem["type"],
            format!("urn:duibiao:problem:{kind}"),
            "{path}"
        );
        let remedy = problem["suggestion"].as_str().unwrap_or_default();
        assert!(!remedy.is_empty(), "{path}: {problem}");
    }
    for path in [
        "/api/v1/search?limit=0",
        "/api/v1/search?limit=10001",
        "/api/v1/suggest?q=审&limit=21",
        "/api/v1/search?offset=18446744073709551615",
        "/api/v1/search?cursor=x",
    ] {
        problem(&server, path, 400);
    }
    problem(&server, "/api/v1/documents/0000000000000000", 404);
    problem(&server, "/api/v1/measures/0000000000000000-m1", 404);
    problem(&server, "/api/v1/nothing", 404);
    problem(&server, "/static/../Cargo.toml", 404);
    // It goes on answering.
    assert_eq!(server.json("/healthz")["status"], "ok");
}

#[test]
fn foreign_hosts_and_origins_are_refused_unless_allowed() {
    let place = place();
    let index = place.index_folder();
    let server = Server::serve(&index, &[]);
    let status = |server: &Server, headers: &[(&str, &str)]| {
        server.get_with("/api/v1/stats", headers).status
    };
    assert_eq!(status(&server, &[("host", "rebound.example")]), 421);
    assert_eq!(status(&server, &[("origin", "https://other.example")]), 403);
    assert_eq!(status(&server, &[("origin", "null")]), 403);
    assert_eq!(status(&server, &[("origin", &server.url)]), 200);
    let plain = server.get("/api/v1/stats");
    assert!(plain.headers.get("access-control-allow-origin").is_none());

    let open = Server::serve(
        &index,
        &[
            "--allow-host",
            "duibiao.example",
            "--allow-origin",
            "https://tool.example",
        ],
    );
    assert_eq!(status(&open, &[("host", "duibiao.example:7700")]), 200);
    assert_eq!(status(&open, &[("origin", "https://other.example")]), 403);
    let allowed = open.get_with("/api/v1/stats", &[("origin", "https://tool.example")]);
    assert_eq!(allowed.status, 200);
    assert_eq!(
        allowed.headers["access-control-allow-origin"],
        "https://tool.example"
    );
    let wrong = run(
        &index,
        &[
            "serve",
            "--addr",
            "127.0.0.1:0",
            "--allow-origin",
            "tool.example",
        ],
    );
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
    assert!(
        wrong.stderr.contains("https://example.org"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn every_answer_is_guarded() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    for path in [
        "/",
        "/search?q=审批",
        "/nothing",
        "/api/v1/stats",
        "/static/app.js",
    ] {
        let headers = server.page(path).headers;
        let policy = headers["content-security-policy"].to_str().expect("ASCII");
        assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"));
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{path}");
    }
}

#[test]
fn assets_are_asked_for_once() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let first = server.get("/static/style.css");
    assert_eq!(
        (first.status, first.kind.as_str()),
        (200, "text/css; charset=utf-8")
    );
    let tag = first.headers["etag"].to_str().expect("ASCII");
    let again = server.get_with("/static/style.css", &[("if-none-match", tag)]);
    assert_eq!((again.status, again.body.as_str()), (304, ""));
}

#[test]
fn a_new_commit_is_seen_within_two_seconds() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let before = server.json("/readyz");
    assert_eq!(before["status"], "ready");
    assert_eq!(before["commit"]["documents"], 2);
    place.write("沈阳.txt", DONE.replace("哈尔滨", "沈阳"));
    assert_eq!(place.index(&[]).code, 0);
    let committed = Instant::now();
    let total = || server.json("/api/v1/search?q=审批时限&city=沈阳")["total"].clone();
    while total() != 1 {
        assert!(
            committed.elapsed() < Duration::from_secs(2),
            "the new commit is not served"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    let after = server.json("/readyz");
    assert_eq!(after["commit"]["documents"], 3);
    assert!(after["commit"]["number"].as_u64() > before["commit"]["number"].as_u64());
}

#[test]
fn an_index_that_goes_away_leaves_the_commit_before_served() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    std::fs::rename(place.index_folder(), place.path("elsewhere")).expect("a folder to move");
    let gone = Instant::now();
    while server.json("/readyz")["status"] != "stale" {
        assert!(
            gone.elapsed() < Duration::from_secs(5),
            "it does not say so"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(server.json("/api/v1/search?q=审批时限")["total"], 2);
    std::fs::rename(place.path("elsewhere"), place.index_folder()).expect("a folder to move");
    let back = Instant::now();
    while server.json("/readyz")["status"] != "ready" {
        assert!(
            back.elapsed() < Duration::from_secs(5),
            "it does not recover"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn it_stops_when_told_and_says_what_is_in_its_way() {
    let place = place();
    let index = place.index_folder();
    let mut server = Server::serve(&index, &[]);
    let addr = server.url.trim_start_matches("http://").to_owned();
    let second = run(&index, &["serve", "--addr", &addr]);
    assert_eq!(second.code, 1);
    assert!(second.stderr.contains("in use") && second.stderr.contains("--addr"));
    let pid = server.pid().to_string();
    let told = Command::new("kill").args(["-TERM", &pid]).status();
    assert!(told.expect("kill runs").success());
    assert_eq!(server.ended(), 0);
    let missing = run(&place.path("none"), &["serve", "--addr", "127.0.0.1:0"]);
    assert_eq!(missing.code, 1);
    assert!(
        missing.stderr.contains("duibiao index"),
        "{}",
        missing.stderr
    );
}

#[test]
fn the_log_names_no_query_unless_asked() {
    let place = place();
    let logged = |args: &[&str]| {
        let file = place.path("log");
        let mut command = command(&place.index_folder());
        let mut all = vec!["serve", "--addr", "127.0.0.1:0", "--log", "json"];
        all.extend(args);
        command
            .args(all)
            .stderr(std::fs::File::create(&file).expect("a file"));
        let server = Server::start(&mut command);
        server.json("/api/v1/search?q=secret-matter");
        drop(server);
        std::fs::read_to_string(file).expect("a log")
    };
    let log = logged(&[]);
    let event: Value = serde_json::from_str(log.lines().last().expect("a line")).expect("JSON");
    assert_eq!(event["route"], "/api/v1/search");
    assert_eq!(event["status"], 200);
    assert!(!log.contains("secret-matter"));
    assert!(logged(&["--log-queries"]).contains("secret-matter"));
}

#[test]
fn the_demo_serves_the_samples_and_says_so() {
    let place = Place::new();
    let server = Server::start(command(&place.index_folder()).args([
        "demo",
        "--addr",
        "127.0.0.1:0",
        "--log",
        "off",
    ]));
    let stats = server.json("/api/v1/stats");
    assert!(stats["documents"].as_u64().expect("a number") >= 48);
    assert!(server.page("/").body.contains("内容虚构"));
    assert!(server.page("/search?q=容缺受理").body.contains("内容虚构"));
    assert!(
        !place.index_folder().exists(),
        "the user's index is not touched"
    );
}

/// The description is part of the surface: a change to it is a change others see. Run the tests
/// with UPDATE_SNAPSHOTS=1 to accept one.
#[test]
fn the_openapi_description_is_as_agreed() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let mut served = server.json("/openapi.json");
    served["info"]["version"].take();
    let served = format!("{served:#}\n");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/openapi.json");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(file, &served).expect("a writable file");
    }
    let agreed = std::fs::read_to_string(file).expect("the snapshot");
    let differs = served.lines().zip(agreed.lines()).position(|(a, b)| a != b);
    assert!(
        served == agreed,
        "tests/openapi.json differs from what is served, first at line {}; UPDATE_SNAPSHOTS=1 accepts it",
        differs.map_or(0, |at| at + 1)
    );
}

/// Every path and parameter of the description answers, and every answer has the described members.
#[test]
fn the_description_is_true() {
    let place = place();
    let server = Server::serve(&place.index_folder(), &[]);
    let description = server.json("/openapi.json");
    let hit = server.json("/api/v1/search?q=审批时限")["hits"][0].clone();
    let paths = description["paths"].as_object().expect("paths");
    for (path, entry) in paths {
        let id = if path.contains("measures") {
            &hit["id"]
        } else {
            &hit["document_id"]
        };
        let mut path = path.replace("{id}", id.as_str().expect("an id"));
        if path.contains("{format}") {
            // A file and no JSON.
            let file = path.replace("{format}", "csv");
            let file = server.get(&format!(
                "{file}?q=审批{}",
                if path.starts_with("/gaps") {
                    "&for=哈尔滨"
                } else {
                    ""
                }
            ));
            assert_eq!(
                (file.status, file.kind.as_str()),
                (200, "text/csv; charset=utf-8")
            );
            continue;
        }
        if path == "/feed" {
            let feed = server.get(&path);
            assert_eq!(feed.kind, "application/atom+xml; charset=utf-8");
            continue;
        }
        if path.ends_with("/gaps") {
            path.push_str("?for=哈尔滨");
        }
        if path.ends_with("/trace") {
            path.push_str("?q=审批");
        }
        if path.ends_with("/compare") {
            path.push_str("?q=审批&by=year");
        }
        if path.ends_with("/verify-quote") {
            path.push_str(&format!(
                "?id={}&quote=审批",
                hit["id"].as_str().expect("an id")
            ));
        }
        let answer = server.json(&path);
        let schema = &entry["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        members(&description, schema, &answer, &path);
    }
    members(
        &description,
        &serde_json::json!({"$ref": "#/components/schemas/Hit"}),
        &hit,
        "a hit",
    );
}

/// Checks that an object has the members its schema requires and no others.
fn members(description: &Value, schema: &Value, answer: &Value, at: &str) {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => {
            let name = reference.rsplit('/').next().expect("a name");
            &description["components"]["schemas"][name]
        }
        None => schema,
    };
    let mut known = Vec::new();
    let mut required = Vec::new();
    flatten(description, schema, &mut known, &mut required);
    let answer = answer
        .as_object()
        .unwrap_or_else(|| panic!("{at} is an object"));
    for name in &required {
        assert!(answer.contains_key(name), "{at} lacks {name}");
    }
    for name in answer.keys() {
        assert!(
            known.contains(name),
            "{at} has {name}, which is not described"
        );
    }
}

fn flatten(
    description: &Value,
    schema: &Value,
    known: &mut Vec<String>,
    required: &mut Vec<String>,
) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().expect("a name");
        flatten(
            description,
            &description["components"]["schemas"][name],
            known,
            required,
        );
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        flatten(description, part, known, required);
    }
    known.extend(
        schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(k, _)| k.clone()),
    );
    let names = schema["required"].as_array().into_iter().flatten();
    required.extend(names.filter_map(|n| n.as_str()).map(str::to_owned));
}
