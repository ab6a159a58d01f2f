//! Theme ids and the themes a document was found to deal with.

use std::fmt;
use std::str::FromStr;

use crate::Evidence;
use crate::id::serde_as_text;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is not a theme id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a theme id: {0:?}; expected one such as approval or approval.process")]
pub struct ThemeIdError(String);

/// `approval` (one of the 12 top themes) or `approval.process` (one of the 50 below them).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThemeId(String);

impl ThemeId {
    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The top theme: `approval` of `approval.process`, itself where it is one.
    pub fn top(&self) -> ThemeId {
        Self(self.0.split('.').next().unwrap_or_default().to_owned())
    }

    /// Whether it is a top theme.
    pub fn is_top(&self) -> bool {
        !self.0.contains('.')
    }
}

impl fmt::Display for ThemeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ThemeId {
    type Err = ThemeIdError;

    fn from_str(text: &str) -> Result<Self, ThemeIdError> {
        let part =
            |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        let parts = text.split('.').count();
        if parts <= 2 && text.split('.').all(part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ThemeIdError(text.chars().take(60).collect()))
        }
    }
}

serde_as_text!(ThemeId);

/// A theme of a document, with the words that voted for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ThemeTag {
    /// The theme.
    pub id: ThemeId,
    /// Its Chinese name.
    pub name: String,
    /// Share of the document's theme votes, 0–1.
    pub weight: f32,
    /// Where the words stand; at most a few of them.
    pub evidence: Vec<Evidence>,
}
