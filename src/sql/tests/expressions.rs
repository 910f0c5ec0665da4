//! Row expressions: each form evaluated by SQLite, and the parentheses that the tree asks for.

use super::plans::*;
use crate::expression::{Arithmetic, Comparison, Expression};
use crate::plan::*;
use crate::sql::Output;
use crate::value::{Date, Duration, Grain, Number, Type, Value};

fn literal(value: Value, ty: Type) -> Expression {
    Expression::Literal(value, ty)
}

fn integer(value: i64) -> Expression {
    literal(Value::integer(value), Type::Number(0))
}

fn arithmetic(operator: Arithmetic, left: Expression, right: Expression) -> Expression {
    Expression::Arithmetic(operator, Box::new(left), Box::new(right))
}

/// The value of `expression` for one contact.
fn value(expression: Expression, contact: Contact) -> String {
    answer(&simple(Measure::Max(expression)), &request(Grain::All, &[]), &[contact], &["value"]).remove(0)
}

/// The expression as SQL.
fn written(expression: Expression) -> String {
    let mut pipeline = pipeline(Measure::Count);
    pipeline.exclude = vec![Exclusion { id: "x".to_owned(), when: expression }];
    let sql = render_sqlite(&measured(pipeline), &request(Grain::All, &[]), Output::Cells);
    let line = sql.lines().find(|line| line.ends_with("then 'excluded_x'")).expect("an arm").trim();
    line.trim_start_matches("when ").trim_end_matches(" then 'excluded_x'").to_owned()
}

fn sample() -> Contact {
    Contact {
        customer: Some("anna"),
        closed_at: Some(may("01T10:30")),
        solved: Some(true),
        price: Some(150),
        wait: Some(90_000_000),
        ..contact(7, may("01T09:00"))
    }
}

#[test]
fn truth_has_three_values() {
    let (yes, no, unknown) = (column("solved"), not(column("solved")), is_channel("phone"));
    for (expression, expected) in [
        (Expression::And(vec![yes.clone(), unknown.clone()]), "-"),
        (Expression::And(vec![no.clone(), unknown.clone()]), "0"),
        (Expression::Or(vec![yes.clone(), unknown.clone()]), "1"),
        (Expression::Or(vec![no.clone(), unknown.clone()]), "-"),
        (not(unknown.clone()), "-"),
        (is_null(unknown.clone()), "1"),
        (not(is_null(yes.clone())), "1"),
        (compare(yes, Comparison::NotEqual, no), "1"),
    ] {
        assert_eq!(value(expression.clone(), sample()), expected, "{expression:?}");
    }
}

#[test]
fn membership_of_null_is_unknown_also_in_an_empty_list() {
    let among = |name: &str, values: &[&str]| {
        Expression::In(Box::new(column(name)), values.iter().map(|text| Value::text(text)).collect())
    };
    assert_eq!(value(among("customer", &["ben", "anna"]), sample()), "1");
    assert_eq!(value(not(among("customer", &["ben"])), sample()), "1");
    assert_eq!(value(among("channel", &["phone"]), sample()), "-");
    assert_eq!(value(not(among("channel", &["phone"])), sample()), "-");
    assert_eq!(value(among("customer", &[]), sample()), "0");
    assert_eq!(value(not(among("customer", &[])), sample()), "1");
    assert_eq!(value(among("channel", &[]), sample()), "-");
}

#[test]
fn elapsed_time_runs_from_the_first_to_the_second() {
    let elapsed = |from: &str, to: &str| Expression::Elapsed { from: Box::new(column(from)), to: Box::new(column(to)) };
    assert_eq!(value(elapsed("opened_at", "closed_at"), sample()), "5400000000");
    assert_eq!(value(elapsed("closed_at", "opened_at"), sample()), "-5400000000");
    assert_eq!(value(elapsed("opened_at", "closed_at"), contact(1, 0)), "-");
    let half_a_minute = literal(Value::Duration(Duration::from_micros(500_000)), Type::Duration);
    let longer = arithmetic(Arithmetic::Add, elapsed("opened_at", "closed_at"), half_a_minute.clone());
    assert_eq!(value(longer, sample()), "5400500000");
    let compared = compare(column("wait"), Comparison::Greater, half_a_minute);
    assert_eq!(value(compared, sample()), "1");
}

#[test]
fn choices_take_the_first_true_arm() {
    let case = Expression::Case {
        arms: vec![(is_channel("phone"), integer(1)), (column("solved"), integer(2)), (column("solved"), integer(3))],
        otherwise: Box::new(integer(4)),
    };
    assert_eq!(value(case.clone(), sample()), "2");
    assert_eq!(value(case, contact(1, 0)), "4");
    let coalesce = Expression::Coalesce(vec![column("channel"), column("customer"), text("nobody")]);
    assert_eq!(value(coalesce.clone(), sample()), "anna");
    assert_eq!(value(coalesce, contact(1, 0)), "nobody");
}

#[test]
fn constants_of_every_type_compare_with_columns() {
    let price = |text: &str| literal(Value::Number(text.parse().expect("a number")), Type::Number(2));
    assert_eq!(value(compare(column("price"), Comparison::Equal, price("1.5")), sample()), "1");
    assert_eq!(value(compare(column("price"), Comparison::Greater, price("-2")), sample()), "1");
    let nine = literal(Value::Instant(at("2026-05-01T09:00:00Z")), Type::Instant);
    assert_eq!(value(compare(column("opened_at"), Comparison::LessOrEqual, nine.clone()), sample()), "1");
    assert_eq!(value(compare(column("opened_at"), Comparison::Less, nine), sample()), "0");
    let truth = literal(Value::Boolean(true), Type::Boolean);
    assert_eq!(value(compare(column("solved"), Comparison::Equal, truth), sample()), "1");
    let null = literal(Value::Null, Type::Text);
    assert_eq!(value(compare(column("customer"), Comparison::Equal, null), sample()), "-");
    let date = |text: &str| literal(Value::Date(Date::parse(text).expect("a date")), Type::Date);
    assert_eq!(value(compare(date("2026-05-01"), Comparison::Less, date("2026-05-02")), sample()), "1");
}

#[test]
fn operators_bind_as_the_tree_says() {
    let (a, b, c) = (|| column("solved"), || is_null(column("channel")), || is_null(column("price")));
    let or = Expression::Or(vec![b(), c()]);
    assert_eq!(written(Expression::And(vec![a(), or.clone()])), "solved and (channel is null or price is null)");
    let and = Expression::And(vec![a(), b()]);
    assert_eq!(written(Expression::Or(vec![and.clone(), c()])), "solved and channel is null or price is null");
    assert_eq!(written(not(or)), "not (channel is null or price is null)");
    assert_eq!(written(not(not(a()))), "not (not solved)");
    assert_eq!(written(compare(b(), Comparison::Equal, c())), "(channel is null) = (price is null)");
    assert_eq!(written(is_null(is_channel("a"))), "(channel = 'a') is null");
    let id = || column("id");
    let difference = arithmetic(Arithmetic::Subtract, id(), arithmetic(Arithmetic::Subtract, id(), integer(-5)));
    let product = arithmetic(Arithmetic::Multiply, difference, integer(-2));
    let compared = compare(product, Comparison::Less, integer(-1));
    assert_eq!(written(compared), "(id - (id - (-5))) * (-2) < -1");
}

#[test]
fn a_constant_too_fine_for_its_type_is_refused() {
    let constant = literal(Value::Number(Number::new(125, 2)), Type::Number(1));
    let mut pipeline = pipeline(Measure::Sum(constant));
    pipeline.filter.predicate = None;
    let rendered = crate::sql::render(
        &measured(pipeline),
        &header(),
        &request(Grain::All, &[]),
        &crate::sql::DUCKDB,
        Output::Cells,
    );
    assert!(matches!(rendered, Err(crate::sql::RenderError::Constant(text)) if text == "1.25"));
}
