//! Instants at a distance on a calendar.

use super::worlds::*;
use crate::expression::Expression;
use crate::plan::*;
use crate::value::Type;

const CASES: &str = "id:integer opened:instant within:duration";

fn advanced(by: Distance, cases: &str) -> Vec<String> {
    World::new(&[("cases", CASES, cases)]).fact(Rule::Advanced(Advance { from: instant("opened"), by }))
}

fn calendar_days(days: i32, zone: &str, cases: &str) -> Vec<String> {
    advanced(Distance::CalendarDays { days, zone: zone.to_owned() }, cases)
}

fn business_days(days: i32, hours: Hours, cases: &str) -> Vec<String> {
    advanced(Distance::BusinessDays { days, hours }, cases)
}

fn business_time(length: &str, hours: Hours, cases: &str) -> Vec<String> {
    advanced(Distance::BusinessTime { length: lasting(length), hours }, cases)
}

#[test]
fn calendar_days_end_with_the_local_day() {
    // 28 March 2026 23:30 in Berlin is 22:30Z; the next day has 23 hours and ends at 22:00Z.
    let cases = "1 2026-03-28T22:30Z -
                 2 2026-03-28T23:00Z -
                 3 2026-03-29T22:00Z -";
    let ends = calendar_days(0, "Europe/Berlin", cases);
    assert_eq!(ends, ["1 2026-03-28T23:00:00Z", "2 2026-03-29T22:00:00Z", "3 2026-03-30T22:00:00Z"]);
    let ends = calendar_days(1, "Europe/Berlin", cases);
    assert_eq!(ends, ["1 2026-03-29T22:00:00Z", "2 2026-03-30T22:00:00Z", "3 2026-03-31T22:00:00Z"]);
}

#[test]
fn calendar_days_back_begin_with_the_local_day() {
    let cases = "1 2026-03-30T09:00Z -";
    assert_eq!(calendar_days(-1, "Europe/Berlin", cases), ["1 2026-03-28T23:00:00Z"]);
    assert_eq!(calendar_days(-2, "Europe/Berlin", cases), ["1 2026-03-27T23:00:00Z"]);
    // A year back, far outside of the data.
    assert_eq!(calendar_days(-365, "UTC", cases), ["1 2025-03-30T00:00:00Z"]);
    assert_eq!(calendar_days(365, "UTC", cases), ["1 2027-03-31T00:00:00Z"]);
}

#[test]
fn a_day_that_a_zone_skipped_has_no_instant_of_its_own() {
    // Samoa went from 29 to 31 December 2011 at 10:00Z. One day after the 29th is the 30th, which ends where it starts.
    let cases = "1 2011-12-30T09:00Z -
                 2 2011-12-30T10:00Z -";
    assert_eq!(calendar_days(0, "Pacific/Apia", cases), ["1 2011-12-30T10:00:00Z", "2 2011-12-31T10:00:00Z"]);
    assert_eq!(calendar_days(1, "Pacific/Apia", cases), ["1 2011-12-30T10:00:00Z", "2 2012-01-01T10:00:00Z"]);
}

#[test]
fn business_days_pass_over_the_weekend() {
    // 1 May 2026 is a Friday.
    let week = || hours("UTC", "09:00-17:00", "");
    let cases = "1 2026-05-01T20:00Z -
                 2 2026-05-02T12:00Z -
                 3 2026-05-04T00:00Z -";
    let ends = business_days(0, week(), cases);
    assert_eq!(ends, ["1 2026-05-02T00:00:00Z", "2 2026-05-03T00:00:00Z", "3 2026-05-05T00:00:00Z"]);
    let ends = business_days(1, week(), cases);
    assert_eq!(ends, ["1 2026-05-05T00:00:00Z", "2 2026-05-05T00:00:00Z", "3 2026-05-06T00:00:00Z"]);
    let starts = business_days(-1, week(), cases);
    assert_eq!(starts, ["1 2026-04-30T00:00:00Z", "2 2026-05-01T00:00:00Z", "3 2026-05-01T00:00:00Z"]);
    let mut holiday = week();
    holiday.days = vec![(date("2026-05-04"), Vec::new())];
    assert_eq!(business_days(1, holiday, cases)[0], "1 2026-05-06T00:00:00Z");
    assert_eq!(business_days(1, hours("UTC", "", ""), cases), ["1 -", "2 -", "3 -"]);
}

#[test]
fn business_time_forward_is_up_at_the_end_of_an_opening() {
    let week = || hours("UTC", "09:00-12:00 13:00-17:00", "");
    let cases = "1 2026-05-01T16:00Z -
                 2 2026-05-01T20:00Z -
                 3 2026-05-04T09:00Z -
                 4 2026-05-04T12:00Z -";
    // One hour: the last of Friday; then the first of Monday; then until ten; then over lunch.
    let due = business_time("1h", week(), cases);
    assert_eq!(
        due,
        ["1 2026-05-01T17:00:00Z", "2 2026-05-04T10:00:00Z", "3 2026-05-04T10:00:00Z", "4 2026-05-04T14:00:00Z"]
    );
    // Three hours from Monday nine: noon, not one o'clock.
    assert_eq!(business_time("3h", week(), cases)[2], "3 2026-05-04T12:00:00Z");
    assert_eq!(business_time("0s", week(), cases)[1], "2 2026-05-01T20:00:00Z");
    // 40 weeks of 35 hours, far outside of the data: from Friday 16:00 the last hour is due on a Friday at 16:00.
    assert_eq!(business_time("1400h", week(), cases)[0], "1 2027-02-05T16:00:00Z");
    assert_eq!(business_time("1h", hours("UTC", "", ""), cases), ["1 -", "2 -", "3 -", "4 -"]);
    // Around the clock it is elapsed time.
    let always = || hours("Europe/Berlin", "00:00-24:00", "00:00-24:00");
    assert_eq!(business_time("1000h", always(), cases)[0], "1 2026-06-12T08:00:00Z");
    assert_eq!(business_time("-1000h", always(), cases)[0], "1 2026-03-21T00:00:00Z");
}

#[test]
fn business_time_back_begins_at_the_start_of_an_opening() {
    let week = || hours("UTC", "09:00-12:00 13:00-17:00", "");
    let cases = "1 2026-05-04T10:00Z -
                 2 2026-05-04T08:00Z -
                 3 2026-05-04T17:00Z -";
    // One hour before: from nine on Monday; from 16:00 on Friday; from 16:00.
    let due = business_time("-1h", week(), cases);
    assert_eq!(due, ["1 2026-05-04T09:00:00Z", "2 2026-05-01T16:00:00Z", "3 2026-05-04T16:00:00Z"]);
    // Four hours before 17:00: one o'clock, not noon.
    assert_eq!(business_time("-4h", week(), cases)[2], "3 2026-05-04T13:00:00Z");
}

#[test]
fn a_distance_may_come_from_the_row() {
    let within = Expression::column("within", Type::Duration);
    let by = Distance::BusinessTime { length: within, hours: hours("UTC", "09:00-17:00", "") };
    let cases = "1 2026-05-01T16:00Z 2h
                 2 2026-05-01T16:00Z -2h
                 3 2026-05-01T20:00Z 0s
                 4 2026-05-01T16:00Z -
                 5 2026-05-01T16:00Z 500ms";
    let expected = [
        "1 2026-05-04T10:00:00Z",
        "2 2026-05-01T14:00:00Z",
        "3 2026-05-01T20:00:00Z",
        "4 -",
        "5 2026-05-01T16:00:00.5Z",
    ];
    assert_eq!(advanced(by, cases), expected);
}

#[test]
fn a_clock_may_stop_at_an_instant_found_on_another() {
    // Two business days after Friday 1 May 2026 is the end of Tuesday: 9 to 17 on Monday and Tuesday, one hour on Friday.
    let world = World::new(&[("cases", CASES, "1 2026-05-01T16:00Z -")]);
    let week = || hours("UTC", "09:00-17:00", "");
    let due =
        Rule::Advanced(Advance { from: instant("opened"), by: Distance::BusinessDays { days: 2, hours: week() } });
    let open = Rule::Clocked(Clock {
        from: instant("opened"),
        to: instant("due"),
        counting: Some(Times::Open(week())),
        reversed: Reversed::Zero,
    });
    // 17 hours.
    assert_eq!(world.facts(vec![fact("due", due), fact("open", open)]), ["1 61200"]);
}

#[test]
fn a_clock_may_stop_after_a_time_that_the_row_says() {
    let within = Box::new(Expression::column("within", Type::Duration));
    let rule = Rule::Clocked(Clock {
        from: instant("opened"),
        to: Expression::Shift { at: Box::new(instant("opened")), by: within },
        counting: Some(Times::Open(hours("UTC", "00:00-12:00", "00:00-12:00"))),
        reversed: Reversed::Negative,
    });
    // Half of 400 days.
    let world = World::new(&[("cases", CASES, "1 2026-05-01T00:00Z 400d\n2 2026-05-01T00:00Z -400d")]);
    assert_eq!(world.fact(rule), ["1 17280000", "2 -17280000"]);
}
