//! What values a metric can have at all, as its unit says.

use crate::value::Number;

/// Returns the smallest and the largest value of a unit, where it has any.
pub(super) fn range(unit: &str) -> Option<(Number, Number)> {
    let one = Number::integer(1);
    match unit {
        "share" => Some((Number::ZERO, one)),
        "net_points" | "percentage_points" => Some((Number::integer(-1), one)),
        _ => None,
    }
}

/// Returns the smallest value of a unit that counts, or is a part of a whole.
pub(super) fn least(unit: &str) -> Option<Number> {
    match unit {
        "count" => Some(Number::ZERO),
        _ => range(unit).map(|(least, _)| least),
    }
}
