//! Codes of administrative divisions (GB/T 2260) and the levels they belong to.

use std::fmt;
use std::str::FromStr;

use crate::Span;
use crate::id::serde_as_text;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

crate::named! {
    /// The tier of government a document speaks for.
    Level {
        /// The State Council and its ministries.
        Nation = "nation", "国家";
        /// Province, autonomous region, municipality.
        Province = "province", "省级";
        /// Prefecture-level city, autonomous prefecture, league.
        City = "city", "市级";
        /// County, district, county-level city, banner.
        County = "county", "县级";
    }
}

/// A text that is not a division code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a division code: {0:?}; expected six digits such as 230100")]
pub struct PlaceCodeError(String);

/// A six-digit GB/T 2260 code such as 230100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceCode(u32);

impl PlaceCode {
    /// The code of the province this code lies in.
    pub fn province(self) -> Self {
        Self(self.0 / 10_000 * 10_000)
    }

    /// The code of the prefecture this code lies in; the province's own for a province.
    pub fn prefecture(self) -> Self {
        Self(self.0 / 100 * 100)
    }

    /// Whether it is the code of a province.
    pub fn is_province(self) -> bool {
        self.0.is_multiple_of(10_000)
    }

    /// Whether it is the code of a prefecture (and not of a province).
    pub fn is_prefecture(self) -> bool {
        self.0.is_multiple_of(100) && !self.is_province()
    }

    /// As a number, for the index.
    pub fn as_u32(self) -> u32 {
        self.0
    }
}

impl fmt::Display for PlaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl FromStr for PlaceCode {
    type Err = PlaceCodeError;

    fn from_str(text: &str) -> Result<Self, PlaceCodeError> {
        let six_digits =
            text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        text.parse()
            .ok()
            .filter(|_| six_digits)
            .map(Self)
            .ok_or_else(|| PlaceCodeError(text.chars().take(60).collect()))
    }
}

serde_as_text!(PlaceCode);

/// A division as it is shown: code and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PlaceRef {
    /// GB/T 2260 code.
    pub code: PlaceCode,
    /// Full name, such as 哈尔滨市.
    pub name: String,
}

crate::named! {
    /// What a place has to do with the passage that names it, as far as its words tell.
    PlaceRole {
        /// The document's own place, or one that lies in it.
        Own = "own", "本地";
        /// 与…建立协作机制: it acts together with the document's place.
        Partner = "partner", "协作方";
        /// 赴…考察, …的经验: it was visited, or is held up as an example.
        Visited = "visited", "考察学习地";
        /// It stands in the name of a document that is cited.
        Cited = "cited", "引用文件";
        /// Named, and nothing says as what.
        Mentioned = "mentioned", "提及";
    }
}

/// A place that a passage names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NamedPlace {
    /// Where its name stands.
    #[serde(flatten)]
    pub span: Span,
    /// The words there, verbatim.
    pub quote: String,
    /// The division they mean.
    #[serde(flatten)]
    pub place: PlaceRef,
    /// Its level.
    pub level: Level,
    /// What it has to do with the passage.
    pub role: PlaceRole,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_know_their_parents() {
        let county: PlaceCode = "230103".parse().expect("six digits");
        assert_eq!(county.prefecture().to_string(), "230100");
        assert_eq!(county.province().to_string(), "230000");
        assert!(county.prefecture().is_prefecture() && county.province().is_province());
        assert!(
            "2301".parse::<PlaceCode>().is_err() && "２３０１００".parse::<PlaceCode>().is_err()
        );
    }
}
