//! The SQL as people read it.

use super::plans::*;
use crate::expression::Expression;
use crate::plan::*;
use crate::sql::{DIALECTS, Dialect, Output, render};
use crate::value::{Grain, Number};

/// Most characters of a line: where an engine has only calls for times of a zone, they are the longest.
const LONGEST: usize = 240;

/// A plan with every kind of step of a measured metric.
fn full() -> Plan {
    let mut pipeline = pipeline(Measure::Share(not(column("later_contact"))));
    pipeline.filter.predicate = Some(Expression::Or(vec![is_channel("phone"), is_channel("chat")]));
    pipeline.facts = vec![
        related("later_contact", relate(Summary::Exists)),
        related("first_channel", relate(Summary::First(column("channel")))),
    ];
    pipeline.exclude = vec![Exclusion { id: "vip".to_owned(), when: column("solved") }];
    pipeline.missing = vec![Missing { when: is_null(column("later_contact")) }];
    let mut plan = measured(pipeline);
    plan.calendar.zone = "Europe/Berlin".to_owned();
    plan
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    for dialect in DIALECTS {
        let write = || render(&full(), &header(), &request(Grain::Week, &["channel"]), dialect, Output::Cells);
        assert_eq!(write().expect("rendered"), write().expect("rendered"));
    }
}

#[test]
fn steps_are_named_in_the_words_of_the_definition() {
    let sql = render_sqlite(&full(), &request(Grain::Week, &["channel"]), Output::Cells);
    let steps: Vec<&str> =
        sql.lines().filter_map(|line| line.strip_suffix(" as (")).filter(|s| !s.contains(' ')).collect();
    let expected = [
        "contacts_seen",
        "zone_offsets",
        "population",
        "later_contact",
        "first_channel",
        "facts",
        "fates",
        "totals",
        "periods",
        "cells",
        "graded",
    ];
    assert_eq!(steps, expected);
}

#[test]
fn engines_that_know_zones_get_no_rules() {
    let sql = render_duckdb(&full(), &request(Grain::Week, &["channel"]), Output::Cells);
    assert!(!sql.contains("zone_offsets") && sql.contains("'Europe/Berlin'"));
}

#[test]
fn lines_are_short_even_and_never_select_everything() {
    for dialect in DIALECTS {
        for output in [Output::Cells, Output::Ledger] {
            let by = request(Grain::Quarter, &["channel", "customer"]);
            let sql = render(&full(), &header(), &by, dialect, output).expect("rendered");
            assert!(!sql.contains("select *") && !sql.contains('\t') && !sql.contains("\n\n\n"));
            assert!(sql.ends_with('\n') && !sql.ends_with("\n\n"), "one newline at the end");
            for line in sql.lines() {
                assert_eq!(line.trim_end(), line, "no blanks at the end");
                assert!(line.len() <= LONGEST, "{line}");
                let indent = line.len() - line.trim_start().len();
                assert_eq!(indent % 4, 0, "{line}");
            }
        }
    }
}

/// Plans with the steps that [`full`] has not.
fn others() -> Vec<Plan> {
    let half = Quantile { of: column("price"), at: Number::new(5, 1), method: QuantileMethod::Continuous };
    let measures = [Measure::Quantile(half), Measure::TopShare(column("customer"), 3)];
    let placements = [anchored("closed_at", Reach::Trailing(3)), Placement::Snapshot(Edge::End), Placement::Spread];
    let mut plans = Vec::new();
    for (measure, placement) in measures.into_iter().cycle().zip(placements) {
        let mut pipeline = pipeline(measure);
        pipeline.scan.dedupe = Dedupe::Latest;
        pipeline.scan.derived = vec![Derived { name: "is_open".to_owned(), value: is_null(column("closed_at")) }];
        pipeline.filter.placement = placement;
        let mut plan = measured(pipeline);
        plan.calendar.year = Year::OfMonths { first: 2 };
        plans.push(plan);
    }
    plans
}

#[test]
fn lists_of_periods_are_laid_out_as_everything_else() {
    for (plan, dialect) in others().iter().flat_map(|plan| DIALECTS.iter().map(move |dialect| (plan, *dialect))) {
        for output in [Output::Cells, Output::Ledger] {
            let sql =
                render(plan, &header(), &request(Grain::Quarter, &["channel"]), &dialect, output).expect("rendered");
            assert!(!sql.contains("select *") && !sql.contains("\n\n"));
            for line in sql.lines() {
                assert_eq!(line.trim_end(), line, "no blanks at the end");
                assert!(line.len() <= LONGEST, "{line}");
                let indent = line.len() - line.trim_start().len();
                assert_eq!(indent % 4, 0, "{line}");
                assert!(indent > 0 || !sql.contains(&format!("as (\n{line}\n")), "{line}");
            }
        }
    }
}

/// So that what holds on Spark is shown for Databricks as well.
#[test]
fn databricks_is_given_what_spark_is() {
    let [spark, databricks] = ["spark", "databricks"].map(|name| Dialect::find(name).expect(name));
    for plan in others().iter().chain([&full()]) {
        for output in [Output::Cells, Output::Ledger] {
            let [one, other] = [spark, databricks]
                .map(|dialect| render(plan, &header(), &request(Grain::Week, &["channel"]), &dialect, output));
            assert_eq!(one.expect("rendered"), other.expect("rendered"));
        }
    }
}

#[test]
fn equal_scans_are_one_step() {
    let count = |metric: &str, channel: &str| {
        let mut pipeline = pipeline(Measure::Count);
        pipeline.filter.predicate = Some(is_channel(channel));
        let mut plan = measured(pipeline);
        plan.metric = metric.to_owned();
        Component { plan: plan.into(), zero_when_absent: true }
    };
    let components = vec![count("emails", "email"), count("phones", "phone")];
    let formula = Formula::Divide(Box::new(Formula::Component(0)), Box::new(Formula::Component(1)));
    let plan = plan(Body::Combined(Combination { components, formula }));
    let sql = render_sqlite(&plan, &request(Grain::Day, &[]), Output::Cells);
    assert_eq!(sql.matches("from contacts\n").count(), 1);
    assert!(sql.contains("emails_population as (") && sql.contains("(emails / nullif(phones, 0.0)) as value"));
}

#[test]
fn the_head_names_metric_version_fingerprint_and_statement() {
    let sql = render_sqlite(&full(), &request(Grain::Week, &["channel"]), Output::Cells);
    let head: Vec<&str> = sql.lines().take(3).collect();
    assert_eq!(
        head,
        [
            "-- contact_rate 1.0.0: Contact rate",
            "-- Share of contacts.",
            "-- Fingerprint 9f2c61ab. By week and channel, as of 2027-01-01T00:00:00Z.",
        ]
    );
}
