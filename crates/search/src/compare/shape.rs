//! The shapes of a comparison: what is asked, and what comes.

use duibiao_corpus::{Figure, FigureValue, Level, NamedPlace, PassageId, ThemeId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::request::Request;
use crate::response::{Hit, QueryInfo};
use crate::sources::Source;

/// What columns are made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Axis {
    /// The city a document is about; a municipality is its own.
    City,
    /// The province a document is about; those of its cities are in it.
    Province,
    /// The year a document belongs to.
    Year,
}

impl Axis {
    /// Every axis.
    pub const ALL: [Self; 3] = [Self::City, Self::Province, Self::Year];

    /// The name of the filter and facet.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::Province => "province",
            Self::Year => "year",
        }
    }

    /// What it is called where people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::City => "城市",
            Self::Province => "省份",
            Self::Year => "年份",
        }
    }
}

/// A comparison that is asked for.
#[derive(Debug, Clone)]
pub struct CompareRequest {
    /// What is compared. A query, a theme or both; `limit` is hits a cell, at most
    /// [`MOST_CELL_HITS`](crate::MOST_CELL_HITS).
    pub request: Request,
    /// What columns are made by.
    pub by: Axis,
    /// The columns as typed, in their order; without any, those filtered by, else those with most
    /// matches. At most [`MOST_COLUMNS`](crate::MOST_COLUMNS).
    pub columns: Vec<String>,
    /// Passages that were picked one by one, which alone are compared then: nothing is searched for, and
    /// there must be neither query nor filters. At most [`MOST_PICKED`](crate::MOST_PICKED).
    pub passages: Vec<PassageId>,
}

/// Rows × columns of measures, with what they rest on.
#[derive(Debug, Clone, Serialize, ToSchema)]
// How a figure is meant is described under the type's own name.
#[schema(as = ComparisonTable)]
pub struct Comparison {
    /// The query as typed and as understood.
    pub query: QueryInfo,
    /// What columns are made by.
    pub by: Axis,
    /// The columns, in order.
    pub columns: Vec<ComparedColumn>,
    /// The rows: themes, and inside a theme what its measures have in common.
    pub rows: Vec<ComparedRow>,
    /// For each row, a cell for each column.
    pub cells: Vec<Vec<Cell>>,
    /// What one must know to read it rightly.
    pub caveats: Vec<Caveat>,
    /// The documents that are quoted, numbered from 1 as they come.
    pub sources: Vec<Source>,
    /// Passages with everything that was asked for, in whatever column or none.
    pub total: u64,
    /// Whether only passages that were picked one by one are compared.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
    /// What was asked, in Chinese, for files.
    #[serde(skip)]
    pub(crate) asked: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComparedColumn {
    /// Code or year; empty for documents without one.
    pub value: String,
    /// Its name.
    pub label: String,
    /// How many documents there are under the filters, whatever they say.
    pub documents: u64,
    /// Passages of them with everything that was asked for.
    pub total: u64,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ComparedRow {
    /// Its theme; `None` for passages without one.
    pub theme: Option<ThemeId>,
    /// The theme's name, and the words that its passages have in common.
    pub label: String,
    /// A term that every passage of the row has, in one of its spellings or synonyms.
    pub words: Vec<String>,
    /// Passages in all its cells.
    pub total: u64,
    /// Quantities that several of its measures state.
    pub quantities: Vec<Quantity>,
}

/// What is in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CellState {
    /// A measure of the column's own documents.
    Found,
    /// Spoken of, and no more: see [`MentionKind`].
    Mentioned,
    /// Nothing, in so many documents as the column has.
    NotFound,
    /// There is no document to look in.
    NoDocuments,
    /// Nothing was picked for it, where only picked passages are compared; nothing was searched for.
    NotPinned,
}

impl CellState {
    /// What it is called where people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Found => "有",
            Self::Mentioned => "提及",
            Self::NotFound => "未检到",
            Self::NoDocuments => "无文件",
            Self::NotPinned => "未放入",
        }
    }
}

/// Why a hit is a mention and no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MentionKind {
    /// Words around the measures, or ones that introduce them.
    Context,
    /// A list of names, departments or projects.
    Annex,
    /// It has the words of what was asked for, but not together in one sentence.
    Apart,
    /// It has only some of what was asked for.
    Partial,
    /// A document of elsewhere that names the place.
    Elsewhere,
    /// A measure of another status than asked for; of gaps only, as all below.
    OtherStatus,
    /// In documents of the place that the filters leave out.
    Outside,
    /// Under another theme.
    OtherTheme,
    /// A word that is akin and does not mean the same.
    Akin,
    /// A passage with much the same words.
    Near,
    /// A document of the place's province.
    Provincial,
}

impl MentionKind {
    /// What it is called where people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Context => "背景或引语",
            Self::Annex => "附件名单",
            Self::Apart => "词语分散",
            Self::Partial => "只含部分词语",
            Self::Elsewhere => "外地文件",
            Self::OtherStatus => "状态不同",
            Self::Outside => "筛选之外",
            Self::OtherTheme => "其他主题",
            Self::Akin => "相关词语",
            Self::Near => "内容相近",
            Self::Provincial => "本省文件",
        }
    }
}

/// A cell.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Cell {
    /// What is in it.
    pub state: CellState,
    /// Measures that are found, or mentions where there is none.
    pub total: u64,
    /// The best of them, near-copies left out.
    pub hits: Vec<CellHit>,
    /// What the first of them states in numbers.
    pub figures: Vec<Figure>,
    /// Numbers of the caveats, from 1, that concern it.
    pub caveats: Vec<usize>,
    /// Where nothing is found: numbers, from 1, of other rows of the theme in which the column has
    /// measures.
    pub see: Vec<usize>,
}

/// A hit of a cell, with its whole passage.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CellHit {
    /// The hit.
    #[serde(flatten)]
    pub hit: Hit,
    /// Number of its source.
    pub source: usize,
    /// Why it is a mention and no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mention: Option<MentionKind>,
    /// What it states in numbers.
    pub figures: Vec<Figure>,
    /// Places of elsewhere that it names.
    pub places: Vec<NamedPlace>,
    /// The tier of government its document speaks for.
    pub level: Option<Level>,
    /// Whether year or date of its document were inferred and not stated.
    pub is_time_inferred: bool,
    /// Whether its document says that it is only part of the original.
    pub is_excerpt: bool,
    /// The words that make it alike, the weightiest first; of gaps only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<String>,
    /// Sketch of its text, by which near-copies are known.
    #[serde(skip)]
    pub(crate) sketch: u64,
}

/// One quantity that several measures of a row state.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Quantity {
    /// What is measured, in the shortest of their words.
    pub what: String,
    /// The unit of the values where they have one in common.
    pub unit: Option<String>,
    /// The values, in the order of the columns; [`Quantity::order`] has another.
    pub values: Vec<QuantityValue>,
    /// What keeps them from being subtracted or ranked; empty where nothing was noticed.
    pub warnings: Vec<CaveatKind>,
}

/// A value of a quantity.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct QuantityValue {
    /// Number of the column, from 0.
    pub column: usize,
    /// Id of the passage that states it.
    pub id: String,
    /// Number of its source.
    pub source: usize,
    /// The value in the unit of the quantity, else in its own.
    pub value: FigureValue,
    /// The unit of the value.
    pub unit: String,
    /// The figure as the text has it.
    pub figure: Figure,
    /// What it was reduced from, worked out from a reduction and its share in the same sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<f64>,
}

/// What a caveat is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaveatKind {
    /// Reduced by and reduced to stand side by side.
    ReducedByTo,
    /// Changes whose bases differ or are not told.
    Base,
    /// A part and a whole stand side by side.
    PartWhole,
    /// A target or limit and a result stand side by side.
    TargetResult,
    /// Units that cannot be converted, such as working days and days.
    Unit,
    /// What is measured is not quite the same.
    Object,
    /// The times covered differ.
    Period,
    /// A proposal or plan and a deed stand side by side.
    ProposalDeed,
    /// Documents of other years.
    Year,
    /// Documents of other tiers of government.
    Level,
    /// Measures that are nearly the same text.
    Copy,
    /// A passage that names other places.
    Elsewhere,
    /// A document that is only part of the original.
    Excerpt,
    /// A year or date that was inferred.
    InferredDate,
    /// Matches that no column has.
    NotShown,
    /// Matches without a value for the columns.
    WithoutValue,
    /// There is no document of a place.
    NoDocuments,
    /// There are so few documents of a place that little can be told from what they lack.
    FewDocuments,
    /// What the evidence stands in is of a type that a place has no documents of.
    DocType,
}

impl CaveatKind {
    /// What it is called where people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::ReducedByTo => "减量与减至",
            Self::Base => "基数不同",
            Self::PartWhole => "部分与全部",
            Self::TargetResult => "目标与结果",
            Self::Unit => "单位不同",
            Self::Object => "对象不同",
            Self::Period => "时段不同",
            Self::ProposalDeed => "建议计划与已办",
            Self::Year => "年份不同",
            Self::Level => "层级不同",
            Self::Copy => "文字相同",
            Self::Elsewhere => "提到外地",
            Self::Excerpt => "节录",
            Self::InferredDate => "时间推定",
            Self::NotShown => "未列出",
            Self::WithoutValue => "归属不详",
            Self::NoDocuments => "无文件",
            Self::FewDocuments => "文件太少",
            Self::DocType => "文种不同",
        }
    }
}

/// What one must know to read some cells rightly, as far as the program can see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Caveat {
    /// What it is about.
    pub kind: CaveatKind,
    /// It in Chinese.
    pub text: String,
    /// The cells concerned, as numbers of row and column from 0; none where it is about the whole.
    pub cells: Vec<(usize, usize)>,
}
