//! The relate step against a version that compares every row with every event, as its definition reads.

use std::cmp::Ordering;

use super::*;

/// A linear congruential generator: the same rows on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn or_null(&mut self, value: impl FnOnce(u64) -> Value) -> Value {
        let roll = self.below(6);
        let other = self.below(5);
        if roll == 0 { Value::Null } else { value(other) }
    }
}

/// Returns a small table dense in ties, nulls and window edges: instants are whole microseconds from 0 to 4.
fn crowded(dice: &mut Dice) -> Table {
    let mut table = table("id number0, customer text, at instant, due instant, kind text, score number0", &[]);
    for id in 0..=dice.below(12) {
        let at = Value::Instant(Instant::from_micros(dice.below(5) as i64));
        table.rows.push(vec![
            Value::integer(id as i64),
            dice.or_null(|n| Value::text(["A", "B"][n as usize % 2])),
            at,
            dice.or_null(|n| Value::Instant(Instant::from_micros(n as i64))),
            dice.or_null(|n| Value::text(["in", "out"][n as usize % 2])),
            dice.or_null(|n| Value::integer(n as i64 - 2)),
        ]);
    }
    table
}

fn any_bound(dice: &mut Dice) -> Option<Bound> {
    let offset = Duration::from_micros(dice.below(7) as i64 - 3);
    (dice.below(4) > 0).then_some(Bound { offset, inclusive: dice.below(2) == 0 })
}

fn any_step(dice: &mut Dice, contacts: &Table) -> Relate {
    let score = Expression::column("score", Type::Number(0));
    let summaries = [
        Summary::Exists,
        Summary::Count,
        Summary::First(score.clone()),
        Summary::Last(score.clone()),
        Summary::Sum(score.clone()),
        Summary::Min(score.clone()),
        Summary::Max(score),
    ];
    let instants = ["at", "due"];
    let is_own_source = dice.below(3) > 0;
    Relate {
        name: "fact".to_owned(),
        events: scan_of(if is_own_source { "contacts" } else { "calls" }, contacts),
        same: if dice.below(4) > 0 { vec![("customer".to_owned(), "customer".to_owned())] } else { Vec::new() },
        predicate: (dice.below(2) == 0).then(|| is("kind", "in")),
        anchor: instants[dice.below(2) as usize].to_owned(),
        event_at: instants[dice.below(2) as usize].to_owned(),
        window: Window {
            from: any_bound(dice),
            to: any_bound(dice),
            same_instant_later_in_order: is_own_source && dice.below(2) == 0,
        },
        summary: summaries[dice.below(7) as usize].clone(),
    }
}

const ID: usize = 0;
const CUSTOMER: usize = 1;
const AT: usize = 2;
const KIND: usize = 4;
const SCORE: usize = 5;

fn micros(table: &Table, row: &[Value], name: &str) -> Option<i64> {
    match &row[table.index(name).expect(name)] {
        Value::Instant(instant) => Some(instant.micros()),
        _ => None,
    }
}

fn in_order(a: &[Value], b: &[Value]) -> Ordering {
    (a[AT].order(&b[AT])).then(a[ID].order(&b[ID]))
}

fn matches(step: &Relate, table: &Table, row: &[Value], event: &[Value]) -> bool {
    let anchor = micros(table, row, &step.anchor).expect("asked only of rows with an anchor");
    let Some(at) = micros(table, event, &step.event_at) else { return false };
    let is_itself = step.events.source == "contacts" && row[ID] == event[ID];
    let is_same = step.same.is_empty() || (!event[CUSTOMER].is_null() && row[CUSTOMER] == event[CUSTOMER]);
    let is_admitted = step.predicate.is_none() || event[KIND] == Value::text("in");
    let distance = at - anchor;
    let from =
        step.window.from.is_none_or(|b| distance > b.offset.micros() || (b.inclusive && distance == b.offset.micros()));
    let to =
        step.window.to.is_none_or(|b| distance < b.offset.micros() || (b.inclusive && distance == b.offset.micros()));
    let is_in_turn = !step.window.same_instant_later_in_order || distance != 0 || in_order(event, row).is_gt();
    !is_itself && is_same && is_admitted && from && to && is_in_turn
}

fn naive_fact(step: &Relate, table: &Table, row: &[Value]) -> Value {
    if micros(table, row, &step.anchor).is_none() || (!step.same.is_empty() && row[CUSTOMER].is_null()) {
        return Value::Null;
    }
    let mut events: Vec<&Vec<Value>> = table.rows.iter().filter(|event| matches(step, table, row, event)).collect();
    events.sort_by(|a, b| in_order(a, b));
    let score = |event: &&Vec<Value>| event[SCORE].clone();
    let mut known: Vec<Value> = events.iter().map(score).filter(|value| !value.is_null()).collect();
    let sum = known.iter().filter_map(Value::as_real).sum::<f64>() as i64;
    known.sort_by(Value::order);
    match step.summary {
        Summary::Exists => Value::Boolean(!events.is_empty()),
        Summary::Count => Value::integer(events.len() as i64),
        Summary::First(_) => events.first().map_or(Value::Null, score),
        Summary::Last(_) => events.last().map_or(Value::Null, score),
        Summary::Sum(_) if known.is_empty() => Value::Null,
        Summary::Sum(_) => Value::integer(sum),
        Summary::Min(_) => known.first().cloned().unwrap_or(Value::Null),
        Summary::Max(_) => known.last().cloned().unwrap_or(Value::Null),
    }
}

#[test]
fn facts_are_what_comparing_every_row_with_every_event_gives() {
    for seed in 0..3_000 {
        let mut dice = Dice(seed);
        let contacts = crowded(&mut dice);
        let step = any_step(&mut dice, &contacts);
        let expected: Vec<String> =
            contacts.rows.iter().map(|row| format!("{}={}", row[ID], naive_fact(&step, &contacts, row))).collect();
        let mut case = case("id number0, at instant", &[]);
        case.plan.dimensions = vec![Dimension { name: "id".to_owned(), ty: Type::Number(0) }];
        case.tables = Tables::from([("contacts".to_owned(), contacts.clone()), ("calls".to_owned(), contacts.clone())]);
        let case = case.steps(|steps| {
            steps.scan = scan_of("contacts", &contacts);
            steps.relate = vec![step.clone()];
        });
        assert_eq!(case.facts(), expected.join(" "), "seed {seed}: {step:?} over {contacts:?}");
    }
}
