use super::*;
use crate::plan::{Bounds, Missing, Quantile, QuantileMethod};

const COLUMNS: &str = "id text, at instant, kind text, score number0, wait duration";
const ROWS: [&str; 5] = [
    "1|2026-05-01T09:00:00Z|in|10|20s",
    "2|2026-05-01T10:00:00Z|out|9|40s",
    "3|2026-05-01T11:00:00Z|in|3|-",
    "4|2026-05-01T12:00:00Z|-|-|-",
    "5|2026-05-01T13:00:00Z|-|7|30s",
];
const SHOWN: [&str; 7] = ["numerator", "denominator", "value", "n", "low", "high", "missing"];

fn number(text: &str) -> Number {
    text.parse().expect(text)
}

fn bounded(measure: Measure, when: Expression, (low, high): (&str, &str)) -> Case {
    let bounds = Bounds { when, low: number(low), high: number(high) };
    case(COLUMNS, &ROWS).measuring(measure).steps(|steps| steps.bounds = Some(bounds))
}

fn score() -> Expression {
    Expression::column("score", Type::Number(0))
}

fn score_is(comparison: Comparison, limit: i64) -> Expression {
    compare(comparison, score(), Expression::Literal(Value::integer(limit), Type::Number(0)))
}

#[test]
fn a_share_lies_between_none_and_all_of_the_unknown_rows() {
    // 2 of 3 are known to be in; with the two others 2 of 5, or 4 of 5.
    let case = bounded(Measure::Share(is("kind", "in")), is_null("kind", Type::Text), ("0", "1"));
    assert_eq!(case.shown(&SHOWN), ["2|3|0.6666666666666666|3|0.4|0.8|2"]);
    assert_eq!(case.ledger(), "missing=2 counted=3");
}

#[test]
fn rows_that_are_missing_for_another_reason_move_no_bound() {
    let case = bounded(Measure::Share(is("kind", "in")), is_null("kind", Type::Text), ("0", "1"));
    let case = case.steps(|steps| steps.missing = vec![Missing { when: is_null("score", Type::Number(0)) }]);
    // Row 4 has no score: 2 of 4, or 3 of 4.
    assert_eq!(case.shown(&SHOWN), ["2|3|0.6666666666666666|3|0.5|0.75|2"]);
}

#[test]
fn a_balance_is_those_for_less_those_against() {
    let measure = Measure::Balance(score_is(Comparison::GreaterOrEqual, 9), score_is(Comparison::LessOrEqual, 6));
    let case = bounded(measure, is_null("score", Type::Number(0)), ("-1", "1"));
    // Two for, one against, of four; with one more against 0 of 5, with one more for 2 of 5.
    assert_eq!(case.shown(&SHOWN), ["1|4|0.25|4|0|0.4|1"]);
}

#[test]
fn a_mean_lies_between_the_means_with_the_least_and_the_most() {
    let case = bounded(Measure::Mean(score()), is_null("score", Type::Number(0)), ("0", "10"));
    // (10 + 9 + 3 + 7) / 4; 29 / 5; 39 / 5.
    assert_eq!(case.shown(&SHOWN), ["29|4|7.25|4|5.8|7.8|1"]);
    let wait = Expression::column("wait", Type::Duration);
    let case = bounded(Measure::Mean(wait), is_null("wait", Type::Duration), ("0", "60"));
    // (20 + 40 + 30) / 3; 90 / 5; (90 + 120) / 5, in seconds.
    assert_eq!(case.shown(&SHOWN), ["90|3|30|3|18|42|2"]);
}

#[test]
fn over_unknown_rows_only_there_are_bounds_and_over_none_there_are_not() {
    let case = bounded(Measure::Share(is("kind", "in")), is_null("kind", Type::Text), ("0", "1"));
    let unknown = case.clone().steps(|steps| steps.filter.predicate = Some(is_null("kind", Type::Text)));
    assert_eq!(unknown.shown(&["value", "low", "high", "state"]), ["|0|1|undefined"]);
    let none = case.steps(|steps| steps.filter.predicate = Some(is("kind", "elsewhere")));
    assert_eq!(none.shown(&["value", "low", "high", "state"]), ["|||undefined"]);
}

#[test]
fn a_measure_without_a_best_case_has_no_bounds() {
    let case = bounded(Measure::Count, is_null("kind", Type::Text), ("0", "1"));
    assert!(matches!(case.error(), InterpretError::Contradiction { .. }));
}

#[test]
fn a_quantile_is_exact_and_null_without_values() {
    let quantile = |of, method| Measure::Quantile(Quantile { of, at: number("0.5"), method });
    let shown = |measure| case(COLUMNS, &ROWS).measuring(measure).shown(&["numerator", "denominator", "value", "n"]);
    // 3, 7, 9, 10: between 7 and 9, and the second of four.
    assert_eq!(shown(quantile(score(), QuantileMethod::Continuous)), ["8||8|4"]);
    assert_eq!(shown(quantile(score(), QuantileMethod::Discrete)), ["7||7|4"]);
    let wait = || Expression::column("wait", Type::Duration);
    assert_eq!(shown(quantile(wait(), QuantileMethod::Discrete)), ["30||30|3"]);
    let nothing = Expression::Literal(Value::Null, Type::Number(0));
    assert_eq!(shown(quantile(nothing, QuantileMethod::Continuous)), ["|||0"]);
}

#[test]
fn a_top_share_counts_the_rows_of_the_most_frequent_values() {
    let shown = |most| {
        let measure = Measure::TopShare(Expression::column("kind", Type::Text), most);
        case(COLUMNS, &ROWS).measuring(measure).shown(&["numerator", "denominator", "value", "n"])
    };
    // Two in, one out, two without a kind.
    assert_eq!(shown(1), ["2|3|0.6666666666666666|3"]);
    assert_eq!(shown(2), ["3|3|1|3"]);
    assert_eq!(shown(0), ["0|3|0|3"]);
}
