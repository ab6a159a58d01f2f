//! Random selections of values, as filters and in the query, against a count of entry by entry: over the
//! samples, and over the folders that $DUIBIAO_SELECTIONS names as well, separated as in $PATH.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use duibiao_corpus::{Document, Level, PlaceRef};
use duibiao_indexer::{Options, run};
use duibiao_lexicon::Lexicon;
use duibiao_search::{Engine, FacetValue, Filters, Hit, MAX_WINDOW, Request, Response, Unit};
use fastrand::Rng;

const SELECTIONS: usize = 500;

const QUERIES: [&str; 12] = [
    "",
    "",
    "企业",
    "审批 服务",
    "\"工作\" -招标",
    "整改 OR 巡视",
    "优化营商环境",
    "年:2012..2021 企业",
    "-省:辽宁 服务",
    "题:通报",
    "-主题:approval",
    "状态:已办 -年:不详",
];

/// Filters that selections are made of.
const NAMES: [&str; 10] = [
    "place", "province", "city", "county", "year", "period", "theme", "doc_type", "status", "level",
];

fn engine() -> Engine {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let index = folder.path().join("index");
    let samples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("index-data/samples");
    let more = std::env::var_os("DUIBIAO_SELECTIONS").unwrap_or_default();
    // Every sample is about some place.
    let nowhere = folder.path().join("无地区.txt");
    let text =
        "关于改进服务的通知\n一、压缩审批时限。企业提交的材料减少一半。\n二、提高服务质量。\n";
    std::fs::write(&nowhere, text).expect("a file");
    let mut roots = vec![samples, nowhere];
    roots.extend(std::env::split_paths(&more).filter(|path| !path.as_os_str().is_empty()));
    let options = Options {
        roots,
        index: index.clone(),
        ..Options::default()
    };
    let lexicon = || Lexicon::embedded().expect("the lexicon is built in");
    run(&options, &lexicon(), &AtomicBool::new(false), &mut |_| {}).expect("an index");
    Engine::open(&index, lexicon()).expect("the index just built")
}

/// What an entry has, by the name of the filter; the empty value for none.
struct Entry {
    id: String,
    document: String,
    values: HashMap<&'static str, Vec<String>>,
    /// The province whose own document it is in.
    own_of: Option<String>,
}

/// Everything there is, read from documents as a person would read them.
struct World {
    engine: Engine,
    documents: HashMap<String, Document>,
    /// Entries that a query finds without filters.
    found: HashMap<(&'static str, IsDocument), Vec<Entry>>,
}

type IsDocument = bool;

fn unit(is_document: IsDocument) -> Unit {
    if is_document {
        Unit::Document
    } else {
        Unit::Measure
    }
}

impl World {
    fn entries(&mut self, query: &'static str, is_document: IsDocument) -> &[Entry] {
        if !self.found.contains_key(&(query, is_document)) {
            let hits = self.all_hits(query, is_document);
            let entries = hits.iter().map(|hit| self.entry(hit, is_document));
            let entries: Vec<Entry> = entries.collect();
            self.found.insert((query, is_document), entries);
        }
        &self.found[&(query, is_document)]
    }

    /// Every hit, page by page.
    fn all_hits(&self, query: &str, is_document: IsDocument) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut cursor = None;
        loop {
            let request = Request {
                query: query.to_owned(),
                unit: unit(is_document),
                limit: MAX_WINDOW,
                match_all: true,
                cursor,
                ..Request::default()
            };
            let mut page = self.engine.search(&request).expect("an answer");
            hits.append(&mut page.hits);
            cursor = page.cursor;
            if cursor.is_none() {
                return hits;
            }
        }
    }

    fn entry(&mut self, hit: &Hit, is_document: IsDocument) -> Entry {
        let engine = &self.engine;
        let document = self
            .documents
            .entry(hit.document_id.clone())
            .or_insert_with(|| {
                let id = hit.document_id.parse().expect("an id");
                let view = engine.document(id, Default::default()).expect("a document");
                view.document
            });
        let metadata = &document.metadata;
        let code = |place: &Option<duibiao_corpus::Inferred<PlaceRef>>| {
            place.as_ref().map(|place| place.value.code.to_string())
        };
        let (province, city, county) = (
            code(&metadata.province),
            code(&metadata.city),
            code(&metadata.county),
        );
        let places: Vec<String> = [&province, &city, &county]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        let level = metadata.level.as_ref().map(|level| level.value);
        let is_own = level == Some(Level::Province) && city.is_none();
        let ordinal: Option<u32> = hit.id.rsplit_once("-m").and_then(|(_, m)| m.parse().ok());
        let passage = document
            .passages
            .iter()
            .find(|p| Some(p.ordinal) == ordinal);
        let (themes, statuses): (Vec<String>, Vec<String>) = if is_document {
            let themes = metadata.themes.iter().map(|tag| tag.id.to_string());
            let statuses = document.passages.iter().filter_map(|p| p.status);
            (
                themes.collect(),
                statuses.map(|s| s.as_str().to_owned()).collect(),
            )
        } else {
            let passage = passage.expect("the passage");
            let themes = passage.themes.iter().map(ToString::to_string);
            let status = passage.status.map(|s| s.as_str().to_owned());
            (themes.collect(), status.into_iter().collect())
        };
        let tops = themes
            .iter()
            .map(|id| id.split('.').next().unwrap_or_default().to_owned());
        let themes = tops.chain(themes.iter().cloned()).collect();
        let period = metadata.period.as_ref().map(|period| period.value.as_str());
        let year = metadata.year.as_ref().map(|year| year.value.to_string());
        let doc_type = metadata.doc_type.as_ref().map(|of| of.value.clone());
        let own_of = province.clone().filter(|_| is_own);
        let all: [(&'static str, Vec<String>); 10] = [
            ("place", places),
            ("province", province.into_iter().collect()),
            ("city", city.into_iter().collect()),
            ("county", county.into_iter().collect()),
            ("year", year.into_iter().collect()),
            ("period", period.map(years_of).unwrap_or_default()),
            ("theme", themes),
            ("doc_type", doc_type.into_iter().collect()),
            ("status", statuses),
            (
                "level",
                level.map(|l| l.as_str().to_owned()).into_iter().collect(),
            ),
        ];
        let once = |values: Vec<String>| -> Vec<String> {
            let set: BTreeSet<String> = values.into_iter().collect();
            if set.is_empty() {
                vec![String::new()]
            } else {
                set.into_iter().collect()
            }
        };
        Entry {
            id: hit.id.clone(),
            document: hit.document_id.clone(),
            values: all
                .into_iter()
                .map(|(name, values)| (name, once(values)))
                .collect(),
            own_of,
        }
    }
}

/// The years of a period such as `2016-07/2017`.
fn years_of(period: &str) -> Vec<String> {
    let (from, to) = period.split_once('/').unwrap_or((period, period));
    let year = |text: &str| text.get(..4).and_then(|y| y.parse::<u32>().ok());
    match (year(from), year(to)) {
        (Some(from), Some(to)) => (from..=to).map(|year| year.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// Whether an entry passes one filter.
fn passes(entry: &Entry, name: &str, asked: &[String], provincial: bool) -> bool {
    let unwanted: Vec<&str> = asked
        .iter()
        .filter_map(|value| value.strip_prefix('-'))
        .collect();
    let wanted: Vec<&str> = asked
        .iter()
        .map(String::as_str)
        .filter(|value| !value.starts_with('-') && !unwanted.contains(value))
        .collect();
    let own = &entry.values[name];
    let is_any = |of: &[&str]| {
        of.iter()
            .any(|asked| own.iter().any(|value| fits(value, asked)))
    };
    let is_of_places = matches!(name, "place" | "city" | "county");
    let is_own = provincial
        && is_of_places
        && entry.own_of.as_ref().is_some_and(|province| {
            let mut smaller = wanted
                .iter()
                .filter(|code| !code.is_empty() && !code.ends_with("0000"));
            smaller.any(|code| code[..2] == province[..2])
        });
    !is_any(&unwanted) && (wanted.is_empty() || is_any(&wanted) || is_own)
}

fn fits(value: &str, asked: &str) -> bool {
    match asked.split_once("..") {
        None => value == asked,
        Some((from, to)) => {
            let number = |text: &str, open: u32| text.parse().unwrap_or(open);
            let year: u32 = value.parse().unwrap_or(0);
            (number(from, 1)..=number(to, 9999)).contains(&year)
        }
    }
}

/// One to three values of some filters, of those that there are.
fn selection(random: &mut Rng, there: &HashMap<&'static str, Vec<String>>) -> Filters {
    let mut filters = Filters {
        provincial: random.usize(..3) == 0,
        ..Filters::default()
    };
    for name in NAMES {
        let is_place = matches!(name, "place" | "city" | "county" | "province");
        if random.usize(..if is_place { 5 } else { 4 }) > 0 {
            continue;
        }
        let values = &there[name];
        let values = (0..random.usize(1..4)).map(|_| {
            let value = values[random.usize(..values.len())].clone();
            let value = match random.usize(..4) {
                0 if matches!(name, "year" | "period") && !value.is_empty() => {
                    let year: u32 = value.parse().expect("a year");
                    match random.usize(..3) {
                        0 => format!("{year}.."),
                        1 => format!("..{year}"),
                        _ => format!("{year}..{}", year + random.u32(1..6)),
                    }
                }
                _ => value,
            };
            if random.usize(..3) == 0 {
                format!("-{value}")
            } else {
                value
            }
        });
        *filters.values_mut(name).expect("a filter") = values.collect();
    }
    filters
}

fn shown(counts: &[FacetValue]) -> BTreeMap<String, u64> {
    let counted = counts.iter().filter(|value| value.count > 0);
    counted
        .map(|value| (value.value.clone(), value.count))
        .collect()
}

fn agree(found: &Response, entries: &[Entry], filters: &Filters, what: &str) -> usize {
    let named: Vec<(&str, &Vec<String>)> = filters
        .named()
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .collect();
    let all_but = |entry: &Entry, but: &str| {
        let mut rest = named.iter().filter(|(name, _)| *name != but);
        rest.all(|(name, values)| passes(entry, name, values, filters.provincial))
    };
    let hits: Vec<&Entry> = entries.iter().filter(|entry| all_but(entry, "")).collect();
    assert_eq!(found.total, hits.len() as u64, "total of {what}");
    let documents: BTreeSet<&str> = hits.iter().map(|entry| entry.document.as_str()).collect();
    assert_eq!(
        found.documents,
        documents.len() as u64,
        "documents of {what}"
    );
    let ids: BTreeSet<&str> = hits.iter().map(|entry| entry.id.as_str()).collect();
    for hit in &found.hits {
        assert!(
            ids.contains(hit.id.as_str()),
            "{} is no hit of {what}",
            hit.id
        );
    }
    for facet in duibiao_search::facet_names() {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| all_but(entry, facet)) {
            for value in &entry.values[facet] {
                *counts.entry(value.clone()).or_default() += 1;
            }
        }
        let values = &found.facets[facet];
        assert_eq!(shown(values), counts, "{facet} of {what}");
        for asked in named
            .iter()
            .filter(|(name, _)| name == facet)
            .flat_map(|(_, v)| v.iter())
        {
            let bare = asked.strip_prefix('-').unwrap_or(asked);
            if bare.contains("..") {
                continue;
            }
            let listed = values.iter().find(|value| value.value == bare);
            let listed =
                listed.unwrap_or_else(|| panic!("{asked} is not listed in {facet} of {what}"));
            assert!(
                listed.selected || listed.excluded,
                "{asked} of {facet} in {what}"
            );
            assert!(
                !asked.starts_with('-') || listed.excluded,
                "{asked} of {facet} in {what}"
            );
        }
    }
    hits.len()
}

#[test]
fn facets_are_what_a_count_of_every_entry_gives() {
    let mut world = World {
        engine: engine(),
        documents: HashMap::new(),
        found: HashMap::new(),
    };
    let mut there: HashMap<&'static str, BTreeSet<String>> = HashMap::new();
    for entry in world.entries("", false) {
        for (name, values) in &entry.values {
            there
                .entry(name)
                .or_default()
                .extend(values.iter().cloned());
        }
    }
    let there = there
        .into_iter()
        .map(|(name, values)| (name, values.into_iter().collect()));
    let there: HashMap<&'static str, Vec<String>> = there.collect();
    let mut random = Rng::with_seed(7);
    let (mut not_empty, mut excluding, mut provincial) = (0, 0, 0);
    for _ in 0..SELECTIONS {
        let query = QUERIES[random.usize(..QUERIES.len())];
        let is_document = random.usize(..3) == 0;
        let filters = selection(&mut random, &there);
        let request = Request {
            query: query.to_owned(),
            unit: unit(is_document),
            filters: filters.clone(),
            limit: 50,
            match_all: true,
            facets: true,
            ..Request::default()
        };
        let found = world.engine.search(&request).expect("an answer");
        let what = format!("{query:?}, documents: {is_document}, {filters:?}");
        let hits = agree(&found, world.entries(query, is_document), &filters, &what);
        not_empty += usize::from(hits > 0);
        let named = filters.named();
        let values = || named.iter().flat_map(|(_, values)| values.iter());
        excluding += usize::from(values().any(|value| value.starts_with('-')));
        provincial += usize::from(filters.provincial && !filters.place.is_empty());
    }
    assert!(
        not_empty > SELECTIONS / 4,
        "{not_empty} selections found something"
    );
    assert!(
        excluding > SELECTIONS / 3,
        "{excluding} selections left something out"
    );
    assert!(
        provincial > SELECTIONS / 50,
        "{provincial} with documents of provinces"
    );
    eprintln!(
        "{} entries, {SELECTIONS} selections: {not_empty} found something, {excluding} left something out",
        world.entries("", false).len()
    );
}

/// A filter in the query keeps and leaves out what the same filter beside it does.
#[test]
fn fields_of_the_query_are_the_filters() {
    let engine = engine();
    let ids = |query: &str, filters: Filters| {
        let request = Request {
            query: query.to_owned(),
            filters,
            limit: 10_000,
            ..Request::default()
        };
        let hits = engine.search(&request).expect("an answer").hits;
        hits.into_iter().map(|hit| hit.id).collect::<BTreeSet<_>>()
    };
    let filters = |name: &str, value: &str, provincial: bool| {
        let mut filters = Filters {
            provincial,
            ..Filters::default()
        };
        filters
            .values_mut(name)
            .expect("a filter")
            .push(value.to_owned());
        filters
    };
    let everything = ids("", Filters::default());
    for (field, name, value) in [
        ("省", "province", "黑龙江"),
        ("市", "city", "哈尔滨"),
        ("地区", "place", "黑龙江省"),
        ("地区", "place", "哈尔滨市"),
        ("年", "year", "2016..2020"),
        ("年", "year", "不详"),
        ("地区", "place", "不详"),
        ("主题", "theme", "approval"),
        ("文种", "doc_type", "通报"),
        ("状态", "status", "已办"),
        ("层级", "level", "province"),
    ] {
        let kept = ids("", filters(name, value, false));
        let left = ids("", filters(name, &format!("-{value}"), false));
        assert!(!kept.is_empty() && !left.is_empty(), "{name} {value}");
        assert!(kept.is_disjoint(&left), "{name} {value}");
        assert_eq!(kept.len() + left.len(), everything.len(), "{name} {value}");
        assert_eq!(
            ids(&format!("{field}:{value}"), Filters::default()),
            kept,
            "{field}:{value}"
        );
        for query in [format!("-{field}:{value}"), format!("{field}:-{value}")] {
            assert_eq!(ids(&query, Filters::default()), left, "{query}");
        }
    }
    // The switch widens what is asked for, and nothing that is left out.
    let only = |provincial| Filters {
        provincial,
        ..Filters::default()
    };
    let city = ids("", filters("city", "哈尔滨", false));
    let with_province = ids("", filters("city", "哈尔滨", true));
    assert!(city.is_subset(&with_province) && city.len() < with_province.len());
    assert_eq!(ids("市:哈尔滨", only(true)), with_province);
    assert_eq!(ids("地区:哈尔滨市", only(true)), with_province);
    assert_eq!(
        ids("-市:哈尔滨", only(true)),
        ids("-市:哈尔滨", only(false))
    );
}

/// Places in one another narrow, places beside each other are alternatives, and what a tree cannot show
/// is left as it is asked for.
#[test]
fn places_become_one_tree_that_says_the_same() {
    let engine = engine();
    let list = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>();
    let filters = |province: &[&str], city: &[&str], place: &[&str]| Filters {
        province: list(province),
        city: list(city),
        place: list(place),
        ..Filters::default()
    };
    let total = |filters: &Filters| {
        let request = Request {
            filters: filters.clone(),
            limit: 1,
            ..Request::default()
        };
        engine.search(&request).expect("an answer").total
    };
    let cases: [(Filters, &[&str]); 6] = [
        (filters(&["黑"], &[], &[]), &["230000"]),
        (filters(&["黑龙江"], &["哈尔滨"], &[]), &["230100"]),
        (filters(&["黑龙江", "辽宁"], &["大连"], &[]), &["210200"]),
        (
            filters(&[], &["-哈尔滨"], &["黑龙江"]),
            &["230000", "-230100"],
        ),
        (
            filters(&[], &[], &["黑龙江", "大连"]),
            &["230000", "210200"],
        ),
        (filters(&[], &["上海"], &["不详"]), &[]),
    ];
    for (asked, expected) in cases {
        let together = engine.in_one_tree(&asked);
        if expected.is_empty() {
            assert_eq!(together, asked);
        } else {
            assert_eq!(together.place, list(expected), "{asked:?}");
            assert!(together.province.is_empty() && together.city.is_empty());
        }
        assert_eq!(total(&together), total(&asked), "{asked:?}");
    }
    let either = filters(&[], &[], &["黑龙江", "大连"]);
    let one = total(&filters(&["黑龙江"], &[], &[]));
    let other = total(&filters(&[], &["大连"], &[]));
    assert_eq!(total(&either), one + other);
    assert!(one > 0 && other > 0);
    for unchanged in [
        filters(&["黑龙江"], &["大连"], &[]),
        filters(&[], &["不详"], &[]),
    ] {
        assert_eq!(engine.in_one_tree(&unchanged), unchanged);
    }
    assert_eq!(total(&filters(&["黑龙江"], &["大连"], &[])), 0);
}
