use super::*;

fn floats(values: &[f64]) -> Total {
    let mut total = Total::of(Type::Real);
    values.iter().for_each(|value| total.add(&Value::Real(*value)).expect("a float"));
    total
}

#[test]
fn a_sum_of_floats_beyond_all_floats_has_no_answer() {
    assert_eq!(floats(&[1.5, 2.0]).sum().expect("a sum"), Value::Real(3.5));
    assert!(floats(&[f64::MAX, f64::MAX]).sum().is_err());
}

#[test]
fn a_bound_of_a_mean_of_floats_adds_the_values_that_are_not_there() {
    // (1 + 2 + 6) / 3.
    let six = "6".parse().expect("a number");
    assert_eq!(floats(&[1.0, 2.0]).mean_with(1, six).expect("a mean"), Value::Real(3.0));
}
