//! Several changes at once: 甲、乙分别从771家、481家增加到1076家、636家.
//!
//! Only finds which number belongs to which. What each change means is for `change` to say.

use super::change;
use super::quantity::Quantity;
use super::reader::is_list_gap;
use super::words::Words;

/// How many changes may be told at once.
const MOST: usize = 6;

/// How many changes the quantities at the front of `left` tell at once; the values before stand first and
/// as many values after behind them.
pub(super) fn count(words: &Words, left: &[Quantity]) -> Option<usize> {
    let in_list = |at: usize| {
        left.get(at + 1)
            .is_some_and(|next| is_list_gap(words, left[at].end, next.begin))
    };
    let before = (0..left.len().min(MOST))
        .take_while(|&at| in_list(at))
        .count()
        + 1;
    let (last, first) = (left.get(before - 1)?, left.get(before)?);
    let lead = change::lead(words, &left[0]).unwrap_or(left[0].begin);
    let says_each = words.has(last.end, first.begin, "分别") || words.ends(lead, "分别");
    if !(2..MOST).contains(&before) || !says_each || last.sentence != first.sentence {
        return None;
    }
    let gap = words.slice(last.end, first.begin);
    let is_change = gap.len() <= 8
        && !gap.iter().any(|c| matches!(c, '，' | ','))
        && matches!(gap.last(), Some('至' | '到' | '为'))
        && words.has_list(last.end, first.begin, &change::CHANGES);
    let after = (before..left.len().min(2 * MOST))
        .take_while(|&at| in_list(at))
        .count()
        + 1;
    (is_change && after == before).then_some(before)
}
