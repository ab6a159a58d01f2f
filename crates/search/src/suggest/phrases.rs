//! Words and frequent phrases of running text, counted in bounded memory.
//!
//! A phrase is a run of words that occurs often, begins and ends with words that name something, and
//! is not merely part of a longer phrase. What it is good for is not judged here.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

/// Words of a phrase.
const LONGEST: usize = 4;
/// Characters of a phrase.
const CHARS: std::ops::RangeInclusive<usize> = 3..=14;
/// A phrase occurs at least so often.
const FEWEST: u16 = 3;
/// Runs that are counted exactly; the others are known to be rarer.
const MOST_RUNS: usize = 300_000;
/// Counters of all runs: a run shares one with few others.
const COUNTERS: usize = 1 << 22;
/// A phrase that occurs mostly inside a longer one is only a part of it.
const MOSTLY: f32 = 0.8;

/// Words that say how and not what: no phrase begins or ends with one.
const STRUCTURAL: &str = "的 了 和 与 及 或 等 在 对 把 被 将 是 以 为 于 之 其 而 且 并 由 从 向 到 给 让 使 也 都 就 还 又 \
    后 前 时 内 外 中 上 下 间 应 可 需 须 要 会 能 已 未 不 无 非 有 各 每 该 此 本 这 那 某 所 者 着 过 地 得 即 则 若 如 因 按 \
    经 据 凡 至 每 仅 只 更 最 较 很 再 才 却 但 或者 以及 并且 而且 但是 因此 因为 由于 如果 其他 其它 有关 相关 应当 可以 能够 \
    必须 需要 不得 不能 不予 进行 予以 按照 根据 依照 通过 对于 关于 以上 以下 之间 之后 之前 之日起 同时 以外 其中 包括 下列 \
    上述 所列 所述 规定的 的话 之一 不是 没有 是否 为了 以便 以内 方可 不再 已经 正在 及其 等等 一个 一种 这些 那些 他们 我们 \
    自己 什么 又称 属于 作为 成为 具有 认为 均 亦 曾 另 余 起 来 去 做 作 说 看 用 拟 系 称 项 条 款 章 节 年 月 日 个 名 次 份 \
    元 万 亿 号 第 一 二 三 四 五 六 七 八 九 十 百 千 两 多 大 小 新 人 由其 并由 不超过 第一 第二 第三";

/// A break between words: punctuation, a number, the end of a text.
const BREAK: u32 = 0;

/// Text as numbers of words.
#[derive(Debug)]
pub(crate) struct Phrases {
    numbers: FxHashMap<String, u32>,
    words: Vec<Word>,
    sequence: Vec<u32>,
    /// Words that no phrase begins or ends with.
    structural: Vec<&'static str>,
}

#[derive(Debug)]
struct Word {
    text: String,
    chars: u8,
    count: u32,
    hash: u64,
    /// Whether a phrase may begin or end with it.
    names: bool,
}

/// A run of words that was counted.
#[derive(Debug, Clone, Copy)]
struct Run {
    at: u32,
    length: u8,
    count: u32,
    /// How often the most frequent run that has it and one word more occurs.
    inside: u32,
}

impl Default for Phrases {
    fn default() -> Self {
        Self {
            numbers: FxHashMap::default(),
            // The number of the break is nobody's.
            words: vec![Word {
                text: String::new(),
                chars: 0,
                count: 0,
                hash: 0,
                names: false,
            }],
            sequence: Vec::new(),
            structural: STRUCTURAL.split_whitespace().collect(),
        }
    }
}

impl Phrases {
    /// Adds the next word of a text.
    pub(crate) fn word(&mut self, text: &str) {
        if !text.chars().any(is_han) {
            return self.end();
        }
        let number = match self.numbers.get(text) {
            Some(number) => *number,
            None => self.new_word(text),
        };
        self.words[number as usize].count += 1;
        self.sequence.push(number);
    }

    /// No phrase goes on from here.
    pub(crate) fn end(&mut self) {
        if self.sequence.last().is_some_and(|last| *last != BREAK) {
            self.sequence.push(BREAK);
        }
    }

    fn new_word(&mut self, text: &str) -> u32 {
        let mut hasher = FxHasher::default();
        text.hash(&mut hasher);
        let number = self.words.len() as u32;
        self.words.push(Word {
            chars: text.chars().count().min(255) as u8,
            count: 0,
            hash: hasher.finish(),
            names: !self.structural.contains(&text),
            text: text.to_owned(),
        });
        self.numbers.insert(text.to_owned(), number);
        number
    }

    /// Gives every word of two or more characters and every phrase, with how often it occurs and the
    /// characters at which its words begin.
    pub(crate) fn each(self, mut give: impl FnMut(String, u32, &[u8])) {
        for word in self
            .words
            .iter()
            .filter(|word| word.chars > 1 && word.names)
        {
            give(word.text.clone(), word.count, &[0]);
        }
        for run in self.runs() {
            let words = self.run(&run);
            let mut text = String::new();
            let mut starts = [0u8; LONGEST];
            let mut chars = 0;
            for (word, start) in words.zip(&mut starts) {
                *start = chars;
                chars += word.chars;
                text.push_str(&word.text);
            }
            give(text, run.count, &starts[..run.length.into()]);
        }
    }

    fn run(&self, run: &Run) -> impl Iterator<Item = &Word> {
        let at = run.at as usize;
        let numbers = &self.sequence[at..at + usize::from(run.length)];
        numbers.iter().map(|number| &self.words[*number as usize])
    }

    /// Calls `see` with every run that may be a phrase: where it is, its length and its hash.
    fn each_run(&self, mut see: impl FnMut(usize, usize, u64)) {
        for at in 0..self.sequence.len() {
            if !self.words[self.sequence[at] as usize].names {
                continue;
            }
            let (mut hash, mut chars) = (0u64, 0);
            for length in 1..=LONGEST {
                let Some(number) = self.sequence.get(at + length - 1).filter(|n| **n != BREAK)
                else {
                    break;
                };
                let word = &self.words[*number as usize];
                hash = (hash.rotate_left(5) ^ word.hash).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                chars += usize::from(word.chars);
                if chars > *CHARS.end() {
                    break;
                }
                if length > 1 && word.names && chars >= *CHARS.start() {
                    see(at, length, hash);
                }
            }
        }
    }

    /// The runs that are phrases.
    fn runs(&self) -> Vec<Run> {
        let mut counters = vec![0u16; COUNTERS];
        let counter = |hash: u64| (hash >> 42) as usize % COUNTERS;
        self.each_run(|_, _, hash| {
            let counter = &mut counters[counter(hash)];
            *counter = counter.saturating_add(1);
        });
        let least = least(&counters);
        let mut runs: FxHashMap<u64, Run> = FxHashMap::default();
        self.each_run(|at, length, hash| {
            if counters[counter(hash)] >= least {
                let run = runs.entry(hash).or_insert(Run {
                    at: at as u32,
                    length: length as u8,
                    count: 0,
                    inside: 0,
                });
                run.count += 1;
            }
        });
        drop(counters);
        runs.retain(|_, run| run.count >= u32::from(least));
        self.look_inside(&mut runs);
        let mut runs: Vec<Run> = runs.into_values().collect();
        runs.retain(|run| {
            (run.inside as f32) < MOSTLY * run.count as f32 && self.holds_together(run)
        });
        runs
    }

    /// Notes of every run how often it is part of a longer one.
    fn look_inside(&self, runs: &mut FxHashMap<u64, Run>) {
        let longer: Vec<Run> = runs.values().filter(|r| r.length > 2).copied().collect();
        for run in longer {
            let (at, length) = (run.at as usize, usize::from(run.length));
            for part in [at..at + length - 1, at + 1..at + length] {
                let hash = self.sequence[part].iter().fold(0u64, |hash, number| {
                    let word = &self.words[*number as usize];
                    (hash.rotate_left(5) ^ word.hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
                });
                if let Some(part) = runs.get_mut(&hash) {
                    part.inside = part.inside.max(run.count);
                }
            }
        }
    }

    /// Whether the words of a run meet more often than two frequent words do anywhere.
    fn holds_together(&self, run: &Run) -> bool {
        let rarest = self.run(run).map(|word| word.count).min().unwrap_or(0);
        run.count * 400 >= rarest
    }
}

/// How often a run must occur for there to be no more of them than can be counted.
fn least(counters: &[u16]) -> u16 {
    let mut least = FEWEST;
    while counters.iter().filter(|count| **count >= least).count() > MOST_RUNS {
        least = least.saturating_add((least / 4).max(1));
    }
    least
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(texts: &[&str]) -> Vec<(String, u32)> {
        let mut phrases = Phrases::default();
        for text in texts {
            for word in text.split(' ') {
                phrases.word(word);
            }
            phrases.end();
        }
        let mut found = Vec::new();
        phrases.each(|text, count, starts| {
            if starts.len() > 1 {
                found.push((text, count));
            }
        });
        found.sort();
        found
    }

    #[test]
    fn phrases_occur_often_and_are_whole() {
        let one = "优化 政务 服务 流程";
        let other = "规范 政务 服务 行为";
        let found = phrases(&[one, one, one, other, other, other]);
        let texts: Vec<&str> = found.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["优化政务服务流程", "政务服务", "规范政务服务行为"]);
        assert_eq!(found[1].1, 6);
        assert!(phrases(&[one, one]).is_empty());
    }

    #[test]
    fn phrases_neither_begin_nor_end_with_words_that_name_nothing() {
        let text = "依法 应当 审批 的 事项 , 清单";
        let found = phrases(&[text; 4]);
        let texts: Vec<&str> = found.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["依法应当审批", "审批的事项"]);
    }

    #[test]
    fn memory_is_bounded_whatever_is_typed() {
        assert_eq!(least(&[3; 10]), 3);
        assert!(least(&vec![3; MOST_RUNS + 1]) > 3);
    }
}
