//! Claims about what definitions mean, read off their plans.

use super::*;
use crate::catalog;
use crate::expression::Moment;
use crate::load::load;
use crate::plan::{Awaits, Edge, Fate, Mature, MaturityPolicy, Pipeline, Placement};
use crate::value::{Instant, Number};

const TICKETS: &str = "source: tickets
title: Tickets
description: One row per ticket.
owner: support
columns:
  ticket_id: {type: text}
  customer_id: {type: text, nullable: true}
  opened_at: {type: instant}
  closed_at: {type: instant, nullable: true}
  score: {type: integer, nullable: true, range: [1, 5]}
derived:
  open_time: {is: closed_at - opened_at, description: How long it was open.}
  long: {is: \"coalesce(open_time > '2d', false)\", description: Whether that was long.}
primary_key: [ticket_id]
order: [opened_at, ticket_id]
duplicates: refuse
observed_from: 2026-01-01T00:00:00Z
observed_through: last_row
";

const METRIC: &str = "metric: m
version: 1.0.0
status: draft
effective_from: 2026-01-01
title: T
statement: S.
purpose: P.
assumptions: [A.]
owner: o
role: driver
unit: count
direction: neutral
review_by: 2026-12-31
period: {grains: [day], zone: UTC, week_starts: monday}
";

const ANCHORED: &str = "population: {source: tickets, one_row_per: ticket_id, anchor: opened_at}\n";

/// Returns the plan of a metric with these keys, or the codes and messages of its mistakes.
fn plan(keys: &str) -> Result<Plan, Vec<String>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a fresh file");
    write("tickets.yaml", TICKETS);
    // A length of time is counted in seconds.
    let unit = if keys.contains("mean: open_time") { "unit: seconds" } else { "unit: count" };
    write("m.yaml", &format!("{}{keys}", METRIC.replace("unit: count", unit)));
    let mut diagnostics = Diagnostics::new();
    let mut catalog = catalog::build(&load(folder.path()), &mut diagnostics);
    let told = |found: Diagnostic| format!("{}: {}", found.code, found.message);
    let messages: Vec<String> = diagnostics.into_sorted().into_iter().map(told).collect();
    let plan = catalog.plans.remove("m").map(std::sync::Arc::unwrap_or_clone);
    plan.filter(|_| messages.is_empty()).ok_or(messages)
}

fn pipeline(keys: &str) -> Pipeline {
    match plan(keys).expect("a plan").body {
        Body::Measured(pipeline) => *pipeline,
        other => panic!("{other:?}"),
    }
}

fn at(text: &str) -> Instant {
    Instant::parse(text).expect(text)
}

#[test]
fn a_snapshot_may_filter_by_facts_and_by_the_bounds_of_its_period() {
    let pipeline = pipeline(
        "population: {source: tickets, one_row_per: ticket_id, snapshot: period_end, where: not gone}
facts:
  gone: {is: \"coalesce(closed_at <= period_end, false)\"}
measure: {count: rows}
",
    );
    assert_eq!(pipeline.filter.placement, Placement::Snapshot(Edge::End));
    let predicate = pipeline.filter.predicate.expect("the condition");
    assert_eq!(predicate.columns(), ["gone"]);
    let mut moments = Vec::new();
    let crate::plan::Rule::Derived(gone) = &pipeline.facts[0].rule else { panic!("{:?}", pipeline.facts) };
    gone.walk(&mut |part| {
        if let crate::expression::Expression::Moment(moment) = part {
            moments.push(*moment);
        }
    });
    assert_eq!(moments, [Moment::PeriodEnd]);
}

#[test]
fn derived_columns_read_columns_only_and_bring_them_into_the_scan() {
    let pipeline = pipeline(&format!("{ANCHORED}measure: {{count: rows}}\ndimensions: [long]\n"));
    // `long` stands for what `open_time` stands for; the plan reads `open_time` nowhere.
    let derived: Vec<&str> = pipeline.scan.derived.iter().map(|derived| derived.name.as_str()).collect();
    assert_eq!(derived, ["long"]);
    assert_eq!(pipeline.scan.derived[0].value.columns(), ["opened_at", "closed_at"]);
    let columns: Vec<&str> = pipeline.scan.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(columns, ["ticket_id", "opened_at", "closed_at"]);
}

#[test]
fn bounds_of_a_share_are_no_and_yes_and_those_of_a_mean_what_the_column_can_hold() {
    let bounds = |measure: &str| {
        let keys = format!("{ANCHORED}missing: {{score: bounds}}\nmeasure: {measure}\n");
        pipeline(&keys).bounds.map(|bounds| (bounds.low, bounds.high))
    };
    assert_eq!(bounds("{share: score >= 4}"), Some((Number::integer(0), Number::integer(1))));
    assert_eq!(bounds("{mean: score}"), Some((Number::integer(1), Number::integer(5))));
    let refused = plan(&format!("{ANCHORED}missing: {{score: bounds}}\nmeasure: {{mean: score + score}}\n"));
    assert_eq!(
        refused.expect_err("a sum has no declared range"),
        ["invalid-value: nothing says how small and how large what is not known can be"]
    );
}

#[test]
fn a_policy_for_a_column_answers_for_what_is_computed_from_it() {
    let measured = |missing: &str| plan(&format!("{ANCHORED}missing: {{{missing}}}\nmeasure: {{mean: open_time}}\n"));
    let whens = |missing| match measured(missing).expect("a plan").body {
        Body::Measured(pipeline) => pipeline.missing.iter().flat_map(|m| m.when.columns()).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    assert_eq!(whens("open_time: drop"), ["open_time"]);
    assert_eq!(whens("closed_at: drop"), ["closed_at"]);
    let told = measured("score: drop").expect_err("neither is answered for");
    assert_eq!(told.len(), 2, "{told:?}");
}

#[test]
fn what_the_population_proves_makes_derived_columns_known() {
    let keys = "population: {source: tickets, one_row_per: ticket_id, anchor: opened_at, where: closed_at is not null}
measure: {mean: open_time}
";
    assert_eq!(pipeline(keys).missing, []);
}

#[test]
fn a_fact_on_a_fact_from_events_asks_for_the_columns_that_events_are_matched_by() {
    let keys = format!(
        "{ANCHORED}facts:
  before: {{count: tickets, same: [customer_id], window: {{anchor: opened_at, from: unbounded, to: 0s, ends: [inclusive, exclusive]}}}}
  first: {{is: before = 0}}
measure: {{share: first}}
"
    );
    let told = plan(&keys).expect_err("nothing says what an unknown customer means");
    assert_eq!(told, ["missing-policy-absent: the measure reads `customer_id`, which can be null"]);
    assert!(plan(&format!("{keys}missing: {{customer_id: drop}}\n")).is_ok());
}

#[test]
fn a_bounded_look_back_must_lie_within_the_data_and_an_unbounded_one_need_not() {
    let keys = |from: &str, maturity: &str| {
        format!(
            "{ANCHORED}missing: {{customer_id: drop}}
facts:
  before: {{exists: tickets, same: [customer_id], window: {{anchor: opened_at, from: {from}, to: 0s, ends: [inclusive, exclusive]}}}}
{maturity}measure: {{share: before}}
"
        )
    };
    let told = plan(&keys("-30d", "")).expect_err("nothing says what happens in January");
    assert!(told[0].starts_with("maturity-absent: `before` looks back"), "{told:?}");
    assert!(pipeline(&keys("unbounded", "")).mature.is_empty());
    assert!(pipeline(&keys("-30d", "maturity: {look_back: ignore}\n")).mature.is_empty());
    let mature = pipeline(&keys("-30d", "maturity: {look_back: wait}\n")).mature;
    let [Mature { awaits: Awaits::Covered { opens, since }, policy: MaturityPolicy::Wait }] = mature.as_slice() else {
        panic!("{mature:?}")
    };
    // 30 days of 86,400 s.
    assert_eq!(opens.shifted_from("opened_at").map(|shift| shift.micros()), Some(-2_592_000_000_000));
    assert_eq!(*since, at("2026-01-01T00:00:00Z"));
}

#[test]
fn what_leaves_a_row_out_stands_before_what_only_marks_it() {
    let keys = format!(
        "{ANCHORED}missing: {{customer_id: drop}}
facts:
  near: {{exists: tickets, same: [customer_id], same_instant: counts, window: {{anchor: opened_at, from: -30d, to: 7d, ends: [inclusive, inclusive]}}}}
maturity: {{policy: provisional, look_back: wait}}
measure: {{share: near}}
"
    );
    let pipeline = pipeline(&keys);
    let policies: Vec<MaturityPolicy> = pipeline.mature.iter().map(|mature| mature.policy).collect();
    assert_eq!(policies, [MaturityPolicy::Wait, MaturityPolicy::Provisional]);
    assert!(matches!(pipeline.mature[0].awaits, Awaits::Covered { .. }));
}

#[test]
fn a_row_whose_outcome_is_open_waits_for_it() {
    let keys =
        format!("{ANCHORED}maturity: {{policy: wait, open_when: closed_at is null}}\nmeasure: {{count: rows}}\n");
    let plan = plan(&keys).expect("a plan");
    assert!(Fate::of(&plan).contains(&Fate::Immature));
    let Body::Measured(pipeline) = &plan.body else { panic!("{plan:?}") };
    assert!(matches!(&pipeline.mature[0].awaits, Awaits::Settled { open } if open.columns() == ["closed_at"]));
}

#[test]
fn facts_may_be_dimensions() {
    let keys = format!(
        "{ANCHORED}facts:\n  rated: {{is: score is not null}}\nmeasure: {{count: rows}}\ndimensions: [rated]\n"
    );
    let dimensions: Vec<String> = plan(&keys).expect("a plan").dimensions.into_iter().map(|d| d.name).collect();
    assert_eq!(dimensions, ["rated"]);
}
