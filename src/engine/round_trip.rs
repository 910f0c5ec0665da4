//! Tests: what goes into an engine comes out again, on every engine of the list.
//!
//! Expected values are the loaded ones; each engine answers the same SQL.

use crate::engine::{ENGINES, Engine, EngineEntry, EngineError};
use crate::table::{Field, Table};
use crate::value::{Date, Duration, Instant, Number, Type, Value};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Mutex;

/// Runs `claim` on every engine; an absent one is skipped aloud, unless it is required.
pub(super) fn on_every_engine(claim: impl Fn(&mut dyn Engine)) {
    for entry in ENGINES {
        on_engine(entry.name, &claim);
    }
}

/// Runs `claim` on the engine `name`, or skips it aloud.
pub(super) fn on_engine(name: &str, claim: impl Fn(&mut dyn Engine)) {
    let entry = EngineEntry::find(name).expect("the engine is listed");
    match (entry.open)() {
        Ok(mut engine) => claim(engine.as_mut()),
        Err(error) => skip(name, &error),
    }
}

/// Says that `name` is skipped; panics where it must be there.
pub(super) fn skip(name: &str, error: &EngineError) {
    assert!(matches!(error, EngineError::Unavailable { .. }), "{name}: {error}");
    assert!(EngineEntry::find(name).is_none_or(|entry| !entry.is_required()), "{name}: {error}");
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    // Once for all tests, and no macro: the test runner would keep what it prints from a test that passes.
    if SAID.lock().is_ok_and(|mut said| said.insert(name.to_owned())) {
        let _ = writeln!(std::io::stderr(), "skipped: all tests on {name}: {error}");
    }
}

fn date(text: &str) -> Value {
    Value::Date(Date::parse(text).expect("an ISO date"))
}

fn instant(text: &str) -> Value {
    Value::Instant(Instant::parse(text).expect("an ISO instant"))
}

fn number(mantissa: i128, scale: u8) -> Value {
    Value::Number(Number::new(mantissa, scale))
}

fn micros(micros: i64) -> Value {
    Value::Duration(Duration::from_micros(micros))
}

/// A table with a position column `p` and a column `x` of these cells.
fn single(ty: Type, cells: &[Value]) -> Table {
    let fields = vec![Field::new("p", Type::Number(0)), Field::new("x", ty)];
    let position = |index: usize| Value::integer(i64::try_from(index).expect("few rows"));
    let rows = cells.iter().enumerate().map(|(index, cell)| vec![position(index), cell.clone()]).collect();
    Table { fields, rows }
}

#[track_caller]
fn comes_back(ty: Type, cells: &[Value]) {
    let data = single(ty, cells);
    on_every_engine(|engine| {
        engine.load("t", &data).expect("every cell can be stored");
        let back = engine.query("SELECT p, x FROM t ORDER BY p", &data.fields).expect("an answer");
        assert_eq!(back, data, "{}", engine.name());
    });
}

/// Returns `name` as one identifier of the engine.
fn ident(engine: &dyn Engine, name: &str) -> String {
    match engine.dialect() {
        "bigquery" => format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`")),
        "spark" | "databricks" | "mariadb" | "clickhouse" => format!("`{}`", name.replace('`', "``")),
        _ => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// Asserts that a cell at the end of some calendar comes back, or is refused; no engine may change it.
fn comes_back_or_is_refused(ty: Type, cell: &Value) {
    let data = single(ty, std::slice::from_ref(cell));
    on_every_engine(|engine| match engine.load("t", &data) {
        Ok(()) => assert_eq!(engine.query("SELECT p, x FROM t", &data.fields), Ok(data.clone()), "{}", engine.name()),
        Err(error) => assert!(matches!(error, EngineError::Refused { row: 1, .. }), "{error}"),
    });
}

fn refusal(engine: &mut dyn Engine, ty: Type, cell: Value) -> String {
    let refused = engine.load("t", &single(ty, &[Value::Null, cell]));
    let Err(EngineError::Refused { table, row, column, reason, .. }) = refused else {
        panic!("{}: not refused: {refused:?}", engine.name());
    };
    assert_eq!((table.as_str(), row, column.as_str()), ("t", 2, "x"));
    engine.load("t", &single(Type::Text, &[])).expect("nothing is left behind");
    engine.clear().expect("an empty database");
    reason
}

#[test]
fn booleans_and_nulls_come_back() {
    comes_back(Type::Boolean, &[Value::Boolean(true), Value::Null, Value::Boolean(false)]);
}

#[test]
fn texts_come_back_to_the_byte() {
    let texts =
        ["", " a ", "it's", "a \"b\"", "line\nline\r\n", "tab\t\\n", "Größe 🙂 e\u{301}", "NULL", "\u{1}", "%_;--"];
    let mut cells: Vec<Value> = texts.map(Value::text).to_vec();
    cells.push(Value::Null);
    cells.push(Value::text(&"long ".repeat(10_000)));
    comes_back(Type::Text, &cells);
}

#[test]
fn integers_come_back_up_to_64_bits() {
    let limits = [i64::MIN, i64::MIN + 1, -1, 0, 1, 9_007_199_254_740_993, i64::MAX];
    let mut cells = limits.map(Value::integer).to_vec();
    cells.push(Value::Null);
    comes_back(Type::Number(0), &cells);
}

#[test]
fn decimals_come_back_with_their_sign_and_every_digit() {
    comes_back(Type::Number(2), &[number(-5, 2), number(0, 2), number(123_456, 2), Value::Null]);
    comes_back(Type::Number(18), &[number(i128::from(i64::MAX), 18), number(i128::from(i64::MIN), 18), number(-1, 18)]);
}

#[test]
fn a_decimal_comes_back_at_the_scale_of_its_column() {
    on_every_engine(|engine| {
        let data = single(Type::Number(3), &[number(15, 1)]);
        engine.load("t", &data).expect("loaded");
        let back = engine.query("SELECT p, x FROM t", &data.fields).expect("an answer");
        let Value::Number(back) = back.cell(0, "x") else { panic!("no number") };
        assert_eq!((back.mantissa(), back.scale()), (1_500, 3));
    });
}

#[test]
fn durations_come_back_to_the_microsecond() {
    let longest = 999_999_999_999_999_999;
    comes_back(
        Type::Duration,
        &[micros(-192_000_001), micros(0), micros(1), Value::Null, micros(longest), micros(-longest)],
    );
}

#[test]
fn instants_come_back_to_the_microsecond() {
    let texts = ["1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z", "2026-03-29T01:30:00.000001Z"];
    let mut cells = texts.map(instant).to_vec();
    cells.push(Value::Null);
    for limit in ["1000-01-01T00:00:00Z", "9999-12-30T22:00:00.999999Z"] {
        cells.push(instant(limit));
    }
    comes_back(Type::Instant, &cells);
}

#[test]
fn instants_of_the_far_past_come_back_or_are_refused() {
    for text in ["-009999-01-02T01:59:59Z", "0001-01-01T00:00:00Z", "0999-12-31T23:59:59.999999Z"] {
        comes_back_or_is_refused(Type::Instant, &instant(text));
    }
}

#[test]
fn dates_come_back_to_the_year_9999() {
    let texts = ["1000-01-01", "1969-12-31", "1970-01-01", "2024-02-29", "9999-12-31"];
    let mut cells = texts.map(date).to_vec();
    cells.push(Value::Null);
    comes_back(Type::Date, &cells);
}

#[test]
fn dates_of_the_far_past_come_back_or_are_refused() {
    for text in ["0000-01-01", "0001-01-01", "0999-12-31"] {
        comes_back_or_is_refused(Type::Date, &date(text));
    }
}

#[test]
fn reals_come_back_to_the_bit() {
    let reals = [0.1 + 0.2, -1e-300, f64::MAX, f64::MIN_POSITIVE, 5e-324, 3.0, 0.0];
    let mut cells = reals.map(Value::Real).to_vec();
    cells.push(Value::Null);
    comes_back(Type::Real, &cells);
}

#[test]
fn an_empty_table_has_columns_and_no_rows() {
    comes_back(Type::Number(2), &[]);
}

#[test]
fn more_rows_than_one_chunk_come_back_in_full() {
    on_every_engine(|engine| {
        let cells: Vec<Value> = (0..130_000).map(Value::integer).collect();
        engine.load("t", &single(Type::Number(0), &cells)).expect("loaded");
        let fields = [Field::new("counted", Type::Number(0)), Field::new("total", Type::Number(0))];
        let sql = "SELECT count(*) AS counted, sum(CASE WHEN x = p THEN x END) AS total FROM t";
        let sums = engine.query(sql, &fields).expect("an answer");
        // 0 + 1 + ... + 129,999 = 130,000 * 129,999 / 2
        assert_eq!(sums.rows, [[Value::integer(130_000), Value::integer(8_449_935_000)]]);
    });
}

#[test]
fn a_dot_and_a_quote_are_part_of_a_table_name() {
    on_every_engine(|engine| {
        let data = single(Type::Text, &[Value::text("x")]);
        for name in ["support.contacts", "a\"b", "order", "Größe; --"] {
            engine.load(name, &data).expect("loaded");
            let back = engine.query(&format!("SELECT p, x FROM {}", ident(engine, name)), &data.fields);
            assert_eq!(back, Ok(data.clone()), "{} {name}", engine.name());
        }
    });
}

#[test]
fn column_names_come_back_as_written() {
    on_every_engine(|engine| {
        let fields = ["Group", "a \"b\"", "x.y", "größe"].map(|name| Field::new(name, Type::Number(0))).to_vec();
        let data = Table { rows: vec![(1..=4).map(Value::integer).collect()], fields };
        engine.load("t", &data).expect("loaded");
        assert_eq!(engine.query("SELECT * FROM t", &data.fields), Ok(data.clone()), "{}", engine.name());
    });
}

#[test]
fn a_cleared_engine_takes_a_table_of_the_same_name() {
    on_every_engine(|engine| {
        let data = single(Type::Text, &[Value::text("x")]);
        engine.load("t", &data).expect("loaded");
        assert!(matches!(engine.load("t", &data), Err(EngineError::Failed { .. })), "{}", engine.name());
        engine.clear().expect("cleared");
        assert!(matches!(engine.query("SELECT p, x FROM t", &data.fields), Err(EngineError::Failed { .. })));
        engine.load("t", &single(Type::Real, &[])).expect("loaded again");
    });
}

#[test]
fn two_engines_of_one_kind_share_nothing() {
    on_every_engine(|engine| {
        engine.load("t", &single(Type::Text, &[])).expect("loaded");
        let entry = ENGINES.iter().find(|entry| entry.name == engine.name()).expect("listed");
        let mut other = (entry.open)().expect("opened once already");
        assert!(other.query("SELECT p FROM t", &[Field::new("p", Type::Number(0))]).is_err());
    });
}

#[test]
fn a_text_with_a_nul_character_is_refused() {
    on_every_engine(|engine| {
        let reason = refusal(engine, Type::Text, Value::text("a\0b"));
        assert_eq!(reason, "the text holds a NUL character");
    });
}

#[test]
fn a_number_of_more_than_64_bits_is_refused() {
    on_every_engine(|engine| {
        let reason = refusal(engine, Type::Number(0), number(i128::from(i64::MAX) + 1, 0));
        assert!(reason.contains("9223372036854775808"), "{reason}");
    });
}

#[test]
fn a_digit_that_the_column_has_no_place_for_is_refused() {
    on_every_engine(|engine| {
        let reason = refusal(engine, Type::Number(1), number(125, 2));
        assert!(reason.contains("1.25"), "{reason}");
    });
}

#[test]
fn a_decimal_that_overflows_its_column_is_refused() {
    on_every_engine(|engine| {
        refusal(engine, Type::Number(2), number(10i128.pow(38), 2));
    });
}

#[test]
fn a_real_that_is_not_finite_is_refused() {
    on_every_engine(|engine| {
        refusal(engine, Type::Real, Value::Real(f64::NAN));
        refusal(engine, Type::Real, Value::Real(f64::INFINITY));
    });
}

#[test]
fn a_cell_of_another_type_than_its_column_is_refused() {
    on_every_engine(|engine| {
        for ty in
            [Type::Boolean, Type::Number(0), Type::Number(2), Type::Duration, Type::Instant, Type::Date, Type::Real]
        {
            assert!(refusal(engine, ty, Value::text("1")).contains("is not of type"));
        }
        refusal(engine, Type::Text, Value::integer(1));
    });
}

#[test]
fn a_row_of_the_wrong_width_is_refused() {
    on_every_engine(|engine| {
        for cells in [vec![], vec![Value::Null], vec![Value::Null; 3]] {
            let data = Table { rows: vec![cells], ..single(Type::Text, &[]) };
            assert!(matches!(engine.load("t", &data), Err(EngineError::Refused { row: 1, .. })), "{}", engine.name());
        }
    });
}

#[test]
fn columns_must_be_the_declared_ones_in_order() {
    on_every_engine(|engine| {
        let fields = [Field::new("a", Type::Number(0)), Field::new("b", Type::Number(0))];
        let other_case = format!("SELECT 1 AS a, 2 AS {}", ident(engine, "B"));
        for sql in ["SELECT 1 AS a", "SELECT 1 AS b, 2 AS a", "SELECT 1 AS a, 2 AS b, 3 AS c", &other_case] {
            let answer = engine.query(sql, &fields);
            assert!(matches!(answer, Err(EngineError::Mismatch { .. })), "{}: {sql}: {answer:?}", engine.name());
        }
    });
}

#[test]
fn columns_are_checked_also_where_there_are_no_rows() {
    on_every_engine(|engine| {
        let answer =
            engine.query("SELECT 1 AS a FROM (SELECT 1 AS b) AS t WHERE 1 = 0", &[Field::new("b", Type::Number(0))]);
        assert!(matches!(answer, Err(EngineError::Mismatch { .. })), "{}: {answer:?}", engine.name());
    });
}

#[test]
fn refused_sql_names_the_engine_and_shows_the_sql() {
    on_every_engine(|engine| {
        for query in ["SELECT nothing AS a", "SELEC 1", "SELECT 1 AS a; SELECT \0", ""] {
            let answer = engine.query(query, &[Field::new("a", Type::Number(0))]);
            assert!(answer.is_err(), "{}: {query}", engine.name());
        }
        let Err(EngineError::Failed { engine: name, sql, .. }) =
            engine.query("SELECT nothing AS a", &[Field::new("a", Type::Number(0))])
        else {
            panic!("an unknown column was accepted");
        };
        assert_eq!(name, engine.name());
        assert!(sql.contains("nothing"), "{sql}");
    });
}

#[test]
fn a_version_is_a_dotted_number() {
    on_every_engine(|engine| {
        let version = engine.version();
        assert!(version.starts_with(|first: char| first.is_ascii_digit()) && version.contains('.'), "{version}");
    });
}
