//! Tests on the server that `ETALON_POSTGRES` names: how values are kept, what a session may do, how a server fails.

use std::time::{Duration as Wait, Instant as Clock};

use super::*;
use crate::engine::adbc::Session;
use crate::engine::round_trip::skip;
use crate::engine::{Described, Engine, EngineError};
use crate::table::{Field, Table};
use crate::value::{Date, Duration, Instant};

/// Opens a session; nothing where the server is not at hand.
fn opened() -> Option<Box<dyn Engine>> {
    opened_with(&POSTGRES)
}

fn opened_with(profile: &'static Postgres) -> Option<Box<dyn Engine>> {
    adbc::open(profile, &Address::of_engine(NAME)).map_err(|error| skip(NAME, &error)).ok()
}

/// Opens a session that may write.
fn writer() -> Option<Session> {
    Session::open(&POSTGRES, &Address::of_engine(NAME)).map_err(|error| skip(NAME, &error)).ok()
}

/// The address of the server with other parts.
fn address(change: impl Fn(&str) -> String) -> Option<Address> {
    Some(Address::of_text(&change(Address::of_engine(NAME).text()?)))
}

fn answer(engine: &mut dyn Engine, expression: &str) -> Result<String, EngineError> {
    let table = engine.query(&format!("SELECT ({expression})::text AS x"), &[Field::new("x", Type::Text)])?;
    Ok(table.cell(0, "x").to_string())
}

fn single(ty: Type, cells: &[Value]) -> Table {
    Table { fields: vec![Field::new("x", ty)], rows: cells.iter().map(|cell| vec![cell.clone()]).collect() }
}

#[test]
fn columns_have_the_promised_types() {
    let types = [
        (Type::Boolean, "boolean"),
        (Type::Text, "text"),
        (Type::Number(0), "bigint"),
        (Type::Number(2), "numeric(38,2)"),
        (Type::Duration, "numeric(18,6)"),
        (Type::Instant, "timestamp without time zone"),
        (Type::Date, "date"),
        (Type::Real, "double precision"),
    ];
    let Some(mut engine) = opened() else { return };
    for (ty, name) in types {
        engine.load("t", &single(ty, &[])).expect("loaded");
        let found = answer(
            engine.as_mut(),
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'pg_temp.t'::regclass \
             AND attname = 'x'",
        );
        assert_eq!(found.as_deref(), Ok(name));
        engine.clear().expect("cleared");
    }
}

#[test]
fn the_session_is_in_utc_and_adds_up_in_one_order() {
    let Some(mut engine) = opened() else { return };
    let instant = Instant::parse("2026-05-01T09:00:00+02:00").expect("an instant");
    engine.load("t", &single(Type::Instant, &[Value::Instant(instant)])).expect("loaded");
    assert_eq!(answer(engine.as_mut(), "SELECT x FROM t").as_deref(), Ok("2026-05-01 07:00:00"));
    for (setting, value) in [
        ("TimeZone", "UTC"),
        ("max_parallel_workers_per_gather", "0"),
        ("synchronize_seqscans", "off"),
        ("client_encoding", "UTF8"),
    ] {
        assert_eq!(answer(engine.as_mut(), &format!("current_setting('{setting}')")).as_deref(), Ok(value));
    }
}

#[test]
fn a_value_is_read_exactly_or_not_at_all() {
    let Some(mut engine) = opened() else { return };
    let number = |mantissa, scale| Value::Number(Number::new(mantissa, scale));
    let reads = [
        ("1.50::numeric", Type::Number(2), number(150, 2)),
        ("1.5000000000000000", Type::Number(1), number(15, 1)),
        ("sum(x) FROM (VALUES (9223372036854775807), (1)) v(x)", Type::Number(0), number(9_223_372_036_854_775_808, 0)),
        ("7::smallint", Type::Number(2), number(700, 2)),
        ("-192.000001", Type::Duration, Value::Duration(Duration::from_micros(-192_000_001))),
        (
            "'2026-05-01 11:00:00+02'::timestamptz",
            Type::Instant,
            Value::Instant(Instant::from_micros(1_777_626_000_000_000)),
        ),
        ("'1969-12-31'::date", Type::Date, Value::Date(Date::from(jiff::civil::date(1969, 12, 31)))),
        ("'4714-11-24 BC'::timestamp", Type::Instant, Value::Instant(Instant::from_micros(FIRST_MICROSECOND))),
        ("'a'::varchar(3)", Type::Text, Value::text("a")),
        ("NULL", Type::Number(2), Value::Null),
        ("NULL", Type::Instant, Value::Null),
    ];
    for (sql, ty, expected) in reads {
        let found = engine.query(&format!("SELECT {}", aliased(sql)), &[Field::new("x", ty)]).expect(sql);
        assert_eq!(found.rows, [[expected]], "{sql}");
    }
    let refused = [
        ("1.55", Type::Number(1)),
        ("1.5", Type::Text),
        ("'NaN'::numeric", Type::Number(2)),
        ("'Infinity'::numeric", Type::Number(2)),
        ("1.5::float8", Type::Number(1)),
        ("1.5::float4", Type::Real),
        ("1.5", Type::Real),
        ("3 / 4", Type::Real),
        ("5::bigint", Type::Duration),
        ("interval '5 seconds'", Type::Duration),
        ("0.0000001", Type::Duration),
        ("3::money", Type::Number(0)),
        ("'infinity'::timestamp", Type::Instant),
        ("'-infinity'::timestamp", Type::Instant),
        ("'infinity'::timestamptz", Type::Instant),
        ("'infinity'::date", Type::Date),
        ("'-infinity'::date", Type::Date),
        ("'2026-05-01'::date", Type::Instant),
        ("'2026-05-01'::timestamp", Type::Date),
        ("1", Type::Boolean),
        ("1", Type::Text),
        ("'{}'::jsonb", Type::Text),
        ("gen_random_uuid()", Type::Text),
        ("'1'::text", Type::Number(0)),
    ];
    for (sql, ty) in refused {
        let found = engine.query(&format!("SELECT {}", aliased(sql)), &[Field::new("x", ty)]);
        assert!(matches!(found, Err(EngineError::Mismatch { .. })), "{sql}: {found:?}");
    }
}

/// Gives the expression before a `FROM` the name `x`.
fn aliased(sql: &str) -> String {
    match sql.split_once(" FROM ") {
        Some((expression, from)) => format!("{expression} AS x FROM {from}"),
        None => format!("{sql} AS x"),
    }
}

#[test]
fn what_lies_beyond_its_ranges_is_refused() {
    let cells = [
        (Type::Duration, Value::Duration(Duration::from_micros(1_000_000_000_000_000_000))),
        (Type::Instant, Value::Instant(Instant::from_micros(FIRST_MICROSECOND - 1))),
        (Type::Date, Value::Date(Date::from(jiff::civil::date(-4713, 11, 23)))),
    ];
    let Some(mut engine) = opened() else { return };
    for (ty, cell) in cells {
        let refused = engine.load("t", &single(ty, std::slice::from_ref(&cell)));
        assert!(matches!(refused, Err(EngineError::Refused { row: 1, .. })), "{cell}: {refused:?}");
    }
    let first = [
        (Type::Instant, Value::Instant(Instant::from_micros(FIRST_MICROSECOND))),
        (Type::Date, Value::Date(Date::from(jiff::civil::date(-4713, 11, 24)))),
    ];
    for (ty, cell) in first {
        let data = single(ty, std::slice::from_ref(&cell));
        engine.load("t", &data).expect("the first it has");
        assert_eq!(engine.query("SELECT x FROM t", &data.fields), Ok(data));
        engine.clear().expect("cleared");
    }
}

#[test]
fn a_name_that_would_be_cut_short_is_refused() {
    let Some(mut engine) = opened() else { return };
    let data = single(Type::Text, &[]);
    assert!(matches!(engine.load(&"n".repeat(64), &data), Err(EngineError::Failed { .. })));
    engine.load(&"n".repeat(63), &data).expect("the longest");
}

#[test]
fn a_loaded_table_hides_the_users_and_leaves_it_as_it_is() {
    let Some(mut writer) = writer() else { return };
    let schema = format!("etalon_hiding_{}", std::process::id());
    for statement in [
        format!("CREATE SCHEMA {schema}"),
        format!("CREATE TABLE {schema}.contacts (x text)"),
        format!("INSERT INTO {schema}.contacts VALUES ('the user''s')"),
    ] {
        writer.execute(&statement).expect("written");
    }
    let at = Address::of_engine(NAME).in_schema(Some(schema.clone()));
    let mut engine = adbc::open(&POSTGRES, &at).expect("opened");
    let content = "SELECT string_agg(x, ',') FROM contacts";
    assert_eq!(answer(engine.as_mut(), content).as_deref(), Ok("the user's"));
    engine.load("contacts", &single(Type::Text, &[Value::text("loaded")])).expect("loaded");
    assert_eq!(answer(engine.as_mut(), content).as_deref(), Ok("loaded"));
    engine.clear().expect("cleared");
    assert_eq!(answer(engine.as_mut(), content).as_deref(), Ok("the user's"));
    writer.execute(&format!("DROP SCHEMA {schema} CASCADE")).expect("dropped");
}

#[test]
fn a_column_of_the_users_fits_where_each_of_its_values_is_one_of_the_field() {
    let Some(mut writer) = writer() else { return };
    let schema = format!("etalon_fitting_{}", std::process::id());
    let columns = [
        ("integer", Type::Number(0), true),
        ("smallint", Type::Number(2), true),
        ("numeric(12, 2)", Type::Number(2), true),
        ("numeric(12, 3)", Type::Number(2), false),
        ("numeric(12, -3)", Type::Number(0), true),
        ("numeric", Type::Number(2), true),
        ("numeric(18, 6)", Type::Duration, true),
        ("interval", Type::Duration, false),
        ("double precision", Type::Number(2), false),
        ("money", Type::Number(2), false),
        ("varchar(8)", Type::Text, true),
        ("char(8)", Type::Text, false),
        ("uuid", Type::Text, false),
        ("timestamp", Type::Instant, true),
        ("timestamptz", Type::Instant, false),
        ("date", Type::Instant, false),
        ("date", Type::Date, true),
        ("boolean", Type::Boolean, true),
        ("integer", Type::Boolean, false),
    ];
    let names: Vec<String> = (0..columns.len()).map(|number| format!("Column {number}")).collect();
    let defined: Vec<String> = names.iter().zip(&columns).map(|(name, (ty, ..))| format!("\"{name}\" {ty}")).collect();
    writer.execute(&format!("CREATE SCHEMA {schema}")).expect("created");
    writer.execute(&format!("CREATE TABLE {schema}.t ({}, more text)", defined.join(", "))).expect("created");
    let fields: Vec<Field> = names.iter().zip(&columns).map(|(name, (_, ty, _))| Field::new(name, *ty)).collect();
    let mut engine = opened().expect("opened once already");
    let described = engine.describe(&format!("{schema}.t"), &fields);
    let absent = engine.describe(&format!("{schema}.nothing"), &fields);
    writer.execute(&format!("DROP SCHEMA {schema} CASCADE")).expect("dropped");
    let described = described.expect("it is there");
    for ((ty, declared, fits), found) in columns.iter().zip(&described) {
        assert_eq!(found.fits, Some(*fits), "{ty} as {declared}: {found:?}");
    }
    let more = Described { name: "more".to_owned(), ty: "text".to_owned(), fits: None };
    assert_eq!(described.last(), Some(&more));
    assert!(matches!(absent, Err(EngineError::Failed { .. })), "{absent:?}");
}

#[test]
fn a_query_cannot_write() {
    let Some(mut engine) = opened() else { return };
    for statement in ["SELECT lo_create(0)::text AS x", "CREATE TABLE etalon_x (x text)"] {
        let refused = engine.query(statement, &[Field::new("x", Type::Text)]);
        let Err(EngineError::Failed { message, .. }) = refused else { panic!("written: {refused:?}") };
        assert!(message.contains("read-only"), "{message}");
    }
    engine.load("t", &single(Type::Text, &[])).expect("its own tables are its own");
    assert!(engine.query("SELECT lo_create(0)::text AS x", &[Field::new("x", Type::Text)]).is_err());
}

#[test]
fn nothing_is_left_behind_when_a_session_ends() {
    let Some((mut engine, mut other)) = opened().zip(opened()) else { return };
    let name = format!("etalon_left_{}", std::process::id());
    let count = format!("SELECT count(*) FROM pg_class WHERE relname = '{name}'");
    engine.load(&name, &single(Type::Text, &[Value::text("x")])).expect("loaded");
    assert_eq!(answer(other.as_mut(), &count).as_deref(), Ok("1"), "the count sees it while it is there");
    drop(engine);
    let begun = Clock::now();
    while answer(other.as_mut(), &count).as_deref() != Ok("0") {
        assert!(begun.elapsed() < Wait::from_secs(10), "still there");
        std::thread::sleep(Wait::from_millis(20));
    }
}

static BY_INSERT: Postgres = Postgres { filling: Filling::Insert { rows: 2 } };
static BY_VIEW: Postgres = Postgres { filling: Filling::View };

#[test]
fn rows_that_go_in_as_literals_come_back_as_those_that_are_ingested() {
    let instant = |text| Value::Instant(Instant::parse(text).expect("an instant"));
    let columns: [(Type, Vec<Value>); 8] = [
        (Type::Boolean, vec![Value::Boolean(true), Value::Boolean(false)]),
        (Type::Text, ["it's", "a \\ \"b\"\n", "", "Größe 🙂", "$1 :x ?"].map(Value::text).to_vec()),
        (Type::Number(0), [i64::MIN, 0, i64::MAX].map(Value::integer).to_vec()),
        (Type::Number(2), vec![Value::Number(Number::new(-5, 2)), Value::Number(Number::new(10i128.pow(38) - 1, 2))]),
        (Type::Duration, vec![Value::Duration(Duration::from_micros(-192_000_001))]),
        (Type::Instant, vec![instant("0001-01-01T00:00:00Z"), instant("2026-03-29T01:30:00.000001Z")]),
        (Type::Date, vec![Value::Date(Date::from(jiff::civil::date(1, 1, 1)))]),
        (Type::Real, [0.1 + 0.2, -1e-300, f64::MAX, 5e-324].map(Value::Real).to_vec()),
    ];
    for profile in [&BY_INSERT, &BY_VIEW] {
        let Some(mut engine) = opened_with(profile) else { return };
        for (ty, cells) in &columns {
            for cells in [[cells.as_slice(), &[Value::Null]].concat(), vec![Value::Null], vec![]] {
                let data = single(*ty, &cells);
                engine.load("a \"b\"", &data).expect("loaded");
                let back = engine.query("SELECT x FROM \"a \"\"b\"\"\"", &data.fields);
                assert_eq!(back, Ok(data), "{:?}", profile.filling);
                engine.clear().expect("cleared");
            }
        }
        let refused = engine.load("t", &single(Type::Number(1), &[Value::Number(Number::new(125, 2))]));
        assert!(matches!(refused, Err(EngineError::Refused { row: 1, .. })), "{refused:?}");
    }
}

/// Asserts that the address is refused, that the remedy speaks of `part` of it, and that no secret is shown.
#[track_caller]
fn is_down(address: &Address, part: &str) {
    let Err(error) = adbc::open(&POSTGRES, address) else { panic!("it opened") };
    let EngineError::Down { what, remedy, .. } = &error else { panic!("{error:?}") };
    assert!(remedy.contains(part) && remedy.contains('X'), "{what}: {remedy}");
    let shown = format!("{error} {error:?} {remedy}");
    assert!(!shown.contains("s3cr"), "{shown}");
}

#[test]
fn a_server_that_refuses_the_caller_says_why_without_the_password() {
    let user = |text: &str| {
        let (_, host) = text.rsplit_once('@').expect("an address with a user");
        format!("postgresql://nobody:s3cr%2Fet@{host}")
    };
    let Some(nobody) = address(user) else { return };
    is_down(&nobody, "Check user and password");
    let nowhere = Address::of_text("postgresql://ann:s3cr%2Fet@no-such-host.invalid/d");
    is_down(&nowhere, "Check the host");
    let silent = Address::of_text("postgresql://ann:s3cr%2Fet@127.0.0.1:1/d");
    is_down(&silent, "Check that the server runs");
    let database = |text: &str| format!("{}/no_such_database", text.rsplit_once('/').expect("a database").0);
    is_down(&address(database).expect("an address"), "Check the database");
}

#[test]
fn a_lost_connection_is_told_from_a_refused_statement() {
    let Some((mut engine, mut other)) = opened().zip(opened()) else { return };
    let backend = answer(engine.as_mut(), "pg_backend_pid()").expect("a number");
    assert_eq!(answer(other.as_mut(), &format!("pg_terminate_backend({backend})")).as_deref(), Ok("true"));
    let fields = [Field::new("x", Type::Number(0))];
    for _ in 0..2 {
        let lost = engine.query("SELECT nothing AS x", &fields);
        let Err(EngineError::Down { remedy, .. }) = &lost else { panic!("{lost:?}") };
        assert!(remedy.contains("when the server answers"), "{remedy}");
    }
    let lost = engine.load("t", &single(Type::Text, &[Value::text("x")]));
    assert!(matches!(lost, Err(EngineError::Down { .. })), "{lost:?}");
    let refused = other.query("SELECT nothing AS x", &fields);
    assert!(matches!(refused, Err(EngineError::Failed { .. })), "{refused:?}");
}

#[test]
fn a_refused_statement_is_told_in_a_line_with_the_line_that_is_meant() {
    let Some(mut engine) = opened() else { return };
    let refused = engine.query("SELECT\n  1 AS y,\n  lower(1) AS x", &[Field::new("x", Type::Text)]);
    let Err(EngineError::Failed { message, sql, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(message.split_once("; HINT:").expect("a hint").0, "function lower(integer) does not exist");
    assert_eq!(sql, "  lower(1) AS x");
    let refused = engine.query("SELECT 1 / 0 AS x", &[Field::new("x", Type::Number(0))]);
    let Err(EngineError::Failed { message, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(message, "division by zero");
}

#[test]
fn a_server_without_room_is_down_and_not_the_statement_wrong() {
    let narrow = |text: &str| {
        let mark = if text.contains('?') { '&' } else { '?' };
        format!("{text}{mark}options=-c%20temp_file_limit%3D1MB%20-c%20work_mem%3D64kB")
    };
    let Some(address) = address(narrow) else { return };
    let mut engine = adbc::open(&POSTGRES, &address).expect("opened");
    let large = "SELECT max(md5) AS x FROM (SELECT md5(g::text), row_number() OVER (ORDER BY md5(g::text)) \
                 FROM generate_series(1, 100000) g) s";
    let sorted = "SELECT md5(g::text) AS x FROM generate_series(1, 100000) g ORDER BY 1";
    for query in [large, sorted] {
        let answer = engine.query(query, &[Field::new("x", Type::Text)]);
        let Err(EngineError::Down { what, remedy, .. }) = &answer else { panic!("{answer:?}") };
        assert!(what.contains("temp_file_limit") && remedy.contains("make room"), "{what}: {remedy}");
    }
}

#[test]
fn a_right_that_is_missing_is_a_matter_of_the_address() {
    let Some(mut writer) = writer() else { return };
    let name = format!("etalon_reader_{}", std::process::id());
    for statement in
        [format!("CREATE ROLE {name} LOGIN PASSWORD 's3cr'"), format!("CREATE TABLE {name}_table (x text)")]
    {
        writer.execute(&statement).expect("written");
    }
    let reader = address(|text| format!("postgresql://{name}:s3cr@{}", text.rsplit_once('@').expect("a user").1));
    let mut engine = adbc::open(&POSTGRES, &reader.expect("an address")).expect("opened");
    let answer = engine.query(&format!("SELECT x FROM {name}_table"), &[Field::new("x", Type::Text)]);
    drop(engine);
    for statement in [format!("DROP TABLE {name}_table"), format!("DROP ROLE {name}")] {
        writer.execute(&statement).expect("dropped");
    }
    let Err(EngineError::Down { what, remedy, .. }) = answer else { panic!("{answer:?}") };
    assert!(what.contains("permission denied") && remedy.contains("`SELECT`"), "{what}: {remedy}");
}
