//! Hostile and clashing names: nothing gets out of its quotes, and no name hides another.

use super::plans::*;
use crate::expression::{Column, Expression};
use crate::plan::*;
use crate::sql::{Header, Output, RenderError, SQLITE, render};
use crate::value::{Grain, Type};

/// Renames a column of the plan's scan, wherever it stands.
fn rename(pipeline: &mut Pipeline, from: &str, to: &str) {
    let names = pipeline.scan.columns.iter_mut().map(|column| &mut column.name);
    let names = names.chain(&mut pipeline.scan.key).chain(&mut pipeline.scan.order);
    let Placement::Anchor { column: anchor, .. } = &mut pipeline.filter.placement else { return };
    for name in names.chain([anchor]) {
        if name == from {
            *name = to.to_owned();
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[test]
fn hostile_names_and_texts_are_only_names_and_texts() {
    for hostile in ["a\"b", "a'; drop table contacts; --", "a\nb", "/* a */", "a -- b", "a b", "{{ x }}", "select"] {
        let mut pipeline = pipeline(Measure::Count);
        rename(&mut pipeline, "channel", hostile);
        let tested = Expression::column(hostile, Type::Text);
        pipeline.filter.predicate = Some(compare(tested, crate::expression::Comparison::Equal, text(hostile)));
        pipeline.exclude = vec![Exclusion { id: hostile.to_owned(), when: column("solved") }];
        let mut plan = measured(pipeline);
        plan.metric = hostile.to_owned();
        plan.dimensions = vec![Dimension { name: hostile.to_owned(), ty: Type::Text }];
        let connection = database(&[contact(1, may("01T09:00")), contact(2, may("01T09:00"))]);
        connection
            .execute_batch(&format!("alter table contacts rename column channel to {}", quoted(hostile)))
            .expect("a rename");
        connection.execute(&format!("update contacts set {} = ?", quoted(hostile)), [hostile]).expect("an update");
        let header = Header { title: hostile.into(), statement: hostile.into(), fingerprint: hostile.into() };
        let sql = render(&plan, &header, &request(Grain::Day, &[hostile]), &SQLITE, Output::Cells).expect(hostile);
        let rows = run(&connection, &sql);
        assert_eq!(rows.len(), 1, "{hostile}");
        assert_eq!((rows[0][0].as_str(), rows[0][5].as_str(), rows[0][6].as_str()), (hostile, hostile, "2"));
        assert_eq!(run(&connection, "select count(*) from contacts"), [["2"]], "the table is untouched");
    }
}

#[test]
fn a_zero_character_is_refused() {
    let mut pipeline = pipeline(Measure::Count);
    pipeline.filter.predicate = Some(is_channel("a\0b"));
    let rendered = render(&measured(pipeline), &header(), &request(Grain::Day, &[]), &SQLITE, Output::Cells);
    assert!(matches!(rendered, Err(RenderError::ZeroCharacter)));
}

#[test]
fn the_head_of_a_query_is_comments_only() {
    let header = Header {
        title: "x\n; drop table contacts; --".to_owned(),
        statement: "*/ select 1 /*\r\nselect 2".to_owned(),
        fingerprint: "\u{2028}select 3".to_owned(),
    };
    let plan = simple(Measure::Count);
    let sql = render(&plan, &header, &request(Grain::Day, &[]), &SQLITE, Output::Cells).expect("rendered");
    let head: Vec<&str> = sql.lines().take_while(|line| *line != "with").collect();
    assert_eq!(head.len(), 3);
    assert!(head.iter().all(|line| line.starts_with("-- ") && !line.contains("*/")));
}

#[test]
fn a_table_named_like_a_step_is_not_shadowed() {
    for name in
        ["population", "facts", "fates", "totals", "cells", "graded", "zone_offsets", "periods", "event", "later"]
    {
        let mut pipeline = pipeline(Measure::Share(column("later")));
        pipeline.scan.source = name.to_owned();
        pipeline.scan.table = name.to_owned();
        let mut relate = relate(Summary::Exists);
        relate.events.source = name.to_owned();
        relate.events.table = name.to_owned();
        pipeline.facts = vec![related("later", relate)];
        let plan = measured(pipeline);
        let anna = |id, opened_at| Contact { customer: Some("anna"), ..contact(id, opened_at) };
        let connection = database(&[anna(1, may("01T09:00")), anna(2, may("01T10:00"))]);
        connection.execute_batch(&format!("alter table contacts rename to {name}")).expect("a rename");
        let rows = run(&connection, &render_sqlite(&plan, &request(Grain::Day, &[]), Output::Cells));
        assert_eq!(rows[0][7], "0.5", "{name}");
        let ledger = run(&connection, &render_sqlite(&plan, &request(Grain::Day, &[]), Output::Ledger));
        assert_eq!(ledger.last().map(|row| row[1].as_str()), Some("2"), "{name}");
    }
}

#[test]
fn a_column_named_like_a_computed_one_keeps_its_own_values() {
    let names = [
        "fate",
        "period",
        "state",
        "value",
        "numerator",
        "n",
        "operand",
        "set_aside",
        "place",
        "excluded_solved",
        "local_time",
    ];
    for name in names {
        let mut pipeline = pipeline(Measure::Share(not(is_null(Expression::column(name, Type::Text)))));
        rename(&mut pipeline, "channel", name);
        pipeline.exclude = vec![Exclusion { id: "solved".to_owned(), when: column("solved") }];
        pipeline.scan.dedupe = Dedupe::Latest;
        let mut plan = measured(pipeline);
        plan.dimensions = vec![Dimension { name: name.to_owned(), ty: Type::Text }];
        let on = |id, channel, solved| Contact { channel, solved, ..contact(id, may("01T09:00")) };
        let connection = database(&[on(1, Some("phone"), None), on(2, Some("phone"), Some(true)), on(3, None, None)]);
        connection.execute_batch(&format!("alter table contacts rename column channel to {name}")).expect("a rename");
        let rows = run(&connection, &render_sqlite(&plan, &request(Grain::Day, &[name]), Output::Cells));
        let shown: Vec<String> = rows.iter().map(|row| format!("{} {} {}", row[5], row[8], row[12])).collect();
        assert_eq!(shown, ["phone 1.0 1", "- 0.0 0"], "{name}");
    }
}

#[test]
fn two_facts_whose_names_differ_only_in_signs_are_two_steps() {
    let mut pipeline = pipeline(Measure::Sum(Expression::column("a-b", Type::Number(0))));
    pipeline.facts = vec![related("a-b", relate(Summary::Count)), related("a_b", relate(Summary::Count))];
    let anna = |id, opened_at| Contact { customer: Some("anna"), ..contact(id, opened_at) };
    let rows = [anna(1, may("01T09:00")), anna(2, may("01T10:00"))];
    assert_eq!(answer(&measured(pipeline), &request(Grain::All, &[]), &rows, &["value"]), ["1"]);
}

#[test]
fn an_unknown_dimension_or_zone_and_a_derived_ledger_are_refused() {
    let ask = |plan: &Plan, request: &Request, output| render(plan, &header(), request, &SQLITE, output);
    let mut plan = simple(Measure::Count);
    let unknown = ask(&plan, &request(Grain::Day, &["team"]), Output::Cells);
    assert!(matches!(unknown, Err(RenderError::UnknownDimension { dimension, .. }) if dimension == "team"));
    plan.calendar.zone = "Europe/Berlim".to_owned();
    let unknown = ask(&plan, &request(Grain::Day, &[]), Output::Cells);
    assert!(matches!(unknown, Err(RenderError::UnknownZone(zone)) if zone == "Europe/Berlim"));
    let average = Average { component: simple(Measure::Count).into(), each: Grain::Day };
    let derived = super::plans::plan(Body::Averaged(average));
    let refused = ask(&derived, &request(Grain::Month, &[]), Output::Ledger);
    assert!(matches!(refused, Err(RenderError::NoLedger(_))));
}

#[test]
fn columns_may_be_missing_from_the_scan_only_if_nothing_reads_them() {
    let mut pipeline = pipeline(Measure::Count);
    pipeline.scan.columns = vec![
        Column { name: "id".to_owned(), ty: Type::Number(0) },
        Column { name: "opened_at".to_owned(), ty: Type::Instant },
    ];
    assert_eq!(answer(&measured(pipeline), &request(Grain::All, &[]), &[contact(1, 0)], &["n"]), ["1"]);
}
