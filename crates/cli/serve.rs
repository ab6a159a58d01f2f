//! `duibiao serve`: the pages and the JSON API over an index.

use std::future::Future;
use std::io::{Write, stdout};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use clap::ValueEnum;
use duibiao_query_server::{Config, SEARCH_TIMEOUT, Server};
use duibiao_search::Engine;

use crate::args::IndexArg;
use crate::failure::Outcome;

/// Serve the pages and the JSON API
///
/// Answers on loopback only, unless told otherwise. A new commit of `duibiao index` is seen within
/// two seconds. Prints the URL, logs to stderr, stops on Ctrl-C or SIGTERM after the requests at hand.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao serve
  duibiao serve --addr 127.0.0.1:8080 --index ~/索引
  duibiao serve --addr 0.0.0.0:7700 --allow-host duibiao.example.org
  curl 'http://127.0.0.1:7700/api/v1/search?q=容缺受理&status=done'

The API is described by /openapi.json. /healthz says that the server is alive, /readyz which
commit of the index it serves.")]
pub(crate) struct Args {
    #[command(flatten)]
    index: IndexArg,
    #[command(flatten)]
    server: ServerArgs,
    /// Also answer when called by this host name (repeat for several)
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
    /// Let pages of this origin read the API from a browser (repeat for several)
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
}

/// What `serve` and `demo` share.
#[derive(clap::Args)]
pub(crate) struct ServerArgs {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, default_value = "127.0.0.1:7700", value_name = "ADDRESS:PORT")]
    pub(crate) addr: SocketAddr,
    /// What a search may take, waiting for its turn included; beyond it, it is stopped with an error
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value_t = SEARCH_TIMEOUT.as_secs_f64())]
    search_timeout: f64,
    /// How the log is written to stderr
    #[arg(long, value_enum, default_value = "text")]
    log: Log,
    /// Log whole addresses, with what people look for
    #[arg(long)]
    log_queries: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Log {
    /// A line for a person
    Text,
    /// A JSON object a line
    Json,
    /// Nothing
    Off,
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let engine = crate::engine(&args.index.index, lexicon)?;
    let config = Config {
        allowed_hosts: args.allow_host.clone(),
        allowed_origins: args.allow_origin.clone(),
        ..args.server.config()
    };
    if args.server.addr.ip().is_unspecified() && args.allow_host.is_empty() {
        eprintln!(
            "note: only requests that name localhost are answered; add --allow-host NAME for the name others use"
        );
    }
    args.server.begin_log();
    let addr = args.server.addr;
    runtime()?.block_on(async {
        let server = Server::bind(addr, config).await?;
        announce(&server)?;
        serve(server, engine).await
    })
}

impl ServerArgs {
    pub(crate) fn config(&self) -> Config {
        Config {
            log_queries: self.log_queries,
            search_timeout: Duration::from_secs_f64(self.search_timeout),
            ..Config::default()
        }
    }

    pub(crate) fn begin_log(&self) {
        let log = tracing_subscriber::fmt()
            .with_writer(std::io::stderr)
            .with_max_level(tracing_subscriber::filter::LevelFilter::INFO)
            .with_target(false);
        match self.log {
            Log::Text => log
                .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
                .init(),
            Log::Json => log.json().flatten_event(true).init(),
            Log::Off => {}
        }
    }
}

/// Seconds that someone would wait.
fn seconds(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|seconds| (0.001..=3_600.0).contains(seconds))
        .ok_or_else(|| "write seconds from 0.001 to 3600, such as 2 or 0.5".to_owned())
}

pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the threads of the server")
}

/// The URL on stdout, so that a program that starts the server can read it.
pub(crate) fn announce(server: &Server) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{}", server.url())?;
    out.flush()?;
    Ok(())
}

/// Serves until Ctrl-C or SIGTERM.
pub(crate) async fn serve(server: Server, engine: Engine) -> anyhow::Result<Outcome> {
    server
        .run(engine, stopped()?)
        .await
        .context("the server failed")?;
    Ok(Outcome::Done)
}

#[cfg(unix)]
fn stopped() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot watch for Ctrl-C")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot watch for SIGTERM")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stopped() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // Without a way to be told, it runs until it is killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
