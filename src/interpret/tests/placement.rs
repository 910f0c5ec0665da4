use super::*;
use crate::expression::Moment;
use crate::plan::{Clock, Edge, Reversed, SpanEnd, Spans, Times};

const TICKETS: [&str; 3] =
    ["1|2026-05-01T09:00:00Z|open", "1|2026-05-03T09:00:00Z|closed", "2|2026-05-02T09:00:00Z|open"];

/// Open tickets at an edge of each of the days from 1 to 4 May.
fn backlog(edge: Edge) -> Case {
    let mut case = case("id text, at instant, status text", &TICKETS).by(Grain::Day, &[]).steps(|steps| {
        steps.scan.dedupe = Dedupe::Latest;
        steps.filter.predicate = Some(is("status", "open"));
        steps.filter.placement = Placement::Snapshot(edge);
    });
    case.request.from = Some(instant("2026-05-01T00:00:00Z"));
    case.request.to = Some(instant("2026-05-05T00:00:00Z"));
    case
}

fn values(case: &Case) -> String {
    let cells = case.shown(&["period_start", "value"]);
    cells.iter().map(|cell| cell[8..10].to_owned() + "=" + &cell[21..]).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_snapshot_sees_the_version_known_at_its_instant() {
    // At the ends of the days: ticket 1; both; ticket 2, ticket 1 being closed; the same.
    let ends = backlog(Edge::End);
    assert_eq!(values(&ends), "01=1 02=2 03=1 04=1");
    // Three rows at four instants: after them 2 + 1 + 0 + 0; then one duplicate and one closed ticket each.
    assert_eq!(ends.ledger(), "after_as_of=3 duplicate=2 outside=2 counted=5");
    // At the start of 1 May nothing is known: there are no tickets.
    assert_eq!(values(&backlog(Edge::Start)), "01=0 02=1 03=2 04=1");
}

#[test]
fn a_row_at_the_very_instant_of_a_snapshot_is_known() {
    let mut case = backlog(Edge::Start);
    case.request.from = Some(instant("2026-05-01T09:00:00Z"));
    case.request.to = Some(instant("2026-05-01T11:00:00Z"));
    let case = case.by(Grain::Hour, &[]);
    assert_eq!(case.shown(&["period_start", "value"]), ["2026-05-01T09:00:00Z|1", "2026-05-01T10:00:00Z|1"]);
}

#[test]
fn a_snapshot_of_a_running_period_is_taken_at_the_moment_of_knowledge() {
    let case = backlog(Edge::End).known_at("2026-05-02T12:00:00Z");
    assert_eq!(
        case.shown(&["period_start", "value", "state"]),
        ["2026-05-01T00:00:00Z|1|final", "2026-05-02T00:00:00Z|2|provisional"]
    );
    let early = backlog(Edge::End).known_at("2026-05-02T08:00:00Z");
    assert_eq!(values(&early), "01=1 02=1");
}

#[test]
fn the_moments_of_a_snapshot_are_its_own() {
    // Ages at the end of each day: ticket 1 was last heard of on 1 May 09:00.
    let from = instant_of("at");
    let age = Clock { from, to: Expression::Moment(Moment::AsOf), counting: None, reversed: Reversed::Zero };
    let case = backlog(Edge::End).knowing(Rule::Clocked(age)).measuring(Measure::Max(fact(Type::Duration)));
    // 15 h, 39 h, and of ticket 2 39 h and 63 h.
    assert_eq!(values(&case), "01=54000 02=140400 03=140400 04=226800");
}

#[test]
fn events_after_a_snapshot_have_not_happened() {
    let case =
        backlog(Edge::End).relating(window("-9d", "9d"), Summary::Count).relate_step(|relate| relate.same.clear());
    let case = case.measuring(Measure::Sum(fact(Type::Number(0))));
    // Each open ticket sees the other where that is known, open or not.
    assert_eq!(values(&case), "01=0 02=2 03=1 04=1");
}

#[test]
fn everything_is_one_snapshot() {
    let mut case = backlog(Edge::End).by(Grain::All, &[]);
    case.request.to = None;
    assert_eq!(case.shown(&["period_start", "value"]), ["|1"]);
    case.request.to = Some(instant("2026-05-03T00:00:00Z"));
    assert_eq!(case.shown(&["period_start", "value"]), ["|2"]);
    let mut case = backlog(Edge::Start).by(Grain::All, &[]);
    case.request.from = Some(instant("2026-05-02T00:00:00Z"));
    assert_eq!(case.shown(&["value"]), ["1"]);
    case.request.from = None;
    assert_eq!(case.error(), InterpretError::NoPeriodStart);
}

/// The time that each of two shifts of May takes of each of its days.
fn shifts() -> Case {
    let rows = ["1|2026-05-01T22:00:00Z|2026-05-03T02:00:00Z", "2|2026-05-02T08:00:00Z|2026-05-02T09:00:00Z"];
    let mut case = case("id text, at instant, until instant", &rows).by(Grain::Day, &[]);
    let spans = Spans {
        events: scan_of("contacts", &case.tables["contacts"]),
        same: vec![("id".to_owned(), "id".to_owned())],
        chain: None,
        counts: None,
        start: "at".to_owned(),
        end: SpanEnd::Column("until".to_owned()),
    };
    case.request.from = Some(instant("2026-05-01T00:00:00Z"));
    case.request.to = Some(instant("2026-05-04T00:00:00Z"));
    let clock = Clock {
        from: Expression::Moment(Moment::PeriodStart),
        to: Expression::Moment(Moment::PeriodEnd),
        counting: Some(Times::Spans(Box::new(spans))),
        reversed: Reversed::Zero,
    };
    let case = case.knowing(Rule::Clocked(clock)).measuring(Measure::Sum(fact(Type::Duration)));
    case.steps(|steps| steps.filter.placement = Placement::Spread)
}

#[test]
fn a_length_of_time_is_spread_over_the_periods_that_hold_it() {
    // 2 h; 24 h and 1 h; 2 h.
    assert_eq!(values(&shifts()), "01=7200 02=90000 03=7200");
    assert_eq!(shifts().ledger(), "counted=6");
    // Until 3 May 01:00 only one hour of the last day has passed.
    let running = shifts().known_at("2026-05-03T01:00:00Z");
    assert_eq!(values(&running), "01=7200 02=90000 03=3600");
}

#[test]
fn everything_spread_needs_a_start() {
    let mut case = shifts().by(Grain::All, &[]);
    assert_eq!(case.shown(&["value"]), [(29 * 3_600).to_string()]);
    case.request.from = None;
    assert_eq!(case.error(), InterpretError::NoPeriodStart);
}

/// Counts contacts of 28 April to 4 May by the days from 1 to 5 May.
fn reaching(reach: Reach) -> Case {
    let days = ["04-28", "04-30", "05-01", "05-02", "05-02", "05-04"];
    let rows: Vec<String> =
        days.iter().enumerate().map(|(id, day)| format!("{id}|2026-{day}T12:00:00Z|{}", id % 2)).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let mut case = case("id text, at instant, kind text", &rows).by(Grain::Day, &[]);
    case.request.from = Some(instant("2026-05-01T00:00:00Z"));
    case.request.to = Some(instant("2026-05-06T00:00:00Z"));
    case.steps(|steps| steps.filter.placement = anchored("at", reach))
}

#[test]
fn a_row_counts_in_every_period_that_trails_it_and_once_in_the_ledger() {
    let trailing = reaching(Reach::Trailing(2));
    assert_eq!(values(&trailing), "01=2 02=3 03=2 04=1 05=1");
    assert_eq!(trailing.ledger(), "other_period=1 counted=5");
}

#[test]
fn a_row_counts_in_the_period_it_came_so_many_before() {
    let before = reaching(Reach::Before(1));
    assert_eq!(values(&before), "01=1 02=1 03=2 05=1");
    // 28 April comes too early, and no row is of 5 May; 3 May has no row at all.
    assert_eq!(before.ledger(), "other_period=1 counted=5");
    assert_eq!(values(&reaching(Reach::Before(3))), "01=1 03=1 04=1 05=2");
}

#[test]
fn a_row_counts_until_the_longer_period_ends() {
    let to_date = reaching(Reach::ToDate(Grain::Month));
    assert_eq!(values(&to_date), "01=1 02=3 03=3 04=4 05=4");
    assert_eq!(to_date.ledger(), "other_period=2 counted=4");
}

#[test]
fn unknown_rows_are_in_every_cell_that_reaches_them() {
    let case = reaching(Reach::Trailing(2)).steps(|steps| {
        steps.filter.predicate = Some(Expression::Literal(Value::Null, Type::Boolean));
    });
    let cells = case.shown(&["value", "unknown"]);
    assert_eq!(cells, ["0|2", "0|3", "0|2", "0|1", "0|1"]);
    assert_eq!(case.ledger(), "unknown=6");
}

#[test]
fn everything_reaches_no_further_than_itself_and_nothing_lies_before_it() {
    for reach in [Reach::Own, Reach::Trailing(2), Reach::ToDate(Grain::Month)] {
        assert_eq!(reaching(reach).by(Grain::All, &[]).shown(&["value"]), ["4"]);
    }
    let before = reaching(Reach::Before(1)).by(Grain::All, &[]);
    assert_eq!((before.shown(&["value"]), before.ledger()), (vec!["0".to_owned()], "other_period=6".to_owned()));
}
