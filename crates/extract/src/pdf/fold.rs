//! Characters that only look like the ones meant: PDF files made from glyphs write ⼈ and ⺠ for
//! 人 and 民. Nothing else is folded, so that what a reader sees stays what it is.

use unicode_normalization::UnicodeNormalization;

/// A text with look-alikes replaced by the ordinary characters.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{2f00}'..='\u{2fdf}' => folded.extend(std::iter::once(c).nfkc()),
            '\u{2e80}'..='\u{2eff}' => folded.push(look_up(RADICALS, c)),
            '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}' => {
                folded.extend(std::iter::once(c).nfc());
            }
            '\u{fe10}'..='\u{fe44}' => folded.push(look_up(VERTICAL, c)),
            '\u{e000}'..='\u{f8ff}' => folded.push(look_up(SYMBOLS, look_up(PRIVATE, c))),
            _ => folded.push(c),
        }
    }
    folded
}

/// What a table says of a character, which is itself where it says nothing.
fn look_up(table: &[(char, char)], c: char) -> char {
    table
        .binary_search_by_key(&c, |&(from, _)| from)
        .map_or(c, |at| table[at].1)
}

/// CJK Radicals Supplement to unified ideographs: the property Equivalent_Unified_Ideograph of the
/// Unicode Character Database (EquivalentUnifiedIdeograph.txt, Unicode 14.0).
#[rustfmt::skip]
const RADICALS: &[(char, char)] = &[
    ('\u{2e81}', '厂'), ('\u{2e82}', '乛'), ('\u{2e83}', '乚'), ('\u{2e84}', '乙'), ('\u{2e85}', '亻'),
    ('\u{2e86}', '冂'), ('\u{2e87}', '𠘨'), ('\u{2e88}', '刀'), ('\u{2e89}', '刂'), ('\u{2e8a}', '卜'),
    ('\u{2e8b}', '㔾'), ('\u{2e8c}', '小'), ('\u{2e8d}', '小'), ('\u{2e8e}', '兀'), ('\u{2e8f}', '尣'),
    ('\u{2e90}', '尢'), ('\u{2e91}', '𡯂'), ('\u{2e92}', '巳'), ('\u{2e93}', '幺'), ('\u{2e94}', '彑'),
    ('\u{2e95}', '彐'), ('\u{2e96}', '忄'), ('\u{2e97}', '心'), ('\u{2e98}', '扌'), ('\u{2e99}', '攵'),
    ('\u{2e9b}', '旡'), ('\u{2e9c}', '日'), ('\u{2e9d}', '月'), ('\u{2e9e}', '歺'), ('\u{2e9f}', '母'),
    ('\u{2ea0}', '民'), ('\u{2ea1}', '氵'), ('\u{2ea2}', '氺'), ('\u{2ea3}', '灬'), ('\u{2ea4}', '爫'),
    ('\u{2ea5}', '爫'), ('\u{2ea6}', '丬'), ('\u{2ea7}', '牛'), ('\u{2ea8}', '犭'), ('\u{2ea9}', '王'),
    ('\u{2eaa}', '𤴔'), ('\u{2eab}', '目'), ('\u{2eac}', '示'), ('\u{2ead}', '礻'), ('\u{2eae}', '𥫗'),
    ('\u{2eaf}', '糹'), ('\u{2eb0}', '纟'), ('\u{2eb1}', '罓'), ('\u{2eb2}', '罒'), ('\u{2eb3}', '㓁'),
    ('\u{2eb4}', '冗'), ('\u{2eb5}', '𦉫'), ('\u{2eb6}', '羊'), ('\u{2eb7}', '𦍌'), ('\u{2eb8}', '𦍋'),
    ('\u{2eb9}', '耂'), ('\u{2eba}', '肀'), ('\u{2ebb}', '聿'), ('\u{2ebc}', '肉'), ('\u{2ebd}', '𦥑'),
    ('\u{2ebe}', '艹'), ('\u{2ebf}', '艹'), ('\u{2ec0}', '艹'), ('\u{2ec1}', '虎'), ('\u{2ec2}', '衤'),
    ('\u{2ec3}', '覀'), ('\u{2ec4}', '西'), ('\u{2ec5}', '见'), ('\u{2ec6}', '角'), ('\u{2ec7}', '𧢲'),
    ('\u{2ec8}', '讠'), ('\u{2ec9}', '贝'), ('\u{2eca}', '𧾷'), ('\u{2ecb}', '车'), ('\u{2ecc}', '辶'),
    ('\u{2ecd}', '辶'), ('\u{2ece}', '辶'), ('\u{2ecf}', '邑'), ('\u{2ed0}', '钅'), ('\u{2ed1}', '長'),
    ('\u{2ed2}', '镸'), ('\u{2ed3}', '长'), ('\u{2ed4}', '门'), ('\u{2ed5}', '𨸏'), ('\u{2ed6}', '阝'),
    ('\u{2ed7}', '雨'), ('\u{2ed8}', '青'), ('\u{2ed9}', '韦'), ('\u{2eda}', '页'), ('\u{2edb}', '风'),
    ('\u{2edc}', '飞'), ('\u{2edd}', '食'), ('\u{2ede}', '𩙿'), ('\u{2edf}', '飠'), ('\u{2ee0}', '饣'),
    ('\u{2ee1}', '𩠐'), ('\u{2ee2}', '马'), ('\u{2ee3}', '骨'), ('\u{2ee4}', '鬼'), ('\u{2ee5}', '鱼'),
    ('\u{2ee6}', '鸟'), ('\u{2ee7}', '卤'), ('\u{2ee8}', '麦'), ('\u{2ee9}', '黄'), ('\u{2eea}', '黾'),
    ('\u{2eeb}', '斉'), ('\u{2eec}', '齐'), ('\u{2eed}', '歯'), ('\u{2eee}', '齿'), ('\u{2eef}', '竜'),
    ('\u{2ef0}', '龙'), ('\u{2ef1}', '龜'), ('\u{2ef2}', '亀'), ('\u{2ef3}', '龟'),
];

/// Private-use characters of GBK fonts to those they became: FE50–FEA0 of GBK, which stood at U+E815
/// to U+E864, by GB 18030-2005 and -2022, radicals as ideographs; ḿ and ǹ; the punctuation of
/// vertical lines as the ordinary one.
#[rustfmt::skip]
const PRIVATE: &[(char, char)] = &[
    ('\u{e78d}', '，'), ('\u{e78e}', '。'), ('\u{e78f}', '、'), ('\u{e790}', '：'),
    ('\u{e791}', '；'), ('\u{e792}', '！'), ('\u{e793}', '？'), ('\u{e794}', '〖'),
    ('\u{e795}', '〗'), ('\u{e796}', '…'), ('\u{e7c7}', '\u{1e3f}'), ('\u{e7c8}', '\u{1f9}'),
    ('\u{e815}', '\u{5382}'), ('\u{e816}', '\u{20087}'), ('\u{e817}', '\u{20089}'), ('\u{e818}', '\u{200cc}'),
    ('\u{e819}', '\u{4e59}'), ('\u{e81a}', '\u{3473}'), ('\u{e81b}', '\u{3447}'), ('\u{e81c}', '\u{5200}'),
    ('\u{e81d}', '\u{353e}'), ('\u{e81e}', '\u{9fb4}'), ('\u{e81f}', '\u{359e}'), ('\u{e820}', '\u{361a}'),
    ('\u{e821}', '\u{360e}'), ('\u{e822}', '\u{5c0f}'), ('\u{e823}', '\u{5fc3}'), ('\u{e824}', '\u{396e}'),
    ('\u{e825}', '\u{3918}'), ('\u{e826}', '\u{9fb5}'), ('\u{e827}', '\u{39cf}'), ('\u{e828}', '\u{39df}'),
    ('\u{e829}', '\u{3a73}'), ('\u{e82a}', '\u{39d0}'), ('\u{e82b}', '\u{9fb6}'), ('\u{e82c}', '\u{9fb7}'),
    ('\u{e82d}', '\u{3b4e}'), ('\u{e82e}', '\u{3c6e}'), ('\u{e82f}', '\u{3ce0}'), ('\u{e830}', '\u{725b}'),
    ('\u{e831}', '\u{215d7}'), ('\u{e832}', '\u{9fb8}'), ('\u{e833}', '\u{24d14}'), ('\u{e834}', '\u{4056}'),
    ('\u{e835}', '\u{415f}'), ('\u{e836}', '\u{25ad7}'), ('\u{e837}', '\u{4337}'), ('\u{e838}', '\u{34c1}'),
    ('\u{e839}', '\u{7f8a}'), ('\u{e83a}', '\u{2634c}'), ('\u{e83b}', '\u{2298f}'), ('\u{e83c}', '\u{43b1}'),
    ('\u{e83d}', '\u{43ac}'), ('\u{e83e}', '\u{807f}'), ('\u{e83f}', '\u{43dd}'), ('\u{e840}', '\u{44d6}'),
    ('\u{e841}', '\u{4661}'), ('\u{e842}', '\u{464c}'), ('\u{e843}', '\u{9fb9}'), ('\u{e844}', '\u{4723}'),
    ('\u{e845}', '\u{4729}'), ('\u{e846}', '\u{477c}'), ('\u{e847}', '\u{478d}'), ('\u{e848}', '\u{27fb7}'),
    ('\u{e849}', '\u{4947}'), ('\u{e84a}', '\u{497a}'), ('\u{e84b}', '\u{497d}'), ('\u{e84c}', '\u{4982}'),
    ('\u{e84d}', '\u{4983}'), ('\u{e84e}', '\u{4985}'), ('\u{e84f}', '\u{4986}'), ('\u{e850}', '\u{499f}'),
    ('\u{e851}', '\u{499b}'), ('\u{e852}', '\u{49b7}'), ('\u{e853}', '\u{49b6}'), ('\u{e854}', '\u{9fba}'),
    ('\u{e855}', '\u{241fe}'), ('\u{e856}', '\u{4ca3}'), ('\u{e857}', '\u{4c9f}'), ('\u{e858}', '\u{4ca0}'),
    ('\u{e859}', '\u{4ca1}'), ('\u{e85a}', '\u{4c77}'), ('\u{e85b}', '\u{4ca2}'), ('\u{e85c}', '\u{4d13}'),
    ('\u{e85d}', '\u{4d14}'), ('\u{e85e}', '\u{4d15}'), ('\u{e85f}', '\u{4d16}'), ('\u{e860}', '\u{4d17}'),
    ('\u{e861}', '\u{4d18}'), ('\u{e862}', '\u{4d19}'), ('\u{e863}', '\u{4dae}'), ('\u{e864}', '\u{9fbb}'),
];

/// Forms of punctuation for vertical lines: Unicode blocks Vertical Forms and CJK Compatibility
/// Forms.
#[rustfmt::skip]
const VERTICAL: &[(char, char)] = &[
    ('\u{fe10}', '，'), ('\u{fe11}', '、'), ('\u{fe12}', '。'), ('\u{fe13}', '：'), ('\u{fe14}', '；'), ('\u{fe15}', '！'), ('\u{fe16}', '？'),
    ('\u{fe17}', '〖'), ('\u{fe18}', '〗'), ('\u{fe19}', '…'), ('\u{fe31}', '—'), ('\u{fe35}', '（'), ('\u{fe36}', '）'), ('\u{fe37}', '｛'),
    ('\u{fe38}', '｝'), ('\u{fe39}', '〔'), ('\u{fe3a}', '〕'), ('\u{fe3b}', '【'), ('\u{fe3c}', '】'), ('\u{fe3d}', '《'), ('\u{fe3e}', '》'),
    ('\u{fe3f}', '〈'), ('\u{fe40}', '〉'), ('\u{fe41}', '「'), ('\u{fe42}', '」'), ('\u{fe43}', '『'), ('\u{fe44}', '』'),
];

/// Bullets of the Symbol and Wingdings fonts, which word processors write as U+F000 + code.
const SYMBOLS: &[(char, char)] = &[
    ('\u{f06c}', '●'),
    ('\u{f06e}', '■'),
    ('\u{f075}', '◆'),
    ('\u{f0a7}', '▪'),
    ('\u{f0b7}', '•'),
    ('\u{f0d8}', '➢'),
    ('\u{f0fc}', '✓'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_become_the_ordinary_characters_and_nothing_else_does() {
        assert_eq!(fold("⼈⺠政府⻓⻋\u{f97e}"), "人民政府长车量");
        assert_eq!(fold("１２（Ａ）①㎡…—"), "１２（Ａ）①㎡…—");
        assert_eq!(fold("\u{f0b7}\u{e000}"), "•\u{e000}");
        assert_eq!(fold("︽办法︾第一条︵一︶︐"), "《办法》第一条（一），");
        assert_eq!(
            fold("\u{e81e}\u{e843}\u{e863}\u{e78d}\u{e7c8}"),
            "\u{9fb4}\u{9fb9}\u{4dae}，ǹ"
        );
    }

    #[test]
    fn tables_are_sorted() {
        for table in [RADICALS, PRIVATE, SYMBOLS, VERTICAL] {
            assert!(table.is_sorted_by_key(|&(from, _)| from));
        }
    }
}
