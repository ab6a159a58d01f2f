//! Whole documents, composed for the traps that real ones set: what is said of them, and what is
//! left open.

use std::sync::LazyLock;

use duibiao_corpus::{Document, Inferred};
use duibiao_index::Analyzer;
use duibiao_lexicon::Lexicon;

use crate::understand::{explain, understand};

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().expect("lexicon"));
static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| Analyzer::new(&LEXICON).expect("analyzer"));

fn read_as(name: &str, text: &str) -> Document {
    let extracted = duibiao_extract::extract(name, text.as_bytes()).expect("text");
    understand(name, extracted, &LEXICON, &ANALYZER)
}

fn read(text: &str) -> Document {
    read_as("a.txt", text)
}

/// A field as text: its value, with `?` behind it where it is concluded.
fn field(document: &Document, name: &str) -> String {
    fn of<T>(value: &Option<Inferred<T>>, text: impl Fn(&T) -> String) -> String {
        value.as_ref().map_or_else(String::new, |v| {
            format!("{}{}", text(&v.value), if v.inferred { "?" } else { "" })
        })
    }
    let known = &document.metadata;
    let place = |place: &duibiao_corpus::PlaceRef| place.name.clone();
    match name {
        "title" => of(&known.title, String::clone),
        "issuer" => of(&known.issuer, String::clone),
        "number" => of(&known.number, String::clone),
        "doc_type" => of(&known.doc_type, String::clone),
        "subtype" => of(&known.subtype, String::clone),
        "province" => of(&known.province, place),
        "city" => of(&known.city, place),
        "county" => of(&known.county, place),
        "level" => of(&known.level, |l| l.as_str().to_owned()),
        "year" => of(&known.year, ToString::to_string),
        "date" => of(&known.date, ToString::to_string),
        "published" => of(&known.published, ToString::to_string),
        "appeared" => of(&known.appeared, ToString::to_string),
        "period" => of(&known.period, String::clone),
        "partial" => document.partial.to_string(),
        "dates" => {
            let dates = known.dates.iter();
            let dates: Vec<_> = dates
                .map(|d| format!("{} {}", d.kind.as_str(), d.value))
                .collect();
            dates.join("; ")
        }
        other => panic!("no field {other}"),
    }
}

#[track_caller]
fn check(document: &Document, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(&field(document, name), value, "{name}");
    }
}

#[test]
fn a_regulation_has_the_latest_date_of_its_head_and_keeps_the_others() {
    let document = read(
        "无锡市养犬管理条例\n\n（2009年8月26日无锡市第十四届人民代表大会常务委员会第十八次会议通过　2009年9月23日江苏省第十一届人民代表大会常务委员会第十一次会议批准　根据2018年10月26日\
无锡市第十六届人民代表大会常务委员会第十五次会议通过，2018年11月23\n日江苏省第十三届人民代表大会常务委员会第六次会议批准的《关于修改〈无锡市殡葬管理条例〉等三件地方性法规的决定》修正）\n\n\
第一章　总则\n\n第一条　为了规范养犬行为，结合本市实际，制定本条例。\n\n第二条　本市行政区域内的养犬活动，适用本条例。\n\n第三条　本条例自2009年12月1日起施行。\n",
    );
    check(
        &document,
        &[
            ("title", "无锡市养犬管理条例"),
            ("doc_type", "条例"),
            ("issuer", "无锡市人民代表大会常务委员会"),
            ("province", "江苏省?"),
            ("city", "无锡市"),
            ("level", "city"),
            ("date", "2018-11-23"),
            ("year", "2018"),
            (
                "dates",
                "passed 2009-08-26; approved 2009-09-23; in_force 2009-12-01; passed 2018-10-26; approved 2018-11-23",
            ),
        ],
    );
}

#[test]
fn a_rule_of_a_province_about_a_place_in_it_is_one_of_the_province() {
    let document = read(
        "江苏省苏州工业园区促进规定\n\n二〇一六年三月三十日 江苏省第十二届人民代表大会常务委员会第二十二次会议通过\n\n第一条　根据本省实际，制定本规定。\n第二条　省人民政府支持园区改革。\n第三条　本规定自2016年6月1日起施行。\n",
    );
    check(
        &document,
        &[
            ("province", "江苏省"),
            ("city", ""),
            ("level", "province"),
            ("date", "2016-03-30"),
            ("dates", "passed 2016-03-30; in_force 2016-06-01"),
        ],
    );
}

#[test]
fn an_order_gives_number_issuer_and_day_to_what_it_promulgates() {
    let document = read(
        "贵阳市人民政府令\n第56号\n《贵阳市停车场管理办法》已经2021年4月12日市人民政府第8次常务会议通过，现予公布，自2021年7月1日起施行。\n市　长：某某\n2021年5月6日\n\n贵阳市停车场管理办法\n第一条　为了加强停车场管理，制定本办法。\n第二条　本市行政区域内的停车场，适用本办法。\n第三条　市住房和城乡建设行政主管部门负责本办法的实施。\n",
    );
    check(
        &document,
        &[
            ("title", "贵阳市停车场管理办法"),
            ("doc_type", "办法"),
            ("number", "贵阳市人民政府令第56号"),
            ("issuer", "贵阳市人民政府"),
            ("province", "贵州省?"),
            ("city", "贵阳市"),
            ("date", "2021-05-06"),
            (
                "dates",
                "passed 2021-04-12; promulgated 2021-05-06; in_force 2021-07-01",
            ),
        ],
    );
}

#[test]
fn cited_numbers_years_and_places_are_not_the_documents_own() {
    let document = read(
        "关于贯彻落实《四川省优化营商环境条例》的实施意见\n绵府发〔2022〕7号\n各县（市、区）人民政府：\n为落实国办发〔2019〕39号、川府发〔2020〕8号文件精神，借鉴浙江省、深圳市等先进地区经验，结合我市实际，提出如下意见。\n一、总体要求\n到2025年，全市审批时限再压缩。2019年、2019年、2019年以来已有进展。\n绵阳市人民政府\n2022年5月9日\n",
    );
    check(
        &document,
        &[
            ("number", "绵府发〔2022〕7号"),
            ("issuer", "绵阳市人民政府"),
            ("doc_type", "意见"),
            ("subtype", "实施意见"),
            ("province", "四川省?"),
            ("city", "绵阳市"),
            ("level", "city"),
            ("date", "2022-05-09"),
            ("year", "2022"),
        ],
    );
}

#[test]
fn numbers_are_normalised_whatever_their_brackets() {
    for (line, number) in [
        ("滇政办发[2014]第08号", "滇政办发〔2014〕8号"),
        ("（滇政办发（2014）8号）", "滇政办发〔2014〕8号"),
        ("文　号： 滇政办发〔2014〕8号", "滇政办发〔2014〕8号"),
        ("滇政办发【2014】8号　　签发人：某某", "滇政办发〔2014〕8号"),
    ] {
        let document = read(&format!(
            "关于清理证明事项的通知\n{line}\n各州、市人民政府：\n为减少证明，根据云政发〔2012〕3号文件，现就有关事项通知如下。\n一、全省各级全面清理。\n"
        ));
        check(&document, &[("number", number), ("year", "2014")]);
        let evidence = &document
            .metadata
            .number
            .as_ref()
            .expect("a number")
            .evidence[0];
        assert_eq!(evidence.quote, line, "the original is kept");
    }
}

#[test]
fn a_number_of_a_province_states_the_province_and_the_year() {
    let document = read(
        "关于推进证照分离改革的通知\n湘政办发〔2019〕21号\n各市州人民政府：\n经省人民政府同意，现就有关事项通知如下，请认真贯彻执行。\n一、全省统一清单。\n",
    );
    check(
        &document,
        &[
            ("province", "湖南省"),
            ("city", ""),
            ("level", "province"),
            ("year", "2019"),
            ("date", ""),
        ],
    );
}

/// A notice of a government, signed in a year.
fn notice(place: &str, year: u16) -> Document {
    read(&format!(
        "{place}人民政府办公室关于推行一窗受理的通知\n各有关单位：\n为方便群众办事，现就推行一窗受理有关事项通知如下，请认真贯彻执行。\n一、推行一窗受理。\n{place}人民政府办公室\n{year}年6月3日\n"
    ))
}

#[test]
fn a_place_that_has_ended_is_that_of_documents_of_its_time() {
    let cases: &[(&str, u16, &str, &str, &str)] = &[
        // place, year, province, city, county
        ("莱芜市", 2012, "山东省?", "莱芜市", ""),
        // A county-level city of 泰安 before it was a city of its own.
        ("莱芜市", 1985, "山东省?", "泰安市?", "莱芜市"),
        // Nobody says into which district it went: it stands for itself.
        ("莱芜市", 2020, "山东省?", "莱芜市?", ""),
        ("济南市莱芜区", 2020, "山东省?", "济南市?", "莱芜区"),
        ("襄樊市", 2005, "湖北省?", "襄樊市", ""),
        ("襄樊市", 2015, "湖北省?", "襄阳市?", ""),
        ("枣阳市", 2005, "湖北省?", "襄樊市?", "枣阳市"),
        ("枣阳市", 2015, "湖北省?", "襄阳市?", "枣阳市"),
        ("北京市崇文区", 2008, "北京市?", "北京市?", "崇文区"),
        ("北京市崇文区", 2016, "北京市?", "北京市?", "东城区?"),
        ("巢湖市", 2005, "安徽省?", "巢湖市", ""),
        ("巢湖市", 2015, "安徽省?", "合肥市?", "巢湖市"),
        ("萧山市", 1998, "浙江省?", "杭州市?", "萧山市"),
        ("萧山区", 2010, "浙江省?", "杭州市?", "萧山区"),
        ("重庆市", 1990, "四川省?", "重庆市", ""),
        ("东莞县", 1984, "广东省?", "惠阳地区?", "东莞县"),
        ("思茅市", 2005, "云南省?", "思茅市", ""),
    ];
    for (place, year, province, city, county) in cases {
        let document = notice(place, *year);
        let found = ["province", "city", "county"].map(|name| field(&document, name));
        assert_eq!(found, [*province, *city, *county], "{place} {year}");
    }
    let code = |document: &Document| {
        let county = document.metadata.county.as_ref();
        county.map(|c| c.value.code.to_string())
    };
    assert_eq!(code(&notice("萧山市", 1998)).as_deref(), Some("330181"));
    assert_eq!(
        code(&notice("北京市崇文区", 2008)).as_deref(),
        Some("110103")
    );
}

/// The places of the passage that has some words: name and role.
fn places(document: &Document, words: &str) -> Vec<(String, &'static str)> {
    let at = document.text.find(words).expect("the words");
    let at = document.text[..at].chars().count() as u32;
    let passage = document
        .passages
        .iter()
        .find(|p| p.span.begin <= at && at < p.span.end);
    let places = passage.expect("a passage").places.iter();
    places
        .map(|named| {
            let quote: String = document
                .text
                .chars()
                .skip(named.span.begin as usize)
                .take(named.span.len() as usize)
                .collect();
            assert_eq!(quote, named.quote);
            (named.place.name.clone(), named.role.as_str())
        })
        .collect()
}

#[test]
fn passages_name_places_in_roles() {
    let document = read(
        "九江市人民政府关于优化跨省通办服务的通知\n各县（市、区）人民政府：\n为深化改革，现就有关事项通知如下。\n\
一、扩大通办范围。与湖北省黄冈市、安徽省安庆市签订通办协议，浔阳区、瑞昌市先行试点。\n\
二、学习先进经验。组织人员赴苏州、宁波考察，借鉴苏州做法。\n\
三、落实上级要求。按照《江西省优化营商环境条例》和《湖南省行政程序规定》的精神办理。\n\
四、改善环境。整修庐山大道和南昌路，沿海城市来的客商由李长春负责接待。\n\
五、企业从武汉迁入的，在武汉办过的手续不再重办。\n\
九江市人民政府\n2022年6月3日\n",
    );
    let names = |words: &str| places(&document, words);
    let named = |list: &[(&str, &'static str)]| -> Vec<(String, &'static str)> {
        list.iter()
            .map(|(name, role)| ((*name).to_owned(), *role))
            .collect()
    };
    let partners = [
        ("黄冈市", "partner"),
        ("安庆市", "partner"),
        ("浔阳区", "own"),
        ("瑞昌市", "own"),
    ];
    assert_eq!(names("签订通办协议"), named(&partners));
    assert_eq!(
        names("组织人员"),
        named(&[("苏州市", "visited"), ("宁波市", "visited")])
    );
    assert_eq!(
        names("按照"),
        named(&[("江西省", "cited"), ("湖南省", "cited")])
    );
    assert_eq!(names("整修"), named(&[]));
    assert_eq!(names("手续"), named(&[("武汉市", "mentioned")]));
}

#[test]
fn an_ambiguous_name_in_a_passage_is_decided_by_the_document_or_left_out() {
    let of = |city: &str| {
        read(&format!(
            "{city}人民政府关于延长服务时间的通知\n各有关单位：\n为方便群众，现就有关事项通知如下。\n一、朝阳区先行试点，取得经验后推开。\n{city}人民政府\n2022年6月3日\n"
        ))
    };
    let code = |document: &Document| -> Vec<String> {
        let passages = document.passages.iter().filter(|p| !p.is_heading);
        let named = passages.flat_map(|p| &p.places);
        let named = named.filter(|p| p.quote == "朝阳区");
        named.map(|p| p.place.code.to_string()).collect()
    };
    assert_eq!(code(&of("长春市")), ["220104"]);
    assert_eq!(code(&of("北京市")), ["110105"]);
    assert_eq!(code(&of("南昌市")), [""; 0]);
}

#[test]
fn a_name_that_is_an_ordinary_word_counts_where_it_must_be_one() {
    let county = |place: &str| {
        let document = notice(place, 2019);
        ["city", "county"].map(|name| field(&document, name))
    };
    assert_eq!(county("呼和浩特市新城区"), ["呼和浩特市?", "新城区"]);
    assert_eq!(county("阳泉市郊区"), ["阳泉市?", "郊区"]);
    assert_eq!(county("和县"), ["马鞍山市?", "和县"]);
    assert_eq!(county("河南省范县"), ["濮阳市?", "范县"]);
    let document = read(
        "长治市人民政府关于城区绿化的通知\n各有关单位：\n为美化城区，和县乡道路一并整修，现通知如下。\n一、整修城区道路，各区县人民政府负责，并和县人民政府做好衔接。\n长治市人民政府\n2010年5月4日\n",
    );
    check(&document, &[("city", "长治市"), ("county", "")]);
    let named = document.passages.iter().flat_map(|p| &p.places);
    assert!(
        named.clone().all(|p| p.quote == "长治市"),
        "{:?}",
        named.collect::<Vec<_>>()
    );
}

#[test]
fn a_rule_that_names_one_place_of_its_level_is_about_it() {
    let rule = |article: &str| {
        read(&format!(
            "第一条　市人民政府应当加强对本市户外设施的领导。\n第二条　{article}\n第三条　本市各部门按照职责做好管理工作。\n第四条　违反本规定的，由主管部门责令改正。\n"
        ))
    };
    let place = |article: &str| field(&rule(article), "city");
    assert_eq!(place("设施应当体现泉城特色风貌。"), "济南市?");
    assert_eq!(place("设施应当体现扬州特色风貌。"), "扬州市?");
    assert_eq!(place("由市或者临淄区文物主管部门责令改正。"), "淄博市?");
    for nothing in [
        "设施应当体现扬州、泰州特色风貌。",
        "扬州路以东的设施应当统一。",
        "设施应当满足日照间距的要求。",
        "重大庆典活动期间设施应当亮灯。",
        "台湾同胞投资的设施适用本规定。",
        "临淄区、潍城区的设施应当统一。",
    ] {
        assert_eq!(place(nothing), "", "{nothing}");
    }
}

#[test]
fn an_ambiguous_name_is_decided_by_its_context_or_left_open() {
    let notice = |more: &str| {
        read(&format!(
            "朝阳区关于优化窗口服务的通知\n各街道办事处：\n为方便群众办事，现就优化窗口服务有关事项通知如下，请抓好落实。\n一、延长服务时间。{more}\n"
        ))
    };
    check(
        &notice("与长春市统一平台对接，纳入长春市考核。"),
        &[("county", "朝阳区"), ("city", "长春市?")],
    );
    check(
        &notice("纳入北京市考核，按北京市标准执行。"),
        &[("county", "朝阳区"), ("city", "北京市?")],
    );
    check(
        &notice(""),
        &[("province", ""), ("city", ""), ("county", "")],
    );
    // 吉林 is a province and its city: the province is sure, the city is not.
    let document = read(
        "吉林：办事大厅周末不打烊\n近日，各级大厅推行周末服务，群众纷纷点赞，办事更加方便。\n窗口人员轮流值守，随到随办。\n",
    );
    check(&document, &[("province", "吉林省"), ("city", "")]);
}

#[test]
fn places_visited_or_praised_are_not_what_a_report_is_about() {
    let document = read(
        "关于赴深圳、苏州考察学习情况的报告\n市委：\n为学习先进经验，考察组赴深圳市、苏州市考察，借鉴深圳市“秒批”的做法，现将情况报告如下。\n一、主要做法\n深圳市推行无人干预审批。深圳市设立专窗。苏州市建立平台。\n二、对我市的建议\n我市应尽快推行。柳州市行政审批局要牵头，柳州市各县区配合。\n",
    );
    check(
        &document,
        &[("province", "广西壮族自治区?"), ("city", "柳州市?")],
    );
}

#[test]
fn a_province_follows_from_its_cities_and_no_year_is_made_up() {
    let document = read(
        "让办事不再难\n——全省政务服务提升行动综述\n今年以来，省委部署提升行动，各地积极行动，成效逐步显现。\n赣州市推行帮办代办，九江市优化流程，上饶市下放权限。还与长沙市开展跨省通办。\n截至8月，全省压缩时限三成。\n",
    );
    check(
        &document,
        &[
            ("doc_type", "综述"),
            ("province", "江西省?"),
            ("city", ""),
            ("level", "province?"),
            ("year", ""),
            ("date", ""),
        ],
    );
}

#[test]
fn signing_publication_and_newspaper_are_three_dates() {
    let document = read(
        "05\n中共丹东市委关于省委巡视整改进展情况的通报 2022年11月09日\n\n（上接2版）\n\n（3）针对“服务意识不强”的问题。已完成整改，群众反映良好。\n\n欢迎监督。\n\n中共丹东市委\n\n2022年11月8日\n",
    );
    check(
        &document,
        &[
            ("date", "2022-11-08"),
            ("appeared", "2022-11-09"),
            ("published", ""),
            ("partial", "true"),
            ("dates", "signed 2022-11-08; appeared 2022-11-09"),
        ],
    );
    let document = read(
        "索引号：530000-2020-007　发布日期：2020-09-18\n云南省人民政府关于加强信用监管的意见\n云政发〔2020〕25号\n各州、市人民政府：\n为加强信用监管，结合我省实际，现提出如下意见，请认真贯彻落实。\n一、总体要求\n云南省人民政府\n二○二○年九月二日\n",
    );
    check(
        &document,
        &[
            ("date", "2020-09-02"),
            ("published", "2020-09-18"),
            ("province", "云南省"),
            ("dates", "signed 2020-09-02; published 2020-09-18"),
        ],
    );
}

#[test]
fn what_stands_around_a_page_gives_its_day_and_nothing_else() {
    let page = "<html><head><title>市政务服务局发布办事指引</title></head><body><div class=\"top\">无障碍阅读 长者助手 当前位置：首页 &gt; 天河动态</div>\
<div class=\"meta\">发表时间：2024-03-12 09:22:29 信息来源：某局</div><div class=\"article\"><h1>办事大厅延长服务时间</h1>\
<p>为方便群众办事，本周起办事大厅延长服务时间，中午不休息，周末预约办理，各窗口轮流值守，群众可以随到随办，遇到复杂事项由专人负责引导。</p>\
<p>同时，大厅增设帮办专区，由专人辅导填表、打印材料，老年人优先办理，办理结果可以邮寄到家，费用由财政承担，群众不再多跑一趟。</p>\
<p>据介绍，自助终端全天开放，查询、打印、缴费等高频事项可以自助办理，平均等候时间由二十分钟缩短到八分钟。</p></div>\
<div class=\"foot\">主办：广州市天河区人民政府 网站标识码：4401060050 2019年1月1日上线</div></body></html>";
    let document = read_as("a.html", page);
    check(
        &document,
        &[
            ("published", "2024-03-12"),
            ("year", "2024?"),
            ("date", ""),
            ("province", ""),
            ("county", ""),
            ("issuer", ""),
        ],
    );
    let published = document.metadata.published.as_ref().expect("a day");
    let quote = &published.evidence[0];
    let words: String = document
        .text
        .chars()
        .skip(quote.span.begin as usize)
        .take(quote.span.len() as usize)
        .collect();
    assert_eq!(words, quote.quote, "the span is one of the whole text");
}

#[test]
fn reports_are_dated_by_their_delivery() {
    let document = read(
        "政府工作报告\n——2019年1月16日在涟源市第十七届人民代表大会第三次会议上\n涟源市人民政府市长　某某\n各位代表：\n现在，我代表市人民政府向大会报告工作，请予审议，并请列席人员提出意见。\n一、2018年工作回顾\n2018年，全市生产总值增长8%。2018年新增企业两千家。\n",
    );
    check(
        &document,
        &[
            ("doc_type", "政府工作报告"),
            ("issuer", "涟源市人民政府?"),
            ("province", "湖南省?"),
            ("city", "娄底市?"),
            ("county", "涟源市"),
            ("level", "county"),
            ("date", "2019-01-16"),
            ("period", "2018?"),
            ("dates", "delivered 2019-01-16"),
        ],
    );
}

#[test]
fn types_without_the_word_in_the_title_are_told_by_their_form() {
    let practice = read(
        "从“多头跑”到“一次办”：榆树市推行帮办代办的做法\n（在全省政务服务现场会上的发言，2021年9月）\n榆树市是农业大县，群众办事路远，来回一趟要花一整天的时间。\n主要做法有三条。\n",
    );
    check(
        &practice,
        &[
            ("doc_type", "经验材料"),
            ("date", "2021-09"),
            ("county", "榆树市"),
            ("province", "吉林省?"),
        ],
    );
    let news = read(
        "清晨的办事窗口\n淮安日报讯 2023年6月8日\n“这么快就办好了。”6月7日，在淮安市政务服务大厅，刚拿到执照的市民很高兴，连声道谢。\n今年，淮安市推行一件事一次办，全市各大厅设专窗。\n",
    );
    check(
        &news,
        &[
            ("doc_type", "新闻?"),
            ("published", "2023-06-08"),
            ("date", ""),
            ("city", "淮安市?"),
        ],
    );
    let minutes = read(
        "嘉兴市人民政府专题会议纪要\n〔2020〕第12号\n2020年4月2日，市政府召开专题会议，研究审批提速工作，现将议定事项纪要如下。\n一、会议同意方案。\n嘉兴市人民政府办公室　2020年4月9日印发\n",
    );
    check(
        &minutes,
        &[
            ("doc_type", "纪要"),
            ("subtype", "专题会议纪要"),
            ("number", "〔2020〕12号"),
            ("date", "2020-04-09"),
            ("issuer", "嘉兴市人民政府办公室"),
        ],
    );
}

#[test]
fn bodies_that_sign_together_are_all_issuers() {
    let document = read(
        "遂宁市发展和改革委员会等三部门关于规范中介收费的通知\n各县（区）发展改革局：\n为规范中介收费，减轻企业负担，现就有关事项通知如下，请遵照执行。\n一、公开收费标准。\n遂宁市发展和改革委员会　遂宁市财政局\n遂宁市市场监督管理局\n2018年12月3日\n",
    );
    check(
        &document,
        &[
            (
                "issuer",
                "遂宁市发展和改革委员会；遂宁市财政局；遂宁市市场监督管理局",
            ),
            ("date", "2018-12-03"),
            ("doc_type", "通知"),
        ],
    );
}

#[test]
fn a_text_without_head_is_placed_by_what_only_its_own_place_says() {
    let document = read(
        "第十一条　市人民政府应当加强监督，建立台账。\n第十二条　违反规定的，依照《宁波市市容管理条例》处罚。\n第十三条　本市各区按照分工负责，与杭州市建立协作。\n第十四条　《宁波市停车管理办法》同时废止。\n",
    );
    check(
        &document,
        &[
            ("province", "浙江省?"),
            ("city", "宁波市?"),
            ("level", "city?"),
            ("year", ""),
        ],
    );
    // 重大|庆典 is no 大庆.
    let document = read(
        "第十一条　市人民政府应当做好重大庆典活动期间的保障。\n第十二条　本市建立协调机制，确保定期会商。\n第十三条　本市各部门按照分工负责。\n",
    );
    check(&document, &[("province", ""), ("city", "")]);
}

#[test]
fn every_candidate_can_be_seen_with_what_became_of_it() {
    let text = "关于清理证明事项的通知\n黔府办发〔2016〕4号\n为减少证明，根据黔府发〔2015〕9号文件精神，现就有关事项通知如下。\n一、全省清理。\n";
    let extracted = duibiao_extract::extract("a.txt", text.as_bytes()).expect("text");
    let (document, explanation) = explain("a.txt", extracted, &LEXICON, &ANALYZER);
    let numbers: Vec<_> = explanation["number"]
        .iter()
        .map(|p| (p.value.as_str(), p.won))
        .collect();
    assert_eq!(
        numbers,
        [("黔府办发〔2016〕4号", true), ("黔府发〔2015〕9号", false)]
    );
    for (name, proposals) in &explanation {
        let won: Vec<_> = proposals.iter().filter(|p| p.won).collect();
        assert!(won.len() <= 1, "{name}");
        assert_eq!(won.is_empty(), field(&document, name).is_empty(), "{name}");
        assert!(proposals.iter().all(|p| !p.why.is_empty()), "{name}");
    }
}

#[test]
fn a_newspaper_named_at_the_end_tells_when_a_text_appeared() {
    let document = read(
        "常州：窗口前移到园区\n本报讯（记者 某某）记者从常州市政务服务办获悉，当地在12个园区设立服务点，企业办事不出园区。\n服务点半年办件2.1万件，企业满意率99%。\n（2021年10月20日《常州时报》第3版）\n",
    );
    check(
        &document,
        &[
            ("appeared", "2021-10-20"),
            ("year", "2021?"),
            ("doc_type", "新闻?"),
        ],
    );
}

#[test]
fn a_speech_is_one_and_not_what_it_speaks_of() {
    let document = read(
        "在全市营商环境推进会上的发言\n中共仪征市委书记　某某\n（2020年11月12日）\n各位领导：\n下面，我就仪征市的做法作个汇报。\n一、抓流程再造。\n",
    );
    check(
        &document,
        &[
            ("doc_type", "发言"),
            ("county", "仪征市"),
            ("date", "2020-11-12"),
        ],
    );
}

#[test]
fn a_report_covers_the_months_its_data_are_of() {
    let period = |words: &str| {
        let document = read(&format!(
            "中共滁州市委关于巡视整改情况的通报\n现将整改情况通报如下。\n{words}\n中共滁州市委\n2019年12月20日\n"
        ));
        field(&document, "period")
    };
    assert_eq!(
        period("2019年3月2日，巡视组反馈意见。截至10月底，已完成整改37项。"),
        "2019-03/2019-10?"
    );
    assert_eq!(
        period("2018年1至11月，全市办结案件310件。"),
        "2018-01/2018-11?"
    );
    assert_eq!(period("1—8月，全市办结案件310件。"), "2019-01/2019-08?");
    // Since when is not told.
    assert_eq!(period("4月起推行，截至10月底，已完成整改37项。"), "");
}
