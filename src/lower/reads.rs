//! What a plan reads of each scan.

use crate::expression::Expression;
use crate::plan::{Awaits, Dimension, Distance, Pipeline, Rule, Scan, SpanEnd};

/// Leaves in each scan only what the plan reads, so that unrelated columns neither cost nor change a plan.
pub(super) fn keep_read_columns(pipeline: &mut Pipeline, dimensions: &[Dimension]) {
    let mut read: Vec<String> = dimensions.iter().map(|dimension| dimension.name.clone()).collect();
    read.extend(pipeline.filter.placement.anchor().map(str::to_owned));
    let mut note = |expression: &Expression| read.extend(expression.columns().into_iter().map(str::to_owned));
    pipeline.filter.predicate.iter().for_each(&mut note);
    pipeline.exclude.iter().for_each(|exclusion| note(&exclusion.when));
    pipeline.missing.iter().for_each(|missing| note(&missing.when));
    pipeline.bounds.iter().for_each(|bounds| note(&bounds.when));
    pipeline.measure.operands().into_iter().for_each(&mut note);
    for mature in &pipeline.mature {
        match &mature.awaits {
            Awaits::Closed { closes } => note(closes),
            Awaits::Covered { opens, .. } => note(opens),
            Awaits::Settled { open } => note(open),
        }
    }
    for fact in &mut pipeline.facts {
        read.extend(keep_read_by(&mut fact.rule));
    }
    keep(&mut pipeline.scan, &read);
}

/// Leaves in a fact's scans only what it reads of them; returns what it reads of the row.
fn keep_read_by(rule: &mut Rule) -> Vec<String> {
    let mut row = Vec::new();
    match rule {
        Rule::Derived(value) => row.extend(names(value)),
        Rule::Joined(join) => {
            let mut other = names(&join.value);
            row.extend(matched(&join.same, &mut other));
            if let Some(version) = &join.version {
                row.extend(names(&version.at));
                other.push(version.from.clone());
                other.extend(version.until.clone());
            }
            keep(&mut join.other, &other);
        }
        Rule::Related(relate) => {
            let mut event = vec![relate.event_at.clone()];
            row.push(relate.anchor.clone());
            row.extend(matched(&relate.same, &mut event));
            row.extend([&relate.window.from, &relate.window.to].into_iter().flatten().flat_map(|end| names(&end.at)));
            for expression in relate.predicate.iter().chain(relate.summary.operand()) {
                pair(expression, &mut event, &mut row);
            }
            keep(&mut relate.events, &event);
        }
        Rule::Clocked(clock) => {
            row.extend(names(&clock.from));
            row.extend(names(&clock.to));
            for spans in clock.counting.iter_mut().flat_map(|times| times.spans_mut()) {
                let mut event = vec![spans.start.clone()];
                if let SpanEnd::Column(end) = &spans.end {
                    event.push(end.clone());
                }
                row.extend(matched(&spans.same, &mut event));
                for expression in spans.chain.iter().chain(&spans.counts) {
                    pair(expression, &mut event, &mut row);
                }
                keep(&mut spans.events, &event);
            }
        }
        Rule::Advanced(advance) => {
            row.extend(names(&advance.from));
            if let Distance::BusinessTime { length, .. } = &advance.by {
                row.extend(names(length));
            }
        }
    }
    row
}

fn names(expression: &Expression) -> Vec<String> {
    expression.columns().into_iter().map(str::to_owned).collect()
}

fn matched(same: &[(String, String)], event: &mut Vec<String>) -> Vec<String> {
    event.extend(same.iter().map(|(_, event)| event.clone()));
    same.iter().map(|(row, _)| row.clone()).collect()
}

/// Notes what an expression over pairs reads of the event and of the row.
fn pair(expression: &Expression, event: &mut Vec<String>, row: &mut Vec<String>) {
    event.extend(names(expression));
    row.extend(expression.outer_columns().into_iter().map(str::to_owned));
}

fn keep(scan: &mut Scan, read: &[String]) {
    let mut read = read.to_vec();
    scan.derived.retain(|derived| read.contains(&derived.name));
    read.extend(scan.derived.iter().flat_map(|derived| names(&derived.value)));
    let always: Vec<String> = scan.key.iter().chain(&scan.order).cloned().collect();
    scan.columns.retain(|column| always.contains(&column.name) || read.contains(&column.name));
}
