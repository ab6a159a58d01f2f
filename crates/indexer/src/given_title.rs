//! What a title says that is given beside the text: a row of a collection often has the title in
//! a column of its own, and the text begins below it.

use std::borrow::Cow;

use duibiao_corpus::{Document, Inferred};
use duibiao_index::Analyzer;
use duibiao_lexicon::Lexicon;

use crate::understand::understand;

/// The rule of values that follow from a given title.
const RULE: &str = "title.given";

/// Fills in what the text does not state and its given title does. What the title says stands
/// above what was only concluded from the text.
pub(crate) fn apply(document: &mut Document, title: &str, lexicon: &Lexicon, analyzer: &Analyzer) {
    let Ok(extracted) = duibiao_extract::extract("title.txt", title.as_bytes()) else {
        return;
    };
    let said = understand("", extracted, lexicon, analyzer).metadata;
    let known = &mut document.metadata;
    // The places belong together: a city of the title never stands in a province of the text.
    let is_weak =
        |places: [&Option<Inferred<_>>; 3]| places.into_iter().flatten().all(|p| p.inferred);
    if said.province.is_some() && is_weak([&known.province, &known.city, &known.county]) {
        known.province = said.province.map(follows);
        known.city = said.city.map(follows);
        known.county = said.county.map(follows);
        known.level = said.level.map(follows);
    }
    fill(&mut known.issuer, said.issuer);
    fill(&mut known.doc_type, said.doc_type);
    fill(&mut known.subtype, said.subtype);
    fill(&mut known.year, said.year);
    fill(&mut known.period, said.period);
}

fn fill<T>(known: &mut Option<Inferred<T>>, said: Option<Inferred<T>>) {
    if known.as_ref().is_none_or(|known| known.inferred)
        && let Some(said) = said
    {
        *known = Some(follows(said));
    }
}

/// A value that follows from the title. Its words are not in the text, so they are no evidence.
fn follows<T>(said: Inferred<T>) -> Inferred<T> {
    Inferred {
        rule: Cow::Borrowed(RULE),
        evidence: Vec::new(),
        inferred: true,
        ..said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_beside_the_text_tells_its_place_and_type() {
        let lexicon = Lexicon::embedded().expect("lexicon");
        let analyzer = Analyzer::new(&lexicon).expect("analyzer");
        let read = |text: &str| {
            let extracted = duibiao_extract::extract("a.txt", text.as_bytes()).expect("text");
            understand("a.txt", extracted, &lexicon, &analyzer)
        };
        let title = "大同市人民政府关于印发2021年优化营商环境工作要点的通知";
        let mut document = read("一、推行容缺受理，压缩审批时限。\n二、公布收费清单。\n");
        apply(&mut document, title, &lexicon, &analyzer);
        let known = &document.metadata;
        let city = known.city.as_ref().expect("a city");
        assert_eq!((city.value.name.as_str(), city.inferred), ("大同市", true));
        assert!(city.evidence.is_empty());
        assert_eq!(
            known.province.as_ref().map(|p| p.value.name.as_str()),
            Some("山西省")
        );
        assert_eq!(known.year.as_ref().map(|y| y.value), Some(2021));
        assert_eq!(
            known.doc_type.as_ref().map(|t| t.value.as_str()),
            Some("通知")
        );

        // What the text states itself stands.
        let mut document = read(
            "青岛市人民政府关于推行容缺受理的通知\n一、推行容缺受理。\n青岛市人民政府\n2019年3月2日\n",
        );
        apply(&mut document, title, &lexicon, &analyzer);
        let known = &document.metadata;
        assert_eq!(
            known.city.as_ref().map(|c| c.value.name.as_str()),
            Some("青岛市")
        );
        assert_eq!(known.year.as_ref().map(|y| y.value), Some(2019));
    }
}
