//! What a document's text says about the document: each value with the words it rests on, and
//! nothing where the text says nothing.

mod issuer;
mod period;
mod place;
pub(crate) mod status;
pub(crate) mod themes;
mod time;
mod title;

use std::ops::Range;

use duibiao_corpus::Metadata;
use duibiao_lexicon::Lexicon;

use crate::segment::Outline;
use crate::text::{Line, Text};

/// Metadata without themes, and what the segmenter has to know.
pub(crate) fn infer(
    text: &Text<'_>,
    lines: &[Line],
    marked_title: Option<Range<usize>>,
    lexicon: &Lexicon,
) -> (Metadata, Outline) {
    let folded = text.folded();
    let title = title::find(text, lines, marked_title);
    let time = time::find(text, lines, title.as_ref());
    let issuer = issuer::issuer(
        text,
        title.as_ref(),
        time.signature.as_ref().map(|lines| lines.start),
    );
    let number = issuer::number(text, lines);
    let doc_type = title::doc_type(text, title.as_ref());
    let stated = stated(
        text,
        title.as_ref(),
        time.signature.as_ref().map(|lines| lines.start),
        issuer.is_some(),
    );
    let places = place::find(text, lexicon.gazetteer(), &stated);
    let outline = Outline {
        title: title.as_ref().map(|t| t.bytes.clone()),
        signature: time.signature.clone(),
        answers_findings: answers_findings(folded, title.as_ref()),
    };
    let period = period::find(
        text,
        doc_type.as_ref().map(|t| t.value.as_str()),
        time.year.as_ref().map(|y| y.value),
    );
    let metadata = Metadata {
        title: title.map(|t| t.value),
        issuer,
        number,
        doc_type,
        subtype: None,
        province: places.province,
        city: places.city,
        county: places.county,
        level: places.level,
        year: time.year,
        period,
        date: time.date,
        published: time.published,
        appeared: time.appeared,
        url: None,
        themes: Vec::new(),
    };
    (metadata, outline)
}

/// Where the document may state its place, best first.
fn stated(
    text: &Text<'_>,
    title: Option<&title::Title>,
    signature: Option<usize>,
    has_issuer: bool,
) -> Vec<place::Stated> {
    let folded = text.folded();
    let mut sites = Vec::new();
    let mut site = |rule, bytes, confidence| {
        sites.push(place::Stated {
            rule,
            bytes,
            confidence,
        })
    };
    if let Some(title) = title {
        site(place::TITLE, title.bytes.clone(), 0.97);
    }
    if let Some(begin) = signature.filter(|_| has_issuer) {
        site("place.signature", title::window(folded, begin, 40), 0.95);
    }
    if let Some(title) = title {
        if !folded[..title.bytes.start].trim().is_empty() {
            site("place.source", 0..title.bytes.start, 0.8);
        }
        let opening = place::opening(folded, title.bytes.end);
        if folded[opening.clone()].contains("人民代表大会")
            || folded[opening.clone()].contains("人民政府令")
        {
            site("place.header", opening, 0.9);
        }
    }
    sites
}

/// Whether the document answers findings, so that its headings state them.
fn answers_findings(folded: &str, title: Option<&title::Title>) -> bool {
    let of_title = title.is_some_and(|t| folded[t.bytes.clone()].contains("整改"));
    of_title || folded[title::window(folded, 0, 1_500)].contains("整改")
}

/// Whether the text says that it is part of something larger.
pub(crate) fn is_partial(folded: &str) -> bool {
    let head = &folded[title::window(folded, 0, 300)];
    ["(上接", "（上接"].iter().any(|w| head.contains(w))
        || ["(下转", "（下转"].iter().any(|w| folded.contains(w))
}
