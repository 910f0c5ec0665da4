//! What correct expressions mean, part by part. What is said about wrong ones stands in `tests/malformed`.

use super::*;
use crate::diagnostic::Diagnostics;
use crate::text::Texts;
use crate::value::{Duration, Number};
use crate::yaml;

fn scope() -> Scope {
    let names = [
        ("wait", Type::Duration),
        ("opened_at", Type::Instant),
        ("solved_at", Type::Instant),
        ("contacts", Type::Number(0)),
        ("price", Type::Number(2)),
        ("status", Type::Text),
        ("is_test", Type::Boolean),
    ];
    let names = names.into_iter().map(|(name, ty)| (name.to_owned(), Name::of(ty))).collect::<BTreeMap<_, _>>().into();
    let within = (Value::Duration(Duration::from_micros(20_000_000)), Type::Duration);
    let parameters = [("within".to_owned(), within)].into();
    Scope { names, parameters, ..Scope::default() }
}

/// Compiles `text`, which has no mistake.
fn compiled(text: &str) -> Expression {
    let mut texts = Texts::new();
    let id = texts.add("a.yaml", format!("where: {text}\n"));
    let mut diagnostics = Diagnostics::new();
    let root = yaml::parse(&texts, id, &mut diagnostics).expect("YAML");
    let node = root.get("where").expect("written above").clone();
    let expression = compile(&node, &scope(), &texts, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{text}: {:?}", diagnostics.into_sorted());
    expression.expect(text)
}

fn column(name: &str) -> Box<Expression> {
    Box::new(Expression::column(name, scope().names[name].ty))
}

fn number(mantissa: i128, scale: u8) -> Box<Expression> {
    Box::new(Expression::Literal(Value::Number(Number::new(mantissa, scale)), Type::Number(scale)))
}

fn seconds(seconds: i64) -> Box<Expression> {
    Box::new(Expression::Literal(Value::Duration(Duration::from_micros(seconds * 1_000_000)), Type::Duration))
}

#[test]
fn texts_are_durations_beside_durations_and_parameters_are_their_values() {
    let expected = Expression::Compare(Comparison::LessOrEqual, column("wait"), seconds(20));
    assert_eq!(compiled("wait <= '20s'"), expected);
    assert_eq!(compiled("wait <= :within"), expected);
}

#[test]
fn a_constant_takes_the_scale_of_its_partner_and_a_column_that_of_a_finer_constant() {
    assert_eq!(compiled("price > 5"), Expression::Compare(Comparison::Greater, column("price"), number(500, 2)));
    let finer = Box::new(Expression::Rescale(column("contacts"), 1));
    assert_eq!(compiled("contacts > 1.5"), Expression::Compare(Comparison::Greater, finer, number(15, 1)));
}

#[test]
fn the_difference_of_two_instants_is_the_time_from_the_second_to_the_first() {
    let elapsed = Expression::Elapsed { from: column("opened_at"), to: column("solved_at") };
    assert_eq!(compiled("solved_at - opened_at"), elapsed);
    assert_eq!(elapsed.ty(), Type::Duration);
}

#[test]
fn between_holds_both_ends_and_not_between_none() {
    let above = Expression::Compare(Comparison::GreaterOrEqual, column("contacts"), number(1, 0));
    let below = Expression::Compare(Comparison::LessOrEqual, column("contacts"), number(3, 0));
    let inside = Expression::And(vec![above, below]);
    assert_eq!(compiled("contacts between 1 and 3"), inside);
    assert_eq!(compiled("contacts not between 1 and 3"), Expression::Not(Box::new(inside)));
}

#[test]
fn and_binds_tighter_than_or_and_chains_are_flat() {
    let is = |text: &str| {
        Expression::Compare(
            Comparison::Equal,
            column("status"),
            Box::new(Expression::Literal(Value::text(text), Type::Text)),
        )
    };
    let expected = Expression::Or(vec![
        is("a"),
        Expression::And(vec![is("b"), *column("is_test"), Expression::Not(column("is_test"))]),
    ]);
    assert_eq!(compiled("status = 'a' or status = 'b' and is_test and not is_test"), expected);
}

#[test]
fn lists_hold_constants_of_one_scale() {
    let expected =
        Expression::In(column("price"), vec![Value::Number(Number::new(100, 2)), Value::Number(Number::new(250, 2))]);
    assert_eq!(compiled("price in (1, 2.5)"), expected);
}

#[test]
fn null_takes_the_type_of_what_stands_beside_it() {
    let otherwise = Box::new(Expression::Literal(Value::Null, Type::Duration));
    let case = Expression::Case { arms: vec![(*column("is_test"), *column("wait"))], otherwise };
    assert_eq!(compiled("case when is_test then wait else null end"), case);
    assert_eq!(compiled("coalesce(wait, '0s')"), Expression::Coalesce(vec![*column("wait"), *seconds(0)]));
}

#[test]
fn products_add_their_scales_and_a_minus_before_a_column_subtracts_it_from_zero() {
    assert_eq!(compiled("price * price").ty(), Type::Number(4));
    let negated = Expression::Arithmetic(Arithmetic::Subtract, number(0, 2), column("price"));
    assert_eq!(compiled("-price"), negated);
    assert_eq!(compiled("-1.5"), *number(-15, 1));
}
