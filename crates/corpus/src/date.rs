//! Dates as precise as a document states them: a year, a month of a year, or a day.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::Evidence;
use crate::id::serde_as_text;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

crate::named! {
    /// What happened to a document on a day.
    DateKind {
        /// It was signed: the day under its text.
        Signed = "signed", "成文";
        /// A congress, committee or meeting passed it.
        Passed = "passed", "通过";
        /// A higher body approved it.
        Approved = "approved", "批准";
        /// It was amended.
        Amended = "amended", "修正";
        /// It was made public with force of law.
        Promulgated = "promulgated", "公布";
        /// It was delivered to an assembly.
        Delivered = "delivered", "作报告";
        /// It was printed and sent out.
        Issued = "issued", "印发";
        /// It takes effect.
        InForce = "in_force", "施行";
        /// It was put on a web page.
        Published = "published", "发布";
        /// It appeared in a newspaper.
        Appeared = "appeared", "见报";
    }
}

/// A date that a document states about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StatedDate {
    /// What happened on that day.
    pub kind: DateKind,
    /// The day.
    pub value: PartialDate,
    /// The rule that read it; `label` where the user gave it.
    #[schema(value_type = String)]
    pub rule: Cow<'static, str>,
    /// The words it rests on; empty where the user gave it.
    pub evidence: Vec<Evidence>,
}

/// A text that is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date: {0:?}; expected 2017, 2017-03 or 2017-03-21")]
pub struct PartialDateError(String);

/// ISO 8601 at the precision that is known: `2017`, `2017-03` or `2017-03-21`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    /// Year of the common era.
    pub year: i16,
    /// Month, 1–12, where known.
    pub month: Option<u8>,
    /// Day of the month, where known.
    pub day: Option<u8>,
}

impl PartialDate {
    /// A date as tables write it: `2017/3/21`, `2017.03`, `20170321`, `2017年3月21日`, with or
    /// without a time of day after it.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn from_table(text: &str) -> Result<Self, PartialDateError> {
        let error = || PartialDateError(text.chars().take(60).collect());
        let day = text.trim().split([' ', 'T']).next().unwrap_or_default();
        let is_plain = day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit());
        if is_plain {
            return format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]).parse();
        }
        let parts: Vec<String> = day
            .split(['-', '/', '.', '年', '月', '日'])
            .filter(|part| !part.is_empty())
            .enumerate()
            .map(|(index, part)| {
                if index == 0 {
                    part.to_owned()
                } else {
                    format!("{part:0>2}")
                }
            })
            .collect();
        parts.join("-").parse().map_err(|_| error())
    }

    /// Orders dates in the index: `yyyymmdd` with zeros for what is unknown.
    pub fn sort_key(self) -> u64 {
        let part = |p: Option<u8>| u64::from(p.unwrap_or(0));
        self.year.max(0) as u64 * 10_000 + part(self.month) * 100 + part(self.day)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
            if let Some(day) = self.day {
                write!(f, "-{day:02}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for PartialDate {
    type Err = PartialDateError;

    fn from_str(text: &str) -> Result<Self, PartialDateError> {
        let error = || PartialDateError(text.chars().take(60).collect());
        let number = |p: &str, width: usize| -> Option<u16> {
            (p.len() == width && p.bytes().all(|b| b.is_ascii_digit()))
                .then(|| p.parse().ok())
                .flatten()
        };
        let mut parts = text.split('-');
        let year = parts.next().and_then(|p| number(p, 4)).ok_or_else(error)?;
        let month = parts
            .next()
            .map(|p| {
                number(p, 2)
                    .filter(|m| (1..=12).contains(m))
                    .ok_or_else(error)
            })
            .transpose()?;
        let day = parts
            .next()
            .map(|p| {
                number(p, 2)
                    .filter(|d| (1..=31).contains(d))
                    .ok_or_else(error)
            })
            .transpose()?;
        if parts.next().is_some() {
            return Err(error());
        }
        Ok(Self {
            year: year as i16,
            month: month.map(|m| m as u8),
            day: day.map(|d| d as u8),
        })
    }
}

serde_as_text!(PartialDate);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_tables_are_read() {
        let read = |text| PartialDate::from_table(text).map(|date| date.to_string());
        for text in [
            "2017/3/21",
            "2017.03.21 08:30",
            "20170321",
            "2017年3月21日",
            "2017-03-21T00:00:00",
        ] {
            assert_eq!(read(text).as_deref(), Ok("2017-03-21"), "{text}");
        }
        assert_eq!(read("2017年3月").as_deref(), Ok("2017-03"));
        for text in ["", "昨天", "2017/13/1", "1490000000000", "3/21/2017"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn dates_keep_their_precision() {
        for text in ["2017", "2017-03", "2017-03-21"] {
            assert_eq!(text.parse::<PartialDate>().expect(text).to_string(), text);
        }
        for text in [
            "",
            "17",
            "2017-3",
            "2017-13",
            "2017-03-32",
            "2017-03-21-1",
            "２０１７",
        ] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }
}
