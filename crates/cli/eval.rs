//! `duibiao eval`: how good the ranking is on judged queries, and whether it is better than another.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use duibiao_search::evaluation::{
    Bm25, Comparison, Half, METRICS, Means, PlainRanker, Ranker, Run, Scores, Terms, TopicScore,
    Topics, read_run, write_run,
};
use duibiao_search::{Engine, Part, Table};
use serde::Serialize;

use crate::args::{Format, IndexArg};
use crate::failure::Outcome;
use crate::output;
use crate::search::UnitArg;
use crate::terminal::Style;

/// Measure how good the ranking is on judged queries
///
/// QUERIES holds a query a line, `id<TAB>text`, and QRELS what was judged, `qid iter docid grade` (TREC's
/// formats); a docid is a row's own id, else a file's stem. Or QUERIES is JSON: `queries`, each with id,
/// query, filters, relevant (grades by passage) and must_not; QRELS then says where the judged
/// passages stand (`documents` with doc and file, `measures` with id, doc, begin and end), and a hit is a judged
/// passage when they share more than half of the shorter one. Without QRELS a judged passage is a document's
/// name with -m and the number of its passage. What was not judged counts as not relevant, a query
/// without hits as 0.
///
/// nDCG has the grade itself as gain, as trec_eval. A comparison gives the mean difference, its 95 %
/// interval (paired bootstrap, 10,000 resamples) and the share of 10,000 random exchanges that differ as
/// much (two-sided).
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao eval queries.tsv qrels.txt --against plain-pairs
  duibiao eval queries.tsv qrels.txt --save before.run        # then, after a change:
  duibiao eval queries.tsv qrels.txt --against before.run --per-query --format csv > after.csv
  duibiao eval queries.json passages.json --per-query
  duibiao eval queries.tsv qrels.txt --half even --against plain-words --tune")]
pub(crate) struct Args {
    /// The queries
    queries: PathBuf,
    /// The judgements
    qrels: Option<PathBuf>,
    #[command(flatten)]
    index: IndexArg,
    /// What is ranked [default: documents for lines, passages for JSON]
    #[arg(long, value_enum)]
    unit: Option<UnitArg>,
    /// How many places of a ranking are looked at
    #[arg(long, default_value_t = 100, value_name = "N")]
    limit: usize,
    /// What ranks
    #[arg(long, value_enum, default_value = "engine")]
    ranker: RankerArg,
    /// Leave out a part of the engine's ranking, to see what it is good for; may be repeated
    #[arg(long, value_name = "PART", value_parser = part)]
    without: Vec<Part>,
    /// Compare with a ranking that was saved, or with one of the plain rankers
    #[arg(long, value_name = "RUN|plain-words|plain-pairs")]
    against: Option<PathBuf>,
    /// Keep the ranking as a file of TREC's run format
    #[arg(long, value_name = "RUN")]
    save: Option<PathBuf>,
    /// Only every second query: weights can be chosen on one half and reported on the other
    #[arg(long, value_enum)]
    half: Option<HalfArg>,
    /// The constants k1 and b of plain rankers
    #[arg(long, value_name = "K1,B", value_parser = bm25, default_value = "1.2,0.75")]
    bm25: Bm25,
    /// Choose the constants of plain rankers for the best mrr@10 on the other half
    #[arg(long, requires = "half", conflicts_with = "bm25")]
    tune: bool,
    /// Show every query
    #[arg(long)]
    per_query: bool,
    /// How it is printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

fn part(name: &str) -> Result<Part, String> {
    let names = Part::ALL.map(|(_, name)| name);
    Part::named(name).ok_or_else(|| format!("one of {}", names.join(", ")))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RankerArg {
    /// As everyone gets it: hits, then related ones
    Engine,
    /// BM25 over the words of jieba's search mode in title and text
    PlainWords,
    /// BM25 over every two neighbouring characters in title and text
    PlainPairs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HalfArg {
    /// The first, the third, …
    Odd,
    /// The second, the fourth, …
    Even,
}

/// What is printed as JSON.
#[derive(Serialize)]
struct Report {
    ranker: String,
    queries: usize,
    means: Means,
    /// Entries among the first five that must not be there, of all queries.
    must_not: usize,
    /// The same of the query that has most.
    must_not_most: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<Comparison>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    per_query: Vec<TopicScore>,
    /// The other ranking's figures, in the same order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    per_query_against: Vec<TopicScore>,
}

pub(crate) fn run(args: &Args, lexicon: Option<&Path>) -> anyhow::Result<Outcome> {
    let unit = args.unit.map(UnitArg::unit);
    let all = Topics::read(&args.queries, args.qrels.as_deref(), unit)?;
    let topics = args
        .half
        .map_or_else(|| all.clone(), |half| all.half(half.half()));
    notes(&all, &topics, args);
    let engine = crate::engine(&args.index.index, lexicon)?;
    let judge = Judge {
        args,
        engine: &engine,
        all: &all,
        topics: &topics,
    };
    let (name, ranking) = judge.rank(args.ranker)?;
    if let Some(path) = &args.save {
        write_run(&ranking, &topics, &name, path)?;
    }
    let scores = Scores::of(&ranking, &topics);
    let other = args.against.as_deref().map(|against| judge.other(against));
    let other = other.transpose()?;
    print(&report(args, name, scores, other), args)?;
    Ok(Outcome::Done)
}

/// What rankings are made and scored with.
struct Judge<'a> {
    args: &'a Args,
    engine: &'a Engine,
    all: &'a Topics,
    topics: &'a Topics,
}

impl Judge<'_> {
    /// A ranking, with the ranker's name.
    fn rank(&self, ranker: RankerArg) -> anyhow::Result<(String, Run)> {
        let depth = self.args.limit;
        let (name, terms) = match ranker {
            RankerArg::Engine => {
                let run = Ranker::Engine(self.args.without.clone()).rank(
                    self.engine,
                    self.topics,
                    depth,
                )?;
                return Ok(("engine".to_owned(), run));
            }
            RankerArg::PlainWords => ("plain-words", Terms::Words),
            RankerArg::PlainPairs => ("plain-pairs", Terms::Pairs),
        };
        let bm25 = match (self.args.half, self.args.tune) {
            (Some(half), true) => {
                let others = self.all.half(half.half().other());
                PlainRanker::new(self.engine, &others, terms)?.tuned(&others)?
            }
            _ => self.args.bm25,
        };
        let run = Ranker::Plain(terms, bm25).rank(self.engine, self.topics, depth)?;
        Ok((format!("{name}:k1={},b={}", bm25.k1, bm25.b), run))
    }

    /// The ranking that is compared with.
    fn other(&self, against: &Path) -> anyhow::Result<(String, Scores)> {
        let named = against
            .to_str()
            .and_then(|name| RankerArg::from_str(name, false).ok());
        let (name, run) = match named {
            Some(ranker) => self.rank(ranker)?,
            None => (
                against.display().to_string(),
                read_run(against, self.topics)?,
            ),
        };
        Ok((name, Scores::of(&run, self.topics)))
    }
}

fn bm25(text: &str) -> Result<Bm25, String> {
    let values = text
        .split_once(',')
        .and_then(|(k1, b)| Some((k1.trim().parse().ok()?, b.trim().parse().ok()?)));
    match values {
        Some((k1, b)) if (0.0..=1_000.0).contains(&k1) && (0.0..=1.0).contains(&b) => {
            Ok(Bm25 { k1, b })
        }
        _ => Err("k1, at least 0, and b, from 0 to 1, with a comma between".to_owned()),
    }
}

impl HalfArg {
    fn half(self) -> Half {
        match self {
            Self::Odd => Half::Odd,
            Self::Even => Half::Even,
        }
    }
}

/// What was not measured, on stderr.
fn notes(all: &Topics, topics: &Topics, args: &Args) {
    let half = match args.half {
        Some(_) => format!(" of {}", all.topics.len()),
        None => String::new(),
    };
    eprintln!("{}{half} queries", topics.topics.len());
    if all.without_relevant > 0 {
        eprintln!(
            "not measured: {} queries to which nothing is relevant",
            all.without_relevant
        );
    }
    if all.of_other_queries > 0 {
        eprintln!(
            "not used: {} judgements of queries that are not in {}",
            all.of_other_queries,
            args.queries.display()
        );
    }
    if args.limit < 100 {
        eprintln!("recall@100 looks at {} places only", args.limit);
    }
}

fn report(args: &Args, ranker: String, scores: Scores, other: Option<(String, Scores)>) -> Report {
    let (must_not, must_not_most) = scores.must_not();
    let (against, other) = other.unzip();
    let shown = |scores: Option<Scores>| {
        let scores = scores.filter(|_| args.per_query);
        scores.map(|scores| scores.queries).unwrap_or_default()
    };
    Report {
        ranker,
        queries: scores.queries.len(),
        means: scores.means(),
        must_not,
        must_not_most,
        against,
        comparison: other.as_ref().map(|other| Comparison::of(&scores, other)),
        per_query: shown(Some(scores)),
        per_query_against: shown(other),
    }
}

fn print(report: &Report, args: &Args) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    match args.format {
        Format::Json => output::json(&mut out, report)?,
        Format::Jsonl if args.per_query => {
            for query in &report.per_query {
                output::jsonl(&mut out, query)?;
            }
        }
        Format::Jsonl => output::jsonl(&mut out, report)?,
        Format::Csv if args.per_query => queries(report).csv(&mut out, true)?,
        Format::Csv => means(report).csv(&mut out, true)?,
        Format::Markdown => {
            means(report).markdown(&mut out, true)?;
            if args.per_query {
                writeln!(out)?;
                queries(report).markdown(&mut out, true)?;
            }
        }
        Format::Table => {
            let columns = Style::of_stdout().columns.max(100);
            if args.per_query {
                output::table(&mut out, &queries(report), columns)?;
            }
            output::table(&mut out, &means(report), columns)?;
        }
    }
    eprintln!(
        "must not be among the first five: {} in all, {} at most in one query",
        report.must_not, report.must_not_most
    );
    Ok(())
}

/// A line for each figure.
fn means(report: &Report) -> Table {
    let Some(comparison) = &report.comparison else {
        let rows = METRICS.iter().zip(report.means.values());
        let rows = rows.map(|(metric, mean)| vec![(*metric).to_owned(), format!("{mean:.4}")]);
        return Table::new(vec!["metric", "mean"], rows.collect());
    };
    let rows = comparison.metrics.iter().map(|d| {
        vec![
            d.metric.to_owned(),
            format!("{:.4}", d.this),
            format!("{:.4}", d.other),
            format!("{:+.4}", d.difference),
            format!("{:+.4} to {:+.4}", d.interval[0], d.interval[1]),
            format!("{:.4}", d.p),
            format!("{}/{}/{}", d.wins, d.ties, d.losses),
        ]
    });
    let headers = vec![
        "metric",
        "mean",
        "against",
        "difference",
        "95 % interval",
        "p",
        "won/same/lost",
    ];
    Table::new(headers, rows.collect())
}

/// A line for each query.
fn queries(report: &Report) -> Table {
    let mut headers = vec!["id", "query", "relevant", "ranked", "first"];
    headers.extend(METRICS);
    headers.push("must not");
    if report.comparison.is_some() {
        headers.extend(["ndcg@10 against", "mrr@10 against"]);
    }
    let others = report.per_query_against.iter().map(Some);
    let rows = report
        .per_query
        .iter()
        .zip(others.chain(std::iter::repeat(None)))
        .map(|(query, other)| {
            let mut row = vec![
                query.id.clone(),
                query.query.clone(),
                query.relevant.to_string(),
                query.ranked.to_string(),
                query
                    .first
                    .map(|place| place.to_string())
                    .unwrap_or_default(),
            ];
            row.extend(query.values().map(|value| format!("{value:.4}")));
            row.push(query.must_not.join(" "));
            if let Some(other) = other {
                row.extend(
                    other.values()[..2]
                        .iter()
                        .map(|value| format!("{value:.4}")),
                );
            }
            row
        });
    Table::new(headers, rows.collect())
}
