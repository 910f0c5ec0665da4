//! Small tables written as text, and facts about their rows, found on every engine at hand.
//!
//! The first column of a table is its key, the second dates its rows.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::compare::differences;
use crate::engine::{ENGINES, Engine};
use crate::expression::{Column, Comparison, Expression};
use crate::interpret;
use crate::plan::*;
use crate::sql::{Dialect, Header, Output, render};
use crate::table::{Field, Table};
use crate::value::{Date, Duration, Grain, Instant, Number, Type, Value, Weekday};

/// The tables of a test.
pub(super) struct World {
    tables: Vec<(&'static str, Table)>,
}

impl World {
    /// Returns the tables, each given by name, head (`id:integer at:instant`) and lines; `-` is null.
    pub(super) fn new(tables: &[(&'static str, &str, &str)]) -> Self {
        let read = |(name, head, lines): &(&'static str, &str, &str)| (*name, table(head, lines));
        Self { tables: tables.iter().map(read).collect() }
    }

    /// Returns these tables.
    pub(super) fn of(tables: Vec<(&'static str, Table)>) -> Self {
        Self { tables }
    }

    /// Returns the tables by name.
    pub(super) fn tables(&self) -> BTreeMap<String, Table> {
        self.tables.iter().map(|(name, table)| ((*name).to_owned(), table.clone())).collect()
    }

    /// Returns the scan of all columns of the table `name`.
    pub(super) fn scan(&self, name: &str) -> Scan {
        let (source, table) = self.tables.iter().find(|(known, _)| *known == name).expect(name);
        let columns = table.fields.iter().map(|field| Column { name: field.name.clone(), ty: field.ty });
        Scan {
            source: (*source).to_owned(),
            table: (*source).to_owned(),
            columns: columns.collect(),
            key: vec![table.fields[0].name.clone()],
            order: vec![table.fields[1].name.clone(), table.fields[0].name.clone()],
            dedupe: Dedupe::Unique,
            derived: Vec::new(),
        }
    }

    /// Returns a pipeline over the first table with `facts`, measuring the last.
    pub(super) fn pipeline(&self, facts: Vec<Fact>) -> Pipeline {
        let scan = self.scan(self.tables[0].0);
        let last = facts.last().expect("a fact");
        let measured = Expression::column(last.name.as_str(), last.rule.ty());
        let placement = Placement::Anchor { column: scan.order[0].clone(), reach: Reach::Own };
        Pipeline {
            scan,
            filter: Filter { predicate: None, placement },
            facts,
            exclude: Vec::new(),
            missing: Vec::new(),
            mature: Vec::new(),
            measure: Measure::Max(measured),
            bounds: None,
        }
    }

    /// Returns the last of `facts` for each row of the first table, as `id value`.
    pub(super) fn facts(&self, facts: Vec<Fact>) -> Vec<String> {
        self.measured(self.pipeline(facts), &self.request())
    }

    /// Returns the rule's fact for each row of the first table, as `id value`.
    pub(super) fn fact(&self, rule: Rule) -> Vec<String> {
        self.facts(vec![fact("found", rule)])
    }

    /// Returns a request for all rows.
    pub(super) fn request(&self) -> Request {
        let instants = self.tables.iter().flat_map(|(_, table)| &table.rows).flatten();
        let instants: Vec<Instant> = instants
            .filter_map(|cell| match cell {
                Value::Instant(at) => Some(*at),
                _ => None,
            })
            .collect();
        let span = (instants.iter().min().copied(), instants.iter().max().copied());
        Request {
            grain: Grain::All,
            by: vec![self.tables[0].1.fields[0].name.clone()],
            from: None,
            to: None,
            as_of: at("2030-01-01T00:00Z"),
            span: (span.0.expect("an instant"), span.1.expect("an instant")),
        }
    }

    /// Returns the last fact by key, and by period before that where there are many.
    pub(super) fn measured(&self, pipeline: Pipeline, request: &Request) -> Vec<String> {
        let (plan, request, found) = asked(pipeline, request);
        let key = plan.dimensions[0].name.clone();
        let fields = contract(&plan, &request);
        let index = |name: &str| fields.iter().position(|field| field.name == name).expect(name);
        let (key, value) = (index(&key), index(&found));
        let mut answers: Vec<Vec<String>> = Vec::new();
        for engine in &mut self.engines() {
            let dialect = Dialect::find(engine.dialect()).expect("every engine has its dialect");
            let sql = render(&plan, &HEADER, &request, &dialect, Output::Cells).expect("renders");
            assert_eq!(
                sql,
                render(&plan, &HEADER, &request, &dialect, Output::Cells).expect("renders"),
                "the same bytes"
            );
            let rows = engine.query(&sql, &fields).unwrap_or_else(|error| panic!("{error}\n{sql}")).rows;
            answers.push(rows.iter().map(|row| line(row, (key, value), request.grain)).collect());
            let answer = &answers[answers.len() - 1];
            assert_eq!(answer, &answers[0], "{} against {}\n{sql}", engine.name(), ENGINES[0].name);
        }
        answers.swap_remove(0)
    }

    /// Asserts that every engine gives the cells and the ledger of the interpreter.
    pub(super) fn agrees(&self, pipeline: Pipeline, request: &Request, seed: u64) {
        let (plan, request, _) = asked(pipeline, request);
        let tables = self.tables();
        let cells = interpret::cells(&plan, &tables, &request).unwrap_or_else(|error| panic!("{error}\n{plan:#?}"));
        let ledger = interpret::ledger(&plan, &tables, &request).expect("a ledger");
        for engine in &mut self.engines() {
            let dialect = Dialect::find(engine.dialect()).expect("every engine has its dialect");
            for (output, expected) in [(Output::Cells, &cells), (Output::Ledger, &ledger)] {
                let sql = render(&plan, &HEADER, &request, &dialect, output).expect("renders");
                let answer = engine.query(&sql, &expected.fields).unwrap_or_else(|error| panic!("{error}\n{sql}"));
                let differences = differences(expected, &answer);
                assert!(
                    differences.is_empty(),
                    "{} {seed} {differences:#?}\n{plan:#?}\n{request:?}\n{tables:#?}\n{sql}",
                    engine.name()
                );
            }
        }
    }

    /// Returns the cells of a plan by every engine at hand.
    pub(super) fn answers(&self, plan: &Plan, request: &Request) -> Vec<Table> {
        let answer = |mut engine: Box<dyn Engine>| {
            let dialect = Dialect::find(engine.dialect()).expect("every engine has its dialect");
            let sql = render(plan, &HEADER, request, &dialect, Output::Cells).expect("renders");
            engine.query(&sql, &contract(plan, request)).unwrap_or_else(|error| panic!("{error}\n{sql}"))
        };
        self.engines().into_iter().map(answer).collect()
    }

    /// Returns a request for all rows as of `as_of`, which is among the instants that clocks may meet.
    pub(super) fn request_as_of(&self, as_of: Instant) -> Request {
        let request = self.request();
        let (first, last) = request.span;
        Request { as_of, span: (first.min(as_of), last.max(as_of)), ..request }
    }

    pub(super) fn engines(&self) -> Vec<Box<dyn Engine>> {
        let mut engines: Vec<_> = ENGINES.iter().filter_map(|entry| (entry.open)().ok()).collect();
        for engine in &mut engines {
            for (name, table) in &self.tables {
                engine.load(name, table).expect(name);
            }
        }
        engines
    }
}

/// Returns the plan that measures the last fact by key, the request for it, and the column that shows the fact.
pub(super) fn asked(pipeline: Pipeline, request: &Request) -> (Plan, Request, String) {
    let last = pipeline.facts.last().expect("a fact");
    let found = Column { name: last.name.clone(), ty: last.rule.ty() };
    let key = pipeline.scan.columns[0].clone();
    let mut request = request.clone();
    let mut plan = plan(pipeline, [key.clone(), found.clone()]);
    // What cannot be measured can be grouped by.
    let is_measured = !matches!(found.ty, Type::Boolean | Type::Text);
    if !is_measured {
        request.by.push(found.name.clone());
        let Body::Measured(pipeline) = &mut plan.body else { unreachable!("made above") };
        pipeline.measure = Measure::Count;
    }
    let shown = if is_measured { "value".to_owned() } else { found.name };
    (plan, request, shown)
}

pub(super) static HEADER: LazyLock<Header> = LazyLock::new(|| Header {
    title: "Facts".to_owned(),
    statement: "Facts.".to_owned(),
    fingerprint: "9f2c61ab".to_owned(),
});

fn plan(pipeline: Pipeline, columns: [Column; 2]) -> Plan {
    Plan {
        metric: "facts".to_owned(),
        version: "1.0.0".to_owned(),
        calendar: Calendar { zone: "UTC".to_owned(), week_starts: Weekday::Monday, year: Year::CIVIL },
        grains: Grain::EVERY.to_vec(),
        dimensions: columns.map(|column| Dimension { name: column.name, ty: column.ty }).to_vec(),
        body: Body::Measured(Box::new(pipeline)),
        publish: Publish::default(),
    }
}

/// Writes a row of an answer: the period where there are many, the key, what was found.
fn line(row: &[Value], (key, value): (usize, usize), grain: Grain) -> String {
    let found = format!("{} {}", row[key], shown(&row[value]));
    if grain == Grain::All { found } else { format!("{} {found}", row[PERIOD_START]) }
}

/// Where the contract has the start of the period.
const PERIOD_START: usize = 2;

fn shown(value: &Value) -> String {
    if value.is_null() { "-".to_owned() } else { value.to_string() }
}

fn table(head: &str, lines: &str) -> Table {
    let field = |word: &str| {
        let (name, ty) = word.split_once(':').expect("name:type");
        Field::new(name, type_of(ty))
    };
    let mut table = Table::new(head.split_whitespace().map(field).collect());
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(cells.len(), table.fields.len(), "{line}");
        table.rows.push(cells.iter().zip(&table.fields).map(|(cell, field)| read(cell, field.ty)).collect());
    }
    table
}

pub(super) fn type_of(name: &str) -> Type {
    match name {
        "integer" => Type::Number(0),
        "money" => Type::Number(2),
        "text" => Type::Text,
        "boolean" => Type::Boolean,
        "duration" => Type::Duration,
        "instant" => Type::Instant,
        other => panic!("{other} is no type"),
    }
}

fn read(cell: &str, ty: Type) -> Value {
    match ty {
        _ if cell == "-" => Value::Null,
        Type::Number(scale) => {
            let number: Number = cell.parse().expect(cell);
            Value::Number(number.rescale(scale).expect(cell))
        }
        Type::Boolean => Value::Boolean(cell == "yes"),
        Type::Duration => Value::Duration(cell.parse().expect(cell)),
        Type::Instant => Value::Instant(at(cell)),
        _ => Value::text(cell),
    }
}

pub(super) fn at(text: &str) -> Instant {
    Instant::parse(text).expect(text)
}

pub(super) fn fact(name: &str, rule: Rule) -> Fact {
    Fact { name: name.to_owned(), rule }
}

pub(super) fn instant(name: &str) -> Expression {
    Expression::column(name, Type::Instant)
}

pub(super) fn word(name: &str) -> Expression {
    Expression::column(name, Type::Text)
}

pub(super) fn is(name: &str, value: &str) -> Expression {
    let value = Expression::Literal(Value::text(value), Type::Text);
    Expression::Compare(Comparison::Equal, Box::new(word(name)), Box::new(value))
}

pub(super) fn lasting(duration: &str) -> Expression {
    Expression::Literal(Value::Duration(duration.parse::<Duration>().expect(duration)), Type::Duration)
}

pub(super) fn pairs(names: &[(&str, &str)]) -> Vec<(String, String)> {
    names.iter().map(|(own, other)| ((*own).to_owned(), (*other).to_owned())).collect()
}

pub(super) fn date(text: &str) -> Date {
    Date::parse(text).expect(text)
}

/// Reads opening hours, as `09:00-12:00 13:00-17:00`.
pub(super) fn openings(text: &str) -> Vec<Opening> {
    let minutes = |time: &str| {
        let (hours, minutes) = time.split_once(':').expect(time);
        hours.parse::<u16>().expect(time) * 60 + minutes.parse::<u16>().expect(time)
    };
    let opening = |part: &str| {
        let (from, to) = part.split_once('-').expect(part);
        Opening { from: minutes(from), to: minutes(to) }
    };
    text.split_whitespace().map(opening).collect()
}

/// Returns the hours of a week: the same on working days, and on Saturday and Sunday.
pub(super) fn week(working: &str, weekend: &str) -> [Vec<Opening>; 7] {
    let (working, weekend) = (openings(working), openings(weekend));
    std::array::from_fn(|day| if day < 5 { working.clone() } else { weekend.clone() })
}

/// Returns a calendar with one schedule since ever.
pub(super) fn hours(zone: &str, working: &str, weekend: &str) -> Hours {
    let schedules = vec![Schedule { from: None, weekly: week(working, weekend) }];
    Hours { zone: zone.to_owned(), schedules, days: Vec::new() }
}
