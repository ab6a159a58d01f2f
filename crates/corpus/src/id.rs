//! Ids that are the same on every machine, because they are derived from a document's path.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not an id: {0:?}; a document id is 16 hexadecimal digits, a passage id is a document id, -m and a number from 1"
)]
pub struct IdError(String);

/// A document: the first 64 bits of BLAKE3 over its path, written as 16 lowercase hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(u64);

impl DocumentId {
    /// The id of the document at `path` (root name, `/`, path below the root).
    pub fn of_path(path: &str) -> Self {
        let mut head = [0; 8];
        head.copy_from_slice(&blake3::hash(path.as_bytes()).as_bytes()[..8]);
        Self(u64::from_be_bytes(head))
    }

    /// From the number kept in the index.
    pub fn from_u64(value: u64) -> Self {
        Self(value)
    }

    /// The number kept in the index; orders like the hex digits.
    pub fn as_u64(self) -> u64 {
        self.0
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for DocumentId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let lower_hex = text.len() == 16
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !lower_hex {
            return Err(IdError(shorten(text)));
        }
        u64::from_str_radix(text, 16)
            .map(Self)
            .map_err(|_| IdError(shorten(text)))
    }
}

/// A passage: its document and its ordinal there, from 1; written `<document id>-m<ordinal>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PassageId {
    /// The document it is cut from.
    pub document: DocumentId,
    /// Its place among the document's passages, from 1.
    pub ordinal: u32,
}

impl fmt::Display for PassageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-m{}", self.document, self.ordinal)
    }
}

impl FromStr for PassageId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = || IdError(shorten(text));
        let (document, ordinal) = text.split_once("-m").ok_or_else(error)?;
        let plain = !ordinal.starts_with('0') && ordinal.bytes().all(|b| b.is_ascii_digit());
        let ordinal = ordinal.parse().ok().filter(|_| plain).ok_or_else(error)?;
        Ok(Self {
            document: document.parse().map_err(|_| error())?,
            ordinal,
        })
    }
}

/// Error texts quote at most this much of what was given.
fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}

macro_rules! serde_as_text {
    ($($name:ident)+) => { $(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                <String as utoipa::PartialSchema>::schema()
            }
        }

        impl utoipa::ToSchema for $name {}
    )+ };
}
pub(crate) use serde_as_text;

serde_as_text!(DocumentId PassageId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_survive_the_round_trip() {
        let document = DocumentId::of_path("seeds/000.txt");
        let passage = PassageId {
            document,
            ordinal: 12,
        };
        assert_eq!(document.to_string().len(), 16);
        assert_eq!(document.to_string().parse(), Ok(document));
        assert_eq!(passage.to_string().parse(), Ok(passage));
        assert!(passage.to_string().ends_with("-m12"));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "xyz",
            "00000000000000AB",
            "0000000000000000-m0",
            "0000000000000000-m01",
            "0-m1",
            "0000000000000000-m+1",
        ] {
            assert!(text.parse::<PassageId>().is_err(), "{text}");
            assert!(text.parse::<DocumentId>().is_err(), "{text}");
        }
    }
}
