//! Arithmetic over other metrics and means over shorter periods.

use super::plans::*;
use crate::expression::Expression;
use crate::plan::*;
use crate::value::{Grain, Number};

fn named(metric: &str, mut plan: Plan) -> Plan {
    plan.metric = metric.to_owned();
    plan
}

/// Counts the contacts of one channel.
fn channel_count(channel: &str) -> Plan {
    let mut pipeline = pipeline(Measure::Count);
    pipeline.filter.predicate = Some(is_channel(channel));
    named(&format!("count.{channel}"), measured(pipeline))
}

fn combined(components: Vec<(Plan, bool)>, formula: Formula) -> Plan {
    let components = components
        .into_iter()
        .map(|(plan, zero_when_absent)| Component { plan: plan.into(), zero_when_absent })
        .collect();
    named("combined", plan(Body::Combined(Combination { components, formula })))
}

fn part(position: usize) -> Box<Formula> {
    Box::new(Formula::Component(position))
}

fn constant(integer: i64) -> Box<Formula> {
    Box::new(Formula::Constant(Number::integer(integer)))
}

fn on(id: i64, channel: &'static str, opened_at: i64) -> Contact {
    Contact { channel: Some(channel), customer: Some("anna"), ..contact(id, opened_at) }
}

const NUMBERS: [&str; 6] = ["numerator", "denominator", "value", "n", "missing", "state"];

#[test]
fn an_outermost_quotient_shows_its_operands() {
    let plan = combined(
        vec![(channel_count("email"), true), (channel_count("phone"), true)],
        Formula::Divide(part(0), Box::new(Formula::Add(part(0), part(1)))),
    );
    let rows = [on(1, "email", may("01T09:00")), on(2, "phone", may("01T10:00")), on(3, "phone", may("01T10:00"))];
    let cells = answer(&plan, &request(Grain::Day, &[]), &rows, &NUMBERS);
    assert_eq!(cells, ["1.0 3.0 0.3333333333333333 - - final"]);
}

#[test]
fn every_cell_of_any_component_appears() {
    let components = vec![(channel_count("email"), true), (channel_count("phone"), true)];
    let plan = combined(components, Formula::Subtract(part(0), part(1)));
    let rows = [on(1, "email", may("01T09:00")), on(2, "phone", may("02T10:00"))];
    let cells = answer(&plan, &request(Grain::Day, &["customer"]), &rows, &["period_start", "customer", "value"]);
    assert_eq!(cells, [format!("{} anna 1.0", may("01T00:00")), format!("{} anna -1.0", may("02T00:00"))]);
}

#[test]
fn components_meet_on_a_null_dimension() {
    let components = vec![(channel_count("email"), false), (channel_count("phone"), false)];
    let plan = combined(components, Formula::Add(part(0), part(1)));
    let rows = [
        Contact { customer: None, ..on(1, "email", may("01T09:00")) },
        Contact { customer: None, ..on(2, "phone", may("01T10:00")) },
    ];
    assert_eq!(answer(&plan, &request(Grain::All, &["customer"]), &rows, &["customer", "value"]), ["- 2.0"]);
}

#[test]
fn an_absent_component_is_null_unless_it_is_declared_zero() {
    let components = vec![(channel_count("email"), false), (channel_count("phone"), false)];
    let plan = combined(components, Formula::Add(part(0), part(1)));
    let rows = [on(1, "email", may("01T09:00"))];
    assert_eq!(answer(&plan, &request(Grain::Day, &[]), &rows, &["value", "state"]), ["- undefined"]);
}

#[test]
fn division_by_zero_is_undefined() {
    let components = vec![(channel_count("email"), true), (channel_count("phone"), true)];
    let plan = combined(components, Formula::Divide(part(0), part(1)));
    let rows = [on(1, "email", may("01T09:00"))];
    assert_eq!(answer(&plan, &request(Grain::All, &[]), &rows, &NUMBERS), ["1.0 0.0 - - - undefined"]);
}

#[test]
fn a_formula_nests_as_written() {
    let components = vec![(channel_count("email"), true), (channel_count("phone"), true)];
    // (email - (phone - 5)) * 2 with 1 email and 2 phones: (1 - (2 - 5)) * 2 = 8
    let difference = Formula::Subtract(part(0), Box::new(Formula::Subtract(part(1), constant(5))));
    let plan = combined(components, Formula::Multiply(Box::new(difference), constant(2)));
    let rows = [on(1, "email", may("01T09:00")), on(2, "phone", may("01T10:00")), on(3, "phone", may("01T10:00"))];
    assert_eq!(answer(&plan, &request(Grain::All, &[]), &rows, &NUMBERS), ["8.0 - 8.0 - - final"]);
}

#[test]
fn a_provisional_component_makes_the_combination_provisional() {
    let components = vec![(channel_count("email"), true), (channel_count("phone"), true)];
    let plan = combined(components, Formula::Add(part(0), part(1)));
    let mut request = request(Grain::Day, &[]);
    request.as_of = at("2026-05-02T12:00:00Z");
    let rows = [on(1, "email", may("01T09:00")), on(2, "phone", may("02T10:00"))];
    assert_eq!(answer(&plan, &request, &rows, &["state"]), ["final", "provisional"]);
}

#[test]
fn combinations_nest() {
    let inner =
        combined(vec![(channel_count("email"), true), (channel_count("phone"), true)], Formula::Add(part(0), part(1)));
    let components = vec![(inner, false), (channel_count("email"), true)];
    let plan = combined(components, Formula::Divide(part(1), part(0)));
    let rows = [on(1, "email", may("01T09:00")), on(2, "phone", may("01T10:00"))];
    assert_eq!(answer(&plan, &request(Grain::Day, &[]), &rows, &["value"]), ["0.5"]);
}

fn average(component: Plan, each: Grain) -> Plan {
    named("average", plan(Body::Averaged(Average { component: component.into(), each })))
}

#[test]
fn an_average_weighs_every_shorter_period_the_same() {
    let plan = average(channel_count("email"), Grain::Day);
    let rows = [
        on(1, "email", may("01T09:00")),
        on(2, "email", may("01T10:00")),
        on(3, "email", may("01T11:00")),
        on(4, "email", may("02T09:00")),
        on(5, "email", at("2026-06-01T09:00:00Z").micros()),
    ];
    // Three on the first day and one on the second: 2 a day in May, 1 a day in June.
    let cells = answer(&plan, &request(Grain::Month, &[]), &rows, &NUMBERS);
    assert_eq!(cells, ["4.0 2 2.0 2 - final", "1.0 1 1.0 1 - final"]);
}

#[test]
fn an_average_leaves_out_periods_without_a_value() {
    let component = named("mean_price", simple(Measure::Mean(column("price"))));
    let plan = average(component, Grain::Day);
    let rows = [
        Contact { price: Some(300), ..contact(1, may("01T09:00")) },
        contact(2, may("02T09:00")),
        Contact { price: Some(100), ..contact(3, may("03T09:00")) },
    ];
    assert_eq!(answer(&plan, &request(Grain::All, &[]), &rows, &NUMBERS), ["4.0 2 2.0 2 - final"]);
    assert_eq!(answer(&plan, &request(Grain::All, &[]), &[], &NUMBERS), ["0.0 0 - 0 - undefined"]);
}

#[test]
fn the_outer_period_is_that_of_the_start_of_the_shorter_one() {
    let mut component = channel_count("email");
    component.calendar.zone = "Europe/Berlin".to_owned();
    let mut plan = average(component, Grain::Hour);
    plan.calendar.zone = "Europe/Berlin".to_owned();
    // 22:30Z on 30 April is half past midnight on 1 May in Berlin.
    let rows = [on(1, "email", at("2026-04-30T22:30:00Z").micros()), on(2, "email", may("01T09:00"))];
    let cells = answer(&plan, &request(Grain::Month, &["customer"]), &rows, &["period_start", "customer", "n"]);
    assert_eq!(cells, [format!("{} anna 2", at("2026-04-30T22:00:00Z").micros())]);
}

#[test]
fn an_average_with_an_open_period_is_provisional() {
    let plan = average(channel_count("email"), Grain::Day);
    let mut request = request(Grain::Month, &[]);
    request.as_of = at("2026-05-31T12:00:00Z");
    let rows = [on(1, "email", may("01T09:00"))];
    assert_eq!(answer(&plan, &request, &rows, &["state"]), ["provisional"]);
}

/// Counts contacts that stay open for a day, also those that are still open.
fn provisional_count() -> Plan {
    let mut pipeline = pipeline(Measure::Count);
    let closes = Expression::shift("opened_at", "1d".parse().expect("a duration"));
    pipeline.mature = vec![Mature { awaits: Awaits::Closed { closes }, policy: MaturityPolicy::Provisional }];
    named("provisional", measured(pipeline))
}

#[test]
fn an_immature_row_makes_whatever_reads_it_provisional() {
    let mut request = request(Grain::All, &[]);
    request.as_of = at("2026-05-02T08:59:00Z");
    let rows = [contact(1, may("01T09:00"))];
    let sum =
        combined(vec![(provisional_count(), true), (channel_count("email"), true)], Formula::Add(part(0), part(1)));
    assert_eq!(answer(&sum, &request, &rows, &["value", "state"]), ["1.0 provisional"]);
    let mean = average(provisional_count(), Grain::Day);
    assert_eq!(answer(&mean, &request, &rows, &["value", "state"]), ["1.0 provisional"]);
    request.as_of = at("2026-05-02T09:00:00Z");
    assert_eq!(answer(&sum, &request, &rows, &["value", "state"]), ["1.0 final"]);
    assert_eq!(answer(&mean, &request, &rows, &["value", "state"]), ["1.0 final"]);
}

#[test]
fn an_undefined_component_shows_in_the_state_even_where_it_stands_for_zero() {
    let mean = named("mean_price", simple(Measure::Mean(column("price"))));
    let components = vec![(channel_count("email"), true), (mean, true)];
    let plan = combined(components, Formula::Add(part(0), part(1)));
    let rows = [on(1, "email", may("01T09:00"))];
    // Only counts and sums stand for zero, and those are never undefined: the interpreter need not agree.
    assert_eq!(answer_of_sqlite(&plan, &request(Grain::All, &[]), &rows, &["value", "state"]), ["1.0 undefined"]);
}

#[test]
fn a_constant_that_changes_is_that_of_the_start_of_the_period() {
    let target = |from: &str, value| (at(from), Number::new(value, 1));
    let steps = vec![target("2026-05-02T00:00:00Z", 5), target("2026-05-03T12:00:00Z", 20)];
    let plan = combined(
        vec![(channel_count("email"), true)],
        Formula::Multiply(part(0), Box::new(Formula::Stepwise(steps.clone()))),
    );
    let rows: Vec<Contact> = ["01T09:00", "02T09:00", "03T13:00", "04T09:00"]
        .iter()
        .zip(1..)
        .map(|(at, id)| on(id, "email", may(at)))
        .collect();
    // Before the first step there is none; the second has not begun when the 3rd does.
    assert_eq!(answer(&plan, &request(Grain::Day, &[]), &rows, &["value"]), ["-", "0.5", "0.5", "2.0"]);
    // With grain `all` the moment of knowledge decides: 4 contacts, 2.0; as of the 3rd at noon two contacts.
    let mut all = request(Grain::All, &[]);
    assert_eq!(answer(&plan, &all, &rows, &["value"]), ["8.0"]);
    all.as_of = at("2026-05-03T12:00:00Z");
    assert_eq!(answer(&plan, &all, &rows, &["value"]), ["4.0"]);
    all.as_of = at("2026-05-01T12:00:00Z");
    assert_eq!(answer(&plan, &all, &rows, &["value", "state"]), ["- undefined"]);
}

/// Counts of channels as percentages: `(channel, worst, best, weight in tenths)`.
fn scored(parts: &[(&str, i64, i64, i64)], absent: Absent) -> Plan {
    let weighed = |(channel, worst, best, weight): &(&str, i64, i64, i64)| {
        let mut pipeline = pipeline(Measure::Mean(column("price")));
        pipeline.filter.predicate = Some(is_channel(channel));
        Weighed {
            component: Component {
                plan: named(&format!("price.{channel}"), measured(pipeline)).into(),
                zero_when_absent: false,
            },
            worst: Number::integer(*worst),
            best: Number::integer(*best),
            weight: Number::new(i128::from(*weight), 1),
        }
    };
    let parts = parts.iter().map(weighed).collect();
    named("scorecard", plan(Body::Scored(Scorecard { parts, absent })))
}

fn priced(id: i64, channel: &'static str, opened_at: i64, price: Option<i64>) -> Contact {
    Contact { price, ..on(id, channel, opened_at) }
}

#[test]
fn a_scorecard_weighs_values_between_their_worst_and_best() {
    let plan = scored(&[("email", 0, 10, 7), ("phone", 20, 10, 3)], Absent::Renormalise);
    let day = may("01T09:00");
    let rows = [
        priced(1, "email", day, Some(250)),
        priced(2, "phone", day, Some(1_800)),
        // Beyond the best and the worst.
        priced(3, "email", may("02T09:00"), Some(1_100)),
        priced(4, "phone", may("02T09:00"), Some(2_500)),
        priced(5, "phone", may("03T09:00"), Some(1_500)),
        priced(6, "email", may("04T09:00"), None),
    ];
    // 0.7 * 0.25 + 0.3 * 0.2 = 0.235; 0.7 * 1 + 0.3 * 0; 0.3 * 0.5 over 0.3; nothing over nothing.
    let cells = answer(&plan, &request(Grain::Day, &[]), &rows, &["value", "n", "state"]);
    assert_eq!(cells, ["0.235 - final", "0.7 - final", "0.5 - final", "- - undefined"]);
    let zero = Plan { body: rescored(&plan, Absent::Zero), ..plan.clone() };
    let cells = answer(&zero, &request(Grain::Day, &[]), &rows, &["numerator", "denominator", "value"]);
    assert_eq!(cells, ["0.235 1.0 0.235", "0.7 1.0 0.7", "0.15 1.0 0.15", "0.0 1.0 0.0"]);
    let void = Plan { body: rescored(&plan, Absent::Void), ..plan };
    let cells = answer(&void, &request(Grain::Day, &[]), &rows, &["numerator", "denominator", "value", "state"]);
    assert_eq!(cells, ["0.235 1.0 0.235 final", "0.7 1.0 0.7 final", "- - - undefined", "- - - undefined"]);
}

fn rescored(plan: &Plan, absent: Absent) -> Body {
    let Body::Scored(scorecard) = &plan.body else { unreachable!("a scorecard") };
    Body::Scored(Scorecard { absent, ..scorecard.clone() })
}

#[test]
fn a_provisional_component_makes_a_score_provisional_and_an_absent_one_does_not() {
    let plan = scored(&[("email", 0, 10, 5), ("phone", 0, 10, 5)], Absent::Renormalise);
    let rows = [priced(1, "email", may("01T09:00"), Some(500)), priced(2, "phone", may("02T09:00"), Some(500))];
    let mut request = request(Grain::Day, &["customer"]);
    request.as_of = at("2026-05-02T12:00:00Z");
    let cells = answer(&plan, &request, &rows, &["customer", "value", "state"]);
    assert_eq!(cells, ["anna 0.5 final", "anna 0.5 provisional"]);
}
