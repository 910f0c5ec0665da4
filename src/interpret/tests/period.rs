use super::*;
use crate::plan::{Year, YearBegins};
use crate::value::Weekday;

fn calendar(zone: &str) -> Calendar {
    Calendar { zone: zone.to_owned(), week_starts: Weekday::Monday, year: Year::CIVIL }
}

fn cut(calendar: &Calendar, grain: Grain, at: &str) -> String {
    let mut cutter = Cutter::new(calendar, grain).expect("a zone");
    let period = cutter.period_of(instant(at)).expect("an instant in the calendar").expect("a bounded period");
    format!("{} {}", period.start, period.end)
}

fn instant(text: &str) -> Instant {
    Instant::parse(text).expect(text)
}

#[test]
fn a_day_that_loses_an_hour_has_23() {
    // Berlin: midnight is 23:00Z in winter, 22:00Z from 2026-03-29 01:00Z on.
    let day = cut(&calendar("Europe/Berlin"), Grain::Day, "2026-03-29T12:00:00Z");
    assert_eq!(day, "2026-03-28T23:00:00Z 2026-03-29T22:00:00Z");
}

#[test]
fn a_day_that_repeats_an_hour_has_25() {
    let day = cut(&calendar("Europe/Berlin"), Grain::Day, "2026-10-25T12:00:00Z");
    assert_eq!(day, "2026-10-24T22:00:00Z 2026-10-25T23:00:00Z");
}

#[test]
fn the_first_instant_of_a_period_belongs_to_it_and_the_last_does_not() {
    let berlin = calendar("Europe/Berlin");
    assert!(cut(&berlin, Grain::Day, "2026-05-01T22:00:00Z").starts_with("2026-05-01T22:00:00Z"));
    assert!(cut(&berlin, Grain::Day, "2026-05-01T21:59:59.999999Z").starts_with("2026-04-30T22:00:00Z"));
}

#[test]
fn a_repeated_hour_is_two() {
    // 02:30 in Berlin is 00:30Z with summer time and 01:30Z without.
    let berlin = calendar("Europe/Berlin");
    let first = cut(&berlin, Grain::Hour, "2026-10-25T00:30:00Z");
    assert_eq!(first, "2026-10-25T00:00:00Z 2026-10-25T01:00:00Z");
    let second = cut(&berlin, Grain::Hour, "2026-10-25T01:30:00Z");
    assert_eq!(second, "2026-10-25T01:00:00Z 2026-10-25T02:00:00Z");
}

#[test]
fn an_hour_follows_a_zone_with_a_half_hour_offset() {
    // Kolkata is 5 h 30 min ahead: its hours begin at half past in UTC.
    let hour = cut(&calendar("Asia/Kolkata"), Grain::Hour, "2026-05-01T09:10:00Z");
    assert_eq!(hour, "2026-05-01T08:30:00Z 2026-05-01T09:30:00Z");
}

#[test]
fn a_skipped_midnight_begins_the_day_when_the_clock_jumps() {
    // Sao Paulo 2018-11-04: 00:00 -03 becomes 01:00 -02.
    let day = cut(&calendar("America/Sao_Paulo"), Grain::Day, "2018-11-04T12:00:00Z");
    assert_eq!(day, "2018-11-04T03:00:00Z 2018-11-05T02:00:00Z");
    // Havana 2026-03-08: 00:00 -05 becomes 01:00 -04.
    let day = cut(&calendar("America/Havana"), Grain::Day, "2026-03-08T12:00:00Z");
    assert_eq!(day, "2026-03-08T05:00:00Z 2026-03-09T04:00:00Z");
}

#[test]
fn a_jump_across_midnight_begins_the_day_at_the_jump() {
    // Toronto 1919-03-30: 23:30 -05 becomes 00:30 -04 of the 31st, so midnight itself is inside the jump.
    let day = cut(&calendar("America/Toronto"), Grain::Day, "1919-03-31T12:00:00Z");
    assert_eq!(day, "1919-03-31T04:30:00Z 1919-04-01T04:00:00Z");
}

#[test]
fn a_repeated_midnight_begins_the_day_the_first_time() {
    // Havana 2026-11-01: 01:00 -04 becomes 00:00 -05, so 00:00 is 04:00Z and again 05:00Z.
    let day = cut(&calendar("America/Havana"), Grain::Day, "2026-11-01T05:30:00Z");
    assert_eq!(day, "2026-11-01T04:00:00Z 2026-11-02T05:00:00Z");
}

#[test]
fn a_clock_set_back_to_the_evening_stays_in_the_day_before() {
    // Sao Paulo 2018-02-18: 00:00 -02 becomes 23:00 -03 of the 17th; the 18th begins at 00:00 -03.
    let day = cut(&calendar("America/Sao_Paulo"), Grain::Day, "2018-02-18T02:30:00Z");
    assert_eq!(day, "2018-02-17T02:00:00Z 2018-02-18T03:00:00Z");
}

#[test]
fn the_old_evening_shown_again_after_midnight_belongs_to_the_new_day() {
    // St. John's 2010-11-07: at 00:01 -02:30 the clock goes back to 23:01 -03:30 of the 6th.
    let day = cut(&calendar("America/St_Johns"), Grain::Day, "2010-11-07T02:45:00Z");
    assert_eq!(day, "2010-11-07T02:30:00Z 2010-11-08T03:30:00Z");
}

#[test]
fn a_skipped_day_is_empty_and_its_neighbours_touch() {
    // Apia had no 2011-12-30: 2011-12-29 24:00 -10 is 2011-12-31 00:00 +14.
    let apia = calendar("Pacific/Apia");
    assert_eq!(cut(&apia, Grain::Day, "2011-12-30T09:59:00Z"), "2011-12-29T10:00:00Z 2011-12-30T10:00:00Z");
    assert_eq!(cut(&apia, Grain::Day, "2011-12-30T10:00:00Z"), "2011-12-30T10:00:00Z 2011-12-31T10:00:00Z");
}

#[test]
fn weeks_begin_on_the_declared_day() {
    // 2026-05-03 is a Sunday.
    let monday = calendar("UTC");
    assert_eq!(cut(&monday, Grain::Week, "2026-05-03T12:00:00Z"), "2026-04-27T00:00:00Z 2026-05-04T00:00:00Z");
    let sunday = Calendar { week_starts: Weekday::Sunday, ..monday };
    assert_eq!(cut(&sunday, Grain::Week, "2026-05-03T12:00:00Z"), "2026-05-03T00:00:00Z 2026-05-10T00:00:00Z");
    assert_eq!(cut(&sunday, Grain::Week, "2026-05-02T12:00:00Z"), "2026-04-26T00:00:00Z 2026-05-03T00:00:00Z");
}

#[test]
fn months_quarters_and_years_are_local() {
    // 2025-12-31 23:30Z is 2026-01-01 00:30 in Berlin.
    let berlin = calendar("Europe/Berlin");
    let at = "2025-12-31T23:30:00Z";
    assert_eq!(cut(&berlin, Grain::Month, at), "2025-12-31T23:00:00Z 2026-01-31T23:00:00Z");
    assert_eq!(cut(&berlin, Grain::Quarter, at), "2025-12-31T23:00:00Z 2026-03-31T22:00:00Z");
    assert_eq!(cut(&berlin, Grain::Year, at), "2025-12-31T23:00:00Z 2026-12-31T23:00:00Z");
    assert_eq!(cut(&berlin, Grain::Quarter, "2026-12-15T00:00:00Z"), "2026-09-30T22:00:00Z 2026-12-31T23:00:00Z");
}

#[test]
fn instants_before_1970_are_cut_too() {
    assert_eq!(
        cut(&calendar("UTC"), Grain::Hour, "1969-12-31T23:59:59.999999Z"),
        "1969-12-31T23:00:00Z 1970-01-01T00:00:00Z"
    );
}

#[test]
fn a_period_already_known_is_found_again() {
    let mut cutter = Cutter::new(&calendar("UTC"), Grain::Day).expect("a zone");
    let mut starts = |at: &str| cutter.period_of(instant(at)).expect("in the calendar").expect("bounded").start;
    let first = starts("2026-05-01T09:00:00Z");
    assert_ne!(starts("2026-05-02T00:00:00Z"), first);
    assert_eq!(starts("2026-05-01T23:00:00Z"), first);
}

#[test]
fn what_no_calendar_holds_is_an_error() {
    let at = Instant::from_micros(i64::MAX);
    let mut days = Cutter::new(&calendar("UTC"), Grain::Day).expect("a zone");
    assert_eq!(days.period_of(at), Err(InterpretError::OutsideCalendar { at }));
    let unknown = Cutter::new(&calendar("Europe/Bielefeld"), Grain::Day).map(|_| ());
    assert_eq!(unknown, Err(InterpretError::UnknownZone { name: "Europe/Bielefeld".to_owned() }));
}

/// Returns the calendar of American retailers: weeks from Sunday, a year that begins near 1 February, 4-5-4 weeks.
fn retail(begins: YearBegins) -> Calendar {
    let year = Year::OfWeeks { first: 2, begins, pattern: [4, 5, 4] };
    Calendar { week_starts: Weekday::Sunday, year, ..calendar("UTC") }
}

#[test]
fn a_fiscal_year_begins_with_its_month_and_quarters_follow() {
    let april = Calendar { year: Year::OfMonths { first: 4 }, ..calendar("UTC") };
    assert_eq!(cut(&april, Grain::Year, "2026-03-31T12:00:00Z"), "2025-04-01T00:00:00Z 2026-04-01T00:00:00Z");
    assert_eq!(cut(&april, Grain::Year, "2026-04-01T00:00:00Z"), "2026-04-01T00:00:00Z 2027-04-01T00:00:00Z");
    let february = Calendar { year: Year::OfMonths { first: 2 }, ..calendar("UTC") };
    // Quarters of a year from February: February to April, May to July, August to October, November to January.
    assert_eq!(cut(&february, Grain::Quarter, "2026-01-15T00:00:00Z"), "2025-11-01T00:00:00Z 2026-02-01T00:00:00Z");
    assert_eq!(cut(&february, Grain::Month, "2026-01-15T00:00:00Z"), "2026-01-01T00:00:00Z 2026-02-01T00:00:00Z");
}

#[test]
fn a_year_of_weeks_begins_near_its_month() {
    // 1 February 2023 is a Wednesday: the Sundays around it are 29 January and 5 February, 3 and 4 days away.
    let start = |begins| cut(&retail(begins), Grain::Year, "2023-06-01T00:00:00Z")[..10].to_owned();
    assert_eq!(start(YearBegins::Nearest), "2023-01-29");
    assert_eq!(start(YearBegins::AtOrBefore), "2023-01-29");
    assert_eq!(start(YearBegins::AtOrAfter), "2023-02-05");
    // 1 February 2026 is a Sunday itself.
    let start = |begins| cut(&retail(begins), Grain::Year, "2026-06-01T00:00:00Z")[..10].to_owned();
    assert_eq!(start(YearBegins::AtOrAfter), "2026-02-01");
    assert_eq!(start(YearBegins::AtOrBefore), "2026-02-01");
}

#[test]
fn the_53rd_week_belongs_to_the_last_month_and_quarter() {
    // 1 February 2024 is a Thursday, so the next year begins on 4 February: 2023-01-29 and 371 days, 53 weeks.
    let retail = retail(YearBegins::Nearest);
    let at = "2024-02-03T12:00:00Z";
    assert_eq!(cut(&retail, Grain::Year, at), "2023-01-29T00:00:00Z 2024-02-04T00:00:00Z");
    // Three quarters are 39 weeks: 2023-10-29. Four and five weeks on the last month begins: 2023-12-31, of 5 weeks.
    assert_eq!(cut(&retail, Grain::Quarter, at), "2023-10-29T00:00:00Z 2024-02-04T00:00:00Z");
    assert_eq!(cut(&retail, Grain::Month, at), "2023-12-31T00:00:00Z 2024-02-04T00:00:00Z");
    // The first months of the year: four weeks, then five.
    assert_eq!(cut(&retail, Grain::Month, "2023-02-25T23:59:59Z"), "2023-01-29T00:00:00Z 2023-02-26T00:00:00Z");
    assert_eq!(cut(&retail, Grain::Month, "2023-02-26T00:00:00Z"), "2023-02-26T00:00:00Z 2023-04-02T00:00:00Z");
    assert_eq!(cut(&retail, Grain::Quarter, "2023-05-01T00:00:00Z"), "2023-04-30T00:00:00Z 2023-07-30T00:00:00Z");
}

#[test]
fn a_year_of_weeks_can_begin_in_the_december_before() {
    // ISO years: Monday nearest to 1 January. 1 January 2026 is a Thursday, so 2026 begins on 29 December 2025.
    let year = Year::OfWeeks { first: 1, begins: YearBegins::Nearest, pattern: [4, 4, 5] };
    let iso = Calendar { year, ..calendar("UTC") };
    assert_eq!(cut(&iso, Grain::Year, "2025-12-30T00:00:00Z"), "2025-12-29T00:00:00Z 2027-01-04T00:00:00Z");
    assert_eq!(cut(&iso, Grain::Year, "2025-12-28T00:00:00Z"), "2024-12-30T00:00:00Z 2025-12-29T00:00:00Z");
}

#[test]
fn the_first_period_from_a_day_begins_on_it_or_is_the_next() {
    let from = |day: &str| {
        let day = Date::parse(day).expect(day);
        first_from(&calendar("UTC"), Grain::Month, day).expect("in the calendar").to_string()
    };
    assert_eq!(from("2026-05-01"), "2026-05-01T00:00:00Z");
    assert_eq!(from("2026-05-02"), "2026-06-01T00:00:00Z");
}
