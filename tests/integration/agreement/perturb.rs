//! Small random changes of tables and of what is asked of them.
//!
//! Knows what a source allows its rows to be, not what any metric makes of them.

use std::collections::BTreeSet;

use etalon::interpret::Tables;
use etalon::plan::{Dedupe, Plan, Request};
use etalon::resolve::Registry;
use etalon::source::{Source, SourceColumn};
use etalon::table::Table;
use etalon::value::{Date, Duration, Grain, Instant, Number, Type, Value};
use etalon::verify::span;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// Changes of clocks: of Berlin and London twice, of St. John's, New York and Lord Howe.
const CLOCK_CHANGES: [&str; 5] = [
    "2026-03-29T01:00:00Z",
    "2026-10-25T01:00:00Z",
    "2026-03-08T05:30:00Z",
    "2026-11-01T06:00:00Z",
    "2026-04-04T15:00:00Z",
];

/// Changes that are tried for one that the source allows.
const PATIENCE: usize = 8;

/// Tables and what is asked of them.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// The rows of every source.
    pub(super) tables: Tables,
    /// The question.
    pub(super) request: Request,
}

/// Numbers that look random and are the same on every run.
pub(super) struct Dice(u64);

impl Dice {
    /// Returns the dice that a name stands for.
    pub(super) fn of(name: &str) -> Self {
        // FNV-1a, which scatters names that are nearly the same.
        let seed = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(seed)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Returns one of these.
    pub(super) fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}

/// Returns the question with a few changes: of cells, of rows, now and then of all instants or of what is asked of the
/// first plan and its variants.
pub(super) fn perturbed(original: &Question, registry: &Registry, plans: &[&Plan], dice: &mut Dice) -> Question {
    let mut question = original.clone();
    let filled: Vec<String> =
        question.tables.iter().filter(|(_, table)| !table.rows.is_empty()).map(|(name, _)| name.clone()).collect();
    if dice.once_in(4) {
        shift_all(&mut question, registry, dice);
    }
    for _ in 0..1 + dice.below(4) {
        if filled.is_empty() {
            break;
        }
        let name = dice.pick(&filled);
        let Some(file) = registry.sources.get(&name) else { continue };
        for _ in 0..PATIENCE {
            let changed = changed(&question, (&file.source, &name), dice);
            if let Some(table) = changed.filter(|table| allowed(&file.source, table)) {
                question.tables.insert(name.clone(), table);
                break;
            }
        }
    }
    if dice.once_in(2) {
        ask_otherwise(&mut question.request, (plans[0], &instants(&question.tables)), dice);
    }
    question.request.span = span(plans.iter().copied(), &question.tables, question.request.as_of);
    if periods(&question.request) > 400 {
        question.request.grain = original.request.grain;
    }
    question
}

/// Tells about how many periods a request may list.
fn periods(request: &Request) -> i64 {
    let length = match request.grain {
        Grain::All => return 1,
        Grain::Hour => HOUR,
        Grain::Day => DAY,
        Grain::Week => 7 * DAY,
        Grain::Month | Grain::Quarter | Grain::Year => 28 * DAY,
    };
    request.span.1.since(request.span.0).micros() / length
}

/// Moves all instants so that one of them lies beside a change of clocks.
fn shift_all(question: &mut Question, registry: &Registry, dice: &mut Dice) {
    let known = instants(&question.tables);
    if known.is_empty() {
        return;
    }
    let change = Instant::parse(dice.pick(&CLOCK_CHANGES)).expect("an instant");
    let beside = dice.pick(&[0, 0, 1, -1, -1_800_000_000, HOUR, -HOUR, 2 * HOUR]);
    let by = change.since(dice.pick(&known)).micros() + beside;
    let moved = |at: Instant| Instant::from_micros(at.micros() + by);
    let mut tables = question.tables.clone();
    for cell in tables.values_mut().flat_map(|table| &mut table.rows).flatten() {
        if let Value::Instant(at) = cell {
            *at = moved(*at);
        }
    }
    let whole =
        tables.iter().all(|(name, table)| registry.sources.get(name).is_none_or(|file| allowed(&file.source, table)));
    if whole {
        let request = &mut question.request;
        (request.from, request.to) = (request.from.map(moved), request.to.map(moved));
        request.as_of = moved(request.as_of);
        question.tables = tables;
    }
}

fn instants(tables: &Tables) -> Vec<Instant> {
    let cells = tables.values().flat_map(|table| &table.rows).flatten();
    cells.filter_map(|cell| if let Value::Instant(at) = cell { Some(*at) } else { None }).collect()
}

fn ask_otherwise(request: &mut Request, (plan, known): (&Plan, &[Instant]), dice: &mut Dice) {
    let near = |dice: &mut Dice| {
        let at = if known.is_empty() { request.as_of } else { dice.pick(known) };
        Instant::from_micros(at.micros() + dice.pick(&[0, 0, 1, -1, HOUR, DAY, -DAY]))
    };
    match dice.below(4) {
        0 => request.as_of = near(dice),
        1 => {
            let grains: Vec<Grain> = plan.grains.iter().copied().chain([Grain::All]).collect();
            request.grain = dice.pick(&grains);
        }
        2 => {
            request.by = plan.dimensions.iter().map(|dimension| dimension.name.clone()).collect();
            request.by.retain(|_| dice.once_in(2));
        }
        _ => {
            let (one, other) = (near(dice), near(dice));
            let (from, to) = (one.min(other), one.max(other));
            (request.from, request.to) = dice.pick(&[(Some(from), None), (None, Some(to)), (Some(from), Some(to))]);
        }
    }
}

/// Returns the table with one change, if there is one of the kind that the dice want.
fn changed(question: &Question, (source, name): (&Source, &str), dice: &mut Dice) -> Option<Table> {
    let mut table = question.tables[name].clone();
    let rows = table.rows.len();
    if rows == 0 {
        return None;
    }
    let row = dice.below(rows);
    match dice.below(12) {
        0 => drop(table.rows.remove(row)),
        1 | 2 => {
            let mut copy = table.rows[row].clone();
            if source.dedupe == Dedupe::Unique || dice.once_in(2) {
                let column = place(source, source.key.last()?)?;
                copy[column] = other_key(&copy[column], rows)?;
            }
            table.rows.insert(dice.below(rows + 1), copy);
        }
        3 => {
            let (other, column) = (dice.below(rows), dice.below(source.columns.len()));
            let kept = table.rows[row][column].clone();
            table.rows[row][column] = std::mem::replace(&mut table.rows[other][column], kept);
        }
        4 => {
            let nullable: Vec<usize> =
                (0..source.columns.len()).filter(|column| source.columns[*column].nullable).collect();
            if nullable.is_empty() {
                return None;
            }
            table.rows[row][dice.pick(&nullable)] = Value::Null;
        }
        _ => {
            let column = dice.below(source.columns.len());
            let cells = question.tables.values().flat_map(|table| &table.rows).flatten();
            let known: Vec<Value> = cells.filter(|cell| is_of(cell, source.columns[column].ty)).cloned().collect();
            let cell = table.rows[row][column].clone();
            table.rows[row][column] = other_value(&source.columns[column], (&cell, &known), question, dice)?;
        }
    }
    Some(table)
}

/// Tells whether a cell is a value of type `ty`, at its scale.
fn is_of(cell: &Value, ty: Type) -> bool {
    match (cell, ty) {
        (Value::Number(number), Type::Number(scale)) => number.scale() == scale,
        (Value::Duration(_), Type::Duration) | (Value::Instant(_), Type::Instant) | (Value::Date(_), Type::Date) => {
            true
        }
        (Value::Text(_), Type::Text) | (Value::Boolean(_), Type::Boolean) => true,
        _ => false,
    }
}

fn other_key(key: &Value, rows: usize) -> Option<Value> {
    match key {
        Value::Text(text) => Some(Value::text(&format!("{text}-{rows}"))),
        Value::Number(number) => Some(Value::Number(number.checked_add(Number::integer(1_000 + rows as i64))?)),
        _ => None,
    }
}

/// Returns a value beside `cell`, or one that stands elsewhere.
fn other_value(
    column: &SourceColumn,
    (cell, known): (&Value, &[Value]),
    question: &Question,
    dice: &mut Dice,
) -> Option<Value> {
    if let Some(values) = &column.values {
        return Some(Value::text(&dice.pick(values)));
    }
    let request = &question.request;
    let from = if cell.is_null() || dice.once_in(3) { Some(known).filter(|known| !known.is_empty())? } else { &[] };
    let base = if from.is_empty() { cell.clone() } else { dice.pick(from) };
    Some(match base {
        Value::Instant(at) => {
            let edges: Vec<Instant> = [Some(request.as_of), request.from, request.to].into_iter().flatten().collect();
            let at = if dice.once_in(6) { dice.pick(&edges) } else { at };
            let beside = dice.pick(&[0, 1, -1, 1_000_000, -1_000_000, HOUR, -HOUR, DAY, -DAY, 7 * DAY, -7 * DAY]);
            Value::Instant(Instant::from_micros(at.micros() + beside))
        }
        Value::Duration(length) => {
            let beside = dice.pick(&[0, 1_000_000, -1_000_000, 60_000_000, -length.micros()]);
            Value::Duration(Duration::from_micros(length.micros() + beside))
        }
        Value::Number(number) => {
            let beside = dice.pick(&[0, 1, -1, 100, -number.mantissa(), -2 * number.mantissa()]);
            Value::Number(Number::new(number.mantissa() + beside, number.scale()))
        }
        Value::Date(date) => {
            let day = if dice.once_in(2) { date.civil().tomorrow() } else { date.civil().yesterday() };
            Value::Date(Date::parse(&day.ok()?.to_string())?)
        }
        Value::Boolean(truth) => Value::Boolean(!truth),
        other => other,
    })
}

fn place(source: &Source, name: &str) -> Option<usize> {
    source.columns.iter().position(|column| column.name == name)
}

/// Tells whether a table keeps the promises of its source.
fn allowed(source: &Source, table: &Table) -> bool {
    let sound = |row: &Vec<Value>| source.columns.iter().zip(row).all(|(column, cell)| suits(column, cell));
    table.rows.iter().all(sound)
        && (source.dedupe != Dedupe::Unique || has_no_doubles((source, &source.key), table))
        && source.unique.iter().all(|columns| has_no_doubles((source, columns), table))
}

fn suits(column: &SourceColumn, cell: &Value) -> bool {
    let listed = || match (&column.values, cell) {
        (Some(values), Value::Text(text)) => values.iter().any(|value| **value == **text),
        _ => true,
    };
    let in_range = || match (&column.range, cell) {
        (Some((low, high)), Value::Number(number)) => low <= number && number <= high,
        _ => true,
    };
    if cell.is_null() { column.nullable } else { listed() && in_range() }
}

/// Tells whether no two rows with different primary keys (or the same, where `columns` are the key) have these columns
/// in common.
fn has_no_doubles((source, columns): (&Source, &[String]), table: &Table) -> bool {
    let joined = |row: &[Value], names: &[String]| {
        let cells: Vec<String> =
            names.iter().filter_map(|name| place(source, name)).map(|column| format!("{:?}", row[column])).collect();
        cells.join("\u{1f}")
    };
    let whole =
        |row: &&Vec<Value>| columns.iter().filter_map(|name| place(source, name)).all(|column| !row[column].is_null());
    let mut seen = BTreeSet::new();
    let of_keys: BTreeSet<(String, String)> =
        table.rows.iter().filter(whole).map(|row| (joined(row, columns), joined(row, &source.key))).collect();
    let rows = table.rows.iter().filter(whole).count();
    let is_key = columns == source.key;
    of_keys.iter().all(|(value, _)| seen.insert(value.clone())) && (!is_key || of_keys.len() == rows)
}
