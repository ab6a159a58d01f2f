//! Facts that the compiled-in tables must hold, and every fault that loading must report.

use duibiao_corpus::{Level, PlaceCode, ThemeId};
use proptest::prelude::*;

use super::*;
use crate::status_words::StatusSign;
use crate::tables::{
    ALIASES, DICTIONARY, ORDINARY_WORDS, PLACES, READINGS, SHORT_NAMES, STATUS_WORDS, SYNONYMS,
    TAXONOMY,
};

fn lexicon() -> &'static Lexicon {
    static LEXICON: std::sync::OnceLock<Lexicon> = std::sync::OnceLock::new();
    LEXICON.get_or_init(|| Lexicon::embedded().unwrap_or_else(|e| panic!("{e}")))
}

fn code(text: &str) -> PlaceCode {
    text.parse().expect("a code")
}

fn resolved(text: &str, level: Option<Level>) -> String {
    match lexicon().gazetteer().resolve(text, level) {
        Ok(place) => place.code.to_string(),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn ambiguous(text: &str, level: Option<Level>) -> Vec<String> {
    match lexicon().gazetteer().resolve(text, level) {
        Err(PlaceError::Ambiguous { candidates, .. }) => {
            candidates.into_iter().map(|c| c.name).collect()
        }
        other => panic!("{text}: {other:?}"),
    }
}

fn found(text: &str) -> Vec<&str> {
    let matches = lexicon().gazetteer().find(text);
    matches.map(|m| &text[m.bytes]).collect()
}

#[test]
fn counts_are_those_of_2024() {
    let gazetteer = lexicon().gazetteer();
    assert_eq!(gazetteer.provinces().count(), 34);
    let current = |level| {
        let places = gazetteer.places();
        places
            .filter(|(_, p)| p.is_current() && p.level == level)
            .count()
    };
    assert_eq!(current(Level::City), 333);
    assert_eq!(current(Level::County), 2846);
    assert_eq!(gazetteer.cities_of(code("230000")).count(), 13);
    let shanghai: Vec<_> = gazetteer.cities_of(code("310000")).collect();
    assert_eq!(shanghai.len(), 1);
    let taxonomy = lexicon().taxonomy();
    let top = taxonomy.themes().iter().filter(|t| t.id.is_top()).count();
    assert_eq!((top, taxonomy.themes().len()), (12, 62));
}

#[test]
fn places_are_found_by_every_name() {
    for (text, level, expected) in [
        ("沪", None, "310000"),
        ("哈尔滨", None, "230100"),
        (" 哈尔滨市 ", Some(Level::City), "230100"),
        ("230100", Some(Level::City), "230100"),
        ("哈市", None, "230100"),
        ("恩施州", None, "422800"),
        ("恩施", Some(Level::City), "422800"),
        ("恩施", Some(Level::County), "422801"),
        ("内蒙古", None, "150000"),
        ("环江县", None, "451226"),
        ("锡盟", None, "152500"),
        ("北京", Some(Level::Province), "110000"),
        ("北京", Some(Level::City), "110000"),
        ("吉林", Some(Level::City), "220200"),
        ("吉林", Some(Level::Province), "220000"),
        ("朝阳", Some(Level::City), "211300"),
        ("宁", Some(Level::City), "320100"),
        ("宁", Some(Level::Province), "640000"),
        ("河北", None, "130000"),
        ("海南", None, "460000"),
        ("长沙", None, "430100"),
        ("公安", None, "421022"),
        ("南京鼓楼区", None, "320106"),
        ("吉林省吉林市", None, "220200"),
        ("广西南宁市兴宁区", None, "450102"),
    ] {
        assert_eq!(resolved(text, level), expected, "{text} {level:?}");
    }
}

#[test]
fn shared_names_are_ambiguous() {
    assert_eq!(ambiguous("吉林", None), ["吉林省", "吉林市"]);
    assert!(ambiguous("鼓楼区", Some(Level::County)).len() > 2);
    assert!(ambiguous("朝阳", None).contains(&"朝阳市".to_owned()));
    let message = resolved("吉林", None);
    assert!(
        message.contains("吉林省 220000, 吉林市 220200"),
        "{message}"
    );
}

#[test]
fn unknown_names_come_with_a_suggestion() {
    let message = resolved("哈尔冰", None);
    assert_eq!(message, "unknown place \"哈尔冰\"; did you mean 哈尔滨");
    assert!(resolved("长沙", Some(Level::County)).ends_with("did you mean 长沙县"));
    assert_eq!(resolved("", None), "unknown place \"\"");
    assert_eq!(resolved("999999", None), "unknown place \"999999\"");
    assert!(resolved(&"市".repeat(1_000_000), None).len() < 400);
}

#[test]
fn former_names_mean_the_places_that_had_them() {
    assert_eq!(resolved("襄樊市", None), "420600");
    assert_eq!(resolved("襄樊", Some(Level::City)), "420600");
    assert_eq!(resolved("绥化地区", None), "232300");
    assert_eq!(resolved("371200", None), "371200");
    assert_eq!(resolved("崇文区", None), "110103");
    // The last of those that followed each other.
    assert_eq!(resolved("萧山市", None), "330181");
    let gazetteer = lexicon().gazetteer();
    let text = "莱芜市和襄樊市的做法";
    let matches: Vec<_> = gazetteer.find(text).collect();
    let place = |at: usize| {
        let (ix, kind) = matches[at].name.places[0];
        let place = gazetteer.place(ix);
        let today = gazetteer.today(ix).map(|p| p.name.as_str());
        (kind, place.from, place.to, today)
    };
    assert_eq!(place(0), (NameKind::Former, Some(1992), Some(2018), None));
    assert_eq!(
        place(1),
        (NameKind::Former, Some(1981), Some(2010), Some("襄阳市"))
    );
}

#[test]
fn a_filter_by_a_former_name_means_what_goes_on_under_another_one() {
    let meant = |text: &str, level| -> Vec<String> {
        let places = lexicon().gazetteer().meant_by(text, Some(level));
        let places = places.expect("a place").into_iter();
        places.map(|p| format!("{} {}", p.code, p.name)).collect()
    };
    assert_eq!(
        meant("萧山市", Level::County),
        ["330181 萧山市", "339005 萧山市", "330109 萧山区"]
    );
    assert_eq!(
        meant("绥化地区", Level::City),
        ["232300 绥化地区", "231200 绥化市"]
    );
    // Went into a district that had existed before.
    assert_eq!(meant("崇文区", Level::County), ["110103 崇文区"]);
    assert_eq!(meant("莱芜市", Level::City), ["371200 莱芜市"]);
    // Both names are of today.
    assert_eq!(meant("萧山区", Level::County), ["330109 萧山区"]);
    assert_eq!(meant("110103", Level::County), ["110103 崇文区"]);
}

#[test]
fn places_of_today_know_what_went_into_them() {
    let gazetteer = lexicon().gazetteer();
    let absorbed = |text: &str| -> Vec<&str> {
        let former = gazetteer.absorbed(code(text));
        former.map(|p| p.name.as_str()).collect()
    };
    assert!(absorbed("110101").contains(&"崇文区"));
    assert!(absorbed("330109").contains(&"萧山市"));
    // The table names no heir of a prefecture; its counties tell.
    assert!(absorbed("370100").contains(&"莱芜市"));
    for city in ["340100", "340200", "340500"] {
        assert!(absorbed(city).contains(&"巢湖市"), "{city}");
    }
    assert!(!absorbed("420600").contains(&"襄樊市"));
    let in_year = |text: &str, year| gazetteer.holder(code(text), year).map(|p| p.name.as_str());
    assert_eq!(in_year("420600", 2005), Some("襄樊市"));
    assert_eq!(in_year("420600", 2015), Some("襄阳市"));
    assert_eq!(in_year("370116", 2010), None);
}

#[test]
fn places_know_where_they_lie() {
    let gazetteer = lexicon().gazetteer();
    let city = |text: &str| gazetteer.get(code(text)).expect("a place").city;
    assert_eq!(city("110000"), Some(code("110000")));
    assert_eq!(city("110105"), Some(code("110000")));
    assert_eq!(city("230103"), Some(code("230100")));
    assert_eq!(city("230100"), Some(code("230100")));
    assert_eq!(city("419001"), None);
    assert_eq!(city("230000"), None);
    let place = gazetteer.get(code("230100")).expect("a place");
    assert_eq!((place.short.as_str(), place.is_current()), ("哈尔滨", true));
    assert_eq!(place.to_ref().name, "哈尔滨市");
    let partial = gazetteer.get(code("130102")).expect("a place");
    assert_eq!(partial.successors[0].year, Some(2001));
}

#[test]
fn names_are_found_in_running_text() {
    assert_eq!(
        found("哈尔滨市南岗区学习深圳、浦东经验"),
        ["哈尔滨市", "南岗区", "深圳", "浦东"]
    );
    assert_eq!(found("省公安厅提高安全合作资源共享示范县、和平"), [""; 0]);
    assert_eq!(
        found("公安县、恩施州、鲅鱼圈"),
        ["公安县", "恩施州", "鲅鱼圈"]
    );
    assert_eq!(found("沪浙"), [""; 0]);
}

#[test]
fn every_theme_is_reached_by_id_and_name() {
    let taxonomy = lexicon().taxonomy();
    for theme in taxonomy.themes() {
        assert_eq!(taxonomy.resolve(theme.id.as_str()), Ok(theme));
        assert_eq!(taxonomy.resolve(&theme.name), Ok(theme));
        assert_eq!(theme.id.is_top(), theme.terms.is_empty(), "{}", theme.id);
    }
    let approval: ThemeId = "approval".parse().expect("an id");
    assert_eq!(taxonomy.children(&approval).count(), 4);
    let error = taxonomy.resolve("approval.proces").expect_err("a slip");
    assert_eq!(
        error.to_string(),
        "unknown theme \"approval.proces\"; did you mean approval.process"
    );
}

#[test]
fn a_silent_word_hides_the_terms_in_it() {
    let taxonomy = lexicon().taxonomy();
    let found = |text: &str| taxonomy.find_terms(text).count();
    assert_eq!(found("住房和城乡建设局"), 0);
    assert!(found("住房保障") > 0);
    let themes = taxonomy.themes().iter().filter(|theme| theme.is_means);
    let means: Vec<_> = themes.map(|theme| theme.id.as_str()).collect();
    assert!(means.contains(&"conduct.organization"), "{means:?}");
    assert!(!means.contains(&"service.hotline"), "{means:?}");
}

#[test]
fn terms_vote_for_their_themes() {
    let taxonomy = lexicon().taxonomy();
    let text = "推行并联审批，缩减时限";
    let matches: Vec<_> = taxonomy.find_terms(text).collect();
    let terms: Vec<_> = matches.iter().map(|m| &text[m.bytes.clone()]).collect();
    assert_eq!(terms, ["并联审批", "缩减", "时限"]);
    let votes: Vec<_> = matches[0]
        .votes
        .iter()
        .map(|&(ix, weight)| (taxonomy.theme(ix).id.as_str(), weight))
        .collect();
    assert_eq!(
        votes,
        [("approval.process", 1.0), ("approval.construction", 0.3)]
    );
}

#[test]
fn synonyms_keep_their_kinds_apart() {
    let expansions = |term: &str| -> Vec<(String, SynonymKind)> {
        let found = lexicon().synonyms().expansions(term);
        found
            .into_iter()
            .map(|e| (e.term.to_owned(), e.kind))
            .collect()
    };
    let has = |term: &str, other: &str, kind| expansions(term).contains(&(other.to_owned(), kind));
    assert!(has("供暖", "供热", SynonymKind::Exact) && has("供热", "供暖", SynonymKind::Exact));
    assert!(has("中院", "中级人民法院", SynonymKind::Abbreviation));
    assert!(has("中级人民法院", "中院", SynonymKind::Abbreviation));
    assert!(!has(
        "人社厅",
        "人力资源和社会保障局",
        SynonymKind::Abbreviation
    ));
    assert!(has("环保局", "生态环境局", SynonymKind::Oneway));
    assert!(!has("生态环境局", "环保局", SynonymKind::Oneway));
    assert!(has("黑恶势力", "保护伞", SynonymKind::Related));
    assert!(
        !has("扫黑除恶", "保护伞", SynonymKind::Related),
        "groups are not chained"
    );
    assert!(expansions("没有这个词").is_empty());
}

#[test]
fn dictionary_words_carry_frequency_and_tag() {
    let words = lexicon().dictionary();
    let word = words.iter().find(|w| w.word == "一枚印章管审批");
    let word = word.expect("a word of the table");
    assert_eq!((word.frequency, word.tag.as_deref()), (Some(3), Some("nz")));
}

// ------------------------------------------------------------------- faults

/// A small lexicon without faults.
fn small() -> Tables {
    let mut tables = Tables::embedded();
    for (name, text) in [
        (
            PLACES,
            "code,name,level,from,to,successors\n\
             210000,辽宁省,province,1981,,\n\
             211300,朝阳市,city,1984,,\n\
             211302,双塔区,county,1984,,211303[2006]\n\
             211303,龙城区,county,1984,,\n\
             211304,旧区,county,1981,1990,211302\n",
        ),
        (
            SHORT_NAMES,
            "alias,code,kind,ambiguous,note\n朝阳,211300,short,,\n",
        ),
        (
            ALIASES,
            "alias,code,kind,ambiguous,note\n辽,210000,abbr,,\n",
        ),
        (ORDINARY_WORDS, "旧区 # 老城\n"),
        (
            TAXONOMY,
            "indicators = [\"纳税\"]\nb_ready = []\n\
             chapters = [{ name = \"第一章\", first = 1, last = 9 }]\n\
             weights = { strong = 1.0, weak = 0.3 }\n\
             [[theme]]\nid = \"a\"\nname = \"甲\"\nname_en = \"A\"\n\
             [[theme]]\nid = \"a.b\"\nparent = \"a\"\nname = \"乙\"\nname_en = \"B\"\n\
             strong = [\"词\"]\n",
        ),
        (DICTIONARY, "词 3 n\n另词\n"),
        (SYNONYMS, "[exact]\n甲 = 乙\n[oneway]\n丙 => 丁\n"),
    ] {
        tables.replace(name, text);
    }
    tables
}

/// The faults after `text` is put in place of a table of the small lexicon, or, if it begins with
/// `+`, after the rest of it is added to it.
fn faults(table: &str, text: &str) -> Vec<String> {
    let mut tables = small();
    match text.strip_prefix('+') {
        Some(more) => {
            let whole = tables.text(table).to_owned() + more;
            tables.replace(table, &whole);
        }
        None => tables.replace(table, text),
    }
    match Lexicon::from_tables(&tables) {
        Ok(_) => Vec::new(),
        Err(LexiconError::Invalid(problems)) => problems.iter().map(Problem::to_string).collect(),
        Err(other) => panic!("{other}"),
    }
}

#[track_caller]
fn check(table: &str, text: &str, expected: &[&str]) {
    assert_eq!(faults(table, text), expected, "{text}");
}

#[test]
fn faults_of_places_name_their_line() {
    for (more, expected) in [
        (
            "211302,双塔区,county,1990,,",
            "211302 is held by 双塔区 (line 4) and 双塔区 at the same time",
        ),
        (
            "22,某县,county,,,",
            "not a division code: \"22\"; expected six digits such as 230100",
        ),
        ("220101,某县,county,,,", "unknown code 220000"),
        ("211305,,county,,,", "name is empty"),
        (
            "211305,某 县,county,,,",
            "name holds white space or a control character: \"某 县\"",
        ),
        (
            "211305,某县,nation,,,",
            "level \"nation\" is not one of province, city, county",
        ),
        (
            "211305,某县,city,,,",
            "code 211305 is not the code of a city",
        ),
        ("211305,某县,county,20x1,,", "\"20x1\" is not a year"),
        (
            "211305,某县,county,2001,1999,",
            "某县 ends in 1999, before it begins in 2001",
        ),
        ("211305,某县,county,1981,1999,219999", "unknown code 219999"),
        (
            "211305,某县,county,1981,1999,211304",
            "successor 211304 of 某县 does not exist after 1999",
        ),
        (
            "211305,某县,county,1981,,211303",
            "某县 has not ended but has successor 211303; give the year of a partial transfer",
        ),
        (
            "211305,某县,county,1981,1999,211303[x]",
            "\"x\" is not a year",
        ),
        ("211305,某县,county,1981", "4 fields instead of 6"),
    ] {
        let line = if more.contains("2113") || more.starts_with("22") {
            7
        } else {
            0
        };
        let found = faults(PLACES, &format!("+{more}\n"));
        let expected = match expected.strip_prefix("211302 is") {
            Some(_) => format!("{PLACES}:{line}: code {expected}"),
            None => format!("{PLACES}:{line}: {expected}"),
        };
        assert_eq!(found, [expected], "{more}");
    }
    check(
        PLACES,
        "+211305,某县,county,1981,1999,211306\n211306,他县,county,1981,1999,211305\n",
        &[
            "places.csv:7: 某县 succeeds itself",
            "places.csv:8: 他县 succeeds itself",
        ],
    );
    check(
        PLACES,
        "",
        &[
            "places.csv:1: the first line must be code,name,level,from,to,successors",
            "short-names.csv:2: unknown code 211300",
            "aliases.csv:2: unknown code 210000",
            "ordinary-words.txt:1: 旧区 is no name of a place",
        ],
    );
}

#[test]
fn faults_of_aliases_name_their_line() {
    for (more, expected) in [
        (
            "凌河,211302,alias,,\n凌河,211303,alias,yes,\n",
            "3: alias 凌河 names 2 places (211302, 211303) and is not marked ambiguous",
        ),
        (
            "凌河,211302,alias,yes,\n",
            "3: alias 凌河 is marked ambiguous but names only 211302",
        ),
        (
            "双塔区,211303,alias,,\n",
            "3: alias 双塔区 of 211303 is the full name of 211302 and is not marked ambiguous",
        ),
        (
            "辽,210000,abbr,,\n",
            "3: alias 辽 210000 stands already in line 2",
        ),
        (
            "朝阳,211300,alias,,\n",
            "3: alias of short-names.csv 朝阳 211300 stands already in line 2",
        ),
        ("凌河,999999,alias,,\n", "3: unknown code 999999"),
        (
            "凌河,211302,nick,,\n",
            "3: kind \"nick\" is not one of short, abbr, alias, former",
        ),
        (
            "凌河,211302,alias,maybe,\n",
            "3: ambiguous \"maybe\" is not one of yes or nothing",
        ),
        (
            "凌河,211302,abbr,,\n",
            "3: kind abbr is for names of one character, the other kinds for longer ones",
        ),
        (
            "旧城,211304,former,,\n",
            "3: no former place with code 211304 is called 旧城",
        ),
        (",211302,alias,,\n", "3: alias is empty"),
    ] {
        check(
            ALIASES,
            &format!("+{more}"),
            &[&format!("aliases.csv:{expected}")],
        );
    }
    check(ALIASES, "+旧城,211302,alias,,\n", &[]);
    let long = format!("+{},211302,alias,,\n", "长".repeat(65));
    assert!(faults(ALIASES, &long)[0].contains("longer than 64 characters"));
    check(
        ORDINARY_WORDS,
        "朝阳\n旧区 朝阳\n",
        &["ordinary-words.txt:2: word 朝阳 stands already in line 1"],
    );
    check(
        ORDINARY_WORDS,
        "\n# 没有\n没有\n",
        &["ordinary-words.txt:3: 没有 is no name of a place"],
    );
}

#[test]
fn faults_of_the_taxonomy_name_their_line() {
    for (more, expected) in [
        ("strong = []", "15: duplicate key"),
        ("colour = 1", "15: unknown field"),
        (
            "indicators = [\n\"用电\"]",
            "16: indicator \"用电\" is not one of those listed at the top of the file",
        ),
        (
            "b_ready = [\"Tax\"]",
            "15: B-READY topic \"Tax\" is not one of",
        ),
        (
            "regulation = [{ chapter = \"第二章\", articles = [1] }]",
            "15: chapter \"第二章\" is not one of",
        ),
        (
            "regulation = [{ chapter = \"第一章\", articles = [10] }]",
            "15: article 10 is not in 第一章, which has articles 1–9",
        ),
        ("weak = [\"词\"]", "15: term 词 stands already in line 14"),
        ("weak = [\"\"]", "15: term is empty"),
        (
            "status = \"old\"",
            "15: status \"old\" is not one of deprecated",
        ),
        (
            "replaced_by = \"a\"",
            "15: theme a.b has replaced_by without status",
        ),
        (
            "status = \"deprecated\"\nreplaced_by = \"x\"",
            "16: unknown theme x",
        ),
        (
            "status = \"deprecated\"\nreplaced_by = \"a.b\"",
            "16: theme a.b is replaced by itself",
        ),
        (
            "[[theme]]\nid = \"a.b\"\nparent = \"a\"\nname = \"丙\"\nname_en = \"C\"",
            "16: theme a.b stands already in line 10",
        ),
        (
            "[[theme]]\nid = \"a.c\"\nparent = \"a\"\nname = \"乙\"\nname_en = \"C\"",
            "18: name 乙 stands already in line 12",
        ),
        (
            "[[theme]]\nid = \"a.c\"\nparent = \"a.b\"\nname = \"丙\"\nname_en = \"C\"",
            "17: theme a.c must have parent = \"a\"",
        ),
        (
            "[[theme]]\nid = \"c\"\nparent = \"c\"\nname = \"丙\"\nname_en = \"C\"",
            "17: theme c must have no parent",
        ),
        (
            "[[theme]]\nid = \"c.d\"\nparent = \"c\"\nname = \"丙\"\nname_en = \"C\"",
            "17: parent c of theme c.d is not defined above it",
        ),
        (
            "[[theme]]\nid = \"C\"\nname = \"丙\"\nname_en = \"C\"",
            "16: not a theme id: \"C\"",
        ),
        (
            "[[theme]]\nid = \"c\"\nname = \"\"\nname_en = \"C\"",
            "17: name is empty",
        ),
        (
            "[[theme]]\nid = \"c\"\nname_en = \"C\"",
            "missing field `name`",
        ),
    ] {
        let found = faults(TAXONOMY, &format!("+{more}\n"));
        assert_eq!(found.len(), 1, "{more}: {found:?}");
        assert!(
            found[0].starts_with("taxonomy.toml:") && found[0].contains(expected),
            "{more}: {found:?}"
        );
    }
    let heavy = small().text(TAXONOMY).replace("1.0", "1.5");
    check(
        TAXONOMY,
        &heavy,
        &["taxonomy.toml:4: weight 1.5 is not above 0 and at most 1"],
    );
}

#[test]
fn faults_of_words_name_their_line() {
    check(
        DICTIONARY,
        "+词 1\n",
        &["dictionary.txt:3: word 词 stands already in line 1"],
    );
    for line in ["词 n 3", "词 0 n", "词 3 n n", "词 3 N"] {
        check(
            DICTIONARY,
            line,
            &[
                "dictionary.txt:1: expected a word, a frequency above 0 and a tag of lowercase letters",
            ],
        );
    }
    for (text, expected) in [
        (
            "甲 = 乙\n",
            "1: a group stands before the first known section",
        ),
        (
            "[same]\n",
            "1: section \"same\" is not one of exact, abbr, oneway, related",
        ),
        ("[exact]\n甲\n", "2: a group needs at least two words"),
        ("[exact]\n甲 =\n", "2: a group needs at least two words"),
        ("[exact]\n甲 = 甲\n", "2: 甲 stands twice in the group"),
        (
            "[exact]\n甲 ~ 乙\n",
            "2: expected a = b = c in [exact], found \"~\"",
        ),
        (
            "[oneway]\n甲 => 乙 => 丙\n",
            "2: expected a => b in [oneway], found \"=>\"",
        ),
        (
            "[exact]\n甲 = 乙\n乙 = 甲\n",
            "3: group 乙 甲 stands already in line 2",
        ),
        (
            "[exact]\n甲 = 乙\n[related]\n乙 ~ 甲\n",
            "4: 乙 and 甲 are both exact (line 2) and related",
        ),
    ] {
        check(SYNONYMS, text, &[&format!("synonyms.txt:{expected}")]);
    }
    check(
        SYNONYMS,
        "[oneway]\n甲 => 乙\n乙 => 丙\n丙 => 甲\n丁 => 甲\n",
        &[
            "synonyms.txt:2: 甲 leads back to itself; words that stand for each other belong in [exact]",
            "synonyms.txt:3: 乙 leads back to itself; words that stand for each other belong in [exact]",
            "synonyms.txt:4: 丙 leads back to itself; words that stand for each other belong in [exact]",
        ],
    );
}

#[test]
fn readings_have_a_syllable_for_each_character() {
    let lexicon = Lexicon::embedded().expect("the tables are sound");
    let syllables = lexicon.readings().of("重庆").expect("a word of the table");
    assert_eq!(syllables, ["chong", "qing"]);
    assert!(lexicon.readings().begin_with('重') && lexicon.readings().of("审批").is_none());
    let last = small().text(READINGS).lines().count();
    let found = faults(READINGS, "+银行 yin\n央行 yang HANG\n");
    for line in [last + 1, last + 2] {
        let expected = format!("readings.txt:{line}: expected a word and a syllable");
        let is_there = found.iter().any(|fault| fault.starts_with(&expected));
        assert!(is_there, "{expected}: {found:?}");
    }
}

#[test]
fn faults_of_status_words_name_their_line() {
    let last = small().text(STATUS_WORDS).lines().count();
    for (more, line, expected) in [
        (
            "[doen]\n",
            1,
            "section \"doen\" is not one of already, le, reached",
        ),
        (
            "仍 尚且 尚且\n",
            1,
            "word \"尚且\" stands twice in its section",
        ),
        (
            "[ahead]\n下一步\n",
            2,
            "word \"下一步\" stands twice in its section",
        ),
    ] {
        let found = faults(STATUS_WORDS, &format!("+{more}"));
        let expected = format!("status-words.txt:{}: {expected}", last + line);
        let is_there = found.iter().any(|fault| fault.starts_with(&expected));
        assert!(is_there, "{found:?}");
    }
    let found = faults(STATUS_WORDS, "下一步\n[ahead]\n下一步\n");
    let first = "status-words.txt:1: words before the first known section";
    assert!(found.contains(&first.to_owned()), "{found:?}");
    let empty = "status-words.txt:1: section [already] has no words";
    assert!(found.contains(&empty.to_owned()), "{found:?}");
}

#[test]
fn status_words_say_what_their_sections_say() {
    let words = lexicon().status_words();
    let said = |text: &'static str| -> Vec<(&str, bool, bool)> {
        let found = words.find(text);
        let told = found.map(|(at, bits)| {
            (
                &text[at],
                StatusSign::Act.is_in(bits),
                StatusSign::Issue.is_in(bits),
            )
        });
        told.collect()
    };
    // A word may stand in several sections.
    assert_eq!(said("印发方案"), [("印发", true, true)]);
    assert_eq!(words.proposed("建议增设窗口"), Some("建议".len()));
}

#[test]
fn all_faults_are_counted_and_twenty_shown() {
    let many = "词\n".repeat(31);
    let mut tables = small();
    tables.replace(DICTIONARY, &many);
    let error = Lexicon::from_tables(&tables)
        .expect_err("faults")
        .to_string();
    assert_eq!(error.lines().count(), 21);
    assert!(error.ends_with("and 10 more"), "{error}");
}

// ------------------------------------------------------------------- folders

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let tables = Tables::embedded();
    for name in [
        PLACES,
        SHORT_NAMES,
        ALIASES,
        ORDINARY_WORDS,
        TAXONOMY,
        DICTIONARY,
        SYNONYMS,
        STATUS_WORDS,
        READINGS,
    ] {
        std::fs::write(dir.path().join(name), tables.text(name)).expect("a file");
    }
    dir
}

#[test]
fn a_folder_gives_the_same_lexicon_and_a_change_another_version() {
    let dir = folder();
    let same = Lexicon::load(dir.path()).expect("the same tables");
    assert_eq!(same.version(), lexicon().version());
    assert!(same.version().len() == 16 && same.version().bytes().all(|b| b.is_ascii_hexdigit()));
    let path = dir.path().join(ALIASES);
    let text = std::fs::read_to_string(&path).expect("a table");
    // As a spreadsheet saves it.
    std::fs::write(&path, format!("\u{feff}{}", text.replace('\n', "\r\n"))).expect("a file");
    let saved = Lexicon::load(dir.path()).expect("the same tables");
    assert_eq!(saved.version(), lexicon().version());
    std::fs::write(&path, text + "上海滩,310000,alias,,\n").expect("a file");
    let changed = Lexicon::load(dir.path()).expect("one alias more");
    assert_ne!(changed.version(), lexicon().version());
    assert!(changed.gazetteer().resolve("上海滩", None).is_ok());
}

#[test]
fn unreadable_tables_are_named() {
    let dir = folder();
    std::fs::write(dir.path().join(ALIASES), b"alias\n\xba\xda").expect("a file");
    let error = Lexicon::load(dir.path())
        .expect_err("not UTF-8")
        .to_string();
    assert!(error.starts_with("aliases.csv:2: not UTF-8"), "{error}");

    let file = std::fs::File::create(dir.path().join(ALIASES)).expect("a file");
    file.set_len((64 << 20) + 1).expect("a sparse file");
    let error = Lexicon::load(dir.path())
        .expect_err("too large")
        .to_string();
    assert!(error.contains("aliases.csv has 67108865 bytes"), "{error}");

    std::fs::remove_file(dir.path().join(ALIASES)).expect("a file");
    let error = Lexicon::load(dir.path()).expect_err("missing").to_string();
    assert!(error.contains("cannot read the lexicon table") && error.contains("aliases.csv"));
}

proptest! {
    #[test]
    fn whatever_is_typed_is_answered(text in "[省市县区哈尔滨吉林鼓楼0-9 a\u{0}]{0,80}") {
        let _ = lexicon().gazetteer().resolve(&text, None);
        let _ = lexicon().gazetteer().resolve(&text, Some(Level::County));
        let _ = lexicon().taxonomy().resolve(&text);
    }

    #[test]
    fn matches_are_the_names_they_claim(text in "[中公安县吉林省市哈尔滨鼓楼区和政府a，]{0,60}") {
        let mut end = 0;
        for found in lexicon().gazetteer().find(&text) {
            prop_assert!(found.bytes.start >= end);
            prop_assert_eq!(&text[found.bytes.clone()], found.name.text.as_str());
            end = found.bytes.end;
        }
    }

    #[test]
    fn damaged_tables_never_panic(table in 0usize..9, text in "[\\[\\]=~>|#,;\"a-c0-9甲乙\n ]{0,120}") {
        let names = [
            PLACES, SHORT_NAMES, ALIASES, ORDINARY_WORDS, TAXONOMY, DICTIONARY, SYNONYMS, STATUS_WORDS, READINGS,
        ];
        let _ = faults(names[table], &text);
    }
}
