//! How something is known: the words of the text, the rule that read them, and how sure it is.

use std::borrow::Cow;

use crate::Span;
use serde::{Deserialize, Serialize};

/// Words of the text that support a value: `text[begin..end]` equals `quote`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Evidence {
    /// The words, verbatim.
    pub quote: String,
    /// Where they stand.
    #[serde(flatten)]
    pub span: Span,
}

/// A value with what it was inferred from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Inferred<T> {
    /// The value.
    pub value: T,
    /// 0–1: how often a value found in this way is right.
    pub confidence: f32,
    /// The rule that found it, such as `title.place`; `label` where the user gave it.
    #[schema(value_type = String)]
    pub rule: Cow<'static, str>,
    /// The words it rests on; empty only for given values and values that follow from another.
    pub evidence: Vec<Evidence>,
    /// `false`: stated in the document's own header or signature, or given by a label.
    pub inferred: bool,
}

impl<T> Inferred<T> {
    /// The rule name of values that a user's label gives.
    pub const GIVEN: &'static str = "label";

    /// A value the user gave.
    pub fn given(value: T) -> Self {
        Self {
            value,
            confidence: 1.0,
            rule: Cow::Borrowed(Self::GIVEN),
            evidence: Vec::new(),
            inferred: false,
        }
    }

    /// Whether a user's label gave it.
    pub fn is_given(&self) -> bool {
        self.rule == Self::GIVEN
    }
}
