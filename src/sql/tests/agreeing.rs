//! Facts about random rows, dense in ties, nulls and changes of clocks: every engine finds what the interpreter does.

use super::worlds::*;
use crate::expression::{Column, Comparison, Expression, Moment};
use crate::plan::*;
use crate::table::{Field, Table};
use crate::value::{Duration, Grain, Instant, Number, Type, Value};

/// How many plans are tried over how many tables.
const WORLDS: u64 = 3;
const PLANS: u64 = 10;

const ZONES: [&str; 5] = ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe"];

/// Numbers that look random and are the same on every run.
pub(super) struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize].clone()
    }

    /// An instant within the ten days in which the clocks of Berlin and Lord Howe change, mostly on the hour.
    fn instant(&mut self) -> Value {
        let hours = self.below(240) as i64;
        let beside = self.pick(&[0, 0, 0, 0, 1_800, 1, -1]);
        let micros = if self.once_in(20) { 1 } else { 0 };
        let first = at("2026-03-27T00:00Z").micros();
        Value::Instant(Instant::from_micros(first + (hours * 3_600 + beside) * 1_000_000 + micros))
    }

    fn or_null(&mut self, value: Value) -> Value {
        if self.once_in(5) { Value::Null } else { value }
    }
}

fn world(dice: &mut Dice) -> World {
    let rows = |dice: &mut Dice, count: u64, row: &dyn Fn(&mut Dice, i64) -> Vec<Value>| {
        (1..=count as i64).map(|id| row(dice, id)).collect::<Vec<_>>()
    };
    let cases = rows(dice, 6, &|dice, id| {
        let (opened, closed) = (dice.instant(), dice.instant());
        let customer = Value::text(dice.pick(&["anna", "ben"]));
        let within = dice.pick(&["0s", "1h", "-1h", "3h30m", "20h", "-9h"]);
        let within = Value::Duration(within.parse::<Duration>().expect(within));
        vec![Value::integer(id), opened, dice.or_null(closed), dice.or_null(customer), dice.or_null(within)]
    });
    let events = rows(dice, 14, &|dice, id| {
        let (began, ended, due) = (dice.instant(), dice.instant(), dice.instant());
        let case = Value::integer(1 + dice.below(6) as i64);
        let status = Value::text(dice.pick(&["open", "waiting", "note"]));
        let price = Value::Number(Number::new(i128::from(dice.below(500)), 2));
        let buyer = Value::text(dice.pick(&["anna", "ben"]));
        let nullable = [ended, due, case, status, price, buyer].map(|value| dice.or_null(value));
        [vec![Value::integer(id), began], nullable.to_vec()].concat()
    });
    World::of(vec![
        ("cases", table("id:integer opened:instant closed:instant customer:text within:duration", cases)),
        (
            "events",
            table(
                "event:integer began:instant ended:instant due:instant case:integer status:text price:money buyer:text",
                events,
            ),
        ),
    ])
}

fn table(head: &str, rows: Vec<Vec<Value>>) -> Table {
    let field = |word: &str| {
        let (name, ty) = word.split_once(':').expect("name:type");
        Field::new(name, type_of(ty))
    };
    Table { fields: head.split_whitespace().map(field).collect(), rows }
}

fn some_hours(dice: &mut Dice) -> Hours {
    let week = ["09:00-17:00", "00:00-24:00", "08:30-12:00 13:00-17:30", "02:00-03:00", "01:30-02:30 22:00-24:00", ""];
    // What stays closed for ever has no open time to come.
    let working = &week[..5];
    let mut hours = hours(dice.pick(&ZONES), dice.pick(working), dice.pick(&week));
    if dice.once_in(2) {
        let weekly = super::worlds::week(dice.pick(working), dice.pick(&week));
        hours.schedules.push(Schedule { from: Some(date("2026-03-31")), weekly });
    }
    if dice.once_in(2) {
        hours.days = vec![(date("2026-03-29"), openings(dice.pick(&week))), (date("2026-04-01"), Vec::new())];
    }
    hours
}

fn some_spans(world: &World, dice: &mut Dice) -> Spans {
    let own_price = Expression::Compare(
        Comparison::LessOrEqual,
        Box::new(instant("began")),
        Box::new(Expression::Outer(Column { name: "closed".to_owned(), ty: Type::Instant })),
    );
    let conditions = [None, Some(is("status", "waiting")), Some(own_price), Some(is("status", "open"))];
    Spans {
        events: world.scan("events"),
        same: dice.pick(&[pairs(&[("id", "case")]), pairs(&[("customer", "buyer")]), Vec::new()]),
        chain: dice.pick(&conditions),
        counts: dice.pick(&conditions),
        start: dice.pick(&["began", "due"]).to_owned(),
        end: dice.pick(&[SpanEnd::Column("ended".to_owned()), SpanEnd::NextEvent]),
    }
}

fn some_times(world: &World, dice: &mut Dice, depth: u64) -> Times {
    match dice.below(if depth == 0 { 2 } else { 5 }) {
        0 => Times::Open(some_hours(dice)),
        1 => Times::Spans(Box::new(some_spans(world, dice))),
        2 => Times::Not(Box::new(some_times(world, dice, depth - 1))),
        3 => Times::Any(vec![some_times(world, dice, depth - 1), some_times(world, dice, depth - 1)]),
        _ => Times::All(vec![some_times(world, dice, depth - 1), some_times(world, dice, depth - 1)]),
    }
}

fn some_distance(dice: &mut Dice) -> Distance {
    let days = dice.pick(&[0, 1, 2, 5, -1, -2]);
    match dice.below(4) {
        0 => Distance::CalendarDays { days, zone: dice.pick(&ZONES).to_owned() },
        1 => Distance::BusinessDays { days, hours: some_hours(dice) },
        2 => Distance::BusinessTime {
            length: lasting(dice.pick(&["0s", "1h", "8h", "30h", "-1h", "-12h"])),
            hours: some_hours(dice),
        },
        _ => Distance::BusinessTime { length: Expression::column("within", Type::Duration), hours: some_hours(dice) },
    }
}

fn some_relate(world: &World, dice: &mut Dice, may_credit: bool) -> Relate {
    let bound = |dice: &mut Dice, names: &[&str]| {
        let at = match dice.below(3) {
            0 => return None,
            1 => Expression::shift("opened", dice.pick(&["-12h", "0s", "1d"]).parse().expect("a duration")),
            _ => instant(dice.pick(names)),
        };
        Some(Bound { at, inclusive: dice.once_in(2) })
    };
    let price = || Expression::column("price", Type::Number(2));
    let dear = Expression::Compare(
        Comparison::Greater,
        Box::new(price()),
        Box::new(Expression::Literal(Value::Number(Number::new(200, 2)), Type::Number(2))),
    );
    let summaries = [
        Summary::Exists,
        Summary::Count,
        Summary::Every(dear.clone()),
        Summary::First(word("status")),
        Summary::Last(price()),
        Summary::Sum(price()),
        Summary::Mean(price()),
        Summary::Min(instant("due")),
        Summary::Max(price()),
    ];
    Relate {
        events: world.scan("events"),
        same: dice.pick(&[pairs(&[("customer", "buyer")]), pairs(&[("id", "case")]), Vec::new()]),
        predicate: dice.pick(&[None, Some(dear)]),
        anchor: "opened".to_owned(),
        event_at: dice.pick(&["began", "due"]).to_owned(),
        window: Window {
            from: bound(dice, &["opened", "closed"]),
            to: bound(dice, &["due_at", "closed"]),
            same_instant_later_in_order: false,
        },
        credit: if may_credit { dice.pick(&[Credit::Every, Credit::First, Credit::Last]) } else { Credit::Every },
        summary: dice.pick(&summaries),
    }
}

fn some_rule(world: &World, dice: &mut Dice, (placement, may_credit): (&Placement, bool)) -> Rule {
    let mut ends = vec![instant("opened"), instant("closed"), instant("due_at"), Expression::Moment(Moment::AsOf)];
    if *placement == Placement::Spread {
        ends.extend([Moment::PeriodStart, Moment::PeriodEnd].map(Expression::Moment));
    }
    match dice.below(6) {
        0 => Rule::Related(Box::new(some_relate(world, dice, may_credit))),
        1 => Rule::Joined(Join {
            other: world.scan("events"),
            same: pairs(&[("customer", "buyer")]),
            version: Some(Version {
                at: dice.pick(&ends),
                from: dice.pick(&["began", "due"]).to_owned(),
                until: dice.pick(&[None, Some("ended".to_owned())]),
            }),
            value: word("status"),
        }),
        2 => Rule::Advanced(Advance { from: dice.pick(&ends), by: some_distance(dice) }),
        _ => Rule::Clocked(Clock {
            from: dice.pick(&ends),
            to: dice.pick(&ends),
            counting: if dice.once_in(9) { None } else { Some(some_times(world, dice, 2)) },
            reversed: dice.pick(&[Reversed::Zero, Reversed::Unknown, Reversed::Negative]),
        }),
    }
}

/// Returns a random world.
pub(super) fn some_world(seed: u64) -> (World, Dice) {
    let mut dice = Dice(seed);
    let world = world(&mut dice);
    (world, dice)
}

/// Returns a random question about the facts of its cases.
pub(super) fn some_question(world: &World, dice: &mut Dice) -> (Pipeline, Request) {
    let own = Placement::Anchor { column: "opened".to_owned(), reach: Reach::Own };
    let trailing = Placement::Anchor { column: "closed".to_owned(), reach: Reach::Trailing(2) };
    let snapshot = Placement::Snapshot(dice.pick(&[Edge::Start, Edge::End]));
    let placement = dice.pick(&[own.clone(), own, trailing, snapshot, Placement::Spread]);
    let is_late = dice.once_in(4);
    let due = Rule::Advanced(Advance { from: instant("opened"), by: some_distance(dice) });
    let found = some_rule(world, dice, (&placement, !is_late));
    let mut pipeline = world.pipeline(vec![fact("due_at", due), fact("found", found)]);
    pipeline.filter.placement = placement;
    pipeline.filter.predicate = if is_late {
        let closed = Box::new(instant("closed"));
        Some(Expression::Compare(Comparison::Less, Box::new(instant("due_at")), closed))
    } else {
        dice.pick(&[None, Some(is("customer", "anna"))])
    };
    let as_of = Instant::from_micros(at("2026-03-30T00:00Z").micros() + dice.below(10) as i64 * 43_200_000_000);
    let request = Request {
        grain: dice.pick(&[Grain::Day, Grain::Week]),
        from: dice.pick(&[None, Some(at("2026-03-28T00:00Z"))]),
        to: dice.pick(&[None, Some(at("2026-04-03T00:00Z"))]),
        as_of,
        ..world.request_as_of(as_of)
    };
    (pipeline, request)
}

#[test]
fn random_facts_are_the_same_by_every_way_of_computing() {
    for seed in 0..WORLDS {
        let (world, mut dice) = some_world(seed);
        for _ in 0..PLANS {
            let (pipeline, request) = some_question(&world, &mut dice);
            world.agrees(pipeline, &request, seed);
        }
    }
}
