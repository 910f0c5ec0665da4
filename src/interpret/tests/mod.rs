//! Plans built by hand, over tables written as text, for the tests of the whole interpreter.

mod advance;
mod bounds;
mod clock;
mod combine;
mod credit;
mod facts;
mod fate;
mod join;
mod measure;
mod naive;
mod placement;
mod relate;
mod scan;
mod scorecard;
mod sets;

use super::{InterpretError, Tables, cells, ledger};
use crate::expression::{Column, Comparison, Expression};
use crate::plan::{
    Body, Bound, Calendar, Credit, Dedupe, Dimension, Fact, Filter, Hours, Measure, Opening, Pipeline, Placement, Plan,
    Publish, Reach, Relate, Request, Rule, Scan, Schedule, Summary, Window, Year,
};
use crate::table::{Field, Table};
use crate::value::{Date, Duration, Grain, Instant, Number, Type, Value, Weekday};

/// A question with its tables.
#[derive(Clone)]
struct Case {
    plan: Plan,
    tables: Tables,
    request: Request,
}

/// Counts the rows of a source `contacts` with the key `id`, anchored at and ordered by `at`, as of 2027, in UTC.
fn case(columns: &str, rows: &[&str]) -> Case {
    let contacts = table(columns, rows);
    let pipeline = Pipeline {
        scan: scan_of("contacts", &contacts),
        filter: Filter { predicate: None, placement: anchored("at", Reach::Own) },
        facts: Vec::new(),
        exclude: Vec::new(),
        missing: Vec::new(),
        mature: Vec::new(),
        measure: Measure::Count,
        bounds: None,
    };
    let dimensions = contacts.fields.iter().map(|f| Dimension { name: f.name.clone(), ty: f.ty }).collect();
    let plan = Plan {
        metric: "m".to_owned(),
        version: "1.0.0".to_owned(),
        calendar: Calendar { zone: "UTC".to_owned(), week_starts: Weekday::Monday, year: Year::CIVIL },
        grains: vec![Grain::Day, Grain::All],
        dimensions,
        body: Body::Measured(Box::new(pipeline)),
        publish: Publish::default(),
    };
    let as_of = instant("2027-01-01T00:00:00Z");
    let request = Request { grain: Grain::All, by: Vec::new(), from: None, to: None, as_of, span: (as_of, as_of) };
    Case { plan, tables: Tables::from([("contacts".to_owned(), contacts)]), request }
}

impl Case {
    fn steps(mut self, change: impl FnOnce(&mut Pipeline)) -> Self {
        let Body::Measured(pipeline) = &mut self.plan.body else { panic!("the plan measures rows") };
        change(pipeline);
        self
    }

    fn measuring(self, measure: Measure) -> Self {
        self.steps(|steps| steps.measure = measure)
    }

    fn known_at(mut self, text: &str) -> Self {
        self.request.as_of = instant(text);
        self
    }

    fn by(mut self, grain: Grain, names: &[&str]) -> Self {
        self.request.grain = grain;
        self.request.by = names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// Adds a fact called `fact`, as the only one.
    fn knowing(self, rule: Rule) -> Self {
        self.steps(|steps| steps.facts = vec![Fact { name: "fact".to_owned(), rule }])
    }

    /// Adds a fact over the contacts themselves, matched by `customer`.
    fn relating(self, window: Window, summary: Summary) -> Self {
        let mut events = None;
        let case = self.steps(|steps| events = Some(steps.scan.clone()));
        let relate = Relate {
            events: events.expect("every pipeline scans"),
            same: vec![("customer".to_owned(), "customer".to_owned())],
            predicate: None,
            anchor: "at".to_owned(),
            event_at: "at".to_owned(),
            window,
            credit: Credit::Every,
            summary,
        };
        case.knowing(Rule::Related(Box::new(relate)))
    }

    fn relate_step(self, change: impl FnOnce(&mut Relate)) -> Self {
        self.steps(|steps| match &mut steps.facts[0].rule {
            Rule::Related(relate) => change(relate),
            other => panic!("{other:?} asks no events"),
        })
    }

    /// Adds a table of that name.
    fn with(mut self, name: &str, table: Table) -> Self {
        self.tables.insert(name.to_owned(), table);
        self
    }

    /// Writes the last fact of each row as `id=fact`, by id.
    fn facts(&self) -> String {
        let case = self.clone().by(Grain::All, &["id"]).steps(|steps| {
            let fact = steps.facts.last().expect("a fact");
            steps.measure = Measure::Max(Expression::column(fact.name.clone(), fact.rule.ty()));
        });
        case.shown(&["id", "value"]).join(" ").replace('|', "=")
    }

    /// Writes these columns of each result row, separated by bars.
    fn shown(&self, names: &[&str]) -> Vec<String> {
        let result = cells(&self.plan, &self.tables, &self.request).expect("the question has an answer");
        let cell = |row: usize, name: &str| result.rows[row][result.index(name).expect(name)].to_string();
        let line = |row: usize| names.iter().map(|name| cell(row, name)).collect::<Vec<_>>().join("|");
        (0..result.rows.len()).map(line).collect()
    }

    fn error(&self) -> InterpretError {
        cells(&self.plan, &self.tables, &self.request).expect_err("the question has no answer")
    }

    /// Writes the ledger's lines that count any rows.
    fn ledger(&self) -> String {
        let ledger = ledger(&self.plan, &self.tables, &self.request).expect("the ledger adds up");
        let met = ledger.rows.iter().filter(|row| row[1] != Value::integer(0));
        met.map(|row| format!("{}={}", row[0], row[1])).collect::<Vec<_>>().join(" ")
    }
}

/// Reads a table: columns as `id text, at instant, price number2`; cells separated by bars, `-` for null.
fn table(columns: &str, rows: &[&str]) -> Table {
    let fields = columns.split(", ").map(|column| {
        let (name, ty) = column.split_once(' ').expect("a name and a type");
        Field::new(name, type_named(ty))
    });
    let mut table = Table::new(fields.collect());
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert_eq!(cells.len(), table.fields.len(), "{row}");
        table.rows.push(cells.iter().zip(&table.fields).map(|(cell, field)| read(cell, field.ty)).collect());
    }
    table
}

fn type_named(name: &str) -> Type {
    match name {
        "text" => Type::Text,
        "boolean" => Type::Boolean,
        "instant" => Type::Instant,
        "duration" => Type::Duration,
        "date" => Type::Date,
        _ => Type::Number(name.strip_prefix("number").expect("a type").parse().expect("a scale")),
    }
}

fn read(text: &str, ty: Type) -> Value {
    if text == "-" {
        return Value::Null;
    }
    match ty {
        Type::Boolean => Value::Boolean(text.parse().expect(text)),
        Type::Instant => Value::Instant(instant(text)),
        Type::Duration => Value::Duration(text.parse().expect(text)),
        Type::Date => Value::Date(Date::parse(text).expect(text)),
        Type::Number(scale) => Value::Number(text.parse::<Number>().expect(text).rescale(scale).expect(text)),
        Type::Text | Type::Real => Value::text(text),
    }
}

/// Returns a scan of all columns of a table with the key `id` and the order `at`, `id`.
fn scan_of(source: &str, table: &Table) -> Scan {
    Scan {
        source: source.to_owned(),
        table: source.to_owned(),
        columns: table.fields.iter().map(|f| Column { name: f.name.clone(), ty: f.ty }).collect(),
        key: vec!["id".to_owned()],
        order: vec!["at".to_owned(), "id".to_owned()],
        dedupe: Dedupe::Unique,
        derived: Vec::new(),
    }
}

fn anchored(column: &str, reach: Reach) -> Placement {
    Placement::Anchor { column: column.to_owned(), reach }
}

fn instant(text: &str) -> Instant {
    Instant::parse(text).expect(text)
}

fn length(text: &str) -> Duration {
    text.parse().expect(text)
}

fn bound(offset: &str, inclusive: bool) -> Option<Bound> {
    Some(Bound { at: Expression::shift("at", length(offset)), inclusive })
}

/// Returns a window whose ends both belong to it.
fn window(from: &str, to: &str) -> Window {
    Window { from: bound(from, true), to: bound(to, true), same_instant_later_in_order: false }
}

/// Returns a window in which an event at the anchor's instant must come later in the order.
fn later_within(to: &str) -> Window {
    Window { same_instant_later_in_order: true, ..window("0s", to) }
}

fn fact(ty: Type) -> Expression {
    Expression::column("fact", ty)
}

/// Returns `name = 'value'`.
fn is(name: &str, value: &str) -> Expression {
    let column = Expression::column(name, Type::Text);
    Expression::Compare(
        Comparison::Equal,
        Box::new(column),
        Box::new(Expression::Literal(Value::text(value), Type::Text)),
    )
}

/// Returns `name is null`.
fn is_null(name: &str, ty: Type) -> Expression {
    Expression::IsNull(Box::new(Expression::column(name, ty)))
}

fn outer(name: &str, ty: Type) -> Expression {
    Expression::Outer(Column { name: name.to_owned(), ty })
}

fn compare(comparison: Comparison, left: Expression, right: Expression) -> Expression {
    Expression::Compare(comparison, Box::new(left), Box::new(right))
}

fn instant_of(name: &str) -> Expression {
    Expression::column(name, Type::Instant)
}

fn any_length(text: &str) -> Expression {
    Expression::Literal(Value::Duration(length(text)), Type::Duration)
}

/// Returns hours from nine to five on Mondays to Fridays.
fn office(zone: &str) -> Hours {
    let nine_to_five = |day: usize| if day < 5 { vec![Opening { from: 540, to: 1_020 }] } else { Vec::new() };
    let schedules = vec![Schedule { from: None, weekly: std::array::from_fn(nine_to_five) }];
    Hours { zone: zone.to_owned(), schedules, days: Vec::new() }
}
