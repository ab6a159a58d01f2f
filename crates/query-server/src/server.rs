//! Listening, watching the index for new commits, and stopping in good order.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use duibiao_search::Engine;
use tokio::net::TcpListener;

use crate::app::{self, App};
use crate::guard::Guard;

/// How often the index is looked at for a new commit.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Open requests get this long to finish when the server stops.
const LAST_CALL: Duration = Duration::from_secs(5);

/// What a search may take where nothing else is configured.
pub const SEARCH_TIMEOUT: Duration = Duration::from_secs(2);

/// How a server answers.
#[derive(Debug, Clone)]
pub struct Config {
    /// Host names it answers to besides loopback's and its own address.
    pub allowed_hosts: Vec<String>,
    /// Origins (`https://example.org`) of pages that may read the API from a browser.
    pub allowed_origins: Vec<String>,
    /// Whether the log holds query strings, which are what people look for.
    pub log_queries: bool,
    /// Whether the index holds the samples, which every page then says.
    pub is_demo: bool,
    /// What a search may take, waiting for its turn included.
    pub search_timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            log_queries: false,
            is_demo: false,
            search_timeout: SEARCH_TIMEOUT,
        }
    }
}

/// The server cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another program listens there.
    #[error("{0} is in use by another program")]
    InUse(SocketAddr),
    /// The system refuses.
    #[error("cannot listen on {addr}")]
    Listen {
        /// Where.
        addr: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// A host or an origin that is none.
    #[error("{0:?} is no {1}")]
    NoName(String, &'static str),
}

impl ServeError {
    /// One sentence on what to do next, where there is something to do.
    pub fn suggestion(&self) -> Option<String> {
        match self {
            Self::InUse(addr) => Some(format!(
                "name another port, such as --addr {}:{}",
                addr.ip(),
                addr.port().saturating_add(1)
            )),
            Self::Listen { .. } => Some("name another address with --addr".to_owned()),
            Self::NoName(_, kind) => Some(
                match *kind {
                    "host" => "write a name without scheme and port, such as duibiao.example.org",
                    _ => "write scheme and host, such as https://example.org",
                }
                .to_owned(),
            ),
        }
    }
}

/// A server that listens and does not answer yet.
pub struct Server {
    listener: TcpListener,
    addr: SocketAddr,
    config: Config,
    guard: Guard,
}

impl Server {
    /// Listens on `addr`; port 0 takes any that is free.
    ///
    /// # Errors
    /// When the address cannot be used or a configured name is none.
    pub async fn bind(addr: SocketAddr, config: Config) -> Result<Self, ServeError> {
        let listener = TcpListener::bind(addr)
            .await
            .map_err(|source| match source.kind() {
                io::ErrorKind::AddrInUse => ServeError::InUse(addr),
                _ => ServeError::Listen { addr, source },
            })?;
        let addr = listener
            .local_addr()
            .map_err(|source| ServeError::Listen { addr, source })?;
        Ok(Self {
            listener,
            addr,
            guard: Guard::new(&config, addr)?,
            config,
        })
    }

    /// Where to point a browser.
    pub fn url(&self) -> String {
        match self.addr.ip() {
            ip if ip.is_unspecified() => format!("http://localhost:{}/", self.addr.port()),
            _ => format!("http://{}/", self.addr),
        }
    }

    /// Answers from `engine` until `stop` is ready, then lets open requests finish for a few
    /// seconds.
    ///
    /// # Errors
    /// When the listener fails for good.
    pub async fn run(
        self,
        engine: Engine,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let app = Arc::new(App::new(engine, self.config, self.guard));
        let watcher = tokio::spawn(watch(Arc::clone(&app)));
        let (told, mut telling) = tokio::sync::watch::channel(false);
        let stopping = async move {
            stop.await;
            told.send_replace(true);
        };
        let serving = axum::serve(self.listener, app::routes(app)).with_graceful_shutdown(stopping);
        let too_long = async move {
            // An error means that nobody can tell any more: then this never ends the wait.
            match telling.wait_for(|told| *told).await {
                Ok(_) => tokio::time::sleep(LAST_CALL).await,
                Err(_) => std::future::pending().await,
            }
        };
        let outcome = tokio::select! {
            served = serving => served,
            () = too_long => Ok(()),
        };
        watcher.abort();
        outcome
    }
}

/// Serves each new commit as soon as it is seen. An index that cannot be read for a while leaves
/// the commit before in place; that is said once.
async fn watch(app: Arc<App>) {
    let mut is_failing = false;
    prepare(&app).await;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let looked = {
            let app = Arc::clone(&app);
            tokio::task::spawn_blocking(move || app.engine.reload()).await
        };
        match looked {
            Ok(Ok(is_new)) => {
                is_failing = false;
                app.stale(None);
                if is_new {
                    let commit = app.engine.commit();
                    tracing::info!(
                        commit = commit.number,
                        documents = commit.documents,
                        passages = commit.passages,
                        "serving a new commit"
                    );
                    prepare(&app).await;
                }
            }
            Ok(Err(error)) => {
                app.stale(Some(error.to_string()));
                if !is_failing {
                    tracing::warn!(%error, "cannot read the index again; serving the commit before");
                }
                is_failing = true;
            }
            Err(error) => tracing::error!(%error, "looking for a new commit failed"),
        }
    }
}

/// Gathers what is suggested while someone types. Searches go on meanwhile, suggestions with what was
/// gathered before.
async fn prepare(app: &Arc<App>) {
    let app = Arc::clone(app);
    let prepared = tokio::task::spawn_blocking(move || app.engine.prepare()).await;
    match prepared {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "cannot gather terms to suggest"),
        Err(error) => tracing::error!(%error, "gathering terms to suggest failed"),
    }
}
