//! Where two near-identical texts differ, word by word: 应当 in one city is 可以 in the next, and
//! that is the finding.

use std::time::{Duration, Instant};

use duibiao_corpus::Script;
use duibiao_index::{Analyzer, Normal};
use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};
use utoipa::ToSchema;

/// Longer texts are not compared word by word.
const MOST_CHARS: usize = 6_000;
/// Of texts that take longer, the rest is told as one change; texts this long that are nearly the
/// same take less.
const LONGEST: Duration = Duration::from_millis(20);

/// A stretch of two texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Change {
    /// What became of it.
    pub kind: ChangeKind,
    /// The words, verbatim from the text they stand in; of what both have, as the other has it.
    pub text: String,
}

/// What became of a stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// Both have it.
    Same,
    /// Only the first has it.
    Removed,
    /// Only the other has it.
    Added,
}

/// A word as it is compared, with the characters of the original it stands for.
struct Token {
    word: String,
    original: String,
}

/// The other text as what it keeps of the first, leaves out and adds; script, width, case and
/// white space are no difference. `None` for texts that are too long.
pub(super) fn changes(
    analyzer: &Analyzer,
    one: (&str, Script),
    other: (&str, Script),
) -> Option<Vec<Change>> {
    if [one.0, other.0]
        .iter()
        .any(|text| text.chars().nth(MOST_CHARS).is_some())
    {
        return None;
    }
    let (one, other) = (tokens(analyzer, one), tokens(analyzer, other));
    let words = |tokens: &[Token]| -> Vec<String> {
        tokens.iter().map(|token| token.word.clone()).collect()
    };
    let until = Instant::now() + LONGEST;
    let steps =
        capture_diff_slices_deadline(Algorithm::Myers, &words(&one), &words(&other), Some(until));
    let mut changes: Vec<Change> = Vec::new();
    let mut push = |kind, tokens: &[Token]| {
        let text: String = tokens.iter().map(|token| token.original.as_str()).collect();
        if !text.is_empty() {
            changes.push(Change { kind, text });
        }
    };
    for step in steps {
        let (tag, old, new) = step.as_tag_tuple();
        if tag == DiffTag::Equal {
            push(ChangeKind::Same, &other[new]);
        } else {
            push(ChangeKind::Removed, &one[old]);
            push(ChangeKind::Added, &other[new]);
        }
    }
    Some(changes)
}

/// The words of a text with what stands between them.
fn tokens(analyzer: &Analyzer, (text, script): (&str, Script)) -> Vec<Token> {
    let text = text.trim();
    let chars: Vec<char> = text.chars().collect();
    let normal = Normal::new(&analyzer.fold(text, script));
    let mut tokens = Vec::new();
    let (mut at, mut from) = (0, 0);
    analyzer.tiles(&normal, |word| {
        at += word.chars().count();
        let to = normal
            .origin
            .get(at)
            .map_or(chars.len(), |&next| next as usize);
        tokens.push(Token {
            word: word.to_owned(),
            original: chars[from..to.max(from)].iter().collect(),
        });
        from = to.max(from);
    });
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use duibiao_lexicon::Lexicon;
    use std::sync::LazyLock;

    static ANALYZER: LazyLock<Analyzer> =
        LazyLock::new(|| Analyzer::new(&Lexicon::embedded().expect("lexicon")).expect("analyzer"));

    fn between(one: &str, other: &str) -> Vec<(ChangeKind, String)> {
        changes(&ANALYZER, (one, Script::Hans), (other, Script::Hans))
            .expect("short")
            .into_iter()
            .map(|change| (change.kind, change.text))
            .collect()
    }

    #[test]
    fn a_duty_that_became_a_choice_stands_out() {
        use ChangeKind::{Added, Removed, Same};
        let found = between(
            "主管部门应当在三日内书面告知申请人。",
            "主管部门可以在三日内　书面告知申请人。",
        );
        let expected = [
            (Same, "主管部门"),
            (Removed, "应当"),
            (Added, "可以"),
            (Same, "在三日内　书面告知申请人。"),
        ];
        assert_eq!(found, expected.map(|(kind, text)| (kind, text.to_owned())));
    }

    #[test]
    fn each_text_can_be_put_together_again() {
        let pairs = [
            ("推行容缺受理，限期补齐。", "推行告知承诺，限 期 补齐材料。"),
            ("", "新增一条。"),
            ("删去。", ""),
            ("35.4％的事项①", "35.4%的事项1，ＡＰＰ办理"),
        ];
        for (one, other) in pairs {
            let found = between(one, other);
            let with = |kind| -> String {
                let of = found
                    .iter()
                    .filter(|(own, _)| *own == kind || *own == ChangeKind::Same);
                of.map(|(_, text)| text.as_str()).collect()
            };
            assert_eq!(with(ChangeKind::Added), other);
            let squeezed = |text: &str| ANALYZER.comparable(text);
            assert_eq!(squeezed(&with(ChangeKind::Removed)), squeezed(one));
        }
    }

    #[test]
    fn script_and_width_are_no_difference() {
        let found = changes(
            &ANALYZER,
            ("人才引进工作", Script::Hans),
            ("人才引進工作", Script::Hant),
        );
        let found = found.expect("short");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text, "人才引進工作");
    }

    #[test]
    fn a_text_too_long_is_not_compared() {
        let long = "办".repeat(MOST_CHARS + 1);
        assert_eq!(
            changes(&ANALYZER, (&long, Script::Hans), ("办", Script::Hans)),
            None
        );
    }
}
