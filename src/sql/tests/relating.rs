//! Facts from events: windows, ties, nulls, the row itself.

use super::plans::*;
use crate::expression::{Comparison, Expression};
use crate::plan::*;
use crate::sql::Output;
use crate::value::{Grain, Type};

/// The value of a fact for each contact, by id.
fn facts(relate: Relate, rows: &[Contact]) -> Vec<String> {
    let mut pipeline = pipeline(Measure::Max(Expression::column("fact", relate.ty())));
    pipeline.facts = vec![related("fact", relate)];
    let mut plan = measured(pipeline);
    plan.dimensions.push(Dimension { name: "id".to_owned(), ty: Type::Number(0) });
    answer(&plan, &request(Grain::All, &["id"]), rows, &["id", "value"])
}

fn by(customer: &'static str, id: i64, opened_at: i64) -> Contact {
    Contact { customer: Some(customer), ..contact(id, opened_at) }
}

#[test]
fn both_ends_of_a_window_are_as_declared() {
    let start = may("01T09:00");
    let day = may("02T09:00") - start;
    for (shift, found) in [(0, "0"), (1, "1"), (day - 1, "1"), (day, "1"), (day + 1, "0")] {
        let rows = [by("anna", 1, start), by("anna", 2, start + shift)];
        assert_eq!(facts(relate(Summary::Exists), &rows)[0], format!("1 {found}"), "{shift}");
    }
    let mut flipped = relate(Summary::Exists);
    flipped.window = window(Some(("0s", true)), Some(("1d", false)));
    for (shift, found) in [(-1, "0"), (0, "1"), (day - 1, "1"), (day, "0")] {
        let rows = [by("anna", 1, start), by("anna", 2, start + shift)];
        assert_eq!(facts(flipped.clone(), &rows)[0], format!("1 {found}"), "{shift}");
    }
}

#[test]
fn a_row_is_never_its_own_event() {
    let mut relate = relate(Summary::Count);
    relate.window = window(None, None);
    let rows = [by("anna", 1, may("01T09:00")), by("anna", 2, may("03T09:00")), by("ben", 3, may("01T09:00"))];
    assert_eq!(facts(relate, &rows), ["1 1", "2 1", "3 0"]);
}

#[test]
fn at_the_anchors_instant_the_total_order_decides_where_it_is_asked_to() {
    let mut relate = relate(Summary::Count);
    relate.window = window(Some(("0s", true)), Some(("1d", true)));
    let rows = [by("anna", 1, may("01T09:00")), by("anna", 2, may("01T09:00")), by("anna", 3, may("01T09:00"))];
    assert_eq!(facts(relate.clone(), &rows), ["1 2", "2 2", "3 2"]);
    relate.window.same_instant_later_in_order = true;
    assert_eq!(facts(relate, &rows), ["1 2", "2 1", "3 0"]);
}

#[test]
fn nulls_come_last_in_the_total_order() {
    let mut relate = relate(Summary::Count);
    relate.window = window(Some(("0s", true)), Some(("1d", true)));
    relate.window.same_instant_later_in_order = true;
    relate.events.order = ["opened_at", "channel", "id"].map(str::to_owned).to_vec();
    let mut pipeline = pipeline(Measure::Max(Expression::column("later", Type::Number(0))));
    pipeline.scan.order = relate.events.order.clone();
    pipeline.facts = vec![related("later", relate)];
    let mut plan = measured(pipeline);
    plan.dimensions.push(Dimension { name: "id".to_owned(), ty: Type::Number(0) });
    let rows = [
        by("anna", 1, may("01T09:00")),
        by("anna", 2, may("01T09:00")),
        Contact { channel: Some("phone"), ..by("anna", 3, may("01T09:00")) },
        Contact { channel: Some("email"), ..by("anna", 4, may("01T09:00")) },
    ];
    // The order is 4 (email), 3 (phone), 1 (null), 2 (null).
    let later = answer(&plan, &request(Grain::All, &["id"]), &rows, &["id", "value"]);
    assert_eq!(later, ["1 1", "2 0", "3 2", "4 3"]);
}

#[test]
fn a_null_match_column_or_anchor_leaves_the_fact_null() {
    let rows = [contact(1, may("01T09:00")), by("anna", 2, may("01T09:00"))];
    assert_eq!(facts(relate(Summary::Exists), &rows), ["1 -", "2 0"]);
    assert_eq!(facts(relate(Summary::Count), &rows), ["1 -", "2 0"]);
    let mut after_closing = relate(Summary::Count);
    after_closing.anchor = "closed_at".to_owned();
    after_closing.window = window_around("closed_at", Some(("0s", false)), Some(("1d", true)));
    let rows = [
        by("anna", 1, may("01T09:00")),
        Contact { closed_at: Some(may("01T10:00")), ..by("anna", 2, may("01T09:00")) },
        by("anna", 3, may("01T11:00")),
    ];
    assert_eq!(facts(after_closing, &rows), ["1 -", "2 1", "3 -"]);
}

#[test]
fn an_event_without_an_instant_never_matches() {
    let mut relate = relate(Summary::Count);
    relate.event_at = "closed_at".to_owned();
    relate.window = window(None, None);
    let rows = [
        by("anna", 1, may("01T09:00")),
        Contact { closed_at: Some(may("01T10:00")), ..by("anna", 2, may("01T09:00")) },
    ];
    assert_eq!(facts(relate, &rows), ["1 1", "2 0"]);
}

#[test]
fn an_event_counts_only_where_the_predicate_is_true() {
    let mut relate = relate(Summary::Count);
    relate.predicate = Some(Expression::Or(vec![is_channel("phone"), is_channel("chat")]));
    let rows = [
        by("anna", 1, may("01T09:00")),
        Contact { channel: Some("phone"), ..by("anna", 2, may("01T10:00")) },
        Contact { channel: Some("email"), ..by("anna", 3, may("01T10:00")) },
        by("anna", 4, may("01T10:00")),
    ];
    assert_eq!(facts(relate, &rows)[0], "1 1");
}

#[test]
fn a_window_may_lie_before_the_anchor() {
    let mut relate = relate(Summary::Count);
    relate.window = window(Some(("-1d", true)), Some(("0s", false)));
    let rows = [
        by("anna", 1, may("02T09:00")),
        by("anna", 2, may("01T09:00")),
        by("anna", 3, may("01T09:00") - 1),
        by("anna", 4, may("02T08:59")),
    ];
    assert_eq!(facts(relate, &rows)[0], "1 2");
}

#[test]
fn first_and_last_follow_the_total_order_of_the_events() {
    let rows = [
        by("anna", 1, may("01T09:00")),
        Contact { channel: Some("phone"), ..by("anna", 5, may("01T10:00")) },
        Contact { channel: Some("email"), ..by("anna", 4, may("01T10:00")) },
        Contact { channel: Some("chat"), ..by("anna", 6, may("01T11:00")) },
        Contact { channel: None, ..by("anna", 7, may("01T11:00")) },
        by("ben", 8, may("01T09:00")),
    ];
    assert_eq!(facts(relate(Summary::First(column("channel"))), &rows)[0], "1 email");
    // The last event is number 7, and its channel is null.
    assert_eq!(facts(relate(Summary::Last(column("channel"))), &rows)[0], "1 -");
    assert_eq!(facts(relate(Summary::Last(column("id"))), &rows)[0], "1 7");
    assert_eq!(facts(relate(Summary::First(column("id"))), &rows)[5], "8 -");
}

#[test]
fn sums_and_extremes_skip_nulls_and_are_null_without_values() {
    let rows = [
        by("anna", 1, may("01T09:00")),
        Contact { price: Some(150), wait: Some(5_000_000), ..by("anna", 2, may("01T10:00")) },
        Contact { price: Some(250), wait: None, ..by("anna", 3, may("01T10:00")) },
        by("ben", 4, may("01T09:00")),
        by("ben", 5, may("01T10:00")),
    ];
    let first_and_fourth = |summary: Summary| {
        let facts = facts(relate(summary), &rows);
        (facts[0].clone(), facts[3].clone())
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(first_and_fourth(Summary::Sum(column("price"))), pair("1 400", "4 -"));
    assert_eq!(first_and_fourth(Summary::Min(column("price"))), pair("1 150", "4 -"));
    assert_eq!(first_and_fourth(Summary::Max(column("price"))), pair("1 250", "4 -"));
    assert_eq!(first_and_fourth(Summary::Sum(column("wait"))), pair("1 5000000", "4 -"));
}

#[test]
fn events_are_seen_as_of_the_same_moment_and_without_duplicates() {
    let mut relate = relate(Summary::Sum(column("price")));
    relate.events.dedupe = Dedupe::Latest;
    let mut pipeline = pipeline(Measure::Max(Expression::column("later", Type::Number(2))));
    pipeline.scan.dedupe = Dedupe::Latest;
    pipeline.facts = vec![related("later", relate)];
    let mut request = request(Grain::All, &[]);
    request.as_of = at("2026-05-01T12:00:00Z");
    let rows = [
        by("anna", 1, may("01T09:00")),
        Contact { price: Some(100), ..by("anna", 2, may("01T10:00")) },
        Contact { price: Some(700), ..by("anna", 2, may("01T11:00")) },
        Contact { price: Some(900), ..by("anna", 3, may("01T12:01")) },
    ];
    assert_eq!(answer(&measured(pipeline), &request, &rows, &["value"]), ["700"]);
}

#[test]
fn a_composite_key_keeps_rows_apart() {
    let mut relate = relate(Summary::Count);
    relate.window = window(None, None);
    relate.same = Vec::new();
    relate.events.key = ["customer", "id"].map(str::to_owned).to_vec();
    relate.events.order = ["opened_at", "customer", "id"].map(str::to_owned).to_vec();
    let mut pipeline = pipeline(Measure::Sum(Expression::column("later", Type::Number(0))));
    pipeline.scan.key = relate.events.key.clone();
    pipeline.scan.order = relate.events.order.clone();
    pipeline.facts = vec![related("later", relate)];
    let rows = [by("anna", 1, may("01T09:00")), by("ben", 1, may("01T09:00")), by("anna", 2, may("01T09:00"))];
    // Each of the three sees the other two.
    assert_eq!(answer(&measured(pipeline), &request(Grain::All, &[]), &rows, &["value"]), ["6"]);
}

#[test]
fn facts_of_different_sources_stand_side_by_side() {
    let mut replies = contacts();
    replies.source = "replies".to_owned();
    replies.table = "replies".to_owned();
    replies.columns.retain(|column| ["id", "customer", "opened_at"].contains(&column.name.as_str()));
    let mut answered = relate(Summary::Exists);
    answered.events = replies;
    answered.window = window(Some(("0s", true)), None);
    let mut pipeline = pipeline(Measure::Share(Expression::And(vec![
        column("answered"),
        compare(
            Expression::column("later", Type::Number(0)),
            Comparison::Equal,
            Expression::Literal(crate::value::Value::integer(0), Type::Number(0)),
        ),
    ])));
    pipeline.facts = vec![related("answered", answered), related("later", relate(Summary::Count))];
    let plan = measured(pipeline);
    let request = request(Grain::All, &[]);
    let connection = database(&[by("anna", 1, may("01T09:00")), by("ben", 2, may("01T09:00"))]);
    // Same id as the contact: keys of different sources have nothing to do with each other.
    let reply = format!("create table replies as select 1 as id, 'anna' as customer, {} as opened_at", may("01T09:00"));
    connection.execute_batch(&reply).expect("a new table");
    let rows = run(&connection, &render_sqlite(&plan, &request, crate::sql::Output::Cells));
    assert_eq!(rows[0][5..8], ["1", "2", "0.5"]);
}

/// Contacts of two customers and of nobody, with ties, on both sides of a window's end.
fn in_turn() -> Vec<Contact> {
    let nine = may("01T09:00");
    let day = may("02T09:00") - nine;
    let mut rows = Vec::new();
    for (id, (customer, shift, channel)) in (1..).zip([
        (Some("anna"), 0, Some("email")),
        (Some("anna"), 0, Some("phone")),
        (Some("anna"), 0, None),
        (Some("ben"), 1, Some("email")),
        (Some("anna"), day, Some("phone")),
        (Some("anna"), 2 * day + 1, Some("email")),
        (None, day, Some("email")),
        (None, day + 1, Some("email")),
        (Some("ben"), day + 1, Some("email")),
        (Some("ben"), day + 1, None),
        (Some("anna"), 2 * day + 2, Some("phone")),
    ]) {
        rows.push(Contact { customer, channel, ..contact(id, nine + shift) });
    }
    rows
}

#[test]
fn what_is_read_off_the_rows_in_their_order_is_what_a_join_finds() {
    let ends =
        [None, Some(("0s", true)), Some(("0s", false)), Some(("1d", true)), Some(("1d", false)), Some(("-1h", true))];
    for end in ends {
        for predicate in [None, Some(is_channel("email")), Some(not(is_channel("email")))] {
            let asked = |summary| {
                let mut relate = Relate { predicate: predicate.clone(), ..relate(summary) };
                relate.window = Window { same_instant_later_in_order: true, ..window(Some(("0s", true)), end) };
                facts(relate, &in_turn())
            };
            let is_any = |line: String| match line.rsplit_once(' ') {
                Some((id, "-")) => format!("{id} -"),
                Some((id, count)) => format!("{id} {}", u8::from(count != "0")),
                None => line,
            };
            // How many there are is found by a join.
            let joined: Vec<String> = asked(Summary::Count).into_iter().map(is_any).collect();
            assert_eq!(asked(Summary::Exists), joined, "{end:?} {predicate:?}");
        }
    }
}

#[test]
fn whether_a_row_follows_needs_no_join_where_rows_and_events_are_the_same() {
    let sql = |relate: Relate| {
        let mut pipeline = pipeline(Measure::Share(Expression::column("again", Type::Boolean)));
        pipeline.facts = vec![related("again", relate)];
        render_duckdb(&measured(pipeline), &request(Grain::Month, &[]), Output::Cells)
    };
    let mut follows = relate(Summary::Exists);
    follows.window = Window { same_instant_later_in_order: true, ..window(Some(("0s", true)), Some(("7d", true))) };
    let text = sql(follows.clone());
    assert!(text.contains("over (") && !text.contains(" as event"), "{text}");
    let mut others = vec![follows.clone(), follows.clone(), follows.clone(), follows.clone(), follows];
    others[0].window.same_instant_later_in_order = false;
    others[1].window.from = None;
    others[2].event_at = "closed_at".to_owned();
    others[3].same = vec![("customer".to_owned(), "channel".to_owned())];
    others[4].summary = Summary::Count;
    for other in others {
        assert!(sql(other.clone()).contains(" as event"), "{other:?}");
    }
}
