//! A sketch of a text in 64 bits, by which near-copies are known without comparing texts.
//!
//! MinHash (Broder 1997) over stretches of five characters, with eight hash functions of which
//! one byte each is kept: two texts that share the share s of their stretches have on average
//! 8·s equal bytes, and one in 256 by chance. It decides nothing: texts that look alike here are
//! compared before they are called copies.

/// Characters in a stretch; shorter ones are common to most texts, longer ones break at every
/// change.
const STRETCH: usize = 5;

/// Odd numbers that make eight hashes of one (multiply-shift hashing).
const MULTIPLIERS: [u64; 8] = [
    0x9e37_79b9_7f4a_7c15,
    0xbf58_476d_1ce4_e5b9,
    0x94d0_49bb_1331_11eb,
    0xd6e8_feb8_6659_fd93,
    0xa076_1d64_78bd_642f,
    0xe703_7ed1_a0b4_28db,
    0x8ebc_6af0_9c88_c6e3,
    0x5899_65cc_7537_4cc3,
];

/// The least value of each hash over the stretches of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sketch {
    least: [u64; 8],
}

impl Default for Sketch {
    /// Of no text.
    fn default() -> Self {
        Self {
            least: [u64::MAX; 8],
        }
    }
}

impl Sketch {
    /// The sketch of a comparable text; punctuation and its own number do not count.
    pub fn of(comparable: &str) -> Self {
        let mut sketch = Self::default();
        for stretch in stretches(without_number(comparable)) {
            for (least, multiplier) in sketch.least.iter_mut().zip(MULTIPLIERS) {
                *least = (*least).min(stretch.wrapping_mul(multiplier));
            }
        }
        sketch
    }

    /// The sketch of two texts taken together.
    pub fn joined(mut self, other: Self) -> Self {
        for (own, other) in self.least.iter_mut().zip(other.least) {
            *own = (*own).min(other);
        }
        self
    }

    /// Eight bytes, one of each hash; 0 for a text without a letter.
    pub fn key(self) -> u64 {
        if self == Self::default() {
            return 0;
        }
        // The lowest bytes of products are weak; those in the middle depend on all below.
        let bytes = self.least.map(|least| (least >> 24) as u8);
        u64::from_le_bytes(bytes).max(1)
    }

    /// How many of the eight bytes of two keys are equal; 0 where either is of no text.
    pub fn alike(one: u64, other: u64) -> u32 {
        if one == 0 || other == 0 {
            return 0;
        }
        let differing = one ^ other;
        differing
            .to_le_bytes()
            .iter()
            .filter(|byte| **byte == 0)
            .count() as u32
    }

    /// The share of stretches that two comparable texts have in common (Jaccard), 0 to 1.
    pub fn likeness(one: &str, other: &str) -> f32 {
        let set = |text| {
            let mut all: Vec<u64> = stretches(without_number(text)).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let (one, other) = (set(one), set(other));
        let common = one
            .iter()
            .filter(|stretch| other.binary_search(stretch).is_ok())
            .count();
        let all = one.len() + other.len() - common;
        common as f32 / all.max(1) as f32
    }
}

/// The text behind the number it is listed under (第十二条, 3., （二）, 一、): the same article has
/// another number in every regulation that took it over.
fn without_number(comparable: &str) -> &str {
    let is_digit = |c: char| c.is_ascii_digit() || "〇零一二三四五六七八九十百千".contains(c);
    let open = comparable.trim_start_matches(['(', '第', '[']);
    let rest = open.trim_start_matches(is_digit);
    match rest.strip_prefix(['条', '、', '.', ')', ']', '．', '款', '项']) {
        Some(behind) if rest.len() < open.len() => behind,
        _ => comparable,
    }
}

/// A hash of every stretch; of the whole where it is shorter than one.
fn stretches(comparable: &str) -> impl Iterator<Item = u64> {
    let mut held = [0u32; STRETCH];
    let mut seen = 0usize;
    let total = comparable.chars().filter(|c| c.is_alphanumeric()).count();
    let first = total.min(STRETCH);
    comparable
        .chars()
        .filter(|c| c.is_alphanumeric())
        .filter_map(move |c| {
            held.rotate_left(1);
            held[STRETCH - 1] = c as u32;
            seen += 1;
            (seen >= first).then(|| hash(&held))
        })
}

/// FNV-1a over characters, mixed at the end so that high bits depend on all of them.
fn hash(stretch: &[u32; STRETCH]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for &c in stretch {
        hash = (hash ^ u64::from(c)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 32;
    hash.wrapping_mul(0xff51_afd7_ed55_8ccd)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "推行容缺受理,对主要材料齐全的事项先行办理,次要材料限期补齐,逾期未补的退回并告知";

    #[test]
    fn copies_are_alike_and_other_texts_are_not() {
        let key = |text: &str| Sketch::of(text).key();
        assert_eq!(Sketch::alike(key(TEXT), key(&TEXT.replace(',', "。"))), 8);
        let changed = TEXT.replace("退回并告知", "退回");
        assert!(Sketch::alike(key(TEXT), key(&changed)) >= 5);
        let other = "规范中介服务收费,建立中介超市,实行统一入驻、公开选取、合同备案和信用评价制度";
        assert!(Sketch::alike(key(TEXT), key(other)) <= 1);
        assert!(Sketch::likeness(TEXT, &changed) > 0.85);
        assert!(Sketch::likeness(TEXT, other) < 0.05);
    }

    #[test]
    fn short_texts_and_none_have_sketches_too() {
        let key = |text: &str| Sketch::of(text).key();
        assert_eq!(Sketch::alike(key("附则"), key("附则。")), 8);
        assert_eq!(Sketch::alike(key("附则"), key("总则")), 0);
        assert_eq!(
            Sketch::alike(
                key("第十二条本条例自公布之日起施行"),
                key("第九条本条例自公布之日起施行")
            ),
            8
        );
        assert_eq!(without_number("一网通办"), "一网通办");
        assert_eq!((key(""), key("——"), Sketch::alike(0, 0)), (0, 0, 0));
        assert!(Sketch::likeness("附则", "附则") > 0.99);
    }

    #[test]
    fn parts_joined_are_like_the_whole() {
        let middle = TEXT.char_indices().nth(20).expect("long enough").0;
        let (one, two) = TEXT.split_at(middle);
        let parts = Sketch::of(one).joined(Sketch::of(two)).key();
        assert!(Sketch::alike(parts, Sketch::of(TEXT).key()) >= 6);
    }
}
