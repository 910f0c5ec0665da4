//! Opening hours and local days around what clocks and calendars do.

use super::*;
use crate::plan::Schedule;

fn at(text: &str) -> Instant {
    Instant::parse(text).expect(text)
}

fn zone_called(name: &str) -> TimeZone {
    zone(name).expect("bundled")
}

fn stretch(starts: &str, ends: &str) -> Stretch {
    Stretch { starts: at(starts), ends: at(ends) }
}

/// The same hours on every day, in minutes.
fn daily(zone: &str, openings: &[(u16, u16)]) -> Hours {
    let day: Vec<Opening> = openings.iter().map(|(from, to)| Opening { from: *from, to: *to }).collect();
    let schedules = vec![Schedule { from: None, weekly: std::array::from_fn(|_| day.clone()) }];
    Hours { zone: zone.to_owned(), schedules, days: Vec::new() }
}

#[test]
fn around_the_clock_is_a_single_stretch() {
    let range = (at("2026-03-01T00:00:00Z"), at("2026-11-30T00:00:00Z"));
    let always = daily("Europe/Berlin", &[(0, 720), (720, 1440)]);
    // From the first midnight of the range to the noon after its end, both in winter time.
    let whole = stretch("2026-02-28T23:00:00Z", "2026-11-30T11:00:00Z");
    assert_eq!(open(&always, range).expect("a zone"), [whole]);
}

#[test]
fn a_time_that_is_skipped_stands_for_the_moment_of_the_change() {
    let berlin = zone_called("Europe/Berlin");
    let spring = Date::constant(2026, 3, 29);
    assert_eq!(time_of_day(&berlin, spring, 119), at("2026-03-29T00:59:00Z"));
    for minutes in [120, 150, 179, 180] {
        assert_eq!(time_of_day(&berlin, spring, minutes), at("2026-03-29T01:00:00Z"), "{minutes}");
    }
    assert_eq!(time_of_day(&berlin, spring, 181), at("2026-03-29T01:01:00Z"));
}

#[test]
fn a_time_that_is_shown_twice_stands_for_the_first() {
    let berlin = zone_called("Europe/Berlin");
    let autumn = Date::constant(2026, 10, 25);
    assert_eq!(time_of_day(&berlin, autumn, 150), at("2026-10-25T00:30:00Z"));
    assert_eq!(time_of_day(&berlin, autumn, 180), at("2026-10-25T02:00:00Z"));
}

#[test]
fn a_day_begins_when_its_midnight_is_first_shown_or_skipped() {
    // In Sao Paulo 00:00 on 4 November 2018 was skipped; in St. John's it was shown twice on 7 November 2010, first at
    // 02:30Z, before the clock went back from 00:01 to 23:01.
    let sao_paulo = zone_called("America/Sao_Paulo");
    assert_eq!(start(&sao_paulo, Date::constant(2018, 11, 4)), at("2018-11-04T03:00:00Z"));
    let st_johns = zone_called("America/St_Johns");
    assert_eq!(start(&st_johns, Date::constant(2010, 11, 7)), at("2010-11-07T02:30:00Z"));
    assert_eq!(end(&st_johns, Date::constant(2010, 11, 6)), at("2010-11-07T02:30:00Z"));
}

#[test]
fn a_calendar_that_stays_closed_reaches_nothing() {
    let from = at("2026-05-01T00:00:00Z");
    let length = Duration::from_micros(3_600_000_000);
    assert_eq!(reach(&daily("UTC", &[]), from, length).expect("a zone"), None);
    assert_eq!(business_days(&daily("UTC", &[]), 1, (from, from)).expect("a zone"), []);
    let reached = reach(&daily("UTC", &[(540, 600)]), from, length).expect("a zone");
    assert!(reached.is_some_and(|reached| reached >= at("2026-05-01T10:00:00Z")));
    let before = reach(&daily("UTC", &[(540, 600)]), from, Duration::from_micros(-3_600_000_000)).expect("a zone");
    assert!(before.is_some_and(|before| before <= at("2026-04-30T09:00:00Z")));
}

#[test]
fn a_day_of_its_own_wins_over_the_schedule_that_has_begun_last() {
    let mut hours = daily("UTC", &[(540, 600)]);
    let from = |text: &str| crate::value::Date::parse(text);
    let later = daily("UTC", &[(600, 660)]).schedules.remove(0);
    hours.schedules.push(Schedule { from: from("2026-05-02"), ..later });
    hours.days.push((from("2026-05-03").expect("a day"), vec![Opening { from: 0, to: 60 }]));
    let range = (at("2026-05-01T00:00:00Z"), at("2026-05-05T00:00:00Z"));
    let expected = [
        stretch("2026-05-01T09:00:00Z", "2026-05-01T10:00:00Z"),
        stretch("2026-05-02T10:00:00Z", "2026-05-02T11:00:00Z"),
        stretch("2026-05-03T00:00:00Z", "2026-05-03T01:00:00Z"),
        stretch("2026-05-04T10:00:00Z", "2026-05-04T11:00:00Z"),
    ];
    assert_eq!(open(&hours, range).expect("a zone"), expected);
}
