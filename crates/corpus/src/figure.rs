//! What a passage states in figures, by when, and by whom: the columns of a ledger.
//!
//! Values are kept in the unit that was written; beside them stands the value in base units, so
//! that figures written differently can be compared.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Evidence, PartialDate, Span};

/// A number as JSON and people write it: 26, not 26.0.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Number(pub f64);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Above this a double no longer holds every whole number.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() < LARGEST_WHOLE {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Self)
    }
}

impl utoipa::PartialSchema for Number {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        <f64 as utoipa::PartialSchema>::schema()
    }
}

impl utoipa::ToSchema for Number {}

/// One number, or the two ends of a range (3—5个工作日).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum FigureValue {
    /// 26
    One(Number),
    /// [3, 5]
    Range([Number; 2]),
}

impl FigureValue {
    /// The same with every number changed.
    pub fn map(self, change: impl Fn(f64) -> f64) -> Self {
        match self {
            Self::One(n) => Self::One(Number(change(n.0))),
            Self::Range([a, b]) => Self::Range([Number(change(a.0)), Number(change(b.0))]),
        }
    }
}

impl std::fmt::Display for FigureValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::One(n) => n.fmt(f),
            Self::Range([a, b]) => write!(f, "{a}–{b}"),
        }
    }
}

/// A figure of a passage (量化指标).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Figure {
    /// Where its words stand.
    #[serde(flatten)]
    pub span: Span,
    /// Its words, verbatim: the number with its unit and the words that compare.
    pub quote: String,
    /// The number, or the two ends of a range. Of a change from one value to another, the latter.
    pub value: FigureValue,
    /// Its unit as it was written, without 个 before words that are units themselves: 工作日, 万元,
    /// 万元/年. Multiples of things counted are multiplied out (100万条 is 1000000 条).
    pub unit: Option<String>,
    /// The same in base units, where those are others: 4.4 万元 is 44000 元, 15 分钟 is 900 秒.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normalized: Option<Amount>,
    /// What is measured, in words of the text; `None` where that is not clear.
    pub what: Option<String>,
    /// How the number is meant.
    pub comparison: Comparison,
}

/// A value in base units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Amount {
    /// The number or range.
    pub value: FigureValue,
    /// 元, 秒, 平方米, 米, 吨, 千瓦时 …
    pub unit: String,
}

/// How a figure bounds what it measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Bound {
    /// 不超过, 以内, 以下
    #[serde(rename = "<=")]
    AtMost,
    /// 不少于, 至少, 以上
    #[serde(rename = ">=")]
    AtLeast,
    /// 不足, 低于
    #[serde(rename = "<")]
    Below,
    /// 超过, 突破, 余
    #[serde(rename = ">")]
    Above,
    /// 约, 左右
    #[serde(rename = "~")]
    About,
    /// 以上…以下
    #[serde(rename = "between")]
    Between,
}

crate::named! {
    /// Which way a figure changed.
    Direction {
        /// 增长, 提高
        Up = "up", "上升";
        /// 下降, 减少
        Down = "down", "下降";
        /// 提速
        Faster = "faster", "提速";
    }
}

/// How a figure is meant. 压缩3个工作日 (reduced by) is a `reduction`, 压缩至3个工作日 (reduced to) is
/// `from_to`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Comparison {
    /// Things or people counted: 查处案件26件.
    Count {
        /// The time it covers, as written: 2016年1至11月.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        period: Option<String>,
    },
    /// Money, area, length, weight added up: 罚款4.4万元.
    Sum {
        /// The time it covers, as written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        period: Option<String>,
    },
    /// Some of a whole: 60家中的36家, 占全市的30%.
    PartOf {
        /// How many the whole are, in the same unit.
        of: Option<Number>,
        /// What the whole is, as written.
        whole: Option<String>,
    },
    /// From one value to another: 由11个缩减至5个; 压缩至5个 has no `from`.
    FromTo {
        /// The value before, in the unit of the figure where it can be converted.
        from: Option<Number>,
        /// The unit of `from` where it could not be converted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from_unit: Option<String>,
        /// The value after.
        to: Number,
    },
    /// Reduced by so much: 缩减9.75个工作日.
    Reduction {
        /// 以上, 约 …
        #[serde(default, skip_serializing_if = "Option::is_none")]
        op: Option<Bound>,
    },
    /// Reduced by something between two values: 压缩3—5个工作日.
    ReductionRange,
    /// Something to be reached: 力争达到90%以上.
    Target {
        /// 不少于, 以上 …
        #[serde(default, skip_serializing_if = "Option::is_none")]
        op: Option<Bound>,
        /// Of a change to be reached.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        direction: Option<Direction>,
    },
    /// What must not be exceeded or undercut: 8小时内, 不得少于三人, 五千元以上五万元以下.
    Limit {
        /// Which way it binds.
        op: Bound,
    },
    /// A state: 达到50.22%.
    Level {
        /// 超过, 以上 …
        #[serde(default, skip_serializing_if = "Option::is_none")]
        op: Option<Bound>,
    },
    /// A change without the time it is compared with: 提速35.4%.
    RateOfChange {
        /// Which way.
        direction: Direction,
    },
    /// A change against the year before: 同比上升9.32%.
    Yoy {
        /// Which way.
        direction: Direction,
    },
    /// Roughly so many: 近220亿元, 三十余家.
    Approx {
        /// `<` for 近, `>` for 余, `~` for 约.
        op: Bound,
    },
    /// A condition: 三人以上联名的, 近3年无不良记录.
    Threshold {
        /// Which way it must be met.
        op: Bound,
    },
    /// A rate that is set: 每年4万元, 使用期限为八年.
    Standard,
    /// A place among others: 排名全省第3.
    Rank {
        /// Among whom, as written: 全省.
        scope: Option<String>,
    },
    /// A change against a year that is named: 比2015年下降18%.
    FromBaseline {
        /// The time compared with, as written.
        baseline: String,
        /// Which way.
        direction: Direction,
    },
}

impl Comparison {
    /// The name of the type in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Count { .. } => "count",
            Self::Sum { .. } => "sum",
            Self::PartOf { .. } => "part_of",
            Self::FromTo { .. } => "from_to",
            Self::Reduction { .. } => "reduction",
            Self::ReductionRange => "reduction_range",
            Self::Target { .. } => "target",
            Self::Limit { .. } => "limit",
            Self::Level { .. } => "level",
            Self::RateOfChange { .. } => "rate_of_change",
            Self::Yoy { .. } => "yoy",
            Self::Approx { .. } => "approx",
            Self::Threshold { .. } => "threshold",
            Self::Standard => "standard",
            Self::Rank { .. } => "rank",
            Self::FromBaseline { .. } => "from_baseline",
        }
    }

    /// What it is called where people read it.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Count { .. } => "计数",
            Self::Sum { .. } => "规模",
            Self::PartOf { .. } => "部分",
            Self::FromTo { .. } => "变化至",
            Self::Reduction { .. } => "减量",
            Self::ReductionRange => "减量区间",
            Self::Target { .. } => "目标",
            Self::Limit { .. } => "限额",
            Self::Level { .. } => "水平",
            Self::RateOfChange { .. } => "变化幅度",
            Self::Yoy { .. } => "同比",
            Self::Approx { .. } => "约数",
            Self::Threshold { .. } => "条件",
            Self::Standard => "标准",
            Self::Rank { .. } => "排名",
            Self::FromBaseline { .. } => "较基期",
        }
    }
}

crate::named! {
    /// What a deadline's date was counted from.
    DeadlineAnchor {
        /// The year stands in the deadline itself.
        Stated = "stated", "原文";
        /// The document's own date: 年底前 is the end of that year.
        Dated = "dated", "成文日期";
        /// The year the document gives itself.
        OwnYear = "own_year", "本文年份";
        /// The latest events the text tells of, where it was signed long after it was drafted.
        Drafted = "drafted", "成稿时间";
    }
}

/// A time by which something is to be done (时限).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Deadline {
    /// Where its words stand.
    #[serde(flatten)]
    pub span: Span,
    /// Its words, verbatim.
    pub quote: String,
    /// The last day on which it is met; `None` where the text leaves it open or cannot say.
    pub normalized: Option<PartialDate>,
    /// What the date was counted from; `None` where there is no date.
    pub anchor: Option<DeadlineAnchor>,
    /// The words that the anchor rests on, where they are not the deadline's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor_evidence: Option<Evidence>,
}

crate::named! {
    /// What a body has to do with a measure.
    Duty {
        /// 牵头
        Lead = "lead", "牵头";
        /// 责任单位, 由…负责
        Responsible = "responsible", "负责";
        /// 配合, 协办
        Cooperating = "cooperating", "配合";
        /// 责任领导: a person and not a body.
        Leader = "leader", "责任领导";
    }
}

/// A body that a passage names as the one to act (责任单位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Responsible {
    /// Where its name stands.
    #[serde(flatten)]
    pub span: Span,
    /// The words there, verbatim.
    pub quote: String,
    /// Its name, without white space.
    pub body: String,
    /// What it has to do.
    pub duty: Duty,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_the_shape_that_others_rely_on() {
        let figure = Figure {
            span: Span::new(3, 10),
            quote: "由11个缩减至5个".to_owned(),
            value: FigureValue::One(Number(5.0)),
            unit: Some("个".to_owned()),
            normalized: None,
            what: None,
            comparison: Comparison::FromTo {
                from: Some(Number(11.0)),
                from_unit: None,
                to: Number(5.0),
            },
        };
        let json = serde_json::to_string(&figure).expect("plain data");
        assert_eq!(
            json,
            r#"{"begin":3,"end":10,"quote":"由11个缩减至5个","value":5,"unit":"个","what":null,"comparison":{"type":"from_to","from":11,"to":5}}"#
        );
        assert_eq!(serde_json::from_str::<Figure>(&json).expect("read"), figure);
        let range = FigureValue::Range([Number(3.0), Number(5.5)]);
        let json = serde_json::to_string(&range).expect("plain data");
        assert_eq!(json, "[3,5.5]");
        assert_eq!(
            serde_json::from_str::<FigureValue>(&json).expect("read"),
            range
        );
    }

    #[test]
    fn comparisons_are_tagged_with_their_names() {
        let cases = [
            (Comparison::Standard, r#"{"type":"standard"}"#),
            (
                Comparison::Limit { op: Bound::AtMost },
                r#"{"type":"limit","op":"<="}"#,
            ),
            (
                Comparison::Yoy {
                    direction: Direction::Down,
                },
                r#"{"type":"yoy","direction":"down"}"#,
            ),
        ];
        for (comparison, expected) in cases {
            let json = serde_json::to_string(&comparison).expect("plain data");
            assert_eq!(json, expected);
            assert!(json.contains(comparison.name()));
        }
    }
}
