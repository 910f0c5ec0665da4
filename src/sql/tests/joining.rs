//! Facts from the row of another source: lookups, versions in force, and facts that read facts.

use super::worlds::*;
use crate::expression::{Arithmetic, Expression};
use crate::plan::*;
use crate::value::{Type, Value};

const CASES: &str = "id:integer opened:instant customer:text";

fn joined(world: &World, other: &str, same: &[(&str, &str)], value: Expression) -> Join {
    Join { other: world.scan(other), same: pairs(same), version: None, value }
}

fn world() -> World {
    World::new(&[
        (
            "cases",
            CASES,
            "1 2026-05-04T09:00Z anna
             2 2026-05-04T09:00Z ben
             3 2026-05-04T09:00Z -
             4 2026-05-04T09:00Z cleo",
        ),
        (
            "customers",
            "customer:text since:instant tier:text",
            "anna 2026-01-01T00:00Z gold
             cleo 2026-01-01T00:00Z -",
        ),
    ])
}

#[test]
fn a_lookup_takes_the_row_that_belongs_or_nothing() {
    let world = world();
    let tier = joined(&world, "customers", &[("customer", "customer")], word("tier"));
    assert_eq!(world.fact(Rule::Joined(tier)), ["1 gold", "2 -", "3 -", "4 -"]);
}

#[test]
fn a_value_is_taken_only_where_there_is_a_row() {
    let world = world();
    let none = Expression::Literal(Value::text("none"), Type::Text);
    let value = Expression::Coalesce(vec![word("tier"), none]);
    let tier = joined(&world, "customers", &[("customer", "customer")], value);
    assert_eq!(world.fact(Rule::Joined(tier)), ["1 gold", "2 -", "3 -", "4 none"]);
}

#[test]
fn the_version_in_force_at_an_instant_is_the_last_that_has_begun_and_not_ended() {
    let world = World::new(&[
        (
            "cases",
            CASES,
            "1 2026-05-03T23:59:59Z anna
             2 2026-05-04T00:00Z anna
             3 2026-05-05T23:59:59Z anna
             4 2026-05-06T00:00Z anna
             5 2026-05-08T00:00Z anna
             6 2026-05-08T00:00Z ben",
        ),
        (
            // From the 4th to the 6th silver; two begin on the 8th, the later in the total order is gold; ben's has no
            // beginning.
            "tiers",
            "version:integer written:instant customer:text begins:instant ends:instant tier:text",
            "1 2026-01-01T00:00Z anna 2026-05-04T00:00Z 2026-05-06T00:00Z silver
             2 2026-01-02T00:00Z anna 2026-05-08T00:00Z - gold
             3 2026-01-01T00:00Z anna 2026-05-08T00:00Z - bronze
             4 2026-01-01T00:00Z ben - - gold",
        ),
    ]);
    let mut tier = joined(&world, "tiers", &[("customer", "customer")], word("tier"));
    let version = |until: Option<&str>| {
        Some(Version { at: instant("opened"), from: "begins".to_owned(), until: until.map(str::to_owned) })
    };
    tier.version = version(Some("ends"));
    assert_eq!(world.fact(Rule::Joined(tier.clone())), ["1 -", "2 silver", "3 silver", "4 -", "5 gold", "6 -"]);
    // Without ends a version holds until the next begins.
    tier.version = version(None);
    assert_eq!(world.fact(Rule::Joined(tier)), ["1 -", "2 silver", "3 silver", "4 silver", "5 gold", "6 -"]);
}

#[test]
fn a_fact_may_read_the_facts_before_it() {
    let world = World::new(&[
        (
            "cases",
            CASES,
            "1 2026-05-04T09:00Z anna
             2 2026-05-04T09:00Z ben",
        ),
        (
            "customers",
            "customer:text since:instant tier:text",
            "anna 2026-01-01T00:00Z gold
             ben 2026-01-01T00:00Z silver",
        ),
        (
            "targets",
            "tier:text since:instant within:duration",
            "gold 2026-01-01T00:00Z 1h
             silver 2026-01-01T00:00Z 4h",
        ),
        (
            "replies",
            "id:integer at:instant case:integer",
            "1 2026-05-04T10:30Z 1
             2 2026-05-04T10:30Z 2",
        ),
    ]);
    let length = |name: &str| Expression::column(name, Type::Duration);
    let tier = joined(&world, "customers", &[("customer", "customer")], word("tier"));
    let target = joined(&world, "targets", &[("tier", "tier")], length("within"));
    let twice = Expression::Arithmetic(Arithmetic::Add, Box::new(length("within")), Box::new(length("within")));
    let until = Expression::Shift { at: Box::new(instant("opened")), by: Box::new(length("within")) };
    let answered = Relate {
        events: world.scan("replies"),
        same: pairs(&[("id", "case")]),
        predicate: None,
        anchor: "opened".to_owned(),
        event_at: "at".to_owned(),
        window: Window {
            from: Some(Bound { at: instant("opened"), inclusive: true }),
            to: Some(Bound { at: instant("until"), inclusive: true }),
            same_instant_later_in_order: false,
        },
        credit: Credit::Every,
        summary: Summary::Exists,
    };
    let facts = vec![
        fact("current_tier", Rule::Joined(tier)),
        fact("within", Rule::Joined(Join { same: pairs(&[("current_tier", "tier")]), ..target })),
        fact("until", Rule::Derived(until)),
        fact("twice", Rule::Derived(twice)),
        fact("answered", Rule::Related(Box::new(answered))),
    ];
    let until_twice = facts[..4].to_vec();
    assert_eq!(world.facts(until_twice), ["1 7200", "2 28800"]);
    // After 90 minutes: too late for one hour, not for four.
    assert_eq!(world.facts(facts), ["1 false", "2 true"]);
}
