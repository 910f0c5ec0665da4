//! Claims about sources read as a mapping says: rows, look-ups and the texts of columns.

use super::super::*;
use super::{COMMA, at, clock, column, source};
use crate::source::{
    ClockPolicy, ColumnReading, DurationUnit, Given, InvalidPolicy, LookUp, Mapped, MappedColumn, Source, Take,
};
use crate::text::{Span, Spanned, Texts};
use crate::value::{Duration, Number, Type, Value};

fn named(name: &str) -> Spanned<String> {
    let nowhere = Span::new(Texts::new().add("shop.yaml", name), 0, 0);
    Spanned::new(name.to_owned(), nowhere)
}

fn texts(pairs: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    pairs.iter().map(|(field, texts)| ((*field).to_owned(), texts.iter().map(ToString::to_string).collect())).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

/// A mapping of a source that says nothing yet.
fn mapped() -> Mapped {
    Mapped {
        file: None,
        layout: COMMA,
        clock: None,
        keep: Vec::new(),
        drop: Vec::new(),
        look_ups: Vec::new(),
        absent: Vec::new(),
        unknown: Vec::new(),
        columns: Vec::new(),
    }
}

fn own(name: &str, from: &str, reading: ColumnReading) -> MappedColumn {
    let reading = ColumnReading { fields: vec![from.to_owned()], ..reading };
    MappedColumn { name: named(name), reading, is_read: true, unit: None, invalid: None }
}

fn look_up(name: &str, same: &[(&str, &str)], take: Take) -> LookUp {
    LookUp {
        name: named(name),
        file: "other.csv".to_owned(),
        layout: COMMA,
        same: pairs(same),
        keep: Vec::new(),
        drop: Vec::new(),
        take,
    }
}

/// Reads the same rows as CSV and as JSON lines, where the empty cell is null; both must give the same.
fn read(source: &Source, csv: &str, others: &[(&LookUp, &str)]) -> Result<Vec<Vec<Value>>, String> {
    let way = |layout: FileLayout, text: &str, other: fn(&str) -> String| {
        let looked_up: Result<Vec<_>, _> = others
            .iter()
            .map(|(look_up, text)| LookedUp::of(look_up, sheet(&other(text), layout, &look_up::needed(look_up))?))
            .collect();
        read_text(source, text, layout, &looked_up?).map(|reading| reading.table.rows)
    };
    let by_csv = way(COMMA, csv, str::to_owned).map_err(|error| error.to_string());
    let by_json = way(FileLayout::JsonLines, &json_lines_of(csv), json_lines_of);
    assert_eq!(by_csv.is_ok(), by_json.is_ok(), "{by_csv:?} {by_json:?}");
    if let (Ok(csv), Ok(json)) = (&by_csv, &by_json) {
        assert_eq!(csv, json);
    }
    by_csv
}

fn json_lines_of(csv: &str) -> String {
    let mut lines = csv.lines();
    let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let cell = |text: &str| if text.is_empty() { "null".to_owned() } else { format!("{text:?}") };
    let object = |line: &str| {
        let cells: Vec<String> =
            names.iter().zip(line.split(',')).map(|(name, text)| format!("{name:?}: {}", cell(text))).collect();
        format!("{{{}}}\n", cells.join(", "))
    };
    lines.map(object).collect()
}

fn only(source: &Source, csv: &str) -> Vec<Value> {
    read(source, csv, &[]).expect("sound rows").into_iter().flatten().collect()
}

fn some(texts: &[&str]) -> Vec<Value> {
    texts.iter().copied().map(|text| if text.is_empty() { Value::Null } else { Value::text(text) }).collect()
}

#[test]
fn a_column_that_the_mapping_does_not_name_is_read_from_the_field_of_its_name() {
    let mut usual = column("status", Type::Text);
    usual.reading = ColumnReading { fields: vec!["Zustand".to_owned()], ..ColumnReading::default() };
    let source = source(vec![usual]).under(&mapped());
    assert_eq!(only(&source, "Zustand,status\noffen,open"), some(&["open"]));
}

#[test]
fn rows_are_kept_by_every_field_and_dropped_by_any() {
    let mapped = Mapped {
        keep: texts(&[("kind", &["a", "b"]), ("active", &["yes"])]),
        drop: texts(&[("state", &["gone", ""])]),
        ..mapped()
    };
    let source = source(vec![column("id", Type::Text)]).under(&mapped);
    let csv = "id,kind,active,state\n1,a,yes,here\n2,c,yes,here\n3,b,no,here\n4,b,yes,here\n5,a,yes,gone\n6,a,yes,";
    // 2 is of another kind, 3 is not active, 5 is gone and 6 in no state.
    assert_eq!(only(&source, csv), some(&["1", "4"]));
}

#[test]
fn rows_that_are_not_meant_are_counted_and_not_read() {
    let mapped = Mapped { keep: texts(&[("kind", &["a"])]), ..mapped() };
    let source = source(vec![column("n", Type::Number(0))]).under(&mapped);
    let reading = input(&source, "shop.csv", "n,kind\n1,a\nmany,b\n3,c".as_bytes(), COMMA).expect("sound rows");
    assert_eq!((reading.rows_read(), reading.left_out), (1, 2));
}

#[test]
fn a_field_that_rows_are_kept_by_must_be_there() {
    let mapped = Mapped { keep: texts(&[("knd", &["a"])]), ..mapped() };
    let source = source(vec![column("id", Type::Text)]).under(&mapped);
    let error = read(&source, "id,kind\n1,a", &[]).expect_err("no such field");
    assert!(error.contains("there is no field `knd`, which tells the rows that are meant"), "{error}");
    assert!(error.contains("did you mean `kind`?"), "{error}");
}

#[test]
fn null_tokens_come_before_texts_and_what_stands_for_null_comes_last() {
    let reading = ColumnReading {
        null_tokens: vec!["-".to_owned()],
        texts: pairs(&[("-", "never"), ("mail", "email")]),
        others: Some("phone".to_owned()),
        if_null: Some("chat".to_owned()),
        ..ColumnReading::default()
    };
    let mapped = Mapped { columns: vec![own("channel", "via", reading)], ..mapped() };
    let source = source(vec![column("channel", Type::Text)]).under(&mapped);
    assert_eq!(only(&source, "n,via\n1,mail\n2,call\n3,-\n4,"), some(&["email", "phone", "chat", "chat"]));
}

#[test]
fn a_text_that_no_key_names_stays_as_it_is() {
    let reading = ColumnReading { texts: pairs(&[("mail", "email")]), ..ColumnReading::default() };
    let mapped = Mapped { columns: vec![own("channel", "via", reading)], ..mapped() };
    let source = source(vec![column("channel", Type::Text)]).under(&mapped);
    assert_eq!(only(&source, "n,via\n1,mail\n2,chat\n3,"), some(&["email", "chat", ""]));
}

#[test]
fn a_column_has_a_value_only_where_the_other_field_says_so() {
    let reading = ColumnReading { only_if: texts(&[("score", &["good", "bad"])]), ..ColumnReading::default() };
    let constant = ColumnReading {
        given: Some(Given::Text("yes".to_owned())),
        only_if: texts(&[("score", &["good"])]),
        if_null: Some("no".to_owned()),
        ..ColumnReading::default()
    };
    let mapped = Mapped { columns: vec![own("answered", "at", reading), own("happy", "x", constant)], ..mapped() };
    let source = source(vec![column("answered", Type::Text), column("happy", Type::Text)]).under(&mapped);
    let csv = "at,score\nmonday,offered\ntuesday,good\nfriday,bad";
    assert_eq!(only(&source, csv), some(&["", "no", "tuesday", "yes", "friday", "no"]));
}

#[test]
fn what_is_always_the_same_or_absent_needs_no_field() {
    let constant = ColumnReading { given: Some(Given::Text("0".to_owned())), ..ColumnReading::default() };
    let mapped = Mapped { absent: vec![named("topic")], columns: vec![own("revision", "x", constant)], ..mapped() };
    let columns = vec![column("id", Type::Text), column("topic", Type::Text), column("revision", Type::Number(0))];
    let expected = vec![Value::text("7"), Value::Null, Value::Number(Number::ZERO)];
    assert_eq!(only(&source(columns).under(&mapped), "id\n7"), expected);
}

#[test]
fn an_unknown_column_is_null_even_where_it_is_never_null() {
    let mut count = column("reopens", Type::Number(0));
    count.nullable = false;
    let source = source(vec![column("id", Type::Text), count]);
    let source = source.under(&Mapped { unknown: vec![named("reopens")], ..mapped() });
    assert_eq!(only(&source, "id\n7"), some(&["7", ""]));
    assert_eq!(source.raw.unknown, ["reopens"]);
}

#[test]
fn bounds_and_what_becomes_of_invalid_texts_hold_on_where_the_mapping_says_nothing() {
    let mut wait = column("wait", Type::Duration);
    wait.reading.at_least = Some(Number::ZERO);
    wait.reading.invalid = InvalidPolicy::Null;
    let minutes = ColumnReading { duration_unit: DurationUnit::Minutes, ..ColumnReading::default() };
    let own = MappedColumn { unit: Some(DurationUnit::Minutes), ..own("wait", "w", minutes) };
    let source = source(vec![wait]).under(&Mapped { columns: vec![own], ..mapped() });
    // 2 min are 120,000,000 µs.
    let expected =
        vec![Value::Duration(Duration::from_micros(120_000_000)), Value::Duration(Duration::ZERO), Value::Null];
    assert_eq!(only(&source, "n,w\n1,2\n2,-3\n3,long"), expected);
}

#[test]
fn instants_follow_the_zone_and_the_pattern_of_the_mapping() {
    let mut usual = source(vec![column("at", Type::Instant)]);
    usual.clock = clock("America/New_York", ClockPolicy::Refuse, ClockPolicy::Refuse);
    let zone = clock("Europe/Berlin", ClockPolicy::Refuse, ClockPolicy::Refuse);
    let pattern = ColumnReading { format: Some("%d.%m.%Y %H:%M".to_owned()), ..ColumnReading::default() };
    let of = |clock, reading| usual.under(&Mapped { clock, columns: vec![own("at", "t", reading)], ..mapped() });
    assert_eq!(only(&of(zone, pattern.clone()), "t\n01.07.2026 10:00"), [at("2026-07-01T08:00:00Z")]);
    assert_eq!(only(&of(None, pattern), "t\n01.07.2026 10:00"), [at("2026-07-01T14:00:00Z")]);
    let seconds = ColumnReading { format: Some("%s".to_owned()), ..ColumnReading::default() };
    assert_eq!(only(&of(None, seconds), "t\n1777626000"), [at("2026-05-01T09:00:00Z")]);
}

#[test]
fn a_look_up_takes_what_it_is_told_of_the_rows_that_match() {
    let takes = [
        ("one", Take::One("team".to_owned()), ["red", "", ""]),
        ("earliest", Take::Earliest("at".to_owned()), ["2026-01-01 00:00:59", "2026-01-04 10:00:00", ""]),
        ("latest", Take::Latest("at".to_owned()), ["2026-01-03 10:00:00.5", "2026-01-04 10:00:00", ""]),
        ("count", Take::Count, ["3", "1", "0"]),
    ];
    let other = "ticket,team,at,state\n1,red,2026-01-03 10:00:00,ok\n1,,2026-01-01 00:00:59,ok\n\
        1,red,2026-01-03 10:00:00.5,ok\n2,,2026-01-04 10:00:00,ok\n,blue,2026-01-01 10:00:00,ok\n\
        1,green,2025-01-01 10:00:00,spam";
    for (name, take, expected) in takes {
        let look_up = LookUp { keep: texts(&[("state", &["ok"])]), ..look_up("found", &[("id", "ticket")], take) };
        let columns = vec![own("value", "found", ColumnReading::default())];
        let mapped = Mapped { look_ups: vec![look_up.clone()], columns, ..mapped() };
        let source = source(vec![column("value", Type::Text)]).under(&mapped);
        // Ticket 3 has no row, and the null of the last matches none.
        let found = read(&source, "id,x\n1,\n2,\n3,\n,", &[(&look_up, other)]).expect("sound rows");
        let found: Vec<Value> = found.into_iter().flatten().collect();
        assert_eq!(found[..3], some(&expected), "{name}");
        assert_eq!(found[3], found[2], "{name}");
    }
}

#[test]
fn a_look_up_may_go_through_the_one_above_and_rows_are_kept_by_it() {
    let user = look_up("user", &[("ticket", "id")], Take::One("requester".to_owned()));
    let role = look_up("role", &[("user", "id")], Take::One("role".to_owned()));
    let mapped = Mapped {
        keep: texts(&[("role", &["customer"])]),
        look_ups: vec![user.clone(), role.clone()],
        columns: vec![own("who", "user", ColumnReading::default())],
        ..mapped()
    };
    let source = source(vec![column("who", Type::Text)]).under(&mapped);
    let others = [(&user, "id,requester\n7,u1\n8,u2"), (&role, "id,role\nu1,customer\nu2,agent")];
    let found = read(&source, "ticket\n7\n8\n9", &others).expect("sound rows");
    assert_eq!(found, [some(&["u1"])]);
}

#[test]
fn a_look_up_that_finds_two_things_is_refused_with_both_lines() {
    let look_up = look_up("role", &[("user", "id")], Take::One("role".to_owned()));
    let mapped = Mapped { look_ups: vec![look_up.clone()], ..mapped() };
    let source = source(vec![column("user", Type::Text)]).under(&mapped);
    let error = read(&source, "user\nu1", &[(&look_up, "id,role\nu1,agent\nu1,admin")]).expect_err("two roles");
    assert!(error.contains(":3: `role` is `admin`, but `agent` at line 2 for the same row"), "{error}");
}

#[test]
fn instants_that_cannot_be_compared_are_refused() {
    let look_up = look_up("last", &[("id", "id")], Take::Latest("at".to_owned()));
    let mapped = Mapped { look_ups: vec![look_up.clone()], ..mapped() };
    let source = source(vec![column("id", Type::Text)]).under(&mapped);
    for (other, complaint) in [
        ("id,at\n1,2026-01-01 10:00:00\n1,2026-01-01T10:00:00Z", "only one has an offset"),
        ("id,at\n1,yesterday", "`yesterday` in `at` is not an instant"),
        ("id,on\n1,2026-01-01 10:00:00", "there is no field `at`"),
        ("key,at\n1,2026-01-01 10:00:00", "there is no field `id`"),
    ] {
        let error = read(&source, "id\n1", &[(&look_up, other)]).expect_err(complaint);
        assert!(error.contains(complaint), "{error}");
    }
}

#[test]
fn a_look_up_does_not_hide_a_field_of_the_file() {
    let look_up = look_up("role", &[("user", "id")], Take::One("role".to_owned()));
    let mapped = Mapped { look_ups: vec![look_up.clone()], ..mapped() };
    let source = source(vec![column("user", Type::Text)]).under(&mapped);
    let header = vec!["user".to_owned(), "role".to_owned()];
    let other = sheet("id,role\nu1,agent", COMMA, &look_up::needed(&look_up)).expect("sound rows");
    let looked_up = LookedUp::of(&look_up, other).expect("sound rows");
    let error = rows(&source, header, std::iter::empty(), &[looked_up]).expect_err("two fields of one name");
    assert!(error.to_string().contains("the file has a field `role` of its own"), "{error}");
}
