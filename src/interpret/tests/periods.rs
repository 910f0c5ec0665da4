use super::*;
use crate::plan::Year;
use crate::value::Weekday;

fn calendar(zone: &str) -> Calendar {
    Calendar { zone: zone.to_owned(), week_starts: Weekday::Monday, year: Year::CIVIL }
}

fn at(text: &str) -> Instant {
    Instant::parse(text).expect(text)
}

/// Returns a request as of 2027 with a span of May 2026.
fn request(grain: Grain, from: Option<&str>, to: Option<&str>) -> Request {
    Request {
        grain,
        by: Vec::new(),
        from: from.map(at),
        to: to.map(at),
        as_of: at("2027-01-01T00:00:00Z"),
        span: (at("2026-05-01T12:00:00Z"), at("2026-05-31T12:00:00Z")),
    }
}

fn starts(zone: &str, request: &Request) -> Vec<String> {
    let periods = asked_for(&calendar(zone), request).expect("a list of periods");
    periods.iter().map(|period| period.start.to_string()).collect()
}

fn reach(grain: Grain, of: &str, reach: Reach) -> String {
    let period =
        Cutter::new(&calendar("UTC"), grain).expect("a zone").period_of(at(of)).expect("cut").expect("bounded");
    let reaches = reaches(&[period], reach, (&calendar("UTC"), grain)).expect("in the calendar");
    format!("{} {}", reaches[0].start, reaches[0].end)
}

#[test]
fn periods_start_within_the_range() {
    let weeks = request(Grain::Week, Some("2026-05-04T00:00:00Z"), Some("2026-05-18T00:00:00Z"));
    assert_eq!(starts("UTC", &weeks), ["2026-05-04T00:00:00Z", "2026-05-11T00:00:00Z"]);
    // The week of 4 May starts before the range.
    let weeks = request(Grain::Week, Some("2026-05-05T00:00:00Z"), Some("2026-05-18T00:00:00.000001Z"));
    assert_eq!(starts("UTC", &weeks), ["2026-05-11T00:00:00Z", "2026-05-18T00:00:00Z"]);
}

#[test]
fn without_a_range_the_span_decides_and_its_ends_belong() {
    assert_eq!(starts("UTC", &request(Grain::Month, None, None)), ["2026-05-01T00:00:00Z"]);
    let mut months = request(Grain::Month, None, None);
    months.span = (at("2026-04-30T23:59:59.999999Z"), at("2026-06-01T00:00:00Z"));
    assert_eq!(starts("UTC", &months), ["2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z"]);
    months.span = (at("2026-05-01T00:00:00Z"), at("2026-05-31T23:59:59.999999Z"));
    assert_eq!(starts("UTC", &months), ["2026-05-01T00:00:00Z"]);
}

#[test]
fn no_period_starts_after_the_moment_of_knowledge() {
    let mut days = request(Grain::Day, Some("2026-05-01T00:00:00Z"), Some("2026-05-09T00:00:00Z"));
    days.as_of = at("2026-05-02T00:00:00Z");
    assert_eq!(starts("UTC", &days), ["2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z"]);
    days.as_of = at("2026-04-30T00:00:00Z");
    assert!(starts("UTC", &days).is_empty());
}

#[test]
fn a_half_hour_jump_adds_an_hour_that_overlaps() {
    // Lord Howe: at 15:00Z on 2026-04-04 the clock goes from 02:00 +11:00 back to 01:30 +10:30. The hour of 14:59Z
    // begins at 14:00Z (01:00 +11:00), that of 15:00Z at 14:30Z (01:00 +10:30), the next at 15:30Z (02:00 +10:30).
    let hours = request(Grain::Hour, Some("2026-04-04T14:00:00Z"), Some("2026-04-04T16:00:00Z"));
    assert_eq!(
        starts("Australia/Lord_Howe", &hours),
        ["2026-04-04T14:00:00Z", "2026-04-04T14:30:00Z", "2026-04-04T15:30:00Z"]
    );
}

#[test]
fn trailing_months_end_with_the_months_they_have() {
    // Three months to the end of March: January, February of 28 days, March.
    let quarter = reach(Grain::Month, "2026-03-10T00:00:00Z", Reach::Trailing(3));
    assert_eq!(quarter, "2026-01-01T00:00:00Z 2026-04-01T00:00:00Z");
    let february = reach(Grain::Month, "2026-02-28T23:00:00Z", Reach::Trailing(2));
    assert_eq!(february, "2026-01-01T00:00:00Z 2026-03-01T00:00:00Z");
}

#[test]
fn a_period_before_is_one_period_so_many_back() {
    assert_eq!(
        reach(Grain::Month, "2026-03-31T00:00:00Z", Reach::Before(1)),
        "2026-02-01T00:00:00Z 2026-03-01T00:00:00Z"
    );
    assert_eq!(
        reach(Grain::Day, "2026-03-01T00:00:00Z", Reach::Before(7)),
        "2026-02-22T00:00:00Z 2026-02-23T00:00:00Z"
    );
}

#[test]
fn a_period_to_date_starts_with_the_longer_one_that_holds_its_first_instant() {
    // The week of 2026-06-01 starts on a Monday, that of 2026-05-29 on 25 May.
    let to_date = |of| reach(Grain::Week, of, Reach::ToDate(Grain::Month));
    assert_eq!(to_date("2026-06-01T00:00:00Z"), "2026-06-01T00:00:00Z 2026-06-08T00:00:00Z");
    assert_eq!(to_date("2026-05-29T00:00:00Z"), "2026-05-01T00:00:00Z 2026-06-01T00:00:00Z");
    // The week of 29 June ends in July and still belongs to June.
    assert_eq!(to_date("2026-07-02T00:00:00Z"), "2026-06-01T00:00:00Z 2026-07-06T00:00:00Z");
}

#[test]
fn a_list_of_periods_has_a_limit() {
    // 36 years have 315,000 hours.
    let hours = request(Grain::Hour, Some("1990-01-01T00:00:00Z"), None);
    assert_eq!(asked_for(&calendar("UTC"), &hours), Err(InterpretError::TooManyPeriods { limit: LIMIT }));
}

#[test]
fn an_hour_is_asked_for_where_it_shares_an_instant_with_the_span() {
    let mut hours = request(Grain::Hour, None, None);
    hours.span = (at("2026-05-01T10:00:00Z"), at("2026-05-01T10:30:00Z"));
    assert_eq!(starts("UTC", &hours), ["2026-05-01T10:00:00Z"]);
    // On Lord Howe Island 02:00 became 01:30 at 15:00Z of 4 April 2026: by the new clock the hour of 01:00 begins at 14:30Z.
    hours.span = (at("2026-04-04T14:45:00Z"), at("2026-04-04T14:50:00Z"));
    assert_eq!(starts("Australia/Lord_Howe", &hours), ["2026-04-04T14:00:00Z", "2026-04-04T14:30:00Z"]);
}

#[test]
fn so_many_periods_have_an_answer_and_one_more_has_none() {
    let from = at("2000-01-01T00:00:00Z");
    let hours = |count: i64| {
        let to = Instant::from_micros(from.micros() + count * HOUR);
        let request = Request { from: Some(from), to: Some(to), ..request(Grain::Hour, None, None) };
        asked_for(&calendar("UTC"), &request).map(|periods| periods.len())
    };
    assert_eq!(hours(100_000).expect("a list"), LIMIT);
    assert!(matches!(hours(100_001), Err(InterpretError::TooManyPeriods { limit: LIMIT })));
}
