//! Which columns hold instants that a plan puts in a period, or at which it starts or stops a clock.
//!
//! Knows no rows.

use std::collections::BTreeSet;

use super::{Body, Fact, Pipeline, Placement, Plan, Rule, Scan};
use crate::expression::Expression;

/// Pairs of a source and a column of it.
type Columns<'a> = BTreeSet<(&'a str, &'a str)>;

impl Plan {
    /// Returns the columns from which the instants come that the plan puts in a period (under [`Placement::Snapshot`] and
    /// [`Placement::Spread`] that is when the population's rows happened) or starts or stops a clock at. What only
    /// bounds a version, a window or an event's interval is not among them.
    pub fn dated_columns(&self) -> Columns<'_> {
        let mut found = Columns::new();
        if let Body::Measured(pipeline) = &self.body {
            pipeline.add_dated(&mut found);
        }
        found.extend(self.body.parts().into_iter().flat_map(Plan::dated_columns));
        found
    }
}

impl Pipeline {
    fn add_dated<'a>(&'a self, found: &mut Columns<'a>) {
        match &self.filter.placement {
            Placement::Anchor { column, .. } => self.trace(column, found),
            Placement::Snapshot(_) | Placement::Spread => of_scan(&self.scan, self.scan.order_instant(), found),
        }
        for fact in &self.facts {
            match &fact.rule {
                Rule::Clocked(clock) => {
                    self.trace_all(&clock.from, found);
                    self.trace_all(&clock.to, found);
                }
                Rule::Advanced(advance) => self.trace_all(&advance.from, found),
                Rule::Derived(_) | Rule::Joined(_) | Rule::Related(_) => {}
            }
        }
    }

    fn trace_all<'a>(&'a self, expression: &'a Expression, found: &mut Columns<'a>) {
        expression.columns().into_iter().for_each(|name| self.trace(name, found));
    }

    /// Adds the columns from which the column or fact `name` of a row comes.
    fn trace<'a>(&'a self, name: &'a str, found: &mut Columns<'a>) {
        let Some(Fact { rule, .. }) = self.facts.iter().find(|fact| fact.name == name) else {
            return of_scan(&self.scan, name, found);
        };
        match rule {
            Rule::Derived(expression) => self.trace_all(expression, found),
            Rule::Joined(join) => all_of_scan(&join.other, &join.value, found),
            Rule::Related(relate) => {
                if let Some(operand) = relate.summary.operand() {
                    all_of_scan(&relate.events, operand, found);
                    operand.outer_columns().into_iter().for_each(|name| self.trace(name, found));
                }
            }
            Rule::Advanced(advance) => self.trace_all(&advance.from, found),
            // A length of time.
            Rule::Clocked(_) => {}
        }
    }
}

fn all_of_scan<'a>(scan: &'a Scan, expression: &'a Expression, found: &mut Columns<'a>) {
    expression.columns().into_iter().for_each(|name| of_scan(scan, name, found));
}

/// Adds the columns from which the column `name` of a scan comes.
fn of_scan<'a>(scan: &'a Scan, name: &'a str, found: &mut Columns<'a>) {
    match scan.derived.iter().find(|derived| derived.name == name) {
        Some(derived) => found.extend(derived.value.columns().into_iter().map(|name| (scan.source.as_str(), name))),
        None => drop(found.insert((&scan.source, name))),
    }
}
