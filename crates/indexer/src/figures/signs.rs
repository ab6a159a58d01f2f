//! Which signs a passage has, told by one look at each of its characters: words without which no
//! pattern for deadlines or bodies can match. Most passages have hardly any of them, and what costs
//! time are patterns tried in vain.

use std::sync::LazyLock;

use duibiao_lexicon::Finder;

use crate::any_of::AnyOf;

/// The signs of a passage, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Signs(u16);

/// Each sign with the words that are one.
const SIGNS: &[(Signs, &[&str])] = &[
    (Signs::COLON, &[":", "："]),
    (Signs::BRACKET, &["(", "（"]),
    (Signs::TIME, &["年", "月", "季"]),
    (Signs::WITHIN, &["内"]),
    (Signs::TERM, &["时限", "期限", "时间"]),
    (Signs::AT_ONCE, &["立改", "即改", "坚持"]),
    (Signs::STAGE, &["阶段"]),
    (Signs::BY, &["由"]),
    (Signs::LEADS, &["牵头"]),
    (Signs::ACTS, &["负责", "承办", "主办", "组织实施"]),
    (Signs::HELPS, &["配合", "落实"]),
];
/// All of these words with the bits of their signs.
static WORDS: LazyLock<Finder> = LazyLock::new(|| {
    let each = SIGNS.iter();
    Finder::new(each.flat_map(|(sign, words)| words.iter().map(|word| (*word, u32::from(sign.0)))))
});
/// What a label ends with, its colon not counted.
static LABELS: LazyLock<AnyOf> =
    LazyLock::new(|| AnyOf::new(&["单位", "部门", "领导", "处室", "科室", "机构", "人"]));

impl Signs {
    /// A colon.
    pub(super) const COLON: Self = Self(1);
    /// A colon behind 责任单位 and its like.
    pub(super) const LABEL: Self = Self(1 << 1);
    /// A bracket that opens.
    pub(super) const BRACKET: Self = Self(1 << 2);
    /// 年, 月, 季
    pub(super) const TIME: Self = Self(1 << 3);
    /// 内
    pub(super) const WITHIN: Self = Self(1 << 4);
    /// 时限 and its like
    pub(super) const TERM: Self = Self(1 << 5);
    /// What 立行立改 and 长期坚持 end with.
    pub(super) const AT_ONCE: Self = Self(1 << 6);
    /// 阶段
    pub(super) const STAGE: Self = Self(1 << 7);
    /// 由
    pub(super) const BY: Self = Self(1 << 8);
    /// 牵头
    pub(super) const LEADS: Self = Self(1 << 9);
    /// 负责 and its like
    pub(super) const ACTS: Self = Self(1 << 10);
    /// 配合, 落实
    pub(super) const HELPS: Self = Self(1 << 11);

    /// Those of a passage.
    pub(crate) fn of(passage: &str) -> Self {
        let mut found = Self::default();
        for (at, sign) in WORDS.every(passage) {
            let sign = Self(sign as u16);
            found = found.and(sign);
            if sign == Self::COLON {
                let before = &passage[..at.start];
                let bare = before.strip_suffix(char::is_whitespace).unwrap_or(before);
                if LABELS.ends(bare) {
                    found = found.and(Self::LABEL);
                }
            }
        }
        found
    }

    /// Whether one of the signs of `other` is there.
    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The signs of both.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_a_sign_is_seen() {
        for (sign, words) in SIGNS {
            for word in *words {
                assert_eq!(Signs::of(&format!("甲{word}乙")), *sign, "{word}");
            }
        }
        assert_eq!(Signs::of("推进审批提速，增设窗口。"), Signs::default());
    }

    #[test]
    fn a_label_is_a_colon_behind_its_word() {
        let label = Signs::COLON.and(Signs::LABEL);
        assert_eq!(Signs::of("责任单位：市住房局"), label);
        assert_eq!(Signs::of("责任人\u{3000}:甲"), label);
        assert_eq!(Signs::of("方法如下：甲"), Signs::COLON);
    }
}
