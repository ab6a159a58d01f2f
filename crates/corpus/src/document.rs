//! A document and what is known about it as a whole.

use std::borrow::Cow;

use crate::{Inferred, Level, PartialDate, Passage, PlaceRef, StatedDate, ThemeTag};
use serde::{Deserialize, Serialize};

crate::named! {
    /// The script a document is written in.
    Script {
        /// Simplified characters.
        Hans = "Hans", "简体";
        /// Traditional characters.
        Hant = "Hant", "繁体";
    }
}

/// What is known about a document, each value with its evidence; unknown stays `None`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Metadata {
    /// The document's own title.
    pub title: Option<Inferred<String>>,
    /// The body that issued it.
    pub issuer: Option<Inferred<String>>,
    /// Its own document number, normalised to `黑政发〔2010〕93号`.
    pub number: Option<Inferred<String>>,
    /// One of the 15 official types or of the others in use, such as 通报 or 方案.
    pub doc_type: Option<Inferred<String>>,
    /// The kind of document inside that type.
    pub subtype: Option<Inferred<String>>,
    /// The province it is about.
    pub province: Option<Inferred<PlaceRef>>,
    /// The city it is about; a municipality is its own city.
    pub city: Option<Inferred<PlaceRef>>,
    /// The county or district it is about.
    pub county: Option<Inferred<PlaceRef>>,
    /// The tier of government it speaks for.
    pub level: Option<Inferred<Level>>,
    /// The year it belongs to.
    pub year: Option<Inferred<i16>>,
    /// The time its data cover, such as `2016-07/2016-12`.
    pub period: Option<Inferred<String>>,
    /// The day it was signed, passed or delivered.
    pub date: Option<Inferred<PartialDate>>,
    /// The day it was published.
    pub published: Option<Inferred<PartialDate>>,
    /// The day it appeared in a newspaper.
    pub appeared: Option<Inferred<PartialDate>>,
    /// Where it was published, an address of the web.
    #[serde(default)]
    pub url: Option<Inferred<String>>,
    /// Every date the document states about itself, each kind apart, in order of time.
    #[serde(default)]
    pub dates: Vec<StatedDate>,
    /// Themes by weight, strongest first.
    pub themes: Vec<ThemeTag>,
}

/// A document read, understood and cut.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Document {
    /// Root name, `/`, path below the root.
    pub path: String,
    /// The format it was read as, such as `text`.
    #[schema(value_type = String)]
    pub format: Cow<'static, str>,
    /// The encoding it was read in, such as `UTF-8`; none of formats such as PDF, where each font has
    /// its own.
    #[schema(value_type = Option<String>)]
    pub encoding: Option<Cow<'static, str>>,
    /// The script it is written in.
    pub script: Script,
    /// Length of the text in code points.
    pub chars: u32,
    /// How sure it is that the text was read as it stands: 0 for noise, 1 for clean text.
    #[serde(default)]
    pub quality: f32,
    /// Whether the text says that it is only part of the original.
    pub partial: bool,
    /// What a reader should know about how it was read.
    pub warnings: Vec<String>,
    /// What is known about it.
    #[serde(flatten)]
    pub metadata: Metadata,
    /// The extracted text; kept apart from the rest in the index.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The text cut into passages.
    #[serde(rename = "measures", default)]
    pub passages: Vec<Passage>,
}
