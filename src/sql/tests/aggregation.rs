//! Measures, their zero cases, intervals and what is withheld.

use super::plans::*;
use crate::expression::{Arithmetic, Expression};
use crate::plan::*;
use crate::value::{Grain, Number, Type, Value};

const NUMBERS: [&str; 5] = ["numerator", "denominator", "value", "n", "state"];

fn over(measure: Measure, rows: &[Contact]) -> String {
    let cells = answer(&simple(measure), &request(Grain::All, &[]), rows, &NUMBERS);
    assert_eq!(cells.len(), 1, "one cell over everything");
    cells[0].clone()
}

fn priced(id: i64, price: Option<i64>) -> Contact {
    Contact { price, ..contact(id, may("01T09:00")) }
}

#[test]
fn each_measure_counts_what_it_says() {
    let rows = [priced(1, Some(150)), priced(2, Some(150)), priced(3, None), priced(4, Some(-50))];
    assert_eq!(over(Measure::Count, &rows), "4 - 4 4 final");
    assert_eq!(over(Measure::Distinct(column("price")), &rows), "2 - 2 3 final");
    assert_eq!(over(Measure::Sum(column("price")), &rows), "250 - 250 3 final");
    assert_eq!(over(Measure::Min(column("price")), &rows), "-50 - -50 3 final");
    assert_eq!(over(Measure::Max(column("price")), &rows), "150 - 150 3 final");
    // 2.50 over three.
    assert_eq!(over(Measure::Mean(column("price")), &rows), "250 3 0.8333333333333334 3 final");
    let not_null = not(is_null(column("price")));
    assert_eq!(over(Measure::Share(not_null), &rows), "3 4 0.75 4 final");
}

#[test]
fn a_mean_of_durations_is_in_seconds() {
    let waiting = |id, wait| Contact { wait: Some(wait), ..contact(id, may("01T09:00")) };
    let rows = [waiting(1, 1_000_000), waiting(2, 2_500_000)];
    assert_eq!(over(Measure::Mean(column("wait")), &rows), "3500000 2 1.75 2 final");
    assert_eq!(over(Measure::Max(column("wait")), &rows), "2500000 - 2500000 2 final");
}

#[test]
fn a_ratio_divides_sums_and_counts_every_row() {
    let rows = [
        Contact { wait: Some(3_000_000), ..priced(1, Some(150)) },
        Contact { wait: None, ..priced(2, Some(50)) },
        priced(3, None),
    ];
    // 2.00 over 3 seconds.
    let ratio = Measure::Ratio(column("price"), column("wait"));
    assert_eq!(over(ratio, &rows), "200 3000000 0.6666666666666666 3 final");
}

#[test]
fn a_zero_denominator_is_undefined() {
    assert_eq!(over(Measure::Mean(column("price")), &[priced(1, None)]), "0 0 - 0 undefined");
    let ratio = Measure::Ratio(column("price"), column("price"));
    assert_eq!(over(ratio, &[priced(1, Some(0))]), "0 0 - 1 undefined");
}

#[test]
fn without_rows_counts_are_zero_and_the_rest_is_undefined() {
    assert_eq!(over(Measure::Count, &[]), "0 - 0 0 final");
    assert_eq!(over(Measure::Sum(column("price")), &[]), "0 - 0 0 final");
    assert_eq!(over(Measure::Distinct(column("price")), &[]), "0 - 0 0 final");
    assert_eq!(over(Measure::Max(column("price")), &[]), "- - - 0 undefined");
    assert_eq!(over(Measure::Share(column("solved")), &[]), "0 0 - 0 undefined");
    assert!(answer(&simple(Measure::Count), &request(Grain::Day, &[]), &[], &["n"]).is_empty());
    assert!(answer(&simple(Measure::Count), &request(Grain::All, &["channel"]), &[], &["n"]).is_empty());
}

#[test]
fn a_null_dimension_is_a_group_of_its_own_and_comes_last() {
    let on = |id, channel| Contact { channel, ..contact(id, may("01T09:00")) };
    let rows = [on(1, None), on(2, Some("phone")), on(3, None), on(4, Some("email"))];
    let cells = answer(&simple(Measure::Count), &request(Grain::All, &["channel"]), &rows, &["channel", "value"]);
    assert_eq!(cells, ["email 1", "phone 1", "- 2"]);
}

#[test]
fn arithmetic_on_decimals_keeps_their_scale() {
    let literal = Expression::Literal(Value::Number(Number::new(-5, 1)), Type::Number(1));
    let rescaled = Expression::Rescale(Box::new(literal), 2);
    let difference = Expression::Arithmetic(Arithmetic::Subtract, Box::new(column("price")), Box::new(rescaled));
    // 1.50 - (-0.50) = 2.00
    assert_eq!(over(Measure::Sum(difference), &[priced(1, Some(150))]), "200 - 200 1 final");
    let product = Expression::Arithmetic(Arithmetic::Multiply, Box::new(column("price")), Box::new(column("price")));
    // 1.50 * 1.50 = 2.2500
    assert_eq!(over(Measure::Sum(product), &[priced(1, Some(150))]), "22500 - 22500 1 final");
}

fn share_of(solved: i64, all: i64, publish: Publish) -> String {
    let rows: Vec<Contact> =
        (0..all).map(|id| Contact { solved: Some(id < solved), ..contact(id, may("01T09:00")) }).collect();
    let mut plan = simple(Measure::Share(column("solved")));
    plan.publish = publish;
    answer(&plan, &request(Grain::All, &[]), &rows, &["numerator", "value", "n", "low", "high", "missing", "state"])
        .remove(0)
}

fn wilson() -> Option<Wilson> {
    Some(Wilson { level: Number::new(95, 2), z: 1.959963984540054 })
}

#[test]
fn the_wilson_interval_of_eight_in_ten() {
    let row = share_of(8, 10, Publish { interval: wilson(), ..Publish::default() });
    let cells: Vec<f64> = row.split(' ').skip(3).take(2).map(|cell| cell.parse().expect("a float")).collect();
    // Published values for 8 of 10 at 95 %: 0.4901625 to 0.9433178.
    assert!((cells[0] - 0.490_162_471_536_641).abs() < 1e-9, "{row}");
    assert!((cells[1] - 0.943_317_848_545_625).abs() < 1e-9, "{row}");
}

#[test]
fn the_interval_ends_at_0_and_1() {
    let publish = Publish { interval: wilson(), ..Publish::default() };
    assert!(share_of(0, 10, publish.clone()).contains(" 0.0 0.27"));
    for all in 1..40 {
        assert!(share_of(0, all, publish.clone()).contains(&format!(" {all} 0.0 0.")), "{all}");
        assert!(share_of(all, all, publish.clone()).ends_with(" 1.0 0 final"), "{all}");
    }
    assert_eq!(share_of(0, 0, publish), "0 - 0 - - 0 undefined");
}

#[test]
fn a_cell_below_min_n_keeps_its_counts_but_not_its_value() {
    let publish = Publish { interval: wilson(), min_n: Some(10), min_cell: None };
    assert_eq!(share_of(8, 9, publish.clone()), "8 - 9 - - 0 insufficient");
    assert!(share_of(8, 10, publish).ends_with("final"));
}

#[test]
fn a_cell_below_min_cell_loses_every_number() {
    let publish = Publish { interval: wilson(), min_n: Some(10), min_cell: Some(5) };
    assert_eq!(share_of(3, 4, publish.clone()), "- - - - - - suppressed");
    assert_eq!(share_of(3, 5, publish.clone()), "3 - 5 - - 0 insufficient");
    // More than none: an empty cell hides nothing.
    assert_eq!(share_of(0, 0, publish), "0 - 0 - - 0 undefined");
}

#[test]
fn an_empty_count_below_min_n_is_insufficient() {
    let mut plan = simple(Measure::Count);
    plan.publish = Publish { interval: None, min_n: Some(1), min_cell: Some(5) };
    assert_eq!(answer(&plan, &request(Grain::All, &[]), &[], &NUMBERS), ["0 - - 0 insufficient"]);
}
