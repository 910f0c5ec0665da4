//! Sets of instants against a version that asks of every microsecond whether it belongs, as their definition reads.

use super::naive::Dice;
use super::*;
use crate::plan::{Advance, Clock, Distance, Reversed, SpanEnd, Spans, Times};

/// Returns a table of few events whose instants are whole microseconds from 0 to 9, in order of `at`.
fn crowded(dice: &mut Dice) -> Table {
    let mut table = table("id number0, at instant, start instant, until instant, kind text", &[]);
    for id in 0..dice.below(7) {
        let some = |n: u64| Value::Instant(Instant::from_micros(n as i64));
        let at = some(dice.below(10));
        let (start, until) = (dice.below(10), dice.below(10));
        table.rows.push(vec![
            Value::integer(id as i64),
            at,
            dice.or_null(|_| some(start)),
            dice.or_null(|_| some(until)),
            dice.or_null(|n| Value::text(["in", "out"][n as usize % 2])),
        ]);
    }
    table
}

fn any_times(dice: &mut Dice, events: &Table, depth: u64) -> Times {
    let parts = |dice: &mut Dice| (0..=dice.below(2)).map(|_| any_times(dice, events, depth - 1)).collect();
    match if depth == 0 { 0 } else { dice.below(5) } {
        1 => Times::Any(parts(dice)),
        2 => Times::All(parts(dice)),
        3 => Times::Not(Box::new(any_times(dice, events, depth - 1))),
        _ => Times::Spans(Box::new(Spans {
            events: scan_of("events", events),
            same: Vec::new(),
            chain: (dice.below(3) == 0).then(|| Expression::Not(Box::new(is("kind", "in")))),
            counts: (dice.below(3) == 0).then(|| is("kind", "out")),
            start: "start".to_owned(),
            end: if dice.below(2) == 0 { SpanEnd::NextEvent } else { SpanEnd::Column("until".to_owned()) },
        })),
    }
}

fn micros(value: &Value) -> Option<i64> {
    match value {
        Value::Instant(at) => Some(at.micros()),
        _ => None,
    }
}

const ID: usize = 0;
const AT: usize = 1;
const START: usize = 2;
const UNTIL: usize = 3;
const KIND: usize = 4;

fn holds(times: &Times, events: &Table, at: i64) -> bool {
    let spans = match times {
        Times::Any(parts) => return parts.iter().any(|part| holds(part, events, at)),
        Times::All(parts) => return parts.iter().all(|part| holds(part, events, at)),
        Times::Not(inner) => return !holds(inner, events, at),
        Times::Open(_) => panic!("never rolled"),
        Times::Spans(spans) => spans,
    };
    // Not (kind = 'in') is UNKNOWN where there is no kind.
    let is_chained = |row: &&Vec<Value>| spans.chain.is_none() || row[KIND] == Value::text("out");
    let mut chain: Vec<&Vec<Value>> =
        events.rows.iter().filter(is_chained).filter(|row| !row[START].is_null()).collect();
    chain.sort_by_key(|row| (micros(&row[START]), micros(&row[AT]), row[ID].to_string()));
    chain.iter().enumerate().any(|(place, row)| {
        let end = match &spans.end {
            SpanEnd::Column(_) => micros(&row[UNTIL]),
            SpanEnd::NextEvent => chain.get(place + 1).and_then(|next| micros(&next[START])),
        };
        let counts = spans.counts.is_none() || row[KIND] == Value::text("out");
        counts && micros(&row[START]).is_some_and(|start| start <= at) && end.is_none_or(|end| at < end)
    })
}

#[test]
fn a_clock_reads_how_many_instants_the_set_holds() {
    for seed in 0..4_000 {
        let mut dice = Dice(seed);
        let events = crowded(&mut dice);
        let times = any_times(&mut dice, &events, 3);
        let (from, to) = (dice.below(12) as i64, dice.below(12) as i64);
        let expected = (from..to).filter(|at| holds(&times, &events, *at)).count();
        let literal = |at| Expression::Literal(Value::Instant(Instant::from_micros(at)), Type::Instant);
        let clock =
            Clock { from: literal(from), to: literal(to), counting: Some(times.clone()), reversed: Reversed::Zero };
        let case = case("id text, at instant", &["1|1970-01-01T00:00:00Z"]).with("events", events.clone());
        let case = case.knowing(Rule::Clocked(clock)).measuring(Measure::Sum(fact(Type::Duration)));
        let read = cells(&case.plan, &case.tables, &case.request).expect("an answer").cell(0, "value").clone();
        let expected = Value::Duration(Duration::from_micros(expected as i64));
        assert_eq!(read, expected, "seed {seed}: {from} to {to} of {times:?} over {events:?}");
    }
}

/// Returns hours of every day that touch midnight and the hours around which the clock jumps.
fn around_jumps() -> Hours {
    let openings = [(0, 30), (90, 195), (600, 601), (1_320, 1_440)];
    let weekly = std::array::from_fn(|day| {
        let some = openings.iter().skip(day % 2).map(|(from, to)| Opening { from: *from, to: *to });
        if day == 5 { Vec::new() } else { some.collect() }
    });
    Hours { zone: "Europe/Berlin".to_owned(), schedules: vec![Schedule { from: None, weekly }], days: Vec::new() }
}

#[test]
fn business_time_and_a_clock_of_the_same_hours_agree() {
    let start = instant("2026-03-26T00:00:00Z").micros();
    let spring_to_autumn = 214 * 86_400_000_000;
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let at = start + i64::from(dice.below(2) == 0) * spring_to_autumn + dice.below(5 * 1_440) as i64 * 60_000_000;
        let minutes = dice.below(2_000) as i64 + 1;
        let length = |micros| Expression::Literal(Value::Duration(Duration::from_micros(micros)), Type::Duration);
        let way = |sign: i64| {
            let by = Distance::BusinessTime { length: length(sign * minutes * 60_000_000), hours: around_jumps() };
            let from = Expression::Literal(Value::Instant(Instant::from_micros(at)), Type::Instant);
            Rule::Advanced(Advance { from, by })
        };
        let clock = |from: Expression, to: Expression| {
            let counting = Some(Times::Open(around_jumps()));
            Rule::Clocked(Clock { from, to, counting, reversed: Reversed::Unknown })
        };
        let here = || Expression::Literal(Value::Instant(Instant::from_micros(at)), Type::Instant);
        let inwards = |name: &str, micros| Expression::shift(name, Duration::from_micros(micros));
        let named = |name: &str, rule| Fact { name: name.to_owned(), rule };
        let facts = [
            (named("later", way(1)), clock(here(), instant_of("later")), clock(here(), inwards("later", -1))),
            (named("earlier", way(-1)), clock(instant_of("earlier"), here()), clock(inwards("earlier", 1), here())),
        ];
        for (end, all, less) in facts {
            let case = case("id text, at instant", &["1|1970-01-01T00:00:00Z"]);
            let of =
                |rule: Rule| case.clone().steps(|steps| steps.facts = vec![end.clone(), named("fact", rule)]).facts();
            assert_eq!(of(all), format!("1={}", minutes * 60), "seed {seed}");
            // One microsecond nearer, that much is missing: there is no nearer instant.
            let missing = format!("{}.999999", minutes * 60 - 1);
            assert_eq!(of(less), format!("1={missing}"), "seed {seed}");
        }
    }
}
