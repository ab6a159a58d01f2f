//! How good a ranking is, measured on judged queries: reading them ([`Topics`]), ranking with the
//! engine or with a plain yardstick ([`Ranker`]), scoring ([`Scores`]) and comparing two rankings
//! with what chance would do ([`Comparison`]).
//!
//! It knows files of TREC's formats and one JSON of graded passages. It changes no ranking, and
//! nothing in the engine knows of it.

mod comparison;
mod error;
mod judged;
mod metrics;
mod plain;
mod ranking;
mod run_file;
mod texts;
mod topics;

pub use comparison::{Comparison, Difference};
pub use error::{EvaluationError, LineFault};
pub use metrics::{METRICS, Means, Scores, TopicScore};
pub use plain::{Bm25, PlainRanker, Terms};
pub use ranking::{Half, PassagePlace, Ranked, Ranker, Run};
pub use run_file::{read_run, write_run};
pub use topics::{Topic, Topics};
