use super::*;
use crate::plan::{Advance, Distance};

const COLUMNS: &str = "id text, at instant";

fn advanced(at: &str, by: Distance) -> String {
    let row = format!("1|{at}");
    let rule = Rule::Advanced(Advance { from: instant_of("at"), by });
    case(COLUMNS, &[&row]).knowing(rule).facts().replacen("1=", "", 1)
}

fn days(days: i32, zone: &str) -> Distance {
    Distance::CalendarDays { days, zone: zone.to_owned() }
}

fn business_days(days: i32) -> Distance {
    // Friday 1 May 2026 is a holiday.
    let holiday = (Date::parse("2026-05-01").expect("a day"), Vec::new());
    Distance::BusinessDays { days, hours: Hours { days: vec![holiday], ..office("UTC") } }
}

fn business_time(length: &str) -> Distance {
    Distance::BusinessTime { length: any_length(length), hours: office("UTC") }
}

#[test]
fn calendar_days_end_with_the_local_day() {
    // Berlin: 22:30Z on 1 May is 00:30 on 2 May; days end at 22:00Z.
    assert_eq!(advanced("2026-05-01T22:30:00Z", days(0, "Europe/Berlin")), "2026-05-02T22:00:00Z");
    assert_eq!(advanced("2026-05-01T22:30:00Z", days(7, "Europe/Berlin")), "2026-05-09T22:00:00Z");
    // The day of 25 October ends at 23:00Z, having 25 hours.
    assert_eq!(advanced("2026-10-24T12:00:00Z", days(1, "Europe/Berlin")), "2026-10-25T23:00:00Z");
}

#[test]
fn calendar_days_back_start_with_the_local_day() {
    assert_eq!(advanced("2026-05-01T22:30:00Z", days(-1, "Europe/Berlin")), "2026-04-30T22:00:00Z");
    assert_eq!(advanced("2026-03-01T12:00:00Z", days(-1, "UTC")), "2026-02-28T00:00:00Z");
}

#[test]
fn business_days_leave_weekends_and_holidays_out() {
    // From Thursday 30 April: Friday is a holiday, Monday 4 May the first business day after.
    assert_eq!(advanced("2026-04-30T12:00:00Z", business_days(1)), "2026-05-05T00:00:00Z");
    assert_eq!(advanced("2026-04-30T12:00:00Z", business_days(0)), "2026-05-01T00:00:00Z");
    // From the holiday itself, and from the Saturday after, it is the same Monday.
    assert_eq!(advanced("2026-05-01T12:00:00Z", business_days(1)), "2026-05-05T00:00:00Z");
    assert_eq!(advanced("2026-05-02T12:00:00Z", business_days(1)), "2026-05-05T00:00:00Z");
    assert_eq!(advanced("2026-05-02T12:00:00Z", business_days(0)), "2026-05-03T00:00:00Z");
    // Back from Monday: Thursday, then Wednesday.
    assert_eq!(advanced("2026-05-04T12:00:00Z", business_days(-1)), "2026-04-30T00:00:00Z");
    assert_eq!(advanced("2026-05-04T12:00:00Z", business_days(-2)), "2026-04-29T00:00:00Z");
}

#[test]
fn business_time_runs_while_it_is_open() {
    // Thursday 7 May 16:00: one hour is open until 17:00, the ninth ends on Friday 17:00, the tenth on Monday 10:00.
    let from = "2026-05-07T16:00:00Z";
    assert_eq!(advanced(from, business_time("30m")), "2026-05-07T16:30:00Z");
    assert_eq!(advanced(from, business_time("1h")), "2026-05-07T17:00:00Z");
    assert_eq!(advanced(from, business_time("9h")), "2026-05-08T17:00:00Z");
    assert_eq!(advanced(from, business_time("10h")), "2026-05-11T10:00:00Z");
    // A start before the doors open waits for them; no time at all is the start itself.
    assert_eq!(advanced("2026-05-09T00:00:00Z", business_time("1ms")), "2026-05-11T09:00:00.001Z");
    assert_eq!(advanced("2026-05-09T00:00:00Z", business_time("0s")), "2026-05-09T00:00:00Z");
}

#[test]
fn business_time_runs_backwards_too() {
    let from = "2026-05-11T10:00:00Z";
    assert_eq!(advanced(from, business_time("-1h")), "2026-05-11T09:00:00Z");
    assert_eq!(advanced(from, business_time("-2h")), "2026-05-08T16:00:00Z");
    assert_eq!(advanced(from, business_time("-9h")), "2026-05-08T09:00:00Z");
}

#[test]
fn business_time_over_a_repeated_hour_takes_it_twice() {
    // Berlin 2026-10-25: 01:00 to 04:00 has four hours, from 23:00Z the day before to 03:00Z.
    let weekly = std::array::from_fn(|_| vec![Opening { from: 60, to: 240 }]);
    let schedules = vec![Schedule { from: None, weekly }];
    let hours = Hours { zone: "Europe/Berlin".to_owned(), schedules, days: Vec::new() };
    let four_hours = Distance::BusinessTime { length: any_length("4h"), hours };
    assert_eq!(advanced("2026-10-24T20:00:00Z", four_hours), "2026-10-25T03:00:00Z");
}

#[test]
fn a_null_start_or_distance_leads_nowhere() {
    let length = Expression::Literal(Value::Null, Type::Duration);
    let nowhere = Distance::BusinessTime { length, hours: office("UTC") };
    assert_eq!(advanced("2026-05-11T10:00:00Z", nowhere), "");
    let null = Expression::Literal(Value::Null, Type::Instant);
    let rule = Rule::Advanced(Advance { from: null, by: days(1, "UTC") });
    assert_eq!(case(COLUMNS, &["1|2026-05-11T10:00:00Z"]).knowing(rule).facts(), "1=");
}

#[test]
fn hours_that_never_open_lead_out_of_the_calendar() {
    let never = Hours { schedules: Vec::new(), ..office("UTC") };
    let at = instant("9998-01-01T00:00:00Z");
    for by in [
        Distance::BusinessTime { length: any_length("1s"), hours: never.clone() },
        Distance::BusinessDays { days: 1, hours: never },
        days(i32::MAX, "UTC"),
    ] {
        let rule = Rule::Advanced(Advance { from: Expression::Literal(Value::Instant(at), Type::Instant), by });
        let case = case(COLUMNS, &["1|2026-05-11T10:00:00Z"]).knowing(rule);
        assert_eq!(case.error(), InterpretError::OutsideCalendar { at });
    }
}
