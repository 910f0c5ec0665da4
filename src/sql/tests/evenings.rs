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
use crate::value::{Grain, Instant, Value, Weekday};

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

/// Calendars whose periods SQL only lists.
fn years() -> [Year; 4] {
    let weeks = |first, begins, pattern| Year::OfWeeks { first, begins, pattern };
    [
        Year::CIVIL,
        Year::OfMonths { first: 5 },
        weeks(2, YearBegins::Nearest, [4, 5, 4]),
        weeks(1, YearBegins::AtOrAfter, [5, 4, 4]),
    ]
}

#[test]
fn lists_of_periods_are_those_of_the_interpreter() {
    let zones = ["UTC", "Europe/Berlin", "Pacific/Apia", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu"];
    let reaches = [Reach::Own, Reach::Trailing(3), Reach::ToDate(Grain::Year), Reach::Before(2)];
    let anchored = reaches.map(|reach| super::plans::anchored("opened_at", reach));
    let mut placements = anchored.to_vec();
    placements.extend([Placement::Snapshot(Edge::End), Placement::Spread]);
    let days = |year: i16| {
        (0..36).map(move |ten| {
            jiff::civil::date(year, 1, 1)
                .to_datetime(jiff::civil::time(11, 7, 0, 0))
                .saturating_add(jiff::Span::new().days(ten * 10))
        })
    };
    let instants: Vec<Instant> = [2011, 2012, 2018]
        .into_iter()
        .flat_map(days)
        .map(|day| Instant::from(day.to_zoned(TimeZone::UTC).expect("a day").timestamp()))
        .collect();
    let tables: BTreeMap<_, _> = [("contacts".to_owned(), table(&instants))].into();
    let span = (instants[0], instants[instants.len() - 1]);
    let mut engine = (ENGINES[0].open)().expect("the engine compiled in");
    engine.load("contacts", &tables["contacts"]).expect("loads");
    let dialect = Dialect::find(engine.dialect()).expect("every engine has its dialect");
    for (number, zone) in zones.into_iter().enumerate() {
        for (year, placement) in years().iter().flat_map(|year| placements.iter().map(move |place| (year, place))) {
            for grain in [Grain::Week, Grain::Month, Grain::Quarter, Grain::Year] {
                let mut pipeline = pipeline(Measure::Count);
                pipeline.filter.placement = placement.clone();
                let mut plan = measured(pipeline);
                plan.calendar =
                    Calendar { zone: zone.to_owned(), week_starts: Weekday::EVERY[number], year: year.clone() };
                let mut request = Request { span, ..request(grain, &[]) };
                if number % 2 == 1 {
                    (request.from, request.to) = (Some(instants[5]), Some(instants[40]));
                    request.as_of = instants[39];
                }
                let expected = interpret::cells(&plan, &tables, &request).expect("the interpreter answers");
                let sql = render(&plan, &header(), &request, &dialect, Output::Cells).expect("renders");
                let cells = engine.query(&sql, &contract(&plan, &request)).expect("answers");
                let found = differences(&expected, &cells);
                assert!(found.is_empty(), "{zone} {year:?} {placement:?} {grain}: {found:?}");
            }
        }
    }
}
