use super::*;
use crate::interpret::rows::Layout;
use crate::value::{Instant, Number, Type};

const T: Option<bool> = Some(true);
const F: Option<bool> = Some(false);
const U: Option<bool> = None;

fn literal(value: Value, ty: Type) -> Expression {
    Expression::Literal(value, ty)
}

fn truth(truth: Option<bool>) -> Expression {
    literal(truth.map_or(Value::Null, Value::Boolean), Type::Boolean)
}

fn number(text: &str) -> Expression {
    let number: Number = text.parse().expect(text);
    literal(Value::Number(number), Type::Number(number.scale()))
}

fn no_number() -> Expression {
    literal(Value::Null, Type::Number(0))
}

fn at(micros: i64) -> Expression {
    literal(Value::Instant(Instant::from_micros(micros)), Type::Instant)
}

fn value(expression: &Expression) -> Result<Value, InterpretError> {
    let (layout, moments) = (Layout::default(), Moments::at(Instant::from_micros(9)));
    let term = Names::of(&layout, &moments).bind(expression)?;
    Ok(term.value(Row::new(&[], &[]))?.into_owned())
}

fn known(expression: &Expression) -> Option<bool> {
    match value(expression).expect("a condition") {
        Value::Boolean(boolean) => Some(boolean),
        Value::Null => None,
        other => panic!("`{other}` is no truth"),
    }
}

#[test]
fn and_follows_the_three_valued_table() {
    let table = [(T, T, T), (T, F, F), (T, U, U), (F, T, F), (F, F, F), (F, U, F), (U, T, U), (U, F, F), (U, U, U)];
    for (left, right, expected) in table {
        let and = Expression::And(vec![truth(left), truth(right)]);
        assert_eq!(known(&and), expected, "{left:?} and {right:?}");
    }
}

#[test]
fn or_follows_the_three_valued_table() {
    let table = [(T, T, T), (T, F, T), (T, U, T), (F, T, T), (F, F, F), (F, U, U), (U, T, T), (U, F, U), (U, U, U)];
    for (left, right, expected) in table {
        let or = Expression::Or(vec![truth(left), truth(right)]);
        assert_eq!(known(&or), expected, "{left:?} or {right:?}");
    }
}

#[test]
fn not_leaves_unknown_unknown() {
    for (operand, expected) in [(T, F), (F, T), (U, U)] {
        assert_eq!(known(&Expression::Not(Box::new(truth(operand)))), expected, "not {operand:?}");
    }
}

#[test]
fn a_comparison_with_null_is_unknown_also_null_with_null() {
    let equal = |left, right| Expression::Compare(Comparison::Equal, Box::new(left), Box::new(right));
    assert_eq!(known(&equal(number("1"), no_number())), U);
    assert_eq!(known(&equal(no_number(), no_number())), U);
    assert_eq!(known(&equal(number("1"), number("1"))), T);
}

#[test]
fn text_is_ordered_by_bytes() {
    let text = |text| Box::new(literal(Value::text(text), Type::Text));
    let less = |left, right| Expression::Compare(Comparison::Less, text(left), text(right));
    // 'Z' is 0x5A, 'a' 0x61, 'é' begins with 0xC3.
    assert_eq!(known(&less("Z", "a")), T);
    assert_eq!(known(&less("z", "é")), T);
    assert_eq!(known(&less("a", "a ")), T);
}

#[test]
fn membership_of_null_is_unknown_and_null_is_null_is_true() {
    let within = |operand| Expression::In(Box::new(operand), vec![Value::integer(1), Value::integer(2)]);
    assert_eq!(known(&within(number("2"))), T);
    assert_eq!(known(&within(number("3"))), F);
    assert_eq!(known(&within(no_number())), U);
    assert_eq!(known(&Expression::IsNull(Box::new(no_number()))), T);
    assert_eq!(known(&Expression::IsNull(Box::new(number("3")))), F);
}

#[test]
fn case_takes_the_first_true_arm_and_passes_over_unknown() {
    let arms = vec![(truth(U), number("1")), (truth(F), number("2")), (truth(T), number("3")), (truth(T), number("4"))];
    assert_eq!(value(&Expression::Case { arms, otherwise: Box::new(number("5")) }), Ok(Value::integer(3)));
    let arms = vec![(truth(U), number("1"))];
    assert_eq!(value(&Expression::Case { arms, otherwise: Box::new(number("5")) }), Ok(Value::integer(5)));
}

#[test]
fn coalesce_takes_the_first_known_value() {
    assert_eq!(value(&Expression::Coalesce(vec![no_number(), number("7"), number("8")])), Ok(Value::integer(7)));
    assert_eq!(value(&Expression::Coalesce(vec![no_number(), no_number()])), Ok(Value::Null));
}

#[test]
fn arithmetic_is_exact_and_null_swallows_it() {
    let of = |operator, left, right| value(&Expression::Arithmetic(operator, Box::new(left), Box::new(right)));
    assert_eq!(of(Arithmetic::Add, number("0.1"), number("0.2")), Ok(Value::Number(Number::new(3, 1))));
    assert_eq!(of(Arithmetic::Subtract, number("1"), number("3")), Ok(Value::integer(-2)));
    assert_eq!(of(Arithmetic::Multiply, number("1.5"), number("0.5")), Ok(Value::Number(Number::new(75, 2))));
    assert_eq!(of(Arithmetic::Add, number("1"), no_number()), Ok(Value::Null));
}

#[test]
fn overflow_is_an_error_never_a_wrap() {
    let huge = || literal(Value::Number(Number::new(i128::MAX, 0)), Type::Number(0));
    let sum = Expression::Arithmetic(Arithmetic::Add, Box::new(huge()), Box::new(number("1")));
    assert_eq!(value(&sum), Err(overflow("a number")));
    let scaled = Expression::Rescale(Box::new(huge()), 2);
    assert_eq!(value(&scaled), Err(overflow("a number")));
    let elapsed = Expression::Elapsed { from: Box::new(at(i64::MIN)), to: Box::new(at(1)) };
    assert_eq!(value(&elapsed), Err(overflow("an elapsed time")));
}

#[test]
fn elapsed_time_is_negative_where_to_comes_first() {
    let elapsed = |from, to| value(&Expression::Elapsed { from: Box::new(from), to: Box::new(to) });
    assert_eq!(elapsed(at(5), at(2)), Ok(Value::Duration(Duration::from_micros(-3))));
    assert_eq!(elapsed(at(5), literal(Value::Null, Type::Instant)), Ok(Value::Null));
}

#[test]
fn a_shifted_instant_lies_so_much_later_and_null_swallows_it() {
    let by = |micros| literal(Value::Duration(Duration::from_micros(micros)), Type::Duration);
    let shift = |from, by| value(&Expression::Shift { at: Box::new(from), by: Box::new(by) });
    assert_eq!(shift(at(5), by(-7)), Ok(Value::Instant(Instant::from_micros(-2))));
    assert_eq!(shift(at(5), literal(Value::Null, Type::Duration)), Ok(Value::Null));
    assert_eq!(shift(literal(Value::Null, Type::Instant), by(1)), Ok(Value::Null));
    assert_eq!(shift(at(i64::MAX), by(1)), Err(overflow("a shifted instant")));
}

#[test]
fn the_moment_of_knowledge_is_an_instant_and_bounds_need_a_period() {
    assert_eq!(value(&Expression::Moment(Moment::AsOf)), Ok(Value::Instant(Instant::from_micros(9))));
    let start = value(&Expression::Moment(Moment::PeriodStart));
    assert!(matches!(start, Err(InterpretError::Contradiction { .. })), "{start:?}");
}

#[test]
fn a_row_looked_at_from_nowhere_is_a_contradiction() {
    let outer = Expression::Outer(crate::expression::Column { name: "at".to_owned(), ty: Type::Instant });
    assert!(matches!(value(&outer), Err(InterpretError::Contradiction { .. })));
}

#[test]
fn values_of_two_types_are_refused_not_compared() {
    let text = literal(Value::text("1"), Type::Text);
    let equal = Expression::Compare(Comparison::Equal, Box::new(text), Box::new(number("1")));
    assert_eq!(value(&equal), Err(mismatch("a comparison")));
    assert_eq!(value(&Expression::Not(Box::new(number("1")))), Err(mismatch("a condition")));
}

#[test]
fn lengths_of_time_add_up_and_nothing_rescaled_is_nothing() {
    let wait = |text: &str| literal(Value::Duration(text.parse().expect(text)), Type::Duration);
    let of = |operator| Expression::Arithmetic(operator, Box::new(wait("20s")), Box::new(wait("250ms")));
    assert_eq!(value(&of(Arithmetic::Add)).expect("a length").to_string(), "20.25");
    assert_eq!(value(&of(Arithmetic::Subtract)).expect("a length").to_string(), "19.75");
    assert_eq!(value(&Expression::Rescale(Box::new(no_number()), 2)).expect("nothing"), Value::Null);
}
