//! Lengths of time on clocks: opening hours, events, and what is made of them.

use super::worlds::*;
use crate::expression::{Comparison, Expression};
use crate::plan::*;
use crate::sql::{DUCKDB, Output, render};
use crate::value::Type;

const CASES: &str = "id:integer opened:instant closed:instant";

fn clock(counting: Option<Times>) -> Rule {
    clock_of(counting, Reversed::Zero)
}

fn clock_of(counting: Option<Times>, reversed: Reversed) -> Rule {
    Rule::Clocked(Clock { from: instant("opened"), to: instant("closed"), counting, reversed })
}

/// The open seconds of each case.
fn open(hours: Hours, cases: &str) -> Vec<String> {
    World::new(&[("cases", CASES, cases)]).fact(clock(Some(Times::Open(hours))))
}

#[test]
fn a_clock_that_counts_always_is_a_subtraction() {
    let world = World::new(&[(
        "cases",
        CASES,
        "1 2026-05-01T09:00Z 2026-05-01T10:00:00.5Z
         2 2026-05-01T09:00Z 2026-05-01T09:00Z
         3 2026-05-01T09:00Z 2026-05-01T08:00Z
         4 2026-05-01T09:00Z -",
    )]);
    assert_eq!(world.fact(clock_of(None, Reversed::Zero)), ["1 3600.5", "2 0", "3 0", "4 -"]);
    assert_eq!(world.fact(clock_of(None, Reversed::Unknown)), ["1 3600.5", "2 0", "3 -", "4 -"]);
    assert_eq!(world.fact(clock_of(None, Reversed::Negative)), ["1 3600.5", "2 0", "3 -3600", "4 -"]);
}

#[test]
fn a_stop_before_the_start_means_what_is_declared_in_open_time_too() {
    // Friday 1 May 2026, open from 9 to 17 in UTC: from 16:00 to Monday 10:00 two hours are open.
    let cases = "1 2026-05-01T16:00Z 2026-05-04T10:00Z
                 2 2026-05-04T10:00Z 2026-05-01T16:00Z
                 3 2026-05-04T10:00Z -
                 4 2026-05-04T10:00Z 2026-05-04T10:00Z";
    let world = World::new(&[("cases", CASES, cases)]);
    let times = || Some(Times::Open(hours("UTC", "09:00-17:00", "")));
    assert_eq!(world.fact(clock_of(times(), Reversed::Zero)), ["1 7200", "2 0", "3 -", "4 0"]);
    assert_eq!(world.fact(clock_of(times(), Reversed::Unknown)), ["1 7200", "2 -", "3 -", "4 0"]);
    assert_eq!(world.fact(clock_of(times(), Reversed::Negative)), ["1 7200", "2 -7200", "3 -", "4 0"]);
}

#[test]
fn days_of_23_and_25_hours_are_real() {
    // In Berlin the clock is set forward on Sunday 29 March and back on Sunday 25 October 2026. From midnight to
    // midnight, open all day: 23 and 25 hours. Open from 02:00 to 03:00: nothing in spring, two hours in autumn.
    let cases = "1 2026-03-28T23:00Z 2026-03-29T22:00Z
                 2 2026-10-24T22:00Z 2026-10-25T23:00Z";
    assert_eq!(open(hours("Europe/Berlin", "", "00:00-24:00"), cases), ["1 82800", "2 90000"]);
    assert_eq!(open(hours("Europe/Berlin", "", "02:00-03:00"), cases), ["1 0", "2 7200"]);
    // From half past two, which spring skips: the half hour from three to half past three is what is left in spring;
    // in autumn half past two comes first in summer time, so that two hours are open until half past three.
    assert_eq!(open(hours("Europe/Berlin", "", "02:30-03:30"), cases), ["1 1800", "2 7200"]);
}

#[test]
fn a_zone_may_differ_by_half_hours() {
    // 9 to 17 in Kolkata is 03:30Z to 11:30Z.
    let cases = "1 2026-05-04T00:00Z 2026-05-04T04:00Z
                 2 2026-05-04T11:00Z 2026-05-05T03:45Z";
    assert_eq!(open(hours("Asia/Kolkata", "09:00-17:00", ""), cases), ["1 1800", "2 2700"]);
}

#[test]
fn around_the_clock_loses_no_minute() {
    // 27 March to 3 April 2026 across the change of the clock: seven days of UTC.
    let cases = "1 2026-03-27T10:20Z 2026-04-03T10:20Z";
    assert_eq!(open(hours("Europe/Berlin", "00:00-24:00", "00:00-24:00"), cases), ["1 604800"]);
    assert_eq!(open(hours("Europe/Berlin", "00:00-12:00 12:00-24:00", "00:00-24:00"), cases), ["1 604800"]);
}

#[test]
fn created_and_answered_out_of_hours_is_no_time_at_all() {
    let cases = "1 2026-05-01T18:00Z 2026-05-04T08:00Z
                 2 2026-05-01T17:00Z 2026-05-04T09:00Z
                 3 2026-05-01T16:59:59Z 2026-05-04T09:00:01Z";
    assert_eq!(open(hours("UTC", "09:00-17:00", ""), cases), ["1 0", "2 0", "3 2"]);
    assert_eq!(open(hours("UTC", "", ""), cases), ["1 0", "2 0", "3 0"]);
}

#[test]
fn a_holiday_lies_in_local_time_and_a_day_may_have_hours_of_its_own() {
    // Tokyo is nine hours ahead. Tuesday 5 May 2026 is a holiday, on Wednesday 6 May it opens from 10 to 12.
    let mut tokyo = hours("Asia/Tokyo", "09:00-17:00", "");
    tokyo.days = vec![(date("2026-05-05"), Vec::new()), (date("2026-05-06"), openings("10:00-12:00"))];
    // Monday 00:00Z to 08:00Z is 9 to 17; Wednesday 01:00Z to 03:00Z.
    let cases = "1 2026-05-04T07:00Z 2026-05-05T23:00Z
                 2 2026-05-05T00:00Z 2026-05-05T08:00Z
                 3 2026-05-04T07:30Z 2026-05-06T09:00Z";
    assert_eq!(open(tokyo, cases), ["1 3600", "2 0", "3 9000"]);
}

#[test]
fn a_day_may_have_several_intervals() {
    let cases = "1 2026-05-04T11:30Z 2026-05-04T13:30Z
                 2 2026-05-04T08:00Z 2026-05-04T20:00Z";
    assert_eq!(open(hours("UTC", "09:00-12:00 13:00-17:00", ""), cases), ["1 3600", "2 25200"]);
}

#[test]
fn a_schedule_holds_from_its_day_on_also_in_the_middle_of_a_case() {
    // Until Tuesday 5 May 2026 it opens from 9 to 17, from Wednesday on from 8 to 20.
    let mut longer = hours("UTC", "09:00-17:00", "");
    longer.schedules.push(Schedule { from: Some(date("2026-05-06")), weekly: week("08:00-20:00", "") });
    // Tuesday from 16:00: one hour; Wednesday until 10:00: two.
    assert_eq!(open(longer, "1 2026-05-05T16:00Z 2026-05-06T10:00Z"), ["1 10800"]);
}

fn spans(world: &World, end: SpanEnd) -> Spans {
    Spans {
        events: world.scan("events"),
        same: pairs(&[("id", "case")]),
        chain: None,
        counts: None,
        start: "began".to_owned(),
        end,
    }
}

const EVENTS: &str = "event:integer began:instant ended:instant case:integer status:text";

fn until_ended(world: &World) -> Times {
    Times::Spans(Box::new(spans(world, SpanEnd::Column("ended".to_owned()))))
}

fn in_status(world: &World, status: &str) -> Times {
    let counts = Some(is("status", status));
    Times::Spans(Box::new(Spans { counts, ..spans(world, SpanEnd::NextEvent) }))
}

#[test]
fn overlapping_chats_count_once() {
    let world = World::new(&[
        (
            "cases",
            CASES,
            "1 2026-05-04T09:00Z 2026-05-04T12:00Z
             2 2026-05-04T09:00Z 2026-05-04T12:00Z
             3 2026-05-04T09:00Z -",
        ),
        (
            // 08:00 to 09:30 is cut to 09:00; 09:20 to 10:00 overlaps it; 11:00 is open, so it lasts to the end; one
            // ends before it starts, one has no start, one lies outside.
            "events",
            EVENTS,
            "1 2026-05-04T08:00Z 2026-05-04T09:30Z 1 chat
             2 2026-05-04T09:20Z 2026-05-04T10:00Z 1 chat
             3 2026-05-04T09:20Z 2026-05-04T10:00Z 1 chat
             4 2026-05-04T11:00Z - 1 chat
             5 2026-05-04T10:40Z 2026-05-04T10:20Z 1 chat
             6 2026-05-04T10:30Z 2026-05-04T10:30Z 1 chat
             8 2026-05-04T12:00Z 2026-05-04T13:00Z 2 chat
             9 2026-05-04T07:00Z 2026-05-04T09:00Z 2 chat
            10 2026-05-04T07:00Z 2026-05-04T09:00Z 3 chat",
        ),
    ]);
    // 09:00 to 10:00 and 11:00 to 12:00.
    assert_eq!(world.fact(clock(Some(until_ended(&world)))), ["1 7200", "2 0", "3 -"]);
    // What is left of three hours.
    let idle = Times::Not(Box::new(until_ended(&world)));
    assert_eq!(world.fact(clock(Some(idle))), ["1 3600", "2 10800", "3 -"]);
    // Two chats at once keep an agent as busy as one.
    let both = Times::All(vec![until_ended(&world), until_ended(&world)]);
    assert_eq!(world.fact(clock(Some(both))), ["1 7200", "2 0", "3 -"]);
}

#[test]
fn pauses_come_from_the_history_of_the_status() {
    let world = World::new(&[
        (
            "cases",
            CASES,
            "1 2026-05-04T09:00Z 2026-05-04T18:00Z
             2 2026-05-04T09:00Z 2026-05-05T10:00Z",
        ),
        (
            "events",
            EVENTS,
            "1 2026-05-04T09:00Z - 1 open
             2 2026-05-04T10:00Z - 1 waiting
             3 2026-05-04T11:00Z - 1 open
             4 2026-05-04T16:30Z - 1 waiting
             5 2026-05-04T08:00Z - 2 waiting
             6 2026-05-04T09:30Z - 2 open",
        ),
    ]);
    // Waiting: 10:00 to 11:00, and from 16:30 without an end. The second case: 09:00 to 09:30.
    assert_eq!(world.fact(clock(Some(in_status(&world, "waiting")))), ["1 9000", "2 1800"]);
    // Open from 9 to 17 and not waiting: 8 h less 1 h and 30 min; 8 h and 1 h less 30 min.
    let working = Times::All(vec![
        Times::Open(hours("UTC", "09:00-17:00", "")),
        Times::Not(Box::new(in_status(&world, "waiting"))),
    ]);
    assert_eq!(world.fact(clock(Some(working.clone()))), ["1 23400", "2 30600"]);
    // Out of hours, or waiting in them: the rest of 9 h and of 25 h.
    assert_eq!(world.fact(clock(Some(Times::Not(Box::new(working.clone()))))), ["1 9000", "2 59400"]);
    let either = Times::Any(vec![in_status(&world, "waiting"), in_status(&world, "open")]);
    assert_eq!(world.fact(clock(Some(either))), ["1 32400", "2 90000"]);
    // Backwards the same set, with its sign turned.
    let rule = Rule::Clocked(Clock {
        from: instant("closed"),
        to: instant("opened"),
        counting: Some(working),
        reversed: Reversed::Negative,
    });
    assert_eq!(world.fact(rule), ["1 -23400", "2 -30600"]);
}

#[test]
fn of_events_at_one_instant_the_last_in_the_total_order_has_the_interval() {
    let world = World::new(&[
        ("cases", CASES, "1 2026-05-04T09:00Z 2026-05-04T12:00Z"),
        (
            "events",
            EVENTS,
            "2 2026-05-04T10:00Z - 1 waiting
             1 2026-05-04T10:00Z - 1 open
             3 2026-05-04T11:00Z - 1 open",
        ),
    ]);
    assert_eq!(world.fact(clock(Some(in_status(&world, "waiting")))), ["1 3600"]);
    assert_eq!(world.fact(clock(Some(in_status(&world, "open")))), ["1 3600"]);
}

#[test]
fn the_chain_says_which_events_follow_each_other() {
    let world = World::new(&[
        ("cases", CASES, "1 2026-05-04T09:00Z 2026-05-04T12:00Z"),
        (
            "events",
            EVENTS,
            "1 2026-05-04T09:00Z - 1 waiting
             2 2026-05-04T10:00Z - 1 note
             3 2026-05-04T11:00Z - 1 open",
        ),
    ]);
    assert_eq!(world.fact(clock(Some(in_status(&world, "waiting")))), ["1 3600"]);
    let chain = Some(crate::expression::Expression::Not(Box::new(is("status", "note"))));
    let counts = Some(is("status", "waiting"));
    let without_notes = Times::Spans(Box::new(Spans { chain, counts, ..spans(&world, SpanEnd::NextEvent) }));
    assert_eq!(world.fact(clock(Some(without_notes))), ["1 7200"]);
}

#[test]
fn an_event_dated_after_the_moment_of_knowledge_has_not_happened() {
    let world = World::new(&[
        ("cases", CASES, "1 2026-05-04T09:00Z 2026-05-04T12:00Z"),
        ("events", EVENTS, "1 2026-05-04T09:00Z - 1 waiting\n2 2026-05-04T11:00Z - 1 open"),
    ]);
    let facts = vec![fact("found", clock(Some(in_status(&world, "waiting"))))];
    let request = Request { as_of: at("2026-05-04T10:59:59Z"), ..world.request() };
    assert_eq!(world.measured(world.pipeline(facts), &request), ["1 10800"]);
}

#[test]
fn a_row_may_match_itself_and_columns_may_be_named_like_the_clocks_own() {
    let world = World::new(&[(
        "cases",
        "starts:integer opened:instant closed:instant moment:text set_1:text",
        "1 2026-05-04T09:00Z 2026-05-04T12:00Z anna x
         2 2026-05-04T10:00Z 2026-05-04T11:00Z anna x",
    )]);
    let together = Spans {
        events: world.scan("cases"),
        same: pairs(&[("moment", "moment")]),
        chain: None,
        counts: None,
        start: "opened".to_owned(),
        end: SpanEnd::Column("closed".to_owned()),
    };
    assert_eq!(world.fact(clock(Some(Times::Spans(Box::new(together))))), ["1 10800", "2 3600"]);
}

/// Open time of two teams and of all others, and the case that picks one of the three.
fn by_team(taken: impl FnOnce(Expression, Expression, Expression) -> Expression) -> Vec<Fact> {
    let open = |working| clock(Some(Times::Open(hours("UTC", working, ""))));
    let names = ["of_north", "of_south", "of_others"];
    let of = |name: &str| Expression::column(name, Type::Duration);
    let mut facts = vec![
        fact(names[0], open("09:00-17:00")),
        fact(names[1], open("09:00-11:00")),
        fact(names[2], open("09:00-10:00")),
    ];
    let [north, south, others] = names.map(of);
    facts.push(fact("taken", Rule::Derived(taken(north, south, others))));
    facts
}

fn picked(north: Expression, south: Expression, others: Expression) -> Expression {
    let arms = vec![(is("team", "north"), north), (is("team", "south"), south)];
    Expression::Case { arms, otherwise: Box::new(others) }
}

const TEAMS: &str = "id:integer opened:instant closed:instant team:text";
const OF_TEAMS: &str = "1 2026-05-04T00:00Z 2026-05-05T00:00Z north
                        2 2026-05-04T00:00Z 2026-05-05T00:00Z south
                        3 2026-05-04T00:00Z 2026-05-05T00:00Z west
                        4 2026-05-04T00:00Z 2026-05-05T00:00Z -";

#[test]
fn a_clock_that_one_case_reads_is_read_for_the_rows_of_that_case() {
    let world = World::new(&[("cases", TEAMS, OF_TEAMS)]);
    assert_eq!(world.facts(by_team(picked)), ["1 28800", "2 7200", "3 3600", "4 3600"]);
    let (plan, request, _) = asked(world.pipeline(by_team(picked)), &world.request());
    let sql = render(&plan, &HEADER, &request, &DUCKDB, Output::Cells).expect("renders");
    for condition in [".team = 'north'\n", ".team = 'south'\n", "(not (population.team = 'south')) is not false\n"] {
        assert!(sql.contains(condition), "{condition}\n{sql}");
    }
}

#[test]
fn a_clock_that_is_read_in_two_places_is_read_for_every_row() {
    // The clock of the first team is what the third case reads too, or the condition of a case.
    let world = World::new(&[("cases", TEAMS, OF_TEAMS)]);
    let twice = |north: Expression, south, _| picked(north.clone(), south, north);
    assert_eq!(world.facts(by_team(twice)), ["1 28800", "2 7200", "3 28800", "4 28800"]);
    let asked_for = |north: Expression, south, others: Expression| {
        let is_long = Expression::Compare(Comparison::Greater, Box::new(north), Box::new(lasting("4h")));
        Expression::Case { arms: vec![(is_long, others)], otherwise: Box::new(south) }
    };
    assert_eq!(world.facts(by_team(asked_for)), ["1 3600", "2 3600", "3 3600", "4 3600"]);
}
