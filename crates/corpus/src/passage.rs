//! Passages: the text of a document cut without gaps.

use crate::{Deadline, Evidence, Figure, NamedPlace, Responsible, Span, ThemeId};
use serde::{Deserialize, Serialize};

crate::named! {
    /// What a passage is for in its document.
    PassageKind {
        /// One thing done, planned or proposed.
        Measure = "measure", "措施";
        /// Who leads and who works: groups, offices, duties.
        Organization = "organization", "组织领导";
        /// Stages and dates of a plan.
        Schedule = "schedule", "步骤安排";
        /// What is demanded of those who carry it out.
        Requirement = "requirement", "工作要求";
        /// Words that introduce the passages after them; headings are of this kind.
        LeadIn = "lead_in", "引语";
        /// Title, opening, signature and other words around the measures.
        Context = "context", "背景";
        /// Lists of names, departments, projects.
        Annex = "annex", "附件名单";
        /// Page numbers, navigation and other words that are not the document's.
        Furniture = "furniture", "页面杂项";
    }
}

impl PassageKind {
    /// Whether hits of this kind stand below all others.
    pub fn ranks_below(self) -> bool {
        matches!(self, Self::Annex | Self::Context)
    }
}

crate::named! {
    /// How far a measure has come, as far as its words say.
    Status {
        /// Words or figures say it was carried out.
        Done = "done", "已办";
        /// A plan, a timetable or a demand.
        Planned = "planned", "计划";
        /// Part done, part planned.
        Mixed = "mixed", "部分已办";
        /// Somebody's suggestion to those who could do it.
        Proposed = "proposed", "建议";
        /// Stated as being done, without a word that it was.
        Stated = "stated", "陈述";
    }
}

/// The finding that a measure answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
    /// Its words, verbatim.
    pub text: String,
    /// Where they stand.
    #[serde(flatten)]
    pub span: Span,
}

/// One piece of a document's text. Together a document's passages tile it: each begins where
/// the one before ends, the first at 0, the last at the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Passage {
    /// Place among the passages of the document, from 1.
    pub ordinal: u32,
    /// Where it stands.
    #[serde(flatten)]
    pub span: Span,
    /// Headings above it, outermost first; a heading's own path ends with itself.
    pub heading_path: Vec<String>,
    /// What it answers, where the text says so.
    pub problem: Option<Problem>,
    /// What it is for.
    pub kind: PassageKind,
    /// How far it has come; `None` where the question makes no sense (an annex, a title).
    pub status: Option<Status>,
    /// The words that decided the status, in order; none where only the kind of document did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status_evidence: Vec<Evidence>,
    /// Themes its words vote for, strongest first.
    pub themes: Vec<ThemeId>,
    /// What it states in numbers, in order; their spans do not overlap.
    #[serde(default)]
    pub figures: Vec<Figure>,
    /// By when it is to be done, in order; their spans do not overlap.
    #[serde(default)]
    pub deadlines: Vec<Deadline>,
    /// The bodies it names as those to act, in order; their spans do not overlap.
    #[serde(default)]
    pub responsible: Vec<Responsible>,
    /// The places it names, each where it is named first. What the document is about is told by its
    /// metadata and not by these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<NamedPlace>,
    /// A heading that passages below it carry in their path: found through them, not by itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_heading: bool,
}
