//! Requests made to hurt: each is an answer or a clear error that says what to do, and the next
//! one is answered. How long they take is measured in `benches/hostile_queries.rs`.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use duibiao_indexer::{Options, run as index};
use duibiao_lexicon::Lexicon;
use duibiao_search::{Engine, Error, Filters, Request, Sort, Unit};

use crate::generator::Generator;
use crate::hostile_queries::{Expected, cases};
use crate::support::{Place, Server};

/// An index of generated documents.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (docs, place) = (folder.path().join("docs"), folder.path().join("index"));
    let generator = Generator::new(11);
    for n in 0..150 {
        let document = generator.document(n);
        let file = docs.join(&document.path);
        std::fs::create_dir_all(file.parent().expect("below docs")).expect("a folder");
        std::fs::write(file, document.text).expect("a file");
    }
    let lexicon = || Lexicon::embedded().expect("the lexicon is built in");
    let options = Options {
        roots: vec![docs],
        index: place.clone(),
        ..Options::default()
    };
    index(&options, &lexicon(), &AtomicBool::new(false), &mut |_| {}).expect("an index");
    Engine::open(&place, lexicon()).expect("the index just built")
});

#[test]
fn each_is_an_answer_or_a_clear_error() {
    for case in cases() {
        let found = ENGINE.search(&case.request);
        let got = match &found {
            Ok(response) => {
                assert!(response.hits.len() <= case.request.limit, "{}", case.name);
                Expected::Answer
            }
            Err(Error::Query { at, .. }) => {
                assert!(*at > 0, "{}", case.name);
                Expected::BadQuery
            }
            Err(Error::TooLarge(_)) => Expected::TooLarge,
            Err(Error::Filter { .. }) => Expected::BadFilter,
            Err(Error::Parameter { .. }) => Expected::BadParameter,
            Err(other) => panic!("{}: {other}", case.name),
        };
        let said = found.as_ref().err().map(ToString::to_string);
        assert_eq!(got, case.expected, "{}: {said:?}", case.name);
        if let Err(error) = found {
            assert!(error.is_usage(), "{}: {error}", case.name);
            // What is wrong is quoted in part at most.
            assert!(error.to_string().len() < 600, "{}", case.name);
            let remedy = error.suggestion();
            let says = remedy.is_some() || matches!(error, Error::Parameter { .. });
            assert!(says, "{}: {error}", case.name);
        }
    }
}

#[test]
fn a_cursor_belongs_to_the_search_that_gave_it() {
    let first = |request: &Request| ENGINE.search(request).expect("an answer");
    let asked = Request {
        query: "整改".into(),
        limit: 3,
        ..Request::default()
    };
    let page = first(&asked);
    let cursor = page.cursor.expect("there are more");
    let next = Request {
        cursor: Some(cursor.clone()),
        ..asked.clone()
    };
    let second = first(&next);
    assert_eq!(second.hits.len(), 3);
    assert!(
        second
            .hits
            .iter()
            .all(|hit| page.hits.iter().all(|h| h.id != hit.id))
    );
    let foreign = [
        Request {
            query: "服务".into(),
            ..next.clone()
        },
        Request {
            unit: Unit::Document,
            ..next.clone()
        },
        Request {
            sort: Some(Sort::Oldest),
            ..next.clone()
        },
        Request {
            filters: Filters {
                year: vec!["2018..".into()],
                ..Filters::default()
            },
            ..next.clone()
        },
    ];
    let forged = [
        "0.0.0.0.0",
        "",
        "....",
        &cursor[2..],
        &cursor.to_uppercase(),
    ];
    let forged = forged.map(|cursor| Request {
        cursor: Some(cursor.to_owned()),
        ..asked.clone()
    });
    for request in foreign.iter().chain(&forged) {
        let refused = ENGINE.search(request);
        assert!(
            matches!(refused, Err(Error::Parameter { name: "cursor", .. })),
            "{request:?}"
        );
    }
}

#[test]
fn a_server_refuses_what_is_too_much_and_goes_on() {
    let place = Place::indexed(&[("a.txt", "大连市关于审批提速的通报\n\n审批时限压缩一半。\n")]);
    let server = Server::serve(&place.index_folder(), &[]);
    let before = server.json("/api/v1/search?q=审批")["total"].clone();
    assert_ne!(before, 0);
    let values = "&city=大连".repeat(1_000);
    let unknown = (0..5_000).map(|n| format!("&x{n}=1")).collect::<String>();
    let pieces = vec!["审批"; 700].join(" OR ");
    let brackets = "(".repeat(5_000);
    for (path, kind) in [
        (
            format!("/api/v1/search?q=审批{values}"),
            "too-many-parameters",
        ),
        (
            format!("/api/v1/search?q=审批{}", "&city=大连".repeat(257)),
            "query-too-large",
        ),
        (
            format!("/api/v1/search?q=审批{}", "&limit=x".repeat(200)),
            "bad-parameter",
        ),
        (
            format!("/api/v1/search?q=审批{unknown}"),
            "too-many-parameters",
        ),
        (format!("/api/v1/search?q={}", pieces), "query-too-large"),
        (format!("/api/v1/search?q={brackets}"), "query-too-large"),
        (
            "/api/v1/search?q=审批&offset=1000000000".to_owned(),
            "bad-parameter",
        ),
        ("/api/v1/search?q=审批&limit=0".to_owned(), "bad-parameter"),
        (
            "/api/v1/search?q=审批&cursor=0.0.0.0.0".to_owned(),
            "bad-parameter",
        ),
        (
            format!("/api/v1/search?city={}", "长".repeat(1_000)),
            "query-too-large",
        ),
    ] {
        let answer = server.get(&path);
        assert_eq!(answer.status, 400, "{path:.80}: {}", answer.body);
        let problem = answer.json();
        assert_eq!(
            problem["type"],
            format!("urn:duibiao:problem:{kind}"),
            "{path:.80}"
        );
    }
    // An address of a megabyte is refused before anything of ours sees it.
    let status = status_of_long_address(server.url.trim_start_matches("http://"));
    assert!(
        status.is_empty() || status.starts_with("HTTP/1.1 4"),
        "{status}"
    );
    assert_eq!(server.json("/api/v1/search?q=审批")["total"], before);
}

/// The first line of the answer to an address of a megabyte; none where the connection is closed.
fn status_of_long_address(addr: &str) -> String {
    let mut stream = TcpStream::connect(addr).expect("it listens");
    let asked = format!(
        "GET /api/v1/search?q={} HTTP/1.1\r\nhost: localhost\r\n\r\n",
        "a".repeat(1 << 20)
    );
    // It may answer, or hang up, before it has read everything.
    stream.write_all(asked.as_bytes()).ok();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).ok();
    line
}

#[test]
fn the_time_of_a_search_is_configured_in_seconds() {
    let place = Place::indexed(&[("a.txt", "大连市关于审批提速的通报\n\n审批时限压缩一半。\n")]);
    let server = Server::serve(&place.index_folder(), &["--search-timeout", "0.5"]);
    assert_ne!(server.json("/api/v1/search?q=审批")["total"], 0);
    for wrong in ["0", "-1", "two", "NaN", "inf", "99999"] {
        let timeout = format!("--search-timeout={wrong}");
        let ran = place.run(&["serve", "--addr", "127.0.0.1:0", &timeout]);
        assert_eq!(ran.code, 2, "{wrong}: {}", ran.stderr);
        assert!(ran.stderr.contains("0.001 to 3600"), "{}", ran.stderr);
    }
}
