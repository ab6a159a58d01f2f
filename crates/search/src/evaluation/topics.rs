//! Queries with what was judged relevant to them, read from TREC's formats or from JSON.
//!
//! A fault in a file is an error that names its line; nothing is left out silently.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;

use duibiao_corpus::Span;
use serde::Deserialize;

use super::error::{EvaluationError, LineFault};
use super::judged::{Judged, Target, names};
use super::ranking::Half;
use crate::request::{Filters, Unit};

/// A query with its judgements.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Its id.
    pub id: String,
    /// As an analyst types it.
    pub query: String,
    /// Values to keep.
    pub filters: Filters,
    /// What is ranked.
    pub unit: Unit,
    pub(crate) judged: Vec<Judged>,
    /// What must not be among the first.
    pub(crate) must_not: Vec<Judged>,
}

/// The queries of a file, in its order; only those to which something is relevant.
#[derive(Debug, Clone)]
pub struct Topics {
    /// The queries.
    pub topics: Vec<Topic>,
    /// Queries to which nothing is relevant, and which are therefore not measured.
    pub without_relevant: usize,
    /// Judgements of queries that are not in the file of queries.
    pub of_other_queries: usize,
    names: HashSet<String>,
}

impl Topics {
    /// Reads queries, `id<TAB>text` or JSON, and what was judged: `qid iter docid grade`, or for JSON
    /// the places of its passages. Without `unit`, lines are judged by documents and JSON by
    /// passages, unless a query says otherwise.
    ///
    /// # Errors
    /// When a file cannot be read, a line is wrong, or nothing is relevant to any query.
    pub fn read(
        queries: &Path,
        judgements: Option<&Path>,
        unit: Option<Unit>,
    ) -> Result<Self, EvaluationError> {
        let text = read(queries)?;
        let mut of_other_queries = 0;
        let mut topics = if text.trim_start().starts_with('{') {
            json_topics(queries, &text, judgements, unit)?
        } else {
            let judgements = judgements.ok_or_else(|| EvaluationError::NoJudgements {
                path: queries.to_owned(),
            })?;
            let mut topics = trec_topics(queries, &text, unit.unwrap_or(Unit::Document))?;
            of_other_queries = add_judgements(&mut topics, judgements)?;
            topics
        };
        let all = topics.len();
        topics.retain(|topic| topic.judged.iter().any(|judged| judged.grade > 0));
        if topics.is_empty() {
            return Err(EvaluationError::NothingJudged {
                path: queries.to_owned(),
            });
        }
        let names = topics
            .iter()
            .flat_map(|topic| topic.judged.iter().chain(&topic.must_not))
            .map(|judged| judged.target.document().to_owned())
            .collect();
        Ok(Self {
            without_relevant: all - topics.len(),
            of_other_queries,
            topics,
            names,
        })
    }

    /// Every second of the queries.
    #[must_use]
    pub fn half(&self, half: Half) -> Self {
        let mut topics = self.clone();
        let mut place = 0..;
        topics
            .topics
            .retain(|_| place.next().is_some_and(|place| half.has(place)));
        topics
    }

    /// The name by which the document at `path` is judged.
    pub(crate) fn name_of<'p>(&self, path: &'p str) -> &'p str {
        let names = names(path);
        let judged = names.iter().find(|name| self.names.contains(**name));
        judged.or(names.first()).copied().unwrap_or(path)
    }
}

/// The text of a file without a byte order mark.
pub(crate) fn read(path: &Path) -> Result<String, EvaluationError> {
    let bytes = fs::read(path).map_err(|source| EvaluationError::File {
        path: path.to_owned(),
        source,
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        EvaluationError::Line {
            path: path.to_owned(),
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            fault: LineFault::NoText,
        }
    })?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text))
}

/// The lines of a file that are not blank, with their numbers.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
}

fn trec_topics(path: &Path, text: &str, unit: Unit) -> Result<Vec<Topic>, EvaluationError> {
    let mut ids = HashSet::new();
    let mut topics = Vec::new();
    for (line, content) in lines(text) {
        let topic = trec_topic(content, unit).and_then(|topic| {
            if ids.insert(topic.id.clone()) {
                Ok(topic)
            } else {
                Err(LineFault::Twice(format!("query {}", topic.id)))
            }
        });
        topics.push(topic.map_err(|fault| EvaluationError::Line {
            path: path.to_owned(),
            line,
            fault,
        })?);
    }
    Ok(topics)
}

fn trec_topic(line: &str, unit: Unit) -> Result<Topic, LineFault> {
    let (id, query) = line.split_once('\t').ok_or(LineFault::NoTab)?;
    let (id, query) = (id.trim(), query.trim());
    if id.is_empty() {
        return Err(LineFault::Empty("the query's id"));
    }
    if query.is_empty() {
        return Err(LineFault::Empty("the query's text"));
    }
    Ok(Topic {
        id: id.to_owned(),
        query: query.to_owned(),
        filters: Filters::default(),
        unit,
        judged: Vec::new(),
        must_not: Vec::new(),
    })
}

/// Adds judgements to their topics; gives how many are of other queries.
fn add_judgements(topics: &mut [Topic], path: &Path) -> Result<usize, EvaluationError> {
    let text = read(path)?;
    let places: HashMap<String, usize> = (0..)
        .zip(topics.iter())
        .map(|(place, topic)| (topic.id.clone(), place))
        .collect();
    let mut seen = HashSet::new();
    let mut others = 0;
    for (line, content) in lines(&text) {
        let judged = judgement(content).and_then(|(query, judged)| {
            if seen.insert((query, judged.id.clone())) {
                Ok((query, judged))
            } else {
                Err(LineFault::Twice(format!("{query} {}", judged.id)))
            }
        });
        let (query, judged) = judged.map_err(|fault| EvaluationError::Line {
            path: path.to_owned(),
            line,
            fault,
        })?;
        match places.get(query) {
            Some(place) => topics[*place].judged.push(judged),
            None => others += 1,
        }
    }
    Ok(others)
}

fn judgement(line: &str) -> Result<(&str, Judged), LineFault> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let [query, _, document, grade] = columns[..] else {
        return Err(LineFault::Columns {
            expected: 4,
            names: "qid iter docid grade",
            found: columns.len(),
        });
    };
    let grade = grade.parse().map_err(|_| LineFault::NoNumber {
        name: "grade",
        found: grade.to_owned(),
    })?;
    Ok((
        query,
        Judged {
            id: document.to_owned(),
            grade,
            target: Target::Document(document.to_owned()),
        },
    ))
}

#[derive(Deserialize)]
struct QueryFile {
    queries: Vec<QueryEntry>,
}

#[derive(Deserialize)]
struct QueryEntry {
    id: String,
    query: String,
    #[serde(default)]
    filters: BTreeMap<String, Values>,
    unit: Option<UnitName>,
    #[serde(default)]
    relevant: BTreeMap<String, i32>,
    #[serde(default)]
    must_not: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum UnitName {
    Measure,
    Document,
}

/// The values of a filter: one or several, numbers or texts.
#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    Number(i64),
    Text(String),
    Several(Vec<Values>),
}

impl Values {
    fn add_to(self, values: &mut Vec<String>) {
        match self {
            Self::Number(number) => values.push(number.to_string()),
            Self::Text(text) => values.push(text),
            Self::Several(several) => several.into_iter().for_each(|value| value.add_to(values)),
        }
    }
}

/// Where judged passages stand.
#[derive(Deserialize)]
struct PassageFile {
    documents: Vec<DocumentEntry>,
    measures: Vec<PassageEntry>,
}

#[derive(Deserialize)]
struct DocumentEntry {
    doc: String,
    file: String,
}

#[derive(Deserialize)]
struct PassageEntry {
    id: String,
    doc: String,
    begin: u32,
    end: u32,
}

fn from_json<'t, T: Deserialize<'t>>(path: &Path, text: &'t str) -> Result<T, EvaluationError> {
    serde_json::from_str(text).map_err(|error| EvaluationError::Line {
        path: path.to_owned(),
        line: error.line(),
        fault: LineFault::Json(error.to_string()),
    })
}

fn json_topics(
    path: &Path,
    text: &str,
    judgements: Option<&Path>,
    unit: Option<Unit>,
) -> Result<Vec<Topic>, EvaluationError> {
    let file: QueryFile = from_json(path, text)?;
    let places = judgements.map(stretches).transpose()?;
    let mut ids = HashSet::new();
    let mut topics = Vec::with_capacity(file.queries.len());
    for entry in file.queries {
        let id = entry.id.clone();
        let topic = if ids.insert(id.clone()) {
            json_topic(entry, places.as_ref(), unit)
        } else {
            Err(LineFault::Twice(format!("query {id}")))
        };
        topics.push(topic.map_err(|fault| EvaluationError::Query {
            path: path.to_owned(),
            id,
            fault,
        })?);
    }
    Ok(topics)
}

/// The judged passages of a file by their ids.
fn stretches(path: &Path) -> Result<HashMap<String, Target>, EvaluationError> {
    let text = read(path)?;
    let file: PassageFile = from_json(path, &text)?;
    let stems: HashMap<&str, &str> = file
        .documents
        .iter()
        .map(|d| {
            (
                d.doc.as_str(),
                names(&d.file).first().copied().unwrap_or(&d.file),
            )
        })
        .collect();
    let target = |passage: PassageEntry| {
        let stem = stems.get(passage.doc.as_str());
        let stem = stem.map_or_else(|| passage.doc.clone(), |stem| (*stem).to_owned());
        let span = Span::new(passage.begin, passage.end.max(passage.begin));
        (passage.id, Target::Stretch(stem, span))
    };
    Ok(file.measures.into_iter().map(target).collect())
}

fn json_topic(
    entry: QueryEntry,
    places: Option<&HashMap<String, Target>>,
    unit: Option<Unit>,
) -> Result<Topic, LineFault> {
    if entry.query.trim().is_empty() && entry.filters.is_empty() {
        return Err(LineFault::Empty("the query's text"));
    }
    let mut filters = Filters::default();
    for (name, values) in entry.filters {
        let all = filters.values_mut(&name);
        values.add_to(all.ok_or(LineFault::NoFilter(name))?);
    }
    let unit = unit.unwrap_or(match entry.unit {
        Some(UnitName::Document) => Unit::Document,
        Some(UnitName::Measure) | None => Unit::Measure,
    });
    let judged = |id: String, grade| {
        let target = target(&id, places, unit)?;
        Ok(Judged { id, grade, target })
    };
    let all: Result<Vec<Judged>, LineFault> = entry
        .relevant
        .into_iter()
        .map(|(id, grade)| judged(id, grade))
        .collect();
    let must_not: Result<Vec<Judged>, LineFault> =
        entry.must_not.into_iter().map(|id| judged(id, 0)).collect();
    Ok(Topic {
        id: entry.id,
        query: entry.query,
        filters,
        unit,
        judged: best_of_each(all?),
        must_not: must_not?,
    })
}

/// What an id stands for: a passage of the file of places, else a document's name with -m and the
/// passage's number, else, where documents are ranked, a document.
fn target(
    id: &str,
    places: Option<&HashMap<String, Target>>,
    unit: Unit,
) -> Result<Target, LineFault> {
    let numbered = || {
        let (name, ordinal) = id.rsplit_once("-m")?;
        Some(Target::Passage(name.to_owned(), ordinal.parse().ok()?))
    };
    let found = match places {
        Some(places) => places.get(id).cloned(),
        None => numbered(),
    };
    match (found, unit) {
        (Some(target), Unit::Document) => Ok(Target::Document(target.document().to_owned())),
        (None, Unit::Document) => Ok(Target::Document(id.to_owned())),
        (Some(target), Unit::Measure) => Ok(target),
        (None, Unit::Measure) => Err(LineFault::NoPassage(id.to_owned())),
    }
}

/// A document is as relevant as the best of its passages.
fn best_of_each(judged: Vec<Judged>) -> Vec<Judged> {
    let mut best: Vec<Judged> = Vec::with_capacity(judged.len());
    for judged in judged {
        match best.iter_mut().find(|other| other.target == judged.target) {
            Some(other) if other.grade < judged.grade => *other = judged,
            Some(_) => {}
            None => best.push(judged),
        }
    }
    best
}
