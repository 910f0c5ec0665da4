//! Which step claims a row, and what the cells and the ledger say about it.

use super::plans::*;
use crate::expression::Comparison;
use crate::plan::*;
use crate::value::{Duration, Grain};

const DAY: i64 = 86_400_000_000;

fn count() -> Pipeline {
    pipeline(Measure::Count)
}

fn exclusion(id: &str, when: crate::expression::Expression) -> Exclusion {
    Exclusion { id: id.to_owned(), when }
}

fn mature(policy: MaturityPolicy) -> Option<Mature> {
    Some(Mature { anchor: "opened_at".to_owned(), closes_after: Duration::from_micros(DAY), policy })
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
    pipeline.mature = mature(MaturityPolicy::Wait).map(|mature| Mature { anchor: "closed_at".to_owned(), ..mature });
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
    assert_eq!(answer(&deduped(Dedupe::First), &request, &rows, &["value"]), ["100"]);
    assert_eq!(answer(&deduped(Dedupe::Latest), &request, &rows, &["value"]), ["70"]);
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
    pipeline.filter.anchor = "closed_at".to_owned();
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
