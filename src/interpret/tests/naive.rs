//! The relate step against a version that compares every row with every event, as its definition reads.

use std::cmp::Ordering;

use super::*;

/// A linear congruential generator: the same rows on every run.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    pub(super) fn or_null(&mut self, value: impl FnOnce(u64) -> Value) -> Value {
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

const INSTANTS: [&str; 2] = ["at", "due"];

/// Returns a bound at a distance from the anchor, or from the row's other instant.
fn any_bound(dice: &mut Dice, anchor: &str) -> Option<Bound> {
    let offset = Duration::from_micros(dice.below(7) as i64 - 3);
    let from = if dice.below(4) > 0 { anchor } else { INSTANTS[dice.below(2) as usize] };
    let at = Expression::shift(from, offset);
    (dice.below(4) > 0).then_some(Bound { at, inclusive: dice.below(2) == 0 })
}

fn any_step(dice: &mut Dice, contacts: &Table) -> Relate {
    let score = || Expression::column("score", Type::Number(0));
    let is_higher = || compare(Comparison::Greater, score(), outer("score", Type::Number(0)));
    let summaries = [
        Summary::Exists,
        Summary::Count,
        Summary::Every(is_in()),
        Summary::First(score()),
        Summary::Last(score()),
        Summary::Sum(score()),
        Summary::Mean(score()),
        Summary::Min(score()),
        Summary::Max(score()),
    ];
    let credits = [Credit::Every, Credit::Every, Credit::First, Credit::Last];
    let anchor = INSTANTS[dice.below(2) as usize];
    let is_own_source = dice.below(3) > 0;
    Relate {
        events: scan_of(if is_own_source { "contacts" } else { "calls" }, contacts),
        same: if dice.below(4) > 0 { vec![("customer".to_owned(), "customer".to_owned())] } else { Vec::new() },
        predicate: [None, Some(is_in()), Some(is_higher())][dice.below(3) as usize].clone(),
        anchor: anchor.to_owned(),
        event_at: INSTANTS[dice.below(2) as usize].to_owned(),
        window: Window {
            from: any_bound(dice, anchor),
            to: any_bound(dice, anchor),
            same_instant_later_in_order: is_own_source && dice.below(2) == 0,
        },
        credit: credits[dice.below(4) as usize],
        summary: summaries[dice.below(9) as usize].clone(),
    }
}

fn is_in() -> Expression {
    is("kind", "in")
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

/// Returns the microsecond of a bound; `None` for null.
fn edge(bound: &Bound, table: &Table, row: &[Value]) -> Option<i64> {
    let (from, offset) =
        INSTANTS.iter().find_map(|name| Some((name, bound.at.shifted_from(name)?))).expect("a shifted instant");
    micros(table, row, from).map(|at| at + offset.micros())
}

/// Tells whether everything is known that the fact about a row is asked with.
fn is_askable(step: &Relate, table: &Table, row: &[Value]) -> bool {
    let ends = [&step.window.from, &step.window.to].into_iter().flatten();
    micros(table, row, &step.anchor).is_some()
        && ends.into_iter().all(|bound| edge(bound, table, row).is_some())
        && (step.same.is_empty() || !row[CUSTOMER].is_null())
}

fn is_admitted(step: &Relate, row: &[Value], event: &[Value]) -> bool {
    match &step.predicate {
        None => true,
        Some(predicate) if predicate.outer_columns().is_empty() => event[KIND] == Value::text("in"),
        Some(_) => event[SCORE].compare(&row[SCORE]).is_some_and(Ordering::is_gt),
    }
}

fn matches(step: &Relate, table: &Table, row: &[Value], event: &[Value]) -> bool {
    if !is_askable(step, table, row) {
        return false;
    }
    let anchor = micros(table, row, &step.anchor).expect("it is askable");
    let Some(at) = micros(table, event, &step.event_at) else { return false };
    let is_itself = step.events.source == "contacts" && row[ID] == event[ID];
    let is_same = step.same.is_empty() || (!event[CUSTOMER].is_null() && row[CUSTOMER] == event[CUSTOMER]);
    let end = |bound: &Bound| edge(bound, table, row).expect("it is askable");
    let from = step.window.from.as_ref().is_none_or(|b| at > end(b) || (b.inclusive && at == end(b)));
    let to = step.window.to.as_ref().is_none_or(|b| at < end(b) || (b.inclusive && at == end(b)));
    let is_in_turn = !step.window.same_instant_later_in_order || at != anchor || in_order(event, row).is_gt();
    !is_itself && is_same && is_admitted(step, row, event) && from && to && is_in_turn
}

/// Tells whether an event that matches `row` counts for it.
fn is_credited(step: &Relate, table: &Table, row: &[Value], event: &[Value]) -> bool {
    let mut rivals = table.rows.iter().filter(|rival| matches(step, table, rival, event));
    match step.credit {
        Credit::Every => true,
        Credit::First => rivals.all(|rival| in_order(row, rival).is_le()),
        Credit::Last => rivals.all(|rival| in_order(row, rival).is_ge()),
    }
}

fn naive_fact(step: &Relate, table: &Table, row: &[Value]) -> Value {
    if !is_askable(step, table, row) {
        return Value::Null;
    }
    let counts = |event: &&Vec<Value>| matches(step, table, row, event) && is_credited(step, table, row, event);
    let mut events: Vec<&Vec<Value>> = table.rows.iter().filter(counts).collect();
    events.sort_by(|a, b| in_order(a, b));
    let score = |event: &&Vec<Value>| event[SCORE].clone();
    let mut known: Vec<Value> = events.iter().map(score).filter(|value| !value.is_null()).collect();
    let sum = known.iter().filter_map(Value::as_real).sum::<f64>();
    known.sort_by(Value::order);
    match step.summary {
        Summary::Exists => Value::Boolean(!events.is_empty()),
        Summary::Count => Value::integer(events.len() as i64),
        Summary::Every(_) if events.is_empty() => Value::Null,
        Summary::Every(_) => Value::Boolean(events.iter().all(|event| event[KIND] == Value::text("in"))),
        Summary::First(_) => events.first().map_or(Value::Null, score),
        Summary::Last(_) => events.last().map_or(Value::Null, score),
        Summary::Sum(_) | Summary::Mean(_) if known.is_empty() => Value::Null,
        Summary::Sum(_) => Value::integer(sum as i64),
        Summary::Mean(_) => Value::Real(sum / known.len() as f64),
        Summary::Min(_) => known.first().cloned().unwrap_or(Value::Null),
        Summary::Max(_) => known.last().cloned().unwrap_or(Value::Null),
    }
}

#[test]
fn facts_are_what_comparing_every_row_with_every_event_gives() {
    for seed in 0..6_000 {
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
        });
        let case = case.knowing(Rule::Related(Box::new(step.clone())));
        assert_eq!(case.facts(), expected.join(" "), "seed {seed}: {step:?} over {contacts:?}");
    }
}
