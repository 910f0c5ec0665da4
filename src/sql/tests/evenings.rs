//! Every time since 1900 that a clock of any zone was set back across midnight: SQL cuts as the interpreter does.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::plans::*;
use crate::compare::differences;
use crate::engine::ENGINES;
use crate::interpret;
use crate::plan::*;
use crate::sql::{Dialect, Output, render};
use crate::table::{Field, Table};
use crate::value::{Grain, Instant, Value};

/// Around each change: a minute and a second before, its instant, within the evening, at its end, a day later.
const AROUND: [i64; 7] = [-61, -1, 0, 1_800, 3_539, 3_540, 86_400];

fn instants(zone: &TimeZone) -> Vec<Instant> {
    let at = |text: &str| text.parse::<Timestamp>().expect(text);
    let (first, last) = (at("1900-01-01T00:00:00Z"), at("2031-01-01T00:00:00Z"));
    let changes = zone.following(first).map(|change| change.timestamp()).take_while(|change| *change < last);
    changes
        .filter(|change| {
            let before = zone.to_datetime(*change - SignedDuration::from_secs(1));
            before.date() > zone.to_datetime(*change).date()
        })
        .flat_map(|change| AROUND.map(|after| Instant::from_micros(change.as_microsecond() + after * 1_000_000)))
        .collect()
}

fn table(instants: &[Instant]) -> Table {
    let columns = contacts().columns;
    let mut table = Table::new(columns.iter().map(|column| Field::new(&column.name, column.ty)).collect());
    for (at, id) in instants.iter().zip(1..) {
        let cell = |name: &str| match name {
            "id" => Value::integer(id),
            "opened_at" => Value::Instant(*at),
            _ => Value::Null,
        };
        table.rows.push(columns.iter().map(|column| cell(&column.name)).collect());
    }
    table
}

#[test]
fn days_and_hours_around_every_evening_shown_again_are_those_of_the_interpreter() {
    let mut engines: Vec<_> = ENGINES.iter().filter_map(|entry| (entry.open)().ok()).collect();
    let mut tried = 0;
    for name in jiff::tz::db().available() {
        let mut plan = simple(Measure::Count);
        plan.calendar.zone = name.to_string();
        let instants = instants(&TimeZone::get(&plan.calendar.zone).expect("a zone of the database"));
        let (Some(first), Some(last)) = (instants.first(), instants.last()) else { continue };
        tried += 1;
        let tables: BTreeMap<_, _> = [("contacts".to_owned(), table(&instants))].into();
        for grain in [Grain::Hour, Grain::Day, Grain::Month] {
            let request = Request { span: (*first, *last), ..request(grain, &[]) };
            let expected = interpret::cells(&plan, &tables, &request).expect("the interpreter answers");
            for engine in &mut engines {
                let dialect = Dialect::find(engine.dialect()).expect("every engine has its dialect");
                let sql = render(&plan, &header(), &request, &dialect, Output::Cells).expect("renders");
                engine.clear().expect("an empty database");
                engine.load("contacts", &tables["contacts"]).expect("loads");
                let cells = engine.query(&sql, &contract(&plan, &request)).expect("answers");
                assert!(differences(&expected, &cells).is_empty(), "{} {name} {grain}", engine.name());
            }
        }
    }
    assert!(tried > 5, "St. John's is not the only one");
}
