use super::*;
use crate::plan::Schedule;
use crate::value;

fn opening(from: u16, to: u16) -> Opening {
    Opening { from: from * 60, to: to * 60 }
}

/// Returns hours that are the same on every day of the week.
fn daily(zone: &str, openings: &[Opening]) -> Hours {
    let weekly = std::array::from_fn(|_| openings.to_vec());
    Hours { zone: zone.to_owned(), schedules: vec![Schedule { from: None, weekly }], days: Vec::new() }
}

fn open(hours: &Hours, from: &str, to: &str) -> Vec<String> {
    let at = |text: &str| Instant::parse(text).expect(text);
    let openings = Openings::new(hours).expect("a zone");
    let open = openings.within(Interval { start: at(from), end: at(to) }).expect("in the calendar");
    open.iter().map(|interval| format!("{} {}", interval.start, interval.end)).collect()
}

#[test]
fn hours_are_local() {
    // Kolkata is 5 h 30 min ahead.
    let kolkata = daily("Asia/Kolkata", &[opening(9, 17)]);
    assert_eq!(
        open(&kolkata, "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z"),
        ["2026-05-01T03:30:00Z 2026-05-01T11:30:00Z"]
    );
}

#[test]
fn around_the_clock_is_one_stretch_whatever_the_clock_does() {
    let berlin = daily("Europe/Berlin", &[opening(0, 24)]);
    for (from, to) in
        [("2026-03-28T10:00:00Z", "2026-03-30T10:00:00Z"), ("2026-10-24T10:00:00Z", "2026-10-26T10:00:00Z")]
    {
        assert_eq!(open(&berlin, from, to), [format!("{from} {to}")]);
    }
}

#[test]
fn a_time_that_is_skipped_is_the_jump_and_one_that_is_repeated_lasts_twice() {
    // Berlin: 02:00 becomes 03:00 at 01:00Z on 2026-03-29; 03:00 becomes 02:00 at 01:00Z on 2026-10-25.
    let berlin = daily("Europe/Berlin", &[Opening { from: 150, to: 210 }]);
    assert_eq!(
        open(&berlin, "2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z"),
        ["2026-03-29T01:00:00Z 2026-03-29T01:30:00Z"]
    );
    // 02:30 +02:00 to 03:30 +01:00.
    assert_eq!(
        open(&berlin, "2026-10-25T00:00:00Z", "2026-10-25T12:00:00Z"),
        ["2026-10-25T00:30:00Z 2026-10-25T02:30:00Z"]
    );
    let within_the_gap = daily("Europe/Berlin", &[Opening { from: 130, to: 170 }]);
    assert!(open(&within_the_gap, "2026-03-28T23:00:00Z", "2026-03-29T12:00:00Z").is_empty());
}

#[test]
fn a_day_of_its_own_goes_before_the_last_schedule_that_has_begun() {
    let mut hours = daily("UTC", &[opening(9, 17)]);
    let mut later = daily("UTC", &[opening(8, 12), opening(13, 16)]).schedules.remove(0);
    later.from = value::Date::parse("2026-05-02");
    // No Sundays: 3 May 2026 is one.
    later.weekly[6].clear();
    hours.schedules.push(later);
    let day = |text| value::Date::parse(text).expect(text);
    hours.days = vec![(day("2026-05-04"), Vec::new()), (day("2026-05-05"), vec![opening(22, 24)])];
    assert_eq!(
        open(&hours, "2026-05-01T10:00:00Z", "2026-05-06T00:00:00Z"),
        [
            "2026-05-01T10:00:00Z 2026-05-01T17:00:00Z",
            "2026-05-02T08:00:00Z 2026-05-02T12:00:00Z",
            "2026-05-02T13:00:00Z 2026-05-02T16:00:00Z",
            "2026-05-05T22:00:00Z 2026-05-06T00:00:00Z",
        ]
    );
}

#[test]
fn before_the_first_schedule_nothing_is_open() {
    let mut hours = daily("UTC", &[opening(9, 17)]);
    hours.schedules[0].from = value::Date::parse("2026-05-02");
    assert!(open(&hours, "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z").is_empty());
}

#[test]
fn an_instant_outside_the_calendar_is_an_error() {
    let hours = daily("UTC", &[opening(9, 17)]);
    let (start, end) = (Instant::from_micros(0), Instant::from_micros(i64::MAX));
    let error = Openings::new(&hours).expect("a zone").within(Interval { start, end });
    assert_eq!(error, Err(InterpretError::OutsideCalendar { at: end }));
}
