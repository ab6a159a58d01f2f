//! Cutting inside a paragraph: 一是…二是…, （1）…（2）… and the sentence that serves as a heading.

use std::ops::Range;

use memchr::memmem;

use crate::marker::{Form, Marker};

const SENTENCE_ENDS: &[char] = &['。', '！', '？', '!', '?'];
/// What may stand before an inline item; anything else is the middle of a sentence.
const BEFORE_ITEM: &[char] = &['。', '；', '：', ';', ':', '，', ',', '”'];
const ORDINALS: &[&str] = &[
    "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四",
    "十五",
];

/// Where the first sentence of `text` ends, its stop included; the whole where it has no stop.
pub(super) fn first_sentence(text: &str) -> usize {
    text.char_indices()
        .find(|(_, c)| SENTENCE_ENDS.contains(c))
        .map_or(text.len(), |(at, c)| {
            let end = at + c.len_utf8();
            // A closing quote belongs to the sentence it closes.
            end + text[end..]
                .chars()
                .take_while(|c| matches!(c, '”' | '’' | '）' | ')' | '》'))
                .map(char::len_utf8)
                .sum::<usize>()
        })
}

/// Where 一是, 二是 … begin in `text`; empty unless at least two follow one another in order.
pub(super) fn enumeration(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut from = 0;
    for ordinal in ORDINALS {
        let is_item = |at: usize| text[at + ordinal.len()..].starts_with(['是', '要']);
        let mut places = memmem::find_iter(&text.as_bytes()[from..], *ordinal);
        let found = places.find_map(|at| {
            let at = from + at;
            (is_item(at) && may_be_item(text, from, at)).then_some(at)
        });
        let Some(at) = found else { break };
        starts.push(at);
        from = at + ordinal.len();
    }
    if starts.len() >= 2 {
        starts
    } else {
        Vec::new()
    }
}

/// Where （1）, （2） … begin in `text` after its own number; empty unless the first is number one
/// and stands at the beginning of a sentence.
pub(super) fn numbered(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut from = Marker::at_start(text).map_or(0, |m| m.len);
    if from == 0 || !text[from..].contains('1') {
        return starts;
    }
    for number in 1.. {
        let is_item = |rest: &str| {
            Marker::at_start(rest).is_some_and(|m| {
                let digits = rest[..m.len].trim_matches(|c: char| !c.is_ascii_digit());
                m.form == Form::DigitParen && digits.parse() == Ok(number)
            })
        };
        let mut brackets = text[from..].match_indices(['（', '(']);
        let found = brackets.find_map(|(at, _)| {
            let at = from + at;
            (may_be_item(text, from, at) && is_item(&text[at..])).then_some(at)
        });
        let Some(at) = found else { break };
        starts.push(at);
        from = at + 1;
        while !text.is_char_boundary(from) {
            from += 1;
        }
    }
    starts
}

/// Whether an item may begin at `at`: at the beginning of the text, or behind a stop that stands at
/// `from` or later.
fn may_be_item(text: &str, from: usize, at: usize) -> bool {
    at == 0 || text[from..at].trim_end().ends_with(BEFORE_ITEM)
}

/// Cuts a range longer than `most` bytes at sentence ends into pieces of at most that, the
/// pieces being begins; a text without any stop is cut where it must be.
pub(super) fn shorten(text: &str, range: Range<usize>, most: usize) -> Vec<usize> {
    let mut begins = vec![range.start];
    let mut begin = range.start;
    while range.end - begin > most {
        let mut limit = begin + most;
        while !text.is_char_boundary(limit) {
            limit -= 1;
        }
        let window = &text[begin..limit];
        let stop = window
            .char_indices()
            .rev()
            .take(most / 2)
            .find(|(_, c)| SENTENCE_ENDS.contains(c) || matches!(c, '；' | ';' | '\n'));
        let next = stop.map_or(limit, |(at, c)| begin + at + c.len_utf8());
        if next >= range.end {
            break;
        }
        begins.push(next);
        begin = next;
    }
    begins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_begin_after_a_stop_and_in_order() {
        let text = "1.关于甲。一是加强乙，其中之一是丙。二是推进丁；三是完善戊。";
        let starts = enumeration(text);
        assert_eq!(
            starts.iter().map(|&s| &text[s..s + 6]).collect::<Vec<_>>(),
            ["一是", "二是", "三是"]
        );
        assert!(enumeration("这是其中一是的写法").is_empty());
        assert!(enumeration("一是只有一项。").is_empty());
    }

    #[test]
    fn numbered_items_follow_the_heading_of_their_line() {
        let text = "1.关于甲。（1）关于“乙”。一是丙。二是丁。(2)关于戊。";
        assert_eq!(
            numbered(text)
                .iter()
                .map(|&s| text[s..].chars().nth(1))
                .collect::<Vec<_>>(),
            [Some('1'), Some('2')]
        );
        assert!(numbered("共（1）项。").is_empty());
    }

    #[test]
    fn the_first_sentence_takes_its_closing_marks() {
        let text = "（1）关于“甲。”。乙";
        assert_eq!(&text[..first_sentence(text)], "（1）关于“甲。”");
        assert_eq!(first_sentence("没有句号"), "没有句号".len());
    }

    #[test]
    fn long_text_is_cut_at_sentence_ends() {
        let text = "甲乙丙丁。".repeat(100);
        let begins = shorten(&text, 0..text.len(), 100);
        assert!(
            begins
                .windows(2)
                .all(|w| w[1] - w[0] <= 100 && text[..w[1]].ends_with('。'))
        );
        assert_eq!(shorten(&"字".repeat(50), 0..150, 31), [0, 30, 60, 90, 120]);
    }
}
