//! Quoted searches against a plain scan of every text: not one missing, not one extra, and what is
//! marked is what was looked for. Nothing here is about order.
//!
//! `DUIBIAO_SUBSTRINGS` is how many random substrings are tried (600), `DUIBIAO_CORPORA` a folder that they are
//! taken from in place of the samples.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use duibiao_corpus::{CharMap, PassageKind, Script};
use duibiao_index::{Analyzer, Normal};
use duibiao_indexer::{Options, run};
use duibiao_lexicon::Lexicon;
use duibiao_search::{DocumentView, Engine, Hit, Request, Unit};
use unicode_normalization::UnicodeNormalization;

/// An index with everything that is in it, read back.
struct Collection {
    engine: Engine,
    analyzer: Analyzer,
    documents: Vec<DocumentView>,
    entries: Vec<Entry>,
    _folder: tempfile::TempDir,
}

/// What can be found: its comparable texts, each alone.
struct Entry {
    id: String,
    unit: Unit,
    script: Script,
    texts: Vec<String>,
}

/// Text as it is compared, written down a second time: NFKC, lower case, no white space.
fn comparable(folded: &str) -> String {
    let normal: String = folded.nfkc().collect();
    normal.to_lowercase().split_whitespace().collect()
}

impl Collection {
    fn of(roots: Vec<PathBuf>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let index = folder.path().join("index");
        let lexicon = || Lexicon::embedded().expect("the lexicon is built in");
        let options = Options {
            roots,
            index: index.clone(),
            ..Options::default()
        };
        run(&options, &lexicon(), &AtomicBool::new(false), &mut |_| {}).expect("an index");
        let engine = Engine::open(&index, lexicon()).expect("the index just built");
        let analyzer = Analyzer::new(&lexicon()).expect("an analyzer");
        let all = Request {
            unit: Unit::Document,
            limit: 10_000,
            bare: true,
            ..Request::default()
        };
        let hits = engine.search(&all).expect("every document").hits;
        let read = |hit: &Hit| {
            let id = hit.id.parse().expect("an id");
            engine.document(id, Default::default()).expect("a document")
        };
        let documents: Vec<DocumentView> = hits.iter().map(read).collect();
        let mut collection = Self {
            engine,
            analyzer,
            entries: Vec::new(),
            documents: Vec::new(),
            _folder: folder,
        };
        collection.entries = documents
            .iter()
            .flat_map(|view| collection.entries_of(view))
            .collect();
        collection.documents = documents;
        collection
    }

    fn entries_of(&self, view: &DocumentView) -> Vec<Entry> {
        let document = &view.document;
        let form = |text: &str| comparable(&self.analyzer.fold(text, document.script));
        let map = CharMap::new(&document.text);
        let mut entries = vec![Entry {
            id: view.id.clone(),
            unit: Unit::Document,
            script: document.script,
            texts: vec![form(&document.text)],
        }];
        for passage in &document.passages {
            if passage.kind == PassageKind::Furniture || passage.is_heading {
                continue;
            }
            let mut texts = vec![form(map.slice(&document.text, passage.span))];
            texts.extend(passage.heading_path.iter().map(|heading| form(heading)));
            texts.extend(passage.problem.iter().map(|problem| form(&problem.text)));
            entries.push(Entry {
                id: format!("{}-m{}", view.id, passage.ordinal),
                unit: Unit::Measure,
                script: document.script,
                texts,
            });
        }
        entries
    }

    /// Entries in which one of `forms` occurs.
    fn scan(&self, unit: Unit, forms: impl Fn(Script) -> Vec<String>) -> BTreeSet<&str> {
        let has = |entry: &&Entry| {
            let forms = forms(entry.script);
            let has = |text: &String| forms.iter().any(|form| text.contains(form));
            entry.unit == unit && entry.texts.iter().any(has)
        };
        let found = self.entries.iter().filter(has);
        found.map(|entry| entry.id.as_str()).collect()
    }

    /// Searches for `text` in quotes at both units and compares with a scan.
    fn check(&self, text: &str) {
        let typed = if text.contains('"') {
            format!("“{text}”")
        } else {
            format!("\"{text}\"")
        };
        let as_typed = comparable(text);
        let folded = comparable(&self.analyzer.fold(text, Script::Hant));
        for unit in [Unit::Measure, Unit::Document] {
            let request = Request {
                query: typed.clone(),
                unit,
                limit: 10_000,
                bare: true,
                ..Request::default()
            };
            let (total, all) = self.all_hits(request);
            let hits: BTreeSet<&str> = all.iter().map(|hit| hit.id.as_str()).collect();
            assert_eq!(total, hits.len() as u64, "{typed}");
            // A Traditional text is also looked for in Simplified documents, as it should be.
            let must = self.scan(unit, |script| match script {
                Script::Hans => vec![as_typed.clone()],
                Script::Hant => vec![as_typed.clone(), folded.clone()],
            });
            let may = self.scan(unit, |_| vec![as_typed.clone(), folded.clone()]);
            let missing: Vec<_> = must.difference(&hits).collect();
            let extra: Vec<_> = hits.difference(&may).collect();
            assert!(
                missing.is_empty() && extra.is_empty(),
                "{typed} {unit:?}: missing {missing:?}, extra {extra:?} of {}",
                may.len()
            );
            self.marks_are_what_was_looked_for(&all, &[&as_typed, &folded]);
        }
    }

    /// How many hits a request has, and every one of them.
    fn all_hits(&self, mut request: Request) -> (u64, Vec<Hit>) {
        let mut all = Vec::new();
        loop {
            let found = self.engine.search(&request);
            let mut found = found.unwrap_or_else(|error| panic!("{}: {error}", request.query));
            all.append(&mut found.hits);
            if found.cursor.is_none() {
                return (found.total, all);
            }
            request.cursor = found.cursor;
        }
    }

    fn marks_are_what_was_looked_for(&self, hits: &[Hit], forms: &[&str]) {
        for hit in hits.iter().take(20) {
            let chars: Vec<char> = hit.snippet.text.chars().collect();
            for range in &hit.snippet.ranges {
                let quote: String = chars[range.begin as usize..range.end as usize]
                    .iter()
                    .collect();
                let marked = comparable(&self.analyzer.fold(&quote, hit.script));
                // Neighbouring marks are one, and a mark covers whole characters of the original.
                let is_form = forms.iter().any(|form| marked.contains(form));
                assert!(is_form, "{forms:?} is marked as {quote:?} in {}", hit.id);
            }
        }
    }
}

/// How many random substrings are tried.
fn rounds() -> usize {
    let asked = std::env::var("DUIBIAO_SUBSTRINGS").ok();
    asked.map_or(600, |n| n.parse().expect("DUIBIAO_SUBSTRINGS is a number"))
}

#[test]
fn any_substring_of_the_samples_is_found_where_it_stands() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("index-data/samples");
    let asked = std::env::var_os("DUIBIAO_CORPORA").map(PathBuf::from);
    let collection = Collection::of(vec![asked.unwrap_or(samples)]);
    assert!(collection.documents.len() > 10);
    let mut random = fastrand::Rng::with_seed(44);
    let mut tried = 0;
    while tried < rounds() {
        let view = &collection.documents[random.usize(..collection.documents.len())];
        let text = match random.bool() {
            true => view.document.text.clone(),
            false => collection.entries_of(view)[0].texts[0].clone(),
        };
        let chars: Vec<char> = text.chars().collect();
        let length = match random.usize(..20) {
            0 => random.usize(21..65),
            _ => random.usize(1..21),
        };
        let begin = random.usize(..chars.len().max(1));
        let part: String = chars.iter().skip(begin).take(length).collect();
        let in_curved = part.contains('"') && part.contains(['“', '”']);
        if comparable(&part).is_empty() || in_curved {
            continue;
        }
        collection.check(&part);
        tried += 1;
    }
}

/// Queries of one to four words that some passage has: whatever else is found, everything that has
/// all of them verbatim is.
#[test]
fn nothing_that_holds_every_word_is_missing() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("index-data/samples");
    let collection = Collection::of(vec![samples]);
    let passages: Vec<&Entry> = collection
        .entries
        .iter()
        .filter(|entry| entry.unit == Unit::Measure)
        .collect();
    let mut random = fastrand::Rng::with_seed(45);
    let mut tried = 0;
    while tried < 200 {
        let normal = Normal::new(&passages[random.usize(..passages.len())].texts[0]);
        let mut words: Vec<String> = Vec::new();
        collection.analyzer.plain_words(&normal, |word| {
            if word.chars().count() > 1 && word.chars().all(|c| c > '\u{2e80}') {
                words.push(word.to_owned());
            }
        });
        if words.len() < 4 {
            continue;
        }
        random.shuffle(&mut words);
        words.truncate(random.usize(1..5));
        tried += 1;
        for unit in [Unit::Measure, Unit::Document] {
            let request = Request {
                query: words.join(" "),
                unit,
                limit: 10_000,
                match_all: true,
                bare: true,
                ..Request::default()
            };
            let found = collection.engine.search(&request).expect("an answer");
            let hits: BTreeSet<&str> = found.hits.iter().map(|hit| hit.id.as_str()).collect();
            let mut verbatim = collection.scan(unit, |_| vec![words[0].clone()]);
            for word in &words[1..] {
                let with = collection.scan(unit, |_| vec![word.clone()]);
                verbatim.retain(|id| with.contains(id));
            }
            let missing: Vec<_> = verbatim.difference(&hits).collect();
            assert!(missing.is_empty(), "{words:?} {unit:?}: {missing:?}");
        }
    }
}

#[test]
fn queries_in_either_script_give_the_same_hits() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("index-data/samples");
    let collection = Collection::of(vec![samples]);
    let mut with_hits = 0;
    for (simplified, traditional) in PAIRS {
        for unit in [Unit::Measure, Unit::Document] {
            let ask = |query: &str| {
                let request = Request {
                    query: query.to_owned(),
                    unit,
                    limit: 200,
                    bare: true,
                    ..Request::default()
                };
                let found = collection.engine.search(&request).expect("an answer");
                let ids: Vec<String> = found.hits.into_iter().map(|hit| hit.id).collect();
                (found.total, found.partial_total, ids)
            };
            let found = ask(simplified);
            with_hits += usize::from(found.0 > 0);
            assert_eq!(
                found,
                ask(traditional),
                "{simplified} {traditional} {unit:?}"
            );
        }
    }
    assert!(with_hits > PAIRS.len(), "{with_hits}");
}

/// The same query in both scripts; some with characters that stand in either.
const PAIRS: &[(&str, &str)] = &[
    ("营商环境", "營商環境"),
    ("优化营商环境 人才引进", "優化營商環境 人才引進"),
    ("审批 时限", "審批 時限"),
    ("行政审批时限压缩", "行政審批時限壓縮"),
    ("\"一网通办\"", "\"一網通辦\""),
    ("容缺受理 -招标", "容缺受理 -招標"),
    ("平台建设", "平台建設"),
    ("后台", "後台"),
    ("群众满意", "群眾滿意"),
    ("若干措施", "若干措施"),
    ("台账 整改", "台賬 整改"),
    ("里程 公里", "里程 公里"),
    ("着力推进", "著力推進"),
    ("干部 作风", "幹部 作風"),
    ("企业开办 OR 开办企业", "企業開辦 OR 開辦企業"),
    ("(执法 OR 监管) 检查", "(執法 OR 監管) 檢查"),
    ("题:通报 状态:已办", "題:通報 狀態:已辦"),
    ("第一条", "第一條"),
    ("电子证照", "電子證照"),
    ("办理环节减少", "辦理環節減少"),
    ("水电气热", "水電氣熱"),
    ("市场监管局", "市場監管局"),
    ("信用修复", "信用修復"),
    ("为了", "為了"),
];

#[test]
fn characters_that_become_several_are_found_in_part() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "关于绿道养护的办法\n\n一、标准\n\n针对“½坡面未硬化”的问题，①硬化坡面３５㎡…②每㎞设ﬁ牌，第Ⅳ段用㈠号砖。\n\n二、经费 ＡＢ　ａｂ\n\n养护费每㎡￥12．5元。\n";
    fs::write(folder.path().join("办法.txt"), text).expect("a file");
    let traditional =
        "關於綠道養護的意見\n\n一、著力加強里程標示；二、平台建設若干事項，顯著位置設牌。\n";
    fs::write(folder.path().join("意見.txt"), traditional).expect("a file");
    let collection = Collection::of(vec![folder.path().to_owned()]);
    for view in &collection.documents {
        for text in [
            &view.document.text,
            &collection.entries_of(view)[0].texts[0],
        ] {
            let chars: Vec<char> = text.chars().collect();
            for begin in 0..chars.len() {
                for length in 1..=12.min(chars.len() - begin) {
                    let part: String = chars[begin..begin + length].iter().collect();
                    if !comparable(&part).is_empty() {
                        collection.check(&part);
                    }
                }
            }
        }
    }
}

#[test]
fn quotes_are_looked_for_in_the_text_and_not_in_a_title_given_beside_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let row = r#"{"id":"1","title":"绿道养护细则之鱻龘篇","text":"坡面每季度巡查一次。"}"#;
    fs::write(folder.path().join("rows.jsonl"), row).expect("a file");
    let collection = Collection::of(vec![folder.path().to_owned()]);
    let total = |query: &str| {
        let request = Request {
            query: query.to_owned(),
            unit: Unit::Document,
            limit: 10,
            ..Request::default()
        };
        collection.engine.search(&request).expect("an answer").total
    };
    assert_eq!(total("\"绿道养护\""), 0);
    assert_eq!(total("\"季度巡查\""), 1);
    for query in [
        "绿道",
        "绿道养护",
        "道养护细",
        "鱻龘",
        "绿道 巡查",
        "题:绿道",
    ] {
        assert_eq!(total(query), 1, "{query}");
    }
}
