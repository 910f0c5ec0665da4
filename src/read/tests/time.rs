//! Claims about instants: zones, skipped and repeated hours, patterns, centuries, midnight.
//!
//! Offsets are those of the IANA database: Berlin +01:00 and +02:00, Jerusalem +02:00 and +03:00.

use super::*;

fn stamped(zone: Option<WallClock>) -> Source {
    let mut source = source(vec![column("at", Type::Instant)]);
    source.clock = zone;
    source
}

fn one(source: &Source, text: &str) -> Value {
    only(read(source, &format!("at\n{text}\n"))).remove(0)
}

fn berlin(gap: ClockPolicy, fold: ClockPolicy) -> Source {
    stamped(clock("Europe/Berlin", gap, fold))
}

#[test]
fn a_naive_time_is_read_in_the_zone_of_its_source() {
    let source = berlin(ClockPolicy::Refuse, ClockPolicy::Refuse);
    for text in ["2026-05-01 09:00:00", "2026-05-01T09:00:00", "2026-05-01T09:00", "2026-05-01T07:00:00Z"] {
        assert_eq!(one(&source, text), at("2026-05-01T07:00:00Z"), "{text}");
    }
    assert_eq!(one(&source, "2026-01-01 09:00:00.25"), at("2026-01-01T08:00:00.25Z"));
}

#[test]
fn a_naive_time_without_a_zone_is_refused_even_where_invalid_is_null() {
    let mut source = stamped(None);
    source.columns[0].reading.invalid = InvalidPolicy::Null;
    assert_eq!(one(&source, "2026-05-01T09:00:00+02:00"), at("2026-05-01T07:00:00Z"));
    assert!(message(read(&source, "at\n2026-05-01 09:00:00\n")).contains("has no offset"));
}

#[test]
fn texts_that_hide_a_second_truth_are_no_instants() {
    let source = berlin(ClockPolicy::Earlier, ClockPolicy::Earlier);
    for text in [
        "2026-05-01T09:00:00+02:00[Europe/Berlin]",
        "2026-05-01T09:00:00[Europe/Berlin]",
        "2026-05-01T09:00:00+99:00",
        "2026-05-01",
        "2026-05-01T",
        "2026-05-01T0900",
        "2026-02-29T09:00:00",
        "2026-05-01T24:00:00",
        "é026-05-01T09:00:00",
    ] {
        assert!(read(&source, &format!("at\n{text}\n")).is_err(), "{text}");
    }
}

#[test]
fn a_skipped_time_follows_the_gap_policy() {
    // 02:00 +01:00 becomes 03:00 +02:00 on 2026-03-29: 02:30 is 00:30Z by the later offset, 01:30Z by the earlier.
    let text = "at\n2026-03-29 02:30:00\n2026-03-29 03:00:00\n";
    let expected = [(ClockPolicy::Earlier, "2026-03-29T00:30:00Z"), (ClockPolicy::Later, "2026-03-29T01:30:00Z")];
    for (gap, instant) in expected {
        let reading = read(&berlin(gap, ClockPolicy::Refuse), text).expect("reads");
        assert_eq!(reading.table.rows, [vec![at(instant)], vec![at("2026-03-29T01:00:00Z")]]);
        assert_eq!(reading.notes, [Note { column: "at".to_owned(), event: Event::Gap, count: 1 }]);
    }
    let error = message(read(&berlin(ClockPolicy::Refuse, ClockPolicy::Earlier), text));
    assert!(error.contains("`2026-03-29T02:30:00` does not exist in `Europe/Berlin`"), "{error}");
}

#[test]
fn a_repeated_time_follows_the_fold_policy() {
    // 03:00 +02:00 becomes 02:00 +01:00 on 2026-10-25: 02:30 is 00:30Z first, 01:30Z again.
    let text = "at\n2026-10-25 02:30:00\n2026-10-25 03:00:00\n";
    let expected = [(ClockPolicy::Earlier, "2026-10-25T00:30:00Z"), (ClockPolicy::Later, "2026-10-25T01:30:00Z")];
    for (fold, instant) in expected {
        let reading = read(&berlin(ClockPolicy::Refuse, fold), text).expect("reads");
        assert_eq!(reading.table.rows, [vec![at(instant)], vec![at("2026-10-25T02:00:00Z")]]);
        assert_eq!(reading.notes, [Note { column: "at".to_owned(), event: Event::Fold, count: 1 }]);
    }
    let error = message(read(&berlin(ClockPolicy::Earlier, ClockPolicy::Refuse), text));
    assert!(error.contains("`2026-10-25T02:30:00` exists twice in `Europe/Berlin`"), "{error}");
}

#[test]
fn a_zone_that_does_not_exist_is_told_once() {
    let source = stamped(clock("Europe/Atlantis", ClockPolicy::Earlier, ClockPolicy::Earlier));
    assert_eq!(message(read(&source, "at\nx\n")), "calls.csv: there is no time zone `Europe/Atlantis`");
}

#[test]
fn digits_below_a_microsecond_are_cut_and_counted() {
    let text = "at\n2026-05-01T09:00:00.1234567Z\n2026-05-01T09:00:00.123456000Z\n";
    let reading = read(&stamped(None), text).expect("reads");
    assert_eq!(reading.table.rows[0], reading.table.rows[1]);
    assert_eq!(reading.count("at", Event::Truncated), 1);
    let reading = read(&patterned("%F %T%.f", None, "UTC"), "at\n2026-05-01 09:00:00.123456789\n").expect("reads");
    assert_eq!(reading.table.rows[0][0], at("2026-05-01T09:00:00.123456Z"));
    assert_eq!(reading.count("at", Event::Truncated), 1);
}

fn patterned(format: &str, century: Option<i16>, zone: &str) -> Source {
    let mut source = stamped(clock(zone, ClockPolicy::Earlier, ClockPolicy::Later));
    source.columns[0].reading.format = Some(format.to_owned());
    source.columns[0].reading.century = century;
    source
}

#[test]
fn jerusalem_in_1999_had_the_summer_time_of_that_year() {
    let source = patterned("%y%m%d %H:%M:%S", Some(1900), "Asia/Jerusalem");
    assert_eq!(one(&source, "990201 7:02:47"), at("1999-02-01T05:02:47Z"));
    assert_eq!(one(&source, "990701 7:02:47"), at("1999-07-01T04:02:47Z"));
    // Clocks went forward at 02:00 on 2 April and back at 02:00 on 3 September.
    assert_eq!(one(&source, "990402 2:30:00"), at("1999-04-01T23:30:00Z"));
    assert_eq!(one(&source, "990903 1:30:00"), at("1999-09-02T23:30:00Z"));
}

#[test]
fn two_digit_years_lie_in_the_declared_hundred_years() {
    for (century, text, day) in [
        (1900, "000229", None),
        (1900, "680301", Some("1968-03-01T00:00:00Z")),
        (1900, "000301", Some("1900-03-01T00:00:00Z")),
        (2000, "990301", Some("2099-03-01T00:00:00Z")),
        (1970, "700301", Some("1970-03-01T00:00:00Z")),
        (1970, "690301", Some("2069-03-01T00:00:00Z")),
    ] {
        let read = read(&patterned("%y%m%d", Some(century), "UTC"), &format!("at\n{text}\n"));
        assert_eq!(read.ok().map(|reading| reading.table.rows[0][0].clone()), day.map(at), "{century} {text}");
    }
    for (format, text) in [("%Y%m%d", "20260301"), ("%y %Y%m%d", "99 20260301"), ("%%y %F", "%y 2026-03-01")] {
        assert_eq!(one(&patterned(format, Some(1900), "UTC"), text), at("2026-03-01T00:00:00Z"), "{format}");
    }
}

#[test]
fn a_two_digit_year_without_a_century_is_refused_before_any_row() {
    for format in ["%y%m%d", "%D", "%-y-%m-%d", "%02y%m%d", "%Y %y%m%d"] {
        let error = message(read(&patterned(format, None, "UTC"), "at\n\n"));
        assert!(error.starts_with("calls.csv: column `at`: the format `%"), "{error}");
    }
}

#[test]
fn an_offset_in_the_pattern_wins_over_the_zone_and_a_zone_name_is_refused() {
    let source = patterned("%d.%m.%Y %H:%M %z", None, "Europe/Berlin");
    assert_eq!(one(&source, "01.05.2026 09:00 +0000"), at("2026-05-01T09:00:00Z"));
    assert_eq!(one(&patterned("%s", None, "Europe/Berlin"), "86400"), at("1970-01-02T00:00:00Z"));
    let named = patterned("%Y-%m-%d %H:%M %Q", None, "Europe/Berlin");
    assert!(message(read(&named, "at\n2026-05-01 09:00 Asia/Tokyo\n")).contains("zone name"));
}

#[test]
fn a_text_that_does_not_fit_the_pattern_is_refused() {
    for (format, text) in
        [("%Y-%m-%d", "01.05.2026"), ("%Y-%m-%d", "2026-05-01 x"), ("%", "x"), ("%!", "x"), ("%5", "x")]
    {
        let error = message(read(&patterned(format, None, "UTC"), &format!("at\n{text}\n")));
        assert!(error.contains(&format!("`{text}` is not of the form `{format}`")), "{error}");
    }
}

#[test]
fn dates_follow_their_pattern() {
    let mut day = column("day", Type::Date);
    day.reading.format = Some("%d.%m.%y".to_owned());
    day.reading.century = Some(1900);
    let values = only(read(&source(vec![day]), "day\n1.2.99\n"));
    assert_eq!(values[0].to_string(), "1999-02-01");
}

fn shift(zone: &str, gap: ClockPolicy) -> Source {
    let mut end = column("end", Type::Instant);
    end.reading.next_day_if_before = Some("start".to_owned());
    let mut source = source(vec![column("start", Type::Instant), end]);
    source.clock = clock(zone, gap, ClockPolicy::Refuse);
    source
}

#[test]
fn a_time_before_its_predecessor_is_of_the_next_calendar_day() {
    let source = shift("Europe/Berlin", ClockPolicy::Refuse);
    let text = "start,end\n2026-05-01 23:59:00,2026-05-01 00:01:00\n2026-05-01 09:00:00,2026-05-01 09:00:00\n\
                ,2026-05-01 09:00:00\n2026-05-01 23:59:00,\n2026-05-01T22:00:00Z,2026-05-01T21:59:00Z\n\
                2026-05-01T22:00:00Z,2026-05-01T22:00:00Z\n";
    let reading = read(&source, text).expect("reads");
    let ends: Vec<_> = reading.table.rows.iter().map(|row| row[1].clone()).collect();
    let expected = ["2026-05-01T22:01:00Z", "2026-05-01T07:00:00Z", "2026-05-01T07:00:00Z"].map(at);
    assert_eq!(ends[..3], expected);
    assert_eq!(ends[3..], [Value::Null, at("2026-05-02T21:59:00Z"), at("2026-05-01T22:00:00Z")]);
    assert_eq!(reading.notes, [Note { column: "end".to_owned(), event: Event::NextDay, count: 2 }]);
}

#[test]
fn the_next_day_has_as_many_hours_as_the_zone_gives_it() {
    // 03:30 of 28 March is 02:30Z; a calendar day later it is 01:30Z, 23 hours on.
    let text = "start,end\n2026-03-28 23:00:00,2026-03-28 03:30:00\n";
    let reading = read(&shift("Europe/Berlin", ClockPolicy::Refuse), text).expect("reads");
    assert_eq!(reading.table.rows[0][1], at("2026-03-29T01:30:00Z"));
}

#[test]
fn only_the_final_wall_time_is_held_against_the_policies() {
    // 02:30 does not exist on 29 March, but is meant for 30 March; 28 March 02:30 exists, but 29 March is meant.
    let moved_out = "start,end\n2026-03-29 23:00:00,2026-03-29 02:30:00\n";
    let reading = read(&shift("Europe/Berlin", ClockPolicy::Refuse), moved_out).expect("30 March has a 02:30");
    assert_eq!(reading.table.rows[0][1], at("2026-03-30T00:30:00Z"));
    assert_eq!(reading.count("end", Event::Gap), 0);
    let moved_in = "start,end\n2026-03-28 23:00:00,2026-03-28 02:30:00\n";
    assert!(message(read(&shift("Europe/Berlin", ClockPolicy::Refuse), moved_in)).contains("does not exist"));
    let reading = read(&shift("Europe/Berlin", ClockPolicy::Later), moved_in).expect("reads");
    assert_eq!((reading.count("end", Event::Gap), reading.count("end", Event::NextDay)), (1, 1));
    // 02:30 of 25 October is 00:30Z or 01:30Z; a start between the two does not prove a midnight.
    let between = "start,end\n2026-10-25T01:00:00Z,2026-10-25 02:30:00\n";
    assert!(message(read(&shift("Europe/Berlin", ClockPolicy::Refuse), between)).contains("exists twice"));
}

#[test]
fn an_offset_settles_which_of_two_hours_is_meant_before_midnight_is_looked_for() {
    // 00:30Z is the first 02:30 of 25 October and lies before 01:00Z; a calendar day on, 02:30 +01:00 is 01:30Z.
    let mut source = shift("Europe/Berlin", ClockPolicy::Refuse);
    source.clock = clock("Europe/Berlin", ClockPolicy::Later, ClockPolicy::Later);
    let reading = read(&source, "start,end\n2026-10-25T01:00:00Z,2026-10-25T00:30:00Z\n").expect("reads");
    assert_eq!(reading.table.rows[0][1], at("2026-10-26T01:30:00Z"));
}

#[test]
fn moving_past_midnight_needs_a_zone_and_an_earlier_column() {
    let mut source = shift("UTC", ClockPolicy::Refuse);
    source.columns.swap(0, 1);
    assert!(message(read(&source, "start,end\n")).contains("`start` is no instant column declared before"));
    source.columns.swap(0, 1);
    source.clock = None;
    assert!(message(read(&source, "start,end\n")).contains("needs the source's zone"));
}
