use std::sync::Arc;

use super::*;
use crate::diagnostic::Diagnostics;
use crate::expression::{self, Column, Comparison, Name, Scope};
use crate::text::Texts;
use crate::yaml;

const TEN: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

fn names() -> Vec<(String, Type)> {
    let typed = [
        ("status", Type::Text),
        ("channel", Type::Text),
        ("is_test", Type::Boolean),
        ("is_open", Type::Boolean),
        ("count", Type::Number(0)),
        ("other", Type::Number(0)),
        ("cost", Type::Number(2)),
        ("wait", Type::Duration),
        ("at", Type::Instant),
        ("day", Type::Date),
    ];
    let digits = ["d1", "d2", "d3", "d4", "d5", "d6"].map(|name| (name, Type::Text));
    typed.into_iter().chain(digits).map(|(name, ty)| (name.to_owned(), ty)).collect()
}

fn condition(text: &str) -> Expression {
    let names = names().into_iter().map(|(name, ty)| (name, Name { nullable: true, ..Name::of(ty) })).collect();
    let scope = Scope { owner: "source `contacts`".to_owned(), names: Arc::new(names), ..Scope::default() };
    let (mut texts, mut diagnostics) = (Texts::new(), Diagnostics::new());
    let id = texts.add("x.yaml", format!("where: \"{text}\"\n"));
    let tree = yaml::parse(&texts, id, &mut diagnostics).expect("a mapping");
    let found = expression::compile(tree.get("where").expect("a key"), &scope, &texts, &mut diagnostics);
    found.unwrap_or_else(|| panic!("{text}: {:?}", diagnostics.into_sorted()))
}

/// Is null only in `is_test`; `channel` is one of two texts, `d1` to `d6` are digits.
fn of(old: &Expression, new: &Expression, use_: Use) -> Relation {
    let (two, ten) = (["chat", "phone"].map(str::to_owned), TEN.map(str::to_owned));
    relation((old, new), use_, &|name| Domain {
        values: match name {
            "channel" => Some(&two),
            name if name.starts_with('d') && name != "day" => Some(&ten),
            _ => None,
        },
        nullable: name == "is_test",
    })
}

/// Asserts what `new` is to `old`, and that `old` is the opposite to `new`.
fn is(relation: Relation, old: &str, new: &str) {
    let opposite = match relation {
        Relation::Wider => Relation::Narrower,
        Relation::Narrower => Relation::Wider,
        same => same,
    };
    let (before, after) = (condition(old), condition(new));
    assert_eq!(of(&before, &after, Use::OnlyTrue), relation, "{old} to {new}");
    assert_eq!(of(&after, &before, Use::OnlyTrue), opposite, "{new} to {old}");
}

#[test]
fn an_edge_that_belongs_makes_a_condition_wider_in_every_type() {
    is(Relation::Wider, "count > 5", "count >= 5");
    is(Relation::Wider, "cost > 1.00", "cost >= 1.00");
    is(Relation::Wider, "wait > '20s'", "wait >= '20s'");
    is(Relation::Wider, "at > '2026-05-01T00:00:00Z'", "at >= '2026-05-01T00:00:00Z'");
    is(Relation::Wider, "day > '2026-05-01'", "day >= '2026-05-01'");
}

#[test]
fn the_smallest_step_of_each_type_is_known() {
    is(Relation::Equal, "count > 5", "count >= 6");
    is(Relation::Equal, "cost > 1.00", "cost >= 1.01");
    is(Relation::Narrower, "cost > 1.00", "cost >= 1.02");
    is(Relation::Narrower, "wait > '20s'", "wait >= '20s1ms'");
    is(Relation::Equal, "at > '2026-05-01T00:00:00Z'", "at >= '2026-05-01T00:00:00.000001Z'");
    is(Relation::Equal, "day > '2026-05-01'", "day >= '2026-05-02'");
    is(Relation::Narrower, "day > '2026-05-01'", "day >= '2026-05-03'");
}

#[test]
fn both_sides_of_a_constant_are_tried() {
    is(Relation::Narrower, "count <> 5", "count < 5");
    is(Relation::Narrower, "count <> 5", "count > 5");
    is(Relation::Different, "count < 5", "count > 5");
}

#[test]
fn columns_of_one_type_are_tried_against_each_other() {
    is(Relation::Wider, "count < other", "count <= other");
    is(Relation::Equal, "count < other", "count <= other and count <> other");
    is(Relation::Different, "count < other", "other < count");
}

#[test]
fn texts_that_no_condition_names_are_tried_where_they_are_not_listed() {
    is(Relation::Wider, "status = 'a'", "status in ('a', 'b')");
    is(Relation::Different, "status = 'a'", "status = 'b'");
    is(Relation::Narrower, "status <> 'a'", "status = 'b'");
    is(Relation::Equal, "channel <> 'chat'", "channel = 'phone'");
}

#[test]
fn truth_values_are_tried_with_both_of_them_and_null_where_it_can_be() {
    is(Relation::Narrower, "is_test or is_open", "is_test and is_open");
    is(Relation::Different, "is_test", "not is_test");
    is(Relation::Equal, "is_test", "coalesce(is_test, false)");
    is(Relation::Narrower, "coalesce(is_test, true)", "is_test");
    is(Relation::Equal, "is_open", "coalesce(is_open, true)");
}

#[test]
fn an_unknown_that_becomes_false_matters_where_every_value_does() {
    let of = |old, new| of(&condition(old), &condition(new), Use::Value);
    assert_eq!(of("is_test", "coalesce(is_test, false)"), Relation::Different);
    assert_eq!(of("is_open", "coalesce(is_open, false)"), Relation::Equal);
    assert_eq!(of("count > 5", "count >= 6"), Relation::Equal);
    assert_eq!(of("count > 5", "count >= 5"), Relation::Wider);
}

#[test]
fn what_computes_with_values_or_is_no_condition_is_not_decided() {
    is(Relation::Unknown, "count + 1 > 5", "count + 1 >= 5");
    is(Relation::Unknown, "coalesce(count, 0) > 5", "coalesce(count, 0) >= 5");
    is(Relation::Unknown, "count < cost", "count <= cost");
    is(Relation::Unknown, "count", "count > 1");
    // No definition can say this of texts.
    let column = || Box::new(Expression::column("status", Type::Text));
    let literal = || Box::new(Expression::Literal(Value::text("a"), Type::Text));
    let [less, most] = [Comparison::Less, Comparison::LessOrEqual]
        .map(|comparison| Expression::Compare(comparison, column(), literal()));
    assert_eq!(of(&less, &most, Use::OnlyTrue), Relation::Unknown);
}

#[test]
fn a_hundred_thousand_rows_are_tried_and_no_more() {
    let joined =
        |count: usize, word: &str| (1..=count).map(|number| format!("d{number} = '7'")).collect::<Vec<_>>().join(word);
    is(Relation::Narrower, &joined(5, " or "), &joined(5, " and "));
    is(Relation::Unknown, &joined(6, " or "), &joined(6, " and "));
}

#[test]
fn moments_and_the_row_beside_an_event_are_columns_like_any_other() {
    let at = || Box::new(Expression::column("at", Type::Instant));
    let before = |comparison, end: Expression| Expression::Compare(comparison, at(), Box::new(end));
    let row = || Expression::Outer(Column { name: "at".to_owned(), ty: Type::Instant });
    for end in [Expression::Moment(Moment::AsOf), Expression::Moment(Moment::PeriodEnd), row()] {
        let (less, most) = (before(Comparison::Less, end.clone()), before(Comparison::LessOrEqual, end));
        assert_eq!(of(&less, &most, Use::OnlyTrue), Relation::Wider);
    }
    let (start, end) = (Expression::Moment(Moment::PeriodStart), Expression::Moment(Moment::PeriodEnd));
    let (start, end) = (before(Comparison::Less, start), before(Comparison::Less, end));
    assert_eq!(of(&start, &end, Use::OnlyTrue), Relation::Different);
}

#[test]
fn a_moment_is_always_known_and_a_fact_need_not_be() {
    let catalog = Catalog::default();
    let slot = Slot { path: String::new(), source: "contacts".to_owned(), is_over_event: false, use_: Use::OnlyTrue };
    assert!(!Domain::of(&catalog, &slot, ":as_of").nullable);
    assert!(Domain::of(&catalog, &slot, "solved_again").nullable);
}

#[test]
fn several_conditions_go_one_way_only_where_all_that_differ_do() {
    use Relation::{Different, Equal, Narrower, Unknown, Wider};
    for (one, other, both) in [
        (Equal, Equal, Equal),
        (Equal, Wider, Wider),
        (Equal, Unknown, Unknown),
        (Wider, Wider, Wider),
        (Narrower, Narrower, Narrower),
        (Wider, Narrower, Different),
        (Different, Wider, Different),
        (Unknown, Wider, Unknown),
        (Different, Unknown, Unknown),
    ] {
        assert_eq!((one.and(other), other.and(one)), (both, both), "{one:?} and {other:?}");
    }
}
