//! Parameters that have every filter of a search beside their own: the filters are written once here,
//! since flattening one struct into another cannot read repeated values.

use duibiao_search::{
    Axis, CitationStyle, CompareRequest, GapsRequest, MOST_CELL_HITS, Request, TraceRequest,
};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::{MatchName, SortName, Switch, UnitName};
use crate::fault::Fault;

/// Suggestions where no limit is asked for.
const SUGGESTIONS: usize = 8;
/// Hits of a cell where no limit is asked for.
const CELL_HITS: usize = 3;

/// A struct with the filters between its own fields: behind `[filters];` what stands behind them in an
/// address.
macro_rules! with_filters {
    (
        $(#[$about:meta])*
        pub(crate) struct $name:ident {
            $($(#[$of_first:meta])* pub(crate) $first:ident: $first_type:ty,)*
            [filters];
            $($(#[$of_last:meta])* pub(crate) $last:ident: $last_type:ty,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
        #[into_params(parameter_in = Query)]
        #[serde(default)]
        pub(crate) struct $name {
            $($(#[$of_first])* pub(crate) $first: $first_type,)*
            /// Place of any level with all that lies in it: code, full or short name, or alias. Repeated
            /// values of one filter are alternatives, different filters all apply; empty or 不详 for
            /// documents without one; a value behind - is left out (-辽宁).
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub(crate) place: Vec<String>,
            /// Province: code, full or short name, or alias.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub(crate) province: Vec<String>,
            /// City: code, full or short name, or alias.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub(crate) city: Vec<String>,
            /// County or district: code, or name.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub(crate) county: Vec<String>,
            /// Year or range: 2017, 2017..2020, 2017.., ..2020.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub(crate) year: Vec<String>,
            /// Year or range that the data cover.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub(crate) period: Vec<String>,
            /// Theme: id or name.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub(crate) theme: Vec<String>,
            /// Type of document, such as 通报.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub(crate) doc_type: Vec<String>,
            /// Kind of document inside its type.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub(crate) subtype: Vec<String>,
            /// Issuing body.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub(crate) issuer: Vec<String>,
            /// Document number, in any brackets.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub(crate) number: Vec<String>,
            /// Status: done, planned, mixed, proposed, stated.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub(crate) status: Vec<String>,
            /// Level: nation, province, city, county.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub(crate) level: Vec<String>,
            /// 1 where a city or county that is asked for stands for its province's own documents too:
            /// those of level province and of no city.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub(crate) provincial: Option<Switch>,
            $($(#[$of_last])* pub(crate) $last: $last_type,)*
        }
    };
}

/// What a search has of other parameters: their filters and nothing else.
macro_rules! filters_of {
    ($($name:ident)*) => {$(
        impl $name {
            /// A search with these filters and nothing else. A form sends the choice of no value.
            pub(crate) fn filters(&self) -> SearchParameters {
                SearchParameters {
                    place: self.place.clone(),
                    province: self.province.clone(),
                    city: self.city.clone(),
                    county: self.county.clone(),
                    year: self.year.clone(),
                    period: self.period.clone(),
                    theme: chosen(&self.theme),
                    doc_type: self.doc_type.clone(),
                    subtype: self.subtype.clone(),
                    issuer: self.issuer.clone(),
                    number: self.number.clone(),
                    status: chosen(&self.status),
                    level: self.level.clone(),
                    provincial: self.provincial,
                    ..SearchParameters::default()
                }
            }
        }
    )*};
}

filters_of!(SuggestParameters CompareParameters GapsParameters TraceParameters);

/// The values that say something.
fn chosen(values: &[String]) -> Vec<String> {
    let chosen = values.iter().filter(|value| !value.trim().is_empty());
    chosen.cloned().collect()
}

/// Values one by one, each given by itself or several with commas between them.
fn each(values: &[String]) -> Vec<String> {
    let values = values.iter().flat_map(|some| some.split([',', '，', '、']));
    let values = values.map(str::trim).filter(|value| !value.is_empty());
    values.map(str::to_owned).collect()
}

with_filters! {
    /// What a search is asked with.
    pub(crate) struct SearchParameters {
        /// What to look for, in the query language; without it, everything the filters allow.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[param(example = "容缺受理 -招标")]
        pub(crate) q: Option<String>,
        [filters];
        /// What a hit is.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) unit: Option<UnitName>,
        /// In which order hits come; relevance with a query, else newest.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) sort: Option<SortName>,
        /// Whether hits with some of the pieces may follow where few have all.
        #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
        #[param(rename = "match")]
        pub(crate) matching: Option<MatchName>,
        /// How many hits, 10 by default; offset + limit at most 10,000.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) limit: Option<usize>,
        /// How many hits to leave out first.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) offset: Option<usize>,
        /// Continue behind the hit that gave this cursor.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) cursor: Option<String>,
        /// 1 to show near-identical hits as one, with the others behind it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) collapse: Option<Switch>,
        /// 0 to search for nothing but what was typed.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) variants: Option<Switch>,
        /// An added term that is not to be searched for.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub(crate) drop: Vec<String>,
        /// 1 to give hits through related terms however much else is found; 0 for none.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) related: Option<Switch>,
        /// 1 to say what each score is made of.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) explain: Option<Switch>,
        /// Edition of GB/T 7714 that citations follow, 2015 by default.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) citation: Option<CitationStyle>,
    }
}

with_filters! {
    /// What suggestions are asked with: the parameters of a search that decide what it finds.
    pub(crate) struct SuggestParameters {
        /// The query as far as it is typed: characters, pinyin, initials or a mixture.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[param(example = "中jie")]
        pub(crate) q: Option<String>,
        [filters];
        /// What is counted.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) unit: Option<UnitName>,
        /// How many suggestions, 8 by default, at most 20.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) limit: Option<usize>,
        /// 0 to count nothing but what was typed.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) variants: Option<Switch>,
        /// An added term that is not counted.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub(crate) drop: Vec<String>,
    }
}

impl SuggestParameters {
    /// The search whose query is being typed.
    pub(crate) fn request(self) -> Request {
        let filters = self.filters();
        let search = SearchParameters {
            q: self.q,
            // Documents without a theme or a status may be asked for too.
            theme: self.theme,
            status: self.status,
            unit: self.unit,
            limit: Some(self.limit.unwrap_or(SUGGESTIONS)),
            variants: self.variants,
            drop: self.drop,
            ..filters
        };
        search.request()
    }
}

with_filters! {
    /// What a comparison is asked with: the parameters of a search that decide what it finds, and its
    /// columns.
    pub(crate) struct CompareParameters {
        /// What to compare, in the query language; without it, what `theme` says. One of the two is needed.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[param(example = "审批提速")]
        pub(crate) q: Option<String>,
        /// What columns are made by; city by default.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) by: Option<Axis>,
        /// The columns in order, each a name or code, or several with commas between them; without it
        /// those filtered by, else those with most matches; at most 12.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[param(example = json!(["哈尔滨", "营口"]))]
        pub(crate) columns: Vec<String>,
        [filters];
        /// Whether a cell without a measure may mention one that has some of the pieces.
        #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
        #[param(rename = "match")]
        pub(crate) matching: Option<MatchName>,
        /// How many hits a cell has, 3 by default, at most 10.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) limit: Option<usize>,
        /// 0 to search for nothing but what was typed.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) variants: Option<Switch>,
        /// An added term that is not to be searched for.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub(crate) drop: Vec<String>,
        /// Edition of GB/T 7714 that citations follow, 2015 by default.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) citation: Option<CitationStyle>,
        /// A passage that was picked, such as 5f0c2a9be1d34c77-m28: with any, these alone are compared, nothing
        /// is searched for, and there must be neither query nor filters; at most 100.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub(crate) id: Vec<String>,
        /// The column that the page shows where there is room for one only; without effect elsewhere.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) show: Option<String>,
    }
}

impl CompareParameters {
    /// A comparison of what a search finds.
    pub(crate) fn of(asked: &SearchParameters) -> Self {
        // Columns are made of places of one level, so where all are, they are asked for as such.
        let is_province = |code: &String| code.ends_with("0000");
        let is_city = |code: &String| code.ends_with("00") && !is_province(code);
        let (mut place, mut province, mut city) =
            (Vec::new(), asked.province.clone(), asked.city.clone());
        if province.is_empty() && asked.place.iter().all(is_province) {
            province.clone_from(&asked.place);
        } else if city.is_empty() && asked.place.iter().all(is_city) {
            city.clone_from(&asked.place);
        } else {
            place.clone_from(&asked.place);
        }
        Self {
            q: asked.q.clone(),
            place,
            province,
            city,
            county: asked.county.clone(),
            year: asked.year.clone(),
            period: asked.period.clone(),
            theme: asked.theme.clone(),
            doc_type: asked.doc_type.clone(),
            subtype: asked.subtype.clone(),
            issuer: asked.issuer.clone(),
            number: asked.number.clone(),
            status: asked.status.clone(),
            level: asked.level.clone(),
            provincial: asked.provincial,
            matching: asked.matching,
            variants: asked.variants,
            drop: asked.drop.clone(),
            citation: asked.citation,
            ..Self::default()
        }
    }

    /// The search whose hits are compared.
    pub(crate) fn search(&self) -> SearchParameters {
        SearchParameters {
            q: self.q.clone(),
            // Documents without a status may be asked for too.
            status: self.status.clone(),
            matching: self.matching,
            variants: self.variants,
            drop: self.drop.clone(),
            citation: self.citation,
            ..self.filters()
        }
    }

    /// The themes that are named.
    pub(crate) fn themes(&self) -> Vec<String> {
        self.filters().theme
    }

    /// What columns are made by.
    pub(crate) fn axis(&self) -> Axis {
        self.by.unwrap_or(Axis::City)
    }

    /// The columns one by one.
    pub(crate) fn each_column(&self) -> Vec<String> {
        each(&self.columns)
    }

    /// The comparison that is asked for.
    ///
    /// # Errors
    /// When a passage that was picked has no id.
    pub(crate) fn request(&self) -> Result<CompareRequest, Fault> {
        let passages = self.id.iter().map(|id| Ok(id.parse()?));
        let passages = passages.collect::<Result<Vec<_>, Fault>>()?;
        let hits = if passages.is_empty() {
            CELL_HITS
        } else {
            MOST_CELL_HITS
        };
        let request = Request {
            limit: self.limit.unwrap_or(hits),
            facets: false,
            ..self.search().request()
        };
        Ok(CompareRequest {
            request,
            by: self.axis(),
            columns: self.each_column(),
            passages,
        })
    }
}

with_filters! {
    /// What gaps are asked with. Places narrow whose documents are measured against; the status is that
    /// of the others' measures.
    pub(crate) struct GapsParameters {
        /// The city whose gaps are looked for: code, full or short name, or alias.
        #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
        #[param(rename = "for", required, example = "株洲")]
        pub(crate) own: Option<String>,
        /// The cities it is measured against, each a name or code, or several with commas between them; at
        /// most 40; without it, those with most matches.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[param(example = json!(["哈尔滨", "衢州"]))]
        pub(crate) against: Vec<String>,
        /// How many of them must have a matter: 2 by default, of one city 1.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) at_least: Option<usize>,
        /// What is looked at, in the query language; without it, everything the filters leave.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) q: Option<String>,
        /// How many measures of each city are given, 1 by default, at most 10.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) limit: Option<usize>,
        /// 0 to search for nothing but what was typed.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) variants: Option<Switch>,
        /// An added term that is not to be searched for.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub(crate) drop: Vec<String>,
        /// Edition of GB/T 7714 that citations follow, 2015 by default.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) citation: Option<CitationStyle>,
        [filters];
    }
}

impl GapsParameters {
    /// The cities one by one.
    pub(crate) fn each_against(&self) -> Vec<String> {
        each(&self.against)
    }

    /// A search for what is looked at.
    pub(crate) fn search(&self) -> SearchParameters {
        SearchParameters {
            q: self.q.clone(),
            variants: self.variants,
            drop: self.drop.clone(),
            citation: self.citation,
            ..self.filters()
        }
    }

    /// The look that is asked for.
    pub(crate) fn request(&self) -> GapsRequest {
        let search = SearchParameters {
            limit: Some(self.limit.unwrap_or(1)),
            ..self.search()
        };
        GapsRequest {
            request: search.request(),
            city: self.own.clone().unwrap_or_default(),
            against: self.each_against(),
            at_least: self.at_least,
        }
    }
}

with_filters! {
    /// What a wording is traced with.
    pub(crate) struct TraceParameters {
        /// The wording, literally: script, width, case and white space are no difference.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[param(required, example = "容缺受理")]
        pub(crate) q: Option<String>,
        /// 0 to leave out its synonyms and short forms.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) variants: Option<Switch>,
        /// Edition of GB/T 7714 that citations follow, 2015 by default.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) citation: Option<CitationStyle>,
        [filters];
    }
}

impl TraceParameters {
    /// The trace that is asked for.
    pub(crate) fn request(&self) -> TraceRequest {
        TraceRequest {
            term: self.q.clone().unwrap_or_default(),
            request: SearchParameters {
                variants: self.variants,
                citation: self.citation,
                ..self.filters()
            }
            .request(),
        }
    }
}
