//! The nouns of Duibiao: documents, passages, what is known about them and how it is known.
//!
//! Plain data with its invariants and its JSON shape. Nothing here reads a file, knows the
//! lexicon or decides anything about Chinese.

mod date;
mod document;
mod evidence;
mod figure;
mod id;
mod passage;
mod place;
mod span;
mod theme;

pub use date::{DateKind, PartialDate, PartialDateError, StatedDate};
pub use document::{Document, Metadata, Script};
pub use evidence::{Evidence, Inferred};
pub use figure::{
    Amount, Bound, Comparison, Deadline, DeadlineAnchor, Direction, Duty, Figure, FigureValue,
    Number, Responsible,
};
pub use id::{DocumentId, IdError, PassageId};
pub use passage::{Passage, PassageKind, Problem, Status};
pub use place::{Level, NamedPlace, PlaceCode, PlaceCodeError, PlaceRef, PlaceRole};
pub use span::{CharMap, Span};
pub use theme::{ThemeId, ThemeIdError, ThemeTag};

/// An enum whose values have one lowercase name each, shared by JSON, the index and the filters.
macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal, $label:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every value, in the order in which a reader expects them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name used in JSON, in the index and in filters.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The Chinese label shown to people.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// The value with this name or Chinese label.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == name || v.label() == name)
            }
        }
    };
}
pub(crate) use named;
