use super::*;
use crate::plan::Wilson;
use crate::value::Number;

const Z: f64 = 1.959_963_984_540_054;

fn share(hits: u64, trials: u64) -> Draft {
    let value = if trials == 0 { Value::Null } else { Value::Real(hits as f64 / trials as f64) };
    let count = |count| integer(count).expect("small");
    Draft {
        period: None,
        dimensions: Vec::new(),
        numbers: Numbers {
            numerator: count(hits),
            denominator: count(trials),
            value,
            n: Some(trials),
            share: Some((hits, trials)),
            bounds: None,
        },
        counts: vec![count(4)],
        is_open: false,
    }
}

fn shown(draft: Draft, min_n: Option<u64>, min_cell: Option<u64>) -> Cell {
    let wilson = Wilson { level: Number::new(95, 2), z: Z };
    publish(draft, &Publish { interval: Some(wilson), min_n, min_cell }, Instant::from_micros(0))
}

fn assert_near(actual: &Value, expected: f64) {
    let Value::Real(actual) = actual else { panic!("{actual:?} is no real") };
    assert!((actual - expected).abs() < 1e-12, "{actual} is not {expected}");
}

#[test]
fn wilson_of_eight_in_ten_is_as_the_formula_gives_by_hand() {
    let cell = shown(share(8, 10), None, None);
    assert_near(&cell.low, 0.490_162_471_536_641_7);
    assert_near(&cell.high, 0.943_317_848_545_624_7);
}

#[test]
fn wilson_touches_zero_and_one_exactly() {
    // Without hits the upper end is z^2 / (n + z^2).
    let none = shown(share(0, 10), None, None);
    assert_eq!(none.low, Value::Real(0.0));
    assert_near(&none.high, Z * Z / (10.0 + Z * Z));
    let all = shown(share(10, 10), None, None);
    assert_eq!(all.high, Value::Real(1.0));
    assert_near(&all.low, 10.0 / (10.0 + Z * Z));
}

#[test]
fn no_trials_have_no_interval_and_no_state_but_undefined() {
    let cell = shown(share(0, 0), Some(30), Some(10));
    assert_eq!((cell.low, cell.high, cell.state), (Value::Null, Value::Null, State::Undefined));
    assert_eq!(cell.counts, [Value::integer(4)]);
}

#[test]
fn fewer_than_min_n_withholds_value_and_interval_only() {
    let cell = shown(share(8, 10), Some(11), None);
    assert_eq!(cell.state, State::Insufficient);
    assert_eq!((&cell.numbers.value, &cell.low, &cell.high), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!((&cell.numbers.numerator, cell.numbers.n), (&Value::integer(8), Some(10)));
}

#[test]
fn exactly_min_n_is_enough() {
    assert_eq!(shown(share(8, 10), Some(10), Some(10)).state, State::Final);
}

#[test]
fn fewer_than_min_cell_withholds_every_number() {
    let cell = shown(share(8, 10), Some(11), Some(11));
    assert_eq!(cell.state, State::Suppressed);
    assert_eq!(cell.n().expect("a count"), Value::Null);
    let Numbers { numerator, denominator, value, .. } = cell.numbers;
    assert_eq!([numerator, denominator, value, cell.low, cell.high], [const { Value::Null }; 5]);
    assert_eq!(cell.counts, [Value::Null]);
}

#[test]
fn a_small_cell_without_a_value_is_undefined_and_withheld() {
    let mut draft = share(3, 3);
    draft.numbers.value = Value::Null;
    let cell = shown(draft, None, Some(10));
    assert_eq!((cell.state, cell.numbers.numerator), (State::Undefined, Value::Null));
}

#[test]
fn a_period_is_provisional_until_its_end() {
    let ending = |micros| {
        let period = Period { start: Instant::from_micros(-9), end: Instant::from_micros(micros) };
        shown(Draft { period: Some(period), ..share(8, 10) }, None, None).state
    };
    assert_eq!(ending(0), State::Final);
    assert_eq!(ending(1), State::Provisional);
}

#[test]
fn bounds_stand_where_an_interval_would_and_are_withheld_with_the_value() {
    let between = |least| {
        let mut draft = share(8, 10);
        draft.numbers.bounds = Some((Value::Real(0.25), Value::Real(0.75)));
        let cell = publish(draft, &Publish { interval: None, min_n: least, min_cell: None }, Instant::from_micros(0));
        (cell.low, cell.high)
    };
    assert_eq!(between(None), (Value::Real(0.25), Value::Real(0.75)));
    assert_eq!(between(Some(11)), (Value::Null, Value::Null));
}
