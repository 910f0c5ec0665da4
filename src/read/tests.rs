//! Claims about whole files, read through the public door.

mod bank;
mod hand;
mod mapped;
mod time;

use super::*;
use crate::plan::Dedupe;
use crate::source::{
    ClockPolicy, ColumnReading, DurationUnit, InvalidPolicy, ObservedThrough, RawRows, SourceColumn, WallClock,
};
use crate::value::{Instant, Number, Type, Value};

pub(super) const COMMA: FileLayout = FileLayout::Csv { delimiter: b',' };

pub(super) fn column(name: &str, ty: Type) -> SourceColumn {
    SourceColumn {
        name: name.to_owned(),
        ty,
        nullable: true,
        unit: None,
        currency_in: None,
        values: None,
        range: None,
        reading: ColumnReading { fields: vec![name.to_owned()], ..ColumnReading::default() },
    }
}

/// A source without key or order, so that single columns can be looked at.
pub(super) fn source(columns: Vec<SourceColumn>) -> Source {
    Source {
        name: "calls".to_owned(),
        table: "calls".to_owned(),
        columns,
        derived: Vec::new(),
        unique: Vec::new(),
        key: Vec::new(),
        order: Vec::new(),
        dedupe: Dedupe::Unique,
        clock: None,
        observed_from: None,
        observed_through: ObservedThrough::LastRow,
        raw: RawRows::default(),
        file: None,
        layout: FileLayout::Csv { delimiter: b',' },
    }
}

pub(super) fn clock(zone: &str, gap: ClockPolicy, fold: ClockPolicy) -> Option<WallClock> {
    Some(WallClock { zone: zone.to_owned(), gap, fold })
}

pub(super) fn at(text: &str) -> Value {
    Value::Instant(Instant::parse(text).expect(text))
}

fn read(source: &Source, text: &str) -> Result<Reading, ReadError> {
    input(source, "calls.csv", text.as_bytes(), COMMA)
}

fn only(reading: Result<Reading, ReadError>) -> Vec<Value> {
    let rows = reading.expect("no problem").table.rows;
    rows.into_iter().map(|mut row| row.remove(0)).collect()
}

fn message(reading: Result<Reading, ReadError>) -> String {
    reading.expect_err("a problem").to_string()
}

fn contacts() -> Source {
    let mut id = column("contact_id", Type::Text);
    id.nullable = false;
    Source {
        key: vec!["contact_id".to_owned()],
        order: vec!["at".to_owned(), "contact_id".to_owned()],
        ..source(vec![id, column("at", Type::Instant)])
    }
}

#[test]
fn what_is_unique_occurs_once_among_rows_that_have_it() {
    let mut source = contacts();
    source.columns.extend([column("invoice", Type::Number(0)), column("customer", Type::Text)]);
    source.unique = vec![vec!["invoice".to_owned()], vec!["customer".to_owned(), "at".to_owned()]];
    let rows = |source: &Source, rows: &str| read(source, &format!("contact_id,at,invoice,customer\n{rows}"));
    // An invoice that is not known is equal to none, and one customer may come twice.
    let sound = "a,2026-05-01T09:00:00Z,,ann\nb,2026-05-02T09:00:00Z,,ann\nc,2026-05-01T09:00:00Z,7,bob\n";
    assert!(rows(&source, sound).is_ok());
    let doubled = format!("{sound}d,2026-05-03T09:00:00Z,7,cid\ne,2026-05-02T09:00:00Z,8,ann\n");
    let error = rows(&source, &doubled).expect_err("an invoice and a contact twice");
    let told: Vec<_> = error.problems.iter().map(|problem| (problem.row, problem.message.as_str())).collect();
    assert_eq!(
        told,
        [
            (Some(5), "`invoice` = `7` was given before, at line 4, but is declared `unique`"),
            (
                Some(6),
                "`customer` = `ann`, `at` = `2026-05-02T09:00:00Z` was given before, at line 3, but is declared `unique`"
            ),
        ]
    );
    // Versions of one contact share its invoice; another contact does not.
    source.dedupe = Dedupe::Latest;
    assert!(rows(&source, "a,2026-05-01T09:00:00Z,7,ann\na,2026-05-02T09:00:00Z,7,ann\n").is_ok());
    assert!(rows(&source, "a,2026-05-01T09:00:00Z,7,ann\nb,2026-05-02T09:00:00Z,7,ann\n").is_err());
}

#[test]
fn table_columns_follow_the_source_and_surplus_fields_are_ignored() {
    let source = source(vec![column("b", Type::Text), column("a", Type::Number(1))]);
    let reading = read(&source, "a,x,b\n1.5,junk,bee\n").expect("reads");
    assert_eq!(reading.table.fields.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(reading.table.rows, [vec![Value::text("bee"), Value::Number(Number::new(15, 1))]]);
}

#[test]
fn byte_order_mark_crlf_bare_cr_and_blank_lines_are_no_data() {
    let source = source(vec![column("a", Type::Text), column("b", Type::Text)]);
    let expected = [vec![Value::text("1"), Value::text("2")], vec![Value::text("3"), Value::text("4")]];
    for text in ["\u{feff}a,b\r\n1,2\r\n\r\n3,4\r\n", "a,b\r1,2\r3,4", "a,b\n1,2\n\n3,4\n"] {
        assert_eq!(read(&source, text).expect("reads").table.rows, expected, "{text:?}");
    }
}

#[test]
fn problems_stand_at_the_line_their_row_starts_on() {
    let source = source(vec![column("note", Type::Text), column("n", Type::Number(0))]);
    for end in ["\n", "\r\n", "\r"] {
        // Lines: 1 header, 2 to 4 a quoted text with two breaks, 5 blank, 6 and 7 bad rows.
        let text = ["note,n", "\"a", "\"\"b\"\"", "c\",1", "", "d,x", "e,y", ""].join(end);
        let error = read(&source, &text).expect_err("two bad rows");
        let rows: Vec<_> = error.problems.iter().map(|problem| problem.row).collect();
        assert_eq!(rows, [Some(6), Some(7)], "{end:?}");
    }
}

#[test]
fn a_quote_that_is_never_closed_is_told_where_it_opens() {
    let source = source(vec![column("n", Type::Text), column("note", Type::Text)]);
    let error = message(read(&source, "n,note\n1,\"ok\"\n2,\"open\n3,x\n"));
    assert!(error.starts_with("calls.csv:3: a quoted field that starts here has no end"), "{error}");
    assert!(message(read(&source, "n,note\n1,\"open\"\"\n2,x\n")).starts_with("calls.csv:2: a quoted"));
    assert!(read(&source, "n,note\n1,5\" pipe\n").is_ok());
}

#[test]
fn rows_of_another_width_are_refused() {
    let source = source(vec![column("a", Type::Text)]);
    let error = message(read(&source, "a,b\n1\n1,2,3\n1,2\n"));
    assert_eq!(
        error,
        "calls.csv:2: the row has 1 field, the header 2\ncalls.csv:3: the row has 3 fields, the header 2"
    );
}

#[test]
fn a_missing_field_is_named_with_near_names() {
    let source = source(vec![column("vru_time", Type::Text), column("wait", Type::Text)]);
    let error = message(read(&source, "VRU-Time,b\n1,2\n"));
    assert_eq!(
        error,
        "calls.csv:1: column `vru_time`: the header has no field `vru_time`\n  help: did you mean `VRU-Time`?\n\
         calls.csv:1: column `wait`: the header has no field `wait`\n  help: it has `VRU-Time`, `b`"
    );
}

#[test]
fn a_doubled_header_matters_only_where_it_is_needed() {
    let source = source(vec![column("a", Type::Text)]);
    assert!(read(&source, "a,b,b\n1,2,3\n").is_ok());
    assert!(message(read(&source, "a,b,a\n1,2,3\n")).contains(":1: column `a`: the header has 2 fields `a`"));
}

#[test]
fn empty_files_and_files_that_are_no_text_are_refused() {
    let source = source(vec![column("a", Type::Text)]);
    assert!(message(read(&source, "")).contains("the file is empty"));
    let latin = input(&source, "x.csv", &b"a\nok\ncaf\xe9\n"[..], COMMA);
    assert!(message(latin).starts_with("x.csv:3: the file is not UTF-8"));
    assert_eq!(read(&source, "a\n").expect("a header is enough").rows_read(), 0);
    let absent = file(&source, Path::new("no/such.csv"), COMMA, &[]);
    assert!(message(absent).starts_with("no/such.csv: the file cannot be opened"));
}

#[test]
fn null_tokens_hold_per_raw_field_and_before_everything() {
    let mut started = column("started", Type::Instant);
    started.reading.fields = vec!["date".to_owned(), "time".to_owned()];
    started.reading.null_tokens = vec!["0:00:00".to_owned()];
    started.reading.format = Some("%Y-%m-%d %H:%M:%S".to_owned());
    let mut source = source(vec![started]);
    source.clock = clock("UTC", ClockPolicy::Refuse, ClockPolicy::Refuse);
    let text = "date,time\n2026-05-01,0:00:00\n,9:00:00\n2026-05-01,9:00:00\n";
    assert_eq!(only(read(&source, text)), [Value::Null, Value::Null, at("2026-05-01T09:00:00Z")]);
}

#[test]
fn several_raw_fields_are_joined_by_one_blank() {
    let mut name = column("name", Type::Text);
    name.reading.fields = vec!["first".to_owned(), "last".to_owned()];
    assert_eq!(only(read(&source(vec![name]), "last,first\nBee,Ann\n")), [Value::text("Ann Bee")]);
}

#[test]
fn a_null_where_none_may_be_is_refused() {
    let mut n = column("n", Type::Number(0));
    n.nullable = false;
    let strict = source(vec![n.clone(), column("other", Type::Text)]);
    assert!(message(read(&strict, "n,other\n,x\n")).starts_with("calls.csv:2: column `n`: the value is null, but"));
    n.reading.invalid = InvalidPolicy::Null;
    let lenient = source(vec![n]);
    assert!(message(read(&lenient, "n\nx\n")).contains("`x` is invalid and would be null, but"));
}

#[test]
fn invalid_texts_become_null_only_by_policy_and_are_counted() {
    let mut n = column("n", Type::Number(0));
    n.range = Some((Number::integer(0), Number::integer(9)));
    let strict = source(vec![n.clone()]);
    let error = read(&strict, "n\nx\n10\n5\n").expect_err("two invalid texts");
    assert_eq!(error.total, 2);
    assert_eq!(error.problems[0].text.as_deref(), Some("x"));
    n.reading.invalid = InvalidPolicy::Null;
    let reading = read(&source(vec![n]), "n\nx\n10\n-1\n0\n9\n").expect("reads");
    assert_eq!(reading.count("n", Event::Nulled), 3);
    assert_eq!(reading.table.rows[2..], [vec![Value::Null], vec![Value::integer(0)], vec![Value::integer(9)]]);
}

#[test]
fn values_outside_the_declared_ones_are_refused_with_the_list() {
    let mut channel = column("channel", Type::Text);
    channel.values = Some(vec!["email".to_owned(), "chat".to_owned()]);
    let error = message(read(&source(vec![channel]), "channel\nemail\nemial\n"));
    assert!(error.starts_with("calls.csv:3: column `channel`: `emial` is not among the declared values: email, chat"));
}

#[test]
fn clamps_act_in_raw_units_and_are_counted() {
    let mut wait = column("wait", Type::Duration);
    wait.reading.duration_unit = DurationUnit::Minutes;
    wait.reading.at_least = Some(Number::integer(0));
    wait.reading.at_most = Some(Number::new(15, 1));
    let reading = read(&source(vec![wait]), "wait\n-3\n0\n1.5\n1.6\n1m31s\n").expect("reads");
    let micros: Vec<_> = reading.table.rows.iter().map(|row| row[0].as_real()).collect();
    assert_eq!(micros, [Some(0.0), Some(0.0), Some(90.0), Some(90.0), Some(90.0)]);
    assert_eq!(reading.notes, [Note { column: "wait".to_owned(), event: Event::Clamped, count: 3 }]);
}

#[test]
fn booleans_have_four_spellings() {
    let text = "b\nTRUE\n0\nFalse\n1\n";
    let values = only(read(&source(vec![column("b", Type::Boolean)]), text));
    assert_eq!(values, [true, false, false, true].map(Value::Boolean));
    assert!(read(&source(vec![column("b", Type::Boolean)]), "b\nyes\n").is_err());
}

#[test]
fn fields_between_runs_of_blanks_and_tabs_are_read_by_name() {
    let source = source(vec![column("b", Type::Number(0))]);
    let text = "  a \t b\r\n1   2\r\n\r\n\t3\t4 \r\n5\r\n";
    let error = input(&source, "x.txt", text.as_bytes(), FileLayout::Whitespace).expect_err("line 5 is short");
    assert_eq!((error.total, error.problems[0].row), (1, Some(5)));
    let good = &text[..text.len() - 3];
    let reading = input(&source, "x.txt", good.as_bytes(), FileLayout::Whitespace);
    assert_eq!(only(reading), [Value::integer(2), Value::integer(4)]);
}

#[test]
fn json_numbers_keep_their_digits() {
    let source = source(vec![column("n", Type::Number(18)), column("t", Type::Text)]);
    let text = "{\"n\": 0.1, \"t\": 12345678901234567890.10}\n\n\
                {\"t\": \"\\u00e9\", \"n\": \"2\", \"z\": [1]}\n{\"n\": null}\n{\"n\":1e-3}";
    let reading = input(&source, "x.jsonl", text.as_bytes(), FileLayout::JsonLines).expect("reads");
    let number = |text: &str| Value::Number(text.parse().expect(text));
    let expected = [
        vec![number("0.1"), Value::text("12345678901234567890.10")],
        vec![number("2"), Value::text("é")],
        vec![Value::Null, Value::Null],
        vec![number("0.001"), Value::Null],
    ];
    assert_eq!(reading.table.rows, expected);
}

#[test]
fn json_lines_that_cannot_be_rows_are_told_by_line() {
    let source = source(vec![column("n", Type::Text)]);
    let text = "{\"n\": {}}\n[1]\n{\"n\": 1\n{\"n\":1,\"n\":2}\n{\"n\": 1}\n";
    let error = message(input(&source, "x.jsonl", text.as_bytes(), FileLayout::JsonLines));
    assert_eq!(
        error,
        "x.jsonl:1: the field `n` is nested\nx.jsonl:2: the line is not a JSON object\n\
         x.jsonl:3: the line is not JSON from its column 7 on\nx.jsonl:4: the object has the key `n` twice"
    );
}

#[test]
fn a_json_field_that_no_object_has_is_a_slip_of_the_pen() {
    let source = source(vec![column("status", Type::Text)]);
    let error = message(input(&source, "x.jsonl", &b"{\"statsu\": 1}\n"[..], FileLayout::JsonLines));
    assert_eq!(error, "x.jsonl: column `status`: the data has no field `status`\n  help: did you mean `statsu`?");
}

#[test]
fn two_rows_of_one_key_are_refused_with_both_lines() {
    let text = "contact_id,at\nc1,2026-01-01T00:00:00Z\nc2,2026-01-01T00:00:00Z\nc1,2026-01-02T00:00:00Z\n";
    let mut source = contacts();
    let error = message(read(&source, text));
    assert!(error.starts_with("calls.csv:4: the key `contact_id` = `c1` was given before, at line 2"), "{error}");
    source.dedupe = Dedupe::Latest;
    assert_eq!(read(&source, text).expect("duplicates are allowed").rows_read(), 3);
}

#[test]
fn parts_of_a_key_are_not_run_together() {
    let mut source = source(vec![column("a", Type::Text), column("b", Type::Text)]);
    source.key = vec!["a".to_owned(), "b".to_owned()];
    assert!(read(&source, "a,b\nx,yz\nxy,z\n").is_ok());
}

#[test]
fn a_null_key_and_a_null_order_instant_are_refused() {
    let mut source = contacts();
    source.dedupe = Dedupe::First;
    source.columns[0].nullable = true;
    let error = read(&source, "contact_id,at\n,2026-01-01T00:00:00Z\nc1,\n").expect_err("two nulls");
    let columns: Vec<_> = error.problems.iter().map(|problem| (problem.row, problem.column.as_deref())).collect();
    assert_eq!(columns, [(Some(2), Some("contact_id")), (Some(3), Some("at"))]);
}

#[test]
fn rows_taken_apart_elsewhere_are_numbered_from_one() {
    let source = source(vec![column("n", Type::Number(0))]);
    let header = ["x".to_owned(), "n".to_owned()];
    let row = |n: Option<&str>| vec![None, n.map(str::to_owned)];
    let good = rows(&source, header.to_vec(), [row(Some("1")), row(None)].into_iter(), &[]);
    assert_eq!(only(good), [Value::integer(1), Value::Null]);
    let bad = rows(&source, header.to_vec(), [row(None), row(Some("x"))].into_iter(), &[]);
    assert!(message(bad).starts_with("calls:2: column `n`: `x` is not a whole number"));
}

#[test]
fn a_parquet_file_is_left_to_others() {
    let error = input(&source(Vec::new()), "x.parquet", &b""[..], FileLayout::Parquet);
    assert!(message(error).contains("Parquet"));
}

#[test]
fn a_long_file_is_read_whole() {
    let mut text = String::from("contact_id,at\n");
    for row in 0..33_344 {
        text.push_str(&format!("c{row},2026-01-01T00:{:02}:{:02}Z\r\n", row / 60 % 60, row % 60));
    }
    text.push_str("c7,2026-01-01T00:00:00Z\r\n");
    let error = message(read(&contacts(), &text));
    assert!(error.starts_with("calls.csv:33346: the key `contact_id` = `c7` was given before, at line 9"), "{error}");
}
