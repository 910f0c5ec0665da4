//! Facts in words: what is taken from which events, in which window.

use super::flow;
use crate::plan::{Bound, Relate, Summary};
use crate::report::words::listed;
use crate::value::Duration;
use crate::yaml::Node;

/// Says what a fact is; `written` is its mapping in the definition, which has the expressions in their own words.
pub(super) fn fact(relate: &Relate, written: Option<&Node>) -> String {
    let own = |key: &str| written.and_then(|node| node.get(key)).map(flow);
    let value = own("value").unwrap_or_default();
    let what = match &relate.summary {
        Summary::Exists => "whether there is a row of".to_owned(),
        Summary::Count => "the number of rows of".to_owned(),
        Summary::First(_) => format!("{value} of the first row of"),
        Summary::Last(_) => format!("{value} of the last row of"),
        Summary::Sum(_) => format!("the sum of {value} over the rows of"),
        Summary::Min(_) => format!("the smallest {value} of the rows of"),
        Summary::Max(_) => format!("the largest {value} of the rows of"),
    };
    let place = own("where").map(|place| format!(", where {place}")).unwrap_or_default();
    format!("{}: {what} {} with {}, {}{place}", relate.name, relate.events.source, same(relate), window(relate))
}

fn same(relate: &Relate) -> String {
    let pairs: Vec<String> = relate
        .same
        .iter()
        .map(|(row, event)| match row == event {
            true => format!("the same {row}"),
            false => format!("{event} equal to the row's {row}"),
        })
        .collect();
    listed(&pairs, "and")
}

fn window(relate: &Relate) -> String {
    let anchor = format!("the row's {}", relate.anchor);
    let lower = relate.window.from.map(|bound| lower(bound, &anchor));
    // What has been named is `it`.
    let again = if lower.is_some() { "it" } else { anchor.as_str() };
    let upper = relate.window.to.map(|bound| upper(bound, again));
    let when = match (lower, upper) {
        (Some(lower), Some(upper)) => format!("{lower} and {upper}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "at any time".to_owned(),
    };
    let order = if relate.window.same_instant_later_in_order {
        " (at the very instant only if later in the order)"
    } else {
        ""
    };
    format!("its {} {when}{order}", relate.event_at)
}

fn lower(bound: Bound, anchor: &str) -> String {
    distance(
        bound,
        anchor,
        match (side(bound.offset), bound.inclusive) {
            (Side::At, true) => "at or after",
            (Side::At, false) => "after",
            (Side::After, true) => "at least",
            (Side::After, false) => "more than",
            (Side::Before, true) => "at most",
            (Side::Before, false) => "less than",
        },
    )
}

fn upper(bound: Bound, anchor: &str) -> String {
    distance(
        bound,
        anchor,
        match (side(bound.offset), bound.inclusive) {
            (Side::At, true) => "at or before",
            (Side::At, false) => "before",
            (Side::After, true) => "at most",
            (Side::After, false) => "less than",
            (Side::Before, true) => "at least",
            (Side::Before, false) => "more than",
        },
    )
}

fn distance(bound: Bound, anchor: &str, word: &str) -> String {
    match side(bound.offset) {
        Side::At => format!("{word} {anchor}"),
        Side::After => format!("{word} {} after {anchor}", bound.offset),
        Side::Before => {
            let length = Duration::from_micros(bound.offset.micros().saturating_neg());
            format!("{word} {length} before {anchor}")
        }
    }
}

enum Side {
    Before,
    At,
    After,
}

fn side(offset: Duration) -> Side {
    match offset.micros() {
        0 => Side::At,
        micros if micros > 0 => Side::After,
        _ => Side::Before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_end_says_its_side_its_distance_and_whether_it_belongs() {
        let bound = |days: i64, inclusive| Bound { offset: Duration::from_micros(days * 86_400_000_000), inclusive };
        assert_eq!(lower(bound(0, false), "x"), "after x");
        assert_eq!(upper(bound(7, true), "x"), "at most 7d after x");
        assert_eq!(lower(bound(-30, true), "x"), "at most 30d before x");
        assert_eq!(upper(bound(-1, false), "x"), "more than 1d before x");
        assert_eq!(upper(bound(0, true), "x"), "at or before x");
    }
}
