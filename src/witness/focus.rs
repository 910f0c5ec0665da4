//! Where two plans differ: the columns behind the steps that are not the same.
//!
//! Only a hint where to look; what it overlooks is looked for everywhere else.

use std::collections::{BTreeMap, BTreeSet};

use super::lineage::{Origin, of_event, of_row, of_scan, origins, pipelines, same};
use crate::expression::Expression;
use crate::plan::{Body, Fact, Pipeline, Plan, Rule, Scan, Times};

/// Returns the columns behind every step in which the two plans differ, sorted.
pub(super) fn columns(old: &Plan, new: &Plan) -> BTreeSet<Origin> {
    let (before, after) = (pipelines(old), pipelines(new));
    let mut found = BTreeSet::new();
    for index in 0..before.len().max(after.len()) {
        match (before.get(index), after.get(index)) {
            (Some(one), Some(other)) => {
                compare((old, one), (new, other), &mut found);
                compare((new, other), (old, one), &mut found);
            }
            (Some(only), None) | (None, Some(only)) => found.extend(of_measure(only)),
            (None, None) => {}
        }
    }
    found
}

/// Adds the columns behind the steps of the first that the second has not.
fn compare((plan, own): (&Plan, &Pipeline), (other_plan, other): (&Plan, &Pipeline), found: &mut BTreeSet<Origin>) {
    let theirs = slots(other_plan, other);
    for (path, (expression, columns)) in slots(plan, own) {
        if theirs.get(&path).is_none_or(|(other, _)| *other != expression) {
            found.extend(columns);
        }
    }
    for fact in own.facts.iter().filter(|fact| !other.facts.contains(fact)) {
        found.extend(of_fact(own, fact));
    }
    if own.filter.placement != other.filter.placement {
        let anchor = own.filter.placement.anchor().unwrap_or(own.scan.order_instant());
        found.extend(origins(own, anchor));
    }
    if own.measure != other.measure || own.bounds != other.bounds {
        found.extend(of_measure(own));
    }
    for (scan, theirs) in own.scans().into_iter().zip(other.scans()) {
        if (&scan.key, &scan.order, scan.dedupe) != (&theirs.key, &theirs.order, theirs.dedupe) {
            found.extend(identity(scan));
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

fn identity(scan: &Scan) -> Vec<Origin> {
    let names = scan.key.iter().chain(&scan.order);
    names.map(|name| (scan.source.clone(), name.clone())).collect()
}
