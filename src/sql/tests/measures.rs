//! Quantiles, balances, the most frequent values, floats, and the best and worst case of what is not known.

use super::plans::*;
use crate::expression::{Comparison, Expression};
use crate::plan::*;
use crate::sql::{Output, RenderError, SQLITE, render};
use crate::value::{Grain, Number, Type, Value};

const NUMBERS: [&str; 5] = ["numerator", "denominator", "value", "n", "state"];

fn over(measure: Measure, rows: &[Contact]) -> String {
    answer(&simple(measure), &request(Grain::All, &[]), rows, &NUMBERS).remove(0)
}

fn priced(id: i64, price: Option<i64>) -> Contact {
    Contact { price, ..contact(id, may("01T09:00")) }
}

/// Contacts with these prices, in cents.
fn prices(prices: &[i64]) -> Vec<Contact> {
    prices.iter().zip(1..).map(|(price, id)| priced(id, Some(*price))).collect()
}

fn quantile(of: &str, at: &str, method: QuantileMethod) -> Measure {
    Measure::Quantile(Quantile { of: column(of), at: at.parse().expect("a number"), method })
}

fn discrete(at: &str, rows: &[Contact]) -> String {
    over(quantile("price", at, QuantileMethod::Discrete), rows)
}

fn continuous(at: &str, rows: &[Contact]) -> String {
    over(quantile("price", at, QuantileMethod::Continuous), rows)
}

#[test]
fn a_discrete_quantile_is_the_first_value_with_the_part_at_or_below_it() {
    let rows = prices(&[400, 100, 300, 200]);
    // Of four values a half ends with the second, anything more with the third.
    for (at, value) in
        [("0", 100), ("0.25", 100), ("0.250001", 200), ("0.5", 200), ("0.51", 300), ("0.75", 300), ("1", 400)]
    {
        assert_eq!(discrete(at, &rows), format!("{value} - {value} 4 final"), "{at}");
    }
    assert_eq!(discrete("0.5", &[priced(1, None)]), "- - - 0 undefined");
    assert_eq!(discrete("0.5", &[]), "- - - 0 undefined");
}

#[test]
fn a_continuous_quantile_lies_between_two_values() {
    let rows = prices(&[400, 100, 300, 200]);
    // The position is 3 times the part.
    for (at, value) in [("0", "1.0"), ("0.5", "2.5"), ("0.25", "1.75"), ("0.9", "3.7"), ("1.00", "4.0")] {
        assert_eq!(continuous(at, &rows), format!("{value} - {value} 4 final"), "{at}");
    }
    assert_eq!(continuous("0.9", &prices(&[150])), "1.5 - 1.5 1 final");
    assert_eq!(continuous("0.5", &[priced(1, None)]), "- - - 0 undefined");
}

#[test]
fn a_position_is_exact_where_a_float_is_not() {
    // 0.07 * 100 is 7.000000000000001 as a float, which would make it the 8th of 100 values.
    let rows: Vec<Contact> = (1..=100).map(|id| priced(id, Some(id * 100))).collect();
    assert_eq!(discrete("0.07", &rows), "700 - 700 100 final");
    assert_eq!(discrete("0.29", &rows), "2900 - 2900 100 final");
    // 0.29 * 99 = 28.71 after the first, which is 1.
    assert_eq!(continuous("0.29", &rows), "29.71 - 29.71 100 final");
}

#[test]
fn quantiles_leave_out_nulls_and_rows_that_are_not_counted_and_keep_cells_apart() {
    let mut pipeline = pipeline(quantile("price", "0.5", QuantileMethod::Discrete));
    pipeline.exclude = vec![Exclusion { id: "solved".to_owned(), when: column("solved") }];
    let plan = measured(pipeline);
    let on = |channel, contact| Contact { channel, ..contact };
    let rows = [
        on(Some("email"), priced(1, Some(100))),
        on(Some("email"), priced(2, Some(900))),
        on(Some("email"), priced(3, None)),
        on(Some("email"), Contact { solved: Some(true), ..priced(4, Some(50)) }),
        on(None, priced(5, Some(700))),
        on(None, priced(6, None)),
    ];
    let columns = ["channel", "value", "n", "excluded_solved"];
    let cells = answer(&plan, &request(Grain::Day, &["channel"]), &rows, &columns);
    assert_eq!(cells, ["email 100 2 1", "- 700 1 0"]);
}

#[test]
fn quantiles_of_durations_and_instants_are_in_their_own_type() {
    let waiting = |id, wait| Contact { wait: Some(wait), closed_at: Some(wait), ..contact(id, may("01T09:00")) };
    let rows = [waiting(1, 1_000_000), waiting(2, 4_000_000)];
    assert_eq!(over(quantile("wait", "0.5", QuantileMethod::Discrete), &rows), "1000000 - 1000000 2 final");
    assert_eq!(over(quantile("closed_at", "0.9", QuantileMethod::Discrete), &rows), "4000000 - 4000000 2 final");
    // 1 s and half of three more.
    assert_eq!(over(quantile("wait", "0.5", QuantileMethod::Continuous), &rows), "2.5 - 2.5 2 final");
}

#[test]
fn a_quantile_knows_its_provisional_rows() {
    let mut pipeline = pipeline(quantile("price", "0.5", QuantileMethod::Discrete));
    let closes = Expression::shift("opened_at", "1d".parse().expect("a duration"));
    pipeline.mature = vec![Mature { awaits: Awaits::Closed { closes }, policy: MaturityPolicy::Provisional }];
    let mut request = request(Grain::All, &[]);
    request.as_of = at("2026-05-01T12:00:00Z");
    let cells = answer(&measured(pipeline), &request, &prices(&[100, 200]), &["value", "immature", "state"]);
    assert_eq!(cells, ["100 2 provisional"]);
}

#[test]
fn a_part_too_fine_for_exact_positions_is_refused() {
    let refused = render(
        &simple(quantile("price", "0.0000000001", QuantileMethod::Discrete)),
        &header(),
        &request(Grain::All, &[]),
        &SQLITE,
        Output::Cells,
    );
    assert!(matches!(refused, Err(RenderError::Constant(text)) if text == "0.0000000001"));
}

#[test]
fn a_balance_is_the_difference_of_two_shares() {
    let at_least = |cents: i128| {
        let bound = Expression::Literal(Value::Number(Number::new(cents, 2)), Type::Number(2));
        compare(column("price"), Comparison::GreaterOrEqual, bound)
    };
    let balance = Measure::Balance(at_least(900), not(at_least(700)));
    // Promoters 9 and 10, a passive 8, a detractor 3.
    assert_eq!(over(balance.clone(), &prices(&[900, 1_000, 800, 300])), "1 4 0.25 4 final");
    assert_eq!(over(balance.clone(), &prices(&[300, 800])), "-1 2 -0.5 2 final");
    assert_eq!(over(balance, &[]), "0 0 - 0 undefined");
}

#[test]
fn the_top_share_counts_rows_of_the_most_frequent_values() {
    let on = |id, channel| Contact { channel, ..contact(id, may("01T09:00")) };
    let rows: Vec<Contact> =
        [Some("a"), Some("b"), Some("b"), Some("c"), None, None, None, Some("a"), Some("b"), Some("d")]
            .into_iter()
            .zip(1..)
            .map(|(channel, id)| on(id, channel))
            .collect();
    // Of seven rows with a value b has 3, a 2, c and d one each.
    assert_eq!(over(Measure::TopShare(column("channel"), 1), &rows), "3 7 0.42857142857142855 7 final");
    assert_eq!(over(Measure::TopShare(column("channel"), 2), &rows), "5 7 0.7142857142857143 7 final");
    assert_eq!(over(Measure::TopShare(column("channel"), 3), &rows), "6 7 0.8571428571428571 7 final");
    assert_eq!(over(Measure::TopShare(column("channel"), 9), &rows), "7 7 1.0 7 final");
    assert_eq!(over(Measure::TopShare(column("channel"), 1), &[on(1, None)]), "0 0 - 0 undefined");
}

#[test]
fn the_most_frequent_values_are_those_of_each_cell() {
    let mut pipeline = pipeline(Measure::TopShare(column("channel"), 1));
    pipeline.exclude = vec![Exclusion { id: "solved".to_owned(), when: column("solved") }];
    let on = |id, day, channel, solved| Contact { channel: Some(channel), solved, ..contact(id, may(day)) };
    let rows = [
        on(1, "01T09:00", "a", None),
        on(2, "01T09:00", "a", None),
        on(3, "01T09:00", "b", None),
        on(4, "02T09:00", "b", None),
        // Left out, and so not the most frequent.
        on(5, "02T09:00", "c", Some(true)),
        on(6, "02T09:00", "c", Some(true)),
    ];
    let cells = answer(&measured(pipeline), &request(Grain::Day, &[]), &rows, &["numerator", "denominator"]);
    assert_eq!(cells, ["2 3", "1 1"]);
}

/// A share of solved contacts that says what the unknown ones could make of it.
fn bounded(missing: Vec<Missing>) -> Plan {
    let mut pipeline = pipeline(Measure::Share(column("solved")));
    pipeline.missing = missing;
    let when = is_null(column("solved"));
    pipeline.bounds = Some(Bounds { when, low: Number::ZERO, high: Number::integer(1) });
    measured(pipeline)
}

const BOUNDED: [&str; 6] = ["value", "n", "low", "high", "missing", "state"];

fn solved(id: i64, solved: Option<bool>, channel: Option<&'static str>) -> Contact {
    Contact { solved, channel, ..contact(id, may("01T09:00")) }
}

#[test]
fn bounds_are_the_value_with_every_unknown_row_at_its_worst_and_best() {
    let rows =
        [solved(1, Some(true), None), solved(2, Some(false), None), solved(3, None, None), solved(4, None, None)];
    // 1 of 2; of all four it could be 1 to 3.
    let all = request(Grain::All, &[]);
    assert_eq!(answer(&bounded(Vec::new()), &all, &rows, &BOUNDED), ["0.5 2 0.25 0.75 2 final"]);
    assert_eq!(ledger(&bounded(Vec::new()), &all, &rows), ["missing 2", "counted 2"]);
    assert_eq!(answer(&bounded(Vec::new()), &all, &rows[2..], &BOUNDED), ["- 0 0.0 1.0 2 undefined"]);
    assert_eq!(answer(&bounded(Vec::new()), &all, &[], &BOUNDED), ["- 0 - - 0 undefined"]);
}

#[test]
fn rows_missing_for_another_reason_move_no_bound() {
    let plan = bounded(vec![Missing { when: is_null(column("channel")) }]);
    let rows = [
        solved(1, Some(true), Some("email")),
        solved(2, None, Some("email")),
        solved(3, None, None),
        solved(4, Some(true), None),
    ];
    // Number 2 alone is in doubt: 1 or 2 of 2.
    assert_eq!(answer(&plan, &request(Grain::All, &[]), &rows, &BOUNDED), ["1.0 1 0.5 1.0 3 final"]);
}

#[test]
fn bounds_of_means_and_balances_stand_for_the_operand() {
    let mut mean = pipeline(Measure::Mean(column("price")));
    let bounds = |low, high| Some(Bounds { when: is_null(column("price")), low, high });
    mean.bounds = bounds(Number::integer(1), Number::new(55, 1));
    let mut rows = prices(&[200, 400]);
    rows.push(priced(3, None));
    // (2 + 4) / 2; with the third between 1 and 5.5: 7 / 3 and 11.5 / 3.
    let all = request(Grain::All, &[]);
    let cells = answer(&measured(mean), &all, &rows, &["value", "low", "high"]);
    assert_eq!(cells, ["3.0 2.3333333333333335 3.8333333333333335"]);
    let above = |cents| {
        let bound = Expression::Literal(Value::Number(Number::new(cents, 2)), Type::Number(2));
        compare(column("price"), Comparison::Greater, bound)
    };
    let mut balance = pipeline(Measure::Balance(above(300), not(above(300))));
    balance.bounds = bounds(Number::integer(-1), Number::integer(1));
    // One above and one below; the third moves it by a third.
    let cells = answer(&measured(balance), &all, &rows, &["value", "low", "high"]);
    assert_eq!(cells, ["0.0 -0.3333333333333333 0.3333333333333333"]);
}

#[test]
fn a_suppressed_cell_shows_no_bounds() {
    let mut plan = bounded(Vec::new());
    plan.publish = Publish { interval: None, min_n: Some(5), min_cell: Some(2) };
    let rows = [solved(1, Some(true), None), solved(2, None, None)];
    let all = request(Grain::All, &[]);
    assert_eq!(answer(&plan, &all, &rows, &["low", "high", "state"]), ["- - suppressed"]);
}

/// The mean price of the customer's contacts in the day after, as a fact.
fn mean_price(measure: fn(Expression) -> Measure) -> Plan {
    let mut pipeline = pipeline(measure(Expression::column("mean_price", Type::Real)));
    pipeline.facts = vec![related("mean_price", relate(Summary::Mean(column("price"))))];
    measured(pipeline)
}

#[test]
fn floats_can_be_measured() {
    let of = |customer, price, id: i64| Contact { customer: Some(customer), ..priced(id, price) };
    let later = |contact: Contact| Contact { opened_at: may("01T10:00"), ..contact };
    let rows = [
        of("anna", None, 1),
        later(of("anna", Some(100), 2)),
        later(of("anna", Some(200), 3)),
        of("ben", None, 4),
        later(of("ben", Some(400), 5)),
    ];
    // 1.5 for number 1 and 4.0 for number 4; the others have nothing after them.
    let all = request(Grain::All, &[]);
    let ask = |plan: Plan| answer(&plan, &all, &rows, &["numerator", "value", "n"]).remove(0);
    assert_eq!(ask(mean_price(Measure::Sum)), "5.5 5.5 2");
    assert_eq!(ask(mean_price(Measure::Mean)), "5.5 2.75 2");
    assert_eq!(ask(mean_price(Measure::Max)), "4.0 4.0 2");
    assert_eq!(ask(mean_price(|of| Measure::Ratio(of.clone(), of))), "5.5 1.0 5");
    let median = |method| Quantile { of: Expression::column("mean_price", Type::Real), at: Number::new(5, 1), method };
    let mut plan = mean_price(Measure::Sum);
    let Body::Measured(pipeline) = &mut plan.body else { unreachable!("a sum is measured") };
    pipeline.measure = Measure::Quantile(median(QuantileMethod::Continuous));
    assert_eq!(ask(plan.clone()), "2.75 2.75 2");
    assert_eq!(answer(&mean_price(Measure::Sum), &all, &[], &["value"]), ["0.0"]);
    assert_eq!(answer(&mean_price(Measure::Mean), &all, &[], &["numerator", "value"]), ["0.0 -"]);
}
