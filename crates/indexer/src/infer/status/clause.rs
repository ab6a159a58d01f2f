//! Hears a measure clause by clause: which of its words say done, to come, asked or suggested.
//!
//! Works with the words of `status-words.txt` where they stand, never on a list of sentences. What the
//! marks together mean for the measure is decided in `mod`.

use std::ops::Range;
use std::sync::LazyLock;

use crate::any_of::AnyOf;

use duibiao_lexicon::{StatusSign as Says, StatusWords};

/// Words quoted for what was decided.
pub(super) const MOST_EVIDENCE: usize = 3;
/// How far behind 已 a 的 makes it describe a thing, in characters (已通过审核的驿站).
const RELATIVE_CHARS: usize = 6;
/// How much of a clause is looked at around a word, in characters.
const NEAR_CHARS: usize = 8;
/// What ends a sentence; what ends a clause besides.
const SENTENCE_STOPS: &[char] = &['。', '；', ';', '！', '？', '!', '?', '\n'];
const CLAUSE_STOPS: &[char] = &['，', ',', '、', '：', ':'];
/// What acts are counted in. Time and money are not acts.
static COUNTED: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "件",
        "次",
        "人",
        "家",
        "户",
        "份",
        "起",
        "处",
        "台",
        "只",
        "支",
        "名",
        "个",
        "项",
        "条",
        "宗",
        "批",
        "期",
        "场",
        "辆",
        "吨",
        "公里",
        "亩",
        "万元",
        "亿元",
        "平方米",
        "人次",
        "件次",
        "家次",
        "处次",
        "户次",
        "批次",
        "场次",
        "台次",
        "门",
        "所",
        "座",
        "本",
        "张",
        "篇",
        "万",
    ])
});

/// The first words of each kind that count in a measure, as bytes of its text.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) done: Vec<Range<usize>>,
    pub(super) planned: Vec<Range<usize>>,
    pub(super) suggested: Vec<Range<usize>>,
    pub(super) demanded: Vec<Range<usize>>,
    /// Acts done once that nothing says were carried out.
    pub(super) acts: Vec<Range<usize>>,
    /// Whether the suggestion stands in the first sentence.
    pub(super) begins_with_suggestion: bool,
}

/// A word and the bits of what it may say.
type Word = (Range<usize>, u32);

impl Heard {
    /// Hears `words` from byte `from` on.
    pub(super) fn in_words(words: &str, from: usize, vocabulary: &StatusWords) -> Self {
        let mut heard = Self::default();
        let mut found: Vec<Word> = vocabulary
            .find(&words[from..])
            .map(|(at, bits)| (from + at.start..from + at.end, bits))
            .collect();
        // What a cited title says (《关于印发…的通知》) is not done here.
        let titles = titles(words, from);
        if !titles.is_empty() {
            found.retain(|(at, _)| !is_within(&titles, at.start));
        }
        let mut rest = found.as_slice();
        let (mut first_sentence, mut begin) = (true, from);
        let mut sentence = Sentence::default();
        let has_ying = words.contains('应');
        for clause in clauses(words, from) {
            let here = rest.iter().take_while(|(at, _)| at.start < clause.end);
            let (inside, later) = rest.split_at(here.count());
            rest = later;
            heard.suggestion(words, &clause, first_sentence, vocabulary, has_ying);
            let view = Clause {
                words,
                range: &clause,
                vocabulary,
            };
            sentence.clause(&mut heard, &view, inside);
            let stop = words[clause.end..].chars().next();
            if stop.is_none_or(|c| SENTENCE_STOPS.contains(&c)) {
                // Only what is new: a text may be ten million empty lines.
                first_sentence = first_sentence && words[begin..clause.end].trim().is_empty();
                begin = clause.end;
                sentence = Sentence::default();
            }
        }
        heard
    }

    /// A clause that begins by suggesting, maybe behind a short subject (我市应建立).
    fn suggestion(
        &mut self,
        words: &str,
        clause: &Range<usize>,
        first_sentence: bool,
        vocabulary: &StatusWords,
        has_ying: bool,
    ) {
        let text = &words[clause.clone()];
        let trimmed = text.trim_start_matches(|c: char| c.is_whitespace() || c == '—');
        let begin = clause.end - trimmed.len();
        let at = match vocabulary.proposed(trimmed) {
            Some(_) if starts_any(trimmed, vocabulary.not_proposed()) => None,
            Some(end) => Some(begin..begin + end),
            None => has_ying
                .then(|| ying_behind_subject(trimmed, vocabulary))
                .flatten()
                .map(|at| begin + at..begin + at + '应'.len_utf8()),
        };
        if let Some(at) = at {
            note(&mut self.suggested, at);
            self.begins_with_suggestion |= first_sentence;
        }
    }
}

/// 应 as the verb of a short subject at the beginning of a clause: 我市应, 各级政府应.
fn ying_behind_subject(clause: &str, vocabulary: &StatusWords) -> Option<usize> {
    const SUBJECTS: &[&str] = &[
        "市", "省", "区", "县", "政府", "部门", "单位", "机关", "还", "也",
    ];
    let (at, _) = clause
        .char_indices()
        .take(NEAR_CHARS)
        .find(|&(_, c)| c == '应')?;
    let is_verb = SUBJECTS.iter().any(|s| clause[..at].ends_with(s))
        && !clause[at..].starts_with("应当")
        && !starts_any(&clause[at..], vocabulary.not_proposed());
    is_verb.then_some(at)
}

/// What earlier clauses of a sentence say about later ones.
#[derive(Default)]
struct Sentence {
    /// Something is to come: what follows is not done yet unless it says so itself.
    is_ahead: bool,
}

impl Sentence {
    fn clause(&mut self, heard: &mut Heard, view: &Clause<'_>, inside: &[Word]) {
        let has = |says: Says| inside.iter().any(|(_, bits)| says.is_in(*bits));
        for (at, bits) in inside {
            if view.is_to_come(at, *bits, has(Says::Already)) {
                self.is_ahead = true;
                note(&mut heard.planned, at.clone());
            } else if Says::Demand.is_in(*bits) && view.is_demand(at) {
                note(&mut heard.demanded, at.clone());
            }
        }
        let is_open = self.is_ahead || has(Says::Aim) || has(Says::Habit);
        let object = inside.iter().find(|(_, bits)| Says::Will.is_in(*bits));
        for (at, bits) in inside {
            let is_meant = object.is_some_and(|(will, _)| will.start < at.start);
            if view.is_carried_out(*bits, at) || !is_open && !is_meant && view.is_result(*bits, at)
            {
                note(&mut heard.done, view.quoted(at, *bits));
            } else if Says::Act.is_in(*bits) && !is_open && !view.describes(at) {
                note(&mut heard.acts, at.clone());
            }
        }
        let count = (!is_open && object.is_none()).then(|| view.count());
        if let Some(count) = count.flatten() {
            note(&mut heard.done, count);
        }
    }
}

/// One clause of a measure.
struct Clause<'a> {
    words: &'a str,
    range: &'a Range<usize>,
    vocabulary: &'a StatusWords,
}

impl<'a> Clause<'a> {
    fn before(&self, at: usize) -> &'a str {
        &self.words[self.range.start..at]
    }

    fn after(&self, at: usize) -> &'a str {
        &self.words[at..self.range.end]
    }

    /// Whether a word says that something is still to come.
    fn is_to_come(&self, at: &Range<usize>, bits: u32, has_already: bool) -> bool {
        if Says::Ahead.is_in(bits) {
            return true;
        }
        if Says::Will.is_in(bits) {
            let (before, after) = (self.before(at.start), self.after(at.end));
            return starts_any(after, self.vocabulary.future())
                || ends_any(before, self.vocabulary.before_future())
                || before.ends_with('即') && !before.ends_with("立即");
        }
        Says::Deadline.is_in(bits) && !has_already && self.is_deadline(at)
    }

    /// A date with 前 behind it, unless it tells which things are meant (2009年前进户的项目) or how
    /// long ago something was.
    fn is_deadline(&self, at: &Range<usize>) -> bool {
        let word = &self.words[at.clone()];
        let before = self.before(at.start);
        let digits = before
            .chars()
            .rev()
            .take_while(char::is_ascii_digit)
            .count();
        let dated = match word {
            "日前" | "月前" => digits > 0,
            "年前" => digits == 4,
            "年内" => before.ends_with(['今', '明', '本']) || before.is_empty(),
            _ => true,
        };
        dated && !near(self.after(at.end)).contains('的') && !self.after(at.end).contains('了')
    }

    /// An act of others that only describes a thing (省市场局制定的办法).
    fn describes(&self, at: &Range<usize>) -> bool {
        self.after(at.end).starts_with('的')
    }

    fn is_demand(&self, at: &Range<usize>) -> bool {
        if &self.words[at.clone()] != "要" {
            return true;
        }
        let other_after = ["求", "件", "素", "点", "闻", "地", "么", "害"];
        let other_before = [
            "重", "主", "需", "只", "首", "纲", "摘", "概", "不", "必", "简", "紧",
        ];
        !other_after
            .iter()
            .any(|w| self.after(at.end).starts_with(w))
            && !other_before
                .iter()
                .any(|w| self.before(at.start).ends_with(w))
    }

    /// Whether a word says by itself that something was carried out.
    fn is_carried_out(&self, bits: u32, at: &Range<usize>) -> bool {
        if Says::Already.is_in(bits) {
            let before = self.before(at.start);
            return !before.ends_with(['不', '而']) && !is_relative(self.after(at.end));
        }
        if Says::Le.is_in(bits) {
            let (before, after) = (self.before(at.start), self.after(at.end));
            return !before.is_empty()
                && !after.starts_with('解')
                && !ends_any(before, self.vocabulary.effects());
        }
        if Says::Since.is_in(bits) {
            let before = self.before(at.start);
            return self.after(at.end).is_empty()
                && (before.contains(|c: char| c.is_ascii_digit())
                    || ["整改", "开展", "巡视", "巡察", "今年", "年初"]
                        .iter()
                        .any(|w| before.contains(w)));
        }
        Says::Reached.is_in(bits)
    }

    /// Whether a word tells a result, where nothing else in the sentence is still to come.
    fn is_result(&self, bits: u32, at: &Range<usize>) -> bool {
        let (before, after) = (self.before(at.start), self.after(at.end));
        if Says::Issue.is_in(bits) && names_document(after) && !cites(before) {
            return true;
        }
        if Says::Change.is_in(bits) && begins_with_figure(after) && !cites(before) {
            return true;
        }
        if Says::Present.is_in(bits) {
            let end = self.words[at.end..]
                .find(SENTENCE_STOPS)
                .map_or(self.words.len(), |stop| at.end + stop);
            let said = &self.words[at.end..end];
            let mut lacks = self.vocabulary.lacks().iter();
            return before.trim().is_empty() && !lacks.any(|lack| said.contains(lack.as_str()));
        }
        // 办结制 and 办结率 name a rule and a measure of it.
        Says::Result.is_in(bits) && !after.starts_with(['的', '制', '率', '时'])
    }

    /// A number of acts at the end of the clause: 警告场所52家, 发放海报2000余份.
    fn count(&self) -> Option<Range<usize>> {
        let text = self.words[self.range.clone()].trim_end();
        let bare = text
            .strip_suffix(['）', ')'])
            .and_then(|t| t.rfind(['（', '(']).map(|open| &t[..open]))
            .unwrap_or(text);
        let unit = COUNTED.longest_before(bare)?;
        let number =
            bare[..bare.len() - unit.len()].trim_end_matches(['余', '多', '万', '亿', '千', '百']);
        let digits = number.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ',');
        let has_verb =
            digits.chars().nth(1).is_some() && !digits.ends_with(['第', '“', '至', '—', '-']);
        (digits.len() < number.len() && has_verb && !cites(digits) && !is_listed(digits)).then(
            || {
                let begin = self.range.start + digits.len();
                begin..self.range.start + bare.len()
            },
        )
    }

    /// The word with what makes it telling: 已完成, 开展了, 下降13.
    fn quoted(&self, at: &Range<usize>, bits: u32) -> Range<usize> {
        let ahead = |count: usize| {
            let after = self.after(at.end);
            at.end + after.chars().take(count).map(char::len_utf8).sum::<usize>()
        };
        if Says::Already.is_in(bits) {
            return at.start..ahead(2);
        }
        if Says::Le.is_in(bits) {
            let verb: usize = self
                .before(at.start)
                .chars()
                .rev()
                .take(2)
                .map(char::len_utf8)
                .sum();
            return at.start - verb..at.end;
        }
        at.clone()
    }
}

fn starts_any(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| text.starts_with(word.as_str()))
}

fn ends_any(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| text.ends_with(word.as_str()))
}

/// Whether what follows 已 ends in 的 and so only describes the thing behind it.
fn is_relative(after: &str) -> bool {
    after
        .char_indices()
        .take(RELATIVE_CHARS)
        .find(|&(_, c)| c == '的')
        .is_some_and(|(at, _)| !after[at + '的'.len_utf8()..].trim().is_empty())
}

/// The titles in `words`, as bytes between 《 and 》.
fn titles(words: &str, from: usize) -> Vec<Range<usize>> {
    let mut titles = Vec::new();
    let mut next = from;
    while let Some(open) = words[next..].find('《').map(|at| next + at)
        && let Some(close) = words[open..].find('》').map(|at| open + at)
    {
        titles.push(open..close);
        next = close;
    }
    titles
}

fn is_within(titles: &[Range<usize>], at: usize) -> bool {
    let next = titles.partition_point(|title| title.end <= at);
    titles.get(next).is_some_and(|title| title.start <= at)
}

/// `《` at once, or behind what belongs to the verb.
fn names_document(after: &str) -> bool {
    let rest = ["了", "出台", "印发", "出", "并印发", "实施"]
        .iter()
        .find_map(|word| after.strip_prefix(word))
        .unwrap_or(after);
    rest.starts_with('《')
}

/// A clause that begins by naming what it follows (按照…印发的…).
fn cites(before: &str) -> bool {
    let begin = before.trim_start();
    [
        "按照", "根据", "依据", "依照", "对照", "贯彻", "落实", "对于", "凡",
    ]
    .iter()
    .any(|word| begin.starts_with(word))
}

/// A number that belongs to a matter spoken of (涉及, 其中) or a way to count (分为) is no act.
fn is_listed(before: &str) -> bool {
    [
        "涉及", "分为", "包括", "共有", "现有", "全市", "全省", "全县", "全区",
    ]
    .iter()
    .any(|word| before.ends_with(word))
}

/// A figure, maybe behind a word that carries it (至, 到, 近).
fn begins_with_figure(after: &str) -> bool {
    after
        .trim_start_matches(|c: char| {
            "至到为了近约超逾全省国第率量".contains(c) || c.is_whitespace()
        })
        .starts_with(|c: char| c.is_ascii_digit())
}

fn near(text: &str) -> &str {
    let end = text
        .char_indices()
        .nth(NEAR_CHARS)
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

fn note(list: &mut Vec<Range<usize>>, at: Range<usize>) {
    if list.len() < MOST_EVIDENCE && list.last().is_none_or(|last| last.end <= at.start) {
        list.push(at);
    }
}

/// The clauses of `words` from `from` on, their stops not counted.
fn clauses(words: &str, from: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut begin = from;
    std::iter::from_fn(move || {
        if begin > words.len() {
            return None;
        }
        let stop = next_stop(&words[begin..]);
        let range = begin..stop.map_or(words.len(), |(at, _)| begin + at);
        begin = stop.map_or(words.len() + 1, |(at, c)| begin + at + c.len_utf8());
        Some(range)
    })
}

/// Whether a stop has a character of this first byte. Most bytes of Chinese text are neither.
const MAY_STOP: [bool; 256] = {
    let mut may = [false; 256];
    let ascii = b"\n;!?,:";
    let mut at = 0;
    while at < ascii.len() {
        may[ascii[at] as usize] = true;
        at += 1;
    }
    // 。 and 、, and those of full width
    may[0xe3] = true;
    may[0xef] = true;
    may
};

/// The first stop of a text.
fn next_stop(text: &str) -> Option<(usize, char)> {
    let places = text.bytes().enumerate();
    let mut places = places.filter(|(_, byte)| MAY_STOP[usize::from(*byte)]);
    places.find_map(|(at, _)| {
        let c = text[at..].chars().next()?;
        is_stop(text, at, c).then_some((at, c))
    })
}

/// A stop, unless it stands inside a number (1,560件).
fn is_stop(text: &str, at: usize, c: char) -> bool {
    if c == ',' {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        return !(digit(text[..at].chars().next_back()) && digit(text[at + 1..].chars().next()));
    }
    SENTENCE_STOPS.contains(&c) || CLAUSE_STOPS.contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stop_is_seen_by_its_first_byte() {
        for stop in SENTENCE_STOPS.iter().chain(CLAUSE_STOPS) {
            let text = format!("已办结{stop}其余");
            assert_eq!(next_stop(&text), Some((9, *stop)), "{stop:?}");
        }
        assert_eq!(next_stop("办结1,560件“已”"), None);
    }
}
