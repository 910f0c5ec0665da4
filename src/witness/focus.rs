//! Where two plans differ: the columns behind the steps that are not the same.
//!
//! Only a hint where to look; what it overlooks is looked for everywhere else.

use std::collections::{BTreeMap, BTreeSet};

use super::lineage::{Origin, of_event, of_row, of_scan, origins, pipelines, same};
use crate::expression::Expression;
use crate::plan::{Body, Fact, Pipeline, Plan, Rule, Scan, Times};

/// What two plans differ in.
#[derive(Debug, Default)]
pub(super) struct Focus {
    /// The columns behind the steps that differ.
    pub(super) columns: BTreeSet<Origin>,
    /// The facts that differ, and those that rest on them.
    pub(super) facts: BTreeSet<String>,
}

/// Returns what the two plans differ in.
pub(super) fn of(old: &Plan, new: &Plan) -> Focus {
    let (before, after) = (pipelines(old), pipelines(new));
    let mut found = Focus::default();
    for index in 0..before.len().max(after.len()) {
        match (before.get(index), after.get(index)) {
            (Some(one), Some(other)) => {
                compare((old, one), (new, other), &mut found);
                compare((new, other), (old, one), &mut found);
            }
            (Some(only), None) | (None, Some(only)) => found.columns.extend(of_measure(only)),
            (None, None) => {}
        }
    }
    found
}

/// Adds the columns behind the steps of the first that the second has not.
fn compare((plan, own): (&Plan, &Pipeline), (other_plan, other): (&Plan, &Pipeline), found: &mut Focus) {
    let theirs = slots(other_plan, other);
    for (path, (expression, columns)) in slots(plan, own) {
        if theirs.get(&path).is_none_or(|(other, _)| *other != expression) {
            found.columns.extend(columns);
        }
    }
    for fact in &own.facts {
        if !other.facts.contains(fact) {
            found.columns.extend(of_fact(own, fact));
            found.facts.insert(fact.name.clone());
        } else if reads(fact).iter().any(|name| found.facts.contains(name)) {
            found.facts.insert(fact.name.clone());
        }
    }
    if own.filter.placement != other.filter.placement {
        let anchor = own.filter.placement.anchor().unwrap_or(own.scan.order_instant());
        found.columns.extend(origins(own, anchor));
    }
    if own.measure != other.measure || own.bounds != other.bounds {
        found.columns.extend(of_measure(own));
    }
    for (scan, theirs) in own.scans().into_iter().zip(other.scans()) {
        if (&scan.key, &scan.order, scan.dedupe) != (&theirs.key, &theirs.order, theirs.dedupe) {
            found.columns.extend(identity(scan));
        }
    }
}

/// Returns every expression of a pipeline by the way to it, with the columns behind it.
fn slots(plan: &Plan, pipeline: &Pipeline) -> BTreeMap<String, (Expression, Vec<Origin>)> {
    let mut alone = Plan { body: Body::Measured(Box::new(pipeline.clone())), ..plan.clone() };
    let mut found = BTreeMap::new();
    alone.visit_expressions(&mut |slot, expression| {
        let scan = pipeline.scans().into_iter().find(|scan| scan.source == slot.source);
        let columns = match scan.filter(|_| slot.is_over_event) {
            Some(scan) => of_event(pipeline, scan, expression),
            None => of_row(pipeline, expression),
        };
        found.insert(slot.path.clone(), (expression.canonical(), columns));
    });
    found
}

fn of_fact(pipeline: &Pipeline, fact: &Fact) -> Vec<Origin> {
    let mut found = origins(pipeline, &fact.name);
    for (scan, same) in same(fact) {
        for (own, other) in same {
            found.extend(origins(pipeline, own));
            found.extend(of_scan(scan, other));
        }
    }
    if let Rule::Clocked(clock) = &fact.rule {
        for spans in clock.counting.iter().flat_map(Times::spans) {
            found.extend(of_scan(&spans.events, &spans.start));
            found.extend(of_scan(&spans.events, spans.events.order_instant()));
        }
    }
    found
}

fn of_measure(pipeline: &Pipeline) -> Vec<Origin> {
    pipeline.measure.operands().into_iter().flat_map(|operand| of_row(pipeline, operand)).collect()
}

/// Returns the names of the row that a fact is found by.
fn reads(fact: &Fact) -> Vec<String> {
    let mut names: Vec<&str> = same(fact).into_iter().flat_map(|(_, same)| same).map(|(own, _)| own.as_str()).collect();
    match &fact.rule {
        Rule::Derived(expression) => names.extend(expression.columns()),
        Rule::Joined(join) => names.extend(join.version.iter().flat_map(|version| version.at.columns())),
        Rule::Related(relate) => {
            names.push(&relate.anchor);
            let bounds = [&relate.window.from, &relate.window.to].into_iter().flatten();
            names.extend(bounds.flat_map(|bound| bound.at.columns()));
            names.extend(relate.predicate.iter().flat_map(|predicate| predicate.outer_columns()));
        }
        Rule::Clocked(clock) => names.extend(clock.from.columns().into_iter().chain(clock.to.columns())),
        Rule::Advanced(advance) => names.extend(advance.from.columns()),
    }
    names.into_iter().map(str::to_owned).collect()
}

fn identity(scan: &Scan) -> Vec<Origin> {
    let names = scan.key.iter().chain(&scan.order);
    names.map(|name| (scan.source.clone(), name.clone())).collect()
}
