//! Periods cut in a zone: days of 23 and 25 hours, weeks, repeated and skipped midnights, times before 1970.

use super::plans::*;
use crate::plan::*;
use crate::value::{Grain, Weekday};

fn plan_in(zone: &str) -> Plan {
    let mut plan = simple(Measure::Count);
    plan.calendar.zone = zone.to_owned();
    plan
}

/// `start end value` of each period that holds one of `instants`.
fn periods(plan: &Plan, grain: Grain, instants: &[&str]) -> Vec<String> {
    let instants: Vec<i64> = instants.iter().map(|instant| at(instant).micros()).collect();
    let rows: Vec<Contact> = instants.iter().zip(1..).map(|(at, id)| contact(id, *at)).collect();
    let mut request = request(grain, &[]);
    let bound = |micros: Option<&i64>| crate::value::Instant::from_micros(*micros.expect("not empty"));
    request.span = (bound(instants.iter().min()), bound(instants.iter().max()));
    let sql_cells = answer(plan, &request, &rows, &["period_start", "period_end", "value"]);
    sql_cells.iter().map(|cell| readable(cell)).collect()
}

fn readable(cell: &str) -> String {
    let parts: Vec<&str> = cell.split(' ').collect();
    let instant = |text: &str| crate::value::Instant::from_micros(text.parse().expect("micros")).to_string();
    format!("{} {} {}", instant(parts[0]), instant(parts[1]), parts[2])
}

#[test]
fn days_are_cut_in_the_zone_of_the_metric() {
    let instants = ["2026-05-01T21:59:59Z", "2026-05-01T22:00:00Z", "2026-05-02T21:59:59.999999Z"];
    assert_eq!(
        periods(&plan_in("Europe/Berlin"), Grain::Day, &instants),
        ["2026-04-30T22:00:00Z 2026-05-01T22:00:00Z 1", "2026-05-01T22:00:00Z 2026-05-02T22:00:00Z 2"]
    );
}

#[test]
fn days_have_23_and_25_hours() {
    let instants = ["2026-03-29T12:00:00Z", "2026-10-25T12:00:00Z"];
    assert_eq!(
        periods(&plan_in("Europe/Berlin"), Grain::Day, &instants),
        ["2026-03-28T23:00:00Z 2026-03-29T22:00:00Z 1", "2026-10-24T22:00:00Z 2026-10-25T23:00:00Z 1"]
    );
}

#[test]
fn a_repeated_hour_is_two_hours() {
    let instants = ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"];
    assert_eq!(
        periods(&plan_in("Europe/Berlin"), Grain::Hour, &instants),
        ["2026-10-25T00:00:00Z 2026-10-25T01:00:00Z 1", "2026-10-25T01:00:00Z 2026-10-25T02:00:00Z 1"]
    );
}

#[test]
fn hours_are_hours_of_the_wall_clock() {
    assert_eq!(
        periods(&plan_in("Asia/Kolkata"), Grain::Hour, &["2026-05-01T00:29:59Z", "2026-05-01T00:30:00Z"]),
        ["2026-04-30T23:30:00Z 2026-05-01T00:30:00Z 1", "2026-05-01T00:30:00Z 2026-05-01T01:30:00Z 1"]
    );
}

#[test]
fn a_repeated_midnight_is_the_first_of_the_two() {
    // In Havana the clock went from 01:00 back to 00:00 on 2 November 2025: midnight at 04:00Z and at 05:00Z. Of later years
    // zone databases do not say the same.
    let instants = ["2025-11-02T03:59:59Z", "2025-11-02T04:30:00Z", "2025-11-02T05:30:00Z"];
    assert_eq!(
        periods(&plan_in("America/Havana"), Grain::Day, &instants),
        ["2025-11-01T04:00:00Z 2025-11-02T04:00:00Z 1", "2025-11-02T04:00:00Z 2025-11-03T05:00:00Z 2"]
    );
}

#[test]
fn the_old_evening_shown_again_after_midnight_belongs_to_the_new_day() {
    // In St. John's the clock went from 00:01 on 7 November 2010 back to 23:01 of the 6th, at 02:31Z.
    let instants = ["2010-11-07T02:29:59Z", "2010-11-07T02:30:30Z", "2010-11-07T02:31:00Z", "2010-11-07T03:29:59Z"];
    let plan = plan_in("America/St_Johns");
    assert_eq!(
        periods(&plan, Grain::Day, &instants),
        ["2010-11-06T02:30:00Z 2010-11-07T02:30:00Z 1", "2010-11-07T02:30:00Z 2010-11-08T03:30:00Z 3"]
    );
    assert_eq!(
        periods(&plan, Grain::Hour, &instants),
        ["2010-11-07T01:30:00Z 2010-11-07T02:30:00Z 1", "2010-11-07T02:30:00Z 2010-11-07T03:30:00Z 3"]
    );
}

#[test]
fn a_skipped_midnight_is_the_instant_of_the_transition() {
    // In Sao Paulo 00:00 on 4 November 2018 was followed at once by 01:00, at 03:00Z.
    let instants = ["2018-11-04T02:59:59Z", "2018-11-04T03:00:00Z"];
    assert_eq!(
        periods(&plan_in("America/Sao_Paulo"), Grain::Day, &instants),
        ["2018-11-03T03:00:00Z 2018-11-04T03:00:00Z 1", "2018-11-04T03:00:00Z 2018-11-05T02:00:00Z 1"]
    );
    assert_eq!(
        periods(&plan_in("Asia/Beirut"), Grain::Day, &["2026-03-29T10:00:00Z"]),
        ["2026-03-28T22:00:00Z 2026-03-29T21:00:00Z 1"]
    );
}

#[test]
fn weeks_start_on_the_declared_day() {
    // 3 May 2026 is a Sunday.
    let instants = ["2026-05-02T12:00:00Z", "2026-05-03T12:00:00Z", "2026-05-04T12:00:00Z"];
    let mut plan = plan_in("UTC");
    assert_eq!(
        periods(&plan, Grain::Week, &instants),
        ["2026-04-27T00:00:00Z 2026-05-04T00:00:00Z 2", "2026-05-04T00:00:00Z 2026-05-11T00:00:00Z 1"]
    );
    plan.calendar.week_starts = Weekday::Sunday;
    assert_eq!(
        periods(&plan, Grain::Week, &instants),
        ["2026-04-26T00:00:00Z 2026-05-03T00:00:00Z 1", "2026-05-03T00:00:00Z 2026-05-10T00:00:00Z 2"]
    );
    plan.calendar.week_starts = Weekday::Saturday;
    assert_eq!(periods(&plan, Grain::Week, &instants), ["2026-05-02T00:00:00Z 2026-05-09T00:00:00Z 3"]);
}

#[test]
fn months_quarters_and_years_follow_the_local_calendar() {
    let plan = plan_in("Europe/Berlin");
    let instants = ["2026-02-28T22:59:59Z", "2026-02-28T23:00:00Z"];
    assert_eq!(
        periods(&plan, Grain::Month, &instants),
        ["2026-01-31T23:00:00Z 2026-02-28T23:00:00Z 1", "2026-02-28T23:00:00Z 2026-03-31T22:00:00Z 1"]
    );
    assert_eq!(
        periods(&plan, Grain::Quarter, &["2026-05-31T12:00:00Z", "2026-12-31T12:00:00Z"]),
        ["2026-03-31T22:00:00Z 2026-06-30T22:00:00Z 1", "2026-09-30T22:00:00Z 2026-12-31T23:00:00Z 1"]
    );
    assert_eq!(periods(&plan, Grain::Year, &["2026-07-01T12:00:00Z"]), ["2025-12-31T23:00:00Z 2026-12-31T23:00:00Z 1"]);
}

#[test]
fn times_before_1970_belong_to_the_period_they_lie_in() {
    let plan = plan_in("UTC");
    let instant = ["1969-12-31T23:59:59.999999Z"];
    assert_eq!(periods(&plan, Grain::Hour, &instant), ["1969-12-31T23:00:00Z 1970-01-01T00:00:00Z 1"]);
    assert_eq!(periods(&plan, Grain::Day, &instant), ["1969-12-31T00:00:00Z 1970-01-01T00:00:00Z 1"]);
    assert_eq!(periods(&plan, Grain::Week, &instant), ["1969-12-29T00:00:00Z 1970-01-05T00:00:00Z 1"]);
    assert_eq!(periods(&plan, Grain::Month, &instant), ["1969-12-01T00:00:00Z 1970-01-01T00:00:00Z 1"]);
    assert_eq!(periods(&plan, Grain::Quarter, &instant), ["1969-10-01T00:00:00Z 1970-01-01T00:00:00Z 1"]);
    assert_eq!(periods(&plan, Grain::Year, &instant), ["1969-01-01T00:00:00Z 1970-01-01T00:00:00Z 1"]);
}

#[test]
fn a_column_named_like_one_of_the_zone_rules_is_not_mistaken_for_it() {
    let mut plan = plan_in("Europe/Berlin");
    let Body::Measured(pipeline) = &mut plan.body else { unreachable!("a count is measured") };
    pipeline.scan.columns[2].name = "starts".to_owned();
    pipeline.scan.order[0] = "starts".to_owned();
    pipeline.filter.placement = anchored("starts", Reach::Own);
    let connection = database(&[contact(1, may("01T22:30"))]);
    connection.execute_batch("alter table contacts rename column opened_at to starts").expect("a rename");
    let rows = run(&connection, &render_sqlite(&plan, &request(Grain::Day, &[]), crate::sql::Output::Cells));
    assert_eq!(rows[0][2], may("01T22:00").to_string());
}

#[test]
fn a_row_beyond_the_promised_span_is_not_lost() {
    let mut request = request(Grain::Day, &[]);
    request.span = (at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"));
    let cells = answer_of_sqlite(&plan_in("UTC"), &request, &[contact(1, may("01T09:00"))], &["period_start", "value"]);
    assert_eq!(cells, ["- 1"]);
}

/// `start value` of each period that holds one of `instants`, as a query for two metrics tells them.
fn told_together(zone: &str, grain: Grain, (from, to): (&str, &str), instants: &[&str]) -> Vec<String> {
    let rows: Vec<Contact> = instants.iter().zip(1..).map(|(text, id)| contact(id, at(text).micros())).collect();
    let request = Request { from: Some(at(from)), to: Some(at(to)), ..request(grain, &[]) };
    let other = Plan { metric: "other".to_owned(), ..plan_in(zone) };
    answer_together(&[plan_in(zone), other], &request, &rows, &["period_start", "value"])
}

#[test]
fn days_of_24_hours_are_told_apart_from_the_first_of_them_and_others_by_their_ends() {
    // In Berlin 29 March 2026 has 23 hours: midnights at 23:00Z before it and at 22:00Z after it.
    let instants = [
        "2026-03-27T22:59:59.999999Z",
        "2026-03-27T23:00:00Z",
        "2026-03-28T22:59:59.999999Z",
        "2026-03-28T23:00:00Z",
        "2026-03-29T21:59:59.999999Z",
        "2026-03-29T22:00:00Z",
        "2026-03-30T21:59:59.999999Z",
        "2026-03-30T22:00:00.000001Z",
    ];
    assert_eq!(
        told_together("Europe/Berlin", Grain::Day, ("2026-03-26T23:00:00Z", "2026-04-01T22:00:00Z"), &instants),
        [
            "2026-03-26T23:00:00Z 1",
            "2026-03-27T23:00:00Z 2",
            "2026-03-28T23:00:00Z 2",
            "2026-03-29T22:00:00Z 2",
            "2026-03-30T22:00:00Z 1"
        ]
    );
}

#[test]
fn a_range_may_begin_and_end_within_periods_of_a_query_for_many_metrics() {
    // Weeks begin on Mondays; in Berlin that of 19 October 2026 has an hour more.
    let instants =
        ["2026-10-14T12:00:00Z", "2026-10-25T22:59:59.999999Z", "2026-10-25T23:00:00Z", "2026-11-01T22:59:59Z"];
    assert_eq!(
        told_together("Europe/Berlin", Grain::Week, ("2026-10-13T00:00:00Z", "2026-11-01T22:59:59.5Z"), &instants),
        ["2026-10-11T22:00:00Z 1", "2026-10-18T22:00:00Z 1", "2026-10-25T23:00:00Z 2"]
    );
}

#[test]
fn a_skipped_day_and_changes_within_a_half_hour_part_the_days_of_a_query_for_many_metrics() {
    // In Apia 30 December 2011 did not take place: midnights at 10:00Z, the 31st too, from UTC-10 to UTC+14.
    let instants =
        ["2011-12-29T10:00:00Z", "2011-12-30T09:59:59.999999Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"];
    assert_eq!(
        told_together("Pacific/Apia", Grain::Day, ("2011-12-28T10:00:00Z", "2012-01-02T10:00:00Z"), &instants),
        ["2011-12-29T10:00:00Z 2", "2011-12-30T10:00:00Z 1", "2011-12-31T10:00:00Z 1"]
    );
    // On Lord Howe Island the clock goes from 02:00 back to 01:30 on 5 April 2026, at 15:00Z of the 4th.
    let instants =
        ["2026-04-04T12:59:59.999999Z", "2026-04-04T13:00:00Z", "2026-04-05T13:29:59Z", "2026-04-05T13:30:00Z"];
    assert_eq!(
        told_together("Australia/Lord_Howe", Grain::Day, ("2026-04-03T13:00:00Z", "2026-04-07T13:30:00Z"), &instants),
        ["2026-04-03T13:00:00Z 1", "2026-04-04T13:00:00Z 2", "2026-04-05T13:30:00Z 1"]
    );
}
