//! How characters are read, without tones. ü is v, as keyboards have it.
//!
//! Which of several readings a word has is the lexicon's business.

use std::sync::LazyLock;

use pinyin::ToPinyinMulti;

/// The characters whose readings are looked up fast: those of all words.
const FIRST: u32 = 0x4e00;
const LAST: u32 = 0x9fff;

/// The readings of one character, the usual one first; none of what is no character.
pub(crate) type Readings = &'static [&'static str];

static ALL: LazyLock<Vec<Box<[&'static str]>>> = LazyLock::new(|| {
    let each = (FIRST..=LAST).filter_map(char::from_u32);
    each.map(|c| look_up(c).into_boxed_slice()).collect()
});

/// The readings of a character.
pub(crate) fn readings(c: char) -> Readings {
    let at = (c as u32).wrapping_sub(FIRST) as usize;
    ALL.get(at).map_or(&[], |readings| readings)
}

/// Whether two characters can sound the same.
pub(crate) fn sound_alike(a: char, b: char) -> bool {
    let others = readings(b);
    readings(a).iter().any(|reading| others.contains(reading))
}

fn look_up(c: char) -> Vec<&'static str> {
    let mut readings: Vec<&'static str> = Vec::new();
    for pinyin in c.to_pinyin_multi().into_iter().flatten() {
        let plain = match pinyin.plain() {
            "lü" => "lv",
            "lüe" => "lve",
            "nü" => "nv",
            "nüe" => "nve",
            plain => plain,
        };
        if !readings.contains(&plain) {
            readings.push(plain);
        }
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_all_their_readings() {
        assert_eq!(readings('绿'), ["lv", "lu"]);
        assert!(readings('行').contains(&"hang") && readings('行').contains(&"xing"));
        assert!(readings('a').is_empty() && readings('，').is_empty());
        assert!(sound_alike('镜', '境') && !sound_alike('镜', '审'));
    }

    #[test]
    fn every_reading_of_the_lexicon_is_one_of_its_characters() {
        let lexicon = duibiao_lexicon::Lexicon::embedded().expect("lexicon");
        let mut words = 0;
        for word in [
            "重庆", "银行", "长春", "调查", "差旅", "给付", "模板", "朝阳", "会计",
        ] {
            let syllables = lexicon.readings().of(word).expect("a word of the table");
            for (c, syllable) in word.chars().zip(syllables) {
                assert!(
                    readings(c).contains(&syllable.as_str()),
                    "{word} {syllable}"
                );
            }
            words += 1;
        }
        assert_eq!(words, 9);
    }
}
