//! `duibiao watch`: what is new for saved searches since the last run.
//!
//! What is new is decided in the search crate; here is where it is told and what is kept of it.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::Context;
use duibiao_search::{Engine, Gone, Hit, News, Request, Table};
use serde::Serialize;

use crate::args::{Format, IndexArg};
use crate::failure::{Outcome, Usage};
use crate::output;
use crate::saved::{self, SavedSearch};
use crate::search::hits;
use crate::terminal::{Style, plain};
use crate::watch_state::{Kept, State};

/// Tell what is new for saved searches since the last run
///
/// FILE holds searches, each below [[search]], with a name and the fields of the search page: q, unit,
/// sort, variants, drop, citation and the filters province, city, county, year, period, theme, doc_type,
/// subtype, issuer, number, status and level, one value or a list; or, in place of these, url, the
/// address of a search page. Hits are new, changed (another text than before) or gone. The first run
/// tells nothing and remembers what is there. What was seen is kept in FILE.state, as hashes;
/// what --limit leaves out is told by the next run, and so is all of it if a run is interrupted.
#[derive(clap::Args)]
#[command(after_help = "\
A file of searches:
  [[search]]
  name = \"容缺受理\"
  q = \"容缺受理 -招标\"
  city = [\"哈尔滨\", \"衢州\"]
  year = \"2021..\"

  [[search]]
  name = \"辽宁整改通报\"
  url = \"http://127.0.0.1:7700/search?q=整改&province=辽宁&unit=document\"

Examples:
  duibiao watch 关注.toml
  duibiao watch 关注.toml --format json --limit 100
  duibiao index ~/政策文件 && duibiao watch 关注.toml --format markdown > 新增.md")]
pub(crate) struct Args {
    /// The saved searches
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    index: IndexArg,
    /// How many new, changed and gone hits of each search are told; the next run tells the others
    #[arg(long, default_value_t = 10, value_name = "N")]
    limit: usize,
    /// How they are printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// What is new for one search.
#[derive(Serialize)]
struct Told {
    name: String,
    #[serde(flatten)]
    news: News,
}

#[derive(Serialize)]
struct AllTold<'a> {
    searches: &'a [Told],
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    if args.limit == 0 {
        return Err(Usage("--limit must be at least 1".to_owned()).into());
    }
    let searches = saved::read(&args.file)?;
    let path = State::path(&args.file);
    let before = State::read(&path)?;
    let engine = crate::engine(&args.index.index, lexicon)?;
    let (told, after) = look(&engine, &searches, before.as_ref(), args)?;
    let mut out = stdout().lock();
    print(&mut out, &engine, &told, args.format)?;
    // Only what has been told counts as seen: whoever is stopped before this hears it again.
    out.flush()?;
    after.write(&path)?;
    Ok(Outcome::Done)
}

/// Asks all searches of one commit. Where one of them fails, nothing is told and nothing is kept.
fn look(
    engine: &Engine,
    searches: &[SavedSearch],
    before: Option<&State>,
    args: &Args,
) -> anyhow::Result<(Vec<Told>, State)> {
    let mut after = State::new(&args.index.index);
    if let Some(before) = before.filter(|before| before.index != after.index) {
        eprintln!(
            "note: the last run looked at another index, {}",
            before.index.display()
        );
    }
    let known = before
        .map(|before| before.documents.clone())
        .unwrap_or_default();
    let mut look = engine.look()?;
    let mut told = Vec::with_capacity(searches.len());
    for search in searches {
        let kept = before.and_then(|before| before.searches.get(&search.name));
        let seen = kept
            .filter(|kept| kept.asked == search.asked)
            .map(|kept| &kept.seen);
        let request = Request {
            whole: matches!(args.format, Format::Csv | Format::Markdown),
            ..search.request.clone()
        };
        let mut news = look
            .news(&request, seen, &known, args.limit)
            .with_context(|| format!("search {:?}", search.name))?;
        let kept = Kept {
            asked: search.asked.clone(),
            seen: std::mem::take(&mut news.seen),
        };
        after.searches.insert(search.name.clone(), kept);
        told.push(Told {
            name: search.name.clone(),
            news,
        });
    }
    after.documents = look.documents();
    Ok((told, after))
}

fn print(
    out: &mut dyn Write,
    engine: &Engine,
    told: &[Told],
    format: Format,
) -> anyhow::Result<()> {
    match format {
        Format::Table => told.iter().try_for_each(|told| for_people(out, told)),
        Format::Json => output::json(out, &AllTold { searches: told }),
        Format::Jsonl => told.iter().try_for_each(|told| lines(out, told)),
        Format::Csv => Ok(table(engine, told).csv(out, true)?),
        Format::Markdown => Ok(table(engine, told).markdown(out, true)?),
    }
}

/// What has come, changed and gone, each with the word for it.
const NEW: &str = "new";
const CHANGED: &str = "changed";
const GONE: &str = "gone";

fn for_people(out: &mut dyn Write, told: &Told) -> anyhow::Result<()> {
    let Told { name, news } = told;
    let style = Style::of_stdout();
    let mut parts = Vec::new();
    for (count, word) in [
        (news.new_total, NEW),
        (news.changed_total, CHANGED),
        (news.gone_total, GONE),
    ] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    if parts.is_empty() {
        parts.push(
            if news.first {
                "first run"
            } else {
                "nothing new"
            }
            .to_owned(),
        );
    }
    let summary = format!("{name}: {}; {} in all", parts.join(", "), news.total);
    writeln!(out, "{}", style.bold(&plain(&summary)))?;
    notes(news);
    if !news.new.is_empty() {
        writeln!(out, "{NEW}")?;
        hits(out, &news.new, 0)?;
    }
    if !news.changed.is_empty() {
        writeln!(out, "{CHANGED}")?;
        let changed: Vec<Hit> = news.changed.iter().map(|c| c.hit.clone()).collect();
        hits(out, &changed, 0)?;
    }
    if !news.gone.is_empty() {
        writeln!(out, "{GONE}")?;
        for Gone {
            id, path, title, ..
        } in &news.gone
        {
            let what = title.as_deref().or(path.as_deref());
            let what = what.unwrap_or("its document is no longer in the index");
            writeln!(out, "{}", style.spread(&format!("   {what}"), id))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// What one must know to read the news rightly.
fn notes(news: &News) {
    if let Some(unused) = &news.unused {
        eprintln!("{}", plain(&format!(" note: {unused} yet")));
    }
    if news.first {
        eprintln!(" first run: the hits there are now count as seen, later runs tell what is new");
    }
    if news.reread_total > 0 {
        eprintln!(
            " {} more came or went in documents whose text is as it was, read or judged anew: no news",
            news.reread_total
        );
    }
    let told = news.new.len() + news.changed.len() + news.gone.len();
    let all = news.new_total + news.changed_total + news.gone_total;
    let left = all - told as u64;
    if left > 0 {
        eprintln!(" {left} more will be told by the next run; --limit tells more at once");
    }
}

#[derive(Serialize)]
struct Line<'a, T> {
    search: &'a str,
    news: &'static str,
    #[serde(flatten)]
    what: &'a T,
}

fn lines(out: &mut dyn Write, told: &Told) -> anyhow::Result<()> {
    let search = told.name.as_str();
    for what in &told.news.new {
        output::jsonl(
            out,
            &Line {
                search,
                news: NEW,
                what,
            },
        )?;
    }
    for what in &told.news.changed {
        output::jsonl(
            out,
            &Line {
                search,
                news: CHANGED,
                what,
            },
        )?;
    }
    for what in &told.news.gone {
        output::jsonl(
            out,
            &Line {
                search,
                news: GONE,
                what,
            },
        )?;
    }
    notes(&told.news);
    Ok(())
}

/// The columns of exports, behind the name of the search and the word for what happened.
fn table(engine: &Engine, told: &[Told]) -> Table {
    let mut whole = engine.table(&[]);
    let at = |headers: &[&str], name: &str| headers.iter().position(|header| *header == name);
    let (title, path) = (at(&whole.headers, "title"), at(&whole.headers, "path"));
    for Told { name, news } in told {
        notes(news);
        let changed: Vec<Hit> = news.changed.iter().map(|c| c.hit.clone()).collect();
        let rows = |word, hits: &[Hit]| {
            let rows = engine.table(hits).rows.into_iter();
            rows.map(move |row| (word, row)).collect::<Vec<_>>()
        };
        let gone = news.gone.iter().map(|gone| {
            let mut row = vec![String::new(); whole.headers.len()];
            row[0].clone_from(&gone.id);
            for (at, value) in [(title, &gone.title), (path, &gone.path)] {
                if let Some(at) = at {
                    row[at] = value.clone().unwrap_or_default();
                }
            }
            (GONE, row)
        });
        let all = rows(NEW, &news.new).into_iter();
        let all: Vec<_> = all.chain(rows(CHANGED, &changed)).chain(gone).collect();
        whole.rows.extend(all.into_iter().map(|(word, mut row)| {
            row.splice(0..0, [name.clone(), word.to_owned()]);
            row
        }));
    }
    whole.headers.splice(0..0, ["search", "news"]);
    whole
}
