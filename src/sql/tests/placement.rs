//! Rows in periods other than that of their anchor: reaches, snapshots, spreads, years that begin elsewhere.

use super::plans::*;
use crate::expression::{Comparison, Expression, Moment};
use crate::plan::*;
use crate::sql::{Output, RenderError, SQLITE, render};
use crate::value::{Duration, Grain, Instant, Type, Value};

fn reaching(reach: Reach) -> Plan {
    let mut pipeline = pipeline(Measure::Count);
    pipeline.filter.placement = anchored("opened_at", reach);
    measured(pipeline)
}

fn placed(placement: Placement, measure: Measure) -> Plan {
    let mut pipeline = pipeline(measure);
    pipeline.filter.placement = placement;
    measured(pipeline)
}

/// A request for the days of May 2026 from `from` to before `to`, as of the end of the year.
fn days(from: &str, to: &str) -> Request {
    Request { from: Some(instant(from)), to: Some(instant(to)), ..request(Grain::Day, &[]) }
}

fn instant(may_time: &str) -> Instant {
    Instant::from_micros(may(may_time))
}

/// `day value` of each cell.
fn by_day(plan: &Plan, request: &Request, rows: &[Contact]) -> Vec<String> {
    let cells = answer(plan, request, rows, &["period_start", "value"]);
    cells
        .iter()
        .map(|cell| {
            let (start, value) = cell.split_once(' ').expect("two cells");
            let start = Instant::from_micros(start.parse().expect("micros")).to_string();
            format!("{} {value}", start.trim_end_matches(":00Z"))
        })
        .collect()
}

/// One contact on 1 May, two on 2 May, one on 4 May.
fn few() -> Vec<Contact> {
    ["01T09:00", "02T09:00", "02T10:00", "04T00:00"].iter().zip(1..).map(|(at, id)| contact(id, may(at))).collect()
}

#[test]
fn a_trailing_period_holds_what_lies_in_it_and_in_those_before() {
    let plan = reaching(Reach::Trailing(3));
    // 3 May reaches back to the 1st; 4 May to the 2nd; 7 May to the 5th, where there is nothing.
    let expected =
        ["2026-05-02T00:00 3", "2026-05-03T00:00 3", "2026-05-04T00:00 3", "2026-05-05T00:00 1", "2026-05-06T00:00 1"];
    let request = days("02T00:00", "08T00:00");
    assert_eq!(by_day(&plan, &request, &few()), expected);
    assert_eq!(ledger(&plan, &request, &few()), ["counted 4"]);
    let late = days("05T00:00", "08T00:00");
    // The contacts before 3 May are in the reach of no day asked for.
    assert_eq!(ledger(&plan, &late, &few()), ["other_period 3", "counted 1"]);
}

#[test]
fn only_whole_periods_from_the_start_on_are_asked_for() {
    let plan = reaching(Reach::Trailing(2));
    // The 2nd starts before 06:00, so the first day asked for is the 3rd; the 4th starts before the end.
    let request = days("02T06:00", "04T06:00");
    assert_eq!(by_day(&plan, &request, &few()), ["2026-05-03T00:00 2", "2026-05-04T00:00 1"]);
}

#[test]
fn without_a_range_the_periods_of_the_span_are_asked_for_until_as_of() {
    let plan = reaching(Reach::Trailing(2));
    let mut request = request(Grain::Day, &[]);
    request.span = (instant("01T09:00"), instant("04T00:00"));
    // Of the span only: 5 May would reach back to the 4th, too.
    assert_eq!(
        by_day(&plan, &request, &few()),
        ["2026-05-01T00:00 1", "2026-05-02T00:00 3", "2026-05-03T00:00 2", "2026-05-04T00:00 1"]
    );
    request.as_of = instant("03T00:00");
    assert_eq!(by_day(&plan, &request, &few()), ["2026-05-01T00:00 1", "2026-05-02T00:00 3", "2026-05-03T00:00 2"]);
    let cells = answer(&plan, &request, &few(), &["state"]);
    assert_eq!(cells, ["final", "final", "provisional"]);
}

#[test]
fn to_date_reaches_back_to_the_start_of_the_longer_period() {
    let plan = reaching(Reach::ToDate(Grain::Week));
    // 4 May 2026 is a Monday.
    assert_eq!(
        by_day(&plan, &days("02T00:00", "06T00:00"), &few()),
        ["2026-05-02T00:00 3", "2026-05-03T00:00 3", "2026-05-04T00:00 1", "2026-05-05T00:00 1"]
    );
}

#[test]
fn before_holds_the_single_period_that_many_before() {
    let plan = reaching(Reach::Before(2));
    let request = days("03T00:00", "07T00:00");
    // The 5th shows the 3rd, where there is nothing.
    assert_eq!(by_day(&plan, &request, &few()), ["2026-05-03T00:00 1", "2026-05-04T00:00 2", "2026-05-06T00:00 1"]);
    assert_eq!(ledger(&plan, &days("04T00:00", "05T00:00"), &few()), ["other_period 2", "counted 2"]);
}

#[test]
fn days_before_a_change_of_clocks_are_counted_as_days() {
    let mut plan = reaching(Reach::Before(1));
    plan.calendar.zone = "Europe/Berlin".to_owned();
    let at = |text: &str| Instant::parse(text).expect("an instant");
    let mut request = request(Grain::Day, &[]);
    // 29 March 2026 has 23 hours: 22:30Z on the 28th is before it began, 22:00Z on the 29th after it ended.
    (request.from, request.to) = (Some(at("2026-03-29T22:00:00Z")), Some(at("2026-03-30T22:00:00Z")));
    let rows: Vec<Contact> =
        ["2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z"]
            .iter()
            .zip(1..)
            .map(|(text, id)| contact(id, at(text).micros()))
            .collect();
    assert_eq!(answer(&plan, &request, &rows, &["value"]), ["2"]);
}

#[test]
fn with_grain_all_a_reach_is_everything_and_before_it_is_nothing() {
    let all = request(Grain::All, &[]);
    assert_eq!(answer(&reaching(Reach::Trailing(3)), &all, &few(), &["value"]), ["4"]);
    assert_eq!(answer(&reaching(Reach::ToDate(Grain::Year)), &all, &few(), &["value"]), ["4"]);
    assert_eq!(answer(&reaching(Reach::Before(1)), &all, &few(), &["value"]), ["0"]);
    assert_eq!(ledger(&reaching(Reach::Before(1)), &all, &few()), ["other_period 4"]);
}

#[test]
fn a_range_without_a_period_has_no_cell() {
    for placement in [anchored("opened_at", Reach::Trailing(2)), Placement::Snapshot(Edge::End), Placement::Spread] {
        let plan = placed(placement.clone(), Measure::Count);
        let request = days("02T06:00", "02T18:00");
        assert!(answer(&plan, &request, &few(), &["value"]).is_empty(), "{placement:?}");
        let expected: &[&str] = if placement.anchor().is_some() { &["other_period 4"] } else { &[] };
        assert_eq!(ledger(&plan, &request, &few()), expected, "{placement:?}");
    }
}

/// What was open at an instant: opened (the row has happened) and not closed by then.
fn open_at(edge: Edge) -> Plan {
    let mut pipeline = pipeline(Measure::Count);
    pipeline.filter.placement = Placement::Snapshot(edge);
    let still = compare(column("closed_at"), Comparison::Greater, Expression::Moment(Moment::AsOf));
    pipeline.filter.predicate = Some(Expression::Or(vec![is_null(column("closed_at")), still]));
    measured(pipeline)
}

fn backlog() -> [Contact; 3] {
    [
        Contact { closed_at: Some(may("02T12:00")), ..contact(1, may("01T09:00")) },
        Contact { closed_at: Some(may("03T00:00")), ..contact(2, may("02T09:00")) },
        contact(3, may("03T00:00")),
    ]
}

#[test]
fn a_snapshot_sees_the_world_as_of_an_instant_of_each_period() {
    let request = days("01T00:00", "04T00:00");
    // At the end of the 1st (00:00 of the 2nd) contact 1 is open; of the 2nd: 2 has just closed, 3 has just opened.
    assert_eq!(
        by_day(&open_at(Edge::End), &request, &backlog()),
        ["2026-05-01T00:00 1", "2026-05-02T00:00 1", "2026-05-03T00:00 1"]
    );
    // At the start of the 1st nothing has happened: nothing is open.
    assert_eq!(
        by_day(&open_at(Edge::Start), &request, &backlog()),
        ["2026-05-01T00:00 0", "2026-05-02T00:00 1", "2026-05-03T00:00 1"]
    );
    // Three rows at three instants: 2 and 3 after the end of the 1st; closed: 1 and 2 at two instants each, less one.
    assert_eq!(ledger(&open_at(Edge::End), &request, &backlog()), ["after_as_of 2", "outside 4", "counted 3"]);
}

#[test]
fn the_snapshot_of_an_open_period_is_taken_as_of_the_question() {
    let mut request = days("03T00:00", "05T00:00");
    request.as_of = instant("03T12:00");
    let late = Contact { closed_at: Some(may("03T13:00")), ..contact(4, may("03T11:00")) };
    let rows = [late, contact(5, may("03T12:01"))];
    // The 4th starts after `as_of`; on the 3rd number 4 is still open and number 5 has not happened.
    assert_eq!(by_day(&open_at(Edge::End), &request, &rows), ["2026-05-03T00:00 1"]);
    assert_eq!(answer(&open_at(Edge::End), &request, &rows, &["state"]), ["provisional"]);
}

#[test]
fn versions_are_those_known_at_the_instant_of_the_snapshot() {
    let mut plan = placed(Placement::Snapshot(Edge::End), Measure::Sum(column("price")));
    let Body::Measured(pipeline) = &mut plan.body else { unreachable!("a sum is measured") };
    pipeline.scan.dedupe = Dedupe::Latest;
    let version = |day: &str, price| Contact { price: Some(price), ..contact(1, may(day)) };
    let rows = [version("01T09:00", 100), version("02T09:00", 200), version("02T10:00", 300)];
    let request = days("01T00:00", "04T00:00");
    assert_eq!(
        by_day(&plan, &request, &rows),
        ["2026-05-01T00:00 100", "2026-05-02T00:00 300", "2026-05-03T00:00 300"]
    );
    // Of the first day two versions have not happened; of each of the others two are replaced.
    assert_eq!(ledger(&plan, &request, &rows), ["after_as_of 2", "duplicate 4", "counted 3"]);
}

#[test]
fn events_after_the_instant_of_a_snapshot_have_not_happened() {
    let mut plan = placed(Placement::Snapshot(Edge::End), Measure::Sum(Expression::column("later", Type::Number(0))));
    let Body::Measured(pipeline) = &mut plan.body else { unreachable!("a sum is measured") };
    let mut relate = relate(Summary::Count);
    relate.window = window(Some(("0s", false)), None);
    pipeline.facts = vec![related("later", relate)];
    let anna = |id, at| Contact { customer: Some("anna"), ..contact(id, may(at)) };
    let rows = [anna(1, "01T09:00"), anna(2, "01T10:00"), anna(3, "02T09:00")];
    // On the 1st number 1 has one later contact; on the 2nd it has two and number 2 has one.
    assert_eq!(by_day(&plan, &days("01T00:00", "03T00:00"), &rows), ["2026-05-01T00:00 1", "2026-05-02T00:00 3"]);
}

#[test]
fn maturity_under_a_snapshot_is_that_of_its_instant() {
    let mut plan = placed(Placement::Snapshot(Edge::End), Measure::Count);
    let Body::Measured(pipeline) = &mut plan.body else { unreachable!("a count is measured") };
    let closes = Expression::shift("opened_at", "1d".parse().expect("a duration"));
    pipeline.mature = vec![Mature { awaits: Awaits::Closed { closes }, policy: MaturityPolicy::Wait }];
    let cells = answer(&plan, &days("01T00:00", "04T00:00"), &few(), &["value", "immature"]);
    // After the 1st: one opened that day. After the 2nd: it closed at 09:00. After the 3rd: all three that had opened,
    // and the one of the very end, 00:00 on the 4th, not yet.
    assert_eq!(cells, ["0 1", "1 2", "3 1"]);
}

#[test]
fn a_snapshot_of_everything_is_taken_at_its_end() {
    let mut request = request(Grain::All, &[]);
    request.as_of = instant("02T13:00");
    // Number 1 has closed, number 2 is open, number 3 has not happened.
    assert_eq!(answer(&open_at(Edge::End), &request, &backlog(), &["value", "period_start"]), ["1 -"]);
    assert_eq!(ledger(&open_at(Edge::End), &request, &backlog()), ["after_as_of 1", "outside 1", "counted 1"]);
    request.to = Some(instant("02T10:00"));
    assert_eq!(answer(&open_at(Edge::End), &request, &backlog(), &["value"]), ["2"]);
    assert_eq!(answer(&open_at(Edge::End), &request, &[], &["value"]), ["0"]);
    let refused = render(&open_at(Edge::Start), &header(), &request, &SQLITE, Output::Cells);
    assert!(matches!(refused, Err(RenderError::NoPeriod("start"))));
    request.from = Some(instant("01T09:00"));
    assert_eq!(answer(&open_at(Edge::Start), &request, &backlog(), &["value"]), ["1"]);
}

/// The time from the later of opening and the period's start to the earlier of closing and its end.
fn open_time() -> Plan {
    let (start, end) = (Expression::Moment(Moment::PeriodStart), Expression::Moment(Moment::PeriodEnd));
    let later = |one: Expression, other: Expression| Expression::Case {
        arms: vec![(compare(one.clone(), Comparison::Greater, other.clone()), one)],
        otherwise: Box::new(other),
    };
    let earlier = |one: Expression, other: Expression| Expression::Case {
        arms: vec![(compare(one.clone(), Comparison::Less, other.clone()), one)],
        otherwise: Box::new(other),
    };
    let from = later(column("opened_at"), start.clone());
    let to = earlier(column("closed_at"), end.clone());
    let elapsed = Expression::Elapsed { from: Box::new(from), to: Box::new(to) };
    let mut plan = placed(Placement::Spread, Measure::Sum(elapsed));
    let Body::Measured(pipeline) = &mut plan.body else { unreachable!("a sum is measured") };
    pipeline.filter.predicate = Some(Expression::And(vec![
        compare(column("opened_at"), Comparison::Less, end),
        Expression::Or(vec![is_null(column("closed_at")), compare(column("closed_at"), Comparison::Greater, start)]),
    ]));
    plan
}

const HOUR: i64 = 3_600_000_000;

#[test]
fn a_spread_row_counts_in_every_period_within_its_bounds() {
    let rows = [
        Contact { closed_at: Some(may("02T03:00")), ..contact(1, may("01T22:00")) },
        Contact { closed_at: Some(may("02T05:00")), ..contact(2, may("02T04:00")) },
        contact(3, may("03T20:00")),
    ];
    let mut request = days("01T00:00", "04T00:00");
    request.as_of = instant("03T21:00");
    // 2 h on the 1st; 3 h and 1 h on the 2nd; on the 3rd 1 h until `as_of`.
    let expected = [
        format!("2026-05-01T00:00 {}", 2 * HOUR),
        format!("2026-05-02T00:00 {}", 4 * HOUR),
        format!("2026-05-03T00:00 {HOUR}"),
    ];
    assert_eq!(by_day(&open_time(), &request, &rows), expected);
    // Three rows in three periods: numbers 1, 2 and 3 belong to 2, 1 and 1 of them.
    assert_eq!(ledger(&open_time(), &request, &rows), ["outside 5", "counted 4"]);
    request.as_of = instant("03T19:00");
    assert_eq!(ledger(&open_time(), &request, &rows), ["after_as_of 3", "outside 3", "counted 3"]);
}

#[test]
fn the_ledger_of_a_spread_counts_replaced_rows_for_each_period() {
    let mut plan = placed(Placement::Spread, Measure::Count);
    let Body::Measured(pipeline) = &mut plan.body else { unreachable!("a count is measured") };
    pipeline.scan.dedupe = Dedupe::First;
    let rows = [contact(1, may("01T09:00")), contact(1, may("01T10:00")), contact(2, may("01T11:00"))];
    assert_eq!(ledger(&plan, &days("01T00:00", "03T00:00"), &rows), ["duplicate 2", "counted 4"]);
}

#[test]
fn a_spread_over_everything_has_the_bounds_of_the_question() {
    let rows = [Contact { closed_at: Some(may("01T12:00")), ..contact(1, may("01T09:00")) }];
    let mut request = request(Grain::All, &[]);
    let refused = render(&open_time(), &header(), &request, &SQLITE, Output::Cells);
    assert!(matches!(refused, Err(RenderError::NoPeriod("start"))));
    (request.from, request.to) = (Some(instant("01T10:00")), Some(instant("01T11:00")));
    assert_eq!(answer(&open_time(), &request, &rows, &["value"]), [HOUR.to_string()]);
}

#[test]
fn facts_of_spread_rows_are_those_of_each_period() {
    let mut plan = placed(Placement::Spread, Measure::Sum(Expression::column("until", Type::Number(0))));
    let Body::Measured(pipeline) = &mut plan.body else { unreachable!("a sum is measured") };
    let mut relate = relate(Summary::Count);
    let end = Bound { at: Expression::Moment(Moment::PeriodEnd), inclusive: false };
    relate.window = Window { from: None, to: Some(end), same_instant_later_in_order: false };
    pipeline.facts = vec![related("until", relate)];
    let anna = |id, at| Contact { customer: Some("anna"), ..contact(id, may(at)) };
    let rows = [anna(1, "01T09:00"), anna(2, "01T10:00"), anna(3, "02T09:00")];
    // Contacts of others until the end of the day: on the 1st 1 + 1 + 2, on the 2nd 2 + 2 + 2.
    assert_eq!(by_day(&plan, &days("01T00:00", "03T00:00"), &rows), ["2026-05-01T00:00 4", "2026-05-02T00:00 6"]);
}

#[test]
fn a_period_bound_means_nothing_to_rows_that_have_no_period_of_their_own() {
    let mut pipeline = pipeline(Measure::Count);
    let after = compare(column("closed_at"), Comparison::Greater, Expression::Moment(Moment::PeriodEnd));
    pipeline.filter.predicate = Some(after);
    let refused = render(&measured(pipeline), &header(), &request(Grain::Day, &[]), &SQLITE, Output::Cells);
    assert!(matches!(refused, Err(RenderError::NoPeriod("end"))));
}

#[test]
fn a_hundred_thousand_periods_are_too_many_by_one() {
    let plan = placed(Placement::Spread, Measure::Count);
    let mut request = request(Grain::Hour, &[]);
    request.from = Some(Instant::from_micros(0));
    request.to = Some(Instant::from_micros(100_000 * HOUR));
    render(&plan, &header(), &request, &SQLITE, Output::Cells).expect("a long list");
    request.to = Some(Instant::from_micros(100_000 * HOUR + 1));
    let refused = render(&plan, &header(), &request, &SQLITE, Output::Cells);
    assert!(matches!(refused, Err(RenderError::TooManyPeriods)));
}

#[test]
fn years_and_quarters_that_begin_elsewhere_are_listed() {
    let mut plan = simple(Measure::Count);
    plan.calendar.year = Year::OfMonths { first: 2 };
    let rows = few();
    // Quarters from February: May, June and July.
    let cells = answer(&plan, &request(Grain::Quarter, &[]), &rows, &["period_start", "period_end", "value"]);
    let may_first = may("01T00:00");
    let august = at("2026-08-01T00:00:00Z").micros();
    assert_eq!(cells, [format!("{may_first} {august} 4")]);
    // Months are those of the calendar, whatever the year.
    let cells = answer(&plan, &request(Grain::Month, &[]), &rows, &["value"]);
    assert_eq!(cells, ["4"]);
    let mut average = simple(Measure::Count);
    average.calendar = plan.calendar.clone();
    let mean = Average { component: average.into(), each: Grain::Day };
    let mut outer = super::plans::plan(Body::Averaged(mean));
    outer.calendar = plan.calendar;
    // 1, 2 and 1 contacts on three days.
    let cells = answer(&outer, &request(Grain::Quarter, &[]), &rows, &["period_start", "numerator", "n"]);
    assert_eq!(cells, [format!("{may_first} 4.0 3")]);
}

#[test]
fn moments_and_shifts_are_instants() {
    let wait = Expression::column("wait", Type::Duration);
    let shifted = Expression::Shift { at: Box::new(column("opened_at")), by: Box::new(wait) };
    let until = Expression::Elapsed { from: Box::new(shifted), to: Box::new(Expression::Moment(Moment::AsOf)) };
    let mut request = request(Grain::All, &[]);
    request.as_of = instant("01T10:00");
    let rows = [
        Contact { wait: Some(600_000_001), ..contact(1, may("01T09:00")) },
        contact(2, may("01T09:00")),
        Contact { wait: Some(-60_000_000), ..contact(3, may("01T10:00")) },
    ];
    // 09:10:00.000001 and 09:59 until 10:00; a null duration leads nowhere.
    let cells = answer(&simple(Measure::Max(until.clone())), &request, &rows, &["value", "n"]);
    assert_eq!(cells, ["2999999999 2"]);
    assert_eq!(answer(&simple(Measure::Min(until)), &request, &rows, &["value"]), ["60000000"]);
    let hour = Expression::Literal(Value::Duration(Duration::from_micros(-HOUR)), Type::Duration);
    let earlier = Expression::Shift { at: Box::new(Expression::Moment(Moment::AsOf)), by: Box::new(hour) };
    let is_same = compare(column("opened_at"), Comparison::Equal, earlier);
    assert_eq!(answer(&simple(Measure::Share(is_same)), &request, &rows, &["numerator"]), ["2"]);
}
