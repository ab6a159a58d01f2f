//! Whether a text says a term: where its characters stand as words. 供地 does not stand in 提供地下管线,
//! and what only stands in the name of an authority says nothing.

use crate::compare::gaps::own::is_end;
use crate::engine::Engine;

/// Characters on each side of an occurrence that decide how it is cut into words.
const AROUND: usize = 12;

/// A term in comparable form with what means the same.
pub(super) struct Saying<'a> {
    pub(super) engine: &'a Engine,
    /// Its forms.
    pub(super) forms: &'a [String],
}

impl Saying<'_> {
    /// The sentence of a comparable text that says it.
    pub(super) fn sentence<'t>(&self, text: &'t str) -> Option<&'t str> {
        let taxonomy = self.engine.lexicon().taxonomy();
        // A term of the taxonomy is heard there, and not where a longer word hides it.
        let is_heard = |form: &str| {
            let is_term = taxonomy.find_terms(form).any(|found| found.term == form);
            let mut terms = taxonomy.find_terms(text);
            !is_term || terms.any(|found| found.term.contains(form))
        };
        for form in self.forms {
            let mut places = text.match_indices(form.as_str());
            let stands = places.find(|(at, _)| self.is_of_words(text, *at, form));
            if let Some((at, _)) = stands
                && is_heard(form)
            {
                return Some(sentence_at(text, at));
            }
        }
        None
    }

    /// Whether an occurrence begins and ends where words do, or lies in a word.
    fn is_of_words(&self, text: &str, at: usize, form: &str) -> bool {
        let before = text[..at].char_indices().rev();
        let begin = before.take(AROUND).last().map_or(at, |(place, _)| place);
        let end = at + form.len();
        let behind = text[end..].char_indices();
        let until = behind
            .take(AROUND)
            .last()
            .map_or(end, |(place, c)| end + place + c.len_utf8());
        let (window, at, end) = (&text[begin..until], at - begin, end - begin);
        let bounds = self.engine.analyzer.word_bounds(window);
        let is_bound = |place: usize| bounds.binary_search(&place).is_ok();
        let is_inside = !bounds.iter().any(|bound| (at + 1..end).contains(bound));
        is_bound(at) && is_bound(end) || is_inside
    }
}

/// The sentence around a place of a comparable text.
pub(super) fn sentence_at(text: &str, at: usize) -> &str {
    let begin = text[..at].rfind(is_end).map_or(0, |end| {
        end + text[end..].chars().next().map_or(0, char::len_utf8)
    });
    let end = text[at..].find(is_end).map_or(text.len(), |end| at + end);
    &text[begin..end]
}
