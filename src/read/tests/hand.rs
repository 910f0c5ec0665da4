//! Claims about fixture tables and single cells.

use super::*;

fn cell_of(ty: Type, text: &str) -> Result<Value, String> {
    let zone = clock("Europe/Berlin", ClockPolicy::Refuse, ClockPolicy::Refuse);
    cell(&column("x", ty), zone.as_ref(), text)
}

fn tickets() -> Source {
    let mut id = column("ticket", Type::Text);
    id.nullable = false;
    let mut opened = column("opened", Type::Instant);
    opened.nullable = false;
    opened.reading.fields = vec!["date".to_owned(), "time".to_owned()];
    opened.reading.format = Some("%y%m%d %H:%M:%S".to_owned());
    let mut status = column("status", Type::Text);
    status.values = Some(vec!["open".to_owned(), "solved".to_owned()]);
    Source {
        key: vec!["ticket".to_owned()],
        order: vec!["opened".to_owned(), "ticket".to_owned()],
        ..source(vec![id, opened, status, column("wait", Type::Duration)])
    }
}

fn told(source: &Source, text: &str) -> Vec<(String, String)> {
    let problems = inline(source, text).expect_err("problems");
    problems.into_iter().map(|problem| (text[problem.range].to_owned(), problem.message)).collect()
}

#[test]
fn nothing_and_null_are_null_and_quotes_make_a_text() {
    for (text, value) in [
        ("", Value::Null),
        ("  ", Value::Null),
        (" null ", Value::Null),
        ("''", Value::text("")),
        ("'null'", Value::text("null")),
        ("' it''s '", Value::text(" it's ")),
        (" it's ", Value::text("it's")),
    ] {
        assert_eq!(cell_of(Type::Text, text), Ok(value), "{text:?}");
    }
    for text in ["'open", "'a' b", "'''"] {
        assert!(cell_of(Type::Text, text).is_err(), "{text}");
    }
    assert!(cell_of(Type::Number(0), "'null'").is_err());
}

#[test]
fn cells_are_canonical_whatever_the_file_looks_like() {
    let mut wait = column("wait", Type::Duration);
    wait.reading.duration_unit = DurationUnit::Minutes;
    for (text, seconds) in
        [("20s", 20.0), ("1h30m", 5400.0), ("0s", 0.0), ("90", 90.0), ("0:01:30", 90.0), ("-3", -3.0)]
    {
        assert_eq!(cell(&wait, None, text).map(|value| value.as_real()), Ok(Some(seconds)), "{text}");
    }
    assert_eq!(cell_of(Type::Instant, "2026-05-01 09:00:00"), Ok(at("2026-05-01T07:00:00Z")));
    assert_eq!(cell_of(Type::Boolean, "TRUE"), Ok(Value::Boolean(true)));
    assert_eq!(cell_of(Type::Number(2), "1.5"), Ok(Value::Number(Number::new(150, 2))));
    assert!(cell_of(Type::Instant, "2026-03-29 02:30:00").is_err());
    assert!(cell_of(Type::Real, "1.0").is_err());
}

#[test]
fn what_a_source_says_of_values_holds_in_fixtures_too() {
    let mut wait = column("wait", Type::Duration);
    wait.reading.duration_unit = DurationUnit::Minutes;
    wait.reading.at_least = Some(Number::ZERO);
    wait.reading.at_most = Some(Number::integer(1));
    let seconds = |text: &str| cell(&wait, None, text).map(|value| value.as_real());
    assert_eq!(seconds("-3s"), Ok(Some(0.0)), "below the bound");
    assert_eq!(seconds("61s"), Ok(Some(60.0)), "one minute is the bound");
    let mut customer = column("customer", Type::Text);
    customer.reading.null_tokens = vec!["unknown".to_owned()];
    assert_eq!(cell(&customer, None, "unknown"), Ok(Value::Null));
    let mut rating = column("rating", Type::Number(0));
    rating.range = Some((Number::integer(1), Number::integer(5)));
    assert!(cell(&rating, None, "9").is_err(), "refused unless the policy says otherwise");
    rating.reading.invalid = InvalidPolicy::Null;
    assert_eq!(cell(&rating, None, "9"), Ok(Value::Null));
}

#[test]
fn a_fixture_gives_derived_columns_directly_and_may_leave_nullable_ones_out() {
    let text = "status | opened               | ticket\n-------|----------------------|------\nopen   | \
                2026-01-01T09:00:00Z | t1\n       | 2026-01-02T09:00:00Z | t2\n";
    let table = inline(&tickets(), text).expect("reads");
    let names: Vec<_> = table.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["ticket", "opened", "status", "wait"]);
    let expected = [
        vec![Value::text("t1"), at("2026-01-01T09:00:00Z"), Value::text("open"), Value::Null],
        vec![Value::text("t2"), at("2026-01-02T09:00:00Z"), Value::Null, Value::Null],
    ];
    assert_eq!(table.rows, expected);
}

#[test]
fn every_mistake_is_told_at_its_cell() {
    let text = "ticket | opend | status | wait\nt1 | 1 | emial | 5x\n | 2 | open |\n";
    let expected = [
        ("opend", "the source `calls` has no column `opend`"),
        ("emial", "`emial` is not among the declared values: open, solved"),
        ("5x", "`5x` is not a duration"),
        (" ", "`ticket` is null, but the column is part of the key"),
    ];
    let expected: Vec<_> = expected.iter().map(|(at, what)| ((*at).to_owned(), (*what).to_owned())).collect();
    assert_eq!(told(&tickets(), text), expected);
    let problems = inline(&tickets(), text).expect_err("problems");
    assert_eq!(problems[0].help.as_deref(), Some("did you mean `opened`?"));
}

#[test]
fn a_required_column_that_is_left_out_is_told_at_the_header() {
    assert_eq!(
        told(&tickets(), "ticket | status\nt1 | open\n"),
        [(
            "ticket | status".to_owned(),
            "the column `opened` is not given, and would be null, but the column dates the row".to_owned()
        )]
    );
}

#[test]
fn a_fixture_keeps_the_promise_of_unique_keys() {
    let text = "opened | ticket\n2026-01-01T09:00:00Z | t1\n2026-01-02T09:00:00Z | t1\n";
    let mut source = tickets();
    assert_eq!(
        told(&source, text),
        [("t1".to_owned(), "the key `ticket` = `t1` was given before, in row 1".to_owned())]
    );
    assert_eq!(inline(&source, text).expect_err("one")[0].range, text.len() - 3..text.len() - 1);
    source.dedupe = Dedupe::Latest;
    assert_eq!(inline(&source, text).map(|table| table.rows.len()), Ok(2));
}

#[test]
fn an_empty_fixture_has_a_header_and_no_rows() {
    assert_eq!(inline(&tickets(), "ticket | opened\n").map(|table| table.rows.len()), Ok(0));
    assert_eq!(told(&tickets(), " \n"), [(" \n".to_owned(), "the table has no header line".to_owned())]);
}
