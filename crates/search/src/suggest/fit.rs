//! Whether what is typed can stand for a term, or for its beginning: characters, pinyin, initials and
//! any mixture of them, and characters that only sound the same.
//!
//! It says how well one term fits; which terms are tried, and in which order they come, is decided
//! elsewhere.

use super::sounds::{readings, sound_alike};

/// What was typed is longer than any term.
const MOST_UNITS: usize = 64;

/// Costs, in hundredths of what one natural logarithm of uses weighs.
const INITIAL: u32 = 100;
const CUT: u32 = 30;
const OTHER_READING: u32 = 350;
const HOMOPHONE: u32 = 600;
const NEAR: u32 = 900;

/// One character of what is typed, in comparable form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Letter(u8),
    Char(char),
}

/// What is typed, ready to be compared.
#[derive(Debug, Clone)]
pub(crate) struct Typed {
    pub(crate) units: Vec<Unit>,
}

impl Typed {
    /// Of a piece in comparable form; `None` where it is empty or too long for any term.
    pub(crate) fn new(piece: &str) -> Option<Self> {
        let mut units = Vec::new();
        for c in piece.chars() {
            match c {
                // xi'an: parts syllables, and says nothing that the letters do not say.
                '\'' | '’' | '‘' => continue,
                'ü' => units.push(Unit::Letter(b'v')),
                'a'..='z' => units.push(Unit::Letter(c as u8)),
                c => units.push(Unit::Char(c)),
            }
            if units.len() > MOST_UNITS {
                return None;
            }
        }
        (!units.is_empty()).then_some(Self { units })
    }

    /// How many letters it has.
    pub(crate) fn letters(&self) -> usize {
        let letters = self.units.iter();
        letters.filter(|u| matches!(u, Unit::Letter(_))).count()
    }
}

/// The least usual way in which part of it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    Characters,
    Pinyin,
    Homophone,
    Shape,
}

impl Way {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Characters => "characters",
            Self::Pinyin => "pinyin",
            Self::Homophone => "homophone",
            Self::Shape => "shape",
        }
    }
}

/// How something typed fits a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fit {
    pub(super) cost: u32,
    pub(super) way: Way,
    /// Whether it stands for all of the term and not only for its beginning.
    pub(super) is_whole: bool,
}

impl Fit {
    /// Whether nothing was left to be guessed but one character, or a reading.
    pub(super) fn is_spelled(&self) -> bool {
        self.cost == 0 || self.cost == HOMOPHONE || self.cost == OTHER_READING
    }
}

/// Up to where what is typed has been used, and what that cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    pub(super) at: usize,
    pub(super) cost: u32,
    pub(super) way: Way,
}

impl Default for Reach {
    fn default() -> Self {
        Self {
            at: 0,
            cost: 0,
            way: Way::Characters,
        }
    }
}

/// How `typed` fits the characters of a term; where `allows_near`, one of them may be another that
/// only looks like it, or not even that.
pub(super) fn fit(
    typed: &[Unit],
    term: impl Iterator<Item = char>,
    allows_near: bool,
) -> Option<Fit> {
    let mut reached = vec![Reach::default()];
    let mut ended: Option<Reach> = None;
    let mut is_whole = false;
    for c in term {
        if ended.is_some() {
            // What was typed ended before.
            is_whole = false;
            break;
        }
        let mut next = Vec::new();
        for reach in &reached {
            step(typed, *reach, c, 0, allows_near, &mut next);
        }
        if next.is_empty() {
            return None;
        }
        let at_end = next.iter().filter(|reach| reach.at == typed.len());
        ended = at_end.min_by_key(|reach| reach.cost).copied();
        is_whole = ended.is_some();
        reached = next;
    }
    ended.map(|reach| Fit {
        cost: reach.cost,
        way: reach.way,
        is_whole,
    })
}

/// Adds to `next` what may follow on `reach` when the term goes on with `c`, of which `reading` is
/// the reading that it has there.
pub(super) fn step(
    typed: &[Unit],
    reach: Reach,
    c: char,
    reading: usize,
    allows_near: bool,
    next: &mut Vec<Reach>,
) {
    let rest = &typed[reach.at..];
    match rest.first() {
        None => {}
        Some(Unit::Char(own)) if *own == c => add(next, reach, 1, 0, reach.way),
        // One character alone is no mistake for another.
        Some(Unit::Char(_)) if typed.len() == 1 => {}
        Some(Unit::Char(own)) => {
            if sound_alike(*own, c) {
                add(next, reach, 1, HOMOPHONE, Way::Homophone.max(reach.way));
            } else if allows_near && reach.way < Way::Shape {
                add(next, reach, 1, NEAR, Way::Shape);
            }
        }
        Some(Unit::Letter(letter)) => {
            if c == char::from(*letter) {
                add(next, reach, 1, 0, reach.way);
            }
            let way = Way::Pinyin.max(reach.way);
            for (number, syllable) in readings(c).iter().enumerate() {
                let other = if number == reading { 0 } else { OTHER_READING };
                letters(
                    rest,
                    syllable.as_bytes(),
                    Reach { way, ..reach },
                    other,
                    next,
                );
            }
        }
    }
}

/// Adds the ways in which letters can stand for a syllable.
fn letters(rest: &[Unit], syllable: &[u8], reach: Reach, other: u32, next: &mut Vec<Reach>) {
    let is_next = |index: usize| match rest.get(index) {
        Some(Unit::Letter(letter)) => {
            let u_for_v = *letter == b'u' && syllable[index] == b'v';
            *letter == syllable[index] || u_for_v
        }
        _ => false,
    };
    let same = (0..syllable.len()).take_while(|i| is_next(*i)).count();
    if same == 0 {
        return;
    }
    if same == syllable.len() {
        add(next, reach, same, other, reach.way);
    } else if same == rest.len() {
        // It may still be on its way.
        add(next, reach, same, other + CUT, reach.way);
    }
    if syllable.len() > 1 && rest.len() > 1 {
        add(next, reach, 1, other + INITIAL, reach.way);
        if syllable.len() > 2 && syllable[1] == b'h' && same > 1 && rest.len() > 2 {
            add(next, reach, 2, other + INITIAL, reach.way);
        }
    }
}

fn add(next: &mut Vec<Reach>, reach: Reach, units: usize, cost: u32, way: Way) {
    let reach = Reach {
        at: reach.at + units,
        cost: reach.cost + cost,
        way,
    };
    match next.iter_mut().find(|known| known.at == reach.at) {
        Some(known) if known.cost > reach.cost => *known = reach,
        Some(_) => {}
        None => next.push(reach),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(typed: &str, term: &str) -> Option<(Way, bool)> {
        fit_or_near(typed, term, false)
    }

    fn fit_or_near(typed: &str, term: &str, allows_near: bool) -> Option<(Way, bool)> {
        let typed = Typed::new(typed).expect("something typed");
        let fit = super::fit(&typed.units, term.chars(), allows_near);
        fit.map(|fit| (fit.way, fit.is_whole))
    }

    #[test]
    fn characters_pinyin_and_initials_mix() {
        for (typed, is_whole) in [
            ("zhongjiefuwu", true),
            ("zjfw", true),
            ("zhjfw", true),
            ("zhongjfw", true),
            ("zhongj", false),
            ("zhong", false),
            ("z", false),
            ("zhongjiefuw", true),
        ] {
            assert_eq!(
                fit(typed, "中介服务"),
                Some((Way::Pinyin, is_whole)),
                "{typed}"
            );
        }
        assert_eq!(fit("中jie", "中介服务"), Some((Way::Pinyin, false)));
        assert_eq!(fit("中介fw", "中介服务"), Some((Way::Pinyin, true)));
        assert_eq!(fit("中介", "中介服务"), Some((Way::Characters, false)));
        assert_eq!(fit("中介服务", "中介服务"), Some((Way::Characters, true)));
        for typed in ["zhongjiefuwub", "jiefuwu", "zjw", "中介务", "中介服务所"] {
            assert_eq!(fit(typed, "中介服务"), None, "{typed}");
        }
    }

    #[test]
    fn u_may_be_typed_for_v_and_syllables_be_parted() {
        for typed in ["lvse", "luse", "lüse", "lv'se"] {
            assert_eq!(fit(typed, "绿色"), Some((Way::Pinyin, true)), "{typed}");
        }
    }

    #[test]
    fn characters_that_sound_or_look_alike() {
        assert_eq!(fit("营商环镜", "营商环境"), Some((Way::Homophone, true)));
        let near = |typed: &str| fit_or_near(typed, "双随机一公开", true);
        assert_eq!(near("双随机一公升"), Some((Way::Shape, true)));
        assert_eq!(near("双随机一共升"), Some((Way::Shape, true)));
        assert_eq!(near("双随便一公升"), None);
        assert_eq!(fit("双随机一公升", "双随机一公开"), None);
        assert_eq!(fit("营上", "营商"), Some((Way::Homophone, true)));
        assert_eq!(fit("赢", "营商环境"), None);
    }
}
