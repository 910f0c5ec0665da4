use super::*;
use crate::catalog::Object;
use crate::diff::edit::Path;
use crate::diff::tests::node;

/// Returns an edit of the value at `a.<key>` of a metric.
fn edit(shape: &'static Shape, key: &str, (old, new): (Option<&str>, Option<&str>)) -> Edit {
    let kind = match (old, new) {
        (None, _) => Kind::Added,
        (_, None) => Kind::Removed,
        _ => Kind::Changed,
    };
    Edit {
        object: Object::metric("csat", "1.0.0"),
        path: Path::default().to("a").to(key),
        kind,
        shape,
        moves: Moves::Number,
        old: old.map(node),
        new: new.map(node),
        old_key: None,
        new_key: None,
    }
}

fn way(shape: &'static Shape, key: &str, old: &str, new: &str) -> &'static str {
    of(&edit(shape, key, (Some(old), Some(new))), None).name()
}

/// Asserts the way there, and its mirror on the way back.
fn goes(shape: &'static Shape, key: &str, (old, new): (&str, &str), [there, back]: [&str; 2]) {
    assert_eq!(way(shape, key, old, new), there, "{old} to {new}");
    assert_eq!(way(shape, key, new, old), back, "{new} to {old}");
}

/// In quotes, since a plain scalar of YAML does not begin with `>`.
fn quoted(text: &str) -> String {
    format!("'{text}'")
}

const UP: [&str; 2] = ["up", "down"];
const WIDER: [&str; 2] = ["widened", "narrowed"];
const NARROWER: [&str; 2] = ["narrowed", "widened"];
const UNKNOWN: [&str; 2] = ["unknown", "unknown"];

#[test]
fn numbers_lengths_of_time_and_days_go_up_and_down() {
    goes(&Shape::Duration, "every", ("20s", "1m"), UP);
    goes(&Shape::Decimal, "at", ("0.09", "0.1"), UP);
    goes(&Shape::Integer, "least", ("9", "10"), UP);
    goes(&Shape::Date, "until", ("2026-09-30", "2026-10-01"), UP);
    goes(&Shape::Integer, "least", ("x", "10"), UNKNOWN);
    assert_eq!(way(&Shape::Duration, "every", "60s", "1m"), "unknown");
}

#[test]
fn a_window_that_ends_later_or_starts_earlier_holds_more() {
    goes(&Shape::WindowEnd, "to", ("7d", "14d"), WIDER);
    goes(&Shape::WindowEnd, "from", ("0s", "1h"), NARROWER);
    goes(&Shape::WindowEnd, "to", ("7d", "unbounded"), WIDER);
    goes(&Shape::WindowEnd, "from", ("unbounded", "-7d"), NARROWER);
}

#[test]
fn ends_of_windows_are_compared_in_one_unit_only() {
    goes(&Shape::WindowEnd, "to", ("9 business_days", "10 business_days"), WIDER);
    goes(&Shape::WindowEnd, "to", ("90m business_time", "2h business_time"), WIDER);
    goes(&Shape::WindowEnd, "to", ("2 business_days", "3 calendar_days"), UNKNOWN);
    goes(&Shape::WindowEnd, "to", ("2d", "3 calendar_days"), UNKNOWN);
}

#[test]
fn a_bound_that_more_values_meet_is_wider() {
    for (old, new) in [
        (">= 0.8", ">= 0.7"),
        ("> 0.8", "> 0.7"),
        ("> 0.8", ">= 0.8"),
        ("<= 7", "<= 8"),
        ("< 7", "< 8"),
        ("< 7", "<= 7"),
    ] {
        goes(&Shape::Requirement, "target", (&quoted(old), &quoted(new)), WIDER);
    }
    for (old, new) in [(">= 0.8", "<= 0.8"), ("> 1", "< 1"), (">= 0.8", ">= 0.80"), ("x", ">= 1")] {
        goes(&Shape::Requirement, "target", (&quoted(old), &quoted(new)), UNKNOWN);
    }
}

#[test]
fn a_window_whose_ends_belong_to_it_holds_more() {
    const ENDS: Shape = Shape::Tuple(&Shape::Text, 2);
    let of = |old: &str, new: &str, ways| goes(&ENDS, "bounds", (old, new), ways);
    of("[exclusive, exclusive]", "[exclusive, inclusive]", WIDER);
    of("[exclusive, exclusive]", "[inclusive, exclusive]", WIDER);
    of("[exclusive, inclusive]", "[inclusive, exclusive]", UNKNOWN);
    of("[exclusive, inclusive]", "[exclusive, inclusive]", UNKNOWN);
}

#[test]
fn words_and_names_have_no_way_to_go() {
    for shape in [&Shape::Text, &Shape::AnyText, &Shape::Identifier, &Shape::Version, &Shape::MetricVersion] {
        assert_eq!(way(shape, "owner", "a", "b"), "none");
    }
    assert_eq!(way(&Shape::Boolean, "is_open", "true", "false"), "unknown");
}

#[test]
fn what_is_added_lets_less_through_is_one_more_or_cannot_be_told() {
    let added = |shape, moves| {
        let there = Edit { moves, ..edit(shape, "x", (None, Some("1"))) };
        let back = Edit { moves, ..edit(shape, "x", (Some("1"), None)) };
        [of(&there, None).name(), of(&back, None).name()]
    };
    assert_eq!(added(&Shape::Expression, Moves::Number), NARROWER);
    assert_eq!(added(&Shape::Text, Moves::Number), WIDER);
    assert_eq!(added(&Shape::Text, Moves::Wording), ["none", "none"]);
    assert_eq!(added(&Shape::AnyText, Moves::Reading), ["none", "none"]);
    assert_eq!(added(&Shape::Decimal, Moves::Number), UNKNOWN);
    assert_eq!(added(&Shape::Integer, Moves::Number), UNKNOWN);
    assert_eq!(added(&Shape::Boolean, Moves::Number), WIDER);
}

#[test]
fn what_is_proven_of_conditions_is_their_way() {
    let proven = |relation| of(&edit(&Shape::Expression, "where", (Some("a"), Some("b"))), Some(relation)).name();
    assert_eq!(proven(Relation::Wider), "widened");
    assert_eq!(proven(Relation::Narrower), "narrowed");
    assert_eq!(proven(Relation::Equal), "none");
    assert_eq!(proven(Relation::Different), "unknown");
    assert_eq!(proven(Relation::Unknown), "unknown");
    // What is proven of other conditions says nothing of a number.
    assert_eq!(of(&edit(&Shape::Integer, "least", (Some("1"), Some("2"))), Some(Relation::Narrower)).name(), "up");
}
