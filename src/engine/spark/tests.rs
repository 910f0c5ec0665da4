//! Tests of Spark and Sail beside those of all engines; they are skipped aloud where no server is at hand.

use super::*;
use crate::engine::Engine;
use crate::engine::round_trip::on_engine;
use crate::table::{Field, Table};
use crate::value::{Date, Duration, Instant, Number};

/// Runs `claim` on both engines.
fn on_both(claim: impl Fn(&mut dyn Engine)) {
    for name in [NAME, "sail"] {
        on_engine(name, &claim);
    }
}

fn single(ty: Type, cells: &[Value]) -> Table {
    Table { fields: vec![Field::new("x", ty)], rows: cells.iter().map(|cell| vec![cell.clone()]).collect() }
}

fn answer(engine: &mut dyn Engine, sql: &str, ty: Type) -> Result<Value, EngineError> {
    engine.query(&format!("SELECT {sql}"), &[Field::new("x", ty)]).map(|table| table.cell(0, "x").clone())
}

#[test]
fn columns_have_the_promised_types() {
    let types = [
        (Type::Boolean, "boolean"),
        (Type::Text, "string"),
        (Type::Number(0), "bigint"),
        (Type::Number(2), "decimal(38,2)"),
        (Type::Duration, "decimal(18,6)"),
        (Type::Instant, "timestamp_ntz"),
        (Type::Date, "date"),
        (Type::Real, "double"),
    ];
    on_both(|engine| {
        for (ty, name) in types {
            engine.load("t", &single(ty, &[Value::Null])).expect("loaded");
            let found = answer(engine, "typeof(x) AS x FROM t", Type::Text);
            assert_eq!(found, Ok(Value::text(name)), "{}", engine.name());
            engine.clear().expect("cleared");
        }
    });
}

#[test]
fn the_session_is_in_utc_and_refuses_to_overflow() {
    on_engine(NAME, |engine| {
        assert_eq!(answer(engine, "current_timezone() AS x", Type::Text), Ok(Value::text("UTC")));
        let sum = answer(engine, "sum(y) AS x FROM VALUES (9223372036854775807), (1) AS t(y)", Type::Number(0));
        let Err(EngineError::Failed { message, .. }) = sum else { panic!("it wrapped around: {sum:?}") };
        assert!(message.starts_with("[ARITHMETIC_OVERFLOW]") && !message.contains("Vendor code"), "{message}");
    });
}

#[test]
fn a_value_is_read_exactly_or_not_at_all() {
    let reads = [
        ("1.50BD", Type::Number(2), Value::Number(Number::new(150, 2))),
        ("7Y", Type::Number(2), Value::Number(Number::new(700, 2))),
        ("cast(-192.000001 AS decimal(18, 6))", Type::Duration, Value::Duration(Duration::from_micros(-192_000_001))),
        (
            "timestamp '2026-05-01 11:00:00+02:00'",
            Type::Instant,
            Value::Instant(Instant::from_micros(1_777_626_000_000_000)),
        ),
        ("date '1969-12-31'", Type::Date, Value::Date(Date::from(jiff::civil::date(1969, 12, 31)))),
        ("NULL", Type::Number(2), Value::Null),
        ("NULL", Type::Text, Value::Null),
    ];
    let refused = [
        ("1.55BD", Type::Number(1)),
        ("1.5BD", Type::Text),
        ("1.5D", Type::Number(1)),
        ("1.5BD", Type::Real),
        ("5L", Type::Duration),
        ("interval '5' second", Type::Duration),
        ("date '2026-05-01'", Type::Instant),
        ("timestamp_ntz '2026-05-01 00:00:00'", Type::Date),
        ("1", Type::Boolean),
        ("'1'", Type::Number(0)),
    ];
    on_both(|engine| {
        for (sql, ty, expected) in &reads {
            assert_eq!(answer(engine, &format!("{sql} AS x"), *ty), Ok(expected.clone()), "{} {sql}", engine.name());
        }
        for (sql, ty) in refused {
            let found = answer(engine, &format!("{sql} AS x"), ty);
            assert!(matches!(found, Err(EngineError::Mismatch { .. })), "{} {sql}: {found:?}", engine.name());
        }
    });
}

#[test]
fn what_lies_beyond_its_ranges_is_refused() {
    let cells = [
        (Type::Duration, Value::Duration(Duration::from_micros(1_000_000_000_000_000_000))),
        (Type::Instant, Value::Instant(Instant::from_micros(i64::MAX))),
        (Type::Instant, Value::Instant(Instant::from_micros(-377_705_116_800_000_001))),
    ];
    on_both(|engine| {
        for (ty, cell) in &cells {
            let refused = engine.load("t", &single(*ty, std::slice::from_ref(cell)));
            assert!(matches!(refused, Err(EngineError::Refused { row: 1, .. })), "{cell}: {refused:?}");
        }
    });
}

#[test]
fn a_server_that_is_not_there_is_told_with_what_to_do() {
    if let Err(error) = SPARK.driver().load() {
        return crate::engine::round_trip::skip(NAME, &error);
    }
    for (address, part) in [
        ("sc://127.0.0.1:1/;token=s3cr", "Check that the server runs"),
        ("sc://no-such-host.invalid:15002/;token=s3cr", "Check the host"),
    ] {
        let Err(error) = adbc::open(&SPARK, &Address::of_text(address)) else { panic!("it opened") };
        let EngineError::Down { what, remedy, .. } = &error else { panic!("{error:?}") };
        assert!(remedy.contains(part) && remedy.contains('X'), "{what}: {remedy}");
        assert!(!format!("{error} {error:?} {remedy}").contains("s3cr"), "{error:?}");
    }
}
