//! A division and the names it goes by.

use duibiao_corpus::{Level, PlaceCode, PlaceRef};

/// The first year that the table has.
const FIRST_YEAR: u16 = 1981;

/// A division, of today or of a past year.
///
/// A division that changed its name or its rank is several places: 襄樊市 (1981–2010) and 襄阳市
/// (since 2010) share the code 420600.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// GB/T 2260 code.
    pub code: PlaceCode,
    /// Full name, such as 哈尔滨市.
    pub name: String,
    /// Short name, such as 哈尔滨; the full name where there is no shorter one.
    pub short: String,
    /// Province, city or county.
    pub level: Level,
    /// Code of its province; its own for a province.
    pub province: PlaceCode,
    /// Code of its prefecture-level city. A municipality is its own city and that of its
    /// districts; `None` for other provinces and for counties directly under a province.
    pub city: Option<PlaceCode>,
    /// Year since when; the table begins in 1981.
    pub from: Option<u16>,
    /// Year until when; `None` today.
    pub to: Option<u16>,
    /// Where its area went.
    pub successors: Vec<Successor>,
}

impl Place {
    /// Whether it exists today.
    pub fn is_current(&self) -> bool {
        self.to.is_none()
    }

    /// Whether it existed in a year, the ones of its beginning and end included. The table begins in
    /// 1981: what was there then is taken to have been there before.
    pub fn was_in(&self, year: i16) -> bool {
        let year = i32::from(year);
        let had_begun = |from: u16| i32::from(from) <= year || from <= FIRST_YEAR;
        self.from.is_none_or(had_begun) && self.to.is_none_or(|to| year <= i32::from(to))
    }

    /// Code and full name.
    pub fn to_ref(&self) -> PlaceRef {
        PlaceRef {
            code: self.code,
            name: self.name.clone(),
        }
    }

    /// Whether it counts as a division of `level`; a municipality is both province and city.
    pub fn counts_as(&self, level: Level) -> bool {
        self.level == level || level == Level::City && self.city == Some(self.code)
    }

    /// Whether it lies in `other`, or is it.
    pub fn lies_in(&self, other: &Place) -> bool {
        self.code == other.code
            || self.city == Some(other.code)
            || (other.level == Level::Province && self.province == other.code)
    }
}

/// A division that took over area of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Successor {
    /// Its code.
    pub code: PlaceCode,
    /// `Some`: it took over a part in this year while the other went on to exist.
    /// `None`: it took over when the other ended.
    pub year: Option<u16>,
}

/// A place of one [`Gazetteer`](crate::Gazetteer).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceIx(pub(crate) u32);

/// How a name names a place, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// The full name of a place of today, such as 哈尔滨市.
    Full,
    /// The name without what kind of division it is, such as 哈尔滨.
    Short,
    /// One character, such as 沪.
    Abbreviation,
    /// Another name in use, such as 羊城.
    Alias,
    /// The full or short name of a place that has ended, such as 襄樊市.
    Former,
}

/// A text and every place it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The text.
    pub text: String,
    /// Places of today first, then by level from province to county, then by code.
    pub places: Vec<(PlaceIx, NameKind)>,
}
