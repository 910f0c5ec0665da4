//! Instants that stand for none, as the end of 9999: queries stay small, or say why they cannot be written.

use super::worlds::*;
use crate::expression::Expression;
use crate::interpret;
use crate::plan::*;
use crate::sql::{DUCKDB, Output, RenderError, SQLITE, render};
use crate::value::{Grain, Type, Value};
use crate::verify::span;

const CASES: &str = "id:integer opened:instant closed:instant customer:text";
const TIERS: &str = "tier_id:integer since:instant until:instant customer:text tier:text";

/// The longest query that nobody would call enormous, in bytes.
const LONG: usize = 30_000;

fn cases(closed: &str) -> String {
    format!("1 2026-05-04T08:00Z 2026-05-04T12:00Z anna\n2 2026-05-05T08:00Z {closed} anna")
}

fn world(closed: &str) -> World {
    let tiers = "1 2026-05-01T00:00Z 9999-12-30T00:00Z anna gold\n2 1900-01-01T00:00Z 2026-05-01T00:00Z anna silver";
    World::new(&[("cases", CASES, &cases(closed)), ("tiers", TIERS, tiers)])
}

fn open_time() -> Rule {
    let (from, to) = (instant("opened"), instant("closed"));
    let counting = Some(Times::Open(hours("Europe/Berlin", "09:00-17:00", "")));
    Rule::Clocked(Clock { from, to, counting, reversed: Reversed::Zero })
}

fn tier(world: &World) -> Rule {
    let version = Version { at: instant("opened"), from: "since".to_owned(), until: Some("until".to_owned()) };
    let same = pairs(&[("customer", "customer")]);
    Rule::Joined(Join { other: world.scan("tiers"), same, version: Some(version), value: word("tier") })
}

/// Returns the plan with days of Berlin, and the request by day with the span of its rows.
fn by_day(world: &World, pipeline: Pipeline) -> (Plan, Request) {
    let as_of = at("2026-06-01T00:00Z");
    let (mut plan, request, _) = asked(pipeline, &world.request_as_of(as_of));
    plan.calendar.zone = "Europe/Berlin".to_owned();
    let request = Request { grain: Grain::Day, span: span([&plan], &world.tables(), as_of), ..request };
    (plan, request)
}

#[test]
fn a_version_in_force_until_9999_makes_no_query_longer() {
    let world = world("2026-05-06T12:00Z");
    let pipeline = world.pipeline(vec![fact("tier", tier(&world)), fact("found", open_time())]);
    let (plan, request) = by_day(&world, pipeline.clone());
    assert_eq!(request.span, (at("2026-05-04T08:00Z"), at("2026-06-01T00:00Z")));
    for dialect in [SQLITE, DUCKDB] {
        let sql = render(&plan, &HEADER, &request, &dialect, Output::Cells).expect("renders");
        assert!(sql.len() < LONG, "{}", sql.len());
    }
    world.agrees(pipeline, &request, 0);
}

#[test]
fn where_a_range_is_asked_for_only_its_days_need_the_rules_of_the_zone() {
    let world = world("9999-12-30T00:00Z");
    let mut pipeline = world.pipeline(vec![fact("found", tier(&world))]);
    pipeline.filter.placement = Placement::Anchor { column: "closed".to_owned(), reach: Reach::Own };
    let (plan, request) = by_day(&world, pipeline);
    let all = render(&plan, &HEADER, &request, &SQLITE, Output::Cells);
    assert!(matches!(all, Err(RenderError::TooLong(_, last)) if last > at("9999-12-30T00:00Z")), "{all:?}");
    let (from, to) = (Some(at("2026-05-03T22:00Z")), Some(at("2026-05-31T22:00Z")));
    let request = Request { from, to, ..request };
    let sql = render(&plan, &HEADER, &request, &SQLITE, Output::Cells).expect("renders");
    assert!(sql.len() < LONG, "{}", sql.len());
    // Case 1 was closed on 4 May at noon; case 2 is in another period.
    let cells = interpret::cells(&plan, &world.tables(), &request).expect("cells");
    assert_eq!(cells.rows.len(), 1);
    assert_eq!(world.answers(&plan, &request), vec![cells; world.engines().len()]);
}

#[test]
fn opening_hours_until_9999_are_not_listed() {
    let world = world("9999-12-30T00:00Z");
    let (plan, request) = by_day(&world, world.pipeline(vec![fact("found", open_time())]));
    let answer = render(&plan, &HEADER, &request, &DUCKDB, Output::Cells);
    assert!(matches!(answer, Err(RenderError::TooLong(..))), "{answer:?}");
    let days = Advance { from: instant("closed"), by: Distance::CalendarDays { days: 1, zone: "UTC".to_owned() } };
    let (plan, request) = by_day(&world, world.pipeline(vec![fact("found", Rule::Advanced(days))]));
    let answer = render(&plan, &HEADER, &request, &DUCKDB, Output::Cells);
    assert!(matches!(answer, Err(RenderError::TooLong(..))), "{answer:?}");
}

#[test]
fn a_clock_that_starts_before_all_rows_is_open_before_them_too() {
    let world = World::new(&[("cases", CASES, &cases("2026-05-06T12:00Z"))]);
    let from = Expression::Literal(Value::Instant(at("2025-05-05T00:00Z")), Type::Instant);
    let Rule::Clocked(clock) = open_time() else { unreachable!("made above") };
    let pipeline = world.pipeline(vec![fact("found", Rule::Clocked(Clock { from, ..clock }))]);
    // From Monday 5 May 2025 to Sunday 3 May 2026 there are 52 weeks of 40 hours; then 09:00 to 14:00, and two whole
    // days and 09:00 to 14:00, by the clock of Berlin.
    assert_eq!(world.measured(pipeline, &world.request()), ["1 7506000", "2 7563600"]);
}
