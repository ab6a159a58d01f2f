//! Which hits are asked for: limits checked before anything is allocated, and cursors.

use crate::collect::Order;
use crate::error::{Error, Excess, ParameterFault};
use crate::request::{MAX_VALUE_BYTES, MAX_VALUES, MAX_WINDOW, Request};

/// The hit that a cursor goes on behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Behind {
    pub(crate) order: Order,
    /// Whether it was a partial one.
    pub(crate) partial: bool,
    /// Number of the commit in which it had this order.
    pub(crate) commit: u64,
}

/// No cursor is longer, in bytes.
const MOST_CURSOR: usize = 128;

/// Checks everything of a request that could be too much, before anything is made of it. The
/// query's own limits are the parser's.
pub(crate) fn check(request: &Request) -> Result<Option<Behind>, Error> {
    let wrong = |name, fault| Err(Error::Parameter { name, fault });
    if request.limit == 0 {
        return wrong("limit", ParameterFault::Zero);
    }
    if request.limit > MAX_WINDOW {
        return wrong("limit", ParameterFault::TooMany);
    }
    if request.offset > MAX_WINDOW - request.limit {
        return wrong("offset", ParameterFault::TooFar);
    }
    let filters = request.filters.named();
    if filters
        .iter()
        .map(|(_, values)| values.len())
        .sum::<usize>()
        > MAX_VALUES
    {
        return Err(Error::TooLarge(Excess::Values));
    }
    let mut values = filters.iter().flat_map(|(_, values)| values.iter());
    if let Some(value) = values.find(|value| value.len() > MAX_VALUE_BYTES) {
        return Err(Error::TooLarge(Excess::ValueBytes(value.len())));
    }
    let Some(cursor) = &request.cursor else {
        return Ok(None);
    };
    if request.offset > 0 {
        return wrong("cursor", ParameterFault::WithOffset);
    }
    match read_cursor(cursor, request) {
        Some(after) => Ok(Some(after)),
        None => wrong("cursor", ParameterFault::NoCursor),
    }
}

/// The place behind a hit, as text, sealed with what the request asks.
pub(crate) fn write_cursor(behind: &Behind, request: &Request) -> String {
    let order = &behind.order;
    let place = format!(
        "{:x}.{:x}.{:x}.{:x}.{}.{:x}",
        order.below,
        order.primary,
        order.document,
        order.ordinal,
        u8::from(behind.partial),
        behind.commit
    );
    let seal = seal(&place, request);
    format!("{place}.{seal}")
}

fn read_cursor(text: &str, request: &Request) -> Option<Behind> {
    if text.len() > MOST_CURSOR {
        return None;
    }
    let (place, sealed) = text.rsplit_once('.')?;
    if sealed != seal(place, request) {
        return None;
    }
    let mut parts = place
        .split('.')
        .map(|part| u64::from_str_radix(part, 16).ok());
    let mut next = || parts.next().flatten();
    let order = Order {
        below: next()?.try_into().ok()?,
        primary: next()?,
        document: next()?,
        ordinal: next()?,
    };
    let (partial, commit) = (next()?, next()?);
    (parts.next().is_none() && partial < 2).then_some(Behind {
        order,
        partial: partial == 1,
        commit,
    })
}

/// A short hash of a place and of everything that decides which hits come in which order, so that
/// a place of another search, or one that was made up, is noticed. It is no secret.
fn seal(place: &str, request: &Request) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut add = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    add(place);
    add(&request.query);
    for (name, values) in request.filters.named() {
        add(name);
        values.iter().for_each(|value| add(value));
    }
    add(&format!(
        "{} {:?} {:?} {} {} {} {:?} {:?}",
        request.filters.provincial,
        request.unit,
        request.sort,
        request.match_all,
        request.as_typed,
        request.collapse,
        request.drop,
        request.without
    ));
    hasher.finalize().to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Filters, Sort, Unit};

    fn request(query: &str) -> Request {
        Request {
            query: query.to_owned(),
            limit: 10,
            ..Request::default()
        }
    }

    const ORDER: Order = Order {
        below: 1,
        primary: u64::MAX,
        document: 7,
        ordinal: 3,
    };

    fn behind(partial: bool) -> Behind {
        Behind {
            order: ORDER,
            partial,
            commit: 9,
        }
    }

    #[test]
    fn a_cursor_survives_the_round_trip_and_nothing_else_is_one() {
        let asked = request("审批");
        let cursor = write_cursor(&behind(true), &asked);
        let again = Request {
            limit: 500,
            facets: true,
            whole: true,
            ..asked.clone()
        };
        assert_eq!(read_cursor(&cursor, &again), Some(behind(true)));
        let place = cursor.rsplit_once('.').expect("a seal").0;
        let moved = cursor.replacen('7', "8", 1);
        let sealed = |place: &str| format!("{place}.{}", seal(place, &asked));
        for text in [
            "",
            ".",
            "0.0.0.0.0",
            place,
            &moved,
            &cursor[1..],
            &format!("{cursor}0"),
            &"0".repeat(1 << 20),
            &sealed("1.2.3.4"),
            &sealed("1.2.3.4.1"),
            &sealed("1.2.3.4.5.6"),
            &sealed("1.2.3.4.1.1.1"),
            &sealed("100.2.3.4.0.1"),
            &sealed("x.2.3.4.0.1"),
        ] {
            assert_eq!(read_cursor(text, &asked), None, "{text:.80}");
        }
    }

    #[test]
    fn a_cursor_belongs_to_one_search() {
        let asked = request("审批");
        let cursor = write_cursor(&behind(false), &asked);
        let city = |value: &str| Filters {
            city: vec![value.to_owned()],
            ..Filters::default()
        };
        let county = Filters {
            county: vec!["大连".to_owned()],
            ..Filters::default()
        };
        let with = |filters: Filters| Request {
            filters,
            ..asked.clone()
        };
        let others = [
            request("审批 "),
            with(Filters {
                provincial: true,
                ..Filters::default()
            }),
            with(city("大连")),
            Request {
                unit: Unit::Document,
                ..asked.clone()
            },
            Request {
                sort: Some(Sort::Newest),
                ..asked.clone()
            },
            Request {
                match_all: true,
                ..asked.clone()
            },
        ];
        for other in &others {
            assert_eq!(read_cursor(&cursor, other), None, "{other:?}");
        }
        // The same value of another filter is another search.
        let cursor = write_cursor(&behind(false), &with(city("大连")));
        assert_eq!(read_cursor(&cursor, &with(county)), None);
    }

    #[test]
    fn what_is_too_much_is_refused_before_it_is_looked_at() {
        let excess = |filters: Filters| match check(&Request {
            filters,
            ..request("")
        }) {
            Err(Error::TooLarge(excess)) => Some(excess),
            _ => None,
        };
        let cities = |count: usize| Filters {
            city: vec!["大连".to_owned(); count],
            issuer: vec!["市政府".to_owned()],
            ..Filters::default()
        };
        assert_eq!(excess(cities(MAX_VALUES - 1)), None);
        assert_eq!(excess(cities(MAX_VALUES)), Some(Excess::Values));
        let long = Filters {
            year: vec!["2".repeat(1 << 20)],
            ..Filters::default()
        };
        assert_eq!(excess(long), Some(Excess::ValueBytes(1 << 20)));
    }
}
