//! What a document's text says about the document: each value with the words it rests on, and
//! nothing where the text says nothing.
//!
//! Rules propose candidates, field by field; `candidate` decides. What follows from a field (the
//! year of a date, the province of a city) is proposed after it.

pub(crate) mod candidate;
mod dates;
mod doc_type;
mod issuer;
mod number;
mod period;
mod place;
pub(crate) mod status;
pub(crate) mod themes;
pub(crate) mod time;
pub(crate) mod title;

#[cfg(test)]
mod tests;

use std::ops::Range;

use duibiao_corpus::{Inferred, Metadata};
use duibiao_index::Analyzer;
use duibiao_lexicon::Lexicon;

use crate::segment::Outline;
use crate::text::{Line, Text};
use candidate::{Candidate, Candidates, Explanation};
use dates::Dates;
use number::Number;
pub(crate) use place::PlacesNamed;
use place::{Site, SiteKind};
use title::{Title, window};

/// Everything proposed for a document.
struct Proposed<'g> {
    title: Candidates<Title>,
    issuer: Candidates<String>,
    number: Candidates<Number>,
    doc_type: Candidates<String>,
    subtype: Candidates<String>,
    places: place::Places,
    named: PlacesNamed<'g>,
    dates: Dates,
    year: Candidates<i16>,
    period: Candidates<String>,
}

/// What was found out about a document.
pub(crate) struct Inference<'g> {
    /// Without themes.
    pub(crate) metadata: Metadata,
    /// What the segmenter has to know.
    pub(crate) outline: Outline,
    /// The places that its passages name.
    pub(crate) named: PlacesNamed<'g>,
    /// Every candidate, where asked for.
    pub(crate) explanation: Option<Explanation>,
}

/// Infers what the text says about the document. `around` is what stands around the article of a page.
pub(crate) fn infer<'g>(
    text: &Text<'_>,
    around: Option<&Text<'_>>,
    lines: &[Line],
    marked_title: Option<Range<usize>>,
    (lexicon, analyzer): (&'g Lexicon, &Analyzer),
    explain: bool,
) -> Inference<'g> {
    let proposed = propose(
        text,
        around,
        lines,
        marked_title,
        lexicon,
        analyzer,
        explain,
    );
    let title = proposed.title.best().map(|t| &t.value);
    let outline = Outline {
        title: title.map(|t| t.bytes.clone()),
        signature: proposed.dates.signature.as_ref().map(|s| s.bytes.clone()),
        answers_findings: answers_findings(text.folded(), title),
    };
    let explanation = explain.then(|| proposed.explain());
    let (metadata, named) = proposed.decide();
    Inference {
        metadata,
        outline,
        named,
        explanation,
    }
}

fn propose<'g>(
    text: &Text<'_>,
    around: Option<&Text<'_>>,
    lines: &[Line],
    marked_title: Option<Range<usize>>,
    lexicon: &'g Lexicon,
    analyzer: &Analyzer,
    explain: bool,
) -> Proposed<'g> {
    let titles = title::titles(text, lines, marked_title);
    let title = titles.best().map(|t| &t.value);
    let dates = dates::find(text, around, lines, title);
    let number = number::numbers(text, lines, title, explain);
    let mut issuer = issuer::issuers(text, title, dates.signature.as_ref(), dates.byline.as_ref());
    let doc_type = doc_type::types(text, title, dates.byline.is_some());
    let type_name = doc_type.best().map(|t| t.value.as_str());
    let subtype = doc_type::subtypes(text, title, type_name);
    let own_number = number
        .best()
        .and_then(|n| Some((n.value.year?, n.evidence.clone())));
    let year = dates::years(text, title, &dates, own_number);
    let own_year = year.best().map(|y| y.value);
    let sites = sites(text, title, &dates, number.best().map(|n| &n.value));
    let survey = place::survey(text, lexicon.gazetteer(), own_year);
    let places = place::places(text, &survey, &sites, analyzer);
    let named = survey.named(&places);
    let places = place::split(&places);
    issuer.extend(number.best().and_then(of_order));
    issuer.extend(speaking(text, &places));
    let period = period::periods(text, title, type_name, own_year);
    Proposed {
        issuer,
        number,
        doc_type,
        subtype,
        places,
        named,
        year,
        period,
        title: titles,
        dates,
    }
}

impl<'g> Proposed<'g> {
    fn decide(self) -> (Metadata, PlacesNamed<'g>) {
        let metadata = Metadata {
            title: renamed(self.title.decide(), |title| title.words),
            issuer: self.issuer.decide(),
            number: renamed(self.number.decide(), |number| number.text),
            doc_type: self.doc_type.decide(),
            subtype: self.subtype.decide(),
            province: self.places.province.decide(),
            city: self.places.city.decide(),
            county: self.places.county.decide(),
            level: self.places.level.decide(),
            year: self.year.decide(),
            period: self.period.decide(),
            date: self.dates.date.decide(),
            published: self.dates.published.decide(),
            appeared: self.dates.appeared.decide(),
            url: None,
            dates: self.dates.stated,
            themes: Vec::new(),
        };
        (metadata, self.named)
    }

    fn explain(&self) -> Explanation {
        let text = |value: &String| value.clone();
        let place = |place: &duibiao_corpus::PlaceRef| format!("{} {}", place.name, place.code);
        let fields = [
            ("title", self.title.explain(|t| t.words.clone())),
            ("issuer", self.issuer.explain(text)),
            ("number", self.number.explain(|n| n.text.clone())),
            ("doc_type", self.doc_type.explain(text)),
            ("subtype", self.subtype.explain(text)),
            ("province", self.places.province.explain(place)),
            ("city", self.places.city.explain(place)),
            ("county", self.places.county.explain(place)),
            (
                "level",
                self.places.level.explain(|l| l.as_str().to_owned()),
            ),
            ("year", self.year.explain(ToString::to_string)),
            ("period", self.period.explain(text)),
            ("date", self.dates.date.explain(ToString::to_string)),
            (
                "published",
                self.dates.published.explain(ToString::to_string),
            ),
            ("appeared", self.dates.appeared.explain(ToString::to_string)),
        ];
        fields.into_iter().collect()
    }
}

fn renamed<T, U>(value: Option<Inferred<T>>, name: impl Fn(T) -> U) -> Option<Inferred<U>> {
    value.map(|v| Inferred {
        value: name(v.value),
        confidence: v.confidence,
        rule: v.rule,
        evidence: v.evidence,
        inferred: v.inferred,
    })
}

/// Where the document may state its place, best first.
fn sites(
    text: &Text<'_>,
    title: Option<&Title>,
    dates: &Dates,
    number: Option<&Number>,
) -> Vec<Site> {
    let folded = text.folded();
    let mut sites = Vec::new();
    let mut site = |kind, bytes: Range<usize>| sites.push(Site { kind, bytes });
    if let Some(title) = title {
        site(SiteKind::Title, title.bytes.clone());
    }
    if let Some(signature) = &dates.signature {
        for name in &signature.names {
            site(SiteKind::Signature, name.clone());
        }
    }
    if let Some(place) = issuer::legislature(folded) {
        site(SiteKind::Legislature, place);
    }
    for name in dates.byline.iter().flat_map(|b| &b.names) {
        site(SiteKind::Byline, name.clone());
    }
    if let Some(number) = number {
        site(SiteKind::Number, number.bytes.clone());
    }
    let Some(title) = title else {
        return sites;
    };
    let opening = window(folded, title.bytes.end, 120);
    let words = &folded[opening.clone()];
    let begin = opening.start
        + (words.len()
            - words
                .trim_start_matches(|c: char| c.is_whitespace() || c == '#')
                .len());
    let line_end = folded[begin..]
        .find('\n')
        .map_or(folded.len(), |at| begin + at);
    let line = &folded[begin..line_end];
    if line.starts_with('—') {
        site(SiteKind::Subtitle, begin..line_end);
    } else if line.chars().nth(30).is_none()
        && !line.contains(['。', '，', '：', ':', '报', '讯', '网'])
        && !line.contains("记者")
        && !line.contains("融媒")
    {
        // Who speaks: 某市政协委员, 某县人民政府县长 某某.
        site(SiteKind::Byline, begin..line_end);
    }
    if !folded[..title.bytes.start].trim().is_empty() {
        site(SiteKind::Source, 0..title.bytes.start);
    }
    if words.contains("人民代表大会") || words.contains("人民政府令") {
        site(SiteKind::Header, opening);
    }
    sites
}

/// The government whose order it is.
fn of_order(number: &Candidate<Number>) -> Option<Candidate<String>> {
    let (body, _) = number.value.text.split_once("令第")?;
    Some(Candidate {
        rule: "issuer.order",
        confidence: 0.8,
        ..number.map(body.to_owned())
    })
}

/// The government that speaks: 我代表市人民政府, 市政府决定.
fn speaking(text: &Text<'_>, places: &place::Places) -> Option<Candidate<String>> {
    let folded = text.folded();
    let head = window(folded, 0, 1_000);
    let words = &folded[head.clone()];
    if !words.contains("代表") && !words.contains("政府决定") {
        return None;
    }
    for word in ["自治区", "省", "市", "县", "区", "州", "旗"] {
        for (phrase, sure) in [
            (format!("代表{word}人民政府"), 0.85),
            (format!("{word}政府决定"), 0.7),
            (format!("{word}人民政府决定"), 0.7),
        ] {
            let Some(at) = words.find(&phrase) else {
                continue;
            };
            let Some((name, mut evidence)) = place::government(places, word) else {
                continue;
            };
            evidence.insert(
                0,
                text.evidence(head.start + at..head.start + at + phrase.len()),
            );
            return Some(Candidate::concluded(name, "issuer.self", sure, evidence));
        }
    }
    None
}

/// Whether the document answers findings, so that its headings state them.
fn answers_findings(folded: &str, title: Option<&Title>) -> bool {
    let of_title = title.is_some_and(|t| folded[t.bytes.clone()].contains("整改"));
    of_title || folded[window(folded, 0, 1_500)].contains("整改")
}
