use super::*;
use crate::value::Weekday;

fn at(text: &str) -> Instant {
    Instant::parse(text).expect(text)
}

fn calendar(zone: &str, week_starts: Weekday, year: Year) -> Calendar {
    Calendar { zone: zone.to_owned(), week_starts, year }
}

/// The calendar of the American retail federation: 4-5-4 weeks from the Sunday nearest to the first of February.
fn retail() -> Calendar {
    let year = Year::OfWeeks { first: 2, begins: YearBegins::Nearest, pattern: [4, 5, 4] };
    calendar("UTC", Weekday::Sunday, year)
}

/// `start end` of each period of `grain` that holds an instant from `first` to `last`.
fn listed(calendar: &Calendar, grain: Grain, (first, last): (&str, &str)) -> Vec<String> {
    let periods = Periods::of(calendar, grain).expect("a zone").listed((at(first), at(last)), 0).expect("few");
    periods.into_iter().map(|period| format!("{} {}", period.start, period.end)).collect()
}

fn holding(calendar: &Calendar, grain: Grain, instant: &str) -> String {
    let period = Periods::of(calendar, grain).expect("a zone").holding(at(instant)).expect("within the calendar");
    format!("{} {}", period.start, period.end)
}

#[test]
fn quarters_and_years_begin_where_the_year_does() {
    let april = calendar("UTC", Weekday::Monday, Year::OfMonths { first: 4 });
    let february = calendar("UTC", Weekday::Monday, Year::OfMonths { first: 2 });
    let day = "2026-01-15T12:00:00Z";
    assert_eq!(holding(&april, Grain::Year, day), "2025-04-01T00:00:00Z 2026-04-01T00:00:00Z");
    assert_eq!(holding(&april, Grain::Quarter, day), "2026-01-01T00:00:00Z 2026-04-01T00:00:00Z");
    assert_eq!(holding(&february, Grain::Year, day), "2025-02-01T00:00:00Z 2026-02-01T00:00:00Z");
    assert_eq!(holding(&february, Grain::Quarter, day), "2025-11-01T00:00:00Z 2026-02-01T00:00:00Z");
    assert_eq!(holding(&february, Grain::Month, day), "2026-01-01T00:00:00Z 2026-02-01T00:00:00Z");
    assert_eq!(holding(&april, Grain::Year, "2026-04-01T00:00:00Z"), "2026-04-01T00:00:00Z 2027-04-01T00:00:00Z");
}

#[test]
fn the_retail_year_2023_had_53_weeks() {
    // As the federation publishes it: 29 January 2023 to 3 February 2024, its last month of five weeks.
    assert_eq!(holding(&retail(), Grain::Year, "2023-06-01T00:00:00Z"), "2023-01-29T00:00:00Z 2024-02-04T00:00:00Z");
    assert_eq!(holding(&retail(), Grain::Year, "2024-02-04T00:00:00Z"), "2024-02-04T00:00:00Z 2025-02-02T00:00:00Z");
    let months = listed(&retail(), Grain::Month, ("2023-11-01T00:00:00Z", "2024-02-04T00:00:00Z"));
    assert_eq!(
        months,
        [
            "2023-10-29T00:00:00Z 2023-11-26T00:00:00Z",
            "2023-11-26T00:00:00Z 2023-12-31T00:00:00Z",
            "2023-12-31T00:00:00Z 2024-02-04T00:00:00Z",
            "2024-02-04T00:00:00Z 2024-03-03T00:00:00Z",
        ]
    );
    let quarters = listed(&retail(), Grain::Quarter, ("2023-01-29T00:00:00Z", "2024-02-03T23:59:59Z"));
    assert_eq!(
        quarters,
        [
            "2023-01-29T00:00:00Z 2023-04-30T00:00:00Z",
            "2023-04-30T00:00:00Z 2023-07-30T00:00:00Z",
            "2023-07-30T00:00:00Z 2023-10-29T00:00:00Z",
            "2023-10-29T00:00:00Z 2024-02-04T00:00:00Z",
        ]
    );
}

#[test]
fn a_year_of_weeks_begins_on_the_chosen_side_of_its_month() {
    // 1 January 2026 is a Thursday: the Mondays around it are 29 December and 5 January.
    let begins = |begins| {
        let year = Year::OfWeeks { first: 1, begins, pattern: [4, 4, 5] };
        holding(&calendar("UTC", Weekday::Monday, year), Grain::Year, "2026-01-02T00:00:00Z")
    };
    assert_eq!(begins(YearBegins::Nearest), "2025-12-29T00:00:00Z 2027-01-04T00:00:00Z");
    assert_eq!(begins(YearBegins::AtOrBefore), "2025-12-29T00:00:00Z 2026-12-28T00:00:00Z");
    assert_eq!(begins(YearBegins::AtOrAfter), "2025-01-06T00:00:00Z 2026-01-05T00:00:00Z");
}

#[test]
fn a_year_that_begins_near_december_follows_the_calendar_year() {
    // 1 December 2025 is a Monday itself; 1 December 2026 a Tuesday.
    let year = Year::OfWeeks { first: 12, begins: YearBegins::AtOrBefore, pattern: [5, 4, 4] };
    let december = calendar("UTC", Weekday::Monday, year);
    assert_eq!(holding(&december, Grain::Year, "2026-05-01T00:00:00Z"), "2025-12-01T00:00:00Z 2026-11-30T00:00:00Z");
    assert_eq!(holding(&december, Grain::Month, "2026-01-04T00:00:00Z"), "2025-12-01T00:00:00Z 2026-01-05T00:00:00Z");
}

#[test]
fn periods_before_the_first_are_those_next_to_it() {
    let berlin = calendar("Europe/Berlin", Weekday::Monday, Year::CIVIL);
    let days = Periods::of(&berlin, Grain::Day).expect("a zone");
    let first = at("2026-03-29T12:00:00Z");
    let starts: Vec<String> =
        days.listed((first, first), 2).expect("few").iter().map(|period| period.start.to_string()).collect();
    assert_eq!(starts, ["2026-03-26T23:00:00Z", "2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z"]);
    let hours = Periods::of(&berlin, Grain::Hour).expect("a zone").listed((first, first), 1).expect("few");
    assert_eq!(hours[0].start, at("2026-03-29T11:00:00Z"));
    assert_eq!(hours.len(), 2);
}

#[test]
fn a_day_that_a_zone_skipped_is_no_period() {
    // Samoa went from the end of 29 December 2011 to 31 December, at 10:00Z on the 30th.
    let samoa = calendar("Pacific/Apia", Weekday::Monday, Year::CIVIL);
    assert_eq!(
        listed(&samoa, Grain::Day, ("2011-12-30T09:00:00Z", "2011-12-30T11:00:00Z")),
        ["2011-12-29T10:00:00Z 2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z 2011-12-31T10:00:00Z"]
    );
    let day = holding(&samoa, Grain::Day, "2011-12-30T10:00:00Z");
    assert_eq!(day, "2011-12-30T10:00:00Z 2011-12-31T10:00:00Z");
}

#[test]
fn a_skipped_midnight_is_the_jump_and_a_repeated_one_the_first_of_the_two() {
    let sao_paulo = calendar("America/Sao_Paulo", Weekday::Monday, Year::CIVIL);
    let day = holding(&sao_paulo, Grain::Day, "2018-11-04T03:00:00Z");
    assert_eq!(day, "2018-11-04T03:00:00Z 2018-11-05T02:00:00Z");
    let havana = calendar("America/Havana", Weekday::Monday, Year::CIVIL);
    let day = holding(&havana, Grain::Day, "2026-11-01T05:30:00Z");
    assert_eq!(day, "2026-11-01T04:00:00Z 2026-11-02T05:00:00Z");
    // The clock of St. John's showed the evening of the 6th again at 02:31Z on the 7th.
    let saint_johns = calendar("America/St_Johns", Weekday::Monday, Year::CIVIL);
    let day = holding(&saint_johns, Grain::Day, "2010-11-07T02:31:00Z");
    assert_eq!(day, "2010-11-07T02:30:00Z 2010-11-08T03:30:00Z");
}

#[test]
fn hours_overlap_where_the_clock_changes_by_half_an_hour() {
    // Lord Howe Island set its clocks back from 02:00 to 01:30 at 15:00Z on 4 April 2026.
    let island = calendar("Australia/Lord_Howe", Weekday::Monday, Year::CIVIL);
    assert_eq!(
        listed(&island, Grain::Hour, ("2026-04-04T14:00:00Z", "2026-04-04T15:30:00Z")),
        [
            "2026-04-04T14:00:00Z 2026-04-04T15:00:00Z",
            "2026-04-04T14:30:00Z 2026-04-04T15:30:00Z",
            "2026-04-04T15:30:00Z 2026-04-04T16:30:00Z",
        ]
    );
}

#[test]
fn too_many_periods_are_refused() {
    let utc = calendar("UTC", Weekday::Monday, Year::CIVIL);
    let hours = Periods::of(&utc, Grain::Hour).expect("a zone");
    let century = (at("1900-01-01T00:00:00Z"), at("2000-01-01T00:00:00Z"));
    assert!(matches!(hours.listed(century, 0), Err(RenderError::TooManyPeriods)));
    assert!(matches!(hours.listed((century.0, century.0), 100_001), Err(RenderError::TooManyPeriods)));
}
