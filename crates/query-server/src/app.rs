//! What handlers share, and the routes with the layers around them.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::error_handling::HandleErrorLayer;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use duibiao_search::{Deadline, Engine};
use tokio::sync::Semaphore;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower::{BoxError, ServiceBuilder};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

use crate::export::MOST_EXPORTS;
use crate::fault::{self, Fault};
use crate::guard::Guard;
use crate::parameters::{NoParameters, Parameters};
use crate::{Config, api, assets, guard, log, pages};

/// What a request may take besides its searches: to be read, written and sent.
const MARGIN: Duration = Duration::from_secs(13);
/// Requests answered or waiting at once; more are asked to come again.
const MOST_REQUESTS: usize = 1_024;
/// Questions that wait for their turn; at a few milliseconds each they wait less than a second.
const MOST_WAITING: usize = 256;
/// No route reads a body.
const MOST_BODY: usize = 64 * 1024;

/// What handlers share.
pub(crate) struct App {
    pub(crate) engine: Engine,
    pub(crate) config: Config,
    pub(crate) guard: Guard,
    /// As many searches run at once as there are processors.
    turns: Arc<Semaphore>,
    /// Others wait for their turn, so many of them.
    places: Arc<Semaphore>,
    /// So many exports are under way at once.
    pub(crate) exports: Arc<Semaphore>,
    /// And so many of them work, which leaves the other turns to searches.
    export_turns: Arc<Semaphore>,
    /// Why the newest commit is not served, if it is not.
    stale: RwLock<Option<String>>,
}

impl App {
    pub(crate) fn new(engine: Engine, config: Config, guard: Guard) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            engine,
            config,
            guard,
            turns: Arc::new(Semaphore::new(cores)),
            places: Arc::new(Semaphore::new(cores + MOST_WAITING)),
            exports: Arc::new(Semaphore::new(MOST_EXPORTS)),
            export_turns: Arc::new(Semaphore::new((cores / 2).max(1))),
            stale: RwLock::new(None),
        }
    }

    /// Puts a question to the engine, on a thread where it may take its time, but no longer than
    /// the server lets a search take. Waiting for a turn counts. When nobody waits for the answer
    /// any more, the work is given up.
    pub(crate) async fn ask<T: Send + 'static>(
        self: Arc<Self>,
        question: impl FnOnce(&Engine, &Deadline) -> Result<T, duibiao_search::Error> + Send + 'static,
    ) -> Result<T, Fault> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Fault::Overloaded)?;
        let timeout = self.config.search_timeout;
        let deadline = Deadline::after(timeout);
        let turn = tokio::time::timeout(timeout, Arc::clone(&self.turns).acquire_owned())
            .await
            .map_err(|_| Fault::Overloaded)?
            .map_err(|_| Fault::Internal)?;
        let waiting = Waiting(deadline.clone());
        let answer = tokio::task::spawn_blocking(move || {
            // Turn and place are given back when the work ends, not when the wait for it does.
            let _held = (place, turn);
            question(&self.engine, &deadline)
        })
        .await;
        drop(waiting);
        answer.map_err(|_| Fault::Internal)?.map_err(Fault::from)
    }

    /// Does a step of an export, behind whoever waits for a turn. A step takes no longer than a
    /// search may, and is given up when nobody waits for it any more. Nothing where it panicked.
    pub(crate) async fn export_turn<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Engine, &Deadline) -> T + Send + 'static,
    ) -> Option<T> {
        let among_exports = Arc::clone(&self.export_turns).acquire_owned().await.ok()?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok()?;
        let deadline = Deadline::after(self.config.search_timeout);
        let waiting = Waiting(deadline.clone());
        let app = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            let _held = (among_exports, turn);
            work(&app.engine, &deadline)
        })
        .await;
        drop(waiting);
        done.ok()
    }

    pub(crate) fn stale(&self, why: Option<String>) {
        *self.stale.write().unwrap_or_else(PoisonError::into_inner) = why;
    }

    pub(crate) fn why_stale(&self) -> Option<String> {
        self.stale
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Someone who waits for an answer. Gone, for whatever reason, the work for it is given up.
struct Waiting(Deadline);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

/// Every route.
pub(crate) fn routes(app: Arc<App>) -> Router {
    let (api, description) = api::routes().split_for_parts();
    let described = move |_: Parameters<NoParameters>| api::openapi(description.clone());
    let routes = Router::new()
        .merge(api)
        .route("/openapi.json", get(described))
        .route("/", get(pages::home))
        .route("/search", get(pages::search))
        .route("/compare", get(pages::compare))
        .route("/basket", get(pages::basket))
        .route("/measures/{id}/similar", get(pages::similar))
        .route("/gaps", get(pages::gaps))
        .route("/trace", get(pages::trace))
        .route("/search/years", get(pages::years))
        .route("/coverage", get(pages::coverage))
        .route("/documents/{id}", get(pages::document))
        .route("/documents/{id}/ledger", get(pages::ledger))
        .route("/static/{file}", get(assets::file))
        .route("/favicon.ico", get(assets::icon))
        .fallback(fault::no_such_route)
        .method_not_allowed_fallback(fault::no_such_method);
    layered(routes, app)
}

/// The layers around any routes, the outermost last.
pub(crate) fn layered(routes: Router<Arc<App>>, app: Arc<App>) -> Router {
    let limits = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(given_up))
        .load_shed()
        .layer(GlobalConcurrencyLimitLayer::new(MOST_REQUESTS))
        .timeout(app.config.search_timeout.saturating_add(MARGIN));
    routes
        .layer(RequestBodyLimitLayer::new(MOST_BODY))
        .layer(CatchPanicLayer::custom(fault::panicked))
        .layer(limits)
        .layer(from_fn_with_state(Arc::clone(&app), guard::check))
        .layer(guard::cors(&app.config))
        .layer(from_fn_with_state(Arc::clone(&app), fault::present))
        .layer(CompressionLayer::new())
        .layer(from_fn(guard::headers))
        .layer(from_fn_with_state(Arc::clone(&app), log::request))
        .with_state(app)
}

/// What the limits refuse.
async fn given_up(error: BoxError) -> Fault {
    if error.is::<tower::timeout::error::Elapsed>() {
        Fault::Timeout
    } else {
        Fault::Overloaded
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use duibiao_lexicon::Lexicon;
    use tower::ServiceExt;

    use super::*;

    /// An app over one document.
    fn app() -> Arc<App> {
        configured(Config::default())
    }

    fn configured(config: Config) -> Arc<App> {
        over(config, "关于整改的通报\n审批时限压缩一半。\n")
    }

    fn over(config: Config, text: &str) -> Arc<App> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (file, index) = (folder.path().join("a.txt"), folder.path().join("index"));
        std::fs::write(&file, text).expect("a file");
        let lexicon = || Lexicon::embedded().expect("the lexicon is built in");
        let options = duibiao_indexer::Options {
            roots: vec![file],
            index: index.clone(),
            ..Default::default()
        };
        let stop = std::sync::atomic::AtomicBool::new(false);
        duibiao_indexer::run(&options, &lexicon(), &stop, &mut |_| {}).expect("an index");
        let engine = Engine::open(&index, lexicon()).expect("the index just built");
        let addr = ([127, 0, 0, 1], 7700).into();
        let guard = Guard::new(&config, addr).expect("no names");
        Arc::new(App::new(engine, config, guard))
    }

    async fn get(routes: &Router, path: &str) -> (StatusCode, String) {
        let request = Request::get(path)
            .header("host", "localhost")
            .body(Body::empty())
            .expect("a request");
        let response = routes.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20)
            .await
            .expect("a body");
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn a_panic_is_one_answer_and_the_next_request_works() {
        async fn fails() -> &'static str {
            panic!("on purpose")
        }
        async fn works() -> &'static str {
            "ok"
        }
        let routes = Router::new()
            .route("/fails", axum::routing::get(fails))
            .route("/works", axum::routing::get(works));
        let routes = layered(routes, app());
        let (status, body) = get(&routes, "/fails").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(body.contains("urn:duibiao:problem:internal") && !body.contains("on purpose"));
        assert_eq!(get(&routes, "/works").await.1, "ok");
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_takes_too_long_is_given_up() {
        async fn sleeps() -> &'static str {
            tokio::time::sleep(MARGIN * 4).await;
            "late"
        }
        let routes = Router::new().route("/sleeps", axum::routing::get(sleeps));
        let (status, body) = get(&layered(routes, app()), "/sleeps").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body.contains("urn:duibiao:problem:timeout"));
    }

    #[tokio::test]
    async fn too_many_requests_at_once_are_asked_to_come_again() {
        let gate = Arc::new(Semaphore::new(0));
        let inside = Arc::new(AtomicUsize::new(0));
        let (held, entered) = (Arc::clone(&gate), Arc::clone(&inside));
        let waits = move || {
            let held = Arc::clone(&held);
            entered.fetch_add(1, Ordering::Relaxed);
            async move {
                let _pass = held.acquire().await;
                "ok"
            }
        };
        let routes = Router::new().route("/waits", axum::routing::get(waits));
        let routes = layered(routes, app());
        let waiting: Vec<_> = (0..MOST_REQUESTS)
            .map(|_| {
                let routes = routes.clone();
                tokio::spawn(async move { get(&routes, "/waits").await.0 })
            })
            .collect();
        while inside.load(Ordering::Relaxed) < MOST_REQUESTS {
            tokio::task::yield_now().await;
        }
        let (status, body) = get(&routes, "/waits").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body.contains("urn:duibiao:problem:overloaded"));
        gate.add_permits(1);
        for answer in waiting {
            assert_eq!(answer.await.expect("no panic"), StatusCode::OK);
        }
    }

    #[tokio::test]
    async fn a_search_out_of_time_is_an_error_and_no_partial_answer() {
        let routes = super::routes(configured(Config {
            search_timeout: Duration::ZERO,
            ..Config::default()
        }));
        for path in ["/api/v1/search?q=%E5%AE%A1%E6%89%B9", "/api/v1/stats"] {
            let (status, body) = get(&routes, path).await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}: {body}");
            assert!(body.contains("urn:duibiao:problem:out-of-time"), "{body}");
            assert!(body.contains("\"suggestion\""), "{body}");
        }
        let request = Request::get("/search?q=%E5%AE%A1%E6%89%B9")
            .header("host", "localhost")
            .header("accept", "text/html")
            .body(Body::empty())
            .expect("a request");
        let response = routes.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await;
        let page = String::from_utf8(body.expect("a body").to_vec()).expect("UTF-8");
        assert!(page.contains("检索超时") && page.contains("审批"), "{page}");
        assert_eq!(get(&routes, "/healthz").await.0, StatusCode::OK);
    }

    /// Puts a question that works until it is given up, and says when it begins and when it ends.
    fn endless(
        app: &Arc<App>,
        began: &Arc<Semaphore>,
        ended: &Arc<Semaphore>,
    ) -> tokio::task::JoinHandle<Result<(), Fault>> {
        let (app, began, ended) = (Arc::clone(app), Arc::clone(began), Arc::clone(ended));
        tokio::spawn(app.ask(move |_, deadline| {
            began.add_permits(1);
            while !deadline.is_past() {
                std::thread::yield_now();
            }
            ended.add_permits(1);
            Ok(())
        }))
    }

    #[tokio::test]
    async fn few_run_some_wait_and_more_are_asked_to_come_again() {
        let app = configured(Config {
            search_timeout: Duration::from_secs(600),
            ..Config::default()
        });
        let cores = app.turns.available_permits();
        let (began, ended) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let mut all: Vec<_> = (0..cores + MOST_WAITING)
            .map(|_| endless(&app, &began, &ended))
            .collect();
        drop(began.acquire_many(cores as u32).await.expect("it is open"));
        while app.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(
            began.available_permits(),
            cores,
            "no more run than there are cores"
        );
        // The queue is full.
        let routes = super::routes(Arc::clone(&app));
        let request = Request::get("/api/v1/search?q=a")
            .header("host", "localhost")
            .body(Body::empty())
            .expect("a request");
        let refused = routes.clone().oneshot(request).await.expect("an answer");
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.headers()["retry-after"], "1");
        // What needs no search is answered.
        assert_eq!(get(&routes, "/healthz").await.0, StatusCode::OK);
        // One that waits goes away and leaves its place; those that run go away and stop working.
        all.pop().expect("a question").abort();
        while app.places.available_permits() == 0 {
            tokio::task::yield_now().await;
        }
        all.iter().for_each(tokio::task::JoinHandle::abort);
        drop(ended.acquire_many(cores as u32).await.expect("it is open"));
        while app.places.available_permits() < cores + MOST_WAITING {
            tokio::task::yield_now().await;
        }
        assert_eq!(app.turns.available_permits(), cores);
        assert_eq!(
            ended.available_permits(),
            cores,
            "those that waited never ran"
        );
        assert_eq!(get(&routes, "/api/v1/search?q=a").await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn an_export_that_nobody_takes_stops_and_leaves_its_place() {
        let lines: String = (1..3_000)
            .map(|n| format!("（{n}）审批事项第{n}项压缩时限一半。\n\n"))
            .collect();
        let app = over(Config::default(), &format!("关于整改的通报\n\n{lines}"));
        let routes = super::routes(Arc::clone(&app));
        let export = |format: &str| {
            let request = Request::get(format!("/export/{format}?q=%E5%AE%A1%E6%89%B9"))
                .header("host", "localhost")
                .body(Body::empty())
                .expect("a request");
            routes.clone().oneshot(request)
        };
        for format in ["jsonl", "xlsx"] {
            let response = export(format).await.expect("an answer");
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(app.exports.available_permits(), MOST_EXPORTS - 1);
            // Nobody reads on, and it does not run ahead to its end.
            tokio::time::sleep(Duration::from_millis(300)).await;
            if format == "jsonl" {
                assert_eq!(app.exports.available_permits(), MOST_EXPORTS - 1);
            }
            drop(response);
            while app.exports.available_permits() < MOST_EXPORTS {
                tokio::task::yield_now().await;
            }
        }
        let whole = export("jsonl").await.expect("an answer").into_body();
        let whole = axum::body::to_bytes(whole, 64 << 20).await.expect("a body");
        let rows = whole.iter().filter(|byte| **byte == b'\n').count();
        assert!(rows >= 2_999, "{rows}");
        let held = app.exports.acquire_many(MOST_EXPORTS as u32).await;
        let refused = export("csv").await.expect("an answer");
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.headers()["retry-after"], "1");
        drop(held);
        assert_eq!(
            export("csv").await.expect("an answer").status(),
            StatusCode::OK
        );
    }

    #[tokio::test]
    async fn exports_leave_turns_to_searches() {
        let app = app();
        let cores = app.turns.available_permits();
        let gate = Arc::new(std::sync::Barrier::new(2));
        let steps: Vec<_> = (0..4)
            .map(|_| {
                let (app, gate) = (Arc::clone(&app), Arc::clone(&gate));
                tokio::spawn(async move {
                    app.export_turn(move |_, _| {
                        gate.wait();
                    })
                    .await
                })
            })
            .collect();
        while app.export_turns.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        if cores > 1 {
            assert!(app.turns.available_permits() > 0);
            assert!(Arc::clone(&app).ask(|_, _| Ok(())).await.is_ok());
        }
        for _ in 0..4 {
            let gate = Arc::clone(&gate);
            let opened = tokio::task::spawn_blocking(move || gate.wait());
            opened.await.expect("no panic");
        }
        for step in steps {
            assert!(step.await.expect("no panic").is_some());
        }
    }

    #[tokio::test]
    async fn who_gets_no_turn_in_time_is_asked_to_come_again() {
        let app = configured(Config {
            search_timeout: Duration::from_millis(50),
            ..Config::default()
        });
        let cores = app.turns.available_permits() as u32;
        let turns = Arc::clone(&app.turns).acquire_many_owned(cores).await;
        let answer = Arc::clone(&app).ask(|_, _| Ok(())).await;
        assert!(matches!(answer, Err(Fault::Overloaded)), "{answer:?}");
        drop(turns);
        assert!(app.ask(|_, _| Ok(())).await.is_ok());
    }
}
