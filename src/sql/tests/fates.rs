//! Which step claims a row, and what the cells and the ledger say about it.

use super::plans::*;
use crate::expression::{Comparison, Expression, Moment};
use crate::plan::*;
use crate::sql::Output;
use crate::value::{Duration, Grain, Number, Type, Value};

const DAY: i64 = 86_400_000_000;

fn count() -> Pipeline {
    pipeline(Measure::Count)
}

fn exclusion(id: &str, when: Expression) -> Exclusion {
    Exclusion { id: id.to_owned(), when }
}

/// What closes a day after the instant in `column`.
fn closing_after(column: &str, policy: MaturityPolicy) -> Vec<Mature> {
    let closes = Expression::shift(column, Duration::from_micros(DAY));
    vec![Mature { awaits: Awaits::Closed { closes }, policy }]
}

fn mature(policy: MaturityPolicy) -> Vec<Mature> {
    closing_after("opened_at", policy)
}

#[test]
fn the_filter_keeps_true_and_counts_unknown_apart() {
    let mut pipeline = count();
    pipeline.filter.predicate = Some(is_channel("phone"));
    let plan = measured(pipeline);
    let rows = [
        Contact { channel: Some("phone"), ..contact(1, may("01T09:00")) },
        Contact { channel: Some("email"), ..contact(2, may("01T09:00")) },
        contact(3, may("01T09:00")),
    ];
    assert_eq!(answer(&plan, &request(Grain::Day, &[]), &rows, &["value", "n", "unknown"]), ["1 1 1"]);
    assert_eq!(ledger(&plan, &request(Grain::Day, &[]), &rows), ["outside 1", "unknown 1", "counted 1"]);
}

#[test]
fn a_day_with_only_unknown_rows_has_a_cell_and_a_day_with_only_outside_rows_has_none() {
    let mut pipeline = count();
    pipeline.filter.predicate = Some(is_channel("phone"));
    let rows = [contact(1, may("01T09:00")), Contact { channel: Some("email"), ..contact(2, may("02T09:00")) }];
    let cells = answer(&measured(pipeline), &request(Grain::Day, &[]), &rows, &["period_start", "value", "unknown"]);
    assert_eq!(cells, [format!("{} 0 1", may("01T00:00"))]);
}

#[test]
fn a_row_is_charged_to_the_first_exclusion_that_is_true() {
    let mut pipeline = count();
    pipeline.exclude = vec![exclusion("phones", is_channel("phone")), exclusion("solved", column("solved"))];
    let plan = measured(pipeline);
    let rows = [
        Contact { channel: Some("phone"), solved: Some(true), ..contact(1, may("01T09:00")) },
        Contact { channel: Some("email"), solved: Some(true), ..contact(2, may("01T09:00")) },
        // Unknown is not TRUE: neither exclusion claims this one.
        contact(3, may("01T09:00")),
    ];
    let columns = ["excluded_phones", "excluded_solved", "value"];
    assert_eq!(answer(&plan, &request(Grain::All, &[]), &rows, &columns), ["1 1 1"]);
    assert_eq!(
        ledger(&plan, &request(Grain::All, &[]), &rows),
        ["excluded_phones 1", "excluded_solved 1", "counted 1"]
    );
}

#[test]
fn exclusion_comes_before_missing_and_missing_before_immature() {
    let mut pipeline = count();
    pipeline.exclude = vec![exclusion("phones", is_channel("phone"))];
    pipeline.missing = vec![Missing { when: is_null(column("solved")) }];
    pipeline.mature = mature(MaturityPolicy::Wait);
    let plan = measured(pipeline);
    let mut request = request(Grain::All, &[]);
    request.as_of = at("2026-05-01T12:00:00Z");
    let rows = [
        Contact { channel: Some("phone"), ..contact(1, may("01T09:00")) },
        contact(2, may("01T09:00")),
        Contact { solved: Some(true), ..contact(3, may("01T09:00")) },
    ];
    assert_eq!(ledger(&plan, &request, &rows), ["excluded_phones 1", "missing 1", "immature 1"]);
    let columns = ["excluded_phones", "missing", "immature", "value", "state"];
    assert_eq!(answer(&plan, &request, &rows, &columns), ["1 1 1 0 final"]);
}

#[test]
fn a_window_that_closes_at_the_very_as_of_is_closed() {
    let mut pipeline = count();
    pipeline.mature = mature(MaturityPolicy::Wait);
    let plan = measured(pipeline);
    let mut request = request(Grain::All, &[]);
    request.as_of = at("2026-05-02T09:00:00Z");
    let rows = [contact(1, may("01T09:00")), contact(2, may("01T09:00") + 1)];
    assert_eq!(ledger(&plan, &request, &rows), ["immature 1", "counted 1"]);
}

#[test]
fn provisional_rows_are_counted_also_as_immature() {
    let mut pipeline = count();
    pipeline.mature = mature(MaturityPolicy::Provisional);
    let plan = measured(pipeline);
    let mut request = request(Grain::Day, &[]);
    request.as_of = at("2026-05-03T00:00:00Z");
    let rows = [contact(1, may("01T09:00")), contact(2, may("02T09:00"))];
    let cells = answer(&plan, &request, &rows, &["value", "immature", "state"]);
    assert_eq!(cells, ["1 0 final", "1 1 provisional"]);
    assert_eq!(ledger(&plan, &request, &rows), ["counted 2"]);
}

#[test]
fn a_null_maturity_anchor_is_not_yet() {
    let mut pipeline = count();
    pipeline.mature = closing_after("closed_at", MaturityPolicy::Wait);
    let rows =
        [contact(1, may("01T09:00")), Contact { closed_at: Some(may("01T10:00")), ..contact(2, may("01T09:00")) }];
    let plan = measured(pipeline);
    assert_eq!(ledger(&plan, &request(Grain::All, &[]), &rows), ["immature 1", "counted 1"]);
}

#[test]
fn a_period_that_ends_after_as_of_is_provisional() {
    let plan = measured(count());
    let mut request = request(Grain::Day, &[]);
    request.as_of = at("2026-05-02T23:59:59Z");
    let rows = [contact(1, may("01T09:00")), contact(2, may("02T09:00"))];
    assert_eq!(answer(&plan, &request, &rows, &["state"]), ["final", "provisional"]);
}

#[test]
fn what_happens_at_as_of_has_been_observed() {
    let mut request = request(Grain::All, &[]);
    request.as_of = at("2026-05-01T09:00:00Z");
    let rows = [contact(1, may("01T09:00")), contact(2, may("01T09:00") + 1)];
    assert_eq!(ledger(&measured(count()), &request, &rows), ["after_as_of 1", "counted 1"]);
}

fn versions() -> [Contact; 3] {
    [
        Contact { price: Some(100), ..contact(1, may("01T09:00")) },
        Contact { price: Some(200), ..contact(1, may("02T09:00")) },
        Contact { price: Some(300), ..contact(1, may("03T09:00")) },
    ]
}

fn deduped(dedupe: Dedupe) -> Plan {
    let mut pipeline = pipeline(Measure::Sum(column("price")));
    pipeline.scan.dedupe = dedupe;
    measured(pipeline)
}

#[test]
fn the_latest_version_is_the_latest_as_of_then() {
    let mut request = request(Grain::All, &[]);
    request.as_of = at("2026-05-02T12:00:00Z");
    assert_eq!(answer(&deduped(Dedupe::Latest), &request, &versions(), &["value"]), ["200"]);
    assert_eq!(ledger(&deduped(Dedupe::Latest), &request, &versions()), ["after_as_of 1", "duplicate 1", "counted 1"]);
}

#[test]
fn the_first_version_stays_the_first() {
    let request = request(Grain::All, &[]);
    assert_eq!(answer(&deduped(Dedupe::First), &request, &versions(), &["value"]), ["100"]);
}

#[test]
fn versions_equal_in_the_order_are_told_apart_by_their_other_columns() {
    let one = Contact { channel: Some("email"), price: Some(100), ..contact(1, may("01T09:00")) };
    let other = Contact { channel: Some("phone"), price: Some(50), ..contact(1, may("01T09:00")) };
    let null = Contact { price: Some(70), ..contact(1, may("01T09:00")) };
    let rows = [other.clone(), null, one];
    let request = request(Grain::All, &[]);
    // `channel` comes before `price`: email, phone, null.
    // The interpreter refuses them, as whoever reads a source does.
    assert_eq!(answer_of_sqlite(&deduped(Dedupe::First), &request, &rows, &["value"]), ["100"]);
    assert_eq!(answer_of_sqlite(&deduped(Dedupe::Latest), &request, &rows, &["value"]), ["70"]);
}

#[test]
fn the_requested_range_is_half_open() {
    let mut request = request(Grain::Day, &[]);
    request.from = Some(at("2026-05-01T00:00:00Z"));
    request.to = Some(at("2026-05-02T00:00:00Z"));
    let rows = [
        contact(1, may("01T00:00") - 1),
        contact(2, may("01T00:00")),
        contact(3, may("02T00:00") - 1),
        contact(4, may("02T00:00")),
    ];
    let plan = measured(count());
    assert_eq!(ledger(&plan, &request, &rows), ["other_period 2", "counted 2"]);
    let cells = answer(&plan, &request, &rows, &["period_start", "value"]);
    assert_eq!(cells, [format!("{} 2", may("01T00:00"))]);
}

#[test]
fn undated_rows_and_rows_beyond_the_range_are_in_no_cell_whatever_else_they_are() {
    let mut pipeline = count();
    pipeline.filter.placement = anchored("closed_at", Reach::Own);
    pipeline.filter.predicate = Some(compare(column("channel"), Comparison::Equal, text("phone")));
    let plan = measured(pipeline);
    let mut request = request(Grain::All, &[]);
    request.from = Some(at("2026-05-02T00:00:00Z"));
    let rows = [
        // Unknown comes first in the ledger, also for a row without an anchor and one beyond the range.
        contact(1, may("01T09:00")),
        Contact { closed_at: Some(may("01T10:00")), ..contact(2, may("01T09:00")) },
        Contact { channel: Some("phone"), ..contact(3, may("01T09:00")) },
        Contact { channel: Some("phone"), closed_at: Some(may("01T10:00")), ..contact(4, may("01T09:00")) },
        Contact { channel: Some("phone"), closed_at: Some(may("02T10:00")), ..contact(5, may("01T09:00")) },
        Contact { closed_at: Some(may("02T10:00")), ..contact(6, may("01T09:00")) },
    ];
    assert_eq!(ledger(&plan, &request, &rows), ["unknown 3", "undated 1", "other_period 1", "counted 1"]);
    assert_eq!(answer(&plan, &request, &rows, &["value", "unknown"]), ["1 1"]);
}

/// The contact's price is at least this many cents.
fn priced_from(cents: i128) -> Expression {
    let bound = Expression::Literal(Value::Number(Number::new(cents, 2)), Type::Number(2));
    compare(column("price"), Comparison::GreaterOrEqual, bound)
}

fn as_of(may_time: &str) -> Request {
    let as_of = crate::value::Instant::from_micros(may(may_time));
    Request { as_of, ..request(Grain::All, &[]) }
}

#[test]
fn a_look_back_must_be_covered_by_the_data() {
    let mut pipeline = count();
    let opens = Expression::shift("closed_at", Duration::from_micros(-DAY));
    let since = at("2026-05-01T09:00:00Z");
    pipeline.mature = vec![Mature { awaits: Awaits::Covered { opens, since }, policy: MaturityPolicy::Wait }];
    let closed = |id, closed_at| Contact { closed_at, ..contact(id, may("01T09:00")) };
    let rows = [closed(1, Some(may("02T09:00"))), closed(2, Some(may("02T09:00") - 1)), closed(3, None)];
    assert_eq!(ledger(&measured(pipeline), &request(Grain::All, &[]), &rows), ["immature 2", "counted 1"]);
}

#[test]
fn an_outcome_stands_unless_it_is_known_to_be_open() {
    let mut pipeline = count();
    pipeline.mature = vec![Mature { awaits: Awaits::Settled { open: column("solved") }, policy: MaturityPolicy::Wait }];
    let solved = |id, solved| Contact { solved, ..contact(id, may("01T09:00")) };
    let rows = [solved(1, Some(true)), solved(2, Some(false)), solved(3, None)];
    assert_eq!(ledger(&measured(pipeline), &request(Grain::All, &[]), &rows), ["immature 1", "counted 2"]);
}

#[test]
fn a_row_that_some_waiting_maturity_keeps_back_is_not_counted_whatever_else_it_fails() {
    let settled = |policy| Mature { awaits: Awaits::Settled { open: column("solved") }, policy };
    let both = |first: MaturityPolicy, second: MaturityPolicy| {
        let mut pipeline = count();
        pipeline.mature = mature(first);
        pipeline.mature.push(settled(second));
        measured(pipeline)
    };
    let on = |id, opened_at, solved| Contact { solved: Some(solved), ..contact(id, may(opened_at)) };
    // Open by its window and its outcome, by the window alone, by the outcome alone, not at all.
    let rows = [on(1, "02T09:00", true), on(2, "02T09:00", false), on(3, "01T09:00", true), on(4, "01T09:00", false)];
    let columns = ["value", "immature", "state"];
    let now = as_of("02T12:00");
    let (wait, provisional) = (MaturityPolicy::Wait, MaturityPolicy::Provisional);
    assert_eq!(answer(&both(wait, wait), &now, &rows, &columns), ["1 3 final"]);
    assert_eq!(answer(&both(provisional, provisional), &now, &rows, &columns), ["4 3 provisional"]);
    // Numbers 1 and 3 wait for their outcome; number 2 is counted all the same, before its window has closed.
    assert_eq!(answer(&both(provisional, wait), &now, &rows, &columns), ["2 3 provisional"]);
    assert_eq!(ledger(&both(provisional, wait), &now, &rows), ["immature 2", "counted 2"]);
    // Numbers 1 and 2 are not counted, number 3 is.
    assert_eq!(answer(&both(wait, provisional), &now, &rows, &columns), ["2 3 provisional"]);
    // Rows that wait make nothing provisional.
    assert_eq!(answer(&both(wait, provisional), &now, &rows[..2], &columns), ["0 2 final"]);
}

#[test]
fn a_population_may_be_told_by_facts() {
    let mut pipeline = count();
    pipeline.facts = vec![related("later", relate(Summary::Exists))];
    pipeline.filter.predicate = Some(column("later"));
    pipeline.filter.placement = anchored("closed_at", Reach::Own);
    pipeline.exclude = vec![exclusion("phones", is_channel("phone"))];
    let plan = measured(pipeline);
    let of = |id, customer, opened_at, closed_at: Option<&str>| Contact {
        customer,
        closed_at: closed_at.map(may),
        ..contact(id, may(opened_at))
    };
    let rows = [
        of(1, Some("anna"), "01T09:00", Some("01T10:00")),
        // Without a later contact; without a customer nobody knows.
        of(2, Some("anna"), "01T12:00", Some("01T13:00")),
        of(3, None, "01T09:00", Some("01T10:00")),
        // Belongs, but has no anchor, or one beyond the range.
        of(4, Some("ben"), "01T09:00", None),
        of(5, Some("ben"), "01T10:00", Some("03T10:00")),
        of(6, Some("ben"), "01T11:00", Some("03T10:00")),
        // Unknown, and without an anchor.
        of(7, None, "01T09:00", None),
        Contact { channel: Some("phone"), ..of(8, Some("eve"), "01T09:00", Some("01T10:00")) },
        of(9, Some("eve"), "01T10:00", None),
    ];
    let mut day = request(Grain::Day, &[]);
    day.to = Some(at("2026-05-02T00:00:00Z"));
    // Numbers 2, 6 and 9 have no later contact; 3 and 7 are unknown.
    assert_eq!(
        ledger(&plan, &day, &rows),
        ["outside 3", "unknown 2", "undated 1", "other_period 1", "excluded_phones 1", "counted 1"]
    );
    assert_eq!(answer(&plan, &day, &rows, &["value", "unknown", "excluded_phones"]), ["1 1 1"]);
}

#[test]
fn a_fact_of_an_undated_row_is_null_and_so_is_what_it_says_of_the_population() {
    let mut pipeline = count();
    let mut relate = relate(Summary::Exists);
    relate.anchor = "closed_at".to_owned();
    relate.window = window_around("closed_at", Some(("0s", true)), None);
    pipeline.facts = vec![related("later", relate)];
    pipeline.filter.predicate = Some(column("later"));
    pipeline.filter.placement = anchored("closed_at", Reach::Own);
    let rows = [Contact { customer: Some("anna"), ..contact(1, may("01T09:00")) }];
    assert_eq!(ledger(&measured(pipeline), &request(Grain::All, &[]), &rows), ["unknown 1"]);
}

fn derived(name: &str, value: Expression) -> Derived {
    Derived { name: name.to_owned(), value }
}

#[test]
fn a_derived_column_is_that_of_the_row_that_stands_for_its_key() {
    for dedupe in [Dedupe::Unique, Dedupe::Latest] {
        let mut pipeline = count();
        pipeline.scan.dedupe = dedupe;
        pipeline.scan.derived = vec![derived("expensive", priced_from(200)), derived("fate", is_null(column("price")))];
        pipeline.filter.predicate = Some(column("expensive"));
        pipeline.exclude = vec![exclusion("free", column("fate"))];
        let plan = measured(pipeline);
        let version = |opened_at, price| Contact { price: Some(price), ..contact(1, may(opened_at)) };
        let rows = [version("01T09:00", 300), version("01T10:00", 100)];
        let rows = if dedupe == Dedupe::Unique { &rows[..1] } else { &rows[..] };
        let expected: &[&str] = if dedupe == Dedupe::Unique { &["counted 1"] } else { &["duplicate 1", "outside 1"] };
        assert_eq!(ledger(&plan, &request(Grain::All, &[]), rows), expected);
    }
}

#[test]
fn a_derived_column_under_a_snapshot_knows_its_instant() {
    for dedupe in [Dedupe::Unique, Dedupe::First] {
        let mut pipeline = count();
        pipeline.scan.dedupe = dedupe;
        let as_of = Expression::Moment(Moment::AsOf);
        let is_open = compare(column("closed_at"), Comparison::Greater, as_of);
        pipeline.scan.derived = vec![derived("is_still_open", is_open)];
        pipeline.filter.predicate = Some(column("is_still_open"));
        pipeline.filter.placement = Placement::Snapshot(Edge::End);
        let rows = [Contact { closed_at: Some(may("02T09:00")), ..contact(1, may("01T09:00")) }];
        let mut days = request(Grain::Day, &[]);
        (days.from, days.to) = (Some(at("2026-05-01T00:00:00Z")), Some(at("2026-05-03T00:00:00Z")));
        assert_eq!(ledger(&measured(pipeline), &days, &rows), ["outside 1", "counted 1"]);
    }
}

#[test]
fn a_column_named_like_one_of_the_periods_is_not_mistaken_for_it() {
    for dedupe in [Dedupe::Unique, Dedupe::Latest] {
        let mut pipeline = count();
        pipeline.scan.dedupe = dedupe;
        for (column, name) in pipeline.scan.columns.iter_mut().zip(["as_of", "customer", "period_start", "period_end"])
        {
            column.name = name.to_owned();
        }
        pipeline.scan.key = vec!["as_of".to_owned()];
        pipeline.scan.order = vec!["period_start".to_owned(), "as_of".to_owned()];
        pipeline.filter.placement = Placement::Snapshot(Edge::End);
        let plan = measured(pipeline);
        let connection = database(&[contact(1, may("01T09:00")), contact(2, may("02T09:00"))]);
        for (from, to) in [("id", "as_of"), ("opened_at", "period_start"), ("closed_at", "period_end")] {
            connection.execute_batch(&format!("alter table contacts rename column {from} to {to}")).expect("a rename");
        }
        let mut days = request(Grain::Day, &[]);
        (days.from, days.to) = (Some(at("2026-05-01T00:00:00Z")), Some(at("2026-05-03T00:00:00Z")));
        let cells = run(&connection, &render_sqlite(&plan, &days, Output::Cells));
        let values: Vec<&str> = cells.iter().map(|cell| cell[7].as_str()).collect();
        assert_eq!(values, ["1", "2"]);
        let ledger = run(&connection, &render_sqlite(&plan, &days, Output::Ledger));
        assert_eq!((ledger[0][1].as_str(), ledger[ledger.len() - 1][1].as_str()), ("1", "3"));
    }
}
