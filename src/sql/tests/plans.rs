//! Small plans over one table of contacts, and the means to run them.
//!
//! Instants are minutes and hours of May 2026 in UTC unless a test says otherwise.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value as Cell;

use crate::compare::differences;
use crate::engine::ENGINES;
use crate::expression::{Column, Comparison, Expression};
use crate::interpret;
use crate::plan::result::ledger_contract;
use crate::plan::*;
use crate::sql::{DUCKDB, Dialect, Header, Output, SQLITE, fused, parted, render};
use crate::table::{Field, Table};
use crate::value::{Duration, Grain, Instant, Number, Type, Value, Weekday};

/// Columns of the table `contacts`, in order.
const CONTACTS: [(&str, Type); 8] = [
    ("id", Type::Number(0)),
    ("customer", Type::Text),
    ("opened_at", Type::Instant),
    ("closed_at", Type::Instant),
    ("channel", Type::Text),
    ("solved", Type::Boolean),
    ("price", Type::Number(2)),
    ("wait", Type::Duration),
];

pub(super) fn at(text: &str) -> Instant {
    Instant::parse(text).expect(text)
}

/// The instant of a time in May 2026, as `"03T12:00"`.
pub(super) fn may(text: &str) -> i64 {
    at(&format!("2026-05-{text}:00Z")).micros()
}

pub(super) fn column(name: &str) -> Expression {
    let ty = CONTACTS.iter().find(|(known, _)| *known == name).map_or(Type::Boolean, |(_, ty)| *ty);
    Expression::column(name, ty)
}

pub(super) fn text(value: &str) -> Expression {
    Expression::Literal(Value::text(value), Type::Text)
}

pub(super) fn compare(left: Expression, comparison: Comparison, right: Expression) -> Expression {
    Expression::Compare(comparison, Box::new(left), Box::new(right))
}

pub(super) fn is_channel(channel: &str) -> Expression {
    compare(column("channel"), Comparison::Equal, text(channel))
}

pub(super) fn not(operand: Expression) -> Expression {
    Expression::Not(Box::new(operand))
}

pub(super) fn is_null(operand: Expression) -> Expression {
    Expression::IsNull(Box::new(operand))
}

pub(super) fn contacts() -> Scan {
    Scan {
        source: "contacts".to_owned(),
        table: "contacts".to_owned(),
        columns: CONTACTS.iter().map(|(name, ty)| Column { name: (*name).to_owned(), ty: *ty }).collect(),
        key: vec!["id".to_owned()],
        order: vec!["opened_at".to_owned(), "id".to_owned()],
        dedupe: Dedupe::Unique,
        derived: Vec::new(),
    }
}

pub(super) fn anchored(column: &str, reach: Reach) -> Placement {
    Placement::Anchor { column: column.to_owned(), reach }
}

pub(super) fn pipeline(measure: Measure) -> Pipeline {
    Pipeline {
        scan: contacts(),
        filter: Filter { predicate: None, placement: anchored("opened_at", Reach::Own) },
        facts: Vec::new(),
        exclude: Vec::new(),
        missing: Vec::new(),
        mature: Vec::new(),
        measure,
        bounds: None,
    }
}

pub(super) fn plan(body: Body) -> Plan {
    Plan {
        metric: "contact_rate".to_owned(),
        version: "1.0.0".to_owned(),
        calendar: Calendar { zone: "UTC".to_owned(), week_starts: Weekday::Monday, year: Year::CIVIL },
        grains: Grain::EVERY.to_vec(),
        dimensions: ["channel", "customer", "solved"]
            .map(|name| Dimension { name: name.to_owned(), ty: column(name).ty() })
            .to_vec(),
        body,
        publish: Publish::default(),
    }
}

pub(super) fn measured(pipeline: Pipeline) -> Plan {
    plan(Body::Measured(Box::new(pipeline)))
}

pub(super) fn simple(measure: Measure) -> Plan {
    measured(pipeline(measure))
}

pub(super) fn request(grain: Grain, by: &[&str]) -> Request {
    Request {
        grain,
        by: by.iter().map(|name| (*name).to_owned()).collect(),
        from: None,
        to: None,
        as_of: at("2027-01-01T00:00:00Z"),
        span: (at("2026-04-01T00:00:00Z"), at("2026-12-31T00:00:00Z")),
    }
}

pub(super) fn window(from: Option<(&str, bool)>, to: Option<(&str, bool)>) -> Window {
    window_around("opened_at", from, to)
}

pub(super) fn window_around(anchor: &str, from: Option<(&str, bool)>, to: Option<(&str, bool)>) -> Window {
    let bound = |(offset, inclusive): (&str, bool)| Bound {
        at: Expression::shift(anchor, offset.parse::<Duration>().expect("a duration")),
        inclusive,
    };
    Window { from: from.map(bound), to: to.map(bound), same_instant_later_in_order: false }
}

/// Later contacts of the same customer within a day, at the day's end too.
pub(super) fn relate(summary: Summary) -> Relate {
    Relate {
        events: contacts(),
        same: vec![("customer".to_owned(), "customer".to_owned())],
        predicate: None,
        anchor: "opened_at".to_owned(),
        event_at: "opened_at".to_owned(),
        window: window(Some(("0s", false)), Some(("1d", true))),
        credit: Credit::Every,
        summary,
    }
}

/// The fact `name` taken from events.
pub(super) fn related(name: &str, relate: Relate) -> Fact {
    Fact { name: name.to_owned(), rule: Rule::Related(Box::new(relate)) }
}

/// One row of `contacts`; what a test does not name is null.
#[derive(Debug, Clone, Default)]
pub(super) struct Contact {
    pub(super) id: i64,
    pub(super) customer: Option<&'static str>,
    pub(super) opened_at: i64,
    pub(super) closed_at: Option<i64>,
    pub(super) channel: Option<&'static str>,
    pub(super) solved: Option<bool>,
    pub(super) price: Option<i64>,
    pub(super) wait: Option<i64>,
}

pub(super) fn contact(id: i64, opened_at: i64) -> Contact {
    Contact { id, opened_at, ..Contact::default() }
}

pub(super) fn render_sqlite(plan: &Plan, request: &Request, output: Output) -> String {
    render(plan, &header(), request, &SQLITE, output).expect("the plan can be rendered")
}

pub(super) fn render_duckdb(plan: &Plan, request: &Request, output: Output) -> String {
    render(plan, &header(), request, &DUCKDB, output).expect("the plan can be rendered")
}

pub(super) fn header() -> Header {
    Header {
        title: "Contact rate".to_owned(),
        statement: "Share of contacts.".to_owned(),
        fingerprint: "9f2c61ab".to_owned(),
    }
}

pub(super) fn database(rows: &[Contact]) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open_in_memory().expect("memory");
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection
        .create_scalar_function("sqrt", 1, flags, |call| call.get::<Option<f64>>(0).map(|real| real.map(f64::sqrt)))
        .expect("a new function");
    connection
        .execute_batch(
            "create table contacts (id integer, customer text, opened_at integer, closed_at integer, channel text, \
             solved integer, price integer, wait integer)",
        )
        .expect("a new table");
    for row in rows {
        let cells = (row.id, row.customer, row.opened_at, row.closed_at, row.channel, row.solved, row.price, row.wait);
        connection.execute("insert into contacts values (?, ?, ?, ?, ?, ?, ?, ?)", cells).expect("a row");
    }
    connection
}

/// Runs the query and returns the rows, each cell as text, null as `-`.
pub(super) fn run(connection: &rusqlite::Connection, sql: &str) -> Vec<Vec<String>> {
    let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{error}\n{sql}"));
    let width = statement.column_count();
    let rows = statement.query_map([], |row| (0..width).map(|index| Ok(shown(&row.get(index)?))).collect());
    let rows: Result<Vec<_>, _> = rows.expect("runs").collect();
    rows.unwrap_or_else(|error| panic!("{error}\n{sql}"))
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Null => "-".to_owned(),
        Cell::Integer(integer) => integer.to_string(),
        Cell::Real(real) => format!("{real:?}"),
        Cell::Text(text) => text.clone(),
        Cell::Blob(_) => "blob".to_owned(),
    }
}

/// Answers `request` and returns the named columns of the contract, joined by blanks, one text per row.
pub(super) fn answer(plan: &Plan, request: &Request, rows: &[Contact], columns: &[&str]) -> Vec<String> {
    // Measures of texts and truths are for tests alone; no dialect casts to them.
    let is_quantity = |field: &Field| !matches!(field.ty, Type::Text | Type::Boolean);
    if contract(plan, request).iter().find(|field| field.name == "value").is_some_and(is_quantity) {
        engines_agree(plan, request, (rows, Output::Cells));
    }
    answer_of_sqlite(plan, request, rows, columns)
}

/// As [`answer`], without asking any other engine.
pub(super) fn answer_of_sqlite(plan: &Plan, request: &Request, rows: &[Contact], columns: &[&str]) -> Vec<String> {
    let fields = contract(plan, request);
    let sql = render_sqlite(plan, request, Output::Cells);
    let indexes = places(&fields, columns);
    run(&database(rows), &sql)
        .into_iter()
        .map(|row| {
            assert_eq!(row.len(), fields.len(), "the query returns the contract's columns");
            indexes.iter().map(|index| row[*index].clone()).collect::<Vec<_>>().join(" ")
        })
        .collect()
}

/// Returns where the contract has these columns.
fn places(fields: &[Field], columns: &[&str]) -> Vec<usize> {
    let place = |name: &&str| fields.iter().rposition(|field| field.name == **name).expect("a column of the contract");
    columns.iter().map(place).collect()
}

/// Asks every engine at hand and checks that their answers are those of the interpreter.
fn engines_agree(plan: &Plan, request: &Request, (rows, output): (&[Contact], Output)) {
    let fields = match output {
        Output::Cells => contract(plan, request),
        Output::Ledger => ledger_contract(),
    };
    let table = table(rows);
    let tables = [("contacts".to_owned(), table.clone())].into();
    let expected = match output {
        Output::Cells => interpret::cells(plan, &tables, request),
        Output::Ledger => interpret::ledger(plan, &tables, request),
    };
    let expected = expected.expect("the interpreter answers");
    for entry in ENGINES {
        let Ok(mut engine) = (entry.open)() else { continue };
        let dialect = Dialect::find(engine.dialect()).expect("every engine has its dialect");
        let sql = render(plan, &header(), request, &dialect, output).expect("the plan can be rendered");
        engine.load("contacts", &table).expect("loads");
        let answer = engine.query(&sql, &fields).unwrap_or_else(|error| panic!("{error}\n{sql}"));
        assert_eq!(differences(&expected, &answer), [], "{}: {expected:?} {answer:?}\n{sql}", engine.name());
    }
}

/// Returns the `columns` of each cell that every engine at hand gives to the first of two metrics in one query for both.
pub(super) fn answer_together(plans: &[Plan; 2], request: &Request, rows: &[Contact], columns: &[&str]) -> Vec<String> {
    let metrics: Vec<(&Plan, Header)> = plans.iter().map(|plan| (plan, header())).collect();
    let places = places(&contract(&plans[0], request), columns);
    let mut answers: Vec<Vec<String>> = Vec::new();
    for entry in ENGINES {
        let Ok(mut engine) = (entry.open)() else { continue };
        let dialect = Dialect::find(engine.dialect()).expect("every engine has its dialect");
        let fused = fused(&metrics, request, &dialect, &|_, _| None).expect("they go together");
        engine.load("contacts", &table(rows)).expect("loads");
        let answer = engine.query(&fused.text, &fused.fields).unwrap_or_else(|error| panic!("{error}\n{}", fused.text));
        let parted = parted(&fused, &answer, (&plans.each_ref(), request)).expect("an answer");
        let line = |row: &Vec<Value>| places.iter().map(|place| row[*place].to_string()).collect::<Vec<_>>().join(" ");
        answers.push(parted[0].rows.iter().map(line).collect());
        assert_eq!(answers.last(), answers.first(), "{}\n{}", engine.name(), fused.text);
    }
    answers.swap_remove(0)
}

/// Returns the rows as a table.
pub(super) fn table(rows: &[Contact]) -> Table {
    let mut table = Table::new(CONTACTS.iter().map(|(name, ty)| Field::new(*name, *ty)).collect());
    let text = |text: Option<&str>| text.map_or(Value::Null, Value::text);
    let instant = |micros: i64| Value::Instant(Instant::from_micros(micros));
    for row in rows {
        table.rows.push(vec![
            Value::integer(row.id),
            text(row.customer),
            instant(row.opened_at),
            row.closed_at.map_or(Value::Null, instant),
            text(row.channel),
            row.solved.map_or(Value::Null, Value::Boolean),
            row.price.map_or(Value::Null, |price| Value::Number(Number::new(i128::from(price), 2))),
            row.wait.map_or(Value::Null, |wait| Value::Duration(Duration::from_micros(wait))),
        ]);
    }
    table
}

/// Answers with the ledger: `fate rows`, only fates that rows met.
pub(super) fn ledger(plan: &Plan, request: &Request, rows: &[Contact]) -> Vec<String> {
    let all = run(&database(rows), &render_sqlite(plan, request, Output::Ledger));
    engines_agree(plan, request, (rows, Output::Ledger));
    let fates: Vec<String> = Fate::of(plan).iter().map(|fate| fate.name(plan)).collect();
    assert_eq!(all.iter().map(|row| row[0].clone()).collect::<Vec<_>>(), fates, "all fates, in order");
    all.into_iter().filter(|row| row[1] != "0").map(|row| row.join(" ")).collect()
}
