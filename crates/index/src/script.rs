//! Tells Traditional from Simplified text and folds Traditional into Simplified, one code point
//! for one, with OpenCC's `tw2s` (which turns 著力 into 着力 and leaves 著名 alone).
//!
//! Only what is compared is folded. What is shown or quoted keeps its own characters.

use std::borrow::Cow;

use duibiao_corpus::Script;
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

use crate::AnalyzerError;

/// The CJK Unified Ideographs that OpenCC knows by single characters.
const FIRST: char = '\u{3400}';
const LAST: char = '\u{9fff}';
/// Characters that OpenCC changes on the way to Traditional, though Traditional text has them too
/// (里 of 公里, 后 of 皇后, 台 of 平台): typed, they speak for neither script. They are those of its
/// STCharacters table that stand among their own forms but not first, without the two never seen so.
const IN_BOTH: &str = "万丰于云亘仆价伙余佣党准几凶划占厂厘台叶吁吃后咨咸唇夸尸岩岳帘干广征愿托挂据斗朴杠杰极柜涂涌淀游熏皂种筑胜腊腌膻苹范荐虫蚝蜡蝎跖辟适郁采里";
/// Enough characters to tell the script of a document; more would only cost time.
const SAMPLE: usize = 4_000;

/// Which script a character speaks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    Neither,
    Simplified,
    Traditional,
}

/// The folding tables. Building them takes a few milliseconds; share one.
pub struct Folding {
    tw2s: OpenCC,
    voices: Vec<Voice>,
    /// Single-character folding, for the case that a phrase rule ever changed the length.
    singles: Vec<char>,
}

impl Folding {
    /// Loads OpenCC's tables.
    pub fn new() -> Result<Self, AnalyzerError> {
        let tw2s = OpenCC::from_config(BuiltinConfig::Tw2s)
            .map_err(|e| AnalyzerError::Folding(e.to_string()))?;
        // One character a line, so that no phrase rule applies across them.
        let singles: Vec<char> = (FIRST..=LAST)
            .map(|c| tw2s.convert(&c.to_string()).chars().next().unwrap_or(c))
            .collect();
        // 群 and 峰 are Traditional in Taiwan, 台 in Hong Kong, whatever the dictionary's own form is.
        let to_traditional = [BuiltinConfig::S2t, BuiltinConfig::S2tw, BuiltinConfig::S2hk]
            .map(|config| {
                OpenCC::from_config(config).map_err(|e| AnalyzerError::Folding(e.to_string()))
            })
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        let voices = (FIRST..=LAST)
            .zip(&singles)
            .map(|(c, &simplified)| {
                if simplified != c {
                    Voice::Traditional
                } else if to_traditional
                    .iter()
                    .all(|table| !table.convert(&c.to_string()).starts_with(c))
                {
                    Voice::Simplified
                } else {
                    Voice::Neither
                }
            })
            .collect();
        Ok(Self {
            tw2s,
            voices,
            singles,
        })
    }

    /// The script most of the telling characters of `text` belong to; Simplified where none tells.
    pub fn detect(&self, text: &str) -> Script {
        let (simplified, traditional) = self.voices(text);
        if traditional > simplified {
            Script::Hant
        } else {
            Script::Hans
        }
    }

    /// How many of the first telling characters speak for Simplified and for Traditional.
    fn voices(&self, text: &str) -> (usize, usize) {
        let mut counts = [0; 3];
        let telling = text.chars().filter_map(slot).take(SAMPLE);
        telling.for_each(|slot| counts[self.voices[slot] as usize] += 1);
        let [_, simplified, traditional] = counts;
        (simplified, traditional)
    }

    /// `text` in Simplified characters, with the same number of code points; borrowed unless the
    /// script is Traditional.
    pub fn fold<'t>(&self, text: &'t str, script: Script) -> Cow<'t, str> {
        if script == Script::Hans {
            return Cow::Borrowed(text);
        }
        // A rule that needs to look past the last character does not fire at the end of the text.
        let mut folded = self.tw2s.convert(&format!("{text}。"));
        folded.pop();
        if folded.chars().count() == text.chars().count() {
            return Cow::Owned(folded);
        }
        Cow::Owned(
            text.chars()
                .map(|c| slot(c).map_or(c, |s| self.singles[s]))
                .collect(),
        )
    }

    /// What someone typed, in Simplified characters. Typed text is short, so one Simplified-only
    /// character keeps it as it is (显著 must not become 显着).
    pub fn fold_typed<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let telling: String = text.chars().filter(|c| !IN_BOTH.contains(*c)).collect();
        match self.voices(&telling) {
            (0, traditional) if traditional > 0 => self.fold(text, Script::Hant),
            (simplified, traditional) if traditional > simplified => self.fold(text, Script::Hant),
            _ => Cow::Borrowed(text),
        }
    }
}

#[inline]
fn slot(c: char) -> Option<usize> {
    (FIRST..=LAST)
        .contains(&c)
        .then(|| c as usize - FIRST as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folding() -> Folding {
        Folding::new().expect("built-in tables")
    }

    #[test]
    fn scripts_are_told_apart() {
        let folding = folding();
        assert_eq!(
            folding.detect("優化營商環境，下放行政審批事項"),
            Script::Hant
        );
        assert_eq!(
            folding.detect("优化营商环境，下放行政审批事项，著名企业"),
            Script::Hans
        );
        assert_eq!(folding.detect("2017"), Script::Hans);
    }

    #[test]
    fn folding_keeps_the_length_and_knows_phrases() {
        let folding = folding();
        for (from, to) in [
            ("著力推進", "着力推进"),
            ("著力", "着力"),
            ("著名企業", "著名企业"),
            ("中心繫統", "中心系统"),
            ("皇后之後", "皇后之后"),
        ] {
            assert_eq!(folding.fold(from, Script::Hant), to);
        }
        assert_eq!(folding.fold("著名", Script::Hans), "著名");
    }

    #[test]
    fn typed_text_is_folded_only_when_it_is_traditional() {
        let folding = folding();
        assert_eq!(folding.fold_typed("人才引進"), "人才引进");
        assert_eq!(folding.fold_typed("显著提升"), "显著提升");
        assert_eq!(folding.fold_typed("著名"), "著名");
        assert_eq!(folding.fold_typed("著力"), "着力");
        for (typed, folded) in [
            ("平台建設", "平台建设"),
            ("台灣", "台湾"),
            ("若干措施改革實施", "若干措施改革实施"),
            ("後台", "后台"),
            ("采著", "采着"),
            ("群眾", "群众"),
        ] {
            assert_eq!(folding.fold_typed(typed), folded);
        }
        assert_eq!(folding.fold_typed("后台里程"), "后台里程");
    }
}
