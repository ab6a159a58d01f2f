//! What was judged, and whether something ranked is it.
//!
//! A judgement names a document, a passage by its number, or a stretch of a document's text. The
//! last stays true however passages are cut.

use duibiao_corpus::Span;

use super::ranking::Ranked;

/// Something that was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judged {
    /// The id in the file of judgements.
    pub(crate) id: String,
    /// How relevant; 0 and below is not.
    pub(crate) grade: i32,
    pub(crate) target: Target,
}

/// What a judgement is about; documents by the name they are judged by ([`names`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A whole document.
    Document(String),
    /// The passage with this number.
    Passage(String, u32),
    /// What stands between two places.
    Stretch(String, Span),
}

impl Target {
    pub(crate) fn document(&self) -> &str {
        match self {
            Self::Document(name) | Self::Passage(name, _) | Self::Stretch(name, _) => name,
        }
    }

    /// Whether a ranked entry is what was judged. A passage is a stretch when they share more than
    /// half of the shorter of the two.
    pub(crate) fn is(&self, ranked: &Ranked) -> bool {
        if self.document() != ranked.document {
            return false;
        }
        match (self, ranked.passage) {
            (Self::Document(_), _) => true,
            (_, None) => false,
            (Self::Passage(_, ordinal), Some(passage)) => *ordinal == passage.ordinal,
            (Self::Stretch(_, span), Some(passage)) => {
                let (a, b) = (*span, passage.span);
                let shared = a.end.min(b.end).saturating_sub(a.begin.max(b.begin));
                2 * shared > a.len().min(b.len())
            }
        }
    }
}

/// The names a document may be judged by, the first ones first: a row's own id, the stem of an
/// archived file, a file's stem. A row is not judged by the stem of the collection it is in.
pub(crate) fn names(path: &str) -> Vec<&str> {
    let is_collection = |path: &str| path.rsplit('/').next().is_some_and(|f| f.contains('.'));
    let (own, is_inside) = match path.split_once('#') {
        Some((collection, own)) if is_collection(collection) => (own, true),
        _ => (path, false),
    };
    let mut names = Vec::with_capacity(2);
    if is_inside {
        names.push(own);
    }
    let file = own.rsplit('/').next().unwrap_or(own);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if !stem.is_empty() && !names.contains(&stem) {
        names.push(stem);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::ranking::PassagePlace;
    use super::*;

    #[test]
    fn a_document_is_judged_by_its_own_id_or_its_stem() {
        assert_eq!(names("docs/2017/通报.txt"), ["通报"]);
        assert_eq!(names("docs/articles.jsonl#st-7"), ["st-7"]);
        assert_eq!(
            names("docs/all.zip#2017/通报.txt"),
            ["2017/通报.txt", "通报"]
        );
        assert_eq!(names("docs/第#3号.txt"), ["第#3号"]);
    }

    #[test]
    fn a_stretch_is_met_by_more_than_half_of_the_shorter() {
        let ranked = |begin, end| Ranked {
            document: "d".into(),
            passage: Some(PassagePlace {
                ordinal: 3,
                span: Span { begin, end },
            }),
        };
        let stretch = Target::Stretch(
            "d".into(),
            Span {
                begin: 100,
                end: 200,
            },
        );
        assert!(stretch.is(&ranked(0, 151)), "51 of 100 shared");
        assert!(!stretch.is(&ranked(0, 150)), "half is not more than half");
        assert!(stretch.is(&ranked(190, 205)), "10 of the shorter's 15");
        assert!(!stretch.is(&ranked(195, 205)));
        assert!(!stretch.is(&ranked(200, 300)));
        assert!(Target::Passage("d".into(), 3).is(&ranked(0, 1)));
        assert!(!Target::Passage("d".into(), 4).is(&ranked(0, 1)));
        assert!(Target::Document("d".into()).is(&ranked(0, 1)));
        assert!(!Target::Document("e".into()).is(&ranked(0, 1)));
    }
}
