//! Facts from events that look at row and event together, or count for one row only.

use super::worlds::*;
use crate::expression::{Column, Comparison, Expression};
use crate::plan::*;
use crate::value::{Type, Value};

const VISITS: &str = "id:integer opened:instant customer:text channel:text";
const SALES: &str = "sale:integer at:instant buyer:text channel:text price:money took:duration";

fn related(world: &World, summary: Summary) -> Relate {
    Relate {
        events: world.scan("sales"),
        same: pairs(&[("customer", "buyer")]),
        predicate: None,
        anchor: "opened".to_owned(),
        event_at: "at".to_owned(),
        window: Window {
            from: Some(Bound { at: instant("opened"), inclusive: true }),
            to: None,
            same_instant_later_in_order: false,
        },
        credit: Credit::Every,
        summary,
    }
}

fn world() -> World {
    World::new(&[
        (
            "visits",
            VISITS,
            "1 2026-05-04T09:00Z anna shop
             2 2026-05-04T10:00Z anna web
             3 2026-05-04T09:00Z ben web
             4 2026-05-04T09:00Z - web",
        ),
        (
            "sales",
            SALES,
            "1 2026-05-04T09:30Z anna shop 10.00 10s
             2 2026-05-04T11:00Z anna web 20.00 -
             3 2026-05-04T12:00Z anna shop 25.01 20s500ms
             4 2026-05-04T08:00Z ben web 5.00 1s",
        ),
    ])
}

#[test]
fn a_predicate_may_compare_the_event_with_the_row() {
    let world = world();
    let own = Expression::Outer(Column { name: "channel".to_owned(), ty: Type::Text });
    let same_channel = Expression::Compare(Comparison::Equal, Box::new(word("channel")), Box::new(own));
    let mut relate = related(&world, Summary::Count);
    relate.predicate = Some(same_channel);
    // Shop at 09:30 and 12:00; web at 11:00.
    assert_eq!(world.fact(Rule::Related(Box::new(relate))), ["1 2", "2 1", "3 0", "4 -"]);
}

#[test]
fn every_is_true_only_of_events_that_are_all_true() {
    let world = world();
    let price = |floor: i128| {
        let floor = Expression::Literal(Value::Number(crate::value::Number::new(floor, 2)), Type::Number(2));
        let price = Expression::column("price", Type::Number(2));
        Expression::Compare(Comparison::GreaterOrEqual, Box::new(price), Box::new(floor))
    };
    // Ben buys nothing afterwards: there is nothing to be true of.
    assert_eq!(
        world.fact(Rule::Related(Box::new(related(&world, Summary::Every(price(2000)))))),
        ["1 false", "2 true", "3 -", "4 -"]
    );
    // Where the condition is not known it is not TRUE.
    let quick = Expression::Compare(
        Comparison::Less,
        Box::new(Expression::column("took", Type::Duration)),
        Box::new(lasting("1m")),
    );
    assert_eq!(
        world.fact(Rule::Related(Box::new(related(&world, Summary::Every(quick))))),
        ["1 false", "2 false", "3 -", "4 -"]
    );
}

#[test]
fn a_mean_is_one_division_of_an_exact_sum() {
    let world = world();
    let price = Expression::column("price", Type::Number(2));
    // 55.01 / 3 and 45.01 / 2.
    let answers = world.fact(Rule::Related(Box::new(related(&world, Summary::Mean(price)))));
    assert_eq!(answers[1..], ["2 22.505", "3 -", "4 -"]);
    assert!(answers[0].starts_with("1 18.3366666666666"), "{}", answers[0]);
    let took = Expression::column("took", Type::Duration);
    // (10 + 20.5) / 2 seconds, and 20.5 alone: what is null counts neither above nor below.
    let answers = world.fact(Rule::Related(Box::new(related(&world, Summary::Mean(took)))));
    assert_eq!(answers, ["1 15.25", "2 20.5", "3 -", "4 -"]);
}

#[test]
fn an_end_of_a_window_that_is_not_known_leaves_the_fact_null() {
    let world = World::new(&[
        (
            "visits",
            "id:integer opened:instant customer:text closed:instant",
            "1 2026-05-04T09:00Z anna 2026-05-04T10:00Z
             2 2026-05-04T09:00Z anna -
             3 2026-05-04T09:00Z anna 2026-05-04T09:59:59Z",
        ),
        ("sales", SALES, "1 2026-05-04T10:00Z anna shop 10.00 10s"),
    ]);
    let mut relate = related(&world, Summary::Count);
    relate.window.to = Some(Bound { at: instant("closed"), inclusive: true });
    assert_eq!(world.fact(Rule::Related(Box::new(relate))), ["1 1", "2 -", "3 0"]);
}

#[test]
fn an_event_may_count_for_the_first_or_the_last_row_it_matches() {
    let world = world();
    let mut relate = related(&world, Summary::Count);
    assert_eq!(world.fact(Rule::Related(Box::new(relate.clone()))), ["1 3", "2 2", "3 0", "4 -"]);
    relate.credit = Credit::First;
    assert_eq!(world.fact(Rule::Related(Box::new(relate.clone()))), ["1 3", "2 0", "3 0", "4 -"]);
    // 09:30 lies before the second visit.
    relate.credit = Credit::Last;
    assert_eq!(world.fact(Rule::Related(Box::new(relate.clone()))), ["1 1", "2 2", "3 0", "4 -"]);
    relate.summary = Summary::First(Expression::column("price", Type::Number(2)));
    assert_eq!(world.fact(Rule::Related(Box::new(relate))), ["1 10.00", "2 20.00", "3 -", "4 -"]);
}

#[test]
fn rows_outside_the_population_get_no_credit_and_rows_of_other_periods_do() {
    let world = world();
    let mut relate = related(&world, Summary::Count);
    relate.credit = Credit::Last;
    let facts = vec![fact("found", Rule::Related(Box::new(relate)))];
    // Only visits to the shop belong: the sales of the second visit go to the first.
    let mut pipeline = world.pipeline(facts.clone());
    pipeline.filter.predicate = Some(is("channel", "shop"));
    assert_eq!(world.measured(pipeline, &world.request()), ["1 3"]);
    // The second visit lies outside of what is asked for, and keeps its sales all the same.
    let request = Request { to: Some(at("2026-05-04T10:00Z")), ..world.request() };
    assert_eq!(world.measured(world.pipeline(facts), &request), ["1 1", "3 0", "4 -"]);
}

#[test]
fn a_row_of_which_it_is_not_known_whether_it_belongs_is_counted_by_its_facts() {
    let world = World::new(&[
        ("visits", VISITS, "1 2026-05-04T09:00Z anna -"),
        ("sales", SALES, "1 2026-05-04T09:30Z anna shop 10.00 10s"),
    ]);
    let relate = related(&world, Summary::First(word("channel")));
    let mut pipeline = world.pipeline(vec![fact("found", Rule::Related(Box::new(relate)))]);
    pipeline.filter.predicate = Some(is("channel", "web"));
    assert_eq!(world.measured(pipeline, &world.request()), ["1 shop"]);
}
