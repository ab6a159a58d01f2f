//! `duibiao demo`: the samples, indexed and served.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, bail};
use duibiao_indexer::Options;
use duibiao_query_server::{Config, ServeError, Server};
use duibiao_search::Engine;
use rust_embed::RustEmbed;

use crate::failure::Outcome;
use crate::serve::{ServerArgs, announce, runtime, serve};

/// Index the samples, serve them and print the URL
///
/// The 75 samples are composed: their places are real, their content is invented. They come in every
/// format that is read and are in the program; the index is built in a temporary folder and removed
/// when the demo stops.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao demo
  duibiao demo --open
  duibiao demo --addr 127.0.0.1:8080")]
pub(crate) struct Args {
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    server: ServerArgs,
}

/// The sample documents; a labels.csv among them is no document.
#[derive(RustEmbed)]
#[folder = "index-data/samples"]
struct Samples;

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let folder = tempfile::Builder::new()
        .prefix("duibiao-demo-")
        .tempdir()
        .context("cannot make a temporary folder")?;
    let index = folder.path().join("index");
    build(folder.path(), &index, lexicon)?;
    let engine = Engine::open(&index, crate::lexicon(lexicon)?)?;
    let config = Config {
        is_demo: true,
        ..args.server.config()
    };
    args.server.begin_log();
    runtime()?.block_on(async {
        let server = bind(args.server.addr, config).await?;
        announce(&server)?;
        eprintln!("these are composed samples: real places, invented content; Ctrl-C stops");
        if args.open
            && let Err(error) = open::that_detached(server.url())
        {
            eprintln!("note: no browser could be opened ({error}); go to the address above");
        }
        serve(server, engine).await
    })
}

/// Writes the samples and indexes them.
fn build(folder: &Path, index: &Path, lexicon: Option<&Path>) -> anyhow::Result<()> {
    let root = folder.join("samples");
    for name in Samples::iter() {
        let Some(file) = Samples::get(&name) else {
            continue;
        };
        let path = root.join(name.as_ref());
        let parent = path.parent().unwrap_or(&root);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, &file.data))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let options = Options {
        roots: vec![root],
        index: index.to_owned(),
        workers: crate::workers(false)?,
        ..Options::default()
    };
    let lexicon = crate::lexicon(lexicon)?;
    let report = duibiao_indexer::run(&options, &lexicon, &AtomicBool::new(false), &mut |_| {})?;
    if let Some(failure) = report.failed.first() {
        bail!(
            "the sample {} cannot be read: {}",
            failure.path,
            failure.reason
        );
    }
    eprintln!(
        "indexed {} samples, {} passages in {:.1} s",
        report.documents, report.passages, report.seconds
    );
    Ok(())
}

/// A newcomer must not fail because something else has the port.
async fn bind(mut addr: SocketAddr, config: Config) -> Result<Server, ServeError> {
    match Server::bind(addr, config.clone()).await {
        Err(ServeError::InUse(taken)) => {
            eprintln!("note: {taken} is in use; taking another port");
            addr.set_port(0);
            Server::bind(addr, config).await
        }
        other => other,
    }
}
