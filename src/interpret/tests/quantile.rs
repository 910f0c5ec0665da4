use super::*;
use crate::expression::Expression;
use crate::value::{Duration, Instant, Type};

fn of(at: &str, method: QuantileMethod, values: Vec<Value>) -> Result<Value, InterpretError> {
    let of = Expression::column("x", Type::Number(0));
    quantile(&Quantile { of, at: at.parse().expect("a number"), method }, values)
}

/// Quantiles of 40, 10, 30, 20.
fn tens(at: &str, method: QuantileMethod) -> Value {
    of(at, method, [40, 10, 30, 20].into_iter().map(Value::integer).collect()).expect("a quantile")
}

#[test]
fn a_continuous_quantile_lies_between_two_values() {
    // The position of the median is 0.5 * 3 = 1.5; of 0.9 it is 2.7: 30 + 0.7 * 10.
    assert_eq!(tens("0.5", QuantileMethod::Continuous), Value::Real(25.0));
    assert_eq!(tens("0.9", QuantileMethod::Continuous), Value::Real(37.0));
    assert_eq!(tens("0", QuantileMethod::Continuous), Value::Real(10.0));
    assert_eq!(tens("1", QuantileMethod::Continuous), Value::Real(40.0));
}

#[test]
fn a_discrete_quantile_is_the_first_value_with_the_part_at_or_below_it() {
    // ceil(0.5 * 4) - 1 = 1, ceil(0.51 * 4) - 1 = 2, ceil(0.9 * 4) - 1 = 3.
    for (at, expected) in [("0", 10), ("0.25", 10), ("0.5", 20), ("0.51", 30), ("0.75", 30), ("0.9", 40), ("1.00", 40)]
    {
        assert_eq!(tens(at, QuantileMethod::Discrete), Value::integer(expected), "{at}");
    }
}

#[test]
fn positions_are_exact() {
    // In floats 0.07 * 100 is 7.000000000000001, whose ceiling is 8.
    let hundred = || (1..=100).map(Value::integer).collect();
    assert_eq!(of("0.07", QuantileMethod::Discrete, hundred()), Ok(Value::integer(7)));
    // 0.29 * 100 is 28.999999999999996 in floats; here of 101 values it is 29 exactly.
    let more = (0..=100).map(Value::integer).collect();
    assert_eq!(of("0.29", QuantileMethod::Continuous, more), Ok(Value::Real(29.0)));
}

#[test]
fn times_are_interpolated_in_seconds_and_keep_their_type_where_discrete() {
    let lengths =
        || vec![Value::Duration(Duration::from_micros(1_000_000)), Value::Duration(Duration::from_micros(2_000_000))];
    assert_eq!(of("0.5", QuantileMethod::Continuous, lengths()), Ok(Value::Real(1.5)));
    assert_eq!(of("0.5", QuantileMethod::Discrete, lengths()), Ok(lengths()[0].clone()));
    let instants = || vec![Value::Instant(Instant::from_micros(3_000_000)), Value::Instant(Instant::from_micros(0))];
    assert_eq!(of("0.5", QuantileMethod::Continuous, instants()), Ok(Value::Real(1.5)));
}

#[test]
fn one_value_is_every_quantile_and_no_value_has_none() {
    let one = || vec![Value::Real(0.1)];
    assert_eq!(of("0.9", QuantileMethod::Continuous, one()), Ok(Value::Real(0.1)));
    assert_eq!(of("0.9", QuantileMethod::Discrete, one()), Ok(Value::Real(0.1)));
    assert_eq!(of("0.9", QuantileMethod::Continuous, Vec::new()), Ok(Value::Null));
}

#[test]
fn what_is_no_part_or_has_no_middle_is_an_error() {
    assert!(matches!(of("1.1", QuantileMethod::Discrete, Vec::new()), Err(InterpretError::Contradiction { .. })));
    let text = vec![Value::text("a")];
    assert_eq!(of("0.5", QuantileMethod::Continuous, text), Err(mismatch("a quantile")));
    let huge = vec![Value::Number(Number::new(i128::MAX, 0)); 2];
    assert_eq!(of("0.5", QuantileMethod::Continuous, huge), Err(overflow("a quantile")));
}

#[test]
fn between_two_floats_lies_the_part_of_their_distance() {
    // 1 + (3 - 1) * 25 / 100.
    assert_eq!(between(&Value::Real(1.0), &Value::Real(3.0), (25, 100)).expect("a value"), 1.5);
}
