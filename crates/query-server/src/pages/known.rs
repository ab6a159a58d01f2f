//! What is known about a document, each value with the words it rests on.

use duibiao_corpus::{Evidence, Inferred, Metadata, StatedDate};

use super::document::Writer;
use super::marked::{Mark, What};
use super::{links, words};
use crate::parameters::UnitName;

/// A value with where it is from.
pub(super) struct Field {
    pub(super) label: &'static str,
    pub(super) value: String,
    pub(super) filter: Option<String>,
    pub(super) origin: Origin,
    pub(super) rule: String,
    pub(super) confidence: u8,
    pub(super) quotes: Vec<Quote>,
}

/// How a value is known.
pub(super) struct Origin {
    pub(super) class: &'static str,
    pub(super) label: &'static str,
}

/// Words a value rests on.
pub(super) struct Quote {
    pub(super) number: usize,
    pub(super) text: String,
}

pub(super) struct ThemeView {
    pub(super) name: String,
    pub(super) url: String,
    pub(super) weight: u8,
    pub(super) quotes: Vec<Quote>,
}

impl Writer<'_> {
    /// Numbers evidence so that a value can point at it.
    pub(super) fn quote(&mut self, evidence: &Evidence) -> Quote {
        self.evidence += 1;
        self.marks.push(Mark {
            begin: evidence.span.begin,
            end: evidence.span.end,
            what: What::Evidence(self.evidence),
        });
        Quote {
            number: self.evidence,
            text: evidence.quote.clone(),
        }
    }

    fn field<T>(
        &mut self,
        label: &'static str,
        value: Option<&Inferred<T>>,
        shown: impl Fn(&T) -> (String, Option<String>),
    ) -> Option<Field> {
        let value = value?;
        let (text, filter) = shown(&value.value);
        let origin = match value {
            v if v.is_given() => ("given", "给定"),
            v if v.inferred => ("inferred", "推定"),
            _ => ("stated", "原文"),
        };
        Some(Field {
            label,
            value: text,
            filter,
            origin: Origin {
                class: origin.0,
                label: origin.1,
            },
            rule: words::rule(&value.rule).into_owned(),
            confidence: percent(value.confidence),
            quotes: value.evidence.iter().map(|e| self.quote(e)).collect(),
        })
    }

    pub(super) fn fields(&mut self, known: &Metadata) -> Vec<Field> {
        let plain = |text: &String| (text.clone(), None);
        let of = |name: &'static str| {
            move |text: &String| {
                let url = links::filtered(name, text, Some(UnitName::Document));
                (text.clone(), Some(url))
            }
        };
        let place = |name: &'static str| {
            move |place: &duibiao_corpus::PlaceRef| {
                let code = place.code.to_string();
                let url = links::filtered(name, &code, Some(UnitName::Document));
                (place.name.clone(), Some(url))
            }
        };
        let date = |date: &duibiao_corpus::PartialDate| (date.to_string(), None);
        let fields = [
            self.field("标题", known.title.as_ref(), plain),
            self.field("发文机关", known.issuer.as_ref(), of("issuer")),
            self.field("文号", known.number.as_ref(), plain),
            self.field("文种", known.doc_type.as_ref(), of("doc_type")),
            self.field("子类", known.subtype.as_ref(), of("subtype")),
            self.field("省份", known.province.as_ref(), place("province")),
            self.field("城市", known.city.as_ref(), place("city")),
            self.field("区县", known.county.as_ref(), place("county")),
            self.field("层级", known.level.as_ref(), |level| {
                (level.label().to_owned(), None)
            }),
            self.field("年份", known.year.as_ref(), |year| {
                let url = links::filtered("year", &year.to_string(), Some(UnitName::Document));
                (year.to_string(), Some(url))
            }),
            self.field("时期", known.period.as_ref(), plain),
            self.field("成文日期", known.date.as_ref(), date),
            self.field("发布日期", known.published.as_ref(), date),
            self.field("见报日期", known.appeared.as_ref(), date),
            self.field("网址", known.url.as_ref(), |url| {
                (url.clone(), Some(url.clone()))
            }),
        ];
        let shown: Vec<_> = [&known.date, &known.published, &known.appeared]
            .into_iter()
            .flatten()
            .map(|d| d.value)
            .collect();
        let mut fields: Vec<Field> = fields.into_iter().flatten().collect();
        let others = known.dates.iter().filter(|d| !shown.contains(&d.value));
        fields.extend(others.map(|date| self.date(date)));
        fields
    }

    /// One more date that the document states about itself.
    fn date(&mut self, date: &StatedDate) -> Field {
        let is_given = date.rule == Inferred::<()>::GIVEN;
        Field {
            label: date.kind.label(),
            value: date.value.to_string(),
            filter: None,
            origin: if is_given {
                Origin {
                    class: "given",
                    label: "给定",
                }
            } else {
                Origin {
                    class: "stated",
                    label: "原文",
                }
            },
            rule: words::rule(&date.rule).into_owned(),
            confidence: 100,
            quotes: date.evidence.iter().map(|e| self.quote(e)).collect(),
        }
    }

    pub(super) fn themes(&mut self, known: &Metadata) -> Vec<ThemeView> {
        known
            .themes
            .iter()
            .map(|tag| ThemeView {
                name: tag.name.clone(),
                url: links::filtered("theme", tag.id.as_str(), None),
                weight: percent(tag.weight),
                quotes: tag.evidence.iter().map(|e| self.quote(e)).collect(),
            })
            .collect()
    }
}

fn percent(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}
