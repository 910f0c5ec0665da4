//! Where the names of a pipeline come from: facts and derived columns followed back to the columns of tables.
//!
//! Knows no row and no value.

use crate::expression::Expression;
use crate::plan::{Body, Distance, Fact, Hours, Pipeline, Plan, Rule, Scan, Times};

/// A column of a source.
pub(super) type Origin = (String, String);

/// Returns the pipelines of a plan, those of its parts included.
pub(super) fn pipelines(plan: &Plan) -> Vec<&Pipeline> {
    match &plan.body {
        Body::Measured(pipeline) => vec![pipeline],
        body => body.parts().into_iter().flat_map(pipelines).collect(),
    }
}

/// Returns the columns from which the column or fact `name` of a population's row comes.
pub(super) fn origins(pipeline: &Pipeline, name: &str) -> Vec<Origin> {
    match pipeline.facts.iter().find(|fact| fact.name == name) {
        Some(fact) => of_fact(pipeline, fact),
        None => of_scan(&pipeline.scan, name),
    }
}

fn of_fact(pipeline: &Pipeline, fact: &Fact) -> Vec<Origin> {
    let own = |expression: &Expression| of_row(pipeline, expression);
    match &fact.rule {
        Rule::Derived(expression) => own(expression),
        Rule::Joined(join) => of_event(pipeline, &join.other, &join.value),
        Rule::Related(relate) => {
            let operand = relate.summary.operand();
            let mut found = operand.map(|operand| of_event(pipeline, &relate.events, operand)).unwrap_or_default();
            found.extend(of_scan(&relate.events, &relate.event_at));
            found.extend(origins(pipeline, &relate.anchor));
            found
        }
        Rule::Clocked(clock) => [own(&clock.from), own(&clock.to)].concat(),
        Rule::Advanced(advance) => own(&advance.from),
    }
}

/// Returns the columns that an expression over a population's row reads in the end.
pub(super) fn of_row(pipeline: &Pipeline, expression: &Expression) -> Vec<Origin> {
    expression.columns().into_iter().flat_map(|name| origins(pipeline, name)).collect()
}

/// Returns the columns that an expression over an event of `scan` reads in the end.
pub(super) fn of_event(pipeline: &Pipeline, scan: &Scan, expression: &Expression) -> Vec<Origin> {
    let own = expression.columns().into_iter().flat_map(|name| of_scan(scan, name));
    let outer = expression.outer_columns().into_iter().flat_map(|name| origins(pipeline, name));
    own.chain(outer).collect()
}

/// Returns the columns from which the column `name` of a scan comes.
pub(super) fn of_scan(scan: &Scan, name: &str) -> Vec<Origin> {
    match scan.derived.iter().find(|derived| derived.name == name) {
        Some(derived) => {
            derived.value.columns().into_iter().map(|name| (scan.source.clone(), name.to_owned())).collect()
        }
        None => vec![(scan.source.clone(), name.to_owned())],
    }
}

/// Returns the pairs of columns that must be equal for rows to belong together.
pub(super) fn matches(pipeline: &Pipeline) -> Vec<(Origin, Origin)> {
    let mut found = Vec::new();
    for fact in &pipeline.facts {
        for (scan, same) in same(fact) {
            for (own, other) in same {
                let others = of_scan(scan, other);
                let pairs = origins(pipeline, own).into_iter().flat_map(|own| pair(own, &others));
                found.extend(pairs);
            }
        }
    }
    found
}

fn pair(own: Origin, others: &[Origin]) -> Vec<(Origin, Origin)> {
    others.iter().map(|other| (own.clone(), other.clone())).collect()
}

/// Returns the scans that a fact looks at, each with its match columns.
pub(super) fn same(fact: &Fact) -> Vec<(&Scan, &[(String, String)])> {
    match &fact.rule {
        Rule::Derived(_) | Rule::Advanced(_) => Vec::new(),
        Rule::Joined(join) => vec![(&join.other, &join.same)],
        Rule::Related(relate) => vec![(&relate.events, &relate.same)],
        Rule::Clocked(clock) => {
            let spans = clock.counting.iter().flat_map(Times::spans);
            spans.map(|spans| (&spans.events, spans.same.as_slice())).collect()
        }
    }
}

/// Returns the opening hours that a fact counts by.
pub(super) fn hours(fact: &Fact) -> Vec<&Hours> {
    match &fact.rule {
        Rule::Clocked(clock) => {
            let leaves = clock.counting.iter().flat_map(Times::leaves);
            leaves.filter_map(|leaf| if let Times::Open(hours) = leaf { Some(hours) } else { None }).collect()
        }
        Rule::Advanced(advance) => match &advance.by {
            Distance::BusinessDays { hours, .. } | Distance::BusinessTime { hours, .. } => vec![hours],
            Distance::CalendarDays { .. } => Vec::new(),
        },
        _ => Vec::new(),
    }
}
