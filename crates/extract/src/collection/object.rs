//! The fields of a line of JSONL. Only what is kept is built: a line of 64 MB may hold ten million
//! numbers, and each would be a value of its own.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// No row has more columns; what comes after them is not kept.
const MOST_FIELDS: usize = 10_000;

/// The texts and numbers of an object by name; what else it holds is left out. Of two of the same
/// name the last one counts.
#[derive(Debug)]
pub(super) struct Fields(pub(super) BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_map(Object)
    }
}

struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = Fields;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = BTreeMap::new();
        while fields.len() < MOST_FIELDS
            && let Some(name) = map.next_key::<String>()?
        {
            if let Some(text) = map.next_value_seed(Text { in_list: false })? {
                fields.insert(name, text);
            }
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Fields(fields))
    }
}

/// A value as text, if it is one: a list of texts is one a line, but not a list of lists.
struct Text {
    in_list: bool,
}

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Option<String>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Some(text))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(serde_json::Number::from_f64(number).map(|number| number.to_string()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let mut lines: Option<String> = None;
        let mut is_text = !self.in_list;
        while is_text && let Some(part) = parts.next_element_seed(Text { in_list: true })? {
            match (part, &mut lines) {
                (Some(part), Some(lines)) => {
                    lines.push('\n');
                    lines.push_str(&part);
                }
                (Some(part), None) => lines = Some(part),
                (None, _) => is_text = false,
            }
        }
        while parts.next_element::<IgnoredAny>()?.is_some() {}
        Ok(is_text.then(|| lines.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(line: &str) -> Option<Vec<(String, String)>> {
        let fields: Fields = serde_json::from_str(line).ok()?;
        Some(fields.0.into_iter().collect())
    }

    #[test]
    fn texts_numbers_and_lists_of_them_are_fields() {
        let line = r#"{"a":"甲","b":-3,"c":1.50,"d":["一",2],"e":[],"f":null,"g":true,"h":{"x":[1]},"i":[[1]],"j":[{}],"k":"乙","k":"丙"}"#;
        let pair = |(a, b): (&str, &str)| (a.to_owned(), b.to_owned());
        let expected = [
            ("a", "甲"),
            ("b", "-3"),
            ("c", "1.5"),
            ("d", "一\n2"),
            ("e", ""),
            ("k", "丙"),
        ];
        assert_eq!(fields(line), Some(expected.map(pair).to_vec()));
        assert_eq!(fields("[1]"), None);
        assert_eq!(fields("{\"a\":1"), None);
    }

    #[test]
    fn depth_and_number_of_fields_are_limited() {
        let deep = format!("{{\"a\":{}1", "[".repeat(100_000));
        assert_eq!(fields(&deep), None);
        let many: Vec<String> = (0..20_000).map(|n| format!("\"{n}\":1")).collect();
        let read = fields(&format!("{{{}}}", many.join(",")));
        assert_eq!(read.map(|fields| fields.len()), Some(MOST_FIELDS));
    }
}
