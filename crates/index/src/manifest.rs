//! What an index says about itself. It travels in the payload of every commit, so it always
//! describes exactly the commit it is read with.

use serde::{Deserialize, Serialize};

/// Changes whenever an index written before can no longer be read or updated.
pub const FORMAT_VERSION: u32 = 4;

/// The description of one commit of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT_VERSION`] of the program that wrote it.
    pub format: u32,
    /// Version (hash) of the lexicon the last run used.
    pub lexicon: String,
    /// Documents in the index.
    pub documents: u64,
    /// Passages in the index, headings and furniture included.
    pub passages: u64,
    /// Code points of text in the index.
    pub chars: u64,
    /// Version of the program that wrote it.
    pub written_by: String,
    /// When it was committed, in seconds since 1970-01-01 UTC.
    pub committed_at: u64,
}

impl Manifest {
    /// The manifest as a commit payload.
    pub fn to_payload(&self) -> String {
        serde_json::to_string(self).expect("a manifest holds only strings and numbers")
    }

    /// The manifest in a commit payload; `None` where the payload is of something else.
    pub fn from_payload(payload: &str) -> Option<Self> {
        serde_json::from_str(payload).ok()
    }

    /// The format version in a payload whose other fields this program may not know.
    pub(crate) fn format_of(payload: &str) -> Option<u32> {
        let value: serde_json::Value = serde_json::from_str(payload).ok()?;
        value.get("format")?.as_u64()?.try_into().ok()
    }
}
