//! `duibiao`: the command line. One file a command; this one finds the command and turns its
//! outcome into an exit code.

mod args;
mod compare;
mod completions;
mod demo;
mod eval;
mod eval_tags;
mod export;
mod failure;
mod gaps;
mod index;
mod inspect;
mod memory;
mod output;
mod saved;
mod search;
mod serve;
mod show;
mod similar;
mod stats;
mod terminal;
mod trace;
mod verify_quote;
mod watch;
mod watch_state;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Search Chinese government documents by measure, place, year and theme
///
/// Duibiao (对标) reads a folder of documents, tags each with province, city, year and theme,
/// cuts it into measures and answers which measures deal with a matter, where and when.
#[derive(Parser)]
#[command(name = "duibiao", version, max_term_width = 100, propagate_version = true, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Use the lexicon in this folder instead of the built-in one
    #[arg(long, global = true, value_name = "DIR", env = "DUIBIAO_LEXICON")]
    lexicon: Option<std::path::PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  duibiao demo --open                       look at it with the samples
  duibiao index ~/政策文件                  read a folder into ./index-data/index
  duibiao search 容缺受理                   find measures
  duibiao search '\"新官不理旧账\"'           find these very words
  duibiao search 审批提速 --city 哈尔滨 --year 2017..2023 --status done
  duibiao compare 审批提速 --by city        put cities side by side
  duibiao gaps --for 哈尔滨 --against 大连,沈阳    what others have and one has not
  duibiao search 首违不罚 --all --format csv > 首违不罚.csv
  duibiao similar 5f0c2a9be1d34c77-m28 --elsewhere   the same thing in other cities
  duibiao trace 容缺受理                    where a wording stands first, and how it spreads
  duibiao watch 关注.toml                   what is new for saved searches
  duibiao serve                             the same in a browser, and as a JSON API

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some files could not be read, 130 interrupted";

#[derive(Subcommand)]
enum Command {
    Demo(demo::Args),
    Index(index::Args),
    Search(Box<search::Args>),
    Compare(Box<compare::Args>),
    Gaps(Box<gaps::Args>),
    Show(show::Args),
    Similar(Box<similar::Args>),
    Trace(Box<trace::Args>),
    VerifyQuote(verify_quote::Args),
    Watch(watch::Args),
    Inspect(inspect::Args),
    Serve(serve::Args),
    Stats(stats::Args),
    Eval(eval::Args),
    EvalTags(eval_tags::Args),
    Completions(completions::Args),
    /// Read files for another process, under limits
    #[command(hide = true)]
    ExtractWorker {
        /// Read scanned pages as well
        #[arg(long)]
        ocr: bool,
    },
}

fn main() -> ExitCode {
    failure::shorten_panics();
    let cli = Cli::parse_from(std::env::args_os().map(excluded_word));
    let lexicon = cli.lexicon.as_deref();
    let outcome = match cli.command {
        Command::Demo(args) => demo::run(&args, lexicon),
        Command::Index(args) => index::run(&args, lexicon),
        Command::Search(args) => search::run(&args, lexicon),
        Command::Compare(args) => compare::run(&args, lexicon),
        Command::Gaps(args) => gaps::run(&args, lexicon),
        Command::Show(args) => show::run(&args, lexicon),
        Command::Similar(args) => similar::run(&args, lexicon),
        Command::Trace(args) => trace::run(&args, lexicon),
        Command::VerifyQuote(args) => verify_quote::run(&args, lexicon),
        Command::Watch(args) => watch::run(&args, lexicon),
        Command::Inspect(args) => inspect::run(&args, lexicon),
        Command::Serve(args) => serve::run(&args, lexicon),
        Command::Stats(args) => stats::run(&args, lexicon),
        Command::Eval(args) => eval::run(&args, lexicon),
        Command::EvalTags(args) => eval_tags::run(&args, lexicon),
        Command::Completions(args) => completions::run(&args),
        Command::ExtractWorker { ocr } => worker(ocr),
    };
    match outcome {
        Ok(outcome) => outcome.into(),
        Err(error) => failure::report(&error),
    }
}

/// The other side of [`workers`].
fn worker(ocr: bool) -> anyhow::Result<failure::Outcome> {
    let ocr = ocr.then(duibiao_indexer::Ocr::find).transpose()?;
    let (input, output) = (std::io::stdin().lock(), std::io::stdout().lock());
    duibiao_indexer::serve_worker(input, output, ocr.as_ref())?;
    Ok(failure::Outcome::Done)
}

/// This program again, as processes in which parsers of binary formats run.
///
/// # Errors
/// When scanned pages are to be read and what reads them is not installed.
fn workers(ocr: bool) -> anyhow::Result<Option<duibiao_indexer::Workers>> {
    if ocr {
        // Asked here, so that it is said once and before any file is read.
        duibiao_indexer::Ocr::find()?;
    }
    let Ok(program) = std::env::current_exe() else {
        return Ok(None);
    };
    let mut arguments = vec!["extract-worker".to_owned()];
    arguments.extend(ocr.then(|| "--ocr".to_owned()));
    let workers = duibiao_indexer::Workers::new(program, arguments);
    Ok(Some(if ocr { workers.with_ocr() } else { workers }))
}

/// `-招标` is a word to leave out and no flag: no flag of ours goes on with anything but ASCII
/// letters. White space in front says so to the argument parser and nothing to the query.
fn excluded_word(arg: std::ffi::OsString) -> std::ffi::OsString {
    let is_word = arg
        .to_str()
        .and_then(|text| text.strip_prefix('-'))
        .and_then(|rest| rest.chars().next());
    match is_word {
        Some(c) if !c.is_ascii() || matches!(c, '"' | '(') => {
            let mut spaced = std::ffi::OsString::from(" ");
            spaced.push(arg);
            spaced
        }
        _ => arg,
    }
}

/// Loads the lexicon a command uses.
fn lexicon(folder: Option<&std::path::Path>) -> anyhow::Result<duibiao_lexicon::Lexicon> {
    Ok(match folder {
        Some(folder) => duibiao_lexicon::Lexicon::load(folder)?,
        None => duibiao_lexicon::Lexicon::embedded()?,
    })
}

/// Opens the index a command reads, and says where its lexicon is another.
fn engine(
    index: &std::path::Path,
    folder: Option<&std::path::Path>,
) -> anyhow::Result<duibiao_search::Engine> {
    let engine = duibiao_search::Engine::open(index, lexicon(folder)?)?;
    if engine.lexicon_differs() {
        eprintln!(
            "note: the index was built with another lexicon; run `duibiao index` again to bring it up to date"
        );
    }
    Ok(engine)
}
