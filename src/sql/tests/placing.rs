//! Facts of rows that have a fate for each period.

use super::worlds::*;
use crate::expression::{Column, Comparison, Expression, Moment};
use crate::plan::*;
use crate::value::{Grain, Type};

fn daily(world: &World, (from, to, as_of): (&str, &str, &str)) -> Request {
    Request { grain: Grain::Day, from: Some(at(from)), to: Some(at(to)), as_of: at(as_of), ..world.request() }
}

fn placed(world: &World, placement: Placement, rule: Rule) -> Pipeline {
    let mut pipeline = world.pipeline(vec![fact("found", rule)]);
    pipeline.filter.placement = placement;
    pipeline
}

const CHATS: &str = "chat:integer began:instant ended:instant agent:integer status:text";

fn chats(world: &World, end: SpanEnd, counts: Option<Expression>) -> Times {
    Times::Spans(Box::new(Spans {
        events: world.scan("chats"),
        same: pairs(&[("id", "agent")]),
        chain: None,
        counts,
        start: "began".to_owned(),
        end,
    }))
}

fn within_period(counting: Times) -> Rule {
    Rule::Clocked(Clock {
        from: Expression::Moment(Moment::PeriodStart),
        to: Expression::Moment(Moment::PeriodEnd),
        counting: Some(counting),
        reversed: Reversed::Zero,
    })
}

#[test]
fn occupancy_is_cut_to_the_period_and_counts_once() {
    let world = World::new(&[
        (
            "agents",
            "id:integer hired:instant",
            "1 2026-01-01T00:00Z
             2 2026-01-01T00:00Z",
        ),
        (
            "chats",
            CHATS,
            "1 2026-05-04T22:00Z 2026-05-05T01:00Z 1 busy
             2 2026-05-04T23:00Z 2026-05-05T00:30Z 1 busy
             3 2026-05-05T10:00Z - 1 busy
             4 2026-05-05T10:00Z 2026-05-05T10:30Z 2 idle",
        ),
    ]);
    let request = daily(&world, ("2026-05-04T00:00Z", "2026-05-06T00:00Z", "2026-05-05T12:00Z"));
    let busy = chats(&world, SpanEnd::Column("ended".to_owned()), None);
    let answer = world.measured(placed(&world, Placement::Spread, within_period(busy.clone())), &request);
    // Two hours of Monday; on Tuesday one hour, and from 10:00 until noon, when everything known ends.
    let expected = [
        "2026-05-04T00:00:00Z 1 7200",
        "2026-05-04T00:00:00Z 2 0",
        "2026-05-05T00:00:00Z 1 10800",
        "2026-05-05T00:00:00Z 2 1800",
    ];
    assert_eq!(answer, expected);
    // In opening hours from 9 to 11 only.
    let open = Times::All(vec![Times::Open(hours("UTC", "09:00-11:00", "")), busy]);
    let answer = world.measured(placed(&world, Placement::Spread, within_period(open)), &request);
    let expected = [
        "2026-05-04T00:00:00Z 1 0",
        "2026-05-04T00:00:00Z 2 0",
        "2026-05-05T00:00:00Z 1 3600",
        "2026-05-05T00:00:00Z 2 1800",
    ];
    assert_eq!(answer, expected);
}

#[test]
fn under_a_snapshot_events_are_those_known_at_its_instant() {
    let world = World::new(&[
        ("agents", "id:integer hired:instant", "1 2026-01-01T00:00Z"),
        (
            "chats",
            CHATS,
            "1 2026-05-04T12:00Z - 1 busy
             2 2026-05-05T12:00Z - 1 idle",
        ),
    ]);
    let request = daily(&world, ("2026-05-04T00:00Z", "2026-05-07T00:00Z", "2026-05-06T06:00Z"));
    // Busy since the first chat, until the second is known: 12 h at the end of Monday, a day from then on.
    let counts = Some(is("status", "busy"));
    let rule = Rule::Clocked(Clock {
        from: instant("hired"),
        to: Expression::Moment(Moment::AsOf),
        counting: Some(chats(&world, SpanEnd::NextEvent, counts)),
        reversed: Reversed::Zero,
    });
    let answer = world.measured(placed(&world, Placement::Snapshot(Edge::End), rule), &request);
    let expected = ["2026-05-04T00:00:00Z 1 43200", "2026-05-05T00:00:00Z 1 86400", "2026-05-06T00:00:00Z 1 86400"];
    assert_eq!(answer, expected);
}

#[test]
fn an_event_may_be_matched_by_the_moment_of_the_row() {
    let world = World::new(&[
        ("agents", "id:integer hired:instant", "1 2026-01-01T00:00Z"),
        (
            "chats",
            CHATS,
            "1 2026-05-04T12:00Z 2026-05-04T13:00Z 1 busy
             2 2026-05-05T12:00Z 2026-05-05T13:00Z 1 busy",
        ),
    ]);
    let request = daily(&world, ("2026-05-04T00:00Z", "2026-05-06T00:00Z", "2026-05-06T00:00Z"));
    // Chats that began in an earlier period than the row's.
    let earlier = Expression::Compare(
        Comparison::Less,
        Box::new(instant("began")),
        Box::new(Expression::Moment(Moment::PeriodStart)),
    );
    let hired = Expression::Outer(Column { name: "hired".to_owned(), ty: Type::Instant });
    let after = Expression::Compare(Comparison::Greater, Box::new(instant("began")), Box::new(hired));
    let counts = Some(Expression::And(vec![earlier, after]));
    let rule = Rule::Clocked(Clock {
        from: instant("hired"),
        to: Expression::Moment(Moment::PeriodEnd),
        counting: Some(chats(&world, SpanEnd::Column("ended".to_owned()), counts)),
        reversed: Reversed::Zero,
    });
    let answer = world.measured(placed(&world, Placement::Spread, rule), &request);
    assert_eq!(answer, ["2026-05-04T00:00:00Z 1 0", "2026-05-05T00:00:00Z 1 3600"]);
}

#[test]
fn credit_and_versions_stay_within_the_world_of_a_row() {
    let world = World::new(&[
        (
            "visits",
            "id:integer opened:instant customer:text",
            "1 2026-05-04T09:00Z anna
             2 2026-05-05T09:00Z anna",
        ),
        ("sales", "sale:integer at:instant buyer:text due:instant", "1 2026-05-04T10:00Z anna 2026-05-06T00:00Z"),
    ]);
    let request = daily(&world, ("2026-05-04T00:00Z", "2026-05-06T00:00Z", "2026-06-01T00:00Z"));
    // The sale is due on the 6th. As of the end of the 4th the first visit is the last before that; a day later the
    // second is.
    let relate = Relate {
        events: world.scan("sales"),
        same: pairs(&[("customer", "buyer")]),
        predicate: None,
        anchor: "opened".to_owned(),
        event_at: "due".to_owned(),
        window: Window {
            from: Some(Bound { at: instant("opened"), inclusive: true }),
            to: None,
            same_instant_later_in_order: false,
        },
        credit: Credit::Last,
        summary: Summary::Count,
    };
    let snapshot = Placement::Snapshot(Edge::End);
    let answer = world.measured(placed(&world, snapshot.clone(), Rule::Related(Box::new(relate))), &request);
    let expected = ["2026-05-04T00:00:00Z 1 1", "2026-05-05T00:00:00Z 1 0", "2026-05-05T00:00:00Z 2 1"];
    assert_eq!(answer, expected);
    let join = Join {
        other: world.scan("sales"),
        same: pairs(&[("customer", "buyer")]),
        version: Some(Version {
            at: Expression::Moment(Moment::AsOf),
            from: "at".to_owned(),
            until: Some("due".to_owned()),
        }),
        value: Expression::column("sale", Type::Number(0)),
    };
    // At its very end the version is over: at the end of the 5th it is no longer in force.
    let answer = world.measured(placed(&world, snapshot, Rule::Joined(join)), &request);
    let expected = ["2026-05-04T00:00:00Z 1 1", "2026-05-05T00:00:00Z 1 -", "2026-05-05T00:00:00Z 2 -"];
    assert_eq!(answer, expected);
}
