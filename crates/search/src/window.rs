//! Which hits are asked for: limits checked before anything is allocated, and cursors.

use crate::collect::Order;
use crate::error::{Error, ParameterFault};
use crate::request::{MAX_WINDOW, Request};

/// Checks numbers before anything is allocated for them.
pub(crate) fn check(request: &Request) -> Result<Option<(Order, bool)>, Error> {
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
    let Some(cursor) = &request.cursor else {
        return Ok(None);
    };
    if request.offset > 0 {
        return wrong("cursor", ParameterFault::WithOffset);
    }
    match read_cursor(cursor) {
        Some(after) => Ok(Some(after)),
        None => wrong("cursor", ParameterFault::NoCursor),
    }
}

/// The place behind a hit, as text.
pub(crate) fn write_cursor(order: &Order, partial: bool) -> String {
    format!(
        "{:x}.{:x}.{:x}.{:x}.{}",
        order.below,
        order.primary,
        order.document,
        order.ordinal,
        u8::from(partial)
    )
}

fn read_cursor(text: &str) -> Option<(Order, bool)> {
    let mut parts = text
        .split('.')
        .map(|part| u64::from_str_radix(part, 16).ok());
    let mut next = || parts.next().flatten();
    let order = Order {
        below: next()?.try_into().ok()?,
        primary: next()?,
        document: next()?,
        ordinal: next()?,
    };
    let partial = next()?;
    (parts.next().is_none() && partial < 2).then_some((order, partial == 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_round_trip_and_nothing_else_is_one() {
        let order = Order {
            below: 1,
            primary: u64::MAX,
            document: 7,
            ordinal: 3,
        };
        assert_eq!(
            read_cursor(&write_cursor(&order, true)),
            Some((order, true))
        );
        for text in [
            "",
            "1.2.3.4",
            "1.2.3.4.5",
            "1.2.3.4.1.1",
            "100.2.3.4.0",
            "x.2.3.4.0",
        ] {
            assert_eq!(read_cursor(text), None, "{text}");
        }
    }
}
