//! The same thing elsewhere: passages that are about what one passage is about, by their words
//! and not by their slogan, copies of each other told once.
//!
//! Says how alike two passages are, in which words, and where near-copies differ. Whether a
//! measure is as good as another is for whoever reads both.

mod changes;
mod gist;
mod look;
mod near;

use std::cell::RefCell;
use std::time::Instant;

use duibiao_corpus::PassageId;
use serde::Serialize;
use utoipa::ToSchema;

pub use self::changes::{Change, ChangeKind};
pub(crate) use self::gist::Weigher;
use self::look::{Look, copy_groups};
use self::near::{Near, Own};
use crate::engine::{Engine, guarded};
use crate::error::{Error, ParameterFault, engine};
use crate::filter;
use crate::request::Request;
use crate::response::Hit;
use crate::window::check;

/// Most hits of one answer.
pub const MOST_SIMILAR: usize = 50;
/// Passages looked at for each hit, so that a formula copied by thirty cities does not hide what
/// others do.
const EXAMINED: usize = 8;
const LEAST_EXAMINED: usize = 120;
/// Passages that are about the same as one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Similar {
    /// The passage, with its whole text.
    pub of: Hit,
    /// Whether only passages of other places were looked for.
    pub elsewhere: bool,
    /// Why what was asked cannot be answered as it was meant.
    pub caveats: Vec<String>,
    /// The most alike first; of near-copies one.
    pub hits: Vec<SimilarHit>,
    /// Near-copies among the hits, and of the passage itself.
    pub groups: Vec<CopyGroup>,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
}

/// A passage that is about the same.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SimilarHit {
    /// The passage with its whole text; `copies` are near-copies of it.
    #[serde(flatten)]
    pub hit: Hit,
    /// How alike the words of both are, 0 to 1; those of headings and title count a fifth.
    pub likeness: f32,
    /// The words that make them alike, the weightiest first.
    pub shared: Vec<String>,
    /// Where it differs from the passage, word by word; only of texts that are nearly the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Vec<Change>>,
}

/// Passages with nearly the same text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CopyGroup {
    /// The one whose document has the earliest date; none where dates do not decide it.
    pub first: Option<String>,
    /// All of them, by date, undated ones last.
    pub members: Vec<String>,
}

impl Engine {
    /// Passages about the same as the one with this id; with `elsewhere` only those of other
    /// places. Of the request, filters, limit (at most [`MOST_SIMILAR`]), citation and deadline
    /// count.
    ///
    /// # Errors
    /// When no passage has this id, the limit is too high, a filter is wrong, the deadline is
    /// past, or the index is damaged.
    pub fn similar(
        &self,
        id: PassageId,
        elsewhere: bool,
        request: &Request,
    ) -> Result<Similar, Error> {
        guarded(self.path(), || {
            self.similar_unguarded(id, elsewhere, request)
        })
    }

    fn similar_unguarded(
        &self,
        id: PassageId,
        elsewhere: bool,
        request: &Request,
    ) -> Result<Similar, Error> {
        let started = Instant::now();
        check(request)?;
        if request.limit > MOST_SIMILAR {
            return Err(Error::Parameter {
                name: "limit",
                fault: ParameterFault::Above(MOST_SIMILAR),
            });
        }
        let snapshot = self.snapshot();
        let filters = filter::resolve(&request.filters, self.lexicon(), &self.analyzer)?;
        self.known_values(&filters, &snapshot)?;
        let address = self
            .address_of(&snapshot, id)
            .map_err(engine)?
            .ok_or_else(|| Error::NotFound(id.to_string()))?;
        let limit = request.limit;
        let weigher = Weigher {
            analyzer: &self.analyzer,
            gazetteer: self.lexicon().gazetteer(),
            searcher: &snapshot.searcher,
            collection: &snapshot.statistics.measures,
            fields: &self.fields,
            met: RefCell::default(),
        };
        let look = Look {
            engine: self,
            snapshot: &snapshot,
            request,
            weigher,
        };
        let own = look.own(id, address)?;
        let place = Own::new(&snapshot, address);
        let wanted = look.weigher.wanted(&own.source(), &own.words);
        let near = Near {
            snapshot: &snapshot,
            filters: &filters,
            wanted: wanted.map_err(engine)?,
            own: &place,
            elsewhere,
            keep: (limit * EXAMINED).max(LEAST_EXAMINED),
            deadline: &request.deadline,
        };
        let mut groups = look.grouped(&own, near.find().map_err(engine)?)?;
        groups.truncate(limit);
        let mut caveats = Vec::new();
        if elsewhere && !place.is_known() {
            caveats.push("本条所属文件的地区不详，结果中可能有同一地区的文件".to_owned());
        }
        Ok(Similar {
            of: look.asked(&own)?,
            elsewhere,
            caveats,
            hits: look.hits(&own, &groups)?,
            groups: copy_groups(&own, &groups),
            took_ms: (started.elapsed().as_secs_f64() * 1e5).round() / 100.0,
        })
    }
}
